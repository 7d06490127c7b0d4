package main

import (
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptrace"
	"os"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"

	"microcourt/model"
	"microcourt/service/demo"
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
var redisTests = map[string]func(*testing.T, *redis.Client){
	"two instances share their limits": func(t *testing.T, c *redis.Client) {
		class := fmt.Sprintf("test-%d", time.Now().UnixNano())
		one, two := redisCounter(c)(class), redisCounter(c)(class)
		one.Config(10, time.Minute)
		two.Config(10, time.Minute)
		now := time.Now().Truncate(time.Minute)
		for range 3 {
			if err := one.Increment("10.0.0.1", now); err != nil {
				t.Fatal(err)
			}
		}
		if err := two.IncrementBy("10.0.0.1", now, 2); err != nil {
			t.Fatal(err)
		}
		if n, before, err := two.Get("10.0.0.1", now, now.Add(-time.Minute)); err != nil || n != 5 || before != 0 {
			t.Errorf("%d, %d before, %v", n, before, err)
		}
		if n, _, err := two.Get("10.0.0.2", now, now.Add(-time.Minute)); err != nil || n != 0 {
			t.Errorf("another address: %d %v", n, err)
		}
	},
}

func TestRedis(t *testing.T) {
	address := os.Getenv("TEST_REDIS")
	if address == "" {
		redisTests = nil
	}
	for name, f := range redisTests {
		t.Run(name, func(t *testing.T) {
			c := redis.NewClient(&redis.Options{Addr: address})
			defer func() { _ = c.Close() }()
			f(t, c)
		})
	}
	// Without a server the counter answers an error, and requests are served.
	c := redis.NewClient(&redis.Options{Addr: "127.0.0.1:1", MaxRetries: -1})
	defer func() { _ = c.Close() }()
	if err := redisCounter(c)("x").Increment("a", time.Now()); err == nil {
		t.Error("a counter without a server counted")
	}
}
