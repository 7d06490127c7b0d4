package storage

import (
	"context"

	"microcourt/model"
)

// CreatePeriodEntry puts an entry about application periods on record; a repeat
// under the same key is the first one.
func (db *DB) CreatePeriodEntry(ctx context.Context, e *model.PeriodEntry) (created bool, err error) {
	created, err = createOnce(db.q(ctx), e)
	if err == nil && !created {
		err = db.q(ctx).Take(e, "by_user_id = ? AND idem_key = ?", e.ByUserID, e.IdemKey).Error
	}
	return created, translate(err, "period")
}

// PeriodEntries lists the entries about a case's application periods, oldest
// first.
func (db *DB) PeriodEntries(ctx context.Context, caseID int64) ([]model.PeriodEntry, error) {
	var out []model.PeriodEntry
	err := db.q(ctx).Where("case_id = ?", caseID).Order("id").Limit(500).Find(&out).Error
	return out, translate(err, "period")
}

// PeriodRecord is what a case's record holds that moves its application periods.
func (db *DB) PeriodRecord(ctx context.Context, caseID int64) (r model.PeriodRecord, err error) {
	if r.Promises, err = db.Promises(ctx, caseID); err != nil {
		return r, err
	}
	if r.Ledger, err = db.PaidLedger(ctx, caseID); err != nil {
		return r, err
	}
	if r.Enforcement, err = db.EnforcementsOf(ctx, caseID); err != nil {
		return r, err
	}
	if r.Settlements, err = db.Settlements(ctx, caseID); err != nil {
		return r, err
	}
	if r.Plans, err = db.Plans(ctx, caseID); err != nil {
		return r, err
	}
	r.Entries, err = db.PeriodEntries(ctx, caseID)
	return r, err
}

// Periods are the application periods of a case's open duties as of today.
func (db *DB) Periods(ctx context.Context, d model.Debts) (model.ApplicationPeriods, error) {
	r, err := db.PeriodRecord(ctx, d.Case.ID)
	if err != nil {
		return nil, err
	}
	days, err := db.Calendar(ctx)
	if err != nil {
		return nil, err
	}
	return d.ApplicationPeriods(r, days, model.DateOf(db.Now())), nil
}
