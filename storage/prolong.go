package storage

import (
	"context"

	"microcourt/model"
)

// CreateProlongation adds a proposal. A second one for a listing while one is
// open is a Conflict.
func (db *DB) CreateProlongation(ctx context.Context, p *model.Prolongation) error {
	p.Version, p.CreatedAt = 1, db.Now()
	created, err := createOnce(db.q(ctx), p)
	if err == nil && !created {
		return model.E(model.Conflict, "prolong.open", "已有一项延长期限的提请在等待决定")
	}
	return translate(err, "prolongation")
}

// ProlongationByKey is the proposal that a user made under a key; nil when none.
func (db *DB) ProlongationByKey(ctx context.Context, userID int64, key string) (*model.Prolongation, error) {
	var list []model.Prolongation
	err := db.q(ctx).Where("proposed_by = ? AND idem_key = ?", userID, key).Limit(1).Find(&list).Error
	if err != nil || len(list) == 0 {
		return nil, translate(err, "prolongation")
	}
	return &list[0], nil
}

// Prolongation is the proposal with the id; that its case is the actor's is the
// caller's matter.
func (db *DB) Prolongation(ctx context.Context, id int64) (*model.Prolongation, error) {
	var p model.Prolongation
	err := db.q(ctx).Take(&p, "id = ?", id).Error
	return &p, translate(err, "prolongation")
}

// ProlongationsOf lists a listing's proposals, the newest first.
func (db *DB) ProlongationsOf(ctx context.Context, measureID int64) ([]model.Prolongation, error) {
	var out []model.Prolongation
	err := db.q(ctx).Where("measure_id = ?", measureID).Order("id DESC").Limit(100).Find(&out).Error
	return out, translate(err, "prolongation")
}

// UpdateProlongation writes the answer to a proposal.
func (db *DB) UpdateProlongation(ctx context.Context, p *model.Prolongation, seen int64) error {
	p.Version = seen + 1
	return changed(db.q(ctx).Model(&model.Prolongation{}).Where("id = ? AND version = ?", p.ID, seen).
		Select("state", "former_until", "until_on", "decided_by", "decided_at", "decide_note", "number", "document_id", "open_key", "version").Updates(p), "prolongation")
}
