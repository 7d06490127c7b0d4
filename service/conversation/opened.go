package conversation

import (
	"context"
	"fmt"

	"microcourt/model"
	"microcourt/storage"
)

// Opened records that the actor opened a conversation as far as a message, so that
// the other side sees until where it was read. On the court's side it counts for
// whoever may answer; who only looks on has not read it for the court, and nothing is
// recorded. A repeat changes nothing. NotFound for a message that is not there.
func (s *Service) Opened(ctx context.Context, by model.Actor, id, messageID int64) error {
	if err := by.Require(model.ActMessageRead); err != nil {
		return err
	}
	c, err := s.db.Conversation(ctx, by, id)
	if err != nil {
		return err
	}
	if !by.May(model.ActMessageWrite) {
		return nil
	}
	known, err := s.db.HasMessage(ctx, c.ID, messageID)
	if err != nil {
		return err
	}
	if !known {
		return model.E(model.NotFound, "message.not_found", "没有找到这条留言")
	}
	marks, err := s.db.ConversationReads(ctx, []int64{c.ID}, messageID)
	if err != nil {
		return err
	}
	for _, m := range marks {
		if m.UserID == by.UserID {
			return nil // as far or further already
		}
	}
	err = s.db.Once(ctx, model.System(), func(tx *storage.DB) error {
		return tx.MarkConversationRead(ctx, model.ConversationRead{ConversationID: c.ID, UserID: by.UserID, MessageID: messageID, FromCourt: !by.IsParty()})
	})
	if err != nil {
		return fmt.Errorf("open conversation %d: %w", id, err)
	}
	return nil
}

// reads are the marks that say which messages of a page were read.
func (s *Service) reads(ctx context.Context, list []model.Message) ([]model.ConversationRead, error) {
	var ids []int64
	from, seen := int64(0), map[int64]bool{}
	for _, m := range list {
		if from == 0 || m.ID < from {
			from = m.ID
		}
		if !seen[m.ConversationID] {
			seen[m.ConversationID] = true
			ids = append(ids, m.ConversationID)
		}
	}
	return s.db.ConversationReads(ctx, ids, from)
}
