package model

import (
	"math/rand/v2"
	"slices"
	"testing"
)

// spreadBy is what each instalment gets of common money.
func spreadBy(d Debts, all []Installment, p Payment) map[int64]Fen {
	got := map[int64]Fen{}
	s := d.Spread(p, all, Payments{}, CourtSettings{})
	for _, share := range slices.Concat(s.Shares, s.Ordinary, s.Doubled) {
		got[share.InstallmentID] += share.AmountFen
	}
	return got
}

// A hundred parents who are owed the same get the same of 90,000 yuan in the court's
// account, whatever the last fen; none is paid in full while another gets nothing.
func TestAHundredEqualCreditorsShareAlike(t *testing.T) {
	t.Parallel()
	for name, change := range map[string]func(d *Debts, all []Installment, n int){
		"alike": func(*Debts, []Installment, int) {},
		"one has costs, another running interest": func(d *Debts, all []Installment, n int) {
			switch n {
			case 7:
				d.Obligations[n].Category = CategoryCreditorCosts
			case 8:
				d.Obligations[n].Category = CategoryOrdinary
			}
		},
		"two instruments": func(d *Debts, all []Installment, n int) { d.Obligations[n].InstrumentID = int64(1 + n%2) },
		"an agreement stands in front of different days": func(d *Debts, all []Installment, n int) {
			all[n].PlanID, all[n].PlanDueOn, all[n].PlanDueFen = 5, NewDate(2026, 3, 1), all[n].AmountFen
			all[n].DueOn = NewDate(2026, 1, 1).AddDays(n % 28)
		},
	} {
		owed := make([]Fen, 100)
		for n := range owed {
			owed[n] = Yuan(1_820)
		}
		d, all := manyDebts(owed...)
		for n := range all {
			change(&d, all, n)
		}
		got := spreadBy(d, all, Payment{AmountFen: Yuan(90_000), PaidOn: NewDate(2026, 3, 1)})
		for _, i := range all {
			if got[i.ID] != Yuan(900) {
				t.Errorf("%s: creditor %d gets %s", name, i.ID, got[i.ID].Yuan())
			}
		}
	}
}

// The same for the doubled part, which is paid last: who is owed the same of it gets
// the same of it.
func TestTheDoubledPartIsSharedToo(t *testing.T) {
	t.Parallel()
	d, all := manyDebts(Yuan(1_000_000), Yuan(1_000_000))
	on := NewDate(2026, 3, 11)
	got := d.Spread(Payment{AmountFen: Yuan(2_001_000), PaidOn: on}, all, Payments{}, CourtSettings{})
	if !slices.Equal(got.Doubled, []Share{{1, Yuan(500)}, {2, Yuan(500)}}) {
		t.Errorf("%+v", got.Doubled)
	}
}

