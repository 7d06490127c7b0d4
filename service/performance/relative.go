package performance

import (
	"context"

	"microcourt/model"
	"microcourt/storage"
)

// onBehalf fills in what a relative's claim takes from his link. He who is not
// admitted finds nothing.
func (s *Service) onBehalf(ctx context.Context, by model.Actor, cl *Claim) error {
	r, err := s.db.AdmittedRelative(ctx, by, cl.RelativeID)
	if err != nil {
		return err
	}
	if cl.ProofKind == model.ProofConduct { // what only the debtor himself can do
		return model.InvalidField("proof_kind", "proof.unknown", "请选择凭证种类")
	}
	cl.relative = r
	cl.CaseID, cl.PartyID, cl.PayerKind, cl.PayerName = r.CaseID, r.PartyID, model.PayerRelative, r.Name
	cl.Targets = nil // the court spreads it
	return nil
}

// lockClaimed locks the case of a claim for somebody who may submit to it.
func lockClaimed(ctx context.Context, tx *storage.DB, by model.Actor, cl Claim) (*model.Case, error) {
	if cl.RelativeID == 0 {
		return tx.LockCase(ctx, by, cl.CaseID)
	}
	cs, err := tx.LockCaseByID(ctx, cl.CaseID)
	if err != nil {
		return nil, err
	}
	_, err = tx.AdmittedRelative(ctx, by, cl.RelativeID) // as it is under the lock
	return cs, err
}

// tellRelative tells a relative what became of the receipt that he submitted,
// while he is admitted.
func tellRelative(ctx context.Context, tx *storage.DB, r *model.Receipt) error {
	if r.RelativeID == 0 {
		return nil
	}
	link, err := tx.RelativeByID(ctx, r.RelativeID)
	if err != nil || link.State != model.RelativeAdmitted {
		return err
	}
	return tx.AddNotice(ctx, model.RelativeReceiptNotice(*link, *r))
}
