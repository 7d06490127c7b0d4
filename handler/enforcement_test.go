package handler_test

import (
	"context"
	"fmt"
	"net/http"
	"reflect"
	"strings"
	"sync"
	"testing"
	"time"

	"microcourt/model"
	"microcourt/storage"
)

// enforce files an enforcement case for all that a filed case holds.
func (w *world) enforce(by *client, f filed, officer string) (id int64, no string) {
	w.t.Helper()
	return w.enforceOn(by, f, officer, model.NewDate(2026, 3, 1))
}

func (w *world) enforceOn(by *client, f filed, officer string, on model.Date) (id int64, no string) {
	w.t.Helper()
	caseCounter.Lock()
	caseCounter.n++
	no = fmt.Sprintf("（%d）浙0211执%d号", on.Year, caseCounter.n)
	caseCounter.Unlock()
	v := by.must(http.StatusCreated, post, "/enforcement-cases", obj{
		"case_no": no, "filed_on": on, "officer": officer, "amount_fen": 100000, "basis_no": f.no,
	})
	return v.id("id"), no
}

// From filing to closing: the voluntary phase ends, the debtor is warned, the
// officer confirms what the debtor pays, the case is closed.
func TestEnforcementFromFilingToClosing(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	judge, clerk, officer := w.staff("zhang.min", model.RoleJudge), w.staff("wan.tt", model.RoleClerk), w.staff("ji.fg", model.RoleOfficer)
	other := w.staff("lu.fg", model.RoleOfficer)
	f := w.file(clerk)
	debtor, creditor := w.phone(""), w.phone("")
	debtor.bind(clerk, f.id, f.debtor)
	creditor.bind(clerk, f.id, f.creditor)
	w.work()
	id, no := w.enforce(clerk, f, "ji.fg")
	at := fmt.Sprintf("/enforcement-cases/%d", id)
	w.work()
	if _, lines := judge.schedule(f); strings.Contains(strings.Join(lines, "\n"), "planned") {
		t.Errorf("somebody is still urged: %v", lines)
	}
	seen := debtor.must(http.StatusOK, get, fmt.Sprintf("/cases/%d", f.id), nil)
	e := seen.list("enforcement")
	if len(e) != 1 || e[0].str("case_no") != no || e[0].str("perform_by") != "2026-03-05" || e[0].str("officer") != "法官ji.fg" {
		t.Fatalf("the debtor sees %v", e)
	}
	var kinds []string
	for _, n := range debtor.must(http.StatusOK, get, "/notices", nil).list("notices") {
		kinds = append(kinds, n.str("kind"))
	}
	if all := strings.Join(kinds, " "); !strings.Contains(all, "enforcement.notice") || !strings.Contains(all, "enforcement.warning") {
		t.Errorf("the debtor was told %v", kinds)
	}
	docs := debtor.must(http.StatusOK, get, fmt.Sprintf("/cases/%d/documents", f.id), nil).list("documents")
	if a := debtor.call(get, fmt.Sprintf("/documents/%d/pdf", docs[0].id("id")), nil); a.status != http.StatusOK || !strings.HasPrefix(string(a.body), "%PDF") {
		t.Errorf("the paper answers %d", a.status)
	}

	// Two clocks: 10 days for the notice (11 March), six months for the case
	// (1 September).
	detail := officer.must(http.StatusOK, get, at, nil)
	tasks := detail.list("tasks")
	if len(tasks) != 2 || tasks[0].str("due_at") != "2026-03-11T15:59:59Z" || tasks[1].str("due_at") != "2026-09-01T15:59:59Z" ||
		!strings.Contains(tasks[0].str("due_reason"), "第四百八十条") || detail.num("owed_fen") != 100000 || detail.num("fee_fen") != 5000 {
		t.Fatalf("the officer sees %v", detail)
	}
	served := officer.must(http.StatusOK, post, fmt.Sprintf("/tasks/%d/finish", tasks[0].id("id")), obj{"result": "已签收", "version": 1})
	if list := officer.must(http.StatusOK, get, "/tasks?state=done", nil).list("tasks"); len(list) != 1 || !reflect.DeepEqual(served, list[0]) || served.str("case_no") != no || served.str("owner") != "法官ji.fg" {
		t.Errorf("the finished task is answered as %v and listed as %v", served, list)
	}

	// The debtor pays; another officer cannot confirm it, his own can.
	r1 := debtor.submit(f, 60000, 9001)
	if q := other.must(http.StatusOK, get, "/receipts", nil).list("receipts"); len(q) != 0 {
		t.Errorf("another officer's queue: %v", q)
	}
	if q := officer.must(http.StatusOK, get, "/receipts", nil).list("receipts"); len(q) != 1 {
		t.Fatalf("the officer's queue: %v", q)
	}
	other.refused(gone, "receipt.not_found", post, fmt.Sprintf("/receipts/%d/confirm", r1.id("id")), obj{"version": 1, "amount_fen": 60000})
	officer.confirm(r1, 60000)
	officer.refused(http.StatusConflict, "enforcement.not_performed", post, at+"/close", obj{"close_type": "performed", "closed_on": "2026-03-02", "version": officer.must(http.StatusOK, get, at, nil).num("version")})
	r2 := debtor.submit(f, 40000, 9002)
	judge.confirm(r2, 40000) // the judge may as well
	detail = officer.must(http.StatusOK, get, at, nil)
	if detail.str("performed_on") != "2026-03-01" || detail.num("open_fen") != 0 {
		t.Fatalf("after full performance: %v", detail)
	}
	list := officer.must(http.StatusOK, get, "/tasks", nil).list("tasks")
	if len(list) != 2 || list[0].str("kind") != "case.check" {
		t.Fatalf("the officer's tasks: %v", list)
	}

	// A correction takes it back, and confirming again brings it anew.
	judge.must(http.StatusOK, post, fmt.Sprintf("/receipts/%d/correct", r2.id("id")), obj{"version": 2, "amount_fen": 30000, "reason": "看错金额"})
	if d := officer.must(http.StatusOK, get, at, nil); d.str("performed_on") != "" {
		t.Errorf("after the correction: %v", d)
	}
	officer.confirm(debtor.submit(f, 10000, 9003), 10000)

	// Performed in enforcement: no certificate.
	judge.refused(http.StatusConflict, "certificate.not_eligible", post, fmt.Sprintf("/cases/%d/certificates", f.id), obj{"instrument_id": f.instrument, "party_id": f.debtor})

	detail = officer.must(http.StatusOK, get, at, nil)
	closing := obj{"close_type": "performed", "closed_on": "2026-03-02", "version": detail.num("version")}
	officer.must(http.StatusOK, post, at+"/close", closing)
	officer.must(http.StatusOK, post, at+"/close", closing) // the answer got lost
	if list := officer.must(http.StatusOK, get, "/tasks", nil).list("tasks"); len(list) != 0 {
		t.Errorf("after closing: %v", list)
	}
	if n := creditor.must(http.StatusOK, get, "/notices", nil).list("notices"); n[0].str("kind") != "enforcement.closed" {
		t.Errorf("the creditor was told last: %v", n[0])
	}
	if _, breaks, err := w.db.VerifyAudit(context.Background()); err != nil || len(breaks) != 0 {
		t.Error(breaks, err)
	}
}

