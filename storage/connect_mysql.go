package storage

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"io"
	"maps"
	"strconv"
	"time"

	gomysql "github.com/go-sql-driver/mysql"
)

// How long a server may be silent. A connection that stays open while nothing
// comes (a hung server, a proxy or a firewall that forgot it) would be waited on
// for ever otherwise, and each takes a place in the pool.
const (
	// answerFor is Config.Answer: for what needs no work.
	answerFor = 15 * time.Second
	// silentFor is for statements, beside their contexts: background work has no
	// deadlines, and the rest of an answer that nobody wants is read without one.
	// A server waits 50 s for a lock by itself. readTimeout in the DSN changes it.
	silentFor = 2 * time.Minute
	// copySilence is silentFor for copying and restoring, whose statements handle
	// whole tables.
	copySilence = 15 * time.Minute
	// The server ends a connection that is idle for leftAfter seconds, also in a
	// transaction: when it did not learn that the program has left, it would hold
	// the transaction's locks for hours. The pool gives up idle ones earlier.
	leftAfter = "60"
	idleFor   = 30 * time.Second
)

// mysqlConfig reads the DSN and adds what every connection has in common.
func mysqlConfig(dsn, mode string) (*gomysql.Config, error) {
	c, err := gomysql.ParseDSN(dsn)
	if err != nil {
		return nil, errors.New("the MySQL DSN cannot be read") // the DSN holds a password
	}
	if c.Collation == "" {
		c.Collation = "utf8mb4_bin"
	}
	params := map[string]string{"wait_timeout": leftAfter}
	maps.Copy(params, c.Params)
	params["time_zone"], params["sql_mode"] = "'+00:00'", "'"+mode+"'"
	c.Params = params
	return c, nil
}

// silent sets how long a statement's answer is waited for, unless the DSN says it.
func silent(c *gomysql.Config, d time.Duration) {
	if c.ReadTimeout == 0 {
		c.ReadTimeout = d
	}
	if c.WriteTimeout == 0 {
		c.WriteTimeout = d
	}
}

// mysqlConnector makes the connections of one pool. Connecting takes no longer
// than answer, the end of a transaction no longer than end, if that is not 0.
type mysqlConnector struct {
	driver.Connector
	answer, end time.Duration
}

func newMySQLConnector(c *gomysql.Config, answer, end time.Duration) (driver.Connector, error) {
	connector, err := gomysql.NewConnector(c)
	if err != nil {
		return nil, errors.New("the MySQL DSN cannot be used")
	}
	return mysqlConnector{connector, answer, end}, nil
}

func (cfg Config) answer() time.Duration {
	if cfg.Answer == 0 {
		return answerFor
	}
	return cfg.Answer
}

// Connect implements driver.Connector. It sets the isolation of the connection:
// decisions lock what they change; a repeatable snapshot would only hide what
// another transaction committed while we waited for the lock. Setting it once
// saves a round trip in each transaction.
func (m mysqlConnector) Connect(ctx context.Context) (driver.Conn, error) {
	short, cancel := context.WithTimeout(ctx, m.answer)
	defer cancel()
	conn, err := m.Connector.Connect(short)
	if err == nil {
		c, ok := conn.(mysqlConn)
		if !ok {
			return nil, errors.Join(fmt.Errorf("the driver's connection is a %T", conn), conn.Close())
		}
		if _, err = c.ExecContext(short, "SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED", nil); err == nil {
			if m.end == 0 {
				return c, nil
			}
			return answeringConn{c, m.end}, nil
		}
		err = errors.Join(err, c.Close())
	}
	if short.Err() != nil && ctx.Err() == nil {
		return nil, silence("a new connection", m.answer)
	}
	return nil, err
}

// silence is the error of a server that did not answer in time.
func silence(to string, d time.Duration) error {
	return fmt.Errorf("no answer to %s within %v: %w", to, d, gomysql.ErrInvalidConn)
}

// mysqlConn is what the driver's connections can do.
type mysqlConn interface {
	driver.Conn
	driver.ConnBeginTx
	driver.ConnPrepareContext
	driver.ExecerContext
	driver.QueryerContext
	driver.NamedValueChecker
	driver.Pinger
	driver.SessionResetter
	driver.Validator
}

