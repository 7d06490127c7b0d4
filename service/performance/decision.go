package performance

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

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
// What was decided of other receipts of the case takes effect before it: it counts
// on their ledger.
func (s *Service) Decide(ctx context.Context, by model.Actor, kind model.ReceiptDecisionKind, dec Decision) (*model.ReceiptDecision, error) {
	if kind.Chinese() == "" {
		return nil, model.E(model.Internal, "decision.unknown", "").WithCause(fmt.Errorf("there is no decision %q", kind))
	}
	kept := dec
	kept.Stamp = "" // it is seen to now: what is decided afterwards lets this one take effect first
	asked, err := json.Marshal(kept)
	if err != nil {
		return nil, err
	}
	var out *model.ReceiptDecision
	err = s.decide(ctx, by, dec.ReceiptID, func(tx *storage.DB, cs *model.Case, r *model.Receipt) error {
		old, err := tx.ReceiptDecisionByKey(ctx, by.UserID, kind, dec.IdemKey)
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
		out = &model.ReceiptDecision{
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
		if err := tx.CreateReceiptDecision(ctx, out); err != nil {
			return err
		}
		if s.cfg.UndoFor <= 0 {
			return s.carryOut(ctx, tx, cs, out, 0)
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
func (s *Service) act(ctx context.Context, tx *storage.DB, by model.Actor, cs *model.Case, r *model.Receipt, kind model.ReceiptDecisionKind, dec Decision) error {
	switch kind {
	case model.DecideConfirm:
		return s.confirm(ctx, tx, by, cs, r, dec)
	case model.DecideReturn:
		return s.sendBack(ctx, tx, by, cs, r, dec)
	case model.DecideCorrect:
		return s.correct(ctx, tx, by, cs, r, dec)
	}
	return fmt.Errorf("there is no decision %q", kind)
}

// settlePending carries out what was decided of other receipts of the case, and
// refuses another decision about this one. The case is locked.
func (s *Service) settlePending(ctx context.Context, tx *storage.DB, by model.Actor, cs *model.Case, r *model.Receipt) error {
	list, err := tx.PendingDecisions(ctx, cs.ID)
	if err != nil {
		return err
	}
	if i := slices.IndexFunc(list, func(d model.ReceiptDecision) bool { return d.ReceiptID == r.ID }); i >= 0 {
		return list[i].Deciding()
	}
	for i := range list {
		if err := s.carryOut(ctx, tx, cs, &list[i], by.UserID); err != nil {
			return err
		}
	}
	return nil
}

// carryOut lets a decision take effect, under the name of whoever made it. What can
// not be done any more ends as failed, and whoever decided and whoever is
// responsible now are told; what only failed for now is an error, and is done again.
// The case is locked. early is who asked for it before its time, 0 for the clock.
func (s *Service) carryOut(ctx context.Context, tx *storage.DB, cs *model.Case, d *model.ReceiptDecision, early int64) error {
	r, err := tx.LockReceipt(ctx, d.ReceiptID)
	if err != nil {
		return err
	}
	var dec Decision
	err = json.Unmarshal([]byte(d.Asked), &dec)
	if err != nil {
		return fmt.Errorf("decision %d: %w", d.ID, err)
	}
	// Nobody else could decide about the receipt meanwhile, so that its version is
	// the one that he saw.
	before := *r
	err = tx.Attempt(ctx, func() error {
		copied := *cs
		return s.act(ctx, tx, d.Actor(), &copied, r, d.Kind, dec)
	})
	problem := ""
	switch e := (*model.Error)(nil); {
	case err == nil:
	case errors.As(err, &e) && (e.Kind == model.Invalid || e.Kind == model.Conflict || e.Kind == model.NotFound || e.Kind == model.Forbidden):
		problem, r = e.Message, &before
	default:
		return err
	}
	now, err := tx.Clock(ctx)
	if err != nil {
		return err
	}
	d.End(early, problem, now)
	if err := tx.EndReceiptDecision(ctx, d); err != nil {
		return err
	}
	if problem == "" {
		return nil
	}
	if err := unconfirmed(ctx, tx, d); err != nil {
		return err
	}
	told := []int64{d.ByUserID}
	if now := r.Responsible().UserID; now != 0 && now != d.ByUserID {
		told = append(told, now)
	}
	for _, u := range told {
		if err := tx.AddNotice(ctx, model.DecisionFailedNotice(*r, *d, u)); err != nil {
			return err
		}
	}
	return tx.Audit(model.System(), model.RolePublic, model.AuditEvent{
		CourtID: d.CourtID, Action: model.AuditReceiptDecisionFailed, CaseID: d.CaseID, Subject: model.ThingReceipt.Of(d.ReceiptID), Detail: d.Kind.Chinese(), After: d,
	})
}

// unconfirmed ends what an objection started that came while a confirmation waited
// which is none: the receipt waits again, with what was said of it.
func unconfirmed(ctx context.Context, tx *storage.DB, d *model.ReceiptDecision) error {
	if d.Kind != model.DecideConfirm {
		return nil
	}
	return tx.EndTasks(ctx, model.TaskCancelled, 0, "对回执的确认"+d.State.Chinese(), model.TaskMatch{
		CaseID: d.CaseID, Kinds: []model.TaskKind{model.TaskObjection}, Subject: model.ThingReceipt.Of(d.ReceiptID),
	})
}

// end carries one decision out in a transaction of its own, if nobody has ended it
// by then: at once when early says who asks for it, or when its time is over.
func (s *Service) end(ctx context.Context, id, early int64) error {
	found, err := s.db.ReceiptDecision(ctx, id)
	if err != nil {
		return err
	}
	err = s.db.Transact(ctx, func(tx *storage.DB) error {
		cs, err := tx.LockCaseByID(ctx, found.CaseID)
		if err != nil {
			return err
		}
		d, err := tx.LockReceiptDecision(ctx, id)
		if err != nil || d.State != model.DecisionPending {
			return err
		}
		now, err := tx.Clock(ctx)
		if err != nil || early == 0 && !d.Due(now) {
			return err
		}
		return s.carryOut(ctx, tx, cs, d, early)
	})
	if err != nil {
		return fmt.Errorf("carry out decision %d: %w", id, err)
	}
	return nil
}

// duePage is how many decisions are looked up at once.
const duePage = 100

// DecisionPass carries out the decisions whose time is over by the database's clock,
// also those of a process that is gone. One that fails keeps no other from its turn,
// and is tried again.
func (s *Service) DecisionPass(ctx context.Context) error {
	now, err := s.db.Clock(ctx)
	if err != nil {
		return err
	}
	var errs error
	for after := int64(0); ctx.Err() == nil; {
		ids, err := s.db.DueDecisions(ctx, now, after, duePage)
		if err != nil {
			return errors.Join(errs, err)
		}
		for _, id := range ids {
			after = id
			if err := s.end(ctx, id, 0); err != nil {
				errs = errors.Join(errs, err)
			}
		}
		if len(ids) < duePage {
			break
		}
	}
	return errs
}

// ownDecision is a decision that the actor made; somebody else's is not found.
func ownDecision(ctx context.Context, db *storage.DB, by model.Actor, id int64) (*model.ReceiptDecision, error) {
	d, err := db.ReceiptDecision(ctx, id)
	if err == nil && (d.ByUserID != by.UserID || d.CourtID != by.CourtID) {
		err = model.E(model.NotFound, "decision.not_found", "没有找到，或您无权查看")
	}
	return d, err
}

// Undo takes a decision back before its time is over: nobody was told of it, and
// nobody is. Only whoever decided may, also when the case is another's by now. To
// undo it once more changes nothing. Errors: Conflict decision.late when it is too
// late, decision.failed.
func (s *Service) Undo(ctx context.Context, by model.Actor, id int64) (*model.ReceiptDecision, error) {
	if err := by.Require(model.ActReceiptDecide); err != nil {
		return nil, err
	}
	found, err := ownDecision(ctx, s.db, by, id)
	if err != nil {
		return nil, err
	}
	var out *model.ReceiptDecision
	err = s.db.Transact(ctx, func(tx *storage.DB) error {
		if _, err := tx.LockCaseByID(ctx, found.CaseID); err != nil {
			return err
		}
		d, err := tx.LockReceiptDecision(ctx, id)
		if err != nil {
			return err
		}
		if out = d; d.State == model.DecisionUndone {
			return nil
		}
		now, err := tx.Clock(ctx)
		if err != nil {
			return err
		}
		before := *d
		if err := d.Undo(by.UserID, now); err != nil {
			return err
		}
		if err := tx.EndReceiptDecision(ctx, d); err != nil {
			return err
		}
		if err := unconfirmed(ctx, tx, d); err != nil {
			return err
		}
		return tx.Audit(by, by.RoleFor(model.ActReceiptDecide), model.AuditEvent{
			CourtID: d.CourtID, Action: model.AuditReceiptUndo, CaseID: d.CaseID, Subject: model.ThingReceipt.Of(d.ReceiptID), Detail: d.Kind.Chinese(), Before: before, After: d,
		})
	})
	if err != nil {
		return nil, fmt.Errorf("undo decision %d: %w", id, err)
	}
	return out, nil
}

// CarryOutNow lets those decisions take effect at once that the actor made, or that
// are about receipts of his own duty: what rests on their ledger waits for them. It
// tells how many there were.
func (s *Service) CarryOutNow(ctx context.Context, by model.Actor) (int, error) {
	if err := by.Require(model.ActReceiptDecide); err != nil {
		return 0, err
	}
	ids, err := s.db.DecisionsOf(ctx, by)
	if err != nil {
		return 0, err
	}
	for _, id := range ids {
		if err := s.end(ctx, id, by.UserID); err != nil {
			return 0, err
		}
	}
	return len(ids), nil
}

// DecidedView is a decision about a receipt as a page shows it: with what is left of its
// time, by the database's clock.
type DecidedView struct {
	model.ReceiptDecision
	Now time.Time
	Own bool // the actor made it
}

// Sentence says what became of it.
func (v DecidedView) Sentence() string { return v.ReceiptDecision.Sentence(v.Now) }

// Seconds is how long it can still be taken back.
func (v DecidedView) Seconds() int {
	return int((v.Left(v.Now) + time.Second - 1) / time.Second)
}

// Undoable tells whether the actor can still take it back.
func (v DecidedView) Undoable() bool { return v.Own && v.Left(v.Now) > 0 }

// What is the decision as it was sent.
func (v DecidedView) What() (dec Decision) {
	_ = json.Unmarshal([]byte(v.Asked), &dec) // it was written by Decide
	dec.Reason = strings.TrimSpace(dec.Reason)
	return dec
}

func (s *Service) viewDecision(ctx context.Context, by model.Actor, d *model.ReceiptDecision) (*DecidedView, error) {
	now, err := s.db.Clock(ctx)
	return &DecidedView{*d, now, d.ByUserID == by.UserID}, err
}

// OwnDecision is what the actor decided, as it stands now.
func (s *Service) OwnDecision(ctx context.Context, by model.Actor, id int64) (*DecidedView, error) {
	if err := by.Require(model.ActReceiptDecide); err != nil {
		return nil, err
	}
	d, err := ownDecision(ctx, s.db, by, id)
	if err != nil {
		return nil, err
	}
	return s.viewDecision(ctx, by, d)
}

// LastDecision is the actor's newest decision that can still be taken back, nil when
// there is none.
func (s *Service) LastDecision(ctx context.Context, by model.Actor) (*DecidedView, error) {
	if !by.May(model.ActReceiptDecide) {
		return nil, nil //nolint:nilnil // documented
	}
	d, err := s.db.LastDecision(ctx, by.UserID)
	if err != nil || d == nil {
		return nil, err
	}
	return s.viewDecision(ctx, by, d)
}

// PendingDecision is the decision that waits about a receipt that the actor sees, nil
// when there is none.
func (s *Service) PendingDecision(ctx context.Context, by model.Actor, r model.Receipt) (*DecidedView, error) {
	if r.PendingDecisionID == 0 || by.IsParty() {
		return nil, nil //nolint:nilnil // documented
	}
	d, err := s.db.ReceiptDecision(ctx, r.PendingDecisionID)
	if err != nil {
		return nil, err
	}
	return s.viewDecision(ctx, by, d)
}
