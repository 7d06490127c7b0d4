package performance

import (
	"context"
	"fmt"
	"slices"

	"microcourt/model"
	"microcourt/storage"
)

// handedBy is in what position the actor hands a receipt in.
func handedBy(ctx context.Context, tx *storage.DB, by model.Actor, r *model.Receipt) (model.HandedBy, error) {
	switch {
	case r.RelativeID != 0:
		return model.HandedByRelative, nil
	case !by.IsParty():
		return model.HandedByWindow, nil
	}
	bound, err := tx.CaseBindings(ctx, r.CaseID)
	if err != nil {
		return model.HandedBySelf, err
	}
	i := slices.IndexFunc(bound, func(b model.Binding) bool { return b.UserID == by.UserID && b.PartyID == r.PartyID && b.EndedAt == nil })
	if i < 0 {
		return model.HandedBySelf, nil
	}
	return bound[i].Capacity.By(), nil
}

// lockHandedIn is the receipt that the actor handed in himself, locked with its
// case: as a party, as a relative who is still admitted, or as the clerk at the
// court's window. Anybody else finds nothing.
func (s *Service) lockHandedIn(ctx context.Context, tx *storage.DB, by model.Actor, receiptID int64) (*model.Receipt, error) {
	seen, err := tx.HandedIn(ctx, by, receiptID)
	if err != nil {
		return nil, err
	}
	if _, err := tx.LockCaseByID(ctx, seen.CaseID); err != nil {
		return nil, err
	}
	return tx.LockReceipt(ctx, receiptID)
}

// Withdraw takes a receipt back before a decision; only who handed it in may. The
// debtor is told when it was not himself.
func (s *Service) Withdraw(ctx context.Context, by model.Actor, receiptID, seen int64) (*model.Receipt, error) {
	if err := by.Require(submitting(by)); err != nil {
		return nil, err
	}
	var out model.Receipt
	err := s.db.Transact(ctx, func(tx *storage.DB) error {
		r, err := s.lockHandedIn(ctx, tx, by, receiptID)
		if err != nil {
			return err
		}
		out = *r
		if done, err := tx.Repeated(ctx, by, model.ThingReceipt.Of(r.ID), seen, r.Version, "withdraw"); err != nil || done {
			return err
		}
		if err := r.CheckVersion(seen); err != nil {
			return err
		}
		if r.PendingDecisionID != 0 { // of which he hears when it takes effect, or never
			return model.ErrDeciding
		}
		if err := r.Withdraw(tx.Now()); err != nil {
			return err
		}
		if err := tx.UpdateReceipt(ctx, r, seen); err != nil {
			return err
		}
		if r.Hand() != model.HandedBySelf {
			if err := tx.AddNotice(ctx, model.ReceiptWithdrawnNotice(*r)); err != nil {
				return err
			}
		}
		out = *r
		return tx.Audit(by, by.RoleFor(submitting(by)), model.AuditEvent{
			CourtID: r.CourtID, Action: model.AuditReceiptWithdraw, CaseID: r.CaseID, Subject: model.ThingReceipt.Of(r.ID), After: r,
		})
	})
	if err != nil {
		return nil, fmt.Errorf("withdraw receipt %d: %w", receiptID, err)
	}
	return &out, nil
}

// OnBehalf is a receipt that the actor handed in as a relative, with its pictures
// and nothing of the case.
func (s *Service) OnBehalf(ctx context.Context, by model.Actor, relativeID, receiptID int64) (*Detail, error) {
	if err := by.Require(model.ActReceiptSubmit); err != nil {
		return nil, err
	}
	r, err := s.db.RelativeReceipt(ctx, by, receiptID)
	if err == nil && r.RelativeID != relativeID {
		err = model.E(model.NotFound, "receipt.not_found", "没有找到，或您无权查看")
	}
	if err != nil {
		return nil, err
	}
	files, err := s.db.ReceiptFiles(ctx, r.ID)
	return &Detail{Receipt: *r, Files: files}, err
}
