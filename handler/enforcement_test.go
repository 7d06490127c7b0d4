package handler_test

import (
	"context"
	"fmt"
	"net/http"
	"reflect"
	"strings"
	"testing"
	"time"

	"microcourt/handler/handlertest"

	"microcourt/model"
	"microcourt/service/servicetest"
	"microcourt/storage"
)

// From filing to closing: the voluntary phase ends, the debtor is warned, the
// officer confirms what the debtor pays, the case is closed.
func TestEnforcementFromFilingToClosing(t *testing.T) {
	t.Parallel()
	w := handlertest.New(t)
	judge, clerk, officer := w.Staff("zhang.min", model.RoleJudge), w.Staff("wan.tt", model.RoleClerk), w.Staff("ji.fg", model.RoleOfficer)
	other := w.Staff("lu.fg", model.RoleOfficer)
	f := w.File(clerk)
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
	r1 := debtor.Submit(f, 60000, 9001)
	if q := other.Must(http.StatusOK, handlertest.Get, "/receipts", nil).List("receipts"); len(q) != 0 {
		t.Errorf("another officer's queue: %v", q)
	}
	if q := officer.Must(http.StatusOK, handlertest.Get, "/receipts", nil).List("receipts"); len(q) != 1 {
		t.Fatalf("the officer's queue: %v", q)
	}
	other.Refused(handlertest.Gone, "receipt.not_found", handlertest.Post, fmt.Sprintf("/receipts/%d/confirm", r1.ID("id")), handlertest.Obj{"version": 1, "amount_fen": 60000})
	officer.Confirm(r1, 60000)
	officer.Rejected("enforcement.not_performed", handlertest.CloseCase, id, handlertest.Obj{"close_type": "performed", "closed_on": "2026-03-02", "version": officer.Must(http.StatusOK, handlertest.Get, at, nil).Num("version")})
	r2 := debtor.Submit(f, 40000, 9002)
	judge.Confirm(r2, 40000) // the judge may as well
	detail = officer.Must(http.StatusOK, handlertest.Get, at, nil)
	if detail.Str("performed_on") != "2026-03-01" || detail.Num("open_fen") != 0 {
		t.Fatalf("after full performance: %v", detail)
	}
	list := officer.Must(http.StatusOK, handlertest.Get, "/tasks", nil).List("tasks")
	if len(list) != 2 || list[0].Str("kind") != "case.check" {
		t.Fatalf("the officer's tasks: %v", list)
	}

	// A correction takes it back, and confirming again brings it anew.
	judge.Must(http.StatusOK, handlertest.Post, fmt.Sprintf("/receipts/%d/correct", r2.ID("id")), handlertest.Obj{"version": 2, "amount_fen": 30000, "reason": "看错金额"})
	if d := officer.Must(http.StatusOK, handlertest.Get, at, nil); d.Str("performed_on") != "" {
		t.Errorf("after the correction: %v", d)
	}
	officer.Confirm(debtor.Submit(f, 10000, 9003), 10000)

	// Performed in enforcement: no certificate.
	if _, _, err := w.Svc.Certificate.Issue(context.Background(), judge.Actor(), f.ID, f.Instrument, f.Debtor); model.ReasonOf(err) != "certificate.not_eligible" {
		t.Error("a certificate in enforcement:", err)
	}

	detail = officer.Must(http.StatusOK, handlertest.Get, at, nil)
	closing := handlertest.Obj{"close_type": "performed", "closed_on": "2026-03-02", "version": detail.Num("version")}
	officer.Does(handlertest.CloseCase, id, closing)
	officer.Does(handlertest.CloseCase, id, closing) // the answer got lost
	if list := officer.Must(http.StatusOK, handlertest.Get, "/tasks", nil).List("tasks"); len(list) != 0 {
		t.Errorf("after closing: %v", list)
	}
	if n := creditor.Must(http.StatusOK, handlertest.Get, "/notices", nil).List("notices"); n[0].Str("kind") != "enforcement.closed" {
		t.Errorf("the creditor was told last: %v", n[0])
	}
	if _, breaks, err := w.DB.VerifyAudit(context.Background()); err != nil || len(breaks) != 0 {
		t.Error(breaks, err)
	}
}

