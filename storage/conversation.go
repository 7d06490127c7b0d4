package storage

import (
	"context"
	"time"

	"gorm.io/gorm"

	"microcourt/model"
)

// visibleConversations limits a query over conversations to those that the
// actor may see. A clerk and a leader see their court's, a judge those of the
// parties of his cases, whoever answers his own, a WeChat user those of the
// parties to whom he is bound.
func (db *DB) visibleConversations(ctx context.Context, by model.Actor) *gorm.DB {
	q := db.q(ctx).Model(&model.Conversation{})
	switch {
	case by.Has(model.RoleClerk), by.Has(model.RoleLeader):
		return q.Where("conversations.court_id = ?", by.CourtID)
	case by.Has(model.RoleJudge), by.Has(model.RoleOfficer):
		return q.Where(`conversations.court_id = ? AND (conversations.owner_id = ? OR
			conversations.party_id <> 0 AND conversations.case_id IN (SELECT id FROM cases WHERE judge_id = ?))`, by.CourtID, by.UserID, by.UserID)
	case by.IsParty():
		return q.Where("conversations.party_id IN (SELECT party_id FROM bindings WHERE user_id = ? AND ended_at IS NULL)", by.UserID)
	}
	return q.Where("1 = 0")
}

// Conversation is the conversation with the id, if the actor may see it;
// otherwise NotFound.
func (db *DB) Conversation(ctx context.Context, by model.Actor, id int64) (*model.Conversation, error) {
	var c model.Conversation
	err := db.visibleConversations(ctx, by).Take(&c, "conversations.id = ?", id).Error
	return &c, translate(err, "conversation")
}

// Conversations lists those of a case that the actor may see, what waits
// first.
func (db *DB) Conversations(ctx context.Context, by model.Actor, caseID int64) ([]model.Conversation, error) {
	var out []model.Conversation
	err := db.visibleConversations(ctx, by).Where("conversations.case_id = ?", caseID).
		Order("CASE WHEN conversations.answer_by IS NULL THEN 1 ELSE 0 END, conversations.answer_by, conversations.last_message_id DESC").Limit(500).Find(&out).Error
	return out, translate(err, "conversation")
}

// OpenConversation is the conversation with a counterpart, made when there is
// none, for a transaction that holds the case.
func (db *DB) OpenConversation(ctx context.Context, c model.Conversation) (*model.Conversation, error) {
	var found model.Conversation
	res := db.q(ctx).Where("counterpart = ?", c.Counterpart).Limit(1).Find(&found)
	if res.Error != nil || res.RowsAffected > 0 {
		return &found, translate(res.Error, "conversation")
	}
	c.LastAt = db.Now()
	return &c, translate(db.q(ctx).Create(&c).Error, "conversation")
}

// setConversationOwners gives the conversations of a case to whoever answers
// them now; the duty moved.
func (db *DB) setConversationOwners(ctx context.Context, caseID int64) error {
	var list []model.Conversation
	if err := db.q(ctx).Where("case_id = ?", caseID).Find(&list).Error; err != nil || len(list) == 0 {
		return translate(err, "conversation")
	}
	cs, err := db.CaseByID(ctx, caseID)
	if err != nil {
		return err
	}
	enforcements, err := db.EnforcementsOf(ctx, caseID)
	if err != nil {
		return err
	}
	for _, c := range list {
		owner := c.Owner(*cs, enforcements)
		if owner == c.OwnerID {
			continue
		}
		if err := db.q(ctx).Model(&model.Conversation{}).Where("id = ?", c.ID).Update("owner_id", owner).Error; err != nil {
			return translate(err, "conversation")
		}
	}
	return nil
}

// UpdateConversation writes the court's clock and what was said last.
func (db *DB) UpdateConversation(ctx context.Context, c *model.Conversation) error {
	return translate(db.q(ctx).Model(c).Select("answer_by", "settled_id", "last_message_id", "last_at", "late_told_at").Updates(c).Error, "conversation")
}

// MessageByKey is what the user wrote under the key; nil when nothing.
func (db *DB) MessageByKey(ctx context.Context, userID int64, key string) (*model.Message, error) {
	var m model.Message
	res := db.q(ctx).Where("user_id = ? AND idem_key = ?", userID, key).Limit(1).Find(&m)
	if res.Error != nil || res.RowsAffected == 0 {
		return nil, translate(res.Error, "message")
	}
	return &m, nil
}

