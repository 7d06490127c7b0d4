// Package notice brings notices to people: the inbox, and the outbox to WeChat.
package notice

import (
	"time"

	"microcourt/storage"
)

// Service is the notice area.
type Service struct {
	db  *storage.DB
	now func() time.Time
}

// New makes the service.
func New(db *storage.DB, now func() time.Time) *Service { return &Service{db: db, now: now} }
