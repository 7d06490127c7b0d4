package performance_test

import (
	"context"
	"slices"
	"strings"
	"testing"
	"time"

	"microcourt/model"
	"microcourt/service/performance"
	"microcourt/service/servicetest"
)

func promised(fen model.Fen, month time.Month, day int) model.SettlementPart {
	return model.SettlementPart{AmountFen: fen, DueOn: model.NewDate(2026, month, day)}
}

// replans records an agreement on the loan, signed today.
func (l *lender) replans(change func(*performance.PlanInput), parts ...model.SettlementPart) (*model.PlanAgreement, error) {
	in := performance.PlanInput{
		CaseID: l.f.ID, SignedOn: l.Today(), Text: "双方同意按新的期限付款", Installments: l.f.Installments, Parts: parts, InterestToo: true, IdemKey: servicetest.FreshKey(),
	}
	if change != nil {
		change(&in)
	}
	return l.Svc.Performance.RecordPlan(context.Background(), l.judge.Actor, in)
}

func (l *lender) answers(by servicetest.Person, id int64, agrees bool) error {
	_, err := l.Svc.Performance.AnswerPlan(context.Background(), by.Actor, id, agrees, "")
	return err
}

// agreed is an agreement to which both sides agree on their phones.
func (l *lender) agreed(parts ...model.SettlementPart) *model.PlanAgreement {
	l.t.Helper()
	p, err := l.replans(nil, parts...)
	if err != nil {
		l.t.Fatal(err)
	}
	for _, by := range []servicetest.Person{l.creditor, l.debtor} {
		if err := l.answers(by, p.ID, true); err != nil {
			l.t.Fatal(err)
		}
	}
	return p
}

func (l *lender) planView(id int64) performance.PlanView {
	l.t.Helper()
	list, err := l.Svc.Performance.Plans(context.Background(), l.judge.Actor, l.f.ID)
	i := slices.IndexFunc(list, func(v performance.PlanView) bool { return v.ID == id })
	if err != nil || i < 0 {
		l.t.Fatal(list, err)
	}
	return list[i]
}

func (l *lender) caseNow() model.Case {
	l.t.Helper()
	d, err := l.Svc.Filing.Case(context.Background(), l.judge.Actor, l.f.ID, false)
	if err != nil {
		l.t.Fatal(err)
	}
	return d.Case
}

