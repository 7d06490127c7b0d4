package recovery

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"hash"
	"io"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"microcourt/model"
	"microcourt/storage"
	"microcourt/storage/object"
)

// found is a folder of a place of backups that has a manifest.
type found struct {
	dir string
	m   Manifest
	err error // of reading the manifest
}

// backupsIn lists the backups of a place, the newest first, without the copies
// that the program made by itself.
func backupsIn(dir string) ([]found, error) {
	list, err := os.ReadDir(dir)
	if err != nil {
		return nil, fmt.Errorf("backup: %w", err)
	}
	slices.Reverse(list) // names begin with the instant
	var out []found
	for _, e := range list {
		if !e.IsDir() || strings.HasPrefix(e.Name(), ".") || e.Name() == objectsDir {
			continue
		}
		m, err := readManifest(filepath.Join(dir, e.Name()))
		own := m.Copy != "" || err != nil && strings.Contains(e.Name(), "-before-")
		if !errors.Is(err, fs.ErrNotExist) && !own {
			out = append(out, found{filepath.Join(dir, e.Name()), m, err})
		}
	}
	return out, nil
}

// Newest is the newest complete backup in a place, or the place itself when it
// is a backup. Copies that the program made by itself count only when they are
// named themselves. When the newest cannot be read it is refused, and an older
// one named: which to take is for a person to say.
func Newest(dir string) (string, Manifest, error) {
	if m, err := readManifest(dir); err == nil || !errors.Is(err, fs.ErrNotExist) {
		return dir, m, withOlder(dir, err)
	}
	list, err := backupsIn(dir)
	if err != nil {
		return "", Manifest{}, err
	}
	var newest found
	for _, b := range list {
		if b.err != nil && newest.dir == "" {
			return "", b.m, withOlder(b.dir, b.err)
		}
		if b.err == nil && (newest.dir == "" || b.m.At.After(newest.m.At)) {
			newest = b
		}
	}
	if newest.dir == "" {
		return "", newest.m, errBackup("none", "这里没有完整的备份："+dir, nil)
	}
	return newest.dir, newest.m, nil
}

// withOlder adds to the refusal of a backup which it was and which older one
// beside it can be read.
func withOlder(dir string, err error) error {
	e, ok := errors.AsType[*model.Error](err)
	if !ok {
		return err
	}
	told := *e
	told.Message += "（" + dir + "）"
	list, _ := backupsIn(filepath.Dir(filepath.Clean(dir)))
	for _, b := range list {
		if b.err == nil && filepath.Base(b.dir) < filepath.Base(dir) {
			told.Message += "。较早的备份可以单独使用：restore -from " + b.dir
			break
		}
	}
	return &told
}

func readManifest(dir string) (m Manifest, err error) {
	b, err := os.ReadFile(filepath.Join(dir, manifestName))
	if err != nil {
		return m, err
	}
	if err := json.Unmarshal(b, &m); err != nil {
		return m, errBackup("damaged", "备份已损坏：清单无法读取", err)
	}
	if m.Format > format {
		return m, errBackup("newer", "备份由更新的程序制作，请先安装更新的程序", nil)
	}
	if m.Sum != m.sum() {
		return m, errBackup("damaged", "备份已损坏：清单被改动", nil)
	}
	return m, nil
}

// BadCopy is a copy of an object that is not what was stored.
type BadCopy struct{ Key, Why string }

// Verify reads a backup whole. It refuses one whose database or list is damaged.
// Bad copies of objects are told: everything else can be restored without them.
func Verify(ctx context.Context, dir string, m Manifest) ([]BadCopy, error) {
	for _, name := range []string{m.Database, listName} {
		want, ok := m.Parts[name]
		if !ok && name == listName && m.Copy != "" {
			continue
		}
		got, err := describe(filepath.Join(dir, name))
		if err != nil || got != want {
			return nil, errBackup("damaged", "备份已损坏："+name+" 与清单不符", err)
		}
	}
	if err := storage.CheckCopy(ctx, m.Dialect, filepath.Join(dir, m.Database)); err != nil {
		return nil, errBackup("damaged", "备份已损坏：数据库无法读取", err)
	}
	if !m.Copied {
		return nil, nil
	}
	var bad []BadCopy
	err := readList(filepath.Join(dir, listName), func(l listed) error {
		if why := badCopy(copyOf(dir, l.Key), l); why != "" {
			bad = append(bad, BadCopy{l.Key, why})
		}
		return ctx.Err()
	})
	return bad, err
}

