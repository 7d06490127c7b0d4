package performance_test

import (
	"context"
	"slices"
	"testing"

	"microcourt/model"
	"microcourt/service/filing"
	"microcourt/service/performance"
	"microcourt/service/servicetest"
)

// inGroup makes a case one of a group, of a judge, with a creditor of its own.
func inGroup(judge, creditor string) func(*filing.CaseInput) {
	return func(in *filing.CaseInput) {
		in.GroupRef, in.Judge = "小太阳托班", judge
		in.Parties[0].Name, in.Parties[0].IDNumber, in.Parties[0].Phone = creditor, "", ""
	}
}

// One payment for three cases is one receipt to the debtor and one part to each case:
// each judge decides his own, none takes the others' picture for a second use, and what
// they confirm together is never more than what was paid.
func TestOneReceiptForAGroupOfCases(t *testing.T) {
	t.Parallel()
	p := newPeople(t, inGroup("zhang.min", "李某"))
	other := p.Staff("chen.hao", model.RoleJudge)
	ctx, svc := context.Background(), p.Svc.Performance
	second, third := p.File(p.clerk, inGroup("chen.hao", "赵某")), p.File(p.clerk, inGroup("chen.hao", "钱某"))
	for _, f := range []servicetest.Filed{second, third} {
		p.Bind(p.debtor, p.clerk, f.ID, f.Debtor)
	}
	claim := servicetest.Claim(p.f, 150000, p.Uploaded(p.debtor, p.f.ID, 61))
	claim.ProofKind, claim.PayeeName, claim.PaidOn = model.ProofCourtAccount, "", p.Today()
	if shares, err := svc.GroupShares(ctx, p.debtor.Actor, performance.GroupClaim{Claim: claim}); err != nil || len(shares) != 3 || shares[0].AmountFen != 50000 {
		t.Errorf("%+v %v", shares, err)
	}
	tooMuch := claim
	tooMuch.AmountFen, tooMuch.IdemKey = 99999999, servicetest.FreshKey()
	_, err := svc.SubmitGroup(ctx, p.debtor.Actor, performance.GroupClaim{Claim: tooMuch})
	p.Refused(err, "amount.over_debt")
	id := servicetest.TwiceAtOnce(t, func() (int64, error) {
		g, err := svc.SubmitGroup(ctx, p.debtor.Actor, performance.GroupClaim{Claim: claim})
		if err != nil {
			return 0, err
		}
		return g.Payment.ID, nil
	})
	g, err := svc.SubmitGroup(ctx, p.debtor.Actor, performance.GroupClaim{Claim: claim})
	if err != nil || g.Payment.ID != id || len(g.Receipts) != 3 {
		t.Fatalf("%+v %v", g, err)
	}
	keys := map[string]bool{}
	for n, r := range g.Receipts {
		if r.ClaimedFen != 50000 {
			t.Errorf("part %d is %d", n, r.ClaimedFen)
		}
		judge := p.judge
		if n > 0 {
			judge = other
		}
		d := p.receipt(judge, r.ID)
		if len(d.Flags) != 0 || len(d.Files) != 1 || d.Group == nil || len(d.Group.Parts) != 3 || d.Group.Payment.AmountFen != 150000 {
			t.Errorf("%+v", d)
		}
		keys[d.Files[0].OriginalKey] = true
		if o, _, _, err := svc.OpenFile(ctx, judge.Actor, d.Files[0].ID, performance.VariantView); err != nil {
			t.Error("a judge does not see the picture of his part:", err)
		} else {
			_ = o.Close()
		}
	}
	if len(keys) != 1 {
		t.Errorf("the picture is stored %d times", len(keys))
	}
	if d := p.receipt(p.creditor, g.Receipts[0].ID); d.Group != nil {
		t.Errorf("a creditor sees the other cases: %+v", d.Group)
	}
	if n := p.NoticesOf(p.debtor, model.NoticeReceiptReceived); n != 1 {
		t.Errorf("the debtor was told %d times", n)
	}
	if _, err := svc.Receipt(ctx, p.judge.Actor, g.Receipts[1].ID); model.KindOf(err) != model.NotFound {
		t.Error("a judge decides another's part:", err)
	}
	confirm := func(by servicetest.Person, n int, fen model.Fen) error {
		r := p.receipt(by, g.Receipts[n].ID).Receipt
		_, err := svc.Confirm(ctx, by.Actor, performance.Decision{ReceiptID: r.ID, Version: r.Version, AmountFen: fen, IdemKey: servicetest.FreshKey()})
		return err
	}
	p.Refused(confirm(p.judge, 0, 50001), "group.over_paid")
	if err := confirm(p.judge, 0, 50000); err != nil {
		t.Fatal(err)
	}
	r := p.receipt(other, g.Receipts[1].ID).Receipt
	if _, err := svc.Return(ctx, other.Actor, r.ID, r.Version, "该案已由案外人付清"); err != nil {
		t.Fatal(err)
	}
	if err := confirm(other, 2, 60000); err != nil { // what came back from one case is there for another
		t.Fatal(err)
	}
	again := servicetest.Claim(second, 40001, p.Uploaded(p.debtor, second.ID, 62))
	again.ReplacesID, again.PaidOn, again.ProofKind, again.PayeeName = r.ID, p.Today(), model.ProofCourtAccount, ""
	_, err = svc.Submit(ctx, p.debtor.Actor, again)
	p.Refused(err, "group.over_paid")
	again.AmountFen, again.IdemKey = 40000, servicetest.FreshKey()
	replaced, err := svc.Submit(ctx, p.debtor.Actor, again)
	if err != nil || replaced.GroupID != g.Payment.ID {
		t.Fatal(replaced, err)
	}
	if d := p.receipt(p.debtor, replaced.ID); d.Group == nil || d.Group.Payment.ConfirmedFen != 110000 {
		t.Errorf("%+v", d.Group)
	}
	// Taken back in one case, it is there again.
	r = p.receipt(p.judge, g.Receipts[0].ID).Receipt
	if _, err := svc.Correct(ctx, p.judge.Actor, performance.Decision{ReceiptID: r.ID, Version: r.Version, Reason: "款项退回", IdemKey: servicetest.FreshKey()}); err != nil {
		t.Fatal(err)
	}
	if d := p.receipt(p.debtor, replaced.ID); d.Group.Payment.ConfirmedFen != 60000 {
		t.Errorf("%+v", d.Group)
	}
}

