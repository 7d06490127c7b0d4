package enforcement_test

import (
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"microcourt/model"
	"microcourt/service/enforcement"
	"microcourt/service/filing"
	"microcourt/service/performance"
	st "microcourt/service/servicetest"
)

func part(fen model.Fen, month time.Month, d int) model.SettlementPart {
	return model.SettlementPart{AmountFen: fen, DueOn: model.NewDate(2026, month, d)}
}

// current is the last edition of the case's agreement, as its officer sees it.
func current(c *st.Coerced) enforcement.SettlementView {
	c.T.Helper()
	list, err := c.Svc.Enforcement.Settlements(ctx, c.Officer.Actor, 0, c.ID)
	if err != nil || len(list) == 0 {
		c.T.Fatal(list, err)
	}
	return list[len(list)-1]
}

func openTasks(c *st.Coerced, kind model.TaskKind) (out []model.TaskLine) {
	c.T.Helper()
	list, err := c.DB.Tasks(ctx, c.Court.ID, model.TaskFilter{EnforcementCaseID: c.ID, State: model.TaskOpen, Kind: kind, Limit: 20})
	if err != nil {
		c.T.Fatal(err)
	}
	return list
}

func release(c *st.Coerced, settlement int64, measures ...int64) enforcement.ReleaseInput {
	return enforcement.ReleaseInput{
		SettlementID: settlement, Subject: "限制措施", MeasureIDs: measures, Reason: "已按约履行第一期", CreditorAskedOn: c.Today(), IdemKey: st.FreshKey(),
	}
}

// An agreement over more than is owed is asked about once; what cannot be is refused.
func TestAgreementBeyondTheDebt(t *testing.T) {
	t.Parallel()
	c := st.NewCoerced(t)
	in := c.Agreement(0, part(5_700_000, 3, 31)) // 57 times the debt
	record := func() error {
		_, err := c.Svc.Enforcement.RecordSettlement(ctx, c.Officer.Actor, in)
		return err
	}
	c.RefusedAt(record(), "amount.differs", "parts")
	in.SureFen = 5_600_000 // of another sum he was asked
	c.RefusedAt(record(), "amount.differs", "parts")
	early := in
	in.SignedOn = day(2, 28)
	c.RefusedAt(record(), "settlement.signed_on", "signed_on")
	in = early
	in.Parts = []model.SettlementPart{{AmountFen: 100000, DueOn: model.NewDate(2057, 1, 1)}}
	c.RefusedAt(record(), "date.range", "parts")
	in.Parts, in.SureFen = []model.SettlementPart{part(5_700_000, 3, 31)}, 5_700_000
	if err := record(); err != nil {
		t.Error(err)
	}
}

