package storage_test

import (
	"context"
	"errors"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"microcourt/storage"
	"microcourt/storage/migrations"
	"microcourt/storage/storagetest"
)

// emptyDatabase is the configuration of a database without a schema.
func emptyDatabase(t *testing.T) storage.Config {
	t.Helper()
	cfg := storage.Config{Dialect: storage.SQLite, DSN: filepath.Join(t.TempDir(), "court.db"), Keys: storagetest.Keys(t)}
	if storagetest.OnMySQL() {
		cfg.Dialect, cfg.DSN = storage.MySQL, storagetest.EmptyMySQL(t)
	}
	return cfg
}

func openConfig(t *testing.T, cfg storage.Config) *storage.DB {
	t.Helper()
	db, err := storage.Open(context.Background(), cfg)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	return db
}

// Whatever was applied when a run was killed is applied again by the next:
// every statement of every file must be able to run twice, and to meet nothing
// that the first time did not make.
func TestEveryMigrationRunsTwice(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	db := storagetest.Open(t, nil)
	before, err := storage.Schema(ctx, db)
	if err != nil {
		t.Fatal(err)
	}
	if err := storage.Exec(ctx, db, "DELETE FROM goose_db_version WHERE version_id > 0"); err != nil {
		t.Fatal(err)
	}
	applied, err := db.Migrate(ctx)
	if err != nil || len(applied) < 10 {
		t.Fatalf("applied %v again: %v", applied, err)
	}
	after, err := storage.Schema(ctx, db)
	if err != nil || after != before || !strings.Contains(after, "receipts") {
		t.Errorf("the schema changed when its files ran twice: %v", err)
	}
}

// MySQL commits every statement by itself. Keys and indexes that stand outside
// CREATE TABLE would be missing for ever after a kill in between, or make the
// next run fail.
func TestMySQLTablesAreMadeWhole(t *testing.T) {
	t.Parallel()
	entries, err := migrations.MySQL.ReadDir("mysql")
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		text, err := migrations.MySQL.ReadFile("mysql/" + e.Name())
		if err != nil {
			t.Fatal(err)
		}
		for line := range strings.Lines(string(text)) {
			if strings.HasPrefix(line, "CREATE") && !strings.HasPrefix(line, "CREATE TABLE IF NOT EXISTS") {
				t.Errorf("%s: %s", e.Name(), line)
			}
		}
	}
}

// A kill between goose's version table and its first row must not stop later
// runs.
func TestAnEmptyVersionTableIsRepaired(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	db := openConfig(t, emptyDatabase(t))
	if _, err := db.Migrate(ctx); err != nil {
		t.Fatal(err)
	}
	if err := storage.Exec(ctx, db, "DELETE FROM goose_db_version"); err != nil {
		t.Fatal(err)
	}
	if v, err := db.SchemaVersion(ctx); err != nil || !v.Behind() || v.Database != 0 {
		t.Fatalf("%+v %v", v, err)
	}
	if _, err := db.Migrate(ctx); err != nil {
		t.Fatal(err)
	}
}

func TestManyMigrateAtOnce(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	cfg := emptyDatabase(t)
	var wg sync.WaitGroup
	var mu sync.Mutex
	applied := map[int64]int{}
	for range 4 {
		wg.Go(func() {
			db, err := storage.Open(ctx, cfg)
			if err != nil {
				t.Error(err)
				return
			}
			defer func() { _ = db.Close() }()
			numbers, err := db.Migrate(ctx)
			if err != nil {
				t.Error(err)
			}
			mu.Lock()
			defer mu.Unlock()
			for _, n := range numbers {
				applied[n]++
			}
			if v, err := db.SchemaVersion(ctx); err != nil || v.Behind() {
				t.Errorf("returned at %+v, %v", v, err)
			}
		})
	}
	wg.Wait()
	if len(applied) < 10 {
		t.Errorf("applied %v", applied)
	}
	for n, times := range applied {
		if times != 1 {
			t.Errorf("file %d was applied %d times", n, times)
		}
	}
}

// To ask for the version writes nothing: a command that goes on to refuse must
// leave a foreign database as it was.
func TestSchemaVersionWritesNothing(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	db := openConfig(t, emptyDatabase(t))
	v, err := db.SchemaVersion(ctx)
	if err != nil || v.Database != 0 || !v.Behind() {
		t.Fatalf("%+v %v", v, err)
	}
	if s, err := storage.Schema(ctx, db); err != nil || s != "" {
		t.Errorf("made %q, %v", s, err)
	}
}