// Usable is Verify for a backup that this program shall restore with these keys.
func Usable(ctx context.Context, dir string, m Manifest, cfg storage.Config) ([]BadCopy, error) {
	if err := fits(m, cfg); err != nil {
		return nil, err
	}
	bad, err := Verify(ctx, dir, m)
	return bad, withOlder(dir, err)
}

// copyOf is where the copy of an object of a backup is.
func copyOf(dir, key string) string { return copyPath(filepath.Dir(filepath.Clean(dir)), key) }

// fits refuses a backup that this program cannot use with these keys.
func fits(m Manifest, cfg storage.Config) error {
	if m.Dialect != cfg.Dialect {
		return errBackup("dialect", fmt.Sprintf("备份来自 %s 数据库，当前配置的是 %s", m.Dialect, cfg.Dialect), nil)
	}
	mine, err := storage.ProgramVersion(cfg.Dialect)
	if err != nil {
		return err
	}
	if m.Schema > mine {
		return errBackup("schema", fmt.Sprintf("备份的数据库结构是 %d 版，本程序只认识到 %d 版：请安装制作备份时或更新的程序（%s）", m.Schema, mine, m.Program), nil)
	}
	have := cfg.Keys.Checks()
	for _, name := range slices.Sorted(maps.Keys(m.Keys)) {
		if have[name] == m.Keys[name] {
			continue
		}
		what := "内容不同"
		if have[name] == "" {
			what = "没有"
		}
		return errBackup("keys", fmt.Sprintf("密钥文件与备份不符：密钥 %s %s。请使用制作备份时的密钥文件", strings.TrimPrefix(name, "seal:"), what), nil)
	}
	return nil
}

// The phases of a restoring, in their order.
const (
	phaseCopied   = "copied"   // the present state was copied
	phaseSwitched = "switched" // the database is the backup's
	phaseDone     = "done"     // the objects are back and everything is reconciled
)

// State is how far a restoring has come. It stands in a file while one is under
// way, so that it goes on where it was interrupted. That nobody else works with
// half of it is up to storage.Restoring.
type State struct {
	From  string    `json:"from"`
	At    time.Time `json:"at"` // of the backup
	Phase string    `json:"phase"`
	Copy  string    `json:"copy,omitempty"` // of what was there before
	// Bad are the copies of objects that are not what was stored.
	Bad []BadCopy `json:"-"`
	// Accept are the marks of the installation that may be others than the
	// backup's.
	Accept []model.MarkKind `json:"accept,omitempty"`
}

// Done tells whether nothing is left to do but to let everybody in.
func (s *State) Done() bool { return s.Phase == phaseDone }

// Finish notes that the restoring has been done.
func (s *State) Finish(path string) error {
	s.Phase = phaseDone
	return s.write(path)
}

// ReadState is the restoring that is under way; nil when there is none.
func ReadState(path string) (*State, error) {
	b, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil //nolint:nilnil // documented
	}
	if err != nil {
		return nil, err
	}
	var s State
	if err := json.Unmarshal(b, &s); err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return &s, nil
}

func (s *State) write(path string) error {
	b, err := json.Marshal(s)
	if err != nil {
		return err
	}
	if err := writeFile(path+".new", b); err != nil {
		return err
	}
	if err := os.Rename(path+".new", path); err != nil {
		return err
	}
	return syncDir(filepath.Dir(path))
}

// RestoreOptions say what to restore and where to.
type RestoreOptions struct {
	From      string // a backup, or a place of backups
	Database  storage.Config
	Right     *storage.Restoring
	StateFile string
	Accept    []model.MarkKind
	CopyDir   string // where the copy of the present state goes
	NoCopy    bool   // leave it out
	Now       time.Time
	// Step, when set, is told before each step; an error stops there. For tests.
	Step func(step string) error
}

