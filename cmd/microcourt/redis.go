package main

import (
	"context"
	"errors"
	"fmt"
	"sync/atomic"
	"time"

	"github.com/redis/go-redis/v9"

	"microcourt/handler"
	"microcourt/service/wechat"
)

// Redis holds what instances share for comfort: counts of rate limits and
// WeChat's access token. A request must never wait long for a comfort, and goes
// on without it.
const (
	redisWait  = 40 * time.Millisecond // the longest a request waits for Redis
	redisPause = time.Second           // how long nobody asks after it did not answer
)

var errRedisAway = errors.New("redis did not answer a moment ago")

// guardedRedis asks Redis, and stops asking for a moment after it did not
// answer in time: one request pays for a hung server, not each.
type guardedRedis struct {
	client *redis.Client
	now    func() time.Time
	until  atomic.Int64 // unix nanoseconds before which nobody asks
}

func openRedis(cfg *Config) *guardedRedis {
	return &guardedRedis{now: time.Now, client: redis.NewClient(&redis.Options{
		Addr: cfg.Redis.Addr, Password: cfg.Redis.Password, DB: cfg.Redis.DB,
		ContextTimeoutEnabled: true, // else a hung server is waited for as long as the client likes
		MaxRetries:            -1,
	})}
}

func (g *guardedRedis) do(ctx context.Context, ask func(context.Context) error) error {
	now := g.now()
	if until := g.until.Load(); until != 0 {
		// When the pause is over one request tries, and the others wait for its answer.
		if now.UnixNano() < until || !g.until.CompareAndSwap(until, now.Add(redisPause).UnixNano()) {
			return errRedisAway
		}
	}
	short, cancel := context.WithTimeout(ctx, redisWait)
	defer cancel()
	answer := make(chan error, 1)
	go func() { answer <- ask(short) }() // a name that is looked up does not end with its context
	var err error
	select {
	case err = <-answer:
	case <-short.Done():
		err = short.Err()
	}
	switch {
	case err == nil || errors.Is(err, redis.Nil):
		g.until.Store(0)
	case ctx.Err() == nil: // it was not the client who left
		g.until.Store(g.now().Add(redisPause).UnixNano())
	}
	return err
}

// redisCounter counts requests in Redis, so that several instances behind one
// address share their limits.
type redisCounter struct {
	redis *guardedRedis
	now   func() time.Time
}

// take is the sliding window of handler.LocalCounter as one step of the
// server, so that two instances never count past a limit. KEYS are this minute
// and the one before of each bucket; ARGV is what share of the minute before
// still counts, and the limits.
var take = redis.NewScript(`
for i = 1, #KEYS, 2 do
  local n = tonumber(redis.call("GET", KEYS[i]) or "0")
  local old = tonumber(redis.call("GET", KEYS[i + 1]) or "0")
  if n + old * tonumber(ARGV[1]) + 1 > tonumber(ARGV[(i + 1) / 2 + 1]) + 0.5 then return 1 end
end
for i = 1, #KEYS, 2 do
  redis.call("INCR", KEYS[i])
  redis.call("EXPIRE", KEYS[i], 180)
end
return 0`)

// Take implements handler.Counter.
func (r redisCounter) Take(ctx context.Context, buckets []handler.Bucket) (full bool, err error) {
	now := r.now().UTC()
	this := now.Truncate(time.Minute)
	keys := make([]string, 0, 2*len(buckets))
	args := []any{1 - float64(now.Sub(this))/float64(time.Minute)}
	for _, b := range buckets {
		keys = append(keys, rateKey(b.Key, this), rateKey(b.Key, this.Add(-time.Minute)))
		args = append(args, b.Limit)
	}
	got := make(chan int, 1) // an answer that comes too late is nobody's
	err = r.redis.do(ctx, func(ctx context.Context) error {
		n, err := take.Run(ctx, r.redis.client, keys, args...).Int()
		got <- n
		return err
	})
	return err == nil && <-got == 1, err
}

func rateKey(key string, minute time.Time) string {
	return fmt.Sprintf("microcourt:rate:%s:%d", key, minute.Unix())
}

// sharedTokens is WeChat's access token in Redis. Where it is away the client
// keeps the token in memory.
type sharedTokens struct {
	redis  *guardedRedis
	tokens *wechat.RedisTokens
}

// Get implements wechat.TokenStore.
func (s sharedTokens) Get(ctx context.Context, appID string) (token string, err error) {
	got := make(chan string, 1)
	err = s.redis.do(ctx, func(ctx context.Context) error {
		t, err := s.tokens.Get(ctx, appID)
		got <- t
		return err
	})
	if err == nil {
		token = <-got
	}
	return token, err
}

// Set implements wechat.TokenStore.
func (s sharedTokens) Set(ctx context.Context, appID, token string, ttl time.Duration) error {
	return s.redis.do(ctx, func(ctx context.Context) error { return s.tokens.Set(ctx, appID, token, ttl) })
}

// CompareAndDelete implements wechat.TokenStore.
func (s sharedTokens) CompareAndDelete(ctx context.Context, appID, token string) error {
	return s.redis.do(ctx, func(ctx context.Context) error { return s.tokens.CompareAndDelete(ctx, appID, token) })
}
