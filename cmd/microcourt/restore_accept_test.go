package main

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"microcourt/storage/object"
	"microcourt/storage/object/objecttest"
)

// elsewhere is env with another object store.
func elsewhere(t *testing.T, env []string) []string {
	t.Helper()
	if objecttest.OnMinIO() {
		return with(env, "MICROCOURT_OBJECTS__BUCKET="+objecttest.MinIOConfig(t).Bucket)
	}
	folder := filepath.Join(dataDir(env), "objects")
	if err := os.Rename(folder, folder+"-former"); err != nil {
		t.Fatal(err)
	}
	return env
}

// The files moved to another store, which an operator confirmed; the backup is
// from before and expects the former one. Restoring it says how to confirm that
// again, goes on, and everything works with the store of today.
func TestABackupFromBeforeAnotherStore(t *testing.T) {
	env := migrated(t)
	c := &court{t: t, env: env}
	c.must("court", "add", "浙0211", "宁波市镇海区人民法院", "镇法")
	place := t.TempDir()
	c.must("backup", "-out", place)
	c.env = elsewhere(t, env)
	c.refused("installation accept objects", "court", "list")
	c.must("installation", "accept", "objects")
	shown := storeOf(c.must("installation", "show"))
	c.must("court", "add", "浙0212", "宁波市鄞州区人民法院", "鄞法")
	a := openTest(t, c.env, nil)
	key := "originals/2026/01/02/since"
	if err := a.objects.Put(context.Background(), key, strings.NewReader("evidence"), 8, object.PutOptions{}); err != nil {
		t.Fatal(err)
	}
	if err := a.close(); err != nil {
		t.Fatal(err)
	}

	if code, _, _ := cli(c.env, "restore", "-from", place, "-accept", "keys"); code != 2 {
		t.Errorf("other keys are accepted: %d", code)
	}
	c.refused("restore -accept objects", "restore", "-from", place)
	c.refused("请再次运行 microcourt restore", "installation", "accept", "objects")
	c.refused("restore -accept objects", "restore")
	c.refused("restore -accept objects", "restore", "-accept", "app,certificate")
	c.must("restore", "-accept", "objects") // goes on
	if out := c.must("court", "list"); strings.Contains(out, "鄞州") || !strings.Contains(out, "镇海") {
		t.Error(out)
	}
	if now := storeOf(c.must("installation", "show")); now != shown {
		t.Errorf("the store is %s, before it was %s", now, shown)
	}
	a = openTest(t, c.env, nil)
	defer func() { _ = a.close() }()
	if b := objecttest.Bytes(t, a.objects, key); string(b) != "evidence" {
		t.Errorf("%q", b)
	}
}

// storeOf is the id of the store that counts.
func storeOf(shown string) string {
	for line := range strings.Lines(shown) {
		if f := strings.Split(strings.TrimSpace(line), "\t"); len(f) == 5 && f[0] == "objects" && f[2] == "current" {
			return f[4]
		}
	}
	return "none"
}
