package storage_test

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"microcourt/model"
	"microcourt/storage"
	"microcourt/storage/migrations"
	"microcourt/storage/storagetest"
)

func TestBothDialectsHaveTheSameMigrations(t *testing.T) {
	t.Parallel()
	names := func(f fs.FS, dir string) []string {
		entries, err := fs.ReadDir(f, dir)
		if err != nil {
			t.Fatal(err)
		}
		var out []string
		for _, e := range entries {
			out = append(out, e.Name())
		}
		return out
	}
	m, s := names(migrations.MySQL, "mysql"), names(migrations.SQLite, "sqlite")
	if !slices.Equal(m, s) || len(m) == 0 {
		t.Fatalf("MySQL has %v, SQLite has %v", m, s)
	}
}

// A field without a column, or a column that no field fills, is found before
// a user finds it.
func TestModelsMatchTheMigratedColumns(t *testing.T) {
	t.Parallel()
	db := storagetest.Open(t, nil)
	for _, problem := range storage.Drift(context.Background(), db) {
		t.Error(problem)
	}
}

func TestMigrateIsRepeatableAndVersionIsCurrent(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	db := storagetest.Open(t, nil)
	applied, err := db.Migrate(ctx)
	if err != nil || len(applied) != 0 {
		t.Fatalf("a second migration applied %v, %v", applied, err)
	}
	v, err := db.SchemaVersion(ctx)
	if err != nil || v.Behind() || v.Ahead() || v.Program == 0 {
		t.Fatalf("version %+v, %v", v, err)
	}
}

