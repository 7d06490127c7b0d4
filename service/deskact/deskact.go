// Package deskact is what somebody at the desk decided of a receipt or answered in a
// conversation, and can take back for a while before anybody is told. What it does
// when it takes effect is up to the area that it belongs to.
package deskact

import (
	"context"
	"errors"
	"fmt"
	"time"

	"microcourt/model"
	"microcourt/storage"
)

// Area lets an act of its own take effect (storage.DB.CarryOut). The case is locked.
// early is who asked for it before its time, 0 for the clock.
type Area interface {
	CarryOut(ctx context.Context, tx *storage.DB, cs *model.Case, d *model.DeskAct, early int64) error
}

// Service is the area.
type Service struct {
	db                *storage.DB
	receipts, answers Area
}

// New makes the service.
func New(db *storage.DB, receipts, answers Area) *Service { return &Service{db, receipts, answers} }

func (s *Service) area(d *model.DeskAct) Area {
	if d.Kind == model.DecideAnswer {
		return s.answers
	}
	return s.receipts
}

// end carries one act out in a transaction of its own, if nobody has ended it by then:
// at once when early says who asks for it, or when its time is over.
func (s *Service) end(ctx context.Context, id, early int64) error {
	found, err := s.db.DeskAct(ctx, id)
	if err != nil {
		return err
	}
	err = s.db.Transact(ctx, func(tx *storage.DB) error {
		cs, err := tx.LockCaseByID(ctx, found.CaseID)
		if err != nil {
			return err
		}
		d, err := tx.LockDeskAct(ctx, id)
		if err != nil || d.State != model.DecisionPending {
			return err
		}
		now, err := tx.Clock(ctx)
		if err != nil || early == 0 && !d.Due(now) {
			return err
		}
		return s.area(d).CarryOut(ctx, tx, cs, d, early)
	})
	if err != nil {
		return fmt.Errorf("carry out %d: %w", id, err)
	}
	return nil
}

// duePage is how many acts are looked up at once.
const duePage = 100

// Pass carries out the acts whose time is over by the database's clock, also those of a
// process that is gone. One that fails keeps no other from its turn, and is tried again.
func (s *Service) Pass(ctx context.Context) error {
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

// own is an act of the actor's; somebody else's is not found.
func (s *Service) own(ctx context.Context, by model.Actor, id int64) (*model.DeskAct, error) {
	d, err := s.db.DeskAct(ctx, id)
	if err == nil && (d.ByUserID != by.UserID || d.CourtID != by.CourtID) {
		err = model.E(model.NotFound, "decision.not_found", "没有找到，或您无权查看")
	}
	if err != nil {
		return nil, err
	}
	return d, by.Require(d.Kind.Act())
}

// Undo takes an act back before its time is over: nobody was told of it, and nobody is.
// Only whoever acted may, also when the case is another's by now. To undo it once more
// changes nothing. Errors: Conflict decision.late when it is too late, decision.failed.
func (s *Service) Undo(ctx context.Context, by model.Actor, id int64) (*model.DeskAct, error) {
	found, err := s.own(ctx, by, id)
	if err != nil {
		return nil, err
	}
	var out *model.DeskAct
	err = s.db.Transact(ctx, func(tx *storage.DB) error {
		if _, err := tx.LockCaseByID(ctx, found.CaseID); err != nil {
			return err
		}
		d, err := tx.LockDeskAct(ctx, id)
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
		if err := tx.EndDeskAct(ctx, d); err != nil {
			return err
		}
		if err := tx.EndUnconfirmed(ctx, d); err != nil {
			return err
		}
		return tx.Audit(by, by.RoleFor(d.Kind.Act()), model.AuditEvent{
			CourtID: d.CourtID, Action: model.AuditDeskActUndo, CaseID: d.CaseID, Subject: d.Subject(), Detail: d.Kind.Chinese(), Before: before, After: d,
		})
	})
	if err != nil {
		return nil, fmt.Errorf("undo %d: %w", id, err)
	}
	return out, nil
}

// CarryOutNow lets those decisions about receipts take effect at once that the actor
// made: what rests on their ledger waits for them. It tells how many there were. A
// colleague's are not ended for him.
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

// View is an act as a page shows it: with what is left of its time, by the database's
// clock.
type View struct {
	model.DeskAct
	Now time.Time
	Own bool // the actor made it
}

// Sentence says what became of it.
func (v View) Sentence() string { return v.DeskAct.Sentence(v.Now) }

// Seconds is how long it can still be taken back.
func (v View) Seconds() int {
	return int((v.Left(v.Now) + time.Second - 1) / time.Second)
}

// Undoable tells whether the actor can still take it back.
func (v View) Undoable() bool { return v.Own && v.Left(v.Now) > 0 }

func (s *Service) view(ctx context.Context, by model.Actor, d *model.DeskAct) (*View, error) {
	now, err := s.db.Clock(ctx)
	return &View{*d, now, d.ByUserID == by.UserID}, err
}

// Own is what the actor did, as it stands now.
func (s *Service) Own(ctx context.Context, by model.Actor, id int64) (*View, error) {
	d, err := s.own(ctx, by, id)
	if err != nil {
		return nil, err
	}
	return s.view(ctx, by, d)
}

// Last is the actor's newest act that can still be taken back, nil when there is none.
func (s *Service) Last(ctx context.Context, by model.Actor) (*View, error) {
	if by.IsParty() {
		return nil, nil //nolint:nilnil // documented
	}
	d, err := s.db.LastDecision(ctx, by.UserID)
	if err != nil || d == nil {
		return nil, err
	}
	return s.view(ctx, by, d)
}

// Pending is the decision that waits about a receipt that the actor sees, nil when
// there is none.
func (s *Service) Pending(ctx context.Context, by model.Actor, r model.Receipt) (*View, error) {
	if r.PendingDecisionID == 0 || by.IsParty() {
		return nil, nil //nolint:nilnil // documented
	}
	d, err := s.db.DeskAct(ctx, r.PendingDecisionID)
	if err != nil {
		return nil, err
	}
	return s.view(ctx, by, d)
}
