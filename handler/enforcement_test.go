package handler_test

import (
	"context"
	"fmt"
	"net/http"
	"reflect"
	"strings"
	"testing"

	"microcourt/handler/handlertest"

	"microcourt/model"
)

// From filing to closing, over HTTP: the debtor is told and gets his paper, the
// officer has two clocks, confirms what the debtor pays, and the case is closed.
func TestEnforcementFromFilingToClosing(t *testing.T) {
	t.Parallel()
	w := handlertest.New(t)
	judge, clerk, officer := w.Staff("zhang.min", model.RoleJudge), w.Staff("wan.tt", model.RoleClerk), w.Staff("ji.fg", model.RoleOfficer)
	other, f := w.Staff("lu.fg", model.RoleOfficer), w.File(clerk)
	debtor, creditor := w.Phone(""), w.Phone("")
	debtor.Bind(clerk, f.ID, f.Debtor)
	creditor.Bind(clerk, f.ID, f.Creditor)
	w.Work()
	id, no := w.Enforce(clerk, f, "ji.fg")
	at := fmt.Sprintf("/enforcement-cases/%d", id)
	w.Work()
	if _, lines := judge.Schedule(f); strings.Contains(strings.Join(lines, "\n"), "planned") {
		t.Errorf("somebody is still urged: %v", lines)
	}
	seen := debtor.Must(http.StatusOK, handlertest.Get, fmt.Sprintf("/cases/%d", f.ID), nil)
	e := seen.List("enforcement")
	if len(e) != 1 || e[0].Str("case_no") != no || e[0].Str("perform_by") != "2026-03-05" || e[0].Str("officer") != "法官ji.fg" {
		t.Fatalf("the debtor sees %v", e)
	}
	var kinds []string
	for _, n := range debtor.Must(http.StatusOK, handlertest.Get, "/notices", nil).List("notices") {
		kinds = append(kinds, n.Str("kind"))
	}
	if all := strings.Join(kinds, " "); !strings.Contains(all, "enforcement.notice") || !strings.Contains(all, "enforcement.warning") {
		t.Errorf("the debtor was told %v", kinds)
	}
	docs := debtor.Must(http.StatusOK, handlertest.Get, fmt.Sprintf("/cases/%d/documents", f.ID), nil).List("documents")
	if a := debtor.Call(handlertest.Get, fmt.Sprintf("/documents/%d/pdf", docs[0].ID("id")), nil); a.Status != http.StatusOK || !strings.HasPrefix(string(a.Body), "%PDF") {
		t.Errorf("the paper answers %d", a.Status)
	}
	// Two clocks: 10 days for the notice (11 March), six months for the case
	// (1 September).
	detail := officer.Must(http.StatusOK, handlertest.Get, at, nil)
	tasks := detail.List("tasks")
	if len(tasks) != 2 || tasks[0].Str("due_at") != "2026-03-11T15:59:59Z" || tasks[1].Str("due_at") != "2026-09-01T15:59:59Z" ||
		!strings.Contains(tasks[0].Str("due_reason"), "第四百八十条") || detail.Num("owed_fen") != 100000 || detail.Num("fee_fen") != 5000 {
		t.Fatalf("the officer sees %v", detail)
	}
	served := officer.Must(http.StatusOK, handlertest.Post, fmt.Sprintf("/tasks/%d/finish", tasks[0].ID("id")), handlertest.Obj{"result": "已签收", "version": 1})
	if list := officer.Must(http.StatusOK, handlertest.Get, "/tasks?state=done", nil).List("tasks"); len(list) != 1 || !reflect.DeepEqual(served, list[0]) || served.Str("case_no") != no || served.Str("owner") != "法官ji.fg" {
		t.Errorf("the finished task is answered as %v and listed as %v", served, list)
	}
	// The debtor pays; another officer cannot confirm it, his own can.
	r := debtor.Submit(f, 60000, 9001)
	if q := other.Must(http.StatusOK, handlertest.Get, "/receipts", nil).List("receipts"); len(q) != 0 {
		t.Errorf("another officer's queue: %v", q)
	}
	if q := officer.Must(http.StatusOK, handlertest.Get, "/receipts", nil).List("receipts"); len(q) != 1 {
		t.Fatalf("the officer's queue: %v", q)
	}
	other.Refused(handlertest.Gone, "receipt.not_found", handlertest.Post, fmt.Sprintf("/receipts/%d/confirm", r.ID("id")), handlertest.Obj{"version": 1, "amount_fen": 60000})
	officer.Confirm(r, 60000)
	judge.Confirm(debtor.Submit(f, 40000, 9002), 40000) // the judge may as well
	detail = officer.Must(http.StatusOK, handlertest.Get, at, nil)
	list := officer.Must(http.StatusOK, handlertest.Get, "/tasks", nil).List("tasks")
	if detail.Str("performed_on") != "2026-03-01" || detail.Num("open_fen") != 0 || len(list) != 2 || list[0].Str("kind") != "case.check" {
		t.Fatalf("after full performance: %v, to do %v", detail, list)
	}
	officer.Does(handlertest.CloseCase, id, handlertest.Obj{"close_type": "performed", "closed_on": "2026-03-02", "version": detail.Num("version")})
	if n := creditor.Must(http.StatusOK, handlertest.Get, "/notices", nil).List("notices"); n[0].Str("kind") != "enforcement.closed" {
		t.Errorf("the creditor was told last: %v", n[0])
	}
}