// Of one debtor's instalments to several creditors who are due on different days, the
// earlier day comes first unless the judge says that what is due is shared alike; what
// is not due waits in both ways.
func TestTheWaysOfSharing(t *testing.T) {
	t.Parallel()
	d, all := manyDebts(Yuan(100), Yuan(300), Yuan(100))
	all[0].DueOn, all[1].DueOn, all[2].DueOn = NewDate(2026, 3, 1), NewDate(2026, 4, 1), NewDate(2026, 6, 1)
	p := Payment{AmountFen: Yuan(200), PaidOn: NewDate(2026, 5, 1)}
	for way, want := range map[Spreading]map[int64]Fen{
		"": {1: Yuan(100), 2: Yuan(100)}, SpreadDue: {1: Yuan(100), 2: Yuan(100)}, SpreadProportion: {1: Yuan(50), 2: Yuan(150)},
	} {
		p.By = way
		got := spreadBy(d, all, p)
		for _, i := range all {
			if got[i.ID] != want[i.ID] {
				t.Errorf("%q: instalment %d gets %s", way, i.ID, got[i.ID].Yuan())
			}
		}
	}
	p.AmountFen, p.By = Yuan(450), SpreadProportion
	if got := spreadBy(d, all, p); got[1] != Yuan(100) || got[2] != Yuan(300) || got[3] != Yuan(50) {
		t.Errorf("what is not due waits: %v", got)
	}
	// Nobody is asked for a reason while the creditors get what they usually get.
	usual := d.ByCreditor(d.Spread(Payment{AmountFen: Yuan(200), PaidOn: p.PaidOn}, all, Payments{}, CourtSettings{}), p, all, Payments{}, CourtSettings{})
	if _, err := CheckSpreading(SpreadChosen, usual, usual, ""); err != nil {
		t.Error(err)
	}
	p.AmountFen = Yuan(200)
	other := d.ByCreditor(d.Spread(p, all, Payments{}, CourtSettings{}), p, all, Payments{}, CourtSettings{})
	for reason, want := range map[string]string{"": "allocation.reason", "各权利人同意": ""} {
		_, err := CheckSpreading(SpreadProportion, other, usual, reason)
		reasonIs(t, reason, err, want)
	}
	for s, byHand := range map[Spreading]bool{"often": false, SpreadProportion: true, SpreadChosen: false} {
		if s.Check(byHand) == nil {
			t.Errorf("%s is taken", s)
		}
	}
}

// Whatever is owed to whomever, by whichever day: nothing is lost or made up, nobody
// gets more than he is owed, and the order in which the record lists the debts is
// nothing to anybody.
func TestSharingHoldsForAnyDebts(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(15, 2))
	for range 400 {
		owed := make([]Fen, 1+r.IntN(40))
		var sum Fen
		for n := range owed {
			owed[n] = Fen(1 + r.Int64N(1_000_000))
			sum += owed[n]
		}
		d, all := manyDebts(owed...)
		for n := range all {
			d.Obligations[n].ObligeeID = 11 + r.Int64N(8)
			d.Obligations[n].Category = []Category{CategoryNone, CategoryDebt, CategoryCreditorCosts, CategoryOrdinary}[r.IntN(4)]
			all[n].DueOn = NewDate(2027, 1, 1).AddDays(r.IntN(4)) // nothing is late: there is no interest
			d.Installments = all
		}
		p := Payment{AmountFen: Fen(r.Int64N(int64(sum) + 1000)), PaidOn: NewDate(2026, 12, 31), By: []Spreading{SpreadDue, SpreadProportion}[r.IntN(2)]}
		got := spreadBy(d, all, p)
		rest := d.Spread(p, all, Payments{}, CourtSettings{}).RestFen
		total := rest
		for n, i := range all {
			if got[i.ID] < 0 || got[i.ID] > owed[n] {
				t.Fatalf("%s of %s", got[i.ID].Yuan(), owed[n].Yuan())
			}
			total += got[i.ID]
		}
		if total != p.AmountFen || rest != max(0, p.AmountFen-sum) {
			t.Fatalf("%s became %s, %s of it left over", p.AmountFen.Yuan(), total.Yuan(), rest.Yuan())
		}
		mixed := slices.Clone(all)
		r.Shuffle(len(mixed), func(a, b int) { mixed[a], mixed[b] = mixed[b], mixed[a] })
		again := spreadBy(d, mixed, p)
		for _, i := range all {
			if again[i.ID] != got[i.ID] {
				t.Fatalf("another order of the record gives instalment %d %s and not %s", i.ID, again[i.ID].Yuan(), got[i.ID].Yuan())
			}
		}
	}
}

