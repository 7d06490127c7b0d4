package enforcement_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"microcourt/model"
	"microcourt/service/enforcement"
	"microcourt/service/filing"
	"microcourt/service/performance"
	st "microcourt/service/servicetest"
)

var ctx = context.Background()

func at(month time.Month, day, hour int) time.Time { return st.At(month, day, hour) }

func day(month time.Month, d int) model.Date { return model.NewDate(2026, month, d) }

type change = func(*enforcement.Proposal)

func lifting(g model.LiftGround, reason string) model.Lifting {
	return model.Lifting{Ground: g, Reason: reason, Proof: "系统回执", Place: "宁波市公安局镇海分局"}
}

func kinds(list ...model.MeasureEntryKind) []model.MeasureEntryKind { return list }

// dueSince moves the first instalment of a filing.
func dueSince(on model.Date) func(*filing.CaseInput) {
	return func(in *filing.CaseInput) { in.Instruments[0].Obligations[0].Installments[0].DueOn = on }
}

// The law is asked again at each moment: nobody is burdened for a debt that is not
// due, nor listed before the term of his notice, and who stays listed stays
// restricted. A creditor's application is decided within fifteen days.
func TestTheLawIsAskedAtEachMoment(t *testing.T) {
	t.Parallel()
	c := st.NewCoerced(t)
	s := c.Svc.Enforcement
	act := func(_ any, err error) error { return err }
	later := c.File(c.Clerk, st.PersonOwes, func(in *filing.CaseInput) { in.Instruments[0].Obligations[0].DueOn = day(3, 27) })
	id := c.Enforce(later, c.Officer)
	of := func(id int64, f st.Filed) change {
		return func(p *enforcement.Proposal) { p.EnforcementCaseID, p.PartyID = id, f.Debtor }
	}
	fresh := c.File(c.Clerk, st.PersonOwes)
	inTerm := c.Enforce(fresh, c.Officer)
	c.RefusedAt(act(s.ProposeMeasure(ctx, c.Officer.Actor, c.Wants(model.MeasureListing, of(inTerm, fresh)))), "measure.notice", "ground")
	c.Pass(at(3, 12, 10))
	for _, kind := range []model.MeasureKind{model.MeasureListing, model.MeasureConsumption, model.MeasureTracing, model.MeasureExitBan} {
		c.RefusedAt(act(s.ProposeMeasure(ctx, c.Officer.Actor, c.Wants(kind, of(id, later)))), "measure.not_due", "party_id")
	}

	asked := func(on model.Date) change {
		return func(p *enforcement.Proposal) { p.ByCreditor, p.CreditorAskedOn = true, on }
	}
	c.RefusedAt(act(s.ProposeMeasure(ctx, c.Officer.Actor, c.Wants(model.MeasureListing, asked(model.Date{})))), "measure.creditor_asked", "creditor_asked_on")
	c.RefusedAt(act(s.ProposeMeasure(ctx, c.Officer.Actor, c.Wants(model.MeasureListing, asked(day(2, 1))))), "measure.creditor_asked", "creditor_asked_on")
	listing := c.Propose(model.MeasureListing, asked(day(3, 10)))
	clock := c.Measure(listing.ID).Task(model.TaskListingDecide)
	if clock == nil || !clock.DueAt.Equal(day(3, 25).EndOfDay()) || clock.OwnerID != 0 {
		t.Fatalf("the fifteen days: %+v", clock)
	}
	c.Decide(listing)
	if clock = c.Measure(listing.ID).Task(model.TaskListingDecide); clock.State != model.TaskDone {
		t.Errorf("decided, and the clock is %s", clock.State)
	}
	all, err := s.MeasuresOf(ctx, c.Officer.Actor, c.ID)
	if err != nil || len(all) != 2 || all[0].Kind != model.MeasureConsumption || all[0].Resistance != "" || all[0].ByCreditor {
		t.Fatalf("what is restricted with the list: %+v %v", all, err)
	}
	c.RefusedAt(act(s.LiftMeasure(ctx, c.Officer.Actor, all[0].ID, all[0].Version, lifting(model.LiftCreditor, "申请执行人同意"))), "lift.listed", "ground")
	now := c.Measure(listing.ID)
	if err := act(s.LiftMeasure(ctx, c.Officer.Actor, listing.ID, now.Version, lifting(model.LiftCreditor, "申请执行人申请"))); err != nil {
		t.Fatal(err)
	}
	if err := act(s.LiftMeasure(ctx, c.Officer.Actor, all[0].ID, all[0].Version, lifting(model.LiftCreditor, "申请执行人同意"))); err != nil {
		t.Error(err)
	}
}

