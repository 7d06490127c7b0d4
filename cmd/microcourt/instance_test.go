package main

import (
	"context"
	"fmt"
	"net/http"
	"os"
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
	answered := make(chan reply, 1)
	go func() {
		r, err := s.upload(guide.Token("陈建国"), "term-upload-1", 1, noise(1))
		if err != nil {
			t.Error("the request in flight was cut:", err)
		}
		answered <- r
	}()
	time.Sleep(20 * time.Millisecond)
	if err := s.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	if r := <-answered; r.status != http.StatusCreated {
		t.Errorf("the request in flight answered %d %v", r.status, r.body)
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
