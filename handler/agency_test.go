package handler_test

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"microcourt/handler/handlertest"

	"microcourt/model"
	"microcourt/storage"
)

// sanctioned is a court with its first list of duties, two agencies with an
// account each, and an enforcement case.
type sanctioned struct {
	*coerced
	manager, second, admin *handlertest.Client
	market, civil          *handlertest.Client // 市场监督管理局, 民政局
}

func newSanctioned(t *testing.T) *sanctioned {
	t.Helper()
	s := &sanctioned{coerced: newCoerced(t)}
	s.manager, s.second, s.admin = s.Staff("list.zg", model.RoleListManager), s.Staff("list.er", model.RoleListManager), s.Staff("shen.ji", model.RoleAdmin)
	if a := s.manager.Must(http.StatusOK, handlertest.Post, "/duty-lists/suggested", handlertest.Obj{}); a.Num("created") != 36 || a.Num("agencies") != 22 || a.Num("version") != 1 {
		t.Fatalf("the suggested list: %v", a)
	}
	s.market, s.civil = s.Of("SCJ", "scjg.zhou"), s.Of("MZJ", "mzj.wu")
	return s
}

// duties lets the agencies' worker run.
func (s *sanctioned) duties() {
	s.T.Helper()
	if err := s.Svc.Agency.Pass(context.Background()); err != nil {
		s.T.Fatal(err)
	}
}

// day moves the clock to ten in the morning of a day; the worker runs twice.
func (s *sanctioned) day(month time.Month, day int) {
	s.T.Helper()
	s.pass(at(month, day, 10))
	for _, c := range []*handlertest.Client{s.manager, s.second, s.admin, s.market, s.civil} {
		c.Renew()
	}
	s.duties()
	s.duties()
}

func report(files ...int64) handlertest.Obj {
	return handlertest.Obj{"text": "已在登记系统中限制", "done_on": "2026-03-06", "quantity": 1, "file_ids": files}
}

func tasks(c *handlertest.Client, query string) []handlertest.Obj {
	c.W.T.Helper()
	return c.Must(http.StatusOK, handlertest.Get, "/agency/tasks"+query, nil).List("tasks")
}

