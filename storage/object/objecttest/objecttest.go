// Package objecttest proves that a Store keeps the contract of package object,
// and opens stores for tests: a directory, or, when TEST_MINIO holds
// http://ACCESS:SECRET@HOST:PORT, a bucket of its own on that server.
package objecttest

import (
	"bytes"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"net"
	"net/url"
	"os"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/iotest"
	"time"

	"microcourt/storage/object"
)

// OnMinIO tells whether tests run on a MinIO server.
func OnMinIO() bool { return os.Getenv("TEST_MINIO") != "" }

// Open opens an empty store.
func Open(t testing.TB) object.Store {
	t.Helper()
	if OnMinIO() {
		return MinIO(t)
	}
	d, err := object.NewDir(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = d.Close() })
	return d
}

// MinIO opens a fresh bucket on the server of TEST_MINIO.
func MinIO(t testing.TB) *object.MinIO {
	t.Helper()
	m, err := object.NewMinIO(context.Background(), MinIOConfig(t), time.Now)
	if err != nil {
		t.Fatalf("the server of TEST_MINIO does not work: %v", err)
	}
	return m
}

// MinIOConfig is the configuration of a bucket that does not exist yet.
func MinIOConfig(t testing.TB) object.MinIOConfig {
	t.Helper()
	u, err := url.Parse(os.Getenv("TEST_MINIO"))
	if err != nil || u.User == nil {
		t.Fatal("TEST_MINIO must be http://ACCESS:SECRET@HOST:PORT")
	}
	secret, _ := u.User.Password()
	return object.MinIOConfig{
		Endpoint: u.Host, AccessKey: u.User.Username(), SecretKey: secret, Secure: u.Scheme == "https",
		Bucket: "t-" + strings.ToLower(rand.Text()), PublicEndpoint: u.Host,
	}
}

// Relay is a way to a server that can fall silent: connections stay open and
// nothing comes through them any more.
type Relay struct {
	l      net.Listener
	silent atomic.Bool
}

// NewRelay listens on loopback until the test ends.
func NewRelay(t testing.TB, server string) *Relay {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	r := &Relay{l: l}
	ended, done := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(done)
		var running sync.WaitGroup
		defer running.Wait()
		for {
			client, err := l.Accept()
			if err != nil {
				return
			}
			running.Go(func() { r.serve(client, server, ended) })
		}
	}()
	t.Cleanup(func() {
		_ = l.Close()
		close(ended)
		<-done
	})
	return r
}

// Addr is where the relay listens.
func (r *Relay) Addr() string { return r.l.Addr().String() }

// Hush lets nothing through any more, or lets new connections work again.
func (r *Relay) Hush(silent bool) { r.silent.Store(silent) }

func (r *Relay) serve(client net.Conn, server string, ended <-chan struct{}) {
	defer func() { _ = client.Close() }()
	to, err := net.Dial("tcp", server)
	if err != nil {
		return
	}
	defer func() { _ = to.Close() }()
	gone := make(chan struct{}, 2)
	pass := func(to, from net.Conn) {
		defer func() { gone <- struct{}{} }()
		b := make([]byte, 32<<10)
		for {
			n, err := from.Read(b)
			if err == nil && !r.silent.Load() {
				_, err = to.Write(b[:n])
			}
			if err != nil {
				return
			}
		}
	}
	go pass(to, client)
	go pass(client, to)
	select {
	case <-gone:
	case <-ended:
	}
}

