package storage

import (
	"context"
	"time"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"

	"microcourt/model"
)

// Try counts a try of the subject before it is made, and tells how long the
// next one has to wait when it may not be made now. Counting first makes a
// hundred tries at once a hundred tries; who turns out to be right gives his
// own back with Untry or ClearFailures.
func (db *DB) Try(ctx context.Context, subject string, t model.Throttle) (wait time.Duration, err error) {
	row := model.Attempt{Subject: subject, WindowEnd: db.Now()}
	err = db.q(ctx).Clauses(clause.OnConflict{ // which locks the row, new or not
		Columns: []clause.Column{{Name: "subject"}}, DoUpdates: clause.Set{{Column: clause.Column{Name: "failures"}, Value: clause.Expr{SQL: "failures"}}},
	}).Create(&row).Error
	if err != nil {
		return 0, translate(err, "attempt")
	}
	var a model.Attempt
	if err := db.forUpdate(ctx).Take(&a, "subject = ?", subject).Error; err != nil {
		return 0, translate(err, "attempt")
	}
	now := db.Now()
	if !a.WindowEnd.After(now) {
		a.Failures, a.NextAt = 0, nil
	}
	if a.NextAt != nil && a.NextAt.After(now) {
		return a.NextAt.Sub(now), nil
	}
	if a.Failures == 0 { // the window begins with the first one and is not drawn out by others
		a.WindowEnd = now.Add(t.Window)
	}
	a.Failures++
	a.NextAt = nil
	if w := t.Wait(a.Failures); w > 0 {
		next := now.Add(w)
		a.NextAt = &next
	}
	return 0, translate(db.q(ctx).Model(&a).Where("subject = ?", subject).Select("failures", "window_end", "next_at").Updates(&a).Error, "attempt")
}

// Untry gives a try back that was none: the subject's own, or somebody who
// proved who he is. The wait that it began ends; an earlier one was over when it
// was made.
func (db *DB) Untry(ctx context.Context, subject string) error {
	var a model.Attempt
	res := db.forUpdate(ctx).Where("subject = ? AND failures > 0", subject).Limit(1).Find(&a)
	if res.Error != nil || res.RowsAffected == 0 {
		return translate(res.Error, "attempt")
	}
	a.Failures--
	a.NextAt = nil
	return translate(db.q(ctx).Model(&a).Where("subject = ?", subject).Select("failures", "next_at").Updates(&a).Error, "attempt")
}

// Throttled are until when the subjects have to wait, by subject; those who do
// not are left out.
func (db *DB) Throttled(ctx context.Context, subjects []string) (map[string]time.Time, error) {
	var rows []model.Attempt
	err := db.q(ctx).Where("subject IN ? AND next_at > ?", subjects, db.Now()).Find(&rows).Error
	out := make(map[string]time.Time, len(rows))
	for _, a := range rows {
		out[a.Subject] = *a.NextAt
	}
	return out, translate(err, "attempt")
}

// ClearFailuresOf forgets the failures of a subject and of those below it,
// which begin with it and an @.
func (db *DB) ClearFailuresOf(ctx context.Context, subject string) error {
	return translate(db.q(ctx).Delete(&model.Attempt{}, "subject = ? OR subject LIKE ?", subject, subject+"@%").Error, "attempt")
}

// Failures counts the failures of a subject in its current window.
func (db *DB) Failures(ctx context.Context, subject string) (int, error) {
	var a model.Attempt
	res := db.q(ctx).Where("subject = ? AND window_end > ?", subject, db.Now()).Limit(1).Find(&a)
	return a.Failures, translate(res.Error, "attempt")
}

// AddFailure counts one more failure of a subject; the window begins with its
// first one.
func (db *DB) AddFailure(ctx context.Context, subject string, window time.Duration) error {
	res := db.q(ctx).Model(&model.Attempt{}).Where("subject = ? AND window_end > ?", subject, db.Now()).
		Update("failures", gorm.Expr("failures + 1"))
	if res.Error != nil || res.RowsAffected > 0 {
		return translate(res.Error, "attempt")
	}
	a := model.Attempt{Subject: subject, Failures: 1, WindowEnd: db.Now().Add(window)}
	return translate(db.q(ctx).Clauses(clause.OnConflict{
		Columns: []clause.Column{{Name: "subject"}}, DoUpdates: clause.AssignmentColumns([]string{"failures", "window_end"}),
	}).Create(&a).Error, "attempt")
}

// ClearFailures forgets a subject's failures after a success.
func (db *DB) ClearFailures(ctx context.Context, subject string) error {
	return translate(db.q(ctx).Delete(&model.Attempt{}, "subject = ?", subject).Error, "attempt")
}
