package storage

import (
	"context"

	"gorm.io/gorm"

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

// Forgive moves what stands as forgiven of instalments by the amounts that entries
// forgive, or take back, in the database and in all.
func (db *DB) Forgive(ctx context.Context, by map[int64]model.Fen, all []model.Installment) error {
	for i := range all {
		amount := by[all[i].ID]
		if amount == 0 {
			continue
		}
		all[i].ForgivenFen += amount
		if err := changed(db.q(ctx).Model(&model.Installment{}).Where("id = ?", all[i].ID).Updates(map[string]any{
			"forgiven_fen": gorm.Expr("forgiven_fen + ?", amount), "updated_at": db.Now(),
		}), "installment"); err != nil {
			return err
		}
	}
	return nil
}

// Release records that a joint debtor was forgiven; with no day, that he owes
// again.
func (db *DB) Release(ctx context.Context, obligationID, partyID int64, on model.Date) error {
	return changed(db.q(ctx).Model(&model.Obligor{}).Where("obligation_id = ? AND party_id = ?", obligationID, partyID).
		Updates(map[string]any{"released_on": on}), "obligor")
}
