package storage

import (
	"context"
	"time"

	"gorm.io/gorm"

	"microcourt/model"
)

// Settlement is what became of a leased message.
type Settlement struct {
	Leased
	// Owner held the lease under which it was sent.
	Owner   string
	Outcome model.OutboxMessage
	// FallBack hands the notice to the next channel: this one could not reach its
	// addressee.
	FallBack bool
}

// SettleOutbox records what became of leased messages, in one transaction, and
// tells which of them were not theirs any more: a worker whose lease was taken
// over changes nothing.
func (db *DB) SettleOutbox(ctx context.Context, list ...Settlement) (lost []Settlement, err error) {
	err = db.Transact(ctx, func(tx *DB) error {
		lost = nil
		for _, m := range list {
			q := tx.q(ctx).Where("id = ? AND lease_owner = ? AND state = ?", m.ID, m.Owner, model.OutboxSending)
			n, err := tx.settle(q, m.Outcome)
			switch {
			case err != nil:
				return err
			case n == 0:
				lost = append(lost, m)
			case m.FallBack:
				if err := tx.fallBackFrom(ctx, m); err != nil {
					return err
				}
			}
		}
		return nil
	})
	return lost, err
}

// SettleLate records a known outcome of a message that another worker took up in
// the meantime, as long as nobody knows any better, and tells whether it did. A
// message that was sent anew since has another deadline: what became of the
// former says nothing of it.
func (db *DB) SettleLate(ctx context.Context, m Settlement) (settled bool, err error) {
	err = db.Transact(ctx, func(tx *DB) error {
		q := tx.q(ctx).Where("id = ? AND notice_id = ? AND channel = ? AND message_id = '' AND (state = ? OR state = ? AND last_error = ?)",
			m.ID, m.NoticeID, m.Channel, model.OutboxUnknown, model.OutboxQueued, LostAnswer)
		if !m.Deadline.IsZero() { // not written by a former program
			q = q.Where("deadline = ?", m.Deadline.UTC())
		}
		n, err := tx.settle(q, m.Outcome)
		if settled = n > 0; err != nil || !settled || !m.FallBack {
			return err
		}
		return tx.fallBackFrom(ctx, m)
	})
	return settled, err
}

// fallBackFrom hands a message's notice to the next channel. An outcome that
// outlived its process does not carry the notice.
func (db *DB) fallBackFrom(ctx context.Context, m Settlement) error {
	n := m.Notice
	if n.CourtID == 0 {
		if err := db.q(ctx).Omit("body").Take(&n, "id = ?", m.NoticeID).Error; err != nil {
			return translate(err, "notice")
		}
	}
	return db.fallBack(ctx, n, m.Channel)
}

func (db *DB) settle(q *gorm.DB, m model.OutboxMessage) (int64, error) {
	res := q.Model(&model.OutboxMessage{}).Updates(map[string]any{
		"state": m.State, "next_at": m.NextAt, "last_code": m.LastCode, "last_error": m.LastError, "message_id": m.MessageID, "template_id": m.TemplateID,
		"accepted_at": m.AcceptedAt, "ask_at": m.AskAt, "lease_owner": "", "lease_until": nil, "active_user": nil, "updated_at": db.Now(),
	})
	return res.RowsAffected, translate(res.Error, "outbox")
}

// Allowance is what the ledger says a user still allows of a template; see
// model.Allowance.
func (db *DB) Allowance(ctx context.Context, userID int64, openID, templateID string, longTerm bool) (int, error) {
	entries, err := db.SubscriptionEntries(ctx, openID)
	if err != nil {
		return 0, err
	}
	uses, err := db.SubscriptionUses(ctx, userID)
	if err != nil {
		return 0, err
	}
	var own []model.SubscriptionEntry
	for _, e := range entries {
		if e.TemplateID == templateID {
			own = append(own, e)
		}
	}
	var used []model.SubscriptionUse
	for _, u := range uses {
		if u.TemplateID == templateID {
			used = append(used, u)
		}
	}
	return model.Allowance(longTerm, own, used), nil
}

// Asked is a text message of which the gateway is to be asked what became of it.
type Asked struct {
	model.OutboxMessage
	Phone string
}

// MessagesToAsk lists messages of which their channel is to be asked, the
// longest due first.
func (db *DB) MessagesToAsk(ctx context.Context, n int) ([]Asked, error) {
	var rows []model.OutboxMessage
	if err := db.q(ctx).Where("ask_at <= ?", db.Now()).Order("ask_at").Limit(n).Find(&rows).Error; err != nil || len(rows) == 0 {
		return nil, translate(err, "outbox")
	}
	ids := make([]int64, len(rows))
	for i, r := range rows {
		ids[i] = r.PartyID
	}
	phones, err := db.phonesOf(ctx, ids)
	if err != nil {
		return nil, translate(err, "party")
	}
	out := make([]Asked, len(rows))
	for i, r := range rows {
		out[i] = Asked{r, phones[r.PartyID]}
	}
	return out, nil
}

// AskLater says when a message's channel is asked next, nil for never.
func (db *DB) AskLater(ctx context.Context, id int64, at *time.Time) error {
	return translate(db.writerQ(ctx).Model(&model.OutboxMessage{}).Where("id = ? AND ask_at IS NOT NULL", id).
		UpdateColumns(map[string]any{"ask_at": at}).Error, "outbox")
}

// writerQ is for a single write outside a transaction.
func (db *DB) writerQ(ctx context.Context) *gorm.DB {
	if db.writer == nil {
		return db.q(ctx)
	}
	return db.writer.WithContext(withKeys(ctx, db))
}
