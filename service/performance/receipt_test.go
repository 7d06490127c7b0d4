package performance_test

import (
	"context"
	"slices"
	"strings"
	"testing"

	"microcourt/model"
	"microcourt/service/filing"
	"microcourt/service/performance"
	"microcourt/service/servicetest"
)

// people are who take part in the stories: a case with its debtor and creditor,
// each with a phone.
type people struct {
	*servicetest.World
	judge, clerk, debtor, creditor servicetest.Person
	f                              servicetest.Filed
}

func newPeople(t *testing.T, change ...func(*filing.CaseInput)) *people {
	t.Helper()
	w := servicetest.New(t)
	p := &people{World: w, judge: w.Staff("zhang.min", model.RoleJudge), clerk: w.Staff("wan.tt", model.RoleClerk), debtor: w.Citizen(), creditor: w.Citizen()}
	p.f = w.File(p.clerk, change...)
	w.Bind(p.debtor, p.clerk, p.f.ID, p.f.Debtor)
	w.Bind(p.creditor, p.clerk, p.f.ID, p.f.Creditor)
	return p
}

func (p *people) receipt(by servicetest.Person, id int64) *performance.Detail {
	p.T.Helper()
	d, err := p.Svc.Performance.Receipt(context.Background(), by.Actor, id)
	if err != nil {
		p.T.Fatal(err)
	}
	return d
}

func (p *people) ledger(by servicetest.Person) *performance.Ledger {
	p.T.Helper()
	l, err := p.Svc.Performance.Ledger(context.Background(), by.Actor, p.f.ID)
	if err != nil {
		p.T.Fatal(err)
	}
	return l
}

// A receipt comes in once, whoever repeats it; the creditor is asked about his
// line and sees nothing else; the judge's queue shows it until he decides.
func TestAReceiptFromThePhoneToTheLedger(t *testing.T) {
	t.Parallel()
	p := newPeople(t)
	ctx, svc := context.Background(), p.Svc.Performance
	claim := servicetest.Claim(p.f, 60000, p.Uploaded(p.debtor, p.f.ID, 1))
	claim.Remark, claim.Targets = "第一期", p.f.Installments[:1]
	id := servicetest.TwiceAtOnce(t, func() (int64, error) {
		r, err := svc.Submit(ctx, p.debtor.Actor, claim)
		if err != nil {
			return 0, err
		}
		return r.ID, nil
	})
	if n := p.Audited(model.AuditReceiptSubmit); n != 1 {
		t.Errorf("submitted %d times", n)
	}
	list, _, err := svc.Queue(ctx, p.judge.Actor, model.QueueFilter{State: model.ReceiptSubmitted, Limit: 10})
	if err != nil || len(list) != 1 || list[0].ID != id {
		t.Fatalf("the judge's queue: %+v %v", list, err)
	}
	if list, _, err := svc.Queue(ctx, p.Staff("ji.wei", model.RoleJudge).Actor, model.QueueFilter{State: model.ReceiptSubmitted, Limit: 10}); err != nil || len(list) != 0 {
		t.Errorf("another judge's queue: %+v %v", list, err)
	}
	// The creditor sees that he is said to be paid; not the rest.
	if d := p.receipt(p.creditor, id); d.Receipt.Remark != "" || d.Receipt.ClaimedFen != 0 || len(d.Responses) != 1 || len(d.Flags) != 0 {
		t.Errorf("%+v", d)
	}
	if d := p.receipt(p.debtor, id); d.Receipt.Remark != "第一期" || len(d.Files) != 1 {
		t.Errorf("%+v", d)
	}
	disputed, err := svc.Respond(ctx, p.creditor.Actor, id, model.ResponseDisputed, "没有收到")
	if err != nil || disputed.Response.State != model.ResponseDisputed || disputed.Name != "李某" {
		t.Fatal(disputed, err)
	}
	if n := p.NoticesOf(p.judge, model.NoticeReceiptDisputed); n != 1 {
		t.Errorf("the judge was told %d times", n)
	}
	for range 2 { // he found the money; the answer got lost
		if _, err := svc.Respond(ctx, p.creditor.Actor, id, model.ResponseAcknowledged, ""); err != nil {
			t.Fatal(err)
		}
	}
	if n := p.Audited(model.AuditReceiptAcknowledged); n != 1 {
		t.Errorf("acknowledged %d times", n)
	}
	r := p.receipt(p.judge, id).Receipt
	dec := performance.Decision{ReceiptID: id, Version: r.Version, AmountFen: 60000, IdemKey: servicetest.FreshKey()}
	for range 2 {
		d, err := svc.Confirm(ctx, p.judge.Actor, dec)
		if err != nil || d.Receipt.State != model.ReceiptConfirmed || d.Receipt.ConfirmedFen != 60000 {
			t.Fatal(d, err)
		}
	}
	if _, err = svc.Respond(ctx, p.creditor.Actor, id, model.ResponseDisputed, "再想想"); err != nil {
		t.Error("a confirmation cuts the creditor off:", err)
	}
	for _, by := range []servicetest.Person{p.judge, p.debtor, p.creditor} {
		if l := p.ledger(by); len(l.Entries) != 1 || l.ConfirmedFen != 60000 || l.OwedFen != 100000 || l.Entries[0].AmountFen != 60000 {
			t.Errorf("%+v", l)
		}
	}
	if all, err := svc.CaseReceipts(ctx, p.creditor.Actor, p.f.ID); err != nil || len(all) != 1 {
		t.Error(all, err)
	}
	if list, _, err := svc.Queue(ctx, p.judge.Actor, model.QueueFilter{State: model.ReceiptSubmitted, Limit: 10}); err != nil || len(list) != 0 {
		t.Errorf("the queue after the decision: %+v %v", list, err)
	}
}

