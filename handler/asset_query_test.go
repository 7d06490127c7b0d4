package handler_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"microcourt/handler/handlertest"

	"microcourt/model"
)

// door is an agency's interface, which can be out of order.
type door struct {
	mu     sync.Mutex
	broken bool
	asked  []model.QueryLetter
}

func (d *door) Ask(_ context.Context, l model.QueryLetter) (string, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.broken {
		return "", errors.New("connection refused")
	}
	d.asked = append(d.asked, l)
	return fmt.Sprintf("受理-%d", l.QueryID), nil
}

// What an officer asks about a debtor: vehicles by himself, accounts with a
// leader's approval; the agency gets the ID number, the answer is sealed and
// every look at it is recorded; the report counts 件次.
func TestQueriesAboutADebtor(t *testing.T) {
	t.Parallel()
	w := handlertest.New(t)
	w.Staff("zhang.min", model.RoleJudge)
	clerk, officer, leader := w.Staff("wan.tt", model.RoleClerk), w.Staff("chen.zx", model.RoleOfficer), w.Staff("yuan.zhang", model.RoleLeader)
	other := w.Staff("other.zx", model.RoleOfficer)
	f := w.File(clerk)
	e := w.EnforcedBy(officer, f)
	path := fmt.Sprintf("/enforcement-cases/%d/asset-queries", e.ID)
	ask := func(kind string) handlertest.Obj {
		return handlertest.Obj{"party_id": f.Debtor, "kind": kind, "purpose": "查明可供执行的财产"}
	}

	key := handlertest.FreshKey()
	car := officer.CallKey(handlertest.Post, path, ask("vehicle"), key)
	again := officer.CallKey(handlertest.Post, path, ask("vehicle"), key)
	if car.Status != http.StatusCreated || car.Json.Str("state") != "approved" || !bytes.Equal(again.Body, car.Body) {
		t.Fatalf("a vehicle query %d %s, again %s", car.Status, car.Body, again.Body)
	}
	bank := officer.Must(http.StatusCreated, handlertest.Post, path, ask("bank"))
	if bank.Str("state") != "requested" || !bank["needs_approval"].(bool) {
		t.Errorf("a bank query %v", bank)
	}
	if n := leader.Must(http.StatusOK, handlertest.Get, "/notices", nil).List("notices"); len(n) == 0 || n[0].Str("kind") != "query.requested" || strings.Contains(n[0].Str("body"), "甬兴") {
		t.Errorf("the leader's inbox: %v", n)
	}
	at := func(q handlertest.Obj, act string) string {
		return fmt.Sprintf("/asset-queries/%d/%s", q.ID("id"), act)
	}
	officer.Refused(http.StatusConflict, "query.state", handlertest.Post, at(bank, "send"), handlertest.Obj{"version": bank.ID("version")})
	bank = leader.Must(http.StatusOK, handlertest.Post, at(bank, "decide"), handlertest.Obj{"version": bank.ID("version"), "approve": true})
	leader.Must(http.StatusOK, handlertest.Post, at(bank, "decide"), handlertest.Obj{"version": 1, "approve": true}) // the second click

	letter := officer.Must(http.StatusOK, handlertest.Get, at(bank, "letter"), nil)
	if letter.Str("id_number") != "91350100M000100Y43" || !strings.Contains(letter.Str("text"), e.CaseNo) || w.Audited(model.AuditQueryLetter) != 1 {
		t.Errorf("the letter: %v, looks %d", letter, w.Audited(model.AuditQueryLetter))
	}
	bank = officer.Must(http.StatusOK, handlertest.Post, at(bank, "send"), handlertest.Obj{"version": bank.ID("version"), "agency": "中国工商银行镇海支行"})
	officer.Must(http.StatusOK, handlertest.Post, at(bank, "send"), handlertest.Obj{"version": 2, "agency": "中国工商银行镇海支行"}) // the answer got lost
	tasks := w.OpenTasks(officer, model.TaskQueryAnswer)
	if len(tasks) != 1 || model.DateOf(tasks[0].DueAt).String() != bank.Str("due_on") {
		t.Errorf("the clock: %v, due %v", tasks, bank["due_on"])
	}
	sent := officer.Must(http.StatusOK, handlertest.Post, at(car.Json, "send"), handlertest.Obj{"version": 1})

	// What is late reaches officer and leader.
	w.Clock.Advance(15 * 24 * time.Hour)
	officer.Renew()
	leader.Renew()
	other.Renew()
	clerk.Renew()
	if err := w.Svc.Enforcement.Pass(context.Background()); err != nil {
		t.Fatal(err)
	}
	if n := officer.Must(http.StatusOK, handlertest.Get, "/notices", nil).List("notices"); len(n) == 0 || n[0].Str("kind") != "task.late" {
		t.Errorf("nobody told the officer: %v", n)
	}

	today := model.DateOf(w.Clock.Now()).String()
	nothing := officer.Must(http.StatusOK, handlertest.Post, at(sent, "answer"), handlertest.Obj{"version": sent.ID("version"), "answered_on": today})
	if nothing.Str("state") != "answered" || nothing.Num("found") != 0 {
		t.Errorf("no findings is an answer: %v", nothing)
	}
	file := officer.Uploaded(f.ID, 911)
	answer := handlertest.Obj{"version": bank.ID("version"), "answered_on": today, "note": "截至答复日", "file_ids": []int64{file}, "findings": []handlertest.Obj{
		{"what": "活期账户 6222****8888", "place": "镇海支行", "amount_fen": 1234567, "note": "可用余额"}, {"what": "定期账户", "value": "三年期"},
	}}
	key = handlertest.FreshKey()
	if a := officer.CallKey(handlertest.Post, at(bank, "answer"), answer, key); a.Status != http.StatusOK {
		t.Fatalf("answer: %s", a.Body)
	}
	if a := officer.CallKey(handlertest.Post, at(bank, "answer"), answer, key); a.Status != http.StatusOK || a.Json.Num("found") != 2 {
		t.Errorf("the repeat: %s", a.Body)
	}
	if len(w.OpenTasks(officer, model.TaskQueryAnswer)) != 0 {
		t.Error("an answered query keeps its clock")
	}
	for i, by := range []*handlertest.Client{officer, leader} {
		d := by.Must(http.StatusOK, handlertest.Get, fmt.Sprintf("/asset-queries/%d", bank.ID("id")), nil)
		if len(d.List("findings")) != 2 || d.List("findings")[0].Num("amount_fen") != 1234567 || len(d.List("files")) != 1 || w.Audited(model.AuditQueryLook) != i+1 {
			t.Errorf("the answer %v, looks %d", d, w.Audited(model.AuditQueryLook))
		}
	}
	look := fmt.Sprintf("/files/%d/view", file)
	if a := officer.Call(handlertest.Get, look, nil); a.Status != http.StatusOK {
		t.Errorf("the file: %d", a.Status)
	}
	clerk.Refused(handlertest.Gone, "file.not_found", handlertest.Get, look, nil)
	other.Refused(handlertest.Gone, "file.not_found", handlertest.Get, look, nil)
	other.Refused(handlertest.Gone, "query.not_found", handlertest.Get, fmt.Sprintf("/asset-queries/%d", bank.ID("id")), nil)
	if l := other.Must(http.StatusOK, handlertest.Get, "/asset-queries", nil).List("queries"); len(l) != 0 {
		t.Errorf("another officer's list: %v", l)
	}
	if l := officer.Must(http.StatusOK, handlertest.Get, "/asset-queries?state=answered&limit=1", nil); len(l.List("queries")) != 1 || l.ID("next") == 0 || l.List("queries")[0].Str("case_no") != e.CaseNo {
		t.Errorf("the officer's list: %v", l)
	}
	counts := leader.Must(http.StatusOK, handlertest.Get, "/asset-query-counts?from=2026-01-01&until="+today, nil).List("counts")
	if len(counts) != 4 || counts[0].Num("sent") != 1 || counts[0].Num("found") != 0 || counts[3].Num("sent") != 1 || counts[3].Num("found") != 1 || counts[1].Num("sent") != 0 {
		t.Errorf("件次: %v", counts)
	}
	if c := other.Must(http.StatusOK, handlertest.Get, "/asset-query-counts?from=2026-01-01&until="+today, nil).List("counts"); c[0].Num("sent") != 0 {
		t.Errorf("another officer's 件次: %v", c)
	}
}

