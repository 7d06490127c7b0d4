package enforcement

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"microcourt/model"
	"microcourt/storage"
)

// RepairView is an application with the ticks of its checklist.
type RepairView struct {
	model.RepairApplication
	Checks []model.RepairCheck
}

// RepairInput is an application for credit repair.
type RepairInput struct {
	CaseID    int64
	PartyID   int64
	MeasureID int64 // the listing, 0 for whichever stands or is about to
	Reason    string
	// AppliedOn is when the paper that an officer records came in, zero for today;
	// FileID its scan.
	AppliedOn model.Date
	FileID    int64
	Key       string
}

// ApplyRepair is a debtor's application for credit repair, from his phone or
// recorded by his officer. A repeat under the same key is the first one.
func (s *Service) ApplyRepair(ctx context.Context, by model.Actor, in RepairInput) (*RepairView, error) {
	if err := by.Require(model.ActRepairApply); err != nil {
		return nil, err
	}
	reason, err := checkReason(in.Reason)
	if err != nil {
		return nil, err
	}
	out := &RepairView{}
	err = s.db.Once(ctx, by, func(tx *storage.DB) error {
		cs, err := tx.LockCase(ctx, by, in.CaseID)
		if err != nil {
			return err
		}
		prior, err := tx.RepairByKey(ctx, by.UserID, in.Key)
		if err != nil {
			return err
		}
		if prior != nil {
			out.RepairApplication = *prior
			return nil
		}
		e, err := repairableCase(ctx, tx, by, cs.ID, in)
		if err != nil {
			return err
		}
		party, err := tx.Party(ctx, cs.ID, in.PartyID)
		if err != nil {
			return err
		}
		before, err := tx.CaseRepairs(ctx, cs.ID)
		if err != nil {
			return err
		}
		if slices.ContainsFunc(before, func(a model.RepairApplication) bool { return a.PartyID == in.PartyID && a.State == model.RepairOpen }) {
			return model.E(model.Conflict, "repair.open", "已有一项信用修复申请在审查中，请等待决定")
		}
		today := model.DateOf(tx.Now())
		if in.AppliedOn.IsZero() || by.IsParty() {
			in.AppliedOn = today
		}
		if in.AppliedOn.After(today) || in.AppliedOn.Before(e.FiledOn) {
			return model.InvalidField("applied_on", "repair.applied_on", "收到申请的日期应在执行立案（"+e.FiledOn.Chinese()+"）与今天之间")
		}
		if err := keepFile(ctx, tx, by, cs.ID, in.FileID); err != nil {
			return err
		}
		openKey := fmt.Sprintf("%d:%d", e.ID, in.PartyID)
		a := model.RepairApplication{
			CourtID: cs.CourtID, CaseID: cs.ID, EnforcementCaseID: e.ID, PartyID: in.PartyID, MeasureID: in.MeasureID, UserID: by.UserID, ByOfficer: !by.IsParty(),
			AppliedOn: in.AppliedOn, FileID: in.FileID, Reason: reason, State: model.RepairOpen, OpenKey: &openKey, IdemKey: in.Key,
		}
		if err := s.createRepair(ctx, tx, cs, e, &a, party.Name); err != nil {
			return err
		}
		out.RepairApplication = a
		return tx.Audit(by, by.RoleFor(model.ActRepairApply), model.AuditEvent{
			CourtID: cs.CourtID, Action: model.AuditRepairApply, CaseID: cs.ID, Subject: model.ThingRepair.Of(a.ID), After: a,
		})
	})
	if err != nil {
		return nil, fmt.Errorf("apply for credit repair: %w", err)
	}
	return out, nil
}

// repairableCase is the enforcement case against the party for whom the actor
// may apply: his own party, or one in the officer's own case. With a listing it
// is the one of the listing, which must be the party's.
func repairableCase(ctx context.Context, tx *storage.DB, by model.Actor, caseID int64, in RepairInput) (*model.EnforcementFile, error) {
	if by.IsParty() {
		own, err := tx.PartiesOf(ctx, caseID, by.UserID)
		if err != nil {
			return nil, err
		}
		if !slices.ContainsFunc(own, func(p model.Party) bool { return p.ID == in.PartyID }) {
			return nil, model.InvalidField("party_id", "repair.party", "只能为您本人或您代理的被执行人申请")
		}
	}
	list, err := tx.EnforcementsOf(ctx, caseID)
	if err != nil {
		return nil, err
	}
	listed := int64(0)
	if in.MeasureID != 0 {
		all, err := tx.CaseMeasures(ctx, caseID)
		if err != nil {
			return nil, err
		}
		i := slices.IndexFunc(all, func(m model.Measure) bool { return m.ID == in.MeasureID })
		if i < 0 || all[i].Kind != model.MeasureListing && all[i].Kind != model.MeasureConsumption || all[i].PartyID != in.PartyID || !all[i].State.Stands() {
			return nil, model.InvalidField("measure_id", "repair.measure", "该失信信息或者限制消费措施不是申请人的，或者已经解除，请重新选择")
		}
		listed = all[i].EnforcementCaseID
	}
	var found *model.EnforcementFile
	for i, e := range list {
		if listed != 0 && e.ID != listed {
			continue
		}
		if e.Kind.Enforces() && e.Has(in.PartyID, model.EnforcementDebtor) && (found == nil || e.State == model.EnforcementOpen || found.State != model.EnforcementOpen) {
			found = &list[i]
		}
	}
	if found == nil {
		return nil, model.E(model.Conflict, "repair.not_enforced", "该当事人在本案中不是被执行人，无需申请信用修复")
	}
	if !by.IsParty() && found.OfficerID != by.UserID {
		return nil, model.E(model.NotFound, "case.not_found", "没有找到，或您无权查看")
	}
	return found, nil
}

