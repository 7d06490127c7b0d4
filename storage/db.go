// Package storage keeps the court's records in a relational database through
// gorm: SQLite in the embedded default, MySQL or MariaDB in production, one
// code path for both. Services open transactions with Transact. Methods here
// work in the transaction of their receiver, but for the few that are an act of
// their own and say so: a look that is recorded, the outbox's leases and outcomes,
// and what goes over the whole database (a new key, a recount). Everything that is
// personal is sealed on its way in (seal.go).
package storage

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"os"
	"time"

	"github.com/glebarez/sqlite"
	"gorm.io/driver/mysql"
	"gorm.io/gorm"
	"gorm.io/gorm/clause"
	"gorm.io/gorm/logger"

	"microcourt/model"
)

// Dialect names a database product.
type Dialect string

// The dialects.
const (
	SQLite Dialect = "sqlite"
	MySQL  Dialect = "mysql" // also MariaDB
)

// Config says where the database is and how its personal data is sealed.
type Config struct {
	Dialect Dialect
	// DSN is a file path for SQLite and a go-sql-driver DSN for MySQL.
	DSN string
	// Keys seal personal data and the audit trail.
	Keys *Keyring
	// Now is the clock; time.Now when nil.
	Now func() time.Time
	// Readers is the size of SQLite's pool of read-only connections, 4 when 0.
	// One connection for everything (-1) makes a query that forgot its
	// transaction's handle hang at once, which is what tests want.
	Readers int
	// MaxConns bounds MySQL's pool, 50 when 0. A migration has two connections
	// of its own beside it.
	MaxConns int
	// Restoring opens a database that is being restored, for the restoring itself.
	Restoring bool
	// Answer bounds how long a MySQL server may take over what needs no work of
	// it: a new connection, COMMIT, ROLLBACK, a sign of life. 15 s when 0.
	Answer time.Duration
	// Wrap, when it is not nil, stands between the program and the driver of
	// the connections that write. Tests lose answers there.
	Wrap func(driver.Connector) driver.Connector
}

// DB is the database, or one transaction of it inside Transact.
type DB struct {
	gorm    *gorm.DB // reads outside a transaction; the transaction inside
	writer  *gorm.DB // where transactions begin, and single writes; nil inside one
	dialect Dialect
	path    string   // of SQLite's file
	using   *os.File // keeps a restoring out as long as it is open; SQLite only
	halted  *halt
	answer  time.Duration
	// migrations makes MySQL's connections for migrations.
	migrations driver.Connector
	keys       *Keyring
	clock      func() time.Time
	injected   bool // clock was given by a test, see Clock
	courts     *courtCache
	days       *calendarCache
	numbers    *numbers // that were given out

	// Inside a transaction only.
	now     time.Time
	audits  []pendingAudit
	last    *model.AuditEntry // the last link that the transaction appended
	tallies map[standing]int64
	// attempts is how many trials and attempts the transaction is in.
	attempts int
	hooks    []func()
	loading  bool               // the transaction loads a calendar
	given    []model.SeriesMark // how far the transaction moved series
	doubt    doubt              // why it could not give out a number
	proved   bool               // OnDoubt's function ran just before
	// sealedWith are the keys with which the transaction sealed something.
	sealedWith []string
}

// Open connects to the database. It does not migrate; see Migrate and Behind. It
// refuses one that is being restored. Errors: ErrRestoring.
func Open(ctx context.Context, cfg Config) (*DB, error) {
	if cfg.Keys == nil {
		return nil, errors.New("open database: no keys for personal data")
	}
	now := cfg.Now
	if now == nil {
		now = time.Now
	}
	db := &DB{halted: &halt{told: make(chan struct{})}, dialect: cfg.Dialect, answer: cfg.answer(), keys: cfg.Keys, clock: now, injected: cfg.Now != nil, courts: &courtCache{}, days: &calendarCache{}, numbers: &numbers{last: map[model.SeriesMark]int64{}}}
	var err error
	switch cfg.Dialect {
	case SQLite:
		err = db.openSQLite(ctx, cfg)
	case MySQL:
		err = db.openMySQL(ctx, cfg)
	default:
		err = fmt.Errorf("unknown dialect %q", cfg.Dialect)
	}
	if err != nil {
		if db.using != nil {
			err = errors.Join(err, db.using.Close())
		}
		return nil, fmt.Errorf("open database: %w", err)
	}
	if err := db.writer.Callback().Create().Before("gorm:create").Register(runAgain, newIDs); err != nil {
		return nil, errors.Join(err, db.Close())
	}
	if err := db.writer.Callback().Create().Before("gorm:create").Register("storage:leave_sealed", leaveSealed); err != nil {
		return nil, errors.Join(err, db.Close())
	}
	if err := db.writer.Callback().Create().After("gorm:create").Register("storage:seal_created", sealCreated); err != nil {
		return nil, errors.Join(err, db.Close())
	}
	pools := []*gorm.DB{db.writer}
	if db.gorm != db.writer {
		pools = append(pools, db.gorm)
	}
	for _, g := range pools {
		if err := g.Callback().Update().Before("gorm:update").Register("storage:keep_states", keepStates); err != nil {
			return nil, errors.Join(err, db.Close())
		}
	}
	if err := db.Ping(ctx); err != nil {
		_ = db.Close() // the ping's error says more
		return nil, fmt.Errorf("open database: %w", err)
	}
	return db, nil
}

