// Package payment says how somebody pays: which account, with which reference. It
// keeps creditors' accounts, which are the place where a payer is easiest deceived:
// a clerk or the creditor enters one, a judge confirms it, and one that takes the
// place of another is used only after a call to the number on file.
package payment

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"microcourt/model"
	"microcourt/storage"
)

// Printer prints how somebody pays.
type Printer interface {
	PaySheet(sheets []model.PaySheet) ([]byte, error)
}

// Service is the area.
type Service struct {
	db      *storage.DB
	printer Printer
}

// New makes the service.
func New(db *storage.DB, printer Printer) *Service { return &Service{db, printer} }

// newReference makes a payment reference.
func newReference() string { return model.FreshReference(rand.Text) }

// Enter takes an account of a creditor: from a clerk, or from the creditor's own
// side, for which an agent needs 特别授权. It waits for a judge; one that waited
// before gives way to it. A repeat under the same key is the first account. Errors:
// NotFound for a case or party that is not his, Invalid for what cannot be an
// account, Conflict payment_account.unchanged for the one that is in use.
// Source: 民事诉讼法 62.
func (s *Service) Enter(ctx context.Context, by model.Actor, in model.PaymentAccount) (*model.PaymentAccount, error) {
	if err := by.Require(model.ActAccountEnter); err != nil {
		return nil, err
	}
	var out *model.PaymentAccount
	err := s.db.Once(ctx, by, func(tx *storage.DB) error {
		cs, err := tx.LockCase(ctx, by, in.CaseID)
		if err != nil {
			return err
		}
		p, err := creditor(ctx, tx, by, cs, in.PartyID)
		if err != nil {
			return err
		}
		if out, err = tx.PaymentAccountByKey(ctx, by.UserID, in.IdemKey); err != nil || out != nil {
			return err
		}
		a := model.PaymentAccount{
			CourtID: cs.CourtID, CaseID: cs.ID, PartyID: p.ID, Payee: in.Payee, Number: in.Number, Bank: in.Bank, OtherPayee: in.OtherPayee,
			State: model.AccountEntered, FromPhone: by.IsParty(), EnteredBy: by.UserID, PhoneHash: p.PhoneHash, IdemKey: in.IdemKey, Version: 1,
		}
		if err := a.Check(*p); err != nil {
			return err
		}
		key := model.ThingParty.Key(p.ID)
		a.WaitingKey, a.NumberHash = &key, tx.LookupHash(storage.LookupAccount, a.Number)
		list, err := tx.PaymentAccounts(ctx, cs.ID)
		if err != nil {
			return err
		}
		for i := range list {
			old := &list[i]
			if old.PartyID != p.ID {
				continue
			}
			if old.State == model.AccountInUse && old.Same(a) {
				return model.E(model.Conflict, "payment_account.unchanged", "该账户已在使用，无需重复登记")
			}
			if old.State == model.AccountEntered {
				if err := replace(ctx, tx, old, by.UserID); err != nil {
					return err
				}
			}
		}
		if err := tx.CreatePaymentAccount(ctx, &a); err != nil {
			return err
		}
		out = &a
		if err := tx.CreateAccountEntry(ctx, model.AccountEntry{AccountID: a.ID, State: a.State, ByUserID: by.UserID}); err != nil {
			return err
		}
		return s.told(ctx, tx, by, cs, a, model.ActAccountEnter, model.AuditAccountEnter)
	})
	if err != nil {
		return nil, fmt.Errorf("enter account for party %d of case %d: %w", in.PartyID, in.CaseID, err)
	}
	return out, nil
}

// told tells the creditor and writes the trail.
func (s *Service) told(ctx context.Context, tx *storage.DB, by model.Actor, cs *model.Case, a model.PaymentAccount, act model.Act, what model.AuditAction) error {
	court, err := tx.Court(ctx, cs.CourtID)
	if err != nil {
		return err
	}
	if !cs.Held { // nobody has been told of the case yet
		if err := tx.AddNotice(ctx, model.AccountNotice(*court, *cs, a)); err != nil {
			return err
		}
	}
	return tx.Audit(by, by.RoleFor(act), model.AuditEvent{
		CourtID: cs.CourtID, Action: what, CaseID: cs.ID, Subject: model.ThingAccount.Of(a.ID), After: a,
	})
}

