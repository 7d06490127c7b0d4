package handler_test

import (
	"bytes"
	"fmt"
	"net/http"
	"reflect"
	"slices"
	"strings"
	"sync"
	"testing"

	"microcourt/handler/handlertest"

	"microcourt/handler"
	"microcourt/model"
)

// repeats tries, for each act on a version of a thing, that its repeat is the
// same act, and that anything else for the old version is refused.
type repeats struct {
	t     *testing.T
	mu    sync.Mutex
	tried map[string]bool
}

// again does the act twice, and then another one for the same version: change is
// what is different in it. An act without content, or one that is only an end,
// has no other.
func (r *repeats) again(t *testing.T, by *handlertest.Client, route, path string, body handlertest.Obj, change ...any) handlertest.Obj {
	t.Helper()
	method, pattern, _ := strings.Cut(route, " ")
	if ok := parameterised(pattern, path); !ok {
		t.Errorf("%s is no %s", path, pattern)
	}
	r.mu.Lock()
	r.tried[route] = true
	r.mu.Unlock()
	key := handlertest.FreshKey()
	first := by.CallKey(method, path, body, key)
	second := by.CallKey(method, path, body, key)
	switch {
	case first.Status/100 != 2:
		t.Fatalf("%s: %d %s", route, first.Status, first.Body)
	case second.Status/100 != 2 || !bytes.Equal(first.Body, second.Body):
		t.Errorf("%s: %d %s, the repeat %d %s", route, first.Status, first.Body, second.Status, second.Body)
	}
	if len(change) > 0 {
		other := handlertest.Obj{}
		for k, v := range body {
			other[k] = v
		}
		for i := 0; i < len(change); i += 2 {
			other[change[i].(string)] = change[i+1]
		}
		if a := by.Call(method, path, other); a.Status != clash {
			t.Errorf("%s: something else for the old version got %d %s", route, a.Status, a.Body)
		}
	}
	return first.Json
}

// parameterised tells whether a path is one of a route's.
func parameterised(pattern, path string) bool {
	a, b := strings.Split(pattern, "/"), strings.Split(path, "/")
	return slices.EqualFunc(a, b, func(a, b string) bool { return a == b || strings.HasPrefix(a, ":") })
}

// versioned tells whether a route's input says for which version it is.
func versioned(t reflect.Type) bool {
	for i := range t.NumField() {
		f := t.Field(i)
		if f.Anonymous && f.Type.Kind() == reflect.Struct && versioned(f.Type) || f.Tag.Get("json") == "version" {
			return true
		}
	}
	return false
}

// byNumber are the acts of the court's case system, whose versions are its own:
// the same version with the same content is "unchanged", with another refused.
var byNumber = []string{"PUT /case-system/cases/*case_no", "PUT /case-system/enforcement-cases/*case_no"}

// Whoever gets no answer asks once more. Each act on a version of a thing gives
// him the first answer then; another act for that version, whoever asks, is
// refused.
func TestARepeatedActIsTheSameAct(t *testing.T) {
	t.Parallel()
	r := &repeats{t: t, tried: map[string]bool{}}
	t.Run("areas", func(t *testing.T) {
		for name, area := range map[string]func(*repeats, *testing.T){
			"agencies": (*repeats).agencies, "queries": (*repeats).queries, "villages": (*repeats).villages, "receipts": (*repeats).receipts,
			"detention": (*repeats).detention, "listing": (*repeats).listing, "proposals": (*repeats).proposals, "term": (*repeats).term,
			"family": (*repeats).family, "letters": (*repeats).letters, "hand-overs": (*repeats).handOvers, "clean-up": (*repeats).cleanUps,
		} {
			t.Run(name, func(t *testing.T) {
				t.Parallel()
				area(r, t)
			})
		}
	})
	for route, in := range handler.Inputs() {
		if in.Kind() == reflect.Struct && versioned(in) && !r.tried[route] && !slices.Contains(byNumber, route) {
			t.Errorf("%s says for which version it is, and nobody tried to repeat it", route)
		}
	}
}

