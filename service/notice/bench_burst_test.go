package notice_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"net/http"
	"slices"
	"sync"
	"testing"
	"time"

	"microcourt/model"
	"microcourt/service/wechat/wechattest"
	"microcourt/storage"
)

// Five thousand people are due at the same minute, and the platform takes 20 to
// 500 ms for each call: how long after that minute their channel has accepted
// the message, and the record says so. The goal is 95 % within 10 s.
func BenchmarkBurst(b *testing.B) {
	const people = 5000
	w := newWorld(b, model.ChannelWeChat)
	var mu sync.Mutex
	var taken []time.Time
	w.deps.Delivered = func(_ model.NoticeKind, _ model.ChannelName, outcome model.OutboxState) {
		if outcome == model.OutboxAccepted {
			mu.Lock()
			taken = append(taken, time.Now())
			mu.Unlock()
		}
	}
	w.build()
	list := w.people(people)
	for _, p := range list {
		if err := w.fake.Allow(p.id, wechattest.TemplateDue); err != nil {
			b.Fatal(err)
		}
	}
	w.between = func(r *http.Request) {
		if r.URL.Path == sendPath {
			time.Sleep(time.Duration(20+rand.IntN(480)) * time.Millisecond)
		}
	}
	round := 0
	for b.Loop() {
		round++
		w.tx(func(tx *storage.DB) error {
			rows := make([]model.Notice, len(list))
			for i, p := range list {
				rows[i] = model.Notice{
					CourtID: w.court.ID, CaseID: p.party.CaseID, PartyID: p.party.ID, Kind: model.NoticeDueSoon, DedupeKey: fmt.Sprintf("burst:%d:%d", round, i),
					Title: "t", Body: "b", Card: map[string]string{"case_no": "（2026）浙0211民初1号", "due": "2026年3月31日"},
				}
			}
			return tx.AddNotices(context.Background(), rows)
		})
		mu.Lock()
		taken = nil
		mu.Unlock()
		due := time.Now()
		w.drain()
		if len(taken) != people {
			b.Fatalf("%d of %d were accepted", len(taken), people)
		}
		slices.SortFunc(taken, time.Time.Compare)
		b.ReportMetric(taken[people*95/100].Sub(due).Seconds(), "p95-s")
		b.ReportMetric(taken[people-1].Sub(due).Seconds(), "last-s")
		if shown := len(w.fake.Inbox("")); shown != people*round {
			b.Errorf("the phones show %d cards", shown)
		}
	}
}
