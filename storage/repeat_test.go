package storage_test

import (
	"context"
	"strconv"
	"sync"
	"sync/atomic"
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

// A key is one actor's, and stands for one request from the moment that something
// was done under it: what is refused leaves it free, two others at once have one
// winner, and the loser is told so rather than answered.
func TestAKeyIsClaimedForOneRequest(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	db := storagetest.Open(t, storagetest.NewClock().Now)
	asks := func(user int64, key, what string) model.Actor {
		return model.Actor{UserID: user, Asked: model.Asked{Key: key, Digest: what}}
	}
	nothing := func(*storage.DB) error { return nil }
	refuse := model.E(model.Invalid, "text.required", "请填写内容")
	if err := db.Once(ctx, asks(7, "k", "wrong"), func(*storage.DB) error { return refuse }); model.ReasonOf(err) != "text.required" {
		t.Errorf("a refusal: %v", err)
	}
	for i, step := range []struct {
		by     model.Actor
		reused bool
	}{
		{asks(7, "k", "right"), false},  // the refusal left the key free
		{asks(7, "k", "right"), false},  // the same again
		{asks(7, "k", "wrong"), true},   // what was refused then is another request now
		{asks(7, "K", "wrong"), false},  // another key
		{asks(8, "k", "wrong"), false},  // another actor
		{model.Actor{UserID: 7}, false}, // a request without a key
		{asks(7, "k", "right"), false},  // nothing of all that changed it
	} {
		err := db.Once(ctx, step.by, nothing)
		if reused := model.ReasonOf(err) == "idempotency.reused"; reused != step.reused || err != nil && !reused {
			t.Errorf("step %d: %v", i, err)
		}
		if err := db.CheckAsked(ctx, step.by); (model.ReasonOf(err) == "idempotency.reused") != step.reused {
			t.Errorf("step %d, looked at before: %v", i, err)
		}
	}
	const people = 8
	var done, refused atomic.Int64
	var wg sync.WaitGroup
	for i := range people {
		wg.Go(func() {
			switch err := db.Once(ctx, asks(9, "at once", strconv.Itoa(i)), nothing); {
			case err == nil:
				done.Add(1)
			case model.ReasonOf(err) == "idempotency.reused":
				refused.Add(1)
			default:
				t.Error(err)
			}
		})
	}
	wg.Wait()
	if done.Load() != 1 || refused.Load() != people-1 {
		t.Errorf("of %d other requests at once under one key %d were done and %d refused", people, done.Load(), refused.Load())
	}
}