func (r *repeats) agencies(t *testing.T) {
	w := handlertest.New(t)
	manager := w.Staff("list.zg", model.RoleListManager)
	a := manager.Must(http.StatusCreated, handlertest.Post, "/agencies", handlertest.Obj{"code": "sjj", "name": "市场监管局", "kind": "government"})
	at := fmt.Sprintf("/agencies/%d", a.ID("id"))
	r.again(t, manager, "PUT /agencies/:id", at, handlertest.Obj{"version": 1, "name": "市场监督管理局", "kind": "government"}, "name", "市场局")
	contact := handlertest.Obj{"role": "liaison", "name": "周某", "title": "科长", "phone": "0574-8628 0000", "term_from": "2026-01-01", "term_until": "2028-12-31"}
	person := fmt.Sprintf("%s/contacts/%d", at, manager.Must(http.StatusCreated, handlertest.Post, at+"/contacts", contact).ID("id"))
	contact["version"], contact["phone"] = 1, "0574-8628 1111"
	r.again(t, manager, "PUT /agencies/:id/contacts/:contact_id", person, contact, "phone", "0574-8628 2222")
	r.again(t, manager, "POST /agencies/:id/contacts/:contact_id/end", person+"/end", handlertest.Obj{"version": 2})
	duty := handlertest.Obj{"agency_id": a.ID("id"), "code": "ZZ-01", "kind": "sanction", "requirement": "限制登记", "recurrence": "each", "due_days": 5, "lift_days": 3, "measures": []string{"listing"}, "subjects": "person"}
	d := fmt.Sprintf("/duties/%d", manager.Must(http.StatusCreated, handlertest.Post, "/duties", duty).ID("id"))
	delete(duty, "agency_id")
	delete(duty, "code")
	duty["version"], duty["due_days"] = 1, 6
	r.again(t, manager, "PUT /duties/:id", d, duty, "due_days", 7)
	r.again(t, manager, "POST /duties/:id/end", d+"/end", handlertest.Obj{"version": 2})
	r.again(t, manager, "POST /agencies/:id/end", at+"/end", handlertest.Obj{"version": 2})
}

func (r *repeats) queries(t *testing.T) {
	w := handlertest.New(t)
	w.Staff("zhang.min", model.RoleJudge)
	clerk, officer, leader := w.Staff("wan.tt", model.RoleClerk), w.Staff("chen.zx", model.RoleOfficer), w.Staff("yuan.zhang", model.RoleLeader)
	police := w.Agency(w.Court, "GAJ")
	desk := w.Of("GAJ", "gaj.jg")
	f := w.File(clerk)
	path := fmt.Sprintf("/enforcement-cases/%d/asset-queries", w.EnforcedBy(officer, f).ID)
	ask := func(kind string, agency int64) handlertest.Obj {
		return officer.Must(http.StatusCreated, handlertest.Post, path, handlertest.Obj{"party_id": f.Debtor, "kind": kind, "purpose": "查明可供执行的财产", "agency_id": agency})
	}
	at := func(q handlertest.Obj, act string) string {
		return fmt.Sprintf("/asset-queries/%d/%s", q.ID("id"), act)
	}
	q := ask("bank", 0)
	q = r.again(t, leader, "POST /asset-queries/:id/decide", at(q, "decide"), handlertest.Obj{"version": 1, "approve": true, "reason": "同意"}, "reason", "另有意见")
	q = r.again(t, officer, "POST /asset-queries/:id/send", at(q, "send"), handlertest.Obj{"version": q.ID("version"), "agency": "中国工商银行镇海支行"}, "agency", "中国银行镇海支行")
	today := model.DateOf(w.Clock.Now()).String()
	r.again(t, officer, "POST /asset-queries/:id/answer", at(q, "answer"), handlertest.Obj{"version": q.ID("version"), "answered_on": today, "note": "没有"}, "note", "有")
	q = ask("vehicle", police.ID)
	q = officer.Must(http.StatusOK, handlertest.Post, at(q, "send"), handlertest.Obj{"version": 1})
	r.again(t, desk, "POST /agency/queries/:id/answer", fmt.Sprintf("/agency/queries/%d/answer", q.ID("id")), handlertest.Obj{"version": q.ID("version"), "note": "没有"}, "note", "有")
	q = ask("real_estate", 0)
	r.again(t, officer, "POST /asset-queries/:id/cancel", at(q, "cancel"), handlertest.Obj{"version": 1, "reason": "不需要了"}, "reason", "另一原因")
}