// createRepair adds an application with its clocks.
func (s *Service) createRepair(ctx context.Context, tx *storage.DB, cs *model.Case, e *model.EnforcementFile, a *model.RepairApplication, name string) error {
	court, err := tx.Court(ctx, cs.CourtID)
	if err != nil {
		return err
	}
	days, err := tx.Calendar(ctx)
	if err != nil {
		return err
	}
	due := days.WorkdaysPeriod(a.AppliedOn, court.Settings.RepairClock(), "申请信用修复")
	a.Criteria, a.DueOn = court.Settings.Criteria(), due.Last
	if err := tx.CreateRepair(ctx, a); err != nil {
		return err
	}
	for _, t := range []struct {
		kind  model.TaskKind
		owner int64
	}{{model.TaskRepairCheck, e.OfficerID}, {model.TaskRepairDecide, 0}} {
		if _, err := tx.AddTask(ctx, model.Task{
			CourtID: cs.CourtID, CaseID: cs.ID, EnforcementCaseID: e.ID, PartyID: a.PartyID, OwnerID: t.owner, Kind: t.kind, Subject: model.ThingRepair.Of(a.ID),
			Title: t.kind.Chinese() + "：" + cutName(name, 60), DueAt: due.Last.EndOfDay(), DueReason: due.Reason + "（本院设置）", DedupeKey: fmt.Sprintf("%s:%d", t.kind, a.ID),
		}); err != nil {
			return err
		}
	}
	if e.OfficerID == 0 {
		return nil
	}
	return tx.AddNotice(ctx, model.RepairAppliedNotice(*cs, *e, *a, name))
}

// lockRepair is an application with its case locked; own: for the officer whose
// case it is.
func lockRepair(ctx context.Context, tx *storage.DB, by model.Actor, id int64, own bool) (*model.RepairApplication, *model.EnforcementFile, *model.Case, error) {
	a, err := tx.Repair(ctx, id)
	if err != nil {
		return nil, nil, nil, err
	}
	lock := tx.LockEnforcement
	if own {
		lock = tx.LockOwnEnforcement
	}
	e, cs, err := lock(ctx, by, a.EnforcementCaseID)
	if err != nil {
		return nil, nil, nil, hideAs(err, "repair")
	}
	a, err = tx.Repair(ctx, id) // as it is under the lock
	return a, e, cs, err
}

// CheckRepair is the officer's tick of one criterion. A later one corrects it;
// earlier ones stay.
func (s *Service) CheckRepair(ctx context.Context, by model.Actor, id int64, c model.RepairCheck) (*RepairView, error) {
	if err := by.Require(model.ActRepairCheck); err != nil {
		return nil, err
	}
	out := &RepairView{}
	err := s.db.Once(ctx, by, func(tx *storage.DB) error {
		a, _, cs, err := lockRepair(ctx, tx, by, id, true)
		if err != nil {
			return err
		}
		c.CourtID, c.CaseID, c.ApplicationID, c.ByUserID = cs.CourtID, cs.ID, a.ID, by.UserID
		if err := a.CheckTick(&c); err != nil {
			return err
		}
		created, err := tx.AddRepairCheck(ctx, &c)
		if err != nil {
			return err
		}
		out.RepairApplication = *a
		if out.Checks, err = tx.RepairChecks(ctx, a.ID); err != nil || !created {
			return err
		}
		if a.Checked(out.Checks) {
			err := tx.EndTasks(ctx, model.TaskDone, by.UserID, "已核查全部条件", model.TaskMatch{CaseID: cs.ID, Kinds: []model.TaskKind{model.TaskRepairCheck}, Subject: model.ThingRepair.Of(a.ID)})
			if err != nil {
				return err
			}
		}
		return tx.Audit(by, model.RoleOfficer, model.AuditEvent{
			CourtID: cs.CourtID, Action: model.AuditRepairCheck, CaseID: cs.ID, Subject: model.ThingRepair.Of(a.ID), After: c,
		})
	})
	if err != nil {
		return nil, fmt.Errorf("check credit repair %d: %w", id, err)
	}
	return out, nil
}

