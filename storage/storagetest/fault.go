package storagetest

import (
	"context"
	"database/sql/driver"
	"errors"
	"io"
	"net/url"
	"regexp"
	"sync"
	"testing"
	"time"

	"microcourt/storage"
)

// Fault loses answers to COMMIT on purpose. It begins with none armed. On
// MySQL it is a proxy on loopback, on SQLite a layer above the driver; both do
// the same: the database commits and the program is not told.
type Fault struct {
	mu    sync.Mutex
	skip  int  // commits to let pass first
	armed Fate // of the next
	lost  int
	wrong []error // what the next COMMITs are answered with, without being done
	every error   // what each second COMMIT is answered with
	odd   bool
	// Proxy is the way to MySQL, nil on SQLite.
	Proxy *Proxy
}

// LoseCommit loses the answer to one COMMIT after skip others.
func (f *Fault) LoseCommit(skip int) { f.Arm(skip, Fate{Unheard: true}) }

// DropCommit loses one COMMIT itself after skip others, so that the database
// rolls back and the program cannot know.
func (f *Fault) DropCommit(skip int) { f.Arm(skip, Fate{Dropped: true}) }

// Arm gives one COMMIT its fate after skip others. SQLite has nobody who could
// keep silent: there what is Open fails like the rest.
func (f *Fault) Arm(skip int, fate Fate) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.skip, f.armed = skip, fate
}

// RefuseCommit answers the next COMMITs with the errors, and the database gets
// none of them: it holds the transaction open.
func (f *Fault) RefuseCommit(errs ...error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.wrong = errs
}

// RefuseEverySecond answers each second COMMIT with err, so that a transaction
// that is run again is run twice.
func (f *Fault) RefuseEverySecond(err error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.every = err
}

func (f *Fault) refusal() (err error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.every != nil {
		if f.odd = !f.odd; f.odd {
			return f.every
		}
	}
	if len(f.wrong) > 0 {
		err, f.wrong = f.wrong[0], f.wrong[1:]
	}
	return err
}

// Disarm lets everything pass again.
func (f *Fault) Disarm() {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.armed = Fate{}
}

// Lost tells how many answers were lost so far.
func (f *Fault) Lost() int {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.lost
}

// commit is asked about each COMMIT.
func (f *Fault) commit() (fate Fate) {
	f.mu.Lock()
	defer f.mu.Unlock()
	switch {
	case !f.armed.lost():
		return Fate{}
	case f.skip > 0:
		f.skip--
		return Fate{}
	}
	fate, f.armed = f.armed, Fate{}
	f.lost++
	return fate
}

// OpenFaulty is Open for a database whose COMMITs can be made to fail. It has
// readers of its own on both databases.
func OpenFaulty(t testing.TB, now func() time.Time) (*storage.DB, *Fault) {
	t.Helper()
	if now == nil {
		now = NewClock().Now
	}
	cfg, f := ConfigFaulty(t, now)
	db, err := storage.Open(context.Background(), cfg)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := db.Close(); err != nil {
			t.Errorf("close database: %v", err)
		}
	})
	return db, f
}

// ConfigFaulty is Config for a database whose COMMITs can be made to fail.
func ConfigFaulty(t testing.TB, now func() time.Time) (storage.Config, *Fault) {
	t.Helper()
	cfg, f := Config(t, now), &Fault{}
	cfg.Wrap = func(c driver.Connector) driver.Connector { return faultyConnector{c, f} }
	if cfg.Dialect == storage.MySQL {
		cfg.Answer = 2 * time.Second
		f.Proxy = NewProxy(t, Address(t, cfg.DSN), f.commit)
		cfg.DSN = Through(f.Proxy, cfg.DSN)
		return cfg, f
	}
	cfg.Readers = 0
	return cfg, f
}

var tcp = regexp.MustCompile(`tcp\([^)]*\)`)

// Through is a DSN that leads through the proxy.
func Through(p *Proxy, dsn string) string {
	return tcp.ReplaceAllString(dsn, "tcp("+p.Addr()+")")
}

// Address is the server of a DSN.
func Address(t testing.TB, dsn string) string {
	t.Helper()
	at := tcp.FindString(dsn)
	if at == "" {
		t.Fatalf("TEST_MYSQL has no tcp address: %s", (&url.URL{Path: dsn}).Redacted())
	}
	return at[len("tcp(") : len(at)-1]
}

// errLost is what the program sees instead of an answer.
var errLost = errors.Join(errors.New("the answer to COMMIT was lost on purpose"), io.ErrUnexpectedEOF)

type faultyConnector struct {
	driver.Connector
	f *Fault
}

// Connect implements driver.Connector.
func (c faultyConnector) Connect(ctx context.Context) (driver.Conn, error) {
	conn, err := c.Connector.Connect(ctx)
	if err != nil {
		return nil, err
	}
	return &faultyConn{conn, c.f}, nil
}

// faultyConn passes on what the drivers can do besides driver.Conn.
type faultyConn struct {
	driver.Conn
	f *Fault
}

func (c *faultyConn) ExecContext(ctx context.Context, q string, args []driver.NamedValue) (driver.Result, error) {
	return c.Conn.(driver.ExecerContext).ExecContext(ctx, q, args) //nolint:forcetypeassert // it does
}

func (c *faultyConn) QueryContext(ctx context.Context, q string, args []driver.NamedValue) (driver.Rows, error) {
	return c.Conn.(driver.QueryerContext).QueryContext(ctx, q, args) //nolint:forcetypeassert // it does
}

func (c *faultyConn) PrepareContext(ctx context.Context, q string) (driver.Stmt, error) {
	return c.Conn.(driver.ConnPrepareContext).PrepareContext(ctx, q) //nolint:forcetypeassert // it does
}

func (c *faultyConn) BeginTx(ctx context.Context, opts driver.TxOptions) (driver.Tx, error) {
	tx, err := c.Conn.(driver.ConnBeginTx).BeginTx(ctx, opts) //nolint:forcetypeassert // it does
	return faultyTx{tx, c}, err
}

func (c *faultyConn) Ping(ctx context.Context) error {
	return c.Conn.(driver.Pinger).Ping(ctx) //nolint:forcetypeassert // it does
}

func (c *faultyConn) CheckNamedValue(v *driver.NamedValue) error {
	if ch, ok := c.Conn.(driver.NamedValueChecker); ok {
		return ch.CheckNamedValue(v)
	}
	return driver.ErrSkip
}

func (c *faultyConn) ResetSession(ctx context.Context) error {
	if r, ok := c.Conn.(driver.SessionResetter); ok {
		return r.ResetSession(ctx)
	}
	return nil
}

func (c *faultyConn) IsValid() bool {
	v, ok := c.Conn.(driver.Validator)
	return !ok || v.IsValid()
}

type faultyTx struct {
	driver.Tx
	c *faultyConn
}

// Commit implements driver.Tx.
func (t faultyTx) Commit() error {
	if err := t.c.f.refusal(); err != nil {
		return err
	}
	if t.c.f.Proxy != nil {
		return t.Tx.Commit() // the proxy loses it
	}
	fate := t.c.f.commit()
	if fate.Dropped {
		return errLost // the connection is closed, which rolls back
	}
	if err := t.Tx.Commit(); err != nil || !fate.Unheard {
		return err
	}
	return errLost
}
