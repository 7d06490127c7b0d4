// Package casemoney is the money that the court holds for enforcement cases (案款):
// what arrived in its account, for which case, until when it is paid out, and where
// it went. A clerk enters what the bank says, the officer prepares a payout, a leader
// approves it, and a clerk carries it out.
package casemoney

import (
	"context"
	"fmt"
	"strings"

	"microcourt/model"
	"microcourt/storage"
)

// Service is the area.
type Service struct{ db *storage.DB }

// New makes the service.
func New(db *storage.DB) *Service { return &Service{db} }

// Enter takes money that arrived in the court's account, for the enforcement case
// with a number, or, where that is "", for nobody's yet. A repeat under the same key
// is the first. Errors: Invalid as model.CaseMoney.Check says, money.twice for a
// transfer that was entered before.
func (s *Service) Enter(ctx context.Context, by model.Actor, m model.CaseMoney, caseNo string) (*model.CaseMoney, error) {
	if err := by.Require(model.ActMoneyEnter); err != nil {
		return nil, err
	}
	var out *model.CaseMoney
	err := s.db.Once(ctx, by, func(tx *storage.DB) error {
		m := m
		var err error
		if out, err = tx.CaseMoneyByKey(ctx, by.UserID, m.IdemKey); err != nil || out != nil {
			return err
		}
		today := model.DateOf(tx.Now())
		if err := m.Check(today); err != nil {
			return err
		}
		m.CourtID, m.ByUserID = by.CourtID, by.UserID
		m.HeldFen, m.ReservedFen, m.EnforcementCaseID, m.CaseID = m.AmountFen, 0, 0, 0
		var w *work
		if strings.TrimSpace(caseNo) != "" {
			if w, err = find(ctx, tx, by, caseNo); err != nil {
				return err
			}
			if err := m.Identify(w.e.EnforcementCase, today); err != nil {
				return err
			}
		}
		if old, err := tx.CaseMoneyByRef(ctx, m.CourtID, m.BankRef); err != nil {
			return err
		} else if old != nil {
			return model.InvalidField("bank_ref", "money.twice", "这个银行流水号已于"+model.DateOf(old.CreatedAt).Chinese()+"登记过，请核对是否重复")
		}
		if err := told(ctx, tx, by, m); err != nil {
			return err
		}
		if err := tx.CreateCaseMoney(ctx, &m, model.CaseMoneyEntry{
			EnforcementCaseID: m.EnforcementCaseID, Kind: model.MoneyArrived, AmountFen: m.AmountFen, HappenedOn: m.ArrivedOn, ByUserID: by.UserID,
		}); err != nil {
			return err
		}
		out = &m
		if err := audit(tx, by, model.ActMoneyEnter, model.AuditMoneyEnter, model.ThingCaseMoney.Of(m.ID), m.CaseID, nil, m); err != nil || w == nil {
			return err
		}
		return w.arrived(ctx, tx, m)
	})
	if err != nil {
		return nil, fmt.Errorf("enter case money: %w", err)
	}
	return out, nil
}

// told checks the receipt by which a payer told of the money: one of the same case
// that says that he paid to the court, and that stands for no other sum.
func told(ctx context.Context, tx *storage.DB, by model.Actor, m model.CaseMoney) error {
	if m.ReceiptID == 0 {
		return nil
	}
	wrong := model.InvalidField("receipt_id", "money.receipt", "没有这份回执，或者它不是本案缴入法院案款账户的回执，或者已经对应另一笔到账款项")
	r, err := tx.Receipt(ctx, by, m.ReceiptID)
	if model.KindOf(err) == model.NotFound && err != nil {
		return wrong
	}
	if err != nil {
		return err
	}
	other, err := tx.CaseMoneyOfReceipt(ctx, m.ReceiptID)
	if err != nil {
		return err
	}
	if r.CaseID != m.CaseID || r.ProofKind != model.ProofCourtAccount || other != nil {
		return wrong
	}
	return nil
}

// work is an enforcement case that is locked, with the money and the payout that an
// act is about.
type work struct {
	e     *model.EnforcementFile
	cs    *model.Case
	money *model.CaseMoney
}

// find locks the enforcement case with a number.
func find(ctx context.Context, tx *storage.DB, by model.Actor, typed string) (*work, error) {
	unknown := model.InvalidField("case_no", "enforcement.unknown", "本院没有这个执行案件，请核对案号")
	no, err := model.ParseCaseNo(typed)
	if err != nil {
		return nil, unknown
	}
	found, err := tx.EnforcementsByNo(ctx, []string{string(no)})
	if err != nil {
		return nil, err
	}
	e, ok := found[string(no)]
	if !ok || e.CourtID != by.CourtID {
		return nil, unknown
	}
	w := &work{}
	w.e, w.cs, err = tx.LockEnforcement(ctx, by, e.ID)
	return w, err
}

// arrived tells the officer and the applicants.
func (w *work) arrived(ctx context.Context, tx *storage.DB, m model.CaseMoney) error {
	if w.e.OfficerID != 0 {
		if err := tx.AddNotice(ctx, model.MoneyToPayNotice(*w.cs, w.e.EnforcementCase, m)); err != nil {
			return err
		}
	}
	return w.tell(ctx, tx, func(partyID int64) model.Notice {
		return model.MoneyArrivedNotice(*w.cs, w.e.EnforcementCase, m, partyID)
	})
}

