package enforcement_test

import (
	"slices"
	"testing"

	"microcourt/model"
	"microcourt/service/enforcement"
	st "microcourt/service/servicetest"
)

// Decided is not done: what nobody carried out within the court's days stands on the
// officer's list, the leaders are reminded once, and it ends when somebody does.
func TestADecisionThatNobodyCarriesOut(t *testing.T) {
	t.Parallel()
	c := st.NewCoerced(t) // Friday, 6 March
	s := c.Svc.Enforcement
	tracing, held, fine, ban := c.Take(model.MeasureTracing), c.Take(model.MeasureDetention), c.Take(model.MeasureFine), c.Take(model.MeasureExitBan)
	clock := func(id int64) *model.Task { return c.Measure(id).Task(model.TaskExecute) }
	c.Pass(at(3, 11, 22)) // the third working day
	if clock(tracing.ID) != nil || clock(held.ID) != nil {
		t.Fatal("reminded within the term")
	}
	if _, err := s.ExecuteMeasure(ctx, c.Officer.Actor, ban.ID, ban.Version, model.MeasureExecution{Phase: model.PhaseExecute, At: c.Clock.Now(), Place: "宁波出入境边防检查站", Number: "边控〔2026〕1号"}); err != nil {
		t.Fatal(err)
	}
	c.Pass(at(3, 12, 1))
	told := c.NoticesOf(c.Leader, model.NoticeTaskLate)
	c.Pass(at(3, 12, 2))
	for _, m := range []*model.Measure{tracing, held, fine} {
		k := clock(m.ID)
		if k == nil || k.State != model.TaskOpen || k.OwnerID != c.Officer.UserID || k.EscalatedAt == nil || model.DateOf(k.DueAt) != day(3, 11) {
			t.Fatalf("%s: %+v", m.Kind, k)
		}
	}
	if clock(ban.ID) != nil || c.NoticesOf(c.Leader, model.NoticeTaskLate) != told || told < 3 {
		t.Errorf("the leader was reminded %d times", c.NoticesOf(c.Leader, model.NoticeTaskLate)-told)
	}
	if _, err := s.ExecuteMeasure(ctx, c.Officer.Actor, tracing.ID, tracing.Version, model.MeasureExecution{Phase: model.PhaseExecute, At: c.Clock.Now(), Place: "宁波市公安局镇海分局", Number: "布控1号"}); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Detain(ctx, c.Officer.Actor, held.ID, held.Version, c.Clock.Now(), "宁波市镇海区拘留所"); err != nil {
		t.Fatal(err)
	}
	if _, err := s.RecordServiceOfProcess(ctx, c.Officer.Actor, fine.ID, fine.Version, c.Today(), "本人签收", 0); err != nil {
		t.Fatal(err)
	}
	for _, m := range []*model.Measure{tracing, held, fine} {
		if k := clock(m.ID); k.State != model.TaskDone {
			t.Errorf("%s is carried out, and its clock is %s", m.Kind, k.State)
		}
	}
}

// Nothing is invented of an execution: what the officer lifts without saying who
// carried it out is shown as not carried out, a step after the leader's decision asks
// when and where, and whatever is undone has its line in the history.
func TestAnUndoingIsAskedFor(t *testing.T) {
	t.Parallel()
	c := st.NewCoerced(t)
	s := c.Svc.Enforcement
	m := c.Take(model.MeasureExitBan)
	lift := lifting(model.LiftCreditor, "申请执行人书面同意")
	lift.Place = ""
	got, err := s.LiftMeasure(ctx, c.Officer.Actor, m.ID, m.Version, lift)
	if now := c.Measure(m.ID); err != nil || got.UndoneAt != nil || now.Pending() != "已决定解除、未执行" || now.Task(model.TaskCarryOut) == nil || slices.Contains(now.History(), model.EntryUndone) {
		t.Fatalf("%+v %v", now.History(), err)
	}
	// The clean-up: the first act decides, the second says when and where.
	tracing := c.Take(model.MeasureTracing)
	c.Pay(100000, 9)
	step := func() *model.Task { return c.Measure(tracing.ID).Task(model.TaskLift) }
	finish := func(st enforcement.Step) error {
		k := step()
		st.TaskID, st.Version, st.Proof = k.ID, k.Version, "已通知公安机关"
		_, err := s.FinishCleanUpStep(ctx, c.Officer.Actor, st)
		return err
	}
	k := step()
	for range 2 { // the answer got lost
		if _, err := s.FinishCleanUpStep(ctx, c.Officer.Actor, enforcement.Step{TaskID: k.ID, Version: k.Version, Proof: "已通知公安机关"}); err != nil {
			t.Fatal(err)
		}
	}
	if now := c.Measure(tracing.ID); now.State != model.MeasureLifted || now.Pending() != "已决定解除、未执行" || step().State != model.TaskOpen {
		t.Fatalf("%s %q %s", now.State, now.Pending(), step().State)
	}
	c.RefusedAt(finish(enforcement.Step{Place: "宁波市公安局镇海分局"}), "measure.execution", "at")
	c.RefusedAt(finish(enforcement.Step{At: c.Clock.Now()}), "measure.execution", "place")
	if err := finish(enforcement.Step{At: c.Clock.Now(), Place: "宁波市公安局镇海分局"}); err != nil {
		t.Fatal(err)
	}
	now := c.Measure(tracing.ID)
	if last := now.Entries[len(now.Entries)-1]; last.Kind != model.EntryUndone || last.Place != "宁波市公安局镇海分局" || now.Pending() != "" || step().State != model.TaskDone {
		t.Errorf("%+v %q", last, now.Pending())
	}
}

// A restriction of spending with an end of its own does not end as expired while the
// same person is listed (限高规定 1 (2)).
func TestARestrictionDoesNotExpireUnderAListing(t *testing.T) {
	t.Parallel()
	c := st.NewCoerced(t)
	s := c.Svc.Enforcement
	order := c.Take(model.MeasureConsumption, func(p *enforcement.Proposal) { p.Until = day(3, 20) })
	listing := c.Take(model.MeasureListing)
	c.Pass(at(3, 23, 10))
	end := func() error {
		_, err := s.EndExpiredMeasure(ctx, c.Officer.Actor, order.ID, c.Measure(order.ID).Version, enforcement.Expiry{Proof: "名单删除回执", At: c.Clock.Now()})
		return err
	}
	c.Refused(end(), "lift.listed")
	if now := c.Measure(order.ID); !now.State.Stands() {
		t.Fatal("it ended")
	}
	if _, err := s.LiftMeasure(ctx, c.Leader.Actor, listing.ID, c.Measure(listing.ID).Version, lifting(model.LiftWrong, "事由不当")); err != nil {
		t.Fatal(err)
	}
	if err := end(); err != nil {
		t.Fatal(err)
	}
	now := c.Measure(order.ID)
	if h := now.History(); now.State != model.MeasureExpired || h[len(h)-1] != model.EntryUndone || now.Pending() != "" {
		t.Errorf("%s %v %q", now.State, h, now.Pending())
	}
}