// One creditor's obligation goes to enforcement, the other's debtor still
// performs voluntarily; preservation ends nothing; what another court decided
// is enforced under its own number.
func TestWhatAnEnforcementCaseEnforces(t *testing.T) {
	t.Parallel()
	w := handlertest.New(t)
	judge, clerk, officer, system := w.Staff("zhang.min", model.RoleJudge), w.Staff("wan.tt", model.RoleClerk), w.Staff("ji.fg", model.RoleOfficer), w.CaseSystem()
	in := handlertest.CaseInput()
	in["parties"] = append(in["parties"].([]handlertest.Obj), handlertest.Obj{"ref": "C2", "role": "plaintiff", "kind": "person", "name": "赵明"})
	inst := in["instruments"].([]handlertest.Obj)[0]
	inst["obligations"] = append(inst["obligations"].([]handlertest.Obj), handlertest.Obj{"ref": "O2", "kind": "money", "obligors": []string{"D1"}, "obligee": "C2", "amount_fen": 5000, "due_on": "2026-04-30"})
	f := w.FileInput(clerk, in)
	debtor := w.Phone("")
	debtor.Bind(clerk, f.ID, f.Debtor)
	number := func(kind string) string {
		return fmt.Sprintf("（2026）浙0211%s%d号", kind, servicetest.NextCase())
	}
	officer.FilesEnforcement(handlertest.Obj{"case_no": number("执保"), "filed_on": "2026-03-01", "officer": "ji.fg", "basis_no": f.No})
	if c := judge.Must(http.StatusOK, handlertest.Get, fmt.Sprintf("/cases/%d", f.ID), nil); c["in_enforcement"] != false {
		t.Errorf("preservation ended the voluntary phase: %v", c)
	}
	no := number("执")
	push := handlertest.Obj{"case_no": no, "filed_on": "2026-03-02", "basis_no": f.No, "applicants": []string{"C2"}, "version": 1}
	v := system.Must(http.StatusOK, handlertest.Put, "/case-system/enforcement-cases/"+no, push)
	if again := system.Must(http.StatusOK, handlertest.Put, "/case-system/enforcement-cases/"+no, push); again.Str("outcome") != "unchanged" || again.ID("id") != v.ID("id") {
		t.Errorf("the same push again: %v", again)
	}
	w.Work()
	_, lines := judge.Schedule(f)
	if !strings.Contains(strings.Join(lines, "\n"), "2026-03-31 planned") {
		t.Errorf("the first creditor's debtor is not urged any more: %v", lines)
	}
	push["version"], push["officer"] = 2, "ji.fg"
	if up := system.Must(http.StatusOK, handlertest.Put, "/case-system/enforcement-cases/"+no, push); up.Str("outcome") != "updated" {
		t.Errorf("%v", up)
	}
	d := officer.Must(http.StatusOK, handlertest.Get, fmt.Sprintf("/enforcement-cases/%d", v.ID("id")), nil)
	if d.Num("owed_fen") != 5000 || len(d.List("parties")) != 2 || len(d.List("tasks")) != 2 {
		t.Errorf("it enforces %v", d)
	}

	award := number("执")
	a := system.Must(http.StatusOK, handlertest.Put, "/case-system/enforcement-cases/"+award, handlertest.Obj{
		"case_no": award, "filed_on": "2026-03-02", "officer": "ji.fg", "version": 1, "basis": handlertest.Obj{
			"cause": "劳动争议仲裁裁决", "parties": []handlertest.Obj{{"ref": "P1", "role": "applicant", "kind": "person", "name": "孙立"}, {"ref": "P2", "role": "respondent", "kind": "person", "name": "何敏"}},
			"instruments": []handlertest.Obj{{"ref": "I1", "kind": "ruling", "number": "甬劳人仲裁字〔2026〕1号", "effective_on": "2026-01-10", "summary": "支付工资", "obligations": []handlertest.Obj{
				{"ref": "O1", "kind": "money", "obligors": []string{"P2"}, "obligee": "P1", "amount_fen": 800000, "due_on": "2026-01-31"},
			}}},
		},
	})
	list := officer.Must(http.StatusOK, handlertest.Get, "/enforcement-cases?mine=1&open=1", nil).List("cases")
	if len(list) != 3 || list[0].Str("basis_no") != award || list[0].Str("debtors") != "何敏" {
		t.Errorf("the officer's cases: %v", list)
	}
	if n := officer.Must(http.StatusOK, handlertest.Get, fmt.Sprintf("/enforcement-cases/%d", a.ID("id")), nil); n.Num("interest_fen") != 4200 {
		t.Errorf("30 days of doubled interest on 8,000 yuan: %v", n.Num("interest_fen"))
	}
}

