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

	"microcourt/model"
	"microcourt/service/administration"
	"microcourt/service/filing"
)

// actorOf is a staff client as the services see him.
func (c *client) actorOf(roles ...model.Role) model.Actor {
	return model.Actor{UserID: c.userID, CourtID: c.w.court.ID, Roles: roles}
}

var enforcedCounter struct {
	sync.Mutex
	n int
}

// enforcedBy files an enforcement case of the officer on a case.
func (w *world) enforcedBy(officer *client, f filed) *model.EnforcementFile {
	w.t.Helper()
	enforcedCounter.Lock()
	enforcedCounter.n++
	no := fmt.Sprintf("（2026）浙0211执%d号", 5000+enforcedCounter.n)
	enforcedCounter.Unlock()
	e, _, err := w.svc.Filing.FileEnforcement(context.Background(), officer.actorOf(model.RoleOfficer), filing.EnforcementInput{
		CaseNo: no, FiledOn: model.DateOf(w.clock.Now()), Officer: officer.name, BasisNo: f.no,
	})
	if err != nil {
		w.t.Fatal(err)
	}
	return e
}

func (w *world) closeEnforcement(officer *client, e *model.EnforcementFile) {
	w.t.Helper()
	now, err := w.db.EnforcementCase(context.Background(), officer.actorOf(model.RoleOfficer), e.ID)
	if err == nil {
		_, err = w.svc.Enforcement.Close(context.Background(), officer.actorOf(model.RoleOfficer), e.ID, now.Version, model.CloseEnded, model.DateOf(w.clock.Now()), "申请执行人撤回申请")
	}
	if err != nil {
		w.t.Fatal(err)
	}
}

// audited counts the entries of a court's audit trail with an action.
func (w *world) audited(action string) (n int) {
	w.t.Helper()
	list, err := w.svc.Administration.Entries(context.Background(), model.Actor{CourtID: w.court.ID, Roles: []model.Role{model.RoleAuditor}}, administration.Wanted{}, model.AuditFilter{Limit: 1000})
	if err != nil {
		w.t.Fatal(err)
	}
	for _, e := range list {
		if e.Action == action {
			n++
		}
	}
	return n
}

