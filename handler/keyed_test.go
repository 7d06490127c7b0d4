package handler_test

import (
	"bytes"
	"fmt"
	"maps"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"microcourt/handler"
	"microcourt/handler/handlertest"
	"microcourt/model"
	"microcourt/service/wechat/wechattest"
)

// keyedRequest is a request with a key, and what it says else under the same key.
type keyedRequest struct {
	by     *handlertest.Client
	path   string
	body   handlertest.Obj
	change handlertest.Obj
}

// owed is a case with both sides on their phones, and its one duty.
func (c *coerced) owed() (f handlertest.Filed, creditor, debtor *handlertest.Client, obligation int64) {
	f = c.FileInput(c.clerk, handlertest.CaseInput())
	creditor, debtor = c.Phone(""), c.Phone("")
	creditor.Bind(c.clerk, f.ID, f.Creditor)
	debtor.Bind(c.clerk, f.ID, f.Debtor)
	return f, creditor, debtor, creditor.Must(200, handlertest.Get, fmt.Sprintf("/cases/%d", f.ID), nil).List("instruments")[0].List("obligations")[0].ID("id")
}

// keyedRequests is one request for each route that takes a key.
func keyedRequests(c *coerced) map[string]func() keyedRequest {
	seed := 1800
	picture := func(by *handlertest.Client, caseID int64) []int64 {
		seed++
		return []int64{by.Uploaded(caseID, seed)}
	}
	inCase := func(what string) string { return fmt.Sprintf("/cases/%d/%s", c.f.ID, what) }
	detained := func() handlertest.Obj {
		m := c.take("detention", "days", 10, "act_text", "辱骂执行人员", "other_act", "另一行为")
		c.pass(at(3, 6, 15))
		return c.officer.Must(200, handlertest.Post, on(m, "detain"), handlertest.Obj{"at": at(3, 6, 14), "version": m.Num("version")})
	}
	decision := func(what string, body handlertest.Obj) keyedRequest {
		r := c.debtor.Submit(c.f, 1000, 1890)
		if what == "correct" {
			c.judge.Confirm(r, 1000)
			r = c.judge.Must(200, handlertest.Get, fmt.Sprintf("/receipts/%d", r.ID("id")), nil)
		}
		body["version"] = r.Num("version")
		return keyedRequest{c.judge, fmt.Sprintf("/receipts/%d/%s", r.ID("id"), what), body, handlertest.Obj{"amount_fen": 700}}
	}
	return map[string]func() keyedRequest{
		"POST /cases/:id/payment-accounts": func() keyedRequest {
			f, creditor, _, _ := c.owed()
			return keyedRequest{creditor, fmt.Sprintf("/cases/%d/payment-accounts", f.ID), handlertest.Obj{
				"party_id": f.Creditor, "payee": "李某", "account": "6228480000000001011", "bank": "镇海农商银行",
			}, handlertest.Obj{"account": "6214830000000005055"}}
		},
		"POST /my/relatives/:id/deposits": func() keyedRequest {
			in := handlertest.CriminalInput()
			delete(in, "instruments")
			f := c.FileCriminal(c.clerk, in)
			family := c.Phone("")
			family.Bind(c.clerk, f.ID, f.Convict)
			phone, link := kin(c.World, family, f.ID, f.Convict)
			body := handlertest.Obj{"purpose": "restitution", "amount_fen": 1000, "paid_on": "2026-03-02", "wish": "我自愿代哥哥退赔被害人的损失。", "proof_file_id": phone.Uploaded(f.ID, 1872)}
			return keyedRequest{phone, link + "/deposits", body, handlertest.Obj{"amount_fen": 700}}
		},
		"POST /deposits/:id/wishes": func() keyedRequest {
			in := handlertest.CriminalInput()
			delete(in, "instruments")
			f := c.FileCriminal(c.clerk, in)
			phone := c.Phone("")
			phone.Bind(c.clerk, f.ID, f.Convict)
			d := phone.Must(201, handlertest.Post, fmt.Sprintf("/cases/%d/deposits", f.ID), paidBefore(1000, phone.Uploaded(f.ID, 1871)))
			c.judge.Must(200, handlertest.Post, fmt.Sprintf("/deposits/%d/confirm", d.ID("id")), handlertest.Obj{"amount_fen": 1000, "version": 1})
			body := handlertest.Obj{"purpose": "fine", "wish": "我要求把这笔款项改为拟缴罚金。"}
			return keyedRequest{phone, fmt.Sprintf("/deposits/%d/wishes", d.ID("id")), body, handlertest.Obj{"wish": "我要求把这笔款项改为另一用途。"}}
		},
		"POST /cases/:id/deposits": func() keyedRequest {
			in := handlertest.CriminalInput()
			delete(in, "instruments")
			f := c.FileCriminal(c.clerk, in)
			phone := c.Phone("")
			phone.Bind(c.clerk, f.ID, f.Convict)
			return keyedRequest{phone, fmt.Sprintf("/cases/%d/deposits", f.ID), paidBefore(1000, phone.Uploaded(f.ID, 1870)), handlertest.Obj{"amount_fen": 700}}
		},
		"POST /agency/queries/:id/answer": func() keyedRequest {
			agency := c.Agency(c.Court, "GAJ")
			q := c.officer.SendsQuery(c.officer.AsksAbout(c.id, c.f.Debtor, model.QueryVehicle, agency.ID))
			return keyedRequest{c.Of("GAJ", "gaj.jg"), fmt.Sprintf("/agency/queries/%d/answer", q.ID), handlertest.Obj{"version": q.Version, "note": "没有"}, handlertest.Obj{"note": "有一辆"}}
		},
		"POST /agency/tasks/:id/reports": func() keyedRequest {
			agency, desk := c.Agency(c.Court, "SCJ"), c.Of("SCJ", "scj.jg")
			c.Staff("list.zg", model.RoleListManager).PutsDuty(agency.ID, "ZZ-1", model.NewDate(2026, 5, 1))
			path := fmt.Sprintf("/agency/tasks/%d/reports", tasks(desk, "")[0].ID("id"))
			return keyedRequest{desk, path, handlertest.Obj{"text": "已限制", "done_on": "2026-03-06", "file_ids": picture(desk, 0)}, handlertest.Obj{"quantity": 2}}
		},
		"POST /cases/:id/consents": func() keyedRequest {
			return keyedRequest{c.debtor, inCase("consents"), handlertest.Obj{"party_id": c.f.Debtor, "act": "given"}, handlertest.Obj{"act": "withdrawn"}}
		},
		"POST /cases/:id/contacts": func() keyedRequest {
			return keyedRequest{c.judge, inCase("contacts"), handlertest.Obj{"channel": "phone", "happened_at": at(3, 6, 9), "note": "已电话联系"}, handlertest.Obj{"note": "无人接听"}}
		},
		"POST /cases/:id/interest-waivers": func() keyedRequest {
			in := handlertest.CaseInput()
			money := in["instruments"].([]handlertest.Obj)[0]["obligations"].([]handlertest.Obj)[0]
			money["interest"] = handlertest.Obj{"spans": []handlertest.Obj{{"from_on": "2026-01-01", "rate_ppm": 36500}}}
			f := c.FileInput(c.clerk, in)
			creditor := c.Phone("")
			creditor.Bind(c.clerk, f.ID, f.Creditor)
			ob := creditor.Must(200, handlertest.Get, fmt.Sprintf("/cases/%d", f.ID), nil).List("instruments")[0].List("obligations")[0].ID("id")
			return keyedRequest{creditor, fmt.Sprintf("/cases/%d/interest-waivers", f.ID), handlertest.Obj{"obligation_id": ob, "part": "ordinary", "amount_fen": 100}, handlertest.Obj{"amount_fen": 200}}
		},
		"POST /cases/:id/understandings": func() keyedRequest {
			f, creditor, _, _ := c.owed()
			path := fmt.Sprintf("/cases/%d/understandings", f.ID)
			effect := creditor.Must(200, handlertest.Get, path, nil).List("forgivers")[0].Str("effect")
			return keyedRequest{creditor, path, handlertest.Obj{"effect": effect}, handlertest.Obj{"words": "他已道歉"}}
		},
		"POST /cases/:id/forgiveness": func() keyedRequest {
			f, creditor, _, ob := c.owed()
			return keyedRequest{creditor, fmt.Sprintf("/cases/%d/forgiveness", f.ID), handlertest.Obj{"obligation_id": ob, "amount_fen": 100}, handlertest.Obj{"amount_fen": 200}}
		},
		"POST /cases/:id/forgiveness-refusals": func() keyedRequest {
			f, creditor, debtor, ob := c.owed()
			e := creditor.Must(http.StatusCreated, handlertest.Post, fmt.Sprintf("/cases/%d/forgiveness", f.ID), handlertest.Obj{"obligation_id": ob, "amount_fen": 100})
			return keyedRequest{debtor, fmt.Sprintf("/cases/%d/forgiveness-refusals", f.ID), handlertest.Obj{"entry_id": e.ID("id")}, handlertest.Obj{"reason": "不接受"}}
		},
		"POST /cases/:id/messages": func() keyedRequest {
			return keyedRequest{c.debtor, inCase("messages"), handlertest.Obj{"text": "款项可以汇到法院账户吗？", "file_ids": picture(c.debtor, c.f.ID)}, handlertest.Obj{"file_ids": picture(c.debtor, c.f.ID)}}
		},
		"POST /cases/:id/promises": func() keyedRequest {
			return keyedRequest{c.debtor, inCase("promises"), handlertest.Obj{"text": "下月付清", "pay_by": "2026-04-01"}, handlertest.Obj{"pay_by": "2026-05-01"}}
		},
		"POST /cases/:id/group-receipts": func() keyedRequest {
			in := parentsInput("家长甲")
			in["group_ref"] = "小太阳托班"
			f := c.FileInput(c.clerk, in)
			phone := c.Phone("")
			phone.Bind(c.clerk, f.ID, f.Debtor)
			body := handlertest.Claim(1000, phone.Uploaded(f.ID, 1873))
			body["proof_kind"], body["payee_name"] = "court_account", ""
			return keyedRequest{phone, fmt.Sprintf("/cases/%d/group-receipts", f.ID), body, handlertest.Obj{"amount_fen": 2000}}
		},
		"POST /cases/:id/receipts": func() keyedRequest {
			body := handlertest.Claim(1000, picture(c.debtor, c.f.ID)...)
			return keyedRequest{c.debtor, inCase("receipts"), body, handlertest.Obj{"amount_fen": 2000}}
		},
		"POST /cases/:id/set-offs": func() keyedRequest {
			return keyedRequest{c.debtor, inCase("set-offs"), setsOff(c.f, 1000), handlertest.Obj{"amount_fen": 2000}}
		},
		"POST /cases/:id/lodgements": func() keyedRequest {
			return keyedRequest{c.debtor, inCase("lodgements"), lodges(c.f, 1000, picture(c.debtor, c.f.ID)...), handlertest.Obj{"amount_fen": 2000}}
		},
		"POST /cases/:id/repair-applications": func() keyedRequest {
			return keyedRequest{c.debtor, inCase("repair-applications"), handlertest.Obj{"party_id": c.f.Debtor, "reason": "需要投标"}, handlertest.Obj{"reason": "需要贷款"}}
		},
		"POST /conversations/:id/call-backs": func() keyedRequest {
			wife, link := c.relative("admitted")
			return keyedRequest{wife, talkOf(c.matter(wife, link).ID("conversation_id")), handlertest.Obj{"at": slot(9, 9, 30), "note": "想问怎么缴款"}, handlertest.Obj{"at": slot(9, 10, 0)}}
		},
		"POST /conversations/:id/messages": func() keyedRequest {
			talk := c.debtor.Say(c.f, "何时开庭？").ID("conversation_id")
			return keyedRequest{c.judge, fmt.Sprintf("/conversations/%d/messages", talk), handlertest.Obj{"text": "下周三"}, handlertest.Obj{"text": "下周四"}}
		},
		"POST /enforcement-cases/:id/petitions": func() keyedRequest {
			own := handlertest.Obj{"party_id": c.f.Debtor, "kind": "remorse", "text": "本人已认识到错误，保证履行。"}
			return keyedRequest{c.debtor, fmt.Sprintf("/enforcement-cases/%d/petitions", c.id), own, handlertest.Obj{"text": "保证三日内履行。"}}
		},
		"POST /measures/:id/posters": func() keyedRequest {
			return keyedRequest{c.officer, on(c.take("listing"), "posters"), handlertest.Obj{"place": "十七房村"}, handlertest.Obj{"place": "十八房村"}}
		},
		"POST /measures/:id/reviews": func() keyedRequest {
			return keyedRequest{c.debtor, on(detained(), "reviews"), handlertest.Obj{"reason": "处罚过重"}, handlertest.Obj{"reason": "没有转移车辆"}}
		},
		"POST /measures/:id/spending-permits": func() keyedRequest {
			return keyedRequest{c.debtor, on(c.take("consumption"), "spending-permits"), spends(), handlertest.Obj{"amount_fen": 40000}}
		},
		"POST /my/relatives/:id/petitions": func() keyedRequest {
			wife, link := c.relative("admitted")
			return keyedRequest{wife, mine(link, "petitions"), handlertest.Obj{"kind": "early_release", "text": "家属愿意代为履行，请求提前解除拘留。"}, handlertest.Obj{"kind": "remorse"}}
		},
		"POST /my/relatives/:id/receipts": func() keyedRequest {
			wife, link := c.relative("admitted")
			body := handlertest.Obj{"amount_fen": 1000, "paid_on": "2026-03-06", "proof_kind": "bank_receipt", "file_ids": picture(wife, c.matter(wife, link).ID("case_id"))}
			return keyedRequest{wife, mine(link, "receipts"), body, handlertest.Obj{"amount_fen": 2000}}
		},
		"POST /my/relatives/:id/group-receipts": func() keyedRequest {
			wife, link := c.relative("admitted")
			c.SQL(fmt.Sprintf("UPDATE cases SET group_ref = '一人数案' WHERE id = %d", c.f.ID))
			body := handlertest.Obj{"amount_fen": 1000, "paid_on": "2026-03-06", "proof_kind": "bank_receipt", "file_ids": picture(wife, c.matter(wife, link).ID("case_id"))}
			return keyedRequest{wife, mine(link, "group-receipts"), body, handlertest.Obj{"amount_fen": 2000}}
		},
		"POST /receipts/:id/confirm": func() keyedRequest { return decision("confirm", handlertest.Obj{"amount_fen": 900}) },
		"POST /receipts/:id/correct": func() keyedRequest {
			return decision("correct", handlertest.Obj{"amount_fen": 900, "reason": "看错了金额"})
		},
		"POST /relatives": func() keyedRequest {
			return keyedRequest{c.Phone(""), "/relatives", asks("code", c.familyCode()), handlertest.Obj{"relation": "parent"}}
		},
		"POST /subscriptions": func() keyedRequest {
			return keyedRequest{
				c.debtor, "/subscriptions",
				handlertest.Obj{"answers": handlertest.Obj{wechattest.TemplateDue: "accept"}},
				handlertest.Obj{"answers": handlertest.Obj{wechattest.TemplateDue: "accept", wechattest.TemplateReceipt: "accept"}},
			}
		},
	}
}

