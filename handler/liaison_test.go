package handler_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"microcourt/handler/handlertest"

	"microcourt/model"
)

// A person in a village helps: the roster, his phone, a request with only what
// he needs, his answer with a photo, closed by the officer. The next village's
// liaison, another's request and a term that is over see nothing.
func TestLiaisonsHelp(t *testing.T) {
	t.Parallel()
	w := handlertest.New(t)
	w.Staff("zhang.min", model.RoleJudge)
	clerk, officer, leader := w.Staff("wan.tt", model.RoleClerk), w.Staff("chen.zx", model.RoleOfficer), w.Staff("yuan.zhang", model.RoleLeader)
	other := w.Staff("other.zx", model.RoleOfficer)
	f := w.File(clerk)
	e := w.EnforcedBy(officer, f)
	east, west, north := clerk.Village("甲镇", "东村"), clerk.Village("甲镇", "西村"), clerk.Village("乙街道", "北社区")
	if clerk.Village("甲镇", "东村") != east {
		t.Error("a village was added twice")
	}
	helper, id := w.Liaison(clerk, "甲联络员", 5, east, west)
	next, _ := w.Liaison(clerk, "乙联络员", 400, north)
	key := handlertest.FreshKey()
	if a, b := clerk.CallKey(handlertest.Post, "/liaisons", w.LiaisonInput("丙", 9, north), key), clerk.CallKey(handlertest.Post, "/liaisons", w.LiaisonInput("丙", 9, north), key); a.Json.ID("id") != b.Json.ID("id") {
		t.Errorf("the repeat made another entry: %s %s", a.Body, b.Body)
	}
	cover := leader.Must(http.StatusOK, handlertest.Get, "/villages/coverage", nil)
	if cover.Num("total") != 3 || cover.Num("without") != 0 || len(cover.List("towns")) != 2 {
		t.Errorf("coverage: %v", cover)
	}

	path := fmt.Sprintf("/enforcement-cases/%d/assistance-requests", e.ID)
	today := model.DateOf(w.Clock.Now())
	ask := handlertest.Obj{"party_id": f.Debtor, "village_id": east, "kind": "find_person", "detail": "常在村口小店，五十岁左右，戴眼镜", "due_on": today.AddDays(3).String()}
	key = handlertest.FreshKey()
	asked := officer.CallKey(handlertest.Post, path, ask, key)
	if again := officer.CallKey(handlertest.Post, path, ask, key); asked.Status != http.StatusCreated || again.Json.ID("id") != asked.Json.ID("id") {
		t.Fatalf("asked %d %s, again %s", asked.Status, asked.Body, again.Body)
	}
	if len(w.OpenTasks(officer, model.TaskAssistanceAnswer)) != 1 {
		t.Error("no clock for the answer")
	}
	mine := fmt.Sprintf("/my/assistance-requests/%d", asked.Json.ID("id"))
	a := helper.Call(handlertest.Get, mine, nil)
	if a.Status != http.StatusOK || a.Json.Str("name") != "甬兴建材有限公司" || a.Json.Str("detail") == "" || strings.Contains(string(a.Body), "9135") || strings.Contains(string(a.Body), "执") && strings.Contains(string(a.Body), e.CaseNo) {
		t.Fatalf("what the liaison sees: %d %s", a.Status, a.Body)
	}
	if n := helper.Must(http.StatusOK, handlertest.Get, "/notices", nil).List("notices"); len(n) != 1 || n[0].Str("kind") != "assistance" || strings.Contains(n[0].Str("body"), "甬兴") {
		t.Errorf("the liaison's inbox: %v", n)
	}
	// He is no party: the case stays closed to him, and before he accepts also to
	// his photos.
	helper.Refused(handlertest.Gone, "case.not_found", handlertest.Get, fmt.Sprintf("/cases/%d", f.ID), nil)
	if u := helper.Upload(f.ID, handlertest.FreshKey(), handlertest.Picture(921)); u.Status != handlertest.Gone {
		t.Errorf("a photo before accepting: %d", u.Status)
	}
	for _, act := range []string{"", "/accept", "/decline", "/answer"} {
		method, body := handlertest.Post, handlertest.Obj{"version": 1}
		switch act {
		case "":
			method, body = handlertest.Get, nil
		case "/decline":
			body["reason"] = "不在本村"
		case "/answer":
			body["text"] = "已找到"
		}
		var in any
		if body != nil {
			in = body
		}
		next.Refused(handlertest.Gone, "assistance.not_found", method, mine+act, in)
	}
	if l := next.Must(http.StatusOK, handlertest.Get, "/my/assistance-requests", nil).List("requests"); len(l) != 0 {
		t.Errorf("the next village's list: %v", l)
	}
	v := helper.Must(http.StatusOK, handlertest.Post, mine+"/accept", handlertest.Obj{"version": 1}).ID("version")
	helper.Must(http.StatusOK, handlertest.Post, mine+"/accept", handlertest.Obj{"version": 1})
	if u := next.Upload(f.ID, handlertest.FreshKey(), handlertest.Picture(922)); u.Status != handlertest.Gone {
		t.Errorf("another's photo: %d", u.Status)
	}
	photo := helper.Uploaded(f.ID, 923)
	helper.Must(http.StatusOK, handlertest.Post, mine+"/answer", handlertest.Obj{"version": v, "text": "人在外地务工，春节返乡", "file_ids": []int64{photo}})
	helper.Must(http.StatusOK, handlertest.Post, mine+"/answer", handlertest.Obj{"version": v, "text": "人在外地务工，春节返乡", "file_ids": []int64{photo}})
	if n := officer.Must(http.StatusOK, handlertest.Get, "/notices", nil).List("notices"); len(n) < 2 || n[0].Str("kind") != "assistance.reply" {
		t.Errorf("the officer's inbox: %v", n)
	}
	if len(w.OpenTasks(officer, model.TaskAssistanceAnswer)) != 0 {
		t.Error("answered, and the clock runs")
	}
	if u := helper.Upload(f.ID, handlertest.FreshKey(), handlertest.Picture(924)); u.Status != handlertest.Gone {
		t.Errorf("a photo after the answer: %d", u.Status)
	}
	court := fmt.Sprintf("/assistance-requests/%d", asked.Json.ID("id"))
	d := officer.Must(http.StatusOK, handlertest.Get, court, nil)
	if d.Str("answer") != "人在外地务工，春节返乡" || len(d.List("files")) != 1 || d.Str("liaison") != "甲联络员" || w.Audited(model.AuditAssistanceLook) != 2 {
		t.Errorf("the answer: %v, looks %d", d, w.Audited(model.AuditAssistanceLook))
	}
	if a := officer.Call(handlertest.Get, fmt.Sprintf("/files/%d/view", photo), nil); a.Status != http.StatusOK {
		t.Errorf("the photo: %d %s", a.Status, a.Body)
	}
	other.Refused(handlertest.Gone, "assistance.not_found", handlertest.Get, court, nil)
	if l := leader.Must(http.StatusOK, handlertest.Get, "/assistance-requests?state=answered", nil).List("requests"); len(l) != 1 || l[0].Str("case_no") != e.CaseNo {
		t.Errorf("the leader's list: %v", l)
	}
	closing := handlertest.Obj{"version": d.ID("version"), "note": "已掌握下落"}
	officer.Must(http.StatusOK, handlertest.Post, court+"/close", closing)
	officer.Must(http.StatusOK, handlertest.Post, court+"/close", closing)

	// His term ends: the role goes with it, the villages show.
	w.Clock.Advance(6 * 24 * time.Hour)
	leader.Renew()
	clerk.Renew()
	officer.Renew()
	helper.Login()
	helper.Refused(http.StatusForbidden, "role.forbidden", handlertest.Get, mine, nil)
	cover = leader.Must(http.StatusOK, handlertest.Get, "/villages/coverage", nil)
	if cover.Num("without") != 2 || cover.List("towns")[1].Num("without")+cover.List("towns")[0].Num("without") != 2 {
		t.Errorf("coverage after the term: %v", cover)
	}
	// Another village makes him a liaison again; the old entry's requests stay
	// out of his sight. A change keeps what was.
	again, _ := w.Liaison(clerk, "丁联络员", 30, north)
	code := clerk.Must(http.StatusCreated, handlertest.Post, "/liaisons", w.LiaisonInput("甲联络员", 30, north)).ID("id")
	helper.Become(clerk, code)
	helper.Refused(handlertest.Gone, "assistance.not_found", handlertest.Get, mine, nil)
	in := w.LiaisonInput("甲联络员", 60, east)
	in["version"], in["reason"] = 2, "续任，西村另行安排"
	entry := clerk.Must(http.StatusOK, handlertest.Post, fmt.Sprintf("/liaisons/%d", id), in)
	if entry.Str("standing") != "在任" || entry.Str("phone") != "137****7000" || len(entry.List("villages")) != 1 {
		t.Errorf("the entry: %v", entry)
	}
	full := clerk.Must(http.StatusOK, handlertest.Get, fmt.Sprintf("/liaisons/%d", id), nil)
	if full.Str("phone") != "13700137000" || len(full.List("history")) != 4 || w.Audited(model.AuditLiaisonLook) != 1 {
		t.Errorf("the entry in full: %v", full)
	}
	helper.Must(http.StatusOK, handlertest.Get, mine, nil) // his term runs again
	// A new phone takes over; the old one is out.
	again.Become(clerk, id)
	again.Must(http.StatusOK, handlertest.Get, mine, nil)
	helper.Refused(handlertest.Gone, "assistance.not_found", handlertest.Get, mine, nil)
	// The entry is given to another person: neither the phone nor the slip of the
	// former one is his.
	slip := clerk.Must(http.StatusCreated, handlertest.Post, fmt.Sprintf("/liaisons/%d/codes", id), nil).Str("code")
	in["name"], in["version"], in["reason"] = "戊联络员", clerk.Must(http.StatusOK, handlertest.Get, fmt.Sprintf("/liaisons/%d", id), nil).Num("version"), "换人"
	clerk.Must(http.StatusOK, handlertest.Post, fmt.Sprintf("/liaisons/%d", id), in)
	again.Refused(handlertest.Gone, "assistance.not_found", handlertest.Get, mine, nil)
	helper.Refused(handlertest.Bad, "liaison_code.voided", handlertest.Post, "/liaison-bindings", handlertest.Obj{"code": slip})
	if l := clerk.Must(http.StatusOK, handlertest.Get, "/liaisons?limit=2", nil); len(l.List("liaisons")) != 2 || l.ID("next") == 0 {
		t.Errorf("the roster: %v", l)
	}
}