// One creditor's obligation goes to enforcement, the other's debtor still
// performs voluntarily; preservation ends nothing; what another court decided
// is enforced under its own number.
func TestWhatAnEnforcementCaseEnforces(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	judge, clerk, officer, system := w.staff("zhang.min", model.RoleJudge), w.staff("wan.tt", model.RoleClerk), w.staff("ji.fg", model.RoleOfficer), w.caseSystem()
	in := caseInput()
	in["parties"] = append(in["parties"].([]obj), obj{"ref": "C2", "role": "plaintiff", "kind": "person", "name": "赵明"})
	inst := in["instruments"].([]obj)[0]
	inst["obligations"] = append(inst["obligations"].([]obj), obj{"ref": "O2", "kind": "money", "obligors": []string{"D1"}, "obligee": "C2", "amount_fen": 5000, "due_on": "2026-04-30"})
	f := w.fileInput(clerk, in)
	debtor := w.phone("")
	debtor.bind(clerk, f.id, f.debtor)
	number := func(kind string) string {
		caseCounter.Lock()
		defer caseCounter.Unlock()
		caseCounter.n++
		return fmt.Sprintf("（2026）浙0211%s%d号", kind, caseCounter.n)
	}
	officer.must(http.StatusCreated, post, "/enforcement-cases", obj{"case_no": number("执保"), "filed_on": "2026-03-01", "officer": "ji.fg", "basis_no": f.no})
	if c := judge.must(http.StatusOK, get, fmt.Sprintf("/cases/%d", f.id), nil); c["in_enforcement"] != false {
		t.Errorf("preservation ended the voluntary phase: %v", c)
	}
	no := number("执")
	push := obj{"case_no": no, "filed_on": "2026-03-02", "basis_no": f.no, "applicants": []string{"C2"}, "version": 1}
	v := system.must(http.StatusOK, put, "/case-system/enforcement-cases/"+no, push)
	if again := system.must(http.StatusOK, put, "/case-system/enforcement-cases/"+no, push); again.str("outcome") != "unchanged" || again.id("id") != v.id("id") {
		t.Errorf("the same push again: %v", again)
	}
	w.work()
	_, lines := judge.schedule(f)
	if !strings.Contains(strings.Join(lines, "\n"), "2026-03-31 planned") {
		t.Errorf("the first creditor's debtor is not urged any more: %v", lines)
	}
	push["version"], push["officer"] = 2, "ji.fg"
	if up := system.must(http.StatusOK, put, "/case-system/enforcement-cases/"+no, push); up.str("outcome") != "updated" {
		t.Errorf("%v", up)
	}
	d := officer.must(http.StatusOK, get, fmt.Sprintf("/enforcement-cases/%d", v.id("id")), nil)
	if d.num("owed_fen") != 5000 || len(d.list("parties")) != 2 || len(d.list("tasks")) != 2 {
		t.Errorf("it enforces %v", d)
	}

	award := number("执")
	a := system.must(http.StatusOK, put, "/case-system/enforcement-cases/"+award, obj{
		"case_no": award, "filed_on": "2026-03-02", "officer": "ji.fg", "version": 1, "basis": obj{
			"cause": "劳动争议仲裁裁决", "parties": []obj{{"ref": "P1", "role": "applicant", "kind": "person", "name": "孙立"}, {"ref": "P2", "role": "respondent", "kind": "person", "name": "何敏"}},
			"instruments": []obj{{"ref": "I1", "kind": "ruling", "number": "甬劳人仲裁字〔2026〕1号", "effective_on": "2026-01-10", "summary": "支付工资", "obligations": []obj{
				{"ref": "O1", "kind": "money", "obligors": []string{"P2"}, "obligee": "P1", "amount_fen": 800000, "due_on": "2026-01-31"},
			}}},
		},
	})
	list := officer.must(http.StatusOK, get, "/enforcement-cases?mine=1&open=1", nil).list("cases")
	if len(list) != 3 || list[0].str("basis_no") != award || list[0].str("debtors") != "何敏" {
		t.Errorf("the officer's cases: %v", list)
	}
	if n := officer.must(http.StatusOK, get, fmt.Sprintf("/enforcement-cases/%d", a.id("id")), nil); n.num("interest_fen") != 4200 {
		t.Errorf("30 days of doubled interest on 8,000 yuan: %v", n.num("interest_fen"))
	}
}

