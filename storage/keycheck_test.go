package storage_test

import (
	"bytes"
	"context"
	"errors"
	"strings"
	"sync"
	"testing"

	"microcourt/model"
	"microcourt/storage"
	"microcourt/storage/storagetest"
)

func bytesOf(b byte) []byte { return bytes.Repeat([]byte{b}, 32) }

func ring(t *testing.T, active string, seal map[string][]byte, lookup, audit byte) *storage.Keyring {
	t.Helper()
	k, err := storage.NewKeyring(active, seal, bytesOf(lookup), bytesOf(audit))
	if err != nil {
		t.Fatal(err)
	}
	return k
}

// startWith opens a database as a start of the program does.
func startWith(t *testing.T, cfg storage.Config, k *storage.Keyring) error {
	t.Helper()
	cfg.Keys = k
	db := openConfig(t, cfg)
	if err := db.CheckKeys(context.Background()); err != nil {
		return err
	}
	return db.ProveKeys(context.Background())
}

// inhabited is a database with a sealed value, a look-up hash and audit links,
// made with the keys of storagetest, and without check values.
func inhabited(t *testing.T) storage.Config {
	t.Helper()
	ctx := context.Background()
	cfg := storagetest.Config(t, nil)
	db := openConfig(t, cfg)
	court := createCourt(t, db)
	u := model.User{Name: "某", State: model.UserActive, Phone: "13800138000", PhoneHash: db.LookupHash(storage.LookupPhone, "13800138000")}
	if err := storage.InsertRow(ctx, db, &u); err != nil {
		t.Fatal(err)
	}
	for range 3 {
		if err := db.AuditLook(ctx, model.System(), model.RoleAdmin, model.AuditEvent{CourtID: court.ID, Action: model.AuditCourtSet}); err != nil {
			t.Fatal(err)
		}
	}
	return cfg
}

var foreign = map[string]struct {
	seal          byte
	lookup, audit byte
	names         string
}{
	"sealing key": {9, 2, 3, "t1"},
	"lookup key":  {1, 9, 3, "lookup key"},
	"audit key":   {1, 2, 9, "audit key"},
}

func TestKeysOfAnotherInstallationAreRefused(t *testing.T) {
	t.Parallel()
	for name, f := range foreign {
		for _, noted := range []bool{true, false} {
			t.Run(name, func(t *testing.T) {
				t.Parallel()
				cfg := inhabited(t)
				right := ring(t, "t1", map[string][]byte{"t1": bytesOf(1)}, 2, 3)
				if noted { // else the database is from before check values
					if err := startWith(t, cfg, right); err != nil {
						t.Fatal(err)
					}
				}
				err := startWith(t, cfg, ring(t, "t1", map[string][]byte{"t1": bytesOf(f.seal)}, f.lookup, f.audit))
				if !errors.Is(err, storage.ErrWrongKeys) || !strings.Contains(err.Error(), f.names) {
					t.Errorf("noted %t: %v", noted, err)
				}
				if err := startWith(t, cfg, right); err != nil {
					t.Error("the right keys are refused afterwards:", err)
				}
				db := openConfig(t, cfg)
				marks, err := db.Marks(context.Background(), model.MarkSealKey, model.MarkLookupKey, model.MarkAuditKey)
				if err != nil || len(marks) != 3 {
					t.Errorf("%d marks, %v", len(marks), err)
				}
				if _, breaks, err := db.VerifyAudit(context.Background()); err != nil || len(breaks) > 0 {
					t.Error(breaks, err)
				}
			})
		}
	}
}