// What the law forbids is refused with its reason at the field that is wrong,
// and nothing is written.
func TestProposalsThatTheLawForbids(t *testing.T) {
	t.Parallel()
	c := st.NewCoerced(t)
	minor := c.File(c.Clerk, st.PersonOwes, func(in *filing.CaseInput) {
		in.Parties[1].Name, in.Parties[1].IDNumber = "赵小明", "34052420090303001X"
	})
	company := c.File(c.Clerk)
	ofMinor, ofCompany := c.Enforce(minor, c.Officer), c.Enforce(company, c.Officer)
	c.Pass(at(3, 10, 10))
	stranger := c.Staff("lu.fg", model.RoleOfficer)
	propose := func(by st.Person, kind model.MeasureKind, f ...change) error {
		_, err := c.Svc.Enforcement.ProposeMeasure(ctx, by.Actor, c.Wants(kind, f...))
		return err
	}
	in := func(id int64, f st.Filed) change {
		return func(p *enforcement.Proposal) { p.EnforcementCaseID, p.PartyID = id, f.Debtor }
	}
	director := func(p *enforcement.Proposal) {
		p.Relation, p.SubjectName, p.SubjectIDKind, p.SubjectID = model.RelationPrincipal, "孙立", "citizen_id", "11010519491231002X"
	}
	for _, tt := range []struct {
		reason, field string
		kind          model.MeasureKind
		f             []change
	}{
		{"measure.kind", "kind", "beating", nil},
		{"measure.debtor", "party_id", model.MeasureFine, []change{func(p *enforcement.Proposal) { p.PartyID = c.F.Creditor }}},
		{"measure.relation", "relation", model.MeasureListing, []change{func(p *enforcement.Proposal) { p.Relation = model.RelationLegalRep }}},
		{"measure.subject", "subject_name", model.MeasureConsumption, []change{in(ofCompany, company), director, func(p *enforcement.Proposal) { p.SubjectName = " " }}},
		{"measure.subject_id", "subject_id", model.MeasureConsumption, []change{in(ofCompany, company), director, func(p *enforcement.Proposal) { p.SubjectID = "110105194912310021" }}},
		{"measure.person", "relation", model.MeasureDetention, []change{in(ofCompany, company)}},
		{"measure.minor", "party_id", model.MeasureListing, []change{in(ofMinor, minor)}},
		{"measure.minor", "party_id", model.MeasureDetention, []change{in(ofMinor, minor)}},
		{"measure.resistance", "resistance", model.MeasureFine, []change{func(p *enforcement.Proposal) { p.Resistance = "x" }}},
		{"measure.ground", "ground", model.MeasureFine, []change{func(p *enforcement.Proposal) { p.Ground = model.GroundWhereabouts }}},
		{"measure.text", "facts", model.MeasureFine, []change{func(p *enforcement.Proposal) { p.Facts = " " }}},
		{"measure.days", "days", model.MeasureDetention, []change{func(p *enforcement.Proposal) { p.Days = 16 }}},
		{"measure.amount", "amount_fen", model.MeasureFine, []change{func(p *enforcement.Proposal) { p.AmountFen = 10_000_100 }}},
		{"measure.amount", "amount_fen", model.MeasureFine, []change{in(ofCompany, company), func(p *enforcement.Proposal) { p.AmountFen = 4_999_999 }}},
		{"measure.pay_by", "pay_by", model.MeasureFine, []change{func(p *enforcement.Proposal) { p.PayBy = day(3, 10) }}},
		{"measure.extra", "extra_years", model.MeasureListing, []change{func(p *enforcement.Proposal) { p.ExtraYears, p.ExtraReason = 1, "several" }}},
		{"measure.grace", "grace_months", model.MeasureListing, []change{func(p *enforcement.Proposal) { p.GraceMonths = 4 }}},
		{"measure.until", "until", model.MeasureExitBan, []change{func(p *enforcement.Proposal) { p.Until = day(3, 10) }}},
		{"measure.act_on", "act_on", model.MeasureFine, []change{func(p *enforcement.Proposal) { p.ActOn = day(3, 11) }}},
		{"measure.not_listed", "ground", model.MeasureConsumption, []change{func(p *enforcement.Proposal) { p.Ground = model.GroundListed }}},
		{"enforcement.not_found", "", model.MeasureFine, []change{func(p *enforcement.Proposal) { p.EnforcementCaseID = 999999 }}},
	} {
		c.RefusedAt(propose(c.Officer, tt.kind, tt.f...), tt.reason, tt.field)
	}
	c.Refused(propose(stranger, model.MeasureFine), "enforcement.not_found")
	c.Refused(propose(c.Debtor, model.MeasureFine), "role.forbidden")
	c.Refused(propose(c.Officer, model.MeasureConsumption, in(c.Enforce(c.File(c.Clerk, st.PersonOwes), c.Officer), st.Filed{})), "measure.debtor")
	late := c.File(c.Clerk, st.PersonOwes)
	c.Refused(propose(c.Officer, model.MeasureConsumption, in(c.Enforce(late, c.Officer), late)), "measure.notice")
	if list, err := c.Svc.Enforcement.Measures(ctx, c.Leader.Actor, model.MeasureFilter{Limit: 10}); err != nil || len(list) != 0 {
		t.Fatalf("something was written: %v %v", list, err)
	}

	// One act is fined once; another act of the day says why it is one; what
	// stands is not taken again.
	c.Take(model.MeasureFine)
	c.Refused(propose(c.Officer, model.MeasureFine, func(p *enforcement.Proposal) { p.ActText = "无偿转让 车辆。" }), "measure.same_act")
	c.Refused(propose(c.Officer, model.MeasureFine, func(p *enforcement.Proposal) { p.ActText = "辱骂执行人员" }), "measure.other_act")
	c.Propose(model.MeasureFine, func(p *enforcement.Proposal) {
		p.ActText, p.OtherAct = "辱骂执行人员", "当日下午在法院另一行为"
	})
	c.Take(model.MeasureExitBan)
	c.Refused(propose(c.Officer, model.MeasureExitBan), "measure.standing")
	c.Pay(100000, 1)
	c.Refused(propose(c.Officer, model.MeasureTracing), "obligation.performed")
}

