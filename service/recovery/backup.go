package recovery

import (
	"bufio"
	"compress/gzip"
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"runtime/debug"
	"slices"
	"strings"
	"time"

	"microcourt/model"
	"microcourt/storage"
	"microcourt/storage/object"
)

// A backup is a folder:
//
//	manifest.json      what it is, with the SHA-256 of each part; written last
//	database.db        the database, or database.sql of MySQL
//	objects.jsonl.gz   every object with its size and, where known, its SHA-256
//
// Copies of objects lie beside the backups of one place, in objects/, by key:
// objects never change, so that a later backup adds only what is new. Each backup
// also reads a share of the copies that are there, beside the objects themselves,
// and copies one that has decayed again as long as the store has it whole. The
// database is copied first: every object that its rows name is there by then.
const (
	manifestName = "manifest.json"
	listName     = "objects.jsonl.gz"
	objectsDir   = "objects"
	format       = 1
)

// shares is in how many parts the copies of a place are read again: each backup
// reads the next one. Those whose size changed are found at once.
const shares = 10

// Manifest describes a backup.
type Manifest struct {
	Format   int             `json:"format"`
	At       time.Time       `json:"at"` // when the copy of the database began
	Program  string          `json:"program"`
	Dialect  storage.Dialect `json:"dialect"`
	Schema   int64           `json:"schema"`
	Database string          `json:"database"` // its file
	// Keys recognise the keys without which the backup cannot be read; Active is
	// the id of the one for new values. The keys themselves are kept elsewhere.
	Keys    map[string]string `json:"keys"`
	Active  string            `json:"active_key"`
	Objects int               `json:"objects"`
	Bytes   int64             `json:"object_bytes"`
	// Copied says that the objects were copied, not only listed.
	Copied bool `json:"objects_copied"`
	// Round counts the backups of the place that copied objects; it says which
	// share of the older copies was read again.
	Round int             `json:"round,omitempty"`
	Parts map[string]Part `json:"parts"`
	// Copy says that it is a copy that the program made before it changed
	// something: without objects.
	Copy string `json:"copy,omitempty"`
	// Sum is the SHA-256 of the manifest itself without it.
	Sum string `json:"sum"`
}

func (m Manifest) sum() string {
	m.Sum = ""
	b, err := json.Marshal(m)
	if err != nil {
		return "" // never: it has no value that JSON cannot hold
	}
	s := sha256.Sum256(b)
	return hex.EncodeToString(s[:])
}

// Encode is the manifest's file.
func (m Manifest) Encode() ([]byte, error) {
	m.Sum = m.sum()
	b, err := json.MarshalIndent(m, "", "  ")
	return append(b, '\n'), err
}

// Part is a file of a backup.
type Part struct {
	Size   int64  `json:"size"`
	SHA256 string `json:"sha256"`
}

type listed struct {
	Key    string    `json:"key"`
	Size   int64     `json:"size"`
	At     time.Time `json:"modified"`
	SHA256 string    `json:"sha256,omitempty"`
}

// BackupOptions say what to back up and where to.
type BackupOptions struct {
	Database storage.Config
	Objects  object.Store // nil for a copy of the database alone
	// Known gives the SHA-256 of objects that rows name, by key; nil for none.
	Known map[string]string
	Dir   string // where backups are
	// CopyObjects copies the objects too; otherwise they are only listed.
	CopyObjects bool
	Copy        string // see Manifest.Copy
	Now         time.Time
}

// BackupReport is what a backup holds.
type BackupReport struct {
	Manifest
	Dir string
	// Added are objects that were copied now, Read older copies that were read
	// again.
	Added, Read int
	// Mended are copies in the place that had decayed and were made anew; Lost are
	// those of which the store has no whole bytes either.
	Mended, Lost []string
	// Damaged are objects of the store that cannot be read, or whose bytes are not
	// the ones that were recorded. Gone are those that rows name and the store does
	// not have. A whole copy of either stays in the place.
	Damaged, Gone []string
}

