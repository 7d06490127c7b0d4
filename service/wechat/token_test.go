package wechat_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"sync"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"

	"microcourt/service/wechat"
	"microcourt/service/wechat/wechattest"
)

// brokenTokens is a store that cannot be reached.
type brokenTokens struct{}

var errDown = errors.New("connection refused")

func (brokenTokens) Get(context.Context, string) (string, error)              { return "", errDown }
func (brokenTokens) Set(context.Context, string, string, time.Duration) error { return errDown }
func (brokenTokens) CompareAndDelete(context.Context, string, string) error   { return errDown }

// tokenStores are the stores that every test of stores runs on: memory always,
// Redis when TEST_REDIS names a server.
func tokenStores(t *testing.T) map[string]wechat.TokenStore {
	t.Helper()
	stores := map[string]wechat.TokenStore{"memory": wechat.NewMemoryTokens(time.Now)}
	if address := os.Getenv("TEST_REDIS"); address != "" {
		client := redis.NewClient(&redis.Options{Addr: address})
		t.Cleanup(func() { _ = client.Close() })
		stores["redis"] = wechat.NewRedisTokens(client)
	}
	return stores
}

func TestTokenStores(t *testing.T) {
	t.Parallel()
	for name, store := range tokenStores(t) {
		t.Run(name, func(t *testing.T) {
			app := fmt.Sprintf("wxtest-%d", time.Now().UnixNano())
			want := func(when, want string) {
				t.Helper()
				if got, err := store.Get(ctx(t), app); err != nil || got != want {
					t.Errorf("%s: %q, %v; want %q", when, got, err, want)
				}
			}
			check := func(err error) {
				t.Helper()
				if err != nil {
					t.Fatal(err)
				}
			}
			want("empty", "")
			check(store.Set(ctx(t), app, "one", time.Minute))
			want("set", "one")
			check(store.CompareAndDelete(ctx(t), app, "zero"))
			want("another token failed", "one")
			check(store.CompareAndDelete(ctx(t), app, "one"))
			want("this token failed", "")
			check(store.Set(ctx(t), app, "short", 20*time.Millisecond))
			time.Sleep(40 * time.Millisecond)
			want("its time is over", "")

			// A late failure of the old token never drops the new one.
			check(store.Set(ctx(t), app, "new", time.Minute))
			var wg sync.WaitGroup
			for range 20 {
				wg.Go(func() {
					if err := store.CompareAndDelete(t.Context(), app, "old"); err != nil {
						t.Error(err)
					}
					if _, err := store.Get(t.Context(), app); err != nil {
						t.Error(err)
					}
				})
			}
			wg.Wait()
			want("after late failures", "new")
			check(store.CompareAndDelete(ctx(t), app, "new"))
		})
	}
}

func TestInstancesShareTheToken(t *testing.T) {
	t.Parallel()
	for name, store := range tokenStores(t) {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t, wechattest.Config{Seed: uint64(time.Now().UnixNano())})
			_ = store.CompareAndDelete(ctx(t), wechat.DemoAppID, mustGet(t, store))
			a, b := newClient(t, w.server.URL, store, io.Discard), newClient(t, w.server.URL, store, io.Discard)
			for _, c := range []*wechat.Client{a, b, a, b} {
				if _, err := c.Templates(ctx(t)); err != nil {
					t.Fatal(err)
				}
			}
			if n := tokenFetches(w.fake); n != 1 {
				t.Errorf("%d token fetches, want 1", n)
			}
			_ = store.CompareAndDelete(ctx(t), wechat.DemoAppID, mustGet(t, store))
		})
	}
}

func mustGet(t *testing.T, store wechat.TokenStore) string {
	t.Helper()
	token, err := store.Get(ctx(t), wechat.DemoAppID)
	if err != nil {
		t.Fatal(err)
	}
	return token
}

func tokenFetches(f *wechattest.Fake) int {
	n := 0
	for _, e := range f.Journal() {
		if e.Path == "/cgi-bin/stable_token" {
			n++
		}
	}
	return n
}

func TestOneFetchServesAllWaiters(t *testing.T) {
	t.Parallel()
	w := newWorld(t, wechattest.Config{})
	var wg sync.WaitGroup
	for range 20 {
		wg.Go(func() {
			if _, err := w.client.Templates(t.Context()); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	if n := tokenFetches(w.fake); n != 1 {
		t.Errorf("%d token fetches, want 1", n)
	}
}

func TestStoreDownIsNoOutage(t *testing.T) {
	t.Parallel()
	w := newWorld(t, wechattest.Config{})
	c := newClient(t, w.server.URL, brokenTokens{}, w.log)
	for range 3 {
		if _, err := c.Templates(ctx(t)); err != nil {
			t.Fatal(err)
		}
	}
	w.fake.RotateToken()
	if _, err := c.Templates(ctx(t)); err != nil {
		t.Fatal(err)
	}
	if n := tokenFetches(w.fake); n != 2 {
		t.Errorf("%d token fetches, want 2: memory keeps the token meanwhile", n)
	}
}

func TestTokenTTL(t *testing.T) {
	t.Parallel()
	for in, want := range map[int64]time.Duration{
		7200: 6900 * time.Second, 301: 30 * time.Second, 300: 30 * time.Second, 1: 30 * time.Second, 0: 30 * time.Second,
		-5: 30 * time.Second, 1 << 60: 6900 * time.Second,
	} {
		if got := wechat.TokenTTL(in); got != want {
			t.Errorf("expires_in %d: kept %v, want %v", in, got, want)
		}
	}
}

func TestExpiredAndUnknownTokensAreReplaced(t *testing.T) {
	t.Parallel()
	w := newWorld(t, wechattest.Config{})
	store := wechat.NewMemoryTokens(clock)
	if err := store.Set(ctx(t), wechat.DemoAppID, "garbage", time.Hour); err != nil { // 40014
		t.Fatal(err)
	}
	c := newClient(t, w.server.URL, store, io.Discard)
	if _, err := c.Templates(ctx(t)); err != nil {
		t.Errorf("unknown token: %v", err)
	}
	w.fake.Advance(3 * time.Hour) // the client's clock stands still: 42001
	if _, err := c.Templates(ctx(t)); err != nil {
		t.Errorf("expired token: %v", err)
	}
}