// The story of a duty: a person is listed, each duty is due at its agency, which
// is reminded once a step, reports, gets it back, reports again; two accept at
// once; the measure is lifted and the lifting is reported.
func TestADutyFromListingToLifting(t *testing.T) {
	t.Parallel()
	s := newSanctioned(t)
	if list := s.manager.Must(http.StatusOK, handlertest.Get, "/agencies?limit=100", nil).List("agencies"); len(list) != 22 {
		t.Fatalf("%d agencies", len(list))
	}
	if list := s.manager.Must(http.StatusOK, handlertest.Get, "/duties?limit=100&active=1&kind=sanction", nil).List("duties"); len(list) != 36 || list[0].Str("when") != "每案，采取措施后 10 个工作日内" {
		t.Fatalf("%d duties %v", len(list), list[0])
	}
	m := s.take("listing")
	// 28 of listings that are owed for persons, 5 of the restriction that follows.
	all := s.manager.Must(http.StatusOK, handlertest.Get, "/duty-tasks?limit=100", nil).List("tasks")
	if len(all) != 33 {
		t.Fatalf("%d tasks", len(all))
	}
	own := tasks(s.market, "")
	if len(own) != 2 || own[0].Str("code") != "CJ-28" || own[0].Str("due_on") != "2026-03-20" || own[0].Str("subject") != "赵*" || s.market.NoticesOf("duty.opened") != 1 {
		t.Fatalf("the agency's list %v, told %d times", own, s.market.NoticesOf("duty.opened"))
	}
	path := fmt.Sprintf("/agency/tasks/%d", own[0].ID("id"))
	refusedAll(t, []mistake{
		{s.civil, handlertest.Gone, "duty_task.not_found", handlertest.Get, path, nil, ""},
		{s.civil, handlertest.Gone, "duty_task.not_found", handlertest.Post, path + "/reports", report(), ""},
		{s.civil, handlertest.Gone, "duty_task.not_found", handlertest.Get, fmt.Sprintf("/agency/tasks?after=%d", own[0].ID("id")), nil, ""},
		{s.officer, http.StatusForbidden, "role.forbidden", handlertest.Get, path, nil, ""},
		{s.debtor, http.StatusForbidden, "role.forbidden", handlertest.Get, path, nil, ""},
		{s.market, http.StatusForbidden, "role.forbidden", handlertest.Get, "/duty-tasks", nil, ""},
		{s.market, http.StatusForbidden, "role.forbidden", handlertest.Get, fmt.Sprintf("/cases/%d", s.f.ID), nil, ""},
	})
	who := s.market.Must(http.StatusOK, handlertest.Get, path, nil).Obj("sanctioned")
	if who.Str("name") != "赵明" || who.Str("id_number") != "34052419800101001X" || who.Str("number") == "" || s.Audited(model.AuditDutyLook) != 1 {
		t.Errorf("whom it is against: %v, looks %d", who, s.Audited(model.AuditDutyLook))
	}
	at := fmt.Sprintf("/duty-tasks/%d", own[0].ID("id"))
	if who := s.manager.Must(http.StatusOK, handlertest.Get, at, nil).Obj("sanctioned"); who.Str("id_number") != "340524********001X" || s.Audited(model.AuditDutyLook) != 2 {
		t.Errorf("to the court: %v", who)
	}

	s.day(3, 13)
	if n := s.market.NoticesOf("duty.reminder"); n != 1 || s.manager.NoticesOf("duty.reminder") != 0 {
		t.Errorf("reminded %d times before the deadline", n)
	}
	s.day(3, 21)
	if n := s.market.NoticesOf("duty.reminder"); n != 2 || s.manager.NoticesOf("duty.reminder") != 2 {
		t.Errorf("reminded %d times, the court %d", n, s.manager.NoticesOf("duty.reminder"))
	}
	if n := s.manager.NoticesOf("duty.unreachable"); n == 0 {
		t.Error("nobody says that agencies without an account cannot be reminded")
	}
	if late := s.manager.Must(http.StatusOK, handlertest.Get, "/duty-tasks?state=overdue&limit=100", nil).List("tasks"); len(late) != 33 || late[0].Str("state") != "overdue" {
		t.Errorf("%d overdue", len(late))
	}

	file := s.market.Uploaded(0, 1201)
	key := handlertest.FreshKey()
	first := s.market.CallKey(handlertest.Post, path+"/reports", report(file), key)
	again := s.market.CallKey(handlertest.Post, path+"/reports", report(file), key)
	if first.Status != http.StatusCreated || again.Status != http.StatusOK || first.Json.ID("id") != again.Json.ID("id") {
		t.Fatalf("a report %d %s, again %d %s", first.Status, first.Body, again.Status, again.Body)
	}
	refusedAll(t, []mistake{{s.market, clash, "duty.reported", handlertest.Post, path + "/reports", report(), ""}})
	look := fmt.Sprintf("/files/%d/view", file)
	for who, status := range map[*handlertest.Client]int{s.market: http.StatusOK, s.manager: http.StatusOK, s.civil: handlertest.Gone, s.officer: handlertest.Gone} {
		if a := who.Call(handlertest.Get, look, nil); a.Status != status {
			t.Errorf("the evidence answers %s with %d", who.Name, a.Status)
		}
	}
	decision := func(r handlertest.Obj, what string) string {
		return fmt.Sprintf("/duty-reports/%d/%s", r.ID("id"), what)
	}
	// A list manager who also has the agency's account does not judge his own work.
	third, phone := s.Staff("list.san", model.RoleListManager), s.Phone("")
	for _, account := range []int64{s.market.UserID, third.UserID} {
		if err := s.DB.Transact(t.Context(), func(tx *storage.DB) error { return tx.LinkStaff(t.Context(), phone.UserID, account) }); err != nil {
			t.Fatal(err)
		}
	}
	refusedAll(t, []mistake{
		{third, clash, "duty.own", handlertest.Post, decision(first.Json, "accept"), nil, ""},
		{third, clash, "duty.own", handlertest.Post, decision(first.Json, "return"), handlertest.Obj{"reason": "请补充"}, ""},
	})
	s.manager.Refused(handlertest.Bad, "reason.required", handlertest.Post, decision(first.Json, "return"), handlertest.Obj{"reason": " "})
	s.manager.Must(http.StatusOK, handlertest.Post, decision(first.Json, "return"), handlertest.Obj{"reason": "请附限制登记的截图"})
	s.manager.Must(http.StatusOK, handlertest.Post, decision(first.Json, "return"), handlertest.Obj{"reason": "请附限制登记的截图"})
	if d := s.market.Must(http.StatusOK, handlertest.Get, path, nil); d.Str("state") != "overdue" || d.List("reports")[0].Str("reason") != "请附限制登记的截图" || s.market.NoticesOf("duty.decided") != 1 {
		t.Errorf("after the return: %v", d)
	}
	second := s.market.Must(http.StatusCreated, handlertest.Post, path+"/reports", report(s.market.Uploaded(0, 1202)))
	var wg sync.WaitGroup
	answers := make([]handlertest.Answer, 2)
	for i, by := range []*handlertest.Client{s.manager, s.second} {
		wg.Go(func() { answers[i] = by.Call(handlertest.Post, decision(second, "accept"), nil) })
	}
	wg.Wait()
	if a, b := answers[0].Status, answers[1].Status; a+b != http.StatusOK+clash {
		t.Errorf("two accept at once: %d %d", a, b)
	}
	refusedAll(t, []mistake{{s.market, clash, "duty.done", handlertest.Post, path + "/reports", report(), ""}})

	// Off the list: what was not reported is asked no more, both liftings are due.
	m = s.measure(m)
	s.officer.Must(http.StatusOK, handlertest.Post, on(m, "lift"), handlertest.Obj{"ground": "creditor", "reason": "申请执行人书面申请", "proof": "名单库回执", "version": m.Num("version")})
	own = tasks(s.market, "")
	if len(own) != 2 || own[0].Str("phase") != "lift" || own[0].Str("due_on") != "2026-03-25" || own[0].Num("days_left") != 4 || s.market.NoticesOf("duty.opened") != 2 {
		t.Fatalf("to lift: %v", own)
	}
	void := tasks(s.market, "?state=void")
	if len(void) != 1 || void[0].Str("code") != "CJ-29" {
		t.Errorf("taken back: %v", void)
	}
	refusedAll(t, []mistake{
		{s.market, clash, "duty.void", handlertest.Post, fmt.Sprintf("/agency/tasks/%d/reports", void[0].ID("id")), report(), ""},
		{s.manager, clash, "agency.lifts_open", handlertest.Post, fmt.Sprintf("/agencies/%d/end", own[0].ID("agency_id")), handlertest.Obj{"version": 1}, ""},
	})
	for _, l := range own {
		r := s.market.Must(http.StatusCreated, handlertest.Post, fmt.Sprintf("/agency/tasks/%d/reports", l.ID("id")), handlertest.Obj{"text": "已解除", "done_on": "2026-03-21"})
		s.second.Must(http.StatusOK, handlertest.Post, decision(r, "accept"), nil)
	}
	if left := tasks(s.market, ""); len(left) != 0 {
		t.Errorf("left: %v", left)
	}
	total := s.market.Must(http.StatusOK, handlertest.Get, "/agency/progress?from=2026-03-01&until=2026-03-31", nil)
	if l := total.List("lines"); len(l) != 2 || total.Obj("total").Num("due") != 3 || total.Obj("total").Num("done") != 3 || total.Obj("total").Num("late") != 1 {
		t.Errorf("the agency's progress %v", total)
	}
	if p := s.leader.Must(http.StatusOK, handlertest.Get, "/duty-progress?from=2026-03-01&until=2026-03-31&kind=sanction", nil); p.Obj("total").Num("done") != 3 || len(p.List("lines")) < 15 {
		t.Errorf("the court's progress %v", p)
	}
}

