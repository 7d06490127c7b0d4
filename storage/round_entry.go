package storage

import (
	"context"

	"microcourt/model"
)

// CreateRoundEntry adds an entry on the way to 终结本次执行程序; under a key that its
// author has used it loads the first one instead.
func (db *DB) CreateRoundEntry(ctx context.Context, e *model.RoundEntry) (created bool, err error) {
	created, err = createOnce(db.q(ctx), e)
	if err != nil || created {
		return created, translate(err, "round entry")
	}
	err = db.q(ctx).Where("by_user_id = ? AND idem_key = ?", e.ByUserID, e.IdemKey).Take(e).Error
	return false, translate(err, "round entry")
}

// RoundEntries lists those of an enforcement case, the oldest first.
func (db *DB) RoundEntries(ctx context.Context, enforcementCaseID int64) ([]model.RoundEntry, error) {
	var out []model.RoundEntry
	err := db.q(ctx).Where("enforcement_case_id = ?", enforcementCaseID).Order("id").Find(&out).Error
	return out, translate(err, "round entry")
}
