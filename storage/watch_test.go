package storage_test

import (
	"context"
	"testing"

	"microcourt/model"
	"microcourt/storage"
	"microcourt/storage/storagetest"
)

// A number that was given out and belongs to nothing is found, until it is
// recorded as void.
func TestAHoleInTheNumbersIsFound(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	db := storagetest.Open(t, nil)
	if err := court(ctx, db, "浙0299", false, func() {}); err != nil {
		t.Fatal(err)
	}
	c, err := db.CourtByCode(ctx, "浙0299")
	if err != nil {
		t.Fatal(err)
	}
	holes := func() (n int64) {
		found, err := db.Findings(ctx, c.ID)
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range found {
			if f.Kind == model.DefectHole {
				n = f.N
			}
		}
		return n
	}
	if n := holes(); n != 0 {
		t.Errorf("%d holes in nothing", n)
	}
	err = db.Transact(ctx, func(tx *storage.DB) error {
		_, err := tx.NextSerial(ctx, c.ID, "certificate", 2026)
		return err
	})
	if err != nil || holes() != 1 {
		t.Errorf("%d holes, %v", holes(), err)
	}
	err = db.Transact(ctx, func(tx *storage.DB) error {
		return tx.AddVoidNumbers(ctx, []model.VoidNumber{{
			CourtID: c.ID, Kind: "certificate", Year: 2026, Serial: 1, Number: "1", Reason: "恢复后作废", VoidedAt: tx.Now(),
		}})
	})
	if err != nil || holes() != 0 {
		t.Errorf("%d holes after it was recorded as void, %v", holes(), err)
	}
}
