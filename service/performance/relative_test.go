package performance_test

import (
	"fmt"
	"slices"
	"sync"
	"testing"

	"microcourt/model"
	"microcourt/service/conversation"
	"microcourt/service/filing"
	"microcourt/service/performance"
	"microcourt/service/servicetest"
	"microcourt/storage"
)

// A relative pays on the debtor's behalf: never more than he owes with interest, with
// pictures of her own; what is sent back is replaced, what is confirmed counts for him
// and names her.
func TestARelativePaysOnBehalf(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	c := servicetest.NewCoerced(t)
	wife, link := c.Admitted()
	svc, seed := c.Svc.Performance, 720
	pays := func(fen model.Fen, change ...func(*performance.Claim)) (*model.Receipt, error) {
		seed++
		in := performance.Claim{
			RelativeID: link.ID, CaseID: link.CaseID, AmountFen: fen, PaidOn: c.Today(), ProofKind: "bank_receipt", IdemKey: servicetest.FreshKey(),
			Files: []int64{c.Uploaded(wife, link.CaseID, seed)},
		}
		for _, f := range change {
			f(&in)
		}
		return svc.Submit(ctx, wife.Actor, in)
	}
	refused := func(reason string, fen model.Fen, change ...func(*performance.Claim)) {
		t.Helper()
		_, err := pays(fen, change...)
		c.Refused(err, reason)
	}
	theirs, own := c.Uploaded(c.Debtor, c.F.ID, 719), c.Uploaded(wife, link.CaseID, 718)
	refused("amount.over_debt", 100246)
	refused("proof.unknown", 5000, func(in *performance.Claim) { in.ProofKind = model.ProofConduct })
	refused("file.unknown", 5000, func(in *performance.Claim) { in.Files = []int64{theirs} })
	refused("receipt.not_returned", 5000, func(in *performance.Claim) { in.ReplacesID = 999999 })
	once := func(in *performance.Claim) { in.IdemKey, in.Files = "key-of-the-first", []int64{own} }
	first, err := pays(5000, once)
	if err != nil || first.PayerKind != "relative" || first.PayerName != "王秀英" || first.PayerRelation != model.RelationSpouse {
		t.Fatalf("%+v %v", first, err)
	}
	if again, err := pays(5000, once); err != nil || again.ID != first.ID {
		t.Errorf("a repeat is %+v %v", again, err)
	}
	refused("file.attached", 5000, func(in *performance.Claim) { in.Files = []int64{own} })
	if _, err := svc.Return(ctx, c.Officer.Actor, first.ID, first.Version, "图片不清晰"); err != nil {
		t.Fatal(err)
	}
	second, err := pays(100000, func(in *performance.Claim) { in.ReplacesID = first.ID })
	if err != nil {
		t.Fatal(err)
	}
	m, err := c.Svc.Relative.Matter(ctx, wife.Actor, link.ID)
	if err != nil || len(m.Receipts) != 2 || m.Receipts[0].ReturnReason != "图片不清晰" || m.Receipts[1].ID != second.ID {
		t.Errorf("her receipts: %+v %v", m, err)
	}
	c.Confirm(c.Officer, second, 100000)
	l, err := svc.Ledger(ctx, c.Debtor.Actor, c.F.ID)
	if err != nil || len(l.Entries) != 1 || l.Entries[0].AmountFen != 100000 {
		t.Errorf("the debtor's ledger: %+v %v", l, err)
	}
	// What is left is the doubled part of the interest of 14 days, to the fen.
	refused("amount.over_debt", 246)
	rest, err := pays(245)
	if err != nil {
		t.Fatal(err)
	}
	c.Confirm(c.Officer, rest, 245)
	refused("amount.nothing_owed", 100)
	if n := c.NoticesOf(wife, model.NoticeRelativeReceipt); n != 6 {
		t.Errorf("she is told %d times of three receipts", n)
	}
}