// A proposal under the same key is one; its officer takes it back, a leader
// refuses it, and nobody decides what he proposed.
func TestProposalsAndTheirDeciders(t *testing.T) {
	t.Parallel()
	c := st.NewCoerced(t)
	s := c.Svc.Enforcement
	wanted := c.Wants(model.MeasureFine)
	id := st.TwiceAtOnce(t, func() (int64, error) {
		m, err := s.ProposeMeasure(ctx, c.Officer.Actor, wanted)
		if err != nil {
			return 0, err
		}
		return m.ID, nil
	})
	tracing, ban := c.Propose(model.MeasureTracing), c.Propose(model.MeasureExitBan)
	if n := c.NoticesOf(c.Leader, model.NoticeMeasureProposed); n < 1 {
		t.Errorf("the leader was told %d times", n)
	}
	if next, err := s.NextWaiting(ctx, c.Leader.Actor, 0); err != nil || next != id {
		t.Errorf("next waits %d, want %d; %v", next, id, err)
	}
	act := func(_ any, err error) error { return err }
	c.Refused(act(s.DecideMeasure(ctx, c.Officer.Actor, id, 1, "同意")), "measure.leader")
	c.Refused(act(s.DecideMeasure(ctx, c.Officer.Actor, tracing.ID, 1, " ")), "measure.opinion")
	c.Refused(act(s.DecideMeasure(ctx, c.Leader.Actor, 999999, 1, "同意")), "measure.not_found")
	c.Refused(act(s.RefuseMeasure(ctx, c.Leader.Actor, id, 1, " ")), "reason.required")
	c.Refused(act(s.RefuseMeasure(ctx, c.Officer.Actor, id, 1, "不同意")), "role.forbidden")
	c.Refused(act(s.WithdrawMeasure(ctx, c.Officer.Actor, tracing.ID, 1, " ")), "reason.required")
	c.Refused(act(s.WithdrawMeasure(ctx, c.Staff("lu.fg", model.RoleOfficer).Actor, tracing.ID, 1, "撤回")), "measure.not_found")
	for range 2 { // the answer got lost
		if _, err := s.WithdrawMeasure(ctx, c.Officer.Actor, tracing.ID, 1, "已找到本人"); err != nil {
			t.Error(err)
		}
		if _, err := s.RefuseMeasure(ctx, c.Leader.Actor, id, 1, "证据不足"); err != nil {
			t.Error(err)
		}
	}
	c.Refused(act(s.WithdrawMeasure(ctx, c.Officer.Actor, tracing.ID, 1, "另一理由")), "measure.changed")
	c.Refused(act(s.RefuseMeasure(ctx, c.Leader.Actor, id, 1, "另一理由")), "measure.changed")
	if got := c.Measure(id); got.State != model.MeasureRefused || !slices.Equal(got.History(), kinds(model.EntryProposed, model.EntryRefused)) || c.NoticesOf(c.Officer, model.NoticeMeasureAnswered) != 1 {
		t.Errorf("a refused fine: %s %v", got.State, got.History())
	}
	if got := c.Measure(tracing.ID); got.State != model.MeasureWithdrawn || got.Number != "" {
		t.Errorf("a withdrawn tracing: %+v", got.Measure)
	}

	// A leader whose own case it is proposes and asks; another one decides.
	both := c.Staff("both", model.RoleOfficer, model.RoleLeader)
	f := c.File(c.Clerk, st.PersonOwes)
	own := c.Enforce(f, both)
	c.Pass(at(3, 10, 10))
	m, err := s.ProposeMeasure(ctx, both.Actor, c.Wants(model.MeasureFine, func(p *enforcement.Proposal) { p.EnforcementCaseID, p.PartyID = own, f.Debtor }))
	if err != nil {
		t.Fatal(err)
	}
	c.Refused(act(s.DecideMeasure(ctx, both.Actor, m.ID, 1, "同意")), "measure.own_proposal")
	c.Refused(act(s.RefuseMeasure(ctx, both.Actor, m.ID, 1, "不同意")), "measure.own_proposal")
	m = c.Decide(m)
	if m, err = s.LiftMeasure(ctx, both.Actor, m.ID, m.Version, lifting(model.LiftWrong, "对象有误")); err != nil || m.State != model.MeasureInForce || m.LiftAskedAt == nil {
		t.Fatalf("a leader lifted in his own case: %+v %v", m, err)
	}
	c.Refused(act(s.AnswerLift(ctx, both.Actor, m.ID, m.Version, true, "")), "lift.own")
	if m, err = s.AnswerLift(ctx, c.Leader.Actor, m.ID, m.Version, false, "对象无误"); err != nil || m.State != model.MeasureInForce || m.LiftAskedAt != nil {
		t.Errorf("after the refusal: %+v %v", m, err)
	}
	_ = ban
}

