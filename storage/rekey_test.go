package storage_test

import (
	"bytes"
	"context"
	"strings"
	"testing"

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
	for range 3 {
		u := model.User{Name: "某", State: model.UserActive, Phone: "13800138000"}
		if err := storage.InsertRow(ctx, db, &u); err != nil {
			t.Fatal(err)
		}
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	key := func(b byte) []byte { return bytes.Repeat([]byte{b}, 32) }
	// The new key is active, the old one still there.
	if cfg.Keys, err = storage.NewKeyring("t2", map[string][]byte{"t1": key(1), "t2": key(9)}, key(2), key(3)); err != nil {
		t.Fatal(err)
	}
	if db, err = storage.Open(ctx, cfg); err != nil {
		t.Fatal(err)
	}
	if n, err := db.Rekey(ctx); err != nil || n != 3 {
		t.Fatal(n, err)
	}
	if n, err := db.Rekey(ctx); err != nil || n != 0 {
		t.Fatal("a second run sealed", n, err)
	}
	if raw, err := storage.Text(ctx, db, "SELECT phone FROM users LIMIT 1"); err != nil || !strings.HasPrefix(raw, "v1:t2:") {
		t.Fatal(raw, err)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	// The old key is gone; everything is readable.
	if cfg.Keys, err = storage.NewKeyring("t2", map[string][]byte{"t2": key(9)}, key(2), key(3)); err != nil {
		t.Fatal(err)
	}
	if db, err = storage.Open(ctx, cfg); err != nil {
		t.Fatal(err)
	}
	defer func() { _ = db.Close() }()
	var u model.User
	if err := storage.Load(ctx, db, &u, 1); err != nil && model.KindOf(err) != model.NotFound {
		t.Fatal(err)
	}
	found, err := db.Users(ctx, []int64{u.ID})
	if err != nil || u.ID != 0 && found[u.ID].Phone != "13800138000" {
		t.Fatal(found, err)
	}
}
