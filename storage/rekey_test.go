package storage_test

import (
	"context"
	"errors"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"microcourt/model"
	"microcourt/storage"
	"microcourt/storage/storagetest"
)

func TestRekeySealsEverythingAnew(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	cfg := storagetest.Config(t, nil)
	db, err := storage.Open(ctx, cfg)
	if err != nil {
		t.Fatal(err)
	}
	var last int64 // a database that was used before numbers its rows on
	for range 3 {
		u := model.User{Name: "某", State: model.UserActive, Phone: "13800138000"}
		if err := storage.InsertRow(ctx, db, &u); err != nil {
			t.Fatal(err)
		}
		if err := storage.InsertRow(ctx, db, &model.StaffAccount{UserID: u.ID, Login: fmt.Sprint(u.ID), TOTPSecret: fmt.Sprint("secret ", u.ID)}); err != nil {
			t.Fatal(err)
		}
		last = u.ID
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	// The new key is active, the old one still there.
	cfg.Keys = rotated(t, cfg)
	if db, err = storage.Open(ctx, cfg); err != nil {
		t.Fatal(err)
	}
	if n, err := db.Rekey(ctx); err != nil || n.Values != 6 || n.Active != "t2" || !slices.Equal(n.Ended, []string{"t1"}) {
		t.Fatal(n, err)
	}
	if n, err := db.Rekey(ctx); err != nil || n.Values != 0 || len(n.Ended) != 0 {
		t.Fatal("a second run sealed", n, err)
	}
	if raw, err := storage.Text(ctx, db, "SELECT phone FROM users LIMIT 1"); err != nil || !strings.HasPrefix(raw, "v1:t2:") {
		t.Fatal(raw, err)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	// The old key is gone; everything is readable.
	cfg.Keys = ring(t, "t2", map[string][]byte{"t2": bytesOf(9)}, 2, 3)
	if db, err = storage.Open(ctx, cfg); err != nil {
		t.Fatal(err)
	}
	defer func() { _ = db.Close() }()
	if a, err := db.StaffByLogin(ctx, fmt.Sprint(last)); err != nil || a.TOTPSecret != fmt.Sprint("secret ", last) {
		t.Fatal(a, err)
	}
	found, err := db.Users(ctx, []int64{last})
	if err != nil || found[last].Phone != "13800138000" {
		t.Fatal(found, err)
	}
}

// rotated takes a database whose key is t1 through a change of keys as far as
// rekeying: the ring in which t2 is active.
func rotated(t *testing.T, cfg storage.Config) *storage.Keyring {
	t.Helper()
	both := map[string][]byte{"t1": bytesOf(1), "t2": bytesOf(9)}
	last := ring(t, "t2", both, 2, 3)
	for _, k := range []*storage.Keyring{ring(t, "t1", map[string][]byte{"t1": bytesOf(1)}, 2, 3), ring(t, "t1", both, 2, 3), last} {
		if err := startWith(t, cfg, k); err != nil {
			t.Fatal(err)
		}
	}
	return last
}

// Rekeying knows every field that is tagged as sealed, of whatever type, and
// can page through its table.
func TestEverySealedFieldIsRekeyed(t *testing.T) {
	t.Parallel()
	var tagged []string
	for _, dir := range []string{"../model", "."} {
		files, err := filepath.Glob(filepath.Join(dir, "*.go"))
		if err != nil {
			t.Fatal(err)
		}
		for _, name := range files {
			f, err := parser.ParseFile(token.NewFileSet(), name, nil, 0)
			if err != nil {
				t.Fatal(err)
			}
			ast.Inspect(f, func(n ast.Node) bool {
				spec, ok := n.(*ast.TypeSpec)
				if !ok {
					return true
				}
				ast.Inspect(spec.Type, func(n ast.Node) bool {
					field, ok := n.(*ast.Field)
					if ok && field.Tag != nil && strings.Contains(reflect.StructTag(strings.Trim(field.Tag.Value, "`")).Get("gorm"), "serializer:sealed") {
						for _, id := range field.Names {
							tagged = append(tagged, spec.Name.Name+"."+id.Name)
						}
					}
					return true
				})
				return true
			})
		}
	}
	db := openConfig(t, storagetest.Config(t, nil))
	known, unpaged, err := storage.SealedColumns(db)
	if err != nil || len(unpaged) > 0 {
		t.Error("no numeric key:", unpaged, err)
	}
	slices.Sort(tagged)
	slices.Sort(known)
	if len(tagged) < 20 || !slices.Equal(tagged, known) {
		t.Errorf("tagged as sealed:\n%q\nrekeyed:\n%q", tagged, known)
	}
}

func addPhone(ctx context.Context, db *storage.DB) error {
	return storage.InsertRow(ctx, db, &model.User{Name: "某", State: model.UserActive, Phone: "13800138000"})
}

func sealedWith(t *testing.T, db *storage.DB, id string) string {
	t.Helper()
	n, err := storage.Text(context.Background(), db, "SELECT COUNT(*) FROM users WHERE phone LIKE ?", "v1:"+id+":%")
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// Another server goes on with the old key while the values are sealed anew: its
// rows are found, named, and the key stays until the server is restarted.
func TestRekeyKeepsAKeyThatAnotherServerUses(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	cfg := inhabited(t)
	fresh := rotated(t, cfg)
	cfg.Keys = ring(t, "t1", map[string][]byte{"t1": bytesOf(1), "t2": bytesOf(9)}, 2, 3)
	other := openConfig(t, cfg)
	cfg.Keys = fresh
	begun := 0
	cfg.Now = func() time.Time { // asked before each transaction begins
		if begun++; begun == 12 { // the phones have been sealed anew
			if err := addPhone(ctx, other); err != nil {
				t.Error("the other server was disturbed:", err)
			}
		}
		return time.Now()
	}
	db := openConfig(t, cfg)
	if _, err := db.Rekey(ctx); !errors.Is(err, storage.ErrStillSealed) || !strings.Contains(err.Error(), "users.phone: 1,") {
		t.Errorf("the old key was ended while %s values are sealed with it: %v", sealedWith(t, db, "t1"), err)
	}
	if err := startWith(t, cfg, ring(t, "t2", map[string][]byte{"t2": bytesOf(9)}, 2, 3)); err == nil {
		t.Error("the old key may leave though it is needed")
	}
	if _, err := db.Rekey(ctx); err != nil || sealedWith(t, db, "t1") != "0" {
		t.Error(err, sealedWith(t, db, "t1"))
	}
}

// A server that was idle while the old key was ended seals nothing with it any
// more: it goes on with the new one if it has that, or is refused.
func TestAnEndedKeySealsNothing(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	cfg := inhabited(t)
	fresh := rotated(t, cfg)
	cfg.Keys = ring(t, "t1", map[string][]byte{"t1": bytesOf(1), "t2": bytesOf(9)}, 2, 3)
	has := openConfig(t, cfg)
	cfg.Keys = ring(t, "t1", map[string][]byte{"t1": bytesOf(1)}, 2, 3)
	lacks := openConfig(t, cfg)
	old := cfg.Keys
	cfg.Keys = fresh
	db := openConfig(t, cfg)
	if _, err := db.Rekey(ctx); err != nil {
		t.Fatal(err)
	}
	before := sealedWith(t, db, "t2")
	if err := addPhone(ctx, lacks); err == nil {
		t.Error("a server without the new key wrote")
	}
	if sealedWith(t, db, "t2") != before || sealedWith(t, db, "t1") != "0" {
		t.Error("something of it stands")
	}
	if err := addPhone(ctx, has); err != nil {
		t.Error("a server that knows the new key was refused:", err)
	}
	if sealedWith(t, db, "t2") == before || sealedWith(t, db, "t1") != "0" {
		t.Error(sealedWith(t, db, "t1"), sealedWith(t, db, "t2"))
	}
	for name, k := range map[string]*storage.Keyring{"alone": old, "beside the new one": ring(t, "t1", map[string][]byte{"t1": bytesOf(1), "t2": bytesOf(9)}, 2, 3)} {
		if err := startWith(t, cfg, k); !errors.Is(err, storage.ErrWrongKeys) {
			t.Errorf("a start with the ended key active, %s: %v", name, err)
		}
	}
}

// A process that was not restarted with the new key would seal back and end the
// new one, which others need at their next start.
func TestAFormerKeyDoesNotEndItsSuccessor(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	cfg := inhabited(t)
	fresh := rotated(t, cfg)
	former := cfg
	former.Keys = ring(t, "t1", map[string][]byte{"t1": bytesOf(1), "t2": bytesOf(9)}, 2, 3)
	old := openConfig(t, former)
	cfg.Keys = fresh
	db := openConfig(t, cfg)
	if err := addPhone(ctx, db); err != nil {
		t.Fatal(err)
	}
	states := "SELECT GROUP_CONCAT(state) FROM installation_marks WHERE kind = 'seal' ORDER BY name"
	marks, err := storage.Text(ctx, db, states)
	if err != nil {
		t.Fatal(err)
	}
	done, err := old.Rekey(ctx)
	if !errors.Is(err, storage.ErrFormerKey) || !strings.Contains(fmt.Sprint(err), `"t1"`) || !strings.Contains(fmt.Sprint(err), `"t2"`) ||
		done.Values != 0 || len(done.Ended) != 0 {
		t.Error(done, err)
	}
	// The same when it is found out only at the end.
	for _, move := range [][2]model.MarkState{{model.MarkCurrent, model.MarkRetired}, {model.MarkRetired, model.MarkEnded}} {
		if moved, err := storage.MoveOtherKeys(ctx, old, move[0], move[1]); !errors.Is(err, storage.ErrFormerKey) || len(moved) > 0 {
			t.Error(moved, err)
		}
	}
	if sealedWith(t, db, "t2") != "1" {
		t.Error("sealed back")
	}
	if now, err := storage.Text(ctx, db, states); err != nil || now != marks {
		t.Error(marks, "→", now, err)
	}
	if err := startWith(t, cfg, fresh); err != nil {
		t.Error("the next start with the new key:", err)
	}
	if done, err := db.Rekey(ctx); err != nil || !slices.Equal(done.Ended, []string{"t1"}) {
		t.Error(done, err)
	}
}

// A key that no server has seen yet cannot be the active one.
func TestANewKeyIsKnownBeforeItIsUsed(t *testing.T) {
	t.Parallel()
	cfg := inhabited(t)
	both := map[string][]byte{"t1": bytesOf(1), "t2": bytesOf(9)}
	if err := startWith(t, cfg, ring(t, "t1", map[string][]byte{"t1": bytesOf(1)}, 2, 3)); err != nil {
		t.Fatal(err)
	}
	if err := startWith(t, cfg, ring(t, "t2", both, 2, 3)); !errors.Is(err, storage.ErrWrongKeys) {
		t.Error("new and active at once:", err)
	}
	// After a restore nobody is running, and the backup may be older than the key.
	db := openConfig(t, cfg)
	err := db.Transact(context.Background(), func(tx *storage.DB) error {
		_, err := tx.AddRecovery(context.Background(), &model.Recovery{Cause: model.RecoveryRestore})
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if err := startWith(t, cfg, ring(t, "t2", both, 2, 3)); err != nil {
		t.Error(err)
	}
}
