package handler_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"runtime"
	"sync"
	"testing"
	"time"

	"microcourt/handler/handlertest"

	"microcourt/model"
	"microcourt/storage"
)

// slowSends makes each send take 20 ms, as over the Internet, and watches that
// no user is sent two at a time.
type slowSends struct {
	next http.Handler

	mu       sync.Mutex
	inFlight map[string]int
	twice    int
}

func (s *slowSends) ServeHTTP(rw http.ResponseWriter, r *http.Request) {
	if r.URL.Path != sendPath {
		s.next.ServeHTTP(rw, r)
		return
	}
	body, _ := io.ReadAll(r.Body)
	var m struct {
		To string `json:"touser"`
	}
	_ = json.Unmarshal(body, &m)
	s.mu.Lock()
	if s.inFlight[m.To]++; s.inFlight[m.To] > 1 {
		s.twice++
	}
	s.mu.Unlock()
	time.Sleep(20 * time.Millisecond)
	r.Body = io.NopCloser(bytes.NewReader(body))
	s.next.ServeHTTP(rw, r)
	s.mu.Lock()
	s.inFlight[m.To]--
	s.mu.Unlock()
}

// Messages that WeChat accepted a second, from the outbox of one instance, at
// 20 ms a call, and how much memory that takes.
func BenchmarkDelivery(b *testing.B) {
	slow := &slowSends{inFlight: map[string]int{}}
	w := handlertest.NewBehind(b, func(next http.Handler) http.Handler { slow.next = next; return slow })
	w.Staff("zhang.min", model.RoleJudge)
	clerk := w.Staff("wan.tt", model.RoleClerk)
	dues := map[string]model.Date{}
	for range 500 {
		f := w.File(clerk)
		dues[f.No] = model.NewDate(2026, 3, 31)
	}
	w.BindAll(dues)
	cases, err := w.DB.CasesByNo(context.Background(), keys(dues))
	if err != nil {
		b.Fatal(err)
	}
	const each = 12
	round := 0
	for b.Loop() {
		round++
		for _, cs := range cases {
			err := w.DB.Transact(context.Background(), func(tx *storage.DB) error {
				parties, err := tx.Parties(context.Background(), cs.ID)
				if err != nil {
					return err
				}
				var list []model.Notice
				for _, p := range parties {
					for i := range each {
						list = append(list, model.Notice{
							CourtID: cs.CourtID, CaseID: cs.ID, PartyID: p.ID, Kind: model.NoticeDueSoon, DedupeKey: fmt.Sprintf("bench:%d:%d:%d", round, p.ID, i),
							Title: "t", Body: "b", Card: map[string]string{"case_no": cs.CaseNo, "due": "2026年3月31日", "remark": "履行期限将届满"},
						})
					}
				}
				return tx.AddNotices(context.Background(), list)
			})
			if err != nil {
				b.Fatal(err)
			}
		}
		runtime.GC()
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		begin := time.Now()
		if err := w.Svc.Notice.Drain(context.Background()); err != nil {
			b.Fatal(err)
		}
		took := time.Since(begin)
		runtime.GC()
		runtime.ReadMemStats(&after)
		accepted := w.OutboxStates()[model.OutboxAccepted]
		if want := int64(round * len(cases) * each); accepted != want {
			b.Errorf("%d of %d were accepted: %v", accepted, want, w.OutboxStates())
		}
		b.ReportMetric(float64(len(cases)*each)/took.Seconds(), "accepted/s")
		b.ReportMetric(float64(int64(after.HeapInuse)-int64(before.HeapInuse))/(1<<20), "MB-growth")
		b.ReportMetric(float64(slow.twice), "two-at-a-time")
	}
}

func keys(m map[string]model.Date) (out []string) {
	for k := range m {
		out = append(out, k)
	}
	return out
}
