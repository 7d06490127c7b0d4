package storage_test

import (
	"context"
	"database/sql"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"microcourt/storage"
	"microcourt/storage/storagetest"
)

// Programs that start together on a new folder all open its file. One of them
// has it to itself for a moment; SQLite tells the others at once that it is
// locked, and they try again.
func TestANewFileIsOpenedByManyAtOnce(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	cfg := storage.Config{Dialect: storage.SQLite, DSN: filepath.Join(t.TempDir(), "court.db"), Keys: storagetest.Keys(t)}
	first, err := sql.Open("sqlite", cfg.DSN+"?_txlock=immediate")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = first.Close() }()
	tx, err := first.BeginTx(ctx, nil)
	if err != nil {
		t.Fatal(err)
	}
	short, cancel := context.WithTimeout(ctx, 50*time.Millisecond)
	defer cancel()
	if db, err := storage.Open(short, cfg); err == nil {
		_ = db.Close()
		t.Error("a new file that somebody else has to himself was opened")
	}
	var wg sync.WaitGroup
	for range 12 {
		wg.Go(func() {
			db, err := storage.Open(ctx, cfg)
			if err != nil {
				t.Error(err)
				return
			}
			if mode, err := storage.Text(ctx, db, "PRAGMA journal_mode"); err != nil || mode != "wal" {
				t.Errorf("a reader finds the journal %q, %v", mode, err)
			}
			// The last that closes folds the log into the file while others open it.
			if err := db.Close(); err != nil {
				t.Error(err)
			}
		})
	}
	time.Sleep(300 * time.Millisecond)
	if err := tx.Rollback(); err != nil {
		t.Error(err)
	}
	wg.Wait()
}
