package deposit

import (
	"context"
	"fmt"
	"slices"

	"microcourt/model"
	"microcourt/storage"
)

// ChangeWish takes a payer's new written wish about what money that the court
// holds is for, from the accused's side by phone or from a clerk at the window. The
// judge gets a task; nothing changes before he accepts it. A repeat under the same
// key is the first.
func (s *Service) ChangeWish(ctx context.Context, by model.Actor, w model.DepositWish) (*model.DepositWish, error) {
	if err := by.Require(model.ActDepositMake); err != nil {
		return nil, err
	}
	var out *model.DepositWish
	err := s.db.Once(ctx, by, func(tx *storage.DB) error {
		w := w // a run that is undone leaves nothing in it
		d, cs, err := tx.LockDeposit(ctx, by, w.DepositID)
		if err != nil {
			return err
		}
		if out, err = tx.DepositWishByKey(ctx, by.UserID, w.IdemKey); err != nil || out != nil {
			return err
		}
		if err := mine(by, *d); err != nil {
			return err
		}
		if err := w.Check(*d); err != nil {
			return err
		}
		earlier, err := tx.DepositWishes(ctx, []int64{d.ID})
		if err != nil {
			return err
		}
		if slices.ContainsFunc(earlier[d.ID], func(o model.DepositWish) bool { return o.State == model.WishAsked }) {
			return model.E(model.Conflict, "wish.open", "已有一项改变用途的意愿等待审查，请等承办法官答复")
		}
		if err := keepFile(ctx, tx, by, cs.ID, "wish_file_id", w.WishFileID); err != nil {
			return err
		}
		w.CourtID, w.CaseID, w.UserID = cs.CourtID, cs.ID, by.UserID
		if err := tx.AddDepositWish(ctx, &w); err != nil {
			return err
		}
		out = &w
		if err := tx.AddNotice(ctx, model.DepositWishNotice(*cs, *d, w)); err != nil {
			return err
		}
		if err := task(ctx, tx, *cs, *d, model.TaskDepositWish, ""); err != nil {
			return err
		}
		return audit(tx, by, model.ActDepositMake, model.AuditDepositWish, nil, *d)
	})
	if err != nil {
		return nil, fmt.Errorf("wish about deposit %d: %w", w.DepositID, err)
	}
	return out, nil
}

// openWish is the payer's wish about a deposit that waits for an answer, nil for none.
func openWish(ctx context.Context, tx *storage.DB, d *model.Deposit) (*model.DepositWish, error) {
	list, err := tx.DepositWishes(ctx, []int64{d.ID})
	for n := range list[d.ID] {
		if w := &list[d.ID][n]; w.State == model.WishAsked {
			return w, err
		}
	}
	return nil, err
}

// answered refuses to use money for what its payer may not want any more, until his
// new wish is answered.
func answered(ctx context.Context, tx *storage.DB, d *model.Deposit) error {
	w, err := openWish(ctx, tx, d)
	if err == nil && w != nil {
		err = model.E(model.Conflict, "wish.open", "缴款人要求改变这笔暂存款的用途，请先答复")
	}
	return err
}

// overtaken ends a wish that its payer gave up by asking for the money itself.
func overtaken(ctx context.Context, tx *storage.DB, by model.Actor, d *model.Deposit) error {
	w, err := openWish(ctx, tx, d)
	if err != nil || w == nil {
		return err
	}
	if err := w.Decide(d, false, "缴款人已要求退还", by.UserID, tx.Now()); err != nil {
		return err
	}
	if err := tx.DecideDepositWish(ctx, *w); err != nil {
		return err
	}
	return end(ctx, tx, by, *d, "缴款人已要求退还", model.TaskDepositWish)
}

// DecideWish is the judge's word about a new wish. Accepted, the money is for what
// it says from now on, by an entry that moves none; the wish with which it was paid
// stays. Victims are told of money that is theirs now, or no more.
func (s *Service) DecideWish(ctx context.Context, by model.Actor, id, seen, wishID int64, accept bool, reason string) (*model.Deposit, error) {
	return s.decide(ctx, by, id, seen, []any{"wish", wishID, accept, reason}, func(tx *storage.DB, cs *model.Case, d *model.Deposit) error {
		list, err := tx.DepositWishes(ctx, []int64{id})
		if err != nil {
			return err
		}
		at := slices.IndexFunc(list[id], func(w model.DepositWish) bool { return w.ID == wishID })
		if at < 0 {
			return model.E(model.NotFound, "wish.not_found", "没有找到，或您无权查看")
		}
		w := list[id][at]
		if err := tx.OtherEyes(ctx, model.MatterDeposit, by.UserID, w.UserID); err != nil {
			return err
		}
		before := *d
		if err := w.Decide(d, accept, reason, by.UserID, tx.Now()); err != nil {
			return err
		}
		if err := tx.DecideDepositWish(ctx, w); err != nil {
			return err
		}
		if err := end(ctx, tx, by, *d, w.State.Chinese(), model.TaskDepositWish); err != nil {
			return err
		}
		if !accept {
			if err := tx.UpdateDeposit(ctx, d, before.Version, nil); err != nil {
				return err
			}
			if err := tx.AddNotice(ctx, model.DepositWishDeclinedNotice(*cs, *d, w)); err != nil {
				return err
			}
			return audit(tx, by, model.ActDepositDecide, model.AuditDepositWishDecide, before, *d)
		}
		e := w.Entry(model.DateOf(tx.Now()))
		if err := write(ctx, tx, by, cs, d, before, &e, model.ActDepositDecide, model.AuditDepositWishDecide); err != nil {
			return err
		}
		if d.Purpose == model.DepositRestitution {
			return tellVictims(ctx, tx, cs, d, model.DepositForVictimNotice)
		}
		return tellVictims(ctx, tx, cs, &before, func(cs model.Case, _ model.Deposit, victim int64) model.Notice {
			return model.DepositChangedForVictimNotice(cs, *d, victim) // that nothing is theirs any more
		})
	})
}

// KeepSignedWish keeps the file of the wish that the payer of a deposit signed by
// hand, where none was kept when it was entered. The first one stays; the same file
// again is a repeat.
func (s *Service) KeepSignedWish(ctx context.Context, by model.Actor, id, fileID int64) (*model.Deposit, error) {
	if err := by.Require(model.ActDepositMake); err != nil {
		return nil, err
	}
	var out *model.Deposit
	err := s.db.Once(ctx, by, func(tx *storage.DB) error {
		d, cs, err := tx.LockDeposit(ctx, by, id)
		if err != nil {
			return err
		}
		if err := mine(by, *d); err != nil {
			return err
		}
		if out = d; fileID != 0 && d.WishFileID == fileID {
			return nil
		}
		before := *d
		if err := d.SignWish(fileID); err != nil {
			return err
		}
		if err := keepFile(ctx, tx, by, cs.ID, "file", fileID); err != nil {
			return err
		}
		if err := tx.SetSignedWish(ctx, d, before.Version); err != nil {
			return err
		}
		return audit(tx, by, model.ActDepositMake, model.AuditDepositWishSigned, before, *d)
	})
	if err != nil {
		return nil, fmt.Errorf("signed wish of deposit %d: %w", id, err)
	}
	return out, nil
}
