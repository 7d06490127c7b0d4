package subscription_test

import (
	"context"
	"errors"
	"log/slog"
	"strings"
	"testing"
	"time"

	"microcourt/model"
	"microcourt/service/subscription"
	"microcourt/storage"
	"microcourt/storage/storagetest"
)

// hearing is a service whose messages are the answers of users, named by the
// message, but for those that begin with "bad": what they say cannot be applied
// until it is mended.
type hearing struct {
	t      *testing.T
	db     *storage.DB
	clock  *storagetest.Clock
	fault  *storagetest.Fault
	svc    *subscription.Service
	mended bool
}

func newHearing(t *testing.T) *hearing {
	t.Helper()
	h := &hearing{t: t, clock: storagetest.NewClock()}
	h.db, h.fault = storagetest.OpenFaulty(t, h.clock.Now)
	h.svc = subscription.New(h.db, subscription.Config{
		Logger: slog.New(slog.DiscardHandler), Pushes: h, Pictures: h,
	})
	return h
}

// Read makes a hearing the reader of its own messages.
func (h *hearing) Read(m []byte) ([]model.PushedLine, error) {
	if strings.HasPrefix(string(m), "bad") {
		return []model.PushedLine{{Picture: &model.ContentVerdict{}}}, nil
	}
	return []model.PushedLine{{Source: model.SubscriptionPopup, OpenID: string(m), TemplateID: "T", Accepted: true, At: h.clock.Now()}}, nil
}

// PictureVerdict is what fails until it is mended.
func (h *hearing) PictureVerdict(context.Context, *storage.DB, model.ContentVerdict) (bool, error) {
	if h.mended {
		return true, nil
	}
	return false, errors.New("this one cannot be applied")
}

func (h *hearing) heard(who string) bool {
	h.t.Helper()
	list, err := h.db.SubscriptionEntries(context.Background(), who)
	if err != nil {
		h.t.Fatal(err)
	}
	return len(list) > 0
}

// told is how many messages the operator is told of.
func (h *hearing) told() (n int64) {
	h.t.Helper()
	list, err := h.db.Findings(context.Background(), 0)
	if err != nil {
		h.t.Fatal(err)
	}
	for _, f := range list {
		if f.Kind == model.DefectPush {
			n = f.N
		}
	}
	return n
}

// A pushed message that cannot be applied keeps no later one. After some tries it
// is set aside, told, and applied when it can be.
func TestOneBadMessageKeepsNoOther(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	h := newHearing(t)
	for _, m := range []string{"bad", "li", "wang"} {
		if err := h.svc.Receive(ctx, []byte(m)); err != nil {
			t.Fatal(err)
		}
		h.clock.Advance(time.Millisecond)
	}
	if err := h.svc.Drain(ctx); err == nil || !strings.Contains(err.Error(), "cannot be applied") {
		t.Errorf("the bad one is not told: %v", err)
	}
	if !h.heard("li") || !h.heard("wang") {
		t.Error("the good ones wait for the bad one")
	}
	if h.told() != 0 {
		t.Error("told after one try")
	}
	for range 6 {
		h.clock.Advance(time.Hour)
		_ = h.svc.Drain(ctx) // fails
	}
	if n := h.told(); n != 1 {
		t.Fatalf("%d are told", n)
	}
	h.clock.Advance(time.Hour)
	if err := h.svc.Drain(ctx); err != nil {
		t.Errorf("it is tried more than once a day: %v", err)
	}
	h.mended = true
	h.clock.Advance(25 * time.Hour)
	if err := h.svc.Drain(ctx); err != nil || h.told() != 0 {
		t.Errorf("mended: %v, %d are told", err, h.told())
	}
}

// A message that the database does not take keeps none of those that came while
// the database was away.
func TestAMessageThatCannotBeStoredKeepsNoOther(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	h := newHearing(t)
	if err := h.svc.Receive(ctx, nil); err == nil { // NULL where none may be
		t.Fatal("it was stored")
	}
	h.fault.RefuseCommit(errors.New("the connection broke"))
	if err := h.svc.Receive(ctx, []byte("li")); err == nil {
		t.Fatal("the database was not away")
	}
	h.fault.Disarm()
	if err := h.svc.Drain(ctx); err == nil {
		t.Error("the bad one is not told")
	}
	if !h.heard("li") {
		t.Error("the good one waits for the bad one")
	}
	for range 6 {
		h.clock.Advance(time.Hour)
		_ = h.svc.Drain(ctx) // fails
	}
	if n := h.told(); n != 1 {
		t.Errorf("%d are told", n)
	}
	if err := h.svc.Drain(ctx); err != nil {
		t.Errorf("after it was set aside: %v", err)
	}
}
