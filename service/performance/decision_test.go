package performance_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"microcourt/model"
	"microcourt/service/conversation"
	"microcourt/service/deskact"
	"microcourt/service/performance"
	"microcourt/service/servicetest"
	"microcourt/storage"
)

// decides is a decision at the desk, which can be taken back.
func (p *people) decides(kind model.DeskActKind, r *model.Receipt, change ...func(*performance.Decision)) *model.DeskAct {
	p.T.Helper()
	dec := performance.Decision{ReceiptID: r.ID, Version: r.Version, AmountFen: r.ClaimedFen, IdemKey: servicetest.FreshKey()}
	for _, f := range change {
		f(&dec)
	}
	d, err := p.Svc.Performance.Decide(context.Background(), p.judge.Actor, kind, dec)
	if err != nil {
		p.T.Fatal(err)
	}
	return d
}

func because(reason string) func(*performance.Decision) {
	return func(d *performance.Decision) { d.Reason, d.AmountFen = reason, 0 }
}

// informed are the notices about receipts that the debtor's and the creditor's side got
// of decisions.
func (p *people) informed() (out []model.NoticeKind) {
	p.T.Helper()
	for _, by := range []servicetest.Person{p.debtor, p.creditor} {
		for _, k := range []model.NoticeKind{model.NoticeReceiptConfirmed, model.NoticeReceiptReturned, model.NoticeReceiptCorrected} {
			for range p.NoticesOf(by, k) {
				out = append(out, k)
			}
		}
	}
	return out
}

func (p *people) waiting() []int64 {
	p.T.Helper()
	list, _, err := p.Svc.Performance.Queue(context.Background(), p.judge.Actor, model.QueueFilter{State: model.ReceiptSubmitted, Limit: 10})
	if err != nil {
		p.T.Fatal(err)
	}
	var out []int64
	for _, r := range list {
		out = append(out, r.ID)
	}
	return out
}

func (p *people) handOver(from servicetest.Person, caseID int64, to string) {
	p.T.Helper()
	cs, err := p.Svc.Filing.Case(context.Background(), from.Actor, caseID, false)
	if err == nil {
		err = p.Svc.Filing.HandOver(context.Background(), from.Actor, caseID, cs.Case.Version, to, "调整分工")
	}
	if err != nil {
		p.T.Fatal(err)
	}
}

// A decision at the desk is an entry at once and nothing else: the queue is done with
// it, parties read what they read before, and nothing follows. When its time is over
// it takes effect under the name of whoever decided.
func TestADecisionWaitsBeforeAnybodyIsTold(t *testing.T) {
	t.Parallel()
	p := newPeople(t)
	ctx, svc := context.Background(), p.Svc.Performance
	r := p.Submit(p.debtor, p.f, 60000, 1)
	d := p.decides(model.DecideConfirm, r)
	if d.State != model.DecisionPending || d.EndsAt.Sub(d.MadeAt) != 30*time.Second {
		t.Errorf("%+v", d)
	}
	if n := p.Audited(model.AuditReceiptDecide); n != 1 || p.Audited(model.AuditReceiptConfirm) != 0 {
		t.Errorf("the decision is in the audit trail %d times", n)
	}
	if w := p.waiting(); len(w) != 0 {
		t.Errorf("it is in the queue still: %v", w)
	}
	for _, by := range []servicetest.Person{p.debtor, p.judge} {
		if got := p.receipt(by, r.ID); got.Receipt.State != model.ReceiptSubmitted || len(got.Entries) != 0 {
			t.Errorf("%+v", got)
		}
	}
	if l := p.ledger(p.debtor); l.ConfirmedFen != 0 || len(p.informed()) != 0 {
		t.Errorf("something followed: %d, %v", l.ConfirmedFen, p.informed())
	}
	// The debtor can neither withdraw it nor decide about it meanwhile.
	_, err := svc.Withdraw(ctx, p.debtor.Actor, r.ID, r.Version)
	p.Refused(err, "receipt.deciding")
	// Nothing happens before the time.
	p.Clock.Advance(29 * time.Second)
	if err := p.Svc.DeskAct.Pass(ctx); err != nil || len(p.informed()) != 0 {
		t.Fatal(err, p.informed())
	}
	p.Clock.Advance(time.Second)
	for range 2 { // whichever instance comes, and once more
		if err := p.Svc.DeskAct.Pass(ctx); err != nil {
			t.Fatal(err)
		}
	}
	got := p.receipt(p.judge, r.ID)
	if got.Receipt.State != model.ReceiptConfirmed || got.Receipt.DecidedBy != p.judge.UserID || len(got.Entries) != 1 || got.Entries[0].ByUserID != p.judge.UserID {
		t.Errorf("%+v", got)
	}
	if told := p.informed(); len(told) != 2 {
		t.Errorf("told %v", told)
	}
	_, err = p.Svc.DeskAct.Undo(ctx, p.judge.Actor, d.ID)
	p.Refused(err, "decision.late")
	if l := p.ledger(p.debtor); l.ConfirmedFen != 60000 {
		t.Errorf("%d after it was too late to undo", l.ConfirmedFen)
	}
}

