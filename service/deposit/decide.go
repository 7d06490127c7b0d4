package deposit

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"microcourt/model"
	"microcourt/storage"
)

// decide runs f on a deposit of a case whose supervision is the judge's, as he
// saw it; somebody else's is not found. A repeat of the very act changes nothing.
func (s *Service) decide(ctx context.Context, by model.Actor, id, seen int64, asked []any, f func(tx *storage.DB, cs *model.Case, d *model.Deposit) error) (*model.Deposit, error) {
	if err := by.Require(model.ActDepositDecide); err != nil {
		return nil, err
	}
	return s.change(ctx, by, id, seen, asked, func(tx *storage.DB, cs *model.Case, d *model.Deposit) error {
		if cs.JudgeID != by.UserID {
			return model.E(model.NotFound, "deposit.not_found", "没有找到，或您无权查看")
		}
		return f(tx, cs, d)
	})
}

func (s *Service) change(ctx context.Context, by model.Actor, id, seen int64, asked []any, f func(tx *storage.DB, cs *model.Case, d *model.Deposit) error) (*model.Deposit, error) {
	var out *model.Deposit
	err := s.db.Transact(ctx, func(tx *storage.DB) error {
		d, cs, err := tx.LockDeposit(ctx, by, id)
		if err != nil {
			return err
		}
		out = d
		if done, err := tx.Repeated(ctx, by, model.ThingDeposit.Of(id), seen, d.Version, asked...); err != nil || done {
			return err
		}
		if err := d.CheckVersion(seen); err != nil {
			return err
		}
		return f(tx, cs, d)
	})
	if err != nil {
		return nil, fmt.Errorf("deposit %d: %w", id, err)
	}
	return out, nil
}

// Confirm records that the money arrived, and how much: the judge verifies it
// against the case and against the payer's wish. Victims are told of money for
// them.
func (s *Service) Confirm(ctx context.Context, by model.Actor, id, seen int64, amount model.Fen) (*model.Deposit, error) {
	return s.decide(ctx, by, id, seen, []any{"confirm", amount}, func(tx *storage.DB, cs *model.Case, d *model.Deposit) error {
		if err := tx.OtherEyes(ctx, model.MatterDeposit, by.UserID, d.UserID); err != nil {
			return err
		}
		before := *d
		if err := d.Confirm(amount, by.UserID, tx.Now()); err != nil {
			return err
		}
		e := model.DepositEntry{Kind: model.DepositEntryConfirm, AmountFen: amount, HappenedOn: d.PaidOn, ByUserID: by.UserID}
		if err := write(ctx, tx, by, cs, d, before, &e, model.ActDepositDecide, model.AuditDepositConfirm); err != nil {
			return err
		}
		if err := end(ctx, tx, by, *d, "已核实 "+amount.Yuan()+" 元", model.TaskDepositVerify); err != nil {
			return err
		}
		return tellVictims(ctx, tx, cs, d, model.DepositForVictimNotice)
	})
}

// tellVictims tells the victims of money that is for them.
func tellVictims(ctx context.Context, tx *storage.DB, cs *model.Case, d *model.Deposit, notice func(model.Case, model.Deposit, int64) model.Notice) error {
	if d.Purpose != model.DepositRestitution {
		return nil
	}
	parties, err := tx.Parties(ctx, cs.ID)
	if err != nil {
		return err
	}
	for _, p := range parties {
		if p.Role != model.Victim {
			continue
		}
		if err := tx.AddNotice(ctx, notice(*cs, *d, p.ID)); err != nil {
			return err
		}
	}
	return nil
}

// write writes what became of a deposit, and tells the accused's side.
func write(ctx context.Context, tx *storage.DB, by model.Actor, cs *model.Case, d *model.Deposit, before model.Deposit, e *model.DepositEntry, act model.Act, action model.AuditAction) error {
	if err := tx.UpdateDeposit(ctx, d, before.Version, e); err != nil {
		return err
	}
	var entry model.DepositEntry
	if e != nil {
		entry = *e
	}
	if err := tx.AddNotice(ctx, model.DepositStandsNotice(*cs, *d, entry)); err != nil {
		return err
	}
	if err := tellRelative(ctx, tx, *d); err != nil {
		return err
	}
	return audit(tx, by, act, action, before, *d)
}

