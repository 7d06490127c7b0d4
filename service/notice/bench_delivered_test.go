package notice_test

import (
	"context"
	"database/sql"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"regexp"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"microcourt/model"
	"microcourt/service/wechat/wechattest"
	"microcourt/storage"
	"microcourt/storage/storagetest"
)

// told is what BenchmarkDelivered knows of one card.
type told struct{ accepted, delivered time.Time }

var messageID = regexp.MustCompile(`<MsgID>(\d+)</MsgID>`)

// deliveredIDs are the messages that the database says are delivered.
func deliveredIDs(db *sql.DB) (out []string, err error) {
	rows, err := db.Query("SELECT message_id FROM outbox WHERE delivered_at IS NOT NULL")
	if err != nil {
		return nil, err
	}
	defer func() { _ = rows.Close() }()
	for rows.Next() {
		var id string
		if err := rows.Scan(&id); err != nil {
			return nil, err
		}
		out = append(out, id)
	}
	return out, rows.Err()
}

// Five thousand cards are due at the same minute. The platform takes 20 to
// 500 ms for each call and pushes its report of the delivery 20 to 500 ms after
// its acceptance, to our address, over HTTP, up to three times. Measured is, for
// each card, from the platform's acceptance until the database says 已送达;
// the platform's own delay, without which there would be no report, is in it and
// is also printed.
func BenchmarkDelivered(b *testing.B) {
	const people = 5000
	w := newWorld(b, model.ChannelWeChat)
	ctx, stop := context.WithCancel(b.Context())
	var background sync.WaitGroup
	defer background.Wait()
	defer stop()
	background.Go(func() { w.clock.Run(ctx) })
	var mu sync.Mutex
	cards := map[string]*told{}
	var delays []time.Duration
	var pushes sync.WaitGroup
	var refused, pushed atomic.Int64
	var address string
	var platform sync.Mutex // so that an event is taken with the call that made it
	w.around = func(rw http.ResponseWriter, r *http.Request, next http.Handler) {
		if r.URL.Path != sendPath {
			next.ServeHTTP(rw, r)
			return
		}
		time.Sleep(time.Duration(20+rand.IntN(480)) * time.Millisecond)
		platform.Lock()
		next.ServeHTTP(rw, r)
		events := w.fake.Pending()
		platform.Unlock()
		at := time.Now()
		for _, e := range events {
			message, err := w.deps.Push.Open(e.Query, e.Body)
			if err != nil {
				b.Error(err)
				continue
			}
			id := string(messageID.FindSubmatch(message)[1])
			delay := time.Duration(20+rand.IntN(480)) * time.Millisecond
			mu.Lock()
			cards[id] = &told{accepted: at}
			delays = append(delays, delay)
			mu.Unlock()
			pushes.Go(func() {
				time.Sleep(delay)
				for range 3 { // as the platform
					pushed.Add(1)
					if e.Send(ctx, address) == nil {
						return
					}
					refused.Add(1)
				}
			})
		}
	}
	w.build()
	ours := http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(http.MaxBytesReader(rw, r.Body, 1<<20))
		var message []byte
		if err == nil {
			message, err = w.deps.Push.Open(r.URL.Query(), body)
		}
		if err == nil {
			err = w.svc.Subscription.Receive(r.Context(), message)
		}
		if err != nil {
			http.Error(rw, err.Error(), http.StatusServiceUnavailable)
			return
		}
		_, _ = io.WriteString(rw, "success")
	})
	server := httptest.NewServer(ours)
	defer server.Close()
	address = server.URL + "/api/v1/wechat/push"
	list := w.people(people)
	for _, p := range list {
		if err := w.fake.Allow(p.id, wechattest.TemplateDue); err != nil {
			b.Fatal(err)
		}
	}
	w.hear() // what the people allowed
	raw := storagetest.Raw(w.t, w.cfg.DSN)
	defer func() { _ = raw.Close() }()
	background.Go(func() { _ = w.svc.Notice.Run(ctx) })
	background.Go(func() { _ = w.svc.Subscription.Run(ctx) })
	for round := 0; b.Loop(); round++ {
		mu.Lock()
		clear(cards)
		delays = nil
		mu.Unlock()
		w.tx(func(tx *storage.DB) error {
			rows := make([]model.Notice, len(list))
			for i, p := range list {
				rows[i] = model.Notice{
					CourtID: w.court.ID, CaseID: p.party.CaseID, PartyID: p.party.ID, Kind: model.NoticeDueSoon, DedupeKey: fmt.Sprintf("delivered:%d:%d", round, i),
					Title: "t", Body: "b", Card: map[string]string{"case_no": "（2026）浙0211民初1号", "due": "2026年3月31日"},
				}
			}
			return tx.AddNotices(ctx, rows)
		})
		due := time.Now()
		w.svc.Notice.Wake()
		for n := 0; n < people; {
			if time.Since(due) > 10*time.Minute {
				b.Fatalf("%d of %d were delivered", n, people)
			}
			time.Sleep(50 * time.Millisecond)
			ids, err := deliveredIDs(raw)
			if err != nil {
				b.Fatal(err)
			}
			now := time.Now()
			mu.Lock()
			n = 0
			for _, id := range ids {
				if c := cards[id]; c != nil {
					if n++; c.delivered.IsZero() {
						c.delivered = now
					}
				}
			}
			mu.Unlock()
		}
		pushes.Wait()
		accepted, took := make([]time.Duration, 0, people), make([]time.Duration, 0, people)
		for _, c := range cards {
			accepted = append(accepted, c.accepted.Sub(due))
			took = append(took, c.delivered.Sub(c.accepted))
		}
		if len(took) != people {
			b.Fatalf("%d cards were accepted", len(took))
		}
		slices.Sort(accepted)
		slices.Sort(took)
		slices.Sort(delays)
		at := func(of []time.Duration, share int) float64 { return of[min(people*share/100, people-1)].Seconds() }
		b.ReportMetric(at(accepted, 95), "due-accepted-p95-s")
		b.ReportMetric(at(took, 50), "p50-s")
		b.ReportMetric(at(took, 95), "p95-s")
		b.ReportMetric(at(took, 99), "p99-s")
		b.ReportMetric(at(took, 100), "last-s")
		b.ReportMetric(at(delays, 95), "platform-p95-s")
		b.ReportMetric(float64(refused.Load()), "pushes-refused")
	}
}
