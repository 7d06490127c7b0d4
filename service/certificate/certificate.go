// Package certificate issues, revokes and verifies certificates of voluntary performance (自动履行证明书).
package certificate

import (
	"time"

	"microcourt/storage"
)

// Service is the certificate area.
type Service struct {
	db  *storage.DB
	now func() time.Time
}

// New makes the service.
func New(db *storage.DB, now func() time.Time) *Service { return &Service{db: db, now: now} }
