package model

import (
	"fmt"
	"slices"
	"strings"
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
	CapOn  Date
	Capped bool
	// PerDayFen is by how much it grows on the day after.
	PerDayFen Fen
	Reason    string
	Citation  string
}

// LateFine is LateFineAfter of a fine of which nothing was paid.
func (d AdministrativeDecision) LateFine(until Date) LateFine { return d.LateFineAfter(until, nil) }

// LateFineAfter computes the fine added to the decision's fine: 3 % a day of what
// is unpaid of it, from the day after the last day to pay, not during
// reconsideration or a suit, and never more than the fine itself. The day of a
// payment bears what was unpaid before it.
//
// The law says 每日按罚款数额的百分之三 and not whether a part that was paid still
// bears it. That it does not follows from what the added fine is for (to make
// somebody pay what he has not); it is our decision, and shown in the reason.
// Source: 行政处罚法 72 (1), 73 (3); 行政强制法 45.
func (d AdministrativeDecision) LateFineAfter(until Date, paid []PaidPart) LateFine {
	out := LateFine{Citation: CitesOn(until, CiteLateFineRate, CiteSurchargeStops, CiteSurchargeCap)}
	if d.FineFen <= 0 || d.PayBy.IsZero() {
		out.Reason = "请填写罚款数额和缴款期限"
		return out
	}
	first := d.PayBy.AddDays(1)
	days := max(0, until.Sub(first)+1)
	out.Excluded = d.excluded(first, until)
	out.Days = max(0, days-out.Excluded)
	spans := d.lateSpans(first, until, paid)
	var sum int64 // in ten-thousandths of a fen
	var words []string
	for _, s := range spans {
		sum += int64(s.base) * lateRates[0].perDay * int64(s.days)
		words = append(words, fmt.Sprintf("%s 元 × 3%% × %d 日", s.base.Yuan(), s.days))
	}
	full := Fen((sum + 5_000) / 10_000)
	out.AmountFen = full
	if out.Capped = full >= d.FineFen; out.Capped && !until.Before(surchargeCaps[0].from) {
		out.AmountFen = d.FineFen
	}
	out.CapOn = d.capDay(first, paid)
	if len(spans) > 0 && !out.Capped && !d.pendingOn(until.AddDays(1)) {
		if next := d.lateSpans(until.AddDays(1), until.AddDays(1), paid); len(next) > 0 {
			out.PerDayFen = min(Fen((int64(next[0].base)*lateRates[0].perDay+5_000)/10_000), d.FineFen-out.AmountFen)
		}
	}
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
		if len(words) == 0 {
			words = []string{fmt.Sprintf("%s 元 × 3%% × 0 日", d.FineFen.Yuan())}
		}
		out.Reason += "；" + strings.Join(words, " ＋ ") + fmt.Sprintf(" = %s 元", full.Yuan())
	}
	if len(spans) > 1 {
		out.Reason += "（已缴的部分自缴款次日起不再计算）"
	}
	if out.Capped {
		out.Reason += "，以罚款数额 " + d.FineFen.Yuan() + " 元为限"
	}
	return out
}

// lateSpan is a number of days on which the same part of the fine was unpaid.
type lateSpan struct {
	base Fen
	days int
}

// lateSpans are the spans of a range with the days that count, without those of
// nothing. The days are bounded: long before, the cap is reached.
func (d AdministrativeDecision) lateSpans(from, until Date, paid []PaidPart) (out []lateSpan) {
	cuts := []Date{from}
	for _, p := range paid {
		if on := p.On.AddDays(1); on.After(from) && !on.After(until) {
			cuts = append(cuts, on)
		}
	}
	slices.SortFunc(cuts, Date.Compare)
	cuts = slices.Compact(cuts)
	for n, a := range cuts {
		b := until
		if n+1 < len(cuts) {
			b = cuts[n+1].AddDays(-1)
		}
		base := d.FineFen
		for _, p := range paid {
			if p.On.Before(a) {
				base -= p.AmountFen
			}
		}
		days := max(0, b.Sub(a)+1)
		if days = min(days-d.excluded(a, b), 10_000); days > 0 && base > 0 {
			out = append(out, lateSpan{base, days})
		}
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

// pendingOn tells whether a day lies in a reconsideration or a suit.
func (d AdministrativeDecision) pendingOn(day Date) bool {
	return slices.ContainsFunc(d.suspended(), func(r [2]Date) bool { return !day.Before(r[0]) && (r[1].IsZero() || !day.After(r[1])) })
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
// day that bears it where nothing is paid; zero when a review or a suit that is
// pending begins before, or when so much is paid that it never does.
func (d AdministrativeDecision) capDay(first Date, paid []PaidPart) Date {
	need := int64(d.FineFen) * 10_000
	var sum int64
	on := first
	for range 20_000 {
		switch {
		case slices.ContainsFunc(d.suspended(), func(r [2]Date) bool { return r[1].IsZero() && !on.Before(r[0]) }):
			return Date{}
		case d.pendingOn(on):
			on = d.within(on).AddDays(1)
			continue
		}
		spans := d.lateSpans(on, on, paid)
		if len(spans) == 0 {
			return Date{} // all is paid
		}
		if sum += int64(spans[0].base) * lateRates[0].perDay; sum >= need {
			return on
		}
		on = on.AddDays(1)
	}
	return Date{}
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
