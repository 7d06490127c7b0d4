package model

import (
	"strings"
	"testing"
)

// surchargedDebts are a fine of ten thousand and a surcharge that the instrument
// grants up to as much, unpaid since 2 March 2026.
func surchargedDebts() (d Debts, paid Payments) {
	d.Case.Kind = CaseAdministrative
	d.Obligations = []Obligation{
		{ID: 1, InstrumentID: 1, Kind: ObligationMoney, Category: CategoryPrincipal, ToCourt: true, AmountFen: Yuan(10_000)},
		{ID: 2, InstrumentID: 1, Kind: ObligationMoney, Category: CategorySurcharge, ToCourt: true, AmountFen: Yuan(10_000)},
	}
	d.Installments = []Installment{
		{ID: 1, ObligationID: 1, AmountFen: Yuan(10_000), DueOn: NewDate(2026, 3, 2)}, {ID: 2, ObligationID: 2, AmountFen: Yuan(10_000), DueOn: NewDate(2026, 3, 2)},
	}
	paid.Principal = map[int64][]PaidPart{}
	paid.Decision = &AdministrativeDecision{FineFen: Yuan(10_000), PayBy: NewDate(2026, 3, 2)}
	return d, paid
}

// pays books money of an instalment's own.
func pays(d *Debts, paid Payments, id int64, fen Fen, on Date) {
	paid.Principal[id] = append(paid.Principal[id], PaidPart{On: on, AmountFen: fen})
	d.Installments[id-1].ConfirmedFen += fen
}

// 行政处罚法 72 (1): what is owed of the added fine follows from what is unpaid of
// the fine on each day; what was paid bears nothing from the next day on, and the fine
// is never exceeded.
func TestPenaltyLaw72FollowsTheLedger(t *testing.T) {
	t.Parallel()
	d, paid := surchargedDebts()
	on := func(day Date) Reckoning { return d.Reckon(d.Installments[1], paid, CourtSettings{}, day) }
	for day, want := range map[Date]Fen{NewDate(2026, 3, 2): 0, NewDate(2026, 3, 3): Yuan(300), NewDate(2026, 3, 12): Yuan(3_000), NewDate(2026, 12, 31): Yuan(10_000)} {
		if got := on(day); got.PrincipalFen != want || got.OwedFen != want {
			t.Errorf("%s: %s, want %s", day, got.PrincipalFen.Yuan(), want.Yuan())
		}
	}
	if r := on(NewDate(2026, 3, 12)); r.SurchargePerDay != Yuan(300) || !strings.Contains(r.Reasons()[0], "10,000.00 元 × 3% × 10 日") {
		t.Errorf("%+v", r)
	}
	pays(&d, paid, 1, Yuan(6_000), NewDate(2026, 3, 12)) // ten days of 300, then of 120
	for day, want := range map[Date]Fen{NewDate(2026, 3, 12): Yuan(3_000), NewDate(2026, 3, 13): Yuan(3_120), NewDate(2026, 3, 22): Yuan(4_200), NewDate(2026, 12, 31): Yuan(10_000)} {
		if got := on(day).PrincipalFen; got != want {
			t.Errorf("%s after a part: %s, want %s", day, got.Yuan(), want.Yuan())
		}
	}
	if l := d.LateFine(*paid.Decision, paid, NewDate(2026, 3, 22)); l.PerDayFen != Yuan(120) || l.CapOn != NewDate(2026, 5, 10) || !strings.Contains(l.Reason, "自缴款次日起不再计算") {
		t.Errorf("%+v", l) // 3,000 and 59 days of 120 are more than the fine
	}
	pays(&d, paid, 1, Yuan(4_000), NewDate(2026, 3, 22))
	if r := on(NewDate(2027, 3, 22)); r.PrincipalFen != Yuan(4_200) || r.SurchargePerDay != 0 {
		t.Errorf("a year after the fine was paid: %+v", r)
	}
	if l := d.LateFine(*paid.Decision, paid, NewDate(2026, 9, 1)); !l.CapOn.IsZero() || l.PerDayFen != 0 {
		t.Errorf("%+v", l)
	}
	// What a payment pays of it, and when it is performed.
	got := d.Spread(Payment{AmountFen: Yuan(5_000), PaidOn: NewDate(2026, 4, 1)}, d.Installments, paid, CourtSettings{})
	if len(got.Shares) != 1 || got.Shares[0] != (Share{2, Yuan(4_200)}) || got.RestFen != Yuan(800) {
		t.Errorf("%+v", got)
	}
	if !d.CompletedOn(d.Installments[1], paid).IsZero() {
		t.Error("performed before it was paid")
	}
	if open := d.OnDay(paid, NewDate(2026, 4, 1))[1]; open.OutstandingFen() != Yuan(4_200) || open.GrantedFen != Yuan(10_000) || d.Installments[1].AmountFen != Yuan(10_000) {
		t.Errorf("%+v", open)
	}
	pays(&d, paid, 2, Yuan(4_200), NewDate(2026, 4, 1))
	if day := d.CompletedOn(d.Installments[1], paid); day != NewDate(2026, 4, 1) {
		t.Error(day)
	}
}

