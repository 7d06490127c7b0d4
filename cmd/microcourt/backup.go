package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"syscall"
	"time"

	"microcourt/model"
	"microcourt/service/recovery"
	"microcourt/storage"
)

var errHalfRestored = errors.New("a restoring of this database was interrupted: run `microcourt restore` again, it goes on where it stopped")

func (c *Config) stateFile() string { return filepath.Join(c.DataDir, "restore.json") }

// copies is where the program puts the copies that it makes by itself.
func (c *Config) copies() string {
	if c.CopiesDir != "" {
		return c.CopiesDir
	}
	return filepath.Join(c.DataDir, "copies")
}

func (c *Config) at(step string) error {
	if c.step == nil {
		return nil
	}
	return c.step(step)
}

func (c *Config) clock() time.Time {
	if c.now != nil {
		return c.now()
	}
	return time.Now()
}

// refuseHalfRestored refuses to work with a database whose restoring has not
// ended.
func (c *Config) refuseHalfRestored() error {
	st, err := recovery.ReadState(c.stateFile())
	if err != nil || st == nil || c.restoring {
		return err
	}
	return errHalfRestored
}

// lockDatabase keeps a restoring and everybody else apart: who uses SQLite's
// file shares the lock, a restoring has it alone. MySQL knows its connections
// by itself.
func (c *Config) lockDatabase(alone bool) (unlock func() error, err error) {
	sc := c.storage(nil)
	if sc.Dialect != storage.SQLite || c.restoring && !alone {
		return func() error { return nil }, nil
	}
	if err := os.MkdirAll(filepath.Dir(sc.DSN), 0o700); err != nil {
		return nil, err
	}
	f, err := os.OpenFile(sc.DSN+".lock", os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, err
	}
	how := syscall.LOCK_SH
	if alone {
		how = syscall.LOCK_EX
	}
	if err := syscall.Flock(int(f.Fd()), how|syscall.LOCK_NB); err != nil {
		err = fmt.Errorf("%w: %w", storage.ErrInUse, err)
		return nil, errors.Join(err, f.Close())
	}
	return f.Close, nil
}

// copyBefore copies a database whose schema is about to change, and tells where
// to.
func (c *Config) copyBefore(tell func(dir string)) func(context.Context, storage.Version) error {
	return func(ctx context.Context, _ storage.Version) error {
		keys, err := c.keyring()
		if err != nil {
			return err
		}
		r, err := recovery.Backup(ctx, recovery.BackupOptions{Database: c.storage(keys), Dir: c.copies(), Copy: "before-migrate", Now: c.clock()})
		if err != nil {
			return fmt.Errorf("no copy of the database could be made before its schema changes: %w", err)
		}
		if tell != nil {
			tell(r.Dir)
		}
		return nil
	}
}

