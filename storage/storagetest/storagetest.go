// Package storagetest opens migrated databases for tests: SQLite in a
// temporary folder, or, when TEST_MYSQL holds a DSN without a database name
// (root@tcp(127.0.0.1:3307)/), a database of its own on that server. The same
// tests run on both. It is imported by tests only.
package storagetest

import (
	"bytes"
	"context"
	"crypto/rand"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	_ "github.com/go-sql-driver/mysql" // the driver of the control connection

	"microcourt/storage"
)

// Clock is a clock that a test sets and moves.
type Clock struct {
	mu  sync.Mutex
	now time.Time
}

// NewClock starts at a working Monday morning in court time: 2026-03-02 10:00.
func NewClock() *Clock { return &Clock{now: time.Date(2026, 3, 2, 2, 0, 0, 0, time.UTC)} }

// Now is the clock's time.
func (c *Clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

// Set moves the clock to t.
func (c *Clock) Set(t time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = t
}

// Advance moves the clock forward by d.
func (c *Clock) Advance(d time.Duration) { c.Set(c.Now().Add(d)) }

// Run lets the clock go as real time does, until ctx ends.
func (c *Clock) Run(ctx context.Context) {
	t := time.NewTicker(time.Millisecond)
	defer t.Stop()
	for last := time.Now(); ; {
		select {
		case <-ctx.Done():
			return
		case now := <-t.C:
			c.Advance(now.Sub(last))
			last = now
		}
	}
}

// Keyring is the keyring of tests.
func Keyring() (*storage.Keyring, error) {
	return storage.NewKeyring("t1", map[string][]byte{"t1": bytes.Repeat([]byte{1}, 32)},
		bytes.Repeat([]byte{2}, 32), bytes.Repeat([]byte{3}, 32))
}

// Keys is Keyring for a test.
func Keys(t testing.TB) *storage.Keyring {
	t.Helper()
	k, err := Keyring()
	if err != nil {
		t.Fatal(err)
	}
	return k
}

// OnMySQL tells whether tests run on MySQL.
func OnMySQL() bool { return os.Getenv("TEST_MYSQL") != "" }

// Open opens a migrated, empty database with the given clock (nil: a new
// Clock's). On SQLite everything shares one connection, so that a query that
// forgot its transaction's handle hangs at once instead of passing unseen.
func Open(t testing.TB, now func() time.Time) *storage.DB {
	t.Helper()
	if now == nil {
		now = NewClock().Now
	}
	db, err := storage.Open(context.Background(), Config(t, now))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := db.Close(); err != nil {
			t.Errorf("close database: %v", err)
		}
	})
	return db
}

// Config is the configuration of a fresh, migrated database, for tests that
// open it more than once (a second instance, a restart).
func Config(t testing.TB, now func() time.Time) storage.Config {
	t.Helper()
	if OnMySQL() {
		return storage.Config{Dialect: storage.MySQL, DSN: mysqlDSN(t), Keys: Keys(t), Now: now, MaxConns: 20}
	}
	path := filepath.Join(t.TempDir(), "court.db")
	template, err := sqliteTemplate()
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, template, 0o600); err != nil {
		t.Fatal(err)
	}
	return storage.Config{Dialect: storage.SQLite, DSN: path, Keys: Keys(t), Now: now, Readers: -1}
}

// sqliteTemplate migrates once per test binary; tests copy the file.
var sqliteTemplate = sync.OnceValues(func() ([]byte, error) {
	dir, err := os.MkdirTemp("", "template")
	if err != nil {
		return nil, err
	}
	defer func() { _ = os.RemoveAll(dir) }()
	path := filepath.Join(dir, "template.db")
	k, err := storage.NewKeyring("t1", map[string][]byte{"t1": make([]byte, 32)}, make([]byte, 32), make([]byte, 32))
	if err != nil {
		return nil, err
	}
	db, err := storage.Open(context.Background(),
		storage.Config{Dialect: storage.SQLite, DSN: path, Keys: k, Readers: -1})
	if err != nil {
		return nil, err
	}
	if _, err := db.Migrate(context.Background()); err != nil {
		return nil, err
	}
	if err := db.Close(); err != nil { // also folds the write-ahead log into the file
		return nil, err
	}
	return os.ReadFile(path)
})

// free holds migrated MySQL databases whose test has passed; they are emptied
// and used again, because creating thirty tables takes longer than most tests.
var (
	freeMu sync.Mutex
	free   []string
)