func TestQueriesRefuse(t *testing.T) {
	t.Parallel()
	d := &door{}
	w := handlertest.NewWith(t, func(w *handlertest.World) { w.Door = d })
	w.Staff("zhang.min", model.RoleJudge)
	clerk, leader := w.Staff("wan.tt", model.RoleClerk), w.Staff("yuan.zhang", model.RoleLeader)
	officer, other := w.Staff("chen.zx", model.RoleOfficer, model.RoleLeader), w.Staff("other.zx", model.RoleOfficer)
	f := w.File(clerk)
	e := w.EnforcedBy(officer, f)
	path := fmt.Sprintf("/enforcement-cases/%d/asset-queries", e.ID)
	want := func(k string, v any) handlertest.Obj {
		o := handlertest.Obj{"party_id": f.Debtor, "kind": "population", "purpose": "查明住址"}
		o[k] = v
		return o
	}
	at := func(q handlertest.Obj, act string) string {
		return fmt.Sprintf("/asset-queries/%d/%s", q.ID("id"), act)
	}
	people := officer.Must(http.StatusCreated, handlertest.Post, path, want("purpose", "查明住址"))
	car := officer.Must(http.StatusCreated, handlertest.Post, path, want("kind", "vehicle"))
	none := handlertest.Obj{"id": 999999.0}
	v := handlertest.Obj{"version": 1}
	refusedAll(t, []mistake{
		{officer, handlertest.Gone, "enforcement.not_found", handlertest.Post, "/enforcement-cases/999999/asset-queries", want("kind", "vehicle"), ""},
		{other, handlertest.Gone, "enforcement.not_found", handlertest.Post, path, want("kind", "vehicle"), ""},
		{officer, handlertest.Bad, "query.kind", handlertest.Post, path, want("kind", "stocks"), "kind"},
		{officer, handlertest.Bad, "query.person", handlertest.Post, path, want("party_id", f.Creditor), "party_id"},
		{officer, handlertest.Bad, "query.purpose", handlertest.Post, path, want("purpose", " "), "purpose"},
		{officer, handlertest.Bad, "query.agency", handlertest.Post, path, want("agency", strings.Repeat("长", 101)), "agency"},
		{leader, handlertest.Bad, "query.period", handlertest.Get, "/asset-query-counts", nil, "until"},
		{leader, handlertest.Bad, "date.format", handlertest.Get, "/asset-query-counts?from=x", nil, "from"},
		{officer, handlertest.Bad, "field.format", handlertest.Get, "/asset-queries?enforcement_case_id=x", nil, "enforcement_case_id"},
		{other, handlertest.Gone, "query.not_found", handlertest.Get, fmt.Sprintf("/asset-queries/%d", car.ID("id")), nil, ""},
		{other, handlertest.Gone, "query.not_found", handlertest.Get, at(car, "letter"), nil, ""},
		{officer, http.StatusConflict, "query.state", handlertest.Get, at(people, "letter"), nil, ""},
		{leader, handlertest.Gone, "query.not_found", handlertest.Post, at(none, "decide"), handlertest.Obj{"version": 1, "approve": true}, ""},
		{officer, http.StatusConflict, "query.own", handlertest.Post, at(people, "decide"), handlertest.Obj{"version": 1, "approve": true}, ""},
		{leader, http.StatusConflict, "query.changed", handlertest.Post, at(people, "decide"), handlertest.Obj{"version": 9, "approve": true}, ""},
		{leader, handlertest.Bad, "reason.required", handlertest.Post, at(people, "decide"), handlertest.Obj{"version": 1, "approve": false}, "reason"},
		{leader, http.StatusConflict, "query.state", handlertest.Post, at(car, "decide"), handlertest.Obj{"version": 1, "approve": true}, ""},
		{other, handlertest.Gone, "query.not_found", handlertest.Post, at(car, "send"), v, ""},
		{officer, http.StatusConflict, "query.changed", handlertest.Post, at(car, "send"), handlertest.Obj{"version": 9}, ""},
		{officer, handlertest.Bad, "query.agency", handlertest.Post, at(car, "send"), handlertest.Obj{"version": 1, "agency": strings.Repeat("长", 101)}, "agency"},
		{officer, http.StatusConflict, "query.state", handlertest.Post, at(people, "send"), v, ""},
		{other, handlertest.Gone, "query.not_found", handlertest.Post, at(car, "answer"), handlertest.Obj{"version": 1, "answered_on": "2026-03-01"}, ""},
		{officer, http.StatusConflict, "query.state", handlertest.Post, at(car, "answer"), handlertest.Obj{"version": 1, "answered_on": "2026-03-01"}, ""},
		{other, handlertest.Gone, "query.not_found", handlertest.Post, at(car, "cancel"), handlertest.Obj{"version": 1, "reason": "不再需要"}, ""},
		{officer, http.StatusConflict, "query.changed", handlertest.Post, at(car, "cancel"), handlertest.Obj{"version": 9, "reason": "不再需要"}, ""},
		{officer, handlertest.Bad, "reason.required", handlertest.Post, at(car, "cancel"), handlertest.Obj{"version": 1, "reason": " "}, "reason"},
	})
	d.broken = true
	refusedAll(t, []mistake{{officer, http.StatusServiceUnavailable, "query.door", handlertest.Post, at(car, "send"), v, ""}})
	d.broken = false
	car = officer.Must(http.StatusOK, handlertest.Post, at(car, "send"), v)
	if car.Str("reference") != fmt.Sprintf("受理-%d", car.ID("id")) || d.asked[len(d.asked)-1].IDNumber != "91350100M000100Y43" {
		t.Errorf("through the door: %v %v", car, d.asked)
	}
	today := model.DateOf(w.Clock.Now()).String()
	answer := func(k string, v any) handlertest.Obj {
		o := handlertest.Obj{"version": car.ID("version"), "answered_on": today}
		o[k] = v
		return o
	}
	refusedAll(t, []mistake{
		{officer, http.StatusConflict, "query.changed", handlertest.Post, at(car, "answer"), answer("version", 9), ""},
		{officer, handlertest.Bad, "query.answered_on", handlertest.Post, at(car, "answer"), answer("answered_on", "2020-01-01"), "answered_on"},
		{officer, handlertest.Bad, "query.note", handlertest.Post, at(car, "answer"), answer("note", strings.Repeat("长", 501)), "note"},
		{officer, handlertest.Bad, "query.finding", handlertest.Post, at(car, "answer"), answer("findings", []handlertest.Obj{{"what": " "}}), "findings"},
		{officer, handlertest.Bad, "file.unknown", handlertest.Post, at(car, "answer"), answer("file_ids", []int64{999999}), "file_ids"},
		{officer, handlertest.Bad, "file.too_many", handlertest.Post, at(car, "answer"), answer("file_ids", []int64{1, 2, 3, 4, 5, 6, 7, 8, 9, 10}), "file_ids"},
	})
	refusal := leader.Must(http.StatusOK, handlertest.Post, at(people, "decide"), handlertest.Obj{"version": 1, "approve": false, "reason": "用途不明确"})
	officer.Refused(http.StatusConflict, "query.state", handlertest.Post, at(refusal, "cancel"), handlertest.Obj{"version": 2, "reason": "不再需要"})
	officer.Must(http.StatusOK, handlertest.Post, at(car, "cancel"), handlertest.Obj{"version": car.ID("version"), "reason": "被执行人已履行"})
	officer.Must(http.StatusOK, handlertest.Post, at(car, "cancel"), handlertest.Obj{"version": car.ID("version"), "reason": "被执行人已履行"})
	if len(w.OpenTasks(officer, model.TaskQueryAnswer)) != 0 {
		t.Error("a cancelled query keeps its clock")
	}
	w.CloseEnforcement(officer, e)
	refusedAll(t, []mistake{{officer, http.StatusConflict, "enforcement.closed", handlertest.Post, path, want("kind", "vehicle"), ""}})
}
