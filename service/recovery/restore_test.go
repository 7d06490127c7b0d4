package recovery_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"microcourt/model"
	"microcourt/service/recovery"
	"microcourt/storage"
	"microcourt/storage/object"
	"microcourt/storage/object/objecttest"
)

// body is what an object holds, "" when it is not there.
func (p *place) body(key string) string {
	p.t.Helper()
	o, _, err := p.store.Open(context.Background(), key)
	if errors.Is(err, object.ErrNotExist) {
		return ""
	}
	if err != nil {
		p.t.Fatal(err)
	}
	defer func() { _ = o.Close() }()
	b, err := io.ReadAll(o)
	if err != nil {
		p.t.Fatal(err)
	}
	return string(b)
}

// drop loses an object, as only a store can.
func (p *place) drop(keys ...string) {
	p.t.Helper()
	for _, k := range keys {
		if err := p.store.Remove(context.Background(), k); err != nil {
			p.t.Fatal(err)
		}
	}
}

// The database is brought back to the backup, what was there before is copied, and
// it goes on where it was interrupted. Objects that the store lost come back, but
// none whose copy decayed; what the store has is not touched.
func TestABackupIsRestored(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	p := newPlace(t, objecttest.Open(t), 3)
	keep, lost, decayed := p.key("originals", "keep"), p.key("originals", "lost"), p.key("certificates", "decayed")
	for _, k := range []string{keep, lost, decayed} {
		p.put(k, "evidence of "+k)
	}
	dir := t.TempDir()
	r, err := recovery.Backup(ctx, recovery.BackupOptions{Database: p.cfg, Objects: p.store, Dir: dir, CopyObjects: true, Now: p.clock.Now()})
	if err != nil || r.Added != 3 {
		t.Fatal(r, err)
	}
	p.give(2) // after the backup
	p.drop(lost, decayed)
	var copies []string
	err = filepath.Walk(dir, func(path string, info os.FileInfo, err error) error {
		if err != nil || info.IsDir() || !strings.Contains(path, "decayed") {
			return err
		}
		copies = append(copies, path)
		return os.WriteFile(path, bytes.Repeat([]byte("x"), int(info.Size())), 0o600)
	})
	if err != nil {
		t.Fatal(err)
	}
	if len(copies) == 0 {
		t.Fatal("no copy was found to spoil")
	}
	if err := p.db.Close(); err != nil {
		t.Fatal(err)
	}

	right, err := storage.BeginRestoring(ctx, p.cfg, 10*time.Second)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = right.Close() }()
	stop := errors.New("the machine stops here")
	var steps []string
	o := recovery.RestoreOptions{From: dir, Database: p.cfg, Right: right, StateFile: filepath.Join(t.TempDir(), "restore.json"), CopyDir: t.TempDir(), Now: p.clock.Now()}
	o.Step = func(name string) error {
		if steps = append(steps, name); name == "replace" {
			return stop
		}
		return nil
	}
	if _, _, err := recovery.Restore(ctx, o); !errors.Is(err, stop) {
		t.Fatal(err)
	}
	o.Step = func(name string) error { steps = append(steps, name); return nil }
	o.From = "" // the one that is under way
	st, m, err := recovery.Restore(ctx, o)
	if err != nil || st.Done() || st.Copy == "" || st.From != r.Dir {
		t.Fatalf("%+v %v", st, err)
	}
	if want := []string{"copy", "copied", "replace", "replace", "replaced", "switched"}; !slices.Equal(steps, want) {
		t.Errorf("the steps were %v", steps)
	}
	if len(st.Bad) != 1 || st.Bad[0].Key != decayed {
		t.Errorf("bad copies: %+v", st.Bad)
	}
	back, err := recovery.PutBack(ctx, p.store, st.From, m)
	if err != nil || back.Put != 1 || back.Present != 1 || back.MissingCount != 1 || back.Lost != 1 || back.Missing[0].Key != decayed {
		t.Errorf("%+v %v", back, err)
	}
	if p.body(lost) != "evidence of "+lost || p.body(keep) != "evidence of "+keep || p.body(decayed) != "" {
		t.Error("the store has other things than were stored")
	}
	if again, err := recovery.PutBack(ctx, p.store, st.From, m); err != nil || again.Put != 0 || again.Present != 2 {
		t.Errorf("put back again: %+v %v", again, err)
	}
	if err := st.Finish(o.StateFile); err != nil {
		t.Fatal(err)
	}
	if done, err := recovery.ReadState(o.StateFile); err != nil || !done.Done() {
		t.Errorf("%+v %v", done, err)
	}
	if err := right.End(ctx); err != nil {
		t.Fatal(err)
	}
	if err := right.Close(); err != nil {
		t.Fatal(err)
	}
	restored := (&place{t: t, cfg: p.cfg, clock: p.clock, court: p.court, store: p.store}).open()
	if n := restored.give(1); n != 4 {
		t.Errorf("after three in the backup comes %d", n)
	}
}

