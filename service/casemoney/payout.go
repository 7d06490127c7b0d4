package casemoney

import (
	"context"
	"fmt"
	"slices"

	"microcourt/model"
	"microcourt/storage"
)

// Prepare puts a part of money of an own case into a payout, for a leader to approve.
// A repeat under the same key is the first. Errors: NotFound for a case that is not
// the officer's, Invalid and Conflict as model.Payout.Check says.
func (s *Service) Prepare(ctx context.Context, by model.Actor, seen int64, p model.Payout) (*model.Payout, error) {
	if err := by.Require(model.ActPayoutPrepare); err != nil {
		return nil, err
	}
	var out *model.Payout
	err := s.db.Once(ctx, by, func(tx *storage.DB) error {
		p := p
		w, err := own(ctx, tx, by, p.CaseMoneyID)
		if err != nil {
			return err
		}
		if out, err = tx.PayoutByKey(ctx, by.UserID, p.IdemKey); err != nil || out != nil {
			return err
		}
		if err := w.money.CheckVersion(seen); err != nil {
			return err
		}
		ground, err := w.ground(ctx, tx, p.PartyID)
		if err != nil {
			return err
		}
		if err := p.Check(*ground); err != nil {
			return err
		}
		p.CourtID, p.CaseID, p.EnforcementCaseID, p.PreparedBy, p.State = w.e.CourtID, w.cs.ID, w.e.ID, by.UserID, model.PayoutPrepared
		if err := tx.CreatePayout(ctx, &p); err != nil {
			return err
		}
		w.money.ReservedFen += p.AmountFen
		if err := tx.UpdateCaseMoney(ctx, w.money, w.money.Version); err != nil {
			return err
		}
		out = &p
		return audit(tx, by, model.ActPayoutPrepare, model.AuditPayoutPrepare, model.ThingPayout.Of(p.ID), p.CaseID, nil, p)
	})
	if err != nil {
		return nil, fmt.Errorf("prepare a payout: %w", err)
	}
	return out, nil
}

// own is money of an enforcement case of the officer, with the case locked first.
func own(ctx context.Context, tx *storage.DB, by model.Actor, moneyID int64) (*work, error) {
	return lock(ctx, tx, by, moneyID, tx.LockOwnEnforcement)
}

func lock(ctx context.Context, tx *storage.DB, by model.Actor, moneyID int64, of func(context.Context, model.Actor, int64) (*model.EnforcementFile, *model.Case, error)) (*work, error) {
	m, err := tx.CaseMoney(ctx, by, moneyID)
	if err != nil {
		return nil, err
	}
	if m.EnforcementCaseID == 0 {
		return nil, model.E(model.Conflict, "money.unidentified", "这笔款项还没有认领，请先认领到案件")
	}
	w := &work{}
	if w.e, w.cs, err = of(ctx, by, m.EnforcementCaseID); err != nil {
		if model.KindOf(err) == model.NotFound {
			err = model.E(model.NotFound, "money.not_found", "没有找到，或您无权查看").WithCause(err)
		}
		return nil, err
	}
	if w.money, err = tx.CaseMoney(ctx, by, moneyID); err == nil && w.money.EnforcementCaseID != w.e.ID { // as it is under the lock
		err = model.E(model.Conflict, "money.changed", "这笔款项刚刚有了变化，请刷新后再处理")
	}
	return w, err
}

// ground is what a payout for somebody is checked against.
func (w *work) ground(ctx context.Context, tx *storage.DB, partyID int64) (*model.PayoutGround, error) {
	account, err := tx.CaseAccount(ctx, w.e.ID)
	if err != nil {
		return nil, err
	}
	plans, err := tx.Distributions(ctx, w.e.ID)
	if err != nil {
		return nil, err
	}
	g := &model.PayoutGround{Money: *w.money, File: *w.e, Fee: model.ExecutionFee(w.e.EnforcementCase, account.Payouts)}
	g.Sharing = slices.ContainsFunc(plans, func(d model.Distribution) bool {
		return d.State == model.DistributionDrafted || d.State == model.DistributionServed
	})
	g.Account, err = w.account(ctx, tx, partyID)
	return g, err
}

// account is the account of a creditor that is in use, nil when there is none.
func (w *work) account(ctx context.Context, tx *storage.DB, partyID int64) (*model.PaymentAccount, error) {
	list, err := tx.PaymentAccounts(ctx, w.cs.ID)
	if err != nil {
		return nil, err
	}
	for _, a := range list {
		if a.PartyID == partyID && a.State == model.AccountInUse {
			return &a, nil
		}
	}
	return nil, nil
}

// stands refuses to send money to an account that was changed or stopped, or to
// somebody who is no creditor any more, since the payout was prepared.
func (w *work) stands(ctx context.Context, tx *storage.DB, p model.Payout) error {
	if !p.Kind.OfCreditor() {
		return nil
	}
	if !w.e.Has(p.PartyID, model.EnforcementApplicant) {
		return model.E(model.Conflict, "payout.creditor_changed", "收款的人已不是本案的申请执行人（当事人已变更），请撤回后重新办理")
	}
	if p.Kind != model.PayoutCreditor {
		return nil
	}
	a, err := w.account(ctx, tx, p.PartyID)
	if err == nil && (a == nil || a.ID != p.AccountID) {
		err = model.E(model.Conflict, "payout.account_changed", "申请执行人的收款账户已更换、停用或者存疑，请撤回后按经确认的账户重新办理")
	}
	return err
}

