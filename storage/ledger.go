package storage

import (
	"context"
	"slices"

	"gorm.io/gorm"

	"microcourt/model"
)

// Payments are what a case's debts are reckoned from besides themselves: what was
// paid, waived and left, and the published rates.
func (db *DB) Payments(ctx context.Context, caseID int64) (model.Payments, error) {
	entries, err := db.Confirmations(ctx, caseID, 0)
	if err != nil {
		return model.Payments{}, err
	}
	allocations, err := db.Allocations(ctx, caseID)
	if err != nil {
		return model.Payments{}, err
	}
	return db.PaymentsOf(ctx, caseID, entries, allocations)
}

// PaymentsOf is Payments for whoever has the ledger of the case already.
func (db *DB) PaymentsOf(ctx context.Context, caseID int64, entries []model.Confirmation, allocations []model.Allocation) (model.Payments, error) {
	out := model.PaymentsOf(entries, allocations)
	all, err := db.DebtEntries(ctx, caseID)
	if err != nil {
		return out, err
	}
	out.Entries = model.StandingDebtEntries(all)
	if out.Rates, err = db.PrimeRates(ctx); err != nil {
		return out, err
	}
	out.Decision, err = db.NewestDecision(ctx, caseID)
	return out, err
}

// PaymentsByCase is Payments for several cases, by one statement for each kind of thing
// and none for each case.
func (db *DB) PaymentsByCase(ctx context.Context, cases []int64) (map[int64]model.Payments, error) {
	out := make(map[int64]model.Payments, len(cases))
	if len(cases) == 0 {
		return out, nil
	}
	var entries []model.Confirmation
	var allocations []model.Allocation
	var changes []model.DebtEntry
	var decisions []model.AdministrativeDecision
	for _, load := range []error{
		db.q(ctx).Where("case_id IN ?", cases).Order("id").Find(&entries).Error,
		db.q(ctx).Where("case_id IN ?", cases).Order("id").Find(&allocations).Error,
		db.q(ctx).Where("case_id IN ?", cases).Order("id").Find(&changes).Error,
		db.q(ctx).Where("case_id IN ?", cases).Order("seq").Find(&decisions).Error,
	} {
		if load != nil {
			return nil, translate(load, "confirmation")
		}
	}
	rates, err := db.PrimeRates(ctx)
	if err != nil {
		return nil, err
	}
	type ledger struct {
		entries     []model.Confirmation
		allocations []model.Allocation
		changes     []model.DebtEntry
		decision    *model.AdministrativeDecision
	}
	of := map[int64]*ledger{}
	for _, id := range cases {
		of[id] = &ledger{}
	}
	for _, e := range entries {
		of[e.CaseID].entries = append(of[e.CaseID].entries, e)
	}
	for _, a := range allocations {
		of[a.CaseID].allocations = append(of[a.CaseID].allocations, a)
	}
	for _, e := range changes {
		of[e.CaseID].changes = append(of[e.CaseID].changes, e)
	}
	for i := range decisions { // the newest counts
		of[decisions[i].CaseID].decision = &decisions[i]
	}
	for id, l := range of {
		p := model.PaymentsOf(l.entries, l.allocations)
		p.Entries, p.Rates, p.Decision = model.StandingDebtEntries(l.changes), rates, l.decision
		out[id] = p
	}
	return out, nil
}

