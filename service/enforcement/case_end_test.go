package enforcement_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"microcourt/model"
	"microcourt/service/enforcement"
	"microcourt/service/filing"
	st "microcourt/service/servicetest"
	"microcourt/storage"
)

// everything is an enforcement case of two joint debtors on which hangs whatever can.
type everything struct {
	*st.Coerced
	other      int64 // the second debtor
	things     map[model.EndingThing]*model.Measure
	query      int64
	assistance int64
	release    int64
	prolong    int64
	spending   int64
	petition   int64
	review     int64
	repair     int64
}

func hangEverything(t *testing.T) *everything {
	t.Helper()
	c := st.NewCoerced(t)
	s := c.Svc.Enforcement
	f := c.File(c.Clerk, st.PersonOwes, func(in *filing.CaseInput) {
		in.Parties = append(in.Parties, filing.PartyInput{Ref: "D2", Role: "defendant", Kind: "person", Name: "钱丽", IDNumber: "11010519491231002X"})
		o := &in.Instruments[0].Obligations[0]
		o.Obligors, o.DueOn = []string{"D1", "D2"}, model.Date{}
		o.Installments = []filing.InstallmentInput{{AmountFen: 50000, DueOn: model.NewDate(2026, 2, 20)}, {AmountFen: 50000, DueOn: model.NewDate(2026, 8, 20)}}
		o.Acceleration, o.AccelerationText = model.AccelerationOptional, "任何一期逾期的，原告可以就剩余全部款项一并申请执行。"
	})
	c.Bind(c.Debtor, c.Clerk, f.ID, f.Debtor)
	e, _, err := c.Svc.Filing.FileEnforcement(ctx, c.Clerk.Actor, filing.EnforcementInput{
		CaseNo: fmt.Sprintf("（2026）浙0211执%d号", st.NextCase()), FiledOn: model.NewDate(2026, 3, 1), Officer: c.Officer.Login, AmountFen: 100000, BasisNo: f.No, Accelerate: true,
	})
	if err != nil {
		t.Fatal(err)
	}
	c.F, c.ID = f, e.ID
	// An agency has to act on listings.
	_, _, err = c.Svc.Agency.AddDuty(ctx, c.Staff("list.zg", model.RoleListManager).Actor, model.AgencyDuty{
		AgencyID: c.Agency(c.Court, "SCJ").ID, Code: "CJ-01", Kind: model.DutySanction, Requirement: "在企业信用公示系统中公示", Recurrence: model.RecurEach, DueDays: 5, LiftDays: 3,
		Measures: []model.MeasureKind{model.MeasureListing},
	}, false)
	if err != nil {
		t.Fatal(err)
	}
	c.Pass(at(3, 12, 10))
	x := &everything{Coerced: c, things: map[model.EndingThing]*model.Measure{}}
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	d, err := s.Case(ctx, c.Officer.Actor, c.ID)
	must(err)
	for _, p := range d.Debts.Parties {
		if p.Name == "钱丽" {
			x.other = p.ID
		}
	}
	second := func(p *enforcement.Proposal) { p.PartyID = x.other }
	x.things[model.EndsListing] = c.Take(model.MeasureListing)
	x.things[model.EndsListingTerm] = c.Take(model.MeasureListing, second, func(p *enforcement.Proposal) { p.Ground = model.GroundReport })
	x.things[model.EndsTracing] = c.Take(model.MeasureTracing)
	x.things[model.EndsExitBan] = c.Take(model.MeasureExitBan)
	x.things[model.EndsOrderedHeld] = c.Take(model.MeasureDetention, second)
	held := c.Take(model.MeasureDetention)
	_, err = s.Detain(ctx, c.Officer.Actor, held.ID, held.Version, at(3, 12, 10), "宁波市镇海区拘留所")
	must(err)
	x.things[model.EndsHeld] = held
	x.things[model.EndsFine] = c.Take(model.MeasureFine)
	x.things[model.EndsProposal] = c.Propose(model.MeasureTracing, second)
	all, err := s.MeasuresOf(ctx, c.Officer.Actor, c.ID)
	must(err)
	for i := range all {
		if all[i].Kind == model.MeasureConsumption && all[i].PartyID == f.Debtor {
			x.things[model.EndsConsumption] = &all[i].Measure
		}
	}
	p, err := s.ProposeProlongation(ctx, c.Officer.Actor, x.things[model.EndsListingTerm].ID, model.Prolongation{Years: 2, Reason: "several", Facts: "还违反限制消费令。", IdemKey: st.FreshKey()})
	must(err)
	a := c.Settle(0, part(50000, 3, 20), part(50000, 5, 20))
	r, err := s.ProposeRelease(ctx, c.Officer.Actor, release(c, a.ID, x.things[model.EndsExitBan].ID))
	must(err)
	q, err := c.Svc.AssetQuery.Request(ctx, c.Officer.Actor, model.AssetQuery{EnforcementCaseID: c.ID, PartyID: f.Debtor, Kind: model.QueryPopulation, Purpose: "查明住址", IdemKey: st.FreshKey()})
	must(err)
	village := c.Village(c.Clerk, "庄市街道", "永旺村")
	c.Liaison(c.Clerk, "沈联", 30, village)
	help, err := c.Svc.Liaison.Ask(ctx, c.Officer.Actor, model.Assistance{
		EnforcementCaseID: c.ID, PartyID: f.Debtor, VillageID: village, Kind: model.AssistFindPerson, Detail: "常在村口小店，五十岁左右", DueOn: c.Today().AddDays(3), IdemKey: st.FreshKey(),
	})
	must(err)
	wish, err := s.AskSpendingPermit(ctx, c.Debtor.Actor, x.things[model.EndsConsumption].ID, model.SpendingPermit{
		Ground: model.SpendNecessary, Spender: "赵明", Purpose: "乘坐高铁往返上海复诊", Reason: "术后每周复诊", AmountFen: 30000, FromOn: day(3, 14), UntilOn: day(3, 28), IdemKey: st.FreshKey(),
	})
	must(err)
	sorry, err := c.Svc.Petition.Make(ctx, c.Debtor.Actor, model.Petition{EnforcementCaseID: c.ID, PartyID: f.Debtor, Kind: model.PetitionRemorse, Body: "本人已认识到错误，保证履行。", IdemKey: st.FreshKey()})
	must(err)
	objection, err := s.AskReview(ctx, c.Debtor.Actor, x.things[model.EndsFine].ID, "处罚过重", st.FreshKey())
	must(err)
	repair, err := s.ApplyRepair(ctx, c.Debtor.Actor, enforcement.RepairInput{CaseID: f.ID, PartyID: f.Debtor, Reason: "投标需要", Key: st.FreshKey()})
	must(err)
	x.spending, x.petition, x.review, x.repair = wish.ID, sorry.ID, objection.ID, repair.ID
	x.prolong, x.release, x.query, x.assistance = p.ID, r.ID, q.ID, help.ID
	// What asks to check whether everything is paid comes with the last payment, which
	// ends most of the rest: here it is there without.
	must(c.DB.Transact(ctx, func(tx *storage.DB) error {
		_, err := tx.AddTask(ctx, model.Task{
			CourtID: e.CourtID, CaseID: e.CaseID, EnforcementCaseID: e.ID, OwnerID: c.Officer.UserID, Kind: model.TaskCheckFull, Subject: model.ThingEnforcement.Of(e.ID),
			Title: "核对", DueAt: at(4, 30, 10), DueReason: "核对", DedupeKey: "check:test",
		})
		return err
	}))
	_, err = s.RecordRound(ctx, c.Officer.Actor, model.RoundEntry{
		EnforcementCaseID: c.ID, Kind: model.RoundPanel, Note: "可以终本", OnDay: c.Today(), FileID: c.Uploaded(c.Officer, f.ID, 950), IdemKey: st.FreshKey(),
	})
	must(err)
	c.Pass(at(3, 25, 10)) // the first part of the agreement did not come
	if len(openTasks(c, model.TaskBreach)) != 1 {
		t.Fatal("no task about the broken agreement")
	}
	return x
}

