package paper_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"microcourt/model"
	"microcourt/service/filing"
	"microcourt/service/servicetest"
)

// parts changes the duty of CaseInput.
func parts(f func(*filing.ObligationInput)) func(*filing.CaseInput) {
	return func(in *filing.CaseInput) { f(&in.Instruments[0].Obligations[0]) }
}

// refile is a case with another duty, to which both sides are bound.
func (u *urging) refile(f func(*filing.ObligationInput)) {
	u.T.Helper()
	u.f = u.File(u.clerk, parts(f))
	u.Bind(u.debtor, u.clerk, u.f.ID, u.f.Debtor)
	u.Bind(u.creditor, u.clerk, u.f.ID, u.f.Creditor)
}

func (u *urging) enforce(officer servicetest.Person, change func(*filing.EnforcementInput)) *model.EnforcementFile {
	u.T.Helper()
	in := filing.EnforcementInput{CaseNo: fmt.Sprintf("（2026）浙0211执%d号", servicetest.NextCase()), FiledOn: u.Today(), Officer: officer.Login, BasisNo: u.f.No}
	if change != nil {
		change(&in)
	}
	e, _, err := u.Svc.Filing.FileEnforcement(u.T.(*testing.T).Context(), officer.Actor, in)
	if err != nil {
		u.T.Fatal(err)
	}
	return e
}

// list are the case's instalments as somebody sees them.
func (u *urging) list(by servicetest.Person) []model.Installment {
	u.T.Helper()
	d, err := u.Svc.Filing.Case(u.T.(*testing.T).Context(), by.Actor, u.f.ID, false)
	if err != nil {
		u.T.Fatal(err)
	}
	return d.Installments
}

// The story of instalments of which one is enforced: the 执行通知书, its interest and
// fee are for that one; the other is still urged, paid in time and voluntary, and
// missed it gets a case of its own.
func TestInstalmentsOfWhichOneIsEnforced(t *testing.T) {
	t.Parallel()
	u := newUrging(t)
	u.refile(func(ob *filing.ObligationInput) { // 600,000 due on 31 March, 400,000 on 30 April
		ob.AmountFen = 100_000_000
		ob.Installments[0].AmountFen, ob.Installments[1].AmountFen = 60_000_000, 40_000_000
	})
	officer := u.Staff("ji.fg", model.RoleOfficer)
	u.until(4, 10)
	e := u.enforce(officer, nil)
	if got := u.list(u.judge); got[0].EnforcedOn != model.NewDate(2026, 4, 10) || !got[1].EnforcedOn.IsZero() {
		t.Fatalf("enforced: %+v", got)
	}
	notice := u.papers(u.debtor, u.f, model.DocumentEnforcementNotice)
	if len(notice) != 1 {
		t.Fatalf("%d notices", len(notice))
	}
	got := text(t, u.open(u.debtor, notice[0].ID))
	// Ten days of 0.0175 % on 600,000 are 1,050; the fee for 600,000 is 7,400 + 1,000.
	for _, want := range []string{"合计600000.00元", "已产生1050.00元", "执行申请费约8400.00元", "本案执行的是已经到期的部分；自2026年4月30日起陆续到期的其余400,000.00元不在本案执行范围内"} {
		if !strings.Contains(strings.ReplaceAll(got, "600,000", "600000"), strings.ReplaceAll(want, "600,000", "600000")) && !strings.Contains(strings.ReplaceAll(got, ",", ""), strings.ReplaceAll(want, ",", "")) {
			t.Errorf("the notice does not say %q:\n%s", want, got)
		}
	}
	// The judge's list of what is overdue has what is his, not what the officer enforces.
	overdue := func() bool {
		t.Helper()
		list, err := u.DB.Cases(t.Context(), u.judge.Actor, model.CaseFilter{OverdueOn: u.Today(), Limit: 10})
		if err != nil {
			t.Fatal(err)
		}
		return slices.ContainsFunc(list, func(cs model.Case) bool { return cs.ID == u.f.ID })
	}
	if overdue() {
		t.Error("what is being enforced stands among what the judge urges")
	}
	u.until(4, 28)
	soon := 0
	for _, k := range u.Told(u.debtor) {
		if k == model.NoticeDueSoon {
			soon++
		}
	}
	if soon == 0 || !strings.Contains(strings.Join(u.dueOf(), " "), "2026-04-30") {
		t.Errorf("the later instalment is not urged: %d reminders, %v", soon, u.dueOf())
	}
	// The creditor's period of the whole debt has not begun: it runs from the last.
	if own := u.period(u.creditor); !strings.Contains(own, "2026年4月30日最后一期履行期限届满") {
		t.Errorf("the period: %s", own)
	}
	u.until(5, 12)
	if !overdue() {
		t.Error("the later instalment, which is voluntary, is not among what is overdue")
	}
	second := u.enforce(officer, nil)
	if overdue() {
		t.Error("nothing is voluntary any more")
	}
	files, err := u.DB.EnforcementsOf(t.Context(), u.f.ID)
	if err != nil || len(files) != 2 {
		t.Fatal(files, err)
	}
	for _, f := range files {
		if in := f.Installments(u.list(u.judge)); len(in) != 1 || in[0].Seq != map[int64]int{e.ID: 1, second.ID: 2}[f.ID] {
			t.Errorf("%s enforces %+v", f.CaseNo, in)
		}
	}
}