// What an agreement lacks is refused at its field.
func TestAgreementsThatAreRefused(t *testing.T) {
	t.Parallel()
	c := st.NewCoerced(t)
	s := c.Svc.Enforcement
	other := c.Staff("lu.fg", model.RoleOfficer)
	record := func(by st.Person, f func(*enforcement.SettlementInput)) error {
		in := c.Agreement(0, part(100000, 3, 31))
		f(&in)
		_, err := s.RecordSettlement(ctx, by.Actor, in)
		return err
	}
	for _, tt := range []struct {
		reason, field string
		f             func(*enforcement.SettlementInput)
	}{
		{"settlement.form", "form", func(in *enforcement.SettlementInput) { in.Form = "x" }},
		{"settlement.signed_on", "signed_on", func(in *enforcement.SettlementInput) { in.SignedOn = day(3, 9) }},
		{"settlement.text", "text", func(in *enforcement.SettlementInput) { in.Text = " " }},
		{"settlement.parties", "party_ids", func(in *enforcement.SettlementInput) { in.PartyIDs = []int64{c.F.Debtor} }},
		{"settlement.parts", "parts", func(in *enforcement.SettlementInput) { in.Parts = nil }},
		{"settlement.parts", "parts", func(in *enforcement.SettlementInput) { in.Parts = []model.SettlementPart{part(1, 2, 28)} }},
		{"settlement.changed", "", func(in *enforcement.SettlementInput) { in.Replaces = 7 }},
		{"enforcement.not_found", "", func(in *enforcement.SettlementInput) { in.EnforcementID = 999999 }},
	} {
		c.RefusedAt(record(c.Officer, tt.f), tt.reason, tt.field)
	}
	same := func(*enforcement.SettlementInput) {}
	c.Refused(record(other, same), "enforcement.not_found")
	c.Refused(record(c.Debtor, same), "role.forbidden")
	a := c.Settle(0, part(100000, 3, 31))
	c.Refused(record(c.Officer, same), "settlement.changed") // he did not see the one in force
	resume := func(by st.Person, g model.ResumeGround, why string) error {
		_, err := s.ResumeEnforcement(ctx, by.Actor, a.ID, g, why)
		return err
	}
	c.Refused(resume(other, "defect", "别人的案件"), "settlement.not_found")
	c.RefusedAt(resume(c.Officer, "defect", " "), "reason.required", "reason")
	c.RefusedAt(resume(c.Officer, "x", "理由"), "settlement.ground", "ground")
	c.Refused(resume(c.Officer, "not_performed", "理由"), "settlement.not_late")
	propose := func(by st.Person, f func(*enforcement.ReleaseInput)) error {
		in := release(c, a.ID)
		f(&in)
		_, err := s.ProposeRelease(ctx, by.Actor, in)
		return err
	}
	for _, tt := range []struct {
		reason, field string
		f             func(*enforcement.ReleaseInput)
	}{
		{"release.subject", "subject", func(in *enforcement.ReleaseInput) { in.Subject = "" }},
		{"reason.required", "reason", func(in *enforcement.ReleaseInput) { in.Reason = "" }},
		{"release.asked_on", "creditor_asked_on", func(in *enforcement.ReleaseInput) { in.CreditorAskedOn = day(3, 9) }},
		{"release.measures", "measure_ids", func(in *enforcement.ReleaseInput) { in.MeasureIDs = []int64{-1} }},
		{"release.not_asked", "", func(in *enforcement.ReleaseInput) { in.CreditorAskedOn = model.Date{} }},
	} {
		c.RefusedAt(propose(c.Officer, tt.f), tt.reason, tt.field)
	}
	c.Refused(propose(other, func(*enforcement.ReleaseInput) {}), "settlement.not_found")
	if err := propose(c.Officer, func(*enforcement.ReleaseInput) {}); err != nil {
		t.Fatal(err)
	}
	c.Refused(propose(c.Officer, func(*enforcement.ReleaseInput) {}), "release.open")
	if list, err := s.Settlements(ctx, c.Debtor.Actor, c.F.ID, 0); err != nil || len(list) != 1 || len(list[0].Reviews) != 1 || list[0].Reviews[0].Reason != "" {
		t.Errorf("the debtor sees %+v %v", list, err)
	}
	_, err := s.Settlements(ctx, c.Citizen().Actor, c.F.ID, 0)
	c.Refused(err, "case.not_found")
}

// An agreement is kept: a payment that does not come is a breach, one that comes
// late ends it, and the last closes the agreement.
func TestAnAgreementIsKept(t *testing.T) {
	t.Parallel()
	c := st.NewCoerced(t)
	a := c.Settle(0, part(30000, 3, 10), part(60000, 4, 10))
	if a.Edition != 1 || c.NoticesOf(c.Debtor, model.NoticeSettlementRecorded) != 1 || c.NoticesOf(c.Creditor, model.NoticeSettlementRecorded) != 1 {
		t.Fatalf("%+v", a)
	}
	c.Pass(at(3, 10, 20))
	if v := current(c); v.State != model.SettlementOpen || v.Progress.DueFen != 30000 || v.Progress.ShortfallFen != 30000 || v.OpenFen != 100000 {
		t.Errorf("on the last evening: %+v", v)
	}
	c.Pass(at(3, 11, 9))
	c.Pass(at(3, 11, 10))
	if v := current(c); v.State != model.SettlementBreached || len(openTasks(c, model.TaskBreach)) != 1 || c.NoticesOf(c.Debtor, model.NoticeSettlementBreached) != 1 {
		t.Errorf("the day after: %s, %v", v.State, openTasks(c, model.TaskBreach))
	}
	c.Pay(30000, 1)
	if v := current(c); v.State != model.SettlementOpen || v.Progress.ArrivedFen != 30000 || len(openTasks(c, model.TaskBreach)) != 0 {
		t.Errorf("after the late payment: %+v", v)
	}
	c.Pay(60000, 2)
	if v := current(c); v.State != model.SettlementPerformed || v.PerformedOn != day(3, 11) || v.OpenFen != 10000 || len(openTasks(c, model.TaskCheckFull)) != 1 || c.NoticesOf(c.Creditor, model.NoticeSettlementPerformed) != 1 {
		t.Errorf("performed: %+v", v)
	}
	_, err := c.Svc.Enforcement.ResumeEnforcement(ctx, c.Officer.Actor, a.ID, "defect", "反悔")
	c.Refused(err, "settlement.performed")
}