// A detention: nobody is warned, the family is told in time, the court above
// shortens it, and the president releases who repents.
func TestADetention(t *testing.T) {
	t.Parallel()
	c := st.NewCoerced(t)
	s := c.Svc.Enforcement
	act := func(_ any, err error) error { return err }
	m := c.Take(model.MeasureDetention, func(p *enforcement.Proposal) { p.Days = 10 })
	if m.Number != "镇法司惩拘〔2026〕1号" || m.State != model.MeasureDecided {
		t.Fatalf("%+v", m)
	}
	if own, err := s.OwnMeasures(ctx, c.Debtor.Actor, c.F.ID); err != nil || len(own) != 0 {
		t.Errorf("he is warned: %v %v", own, err)
	}
	c.Refused(act(s.AskReview(ctx, c.Debtor.Actor, m.ID, "不服", st.FreshKey())), "measure.not_found")
	told := enforcement.FamilyTold{Name: "钱某", Relation: "妻子", How: "电话，已接通", At: at(3, 6, 14)}
	c.Refused(act(s.TellFamily(ctx, c.Officer.Actor, m.ID, told)), "measure.not_detained")
	c.Pass(at(3, 6, 15))
	c.Refused(act(s.Detain(ctx, c.Officer.Actor, m.ID, 2, at(3, 6, 16), "宁波市镇海区拘留所")), "measure.detained_at")
	for range 2 { // the answer got lost
		if _, err := s.Detain(ctx, c.Officer.Actor, m.ID, 2, at(3, 6, 14), "宁波市镇海区拘留所"); err != nil {
			t.Fatal(err)
		}
	}
	c.Refused(act(s.Detain(ctx, c.Officer.Actor, m.ID, 2, at(3, 6, 13), "宁波市镇海区拘留所")), "measure.changed")
	now := c.Measure(m.ID)
	family, release := now.Task(model.TaskFamily), now.Task(model.TaskRelease)
	if !family.DueAt.Equal(at(3, 7, 14)) || !release.DueAt.Equal(at(3, 16, 14)) || now.ServedOn != day(3, 6) || now.ReviewUntil != day(3, 9) || now.Place != "宁波市镇海区拘留所" {
		t.Errorf("its clocks: %v %v, served on %v", family, release, now.ServedOn)
	}
	c.Refused(act(s.FinishOwnTask(ctx, c.Officer.Actor, family.ID, family.Version, "已通知", 0)), "task.by_act")
	bad := told
	bad.Name = ""
	c.Refused(act(s.TellFamily(ctx, c.Officer.Actor, m.ID, bad)), "family.proof")
	bad, bad.FileID = told, 99
	c.Refused(act(s.TellFamily(ctx, c.Officer.Actor, m.ID, bad)), "file.unknown")
	bad, bad.At = told, at(3, 6, 9)
	c.Refused(act(s.TellFamily(ctx, c.Officer.Actor, m.ID, bad)), "family.at")
	for range 2 {
		if _, err := s.TellFamily(ctx, c.Officer.Actor, m.ID, told); err != nil {
			t.Error(err)
		}
	}
	told.How = "又打一次"
	c.Refused(act(s.TellFamily(ctx, c.Officer.Actor, m.ID, told)), "task.done")

	c.Refused(act(s.AskReview(ctx, c.Debtor.Actor, m.ID, " ", st.FreshKey())), "reason.required")
	key := st.FreshKey()
	review := st.TwiceAtOnce(t, func() (int64, error) {
		r, err := s.AskReview(ctx, c.Debtor.Actor, m.ID, "处罚过重", key)
		if err != nil {
			return 0, err
		}
		return r.ID, nil
	})
	c.Refused(act(s.AskReview(ctx, c.Debtor.Actor, m.ID, "再次申请", st.FreshKey())), "review.open")
	outcome := model.ReviewOutcome{Result: model.ReviewChanged, Text: "情节较轻", ByCourt: "宁波市中级人民法院", Number: "（2026）浙02司惩复1号", DecidedOn: day(3, 6), Days: 7}
	for reason, f := range map[string]func(*model.ReviewOutcome){
		"review.result": func(o *model.ReviewOutcome) { o.Result = "x" }, "reason.required": func(o *model.ReviewOutcome) { o.Text = " " },
		"review.by_court": func(o *model.ReviewOutcome) { o.Number = "" }, "review.decided_on": func(o *model.ReviewOutcome) { o.DecidedOn = day(3, 7) },
		"measure.days": func(o *model.ReviewOutcome) { o.Days = 11 },
	} {
		o := outcome
		f(&o)
		c.Refused(act(s.ConcludeReview(ctx, c.Officer.Actor, review, o)), reason)
	}
	c.Refused(act(s.ConcludeReview(ctx, c.Officer.Actor, 999999, outcome)), "review.not_found")
	c.Refused(act(s.ConcludeReview(ctx, c.Debtor.Actor, review, outcome)), "role.forbidden")
	for range 2 {
		if _, err := s.ConcludeReview(ctx, c.Officer.Actor, review, outcome); err != nil {
			t.Error(err)
		}
	}
	for _, change := range []func(o *model.ReviewOutcome){
		func(o *model.ReviewOutcome) { o.Number = "（2026）浙02司惩复9号" },
		func(o *model.ReviewOutcome) { o.Days = 5 },
	} {
		o := outcome
		change(&o)
		c.Refused(act(s.ConcludeReview(ctx, c.Officer.Actor, review, o)), "review.decided")
	}
	outcome.Result = model.ReviewUpheld
	c.Refused(act(s.ConcludeReview(ctx, c.Officer.Actor, review, outcome)), "review.decided")
	if now = c.Measure(m.ID); now.Days != 7 || !now.Task(model.TaskRelease).DueAt.Equal(at(3, 13, 14)) || c.NoticesOf(c.Debtor, model.NoticeMeasureReviewed) != 1 {
		t.Errorf("after the review: %d days, %v", now.Days, now.Task(model.TaskRelease))
	}

	c.Pass(at(3, 8, 10))
	remorse := lifting(model.LiftRemorse, "已具结悔过")
	for range 2 { // the answer got lost
		if _, err := s.LiftMeasure(ctx, c.Officer.Actor, m.ID, now.Version, remorse); err != nil {
			t.Fatal(err)
		}
	}
	asked := c.Measure(m.ID)
	if asked.LiftAskedAt == nil || asked.State != model.MeasureInForce || c.NoticesOf(c.Leader, model.NoticeMeasureProposed) != 2 {
		t.Fatalf("an officer released by himself: %+v", asked.Measure)
	}
	c.Refused(act(s.LiftMeasure(ctx, c.Officer.Actor, m.ID, asked.Version, lifting(model.LiftUnfit, "生病"))), "lift.asked")
	c.Refused(act(s.AnswerLift(ctx, c.Leader.Actor, m.ID, asked.Version, false, " ")), "reason.required")
	c.Refused(act(s.AnswerLift(ctx, c.Leader.Actor, m.ID, 99, true, "")), "measure.changed")
	if _, err := s.AnswerLift(ctx, c.Leader.Actor, m.ID, asked.Version, false, "尚未真正认错"); err != nil {
		t.Fatal(err)
	}
	if _, err := s.LiftMeasure(ctx, c.Officer.Actor, m.ID, c.Measure(m.ID).Version, remorse); err != nil {
		t.Fatal(err)
	}
	asked = c.Measure(m.ID)
	for range 2 {
		if _, err := s.AnswerLift(ctx, c.Leader.Actor, m.ID, asked.Version, true, "同意"); err != nil {
			t.Fatal(err)
		}
	}
	now = c.Measure(m.ID)
	want := kinds(model.EntryProposed, model.EntryDecided, model.EntryExecuted, model.EntryInForce, model.EntryFamilyTold, model.EntryReviewAsked, model.EntryReviewResult,
		model.EntryLiftAsked, model.EntryLiftRefused, model.EntryLiftAsked, model.EntryLifted)
	if now.State != model.MeasureLifted || !slices.Equal(now.History(), want) || c.NoticesOf(c.Debtor, model.NoticeMeasureLifted) != 1 {
		t.Errorf("%s after %v", now.State, now.History())
	}
	// Decided is not done: his release is open until the house of detention let him go.
	if k := now.Task(model.TaskRelease); k.State != model.TaskOpen || now.Task(model.TaskCarryOut) == nil || now.Pending() == "" || !now.Unexecuted {
		t.Errorf("a leader agreed, and the release is %s, %q", k.State, now.Pending())
	}
	free := model.MeasureExecution{Phase: model.PhaseUndo, At: at(3, 8, 10), Place: "宁波市镇海区拘留所", Number: "镇拘释〔2026〕8号"}
	for range 2 { // the answer got lost
		if _, err := s.ExecuteMeasure(ctx, c.Officer.Actor, m.ID, now.Version, free); err != nil {
			t.Fatal(err)
		}
	}
	now = c.Measure(m.ID)
	if last := now.Entries[len(now.Entries)-1]; last.Kind != model.EntryUndone || last.Number != free.Number || last.Place != free.Place || now.Unexecuted || c.Audited("measure.execute") != 1 {
		t.Errorf("after he was let go: %+v", last)
	}
	if i := slices.IndexFunc(now.Tasks, func(k model.Task) bool { return k.State == model.TaskOpen }); i >= 0 {
		t.Errorf("still to do: %+v", now.Tasks[i])
	}
	counts, err := s.MeasureCounts(ctx, c.Leader.Actor, day(3, 1), day(3, 31))
	if err != nil || len(counts) != 1 || counts[0].Kind != model.MeasureDetention || counts[0].N != 1 {
		t.Errorf("counted: %+v %v", counts, err)
	}
	if n := c.Audited("measure.lift"); n != 1 {
		t.Errorf("the lifting is %d times in the audit trail", n)
	}
	if _, breaks, err := c.DB.VerifyAudit(ctx); err != nil || len(breaks) != 0 {
		t.Error(breaks, err)
	}
}

