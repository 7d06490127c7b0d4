package main

import (
	"context"
	"fmt"
	"time"

	"github.com/go-chi/httprate"
	"github.com/redis/go-redis/v9"

	"microcourt/handler"
)

// redisCounter counts requests in Redis, so that several instances behind one
// address share their limits.
func redisCounter(c *redis.Client) handler.Counter {
	return func(class string) httprate.LimitCounter { return &sharedCounter{client: c, class: class} }
}

type sharedCounter struct {
	client *redis.Client
	class  string
	window time.Duration
}

// redisTimeout is short: a request must not wait long for a comfort.
const redisTimeout = 200 * time.Millisecond

// Config implements httprate.LimitCounter.
func (s *sharedCounter) Config(_ int, window time.Duration) { s.window = window }

// Increment implements httprate.LimitCounter.
func (s *sharedCounter) Increment(key string, current time.Time) error {
	return s.IncrementBy(key, current, 1)
}

// IncrementBy implements httprate.LimitCounter.
func (s *sharedCounter) IncrementBy(key string, current time.Time, amount int) error {
	ctx, cancel := context.WithTimeout(context.Background(), redisTimeout)
	defer cancel()
	name := s.name(key, current)
	_, err := s.client.Pipelined(ctx, func(p redis.Pipeliner) error {
		p.IncrBy(ctx, name, int64(amount))
		p.Expire(ctx, name, 3*s.window)
		return nil
	})
	return err
}

// Get implements httprate.LimitCounter.
func (s *sharedCounter) Get(key string, current, previous time.Time) (now, before int, err error) {
	ctx, cancel := context.WithTimeout(context.Background(), redisTimeout)
	defer cancel()
	values, err := s.client.MGet(ctx, s.name(key, current), s.name(key, previous)).Result()
	if err != nil {
		return 0, 0, err
	}
	read := func(v any) (n int) {
		_, _ = fmt.Sscan(fmt.Sprint(v), &n) // a missing key counts nothing
		return n
	}
	return read(values[0]), read(values[1]), nil
}

func (s *sharedCounter) name(key string, window time.Time) string {
	return fmt.Sprintf("microcourt:rate:%s:%s:%d", s.class, key, window.Unix())
}