// Confirmed, taken back, returned: the parties hear of the return alone, and the
// first decision sent again later does not come back.
func TestOnlyWhatWasNotTakenBackIsTold(t *testing.T) {
	t.Parallel()
	p := newPeople(t)
	ctx, svc := context.Background(), p.Svc.Performance
	r := p.Submit(p.debtor, p.f, 60000, 1)
	dec := performance.Decision{ReceiptID: r.ID, Version: r.Version, AmountFen: 50000, SureFen: 50000, IdemKey: servicetest.FreshKey()}
	d, err := svc.Decide(ctx, p.judge.Actor, model.DecideConfirm, dec)
	if err != nil {
		t.Fatal(err)
	}
	for range 2 { // the answer got lost
		u, err := p.Svc.DeskAct.Undo(ctx, p.judge.Actor, d.ID)
		if err != nil || u.State != model.DecisionUndone {
			t.Fatal(u, err)
		}
	}
	if n := p.Audited(model.AuditDeskActUndo); n != 1 {
		t.Errorf("undone %d times", n)
	}
	if w := p.waiting(); !slices.Equal(w, []int64{r.ID}) {
		t.Errorf("it is not back in the queue: %v", w)
	}
	again, err := svc.Decide(ctx, p.judge.Actor, model.DecideConfirm, dec)
	if err != nil || again.ID != d.ID || again.State != model.DecisionUndone {
		t.Errorf("the decision under its old key: %+v %v", again, err)
	}
	if v, err := p.Svc.DeskAct.Own(ctx, p.judge.Actor, d.ID); err != nil || strings.Contains(v.Sentence(), "已确认") || !strings.Contains(v.Sentence(), "已撤销") || performance.Asked(v.DeskAct).AmountFen != 50000 {
		t.Errorf("%+v %v", v, err)
	}
	p.decides(model.DecideReturn, r, because("图片不清晰"))
	p.CarryOut()
	p.CarryOut()
	if told := p.informed(); !slices.Equal(told, []model.NoticeKind{model.NoticeReceiptReturned}) {
		t.Errorf("told %v", told)
	}
	if got := p.receipt(p.debtor, r.ID); got.Receipt.State != model.ReceiptReturned || got.Receipt.ReturnReason != "图片不清晰" || p.ledger(p.debtor).ConfirmedFen != 0 {
		t.Errorf("%+v", got)
	}
}