// Return sends the record back with a reason: no money came, or not for this.
func (s *Service) Return(ctx context.Context, by model.Actor, id, seen int64, reason string) (*model.Deposit, error) {
	return s.decide(ctx, by, id, seen, []any{"return", reason}, func(tx *storage.DB, cs *model.Case, d *model.Deposit) error {
		if err := tx.OtherEyes(ctx, model.MatterDeposit, by.UserID, d.UserID); err != nil {
			return err
		}
		before := *d
		if err := d.Return(reason, by.UserID, tx.Now()); err != nil {
			return err
		}
		if err := write(ctx, tx, by, cs, d, before, nil, model.ActDepositDecide, model.AuditDepositReturn); err != nil {
			return err
		}
		return end(ctx, tx, by, *d, "已退回登记", model.TaskDepositVerify)
	})
}

// Correct records that another amount arrived than was verified, by an entry of
// the difference.
func (s *Service) Correct(ctx context.Context, by model.Actor, id, seen int64, difference model.Fen, reason string) (*model.Deposit, error) {
	reason = strings.TrimSpace(reason)
	if reason == "" || utf8.RuneCountInString(reason) > 500 {
		return nil, model.InvalidField("reason", "reason.required", "请填写更正原因，不超过 500 字")
	}
	return s.decide(ctx, by, id, seen, []any{"correct", difference, reason}, func(tx *storage.DB, cs *model.Case, d *model.Deposit) error {
		if difference == 0 {
			return model.InvalidField("amount_fen", "amount.positive", "更正的差额不能为 0")
		}
		if err := tx.OtherEyes(ctx, model.MatterDeposit, by.UserID, d.UserID); err != nil {
			return err
		}
		before := *d
		e := model.DepositEntry{
			Kind: model.DepositEntryCorrect, AmountFen: difference, HappenedOn: model.DateOf(tx.Now()), Reason: reason, ByUserID: by.UserID,
		}
		if err := d.Enter(e); err != nil {
			return err
		}
		if err := write(ctx, tx, by, cs, d, before, &e, model.ActDepositDecide, model.AuditDepositCorrect); err != nil {
			return err
		}
		if err := tellVictims(ctx, tx, cs, d, model.DepositChangedForVictimNotice); err != nil {
			return err
		}
		if d.HeldFen == 0 {
			return end(ctx, tx, by, *d, "已更正，没有暂存的款项", model.TaskDepositSettle, model.TaskDepositRefund)
		}
		if d.RefundFen == before.RefundFen {
			return nil
		}
		if err := end(ctx, tx, by, *d, "退还金额已更正", model.TaskDepositRefund); err != nil {
			return err
		}
		t := model.DepositTask(*cs, *d, model.TaskDepositRefund, "", d.RefundDueOn, "更正后的金额，期限不变") // the clock runs on
		_, err := tx.AddTask(ctx, t)
		return err
	})
}

// TakeBack is the accused's side that thinks better of it: before the court
// looked the record is withdrawn, afterwards what is held goes back to who paid
// it. What was set off stays.
func (s *Service) TakeBack(ctx context.Context, by model.Actor, id, seen int64) (*model.Deposit, error) {
	if err := by.Require(model.ActDepositMake); err != nil {
		return nil, err
	}
	if !by.IsParty() {
		return nil, model.E(model.NotFound, "deposit.not_found", "没有找到，或您无权查看")
	}
	return s.change(ctx, by, id, seen, []any{"take_back"}, func(tx *storage.DB, cs *model.Case, d *model.Deposit) error {
		if err := mine(by, *d); err != nil {
			return err
		}
		before := *d
		if d.State != model.DepositSubmitted {
			if judged, err := judged(ctx, tx, cs.ID, d.PartyID, d.Purpose); err != nil {
				return err
			} else if judged {
				return model.E(model.Conflict, "deposit.judged", "判决（或者附带民事调解书）已经生效，暂存款依其抵充，余款由本院退还")
			}
			if err := overtaken(ctx, tx, by, d); err != nil {
				return err
			}
			return refund(ctx, tx, by, cs, d, d.HeldFen, model.RefundAsked, "", model.ActDepositMake)
		}
		d.State = model.DepositWithdrawn
		if err := tx.UpdateDeposit(ctx, d, before.Version, nil); err != nil {
			return err
		}
		if err := tx.EndTasks(ctx, model.TaskCancelled, by.UserID, "登记已撤回", model.TaskMatch{
			CaseID: d.CaseID, Kinds: []model.TaskKind{model.TaskDepositVerify}, Subject: model.ThingDeposit.Of(d.ID),
		}); err != nil {
			return err
		}
		return audit(tx, by, model.ActDepositMake, model.AuditDepositWithdraw, before, *d)
	})
}

