package model

import (
	"slices"
	"testing"
)

// manyDebts are one debtor's instalments under one instrument: ids 1 and 2 to
// party 11 and 12, due on one day.
func manyDebts(owed ...Fen) (d Debts, all []Installment) {
	d.Case.Kind = CaseCivil
	for n, fen := range owed {
		id := int64(n + 1)
		d.Obligations = append(d.Obligations, Obligation{ID: id, Kind: ObligationMoney, ObligeeID: 10 + id, AmountFen: fen})
		all = append(all, Installment{ID: id, ObligationID: id, AmountFen: fen, DueOn: NewDate(2026, 3, 1)})
	}
	d.Parties = []Party{{ID: 11, Name: "王某"}, {ID: 12, Name: "赵某"}}
	return d, all
}

// 法释〔2014〕8号 2: without a term the money is due from the day of effect, and
// bears interest from then.
func TestFashi2014No8Article2(t *testing.T) {
	t.Parallel()
	effect := NewDate(2026, 3, 2)
	due, why := DueWithoutTerm(effect)
	if due != effect || why == "" {
		t.Errorf("due on %s (%s)", due, why)
	}
	if due, _ := DueWithoutTerm(Date{}); !due.IsZero() {
		t.Errorf("due on %s before any effect", due)
	}
	d, all := manyDebts(Yuan(1_000_000))
	all[0].DueOn = due
	if got := d.Reckon(all[0], Payments{}, CourtSettings{}, effect.AddDays(10)).DoubledFen; got != Yuan(1_750) { // 1,000,000 × 0.0175 % × 10
		t.Errorf("%s after ten days", got.Yuan())
	}
}

// 法释〔2014〕8号 4: the money of the instrument first, then the doubled part; what
// was paid of that is owed no more, and it stays visible after the principal.
func TestFashi2014No8Article4(t *testing.T) {
	t.Parallel()
	d, all := manyDebts(Yuan(1_000_000))
	on := NewDate(2026, 3, 11) // ten days late: 1,750 yuan
	got := d.Spread(Payment{AmountFen: Yuan(1_001_000), PaidOn: on}, all, Payments{}, CourtSettings{})
	if !slices.Equal(got.Shares, []Share{{1, Yuan(1_000_000)}}) || !slices.Equal(got.Doubled, []Share{{1, Yuan(1_000)}}) || got.RestFen != 0 {
		t.Errorf("%+v", got)
	}
	paid := PaymentsOf([]Confirmation{{ID: 1, PaidOn: on}}, []Allocation{
		{ConfirmationID: 1, InstallmentID: 1, AmountFen: Yuan(1_000_000)}, {ConfirmationID: 1, InstallmentID: 1, Part: PartDoubled, AmountFen: Yuan(1_000)},
	})
	all[0].ConfirmedFen, all[0].PerformedOn = Yuan(1_000_000), on
	r := d.Reckon(all[0], paid, CourtSettings{}, on.AddDays(100))
	if r.DoubledFen != Yuan(750) || r.DoubledPaid != Yuan(1_000) || r.PerDayFen != 0 {
		t.Errorf("a hundred days after the principal: %+v", r)
	}
	got = d.Spread(Payment{AmountFen: Yuan(800), PaidOn: on.AddDays(100)}, all, paid, CourtSettings{})
	if !slices.Equal(got.Doubled, []Share{{1, Yuan(750)}}) || got.RestFen != Yuan(50) {
		t.Errorf("the rest of the interest: %+v", got)
	}
	if rest, err := CheckShares(Yuan(10), []Installment{{ID: 1, AmountFen: Yuan(8)}}, Yuan(2), []Share{{1, Yuan(8)}}); rest != Yuan(2) || err != nil {
		t.Errorf("what the judge leaves is interest: %s %v", rest.Yuan(), err)
	}
	_, err := CheckShares(Yuan(11), []Installment{{ID: 1, AmountFen: Yuan(8)}}, Yuan(2), []Share{{1, Yuan(8)}})
	reasonIs(t, "more than the interest", err, "amount.sum")
}