// A wrong confirmation is taken back by an entry of its own; the ledger keeps all
// of them, and certificates that rest on it are named.
func TestACorrectionIsAnEntry(t *testing.T) {
	t.Parallel()
	p := newPeople(t)
	ctx, svc := context.Background(), p.Svc.Performance
	r := p.Submit(p.debtor, p.f, 100000, 2)
	p.Confirm(p.judge, r, 100000)
	cert, _, err := p.Svc.Certificate.Issue(ctx, p.judge.Actor, p.f.ID, p.f.Instrument, p.f.Debtor)
	if err != nil {
		t.Fatal(err)
	}
	dec := performance.Decision{ReceiptID: r.ID, Version: 2, AmountFen: 70000, Reason: "银行实际入账七百元", IdemKey: servicetest.FreshKey()}
	for range 2 {
		d, err := svc.Correct(ctx, p.judge.Actor, dec)
		if err != nil || d.Receipt.State != model.ReceiptCorrected || !slices.Equal(d.Doubtful, []string{cert.Number}) {
			t.Fatalf("%+v %v", d, err)
		}
	}
	l := p.ledger(p.judge)
	if e := l.Entries; len(e) != 3 || e[1].AmountFen != -100000 || e[1].ReversesID != e[0].ID || e[2].AmountFen != 70000 || l.ConfirmedFen != 70000 {
		t.Errorf("%+v", l)
	}
	// Taken back altogether, the debt is what it was.
	d, err := svc.Correct(ctx, p.judge.Actor, performance.Decision{ReceiptID: r.ID, Version: p.receipt(p.judge, r.ID).Receipt.Version, Reason: "款项已退回", IdemKey: servicetest.FreshKey()})
	if err != nil || p.ledger(p.judge).ConfirmedFen != 0 {
		t.Errorf("%+v %v", d, err)
	}
	c, err := p.Svc.Filing.Case(ctx, p.judge.Actor, p.f.ID, false)
	if err != nil || c.Case.Performance != model.PerformancePending {
		t.Error(c.Case.Performance, err)
	}
}