// 民法典 575: of a debt that its creditor forgave nothing is late by an agreement.
func TestAForgivenDebtUnderAnAgreement(t *testing.T) {
	t.Parallel()
	c := st.NewCoerced(t)
	c.Settle(0, part(30000, 3, 10), part(60000, 4, 10))
	d, err := c.Svc.Filing.Case(ctx, c.Judge.Actor, c.F.ID, false)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range []model.DebtEntry{
		{Kind: model.DebtLeave, Part: model.PartDoubled, Reason: "双方同意"}, {Kind: model.DebtForgive, Paper: "申请执行人签名的免除声明"},
	} {
		e.ObligationID = d.Obligations[0].ID
		if _, err := c.Svc.Performance.EnterDebt(ctx, c.Judge.Actor, performance.DebtChange{CaseID: c.F.ID, Entry: e, IdemKey: st.FreshKey()}); err != nil {
			t.Fatal(err)
		}
	}
	c.Pass(at(3, 11, 9))
	if v := current(c); v.State != model.SettlementPerformed || len(openTasks(c, model.TaskBreach)) != 0 || c.NoticesOf(c.Debtor, model.NoticeSettlementBreached) != 0 {
		t.Errorf("the forgiven debt is late: %s", v.State)
	}
}

// Changed while a leader reviews a release, then broken: enforcement is resumed,
// and what was paid is deducted.
func TestAnAgreementChangesAndBreaks(t *testing.T) {
	t.Parallel()
	c := st.NewCoerced(t)
	s := c.Svc.Enforcement
	first := c.Settle(0, part(100000, 3, 31))
	propose := func(id int64) *model.ReleaseReview {
		t.Helper()
		r, err := s.ProposeRelease(ctx, c.Officer.Actor, release(c, id))
		if err != nil {
			t.Fatal(err)
		}
		return r
	}
	decide := func(r *model.ReleaseReview, to model.ReleaseState, why string) error {
		_, err := s.DecideRelease(ctx, c.Leader.Actor, r.ID, to, why)
		return err
	}
	old := propose(first.ID)
	second := c.Settle(first.ID, part(40000, 3, 9), part(60000, 4, 30))
	c.Refused(decide(old, model.ReleaseRefused, "尚未到账"), "release.settlement_changed")
	open := propose(second.ID)
	c.Refused(decide(old, model.ReleaseRefused, "尚未到账"), "release.decided") // superseded
	c.Pay(10000, 3)
	c.Pass(at(3, 10, 9))
	c.Refused(decide(open, model.ReleaseApproved, "同意"), "release.breached")
	r := propose(second.ID) // it saw no shortfall, and is proposed anew with the true figures
	if r.ShortfallFen != 30000 {
		t.Errorf("%+v", r)
	}
	for reason, err := range map[string]error{
		"release.decision": decide(r, "x", "同意"), "reason.required": decide(r, model.ReleaseRefused, " "),
		"release.not_found": decide(&model.ReleaseReview{ID: 999999}, model.ReleaseRefused, "x"),
	} {
		c.Refused(err, reason)
	}
	for range 2 {
		if err := decide(r, model.ReleaseRefused, "尚未到账"); err != nil {
			t.Error(err)
		}
	}
	propose(second.ID)
	for range 2 { // the answer got lost
		v, err := s.ResumeEnforcement(ctx, c.Officer.Actor, second.ID, "not_performed", "第一期逾期")
		if err != nil || v.State != model.SettlementResumed || v.Progress.ArrivedFen != 10000 || v.OpenFen != 90000 {
			t.Fatalf("%+v %v", v, err)
		}
	}
	if c.NoticesOf(c.Debtor, model.NoticeSettlementResumed) != 1 || len(openTasks(c, model.TaskBreach))+len(openTasks(c, model.TaskReleaseDecide)) != 0 {
		t.Error("resumed twice, or its tasks are open")
	}
	_, err := s.ResumeEnforcement(ctx, c.Officer.Actor, second.ID, "defect", "再次")
	c.Refused(err, "settlement.not_in_force")
	_, err = s.ProposeRelease(ctx, c.Officer.Actor, release(c, second.ID))
	c.Refused(err, "settlement.not_in_force")
	if third := c.Settle(0, part(90000, 4, 30)); third.Edition != 3 {
		t.Errorf("%+v", third)
	}
	if list, err := s.ReleaseReviews(ctx, c.Leader.Actor, model.ReviewFilter{Limit: 10}); err != nil || len(list) != 4 {
		t.Errorf("the court's reviews: %d %v", len(list), err)
	}
}

