package model

import (
	"cmp"
	"slices"
)

// surcharged is what is owed in all of the fine added to an unpaid one (加处罚款),
// also what is paid of it, on a day.
type surcharged struct {
	owed, perDay Fen
	reason       string
}

// fineParts are what was paid of the fine of an instrument, and whether it is paid
// in full, with the day.
func (d Debts) fineParts(instrumentID int64, paid Payments) (parts []PaidPart, done bool, on Date) {
	done = true
	for _, i := range d.Installments {
		ob := d.Obligation(i.ObligationID)
		if ob.InstrumentID != instrumentID || ob.Category != CategoryPrincipal || ob.Kind != ObligationMoney {
			continue
		}
		parts = append(parts, paid.Principal[i.ID]...)
		done = done && i.OutstandingFen() <= 0
	}
	for _, p := range parts {
		if p.On.After(on) || on.IsZero() {
			on = p.On
		}
	}
	return parts, done && len(parts) > 0, on
}

// surcharge says what is owed of a fine added to an unpaid one on a day: what has
// accrued by the decision and the ledger, less what an agreement took off, and never
// more than the instrument grants. runs is false where it is a figure that does not
// follow from the ledger: no decision with a fine and a last day to pay it was
// entered, or the duty has instalments of its own.
// Source: 行政处罚法 72, 73; 行政强制法 42, 45.
func (d Debts) surcharge(ob Obligation, i Installment, paid Payments, today Date) (s surcharged, runs bool) {
	if ob.Category != CategorySurcharge || ob.Kind != ObligationMoney || paid.Decision == nil || paid.Decision.FineFen <= 0 || paid.Decision.PayBy.IsZero() || len(d.InstallmentsOf(ob.ID)) > 1 {
		return s, false
	}
	parts, _, _ := d.fineParts(ob.InstrumentID, paid)
	l := paid.Decision.LateFineAfter(today, parts)
	s.owed, s.perDay, s.reason = max(0, l.AmountFen-i.ReducedFen), l.PerDayFen, "加处罚款："+l.Reason
	if i.ReducedFen > 0 {
		s.reason += "；执行协议减免 " + i.ReducedFen.Yuan() + " 元"
	}
	if granted := cmp.Or(i.GrantedFen, i.AmountFen); s.owed >= granted {
		s.owed, s.perDay = granted, 0
		if l.AmountFen-i.ReducedFen > granted {
			s.reason += "；以法律文书确定的 " + granted.Yuan() + " 元为限"
		}
	}
	return s, true
}

// surchargedUntil is the day on which a fine added to an unpaid one was paid off:
// it grows no more, and all of it is paid. It is zero while something is owed or may
// still accrue.
func (d Debts) surchargedUntil(i Installment, paid Payments) (on Date, runs bool) {
	ob := d.Obligation(i.ObligationID)
	_, fined, last := d.fineParts(ob.InstrumentID, paid)
	for _, p := range paid.Principal[i.ID] {
		if p.On.After(last) || last.IsZero() {
			last = p.On
		}
	}
	if last.IsZero() { // nothing is paid of anything
		last = DateOf(ob.CreatedAt)
	}
	s, runs := d.surcharge(ob, i, paid, last)
	switch {
	case !runs:
		return Date{}, false
	case cmp.Or(i.GrantedFen, i.AmountFen) == 0 && i.Done(): // an agreement took off all of it
		return i.PerformedOn, true
	case i.ConfirmedFen < s.owed, !fined && s.owed < cmp.Or(i.GrantedFen, i.AmountFen):
		return Date{}, true
	}
	return last, true
}

// HasSurcharge tells whether the debts hold a fine added to an unpaid one.
func (d Debts) HasSurcharge() bool {
	return slices.ContainsFunc(d.Obligations, func(o Obligation) bool { return o.Category == CategorySurcharge })
}

// OnDay are the instalments as they are on a day: of a fine added to an unpaid one
// what is owed of it in all by then, so that it is the same figure wherever what is
// open is added up. Nothing of it is written.
func (d Debts) OnDay(paid Payments, day Date) []Installment {
	out := slices.Clone(d.Installments)
	for n, i := range out {
		if s, runs := d.surcharge(d.Obligation(i.ObligationID), i, paid, day); runs {
			out[n].GrantedFen, out[n].AmountFen = cmp.Or(i.GrantedFen, i.AmountFen), s.owed
		}
	}
	return out
}

// LateFine is the fine added to a decision's fine by what the ledger says was paid
// of it: of all instruments of the case, which has one decision.
func (d Debts) LateFine(dec AdministrativeDecision, paid Payments, until Date) LateFine {
	var parts []PaidPart
	for _, i := range d.Installments {
		if ob := d.Obligation(i.ObligationID); ob.Category == CategoryPrincipal && ob.Kind == ObligationMoney {
			parts = append(parts, paid.Principal[i.ID]...)
		}
	}
	return dec.LateFineAfter(until, parts)
}
