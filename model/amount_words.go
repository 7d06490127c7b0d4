package model

import (
	"strconv"
	"strings"
)

// The figures of Chinese amounts, as courts and banks write them, and the old
// forms of their characters.
var (
	chineseFigures = map[rune]int64{
		'零': 0, '〇': 0, '○': 0, '一': 1, '壹': 1, '弌': 1, '二': 2, '贰': 2, '貳': 2, '弍': 2, '两': 2, '兩': 2, '三': 3, '叁': 3, '參': 3, '参': 3, '叄': 3,
		'四': 4, '肆': 4, '五': 5, '伍': 5, '六': 6, '陆': 6, '陸': 6, '七': 7, '柒': 7, '八': 8, '捌': 8, '九': 9, '玖': 9,
	}
	chineseUnits = map[rune]int64{'十': 10, '拾': 10, '百': 100, '佰': 100, '千': 1000, '仟': 1000}
	oldForms     = strings.NewReplacer("萬", "万", "億", "亿", "圓", "元", "圆", "元", "块", "元", "毛", "角")
)

// yuanInWords reads an amount with Chinese figures or units between its digits:
// 壹万贰仟元整, 一万二千零五元伍角, 1万2千元, 3亿5000万元, 12元5角. What people say
// short and mean in two ways, 一万二 for twelve thousand, is refused with both.
func yuanInWords(s string) (Fen, error) {
	s = oldForms.Replace(strings.Join(strings.Fields(s), ""))
	s = strings.TrimRight(s, "整正")
	yuan, small := s, ""
	if whole, rest, ok := strings.Cut(s, "元"); ok {
		yuan, small = whole, rest
	} else if at := strings.IndexAny(s, "角分"); at >= 0 {
		yuan, small = "", s
	}
	n := int64(0)
	if yuan != "" {
		var err error
		if n, err = wholeInWords(yuan); err != nil {
			return 0, err
		}
	}
	fen := int64(0)
	for _, part := range []struct {
		unit  string
		worth int64
	}{{"角", 10}, {"分", 1}} {
		digit, rest, ok := strings.Cut(small, part.unit)
		if !ok {
			continue
		}
		f, ok := oneFigure(strings.TrimLeft(digit, "零〇○"))
		if !ok && strings.Trim(digit, "零〇○") != "" {
			return 0, errAmountWords
		}
		fen, small = fen+f*part.worth, rest
	}
	switch {
	case yuan == "" && fen == 0 && !strings.ContainsAny(s, "角分"), strings.Trim(small, "零〇○") != "":
		return 0, errAmountWords
	case n > int64(MaxFen)/100 || Fen(n*100+fen) > MaxFen:
		return 0, E(Invalid, "amount.too_large", "金额过大，请核对")
	}
	return Fen(n*100 + fen), nil
}

var errAmountWords = E(Invalid, "amount.format", "金额格式不正确，例如 1300000、1,300,000.50、1.2万元 或 壹万贰仟元整")

// oneFigure reads a single figure.
func oneFigure(s string) (int64, bool) {
	r := []rune(s)
	if len(r) != 1 {
		return 0, false
	}
	if r[0] >= '0' && r[0] <= '9' {
		return int64(r[0] - '0'), true
	}
	n, ok := chineseFigures[r[0]]
	return n, ok
}

