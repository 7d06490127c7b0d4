package enforcement

import (
	"context"
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
	// SureFen is the sum of the parts of which the desk has asked whether it is meant:
	// see model.AskSettled.
	SureFen model.Fen
}

// RecordSettlement records an agreement, or a new edition of a changed one.
func (s *Service) RecordSettlement(ctx context.Context, by model.Actor, in SettlementInput) (*model.Settlement, error) {
	if err := by.Require(model.ActSettlementRecord); err != nil {
		return nil, err
	}
	var out *model.Settlement
	err := s.db.Once(ctx, by, func(tx *storage.DB) error {
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
		if err := tx.NothingUndoable(ctx, cs.ID); err != nil {
			return err
		}
		if out, err = s.createEdition(ctx, tx, by, e, in); err != nil {
			return err
		}
		if err := askSettled(ctx, tx, *cs, *e, *out, in.SureFen); err != nil {
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
			CourtID: cs.CourtID, Action: model.AuditSettlementRecord, CaseID: cs.ID, Subject: model.ThingSettlement.Of(out.ID), After: out,
		})
	})
	if err != nil {
		return nil, fmt.Errorf("record settlement: %w", err)
	}
	return out, nil
}

// askSettled asks whether more is meant than is owed in the case.
func askSettled(ctx context.Context, tx *storage.DB, cs model.Case, e model.EnforcementFile, st model.Settlement, sure model.Fen) error {
	d, err := tx.Debts(ctx, cs)
	if err != nil {
		return err
	}
	sum, err := tx.EnforcedSum(ctx, d, e)
	if err != nil || sum.OpenFen <= 0 { // no money is owed
		return err
	}
	return model.AskSettled(st.PromisedFen(), sum.OpenFen+sum.OrdinaryFen+sum.InterestFen+sum.FeeFen, sure)
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