// 法释〔2014〕8号 1 para. 3: everything of the instrument bears the doubled part
// except ordinary interest; court costs by the court's setting.
func TestFashi2014No8Article1(t *testing.T) {
	t.Parallel()
	for c, want := range map[Category]Fen{
		CategoryNone: 1750, CategoryDebt: 1750, CategoryAgreedPenalty: 1750, CategoryDamages: 1750, CategoryCreditorCosts: 1750, CategoryOrdinary: 0, CategoryCourtCosts: 0,
	} {
		d, all := manyDebts(Yuan(10_000))
		d.Obligations[0].Category = c
		if got := d.Reckon(all[0], Payments{}, CourtSettings{}, NewDate(2026, 3, 11)).DoubledFen; got != want {
			t.Errorf("%s bears %s", c.Chinese(), got.Yuan())
		}
		if c == CategoryCourtCosts {
			if got := d.Reckon(all[0], Payments{}, CourtSettings{CourtCostsBearDoubled: true}, NewDate(2026, 3, 11)).DoubledFen; got != 1750 {
				t.Errorf("court costs bear %s where the court says so", got.Yuan())
			}
		}
	}
}

// 民法典 560: the payer's choice first, then the oldest due, equals in proportion
// to the fen, the largest remainders first.
func TestMinfadianArticle560(t *testing.T) {
	t.Parallel()
	on := NewDate(2026, 3, 1)
	d, all := manyDebts(100, 100, 100)
	if got := d.Spread(Payment{AmountFen: 200, PaidOn: on}, all, Payments{}, CourtSettings{}).Shares; !slices.Equal(got, []Share{{1, 67}, {2, 67}, {3, 66}}) {
		t.Errorf("in proportion: %v", got)
	}
	all[2].DueOn = NewDate(2026, 2, 1)
	if got := d.Spread(Payment{AmountFen: 150, PaidOn: on}, all, Payments{}, CourtSettings{}).Shares; !slices.Equal(got, []Share{{3, 100}, {1, 25}, {2, 25}}) {
		t.Errorf("the oldest due: %v", got)
	}
	if got := d.Spread(Payment{AmountFen: 150, PaidOn: on, Targets: []int64{2}}, all, Payments{}, CourtSettings{}).Shares; !slices.Equal(got, []Share{{2, 100}, {3, 50}}) {
		t.Errorf("the payer's choice: %v", got)
	}
	big := []Fen{MaxFen, MaxFen, 1}
	var sum Fen
	for n, part := range proportion(MaxFen, big) {
		if sum += part; part > big[n] {
			t.Errorf("more than is open: %s of %s", part, big[n])
		}
	}
	if sum != MaxFen {
		t.Errorf("%s were spread", sum)
	}
}

// 民法典 561: of one debt costs, then ordinary interest, then the main debt.
func TestMinfadianArticle561(t *testing.T) {
	t.Parallel()
	d, all := manyDebts(100, 100, 100)
	for n, c := range []Category{CategoryDebt, CategoryOrdinary, CategoryCreditorCosts} {
		d.Obligations[n].Category, d.Obligations[n].ObligeeID = c, 11
	}
	if got := d.Spread(Payment{AmountFen: 250, PaidOn: NewDate(2026, 3, 1)}, all, Payments{}, CourtSettings{}).Shares; !slices.Equal(got, []Share{{3, 100}, {2, 100}, {1, 50}}) {
		t.Errorf("%v", got)
	}
}

// What a creditor received is his: it pays no other, unless the judge says why.
func TestMoneyFollowsItsPayee(t *testing.T) {
	t.Parallel()
	d, all := manyDebts(100, 100)
	p := Payment{AmountFen: 150, PaidOn: NewDate(2026, 3, 1), PayeeID: 12}
	if got := d.Spread(p, all, Payments{}, CourtSettings{}); !slices.Equal(got.Shares, []Share{{2, 100}}) || got.RestFen != 50 {
		t.Errorf("%+v", got)
	}
	for reason, want := range map[string]string{"": "allocation.payee", "受托代收": ""} {
		deviates, err := p.CheckPayee(d, all, []Share{{2, 100}, {1, 50}}, reason)
		if !deviates {
			t.Error("it pays the other unnoticed")
		}
		reasonIs(t, reason, err, want)
	}
	if deviates, err := p.CheckPayee(d, all, []Share{{2, 100}}, ""); deviates || err != nil {
		t.Error(err)
	}
}