func (r *repeats) villages(t *testing.T) {
	w := handlertest.New(t)
	w.Staff("zhang.min", model.RoleJudge)
	clerk, officer := w.Staff("wan.tt", model.RoleClerk), w.Staff("chen.zx", model.RoleOfficer)
	f := w.File(clerk)
	e := w.EnforcedBy(officer, f)
	east := clerk.Village("甲镇", "东村")
	helper, id := w.Liaison(clerk, "甲联络员", 60, east)
	ask := func() handlertest.Obj {
		return officer.Must(http.StatusCreated, handlertest.Post, fmt.Sprintf("/enforcement-cases/%d/assistance-requests", e.ID), handlertest.Obj{
			"party_id": f.Debtor, "village_id": east, "kind": "find_person", "detail": "常在村口小店", "due_on": model.DateOf(w.Clock.Now()).AddDays(3).String(),
		})
	}
	own := func(a handlertest.Obj, act string) string {
		return fmt.Sprintf("/my/assistance-requests/%d/%s", a.ID("id"), act)
	}
	a := ask()
	v := r.again(t, helper, "POST /my/assistance-requests/:id/accept", own(a, "accept"), handlertest.Obj{"version": 1}).ID("version")
	r.again(t, helper, "POST /my/assistance-requests/:id/answer", own(a, "answer"), handlertest.Obj{"version": v, "text": "人在外地", "file_ids": []int64{helper.Uploaded(f.ID, 1501)}}, "text", "人在本村")
	r.again(t, officer, "POST /assistance-requests/:id/close", fmt.Sprintf("/assistance-requests/%d/close", a.ID("id")), handlertest.Obj{"version": v + 1, "note": "已掌握下落"}, "note", "未掌握下落")
	r.again(t, helper, "POST /my/assistance-requests/:id/decline", own(ask(), "decline"), handlertest.Obj{"version": 1, "reason": "不在本村"}, "reason", "生病")
	in := w.LiaisonInput("甲联络员", 90, east)
	in["reason"], in["version"] = "延长任期", clerk.Must(http.StatusOK, handlertest.Get, fmt.Sprintf("/liaisons/%d", id), nil)["version"]
	r.again(t, clerk, "POST /liaisons/:id", fmt.Sprintf("/liaisons/%d", id), in, "phone", "13700137001")
}

func (r *repeats) receipts(t *testing.T) {
	w := handlertest.New(t)
	judge, clerk, debtor := w.Staff("zhang.min", model.RoleJudge), w.Staff("wan.tt", model.RoleClerk), w.Phone("")
	f := w.File(clerk)
	debtor.Bind(clerk, f.ID, f.Debtor)
	at := func(c handlertest.Obj, act string) string { return fmt.Sprintf("/receipts/%d/%s", c.ID("id"), act) }
	r.again(t, judge, "POST /receipts/:id/return", at(debtor.Submit(f, 1000, 1511), "return"), handlertest.Obj{"version": 1, "reason": "看不清"}, "reason", "金额不符")
	r.again(t, debtor, "POST /receipts/:id/withdraw", at(debtor.Submit(f, 1000, 1512), "withdraw"), handlertest.Obj{"version": 1})
	paid := debtor.Submit(f, 100000, 1513)
	r.again(t, judge, "POST /receipts/:id/confirm", at(paid, "confirm"), handlertest.Obj{"version": 1, "amount_fen": 60000}, "amount_fen", 50000)
	r.again(t, judge, "POST /receipts/:id/correct", at(paid, "correct"), handlertest.Obj{"version": 2, "amount_fen": 100000, "reason": "看错了金额"}, "amount_fen", 50000)
	cert := judge.Must(http.StatusCreated, handlertest.Post, fmt.Sprintf("/cases/%d/certificates", f.ID), handlertest.Obj{"instrument_id": f.Instrument, "party_id": f.Debtor})
	r.again(t, judge, "POST /certificates/:id/revoke", fmt.Sprintf("/certificates/%d/revoke", cert.ID("id")), handlertest.Obj{"ground": "payment_reversed", "reason": "银行退票", "version": cert.ID("version")}, "reason", "另一原因")
}

