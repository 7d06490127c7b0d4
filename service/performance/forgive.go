package performance

import (
	"context"
	"slices"

	"microcourt/model"
	"microcourt/storage"
)

// Forgive records that a creditor forgives principal that he is owed, by himself: an
// amount, or with 0 all of it; with a debtor the whole debt of that one of several
// joint debtors, within his share. An agent needs 特别授权. The debtors are told and
// may refuse, see RefuseForgiveness. Errors: NotFound for a case or duty that is not
// his, Invalid debt.authority, debt.not_disposable, debt.not_joint,
// debt.nothing_owed, debt.more_than_owed.
// Source: 民法典 575, 520 para. 2; 民事诉讼法 62.
func (s *Service) Forgive(ctx context.Context, by model.Actor, ch DebtChange) (*model.DebtEntry, error) {
	if err := by.Require(model.ActDebtForgive); err != nil {
		return nil, err
	}
	ch.Entry.Kind, ch.Entry.Paper, ch.Entry.ShareFen = model.DebtForgive, "", 0
	return s.giveUp(ctx, by, model.ActDebtForgive, ch, "免除债务")
}

// RefuseForgiveness records that a debtor does not accept that he was forgiven: the
// debt is owed again. ch.Entry.UndoesID names the entry. Errors: NotFound
// debt.entry_not_found for an entry that is not about his debt, Invalid
// debt.authority, Conflict debt.refuse_late, debt.refuse_joint, debt.certified.
// Source: 民法典 575.
func (s *Service) RefuseForgiveness(ctx context.Context, by model.Actor, ch DebtChange) (*model.DebtEntry, error) {
	if err := by.Require(model.ActDebtRefuse); err != nil {
		return nil, err
	}
	ch.Entry.Kind, ch.Entry.Paper, ch.Entry.OnDay = model.DebtRefuse, "", model.Date{}
	return s.enterDebt(ctx, by, model.ActDebtRefuse, ch, func(tx *storage.DB) (*model.Case, error) {
		cs, err := tx.LockCase(ctx, by, ch.CaseID)
		if err != nil {
			return nil, err
		}
		all, err := tx.DebtEntries(ctx, cs.ID)
		if err != nil {
			return nil, err
		}
		i := slices.IndexFunc(all, func(e model.DebtEntry) bool { return e.ID == ch.Entry.UndoesID })
		if i < 0 {
			return nil, errNoEntry
		}
		debtors := []int64{all[i].DebtorID}
		if all[i].DebtorID == 0 {
			obligors, err := tx.Obligors(ctx, cs.ID)
			if err != nil {
				return nil, err
			}
			debtors = model.Debts{Obligors: obligors}.DebtorsOf(all[i].ObligationID)
		}
		_, err = disposer(ctx, tx, by, cs.ID, debtors, "拒绝免除")
		if model.KindOf(err) == model.NotFound {
			return nil, errNoEntry
		}
		return cs, err
	})
}

var errNoEntry = model.E(model.NotFound, "debt.entry_not_found", "没有找到该项登记，或您无权查看")

// refuses makes the entry a refusal of a forgiveness that stands.
func (d *debt) refuses(e *model.DebtEntry, all []model.DebtEntry) error {
	o, err := e.Undone(all)
	if err != nil {
		return err
	}
	on := model.DateOf(e.CreatedAt)
	if !e.OnDay.IsZero() {
		on = e.OnDay
	}
	e.ObligationID, e.InstallmentID, e.AmountFen, e.DebtorID, e.PartyID = o.ObligationID, o.InstallmentID, o.AmountFen, o.DebtorID, o.DebtorID
	return d.in.CheckRefusal(o, e.Paper != "", d.settings, on)
}

// forgives tells whether entries forgive, or undo that something was forgiven.
func forgives(all, added []model.DebtEntry) bool {
	return slices.ContainsFunc(added, func(e model.DebtEntry) bool {
		return e.Kind == model.DebtForgive || slices.ContainsFunc(all, func(o model.DebtEntry) bool { return o.Kind == model.DebtForgive && o.ID == e.UndoesID })
	})
}

// forgivenRows are the rows of a forgiveness. Of one of several joint debtors what
// is left of his share ends: what he paid himself counts for it. One who has paid
// his share already owes nothing more either: a row without an amount says so.
func (d *debt) forgivenRows(ctx context.Context, tx *storage.DB, e model.DebtEntry) ([]model.DebtEntry, error) {
	var most model.Fen
	if e.DebtorID != 0 {
		if !d.owesObligation(e.DebtorID, e.ObligationID) || len(d.in.DebtorsOf(e.ObligationID)) < 2 {
			return nil, model.InvalidField("debtor_id", "debt.not_joint", "所选的当事人不是该项义务现在的连带债务人之一")
		}
		if e.ShareFen == 0 {
			e.ShareFen = model.ShareOf(d.obligation(e.ObligationID), d.named, e.DebtorID)
		}
		e.AmountFen, e.InstallmentID = 0, 0
		ledger, err := tx.PaidLedger(ctx, e.CaseID)
		if err != nil {
			return nil, err
		}
		most = max(0, e.ShareFen-ledger.PaidBy(e.DebtorID, e.ObligationID))
	}
	shares, err := d.in.ForgivingShares(e, most)
	if err != nil {
		return nil, err
	}
	var out []model.DebtEntry
	for _, share := range shares {
		one := e
		one.InstallmentID, one.AmountFen = share.InstallmentID, share.AmountFen
		out = append(out, one)
	}
	if len(out) == 0 {
		return []model.DebtEntry{e}, nil
	}
	return out, nil
}

// forgive writes what entries change of the instalments and of who owes.
func (d *debt) forgive(ctx context.Context, tx *storage.DB, rows []model.DebtEntry, by map[int64]model.Fen) error {
	if err := tx.Forgive(ctx, by, d.installments); err != nil {
		return err
	}
	e := rows[0]
	if e.DebtorID == 0 {
		return nil
	}
	on := model.Date{}
	if e.Kind == model.DebtForgive {
		on = e.OnDay
	}
	if err := tx.Release(ctx, e.ObligationID, e.DebtorID, on); err != nil {
		return err
	}
	for n := range d.named {
		if d.named[n].ObligationID == e.ObligationID && d.named[n].PartyID == e.DebtorID {
			d.named[n].ReleasedOn = on
		}
	}
	d.obligors = model.Owing(d.named)
	return nil
}
