package storage

import (
	"context"

	"microcourt/model"
)

// CreateSpending adds an application to spend. A second one under a restriction
// while one is open is a Conflict.
func (db *DB) CreateSpending(ctx context.Context, p *model.SpendingPermit) error {
	p.Version, p.CreatedAt = 1, db.Now()
	created, err := createOnce(db.q(ctx), p)
	if err == nil && !created {
		return model.E(model.Conflict, "spending.open", "已有一份消费申请正在处理，请等待决定")
	}
	return translate(err, "spending")
}

// SpendingByKey is the application that a user made under a key; nil when none.
func (db *DB) SpendingByKey(ctx context.Context, userID int64, key string) (*model.SpendingPermit, error) {
	var list []model.SpendingPermit
	err := db.q(ctx).Where("user_id = ? AND idem_key = ?", userID, key).Limit(1).Find(&list).Error
	if err != nil || len(list) == 0 {
		return nil, translate(err, "spending")
	}
	return &list[0], nil
}

// Spending is the application with the id; that its case is the actor's is the
// caller's matter.
func (db *DB) Spending(ctx context.Context, id int64) (*model.SpendingPermit, error) {
	var p model.SpendingPermit
	err := db.q(ctx).Take(&p, "id = ?", id).Error
	return &p, translate(err, "spending")
}

// SpendingOf lists the applications under a restriction, the newest first.
func (db *DB) SpendingOf(ctx context.Context, measureID int64) ([]model.SpendingPermit, error) {
	var out []model.SpendingPermit
	err := db.q(ctx).Where("measure_id = ?", measureID).Order("id DESC").Find(&out).Error
	return out, translate(err, "spending")
}

// CaseSpending lists a case's applications, the newest first: of the parties for
// whom a user of the mini-program acts, all of them for the court's staff. The
// case's own visibility is the caller's matter.
func (db *DB) CaseSpending(ctx context.Context, by model.Actor, caseID int64) ([]model.SpendingPermit, error) {
	q := db.q(ctx).Where("case_id = ?", caseID)
	if by.IsParty() {
		q = q.Where("party_id IN (SELECT party_id FROM bindings WHERE user_id = ? AND ended_at IS NULL)", by.UserID)
	}
	var out []model.SpendingPermit
	err := q.Order("id DESC").Limit(200).Find(&out).Error
	return out, translate(err, "spending")
}

// UpdateSpending writes the answer to an application.
func (db *DB) UpdateSpending(ctx context.Context, p *model.SpendingPermit, seen int64) error {
	p.Version = seen + 1
	return changed(db.q(ctx).Model(&model.SpendingPermit{}).Where("id = ? AND version = ?", p.ID, seen).
		Select("state", "grant_from", "grant_until", "decision_reason", "decided_by", "decided_at", "number", "document_id", "open_key", "version").Updates(p), "spending")
}
