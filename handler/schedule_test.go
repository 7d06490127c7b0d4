package handler_test

import (
	"context"
	"math/rand/v2"
	"sync"
	"testing"
	"time"

	"microcourt/handler/handlertest"

	"microcourt/model"
	"microcourt/service/wechat/wechattest"
)

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

// A month of a thousand cases, with two workers on one database and a platform
// that fails. The witness is what the phones showed.
func TestAMonthOfAThousandCases(t *testing.T) {
	t.Parallel()
	w := handlertest.New(t)
	ctx := context.Background()
	phones := w.Month(1000)
	rng := rand.New(rand.NewPCG(1, 2))
	kinds := []wechattest.FaultKind{wechattest.FaultBusy, wechattest.FaultBadGateway, wechattest.FaultClose}
	for end := at(4, 1, 12); w.Clock.Now().Before(end); {
		w.Clock.Set(w.Clock.Now().Add(time.Hour).Truncate(time.Hour))
		if rng.IntN(8) == 0 {
			w.Fake.RotateToken()
		}
		if h := w.Clock.Now().In(model.CourtZone).Hour(); h == 9 { // when most is sent; they would pile up otherwise
			w.Fake.Fault(sendPath, kinds[rng.IntN(3)], rng.IntN(40))
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
