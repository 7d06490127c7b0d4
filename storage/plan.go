package storage

import (
	"context"

	"microcourt/model"
)

// PlanByKey is the agreement that a user recorded under a key, nil when there is
// none.
func (db *DB) PlanByKey(ctx context.Context, userID int64, key string) (*model.PlanAgreement, error) {
	var list []model.PlanAgreement
	err := db.q(ctx).Where("recorded_by = ? AND idem_key = ?", userID, key).Limit(1).Find(&list).Error
	if err != nil || len(list) == 0 {
		return nil, translate(err, "plan")
	}
	return &list[0], nil
}

// Plan is the agreement with the id; that its case is the actor's is the caller's
// matter.
func (db *DB) Plan(ctx context.Context, id int64) (*model.PlanAgreement, error) {
	var p model.PlanAgreement
	err := db.q(ctx).Take(&p, "id = ?", id).Error
	return &p, translate(err, "plan")
}

// Plans lists every edition of a case's agreements on changed plans, the oldest
// first.
func (db *DB) Plans(ctx context.Context, caseID int64) ([]model.PlanAgreement, error) {
	var out []model.PlanAgreement
	err := db.q(ctx).Where("case_id = ?", caseID).Order("edition").Find(&out).Error
	return out, translate(err, "plan")
}

// CreatePlan adds an edition.
func (db *DB) CreatePlan(ctx context.Context, p *model.PlanAgreement) error {
	p.Version, p.CreatedAt = 1, db.Now()
	return translate(db.q(ctx).Create(p).Error, "plan")
}

// UpdatePlan writes how far an agreement has come; what was agreed stays.
func (db *DB) UpdatePlan(ctx context.Context, p *model.PlanAgreement) error {
	seen := p.Version
	p.Version++
	return changed(db.q(ctx).Model(&model.PlanAgreement{}).Where("id = ? AND version = ?", p.ID, seen).
		Select("state", "next_due_on", "agreed_on", "broken_on", "kept_on", "ended_on", "end_reason", "version").Updates(p), "plan")
}

// LatePlans lists agreements in force of which a part is late by its day.
func (db *DB) LatePlans(ctx context.Context, today model.Date, after int64, n int) ([]int64, error) {
	var out []int64
	err := db.q(ctx).Model(&model.PlanAgreement{}).Where("state = ? AND next_due_on < ? AND id > ?", model.PlanInForce, today, after).
		Order("id").Limit(n).Pluck("id", &out).Error
	return out, translate(err, "plan")
}

// SetPlanFront writes how an agreement stands in front of instalments, in the database
// and in all.
func (db *DB) SetPlanFront(ctx context.Context, list, all []model.Installment) error {
	for _, m := range list {
		if err := changed(db.q(ctx).Model(&model.Installment{}).Where("id = ?", m.ID).Updates(map[string]any{
			"plan_id": m.PlanID, "plan_due_on": m.PlanDueOn, "plan_due_fen": m.PlanDueFen, "updated_at": db.Now(),
		}), "installment"); err != nil {
			return err
		}
		for i := range all {
			if all[i].ID == m.ID {
				all[i].PlanID, all[i].PlanDueOn, all[i].PlanDueFen = m.PlanID, m.PlanDueOn, m.PlanDueFen
			}
		}
	}
	return nil
}

// PlanConsents lists what the parties of a case said of its agreements.
func (db *DB) PlanConsents(ctx context.Context, caseID int64) ([]model.PlanConsent, error) {
	var out []model.PlanConsent
	err := db.q(ctx).Where("case_id = ?", caseID).Order("agreement_id, party_id").Find(&out).Error
	return out, translate(err, "plan")
}

// AddPlanConsents adds what parties said.
func (db *DB) AddPlanConsents(ctx context.Context, list []model.PlanConsent) error {
	return Insert(ctx, db, list)
}
