package performance

import (
	"context"
	"slices"

	"microcourt/model"
	"microcourt/storage"
)

// Certificates knows who may have a certificate of what he performed.
type Certificates interface {
	// MayApply is the title of the certificate for which a debtor may apply now, ""
	// when the rule allows none.
	MayApply(ctx context.Context, tx *storage.DB, cs *model.Case, partyID int64) (string, error)
}

// tellConfirmed makes the notices of a confirmation: each party reads what concerns
// itself, a creditor what was booked for him, the debtor the whole and, with the last
// payment, that he may apply for a certificate.
func (s *Service) tellConfirmed(ctx context.Context, tx *storage.DB, cs *model.Case, r *model.Receipt, d *debt, told []int64) ([]model.Notice, error) {
	if len(told) == 0 {
		return nil, nil
	}
	booked, err := tx.Allocations(ctx, cs.ID)
	if err != nil {
		return nil, err
	}
	today := model.DateOf(tx.Now())
	notices := make([]model.Notice, len(told))
	for i, p := range told {
		own, left := *r, d.outstandingFor(p, today)
		if p != r.PartyID {
			own.ConfirmedFen = d.bookedFor(p, r.ID, booked)
		}
		notices[i] = model.ReceiptConfirmedNotice(model.Court{}, own, p, left)
		if p != r.PartyID || left.SumFen() > 0 || s.cfg.Certificates == nil {
			continue
		}
		title, err := s.cfg.Certificates.MayApply(ctx, tx, cs, p)
		if err != nil {
			return nil, err
		}
		if title != "" {
			notices[i] = notices[i].OffersCertificate(title)
		}
	}
	return notices, nil
}

// bookedFor is what of a receipt was booked for a creditor.
func (d *debt) bookedFor(partyID, receiptID int64, booked []model.Allocation) (sum model.Fen) {
	for _, a := range booked {
		if a.ReceiptID == receiptID && slices.Contains(d.obligation(a.ObligationID).Obligees(), partyID) {
			sum += a.AmountFen
		}
	}
	return sum
}

// tellCorrected tells each party concerned what the confirmation says now: a creditor
// of his own part.
func tellCorrected(ctx context.Context, tx *storage.DB, r *model.Receipt, d *debt, told []int64, reason string, entryID int64) error {
	booked, err := tx.Allocations(ctx, r.CaseID)
	if err != nil {
		return err
	}
	for _, p := range told {
		own := *r
		if p != r.PartyID {
			own.ConfirmedFen = d.bookedFor(p, r.ID, booked)
		}
		if err := tx.AddNotice(ctx, model.ReceiptCorrectedNotice(model.Court{}, own, p, reason, entryID)); err != nil {
			return err
		}
	}
	return nil
}
