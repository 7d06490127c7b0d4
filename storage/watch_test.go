package storage_test

import (
	"context"
	"fmt"
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

// A number too many in one court, or in another year, hides no hole.
func TestASurplusHidesNoHole(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	db := storagetest.Open(t, nil)
	holes := func(id int64) (n int64) {
		t.Helper()
		found, err := db.Findings(ctx, id)
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
	var ids []int64
	for _, code := range []string{"浙0297", "浙0298"} {
		if err := court(ctx, db, code, false, func() {}); err != nil {
			t.Fatal(err)
		}
		c, err := db.CourtByCode(ctx, code)
		if err != nil {
			t.Fatal(err)
		}
		ids = append(ids, c.ID)
	}
	void := func(id int64, year int, serial int64) model.VoidNumber {
		return model.VoidNumber{CourtID: id, Kind: "certificate", Year: year, Serial: serial, Number: fmt.Sprint(id, year, serial), Reason: "x", VoidedAt: db.Now()}
	}
	err := db.Transact(ctx, func(tx *storage.DB) error {
		for _, year := range []int{2025, 2026} {
			for range 2 { // two numbers each that belong to nothing
				if _, err := tx.NextSerial(ctx, ids[0], "certificate", year); err != nil {
					return err
				}
			}
		}
		if _, err := tx.NextSerial(ctx, ids[1], "certificate", 2026); err != nil {
			return err
		}
		// The other court, and another year of this one, have more than were given.
		return tx.AddVoidNumbers(ctx, []model.VoidNumber{
			void(ids[1], 2026, 1), void(ids[1], 2026, 2), void(ids[1], 2026, 3), void(ids[1], 2026, 4),
			void(ids[0], 2025, 1), void(ids[0], 2025, 2), void(ids[0], 2025, 3),
			// and so has the same year beyond the last number
			void(ids[0], 2026, 8), void(ids[0], 2026, 9),
		})
	})
	if err != nil {
		t.Fatal(err)
	}
	if all, own, other := holes(0), holes(ids[0]), holes(ids[1]); all != 2 || own != 2 || other != 0 {
		t.Errorf("%d holes in all, %d and %d in the two courts; want 2, 2 and 0", all, own, other)
	}
}
