package conversation

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"microcourt/model"
	"microcourt/storage"
)

const batch = 100

// Pass tells the owner, his substitute and the court's leaders of every conversation that the
// court did not answer in time, once each. One that cannot be told of does not
// hold up the others. It also ends the call-backs whose time passed.
func (s *Service) Pass(ctx context.Context) error {
	errs := errors.Join(s.lapse(ctx), s.pictures(ctx))
	tried := map[int64]bool{}
	for ctx.Err() == nil {
		list, err := s.db.LateConversations(ctx, model.DateOf(s.db.Now()), batch+len(tried))
		if err != nil {
			return errors.Join(errs, err)
		}
		n := 0
		for _, c := range list {
			if tried[c.ID] {
				continue
			}
			tried[c.ID] = true
			n++
			if err := s.db.Transact(ctx, func(tx *storage.DB) error { return escalate(ctx, tx, c) }); err != nil {
				errs = errors.Join(errs, fmt.Errorf("conversation %d: %w", c.ID, err))
			}
		}
		if n == 0 {
			break
		}
	}
	return errs
}

func escalate(ctx context.Context, tx *storage.DB, seen model.Conversation) error {
	cs, err := tx.LockCaseByID(ctx, seen.CaseID)
	if err != nil {
		return err
	}
	c, err := tx.ConversationByID(ctx, seen.ID) // as it is under the lock
	if err != nil || c.LateToldAt != nil || !c.Late(model.DateOf(tx.Now())) {
		return err
	}
	owner, err := tx.User(ctx, c.OwnerID)
	if err != nil {
		return err
	}
	leaders, err := tx.StaffWith(ctx, c.CourtID, model.RoleLeader)
	if err != nil {
		return err
	}
	people, err := tx.Substitutes(ctx, c.OwnerID)
	if err != nil {
		return err
	}
	told := append([]int64{c.OwnerID}, people...)
	for _, l := range leaders {
		if !slices.Contains(told, l.UserID) {
			told = append(told, l.UserID)
		}
	}
	for _, user := range told {
		if err := tx.AddNotice(ctx, model.MessageLateNotice(*c, *cs, owner.Name, user)); err != nil {
			return err
		}
	}
	now := tx.Now()
	c.LateToldAt = &now
	return tx.UpdateConversation(ctx, c)
}
