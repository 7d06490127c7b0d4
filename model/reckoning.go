package model

// Payments are what was paid of a case's debts, and when.
type Payments struct {
	Principal map[int64][]PaidPart // by instalment
	Doubled   map[int64]Fen        // 加倍部分债务利息 that was paid, by instalment
}

// Reckoning is what an instalment, or several, amounts to on a day: the one
// computation behind every screen and paper.
type Reckoning struct {
	OwedFen      Fen // of the instrument, after reductions
	PrincipalFen Fen // of it still open
	DoubledFen   Fen // 加倍部分债务利息 to date that is still owed, of what was paid late as well
	DoubledPaid  Fen // of it paid already
	PerDayFen    Fen // by which that grows
}

// plus adds another instalment's.
func (r Reckoning) plus(o Reckoning) Reckoning {
	return Reckoning{
		OwedFen: r.OwedFen + o.OwedFen, PrincipalFen: r.PrincipalFen + o.PrincipalFen, DoubledFen: r.DoubledFen + o.DoubledFen, DoubledPaid: r.DoubledPaid + o.DoubledPaid, PerDayFen: r.PerDayFen + o.PerDayFen,
	}
}

// bearsDoubled tells whether the doubled part runs on the duty: money of a
// regime on which it runs, and no interest itself, unless what a mediation says of
// its breach is borne instead (民事调解规定 15 para. 2).
// Source: 民事诉讼法 264; 法释〔2014〕8号 1.
func (d Debts) bearsDoubled(ob Obligation, s CourtSettings) bool {
	return ob.Kind == ObligationMoney && d.Case.RegimeOf(ob).Rules().Double == DoublingRuns && ob.Category.BearsDoubled(s) && ob.BurdenChoice != BurdenBorne
}

// DoubledRule is the rule by which instalments that are paid late bear the
// doubled part, or that none of them does.
func (d Debts) DoubledRule(list []Installment, s CourtSettings) string {
	for _, i := range list {
		if d.bearsDoubled(d.Obligation(i.ObligationID), s) {
			return DoubledInterestCitation()
		}
	}
	return "所列义务不计算加倍部分债务利息"
}

// Reckon says what an instalment amounts to on a day.
func (d Debts) Reckon(i Installment, paid Payments, s CourtSettings, today Date) Reckoning {
	ob := d.Obligation(i.ObligationID)
	out := Reckoning{OwedFen: i.AmountFen, PrincipalFen: max(0, i.OutstandingFen())}
	out.DoubledPaid = paid.Doubled[i.ID]
	if !d.bearsDoubled(ob, s) {
		return out
	}
	in := OverdueMoney{PrincipalFen: i.AmountFen, DueOn: i.DueOn, Paid: paid.Principal[i.ID], FirstDayCounts: s.InterestFirstDayCounts}.Interest(today)
	out.DoubledFen = max(0, in.AmountFen-out.DoubledPaid)
	if !i.Done() && today.After(i.DueOn) && !i.DueOn.IsZero() {
		out.PerDayFen = in.PerDayFen
	}
	return out
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
