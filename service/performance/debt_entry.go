package performance

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"microcourt/model"
	"microcourt/storage"
)

// DebtChange is what a creditor declares, or the judge enters, about a debt
// besides payment.
type DebtChange struct {
	CaseID  int64
	Entry   model.DebtEntry
	IdemKey string
}

// Waive records that a creditor waives interest that he is owed, by himself: all
// of a part, or an amount. An agent needs 特别授权. What is waived is not owed any
// more, and cannot be taken back. Errors: NotFound for a case or duty that is not
// his, Invalid debt.authority, debt.more_than_owed.
// Source: 民法典 575; 民事诉讼法 62.
func (s *Service) Waive(ctx context.Context, by model.Actor, ch DebtChange) (*model.DebtEntry, error) {
	if err := by.Require(model.ActInterestWaive); err != nil {
		return nil, err
	}
	ch.Entry.Kind, ch.Entry.Paper = model.DebtWaive, ""
	return s.enterDebt(ctx, by, model.ActInterestWaive, ch, func(tx *storage.DB) (*model.Case, error) {
		cs, err := tx.LockCase(ctx, by, ch.CaseID)
		if err != nil {
			return nil, err
		}
		ob, err := tx.Obligation(ctx, cs.ID, ch.Entry.ObligationID)
		if err != nil {
			return nil, err
		}
		bound, err := tx.CaseBindings(ctx, cs.ID)
		if err != nil {
			return nil, err
		}
		i := slices.IndexFunc(bound, func(b model.Binding) bool {
			return b.UserID == by.UserID && ob.OwedTo(b.PartyID) && b.EndedAt == nil
		})
		if i < 0 {
			return nil, model.E(model.NotFound, "obligation.not_found", "没有找到，或您无权查看")
		}
		if !bound[i].Disposes() {
			return nil, model.InvalidField("obligation_id", "debt.authority", "委托代理人放弃利息，须有委托人的特别授权；请持特别授权的委托书到法院登记")
		}
		if len(ob.JointIDs) > 0 {
			return nil, model.InvalidField("obligation_id", "debt.joint", "该项权利由几人共同享有，放弃须经全体同意；请持全体签名的书面材料到法院登记")
		}
		return cs, nil
	})
}

// EnterDebt records what the judge decides about a debt, or a paper on which a
// creditor waives. An entry is never changed; one that is wrong is taken back by
// another. Errors: NotFound for a case that is not his, Invalid as
// model.DebtEntry.Check says.
func (s *Service) EnterDebt(ctx context.Context, by model.Actor, ch DebtChange) (*model.DebtEntry, error) {
	if err := by.Require(model.ActInterestDecide); err != nil {
		return nil, err
	}
	ch.Entry.Paper = strings.TrimSpace(ch.Entry.Paper)
	if ch.Entry.Kind == model.DebtWaive && (ch.Entry.Paper == "" || utf8.RuneCountInString(ch.Entry.Paper) > 200) {
		return nil, model.InvalidField("paper", "reason.required", "请写明权利人放弃利息的书面材料，不超过 200 字")
	}
	return s.enterDebt(ctx, by, model.ActInterestDecide, ch, func(tx *storage.DB) (*model.Case, error) {
		return tx.LockOwnCase(ctx, by, ch.CaseID)
	})
}

func (s *Service) enterDebt(ctx context.Context, by model.Actor, act model.Act, ch DebtChange, lock func(*storage.DB) (*model.Case, error)) (*model.DebtEntry, error) {
	var out model.DebtEntry
	err := s.db.Once(ctx, by, func(tx *storage.DB) error {
		cs, err := lock(tx)
		if err != nil {
			return err
		}
		all, err := tx.DebtEntries(ctx, cs.ID)
		if err != nil {
			return err
		}
		if i := slices.IndexFunc(all, func(o model.DebtEntry) bool { return o.IdemKey == ch.IdemKey && o.ByUserID == by.UserID }); i >= 0 {
			out = all[i]
			return nil
		}
		e := ch.Entry
		e.CourtID, e.CaseID, e.IdemKey, e.ByUserID = cs.CourtID, cs.ID, ch.IdemKey, by.UserID
		e.Reason = strings.TrimSpace(e.Reason)
		today := model.DateOf(tx.Now())
		if e.OnDay.IsZero() {
			e.OnDay = today
		}
		d, err := loadDebt(ctx, tx, cs.ID)
		if err != nil {
			return err
		}
		if err := d.reckons(ctx, tx, cs); err != nil {
			return err
		}
		if e.Kind == model.DebtUndo {
			if err := e.Undo(all); err != nil {
				return err
			}
		}
		ob := d.obligation(e.ObligationID)
		if ob.ID == 0 {
			return model.E(model.NotFound, "obligation.not_found", "没有找到，或您无权查看")
		}
		if e.Kind == model.DebtWaive {
			e.PartyID = ob.ObligeeID
		}
		if err := e.Check(ob, cs.RegimeOf(ob).Rules(), today); err != nil {
			return err
		}
		list, err := d.entries(e, today)
		if err != nil {
			return err
		}
		var filed []model.DebtEntry
		if e.Kind == model.DebtTerms {
			filed = model.FiledTerms(all, ob, by.UserID)
		}
		if e.Kind == model.DebtTerms || e.Part == model.PartOrdinary {
			for _, i := range d.in.InstallmentsOf(ob.ID) {
				d.touched = append(d.touched, i.ID)
			}
		}
		owed := d.owedOn(ob, today)
		if err := s.apply(ctx, tx, d, e, ob); err != nil {
			return err
		}
		if err := tx.AddDebtEntries(ctx, filed); err != nil {
			return err
		}
		if err := tx.AddDebtEntries(ctx, list); err != nil {
			return err
		}
		out = list[0]
		if ob.Recurs != nil {
			if d, err = redue(ctx, tx, cs, d.touched); err != nil {
				return err
			}
		}
		if err := d.complete(ctx, tx, cs); err != nil {
			return err
		}
		if owed == 0 && d.owedOn(ob, today) > 0 {
			if err := d.uncertified(ctx, tx, ob); err != nil {
				return err
			}
		}
		if err := s.settled(ctx, tx, by, cs, d.installments); err != nil {
			return err
		}
		if err := tx.AddNotices(ctx, d.debtNotices(*cs, ob, out)); err != nil {
			return err
		}
		return tx.Audit(by, by.RoleFor(act), model.AuditEvent{
			CourtID: cs.CourtID, Action: model.AuditDebtEnter, CaseID: cs.ID, Subject: model.ThingObligation.Of(ob.ID), Before: ob, After: list,
		})
	})
	if err != nil {
		return nil, fmt.Errorf("enter about the debt of case %d: %w", ch.CaseID, err)
	}
	return &out, nil
}