func (r *repeats) detention(t *testing.T) {
	c := newCoerced(t)
	m := c.propose("detention", "days", 10)
	m = r.again(t, c.leader, "POST /measures/:id/decide", on(m, "decide"), handlertest.Obj{"opinion": "同意拘留十日", "version": 1}, "opinion", "再次同意")
	c.pass(at(3, 6, 15))
	m = r.again(t, c.officer, "POST /measures/:id/detain", on(m, "detain"), handlertest.Obj{"at": at(3, 6, 14), "version": m.Num("version")}, "at", at(3, 6, 13))
	m = r.again(t, c.officer, "POST /measures/:id/lift", on(m, "lift"), handlertest.Obj{"ground": "remorse", "reason": "已具结悔过", "proof": "具结书一份", "version": m.Num("version")}, "proof", "没有具结书")
	m = r.again(t, c.leader, "POST /measures/:id/lift-answer", on(m, "lift-answer"), handlertest.Obj{"yes": false, "note": "尚未真正认错", "version": m.Num("version")}, "note", "再等等")
	m = c.officer.Must(http.StatusOK, handlertest.Post, on(m, "lift"), handlertest.Obj{"ground": "remorse", "reason": "已具结悔过", "proof": "具结书一份", "version": m.Num("version")})
	r.again(t, c.leader, "POST /measures/:id/lift-answer", on(m, "lift-answer"), handlertest.Obj{"yes": true, "note": "同意", "version": m.Num("version")}, "note", "勉强同意")
	fine := c.take("fine", "act_text", "辱骂执行人员", "other_act", "另一行为")
	r.again(t, c.officer, "POST /measures/:id/service-of-process", on(fine, "service-of-process"), handlertest.Obj{"on": "2026-03-06", "how": "本人签收", "version": fine.Num("version")}, "how", "邮寄")
}

func (r *repeats) listing(t *testing.T) {
	c := newCoerced(t)
	m := c.take("listing", "ground", "property_report", "grace_months", 1)
	c.pass(at(4, 7, 10))
	m = c.measure(m)
	m = r.again(t, c.officer, "POST /measures/:id/effect", on(m, "effect"), handlertest.Obj{"version": m.Num("version")})
	restricted := c.officer.Must(http.StatusOK, handlertest.Get, c.at, nil).List("measures")
	i := slices.IndexFunc(restricted, func(m handlertest.Obj) bool { return m.Str("kind") == "consumption" })
	s := c.measure(restricted[i])
	s = c.officer.Must(http.StatusOK, handlertest.Post, on(s, "effect"), handlertest.Obj{"version": s.Num("version")})
	p := c.officer.Must(http.StatusCreated, handlertest.Post, on(m, "prolongations"), prolongs())
	r.again(t, c.leader, "POST /prolongations/:id/decide", fmt.Sprintf("/prolongations/%d/decide", p.ID("id")), handlertest.Obj{"version": 1, "approve": true, "note": "同意"}, "note", "勉强同意")
	ask := c.debtor.Must(http.StatusCreated, handlertest.Post, on(s, "spending-permits"), spends("from_on", "2026-04-08", "until_on", "2026-04-20"))
	r.again(t, c.officer, "POST /spending-permits/:id/decide", fmt.Sprintf("/spending-permits/%d/decide", ask.ID("id")),
		handlertest.Obj{"decision": "granted", "reason": "有复诊证明", "version": 1}, "until", "2026-04-12")
}

func (r *repeats) proposals(t *testing.T) {
	c := newCoerced(t)
	r.again(t, c.leader, "POST /measures/:id/refuse", on(c.propose("exit_ban"), "refuse"), handlertest.Obj{"reason": "证据不足", "version": 1}, "reason", "没有必要")
	r.again(t, c.officer, "POST /measures/:id/withdraw", on(c.propose("tracing"), "withdraw"), handlertest.Obj{"reason": "已找到本人", "version": 1}, "reason", "没有必要")
}

func (r *repeats) term(t *testing.T) {
	c := newCoerced(t)
	m := c.take("detention", "days", 10)
	c.pass(at(3, 6, 15))
	m = c.officer.Must(http.StatusOK, handlertest.Post, on(m, "detain"), handlertest.Obj{"at": at(3, 6, 14), "version": m.Num("version")})
	c.pass(at(3, 17, 10))
	m = c.measure(m)
	r.again(t, c.officer, "POST /measures/:id/expire", on(m, "expire"), handlertest.Obj{"proof": "拘留所出所证明", "version": m.Num("version")}, "proof", "另一证明")
}