// A backup that cannot be used is refused with what is wrong, before anything is
// touched; an older one beside it is named, and never taken silently.
func TestABackupThatCannotBeUsedIsRefused(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	p := newPlace(t, objecttest.Open(t), 1)
	p.put(p.key("originals", "a"), "evidence")
	dir := t.TempDir()
	backup := func(now time.Time) *recovery.BackupReport {
		t.Helper()
		r, err := recovery.Backup(ctx, recovery.BackupOptions{Database: p.cfg, Objects: p.store, Dir: dir, CopyObjects: true, Now: now})
		if err != nil {
			t.Fatal(err)
		}
		return r
	}
	refused := func(err error, want string) {
		t.Helper()
		e, ok := errors.AsType[*model.Error](err)
		if !ok || !strings.Contains(e.Message, want) {
			t.Errorf("got %v, want %q", err, want)
		}
	}
	_, _, err := recovery.Newest(t.TempDir())
	refused(err, "没有完整的备份")
	older, newer := backup(p.clock.Now()), backup(p.clock.Now().Add(time.Hour))
	if got, m, err := recovery.Newest(dir); err != nil || got != newer.Dir || !m.At.Equal(newer.At) {
		t.Errorf("the newest is %s, %v", got, err)
	}
	if bad, err := recovery.Usable(ctx, newer.Dir, newer.Manifest, p.cfg); err != nil || len(bad) != 0 {
		t.Error(bad, err)
	}
	other := p.cfg
	if other.Dialect = storage.MySQL; p.cfg.Dialect == storage.MySQL {
		other.Dialect = storage.SQLite
	}
	_, err = recovery.Usable(ctx, newer.Dir, newer.Manifest, other)
	refused(err, "备份来自")
	future := newer.Manifest
	future.Schema += 100
	_, err = recovery.Usable(ctx, newer.Dir, future, p.cfg)
	refused(err, "请安装制作备份时或更新的程序")
	strange := newer.Manifest
	strange.Keys = map[string]string{"seal:other": "check"}
	_, err = recovery.Usable(ctx, newer.Dir, strange, p.cfg)
	refused(err, "密钥文件与备份不符")
	database := filepath.Join(newer.Dir, newer.Database)
	b, err := os.ReadFile(database)
	if err == nil {
		err = os.WriteFile(database, append(b, 0), 0o600)
	}
	if err != nil {
		t.Fatal(err)
	}
	_, err = recovery.Usable(ctx, newer.Dir, newer.Manifest, p.cfg)
	refused(err, "restore -from "+older.Dir)
	manifest, err := filepath.Glob(filepath.Join(newer.Dir, "*.json"))
	if err != nil || len(manifest) == 0 {
		t.Fatal(manifest, err)
	}
	if err := os.WriteFile(manifest[0], []byte("{"), 0o600); err != nil {
		t.Fatal(err)
	}
	_, _, err = recovery.Newest(dir)
	refused(err, "清单无法读取")
	if got, _, err := recovery.Newest(older.Dir); err != nil || got != older.Dir {
		t.Errorf("named itself: %s, %v", got, err)
	}
}

// What a backup found missing is listed until it is whole again.
func TestWhatIsMissingIsListedUntilItIsBack(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	p := newPlace(t, objecttest.Open(t), 1)
	gone, damaged, nobody := p.key("originals", "gone"), p.key("originals", "damaged"), p.key("originals", "nobody")
	p.file(gone, model.FileAttached)
	p.file(damaged, model.FileAttached)
	p.put(damaged, "evidence")
	if named, err := p.svc.Found(ctx, nil, nil); err != nil || named != 0 {
		t.Error(named, err)
	}
	if named, err := p.svc.Found(ctx, []string{gone, nobody}, []string{damaged}); err != nil || named != 1 {
		t.Fatalf("%d are named, %v", named, err)
	}
	listed := func() (keys []string) {
		t.Helper()
		list, err := p.db.Missing(ctx, "", 10)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range list {
			keys = append(keys, m.Key)
		}
		return keys
	}
	if got := listed(); !slices.Contains(got, gone) || !slices.Contains(got, damaged) || slices.Contains(got, nobody) {
		t.Fatal(got)
	}
	if err := p.svc.LookForMissing(ctx); err != nil || !slices.Contains(listed(), gone) {
		t.Error("what is gone is not listed any more:", listed(), err)
	}
	p.put(gone, "evidence")
	if err := p.svc.LookForMissing(ctx); err != nil || slices.Contains(listed(), gone) {
		t.Error("what is back is still listed:", listed(), err)
	}
}
