package model

import (
	"strings"
	"testing"
	"time"
)

func TestHowUrgentAnEndingIs(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 3, 2, 2, 0, 0, 0, time.UTC)
	day := 24 * time.Hour
	for name, c := range map[string]struct {
		in    time.Duration
		level EndingLevel
		left  string
	}{
		"61 days":                {61 * day, EndingFar, "61 天"},
		"60 days and 23 hours":   {60*day + 23*time.Hour, EndingSoon, "60 天"},
		"30 days":                {30 * day, EndingNear, "30 天"},
		"8 days":                 {8 * day, EndingNear, "8 天"},
		"7 days":                 {7 * day, EndingUrgent, "7 天"},
		"an hour":                {time.Hour, EndingUrgent, "0 天"},
		"a second ago":           {-time.Second, EndingOver, "已到期"},
		"a day and a bit ago":    {-day - time.Second, EndingOver, "已到期"},
		"it ends at this moment": {0, EndingUrgent, "0 天"},
	} {
		at := now.Add(c.in)
		e := Ending{EndsAt: &at}
		if e.Level(now) != c.level || e.Left(now) != c.left || (EndingLine{e, e.Level(now), ""}).Bad() != (c.level >= EndingUrgent) {
			t.Errorf("%s: %d, %s", name, e.Level(now), e.Left(now))
		}
	}
	far := now.Add(300 * day)
	for name, c := range map[string]struct {
		e    Ending
		want EndingLevel
	}{
		"no end of its own":    {Ending{}, EndingFar},
		"wrong already":        {Ending{EndsAt: &far, Problem: "证书与域名不符", Remedy: "更换证书"}, EndingUrgent},
		"no end and wrong":     {Ending{Problem: "无法读取", Remedy: "检查文件"}, EndingUrgent},
		"noted, nothing to do": {Ending{EndsAt: &far, Problem: "已停用"}, EndingFar},
	} {
		if got := c.e.Level(now); got != c.want {
			t.Errorf("%s: %d, want %d", name, got, c.want)
		}
	}
	if got := (Ending{}).Left(now); got != "—" {
		t.Errorf("what has no end has %s left", got)
	}
}

// The State Council publishes a year's holidays late in the year before: the
// court is told which year is missing and what to run.
func TestTheEndOfTheHolidays(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 10, 2, 0, 0, 0, time.UTC)
	c := (&Calendar{}).With([]Holiday{{On: NewDate(2026, 10, 1), Rest: true}, {On: NewDate(2027, 1, 1), Rest: true}})
	e := HolidaysEnd(c, now)
	if !e.EndsAt.Equal(time.Date(2027, 12, 31, 16, 0, 0, 0, time.UTC)) || !strings.HasPrefix(e.Name, "2028 年") || !strings.Contains(e.Remedy, "calendar load") || e.Kind != EndingHolidays {
		t.Errorf("%+v at %s", e, e.EndsAt)
	}
}
