package storage

import (
	"context"
	"errors"
	"maps"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"

	"microcourt/model"
)

type documentSeries struct {
	CourtID int64  `gorm:"primaryKey;autoIncrement:false"`
	Kind    string `gorm:"primaryKey"`
	Year    int    `gorm:"primaryKey;autoIncrement:false"`
	Last    int64
}

// TableName is the table of document numbers.
func (documentSeries) TableName() string { return "document_series" }

// NextSerial takes the next number of a court's series of documents in a year.
// It is gap-free: the counter is a row of the caller's transaction, so a
// rollback or a crash takes the number back. Autoincrement could not do that.
func (db *DB) NextSerial(ctx context.Context, courtID int64, kind string, year int) (int64, error) {
	if db.writer != nil {
		return 0, model.E(model.Internal, "series.no_transaction", "")
	}
	s := documentSeries{CourtID: courtID, Kind: kind, Year: year}
	if err := db.q(ctx).Clauses(clause.OnConflict{DoNothing: true}).Create(&s).Error; err != nil {
		return 0, translate(err, "series")
	}
	where := db.q(ctx).Model(&documentSeries{}).
		Where("court_id = ? AND kind = ? AND year = ?", courtID, kind, year).Session(&gorm.Session{})
	if err := where.Update("last", gorm.Expr("last + 1")).Error; err != nil {
		return 0, translate(err, "series")
	}
	if err := where.Select("last").Scan(&s.Last).Error; err != nil {
		return 0, translate(err, "series")
	}
	mark := model.SeriesMark{CourtID: courtID, Kind: kind, Year: year, Last: s.Last}
	if db.doubt = db.numbers.doubts(mark, db.proved); db.doubt != certain {
		return 0, errOlder // Transact sees to it
	}
	db.given = append(db.given, mark)
	if fn := db.numbers.told.Load(); fn != nil {
		db.OnCommit(*fn)
	}
	return s.Last, nil
}

// NextSerials takes n numbers of a series at once and returns the first.
func (db *DB) NextSerials(ctx context.Context, courtID int64, kind string, year, n int) (int64, error) {
	first, err := db.NextSerial(ctx, courtID, kind, year)
	if err != nil || n <= 1 {
		return first, err
	}
	db.given = append(db.given, model.SeriesMark{CourtID: courtID, Kind: kind, Year: year, Last: first + int64(n) - 1})
	return first, translate(db.q(ctx).Model(&documentSeries{}).
		Where("court_id = ? AND kind = ? AND year = ?", courtID, kind, year).
		Update("last", gorm.Expr("last + ?", n-1)).Error, "series")
}

// OnNumber registers fn to run after every commit that gave out a number. It
// must be quick and must not fail. The last one that is registered counts.
func (db *DB) OnNumber(fn func()) { db.numbers.told.Store(&fn) }

// errOlder is the error of a number that may have been given out before.
var errOlder = model.E(model.Unavailable, "database.unavailable", "系统暂时无法处理，请稍后重试").
	WithCause(errors.New("the database is older than the numbers that were given out, or may be"))

// doubt is why a number is not given out without a look at what is known outside
// the database.
type doubt int

const (
	certain  doubt = iota
	moved          // another server answers, whose database may be older
	repeated       // the number was given out before
)

// numbers is what this process knows of numbers that were given out, by itself
// and by others. The database may go back under it: a replica that lags is
// promoted, an older copy is put into place.
type numbers struct {
	told    atomic.Pointer[func()]
	prove   atomic.Pointer[func(context.Context) error]
	proving sync.Mutex // one proof at a time

	mu      sync.Mutex
	last    map[model.SeriesMark]int64 // by the mark of the series with 0 as Last
	server  server                     // to which the newest connection leads
	servers int64                      // how often that was another one than before
	proven  int64                      // servers at the last proof
	at      time.Time                  // when that began
}

// proofFor is how long a proof holds though another server answers: a cluster
// behind a balancer has a different one with every connection.
const proofFor = 2 * time.Second

