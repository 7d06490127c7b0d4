package conversation

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"microcourt/model"
	"microcourt/storage"
)

const (
	passEvery = time.Minute
	batch     = 100
)

// Run tells of late conversations until ctx ends.
func (s *Service) Run(ctx context.Context) error {
	t := time.NewTicker(passEvery)
	defer t.Stop()
	for {
		if err := s.Pass(ctx); err != nil && ctx.Err() == nil {
			s.cfg.Logger.ErrorContext(ctx, "conversations", "error", err.Error())
		}
		select {
		case <-ctx.Done():
			return nil
		case <-t.C:
		}
	}
}

// Pass tells the court's leaders, and whoever is to answer, of every
// conversation whose clock ran out, once each.
func (s *Service) Pass(ctx context.Context) error {
	list, err := s.db.LateConversations(ctx, model.DateOf(s.db.Now()), batch)
	if err != nil {
		return err
	}
	var errs error
	for _, c := range list {
		if err := s.db.Transact(ctx, func(tx *storage.DB) error { return escalate(ctx, tx, c) }); err != nil {
			errs = errors.Join(errs, fmt.Errorf("conversation %d: %w", c.ID, err))
		}
	}
	return errs
}

func escalate(ctx context.Context, tx *storage.DB, seen model.Conversation) error {
	cs, err := tx.LockCaseByID(ctx, seen.CaseID)
	if err != nil {
		return err
	}
	c, err := tx.ConversationByID(ctx, seen.ID)
	if err != nil || c.EscalatedAt != nil || !c.Late(model.DateOf(tx.Now())) {
		return err // answered meanwhile
	}
	leaders, err := tx.StaffWith(ctx, c.CourtID, model.RoleLeader)
	if err != nil {
		return err
	}
	told, err := tx.Substitutes(ctx, c.OwnerID)
	if err != nil {
		return err
	}
	told = append(told, c.OwnerID)
	for _, l := range leaders {
		told = append(told, l.UserID)
	}
	names, err := tx.UserNames(ctx, []int64{c.OwnerID})
	if err != nil {
		return err
	}
	slices.Sort(told)
	for _, user := range slices.Compact(told) {
		if err := tx.AddNotice(ctx, model.MessageLateNotice(*c, *cs, names[c.OwnerID], user)); err != nil {
			return err
		}
	}
	now := tx.Now()
	c.EscalatedAt = &now
	return tx.UpdateConversation(ctx, c)
}
