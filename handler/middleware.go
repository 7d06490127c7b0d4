package handler

import (
	"context"
	"fmt"
	"log/slog"
	"maps"
	"net/http"
	"runtime/debug"
	"strconv"
	"strings"
	"time"

	"github.com/gin-gonic/gin"
	"github.com/prometheus/client_golang/prometheus"

	"microcourt/handler/web"
	"microcourt/model"
)

const (
	defaultMaxBody = 1 << 20
	defaultTimeout = 30 * time.Second
	// sendTime is how long an answer may take to be sent after its request's time.
	sendTime = 30 * time.Second
)

// requestID gives every request an id of its own. One from outside is not taken
// over: it stands in the audit trail, where nobody may write what he likes.
func (s *server) requestID() gin.HandlerFunc {
	return func(c *gin.Context) {
		rid := s.cfg.NewID()
		c.Set(web.RequestIDKey, rid)
		c.Header("X-Request-ID", rid)
		c.Next()
	}
}

type httpMetrics struct {
	requests *prometheus.CounterVec
	duration *prometheus.HistogramVec
}

func newHTTPMetrics(reg prometheus.Registerer) *httpMetrics {
	m := &httpMetrics{
		requests: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "microcourt_http_requests_total", Help: "Requests by route, method, status and error reason.",
		}, []string{"route", "method", "status", "reason"}),
		duration: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name: "microcourt_http_request_duration_seconds", Help: "Time to answer, by route and method.",
			Buckets: []float64{.001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10, 60},
		}, []string{"route", "method"}),
	}
	reg.MustRegister(m.requests, m.duration)
	return m
}

// observe logs and counts each request once. The log has the route's template
// and never the path, a header or a body: a path may hold a case number.
func (s *server) observe() gin.HandlerFunc {
	return func(c *gin.Context) {
		begin := time.Now()
		c.Next()
		took := time.Since(begin)
		route := c.FullPath()
		if route == "" {
			route = "none"
		}
		status, reason, method := c.Writer.Status(), c.GetString(web.ReasonKey), knownMethod(c.Request.Method)
		s.metrics.requests.WithLabelValues(route, method, strconv.Itoa(status), reason).Inc()
		s.metrics.duration.WithLabelValues(route, method).Observe(took.Seconds())
		level := slog.LevelInfo
		if status >= http.StatusInternalServerError {
			level = slog.LevelWarn
		}
		s.cfg.Logger.LogAttrs(c.Request.Context(), level, "request",
			slog.String("request_id", web.RequestID(c)), slog.String("method", method), slog.String("route", route),
			slog.Int("status", status), slog.String("reason", reason), slog.Duration("took", took),
			slog.Int64("user_id", web.Actor(c).UserID), slog.String("client", c.ClientIP()))
	}
}

// knownMethod is a method of HTTP, or "other". A client may invent methods, and
// whatever becomes a label of a metric is kept for ever.
func knownMethod(method string) string {
	switch method {
	case http.MethodGet, http.MethodHead, http.MethodPost, http.MethodPut, http.MethodPatch, http.MethodDelete, http.MethodOptions:
		return method
	default:
		return "other"
	}
}

// recoverPanic turns a panic into an Internal error; the stack goes to the
// log, without the value's text, which might hold personal data.
func (s *server) recoverPanic() gin.HandlerFunc {
	return func(c *gin.Context) {
		defer func() {
			if v := recover(); v != nil {
				s.cfg.Logger.ErrorContext(c.Request.Context(), "panic", "route", c.FullPath(),
					"request_id", web.RequestID(c), "type", fmt.Sprintf("%T", v), "stack", string(debug.Stack()))
				s.fail(c, model.E(model.Internal, "internal", ""))
			}
		}()
		c.Next()
	}
}

func securityHeaders() gin.HandlerFunc {
	fixed := http.Header{}
	for name, value := range map[string]string{
		"X-Content-Type-Options": "nosniff", "X-Frame-Options": "DENY", "Referrer-Policy": "no-referrer",
		"Cross-Origin-Opener-Policy": "same-origin", "Cross-Origin-Resource-Policy": "same-origin",
		"Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'", "Cache-Control": "no-store",
		"Strict-Transport-Security": "max-age=31536000",
	} {
		fixed.Set(name, value)
	}
	return func(c *gin.Context) {
		maps.Copy(c.Writer.Header(), fixed) // the values are shared; Set replaces them
		c.Next()
	}
}

// bound limits the size of a request in bytes and its time; 0 is the default.
func (s *server) bound(size int64, limit time.Duration) gin.HandlerFunc {
	if size == 0 {
		size = defaultMaxBody
	}
	if limit == 0 {
		limit = defaultTimeout
	}
	return func(c *gin.Context) {
		ctx, cancel := context.WithTimeout(c.Request.Context(), limit)
		defer cancel()
		c.Request = c.Request.WithContext(ctx)
		c.Set(web.TodayKey, model.DateOf(s.cfg.Now()))
		if c.Request.Body != nil {
			c.Request.Body = http.MaxBytesReader(c.Writer, c.Request.Body, size)
		}
		rc := http.NewResponseController(c.Writer)
		if c.Request.ContentLength != 0 || limit > defaultTimeout {
			// A body that stops arriving holds up its own request only, and no longer
			// than the request may take; the server takes the deadline away before the
			// connection's next request.
			_ = rc.SetReadDeadline(time.Now().Add(limit)) // not every test server supports it
		}
		if limit > defaultTimeout { // a phone on a slow network may take this long
			_ = rc.SetWriteDeadline(time.Now().Add(limit + sendTime)) // likewise; whose body stalled is told so
		}
		c.Next()
	}
}

// authenticate finds out who asks and refuses acts that none of his roles may
// do. It is the only check of roles in this package.
func (s *server) authenticate(act model.Act) gin.HandlerFunc {
	return s.do(func(c *gin.Context) error {
		a, err := s.identify(c)
		if err != nil && (act != model.ActPublic || model.KindOf(err) != model.Unauthenticated) {
			return err // but an expired session may still log in, or verify a certificate
		}
		a.IP, a.Device, a.RequestID = c.ClientIP(), web.Device(c.Request), web.RequestID(c)
		c.Set(web.ActorKey, a)
		return a.Require(act)
	})
}

func (s *server) identify(c *gin.Context) (model.Actor, error) {
	scheme, secret, _ := strings.Cut(c.GetHeader("Authorization"), " ")
	ctx := c.Request.Context()
	switch {
	case strings.EqualFold(scheme, "Bearer") && secret != "":
		return s.svc.Identity.Authenticate(ctx, secret)
	case strings.EqualFold(scheme, "ApiKey") && secret != "":
		return s.svc.Identity.AuthenticateKey(ctx, secret)
	case scheme != "":
		return model.Actor{}, model.E(model.Unauthenticated, "session.required", "请先登录")
	}
	return model.Actor{}, nil
}