// A payment for several cases is shared to the fen by what is due, then by what is
// owed, never above it; the payer's own parts are proved.
func TestACasesPartOfAPayment(t *testing.T) {
	t.Parallel()
	list := func() []GroupShare {
		return []GroupShare{{CaseID: 1, DueFen: 100, OpenFen: 300}, {CaseID: 2, DueFen: 200, OpenFen: 200}, {CaseID: 3, OpenFen: 100}}
	}
	for amount, want := range map[Fen][]Fen{100: {33, 67, 0}, 300: {100, 200, 0}, 450: {200, 200, 50}, 700: {300, 200, 100}} {
		got := list()
		rest := ShareCases(amount, got)
		for n := range got {
			if got[n].AmountFen != want[n] {
				t.Errorf("%d: case %d gets %d", amount, got[n].CaseID, got[n].AmountFen)
			}
		}
		if rest != max(0, amount-600) {
			t.Errorf("%d: %d are left", amount, rest)
		}
	}
	for name, c := range map[string]struct {
		said []GroupShare
		want string
	}{
		"right":           {[]GroupShare{{CaseID: 1, AmountFen: 60}, {CaseID: 3, AmountFen: 40}}, ""},
		"more than owed":  {[]GroupShare{{CaseID: 3, AmountFen: 101}}, "amount.over_debt"},
		"another case":    {[]GroupShare{{CaseID: 9, AmountFen: 100}}, "group.case"},
		"twice":           {[]GroupShare{{CaseID: 1, AmountFen: 50}, {CaseID: 1, AmountFen: 50}}, "group.case"},
		"not all of it":   {[]GroupShare{{CaseID: 1, AmountFen: 99}}, "group.sum"},
		"nothing of it":   {[]GroupShare{{CaseID: 1, AmountFen: 100}, {CaseID: 3}}, "amount.positive"},
		"more than there": {[]GroupShare{{CaseID: 1, AmountFen: 100}, {CaseID: 3, AmountFen: 1}}, "group.sum"},
	} {
		reasonIs(t, name, CheckGroupParts(100, c.said, list()), c.want)
	}
	g := GroupPayment{AmountFen: 100}
	parts := []Receipt{{ID: 1, State: ReceiptConfirmed, ClaimedFen: 60, ConfirmedFen: 50}, {ID: 2, State: ReceiptSubmitted, ClaimedFen: 40}, {ID: 3, State: ReceiptReturned, ClaimedFen: 40}}
	if err := g.CheckPart(parts, 2, 50); err != nil {
		t.Error(err)
	}
	reasonIs(t, "more than the others leave", g.CheckPart(parts, 2, 51), "group.over_paid")
	if !SamePerson(Party{NameNorm: "a", IDNumberHash: "x"}, Party{NameNorm: "b", IDNumberHash: "x"}) || SamePerson(Party{NameNorm: "a", IDNumberHash: "x"}, Party{NameNorm: "a", IDNumberHash: "y"}) {
		t.Error("who is who follows from his papers")
	}
	for name, c := range map[string]struct {
		a, b Party
		want bool
	}{
		"people of one name":       {Party{Kind: Person, NameNorm: "a"}, Party{Kind: Person, NameNorm: "a"}, false},
		"one of them has a number": {Party{Kind: Person, NameNorm: "a", IDNumberHash: "x"}, Party{Kind: Person, NameNorm: "a"}, false},
		"and one phone":            {Party{Kind: Person, NameNorm: "a", PhoneHash: "p"}, Party{Kind: Person, NameNorm: "a", PhoneHash: "p"}, true},
		"and another name":         {Party{Kind: Person, NameNorm: "a", PhoneHash: "p"}, Party{Kind: Person, NameNorm: "b", PhoneHash: "p"}, false},
		"a registered name":        {Party{Kind: Organisation, NameNorm: "a"}, Party{Kind: Organisation, NameNorm: "a", IDNumberHash: "x"}, true},
		"a person and a company":   {Party{Kind: Organisation, NameNorm: "a"}, Party{Kind: Person, NameNorm: "a"}, false},
	} {
		if got := SamePerson(c.a, c.b); got != c.want {
			t.Errorf("%s: %v", name, got)
		}
	}
}