// A file with other ids is refused too, and says which key is missing.
func TestAKeyThatIsStillNeededMustBeThere(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	cfg := inhabited(t)
	old, both := map[string][]byte{"t1": bytesOf(1)}, map[string][]byte{"t1": bytesOf(1), "t2": bytesOf(7)}
	fresh := map[string][]byte{"t2": bytesOf(7)}
	for _, step := range []struct {
		what   string
		active string
		keys   map[string][]byte
		ok     bool
	}{
		{"the first start", "t1", old, true},
		{"another file", "t2", fresh, false},
		{"a new key beside the old one", "t1", both, true},
		{"it left again, unused", "t1", old, true},
		{"the new key is active", "t2", both, true},
		{"the new key is gone though it may have sealed something", "t1", old, false},
		{"the old key is gone before rekey", "t2", fresh, false},
	} {
		if err := startWith(t, cfg, ring(t, step.active, step.keys, 2, 3)); (err == nil) != step.ok {
			t.Fatalf("%s: %v", step.what, err)
		}
	}
	cfg.Keys = ring(t, "t2", both, 2, 3)
	if n, err := openConfig(t, cfg).Rekey(ctx); err != nil || n.Values == 0 {
		t.Fatal(n, err)
	}
	if err := startWith(t, cfg, ring(t, "t2", fresh, 2, 3)); err != nil {
		t.Errorf("after rekey the old key may leave: %v", err)
	}
	if err := startWith(t, cfg, ring(t, "t2", map[string][]byte{"t2": bytesOf(7), "t1": bytesOf(8)}, 2, 3)); err == nil {
		t.Error("a known id came back with other bytes")
	}
}

// Two first starts with different files: one of them owns the database, and
// later two that begin to use different new keys.
func TestTwoStartsWithDifferentKeys(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	// race starts all at once and tells how many passed, and with what.
	race := func(cfg storage.Config, rings []*storage.Keyring) (passed []int, errs []error) {
		var wg sync.WaitGroup
		errs = make([]error, len(rings))
		begin := make(chan struct{})
		for i, k := range rings {
			c := cfg
			c.Keys = k
			db := openConfig(t, c)
			wg.Go(func() {
				<-begin
				errs[i] = db.ProveKeys(ctx)
			})
		}
		close(begin)
		wg.Wait()
		for i, err := range errs {
			if err == nil {
				passed = append(passed, i)
			} else if !errors.Is(err, storage.ErrWrongKeys) {
				t.Error(err)
			}
		}
		return passed, errs
	}
	cfg := storagetest.Config(t, nil)
	db := openConfig(t, cfg)
	key := func(id string, b byte) map[string][]byte { return map[string][]byte{id: bytesOf(b)} }
	for range 10 {
		if err := storage.Exec(ctx, db, "DELETE FROM installation_marks"); err != nil {
			t.Fatal(err)
		}
		for name, rings := range map[string][]*storage.Keyring{
			"nothing in common":     {ring(t, "a", key("a", 1), 2, 3), ring(t, "b", key("b", 4), 5, 6)},
			"only the sealing keys": {ring(t, "a", key("a", 1), 2, 3), ring(t, "b", key("b", 4), 2, 3)},
			"only the audit keys":   {ring(t, "a", key("a", 1), 2, 3), ring(t, "a", key("a", 1), 2, 6)},
		} {
			if err := storage.Exec(ctx, db, "DELETE FROM installation_marks"); err != nil {
				t.Fatal(err)
			}
			passed, errs := race(cfg, rings)
			if len(passed) != 1 {
				t.Fatalf("%s: %v", name, errs)
			}
			marks, err := db.Marks(ctx, model.MarkSealKey, model.MarkLookupKey, model.MarkAuditKey)
			if err != nil || len(marks) != 3 {
				t.Fatalf("%s: marks %v, %v", name, marks, err)
			}
		}
	}
	for range 10 {
		if err := storage.Exec(ctx, db, "DELETE FROM installation_marks"); err != nil {
			t.Fatal(err)
		}
		all := map[string][]byte{"a": bytesOf(1), "b": bytesOf(4), "c": bytesOf(5)}
		if err := startWith(t, cfg, ring(t, "a", all, 2, 3)); err != nil {
			t.Fatal(err)
		}
		passed, errs := race(cfg, []*storage.Keyring{
			ring(t, "b", map[string][]byte{"a": bytesOf(1), "b": bytesOf(4)}, 2, 3), ring(t, "c", map[string][]byte{"a": bytesOf(1), "c": bytesOf(5)}, 2, 3),
		})
		if len(passed) != 1 {
			t.Fatalf("two new keys: %v", errs)
		}
	}
}
