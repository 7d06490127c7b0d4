// Package notice brings notices to people. The inbox is the record; a card in
// WeChat only points to it. Cards leave through the outbox: rows written in
// the transaction of their event, leased by workers, sent outside any
// transaction, settled afterwards. A row is never sent again blindly: what
// became of a message whose answer was lost is decided by what the channel can
// tell.
package notice

import (
	"context"
	"crypto/rand"
	"log/slog"
	mathrand "math/rand/v2"
	"sync"
	"time"

	"microcourt/model"
	"microcourt/storage"
)

// Message is one card to one person.
type Message struct {
	ID     int64  // of the outbox row
	OpenID string // of the addressee in the mini-program
	Phone  string // of the party, for text messages
	// CheckCode is printed on it, see model.Notice.
	CheckCode string
	Title     string
	CourtID   int64
	Kind      model.NoticeKind
	Page      string
	Card      map[string]string // semantic fields; the channel fits them into its template
	At        time.Time         // of the event
	// Repeat says that the message may have been sent before.
	Repeat bool
}

// Outcome is what became of a card.
type Outcome struct {
	State     model.OutboxState // queued means: send again after RetryIn
	Code      int
	MessageID string
	Template  string // of the card, for the ledger of subscriptions
	RetryIn   time.Duration
	// PauseFor stops the whole channel, e.g. when a quota is used up.
	PauseFor time.Duration
}

// Line is one line of a message as its addressee sees it.
type Line struct{ Label, Value string }

// Channel is an outside channel.
type Channel interface {
	// Shows is what the addressee sees of a notice, for the court's staff.
	Shows(n model.Notice) []Line
	// Covers tells whether the court has a card for the kind.
	Covers(kind model.NoticeKind) bool
	// Send sends one card. The error is for the log; the Outcome decides.
	Send(ctx context.Context, m Message) (Outcome, error)
}

// Config is what the area needs besides the database.
type Config struct {
	AppID string
	// Channels are the outside channels by name.
	Channels map[model.ChannelName]Channel
	Logger   *slog.Logger
	Now      func() time.Time
	// Observe, when set, is told of every outcome: for metrics.
	Observe func(kind model.NoticeKind, channel model.ChannelName, outcome model.OutboxState)
}

// Service is the area.
type Service struct {
	db    *storage.DB
	cfg   Config
	owner string
	wake  chan struct{}

	mu          sync.Mutex
	pausedUntil map[model.ChannelName]time.Time
}

// New makes the service.
func New(db *storage.DB, cfg Config) *Service {
	return &Service{db: db, cfg: cfg, owner: rand.Text(), wake: make(chan struct{}, 1), pausedUntil: map[model.ChannelName]time.Time{}}
}

// How the outbox is worked.
const (
	batch     = 64          // in flight at once: with 20 ms a call, some thousands a second
	leaseFor  = time.Minute // longer than any call takes
	pollEvery = time.Second
)

// Run sends what is due until ctx ends. What it holds then it finishes.
func (s *Service) Run(ctx context.Context) error {
	poll := time.NewTicker(pollEvery)
	defer poll.Stop()
	for {
		n, err := s.Pass(ctx)
		if err != nil && ctx.Err() == nil {
			s.cfg.Logger.ErrorContext(ctx, "outbox", "error", err.Error())
		}
		if ctx.Err() != nil {
			return nil
		}
		if n > 0 {
			continue
		}
		select {
		case <-ctx.Done():
			return nil
		case <-s.wake:
		case <-poll.C:
		}
	}
}

// Drain sends what is due now, until nothing is or ctx ends.
func (s *Service) Drain(ctx context.Context) error {
	for {
		n, err := s.Pass(ctx)
		if err != nil || n == 0 || ctx.Err() != nil {
			return err
		}
	}
}

// Pass leases and sends one batch and tells how many messages it held.
func (s *Service) Pass(ctx context.Context) (int, error) {
	held, err := s.db.LeaseOutbox(ctx, s.cfg.AppID, s.owner, s.paused(), batch, leaseFor)
	if err != nil || len(held) == 0 {
		return 0, err
	}
	var wg sync.WaitGroup
	for _, m := range held {
		wg.Go(func() {
			// Once begun a message is finished, also when the server stops.
			s.deliver(context.WithoutCancel(ctx), m)
		})
	}
	wg.Wait()
	return len(held), nil
}

// paused lists the channels that refuse everything for now.
func (s *Service) paused() (out []model.ChannelName) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for name, until := range s.pausedUntil {
		if until.After(s.cfg.Now()) {
			out = append(out, name)
		}
	}
	return out
}

func (s *Service) deliver(ctx context.Context, m storage.Leased) {
	settled := s.send(ctx, m)
	if s.cfg.Observe != nil {
		s.cfg.Observe(m.Notice.Kind, m.Channel, settled.State)
	}
	var err error
	switch settled.State {
	case model.OutboxNoConsent, model.OutboxUnreachable, model.OutboxInvalid, model.OutboxSkipped:
		err = s.db.SettleAndFallBack(ctx, m, s.owner, settled)
	default: // never after "retry" or "unknown": it may have arrived
		err = s.db.SettleOutbox(ctx, m.ID, s.owner, settled)
	}
	if err != nil {
		// The lease runs out and the row is taken up as lost.
		s.cfg.Logger.ErrorContext(ctx, "outbox: settle", "id", m.ID, "state", settled.State, "error", err.Error())
	}
}

