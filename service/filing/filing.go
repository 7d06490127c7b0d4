// Package filing takes cases in: from the case system, from a file, from a form.
package filing

import (
	"time"

	"microcourt/storage"
)

// Service is the filing area.
type Service struct {
	db  *storage.DB
	now func() time.Time
}

// New makes the service.
func New(db *storage.DB, now func() time.Time) *Service { return &Service{db: db, now: now} }