// A key stands for one request. Sent again, also after another log-in, it gets the
// first answer and nothing new is stored; another request under the key is refused,
// is stored nowhere and changes nothing of that. Every route that takes a key is in
// the table, or the test says which is missing.
func TestAKeyStandsForOneRequest(t *testing.T) {
	t.Parallel()
	known := keyedRequests(nil)
	for _, row := range handler.Rows() {
		if !slices.Contains(row.Reasons, "idempotency.required") {
			continue
		}
		route := row.Method + " " + row.Path
		if known[route] == nil {
			t.Errorf("%s takes a key, and nobody tried to use it for another request", route)
			continue
		}
		t.Run(route, func(t *testing.T) {
			t.Parallel()
			c := newCoerced(t)
			r := keyedRequests(c)[route]()
			if !parameterised(row.Path, r.path) {
				t.Fatalf("%s is no %s", r.path, row.Path)
			}
			key := handlertest.FreshKey()
			first := r.by.CallKey(row.Method, r.path, r.body, key)
			if first.Status/100 != 2 {
				t.Fatalf("%d %s", first.Status, first.Body)
			}
			readBack(t, r.by, route, first.Json)
			stored := c.Trail()
			other := maps.Clone(r.body)
			maps.Copy(other, r.change)
			same := func(a handlertest.Answer) bool { return a.Status/100 == 2 && bytes.Equal(a.Body, first.Body) }
			if a := r.by.CallKey(row.Method, r.path, r.body, key); !same(a) {
				t.Errorf("the repeat: %d %s, first %s", a.Status, a.Body, first.Body)
			}
			if a := r.by.CallKey(row.Method, r.path, other, key); a.Status != clash || a.Json.Reason() != "idempotency.reused" {
				t.Errorf("another request under the key: %d %s", a.Status, a.Body)
			}
			if now := c.Trail(); now != stored {
				t.Errorf("%d entries of the audit trail, then %d", stored, now)
			}
			r.by.Renew()
			stored = c.Trail()
			if a := r.by.CallKey(row.Method, r.path, r.body, key); !same(a) {
				t.Errorf("the repeat afterwards: %d %s, first %s", a.Status, a.Body, first.Body)
			}
			if now := c.Trail(); now != stored {
				t.Errorf("afterwards %d entries of the audit trail, then %d", stored, now)
			}
		})
	}
	for route := range known {
		if !slices.ContainsFunc(handler.Rows(), func(r handler.Row) bool {
			return r.Method+" "+r.Path == route && slices.Contains(r.Reasons, "idempotency.required")
		}) {
			t.Errorf("%s takes no key any more", route)
		}
	}
}

