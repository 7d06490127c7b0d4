package enforcement

import (
	"context"
	"fmt"

	"microcourt/model"
	"microcourt/storage"
)

// owedDoubled is the doubled part that is still owed on all that a case enforces.
func owedDoubled(ctx context.Context, tx *storage.DB, cs model.Case, e *model.EnforcementFile) (model.Fen, error) {
	court, err := tx.Court(ctx, e.CourtID)
	if err != nil {
		return 0, err
	}
	d, err := tx.Debts(ctx, cs)
	if err != nil {
		return 0, err
	}
	paid, err := tx.Payments(ctx, cs.ID)
	return d.EnforcedSum(*e, paid, court.Settings, model.DateOf(tx.Now())).InterestFen, err
}

// leaveDoubled enters for each duty that what is owed of the doubled part is left,
// when a case is closed as performed although something is: the ledger says the
// same as the closing.
func leaveDoubled(ctx context.Context, tx *storage.DB, by model.Actor, cs model.Case, e *model.EnforcementFile, closing model.Closing) error {
	if closing.DoubledFen == 0 {
		return nil
	}
	court, err := tx.Court(ctx, e.CourtID)
	if err != nil {
		return err
	}
	d, err := tx.Debts(ctx, cs)
	if err != nil {
		return err
	}
	paid, err := tx.Payments(ctx, cs.ID)
	if err != nil {
		return err
	}
	today := model.DateOf(tx.Now())
	var list []model.DebtEntry
	for _, i := range e.Installments(d.Installments) {
		if owed := d.Reckon(i, paid, court.Settings, today).DoubledFen; owed > 0 {
			list = append(list, model.DebtEntry{
				CourtID: cs.CourtID, CaseID: cs.ID, ObligationID: i.ObligationID, InstallmentID: i.ID, Kind: model.DebtLeave, Part: model.PartDoubled, AmountFen: owed,
				OnDay: today, Reason: e.CaseNo + "以执行完毕结案：" + e.CloseReason, IdemKey: fmt.Sprintf("close:%d", e.ID), ByUserID: by.UserID,
			})
		}
	}
	return tx.AddDebtEntries(ctx, list)
}

// CloseCase closes an enforcement case. A repeat of the same closing changes
// nothing.
func (s *Service) CloseCase(ctx context.Context, by model.Actor, id, seen int64, closing model.Closing) (*model.EnforcementFile, error) {
	if err := by.Require(model.ActEnforcementClose); err != nil {
		return nil, err
	}
	var out *model.EnforcementFile
	err := s.db.Transact(ctx, func(tx *storage.DB) error {
		e, cs, err := tx.LockOwnEnforcement(ctx, by, id)
		if err != nil {
			return err
		}
		out = e
		if done, err := tx.Repeated(ctx, by, model.ThingEnforcement.Of(id), seen, e.Version, "close", closing); err != nil || done {
			return err
		}
		if e.Version != seen && e.State == model.EnforcementOpen {
			return model.E(model.Conflict, "enforcement.changed", "内容刚刚被其他人更新，请刷新后再操作")
		}
		before := *e
		if closing.Type == model.ClosePerformed {
			if closing.DoubledFen, err = owedDoubled(ctx, tx, *cs, e); err != nil {
				return err
			}
		}
		if err := e.Close(closing, model.DateOf(tx.Now())); err != nil {
			return err
		}
		if err := tx.UpdateEnforcement(ctx, &e.EnforcementCase, before.Version); err != nil {
			return err
		}
		if err := tx.TakeBackAcceleration(ctx, e); err != nil {
			return err
		}
		if err := leaveDoubled(ctx, tx, by, *cs, e, closing); err != nil {
			return err
		}
		if err := tx.SetEnforced(ctx, cs.ID); err != nil {
			return err
		}
		if err := tx.EndTasks(ctx, model.TaskDone, by.UserID, "以"+closing.Type.Chinese()+"结案", model.TaskMatch{
			EnforcementCaseID: e.ID, Kinds: []model.TaskKind{model.TaskServiceOfProcess, model.TaskCloseCase, model.TaskCheckFull},
		}); err != nil {
			return err
		}
		if err := s.cleanUpAfterClosing(ctx, tx, by, cs, e); err != nil {
			return err
		}
		for _, p := range e.Parties {
			if err := tx.AddNotice(ctx, model.EnforcementClosedNotice(*cs, *e, p.PartyID)); err != nil {
				return err
			}
		}
		return tx.Audit(by, model.RoleOfficer, model.AuditEvent{
			CourtID: cs.CourtID, Action: model.AuditEnforcementClose, CaseID: cs.ID, Subject: model.ThingEnforcement.Of(id), Before: before, After: e,
		})
	})
	if err != nil {
		return nil, fmt.Errorf("close enforcement case %d: %w", id, err)
	}
	return out, nil
}