// A fine that is paid in time bears nothing; a review stops it (行政处罚法 73); an
// agreement takes off what accrued (行政强制法 42); the instrument's grant bounds it;
// what no ledger follows stays the figure that was entered.
func TestWhatBoundsASurcharge(t *testing.T) {
	t.Parallel()
	day := NewDate(2026, 3, 22)
	d, paid := surchargedDebts()
	pays(&d, paid, 1, Yuan(10_000), NewDate(2026, 3, 2))
	if r := d.Reckon(d.Installments[1], paid, CourtSettings{}, day); r.PrincipalFen != 0 || d.CompletedOn(d.Installments[1], paid) != NewDate(2026, 3, 2) {
		t.Errorf("in time: %+v", r)
	}
	for name, c := range map[string]struct {
		f    func(d *Debts, paid *Payments)
		want Fen
	}{
		"twenty days": {func(*Debts, *Payments) {}, Yuan(6_000)},
		"a review": {func(_ *Debts, p *Payments) {
			p.Decision.ReviewFrom, p.Decision.ReviewUntil = NewDate(2026, 3, 13), NewDate(2026, 3, 17)
		}, Yuan(4_500)},
		"a pending review": {func(_ *Debts, p *Payments) { p.Decision.ReviewFrom = NewDate(2026, 3, 13) }, Yuan(3_000)},
		"an agreement": {func(d *Debts, _ *Payments) {
			d.Installments[1].ReducedFen, d.Installments[1].AmountFen = Yuan(2_000), Yuan(8_000)
		}, Yuan(4_000)},
		"a smaller grant": {func(d *Debts, _ *Payments) { d.Installments[1].AmountFen = Yuan(5_000) }, Yuan(5_000)},
		"no decision":     {func(_ *Debts, p *Payments) { p.Decision = nil }, Yuan(10_000)},
		"no last day":     {func(_ *Debts, p *Payments) { p.Decision.PayBy = Date{} }, Yuan(10_000)},
		"instalments of it": {func(d *Debts, _ *Payments) {
			d.Installments = append(d.Installments, Installment{ID: 3, ObligationID: 2, AmountFen: 1})
		}, Yuan(10_000)},
		"more than accrued": {func(d *Debts, _ *Payments) {
			d.Installments[1].ReducedFen, d.Installments[1].AmountFen = Yuan(9_000), Yuan(1_000)
		}, 0},
	} {
		d, paid := surchargedDebts()
		c.f(&d, &paid)
		if got := d.Reckon(d.Installments[1], paid, CourtSettings{}, day).PrincipalFen; got != c.want {
			t.Errorf("%s: %s, want %s", name, got.Yuan(), c.want.Yuan())
		}
	}
}