// A detention whose time is over ends with a proof; a decision that nobody
// could serve yet is served once.
func TestServiceAndTheEndOfTheTerm(t *testing.T) {
	t.Parallel()
	c := st.NewCoerced(t)
	s := c.Svc.Enforcement
	act := func(_ any, err error) error { return err }
	fine, tracing := c.Take(model.MeasureFine), c.Propose(model.MeasureTracing)
	served := func(m *model.Measure, on model.Date, how string, file, seen int64) error {
		return act(s.RecordServiceOfProcess(ctx, c.Officer.Actor, m.ID, seen, on, how, file))
	}
	c.Refused(served(fine, day(3, 7), "签收", 0, fine.Version), "measure.served_on")
	c.Refused(served(fine, day(3, 6), " ", 0, fine.Version), "measure.how")
	c.Refused(served(fine, day(3, 6), "签收", 99, fine.Version), "file.unknown")
	c.Refused(served(tracing, day(3, 6), "签收", 0, tracing.Version), "measure.changed")
	scan := c.Uploaded(c.Officer, c.F.ID, 7)
	for range 2 { // the answer got lost
		if err := served(fine, day(3, 6), "本人签收", scan, fine.Version); err != nil {
			t.Error(err)
		}
	}
	c.Refused(served(fine, day(3, 6), "邮寄", scan, fine.Version), "measure.changed")
	if now := c.Measure(fine.ID); now.ServedOn != day(3, 6) || now.ReviewUntil != day(3, 9) {
		t.Errorf("served on %v, applications until %v", now.ServedOn, now.ReviewUntil)
	}
	r, err := s.AskReview(ctx, c.Officer.Actor, fine.ID, "本人口述：金额过高", st.FreshKey())
	if err != nil {
		t.Fatal(err)
	}
	c.Refused(act(s.ConcludeReview(ctx, c.Officer.Actor, r.ID, model.ReviewOutcome{
		Result: model.ReviewChanged, Text: "x", ByCourt: "中院", Number: "1号", DecidedOn: day(3, 6), AmountFen: 1000000,
	})), "measure.amount")
	if _, err := s.ConcludeReview(ctx, c.Officer.Actor, r.ID, model.ReviewOutcome{
		Result: model.ReviewRevoked, Text: "金额过高", ByCourt: "宁波市中级人民法院", Number: "（2026）浙02司惩复2号", DecidedOn: day(3, 6),
	}); err != nil {
		t.Fatal(err)
	}
	if now := c.Measure(fine.ID); now.State != model.MeasureLifted || now.LiftGround != model.LiftRevoked {
		t.Errorf("a revoked fine: %+v", now.Measure)
	}
	c.Propose(model.MeasureFine) // what was revoked is no fine of the act
	ban := c.Take(model.MeasureExitBan)
	key := st.FreshKey()
	against, err := s.AskReview(ctx, c.Debtor.Actor, ban.ID, "没有出境的可能", key)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.ConcludeReview(ctx, c.Officer.Actor, against.ID, model.ReviewOutcome{
		Result: model.ReviewRevoked, Text: "没有必要", ByCourt: "宁波市中级人民法院", Number: "（2026）浙02执复3号", DecidedOn: c.Today(),
	}); err != nil {
		t.Fatal(err)
	}
	if now := c.Measure(ban.ID); now.State != model.MeasureLifted || now.Pending() != "已决定解除、未执行" || now.Task(model.TaskCarryOut) == nil {
		t.Errorf("a ban that the court above revoked: %q %v", now.Pending(), now.Tasks)
	}

	d := c.Take(model.MeasureDetention, func(p *enforcement.Proposal) { p.Days, p.ActText, p.OtherAct = 10, "推搡", "另一行为" })
	c.Pass(at(3, 6, 15))
	if _, err := s.Detain(ctx, c.Officer.Actor, d.ID, d.Version, at(3, 6, 14), "宁波市镇海区拘留所"); err != nil {
		t.Fatal(err)
	}
	now := c.Measure(d.ID)
	d = &now.Measure
	end := func(proof string, file int64) error {
		return act(s.EndExpiredMeasure(ctx, c.Officer.Actor, d.ID, d.Version, enforcement.Expiry{Proof: proof, At: c.Clock.Now(), FileID: file}))
	}
	c.Refused(end("已出所", 0), "measure.not_over")
	c.Pass(at(3, 17, 10))
	c.Refused(end(" ", 0), "lift.proof")
	c.Refused(end("已出所", 99), "file.unknown")
	c.Refused(act(s.EndExpiredMeasure(ctx, c.Officer.Actor, d.ID, 99, enforcement.Expiry{Proof: "已出所"})), "measure.changed")
	for range 2 {
		if err := end("拘留所出所证明", 0); err != nil {
			t.Error(err)
		}
	}
	c.Refused(end("另一证明", 0), "measure.changed")
	if now := c.Measure(d.ID); now.State != model.MeasureExpired || now.Task(model.TaskRelease).State != model.TaskDone {
		t.Errorf("after its term: %+v", now.Measure)
	}
}