// CreateMessage adds a message.
func (db *DB) CreateMessage(ctx context.Context, m *model.Message) error {
	return translate(db.q(ctx).Create(m).Error, "message")
}

// MessagesSince counts what a user wrote since t.
func (db *DB) MessagesSince(ctx context.Context, userID int64, t time.Time) (int64, error) {
	var n int64
	err := db.q(ctx).Model(&model.Message{}).Where("user_id = ? AND created_at > ?", userID, t).Count(&n).Error
	return n, translate(err, "message")
}

// Messages lists the messages of conversations, newest first.
func (db *DB) Messages(ctx context.Context, conversations []int64, before int64, limit int) ([]model.Message, error) {
	if len(conversations) == 0 {
		return nil, nil
	}
	q := db.q(ctx).Where("conversation_id IN ?", conversations)
	if before > 0 {
		q = q.Where("id < ?", before)
	}
	var out []model.Message
	err := q.Order("id DESC").Limit(limit).Find(&out).Error
	return out, translate(err, "message")
}

// waitingConversations are those in which the court is to answer: an owner's,
// or the court's when owner is 0.
func (db *DB) waitingConversations(ctx context.Context, courtID, owner int64) *gorm.DB {
	q := db.q(ctx).Table("conversations").Where("conversations.court_id = ? AND conversations.answer_by IS NOT NULL", courtID)
	if owner != 0 {
		q = q.Where("conversations.owner_id = ?", owner)
	}
	return q
}

// WaitingConversations lists the conversations in which the court is to
// answer, the most urgent first: an owner's, or the court's when owner is 0.
func (db *DB) WaitingConversations(ctx context.Context, courtID, owner int64, limit int) ([]model.WaitingConversation, error) {
	var out []model.WaitingConversation
	err := db.waitingConversations(ctx, courtID, owner).
		Joins("JOIN cases ON cases.id = conversations.case_id").Joins("LEFT JOIN parties ON parties.id = conversations.party_id").
		Joins("JOIN users ON users.id = conversations.owner_id").Joins("JOIN messages ON messages.id = conversations.last_message_id").
		Select(`conversations.id, conversations.case_id, cases.case_no, conversations.owner_id, users.name AS owner, conversations.party_id,
			COALESCE(parties.name, '') AS party, conversations.answer_by, conversations.last_at, messages.body AS excerpt`).
		Order("conversations.answer_by, conversations.id").Limit(limit).Scan(&out).Error
	return out, translate(err, "conversation")
}

// WaitingMessages counts the conversations in which the court is to answer, up
// to CountCeiling, and those of them whose clock ran out before today.
func (db *DB) WaitingMessages(ctx context.Context, courtID, owner int64, today model.Date) (n, late int64, err error) {
	if n, err = db.upTo(ctx, db.waitingConversations(ctx, courtID, owner)); err != nil || n == 0 {
		return n, 0, translate(err, "conversation")
	}
	late, err = db.upTo(ctx, db.waitingConversations(ctx, courtID, owner).Where("conversations.answer_by < ?", today))
	return n, late, translate(err, "conversation")
}

// LastMessage is the newest message to or from an owner, or the court's when
// owner is 0; 0 when there is none.
func (db *DB) LastMessage(ctx context.Context, courtID, owner int64) (int64, error) {
	q := db.q(ctx).Model(&model.Conversation{}).Where("court_id = ?", courtID)
	if owner != 0 {
		q = db.q(ctx).Model(&model.Conversation{}).Where("owner_id = ?", owner)
	}
	var ids []int64
	err := q.Order("last_message_id DESC").Limit(1).Pluck("last_message_id", &ids).Error
	if err != nil || len(ids) == 0 {
		return 0, translate(err, "conversation")
	}
	return ids[0], nil
}

// LateConversations lists the conversations whose clock ran out before today
// and of which nobody was told yet, with their cases.
func (db *DB) LateConversations(ctx context.Context, today model.Date, n int) ([]model.Conversation, error) {
	var out []model.Conversation
	err := db.q(ctx).Where("late_told_at IS NULL AND answer_by < ?", today).Order("answer_by, id").Limit(n).Find(&out).Error
	return out, translate(err, "conversation")
}

// ConversationByID is a conversation whoever asks, for a transaction that holds
// its case.
func (db *DB) ConversationByID(ctx context.Context, id int64) (*model.Conversation, error) {
	var c model.Conversation
	return &c, translate(db.q(ctx).Take(&c, "id = ?", id).Error, "conversation")
}
