package model

import (
	"bufio"
	_ "embed" // the shipped holidays
	"fmt"
	"io"
	"strings"
	"sync"
	"time"
)

//go:embed holidays.csv
var shippedHolidays string

// Calendar knows working days by the State Council's notices, adjusted working
// weekends (调休) included. A year without data falls back to plain weekends;
// Covers tells.
type Calendar struct {
	special map[Date]bool // true: rest, false: work
	years   map[int]bool
}

// ShippedCalendar is the calendar that comes with the program, 2019 to 2026.
var ShippedCalendar = sync.OnceValue(func() *Calendar {
	c, err := LoadCalendar(strings.NewReader(shippedHolidays))
	if err != nil {
		panic(err) // the file is embedded and tested
	}
	return c
})

// LoadCalendar reads lines of date,kind,name where kind is rest or work.
func LoadCalendar(r io.Reader) (*Calendar, error) {
	c := &Calendar{special: map[Date]bool{}, years: map[int]bool{}}
	sc := bufio.NewScanner(r)
	for n := 1; sc.Scan(); n++ {
		line := strings.TrimSpace(sc.Text())
		if line == "" || line[0] == '#' {
			continue
		}
		day, rest, _ := strings.Cut(line, ",")
		kind, _, _ := strings.Cut(rest, ",")
		d, err := ParseDate(day)
		if err != nil || kind != "rest" && kind != "work" {
			return nil, fmt.Errorf("holidays, line %d: want date,rest|work,name", n)
		}
		c.special[d], c.years[d.Year] = kind == "rest", true
	}
	return c, sc.Err()
}

// Covers tells whether the year's notice is known.
func (c *Calendar) Covers(year int) bool { return c.years[year] }

// IsRest tells whether the day is a public holiday or a weekend that was not
// made a working day (法定休假日).
func (c *Calendar) IsRest(d Date) bool {
	if rest, known := c.special[d]; known {
		return rest
	}
	return d.Weekday() == time.Saturday || d.Weekday() == time.Sunday
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
	Reason  string // e.g. 9月18日送达，次日起算15日，末日10月3日为休息日，顺延至10月9日
}

// DaysPeriod counts days by 民事诉讼法 85: the starting day does not count, and a
// period whose last day is a rest day ends on the next working day. event says
// what happened on the starting day, e.g. 送达 or 生效.
func (c *Calendar) DaysPeriod(start Date, days int, event string) Period {
	p := Period{RawLast: start.AddDays(days)}
	p.Last = c.NextWorkday(p.RawLast)
	p.Reason = fmt.Sprintf("%d月%d日%s，次日起算%d日，末日%d月%d日", start.Month, start.Day, event, days,
		p.RawLast.Month, p.RawLast.Day)
	if p.Last != p.RawLast {
		p.Reason += fmt.Sprintf("为休息日，顺延至%d月%d日", p.Last.Month, p.Last.Day)
	}
	return p
}

// AddYears moves by years; a day that does not exist (29 February) becomes the
// month's last (民法典 202).
func (d Date) AddYears(years int) Date {
	t := NewDate(d.Year+years, d.Month, d.Day)
	if t.Month != d.Month {
		t = NewDate(d.Year+years, d.Month+1, 0)
	}
	return t
}

// EnforcementPeriodEnd is the last day for applying for enforcement: two years
// from the last day of the performance term (of the last instalment), or from
// the day the instrument took effect when it names no term (民事诉讼法 250). A
// promise by the debtor interrupts the period, which begins anew
// (执行程序若干问题的解释 19–20).
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
