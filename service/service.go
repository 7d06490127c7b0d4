// Package service joins the areas of the court's work. The areas do not know
// each other; this package alone builds them and hands each what it needs of
// the outside world.
package service

import (
	"context"
	"time"

	"microcourt/service/certificate"
	"microcourt/service/filing"
	"microcourt/service/identity"
	"microcourt/service/notice"
	"microcourt/service/performance"
	"microcourt/storage"
)

// Deps is the outside world of the services.
type Deps struct {
	DB  *storage.DB
	Now func() time.Time
}

// Services are all areas, ready to use.
type Services struct {
	Identity    *identity.Service
	Filing      *filing.Service
	Performance *performance.Service
	Certificate *certificate.Service
	Notice      *notice.Service

	db *storage.DB
}

// New joins the areas.
func New(d Deps) (*Services, error) {
	return &Services{
		Identity: identity.New(d.DB, d.Now), Filing: filing.New(d.DB, d.Now), Performance: performance.New(d.DB, d.Now),
		Certificate: certificate.New(d.DB, d.Now), Notice: notice.New(d.DB, d.Now), db: d.DB,
	}, nil
}

// Ready tells whether requests can be served.
func (s *Services) Ready(ctx context.Context) error { return s.db.Ping(ctx) }