// step is the measure's open step of a clean-up, nil when none is.
func (x *everything) step(id int64) *model.Task {
	for _, t := range x.Measure(id).Tasks {
		if t.Kind == model.TaskLift && t.State == model.TaskOpen {
			return &t
		}
	}
	return nil
}

// fate is what became of a thing, in the words of the table.
func (x *everything) fate(t *testing.T, thing model.EndingThing) model.Fate {
	t.Helper()
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(thing, err)
		}
	}
	cancelled := map[bool]model.Fate{true: model.FateCancelled, false: model.FateKept}
	task := func(kind model.TaskKind) model.Fate {
		list, err := x.DB.Tasks(ctx, x.Officer.CourtID, model.TaskFilter{EnforcementCaseID: x.ID, Kind: kind, Limit: 10})
		must(err)
		if len(list) == 0 {
			return ""
		}
		return map[model.TaskState]model.Fate{model.TaskOpen: model.FateKept, model.TaskDone: model.FateDone, model.TaskCancelled: model.FateCancelled}[list[0].State]
	}
	switch thing { //nolint:exhaustive // the measures below
	case model.EndsProposal:
		return map[model.MeasureState]model.Fate{model.MeasureWithdrawn: model.FateWithdrawn}[x.Measure(x.things[thing].ID).State]
	case model.EndsProlongation:
		p, err := x.DB.Prolongation(ctx, x.prolong)
		must(err)
		return cancelled[p.State == model.ProlongLapsed]
	case model.EndsRelease:
		r, err := x.DB.ReleaseReview(ctx, x.release)
		must(err)
		return cancelled[r.State == model.ReleaseSuperseded]
	case model.EndsQuery:
		q, _, err := x.DB.AssetQuery(ctx, x.Officer.Actor, x.query)
		must(err)
		return cancelled[q.State == model.QueryCancelled]
	case model.EndsAssistance:
		list, err := x.DB.Assistances(ctx, x.Officer.CourtID, x.assistance, model.AssistanceFilter{Limit: 1})
		must(err)
		return cancelled[list[0].State == model.AssistanceClosed]
	case model.EndsSettlement:
		a, err := x.DB.LastSettlement(ctx, x.ID)
		must(err)
		return cancelled[a.State == model.SettlementReplaced || a.State == model.SettlementResumed]
	case model.EndsPetition:
		p, err := x.DB.Petition(ctx, x.Officer.Actor, x.petition)
		must(err)
		return cancelled[p.State != model.PetitionOpen]
	case model.EndsReviewOf:
		r, err := x.DB.Review(ctx, x.review)
		must(err)
		return cancelled[r.State != model.ReviewOpen]
	case model.EndsRepair:
		a, err := x.DB.Repair(ctx, x.repair)
		must(err)
		return cancelled[a.State != model.RepairOpen]
	case model.EndsSpending: // it lapses with the restriction, and not before
		a, err := x.DB.Spending(ctx, x.spending)
		must(err)
		return map[bool]model.Fate{true: model.FateFollows}[(a.State == model.SpendingOpen) == x.Measure(x.things[model.EndsConsumption].ID).State.Stands()]
	case model.EndsPublicEntry:
		public := model.Actor{Roles: []model.Role{model.RolePublic}}
		list, err := x.Svc.Enforcement.Listings(ctx, public, "浙0211", model.ListingSearch{Name: "赵明"}, 0, 10)
		must(err)
		return map[bool]model.Fate{true: model.FateFollows}[(len(list) == 1) == x.Measure(x.things[model.EndsListing].ID).State.Stands()]
	case model.EndsRoundTask:
		return task(model.TaskRoundApprove)
	case model.EndsBreachTask:
		return task(model.TaskBreach)
	case model.EndsCloseTask:
		return task(model.TaskCloseCase)
	case model.EndsServiceTask: // the debtor read nothing: nobody served it
		return map[model.Fate]model.Fate{model.FateCancelled: model.FateIfServed}[task(model.TaskServiceOfProcess)]
	case model.EndsCheckTask:
		return task(model.TaskCheckFull)
	case model.EndsAgencyTask: // the agencies lift what they restricted when the measure ends, and not before
		var lifts bool
		must(x.DB.Transact(ctx, func(tx *storage.DB) error {
			list, err := tx.LockMeasureTasks(ctx, x.things[model.EndsListing].ID)
			if err == nil && len(list) == 0 {
				t.Error("no agency has to act on the listing")
			}
			lifts = slices.ContainsFunc(list, func(k model.AgencyTask) bool { return k.Phase == model.PhaseLift })
			return err
		}))
		return map[bool]model.Fate{true: model.FateFollows}[lifts != x.Measure(x.things[model.EndsListing].ID).State.Stands()]
	case model.EndsAcceleration:
		d, err := x.Svc.Enforcement.Case(ctx, x.Officer.Actor, x.ID)
		must(err)
		return map[bool]model.Fate{true: model.FateRestored, false: model.FateKept}[d.Debts.Obligations[0].AcceleratedOn.IsZero()]
	case model.EndsVoluntary:
		d, err := x.Svc.Enforcement.Case(ctx, x.Officer.Actor, x.ID)
		must(err)
		return map[bool]model.Fate{true: model.FateRestored, false: model.FateKept}[d.Debts.Installments[0].EnforcedOn.IsZero()]
	}
	m := x.things[thing]
	switch now, step := x.Measure(m.ID), x.step(m.ID); {
	case step == nil && now.State == m.State, step == nil && now.State == model.MeasureInForce:
		return model.FateKept
	case step != nil && strings.HasPrefix(step.Title, "审查"):
		return model.FateReviewed
	case step != nil || now.State == model.MeasureLifted:
		return model.FateLifted
	}
	return ""
}

