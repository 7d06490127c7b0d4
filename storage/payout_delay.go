package storage

import (
	"context"

	"microcourt/model"
)

// CreatePayoutDelay adds a delay.
func (db *DB) CreatePayoutDelay(ctx context.Context, d *model.PayoutDelay) error {
	d.Version = 1
	return translate(db.q(ctx).Create(d).Error, "delay")
}

// PayoutDelayByKey is what the user asked for under the key, nil when nothing.
func (db *DB) PayoutDelayByKey(ctx context.Context, userID int64, key string) (*model.PayoutDelay, error) {
	var list []model.PayoutDelay
	err := db.q(ctx).Where("asked_by = ? AND idem_key = ?", userID, key).Limit(1).Find(&list).Error
	if err != nil || len(list) == 0 {
		return nil, translate(err, "delay")
	}
	return &list[0], nil
}

// PayoutDelay is the delay with the id, of the actor's court, locked inside a
// transaction.
func (db *DB) PayoutDelay(ctx context.Context, by model.Actor, id int64) (*model.PayoutDelay, error) {
	var d model.PayoutDelay
	err := db.forUpdate(ctx).Take(&d, "id = ? AND court_id = ?", id, by.CourtID).Error
	return &d, translate(err, "delay")
}

// UpdatePayoutDelay writes what became of a delay that was at version seen.
func (db *DB) UpdatePayoutDelay(ctx context.Context, d *model.PayoutDelay, seen int64) error {
	d.Version = seen + 1
	return changed(db.q(ctx).Model(&model.PayoutDelay{}).Where("id = ? AND version = ?", d.ID, seen).
		Select("state", "decided_by", "decided_at", "decision_reason", "ended_on", "version").Updates(d), "delay")
}

// DelayLines are a court's delays that wait for a leader after an id, oldest first,
// along payout_delays_state.
func (db *DB) DelayLines(ctx context.Context, courtID, after int64, limit int) ([]model.DelayLine, error) {
	var out []model.DelayLine
	err := db.q(ctx).Model(&model.PayoutDelay{}).Select("payout_delays.*, e.case_no, m.held_fen, COALESCE(u.name, '') AS asker").
		Joins("JOIN enforcement_cases e ON e.id = payout_delays.enforcement_case_id").Joins("JOIN case_money m ON m.id = payout_delays.case_money_id").
		Joins("LEFT JOIN users u ON u.id = payout_delays.asked_by").Where("payout_delays.court_id = ? AND payout_delays.state = ? AND payout_delays.id > ?", courtID, model.DelayAsked, after).
		Order("payout_delays.id").Limit(limit).Find(&out).Error
	return out, translate(err, "delay")
}

// PayoutDelays are the delays of a sum of money, oldest first.
func (db *DB) PayoutDelays(ctx context.Context, moneyID int64) ([]model.PayoutDelay, error) {
	var out []model.PayoutDelay
	err := db.q(ctx).Where("case_money_id = ?", moneyID).Order("id").Limit(1000).Find(&out).Error
	return out, translate(err, "delay")
}
