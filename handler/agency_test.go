package handler_test

import (
	"bytes"
	"context"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"

	"microcourt/handler/handlertest"

	"microcourt/model"
)

// sanctioned is a court with its first list of duties, two agencies with an
// account each, and an enforcement case.
type sanctioned struct {
	*coerced
	manager, admin *handlertest.Client
	market, civil  *handlertest.Client // 市场监督管理局, 民政局
}

func newSanctioned(t *testing.T) *sanctioned {
	t.Helper()
	return newSanctionedWith(t, nil)
}

func newSanctionedWith(t *testing.T, prepare func(*handlertest.World)) *sanctioned {
	t.Helper()
	s := &sanctioned{coerced: newCoercedWith(t, 2026, prepare)}
	s.manager, s.admin = s.Staff("list.zg", model.RoleListManager), s.Staff("shen.ji", model.RoleAdmin)
	s.Suggested(s.manager)
	s.market, s.civil = s.Of("SCJ", "scjg.zhou"), s.Of("MZJ", "mzj.wu")
	return s
}

// day moves the clock to ten in the morning of a day; the agencies' worker runs.
func (s *sanctioned) day(month time.Month, day int) {
	s.T.Helper()
	s.pass(at(month, day, 10))
	for _, c := range []*handlertest.Client{s.manager, s.admin, s.market, s.civil} {
		c.Renew()
	}
	if err := s.Svc.Agency.Pass(context.Background()); err != nil {
		s.T.Fatal(err)
	}
}

func report(files ...int64) handlertest.Obj {
	return handlertest.Obj{"text": "已在登记系统中限制", "done_on": "2026-03-06", "quantity": 1, "file_ids": files}
}

func tasks(c *handlertest.Client, query string) []handlertest.Obj {
	c.W.T.Helper()
	return c.Must(http.StatusOK, handlertest.Get, "/agency/tasks"+query, nil).List("tasks")
}