// answeringConn ends transactions within a bound. database/sql gives COMMIT and
// ROLLBACK no context, and the driver would wait for their answers for ever.
type answeringConn struct {
	mysqlConn
	answer time.Duration
}

// BeginTx implements driver.ConnBeginTx.
func (c answeringConn) BeginTx(ctx context.Context, opts driver.TxOptions) (driver.Tx, error) {
	if _, err := c.mysqlConn.BeginTx(ctx, opts); err != nil {
		return nil, err
	}
	return answeringTx{c}, nil
}

type answeringTx struct{ c answeringConn }

// Commit implements driver.Tx.
func (t answeringTx) Commit() error { return t.end("COMMIT") }

// Rollback implements driver.Tx.
func (t answeringTx) Rollback() error { return t.end("ROLLBACK") }

// end closes the connection when no answer comes. Whether the server did what
// it was told is not known then.
func (t answeringTx) end(word string) error {
	ctx, cancel := context.WithTimeout(context.Background(), t.c.answer)
	defer cancel()
	_, err := t.c.ExecContext(ctx, word, nil)
	if err != nil && ctx.Err() != nil {
		return silence(word, t.c.answer)
	}
	return err
}

// serverOf asks to which run of which server a connection leads.
func serverOf(ctx context.Context, c driver.QueryerContext) (s server, err error) {
	row := func(query string) ([]driver.Value, error) {
		rows, err := c.QueryContext(ctx, query, nil)
		if err != nil {
			return nil, err
		}
		out := make([]driver.Value, len(rows.Columns()))
		if err = rows.Next(out); errors.Is(err, io.EOF) {
			err = nil // not every server tells everything
		}
		for i, v := range out {
			if b, ok := v.([]byte); ok {
				out[i] = string(b) // the driver's own otherwise
			}
		}
		return out, errors.Join(err, rows.Close())
	}
	name, err := row("SELECT @@hostname, @@port, @@server_id")
	if err != nil {
		return s, err
	}
	up, err := row("SHOW GLOBAL STATUS LIKE 'Uptime'")
	if err != nil {
		return s, err
	}
	s.name = fmt.Sprint(name)
	if seconds, err := strconv.ParseInt(fmt.Sprint(up[len(up)-1]), 10, 64); err == nil {
		s.start = time.Now().Add(-time.Duration(seconds) * time.Second)
	}
	return s, nil
}

func (db *DB) openMySQL(ctx context.Context, cfg Config) error {
	c, err := mysqlConfig(cfg.DSN, "STRICT_TRANS_TABLES,NO_ENGINE_SUBSTITUTION,ERROR_FOR_DIVISION_BY_ZERO,NO_ZERO_DATE")
	if err != nil {
		return err
	}
	c.ParseTime = true
	c.Loc = time.UTC
	c.ClientFoundRows = true // 0 rows then means "not there", not "nothing changed"
	c.InterpolateParams = false
	long := c.Clone()
	silent(c, silentFor)
	connector, err := newMySQLConnector(c, db.answer, db.answer)
	if err != nil {
		return err
	}
	connector = guarded{connector, db.halted, db.numbers, db.answer, cfg.Restoring}
	if cfg.Wrap != nil {
		connector = cfg.Wrap(connector)
	}
	pool := sql.OpenDB(connector)
	conns := cfg.MaxConns
	if conns == 0 {
		conns = 50
	}
	pool.SetMaxOpenConns(conns)
	pool.SetMaxIdleConns(conns)
	pool.SetConnMaxIdleTime(idleFor)
	pool.SetConnMaxLifetime(9 * time.Minute) // below MySQL's and proxies' usual idle limits
	w, err := openGorm(ctx, mysqlDialector(pool), pool, false)
	if err != nil {
		return errors.Join(err, pool.Close())
	}
	r, err := openGorm(ctx, mysqlDialector(pool), pool, true)
	if err != nil {
		return errors.Join(err, pool.Close())
	}
	db.writer, db.gorm = w, r
	// Statements of migrations may take hours. Whether the server still lives is
	// asked beside them (lockMySQL).
	long.ReadTimeout, long.WriteTimeout = 0, 0
	if connector, err = newMySQLConnector(long, db.answer, 0); err != nil {
		return errors.Join(err, pool.Close())
	}
	db.migrations = guarded{connector, db.halted, db.numbers, db.answer, cfg.Restoring}
	return nil
}