// replace ends an account whose place another takes.
func replace(ctx context.Context, tx *storage.DB, old *model.PaymentAccount, by int64) error {
	seen := old.Version
	if err := old.Move(model.AccountReplaced, by, "", tx.Now()); err != nil {
		return err
	}
	return tx.MovePaymentAccount(ctx, old, seen, by)
}

// creditor is the party whose account is entered: one that is owed money in the
// case, and for a user of the mini-program one for whom he may dispose.
func creditor(ctx context.Context, tx *storage.DB, by model.Actor, cs *model.Case, partyID int64) (*model.Party, error) {
	notFound := model.E(model.NotFound, "party.not_found", "没有找到该当事人，或您无权办理")
	if by.IsParty() {
		bound, err := tx.CaseBindings(ctx, cs.ID)
		if err != nil {
			return nil, err
		}
		bound = slices.DeleteFunc(bound, func(b model.Binding) bool { return b.UserID != by.UserID || b.EndedAt != nil || b.PartyID != partyID })
		switch {
		case len(bound) == 0:
			return nil, notFound
		case !slices.ContainsFunc(bound, model.Binding.Disposes):
			return nil, model.InvalidField("party_id", "payment_account.authority", "委托代理人登记收款账户，须有委托人的特别授权；请持特别授权的委托书到法院登记")
		}
	}
	p, err := tx.Party(ctx, cs.ID, partyID)
	if err != nil {
		if model.KindOf(err) == model.NotFound {
			err = notFound.WithCause(err)
		}
		return nil, err
	}
	owed, err := tx.Obligations(ctx, cs.ID)
	if err != nil {
		return nil, err
	}
	if p.GoneBy != 0 || !slices.ContainsFunc(owed, func(o model.Obligation) bool { return o.Kind == model.ObligationMoney && o.OwedTo(p.ID) }) {
		return nil, model.InvalidField("party_id", "payment_account.not_creditor", "本案没有应向该当事人支付的款项，无需登记收款账户")
	}
	return p, nil
}

// Called is a call about a new account, as it is entered.
type Called struct {
	AccountID int64
	At        time.Time
	Answer    model.CallAnswer
	Note      string
	Key       string
}

// RecordCall enters that the court called the number on file about an account that
// waits, and what was answered. The number is the file's, never one that comes with
// the request. Who entered the account does not check it.
func (s *Service) RecordCall(ctx context.Context, by model.Actor, in Called) (*model.AccountCall, error) {
	if err := by.Require(model.ActAccountCall); err != nil {
		return nil, err
	}
	in.Note = strings.TrimSpace(in.Note)
	switch {
	case in.Answer.Chinese() == "":
		return nil, model.InvalidField("answer", "payment_account.answer", "请选择通话的结果")
	case utf8.RuneCountInString(in.Note) > 200:
		return nil, model.InvalidField("note", "text.too_long", "备注不能超过 200 字")
	}
	var out model.AccountCall
	err := s.db.Once(ctx, by, func(tx *storage.DB) error {
		a, _, err := lock(ctx, tx, by, in.AccountID)
		if err != nil {
			return err
		}
		p, err := tx.Party(ctx, a.CaseID, a.PartyID)
		if err != nil {
			return err
		}
		now := tx.Now()
		if in.At.IsZero() {
			in.At = now
		}
		out = model.AccountCall{
			CourtID: a.CourtID, CaseID: a.CaseID, AccountID: a.ID, ByUserID: by.UserID, CalledAt: in.At, Phone: p.Phone, PhoneHash: p.PhoneHash,
			Answer: in.Answer, Note: in.Note, IdemKey: in.Key,
		}
		if created, err := tx.CreateAccountCall(ctx, &out); err != nil || !created {
			return err
		}
		switch {
		case !a.Waits():
			return model.E(model.Conflict, "payment_account.state", "该账户"+a.State.Chinese()+"，请刷新后再操作")
		case p.Phone == "":
			return model.E(model.Conflict, "payment_account.no_phone", "案卷中没有该权利人的电话，请先核对身份并补登电话")
		case in.At.After(now.Add(time.Minute)) || in.At.Before(a.AskedSince()):
			return model.InvalidField("called_at", "payment_account.call_time", "通话应在账户登记（或者转为待电话核实）之后、现在之前，请核对时间")
		}
		if err := tx.OtherEyes(ctx, model.MatterAccount, by.UserID, a.EnteredBy); err != nil {
			return err
		}
		return tx.Audit(by, by.RoleFor(model.ActAccountCall), model.AuditEvent{
			CourtID: a.CourtID, Action: model.AuditAccountCall, CaseID: a.CaseID, Subject: model.ThingAccount.Of(a.ID), Detail: string(in.Answer), After: out,
		})
	})
	if err != nil {
		return nil, fmt.Errorf("call about account %d: %w", in.AccountID, err)
	}
	return &out, nil
}

