package enforcement_test

import (
	"slices"
	"strings"
	"testing"

	"microcourt/model"
	"microcourt/service/enforcement"
	st "microcourt/service/servicetest"
)

// A decision lifts in the law's order what it names, each with a paper, a notice,
// and a clock until the agency is told.
func TestAReleaseLiftsInOrder(t *testing.T) {
	t.Parallel()
	c := st.NewCoerced(t)
	s := c.Svc.Enforcement
	listing := c.Take(model.MeasureListing)
	all, err := s.MeasuresOf(ctx, c.Officer.Actor, c.ID)
	i := slices.IndexFunc(all, func(m enforcement.MeasureDetail) bool { return m.Kind == model.MeasureConsumption })
	if err != nil || i < 0 {
		t.Fatal(all, err)
	}
	restricted, tracing := all[i].ID, c.Take(model.MeasureTracing)
	a := c.Settle(0, part(50000, 3, 20), part(50000, 5, 20))
	r, err := s.ProposeRelease(ctx, c.Officer.Actor, release(c, a.ID, listing.ID, restricted, tracing.ID))
	if err != nil {
		t.Fatal(err)
	}
	papers := func() int {
		t.Helper()
		docs, err := c.DB.Documents(ctx, c.Officer.Actor, c.F.ID, 0, 50)
		if err != nil {
			t.Fatal(err)
		}
		return len(docs)
	}
	before := papers()
	for range 2 { // the answer got lost
		if _, err := s.DecideRelease(ctx, c.Leader.Actor, r.ID, model.ReleaseApproved, "履约情况良好"); err != nil {
			t.Fatal(err)
		}
	}
	due := map[int64]model.Date{tracing.ID: day(3, 6), listing.ID: day(3, 11), restricted: day(3, 11)}
	for id, on := range due {
		m := c.Measure(id)
		if m.State != model.MeasureLifted || m.LiftGround != model.LiftCreditor || !strings.Contains(m.LiftReason, "履约情况良好") {
			t.Errorf("after the decision: %+v", m.Measure)
		}
		var open []model.Task
		for _, k := range m.Tasks {
			if k.State == model.TaskOpen {
				open = append(open, k)
			}
		}
		if len(open) != 1 || open[0].Kind != model.TaskCarryOut || !open[0].DueAt.Equal(on.EndOfDay()) {
			t.Errorf("what is to be done about %s: %+v", m.Kind, open)
		}
	}
	var order []int64
	lines, err := c.DB.MeasureEntries(ctx, listing.ID, restricted, tracing.ID)
	for _, e := range lines {
		if e.Kind == model.EntryLifted {
			order = append(order, e.MeasureID)
		}
	}
	if want := []int64{tracing.ID, listing.ID, restricted}; err != nil || !slices.Equal(order, want) {
		t.Errorf("lifted in the order %v, want %v; %v", order, want, err)
	}
	if n := papers() - before; n != 3 || c.NoticesOf(c.Debtor, model.NoticeMeasureLifted) != 3 || c.NoticesOf(c.Debtor, model.NoticeReleaseDecided) != 1 {
		t.Errorf("%d papers, %d notices", n, c.NoticesOf(c.Debtor, model.NoticeMeasureLifted))
	}
	if _, breaks, err := c.DB.VerifyAudit(ctx); err != nil || len(breaks) != 0 {
		t.Error(breaks, err)
	}
}

// While a clean-up runs, a review lifts nothing out of its order, and what the
// clean-up has lifted meanwhile is left alone.
func TestAReleaseKeepsTheOrderOfACleanUp(t *testing.T) {
	t.Parallel()
	c := st.NewCoerced(t)
	s := c.Svc.Enforcement
	tracing, restricted := c.Take(model.MeasureTracing), c.Take(model.MeasureConsumption)
	a := c.Settle(0, part(50000, 3, 20), part(50000, 5, 20))
	r, err := s.ProposeRelease(ctx, c.Officer.Actor, release(c, a.ID, restricted.ID))
	if err != nil {
		t.Fatal(err)
	}
	decide := func() error {
		_, err := s.DecideRelease(ctx, c.Leader.Actor, r.ID, model.ReleaseApproved, "同意")
		return err
	}
	lift := func(id int64) error {
		_, err := s.LiftMeasure(ctx, c.Officer.Actor, id, c.Measure(id).Version, lifting(model.LiftPerformed, "履行完毕"))
		return err
	}
	c.Pay(100000, 700)
	c.Refused(decide(), "task.order")
	c.Refused(lift(restricted.ID), "task.order")
	if m := c.Measure(restricted.ID); m.State != model.MeasureInForce {
		t.Errorf("after the refusal: %+v", m.Measure)
	}
	for _, id := range []int64{tracing.ID, restricted.ID} {
		if err := lift(id); err != nil {
			t.Fatal(err)
		}
	}
	if err := decide(); err != nil {
		t.Errorf("after the clean-up: %v", err)
	}
	if m := c.Measure(restricted.ID); m.LiftGround != model.LiftPerformed || len(m.History()) != 4 {
		t.Errorf("lifted twice: %s %v", m.LiftGround, m.History())
	}
}

// The decision is any leader's, also after the case moved, and never that of whoever
// proposed it.
func TestReleasesAreTheLeaders(t *testing.T) {
	t.Parallel()
	c := st.NewCoerced(t)
	s := c.Svc.Enforcement
	both := c.Staff("both", model.RoleOfficer, model.RoleLeader)
	a := c.Settle(0, part(100000, 3, 31))
	propose := func(by st.Person) *model.ReleaseReview {
		t.Helper()
		r, err := s.ProposeRelease(ctx, by.Actor, release(c, a.ID))
		if err != nil {
			t.Fatal(err)
		}
		return r
	}
	leaders := func() bool {
		list := openTasks(c, model.TaskReleaseDecide)
		return len(list) == 1 && list[0].OwnerID == 0
	}
	r := propose(c.Officer)
	if !leaders() || c.NoticesOf(c.Leader, model.NoticeReleaseProposed) != 1 || r.DueOn != day(3, 17) {
		t.Errorf("%+v, the leader was told %d times", r, c.NoticesOf(c.Leader, model.NoticeReleaseProposed))
	}
	d, err := s.Case(ctx, c.Leader.Actor, c.ID)
	if err == nil {
		err = s.HandOver(ctx, c.Leader.Actor, c.ID, d.File.Version, both.Login, "工作调整")
	}
	if err != nil {
		t.Fatal(err)
	}
	if !leaders() {
		t.Errorf("the leaders' task moved with the case: %v", openTasks(c, model.TaskReleaseDecide))
	}
	if _, err := s.DecideRelease(ctx, c.Leader.Actor, r.ID, model.ReleaseRefused, "尚未到账"); err != nil || len(openTasks(c, model.TaskReleaseDecide)) != 0 {
		t.Errorf("after the decision: %v, %v", openTasks(c, model.TaskReleaseDecide), err)
	}
	_, err = s.DecideRelease(ctx, both.Actor, propose(both).ID, model.ReleaseApproved, "同意")
	c.Refused(err, "release.self")
}
