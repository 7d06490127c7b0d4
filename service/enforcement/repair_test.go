package enforcement_test

import (
	"testing"

	"microcourt/model"
	"microcourt/service/enforcement"
	st "microcourt/service/servicetest"
)

// An application is checked criterion by criterion and decided once.
func TestAnApplicationForCreditRepair(t *testing.T) {
	t.Parallel()
	c := st.NewCoerced(t)
	s := c.Svc.Enforcement
	in := func(f func(*enforcement.RepairInput)) enforcement.RepairInput {
		x := enforcement.RepairInput{CaseID: c.F.ID, PartyID: c.F.Debtor, Reason: "已达成和解，投标需要", Key: st.FreshKey()}
		f(&x)
		return x
	}
	apply := func(by st.Person, f func(*enforcement.RepairInput)) error {
		_, err := s.ApplyRepair(ctx, by.Actor, in(f))
		return err
	}
	same := func(*enforcement.RepairInput) {}
	tracing := c.Take(model.MeasureTracing)
	c.Refused(apply(c.Citizen(), same), "case.not_found")
	c.Refused(apply(c.Staff("lu.fg", model.RoleOfficer), same), "case.not_found")
	c.RefusedAt(apply(c.Creditor, same), "repair.party", "party_id")
	c.Refused(apply(c.Creditor, func(x *enforcement.RepairInput) { x.PartyID = c.F.Creditor }), "repair.not_enforced")
	c.RefusedAt(apply(c.Debtor, func(x *enforcement.RepairInput) { x.Reason = "" }), "reason.required", "reason")
	c.RefusedAt(apply(c.Debtor, func(x *enforcement.RepairInput) { x.MeasureID = tracing.ID }), "repair.measure", "measure_id")
	c.RefusedAt(apply(c.Officer, func(x *enforcement.RepairInput) { x.AppliedOn = day(3, 7) }), "repair.applied_on", "applied_on")
	c.RefusedAt(apply(c.Officer, func(x *enforcement.RepairInput) { x.AppliedOn = day(2, 27) }), "repair.applied_on", "applied_on")
	c.RefusedAt(apply(c.Officer, func(x *enforcement.RepairInput) { x.FileID = 99 }), "file.unknown", "file_id")
	wanted := in(same)
	id := st.TwiceAtOnce(t, func() (int64, error) {
		a, err := s.ApplyRepair(ctx, c.Debtor.Actor, wanted)
		if err != nil {
			return 0, err
		}
		return a.ID, nil
	})
	c.Refused(apply(c.Officer, same), "repair.open")
	if len(openTasks(c, model.TaskRepairCheck)) != 1 || len(openTasks(c, model.TaskRepairDecide)) != 1 || c.NoticesOf(c.Officer, model.NoticeRepairApplied) != 1 {
		t.Error("officer and leader have no task")
	}
	check := func(by st.Person, code string, met bool, note string) error {
		_, err := s.CheckRepair(ctx, by.Actor, id, model.RepairCheck{Code: code, Met: met, Note: note, IdemKey: st.FreshKey()})
		return err
	}
	decide := func(by st.Person, to model.RepairState, until model.Date, why string) error {
		_, err := s.DecideRepair(ctx, by.Actor, id, to, until, why)
		return err
	}
	c.RefusedAt(check(c.Officer, "x", true, "没有这项"), "repair.code", "code")
	c.RefusedAt(check(c.Officer, "reported", true, ""), "repair.note", "note")
	c.Refused(check(c.Leader, "reported", true, "x"), "role.forbidden")
	c.RefusedAt(decide(c.Leader, "x", model.Date{}, "同意"), "repair.decision", "decision")
	c.RefusedAt(decide(c.Leader, model.RepairSuspended, model.Date{}, "同意"), "repair.until", "until")
	c.Refused(decide(c.Leader, model.RepairSuspended, day(6, 30), "同意"), "repair.unchecked")
	v, err := s.Repair(ctx, c.Leader.Actor, id)
	if err != nil {
		t.Fatal(err)
	}
	for _, k := range v.Criteria {
		if err := check(c.Officer, k.Code, k.Code != "reported", "已核查"); err != nil {
			t.Fatal(err)
		}
	}
	c.Refused(decide(c.Leader, model.RepairSuspended, day(6, 30), "同意"), "repair.unmet")
	if err := check(c.Officer, "reported", true, "在另一卷"); err != nil || len(openTasks(c, model.TaskRepairCheck)) != 0 {
		t.Errorf("the officer's task is open; %v", err)
	}
	for range 2 { // the answer got lost
		if err := decide(c.Leader, model.RepairSuspended, day(6, 30), "条件具备"); err != nil {
			t.Error(err)
		}
	}
	c.Refused(decide(c.Leader, model.RepairRefused, model.Date{}, "反悔"), "repair.decided")
	c.Refused(check(c.Officer, "reported", false, "晚了"), "repair.decided")
	mine, err := s.CaseRepairs(ctx, c.Debtor.Actor, c.F.ID)
	if err != nil || len(mine) != 1 || mine[0].State != model.RepairSuspended || mine[0].Checks[0].Note != "" || c.NoticesOf(c.Debtor, model.NoticeRepairDecided) != 1 {
		t.Errorf("the debtor sees %+v %v", mine, err)
	}
	if theirs, err := s.CaseRepairs(ctx, c.Creditor.Actor, c.F.ID); err != nil || len(theirs) != 0 {
		t.Errorf("the creditor sees %v %v", theirs, err)
	}
	if list, err := s.Repairs(ctx, c.Leader.Actor, model.RepairFilter{Limit: 10}); err != nil || len(list) != 1 || list[0].Name != "赵明" {
		t.Errorf("the court's applications: %v %v", list, err)
	}
	// What is suspended is neither proposed nor published.
	_, err = s.ProposeMeasure(ctx, c.Officer.Actor, c.Wants(model.MeasureListing))
	c.Refused(err, "repair.suspended")
}