// The story of a duty as the agency's program or account sees it: a person is
// listed, the duty is due, it is reported, comes back, is reported again and
// accepted; the lifting is a duty of its own. Nobody else sees it or what proves it.
func TestADutyFromListingToLifting(t *testing.T) {
	t.Parallel()
	s := newSanctioned(t)
	m := s.take("listing")
	own := tasks(s.market, "")
	if len(own) != 2 || own[0].Str("code") != "CJ-28" || own[0].Str("due_on") != "2026-03-20" || own[0].Str("subject") != "赵*" {
		t.Fatalf("the agency's list %v", own)
	}
	path := fmt.Sprintf("/agency/tasks/%d", own[0].ID("id"))
	refusedAll(t, []mistake{
		{s.civil, handlertest.Gone, "duty_task.not_found", handlertest.Get, path, nil, ""},
		{s.civil, handlertest.Gone, "duty_task.not_found", handlertest.Post, path + "/reports", report(), ""},
		{s.civil, handlertest.Gone, "duty_task.not_found", handlertest.Get, "/agency/tasks?after=" + s.market.Must(http.StatusOK, handlertest.Get, "/agency/tasks?limit=1", nil).Str("next"), nil, ""},
		{s.officer, http.StatusForbidden, "role.forbidden", handlertest.Get, path, nil, ""},
		{s.market, http.StatusForbidden, "role.forbidden", handlertest.Get, fmt.Sprintf("/cases/%d", s.f.ID), nil, ""},
	})
	who := s.market.Must(http.StatusOK, handlertest.Get, path, nil).Obj("sanctioned")
	if who.Str("name") != "赵明" || who.Str("id_number") != "34052419800101001X" || who.Str("number") == "" || s.Audited(model.AuditDutyLook) != 1 {
		t.Errorf("whom it is against: %v, looks %d", who, s.Audited(model.AuditDutyLook))
	}

	s.day(3, 21)
	if late := tasks(s.market, "?state=overdue"); len(late) != 2 || late[0].Str("state") != "overdue" {
		t.Errorf("%d overdue", len(late))
	}
	file, key := s.market.Uploaded(0, 1201), handlertest.FreshKey()
	first, again := s.market.CallKey(handlertest.Post, path+"/reports", report(file), key), s.market.CallKey(handlertest.Post, path+"/reports", report(file), key)
	if first.Status != http.StatusCreated || again.Status != http.StatusOK || first.Json.ID("id") != again.Json.ID("id") {
		t.Fatalf("a report %d %s, again %d %s", first.Status, first.Body, again.Status, again.Body)
	}
	refusedAll(t, []mistake{{s.market, clash, "duty.reported", handlertest.Post, path + "/reports", report(), ""}})
	for who, status := range map[*handlertest.Client]int{s.market: http.StatusOK, s.manager: http.StatusOK, s.civil: handlertest.Gone, s.officer: handlertest.Gone} {
		if a := who.Call(handlertest.Get, fmt.Sprintf("/files/%d/view", file), nil); a.Status != status {
			t.Errorf("the evidence answers %s with %d", who.Name, a.Status)
		}
	}
	decides := func(r handlertest.Obj, reason string) {
		t.Helper()
		if err := s.manager.Decides(r.ID("id"), reason); err != nil {
			t.Fatal(err)
		}
	}
	decides(first.Json, "请附限制登记的截图")
	if d := s.market.Must(http.StatusOK, handlertest.Get, path, nil); d.Str("state") != "overdue" || d.List("reports")[0].Str("reason") != "请附限制登记的截图" {
		t.Errorf("after the return: %v", d)
	}
	decides(s.market.Must(http.StatusCreated, handlertest.Post, path+"/reports", report(s.market.Uploaded(0, 1202))), "")
	refusedAll(t, []mistake{{s.market, clash, "duty.done", handlertest.Post, path + "/reports", report(), ""}})

	// Off the list: what was not reported is asked no more, both liftings are due.
	m = s.measure(m)
	s.officer.Does(handlertest.LiftMeasure, m.ID("id"), handlertest.Obj{"ground": "creditor", "reason": "申请执行人书面申请", "proof": "名单库回执", "version": m.Num("version")})
	if own = tasks(s.market, ""); len(own) != 2 || own[0].Str("phase") != "lift" || own[0].Str("due_on") != "2026-03-25" || own[0].Num("days_left") != 4 {
		t.Fatalf("to lift: %v", own)
	}
	void := tasks(s.market, "?state=void")
	if len(void) != 1 || void[0].Str("code") != "CJ-29" {
		t.Fatalf("taken back: %v", void)
	}
	refusedAll(t, []mistake{{s.market, clash, "duty.void", handlertest.Post, fmt.Sprintf("/agency/tasks/%d/reports", void[0].ID("id")), report(), ""}})
	total := s.market.Must(http.StatusOK, handlertest.Get, "/agency/progress?from=2026-03-01&until=2026-03-31", nil)
	if l := total.List("lines"); len(l) != 2 || total.Obj("total").Num("due") != 3 || total.Obj("total").Num("done") != 1 || total.Obj("total").Num("late") != 1 {
		t.Errorf("the agency's progress %v", total)
	}
}

