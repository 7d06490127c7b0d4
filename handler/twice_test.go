package handler_test

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"testing"

	"microcourt/handler/handlertest"

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
				var both [2]handlertest.Answer
				var wg sync.WaitGroup
				for i := range both {
					wg.Go(func() { both[i] = send() })
				}
				wg.Wait()
				if a, b := both[0], both[1]; a.Status/100 != 2 || b.Status/100 != 2 || a.Json.ID(id) == 0 || a.Json.ID(id) != b.Json.ID(id) {
					t.Fatalf("pair %d: %d %s, and %d %s", n, a.Status, a.Body, b.Status, b.Body)
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
			c.Staff("ke.fg", model.RoleOfficer)
			v := c.Visitor(c.leader)
			form := url.Values{"from_officer": {"ji.fg"}, "to_officer": {"ke.fg"}, "reason": {"离岗三个月"}}
			return func() (*http.Response, string) { return v.Send(handlertest.Post, "/enforcement-hand-over", form, nil) },
				func() int {
					return c.Audited("enforcement.handover")
				}, "done=handed"
		},
		"the list of duties": func(c *coerced) (func() (*http.Response, string), func() int, string) {
			c.Agency(c.Court, "SCJ")
			manager := c.Staff("list.zg", model.RoleListManager)
			v := c.Visitor(manager)
			const row = "SCJ,,,CJ-28,联合惩戒,限制登记为企业高级管理人员,,限制登记记录,人次,每案,5个工作日,失信被执行人名单,自然人,3个工作日\n"
			return func() (*http.Response, string) {
					return v.SendForm("/duties", map[string]string{"version": "0", "write": "1", "source": "镇信用办〔2026〕3号"}, []byte(dutyHead+row))
				}, func() int {
					lists, err := c.Svc.Agency.Lists(context.Background(), manager.Actor())
					if err != nil {
						c.T.Fatal(err)
					}
					return len(lists)
				}, "done=saved"
		},
		"importing cases": func(c *coerced) (func() (*http.Response, string), func() int, string) {
			v, file := c.Visitor(c.clerk), []byte(backlogFile())
			return func() (*http.Response, string) {
					return v.SendForm("/import", map[string]string{"notices": "held", "write": "1"}, file)
				}, func() int {
					list, err := c.Svc.Filing.Imports(t.Context(), c.clerk.Actor(), 0, 10)
					if err != nil {
						t.Error(err)
					}
					return len(list)
				}, "已写入"
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

func twiceTable() map[string]func(l *losing) (send func() handlertest.Answer, id string) {
	to := func(c *handlertest.Client, path string, body handlertest.Obj, id string) (func() handlertest.Answer, string) {
		key := handlertest.FreshKey()
		return func() handlertest.Answer { return c.CallKey(http.MethodPost, path, body, key) }, id
	}
	var system *handlertest.Client
	return map[string]func(l *losing) (func() handlertest.Answer, string){
		"upload": func(l *losing) (func() handlertest.Answer, string) {
			f, key, file := l.boundCase(), handlertest.FreshKey(), handlertest.Picture(7)
			return func() handlertest.Answer { return l.d.Upload(f.ID, key, file) }, "id"
		},
		"receipt": func(l *losing) (func() handlertest.Answer, string) {
			f := l.boundCase()
			return to(l.d, fmt.Sprintf("/cases/%d/receipts", f.ID), handlertest.Claim(1000, l.d.Uploaded(f.ID, 8)), "id")
		},
		"confirmation": func(l *losing) (func() handlertest.Answer, string) {
			r := l.d.Submit(l.boundCase(), 60000, 9)
			return to(l.judge, fmt.Sprintf("/receipts/%d/confirm", r.ID("id")), handlertest.Obj{"version": 1, "amount_fen": 60000, "doubt_reason": "已核实。"}, "id")
		},
		"correction": func(l *losing) (func() handlertest.Answer, string) {
			r := l.d.Submit(l.boundCase(), 60000, 9)
			l.judge.Confirm(r, 60000)
			return to(l.judge, fmt.Sprintf("/receipts/%d/correct", r.ID("id")), handlertest.Obj{"version": 2, "amount_fen": 50000, "reason": "看错了金额"}, "id")
		},
		"binding": func(l *losing) (func() handlertest.Answer, string) {
			f := l.File(l.clerk)
			code := l.BindingCode(l.clerk, f.ID, f.Debtor)
			return to(l.d, "/bindings/code", handlertest.Obj{"code": code}, "binding_id")
		},
		"case": func(l *losing) (func() handlertest.Answer, string) {
			if system == nil {
				system = l.CaseSystem()
			}
			in := handlertest.CaseInput()
			in["version"] = 1
			return func() handlertest.Answer {
				return system.Call(handlertest.Put, "/case-system/cases/"+in.Str("case_no"), in)
			}, "id"
		},
	}
}
