package enforcement

import (
	"context"
	"fmt"

	"microcourt/model"
	"microcourt/storage"
)

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
			CourtID: cs.CourtID, Action: model.AuditSettlementResume, CaseID: cs.ID, Subject: model.ThingSettlement.Of(st.ID), Before: before, After: st,
		})
	})
	if err != nil {
		return nil, fmt.Errorf("resume enforcement after settlement %d: %w", id, err)
	}
	return out, nil
}