// Days of grace: nothing is asked of agencies before the listing is published,
// and nothing at all when it is lifted before.
func TestDutiesWaitForTheDaysOfGrace(t *testing.T) {
	t.Parallel()
	s := newSanctioned(t)
	m := s.take("listing", "grace_months", 1)
	if n := len(tasks(s.market, "")); n != 0 {
		t.Fatalf("%d tasks in the days of grace", n)
	}
	s.day(4, 8)
	m = s.measure(m)
	s.officer.Must(http.StatusOK, handlertest.Post, on(m, "effect"), handlertest.Obj{"version": m.Num("version")})
	if n := len(tasks(s.market, "")); n != 2 {
		t.Errorf("%d tasks after them", n)
	}
}

// A key opens an agency's door as an account does, until it is revoked; its
// secret is shown once.
func TestKeysOfAgencies(t *testing.T) {
	t.Parallel()
	s := newSanctioned(t)
	s.take("listing")
	id := tasks(s.market, "")[0].ID("agency_id")
	keys := fmt.Sprintf("/agencies/%d/keys", id)
	secret := s.admin.Must(http.StatusCreated, handlertest.Post, keys, handlertest.Obj{"name": "登记系统"}).Str("secret")
	program := &handlertest.Client{W: s.World, Auth: "ApiKey " + secret}
	own := tasks(program, "")
	if len(own) != 2 || program.Must(http.StatusOK, handlertest.Get, "/agency", nil).Str("code") != "SCJ" {
		t.Fatalf("by key: %v", own)
	}
	r := program.Must(http.StatusCreated, handlertest.Post, fmt.Sprintf("/agency/tasks/%d/reports", own[0].ID("id")), report(program.Uploaded(0, 1211)))
	if r.Str("who") != "接口" {
		t.Errorf("who reported: %v", r)
	}
	refusedAll(t, []mistake{
		{s.admin, clash, "api_key.exists", handlertest.Post, keys, handlertest.Obj{"name": "登记系统"}, ""},
		{s.admin, handlertest.Bad, "api_key.name", handlertest.Post, keys, handlertest.Obj{"name": " "}, "name"},
		{s.admin, handlertest.Gone, "agency.not_found", handlertest.Post, "/agencies/999999/keys", handlertest.Obj{"name": "登记系统"}, ""},
		{s.manager, http.StatusForbidden, "role.forbidden", handlertest.Post, keys, handlertest.Obj{"name": "登记系统"}, ""},
		{s.admin, handlertest.Gone, "api_key.not_found", handlertest.Post, keys + "/999999/revoke", nil, ""},
		{s.admin, handlertest.Gone, "agency.not_found", handlertest.Get, "/agencies/999999/doors", nil, ""},
		{program, http.StatusForbidden, "role.forbidden", handlertest.Get, "/agencies", nil, ""},
	})
	if a := program.Upload(s.f.ID, handlertest.FreshKey(), handlertest.Picture(1)); a.Status != handlertest.Gone || a.Json.Reason() != "case.not_found" {
		t.Errorf("an agency uploads into a case: %d %s", a.Status, a.Body)
	}
	doors := s.admin.Must(http.StatusOK, handlertest.Get, fmt.Sprintf("/agencies/%d/doors", id), nil)
	if strings.Contains(fmt.Sprint(doors), secret) || len(doors.List("accounts")) != 1 || len(doors.List("keys")) != 1 {
		t.Errorf("the doors: %v", doors)
	}
	revoke := fmt.Sprintf("%s/%d/revoke", keys, doors.List("keys")[0].ID("id"))
	s.admin.Must(http.StatusNoContent, handlertest.Post, revoke, nil)
	s.admin.Must(http.StatusNoContent, handlertest.Post, revoke, nil)
	program.Refused(http.StatusUnauthorized, "session.expired", handlertest.Get, "/agency/tasks", nil)
	s.admin.Must(http.StatusCreated, handlertest.Post, keys, handlertest.Obj{"name": "登记系统"})

	// An account made here is a member of the agency and nothing else.
	accounts := fmt.Sprintf("/agencies/%d/accounts", id)
	cred := s.admin.Must(http.StatusCreated, handlertest.Post, accounts, handlertest.Obj{"login": "scjg.wang", "name": "王某"})
	if cred.Str("password") == "" || cred.Str("valid_until") == "" || cred.Str("totp_url") != "" {
		t.Errorf("credentials %v", cred)
	}
	refusedAll(t, []mistake{
		{s.admin, handlertest.Bad, "staff.exists", handlertest.Post, accounts, handlertest.Obj{"login": "scjg.wang", "name": "王某"}, "login"},
		{s.admin, handlertest.Bad, "login.format", handlertest.Post, accounts, handlertest.Obj{"login": "x", "name": "王某"}, "login"},
		{s.admin, handlertest.Bad, "name.format", handlertest.Post, accounts, handlertest.Obj{"login": "scjg.li", "name": " "}, "name"},
		{s.admin, handlertest.Gone, "agency.not_found", handlertest.Post, "/agencies/999999/accounts", handlertest.Obj{"login": "scjg.li", "name": "李某"}, ""},
	})
}

