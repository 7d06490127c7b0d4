package storage

import (
	"context"
	"slices"

	"microcourt/model"
)

// MoveDue writes an instalment's newly computed day.
func (db *DB) MoveDue(ctx context.Context, i *model.Installment) error {
	return translate(db.q(ctx).Model(i).Select("due_on", "due_reason", "updated_at").Updates(i).Error, "installment")
}

// Accelerate moves the days of a case's instalments as the clauses of their
// obligations say, in the database and in d, and returns what changed by
// obligation.
func (db *DB) Accelerate(ctx context.Context, d *model.Debts) (map[int64][]model.Installment, error) {
	var days *model.Calendar
	out := map[int64][]model.Installment{}
	for _, ob := range d.Obligations {
		if ob.Acceleration == model.AccelerationNone {
			continue
		}
		if days == nil {
			var err error
			if days, err = db.Calendar(ctx); err != nil {
				return nil, err
			}
		}
		changed := ob.Accelerate(d.InstallmentsOf(ob.ID), days, model.DateOf(db.Now()))
		for _, moved := range changed {
			err := translate(db.q(ctx).Model(&moved).Select("due_on", "due_reason", "agreed_due_on", "updated_at").Updates(&moved).Error, "installment")
			if err != nil {
				return nil, err
			}
			for i := range d.Installments {
				if d.Installments[i].ID == moved.ID {
					d.Installments[i] = moved
				}
			}
		}
		if len(changed) > 0 {
			out[ob.ID] = changed
		}
	}
	return out, nil
}

// Missed lists cases, after an id, in which an instalment was missed that makes
// later ones due which are not yet.
func (db *DB) Missed(ctx context.Context, today model.Date, after int64, limit int) ([]int64, error) {
	var out []int64
	err := db.q(ctx).Table("obligations o").Distinct("o.case_id").Joins("JOIN installments i ON i.obligation_id = o.id").
		Where("o.acceleration = ? AND o.case_id > ? AND i.performed_on IS NULL AND i.dropped_on IS NULL AND i.lapsed_on IS NULL AND i.plan_id = 0 AND i.due_on < ?", model.AccelerationAutomatic, after, today).
		Where("EXISTS (SELECT 1 FROM installments j WHERE j.obligation_id = o.id AND j.due_on > ? AND j.dropped_on IS NULL AND j.lapsed_on IS NULL AND j.agreed_due_on IS NULL)", today).
		Order("o.case_id").Limit(limit).Pluck("o.case_id", &out).Error
	return out, translate(err, "obligation")
}

// SetAccelerated records when the creditor applied for everything.
func (db *DB) SetAccelerated(ctx context.Context, id int64, on model.Date) error {
	return changed(db.q(ctx).Model(&model.Obligation{}).Where("id = ?", id).Updates(map[string]any{"accelerated_on": on, "updated_at": db.Now()}), "obligation")
}

// SetBurden records what the judge chose after a breach.
func (db *DB) SetBurden(ctx context.Context, o *model.Obligation) error {
	return changed(db.q(ctx).Model(&model.Obligation{}).Where("id = ? AND burden_choice = ''", o.ID).Updates(map[string]any{
		"burden_choice": o.BurdenChoice, "burden_on": o.BurdenOn, "burden_reason": o.BurdenReason, "updated_at": db.Now(),
	}), "obligation")
}

// ComputedDues lists the open instalments whose day was computed and is not
// over, after an id.
func (db *DB) ComputedDues(ctx context.Context, today model.Date, after int64, limit int) ([]ComputedDue, error) {
	var out []ComputedDue
	err := db.q(ctx).Table("installments i").Select("i.*, n.effective_on AS effective_on").
		Joins("JOIN obligations o ON o.id = i.obligation_id JOIN instruments n ON n.id = o.instrument_id").
		Where("i.due_in_days > 0 AND i.id > ? AND i.due_on >= ? AND i.performed_on IS NULL AND i.dropped_on IS NULL", after, today).
		Order("i.id").Limit(limit).Scan(&out).Error
	return out, translate(err, "installment")
}

// UpdateInstrument writes what a newer push may change.
func (db *DB) UpdateInstrument(ctx context.Context, in *model.Instrument) error {
	return translate(db.q(ctx).Model(in).Select("kind", "number", "made_on", "effective_on", "summary", "updated_at").Updates(in).Error, "instrument")
}

// UpdateObligation writes what a newer push may change.
func (db *DB) UpdateObligation(ctx context.Context, o *model.Obligation) error {
	return translate(db.q(ctx).Model(o).Select("amount_fen", "category", "description", "interest", "foreign_debt", "security_fen", "weight", "acceleration", "acceleration_text", "accelerated_on", "burden_fen", "burden_text", "updated_at").Updates(o).Error, "obligation")
}

// UpdateInstallment writes a changed plan; what is confirmed stays.
func (db *DB) UpdateInstallment(ctx context.Context, i *model.Installment) error {
	return translate(db.q(ctx).Model(i).Select("amount_fen", "due_on", "due_in_days", "due_reason", "agreed_due_on", "dropped_on", "performed_on", "updated_at").Updates(i).Error, "installment")
}

// Instruments lists the instruments of a case.
func (db *DB) Instruments(ctx context.Context, caseID int64) ([]model.Instrument, error) {
	var out []model.Instrument
	err := db.q(ctx).Where("case_id = ?", caseID).Order("id").Find(&out).Error
	return out, translate(err, "instrument")
}

