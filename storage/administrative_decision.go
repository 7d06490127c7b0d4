package storage

import (
	"context"

	"microcourt/model"
)

// AdministrativeDecisions lists what was entered about the administrative decision of a case,
// the newest first: that one counts.
func (db *DB) AdministrativeDecisions(ctx context.Context, caseID int64) ([]model.AdministrativeDecision, error) {
	var out []model.AdministrativeDecision
	err := db.q(ctx).Where("case_id = ?", caseID).Order("seq DESC").Limit(100).Find(&out).Error
	return out, translate(err, "decision")
}

// NewestDecision is the newest entry of the case's administrative decision, nil for
// none.
func (db *DB) NewestDecision(ctx context.Context, caseID int64) (*model.AdministrativeDecision, error) {
	var list []model.AdministrativeDecision
	err := db.q(ctx).Where("case_id = ?", caseID).Order("seq DESC").Limit(1).Find(&list).Error
	if err != nil || len(list) == 0 {
		return nil, translate(err, "decision")
	}
	return &list[0], nil
}

// CreateAdministrativeDecision adds an entry; a repeat under the same key is the first
// one. The caller has locked the case.
func (db *DB) CreateAdministrativeDecision(ctx context.Context, d *model.AdministrativeDecision) (created bool, err error) {
	var old []model.AdministrativeDecision
	err = db.q(ctx).Where("by_user_id = ? AND idem_key = ?", d.ByUserID, d.IdemKey).Limit(1).Find(&old).Error
	if err != nil || len(old) > 0 {
		if len(old) > 0 {
			*d = old[0]
		}
		return false, translate(err, "decision")
	}
	var last int
	if err := db.q(ctx).Model(&model.AdministrativeDecision{}).Where("case_id = ?", d.CaseID).Select("COALESCE(MAX(seq), 0)").Scan(&last).Error; err != nil {
		return false, translate(err, "decision")
	}
	d.Seq = last + 1
	return true, translate(db.q(ctx).Create(d).Error, "decision")
}

// SurchargeReductions lists the reductions of a case, the oldest first.
func (db *DB) SurchargeReductions(ctx context.Context, caseID int64) ([]model.SurchargeReduction, error) {
	var out []model.SurchargeReduction
	err := db.q(ctx).Where("case_id = ?", caseID).Order("id").Find(&out).Error
	return out, translate(err, "reduction")
}

// ReductionByKey is what a user entered under a key; nil when he entered
// nothing.
func (db *DB) ReductionByKey(ctx context.Context, userID int64, key string) (*model.SurchargeReduction, error) {
	var list []model.SurchargeReduction
	err := db.q(ctx).Where("by_user_id = ? AND idem_key = ?", userID, key).Limit(1).Find(&list).Error
	if err != nil || len(list) == 0 {
		return nil, translate(err, "reduction")
	}
	return &list[0], nil
}

// CreateReduction adds a reduction and takes it off the obligation and its
// instalments. The caller has locked the case.
func (db *DB) CreateReduction(ctx context.Context, r *model.SurchargeReduction, ob model.Obligation, parts []model.Installment) error {
	if err := db.q(ctx).Create(r).Error; err != nil {
		return translate(err, "reduction")
	}
	err := changed(db.q(ctx).Model(&model.Obligation{}).Where("id = ?", ob.ID).Updates(map[string]any{
		"amount_fen": ob.AmountFen - r.AmountFen, "reduced_fen": ob.ReducedFen + r.AmountFen, "updated_at": db.Now(),
	}), "obligation")
	if err != nil {
		return err
	}
	for _, i := range parts {
		err := changed(db.q(ctx).Model(&model.Installment{}).Where("id = ?", i.ID).Updates(map[string]any{
			"amount_fen": i.AmountFen, "reduced_fen": i.ReducedFen, "performed_on": i.PerformedOn, "updated_at": db.Now(),
		}), "installment")
		if err != nil {
			return err
		}
	}
	return nil
}
