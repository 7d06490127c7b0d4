package recovery_test

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"iter"
	"log/slog"
	"math/rand/v2"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"microcourt/model"
	"microcourt/service/performance"
	"microcourt/service/recovery"
	"microcourt/storage"
	"microcourt/storage/object"
	"microcourt/storage/object/objecttest"
	"microcourt/storage/storagetest"
)

// back puts the series back to a number under whoever works with the database.
// On MySQL that is another server then, as after a replica was promoted: its id
// differs, and no connection is left.
func (p *place) back(to int64) {
	p.t.Helper()
	ctx := context.Background()
	db, err := sql.Open(map[storage.Dialect]string{storage.SQLite: "sqlite", storage.MySQL: "mysql"}[p.cfg.Dialect], p.cfg.DSN)
	if err != nil {
		p.t.Fatal(err)
	}
	defer func() { _ = db.Close() }()
	exec := func(statement string, args ...any) {
		p.t.Helper()
		if _, err := db.ExecContext(ctx, statement, args...); err != nil {
			p.t.Fatal(statement, err)
		}
	}
	exec("UPDATE document_series SET last = ?", to)
	if p.cfg.Dialect != storage.MySQL {
		return
	}
	var id int64
	if err := db.QueryRowContext(ctx, "SELECT @@global.server_id").Scan(&id); err != nil {
		p.t.Fatal(err)
	}
	exec(fmt.Sprintf("SET GLOBAL server_id = %d", id%1_000_000+1+rand.Int64N(1000)))
	rows, err := db.QueryContext(ctx, "SELECT id FROM information_schema.processlist WHERE db = DATABASE() AND id <> CONNECTION_ID()")
	if err != nil {
		p.t.Fatal(err)
	}
	defer func() { _ = rows.Close() }()
	var ids []int64
	for rows.Next() {
		if err := rows.Scan(&id); err != nil {
			p.t.Fatal(err)
		}
		ids = append(ids, id)
	}
	if err := errors.Join(rows.Err(), rows.Close()); err != nil {
		p.t.Fatal(err)
	}
	for _, id := range ids {
		_, _ = db.ExecContext(ctx, fmt.Sprintf("KILL %d", id)) // or it has ended by itself
	}
}

// void asserts which numbers up to last are recorded as void.
func (p *place) void(from, to, last int64) {
	p.t.Helper()
	for n := int64(1); n <= last; n++ {
		v, err := p.db.VoidNumber(context.Background(), p.number(n))
		if void := v != nil; err != nil || void != (n >= from && n <= to) {
			p.t.Errorf("number %d is void: %v %v", n, void, err)
		}
	}
}

// One process gives numbers out, the database goes back, another process gives
// the next one: at the latest its look every few seconds tells it how far the
// numbers had come, and when another server answers the journal does.
func TestAnotherProcessGivesTheNextNumber(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	one := newPlace(t, objecttest.Open(t), 1)
	other := one.open()
	if n := other.give(1); n != 2 {
		t.Fatal(n)
	}
	if n := one.give(3); n != 5 {
		t.Fatal(n)
	}
	if err := one.svc.Flush(ctx); err != nil {
		t.Fatal(err)
	}
	if storagetest.OnMySQL() {
		time.Sleep(2500 * time.Millisecond) // the proof before its first number holds no more
	} else if err := other.svc.Look(ctx); err != nil {
		t.Fatal(err)
	}
	one.back(2)
	if n := other.give(1); n != 6 {
		t.Errorf("5 was given out, then %d", n)
	}
	if n := one.give(1); n != 7 {
		t.Errorf("6 was given out, then %d", n)
	}
	other.void(3, 5, 7)
	if r, err := other.db.OpenRecovery(ctx); err != nil || r == nil || r.Cause != model.RecoveryJournal {
		t.Errorf("%+v %v", r, err)
	}
	if err := one.svc.MaySweep(ctx); model.KindOf(err) != model.Conflict {
		t.Errorf("a sweep before the reconciliation: %v", err)
	}
	one.reconcile("")
	for _, p := range []*place{one, other} {
		if err := p.svc.MaySweep(ctx); err != nil {
			t.Error(err)
		}
	}
}

