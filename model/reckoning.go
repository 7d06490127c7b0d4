package model

import "slices"

// Payments are what a case's debts are reckoned from besides themselves: what was
// paid and when, what was waived, left or decided about interest, and the
// published rates.
type Payments struct {
	Principal map[int64][]PaidPart // by instalment
	Ordinary  map[int64][]PaidPart // 一般债务利息 that was paid, by instalment
	Doubled   map[int64]Fen        // 加倍部分债务利息 that was paid, by instalment
	Entries   []DebtEntry          // that stand, of the case
	Rates     PrimeRates           // nil for the shipped table
	// Decision is the newest entry of an administrative decision, nil for none: what
	// is owed of the fine added to an unpaid one follows from it and from the ledger.
	Decision *AdministrativeDecision
}

// Reckoning is what an instalment, or several, amounts to on a day: the one
// computation behind every screen and paper.
type Reckoning struct {
	OwedFen        Fen // of the instrument, after reductions
	ForgivenFen    Fen // of it forgiven by the creditor
	PrincipalFen   Fen // of it still open
	OrdinaryFen    Fen // 一般债务利息 to date that is still owed
	OrdinaryPaid   Fen // of it paid already
	OrdinaryWaived Fen // of it waived by the creditor or left by the judge
	OrdinaryPerDay Fen // by which it grows
	DoubledFen     Fen // 加倍部分债务利息 to date that is still owed, of what was paid late as well
	DoubledPaid    Fen // of it paid already
	DoubledWaived  Fen // of it waived by the creditor or left by the judge
	PerDayFen      Fen // by which that grows
	// InterestOver is what was paid of interest beyond what is due by now: a payment
	// of an earlier day, days that do not count or a lower debt came in later.
	InterestOver Fen
	// Lines is the reasoning of the ordinary interest: base, rate, days, sum.
	Lines []InterestLine
	// Unconverted is how many instalments are fixed in another currency and booked as
	// nothing, because no rate is entered yet.
	Unconverted int
	// ProvisionalFrom is the first day whose ordinary interest is provisional: the
	// rate that held is not known here yet. Zero when there is none.
	ProvisionalFrom Date
	// Surcharges is the reasoning of the fine added to an unpaid one, and
	// SurchargePerDay by which it grows; both are part of the instrument's money.
	Surcharges      []string
	SurchargePerDay Fen
}

// SumFen is all that is still owed.
func (r Reckoning) SumFen() Fen { return r.PrincipalFen + r.OrdinaryFen + r.DoubledFen }

// InterestFen is the interest of both kinds that is still owed.
func (r Reckoning) InterestFen() Fen { return r.OrdinaryFen + r.DoubledFen }

// Reasons are the lines in words, "" without ordinary interest.
func (r Reckoning) Reasons() (out []string) {
	for _, l := range r.Lines {
		out = append(out, l.Chinese())
	}
	out = append(out, r.Surcharges...)
	if !r.ProvisionalFrom.IsZero() {
		out = append(out, ProvisionalWords(r.ProvisionalFrom))
	}
	return out
}

// OverWords say that interest was paid which is not owed by now, "" when none was.
// They are true of today: of an earlier day, what was paid later is no excess.
func (r Reckoning) OverWords() string {
	if r.InterestOver == 0 {
		return ""
	}
	return "已确认支付的利息比应付的多 " + r.InterestOver.Yuan() + " 元，请承办法官核对并更正相应的回执"
}

// ProvisionalWords say from when on a figure is provisional, and why.
func ProvisionalWords(from Date) string {
	return "自" + from.Chinese() + "起的利息所依据的LPR尚未录入，暂按最近一次公布的利率计算，以录入后的计算为准"
}