// Obligations lists the obligations of a case.
func (db *DB) Obligations(ctx context.Context, caseID int64) ([]model.Obligation, error) {
	var out []model.Obligation
	err := db.q(ctx).Where("case_id = ?", caseID).Order("id").Find(&out).Error
	return out, translate(err, "obligation")
}

// Obligors lists who owes what in a case today, without those whom the creditor forgave.
func (db *DB) Obligors(ctx context.Context, caseID int64) ([]model.Obligor, error) {
	all, err := db.AllObligors(ctx, caseID)
	return model.Owing(all), err
}

// AllObligors lists whom the instruments of a case name as debtors, also those who
// were forgiven.
func (db *DB) AllObligors(ctx context.Context, caseID int64) ([]model.Obligor, error) {
	var out []model.Obligor
	err := db.q(ctx).Where("case_id = ? AND ended_by = 0", caseID).Order("obligation_id, party_id").Find(&out).Error
	return out, translate(err, "obligor")
}

// Installments lists the instalments of a case, without those that a newer version
// of the case system left out.
func (db *DB) Installments(ctx context.Context, caseID int64) ([]model.Installment, error) {
	all, err := db.AllInstallments(ctx, caseID)
	return slices.DeleteFunc(all, func(i model.Installment) bool { return !i.DroppedOn.IsZero() }), err
}

// AllInstallments lists the instalments of a case, also those that are not part of
// the plan any more.
func (db *DB) AllInstallments(ctx context.Context, caseID int64) ([]model.Installment, error) {
	var out []model.Installment
	err := db.q(ctx).Where("case_id = ? AND lapsed_on IS NULL", caseID).Order("obligation_id, seq").Find(&out).Error
	return out, translate(err, "installment")
}

// InstallmentsOf lists the instalments that a party owes, alone or jointly.
func (db *DB) InstallmentsOf(ctx context.Context, caseID, partyID int64) ([]model.Installment, error) {
	var out []model.Installment
	err := db.q(ctx).Where("case_id = ? AND dropped_on IS NULL AND lapsed_on IS NULL AND obligation_id IN (SELECT obligation_id FROM obligors WHERE case_id = ? AND party_id = ? AND released_on IS NULL AND ended_by = 0)",
		caseID, caseID, partyID).Order("obligation_id, seq").Find(&out).Error
	return out, translate(err, "installment")
}

// Obligation is an obligation of a case.
func (db *DB) Obligation(ctx context.Context, caseID, id int64) (*model.Obligation, error) {
	var ob model.Obligation
	err := db.q(ctx).Take(&ob, "id = ? AND case_id = ?", id, caseID).Error
	return &ob, translate(err, "obligation")
}

// SetReplaced records that newer obligations took the place of earlier ones of the
// case, whose instalments are part of no plan any more. What is on record of them
// stays.
func (db *DB) SetReplaced(ctx context.Context, r model.Replacement) error {
	for _, ob := range r.New {
		ob.UpdatedAt = db.Now()
		if err := db.q(ctx).Model(&ob).Select("replaces", "updated_at").Updates(&ob).Error; err != nil {
			return translate(err, "obligation")
		}
	}
	for _, ob := range r.Old {
		err := changed(db.q(ctx).Model(&model.Obligation{}).Where("id = ? AND replaced_on IS NULL", ob.ID).
			Updates(map[string]any{"replaced_on": ob.ReplacedOn, "updated_at": db.Now()}), "obligation")
		if err != nil {
			return err
		}
		err = db.q(ctx).Model(&model.Installment{}).Where("obligation_id = ? AND dropped_on IS NULL", ob.ID).
			Updates(map[string]any{"dropped_on": model.DateOf(db.Now()), "updated_at": db.Now()}).Error
		if err != nil {
			return translate(err, "installment")
		}
	}
	return nil
}

// SetCategory says what an obligation is by law.
func (db *DB) SetCategory(ctx context.Context, id int64, c model.Category) error {
	return changed(db.q(ctx).Model(&model.Obligation{}).Where("id = ?", id).Updates(map[string]any{"category": c, "updated_at": db.Now()}), "obligation")
}

// SetForeign writes by which rate a debt in another currency is booked, and as what.
func (db *DB) SetForeign(ctx context.Context, ob *model.Obligation, i *model.Installment) error {
	ob.UpdatedAt, i.UpdatedAt = db.Now(), db.Now()
	if err := db.q(ctx).Model(ob).Select("foreign_debt", "amount_fen", "updated_at").Updates(ob).Error; err != nil {
		return translate(err, "obligation")
	}
	return translate(db.q(ctx).Model(i).Select("amount_fen", "updated_at").Updates(i).Error, "installment")
}

// SetInterest writes an obligation's terms of ordinary interest.
func (db *DB) SetInterest(ctx context.Context, ob *model.Obligation) error {
	ob.UpdatedAt = db.Now()
	return translate(db.q(ctx).Model(ob).Select("interest", "updated_at").Updates(ob).Error, "obligation")
}

// SetRank writes an obligation's security and burden.
func (db *DB) SetRank(ctx context.Context, ob *model.Obligation) error {
	ob.UpdatedAt = db.Now()
	return translate(db.q(ctx).Model(ob).Select("security_fen", "weight", "updated_at").Updates(ob).Error, "obligation")
}