// A file of 40 MB is refused by name, and leaves nothing behind; nor does one
// that is no evidence.
func TestHugeEvidenceIsRefused(t *testing.T) {
	t.Parallel()
	s := newSanctioned(t)
	before := len(s.ObjectKeys())
	if a := s.market.Upload(0, handlertest.FreshKey(), append(handlertest.Picture(7), make([]byte, 40<<20)...)); a.Status != handlertest.Bad || a.Json.Reason() != "file.too_large" {
		t.Errorf("40 MB: %d %s", a.Status, a.Body)
	}
	if n := len(s.ObjectKeys()); n != before {
		t.Errorf("%d files left behind", n-before)
	}
}

// The directory: who is there, what changed and by whom.
func TestDirectoryOfAgencies(t *testing.T) {
	t.Parallel()
	w := handlertest.New(t)
	manager, admin, leader := w.Staff("list.zg", model.RoleListManager), w.Staff("shen.ji", model.RoleAdmin), w.Staff("yuan.zhang", model.RoleLeader)
	in := handlertest.Obj{"code": "sjj", "name": "市场监管局", "kind": "government"}
	a := manager.Must(http.StatusCreated, handlertest.Post, "/agencies", in)
	if again := manager.Must(http.StatusOK, handlertest.Post, "/agencies", in); again.ID("id") != a.ID("id") || a.Str("code") != "SJJ" {
		t.Errorf("again: %v", again)
	}
	path := fmt.Sprintf("/agencies/%d", a.ID("id"))
	a = manager.Must(http.StatusOK, handlertest.Put, path, handlertest.Obj{"version": 1, "name": "市场监督管理局", "kind": "government"})
	contact := handlertest.Obj{"role": "liaison", "name": "周某", "title": "科长", "phone": "0574-8628 0000", "term_from": "2026-01-01", "term_until": "2028-12-31"}
	key := handlertest.FreshKey()
	p := manager.CallKey(handlertest.Post, path+"/contacts", contact, key)
	if q := manager.CallKey(handlertest.Post, path+"/contacts", contact, key); p.Status != http.StatusCreated || q.Status != http.StatusOK || p.Json.ID("id") != q.Json.ID("id") {
		t.Fatalf("a contact %s, again %s", p.Body, q.Body)
	}
	person := fmt.Sprintf("%s/contacts/%d", path, p.Json.ID("id"))
	changed := func(k string, v any) handlertest.Obj {
		o := handlertest.Obj{"version": 1}
		for name, value := range contact {
			o[name] = value
		}
		o[k] = v
		return o
	}
	without := func(o handlertest.Obj) handlertest.Obj { delete(o, "version"); return o }
	refusedAll(t, []mistake{
		{manager, handlertest.Bad, "agency.code", handlertest.Post, "/agencies", handlertest.Obj{"code": "局", "name": "x", "kind": "government"}, "code"},
		{manager, handlertest.Bad, "agency.name", handlertest.Post, "/agencies", handlertest.Obj{"code": "AB", "name": " ", "kind": "government"}, "name"},
		{manager, handlertest.Bad, "agency.kind", handlertest.Post, "/agencies", handlertest.Obj{"code": "AB", "name": "x", "kind": "x"}, "kind"},
		{manager, clash, "agency.exists", handlertest.Post, "/agencies", handlertest.Obj{"code": "SJJ", "name": "审计局", "kind": "government"}, ""},
		{manager, handlertest.Gone, "agency.not_found", handlertest.Get, "/agencies/999999", nil, ""},
		{manager, handlertest.Gone, "agency.not_found", handlertest.Put, "/agencies/999999", handlertest.Obj{"version": 1, "name": "x", "kind": "government"}, ""},
		{manager, handlertest.Bad, "agency.name", handlertest.Put, path, handlertest.Obj{"version": 2, "name": " ", "kind": "government"}, "name"},
		{manager, handlertest.Bad, "agency.kind", handlertest.Put, path, handlertest.Obj{"version": 2, "name": "x", "kind": "x"}, "kind"},
		{manager, clash, "agency.changed", handlertest.Put, path, handlertest.Obj{"version": 1, "name": "x", "kind": "government"}, ""},
		{manager, handlertest.Gone, "agency.not_found", handlertest.Post, "/agencies/999999/contacts", contact, ""},
		{manager, handlertest.Bad, "contact.role", handlertest.Post, path + "/contacts", without(changed("role", "x")), "role"},
		{manager, handlertest.Bad, "contact.name", handlertest.Post, path + "/contacts", without(changed("name", " ")), "name"},
		{manager, handlertest.Bad, "contact.title", handlertest.Post, path + "/contacts", without(changed("title", strings.Repeat("长", 101))), "title"},
		{manager, handlertest.Bad, "contact.phone", handlertest.Post, path + "/contacts", without(changed("phone", "12")), "phone"},
		{manager, handlertest.Bad, "contact.term", handlertest.Post, path + "/contacts", without(changed("term_until", "2025-12-31")), "term_until"},
		{manager, handlertest.Gone, "agency.not_found", handlertest.Put, "/agencies/999999/contacts/1", changed("name", "吴某"), ""},
		{manager, handlertest.Gone, "contact.not_found", handlertest.Put, path + "/contacts/999999", changed("name", "吴某"), ""},
		{manager, handlertest.Bad, "contact.role", handlertest.Put, person, changed("role", "x"), "role"},
		{manager, handlertest.Bad, "contact.name", handlertest.Put, person, changed("name", " "), "name"},
		{manager, handlertest.Bad, "contact.title", handlertest.Put, person, changed("title", strings.Repeat("长", 101)), "title"},
		{manager, handlertest.Bad, "contact.phone", handlertest.Put, person, changed("phone", "12"), "phone"},
		{manager, handlertest.Bad, "contact.term", handlertest.Put, person, changed("term_until", "2025-12-31"), "term_until"},
		{manager, clash, "contact.changed", handlertest.Put, person, changed("version", 9), ""},
		{manager, handlertest.Gone, "agency.not_found", handlertest.Post, "/agencies/999999/contacts/1/end", handlertest.Obj{"version": 1}, ""},
		{manager, handlertest.Gone, "contact.not_found", handlertest.Post, path + "/contacts/999999/end", handlertest.Obj{"version": 1}, ""},
		{manager, clash, "contact.changed", handlertest.Post, person + "/end", handlertest.Obj{"version": 9}, ""},
		{manager, handlertest.Gone, "agency.not_found", handlertest.Post, "/agencies/999999/end", handlertest.Obj{"version": 1}, ""},
		{manager, clash, "agency.changed", handlertest.Post, path + "/end", handlertest.Obj{"version": 9}, ""},
	})
	manager.Must(http.StatusOK, handlertest.Put, person, changed("phone", "13800138000"))
	d := admin.Must(http.StatusOK, handlertest.Get, path, nil)
	if d.List("contacts")[0].Str("phone") != "13800138000" || w.Audited(model.AuditAgencyLook) != 1 || len(d.List("changes")) != 4 || d.List("changes")[0].Str("before") != "057486280000" {
		t.Errorf("the keeper sees %v", d)
	}
	if d := leader.Must(http.StatusOK, handlertest.Get, path, nil); d.List("contacts")[0].Str("phone") != "138******00" || d.List("changes")[0].Str("after") != "138******00" {
		t.Errorf("the leader sees %v", d)
	}
	account := w.Of("SJJ", "sjj.zhou")
	if own := account.Must(http.StatusOK, handlertest.Get, "/agency", nil); own.Str("name") != "市场监督管理局" || own.List("contacts")[0].Str("phone") != "13800138000" {
		t.Errorf("its own entry %v", own)
	}
	manager.Must(http.StatusOK, handlertest.Post, person+"/end", handlertest.Obj{"version": 2})
	manager.Must(http.StatusOK, handlertest.Post, path+"/end", handlertest.Obj{"version": a.ID("version")})
	account.Refused(http.StatusUnauthorized, "session.expired", handlertest.Get, "/agency", nil)
	refusedAll(t, []mistake{
		{manager, clash, "contact.ended", handlertest.Put, person, changed("version", 3), ""},
		{manager, clash, "agency.ended", handlertest.Put, path, handlertest.Obj{"version": 3, "name": "x", "kind": "government"}, ""},
		{manager, clash, "agency.ended", handlertest.Post, path + "/contacts", contact, ""},
		{admin, clash, "agency.ended", handlertest.Post, path + "/accounts", handlertest.Obj{"login": "sjj.li", "name": "李某"}, ""},
		{admin, clash, "agency.ended", handlertest.Post, path + "/keys", handlertest.Obj{"name": "系统"}, ""},
		{manager, clash, "agency.ended", handlertest.Post, "/duties", handlertest.Obj{"agency_id": a.ID("id"), "code": "A1", "kind": "sanction", "requirement": "x", "recurrence": "once", "due_on": "2026-05-01"}, ""},
	})
}

