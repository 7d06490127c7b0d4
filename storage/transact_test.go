package storage_test

import (
	"context"
	"errors"
	"sync"
	"testing"
	"time"

	gomysql "github.com/go-sql-driver/mysql"

	"microcourt/model"
	"microcourt/storage"
	"microcourt/storage/storagetest"
)

// court adds a court in a transaction; what is audited can be found again.
func court(ctx context.Context, db *storage.DB, code string, audited bool, hook func()) error {
	return db.Transact(ctx, func(tx *storage.DB) error {
		tx.OnCommit(hook)
		c := &model.Court{Code: code, Name: "某法院", ShortName: "某" + code}
		if err := tx.CreateCourt(ctx, c); err != nil || !audited {
			return err
		}
		return tx.Audit(model.System(), model.RolePublic, model.AuditEvent{CourtID: c.ID, Action: model.AuditCourtAdd})
	})
}

// The answer to COMMIT is lost, or the COMMIT itself; the connection is cut, or
// it stays and nothing comes. What stands is found again and counts as done;
// what is not found is uncertain, never a failure. Nobody waits for ever, and
// the only connection of the pool is there for the next.
func TestALostCommit(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name             string
		fate             storagetest.Fate
		audited          bool
		stands, reported bool
	}{
		{"the answer, with a link to find", storagetest.Fate{Unheard: true}, true, true, false},
		{"the answer, with nothing to find", storagetest.Fate{Unheard: true}, false, true, true},
		{"the COMMIT, with a link", storagetest.Fate{Dropped: true}, true, false, true},
		{"the COMMIT, with nothing", storagetest.Fate{Dropped: true}, false, false, true},
		{"silence after it, with a link to find", storagetest.Fate{Unheard: true, Open: true}, true, true, false},
		{"silence after it, with nothing to find", storagetest.Fate{Unheard: true, Open: true}, false, true, true},
		{"silence in its place, with a link", storagetest.Fate{Dropped: true, Open: true}, true, false, true},
		{"silence in its place, with nothing", storagetest.Fate{Dropped: true, Open: true}, false, false, true},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			ctx, cancel := context.WithTimeout(context.Background(), 2*time.Minute)
			defer cancel()
			cfg, fault := storagetest.ConfigFaulty(t, nil)
			cfg.MaxConns = 1
			db := openConfig(t, cfg)
			fault.Arm(0, tc.fate)
			hooks, began := 0, time.Now()
			// Its time is over before the answer is given up.
			hurried, done := context.WithTimeout(ctx, time.Second)
			defer done()
			err := court(hurried, db, "浙0299", tc.audited, func() { hooks++ })
			if storage.Uncertain(err) != tc.reported || (err != nil) != tc.reported || fault.Lost() != 1 {
				t.Fatalf("%d lost, %v", fault.Lost(), err)
			}
			if d := time.Since(began); d > cfg.Answer+time.Minute {
				t.Errorf("it took %v", d)
			}
			if tc.reported && (model.KindOf(err) != model.Unavailable || model.ReasonOf(err) != "commit.uncertain") {
				t.Errorf("%v", err)
			}
			if _, err := db.CourtByCode(ctx, "浙0299"); (err == nil) != tc.stands {
				t.Errorf("the row: %v", err)
			}
			if hooks != 1 {
				t.Errorf("hooks ran %d times", hooks)
			}
			// The connection that lost it is gone, with whatever it held.
			if err := court(ctx, db, "浙0298", true, func() {}); err != nil {
				t.Fatal(err)
			}
		})
	}
}

// The server never learns that the program has left: it holds the transaction
// with its locks, but not for hours.
func TestAnAbandonedTransactionEnds(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithTimeout(context.Background(), 2*time.Minute)
	defer cancel()
	cfg, fault := storagetest.ConfigFaulty(t, nil)
	if fault.Proxy != nil {
		db := openConfig(t, cfg)
		if s, err := storage.Text(ctx, db, "SELECT @@SESSION.wait_timeout"); err != nil || s != "60" {
			t.Errorf("idle connections are ended after %s s, %v", s, err)
		}
		cfg.DSN += "?wait_timeout=3"
	}
	db := openConfig(t, cfg)
	fault.Arm(0, storagetest.Fate{Dropped: true, Open: true, Left: true})
	if err := court(ctx, db, "浙0299", false, func() {}); !storage.Uncertain(err) {
		t.Fatalf("%v", err)
	}
	if err := court(ctx, db, "浙0299", false, func() {}); err != nil { // waits for the locks of the first
		t.Error(err)
	}
}