// Agreed on two phones, changed once more, and kept: what is due follows the newest
// agreement, nothing paid is lost, the rest ends by entries, and the certificate says
// when and how much was performed.
func TestAPlanIsChangedTwiceAndKept(t *testing.T) {
	t.Parallel()
	l := lends(t, "2026-01-01起 年利率3.65% 先本后息")
	ctx := context.Background()
	l.Until(servicetest.At(3, 3, 12))
	one, err := l.replans(nil, promised(model.Yuan(30_000), 4, 10), promised(model.Yuan(50_000), 5, 10))
	if err != nil {
		t.Fatal(err)
	}
	if one.State != model.PlanProposed || l.NoticesOf(l.debtor, model.NoticePlanProposed) != 1 || l.caseNow().NextDueOn != model.NewDate(2026, 3, 1) {
		t.Fatalf("nothing changes before all agree: %+v", one)
	}
	_, err = l.replans(nil, promised(1, 4, 10))
	l.Refused(err, "plan.pending")
	if err := l.answers(l.creditor, one.ID, true); err != nil {
		t.Fatal(err)
	}
	l.Refused(l.answers(l.creditor, one.ID, false), "plan.answered")
	for range 2 { // the answer got lost
		if err := l.answers(l.debtor, one.ID, true); err != nil {
			t.Fatal(err)
		}
	}
	if cs := l.caseNow(); cs.NextDueOn != model.NewDate(2026, 4, 10) || l.planView(one.ID).State != model.PlanInForce {
		t.Errorf("in force: due on %s", cs.NextDueOn)
	}
	if n := l.NoticesOf(l.creditor, model.NoticePlanAgreed); n != 1 {
		t.Errorf("the creditor was told %d times", n)
	}
	if e := l.planView(one.ID).Effect; e.ForgivesFen == 0 || e.PrincipalFen != model.Yuan(100_000) || e.WaivesFen == 0 {
		t.Errorf("%+v", e)
	}
	l.Until(servicetest.At(4, 4, 12)) // seven days before the new day, and a month after the old one
	if l.NoticesOf(l.debtor, model.NoticeDueSoon) == 0 || l.NoticesOf(l.debtor, model.NoticeSecondDemand) != 0 {
		t.Error("reminders do not follow the agreement")
	}
	l.pays(model.NewDate(2026, 4, 4), model.Yuan(30_000), 2501)
	if due := l.caseNow().NextDueOn; due != model.NewDate(2026, 5, 10) {
		t.Errorf("the second part is due on %s", due)
	}
	two := l.agreed(promised(model.Yuan(40_000), 6, 30))
	if first := l.planView(one.ID); first.State != model.PlanReplaced || two.Edition != 2 || l.caseNow().NextDueOn != model.NewDate(2026, 6, 30) || len(first.Parts) != 2 {
		t.Errorf("changed again: %+v", first)
	}
	l.Until(servicetest.At(6, 20, 12))
	r := l.pays(model.NewDate(2026, 6, 20), model.Yuan(40_000), 2502)
	v := l.planView(two.ID)
	sum := l.ledger(l.debtor).Sum()
	if v.State != model.PlanKept || l.state() != model.PerformanceFulfilled || sum.SumFen() != 0 || sum.ForgivenFen != model.Yuan(30_000) {
		t.Fatalf("kept: %s %s %+v", v.State, l.state(), sum)
	}
	if l.NoticesOf(l.debtor, model.NoticePlanKept) != 1 {
		t.Error("nobody was told")
	}
	forgiven := l.ledger(l.debtor).Declared
	l.Refused(l.refuses(l.debtor, forgiven[0].ID), "debt.refuse_agreed")
	// Taken back, everything that keeping it ended is owed again.
	if _, err := l.Svc.Performance.Correct(ctx, l.judge.Actor, performance.Decision{ReceiptID: r.ID, Version: r.Version, Reason: "款项被退回", IdemKey: servicetest.FreshKey()}); err != nil {
		t.Fatal(err)
	}
	if sum = l.ledger(l.debtor).Sum(); sum.PrincipalFen != model.Yuan(70_000) || sum.OrdinaryFen == 0 || l.planView(two.ID).State != model.PlanInForce || l.caseNow().NextDueOn != model.NewDate(2026, 6, 30) {
		t.Errorf("corrected: %s %+v", l.planView(two.ID).State, sum)
	}
	l.pays(model.NewDate(2026, 6, 20), model.Yuan(40_000), 2503)
	cert, _, err := l.Svc.Certificate.Issue(ctx, l.judge.Actor, l.f.ID, l.f.Instrument, l.f.Debtor)
	if err != nil {
		t.Fatal(err)
	}
	if cert.TotalFen != model.Yuan(70_000) || cert.Timeliness != model.AsAgreed {
		t.Errorf("the certificate: %d, %s", cert.TotalFen, cert.Timeliness)
	}
	periods, err := l.Svc.Filing.Case(ctx, l.judge.Actor, l.f.ID, false)
	if err != nil || len(periods.Periods) != 0 {
		t.Errorf("%v %v", periods.Periods, err)
	}
}