// A file of a message stays, even when the sweeper chose it a moment before.
func TestAFileOfAMessageStays(t *testing.T) {
	t.Parallel()
	p := newPeople(t)
	ctx := t.Context()
	file := p.Uploaded(p.debtor, p.f.ID, 730)
	if _, err := p.Svc.Conversation.Say(ctx, p.debtor.Actor, conversation.Words{CaseID: p.f.ID, Files: []int64{file}, Key: servicetest.FreshKey()}); err != nil {
		t.Fatal(err)
	}
	err := p.DB.Transact(ctx, func(tx *storage.DB) error { return tx.ExpireFile(ctx, file) })
	if model.KindOf(err) != model.Conflict {
		t.Errorf("a file of a message expires: %v", err)
	}
	for by, reason := range map[*servicetest.Person]string{&p.judge: "", &p.debtor: "", &p.creditor: "file.not_found"} {
		if _, _, err := p.open(*by, file, performance.VariantView); model.ReasonOf(err) != reason {
			t.Errorf("%s opens it: %v", by.Login, err)
		}
	}
}

// Two judges, or many clicks, at once never confirm twice; the winner's repeat is the
// same answer.
func TestConfirmingAtOnceMakesOneEntry(t *testing.T) {
	t.Parallel()
	p := newPeople(t)
	r := p.Submit(p.debtor, p.f, 60000, 21)
	click := func(i int) error {
		_, err := p.Svc.Performance.Confirm(t.Context(), p.judge.Actor, performance.Decision{ReceiptID: r.ID, Version: r.Version, AmountFen: 60000, IdemKey: fmt.Sprintf("click-key-%02d", i)})
		return err
	}
	errs := make([]error, 16)
	var wg sync.WaitGroup
	for i := range errs {
		wg.Go(func() { errs[i] = click(i) })
	}
	wg.Wait()
	won := slices.Index(errs, nil)
	for i, err := range errs {
		if i != won && model.ReasonOf(err) != "receipt.decided" {
			t.Errorf("click %d got %v", i, err)
		}
	}
	if won < 0 {
		t.Fatal(errs)
	}
	if err := click(won); err != nil {
		t.Errorf("the winner's repeat: %v", err)
	}
	if l := p.ledger(p.judge); l.ConfirmedFen != 60000 || len(l.Entries) != 1 {
		t.Errorf("the ledger: %+v", l)
	}
}

