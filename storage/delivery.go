package storage

import (
	"context"
	"time"

	"gorm.io/gorm"

	"microcourt/model"
)

// Report is what a channel says became of a message that it took.
type Report struct {
	Channel   model.ChannelName
	MessageID string // the channel's
	OutboxID  int64  // ours, where the channel gives it back; else 0
	At        time.Time
	Failure   string // "" when it reached the phone
}

// Reported is the message that a report was about.
type Reported struct {
	// Known is false when there is no such message; Counted tells whether the
	// report decided what became of it.
	Known, Counted bool
	Message        model.OutboxMessage
	Kind           model.NoticeKind // of the notice, when the message failed
}

// MarkDelivered records what a channel says became of an accepted message. The
// first report decides: delivered, or failed, and then the next channel takes
// the notice up in the same transaction. A later report that says otherwise is
// kept and changes nothing.
func (db *DB) MarkDelivered(ctx context.Context, r Report) (Reported, error) {
	q := db.forUpdate(ctx).Where("message_id = ? AND channel = ?", r.MessageID, r.Channel)
	if r.OutboxID != 0 {
		q = db.forUpdate(ctx).Where("id = ? AND channel = ?", r.OutboxID, r.Channel)
	} else if r.MessageID == "" {
		return Reported{}, nil
	}
	var found []model.OutboxMessage
	if err := q.Limit(1).Find(&found).Error; err != nil || len(found) == 0 {
		return Reported{}, translate(err, "outbox")
	}
	return db.report(ctx, found[0], r, map[string]any{})
}

func (db *DB) report(ctx context.Context, m model.OutboxMessage, r Report, more map[string]any) (Reported, error) {
	out := Reported{Known: true, Message: m}
	out.Counted = m.DeliveredAt == nil && m.DeliveryError == "" && (m.State == model.OutboxAccepted || m.State == model.OutboxUnknown)
	if failure := []rune(r.Failure); len(failure) > 80 {
		r.Failure = string(failure[:80])
	}
	if !out.Counted && (r.Failure == "" && m.DeliveredAt != nil || r.Failure != "" && m.DeliveryError != "") {
		return out, nil // the same again
	}
	if r.Failure != "" || !out.Counted {
		_, err := createOnce(db.q(ctx), &model.DeliveryReport{OutboxID: m.ID, MessageID: r.MessageID, Failure: r.Failure, Counted: out.Counted, At: r.At})
		if err != nil {
			return out, translate(err, "delivery_report")
		}
	}
	if !out.Counted {
		return out, nil
	}
	more["ask_at"] = nil
	if r.Failure == "" {
		more["delivered_at"] = r.At
	} else {
		more["state"], more["delivery_error"] = model.OutboxFailed, r.Failure
	}
	// updated_at stays when the message was accepted: the ledger counts by it.
	if err := changed(db.q(ctx).Model(&model.OutboxMessage{}).Where("id = ?", m.ID).UpdateColumns(more), "outbox"); err != nil {
		return out, err
	}
	if r.Failure == "" {
		return out, nil
	}
	var n model.Notice
	if err := db.q(ctx).Omit("body").Take(&n, "id = ?", m.NoticeID).Error; err != nil {
		return out, translate(err, "notice")
	}
	out.Kind = n.Kind
	return out, db.fallBack(ctx, n, m.Channel)
}

// DeliveryReports lists what channels reported of messages, in order.
func (db *DB) DeliveryReports(ctx context.Context, messages []int64) ([]model.DeliveryReport, error) {
	if len(messages) == 0 {
		return nil, nil
	}
	var out []model.DeliveryReport
	err := db.q(ctx).Where("outbox_id IN ?", messages).Order("id").Find(&out).Error
	return out, translate(err, "delivery_report")
}

// lostStates are those of messages whose answer was lost, or came without an id.
var lostStates = []model.OutboxState{model.OutboxUnknown, model.OutboxAccepted}

