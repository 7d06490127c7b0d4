package handler_test

import (
	"context"
	"sync"
	"testing"
	"time"

	"microcourt/handler/handlertest"

	"microcourt/service/wechat"
	"microcourt/service/wechat/wechattest"
)

const sendPath = "/cgi-bin/message/subscribe/send"

// Two workers on one outbox, the token rotated in the middle of the batch:
// every card is shown exactly once, by the platform's own account.
func TestTwoWorkersAndARotatedTokenSendEachCardOnce(t *testing.T) {
	t.Parallel()
	w := handlertest.New(t)
	people := w.Debtors(12)
	stop := make(chan struct{})
	var rotator sync.WaitGroup
	rotator.Go(func() {
		for {
			select {
			case <-stop:
				return
			case <-time.After(3 * time.Millisecond):
				w.Fake.RotateToken()
			}
		}
	})
	var wg sync.WaitGroup
	for range 2 {
		wg.Go(func() {
			for range 40 {
				if _, err := w.Svc.Notice.Pass(context.Background()); err != nil {
					t.Error(err)
				}
			}
		})
	}
	wg.Wait()
	close(stop)
	rotator.Wait()
	w.Clock.Advance(10 * time.Minute) // what was put off is due
	if err := w.Svc.Notice.Drain(context.Background()); err != nil {
		t.Fatal(err)
	}
	if total, twice := w.Cards(people); total != len(people) || len(twice) > 0 {
		t.Errorf("%d cards for %d people; twice: %v", total, len(people), twice)
	}
}

// WeChat is down, then back: nothing is lost and nothing is blocked behind a
// person who never allowed a card.
func TestWeChatDownThenUp(t *testing.T) {
	t.Parallel()
	w := handlertest.New(t)
	people := w.Debtors(4)
	if err := w.Fake.Revoke(people[0].OpenID, wechattest.TemplateReceipt); err != nil {
		t.Fatal(err)
	}
	w.Fake.Fault(sendPath, wechattest.FaultBusy, 50)
	for range 3 {
		if _, err := w.Svc.Notice.Pass(context.Background()); err != nil {
			t.Fatal(err)
		}
	}
	if total, _ := w.Cards(people); total != 0 {
		t.Fatalf("%d cards while WeChat was down", total)
	}
	for range 60 {
		w.Clock.Advance(10 * time.Minute)
		if err := w.Svc.Notice.Drain(context.Background()); err != nil {
			t.Fatal(err)
		}
	}
	if total, twice := w.Cards(people); total != 3 || len(twice) > 0 {
		t.Errorf("%d cards, twice %v", total, twice)
	}
}

// WeChat shows the card and the answer is lost: the repeat is refused by the
// platform as used up, and the card is shown once.
func TestALostAnswerShowsNoSecondCard(t *testing.T) {
	t.Parallel()
	w := handlertest.New(t)
	people := w.Debtors(1)
	w.Fake.Fault(sendPath, wechattest.FaultClose, 1)
	w.Fake.Fault(sendPath, wechattest.FaultClose, 1)
	w.Fake.Fault(sendPath, wechattest.FaultClose, 1)
	for range 20 {
		if err := w.Svc.Notice.Drain(context.Background()); err != nil {
			t.Fatal(err)
		}
		w.Clock.Advance(time.Minute)
	}
	if total, _ := w.Cards(people); total != 1 {
		t.Errorf("%d cards were shown", total)
	}
	w.Settled()
}

// A worker that dies holding messages blocks nothing: its leases run out and
// another worker takes them up. A repeat is tried where the ledger says that one
// card is allowed: it cannot be shown twice.
func TestADeadWorkersMessagesAreTakenUp(t *testing.T) {
	t.Parallel()
	w := handlertest.New(t)
	people := w.Debtors(2)
	w.Push(w.Fake.Pending()...)
	ctx := context.Background()
	for {
		held, err := w.DB.LeaseOutbox(ctx, wechat.DemoAppID, "dead", nil, 16, time.Minute)
		if err != nil {
			t.Fatal(err)
		}
		if len(held) == 0 {
			break
		}
	}
	if err := w.Svc.Notice.Drain(ctx); err != nil {
		t.Fatal(err)
	}
	if total, _ := w.Cards(people); total != 0 {
		t.Fatalf("%d cards were sent from under a live lease", total)
	}
	for range 3 {
		w.Clock.Advance(2 * time.Minute)
		if err := w.Svc.Notice.Drain(ctx); err != nil {
			t.Fatal(err)
		}
	}
	if total, twice := w.Cards(people); total != 2 || len(twice) > 0 {
		t.Errorf("%d cards, twice %v", total, twice)
	}
	w.Settled()
}