// refund opens the way back, with the judge's task.
func refund(ctx context.Context, tx *storage.DB, by model.Actor, cs *model.Case, d *model.Deposit, amount model.Fen, ground model.RefundGround, reason string, act model.Act) error {
	before := *d
	if err := opens(ctx, tx, d, amount, ground, reason); err != nil {
		return err
	}
	if err := write(ctx, tx, by, cs, d, before, nil, act, model.AuditDepositRefund); err != nil {
		return err
	}
	if err := tellVictims(ctx, tx, cs, d, model.DepositChangedForVictimNotice); err != nil {
		return err
	}
	return refundTask(ctx, tx, by, cs, d)
}

func opens(ctx context.Context, tx *storage.DB, d *model.Deposit, amount model.Fen, ground model.RefundGround, reason string) error {
	days, err := tx.Calendar(ctx)
	if err != nil {
		return err
	}
	due, _ := model.DepositClock(days, model.TaskDepositRefund, model.DateOf(tx.Now()))
	return d.Refund(amount, ground, reason, due)
}

func refundTask(ctx context.Context, tx *storage.DB, by model.Actor, cs *model.Case, d *model.Deposit) error {
	if err := end(ctx, tx, by, *d, "已决定退还", model.TaskDepositSettle); err != nil {
		return err
	}
	return task(ctx, tx, *cs, *d, model.TaskDepositRefund, "")
}

// Refund is the judge's decision that money goes back: the accused was
// acquitted, the prosecution ended, the payer wants it on paper, or something is
// left.
func (s *Service) Refund(ctx context.Context, by model.Actor, id, seen int64, amount model.Fen, ground model.RefundGround, reason string) (*model.Deposit, error) {
	return s.decide(ctx, by, id, seen, []any{"refund", amount, ground, reason}, func(tx *storage.DB, cs *model.Case, d *model.Deposit) error {
		if err := answered(ctx, tx, d); err != nil {
			return err
		}
		return refund(ctx, tx, by, cs, d, amount, ground, reason, model.ActDepositDecide)
	})
}

// Offset is how a deposit is set off.
type Offset struct {
	DepositID, Version int64
	AmountFen          model.Fen // 0: as much as there is
	// Allocations are the judge's own; otherwise the items that are what the payer
	// meant are paid in the order of the law.
	Allocations []model.Share
	OrderReason string // why a later item is paid while an earlier one is open
}

// SetOff sets a deposit off against the items of the judgment, by entries in
// both ledgers; what is left over goes back to who paid it.
func (s *Service) SetOff(ctx context.Context, by model.Actor, o Offset) (*model.Deposit, error) {
	return s.decide(ctx, by, o.DepositID, o.Version, []any{"set_off", o}, func(tx *storage.DB, cs *model.Case, d *model.Deposit) error {
		if err := tx.NothingUndoable(ctx, cs.ID); err != nil {
			return err
		}
		debts, err := tx.Debts(ctx, *cs)
		if err != nil {
			return err
		}
		if !d.Purpose.Judged(model.DateOf(tx.Now()), d.PartyID, debts.Instruments, debts.Obligations, debts.Obligors) {
			return model.E(model.Conflict, "deposit.not_judged", "判决还没有生效，暂存款不能抵充")
		}
		if err := answered(ctx, tx, d); err != nil {
			return err
		}
		amount := o.AmountFen
		if amount == 0 {
			amount = d.HeldFen
		}
		shares := o.Allocations
		if len(shares) == 0 {
			open := slices.DeleteFunc(slices.Clone(debts.Installments), func(i model.Installment) bool { return i.Done() || !debts.Owes(d.PartyID, i.ObligationID) })
			shares, _ = d.Shares(model.PriorityOf(cs.Kind, debts.Obligations), debts.Obligations, open, amount)
		}
		sum := model.Fen(0)
		for _, sh := range shares {
			sum += sh.AmountFen
		}
		if sum == 0 {
			return model.E(model.Conflict, "deposit.nothing", "判决没有判处与用途相应的判项，或者已经付清；请决定退还")
		}
		before := *d
		e := model.DepositEntry{Kind: model.DepositEntrySetOff, AmountFen: -sum, HappenedOn: model.DateOf(tx.Now()), Reason: strings.TrimSpace(o.OrderReason), ByUserID: by.UserID}
		if err := d.Enter(e); err != nil {
			return err
		}
		key := fmt.Sprintf("%s:%d", model.ThingDeposit.Key(d.ID), before.Version) // a version is set off once
		r := &model.Receipt{
			CourtID: cs.CourtID, CaseID: cs.ID, PartyID: d.PartyID, UserID: d.UserID, JudgeID: cs.JudgeID, DepositID: d.ID, IdemKey: key, ClaimedFen: sum,
			PaidOn: d.PaidOn, PayerKind: d.PayerKind, PayerName: d.PayerName, PayerNorm: model.NormalizeName(d.PayerName), ProofKind: model.ProofCourtAccount,
			Remark: "判决前的暂存款抵充", CaseNo: cs.CaseNo, CaseKind: cs.Kind,
		}
		if err := s.ledger.SetOff(ctx, tx, by, cs, r, shares, o.OrderReason); err != nil {
			return err
		}
		e.ReceiptID = r.ID
		if d.State == model.DepositHeld && len(o.Allocations) == 0 && amount == before.HeldFen {
			if err := opens(ctx, tx, d, d.HeldFen, model.RefundExcess, ""); err != nil {
				return err
			}
		}
		if err := write(ctx, tx, by, cs, d, before, &e, model.ActDepositDecide, model.AuditDepositSetOff); err != nil {
			return err
		}
		if d.State == model.DepositRefunding {
			return refundTask(ctx, tx, by, cs, d)
		}
		return end(ctx, tx, by, *d, "已抵充 "+sum.Yuan()+" 元", model.TaskDepositSettle)
	})
}