// The payer may say what goes to which case, also at the window; the money of one
// creditor reaches his case alone, and a case without sisters has no group.
func TestThePayerSaysWhichCases(t *testing.T) {
	t.Parallel()
	p := newPeople(t, inGroup("zhang.min", "李某"))
	ctx, svc := context.Background(), p.Svc.Performance
	second := p.File(p.clerk, inGroup("zhang.min", "赵某"))
	alone := p.File(p.clerk)
	p.Bind(p.debtor, p.clerk, alone.ID, alone.Debtor)
	claim := func(by servicetest.Person, f servicetest.Filed, seed int) performance.GroupClaim {
		cl := servicetest.Claim(f, 30000, p.Uploaded(by, f.ID, seed))
		cl.ProofKind, cl.PayeeName, cl.PaidOn, cl.PartyID = model.ProofCourtAccount, "", p.Today(), f.Debtor
		return performance.GroupClaim{Claim: cl}
	}
	_, err := svc.SubmitGroup(ctx, p.debtor.Actor, claim(p.debtor, alone, 71))
	p.Refused(err, "group.none")
	window := claim(p.clerk, p.f, 72)
	window.Parts = []model.GroupShare{{CaseID: second.ID, AmountFen: 29999}}
	_, err = svc.SubmitGroup(ctx, p.clerk.Actor, window)
	p.Refused(err, "group.sum")
	window.Parts = []model.GroupShare{{CaseID: second.ID, AmountFen: 29999}, {CaseID: p.f.ID, AmountFen: 1}}
	window.IdemKey = servicetest.FreshKey()
	g, err := svc.SubmitGroup(ctx, p.clerk.Actor, window)
	if err != nil || len(g.Receipts) != 2 || g.Receipts[0].ClaimedFen != 1 || g.Receipts[1].ClaimedFen != 29999 {
		t.Fatalf("%+v %v", g, err)
	}
	// The debtor is bound to the first case alone; what he submits reaches no other.
	his := claim(p.debtor, p.f, 73)
	his.ProofKind, his.PayeeName = model.ProofBankReceipt, "李某"
	if g, err = svc.SubmitGroup(ctx, p.debtor.Actor, his); err != nil || len(g.Receipts) != 1 || g.Receipts[0].CaseID != p.f.ID {
		t.Fatalf("%+v %v", g, err)
	}
	bad := claim(p.debtor, p.f, 74)
	bad.Targets = p.f.Installments[:1]
	_, err = svc.SubmitGroup(ctx, p.debtor.Actor, bad)
	p.Refused(err, "group.money")
	bad = claim(p.debtor, p.f, 75)
	bad.Parts = []model.GroupShare{{CaseID: second.ID, AmountFen: 30000}}
	_, err = svc.SubmitGroup(ctx, p.debtor.Actor, bad)
	p.Refused(err, "group.none")
}

