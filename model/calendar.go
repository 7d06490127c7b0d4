package model

import (
	"bufio"
	_ "embed" // the shipped holidays
	"fmt"
	"io"
	"slices"
	"strings"
	"sync"
	"time"
)

//go:embed holidays.csv
var shippedHolidays string

// Calendar knows working days by the State Council's notices, adjusted working
// weekends (调休) included. A year without data falls back to plain weekends;
// Covers tells. A Calendar is never changed.
type Calendar struct {
	special map[Date]Holiday
	years   map[int]bool
}

// Holiday is a day of a State Council notice.
type Holiday struct {
	On   Date
	Rest bool   // false: a weekend that is worked
	Name string // e.g. 国庆节
}

// ShippedCalendar is the calendar that comes with the program, 2019 to 2026.
var ShippedCalendar = sync.OnceValue(func() *Calendar {
	days, err := ParseHolidays(strings.NewReader(shippedHolidays))
	if err != nil {
		panic(err) // the file is embedded and tested
	}
	return new(Calendar).With(days)
})

// ParseHolidays reads lines of date,kind,name where kind is rest or work; lines
// that begin with # are remarks. It is Invalid holidays.* and names the line
// when one is wrong or repeats a day.
func ParseHolidays(r io.Reader) ([]Holiday, error) {
	var out []Holiday
	seen := map[Date]bool{}
	sc := bufio.NewScanner(r)
	for n := 1; sc.Scan(); n++ {
		line := strings.TrimSpace(strings.TrimPrefix(sc.Text(), "\ufeff"))
		if line == "" || line[0] == '#' {
			continue
		}
		fields := strings.Split(line, ",")
		if len(fields) != 3 {
			return nil, InvalidField("", "holidays.line", fmt.Sprintf("第 %d 行应为“日期,rest 或 work,节日名称”", n))
		}
		d, err := ParseDate(strings.TrimSpace(fields[0]))
		kind := strings.TrimSpace(fields[1])
		switch {
		case err != nil:
			return nil, InvalidField("", "holidays.date", fmt.Sprintf("第 %d 行的日期应如 2027-01-01", n))
		case kind != "rest" && kind != "work":
			return nil, InvalidField("", "holidays.kind", fmt.Sprintf("第 %d 行应写明 rest（放假）或 work（上班）", n))
		case seen[d]:
			return nil, InvalidField("", "holidays.repeated", fmt.Sprintf("第 %d 行的 %s 重复", n, d))
		}
		seen[d] = true
		out = append(out, Holiday{On: d, Rest: kind == "rest", Name: strings.TrimSpace(fields[2])})
	}
	return out, sc.Err()
}

// CheckHolidays refuses a year that cannot be whole: the fixed days of
// 全国年节及纪念日放假办法 are missing, or a weekday is said to be worked as if it
// were not worked anyway.
func CheckHolidays(year int, days []Holiday) error {
	rest := map[Date]bool{}
	for _, d := range days {
		if d.On.Year != year {
			return InvalidField("", "holidays.year", fmt.Sprintf("%s 不在 %d 年", d.On, year))
		}
		if weekend := d.On.Weekday() == time.Saturday || d.On.Weekday() == time.Sunday; !d.Rest && !weekend {
			return InvalidField("", "holidays.workday", fmt.Sprintf("%s 本来就是工作日，不能列为调休上班", d.On))
		}
		rest[d.On] = d.Rest
	}
	for _, must := range []Date{{year, 1, 1}, {year, 5, 1}, {year, 10, 1}} {
		if !rest[must] {
			return InvalidField("", "holidays.incomplete", fmt.Sprintf("缺少 %s 的放假安排，请提交全年数据", must))
		}
	}
	return nil
}

// With is the calendar with these years' days in place of what it knew of them.
func (c *Calendar) With(days []Holiday) *Calendar {
	out := &Calendar{special: map[Date]Holiday{}, years: map[int]bool{}}
	for _, d := range days {
		out.special[d.On], out.years[d.On.Year] = d, true
	}
	for on, d := range c.special {
		if !out.years[on.Year] {
			out.special[on] = d
		}
	}
	for y := range c.years {
		out.years[y] = true
	}
	return out
}

// Year lists the days of a year's notice in order.
func (c *Calendar) Year(year int) (out []Holiday) {
	for on, d := range c.special {
		if on.Year == year {
			out = append(out, d)
		}
	}
	slices.SortFunc(out, func(a, b Holiday) int { return a.On.Compare(b.On) })
	return out
}

// Covers tells whether the year's notice is known.
func (c *Calendar) Covers(year int) bool { return c.years[year] }

// IsRest tells whether the day is a public holiday or a weekend that was not
// made a working day (法定休假日).
func (c *Calendar) IsRest(d Date) bool {
	if h, known := c.special[d]; known {
		return h.Rest
	}
	return d.Weekday() == time.Saturday || d.Weekday() == time.Sunday
}

// restKind says why a rest day is one: 节假日 by a notice, 周末 otherwise.
func (c *Calendar) restKind(d Date) string {
	if c.special[d].Rest {
		return "节假日"
	}
	return "周末"
}

// NextWorkday is d itself or the first working day after it.
func (c *Calendar) NextWorkday(d Date) Date {
	for c.IsRest(d) {
		d = d.AddDays(1)
	}
	return d
}

// Period is a computed legal period (期间) with the reasoning in words.
type Period struct {
	RawLast Date   // the last day before the holiday rule
	Last    Date   // the day on which the period ends
	Reason  string // e.g. 9月18日送达，次日起算15日，末日10月3日为节假日，顺延至10月9日
}

