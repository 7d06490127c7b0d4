package performance_test

import (
	"context"
	"testing"
	"time"

	"microcourt/model"
	"microcourt/service/performance"
	"microcourt/service/servicetest"
)

func (p *people) previewed(r *model.Receipt) *performance.Preview {
	p.T.Helper()
	v, err := p.Svc.Performance.Preview(context.Background(), p.judge.Actor, performance.Decision{ReceiptID: r.ID, AmountFen: r.ClaimedFen})
	if err != nil || v.Problem != nil || v.Stamp == "" {
		p.T.Fatalf("%+v %v", v, err)
	}
	return v
}

// What the page showed is what is booked: by another state of the ledger nothing is,
// whoever changed it and by whichever door the judge confirms. A decision that waits
// counts from when it is made, so that its taking effect changes nothing any more, and
// taking it back does.
func TestAnAllocationIsBookedAsItWasSeen(t *testing.T) {
	t.Parallel()
	p := newPeople(t)
	ctx, svc := context.Background(), p.Svc.Performance
	first, second := p.Submit(p.debtor, p.f, 30000, 81), p.Submit(p.debtor, p.f, 40000, 82)
	seen := p.previewed(second)
	dec := func(stamp string) performance.Decision {
		return performance.Decision{ReceiptID: second.ID, Version: second.Version, AmountFen: 40000, IdemKey: servicetest.FreshKey(), Stamp: stamp}
	}
	d := p.decides(model.DecideConfirm, first)
	refused := func(stamp string) {
		t.Helper()
		_, err := svc.Confirm(ctx, p.judge.Actor, dec(stamp))
		p.Refused(err, "receipt.reallocated")
		_, err = svc.Decide(ctx, p.judge.Actor, model.DecideConfirm, dec(stamp))
		p.Refused(err, "receipt.reallocated")
		if l := p.ledger(p.judge); len(l.Entries) != 0 {
			t.Fatalf("something is booked: %+v", l.Entries)
		}
	}
	refused(seen.Stamp)
	// The page counts what waits, and writes nothing for it.
	audits := p.Audited(model.AuditReceiptConfirm)
	counted := p.previewed(second)
	if counted.Stamp == seen.Stamp || counted.Creditors[0].LeftFen != seen.Creditors[0].LeftFen-30000 {
		t.Errorf("%+v %+v", seen, counted)
	}
	if w, err := svc.Receipt(ctx, p.judge.Actor, first.ID); err != nil || w.Receipt.PendingDecisionID != d.ID || p.Audited(model.AuditReceiptConfirm) != audits {
		t.Errorf("a preview carried out what waits: %+v %v", w, err)
	}
	if _, err := p.Svc.DeskAct.Undo(ctx, p.judge.Actor, d.ID); err != nil {
		t.Fatal(err)
	}
	refused(counted.Stamp)
	if again := p.previewed(second); again.Stamp != seen.Stamp {
		t.Error("the same ledger has another stamp")
	}
	p.decides(model.DecideConfirm, p.reread(first))
	counted = p.previewed(second)
	p.Clock.Advance(time.Minute)
	if err := p.Svc.DeskAct.Pass(ctx); err != nil {
		t.Fatal(err)
	}
	made := dec(counted.Stamp)
	for range 2 { // and a repeat finds its own entry
		if d, err := svc.Confirm(ctx, p.judge.Actor, made); err != nil || d.Receipt.ConfirmedFen != 40000 {
			t.Fatal(d, err)
		}
	}
	if l := p.ledger(p.judge); len(l.Entries) != 2 || l.ConfirmedFen != 70000 {
		t.Errorf("%+v", l)
	}
}

func (p *people) reread(r *model.Receipt) *model.Receipt {
	p.T.Helper()
	d := p.receipt(p.judge, r.ID)
	return &d.Receipt
}

