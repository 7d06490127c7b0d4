package handler

import (
	"context"
	"log/slog"
	"strconv"
	"sync/atomic"

	"github.com/gin-gonic/gin"
	"github.com/prometheus/client_golang/prometheus"

	"microcourt/handler/web"
	"microcourt/model"
)

// Limits are requests a minute; zero values mean the defaults.
type Limits struct {
	// Login, Verify and Open are for one device (browser or phone) at one address,
	// Bind and Upload for one person, Upload also for one case.
	Login, Bind, Upload, Verify, Open int
	// Address is how many times as much all people behind one address may do
	// together: the hall of a court, a bank's branch and a village share theirs.
	Address int
}

func (l Limits) of(class web.LimitClass) int {
	pick := func(v, def int) int {
		if v > 0 {
			return v
		}
		return def
	}
	switch class {
	case web.LimitLogin:
		return pick(l.Login, 20)
	case web.LimitBind:
		return pick(l.Bind, 10)
	case web.LimitUpload:
		return pick(l.Upload, 120)
	case web.LimitVerify:
		return pick(l.Verify, 60)
	case web.LimitOpen:
		return pick(l.Open, 600)
	case web.LimitNone:
		return 0
	default:
		return 0
	}
}

func (l Limits) ofAddress(class web.LimitClass) int {
	times := l.Address
	if times <= 0 {
		times = 20
	}
	return times * l.of(class)
}

// Bucket is one count that a request goes into.
type Bucket struct {
	Key   string
	Limit int // requests a minute
}

// Counter counts requests, e.g. in a Redis that several instances share.
type Counter interface {
	// Take counts a request into every bucket and returns false, or, if one of
	// them is full, counts it nowhere and returns true.
	Take(ctx context.Context, buckets []Bucket) (full bool, err error)
}

// limiters counts requests against their classes.
type limiters struct {
	rates  Limits
	local  *LocalCounter
	shared Counter // nil when this instance counts for itself
	log    *slog.Logger

	alone   prometheus.Gauge
	failed  prometheus.Counter
	refused *prometheus.CounterVec
	away    atomic.Bool
}

func newLimiters(cfg Config) *limiters {
	l := &limiters{
		rates: cfg.Limits, local: NewLocalCounter(cfg.Now), shared: cfg.Counter, log: cfg.Logger,
		alone: prometheus.NewGauge(prometheus.GaugeOpts{
			Name: "microcourt_rate_limits_alone", Help: "1 while the shared counter of rate limits is away and this instance counts for itself.",
		}),
		failed: prometheus.NewCounter(prometheus.CounterOpts{
			Name: "microcourt_rate_limits_uncounted_total", Help: "Requests that the shared counter of rate limits did not count.",
		}),
		refused: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "microcourt_rate_limits_refused_total", Help: "Requests refused by a rate limit, by class.",
		}, []string{"class"}),
	}
	cfg.Metrics.MustRegister(l.alone, l.failed, l.refused)
	return l
}

// take counts a request. While the shared counter is away this instance's own
// decides: a court without Redis for an hour still logs people in, and still
// limits whoever guesses.
func (l *limiters) take(ctx context.Context, class web.LimitClass, buckets ...Bucket) error {
	full, counted := false, false
	if l.shared != nil {
		var err error
		full, err = l.shared.Take(ctx, buckets)
		counted = err == nil
		if err != nil && ctx.Err() == nil {
			l.failed.Inc()
			l.alone.Set(1)
			if !l.away.Swap(true) {
				l.log.WarnContext(ctx, "the shared counter of rate limits is away, this instance counts for itself", "error", err.Error())
			}
		}
		if counted && l.away.Swap(false) {
			l.alone.Set(0)
			l.log.InfoContext(ctx, "the shared counter of rate limits is back")
		}
	}
	if !counted {
		full, _ = l.local.Take(ctx, buckets) // memory does not fail
	}
	if !full {
		return nil
	}
	l.refused.WithLabelValues(string(class)).Inc()
	return errRateLimited
}

var errRateLimited = model.E(model.TooMany, "rate.limited", "操作过于频繁，请一分钟后再试")

func bucket(class web.LimitClass, who, value string, limit int) Bucket {
	return Bucket{Key: string(class) + ":" + who + ":" + value, Limit: limit}
}

// rateLimit counts the request against its class by client address and, where
// nobody is logged in yet, by device.
func (s *server) rateLimit(class web.LimitClass) gin.HandlerFunc {
	if class == web.LimitNone {
		return func(*gin.Context) {}
	}
	return s.do(func(c *gin.Context) error {
		buckets := []Bucket{bucket(class, "address", model.Network(c.ClientIP()), s.limits.rates.ofAddress(class))}
		if !class.Personal() {
			buckets = append(buckets, bucket(class, "device", model.ClientKey(c.ClientIP(), web.Device(c.Request)), s.limits.rates.of(class)))
		}
		return s.limits.take(c.Request.Context(), class, buckets...)
	})
}

// rateLimitPerson counts the request of somebody who is logged in, wherever he
// asks from and whatever address he pretends to have.
func (s *server) rateLimitPerson(class web.LimitClass) gin.HandlerFunc {
	if !class.Personal() {
		return func(*gin.Context) {}
	}
	return s.do(func(c *gin.Context) error {
		by := web.Actor(c)
		b := bucket(class, "person", strconv.FormatInt(by.UserID, 10), s.limits.rates.of(class))
		if by.APIKeyID != 0 {
			b = bucket(class, "program", strconv.FormatInt(by.APIKeyID, 10), s.limits.rates.ofAddress(class))
		}
		return s.limits.take(c.Request.Context(), class, b)
	})
}

// admitUpload counts what all people together upload for one case. It is asked
// after the service found that the case is the actor's: a stranger cannot use
// up a case's share.
func (s *server) admitUpload(ctx context.Context, caseID int64) error {
	const class = web.LimitUpload
	return s.limits.take(ctx, class, bucket(class, "case", strconv.FormatInt(caseID, 10), 2*s.limits.rates.of(class)))
}