func TestAFailureIsNotUncertain(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(context.Background())
	db, _ := storagetest.OpenFaulty(t, nil)
	own := errors.New("own")
	if err := db.Transact(ctx, func(*storage.DB) error { return own }); !errors.Is(err, own) || storage.Uncertain(err) {
		t.Errorf("%v", err)
	}
	err := db.Transact(ctx, func(*storage.DB) error { cancel(); return nil })
	if !errors.Is(err, context.Canceled) || storage.Uncertain(err) {
		t.Errorf("cancelled before COMMIT: %v", err)
	}
}

// A cluster reports a conflict at COMMIT; the transaction is run again. One
// that the server holds open is not committed by the connection's next user.
func TestAConflictAtCommitIsRunAgain(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	db, fault := storagetest.OpenFaulty(t, nil)
	if err := court(ctx, db, "浙0299", false, func() {}); err != nil {
		t.Fatal(err)
	}
	c, err := db.CourtByCode(ctx, "浙0299")
	if err != nil {
		t.Fatal(err)
	}
	victim, late := &gomysql.MySQLError{Number: 1213}, &gomysql.MySQLError{Number: 1205}
	fault.RefuseCommit(victim, late, victim, late, victim)
	runs, last := 0, time.Time{}
	err = db.Transact(ctx, func(tx *storage.DB) error {
		if runs++; runs > 1 && time.Since(last) < time.Millisecond {
			t.Error("run again without a pause")
		}
		last = time.Now()
		_, err := tx.NextSerial(ctx, c.ID, "certificate", 2026)
		return err
	})
	if err != nil || runs != 6 {
		t.Fatalf("%d runs, %v", runs, err)
	}
	_ = db.Transact(ctx, func(tx *storage.DB) error {
		if n, err := tx.NextSerial(ctx, c.ID, "certificate", 2026); n != 2 || err != nil {
			t.Errorf("after one number the next is %d, %v", n, err)
		}
		return nil
	})
	// Not for longer than somebody waits.
	fault.RefuseCommit(victim, victim, victim, victim, victim, victim, victim, victim, victim, victim, victim, victim, victim, victim)
	short, cancel := context.WithTimeout(ctx, 30*time.Millisecond)
	defer cancel()
	if err := db.Transact(short, func(*storage.DB) error { return nil }); err == nil {
		t.Error("committed without an answer")
	}
}

// A number may be doubted again when the transaction that had been proved is run
// again after a deadlock: then it is proved once more, and not refused.
func TestARepeatedTransactionIsProvedAgain(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	db, fault := storagetest.OpenFaulty(t, nil)
	if err := court(ctx, db, "浙0299", false, func() {}); err != nil {
		t.Fatal(err)
	}
	c, err := db.CourtByCode(ctx, "浙0299")
	if err != nil {
		t.Fatal(err)
	}
	known := model.SeriesMark{CourtID: c.ID, Kind: "certificate", Year: 2026, Last: 5}
	db.NoteNumbers([]model.SeriesMark{known})
	proofs := 0
	db.OnDoubt(func(ctx context.Context) error {
		proofs++
		return storage.Exec(ctx, db, "UPDATE document_series SET last = ?", known.Last)
	})
	// The series has a row that the proof can move.
	if err := storage.Exec(ctx, db, "INSERT INTO document_series (court_id, kind, year, last) VALUES (?, 'certificate', 2026, 0)", c.ID); err != nil {
		t.Fatal(err)
	}
	runs, got := 0, int64(0)
	err = db.Transact(ctx, func(tx *storage.DB) error {
		runs++
		n, err := tx.NextSerial(ctx, c.ID, "certificate", 2026)
		got = n
		if err == nil && runs == 2 { // others go on meanwhile, and the database chooses a victim
			known.Last = 9
			db.NoteNumbers([]model.SeriesMark{known})
			fault.RefuseCommit(&gomysql.MySQLError{Number: 1213})
		}
		return err
	})
	if err != nil || got != 10 || runs != 4 || proofs != 2 {
		t.Errorf("number %d after %d runs and %d proofs: %v", got, runs, proofs, err)
	}
}

