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

	"microcourt/model"
	"microcourt/storage"
)

// sanctioned is a court with its first list of duties, two agencies with an
// account each, and an enforcement case.
type sanctioned struct {
	*coerced
	manager, second, admin *client
	market, civil          *client // 市场监督管理局, 民政局
}

func newSanctioned(t *testing.T) *sanctioned {
	t.Helper()
	s := &sanctioned{coerced: newCoerced(t)}
	s.manager, s.second, s.admin = s.staff("list.zg", model.RoleListManager), s.staff("list.er", model.RoleListManager), s.staff("shen.ji", model.RoleAdmin)
	if a := s.manager.must(http.StatusOK, post, "/duty-lists/suggested", obj{}); a.num("created") != 36 || a.num("agencies") != 22 || a.num("version") != 1 {
		t.Fatalf("the suggested list: %v", a)
	}
	s.market, s.civil = s.of("SCJ", "scjg.zhou"), s.of("MZJ", "mzj.wu")
	return s
}

// duties lets the agencies' worker run.
func (s *sanctioned) duties() {
	s.t.Helper()
	if err := s.svc.Agency.Pass(context.Background()); err != nil {
		s.t.Fatal(err)
	}
}

// of is somebody with an account in the court's agency with the code.
func (w *world) of(code, login string) *client {
	w.t.Helper()
	a, err := w.db.AgencyByCode(context.Background(), w.court.ID, code)
	if err != nil {
		w.t.Fatal(err)
	}
	return w.staffIn(w.court, a.ID, login, model.RoleAgency)
}

// day moves the clock to ten in the morning of a day; the worker runs twice.
func (s *sanctioned) day(month time.Month, day int) {
	s.t.Helper()
	s.pass(at(month, day, 10))
	for _, c := range []*client{s.manager, s.second, s.admin, s.market, s.civil} {
		c.renew()
	}
	s.duties()
	s.duties()
}

func report(files ...int64) obj {
	return obj{"text": "已在登记系统中限制", "done_on": "2026-03-06", "quantity": 1, "file_ids": files}
}

func tasks(c *client, query string) []obj {
	c.w.t.Helper()
	return c.must(http.StatusOK, get, "/agency/tasks"+query, nil).list("tasks")
}

