package performance

import (
	"context"
	"fmt"

	"microcourt/model"
	"microcourt/storage"
)

// ClaimImported enters what had been performed before cases were imported as
// receipts without files: they wait in the judges' queues like any other, who
// confirms them is never who imported them, and until then no paper names a
// balance. Nobody is told one by one: the judge's digest counts them.
func (s *Service) ClaimImported(ctx context.Context, tx *storage.DB, by model.Actor, importID int64, list []model.ImportedPayment) error {
	receipts := make([]model.Receipt, len(list))
	for i, p := range list {
		receipts[i] = p.Receipt(importID, by.UserID, fmt.Sprintf("%s:%d", model.ThingImport.Key(importID), p.Obligation.ID), tx.Now())
		receipts[i].Flagged = len(p.Flags(receipts[i])) > 0
	}
	if err := storage.Insert(ctx, tx, receipts); err != nil {
		return err
	}
	var flags []model.ReceiptFlag
	var targets []model.ReceiptTarget
	for i, p := range list {
		r := receipts[i]
		for _, kind := range p.Flags(r) {
			flags = append(flags, model.ReceiptFlag{ReceiptID: r.ID, CourtID: r.CourtID, Kind: kind})
		}
		for _, in := range p.Installments {
			targets = append(targets, model.ReceiptTarget{ReceiptID: r.ID, InstallmentID: in.ID})
		}
		err := tx.Audit(by, by.RoleFor(model.ActCaseFile), model.AuditEvent{
			CourtID: r.CourtID, Action: model.AuditReceiptImport, CaseID: r.CaseID, Subject: model.ThingReceipt.Of(r.ID), After: r,
		})
		if err != nil {
			return err
		}
	}
	if err := storage.Insert(ctx, tx, flags); err != nil {
		return err
	}
	return storage.Insert(ctx, tx, targets)
}