// What a decision would be refused for it is refused for at once, and leaves nothing.
func TestADecisionIsRefusedAtOnce(t *testing.T) {
	t.Parallel()
	p := newPeople(t)
	ctx, svc := context.Background(), p.Svc.Performance
	r := p.Submit(p.debtor, p.f, 60000, 1)
	for name, c := range map[string]struct {
		kind   model.DeskActKind
		change func(*performance.Decision)
		reason string
	}{
		"more than the debt":        {model.DecideConfirm, func(d *performance.Decision) { d.AmountFen = 500000 }, "amount.over_debt"},
		"nothing":                   {model.DecideConfirm, func(d *performance.Decision) { d.AmountFen = 0 }, "amount.positive"},
		"another version":           {model.DecideConfirm, func(d *performance.Decision) { d.Version = 7 }, "receipt.changed"},
		"another amount, unasked":   {model.DecideConfirm, func(d *performance.Decision) { d.AmountFen = 50000 }, "amount.differs"},
		"another than he was asked": {model.DecideConfirm, func(d *performance.Decision) { d.AmountFen, d.SureFen = 50000, 40000 }, "amount.differs"},
		"returned without reason":   {model.DecideReturn, func(d *performance.Decision) {}, "reason.required"},
		"corrected too early":       {model.DecideCorrect, func(d *performance.Decision) { d.Reason = "看错了" }, "receipt.not_confirmed"},
	} {
		dec := performance.Decision{ReceiptID: r.ID, Version: r.Version, AmountFen: r.ClaimedFen, IdemKey: servicetest.FreshKey()}
		c.change(&dec)
		_, err := svc.Decide(ctx, p.judge.Actor, c.kind, dec)
		if e, ok := errors.AsType[*model.Error](err); !ok || e.Reason != c.reason {
			t.Errorf("%s: %v, want %s", name, err, c.reason)
		}
	}
	if w := p.waiting(); len(w) != 1 || p.Audited(model.AuditReceiptDecide) != 0 {
		t.Errorf("something was left: %v", w)
	}
	for _, by := range []servicetest.Person{p.Staff("ji.wei", model.RoleJudge), p.clerk} {
		if _, err := svc.Decide(ctx, by.Actor, model.DecideConfirm, performance.Decision{ReceiptID: r.ID, Version: 1, AmountFen: 60000, IdemKey: servicetest.FreshKey()}); err == nil {
			t.Errorf("%s decided", by.Login)
		}
	}
}

// Another decision about the same receipt is refused, whichever door it comes
// through; one about another receipt of the case ends the first, whose ledger it
// counts on, and a refused one ends nothing.
func TestAnotherDecisionInTheCase(t *testing.T) {
	t.Parallel()
	p := newPeople(t)
	ctx, svc := context.Background(), p.Svc.Performance
	one, two := p.Submit(p.debtor, p.f, 60000, 1), p.Submit(p.debtor, p.f, 40000, 2)
	d := p.decides(model.DecideConfirm, one)
	_, err := svc.Decide(ctx, p.judge.Actor, model.DecideReturn, performance.Decision{ReceiptID: one.ID, Version: one.Version, Reason: "看不清", IdemKey: servicetest.FreshKey()})
	p.Refused(err, "receipt.pending")
	_, err = svc.Confirm(ctx, p.judge.Actor, performance.Decision{ReceiptID: one.ID, Version: one.Version, AmountFen: 60000, IdemKey: servicetest.FreshKey()})
	p.Refused(err, "receipt.pending")
	_, err = svc.Return(ctx, p.judge.Actor, one.ID, one.Version, "看不清")
	p.Refused(err, "receipt.pending")
	// More than is open once the first is in the ledger: refused, and the first waits on.
	_, err = svc.Decide(ctx, p.judge.Actor, model.DecideConfirm, performance.Decision{ReceiptID: two.ID, Version: two.Version, AmountFen: 60000, IdemKey: servicetest.FreshKey()})
	p.Refused(err, "amount.over_debt")
	if v, err := p.Svc.DeskAct.Own(ctx, p.judge.Actor, d.ID); err != nil || !v.Undoable() {
		t.Errorf("a refused decision ended another: %+v %v", v, err)
	}
	p.decides(model.DecideConfirm, two)
	if v, err := p.Svc.DeskAct.Own(ctx, p.judge.Actor, d.ID); err != nil || v.State != model.DecisionCarriedOut || v.EndedBy != p.judge.UserID {
		t.Errorf("%+v %v", v, err)
	}
	if l := p.ledger(p.judge); l.ConfirmedFen != 60000 {
		t.Errorf("%d is confirmed", l.ConfirmedFen)
	}
	p.CarryOut()
	if l := p.ledger(p.judge); l.ConfirmedFen != 100000 {
		t.Errorf("%d is confirmed", l.ConfirmedFen)
	}
}

