package storage

import (
	"context"

	"microcourt/model"
)

// PenaltyLedger loads everything from which it follows how far a criminal case's
// items of property are performed.
func (db *DB) PenaltyLedger(ctx context.Context, cs model.Case) (*model.PenaltyLedger, error) {
	l := &model.PenaltyLedger{Case: cs, Names: map[int64]string{}}
	parties, err := db.Parties(ctx, cs.ID)
	if err != nil {
		return nil, err
	}
	for _, p := range parties {
		l.Names[p.ID] = p.Name
	}
	if l.Instruments, err = db.Instruments(ctx, cs.ID); err != nil {
		return nil, err
	}
	if l.Obligations, err = db.Obligations(ctx, cs.ID); err != nil {
		return nil, err
	}
	if l.Obligors, err = db.Obligors(ctx, cs.ID); err != nil {
		return nil, err
	}
	if l.Installments, err = db.Installments(ctx, cs.ID); err != nil {
		return nil, err
	}
	if l.Entries, err = db.Confirmations(ctx, cs.ID, 0); err != nil {
		return nil, err
	}
	if l.Allocations, err = db.Allocations(ctx, cs.ID); err != nil {
		return nil, err
	}
	l.Receipts, err = db.CaseReceipts(ctx, cs.ID)
	return l, err
}