// A returned receipt is replaced once; what may be the same payment a second time is
// flagged though picture and serial number differ.
func TestAReceiptIsReplacedOnceAndCountedOnce(t *testing.T) {
	t.Parallel()
	p := newPeople(t)
	ctx, svc := context.Background(), p.Svc.Performance
	kinds := func(id int64) (out []model.FlagKind) {
		for _, f := range p.receipt(p.judge, id).Flags {
			out = append(out, f.Kind)
		}
		return out
	}
	submit := func(fen model.Fen, seed int, replaces int64) (*model.Receipt, error) {
		cl := servicetest.Claim(p.f, fen, p.Uploaded(p.debtor, p.f.ID, seed))
		cl.ReplacesID = replaces
		return svc.Submit(ctx, p.debtor.Actor, cl)
	}
	first := p.Submit(p.debtor, p.f, 60000, 81)
	if _, err := svc.Return(ctx, p.judge.Actor, first.ID, first.Version, "看不清"); err != nil {
		t.Fatal(err)
	}
	second, err := submit(60000, 82, first.ID)
	if err != nil || len(kinds(second.ID)) != 0 {
		t.Fatal(kinds(second.ID), err)
	}
	_, err = submit(60000, 83, first.ID)
	p.Refused(err, "receipt.replaced")
	if model.KindOf(err) != model.Conflict {
		t.Error(err)
	}
	third, err := submit(60000, 84, 0)
	if err != nil || !slices.Contains(kinds(third.ID), model.FlagSamePayment) || !slices.Contains(kinds(third.ID), model.FlagOpenClaims) {
		t.Error(kinds(third.ID), err)
	}
	r := p.receipt(p.debtor, third.ID).Receipt
	if _, err := svc.Withdraw(ctx, p.debtor.Actor, r.ID, r.Version); err != nil {
		t.Fatal(err)
	}
	fourth, err := submit(40000, 85, 0)
	if err != nil || len(kinds(fourth.ID)) != 0 {
		t.Error("another instalment is flagged:", kinds(fourth.ID), err)
	}
	// The same person in another case of the court.
	other := p.File(p.clerk)
	p.Bind(p.debtor, p.clerk, other.ID, other.Debtor)
	fifth, err := svc.Submit(ctx, p.debtor.Actor, servicetest.Claim(other, 40000, p.Uploaded(p.debtor, other.ID, 86)))
	if err != nil || !slices.Contains(kinds(fifth.ID), model.FlagSamePayment) {
		t.Error(kinds(fifth.ID), err)
	}
}
