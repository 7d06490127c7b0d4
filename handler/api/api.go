// Package api is the JSON API under /api/v1. It reads requests, asks a service,
// and writes views; it holds no rule of the court's. Every route is a row of the
// table that Routes returns: method, path, act, whose programs it is for, and the
// function that answers. The types of this function are what a request is read
// into and what the OpenAPI document is made of; the tests try every row as every
// role.
package api

import (
	"context"
	"slices"
	"sync"
	"time"

	"microcourt/service"
)

// Config is what the API needs.
type Config struct {
	Services *service.Services
	// PublicURL is how the outside world reaches this server; it stands in the
	// document.
	PublicURL string
	Now       func() time.Time
	// AdmitUpload counts an upload against its case's rate, once it is known that
	// the case is the actor's.
	AdmitUpload func(ctx context.Context, caseID int64) error
}

// API answers the routes.
type API struct {
	cfg    Config
	svc    *service.Services
	routes []Route
	// described makes the OpenAPI document, whole ("") and for each client, when it
	// is first asked for: that takes a third of a second, which a start need not
	// wait for.
	described map[string]func() ([]byte, error)
}

// New makes the API. Without services it only describes itself. It fails when a
// route's types cannot be read.
func New(cfg Config) (*API, error) {
	s := &API{cfg: cfg, svc: cfg.Services}
	s.routes = s.table()
	for i := range s.routes {
		if err := s.routes[i].finish(); err != nil {
			return nil, err
		}
	}
	s.described = map[string]func() ([]byte, error){
		"": sync.OnceValues(func() ([]byte, error) { return openAPIDocument(s.routes, cfg.PublicURL, describer{}) }),
	}
	for _, k := range Clients {
		s.described[k.Name] = sync.OnceValues(func() ([]byte, error) {
			return openAPIDocument(slices.DeleteFunc(slices.Clone(s.routes), func(r Route) bool { return r.For&k.Client == 0 }), cfg.PublicURL, describer{})
		})
	}
	return s, nil
}

// Routes is every route of the API.
func (s *API) Routes() []Route { return s.routes }

// Document describes every route in OpenAPI 3.1.
func (s *API) Document() ([]byte, error) { return s.described[""]() }

func (s *API) table() []Route {
	var all []Route
	for _, part := range [][]Route{
		s.sessionRoutes(), s.bindingRoutes(), s.caseRoutes(), s.uploadRoutes(), s.receiptRoutes(), s.setOffRoutes(),
		s.certificateRoutes(), s.waitingRoutes(),
		s.verifyRoutes(),
		s.noticeRoutes(),
		s.myCaseRoutes(), s.payRoutes(), s.pictureRoutes(),
		s.serviceOfProcessRoutes(),
		s.subscriptionRoutes(),
		s.paperRoutes(),
		s.documentRoutes(),
		s.enforcementRoutes(),
		s.caseMoneyRoutes(),
		s.conversationRoutes(),
		s.callRoutes(),
		s.relativeRoutes(),
		s.petitionRoutes(),
		s.depositRoutes(),
		s.assetQueryRoutes(),
		s.liaisonRoutes(),
		s.settlementRoutes(), s.planRoutes(),
		s.repairRoutes(),
		s.measureRoutes(),
		s.cleanUpRoutes(),
		s.spendingRoutes(),
		s.prolongRoutes(),
		s.agencyDeskRoutes(),
		s.agencySheetRoutes(),
		s.understandingRoutes(),
	} {
		all = append(all, part...)
	}
	return all
}