// lock is an account that the actor may see, with its case locked.
func lock(ctx context.Context, tx *storage.DB, by model.Actor, id int64) (*model.PaymentAccount, *model.Case, error) {
	a, err := tx.PaymentAccount(ctx, by, id)
	if err != nil {
		return nil, nil, err
	}
	cs, err := tx.LockCaseByID(ctx, a.CaseID)
	if err != nil {
		return nil, nil, err
	}
	a, err = tx.PaymentAccount(ctx, by, id) // as it is under the lock
	return a, cs, err
}

// Decision is what a judge decides of an account.
type Decision struct {
	AccountID int64
	Version   int64
	To        model.AccountState // in_use, refused or stopped
	Reason    string
}

// Decide uses an account, refuses it, or stops one that is used: by the judge of the
// case, or by the officer who enforces it. The account that was used before goes
// out of use with it and stays in the history. Errors: Conflict
// payment_account.call_missing and its like until the call to the number on file,
// payment_account.own for who entered or would confirm his own.
func (s *Service) Decide(ctx context.Context, by model.Actor, dec Decision) (*model.PaymentAccount, error) {
	if err := by.Require(model.ActAccountDecide); err != nil {
		return nil, err
	}
	action, ok := map[model.AccountState]model.AuditAction{
		model.AccountInUse: model.AuditAccountUse, model.AccountRefused: model.AuditAccountRefuse, model.AccountStopped: model.AuditAccountStop,
	}[dec.To]
	if !ok {
		return nil, model.InvalidField("state", "payment_account.state_unknown", "请选择确认、不采用或者停用")
	}
	var out *model.PaymentAccount
	err := s.db.Once(ctx, by, func(tx *storage.DB) error {
		a, cs, err := lock(ctx, tx, by, dec.AccountID)
		if err != nil {
			return err
		}
		if err := responsible(ctx, tx, by, cs, a.PartyID); err != nil {
			return err
		}
		out = a
		if done, err := tx.Repeated(ctx, by, model.ThingAccount.Of(a.ID), dec.Version, a.Version, "decide", dec.To, dec.Reason); err != nil || done {
			return err
		}
		if a.Version != dec.Version {
			return model.E(model.Conflict, "payment_account.changed", "内容刚刚被其他人更新，请刷新后再操作")
		}
		if dec.To == model.AccountInUse {
			if err := s.mayUse(ctx, tx, by, *a, dec.Reason); err != nil {
				return err
			}
		}
		if err := a.Move(dec.To, by.UserID, dec.Reason, tx.Now()); err != nil {
			return err
		}
		if dec.To == model.AccountInUse {
			if err := outOfUse(ctx, tx, *a, by.UserID); err != nil {
				return err
			}
		}
		if err := tx.MovePaymentAccount(ctx, a, dec.Version, by.UserID); err != nil {
			return err
		}
		return s.told(ctx, tx, by, cs, *a, model.ActAccountDecide, action)
	})
	if err != nil {
		return nil, fmt.Errorf("decide account %d: %w", dec.AccountID, err)
	}
	return out, nil
}

