package model

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"

	"golang.org/x/text/width"
)

// TermWords is what an instrument says of when a duty is to be performed, as its
// words were understood: a day, a time from when it takes effect, at once, or a day
// whose year the words leave to the instrument. One of them is said, or none.
type TermWords struct {
	On         Date
	Days       int        // after the instrument took effect
	Months     int        // after it took effect
	AtOnce     bool       // 立即: on the day it takes effect
	Month      time.Month // of a day without a year
	DayOfMonth int
	Text       string // as it was written
}

// IsZero tells whether nothing was said.
func (t TermWords) IsZero() bool {
	return t.On.IsZero() && t.Days == 0 && t.Months == 0 && !t.AtOnce && t.Month == 0
}

const termCount = `([0-9]{1,4}|[一二三四五六七八九十百两]{1,6})`

var (
	byDay  = regexp.MustCompile(`^(?:应?(?:于|在|至迟于|最迟于|不晚于))?(.*?[0-9日号底末])\s*(?:之前|以前|前|止|之前付清|前付清|前履行完毕|前支付|前履行|前给付)?$`)
	within = regexp.MustCompile(`^(?:应?(?:自|于|在|从))?(?:本|该|上述|民事|刑事|行政|附带民事)*(?:判决|调解|裁定|决定|支付令|仲裁裁决|裁决|法律文书|文书|协议)?书?(?:发生法律效力|发生效力|生效)` +
		`(?:之日起|之日后|之次日起|次日起|之后|以后|后|起)?的?` + termCount + `\s*(个?月|个?[日天]|个?工作日|个?星期|周|年)(?:之内|以内|内)?(?:付清|支付|给付|履行|履行完毕|履行完)?$`)
	alone    = regexp.MustCompile(`^` + termCount + `\s*(个?月|个?[日天])(?:之内|以内|内)(?:付清|支付|给付|履行|履行完毕)?$`)
	served   = regexp.MustCompile(`(?:送达|收到|签收|签订|签署|签字|达成)(?:之日|之次日|次日|后|起|本|该|判决|调解)`)
	atOnce   = regexp.MustCompile(`^(?:本|该|判决|调解|裁定|决定|书|发生法律效力|生效|后|时|之日|当日|，|,)*(?:立即|即时|即日|当即|当日)(?:付清|支付|给付|履行|履行完毕|起履行)?$`)
	endMonth = regexp.MustCompile(`^([0-9]{4})[-/.年]([0-9]{1,2})月(?:底|末|月底|月末)$`)
	endYear  = regexp.MustCompile(`^([0-9]{4})年(?:年?底|年?末)$`)
)

// ReadTerm reads the end of a term as instruments write it: a day, “2026年12月31日前”,
// “12月2日前”, “2026年底前”, “判决生效之日起十五日内”, “生效后三个月内”, “立即”. What
// depends on something that is not filed here (送达, 工作日) is refused with what
// to fill in. Nothing typed is no term.
func ReadTerm(typed string) (t TermWords, err error) {
	s := strings.TrimRight(strings.TrimSpace(width.Narrow.String(typed)), "。.;； ")
	if s == "" {
		return t, nil
	}
	t.Text = strings.TrimSpace(typed)
	bad := func(message string) (TermWords, error) { return TermWords{}, E(Invalid, "date.format", message) }
	if atOnce.MatchString(s) {
		t.AtOnce = true
		return t, nil
	}
	m := within.FindStringSubmatch(s)
	if m == nil {
		m = alone.FindStringSubmatch(s)
	}
	if m != nil {
		n := wholeNumber(m[1])
		unit := strings.TrimPrefix(m[2], "个")
		switch {
		case n <= 0 || n > 3660:
			return bad("履行期限“" + shortly(typed) + "”的长短不正确，请填写到期日，如 2026-01-31，或“生效后10日内”")
		case unit == "月":
			t.Months = n
		case unit == "年":
			t.Months = 12 * n
		case unit == "工作日":
			return bad("履行期限“" + shortly(typed) + "”按工作日计算，请推算后填写到期日，如 2026-01-31")
		case unit == "周" || unit == "星期":
			t.Days = 7 * n
		default:
			t.Days = n
		}
		return t, nil
	}
	if served.MatchString(s) {
		return bad("履行期限“" + shortly(typed) + "”不从生效之日起算，请推算后填写到期日，如 2026-01-31")
	}
	day := s
	if m := byDay.FindStringSubmatch(s); m != nil {
		day = m[1]
	}
	plain := plainDay(day)
	if m := endMonth.FindStringSubmatch(plain); m != nil {
		first, err := ParseDate(fmt.Sprintf("%s-%02s-01", m[1], m[2]))
		_, t.On = first.MonthOf()
		return t, err
	}
	if m := endYear.FindStringSubmatch(plain); m != nil {
		t.On, err = ParseDate(m[1] + "-12-31")
		return t, err
	}
	if m := noYear.FindStringSubmatch(plain); m != nil && strings.Contains(plain, "月") {
		month, _ := strconv.Atoi(m[1]) // digits by the pattern
		d, _ := strconv.Atoi(m[2])
		if month < 1 || month > 12 || d < 1 || d > 31 || NewDate(2028, time.Month(month), d).Month != time.Month(month) {
			return bad("履行期限“" + shortly(typed) + "”没有这一天，请填写如 2026-01-31 的日期")
		}
		t.Month, t.DayOfMonth = time.Month(month), d
		return t, nil
	}
	if t.On, err = ReadDay(day); err != nil {
		if ReasonOf(err) == "date.format" {
			return bad("履行期限“" + shortly(typed) + "”无法识别，请填写如 2026-01-31 的日期，或“生效后10日内”“2026年12月31日前”")
		}
		return TermWords{}, err
	}
	return t, nil
}

// Resolve gives the day or the number of days of a term, and a sentence where
// somebody should look at how it was understood. A term that runs from when the
// instrument takes effect, and a day without a year, need that day.
func (t TermWords) Resolve(effective Date, c *Calendar) (on Date, days int, note string, err error) {
	switch {
	case !t.On.IsZero(), t.Days > 0, t.IsZero():
		return t.On, t.Days, "", nil
	case effective.IsZero():
		return on, 0, "", E(Invalid, "due.no_start", "履行期限“"+shortly(t.Text)+"”要从生效日期推算，请填写文书生效日期，或者直接填写到期日")
	case t.Months > 0:
		p := c.MonthsPeriod(effective, t.Months, "生效")
		return p.Last, 0, "“" + shortly(t.Text) + "”按" + p.Last.Chinese() + "到期录入", nil
	case t.AtOnce:
		return effective, 0, "", nil
	}
	for year := effective.Year; year <= effective.Year+4; year++ { // 29 February
		on = NewDate(year, t.Month, t.DayOfMonth)
		if on.Month == t.Month && !on.Before(effective) {
			return on, 0, "“" + shortly(t.Text) + "”没有写年份，按" + on.Chinese() + "录入，请核对", nil
		}
	}
	return Date{}, 0, "", E(Invalid, "date.format", "履行期限“"+shortly(t.Text)+"”没有写年份，请填写如 2026-01-31 的日期")
}

// wholeNumber reads a whole number in digits or in Chinese below a thousand, 0
// where it is none.
func wholeNumber(s string) int {
	if n, err := strconv.Atoi(s); err == nil {
		return n
	}
	n, err := wholeInWords(s)
	if err != nil || n > 1<<20 {
		return 0
	}
	return int(n)
}