// What was returned may be replaced, once; what is not decided may be withdrawn by
// who submitted it. Each repeat changes nothing.
func TestAReturnedReceiptIsReplaced(t *testing.T) {
	t.Parallel()
	p := newPeople(t)
	ctx, svc := context.Background(), p.Svc.Performance
	r := p.Submit(p.debtor, p.f, 60000, 3)
	for range 2 {
		got, err := svc.Return(ctx, p.judge.Actor, r.ID, r.Version, "看不清流水号")
		if err != nil || got.State != model.ReceiptReturned || got.ReturnReason != "看不清流水号" {
			t.Fatal(got, err)
		}
	}
	if n := p.NoticesOf(p.debtor, model.NoticeReceiptReturned); n != 1 {
		t.Errorf("the debtor was told %d times", n)
	}
	again := servicetest.Claim(p.f, 60000, p.Uploaded(p.debtor, p.f.ID, 4))
	again.ReplacesID = r.ID
	second, err := svc.Submit(ctx, p.debtor.Actor, again)
	if err != nil {
		t.Fatal(err)
	}
	third := again
	third.Files, third.IdemKey, third.ReplacesID = []int64{p.Uploaded(p.debtor, p.f.ID, 5)}, servicetest.FreshKey(), second.ID
	_, err = svc.Submit(ctx, p.debtor.Actor, third)
	p.Refused(err, "receipt.not_returned")
	_, err = svc.Withdraw(ctx, p.creditor.Actor, second.ID, second.Version)
	p.Refused(err, "receipt.not_found")
	for range 2 {
		got, err := svc.Withdraw(ctx, p.debtor.Actor, second.ID, second.Version)
		if err != nil || got.State != model.ReceiptWithdrawn {
			t.Fatal(got, err)
		}
	}
	_, err = svc.Confirm(ctx, p.judge.Actor, performance.Decision{ReceiptID: second.ID, Version: second.Version + 1, AmountFen: 60000, IdemKey: servicetest.FreshKey()})
	if model.KindOf(err) != model.Conflict {
		t.Error("a withdrawn receipt is confirmed:", err)
	}
}

// Whatever looks like a second use, or like somebody else's payment, is flagged for
// the judge, and never silently accepted. The payer does not see it.
func TestWhatLooksUsedBeforeIsFlagged(t *testing.T) {
	t.Parallel()
	p := newPeople(t)
	ctx, svc := context.Background(), p.Svc.Performance
	kinds := func(id int64) (out []model.FlagKind) {
		for _, f := range p.receipt(p.judge, id).Flags {
			out = append(out, f.Kind)
		}
		return out
	}
	first := servicetest.Claim(p.f, 10000, p.Uploaded(p.debtor, p.f.ID, 21))
	first.BankSerial = "2026030112345678"
	a, err := svc.Submit(ctx, p.debtor.Actor, first)
	if err != nil || len(kinds(a.ID)) != 0 {
		t.Fatal(kinds(a.ID), err)
	}
	second := servicetest.Claim(p.f, 10000, p.Uploaded(p.debtor, p.f.ID, 21)) // the same bytes
	second.BankSerial = " 2026 0301 1234 5678"
	second.PayerKind, second.PayerName, second.PayeeName, second.PaidOn = model.PayerOther, "王某", "赵某", model.NewDate(2026, 2, 1)
	b, err := svc.Submit(ctx, p.debtor.Actor, second)
	if err != nil {
		t.Fatal(err)
	}
	got := kinds(b.ID)
	for _, want := range []model.FlagKind{model.FlagSameBytes, model.FlagSameSerial, model.FlagBeforeEffective, model.FlagPaidByOther, model.FlagPayeeMismatch} {
		if !slices.Contains(got, want) {
			t.Errorf("%s is not flagged: %v", want, got)
		}
	}
	if d := p.receipt(p.debtor, b.ID); len(d.Flags) != 0 {
		t.Errorf("the payer sees %+v", d.Flags)
	}
	list, flags, err := svc.Queue(ctx, p.judge.Actor, model.QueueFilter{State: model.ReceiptSubmitted, Limit: 10})
	if err != nil || len(list) != 2 || len(flags[b.ID]) != len(got) || len(flags[a.ID]) != 0 {
		t.Errorf("%+v %+v %v", list, flags, err)
	}
	// In another case, too.
	other := p.File(p.clerk)
	p.Bind(p.debtor, p.clerk, other.ID, other.Debtor)
	third := servicetest.Claim(other, 10000, p.Uploaded(p.debtor, other.ID, 21))
	c, err := svc.Submit(ctx, p.debtor.Actor, third)
	if err != nil || !slices.Contains(kinds(c.ID), model.FlagSameBytes) {
		t.Error(kinds(c.ID), err)
	}
}

