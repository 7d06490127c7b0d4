package model

import (
	"strconv"
	"strings"

	"golang.org/x/text/width"
)

// MaxFen bounds any single amount: 10^13 fen, a hundred billion yuan.
const MaxFen Fen = 10_000_000_000_000

// units are the words that people put behind an amount of yuan, with the
// decimals by which they move the point.
var units = []struct {
	word  string
	moves int
}{{"万亿", 12}, {"千万", 7}, {"百万", 6}, {"十万", 5}, {"亿", 8}, {"万", 4}, {"千", 3}, {"百", 2}}

// ParseYuan reads an amount in yuan as people, courts and banks write it: 1300000,
// 1,300,000.50, ￥12.3元, 人民币1.2万元整, 壹万贰仟元整, 一万二千元, 12元5角,
// full-width digits, and in figures and words side by side when both say the same.
// It is exact: no binary number stands in between. Negative amounts, more than two
// decimals and amounts above MaxFen are refused, and so is what can be read in two
// ways: 一万二, 约500元.
func ParseYuan(s string) (Fen, error) {
	bad := func(reason, message string) (Fen, error) { return 0, E(Invalid, reason, message) }
	t := strings.TrimSpace(width.Narrow.String(visibleOnly(s))) // not Fold: 10² are not 102 yuan
	negative := strings.HasPrefix(t, "负") || strings.HasPrefix(t, "−")
	if in, ok := strings.CutPrefix(t, "("); ok && strings.HasSuffix(in, ")") { // as accountants write
		t, negative = strings.TrimSuffix(in, ")"), true
	}
	if len(t) > 200 {
		return 0, explainAmount(t)
	}
	if first, second, ok := amountTwice(t); ok {
		a, err := ParseYuan(first)
		if err != nil {
			return 0, err
		}
		b, err := ParseYuan(second)
		switch {
		case err != nil:
			return 0, err
		case a != b:
			return bad("amount.contradicts", "大写与小写金额不一致（"+a.Yuan()+" 元和 "+b.Yuan()+" 元），请核对")
		}
		return a, nil
	}
	for _, word := range []string{"人民币", "RMB", "CNY", "计", ":", "大写"} {
		t = strings.TrimSpace(strings.TrimPrefix(t, word))
	}
	t = strings.TrimLeft(t, "¥￥ ")
	whole := t
	t = strings.TrimSuffix(strings.TrimSuffix(t, "整"), "正")
	t = strings.TrimSpace(strings.TrimSuffix(strings.TrimSuffix(strings.TrimSpace(t), "人民币"), "元"))
	if negative || strings.HasPrefix(t, "-") || strings.HasSuffix(t, "-") {
		return bad("amount.negative", "金额不能为负数")
	}
	moves := 0
	for _, u := range units {
		if number, ok := strings.CutSuffix(t, u.word); ok {
			t, moves = strings.TrimSpace(number), u.moves
			break
		}
	}
	return yuanInFigures(t, whole, moves)
}

// yuanInFigures reads digits with separators and a point that is moved by so many
// places; anything else is read as words.
func yuanInFigures(t, said string, moves int) (Fen, error) {
	bad := func(reason, message string) (Fen, error) { return 0, E(Invalid, reason, message) }
	whole, frac, dotted := strings.Cut(t, ".")
	if strings.Contains(whole, ",") {
		groups := strings.Split(whole, ",")
		for i, g := range groups {
			if i == 0 && (g == "" || len(g) > 3) || i > 0 && len(g) != 3 {
				return bad("amount.format", "金额中的逗号不在千位上，不能确定是多少，请写作 1300000 或 1,300,000.50")
			}
		}
		whole = strings.Join(groups, "")
	}
	if whole == "" || dotted && frac == "" || !digits(whole) || !digits(frac) {
		if strings.ContainsFunc(said, inAmountWords) && !strings.ContainsFunc(said, notInAmount) {
			return yuanInWords(said)
		}
		return 0, explainAmount(said)
	}
	if moves > 0 {
		padded := frac + strings.Repeat("0", max(0, moves-len(frac)))
		whole, frac = whole+padded[:moves], strings.TrimRight(padded[moves:], "0")
	}
	if len(frac) > 2 {
		return bad("amount.decimals", "金额最多保留两位小数（精确到分）")
	}
	n, err := strconv.ParseInt(whole+(frac + "00")[:2], 10, 64)
	if err != nil || Fen(n) > MaxFen {
		return bad("amount.too_large", "金额过大，请核对")
	}
	return Fen(n), nil
}