// The story of a duty: a person is listed, each duty is due at its agency, which
// is reminded once a step, reports, gets it back, reports again; two accept at
// once; the measure is lifted and the lifting is reported.
func TestADutyFromListingToLifting(t *testing.T) {
	t.Parallel()
	s := newSanctioned(t)
	if list := s.manager.must(http.StatusOK, get, "/agencies?limit=100", nil).list("agencies"); len(list) != 22 {
		t.Fatalf("%d agencies", len(list))
	}
	if list := s.manager.must(http.StatusOK, get, "/duties?limit=100&active=1&kind=sanction", nil).list("duties"); len(list) != 36 || list[0].str("when") != "每案，采取措施后 10 个工作日内" {
		t.Fatalf("%d duties %v", len(list), list[0])
	}
	m := s.take("listing")
	// 28 of listings that are owed for persons, 5 of the restriction that follows.
	all := s.manager.must(http.StatusOK, get, "/duty-tasks?limit=100", nil).list("tasks")
	if len(all) != 33 {
		t.Fatalf("%d tasks", len(all))
	}
	own := tasks(s.market, "")
	if len(own) != 2 || own[0].str("code") != "CJ-28" || own[0].str("due_on") != "2026-03-20" || own[0].str("subject") != "赵*" || s.market.noticesOf("duty.opened") != 1 {
		t.Fatalf("the agency's list %v, told %d times", own, s.market.noticesOf("duty.opened"))
	}
	path := fmt.Sprintf("/agency/tasks/%d", own[0].id("id"))
	refusedAll(t, []mistake{
		{s.civil, gone, "duty_task.not_found", get, path, nil, ""},
		{s.civil, gone, "duty_task.not_found", post, path + "/reports", report(), ""},
		{s.civil, gone, "duty_task.not_found", get, fmt.Sprintf("/agency/tasks?after=%d", own[0].id("id")), nil, ""},
		{s.officer, http.StatusForbidden, "role.forbidden", get, path, nil, ""},
		{s.debtor, http.StatusForbidden, "role.forbidden", get, path, nil, ""},
		{s.market, http.StatusForbidden, "role.forbidden", get, "/duty-tasks", nil, ""},
		{s.market, http.StatusForbidden, "role.forbidden", get, fmt.Sprintf("/cases/%d", s.f.id), nil, ""},
	})
	who := s.market.must(http.StatusOK, get, path, nil).obj("sanctioned")
	if who.str("name") != "赵明" || who.str("id_number") != "34052419800101001X" || who.str("number") == "" || s.audited("duty.look") != 1 {
		t.Errorf("whom it is against: %v, looks %d", who, s.audited("duty.look"))
	}
	at := fmt.Sprintf("/duty-tasks/%d", own[0].id("id"))
	if who := s.manager.must(http.StatusOK, get, at, nil).obj("sanctioned"); who.str("id_number") != "340524********001X" || s.audited("duty.look") != 2 {
		t.Errorf("to the court: %v", who)
	}

	s.day(3, 13)
	if n := s.market.noticesOf("duty.reminder"); n != 1 || s.manager.noticesOf("duty.reminder") != 0 {
		t.Errorf("reminded %d times before the deadline", n)
	}
	s.day(3, 21)
	if n := s.market.noticesOf("duty.reminder"); n != 2 || s.manager.noticesOf("duty.reminder") != 2 {
		t.Errorf("reminded %d times, the court %d", n, s.manager.noticesOf("duty.reminder"))
	}
	if n := s.manager.noticesOf("duty.unreachable"); n == 0 {
		t.Error("nobody says that agencies without an account cannot be reminded")
	}
	if late := s.manager.must(http.StatusOK, get, "/duty-tasks?state=overdue&limit=100", nil).list("tasks"); len(late) != 33 || late[0].str("state") != "overdue" {
		t.Errorf("%d overdue", len(late))
	}

	file := s.market.uploaded(0, 1201)
	key := freshKey()
	first := s.market.callKey(post, path+"/reports", report(file), key)
	again := s.market.callKey(post, path+"/reports", report(file), key)
	if first.status != http.StatusCreated || again.status != http.StatusOK || first.json.id("id") != again.json.id("id") {
		t.Fatalf("a report %d %s, again %d %s", first.status, first.body, again.status, again.body)
	}
	refusedAll(t, []mistake{{s.market, clash, "duty.reported", post, path + "/reports", report(), ""}})
	look := fmt.Sprintf("/files/%d/view", file)
	for who, status := range map[*client]int{s.market: http.StatusOK, s.manager: http.StatusOK, s.civil: gone, s.officer: gone} {
		if a := who.call(get, look, nil); a.status != status {
			t.Errorf("the evidence answers %s with %d", who.name, a.status)
		}
	}
	decision := func(r obj, what string) string { return fmt.Sprintf("/duty-reports/%d/%s", r.id("id"), what) }
	// A list manager who also has the agency's account does not judge his own work.
	third, phone := s.staff("list.san", model.RoleListManager), s.phone("")
	for _, account := range []int64{s.market.userID, third.userID} {
		if err := s.db.Transact(t.Context(), func(tx *storage.DB) error { return tx.LinkStaff(t.Context(), phone.userID, account) }); err != nil {
			t.Fatal(err)
		}
	}
	refusedAll(t, []mistake{
		{third, clash, "duty.own", post, decision(first.json, "accept"), nil, ""},
		{third, clash, "duty.own", post, decision(first.json, "return"), obj{"reason": "请补充"}, ""},
	})
	s.manager.refused(bad, "reason.required", post, decision(first.json, "return"), obj{"reason": " "})
	s.manager.must(http.StatusOK, post, decision(first.json, "return"), obj{"reason": "请附限制登记的截图"})
	s.manager.must(http.StatusOK, post, decision(first.json, "return"), obj{"reason": "请附限制登记的截图"})
	if d := s.market.must(http.StatusOK, get, path, nil); d.str("state") != "overdue" || d.list("reports")[0].str("reason") != "请附限制登记的截图" || s.market.noticesOf("duty.decided") != 1 {
		t.Errorf("after the return: %v", d)
	}
	second := s.market.must(http.StatusCreated, post, path+"/reports", report(s.market.uploaded(0, 1202)))
	var wg sync.WaitGroup
	answers := make([]answer, 2)
	for i, by := range []*client{s.manager, s.second} {
		wg.Go(func() { answers[i] = by.call(post, decision(second, "accept"), nil) })
	}
	wg.Wait()
	if a, b := answers[0].status, answers[1].status; a+b != http.StatusOK+clash {
		t.Errorf("two accept at once: %d %d", a, b)
	}
	refusedAll(t, []mistake{{s.market, clash, "duty.done", post, path + "/reports", report(), ""}})

	// Off the list: what was not reported is asked no more, both liftings are due.
	m = s.measure(m)
	s.officer.must(http.StatusOK, post, on(m, "lift"), obj{"ground": "creditor", "reason": "申请执行人书面申请", "proof": "名单库回执", "version": m.num("version")})
	own = tasks(s.market, "")
	if len(own) != 2 || own[0].str("phase") != "lift" || own[0].str("due_on") != "2026-03-25" || own[0].num("days_left") != 4 || s.market.noticesOf("duty.opened") != 2 {
		t.Fatalf("to lift: %v", own)
	}
	void := tasks(s.market, "?state=void")
	if len(void) != 1 || void[0].str("code") != "CJ-29" {
		t.Errorf("taken back: %v", void)
	}
	refusedAll(t, []mistake{
		{s.market, clash, "duty.void", post, fmt.Sprintf("/agency/tasks/%d/reports", void[0].id("id")), report(), ""},
		{s.manager, clash, "agency.lifts_open", post, fmt.Sprintf("/agencies/%d/end", own[0].id("agency_id")), obj{"version": 1}, ""},
	})
	for _, l := range own {
		r := s.market.must(http.StatusCreated, post, fmt.Sprintf("/agency/tasks/%d/reports", l.id("id")), obj{"text": "已解除", "done_on": "2026-03-21"})
		s.second.must(http.StatusOK, post, decision(r, "accept"), nil)
	}
	if left := tasks(s.market, ""); len(left) != 0 {
		t.Errorf("left: %v", left)
	}
	total := s.market.must(http.StatusOK, get, "/agency/progress?from=2026-03-01&until=2026-03-31", nil)
	if l := total.list("lines"); len(l) != 2 || total.obj("total").num("due") != 3 || total.obj("total").num("done") != 3 || total.obj("total").num("late") != 1 {
		t.Errorf("the agency's progress %v", total)
	}
	if p := s.leader.must(http.StatusOK, get, "/duty-progress?from=2026-03-01&until=2026-03-31&kind=sanction", nil); p.obj("total").num("done") != 3 || len(p.list("lines")) < 15 {
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
	s.officer.must(http.StatusOK, post, on(m, "effect"), obj{"version": m.num("version")})
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
	id := tasks(s.market, "")[0].id("agency_id")
	keys := fmt.Sprintf("/agencies/%d/keys", id)
	secret := s.admin.must(http.StatusCreated, post, keys, obj{"name": "登记系统"}).str("secret")
	program := &client{w: s.world, auth: "ApiKey " + secret}
	own := tasks(program, "")
	if len(own) != 2 || program.must(http.StatusOK, get, "/agency", nil).str("code") != "SCJ" {
		t.Fatalf("by key: %v", own)
	}
	r := program.must(http.StatusCreated, post, fmt.Sprintf("/agency/tasks/%d/reports", own[0].id("id")), report(program.uploaded(0, 1211)))
	if r.str("who") != "接口" {
		t.Errorf("who reported: %v", r)
	}
	refusedAll(t, []mistake{
		{s.admin, clash, "api_key.exists", post, keys, obj{"name": "登记系统"}, ""},
		{s.admin, bad, "api_key.name", post, keys, obj{"name": " "}, "name"},
		{s.admin, gone, "agency.not_found", post, "/agencies/999999/keys", obj{"name": "登记系统"}, ""},
		{s.manager, http.StatusForbidden, "role.forbidden", post, keys, obj{"name": "登记系统"}, ""},
		{s.admin, gone, "api_key.not_found", post, keys + "/999999/revoke", nil, ""},
		{s.admin, gone, "agency.not_found", get, "/agencies/999999/doors", nil, ""},
		{program, http.StatusForbidden, "role.forbidden", get, "/agencies", nil, ""},
	})
	if a := program.upload(s.f.id, freshKey(), picture(1)); a.status != gone || a.json.reason() != "case.not_found" {
		t.Errorf("an agency uploads into a case: %d %s", a.status, a.body)
	}
	doors := s.admin.must(http.StatusOK, get, fmt.Sprintf("/agencies/%d/doors", id), nil)
	if strings.Contains(fmt.Sprint(doors), secret) || len(doors.list("accounts")) != 1 || len(doors.list("keys")) != 1 {
		t.Errorf("the doors: %v", doors)
	}
	revoke := fmt.Sprintf("%s/%d/revoke", keys, doors.list("keys")[0].id("id"))
	s.admin.must(http.StatusNoContent, post, revoke, nil)
	s.admin.must(http.StatusNoContent, post, revoke, nil)
	program.refused(http.StatusUnauthorized, "session.expired", get, "/agency/tasks", nil)
	s.admin.must(http.StatusCreated, post, keys, obj{"name": "登记系统"})

	// An account made here is a member of the agency and nothing else.
	accounts := fmt.Sprintf("/agencies/%d/accounts", id)
	cred := s.admin.must(http.StatusCreated, post, accounts, obj{"login": "scjg.wang", "name": "王某"})
	if cred.str("password") == "" || cred.str("valid_until") == "" || cred.str("totp_url") != "" {
		t.Errorf("credentials %v", cred)
	}
	refusedAll(t, []mistake{
		{s.admin, bad, "staff.exists", post, accounts, obj{"login": "scjg.wang", "name": "王某"}, "login"},
		{s.admin, bad, "login.format", post, accounts, obj{"login": "x", "name": "王某"}, "login"},
		{s.admin, bad, "name.format", post, accounts, obj{"login": "scjg.li", "name": " "}, "name"},
		{s.admin, gone, "agency.not_found", post, "/agencies/999999/accounts", obj{"login": "scjg.li", "name": "李某"}, ""},
	})
}

// A file of 40 MB is refused by name, and leaves nothing behind; nor does one
// that is no evidence.
func TestHugeEvidenceIsRefused(t *testing.T) {
	t.Parallel()
	s := newSanctioned(t)
	before := len(s.objectKeys())
	if a := s.market.upload(0, freshKey(), append(picture(7), make([]byte, 40<<20)...)); a.status != bad || a.json.reason() != "file.too_large" {
		t.Errorf("40 MB: %d %s", a.status, a.body)
	}
	if n := len(s.objectKeys()); n != before {
		t.Errorf("%d files left behind", n-before)
	}
}

// The directory: who is there, what changed and by whom.
func TestDirectoryOfAgencies(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	manager, admin, leader := w.staff("list.zg", model.RoleListManager), w.staff("shen.ji", model.RoleAdmin), w.staff("yuan.zhang", model.RoleLeader)
	in := obj{"code": "sjj", "name": "市场监管局", "kind": "government"}
	a := manager.must(http.StatusCreated, post, "/agencies", in)
	if again := manager.must(http.StatusOK, post, "/agencies", in); again.id("id") != a.id("id") || a.str("code") != "SJJ" {
		t.Errorf("again: %v", again)
	}
	path := fmt.Sprintf("/agencies/%d", a.id("id"))
	a = manager.must(http.StatusOK, put, path, obj{"version": 1, "name": "市场监督管理局", "kind": "government"})
	contact := obj{"role": "liaison", "name": "周某", "title": "科长", "phone": "0574-8628 0000", "term_from": "2026-01-01", "term_until": "2028-12-31"}
	key := freshKey()
	p := manager.callKey(post, path+"/contacts", contact, key)
	if q := manager.callKey(post, path+"/contacts", contact, key); p.status != http.StatusCreated || q.status != http.StatusOK || p.json.id("id") != q.json.id("id") {
		t.Fatalf("a contact %s, again %s", p.body, q.body)
	}
	person := fmt.Sprintf("%s/contacts/%d", path, p.json.id("id"))
	changed := func(k string, v any) obj {
		o := obj{"version": 1}
		for name, value := range contact {
			o[name] = value
		}
		o[k] = v
		return o
	}
	without := func(o obj) obj { delete(o, "version"); return o }
	refusedAll(t, []mistake{
		{manager, bad, "agency.code", post, "/agencies", obj{"code": "局", "name": "x", "kind": "government"}, "code"},
		{manager, bad, "agency.name", post, "/agencies", obj{"code": "AB", "name": " ", "kind": "government"}, "name"},
		{manager, bad, "agency.kind", post, "/agencies", obj{"code": "AB", "name": "x", "kind": "x"}, "kind"},
		{manager, clash, "agency.exists", post, "/agencies", obj{"code": "SJJ", "name": "审计局", "kind": "government"}, ""},
		{manager, gone, "agency.not_found", get, "/agencies/999999", nil, ""},
		{manager, gone, "agency.not_found", put, "/agencies/999999", obj{"version": 1, "name": "x", "kind": "government"}, ""},
		{manager, bad, "agency.name", put, path, obj{"version": 2, "name": " ", "kind": "government"}, "name"},
		{manager, bad, "agency.kind", put, path, obj{"version": 2, "name": "x", "kind": "x"}, "kind"},
		{manager, clash, "agency.changed", put, path, obj{"version": 1, "name": "x", "kind": "government"}, ""},
		{manager, gone, "agency.not_found", post, "/agencies/999999/contacts", contact, ""},
		{manager, bad, "contact.role", post, path + "/contacts", without(changed("role", "x")), "role"},
		{manager, bad, "contact.name", post, path + "/contacts", without(changed("name", " ")), "name"},
		{manager, bad, "contact.title", post, path + "/contacts", without(changed("title", strings.Repeat("长", 101))), "title"},
		{manager, bad, "contact.phone", post, path + "/contacts", without(changed("phone", "12")), "phone"},
		{manager, bad, "contact.term", post, path + "/contacts", without(changed("term_until", "2025-12-31")), "term_until"},
		{manager, gone, "agency.not_found", put, "/agencies/999999/contacts/1", changed("name", "吴某"), ""},
		{manager, gone, "contact.not_found", put, path + "/contacts/999999", changed("name", "吴某"), ""},
		{manager, bad, "contact.role", put, person, changed("role", "x"), "role"},
		{manager, bad, "contact.name", put, person, changed("name", " "), "name"},
		{manager, bad, "contact.title", put, person, changed("title", strings.Repeat("长", 101)), "title"},
		{manager, bad, "contact.phone", put, person, changed("phone", "12"), "phone"},
		{manager, bad, "contact.term", put, person, changed("term_until", "2025-12-31"), "term_until"},
		{manager, clash, "contact.changed", put, person, changed("version", 9), ""},
		{manager, gone, "agency.not_found", post, "/agencies/999999/contacts/1/end", obj{"version": 1}, ""},
		{manager, gone, "contact.not_found", post, path + "/contacts/999999/end", obj{"version": 1}, ""},
		{manager, clash, "contact.changed", post, person + "/end", obj{"version": 9}, ""},
		{manager, gone, "agency.not_found", post, "/agencies/999999/end", obj{"version": 1}, ""},
		{manager, clash, "agency.changed", post, path + "/end", obj{"version": 9}, ""},
	})
	manager.must(http.StatusOK, put, person, changed("phone", "13800138000"))
	d := admin.must(http.StatusOK, get, path, nil)
	if d.list("contacts")[0].str("phone") != "13800138000" || w.audited("agency.look") != 1 || len(d.list("changes")) != 4 || d.list("changes")[0].str("before") != "057486280000" {
		t.Errorf("the keeper sees %v", d)
	}
	if d := leader.must(http.StatusOK, get, path, nil); d.list("contacts")[0].str("phone") != "138******00" || d.list("changes")[0].str("after") != "138******00" {
		t.Errorf("the leader sees %v", d)
	}
	account := w.of("SJJ", "sjj.zhou")
	if own := account.must(http.StatusOK, get, "/agency", nil); own.str("name") != "市场监督管理局" || own.list("contacts")[0].str("phone") != "13800138000" {
		t.Errorf("its own entry %v", own)
	}
	manager.must(http.StatusOK, post, person+"/end", obj{"version": 2})
	manager.must(http.StatusOK, post, path+"/end", obj{"version": a.id("version")})
	account.refused(http.StatusUnauthorized, "session.expired", get, "/agency", nil)
	refusedAll(t, []mistake{
		{manager, clash, "contact.ended", put, person, changed("version", 3), ""},
		{manager, clash, "agency.ended", put, path, obj{"version": 3, "name": "x", "kind": "government"}, ""},
		{manager, clash, "agency.ended", post, path + "/contacts", contact, ""},
		{admin, clash, "agency.ended", post, path + "/accounts", obj{"login": "sjj.li", "name": "李某"}, ""},
		{admin, clash, "agency.ended", post, path + "/keys", obj{"name": "系统"}, ""},
		{manager, clash, "agency.ended", post, "/duties", obj{"agency_id": a.id("id"), "code": "A1", "kind": "sanction", "requirement": "x", "recurrence": "once", "due_on": "2026-05-01"}, ""},
	})
}

const dutyHead = "单位代码,单位名称,单位类别,事项编号,类型,工作要求,依据,佐证材料,计量单位,周期,时限,适用措施,适用对象,解除时限\n"

// A list replaces the one before it; one with wrong rows changes nothing; two
// that replace the same one: one wins.
func TestListsOfDuties(t *testing.T) {
	t.Parallel()
	s := newSanctioned(t)
	load := func(by *client, version int, file string) answer {
		return by.formFile(fmt.Sprintf("/duty-lists?version=%d&source=%s", version, url.QueryEscape("镇信用办〔2026〕3号")), file)
	}
	row := "SCJ,,,CJ-28,联合惩戒,限制登记为企业高级管理人员,,限制登记记录,人次,每案,5个工作日,失信被执行人名单,自然人,3个工作日\n"
	wrong := dutyHead + row + "SCJ,,,CJ-29,联合惩戒, ,,,,每案,5个工作日,失信被执行人名单,,\n" + "XX,,,CJ-1,联合惩戒,x,,,,每月,2026-13-01,,,\n" +
		"MZJ,,,CJ-13,联合惩戒,x,,,,每案,x,不知道,外星人,x\n" + row
	a := load(s.manager, 1, wrong)
	if a.status != http.StatusOK || a.json["imported"] != false || len(a.json.list("problems")) != 5 || a.json.num("changed") != 0 {
		t.Fatalf("a file with errors: %d %s", a.status, a.body)
	}
	if l := s.manager.must(http.StatusOK, get, "/duties?limit=100&active=1", nil).list("duties"); len(l) != 36 {
		t.Errorf("%d duties after a file with errors", len(l))
	}
	good := dutyHead + row + "SCJ,,,JD-01,联合惩戒,报送季度小结,,小结,,每季度,2026-03-31,,,\n" + "SHENJ,审计局,政府部门,CJ-01,联合惩戒,核查,,,,每案,10,失信被执行人名单、限制高消费,,\n"
	if a := s.manager.formFile("/duty-lists?version=1&dry_run=1", good); a.json.num("ended") != 35 || a.json.num("created") != 2 || a.json.num("changed") != 1 || a.json["imported"] != false {
		t.Errorf("a dry run: %s", a.body)
	}
	var wg sync.WaitGroup
	answers := make([]answer, 2)
	for i, file := range []string{good, dutyHead + row} {
		wg.Go(func() { answers[i] = load([]*client{s.manager, s.admin}[i], 1, file) })
	}
	wg.Wait()
	if n := answers[0].status + answers[1].status; n != http.StatusOK+clash {
		t.Errorf("two lists at once: %s %s", answers[0].body, answers[1].body)
	}
	version := 2
	if answers[1].status == http.StatusOK {
		if a := load(s.manager, 2, good); a.status != http.StatusOK {
			t.Fatalf("%s", a.body)
		}
		version = 3
	}
	if a := load(s.manager, version, good); a.json.num("unchanged") != 3 || a.json.num("version") != float64(version) {
		t.Errorf("the same list again: %s", a.body)
	}
	duties := s.manager.must(http.StatusOK, get, "/duties?limit=100&active=1", nil).list("duties")
	if len(duties) != 3 {
		t.Errorf("%d duties", len(duties))
	}
	if l := s.leader.must(http.StatusOK, get, "/duty-lists", nil).list("lists"); len(l) != version || l[0].str("source") != "镇信用办〔2026〕3号" {
		t.Errorf("versions: %v", l)
	}
	s.take("listing")
	for _, task := range tasks(s.market, "") {
		if task.str("code") == "CJ-28" && task.str("due_on") != "2026-03-13" {
			t.Errorf("under the new list: %v", task)
		}
	}
	// Back to the first list: what it ended is owed again.
	first := s.leader.call(get, "/duty-lists/template?list=default", nil)
	if first.status != http.StatusForbidden {
		t.Errorf("a leader gets the file: %d", first.status)
	}
	first = s.admin.call(get, "/duty-lists/template?list=default", nil)
	if a := load(s.admin, version, string(first.body)); a.status != http.StatusOK || a.json["imported"] != true || a.json.num("ended") != 2 {
		t.Errorf("the first list: %d %s", a.status, a.body)
	}
	if l := s.manager.must(http.StatusOK, get, "/duties?limit=100&active=1", nil).list("duties"); len(l) != 36 {
		t.Errorf("%d duties of the first list", len(l))
	}
	if a := s.manager.call(get, "/duty-lists/template", nil); a.status != http.StatusOK || !strings.Contains(string(a.body), "适用措施") {
		t.Errorf("template: %d", a.status)
	}
	for reason, file := range map[string]string{
		"import.columns": "a,b\n", "import.file": "PK\x03\x04 not a sheet", "import.empty": dutyHead,
		"import.too_many": dutyHead + strings.Repeat("SCJ,,,CJ-28,联合惩戒,x,,,,每月,2026-01-31,,,\n", 5001),
	} {
		if a := load(s.manager, version+1, file); a.status != bad || a.json.reason() != reason {
			t.Errorf("%s: %d %.300s", reason, a.status, a.body)
		}
	}
	if a := s.manager.formFile("/duty-lists", ""); a.status != bad || a.json.reason() != "file.missing" {
		t.Errorf("no file: %s", a.body)
	}
	if a := load(s.manager, 1, dutyHead+row); a.status != clash || a.json.reason() != "duty.list_changed" {
		t.Errorf("an old version: %s", a.body)
	}
}

// What is wrong with a duty, a report or a period is said by name.
func TestDutiesRefuse(t *testing.T) {
	t.Parallel()
	s := newSanctioned(t)
	s.take("listing")
	id := tasks(s.market, "")[0].id("agency_id")
	duty := func(k string, v any) obj {
		o := obj{"kind": "sanction", "requirement": "限制登记", "recurrence": "each", "due_days": 5, "lift_days": 3, "measures": []string{"listing"}, "subjects": "person"}
		o[k] = v
		return o
	}
	added := func(o obj) obj {
		o["agency_id"], o["code"] = id, "ZZ-01"
		return o
	}
	seen := func(o obj, v int) obj {
		o["version"] = v
		return o
	}
	d := s.manager.must(http.StatusCreated, post, "/duties", added(duty("unit", "人次")))
	if again := s.manager.must(http.StatusOK, post, "/duties", added(duty("unit", "人次"))); again.id("id") != d.id("id") || d.str("agency") != "区市场监督管理局" {
		t.Errorf("again: %v", again)
	}
	path := fmt.Sprintf("/duties/%d", d.id("id"))
	long := strings.Repeat("长", 501)
	list := []mistake{
		{s.manager, gone, "agency.not_found", post, "/duties", obj{"agency_id": 999999, "code": "A1", "kind": "sanction", "requirement": "x", "recurrence": "once", "due_on": "2026-05-01"}, ""},
		{s.manager, clash, "duty.exists", post, "/duties", added(duty("requirement", "另一事项")), ""},
		{s.manager, bad, "duty.code", post, "/duties", obj{"agency_id": id, "code": "惩戒", "kind": "sanction", "requirement": "x", "recurrence": "once", "due_on": "2026-05-01"}, "code"},
		{s.manager, gone, "duty.not_found", get, "/duties/999999", nil, ""},
		{s.manager, gone, "duty.not_found", put, "/duties/999999", seen(duty("unit", "人次"), 1), ""},
		{s.manager, gone, "duty.not_found", post, "/duties/999999/end", obj{"version": 1}, ""},
		{s.manager, bad, "duty.fixed", put, path, seen(obj{"kind": "sanction", "requirement": "x", "recurrence": "once", "due_on": "2026-05-01"}, 1), "recurrence"},
		{s.manager, clash, "duty.changed", put, path, seen(duty("requirement", "另一写法"), 9), ""},
		{s.manager, clash, "duty.changed", post, path + "/end", obj{"version": 9}, ""},
		{s.manager, bad, "period.range", get, "/duty-progress", nil, ""},
		{s.manager, bad, "filter.unknown", get, "/duty-progress?from=2026-03-01&until=2026-03-31&kind=x", nil, "kind"},
		{s.market, bad, "period.range", get, "/agency/progress?from=2026-03-31&until=2026-03-01", nil, ""},
		{s.market, bad, "filter.unknown", get, "/agency/progress?from=2026-03-01&until=2026-03-31&kind=x", nil, "kind"},
		{s.manager, gone, "duty_task.not_found", get, "/duty-tasks/999999", nil, ""},
		{s.manager, gone, "duty_task.not_found", get, "/duty-tasks?after=999999", nil, ""},
		{s.manager, gone, "report.not_found", post, "/duty-reports/999999/accept", nil, ""},
		{s.manager, gone, "report.not_found", post, "/duty-reports/999999/return", obj{"reason": "x"}, ""},
	}
	for reason, change := range map[string]obj{
		"duty.kind": duty("kind", "x"), "duty.requirement": duty("requirement", " "), "duty.basis": duty("basis", long), "duty.evidence": duty("evidence", long),
		"duty.unit": duty("unit", "十一个字十一个字十一个"), "duty.recurrence": duty("recurrence", "daily"), "duty.days": duty("due_days", 0),
		"duty.subjects": duty("subjects", "x"), "duty.measures": duty("measures", []string{"fine"}),
		"duty.due": {"kind": "sanction", "requirement": "x", "recurrence": "once"},
	} {
		list = append(list, mistake{s.manager, bad, reason, post, "/duties", added(change), ""})
		put2 := obj{}
		for k, v := range change {
			put2[k] = v
		}
		delete(put2, "agency_id")
		delete(put2, "code")
		list = append(list, mistake{s.manager, bad, reason, put, path, seen(put2, 1), ""})
	}
	refusedAll(t, list)
	s.manager.must(http.StatusOK, put, path, seen(duty("due_days", 6), 1))
	s.manager.must(http.StatusOK, post, path+"/end", obj{"version": 2})
	s.manager.must(http.StatusOK, post, path+"/end", obj{"version": 2})
	refusedAll(t, []mistake{{s.manager, clash, "duty.ended", put, path, seen(duty("due_days", 7), 3), ""}})

	own := tasks(s.market, "")
	at := fmt.Sprintf("/agency/tasks/%d/reports", own[0].id("id"))
	with := func(k string, v any) obj {
		o := report()
		o[k] = v
		return o
	}
	broken := s.market.spoiled(0)
	theirs := s.civil.uploaded(0, 1232)
	refusedAll(t, []mistake{
		{s.market, gone, "duty_task.not_found", get, "/agency/tasks?after=999999", nil, ""},
		{s.market, bad, "report.text", post, at, with("text", " "), "text"},
		{s.market, bad, "report.done_on", post, at, with("done_on", "2026-04-01"), "done_on"},
		{s.market, bad, "report.quantity", post, at, with("quantity", -1), "quantity"},
		{s.market, bad, "report.files", post, at, with("file_ids", []int64{101, 102, 103, 104, 105, 106, 107, 108, 109, 110}), "file_ids"},
		{s.market, gone, "file.not_found", post, at, with("file_ids", []int64{theirs}), ""},
		{s.market, bad, "file.damaged", post, at, with("file_ids", []int64{broken}), ""},
	})
	key := freshKey()
	r := s.market.callKey(post, at, report(), key)
	if a := s.market.callKey(post, fmt.Sprintf("/agency/tasks/%d/reports", own[1].id("id")), report(), key); a.status != clash || a.json.reason() != "report.key_reused" {
		t.Errorf("a key for two reports: %d %s", a.status, a.body)
	}
	decided := fmt.Sprintf("/duty-reports/%d/", r.json.id("id"))
	refusedAll(t, []mistake{{s.manager, bad, "reason.required", post, decided + "return", obj{"reason": ""}, "reason"}})
	s.manager.must(http.StatusOK, post, decided+"accept", nil)
	refusedAll(t, []mistake{
		{s.second, clash, "report.decided", post, decided + "accept", nil, ""},
		{s.second, clash, "report.decided", post, decided + "return", obj{"reason": "x"}, ""},
	})
}

// A query at an agency's own door: only the agency that is asked sees it, every
// look is recorded, its answer with findings and files reaches the officer.
func TestQueriesAtAnAgencysDoor(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	store := &failing{Store: w.objects}
	w.objects = store
	w.build()
	w.staff("zhang.min", model.RoleJudge)
	clerk, officer, other := w.staff("wan.tt", model.RoleClerk), w.staff("chen.zx", model.RoleOfficer), w.staff("other.zx", model.RoleOfficer)
	police, bank := w.agency(w.court, "GAJ"), w.agency(w.court, "BANK")
	pd, bd := w.of("GAJ", "gaj.jg"), w.of("BANK", "bank.li")
	f := w.file(clerk)
	e := w.enforcedBy(officer, f)
	path := fmt.Sprintf("/enforcement-cases/%d/asset-queries", e.ID)
	ask := func(agency int64) obj {
		return obj{"party_id": f.debtor, "kind": "vehicle", "purpose": "查明车辆", "agency_id": agency}
	}
	refusedAll(t, []mistake{{officer, bad, "query.agency", post, path, ask(999999), "agency_id"}})
	if l := officer.must(http.StatusOK, get, "/asset-query-agencies", nil).list("agencies"); len(l) != 2 || l[0].str("code") != "GAJ" {
		t.Errorf("who can be asked: %v", l)
	}
	q := officer.must(http.StatusCreated, post, path, ask(police.ID))
	if q.str("agency") != "单位GAJ" || q.id("agency_id") != police.ID {
		t.Errorf("who is asked: %v", q)
	}
	door := fmt.Sprintf("/agency/queries/%d", q.id("id"))
	at := func(q obj, act string) string { return fmt.Sprintf("/asset-queries/%d/%s", q.id("id"), act) }
	pd.refused(gone, "query.not_found", get, door, nil) // not sent yet
	officer.must(http.StatusOK, post, at(q, "send"), obj{"version": 1})
	officer.must(http.StatusOK, post, at(q, "send"), obj{"version": 1})
	if pd.noticesOf("query.addressed") != 1 || bd.noticesOf("query.addressed") != 0 {
		t.Error("who was told")
	}
	list := pd.must(http.StatusOK, get, "/agency/queries?state=sent", nil)
	if l := list.list("queries"); len(l) != 1 || l[0].str("case_no") != e.CaseNo || strings.Contains(fmt.Sprint(l), "甬兴") {
		t.Errorf("the agency's list %v", list)
	}
	if l := bd.must(http.StatusOK, get, "/agency/queries", nil).list("queries"); len(l) != 0 {
		t.Errorf("another agency's list %v", l)
	}
	d := pd.must(http.StatusOK, get, door, nil)
	if d.obj("letter").str("id_number") != "91350100M000100Y43" || !strings.Contains(d.obj("letter").str("text"), "法官chen.zx") || w.audited("query.letter") != 1 {
		t.Errorf("the letter %v, looks %d", d, w.audited("query.letter"))
	}
	answer := func(k string, v any) obj {
		o := obj{"version": 2}
		o[k] = v
		return o
	}
	file, theirs := pd.uploaded(0, 1241), bd.uploaded(0, 1242)
	broken := pd.spoiled(0)
	refusedAll(t, []mistake{
		{bd, gone, "query.not_found", get, door, nil, ""},
		{bd, gone, "query.not_found", post, door + "/answer", answer("version", 2), ""},
		{officer, http.StatusForbidden, "role.forbidden", get, door, nil, ""},
		{pd, gone, "query.not_found", get, "/agency/queries/999999", nil, ""},
		{pd, bad, "query.note", post, door + "/answer", answer("note", strings.Repeat("长", 501)), "note"},
		{pd, bad, "query.finding", post, door + "/answer", answer("findings", []obj{{"what": " "}}), "findings"},
		{pd, bad, "file.unknown", post, door + "/answer", answer("file_ids", []int64{theirs}), "file_ids"},
		{pd, bad, "file.damaged", post, door + "/answer", answer("file_ids", []int64{broken}), ""},
		{pd, bad, "file.too_many", post, door + "/answer", answer("file_ids", []int64{101, 102, 103, 104, 105, 106, 107, 108, 109, 110}), "file_ids"},
		{pd, clash, "query.changed", post, door + "/answer", answer("version", 9), ""},
		{pd, bad, "query.period", get, "/agency/query-counts", nil, ""},
	})
	store.fail(true)
	refusedAll(t, []mistake{{pd, http.StatusServiceUnavailable, "files.unavailable", post, door + "/answer", answer("file_ids", []int64{file}), ""}})
	store.fail(false)
	found := answer("findings", []obj{{"what": "浙B·A1234 小型轿车", "place": "镇海", "note": "已抵押"}})
	found["file_ids"] = []int64{file}
	key := freshKey()
	first, again := pd.callKey(post, door+"/answer", found, key), pd.callKey(post, door+"/answer", found, key)
	if first.status != http.StatusOK || again.status != http.StatusOK || again.json.num("found") != 1 || first.json.str("case_no") != e.CaseNo {
		t.Fatalf("the answer %s, again %s", first.body, again.body)
	}
	refusedAll(t, []mistake{{pd, clash, "query.state", post, door + "/answer", answer("version", 3), ""}})
	if officer.noticesOf("query.answered") != 1 || len(w.openTasks(officer, model.TaskQueryAnswer)) != 0 {
		t.Error("the officer was not told, or the clock runs on")
	}
	if d := officer.must(http.StatusOK, get, fmt.Sprintf("/asset-queries/%d", q.id("id")), nil); len(d.list("findings")) != 1 || len(d.list("files")) != 1 {
		t.Errorf("to the officer %v", d)
	}
	if d := pd.must(http.StatusOK, get, door, nil); d["letter"] != nil || len(d.list("findings")) != 1 || w.audited("query.look") != 2 {
		t.Errorf("afterwards, to the agency: %v, looks %d", d, w.audited("query.look"))
	}
	look := fmt.Sprintf("/files/%d/view", file)
	for who, status := range map[*client]int{pd: http.StatusOK, officer: http.StatusOK, bd: gone, other: gone, clerk: gone} {
		if a := who.call(get, look, nil); a.status != status {
			t.Errorf("the file answers %s with %d", who.name, a.status)
		}
	}
	today := model.DateOf(w.clock.Now()).String()
	if n := pd.must(http.StatusOK, get, "/agency/query-counts?from=2026-01-01&until="+today, nil).list("counts"); n[0].num("sent") != 1 || n[0].num("found") != 1 {
		t.Errorf("件次 %v", n)
	}
	if n := bd.must(http.StatusOK, get, "/agency/query-counts?from=2026-01-01&until="+today, nil).list("counts"); n[0].num("sent") != 0 {
		t.Errorf("another agency's 件次 %v", n)
	}

	// Taken back: the agency is told, and no longer sees whom it was about.
	q = officer.must(http.StatusCreated, post, path, ask(bank.ID))
	officer.must(http.StatusOK, post, at(q, "send"), obj{"version": 1})
	officer.must(http.StatusOK, post, at(q, "cancel"), obj{"version": 2, "reason": "被执行人已履行"})
	if d := bd.must(http.StatusOK, get, fmt.Sprintf("/agency/queries/%d", q.id("id")), nil); d["letter"] != nil || d.str("state") != "cancelled" || bd.noticesOf("query.addressed") != 2 {
		t.Errorf("taken back: %v", d)
	}
}

// A report waits for the object store to come back.
func TestReportsDuringAnOutageOfTheObjectStore(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	store := &failing{Store: w.objects}
	w.objects = store
	w.build()
	manager := w.staff("list.zg", model.RoleListManager)
	a := w.agency(w.court, "SJJ")
	account := w.of("SJJ", "sjj.zhou")
	manager.must(http.StatusCreated, post, "/duties",
		obj{"agency_id": a.ID, "code": "XJ-01", "kind": "sanction", "requirement": "报送小结", "recurrence": "once", "due_on": "2026-12-31"})
	own := tasks(account, "")
	if len(own) != 1 || own[0].str("phase") != "" {
		t.Fatalf("tasks %v", own)
	}
	at := fmt.Sprintf("/agency/tasks/%d/reports", own[0].id("id"))
	in := obj{"text": "已办", "done_on": "2026-03-01", "file_ids": []int64{account.uploaded(0, 1251)}}
	store.fail(true)
	refusedAll(t, []mistake{{account, http.StatusServiceUnavailable, "files.unavailable", post, at, in, ""}})
	store.fail(false)
	account.must(http.StatusCreated, post, at, in)
}
