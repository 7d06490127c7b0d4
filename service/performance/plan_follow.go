package performance

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"microcourt/model"
	"microcourt/storage"
)

// followPlans lets the agreements of a case follow the ledger and the calendar: one
// that is kept ends what it covers, one that is broken steps aside, and everybody is
// told. all are the case's instalments, which it keeps up to date.
func (s *Service) followPlans(ctx context.Context, tx *storage.DB, cs *model.Case, all []model.Installment) error {
	list, err := tx.Plans(ctx, cs.ID)
	if err != nil {
		return err
	}
	for i := range list {
		if list[i].State.Follows() {
			if err := s.followPlan(ctx, tx, cs, &list[i], all); err != nil {
				return fmt.Errorf("agreement %d: %w", list[i].ID, err)
			}
		}
	}
	return nil
}

func (s *Service) followPlan(ctx context.Context, tx *storage.DB, cs *model.Case, p *model.PlanAgreement, all []model.Installment) error {
	ledger, err := tx.PaidLedger(ctx, cs.ID)
	if err != nil {
		return err
	}
	waiting, err := waits(ctx, tx, p)
	if err != nil {
		return err
	}
	today := model.DateOf(tx.Now())
	var covered []model.Installment
	for _, i := range all {
		if p.Covers(i.ID) {
			covered = append(covered, i)
		}
	}
	d, err := loadDebt(ctx, tx, cs.ID)
	if err != nil {
		return err
	}
	d.installments = all
	if err := d.reckons(ctx, tx, cs); err != nil {
		return err
	}
	light := p.Lightened(all, ledger, d.paid.Entries)
	progress, was := light.Progress(ledger, today), p.State
	changed := p.Follow(progress, d.doneOn(covered, len(light.Parts) == 0, today), waiting, today)
	if changed {
		if err := tx.UpdatePlan(ctx, p); err != nil {
			return err
		}
	}
	if err := tx.SetPlanFront(ctx, p.Front(all, progress), all); err != nil {
		return err
	}
	if p.State == was {
		return nil
	}
	effect := p.Effect(d.in, d.paid, d.settings, progress, today)
	var forgiven model.Fen
	switch {
	case p.State == model.PlanKept:
		forgiven, err = d.keep(ctx, tx, cs, p)
	case was == model.PlanKept:
		err = d.open(ctx, tx, cs, p, today)
	}
	if err == nil { // a kept agreement that was opened again stands in front, or steps aside
		err = tx.SetPlanFront(ctx, p.Front(all, progress), all)
	}
	if err != nil {
		return err
	}
	if err := brokenTask(ctx, tx, *cs, *p, progress, was); err != nil {
		return err
	}
	for _, party := range p.Concerned(d.in) {
		var n model.Notice
		switch {
		case p.State == model.PlanKept:
			n = model.PlanKeptNotice(*cs, *p, progress.ArrivedFen, forgiven, effect.InterestFen, party)
		case p.State == model.PlanBroken:
			n = model.PlanBrokenNotice(*cs, *p, progress, effect, party)
		case was == model.PlanKept:
			n = model.PlanEndedNotice(*cs, *p, party)
		default:
			n = model.PlanResumedNotice(*cs, *p, party)
		}
		if err := tell(ctx, tx, *cs, n); err != nil {
			return err
		}
	}
	return nil
}

// brokenTask gives the judge a task while an agreement is broken.
func brokenTask(ctx context.Context, tx *storage.DB, cs model.Case, p model.PlanAgreement, progress model.SettlementProgress, was model.PlanState) error {
	switch {
	case p.State == model.PlanBroken && !cs.Held:
		days, err := tx.Calendar(ctx)
		if err != nil {
			return err
		}
		_, err = tx.AddTask(ctx, p.BrokenTask(cs, progress, days, model.DateOf(tx.Now())))
		return err
	case was == model.PlanBroken:
		return tx.EndTasks(ctx, model.TaskCancelled, 0, "协议"+p.State.Chinese(), model.TaskMatch{CaseID: cs.ID, Kinds: []model.TaskKind{model.TaskPlanBroken}, Subject: model.ThingPlan.Of(p.ID)})
	}
	return nil
}

