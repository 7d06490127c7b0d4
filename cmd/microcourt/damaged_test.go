package main

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"microcourt/model"
	"microcourt/storage"
	"microcourt/storage/object"
	"microcourt/storage/object/objecttest"
)

// decay are the ways in which a copy ends.
var decay = map[string]func(path string) error{
	"a byte flipped": func(path string) error {
		b, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		return os.WriteFile(path, flip(b), 0o600)
	},
	"cut short": func(path string) error { return os.Truncate(path, 3) },
	"deleted":   os.Remove,
	"unreadable": func(path string) error { // also for root, who may read everything
		if err := os.Remove(path); err != nil {
			return err
		}
		return os.Mkdir(path, 0o700)
	},
}

func ways() []string { return []string{"a byte flipped", "cut short", "deleted", "unreadable"} }

// stored is every object of the store, by key, with the keys that rows name
// first, in order.
func (c *court) stored() (all map[string]string, named []string) {
	c.t.Helper()
	ctx := context.Background()
	a := openTest(c.t, c.env, nil)
	defer func() { _ = a.close() }()
	all = map[string]string{}
	for o, err := range a.objects.List(ctx, "") {
		if err != nil {
			c.t.Fatal(err)
		}
		if !strings.HasPrefix(o.Key, "journal/") {
			all[o.Key] = string(objecttest.Bytes(c.t, a.objects, o.Key))
		}
	}
	err := a.db.NamedObjects(ctx, func(list []storage.NamedObject) error {
		for _, n := range list {
			named = append(named, n.Key)
		}
		return nil
	})
	if err != nil || len(named) <= len(decay) {
		c.t.Fatalf("%d objects are named, %v; the test proves nothing", len(named), err)
	}
	return all, named
}

// lose removes objects from the store; all of them without keys.
func (c *court) lose(keys ...string) {
	c.t.Helper()
	ctx := context.Background()
	a := openTest(c.t, c.env, nil)
	defer func() { _ = a.close() }()
	if len(keys) == 0 {
		for o, err := range a.objects.List(ctx, "") {
			if err != nil {
				c.t.Fatal(err)
			}
			keys = append(keys, o.Key)
		}
	}
	for _, k := range keys {
		if err := a.objects.Remove(ctx, k); err != nil {
			c.t.Fatal(err)
		}
	}
}

// put stores bytes, whatever was there.
func (c *court) put(key, body string) {
	c.t.Helper()
	c.lose(key)
	a := openTest(c.t, c.env, nil)
	defer func() { _ = a.close() }()
	if err := a.objects.Put(context.Background(), key, strings.NewReader(body), int64(len(body)), object.PutOptions{}); err != nil {
		c.t.Fatal(err)
	}
}

// missing is what the desk is told about missing objects, after the look of the
// job that watches.
func (c *court) missing() (n int64, what string) {
	c.t.Helper()
	ctx := context.Background()
	a := openTest(c.t, c.env, nil)
	defer func() { _ = a.close() }()
	if err := a.svc.Recovery.LookForMissing(ctx); err != nil {
		c.t.Fatal(err)
	}
	list, err := a.svc.Operations.Findings(ctx, model.Actor{CourtID: 1, Roles: []model.Role{model.RoleAdmin}})
	if err != nil {
		c.t.Fatal(err)
	}
	for _, f := range list {
		if f.Kind == model.DefectMissing {
			n, what = f.N, f.What
		}
	}
	return n, what
}

func (c *court) fails(args ...string) (out, errs string) {
	c.t.Helper()
	code, out, errs := cli(c.env, args...)
	if code != 1 {
		c.t.Errorf("%v: %d\n%s%s", args, code, out, errs)
	}
	return out, errs
}

func copyIn(place, key string) string {
	return filepath.Join(place, "objects", filepath.FromSlash(key))
}