func TestEnforcementRefuses(t *testing.T) {
	t.Parallel()
	w := handlertest.New(t)
	w.Staff("zhang.min", model.RoleJudge)
	clerk, officer, system := w.Staff("wan.tt", model.RoleClerk), w.Staff("ji.fg", model.RoleOfficer), w.CaseSystem()
	f := w.File(clerk)
	id, no := w.Enforce(clerk, f, "ji.fg")
	at := fmt.Sprintf("/enforcement-cases/%d", id)
	with := func(k string, v any) handlertest.Obj {
		o := handlertest.Obj{"case_no": no, "filed_on": "2026-03-01", "officer": "ji.fg", "amount_fen": 100000, "basis_no": f.No}
		o[k] = v
		return o
	}
	pushed := func(version int, k string, v any) handlertest.Obj {
		o := with(k, v)
		o["version"] = version
		return o
	}
	// A number of before 2016 names no court; another court has one of ours.
	const old = "（2015）甬镇执民字第88号"
	clerk.FilesEnforcement(handlertest.Obj{"case_no": old, "filed_on": "2026-03-01", "basis_no": f.No})
	foreign := w.AddCourt("浙0212", "宁波市鄞州区人民法院", "鄞法")
	secret, err := w.Svc.Identity.CreateAPIKey(context.Background(), model.System(), foreign.ID, "审判系统")
	if err != nil {
		t.Fatal(err)
	}
	theirs := &handlertest.Client{W: w, Auth: "ApiKey " + secret}
	task := officer.Must(http.StatusOK, handlertest.Get, at, nil).List("tasks")
	if res, _ := w.Visitor(officer).Send(http.MethodGet, "/tasks?after=abc", nil, nil); res.StatusCode != handlertest.Bad {
		t.Errorf("the desk begins a list anew at a bad mark: %d", res.StatusCode)
	}
	finish := func(i int) string { return fmt.Sprintf("/tasks/%d/finish", task[i].ID("id")) }
	refusedAll(t, []mistake{
		{clerk, handlertest.Bad, "filter.unknown", handlertest.Get, "/enforcement-cases?kind=x", nil, ""},
		{officer, handlertest.Gone, "enforcement.not_found", handlertest.Get, "/enforcement-cases/999999", nil, ""},
		{officer, handlertest.Bad, "filter.unknown", handlertest.Get, "/tasks?state=x", nil, ""},
		{officer, handlertest.Gone, "task.not_found", handlertest.Post, "/tasks/999999/finish", handlertest.Obj{"result": "好", "version": 1}, ""},
		{officer, http.StatusConflict, "task.by_act", handlertest.Post, finish(1), handlertest.Obj{"result": "好", "version": 1}, ""},
		{officer, http.StatusConflict, "task.changed", handlertest.Post, finish(0), handlertest.Obj{"result": "好", "version": 9}, ""},
		{officer, handlertest.Bad, "task.result", handlertest.Post, finish(0), handlertest.Obj{"result": " ", "version": 1}, "result"},
		{officer, handlertest.Bad, "file.unknown", handlertest.Post, finish(0), handlertest.Obj{"result": "已送达", "version": 1, "file_id": 99}, "file_id"},
		{system, handlertest.Bad, "version.format", handlertest.Put, "/case-system/enforcement-cases/" + no, pushed(0, "amount_fen", 2), "version"},
		{system, handlertest.Bad, "case_no.mismatch", handlertest.Put, "/case-system/enforcement-cases/" + no, pushed(1, "case_no", "（2026）浙0211执99999号"), "case_no"},
		{system, handlertest.Bad, "case.invalid", handlertest.Put, "/case-system/enforcement-cases/" + no, pushed(1, "officer", "nobody"), ""},
		{theirs, handlertest.Bad, "enforcement.exists", handlertest.Put, "/case-system/enforcement-cases/" + old, handlertest.Obj{"case_no": old, "filed_on": "2026-03-01", "version": 1, "basis_no": f.No}, "case_no"},
	})
	for _, outcome := range []string{"updated", "unchanged"} {
		if v := system.Must(http.StatusOK, handlertest.Put, "/case-system/enforcement-cases/"+no, pushed(5, "amount_fen", 5)); v.Str("outcome") != outcome || v.ID("id") != id {
			t.Errorf("the push is answered %v, want %s", v, outcome)
		}
	}
	refusedAll(t, []mistake{
		{system, http.StatusConflict, "case.stale", handlertest.Put, "/case-system/enforcement-cases/" + no, pushed(4, "amount_fen", 4), ""},
		{system, http.StatusConflict, "case.version_reused", handlertest.Put, "/case-system/enforcement-cases/" + no, pushed(5, "amount_fen", 6), ""},
	})
	officer.Must(http.StatusOK, handlertest.Post, finish(0), handlertest.Obj{"result": "已送达", "version": 1})
	refusedAll(t, []mistake{{officer, http.StatusConflict, "task.done", handlertest.Post, finish(0), handlertest.Obj{"result": "再次送达", "version": 1}, ""}})
}
