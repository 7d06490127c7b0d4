package handler_test

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"

	"microcourt/model"
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

// A second click on a form of the desk that has no key of its own shows what the
// first one did, and does nothing: also at once.
func TestADeskFormSentTwiceAtOnce(t *testing.T) {
	t.Parallel()
	// done says how often it was done.
	for name, prepare := range map[string]func(c *coerced) (send func() (*http.Response, string), done func() int, said string){
		"handing all cases over": func(c *coerced) (func() (*http.Response, string), func() int, string) {
			c.staff("ke.fg", model.RoleOfficer)
			auditor, v := c.staff("xu.he", model.RoleAuditor), c.visitor(c.leader)
			form := url.Values{"from_officer": {"ji.fg"}, "to_officer": {"ke.fg"}, "reason": {"离岗三个月"}}
			return func() (*http.Response, string) { return v.send(post, "/enforcement-hand-over", form, nil) },
				func() int {
					list := auditor.must(http.StatusOK, get, fmt.Sprintf("/audit?case_id=%d", c.f.id), nil).list("entries")
					return len(slices.DeleteFunc(list, func(e obj) bool { return e.str("action") != "enforcement.handover" }))
				}, "done=handed"
		},
		"the list of duties": func(c *coerced) (func() (*http.Response, string), func() int, string) {
			c.agency(c.court, "SCJ")
			manager := c.staff("list.zg", model.RoleListManager)
			v := c.visitor(manager)
			const row = "SCJ,,,CJ-28,联合惩戒,限制登记为企业高级管理人员,,限制登记记录,人次,每案,5个工作日,失信被执行人名单,自然人,3个工作日\n"
			return func() (*http.Response, string) {
				return v.sendForm("/duties", map[string]string{"version": "0", "write": "1", "source": "镇信用办〔2026〕3号"}, []byte(dutyHead+row))
			}, func() int { return len(manager.must(http.StatusOK, get, "/duty-lists", nil).list("lists")) }, "done=saved"
		},
		"importing cases": func(c *coerced) (func() (*http.Response, string), func() int, string) {
			v, file := c.visitor(c.clerk), []byte(backlogFile(c.clerk))
			return func() (*http.Response, string) {
				return v.sendForm("/import", map[string]string{"notices": "held", "write": "1"}, file)
			}, func() int { return len(c.clerk.must(http.StatusOK, get, "/imports", nil).list("imports")) }, "已写入"
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			send, done, said := prepare(newCoerced(t))
			before := done()
			var wg sync.WaitGroup
			for range 3 {
				wg.Go(func() {
					if res, body := send(); res.StatusCode >= 400 || !strings.Contains(res.Header.Get("Location")+body, said) {
						t.Errorf("%d %s: %.600s", res.StatusCode, res.Header.Get("Location"), body)
					}
				})
			}
			wg.Wait()
			if n := done() - before; n != 1 {
				t.Errorf("it was done %d times", n)
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