func (x *everything) close(t *testing.T, end model.CaseEnding) {
	t.Helper()
	s := x.Svc.Enforcement
	in := model.Closing{Type: model.CloseType(end), On: x.Today(), Reason: "依法结案", FiledByMistake: end == model.EndMistake}
	if end == model.EndMistake {
		in.Type = model.CloseCancelled
	}
	if end == model.EndPerformed {
		x.Pay(100000, 900)
	}
	d, err := s.Case(ctx, x.Officer.Actor, x.ID)
	if err != nil {
		t.Fatal(err)
	}
	if end == model.EndThisRound { // as the case system says so: here it has conditions, see TestEndingThisRound
		x.systemCloses(t, in)
		return
	}
	if _, err := s.CloseCase(ctx, x.Officer.Actor, x.ID, d.File.Version, in); err != nil {
		t.Fatal(err)
	}
}

func (x *everything) systemCloses(t *testing.T, in model.Closing) {
	t.Helper()
	if err := x.DB.Transact(ctx, func(tx *storage.DB) error {
		e, cs, err := tx.LockOwnEnforcement(ctx, x.Officer.Actor, x.ID)
		if err != nil {
			return err
		}
		if err := e.Close(in, x.Today()); err != nil {
			return err
		}
		if err := tx.UpdateEnforcement(ctx, &e.EnforcementCase, e.Version); err != nil {
			return err
		}
		return x.Svc.Enforcement.Filed(ctx, tx, x.Officer.Actor, *cs, e)
	}); err != nil {
		t.Fatal(err)
	}
}