// A key opens an agency's door as an account does, until it is revoked or the
// agency leaves the directory.
func TestKeysOfAgencies(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	s := newSanctioned(t)
	s.take("listing")
	id := tasks(s.market, "")[0].ID("agency_id")
	by := s.admin.Actor()
	secret, err := s.Svc.Identity.CreateAgencyKey(ctx, by, s.Court.ID, id, "登记系统")
	if err != nil {
		t.Fatal(err)
	}
	program := &handlertest.Client{W: s.World, Auth: "ApiKey " + secret}
	own := tasks(program, "")
	if len(own) != 2 || program.Must(http.StatusOK, handlertest.Get, "/agency", nil).Str("code") != "SCJ" {
		t.Fatalf("by key: %v", own)
	}
	r := program.Must(http.StatusCreated, handlertest.Post, fmt.Sprintf("/agency/tasks/%d/reports", own[0].ID("id")), report(program.Uploaded(0, 1211)))
	if r.Str("who") != "接口" {
		t.Errorf("who reported: %v", r)
	}
	if a := program.Upload(s.f.ID, handlertest.FreshKey(), handlertest.Picture(1)); a.Status != handlertest.Gone || a.Json.Reason() != "case.not_found" {
		t.Errorf("an agency uploads into a case: %d %s", a.Status, a.Body)
	}
	doors, err := s.Svc.Identity.AgencyDoors(ctx, by, s.Court.ID, id)
	if err == nil {
		err = s.Svc.Identity.RevokeAgencyKey(ctx, by, s.Court.ID, id, doors.Keys[0].ID)
	}
	if err != nil {
		t.Fatal(err)
	}
	program.Refused(http.StatusUnauthorized, "session.expired", handlertest.Get, "/agency/tasks", nil)
	office := s.Agency(s.Court, "SJJ")
	account := s.Of("SJJ", "sjj.zhou")
	if own := account.Must(http.StatusOK, handlertest.Get, "/agency", nil); own.Str("code") != "SJJ" {
		t.Errorf("its own entry %v", own)
	}
	if _, err := s.Svc.Agency.End(ctx, s.manager.Actor(), office.ID, office.Version); err != nil {
		t.Fatal(err)
	}
	account.Refused(http.StatusUnauthorized, "session.expired", handlertest.Get, "/agency", nil)
}

const dutyHead = "单位代码,单位名称,单位类别,事项编号,类型,工作要求,依据,佐证材料,计量单位,周期,时限,适用措施,适用对象,解除时限\n"

// What is wrong with a report or a period is said to an agency by name.
func TestReportsRefuse(t *testing.T) {
	t.Parallel()
	store := &failing{}
	s := newSanctionedWith(t, func(w *handlertest.World) { store.Store, w.Objects = w.Objects, store })
	s.take("listing")
	own := tasks(s.market, "")
	at := fmt.Sprintf("/agency/tasks/%d/reports", own[0].ID("id"))
	with := func(k string, v any) handlertest.Obj {
		o := report()
		o[k] = v
		return o
	}
	broken := s.market.Spoiled(0)
	theirs := s.civil.Uploaded(0, 1232)
	refusedAll(t, []mistake{
		{s.market, handlertest.Bad, "period.range", handlertest.Get, "/agency/progress?from=2026-03-31&until=2026-03-01", nil, ""},
		{s.market, handlertest.Bad, "filter.unknown", handlertest.Get, "/agency/progress?from=2026-03-01&until=2026-03-31&kind=x", nil, "kind"},
		{s.market, handlertest.Bad, "report.text", handlertest.Post, at, with("text", " "), "text"},
		{s.market, handlertest.Bad, "report.done_on", handlertest.Post, at, with("done_on", "2026-04-01"), "done_on"},
		{s.market, handlertest.Bad, "report.quantity", handlertest.Post, at, with("quantity", -1), "quantity"},
		{s.market, handlertest.Bad, "report.files", handlertest.Post, at, with("file_ids", []int64{101, 102, 103, 104, 105, 106, 107, 108, 109, 110}), "file_ids"},
		{s.market, handlertest.Gone, "file.not_found", handlertest.Post, at, with("file_ids", []int64{theirs}), ""},
		{s.market, handlertest.Bad, "file.damaged", handlertest.Post, at, with("file_ids", []int64{broken}), ""},
	})
	in := report(s.market.Uploaded(0, 1251)) // waits for the object store to come back
	store.fail(true)
	refusedAll(t, []mistake{{s.market, http.StatusServiceUnavailable, "files.unavailable", handlertest.Post, at, in, ""}})
	store.fail(false)
	key := handlertest.FreshKey()
	if a := s.market.CallKey(handlertest.Post, at, in, key); a.Status != http.StatusCreated {
		t.Errorf("after the outage: %d %s", a.Status, a.Body)
	}
	if a := s.market.CallKey(handlertest.Post, fmt.Sprintf("/agency/tasks/%d/reports", own[1].ID("id")), report(), key); a.Status != clash || a.Json.Reason() != "idempotency.reused" {
		t.Errorf("a key for two reports: %d %s", a.Status, a.Body)
	}
}