// What rests on the ledger asks to end a decision first.
func TestWhatRestsOnTheLedgerWaits(t *testing.T) {
	t.Parallel()
	p := newPeople(t)
	ctx, svc := context.Background(), p.Svc.Performance
	p.Confirm(p.judge, p.Submit(p.debtor, p.f, 60000, 1), 60000)
	p.decides(model.DecideConfirm, p.Submit(p.debtor, p.f, 40000, 2))
	issue := func() error {
		_, _, err := p.Svc.Certificate.Issue(ctx, p.judge.Actor, p.f.ID, p.f.Instrument, p.f.Debtor)
		return err
	}
	p.Refused(issue(), "receipt.undoable")
	_, err := svc.EnterDebt(ctx, p.judge.Actor, performance.DebtChange{CaseID: p.f.ID, IdemKey: servicetest.FreshKey(), Entry: model.DebtEntry{Kind: model.DebtWaive, Paper: "放弃书"}})
	p.Refused(err, "receipt.undoable")
	if n, err := p.Svc.DeskAct.CarryOutNow(ctx, p.Staff("ji.wei", model.RoleJudge).Actor); err != nil || n != 0 {
		t.Errorf("another judge ended %d of them, %v", n, err)
	}
	if n, err := p.Svc.DeskAct.CarryOutNow(ctx, p.judge.Actor); err != nil || n != 1 {
		t.Fatal(n, err)
	}
	if err := issue(); err != nil {
		t.Error(err)
	}
}

// A decision that cannot be carried out any more does not vanish: whoever decided is
// told, nobody else, and the receipt waits again.
func TestADecisionThatFailsIsTold(t *testing.T) {
	t.Parallel()
	p := newPeople(t)
	ctx := context.Background()
	r := p.Submit(p.debtor, p.f, 100000, 1)
	d := p.decides(model.DecideConfirm, r)
	// The creditor forgives a part meanwhile: more would be confirmed than is owed.
	cs, err := p.Svc.Filing.Case(ctx, p.judge.Actor, p.f.ID, false)
	if err == nil {
		_, err = p.Svc.Performance.Forgive(ctx, p.creditor.Actor, performance.DebtChange{
			CaseID: p.f.ID, IdemKey: servicetest.FreshKey(), Entry: model.DebtEntry{ObligationID: cs.Obligations[0].ID, AmountFen: 30000},
		})
	}
	if err != nil {
		t.Fatal(err)
	}
	p.CarryOut()
	v, err := p.Svc.DeskAct.Own(ctx, p.judge.Actor, d.ID)
	if err != nil || v.State != model.DecisionFailed || !strings.Contains(v.Problem, "超过尚未履行") {
		t.Errorf("%+v %v", v, err)
	}
	if n := p.NoticesOf(p.judge, model.NoticeDecisionFailed); n != 1 || len(p.informed()) != 0 {
		t.Errorf("the judge was told %d times, parties %v", n, p.informed())
	}
	if w := p.waiting(); !slices.Equal(w, []int64{r.ID}) || p.ledger(p.judge).ConfirmedFen != 0 {
		t.Errorf("the queue has %v", w)
	}
}