// Repayment is what went back, with the bank's receipt.
type Repayment struct {
	DepositID, Version int64
	AmountFen          model.Fen
	PaidOn             model.Date
	BankSerial         string
	FileID             int64 // the bank's receipt, or the authority's
	// Lodged is where the money was lodged because the payer could not be reached or
	// did not take it; then PaidOn is the day on which it was handed in.
	Lodged *model.Lodgement
}

// Repay records that money went back, or was lodged for a payer who could not be
// reached. The one who paid sees the receipt, and where his money is.
// Source: 民法典 570–574, by which the court as a debtor may lodge as anybody.
func (s *Service) Repay(ctx context.Context, by model.Actor, r Repayment) (*model.Deposit, error) {
	if err := by.Require(model.ActDepositRepay); err != nil {
		return nil, err
	}
	r.BankSerial = strings.TrimSpace(r.BankSerial)
	if r.Lodged != nil {
		one := *r.Lodged
		one.LodgedOn, r.Lodged = r.PaidOn, &one
	}
	return s.change(ctx, by, r.DepositID, r.Version, []any{"repay", r.AmountFen, r.PaidOn, r.BankSerial, r.Lodged}, func(tx *storage.DB, cs *model.Case, d *model.Deposit) error {
		today := model.DateOf(tx.Now())
		if err := model.CheckAmount("amount_fen", r.AmountFen); err != nil {
			return err
		}
		switch {
		case d.State != model.DepositRefunding:
			return model.E(model.Conflict, "deposit.state", "这笔暂存款"+d.State.Chinese()+"，没有待退还的款项，请刷新后查看")
		case r.PaidOn.IsZero() || r.PaidOn.After(today):
			return model.InvalidField("paid_on", "date.future", "请填写退还日期，不能晚于今天")
		case r.PaidOn.Before(d.PaidOn):
			return model.InvalidField("paid_on", "date.order", "退还日期不能早于付款日期")
		case r.Lodged != nil && utf8.RuneCountInString(r.BankSerial) <= 100:
			if err := r.Lodged.CheckRefund(today); err != nil {
				return err
			}
		case r.BankSerial == "" || utf8.RuneCountInString(r.BankSerial) > 100:
			return model.InvalidField("bank_serial", "field.required", "请填写银行流水号，不超过 100 字")
		}
		if r.FileID == 0 {
			return model.InvalidField("file", "file.missing", "请上传退款的银行回单，提存的上传提存证书")
		}
		if err := keepFile(ctx, tx, by, cs.ID, "file", r.FileID); err != nil {
			return err
		}
		before := *d
		e := model.DepositEntry{
			Kind: model.DepositEntryRefund, AmountFen: -r.AmountFen, HappenedOn: r.PaidOn, Ground: d.RefundGround, BankSerial: r.BankSerial, FileID: r.FileID,
			Reason: d.RefundReason, ByUserID: by.UserID, Lodged: r.Lodged,
		}
		if err := d.Enter(e); err != nil {
			return err
		}
		if err := write(ctx, tx, by, cs, d, before, &e, model.ActDepositRepay, model.AuditDepositRepay); err != nil {
			return err
		}
		if d.RefundFen > 0 {
			return nil // the rest is still to go back, under the same clock
		}
		result := "已退还"
		if r.Lodged != nil {
			result = "不能退还，已提存"
		}
		return end(ctx, tx, by, *d, result, model.TaskDepositRefund)
	})
}