// After a statement failed, nothing more is done, whatever the caller makes of
// the error; a key that is taken is no failure.
func TestATransactionEndsWithItsFirstError(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	db := storagetest.Open(t, nil)
	err := db.Transact(ctx, func(tx *storage.DB) error {
		if err := storage.ExecIn(ctx, tx, "INSERT INTO nowhere VALUES (1)"); err == nil {
			t.Error("an INSERT into nowhere")
		}
		if err := tx.CreateCourt(ctx, &model.Court{Code: "浙0299", Name: "某法院", ShortName: "甲"}); err == nil {
			t.Error("a statement after the first error")
		}
		return nil
	})
	if err == nil {
		t.Error("committed in spite of the error")
	}
	if _, err := db.CourtByCode(ctx, "浙0299"); err == nil {
		t.Error("the row stands")
	}
	// Both are called, and the second does not stand by itself.
	err = db.Transact(ctx, func(tx *storage.DB) error {
		return errors.Join(
			storage.ExecIn(ctx, tx, "INSERT INTO nowhere VALUES (1)"),
			tx.CreateCourt(ctx, &model.Court{Code: "浙0297", Name: "某法院", ShortName: "某"}))
	})
	if err == nil {
		t.Error("two joined statements, of which the first failed: committed")
	}
	if _, err := db.CourtByCode(ctx, "浙0297"); err == nil {
		t.Error("the second of two joined statements stands")
	}
	if err := court(ctx, db, "浙0299", false, func() {}); err != nil {
		t.Fatal(err)
	}
	err = db.Transact(ctx, func(tx *storage.DB) error {
		if err := tx.CreateCourt(ctx, &model.Court{Code: "浙0299", Name: "某法院", ShortName: "甲"}); model.KindOf(err) != model.Conflict {
			t.Errorf("%v", err)
		}
		return tx.CreateCourt(ctx, &model.Court{Code: "浙0298", Name: "某法院", ShortName: "另"})
	})
	if err != nil {
		t.Errorf("after a key that is taken: %v", err)
	}
}

// The database went away in between: that is the answer, not what a service
// made of an error that it could not look into.
func TestAnOutageIsNotTakenForSomethingElse(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	db, fault := storagetest.OpenFaulty(t, nil)
	look := func(before func()) error {
		return db.Transact(ctx, func(tx *storage.DB) error {
			before()
			_, err := tx.CourtByCode(ctx, "浙0299")
			return model.E(model.NotFound, "court.not_found", "没有").WithCause(err)
		})
	}
	if err := look(func() {}); model.KindOf(err) != model.NotFound {
		t.Errorf("%v", err)
	}
	if fault.Proxy == nil { // a file does not go away
		return
	}
	err := look(fault.Proxy.Down)
	fault.Proxy.Up()
	if model.KindOf(err) != model.Unavailable || storage.Uncertain(err) {
		t.Errorf("%v", err)
	}
	if _, err := db.CourtByCode(ctx, "浙0299"); model.KindOf(err) != model.NotFound {
		t.Errorf("afterwards %v", err)
	}
}

// A write with a key, sent again after its COMMIT got lost, does it anew, with
// a number of its own although another row took the first one's meanwhile.
func TestOnceDoesAgainWhatWasLost(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	db, fault := storagetest.OpenFaulty(t, nil)
	fault.DropCommit(0)
	runs := 0
	c := model.Court{Code: "浙0299", Name: "某法院", ShortName: "甲"}
	err := db.Once(ctx, model.System(), func(tx *storage.DB) error {
		if runs++; runs == 2 {
			if err := tx.CreateCourt(ctx, &model.Court{Code: "浙0298", Name: "另一法院", ShortName: "另"}); err != nil {
				return err
			}
		}
		return tx.CreateCourt(ctx, &c)
	})
	if err != nil || runs != 2 {
		t.Fatalf("%d runs, %v", runs, err)
	}
	if old, err := db.CourtByCode(ctx, "浙0299"); err != nil || old.ID != c.ID {
		t.Errorf("%+v %v", old, err)
	}
}

