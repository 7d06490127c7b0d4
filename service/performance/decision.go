package performance

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"microcourt/model"
	"microcourt/storage"
)

// Decide is what the desk does in place of Confirm, Return and Correct: the decision
// is checked by those very rules and entered at once, and takes effect when its time
// is over, so that whoever decided can take it back before anybody is told. A repeat
// under its key is the first decision, as it stands by then. Errors: those of the
// act, and Conflict receipt.pending while another decision about the receipt can be
// taken back.
//
// What he decided of other receipts of the case takes effect before it: it counts on
// their ledger.
func (s *Service) Decide(ctx context.Context, by model.Actor, kind model.DeskActKind, dec Decision) (*model.DeskAct, error) {
	if kind.Chinese() == "" || kind == model.DecideAnswer {
		return nil, model.E(model.Internal, "decision.unknown", "").WithCause(fmt.Errorf("there is no decision %q", kind))
	}
	kept := dec
	kept.Stamp = "" // it is seen to now: what is decided afterwards lets this one take effect first
	asked, err := json.Marshal(kept)
	if err != nil {
		return nil, err
	}
	var out *model.DeskAct
	err = s.decide(ctx, by, dec.ReceiptID, func(tx *storage.DB, cs *model.Case, r *model.Receipt) error {
		old, err := tx.DeskActByKey(ctx, by.UserID, kind, dec.IdemKey)
		if err != nil {
			return err
		}
		if old != nil {
			if old.ReceiptID != r.ID {
				return model.ErrKeyReused
			}
			out = old
			return nil
		}
		if err := s.settlePending(ctx, tx, by, cs, r); err != nil {
			return err
		}
		now, err := tx.Clock(ctx)
		if err != nil {
			return err
		}
		amount := dec.AmountFen
		if kind == model.DecideReturn {
			amount = r.ClaimedFen
		}
		out = &model.DeskAct{
			CourtID: cs.CourtID, CaseID: cs.ID, CaseNo: r.CaseNo, ReceiptID: r.ID, Kind: kind, State: model.DecisionPending, AmountFen: amount,
			Asked: string(asked), ByUserID: by.UserID, ByName: by.Name, ByRole: by.RoleFor(model.ActReceiptDecide), IP: by.IP, RequestID: by.RequestID,
			IdemKey: dec.IdemKey, MadeAt: now, EndsAt: now.Add(s.cfg.UndoFor),
		}
		try := func() error {
			copied, cs := *r, *cs
			if err := s.act(ctx, tx, by, &cs, &copied, kind, dec); err != nil || kind != model.DecideConfirm || s.cfg.Certificates == nil {
				return err
			}
			title, err := s.cfg.Certificates.MayApply(ctx, tx, &cs, copied.PartyID)
			out.Completes = title != ""
			return err
		}
		if err := tx.Trial(ctx, try); err != nil {
			return err
		}
		if kind == model.DecideConfirm {
			if err := model.CheckClaimed(*r, dec.AmountFen, dec.SureFen); err != nil {
				return err
			}
		}
		if err := tx.CreateDeskAct(ctx, out); err != nil {
			return err
		}
		if s.cfg.UndoFor <= 0 {
			return s.CarryOut(ctx, tx, cs, out, 0)
		}
		return tx.Audit(by, out.ByRole, model.AuditEvent{
			CourtID: cs.CourtID, Action: model.AuditReceiptDecide, CaseID: cs.ID, Subject: model.ThingReceipt.Of(r.ID), Detail: kind.Chinese(), After: out,
		})
	})
	if err != nil {
		return nil, fmt.Errorf("decide receipt %d: %w", dec.ReceiptID, err)
	}
	return out, nil
}

// act does what was decided on a locked receipt.
func (s *Service) act(ctx context.Context, tx *storage.DB, by model.Actor, cs *model.Case, r *model.Receipt, kind model.DeskActKind, dec Decision) error {
	switch kind {
	case model.DecideConfirm:
		return s.confirm(ctx, tx, by, cs, r, dec)
	case model.DecideReturn:
		return s.sendBack(ctx, tx, by, cs, r, dec)
	case model.DecideCorrect:
		return s.correct(ctx, tx, by, cs, r, dec)
	case model.DecideAnswer: // of no receipt
	}
	return fmt.Errorf("there is no decision %q", kind)
}

// settlePending carries out what the actor decided of other receipts of the case, and
// refuses another decision about this one. What a colleague decided, who had the case
// before him, is not ended for the colleague: the actor decides after it. The case is
// locked.
func (s *Service) settlePending(ctx context.Context, tx *storage.DB, by model.Actor, cs *model.Case, r *model.Receipt) error {
	list, err := tx.PendingDecisions(ctx, cs.ID)
	if err != nil {
		return err
	}
	now, err := tx.Clock(ctx)
	if err != nil {
		return err
	}
	for i := range list {
		if list[i].ByUserID != by.UserID && !list[i].Due(now) {
			return list[i].OfColleague(now)
		}
	}
	if i := slices.IndexFunc(list, func(d model.DeskAct) bool { return d.ReceiptID == r.ID }); i >= 0 {
		return list[i].Deciding()
	}
	for i := range list {
		early := by.UserID
		if list[i].ByUserID != by.UserID {
			early = 0 // its time is over
		}
		if err := s.CarryOut(ctx, tx, cs, &list[i], early); err != nil {
			return err
		}
	}
	return nil
}

// CarryOut lets a decision about a receipt take effect, under the name of whoever made
// it. The case is locked.
func (s *Service) CarryOut(ctx context.Context, tx *storage.DB, cs *model.Case, d *model.DeskAct, early int64) error {
	r, err := tx.LockReceipt(ctx, d.ReceiptID)
	if err != nil {
		return err
	}
	var dec Decision
	if err := json.Unmarshal([]byte(d.Asked), &dec); err != nil {
		return fmt.Errorf("decision %d: %w", d.ID, err)
	}
	// Nobody else could decide about the receipt meanwhile, so that its version is
	// the one that he saw.
	return tx.CarryOut(ctx, d, early, func() error {
		copied := *cs
		return s.act(ctx, tx, d.Actor(), &copied, r, d.Kind, dec)
	})
}

// Asked is a decision as it was sent.
func Asked(d model.DeskAct) (dec Decision) {
	_ = json.Unmarshal([]byte(d.Asked), &dec) // it was written by Decide
	dec.Reason = strings.TrimSpace(dec.Reason)
	return dec
}
