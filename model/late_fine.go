package model

import (
	"fmt"
	"slices"
)

// lateRate is the daily rate of the fine added to a fine that is not paid, in
// ten-thousandths, from a day on.
type lateRate struct {
	from   Date
	perDay int64
}

var lateRates = []lateRate{{from: Date{1996, 10, 1}, perDay: 300}}

// surchargeCaps say from when on a surcharge cannot exceed what it is added to.
var surchargeCaps = []lateRate{{from: Date{2012, 1, 1}}}

// LateFine is the fine added to a fine (加处罚款) until and including a day.
type LateFine struct {
	AmountFen Fen
	Days      int // that bear it
	Excluded  int // of reconsideration or suit
	// CapOn is the day on which it reaches the cap, zero before PayBy is known.
	CapOn    Date
	Capped   bool
	Reason   string
	Citation string
}

// LateFine computes the fine added to the decision's fine: 3 % of it a day from
// the day after the last day to pay, not during reconsideration or a suit, and
// never more than the fine itself.
// Source: 行政处罚法 72 (1), 73 (3); 行政强制法 45.
func (d AdministrativeDecision) LateFine(until Date) LateFine {
	out := LateFine{Citation: CitesOn(until, CiteLateFineRate, CiteSurchargeStops, CiteSurchargeCap)}
	if d.FineFen <= 0 || d.PayBy.IsZero() {
		out.Reason = "请填写罚款数额和缴款期限"
		return out
	}
	first := d.PayBy.AddDays(1)
	days := max(0, until.Sub(first)+1)
	out.Excluded = d.excluded(first, until)
	out.Days = max(0, days-out.Excluded)
	perDay := int64(d.FineFen) * lateRates[0].perDay // in ten-thousandths of a fen
	whole, part := perDay/10_000, perDay%10_000
	full := func(n int) Fen { return Fen(whole*int64(n) + (part*int64(n)+5_000)/10_000) }
	out.AmountFen = full(min(out.Days, 10_000))
	if out.Capped = out.AmountFen >= d.FineFen; out.Capped && !until.Before(surchargeCaps[0].from) {
		out.AmountFen = d.FineFen
	}
	out.CapOn = d.capDay(first)
	out.Reason = fmt.Sprintf("缴款期限%s届满，次日起至%s共 %d 日", d.PayBy.Chinese(), until.Chinese(), days)
	if days == 0 {
		out.Reason = fmt.Sprintf("缴款期限%s尚未届满，不加处罚款", d.PayBy.Chinese())
	}
	if out.Excluded > 0 {
		out.Reason += fmt.Sprintf("，扣除复议、诉讼期间 %d 日，计 %d 日", out.Excluded, out.Days)
	}
	if d.pending() {
		out.Reason += "；复议或者诉讼尚未结束，其间不计算"
	}
	if days > 0 {
		out.Reason += fmt.Sprintf("；%s 元 × 3%% × %d 日 = %s 元", d.FineFen.Yuan(), out.Days, full(min(out.Days, 10_000)).Yuan())
	}
	if out.Capped {
		out.Reason += "，以罚款数额 " + d.FineFen.Yuan() + " 元为限"
	}
	return out
}

// suspended are the days from and until which a reconsideration and a suit take the
// surcharge; one that is pending has no end. That the days between the two bear it,
// in which nothing is pending, follows from 在行政复议或者行政诉讼期间.
func (d AdministrativeDecision) suspended() (out [][2]Date) {
	for _, r := range [][2]Date{{d.ReviewFrom, d.ReviewUntil}, {d.SuitFrom, d.SuitUntil}} {
		if !r[0].IsZero() {
			out = append(out, r)
		}
	}
	return out
}

// pending tells whether a reconsideration or a suit goes on.
func (d AdministrativeDecision) pending() bool {
	return slices.ContainsFunc(d.suspended(), func(r [2]Date) bool { return r[1].IsZero() })
}

// excluded counts the days of a range that lie in reconsideration or a suit, each
// day once.
func (d AdministrativeDecision) excluded(from, to Date) (n int) {
	counted := from.AddDays(-1) // the last day that was looked at
	for _, r := range d.suspended() {
		a, b := r[0], r[1]
		if b.IsZero() || b.After(to) {
			b = to
		}
		if !a.After(counted) {
			a = counted.AddDays(1)
		}
		if n += max(0, b.Sub(a)+1); b.After(counted) {
			counted = b
		}
	}
	return n
}

// capDay is the day on which the added fine reaches the fine: at 3 % the 34th
// day that bears it; zero when a review or a suit that is pending begins before.
func (d AdministrativeDecision) capDay(first Date) Date {
	need := int((10_000 + lateRates[0].perDay - 1) / lateRates[0].perDay)
	on := first.AddDays(need - 1)
	for range 3 { // each range may push the day into the next one
		for _, r := range d.suspended() {
			if r[1].IsZero() && !r[0].After(on) {
				return Date{}
			}
		}
		on = first.AddDays(need - 1 + d.excluded(first, d.within(on)))
	}
	return on
}

// within is the last day of the ranges that begin by a day, or the day itself.
func (d AdministrativeDecision) within(on Date) Date {
	for _, r := range d.suspended() {
		if !r[0].After(on) && r[1].After(on) {
			on = r[1]
		}
	}
	return on
}