// dueOf are the due days of the debtor's steps that went out after enforcement.
func (u *urging) dueOf() (out []string) {
	u.T.Helper()
	steps, err := u.DB.Steps(u.T.(*testing.T).Context(), u.f.ID)
	if err != nil {
		u.T.Fatal(err)
	}
	for _, s := range steps {
		if s.State == model.StepSent && s.PartyID == u.f.Debtor {
			out = append(out, s.DueOn.String())
		}
	}
	return out
}

// Acceleration through filing, urging and papers: by itself the day after, with
// the instrument's words on the demand and to both sides; by choice with the
// application, which then enforces everything.
func TestAccelerationOnPapers(t *testing.T) {
	t.Parallel()
	u := newUrging(t)
	officer := u.Staff("ji.fg", model.RoleOfficer)
	u.refile(func(ob *filing.ObligationInput) {
		ob.Acceleration, ob.AccelerationText = model.AccelerationAutomatic, "任何一期逾期的，全部款项立即到期"
	})
	u.until(4, 3)
	if got := u.list(u.debtor)[1]; got.DueOn != model.NewDate(2026, 4, 1) || got.AgreedDueOn != model.NewDate(2026, 4, 30) {
		t.Fatalf("the second instalment: %+v", got)
	}
	for _, by := range []servicetest.Person{u.debtor, u.creditor} {
		if u.NoticesOf(by, model.NoticeDutyChanged) != 1 {
			t.Errorf("told %d times", u.NoticesOf(by, model.NoticeDutyChanged))
		}
	}
	demands := u.papers(u.debtor, u.f, model.DocumentReminder)
	if i := slices.IndexFunc(demands, func(d model.Document) bool {
		return strings.Contains(text(t, u.open(u.debtor, d.ID)), "任何一期逾期的，全部款项立即到期。2026年3月31日到期的款项未按期足额履行，本期由2026年4月30日提前至2026年4月1日到期")
	}); i < 0 {
		t.Errorf("none of %d demands gives the reason", len(demands))
	}

	u.refile(func(ob *filing.ObligationInput) {
		ob.Acceleration, ob.AccelerationText = model.AccelerationOptional, "任何一期逾期的，原告有权就剩余全部款项一并申请执行"
	})
	u.until(4, 8)
	if got := u.list(u.debtor)[1]; got.DueOn != model.NewDate(2026, 4, 30) {
		t.Errorf("it moved without an application: %+v", got)
	}
	e := u.enforce(officer, func(in *filing.EnforcementInput) { in.Accelerate = true })
	got := u.list(u.judge)
	if got[1].DueOn != model.NewDate(2026, 4, 8) || got[1].EnforcedOn != model.NewDate(2026, 4, 8) || len(e.Installments(got)) != 2 {
		t.Errorf("after the application: %+v", got)
	}
	u.refile(func(*filing.ObligationInput) {})
	_, _, err := u.Svc.Filing.FileEnforcement(t.Context(), officer.Actor, filing.EnforcementInput{
		CaseNo: fmt.Sprintf("（2026）浙0211执%d号", servicetest.NextCase()), FiledOn: u.Today(), Officer: officer.Login, BasisNo: u.f.No, Accelerate: true,
	})
	if err == nil || !strings.Contains(fmt.Sprint(servicetest.FieldsOf(err)), "enforcement.accelerate") {
		t.Errorf("without a clause: %v", err)
	}
}

// 民事调解规定 15 through filing and papers: the judge chooses once, the demand then
// lists what the mediation names and no interest beside it.
func TestMediationRules15OnPapers(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	u := newUrging(t)
	u.refile(func(ob *filing.ObligationInput) {
		ob.AmountFen = 100_000_000
		ob.Installments[0].AmountFen, ob.Installments[1].AmountFen = 60_000_000, 40_000_000
		ob.BurdenFen, ob.BurdenText = 5_000_000, "任何一期逾期的，被告另行支付违约金50,000元"
	})
	d, err := u.Svc.Filing.Case(ctx, u.judge.Actor, u.f.ID, false)
	if err != nil {
		t.Fatal(err)
	}
	choose := func(by servicetest.Person, choice model.BurdenChoice, reason string) error {
		return u.Svc.Filing.ChooseBurden(ctx, by.Actor, u.f.ID, d.Obligations[0].ID, choice, reason)
	}
	u.Refused(choose(u.judge, model.BurdenBorne, "第一期逾期"), "burden.no_breach")
	u.until(4, 2)
	u.Refused(choose(u.clerk, model.BurdenBorne, "第一期逾期"), "role.forbidden")
	for range 2 { // the answer got lost
		if err := choose(u.judge, model.BurdenBorne, "第一期逾期"); err != nil {
			t.Fatal(err)
		}
	}
	u.Refused(choose(u.judge, model.BurdenDelay, "改为迟延责任"), "burden.chosen")
	if u.NoticesOf(u.debtor, model.NoticeDutyChanged) != 1 || u.NoticesOf(u.creditor, model.NoticeDutyChanged) != 1 || u.Audited(model.AuditBurdenChoose) != 1 {
		t.Error("both sides are told once, and it is on record once")
	}
	u.until(4, 11)
	demands := u.papers(u.debtor, u.f, model.DocumentReminder)
	got := text(t, u.open(u.debtor, demands[0].ID))
	for _, want := range []string{"任何一期逾期的，被告另行支付违约金", "条件于2026年4月1日成就", "50,000.00"} {
		if !strings.Contains(got, want) {
			t.Errorf("the demand does not say %q:\n%s", want, got)
		}
	}
	if strings.Contains(got, "已产生") {
		t.Errorf("interest beside what the mediation names:\n%s", got)
	}
}
