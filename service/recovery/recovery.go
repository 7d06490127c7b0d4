// Package recovery keeps a court able to come back: consistent backups, their
// restoring, and what a database that is older than the world outside must not
// do. Numbers that were given out, evidence that was stored and messages that
// were sent exist outside the database; a restored one does not know of them.
// So nothing is removed for want of a row, series of numbers move past every
// number that was seen outside, and messages that may have been sent wait for a
// person. The journal (journal.go) is the memory outside the database.
package recovery

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"microcourt/model"
	"microcourt/storage"
	"microcourt/storage/object"
)

// Config is what the area needs besides the database.
type Config struct {
	Objects object.Store
	Logger  *slog.Logger
	Papers  Papers // nil when no numbers are read from papers
	Jobs    Jobs   // nil when there is nothing to catch up with
}

// Papers are the papers that the court signed.
type Papers interface {
	// ReadPaper reads the number and the check code ("" when it has none) that a
	// signed paper bears. It fails for anything that is no intact signed paper.
	ReadPaper(pdf []byte) (number, checkCode string, err error)
}

// Jobs are what the program does again and again.
type Jobs interface {
	// CatchUp does what became due while the database was away, without sending
	// anything.
	CatchUp(ctx context.Context) error
}

// Service is the area.
type Service struct {
	db  *storage.DB
	cfg Config

	journal journal

	comparing sync.Mutex                  // one comparison of the database at a time
	seen      map[int64]storage.AuditHead // the ends of the chains as they were last read

	unread, unwritten trouble // of the journal

	mu    sync.Mutex
	young []object.Info // unknown and newer than every row at the start
}

// New makes the service. From now on every number that is given out is written
// to the journal, by Run or at the latest by Flush.
func New(db *storage.DB, cfg Config) *Service {
	s := &Service{db: db, cfg: cfg, journal: journal{wake: make(chan struct{}, 1)}}
	db.OnNumber(s.journal.touch)
	db.OnDoubt(func(ctx context.Context) error {
		s.comparing.Lock()
		defer s.comparing.Unlock()
		return s.compare(ctx)
	})
	return s
}

// The folders of the store.
const (
	originals    = "originals"
	certificates = "certificates"
	documents    = "documents"
)

// kept are the folders whose objects may be evidence or signed papers.
var kept = []string{originals, certificates, documents}

// lookBack is how many days before the newest row a start looks at.
const lookBack = 7

// youngFor is how long an object may be on its way to its row.
const youngFor = 15 * time.Minute

var errReconcile = model.E(model.Conflict, "recovery.open",
	"数据库比已有的文件或编号旧，已暂停清理：请在服务器上运行 microcourt reconcile 核对后再继续")

// MaySweep refuses a sweep while the database is known to be older than what
// belongs to it, or may be.
func (s *Service) MaySweep(ctx context.Context) error {
	if err := s.Look(ctx); err != nil {
		return err
	}
	if err := s.judge(ctx); err != nil {
		return err
	}
	r, err := s.db.OpenRecovery(ctx)
	if err == nil && r != nil {
		err = errReconcile.WithCause(errors.New(r.Detail))
	}
	return err
}

// judge looks again at the young objects without a row that the check found:
// they may have been on their way to a row in another process.
func (s *Service) judge(ctx context.Context) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.young) == 0 {
		return nil
	}
	keys := make([]string, len(s.young))
	for i, o := range s.young {
		keys[i] = o.Key
	}
	known, _, err := s.db.KnownObjects(ctx, keys)
	if err != nil {
		return err
	}
	listed, err := s.db.StrayKeys(ctx, keys) // by a reconciliation in another process
	if err != nil {
		return err
	}
	s.young = slices.DeleteFunc(s.young, func(o object.Info) bool { return known[o.Key] || listed[o.Key] })
	for _, o := range s.young {
		if s.db.Now().Sub(o.ModTime) < youngFor {
			return errReconcile.WithCause(fmt.Errorf("%s is newer than the newest row and may be on its way", o.Key))
		}
	}
	if len(s.young) > 0 {
		r := model.Recovery{Cause: model.RecoveryObjects, Detail: newerThanRows(len(s.young), s.young[0].Key)}
		if err := s.db.Transact(ctx, func(tx *storage.DB) error {
			_, err := tx.AddRecovery(ctx, &r)
			return err
		}); err != nil {
			return err
		}
		s.young = nil
	}
	return nil
}

