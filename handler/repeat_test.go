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
	readBack(t, by, route, first.Json)
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
			"queries": (*repeats).queries, "villages": (*repeats).villages, "receipts": (*repeats).receipts,
			"detention": (*repeats).detention, "listing": (*repeats).listing, "proposals": (*repeats).proposals,
			"family": (*repeats).family, "hand-overs": (*repeats).handOvers, "deposits": (*repeats).deposits,
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

func (r *repeats) queries(t *testing.T) {
	w := handlertest.New(t)
	w.Staff("zhang.min", model.RoleJudge)
	clerk, officer, leader := w.Staff("wan.tt", model.RoleClerk), w.Staff("chen.zx", model.RoleOfficer), w.Staff("yuan.zhang", model.RoleLeader)
	police := w.Agency(w.Court, "GAJ")
	desk := w.Of("GAJ", "gaj.jg")
	f := w.File(clerk)
	e := w.EnforcedBy(officer, f).ID
	q := officer.AsksAbout(e, f.Debtor, model.QueryBank, 0)
	r.again(t, leader, "POST /asset-queries/:id/decide", fmt.Sprintf("/asset-queries/%d/decide", q.ID), handlertest.Obj{"version": 1, "approve": true, "reason": "同意"}, "reason", "另有意见")
	q = officer.SendsQuery(officer.AsksAbout(e, f.Debtor, model.QueryVehicle, police.ID))
	r.again(t, desk, "POST /agency/queries/:id/answer", fmt.Sprintf("/agency/queries/%d/answer", q.ID), handlertest.Obj{"version": q.Version, "note": "没有"}, "note", "有")
}

func (r *repeats) villages(t *testing.T) {
	w := handlertest.New(t)
	w.Staff("zhang.min", model.RoleJudge)
	clerk, officer := w.Staff("wan.tt", model.RoleClerk), w.Staff("chen.zx", model.RoleOfficer)
	f := w.File(clerk)
	e := w.EnforcedBy(officer, f).ID
	east := clerk.Village("甲镇", "东村")
	helper, _ := w.Liaison(clerk, "甲联络员", 60, east)
	own := func(a *model.Assistance, act string) string {
		return fmt.Sprintf("/my/assistance-requests/%d/%s", a.ID, act)
	}
	a := officer.AsksLiaison(e, f.Debtor, east)
	v := r.again(t, helper, "POST /my/assistance-requests/:id/accept", own(a, "accept"), handlertest.Obj{"version": 1}).ID("version")
	r.again(t, helper, "POST /my/assistance-requests/:id/answer", own(a, "answer"), handlertest.Obj{"version": v, "text": "人在外地", "file_ids": []int64{helper.Uploaded(f.ID, 1501)}}, "text", "人在本村")
	r.again(t, helper, "POST /my/assistance-requests/:id/decline", own(officer.AsksLiaison(e, f.Debtor, east), "decline"), handlertest.Obj{"version": 1, "reason": "不在本村"}, "reason", "生病")
}

func (r *repeats) deposits(t *testing.T) {
	w := handlertest.New(t)
	judge, clerk, family := w.Staff("zhang.min", model.RoleJudge), w.Staff("wan.tt", model.RoleClerk), w.Phone("")
	in := handlertest.CriminalInput()
	delete(in, "instruments")
	f := w.FileCriminal(clerk, in)
	family.Bind(clerk, f.ID, f.Convict)
	pays := func(seed int) func(act string) string {
		d := family.Must(http.StatusCreated, handlertest.Post, fmt.Sprintf("/cases/%d/deposits", f.ID), paidBefore(45000, family.Uploaded(f.ID, seed)))
		return func(act string) string { return fmt.Sprintf("/deposits/%d/%s", d.ID("id"), act) }
	}
	r.again(t, judge, "POST /deposits/:id/confirm", pays(1521)("confirm"), handlertest.Obj{"version": 1, "amount_fen": 45000}, "amount_fen", 40000)
	r.again(t, judge, "POST /deposits/:id/return", pays(1522)("return"), handlertest.Obj{"version": 1, "reason": "未到账"}, "reason", "金额不符")
	wished := pays(1524)
	judge.Must(http.StatusOK, handlertest.Post, wished("confirm"), handlertest.Obj{"version": 1, "amount_fen": 45000})
	wish := family.Must(http.StatusCreated, handlertest.Post, wished("wishes"), handlertest.Obj{"purpose": "fine", "wish": "我要求把这笔款项改为拟缴罚金。"}).List("wishes")[0].Num("id")
	r.again(t, judge, "POST /deposits/:id/wishes/decide", wished("wishes/decide"), handlertest.Obj{"version": 2, "wish_id": wish, "accept": false, "reason": "须当面说明"}, "reason", "另一理由")
	r.again(t, family, "POST /deposits/:id/take-back", pays(1523)("take-back"), handlertest.Obj{"version": 1})
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
}

