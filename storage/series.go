package storage

import (
	"context"
	"errors"
	"maps"
	"slices"
	"sync"
	"sync/atomic"

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
	if db.numbers.doubtful(mark, db.proved) {
		db.older = true // Transact sees to it
		return 0, errOlder
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

// numbers is what this process knows of numbers that were given out, by itself
// and by others. The database may go back under it: a replica that lags is
// promoted, an older copy is put into place.
type numbers struct {
	told     atomic.Pointer[func()]
	prove    atomic.Pointer[func(context.Context) error]
	connects atomic.Int64 // connections made so far; MySQL only
	proven   atomic.Int64 // connects at the last proof
	begun    atomic.Int64 // proofs
	proving  sync.Mutex   // one at a time
	found    int64        // the last proof that went well; guarded by proving

	mu   sync.Mutex
	last map[model.SeriesMark]int64 // by the mark of the series with 0 as Last
}

func series(m model.SeriesMark) model.SeriesMark {
	m.Last = 0
	return m
}

// doubtful tells that a number was given out before, or, unless the transaction
// was proved just now, may have been: a new connection may lead to another
// server.
func (n *numbers) doubtful(m model.SeriesMark, proved bool) bool {
	if !proved && n.prove.Load() != nil && n.connects.Load() > n.proven.Load() {
		return true
	}
	n.mu.Lock()
	defer n.mu.Unlock()
	return m.Last <= n.last[series(m)]
}

// NoteNumbers remembers how far series have come, as was read from a database.
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
// out that may have been given out before. It compares the database with what is
// known outside and moves the series forward where it is older; then the
// transaction runs again. The last one that is registered counts.
func (db *DB) OnDoubt(fn func(context.Context) error) { db.numbers.prove.Store(&fn) }

// proveNumbers runs what OnDoubt registered.
func (n *numbers) proveNumbers(ctx context.Context) error {
	fn := n.prove.Load()
	if fn == nil {
		return errOlder
	}
	before := n.begun.Load()
	n.proving.Lock()
	defer n.proving.Unlock()
	if n.found > before { // one that began since has been made
		return nil
	}
	mine, at := n.begun.Add(1), n.connects.Load()
	if err := (*fn)(ctx); err != nil {
		return err
	}
	n.found = mine
	n.proven.Store(at)
	return nil
}