// A query at an agency's own door: only the agency that is asked sees it, every
// look is recorded, its answer with findings and files reaches the officer.
func TestQueriesAtAnAgencysDoor(t *testing.T) {
	t.Parallel()
	w := handlertest.New(t)
	store := &failing{Store: w.Objects}
	w.Objects = store
	w.Build()
	w.Staff("zhang.min", model.RoleJudge)
	clerk, officer, other := w.Staff("wan.tt", model.RoleClerk), w.Staff("chen.zx", model.RoleOfficer), w.Staff("other.zx", model.RoleOfficer)
	police, bank := w.Agency(w.Court, "GAJ"), w.Agency(w.Court, "BANK")
	pd, bd := w.Of("GAJ", "gaj.jg"), w.Of("BANK", "bank.li")
	f := w.File(clerk)
	e := w.EnforcedBy(officer, f)
	q := officer.AsksAbout(e.ID, f.Debtor, model.QueryVehicle, police.ID)
	door := fmt.Sprintf("/agency/queries/%d", q.ID)
	pd.Refused(handlertest.Gone, "query.not_found", handlertest.Get, door, nil) // not sent yet
	officer.SendsQuery(q)
	if pd.NoticesOf("query.addressed") != 1 || bd.NoticesOf("query.addressed") != 0 {
		t.Error("who was told")
	}
	list := pd.Must(http.StatusOK, handlertest.Get, "/agency/queries?state=sent", nil)
	if l := list.List("queries"); len(l) != 1 || l[0].Str("case_no") != e.CaseNo || strings.Contains(fmt.Sprint(l), "甬兴") {
		t.Errorf("the agency's list %v", list)
	}
	if l := bd.Must(http.StatusOK, handlertest.Get, "/agency/queries", nil).List("queries"); len(l) != 0 {
		t.Errorf("another agency's list %v", l)
	}
	d := pd.Must(http.StatusOK, handlertest.Get, door, nil)
	if d.Obj("letter").Str("id_number") != "91350100M000100Y43" || !strings.Contains(d.Obj("letter").Str("text"), "法官chen.zx") || w.Audited(model.AuditQueryLetter) != 1 {
		t.Errorf("the letter %v, looks %d", d, w.Audited(model.AuditQueryLetter))
	}
	answer := func(k string, v any) handlertest.Obj {
		o := handlertest.Obj{"version": 2}
		o[k] = v
		return o
	}
	file, theirs := pd.Uploaded(0, 1241), bd.Uploaded(0, 1242)
	broken := pd.Spoiled(0)
	refusedAll(t, []mistake{
		{bd, handlertest.Gone, "query.not_found", handlertest.Get, door, nil, ""},
		{bd, handlertest.Gone, "query.not_found", handlertest.Post, door + "/answer", answer("version", 2), ""},
		{officer, http.StatusForbidden, "role.forbidden", handlertest.Get, door, nil, ""},
		{pd, handlertest.Gone, "query.not_found", handlertest.Get, "/agency/queries/999999", nil, ""},
		{pd, handlertest.Bad, "query.note", handlertest.Post, door + "/answer", answer("note", strings.Repeat("长", 501)), "note"},
		{pd, handlertest.Bad, "query.finding", handlertest.Post, door + "/answer", answer("findings", []handlertest.Obj{{"what": " "}}), "findings"},
		{pd, handlertest.Bad, "file.unknown", handlertest.Post, door + "/answer", answer("file_ids", []int64{theirs}), "file_ids"},
		{pd, handlertest.Bad, "file.damaged", handlertest.Post, door + "/answer", answer("file_ids", []int64{broken}), ""},
		{pd, handlertest.Bad, "file.too_many", handlertest.Post, door + "/answer", answer("file_ids", []int64{101, 102, 103, 104, 105, 106, 107, 108, 109, 110}), "file_ids"},
		{pd, clash, "query.changed", handlertest.Post, door + "/answer", answer("version", 9), ""},
		{pd, handlertest.Bad, "query.period", handlertest.Get, "/agency/query-counts", nil, ""},
	})
	store.fail(true)
	refusedAll(t, []mistake{{pd, http.StatusServiceUnavailable, "files.unavailable", handlertest.Post, door + "/answer", answer("file_ids", []int64{file}), ""}})
	store.fail(false)
	found := answer("findings", []handlertest.Obj{{"what": "浙B·A1234 小型轿车", "place": "镇海", "note": "已抵押"}})
	found["file_ids"] = []int64{file}
	key := handlertest.FreshKey()
	first, again := pd.CallKey(handlertest.Post, door+"/answer", found, key), pd.CallKey(handlertest.Post, door+"/answer", found, key)
	if first.Status != http.StatusOK || again.Status != http.StatusOK || again.Json.Num("found") != 1 || first.Json.Str("case_no") != e.CaseNo {
		t.Fatalf("the answer %s, again %s", first.Body, again.Body)
	}
	refusedAll(t, []mistake{{pd, clash, "query.state", handlertest.Post, door + "/answer", answer("version", 3), ""}})
	if officer.NoticesOf("query.answered") != 1 || len(w.OpenTasks(officer, model.TaskQueryAnswer)) != 0 {
		t.Error("the officer was not told, or the clock runs on")
	}
	if d := officer.Must(http.StatusOK, handlertest.Get, fmt.Sprintf("/asset-queries/%d", q.ID), nil); len(d.List("findings")) != 1 || len(d.List("files")) != 1 {
		t.Errorf("to the officer %v", d)
	}
	if d := pd.Must(http.StatusOK, handlertest.Get, door, nil); d["letter"] != nil || len(d.List("findings")) != 1 || w.Audited(model.AuditQueryLook) != 2 {
		t.Errorf("afterwards, to the agency: %v, looks %d", d, w.Audited(model.AuditQueryLook))
	}
	look := fmt.Sprintf("/files/%d/view", file)
	for who, status := range map[*handlertest.Client]int{pd: http.StatusOK, officer: http.StatusOK, bd: handlertest.Gone, other: handlertest.Gone, clerk: handlertest.Gone} {
		if a := who.Call(handlertest.Get, look, nil); a.Status != status {
			t.Errorf("the file answers %s with %d", who.Name, a.Status)
		}
	}
	today := model.DateOf(w.Clock.Now()).String()
	if n := pd.Must(http.StatusOK, handlertest.Get, "/agency/query-counts?from=2026-01-01&until="+today, nil).List("counts"); n[0].Num("sent") != 1 || n[0].Num("found") != 1 {
		t.Errorf("件次 %v", n)
	}
	if n := bd.Must(http.StatusOK, handlertest.Get, "/agency/query-counts?from=2026-01-01&until="+today, nil).List("counts"); n[0].Num("sent") != 0 {
		t.Errorf("another agency's 件次 %v", n)
	}

	// Taken back: the agency is told, and no longer sees whom it was about.
	q = officer.SendsQuery(officer.AsksAbout(e.ID, f.Debtor, model.QueryVehicle, bank.ID))
	if _, err := w.Svc.AssetQuery.Cancel(t.Context(), officer.Actor(), q.ID, q.Version, "被执行人已履行"); err != nil {
		t.Fatal(err)
	}
	if d := bd.Must(http.StatusOK, handlertest.Get, fmt.Sprintf("/agency/queries/%d", q.ID), nil); d["letter"] != nil || d.Str("state") != "cancelled" || bd.NoticesOf("query.addressed") != 2 {
		t.Errorf("taken back: %v", d)
	}
}

