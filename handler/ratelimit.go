package handler

import (
	"net/http"
	"strconv"
	"time"

	"github.com/gin-gonic/gin"
	"github.com/go-chi/httprate"

	"microcourt/model"
)

// limitClass names a rate.
type limitClass string

// The classes of rate. What is not in a class is not limited here; attempts at
// guessing are limited a second time, durably, by the services.
const (
	limitNone   limitClass = ""
	limitLogin  limitClass = "login"
	limitBind   limitClass = "bind"
	limitUpload limitClass = "upload"
	limitVerify limitClass = "verify"
)

// Limits are requests a minute for one address.
type Limits struct{ Login, Bind, Upload, Verify int }

func (l Limits) of(class limitClass) int {
	pick := func(v, def int) int {
		if v > 0 {
			return v
		}
		return def
	}
	switch class {
	case limitLogin:
		return pick(l.Login, 20)
	case limitBind:
		return pick(l.Bind, 10)
	case limitUpload:
		return pick(l.Upload, 120)
	case limitVerify:
		return pick(l.Verify, 60)
	case limitNone:
		return 0
	default:
		return 0
	}
}

// Counter makes the counter behind one class of rate, e.g. one in Redis that
// several instances share.
type Counter func(class string) httprate.LimitCounter

type limiters struct {
	byClass map[limitClass]*httprate.RateLimiter
}

func newLimiters(cfg Config) *limiters {
	l := &limiters{byClass: map[limitClass]*httprate.RateLimiter{}}
	for _, class := range []limitClass{limitLogin, limitBind, limitUpload, limitVerify} {
		var opts []httprate.Option
		if cfg.Counter != nil {
			opts = append(opts, httprate.WithLimitCounter(cfg.Counter(string(class))))
		}
		// When a shared counter is down the request is served: these rates are a
		// comfort, the services' own counts of failures are the lock.
		opts = append(opts, httprate.WithErrorHandler(func(http.ResponseWriter, *http.Request, error) {}))
		l.byClass[class] = httprate.NewRateLimiter(cfg.Limits.of(class), time.Minute, opts...)
	}
	return l
}

// rateLimit counts the request against its class by client address.
func (s *server) rateLimit(class limitClass) gin.HandlerFunc {
	limiter := s.limits.byClass[class]
	return s.do(func(c *gin.Context) error {
		if limiter == nil {
			return nil
		}
		if limiter.OnLimit(c.Writer, c.Request, c.ClientIP()) {
			if c.Writer.Header().Get("Retry-After") == "" {
				c.Header("Retry-After", strconv.Itoa(int(time.Minute.Seconds())))
			}
			return model.E(model.TooMany, "rate.limited", "操作过于频繁，请一分钟后再试")
		}
		return nil
	})
}
