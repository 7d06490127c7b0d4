package performance

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"microcourt/model"
	"microcourt/storage"
)

// Replace puts the obligations of a new instrument in the place of earlier ones. The
// ledger says it as a correction does: every entry that paid one of those is taken
// back by a new one, and confirmed anew for what took its place, by the order of the
// law as of the day of its payment; what pays nothing any more is over. Agreements on
// the old ones end. r is given its old obligations as they stand now, and the sums.
func (s *Service) Replace(ctx context.Context, tx *storage.DB, by model.Actor, cs *model.Case, r *model.Replacement) error {
	d, err := loadDecided(ctx, tx, cs)
	if err != nil {
		return err
	}
	old := make([]int64, len(r.Old))
	for i, ob := range r.Old {
		old[i] = ob.ID
	}
	moved, err := s.takeBack(ctx, tx, by, d, cs, old, r.Because())
	if err != nil {
		return err
	}
	if err := s.overrule(ctx, tx, cs, d, old, r.Because()); err != nil {
		return err
	}
	if err := tx.SetReplaced(ctx, *r); err != nil {
		return err
	}
	touched := d.touched
	if d, err = loadDecided(ctx, tx, cs); err != nil {
		return err
	}
	d.touched = touched
	for _, m := range moved {
		if err := s.countOn(ctx, tx, by, cs, d, m, r); err != nil {
			return err
		}
	}
	if err := d.complete(ctx, tx, cs); err != nil {
		return err
	}
	return s.settled(ctx, tx, by, cs, d.installments)
}

// movedEntry is an entry that paid a replaced obligation and was taken back.
type movedEntry struct {
	entry   model.Confirmation
	kept    []model.Allocation // to what is not replaced
	fen     model.Fen          // that paid what is
	of      []int64            // the replaced obligations that it paid
	receipt *model.Receipt
	because string
}

// takeBack takes the standing entries back that paid replaced obligations, and returns
// them in the order of payment.
func (s *Service) takeBack(ctx context.Context, tx *storage.DB, by model.Actor, d *debt, cs *model.Case, old []int64, because string) ([]movedEntry, error) {
	entries, err := tx.Confirmations(ctx, cs.ID, 0)
	if err != nil {
		return nil, err
	}
	allocations, err := tx.Allocations(ctx, cs.ID)
	if err != nil {
		return nil, err
	}
	var out []movedEntry
	for _, e := range entries {
		if e.Kind != model.EntryConfirm || slices.ContainsFunc(entries, func(o model.Confirmation) bool { return o.ReversesID == e.ID }) {
			continue
		}
		m := movedEntry{entry: e, because: because}
		var back []model.Allocation
		for _, a := range allocations {
			if a.ConfirmationID != e.ID {
				continue
			}
			d.touched = append(d.touched, a.InstallmentID)
			a.ID, a.ConfirmationID, a.CreatedAt = 0, 0, tx.Now()
			if slices.Contains(old, a.ObligationID) {
				m.fen += a.AmountFen
				m.of = append(m.of, a.ObligationID)
			} else {
				m.kept = append(m.kept, a)
			}
			a.AmountFen = -a.AmountFen
			back = append(back, a)
		}
		if len(m.of) == 0 {
			continue
		}
		if m.receipt, err = tx.LockReceipt(ctx, e.ReceiptID); err != nil {
			return nil, err
		}
		c := &model.Confirmation{
			CourtID: e.CourtID, CaseID: e.CaseID, ReceiptID: e.ReceiptID, Kind: model.EntryReverse, AmountFen: -e.AmountFen, PaidOn: e.PaidOn,
			ReversesID: e.ID, Reason: because, OverFen: -e.OverFen, ByUserID: by.UserID, IdemKey: replaceKey(e),
		}
		if err := tx.AddConfirmation(ctx, c, back, d.installments); err != nil {
			return nil, err
		}
		out = append(out, m)
	}
	slices.SortStableFunc(out, func(a, b movedEntry) int {
		return cmp.Or(a.entry.PaidOn.Compare(b.entry.PaidOn), cmp.Compare(a.entry.ID, b.entry.ID))
	})
	return out, nil
}

func replaceKey(e model.Confirmation) string { return fmt.Sprintf("replace:%d", e.ID) }

// countOn confirms an entry anew for what took the place of what it had paid.
func (s *Service) countOn(ctx context.Context, tx *storage.DB, by model.Actor, cs *model.Case, d *debt, m movedEntry, r *model.Replacement) error {
	e := m.entry
	spread := d.in.CountOn(d.payment(m.receipt, m.fen, nil), m.receipt.PartyID, m.of, d.paid, d.settings)
	c := &model.Confirmation{
		CourtID: e.CourtID, CaseID: e.CaseID, ReceiptID: e.ReceiptID, Kind: model.EntryConfirm, AmountFen: e.AmountFen, PaidOn: e.PaidOn,
		Reason: m.because, OverReason: e.OverReason, OrderReason: e.OrderReason, DoubtReason: e.DoubtReason, OverFen: e.OverFen + spread.RestFen, ByUserID: by.UserID, IdemKey: replaceKey(e),
	}
	if spread.RestFen > 0 && c.OverReason == "" {
		c.OverReason = m.because
	}
	allocations := slices.Clone(m.kept)
	for part, shares := range map[model.Part][]model.Share{
		model.PartPrincipal: spread.Shares, model.PartOrdinary: spread.Ordinary, model.PartDoubled: spread.Doubled,
	} {
		for _, sh := range shares {
			i := slices.IndexFunc(d.installments, func(i model.Installment) bool { return i.ID == sh.InstallmentID })
			d.touched = append(d.touched, sh.InstallmentID)
			allocations = append(allocations, model.Allocation{
				CourtID: e.CourtID, CaseID: e.CaseID, ReceiptID: e.ReceiptID, ObligationID: d.installments[i].ObligationID, InstallmentID: sh.InstallmentID, Part: part, AmountFen: sh.AmountFen,
			})
		}
	}
	r.CountedFen += m.fen - spread.RestFen
	r.OverFen += spread.RestFen
	if err := tx.AddConfirmation(ctx, c, allocations, d.installments); err != nil {
		return err
	}
	return d.complete(ctx, tx, cs)
}

// overrule ends the agreements on changed plans that cover something that is
// replaced: what they do not cover of it goes by its instrument again.
func (s *Service) overrule(ctx context.Context, tx *storage.DB, cs *model.Case, d *debt, old []int64, why string) error {
	list, err := tx.Plans(ctx, cs.ID)
	if err != nil {
		return err
	}
	for i := range list {
		p := &list[i]
		covers := slices.ContainsFunc(d.installments, func(i model.Installment) bool { return p.Covers(i.ID) && slices.Contains(old, i.ObligationID) })
		if !covers || !model.PlanMachine.May(p.State, model.PlanOverruled) {
			continue
		}
		if err := s.endPlan(ctx, tx, *cs, p, model.PlanOverruled, why); err != nil {
			return err
		}
		if err := tx.SetPlanFront(ctx, p.Front(d.installments, model.SettlementProgress{}), d.installments); err != nil {
			return err
		}
	}
	return nil
}