// A correction is seen before it is made: the preview is what the same function books,
// and leaves nothing; it is tied to the ledger as a confirmation is.
func TestACorrectionIsSeenBefore(t *testing.T) {
	t.Parallel()
	p := newPeople(t)
	ctx, svc := context.Background(), p.Svc.Performance
	r := p.Submit(p.debtor, p.f, 70000, 83)
	p.Confirm(p.judge, r, 70000)
	look := func(by servicetest.Person, fen model.Fen) (*performance.CorrectionPreview, error) {
		return svc.PreviewCorrection(ctx, by.Actor, performance.Decision{ReceiptID: r.ID, AmountFen: fen})
	}
	before := p.ledger(p.judge)
	v, err := look(p.judge, 20000)
	if err != nil || v.Problem != nil || len(v.Lines) == 0 || v.Receipt.ConfirmedFen != 70000 {
		t.Fatalf("%+v %v", v, err)
	}
	if after := p.ledger(p.judge); len(after.Entries) != len(before.Entries) || after.ConfirmedFen != 70000 || p.reread(r).Version != 2 {
		t.Errorf("a preview wrote: %+v", after)
	}
	if n := p.NoticesOf(p.debtor, model.NoticeReceiptCorrected); n != 0 || p.Audited(model.AuditReceiptCorrect) != 0 {
		t.Errorf("a preview told %d people", n)
	}
	if much, err := look(p.judge, 9_999_999); err != nil || model.ReasonOf(much.Problem) != "amount.over_debt" || len(much.Lines) != 0 {
		t.Errorf("%+v %v", much, err)
	}
	if _, err := look(p.Staff("chen.hao", model.RoleJudge), 1); model.ReasonOf(err) != "receipt.not_found" {
		t.Error("another judge looks:", err)
	}
	if _, err := look(p.clerk, 1); model.KindOf(err) != model.Forbidden {
		t.Error("a clerk looks:", err)
	}
	fix := performance.Decision{ReceiptID: r.ID, Version: 2, AmountFen: 20000, Reason: "银行实际入账二百元", Stamp: v.Stamp, IdemKey: servicetest.FreshKey()}
	p.Confirm(p.judge, p.Submit(p.debtor, p.f, 10000, 84), 10000)
	_, err = svc.Correct(ctx, p.judge.Actor, fix)
	p.Refused(err, "receipt.reallocated")
	if v, err = look(p.judge, 20000); err != nil {
		t.Fatal(err)
	}
	fix.Stamp, fix.IdemKey = v.Stamp, servicetest.FreshKey()
	if _, err = svc.Correct(ctx, p.judge.Actor, fix); err != nil {
		t.Fatal(err)
	}
	booked := map[int64]model.Fen{}
	for _, e := range p.ledger(p.judge).Installments {
		booked[e.ID] = e.OutstandingFen()
	}
	var is model.Fen
	for _, l := range v.Lines {
		is += l.IsFen
		if l.Part == model.PartPrincipal && booked[l.ID] != l.LeftFen {
			t.Errorf("instalment %d: %d is left, %d was shown", l.ID, booked[l.ID], l.LeftFen)
		}
	}
	if is != 20000 {
		t.Errorf("%d was shown of 20000", is)
	}
}

// A receipt with several faults names them all at once, the first one first.
func TestAClaimNamesAllItsFaults(t *testing.T) {
	t.Parallel()
	p := newPeople(t)
	claim := servicetest.Claim(p.f, 0)
	claim.PaidOn, claim.PayerKind, claim.PayerName = p.Today().AddDays(1), "", " "
	_, err := p.Svc.Performance.Submit(context.Background(), p.debtor.Actor, claim)
	p.Refused(err, "amount.positive")
	var got []string
	for _, f := range servicetest.FieldsOf(err) {
		got = append(got, f.Field)
	}
	want := []string{"amount_fen", "paid_on", "payer_kind", "payer_name", "file_ids"}
	if len(got) != len(want) {
		t.Fatalf("%v", got)
	}
	for n := range want {
		if got[n] != want[n] {
			t.Errorf("%v", got)
		}
	}
}
