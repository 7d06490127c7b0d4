package enforcement

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"microcourt/model"
	"microcourt/storage"
)

func endBreachTasks(ctx context.Context, tx *storage.DB, state model.TaskState, by int64, st model.Settlement, result string) error {
	err := tx.EndTasks(ctx, state, by, result, model.TaskMatch{CaseID: st.CaseID, Kinds: []model.TaskKind{model.TaskBreach}, Subject: model.ThingSettlement.Of(st.ID)})
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
	if p.PerformedOn.IsZero() { // nothing can be late of a debt that is over
		if p.PerformedOn, err = overOn(ctx, tx, cs, e, today); err != nil {
			return err
		}
	}
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
		tell = func(party int64) model.Notice {
			return model.SettlementPerformedNotice(cs, e, *st, p.ArrivedFen, party)
		}
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

// overOn is the day on which everything that a case enforces was performed or
// forgiven, also its interest; zero while something is owed.
func overOn(ctx context.Context, tx *storage.DB, cs model.Case, e model.EnforcementFile, today model.Date) (on model.Date, err error) {
	d, err := tx.Debts(ctx, cs)
	if err != nil {
		return on, err
	}
	list := e.Installments(d.Installments)
	if on = model.LastPerformed(list); on.IsZero() {
		return on, nil
	}
	paid, err := tx.Payments(ctx, cs.ID)
	if err != nil {
		return on, err
	}
	court, err := tx.Court(ctx, cs.CourtID)
	if err != nil {
		return on, err
	}
	if d.ReckonAll(list, paid, court.Settings, today).SumFen() > 0 {
		return model.Date{}, nil
	}
	return on, nil
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
		CourtID: e.CourtID, CaseID: e.CaseID, EnforcementCaseID: e.ID, OwnerID: e.OfficerID, Kind: model.TaskBreach, Subject: model.ThingSettlement.Of(st.ID),
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
				CourtID: e.CourtID, CaseID: e.CaseID, EnforcementCaseID: e.ID, PartyID: party, OwnerID: e.OfficerID, Kind: model.TaskRepairReview, Subject: model.ThingRepair.Of(a.ID),
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
