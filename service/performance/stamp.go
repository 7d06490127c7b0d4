package performance

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"slices"

	"microcourt/model"
	"microcourt/storage"
)

// stamp is the state of a case's debts as an allocation rests on it: what is owed by
// whom to whom and when, and what of it is paid, forgiven or waived. It is the same for
// the same state, whoever reads it and whenever; rows are named by their place, because
// what is only tried gets other ids than what is booked afterwards.
func (d *debt) stamp() string {
	type line struct {
		Obligation               int64
		Seq                      int
		Amount, Reduced          model.Fen
		Confirmed, Forgiven      model.Fen
		Plan                     model.Fen
		Due, PlanDue             model.Date
		Dropped, Performed, Ends model.Date
		Principal, Ordinary      []model.PaidPart
		Doubled                  model.Fen
	}
	var state struct {
		Lines   []line
		Owing   [][2]int64
		Owed    [][]int64
		Entries []int64
	}
	for _, i := range d.installments {
		state.Lines = append(state.Lines, line{
			i.ObligationID, i.Seq, i.AmountFen, i.ReducedFen, i.ConfirmedFen, i.ForgivenFen, i.PlanDueFen, i.DueOn, i.PlanDueOn,
			i.DroppedOn, i.PerformedOn, i.LapsedOn, d.paid.Principal[i.ID], d.paid.Ordinary[i.ID], d.paid.Doubled[i.ID],
		})
	}
	for _, o := range d.obligors {
		state.Owing = append(state.Owing, [2]int64{o.ObligationID, o.PartyID})
	}
	for _, ob := range d.obligations {
		state.Owed = append(state.Owed, append([]int64{ob.ID}, ob.Obligees()...))
	}
	for _, e := range d.paid.Entries {
		state.Entries = append(state.Entries, e.ID)
	}
	b, _ := json.Marshal(state) // plain values only
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:12])
}

// seen refuses to book by an allocation that was shown before the ledger changed. Who
// says nothing of what he saw, "", is not asked.
func (d *debt) seen(stamp string) error {
	if stamp == "" || stamp == d.stamp() {
		return nil
	}
	return model.E(model.Conflict, "receipt.reallocated", "分配已变化，请重新查看：打开以后，本案另有回执处理完毕，或者欠款有了变动。现已按目前的台账重新计算，尚未登记，请核对后再次提交")
}

// afterOthers runs f as if what was decided of other receipts of the case and can
// still be taken back had taken effect, as it does before this one is decided; what
// that writes is undone. Where nothing waits, f reads and no transaction begins.
func (s *Service) afterOthers(ctx context.Context, by model.Actor, r *model.Receipt, f func(db *storage.DB) error) error {
	beside, err := s.db.DecidedBeside(ctx, r.CaseID, r.ID)
	if err != nil {
		return err
	}
	if len(beside) == 0 {
		return f(s.db)
	}
	return s.db.Transact(ctx, func(tx *storage.DB) error {
		cs, err := tx.LockCaseByID(ctx, r.CaseID)
		if err != nil {
			return err
		}
		list, err := tx.PendingDecisions(ctx, cs.ID)
		if err != nil {
			return err
		}
		return tx.Trial(ctx, func() error {
			for n := range list {
				if list[n].ReceiptID == r.ID {
					continue
				}
				if err := s.CarryOut(ctx, tx, cs, &list[n], by.UserID); err != nil {
					return err
				}
			}
			return f(tx)
		})
	})
}

// CorrectionPreview is what a correction would do to the ledger: it was booked by what
// books it, and undone again.
type CorrectionPreview struct {
	Receipt   model.Receipt // as it stands
	AmountFen model.Fen     // to which it is corrected
	Lines     []CorrectedLine
	RestFen   model.Fen // what would pay nothing: it is more than is owed
	// Doubtful are the valid certificates that rest on the case.
	Doubtful []string
	// Problem is why it would be refused, nil when it would not.
	Problem error
	// Stamp is the state of the ledger that this rests on: see Decision.
	Stamp string
}

// CorrectedLine is what a receipt pays of an instalment, before its correction and
// after it.
type CorrectedLine struct {
	model.Installment
	Part    model.Part
	To      string // "" for the court's account
	What    string
	WasFen  model.Fen
	IsFen   model.Fen
	LeftFen model.Fen // what is then still owed of it
}