// A relative pays once for several cases of the debtor: the payment reaches the cases in
// which he is admitted, and shows him no other; each case decides its part, he is told
// once, and what comes back is his to replace.
func TestARelativePaysForSeveralCases(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	c := servicetest.NewCoerced(t)
	ref := "小太阳托班"
	c.SQL("UPDATE cases SET group_ref = '" + ref + "'")
	wife, link := c.Admitted()
	owes := func(in *filing.CaseInput) {
		servicetest.PersonOwes(in)
		in.GroupRef = ref
	}
	also := func(f servicetest.Filed) *servicetest.Coerced {
		other := *c
		other.F, other.ID = f, c.Enforce(f, c.Officer)
		return &other
	}
	second, third := also(c.File(c.Clerk, owes, func(in *filing.CaseInput) {
		in.Parties = append(in.Parties, filing.PartyInput{Ref: "D2", Role: "defendant", Kind: "person", Name: "赵亮", IDNumber: "110101199003070134", Phone: "13900139001"})
		in.Instruments[0].Obligations = append(in.Instruments[0].Obligations, filing.ObligationInput{
			Ref: "O2", Kind: "money", Obligors: []string{"D2"}, Obligee: "C1", AmountFen: 100000, DueOn: model.NewDate(2026, 2, 20),
		})
	})), also(c.File(c.Clerk, owes))
	second.Pass(servicetest.At(3, 6, 11))
	claim := func(fen model.Fen, seed int) performance.GroupClaim {
		return performance.GroupClaim{Claim: performance.Claim{
			RelativeID: link.ID, AmountFen: fen, PaidOn: c.Today(), ProofKind: "court_account", IdemKey: servicetest.FreshKey(),
			Files: []int64{c.Uploaded(wife, link.CaseID, seed)},
		}}
	}
	svc := c.Svc.Performance
	if list, err := svc.GroupShares(ctx, wife.Actor, claim(1000, 761)); err != nil || len(list) != 1 {
		t.Fatalf("cases to which she is not admitted: %+v %v", list, err)
	}
	her := second.Word(second.AsksForFamily(wife, servicetest.WithCode(second.FamilyCode())), model.RelativeAdmitted)
	if list, err := svc.GroupShares(ctx, wife.Actor, claim(1000, 762)); err != nil || len(list) != 2 || list[0].AmountFen != 500 {
		t.Fatalf("%+v %v", list, err)
	}
	brother := *second // to whom she is admitted as well
	brother.F.Debtor = c.PartyNamed(c.Officer, second.F.ID, "赵亮")
	brother.Word(brother.AsksForFamily(wife, servicetest.WithCode(brother.FamilyCode())), model.RelativeAdmitted)
	if list, err := svc.GroupShares(ctx, wife.Actor, claim(1000, 767)); err != nil || len(list) != 2 || list[1].PartyID != second.F.Debtor {
		t.Fatalf("with a link to another debtor: %+v %v", list, err)
	}
	hidden := claim(1000, 763)
	hidden.Parts = []model.GroupShare{{CaseID: c.F.ID, AmountFen: 400}, {CaseID: third.F.ID, AmountFen: 600}}
	_, err := svc.SubmitGroup(ctx, wife.Actor, hidden)
	c.Refused(err, "group.case")
	in := claim(20000, 764)
	id := servicetest.TwiceAtOnce(t, func() (int64, error) {
		g, err := svc.SubmitGroup(ctx, wife.Actor, in)
		if err != nil {
			return 0, err
		}
		return g.Payment.ID, nil
	})
	g, err := svc.SubmitGroup(ctx, wife.Actor, in)
	if err != nil || g.Payment.ID != id || len(g.Receipts) != 2 {
		t.Fatalf("%+v %v", g, err)
	}
	for n, want := range []*model.Relative{link, her} {
		r := g.Receipts[n]
		if r.ClaimedFen != 10000 || r.RelativeID != want.ID || r.CaseID != want.CaseID || r.PayerName != "王秀英" || r.PayerKind != model.PayerRelative || r.Hand() != model.HandedByRelative {
			t.Errorf("part %d: %+v", n, r)
		}
		if d, err := svc.OnBehalf(ctx, wife.Actor, want.ID, r.ID); err != nil || len(d.Files) != 1 {
			t.Errorf("she does not see her part %d: %v", n, err)
		}
	}
	if n := c.NoticesOf(wife, model.NoticeRelativeReceipt); n != 1 {
		t.Errorf("she was told %d times that it came in", n)
	}
	r := g.Receipts[1]
	if _, err := svc.Return(ctx, c.Officer.Actor, r.ID, r.Version, "图片不清晰"); err != nil {
		t.Fatal(err)
	}
	again := performance.Claim{
		RelativeID: her.ID, AmountFen: 10001, PaidOn: c.Today(), ProofKind: "court_account", ReplacesID: r.ID, IdemKey: servicetest.FreshKey(),
		Files: []int64{c.Uploaded(wife, her.CaseID, 765)},
	}
	_, err = svc.Submit(ctx, wife.Actor, again)
	c.Refused(err, "group.over_paid")
	again.AmountFen, again.IdemKey = 10000, servicetest.FreshKey()
	if got, err := svc.Submit(ctx, wife.Actor, again); err != nil || got.GroupID != g.Payment.ID {
		t.Error(got, err)
	}
	// Who is not admitted any more finds nothing.
	second.Word(her, model.RelativeRevoked)
	if list, err := svc.GroupShares(ctx, wife.Actor, claim(1000, 766)); err != nil || len(list) != 1 {
		t.Errorf("%+v %v", list, err)
	}
	c.Word(link, model.RelativeRevoked)
	_, err = svc.GroupShares(ctx, wife.Actor, in)
	c.Refused(err, "relative.not_found")
}
