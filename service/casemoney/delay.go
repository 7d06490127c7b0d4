package casemoney

import (
	"context"
	"fmt"

	"microcourt/model"
	"microcourt/storage"
)

// AskDelay asks a leader to let money of an own case be paid out later. A repeat
// under the same key is the first.
func (s *Service) AskDelay(ctx context.Context, by model.Actor, d model.PayoutDelay) (*model.PayoutDelay, error) {
	if err := by.Require(model.ActPayoutPrepare); err != nil {
		return nil, err
	}
	var out *model.PayoutDelay
	err := s.db.Once(ctx, by, func(tx *storage.DB) error {
		d := d
		w, err := own(ctx, tx, by, d.CaseMoneyID)
		if err != nil {
			return err
		}
		if out, err = tx.PayoutDelayByKey(ctx, by.UserID, d.IdemKey); err != nil || out != nil {
			return err
		}
		if w.money.HeldFen == 0 {
			return model.E(model.Conflict, "money.gone", "这笔款项已经发放完毕，不需要延缓发放")
		}
		if err := d.Check(model.DateOf(tx.Now())); err != nil {
			return err
		}
		d.CourtID, d.CaseID, d.EnforcementCaseID, d.AskedBy, d.State = w.e.CourtID, w.cs.ID, w.e.ID, by.UserID, model.DelayAsked
		if err := tx.CreatePayoutDelay(ctx, &d); err != nil {
			return err
		}
		out = &d
		return audit(tx, by, model.ActPayoutPrepare, model.AuditDelayAsk, model.ThingPayoutDelay.Of(d.ID), d.CaseID, nil, d)
	})
	if err != nil {
		return nil, fmt.Errorf("ask for a delay: %w", err)
	}
	return out, nil
}

// DecideDelay approves a delay or does not; who asked for it never decides. The
// applicants are told of one that is approved.
func (s *Service) DecideDelay(ctx context.Context, by model.Actor, id, seen int64, to model.DelayState, reason string) (*model.PayoutDelay, error) {
	return s.onDelay(ctx, by, id, seen, model.ActPayoutApprove, model.AuditDelayDecide, []any{to, reason}, func(tx *storage.DB, w *work, d *model.PayoutDelay) error {
		if err := d.Decide(to, reason, by.UserID, tx.Now()); err != nil || to != model.DelayApproved {
			return err
		}
		told := *d
		told.Version++
		return w.tell(ctx, tx, func(partyID int64) model.Notice {
			return model.MoneyDelayedNotice(*w.cs, w.e.EnforcementCase, *w.money, told, partyID)
		})
	})
}

// EndDelay records that the ground of a delay has ceased: the money is paid out in
// ten days.
func (s *Service) EndDelay(ctx context.Context, by model.Actor, id, seen int64) (*model.PayoutDelay, error) {
	return s.onDelay(ctx, by, id, seen, model.ActPayoutPrepare, model.AuditDelayEnd, nil, func(tx *storage.DB, _ *work, d *model.PayoutDelay) error {
		return d.End(model.DateOf(tx.Now()))
	})
}

func (s *Service) onDelay(ctx context.Context, by model.Actor, id, seen int64, act model.Act, action model.AuditAction, asked []any, f func(tx *storage.DB, w *work, d *model.PayoutDelay) error) (*model.PayoutDelay, error) {
	if err := by.Require(act); err != nil {
		return nil, err
	}
	var out *model.PayoutDelay
	err := s.db.Transact(ctx, func(tx *storage.DB) error {
		d, err := tx.PayoutDelay(ctx, by, id)
		if err != nil {
			return err
		}
		of := tx.LockEnforcement
		if act == model.ActPayoutPrepare {
			of = tx.LockOwnEnforcement
		}
		w, err := lock(ctx, tx, by, d.CaseMoneyID, of)
		if err != nil {
			return err
		}
		if d, err = tx.PayoutDelay(ctx, by, id); err != nil { // as it is under the lock
			return err
		}
		out = d
		if done, err := tx.Repeated(ctx, by, model.ThingPayoutDelay.Of(id), seen, d.Version, append([]any{action}, asked...)...); err != nil || done {
			return err
		}
		if d.Version != seen || d.EnforcementCaseID != w.e.ID {
			return model.E(model.Conflict, "delay.changed", "这项延缓发放刚刚有了变化，请刷新后再处理")
		}
		if act == model.ActPayoutApprove {
			if err := tx.OtherEyes(ctx, model.MatterPayout, by.UserID, d.AskedBy); err != nil {
				return err
			}
		}
		before := *d
		if err := f(tx, w, d); err != nil {
			return err
		}
		if err := tx.UpdatePayoutDelay(ctx, d, before.Version); err != nil {
			return err
		}
		delays, err := tx.PayoutDelays(ctx, w.money.ID)
		if err != nil {
			return err
		}
		w.money.SetDue(delays)
		if err := tx.UpdateCaseMoney(ctx, w.money, w.money.Version); err != nil {
			return err
		}
		return audit(tx, by, act, action, model.ThingPayoutDelay.Of(id), d.CaseID, before, *d)
	})
	if err != nil {
		return nil, fmt.Errorf("delay %d: %w", id, err)
	}
	return out, nil
}
