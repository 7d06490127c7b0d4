package performance

import (
	"context"
	"slices"

	"microcourt/model"
	"microcourt/storage"
)

// asked are the lines of those who are asked about a receipt, each with his own share
// of it as it would be allocated: who gets nothing of it is not asked. Where nobody can
// tell the shares, as of conduct or before a judgment, all whom it may concern are asked,
// without a figure.
func (d *debt) asked(r *model.Receipt, targets []int64, due model.Date) []model.ObligeeResponse {
	var out []model.ObligeeResponse
	ask := func(partyID int64, own *model.Fen) {
		i := slices.IndexFunc(out, func(l model.ObligeeResponse) bool { return l.PartyID == partyID })
		switch {
		case i < 0:
			out = append(out, model.ObligeeResponse{
				CourtID: r.CourtID, CaseID: r.CaseID, ReceiptID: r.ID, PartyID: partyID, State: model.ResponseAsked, DueOn: due, OwnFen: own,
			})
		case out[i].OwnFen != nil && own != nil: // one debt is his alone, another with somebody
			sum := *out[i].OwnFen + *own
			out[i].OwnFen = &sum
		}
	}
	if r.CreditorID() != 0 {
		ask(r.CreditorID(), &r.ClaimedFen)
		return out
	}
	if len(d.obligations) > 0 && r.ClaimedFen > 0 {
		p, all := d.payment(r, r.ClaimedFen, targets), d.of(r.PartyID)
		s := d.in.Spread(p, all, d.paid, d.settings)
		for _, c := range d.in.ByCreditor(s, p, all, d.paid, d.settings) {
			if c.AmountFen == 0 {
				continue
			}
			for _, id := range c.Parties {
				ask(id, &c.AmountFen)
			}
		}
	}
	if len(out) == 0 {
		for _, id := range d.obligeesOf(r.PartyID, targets) {
			ask(id, nil)
		}
	}
	return out
}

// owns is what of a receipt each creditor has by the ledger, for what he is told: his
// part and nobody else's.
func owns(ctx context.Context, tx *storage.DB, r *model.Receipt, d *debt) (map[int64]*model.Fen, error) {
	all, err := tx.Allocations(ctx, r.CaseID)
	if err != nil {
		return nil, err
	}
	out := map[int64]*model.Fen{}
	for _, a := range all {
		if a.ReceiptID != r.ID {
			continue
		}
		for _, id := range d.obligation(a.ObligationID).Obligees() {
			if out[id] == nil {
				out[id] = new(model.Fen)
			}
			*out[id] += a.AmountFen
		}
	}
	return out, nil
}