// doneOn is the day on which what an agreement covers was performed, also its interest
// unless nothing of the agreement is left to pay; zero while something is open. Dues
// that lapsed are owed no longer: where nothing else is covered, that is today.
func (d *debt) doneOn(covered []model.Installment, nothingLeft bool, today model.Date) model.Date {
	switch {
	case len(covered) == 0:
		return today
	case !nothingLeft && d.in.ReckonAll(covered, d.paid, d.settings, today).InterestFen() > 0:
		return model.Date{}
	}
	return model.LastPerformed(covered)
}

// waits tells whether money that a debtor says he paid for an agreement waits for the
// judge's decision.
func waits(ctx context.Context, tx *storage.DB, p *model.PlanAgreement) (bool, error) {
	receipts, err := tx.CaseReceipts(ctx, p.CaseID)
	return slices.ContainsFunc(receipts, func(r model.Receipt) bool {
		return r.State == model.ReceiptSubmitted && slices.Contains(p.DebtorIDs, r.PartyID) && !r.PaidOn.Before(p.SignedOn)
	}), err
}

// keep ends by entries what a kept agreement leaves of what it covers.
func (d *debt) keep(ctx context.Context, tx *storage.DB, cs *model.Case, p *model.PlanAgreement) (forgiven model.Fen, err error) {
	rows := p.EndedBy(d.in, d.paid, d.settings, fmt.Sprintf("plan-%d-%d", p.ID, p.Version))
	for _, e := range rows {
		if e.Kind == model.DebtForgive {
			forgiven += e.AmountFen
		}
	}
	return forgiven, d.enter(ctx, tx, cs, nil, rows, p)
}

// open takes back what keeping an agreement had ended: a payment was corrected.
func (d *debt) open(ctx context.Context, tx *storage.DB, cs *model.Case, p *model.PlanAgreement, today model.Date) error {
	all, err := tx.DebtEntries(ctx, cs.ID)
	if err != nil {
		return err
	}
	var rows []model.DebtEntry
	for _, e := range model.StandingDebtEntries(all) {
		if e.PlanID != p.ID {
			continue
		}
		rows = append(rows, model.DebtEntry{
			CourtID: e.CourtID, CaseID: e.CaseID, ObligationID: e.ObligationID, InstallmentID: e.InstallmentID, Kind: model.DebtUndo, Part: e.Part, AmountFen: e.AmountFen,
			UndoesID: e.ID, OnDay: today, PlanID: p.ID, Reason: "已确认的款项被更正，和解协议尚未履行完毕", IdemKey: fmt.Sprintf("plan-%d-%d:u%d", p.ID, p.Version, e.ID),
		})
	}
	return d.enter(ctx, tx, cs, all, rows, p)
}

func (d *debt) enter(ctx context.Context, tx *storage.DB, cs *model.Case, all, rows []model.DebtEntry, p *model.PlanAgreement) error {
	if len(rows) == 0 {
		return nil
	}
	if err := tx.AddDebtEntries(ctx, rows); err != nil {
		return err
	}
	if err := tx.Forgive(ctx, model.Forgiving(all, rows), d.installments); err != nil {
		return err
	}
	d.touched = p.InstallmentIDs
	return d.complete(ctx, tx, cs)
}

// PlanPass looks for agreements of which a part became late, each in its own
// transaction.
func (s *Service) PlanPass(ctx context.Context) (errs error) {
	for after := int64(0); ctx.Err() == nil; {
		ids, err := s.db.LatePlans(ctx, model.DateOf(s.db.Now()), after, 100)
		if err != nil || len(ids) == 0 {
			return errors.Join(errs, err)
		}
		for _, id := range ids {
			after = id
			if err := s.db.Transact(ctx, func(tx *storage.DB) error { return s.followLate(ctx, tx, id) }); err != nil {
				errs = errors.Join(errs, fmt.Errorf("agreement %d: %w", id, err))
			}
		}
	}
	return errs
}

func (s *Service) followLate(ctx context.Context, tx *storage.DB, id int64) error {
	p, err := tx.Plan(ctx, id)
	if err != nil {
		return err
	}
	cs, err := tx.LockCaseByID(ctx, p.CaseID)
	if err != nil {
		return err
	}
	all, err := tx.Installments(ctx, cs.ID)
	if err != nil {
		return err
	}
	was := p.State
	if err := s.followPlans(ctx, tx, cs, all); err != nil {
		return err
	}
	if p, err = tx.Plan(ctx, id); err != nil || p.State == was {
		return err
	}
	return tx.SetPerformance(ctx, cs.ID, all)
}
