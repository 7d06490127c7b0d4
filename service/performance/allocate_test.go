package performance_test

import (
	"context"
	"fmt"
	"testing"

	"microcourt/model"
	"microcourt/service/filing"
	"microcourt/service/performance"
	"microcourt/service/servicetest"
)

// nursery makes the case one of a hundred parents who are owed the same.
func nursery(parents int, each model.Fen) func(*filing.CaseInput) {
	return func(in *filing.CaseInput) {
		in.Parties, in.Instruments[0].Obligations = in.Parties[1:], nil
		for n := range parents {
			ref := fmt.Sprintf("C%d", n+1)
			in.Parties = append(in.Parties, filing.PartyInput{Ref: ref, Role: "plaintiff", Kind: "person", Name: fmt.Sprintf("家长%d", n+1)})
			in.Instruments[0].Obligations = append(in.Instruments[0].Obligations, filing.ObligationInput{
				Ref: fmt.Sprintf("O%d", n+1), Kind: "money", Obligors: []string{"D1"}, Obligee: ref, AmountFen: each,
				Installments: []filing.InstallmentInput{{AmountFen: each, DueOn: model.NewDate(2026, 3, 31)}},
			})
		}
	}
}

// courtMoney hands in what was paid into the court's account.
func (p *people) courtMoney(amount model.Fen, seed int) *model.Receipt {
	p.T.Helper()
	claim := servicetest.Claim(p.f, amount, p.Uploaded(p.debtor, p.f.ID, seed))
	claim.ProofKind, claim.PayeeName = model.ProofCourtAccount, "法院案款账户"
	r, err := p.Svc.Performance.Submit(context.Background(), p.debtor.Actor, claim)
	if err != nil {
		p.T.Fatal(err)
	}
	return r
}

// What the page shows before the judge confirms is what is booked when he does: of
// 90,000 yuan for a hundred parents each gets 900. Where he leaves what is usual he
// sees both, says why, and the entry keeps it.
func TestTheAllocationIsShownBeforeItIsBooked(t *testing.T) {
	t.Parallel()
	p := newPeople(t, nursery(100, model.Yuan(1_820)))
	ctx, svc := context.Background(), p.Svc.Performance
	r := p.courtMoney(model.Yuan(90_000), 1)
	dec := performance.Decision{ReceiptID: r.ID, Version: r.Version, AmountFen: model.Yuan(90_000), IdemKey: servicetest.FreshKey()}
	shown, err := svc.Preview(ctx, p.judge.Actor, dec)
	if err != nil || shown.Problem != nil || len(shown.Asks) != 0 || !shown.Common || len(shown.Creditors) != 100 || len(shown.Choices) != 2 {
		t.Fatalf("%+v %v", shown, err)
	}
	if n := len(p.ledger(p.judge).Entries); n != 0 {
		t.Errorf("looking at it booked %d entries", n)
	}
	first := shown.Lines[0].ID
	dec.Allocations = []model.Share{{InstallmentID: first, AmountFen: model.Yuan(1_820)}}
	dec.AmountFen = model.Yuan(1_820)
	if byHand, err := svc.Preview(ctx, p.judge.Actor, dec); err != nil || len(byHand.Asks) != 1 || model.ReasonOf(byHand.Asks[0]) != "allocation.reason" || len(byHand.Choices) != 3 {
		t.Errorf("%+v %v", byHand, err)
	}
	_, err = svc.Confirm(ctx, p.judge.Actor, dec)
	p.Refused(err, "allocation.reason")
	dec.Allocations, dec.AmountFen = nil, model.Yuan(90_000)
	if _, err := svc.Confirm(ctx, p.judge.Actor, dec); err != nil {
		t.Fatal(err)
	}
	l := p.ledger(p.judge)
	for n, a := range l.Allocations {
		if a.AmountFen != model.Yuan(900) || a.AmountFen != shown.Lines[n].AmountFen || a.InstallmentID != shown.Lines[n].ID {
			t.Errorf("booked %+v, shown %+v", a, shown.Lines[n])
		}
	}
	if _, err := svc.Preview(ctx, p.debtor.Actor, dec); model.KindOf(err) != model.Forbidden {
		t.Error("the debtor computes with the judge's form:", err)
	}
	second := p.courtMoney(model.Yuan(1_000), 2)
	one := performance.Decision{
		ReceiptID: second.ID, Version: second.Version, AmountFen: model.Yuan(900), OrderReason: "该家长孩子重病，其他家长同意", IdemKey: servicetest.FreshKey(),
		Spreading: model.SpreadChosen, Allocations: []model.Share{{InstallmentID: first, AmountFen: model.Yuan(900)}},
	}
	if _, err := svc.Confirm(ctx, p.judge.Actor, one); err != nil {
		t.Fatal(err)
	}
	if e := p.ledger(p.judge).Entries[1]; e.Spreading != model.SpreadChosen || e.OrderReason == "" {
		t.Errorf("%+v", e)
	}
	if again, err := svc.Preview(ctx, p.judge.Actor, one); err != nil || model.ReasonOf(again.Problem) != "receipt.decided" {
		t.Errorf("%+v %v", again, err)
	}
}

// What one creditor received is his, and there is nothing to choose.
func TestMoneyToOneCreditorIsShownAsHis(t *testing.T) {
	t.Parallel()
	p := newPeople(t)
	r := p.Submit(p.debtor, p.f, 70000, 1)
	shown, err := p.Svc.Performance.Preview(context.Background(), p.judge.Actor, performance.Decision{ReceiptID: r.ID, AmountFen: 70000})
	if err != nil || shown.Common || len(shown.Choices) != 0 || len(shown.Creditors) != 1 || shown.Names(shown.Creditors[0].Parties) != "李某" || shown.Creditors[0].LeftFen != 30000 {
		t.Fatalf("%+v %v", shown, err)
	}
	if l := shown.Lines; len(l) != 2 || l[0].AmountFen != 60000 || l[0].LeftFen != 0 || l[1].AmountFen != 10000 || l[1].LeftFen != 30000 {
		t.Errorf("%+v", l)
	}
	over, err := p.Svc.Performance.Preview(context.Background(), p.judge.Actor, performance.Decision{ReceiptID: r.ID, AmountFen: 100001})
	if err != nil || over.RestFen != 1 || len(over.Asks) != 1 || model.ReasonOf(over.Asks[0]) != "amount.over_debt" {
		t.Errorf("%+v %v", over, err)
	}
	if no, err := p.Svc.Performance.Preview(context.Background(), p.judge.Actor, performance.Decision{ReceiptID: r.ID}); err != nil || model.ReasonOf(no.Problem) != "amount.positive" {
		t.Errorf("%+v %v", no, err)
	}
}