func backup(c *call) error {
	out := c.flags.String("out", "", "the folder of backups: each gets a folder in it, copies of objects are shared")
	objects := c.flags.String("objects", "", "copy: copy the objects, too; list: only list them. A directory is copied, a bucket listed, unless told otherwise")
	rest, err := c.parse()
	if err != nil || len(rest) > 0 || *out == "" || !slices.Contains([]string{"", "copy", "list"}, *objects) {
		return errUsage
	}
	cfg, err := c.load()
	if err != nil {
		return err
	}
	keys, err := cfg.keyring()
	if err != nil {
		return err
	}
	a := &app{cfg: cfg, log: c.logger(cfg)}
	defer func() { _ = a.close() }() // nothing was written through it
	unlock, err := cfg.lockDatabase(false)
	if err != nil {
		return err
	}
	a.closers = append(a.closers, unlock)
	if a.db, err = openDB(c.ctx, cfg); err != nil { // its schema stays as it is
		return err
	}
	a.closers = append(a.closers, a.db.Close)
	if err := a.openObjects(c.ctx); err != nil {
		return err
	}
	v, err := a.db.SchemaVersion(c.ctx)
	if err != nil {
		return err
	}
	known := map[string]string{}
	if !v.Behind() && !v.Ahead() {
		err := a.db.NamedObjects(c.ctx, func(list []storage.NamedObject) error {
			for _, n := range list {
				known[n.Key] = n.SHA256
			}
			return nil
		})
		if err != nil {
			return err
		}
	}
	r, err := recovery.Backup(c.ctx, recovery.BackupOptions{
		Database: cfg.storage(keys), Objects: a.objects, Known: known, Dir: *out, Now: cfg.clock(),
		CopyObjects: *objects == "copy" || *objects == "" && cfg.Objects.Driver == "dir",
	})
	if err != nil {
		return err
	}
	gone := len(r.Gone)
	if !v.Behind() && !v.Ahead() {
		if err := a.auditBackup(c.ctx); err != nil {
			return err
		}
		// The court is told in the program as well.
		found := recovery.New(a.db, recovery.Config{Objects: a.objects, Logger: a.log})
		if gone, err = found.Found(c.ctx, r.Gone, r.Damaged); err != nil {
			return err
		}
	}
	fmt.Fprintf(c.stdout, "backup   %s\ndatabase %s, schema %d, %d bytes\n", r.Dir, r.Dialect, r.Schema, r.Parts[r.Database].Size)
	how := "listed only: mirror the bucket as well, or use -objects copy"
	if r.Copied {
		how = fmt.Sprintf("copied, %d of them new, %d older copies read again", r.Added, r.Read)
	}
	fmt.Fprintf(c.stdout, "objects  %d, %d bytes, %s\nkeys     %s; not in the backup: %s, the signing key and the configuration. Keep them somewhere else\n",
		r.Objects, r.Bytes, how, r.Active, cfg.keysPath())
	return tellDamage(c.stdout, r, gone)
}

// tellDamage lists what is not as it was stored. Only what was mended is no
// failure.
func tellDamage(w io.Writer, r *recovery.BackupReport, gone int) error {
	for _, l := range []struct {
		mark, why string
		keys      []string
	}{
		{"MENDED ", "its copy in this place had decayed and was made again", r.Mended},
		{"DAMAGED", "the store cannot read it, or its bytes are not those that were recorded", r.Damaged},
		{"LOST   ", "its copy in this place is damaged as well", r.Lost},
		{"GONE   ", "the store does not have it", r.Gone},
	} {
		for _, k := range l.keys {
			fmt.Fprintf(w, "%s  %s: %s\n", l.mark, k, l.why)
		}
	}
	if n := len(r.Damaged); n+gone > 0 {
		return fmt.Errorf("the backup is complete, but %d objects in the store are damaged and %d are gone: what the place has of them is kept", n, gone)
	}
	return nil
}

// auditBackup records that somebody took a copy of everything.
func (a *app) auditBackup(ctx context.Context) error {
	courts, err := a.db.Courts(ctx)
	if err != nil {
		return err
	}
	return a.db.Transact(ctx, func(tx *storage.DB) error {
		for _, court := range courts {
			err := tx.Audit(model.System(), model.RoleAdmin, model.AuditEvent{
				CourtID: court.ID, Action: "database.backup", Subject: model.Subject("court", court.ID),
			})
			if err != nil {
				return err
			}
		}
		return nil
	})
}

func (c *Config) keysPath() string {
	if c.KeysFile != "" {
		return c.KeysFile
	}
	return filepath.Join(c.DataDir, "keys.yaml")
}

