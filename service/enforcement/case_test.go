package enforcement_test

import (
	"fmt"
	"slices"
	"sync"
	"testing"

	"microcourt/model"
	"microcourt/service/enforcement"
	"microcourt/service/performance"
	st "microcourt/service/servicetest"
	"microcourt/storage"
)

// A case is closed once, for a reason that the law knows, by the officer whose
// case it is.
func TestClosingACase(t *testing.T) {
	t.Parallel()
	c := st.NewCoerced(t)
	s := c.Svc.Enforcement
	d, err := s.Case(ctx, c.Officer.Actor, c.ID)
	if err != nil || !d.Own || d.OwedFen != 100000 || d.FeeFen != 5000 || len(d.Tasks) != 2 || d.Party(c.F.Debtor) != "赵明" {
		t.Fatalf("%+v %v", d, err)
	}
	v := d.File.Version
	closing := func(by st.Person, seen int64, how model.CloseType, on model.Date, why string) error {
		_, err := s.CloseCase(ctx, by.Actor, c.ID, seen, model.Closing{Type: how, On: on, Reason: why})
		return err
	}
	c.RefusedAll(
		st.No("another officer", model.NotFound, "enforcement.not_found", "", closing(c.Staff("lu.fg", model.RoleOfficer), v, model.CloseEnded, c.Today(), "撤回")),
		st.No("a clerk", model.Forbidden, "role.forbidden", "", closing(c.Clerk, v, model.CloseEnded, c.Today(), "撤回")),
		st.No("changed meanwhile", model.Conflict, "enforcement.changed", "", closing(c.Officer, 99, model.CloseEnded, c.Today(), "撤回")),
		st.No("no way to close", model.Invalid, "enforcement.close_type", "close_type", closing(c.Officer, v, "vanished", c.Today(), "撤回")),
		st.No("tomorrow", model.Invalid, "enforcement.closed_on", "closed_on", closing(c.Officer, v, model.CloseEnded, day(3, 7), "撤回")),
		st.No("no reason", model.Invalid, "reason.required", "reason", closing(c.Officer, v, model.CloseEnded, c.Today(), " ")),
		st.No("not performed", model.Conflict, "enforcement.not_performed", "", closing(c.Officer, v, model.ClosePerformed, c.Today(), "")),
	)
	errs := make([]error, 4)
	var wg sync.WaitGroup
	for i := range errs {
		wg.Go(func() { errs[i] = closing(c.Officer, v, model.CloseEnded, c.Today(), fmt.Sprintf("理由%d", i)) })
	}
	wg.Wait()
	won := slices.IndexFunc(errs, func(err error) bool { return err == nil })
	for i, err := range errs {
		if i != won && model.KindOf(err) != model.Conflict {
			t.Errorf("%d: %v", i, err)
		}
	}
	if won < 0 {
		t.Fatal("nobody closed the case")
	}
	if err := closing(c.Officer, v, model.CloseEnded, c.Today(), fmt.Sprintf("理由%d", won)); err != nil {
		t.Errorf("the answer got lost: %v", err)
	}
	c.Refused(closing(c.Officer, v, model.CloseEnded, c.Today(), "另一理由"), "enforcement.closed")
	if len(openTasks(c, "")) != 0 || c.NoticesOf(c.Debtor, model.NoticeEnforcementClosed) != 1 || c.Audited("enforcement.close") != 1 {
		t.Errorf("after closing: %v", openTasks(c, ""))
	}
	_, err = s.ProposeMeasure(ctx, c.Officer.Actor, c.Wants(model.MeasureTracing))
	c.Refused(err, "enforcement.closed")
	_, err = s.RecordSettlement(ctx, c.Officer.Actor, c.Agreement(0, part(100000, 3, 31)))
	c.Refused(err, "enforcement.closed")
	if list, err := s.Cases(ctx, c.Officer.Actor, model.EnforcementFilter{Open: true, Limit: 10}); err != nil || len(list) != 0 {
		t.Errorf("still open: %v %v", list, err)
	}
}

