package storage_test

import (
	"context"
	"testing"
	"time"

	"microcourt/model"
	"microcourt/storage"
	"microcourt/storage/storagetest"
)

// An act is known again for ninety days; then what was noted of it goes.
func TestActsAreForgottenAfterNinetyDays(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	clock := storagetest.NewClock()
	db := storagetest.Open(t, clock.Now)
	by := model.Actor{UserID: 7}
	in := func(fn func(tx *storage.DB) error) {
		t.Helper()
		if err := db.Transact(ctx, fn); err != nil {
			t.Fatal(err)
		}
	}
	in(func(tx *storage.DB) error { return tx.NoteAct(ctx, by, model.ThingTask.Of(1), 3, "done") })
	for _, days := range []int{0, 89, 2} {
		clock.Advance(time.Duration(days) * 24 * time.Hour)
		in(func(tx *storage.DB) error { return tx.SweepActs(ctx) })
		var known bool
		in(func(tx *storage.DB) (err error) {
			known, err = tx.Did(ctx, by, model.ThingTask.Of(1), 3, "done")
			return err
		})
		if want := days != 2; known != want {
			t.Errorf("after %d more days it is known: %v", days, known)
		}
	}
}
