package storage_test

import (
	"bytes"
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"microcourt/model"
	"microcourt/storage"
	"microcourt/storage/storagetest"
)

// Every kind of value comes back from a copy as it was: quotes, line breaks,
// characters outside the first plane, bytes of every value, NULL, microseconds.
func TestACopyBringsEverythingBack(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	clock := storagetest.NewClock()
	clock.Set(time.Date(2026, 3, 2, 2, 0, 0, 123456000, time.UTC))
	cfg := storagetest.Config(t, clock.Now)
	db, err := storage.Open(ctx, cfg)
	if err != nil {
		t.Fatal(err)
	}
	odd := "a'b\"c\\d\n--\r\x1a;\t镇𠮷法\x00 %_"
	all := make([]byte, 256)
	for i := range all {
		all[i] = byte(i)
	}
	court := createCourt(t, db)
	user := model.User{CourtID: court.ID, Name: odd, CreatedAt: clock.Now()}
	if err := storage.InsertRow(ctx, db, &user); err != nil {
		t.Fatal(err)
	}
	file := model.File{
		CourtID: court.ID, UserID: user.ID, UploadKey: "k1", State: model.FileStored, OriginalKey: "originals/x", Name: odd,
		Fingerprint: all, Band0: -5, CreatedAt: clock.Now(), UpdatedAt: clock.Now(),
	}
	empty := model.File{CourtID: court.ID, UserID: user.ID, UploadKey: "k2", State: model.FileStored, CreatedAt: clock.Now(), UpdatedAt: clock.Now()}
	for _, f := range []*model.File{&file, &empty} {
		if err := storage.InsertRow(ctx, db, f); err != nil {
			t.Fatal(err)
		}
	}
	serial(t, db, court.ID, 7)
	path := filepath.Join(t.TempDir(), "copy")
	if err := storage.CopyTo(ctx, cfg, path); err != nil { // while db is open
		t.Fatal(err)
	}
	if err := storage.CopyTo(ctx, cfg, path); err == nil {
		t.Error("a copy was overwritten")
	}
	if err := storage.CheckCopy(ctx, cfg.Dialect, path); err != nil {
		t.Error(err)
	}
	serial(t, db, court.ID, 3)
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	for range 2 { // it can be run again
		if err := storage.Replace(ctx, cfg, path); err != nil {
			t.Fatal(err)
		}
	}
	if db, err = storage.Open(ctx, cfg); err != nil {
		t.Fatal(err)
	}
	defer func() { _ = db.Close() }()
	var u model.User
	var f, e model.File
	if err := errors.Join(storage.Load(ctx, db, &u, user.ID), storage.Load(ctx, db, &f, file.ID), storage.Load(ctx, db, &e, empty.ID)); err != nil {
		t.Fatal(err)
	}
	if u.Name != odd || f.Name != odd || !bytes.Equal(f.Fingerprint, all) || f.Band0 != -5 || !f.CreatedAt.Equal(clock.Now()) || f.CaseID != 0 || len(e.Fingerprint) != 0 {
		t.Errorf("%q %q %x %v %v", u.Name, f.Name, f.Fingerprint, f.CreatedAt, f.CaseID)
	}
	if next := serial(t, db, court.ID, 1); next != 8 {
		t.Errorf("the next number is %d", next)
	}
	another := model.User{CourtID: court.ID, Name: "x", CreatedAt: clock.Now()}
	if err := storage.InsertRow(ctx, db, &another); err != nil || another.ID <= user.ID {
		t.Errorf("ids begin anew: %d after %d, %v", another.ID, user.ID, err)
	}
	if _, breaks, err := db.VerifyAudit(ctx); err != nil || len(breaks) > 0 {
		t.Error(breaks, err)
	}
	if v, err := db.SchemaVersion(ctx); err != nil || v.Behind() || v.Ahead() {
		t.Error(v, err)
	}
	if half, err := db.Restoring(ctx); err != nil || half {
		t.Error(half, err)
	}
}

