package storage

import (
	"context"

	"microcourt/model"
)

// AddReadyAnswers enters a list of ready answers as the court's.
func (db *DB) AddReadyAnswers(ctx context.Context, l *model.ReadyAnswerList) error {
	return translate(db.q(ctx).Create(l).Error, "court")
}

// ReadyAnswerLists are a court's lists of ready answers, the newest first.
func (db *DB) ReadyAnswerLists(ctx context.Context, courtID int64, limit int) ([]model.ReadyAnswerList, error) {
	var out []model.ReadyAnswerList
	err := db.q(ctx).Where("court_id = ?", courtID).Order("id DESC").Limit(limit).Find(&out).Error
	return out, translate(err, "court")
}
