package handler

import (
	"context"
	"net/http"
	"time"

	"github.com/gin-gonic/gin"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/promhttp"
)

// Where the server is asked whether it lives, and whether it can serve.
const (
	healthPath = "/healthz"
	readyPath  = "/readyz"
)

// operations adds the endpoints for the people and programs that keep the
// server running. They hold no case data.
func (s *server) operations(e *gin.Engine) {
	e.GET(healthPath, func(c *gin.Context) { c.String(http.StatusOK, "ok\n") })
	e.GET(readyPath, s.ready)
}

// Metrics serves what the program counts. It belongs on a listener of its own
// that the outside world does not reach.
func Metrics(reg *prometheus.Registry) http.Handler {
	mux := http.NewServeMux()
	mux.Handle("GET /metrics", promhttp.HandlerFor(reg, promhttp.HandlerOpts{}))
	return mux
}

// ready tells whether requests can be served: the database answers and has
// this program's schema, and the object store answers.
func (s *server) ready(c *gin.Context) {
	ctx := context.WithoutCancel(c.Request.Context()) // the one who asked first may leave
	// Anybody may ask, and as often as he likes: all who ask at once get one look.
	_, err, _ := s.readiness.Do("", func() (any, error) {
		ctx, cancel := context.WithTimeout(ctx, 3*time.Second)
		defer cancel()
		return nil, s.svc.Ready(ctx)
	})
	if err != nil {
		s.cfg.Logger.WarnContext(ctx, "not ready", "error", err.Error())
		c.String(http.StatusServiceUnavailable, "not ready\n")
		return
	}
	c.String(http.StatusOK, "ready\n")
}
