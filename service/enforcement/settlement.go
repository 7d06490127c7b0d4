package enforcement

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"microcourt/model"
	"microcourt/storage"
)

// SettlementInput is an agreement as it is recorded.
type SettlementInput struct {
	EnforcementID int64
	Replaces      int64 // the edition in force that the officer saw, 0 for none
	Form          model.SettlementForm
	SignedOn      model.Date
	Text          string
	PartyIDs      []int64 // nil: all parties of the enforcement case
	Parts         []model.SettlementPart
	IdemKey       string
}

// SettlementView is an agreement with what became of it.
type SettlementView struct {
	model.Settlement
	CaseNo   string // of the enforcement case
	Progress model.SettlementProgress
	Reviews  []model.ReleaseReview
	OpenFen  model.Fen // principal of the original instrument that is still open
}

// RecordSettlement records an agreement, or a new edition of a changed one.
func (s *Service) RecordSettlement(ctx context.Context, by model.Actor, in SettlementInput) (*model.Settlement, error) {
	if err := by.Require(model.ActSettlementRecord); err != nil {
		return nil, err
	}
	var out *model.Settlement
	err := s.db.Once(ctx, func(tx *storage.DB) error {
		e, cs, err := tx.LockOwnEnforcement(ctx, by, in.EnforcementID)
		if err != nil {
			return err
		}
		if out, err = tx.SettlementByKey(ctx, by.UserID, in.IdemKey); err != nil || out != nil {
			return err
		}
		if e.State == model.EnforcementClosed {
			return model.E(model.Conflict, "enforcement.closed", "该执行案件已结案（"+e.CloseType.Chinese()+"），请刷新后查看")
		}
		if out, err = s.createEdition(ctx, tx, by, e, in); err != nil {
			return err
		}
		for _, p := range out.PartyIDs {
			if err := tx.AddNotice(ctx, model.SettlementRecordedNotice(*cs, *e, *out, p)); err != nil {
				return err
			}
		}
		if err := s.followSettlement(ctx, tx, by, *cs, *e); err != nil {
			return err
		}
		if out, err = tx.Settlement(ctx, out.ID); err != nil {
			return err
		}
		return tx.Audit(by, model.RoleOfficer, model.AuditEvent{
			CourtID: cs.CourtID, Action: model.AuditSettlementRecord, CaseID: cs.ID, Subject: model.Subject("settlement", out.ID), After: out,
		})
	})
	if err != nil {
		return nil, fmt.Errorf("record settlement: %w", err)
	}
	return out, nil
}

// createEdition adds the agreement after the last one, whose place it takes.
func (s *Service) createEdition(ctx context.Context, tx *storage.DB, by model.Actor, e *model.EnforcementFile, in SettlementInput) (*model.Settlement, error) {
	n := &model.Settlement{
		CourtID: e.CourtID, CaseID: e.CaseID, EnforcementCaseID: e.ID, Edition: 1, Form: in.Form, SignedOn: in.SignedOn, Text: in.Text,
		PartyIDs: in.PartyIDs, Parts: in.Parts, State: model.SettlementOpen, RecordedBy: by.UserID, IdemKey: in.IdemKey,
	}
	if len(n.PartyIDs) == 0 {
		for _, p := range e.Parties {
			n.PartyIDs = append(n.PartyIDs, p.PartyID)
		}
	}
	if err := n.Check(*e, model.DateOf(tx.Now())); err != nil {
		return nil, err
	}
	slices.Sort(n.PartyIDs)
	n.PartyIDs, n.NextDueOn = slices.Compact(n.PartyIDs), n.Parts[0].DueOn
	last, err := tx.LastSettlement(ctx, e.ID)
	if err != nil {
		return nil, err
	}
	var inForce int64
	if last != nil {
		n.Edition = last.Edition + 1
		if last.State.InForce() {
			inForce = last.ID
		}
	}
	if inForce != in.Replaces {
		return nil, model.E(model.Conflict, "settlement.changed", "本案的和解协议刚刚变更，请刷新后核对现行协议再记录新协议")
	}
	if inForce != 0 {
		last.State = model.SettlementReplaced
		if err := tx.UpdateSettlement(ctx, last, last.Version); err != nil {
			return nil, err
		}
		if err := endBreachTasks(ctx, tx, model.TaskCancelled, by.UserID, *last, "已达成新的和解协议"); err != nil {
			return nil, err
		}
	}
	return n, tx.CreateSettlement(ctx, n)
}

