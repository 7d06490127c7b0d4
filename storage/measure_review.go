package storage

import (
	"context"

	"microcourt/model"
)

// CreateReview adds an application against a measure; under a key that its
// author has used it loads the first one instead. A second one while one is
// open is a Conflict.
func (db *DB) CreateReview(ctx context.Context, r *model.MeasureReview) (created bool, err error) {
	created, err = createOnce(db.q(ctx), r)
	if err != nil || created {
		return created, translate(err, "review")
	}
	old, err := db.ReviewByKey(ctx, r.UserID, r.IdemKey)
	if err == nil && old == nil {
		return false, model.E(model.Conflict, "review.open", "已有一份申请正在处理，请等待结果")
	}
	if old != nil {
		*r = *old
	}
	return false, err
}

// ReviewByKey is the application that a user made under a key; nil when none.
func (db *DB) ReviewByKey(ctx context.Context, userID int64, key string) (*model.MeasureReview, error) {
	var list []model.MeasureReview
	err := db.q(ctx).Where("user_id = ? AND idem_key = ?", userID, key).Limit(1).Find(&list).Error
	if err != nil || len(list) == 0 {
		return nil, translate(err, "review")
	}
	return &list[0], nil
}

// Review is the application with the id; inside a transaction that locked its
// case it does not change any more.
func (db *DB) Review(ctx context.Context, id int64) (*model.MeasureReview, error) {
	var r model.MeasureReview
	err := db.q(ctx).Take(&r, "id = ?", id).Error
	return &r, translate(err, "review")
}

// Reviews lists the applications against measures, the oldest first.
func (db *DB) Reviews(ctx context.Context, measureIDs ...int64) ([]model.MeasureReview, error) {
	if len(measureIDs) == 0 {
		return nil, nil
	}
	var out []model.MeasureReview
	err := db.q(ctx).Where("measure_id IN ?", measureIDs).Order("id").Find(&out).Error
	return out, translate(err, "review")
}

// ConcludeReview writes an application's result, once.
func (db *DB) ConcludeReview(ctx context.Context, r *model.MeasureReview) error {
	return changed(db.q(ctx).Model(&model.MeasureReview{}).Where("id = ? AND state = ?", r.ID, model.ReviewOpen).
		Select("state", "result", "result_text", "by_court", "number", "decided_on", "decided_by", "decided_at", "open_key").Updates(r), "review")
}
