package performance

import (
	"context"
	"slices"

	"microcourt/model"
	"microcourt/storage"
)

// partsBeside are the other parts of the payment of which a receipt is one: they
// have its picture and its serial number because it is one payment, and are no second
// use of it.
func partsBeside(ctx context.Context, tx *storage.DB, r *model.Receipt) (map[int64]bool, error) {
	out := map[int64]bool{}
	if r.GroupID == 0 {
		return out, nil
	}
	list, err := tx.GroupReceipts(ctx, r.GroupID)
	for _, p := range list {
		out[p.ID] = p.ID != 0
	}
	return out, err
}

// flagClaims finds what may be the same payment twice though neither picture nor
// serial number says so: the same amount on the same day, and open receipts that
// together claim more than is owed.
func flagClaims(ctx context.Context, tx *storage.DB, r *model.Receipt, d *debt, add func(model.FlagKind, int64, string)) error {
	if r.ClaimedFen == 0 {
		return nil
	}
	party, err := tx.Party(ctx, r.CaseID, r.PartyID)
	if err != nil {
		return err
	}
	same, err := tx.SamePayments(ctx, *r, *party)
	if err != nil {
		return err
	}
	for _, o := range same {
		add(model.FlagSamePayment, o.ID, o.CaseNo)
	}
	if len(d.obligations) == 0 {
		return nil
	}
	open, err := tx.OpenClaims(ctx, r.CaseID)
	if err != nil {
		return err
	}
	sum, last := r.ClaimedFen, int64(0)
	for _, o := range open {
		if o.ID != r.ID && d.sameDebts(r.PartyID, o.PartyID) {
			sum, last = sum+o.ClaimedFen, o.ID
		}
	}
	if last != 0 && sum > d.owed(r.PartyID, model.Payment{PaidOn: r.PaidOn}).SumFen() {
		add(model.FlagOpenClaims, last, r.CaseNo)
	}
	return nil
}

// sameDebts tells whether two parties owe the same: one debtor, or joint debtors of
// everything that either of them owes.
func (d *debt) sameDebts(a, b int64) bool {
	return a == b || !slices.ContainsFunc(d.obligations, func(ob model.Obligation) bool { return d.everOwed(a, ob.ID) != d.everOwed(b, ob.ID) })
}