// A clerk submits at the window for somebody without a phone; he has no hand in
// the decision, and who decides sees who it was. Conduct is performed on a day.
func TestConductAndTheWindow(t *testing.T) {
	t.Parallel()
	p := newPeople(t, func(in *filing.CaseInput) {
		in.Instruments[0].Obligations = append(in.Instruments[0].Obligations, filing.ObligationInput{
			Ref: "O2", Kind: "conduct", Obligors: []string{"D1"}, Obligee: "C1", Description: "腾退房屋", DueOn: model.NewDate(2026, 4, 30),
		})
	})
	ctx, svc := context.Background(), p.Svc.Performance
	both := p.Staff("fang.jie", model.RoleClerk, model.RoleJudge)
	claim := servicetest.Claim(p.f, 0, p.Uploaded(p.clerk, p.f.ID, 31))
	claim.ProofKind, claim.PartyID, claim.BankSerial = model.ProofConduct, p.f.Debtor, ""
	r, err := svc.Submit(ctx, p.clerk.Actor, claim)
	if err != nil {
		t.Fatal(err)
	}
	if d := p.receipt(p.judge, r.ID); d.Window == "" || d.OwnHand != "" {
		t.Errorf("%+v", d)
	}
	d, err := p.Svc.Filing.Case(ctx, p.judge.Actor, p.f.ID, false)
	if err != nil {
		t.Fatal(err)
	}
	act := d.Obligations[len(d.Obligations)-1].ID
	decide := func(by servicetest.Person, change func(dec *performance.Decision)) error {
		dec := performance.Decision{ReceiptID: r.ID, Version: r.Version, Obligations: []int64{act}, PerformedOn: model.NewDate(2026, 3, 1), IdemKey: servicetest.FreshKey()}
		change(&dec)
		_, err := svc.Confirm(ctx, by.Actor, dec)
		return err
	}
	p.Refused(decide(p.judge, func(dec *performance.Decision) { dec.Obligations = nil }), "field.required")
	p.Refused(decide(p.judge, func(dec *performance.Decision) { dec.Obligations = []int64{d.Obligations[0].ID} }), "obligation.unknown")
	p.Refused(decide(p.judge, func(dec *performance.Decision) { dec.PerformedOn = p.Today().AddDays(1) }), "date.future")
	if err := decide(both, func(*performance.Decision) {}); model.KindOf(err) != model.NotFound {
		t.Error("a judge of other cases decides:", err)
	}
	if err := decide(p.judge, func(*performance.Decision) {}); err != nil {
		t.Fatal(err)
	}
	done := func() (on model.Date) {
		for _, i := range p.ledger(p.judge).Installments {
			if i.ObligationID == act {
				on = i.PerformedOn
			}
		}
		return on
	}
	if done() != model.NewDate(2026, 3, 1) {
		t.Error("performed on", done())
	}
	if _, err := svc.Correct(ctx, p.judge.Actor, performance.Decision{ReceiptID: r.ID, Version: r.Version + 1, Reason: "房屋尚未腾空", IdemKey: servicetest.FreshKey()}); err != nil || !done().IsZero() {
		t.Errorf("performed on %v, %v", done(), err)
	}
}