// The case goes to another judge meanwhile: what was decided was decided by whoever
// was responsible, who can still take it back; the new one cannot.
func TestTheCaseIsHandedOverMeanwhile(t *testing.T) {
	t.Parallel()
	p := newPeople(t)
	ctx, svc := context.Background(), p.Svc.Performance
	other := p.Staff("ji.wei", model.RoleJudge)
	one, two := p.Submit(p.debtor, p.f, 60000, 1), p.Submit(p.debtor, p.f, 40000, 2)
	handOver := func(from servicetest.Person, to string) {
		t.Helper()
		p.handOver(from, p.f.ID, to)
	}
	d := p.decides(model.DecideConfirm, one)
	handOver(p.judge, "ji.wei")
	_, err := p.Svc.DeskAct.Undo(ctx, other.Actor, d.ID)
	p.Refused(err, "decision.not_found")
	// He decides after it, and is told so; nothing of the first judge's ends for him.
	p.Clock.Advance(10 * time.Second)
	for _, r := range []*model.Receipt{one, two} {
		next := performance.Decision{ReceiptID: r.ID, Version: r.Version, AmountFen: r.ClaimedFen, IdemKey: servicetest.FreshKey()}
		_, err := svc.Decide(ctx, other.Actor, model.DecideConfirm, next)
		p.Refused(err, "receipt.pending")
		if e, ok := errors.AsType[*model.Error](err); !ok || !strings.Contains(e.Message, p.judge.Name) || !strings.Contains(e.Message, "20 秒后生效") {
			t.Errorf("he is told %v", err)
		}
		_, err = svc.Confirm(ctx, other.Actor, next)
		p.Refused(err, "receipt.pending")
	}
	if n, err := p.Svc.DeskAct.CarryOutNow(ctx, other.Actor); err != nil || n != 0 {
		t.Errorf("he ended %d of a colleague's, %v", n, err)
	}
	if v, err := p.Svc.DeskAct.Own(ctx, p.judge.Actor, d.ID); err != nil || !v.Undoable() {
		t.Errorf("%+v %v", v, err)
	}
	if got := p.receipt(other, one.ID); got.Receipt.PendingDecisionID != d.ID {
		t.Errorf("%+v", got.Receipt)
	}
	if _, err := p.Svc.DeskAct.Undo(ctx, p.judge.Actor, d.ID); err != nil {
		t.Fatal(err)
	}
	dec, err := svc.Decide(ctx, other.Actor, model.DecideConfirm, performance.Decision{ReceiptID: two.ID, Version: two.Version, AmountFen: 40000, IdemKey: servicetest.FreshKey()})
	if err != nil {
		t.Fatal(err)
	}
	handOver(other, "zhang.min")
	p.CarryOut()
	got := p.receipt(p.judge, two.ID)
	if got.Receipt.State != model.ReceiptConfirmed || got.Receipt.DecidedBy != other.UserID || dec.ByUserID != other.UserID {
		t.Errorf("%+v", got.Receipt)
	}
}

// Two instances carry out, and somebody takes back at the very end of the time: it
// took effect once, or it was taken back, and what is told agrees.
func TestCarriedOutOrTakenBackAtOnce(t *testing.T) {
	t.Parallel()
	for range 5 {
		p := newPeople(t)
		ctx := context.Background()
		r := p.Submit(p.debtor, p.f, 60000, 1)
		d := p.decides(model.DecideConfirm, r)
		p.Clock.Advance(29*time.Second + 999*time.Millisecond)
		var wg sync.WaitGroup
		var undone error
		acts := []func(){
			func() { _ = p.Svc.DeskAct.Pass(ctx) },
			func() { p.Clock.Advance(2 * time.Millisecond); _ = p.Svc.DeskAct.Pass(ctx) },
			func() { _, undone = p.Svc.DeskAct.Undo(ctx, p.judge.Actor, d.ID) },
		}
		for _, act := range acts {
			wg.Add(1)
			go func() { defer wg.Done(); act() }()
		}
		wg.Wait()
		if err := p.Svc.DeskAct.Pass(ctx); err != nil {
			t.Fatal(err)
		}
		v, err := p.Svc.DeskAct.Own(ctx, p.judge.Actor, d.ID)
		if err != nil {
			t.Fatal(err)
		}
		want, confirmed := 2, model.Fen(60000)
		if undone == nil {
			want, confirmed = 0, 0
		}
		if (v.State == model.DecisionUndone) != (undone == nil) || len(p.informed()) != want || p.ledger(p.judge).ConfirmedFen != confirmed {
			t.Errorf("%s, undo said %v, told %v", v.State, undone, p.informed())
		}
	}
}

