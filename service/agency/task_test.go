package agency_test

import (
	"sync"
	"testing"

	"microcourt/model"
	"microcourt/service/agency"
	"microcourt/service/enforcement"
	"microcourt/storage"
)

// The story of a duty: a person is listed, each duty is due at its agency, which
// is reminded once a step, reports, gets it back, reports again; two accept at
// once; the measure is lifted and the lifting is reported.
func TestADutyFromListingToLifting(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	c := newCourt(t)
	svc := c.Svc.Agency
	c.adopt(agency.Loading{})
	market, civil := c.AgencyStaff("SCJ", "scjg.zhou"), c.AgencyStaff("MZJ", "mzj.wu")
	m := c.listed()
	// 28 of listings that are owed for persons, 5 of the restriction that follows.
	if all := c.tasks(c.manager, model.AgencyTaskFilter{}); len(all) != 33 {
		t.Fatalf("%d tasks", len(all))
	}
	own := c.tasks(market, model.AgencyTaskFilter{})
	if len(own) != 2 || own[0].Duty.Code != "CJ-28" || own[0].DueOn != model.NewDate(2026, 3, 20) || own[0].Subject() != "赵*" || c.NoticesOf(market, model.NoticeDutyOpened) != 1 {
		t.Fatalf("the agency's list %v, told %d times", own, c.NoticesOf(market, model.NoticeDutyOpened))
	}
	id := own[0].ID
	for _, by := range []model.Actor{civil.Actor, {CourtID: c.Court.ID + 1, UserID: 1, Roles: []model.Role{model.RoleListManager}}} {
		_, err := svc.Task(ctx, by, id)
		c.Refused(err, "duty_task.not_found")
	}
	for _, by := range []model.Actor{c.officer.Actor, c.clerk.Actor} {
		_, err := svc.Task(ctx, by, id)
		c.Refused(err, "role.forbidden")
		_, err = svc.Tasks(ctx, by, model.AgencyTaskFilter{Limit: 1})
		c.Refused(err, "role.forbidden")
	}
	d, err := svc.Task(ctx, market.Actor, id)
	if err != nil || d.On.SubjectName != "赵明" || d.IDNumber != "34052419800101001X" || d.On.Number == "" || c.Audited(model.AuditDutyLook) != 1 {
		t.Errorf("to the agency: %+v %v, looks %d", d, err, c.Audited(model.AuditDutyLook))
	}
	if d, err := svc.Task(ctx, c.manager.Actor, id); err != nil || d.IDNumber != "340524********001X" || c.Audited(model.AuditDutyLook) != 2 {
		t.Errorf("to the court: %+v %v", d, err)
	}

	c.at(3, 13)
	c.work()
	c.work()
	if n := c.NoticesOf(market, model.NoticeDutyReminder); n != 1 || c.NoticesOf(c.manager, model.NoticeDutyReminder) != 0 {
		t.Errorf("reminded %d times before the deadline", n)
	}
	c.at(3, 21)
	c.work()
	c.work()
	if n := c.NoticesOf(market, model.NoticeDutyReminder); n != 2 || c.NoticesOf(c.manager, model.NoticeDutyReminder) != 2 {
		t.Errorf("reminded %d times, the court %d", n, c.NoticesOf(c.manager, model.NoticeDutyReminder))
	}
	if c.NoticesOf(c.manager, model.NoticeDutyUnreachable) == 0 {
		t.Error("nobody says that agencies without an account cannot be reminded")
	}
	if late := c.tasks(c.manager, model.AgencyTaskFilter{State: model.AgencyTaskOverdue}); len(late) != 33 || late[0].Standing() != model.AgencyTaskOverdue || late[0].Left() >= 0 {
		t.Errorf("%d overdue", len(late))
	}

	first := c.must(c.report(market, id, c.Uploaded(market, 0, 1201)))
	_, err = c.report(market, id)
	c.Refused(err, "duty.reported")
	_, err = c.report(civil, id)
	c.Refused(err, "duty_task.not_found")
	if c.NoticesOf(c.second, model.NoticeDutyReported) != 1 {
		t.Error("the court is not told of the report")
	}
	// A list manager who also has the agency's account does not judge his own work.
	third, phone := c.Staff("list.san", model.RoleListManager), c.Citizen()
	for _, account := range []int64{market.UserID, third.UserID} {
		if err := c.DB.Transact(ctx, func(tx *storage.DB) error { return tx.LinkStaff(ctx, phone.UserID, account) }); err != nil {
			t.Fatal(err)
		}
	}
	_, err = svc.Accept(ctx, third.Actor, first.ID)
	c.Refused(err, "duty.own")
	_, err = svc.Return(ctx, third.Actor, first.ID, "请补充")
	c.Refused(err, "duty.own")
	_, err = svc.Return(ctx, c.manager.Actor, first.ID, " ")
	c.Refused(err, "reason.required")
	_, err = svc.Accept(ctx, c.leader.Actor, first.ID)
	c.Refused(err, "role.forbidden")
	for range 2 {
		c.must(svc.Return(ctx, c.manager.Actor, first.ID, "请附限制登记的截图"))
	}
	_, err = svc.Return(ctx, c.manager.Actor, first.ID, "另一原因")
	c.Refused(err, "report.decided")
	_, err = svc.Accept(ctx, c.second.Actor, first.ID)
	c.Refused(err, "report.decided")
	d, err = svc.Task(ctx, market.Actor, id)
	if err != nil || d.Standing() != model.AgencyTaskOverdue || d.Reports[0].Reason != "请附限制登记的截图" || d.Reports[0].Decider != "法院" || len(d.Reports[0].Files) != 1 || c.NoticesOf(market, model.NoticeDutyDecided) != 1 {
		t.Errorf("after the return: %+v %v", d, err)
	}
	second := c.must(c.report(market, id, c.Uploaded(market, 0, 1202)))
	var wg sync.WaitGroup
	errs := make([]error, 2)
	for i, by := range []model.Actor{c.manager.Actor, c.second.Actor} {
		wg.Go(func() { _, errs[i] = svc.Accept(ctx, by, second.ID) })
	}
	wg.Wait()
	if (errs[0] == nil) == (errs[1] == nil) || model.ReasonOf(errs[0])+model.ReasonOf(errs[1]) != "report.decided" {
		t.Errorf("two accept at once: %v", errs)
	}
	_, err = c.report(market, id)
	c.Refused(err, "duty.done")

	// Off the list: what was not reported is asked no more, both liftings are due.
	c.lift(m)
	own = c.tasks(market, model.AgencyTaskFilter{})
	if len(own) != 2 || own[0].Phase != model.PhaseLift || own[0].DueOn != model.NewDate(2026, 3, 25) || own[0].Left() != 4 || c.NoticesOf(market, model.NoticeDutyOpened) != 2 {
		t.Fatalf("to lift: %v", own)
	}
	void := c.tasks(market, model.AgencyTaskFilter{State: model.AgencyTaskVoid})
	if len(void) != 1 || void[0].Duty.Code != "CJ-29" {
		t.Errorf("taken back: %v", void)
	}
	_, err = c.report(market, void[0].ID)
	c.Refused(err, "duty.void")
	_, err = svc.End(ctx, c.manager.Actor, own[0].AgencyID, 1)
	c.Refused(err, "agency.lifts_open")
	for _, l := range own {
		c.must(svc.Accept(ctx, c.second.Actor, c.must(c.report(market, l.ID)).ID))
	}
	if left := c.tasks(market, model.AgencyTaskFilter{}); len(left) != 0 {
		t.Errorf("left: %v", left)
	}
	from, until := model.NewDate(2026, 3, 1), model.NewDate(2026, 3, 31)
	p, err := svc.Progress(ctx, market.Actor, 0, "", from, until)
	if err != nil || len(p.Lines) != 2 || p.Total.Due != 3 || p.Total.Done != 3 || p.Total.Late != 1 {
		t.Errorf("the agency's progress %+v %v", p, err)
	}
	p, err = svc.Progress(ctx, c.leader.Actor, 0, model.DutySanction, from, until)
	if err != nil || p.Total.Done != 3 || len(p.Lines) < 15 {
		t.Errorf("the court's progress %+v %v", p, err)
	}
	p, err = svc.Progress(ctx, civil.Actor, own[0].AgencyID, "", from, until)
	if err != nil || p.Total.Done != 0 {
		t.Errorf("an agency sees another's progress: %+v %v", p, err)
	}
}