// A listing with days of grace is published after them, restricts spending by
// the same decision, is put up in villages, and leaves on the creditor's wish.
func TestAListing(t *testing.T) {
	t.Parallel()
	c := st.NewCoerced(t)
	s := c.Svc.Enforcement
	act := func(_ any, err error) error { return err }
	m := c.Take(model.MeasureListing, func(p *enforcement.Proposal) { p.Ground, p.GraceMonths = model.GroundReport, 1 })
	all, err := s.MeasuresOf(ctx, c.Officer.Actor, c.ID)
	if err != nil || len(all) != 2 || all[0].Kind != model.MeasureConsumption || all[0].Ground != model.GroundListed || all[0].State != model.MeasureDecided {
		t.Fatalf("what is restricted with the list: %+v %v", all, err)
	}
	force := func() error { return act(s.BringIntoForce(ctx, c.Officer.Actor, m.ID, m.Version)) }
	c.Refused(force(), "measure.grace_runs")
	key := st.FreshKey()
	post := func(where string, file int64) error {
		return act(s.PutUpPoster(ctx, c.Officer.Actor, m.ID, where, file, key))
	}
	c.Refused(post("十七房村", 0), "poster.state")
	c.Pass(at(4, 7, 10))
	then := c.Measure(m.ID)
	m = &then.Measure
	c.Refused(act(s.BringIntoForce(ctx, c.Officer.Actor, m.ID, 99)), "measure.changed")
	for range 2 {
		if err := force(); err != nil {
			t.Fatal(err)
		}
	}
	c.Refused(post(" ", 0), "poster.place")
	c.Refused(act(s.PutUpPoster(ctx, c.Officer.Actor, m.ID, "十七房村", 99, st.FreshKey())), "file.unknown")
	for range 2 {
		if err := post("十七房村", 0); err != nil {
			t.Error(err)
		}
	}
	now := c.Measure(m.ID)
	if now.State != model.MeasureInForce || now.Until != model.NewDate(2028, 4, 7) || !slices.Equal(now.History(), kinds(model.EntryProposed, model.EntryDecided, model.EntryInForce, model.EntryPosted)) {
		t.Fatalf("published until %v after %v", now.Until, now.History())
	}
	list, err := s.Listings(ctx, model.Actor{Roles: []model.Role{model.RolePublic}}, "浙0211", model.ListingSearch{Name: "赵明"}, 0, 10)
	if err != nil || len(list) != 1 {
		t.Errorf("the public list: %v %v", list, err)
	}
	if courts, err := s.PublicCourts(ctx); err != nil || len(courts) != 1 {
		t.Errorf("its courts: %v %v", courts, err)
	}
	agency := c.Staff("agency", model.RoleAgency)
	if list, err := s.AgencyListings(ctx, agency.Actor, 0, 10); err != nil || len(list) != 1 || c.Audited("listing.look") != 1 {
		t.Errorf("an agency's list: %v %v", list, err)
	}
	for reason, l := range map[string]model.Lifting{
		"lift.ground": lifting(model.LiftRemorse, "悔过"), "reason.required": lifting(model.LiftWrong, " "), "lift.term": lifting(model.LiftCreditor, "申请执行人申请"),
		"lift.ending":  lifting(model.LiftCredit, "已经信用修复"), // which nobody granted
		"file.unknown": {Ground: model.LiftWrong, Reason: "有误", Proof: "x", FileID: 99},
	} {
		c.Refused(act(s.LiftMeasure(ctx, c.Officer.Actor, m.ID, now.Version, l)), reason)
	}
}

