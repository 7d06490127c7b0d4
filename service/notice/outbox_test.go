package notice_test

import (
	"context"
	"sync"
	"testing"
	"time"

	"microcourt/model"
	"microcourt/service/wechat"
	"microcourt/service/wechat/wechattest"
)

// waiting are n people who each allowed one card, and a card for each of them.
func (w *world) waiting(n int) []person {
	w.t.Helper()
	out := w.people(n)
	for _, p := range out {
		w.allow(p, wechattest.TemplateReceipt, 1)
		w.tell(p, model.NoticeReceiptReceived, "1")
	}
	return out
}

// cards counts what WeChat showed, by its own inbox.
func (w *world) cards(people []person) (total int, twice []string) {
	for _, p := range people {
		n := len(w.fake.Inbox(p.id))
		total += n
		if n > 1 {
			twice = append(twice, p.id)
		}
	}
	return total, twice
}

// settled proves that nothing waits in the outbox.
func (w *world) settled() {
	w.t.Helper()
	counts, err := w.db.OutboxCounts(context.Background())
	if err != nil || counts[model.OutboxQueued]+counts[model.OutboxSending] != 0 {
		w.t.Errorf("left in the outbox: %v %v", counts, err)
	}
}

// Two workers on one outbox, the token rotated in the middle of the batch: every card
// is shown exactly once, by the platform's own account.
func TestTwoWorkersAndARotatedTokenSendEachCardOnce(t *testing.T) {
	t.Parallel()
	w := newWorld(t, model.ChannelWeChat)
	people := w.waiting(12)
	stop := make(chan struct{})
	var rotator, workers sync.WaitGroup
	rotator.Go(func() {
		for {
			select {
			case <-stop:
				return
			case <-time.After(3 * time.Millisecond):
				w.fake.RotateToken()
			}
		}
	})
	for range 2 {
		workers.Go(func() {
			for range 40 {
				if _, err := w.svc.Notice.Pass(t.Context()); err != nil {
					t.Error(err)
				}
			}
		})
	}
	workers.Wait()
	close(stop)
	rotator.Wait()
	w.clock.Advance(10 * time.Minute) // what was put off is due
	w.drain()
	if total, twice := w.cards(people); total != len(people) || len(twice) > 0 {
		t.Errorf("%d cards for %d people; twice: %v", total, len(people), twice)
	}
}

// WeChat is down, then back: nothing is lost and nothing is blocked behind a person
// who allowed no card any more.
func TestWeChatDownThenUp(t *testing.T) {
	t.Parallel()
	w := newWorld(t, model.ChannelWeChat)
	people := w.waiting(4)
	if err := w.fake.Revoke(people[0].id, wechattest.TemplateReceipt); err != nil {
		t.Fatal(err)
	}
	w.fake.Fault(sendPath, wechattest.FaultBusy, 50)
	for range 3 {
		if _, err := w.svc.Notice.Pass(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	if total, _ := w.cards(people); total != 0 {
		t.Fatalf("%d cards while WeChat was down", total)
	}
	for range 60 {
		w.clock.Advance(10 * time.Minute)
		w.drain()
	}
	if total, twice := w.cards(people); total != 3 || len(twice) > 0 {
		t.Errorf("%d cards, twice %v", total, twice)
	}
}

// WeChat shows the card and the answer is lost, again and again: the repeat is refused
// by the platform as used up, and the card is shown once.
func TestALostAnswerShowsNoSecondCard(t *testing.T) {
	t.Parallel()
	w := newWorld(t, model.ChannelWeChat)
	people := w.waiting(1)
	w.fake.Fault(sendPath, wechattest.FaultClose, 3)
	for range 20 {
		w.drain()
		w.clock.Advance(time.Minute)
	}
	if total, _ := w.cards(people); total != 1 {
		t.Errorf("%d cards were shown", total)
	}
	w.settled()
}

// An answer was lost and nobody knows whether the card was shown, until WeChat says
// that it delivered it; not at once, because the answer may still be on its way.
func TestALostAnswerIsSettledByTheDeliveryEvent(t *testing.T) {
	t.Parallel()
	w := newWorld(t, model.ChannelWeChat)
	p := w.people(1)[0]
	w.allow(p, wechattest.TemplateDue, 1) // long-term: a repeat would be shown again
	w.hear()
	w.tell(p, model.NoticeDueSoon, "1")
	w.fake.Fault(sendPath, wechattest.FaultClose, 1) // shown, and the connection cut
	w.drain()
	state := func() model.OutboxMessage {
		t.Helper()
		return w.messages(p)[0]
	}
	if got := state(); got.State != model.OutboxUnknown {
		t.Fatalf("the state is %s", got.State)
	}
	w.hear()
	if got := state(); got.State != model.OutboxUnknown {
		t.Errorf("settled at once as %s", got.State)
	}
	for range 3 {
		w.clock.Advance(30 * time.Second)
		w.hear()
	}
	if got := state(); got.State != model.OutboxAccepted || got.DeliveredAt == nil {
		t.Errorf("WeChat delivered it, and it is %+v", got)
	}
	if n := len(w.fake.Inbox(p.id)); n != 1 {
		t.Errorf("%d cards on the phone", n)
	}
}

// A worker that dies holding messages blocks nothing: its leases run out and another
// worker takes them up. A repeat is tried where the ledger says that one card is
// allowed: it cannot be shown twice.
func TestADeadWorkersMessagesAreTakenUp(t *testing.T) {
	t.Parallel()
	w := newWorld(t, model.ChannelWeChat)
	people := w.waiting(2)
	w.hear()
	for {
		held, err := w.db.LeaseOutbox(t.Context(), wechat.DemoAppID, "dead", nil, 16, time.Minute)
		if err != nil {
			t.Fatal(err)
		}
		if len(held) == 0 {
			break
		}
	}
	w.drain()
	if total, _ := w.cards(people); total != 0 {
		t.Fatalf("%d cards were sent from under a live lease", total)
	}
	for range 3 {
		w.clock.Advance(2 * time.Minute)
		w.drain()
	}
	if total, twice := w.cards(people); total != 2 || len(twice) > 0 {
		t.Errorf("%d cards, twice %v", total, twice)
	}
	w.settled()
}
