package handler_test

import (
	"context"
	"math/rand/v2"
	"os"
	"strconv"
	"sync"
	"testing"
	"time"

	"microcourt/handler/handlertest"

	"microcourt/model"
	"microcourt/service/wechat/wechattest"
)

const sendPath = "/cgi-bin/message/subscribe/send"

func at(month time.Month, day, hour int) time.Time {
	return time.Date(2026, month, day, hour, 0, 0, 0, model.CourtZone)
}

func urged(t *testing.T) (w *handlertest.World, judge, debtor, creditor *handlertest.Client, f handlertest.Filed) {
	t.Helper()
	w = handlertest.New(t)
	judge = w.Staff("zhang.min", model.RoleJudge)
	clerk := w.Staff("wan.tt", model.RoleClerk)
	f = w.File(clerk)
	debtor, creditor = w.Phone(""), w.Phone("")
	debtor.Bind(clerk, f.ID, f.Debtor)
	creditor.Bind(clerk, f.ID, f.Creditor)
	if err := w.Fake.Allow(debtor.OpenID, wechattest.TemplateDue); err != nil {
		t.Fatal(err)
	}
	return w, judge, debtor, creditor, f
}

// monthly is how many cases a month has: enough that a day's cards are under way
// at once and that every day something is due. MICROCOURT_MONTH asks for more,
// by hand: what goes wrong once in thousands is found there.
func monthly(t *testing.T) int {
	t.Helper()
	more := os.Getenv("MICROCOURT_MONTH")
	if more == "" {
		return 200
	}
	n, err := strconv.Atoi(more)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// A month of the court, with two workers on one database and a platform that
// fails. The witness is what the phones showed.
func TestAMonth(t *testing.T) {
	t.Parallel()
	w := handlertest.New(t)
	ctx := context.Background()
	cases := monthly(t)
	phones := w.Month(cases)
	rng := rand.New(rand.NewPCG(1, 2))
	kinds := []wechattest.FaultKind{wechattest.FaultBusy, wechattest.FaultBadGateway, wechattest.FaultClose}
	for end := at(4, 1, 12); w.Clock.Now().Before(end); {
		w.Clock.Set(w.Clock.Now().Add(time.Hour).Truncate(time.Hour))
		if rng.IntN(8) == 0 {
			w.Fake.RotateToken()
		}
		if h := w.Clock.Now().In(model.CourtZone).Hour(); h == 9 { // when most is sent; they would pile up otherwise
			w.Fake.Fault(sendPath, kinds[rng.IntN(3)], rng.IntN(cases/25))
		}
		var wg sync.WaitGroup
		for range 2 {
			wg.Go(func() {
				if err := w.Svc.Schedule.Pass(ctx); err != nil {
					t.Error(err)
				}
			})
		}
		wg.Wait()
		w.Tell()
		for range 2 {
			wg.Go(func() {
				if err := w.Svc.Notice.Drain(ctx); err != nil {
					t.Error(err)
				}
			})
		}
		wg.Wait()
	}
	w.Witness(phones, false)
}
