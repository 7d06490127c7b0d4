// Package storagetest opens migrated databases for tests: SQLite in a
// temporary folder, or, when TEST_MYSQL holds a DSN without a database name
// (root@tcp(127.0.0.1:3307)/), a database of its own on that server. The same
// tests run on both. It is imported by tests only.
package storagetest

import (
	"bytes"
	"context"
	"crypto/rand"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	_ "github.com/go-sql-driver/mysql" // the driver of the control connection

	"microcourt/storage"
	"microcourt/storage/migrations"
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

// Migrated MySQL databases whose test has passed are emptied and used again, also by
// the tests of another package: making a hundred tables takes longer than most
// tests, and under the race detector a second. Which are free stands on the server,
// beside the schema that they have.
// What a migrated database looks like stands there as well: one that a test altered
// is dropped.
const (
	freeDatabases = "microcourt_tests.free_databases"
	shapes        = "microcourt_tests.shapes"
)

// schemaMark tells the schema of this program from that of another checkout.
var schemaMark = sync.OnceValues(func() (string, error) {
	h := sha256.New()
	files, err := fs.Glob(migrations.MySQL, "mysql/*.sql")
	for _, name := range files {
		b, err := migrations.MySQL.ReadFile(name)
		if err != nil {
			return "", err
		}
		_, _ = h.Write(b)
	}
	return hex.EncodeToString(h.Sum(nil)), err
})

// prepareFree makes the list of free databases once for each test binary.
var prepareFree = sync.OnceValue(func() error {
	control, err := sql.Open("mysql", os.Getenv("TEST_MYSQL"))
	if err != nil {
		return err
	}
	for _, q := range []string{
		"CREATE DATABASE IF NOT EXISTS microcourt_tests",
		"CREATE TABLE IF NOT EXISTS " + freeDatabases + " (name varchar(64) PRIMARY KEY, mark char(64) NOT NULL, KEY mark (mark))",
		"CREATE TABLE IF NOT EXISTS " + shapes + " (mark char(64) PRIMARY KEY, shape text NOT NULL)",
	} {
		if _, err := control.Exec(q); err != nil {
			return errors.Join(err, control.Close())
		}
	}
	return control.Close()
})

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
		if err := giveBack(control, name); err != nil {
			t.Errorf("empty database %s: %v", name, err)
		}
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
	free, err := takeFree(control)
	if err != nil {
		t.Fatalf("the MySQL server of TEST_MYSQL does not work: %v", err)
	}
	if free != "" {
		return free
	}
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
	mark, err := schemaMark()
	if err != nil {
		t.Fatal(err)
	}
	shape, err := shapeOf(control, name)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := control.Exec("INSERT IGNORE INTO "+shapes+" (mark, shape) VALUES (?, ?)", mark, shape); err != nil {
		t.Fatal(err)
	}
	return name
}

// shapeOf is the tables of a database and the migrations that made them.
func shapeOf(control *sql.DB, name string) (shape string, err error) {
	err = control.QueryRow("SELECT CONCAT((SELECT MD5(GROUP_CONCAT(table_name ORDER BY table_name)) FROM information_schema.tables WHERE table_schema = ?), '/', "+
		"(SELECT COALESCE(GROUP_CONCAT(version_id ORDER BY id), '') FROM `"+name+"`.goose_db_version WHERE is_applied))", name).Scan(&shape)
	return shape, err
}

// takeFree takes a free database, "" when there is none.
func takeFree(control *sql.DB) (name string, err error) {
	mark, err := schemaMark()
	if err = errors.Join(err, prepareFree()); err != nil {
		return "", err
	}
	tx, err := control.BeginTx(context.Background(), &sql.TxOptions{Isolation: sql.LevelReadCommitted})
	if err != nil {
		return "", err
	}
	defer func() { _ = tx.Rollback() }()
	err = tx.QueryRow("SELECT name FROM "+freeDatabases+" WHERE mark = ? LIMIT 1 FOR UPDATE SKIP LOCKED", mark).Scan(&name)
	if errors.Is(err, sql.ErrNoRows) {
		return "", nil
	}
	if err != nil {
		return "", err
	}
	if _, err := tx.Exec("DELETE FROM "+freeDatabases+" WHERE name = ?", name); err != nil {
		return "", err
	}
	return name, tx.Commit()
}

// giveBack empties a database for another test.
func giveBack(control *sql.DB, name string) error {
	mark, err := schemaMark()
	if err != nil {
		return err
	}
	var want string
	if err := control.QueryRow("SELECT shape FROM "+shapes+" WHERE mark = ?", mark).Scan(&want); err != nil {
		return err
	}
	if shape, err := shapeOf(control, name); err != nil || shape != want {
		_, err := control.Exec("DROP DATABASE " + name)
		return err
	}
	if err := empty(control, name); err != nil {
		return err
	}
	_, err = control.Exec("INSERT INTO "+freeDatabases+" (name, mark) VALUES (?, ?)", name, mark)
	return err
}

func empty(control *sql.DB, name string) error {
	ctx := context.Background()
	c, err := control.Conn(ctx) // session settings stay with one connection
	if err != nil {
		return err
	}
	defer func() { _ = c.Close() }()
	tables, err := column(ctx, c, "SELECT table_name FROM information_schema.tables WHERE table_schema = ? AND table_name <> 'goose_db_version'", name)
	if err != nil {
		return err
	}
	// A test writes to few tables; one question finds them.
	ask := make([]string, len(tables))
	for n, table := range tables {
		ask[n] = fmt.Sprintf("(SELECT '%s' FROM `%s`.`%s` LIMIT 1)", table, name, table)
	}
	written, err := column(ctx, c, strings.Join(ask, " UNION ALL "))
	if err != nil {
		return err
	}
	if _, err := c.ExecContext(ctx, "SET FOREIGN_KEY_CHECKS = 0"); err != nil {
		return err
	}
	for _, table := range written {
		if _, err := c.ExecContext(ctx, fmt.Sprintf("DELETE FROM `%s`.`%s`", name, table)); err != nil {
			return err
		}
		// Ids begin anew, as in a new database. Tables without them do not mind.
		if _, err := c.ExecContext(ctx, fmt.Sprintf("ALTER TABLE `%s`.`%s` AUTO_INCREMENT = 1", name, table)); err != nil {
			return err
		}
	}
	return nil
}

// column is the only column of an answer.
func column(ctx context.Context, c *sql.Conn, query string, args ...any) (out []string, err error) {
	rows, err := c.QueryContext(ctx, query, args...)
	if err != nil {
		return nil, err
	}
	defer func() { _ = rows.Close() }()
	for rows.Next() {
		var s string
		if err := rows.Scan(&s); err != nil {
			return nil, err
		}
		out = append(out, s)
	}
	return out, rows.Err()
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
