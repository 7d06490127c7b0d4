// Package performance takes receipts from debtors to the judge's decision and
// keeps the ledger: uploads, receipts with their flags, the queue,
// confirmation, return and correction, and the obligees' answers.
//
// A picture (JPEG, PNG) whose size the phone states is examined while it streams
// to the object store, which gets its last byte only when all is well. Other
// kinds, small files, and those that a phone put into the store itself, cannot
// be examined in passing: they are kept in a temporary file while they are hashed,
// and a child process examines them before they are stored. In both ways a
// refused file never becomes an object, which matters where the store keeps
// versions or locks objects, and no more than a buffer of it is held in memory.
//
// Decoding a picture takes a hundred times longer than examining it, so viewing
// copies are made after the answer, by a small pool that finds its work in the
// database again after a crash. A receipt can only be submitted once all of its
// pictures have been decoded.
package performance

import (
	"context"
	"crypto/rand"
	"io"
	"log/slog"
	"strings"
	"time"

	"microcourt/model"
	"microcourt/service/evidence"
	"microcourt/storage"
	"microcourt/storage/object"
)

// Config is what the area needs besides the database.
type Config struct {
	Objects object.Store
	// TempDir is where uploads are spooled; the system's default when empty.
	TempDir string
	Logger  *slog.Logger
	// Enforcement, when set, is told of a case in enforcement whose ledger changed,
	// in the same transaction: full performance opens what is to be lifted.
	Enforcement Enforcement
	// Certificates, when set, says for what certificate a debtor may apply.
	Certificates Certificates
	// Recovery, when set, is asked before anything is removed.
	Recovery Recovery
	// KeepStrays is for how many years objects are kept that may be evidence and
	// that no row names; 0 for ever.
	KeepStrays int
	// UndoFor is how long a decision that was made at the desk can be taken back; 0
	// carries it out at once.
	UndoFor time.Duration
	// NewKey makes the random part of object keys; rand.Text when nil.
	NewKey func() string
}

// Enforcement is the officers' work.
type Enforcement interface {
	Settled(ctx context.Context, tx *storage.DB, by model.Actor, cs model.Case, all []model.Installment) error
}

// Recovery knows whether the database is older than what belongs to it.
type Recovery interface {
	// MaySweep refuses while what no row names may be something that was lost.
	MaySweep(ctx context.Context) error
}

// examiner looks at files in processes of their own; see evidence.Pool.
type examiner interface {
	Examine(ctx context.Context, r io.ReaderAt, size int64) (*evidence.Report, error)
	Views(ctx context.Context, r io.ReaderAt, size int64) (*evidence.Report, *evidence.Copies, error)
}

// Service is the area.
type Service struct {
	db    *storage.DB
	cfg   Config
	files examiner
	ended ended
	wake  chan int64    // files whose views are to be made
	puts  chan struct{} // places for uploads that are stored
	// undecodable are files whose views could not be made, which catchUp leaves
	// alone for a while.
	undecodable failures
}

const maxPuts = 16

// New makes the service.
func New(db *storage.DB, cfg Config) *Service {
	if cfg.NewKey == nil {
		cfg.NewKey = rand.Text
	}
	return &Service{
		db: db, cfg: cfg, files: evidence.Shared(), wake: make(chan int64, 256), puts: make(chan struct{}, maxPuts),
	}
}

// key makes an object key: by day, so that the sweeper can list one day, and
// random, so that nothing of the user's shapes it.
func (s *Service) key(kind string) string {
	return kind + "/" + s.db.Now().Format("2006/01/02") + "/" + strings.ToLower(s.cfg.NewKey())
}

// Run makes viewing copies until ctx ends.
func (s *Service) Run(ctx context.Context) error {
	poll := time.NewTicker(30 * time.Second)
	defer poll.Stop()
	s.catchUp(ctx)
	for {
		select {
		case <-ctx.Done():
			return nil
		case id := <-s.wake:
			s.viewsOf(ctx, id)
		case <-poll.C:
			s.catchUp(ctx)
		}
	}
}

// catchUp makes the views that an earlier process left undone.
func (s *Service) catchUp(ctx context.Context) {
	for after := int64(0); ctx.Err() == nil; {
		files, err := s.db.FilesWithoutViews(ctx, after, 50)
		if err != nil {
			s.cfg.Logger.ErrorContext(ctx, "views", "error", err.Error())
			return
		}
		for _, f := range files {
			if after = f.ID; !s.undecodable.recent(f.ID, s.db.Now()) {
				s.viewsOf(ctx, f.ID)
			}
		}
		if len(files) < 50 {
			return
		}
	}
}
