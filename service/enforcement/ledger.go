package enforcement

import (
	"context"
	"fmt"

	"microcourt/model"
	"microcourt/storage"
)

// Settled follows the ledger of a case in enforcement: full performance, from
// whichever side it was confirmed, begins what has to be lifted; a correction
// takes that back.
func (s *Service) Settled(ctx context.Context, tx *storage.DB, by model.Actor, cs model.Case, all []model.Installment) error {
	list, err := tx.EnforcementsOf(ctx, cs.ID)
	if err != nil {
		return err
	}
	d, err := tx.Debts(ctx, cs)
	if err != nil {
		return err
	}
	for i := range list {
		if err := s.followSettlement(ctx, tx, by, cs, list[i]); err != nil {
			return err
		}
		if err := s.followPerformance(ctx, tx, by, cs, &list[i], all); err != nil {
			return err
		}
		if err := s.followCleanUps(ctx, tx, by, cs, &list[i], d); err != nil {
			return err
		}
	}
	return nil
}

// followPerformance keeps whether everything that a case enforces is performed.
func (s *Service) followPerformance(ctx context.Context, tx *storage.DB, by model.Actor, cs model.Case, e *model.EnforcementFile, all []model.Installment) error {
	on := model.LastPerformed(e.Installments(all))
	if on.IsZero() { // a settlement that was performed ends it as well (执行和解 8)
		last, err := tx.LastSettlement(ctx, e.ID)
		if err != nil {
			return err
		}
		if last != nil && last.State == model.SettlementPerformed {
			on = last.PerformedOn
		}
	}
	if on == e.PerformedOn {
		return nil
	}
	was := e.PerformedOn
	e.PerformedOn = on
	if err := tx.UpdateEnforcement(ctx, &e.EnforcementCase, e.Version); err != nil {
		return err
	}
	key := fmt.Sprintf("check:%d:v%d", e.ID, e.Version)
	switch {
	case on.IsZero():
		return tx.EndTasks(ctx, model.TaskCancelled, by.UserID, "已确认的款项被更正，义务尚未全部履行", model.TaskMatch{EnforcementCaseID: e.ID, Kinds: []model.TaskKind{model.TaskCheckFull}})
	case was.IsZero() && e.OfficerID != 0 && e.State == model.EnforcementOpen:
		today := model.DateOf(tx.Now())
		if _, err := tx.AddTask(ctx, model.Task{
			CourtID: e.CourtID, CaseID: e.CaseID, EnforcementCaseID: e.ID, OwnerID: e.OfficerID, Kind: model.TaskCheckFull, Subject: model.ThingEnforcement.Of(e.ID),
			Title: model.TaskCheckFull.Chinese(), DueAt: today.AddDays(3).EndOfDay(), DueReason: "本金已全部确认履行或者经权利人免除；请核对迟延履行利息和执行费用，符合条件的办理结案", DedupeKey: key,
		}); err != nil {
			return err
		}
		return tx.AddNotice(ctx, model.EnforcementPerformedNotice(cs, *e, model.ForgivenFen(e.Installments(all))))
	}
	return nil
}