const (
	// slack is how far WeChat's clock may be from ours.
	slack = time.Minute
	// LostAnswer marks a message whose answer was lost and that may be repeated.
	LostAnswer = "answer lost"
	// NoAnswer marks a message to which its sender, still alive, got no answer.
	NoAnswer = "no answer"
	// RepeatRefused marks one whose repeat WeChat refused as not allowed: either the
	// first try was shown and used the permission up, or it was refused too. Only
	// WeChat's own report tells.
	RepeatRefused = "repeat refused"
)

// ReconcileUnknown settles a message whose answer was lost, now that the
// channel tells of a message to the same user under the same template that was
// sent between its making and its settling, a minute ago at least: until then
// our own answer may be on its way.
func (db *DB) ReconcileUnknown(ctx context.Context, appID, openID, templateID string, r Report) (Reported, error) {
	var found []model.OutboxMessage
	err := db.forUpdate(ctx).
		Where("state IN ? AND template_id = ? AND message_id = '' AND created_at <= ?", lostStates, templateID, r.At.Add(slack)).
		Where("updated_at BETWEEN ? AND ?", r.At.Add(-slack), db.Now().Add(-slack)).
		Where("user_id IN (SELECT user_id FROM wechat_identities WHERE app_id = ? AND open_id = ?)", appID, openID).
		Order("id").Limit(1).Find(&found).Error
	if err != nil || len(found) == 0 {
		return Reported{}, translate(err, "outbox")
	}
	m := found[0]
	more := map[string]any{"state": model.OutboxAccepted, "message_id": r.MessageID}
	if m.AcceptedAt == nil {
		more["accepted_at"] = r.At
	}
	return db.report(ctx, m, r, more)
}

// RequeueSilent decides about cards to which no answer came and of which WeChat
// told nothing for a while, although it told of others in the hour before: they
// were not shown. They are sent again; one whose repeat WeChat refused had not
// been allowed, and the next channel takes it. A card whose sender died is not
// among them: whoever was to hear of it may have been down as well. It tells how
// many.
func (db *DB) RequeueSilent(ctx context.Context, silence time.Duration) (int64, error) {
	now := db.Now()
	var told []model.OutboxMessage
	err := db.q(ctx).Select("delivered_at").Where("delivered_at IS NOT NULL AND delivered_at > ? AND channel = ?", now.Add(-outboxLife), model.ChannelWeChat).
		Order("delivered_at DESC").Limit(1).Find(&told).Error
	if err != nil || len(told) == 0 {
		return 0, translate(err, "outbox")
	}
	until := now.Add(-silence)
	if alive := told[0].DeliveredAt.Add(time.Hour); alive.Before(until) {
		until = alive // nobody tells us anything any more
	}
	silent := func(mark string) *gorm.DB {
		return db.q(ctx).Model(&model.OutboxMessage{}).
			Where("state = ? AND channel = ? AND message_id = '' AND last_error = ?", model.OutboxUnknown, model.ChannelWeChat, mark).
			Where("updated_at <= ?", until)
	}
	res := silent(NoAnswer).Where("deadline > ?", now).
		Updates(map[string]any{"state": model.OutboxQueued, "next_at": now, "last_error": "", "updated_at": now})
	if res.Error != nil {
		return 0, translate(res.Error, "outbox")
	}
	var refused []model.OutboxMessage
	if err := silent(RepeatRefused).Order("id").Limit(100).Find(&refused).Error; err != nil {
		return 0, translate(err, "outbox")
	}
	for _, m := range refused {
		var n model.Notice
		if err := db.q(ctx).Omit("body").Take(&n, "id = ?", m.NoticeID).Error; err != nil {
			return 0, translate(err, "notice")
		}
		err := changed(db.q(ctx).Model(&model.OutboxMessage{}).Where("id = ? AND state = ?", m.ID, model.OutboxUnknown).
			Updates(map[string]any{"state": model.OutboxNoConsent, "last_error": "", "updated_at": now}), "outbox")
		if err == nil {
			err = db.fallBack(ctx, n, m.Channel)
		}
		if err != nil {
			return 0, err
		}
	}
	return res.RowsAffected + int64(len(refused)), nil
}