// The database goes back before the number was written to the journal: it is
// written all the same.
func TestTheJournalHasWhatTheDatabaseLost(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	p := newPlace(t, objecttest.Open(t), 1)
	if err := p.svc.Flush(ctx); err != nil {
		t.Fatal(err)
	}
	p.give(3)
	p.back(1)
	if err := p.svc.Flush(ctx); err != nil {
		t.Fatal(err)
	}
	started := p.open()
	if f, err := started.svc.Check(ctx); err != nil || f.Recovery == nil || len(f.Voided) != 3 {
		t.Errorf("%+v %v", f, err)
	}
	if n := started.give(1); n != 5 {
		t.Errorf("4 was given out, then %d", n)
	}
}

// A number of which this process only reads, as of one whose commit's answer was
// lost, stands in the journal after its next look.
func TestANumberThatWasOnlyReadReachesTheJournal(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	p := newPlace(t, objecttest.Open(t), 1)
	if err := p.svc.Flush(ctx); err != nil {
		t.Fatal(err)
	}
	other := p.open()
	other.give(2) // and ends before it writes that down
	if err := errors.Join(p.svc.Look(ctx), p.svc.Flush(ctx)); err != nil {
		t.Fatal(err)
	}
	p.back(1)
	started := p.open()
	if f, err := started.svc.Check(ctx); err != nil || f.Recovery == nil || len(f.Voided) != 2 {
		t.Errorf("%+v %v", f, err)
	}
}

// turning is a store that does something else first when an object is removed or
// the objects are listed.
type turning struct {
	object.Store

	remove, list func()
}

func (s turning) Remove(ctx context.Context, key string) error {
	if s.remove != nil {
		s.remove()
	}
	return s.Store.Remove(ctx, key)
}

func (s turning) List(ctx context.Context, prefix string) iter.Seq2[object.Info, error] {
	if s.list != nil {
		s.list()
	}
	return s.Store.List(ctx, prefix)
}

// The database goes back while a sweep runs: nothing more is removed, and what
// was loose only in the older database stays after the reconciliation as well.
func TestASweepStopsWhenTheDatabaseGoesBack(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	p := newPlace(t, objecttest.Open(t), 1)
	keys := []string{p.key("originals", "a"), p.key("originals", "b"), p.key("originals", "c")}
	for _, key := range keys {
		p.put(key, "evidence")
		p.file(key, model.FileStored)
	}
	p.give(3)
	if err := p.svc.Look(ctx); err != nil {
		t.Fatal(err)
	}
	p.clock.Advance(96 * time.Hour)
	var once sync.Once
	store := turning{Store: p.store, remove: func() { once.Do(func() { p.back(1) }) }}
	sweeper := performance.New(p.db, performance.Config{Objects: store, Logger: slog.New(slog.DiscardHandler), Recovery: p.svc, KeepStrays: 10})
	if _, err := sweeper.Sweep(ctx); model.KindOf(err) != model.Conflict {
		t.Errorf("a sweep under which the database went back: %v", err)
	}
	there := func() (n int) {
		for _, key := range keys {
			if o, _, err := p.store.Open(ctx, key); err == nil {
				n++
				_ = o.Close()
			}
		}
		return n
	}
	if n := there(); n != 2 {
		t.Errorf("%d of 3 files are left", n)
	}
	p.reconcile("")
	if _, err := sweeper.Sweep(ctx); err != nil {
		t.Error(err)
	}
	if n := there(); n != 2 {
		t.Errorf("after the reconciliation %d of 3 files are left", n)
	}
}

