package storage

import (
	"context"

	"microcourt/model"
)

// DebtEntries lists what was decided or declared about the debts of a case, in
// order, with what was taken back.
func (db *DB) DebtEntries(ctx context.Context, caseID int64) ([]model.DebtEntry, error) {
	var out []model.DebtEntry
	err := db.q(ctx).Where("case_id = ?", caseID).Order("id").Find(&out).Error
	return out, translate(err, "debt_entry")
}

// AddDebtEntries appends entries.
func (db *DB) AddDebtEntries(ctx context.Context, list []model.DebtEntry) error {
	return Insert(ctx, db, list)
}