// Unconfirmed lists a court's messages that a channel took and of which it did
// not say within model.ConfirmWithin what became of them, oldest first.
func (db *DB) Unconfirmed(ctx context.Context, courtID int64, channels []model.ChannelName, after int64, limit int) ([]model.OutboxMessage, error) {
	if len(channels) == 0 {
		return nil, nil
	}
	var out []model.OutboxMessage
	err := db.unconfirmed(ctx, courtID, channels).Where("id > ?", after).Order("id").Limit(limit).Find(&out).Error
	return out, translate(err, "outbox")
}

// UnconfirmedCount counts them, up to CountCeiling.
func (db *DB) UnconfirmedCount(ctx context.Context, courtID int64, channels []model.ChannelName) (int64, error) {
	if len(channels) == 0 {
		return 0, nil
	}
	n, err := db.upTo(ctx, db.unconfirmed(ctx, courtID, channels).Model(&model.OutboxMessage{}))
	return n, translate(err, "outbox")
}

func (db *DB) unconfirmed(ctx context.Context, courtID int64, channels []model.ChannelName) *gorm.DB {
	return db.q(ctx).Where("court_id = ? AND state = ? AND delivered_at IS NULL AND accepted_at <= ? AND channel IN ?",
		courtID, model.OutboxAccepted, db.Now().Add(-model.ConfirmWithin), channels)
}

// Deliveries lists the outside messages of notices.
func (db *DB) Deliveries(ctx context.Context, notices []int64) ([]model.OutboxMessage, error) {
	var out []model.OutboxMessage
	err := db.q(ctx).Where("notice_id IN ?", notices).Order("id").Find(&out).Error
	return out, translate(err, "outbox")
}

// FailedDeliveries lists a court's messages that ended without reaching
// anybody, oldest first.
func (db *DB) FailedDeliveries(ctx context.Context, courtID, after int64, limit int) ([]model.OutboxMessage, error) {
	var out []model.OutboxMessage
	err := db.q(ctx).Where("court_id = ? AND state IN ? AND id > ?", courtID, failedStates, after).Order("id").Limit(limit).Find(&out).Error
	return out, translate(err, "outbox")
}

// FailedCount counts a court's messages that reached nobody, up to
// CountCeiling.
func (db *DB) FailedCount(ctx context.Context, courtID int64) (int64, error) {
	n, err := db.upTo(ctx, db.q(ctx).Model(&model.OutboxMessage{}).Where("court_id = ? AND state IN ?", courtID, failedStates))
	return n, translate(err, "outbox")
}

// LockDelivery is a court's outside message, locked for the rest of the
// transaction.
func (db *DB) LockDelivery(ctx context.Context, courtID, id int64) (*model.OutboxMessage, error) {
	var m model.OutboxMessage
	err := db.forUpdate(ctx).Take(&m, "id = ? AND court_id = ?", id, courtID).Error
	return &m, translate(err, "delivery")
}

// Requeue sends a message that failed, or that nobody confirmed, once more, after
// the court's quiet hours. The deadline of a message is of its present try only.
func (db *DB) Requeue(ctx context.Context, m *model.OutboxMessage) error {
	court, err := db.Court(ctx, m.CourtID)
	if err != nil {
		return err
	}
	at := court.Settings.Quiet().After(db.Now())
	m.Deadline = db.Now().Add(outboxLife)
	return changed(db.q(ctx).Model(&model.OutboxMessage{}).
		Where("id = ? AND (state IN ? OR state = ? AND delivered_at IS NULL AND accepted_at <= ?)",
			m.ID, failedStates, model.OutboxAccepted, db.Now().Add(-model.ConfirmWithin)).
		Updates(map[string]any{
			"state": model.OutboxQueued, "next_at": at, "due_at": at, "deadline": m.Deadline, "attempts": 0, "last_error": "",
			// What was reported of the former try stays in delivery_reports.
			"message_id": "", "delivery_error": "", "accepted_at": nil, "ask_at": nil, "updated_at": db.Now(),
		}), "delivery")
}
