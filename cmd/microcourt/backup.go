package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"time"

	"microcourt/model"
	"microcourt/service/recovery"
	"microcourt/storage"
)

// errRestoring says to whoever wants to work with a database that is being
// restored how to go on.
var errRestoring = model.E(model.Unavailable, "database.restoring",
	"数据库正在恢复，或者恢复被中断，现在不能使用。恢复被中断的，请再次运行 microcourt restore，会接着完成（尚未开始替换数据库的，可用 microcourt restore -cancel 放弃）")

// errInUse says to whoever wants to restore what is in his way.
var errInUse = model.E(model.Conflict, "database.in_use", "数据库正在使用：请先停止所有服务和其他程序，再运行 microcourt restore")

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
	defer func() { _ = a.close() }()                // nothing was written through it
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
				CourtID: court.ID, Action: model.AuditDatabaseBackup, Subject: model.ThingCourt.Of(court.ID),
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
	accept := c.flags.String("accept", "", "what is another one than the backup knows, on purpose: objects, app, service_app, certificate, separated by commas")
	cancel := c.flags.Bool("cancel", false, "give an interrupted restoring up that has not begun to replace the database")
	rest, err := c.parse()
	if err != nil || len(rest) > 0 || *cancel && (*from != "" || *check) {
		return errUsage
	}
	kinds, ok := acceptKinds(*accept)
	if !ok {
		return errUsage
	}
	cfg, err := c.load()
	if err != nil {
		return err
	}
	if *cancel {
		return c.cancelRestore(cfg)
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
	cfg.accept = kinds
	return c.restoreWith(cfg, *from, *noCopy)
}

func tellBad(w io.Writer, bad []recovery.BadCopy) {
	for _, b := range bad {
		fmt.Fprintf(w, "DAMAGED COPY  %s: %s\n", b.Key, b.Why)
	}
}

// leaveFor is how long those that use the database may take to leave it.
const leaveFor = 5 * time.Second

// beginRestoring takes the right to restore the database.
func (c *call) beginRestoring(cfg *Config, sc storage.Config) (*storage.Restoring, error) {
	right, err := storage.BeginRestoring(c.ctx, sc, leaveFor)
	if errors.Is(err, storage.ErrInUse) {
		err = errInUse.WithCause(fmt.Errorf("stop every server first: %w", err))
	}
	if err == nil {
		err = cfg.at("marked")
	}
	if err != nil && right != nil {
		err = errors.Join(err, right.Close())
	}
	return right, err
}

// cancelRestore gives a restoring up that was interrupted before the database
// was touched.
func (c *call) cancelRestore(cfg *Config) error {
	right, err := c.beginRestoring(cfg, cfg.storage(nil))
	if err != nil {
		return err
	}
	anew := right.Anew()
	if err := c.giveUp(cfg, right); err != nil {
		return errors.Join(err, right.Close())
	}
	if anew {
		fmt.Fprintln(c.stdout, "no restoring was under way")
	} else {
		fmt.Fprintln(c.stdout, "the restoring was given up; the database is as it was")
	}
	return nil
}

// giveUp lets everybody work with the database as it was before.
func (c *call) giveUp(cfg *Config, right *storage.Restoring) error {
	if right.Touched() {
		return model.E(model.Conflict, "database.touched", "数据库已经开始替换，不能放弃：请再次运行 microcourt restore 完成恢复").WithCause(storage.ErrTouched)
	}
	if err := os.Remove(cfg.stateFile()); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return right.Cancel(context.WithoutCancel(c.ctx))
}

func (c *call) restoreWith(cfg *Config, from string, noCopy bool) (err error) {
	// New keys would be made where there are none, and would open nothing.
	if _, err := os.Stat(cfg.keysPath()); err != nil {
		return fmt.Errorf("put the file of keys back first: %w", err)
	}
	keys, err := cfg.keyring()
	if err != nil {
		return err
	}
	if err := os.MkdirAll(cfg.DataDir, 0o700); err != nil {
		return err
	}
	right, err := c.beginRestoring(cfg, cfg.storage(keys))
	if err != nil {
		return err
	}
	defer func() {
		if err != nil && right.Anew() && !right.Touched() {
			err = errors.Join(err, c.giveUp(cfg, right))
		}
		err = errors.Join(err, right.Close())
	}()
	st, m, err := recovery.Restore(c.ctx, recovery.RestoreOptions{
		From: from, Database: cfg.storage(keys), Right: right, StateFile: cfg.stateFile(), Accept: cfg.accept, CopyDir: cfg.copies(), NoCopy: noCopy,
		Now: cfg.clock(), Step: cfg.step,
	})
	if err != nil {
		return err
	}
	missing := 0
	if !st.Done() {
		if missing, err = c.afterSwitch(cfg, st, m); err != nil {
			return err
		}
		if err := st.Finish(cfg.stateFile()); err != nil {
			return err
		}
	}
	if err := cfg.at("done"); err != nil {
		return err
	}
	// Only now may a server start.
	if err := right.End(c.ctx); err != nil {
		return err
	}
	if err := cfg.at("ended"); err != nil {
		return err
	}
	if err := os.Remove(cfg.stateFile()); err != nil {
		return err
	}
	fmt.Fprintln(c.stdout, "servers may be started")
	if missing > 0 {
		return fmt.Errorf("everything else is restored, but %d objects are missing: they are listed above and among the findings on the desk", missing)
	}
	return nil
}

// afterSwitch brings the restored database up to date, puts the objects back and
// reconciles. It tells how many objects are missing.
func (c *call) afterSwitch(cfg *Config, st *recovery.State, m recovery.Manifest) (missing int, err error) {
	cfg.restoring, cfg.accept = true, st.Accept
	db, err := openDB(c.ctx, cfg)
	if err != nil {
		return 0, err
	}
	_, err = db.Migrate(c.ctx) // the backup itself is the copy
	if err = errors.Join(err, db.Close()); err != nil {
		return 0, err
	}
	c.band(cfg)
	a, err := openApp(c.ctx, cfg, c.quiet())
	if err != nil {
		return 0, err
	}
	defer func() { _ = a.close() }() // errors of closing were logged by then
	if err := cfg.at("open"); err != nil {
		return 0, err
	}
	by := model.System()
	if err := a.svc.Recovery.Restored(c.ctx, by, st.At); err != nil {
		return 0, err
	}
	if err := cfg.at("restored"); err != nil {
		return 0, err
	}
	back, err := recovery.PutBack(c.ctx, a.objects, st.From, m)
	if err != nil {
		return 0, err
	}
	if err := cfg.at("put back"); err != nil {
		return 0, err
	}
	rep, err := a.svc.Recovery.Reconcile(c.ctx, by, recovery.Options{})
	if err != nil {
		return 0, err
	}
	if err := cfg.at("reconciled"); err != nil {
		return 0, err
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
	return max(back.Lost, rep.MissingCount), nil
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
	for _, n := range r.Ambiguous {
		fmt.Fprintf(w, "AMBIGUOUS: %s can be a number of several series by today's patterns; all of them were moved past it\n", n)
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