// Broken: the instrument's days and sums hold again, less what was paid; late money
// cures, and an application for enforcement ends it for good.
func TestAPlanIsBroken(t *testing.T) {
	t.Parallel()
	l := lends(t, "2026-01-01起 年利率3.65% 先本后息")
	l.Until(servicetest.At(3, 3, 12))
	p := l.agreed(promised(model.Yuan(30_000), 3, 20), promised(model.Yuan(50_000), 9, 20))
	d, err := l.Svc.Filing.Case(context.Background(), l.judge.Actor, l.f.ID, false)
	if err != nil || !strings.Contains(d.Periods[0].Event, "和解协议") || d.Periods[0].Start != model.NewDate(2026, 9, 20) {
		t.Errorf("the period: %+v %v", d.Periods, err)
	}
	l.Until(servicetest.At(3, 19, 12))
	waiting := servicetest.Claim(l.f, model.Yuan(10_000), l.Uploaded(l.debtor, l.f.ID, 2511))
	waiting.PaidOn = model.NewDate(2026, 3, 19)
	r, err := l.Svc.Performance.Submit(context.Background(), l.debtor.Actor, waiting)
	if err != nil {
		t.Fatal(err)
	}
	l.Until(servicetest.At(3, 21, 12))
	if l.planView(p.ID).State != model.PlanInForce {
		t.Error("broken while a receipt waits for the judge")
	}
	l.Confirm(l.judge, r, model.Yuan(10_000))
	v := l.planView(p.ID)
	if v.State != model.PlanBroken || v.Progress.ShortfallFen != model.Yuan(20_000) || l.caseNow().NextDueOn != model.NewDate(2026, 3, 1) {
		t.Errorf("broken: %s %+v, due %s", v.State, v.Progress, l.caseNow().NextDueOn)
	}
	if sum := l.ledger(l.debtor).Sum(); sum.PrincipalFen != model.Yuan(90_000) || sum.DoubledFen == 0 || sum.ForgivenFen != 0 {
		t.Errorf("what revives: %+v", sum)
	}
	if l.NoticesOf(l.creditor, model.NoticePlanBroken) != 1 || l.NoticesOf(l.debtor, model.NoticePlanBroken) != 1 {
		t.Error("not everybody was told")
	}
	if open := l.brokenTasks(); open != 1 {
		t.Errorf("the judge has %d tasks about it", open)
	}
	l.Until(servicetest.At(3, 22, 12))
	if l.NoticesOf(l.debtor, model.NoticeFirstDemand) == 0 {
		t.Error("the debtor is not urged by the instrument's days")
	}
	l.pays(model.NewDate(2026, 3, 22), model.Yuan(20_000), 2512)
	if l.planView(p.ID).State != model.PlanInForce || l.caseNow().NextDueOn != model.NewDate(2026, 9, 20) {
		t.Errorf("caught up: %s", l.planView(p.ID).State)
	}
	if open := l.brokenTasks(); open != 0 {
		t.Errorf("caught up, the judge still has %d tasks", open)
	}
	officer := l.Staff("wu.zx", model.RoleOfficer)
	l.EnforcedBy(officer, l.f)
	v = l.planView(p.ID)
	if v.State != model.PlanEnded || !strings.Contains(v.EndReason, "没有逾期") || l.NoticesOf(l.debtor, model.NoticePlanEnded) != 1 {
		t.Errorf("enforced: %s %s", v.State, v.EndReason)
	}
	if i := l.ledger(l.debtor).Installments[0]; i.PlanID != 0 || i.Due() != model.NewDate(2026, 3, 1) {
		t.Errorf("%+v", i)
	}
	_, err = l.replans(nil, promised(model.Yuan(1), 12, 20))
	l.RefusedAt(err, "plan.enforced", "installments")
}