func endBreachTasks(ctx context.Context, tx *storage.DB, state model.TaskState, by int64, st model.Settlement, result string) error {
	err := tx.EndTasks(ctx, state, by, result, model.TaskMatch{CaseID: st.CaseID, Kinds: []model.TaskKind{model.TaskBreach}, Subject: model.Subject("settlement", st.ID)})
	if err != nil || state != model.TaskCancelled {
		return err
	}
	return tx.EndTasks(ctx, state, by, result, model.TaskMatch{CaseID: st.CaseID, Kinds: []model.TaskKind{model.TaskRepairReview}, EnforcementCaseID: st.EnforcementCaseID})
}

// followSettlement lets the agreement in force follow the ledger and the
// calendar, and tells what follows from that.
func (s *Service) followSettlement(ctx context.Context, tx *storage.DB, by model.Actor, cs model.Case, e model.EnforcementFile) error {
	st, err := tx.LastSettlement(ctx, e.ID)
	if err != nil || st == nil || !st.State.InForce() {
		return err
	}
	ledger, err := tx.PaidLedger(ctx, cs.ID)
	if err != nil {
		return err
	}
	today := model.DateOf(tx.Now())
	p, was := st.Progress(ledger.Arrivals(e), today), st.State
	if !st.Follow(p, today) {
		return nil
	}
	if err := tx.UpdateSettlement(ctx, st, st.Version); err != nil {
		return err
	}
	var tell func(party int64) model.Notice
	switch {
	case st.State == model.SettlementBreached:
		tell = func(party int64) model.Notice { return model.SettlementBreachedNotice(cs, e, *st, p, party) }
		err = s.addBreachTask(ctx, tx, e, *st, p, today)
		if err == nil {
			err = s.addRepairReviewTasks(ctx, tx, e, *st, today)
		}
	case st.State == model.SettlementPerformed && was != st.State:
		tell = func(party int64) model.Notice { return model.SettlementPerformedNotice(cs, e, *st, party) }
		err = endBreachTasks(ctx, tx, model.TaskDone, by.UserID, *st, "和解协议已履行完毕")
	case was == model.SettlementBreached:
		err = endBreachTasks(ctx, tx, model.TaskCancelled, by.UserID, *st, "逾期款项已确认到账")
	}
	if err != nil || tell == nil {
		return err
	}
	for _, party := range st.PartyIDs {
		if err := tx.AddNotice(ctx, tell(party)); err != nil {
			return err
		}
	}
	return nil
}

func (s *Service) addBreachTask(ctx context.Context, tx *storage.DB, e model.EnforcementFile, st model.Settlement, p model.SettlementProgress, today model.Date) error {
	if e.State == model.EnforcementClosed {
		return nil
	}
	days, err := tx.Calendar(ctx)
	if err != nil {
		return err
	}
	due := days.WorkdaysPeriod(today, 3, "发现逾期")
	_, err = tx.AddTask(ctx, model.Task{
		CourtID: e.CourtID, CaseID: e.CaseID, EnforcementCaseID: e.ID, OwnerID: e.OfficerID, Kind: model.TaskBreach, Subject: model.Subject("settlement", st.ID),
		Title: fmt.Sprintf("和解款项逾期：应到 %s 元，差 %s 元", p.DueFen, p.ShortfallFen), DueAt: due.Last.EndOfDay(),
		DueReason: due.Reason + "；联系各方，决定恢复执行或者另行协商", DedupeKey: fmt.Sprintf("breach:%d:%s:%s", st.ID, p.LateTo, st.BreachedOn),
	})
	return err
}