// Backup makes a backup, in a new folder named after its instant. The folder
// appears when it is complete.
func Backup(ctx context.Context, o BackupOptions) (*BackupReport, error) {
	r := &BackupReport{Manifest: Manifest{
		Format: format, At: o.Now.UTC(), Program: programVersion(), Dialect: o.Database.Dialect, Keys: o.Database.Keys.Checks(), Active: o.Database.Keys.Active(),
		Parts: map[string]Part{}, Copied: o.CopyObjects, Copy: o.Copy, Database: "database.db",
	}}
	if r.Dialect == storage.MySQL {
		r.Database = "database.sql"
	}
	if err := os.MkdirAll(o.Dir, 0o700); err != nil {
		return nil, fmt.Errorf("backup: %w", err)
	}
	lock, err := lockPlace(o.Dir)
	if err != nil {
		return nil, fmt.Errorf("backup: %w", err)
	}
	defer func() { _ = lock.Close() }() // nothing is written to it
	if err := removeIncomplete(o.Dir); err != nil {
		return nil, fmt.Errorf("backup: %w", err)
	}
	temp := filepath.Join(o.Dir, incomplete+strings.ToLower(rand.Text()))
	if err := os.Mkdir(temp, 0o700); err != nil {
		return nil, fmt.Errorf("backup: %w", err)
	}
	err = r.fill(ctx, o, temp)
	if err == nil {
		r.Dir, err = place(temp, o.Dir, r.At, o.Copy)
	}
	if err != nil {
		return nil, fmt.Errorf("backup: %w", errors.Join(err, os.RemoveAll(temp)))
	}
	return r, nil
}

// lockPlace keeps every other backup out of a place: two that copy the same
// object would write the same file. Who only reads there needs no lock: a copy
// and a backup appear under their names when they are whole.
func lockPlace(dir string) (*os.File, error) {
	f, err := storage.LockFile(filepath.Join(dir, ".lock"), os.O_CREATE|os.O_RDWR, storage.LockAlone)
	if errors.Is(err, storage.ErrLocked) {
		err = errBackup("busy", "另一个备份正在写入 "+dir+"，请等它完成后再试", err)
	}
	return f, err
}

// incomplete begins the names of backups that are being made.
const incomplete = ".incomplete-"

// removeIncomplete removes what backups left that were interrupted. Whoever has
// the lock of the place knows that none is under way.
func removeIncomplete(dir string) error {
	list, err := filepath.Glob(filepath.Join(dir, incomplete+"*"))
	for _, old := range list {
		err = errors.Join(err, os.RemoveAll(old))
	}
	return err
}

func (r *BackupReport) fill(ctx context.Context, o BackupOptions, temp string) error {
	path := filepath.Join(temp, r.Database)
	if err := storage.CopyTo(ctx, o.Database, path); err != nil {
		return err
	}
	if err := storage.CheckCopy(ctx, r.Dialect, path); err != nil {
		return err
	}
	var err error
	if r.Schema, err = schemaOf(ctx, o.Database, path); err != nil {
		return err
	}
	if o.Objects != nil {
		if err := r.list(ctx, o, filepath.Join(temp, listName)); err != nil {
			return err
		}
		if r.Parts[listName], err = describe(filepath.Join(temp, listName)); err != nil {
			return err
		}
	}
	if r.Parts[r.Database], err = describe(path); err != nil {
		return err
	}
	b, err := r.Encode()
	if err != nil {
		return err
	}
	return writeFile(filepath.Join(temp, manifestName), b)
}

// schemaOf is the schema's version in the copy, or in the database itself where
// the copy is no database.
func schemaOf(ctx context.Context, cfg storage.Config, path string) (int64, error) {
	if cfg.Dialect == storage.SQLite {
		cfg.DSN = path
	}
	return storage.CopyVersion(ctx, cfg)
}

// place gives a complete backup its name.
func place(temp, dir string, at time.Time, why string) (string, error) {
	name := at.Format("20060102T150405Z")
	if why != "" {
		name += "-" + why
	}
	for i := 1; ; i++ {
		to := filepath.Join(dir, name)
		if i > 1 {
			to += fmt.Sprintf("-%03d", i)
		}
		if _, err := os.Lstat(to); err == nil {
			continue
		}
		if err := os.Rename(temp, to); err != nil {
			return "", err
		}
		return to, syncDir(dir)
	}
}

func syncDir(dir string) error {
	f, err := os.Open(dir)
	if err != nil {
		return err
	}
	return errors.Join(f.Sync(), f.Close())
}