func serial(t *testing.T, db *storage.DB, courtID int64, n int) (last int64) {
	t.Helper()
	for range n {
		err := db.Transact(context.Background(), func(tx *storage.DB) (err error) {
			if last, err = tx.NextSerial(context.Background(), courtID, model.CertificateSeries, 2026); err != nil {
				return err
			}
			return tx.Audit(model.System(), model.RoleAdmin, model.AuditEvent{CourtID: courtID, Action: "test", Subject: "court:1"})
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	return last
}

// A dump that breaks off leaves the database marked: nothing begins to work
// with half of it.
func TestHalfARestoringIsSeen(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	cfg := storagetest.Config(t, nil)
	path := filepath.Join(t.TempDir(), "copy")
	if err := storage.CopyTo(ctx, cfg, path); err != nil {
		t.Fatal(err)
	}
	if cfg.Dialect == storage.SQLite {
		if err := storage.Replace(ctx, cfg, filepath.Join(t.TempDir(), "missing")); err == nil {
			t.Fatal("restored from nothing")
		}
		db, err := storage.Open(ctx, cfg) // the old one is whole
		if err != nil {
			t.Fatal(err)
		}
		if v, err := db.SchemaVersion(ctx); err != nil || v.Behind() {
			t.Error(v, err)
		}
		_ = db.Close()
		return
	}
	whole, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	broken := strings.Replace(string(whole), "CREATE TABLE `courts`", "CREATE TABEL `courts`", 1)
	if err := os.WriteFile(path+"-broken", []byte(broken), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := storage.Replace(ctx, cfg, path+"-broken"); err == nil {
		t.Fatal("a broken dump was restored")
	}
	db, err := storage.Open(ctx, cfg)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = db.Close() }()
	if half, err := db.Restoring(ctx); err != nil || !half {
		t.Errorf("half a database passes for a whole one: %v %v", half, err)
	}
	if err := storage.Replace(ctx, cfg, path); err != nil {
		t.Fatal(err)
	}
	if half, err := db.Restoring(ctx); err != nil || half {
		t.Errorf("a whole database passes for half of one: %v %v", half, err)
	}
}

// A database that cannot be read is not an empty one: whoever restores over it
// must not believe that there is nothing to keep.
func TestADamagedDatabaseIsNotEmpty(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	dir := t.TempDir()
	cfg := storage.Config{Dialect: storage.SQLite, DSN: filepath.Join(dir, "damaged.db")}
	if err := os.WriteFile(cfg.DSN, bytes.Repeat([]byte("damaged "), 4096), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := storage.CopyTo(ctx, cfg, filepath.Join(dir, "copy.db")); err == nil || errors.Is(err, storage.ErrEmpty) {
		t.Errorf("a damaged database: %v", err)
	}
	cfg.DSN = filepath.Join(dir, "nothing.db")
	if err := storage.CopyTo(ctx, cfg, filepath.Join(dir, "copy2.db")); !errors.Is(err, storage.ErrEmpty) {
		t.Errorf("no database: %v", err)
	}
}

// What is part of something is evidence, whether it can be shown or not.
func TestOnlyWhatNobodyHandedInIsDamaged(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	db := storagetest.Open(t, nil)
	court := createCourt(t, db)
	user := model.User{CourtID: court.ID, Name: "陈建国"}
	err := db.Transact(ctx, func(tx *storage.DB) error {
		if err := tx.CreateUser(ctx, &user); err != nil {
			return err
		}
		for _, state := range []model.FileState{model.FileStored, model.FileAttached} {
			f := model.File{CourtID: court.ID, UserID: user.ID, UploadKey: string(state), State: state, OriginalKey: "originals/" + string(state), Name: "x"}
			if _, err := tx.CreateFile(ctx, &f); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	for state, kept := range map[model.FileState]bool{model.FileAttached: true, model.FileStored: false} {
		f, err := db.FileByUploadKey(ctx, user.ID, string(state))
		if err != nil || f == nil {
			t.Fatal(f, err)
		}
		err = db.Transact(ctx, func(tx *storage.DB) error { return tx.MarkDamaged(ctx, f.ID) })
		if !kept && err != nil || kept && (err == nil || model.KindOf(err) != model.Conflict) {
			t.Errorf("%s: %v", state, err)
		}
	}
}
