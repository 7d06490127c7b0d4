package performance_test

import (
	"context"
	"strings"
	"testing"

	"microcourt/model"
	"microcourt/service/filing"
	"microcourt/service/performance"
	"microcourt/service/servicetest"
)

// 民法典 575 beside an agreement: what the creditor forgives while it is in force is
// not asked for by it any more, and paying the rest keeps it.
func TestAForgivenessBesideAPlan(t *testing.T) {
	t.Parallel()
	l := lends(t, "")
	l.Until(servicetest.At(3, 5, 12)) // late by four days
	p := l.agreed(promised(model.Yuan(50_000), 9, 20), promised(model.Yuan(50_000), 12, 20))
	if _, err := l.forgives(l.creditor, model.DebtEntry{AmountFen: model.Yuan(60_000)}); err != nil {
		t.Fatal(err)
	}
	v := l.planView(p.ID)
	if i := l.ledger(l.debtor).Installments[0]; v.Progress.PromisedFen != model.Yuan(40_000) || i.DueFen() != model.Yuan(40_000) || v.Effect.PromisedFen != model.Yuan(40_000) {
		t.Errorf("asked for %s of %+v", i.DueFen().Yuan(), v.Progress)
	}
	l.pays(l.Today(), model.Yuan(40_000), 2601)
	v = l.planView(p.ID)
	if sum := l.ledger(l.debtor).Sum(); v.State != model.PlanKept || sum.SumFen() != 0 || l.state() != model.PerformanceFulfilled {
		t.Errorf("%s, %s, %+v", v.State, l.state(), sum)
	}
}

// What was promised of the interest is not given up when the principal alone is paid.
func TestInterestThatAPlanPromises(t *testing.T) {
	t.Parallel()
	l := lends(t, "")
	l.Until(servicetest.At(3, 21, 12)) // twenty days of 17.5 yuan
	p := l.agreed(promised(model.Yuan(100_000)+200_00, 3, 30))
	r := l.pays(l.Today(), model.Yuan(100_000), 2602)
	if sum, v := l.ledger(l.debtor).Sum(), l.planView(p.ID); v.State != model.PlanInForce || sum.DoubledFen != 350_00 || l.state() == model.PerformanceFulfilled {
		t.Fatalf("the principal alone: %s %s %+v", v.State, l.state(), sum)
	}
	l.Until(servicetest.At(3, 22, 12))
	l.pays(l.Today(), 200_00, 2603)
	if sum, v := l.ledger(l.debtor).Sum(), l.planView(p.ID); v.State != model.PlanKept || sum.SumFen() != 0 {
		t.Fatalf("all of it: %s %+v", v.State, sum)
	}
	if _, err := l.Svc.Performance.Correct(context.Background(), l.judge.Actor, performance.Decision{ReceiptID: r.ID, Version: r.Version, Reason: "款项被退回", IdemKey: servicetest.FreshKey()}); err != nil {
		t.Fatal(err)
	}
	if sum, v := l.ledger(l.debtor).Sum(), l.planView(p.ID); v.State != model.PlanInForce || sum.PrincipalFen != model.Yuan(100_000) || sum.DoubledWaived != 0 {
		t.Errorf("taken back: %s %+v", v.State, sum)
	}
}

// A notice that an agreement was kept does not say that the debt is over where its
// interest is still owed.
func TestAKeptPlanWithoutItsInterest(t *testing.T) {
	t.Parallel()
	l := lends(t, "")
	l.Until(servicetest.At(3, 21, 12))
	p, err := l.replans(func(in *performance.PlanInput) { in.InterestToo, in.Paper = false, "双方签订的和解协议" }, promised(model.Yuan(90_000), 3, 30))
	if err != nil {
		t.Fatal(err)
	}
	l.pays(l.Today(), model.Yuan(90_000), 2604)
	sum := l.ledger(l.debtor).Sum()
	if v := l.planView(p.ID); v.State != model.PlanKept || sum.ForgivenFen != model.Yuan(10_000) || sum.DoubledFen != 350_00 {
		t.Fatalf("%s %+v", v.State, sum)
	}
	body := l.lastNotice(l.debtor, model.NoticePlanKept)
	if strings.Contains(body, "债务了结") || !strings.Contains(body, "至今日尚欠 350.00 元") {
		t.Error(body)
	}
}

func (l *lender) lastNotice(of servicetest.Person, kind model.NoticeKind) string {
	l.t.Helper()
	list, _, err := l.Svc.Notice.Inbox(context.Background(), of.Actor, 0, 0, 100)
	if err != nil {
		l.t.Fatal(err)
	}
	for _, n := range list {
		if n.Kind == kind {
			return n.Body
		}
	}
	l.t.Fatal("no notice ", kind)
	return ""
}

