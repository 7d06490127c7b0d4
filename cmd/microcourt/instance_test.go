package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptrace"
	"os"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"golang.org/x/sync/errgroup"

	"microcourt/handler"
	"microcourt/model"
	"microcourt/service/demo"
	"microcourt/service/wechat"
)

// A stop asked for politely lets the request in flight finish, sends what is
// due, and ends with success.
func TestATermSignalDrains(t *testing.T) {
	env := migrated(t)
	a := openTest(t, env, nil)
	guide, err := demo.Seed(context.Background(), demo.Installation{DB: a.db, Services: a.svc, WeChat: a.fake, Now: time.Now})
	if err != nil {
		t.Fatal(err)
	}
	if err := a.close(); err != nil {
		t.Fatal(err)
	}
	s := start(t, env)
	// The request is in flight for certain: the server has asked for its body,
	// which ends only after the stop was asked for.
	body, contentType := uploadForm("term-upload-1", 1, noise(1))
	rest, more := io.Pipe()
	inFlight := make(chan struct{})
	trace := &httptrace.ClientTrace{Got100Continue: func() { close(inFlight) }}
	req, err := http.NewRequestWithContext(httptrace.WithClientTrace(context.Background(), trace), http.MethodPost, s.base+"/api/v1/uploads", rest)
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Authorization", "Bearer "+guide.Token("陈建国"))
	req.Header.Set("Content-Type", contentType)
	req.Header.Set("Expect", "100-continue")
	client := &http.Client{Transport: &http.Transport{ExpectContinueTimeout: time.Minute}}
	answered := make(chan int, 1)
	go func() {
		res, err := client.Do(req)
		if err != nil {
			t.Error("the request in flight was cut:", err)
			answered <- 0
			return
		}
		_ = res.Body.Close()
		answered <- res.StatusCode
	}()
	<-inFlight
	res, err := http.Get(s.metrics)
	if err != nil {
		t.Fatal(err)
	}
	counted, err := io.ReadAll(res.Body)
	_ = res.Body.Close()
	if err != nil || res.StatusCode != http.StatusOK || !strings.Contains(string(counted), "microcourt_outbox_oldest_seconds") || !strings.Contains(string(counted), `microcourt_findings{kind="notice_unsent"}`) {
		t.Errorf("what is counted: %d %.200s %v", res.StatusCode, counted, err)
	}
	if err := s.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	refused := func() bool {
		c, err := net.Dial("tcp", strings.TrimPrefix(s.base, "http://"))
		if err == nil {
			_ = c.Close()
		}
		return err != nil
	}
	for i := 0; !refused(); i++ {
		if i == 500 {
			t.Fatal("a stopping server still takes new connections")
		}
		time.Sleep(10 * time.Millisecond)
	}
	if _, err := more.Write(body); err != nil {
		t.Fatal(err)
	}
	_ = more.Close()
	if status := <-answered; status != http.StatusCreated {
		t.Errorf("the request in flight answered %d", status)
	}
	if err := s.cmd.Wait(); err != nil {
		t.Errorf("the server ended with %v", err)
	}
	a = openTest(t, env, nil)
	defer func() { _ = a.close() }()
	counts, err := a.db.OutboxCounts(context.Background())
	if err != nil || counts[model.OutboxSending] != 0 || counts[model.OutboxQueued] != 0 {
		t.Errorf("the outbox was not drained: %v %v", counts, err)
	}
}

// redisTests run whenever the test command gave a Redis server, which the gate
// always does.
var redisTests = map[string]func(*testing.T, string){
	"two instances share their limits": func(t *testing.T, address string) {
		cfg := &Config{}
		cfg.Redis.Addr = address
		who := fmt.Sprintf("test-%d", time.Now().UnixNano())
		now := func() time.Time { return time.Date(2026, 3, 1, 9, 0, 30, 0, time.UTC) }
		var instances []redisCounter
		for range 2 {
			r := openRedis(cfg)
			t.Cleanup(func() { _ = r.client.Close() })
			instances = append(instances, redisCounter{r, now})
		}
		var counted atomic.Int64
		var g errgroup.Group
		for i := range 20 {
			g.Go(func() error {
				full, err := instances[i%2].Take(t.Context(), []handler.Bucket{{Key: who, Limit: 10}, {Key: who + "-address", Limit: 100}})
				if err == nil && !full {
					counted.Add(1)
				}
				return err
			})
		}
		if err := g.Wait(); err != nil || counted.Load() != 10 {
			t.Errorf("%d of 20 at once were let through by two instances, %v", counted.Load(), err)
		}
		// A refused request counts nowhere: the address has ten.
		if full, err := instances[0].Take(t.Context(), []handler.Bucket{{Key: who + "-address", Limit: 11}}); err != nil || full {
			t.Errorf("the eleventh of the address: %v %v", full, err)
		}
		// Half a minute later half of them still count.
		instances[0].now = func() time.Time { return now().Add(time.Minute) }
		n := 0
		for range 10 {
			full, err := instances[0].Take(t.Context(), []handler.Bucket{{Key: who, Limit: 10}})
			if err != nil {
				t.Fatal(err)
			}
			if !full {
				n++
			}
		}
		if n != 5 {
			t.Errorf("a minute later %d are let through, want 5", n)
		}
	},
}

func TestRedis(t *testing.T) {
	address := os.Getenv("TEST_REDIS")
	if address == "" {
		redisTests = nil
	}
	for name, f := range redisTests {
		t.Run(name, func(t *testing.T) { f(t, address) })
	}
	// A server that takes connections and never answers is waited for once, and
	// not as long as the client library likes; then it is left alone for a moment.
	l, err := new(net.ListenConfig).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = l.Close() }()
	for name, server := range map[string]string{"hung": l.Addr().String(), "gone": "127.0.0.1:1"} {
		cfg := &Config{}
		cfg.Redis.Addr = server
		r := openRedis(cfg)
		asked, clock := 0, time.Now()
		r.now = func() time.Time { return clock }
		counter := redisCounter{r, time.Now}
		for range 20 {
			if full, err := counter.Take(t.Context(), []handler.Bucket{{Key: "a", Limit: 10}}); err == nil || full {
				t.Errorf("%s: counted: %v %v", name, full, err)
			} else if !errors.Is(err, errRedisAway) {
				asked++
			}
		}
		if asked != 1 {
			t.Errorf("%s: %d requests waited for it, want 1", name, asked)
		}
		tokens := sharedTokens{r, wechat.NewRedisTokens(r.client)}
		if _, err := tokens.Get(t.Context(), "wx1"); !errors.Is(err, errRedisAway) {
			t.Errorf("%s: the token is waited for too: %v", name, err)
		}
		clock = clock.Add(2 * redisPause)
		if err := tokens.Set(t.Context(), "wx1", "token", time.Minute); err == nil || errors.Is(err, errRedisAway) {
			t.Errorf("%s: after the pause nobody asked again: %v", name, err)
		}
		_ = r.client.Close()
	}
	if redisWait > 50*time.Millisecond {
		t.Errorf("a request may wait %v for Redis", redisWait)
	}
}
