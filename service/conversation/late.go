package conversation

import (
	"context"
	"errors"
	"slices"

	"microcourt/model"
	"microcourt/storage"
)

const batch = 100

// Pass tells the owner, his substitute and the court's leaders of every conversation that the
// court did not answer in time, once each. One that cannot be told of does not
// hold up the others. It also ends the call-backs whose time passed.
func (s *Service) Pass(ctx context.Context) error {
	first := errors.Join(s.lapse(ctx), s.pictures(ctx))
	_, late := s.db.Pass(ctx, "conversation", batch,
		func(n int) ([]int64, error) { return s.db.LateConversations(ctx, model.DateOf(s.db.Now()), n) },
		func(tx *storage.DB, id int64) error { return escalate(ctx, tx, id) })
	return errors.Join(first, late)
}

func escalate(ctx context.Context, tx *storage.DB, id int64) error {
	seen, err := tx.ConversationByID(ctx, id)
	if err != nil {
		return err
	}
	cs, err := tx.LockCaseByID(ctx, seen.CaseID)
	if err != nil {
		return err
	}
	c, err := tx.ConversationByID(ctx, id) // as it is under the lock
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