// The program is killed before the time is over: the next one carries out what the
// first took, once.
func TestADecisionOutlivesTheProgram(t *testing.T) {
	t.Parallel()
	p := newPeople(t)
	ctx := context.Background()
	r := p.Submit(p.debtor, p.f, 60000, 1)
	d := p.decides(model.DecideConfirm, r)
	// Another program over the same database, which was never told of it.
	next := deskact.New(p.DB, performance.New(p.DB, performance.Config{Objects: p.Objects, Logger: p.Logger, UndoFor: time.Minute}), nil)
	p.Clock.Advance(time.Hour)
	if err := next.Pass(ctx); err != nil {
		t.Fatal(err)
	}
	if err := p.DB.Transact(ctx, func(tx *storage.DB) error {
		stored, err := tx.LockDeskAct(ctx, d.ID)
		if err == nil && stored.State != model.DecisionCarriedOut {
			t.Errorf("%+v", stored)
		}
		return err
	}); err != nil {
		t.Fatal(err)
	}
	if got := p.receipt(p.debtor, r.ID); got.Receipt.State != model.ReceiptConfirmed || len(p.informed()) != 2 {
		t.Errorf("%+v, told %v", got.Receipt, p.informed())
	}
}

// A correction can be taken back like a confirmation.
func TestACorrectionIsTakenBack(t *testing.T) {
	t.Parallel()
	p := newPeople(t)
	ctx := context.Background()
	r := &p.Confirm(p.judge, p.Submit(p.debtor, p.f, 60000, 1), 60000).Receipt
	d := p.decides(model.DecideCorrect, r, func(d *performance.Decision) { d.AmountFen, d.Reason = 50000, "看错了" })
	if got := p.receipt(p.debtor, r.ID); got.Receipt.State != model.ReceiptConfirmed || got.Receipt.ConfirmedFen != 60000 {
		t.Errorf("%+v", got.Receipt)
	}
	if _, err := p.Svc.DeskAct.Undo(ctx, p.judge.Actor, d.ID); err != nil {
		t.Fatal(err)
	}
	p.decides(model.DecideCorrect, r, func(d *performance.Decision) { d.AmountFen, d.Reason = 40000, "又看了一遍" })
	p.CarryOut()
	if got := p.receipt(p.debtor, r.ID); got.Receipt.ConfirmedFen != 40000 || p.NoticesOf(p.debtor, model.NoticeReceiptCorrected) != 1 {
		t.Errorf("%+v", got.Receipt)
	}
}

// With the time turned off the desk decides at once, as it did.
func TestWithoutTimeToTakeBack(t *testing.T) {
	t.Parallel()
	p := newPeople(t)
	now := performance.New(p.DB, performance.Config{Objects: p.Objects, Logger: p.Logger})
	r := p.Submit(p.debtor, p.f, 60000, 1)
	d, err := now.Decide(context.Background(), p.judge.Actor, model.DecideConfirm, performance.Decision{ReceiptID: r.ID, Version: 1, AmountFen: 60000, IdemKey: servicetest.FreshKey()})
	if err != nil || d.State != model.DecisionCarriedOut {
		t.Fatal(d, err)
	}
	if len(p.informed()) != 2 || p.receipt(p.debtor, r.ID).Receipt.State != model.ReceiptConfirmed {
		t.Errorf("told %v", p.informed())
	}
}