// The clock runs out: officer and leader are told once; an officer who leaves
// hands everything over.
func TestLateTasksAndAnOfficerWhoLeaves(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.staff("zhang.min", model.RoleJudge)
	clerk, officer, next, leader := w.staff("wan.tt", model.RoleClerk), w.staff("ji.fg", model.RoleOfficer), w.staff("lu.fg", model.RoleOfficer), w.staff("chen.zj", model.RoleLeader)
	f, g := w.file(clerk), w.file(clerk)
	first, _ := w.enforce(clerk, f, "ji.fg")
	w.enforce(clerk, g, "ji.fg")
	w.clock.Set(time.Date(2026, 3, 12, 16, 0, 1, 0, time.UTC)) // the 13th in court time
	for range 2 {
		if err := w.svc.Enforcement.Pass(context.Background()); err != nil {
			t.Fatal(err)
		}
	}
	late := func(c *client) (n int) {
		c.renew()
		for _, v := range c.must(http.StatusOK, get, "/notices", nil).list("notices") {
			if v.str("kind") == "task.late" {
				n++
			}
		}
		return n
	}
	if a, b := late(officer), late(leader); a != 2 || b != 2 {
		t.Errorf("told of late tasks: officer %d, leader %d", a, b)
	}
	at := fmt.Sprintf("/enforcement-cases/%d", first)
	next.renew()
	version := leader.must(http.StatusOK, get, at, nil).num("version")
	move := func(to, reason string, v float64) obj { return obj{"to_officer": to, "reason": reason, "version": v} }
	refusedAll(t, []mistake{
		{next, gone, "enforcement.not_found", post, at + "/hand-over", move("lu.fg", "我来办", version), ""},
		{officer, bad, "reason.required", post, at + "/hand-over", move("lu.fg", " ", version), "reason"},
		{officer, bad, "officer.unknown", post, at + "/hand-over", move("nobody", "调岗", version), "to_officer"},
		{officer, bad, "officer.same", post, at + "/hand-over", move("ji.fg", "调岗", version), "to_officer"},
		{officer, http.StatusConflict, "enforcement.changed", post, at + "/hand-over", move("lu.fg", "调岗", 99), ""},
		{leader, bad, "reason.required", post, "/enforcement-hand-overs", obj{"from_officer": "ji.fg", "to_officer": "lu.fg", "reason": ""}, "reason"},
		{leader, bad, "officer.same", post, "/enforcement-hand-overs", obj{"from_officer": "ji.fg", "to_officer": "ji.fg", "reason": "离职"}, ""},
		{next, bad, "officer.unknown", post, "/enforcement-hand-overs", obj{"from_officer": "ji.fg", "to_officer": "lu.fg", "reason": "离职"}, "from_officer"},
	})
	officer.must(http.StatusNoContent, post, at+"/hand-over", move("lu.fg", "调岗", version))
	if v := leader.must(http.StatusOK, post, "/enforcement-hand-overs", obj{"from_officer": "ji.fg", "to_officer": "lu.fg", "reason": "离职"}); v.num("moved") != 1 {
		t.Errorf("%v", v)
	}
	if list := next.must(http.StatusOK, get, "/tasks", nil).list("tasks"); len(list) != 4 {
		t.Errorf("the new officer's tasks: %v", list)
	}
	if list := officer.must(http.StatusOK, get, "/tasks", nil).list("tasks"); len(list) != 0 {
		t.Errorf("the old officer's tasks: %v", list)
	}
}

