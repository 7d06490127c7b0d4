package enforcement

import (
	"context"
	"fmt"
	"strings"

	"microcourt/model"
	"microcourt/storage"
)

// leaveDoubled are the entries by which what is still owed of the doubled part is
// left when a case is closed as performed, so that the ledger says the same as the
// closing, and their sum.
func leaveDoubled(ctx context.Context, tx *storage.DB, by model.Actor, cs model.Case, e *model.EnforcementFile, closing model.Closing) (list []model.DebtEntry, sum model.Fen, err error) {
	court, err := tx.Court(ctx, e.CourtID)
	if err != nil {
		return nil, 0, err
	}
	d, err := tx.Debts(ctx, cs)
	if err != nil {
		return nil, 0, err
	}
	paid, err := tx.Payments(ctx, cs.ID)
	if err != nil {
		return nil, 0, err
	}
	today := model.DateOf(tx.Now())
	for _, i := range e.Installments(d.Installments) {
		owed := d.Reckon(i, paid, court.Settings, today).DoubledFen
		if owed == 0 {
			continue
		}
		sum += owed
		list = append(list, model.DebtEntry{
			CourtID: cs.CourtID, CaseID: cs.ID, ObligationID: i.ObligationID, InstallmentID: i.ID, Kind: model.DebtLeave, Part: model.PartDoubled, AmountFen: owed,
			OnDay: today, Reason: e.CaseNo + "以执行完毕结案：" + strings.TrimSpace(closing.Reason), IdemKey: fmt.Sprintf("close:%d", e.ID), ByUserID: by.UserID,
		})
	}
	return list, sum, nil
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
		if err := tx.NothingUndoable(ctx, cs.ID); err != nil {
			return err
		}
		if err := checkThisRound(ctx, tx, cs, e, closing); err != nil {
			return err
		}
		before := *e
		var left []model.DebtEntry
		if closing.Type == model.ClosePerformed {
			if left, closing.DoubledFen, err = leaveDoubled(ctx, tx, by, *cs, e, closing); err != nil {
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
		if err := tx.AddDebtEntries(ctx, left); err != nil {
			return err
		}
		if err := tx.SetEnforced(ctx, cs.ID); err != nil {
			return err
		}
		if err := s.applyEnding(ctx, tx, by, cs, e); err != nil {
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