// server is a run of a MySQL server. An older copy cannot be put into place
// without another run, nor a replica be promoted without another server;
// statements that put back older rows are seen by what this process remembers.
type server struct {
	name  string    // host, port and id; behind a proxy the address says nothing
	start time.Time // with the monotonic clock
}

// startWithin is how exactly the start of a server is known: it tells its time
// in whole seconds, and its answer takes time.
const startWithin = 5 * time.Second

// met notes to which server a new connection leads. The first one is compared by
// who starts.
func (n *numbers) met(s server) {
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.server.name == "" {
		n.server = s
	} else if s.name != n.server.name || s.start.Sub(n.server.start).Abs() > startWithin {
		n.server = s
		n.servers++
	}
}

func series(m model.SeriesMark) model.SeriesMark {
	m.Last = 0
	return m
}

// doubts tells whether there is doubt about a number that was taken. In a
// transaction that was proved just before, only the number itself counts.
func (n *numbers) doubts(m model.SeriesMark, proved bool) doubt {
	n.mu.Lock()
	defer n.mu.Unlock()
	switch {
	case m.Last <= n.last[series(m)]:
		return repeated
	case !proved && n.unproven():
		return moved
	}
	return certain
}

func (n *numbers) unproven() bool {
	return n.servers > n.proven && n.prove.Load() != nil && time.Since(n.at) > proofFor
}

// NoteNumbers remembers how far series have come, as was read from a database or
// outside.
func (db *DB) NoteNumbers(marks []model.SeriesMark) {
	n := db.numbers
	n.mu.Lock()
	defer n.mu.Unlock()
	for _, m := range marks {
		n.last[series(m)] = max(n.last[series(m)], m.Last)
	}
}

// KnownNumbers is how far every series has come, as this process knows by its
// own commits and by NoteNumbers. What is read from the database afterwards is
// never less, unless the database went back.
func (db *DB) KnownNumbers() []model.SeriesMark {
	n := db.numbers
	n.mu.Lock()
	defer n.mu.Unlock()
	out := make([]model.SeriesMark, 0, len(n.last))
	for m, last := range n.last {
		m.Last = last
		out = append(out, m)
	}
	return out
}

// ForgetNumbers forgets the series of courts that are not among these: the
// database went back to before they were set up.
func (db *DB) ForgetNumbers(courts []model.Court) {
	n := db.numbers
	n.mu.Lock()
	defer n.mu.Unlock()
	maps.DeleteFunc(n.last, func(m model.SeriesMark, _ int64) bool {
		return !slices.ContainsFunc(courts, func(c model.Court) bool { return c.ID == m.CourtID })
	})
}

// OnDoubt registers fn to run, outside any transaction, before a number is given
// out about which there is doubt. fn notes what is known outside (NoteNumbers)
// and moves the series forward where the database is older; then the transaction
// runs again. The last one that is registered counts.
func (db *DB) OnDoubt(fn func(context.Context) error) { db.numbers.prove.Store(&fn) }

// ProveNumbers does what OnDoubt registered if another server answers than at the
// last proof, so that no number need wait for it.
func (db *DB) ProveNumbers(ctx context.Context) error {
	n := db.numbers
	n.mu.Lock()
	unproven := n.unproven()
	n.mu.Unlock()
	if !unproven {
		return nil
	}
	return n.dispel(ctx, time.Now().Add(-proofFor))
}

// dispel proves the numbers unless a proof that went well began after since.
func (n *numbers) dispel(ctx context.Context, since time.Time) error {
	fn := n.prove.Load()
	if fn == nil {
		return errOlder
	}
	n.proving.Lock()
	defer n.proving.Unlock()
	n.mu.Lock()
	servers, done := n.servers, n.at.After(since)
	n.mu.Unlock()
	if done {
		return nil
	}
	began := time.Now()
	if err := (*fn)(ctx); err != nil {
		return err
	}
	n.mu.Lock()
	n.proven, n.at = servers, began
	n.mu.Unlock()
	return nil
}