func TestDocumentNumbersHaveNoGaps(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	db := storagetest.Open(t, nil)
	court := createCourt(t, db)
	errRollback := errors.New("roll back")
	const n = 60
	var mu sync.Mutex
	var got []int64
	var wg sync.WaitGroup
	for i := range n {
		wg.Go(func() {
			err := db.Transact(ctx, func(tx *storage.DB) error {
				s, err := tx.NextSerial(ctx, court.ID, "certificate", 2026)
				if err != nil {
					return err
				}
				if i%3 == 0 {
					return errRollback // a crash or a refusal after the number was taken
				}
				tx.OnCommit(func() {
					mu.Lock()
					defer mu.Unlock()
					got = append(got, s)
				})
				return nil
			})
			if err != nil && !errors.Is(err, errRollback) {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	slices.Sort(got)
	if len(got) != n*2/3 {
		t.Fatalf("%d numbers were committed, want %d", len(got), n*2/3)
	}
	for i, s := range got {
		if s != int64(i+1) {
			t.Fatalf("number %d is %d: a gap or a repeat in %v", i+1, s, got)
		}
	}
}

func TestAuditChainNamesTheFirstBreak(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	for name, tamper := range map[string]string{
		"changed":            "UPDATE audit_entries SET user_id = 99 WHERE court_id = 1 AND seq = 7",
		"removed":            "DELETE FROM audit_entries WHERE court_id = 1 AND seq = 7",
		"swapped":            "UPDATE audit_entries SET action = CASE seq WHEN 7 THEN 'act.8' ELSE 'act.7' END WHERE court_id = 1 AND seq IN (7, 8)",
		"cut off at the end": "DELETE FROM audit_entries WHERE court_id = 1 AND seq >= 7",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			db := storagetest.Open(t, nil)
			var wg sync.WaitGroup
			for i := range 20 {
				wg.Go(func() {
					err := db.AuditLook(ctx, model.Actor{UserID: 5}, model.RoleJudge,
						model.AuditEvent{CourtID: int64(i % 2), Action: model.AuditAction(fmt.Sprintf("act.%d", i)), Subject: model.ThingCase.Of(1)})
					if err != nil {
						t.Error(err)
					}
				})
			}
			wg.Wait()
			heads, breaks, err := db.VerifyAudit(ctx)
			if err != nil || len(breaks) != 0 || len(heads) != 2 || heads[1].Seq != 10 {
				t.Fatalf("untouched: heads %v, breaks %v, err %v", heads, breaks, err)
			}
			if err := storage.Exec(ctx, db, tamper); err != nil {
				t.Fatal(err)
			}
			_, breaks, err = db.VerifyAudit(ctx)
			if err != nil || len(breaks) != 1 || breaks[0].CourtID != 1 || breaks[0].Seq != 7 {
				t.Fatalf("after tampering: breaks %+v, err %v; want the first break at link 7 of court 1", breaks, err)
			}
		})
	}
}

func TestPersonalDataIsSealedAtRest(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	db := storagetest.Open(t, nil)
	u := model.User{Name: "周某", State: model.UserActive, Phone: "13800138000"}
	if err := storage.InsertRow(ctx, db, &u); err != nil {
		t.Fatal(err)
	}
	raw, err := storage.Text(ctx, db, "SELECT phone FROM users WHERE id = ?", u.ID)
	if err != nil || raw == "" || strings.Contains(raw, "13800138000") {
		t.Fatalf("the stored phone is %q, %v", raw, err)
	}
	var back model.User
	if err := storage.Load(ctx, db, &back, u.ID); err != nil || back.Phone != "13800138000" {
		t.Fatalf("read back %q, %v", back.Phone, err)
	}
	// A value moved to another person's column or altered does not open.
	if err := storage.Exec(ctx, db, "UPDATE users SET phone = CONCAT(SUBSTR(phone, 1, LENGTH(phone) - 2), 'AA')"); err != nil {
		t.Fatal(err)
	}
	if err := storage.Load(ctx, db, &back, u.ID); err == nil {
		t.Fatal("an altered sealed value was opened")
	}
}

// A sealed value opens in its own row and column only. Whoever copies one
// person's number, phone or secret to another by the database does not make the
// program take it for his: it is refused, by a message that names the place and
// holds no value, where it is read and where it is sealed anew.
func TestASealedValueOpensOnlyInItsRow(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	cfg := storagetest.Config(t, nil)
	db := openConfig(t, cfg)
	twins, err := storage.SealedTwins(ctx, db)
	if err != nil {
		t.Fatal(err)
	}
	cfg.Keys = rotated(t, cfg)
	again := openConfig(t, cfg)
	tried := 0
	for _, w := range twins {
		cell := func(row int64, column string) string {
			v, err := storage.Text(ctx, db, "SELECT "+column+" FROM "+w.Table+" WHERE "+w.Key+" = ?", row)
			if err != nil || v == "" || strings.Contains(v, "of row") {
				t.Fatalf("%s.%s is stored as %q, %v", w.Table, column, v, err)
			}
			return v
		}
		put := func(row int64, column, v string) {
			if err := storage.Exec(ctx, db, "UPDATE "+w.Table+" SET "+column+" = ? WHERE "+w.Key+" = ?", v, row); err != nil {
				t.Fatal(err)
			}
		}
		a, b := w.Rows[0], w.Rows[1]
		for i, column := range w.Columns {
			if v, err := w.Read(again, b, column); err != nil || v != column+" of row 1" {
				t.Errorf("%s.%s of its own row is read as %q, %v", w.Table, column, v, err)
			}
			foreign := map[string]string{"the other row": cell(a, column)}
			if len(w.Columns) > 1 {
				foreign["another column"] = cell(b, w.Columns[(i+1)%len(w.Columns)])
			}
			kept := cell(b, column)
			for from, v := range foreign {
				put(b, column, v)
				place := fmt.Sprintf("%s.%s:%d", w.Table, column, b)
				if got, err := w.Read(again, b, column); err == nil || got != "" || !strings.Contains(err.Error(), place) || strings.Contains(err.Error(), "of row") {
					t.Errorf("%s with the value of %s is read as %q, %v", place, from, got, err)
				}
				if err := storage.RekeyColumn(ctx, again, w.Table, column); err == nil || !strings.Contains(err.Error(), place) {
					t.Errorf("%s with the value of %s was sealed anew: %v", place, from, err)
				}
				put(b, column, kept)
				tried++
			}
		}
	}
	if tried < 20 {
		t.Errorf("only %d columns were tried", tried)
	}
	if _, err := again.Rekey(ctx); err != nil {
		t.Error("what is in its place is not sealed anew:", err)
	}
	for _, w := range twins {
		for _, column := range w.Columns {
			if v, err := w.Read(again, w.Rows[1], column); err != nil || v != column+" of row 1" {
				t.Errorf("%s.%s, sealed anew, is read as %q, %v", w.Table, column, v, err)
			}
		}
	}
}

func TestTransactRefusesNestingAndFreezesTime(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	clock := storagetest.NewClock()
	db := storagetest.Open(t, clock.Now)
	err := db.Transact(ctx, func(tx *storage.DB) error {
		before := tx.Now()
		clock.Advance(1e9)
		if !tx.Now().Equal(before) {
			t.Error("time moved inside a transaction")
		}
		return tx.Transact(ctx, func(*storage.DB) error { return nil })
	})
	if err == nil {
		t.Fatal("a nested transaction was accepted")
	}
}

func createCourt(t testing.TB, db *storage.DB) model.Court {
	t.Helper()
	c := model.Court{Code: "浙0211", Name: "宁波市镇海区人民法院", ShortName: "镇法", Settings: model.DefaultCourtSettings()}
	if err := storage.InsertRow(context.Background(), db, &c); err != nil {
		t.Fatal(err)
	}
	return c
}

// A transaction that holds the last connection finishes, however many others
// wait for one with statements that were never prepared before. With one cache
// of statements for both it waited for ever.
func TestATransactionNeverWaitsForThoseWhoWaitForIt(t *testing.T) {
	t.Parallel()
	clock := storagetest.NewClock()
	cfg := storagetest.Config(t, clock.Now)
	cfg.MaxConns, cfg.Readers = 1, -1
	db, err := storage.Open(context.Background(), cfg)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
	defer cancel()
	var others sync.WaitGroup
	err = db.Transact(ctx, func(tx *storage.DB) error {
		for range 4 {
			others.Go(func() { _ = db.AskLater(ctx, 1, nil) })
			others.Go(func() { _, _ = db.OutboxCounts(ctx) })
		}
		time.Sleep(100 * time.Millisecond) // until they wait; a shorter sleep only finds less
		_, err := tx.ScheduleActs(ctx, 1)
		return err
	})
	if err != nil {
		t.Error("the transaction did not finish:", err)
	}
	others.Wait()
}
