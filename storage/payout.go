package storage

import (
	"context"

	"microcourt/model"
)

// CreatePayout adds a payout.
func (db *DB) CreatePayout(ctx context.Context, p *model.Payout) error {
	p.Version = 1
	return translate(db.q(ctx).Create(p).Error, "payout")
}

// PayoutByKey is what the user prepared under the key, nil when nothing.
func (db *DB) PayoutByKey(ctx context.Context, userID int64, key string) (*model.Payout, error) {
	var list []model.Payout
	err := db.q(ctx).Where("prepared_by = ? AND idem_key = ?", userID, key).Limit(1).Find(&list).Error
	if err != nil || len(list) == 0 {
		return nil, translate(err, "payout")
	}
	return &list[0], nil
}

// Payout is the payout with the id, of the actor's court, locked inside a
// transaction.
func (db *DB) Payout(ctx context.Context, by model.Actor, id int64) (*model.Payout, error) {
	var p model.Payout
	err := db.forUpdate(ctx).Take(&p, "id = ? AND court_id = ?", id, by.CourtID).Error
	return &p, translate(err, "payout")
}

// UpdatePayout writes what became of a payout that was at version seen.
func (db *DB) UpdatePayout(ctx context.Context, p *model.Payout, seen int64) error {
	p.Version = seen + 1
	return changed(db.q(ctx).Model(&model.Payout{}).Where("id = ? AND version = ?", p.ID, seen).
		Select("state", "approved_by", "approved_at", "paid_by", "paid_on", "bank_ref", "file_id", "lodged", "end_reason", "version", "updated_at").Updates(p), "payout")
}

// PayoutLines are a court's payouts in a state after an id, oldest first, along
// payouts_state.
func (db *DB) PayoutLines(ctx context.Context, courtID int64, state model.PayoutState, after int64, limit int) ([]model.PayoutLine, error) {
	var out []model.PayoutLine
	err := db.q(ctx).Model(&model.Payout{}).Select("payouts.*, e.case_no, COALESCE(u.name, '') AS preparer").Joins("JOIN enforcement_cases e ON e.id = payouts.enforcement_case_id").
		Joins("LEFT JOIN users u ON u.id = payouts.prepared_by").Where("payouts.court_id = ? AND payouts.state = ? AND payouts.id > ?", courtID, state, after).
		Order("payouts.id").Limit(limit).Find(&out).Error
	return out, translate(err, "payout")
}
