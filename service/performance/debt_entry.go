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
	return s.giveUp(ctx, by, model.ActInterestWaive, ch, "放弃利息")
}

// giveUp enters what the only creditor of a duty gives up of it by himself.
func (s *Service) giveUp(ctx context.Context, by model.Actor, act model.Act, ch DebtChange, what string) (*model.DebtEntry, error) {
	return s.enterDebt(ctx, by, act, ch, func(tx *storage.DB) (*model.Case, error) {
		cs, err := tx.LockCase(ctx, by, ch.CaseID)
		if err != nil {
			return nil, err
		}
		ob, err := tx.Obligation(ctx, cs.ID, ch.Entry.ObligationID)
		if err != nil {
			return nil, err
		}
		if _, err := disposer(ctx, tx, by, cs.ID, ob.Obligees(), what); err != nil {
			return nil, err
		}
		if len(ob.JointIDs) > 0 {
			return nil, model.InvalidField("obligation_id", "debt.joint", "该项权利由几人共同享有，放弃、免除须经全体同意；请持全体签名的书面材料到法院登记")
		}
		return cs, nil
	})
}

// disposer is the one of some parties for whom the actor may dispose of a debt:
// himself, or as an agent with 特别授权. Errors: NotFound obligation.not_found for
// whoever is none of them, Invalid debt.authority.
// Source: 民事诉讼法 62.
func disposer(ctx context.Context, tx *storage.DB, by model.Actor, caseID int64, parties []int64, what string) (int64, error) {
	bound, err := tx.CaseBindings(ctx, caseID)
	if err != nil {
		return 0, err
	}
	err = model.E(model.NotFound, "obligation.not_found", "没有找到，或您无权查看")
	for _, b := range bound {
		if b.UserID != by.UserID || b.EndedAt != nil || !slices.Contains(parties, b.PartyID) {
			continue
		}
		if b.Disposes() {
			return b.PartyID, nil
		}
		err = model.InvalidField("obligation_id", "debt.authority", "委托代理人"+what+"，须有委托人的特别授权；请持特别授权的委托书到法院登记")
	}
	return 0, err
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
	if (ch.Entry.Kind == model.DebtForgive || ch.Entry.Kind == model.DebtRefuse) && (ch.Entry.Paper == "" || utf8.RuneCountInString(ch.Entry.Paper) > 200) {
		return nil, model.InvalidField("paper", "reason.required", "请写明权利人免除或者义务人拒绝的书面材料，不超过 200 字")
	}
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
		if act == model.ActInterestDecide { // a party does not know of it, and it is checked again when it takes effect
			if err := tx.NothingUndoable(ctx, cs.ID); err != nil {
				return err
			}
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
		switch e.Kind {
		case model.DebtUndo:
			if err := e.Undo(all); err != nil {
				return err
			}
		case model.DebtRefuse:
			if err := d.refuses(&e, all); err != nil {
				return err
			}
		default: // names its obligation itself
		}
		ob := d.obligation(e.ObligationID)
		if ob.ID == 0 {
			return model.E(model.NotFound, "obligation.not_found", "没有找到，或您无权查看")
		}
		if e.Kind == model.DebtWaive || e.Kind == model.DebtForgive {
			e.PartyID = ob.ObligeeID
		}
		if err := d.convert(&e, ob, today); err != nil {
			return err
		}
		if err := e.Check(ob, cs.RegimeOf(ob).Rules(), today); err != nil {
			return err
		}
		list, err := d.entries(ctx, tx, e, all, today)
		if err != nil {
			return err
		}
		var filed []model.DebtEntry
		if e.Kind == model.DebtTerms {
			filed = model.FiledTerms(all, ob, by.UserID)
		}
		forgiving := model.Forgiving(all, list)
		if e.Kind == model.DebtTerms || e.Part == model.PartOrdinary || len(forgiving) > 0 {
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
		if err := d.forgive(ctx, tx, list, forgiving); err != nil {
			return err
		}
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
		if err := tx.AddNotices(ctx, d.debtNotices(*cs, ob, list, forgives(all, list))); err != nil {
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
	for _, o := range d.named {
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

// entries are the rows of an entry: a waived or forgiven amount is kept for each
// instalment. all are the earlier entries of the case.
func (d *debt) entries(ctx context.Context, tx *storage.DB, e model.DebtEntry, all []model.DebtEntry, today model.Date) ([]model.DebtEntry, error) {
	switch e.Kind {
	case model.DebtUndo, model.DebtRefuse:
		return e.Undoing(all), nil
	case model.DebtForgive:
		return d.forgivenRows(ctx, tx, e)
	case model.DebtWaive, model.DebtLeave:
	default:
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
		if err := model.CheckForeign(ob.Foreign, ob, 1, e.Terms); err != nil {
			return err
		}
		if ob.Interest = e.Terms; ob.Interest == nil {
			ob.Interest = &model.InterestTerms{DayCount: 365} // none any more
		}
		at := slices.IndexFunc(d.obligations, func(o model.Obligation) bool { return o.ID == ob.ID })
		d.obligations[at].Interest = ob.Interest
		return tx.SetInterest(ctx, &ob)
	case model.DebtConvert:
		return d.book(ctx, tx, e, ob)
	case model.DebtRank:
		ob.SecurityFen, ob.Weight = e.SecurityFen, e.Weight
		return tx.SetRank(ctx, &ob)
	default:
		return nil
	}
}

// convert makes the entry of a rate one about the debt as it is fixed.
func (d *debt) convert(e *model.DebtEntry, ob model.Obligation, today model.Date) error {
	if e.Kind != model.DebtConvert || ob.Foreign == nil || e.Foreign == nil {
		return nil
	}
	e.Foreign.Currency, e.Foreign.Minor = ob.Foreign.Currency, ob.Foreign.Minor
	list := d.in.InstallmentsOf(ob.ID)
	if len(list) != 1 {
		return model.InvalidField("obligation_id", "currency.parts", "外币义务分期的，请按期分别录入为几项义务")
	}
	r := d.in.Reckon(list[0], d.paid, d.settings, today)
	return e.Foreign.CheckRate(list[0], r.OrdinaryPaid+r.DoubledPaid, d.settings.InterestFirstDayCounts, today)
}

// book writes what a debt in another currency is booked as, and ends the judge's task.
func (d *debt) book(ctx context.Context, tx *storage.DB, e model.DebtEntry, ob model.Obligation) error {
	i := slices.IndexFunc(d.installments, func(i model.Installment) bool { return i.ObligationID == ob.ID })
	ob.Foreign, ob.AmountFen = e.Foreign, e.Foreign.Rate.Fen(e.Foreign.Currency, e.Foreign.Minor)
	d.installments[i].AmountFen = ob.AmountFen
	d.obligations[slices.IndexFunc(d.obligations, func(o model.Obligation) bool { return o.ID == ob.ID })] = ob
	if err := tx.SetForeign(ctx, &ob, &d.installments[i]); err != nil {
		return err
	}
	return tx.EndTasks(ctx, model.TaskDone, e.ByUserID, "已登记汇率", model.TaskMatch{
		CaseID: ob.CaseID, Kinds: []model.TaskKind{model.TaskConvert}, Subject: model.ThingObligation.Of(ob.ID),
	})
}

// debtNotices tell those whose debt it is what was entered. forgives tells whether
// it is about principal that is forgiven.
func (d *debt) debtNotices(cs model.Case, ob model.Obligation, rows []model.DebtEntry, forgives bool) (out []model.Notice) {
	if cs.Held {
		return nil
	}
	e := rows[0]
	told := d.in.Concerned(ob)
	if e.DebtorID != 0 && !slices.Contains(told, e.DebtorID) {
		told = append(told, e.DebtorID)
	}
	for _, p := range told {
		switch {
		case e.Kind == model.DebtForgive:
			out = append(out, d.in.ForgivenNotice(rows, d.settings, p))
		case forgives:
			out = append(out, d.in.ForgivenessUndoneNotice(rows, p))
		default:
			out = append(out, model.DebtEnteredNotice(cs, e, p))
		}
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
