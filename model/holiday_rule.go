package model

import (
	"maps"
	"slices"
	"sync"
	"time"

	"github.com/6tail/lunar-go/calendar"
)

// holidayRule are the days that 全国年节及纪念日放假办法 2 gives to all citizens, from
// a year on. A year's notice adds days to them, and never takes one away.
type holidayRule struct {
	from int
	// spring are days of the Spring Festival counted from 正月初一; −1 is 除夕.
	spring []int
	// lunar says that 清明, 端午 and 中秋 are holidays.
	lunar         bool
	may, national int // days from 1 May and from 1 October
}

// Source: the rule as amended 1999, 2007, 2013 and 2024.
var holidayRules = []holidayRule{
	{from: 2000, spring: []int{0, 1, 2}, may: 3, national: 3},
	{from: 2008, spring: []int{-1, 0, 1}, lunar: true, may: 1, national: 3},
	{from: 2014, spring: []int{0, 1, 2}, lunar: true, may: 1, national: 3},
	{from: 2025, spring: []int{-1, 0, 1, 2}, lunar: true, may: 2, national: 3},
}

var holidayCache sync.Map // map[Date]Holiday by year: the moon is slow to reckon

// PublicHolidays lists the days of a year that are holidays by the law itself, in
// order, whatever the State Council's notice adds to them.
func PublicHolidays(year int) []Holiday {
	return slices.SortedFunc(maps.Values(publicHolidays(year)), func(a, b Holiday) int { return a.On.Compare(b.On) })
}

func publicHolidays(year int) map[Date]Holiday {
	if known, ok := holidayCache.Load(year); ok {
		return known.(map[Date]Holiday) //nolint:forcetypeassert // nothing else is kept there
	}
	out := map[Date]Holiday{}
	add := func(d Date, name string) {
		if _, taken := out[d]; !taken {
			out[d] = Holiday{On: d, Rest: true, Name: name}
		}
	}
	rule := holidayRules[0]
	for _, r := range holidayRules {
		if r.from <= year {
			rule = r
		}
	}
	add(Date{year, time.January, 1}, "元旦")
	for _, n := range rule.spring {
		add(lunarDay(year, 1, 1).AddDays(n), "春节")
	}
	for n := range rule.may {
		add(Date{year, time.May, 1 + n}, "劳动节")
	}
	for n := range rule.national {
		add(Date{year, time.October, 1 + n}, "国庆节")
	}
	if rule.lunar {
		clear := calendar.NewSolarFromYmd(year, 4, 15).GetLunar().GetJieQiTable()["清明"]
		add(NewDate(clear.GetYear(), time.Month(clear.GetMonth()), clear.GetDay()), "清明节")
		add(lunarDay(year, 5, 5), "端午节")
		add(lunarDay(year, 8, 15), "中秋节")
	}
	holidayCache.Store(year, out)
	return out
}

// lunarDay is the day of the sun's calendar of a day of the moon's.
func lunarDay(year, month, day int) Date {
	s := calendar.NewLunarFromYmd(year, month, day).GetSolar()
	return NewDate(s.GetYear(), time.Month(s.GetMonth()), s.GetDay())
}