// An agent needs 特别授权; one side may refuse; paper of one side and of all does as
// well; what is not in force can be withdrawn; others see and do nothing.
func TestWhoAgreesToAPlan(t *testing.T) {
	t.Parallel()
	l := lends(t, "2026-01-01起 年利率3.65%")
	ctx := context.Background()
	agent := l.Citizen()
	code, err := l.Svc.Identity.IssueBindingCode(ctx, l.clerk.Actor, l.f.ID, l.f.Creditor, model.CapacityAgent, "一般授权")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := l.Svc.Identity.BindByCode(ctx, agent.Actor, code.Code); err != nil {
		t.Fatal(err)
	}
	p, err := l.replans(nil, promised(model.Yuan(100_000), 9, 20))
	if err != nil {
		t.Fatal(err)
	}
	l.RefusedAt(l.answers(agent, p.ID, true), "debt.authority", "obligation_id")
	l.Refused(l.answers(l.Citizen(), p.ID, true), "plan.not_found")
	l.Refused(l.answers(l.debtor, 999_999, true), "plan.not_found")
	l.Refused(l.answers(l.judge, p.ID, true), "role.forbidden")
	if list, err := l.Svc.Performance.Plans(ctx, agent.Actor, l.f.ID); err != nil || len(list) != 1 || !list[0].Asked(l.f.Creditor) {
		t.Errorf("%v %v", list, err)
	}
	if _, err := l.Svc.Performance.AnswerPlan(ctx, l.debtor.Actor, p.ID, false, "无力一次付清"); err != nil {
		t.Fatal(err)
	}
	v := l.planView(p.ID)
	if v.State != model.PlanRefused || !strings.Contains(v.EndReason, "无力一次付清") || l.caseNow().NextDueOn != model.NewDate(2026, 3, 1) || l.NoticesOf(l.creditor, model.NoticePlanEnded) != 1 || l.NoticesOf(l.judge, model.NoticePlanAnswered) != 1 {
		t.Errorf("refused: %+v", v)
	}
	l.Refused(l.answers(l.creditor, p.ID, true), "plan.decided")
	if p, err = l.replans(nil, promised(model.Yuan(100_000), 9, 20)); err != nil {
		t.Fatal(err)
	}
	_, err = l.Svc.Performance.EnterPlanAnswer(ctx, l.judge.Actor, p.ID, l.f.Creditor, true, " ", l.Today())
	l.RefusedAt(err, "reason.required", "paper")
	other := l.Staff("qian.fg", model.RoleJudge)
	_, err = l.Svc.Performance.EnterPlanAnswer(ctx, other.Actor, p.ID, l.f.Creditor, true, "协议原件", l.Today())
	l.Refused(err, "plan.not_found")
	if _, err := l.Svc.Performance.EnterPlanAnswer(ctx, l.judge.Actor, p.ID, l.f.Creditor, true, "权利人签名的协议", l.Today()); err != nil {
		t.Fatal(err)
	}
	l.Refused(l.Svc.Performance.WithdrawPlan(ctx, other.Actor, p.ID, "录入有误"), "plan.not_found")
	for range 2 {
		if err := l.Svc.Performance.WithdrawPlan(ctx, l.judge.Actor, p.ID, "录入有误"); err != nil {
			t.Fatal(err)
		}
	}
	key := servicetest.FreshKey()
	paper := func(in *performance.PlanInput) {
		in.Paper, in.IdemKey = "双方2026年3月签订的和解协议", key
	}
	p, err = l.replans(paper, promised(model.Yuan(100_000), 9, 20))
	if err != nil || p.State != model.PlanInForce || l.caseNow().NextDueOn != model.NewDate(2026, 9, 20) {
		t.Fatalf("on the paper of all: %+v %v", p, err)
	}
	if again, err := l.replans(paper, promised(model.Yuan(100_000), 9, 20)); err != nil || again.ID != p.ID {
		t.Errorf("the same again: %v %v", again, err)
	}
	l.Refused(l.Svc.Performance.WithdrawPlan(ctx, l.judge.Actor, p.ID, "录入有误"), "plan.decided")
	// The case system cannot change by a newer version what the parties agreed on.
	in := servicetest.CaseInput()
	in.CaseNo, in.Cause = l.f.No, "民间借贷纠纷"
	in.Instruments[0].Number = l.f.No
	ob := &in.Instruments[0].Obligations[0]
	ob.AmountFen, ob.Installments, ob.DueOn = model.Yuan(100_000), nil, model.NewDate(2026, 4, 1)
	_, _, err = l.Svc.Filing.Put(ctx, l.CaseSystem().Actor, in, 2)
	if fields := servicetest.FieldsOf(err); !slices.ContainsFunc(fields, func(f model.FieldError) bool { return f.Reason == "plan.agreed" }) {
		t.Errorf("%v", err)
	}
}