// Restore brings the database back to a backup. It is verified first; then the
// present state is copied; then the database is replaced. What was interrupted
// goes on where it stopped. The objects are put back by PutBack, and the rest
// is up to Restored and Reconcile, once the database is open. Only after all of
// it the right to restore ends.
func Restore(ctx context.Context, o RestoreOptions) (*State, Manifest, error) {
	step := func(name string) error {
		if o.Step == nil {
			return nil
		}
		return o.Step(name)
	}
	st, err := ReadState(o.StateFile)
	if err != nil {
		return nil, Manifest{}, fmt.Errorf("restore: %w", err)
	}
	if st != nil && st.Done() && o.Right.Anew() && o.From != "" {
		st = nil // that one had ended, and this is another
	}
	if o.From == "" && st != nil {
		o.From = st.From
	}
	dir, m, err := Newest(o.From)
	if err == nil {
		dir, err = filepath.Abs(dir)
	}
	if err != nil {
		return nil, m, fmt.Errorf("restore: %w", err)
	}
	if st != nil && st.From != dir && st.goesOn(ctx, o.Database) {
		return nil, m, fmt.Errorf("restore: %w", errBackup("other", "上一次恢复没有完成，请先完成它：microcourt restore -from "+st.From, nil))
	}
	if st != nil && st.Done() {
		return st, m, nil
	}
	bad, err := Usable(ctx, dir, m, o.Database)
	if err != nil {
		return nil, m, fmt.Errorf("restore: %w", err)
	}
	if st != nil && st.Phase == phaseSwitched && o.Right.Anew() {
		st.Phase = phaseCopied // the database that was switched to is not there any more
	}
	if st != nil {
		if st.From != dir { // the other one can never be completed
			st = &State{From: dir, At: m.At, Phase: phaseCopied, Copy: st.Copy, Accept: st.Accept}
		}
		st.Accept = slices.Compact(slices.Sorted(slices.Values(append(st.Accept, o.Accept...))))
		if err := st.write(o.StateFile); err != nil {
			return nil, m, fmt.Errorf("restore: %w", err)
		}
	}
	if st == nil {
		st = &State{From: dir, At: m.At, Accept: o.Accept}
		if err := step("copy"); err != nil {
			return nil, m, err
		}
		if st.Copy, err = copyBefore(ctx, o); err != nil {
			return nil, m, fmt.Errorf("restore: %w", err)
		}
		st.Phase = phaseCopied
		if err := step("copied"); err != nil {
			return nil, m, err
		}
		if err := st.write(o.StateFile); err != nil {
			return nil, m, fmt.Errorf("restore: %w", err)
		}
	}
	if st.Phase == phaseCopied {
		if err := step("replace"); err != nil {
			return nil, m, err
		}
		if err := o.Right.Replace(ctx, filepath.Join(dir, m.Database)); err != nil {
			return nil, m, err
		}
		if err := step("replaced"); err != nil {
			return nil, m, err
		}
		st.Phase = phaseSwitched
		if err := st.write(o.StateFile); err != nil {
			return nil, m, fmt.Errorf("restore: %w", err)
		}
	}
	st.Bad = bad
	return st, m, step("switched")
}

// goesOn tells whether a restoring that is under way can be completed: its backup
// may have been damaged or removed since.
func (s *State) goesOn(ctx context.Context, cfg storage.Config) bool {
	m, err := readManifest(s.From)
	if err == nil {
		_, err = Usable(ctx, s.From, m, cfg)
	}
	return err == nil
}

// copyBefore copies the present state, "" when there is none. A SQLite file
// that cannot be copied because it is damaged is put aside as it is.
func copyBefore(ctx context.Context, o RestoreOptions) (string, error) {
	if o.NoCopy {
		return "", nil
	}
	r, err := Backup(ctx, BackupOptions{Database: o.Database, Dir: o.CopyDir, Copy: "before-restore", Now: o.Now})
	switch {
	case err == nil:
		return r.Dir, nil
	case errors.Is(err, storage.ErrEmpty):
		return "", nil
	case o.Database.Dialect != storage.SQLite:
		return "", errBackup("no_copy", "恢复之前不能为现有数据库制作副本；确认不需要副本时加 -no-copy", err)
	}
	aside := filepath.Join(o.CopyDir, o.Now.UTC().Format("20060102T150405Z")+"-before-restore-damaged")
	if err := os.MkdirAll(aside, 0o700); err != nil {
		return "", err
	}
	for _, suffix := range []string{"", "-wal", "-shm"} {
		b, err := os.ReadFile(o.Database.DSN + suffix)
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err == nil {
			err = writeFile(filepath.Join(aside, "database.db"+suffix), b)
		}
		if err != nil {
			return "", err
		}
	}
	return aside, nil
}