// While a backup writes into a place no other one does; when none does, what
// those left that ended early goes, however young it is.
func TestOneBackupAtATimeInAPlace(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	p := newPlace(t, objecttest.Open(t), 1)
	p.put(p.key("originals", "a"), "evidence")
	o := recovery.BackupOptions{Database: p.cfg, Objects: p.store, Dir: t.TempDir(), CopyObjects: true, Now: p.clock.Now()}
	left := filepath.Join(o.Dir, ".incomplete-left")
	if err := os.Mkdir(left, 0o700); err != nil {
		t.Fatal(err)
	}
	first, during := o, 0
	first.Objects = turning{Store: p.store, list: func() {
		during++
		before, err := filepath.Glob(filepath.Join(o.Dir, ".incomplete-*"))
		if err != nil || len(before) != 1 || before[0] == left {
			t.Errorf("%v %v", before, err)
		}
		late := o
		late.Now = o.Now.Add(48 * time.Hour)
		e, ok := errors.AsType[*model.Error](func() error { _, err := recovery.Backup(ctx, late); return err }())
		if !ok || e.Kind != model.Conflict || e.Reason != "backup.busy" {
			t.Errorf("a second backup into the place: %v", e)
		}
	}}
	r, err := recovery.Backup(ctx, first)
	if err != nil || during != 1 {
		t.Fatal(during, err)
	}
	if bad, err := recovery.Verify(ctx, r.Dir, r.Manifest); err != nil || len(bad) != 0 {
		t.Errorf("%v %v", bad, err)
	}
	if _, err := recovery.Backup(ctx, o); err != nil {
		t.Errorf("the next one: %v", err)
	}
}

// awayStore is a store that can be made to fail, as a server that is silent or as
// a directory that cannot be read.
func awayStore(t *testing.T) (store object.Store, away func(bool)) {
	t.Helper()
	if objecttest.OnMinIO() {
		cfg := objecttest.MinIOConfig(t)
		relay := objecttest.NewRelay(t, cfg.Endpoint)
		cfg.Endpoint, cfg.Silence = relay.Addr(), 2*time.Second
		m, err := object.NewMinIO(context.Background(), cfg, time.Now)
		if err != nil {
			t.Fatal(err)
		}
		return m, relay.Hush
	}
	dir := t.TempDir()
	d, err := object.NewDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = d.Close() })
	journal := filepath.Join(dir, "journal")
	return d, func(away bool) {
		t.Helper()
		var err error
		if away { // a folder that cannot be opened
			if err = os.Rename(journal, journal+".away"); err == nil {
				err = os.Symlink(journal, journal)
			}
		} else if err = os.Remove(journal); err == nil {
			err = os.Rename(journal+".away", journal)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
}

// The store is away when the database goes back: numbers go on, soon and from
// what the process knows, it says that, and it looks again when the store is back.
func TestNumbersGoOnWhileTheJournalIsAway(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	store, away := awayStore(t)
	p := newPlace(t, store, 3)
	// Another process gave out more and has written it down; this one has not
	// looked since.
	other := p.open()
	other.give(4)
	for _, svc := range []*recovery.Service{p.svc, other.svc} {
		if err := svc.Flush(ctx); err != nil {
			t.Fatal(err)
		}
	}
	if err := other.db.Close(); err != nil {
		t.Fatal(err)
	}
	away(true)
	if storagetest.OnMySQL() {
		time.Sleep(2500 * time.Millisecond)
	}
	p.back(2)
	began := time.Now()
	if n := p.give(1); n < 4 {
		t.Errorf("3 was given out, then %d", n)
	}
	first := time.Since(began)
	began = time.Now()
	p.give(1)
	if second := time.Since(began); first > time.Minute || second > time.Second && second > first {
		t.Errorf("the first number took %v, the second %v", first, second)
	}
	if p.svc.JournalAway().IsZero() {
		t.Error("it does not say that the journal is away")
	}
	away(false)
	for deadline := time.Now().Add(20 * time.Second); ; time.Sleep(200 * time.Millisecond) {
		err := p.svc.Look(ctx)
		if err == nil {
			err = p.svc.Flush(ctx)
		}
		if err == nil && p.svc.JournalAway().IsZero() {
			break
		}
		if time.Now().After(deadline) {
			t.Fatal(err)
		}
	}
	if n := p.give(1); n < 8 {
		t.Errorf("7 was given out by another process, then %d", n)
	}
}