// Whoever is listed is restricted by the same decision: a restriction that was only
// proposed may still be refused, and is withdrawn for it.
func TestAListingRestrictsBesideAProposal(t *testing.T) {
	t.Parallel()
	c := st.NewCoerced(t)
	c.Pass(at(3, 12, 10))
	proposed := c.Propose(model.MeasureConsumption)
	c.Take(model.MeasureListing)
	if now := c.Measure(proposed.ID); now.State != model.MeasureWithdrawn {
		t.Errorf("the proposal is %s", now.State)
	}
	all, err := c.Svc.Enforcement.MeasuresOf(ctx, c.Officer.Actor, c.ID)
	if err != nil || !slices.ContainsFunc(all, func(m enforcement.MeasureDetail) bool { return m.Kind == model.MeasureConsumption && m.State.Stands() }) {
		t.Errorf("listed and free to spend: %v", err)
	}
}

// Two people lift at once: one wins, everybody else is told.
func TestTwoLiftAtOnce(t *testing.T) {
	t.Parallel()
	c := st.NewCoerced(t)
	ban := c.Take(model.MeasureExitBan)
	for reason, l := range map[string]model.Lifting{"enforcement.not_performed": lifting(model.LiftPerformed, "付清"), "lift.proof": {Ground: model.LiftGuarantee, Reason: "已提供担保"}} {
		_, err := c.Svc.Enforcement.LiftMeasure(ctx, c.Officer.Actor, ban.ID, ban.Version, l)
		c.Refused(err, reason)
	}
	errs := make([]error, 6)
	var wg sync.WaitGroup
	for i := range errs {
		by := []st.Person{c.Officer, c.Leader}[i%2]
		wg.Go(func() {
			_, errs[i] = c.Svc.Enforcement.LiftMeasure(ctx, by.Actor, ban.ID, ban.Version, lifting(model.LiftGuarantee, fmt.Sprintf("担保 %d", i)))
		})
	}
	wg.Wait()
	won := 0
	for _, err := range errs {
		if err == nil {
			won++
		} else if model.ReasonOf(err) != "measure.changed" {
			t.Error(err)
		}
	}
	if now := c.Measure(ban.ID); won != 1 || now.State != model.MeasureLifted || strings.Count(fmt.Sprint(now.History()), "lifted") != 1 || c.NoticesOf(c.Debtor, model.NoticeMeasureLifted) != 1 {
		t.Errorf("%d won: %v", won, now.History())
	}
}