func TestLiaisonsRefuse(t *testing.T) {
	t.Parallel()
	w := handlertest.New(t)
	w.Staff("zhang.min", model.RoleJudge)
	clerk, officer, other := w.Staff("wan.tt", model.RoleClerk), w.Staff("chen.zx", model.RoleOfficer), w.Staff("other.zx", model.RoleOfficer)
	elsewhere := w.StaffOf(w.AddCourt("浙0205", "宁波市江北区人民法院", "北法"), "far.clerk", model.RoleClerk)
	f := w.File(clerk)
	e := w.EnforcedBy(officer, f)
	east, bare, unbound := clerk.Village("甲镇", "东村"), clerk.Village("甲镇", "西村"), clerk.Village("甲镇", "南村")
	helper, id := w.Liaison(clerk, "甲联络员", 30, east)
	entry := clerk.Must(http.StatusCreated, handlertest.Post, "/liaisons", w.LiaisonInput("乙联络员", 30, unbound)).ID("id")
	with := func(k string, v any) handlertest.Obj {
		in := w.LiaisonInput("丙", 30, east)
		in[k] = v
		return in
	}
	change := func(k string, v any) handlertest.Obj {
		in := with("reason", "更正")
		in["version"] = 2
		in[k] = v
		return in
	}
	one := fmt.Sprintf("/liaisons/%d", id)
	var list []mistake
	for _, m := range []struct {
		reason, field string
		value         any
	}{{"liaison.name", "name", " "}, {"liaison.phone", "phone", "12345"}, {"liaison.term", "until_on", "2020-01-01"}, {"liaison.villages", "village_ids", []int64{}}, {"village.unknown", "village_ids", []int64{999999}}} {
		list = append(list, mistake{clerk, handlertest.Bad, m.reason, handlertest.Post, "/liaisons", with(m.field, m.value), m.field}, mistake{clerk, handlertest.Bad, m.reason, handlertest.Post, one, change(m.field, m.value), m.field})
	}
	refusedAll(t, append(list, []mistake{
		{clerk, handlertest.Bad, "village.name", handlertest.Post, "/villages", handlertest.Obj{"town": "甲镇", "name": " "}, "name"},
		{elsewhere, handlertest.Gone, "liaison.not_found", handlertest.Get, one, nil, ""},
		{elsewhere, handlertest.Gone, "liaison.not_found", handlertest.Post, one, change("name", "丙"), ""},
		{elsewhere, handlertest.Gone, "liaison.not_found", handlertest.Post, one + "/codes", nil, ""},
		{elsewhere, handlertest.Bad, "village.unknown", handlertest.Post, "/liaisons", with("name", "丙"), "village_ids"},
		{clerk, http.StatusConflict, "liaison.changed", handlertest.Post, one, change("version", 9), ""},
		{clerk, handlertest.Bad, "reason.required", handlertest.Post, one, change("reason", " "), "reason"},
	}...))

	// Codes: used, replaced, too old, wrong until blocked.
	issue := func(id int64) string {
		return clerk.Must(http.StatusCreated, handlertest.Post, fmt.Sprintf("/liaisons/%d/codes", id), nil).Str("code")
	}
	first, second := issue(id), issue(id)
	stranger := w.Phone("")
	bindPath := "/liaison-bindings"
	refusedAll(t, []mistake{{stranger, handlertest.Bad, "liaison_code.voided", handlertest.Post, bindPath, handlertest.Obj{"code": first}, "code"}})
	helper.Must(http.StatusCreated, handlertest.Post, bindPath, handlertest.Obj{"code": second})
	refusedAll(t, []mistake{{stranger, handlertest.Bad, "liaison_code.used", handlertest.Post, bindPath, handlertest.Obj{"code": second}, "code"}})
	for range 10 {
		stranger.Refused(handlertest.Bad, "liaison_code.wrong", handlertest.Post, bindPath, handlertest.Obj{"code": "AAAA-BBBB-CCCC"})
	}
	refusedAll(t, []mistake{{stranger, http.StatusTooManyRequests, "binding.blocked", handlertest.Post, bindPath, handlertest.Obj{"code": second}, ""}})

	path := fmt.Sprintf("/enforcement-cases/%d/assistance-requests", e.ID)
	today := model.DateOf(w.Clock.Now())
	ask := func(k string, v any) handlertest.Obj {
		o := handlertest.Obj{"party_id": f.Debtor, "village_id": east, "kind": "persuade", "detail": "住东村三组", "due_on": today.AddDays(3).String()}
		o[k] = v
		return o
	}
	refusedAll(t, []mistake{
		{officer, handlertest.Gone, "enforcement.not_found", handlertest.Post, "/enforcement-cases/999999/assistance-requests", ask("kind", "deliver"), ""},
		{other, handlertest.Gone, "enforcement.not_found", handlertest.Post, path, ask("kind", "deliver"), ""},
		{officer, handlertest.Bad, "assistance.kind", handlertest.Post, path, ask("kind", "arrest"), "kind"},
		{officer, handlertest.Bad, "assistance.person", handlertest.Post, path, ask("party_id", f.Creditor), "party_id"},
		{officer, handlertest.Bad, "assistance.detail", handlertest.Post, path, ask("detail", " "), "detail"},
		{officer, handlertest.Bad, "assistance.private", handlertest.Post, path, ask("detail", "身份证34052419800101001X"), "detail"},
		{officer, handlertest.Bad, "assistance.private", handlertest.Post, path, ask("detail", "欠款 10 万元"), "detail"},
		{officer, handlertest.Bad, "assistance.due", handlertest.Post, path, ask("due_on", "2020-01-01"), "due_on"},
		{officer, handlertest.Bad, "village.unknown", handlertest.Post, path, ask("village_id", 999999), "village_id"},
		{officer, handlertest.Bad, "liaison.none", handlertest.Post, path, ask("village_id", bare), "village_id"},
		{officer, handlertest.Bad, "liaison.unbound", handlertest.Post, path, ask("village_id", unbound), "village_id"},
	})
	if m := officer.Call(handlertest.Post, path, ask("village_id", bare)).Json.Obj("error").Str("message"); !strings.Contains(m, "甲镇西村") {
		t.Errorf("the village is not named: %s", m)
	}
	a := officer.Must(http.StatusCreated, handlertest.Post, path, ask("kind", "deliver"))
	b := officer.Must(http.StatusCreated, handlertest.Post, path, ask("kind", "find_property"))
	mine := func(a handlertest.Obj, act string) string {
		return fmt.Sprintf("/my/assistance-requests/%d/%s", a.ID("id"), act)
	}
	court := func(a handlertest.Obj) string { return fmt.Sprintf("/assistance-requests/%d/close", a.ID("id")) }
	v := func(n int64, k, s string) handlertest.Obj { return handlertest.Obj{"version": n, k: s} }
	refusedAll(t, []mistake{
		{helper, http.StatusConflict, "assistance.changed", handlertest.Post, mine(a, "accept"), handlertest.Obj{"version": 9}, ""},
		{helper, http.StatusConflict, "assistance.changed", handlertest.Post, mine(a, "decline"), v(9, "reason", "不在本村"), ""},
		{helper, handlertest.Bad, "reason.required", handlertest.Post, mine(a, "decline"), v(1, "reason", " "), "reason"},
		{helper, http.StatusConflict, "assistance.state", handlertest.Post, mine(a, "answer"), v(1, "text", "已送达"), ""},
		{other, handlertest.Gone, "assistance.not_found", handlertest.Post, court(a), v(1, "note", "办结"), ""},
		{officer, http.StatusConflict, "assistance.changed", handlertest.Post, court(a), v(9, "note", "办结"), ""},
		{officer, handlertest.Bad, "assistance.note", handlertest.Post, court(a), v(1, "note", " "), "note"},
	})
	helper.Must(http.StatusOK, handlertest.Post, mine(a, "accept"), handlertest.Obj{"version": 1})
	many := v(2, "text", "已送达")
	many["file_ids"] = []int64{1, 2, 3, 4, 5, 6, 7, 8, 9, 10}
	unknown := v(2, "text", "已送达")
	unknown["file_ids"] = []int64{999999}
	refusedAll(t, []mistake{
		{helper, http.StatusConflict, "assistance.changed", handlertest.Post, mine(a, "answer"), v(9, "text", "已送达"), ""},
		{helper, handlertest.Bad, "assistance.answer", handlertest.Post, mine(a, "answer"), v(2, "text", " "), "text"},
		{helper, handlertest.Bad, "file.too_many", handlertest.Post, mine(a, "answer"), many, "file_ids"},
		{helper, handlertest.Bad, "file.unknown", handlertest.Post, mine(a, "answer"), unknown, "file_ids"},
	})
	helper.Must(http.StatusOK, handlertest.Post, mine(b, "decline"), v(1, "reason", "近期外出"))
	if n := w.OpenTasks(officer, model.TaskAssistanceAnswer); len(n) != 1 {
		t.Errorf("a declined request keeps its clock: %v", n)
	}
	officer.Must(http.StatusOK, handlertest.Post, court(a), v(2, "note", "已自行送达"))
	refusedAll(t, []mistake{
		{helper, http.StatusConflict, "assistance.state", handlertest.Post, mine(a, "accept"), handlertest.Obj{"version": 3}, ""},
		{helper, http.StatusConflict, "assistance.state", handlertest.Post, mine(b, "decline"), v(2, "reason", "近期外出"), ""},
		{officer, http.StatusConflict, "assistance.state", handlertest.Post, court(a), v(9, "note", "办结"), ""},
	})
	w.CloseEnforcement(officer, e)
	refusedAll(t, []mistake{{officer, http.StatusConflict, "enforcement.closed", handlertest.Post, path, ask("kind", "deliver"), ""}})

	old := issue(entry)
	w.Clock.Advance(32 * 24 * time.Hour)
	clerk.Renew()
	late := w.Phone("")
	refusedAll(t, []mistake{
		{late, handlertest.Bad, "liaison_code.expired", handlertest.Post, bindPath, handlertest.Obj{"code": old}, "code"},
		{clerk, http.StatusConflict, "liaison.over", handlertest.Post, fmt.Sprintf("/liaisons/%d/codes", entry), nil, ""},
	})
}