// Days of grace: nothing is asked of agencies before the listing is published,
// and what is asked then is asked from that day.
func TestDutiesWaitForTheDaysOfGrace(t *testing.T) {
	t.Parallel()
	c := newCourt(t)
	c.adopt(agency.Loading{})
	market := c.AgencyStaff("SCJ", "scjg.zhou")
	m := c.listed(func(p *enforcement.Proposal) { p.GraceMonths = 1 })
	if n := len(c.tasks(market, model.AgencyTaskFilter{})); n != 0 {
		t.Fatalf("%d tasks in the days of grace", n)
	}
	c.at(4, 8)
	d, err := c.Svc.Enforcement.Measure(t.Context(), c.officer.Actor, m.ID)
	if err == nil {
		_, err = c.Svc.Enforcement.BringIntoForce(t.Context(), c.officer.Actor, m.ID, d.Version)
	}
	if err != nil {
		t.Fatal(err)
	}
	if own := c.tasks(market, model.AgencyTaskFilter{}); len(own) != 2 || own[0].DueOn.Before(model.NewDate(2026, 4, 20)) {
		t.Errorf("tasks after them: %v", own)
	}
}

// A duty that recurs opens its next task when the time comes, once, also when
// several workers run; what is wrong with a report is said.
func TestADutyOfEachMonth(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	c := newCourt(t)
	svc := c.Svc.Agency
	a := c.Agency(c.Court, "SJJ")
	audit, other := c.AgencyStaff("SJJ", "sjj.zhou"), c.StaffIn(c.Court, c.Agency(c.Court, "GAJ").ID, "gaj.jg", model.RoleAgency)
	duty, created, err := svc.AddDuty(ctx, c.manager.Actor, model.AgencyDuty{
		AgencyID: a.ID, Code: "XJ-01", Kind: model.DutySanction, Requirement: "报送小结", Recurrence: model.RecurMonthly, DueOn: model.NewDate(2026, 3, 31),
	}, true)
	if err != nil || !created {
		t.Fatal(created, err)
	}
	own := c.tasks(audit, model.AgencyTaskFilter{})
	if len(own) != 1 || own[0].Phase != "" || own[0].DueOn != model.NewDate(2026, 3, 31) {
		t.Fatalf("the first month: %v", own)
	}
	for _, m := range []struct {
		reason string
		change func(*model.AgencyReport)
	}{
		{"report.text", func(r *model.AgencyReport) { r.Text = " " }},
		{"report.done_on", func(r *model.AgencyReport) { r.DoneOn = c.Today().AddDays(1) }},
		{"report.quantity", func(r *model.AgencyReport) { n := int64(-1); r.Quantity = &n }},
		{"report.files", func(r *model.AgencyReport) { r.FileIDs = []int64{1, 2, 3, 4, 5, 6, 7, 8, 9, 10} }},
		{"file.not_found", func(r *model.AgencyReport) { r.FileIDs = []int64{c.Uploaded(other, 0, 1232)} }},
	} {
		r := model.AgencyReport{IdemKey: "key-" + m.reason, Text: "已办", DoneOn: c.Today()}
		m.change(&r)
		_, _, err := svc.Report(ctx, audit.Actor, own[0].ID, r)
		c.Refused(err, m.reason)
	}
	c.at(5, 4)
	var wg sync.WaitGroup
	for range 3 {
		wg.Go(func() {
			if err := svc.Pass(ctx); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	own = c.tasks(audit, model.AgencyTaskFilter{})
	if len(own) != 3 || own[1].DueOn != model.NewDate(2026, 4, 30) || own[2].DueOn != model.NewDate(2026, 5, 31) {
		t.Fatalf("in May: %v", own)
	}
	in := model.AgencyReport{IdemKey: "one-key-of-may", Text: "已办", DoneOn: c.Today()}
	r, created, err := svc.Report(ctx, audit.Actor, own[0].ID, in)
	if err != nil || !created {
		t.Fatal(created, err)
	}
	if again, created, err := svc.Report(ctx, audit.Actor, own[0].ID, in); err != nil || created || again.ID != r.ID {
		t.Errorf("the repeat %+v %v %v", again, created, err)
	}
	_, _, err = svc.Report(ctx, audit.Actor, own[1].ID, in)
	c.Refused(err, "idempotency.reused")
	// The duty ends: what waits for the court can still be decided, the rest is off.
	if _, err := svc.EndDuty(ctx, c.manager.Actor, duty.ID, duty.Version); err != nil {
		t.Fatal(err)
	}
	c.must(svc.Return(ctx, c.manager.Actor, r.ID, "请补充"))
	if left := c.tasks(audit, model.AgencyTaskFilter{}); len(left) != 0 {
		t.Errorf("asked of a duty that ended: %v", left)
	}
	c.at(6, 8)
	c.work()
	if left := c.tasks(audit, model.AgencyTaskFilter{}); len(left) != 0 {
		t.Errorf("a duty that ended opens tasks: %v", left)
	}
}
