package model

import "fmt"

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
		out.Reason += fmt.Sprintf("，扣除复议或诉讼期间 %d 日，计 %d 日", out.Excluded, out.Days)
	}
	if days > 0 {
		out.Reason += fmt.Sprintf("；%s 元 × 3%% × %d 日 = %s 元", d.FineFen.Yuan(), out.Days, full(min(out.Days, 10_000)).Yuan())
	}
	if out.Capped {
		out.Reason += "，以罚款数额 " + d.FineFen.Yuan() + " 元为限"
	}
	return out
}

// excluded counts the days of a range that lie in reconsideration or a suit.
func (d AdministrativeDecision) excluded(from, to Date) int {
	if d.ReviewFrom.IsZero() || d.ReviewUntil.IsZero() {
		return 0
	}
	a, b := d.ReviewFrom, d.ReviewUntil
	if a.Before(from) {
		a = from
	}
	if b.After(to) {
		b = to
	}
	return max(0, b.Sub(a)+1)
}

// capDay is the day on which the added fine reaches the fine: at 3 % the 34th
// day that bears it.
func (d AdministrativeDecision) capDay(first Date) Date {
	need := int((10_000 + lateRates[0].perDay - 1) / lateRates[0].perDay)
	on := first.AddDays(need - 1)
	if d.excluded(first, on) > 0 { // it is one range, and lies before the day
		on = on.AddDays(d.excluded(first, d.ReviewUntil))
	}
	return on
}
