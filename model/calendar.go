package model

import (
	"bufio"
	_ "embed" // the shipped holidays
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"sync"
	"time"
)

//go:embed holidays.csv
var shippedHolidays string

// Calendar knows working days by the State Council's notices, adjusted working
// weekends (调休) included. In a year without a notice the days that
// 全国年节及纪念日放假办法 itself gives are rest days, and weekends; Covers tells. A
// Calendar is never changed.
type Calendar struct {
	notices map[int][]Holiday // by the year of the notice
	special map[Date]Holiday
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

// Notices sorts days by the year of the notice that they are of: a notice of 2019
// may name days of 2018 (its last ones), or of 2020. A year is one of a notice when
// its own New Year is among the days.
func Notices(days []Holiday) map[int][]Holiday {
	out := map[int][]Holiday{}
	for _, d := range days {
		if d.On == (Date{d.On.Year, time.January, 1}) {
			out[d.On.Year] = nil
		}
	}
	for _, d := range days {
		year := d.On.Year
		if _, known := out[year]; !known {
			for _, other := range []int{year + 1, year - 1} {
				if _, known := out[other]; known && neighbour(d.On, other) {
					year = other
				}
			}
		}
		out[year] = append(out[year], d)
	}
	return out
}

// neighbourDays is how far a notice reaches into the years beside its own.
const neighbourDays = 10

func neighbour(d Date, year int) bool {
	return d.Year == year-1 && d.After(Date{year - 1, time.December, 31 - neighbourDays}) ||
		d.Year == year+1 && d.Before(Date{year + 1, time.January, 1 + neighbourDays})
}

// CheckHolidays refuses a notice that cannot be whole: a day that
// 全国年节及纪念日放假办法 gives is missing or worked, a weekday is said to be worked as
// if it were not worked anyway, or a day is of a year that the notice is not about.
func CheckHolidays(year int, days []Holiday) error {
	listed := map[Date]Holiday{}
	for _, d := range days {
		if d.On.Year != year && !neighbour(d.On, year) {
			return InvalidField("", "holidays.year", fmt.Sprintf("%s 不在 %d 年", d.On, year))
		}
		if weekend := d.On.Weekday() == time.Saturday || d.On.Weekday() == time.Sunday; !d.Rest && !weekend {
			return InvalidField("", "holidays.workday", fmt.Sprintf("%s 本来就是工作日，不能列为调休上班", d.On))
		}
		listed[d.On] = d
	}
	for _, must := range PublicHolidays(year) {
		if d, ok := listed[must.On]; !ok || !d.Rest {
			return InvalidField("", "holidays.incomplete", fmt.Sprintf("缺少 %s（%s）的放假安排，该日依%s放假，请提交全年数据", must.On, must.Name, CitePublicHolidays.Short()))
		}
	}
	return nil
}

// With is the calendar with the notices of these days in place of what it knew of
// their years. What a notice says of a day of a neighbouring year holds beside
// that year's own notice.
func (c *Calendar) With(days []Holiday) *Calendar {
	out := &Calendar{special: map[Date]Holiday{}, notices: map[int][]Holiday{}}
	maps.Copy(out.notices, c.notices)
	maps.Copy(out.notices, Notices(days))
	for _, year := range slices.Sorted(maps.Keys(out.notices)) { // the later notice knows better
		for _, d := range out.notices[year] {
			out.special[d.On] = d
		}
	}
	return out
}

// Year lists the days of a year's notice in order.
func (c *Calendar) Year(year int) []Holiday {
	return slices.SortedFunc(slices.Values(c.notices[year]), func(a, b Holiday) int { return a.On.Compare(b.On) })
}

// Covers tells whether the year's notice is known.
func (c *Calendar) Covers(year int) bool { return c.notices[year] != nil }

// day is what is known of a day that is not like other days of the week.
func (c *Calendar) day(d Date) (Holiday, bool) {
	if h, known := c.special[d]; known || c.Covers(d.Year) {
		return h, known
	}
	h, known := publicHolidays(d.Year)[d]
	return h, known
}

// IsRest tells whether the day is a public holiday or a weekend that was not
// made a working day (法定休假日).
func (c *Calendar) IsRest(d Date) bool {
	if h, known := c.day(d); known {
		return h.Rest
	}
	return d.Weekday() == time.Saturday || d.Weekday() == time.Sunday
}

// restKind says why a rest day is one: 节假日 by a notice, 周末 otherwise.
func (c *Calendar) restKind(d Date) string {
	if h, _ := c.day(d); h.Rest {
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

// FixedDay says of a due day that the instrument itself names (于某年某月某日前) why
// it is not moved when it is a rest day, "" on a working day. Decision: a day that
// a judgment or a mediation fixes is no period that somebody counts, and it is
// those that 民法典 203 and 民事诉讼法 85 move; a payment can be made on a rest day,
// and nobody may rely on more time than the paper gives. Courts are divided
// on it (a term fixed by the court is called a 期间 by 民事诉讼法 85 (1)), no
// interpretation decides it: the reason is shown, and the judge may fix another day.
func (c *Calendar) FixedDay(d Date) string {
	if d.IsZero() || !c.IsRest(d) {
		return ""
	}
	return fmt.Sprintf("法律文书写明的日期%s为%s；写明的是日期，不是需要计算的期间，不因休假日顺延（%s只适用于期间）", d.Chinese(), c.restKind(d), CiteRestDay.Short())
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
		p.Reason += fmt.Sprintf("（%d年放假安排尚未公布，暂按法定节日和周末计算，公布后重新计算）", last.Year)
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
		if h, _ := c.day(d); h.Name != "" && !h.Rest {
			worked = append(worked, d.within(start))
		}
		if !c.IsRest(d) {
			continue
		}
		from, name := d, "周末"
		for ; c.IsRest(d) && d.Before(last); d = d.AddDays(1) {
			n++
			if h, _ := c.day(d); h.Name != "" {
				name = h.Name
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
		p.Reason += fmt.Sprintf("（%d年放假安排尚未公布，暂按法定节日和周末计算，公布后重新计算）", raw.Year)
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