// addRepairReviewTasks asks the officer to look again at the credit repair that works
// for a debtor who broke the settlement.
func (s *Service) addRepairReviewTasks(ctx context.Context, tx *storage.DB, e model.EnforcementFile, st model.Settlement, today model.Date) error {
	days, err := tx.Calendar(ctx)
	if err != nil {
		return err
	}
	due := days.WorkdaysPeriod(today, 3, "发现逾期")
	for _, party := range st.PartyIDs {
		if !e.Has(party, model.EnforcementDebtor) {
			continue
		}
		grants, err := tx.RepairsOf(ctx, e.ID, party)
		if err != nil {
			return err
		}
		for _, a := range grants {
			if !a.Holds(today) {
				continue
			}
			_, err := tx.AddTask(ctx, model.Task{
				CourtID: e.CourtID, CaseID: e.CaseID, EnforcementCaseID: e.ID, PartyID: party, OwnerID: e.OfficerID, Kind: model.TaskRepairReview, Subject: model.Subject("repair", a.ID),
				Title: "和解逾期，复查信用修复：" + a.State.Chinese(), DueAt: due.Last.EndOfDay(), DueReason: due.Reason + "；条件不再具备的，提请撤销信用修复",
				DedupeKey: fmt.Sprintf("%s:%d:%d:%s", model.TaskRepairReview, a.ID, st.ID, st.BreachedOn),
			})
			if err != nil {
				return err
			}
		}
	}
	return nil
}

// followLateSettlements looks for payments that became late, each in its own transaction.
func (s *Service) followLateSettlements(ctx context.Context) (errs error) {
	var after int64
	for ctx.Err() == nil {
		ids, err := s.db.LateSettlements(ctx, model.DateOf(s.db.Now()), after, batch)
		if err != nil || len(ids) == 0 {
			return errors.Join(errs, err)
		}
		for _, id := range ids {
			after = id
			err := s.db.Transact(ctx, func(tx *storage.DB) error {
				st, err := tx.Settlement(ctx, id)
				if err != nil {
					return err
				}
				cs, err := tx.LockCaseByID(ctx, st.CaseID)
				if err != nil {
					return err
				}
				list, err := tx.EnforcementsOf(ctx, cs.ID)
				if err != nil {
					return err
				}
				i := slices.IndexFunc(list, func(e model.EnforcementFile) bool { return e.ID == st.EnforcementCaseID })
				if i < 0 {
					return nil
				}
				return s.followSettlement(ctx, tx, model.System(), *cs, list[i])
			})
			if err != nil {
				errs = errors.Join(errs, fmt.Errorf("settlement %d: %w", id, err))
			}
		}
	}
	return errs
}

// Settlements lists the settlements of a case, or of one enforcement case when
// enforcementID is not 0. A party sees those that it made, without the officer's
// reasons.
func (s *Service) Settlements(ctx context.Context, by model.Actor, caseID, enforcementID int64) ([]SettlementView, error) {
	if err := by.Require(model.ActSettlementRead); err != nil {
		return nil, err
	}
	if enforcementID != 0 {
		e, err := s.db.EnforcementCase(ctx, by, enforcementID)
		if err != nil {
			return nil, err
		}
		caseID = e.CaseID
	}
	cs, err := s.db.Case(ctx, by, caseID)
	if err != nil {
		return nil, err
	}
	list, err := s.settlementViews(ctx, *cs)
	if err != nil {
		return nil, err
	}
	var own []model.Party
	if by.IsParty() {
		if own, err = s.db.PartiesOf(ctx, caseID, by.UserID); err != nil {
			return nil, err
		}
	}
	return slices.DeleteFunc(list, func(v SettlementView) bool {
		if !by.IsParty() {
			return enforcementID != 0 && v.EnforcementCaseID != enforcementID
		}
		for i := range v.Reviews {
			v.Reviews[i].Reason = ""
		}
		return enforcementID != 0 && v.EnforcementCaseID != enforcementID ||
			!slices.ContainsFunc(own, func(p model.Party) bool { return slices.Contains(v.PartyIDs, p.ID) })
	}), nil
}

func (s *Service) settlementViews(ctx context.Context, cs model.Case) ([]SettlementView, error) {
	list, err := s.db.Settlements(ctx, cs.ID)
	if err != nil || len(list) == 0 {
		return nil, err
	}
	cases, err := s.db.EnforcementsOf(ctx, cs.ID)
	if err != nil {
		return nil, err
	}
	ledger, err := s.db.PaidLedger(ctx, cs.ID)
	if err != nil {
		return nil, err
	}
	reviews, err := s.db.CaseReviews(ctx, cs.ID)
	if err != nil {
		return nil, err
	}
	all, err := s.db.Installments(ctx, cs.ID)
	if err != nil {
		return nil, err
	}
	today := model.DateOf(s.db.Now())
	out := make([]SettlementView, 0, len(list))
	for _, st := range list {
		v := SettlementView{Settlement: st}
		for _, e := range cases {
			if e.ID == st.EnforcementCaseID {
				v.CaseNo, v.Progress, v.OpenFen = e.CaseNo, st.Progress(ledger.Arrivals(e), today), openFen(e, all)
			}
		}
		for _, r := range reviews {
			if r.SettlementID == st.ID {
				v.Reviews = append(v.Reviews, r)
			}
		}
		out = append(out, v)
	}
	return out, nil
}