func newerThanRows(n int, first string) string {
	return fmt.Sprintf("%d objects without a row are newer than the newest row, the first is %s", n, first)
}

// Finding is what a check found.
type Finding struct {
	// Recovery is open when the database is older than what belongs to it.
	Recovery *model.Recovery
	Voided   []model.VoidNumber
}

// Check compares the database with the journal, as every start does before it
// gives out a number. When the database turns out to be older it moves the
// series of numbers past those that were given out, and opens a recovery: until
// it was reconciled nothing is removed and nothing is sent outside.
func (s *Service) Check(ctx context.Context) (*Finding, error) {
	o, err := s.readJournal(ctx, false)
	if err != nil {
		return nil, fmt.Errorf("check: %w", err)
	}
	return s.conclude(ctx, o, news{})
}

// CheckObjects is Check for who removes files or gives out certificates: it
// compares the newest objects, too.
func (s *Service) CheckObjects(ctx context.Context) (*Finding, error) {
	o, err := s.readJournal(ctx, false)
	if err != nil {
		return nil, fmt.Errorf("check: %w", err)
	}
	n, err := s.newer(ctx)
	if err != nil {
		return nil, fmt.Errorf("check: %w", err)
	}
	o.papers = n.papers
	s.mu.Lock()
	s.young = n.young
	s.mu.Unlock()
	return s.conclude(ctx, o, n)
}

// Look finds out whether the database went back under this process: a replica
// that lagged was promoted, or an older copy put into place. Series of numbers
// only grow, and a link of an audit chain stays. When something is less than it
// was the database is compared with the journal, as at a start. That numbers are
// not given out twice until then is seen to where they are given out; see
// storage.DB.OnDoubt.
func (s *Service) Look(ctx context.Context) error {
	err := s.db.ProveNumbers(ctx)
	if err == nil {
		s.comparing.Lock()
		defer s.comparing.Unlock()
		var older bool
		if older, err = s.look(ctx); err == nil && (older || !s.unread.Since().IsZero()) {
			err = s.compare(ctx)
		}
	}
	if err != nil {
		return fmt.Errorf("look: %w", err)
	}
	return nil
}

func (s *Service) look(ctx context.Context) (older bool, err error) {
	known := s.db.KnownNumbers() // before the database is read
	marks, err := s.db.Series(ctx, 0)
	if err != nil {
		return false, err
	}
	have := map[seriesKey]int64{}
	for _, m := range marks {
		have[keyOf(m)] = m.Last
	}
	for _, m := range known {
		if have[keyOf(m)] < m.Last {
			return true, nil
		}
	}
	heads, err := s.db.AuditHeads(ctx)
	if err != nil {
		return false, err
	}
	now := map[int64]storage.AuditHead{}
	for _, h := range heads {
		now[h.CourtID] = h
	}
	for court, was := range s.seen {
		switch is := now[court]; {
		case is == was:
			continue
		case is.Seq <= was.Seq:
			return true, nil
		}
		if link, err := s.db.AuditLink(ctx, court, was.Seq); err != nil || link != was.Hash {
			return err == nil, err
		}
	}
	s.db.NoteNumbers(marks)
	// A number may have been given out without anybody knowing it: its commit's
	// answer was lost. It reaches the journal like every other.
	before := map[seriesKey]int64{}
	for _, m := range known {
		before[keyOf(m)] = m.Last
	}
	if slices.ContainsFunc(marks, func(m model.SeriesMark) bool { return m.Last > before[keyOf(m)] }) {
		s.journal.touch()
	}
	s.seen = now
	return false, nil
}

// readFor bounds how long the journal is read while a number waits. Numbers are
// given out also while the store is away.
const readFor = 3 * time.Second

// lagFor is how long one node of a cluster may lag behind another.
const lagFor = time.Second