// openTasks are the open tasks of a kind.
func (w *world) openTasks(officer *client, kind model.TaskKind) []model.TaskLine {
	w.t.Helper()
	list, err := w.svc.Enforcement.Tasks(context.Background(), officer.actorOf(model.RoleOfficer), model.TaskFilter{Kind: kind, State: model.TaskOpen, Limit: 50})
	if err != nil {
		w.t.Fatal(err)
	}
	return list
}

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
	w := newWorld(t)
	w.staff("zhang.min", model.RoleJudge)
	clerk, officer, leader := w.staff("wan.tt", model.RoleClerk), w.staff("chen.zx", model.RoleOfficer), w.staff("yuan.zhang", model.RoleLeader)
	other := w.staff("other.zx", model.RoleOfficer)
	f := w.file(clerk)
	e := w.enforcedBy(officer, f)
	path := fmt.Sprintf("/enforcement-cases/%d/asset-queries", e.ID)
	ask := func(kind string) obj {
		return obj{"party_id": f.debtor, "kind": kind, "purpose": "查明可供执行的财产"}
	}

	key := freshKey()
	car := officer.callKey(post, path, ask("vehicle"), key)
	again := officer.callKey(post, path, ask("vehicle"), key)
	if car.status != http.StatusCreated || car.json.str("state") != "approved" || !bytes.Equal(again.body, car.body) {
		t.Fatalf("a vehicle query %d %s, again %s", car.status, car.body, again.body)
	}
	bank := officer.must(http.StatusCreated, post, path, ask("bank"))
	if bank.str("state") != "requested" || !bank["needs_approval"].(bool) {
		t.Errorf("a bank query %v", bank)
	}
	if n := leader.must(http.StatusOK, get, "/notices", nil).list("notices"); len(n) == 0 || n[0].str("kind") != "query.requested" || strings.Contains(n[0].str("body"), "甬兴") {
		t.Errorf("the leader's inbox: %v", n)
	}
	at := func(q obj, act string) string { return fmt.Sprintf("/asset-queries/%d/%s", q.id("id"), act) }
	officer.refused(http.StatusConflict, "query.state", post, at(bank, "send"), obj{"version": bank.id("version")})
	bank = leader.must(http.StatusOK, post, at(bank, "decide"), obj{"version": bank.id("version"), "approve": true})
	leader.must(http.StatusOK, post, at(bank, "decide"), obj{"version": 1, "approve": true}) // the second click

	letter := officer.must(http.StatusOK, get, at(bank, "letter"), nil)
	if letter.str("id_number") != "91350100M000100Y43" || !strings.Contains(letter.str("text"), e.CaseNo) || w.audited("query.letter") != 1 {
		t.Errorf("the letter: %v, looks %d", letter, w.audited("query.letter"))
	}
	bank = officer.must(http.StatusOK, post, at(bank, "send"), obj{"version": bank.id("version"), "agency": "中国工商银行镇海支行"})
	officer.must(http.StatusOK, post, at(bank, "send"), obj{"version": 2, "agency": "中国工商银行镇海支行"}) // the answer got lost
	tasks := w.openTasks(officer, model.TaskQueryAnswer)
	if len(tasks) != 1 || model.DateOf(tasks[0].DueAt).String() != bank.str("due_on") {
		t.Errorf("the clock: %v, due %v", tasks, bank["due_on"])
	}
	sent := officer.must(http.StatusOK, post, at(car.json, "send"), obj{"version": 1})

	// What is late reaches officer and leader.
	w.clock.Advance(15 * 24 * time.Hour)
	officer.renew()
	leader.renew()
	other.renew()
	clerk.renew()
	if err := w.svc.Enforcement.Pass(context.Background()); err != nil {
		t.Fatal(err)
	}
	if n := officer.must(http.StatusOK, get, "/notices", nil).list("notices"); len(n) == 0 || n[0].str("kind") != "task.late" {
		t.Errorf("nobody told the officer: %v", n)
	}

	today := model.DateOf(w.clock.Now()).String()
	nothing := officer.must(http.StatusOK, post, at(sent, "answer"), obj{"version": sent.id("version"), "answered_on": today})
	if nothing.str("state") != "answered" || nothing.num("found") != 0 {
		t.Errorf("no findings is an answer: %v", nothing)
	}
	file := officer.uploaded(f.id, 911)
	answer := obj{"version": bank.id("version"), "answered_on": today, "note": "截至答复日", "file_ids": []int64{file}, "findings": []obj{
		{"what": "活期账户 6222****8888", "place": "镇海支行", "amount_fen": 1234567, "note": "可用余额"}, {"what": "定期账户", "value": "三年期"},
	}}
	key = freshKey()
	if a := officer.callKey(post, at(bank, "answer"), answer, key); a.status != http.StatusOK {
		t.Fatalf("answer: %s", a.body)
	}
	if a := officer.callKey(post, at(bank, "answer"), answer, key); a.status != http.StatusOK || a.json.num("found") != 2 {
		t.Errorf("the repeat: %s", a.body)
	}
	if len(w.openTasks(officer, model.TaskQueryAnswer)) != 0 {
		t.Error("an answered query keeps its clock")
	}
	for i, by := range []*client{officer, leader} {
		d := by.must(http.StatusOK, get, fmt.Sprintf("/asset-queries/%d", bank.id("id")), nil)
		if len(d.list("findings")) != 2 || d.list("findings")[0].num("amount_fen") != 1234567 || len(d.list("files")) != 1 || w.audited("query.look") != i+1 {
			t.Errorf("the answer %v, looks %d", d, w.audited("query.look"))
		}
	}
	look := fmt.Sprintf("/files/%d/view", file)
	if a := officer.call(get, look, nil); a.status != http.StatusOK {
		t.Errorf("the file: %d", a.status)
	}
	clerk.refused(gone, "file.not_found", get, look, nil)
	other.refused(gone, "file.not_found", get, look, nil)
	other.refused(gone, "query.not_found", get, fmt.Sprintf("/asset-queries/%d", bank.id("id")), nil)
	if l := other.must(http.StatusOK, get, "/asset-queries", nil).list("queries"); len(l) != 0 {
		t.Errorf("another officer's list: %v", l)
	}
	if l := officer.must(http.StatusOK, get, "/asset-queries?state=answered&limit=1", nil); len(l.list("queries")) != 1 || l.id("next") == 0 || l.list("queries")[0].str("case_no") != e.CaseNo {
		t.Errorf("the officer's list: %v", l)
	}
	counts := leader.must(http.StatusOK, get, "/asset-query-counts?from=2026-01-01&until="+today, nil).list("counts")
	if len(counts) != 4 || counts[0].num("sent") != 1 || counts[0].num("found") != 0 || counts[3].num("sent") != 1 || counts[3].num("found") != 1 || counts[1].num("sent") != 0 {
		t.Errorf("件次: %v", counts)
	}
	if c := other.must(http.StatusOK, get, "/asset-query-counts?from=2026-01-01&until="+today, nil).list("counts"); c[0].num("sent") != 0 {
		t.Errorf("another officer's 件次: %v", c)
	}
}

