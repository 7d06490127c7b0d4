package performance

import (
	"context"

	"microcourt/model"
	"microcourt/storage"
)

// Arrive enters, in the caller's transaction, one creditor's part of money that
// enforcement brought and a plan shared: a receipt of the case without files, which
// pays this creditor and nobody else. Whoever decides about the case confirms it as
// any other, but not who made the plan.
func (s *Service) Arrive(ctx context.Context, tx *storage.DB, by model.Actor, cs *model.Case, r *model.Receipt) error {
	d, err := loadDebt(ctx, tx, cs.ID)
	if err != nil {
		return err
	}
	r.CourtID, r.CaseID, r.JudgeID, r.CaseNo, r.CaseKind = cs.CourtID, cs.ID, cs.JudgeID, cs.CaseNo, cs.Kind
	r.State, r.Version, r.SubmittedAt = model.ReceiptSubmitted, 1, tx.Now()
	r.PayerNorm, r.DueOn = model.NormalizeName(r.PayerName), model.NextDue(d.openOf(r.PartyID))
	if r.OfficerID, err = tx.OfficerOf(ctx, r.PartyID); err != nil {
		return err
	}
	if created, err := tx.CreateReceipt(ctx, r); err != nil || !created {
		return err
	}
	court, err := tx.Court(ctx, cs.CourtID)
	if err != nil {
		return err
	}
	if err := tx.AddNotice(ctx, model.ReceiptSubmittedNotice(*court, *r)); err != nil {
		return err
	}
	return tx.Audit(by, by.RoleFor(model.ActShareManage), model.AuditEvent{
		CourtID: r.CourtID, Action: model.AuditShareAllocate, CaseID: r.CaseID, Subject: model.ThingReceipt.Of(r.ID), After: r,
	})
}
