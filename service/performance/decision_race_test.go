package performance_test

import (
	"context"
	"testing"
	"time"

	"microcourt/model"
	"microcourt/service/certificate"
	"microcourt/service/performance"
	"microcourt/service/servicetest"
)

func (p *people) objections(by servicetest.Person) (n int) {
	p.T.Helper()
	for _, l := range p.OpenTasks(by) {
		if l.Kind == model.TaskObjection {
			n++
		}
	}
	return n
}

// A creditor who objects while the confirmation can still be taken back objects to
// what the judge had decided without knowing it: when it takes effect it is a task, as
// if he had objected afterwards. Of what he said before, the judge knew.
func TestAnObjectionWhileADecisionWaits(t *testing.T) {
	t.Parallel()
	p := newPeople(t)
	ctx, svc := context.Background(), p.Svc.Performance
	object := func(r *model.Receipt) {
		t.Helper()
		if _, err := svc.Respond(ctx, p.creditor.Actor, r.ID, model.ResponseDisputed, "没有收到"); err != nil {
			t.Fatal(err)
		}
	}
	known := p.Submit(p.debtor, p.f, 20000, 1)
	object(known)
	p.decides(model.DecideConfirm, known)
	p.CarryOut()
	if n := p.objections(p.judge); n != 0 {
		t.Errorf("%d tasks of what the judge knew", n)
	}
	undone := p.Submit(p.debtor, p.f, 20001, 2)
	d := p.decides(model.DecideConfirm, undone)
	object(undone)
	if _, err := p.Svc.DeskAct.Undo(ctx, p.judge.Actor, d.ID); err != nil {
		t.Fatal(err)
	}
	p.CarryOut()
	if n := p.objections(p.judge); n != 0 {
		t.Errorf("%d tasks of what was taken back", n)
	}
	late := p.Submit(p.debtor, p.f, 20002, 3)
	p.decides(model.DecideConfirm, late)
	p.Clock.Advance(time.Second)
	object(late)
	if n := p.objections(p.judge); n != 1 {
		t.Errorf("%d tasks while the judge can still take it back", n)
	}
	p.CarryOut()
	if n := p.objections(p.judge); n != 1 {
		t.Errorf("%d tasks of an objection that the judge did not know", n)
	}
}

// A certificate is no more looked at than issued while a decision about what it rests
// on can be taken back: what was seen would not be what is issued.
func TestNoDraftWhileADecisionWaits(t *testing.T) {
	t.Parallel()
	p := newPeople(t)
	ctx := context.Background()
	r := &p.Confirm(p.judge, p.Submit(p.debtor, p.f, 100000, 1), 100000).Receipt
	of := certificate.Paper{CaseID: p.f.ID, InstrumentID: p.f.Instrument, PartyID: p.f.Debtor}
	seen, err := p.Svc.Certificate.Draft(ctx, p.judge.Actor, of)
	if err != nil {
		t.Fatal(err)
	}
	d := p.decides(model.DecideCorrect, r, func(d *performance.Decision) { d.AmountFen, d.Reason = 50000, "看错了" })
	_, err = p.Svc.Certificate.Draft(ctx, p.judge.Actor, of)
	p.Refused(err, "receipt.undoable")
	list, err := p.Svc.Certificate.Drafts(ctx, p.judge.Actor, []certificate.Paper{of})
	if err != nil || len(list) != 1 || model.ReasonOf(list[0].Err) != "receipt.undoable" {
		t.Errorf("%+v %v", list, err)
	}
	issued, err := p.Svc.Certificate.IssueBatch(ctx, p.judge.Actor, []certificate.Paper{seen.Paper})
	if err != nil || issued[0].Certificate != nil || model.ReasonOf(issued[0].Err) != "receipt.undoable" {
		t.Errorf("%+v %v", issued, err)
	}
	if _, err := p.Svc.DeskAct.Undo(ctx, p.judge.Actor, d.ID); err != nil {
		t.Fatal(err)
	}
	if issued, err = p.Svc.Certificate.IssueBatch(ctx, p.judge.Actor, []certificate.Paper{seen.Paper}); err != nil || issued[0].Certificate == nil {
		t.Errorf("%+v %v", issued, err)
	}
}

// Whoever is responsible when a decision fails is told: an officer's successor, and not
// the trial judge, who does not see to it.
func TestADecisionFailsForWhoeverIsResponsibleNow(t *testing.T) {
	t.Parallel()
	p := newPeople(t, servicetest.PersonOwes)
	ctx := context.Background()
	officer, next := p.Staff("wu.zx", model.RoleOfficer), p.Staff("liu.zx", model.RoleOfficer)
	e := p.EnforcedBy(officer, p.f)
	r := p.Submit(p.debtor, p.f, 100000, 1)
	if _, err := p.Svc.Performance.Decide(ctx, officer.Actor, model.DecideConfirm, performance.Decision{
		ReceiptID: r.ID, Version: r.Version, AmountFen: 100000, IdemKey: servicetest.FreshKey(),
	}); err != nil {
		t.Fatal(err)
	}
	if _, err := p.Svc.Performance.Respond(ctx, p.creditor.Actor, r.ID, model.ResponseDisputed, "没有收到"); err != nil {
		t.Fatal(err)
	}
	if o, j := p.objections(officer), p.objections(p.judge); o != 1 || j != 0 {
		t.Errorf("the officer has %d tasks, the trial judge %d", o, j)
	}
	held, err := p.Svc.Enforcement.Case(ctx, officer.Actor, e.ID)
	if err == nil {
		err = p.Svc.Enforcement.HandOver(ctx, officer.Actor, e.ID, held.File.Version, next.Login, "调整分工")
	}
	if err != nil {
		t.Fatal(err)
	}
	if n := p.objections(next); n != 1 {
		t.Errorf("his successor has %d tasks", n)
	}
	cs, err := p.Svc.Filing.Case(ctx, p.judge.Actor, p.f.ID, false)
	if err == nil {
		_, err = p.Svc.Performance.Forgive(ctx, p.creditor.Actor, performance.DebtChange{
			CaseID: p.f.ID, IdemKey: servicetest.FreshKey(), Entry: model.DebtEntry{ObligationID: cs.Obligations[0].ID, AmountFen: 90000},
		})
	}
	if err != nil {
		t.Fatal(err)
	}
	p.CarryOut()
	for by, want := range map[*servicetest.Person]int{&officer: 1, &next: 1, &p.judge: 0} {
		if n := p.NoticesOf(*by, model.NoticeDecisionFailed); n != want {
			t.Errorf("%s was told %d times, want %d", by.Login, n, want)
		}
	}
}
