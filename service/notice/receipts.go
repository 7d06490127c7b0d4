package notice

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"microcourt/model"
	"microcourt/storage"
)

const (
	askFirst = 30 * time.Second
	askLast  = 6 * time.Hour
	askMost  = 64 // at once
	askWorks = 8
)

// askNext is when a channel that does not know yet is asked again, nil when it
// had model.ConfirmWithin to find out: the message is listed then.
func askNext(accepted, now time.Time) *time.Time {
	age := now.Sub(accepted)
	if age >= model.ConfirmWithin {
		return nil
	}
	at := now.Add(min(max(age/2, askFirst), askLast))
	return &at
}

// AskReceipts asks the channels that do not tell by themselves what became of
// the messages that they took.
func (s *Service) AskReceipts(ctx context.Context) error {
	list, err := s.db.MessagesToAsk(ctx, askMost)
	if err != nil || len(list) == 0 {
		return err
	}
	answers := make([]model.Heard, len(list))
	var wg sync.WaitGroup
	slots := make(chan struct{}, askWorks)
	for i, m := range list {
		asker, ok := s.cfg.Channels[m.Channel].(Asker)
		if !ok || m.AcceptedAt == nil {
			continue
		}
		wg.Go(func() {
			slots <- struct{}{}
			defer func() { <-slots }()
			a, err := asker.Ask(ctx, model.Unheard{ID: m.ID, MessageID: m.MessageID, Phone: m.Phone, AcceptedAt: *m.AcceptedAt})
			if err != nil {
				s.cfg.Logger.WarnContext(ctx, "outbox: receipt", "id", m.ID, "channel", m.Channel, "error", err.Error())
				return
			}
			answers[i] = a
		})
	}
	wg.Wait()
	var errs error
	for i, m := range list {
		if err := s.answered(ctx, m, answers[i]); err != nil {
			errs = errors.Join(errs, fmt.Errorf("receipt of message %d: %w", m.ID, err), s.db.AskLater(ctx, m.ID, askNext(m.CreatedAt, s.cfg.Now().UTC())))
		}
	}
	return errs
}

func (s *Service) answered(ctx context.Context, m storage.Asked, a model.Heard) error {
	if !a.Known {
		var next *time.Time
		if m.AcceptedAt != nil {
			next = askNext(*m.AcceptedAt, s.cfg.Now().UTC())
		}
		return s.db.AskLater(ctx, m.ID, next)
	}
	return s.db.Transact(ctx, func(tx *storage.DB) error {
		got, err := tx.MarkDelivered(ctx, storage.Report{Channel: m.Channel, OutboxID: m.ID, MessageID: m.MessageID, At: a.At, Failure: a.Failure})
		if err == nil && got.Counted {
			tx.OnCommit(func() { s.Reported(got, a.At, a.Failure != "") })
		}
		return err
	})
}

// Reported counts what a channel said of a message, after it was written down.
func (s *Service) Reported(r storage.Reported, at time.Time, failed bool) {
	m := r.Message
	switch {
	case failed:
		if s.cfg.Observe != nil {
			s.cfg.Observe(r.Kind, m.Channel, model.OutboxFailed)
		}
		s.Wake() // the next channel has it
	case s.cfg.Measure != nil && m.AcceptedAt != nil:
		s.cfg.Measure(m.Channel, StageDelivered, max(at.Sub(*m.AcceptedAt), 0))
	}
}
