// Package identity knows who is who: log-ins, sessions, bindings of WeChat users to parties, staff accounts and keys.
package identity

import (
	"context"
	"time"

	"microcourt/model"
	"microcourt/storage"
)

// Service is the identity area.
type Service struct {
	db  *storage.DB
	now func() time.Time
}

// New makes the service.
func New(db *storage.DB, now func() time.Time) *Service { return &Service{db: db, now: now} }

// Authenticate gives the actor of a session token.
func (s *Service) Authenticate(ctx context.Context, token string) (model.Actor, error) {
	return model.Actor{}, model.E(model.Unauthenticated, "session.expired", "登录已失效，请重新登录")
}

// AuthenticateKey gives the actor of an API key.
func (s *Service) AuthenticateKey(ctx context.Context, secret string) (model.Actor, error) {
	return model.Actor{}, model.E(model.Unauthenticated, "session.expired", "接口密钥无效")
}