// Run proves the contract.
func Run(t *testing.T, open func(t testing.TB) object.Store) {
	ctx := context.Background()
	put := func(t *testing.T, s object.Store, key, body string) {
		t.Helper()
		if err := s.Put(ctx, key, strings.NewReader(body), int64(len(body)), object.PutOptions{}); err != nil {
			t.Fatal(err)
		}
	}
	keys := func(t *testing.T, s object.Store, prefix string) []string {
		t.Helper()
		var out []string
		for o, err := range s.List(ctx, prefix) {
			if err != nil {
				t.Fatal(err)
			}
			out = append(out, o.Key)
		}
		return out
	}
	t.Run("round trip", func(t *testing.T) {
		t.Parallel()
		s := open(t)
		put(t, s, "a/2026/x.jpg", "evidence")
		o, info, err := s.Open(ctx, "a/2026/x.jpg")
		if err != nil {
			t.Fatal(err)
		}
		defer func() { _ = o.Close() }()
		if b, err := io.ReadAll(o); err != nil || string(b) != "evidence" || info.Size != 8 || time.Since(info.ModTime) > time.Hour {
			t.Fatalf("%q %+v %v", b, info, err)
		}
		if _, err := o.Seek(4, io.SeekStart); err != nil {
			t.Fatal(err)
		}
		if b, err := io.ReadAll(o); err != nil || string(b) != "ence" {
			t.Fatalf("after seek: %q %v", b, err)
		}
	})
	t.Run("a key is written once", func(t *testing.T) {
		t.Parallel()
		s := open(t)
		put(t, s, "a/x", "first")
		if err := s.Put(ctx, "a/x", strings.NewReader("other"), 5, object.PutOptions{}); !errors.Is(err, object.ErrExist) {
			t.Fatalf("a second write answered %v", err)
		}
	})
	t.Run("a failed write leaves nothing", func(t *testing.T) {
		t.Parallel()
		s := open(t)
		broken := errors.New("the phone went away")
		for name, r := range map[string]io.Reader{
			"short": strings.NewReader("1234"), "long": strings.NewReader("123456"),
			"failing": io.MultiReader(strings.NewReader("12"), iotest.ErrReader(broken)),
		} {
			err := s.Put(ctx, "b/"+name, r, 5, object.PutOptions{})
			if want := map[string]error{"short": object.ErrSize, "long": object.ErrSize, "failing": broken}[name]; !errors.Is(err, want) {
				t.Errorf("%s: %v, want %v", name, err, want)
			}
		}
		if got := keys(t, s, "b/"); len(got) != 0 {
			t.Fatalf("left behind: %v", got)
		}
	})
	t.Run("missing and removed", func(t *testing.T) {
		t.Parallel()
		s := open(t)
		put(t, s, "c/x", "1")
		if err := errors.Join(s.Remove(ctx, "c/x"), s.Remove(ctx, "c/x"), s.Remove(ctx, "c/never")); err != nil {
			t.Fatal(err)
		}
		if _, _, err := s.Open(ctx, "c/x"); !errors.Is(err, object.ErrNotExist) {
			t.Fatal(err)
		}
	})
	t.Run("keys that lead elsewhere", func(t *testing.T) {
		t.Parallel()
		s := open(t)
		for _, k := range []string{"", "/etc/passwd", "../x", "a/../../x", "a//b", "A", "a b", ".incoming/x", strings.Repeat("a", 200)} {
			if err := s.Put(ctx, k, strings.NewReader("1"), 1, object.PutOptions{}); !errors.Is(err, object.ErrKey) {
				t.Errorf("%q: %v", k, err)
			}
			if _, _, err := s.Open(ctx, k); !errors.Is(err, object.ErrNotExist) {
				t.Errorf("open %q: %v", k, err)
			}
		}
	})
	t.Run("list by prefix in order", func(t *testing.T) {
		t.Parallel()
		s := open(t)
		for _, k := range []string{"o/2026/03/02/b", "o/2026/03/02/a", "o/2026/03/03/a", "v/2026/03/02/a"} {
			put(t, s, k, k)
		}
		if got := fmt.Sprint(keys(t, s, "o/2026/03/02/")); got != "[o/2026/03/02/a o/2026/03/02/b]" {
			t.Error(got)
		}
		if got := len(keys(t, s, "")); got != 4 {
			t.Error(got)
		}
		if got := keys(t, s, "nothing/"); len(got) != 0 {
			t.Error(got)
		}
	})
	t.Run("one of many writers wins", func(t *testing.T) {
		t.Parallel()
		s := open(t)
		var mu sync.Mutex
		won := 0
		var wg sync.WaitGroup
		for range 8 {
			wg.Go(func() {
				err := s.Put(ctx, "race/x", strings.NewReader("12345"), 5, object.PutOptions{})
				mu.Lock()
				defer mu.Unlock()
				switch {
				case err == nil:
					won++
				case !errors.Is(err, object.ErrExist):
					t.Error(err)
				}
			})
		}
		wg.Wait()
		if won != 1 {
			t.Fatalf("%d writers won", won)
		}
	})
	t.Run("a cancelled write leaves nothing", func(t *testing.T) {
		t.Parallel()
		s := open(t)
		ctx2, cancel := context.WithCancel(ctx)
		r := io.MultiReader(strings.NewReader("12"), readerFunc(func([]byte) (int, error) { cancel(); return 0, nil }))
		if err := s.Put(ctx2, "d/x", r, 5, object.PutOptions{}); !errors.Is(err, context.Canceled) {
			t.Fatal(err)
		}
		if got := keys(t, s, "d/"); len(got) != 0 {
			t.Fatal(got)
		}
	})
	t.Run("streams without a buffer", func(t *testing.T) {
		s := open(t)
		const size = 32 << 20
		var before, after runtime.MemStats
		runtime.GC()
		runtime.ReadMemStats(&before)
		err := s.Put(ctx, "big/x", io.LimitReader(zeros{}, size), size, object.PutOptions{})
		runtime.ReadMemStats(&after)
		if err != nil {
			t.Fatal(err)
		}
		if grown := after.TotalAlloc - before.TotalAlloc; grown > 8<<20 {
			t.Fatalf("a stream of 32 MB allocated %d MB", grown>>20)
		}
	})
}

type readerFunc func([]byte) (int, error)

func (f readerFunc) Read(p []byte) (int, error) { return f(p) }

type zeros struct{}

func (zeros) Read(p []byte) (int, error) { return len(p), nil }

// Bytes reads an object whole, for assertions.
func Bytes(t testing.TB, s object.Store, key string) []byte {
	t.Helper()
	o, _, err := s.Open(context.Background(), key)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = o.Close() }()
	var b bytes.Buffer
	if _, err := b.ReadFrom(o); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}
