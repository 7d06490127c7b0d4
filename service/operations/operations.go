// Package operations does the program's jobs at their times and tells whether
// everything runs: the channels, the jobs, what ends soon, what the system found
// wrong with itself.
package operations

import (
	"context"
	"fmt"
	"log/slog"
	"slices"
	"time"

	"microcourt/model"
	"microcourt/storage"
	"microcourt/storage/object"
)

// Outbox sends messages.
type Outbox interface {
	// Has tells whether the installation has the channel.
	Has(name model.ChannelName) bool
	// Unconfirmed counts messages that a channel took and did not confirm for days.
	Unconfirmed(ctx context.Context, courtID int64) (int64, error)
}

// Endings are the things that end.
type Endings interface {
	List(ctx context.Context, by model.Actor) ([]model.EndingLine, error)
}

// Recovery compares the database with what lies outside of it.
type Recovery interface {
	// JournalAway is since when the journal of numbers cannot be written, zero when
	// it can.
	JournalAway() time.Time
	// LookForMissing finds objects that rows name and that are not there.
	LookForMissing(ctx context.Context) error
}

// Config is what the area needs besides the database.
type Config struct {
	Objects  object.Store
	Outbox   Outbox
	Endings  Endings
	Recovery Recovery
	// Jobs are what the other areas do again and again.
	Jobs []Job
	// Rehearsal says that nothing of what the program sends leaves it.
	Rehearsal bool
	Logger    *slog.Logger
}

// Service is the area.
type Service struct {
	db      *storage.DB
	cfg     Config
	jobs    []*job
	started time.Time
}

// New makes the service.
func New(db *storage.DB, cfg Config) *Service {
	s := &Service{db: db, cfg: cfg, started: db.Now()}
	for _, j := range append(slices.Clone(cfg.Jobs), s.ownJobs()...) {
		s.jobs = append(s.jobs, &job{Job: j})
	}
	return s
}

// Rehearsal tells whether nothing of what the program sends leaves it: WeChat
// is the sandbox. Screens and commands say so.
func (s *Service) Rehearsal() bool { return s.cfg.Rehearsal }

// ChannelHealth is how an outside channel does.
type ChannelHealth struct {
	Name    model.ChannelName
	Chinese string
	On      bool // set up in this installation
	Used    bool // in the court's order
	// Oldest is how long the oldest message that is due has waited.
	Oldest time.Duration
	// Sent, Refused and Failed count the court's messages of the last RateDays by
	// what became of them: taken by the channel; not wanted by their addressees,
	// which is nobody's fault; not delivered. Waiting are undecided yet.
	Sent, Refused, Failed, Waiting int64
}

// Tried is how many messages the channel was to deliver, and of which it is
// known what became of them.
func (h ChannelHealth) Tried() int64 { return h.Sent + h.Refused + h.Failed }

// SentShare and FailedShare are shares of Tried, “—” when nothing was.
func (h ChannelHealth) SentShare() string { return share(h.Sent, h.Tried()) }

// FailedShare is the share that was not delivered.
func (h ChannelHealth) FailedShare() string { return share(h.Failed, h.Tried()) }

// RefusedShare is the share that the addressees did not allow.
func (h ChannelHealth) RefusedShare() string { return share(h.Refused, h.Tried()) }

func (h *ChannelHealth) count(state model.OutboxState, n int64) {
	switch state {
	case model.OutboxQueued, model.OutboxSending:
		h.Waiting += n
	case model.OutboxAccepted:
		h.Sent += n
	case model.OutboxNoConsent:
		h.Refused += n
	case model.OutboxSkipped: // the channel has no card for it
	default:
		h.Failed += n
	}
}

func share(part, whole int64) string {
	if whole == 0 {
		return "—"
	}
	return fmt.Sprintf("%.1f%%", 100*float64(part)/float64(whole))
}

// shownVoids bounds the void numbers that the page names.
const shownVoids = 50

// RateDays is the time over which the channels' successes are counted.
const RateDays = 7

