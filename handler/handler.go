// Package handler joins the doors to one HTTP server: handler/api (JSON),
// handler/desk (the court's pages) and handler/public (pages for everybody).
// What every request passes through stands here: its number, the limits of size,
// time and rate, the log and who asks; and how the API tells a failure, which it
// logs once.
package handler

import (
	"errors"
	"io/fs"
	"log/slog"
	"net/http"
	"time"

	"github.com/gin-gonic/gin"
	"github.com/prometheus/client_golang/prometheus"
	"golang.org/x/sync/singleflight"

	"microcourt/handler/api"
	"microcourt/handler/desk"
	"microcourt/handler/public"
	"microcourt/handler/web"
	"microcourt/model"
	"microcourt/service"
)

// Config is what the handler needs besides the services.
type Config struct {
	// PublicURL is how the outside world reaches this server, without a slash at
	// the end; it is printed in QR codes.
	PublicURL string
	// TrustedProxies are the addresses whose AddressHeader is believed.
	TrustedProxies []string
	// AddressHeader is the one header in which they name the client's address,
	// X-Forwarded-For when "".
	AddressHeader string
	// Limits are the rates; zero values mean the defaults.
	Limits Limits
	// Counter counts requests for the rate limits; nil counts in memory. Give
	// instances that share one address a shared one; while it is away each counts
	// for itself.
	Counter Counter
	Logger  *slog.Logger
	Metrics *prometheus.Registry
	Now     func() time.Time
	NewID   func() string // request ids
	// SignOn is the court's single sign-on, nil when it has none.
	SignOn desk.SignOn
	// Stopping is closed when the server stops: open streams of events end.
	Stopping <-chan struct{}
	// Source is the folder of the program's source, whose templates are read again
	// for each page; nil for those in the program.
	Source fs.FS
	// Demo adds pages that must never exist in production (the fake phone).
	Demo http.Handler
}

type server struct {
	cfg     Config
	svc     *service.Services
	limits  *limiters
	metrics *httpMetrics
	pages   *public.Pages
	// readiness looks at the database and the object store once at a time.
	readiness singleflight.Group
}

// New builds the whole HTTP interface.
func New(cfg Config, svc *service.Services) (*gin.Engine, error) {
	if cfg.Logger == nil || cfg.Metrics == nil || cfg.Now == nil || cfg.NewID == nil {
		return nil, errors.New("handler: Logger, Metrics, Now and NewID are required")
	}
	gin.SetMode(gin.ReleaseMode)
	engine := gin.New()
	engine.HandleMethodNotAllowed = true
	engine.UseRawPath = true // a case number in a path may be escaped in any way
	engine.UnescapePathValues = true
	proxies, err := newProxies(cfg)
	if err != nil {
		return nil, err
	}
	// One header only: of two, the one that the proxy does not set is the client's
	// own invention.
	engine.RemoteIPHeaders = []string{proxies.header}
	if err := engine.SetTrustedProxies(cfg.TrustedProxies); err != nil {
		return nil, err
	}
	s := &server{cfg: cfg, svc: svc, limits: newLimiters(cfg), metrics: newHTTPMetrics(cfg.Metrics)}
	door, err := api.New(api.Config{
		Services: svc, PublicURL: cfg.PublicURL, Now: cfg.Now,
		AdmitUpload: s.admitUpload,
	})
	if err != nil {
		return nil, err
	}
	engine.Use(s.requestID(), proxies.watch(), s.observe(), s.recoverPanic(), securityHeaders(), drain(realDrain()))
	engine.NoRoute(s.do(func(*gin.Context) error {
		return model.E(model.NotFound, "route.not_found", "没有这个地址")
	}))
	engine.NoMethod(func(c *gin.Context) { // gin has said in Allow which ones it does support
		s.failAs(c, http.StatusMethodNotAllowed, model.E(model.Invalid, "method.not_allowed", "该地址不支持这种请求方法"))
	})
	for _, r := range door.Routes() {
		engine.Handle(r.Method, "/api/v1"+r.Path, s.chain(r)...)
	}
	var deskSource, publicSource fs.FS
	if cfg.Source != nil {
		if deskSource, err = fs.Sub(cfg.Source, "handler/desk"); err != nil {
			return nil, err
		}
		if publicSource, err = fs.Sub(cfg.Source, "handler/public"); err != nil {
			return nil, err
		}
	}
	court, err := desk.New(desk.Config{
		Services: svc, PublicURL: cfg.PublicURL, Logger: cfg.Logger, Now: cfg.Now, NewID: cfg.NewID, Stopping: cfg.Stopping, SignOn: cfg.SignOn, Source: deskSource,
	})
	if err != nil {
		return nil, err
	}
	web.Mount(engine)
	for _, r := range court.Routes() {
		engine.Handle(r.Method, "/desk"+r.Path, append([]gin.HandlerFunc{s.bound(r.MaxBody, r.Timeout), s.rateLimit(r.Limit)}, court.Chain(r)...)...)
	}
	s.pages = public.New(public.Config{Services: svc, Document: door.Document, Source: publicSource})
	for _, r := range s.pages.Routes() {
		engine.Handle(r.Method, r.Path, s.bound(0, 0), s.rateLimit(r.Limit), s.authenticate(model.ActPublic), s.do(r.Check), s.do(r.Handle))
	}
	s.operations(engine)
	if cfg.Demo != nil {
		engine.Any("/__fake/*path", gin.WrapH(cfg.Demo))
	}
	return engine, nil
}

// chain is what a request to a route of the API passes through, in order.
func (s *server) chain(r api.Route) []gin.HandlerFunc {
	return []gin.HandlerFunc{
		s.bound(r.MaxBody, r.Timeout), s.rateLimit(r.Limit), s.authenticate(r.Act), s.rateLimitPerson(r.Limit), s.do(api.CheckQuery(r)), s.do(r.Handle),
	}
}