// A receipt with a flag that asks for it is confirmed with a reason, which stays in
// the ledger, for the court alone; the earlier receipt is shown to whom it is open.
func TestADoubtfulReceiptAsksForAReason(t *testing.T) {
	t.Parallel()
	p := newPeople(t)
	ctx, svc := context.Background(), p.Svc.Performance
	first := servicetest.Claim(p.f, 30000, p.Uploaded(p.debtor, p.f.ID, 1))
	first.BankSerial = "88001"
	earlier, err := svc.Submit(ctx, p.debtor.Actor, first)
	if err != nil {
		t.Fatal(err)
	}
	second := servicetest.Claim(p.f, 30000, p.Uploaded(p.debtor, p.f.ID, 2))
	second.BankSerial = "88001"
	r, err := svc.Submit(ctx, p.debtor.Actor, second)
	if err != nil {
		t.Fatal(err)
	}
	got := p.receipt(p.judge, r.ID)
	if len(got.Earlier) != 1 || got.Earlier[0].ReceiptID != earlier.ID || !got.Earlier[0].Open || len(got.Earlier[0].Files) != 1 || got.Earlier[0].ClaimedFen != 30000 || got.Earlier[0].CaseNo != p.f.No {
		t.Errorf("%+v", got.Earlier)
	}
	dec := performance.Decision{ReceiptID: r.ID, Version: 1, AmountFen: 30000, IdemKey: servicetest.FreshKey()}
	_, err = svc.Confirm(ctx, p.judge.Actor, dec)
	p.Refused(err, "receipt.doubtful")
	_, err = svc.Decide(ctx, p.judge.Actor, model.DecideConfirm, dec)
	if e, ok := errors.AsType[*model.Error](err); !ok || e.Reason != "receipt.doubtful" || model.FieldOf(err) != "doubt_reason" || !strings.Contains(e.Message, "流水号") {
		t.Errorf("%v", err)
	}
	dec.DoubtReason = "已核对回单，不是同一笔。"
	if _, err := svc.Decide(ctx, p.judge.Actor, model.DecideConfirm, dec); err != nil {
		t.Fatal(err)
	}
	p.CarryOut()
	if l := p.ledger(p.judge); len(l.Entries) != 1 || l.Entries[0].DoubtReason != "已核对回单，不是同一笔。" {
		t.Errorf("%+v", l.Entries)
	}
	if e := p.receipt(p.judge, r.ID).Entries; len(e) != 1 || e[0].DoubtReason == "" {
		t.Errorf("%+v", e)
	}
	for _, by := range []servicetest.Person{p.debtor, p.creditor} {
		for _, e := range append(p.ledger(by).Entries, p.receipt(by, r.ID).Entries...) {
			if e.DoubtReason != "" {
				t.Errorf("%s reads %q", by.Phone, e.DoubtReason)
			}
		}
	}
	// A clean one asks for none, and keeps none.
	clean := p.Submit(p.debtor, p.f, 10000, 3)
	if _, err := svc.Confirm(ctx, p.judge.Actor, performance.Decision{ReceiptID: clean.ID, Version: 1, AmountFen: 10000, DoubtReason: "多余", IdemKey: servicetest.FreshKey()}); err != nil {
		t.Fatal(err)
	}
	if e := p.receipt(p.judge, clean.ID).Entries; e[0].DoubtReason != "" {
		t.Errorf("%+v", e)
	}
}

// Another judge's case gives number, day and amount, and no picture.
func TestAnEarlierReceiptOfAnothersCase(t *testing.T) {
	t.Parallel()
	p := newPeople(t)
	ctx, svc := context.Background(), p.Svc.Performance
	other := p.Staff("ji.wei", model.RoleJudge)
	first := servicetest.Claim(p.f, 30000, p.Uploaded(p.debtor, p.f.ID, 1))
	first.BankSerial = "88002"
	if _, err := svc.Submit(ctx, p.debtor.Actor, first); err != nil {
		t.Fatal(err)
	}
	f := p.File(p.clerk)
	p.Bind(p.debtor, p.clerk, f.ID, f.Debtor)
	p.handOver(p.judge, f.ID, "ji.wei")
	second := servicetest.Claim(f, 30000, p.Uploaded(p.debtor, f.ID, 2))
	second.BankSerial = "88002"
	r, err := svc.Submit(ctx, p.debtor.Actor, second)
	if err != nil {
		t.Fatal(err)
	}
	got := p.receipt(other, r.ID)
	if len(got.Earlier) != 1 {
		t.Fatalf("%+v", got.Earlier)
	}
	if e := got.Earlier[0]; e.Open || len(e.Files) != 0 || e.State != "" || e.CaseNo != p.f.No || e.ClaimedFen != 30000 || e.PaidOn.IsZero() {
		t.Errorf("%+v", e)
	}
}

