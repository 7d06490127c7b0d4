package handler_test

import (
	"fmt"
	"net/http"
	"sync"
	"testing"
)

// The same request with the same key, or with the same natural key, sent twice
// at once, gives one result twice.
func TestTheSameRequestTwiceAtOnce(t *testing.T) {
	t.Parallel()
	for name, prepare := range twiceTable() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			l := newLosing(t)
			for n := range 3 {
				send, id := prepare(l)
				var both [2]answer
				var wg sync.WaitGroup
				for i := range both {
					wg.Go(func() { both[i] = send() })
				}
				wg.Wait()
				if a, b := both[0], both[1]; a.status/100 != 2 || b.status/100 != 2 || a.json.id(id) == 0 || a.json.id(id) != b.json.id(id) {
					t.Fatalf("pair %d: %d %s, and %d %s", n, a.status, a.body, b.status, b.body)
				}
			}
		})
	}
}

func twiceTable() map[string]func(l *losing) (send func() answer, id string) {
	to := func(c *client, path string, body obj, id string) (func() answer, string) {
		key := freshKey()
		return func() answer { return c.callKey(http.MethodPost, path, body, key) }, id
	}
	return map[string]func(l *losing) (func() answer, string){
		"upload": func(l *losing) (func() answer, string) {
			f, key, file := l.boundCase(), freshKey(), picture(7)
			return func() answer { return l.d.upload(f.id, key, file) }, "id"
		},
		"receipt": func(l *losing) (func() answer, string) {
			f := l.boundCase()
			return to(l.d, fmt.Sprintf("/cases/%d/receipts", f.id), claim(1000, l.d.uploaded(f.id, 8)), "id")
		},
		"confirmation": func(l *losing) (func() answer, string) {
			r := l.d.submit(l.boundCase(), 60000, 9)
			return to(l.judge, fmt.Sprintf("/receipts/%d/confirm", r.id("id")), obj{"version": 1, "amount_fen": 60000}, "id")
		},
		"correction": func(l *losing) (func() answer, string) {
			r := l.d.submit(l.boundCase(), 60000, 9)
			l.judge.confirm(r, 60000)
			return to(l.judge, fmt.Sprintf("/receipts/%d/correct", r.id("id")), obj{"version": 2, "amount_fen": 50000, "reason": "看错了金额"}, "id")
		},
		"binding": func(l *losing) (func() answer, string) {
			f := l.file(l.clerk)
			code := l.clerk.must(http.StatusCreated, http.MethodPost, fmt.Sprintf("/cases/%d/parties/%d/binding-codes", f.id, f.debtor), obj{}).str("code")
			return to(l.d, "/bindings/code", obj{"code": code}, "binding_id")
		},
		"certificate": func(l *losing) (func() answer, string) {
			f := l.paidCase()
			return to(l.judge, fmt.Sprintf("/cases/%d/certificates", f.id), obj{"instrument_id": f.instrument, "party_id": f.debtor}, "id")
		},
		"revocation": func(l *losing) (func() answer, string) {
			f := l.paidCase()
			c := l.judge.must(http.StatusCreated, http.MethodPost, fmt.Sprintf("/cases/%d/certificates", f.id), obj{"instrument_id": f.instrument, "party_id": f.debtor})
			return to(l.judge, fmt.Sprintf("/certificates/%d/revoke", c.id("id")), obj{"ground": "payment_reversed", "reason": "银行退票", "version": 1}, "id")
		},
		"paper": func(l *losing) (func() answer, string) {
			f := l.boundCase()
			return to(l.judge, fmt.Sprintf("/cases/%d/documents", f.id), obj{"kind": "creditor_sheet", "party_id": f.creditor, "instrument_id": f.instrument}, "id")
		},
		"case": func(l *losing) (func() answer, string) { return to(l.clerk, "/cases", caseInput(), "id") },
	}
}