// Overview is whether everything runs, for the court's administrators.
type Overview struct {
	Database string // product
	Schema   int64
	Objects  bool // the store answers
	Channels []ChannelHealth
	Queued   int64 // outside messages that wait, of all courts
	Sending  int64
	Failed   int64 // of this court, up to the ceiling of counts
	Silent   int64 // of this court, taken by a channel that did not confirm them for days
	Stale    int64 // schedules that are to be made anew
	Unread   int64 // pushed messages of WeChat that are not applied yet
	Printing int64 // certificates and papers that are to be printed
	Jobs     []JobHealth
	Endings  []model.EndingLine // what ends, the most urgent first
	Findings []model.Defect     // what the system found wrong with itself
	// Recovery is open while the database is older than what belongs to it. Strays
	// are kept objects that no row names, Void the court's numbers that nobody has,
	// Held the messages, of all courts, that may have been sent before.
	Recovery           *model.Recovery
	Strays, Void, Held int64
	Voids              []model.VoidNumber // the newest of the court's
}

// Overview tells whether everything runs.
func (s *Service) Overview(ctx context.Context, by model.Actor) (*Overview, error) {
	if err := by.Require(model.ActOperations); err != nil {
		return nil, err
	}
	o := &Overview{Database: string(s.db.Dialect())}
	v, err := s.db.SchemaVersion(ctx)
	if err != nil {
		return nil, err
	}
	o.Schema = v.Database
	o.Objects = s.cfg.Objects.Ready(ctx) == nil
	ages, err := s.db.OutboxWaiting(ctx)
	if err != nil {
		return nil, err
	}
	court, err := s.db.Court(ctx, by.CourtID)
	if err != nil {
		return nil, err
	}
	outcomes, err := s.db.ChannelCounts(ctx, by.CourtID, s.db.Now().AddDate(0, 0, -RateDays))
	if err != nil {
		return nil, err
	}
	if o.Jobs, err = s.jobHealth(ctx); err != nil {
		return nil, err
	}
	if o.Endings, err = s.cfg.Endings.List(ctx, by); err != nil {
		return nil, err
	}
	for _, name := range []model.ChannelName{model.ChannelWeChat, model.ChannelService, model.ChannelSMS, model.ChannelPaper} {
		h := ChannelHealth{Name: name, Chinese: model.ChannelNames[name], On: name == model.ChannelPaper || s.cfg.Outbox.Has(name), Oldest: ages[name]}
		for _, used := range court.Settings.ChannelOrder() {
			h.Used = h.Used || used == name
		}
		for _, n := range outcomes {
			if n.Channel == name {
				h.count(n.State, n.N)
			}
		}
		o.Channels = append(o.Channels, h)
	}
	if o.Findings, err = s.Findings(ctx, by); err != nil {
		return nil, err
	}
	counts, err := s.db.OutboxCounts(ctx)
	if err != nil {
		return nil, err
	}
	o.Queued, o.Sending = counts[model.OutboxQueued], counts[model.OutboxSending]
	if o.Failed, err = s.db.FailedCount(ctx, by.CourtID); err != nil {
		return nil, err
	}
	if o.Silent, err = s.cfg.Outbox.Unconfirmed(ctx, by.CourtID); err != nil {
		return nil, err
	}
	if o.Recovery, err = s.db.OpenRecovery(ctx); err != nil {
		return nil, err
	}
	if o.Strays, err = s.db.CountStrays(ctx); err != nil {
		return nil, err
	}
	if o.Void, err = s.db.CountVoidNumbers(ctx, by.CourtID); err != nil {
		return nil, err
	}
	if o.Voids, err = s.db.VoidNumbers(ctx, by.CourtID, shownVoids); err != nil {
		return nil, err
	}
	if o.Held, err = s.db.CountHeld(ctx); err != nil {
		return nil, err
	}
	b, err := s.db.Backlog(ctx)
	if err != nil {
		return nil, err
	}
	o.Stale, o.Unread, o.Printing = b.Stale, b.Pushes, b.Papers
	return o, nil
}