// carryOut does every step that is open, with the leader where he decides.
func (x *everything) carryOut(t *testing.T) {
	t.Helper()
	s := x.Svc.Enforcement
	for range 20 {
		list, err := x.DB.Tasks(ctx, x.Officer.CourtID, model.TaskFilter{EnforcementCaseID: x.ID, Kind: model.TaskLift, State: model.TaskOpen, Limit: 20})
		if err != nil {
			t.Fatal(err)
		}
		if len(list) == 0 {
			return
		}
		slices.SortStableFunc(list, func(a, b model.TaskLine) int { return a.Seq - b.Seq })
		first := map[int64]int{} // one after another for each debtor
		for _, k := range list {
			if _, known := first[k.PartyID]; !known {
				first[k.PartyID] = k.Seq
			}
			if k.Seq != first[k.PartyID] {
				continue
			}
			if _, err := s.FinishCleanUpStep(ctx, x.Officer.Actor, enforcement.Step{TaskID: k.ID, Version: k.Version, Proof: "已通知协助单位", Place: "宁波市公安局镇海分局", At: x.Clock.Now()}); err != nil && model.ReasonOf(err) != "lift.asked" {
				t.Fatalf("%s: %v", k.Title, err)
			}
			m := x.Measure(k.Subject.ID)
			if m.LiftAskedAt != nil && m.State.Stands() {
				if _, err := s.AnswerLift(ctx, x.Leader.Actor, m.ID, m.Version, true, "同意"); err != nil {
					t.Fatalf("%s: %v", k.Title, err)
				}
			}
		}
	}
	t.Error("the steps do not end")
}

// Each ending does to everything that hangs on the case what the table says, and
// what is to be lifted can be lifted: nothing stands for ever unseen.
func TestEveryEnding(t *testing.T) {
	t.Parallel()
	for _, end := range model.CaseEndings {
		t.Run(string(end), func(t *testing.T) {
			t.Parallel()
			x := hangEverything(t)
			x.close(t, end)
			for _, row := range model.EndingEffects() {
				want := row.Of(end)
				if got := x.fate(t, row.Thing); got != want {
					t.Errorf("%s: %s is %q, want %q", end, row.Name, got, want)
				}
			}
			x.carryOut(t)
			for _, thing := range []model.EndingThing{model.EndsSpending, model.EndsPublicEntry, model.EndsAgencyTask} {
				if got := x.fate(t, thing); got != model.FateFollows {
					t.Errorf("%s: %s does not follow its measure: %q", end, thing, got)
				}
			}
			for thing, m := range x.things {
				fate := model.FateOf(thing, end)
				if now := x.Measure(m.ID); (fate == model.FateLifted || fate == model.FateReviewed) && now.State != model.MeasureLifted {
					t.Errorf("%s: %s stands after every step: %s", end, thing, now.State)
				}
			}
			_, err := x.Svc.Enforcement.ProposeMeasure(ctx, x.Officer.Actor, x.Wants(model.MeasureFine, func(p *enforcement.Proposal) { p.ActText, p.OtherAct = "辱骂", "另一行为" }))
			x.Refused(err, "enforcement.closed")
			if kept := x.Measure(x.things[model.EndsListingTerm].ID); kept.State.Stands() && end != model.EndThisRound {
				_, err = x.Svc.Enforcement.ProposeProlongation(ctx, x.Officer.Actor, kept.ID, model.Prolongation{Years: 1, Reason: "several", Facts: "又违反限制消费令。", IdemKey: st.FreshKey()})
				x.Refused(err, "enforcement.closed")
			}
		})
	}
}

