package model

import (
	"testing"
	"time"
)

// A year that a sheet or a slip of the finger made is refused where a day comes
// in, and what is stored can still be read.
func TestDaysHaveAFloorAndACeiling(t *testing.T) {
	t.Parallel()
	for s, reason := range map[string]string{
		"0001-01-01": "date.range", "0026-01-05": "date.range", "1900-01-01": "date.range", "1949-09-30": "date.range", "9999-12-31": "date.range", "2126-01-05": "date.range",
		"26-01-05": "date.format", "2026-01-05abc": "date.format", "2026-01-05 ": "date.format", " 2026-01-05": "date.format", "2026-1-5": "date.format", "2026-1-5 ": "date.format",
		"2026-01-05T00:00:00+08:00": "date.format", "2026-02-30": "date.format", "2026/01/05": "date.format", "20260105": "date.format", "+2026-01-05": "date.format", "２０２６-01-05": "date.format",
		"2026-01-05": "", "1949-10-01": "", "2099-12-31": "",
	} {
		if d, err := ParseDate(s); ReasonOf(err) != reason {
			t.Errorf("ParseDate(%q) = %v, %v; want %q", s, d, err, reason)
		}
		var d Date
		if err := d.UnmarshalText([]byte(s)); ReasonOf(err) != reason {
			t.Errorf("UnmarshalText(%q) = %v, %v; want %q", s, d, err, reason)
		}
	}
	var d Date
	if err := d.Scan("0001-01-01"); err != nil {
		t.Errorf("a stored day cannot be read: %v", err)
	}

	today := NewDate(2026, 11, 29)
	for _, tt := range []struct {
		field string
		on    Date
		good  bool
	}{
		{"filed_on", NewDate(1985, 1, 1), true},
		{"instruments[0].effective_on", NewDate(2027, 11, 30), true},
		{"effective_on", NewDate(2028, 1, 1), false},
		{"paid_on", NewDate(1989, 12, 31), false},
		{"paid_on", today, true},
		{"filed_on", NewDate(1949, 9, 30), false},
		{"paid_on", NewDate(2030, 1, 1), false},
		{"instruments[0].obligations[2].installments[11].due_on", NewDate(2056, 11, 29), true},
		{"due_on", NewDate(2076, 11, 30), false},
		{"due_on", Date{}, true},
		{"some_day", NewDate(1900, 1, 1), false},
		{"some_day", NewDate(2090, 1, 1), false},
		{"until", NewDate(2028, 1, 1), true},
	} {
		err := CheckDay(tt.field, tt.on, today)
		if (err == nil) != tt.good || err != nil && (ReasonOf(err) != "date.range" || FieldOf(err) != tt.field) {
			t.Errorf("%s on %s: %v", tt.field, tt.on, err)
		}
	}
}

// Both databases give a day back as it was stored, in every form that their
// drivers have for it; what is not known is NULL.
func TestDaysSurviveTheDatabase(t *testing.T) {
	t.Parallel()
	day := NewDate(2026, 3, 2)
	for name, c := range map[string]struct {
		in   any
		want Date
		ok   bool
	}{
		"nothing":            {nil, Date{}, true},
		"an empty text":      {"", Date{}, true},
		"text":               {"2026-03-02", day, true},
		"bytes":              {[]byte("2026-03-02"), day, true},
		"text with an hour":  {"2026-03-02T00:00:00Z", day, true},
		"a DATE of MySQL":    {time.Date(2026, 3, 2, 0, 0, 0, 0, time.UTC), day, true},
		"out of range today": {"1900-01-01", NewDate(1900, 1, 1), true}, // what is stored is read
		"a number":           {int64(20260302), Date{}, false},
		"no day":             {"2026-02-30", Date{}, false},
	} {
		var got Date
		if err := got.Scan(c.in); (err == nil) != c.ok || c.ok && got != c.want {
			t.Errorf("%s: %s, %v", name, got, err)
		}
	}
	if v, err := day.Value(); err != nil || v != "2026-03-02" {
		t.Errorf("%v, %v", v, err)
	}
	if v, err := (Date{}).Value(); err != nil || v != nil {
		t.Errorf("an unknown day is stored as %v, %v", v, err)
	}
	var back Date
	if b, err := day.MarshalText(); err != nil || back.UnmarshalText(b) != nil || back != day {
		t.Errorf("%s, %v", back, err)
	}
	if err := back.UnmarshalText(nil); err != nil || !back.IsZero() || back.Chinese() != "" || back.String() != "" {
		t.Errorf("%v, %s", err, back)
	}
}