// An agency's program takes its tasks out as a sheet and hands it in filled: by the rules
// of the desk, with each fault by its row, and the same sheet again reports nothing twice.
func TestAnAgencyReportsByItsSheet(t *testing.T) {
	t.Parallel()
	s := newSanctioned(t)
	s.take("listing")
	own := len(tasks(s.market, ""))
	out := s.market.Call(handlertest.Get, "/agency/report-sheet", nil)
	if out.Status != http.StatusOK || out.Header.Get("Content-Type") != "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet" {
		t.Fatalf("%d %v", out.Status, out.Header)
	}
	filled := func(doneOn string) []byte {
		t.Helper()
		x, err := excelize.OpenReader(bytes.NewReader(out.Body))
		if err != nil {
			t.Fatal(err)
		}
		defer func() { _ = x.Close() }()
		name := x.GetSheetName(0)
		rows, err := x.GetRows(name)
		if err != nil || len(rows) != own+1 || rows[1][3] != "赵明" {
			t.Fatalf("%v %v", rows, err)
		}
		for n := range own {
			row := fmt.Sprint(n + 2)
			for column, v := range map[string]string{"G": doneOn, "H": "已限制"} {
				if err := x.SetCellStr(name, column+row, v); err != nil {
					t.Fatal(err)
				}
			}
		}
		var b bytes.Buffer
		if err := x.Write(&b); err != nil {
			t.Fatal(err)
		}
		return b.Bytes()
	}
	send := func(by *handlertest.Client, file []byte) handlertest.Answer {
		t.Helper()
		return by.FormFile("/agency/report-sheet", string(file))
	}
	for reason, file := range map[string]string{
		"file.missing": "", "import.empty": "\n", "import.columns": "a,b\n1,2\n", "import.file": "\x00\x01\x02",
		"import.too_many": "事项号,事项,工作要求,对象,决定书号,时限,完成日期,完成情况,数量\n" + strings.Repeat("1,,,赵明,,,2026-03-06,已办,\n", 2001),
	} {
		if a := send(s.market, []byte(file)); a.Status != handlertest.Bad || a.Json.Reason() != reason {
			t.Errorf("%s: %d %s", reason, a.Status, a.Body)
		}
	}
	wrong := send(s.market, filled("2026-13-01"))
	faults := wrong.Json.List("faults")
	if wrong.Status != http.StatusOK || wrong.Json["accepted"] != false || len(faults) != own || faults[0].ID("row") != 2 || faults[0].Str("column") != "完成日期" || wrong.Json.Str("marked_file") == "" {
		t.Errorf("%d %.600s", wrong.Status, wrong.Body)
	}
	if left := len(tasks(s.market, "?state=open")); left != own {
		t.Errorf("a wrong sheet reported: %d of %d wait", left, own)
	}
	theirs := send(s.civil, filled("2026-03-06"))
	if theirs.Json["accepted"] != false || theirs.Json.ID("reported") != 0 {
		t.Errorf("another agency's sheet: %.600s", theirs.Body)
	}
	right := send(s.market, filled("2026-03-06"))
	if right.Json["accepted"] != true || int(right.Json.ID("reported")) != own || len(right.Json.List("faults")) != 0 {
		t.Errorf("%d %.600s", right.Status, right.Body)
	}
	again := send(s.market, filled("2026-03-06"))
	if again.Json["accepted"] != true || again.Json.ID("reported") != 0 || int(again.Json.ID("unchanged")) != own {
		t.Errorf("again: %.600s", again.Body)
	}
	s.officer.Refused(http.StatusForbidden, "role.forbidden", handlertest.Get, "/agency/report-sheet", nil)
}