// The night finds a measure whose case was closed without the table: the steps are
// opened, officer and leaders are told, once.
func TestTheNightFindsMeasuresWithoutACase(t *testing.T) {
	t.Parallel()
	c := st.NewCoerced(t)
	s := c.Svc.Enforcement
	ban, asked := c.Take(model.MeasureExitBan), c.Propose(model.MeasureTracing)
	// Another one on which no measure hangs, but a query, a request and a clock.
	q, err := c.Svc.AssetQuery.Request(ctx, c.Officer.Actor, model.AssetQuery{EnforcementCaseID: c.ID, PartyID: c.F.Debtor, Kind: model.QueryPopulation, Purpose: "查明住址", IdemKey: st.FreshKey()})
	if err != nil {
		t.Fatal(err)
	}
	bare := c.File(c.Clerk, st.PersonOwes)
	id := c.Enforce(bare, c.Officer)
	left, err := c.Svc.AssetQuery.Request(ctx, c.Officer.Actor, model.AssetQuery{EnforcementCaseID: id, PartyID: bare.Debtor, Kind: model.QueryPopulation, Purpose: "查明住址", IdemKey: st.FreshKey()})
	if err != nil {
		t.Fatal(err)
	}
	err = c.DB.Transact(ctx, func(tx *storage.DB) error {
		for _, id := range []int64{c.ID, id} {
			e, err := tx.EnforcementFileByID(ctx, id)
			if err != nil {
				return err
			}
			e.State, e.CloseType, e.ClosedOn = model.EnforcementClosed, model.CloseRejected, c.Today()
			if err := tx.UpdateEnforcement(ctx, &e.EnforcementCase, e.Version); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	for range 2 {
		if err := s.CheckEndings(ctx); err != nil {
			t.Fatal(err)
		}
	}
	for _, k := range []int64{q.ID, left.ID} {
		if v, _, err := c.DB.AssetQuery(ctx, c.Officer.Actor, k); err != nil || v.State != model.QueryCancelled {
			t.Errorf("a query without a live case: %+v %v", v, err)
		}
	}
	if open, err := c.DB.Tasks(ctx, c.Officer.CourtID, model.TaskFilter{EnforcementCaseID: id, State: model.TaskOpen, Limit: 10}); err != nil || len(open) != 0 {
		t.Errorf("clocks without a live case: %+v %v", open, err)
	}
	if hanging, err := c.DB.EnforcementsLeftStanding(ctx, 0, 10); err != nil || len(hanging) != 1 || hanging[0] != c.ID {
		t.Errorf("left standing: %v %v", hanging, err)
	}
	now := c.Measure(ban.ID)
	step := now.Task(model.TaskLift)
	if step == nil || step.OwnerID != c.Officer.UserID || c.Measure(asked.ID).State != model.MeasureWithdrawn {
		t.Fatalf("the night opened %+v, the proposal is %s", step, c.Measure(asked.ID).State)
	}
	if a, b := c.NoticesOf(c.Officer, model.NoticeCleanUpStaff), c.NoticesOf(c.Leader, model.NoticeCleanUpStaff); a != 1 || b != 1 {
		t.Errorf("told: the officer %d times, the leader %d", a, b)
	}
	lift := model.Lifting{Ground: model.LiftTerminated, Reason: "终结", Proof: "回执", Place: "宁波出入境边防检查站"}
	_, err = s.LiftMeasure(ctx, c.Officer.Actor, ban.ID, now.Version, lift)
	c.RefusedAt(err, "lift.ending", "ground")
	lift.Ground = model.LiftRejected
	if _, err = s.LiftMeasure(ctx, c.Officer.Actor, ban.ID, now.Version, lift); err != nil {
		t.Error(err)
	}
}