func (r *repeats) detention(t *testing.T) {
	c := newCoerced(t)
	m := c.propose("detention", "days", 10)
	m = r.again(t, c.leader, "POST /measures/:id/decide", on(m, "decide"), handlertest.Obj{"opinion": "同意拘留十日", "version": 1}, "opinion", "再次同意")
	c.pass(at(3, 6, 15))
	m = r.again(t, c.officer, "POST /measures/:id/detain", on(m, "detain"), handlertest.Obj{"at": at(3, 6, 14), "version": m.Num("version")}, "at", at(3, 6, 13))
	m = c.officer.Does(handlertest.LiftMeasure, m.ID("id"), handlertest.Obj{"ground": "remorse", "reason": "已具结悔过", "proof": "具结书一份", "version": m.Num("version")})
	m = r.again(t, c.leader, "POST /measures/:id/lift-answer", on(m, "lift-answer"), handlertest.Obj{"yes": false, "note": "尚未真正认错", "version": m.Num("version")}, "note", "再等等")
	m = c.officer.Does(handlertest.LiftMeasure, m.ID("id"), handlertest.Obj{"ground": "remorse", "reason": "已具结悔过", "proof": "具结书一份", "version": m.Num("version")})
	m = r.again(t, c.leader, "POST /measures/:id/lift-answer", on(m, "lift-answer"), handlertest.Obj{"yes": true, "note": "同意", "version": m.Num("version")}, "note", "勉强同意")
	r.again(t, c.officer, "POST /measures/:id/executions", on(m, "executions"), handlertest.Obj{"phase": "undo", "at": at(3, 6, 15), "place": "拘留所", "number": "8号", "version": m.Num("version")}, "number", "9号")
	fine := c.take("fine", "act_text", "辱骂执行人员", "other_act", "另一行为")
	r.again(t, c.officer, "POST /measures/:id/service-of-process", on(fine, "service-of-process"), handlertest.Obj{"on": "2026-03-06", "how": "本人签收", "version": fine.Num("version")}, "how", "邮寄")
}

func (r *repeats) listing(t *testing.T) {
	c := newCoerced(t)
	m := c.take("listing", "ground", "property_report", "grace_months", 1)
	c.pass(at(4, 7, 10))
	m = c.measure(m)
	m = c.officer.Does(handlertest.BringIntoForce, m.ID("id"), handlertest.Obj{"version": m.Num("version")})
	restricted := c.officer.Measures(c.id)
	i := slices.IndexFunc(restricted, func(m handlertest.Obj) bool { return m.Str("kind") == "consumption" })
	s := c.measure(restricted[i])
	s = c.officer.Does(handlertest.BringIntoForce, s.ID("id"), handlertest.Obj{"version": s.Num("version")})
	p := c.officer.Does(handlertest.ProposeProlongation, m.ID("id"), prolongs())
	r.again(t, c.leader, "POST /prolongations/:id/decide", fmt.Sprintf("/prolongations/%d/decide", p.ID("id")), handlertest.Obj{"version": 1, "approve": true, "note": "同意"}, "note", "勉强同意")
	ask := c.debtor.Must(http.StatusCreated, handlertest.Post, on(s, "spending-permits"), spends("from_on", "2026-04-08", "until_on", "2026-04-20"))
	r.again(t, c.officer, "POST /spending-permits/:id/decide", fmt.Sprintf("/spending-permits/%d/decide", ask.ID("id")),
		handlertest.Obj{"decision": "granted", "reason": "有复诊证明", "version": 1}, "until", "2026-04-12")
}

func (r *repeats) proposals(t *testing.T) {
	c := newCoerced(t)
	r.again(t, c.leader, "POST /measures/:id/refuse", on(c.propose("exit_ban"), "refuse"), handlertest.Obj{"reason": "证据不足", "version": 1}, "reason", "没有必要")
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

func (r *repeats) handOvers(t *testing.T) {
	c := newCoerced(t)
	c.Staff("ji.wei", model.RoleJudge)
	tasks := c.officer.Must(http.StatusOK, handlertest.Get, "/tasks?state=open", nil).List("tasks")
	i := slices.IndexFunc(tasks, func(k handlertest.Obj) bool {
		return k.Str("kind") == string(model.TaskServiceOfProcess)
	})
	if i < 0 {
		t.Fatalf("no task to finish: %v", tasks)
	}
	r.again(t, c.officer, "POST /tasks/:id/finish", fmt.Sprintf("/tasks/%d/finish", tasks[i].ID("id")), handlertest.Obj{"result": "已签收", "version": tasks[i].Num("version")}, "result", "未签收")
}
