package wechat

import (
	"context"
	"errors"
	"time"

	"github.com/redis/go-redis/v9"
)

// RedisTokens is a TokenStore that instances share. The token is in clear text
// there, as it must be to be used; Redis must not be open to others.
type RedisTokens struct {
	cmd redis.Cmdable
}

// NewRedisTokens keeps tokens in the given Redis, under wx:tok:{appid}.
func NewRedisTokens(client redis.UniversalClient) *RedisTokens {
	return &RedisTokens{cmd: client}
}

func redisKey(appID string) string { return "wx:tok:" + appID }

// Get implements TokenStore.
func (r *RedisTokens) Get(ctx context.Context, appID string) (string, error) {
	token, err := r.cmd.Get(ctx, redisKey(appID)).Result()
	if errors.Is(err, redis.Nil) {
		return "", nil
	}
	return token, err
}

// Set implements TokenStore.
func (r *RedisTokens) Set(ctx context.Context, appID, token string, ttl time.Duration) error {
	return r.cmd.Set(ctx, redisKey(appID), token, ttl).Err()
}

// CompareAndDelete implements TokenStore. The comparison and the deletion are
// one step in the server, so that no other instance's token is lost between.
func (r *RedisTokens) CompareAndDelete(ctx context.Context, appID, token string) error {
	const script = `if redis.call("GET", KEYS[1]) == ARGV[1] then return redis.call("DEL", KEYS[1]) end return 0`
	return r.cmd.Eval(ctx, script, []string{redisKey(appID)}, token).Err()
}
