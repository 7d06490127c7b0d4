package servicetest_test

import (
	"context"
	"strings"
	"testing"

	"microcourt/model"
	"microcourt/service/filing"
	"microcourt/service/servicetest"
)

// A loan among joint debtors, of whom one pays: with interest by the published
// prime rate until paid, paid late. Every paper and screen says the same sum; the
// payer's interest comes before his principal; what is left of the late interest
// is waived; then the one has his certificate, and the other one that says who
// paid for him (民法典 518–520, 561; 法释〔2014〕8号).
func TestJointDebtorsOfWhomOnePaysALoanWithInterest(t *testing.T) {
	t.Parallel()
	w, ctx := servicetest.New(t), context.Background()
	judge, clerk := w.Staff("zhang.min", model.RoleJudge), w.Staff("wan.tt", model.RoleClerk)
	lender, payer, other := w.Citizen(), w.Citizen(), w.Citizen()
	terms, err := model.ParseInterest("2025-03-01起 一年期LPR×4")
	if err != nil {
		t.Fatal(err)
	}
	f := w.File(clerk, func(in *filing.CaseInput) {
		in.Cause = "民间借贷纠纷"
		in.Parties = append(in.Parties, filing.PartyInput{Ref: "D2", Role: "defendant", Kind: "person", Name: "赵明远", IDNumber: "34052419800101001X", Phone: "13900139000"})
		ob := &in.Instruments[0].Obligations[0]
		ob.Obligors, ob.AmountFen, ob.Installments, ob.DueOn = []string{"D1", "D2"}, model.Yuan(365_000), nil, model.NewDate(2026, 2, 20)
		ob.Interest = filing.InterestOf(terms)
	})
	second := w.PartyNamed(clerk, f.ID, "赵明远")
	w.Bind(lender, clerk, f.ID, f.Creditor)
	w.Bind(payer, clerk, f.ID, f.Debtor)
	w.Bind(other, clerk, f.ID, second)
	w.Until(servicetest.At(3, 2, 12))
	// 2025-03-01 to 2025-05-19 at 12.4 %: 80 days of 124 yuan; to 2026-03-02 at 12 %: 287 days of 120 yuan.
	const ordinary, doubled = 80*12_400 + 287*12_000, 63_875 // 365,000 × 0.0175 % × 10 = 638.75
	for name, p := range map[string]servicetest.Person{"the lender": lender, "the payer": payer, "the other": other, "the judge": judge} {
		l, err := w.Svc.Performance.Ledger(ctx, p.Actor, f.ID)
		if err != nil {
			t.Fatal(name, err)
		}
		if sum := l.Sum(); sum.OrdinaryFen != ordinary || sum.DoubledFen != doubled || len(sum.Lines) != 2 || !sum.ProvisionalFrom.IsZero() {
			t.Errorf("%s reads %s and %s: %v", name, sum.OrdinaryFen.Yuan(), sum.DoubledFen.Yuan(), sum.Reasons())
		}
	}
	pay := func(fen model.Fen, seed int) {
		claim := servicetest.Claim(f, fen, w.Uploaded(payer, f.ID, seed))
		claim.PaidOn = model.NewDate(2026, 3, 2)
		r, err := w.Svc.Performance.Submit(ctx, payer.Actor, claim)
		if err != nil {
			t.Fatal(err)
		}
		w.Confirm(judge, r, fen)
	}
	performance := func() model.Performance {
		d, err := w.Svc.Filing.Case(ctx, judge.Actor, f.ID, false)
		if err != nil {
			t.Fatal(err)
		}
		return d.Case.Performance
	}
	pay(model.Yuan(365_000), 2501)
	if performance() != model.PerformancePartial {
		t.Error("the principal's sum is not all that is owed")
	}
	pay(ordinary, 2502)
	if performance() != model.PerformancePartial {
		t.Error("the doubled part is owed still")
	}
	_, _, err = w.Svc.Certificate.Issue(ctx, judge.Actor, f.ID, f.Instrument, f.Debtor)
	w.Refused(err, "certificate.not_eligible")
	pay(doubled, 2503)
	if performance() != model.PerformanceFulfilled {
		t.Error("everything is paid")
	}
	for party, want := range map[int64]model.PerformedBy{f.Debtor: model.PerformedOwn, second: model.PerformedByOthers} {
		cert, _, err := w.Svc.Certificate.Issue(ctx, judge.Actor, f.ID, f.Instrument, party)
		if err != nil {
			t.Fatal(err)
		}
		_, facts, err := w.Svc.Certificate.Certificate(ctx, judge.Actor, cert.ID)
		if err != nil || cert.PerformedBy != want || facts.TotalFen != model.Yuan(365_000)+ordinary {
			t.Errorf("%v: %s, %s", err, cert.PerformedBy, facts.TotalFen.Yuan())
		}
		var sum model.Fen
		said := ""
		for _, it := range facts.Performed {
			sum, said = sum+it.AmountFen, said+it.What
		}
		if sum != facts.TotalFen || !strings.Contains(said, "其中一般债务利息") {
			t.Errorf("the paper lists %s: %s", sum.Yuan(), said)
		}
	}
}
