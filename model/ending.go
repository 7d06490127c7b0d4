package model

import (
	"strconv"
	"time"
)

// Ending is something on which the court depends and that ends by itself or by
// somebody else's doing: a certificate, a year's notice of holidays, a template
// at WeChat. There is one list of them, for the desk, the metrics and the log.
type Ending struct {
	Kind EndingKind `gorm:"primaryKey"`
	Name string     `gorm:"primaryKey"` // of the thing, in Chinese where people read it
	// EndsAt is when it ends; nil when it has no end of its own, or could not be
	// read.
	EndsAt *time.Time
	// Problem is what is wrong already, Remedy what to do, both in Chinese.
	Problem   string
	Remedy    string
	CheckedAt time.Time
}

// EndingKind is what ends.
type EndingKind string

// The kinds of endings.
const (
	EndingSigning  EndingKind = "signing"
	EndingTLS      EndingKind = "tls"
	EndingTemplate EndingKind = "template"
	EndingHolidays EndingKind = "holidays"
)

// Chinese is the kind in words.
func (k EndingKind) Chinese() string {
	return map[EndingKind]string{EndingSigning: "签名证书", EndingTLS: "网站证书", EndingTemplate: "微信模板", EndingHolidays: "放假安排"}[k]
}

// EndingLevel is how urgent an ending is.
type EndingLevel int

// The levels. The court is warned from EndingSoon on.
const (
	EndingFar    EndingLevel = iota
	EndingSoon               // 60 days or less
	EndingNear               // 30 days or less
	EndingUrgent             // 7 days or less, or something is wrong already
	EndingOver
)

// Days is how many whole days are left; negative when it is over.
func (e Ending) Days(now time.Time) int {
	left := e.EndsAt.Sub(now)
	if left < 0 {
		return -1 - int(-left/(24*time.Hour))
	}
	return int(left / (24 * time.Hour))
}

// Level is how urgent it is.
func (e Ending) Level(now time.Time) EndingLevel {
	level := EndingFar
	if e.EndsAt != nil {
		switch d := e.Days(now); {
		case d < 0:
			return EndingOver
		case d <= 7:
			level = EndingUrgent
		case d <= 30:
			level = EndingNear
		case d <= 60:
			level = EndingSoon
		}
	}
	if e.Problem != "" && e.Remedy != "" {
		level = EndingUrgent
	}
	return level
}

// Left says how much time is left.
func (e Ending) Left(now time.Time) string {
	switch {
	case e.EndsAt == nil:
		return "—"
	case e.Level(now) == EndingOver:
		return "已到期"
	}
	return strconv.Itoa(e.Days(now)) + " 天"
}

// HolidaysEnd is when the court runs out of the State Council's notices: due
// days of later years are computed with plain weekends and are moved when the
// notice is loaded.
func HolidaysEnd(c *Calendar, now time.Time) Ending {
	year := DateOf(now).Year
	for c.Covers(year) {
		year++
	}
	end := NewDate(year, 1, 1).Start()
	return Ending{
		Kind: EndingHolidays, Name: strconv.Itoa(year) + " 年放假安排", EndsAt: &end,
		Remedy: "国务院办公厅发布 " + strconv.Itoa(year) + " 年放假通知后，请系统管理员运行 microcourt calendar load 导入；未导入前到期日按法定节日和周末推算",
	}
}

// EndingLine is an ending as it stands now.
type EndingLine struct {
	Ending
	Level EndingLevel
	Left  string
}

// Bad tells whether it is urgent.
func (e EndingLine) Bad() bool { return e.Level >= EndingUrgent }