// compare is Check for a running program, which knows more than the journal. When
// the journal cannot be read what it knows must do; Look tries again.
func (s *Service) compare(ctx context.Context) error {
	reading, cancel := context.WithTimeout(ctx, readFor)
	o, err := s.readJournal(reading, false)
	cancel()
	s.unread.note(err, s.db.Now())
	if err != nil {
		s.cfg.Logger.WarnContext(ctx, "the journal of numbers cannot be read; numbers go on from what this program knows", "error", err.Error())
		o = &outside{}
		if o.courts, err = s.db.Courts(ctx); err != nil {
			return fmt.Errorf("compare: %w", err)
		}
	}
	s.db.NoteNumbers(o.marks)
	s.db.ForgetNumbers(o.courts)
	o.marks = s.db.KnownNumbers()
	for _, h := range s.seen {
		o.heads = append(o.heads, h)
	}
	behind, err := s.behind(ctx, s.db, o)
	if err == nil && behind != "" {
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(lagFor):
		}
		behind, err = s.behind(ctx, s.db, o)
	}
	if err != nil {
		return fmt.Errorf("compare: %w", err)
	}
	if behind != "" {
		if _, err := s.conclude(ctx, o, news{}); err != nil {
			return err
		}
		s.seen = nil
	}
	return nil
}

// trouble is since when something does not work.
type trouble struct{ since atomic.Pointer[time.Time] }

func (t *trouble) note(err error, now time.Time) {
	if err == nil {
		t.since.Store(nil)
	} else {
		t.since.CompareAndSwap(nil, &now)
	}
}

// Since is zero while it works.
func (t *trouble) Since() time.Time {
	if at := t.since.Load(); at != nil {
		return *at
	}
	return time.Time{}
}

// JournalAway is since when this process cannot read or write the journal; zero
// while it can.
func (s *Service) JournalAway() time.Time {
	read, written := s.unread.Since(), s.unwritten.Since()
	if read.IsZero() || !written.IsZero() && written.Before(read) {
		return written
	}
	return read
}

