package storage

import (
	"context"
	"time"

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
	err := q.Where("state = ? AND next_at <= ?", model.PushWaiting, db.Now()).Order("next_at, id").Limit(n).Find(&out).Error
	return out, translate(err, "push_event")
}

// UpdatePushEvent writes how far a pushed message is.
func (db *DB) UpdatePushEvent(ctx context.Context, e *model.PushEvent) error {
	return translate(db.q(ctx).Model(e).Select("state", "attempts", "next_at", "applied_at").Updates(e).Error, "push_event")
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
// time.
func (db *DB) SubscriptionUses(ctx context.Context, userID int64) ([]model.SubscriptionUse, error) {
	var out []model.SubscriptionUse
	err := db.q(ctx).Model(&model.OutboxMessage{}).Select("template_id", "state", "updated_at AS at").
		Where("user_id = ? AND state IN ? AND template_id <> ''", userID, []model.OutboxState{model.OutboxAccepted, model.OutboxNoConsent}).
		Order("updated_at, id").Scan(&out).Error
	return out, translate(err, "subscription")
}

// MarkDelivered records what the channel says became of an accepted message,
// once, and tells whether there is such a message.
func (db *DB) MarkDelivered(ctx context.Context, messageID string, at time.Time, failure string) (bool, error) {
	var found []model.OutboxMessage
	err := db.forUpdate(ctx).Select("id", "delivered_at", "delivery_error").Where("message_id = ?", messageID).Limit(1).Find(&found).Error
	if err != nil || len(found) == 0 {
		return false, translate(err, "outbox")
	}
	if found[0].DeliveredAt != nil || found[0].DeliveryError != "" {
		return true, nil
	}
	return true, db.setDelivery(ctx, found[0].ID, map[string]any{}, at, failure)
}

func (db *DB) setDelivery(ctx context.Context, id int64, more map[string]any, at time.Time, failure string) error {
	if more["delivery_error"] = failure; failure == "" {
		more["delivered_at"] = at
	}
	return translate(db.q(ctx).Model(&model.OutboxMessage{}).Where("id = ?", id).UpdateColumns(more).Error, "outbox")
}

// lostStates are those of messages whose answer was lost: nobody knows, or a
// repeat told that the first had used up the user's permission.
var lostStates = []model.OutboxState{model.OutboxUnknown, model.OutboxAccepted}

const (
	// slack is how far WeChat's clock may be from ours.
	slack = time.Minute
	// NoAnswer marks a message to which its sender, still alive, got no answer.
	NoAnswer = "no answer"
)

// ReconcileUnknown settles a message whose answer was lost, now that the
// channel tells of a message to the same user under the same template that was
// sent between its making and its settling, a minute ago at least: until then
// our own answer may be on its way. It tells whether there was one.
func (db *DB) ReconcileUnknown(ctx context.Context, appID, openID, templateID, messageID string, at time.Time, failure string) (bool, error) {
	var found []model.OutboxMessage
	err := db.forUpdate(ctx).
		Where("state IN ? AND template_id = ? AND message_id = '' AND created_at <= ?", lostStates, templateID, at.Add(slack)).
		Where("updated_at BETWEEN ? AND ?", at.Add(-slack), db.Now().Add(-slack)).
		Where("user_id IN (SELECT user_id FROM wechat_identities WHERE app_id = ? AND open_id = ?)", appID, openID).
		Order("id").Limit(1).Find(&found).Error
	if err != nil || len(found) == 0 {
		return false, translate(err, "outbox")
	}
	return true, db.setDelivery(ctx, found[0].ID, map[string]any{"state": model.OutboxAccepted, "message_id": messageID}, at, failure)
}

// RequeueSilent sends again the cards to which no answer came and of which WeChat
// told nothing for a while, although it told of others in the hour before: they
// were not shown. A card whose sender died is not among them: whoever was to
// hear of it may have been down as well. It tells how many.
func (db *DB) RequeueSilent(ctx context.Context, silence time.Duration) (int64, error) {
	now := db.Now()
	var told []model.OutboxMessage
	err := db.q(ctx).Select("delivered_at").Where("delivered_at IS NOT NULL AND delivered_at > ?", now.Add(-outboxLife)).
		Order("delivered_at DESC").Limit(1).Find(&told).Error
	if err != nil || len(told) == 0 {
		return 0, translate(err, "outbox")
	}
	until := now.Add(-silence)
	if alive := told[0].DeliveredAt.Add(time.Hour); alive.Before(until) {
		until = alive // nobody tells us anything any more
	}
	res := db.q(ctx).Model(&model.OutboxMessage{}).
		Where("state = ? AND channel = ? AND message_id = '' AND last_error = ?", model.OutboxUnknown, model.ChannelWeChat, NoAnswer).
		Where("updated_at <= ? AND deadline > ?", until, now).
		Updates(map[string]any{"state": model.OutboxQueued, "next_at": now, "last_error": "", "updated_at": now})
	return res.RowsAffected, translate(res.Error, "outbox")
}