// More than is owed is kept only with a reason; the judge may say himself to which
// instalment the money goes.
func TestTheJudgeSaysWhereTheMoneyGoes(t *testing.T) {
	t.Parallel()
	p := newPeople(t)
	ctx, svc := context.Background(), p.Svc.Performance
	r := p.Submit(p.debtor, p.f, 40000, 41)
	confirm := func(r *model.Receipt, fen model.Fen, change func(dec *performance.Decision)) error {
		dec := performance.Decision{ReceiptID: r.ID, Version: r.Version, AmountFen: fen, IdemKey: servicetest.FreshKey()}
		change(&dec)
		_, err := svc.Confirm(ctx, p.judge.Actor, dec)
		return err
	}
	p.Refused(confirm(r, 40000, func(dec *performance.Decision) {
		dec.Allocations = []model.Share{{InstallmentID: p.f.Installments[1], AmountFen: 39999}}
	}), "amount.sum")
	if err := confirm(r, 40000, func(dec *performance.Decision) {
		dec.Allocations = []model.Share{{InstallmentID: p.f.Installments[1], AmountFen: 40000}}
	}); err != nil {
		t.Fatal(err)
	}
	for _, i := range p.ledger(p.judge).Installments {
		if want := map[int64]model.Fen{p.f.Installments[1]: 40000}[i.ID]; i.ConfirmedFen != want {
			t.Errorf("%+v", i)
		}
	}
	second := p.Submit(p.debtor, p.f, 60000, 42)
	if err := confirm(second, 60001, func(*performance.Decision) {}); model.KindOf(err) != model.Invalid {
		t.Error("more than is owed:", err)
	}
	if err := confirm(second, 60001, func(dec *performance.Decision) { dec.OverReason = "多付一分，权利人同意" }); err != nil {
		t.Fatal(err)
	}
	if e := p.ledger(p.judge).Entries[1]; e.OverFen != 1 || e.OverReason == "" {
		t.Errorf("%+v", e)
	}
	_, err := svc.Submit(ctx, p.debtor.Actor, servicetest.Claim(p.f, 1, p.Uploaded(p.debtor, p.f.ID, 43)))
	p.Refused(err, "amount.nothing_owed")
}

