package model

import (
	"fmt"
	"strings"
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

// dayMeanings are the names under which days come in, in the API, on the desk
// and from other systems. A test finds names that are missing.
var dayMeanings = map[string]DayMeaning{
	"filed_on": DayOfLaw, "made_on": DayOfLaw, "effective_on": DayOfLaw, "served_on": DayOfLaw, "reconsidered_on": DayOfLaw,
	"agency_demand_on": DayOfLaw, "applied_on": DayOfLaw, "accepted_on": DayOfLaw, "ruled_on": DayOfLaw, "agreed_on": DayOfLaw,
	"decided_on": DayOfLaw, "published_on": DayOfLaw, "instrument_on": DayOfLaw,

	"paid_on": DayOfAct, "performed_on": DayOfAct, "received_on": DayOfAct, "sent_on": DayOfAct, "answered_on": DayOfAct, "done_on": DayOfAct,
	"signed_on": DayOfAct, "creditor_asked_on": DayOfAct, "act_on": DayOfAct, "closed_on": DayOfAct, "on": DayOfAct,
	"happened_at": DayOfAct, "happened_on": DayOfAct, "ended_on": DayOfAct, "from_on": DayOfAct, "at": DayOfAct, "on_day": DayOfAct,
	"lpr_on": DayOfAct, "cap_on": DayOfAct, "notice_on": DayOfAct, "arrived_on": DayOfAct, "lodged_on": DayOfAct, "rate_on": DayOfAct, "noticed_on": DayOfAct,

	"due_on": DayOfTerm, "first_on": DayOfTerm, "due_by": DayOfTerm, "pay_by": DayOfTerm, "until": DayOfTerm, "until_on": DayOfTerm, "to_on": DayOfTerm, "from": DayOfTerm, "to": DayOfTerm,
	"since":      DayOfTerm,
	"due_before": DayOfTerm, "after_due": DayOfTerm, "after_end": DayOfTerm, "deferred_until": DayOfTerm, "review_from": DayOfTerm,
	"review_until": DayOfTerm, "suit_from": DayOfTerm, "suit_until": DayOfTerm, "term_from": DayOfTerm, "term_until": DayOfTerm,
	"collect_by": DayOfTerm, "claim_due_on": DayOfTerm,
}

// MeaningOfDay is the meaning of the day in a field, by the last name in its
// path: instruments[0].effective_on is a DayOfLaw. It is 0 for a field that is
// not known to hold a day.
func MeaningOfDay(field string) DayMeaning {
	field = strings.TrimSuffix(field[strings.LastIndexByte(field, '.')+1:], "[]")
	if i := strings.IndexByte(field, '['); i >= 0 {
		field = field[:i]
	}
	return dayMeanings[strings.ToLower(field)]
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