// Money that was confirmed a second before stops decision, arrest and
// publication, and nothing of them is half done.
func TestPaidASecondBefore(t *testing.T) {
	t.Parallel()
	c := st.NewCoerced(t)
	s := c.Svc.Enforcement
	act := func(_ any, err error) error { return err }
	proposed := c.Propose(model.MeasureDetention)
	arrest := c.Take(model.MeasureDetention, func(p *enforcement.Proposal) { p.ActOn = day(3, 4) })
	list := c.Take(model.MeasureListing, func(p *enforcement.Proposal) { p.GraceMonths = 1 })
	c.Pass(at(4, 7, 10))
	c.Pay(100000, 2)
	c.Refused(act(s.DecideMeasure(ctx, c.Leader.Actor, proposed.ID, proposed.Version, "同意")), "obligation.performed")
	c.Refused(act(s.Detain(ctx, c.Officer.Actor, arrest.ID, arrest.Version, at(4, 7, 10), "宁波市镇海区拘留所")), "obligation.performed")
	c.Refused(act(s.BringIntoForce(ctx, c.Officer.Actor, list.ID, list.Version)), "obligation.performed")
	if now := c.Measure(proposed.ID); now.State != model.MeasureProposed || now.Number != "" {
		t.Errorf("something of the decision is left: %+v", now.Measure)
	}
}

// Both at the same moment: whichever comes first, nobody is ordered into detention
// after the debt was confirmed as paid.
func TestPaidAtTheMomentOfTheDecision(t *testing.T) {
	t.Parallel()
	c := st.NewCoerced(t)
	s := c.Svc.Enforcement
	m := c.Propose(model.MeasureDetention)
	claim := st.Claim(c.F, 100000, c.Uploaded(c.Debtor, c.F.ID, 511))
	claim.PayerName, claim.PaidOn = "赵明", c.Today()
	r, err := c.Svc.Performance.Submit(ctx, c.Debtor.Actor, claim)
	if err != nil {
		t.Fatal(err)
	}
	var paid, ordered error
	var wg sync.WaitGroup
	wg.Go(func() {
		_, paid = c.Svc.Performance.Confirm(ctx, c.Judge.Actor, performance.Decision{ReceiptID: r.ID, Version: r.Version, AmountFen: 100000, IdemKey: st.FreshKey()})
	})
	wg.Go(func() { _, ordered = s.DecideMeasure(ctx, c.Leader.Actor, m.ID, m.Version, "同意") })
	wg.Wait()
	if paid != nil {
		t.Fatal(paid)
	}
	list, err := s.CleanUps(ctx, c.Officer.Actor, c.F.ID)
	switch {
	case err == nil && model.ReasonOf(ordered) == "obligation.performed" && len(list) == 0:
	case err == nil && ordered == nil && len(list) == 1 && strings.HasPrefix(list[0].Steps[0].Title, "不再实施拘留"):
	default:
		t.Errorf("ordered: %v; clean-up: %+v %v", ordered, list, err)
	}
}

// 法发〔2019〕35号 17(2): who left his post is freed of a company's restriction when
// the change is real, and what was found stands in the history.
func TestARealChangeOfTheLegalRepresentative(t *testing.T) {
	t.Parallel()
	c := st.NewCoerced(t)
	company := c.File(c.Clerk, dueSince(day(2, 20)))
	id := c.Enforce(company, c.Officer)
	c.Pass(at(3, 12, 10))
	m := c.Take(model.MeasureConsumption, func(p *enforcement.Proposal) {
		p.EnforcementCaseID, p.PartyID, p.Relation = id, company.Debtor, model.RelationLegalRep
		p.SubjectName, p.SubjectIDKind, p.SubjectID = "孙立", "citizen_id", "11010519491231002X"
	})
	lift := lifting(model.LiftChanged, "提交股东会决议、变更登记和任职材料")
	lift.Post = model.PostChange{Needed: new(true), Involved: new(true), Successor: "王某", Pledged: true}
	_, err := c.Svc.Enforcement.LiftMeasure(ctx, c.Officer.Actor, m.ID, m.Version, lift)
	c.RefusedAt(err, "lift.post", "post_involved")
	lift.Post.Involved = new(false)
	if _, err = c.Svc.Enforcement.LiftMeasure(ctx, c.Officer.Actor, m.ID, m.Version, lift); err != nil {
		t.Fatal(err)
	}
	now := c.Measure(m.ID)
	if last := now.Entries[len(now.Entries)-2].Note; now.State != model.MeasureLifted || !strings.Contains(last, "变更后为王某") {
		t.Errorf("%s: %q", now.State, last)
	}
}