func inAmountWords(r rune) bool {
	_, figure := chineseFigures[r]
	return figure || chineseUnits[r] > 0 || strings.ContainsRune("万萬亿億元圆圓块角毛分", r)
}

func notInAmount(r rune) bool {
	return !inAmountWords(r) && (r < '0' || r > '9') && !strings.ContainsRune(" 整正", r)
}

func digits(s string) bool {
	return strings.IndexFunc(s, func(r rune) bool { return r < '0' || r > '9' }) < 0
}

// CheckAmount refuses amounts that are not positive or beyond MaxFen.
func CheckAmount(field string, f Fen) error {
	switch {
	case f <= 0:
		return InvalidField(field, "amount.positive", "金额必须大于 0")
	case f > MaxFen:
		return InvalidField(field, "amount.too_large", "金额过大，请核对")
	}
	return nil
}

// Yuan writes the amount in yuan with separators: 1,300,000.00.
func (f Fen) Yuan() string {
	s := f.String()
	sign := ""
	if s[0] == '-' {
		sign, s = "-", s[1:]
	}
	dot := len(s) - 3
	var b strings.Builder
	for i := range dot {
		if i > 0 && (dot-i)%3 == 0 {
			b.WriteByte(',')
		}
		b.WriteByte(s[i])
	}
	return sign + b.String() + s[dot:]
}

var (
	capitalDigits = [10]string{"零", "壹", "贰", "叁", "肆", "伍", "陆", "柒", "捌", "玖"}
	capitalUnits  = [4]string{"", "拾", "佰", "仟"}
	capitalGroups = [4]string{"", "万", "亿", "万亿"}
)

// Capital writes the amount in capital Chinese numerals (大写), as on bank
// papers: 壹佰叁拾万元整, 壹佰元零伍分.
func (f Fen) Capital() string {
	if f < 0 {
		return "负" + (-f).Capital()
	}
	yuan, jiao, fen := int64(f)/100, int64(f)/10%10, int64(f)%10
	var b strings.Builder
	if yuan > 0 || f == 0 {
		b.WriteString(capitalYuan(yuan))
		b.WriteString("元")
	}
	switch {
	case jiao == 0 && fen == 0:
		b.WriteString("整")
	case jiao == 0:
		if yuan > 0 {
			b.WriteString("零")
		}
		b.WriteString(capitalDigits[fen] + "分")
	default:
		b.WriteString(capitalDigits[jiao] + "角")
		if fen == 0 {
			b.WriteString("整")
		} else {
			b.WriteString(capitalDigits[fen] + "分")
		}
	}
	return b.String()
}

func capitalYuan(n int64) string {
	if n == 0 {
		return capitalDigits[0]
	}
	var groups []int64
	for ; n > 0; n /= 10000 {
		groups = append(groups, n%10000)
	}
	var b strings.Builder
	zero := false
	for i := len(groups) - 1; i >= 0; i-- {
		g := groups[i]
		if g == 0 {
			zero = b.Len() > 0
			continue
		}
		if b.Len() > 0 && (zero || g < 1000) {
			b.WriteString(capitalDigits[0])
		}
		b.WriteString(capitalGroup(g))
		b.WriteString(capitalGroups[i])
		zero = false
	}
	return b.String()
}

func capitalGroup(g int64) string {
	var b strings.Builder
	zero := false
	for i, div := 3, int64(1000); i >= 0; i, div = i-1, div/10 {
		d := g / div % 10
		if d == 0 {
			zero = b.Len() > 0
			continue
		}
		if zero {
			b.WriteString(capitalDigits[0])
		}
		b.WriteString(capitalDigits[d] + capitalUnits[i])
		zero = false
	}
	return b.String()
}