// Returned is what PutBack did.
type Returned struct {
	Put     int // objects that were missing in the store and are back
	Present int
	// Missing are objects of the backup that the store does not have and of which
	// the backup has no whole copy.
	Missing      []BadCopy
	MissingCount int
	// Lost counts those of them that cannot be made again.
	Lost int
}

func (r *Returned) miss(key, why string) {
	if r.MissingCount++; len(r.Missing) < maxListed {
		r.Missing = append(r.Missing, BadCopy{key, why})
	}
	if folder, _, _ := strings.Cut(key, "/"); !slices.Contains([]string{"views", "thumbs", "quarantine"}, folder) {
		r.Lost++
	}
}

// PutBack puts objects of the backup back that the store does not have. What it
// has is never touched. A copy that is not what was stored is not put back: it
// is told, and the others are.
func PutBack(ctx context.Context, objects object.Store, dir string, m Manifest) (*Returned, error) {
	r := &Returned{}
	if m.Parts[listName].SHA256 == "" {
		return r, nil
	}
	present := map[uint64]struct{}{}
	for o, err := range objects.List(ctx, "") {
		if err != nil {
			return r, fmt.Errorf("objects: %w", err)
		}
		present[hashKey(o.Key)] = struct{}{}
	}
	err := readList(filepath.Join(dir, listName), func(l listed) error {
		if _, ok := present[hashKey(l.Key)]; ok {
			r.Present++
			return nil
		}
		if !m.Copied {
			r.miss(l.Key, "the backup only lists objects")
			return nil
		}
		return r.put(ctx, objects, copyOf(dir, l.Key), l)
	})
	if err != nil {
		return r, fmt.Errorf("objects: %w", err)
	}
	return r, nil
}

func (r *Returned) put(ctx context.Context, objects object.Store, path string, l listed) error {
	f, err := os.Open(path)
	if err != nil {
		r.miss(l.Key, "the copy cannot be read: "+err.Error())
		return nil
	}
	defer func() { _ = f.Close() }() // read only
	proven := &provenReader{r: io.LimitReader(f, l.Size), h: sha256.New(), left: l.Size, sum: l.SHA256}
	err = objects.Put(ctx, l.Key, proven, l.Size, object.PutOptions{ContentType: contentType(l.Key), Retain: isKept(l.Key)})
	switch {
	case err == nil:
		r.Put++
	case proven.err != nil:
		r.miss(l.Key, proven.err.Error())
	case errors.Is(err, object.ErrKey), errors.Is(err, object.ErrSize):
		r.miss(l.Key, err.Error())
	case errors.Is(err, object.ErrExist):
		r.Present++
	default:
		return err // the store's: it goes on another time
	}
	return nil
}

// provenReader gives what it reads, but the last of it only when all of it has
// the hash that it should: a store never gets the whole of something else.
type provenReader struct {
	r    io.Reader
	h    hash.Hash
	left int64
	sum  string // "" where none was recorded
	err  error
}

// Read implements io.Reader.
func (p *provenReader) Read(b []byte) (int, error) {
	if p.err != nil {
		return 0, p.err
	}
	n, err := p.r.Read(b)
	_, _ = p.h.Write(b[:n]) // never fails
	p.left -= int64(n)
	switch {
	case err != nil && !errors.Is(err, io.EOF):
		p.err = fmt.Errorf("the copy cannot be read: %w", err)
	case err != nil && p.left > 0:
		p.err = fmt.Errorf("the copy lacks %d bytes", p.left)
	case p.left == 0 && p.sum != "" && hex.EncodeToString(p.h.Sum(nil)) != p.sum:
		p.err = errors.New("the copy has other bytes than were stored")
	}
	if p.err != nil {
		return 0, p.err
	}
	return n, err
}

// contentType is what the store is told of an object that comes back. What an
// original is stands in its row.
func contentType(key string) string {
	switch folder, _, _ := strings.Cut(key, "/"); folder {
	case certificates, documents:
		return "application/pdf"
	case "views", "thumbs":
		return "image/jpeg"
	case journalFolder:
		return "text/plain"
	}
	return "application/octet-stream"
}