// mayUse refuses an account that may not be used yet. reason is how the judge made
// sure of the creditor, for a number on file that is new.
func (s *Service) mayUse(ctx context.Context, tx *storage.DB, by model.Actor, a model.PaymentAccount, reason string) error {
	if err := tx.OtherEyes(ctx, model.MatterAccount, by.UserID, a.EnteredBy); err != nil {
		return err
	}
	list, err := tx.PaymentAccounts(ctx, a.CaseID)
	if err != nil {
		return err
	}
	calls, err := tx.AccountCalls(ctx, a.CaseID)
	if err != nil {
		return err
	}
	p, err := tx.Party(ctx, a.CaseID, a.PartyID)
	if err != nil {
		return err
	}
	bound, err := tx.CaseBindings(ctx, a.CaseID)
	if err != nil {
		return err
	}
	if err := entitled(a, *p, bound); err != nil {
		return err
	}
	if err := a.CallMissing(list, calls, *p); err != nil {
		return err
	}
	if a.NumberIsNew(list, *p) && strings.TrimSpace(reason) == "" {
		return model.InvalidField("reason", "payment_account.number_new", model.NumberIsNewWords)
	}
	return nil
}

// entitled refuses an account of a party that is no more, and one from the phone of
// somebody who acts for the creditor no longer: the court took his binding, perhaps
// because he was somebody else.
func entitled(a model.PaymentAccount, creditor model.Party, bound []model.Binding) error {
	switch {
	case creditor.GoneBy != 0:
		return model.E(model.Conflict, "payment_account.creditor_gone", "该权利人已经变更，请由承受权利的当事人登记收款账户")
	case a.FromPhone && a.State != model.AccountDoubted && !a.EnteredFor(bound): // of one in doubt the creditor is called
		return model.E(model.Conflict, "payment_account.binding_ended", "登记该账户的人与当事人的绑定已经解除，不能采用；请向权利人本人核实，由其重新登记账户")
	}
	return nil
}

// outOfUse ends the account that was used before another.
func outOfUse(ctx context.Context, tx *storage.DB, a model.PaymentAccount, by int64) error {
	list, err := tx.PaymentAccounts(ctx, a.CaseID)
	if err != nil {
		return err
	}
	for i := range list {
		if list[i].ID != a.ID && list[i].PartyID == a.PartyID && (list[i].State == model.AccountInUse || list[i].State == model.AccountDoubted) {
			return replace(ctx, tx, &list[i], by)
		}
	}
	return nil
}

// responsible refuses who is neither the judge of the case nor the officer who
// enforces it for the creditor; for everyone else the account is not found.
func responsible(ctx context.Context, tx *storage.DB, by model.Actor, cs *model.Case, partyID int64) error {
	if by.Has(model.RoleJudge) && cs.JudgeID == by.UserID && cs.CourtID == by.CourtID {
		return nil
	}
	list, err := tx.EnforcementsOf(ctx, cs.ID)
	if err != nil {
		return err
	}
	for _, e := range list {
		if e.OfficerID == by.UserID && e.State == model.EnforcementOpen && slices.ContainsFunc(e.Parties, func(p model.EnforcementParty) bool { return p.PartyID == partyID }) {
			return nil
		}
	}
	return model.E(model.NotFound, "payment_account.not_found", "没有找到，或您无权办理")
}

// Account is an account with its history.
type Account struct {
	model.PaymentAccount
	Creditor model.Party
	Calls    []model.AccountCall
	Entries  []model.AccountEntry
	// Missing is why it may not be used yet, "" when it may or does not wait. Staff
	// only.
	Missing string
	// NewNumber is what the judge has to say besides, since the number on file is new.
	// Staff only.
	NewNumber string
	// OwnHand is why the actor may not decide it, "" when he had no hand in it.
	OwnHand string
}

