package performance

import (
	"context"

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
	own, err := owns(ctx, tx, r, d)
	if err != nil {
		return nil, err
	}
	today := model.DateOf(tx.Now())
	notices := make([]model.Notice, len(told))
	for i, p := range told {
		left := d.outstandingFor(p, today)
		notices[i] = model.ConfirmationCloses(model.ReceiptConfirmedNotice(model.Court{}, r.SeenBy(p, own[p]), p, left), *r, p)
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

// tellCorrected tells each party concerned what the confirmation says now: a creditor
// of his own part.
func tellCorrected(ctx context.Context, tx *storage.DB, r *model.Receipt, d *debt, told []int64, reason string, entryID int64) error {
	own, err := owns(ctx, tx, r, d)
	if err != nil {
		return err
	}
	for _, p := range told {
		if err := tx.AddNotice(ctx, model.ReceiptCorrectedNotice(model.Court{}, r.SeenBy(p, own[p]), p, reason, entryID)); err != nil {
			return err
		}
	}
	return nil
}