func TestQueriesRefuse(t *testing.T) {
	t.Parallel()
	d := &door{}
	w := newWorldWith(t, func(w *world) { w.door = d })
	w.staff("zhang.min", model.RoleJudge)
	clerk, leader := w.staff("wan.tt", model.RoleClerk), w.staff("yuan.zhang", model.RoleLeader)
	officer, other := w.staff("chen.zx", model.RoleOfficer, model.RoleLeader), w.staff("other.zx", model.RoleOfficer)
	f := w.file(clerk)
	e := w.enforcedBy(officer, f)
	path := fmt.Sprintf("/enforcement-cases/%d/asset-queries", e.ID)
	want := func(k string, v any) obj {
		o := obj{"party_id": f.debtor, "kind": "population", "purpose": "查明住址"}
		o[k] = v
		return o
	}
	at := func(q obj, act string) string { return fmt.Sprintf("/asset-queries/%d/%s", q.id("id"), act) }
	people := officer.must(http.StatusCreated, post, path, want("purpose", "查明住址"))
	car := officer.must(http.StatusCreated, post, path, want("kind", "vehicle"))
	none := obj{"id": 999999.0}
	v := obj{"version": 1}
	refusedAll(t, []mistake{
		{officer, gone, "enforcement.not_found", post, "/enforcement-cases/999999/asset-queries", want("kind", "vehicle"), ""},
		{other, gone, "enforcement.not_found", post, path, want("kind", "vehicle"), ""},
		{officer, bad, "query.kind", post, path, want("kind", "stocks"), "kind"},
		{officer, bad, "query.person", post, path, want("party_id", f.creditor), "party_id"},
		{officer, bad, "query.purpose", post, path, want("purpose", " "), "purpose"},
		{officer, bad, "query.agency", post, path, want("agency", strings.Repeat("长", 101)), "agency"},
		{leader, bad, "query.period", get, "/asset-query-counts", nil, "until"},
		{leader, bad, "date.format", get, "/asset-query-counts?from=x", nil, "from"},
		{officer, bad, "field.format", get, "/asset-queries?enforcement_case_id=x", nil, "enforcement_case_id"},
		{other, gone, "query.not_found", get, fmt.Sprintf("/asset-queries/%d", car.id("id")), nil, ""},
		{other, gone, "query.not_found", get, at(car, "letter"), nil, ""},
		{officer, http.StatusConflict, "query.state", get, at(people, "letter"), nil, ""},
		{leader, gone, "query.not_found", post, at(none, "decide"), obj{"version": 1, "approve": true}, ""},
		{officer, http.StatusConflict, "query.own", post, at(people, "decide"), obj{"version": 1, "approve": true}, ""},
		{leader, http.StatusConflict, "query.changed", post, at(people, "decide"), obj{"version": 9, "approve": true}, ""},
		{leader, bad, "reason.required", post, at(people, "decide"), obj{"version": 1, "approve": false}, "reason"},
		{leader, http.StatusConflict, "query.state", post, at(car, "decide"), obj{"version": 1, "approve": true}, ""},
		{other, gone, "query.not_found", post, at(car, "send"), v, ""},
		{officer, http.StatusConflict, "query.changed", post, at(car, "send"), obj{"version": 9}, ""},
		{officer, bad, "query.agency", post, at(car, "send"), obj{"version": 1, "agency": strings.Repeat("长", 101)}, "agency"},
		{officer, http.StatusConflict, "query.state", post, at(people, "send"), v, ""},
		{other, gone, "query.not_found", post, at(car, "answer"), obj{"version": 1, "answered_on": "2026-03-01"}, ""},
		{officer, http.StatusConflict, "query.state", post, at(car, "answer"), obj{"version": 1, "answered_on": "2026-03-01"}, ""},
		{other, gone, "query.not_found", post, at(car, "cancel"), obj{"version": 1, "reason": "不再需要"}, ""},
		{officer, http.StatusConflict, "query.changed", post, at(car, "cancel"), obj{"version": 9, "reason": "不再需要"}, ""},
		{officer, bad, "reason.required", post, at(car, "cancel"), obj{"version": 1, "reason": " "}, "reason"},
	})
	d.broken = true
	refusedAll(t, []mistake{{officer, http.StatusServiceUnavailable, "query.door", post, at(car, "send"), v, ""}})
	d.broken = false
	car = officer.must(http.StatusOK, post, at(car, "send"), v)
	if car.str("reference") != fmt.Sprintf("受理-%d", car.id("id")) || d.asked[len(d.asked)-1].IDNumber != "91350100M000100Y43" {
		t.Errorf("through the door: %v %v", car, d.asked)
	}
	today := model.DateOf(w.clock.Now()).String()
	answer := func(k string, v any) obj {
		o := obj{"version": car.id("version"), "answered_on": today}
		o[k] = v
		return o
	}
	refusedAll(t, []mistake{
		{officer, http.StatusConflict, "query.changed", post, at(car, "answer"), answer("version", 9), ""},
		{officer, bad, "query.answered_on", post, at(car, "answer"), answer("answered_on", "2020-01-01"), "answered_on"},
		{officer, bad, "query.note", post, at(car, "answer"), answer("note", strings.Repeat("长", 501)), "note"},
		{officer, bad, "query.finding", post, at(car, "answer"), answer("findings", []obj{{"what": " "}}), "findings"},
		{officer, bad, "file.unknown", post, at(car, "answer"), answer("file_ids", []int64{999999}), "file_ids"},
		{officer, bad, "file.too_many", post, at(car, "answer"), answer("file_ids", []int64{1, 2, 3, 4, 5, 6, 7, 8, 9, 10}), "file_ids"},
	})
	refusal := leader.must(http.StatusOK, post, at(people, "decide"), obj{"version": 1, "approve": false, "reason": "用途不明确"})
	officer.refused(http.StatusConflict, "query.state", post, at(refusal, "cancel"), obj{"version": 2, "reason": "不再需要"})
	officer.must(http.StatusOK, post, at(car, "cancel"), obj{"version": car.id("version"), "reason": "被执行人已履行"})
	officer.must(http.StatusOK, post, at(car, "cancel"), obj{"version": car.id("version"), "reason": "被执行人已履行"})
	if len(w.openTasks(officer, model.TaskQueryAnswer)) != 0 {
		t.Error("a cancelled query keeps its clock")
	}
	w.closeEnforcement(officer, e)
	refusedAll(t, []mistake{{officer, http.StatusConflict, "enforcement.closed", post, path, want("kind", "vehicle"), ""}})
}