func writeFile(path string, b []byte) error {
	f, err := os.OpenFile(path, os.O_CREATE|os.O_TRUNC|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	_, err = f.Write(b)
	return errors.Join(err, f.Sync(), f.Close())
}

// list lists every object and copies those that are not in the place yet.
func (r *BackupReport) list(ctx context.Context, o BackupOptions, path string) (err error) {
	f, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	z := gzip.NewWriter(f)
	w := bufio.NewWriter(z)
	err = r.listTo(ctx, o, json.NewEncoder(w))
	return errors.Join(err, w.Flush(), z.Close(), f.Sync(), f.Close())
}

func (r *BackupReport) listTo(ctx context.Context, o BackupOptions, enc *json.Encoder) error {
	var old map[string]listed
	if o.CopyObjects {
		old, r.Round = copiesIn(o.Dir)
	}
	gone := maps.Clone(o.Known)
	add := func(l listed) error {
		r.Objects++
		r.Bytes += l.Size
		return enc.Encode(l)
	}
	for i, err := range o.Objects.List(ctx, "") {
		if err != nil {
			return err
		}
		l := listed{Key: i.Key, Size: i.Size, At: i.ModTime.UTC(), SHA256: o.Known[i.Key]}
		if o.CopyObjects {
			err := r.copy(ctx, o, &l, old[i.Key])
			if errors.Is(err, object.ErrNotExist) {
				continue // removed while we went
			}
			if err != nil {
				return err
			}
		}
		delete(gone, i.Key)
		if err := add(l); err != nil {
			return err
		}
	}
	// What the store has lost and the place still has can be put back.
	for _, key := range slices.Sorted(maps.Keys(gone)) {
		r.Gone = append(r.Gone, key)
		if before := old[key]; before.SHA256 != "" && badCopy(copyPath(o.Dir, key), before) == "" {
			if err := add(before); err != nil {
				return err
			}
		}
	}
	return nil
}

// copyPath is where the copy of an object is in a place of backups.
func copyPath(place, key string) string {
	return filepath.Join(place, objectsDir, filepath.FromSlash(key))
}

// badCopy says what is wrong with a copy, "" when it is whole.
func badCopy(path string, want listed) string {
	st, err := os.Stat(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return "the copy is not there"
	case err != nil:
		return "the copy cannot be read: " + err.Error()
	case !st.Mode().IsRegular():
		return "the copy is no file"
	case st.Size() != want.Size:
		return fmt.Sprintf("the copy has %d bytes instead of %d", st.Size(), want.Size)
	}
	got, err := describe(path)
	switch {
	case err != nil:
		return "the copy cannot be read: " + err.Error()
	case got.SHA256 != want.SHA256:
		return "the copy has other bytes than were stored"
	}
	return ""
}

// turn tells whether the copy of an object is read again by this backup.
func (r *BackupReport) turn(key string) bool {
	return (hashKey(key)+uint64(r.Round))%shares == 0
}

// believed tells whether the place has a copy as an earlier backup listed it. Its
// bytes are read only when it is its turn.
func (r *BackupReport) believed(path string, before listed) bool {
	switch {
	case before.SHA256 == "":
		return false
	case r.turn(before.Key):
		r.Read++
		return badCopy(path, before) == ""
	}
	st, err := os.Stat(path)
	return err == nil && st.Mode().IsRegular() && st.Size() == before.Size
}

// copy copies one object unless the place has it. One bad object, or one bad
// copy, is told and does not keep the others. A whole copy is never replaced.
func (r *BackupReport) copy(ctx context.Context, o BackupOptions, l *listed, before listed) error {
	to, want := copyPath(o.Dir, l.Key), before
	if l.SHA256 != "" && l.SHA256 != before.SHA256 { // the row knows better than an earlier list
		want = listed{Key: l.Key, Size: l.Size, At: l.At, SHA256: l.SHA256}
	}
	have := want.SHA256 == before.SHA256 && r.believed(to, before)
	if have && l.Size == before.Size {
		l.SHA256 = before.SHA256
		if !r.turn(l.Key) {
			return nil
		}
		got, err := fetch(ctx, o.Objects, l.Key, "") // the copy is whole; is the object?
		if errors.Is(err, errObject) || err == nil && got.SHA256 != before.SHA256 {
			r.Damaged = append(r.Damaged, l.Key)
			return nil
		}
		return err
	}
	temp := to + ".incomplete"
	got, err := fetch(ctx, o.Objects, l.Key, temp)
	switch {
	case err != nil && errors.Is(err, errObject): // told below
	case err != nil:
		return errors.Join(err, removeIfThere(temp))
	case want.SHA256 == "" || got.SHA256 == want.SHA256:
		if err := replaceCopy(temp, to); err != nil {
			return err
		}
		l.Size, l.SHA256 = got.Size, got.SHA256
		if before.SHA256 == "" {
			r.Added++
		} else {
			r.Mended = append(r.Mended, l.Key)
		}
		return nil
	}
	r.Damaged = append(r.Damaged, l.Key)
	// What the place has may be the last whole copy.
	if badCopy(to, want) == "" {
		l.Size, l.SHA256 = want.Size, want.SHA256
		return removeIfThere(temp)
	}
	if before.SHA256 != "" {
		r.Lost = append(r.Lost, l.Key)
	}
	if got.SHA256 == "" { // nothing could be read
		l.SHA256 = want.SHA256
		return removeIfThere(temp)
	}
	l.Size, l.SHA256 = got.Size, got.SHA256 // as it is: better than nothing
	return replaceCopy(temp, to)
}

// errObject is an object that cannot be read while the store can be used.
var errObject = errors.New("the object cannot be read")

// fetch reads an object of the store, into a file unless that is "".
func fetch(ctx context.Context, store object.Store, key, to string) (got Part, err error) {
	faulty := func(err error) error {
		if ctx.Err() == nil && store.Ready(ctx) == nil {
			return fmt.Errorf("%w: %w", errObject, err)
		}
		return err
	}
	in, _, err := store.Open(ctx, key)
	if errors.Is(err, object.ErrNotExist) {
		return got, err
	}
	if err != nil {
		return got, faulty(err)
	}
	defer func() { _ = in.Close() }() // read only
	h := sha256.New()
	from := &notedReader{r: in}
	if to == "" {
		n, err := io.Copy(h, from)
		if err != nil {
			return got, faulty(err)
		}
		return Part{Size: n, SHA256: hex.EncodeToString(h.Sum(nil))}, nil
	}
	if err := os.MkdirAll(filepath.Dir(to), 0o700); err != nil {
		return got, err
	}
	out, err := os.OpenFile(to, os.O_CREATE|os.O_TRUNC|os.O_WRONLY, 0o600)
	if err != nil {
		return got, err
	}
	n, err := io.Copy(io.MultiWriter(out, h), from)
	if from.err != nil {
		return got, errors.Join(faulty(from.err), out.Close())
	}
	return Part{Size: n, SHA256: hex.EncodeToString(h.Sum(nil))}, errors.Join(err, out.Sync(), out.Close())
}

// notedReader keeps the error of reading apart from that of writing.
type notedReader struct {
	r   io.Reader
	err error
}

func (n *notedReader) Read(p []byte) (int, error) {
	k, err := n.r.Read(p)
	if err != nil && !errors.Is(err, io.EOF) {
		n.err = err
	}
	return k, err
}

// replaceCopy puts a complete copy in its place. What is there and is no file
// goes; a folder only when it is empty.
func replaceCopy(temp, to string) error {
	if st, err := os.Lstat(to); err == nil && !st.Mode().IsRegular() {
		if err := os.Remove(to); err != nil {
			return errors.Join(err, removeIfThere(temp))
		}
	}
	if err := os.Rename(temp, to); err != nil {
		return errors.Join(err, removeIfThere(temp))
	}
	return nil
}

func removeIfThere(path string) error {
	if err := os.Remove(path); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return nil
}

// copiesIn is what the newest backup of the place that copied objects, and whose
// list is whole, says of them, and the number of the next such backup. What
// cannot be read there is copied anew.
func copiesIn(dir string) (map[string]listed, int) {
	out := map[string]listed{}
	list, _ := backupsIn(dir)
	for _, b := range list {
		if b.err != nil || !b.m.Copied {
			continue
		}
		path := filepath.Join(b.dir, listName)
		if got, err := describe(path); err != nil || got != b.m.Parts[listName] {
			continue
		}
		err := readList(path, func(l listed) error {
			out[l.Key] = l
			return nil
		})
		if err == nil {
			return out, b.m.Round + 1
		}
		clear(out)
	}
	return out, 1
}

func readList(path string, each func(listed) error) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	defer func() { _ = f.Close() }() // read only
	z, err := gzip.NewReader(f)
	if err != nil {
		return err
	}
	d := json.NewDecoder(z)
	for {
		var l listed
		if err := d.Decode(&l); errors.Is(err, io.EOF) {
			return nil
		} else if err != nil {
			return err
		}
		if err := each(l); err != nil {
			return err
		}
	}
}

func describe(path string) (Part, error) {
	f, err := os.Open(path)
	if err != nil {
		return Part{}, err
	}
	defer func() { _ = f.Close() }() // read only
	h := sha256.New()
	n, err := io.Copy(h, f)
	return Part{Size: n, SHA256: hex.EncodeToString(h.Sum(nil))}, err
}

func programVersion() string {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return "unknown"
	}
	for _, s := range info.Settings {
		if s.Key == "vcs.revision" {
			return s.Value
		}
	}
	return info.Main.Version
}

// errBackup is a backup that cannot be used, with why.
func errBackup(reason, message string, cause error) error {
	return model.E(model.Conflict, "backup."+reason, message).WithCause(cause)
}
