package storage

import (
	"context"

	"gorm.io/gorm"

	"microcourt/model"
)

// visibleDeposits limits a query over deposits to those that the actor may see:
// the court's people those of the cases that they see, the accused's side its
// own.
func (db *DB) visibleDeposits(ctx context.Context, by model.Actor) *gorm.DB {
	q := db.q(ctx).Model(&model.Deposit{})
	if by.IsParty() {
		return q.Where("(party_id IN (SELECT party_id FROM bindings WHERE user_id = ? AND ended_at IS NULL) OR relative_id IN (?))", by.UserID, db.admitted(ctx, by).Select("relatives.id"))
	}
	return q.Where("case_id IN (?)", db.visible(ctx, by).Model(&model.Case{}).Select("cases.id"))
}

// Deposit is the deposit with the id, if the actor may see it.
func (db *DB) Deposit(ctx context.Context, by model.Actor, id int64) (*model.Deposit, error) {
	var d model.Deposit
	err := db.visibleDeposits(ctx, by).Take(&d, "deposits.id = ?", id).Error
	return &d, translate(err, "deposit")
}

// LockDeposit is Deposit for a transaction that changes it; its case is locked
// first.
func (db *DB) LockDeposit(ctx context.Context, by model.Actor, id int64) (*model.Deposit, *model.Case, error) {
	seen, err := db.Deposit(ctx, by, id)
	if err != nil {
		return nil, nil, err
	}
	cs, err := db.LockCaseByID(ctx, seen.CaseID)
	if err != nil {
		return nil, nil, err
	}
	d, err := db.DepositByID(ctx, id)
	return d, cs, err
}

// DepositByID is the deposit as it is now, for a caller who holds its case.
func (db *DB) DepositByID(ctx context.Context, id int64) (*model.Deposit, error) {
	var d model.Deposit
	err := db.forUpdate(ctx).Take(&d, "id = ?", id).Error
	return &d, translate(err, "deposit")
}

// DepositByKey is what the user entered under the key; nil when nothing.
func (db *DB) DepositByKey(ctx context.Context, userID int64, key string) (*model.Deposit, error) {
	var d model.Deposit
	res := db.q(ctx).Where("user_id = ? AND idem_key = ?", userID, key).Limit(1).Find(&d)
	if res.Error != nil || res.RowsAffected == 0 {
		return nil, translate(res.Error, "deposit")
	}
	return &d, nil
}

// CreateDeposit adds a deposit.
func (db *DB) CreateDeposit(ctx context.Context, d *model.Deposit) error {
	d.Version = 1
	return translate(db.q(ctx).Create(d).Error, "deposit")
}

// UpdateDeposit writes what became of a deposit that was at version seen, with
// the entry that says why, nil when no money moved.
func (db *DB) UpdateDeposit(ctx context.Context, d *model.Deposit, seen int64, e *model.DepositEntry) error {
	d.Version = seen + 1
	err := changed(db.q(ctx).Model(&model.Deposit{}).Where("id = ? AND version = ?", d.ID, seen).
		Select("state", "purpose", "held_fen", "reason", "refund_fen", "refund_ground", "refund_reason", "refund_due_on", "decided_by", "decided_at", "version").Updates(d), "deposit")
	if err != nil || e == nil {
		return err
	}
	e.CourtID, e.CaseID, e.DepositID = d.CourtID, d.CaseID, d.ID
	return translate(db.q(ctx).Create(e).Error, "deposit")
}

// SetSignedWish keeps the file of a wish that the payer signed; the first one stays.
func (db *DB) SetSignedWish(ctx context.Context, d *model.Deposit, seen int64) error {
	d.Version = seen + 1
	return changed(db.q(ctx).Model(&model.Deposit{}).Where("id = ? AND version = ? AND wish_file_id = 0", d.ID, seen).
		Select("wish_file_id", "version").Updates(d), "deposit")
}

