package storage

import (
	"context"

	"microcourt/model"
)

// MarkConversationRead records that somebody opened a conversation; the first time
// stays.
func (db *DB) MarkConversationRead(ctx context.Context, r model.ConversationRead) error {
	r.ReadAt = db.Now()
	_, err := createOnce(db.q(ctx), &r)
	return translate(err, "conversation")
}

// ConversationReads are the marks of conversations from a message on, the oldest
// first.
func (db *DB) ConversationReads(ctx context.Context, conversations []int64, from int64) ([]model.ConversationRead, error) {
	if len(conversations) == 0 {
		return nil, nil
	}
	var out []model.ConversationRead
	err := db.q(ctx).Where("conversation_id IN ? AND message_id >= ?", conversations, from).Order("message_id, read_at").Limit(5000).Find(&out).Error
	return out, translate(err, "conversation")
}

// HasMessage tells whether a message is one of a conversation.
func (db *DB) HasMessage(ctx context.Context, conversationID, id int64) (bool, error) {
	var ids []int64
	err := db.q(ctx).Model(&model.Message{}).Where("id = ? AND conversation_id = ?", id, conversationID).Limit(1).Pluck("id", &ids).Error
	return len(ids) > 0, translate(err, "message")
}