// An agreement takes no effect over the head of somebody who took a party's place
// since it was recorded; of one in force the successor reads, and is told.
func TestAPlanWhosePartiesChange(t *testing.T) {
	t.Parallel()
	l, ctx := lends(t, ""), context.Background()
	l.Until(servicetest.At(3, 5, 12))
	p, err := l.replans(nil, promised(model.Yuan(20_000), 9, 20))
	if err != nil {
		t.Fatal(err)
	}
	if err := l.answers(l.creditor, p.ID, true); err != nil {
		t.Fatal(err)
	}
	takes := func(ground model.SuccessionGround, from int64, name string) {
		e := model.Succession{Ground: ground, PartyID: from, OnDay: l.Today(), NoticedOn: l.Today(), Paper: "转让协议", IdemKey: servicetest.FreshKey()}
		if ground == model.SuccessionDeath {
			e.NoticedOn = model.Date{}
		}
		_, err := l.Svc.Filing.Succeed(ctx, l.judge.Actor, filing.Change{
			CaseID: l.f.ID, Entry: e, Heirs: []filing.Heir{{New: &filing.PartyInput{Kind: model.Person, Name: name}}},
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	takes(model.SuccessionAssignment, l.f.Creditor, "周受让")
	l.RefusedAt(l.answers(l.debtor, p.ID, true), "plan.covers", "installments")
	if v := l.planView(p.ID); v.State != model.PlanProposed {
		t.Errorf("in force without the creditor: %s", v.State)
	}
	if err := l.Svc.Performance.WithdrawPlan(ctx, l.judge.Actor, p.ID, "权利人变更"); err != nil {
		t.Fatal(err)
	}
	l.f.Creditor = l.PartyNamed(l.judge, l.f.ID, "周受让")
	if p, err = l.replans(func(in *performance.PlanInput) { in.Paper = "双方签订的和解协议" }, promised(model.Yuan(20_000), 3, 20)); err != nil {
		t.Fatal(err)
	}
	takes(model.SuccessionDeath, l.f.Creditor, "周继承")
	heir := l.Citizen()
	l.Bind(heir, l.clerk, l.f.ID, l.PartyNamed(l.judge, l.f.ID, "周继承"))
	if list, err := l.Svc.Performance.Plans(ctx, heir.Actor, l.f.ID); err != nil || len(list) != 1 || list[0].ID != p.ID {
		t.Errorf("the heir reads %v %v", list, err)
	}
	if list, err := l.Svc.Performance.Plans(ctx, l.Citizen().Actor, l.f.ID); err == nil {
		t.Errorf("a stranger reads %v", list)
	}
	l.Until(servicetest.At(3, 22, 12))
	if l.NoticesOf(heir, model.NoticePlanBroken) != 1 || l.NoticesOf(l.creditor, model.NoticePlanBroken) != 0 {
		t.Error("the heir was not told that it is broken, or who is creditor no more was")
	}
}

func (l *lender) brokenTasks() (n int) {
	l.t.Helper()
	for _, task := range l.OpenTasks(l.judge) {
		if task.Kind == model.TaskPlanBroken {
			n++
		}
	}
	return n
}

// 民法典 1161, 520 para. 2: a joint debtor who was forgiven and inherits from the other
// owes as his heir.
func TestAForgivenDebtorInherits(t *testing.T) {
	t.Parallel()
	w, ctx := servicetest.New(t), context.Background()
	l := &lender{World: w, t: t, judge: w.Staff("zhang.min", model.RoleJudge), clerk: w.Staff("wan.tt", model.RoleClerk), creditor: w.Citizen(), debtor: w.Citizen()}
	l.f = w.File(l.clerk, func(in *filing.CaseInput) {
		in.Parties = append(in.Parties, filing.PartyInput{Ref: "D2", Role: "defendant", Kind: "person", Name: "赵明远", IDNumber: "34052419800101001X", Phone: "13900139000"})
		in.Parties = append(in.Parties, filing.PartyInput{Ref: "D3", Role: "defendant", Kind: "person", Name: "赵明思", Phone: "13900139001"})
		in.Instruments[0].Obligations[0].Obligors = []string{"D2", "D3"}
	})
	w.Bind(l.creditor, l.clerk, l.f.ID, l.f.Creditor)
	one, other := w.PartyNamed(l.clerk, l.f.ID, "赵明思"), w.PartyNamed(l.clerk, l.f.ID, "赵明远")
	d, err := w.Svc.Filing.Case(ctx, l.judge.Actor, l.f.ID, false)
	if err != nil {
		t.Fatal(err)
	}
	l.obligation = d.Obligations[0].ID
	if _, err := l.forgives(l.creditor, model.DebtEntry{DebtorID: one}); err != nil {
		t.Fatal(err)
	}
	_, err = w.Svc.Filing.Succeed(ctx, l.judge.Actor, filing.Change{
		CaseID: l.f.ID, Heirs: []filing.Heir{{Successor: model.Successor{PartyID: one}}},
		Entry: model.Succession{Ground: model.SuccessionDeath, PartyID: other, OnDay: w.Today(), Paper: "死亡证明", IdemKey: servicetest.FreshKey()},
	})
	if err != nil {
		t.Fatal(err)
	}
	if d, err = w.Svc.Filing.Case(ctx, l.judge.Actor, l.f.ID, false); err != nil || len(d.Obligors) != 1 || d.Obligors[0].PartyID != one || !d.Obligors[0].Limited {
		t.Errorf("nobody owes what is left: %+v %v", d.Obligors, err)
	}
}
