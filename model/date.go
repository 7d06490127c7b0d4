package model

import (
	"database/sql/driver"
	"fmt"
	"time"
)

// CourtZone is the courts' time zone: legal days begin and end by it,
// whatever the clock of the server says.
var CourtZone = mustZone("Asia/Shanghai")

func mustZone(name string) *time.Location {
	loc, err := time.LoadLocation(name)
	if err != nil {
		// China has kept UTC+8 without summer time since 1992.
		return time.FixedZone("CST", 8*60*60)
	}
	return loc
}

// Date is a legal day (法律日期) in the court's time zone, without a time of
// day. The zero Date means "not known" and is stored as NULL.
type Date struct {
	Year  int
	Month time.Month
	Day   int
}

// NewDate normalises like time.Date: NewDate(2020, 2, 30) is 1 March.
func NewDate(year int, month time.Month, day int) Date {
	y, m, d := time.Date(year, month, day, 0, 0, 0, 0, time.UTC).Date()
	return Date{y, m, d}
}

// DateOf is the court's day at the instant t.
func DateOf(t time.Time) Date {
	y, m, d := t.In(CourtZone).Date()
	return Date{y, m, d}
}

// ParseDate reads 2006-01-02 and nothing else: four digits of the year, nothing
// before or behind. It refuses days that do not exist (date.format) and days
// outside the time that the courts' records can be of (date.range): what a court
// once read as the year 1 becomes a demand that is served at once. What a day
// means bounds it more closely, see CheckDay.
func ParseDate(s string) (Date, error) {
	d, err := parseDay(s)
	switch {
	case err != nil:
		return Date{}, InvalidField("", "date.format", "日期格式应为 2026-01-31，年份为四位，且必须是真实存在的日期").WithCause(err)
	case d.Before(foundation) || d.After(horizon):
		return Date{}, outOfRange(foundation, horizon)
	}
	return d, nil
}

func parseDay(s string) (Date, error) {
	t, err := time.Parse(time.DateOnly, s)
	if err != nil {
		return Date{}, err
	}
	y, m, d := t.Date()
	return Date{y, m, d}, nil
}

// IsZero tells whether the date is not known.
func (d Date) IsZero() bool { return d == Date{} }

// String writes 2006-01-02, or "" for the zero Date.
func (d Date) String() string {
	if d.IsZero() {
		return ""
	}
	return fmt.Sprintf("%04d-%02d-%02d", d.Year, d.Month, d.Day)
}

// Chinese writes 2006年1月2日.
func (d Date) Chinese() string {
	if d.IsZero() {
		return ""
	}
	return fmt.Sprintf("%d年%d月%d日", d.Year, d.Month, d.Day)
}

// By is the day as the last one for something, as courts write it: 2026年12月2日前, the
// day itself included (民法典 1259). Whoever tells a last day uses it. The year is always
// named: notices and papers are kept and read years later, and papers of courts name it.
// "" for no day.
func (d Date) By() string {
	if d.IsZero() {
		return ""
	}
	return d.Chinese() + "前"
}

func (d Date) utc() time.Time { return time.Date(d.Year, d.Month, d.Day, 0, 0, 0, 0, time.UTC) }

// MonthOf gives the first and the last day of the day's month.
func (d Date) MonthOf() (first, last Date) {
	return NewDate(d.Year, d.Month, 1), NewDate(d.Year, d.Month+1, 0)
}

// Start is the instant at which the day begins in the court's time zone.
func (d Date) Start() time.Time {
	return time.Date(d.Year, d.Month, d.Day, 0, 0, 0, 0, CourtZone).UTC()
}

// AddDays moves by n days; n may be negative.
func (d Date) AddDays(n int) Date { return NewDate(d.Year, d.Month, d.Day+n) }

// Sub counts the days from other to d.
func (d Date) Sub(other Date) int { return int(d.utc().Sub(other.utc()).Hours() / 24) }

// Compare orders two dates: -1, 0 or +1.
func (d Date) Compare(other Date) int { return d.utc().Compare(other.utc()) }

// Before tells whether d is an earlier day than other.
func (d Date) Before(other Date) bool { return d.Compare(other) < 0 }

// After tells whether d is a later day than other.
func (d Date) After(other Date) bool { return d.Compare(other) > 0 }

// Weekday is the day of the week.
func (d Date) Weekday() time.Weekday { return d.utc().Weekday() }

// MarshalText writes the date as 2006-01-02.
func (d Date) MarshalText() ([]byte, error) { return []byte(d.String()), nil }

// UnmarshalText reads 2006-01-02, or nothing for the zero Date.
func (d *Date) UnmarshalText(b []byte) error {
	if len(b) == 0 {
		*d = Date{}
		return nil
	}
	v, err := ParseDate(string(b))
	if err != nil {
		return err
	}
	*d = v
	return nil
}

// Value implements driver.Valuer: dates are stored as text or DATE columns.
func (d Date) Value() (driver.Value, error) {
	if d.IsZero() {
		return nil, nil
	}
	return d.String(), nil
}

// Scan implements sql.Scanner for text and DATE columns of both databases.
func (d *Date) Scan(v any) error {
	switch v := v.(type) {
	case nil:
		*d = Date{}
		return nil
	case time.Time: // MySQL DATE with parseTime, no zone: the fields are the day
		y, m, day := v.Date()
		*d = Date{y, m, day}
		return nil
	case []byte:
		return d.scanText(string(v))
	case string:
		return d.scanText(v)
	default:
		return fmt.Errorf("scan %T into a date", v)
	}
}

func (d *Date) scanText(s string) error {
	if len(s) > len(time.DateOnly) {
		s = s[:len(time.DateOnly)]
	}
	if s == "" {
		*d = Date{}
		return nil
	}
	v, err := parseDay(s) // what is stored is read whatever the bounds are today
	if err != nil {
		return err
	}
	*d = v
	return nil
}

// GormDataType makes the column a date in both dialects.
func (Date) GormDataType() string { return "date" }
