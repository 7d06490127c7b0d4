package filing

import (
	"context"
	"fmt"

	"microcourt/model"
	"microcourt/storage"
)

// ChooseBurden records what the judge chose after a breach of a mediation that
// names what a breach costs: that, which becomes an obligation, or the liability
// for delay. A repeat changes nothing; both sides are told.
func (s *Service) ChooseBurden(ctx context.Context, by model.Actor, caseID, obligationID int64, choice model.BurdenChoice, reason string) error {
	if err := by.Require(model.ActBurdenChoose); err != nil {
		return err
	}
	err := s.db.Transact(ctx, func(tx *storage.DB) error {
		cs, err := tx.LockCase(ctx, by, caseID)
		if err != nil {
			return err
		}
		ob, err := tx.Obligation(ctx, caseID, obligationID)
		if err != nil {
			return err
		}
		if choice != model.BurdenOpen && ob.BurdenChoice == choice && ob.BurdenReason == reason {
			return nil // the answer got lost
		}
		if err := tx.NothingUndoable(ctx, cs.ID); err != nil {
			return err
		}
		d, err := tx.Debts(ctx, *cs)
		if err != nil {
			return err
		}
		if err := noneInTimeWaits(ctx, tx, d, *ob); err != nil {
			return err
		}
		if err := noneDoubledPaid(ctx, tx, d, *ob, choice); err != nil {
			return err
		}
		before := *ob
		arisen, part, err := ob.ChooseBurden(choice, reason, d.InstallmentsOf(ob.ID), model.DateOf(tx.Now()))
		if err != nil {
			return err
		}
		if err := tx.SetBurden(ctx, ob); err != nil {
			return err
		}
		if arisen != nil {
			if err := createArisen(ctx, tx, d, *ob, arisen, part); err != nil {
				return err
			}
		}
		if err := tx.RefreshCase(ctx, caseID); err != nil {
			return err
		}
		for _, party := range d.Concerned(*ob) {
			if err := tx.AddNotice(ctx, d.BurdenNotice(*ob, party)); err != nil {
				return err
			}
		}
		return tx.Audit(by, by.RoleFor(model.ActBurdenChoose), model.AuditEvent{
			CourtID: cs.CourtID, Action: model.AuditBurdenChoose, CaseID: caseID, Subject: model.ThingObligation.Of(ob.ID), Before: before, After: ob,
		})
	})
	if err != nil {
		return fmt.Errorf("choose the burden of obligation %d: %w", obligationID, err)
	}
	return nil
}

// noneInTimeWaits refuses while a payment that may have been in time is not
// verified: the choice stands, and that payment could show that there was no breach.
func noneInTimeWaits(ctx context.Context, tx *storage.DB, d *model.Debts, ob model.Obligation) error {
	breach := model.Breach(d.InstallmentsOf(ob.ID), model.DateOf(tx.Now()))
	if breach.IsZero() {
		return nil
	}
	list, err := tx.CaseReceipts(ctx, ob.CaseID)
	if err != nil {
		return err
	}
	for _, r := range list {
		if r.State == model.ReceiptSubmitted && d.Owes(r.PartyID, ob.ID) && r.PaidOn.Before(breach) {
			return model.E(model.Conflict, "burden.receipt_waits", "有一笔付款日期为"+r.PaidOn.Chinese()+"的汇款回执待核实，可能属于按期履行，请先核实回执再作选择")
		}
	}
	return nil
}

// noneDoubledPaid refuses to let somebody bear what the mediation says beside the
// liability for delay that he has paid already.
// Source: 民事调解规定 15 para. 2.
func noneDoubledPaid(ctx context.Context, tx *storage.DB, d *model.Debts, ob model.Obligation, choice model.BurdenChoice) error {
	if choice != model.BurdenBorne {
		return nil
	}
	paid, err := tx.Payments(ctx, ob.CaseID)
	if err != nil {
		return err
	}
	var sum model.Fen
	for _, i := range d.InstallmentsOf(ob.ID) {
		sum += paid.Doubled[i.ID]
	}
	if sum > 0 {
		return model.E(model.Conflict, "burden.interest_paid", "已经收取加倍部分债务利息 "+sum.Yuan()+" 元，不能再承担调解书确定的责任（"+model.CiteBurdenInstead.Short()+
			"）；请先决定不计算加倍部分，并更正有关回执，或者选择承担迟延履行责任")
	}
	return nil
}

// createArisen adds the obligation that arose from a breach; those who owe the
// broken one owe it.
func createArisen(ctx context.Context, tx *storage.DB, d *model.Debts, of model.Obligation, arisen *model.Obligation, part *model.Installment) error {
	one := []model.Obligation{*arisen}
	if err := storage.Insert(ctx, tx, one); err != nil {
		return err
	}
	part.ObligationID = one[0].ID
	if err := storage.Insert(ctx, tx, []model.Installment{*part}); err != nil {
		return err
	}
	var obligors []model.Obligor
	for _, o := range d.Obligors {
		if o.ObligationID == of.ID {
			obligors = append(obligors, model.Obligor{ObligationID: one[0].ID, PartyID: o.PartyID, CaseID: of.CaseID})
		}
	}
	return storage.Insert(ctx, tx, obligors)
}