// Accounts lists the accounts of a case with all that became of them, the newest
// first: for staff all, with their numbers hidden but for the last four; for a
// creditor his own.
func (s *Service) Accounts(ctx context.Context, by model.Actor, caseID int64) ([]Account, error) {
	if err := by.Require(model.ActAccountRead); err != nil {
		return nil, err
	}
	if _, err := s.db.Case(ctx, by, caseID); err != nil {
		return nil, err
	}
	list, err := s.accounts(ctx, caseID)
	if err != nil {
		return nil, err
	}
	if !by.IsParty() {
		for i := range list {
			list[i].Number = model.MaskAccount(list[i].Number)
			for k := range list[i].Calls {
				list[i].Calls[k].Phone = model.MaskPhone(list[i].Calls[k].Phone)
			}
		}
		return list, nil
	}
	own, err := s.db.PartiesOf(ctx, caseID, by.UserID)
	if err != nil {
		return nil, err
	}
	list = slices.DeleteFunc(list, func(a Account) bool {
		return !slices.ContainsFunc(own, func(p model.Party) bool { return p.ID == a.PartyID })
	})
	for i := range list { // whom the court called and what it doubts, is the court's
		list[i].Calls, list[i].Entries, list[i].Missing, list[i].NewNumber = nil, nil, "", ""
	}
	return list, nil
}

func (s *Service) accounts(ctx context.Context, caseID int64) ([]Account, error) {
	rows, err := s.db.PaymentAccounts(ctx, caseID)
	if err != nil || len(rows) == 0 {
		return nil, err
	}
	ids := make([]int64, len(rows))
	for i, a := range rows {
		ids[i] = a.ID
	}
	entries, err := s.db.AccountEntries(ctx, ids)
	if err != nil {
		return nil, err
	}
	calls, err := s.db.AccountCalls(ctx, caseID)
	if err != nil {
		return nil, err
	}
	parties, err := s.db.Parties(ctx, caseID)
	if err != nil {
		return nil, err
	}
	bound, err := s.db.CaseBindings(ctx, caseID)
	if err != nil {
		return nil, err
	}
	var out []Account
	for _, row := range rows {
		a := Account{PaymentAccount: row}
		for _, p := range parties {
			if p.ID == a.PartyID {
				a.Creditor = p
			}
		}
		for _, c := range calls {
			if c.AccountID == a.ID {
				a.Calls = append(a.Calls, c)
			}
		}
		for _, e := range entries {
			if e.AccountID == a.ID {
				a.Entries = append(a.Entries, e)
			}
		}
		if a.Waits() {
			err := entitled(row, a.Creditor, bound)
			if err == nil {
				err = row.CallMissing(rows, a.Calls, a.Creditor)
			}
			if e, ok := errors.AsType[*model.Error](err); ok {
				a.Missing = e.Message
			}
			if row.NumberIsNew(rows, a.Creditor) {
				a.NewNumber = model.NumberIsNewWords
			}
		}
		out = append(out, a)
	}
	slices.Reverse(out)
	return out, nil
}

// Account is one account in full, for staff who compare it with papers or call the
// creditor; the look is recorded.
func (s *Service) Account(ctx context.Context, by model.Actor, id int64) (*Account, error) {
	if err := by.Require(model.ActAccountCall); err != nil {
		return nil, err
	}
	row, err := s.db.PaymentAccount(ctx, by, id)
	if err != nil {
		return nil, err
	}
	list, err := s.accounts(ctx, row.CaseID)
	if err != nil {
		return nil, err
	}
	for i := range list {
		if list[i].ID != id {
			continue
		}
		if list[i].OwnHand, err = s.db.OwnHand(ctx, model.MatterAccount, by.UserID, row.EnteredBy); err != nil {
			return nil, err
		}
		return &list[i], s.db.AuditLook(ctx, by, by.RoleFor(model.ActAccountCall), model.AuditEvent{
			CourtID: row.CourtID, Action: model.AuditAccountLook, CaseID: row.CaseID, Subject: model.ThingAccount.Of(id),
		})
	}
	return nil, model.E(model.NotFound, "payment_account.not_found", "没有找到，或您无权查看")
}

// Waiting lists the accounts that wait for a judge in the cases of the actor, those
// behind an id.
func (s *Service) Waiting(ctx context.Context, by model.Actor, after int64, limit int) ([]model.WaitingAccount, error) {
	if err := by.Require(model.ActAccountCall); err != nil {
		return nil, err
	}
	return s.db.WaitingAccounts(ctx, by, after, limit)
}