// DaysPeriod counts days by 民事诉讼法 85: the starting day does not count, and a
// period whose last day is a rest day ends on the next working day. event says
// what happened on the starting day, e.g. 送达 or 生效.
func (c *Calendar) DaysPeriod(start Date, days int, event string) Period {
	return c.period(start, start.AddDays(days), fmt.Sprintf("%d日", days), event)
}

// MonthsPeriod counts months by 民事诉讼法 85 and 民法典 202: it ends on the day of
// the same number, or the month's last where there is none.
func (c *Calendar) MonthsPeriod(start Date, months int, event string) Period {
	return c.period(start, start.AddMonths(months), fmt.Sprintf("%d个月", months), event)
}

// YearsPeriod counts years in the same way.
func (c *Calendar) YearsPeriod(start Date, years int, event string) Period {
	return c.period(start, start.AddYears(years), fmt.Sprintf("%d年", years), event)
}

// WorkdaysPeriod counts working days (工作日, without 法定节假日), as the law says
// of short periods; the starting day does not count. Its words name the rest
// days that moved its end, and the weekends that are worked.
func (c *Calendar) WorkdaysPeriod(start Date, days int, event string) Period {
	last := c.Workdays(start, days)
	p := Period{RawLast: last, Last: last}
	p.Reason = fmt.Sprintf("%s%s，次日起算%d个工作日，%s末日%s", start.within(start), event, days, c.between(start, last), last.within(start))
	if !c.Covers(last.Year) {
		p.Reason += fmt.Sprintf("（%d年放假安排尚未公布，暂按周末计算）", last.Year)
	}
	return p
}

// maxRests is how many spans of rest days are named one by one.
const maxRests = 4

// between says which rest days after start and before last are not counted, and
// which weekends are.
func (c *Calendar) between(start, last Date) string {
	var rests, worked []string
	n := 0
	for d := start.AddDays(1); d.Before(last); d = d.AddDays(1) {
		if h := c.special[d]; h.Name != "" && !h.Rest {
			worked = append(worked, d.within(start))
		}
		if !c.IsRest(d) {
			continue
		}
		from, name := d, "周末"
		for ; c.IsRest(d) && d.Before(last); d = d.AddDays(1) {
			if n++; c.special[d].Name != "" {
				name = c.special[d].Name
			}
		}
		d = d.AddDays(-1)
		span := from.within(start)
		if d != from {
			span += "至" + d.within(start)
		}
		rests = append(rests, span+name)
	}
	var out string
	switch {
	case len(rests) > maxRests:
		out = fmt.Sprintf("%s等%d个休息日不计，", strings.Join(rests[:maxRests], "、"), n)
	case len(rests) > 0:
		out = strings.Join(rests, "、") + "不计，"
	}
	if len(worked) > 0 {
		out += strings.Join(worked, "、") + "调休上班计入，"
	}
	return out
}

// within writes the day without its year where that is the year of other.
func (d Date) within(other Date) string {
	if d.Year != other.Year {
		return d.Chinese()
	}
	return fmt.Sprintf("%d月%d日", d.Month, d.Day)
}

func (c *Calendar) period(start, raw Date, length, event string) Period {
	p := Period{RawLast: raw, Last: c.NextWorkday(raw)}
	day := func(d Date) string { return d.within(start) }
	p.Reason = fmt.Sprintf("%s%s，次日起算%s，末日%s", day(start), event, length, day(raw))
	if p.Last != raw {
		p.Reason += fmt.Sprintf("为%s，顺延至%s", c.restKind(raw), day(p.Last))
	}
	if !c.Covers(raw.Year) {
		p.Reason += fmt.Sprintf("（%d年放假安排尚未公布，暂按周末计算）", raw.Year)
	}
	return p
}

// AddMonths moves by months; a day that does not exist becomes the month's last
// (民法典 202).
func (d Date) AddMonths(months int) Date {
	first := time.Date(d.Year, d.Month+time.Month(months), 1, 0, 0, 0, 0, time.UTC)
	last := time.Date(first.Year(), first.Month()+1, 0, 0, 0, 0, 0, time.UTC).Day()
	return Date{first.Year(), first.Month(), min(d.Day, last)}
}

// AddYears moves by years; a day that does not exist (29 February) becomes the
// month's last (民法典 202).
func (d Date) AddYears(years int) Date { return d.AddMonths(12 * years) }

// EnforcementPeriodEnd is the last day for applying for enforcement: two years
// from the last day of the performance term (of the last instalment), or from
// the day the instrument took effect when it names no term (民事诉讼法 250). A
// promise by the debtor interrupts the period, which begins anew
// (执行程序若干问题的解释 19–20). It is not moved over rest days: whoever relies on
// the earlier day is never late.
func EnforcementPeriodEnd(effectiveOn Date, all []Installment, lastPromise Date) Date {
	var start Date
	for _, i := range all {
		if i.DueOn.After(start) || start.IsZero() {
			start = i.DueOn
		}
	}
	if start.IsZero() {
		start = effectiveOn
	}
	if start.IsZero() {
		return Date{}
	}
	if !lastPromise.IsZero() && lastPromise.After(start) {
		start = lastPromise
	}
	return start.AddYears(2)
}

// CalendarVersion is one loading of a year's holidays. The newest of a year
// counts; older ones stay, because dates were computed by them.
type CalendarVersion struct {
	ID        int64
	Year      int
	Version   int       // from 1 for each year
	Source    string    // the State Council's notice, e.g. 国办发明电〔2025〕7号
	Days      []Holiday `gorm:"serializer:json"`
	LoadedBy  int64     // 0 for the command line
	CreatedAt time.Time
}

// TableName is the table of loaded years.
func (CalendarVersion) TableName() string { return "calendars" }