// The clock runs out: officer and leader are told once; an officer who leaves
// hands everything over.
func TestLateTasksAndAnOfficerWhoLeaves(t *testing.T) {
	t.Parallel()
	w := handlertest.New(t)
	w.Staff("zhang.min", model.RoleJudge)
	clerk, officer, next, leader := w.Staff("wan.tt", model.RoleClerk), w.Staff("ji.fg", model.RoleOfficer), w.Staff("lu.fg", model.RoleOfficer), w.Staff("chen.zj", model.RoleLeader)
	f, g := w.File(clerk), w.File(clerk)
	first, _ := w.Enforce(clerk, f, "ji.fg")
	w.Enforce(clerk, g, "ji.fg")
	w.Clock.Set(time.Date(2026, 3, 12, 16, 0, 1, 0, time.UTC)) // the 13th in court time
	for range 2 {
		if err := w.Svc.Enforcement.Pass(context.Background()); err != nil {
			t.Fatal(err)
		}
	}
	late := func(c *handlertest.Client) (n int) {
		c.Renew()
		for _, v := range c.Must(http.StatusOK, handlertest.Get, "/notices", nil).List("notices") {
			if v.Str("kind") == "task.late" {
				n++
			}
		}
		return n
	}
	if a, b := late(officer), late(leader); a != 2 || b != 2 {
		t.Errorf("told of late tasks: officer %d, leader %d", a, b)
	}
	at := fmt.Sprintf("/enforcement-cases/%d", first)
	next.Renew()
	version := leader.Must(http.StatusOK, handlertest.Get, at, nil).Num("version")
	move := func(to, reason string, v float64) handlertest.Obj {
		return handlertest.Obj{"to_officer": to, "reason": reason, "version": v}
	}
	officer.Does(handlertest.HandOver, first, move("lu.fg", "调岗", version))
	if moved, err := w.Svc.Enforcement.HandOverAll(t.Context(), leader.Actor(), "ji.fg", "lu.fg", "离职"); err != nil || moved != 1 {
		t.Errorf("%d moved, %v", moved, err)
	}
	if list := next.Must(http.StatusOK, handlertest.Get, "/tasks", nil).List("tasks"); len(list) != 4 {
		t.Errorf("the new officer's tasks: %v", list)
	}
	if list := officer.Must(http.StatusOK, handlertest.Get, "/tasks", nil).List("tasks"); len(list) != 0 {
		t.Errorf("the old officer's tasks: %v", list)
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
	clerk.FilesEnforcement(handlertest.Obj{"case_no": old, "filed_on": "2015-03-01", "basis_no": f.No})
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
		{theirs, handlertest.Bad, "enforcement.exists", handlertest.Put, "/case-system/enforcement-cases/" + old, handlertest.Obj{"case_no": old, "filed_on": "2015-03-01", "version": 1, "basis_no": f.No}, "case_no"},
	})
	system.Must(http.StatusOK, handlertest.Put, "/case-system/enforcement-cases/"+no, pushed(5, "amount_fen", 5))
	refusedAll(t, []mistake{
		{system, http.StatusConflict, "case.stale", handlertest.Put, "/case-system/enforcement-cases/" + no, pushed(4, "amount_fen", 4), ""},
		{system, http.StatusConflict, "case.version_reused", handlertest.Put, "/case-system/enforcement-cases/" + no, pushed(5, "amount_fen", 6), ""},
	})
	trial := handlertest.CaseInput()
	trial["enforcement"] = []handlertest.Obj{{"case_no": no, "filed_on": "2026-03-01"}}
	input, err := trial.Case()
	if err == nil {
		_, _, err = w.Svc.Filing.File(t.Context(), clerk.Actor(), input)
	}
	w.Refusal(err, model.Invalid, "case.invalid", "")
	officer.Must(http.StatusOK, handlertest.Post, finish(0), handlertest.Obj{"result": "已送达", "version": 1})
	refusedAll(t, []mistake{{officer, http.StatusConflict, "task.done", handlertest.Post, finish(0), handlertest.Obj{"result": "再次送达", "version": 1}, ""}})
	// What lists keep equals a recount.
	err = w.DB.Transact(context.Background(), func(tx *storage.DB) error {
		before, err := tx.Obligations(context.Background(), f.ID)
		if err != nil {
			return err
		}
		if err := tx.SetEnforced(context.Background(), f.ID); err != nil {
			return err
		}
		after, err := tx.Obligations(context.Background(), f.ID)
		for i := range after {
			if before[i].EnforcedOn != after[i].EnforcedOn || after[i].EnforcedOn.IsZero() {
				t.Errorf("kept %s, counted %s", before[i].EnforcedOn, after[i].EnforcedOn)
			}
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}
