package handler_test

import (
	"context"
	"fmt"
	"net/http"
	"sync"
	"testing"
	"time"

	"microcourt/model"
	"microcourt/service/wechat"
	"microcourt/service/wechat/wechattest"
)

const sendPath = "/cgi-bin/message/subscribe/send"

// debtors files n cases, each with a debtor who allowed cards about receipts
// and submitted one: n cards wait in the outbox.
func (w *world) debtors(n int) []*client {
	w.t.Helper()
	w.staff("zhang.min", model.RoleJudge)
	clerk := w.staff("wan.tt", model.RoleClerk)
	var out []*client
	for i := range n {
		f := w.file(clerk)
		p := w.phone("")
		p.bind(clerk, f.id, f.debtor)
		if err := w.fake.Allow(p.openID, wechattest.TemplateReceipt); err != nil {
			w.t.Fatal(err)
		}
		p.submit(f, 60000, 200+i)
		out = append(out, p)
	}
	return out
}

// cards counts what WeChat showed, by its own inbox.
func (w *world) cards(people []*client) (total int, twice []string) {
	for _, p := range people {
		n := len(w.fake.Inbox(p.openID))
		total += n
		if n > 1 {
			twice = append(twice, p.openID)
		}
	}
	return total, twice
}

// Two workers on one outbox, the token rotated in the middle of the batch:
// every card is shown exactly once, by the platform's own account.
func TestTwoWorkersAndARotatedTokenSendEachCardOnce(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	people := w.debtors(12)
	stop := make(chan struct{})
	var rotator sync.WaitGroup
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
	var wg sync.WaitGroup
	for range 2 {
		wg.Go(func() {
			for range 40 {
				if _, err := w.svc.Notice.Pass(context.Background()); err != nil {
					t.Error(err)
				}
			}
		})
	}
	wg.Wait()
	close(stop)
	rotator.Wait()
	w.clock.Advance(10 * time.Minute) // what was put off is due
	if err := w.svc.Notice.Drain(context.Background()); err != nil {
		t.Fatal(err)
	}
	if total, twice := w.cards(people); total != len(people) || len(twice) > 0 {
		t.Errorf("%d cards for %d people; twice: %v", total, len(people), twice)
	}
}

// WeChat is down, then back: nothing is lost and nothing is blocked behind a
// person who never allowed a card.
func TestWeChatDownThenUp(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	people := w.debtors(4)
	if err := w.fake.Revoke(people[0].openID, wechattest.TemplateReceipt); err != nil {
		t.Fatal(err)
	}
	w.fake.Fault(sendPath, wechattest.FaultBusy, 50)
	for range 3 {
		if _, err := w.svc.Notice.Pass(context.Background()); err != nil {
			t.Fatal(err)
		}
	}
	if total, _ := w.cards(people); total != 0 {
		t.Fatalf("%d cards while WeChat was down", total)
	}
	for range 60 {
		w.clock.Advance(10 * time.Minute)
		if err := w.svc.Notice.Drain(context.Background()); err != nil {
			t.Fatal(err)
		}
	}
	if total, twice := w.cards(people); total != 3 || len(twice) > 0 {
		t.Errorf("%d cards, twice %v", total, twice)
	}
}

// WeChat shows the card and the answer is lost: the repeat is refused by the
// platform as used up, and the card is shown once.
func TestALostAnswerShowsNoSecondCard(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	people := w.debtors(1)
	w.fake.Fault(sendPath, wechattest.FaultClose, 1)
	w.fake.Fault(sendPath, wechattest.FaultClose, 1)
	w.fake.Fault(sendPath, wechattest.FaultClose, 1)
	for range 20 {
		if err := w.svc.Notice.Drain(context.Background()); err != nil {
			t.Fatal(err)
		}
		w.clock.Advance(time.Minute)
	}
	if total, _ := w.cards(people); total != 1 {
		t.Errorf("%d cards were shown", total)
	}
	w.settled()
}

// A worker that dies holding messages blocks nothing: its leases run out and
// another worker takes them up. A repeat is tried where the ledger says that one
// card is allowed: it cannot be shown twice.
func TestADeadWorkersMessagesAreTakenUp(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	people := w.debtors(2)
	w.push(w.fake.Pending()...)
	ctx := context.Background()
	for {
		held, err := w.db.LeaseOutbox(ctx, wechat.DemoAppID, "dead", nil, 16, time.Minute)
		if err != nil {
			t.Fatal(err)
		}
		if len(held) == 0 {
			break
		}
	}
	if err := w.svc.Notice.Drain(ctx); err != nil {
		t.Fatal(err)
	}
	if total, _ := w.cards(people); total != 0 {
		t.Fatalf("%d cards were sent from under a live lease", total)
	}
	for range 3 {
		w.clock.Advance(2 * time.Minute)
		if err := w.svc.Notice.Drain(ctx); err != nil {
			t.Fatal(err)
		}
	}
	if total, twice := w.cards(people); total != 2 || len(twice) > 0 {
		t.Errorf("%d cards, twice %v", total, twice)
	}
	w.settled()
}

// settled proves that nothing waits in the outbox.
func (w *world) settled() {
	w.t.Helper()
	counts, err := w.db.OutboxCounts(context.Background())
	if err != nil || counts[model.OutboxQueued]+counts[model.OutboxSending] != 0 {
		w.t.Errorf("left in the outbox: %v %v", counts, err)
	}
}

// Numbers have no gaps under concurrency, and an obligor has one certificate.
func TestCertificatesAreNumberedWithoutGaps(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	judge, clerk := w.staff("zhang.min", model.RoleJudge), w.staff("wan.tt", model.RoleClerk)
	const n = 6
	var cases []filed
	for i := range n {
		f := w.file(clerk)
		p := w.phone("")
		p.bind(clerk, f.id, f.debtor)
		judge.confirm(p.submit(f, 100000, 300+i), 100000)
		cases = append(cases, f)
	}
	var mu sync.Mutex
	numbers := map[string]int{}
	created := 0
	var wg sync.WaitGroup
	for i := range 3 * n {
		wg.Go(func() {
			f := cases[i%n]
			a := judge.call(http.MethodPost, fmt.Sprintf("/cases/%d/certificates", f.id), obj{"instrument_id": f.instrument, "party_id": f.debtor})
			mu.Lock()
			defer mu.Unlock()
			numbers[a.json.str("number")]++
			if a.status == http.StatusCreated {
				created++
			}
		})
	}
	wg.Wait()
	for i := range n {
		if numbers[fmt.Sprintf("镇法自履证〔2026〕%d号", i+1)] != 3 {
			t.Errorf("numbers: %v", numbers)
		}
	}
	if created != n {
		t.Errorf("%d certificates were created for %d debtors", created, n)
	}
}
