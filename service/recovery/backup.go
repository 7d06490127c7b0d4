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
	"os"
	"path/filepath"
	"runtime/debug"
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
// objects never change, so that a later backup adds only what is new. The
// database is copied first: every object that its rows name is there by then.
const (
	manifestName = "manifest.json"
	listName     = "objects.jsonl.gz"
	objectsDir   = "objects"
	format       = 1
)

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
	Copied bool            `json:"objects_copied"`
	Parts  map[string]Part `json:"parts"`
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
	// Added are objects that were copied now; Damaged those whose bytes are not
	// the ones that were recorded.
	Added   int
	Damaged []string
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
	if err := removeIncomplete(o.Dir, o.Now); err != nil {
		return nil, fmt.Errorf("backup: %w", err)
	}
	temp := filepath.Join(o.Dir, incomplete+strings.ToLower(rand.Text()))
	if err := os.Mkdir(temp, 0o700); err != nil {
		return nil, fmt.Errorf("backup: %w", err)
	}
	err := r.fill(ctx, o, temp)
	if err == nil {
		r.Dir, err = place(temp, o.Dir, r.At, o.Copy)
	}
	if err != nil {
		return nil, fmt.Errorf("backup: %w", errors.Join(err, os.RemoveAll(temp)))
	}
	return r, nil
}

// incomplete begins the names of backups that are being made.
const incomplete = ".incomplete-"

// removeIncomplete removes what backups left that were interrupted a day ago or
// longer; a younger one may be under way.
func removeIncomplete(dir string, now time.Time) error {
	list, err := filepath.Glob(filepath.Join(dir, incomplete+"*"))
	for _, old := range list {
		if st, serr := os.Stat(old); serr == nil && now.Sub(st.ModTime()) > 24*time.Hour {
			err = errors.Join(err, os.RemoveAll(old))
		}
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
			to += fmt.Sprintf("-%d", i)
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
	enc := json.NewEncoder(w)
	old := oldSums(o.Dir)
	for i, lerr := range o.Objects.List(ctx, "") {
		if lerr != nil {
			err = lerr
			break
		}
		l := listed{Key: i.Key, Size: i.Size, At: i.ModTime.UTC(), SHA256: o.Known[i.Key]}
		if o.CopyObjects {
			if err = r.copy(ctx, o, &l, old[i.Key]); errors.Is(err, object.ErrNotExist) {
				err = nil // removed while we went
				continue
			}
		}
		if err == nil {
			err = enc.Encode(l)
		}
		if err != nil {
			break
		}
		r.Objects++
		r.Bytes += i.Size
	}
	return errors.Join(err, w.Flush(), z.Close(), f.Sync(), f.Close())
}

// copy copies one object unless the place has it.
func (r *BackupReport) copy(ctx context.Context, o BackupOptions, l *listed, before listed) error {
	to := filepath.Join(o.Dir, objectsDir, filepath.FromSlash(l.Key))
	if st, err := os.Stat(to); err == nil && st.Size() == l.Size && before.Size == l.Size && before.SHA256 != "" {
		l.SHA256 = before.SHA256
		return nil
	}
	in, _, err := o.Objects.Open(ctx, l.Key)
	if err != nil {
		return err
	}
	defer func() { _ = in.Close() }() // read only
	if err := os.MkdirAll(filepath.Dir(to), 0o700); err != nil {
		return err
	}
	temp := to + ".incomplete"
	out, err := os.OpenFile(temp, os.O_CREATE|os.O_TRUNC|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	h := sha256.New()
	n, err := io.Copy(io.MultiWriter(out, h), in)
	if err = errors.Join(err, out.Sync(), out.Close()); err == nil && n != l.Size {
		err = fmt.Errorf("%s has %d bytes instead of %d", l.Key, n, l.Size)
	}
	if err == nil {
		err = os.Rename(temp, to)
	}
	if err != nil {
		return errors.Join(err, os.Remove(temp))
	}
	sum := hex.EncodeToString(h.Sum(nil))
	if l.SHA256 != "" && l.SHA256 != sum {
		r.Damaged = append(r.Damaged, l.Key)
	}
	l.SHA256 = sum
	r.Added++
	return nil
}

// oldSums are the hashes that the newest earlier backup in the place knew.
func oldSums(dir string) map[string]listed {
	out := map[string]listed{}
	newest, m, err := Newest(dir)
	if err != nil || m.Parts[listName].SHA256 == "" {
		return out
	}
	_ = readList(filepath.Join(newest, listName), func(l listed) error { // what cannot be read is hashed anew
		out[l.Key] = l
		return nil
	})
	return out
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