// SetCompletions keeps when the instalments of a case were performed, in the
// database and in d, whenever the ledger, a waiver, the terms or an amount changed:
// of those with running interest, of others whose amount came down to what is paid,
// and of what was forgiven. changed tells which instalments an act was about:
// nothing else, a rate that was published since above all, opens again what is
// performed.
func (db *DB) SetCompletions(ctx context.Context, d model.Debts, changed func(model.Installment) bool) error {
	open := func(i model.Installment) bool {
		ob := d.Obligation(i.ObligationID)
		if ob.Category == model.CategorySurcharge {
			return true // what is owed of it follows from the fine as well
		}
		if ob.Interest == nil {
			return i.AmountFen > 0 && (changed(i) || !i.Done() && i.OutstandingFen() <= 0)
		}
		return !i.Done() || changed(i)
	}
	if !slices.ContainsFunc(d.Installments, open) {
		return nil
	}
	paid, err := db.Payments(ctx, d.Case.ID)
	if err != nil {
		return err
	}
	for k := range d.Installments {
		i := &d.Installments[k]
		if !open(*i) {
			continue
		}
		on := d.CompletedOn(*i, paid)
		if on == i.PerformedOn {
			continue
		}
		i.PerformedOn = on
		if err := db.SetPerformed(ctx, i.ID, on); err != nil {
			return err
		}
	}
	return nil
}

// AddConfirmation appends a ledger entry with its allocations and moves the
// instalments by the same amounts, in the database and in all. An instalment
// that becomes complete is performed on the day of its last payment, whatever
// the order in which payments were confirmed.
func (db *DB) AddConfirmation(ctx context.Context, c *model.Confirmation, allocations []model.Allocation, all []model.Installment) error {
	if err := db.takeOfGroup(ctx, c); err != nil {
		return err
	}
	if err := db.q(ctx).Create(c).Error; err != nil {
		return translate(err, "confirmation")
	}
	for i := range allocations {
		allocations[i].ConfirmationID = c.ID
	}
	if err := Insert(ctx, db, allocations); err != nil {
		return err
	}
	for _, a := range allocations {
		for i := range all {
			if all[i].ID != a.InstallmentID || a.Part != model.PartPrincipal {
				continue
			}
			all[i].ConfirmedFen += a.AmountFen
			all[i].PerformedOn = model.Date{}
			if all[i].OutstandingFen() <= 0 {
				on, err := db.lastPayment(ctx, a.InstallmentID)
				if err != nil {
					return err
				}
				all[i].PerformedOn = on
			}
			err := changed(db.q(ctx).Model(&model.Installment{}).Where("id = ?", a.InstallmentID).Updates(map[string]any{
				"confirmed_fen": gorm.Expr("confirmed_fen + ?", a.AmountFen), "performed_on": all[i].PerformedOn, "updated_at": db.Now(),
			}), "installment")
			if err != nil {
				return err
			}
		}
	}
	return nil
}

// Confirmations lists the ledger entries of a case, oldest first; of one
// receipt when receiptID is not 0.
func (db *DB) Confirmations(ctx context.Context, caseID, receiptID int64) ([]model.Confirmation, error) {
	q := db.q(ctx).Where("case_id = ?", caseID)
	if receiptID != 0 {
		q = q.Where("receipt_id = ?", receiptID)
	}
	var out []model.Confirmation
	err := q.Order("id").Find(&out).Error
	return out, translate(err, "confirmation")
}

// Allocations lists the allocations of a case, oldest first.
func (db *DB) Allocations(ctx context.Context, caseID int64) ([]model.Allocation, error) {
	var out []model.Allocation
	err := db.q(ctx).Where("case_id = ?", caseID).Order("id").Find(&out).Error
	return out, translate(err, "allocation")
}

// Responses lists the obligees' lines of receipts.
func (db *DB) Responses(ctx context.Context, receiptIDs ...int64) ([]model.ObligeeResponse, error) {
	var out []model.ObligeeResponse
	err := db.q(ctx).Where("receipt_id IN ?", receiptIDs).Order("receipt_id, id").Find(&out).Error
	return out, translate(err, "response")
}

// UpdateResponse records an obligee's answer.
func (db *DB) UpdateResponse(ctx context.Context, o *model.ObligeeResponse) error {
	if err := changed(db.q(ctx).Model(o).Select("state", "reason", "said_fen", "file_id", "responded_by", "responded_at").Updates(o), "response"); err != nil {
		return err
	}
	return db.NoteAnswer(ctx, o.ReceiptID)
}