// A case moves with all that is to be done in it; an officer gives away his own,
// a leader anybody's, and the answer may get lost.
func TestHandingOver(t *testing.T) {
	t.Parallel()
	c := st.NewCoerced(t)
	s := c.Svc.Enforcement
	next := c.Staff("lu.fg", model.RoleOfficer)
	c.Enforce(c.File(c.Clerk, st.PersonOwes), c.Officer)
	d, err := s.Case(ctx, c.Officer.Actor, c.ID)
	if err != nil {
		t.Fatal(err)
	}
	move := func(by st.Person, to, why string, seen int64) error {
		return s.HandOver(ctx, by.Actor, c.ID, seen, to, why)
	}
	all := func(by st.Person, from, to, why string) error {
		_, err := s.HandOverAll(ctx, by.Actor, from, to, why)
		return err
	}
	v := d.File.Version
	c.Refused(move(next, "lu.fg", "我来办", v), "enforcement.not_found")
	c.RefusedAt(move(c.Officer, "lu.fg", " ", v), "reason.required", "reason")
	c.RefusedAt(move(c.Officer, "nobody", "调岗", v), "officer.unknown", "to_officer")
	c.RefusedAt(move(c.Officer, "ji.fg", "调岗", v), "officer.same", "to_officer")
	c.Refused(move(c.Officer, "lu.fg", "调岗", 99), "enforcement.changed")
	c.RefusedAt(all(c.Leader, "ji.fg", "lu.fg", ""), "reason.required", "reason")
	c.RefusedAt(all(c.Leader, "ji.fg", "ji.fg", "离职"), "officer.same", "to_officer")
	c.RefusedAt(all(next, "ji.fg", "lu.fg", "离职"), "officer.unknown", "from_officer")
	for range 2 {
		if err := move(c.Officer, "lu.fg", "调岗", v); err != nil {
			t.Error(err)
		}
	}
	if n, err := s.HandOverAll(ctx, c.Leader.Actor, "ji.fg", "lu.fg", "离职"); err != nil || n != 1 {
		t.Errorf("%d moved, %v", n, err)
	}
	if a, b := len(c.OpenTasks(c.Officer)), len(c.OpenTasks(next)); a != 0 || b != 4 {
		t.Errorf("the old officer has %d tasks, the new one %d", a, b)
	}
}

// A task that ends by no act is finished once by its owner; officer and leader
// are told of a late one, once.
func TestTasksAndTheirClocks(t *testing.T) {
	t.Parallel()
	c := st.NewCoerced(t)
	s := c.Svc.Enforcement
	list := c.OpenTasks(c.Officer)
	if len(list) != 2 || list[0].Kind != model.TaskServiceOfProcess || !list[0].DueAt.Equal(day(3, 11).EndOfDay()) || !list[1].DueAt.Equal(day(9, 1).EndOfDay()) {
		t.Fatalf("%+v", list)
	}
	finish := func(by st.Person, id, seen int64, what string, file int64) error {
		_, err := s.FinishOwnTask(ctx, by.Actor, id, seen, what, file)
		return err
	}
	task := list[0]
	c.Refused(finish(c.Officer, 999999, 1, "好", 0), "task.not_found")
	c.Refused(finish(c.Staff("lu.fg", model.RoleOfficer), task.ID, 1, "好", 0), "task.not_found")
	c.Refused(finish(c.Officer, list[1].ID, 1, "好", 0), "task.by_act")
	c.Refused(finish(c.Officer, task.ID, 9, "好", 0), "task.changed")
	c.RefusedAt(finish(c.Officer, task.ID, 1, " ", 0), "task.result", "result")
	c.RefusedAt(finish(c.Officer, task.ID, 1, "已送达", 99), "file.unknown", "file_id")
	c.Pass(at(3, 12, 1))
	c.Pass(at(3, 12, 2))
	if a, b := c.NoticesOf(c.Officer, model.NoticeTaskLate), c.NoticesOf(c.Leader, model.NoticeTaskLate); a != 1 || b != 1 {
		t.Errorf("told of the late task: officer %d, leader %d times", a, b)
	}
	task = c.OpenTasks(c.Officer)[0]
	for range 2 {
		if err := finish(c.Officer, task.ID, task.Version, "已送达", 0); err != nil {
			t.Error(err)
		}
	}
	c.Refused(finish(c.Officer, task.ID, task.Version, "再次送达", 0), "task.done")
}