// The first judge's decision takes effect at its time; after it the next judge decides,
// also before any job came by.
func TestTheNextJudgeDecidesAfterTheFirst(t *testing.T) {
	t.Parallel()
	p := newPeople(t)
	ctx := context.Background()
	other := p.Staff("ji.wei", model.RoleJudge)
	one, two := p.Submit(p.debtor, p.f, 60000, 1), p.Submit(p.debtor, p.f, 40000, 2)
	d := p.decides(model.DecideConfirm, one)
	p.handOver(p.judge, p.f.ID, "ji.wei")
	p.Clock.Advance(p.UndoFor)
	if _, err := p.Svc.Performance.Decide(ctx, other.Actor, model.DecideConfirm, performance.Decision{ReceiptID: two.ID, Version: two.Version, AmountFen: 40000, IdemKey: servicetest.FreshKey()}); err != nil {
		t.Fatal(err)
	}
	if v, err := p.Svc.DeskAct.Own(ctx, p.judge.Actor, d.ID); err != nil || v.State != model.DecisionCarriedOut || v.EndedBy != 0 {
		t.Errorf("%+v %v", v, err)
	}
	if got := p.receipt(other, one.ID); got.Receipt.DecidedBy != p.judge.UserID {
		t.Errorf("%+v", got.Receipt)
	}
}

// Whose account is closed decides and answers nothing any more: what he could still take
// back does not take effect, the trail says why, and whoever is responsible now is told.
func TestAClosedAccountStopsWhatWaits(t *testing.T) {
	t.Parallel()
	p := newPeople(t)
	ctx := context.Background()
	other, admin := p.Staff("ji.wei", model.RoleJudge), p.Staff("guan.li", model.RoleAdmin)
	r := p.Submit(p.debtor, p.f, 60000, 1)
	talk := p.Say(p.debtor, p.f.ID, 0, "收到了吗？").ConversationID
	d := p.decides(model.DecideConfirm, r)
	a, err := p.Svc.Conversation.Answer(ctx, p.judge.Actor, conversation.Words{ConversationID: talk, Text: "收到了。", Key: servicetest.FreshKey()})
	if err != nil {
		t.Fatal(err)
	}
	p.handOver(p.judge, p.f.ID, "ji.wei")
	if n, err := p.Svc.Identity.DisableStaff(ctx, admin.Actor, p.Court.ID, p.judge.Login); err != nil || n != 2 {
		t.Fatal(n, err)
	}
	p.CarryOut()
	stopped := func(id int64) {
		t.Helper()
		got, err := p.DB.DeskAct(ctx, id)
		if err != nil || got.State != model.DecisionFailed || got.Problem != model.StoppedDisabled || got.EndedBy != admin.UserID {
			t.Errorf("%+v %v", got, err)
		}
	}
	stopped(d.ID)
	stopped(a.ID)
	if told := p.informed(); len(told) != 0 || p.NoticesOf(p.debtor, model.NoticeMessageReplied) != 0 || p.Audited(model.AuditDeskActFailed) != 2 {
		t.Errorf("parties were told %v", told)
	}
	if p.NoticesOf(other, model.NoticeDecisionFailed) != 1 || p.NoticesOf(other, model.NoticeAnswerFailed) != 1 {
		t.Error("the next judge does not know")
	}
	if got := p.receipt(other, r.ID); got.Receipt.State != model.ReceiptSubmitted || got.Receipt.PendingDecisionID != 0 {
		t.Errorf("%+v", got.Receipt)
	}
	if n, err := p.Svc.Identity.DisableStaff(ctx, admin.Actor, p.Court.ID, p.judge.Login); err != nil || n != 0 {
		t.Errorf("a repeat stopped %d, %v", n, err)
	}
	// What a request that was under way enters after that does not take effect either.
	late, err := p.Svc.Conversation.Answer(ctx, other.Actor, conversation.Words{ConversationID: talk, Text: "收到了。", Key: servicetest.FreshKey()})
	if err == nil {
		err = p.DB.Transact(ctx, func(tx *storage.DB) error { return tx.SetUserState(ctx, other.UserID, model.UserDisabled) })
	}
	if err != nil {
		t.Fatal(err)
	}
	p.CarryOut()
	if got, err := p.DB.DeskAct(ctx, late.ID); err != nil || got.State != model.DecisionFailed || p.NoticesOf(p.debtor, model.NoticeMessageReplied) != 0 {
		t.Errorf("%+v %v", got, err)
	}
}