// Deposits lists a case's deposits that the actor may see, oldest first.
func (db *DB) Deposits(ctx context.Context, by model.Actor, caseID int64) ([]model.Deposit, error) {
	var out []model.Deposit
	err := db.visibleDeposits(ctx, by).Where("case_id = ?", caseID).Order("id").Limit(500).Find(&out).Error
	return out, translate(err, "deposit")
}

// RelativeDeposits lists what a relative paid before the judgment, oldest first.
func (db *DB) RelativeDeposits(ctx context.Context, relativeID int64) ([]model.Deposit, error) {
	var out []model.Deposit
	err := db.q(ctx).Where("relative_id = ?", relativeID).Order("id").Limit(500).Find(&out).Error
	return out, translate(err, "deposit")
}

// CaseDeposits lists a case's deposits, oldest first.
func (db *DB) CaseDeposits(ctx context.Context, caseID int64) ([]model.Deposit, error) {
	var out []model.Deposit
	err := db.q(ctx).Where("case_id = ?", caseID).Order("id").Find(&out).Error
	return out, translate(err, "deposit")
}

// DepositEntries lists the entries of deposits, oldest first.
func (db *DB) DepositEntries(ctx context.Context, ids []int64) (map[int64][]model.DepositEntry, error) {
	out := map[int64][]model.DepositEntry{}
	if len(ids) == 0 {
		return out, nil
	}
	var rows []model.DepositEntry
	err := db.q(ctx).Where("deposit_id IN ?", ids).Order("id").Find(&rows).Error
	for _, e := range rows {
		out[e.DepositID] = append(out[e.DepositID], e)
	}
	return out, translate(err, "deposit")
}

// DepositOfFile is the deposit to which a file belongs, 0 when it belongs to
// none.
func (db *DB) DepositOfFile(ctx context.Context, fileID int64) (int64, error) {
	var ids []int64
	err := db.q(ctx).Model(&model.Deposit{}).Where("wish_file_id = ? OR proof_file_id = ?", fileID, fileID).Limit(1).Pluck("id", &ids).Error
	if err == nil && len(ids) == 0 {
		err = db.q(ctx).Model(&model.DepositWish{}).Where("wish_file_id = ?", fileID).Limit(1).Pluck("deposit_id", &ids).Error
	}
	if err == nil && len(ids) == 0 {
		err = db.q(ctx).Model(&model.DepositEntry{}).Where("file_id = ?", fileID).Limit(1).Pluck("deposit_id", &ids).Error
	}
	if err != nil || len(ids) == 0 {
		return 0, translate(err, "deposit")
	}
	return ids[0], nil
}

// DepositsToSettle lists deposits that the court holds, with ids above one, in
// cases that have an instrument in effect.
func (db *DB) DepositsToSettle(ctx context.Context, today model.Date, after int64, limit int) ([]model.Deposit, error) {
	var out []model.Deposit
	err := db.q(ctx).Where(`state = ? AND id > ? AND case_id IN (SELECT case_id FROM instruments WHERE effective_on IS NOT NULL AND effective_on <= ?)
		AND NOT EXISTS (SELECT 1 FROM tasks WHERE tasks.case_id = deposits.case_id AND tasks.kind = ? AND tasks.subject_kind = ? AND tasks.subject_id = deposits.id AND tasks.state = ?)`,
		model.DepositHeld, after, today, model.TaskDepositSettle, model.ThingDeposit, model.TaskOpen).Order("id").Limit(limit).Find(&out).Error
	return out, translate(err, "deposit")
}

// CounselOf tells whether a live binding to the party is a defender's or an
// agent's.
func (db *DB) CounselOf(ctx context.Context, partyID int64) (bool, error) {
	var n int64
	err := db.q(ctx).Model(&model.Binding{}).Where("party_id = ? AND ended_at IS NULL AND capacity IN ?", partyID,
		[]model.Capacity{model.CapacityDefender, model.CapacityAgent}).Count(&n).Error
	return n > 0, translate(err, "binding")
}