// Of two backups in one place four copies of objects decay, each in another way.
// Each costs its object and nothing else: it is listed, said to be missing with
// the row that names it, told on the desk and by the exit status. A damaged
// database in the newest one leaves the older one usable.
func TestADamagedCopyCostsItsObjectOnly(t *testing.T) {
	c := newCourt(t)
	all, named := c.stored()
	place := t.TempDir()
	c.must("backup", "-out", place, "-objects", "copy")
	c.must("court", "add", "浙0212", "宁波市鄞州区人民法院", "鄞法")
	c.must("backup", "-out", place, "-objects", "copy")
	backups, err := filepath.Glob(filepath.Join(place, "2*"))
	if err != nil || len(backups) != 2 {
		t.Fatal(backups, err)
	}
	older, newest := backups[0], backups[1]
	bad := map[string]bool{}
	for i, way := range ways() {
		key := named[i]
		if err := decay[way](copyIn(place, key)); err != nil {
			t.Fatal(way, err)
		}
		bad[key] = true
	}
	if out, errs := c.fails("restore", "-check", "-from", place); strings.Count(out, "DAMAGED COPY") != len(bad) || !strings.Contains(errs, "without 4 objects") {
		t.Errorf("a check says\n%s%s", out, errs)
	}
	c.lose()
	c.loseDatabase()

	restored := func(from string) {
		t.Helper()
		out, errs := c.fails("restore", "-from", from)
		if !strings.Contains(errs, "4 objects are missing") || !strings.Contains(out, "reconciled") {
			t.Fatalf("from %s:\n%s%s", from, out, errs)
		}
		for key := range bad {
			if strings.Count(out, key) < 3 || !strings.Contains(out, key+": file ") { // damaged, not put back, named by a row
				t.Errorf("%s is not told:\n%s", key, out)
			}
		}
		now, _ := c.stored()
		for key, body := range all {
			if _, there := now[key]; there == bad[key] {
				t.Errorf("%s: there %v, its copy is bad: %v", key, there, bad[key])
			} else if there && now[key] != body {
				t.Errorf("%s came back changed", key)
			}
		}
		if n, what := c.missing(); n != int64(len(bad)) || !strings.Contains(what, "凭证") && !strings.Contains(what, "文件") {
			t.Errorf("the desk is told of %d objects: %s", n, what)
		}
	}
	restored(place)
	if out := c.must("court", "list"); !strings.Contains(out, "鄞州") {
		t.Error(out)
	}

	// The newest database decays: nothing is touched, and the older backup is named.
	dump, err := filepath.Glob(filepath.Join(newest, "database.*"))
	if err != nil || len(dump) != 1 {
		t.Fatal(dump, err)
	}
	good, err := os.ReadFile(dump[0])
	if err != nil {
		t.Fatal(err)
	}
	manifest, err := os.ReadFile(filepath.Join(newest, "manifest.json"))
	if err != nil {
		t.Fatal(err)
	}
	for path, b := range map[string][]byte{dump[0]: good, filepath.Join(newest, "manifest.json"): manifest} {
		if err := os.WriteFile(path, flip(b), 0o600); err != nil {
			t.Fatal(err)
		}
		c.refused("备份已损坏", "restore", "-from", place)
		c.refused(older, "restore", "-from", place)
		if err := os.WriteFile(path, b, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if out := c.must("court", "list"); !strings.Contains(out, "鄞州") {
		t.Errorf("a refused backup changed something: %s", out)
	}
	if err := os.WriteFile(dump[0], flip(good), 0o600); err != nil {
		t.Fatal(err)
	}
	restored(older)
	if out := c.must("court", "list"); strings.Contains(out, "鄞州") {
		t.Errorf("not the older one: %s", out)
	}
	// An older manifest that decayed keeps nobody from the newest backup.
	if err := os.WriteFile(dump[0], good, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(older, "manifest.json"), []byte("{"), 0o600); err != nil {
		t.Fatal(err)
	}
	restored(place)

	// What is found again is put back, and the finding ends.
	c.put(named[0], all[named[0]])
	if n, _ := c.missing(); n != int64(len(bad))-1 {
		t.Errorf("one is back, %d are missing", n)
	}
	c.put(named[1], "something else")
	if n, _ := c.missing(); n != int64(len(bad))-1 {
		t.Errorf("other bytes under its key make an object whole: %d are missing", n)
	}
}

// Copies that decayed are found by the backups that follow, some at once, all
// within a round, and made again while the store has the object. A whole copy is
// never replaced by what decayed in the store.
func TestBackupsMendTheCopiesOfTheirPlace(t *testing.T) {
	c := newCourt(t)
	all, named := c.stored()
	place := t.TempDir()
	c.must("backup", "-out", place, "-objects", "copy")
	for i, way := range ways() {
		if err := decay[way](copyIn(place, named[i])); err != nil {
			t.Fatal(way, err)
		}
	}
	mended := map[string]int{}
	round := 10 // in which every copy is read
	for n := range round {
		out := c.must("backup", "-out", place, "-objects", "copy")
		for _, k := range named {
			if strings.Contains(out, "MENDED   "+k) {
				mended[k] = n + 1
			}
		}
		if n == 0 && len(mended) < len(decay)-1 {
			t.Errorf("at once were found %v:\n%s", mended, out)
		}
	}
	if len(mended) != len(decay) {
		t.Errorf("within %d backups were mended %v", round, mended)
	}
	c.must("restore", "-check", "-from", place)

	// The store decays: the copies in the place are the last whole ones.
	changed, cut, gone := named[0], named[1], named[2]
	c.put(changed, string(flip([]byte(all[changed]))))
	c.put(cut, all[cut][:5])
	c.lose(gone)
	out, errs := "", ""
	for range round {
		out, errs = c.fails("backup", "-out", place, "-objects", "copy")
		if strings.Contains(out, "DAMAGED  "+changed) {
			break
		}
	}
	for _, want := range []string{"DAMAGED  " + changed, "DAMAGED  " + cut, "GONE     " + gone} {
		if !strings.Contains(out, want) {
			t.Errorf("the backup does not say %q:\n%s%s", want, out, errs)
		}
	}
	for _, k := range []string{changed, cut, gone} {
		b, err := os.ReadFile(copyIn(place, k))
		if err != nil || !bytes.Equal(b, []byte(all[k])) {
			t.Errorf("%s: the last whole copy is lost, %v", k, err)
		}
	}
	if n, what := c.missing(); n != 3 {
		t.Errorf("the desk is told of %d objects: %s", n, what)
	}
	c.must("restore", "-check", "-from", place)
	c.lose(changed, cut)
	if out := c.must("restore", "-from", place); !strings.Contains(out, "3 were put back") {
		t.Error(out)
	}
	now, _ := c.stored()
	for _, k := range []string{changed, cut, gone} {
		if now[k] != all[k] {
			t.Errorf("%s came back with %d bytes instead of %d", k, len(now[k]), len(all[k]))
		}
	}
	if n, what := c.missing(); n != 0 {
		t.Errorf("everything is whole, and the desk is told of %d objects: %s", n, what)
	}
}

// A restoring was interrupted, and then its backup decayed: another one may take
// its place. While it can be completed, none may.
func TestAnInterruptedRestoringOfADamagedBackup(t *testing.T) {
	env := migrated(t)
	c := &court{t: t, env: env}
	c.must("court", "add", "浙0211", "宁波市镇海区人民法院", "镇法")
	place := t.TempDir()
	c.must("backup", "-out", place)
	c.must("court", "add", "浙0212", "宁波市鄞州区人民法院", "鄞法")
	c.must("backup", "-out", place)
	backups, err := filepath.Glob(filepath.Join(place, "2*"))
	if err != nil || len(backups) != 2 {
		t.Fatal(backups, err)
	}
	slices.Sort(backups)
	for _, stopAt := range []string{"replace", "open"} {
		c.kill(stopAt, backups[1])
		c.refused("上一次恢复没有完成", "restore", "-from", backups[0])
		dump, err := filepath.Glob(filepath.Join(backups[1], "database.*"))
		if err != nil || len(dump) != 1 {
			t.Fatal(dump, err)
		}
		good, err := os.ReadFile(dump[0])
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(dump[0], flip(good), 0o600); err != nil {
			t.Fatal(err)
		}
		c.refused("备份已损坏", "restore", "-from", backups[1])
		c.must("restore", "-from", backups[0])
		if out := c.must("court", "list"); strings.Contains(out, "鄞州") || !strings.Contains(out, "镇海") {
			t.Errorf("interrupted before %s: %s", stopAt, out)
		}
		if err := os.WriteFile(dump[0], good, 0o600); err != nil {
			t.Fatal(err)
		}
	}
}