func openFen(e model.EnforcementFile, all []model.Installment) (sum model.Fen) {
	for _, i := range e.Installments(all) {
		sum += max(0, i.OutstandingFen())
	}
	return sum
}

// lockOwnSettlement is a settlement in the officer's own case, which is locked.
func lockOwnSettlement(ctx context.Context, tx *storage.DB, by model.Actor, id int64) (*model.Settlement, *model.EnforcementFile, *model.Case, error) {
	st, err := tx.Settlement(ctx, id)
	if err != nil {
		return nil, nil, nil, err
	}
	e, cs, err := tx.LockOwnEnforcement(ctx, by, st.EnforcementCaseID)
	if err != nil {
		return nil, nil, nil, hideAs(err, "settlement")
	}
	st, err = tx.Settlement(ctx, id) // as it is under the case's lock
	return st, e, cs, err
}

// hideAs says that a thing is not found when its case is not.
func hideAs(err error, what string) error {
	if model.KindOf(err) == model.NotFound {
		return model.E(model.NotFound, what+".not_found", "没有找到，或您无权查看").WithCause(err)
	}
	return err
}

// ResumeEnforcement takes the enforcement of the original instrument up again. A repeat
// changes nothing. What was paid is deducted, because the ledger counts it.
func (s *Service) ResumeEnforcement(ctx context.Context, by model.Actor, id int64, ground model.ResumeGround, reason string) (*SettlementView, error) {
	if err := by.Require(model.ActSettlementRecord); err != nil {
		return nil, err
	}
	reason, err := checkReason(reason)
	if err != nil {
		return nil, err
	}
	var out *SettlementView
	err = s.db.Transact(ctx, func(tx *storage.DB) error {
		st, e, cs, err := lockOwnSettlement(ctx, tx, by, id)
		if err != nil {
			return err
		}
		ledger, err := tx.PaidLedger(ctx, cs.ID)
		if err != nil {
			return err
		}
		all, err := tx.Installments(ctx, cs.ID)
		if err != nil {
			return err
		}
		p := st.Progress(ledger.Arrivals(*e), model.DateOf(tx.Now()))
		out = &SettlementView{Settlement: *st, CaseNo: e.CaseNo, Progress: p, OpenFen: openFen(*e, all)}
		if st.State == model.SettlementResumed && st.ResumedBy == by.UserID && st.ResumeGround == ground && st.ResumeReason == reason {
			return nil // the answer got lost, the desk asks again
		}
		before := *st
		if err := st.Resume(ground, reason, p, by.UserID, tx.Now()); err != nil {
			return err
		}
		if err := tx.UpdateSettlement(ctx, st, before.Version); err != nil {
			return err
		}
		out.Settlement = *st
		if err := endBreachTasks(ctx, tx, model.TaskDone, by.UserID, *st, "已恢复执行："+ground.Chinese()); err != nil {
			return err
		}
		if err := supersedeRelease(ctx, tx, by, e.ID, "已恢复执行"); err != nil {
			return err
		}
		for _, party := range st.PartyIDs {
			if err := tx.AddNotice(ctx, model.SettlementResumedNotice(*cs, *e, *st, p.ArrivedFen, out.OpenFen, party)); err != nil {
				return err
			}
		}
		return tx.Audit(by, model.RoleOfficer, model.AuditEvent{
			CourtID: cs.CourtID, Action: model.AuditSettlementResume, CaseID: cs.ID, Subject: model.Subject("settlement", st.ID), Before: before, After: st,
		})
	})
	if err != nil {
		return nil, fmt.Errorf("resume enforcement after settlement %d: %w", id, err)
	}
	return out, nil
}