// Full performance is known on the day of the last payment, and the officer is asked
// to check and close; a correction takes it back, a further payment brings it anew.
// What lists keep of enforced obligations equals a recount.
func TestACaseKnowsOfItsPerformance(t *testing.T) {
	t.Parallel()
	c := st.NewCoerced(t)
	s := c.Svc.Enforcement
	performed := func() (model.Date, model.Fen) {
		t.Helper()
		d, err := s.Case(ctx, c.Officer.Actor, c.ID)
		if err != nil {
			t.Fatal(err)
		}
		return d.File.PerformedOn, d.OpenFen
	}
	c.Pay(60000, 61)
	if on, open := performed(); !on.IsZero() || open != 40000 {
		t.Errorf("partly paid: %v, %v open", on, open)
	}
	r := c.Pay(40000, 62)
	if on, open := performed(); on != c.Today() || open != 0 || len(openTasks(c, model.TaskCheckFull)) != 1 {
		t.Errorf("paid: %v, %v open, %v", on, open, openTasks(c, model.TaskCheckFull))
	}
	if _, err := c.Svc.Performance.Correct(ctx, c.Judge.Actor, performance.Decision{ReceiptID: r.ID, Version: r.Version + 1, AmountFen: 30000, Reason: "看错金额", IdemKey: st.FreshKey()}); err != nil {
		t.Fatal(err)
	}
	if on, open := performed(); !on.IsZero() || open != 10000 || len(openTasks(c, model.TaskCheckFull)) != 0 {
		t.Errorf("corrected: %v, %v open, %v", on, open, openTasks(c, model.TaskCheckFull))
	}
	c.Pay(10000, 63)
	if on, open := performed(); on != c.Today() || open != 0 {
		t.Errorf("paid anew: %v, %v open", on, open)
	}
	err := c.DB.Transact(ctx, func(tx *storage.DB) error {
		before, err := tx.Obligations(ctx, c.F.ID)
		if err == nil {
			err = tx.SetEnforced(ctx, c.F.ID)
		}
		if err != nil {
			return err
		}
		after, err := tx.Obligations(ctx, c.F.ID)
		for i := range after {
			if before[i].EnforcedOn != after[i].EnforcedOn || after[i].EnforcedOn.IsZero() {
				t.Errorf("kept %s, counted %s", before[i].EnforcedOn, after[i].EnforcedOn)
			}
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

// After full performance what burdens the debtor is lifted in its order, each
// with a proof; a correction takes the rest back, and interest may hold it up.
func TestCleaningUpAfterPerformance(t *testing.T) {
	t.Parallel()
	c := st.NewCoerced(t)
	s := c.Svc.Enforcement
	listing := c.Take(model.MeasureListing) // restricts his consumption too
	if _, err := s.PutUpPoster(ctx, c.Officer.Actor, listing.ID, "十七房村", 0, st.FreshKey()); err != nil {
		t.Fatal(err)
	}
	c.Take(model.MeasureTracing)
	r := c.Pay(100000, 9)
	cleanUp := func(by st.Person) enforcement.CleanUpView {
		t.Helper()
		list, err := s.CleanUps(ctx, by.Actor, c.F.ID)
		if err != nil || len(list) == 0 {
			t.Fatal(list, err)
		}
		return list[0]
	}
	steps := func() (out []enforcement.CleanUpTask) {
		for _, k := range cleanUp(c.Officer).Steps {
			if k.State == model.TaskOpen {
				out = append(out, k)
			}
		}
		return out
	}
	finish := func(k enforcement.CleanUpTask, proof string, file int64) error {
		_, err := s.FinishCleanUpStep(ctx, c.Officer.Actor, enforcement.Step{TaskID: k.ID, Version: k.Version, Proof: proof, Place: "宁波市公安局镇海分局", At: c.Clock.Now(), FileID: file})
		return err
	}
	list := steps()
	if len(list) != 4 || list[0].Measure != model.MeasureTracing || c.NoticesOf(c.Debtor, model.NoticeCleanUp) != 1 {
		t.Fatalf("%+v", list)
	}
	for _, k := range cleanUp(c.Debtor).Steps {
		if k.ForDebtor() == "" {
			t.Errorf("the debtor is not told what is lifted: %+v", k)
		}
	}
	c.RefusedAt(finish(list[0], " ", 0), "lift.proof", "proof")
	c.RefusedAt(finish(list[0], "回执", 99), "file.unknown", "file_id")
	c.Refused(finish(list[len(list)-2], "回执", 0), "task.order")
	wrong := list[0]
	wrong.Version = 9
	c.Refused(finish(wrong, "回执", 0), "task.changed")

	// Interest holds it up, and the leaders see that.
	v := cleanUp(c.Officer)
	hold := func(seen int64, why string) error {
		_, err := s.HoldCleanUp(ctx, c.Officer.Actor, v.ID, seen, why)
		return err
	}
	resume := func(seen int64) error {
		_, err := s.ResumeCleanUp(ctx, c.Officer.Actor, v.ID, seen)
		return err
	}
	c.RefusedAt(hold(v.Version, " "), "reason.required", "reason")
	c.Refused(hold(9, "尚欠利息"), "clean_up.changed")
	c.Refused(resume(v.Version), "clean_up.changed")
	for range 2 {
		if err := hold(v.Version, "尚欠迟延履行利息"); err != nil {
			t.Fatal(err)
		}
	}
	if len(steps()) != 0 || c.NoticesOf(c.Leader, model.NoticeCleanUpStaff) != 1 {
		t.Errorf("held: %v", steps())
	}
	v = cleanUp(c.Officer)
	for range 2 {
		if err := resume(v.Version); err != nil {
			t.Fatal(err)
		}
	}
	if running, err := s.RunningCleanUps(ctx, c.Leader.Actor, model.CleanUpFilter{Limit: 10}); err != nil || len(running) != 1 || running[0].Open != 4 {
		t.Errorf("it runs again: %+v %v", running, err)
	}
	first := steps()[0]
	for range 2 { // the answer got lost
		if err := finish(first, "公安机关撤控回执", 0); err != nil {
			t.Error(err)
		}
	}

	// A correction takes back what is open; what is lifted is the officer's to
	// decide about.
	if _, err := c.Svc.Performance.Correct(ctx, c.Judge.Actor, performance.Decision{ReceiptID: r.ID, Version: r.Version + 1, AmountFen: 50000, Reason: "看错金额", IdemKey: st.FreshKey()}); err != nil {
		t.Fatal(err)
	}
	if got := cleanUp(c.Officer); got.State != model.CleanUpCancelled || len(got.Lifted) != 1 || len(openTasks(c, model.TaskTakenBack)) != 1 {
		t.Errorf("after the correction: %s %v %v", got.State, got.Lifted, openTasks(c, model.TaskTakenBack))
	}
	c.Pay(50000, 10)
	photo := c.Uploaded(c.Officer, c.F.ID, 11)
	for range 4 {
		list := steps()
		if len(list) == 0 {
			break
		}
		k := list[0]
		if k.Poster {
			c.RefusedAt(finish(k, "已撤下", 0), "poster.photo", "file_id")
		}
		if err := finish(k, "系统回执", map[bool]int64{true: photo}[k.Poster]); err != nil {
			t.Fatal(err)
		}
	}
	if got := cleanUp(c.Officer); got.State != model.CleanUpDone || c.Measure(listing.ID).State != model.MeasureLifted {
		t.Errorf("at the end: %s, %+v", got.State, got.Steps)
	}
}

// A wish to lift from before the payment waits its turn in the clean-up.
func TestALeaderKeepsTheOrderOfACleanUp(t *testing.T) {
	t.Parallel()
	c := st.NewCoerced(t)
	s := c.Svc.Enforcement
	listing := c.Take(model.MeasureListing)
	c.Take(model.MeasureTracing)
	arrest := c.Take(model.MeasureDetention)
	c.Pass(at(3, 6, 15))
	if _, err := s.Detain(ctx, c.Officer.Actor, arrest.ID, arrest.Version, at(3, 6, 14), ""); err != nil {
		t.Fatal(err)
	}
	for id, l := range map[int64]model.Lifting{listing.ID: lifting(model.LiftWrong, "认定有误"), arrest.ID: lifting(model.LiftRemorse, "已具结悔过")} {
		if _, err := s.LiftMeasure(ctx, c.Officer.Actor, id, c.Measure(id).Version, l); err != nil {
			t.Fatal(err)
		}
	}
	c.Pay(100000, 910)
	yes := func(id int64) error {
		_, err := s.AnswerLift(ctx, c.Leader.Actor, id, c.Measure(id).Version, true, "同意")
		return err
	}
	c.Refused(yes(listing.ID), "task.order")
	if m := c.Measure(listing.ID); m.State != model.MeasureInForce {
		t.Errorf("after the refusal: %+v", m.Measure)
	}
	if err := yes(arrest.ID); err != nil || c.Measure(arrest.ID).State != model.MeasureLifted { // which comes first
		t.Error(err)
	}
}

// A listing in force is prolonged once by a leader; whoever proposed does not
// decide, and its end ends what is open.
func TestProlongingAListing(t *testing.T) {
	t.Parallel()
	c := st.NewCoerced(t)
	s := c.Svc.Enforcement
	m := c.Take(model.MeasureListing, func(p *enforcement.Proposal) { p.Ground = model.GroundReport })
	propose := func(by st.Person, id int64, f func(*model.Prolongation)) (*model.Prolongation, error) {
		p := model.Prolongation{Years: 2, Reason: "several", Facts: "还违反限制消费令乘坐飞机。", IdemKey: st.FreshKey()}
		f(&p)
		return s.ProposeProlongation(ctx, by.Actor, id, p)
	}
	same := func(*model.Prolongation) {}
	refused := func(by st.Person, id int64, reason, field string, f func(*model.Prolongation)) {
		t.Helper()
		_, err := propose(by, id, f)
		c.RefusedAt(err, reason, field)
	}
	refused(c.Officer, 999999, "measure.not_found", "", same)
	refused(c.Staff("lu.fg", model.RoleOfficer), m.ID, "measure.not_found", "", same)
	refused(c.Leader, m.ID, "role.forbidden", "", same)
	refused(c.Officer, c.Take(model.MeasureTracing).ID, "prolong.not_listed", "", same)
	refused(c.Officer, m.ID, "prolong.years", "years", func(p *model.Prolongation) { p.Years = 4 })
	refused(c.Officer, m.ID, "prolong.reason", "extra_reason", func(p *model.Prolongation) { p.Reason = "anger" })
	refused(c.Officer, m.ID, "prolong.facts", "prolong_facts", func(p *model.Prolongation) { p.Facts = " " })
	decide := func(by st.Person, p *model.Prolongation, seen int64, yes bool, note string) error {
		_, err := s.DecideProlongation(ctx, by.Actor, p.ID, seen, yes, note)
		return err
	}
	no, err := propose(c.Officer, m.ID, same)
	if err != nil {
		t.Fatal(err)
	}
	refused(c.Officer, m.ID, "prolong.open", "", same)
	c.Refused(decide(c.Officer, no, 1, true, ""), "role.forbidden")
	c.Refused(decide(c.Leader, &model.Prolongation{ID: 999999}, 1, true, ""), "prolongation.not_found")
	c.RefusedAt(decide(c.Leader, no, 1, false, " "), "reason.required", "prolong_note")
	c.Refused(decide(c.Leader, no, 2, true, ""), "prolong.decided")
	for range 2 {
		if err := decide(c.Leader, no, 1, false, "事实不清"); err != nil {
			t.Error(err)
		}
	}
	yes, err := propose(c.Officer, m.ID, func(p *model.Prolongation) { p.Years = 1 })
	if err != nil {
		t.Fatal(err)
	}
	if err := decide(c.Leader, yes, 1, true, "同意"); err != nil {
		t.Fatal(err)
	}
	list, err := s.Prolongations(ctx, c.Leader.Actor, m.ID)
	if err != nil || len(list) != 2 || list[0].Number != "镇法失信延〔2026〕1号" || c.Measure(m.ID).Until != model.NewDate(2029, 3, 6) {
		t.Errorf("after the approval: %+v, until %v; %v", list, c.Measure(m.ID).Until, err)
	}
	refused(c.Officer, m.ID, "prolong.done", "", same)
}

// Whoever is restricted asks for one spending; the officer answers it, a leader
// where the president approves; the end of the restriction ends what is open.
func TestSpendingUnderARestriction(t *testing.T) {
	t.Parallel()
	c := st.NewCoerced(t)
	s := c.Svc.Enforcement
	m, tracing := c.Take(model.MeasureConsumption), c.Take(model.MeasureTracing)
	ask := func(by st.Person, id int64, f func(*model.SpendingPermit)) (*model.SpendingPermit, error) {
		p := model.SpendingPermit{
			Ground: model.SpendNecessary, Spender: "赵明", Purpose: "乘坐高铁往返上海复诊", Reason: "术后每周复诊", AmountFen: 30000, FromOn: day(3, 8), UntilOn: day(3, 20), IdemKey: st.FreshKey(),
		}
		f(&p)
		return s.AskSpendingPermit(ctx, by.Actor, id, p)
	}
	same := func(*model.SpendingPermit) {}
	for _, tt := range []struct {
		by            st.Person
		id            int64
		reason, field string
		f             func(*model.SpendingPermit)
	}{
		{c.Debtor, 999999, "measure.not_found", "", same},
		{c.Staff("lu.fg", model.RoleOfficer), m.ID, "measure.not_found", "", same},
		{c.Officer, tracing.ID, "spending.not_restricted", "", same},
		{c.Debtor, m.ID, "spending.ground", "spending_ground", func(p *model.SpendingPermit) { p.Ground = "fun" }},
		{c.Debtor, m.ID, "spending.ground", "spending_ground", func(p *model.SpendingPermit) { p.Ground = model.SpendPrivate }}, // he is no company
		{c.Debtor, m.ID, "spending.term", "from_on", func(p *model.SpendingPermit) { p.Ground, p.UntilOn, p.Pledged = model.SpendUrgent, day(4, 9), true }},
		{c.Debtor, m.ID, "spending.text", "purpose", func(p *model.SpendingPermit) { p.Purpose = "" }},
		{c.Debtor, m.ID, "file.too_many", "file_ids", func(p *model.SpendingPermit) { p.FileIDs = []int64{1, 2, 3, 4, 5, 6, 7, 8, 9, 10} }},
		{c.Debtor, m.ID, "spending.text", "spender", func(p *model.SpendingPermit) { p.Spender = " " }},
		{c.Debtor, m.ID, "spending.amount", "amount_fen", func(p *model.SpendingPermit) { p.AmountFen = 0 }},
		{c.Debtor, m.ID, "reason.required", "reason", func(p *model.SpendingPermit) { p.Reason = " " }},
		{c.Debtor, m.ID, "spending.term", "from_on", func(p *model.SpendingPermit) { p.FromOn = day(3, 5) }},
		{c.Debtor, m.ID, "file.unknown", "file_ids", func(p *model.SpendingPermit) { p.FileIDs = []int64{99} }},
	} {
		_, err := ask(tt.by, tt.id, tt.f)
		if model.ReasonOf(err) != tt.reason {
			t.Errorf("got %v, want %s", err, tt.reason)
		}
		if tt.field != "" && tt.reason != "reason.required" && model.FieldOf(err) != tt.field {
			t.Errorf("%v is not at %s", err, tt.field)
		}
	}
	p, err := ask(c.Debtor, m.ID, same)
	if err != nil {
		t.Fatal(err)
	}
	_, err = ask(c.Debtor, m.ID, same)
	c.Refused(err, "spending.open")
	decide := func(by st.Person, id int64, d model.SpendingDecision) (*model.SpendingPermit, error) {
		return s.DecideSpendingPermit(ctx, by.Actor, id, 1, d)
	}
	yes := model.SpendingDecision{State: model.SpendingGranted, Until: day(3, 14), Reason: "有复诊证明"}
	for reason, f := range map[string]func(*model.SpendingDecision){
		"spending.decision": func(d *model.SpendingDecision) { d.State = model.SpendingLapsed }, "reason.required": func(d *model.SpendingDecision) { d.Reason = "" },
		"spending.term": func(d *model.SpendingDecision) { d.Until = day(3, 21) },
	} {
		d := yes
		f(&d)
		_, err := decide(c.Officer, p.ID, d)
		c.Refused(err, reason)
	}
	_, err = decide(c.Officer, 999999, yes)
	c.Refused(err, "spending.not_found")
	for range 2 { // the answer got lost
		got, err := decide(c.Officer, p.ID, yes)
		if err != nil || got.Number != "镇法限消准〔2026〕1号" || got.GrantUntil != day(3, 14) {
			t.Fatalf("the grant: %+v %v", got, err)
		}
	}
	_, err = decide(c.Leader, p.ID, model.SpendingDecision{State: model.SpendingRefused, Reason: "反悔"})
	c.Refused(err, "spending.decided")

	urgent, err := ask(c.Officer, m.ID, func(p *model.SpendingPermit) {
		p.Ground, p.UntilOn, p.Pledged = model.SpendUrgent, day(3, 10), true
	})
	if err != nil {
		t.Fatal(err)
	}
	_, err = decide(c.Officer, urgent.ID, yes)
	c.Refused(err, "spending.leader")
	if got, err := decide(c.Leader, urgent.ID, model.SpendingDecision{State: model.SpendingRefused, Reason: "没有凭据"}); err != nil || got.Number != "" || c.NoticesOf(c.Debtor, model.NoticeSpendingDecided) != 2 {
		t.Errorf("a refusal: %+v %v", got, err)
	}
	taken, err := ask(c.Officer, m.ID, same)
	if err != nil {
		t.Fatal(err)
	}
	_, err = decide(c.Officer, taken.ID, yes)
	c.Refused(err, "spending.own")
	if _, err := s.LiftMeasure(ctx, c.Officer.Actor, m.ID, c.Measure(m.ID).Version, lifting(model.LiftGuarantee, "已提供担保")); err != nil {
		t.Fatal(err)
	}
	list, err := s.SpendingPermits(ctx, c.Debtor.Actor, c.F.ID)
	if err != nil || len(list) != 3 || list[0].State != model.SpendingLapsed || len(openTasks(c, model.TaskSpending)) != 0 {
		t.Errorf("after the restriction: %+v %v", list, err)
	}
}

// Closing as performed asks for what is owed of the doubled part (法释〔2014〕8号 4):
// it is paid, left on record, or the reason of the closing leaves it; then the
// ledger says the same.
func TestClosingAsPerformedAsksForLateInterest(t *testing.T) {
	t.Parallel()
	for name, settle := range map[string]func(c *st.Coerced, obligation int64) (reason string){
		"left by the closing": func(*st.Coerced, int64) string { return "申请执行人书面放弃" },
		"left on record before": func(c *st.Coerced, obligation int64) string {
			_, err := c.Svc.Performance.EnterDebt(ctx, c.Judge.Actor, performance.DebtChange{CaseID: c.F.ID, IdemKey: st.FreshKey(), Entry: model.DebtEntry{
				Kind: model.DebtLeave, Part: model.PartDoubled, ObligationID: obligation, Reason: "双方已和解",
			}})
			if err != nil {
				t.Fatal(err)
			}
			return ""
		},
		"waived by the creditor": func(c *st.Coerced, obligation int64) string {
			_, err := c.Svc.Performance.Waive(ctx, c.Creditor.Actor, performance.DebtChange{CaseID: c.F.ID, IdemKey: st.FreshKey(), Entry: model.DebtEntry{
				Part: model.PartDoubled, ObligationID: obligation,
			}})
			if err != nil {
				t.Fatal(err)
			}
			return ""
		},
	} {
		c := st.NewCoerced(t)
		c.Pay(100000, 2401)
		d, err := c.Svc.Enforcement.Case(ctx, c.Officer.Actor, c.ID)
		if err != nil || d.InterestFen == 0 {
			t.Fatal(name, err, d.InterestFen)
		}
		closing := func(why string) error {
			_, err := c.Svc.Enforcement.CloseCase(ctx, c.Officer.Actor, c.ID, d.File.Version, model.Closing{Type: model.ClosePerformed, On: c.Today(), Reason: why})
			return err
		}
		c.RefusedAt(closing(""), "enforcement.interest_owed", "reason")
		if err := closing(settle(c, d.Debts.Obligations[0].ID)); err != nil {
			t.Fatal(name, err)
		}
		l, err := c.Svc.Performance.Ledger(ctx, c.Creditor.Actor, c.F.ID)
		if sum := l.Sum(); err != nil || sum.SumFen() != 0 || sum.DoubledWaived != d.InterestFen || len(l.Declared) != 1 || l.Declared[0].Chinese() == "" {
			t.Errorf("%s: %v %+v %+v", name, err, sum, l.Declared)
		}
	}
}