// A listing follows its subject's repairs: masked, suspended, shortened, and back
// when a condition is broken.
func TestAListingFollowsItsRepairs(t *testing.T) {
	t.Parallel()
	c := st.NewCoerced(t)
	s := c.Svc.Enforcement
	grant := func(to model.RepairState, until model.Date) *enforcement.RepairView {
		t.Helper()
		v, err := s.DecideRepair(ctx, c.Leader.Actor, c.Repair(0).ID, to, until, "条件具备")
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
	revoke := func(v *enforcement.RepairView) error {
		_, err := s.RevokeRepair(ctx, c.Leader.Actor, v.ID, "未再按约履行")
		return err
	}
	public := func() []model.ListingLine {
		t.Helper()
		list, err := s.Listings(ctx, model.Actor{Roles: []model.Role{model.RolePublic}}, "浙0211", model.ListingSearch{}, 0, 10)
		if err != nil {
			t.Fatal(err)
		}
		return list
	}
	none := c.Repair(0)
	_, err := s.DecideRepair(ctx, c.Leader.Actor, none.ID, model.RepairMasked, model.Date{}, "同意")
	c.Refused(err, "repair.not_listed")
	if _, err = s.DecideRepair(ctx, c.Leader.Actor, none.ID, model.RepairRefused, model.Date{}, "没有名单"); err != nil {
		t.Fatal(err)
	}
	l := c.Take(model.MeasureListing, func(p *enforcement.Proposal) { p.Ground = model.GroundReport })
	masked := grant(model.RepairMasked, day(12, 31))
	if got := public(); len(got) != 1 || !got[0].Masked || c.Measure(l.ID).Exposure != model.ExposureMasked {
		t.Errorf("masked: %+v", got)
	}
	_, err = s.PutUpPoster(ctx, c.Officer.Actor, l.ID, "十七房村", 0, st.FreshKey())
	c.Refused(err, "poster.state")
	_, err = s.RevokeRepair(ctx, c.Leader.Actor, masked.ID, " ")
	c.Refused(err, "reason.required")
	for range 2 { // the answer got lost
		if err := revoke(masked); err != nil {
			t.Error(err)
		}
	}
	_, err = s.RevokeRepair(ctx, c.Leader.Actor, masked.ID, "另一理由")
	c.Refused(err, "repair.ended")
	hidden := grant(model.RepairSuspended, day(6, 30))
	if got := public(); len(got) != 0 {
		t.Errorf("suspended: %+v", got)
	}
	c.Clock.Set(at(7, 1, 1))
	if got := public(); len(got) != 1 {
		t.Errorf("it does not come back by itself: %+v", got)
	}
	c.Refused(revoke(hidden), "repair.ended")
	short := grant(model.RepairShortened, day(9, 10))
	if got := c.Measure(l.ID).Until; got != day(9, 10) {
		t.Errorf("shortened to %v", got)
	}
	again := c.Repair(0)
	_, err = s.DecideRepair(ctx, c.Leader.Actor, again.ID, model.RepairShortened, day(8, 10), "再缩短")
	c.Refused(err, "repair.shortened")
	if err := revoke(short); err != nil || c.Measure(l.ID).Until != model.NewDate(2028, 3, 5) {
		t.Errorf("its term after the breach: %v %v", c.Measure(l.ID).Until, err)
	}
}

// A restriction is paused until a day unless its subject is on the list; a
// listing ends the pause; a broken agreement asks the officer to look again.
func TestARepairPausesARestriction(t *testing.T) {
	t.Parallel()
	c := st.NewCoerced(t)
	s := c.Svc.Enforcement
	c.Settle(0, part(30000, 3, 10), part(70000, 4, 10))
	m := c.Take(model.MeasureConsumption)
	a := c.Repair(m.ID)
	if _, err := s.DecideRepair(ctx, c.Leader.Actor, a.ID, model.RepairPaused, day(4, 30), "同意"); err != nil {
		t.Fatal(err)
	}
	if got := c.Measure(m.ID); got.Exposure != model.ExposurePaused || got.State != model.MeasureInForce {
		t.Errorf("paused: %s %s", got.Exposure, got.State)
	}
	c.Pass(at(3, 11, 9))
	if l := openTasks(c, model.TaskRepairReview); len(l) != 1 || l[0].Subject != model.ThingRepair.Of(a.ID) {
		t.Errorf("to look at again: %v", l)
	}
	c.Take(model.MeasureListing)
	if got := c.Measure(m.ID); got.Exposure != model.ExposureShown {
		t.Errorf("listed while it is paused: %s", got.Exposure)
	}
	third := c.Repair(m.ID)
	_, err := s.DecideRepair(ctx, c.Leader.Actor, third.ID, model.RepairPaused, day(4, 30), "同意")
	c.Refused(err, "repair.listed")
}