// tell tells every applicant of the case.
func (w *work) tell(ctx context.Context, tx *storage.DB, notice func(partyID int64) model.Notice) error {
	for _, p := range w.e.Parties {
		if p.Role == model.EnforcementApplicant {
			if err := tx.AddNotice(ctx, notice(p.PartyID)); err != nil {
				return err
			}
		}
	}
	return nil
}

func audit(tx *storage.DB, by model.Actor, act model.Act, action model.AuditAction, of model.Thing, caseID int64, before, after any) error {
	return tx.Audit(by, by.RoleFor(act), model.AuditEvent{CourtID: by.CourtID, Action: action, CaseID: caseID, Subject: of, Before: before, After: after})
}

// Identify says for which enforcement case money is. What was tied to a wrong one
// goes to the right one, with the reason, while nobody disposed of it.
func (s *Service) Identify(ctx context.Context, by model.Actor, id, seen int64, caseNo, reason string) (*model.CaseMoney, error) {
	return s.onMoney(ctx, by, id, seen, model.ActMoneyIdentify, model.AuditMoneyIdentify, []any{caseNo, reason}, func(tx *storage.DB, m *model.CaseMoney) ([]model.CaseMoneyEntry, error) {
		if reason = strings.TrimSpace(reason); m.EnforcementCaseID != 0 && reason == "" || len([]rune(reason)) > 500 {
			return nil, model.InvalidField("reason", "reason.required", "款项已经认领到一个案件，改到别的案件须写明原因，不超过 500 字")
		}
		w, err := find(ctx, tx, by, caseNo)
		if err != nil {
			return nil, err
		}
		today, from := model.DateOf(tx.Now()), m.EnforcementCaseID
		if err := m.Identify(w.e.EnforcementCase, today); err != nil {
			return nil, err
		}
		one := model.CaseMoneyEntry{EnforcementCaseID: from, Kind: model.MoneyIdentified, AmountFen: -m.HeldFen, HappenedOn: today, Reason: reason, ByUserID: by.UserID}
		other := one
		other.EnforcementCaseID, other.AmountFen = w.e.ID, m.HeldFen
		told := *m
		told.Version++
		return []model.CaseMoneyEntry{one, other}, w.arrived(ctx, tx, told)
	})
}

// Correct sets right what was entered of money that arrived: amount is added, or,
// when it is negative, taken away.
func (s *Service) Correct(ctx context.Context, by model.Actor, id, seen int64, amount model.Fen, reason string) (*model.CaseMoney, error) {
	return s.onMoney(ctx, by, id, seen, model.ActMoneyEnter, model.AuditMoneyCorrect, []any{amount, reason}, func(tx *storage.DB, m *model.CaseMoney) ([]model.CaseMoneyEntry, error) {
		reason = strings.TrimSpace(reason)
		switch {
		case amount == 0 || amount > model.MaxFen || amount < -model.MaxFen:
			return nil, model.InvalidField("amount_fen", "amount.positive", "请填写要增加或者减少的金额")
		case reason == "" || len([]rune(reason)) > 500:
			return nil, model.InvalidField("reason", "reason.required", "请写明更正的原因，不超过 500 字")
		}
		delays, err := tx.PayoutDelays(ctx, m.ID)
		if err != nil {
			return nil, err
		}
		if err := m.Move(amount, delays); err != nil {
			return nil, err
		}
		return []model.CaseMoneyEntry{{
			EnforcementCaseID: m.EnforcementCaseID, Kind: model.MoneyCorrected, AmountFen: amount, HappenedOn: model.DateOf(tx.Now()), Reason: reason, ByUserID: by.UserID,
		}}, nil
	})
}

// onMoney changes money of the actor's court as he saw it. A repeat of the very act
// changes nothing.
func (s *Service) onMoney(ctx context.Context, by model.Actor, id, seen int64, act model.Act, action model.AuditAction, asked []any, f func(tx *storage.DB, m *model.CaseMoney) ([]model.CaseMoneyEntry, error)) (*model.CaseMoney, error) {
	if err := by.Require(act); err != nil {
		return nil, err
	}
	var out *model.CaseMoney
	err := s.db.Transact(ctx, func(tx *storage.DB) error {
		m, err := tx.CaseMoney(ctx, by, id)
		if err != nil {
			return err
		}
		out = m
		if done, err := tx.Repeated(ctx, by, model.ThingCaseMoney.Of(id), seen, m.Version, append([]any{action}, asked...)...); err != nil || done {
			return err
		}
		if err := m.CheckVersion(seen); err != nil {
			return err
		}
		before := *m
		entries, err := f(tx, m)
		if err != nil {
			return err
		}
		if err := tx.UpdateCaseMoney(ctx, m, before.Version, entries...); err != nil {
			return err
		}
		return audit(tx, by, act, action, model.ThingCaseMoney.Of(id), m.CaseID, before, *m)
	})
	if err != nil {
		return nil, fmt.Errorf("case money %d: %w", id, err)
	}
	return out, nil
}