func restore(c *call) error {
	from := c.flags.String("from", "", "a backup, or a folder of backups, whose newest is taken; without it an interrupted restoring goes on")
	check := c.flags.Bool("check", false, "only prove the backup whole and usable")
	noCopy := c.flags.Bool("no-copy", false, "make no copy of the present database before")
	rest, err := c.parse()
	if err != nil || len(rest) > 0 {
		return errUsage
	}
	cfg, err := c.load()
	if err != nil {
		return err
	}
	st, err := recovery.ReadState(cfg.stateFile())
	if err != nil {
		return err
	}
	if *from == "" && (st == nil || *check) {
		return errUsage
	}
	if *check {
		if _, err := os.Stat(cfg.keysPath()); err != nil {
			return fmt.Errorf("the file of keys is needed: %w", err)
		}
		keys, err := cfg.keyring()
		if err != nil {
			return err
		}
		dir, m, err := recovery.Newest(*from)
		if err != nil {
			return err
		}
		bad, err := recovery.Usable(c.ctx, dir, m, cfg.storage(keys))
		if err != nil {
			return err
		}
		tellBad(c.stdout, bad)
		if len(bad) > 0 {
			return fmt.Errorf("%s can be restored without %d objects, whose copies are damaged", dir, len(bad))
		}
		fmt.Fprintf(c.stdout, "%s is whole: %s, schema %d, %d objects\n", dir, m.At.Format(time.RFC3339), m.Schema, m.Objects)
		return nil
	}
	return c.restoreWith(cfg, *from, *noCopy)
}

func tellBad(w io.Writer, bad []recovery.BadCopy) {
	for _, b := range bad {
		fmt.Fprintf(w, "DAMAGED COPY  %s: %s\n", b.Key, b.Why)
	}
}

func (c *call) restoreWith(cfg *Config, from string, noCopy bool) error {
	// New keys would be made where there are none, and would open nothing.
	if _, err := os.Stat(cfg.keysPath()); err != nil {
		return fmt.Errorf("put the file of keys back first: %w", err)
	}
	keys, err := cfg.keyring()
	if err != nil {
		return err
	}
	unlock, err := cfg.lockDatabase(true)
	if err != nil {
		return fmt.Errorf("stop the server first: %w", err)
	}
	defer func() { _ = unlock() }() // the process ends
	if err := alone(c.ctx, cfg.storage(keys)); err != nil {
		return err
	}
	if err := os.MkdirAll(cfg.DataDir, 0o700); err != nil {
		return err
	}
	st, m, err := recovery.Restore(c.ctx, recovery.RestoreOptions{
		From: from, Database: cfg.storage(keys), StateFile: cfg.stateFile(), CopyDir: cfg.copies(), NoCopy: noCopy, Now: cfg.clock(), Step: cfg.step,
	})
	if err != nil {
		return err
	}
	return c.afterSwitch(cfg, st, m)
}

// leaveFor is how long connections of a server that has just ended may stay.
const leaveFor = 5 * time.Second

// alone refuses a database that others are connected to.
func alone(ctx context.Context, cfg storage.Config) error {
	for began := time.Now(); ; {
		n, err := storage.Others(ctx, cfg)
		if err != nil || n == 0 {
			return err
		}
		if time.Since(began) > leaveFor {
			return fmt.Errorf("%w by %d other connections: stop every server first", storage.ErrInUse, n)
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(100 * time.Millisecond):
		}
	}
}