func (r *repeats) family(t *testing.T) {
	c := newCoerced(t)
	wife, link := c.relative("asked")
	decide := func(l handlertest.Obj) string { return fmt.Sprintf("/relative-requests/%d/decide", l.ID("id")) }
	r.again(t, c.officer, "POST /relative-requests/:id/decide", decide(link), handlertest.Obj{"state": "admitted", "reason": "经核实", "version": link.ID("version")}, "reason", "另一原因")
	_, no := c.relative("asked")
	r.again(t, c.officer, "POST /relative-requests/:id/decide", decide(no), handlertest.Obj{"state": "declined", "reason": "无法核实", "version": no.ID("version")}, "reason", "另一原因")
	code := c.debtor.Must(http.StatusCreated, handlertest.Post, fmt.Sprintf("/cases/%d/relative-invitations", c.f.ID), handlertest.Obj{"party_id": c.f.Debtor})
	son := r.again(t, c.Phone(""), "POST /relatives", "/relatives", asks("name", "赵小明", "relation", "child", "code", code.Str("scene")))
	r.again(t, c.debtor, "POST /invited-relatives/:id/decide", fmt.Sprintf("/invited-relatives/%d/decide", son.ID("id")), handlertest.Obj{"state": "declined", "reason": "不需要", "version": son.ID("version")}, "reason", "另一原因")
	matter := c.matter(wife, link)
	talk := fmt.Sprintf("/conversations/%d/messages", matter.ID("conversation_id"))
	r.again(t, wife, "POST /conversations/:id/messages", talk, handlertest.Obj{"text": "我们愿意替他还", "file_ids": []int64{wife.Uploaded(matter.ID("case_id"), 1541)}})
	r.again(t, wife, "POST /my/relatives/:id/receipts", mine(link, "receipts"), handlertest.Obj{
		"amount_fen": 1000, "paid_on": model.DateOf(c.Clock.Now()).String(), "proof_kind": "bank_receipt", "file_ids": []int64{wife.Uploaded(matter.ID("case_id"), 1542)},
	})
	call := r.again(t, wife, "POST /conversations/:id/call-backs", talkOf(matter.ID("conversation_id")), handlertest.Obj{"at": slot(9, 9, 30), "note": "想问怎么缴款"})
	r.again(t, c.officer, "POST /call-backs/:id/answer", about(call), says(call, "offered", "at", slot(9, 14, 0)), "at", slot(9, 15, 0))
	p := r.again(t, wife, "POST /my/relatives/:id/petitions", mine(link, "petitions"), handlertest.Obj{"kind": "early_release", "text": "他已认识到错误，家属愿意代为履行，请求提前解除拘留。"})
	own := handlertest.Obj{"party_id": c.f.Debtor, "kind": "remorse", "text": "本人已认识到错误，保证履行。"}
	r.again(t, c.debtor, "POST /enforcement-cases/:id/petitions", fmt.Sprintf("/enforcement-cases/%d/petitions", c.id), own)
	r.again(t, c.debtor, "POST /cases/:id/messages", fmt.Sprintf("/cases/%d/messages", c.f.ID), handlertest.Obj{"text": "款项可以汇到法院账户吗？"})
	r.again(t, c.debtor, "POST /cases/:id/consents", fmt.Sprintf("/cases/%d/consents", c.f.ID), handlertest.Obj{"party_id": c.f.Debtor, "act": "given"})
	r.again(t, c.officer, "POST /petitions/:id/decide", fmt.Sprintf("/petitions/%d/decide", p.ID("id")), handlertest.Obj{"state": "refused", "answer": "不符合条件", "version": 1}, "answer", "另一原因")
}

