package storage_test

import (
	"bytes"
	"context"
	"errors"
	"math/rand/v2"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"
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
	right := begin(t, cfg)
	for range 2 { // it can be run again
		if err := right.Replace(ctx, path); err != nil {
			t.Fatal(err)
		}
	}
	if err := right.End(ctx); err != nil {
		t.Fatal(err)
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
}

// begin takes the right to restore a database.
func begin(t *testing.T, cfg storage.Config) *storage.Restoring {
	t.Helper()
	right, err := storage.BeginRestoring(context.Background(), cfg, time.Second)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = right.Close() }) // it has ended unless the test failed
	return right
}

func serial(t *testing.T, db *storage.DB, courtID int64, n int) (last int64) {
	t.Helper()
	for range n {
		err := db.Transact(context.Background(), func(tx *storage.DB) (err error) {
			if last, err = tx.NextSerial(context.Background(), courtID, model.CertificateSeries, 2026); err != nil {
				return err
			}
			return tx.Audit(model.System(), model.RoleAdmin, model.AuditEvent{CourtID: courtID, Action: "test", Subject: model.ThingCourt.Of(1)})
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	return last
}

// A replacing that breaks off leaves the database marked: nothing begins to work
// with half of it, and it cannot be given up, only done again.
func TestHalfARestoringIsSeen(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	cfg := storagetest.Config(t, nil)
	path := filepath.Join(t.TempDir(), "copy")
	if err := storage.CopyTo(ctx, cfg, path); err != nil {
		t.Fatal(err)
	}
	broken := path + "-broken" // on SQLite there is nothing
	if cfg.Dialect == storage.MySQL {
		whole, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(broken, bytes.Replace(whole, []byte("CREATE TABLE `courts`"), []byte("CREATE TABEL `courts`"), 1), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	right := begin(t, cfg)
	if err := right.Replace(ctx, broken); err == nil {
		t.Fatal("restored from what cannot be read")
	}
	if err := right.Cancel(ctx); !errors.Is(err, storage.ErrTouched) {
		t.Errorf("given up in the middle: %v", err)
	}
	if err := right.Close(); err != nil { // as a kill does
		t.Fatal(err)
	}
	if _, err := storage.Open(ctx, cfg); !errors.Is(err, storage.ErrRestoring) {
		t.Errorf("half a database passes for a whole one: %v", err)
	}
	right = begin(t, cfg)
	if right.Anew() || !right.Touched() {
		t.Errorf("it does not know that another one began: %v %v", right.Anew(), right.Touched())
	}
	if err := errors.Join(right.Replace(ctx, path), right.End(ctx)); err != nil {
		t.Fatal(err)
	}
	opens(t, cfg)
}

func opens(t *testing.T, cfg storage.Config) {
	t.Helper()
	db, err := storage.Open(context.Background(), cfg)
	if err != nil {
		t.Fatalf("the database does not open: %v", err)
	}
	if v, err := db.SchemaVersion(context.Background()); err != nil || v.Behind() {
		t.Error(v, err)
	}
	if err := db.Close(); err != nil {
		t.Error(err)
	}
}

// Who works with the database keeps a restoring out, and leaves no trace of the
// try; a restoring keeps everybody else out, also another restoring, also when it
// was killed; one that touched nothing can be given up.
func TestARestoringIsAlone(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	cfg := storagetest.Config(t, nil)
	db, err := storage.Open(ctx, cfg)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := storage.BeginRestoring(ctx, cfg, 0); !errors.Is(err, storage.ErrInUse) {
		t.Errorf("beside a server: %v", err)
	}
	opens(t, cfg)
	if err := db.Ping(ctx); err != nil {
		t.Error(err)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	right := begin(t, cfg)
	if !right.Anew() || right.Touched() {
		t.Error(right.Anew(), right.Touched())
	}
	if _, err := storage.BeginRestoring(ctx, cfg, 0); !errors.Is(err, storage.ErrInUse) {
		t.Errorf("beside another restoring: %v", err)
	}
	for _, moment := range []string{"during it", "after it was killed"} {
		if db, err := storage.Open(ctx, cfg); !errors.Is(err, storage.ErrRestoring) {
			t.Errorf("%s: %v", moment, err)
			_ = db.Close()
		}
		_ = right.Close()
	}
	cfg.Restoring = true
	opens(t, cfg)
	cfg.Restoring = false
	if right = begin(t, cfg); right.Anew() {
		t.Error("the mark of the killed one is gone")
	}
	if err := right.Cancel(ctx); err != nil {
		t.Fatal(err)
	}
	opens(t, cfg)
}

// A program that holds no connection at the moment, as one that has nothing to
// do may after its connections grew old, is not seen; so it must see the
// restoring, and end: what it remembers belongs to the database from before.
func TestAnIdleProgramMeetsARestoring(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	cfg := storagetest.Config(t, nil)
	db, err := storage.Open(ctx, cfg)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = db.Close() }()
	if err := storage.KeepNoConnections(db); err != nil {
		t.Fatal(err)
	}
	right, err := storage.BeginRestoring(ctx, cfg, time.Second)
	if cfg.Dialect == storage.SQLite {
		if !errors.Is(err, storage.ErrInUse) { // its lock lasts without a connection
			t.Fatal(err)
		}
		return
	}
	if err != nil {
		t.Fatal(err)
	}
	select {
	case <-db.Halted():
		t.Error("it was halted before it looked")
	default:
	}
	if err := db.Ping(ctx); !errors.Is(err, storage.ErrRestoring) || model.KindOf(err) != model.Unavailable {
		t.Errorf("during the restoring: %v", err)
	}
	<-db.Halted()
	if err := right.End(ctx); err != nil {
		t.Fatal(err)
	}
	if err := db.Ping(ctx); !errors.Is(err, storage.ErrRestoring) {
		t.Errorf("it goes on with another database than it knows: %v", err)
	}
	opens(t, cfg)
}

// However programs start while a restoring begins, never do both go on.
func TestNobodyStartsBesideARestoring(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	cfg := storagetest.Config(t, nil)
	var working, restoring atomic.Int32
	var ran [2]atomic.Int32
	deadline := time.Now().Add(30 * time.Second)
	goOn := func() bool { return (ran[0].Load() < 20 || ran[1].Load() < 3) && time.Now().Before(deadline) }
	var g sync.WaitGroup
	for range 3 {
		g.Go(func() {
			for goOn() {
				db, err := storage.Open(ctx, cfg)
				if errors.Is(err, storage.ErrRestoring) {
					time.Sleep(time.Millisecond)
					continue
				}
				if err != nil {
					t.Error(err)
					return
				}
				working.Add(1)
				if ran[0].Add(1); restoring.Load() > 0 {
					t.Error("a program works beside a restoring")
				}
				working.Add(-1)
				if err := db.Close(); err != nil {
					t.Error(err)
				}
				time.Sleep(rand.N(120 * time.Millisecond))
			}
		})
	}
	for range 2 {
		g.Go(func() {
			for goOn() {
				right, err := storage.BeginRestoring(ctx, cfg, 300*time.Millisecond)
				if errors.Is(err, storage.ErrInUse) {
					continue
				}
				if err != nil {
					t.Error(err)
					return
				}
				ran[1].Add(1)
				if n := restoring.Add(1); n > 1 || working.Load() > 0 {
					t.Errorf("%d restorings beside %d programs", n, working.Load())
				}
				restoring.Add(-1)
				if err := right.Cancel(ctx); err != nil {
					t.Error(err)
				}
				time.Sleep(5 * time.Millisecond)
			}
		})
	}
	g.Wait()
	if ran[0].Load() < 20 || ran[1].Load() < 3 {
		t.Fatalf("programs ran %d times, restorings %d times: the test proves nothing", ran[0].Load(), ran[1].Load())
	}
	t.Logf("programs ran %d times, restorings %d times", ran[0].Load(), ran[1].Load())
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
