// Package storage keeps the court's records in a relational database through
// gorm: SQLite in the embedded default, MySQL or MariaDB in production, one
// code path for both. Services open transactions with Transact; methods here
// never do. Everything that is personal is sealed on its way in (seal.go).
package storage

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"sync/atomic"
	"time"

	"github.com/glebarez/sqlite"
	gomysql "github.com/go-sql-driver/mysql"
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
	// MaxConns bounds MySQL's pool, 50 when 0.
	MaxConns int
	// Wrap, when it is not nil, stands between the program and the driver of
	// the connections that write. Tests lose answers there.
	Wrap func(driver.Connector) driver.Connector
}

// DB is the database, or one transaction of it inside Transact.
type DB struct {
	gorm    *gorm.DB // reads outside a transaction; the transaction inside
	writer  *gorm.DB // where transactions begin, and single writes; nil inside one
	dialect Dialect
	path    string // of SQLite's file
	keys    *Keyring
	clock   func() time.Time
	courts  *courtCache
	days    *calendarCache
	issued  *atomic.Pointer[func()] // told of every number that was given out

	// Inside a transaction only.
	now     time.Time
	audits  []pendingAudit
	last    *model.AuditEntry // the last link that the transaction appended
	tallies map[standing]int64
	hooks   []func()
	loading bool // the transaction loads a calendar
}

// Open connects to the database. It does not migrate; see Migrate and Behind.
func Open(ctx context.Context, cfg Config) (*DB, error) {
	if cfg.Keys == nil {
		return nil, errors.New("open database: no keys for personal data")
	}
	now := cfg.Now
	if now == nil {
		now = time.Now
	}
	db := &DB{dialect: cfg.Dialect, keys: cfg.Keys, clock: now, courts: &courtCache{}, days: &calendarCache{}, issued: &atomic.Pointer[func()]{}}
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
		return nil, fmt.Errorf("open database: %w", err)
	}
	if err := db.writer.Callback().Create().Before("gorm:create").Register(runAgain, newIDs); err != nil {
		return nil, errors.Join(err, db.Close())
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

func (db *DB) openMySQL(ctx context.Context, cfg Config) error {
	c, err := gomysql.ParseDSN(cfg.DSN)
	if err != nil {
		return errors.New("the MySQL DSN cannot be read") // the DSN holds a password
	}
	c.ParseTime = true
	c.Loc = time.UTC
	c.ClientFoundRows = true // 0 rows then means "not there", not "nothing changed"
	c.InterpolateParams = false
	if c.Params == nil {
		c.Params = map[string]string{}
	}
	c.Params["time_zone"] = "'+00:00'"
	c.Params["sql_mode"] = "'STRICT_TRANS_TABLES,NO_ENGINE_SUBSTITUTION,ERROR_FOR_DIVISION_BY_ZERO,NO_ZERO_DATE'"
	if c.Collation == "" {
		c.Collation = "utf8mb4_bin"
	}
	connector, err := gomysql.NewConnector(c)
	if err != nil {
		return errors.New("the MySQL DSN cannot be used")
	}
	var wrapped driver.Connector = readCommitted{connector}
	if cfg.Wrap != nil {
		wrapped = cfg.Wrap(wrapped)
	}
	pool := sql.OpenDB(wrapped)
	conns := cfg.MaxConns
	if conns == 0 {
		conns = 50
	}
	pool.SetMaxOpenConns(conns)
	pool.SetMaxIdleConns(conns)
	pool.SetConnMaxLifetime(9 * time.Minute) // below MySQL's and proxies' usual idle limits
	w, err := openGorm(ctx, mysql.New(mysql.Config{Conn: pool}), pool, false)
	if err != nil {
		return errors.Join(err, pool.Close())
	}
	r, err := openGorm(ctx, mysql.New(mysql.Config{Conn: pool}), pool, true)
	if err != nil {
		return errors.Join(err, pool.Close())
	}
	db.writer, db.gorm = w, r
	return nil
}

// readCommitted sets the isolation of every new connection. Decisions lock
// what they change; a repeatable snapshot would only hide what another
// transaction committed while we waited for the lock. Setting it once saves a
// round trip in each transaction.
type readCommitted struct{ driver.Connector }

// Connect implements driver.Connector.
func (r readCommitted) Connect(ctx context.Context) (driver.Conn, error) {
	c, err := r.Connector.Connect(ctx)
	if err != nil {
		return nil, err
	}
	if e, ok := c.(driver.ExecerContext); ok {
		_, err = e.ExecContext(ctx, "SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED", nil)
	}
	if err != nil {
		return nil, errors.Join(err, c.Close())
	}
	return c, nil
}

// Close closes the pools.
func (db *DB) Close() error {
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
	return db.gorm.WithContext(withKeys(ctx, db.keys))
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
