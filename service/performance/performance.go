// Package performance takes receipts from debtors to the judge's decision and keeps the ledger.
package performance

import (
	"time"

	"microcourt/storage"
)

// Service is the performance area.
type Service struct {
	db  *storage.DB
	now func() time.Time
}

// New makes the service.
func New(db *storage.DB, now func() time.Time) *Service { return &Service{db: db, now: now} }
