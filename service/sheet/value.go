package sheet

import (
	"math"
	"math/big"
	"regexp"
	"strconv"
	"strings"
	"time"

	"golang.org/x/text/width"

	"microcourt/model"
)

func wrong(reason, message string) error { return model.E(model.Invalid, reason, message) }

// unreadable is what is wrong with a cell whatever it is read as; nil when
// nothing is.
func (c Cell) unreadable() error {
	switch c.Type {
	case Unsolved:
		return wrong("cell.formula", "公式没有结果（表格没有被计算过），请在 Excel 或 WPS 中打开并保存，或把公式改为数值")
	case Failed:
		return wrong("cell.formula_error", "公式出错（"+c.Text+"），请改正公式或直接填写内容")
	case Merged:
		return wrong("cell.merged", "这是合并单元格（"+c.Text+"）的一部分，不能确定每一行的内容，请取消合并并逐行填写")
	case Boolean:
		return wrong("cell.boolean", "单元格是逻辑值 "+c.Text+"，请填写文字")
	case Text:
		return broken(c.Text)
	default:
		return nil
	}
}

// mojibake are what programs make of Chinese that they read in a wrong
// encoding.
var mojibake = regexp.MustCompile(`锟斤拷|烫烫烫|屯屯屯|ï»¿|\?\?|[\x{80}-\x{9f}]|[ÃÂäåæçèé][\x{80}-\x{bf}]`)

func broken(s string) error {
	if mojibake.MatchString(s) {
		return wrong("cell.broken", "内容有乱码（“"+excerpt(s)+"”），保存时丢失了文字，请用原始表格重新保存为 .xlsx 后再导入")
	}
	if err := model.CheckText(s); err != nil {
		return wrong("cell.broken", messageOf(err))
	}
	return nil
}

func messageOf(err error) string {
	if e, ok := err.(*model.Error); ok { //nolint:errorlint // a rule of model gives it as it is
		return e.Message
	}
	return "内容无法识别"
}

func excerpt(s string) string {
	r := []rune(s)
	return string(r[:min(len(r), 20)])
}

// Words is the cell as free text of one or several lines.
func (c Cell) Words() (string, error) {
	if err := c.unreadable(); err != nil {
		return "", err
	}
	if c.Type != Number {
		return strings.TrimSpace(c.Text), nil
	}
	if c.Dated {
		return "", wrong("cell.date", "单元格是日期，这里应填写文字，请核对是否填错了列")
	}
	f, ok := c.float()
	if !ok {
		return "", wrong("cell.number", "单元格的数字无法读取，请改为文字")
	}
	return strconv.FormatFloat(f, 'f', -1, 64), nil
}

// Name is the cell as the name of a person or an organisation. A question mark
// in it is a character that somebody lost.
func (c Cell) Name() (string, error) {
	if err := c.unreadable(); err != nil {
		return "", err
	}
	switch {
	case c.Type == Number:
		return "", wrong("cell.number", "单元格是数字，这里应填写姓名或名称")
	case strings.ContainsAny(c.Text, "?？�"):
		return "", wrong("cell.broken", "姓名或名称中有丢失的字（“"+excerpt(c.Text)+"”），请改为正确的文字")
	}
	s := strings.TrimSpace(strings.Join(strings.Fields(c.Text), " "))
	if err := model.CheckLine(s); err != nil {
		return "", wrong("cell.broken", messageOf(err))
	}
	return s, nil
}

// scientific is what is left of a long number that was shown as 3.30211E+17.
var scientific = regexp.MustCompile(`^[0-9](\.[0-9]+)?[Ee]\+?[0-9]{1,2}$`)

const asText = "请把整列设为“文本”格式后重新填写完整的号码"

// Code is the cell as an identifier: a case number, the number of an identity
// paper, an account, a serial number. A number cell is refused: Excel keeps 15
// digits of it and no zeros before them.
func (c Cell) Code() (string, error) {
	if err := c.unreadable(); err != nil {
		return "", err
	}
	if c.Type == Number {
		if c.Dated {
			return "", wrong("cell.date", "单元格是日期，这里应填写号码，请核对是否填错了列，或"+asText)
		}
		return "", wrong("cell.number", "号码是以数字格式填写的，Excel 只保留前 15 位有效数字，末尾几位可能已变成 0，"+asText)
	}
	s := strings.TrimSpace(c.Text)
	if err := c.checkCode(s); err != nil {
		return "", err
	}
	return s, nil
}

func (c Cell) checkCode(s string) error {
	plain := width.Narrow.String(s)
	switch {
	case scientific.MatchString(plain):
		return wrong("cell.scientific", "号码已变成科学记数法（"+plain+"），末尾几位已经丢失，"+asText)
	case c.Untyped && len(plain) >= 16 && strings.HasSuffix(plain, "000") && strings.Trim(plain, "0123456789") == "":
		return wrong("cell.rounded", "号码的末三位都是 0，像是被 Excel 改写过（CSV 文件中无法分辨），请核对；确实如此的，请在 .xlsx 文件中以“文本”格式填写")
	}
	if err := model.CheckLine(s); err != nil {
		return wrong("cell.broken", messageOf(err))
	}
	return nil
}

// Phone is the cell as a telephone number, which fits into a number cell.
func (c Cell) Phone() (string, error) {
	if c.Type != Number || c.Dated {
		return c.Code()
	}
	f, ok := c.float()
	if !ok || f != math.Trunc(f) || f < 0 || f >= 1e15 {
		return c.Code()
	}
	return strconv.FormatFloat(f, 'f', 0, 64), nil
}