// on changes a payout as the actor saw it. A repeat of the very act changes nothing.
func (s *Service) on(ctx context.Context, by model.Actor, id, seen int64, act model.Act, action model.AuditAction, asked []any, f func(tx *storage.DB, w *work, p *model.Payout) ([]model.CaseMoneyEntry, error)) (*model.Payout, error) {
	if err := by.Require(act); err != nil {
		return nil, err
	}
	var out *model.Payout
	err := s.db.Transact(ctx, func(tx *storage.DB) error {
		p, err := tx.Payout(ctx, by, id)
		if err != nil {
			return err
		}
		of := tx.LockEnforcement
		if act == model.ActPayoutPrepare {
			of = tx.LockOwnEnforcement
		}
		w, err := lock(ctx, tx, by, p.CaseMoneyID, of)
		if err != nil {
			return err
		}
		if p, err = tx.Payout(ctx, by, id); err != nil { // as it is under the lock
			return err
		}
		out = p
		if done, err := tx.Repeated(ctx, by, model.ThingPayout.Of(id), seen, p.Version, append([]any{action}, asked...)...); err != nil || done {
			return err
		}
		if err := p.CheckVersion(seen); err != nil {
			return err
		}
		if act != model.ActPayoutPrepare {
			if err := tx.OtherEyes(ctx, model.MatterPayout, by.UserID, p.PreparedBy); err != nil {
				return err
			}
		}
		before, held := *p, w.money.Version
		entries, err := f(tx, w, p)
		if err != nil {
			return err
		}
		if before.State.Open() && !p.State.Open() {
			w.money.ReservedFen -= p.AmountFen
		}
		if len(entries) > 0 {
			delays, err := tx.PayoutDelays(ctx, w.money.ID)
			if err != nil {
				return err
			}
			if err := w.money.Move(entries[0].AmountFen, delays); err != nil {
				return err
			}
			entries[0].EnforcementCaseID, entries[0].PayoutID, entries[0].ByUserID = w.e.ID, p.ID, by.UserID
		}
		if err := tx.UpdatePayout(ctx, p, before.Version); err != nil {
			return err
		}
		if err := tx.UpdateCaseMoney(ctx, w.money, held, entries...); err != nil {
			return err
		}
		if len(entries) > 0 && p.PartyID != 0 {
			if err := tx.AddNotice(ctx, model.PayoutNotice(*w.cs, w.e.EnforcementCase, *p)); err != nil {
				return err
			}
		}
		return audit(tx, by, act, action, model.ThingPayout.Of(id), p.CaseID, before, *p)
	})
	if err != nil {
		return nil, fmt.Errorf("payout %d: %w", id, err)
	}
	return out, nil
}

// Decide approves a payout or does not; who prepared it never decides.
func (s *Service) Decide(ctx context.Context, by model.Actor, id, seen int64, to model.PayoutState, reason string) (*model.Payout, error) {
	return s.on(ctx, by, id, seen, model.ActPayoutApprove, model.AuditPayoutDecide, []any{to, reason}, func(tx *storage.DB, w *work, p *model.Payout) ([]model.CaseMoneyEntry, error) {
		if to == model.PayoutApproved {
			if err := w.stands(ctx, tx, *p); err != nil {
				return nil, err
			}
		}
		return nil, p.Decide(to, reason, by.UserID, tx.Now())
	})
}

// Withdraw takes back a payout that was not carried out.
func (s *Service) Withdraw(ctx context.Context, by model.Actor, id, seen int64, reason string) (*model.Payout, error) {
	return s.on(ctx, by, id, seen, model.ActPayoutPrepare, model.AuditPayoutWithdraw, []any{reason}, func(_ *storage.DB, _ *work, p *model.Payout) ([]model.CaseMoneyEntry, error) {
		return nil, p.Withdraw(reason)
	})
}

// Pay records that an approved payout was carried out, with the bank's slip.
func (s *Service) Pay(ctx context.Context, by model.Actor, id, seen int64, t model.Transfer) (*model.Payout, error) {
	return s.on(ctx, by, id, seen, model.ActPayoutPay, model.AuditPayoutPay, []any{t}, func(tx *storage.DB, w *work, p *model.Payout) ([]model.CaseMoneyEntry, error) {
		if err := w.stands(ctx, tx, *p); err != nil {
			return nil, err
		}
		if err := p.Pay(t, by.UserID, model.DateOf(tx.Now())); err != nil {
			return nil, err
		}
		if err := tx.KeepFile(ctx, t.FileID, p.CaseID, by.UserID); err != nil {
			if k := model.KindOf(err); k == model.NotFound || k == model.Conflict {
				return nil, model.InvalidField("file_id", "file.unknown", "没有这个文件，或者已经用过，请重新上传").WithCause(err)
			}
			return nil, err
		}
		return []model.CaseMoneyEntry{{Kind: model.MoneyPaidOut, AmountFen: -p.AmountFen, HappenedOn: p.PaidOn}}, nil
	})
}

// ComeBack records that the bank sent a payment back: the money is there again.
func (s *Service) ComeBack(ctx context.Context, by model.Actor, id, seen int64, reason string) (*model.Payout, error) {
	return s.on(ctx, by, id, seen, model.ActPayoutPay, model.AuditPayoutBack, []any{reason}, func(tx *storage.DB, _ *work, p *model.Payout) ([]model.CaseMoneyEntry, error) {
		if err := p.ComeBack(reason); err != nil {
			return nil, err
		}
		return []model.CaseMoneyEntry{{Kind: model.MoneyCameBack, AmountFen: p.AmountFen, HappenedOn: model.DateOf(tx.Now()), Reason: p.EndReason}}, nil
	})
}