// plus adds another instalment's.
func (r Reckoning) plus(o Reckoning) Reckoning {
	sum := Reckoning{
		OwedFen: r.OwedFen + o.OwedFen, ForgivenFen: r.ForgivenFen + o.ForgivenFen, PrincipalFen: r.PrincipalFen + o.PrincipalFen,
		OrdinaryFen: r.OrdinaryFen + o.OrdinaryFen, OrdinaryPaid: r.OrdinaryPaid + o.OrdinaryPaid, OrdinaryWaived: r.OrdinaryWaived + o.OrdinaryWaived, OrdinaryPerDay: r.OrdinaryPerDay + o.OrdinaryPerDay,
		DoubledFen: r.DoubledFen + o.DoubledFen, DoubledPaid: r.DoubledPaid + o.DoubledPaid, DoubledWaived: r.DoubledWaived + o.DoubledWaived, PerDayFen: r.PerDayFen + o.PerDayFen,
		InterestOver: r.InterestOver + o.InterestOver, Unconverted: r.Unconverted + o.Unconverted,
		Surcharges: slices.Concat(r.Surcharges, o.Surcharges), SurchargePerDay: r.SurchargePerDay + o.SurchargePerDay,
		Lines: slices.Concat(r.Lines, o.Lines), ProvisionalFrom: r.ProvisionalFrom,
	}
	if sum.ProvisionalFrom.IsZero() || !o.ProvisionalFrom.IsZero() && o.ProvisionalFrom.Before(sum.ProvisionalFrom) {
		sum.ProvisionalFrom = o.ProvisionalFrom
	}
	return sum
}

// BearsDoubled tells whether the doubled part runs on the duty: money of a
// regime on which it runs, and no interest itself, unless the judge decided
// otherwise for the duty. Where the regime knows no doubled part, nobody can, nor
// where what a mediation says of its breach is borne instead (民事调解规定 15 para. 2).
// Source: 民事诉讼法 264; 法释〔2014〕8号 1.
func (d Debts) BearsDoubled(ob Obligation, paid Payments, s CourtSettings) bool {
	rule := d.Case.RegimeOf(ob).Rules().Double
	if ob.Kind != ObligationMoney || rule == DoublingNever || ob.BurdenChoice == BurdenBorne {
		return false
	}
	if bears, said := paid.bears(ob.ID); said {
		return bears
	}
	return rule == DoublingRuns && ob.Category.BearsDoubled(s)
}

// DoubledRule is the rule by which instalments that are paid late bear the
// doubled part, or that none of them does.
func (d Debts) DoubledRule(list []Installment, paid Payments, s CourtSettings) string {
	for _, i := range list {
		if d.BearsDoubled(d.Obligation(i.ObligationID), paid, s) {
			return DoubledInterestCitation()
		}
	}
	return "所列义务不计算加倍部分债务利息"
}

// Reckon says what an instalment amounts to on a day: the money of the
// instrument, its ordinary interest, the doubled part, each less what was paid,
// waived or left of it.
// Source: 民法典 561; 民事诉讼法 264; 法释〔2014〕8号 1–4.
func (d Debts) Reckon(i Installment, paid Payments, s CourtSettings, today Date) Reckoning {
	ob := d.Obligation(i.ObligationID)
	out := d.ordinary(ob, i, paid, today)
	out.OwedFen, out.ForgivenFen, out.PrincipalFen = i.AmountFen, i.ForgivenFen, max(0, i.OutstandingFen())
	if s, runs := d.surcharge(ob, i, paid, today); runs {
		out.OwedFen, out.PrincipalFen, out.SurchargePerDay, out.Surcharges = s.owed, max(0, s.owed-i.ConfirmedFen-i.ForgivenFen), s.perDay, []string{s.reason}
	}
	out.DoubledPaid = paid.Doubled[i.ID]
	if !ob.Foreign.Converted() {
		out.Unconverted = 1
	}
	if !d.BearsDoubled(ob, paid, s) {
		out.InterestOver += out.DoubledPaid
		return out
	}
	in := OverdueMoney{
		PrincipalFen: i.AmountFen, DueOn: i.DueOn, Paid: paid.ended(i), FirstDayCounts: s.InterestFirstDayCounts, Excluded: paid.excluded(ob.ID),
	}.Interest(today)
	out.InterestOver += max(0, out.DoubledPaid-in.AmountFen)
	out.DoubledWaived, out.DoubledFen = paid.waived(i, PartDoubled, max(0, in.AmountFen-out.DoubledPaid))
	if i.OutstandingFen() > 0 && today.After(i.DueOn) && !i.DueOn.IsZero() && !paid.waivedWhole(i, PartDoubled) {
		out.PerDayFen = in.PerDayFen
	}
	return out
}

