// Package object keeps files: a directory in the embedded default, MinIO or
// any other S3 store in production. Originals are evidence, so a key is
// written once: Put to a key that exists fails, in both.
package object

import (
	"context"
	"errors"
	"io"
	"iter"
	"regexp"
	"strings"
	"time"
)

// Errors that callers test for.
var (
	ErrNotExist    = errors.New("object does not exist")
	ErrExist       = errors.New("object exists already")
	ErrSize        = errors.New("object is longer or shorter than stated")
	ErrKey         = errors.New("object key is not allowed")
	ErrUnavailable = errors.New("object store is unavailable")
)

// Info describes an object.
type Info struct {
	Key         string
	Size        int64
	ModTime     time.Time
	ContentType string // "" where the store does not keep it
}

// PutOptions are the details of a Put.
type PutOptions struct {
	ContentType string
	// Retain asks for the store's retention, where one is configured: nobody can
	// delete the object before it ends.
	Retain bool
}

// Object is an open object.
type Object interface {
	io.ReadSeekCloser
}

// Store keeps objects by key. Keys are slash-separated paths of a-z 0-9 . _ -.
type Store interface {
	// Put stores exactly size bytes of r. Whatever goes wrong (a failing reader,
	// another size, a cancelled context) leaves nothing behind under the key.
	Put(ctx context.Context, key string, r io.Reader, size int64, opt PutOptions) error
	// Open opens an object for reading; the caller closes it.
	Open(ctx context.Context, key string) (Object, Info, error)
	// Remove removes an object; one that is not there is no error.
	Remove(ctx context.Context, key string) error
	// List yields the objects whose keys begin with prefix, in order of keys.
	List(ctx context.Context, prefix string) iter.Seq2[Info, error]
	// Ready tells whether the store can be used.
	Ready(ctx context.Context) error
}

// Presigner is a Store to which a phone can upload directly with a form.
type Presigner interface {
	// PresignPost makes a form for one object of at most maxSize bytes. The file
	// must be the form's last field, named file.
	PresignPost(ctx context.Context, key string, maxSize int64, contentType string, life time.Duration) (
		url string, form map[string]string, err error)
}

var keyPattern = regexp.MustCompile(`^[a-z0-9_-][a-z0-9._-]*(/[a-z0-9_-][a-z0-9._-]*)*$`)

func checkKey(key string) error {
	if len(key) > 120 || !keyPattern.MatchString(key) || strings.Contains(key, "..") {
		return ErrKey
	}
	return nil
}