var (
	forms  = regexp.MustCompile(`(?s)<form\b.*?</form>`)
	action = regexp.MustCompile(`action="/desk(.*?)"`)
	filled = regexp.MustCompile(`\{\{.*?\}\}`)
)

// unrepeated are the desk's forms with a key that no test of a whole run sent again,
// the same and another under its key.
func unrepeated() (missing []string) {
	pages, err := filepath.Glob("desk/pages/*.html")
	if err != nil || len(pages) == 0 {
		return []string{"no pages"}
	}
	for _, page := range pages {
		text, err := os.ReadFile(page)
		if err != nil {
			return []string{err.Error()}
		}
		for _, form := range forms.FindAllString(string(text), -1) {
			if !strings.Contains(form, `name="key"`) {
				continue
			}
			to := action.FindStringSubmatch(form)
			if to == nil {
				missing = append(missing, filepath.Base(page)+": a form with a key and without an address")
				continue
			}
			var at strings.Builder
			for i, part := range filled.Split(to[1], -1) {
				if i > 0 && strings.HasSuffix(at.String(), "/") {
					at.WriteString("[^/]+")
				} else if i > 0 { // a query, which there may be
					at.WriteString("[^/]*")
				}
				at.WriteString(regexp.QuoteMeta(part))
			}
			path := regexp.MustCompile("^" + at.String() + "$")
			tried := false
			handlertest.Keyed.Range(func(sent, _ any) bool {
				tried = path.MatchString(sent.(string))
				return !tried
			})
			if !tried {
				missing = append(missing, filepath.Base(page)+": "+to[1])
			}
		}
	}
	slices.Sort(missing)
	return slices.Compact(missing)
}