// The server takes connections and statements and says nothing: nobody waits
// longer than his own time, or the bound when he has none, and when it speaks
// again everything works.
func TestASilentServerHoldsNobody(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	cfg, fault := storagetest.ConfigFaulty(t, nil)
	if fault.Proxy == nil { // a file is not silent
		return
	}
	cfg.MaxConns = 2
	cfg.DSN += "?readTimeout=3s"
	db := openConfig(t, cfg)
	read := func(ctx context.Context) error {
		_, err := db.CourtByCode(ctx, "浙0299")
		return err
	}
	within := func(what string, least time.Duration, act func() error) {
		t.Helper()
		began := time.Now()
		err := act()
		if d := time.Since(began); err == nil || model.KindOf(err) == model.NotFound || d < least || d > 30*time.Second {
			t.Errorf("%s: %v after %v", what, err, d)
		}
	}
	if err := read(ctx); model.KindOf(err) != model.NotFound {
		t.Fatal(err)
	}
	fault.Proxy.Hush(true)
	short := func(act func(context.Context) error) func() error {
		return func() error {
			ctx, cancel := context.WithTimeout(ctx, 500*time.Millisecond)
			defer cancel()
			return act(ctx)
		}
	}
	within("a statement with a deadline", 400*time.Millisecond, short(read))
	within("a new connection with a deadline", 400*time.Millisecond, short(read))
	within("a new connection", time.Second, func() error { return read(ctx) })
	within("starting", time.Second, func() error {
		db, err := storage.Open(ctx, cfg)
		if err == nil {
			_ = db.Close()
		}
		return err
	})
	fault.Proxy.Hush(false)
	if err := read(ctx); model.KindOf(err) != model.NotFound {
		t.Fatal(err)
	}
	within("a statement of background work", 2*time.Second, func() error {
		return db.Transact(ctx, func(tx *storage.DB) error {
			fault.Proxy.Hush(true)
			_, err := tx.CourtByCode(ctx, "浙0299")
			return err
		})
	})
	fault.Proxy.Hush(false)
	within("a transaction that is given up between two statements", 0, func() error {
		ctx, cancel := context.WithCancel(ctx)
		defer cancel()
		return db.Transact(ctx, func(*storage.DB) error {
			fault.Proxy.Hush(true)
			cancel()
			return ctx.Err()
		})
	})
	fault.Proxy.Hush(false)
	for range 4 { // no place in the pool was lost
		if err := court(ctx, db, "浙0299", false, func() {}); err != nil && model.KindOf(err) != model.Conflict {
			t.Error(err)
		}
	}
}

// Two courts are given patterns at once by which their papers would bear one
// number: one of them is refused, with the field.
func TestTwoCourtsDoNotTakeOneNumber(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	cfg := storagetest.Config(t, nil)
	first, second := openConfig(t, cfg), openConfig(t, cfg)
	courts := []model.Court{
		{Code: "浙0211", Name: "宁波市镇海区人民法院", ShortName: "镇法", Settings: model.DefaultCourtSettings()},
		{Code: "浙0205", Name: "宁波市江北区人民法院", ShortName: "北法", Settings: model.DefaultCourtSettings()},
	}
	for i := range courts {
		if err := first.Transact(ctx, func(tx *storage.DB) error { return tx.CreateCourt(ctx, &courts[i]) }); err != nil {
			t.Fatal(err)
		}
	}
	twin := model.Court{Code: "浙0206", Name: "另一法院", ShortName: "镇法", Settings: model.DefaultCourtSettings()}
	if err := first.Transact(ctx, func(tx *storage.DB) error { return tx.CreateCourt(ctx, &twin) }); model.ReasonOf(err) != "pattern.taken" {
		t.Error("a second court of the same short name:", err)
	}
	for range 15 {
		errs := make([]error, 2)
		var wg sync.WaitGroup
		for i, db := range []*storage.DB{first, second} {
			c := courts[i]
			c.Settings.CertificatePattern = "甬自履证〔{year}〕{n}号"
			wg.Go(func() {
				errs[i] = db.Transact(ctx, func(tx *storage.DB) error { return tx.UpdateCourt(ctx, &c) })
			})
		}
		wg.Wait()
		if (errs[0] == nil) == (errs[1] == nil) || model.ReasonOf(errors.Join(errs...)) != "pattern.taken" {
			t.Fatal(errs)
		}
		for i := range courts {
			if err := first.Transact(ctx, func(tx *storage.DB) error { return tx.UpdateCourt(ctx, &courts[i]) }); err != nil {
				t.Fatal(err)
			}
		}
	}
}