func (s *Service) send(ctx context.Context, m storage.Leased) model.OutboxMessage {
	now := s.cfg.Now().UTC()
	settled := model.OutboxMessage{NextAt: now}
	channel := s.cfg.Channels[m.Channel]
	switch {
	case channel == nil || !channel.Covers(m.Notice.Kind):
		settled.State = model.OutboxSkipped
		return settled
	case m.OpenID == "" && m.Phone == "": // e.g. he does not follow the service account any more
		settled.State = model.OutboxUnreachable
		return settled
	case now.After(m.Deadline) && !m.Lost:
		settled.State = model.OutboxExpired
		return settled
	}
	// A message that waited until the night waits until the morning, whoever was
	// late: unless the law's clock would be missed.
	if at := m.Notice.CardAt(m.Quiet, now); at.After(now) {
		settled.State, settled.NextAt = model.OutboxQueued, at
		if m.Lost {
			settled.LastError = lostAnswer
		}
		return settled
	}
	out, err := channel.Send(ctx, Message{
		ID: m.ID, OpenID: m.OpenID, Phone: m.Phone, CheckCode: m.Notice.CheckCode, Title: m.Notice.Title, CourtID: m.CourtID, Kind: m.Notice.Kind, Page: m.Notice.Page, Card: m.Notice.Card, At: m.Notice.CreatedAt,
		Repeat: m.Lost || m.LastError == lostAnswer,
	})
	settled.State, settled.LastCode, settled.MessageID, settled.TemplateID = out.State, out.Code, out.MessageID, out.Template
	if out.PauseFor > 0 {
		s.mu.Lock()
		s.pausedUntil[m.Channel] = now.Add(out.PauseFor)
		s.mu.Unlock()
		s.cfg.Logger.WarnContext(ctx, "outbox: channel paused", "code", out.Code, "for", out.PauseFor)
	}
	switch out.State {
	case model.OutboxQueued:
		settled.NextAt = m.Quiet.After(now.Add(max(out.RetryIn, backoff(m.Attempts))))
		if settled.NextAt.After(m.Deadline) {
			settled.State = model.OutboxExpired
		}
	case model.OutboxUnknown:
		if out.RetryIn > 0 { // a repeat tells: a one-time card is not shown twice
			settled.State, settled.NextAt, settled.LastError = model.OutboxQueued, now.Add(out.RetryIn), lostAnswer
		} else if !m.Lost {
			settled.LastError = storage.NoAnswer
		}
	case model.OutboxInvalid, model.OutboxUnreachable:
		s.cfg.Logger.ErrorContext(ctx, "outbox: message refused", "id", m.ID, "kind", m.Notice.Kind, "code", out.Code, "error", text(err))
	case model.OutboxAccepted, model.OutboxNoConsent, model.OutboxExpired, model.OutboxSkipped, model.OutboxSending:
	}
	return settled
}

// lostAnswer marks a row whose first answer was lost.
const lostAnswer = "answer lost"

func text(err error) string {
	if err == nil {
		return ""
	}
	return err.Error()
}

// backoff waits longer after each attempt, with jitter, so that many messages
// do not come back at once.
func backoff(attempts int) time.Duration {
	steps := []time.Duration{time.Second, 5 * time.Second, 30 * time.Second, 5 * time.Minute, 30 * time.Minute}
	d := steps[min(max(attempts-1, 0), len(steps)-1)]
	return d + time.Duration(mathrand.Int64N(int64(d)/4+1)) //nolint:gosec // jitter
}

// Has tells whether the installation has a channel.
func (s *Service) Has(channel model.ChannelName) bool { return s.cfg.Channels[channel] != nil }

// Wake tells the worker that there is something to send.
func (s *Service) Wake() {
	select {
	case s.wake <- struct{}{}:
	default:
	}
}

// Item is a notice with when its reader opened it.
type Item struct {
	model.Notice
	ReadAt *time.Time
}

// Inbox lists the actor's notices, newest first, and counts the unread.
func (s *Service) Inbox(ctx context.Context, by model.Actor, caseID, before int64, limit int) (items []Item, unread int64, err error) {
	if err := by.Require(model.ActSelf); err != nil {
		return nil, 0, err
	}
	list, err := s.db.Notices(ctx, by, caseID, before, limit)
	if err != nil {
		return nil, 0, err
	}
	if unread, err = s.db.CountUnread(ctx, by); err != nil {
		return nil, 0, err
	}
	items, err = s.withReads(ctx, by, list)
	return items, unread, err
}

func (s *Service) withReads(ctx context.Context, by model.Actor, list []model.Notice) ([]Item, error) {
	if len(list) == 0 {
		return nil, nil
	}
	ids := make([]int64, len(list))
	for i, n := range list {
		ids[i] = n.ID
	}
	reads, err := s.db.Reads(ctx, by.UserID, ids)
	if err != nil {
		return nil, err
	}
	items := make([]Item, len(list))
	for i, n := range list {
		items[i] = Item{Notice: n}
		if at, ok := reads[n.ID]; ok {
			items[i].ReadAt = &at
		}
	}
	return items, nil
}

// Notice is one of the actor's notices. Looking at it marks nothing.
func (s *Service) Notice(ctx context.Context, by model.Actor, id int64) (*Item, error) {
	if err := by.Require(model.ActSelf); err != nil {
		return nil, err
	}
	n, err := s.db.Notice(ctx, by, id)
	if err != nil {
		return nil, err
	}
	items, err := s.withReads(ctx, by, []model.Notice{*n})
	if err != nil {
		return nil, err
	}
	return &items[0], nil
}

// MarkRead records that the actor opened a notice; the first time stays.
func (s *Service) MarkRead(ctx context.Context, by model.Actor, id int64) error {
	if err := by.Require(model.ActSelf); err != nil {
		return err
	}
	return s.db.Transact(ctx, func(tx *storage.DB) error {
		n, err := tx.Notice(ctx, by, id)
		if err != nil {
			return err
		}
		return tx.MarkRead(ctx, n.ID, by.UserID)
	})
}