// A copy is made before a migration of a database that has something in it,
// once, and without one nothing is changed.
func TestWhatGoesBeforeAMigration(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	db := openConfig(t, emptyDatabase(t))
	var calls []storage.Version
	note := func(_ context.Context, from storage.Version) error {
		calls = append(calls, from)
		return nil
	}
	if _, err := db.Migrate(ctx, note); err != nil || len(calls) != 0 {
		t.Fatal("an empty database was copied", calls, err)
	}
	if err := storage.Exec(ctx, db, "DELETE FROM goose_db_version WHERE version_id > 3"); err != nil {
		t.Fatal(err)
	}
	full := errors.New("disk full")
	if applied, err := db.Migrate(ctx, func(context.Context, storage.Version) error { return full }); !errors.Is(err, full) || len(applied) > 0 {
		t.Fatalf("went on without its copy: %v %v", applied, err)
	}
	if v, err := db.SchemaVersion(ctx); err != nil || v.Database != 3 {
		t.Fatalf("%+v %v", v, err)
	}
	for range 2 {
		if _, err := db.Migrate(ctx, note); err != nil {
			t.Fatal(err)
		}
	}
	if len(calls) != 1 || calls[0].Database != 3 {
		t.Errorf("called with %v", calls)
	}
}

// A runner that waits ends when its caller does.
func TestWaitingForAMigrationEndsWithItsContext(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(context.Background())
	cfg := emptyDatabase(t)
	holder, waiter := openConfig(t, cfg), openConfig(t, cfg)
	unlock, err := storage.LockSchema(ctx, holder)
	if err != nil {
		t.Fatal(err)
	}
	done := make(chan error)
	go func() {
		_, err := waiter.Migrate(ctx)
		done <- err
	}()
	cancel()
	if err := <-done; err == nil {
		t.Error("migrated beside another")
	}
	if err := unlock(); err != nil {
		t.Fatal(err)
	}
	if _, err := waiter.Migrate(context.Background()); err != nil {
		t.Error(err)
	}
}

// Migrations have connections of their own: the lock's and the one that works.
func TestMigrateWithOneConnection(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	cfg := emptyDatabase(t)
	cfg.MaxConns, cfg.Readers = 1, -1
	db := openConfig(t, cfg)
	if _, err := db.Migrate(ctx); err != nil {
		t.Fatal(err)
	}
	if v, err := db.SchemaVersion(ctx); err != nil || v.Behind() {
		t.Errorf("%+v %v", v, err)
	}
}

// Whoever lost the lock stops instead of working beside another: the server, or
// a proxy before it, has ended the connection that held it.
func TestAMigrationStopsWithoutItsLock(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	cfg := emptyDatabase(t)
	if cfg.Dialect != storage.MySQL { // SQLite's is a lock of the operating system
		return
	}
	cfg.Answer = 2 * time.Second
	proxy := storagetest.NewProxy(t, storagetest.Address(t, cfg.DSN), nil)
	direct := openConfig(t, cfg)
	cfg.DSN = storagetest.Through(proxy, cfg.DSN)
	db := openConfig(t, cfg)
	if _, err := db.Migrate(ctx); err != nil {
		t.Fatal(err)
	}
	for name, lose := range map[string]func(){
		"ended by the server": func() {
			if err := storage.KillMigrationLock(ctx, direct); err != nil {
				t.Error(err)
			}
		},
		"a silent server": func() { proxy.Hush(true) },
	} {
		if err := storage.Exec(ctx, direct, "DELETE FROM goose_db_version WHERE version_id > 3"); err != nil {
			t.Fatal(err)
		}
		began := time.Now()
		applied, err := db.Migrate(ctx, func(ctx context.Context, _ storage.Version) error {
			lose()
			<-ctx.Done() // a long statement
			return ctx.Err()
		})
		proxy.Hush(false)
		if !errors.Is(err, storage.ErrLockLost) || len(applied) > 0 || time.Since(began) > 20*time.Second {
			t.Errorf("%s: applied %v, %v", name, applied, err)
		}
		// Nobody is kept waiting afterwards.
		if _, err := direct.Migrate(ctx); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// The lock outlives the server's patience with connections that say nothing.
func TestTheLockOfAMigrationIsKeptAlive(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	cfg := emptyDatabase(t)
	if _, err := openConfig(t, cfg).Migrate(ctx); err != nil {
		t.Fatal(err)
	}
	long := time.Millisecond
	if cfg.Dialect == storage.MySQL {
		// Long enough for a machine that gives this process no time for seconds.
		cfg.DSN += "?wait_timeout=8"
		long = 12 * time.Second
	}
	cfg.Answer = 2 * time.Second
	db := openConfig(t, cfg)
	if err := storage.Exec(ctx, db, "DELETE FROM goose_db_version WHERE version_id > 3"); err != nil {
		t.Fatal(err)
	}
	_, err := db.Migrate(ctx, func(ctx context.Context, v storage.Version) error {
		if v.Database != 3 {
			t.Errorf("the schema was found at %+v", v)
		}
		select {
		case <-ctx.Done():
		case <-time.After(long): // a long statement
		}
		return ctx.Err()
	})
	if err != nil {
		t.Error(err)
	}
}
