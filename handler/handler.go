// Package handler is the JSON API under /api/v1, the public pages and the
// operations endpoints. It reads requests, asks a service, and writes views;
// it holds no rule of the court's. Every route is a row of the table that
// routes returns: method, path, act, input and output types. The OpenAPI
// document, the authorisation table and the tests are made from the same rows.
package handler

import (
	"errors"
	"log/slog"
	"net/http"
	"sync"
	"time"

	"github.com/gin-gonic/gin"
	"github.com/prometheus/client_golang/prometheus"
	"golang.org/x/sync/singleflight"

	"microcourt/handler/console"
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
	SignOn console.SignOn
	// Stopping is closed when the server stops: open streams of events end.
	Stopping <-chan struct{}
	// Demo adds pages that must never exist in production (the fake phone).
	Demo http.Handler
}

type server struct {
	cfg     Config
	svc     *service.Services
	limits  *limiters
	metrics *httpMetrics
	// readiness looks at the database and the object store once at a time.
	readiness singleflight.Group
	// document makes the OpenAPI document when it is first asked for: that takes
	// a third of a second, which a start need not wait for.
	document func() ([]byte, error)
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
	routes := s.routes()
	s.document = sync.OnceValues(func() ([]byte, error) { return openAPIDocument(routes, cfg.PublicURL) })
	engine.Use(s.requestID(), proxies.watch(), s.observe(), s.recoverPanic(), securityHeaders(), drain())
	engine.NoRoute(s.do(func(*gin.Context) error {
		return model.E(model.NotFound, "route.not_found", "没有这个地址")
	}))
	engine.NoMethod(s.do(func(*gin.Context) error {
		return &model.Error{Kind: model.Invalid, Reason: "route.method", Message: "该地址不支持这种请求方法"}
	}))
	api := engine.Group("/api/v1")
	for _, r := range routes {
		api.Handle(r.method, r.path, s.chain(r)...)
	}
	desk, err := console.New(console.Config{
		Services: svc, PublicURL: cfg.PublicURL, Logger: cfg.Logger, Now: cfg.Now, NewID: cfg.NewID, Stopping: cfg.Stopping, SignOn: cfg.SignOn,
	})
	if err != nil {
		return nil, err
	}
	web.Mount(engine)
	for _, r := range desk.Routes() {
		limits := s.bound(route{maxBody: r.MaxBody, timeout: r.Timeout})
		engine.Handle(r.Method, "/desk"+r.Path, append([]gin.HandlerFunc{limits, s.rateLimit(limitClass(r.Limit))}, desk.Chain(r)...)...)
	}
	s.operations(engine)
	s.publicPages(engine)
	if cfg.Demo != nil {
		engine.Any("/__fake/*path", gin.WrapH(cfg.Demo))
	}
	return engine, nil
}

// routes is every route of the API.
func (s *server) routes() []route {
	var all []route
	for _, part := range [][]route{
		s.sessionRoutes(), s.bindingRoutes(), s.caseRoutes(), s.importRoutes(), s.uploadRoutes(), s.receiptRoutes(),
		s.certificateRoutes(),
		s.verifyRoutes(),
		s.noticeRoutes(),
		s.scheduleRoutes(),
		s.serviceRoutes(),
		s.subscriptionRoutes(),
		s.paperRoutes(),
		s.penaltyRoutes(),
		s.statisticsRoutes(),
		s.nonLitigationRoutes(),
		s.auditRoutes(),
		s.documentRoutes(),
		s.enforcementRoutes(),
		s.conversationRoutes(),
		s.callRoutes(),
		s.absenceRoutes(),
		s.relativeRoutes(),
		s.petitionRoutes(),
		s.enquiryRoutes(),
		s.liaisonRoutes(),
		s.settlementRoutes(),
		s.repairRoutes(),
		s.measureRoutes(),
		s.cleanUpRoutes(),
		s.spendingRoutes(),
		s.prolongRoutes(),
		s.agencyRoutes(),
		s.dutyRoutes(),
		s.agencyDeskRoutes(),
	} {
		all = append(all, part...)
	}
	return all
}
