package handler_test

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"testing"

	"microcourt/handler/handlertest"

	"microcourt/model"
)

// A court begins without any duties. When it takes the suggested list over,
// measures that are in force get their tasks if that is asked for: once each,
// with time limits from that day, however often and however many workers run.
func TestTasksForMeasuresInForce(t *testing.T) {
	t.Parallel()
	s := &sanctioned{coerced: newCoerced(t)}
	s.manager, s.second, s.admin = s.Staff("list.zg", model.RoleListManager), s.Staff("list.er", model.RoleListManager), s.Staff("shen.ji", model.RoleAdmin)
	count := func(query string, want int) []handlertest.Obj {
		t.Helper()
		list := s.manager.Must(http.StatusOK, handlertest.Get, "/duty-tasks?limit=100"+query, nil).List("tasks")
		if len(list) != want {
			t.Errorf("%d tasks of %q, want %d", len(list), query, want)
		}
		return list
	}
	m := s.take("listing") // and with it the restriction
	s.duties()
	if l := s.manager.Must(http.StatusOK, handlertest.Get, "/duties", nil).List("duties"); len(l) != 0 {
		t.Fatalf("%d duties that nobody asked for", len(l))
	}
	s.pass(at(3, 16, 10))
	for _, c := range []*handlertest.Client{s.manager, s.second, s.admin, s.leader, s.officer} {
		c.Renew()
	}
	if a := s.leader.Must(http.StatusOK, handlertest.Post, "/duty-lists/suggested", handlertest.Obj{"dry_run": true}); a.Num("created") != 36 || a["imported"] != false {
		t.Errorf("a preview: %v", a)
	}
	s.second.Must(http.StatusOK, handlertest.Post, "/duty-lists/suggested", handlertest.Obj{"dry_run": true})
	for range 2 { // the answer got lost
		if a := s.leader.Must(http.StatusOK, handlertest.Post, "/duty-lists/suggested", handlertest.Obj{"backfill": true}); a.Num("version") != 1 {
			t.Errorf("the list: %v", a)
		}
	}
	s.market, s.civil = s.Of("SCJ", "scjg.zhou"), s.Of("MZJ", "mzj.wu")
	count("", 0)
	var wg sync.WaitGroup
	for range 3 {
		wg.Go(func() {
			if err := s.Svc.Agency.Pass(context.Background()); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	if list := count("", 33); list[0].Str("due_on") != "2026-03-30" {
		t.Errorf("the time limit does not run from the loading: %v", list[0])
	}
	if s.market.NoticesOf("duty.opened") != 1 {
		t.Errorf("told %d times", s.market.NoticesOf("duty.opened"))
	}
	b := s.leader.Must(http.StatusOK, handlertest.Get, "/duty-backfills", nil).List("backfills")
	if len(b) != 1 || b[0].Num("opened") != 33 || b[0].Num("measures") != 2 || b[0].Str("done_at") == "" {
		t.Errorf("what was done: %v", b)
	}
	market := tasks(s.market, "")[0].ID("agency_id")
	duty := func(code string, backfill bool) handlertest.Obj {
		return handlertest.Obj{
			"agency_id": market, "code": code, "kind": "sanction", "requirement": "在企业信用公示系统中公示", "recurrence": "each", "due_days": 5, "lift_days": 3,
			"measures": []string{"listing"}, "backfill": backfill,
		}
	}
	s.manager.Must(http.StatusCreated, handlertest.Post, "/duties", duty("CJ-37", false))
	more := s.manager.Must(http.StatusCreated, handlertest.Post, "/duties", duty("CJ-38", true))
	s.duties()
	s.duties()
	if l := count(fmt.Sprintf("&duty_id=%d", more.ID("id")), 1); l[0].Str("due_on") != "2026-03-23" {
		t.Errorf("the new duty's task %v", l)
	}
	count("", 34)
	// A later list: every duty for every measure, none twice.
	row := "SCJ,,,CJ-28,联合惩戒,限制登记,,,人次,每案,5个工作日,失信被执行人名单,自然人,3个工作日\nSCJ,,,CJ-39,联合惩戒,重点监管,,,,每案,5个工作日,失信被执行人名单、限制高消费,,\n"
	if a := s.manager.FormFile("/duty-lists?version=1&backfill=1&source=x", dutyHead+row); a.Json["imported"] != true {
		t.Fatalf("a second list: %s", a.Body)
	}
	s.duties()
	count("", 3)
	// Off the list: what was opened afterwards is lifted like everything else.
	m = s.measure(m)
	s.officer.Does(handlertest.LiftMeasure, m.ID("id"), handlertest.Obj{"ground": "creditor", "reason": "申请执行人书面申请", "proof": "名单库回执", "version": m.Num("version")})
	if l := count("&phase=lift&state=open", 1); len(l) > 0 && l[0].Str("due_on") != "2026-03-19" {
		t.Errorf("to lift: %v", l[0])
	}
	refusedAll(t, []mistake{
		{s.admin, clash, "duty.list_exists", handlertest.Post, "/duty-lists/suggested", handlertest.Obj{}, ""},
		{s.officer, http.StatusForbidden, "role.forbidden", handlertest.Post, "/duty-lists/suggested", handlertest.Obj{}, ""},
		{s.market, http.StatusForbidden, "role.forbidden", handlertest.Get, "/duty-backfills", nil, ""},
	})
}

// An agency is asked only what it answers.
func TestQueriesThatAnAgencyAnswers(t *testing.T) {
	t.Parallel()
	s := newSanctioned(t)
	market := s.market.Must(http.StatusOK, handlertest.Get, "/agency", nil)
	path := fmt.Sprintf("/agencies/%d", market.ID("id"))
	change := func(version int, kinds ...string) handlertest.Obj {
		return handlertest.Obj{"version": version, "name": "区市场监督管理局", "kind": "government", "query_kinds": kinds}
	}
	ask := func(kind string) handlertest.Obj {
		return handlertest.Obj{"party_id": s.f.Debtor, "kind": kind, "purpose": "查明财产", "agency_id": market.ID("id")}
	}
	queries := fmt.Sprintf("/enforcement-cases/%d/asset-queries", s.id)
	refusedAll(t, []mistake{
		{s.manager, handlertest.Bad, "agency.query_kinds", handlertest.Put, path, change(1, "tea"), "query_kinds"},
		{s.manager, handlertest.Bad, "agency.query_kinds", handlertest.Post, "/agencies", handlertest.Obj{"code": "QQ", "name": "x", "kind": "other", "query_kinds": []string{"tea"}}, "query_kinds"},
		{s.officer, handlertest.Bad, "query.agency_kind", handlertest.Post, queries, ask("vehicle"), "agency_id"},
	})
	if a := s.manager.Must(http.StatusOK, handlertest.Put, path, change(1, "bank", "vehicle", "bank")); len(a["query_kinds"].([]any)) != 2 {
		t.Errorf("what it answers: %v", a)
	}
	for kind, n := range map[string]int{"": 1, "vehicle": 1, "population": 0} {
		if l := s.officer.Must(http.StatusOK, handlertest.Get, "/asset-query-agencies?kind="+kind, nil).List("agencies"); len(l) != n {
			t.Errorf("who answers %q: %v", kind, l)
		}
	}
	q := s.officer.Must(http.StatusCreated, handlertest.Post, queries, ask("vehicle"))
	s.manager.Must(http.StatusOK, handlertest.Put, path, change(2, "bank"))
	refusedAll(t, []mistake{{s.officer, handlertest.Bad, "query.agency_kind", handlertest.Post, fmt.Sprintf("/asset-queries/%d/send", q.ID("id")), handlertest.Obj{"version": 1}, "agency_id"}})
	if d := s.manager.Must(http.StatusOK, handlertest.Get, path, nil).List("changes"); d[0].Str("before") != "车辆、银行存款" || d[0].Str("after") != "银行存款" {
		t.Errorf("its history: %v", d[0])
	}
}

// The desk: the suggested list is looked at and taken over, a duty is added.
func TestDeskOfTheSuggestedList(t *testing.T) {
	t.Parallel()
	c := newCoerced(t)
	c.take("listing")
	manager := c.Staff("list.zg", model.RoleListManager)
	ld, md, od := c.Visitor(c.leader), c.Visitor(manager), c.Visitor(c.officer)
	_, body := ld.Send(handlertest.Get, "/duties", nil, nil)
	if !strings.Contains(body, "载入建议清单") || strings.Contains(body, "/desk/duties/new") {
		t.Errorf("a leader's page: %.2000s", body)
	}
	if _, body := ld.Send(handlertest.Get, "/duties/suggested", nil, nil); !strings.Contains(body, "将新增 22 个责任单位、36 项责任事项") || !strings.Contains(body, "二（三）5 招录") {
		t.Errorf("the preview: %.2000s", body)
	}
	if res, _ := od.Send(handlertest.Get, "/duties/suggested", nil, nil); res.StatusCode != http.StatusForbidden {
		t.Errorf("an officer sees it: %d", res.StatusCode)
	}
	if res, _ := ld.Send(handlertest.Post, "/duties/suggested", url.Values{"backfill": {"1"}}, nil); res.StatusCode != http.StatusSeeOther {
		t.Errorf("taking it over: %d", res.StatusCode)
	}
	if err := c.Svc.Agency.Pass(context.Background()); err != nil {
		t.Fatal(err)
	}
	if _, body := ld.Send(handlertest.Get, "/duties", nil, nil); !strings.Contains(body, "33 项") || strings.Contains(body, "进行中") {
		t.Errorf("the versions: %.3000s", body)
	}
	if _, body := md.Send(handlertest.Get, "/duties/suggested", nil, nil); !strings.Contains(body, "本院已有事项清单") {
		t.Errorf("again: %.2000s", body)
	}
	market, err := c.DB.AgencyByCode(context.Background(), c.Court.ID, "SCJ")
	if err != nil {
		t.Fatal(err)
	}
	form := url.Values{
		"agency_id": {fmt.Sprint(market.ID)}, "code": {"CJ-37"}, "duty_kind": {"sanction"}, "requirement": {"公示"}, "recurrence": {"each"}, "due_days": {"5"}, "lift_days": {"3"}, "backfill": {"1"},
	}
	if res, body := md.Send(handlertest.Post, "/duties/new", form, nil); res.StatusCode != handlertest.Bad || !strings.Contains(body, "请选择适用的措施") || !strings.Contains(body, "公示</textarea>") {
		t.Errorf("without a measure: %d %.2000s", res.StatusCode, body)
	}
	form["measure"] = []string{"listing"}
	res, _ := md.Send(handlertest.Post, "/duties/new", form, nil)
	if res.StatusCode != http.StatusSeeOther {
		t.Fatalf("a new duty: %d", res.StatusCode)
	}
	at, _, _ := strings.Cut(strings.TrimPrefix(res.Header.Get("Location"), "/desk"), "?")
	if _, body := md.Send(handlertest.Get, at, nil, nil); !strings.Contains(body, "采取措施后 5 个工作日内") {
		t.Errorf("the new duty: %.2000s", body)
	}
	once := url.Values{"agency_id": form["agency_id"], "code": {"XJ-01"}, "duty_kind": {"incentive"}, "requirement": {"降低抽查频次"}, "recurrence": {"once"}, "due_on": {"2026-12-31"}}
	if res, _ := md.Send(handlertest.Post, "/duties/new", once, nil); res.StatusCode != http.StatusSeeOther {
		t.Errorf("a duty owed once: %d", res.StatusCode)
	}
}