// ordinary is what Reckon says of the ordinary interest alone. Of a duty that is
// performed nothing is owed any more: a rate that was published since does not open
// it again.
func (d Debts) ordinary(ob Obligation, i Installment, paid Payments, today Date) (out Reckoning) {
	for _, p := range paid.Ordinary[i.ID] {
		out.OrdinaryPaid += p.AmountFen
	}
	if !ob.Interest.Runs() {
		out.InterestOver = out.OrdinaryPaid
		return out
	}
	in := ob.Interest.Interest(i.AmountFen, paid.ended(i), paid.Rates, today)
	out.Lines, out.ProvisionalFrom, out.InterestOver = in.Lines, in.ProvisionalFrom, max(0, out.OrdinaryPaid-in.AmountFen)
	out.OrdinaryWaived, out.OrdinaryFen = paid.waived(i, PartOrdinary, max(0, in.AmountFen-out.OrdinaryPaid))
	if i.Done() {
		out.OrdinaryFen = 0
		return out
	}
	if !paid.waivedWhole(i, PartOrdinary) {
		out.OrdinaryPerDay = in.PerDayFen
	}
	return out
}

// CompletedOn is the day on which an instalment of money with running interest
// was performed: its principal and its ordinary interest paid, or forgiven, waived
// or left. It is zero while something is owed. The doubled part is not
// part of the instrument's duty; it is asked for where the duty ends.
func (d Debts) CompletedOn(i Installment, paid Payments) Date {
	if on, runs := d.surchargedUntil(i, paid); runs {
		return on
	}
	switch {
	case i.OutstandingFen() > 0:
		return Date{}
	case i.AmountFen == 0 && len(paid.ended(i)) == 0 && i.Done():
		return i.PerformedOn
	}
	var last Date
	for _, p := range slices.Concat(paid.ended(i), paid.Ordinary[i.ID]) {
		if p.On.After(last) || last.IsZero() {
			last = p.On
		}
	}
	open := i
	open.PerformedOn = Date{}
	// The principal is paid, so that nothing grows but what other spans still say.
	r := d.ordinary(d.Obligation(i.ObligationID), open, paid, last)
	if r.OrdinaryFen > 0 {
		return Date{}
	}
	if r.OrdinaryWaived > 0 {
		for _, e := range paid.Entries {
			if e.concerns(i, PartOrdinary) && e.OnDay.After(last) {
				last = e.OnDay
			}
		}
	}
	return last
}

// ReckonAll adds up instalments.
func (d Debts) ReckonAll(list []Installment, paid Payments, s CourtSettings, today Date) (out Reckoning) {
	for _, i := range list {
		out = out.plus(d.Reckon(i, paid, s, today))
	}
	return out
}

// feeBase is what of open instalments bears the fee for enforcement, in fen.
// Source: 诉讼费用交纳办法 10, 14; nothing for what the court moves itself, or an
// agency applies for (行政强制法 60).
func (d Debts) feeBase(list []Installment) (sum Fen) {
	for _, i := range list {
		if d.Case.RegimeOf(d.Obligation(i.ObligationID)).Rules().Charge == ChargeFee {
			sum += max(0, i.OutstandingFen())
		}
	}
	return sum
}

// feeOf is the fee for enforcing instalments, in fen.
func (d Debts) feeOf(list []Installment) Fen {
	if sum := d.feeBase(list); sum > 0 {
		return EnforcementFee(sum)
	}
	return 0
}
