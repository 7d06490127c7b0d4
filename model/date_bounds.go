package model

import (
	"fmt"
	"time"
)

// The first and the last day that any record of a court can name: the
// foundation of the People's Republic, and the end of the century, as for the
// years of case numbers.
var (
	foundation = Date{1949, time.October, 1}
	horizon    = Date{2099, time.December, 31}
	// recorded is the first day of what courts keep here about payments, letters
	// and measures; the Civil Procedure Law of 1991 is the oldest that they rest on.
	recorded = Date{1990, time.January, 1}
)

// longestTerm is how many years ahead a term may end: beyond every loan's
// instalments and every maintenance that a court orders.
const longestTerm = 50

// DayMeaning says what a legal day is the day of; its bounds follow from that.
type DayMeaning int

// The meanings. The zero DayMeaning is none of them.
const (
	// DayOfLaw is when a case, instrument or decision came about: from 1949-10-01
	// to a year from today, because an instrument may take effect later.
	DayOfLaw DayMeaning = iota + 1
	// DayOfAct is when somebody paid, wrote, signed or did something: from
	// 1990-01-01 to a year from today. What cannot lie ahead is refused by the
	// rule about it, in its own words.
	DayOfAct
	// DayOfTerm is when something is due or ends: from 1949-10-01 to fifty years
	// from today.
	DayOfTerm
)

// MeaningOfDay is the meaning of the day in a field, by the last name in its
// path: instruments[0].effective_on is a DayOfLaw. It is 0 for a field that is
// not known to hold a day.
func MeaningOfDay(field string) DayMeaning {
	r, _ := DayRuleOf(field)
	return r.Meaning
}

// Bounds are the first and the last day that a day of this meaning can be.
func (m DayMeaning) Bounds(today Date) (first, last Date) {
	switch m {
	case DayOfLaw:
		return foundation, today.AddDays(366)
	case DayOfAct:
		return recorded, today.AddDays(366)
	default:
		return foundation, NewDate(today.Year+longestTerm, today.Month, today.Day)
	}
}

// CheckDay refuses a day that cannot be what its field means, as Invalid
// date.range with the field. The zero Date is not known and passes; a field of
// no known meaning is held to the widest bounds.
func CheckDay(field string, d, today Date) error {
	first, last := MeaningOfDay(field).Bounds(today)
	if d.IsZero() || !d.Before(first) && !d.After(last) {
		return nil
	}
	return AtField(outOfRange(first, last), field)
}

func outOfRange(first, last Date) error {
	return E(Invalid, "date.range", fmt.Sprintf("日期应在 %s 至 %s 之间，请核对年份", first, last))
}