// DecideRepair is the leader's decision, made once. A repeat of the same
// decision changes nothing.
func (s *Service) DecideRepair(ctx context.Context, by model.Actor, id int64, to model.RepairState, until model.Date, reason string) (*RepairView, error) {
	return s.ruleOnRepair(ctx, by, id, model.AuditRepairDecide, func(tx *storage.DB, r *lockedRepair) error {
		a := r.a
		if a.State == to && a.DecidedBy == by.UserID && a.Until == until && a.DecisionReason == strings.TrimSpace(reason) {
			return errRepeated
		}
		hands := []int64{a.UserID}
		for _, c := range r.checks {
			hands = append(hands, c.ByUserID)
		}
		if err := tx.OtherEyes(ctx, model.MatterRepair, by.UserID, hands...); err != nil {
			return err
		}
		if to == model.RepairShortened && r.m != nil {
			grants, err := tx.RepairsOf(ctx, r.e.ID, a.PartyID)
			if err != nil {
				return err
			}
			if model.Shortened(*r.m, grants, model.DateOf(tx.Now())) {
				return model.E(model.Conflict, "repair.shortened", "该失信信息的期限已经缩短过一次，不能再次缩短")
			}
		}
		if to == model.RepairPaused {
			if err := refusePauseWhileListed(ctx, tx, r); err != nil {
				return err
			}
		}
		if err := a.Decide(to, until, reason, r.checks, r.m, by.UserID, tx.Now()); err != nil {
			return err
		}
		if err := tx.EndTasks(ctx, model.TaskDone, by.UserID, "已决定："+to.Chinese(), model.TaskMatch{CaseID: a.CaseID, Subject: model.ThingRepair.Of(a.ID)}); err != nil {
			return err
		}
		if to.Grants() {
			if err := s.tellPause(ctx, tx, r.m, a); err != nil {
				return err
			}
			if err := s.applyRepair(ctx, tx, by, &r.lockedMeasure, a, model.EntryRepaired, a.Effect()+"。"+a.DecisionReason); err != nil {
				return err
			}
		}
		return tx.AddNotice(ctx, model.RepairDecidedNotice(*r.cs, *r.e, *a))
	})
}

// CaseRepairs lists the applications of a case with their checklists. A party
// sees its own, without the officer's notes.
func (s *Service) CaseRepairs(ctx context.Context, by model.Actor, caseID int64) ([]RepairView, error) {
	if err := by.Require(model.ActRepairRead); err != nil {
		return nil, err
	}
	if _, err := s.db.Case(ctx, by, caseID); err != nil {
		return nil, err
	}
	list, err := s.db.CaseRepairs(ctx, caseID)
	if err != nil || len(list) == 0 {
		return nil, err
	}
	checks, err := s.db.CaseRepairChecks(ctx, caseID)
	if err != nil {
		return nil, err
	}
	var own []model.Party
	if by.IsParty() {
		if own, err = s.db.PartiesOf(ctx, caseID, by.UserID); err != nil {
			return nil, err
		}
	}
	var out []RepairView
	for _, a := range list {
		if by.IsParty() && !slices.ContainsFunc(own, func(p model.Party) bool { return p.ID == a.PartyID }) {
			continue
		}
		v := RepairView{RepairApplication: a}
		for _, c := range checks {
			if c.ApplicationID != a.ID {
				continue
			}
			if by.IsParty() {
				c.Note = ""
			}
			v.Checks = append(v.Checks, c)
		}
		out = append(out, v)
	}
	return out, nil
}

// Repairs lists applications: those in an officer's own cases, the court's for a
// leader.
func (s *Service) Repairs(ctx context.Context, by model.Actor, f model.RepairFilter) ([]model.RepairLine, error) {
	if err := by.Require(model.ActRepairQueue); err != nil {
		return nil, err
	}
	f.OfficerID = by.TaskOwner()
	return s.db.Repairs(ctx, by.CourtID, f)
}

// Repair is one application with its checklist, for the desk.
func (s *Service) Repair(ctx context.Context, by model.Actor, id int64) (*RepairView, error) {
	if err := by.Require(model.ActRepairQueue); err != nil {
		return nil, err
	}
	a, err := s.db.Repair(ctx, id)
	if err != nil {
		return nil, err
	}
	if _, err := s.db.Case(ctx, by, a.CaseID); err != nil {
		return nil, hideAs(err, "repair")
	}
	v := &RepairView{RepairApplication: *a}
	v.Checks, err = s.db.RepairChecks(ctx, id)
	return v, err
}