// wholeInWords reads a whole number of Chinese figures and units, in which runs of
// digits may stand: 一亿二千万, 3亿5000万, 1万2千.
func wholeInWords(s string) (int64, error) {
	var (
		total, group, section int64 // above 亿, above 万, below it
		figure                = int64(-1)
		lastUnit              = int64(1) << 40
		gap, run              bool // a 零 before the figure; the figure is a run of digits
		short                 = false
	)
	r := []rune(s)
	for i := 0; i < len(r); {
		c := r[i]
		switch {
		case c >= '0' && c <= '9':
			begin := i
			for i < len(r) && r[i] >= '0' && r[i] <= '9' {
				i++
			}
			n, err := strconv.ParseInt(string(r[begin:i]), 10, 64)
			if err != nil || figure >= 0 || n > 1e12 {
				return 0, errAmountWords
			}
			figure, run = n, i-begin > 1
			gap = gap || r[begin] == '0' && run
			continue
		case chineseFigures[c] > 0:
			if figure >= 0 {
				return 0, E(Invalid, "amount.ambiguous", "金额“"+s+"”只写了数字、没有写单位，不能确定是多少，请写作 12000 或 一万二千元")
			}
			figure, run = chineseFigures[c], false
		case c == '零' || c == '〇' || c == '○':
			if figure >= 0 {
				return 0, errAmountWords
			}
			gap = true
			if len(r) == 1 {
				return 0, nil
			}
		case chineseUnits[c] > 0:
			u := chineseUnits[c]
			if figure < 0 && u == 10 && (section == 0 || gap) {
				figure = 1 // 十二, 一百零十 is not written
			}
			if figure < 0 || u >= lastUnit {
				return 0, errAmountWords
			}
			section, figure, lastUnit, gap, run = section+figure*u, -1, u, false, false
		case c == '万' || c == '亿':
			if figure >= 0 {
				if !run && !gap && lastUnit < 1<<40 && lastUnit > 10 {
					short = true // 一百二万
				}
				section, figure = section+figure, -1
			}
			switch {
			case c == '亿' && section == 0 && group > 0: // 万亿
				total, group = total+group*1e8, 0
			case section == 0, c == '万' && group > 0, c == '亿' && total > 0:
				return 0, errAmountWords
			case c == '亿':
				total += (group + section) * 1e8
				group, section = 0, 0
			default:
				group, section = section*1e4, 0
			}
			lastUnit, gap, run = 1<<40, false, false
			if total > 1e13 || group > 1e13 {
				return 0, E(Invalid, "amount.too_large", "金额过大，请核对")
			}
		default:
			return 0, errAmountWords
		}
		i++
	}
	if figure >= 0 {
		// 一百二 is 120 or 102, 1万2 is 12000 or 10002; 二十三 and 1万2000 are neither.
		after := lastUnit < 1<<40 && lastUnit > 10 || lastUnit == 1<<40 && (group > 0 || total > 0) && figure < 1000
		short = short || after && !gap && (!run || figure < 1000)
		section += figure
	}
	if short {
		return 0, E(Invalid, "amount.ambiguous", "金额“"+s+"”末尾没有写单位，可以理解为两个数，请写全，例如 一万二千元 或 一万零二元")
	}
	return total + group + section, nil
}

// amountTwice divides an amount that stands twice, in figures and in words, as contracts
// and instruments write it: 人民币壹万贰仟元整（￥12,000.00）. ok is false where
// it stands once.
func amountTwice(s string) (first, second string, ok bool) {
	at := strings.Index(s, "(")
	if at <= 0 || !strings.HasSuffix(s, ")") {
		return "", "", false
	}
	second = strings.TrimSuffix(s[at+1:], ")")
	for _, word := range []string{"大写", "小写", "即", "计", ":", "："} {
		second = strings.TrimPrefix(second, word)
	}
	return s[:at], second, second != ""
}

// foreignMarks are the signs and words of other currencies, which an amount in
// yuan cannot have.
var foreignMarks = []string{"$", "€", "£", "USD", "HKD", "EUR", "JPY", "GBP", "美元", "美金", "港元", "港币", "欧元", "日元", "英镑", "澳元", "加元", "新台币"}

// vagueWords say that an amount is not exact.
var vagueWords = []string{"约", "左右", "余", "多", "以上", "以下", "不超过", "至少", "~", "至", "或", "/", "每月", "每年", "及", "和", "+", "×", "*"}

// explainAmount says what is wrong with an amount that cannot be read, where one
// can tell.
func explainAmount(s string) error {
	for _, m := range foreignMarks {
		if strings.Contains(strings.ToUpper(s), m) {
			return E(Invalid, "amount.currency", "这里填写人民币金额（元）；外币债务请在录入案件时选择币种")
		}
	}
	for _, w := range vagueWords {
		if strings.Contains(s, w) {
			return E(Invalid, "amount.format", "金额“"+shortly(s)+"”不是一个确定的数，请只填写一个金额，例如 12000 或 1.2万元；利息、违约金等请另行填写")
		}
	}
	return errAmountWords
}

func shortly(s string) string {
	if r := []rune(s); len(r) > 20 {
		return string(r[:20]) + "…"
	}
	return s
}
