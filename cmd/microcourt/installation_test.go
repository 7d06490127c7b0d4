package main

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"microcourt/storage"
)

// with is env with some variables set anew.
func with(env []string, set ...string) []string {
	return append(append([]string{}, env...), set...)
}

// otherKeys is a file of keys that another installation made.
func otherKeys(t *testing.T) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "keys.yaml")
	if code, _, errs := cli(nil, "keys", "new", path); code != 0 {
		t.Fatal(errs)
	}
	return path
}

// Every command that opens the database refuses the keys of another
// installation, and with the right ones everything is as it was.
func TestNoCommandWritesWithTheKeysOfAnotherInstallation(t *testing.T) {
	env := migrated(t)
	must := func(env []string, args ...string) string {
		t.Helper()
		code, out, errs := cli(env, args...)
		if code != 0 {
			t.Fatalf("%v: %s %s", args, out, errs)
		}
		return out
	}
	must(env, "court", "add", "浙0211", "宁波市镇海区人民法院", "镇法")
	must(env, "staff", "add", "-court", "浙0211", "-name", "张敏", "-roles", "judge", "zhang.min")
	sheet := filepath.Join(t.TempDir(), "cases.csv")
	if err := os.WriteFile(sheet, []byte(must(env, "import", "--template", "csv")), 0o600); err != nil {
		t.Fatal(err)
	}
	settings := filepath.Join(t.TempDir(), "court.json")
	if err := os.WriteFile(settings, []byte(must(env, "court", "show", "浙0211")), 0o600); err != nil {
		t.Fatal(err)
	}
	heads, shown := must(env, "audit", "verify"), must(env, "installation", "show")

	wrong := with(env, "MICROCOURT_KEYS_FILE="+otherKeys(t))
	for _, args := range databaseCommands(settings) {
		code, out, errs := cli(wrong, args...)
		if code != 1 || !strings.Contains(errs, "do not belong to this database") || !strings.Contains(errs, "seal key \"k20") {
			t.Errorf("%v: %d %s %s", args, code, out, errs)
		}
	}
	if again := must(env, "audit", "verify"); again != heads {
		t.Errorf("the audit trail went on:\n%s\n%s", heads, again)
	}
	if again := must(env, "installation", "show"); again != shown {
		t.Errorf("marks changed:\n%s\n%s", shown, again)
	}
}

// A rotation: the file gets a new key, every process knows it, it becomes the
// active one, rekey ends the old one. A step that is left out is refused.
func TestKeysAreRotated(t *testing.T) {
	keys := otherKeys(t)
	env := with(installation(t), "MICROCOURT_KEYS_FILE="+keys)
	must := func(args ...string) string {
		t.Helper()
		code, out, errs := cli(env, args...)
		if code != 0 {
			t.Fatalf("%v: %s %s", args, out, errs)
		}
		return out
	}
	must("migrate")
	must("court", "add", "浙0211", "宁波市镇海区人民法院", "镇法")
	must("staff", "add", "-court", "浙0211", "-name", "张敏", "-roles", "judge", "zhang.min")
	a := openTest(t, env, nil)
	if err := a.db.Transact(context.Background(), func(tx *storage.DB) error { // something that is sealed
		return tx.SetUserPhone(context.Background(), a.userID(t, "zhang.min"), "13800138000")
	}); err != nil {
		t.Fatal(err)
	}
	if err := a.close(); err != nil {
		t.Fatal(err)
	}
	id, _, _ := strings.Cut(must("keys", "add", keys), " ")
	if out := must("installation", "show"); strings.Count(out, "seal\t") != 1 {
		t.Error("an added key is in use at once:", out)
	}
	added, err := os.ReadFile(keys)
	if err != nil {
		t.Fatal(err)
	}
	must("keys", "activate", keys, id)
	for _, args := range [][]string{{"rekey"}, {"court", "list"}, {"serve"}} {
		if code, _, errs := cli(env, args...); code != 1 || !strings.Contains(errs, "new and active at once") {
			t.Error(args, code, errs)
		}
	}
	if code, _, _ := cli(env, "keys", "activate", keys, "another"); code == 0 {
		t.Error("a key that is not in the file became active")
	}
	if err := os.WriteFile(keys, added, 0o600); err != nil {
		t.Fatal(err)
	}
	must("court", "list") // a process starts, and knows it
	must("keys", "activate", keys, id)
	must("court", "list")                                    // a process that seals with it
	if err := os.WriteFile(keys, added, 0o600); err != nil { // a server that was left out
		t.Fatal(err)
	}
	former, err := readKeys(keys)
	if err != nil {
		t.Fatal(err)
	}
	if code, out, errs := cli(env, "rekey"); code != 1 || !strings.Contains(errs, `"`+id+`"`) || !strings.Contains(errs, `"`+former.Active+`"`) {
		t.Error(code, out, errs)
	}
	must("keys", "activate", keys, id)
	if out := must("rekey"); !strings.Contains(out, "the active key "+id+"\n") || !strings.Contains(out, "may leave the file: "+former.Active+"\n") {
		t.Error(out)
	}
	if out := must("installation", "show"); strings.Count(out, "seal\t") != 2 || strings.Count(out, "\tended\t") != 1 {
		t.Error(out)
	}
}

// Without its keys a database does not get new ones.
func TestLostKeysAreNotMadeAnew(t *testing.T) {
	dir := t.TempDir()
	env := []string{"MICROCOURT_DATA_DIR=" + dir}
	if code, _, errs := cli(env, "court", "list"); code != 0 {
		t.Fatal(errs)
	}
	if err := os.Remove(filepath.Join(dir, "keys.yaml")); err != nil {
		t.Fatal(err)
	}
	if code, _, errs := cli(env, "court", "list"); code != 1 || !strings.Contains(errs, "keys.yaml is missing") {
		t.Error(code, errs)
	}
	if exists(filepath.Join(dir, "keys.yaml")) {
		t.Error("keys were made for a database that has others")
	}
}

// The file of the database is put beside the files of another installation.
func TestTheFilesOfAnotherInstallationAreRefused(t *testing.T) {
	one, two := t.TempDir(), t.TempDir()
	for _, dir := range []string{one, two} {
		if code, _, errs := cli([]string{"MICROCOURT_DATA_DIR=" + dir}, "court", "list"); code != 0 {
			t.Fatal(errs)
		}
	}
	mixed := []string{"MICROCOURT_DATA_DIR=" + one, "MICROCOURT_DATABASE__DSN=" + filepath.Join(two, "microcourt.db"), "MICROCOURT_KEYS_FILE=" + filepath.Join(two, "keys.yaml")}
	code, _, errs := cli(mixed, "court", "list")
	if code != 1 || !strings.Contains(errs, "object store is that of another database") || !strings.Contains(errs, "installation accept objects") {
		t.Error(code, errs)
	}
	if code, out, errs := cli(mixed, "installation", "accept", "objects"); code != 0 || !strings.Contains(out, "ended") {
		t.Error(code, out, errs)
	}
	if code, _, errs := cli(mixed, "court", "list"); code != 0 {
		t.Error(errs)
	}
}
