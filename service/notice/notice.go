// Package notice brings notices to people. The inbox is the record; what goes
// through the other channels (cards in WeChat, messages of the service account,
// texts) only points to it. Messages leave through the outbox: rows written in the
// transaction of their event, leased by workers, sent outside any transaction,
// settled afterwards. A row is never sent again blindly: what became of a message
// whose answer was lost is decided by what the channel can tell. What surely
// reached nobody, also when that is reported later, goes to the next channel of
// the court's order, in the end to paper.
package notice

import (
	"context"
	"crypto/rand"
	"log/slog"
	"sync"
	"time"

	"microcourt/model"
	"microcourt/storage"
)

// Channel is an outside channel.
type Channel interface {
	// Shows is what the addressee sees of a notice, for the court's staff.
	Shows(n model.Notice) []model.ShownLine
	// Covers tells whether the court has a card for the kind.
	Covers(kind model.NoticeKind) bool
	// Send sends one card. The error is for the log; the outcome decides.
	Send(ctx context.Context, m model.Outgoing) (model.Outcome, error)
	// Template is the template of a kind, for the ledger of what its addressees
	// allow; "" for a channel that needs no permission.
	Template(kind model.NoticeKind) (id string, longTerm bool)
	// Confirms tells whether the channel says later what became of a message.
	Confirms() bool
}

// Asker is a Channel that says what became of a message when it is asked.
type Asker interface {
	Ask(ctx context.Context, m model.Unheard) (model.Heard, error)
}

// Stage is a part of a message's way that is measured.
type Stage string

// The stages.
const (
	StageAccepted  Stage = "accepted"  // from the moment when it might go to the channel's acceptance
	StageDelivered Stage = "delivered" // from there to the phone, as the channel says
)

// Config is what the area needs besides the database.
type Config struct {
	AppID string
	// Channels are the outside channels by name.
	Channels map[model.ChannelName]Channel
	Logger   *slog.Logger
	Now      func() time.Time
	// Observe, when set, is told of every outcome: for metrics.
	Observe func(kind model.NoticeKind, channel model.ChannelName, outcome model.OutboxState)
	// Measure, when set, is told how long a stage took: for metrics.
	Measure func(channel model.ChannelName, stage Stage, took time.Duration)
	// JournalDir keeps known outcomes over a restart while the database cannot take
	// them; "" keeps them in memory only.
	JournalDir string
}

// Service is the area.
type Service struct {
	db    *storage.DB
	cfg   Config
	owner string
	wake  chan struct{}

	held *held
	pace *pace

	mu          sync.Mutex
	pausedUntil map[model.ChannelName]time.Time
}

// New makes the service.
func New(db *storage.DB, cfg Config) *Service {
	s := &Service{db: db, cfg: cfg, owner: rand.Text(), wake: make(chan struct{}, 1), pace: newPace(), pausedUntil: map[model.ChannelName]time.Time{}}
	s.held = newHeld(cfg.JournalDir, s.owner, cfg.Logger, cfg.Now)
	return s
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

// Item is a notice with when its reader opened it, and whether what it asks for
// is done meanwhile, by whomever.
type Item struct {
	model.Notice
	ReadAt *time.Time
	// Paper is the id of the numbered paper that goes with it and that the reader
	// may open, 0 for none.
	Paper int64
	Done  bool
}

// Unread tells whether the reader has yet to look at it.
func (i Item) Unread() bool { return i.ReadAt == nil && !i.Done }

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
	papers, err := s.papers(ctx, by, list)
	if err != nil {
		return nil, err
	}
	done, err := s.db.DoneNotices(ctx, ids)
	if err != nil {
		return nil, err
	}
	items := make([]Item, len(list))
	for i, n := range list {
		items[i] = Item{Notice: n, Paper: papers[n.ID], Done: done[n.ID]}
		if at, ok := reads[n.ID]; ok {
			items[i].ReadAt = &at
		}
	}
	return items, nil
}

// papers are the papers of notices that the actor may open: a party those that went
// to it.
func (s *Service) papers(ctx context.Context, by model.Actor, list []model.Notice) (map[int64]int64, error) {
	var cases, ids []int64
	for _, n := range list {
		if n.CaseID != 0 {
			cases, ids = append(cases, n.CaseID), append(ids, n.ID)
		}
	}
	if len(ids) == 0 || !by.May(model.ActDocumentRead) {
		return nil, nil
	}
	return s.db.PapersOfNotices(ctx, by, cases, ids)
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

// MarkAllRead records that the actor opened his notices up to the one that he saw
// last: what came in since stays unread. A repeat changes nothing.
func (s *Service) MarkAllRead(ctx context.Context, by model.Actor, upTo int64) error {
	if err := by.Require(model.ActSelf); err != nil {
		return err
	}
	if upTo <= 0 {
		return model.InvalidField("up_to", "field.format", "没有可以标为已读的消息，请刷新页面后重试")
	}
	return s.db.Transact(ctx, func(tx *storage.DB) error { return tx.MarkAllRead(ctx, by, upTo) })
}

// Place is the thing on whose page a notice's subject stands, nothing when it has
// none or the notice is about nothing.
func (s *Service) Place(ctx context.Context, n model.Notice) (model.Thing, error) {
	if n.Subject == (model.Thing{}) {
		return n.Subject, nil
	}
	return s.db.HolderOf(ctx, n.Subject)
}

// Task is the task that a notice to the actor speaks of, nil when there is none.
func (s *Service) Task(ctx context.Context, by model.Actor, id int64) (*model.Task, error) {
	if err := by.Require(model.ActSelf); err != nil {
		return nil, err
	}
	t, err := s.db.TaskLine(ctx, id)
	if err != nil || t.CourtID != by.CourtID {
		if err != nil && model.KindOf(err) != model.NotFound {
			return nil, err
		}
		return nil, nil //nolint:nilnil // there is none
	}
	return &t.Task, nil
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