// PreviewCorrection says what correcting a receipt would do, to whoever may correct it.
// Nothing stays written. What could not be corrected is no error here but the
// preview's Problem; of the reason it is not asked yet.
func (s *Service) PreviewCorrection(ctx context.Context, by model.Actor, dec Decision) (*CorrectionPreview, error) {
	if err := by.Require(model.ActReceiptDecide); err != nil {
		return nil, err
	}
	if dec.Reason == "" {
		dec.Reason = "试算"
	}
	dec.IdemKey, dec.Stamp = "", ""
	var out *CorrectionPreview
	err := s.db.Transact(ctx, func(tx *storage.DB) error {
		cs, err := tx.LockOwnCaseOf(ctx, by, dec.ReceiptID)
		if err != nil {
			if model.KindOf(err) == model.NotFound {
				return model.E(model.NotFound, "receipt.not_found", "没有找到，或您无权查看")
			}
			return err
		}
		r, err := tx.LockReceipt(ctx, dec.ReceiptID)
		if err != nil {
			return err
		}
		out = &CorrectionPreview{Receipt: *r, AmountFen: dec.AmountFen}
		return tx.Trial(ctx, func() error {
			err := s.tryCorrection(ctx, tx, by, cs, r, dec, out)
			if k := model.KindOf(err); err != nil && (k == model.Invalid || k == model.Conflict) {
				out.Lines, out.Problem = nil, err
				return nil // what is wrong is a part of the preview
			}
			return err
		})
	})
	return out, err
}

func (s *Service) tryCorrection(ctx context.Context, tx *storage.DB, by model.Actor, cs *model.Case, r *model.Receipt, dec Decision, out *CorrectionPreview) error {
	if err := s.settlePending(ctx, tx, by, cs, r); err != nil {
		return err
	}
	d, err := loadDecided(ctx, tx, cs)
	if err != nil {
		return err
	}
	out.Stamp = d.stamp()
	was, err := paidBy(ctx, tx, r)
	if err != nil {
		return err
	}
	dec.Version = r.Version
	if err := s.correct(ctx, tx, by, cs, r, dec); err != nil {
		return err
	}
	is, err := paidBy(ctx, tx, r)
	if err != nil {
		return err
	}
	if d, err = loadDecided(ctx, tx, cs); err != nil {
		return err
	}
	entries, err := tx.Confirmations(ctx, r.CaseID, r.ID)
	if err != nil {
		return err
	}
	for _, e := range entries {
		out.RestFen += e.OverFen
	}
	for _, i := range d.installments {
		owed := d.in.Reckon(i, d.paid, d.settings, r.PaidOn)
		for _, part := range []struct {
			of   model.Part
			left model.Fen
		}{{model.PartPrincipal, owed.PrincipalFen}, {model.PartOrdinary, owed.OrdinaryFen}, {model.PartDoubled, owed.DoubledFen}} {
			k := paidKey{i.ID, part.of}
			if was[k] == 0 && is[k] == 0 {
				continue
			}
			out.Lines = append(out.Lines, CorrectedLine{
				i, part.of, namesOf(d.in, d.in.Obligation(i.ObligationID).Obligees()), whatOf(d.in.Obligation(i.ObligationID)), was[k], is[k], part.left,
			})
		}
	}
	slices.SortStableFunc(out.Lines, func(a, b CorrectedLine) int { return a.Due().Compare(b.Due()) })
	out.Doubtful, err = tx.ValidCertificates(ctx, cs.ID)
	return err
}

// paidKey is a part of an instalment.
type paidKey struct {
	installment int64
	part        model.Part
}

// paidBy is what a receipt pays as the ledger stands.
func paidBy(ctx context.Context, tx *storage.DB, r *model.Receipt) (map[paidKey]model.Fen, error) {
	all, err := tx.Allocations(ctx, r.CaseID)
	out := map[paidKey]model.Fen{}
	for _, a := range all {
		if a.ReceiptID == r.ID {
			out[paidKey{a.InstallmentID, a.Part}] += a.AmountFen
		}
	}
	return out, err
}
