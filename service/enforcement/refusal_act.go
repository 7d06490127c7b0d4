package enforcement

import (
	"context"
	"fmt"

	"microcourt/model"
	"microcourt/storage"
)

// KeepRefusalAct keeps an act between the beginning of the suit and the
// judgment's effect that the officer found: no measure punishes it, and the crime
// of refusing to execute a judgment may rest on it (法释〔2024〕13号 6). A repeat
// under the same key is the first one.
func (s *Service) KeepRefusalAct(ctx context.Context, by model.Actor, in model.RefusalAct) (*model.RefusalAct, error) {
	if err := by.Require(model.ActMeasurePropose); err != nil {
		return nil, err
	}
	var a model.RefusalAct
	err := s.db.Once(ctx, by, func(tx *storage.DB) error {
		a = in
		e, cs, err := tx.LockOwnEnforcement(ctx, by, a.EnforcementCaseID)
		if err != nil {
			return err
		}
		d, err := tx.Debts(ctx, *cs)
		if err != nil {
			return err
		}
		if err := a.Check(*e, d.EffectiveFor(*e, a.PartyID), model.DateOf(tx.Now())); err != nil {
			return err
		}
		a.CourtID, a.CaseID, a.ByUserID = e.CourtID, e.CaseID, by.UserID
		created, err := tx.CreateRefusalAct(ctx, &a)
		if err != nil || !created {
			return err
		}
		if err := keepFile(ctx, tx, by, a.CaseID, a.FileID); err != nil {
			return err
		}
		return tx.Audit(by, by.RoleFor(model.ActMeasurePropose), model.AuditEvent{
			CourtID: a.CourtID, Action: model.AuditRefusalAct, CaseID: a.CaseID, Subject: model.ThingEnforcement.Of(e.ID), After: a,
		})
	})
	if err != nil {
		return nil, fmt.Errorf("keep refusal act: %w", err)
	}
	return &a, nil
}

// RefusalActs lists what is kept of an enforcement case, the newest first.
func (s *Service) RefusalActs(ctx context.Context, by model.Actor, enforcementCaseID int64) ([]model.RefusalAct, error) {
	if err := by.Require(model.ActMeasureRead); err != nil {
		return nil, err
	}
	if _, err := s.db.EnforcementCase(ctx, by, enforcementCaseID); err != nil {
		return nil, err
	}
	return s.db.RefusalActs(ctx, enforcementCaseID)
}