const dutyHead = "单位代码,单位名称,单位类别,事项编号,类型,工作要求,依据,佐证材料,计量单位,周期,时限,适用措施,适用对象,解除时限\n"

// A list replaces the one before it; one with wrong rows changes nothing; two
// that replace the same one: one wins.
func TestListsOfDuties(t *testing.T) {
	t.Parallel()
	s := newSanctioned(t)
	load := func(by *handlertest.Client, version int, file string) handlertest.Answer {
		return by.FormFile(fmt.Sprintf("/duty-lists?version=%d&source=%s", version, url.QueryEscape("镇信用办〔2026〕3号")), file)
	}
	row := "SCJ,,,CJ-28,联合惩戒,限制登记为企业高级管理人员,,限制登记记录,人次,每案,5个工作日,失信被执行人名单,自然人,3个工作日\n"
	wrong := dutyHead + row + "SCJ,,,CJ-29,联合惩戒, ,,,,每案,5个工作日,失信被执行人名单,,\n" + "XX,,,CJ-1,联合惩戒,x,,,,每月,2026-13-01,,,\n" +
		"MZJ,,,CJ-13,联合惩戒,x,,,,每案,x,不知道,外星人,x\n" + row
	a := load(s.manager, 1, wrong)
	if a.Status != http.StatusOK || a.Json["imported"] != false || len(a.Json.List("problems")) != 5 || a.Json.Num("changed") != 0 {
		t.Fatalf("a file with errors: %d %s", a.Status, a.Body)
	}
	if l := s.manager.Must(http.StatusOK, handlertest.Get, "/duties?limit=100&active=1", nil).List("duties"); len(l) != 36 {
		t.Errorf("%d duties after a file with errors", len(l))
	}
	good := dutyHead + row + "SCJ,,,JD-01,联合惩戒,报送季度小结,,小结,,每季度,2026-03-31,,,\n" + "SHENJ,审计局,政府部门,CJ-01,联合惩戒,核查,,,,每案,10,失信被执行人名单、限制高消费,,\n"
	if a := s.manager.FormFile("/duty-lists?version=1&dry_run=1", good); a.Json.Num("ended") != 35 || a.Json.Num("created") != 2 || a.Json.Num("changed") != 1 || a.Json["imported"] != false {
		t.Errorf("a dry run: %s", a.Body)
	}
	var wg sync.WaitGroup
	answers := make([]handlertest.Answer, 2)
	for i, file := range []string{good, dutyHead + row} {
		wg.Go(func() { answers[i] = load([]*handlertest.Client{s.manager, s.admin}[i], 1, file) })
	}
	wg.Wait()
	if n := answers[0].Status + answers[1].Status; n != http.StatusOK+clash {
		t.Errorf("two lists at once: %s %s", answers[0].Body, answers[1].Body)
	}
	version := 2
	if answers[1].Status == http.StatusOK {
		if a := load(s.manager, 2, good); a.Status != http.StatusOK {
			t.Fatalf("%s", a.Body)
		}
		version = 3
	}
	if a := load(s.manager, version, good); a.Json.Num("unchanged") != 3 || a.Json.Num("version") != float64(version) {
		t.Errorf("the same list again: %s", a.Body)
	}
	duties := s.manager.Must(http.StatusOK, handlertest.Get, "/duties?limit=100&active=1", nil).List("duties")
	if len(duties) != 3 {
		t.Errorf("%d duties", len(duties))
	}
	if l := s.leader.Must(http.StatusOK, handlertest.Get, "/duty-lists", nil).List("lists"); len(l) != version || l[0].Str("source") != "镇信用办〔2026〕3号" {
		t.Errorf("versions: %v", l)
	}
	s.take("listing")
	for _, task := range tasks(s.market, "") {
		if task.Str("code") == "CJ-28" && task.Str("due_on") != "2026-03-13" {
			t.Errorf("under the new list: %v", task)
		}
	}
	// Back to the first list: what it ended is owed again.
	first := s.leader.Call(handlertest.Get, "/duty-lists/template?list=default", nil)
	if first.Status != http.StatusForbidden {
		t.Errorf("a leader gets the file: %d", first.Status)
	}
	first = s.admin.Call(handlertest.Get, "/duty-lists/template?list=default", nil)
	if a := load(s.admin, version, string(first.Body)); a.Status != http.StatusOK || a.Json["imported"] != true || a.Json.Num("ended") != 2 {
		t.Errorf("the first list: %d %s", a.Status, a.Body)
	}
	if l := s.manager.Must(http.StatusOK, handlertest.Get, "/duties?limit=100&active=1", nil).List("duties"); len(l) != 36 {
		t.Errorf("%d duties of the first list", len(l))
	}
	if a := s.manager.Call(handlertest.Get, "/duty-lists/template", nil); a.Status != http.StatusOK || !strings.Contains(string(a.Body), "适用措施") {
		t.Errorf("template: %d", a.Status)
	}
	for reason, file := range map[string]string{
		"import.columns": "a,b\n", "import.file": "PK\x03\x04 not a sheet", "import.empty": dutyHead,
		"import.too_many": dutyHead + strings.Repeat("SCJ,,,CJ-28,联合惩戒,x,,,,每月,2026-01-31,,,\n", 5001),
	} {
		if a := load(s.manager, version+1, file); a.Status != handlertest.Bad || a.Json.Reason() != reason {
			t.Errorf("%s: %d %.300s", reason, a.Status, a.Body)
		}
	}
	if a := s.manager.FormFile("/duty-lists", ""); a.Status != handlertest.Bad || a.Json.Reason() != "file.missing" {
		t.Errorf("no file: %s", a.Body)
	}
	if a := load(s.manager, 1, dutyHead+row); a.Status != clash || a.Json.Reason() != "duty.list_changed" {
		t.Errorf("an old version: %s", a.Body)
	}
}

