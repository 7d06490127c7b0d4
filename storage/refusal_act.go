package storage

import (
	"context"

	"microcourt/model"
)

// CreateRefusalAct keeps an act before a judgment's effect; under a key that its
// author has used it loads the first one instead.
func (db *DB) CreateRefusalAct(ctx context.Context, a *model.RefusalAct) (created bool, err error) {
	created, err = createOnce(db.q(ctx), a)
	if err != nil || created {
		return created, translate(err, "refusal act")
	}
	err = db.q(ctx).Where("by_user_id = ? AND idem_key = ?", a.ByUserID, a.IdemKey).Take(a).Error
	return false, translate(err, "refusal act")
}

// RefusalActs lists those of an enforcement case, the newest first.
func (db *DB) RefusalActs(ctx context.Context, enforcementCaseID int64) ([]model.RefusalAct, error) {
	var out []model.RefusalAct
	err := db.q(ctx).Where("enforcement_case_id = ?", enforcementCaseID).Order("id DESC").Limit(200).Find(&out).Error
	return out, translate(err, "refusal act")
}
