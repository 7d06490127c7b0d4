package storage

import (
	"context"

	"microcourt/model"
)

// CreateDistribution adds a plan.
func (db *DB) CreateDistribution(ctx context.Context, d *model.Distribution) error {
	d.Version = 1
	return translate(db.q(ctx).Create(d).Error, "distribution")
}

// DistributionByKey is the plan that the user made under a key, nil when none.
func (db *DB) DistributionByKey(ctx context.Context, userID int64, key string) (*model.Distribution, error) {
	var list []model.Distribution
	err := db.q(ctx).Where("by_user_id = ? AND idem_key = ?", userID, key).Limit(1).Find(&list).Error
	if err != nil || len(list) == 0 {
		return nil, translate(err, "distribution")
	}
	return &list[0], nil
}

// Distribution is the plan with the id, locked inside a transaction; that its
// enforcement case is the actor's is the caller's matter.
func (db *DB) Distribution(ctx context.Context, id int64) (*model.Distribution, error) {
	var d model.Distribution
	err := db.forUpdate(ctx).Take(&d, "id = ?", id).Error
	return &d, translate(err, "distribution")
}

// Distributions lists the plans of an enforcement case, the newest first.
func (db *DB) Distributions(ctx context.Context, enforcementID int64) ([]model.Distribution, error) {
	var out []model.Distribution
	err := db.q(ctx).Where("enforcement_case_id = ?", enforcementID).Order("id DESC").Limit(100).Find(&out).Error
	return out, translate(err, "distribution")
}

// UpdateDistribution writes what became of a plan that was at version seen.
func (db *DB) UpdateDistribution(ctx context.Context, d *model.Distribution, seen int64) error {
	d.Version = seen + 1
	return changed(db.q(ctx).Model(&model.Distribution{}).Where("id = ? AND version = ?", d.ID, seen).
		Select("state", "served_on", "object_until", "rest_fen", "allocated_on", "end_reason", "version").Updates(d), "distribution")
}

// AddDistributionClaim adds a claim to a plan.
func (db *DB) AddDistributionClaim(ctx context.Context, c *model.DistributionClaim) error {
	return translate(db.q(ctx).Create(c).Error, "distribution_claim")
}

// DistributionClaims lists the claims of plans in the order of their entry.
func (db *DB) DistributionClaims(ctx context.Context, ids ...int64) ([]model.DistributionClaim, error) {
	var out []model.DistributionClaim
	if len(ids) == 0 {
		return nil, nil
	}
	err := db.q(ctx).Where("distribution_id IN ?", ids).Order("id").Find(&out).Error
	return out, translate(err, "distribution_claim")
}

// UpdateDistributionClaim writes what a claim gets, or that it was struck. What
// was claimed stays.
func (db *DB) UpdateDistributionClaim(ctx context.Context, c model.DistributionClaim) error {
	return changed(db.q(ctx).Model(&model.DistributionClaim{}).Where("id = ?", c.ID).
		Select("prior_share_fen", "share_fen", "doubled_share_fen", "held_fen", "receipt_id", "struck").Updates(c), "distribution_claim")
}

// AddDistributionObjection adds an objection against a plan.
func (db *DB) AddDistributionObjection(ctx context.Context, o *model.DistributionObjection) error {
	return translate(db.q(ctx).Create(o).Error, "distribution_objection")
}

// DistributionObjections lists the objections against plans, oldest first.
func (db *DB) DistributionObjections(ctx context.Context, ids ...int64) ([]model.DistributionObjection, error) {
	var out []model.DistributionObjection
	if len(ids) == 0 {
		return nil, nil
	}
	err := db.q(ctx).Where("distribution_id IN ?", ids).Order("id").Find(&out).Error
	return out, translate(err, "distribution_objection")
}

// UpdateDistributionObjection writes what became of an open objection.
func (db *DB) UpdateDistributionObjection(ctx context.Context, o model.DistributionObjection) error {
	return changed(db.q(ctx).Model(&model.DistributionObjection{}).Where("id = ? AND state = ?", o.ID, model.ObjectionOpen).
		Select("state", "notified_on", "result_on", "result", "claim_id", "held_fen").Updates(o), "distribution_objection")
}