func TestReceiptsThatAreRefused(t *testing.T) {
	t.Parallel()
	p := newPeople(t)
	ctx, svc := context.Background(), p.Svc.Performance
	stranger, other, officer := p.Citizen(), p.Staff("ji.wei", model.RoleJudge), p.Staff("lu.fg", model.RoleOfficer)
	file := p.Uploaded(p.debtor, p.f.ID, 51)
	theirs := p.Uploaded(p.creditor, p.f.ID, 52)
	submit := func(by servicetest.Person, change func(c *performance.Claim)) error {
		c := servicetest.Claim(p.f, 1000, file)
		change(&c)
		_, err := svc.Submit(ctx, by.Actor, c)
		return err
	}
	same := func(*performance.Claim) {}
	type claim = performance.Claim
	used := p.Submit(p.debtor, p.f, 1000, 53)
	usedFile := p.receipt(p.judge, used.ID).Files[0].ID
	decide := func(by servicetest.Person, id, version int64, fen model.Fen) error {
		_, err := svc.Confirm(ctx, by.Actor, performance.Decision{ReceiptID: id, Version: version, AmountFen: fen, IdemKey: servicetest.FreshKey()})
		return err
	}
	giveBack := func(by servicetest.Person, reason string) error {
		_, err := svc.Return(ctx, by.Actor, used.ID, used.Version, reason)
		return err
	}
	correct := func(by servicetest.Person, reason string) error {
		_, err := svc.Correct(ctx, by.Actor, performance.Decision{ReceiptID: used.ID, Version: used.Version, AmountFen: 1, Reason: reason, IdemKey: servicetest.FreshKey()})
		return err
	}
	respond := func(by servicetest.Person, state model.ResponseState, reason string) error {
		_, err := svc.Respond(ctx, by.Actor, used.ID, state, reason)
		return err
	}
	_, read := svc.Receipt(ctx, stranger.Actor, used.ID)
	_, listed := svc.CaseReceipts(ctx, stranger.Actor, p.f.ID)
	_, ledger := svc.Ledger(ctx, stranger.Actor, p.f.ID)
	_, _, queue := svc.Queue(ctx, p.debtor.Actor, model.QueueFilter{Limit: 1})
	_, _, words := svc.Queue(ctx, p.judge.Actor, model.QueueFilter{Limit: 1, Text: strings.Repeat("长", 201)})
	long := strings.Repeat("长", 501)
	no, forbidden, bad, gone, clash := servicetest.No, model.Forbidden, model.Invalid, model.NotFound, model.Conflict
	p.RefusedAll(
		no("an officer submits", forbidden, "role.forbidden", "", submit(officer, same)),
		no("a stranger submits", gone, "case.not_found", "", submit(stranger, same)),
		no("the creditor submits", bad, "party.not_obligor", "party_id", submit(p.creditor, func(c *claim) { c.Files = []int64{theirs} })),
		no("for the creditor", bad, "party.not_obligor", "party_id", submit(p.debtor, func(c *claim) { c.PartyID = p.f.Creditor })),
		no("no proof", bad, "proof.unknown", "proof_kind", submit(p.debtor, func(c *claim) { c.ProofKind = "word of honour" })),
		no("nothing", bad, "amount.positive", "amount_fen", submit(p.debtor, func(c *claim) { c.AmountFen = 0 })),
		no("conduct with an amount", bad, "amount.not_money", "amount_fen", submit(p.debtor, func(c *claim) { c.ProofKind = model.ProofConduct })),
		no("no day", bad, "field.required", "paid_on", submit(p.debtor, func(c *claim) { c.PaidOn = model.Date{} })),
		no("paid tomorrow", bad, "date.future", "paid_on", submit(p.debtor, func(c *claim) { c.PaidOn = p.Today().AddDays(1) })),
		no("by whom", bad, "payer.unknown", "payer_kind", submit(p.debtor, func(c *claim) { c.PayerKind = "friend" })),
		no("by nobody", bad, "field.required", "payer_name", submit(p.debtor, func(c *claim) { c.PayerName = " " })),
		no("a long remark", bad, "field.too_long", "remark", submit(p.debtor, func(c *claim) { c.Remark = long })),
		no("no file", bad, "file.missing", "file_ids", submit(p.debtor, func(c *claim) { c.Files = nil })),
		no("ten files", bad, "file.too_many", "file_ids", submit(p.debtor, func(c *claim) { c.Files = make([]int64, 10) })),
		no("a file twice", bad, "file.repeated", "file_ids", submit(p.debtor, func(c *claim) { c.Files = []int64{file, file} })),
		no("no such file", bad, "file.unknown", "file_ids", submit(p.debtor, func(c *claim) { c.Files = []int64{999999} })),
		no("another's file", bad, "file.unknown", "file_ids", submit(p.debtor, func(c *claim) { c.Files = []int64{theirs} })),
		no("a file that is used", bad, "file.attached", "file_ids", submit(p.debtor, func(c *claim) { c.Files = []int64{usedFile} })),
		no("no such instalment", bad, "installment.unknown", "installment_ids", submit(p.debtor, func(c *claim) { c.Targets = []int64{999999} })),
		no("more than is owed", bad, "amount.over_debt", "amount_fen", submit(p.debtor, func(c *claim) { c.AmountFen = 100001 })),
		no("nothing to replace", bad, "receipt.not_returned", "replaces_id", submit(p.debtor, func(c *claim) { c.ReplacesID = used.ID })),
		no("a clerk decides", forbidden, "role.forbidden", "", decide(p.clerk, used.ID, used.Version, 1000)),
		no("another judge decides", gone, "receipt.not_found", "", decide(other, used.ID, used.Version, 1000)),
		no("an old page", clash, "receipt.changed", "", decide(p.judge, used.ID, 99, 1000)),
		no("nothing to confirm", bad, "amount.positive", "amount_fen", decide(p.judge, used.ID, used.Version, 0)),
		no("returned without a reason", bad, "reason.required", "reason", giveBack(p.judge, " ")),
		no("a long reason", bad, "field.too_long", "reason", giveBack(p.judge, long)),
		no("corrected without a reason", bad, "reason.required", "reason", correct(p.judge, " ")),
		no("nothing to correct", clash, "receipt.not_confirmed", "", correct(p.judge, "看错了")),
		no("the debtor answers for the creditor", gone, "receipt.not_found", "", respond(p.debtor, model.ResponseAcknowledged, "")),
		no("disputed without a reason", bad, "reason.required", "reason", respond(p.creditor, model.ResponseDisputed, "")),
		no("a long dispute", bad, "field.too_long", "reason", respond(p.creditor, model.ResponseDisputed, long)),
		no("a stranger reads", gone, "receipt.not_found", "", read),
		no("a stranger lists", gone, "case.not_found", "", listed),
		no("a stranger's ledger", gone, "case.not_found", "", ledger),
		no("a party's queue", forbidden, "role.forbidden", "", queue),
		no("too many words", bad, "filter.unknown", "text", words),
	)
}
