package object

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"iter"
	"os"
	"path"
	"strings"
)

// Dir is a Store in a local directory. Objects appear under their key only
// when they are complete and on disk.
type Dir struct {
	root *os.Root
	path string
}

// tempDir holds files that are being written. It cannot be a key's prefix:
// keys do not begin with a dot.
const tempDir = ".incoming"

// NewDir opens the directory, making it if needed.
func NewDir(dir string) (*Dir, error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, fmt.Errorf("object directory: %w", err)
	}
	root, err := os.OpenRoot(dir) // no key can lead out of it
	if err != nil {
		return nil, fmt.Errorf("object directory: %w", err)
	}
	if err := root.MkdirAll(tempDir, 0o700); err != nil {
		return nil, fmt.Errorf("object directory: %w", err)
	}
	return &Dir{root: root, path: dir}, nil
}

// Close closes the directory.
func (d *Dir) Close() error { return d.root.Close() }

// Put implements Store.
func (d *Dir) Put(ctx context.Context, key string, r io.Reader, size int64, _ PutOptions) (err error) {
	if err := checkKey(key); err != nil {
		return err
	}
	temp := tempDir + "/" + strings.ToLower(rand.Text())
	f, err := d.root.OpenFile(temp, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return d.unavailable(err)
	}
	defer func() {
		if rerr := d.root.Remove(temp); rerr != nil && !errors.Is(rerr, fs.ErrNotExist) {
			err = errors.Join(err, rerr)
		}
	}()
	n, err := io.Copy(f, io.LimitReader(contextReader{ctx, r}, size+1))
	if err == nil && n != size {
		err = ErrSize
	}
	if err == nil {
		err = d.unavailable(f.Sync())
	}
	if cerr := f.Close(); err == nil {
		err = d.unavailable(cerr)
	}
	if err != nil {
		return err
	}
	if err := d.root.MkdirAll(path.Dir(key), 0o700); err != nil {
		return d.unavailable(err)
	}
	// A link, unlike a rename, fails when the name is taken.
	if err := d.root.Link(temp, key); err != nil {
		if errors.Is(err, fs.ErrExist) {
			return ErrExist
		}
		return d.unavailable(err)
	}
	return d.syncDir(path.Dir(key))
}

func (d *Dir) syncDir(name string) error {
	f, err := d.root.Open(name)
	if err != nil {
		return d.unavailable(err)
	}
	return d.unavailable(errors.Join(f.Sync(), f.Close()))
}

// Open implements Store.
func (d *Dir) Open(_ context.Context, key string) (Object, Info, error) {
	if err := checkKey(key); err != nil {
		return nil, Info{}, ErrNotExist
	}
	f, err := d.root.Open(key)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, Info{}, ErrNotExist
	}
	if err != nil {
		return nil, Info{}, d.unavailable(err)
	}
	st, err := f.Stat()
	if err == nil && st.IsDir() {
		err = ErrNotExist
	}
	if err != nil {
		return nil, Info{}, errors.Join(err, f.Close())
	}
	return f, Info{Key: key, Size: st.Size(), ModTime: st.ModTime()}, nil
}

// Remove implements Store.
func (d *Dir) Remove(_ context.Context, key string) error {
	if err := checkKey(key); err != nil {
		return err
	}
	if err := d.root.Remove(key); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return d.unavailable(err)
	}
	return nil
}

// List implements Store. fs.WalkDir goes in lexical order within a directory;
// keys of one depth, which is all we have, come in order.
func (d *Dir) List(ctx context.Context, prefix string) iter.Seq2[Info, error] {
	return func(yield func(Info, error) bool) {
		start := path.Dir(prefix + "x")
		if _, err := d.root.Stat(start); errors.Is(err, fs.ErrNotExist) {
			return
		}
		err := fs.WalkDir(d.root.FS(), start, func(p string, e fs.DirEntry, err error) error {
			switch {
			case err != nil:
				return err
			case ctx.Err() != nil:
				return ctx.Err()
			case e.IsDir() && p == tempDir:
				return fs.SkipDir
			case e.IsDir() || !strings.HasPrefix(p, prefix):
				return nil
			}
			st, err := e.Info()
			if errors.Is(err, fs.ErrNotExist) {
				return nil // removed while we walked
			}
			if err != nil {
				return err
			}
			if !yield(Info{Key: p, Size: st.Size(), ModTime: st.ModTime()}, nil) {
				return fs.SkipAll
			}
			return nil
		})
		if err != nil {
			yield(Info{}, d.unavailable(err))
		}
	}
}

// Ready implements Store.
func (d *Dir) Ready(context.Context) error {
	_, err := d.root.Stat(tempDir)
	return d.unavailable(err)
}

func (d *Dir) unavailable(err error) error {
	if err == nil || errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) {
		return err
	}
	return fmt.Errorf("%w: %w", ErrUnavailable, err)
}

// contextReader ends a copy when the context does.
type contextReader struct {
	ctx context.Context //nolint:containedctx // lives for one copy
	r   io.Reader
}

func (c contextReader) Read(p []byte) (int, error) {
	if err := c.ctx.Err(); err != nil {
		return 0, err
	}
	return c.r.Read(p)
}