// What a review names is lifted with the leader's yes, once however many leaders
// agree at once; a fine is not, and nobody decides what he proposed.
func TestAReleaseLiftsWhatItNames(t *testing.T) {
	t.Parallel()
	c := st.NewCoerced(t)
	s := c.Svc.Enforcement
	second := c.Staff("li.yz", model.RoleLeader)
	ban, tracing, fine := c.Take(model.MeasureExitBan), c.Take(model.MeasureTracing), c.Take(model.MeasureFine)
	a := c.Settle(0, part(50000, 3, 20), part(50000, 5, 20))
	_, err := s.ProposeRelease(ctx, c.Officer.Actor, release(c, a.ID, ban.ID, fine.ID))
	c.RefusedAt(err, "release.measures", "measure_ids")
	r, err := s.ProposeRelease(ctx, c.Officer.Actor, release(c, a.ID, ban.ID, tracing.ID))
	if err != nil {
		t.Fatal(err)
	}
	far := c.StaffOf(c.AddCourt("浙0212", "宁波市另一区人民法院", "另法"), "far", model.RoleLeader)
	_, err = s.DecideRelease(ctx, far.Actor, r.ID, model.ReleaseApproved, "同意")
	c.Refused(err, "release.not_found")
	var reasons [2]string
	var wg sync.WaitGroup
	for i, by := range []st.Person{c.Leader, second} {
		wg.Go(func() {
			_, err := s.DecideRelease(ctx, by.Actor, r.ID, model.ReleaseApproved, "履约情况良好")
			reasons[i] = model.ReasonOf(err)
		})
	}
	wg.Wait()
	if slices.Sort(reasons[:]); reasons != [2]string{"", "release.decided"} {
		t.Fatalf("two leaders at once: %v", reasons)
	}
	for _, m := range []*model.Measure{ban, tracing} {
		now := c.Measure(m.ID)
		if now.State != model.MeasureLifted || now.LiftGround != model.LiftCreditor && now.LiftGround != model.LiftGuarantee && now.LiftGround != model.LiftSettled || now.Task(model.TaskCarryOut) == nil {
			t.Errorf("after the decision: %s %s %v", now.State, now.LiftGround, now.Tasks)
		}
	}
	if c.Measure(fine.ID).State != model.MeasureInForce || c.NoticesOf(c.Debtor, model.NoticeReleaseDecided) != 1 || c.NoticesOf(c.Officer, model.NoticeReleaseAnswered) != 1 {
		t.Error("the fine was lifted, or somebody was not told once")
	}
	if err := s.AskRelease(ctx, nil, c.Debtor.Actor, c.ID, c.F.Debtor, "悔过"); model.ReasonOf(err) != "role.forbidden" {
		t.Errorf("a debtor asks for his release by himself: %v", err)
	}
}

// An agreement that was broken in the first enforcement case is a ground in the
// one that takes enforcement up again, and none against who did not make it.
func TestABrokenAgreementCountsWhenEnforcementIsTakenUpAgain(t *testing.T) {
	t.Parallel()
	c := st.NewCoerced(t)
	c.Settle(0, part(100000, 3, 31))
	c.Pass(st.At(4, 2, 10))
	e, _, err := c.Svc.Filing.FileEnforcement(ctx, c.Clerk.Actor, filing.EnforcementInput{
		CaseNo: fmt.Sprintf("（2026）浙0211执恢%d号", st.NextCase()), FiledOn: day(4, 2), Officer: c.Officer.Login, AmountFen: 100000, BasisNo: c.F.No,
	})
	if err != nil {
		t.Fatal(err)
	}
	m, err := c.Svc.Enforcement.ProposeMeasure(ctx, c.Officer.Actor, c.Wants(model.MeasureListing, func(p *enforcement.Proposal) {
		p.EnforcementCaseID, p.Ground = e.ID, model.GroundSettlement
	}))
	if err != nil || m.Ground != model.GroundSettlement {
		t.Errorf("%+v %v", m, err)
	}
	all := []model.Settlement{{ID: 1, EnforcementCaseID: 5, PartyIDs: []int64{1, 2}}, {ID: 2, EnforcementCaseID: 6, PartyIDs: []int64{1}}, {ID: 3, EnforcementCaseID: 7, PartyIDs: []int64{1}}}
	for _, k := range []struct{ enforcement, party, want int64 }{{6, 1, 2}, {8, 1, 3}, {6, 2, 1}, {6, 3, 0}} {
		if got := model.SettlementOf(all, k.enforcement, k.party).ID; got != k.want {
			t.Errorf("%+v: %d", k, got)
		}
	}
}