func (s *Service) conclude(ctx context.Context, o *outside, n news) (*Finding, error) {
	var f Finding
	err := s.db.Transact(ctx, func(tx *storage.DB) error {
		f = Finding{}
		behind, err := s.behind(ctx, tx, o)
		if err != nil {
			return err
		}
		r := model.Recovery{Cause: model.RecoveryJournal, Detail: behind}
		if behind == "" && n.count > 0 {
			r = model.Recovery{Cause: model.RecoveryObjects, Detail: newerThanRows(n.count, n.first)}
		}
		if r.Detail != "" {
			added, err := tx.AddRecovery(ctx, &r)
			if err != nil {
				return err
			}
			if added && r.Cause.Proven() { // as after restore
				if _, err := tx.StopDeskActs(ctx, 0, 0, model.StoppedRestored); err != nil {
					return err
				}
			}
		}
		if f.Voided, err = s.raise(ctx, tx, model.System(), o, "该编号在数据库恢复到较早状态之前已经给出"); err != nil {
			return err
		}
		f.Recovery, err = tx.OpenRecovery(ctx)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("check: %w", err)
	}
	if f.Recovery != nil {
		s.cfg.Logger.WarnContext(ctx, "the database is older than what belongs to it: nothing is removed and, where that is certain, nothing sent until `microcourt reconcile` was run",
			"cause", string(f.Recovery.Cause), "detail", f.Recovery.Detail, "since", f.Recovery.FoundAt, "numbers_voided", len(f.Voided))
	}
	return &f, nil
}

// behind says what the journal knows and the database does not, "" for nothing.
func (s *Service) behind(ctx context.Context, tx *storage.DB, o *outside) (string, error) {
	series, err := tx.Series(ctx, 0)
	if err != nil {
		return "", err
	}
	have := map[seriesKey]int64{}
	for _, m := range series {
		have[keyOf(m)] = m.Last
	}
	for _, m := range append(o.paperMarks(), o.marks...) {
		if m.Last > have[keyOf(m)] {
			return fmt.Sprintf("%s %d of court %d is at %d, but %d was given out", m.Kind, m.Year, m.CourtID, have[keyOf(m)], m.Last), nil
		}
	}
	for _, h := range o.heads {
		link, err := tx.AuditLink(ctx, h.CourtID, h.Seq)
		if err != nil {
			return "", err
		}
		if !strings.HasPrefix(link, h.Hash) || link == "" {
			return fmt.Sprintf("link %d of court %d's audit chain is not the one that was there", h.Seq, h.CourtID), nil
		}
	}
	return "", nil
}

// news are objects without a row that are newer than the newest row.
type news struct {
	count  int // of those that are not young
	first  string
	young  []object.Info
	papers []paper
}

// newer looks at the days around the newest row and after it.
func (s *Service) newer(ctx context.Context) (news, error) {
	var n news
	newest, err := s.db.NewestEntry(ctx)
	if err != nil {
		return n, err
	}
	from := newest
	if from.IsZero() { // an empty database: anything is newer
		from = s.db.Now()
	}
	for _, folder := range kept {
		for day := from.AddDate(0, 0, -lookBack); !day.After(s.db.Now().AddDate(0, 0, 1)); day = day.AddDate(0, 0, 1) {
			prefix := folder + "/" + day.Format("2006/01/02") + "/"
			err := s.unknown(ctx, prefix, nil, func(o object.Info) error {
				listed, err := s.db.StrayKeys(ctx, []string{o.Key})
				switch {
				case err != nil:
					return err
				case listed[o.Key] || !o.ModTime.After(newest):
				case s.db.Now().Sub(o.ModTime) < youngFor:
					n.young = append(n.young, o)
				default:
					if n.count++; n.first == "" {
						n.first = o.Key
					}
				}
				if p, ok := s.readPaper(ctx, o); ok {
					n.papers = append(n.papers, p)
				}
				return nil
			})
			if err != nil {
				return n, err
			}
		}
	}
	return n, nil
}

// unknown calls each with every object under the prefix that no row names, and
// note, when there is one, with the key of every object.
func (s *Service) unknown(ctx context.Context, prefix string, note func(key string), each func(object.Info) error) error {
	var page []object.Info
	flush := func() error {
		keys := make([]string, len(page))
		for i, o := range page {
			keys[i] = o.Key
		}
		known, expired, err := s.db.KnownObjects(ctx, keys)
		if err != nil {
			return err
		}
		for _, o := range page {
			if !known[o.Key] && !expired[o.Key] {
				if err := each(o); err != nil {
					return err
				}
			}
		}
		page = page[:0]
		return nil
	}
	for o, err := range s.cfg.Objects.List(ctx, prefix) {
		if err != nil {
			return err
		}
		if note != nil {
			note(o.Key)
		}
		if page = append(page, o); len(page) == 500 {
			if err := flush(); err != nil {
				return err
			}
		}
	}
	if len(page) == 0 {
		return nil
	}
	return flush()
}

// maxPaper bounds what is read of a paper to find its number.
const maxPaper = 32 << 20

// paper is a signed paper without a row.
type paper struct {
	object.Info
	number, check string
	marks         []model.SeriesMark // every reading; none when no court has such a number
}

// readPaper reads the number of a signed paper; ok is false for anything else.
func (s *Service) readPaper(ctx context.Context, o object.Info) (p paper, ok bool) {
	if s.cfg.Papers == nil || !strings.HasPrefix(o.Key, certificates+"/") && !strings.HasPrefix(o.Key, documents+"/") || o.Size > maxPaper {
		return p, false
	}
	r, _, err := s.cfg.Objects.Open(ctx, o.Key)
	if err != nil {
		return p, false
	}
	defer func() { _ = r.Close() }() // read only
	b, err := io.ReadAll(r)
	if err != nil {
		return p, false
	}
	p = paper{Info: o}
	p.number, p.check, err = s.cfg.Papers.ReadPaper(b)
	return p, err == nil && p.number != ""
}

// Close writes what the journal does not have yet, at the end of a process.
func (s *Service) Close(ctx context.Context) error {
	if !s.journal.dirty.Load() {
		return nil
	}
	return s.Flush(ctx)
}

// lookEvery is how often a running program looks whether the database went back.
const lookEvery = 5 * time.Second

// Run writes the journal, and looks whether the database went back, until ctx
// ends.
func (s *Service) Run(ctx context.Context) error {
	looks := time.NewTicker(lookEvery)
	defer looks.Stop()
	for {
		if err := errors.Join(s.Look(ctx), s.Flush(ctx)); err != nil && ctx.Err() == nil {
			s.cfg.Logger.ErrorContext(ctx, "journal of numbers", "error", err.Error())
		}
		pause := time.NewTimer(flushPause)
		select {
		case <-ctx.Done():
			pause.Stop()
			return nil // Close writes the rest
		case <-pause.C:
		}
		select {
		case <-ctx.Done():
			return nil
		case <-looks.C:
		case <-s.journal.wake:
		}
	}
}