// What is wrong with a duty, a report or a period is said by name.
func TestDutiesRefuse(t *testing.T) {
	t.Parallel()
	s := newSanctioned(t)
	s.take("listing")
	id := tasks(s.market, "")[0].ID("agency_id")
	duty := func(k string, v any) handlertest.Obj {
		o := handlertest.Obj{"kind": "sanction", "requirement": "限制登记", "recurrence": "each", "due_days": 5, "lift_days": 3, "measures": []string{"listing"}, "subjects": "person"}
		o[k] = v
		return o
	}
	added := func(o handlertest.Obj) handlertest.Obj {
		o["agency_id"], o["code"] = id, "ZZ-01"
		return o
	}
	seen := func(o handlertest.Obj, v int) handlertest.Obj {
		o["version"] = v
		return o
	}
	d := s.manager.Must(http.StatusCreated, handlertest.Post, "/duties", added(duty("unit", "人次")))
	if again := s.manager.Must(http.StatusOK, handlertest.Post, "/duties", added(duty("unit", "人次"))); again.ID("id") != d.ID("id") || d.Str("agency") != "区市场监督管理局" {
		t.Errorf("again: %v", again)
	}
	path := fmt.Sprintf("/duties/%d", d.ID("id"))
	long := strings.Repeat("长", 501)
	list := []mistake{
		{s.manager, handlertest.Gone, "agency.not_found", handlertest.Post, "/duties", handlertest.Obj{"agency_id": 999999, "code": "A1", "kind": "sanction", "requirement": "x", "recurrence": "once", "due_on": "2026-05-01"}, ""},
		{s.manager, clash, "duty.exists", handlertest.Post, "/duties", added(duty("requirement", "另一事项")), ""},
		{s.manager, handlertest.Bad, "duty.code", handlertest.Post, "/duties", handlertest.Obj{"agency_id": id, "code": "惩戒", "kind": "sanction", "requirement": "x", "recurrence": "once", "due_on": "2026-05-01"}, "code"},
		{s.manager, handlertest.Gone, "duty.not_found", handlertest.Get, "/duties/999999", nil, ""},
		{s.manager, handlertest.Gone, "duty.not_found", handlertest.Put, "/duties/999999", seen(duty("unit", "人次"), 1), ""},
		{s.manager, handlertest.Gone, "duty.not_found", handlertest.Post, "/duties/999999/end", handlertest.Obj{"version": 1}, ""},
		{s.manager, handlertest.Bad, "duty.fixed", handlertest.Put, path, seen(handlertest.Obj{"kind": "sanction", "requirement": "x", "recurrence": "once", "due_on": "2026-05-01"}, 1), "recurrence"},
		{s.manager, clash, "duty.changed", handlertest.Put, path, seen(duty("requirement", "另一写法"), 9), ""},
		{s.manager, clash, "duty.changed", handlertest.Post, path + "/end", handlertest.Obj{"version": 9}, ""},
		{s.manager, handlertest.Bad, "period.range", handlertest.Get, "/duty-progress", nil, ""},
		{s.manager, handlertest.Bad, "filter.unknown", handlertest.Get, "/duty-progress?from=2026-03-01&until=2026-03-31&kind=x", nil, "kind"},
		{s.market, handlertest.Bad, "period.range", handlertest.Get, "/agency/progress?from=2026-03-31&until=2026-03-01", nil, ""},
		{s.market, handlertest.Bad, "filter.unknown", handlertest.Get, "/agency/progress?from=2026-03-01&until=2026-03-31&kind=x", nil, "kind"},
		{s.manager, handlertest.Gone, "duty_task.not_found", handlertest.Get, "/duty-tasks/999999", nil, ""},
		{s.manager, handlertest.Gone, "duty_task.not_found", handlertest.Get, "/duty-tasks?after=999999", nil, ""},
		{s.manager, handlertest.Gone, "report.not_found", handlertest.Post, "/duty-reports/999999/accept", nil, ""},
		{s.manager, handlertest.Gone, "report.not_found", handlertest.Post, "/duty-reports/999999/return", handlertest.Obj{"reason": "x"}, ""},
	}
	for reason, change := range map[string]handlertest.Obj{
		"duty.kind": duty("kind", "x"), "duty.requirement": duty("requirement", " "), "duty.basis": duty("basis", long), "duty.evidence": duty("evidence", long),
		"duty.unit": duty("unit", "十一个字十一个字十一个"), "duty.recurrence": duty("recurrence", "daily"), "duty.days": duty("due_days", 0),
		"duty.subjects": duty("subjects", "x"), "duty.measures": duty("measures", []string{"fine"}),
		"duty.due": {"kind": "sanction", "requirement": "x", "recurrence": "once"},
	} {
		list = append(list, mistake{s.manager, handlertest.Bad, reason, handlertest.Post, "/duties", added(change), ""})
		put2 := handlertest.Obj{}
		for k, v := range change {
			put2[k] = v
		}
		delete(put2, "agency_id")
		delete(put2, "code")
		list = append(list, mistake{s.manager, handlertest.Bad, reason, handlertest.Put, path, seen(put2, 1), ""})
	}
	refusedAll(t, list)
	s.manager.Must(http.StatusOK, handlertest.Put, path, seen(duty("due_days", 6), 1))
	s.manager.Must(http.StatusOK, handlertest.Post, path+"/end", handlertest.Obj{"version": 2})
	s.manager.Must(http.StatusOK, handlertest.Post, path+"/end", handlertest.Obj{"version": 2})
	refusedAll(t, []mistake{{s.manager, clash, "duty.ended", handlertest.Put, path, seen(duty("due_days", 7), 3), ""}})

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
		{s.market, handlertest.Gone, "duty_task.not_found", handlertest.Get, "/agency/tasks?after=999999", nil, ""},
		{s.market, handlertest.Bad, "report.text", handlertest.Post, at, with("text", " "), "text"},
		{s.market, handlertest.Bad, "report.done_on", handlertest.Post, at, with("done_on", "2026-04-01"), "done_on"},
		{s.market, handlertest.Bad, "report.quantity", handlertest.Post, at, with("quantity", -1), "quantity"},
		{s.market, handlertest.Bad, "report.files", handlertest.Post, at, with("file_ids", []int64{101, 102, 103, 104, 105, 106, 107, 108, 109, 110}), "file_ids"},
		{s.market, handlertest.Gone, "file.not_found", handlertest.Post, at, with("file_ids", []int64{theirs}), ""},
		{s.market, handlertest.Bad, "file.damaged", handlertest.Post, at, with("file_ids", []int64{broken}), ""},
	})
	key := handlertest.FreshKey()
	r := s.market.CallKey(handlertest.Post, at, report(), key)
	if a := s.market.CallKey(handlertest.Post, fmt.Sprintf("/agency/tasks/%d/reports", own[1].ID("id")), report(), key); a.Status != clash || a.Json.Reason() != "report.key_reused" {
		t.Errorf("a key for two reports: %d %s", a.Status, a.Body)
	}
	decided := fmt.Sprintf("/duty-reports/%d/", r.Json.ID("id"))
	refusedAll(t, []mistake{{s.manager, handlertest.Bad, "reason.required", handlertest.Post, decided + "return", handlertest.Obj{"reason": ""}, "reason"}})
	s.manager.Must(http.StatusOK, handlertest.Post, decided+"accept", nil)
	refusedAll(t, []mistake{
		{s.second, clash, "report.decided", handlertest.Post, decided + "accept", nil, ""},
		{s.second, clash, "report.decided", handlertest.Post, decided + "return", handlertest.Obj{"reason": "x"}, ""},
	})
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
	path := fmt.Sprintf("/enforcement-cases/%d/asset-queries", e.ID)
	ask := func(agency int64) handlertest.Obj {
		return handlertest.Obj{"party_id": f.Debtor, "kind": "vehicle", "purpose": "查明车辆", "agency_id": agency}
	}
	refusedAll(t, []mistake{{officer, handlertest.Bad, "query.agency", handlertest.Post, path, ask(999999), "agency_id"}})
	if l := officer.Must(http.StatusOK, handlertest.Get, "/asset-query-agencies", nil).List("agencies"); len(l) != 2 || l[0].Str("code") != "GAJ" {
		t.Errorf("who can be asked: %v", l)
	}
	q := officer.Must(http.StatusCreated, handlertest.Post, path, ask(police.ID))
	if q.Str("agency") != "单位GAJ" || q.ID("agency_id") != police.ID {
		t.Errorf("who is asked: %v", q)
	}
	door := fmt.Sprintf("/agency/queries/%d", q.ID("id"))
	at := func(q handlertest.Obj, act string) string {
		return fmt.Sprintf("/asset-queries/%d/%s", q.ID("id"), act)
	}
	pd.Refused(handlertest.Gone, "query.not_found", handlertest.Get, door, nil) // not sent yet
	officer.Must(http.StatusOK, handlertest.Post, at(q, "send"), handlertest.Obj{"version": 1})
	officer.Must(http.StatusOK, handlertest.Post, at(q, "send"), handlertest.Obj{"version": 1})
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
	if d := officer.Must(http.StatusOK, handlertest.Get, fmt.Sprintf("/asset-queries/%d", q.ID("id")), nil); len(d.List("findings")) != 1 || len(d.List("files")) != 1 {
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
	q = officer.Must(http.StatusCreated, handlertest.Post, path, ask(bank.ID))
	officer.Must(http.StatusOK, handlertest.Post, at(q, "send"), handlertest.Obj{"version": 1})
	officer.Must(http.StatusOK, handlertest.Post, at(q, "cancel"), handlertest.Obj{"version": 2, "reason": "被执行人已履行"})
	if d := bd.Must(http.StatusOK, handlertest.Get, fmt.Sprintf("/agency/queries/%d", q.ID("id")), nil); d["letter"] != nil || d.Str("state") != "cancelled" || bd.NoticesOf("query.addressed") != 2 {
		t.Errorf("taken back: %v", d)
	}
}