func mysqlDSN(t testing.TB) string {
	t.Helper()
	base := os.Getenv("TEST_MYSQL")
	control, err := sql.Open("mysql", base)
	if err != nil {
		t.Fatalf("TEST_MYSQL: %v", err)
	}
	name := takeDatabase(t, control, base)
	t.Cleanup(func() {
		defer func() { _ = control.Close() }()
		if t.Failed() {
			t.Logf("database %s is left for inspection", name)
			return
		}
		if err := empty(control, name); err != nil {
			t.Errorf("empty database %s: %v", name, err)
			return
		}
		freeMu.Lock()
		defer freeMu.Unlock()
		free = append(free, name)
	})
	return dsnFor(base, name)
}

// EmptyMySQL is the DSN of a new database without a schema on the server of
// TEST_MYSQL.
func EmptyMySQL(t testing.TB) string {
	t.Helper()
	base := os.Getenv("TEST_MYSQL")
	control, err := sql.Open("mysql", base)
	if err != nil {
		t.Fatalf("TEST_MYSQL: %v", err)
	}
	name := newDatabase(t, control)
	t.Cleanup(func() {
		_, err := control.Exec("DROP DATABASE " + name)
		if err := errors.Join(err, control.Close()); err != nil {
			t.Errorf("drop database %s: %v", name, err)
		}
	})
	return dsnFor(base, name)
}

func newDatabase(t testing.TB, control *sql.DB) string {
	t.Helper()
	name := "t_" + strings.ToLower(rand.Text())
	if _, err := control.Exec("CREATE DATABASE " + name + " CHARACTER SET utf8mb4 COLLATE utf8mb4_bin"); err != nil {
		t.Fatalf("the MySQL server of TEST_MYSQL does not work: %v", err)
	}
	return name
}

func dsnFor(base, name string) string {
	before, after, _ := strings.Cut(base, ")/")
	return before + ")/" + name + after
}

func takeDatabase(t testing.TB, control *sql.DB, base string) string {
	t.Helper()
	freeMu.Lock()
	if n := len(free); n > 0 {
		name := free[n-1]
		free = free[:n-1]
		freeMu.Unlock()
		return name
	}
	freeMu.Unlock()
	name := newDatabase(t, control)
	db, err := storage.Open(context.Background(),
		storage.Config{Dialect: storage.MySQL, DSN: dsnFor(base, name), Keys: Keys(t)})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = db.Close() }()
	if _, err := db.Migrate(context.Background()); err != nil {
		t.Fatal(err)
	}
	return name
}

func empty(control *sql.DB, name string) error {
	ctx := context.Background()
	c, err := control.Conn(ctx) // session settings stay with one connection
	if err != nil {
		return err
	}
	defer func() { _ = c.Close() }()
	rows, err := c.QueryContext(ctx, "SELECT table_name FROM information_schema.tables WHERE table_schema = ?", name)
	if err != nil {
		return err
	}
	defer func() { _ = rows.Close() }()
	var tables []string
	for rows.Next() {
		var table string
		if err := rows.Scan(&table); err != nil {
			return err
		}
		tables = append(tables, table)
	}
	if err := rows.Err(); err != nil {
		return err
	}
	if _, err := c.ExecContext(ctx, "SET FOREIGN_KEY_CHECKS = 0"); err != nil {
		return err
	}
	for _, table := range tables {
		if table == "goose_db_version" {
			continue
		}
		res, err := c.ExecContext(ctx, fmt.Sprintf("DELETE FROM `%s`.`%s`", name, table))
		if err != nil {
			return err
		}
		if n, err := res.RowsAffected(); err != nil || n == 0 {
			continue
		}
		// Ids begin anew, as in a new database. Tables without them do not mind.
		if _, err := c.ExecContext(ctx, fmt.Sprintf("ALTER TABLE `%s`.`%s` AUTO_INCREMENT = 1", name, table)); err != nil {
			return err
		}
	}
	return nil
}

// Raw is a database as somebody else sees it, who has no keys. The caller closes
// it.
func Raw(t testing.TB, dsn string) *sql.DB {
	t.Helper()
	driver := "mysql"
	if !OnMySQL() {
		driver, dsn = "sqlite", "file:"+dsn+"?_pragma=busy_timeout(5000)"
	}
	db, err := sql.Open(driver, dsn)
	if err != nil {
		t.Fatal(err)
	}
	return db
}