// redue fits the instalments of dues to what was entered, and reads everything
// again.
func redue(ctx context.Context, tx *storage.DB, cs *model.Case, touched []int64) (*debt, error) {
	if _, err := tx.ExtendDues(ctx, cs.ID); err != nil {
		return nil, err
	}
	d, err := loadDebt(ctx, tx, cs.ID)
	if err != nil {
		return nil, err
	}
	d.touched = touched
	return d, d.reckons(ctx, tx, cs)
}

// owedOn is all that is owed of an obligation on a day.
func (d *debt) owedOn(ob model.Obligation, today model.Date) model.Fen {
	return d.in.ReckonAll(d.in.InstallmentsOf(ob.ID), d.paid, d.settings, today).SumFen()
}

// uncertified refuses that a debt comes up again of which a certificate says that
// it is performed: that is revoked first.
func (d *debt) uncertified(ctx context.Context, tx *storage.DB, ob model.Obligation) error {
	for _, o := range d.obligors {
		if o.ObligationID != ob.ID {
			continue
		}
		c, err := tx.ActiveCertificate(ctx, model.CertificateKey(ob.InstrumentID, o.PartyID))
		if err != nil {
			return err
		}
		if c != nil {
			return model.E(model.Conflict, "debt.certified", "该项义务已出具自动履行证明书（"+c.Number+"），登记后又将尚有欠款；确需登记的，请先依法定事由撤销该证明书")
		}
	}
	return nil
}

// entries are the rows of an entry: a waived amount is kept for each instalment.
func (d *debt) entries(e model.DebtEntry, today model.Date) ([]model.DebtEntry, error) {
	if e.Kind != model.DebtWaive && e.Kind != model.DebtLeave {
		return []model.DebtEntry{e}, nil
	}
	r := d.in.ReckonAll(d.in.InstallmentsOf(e.ObligationID), d.paid, d.settings, today)
	owed, grows := r.OrdinaryFen, r.OrdinaryPerDay
	if e.Part == model.PartDoubled {
		owed, grows = r.DoubledFen, r.PerDayFen
	}
	if owed == 0 && grows == 0 && r.PrincipalFen == 0 {
		return nil, model.InvalidField("part", "debt.nothing_owed", "该项义务已没有尚欠的"+e.Part.Chinese())
	}
	if e.AmountFen == 0 {
		return []model.DebtEntry{e}, nil
	}
	shares, err := d.in.WaiveShares(e.ObligationID, e.Part, e.AmountFen, d.paid, d.settings, today)
	if err != nil {
		return nil, err
	}
	var out []model.DebtEntry
	for _, share := range shares {
		one := e
		one.InstallmentID, one.AmountFen = share.InstallmentID, share.AmountFen
		out = append(out, one)
	}
	return out, nil
}

// apply writes what an entry changes of the obligation itself.
func (s *Service) apply(ctx context.Context, tx *storage.DB, d *debt, e model.DebtEntry, ob model.Obligation) error {
	switch e.Kind {
	case model.DebtTerms:
		if err := model.CheckInterest(e.Terms, ob, len(d.in.InstallmentsOf(ob.ID))); err != nil {
			return err
		}
		if ob.Interest = e.Terms; ob.Interest == nil {
			ob.Interest = &model.InterestTerms{DayCount: 365} // none any more
		}
		at := slices.IndexFunc(d.obligations, func(o model.Obligation) bool { return o.ID == ob.ID })
		d.obligations[at].Interest = ob.Interest
		return tx.SetInterest(ctx, &ob)
	case model.DebtRank:
		ob.SecurityFen, ob.Weight = e.SecurityFen, e.Weight
		return tx.SetRank(ctx, &ob)
	default:
		return nil
	}
}

// debtNotices tell those whose debt it is what was entered.
func (d *debt) debtNotices(cs model.Case, ob model.Obligation, e model.DebtEntry) (out []model.Notice) {
	if cs.Held {
		return nil
	}
	for _, p := range d.in.Concerned(ob) {
		out = append(out, model.DebtEnteredNotice(cs, e, p))
	}
	return out
}

// DebtEntries lists what was entered about the debts of a case, as far as the
// actor may see it.
func (s *Service) DebtEntries(ctx context.Context, by model.Actor, caseID int64) ([]model.DebtEntry, error) {
	l, err := s.Ledger(ctx, by, caseID)
	if err != nil {
		return nil, err
	}
	return l.Declared, nil
}