// A report waits for the object store to come back.
func TestReportsDuringAnOutageOfTheObjectStore(t *testing.T) {
	t.Parallel()
	w := handlertest.New(t)
	store := &failing{Store: w.Objects}
	w.Objects = store
	w.Build()
	manager := w.Staff("list.zg", model.RoleListManager)
	a := w.Agency(w.Court, "SJJ")
	account := w.Of("SJJ", "sjj.zhou")
	manager.Must(http.StatusCreated, handlertest.Post, "/duties",
		handlertest.Obj{"agency_id": a.ID, "code": "XJ-01", "kind": "sanction", "requirement": "报送小结", "recurrence": "once", "due_on": "2026-12-31"})
	own := tasks(account, "")
	if len(own) != 1 || own[0].Str("phase") != "" {
		t.Fatalf("tasks %v", own)
	}
	at := fmt.Sprintf("/agency/tasks/%d/reports", own[0].ID("id"))
	in := handlertest.Obj{"text": "已办", "done_on": "2026-03-01", "file_ids": []int64{account.Uploaded(0, 1251)}}
	store.fail(true)
	refusedAll(t, []mistake{{account, http.StatusServiceUnavailable, "files.unavailable", handlertest.Post, at, in, ""}})
	store.fail(false)
	account.Must(http.StatusCreated, handlertest.Post, at, in)
}