var decimal = regexp.MustCompile(`^[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]{1,3})?$`)

func (c Cell) float() (float64, bool) {
	if !decimal.MatchString(c.Text) {
		return 0, false
	}
	f, err := strconv.ParseFloat(c.Text, 64)
	return f, err == nil && !math.IsInf(f, 0)
}

// Money is the cell as an amount of money in fen: of a number cell what it
// stores, whatever its format shows. It gives 0 for a blank cell. An amount with more than two
// decimals is refused unless they are the noise of binary numbers, and so is a
// negative one.
func (c Cell) Money() (model.Fen, error) {
	if err := c.unreadable(); err != nil || c.Type == Blank {
		return 0, err
	}
	if c.Type == Text {
		return model.ParseYuan(c.Text)
	}
	if c.Dated {
		return 0, wrong("amount.date", "单元格是日期格式，不能作为金额，请改为数值格式并核对金额")
	}
	f, ok := c.float()
	switch {
	case !ok:
		return 0, wrong("amount.format", "金额无法读取，请重新填写，例如 1300000 或 1,300,000.50")
	case f < 0:
		return 0, wrong("amount.negative", "金额不能为负数（单元格中是 "+c.Text+"）")
	case f*100 > float64(model.MaxFen):
		return 0, wrong("amount.too_large", "金额过大，请核对")
	}
	n := math.Round(f * 100)
	if n/100 == f { // the number nearest to a whole amount of fen
		return model.Fen(n), nil
	}
	// 0.1+0.2 is not 0.3 in a spreadsheet either; a third decimal is.
	exact := new(big.Rat).SetFloat64(f)
	noise := new(big.Rat).Sub(exact.Mul(exact, big.NewRat(100, 1)), new(big.Rat).SetInt64(int64(n)))
	if noise.Abs(noise).Cmp(new(big.Rat).SetFloat64(max(1e-4, n*1e-15))) > 0 {
		return 0, wrong("amount.decimals", "金额最多保留两位小数（单元格中是 "+strconv.FormatFloat(f, 'f', -1, 64)+"），请核对后填写准确的金额")
	}
	return model.Fen(n), nil
}

// serial is what a text file makes of a day that Excel keeps as a number.
var serial = regexp.MustCompile(`^[2-7][0-9]{4}(\.[0-9]+)?$`)

// Day is the cell as a day: of a number cell that is shown as one, whatever the
// format, and of text as people type it. It gives the zero Date for a blank
// cell.
func (c Cell) Day() (model.Date, error) {
	var none model.Date
	if err := c.unreadable(); err != nil || c.Type == Blank {
		return none, err
	}
	if c.Type == Text {
		return parseDay(c.Text, c.Untyped)
	}
	f, ok := c.float()
	switch {
	case !ok || f < 0 || f > 3e7:
	case c.Dated && f < 1e6:
		return c.day(f)
	case f == math.Trunc(f) && len(c.Text) == 8 && f >= 19_000_000 && f < 22_000_000:
		return parseDay(c.Text, false)
	case f >= 20_000 && f < 80_000:
		d, err := c.day(f)
		if err != nil {
			return none, err
		}
		return none, wrong("date.serial", "单元格是数字 "+c.Text+"，不是日期；可能是 Excel 的日期序号（"+d.String()+"），请把该列设为日期格式或填写 "+d.String())
	}
	return none, wrong("date.format", "单元格是数字 "+excerpt(c.Text)+"，不是日期，请填写如 2026-01-31 的日期")
}

// day is the day that a workbook keeps as a number. Its fraction is the time,
// with the noise of binary numbers: 46026.99999999 is midnight.
func (c Cell) day(f float64) (model.Date, error) {
	days := int(math.Floor((math.Round(f*86400*1000) / 1000) / 86400))
	first := model.NewDate(1899, time.December, 30)
	if c.epoch04 {
		first = model.NewDate(1904, time.January, 1)
	}
	d := first.AddDays(days)
	if d.Year < 1905 {
		return model.Date{}, wrong("date.format", "单元格中只有时间，没有日期，请填写如 2026-01-31 的日期")
	}
	return model.ParseDate(d.String())
}

func parseDay(typed string, untyped bool) (model.Date, error) {
	s := strings.TrimSpace(width.Narrow.String(typed))
	if !serial.MatchString(s) {
		return model.ReadDay(typed)
	}
	f, _ := strconv.ParseFloat(s, 64) // digits by the pattern
	d, err := Cell{}.day(f)
	if err != nil {
		return d, err
	}
	at := ""
	if untyped {
		at = "（CSV 文件中无法分辨）"
	}
	return model.Date{}, wrong("date.serial", "“"+s+"”像是 Excel 的日期序号"+at+"，可能是 "+d.String()+"，请填写 "+d.String()+" 这样的日期")
}

// Term is the cell as the end of a term in the words of an instrument: a day,
// “2026年3月31日前”, “生效后十日内”, “三个月内”.
func (c Cell) Term() (t model.TermWords, err error) {
	if c.Type != Text {
		t.On, err = c.Day()
		return t, err
	}
	if err := c.unreadable(); err != nil {
		return t, err
	}
	if serial.MatchString(strings.TrimSpace(width.Narrow.String(c.Text))) {
		t.On, err = parseDay(c.Text, c.Untyped)
		return t, err
	}
	return model.ReadTerm(c.Text)
}