func (r *repeats) letters(t *testing.T) {
	w := handlertest.New(t)
	judge, clerk := w.Staff("zhang.min", model.RoleJudge), w.Staff("wan.tt", model.RoleClerk)
	f := w.FileCriminal(clerk, criminalInput())
	path := fmt.Sprintf("/cases/%d/prison-letters", f.ID)
	letter := handlertest.Obj{"party_id": f.Convict, "asker_kind": "prison", "asker": "浙江省某监狱", "document_no": "函12号", "received_on": "2026-03-02"}
	q := clerk.Must(http.StatusCreated, handlertest.Post, path, letter)
	statement := judge.Must(http.StatusCreated, handlertest.Post, fmt.Sprintf("/cases/%d/penalty-statements", f.ID), handlertest.Obj{"party_id": f.Convict, "prison_letter_id": q.ID("id")})
	r.again(t, clerk, "POST /prison-letters/:id/answer", fmt.Sprintf("/prison-letters/%d/answer", q.ID("id")), handlertest.Obj{
		"version": q.ID("version"), "document_id": statement.ID("id"), "sent_on": "2026-03-02", "method": "mail", "proof": "EMS 1234567890123",
	}, "proof", "EMS 2234567890123")
	letter["document_no"] = "函13号"
	q = clerk.Must(http.StatusCreated, handlertest.Post, path, letter)
	r.again(t, clerk, "POST /prison-letters/:id/void", fmt.Sprintf("/prison-letters/%d/void", q.ID("id")), handlertest.Obj{"version": q.ID("version"), "reason": "收到日期登记有误"}, "reason", "另一原因")
}

func (r *repeats) handOvers(t *testing.T) {
	c := newCoerced(t)
	c.Staff("ji.wei", model.RoleJudge)
	c.Staff("lu.fg", model.RoleOfficer)
	of := func(id int64) string { return fmt.Sprintf("/enforcement-cases/%d", id) }
	tasks := c.officer.Must(http.StatusOK, handlertest.Get, "/tasks?state=open", nil).List("tasks")
	i := slices.IndexFunc(tasks, func(k handlertest.Obj) bool {
		return k.Str("kind") == string(model.TaskServiceOfProcess)
	})
	if i < 0 {
		t.Fatalf("no task to finish: %v", tasks)
	}
	r.again(t, c.officer, "POST /tasks/:id/finish", fmt.Sprintf("/tasks/%d/finish", tasks[i].ID("id")), handlertest.Obj{"result": "已签收", "version": tasks[i].Num("version")}, "result", "未签收")
	e := c.officer.Must(http.StatusOK, handlertest.Get, of(c.id), nil)
	r.again(t, c.officer, "POST /enforcement-cases/:id/hand-over", of(c.id)+"/hand-over", handlertest.Obj{"to_officer": "lu.fg", "reason": "调岗", "version": e.Num("version")})
	v := c.judge.Must(http.StatusOK, handlertest.Get, fmt.Sprintf("/cases/%d", c.f.ID), nil)
	r.again(t, c.judge, "POST /cases/:id/hand-over", fmt.Sprintf("/cases/%d/hand-over", c.f.ID), handlertest.Obj{"to_judge": "ji.wei", "reason": "调岗", "version": v.Num("version")})
	other := c.FileInput(c.clerk, personInput(nil))
	id, _ := c.Enforce(c.clerk, other, "ji.fg")
	e = c.officer.Must(http.StatusOK, handlertest.Get, of(id), nil)
	r.again(t, c.officer, "POST /enforcement-cases/:id/close", of(id)+"/close", handlertest.Obj{"close_type": "ended", "closed_on": "2026-03-06", "reason": "申请执行人撤回申请", "version": e.Num("version")}, "reason", "另一原因")
}

func (r *repeats) cleanUps(t *testing.T) {
	c := newCoerced(t)
	c.take("tracing")
	c.pay(c.judge, 1541)
	v := c.cleanUp(c.f)
	of := func(what string) string { return fmt.Sprintf("/clean-ups/%d/%s", v.ID("id"), what) }
	v = r.again(t, c.officer, "POST /clean-ups/:id/hold", of("hold"), handlertest.Obj{"reason": "尚欠迟延履行利息", "version": v.Num("version")}, "reason", "另一原因")
	r.again(t, c.officer, "POST /clean-ups/:id/resume", of("resume"), handlertest.Obj{"version": v.Num("version")})
	list := c.cleanUp(c.f).List("steps")
	i := slices.IndexFunc(list, func(s handlertest.Obj) bool { return s.Str("state") == "open" })
	step := r.again(t, c.officer, "POST /clean-up-steps/:id/done", fmt.Sprintf("/clean-up-steps/%d/done", list[i].ID("id")), handlertest.Obj{"proof": "公安机关撤控回执", "version": list[i].Num("version")}, "proof", "另一回执")
	if step.Str("case_no") == "" || step.Str("owner") == "" {
		t.Errorf("the step that is done says neither its case nor whose it was: %v", step)
	}
}