// afterSwitch brings the restored database up to date and reconciles it.
func (c *call) afterSwitch(cfg *Config, st *recovery.State, m recovery.Manifest) error {
	cfg.restoring = true
	db, err := openDB(c.ctx, cfg)
	if err != nil {
		return err
	}
	_, err = db.Migrate(c.ctx) // the backup itself is the copy
	if err = errors.Join(err, db.Close()); err != nil {
		return err
	}
	c.band(cfg)
	a, err := openApp(c.ctx, cfg, c.quiet())
	if err != nil {
		return err
	}
	defer func() { _ = a.close() }() // errors of closing were logged by then
	if err := cfg.at("open"); err != nil {
		return err
	}
	by := model.System()
	if err := a.svc.Recovery.Restored(c.ctx, by, st.At); err != nil {
		return err
	}
	back, err := recovery.PutBack(c.ctx, a.objects, st.From, m)
	if err != nil {
		return err
	}
	if err := cfg.at("put back"); err != nil {
		return err
	}
	rep, err := a.svc.Recovery.Reconcile(c.ctx, by, recovery.Options{})
	if err != nil {
		return err
	}
	if err := cfg.at("reconciled"); err != nil {
		return err
	}
	if err := os.Remove(cfg.stateFile()); err != nil {
		return err
	}
	fmt.Fprintf(c.stdout, "restored %s, of %s\n", st.From, st.At.Format(time.RFC3339))
	if st.Copy != "" {
		fmt.Fprintf(c.stdout, "what was there before is in %s\n", st.Copy)
	}
	tellBad(c.stdout, st.Bad)
	fmt.Fprintf(c.stdout, "objects of the backup: %d are there, %d were put back, %d are missing\n", back.Present, back.Put, back.MissingCount)
	for _, b := range back.Missing {
		fmt.Fprintf(c.stdout, "  %s: %s\n", b.Key, b.Why)
	}
	fmt.Fprintln(c.stdout, "everybody is logged out; accounts, keys and codes that were ended since the backup are valid again: check them")
	printReconciliation(c.stdout, rep)
	if n := max(back.Lost, rep.MissingCount); n > 0 {
		return fmt.Errorf("everything else is restored, but %d objects are missing: they are listed above and among the findings on the desk", n)
	}
	return nil
}

func reconcile(c *call) error {
	kept := c.flags.String("kept", "", "what `microcourt audit verify` printed and somebody kept")
	resend := c.flags.Bool("resend", false, "send the messages again that may have been sent before the backup was restored")
	rest, err := c.parse()
	if err != nil || len(rest) > 0 {
		return errUsage
	}
	opt := recovery.Options{Resend: *resend}
	if *kept != "" {
		b, err := os.ReadFile(*kept)
		if err != nil {
			return err
		}
		opt.Kept = string(b)
	}
	return c.with(func(a *app) error {
		rep, err := a.svc.Recovery.Reconcile(c.ctx, model.System(), opt)
		if err == nil {
			printReconciliation(c.stdout, rep)
		}
		return err
	})
}

func printReconciliation(w io.Writer, r *recovery.Reconciliation) {
	for _, court := range slices.Sorted(maps.Keys(r.Lost)) {
		fmt.Fprintf(w, "audit chain of court %d: about %d links that were seen outside are not in this database\n", court, r.Lost[court])
	}
	for _, folder := range slices.Sorted(maps.Keys(r.Strays)) {
		s := r.Strays[folder]
		fmt.Fprintf(w, "%s: %d objects without a record, %d bytes, kept\n", folder, s.N, s.Size)
	}
	for _, p := range r.Papers {
		fmt.Fprintf(w, "  %s is in %s\n", p.Number, p.Key)
	}
	for _, v := range r.Voided {
		fmt.Fprintf(w, "void: %s\n", v.Number)
	}
	for _, n := range r.Doubled {
		fmt.Fprintf(w, "TWICE: %s was given to two certificates; one has no record\n", n)
	}
	if r.MissingCount > 0 {
		fmt.Fprintf(w, "MISSING: %d objects that records name are not in the store\n", r.MissingCount)
	}
	for _, m := range r.Missing {
		fmt.Fprintf(w, "  %s: %s\n", m.Key, m.NamedBy)
	}
	if r.Resent > 0 {
		fmt.Fprintf(w, "%d messages are sent again\n", r.Resent)
	}
	if r.Held > 0 {
		fmt.Fprintf(w, "%d messages may have been sent before and wait: `microcourt reconcile -resend` sends them, otherwise they stay as they are\n", r.Held)
	}
	fmt.Fprintln(w, "reconciled: cleaning up and sending go on")
}