func TestEnforcementRefuses(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.staff("zhang.min", model.RoleJudge)
	clerk, officer, system := w.staff("wan.tt", model.RoleClerk), w.staff("ji.fg", model.RoleOfficer), w.caseSystem()
	f := w.file(clerk)
	id, no := w.enforce(clerk, f, "ji.fg")
	at := fmt.Sprintf("/enforcement-cases/%d", id)
	with := func(k string, v any) obj {
		o := obj{"case_no": no, "filed_on": "2026-03-01", "officer": "ji.fg", "amount_fen": 100000, "basis_no": f.no}
		o[k] = v
		return o
	}
	pushed := func(version int, k string, v any) obj {
		o := with(k, v)
		o["version"] = version
		return o
	}
	// A number of before 2016 names no court; another court has one of ours.
	const old = "（2015）甬镇执民字第88号"
	clerk.must(http.StatusCreated, post, "/enforcement-cases", obj{"case_no": old, "filed_on": "2015-03-01", "basis_no": f.no})
	foreign := w.addCourt("浙0212", "宁波市鄞州区人民法院", "鄞法")
	secret, err := w.svc.Identity.CreateAPIKey(context.Background(), model.System(), foreign.ID, "审判系统")
	if err != nil {
		t.Fatal(err)
	}
	theirs := &client{w: w, auth: "ApiKey " + secret}
	task := officer.must(http.StatusOK, get, at, nil).list("tasks")
	officer.refused(bad, "field.format", get, "/tasks?after=abc", nil)
	if res, _ := w.visitor(officer).send(http.MethodGet, "/tasks?after=abc", nil, nil); res.StatusCode != bad {
		t.Errorf("the desk begins a list anew at a bad mark: %d", res.StatusCode)
	}
	finish := func(i int) string { return fmt.Sprintf("/tasks/%d/finish", task[i].id("id")) }
	closing := func(k string, v any) obj {
		o := obj{"close_type": "ended", "closed_on": "2026-03-02", "reason": "申请人撤销申请", "version": 2}
		o[k] = v
		return o
	}
	refusedAll(t, []mistake{
		{clerk, bad, "enforcement.exists", post, "/enforcement-cases", with("amount_fen", 1), "case_no"},
		{clerk, bad, "case.invalid", post, "/enforcement-cases", with("case_no", "（2026）浙0211民初9号"), ""},
		{clerk, bad, "case.invalid", post, "/enforcement-cases", obj{"case_no": "（2026）浙0211执80001号", "filed_on": "2026-03-01", "basis_no": "（2026）浙0211民初999999号"}, ""},
		{clerk, bad, "filter.unknown", get, "/enforcement-cases?kind=x", nil, ""},
		{officer, gone, "enforcement.not_found", get, "/enforcement-cases/999999", nil, ""},
		{officer, gone, "enforcement.not_found", post, "/enforcement-cases/999999/close", closing("version", 1), ""},
		{officer, http.StatusConflict, "enforcement.changed", post, at + "/close", closing("version", 99), ""},
		{officer, bad, "enforcement.close_type", post, at + "/close", closing("close_type", "vanished"), "close_type"},
		{officer, bad, "enforcement.closed_on", post, at + "/close", closing("closed_on", "2026-03-03"), "closed_on"},
		{officer, bad, "reason.required", post, at + "/close", closing("reason", " "), "reason"},
		{officer, bad, "filter.unknown", get, "/tasks?state=x", nil, ""},
		{officer, gone, "task.not_found", post, "/tasks/999999/finish", obj{"result": "好", "version": 1}, ""},
		{officer, http.StatusConflict, "task.by_act", post, finish(1), obj{"result": "好", "version": 1}, ""},
		{officer, http.StatusConflict, "task.changed", post, finish(0), obj{"result": "好", "version": 9}, ""},
		{officer, bad, "task.result", post, finish(0), obj{"result": " ", "version": 1}, "result"},
		{officer, bad, "file.unknown", post, finish(0), obj{"result": "已送达", "version": 1, "file_id": 99}, "file_id"},
		{system, bad, "version.format", put, "/case-system/enforcement-cases/" + no, pushed(0, "amount_fen", 2), "version"},
		{system, bad, "case_no.mismatch", put, "/case-system/enforcement-cases/" + no, pushed(1, "case_no", "（2026）浙0211执99999号"), "case_no"},
		{system, bad, "case.invalid", put, "/case-system/enforcement-cases/" + no, pushed(1, "officer", "nobody"), ""},
		{theirs, bad, "enforcement.exists", put, "/case-system/enforcement-cases/" + old, obj{"case_no": old, "filed_on": "2015-03-01", "version": 1, "basis_no": f.no}, "case_no"},
	})
	system.must(http.StatusOK, put, "/case-system/enforcement-cases/"+no, pushed(5, "amount_fen", 5))
	refusedAll(t, []mistake{
		{system, http.StatusConflict, "case.stale", put, "/case-system/enforcement-cases/" + no, pushed(4, "amount_fen", 4), ""},
		{system, http.StatusConflict, "case.version_reused", put, "/case-system/enforcement-cases/" + no, pushed(5, "amount_fen", 6), ""},
	})
	trial := caseInput()
	trial["enforcement"] = []obj{{"case_no": no, "filed_on": "2026-03-01"}}
	refusedAll(t, []mistake{{clerk, bad, "case.invalid", post, "/cases", trial, ""}})
	// Two closings at once, one case.
	var wg sync.WaitGroup
	version := officer.must(http.StatusOK, get, at, nil).num("version")
	answers := make([]answer, 4)
	for i := range answers {
		wg.Go(func() {
			answers[i] = officer.call(post, at+"/close", obj{"close_type": "ended", "closed_on": "2026-03-02", "reason": fmt.Sprintf("理由%d", i), "version": version})
		})
	}
	wg.Wait()
	won := 0
	for _, a := range answers {
		switch {
		case a.status == http.StatusOK:
			won++
		case a.status != http.StatusConflict:
			t.Errorf("%d %s", a.status, a.body)
		}
	}
	if won != 1 {
		t.Errorf("%d closings won", won)
	}
	refusedAll(t, []mistake{
		{officer, http.StatusConflict, "enforcement.closed", post, at + "/close", closing("reason", "另一理由"), ""},
		{officer, http.StatusConflict, "task.done", post, finish(0), obj{"result": "已送达", "version": 1}, ""},
	})
	// A sheet with one wrong row writes nothing.
	head := "执行案号,立案日期,执行法官,执行依据案号,申请执行标的,首次执行\n"
	good := fmt.Sprintf("（2026）浙0211执70001号,2026/3/2,ji.fg,%s,1000,是\n", f.no)
	for reason, file := range map[string]string{
		"import.columns": "案号\n1\n", "import.empty": head, "import.file": "PK\x03\x04 not a workbook",
		"import.too_many": head + strings.Repeat("（2026）浙0211执1号,2026-03-02\n", 50_001), "file.missing": "",
	} {
		if a := clerk.formFile("/enforcement-imports", file); a.status != bad || a.json.reason() != reason {
			t.Errorf("%s: %d %.300s", reason, a.status, a.body)
		}
	}
	a := clerk.formFile("/enforcement-imports", head+good+"（2026）浙0211执70002号,2026-03-32,nobody,,一千,是\n")
	if a.json["imported"] != false || len(a.json.list("problems")) < 4 || a.json.list("problems")[0].num("row") != 3 {
		t.Errorf("%s", a.body)
	}
	if a := clerk.formFile("/enforcement-imports", head+good); a.json["imported"] != true || a.json.num("created") != 1 {
		t.Errorf("%s", a.body)
	}
	if a := clerk.formFile("/enforcement-imports", head+good); a.json.num("unchanged") != 1 {
		t.Errorf("%s", a.body)
	}
	if a := clerk.call(get, "/enforcement-imports/template", nil); a.status != http.StatusOK || !strings.Contains(string(a.body), "执行依据案号") {
		t.Errorf("%d", a.status)
	}
	// What lists keep equals a recount.
	err = w.db.Transact(context.Background(), func(tx *storage.DB) error {
		before, err := tx.Obligations(context.Background(), f.id)
		if err != nil {
			return err
		}
		if err := tx.SetEnforced(context.Background(), f.id); err != nil {
			return err
		}
		after, err := tx.Obligations(context.Background(), f.id)
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
