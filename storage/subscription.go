package storage

import (
	"context"

	"gorm.io/gorm/clause"

	"microcourt/model"
)

// CreatePushEvent stores a pushed message once; a repeat is the same one.
func (db *DB) CreatePushEvent(ctx context.Context, e *model.PushEvent) (created bool, err error) {
	created, err = createOnce(db.q(ctx), e)
	return created, translate(err, "push_event")
}

// DuePushEvents takes messages that are to be applied, the oldest first, and
// locks them for the rest of the transaction. Workers of several instances do
// not wait for each other.
func (db *DB) DuePushEvents(ctx context.Context, n int) ([]model.PushEvent, error) {
	q := db.q(ctx)
	if db.dialect == MySQL {
		q = q.Clauses(clause.Locking{Strength: clause.LockingStrengthUpdate, Options: clause.LockingOptionsSkipLocked})
	}
	var out []model.PushEvent
	err := q.Where("state IN ? AND next_at <= ?", pushOpen, db.Now()).Order("next_at, id").Limit(n).Find(&out).Error
	return out, translate(err, "push_event")
}

// pushOpen are the states in which a pushed message may still be applied.
var pushOpen = []model.PushState{model.PushWaiting, model.PushFailed}

// DuePushIDs lists messages that are to be applied, the oldest first.
func (db *DB) DuePushIDs(ctx context.Context, n int) ([]int64, error) {
	var out []int64
	err := db.q(ctx).Model(&model.PushEvent{}).Where("state IN ? AND next_at <= ?", pushOpen, db.Now()).Order("next_at, id").Limit(n).Pluck("id", &out).Error
	return out, translate(err, "push_event")
}

// LockPushEvent is the message with the id if it is still to be applied and no
// other worker holds it, else nil.
func (db *DB) LockPushEvent(ctx context.Context, id int64) (*model.PushEvent, error) {
	q := db.q(ctx)
	if db.dialect == MySQL {
		q = q.Clauses(clause.Locking{Strength: clause.LockingStrengthUpdate, Options: clause.LockingOptionsSkipLocked})
	}
	var out []model.PushEvent
	err := q.Where("id = ? AND state IN ? AND next_at <= ?", id, pushOpen, db.Now()).Find(&out).Error
	if err != nil || len(out) == 0 {
		return nil, translate(err, "push_event")
	}
	return &out[0], nil
}

// UpdatePushEvent writes how far a pushed message is.
func (db *DB) UpdatePushEvent(ctx context.Context, e *model.PushEvent) error {
	return changed(db.q(ctx).Model(e).Select("state", "attempts", "next_at", "applied_at").Updates(e), "push_event")
}

// CreateSubscriptionEntry adds an answer of a user once by its key.
func (db *DB) CreateSubscriptionEntry(ctx context.Context, e *model.SubscriptionEntry) (created bool, err error) {
	created, err = createOnce(db.q(ctx), e)
	return created, translate(err, "subscription")
}

// SubscriptionEntries lists the answers of a user, in the order of time.
func (db *DB) SubscriptionEntries(ctx context.Context, openID string) ([]model.SubscriptionEntry, error) {
	var out []model.SubscriptionEntry
	err := db.q(ctx).Where("open_id = ?", openID).Order("at, id").Find(&out).Error
	return out, translate(err, "subscription")
}

// SubscriptionUses lists what became of the cards to a user, in the order of
// time. A card whose answer was lost counts once WeChat refused its repeat.
func (db *DB) SubscriptionUses(ctx context.Context, userID int64) ([]model.SubscriptionUse, error) {
	var out []model.SubscriptionUse
	err := db.q(ctx).Model(&model.OutboxMessage{}).Select("template_id", "state", "updated_at AS at").
		Where("user_id = ? AND template_id <> ''", userID).
		Where("state IN ? OR state = ? AND last_error = ?",
			[]model.OutboxState{model.OutboxAccepted, model.OutboxFailed, model.OutboxNoConsent}, model.OutboxUnknown, RepeatRefused).
		Order("updated_at, id").Scan(&out).Error
	return out, translate(err, "subscription")
}