// gormConfig keeps prepared statements for reads only. gorm's cache waits for a
// connection while others wait for the cache: a transaction, which holds a
// connection and needs a statement, then waits for ever once all connections
// are taken. Inside a transaction the cache would save nothing either, since
// database/sql prepares a transaction's statements anew.
func gormConfig(reads bool) *gorm.Config {
	return &gorm.Config{
		SkipDefaultTransaction: true,
		TranslateError:         true,
		PrepareStmt:            reads,
		// gorm's own log prints SQL with values, which are personal data.
		Logger: logger.Discard,
	}
}

func mysqlDialector(pool *sql.DB) gorm.Dialector { return mysql.New(mysql.Config{Conn: pool}) }

// openGorm puts gorm on a pool. gorm asks the database for its version, without
// anybody's context; the ping before it waits no longer than ctx.
func openGorm(ctx context.Context, d gorm.Dialector, pool *sql.DB, reads bool) (*gorm.DB, error) {
	if err := pool.PingContext(ctx); err != nil {
		return nil, err
	}
	return gorm.Open(d, gormConfig(reads))
}

func (db *DB) openSQLite(ctx context.Context, cfg Config) error {
	db.path = cfg.DSN
	if !cfg.Restoring { // else the restoring has the file alone
		var err error
		if db.using, err = useFile(cfg.DSN); err != nil {
			return err
		}
	}
	connector, err := sqliteConnector(cfg.DSN, "immediate", "busy_timeout(5000)", "foreign_keys(1)", "journal_mode(WAL)", "synchronous(FULL)")
	if err != nil {
		return err
	}
	if cfg.Wrap != nil {
		connector = cfg.Wrap(connector)
	}
	pool := sql.OpenDB(connector)
	pool.SetMaxOpenConns(1) // SQLite has one writer; a second would only wait
	w, err := openGorm(ctx, sqlite.Dialector{Conn: pool}, pool, false)
	if err != nil {
		return errors.Join(err, pool.Close())
	}
	db.writer, db.gorm = w, w
	if cfg.Readers < 0 {
		return nil
	}
	// The file remembers that it has a write-ahead log: readers need not ask for it.
	connector, err = sqliteConnector(cfg.DSN, "deferred", "busy_timeout(5000)", "foreign_keys(1)", "query_only(1)")
	if err != nil {
		return errors.Join(err, pool.Close())
	}
	readers := sql.OpenDB(connector)
	n := cfg.Readers
	if n == 0 {
		n = 4
	}
	readers.SetMaxOpenConns(n)
	r, err := openGorm(ctx, sqlite.Dialector{Conn: readers}, readers, true)
	if err != nil {
		return errors.Join(err, readers.Close(), pool.Close())
	}
	db.gorm = r
	return nil
}

// Close closes the pools.
func (db *DB) Close() (err error) {
	if db.using != nil {
		defer func() { err = errors.Join(err, db.using.Close()) }() // after the pools
	}
	pool, err := db.writer.DB()
	if err != nil {
		return err
	}
	readers, err := db.gorm.DB()
	if err != nil {
		return errors.Join(err, pool.Close())
	}
	return errors.Join(readers.Close(), pool.Close()) // closing one pool twice does nothing
}

// Ping asks the database for a sign of life.
func (db *DB) Ping(ctx context.Context) error {
	pool, err := db.gorm.DB()
	if err != nil {
		return err
	}
	return translate(pool.PingContext(ctx), "database")
}

// Dialect is the product behind db.
func (db *DB) Dialect() Dialect { return db.dialect }

// Now is the time: frozen at the beginning inside a transaction, so that all
// rows of one act carry the same instant. It has microseconds, like the
// columns, and is UTC.
func (db *DB) Now() time.Time {
	if !db.now.IsZero() {
		return db.now
	}
	return db.clock().UTC().Truncate(time.Microsecond)
}

// q is where every query begins: it carries the context and the keys that
// unseal personal data.
func (db *DB) q(ctx context.Context) *gorm.DB {
	return db.gorm.WithContext(withKeys(ctx, db))
}

// forUpdate locks the rows a transaction is about to change. SQLite has no
// row locks and needs none: its transactions begin with the write lock.
func (db *DB) forUpdate(ctx context.Context) *gorm.DB {
	q := db.q(ctx)
	if db.dialect == MySQL {
		return q.Clauses(clause.Locking{Strength: clause.LockingStrengthUpdate})
	}
	return q
}
