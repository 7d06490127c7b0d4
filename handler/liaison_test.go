package handler_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"microcourt/model"
)

// village adds a village and gives its id.
func (c *client) village(town, name string) int64 {
	c.w.t.Helper()
	return c.must(http.StatusCreated, post, "/villages", obj{"town": town, "name": name}).id("id")
}

func (w *world) liaisonInput(name string, days int, villages ...int64) obj {
	today := model.DateOf(w.clock.Now())
	return obj{"name": name, "phone": "13700137000", "from_on": today.AddDays(-1).String(), "until_on": today.AddDays(days).String(), "village_ids": villages}
}

// liaison puts somebody on the roster and binds his phone.
func (w *world) liaison(clerk *client, name string, days int, villages ...int64) (phone *client, id int64) {
	w.t.Helper()
	id = clerk.must(http.StatusCreated, post, "/liaisons", w.liaisonInput(name, days, villages...)).id("id")
	phone = w.phone("")
	phone.become(clerk, id)
	return phone, id
}

func (c *client) become(clerk *client, id int64) {
	c.w.t.Helper()
	code := clerk.must(http.StatusCreated, post, fmt.Sprintf("/liaisons/%d/codes", id), nil).str("code")
	c.must(http.StatusCreated, post, "/liaison-bindings", obj{"code": code})
	c.must(http.StatusCreated, post, "/liaison-bindings", obj{"code": code}) // the answer got lost
}

// A person in a village helps: the roster, his phone, a request with only what
// he needs, his answer with a photo, closed by the officer. The next village's
// liaison, another's request and a term that is over see nothing.
func TestLiaisonsHelp(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.staff("zhang.min", model.RoleJudge)
	clerk, officer, leader := w.staff("wan.tt", model.RoleClerk), w.staff("chen.zx", model.RoleOfficer), w.staff("yuan.zhang", model.RoleLeader)
	other := w.staff("other.zx", model.RoleOfficer)
	f := w.file(clerk)
	e := w.enforcedBy(officer, f)
	east, west, north := clerk.village("甲镇", "东村"), clerk.village("甲镇", "西村"), clerk.village("乙街道", "北社区")
	if clerk.village("甲镇", "东村") != east {
		t.Error("a village was added twice")
	}
	helper, id := w.liaison(clerk, "甲联络员", 5, east, west)
	next, _ := w.liaison(clerk, "乙联络员", 400, north)
	key := freshKey()
	if a, b := clerk.callKey(post, "/liaisons", w.liaisonInput("丙", 9, north), key), clerk.callKey(post, "/liaisons", w.liaisonInput("丙", 9, north), key); a.json.id("id") != b.json.id("id") {
		t.Errorf("the repeat made another entry: %s %s", a.body, b.body)
	}
	cover := leader.must(http.StatusOK, get, "/villages/coverage", nil)
	if cover.num("total") != 3 || cover.num("without") != 0 || len(cover.list("towns")) != 2 {
		t.Errorf("coverage: %v", cover)
	}

	path := fmt.Sprintf("/enforcement-cases/%d/assistance-requests", e.ID)
	today := model.DateOf(w.clock.Now())
	ask := obj{"party_id": f.debtor, "village_id": east, "kind": "find_person", "detail": "常在村口小店，五十岁左右，戴眼镜", "due_on": today.AddDays(3).String()}
	key = freshKey()
	asked := officer.callKey(post, path, ask, key)
	if again := officer.callKey(post, path, ask, key); asked.status != http.StatusCreated || again.json.id("id") != asked.json.id("id") {
		t.Fatalf("asked %d %s, again %s", asked.status, asked.body, again.body)
	}
	if len(w.openTasks(officer, model.TaskAssistanceAnswer)) != 1 {
		t.Error("no clock for the answer")
	}
	mine := fmt.Sprintf("/my/assistance-requests/%d", asked.json.id("id"))
	a := helper.call(get, mine, nil)
	if a.status != http.StatusOK || a.json.str("name") != "甬兴建材有限公司" || a.json.str("detail") == "" || strings.Contains(string(a.body), "9135") || strings.Contains(string(a.body), "执") && strings.Contains(string(a.body), e.CaseNo) {
		t.Fatalf("what the liaison sees: %d %s", a.status, a.body)
	}
	if n := helper.must(http.StatusOK, get, "/notices", nil).list("notices"); len(n) != 1 || n[0].str("kind") != "assistance" || strings.Contains(n[0].str("body"), "甬兴") {
		t.Errorf("the liaison's inbox: %v", n)
	}
	// He is no party: the case stays closed to him, and before he accepts also to
	// his photos.
	helper.refused(gone, "case.not_found", get, fmt.Sprintf("/cases/%d", f.id), nil)
	if u := helper.upload(f.id, freshKey(), picture(921)); u.status != gone {
		t.Errorf("a photo before accepting: %d", u.status)
	}
	for _, act := range []string{"", "/accept", "/decline", "/answer"} {
		method, body := post, obj{"version": 1}
		switch act {
		case "":
			method, body = get, nil
		case "/decline":
			body["reason"] = "不在本村"
		case "/answer":
			body["text"] = "已找到"
		}
		var in any
		if body != nil {
			in = body
		}
		next.refused(gone, "assistance.not_found", method, mine+act, in)
	}
	if l := next.must(http.StatusOK, get, "/my/assistance-requests", nil).list("requests"); len(l) != 0 {
		t.Errorf("the next village's list: %v", l)
	}
	v := helper.must(http.StatusOK, post, mine+"/accept", obj{"version": 1}).id("version")
	helper.must(http.StatusOK, post, mine+"/accept", obj{"version": 1})
	if u := next.upload(f.id, freshKey(), picture(922)); u.status != gone {
		t.Errorf("another's photo: %d", u.status)
	}
	photo := helper.uploaded(f.id, 923)
	helper.must(http.StatusOK, post, mine+"/answer", obj{"version": v, "text": "人在外地务工，春节返乡", "file_ids": []int64{photo}})
	helper.must(http.StatusOK, post, mine+"/answer", obj{"version": v, "text": "人在外地务工，春节返乡", "file_ids": []int64{photo}})
	if n := officer.must(http.StatusOK, get, "/notices", nil).list("notices"); len(n) < 2 || n[0].str("kind") != "assistance.reply" {
		t.Errorf("the officer's inbox: %v", n)
	}
	if len(w.openTasks(officer, model.TaskAssistanceAnswer)) != 0 {
		t.Error("answered, and the clock runs")
	}
	if u := helper.upload(f.id, freshKey(), picture(924)); u.status != gone {
		t.Errorf("a photo after the answer: %d", u.status)
	}
	court := fmt.Sprintf("/assistance-requests/%d", asked.json.id("id"))
	d := officer.must(http.StatusOK, get, court, nil)
	if d.str("answer") != "人在外地务工，春节返乡" || len(d.list("files")) != 1 || d.str("liaison") != "甲联络员" || w.audited("assistance.look") != 2 {
		t.Errorf("the answer: %v, looks %d", d, w.audited("assistance.look"))
	}
	if a := officer.call(get, fmt.Sprintf("/files/%d/view", photo), nil); a.status != http.StatusOK {
		t.Errorf("the photo: %d %s", a.status, a.body)
	}
	other.refused(gone, "assistance.not_found", get, court, nil)
	if l := leader.must(http.StatusOK, get, "/assistance-requests?state=answered", nil).list("requests"); len(l) != 1 || l[0].str("case_no") != e.CaseNo {
		t.Errorf("the leader's list: %v", l)
	}
	closing := obj{"version": d.id("version"), "note": "已掌握下落"}
	officer.must(http.StatusOK, post, court+"/close", closing)
	officer.must(http.StatusOK, post, court+"/close", closing)

	// His term ends: the role goes with it, the villages show.
	w.clock.Advance(6 * 24 * time.Hour)
	leader.renew()
	clerk.renew()
	officer.renew()
	helper.login()
	helper.refused(http.StatusForbidden, "role.forbidden", get, mine, nil)
	cover = leader.must(http.StatusOK, get, "/villages/coverage", nil)
	if cover.num("without") != 2 || cover.list("towns")[1].num("without")+cover.list("towns")[0].num("without") != 2 {
		t.Errorf("coverage after the term: %v", cover)
	}
	// Another village makes him a liaison again; the old entry's requests stay
	// out of his sight. A change keeps what was.
	again, _ := w.liaison(clerk, "丁联络员", 30, north)
	code := clerk.must(http.StatusCreated, post, "/liaisons", w.liaisonInput("甲联络员", 30, north)).id("id")
	helper.become(clerk, code)
	helper.refused(gone, "assistance.not_found", get, mine, nil)
	in := w.liaisonInput("甲联络员", 60, east)
	in["version"], in["reason"] = 2, "续任，西村另行安排"
	entry := clerk.must(http.StatusOK, post, fmt.Sprintf("/liaisons/%d", id), in)
	if entry.str("standing") != "在任" || entry.str("phone") != "137****7000" || len(entry.list("villages")) != 1 {
		t.Errorf("the entry: %v", entry)
	}
	full := clerk.must(http.StatusOK, get, fmt.Sprintf("/liaisons/%d", id), nil)
	if full.str("phone") != "13700137000" || len(full.list("history")) != 4 || w.audited("liaison.look") != 1 {
		t.Errorf("the entry in full: %v", full)
	}
	helper.must(http.StatusOK, get, mine, nil) // his term runs again
	// A new phone takes over; the old one is out.
	again.become(clerk, id)
	again.must(http.StatusOK, get, mine, nil)
	helper.refused(gone, "assistance.not_found", get, mine, nil)
	// The entry is given to another person: neither the phone nor the slip of the
	// former one is his.
	slip := clerk.must(http.StatusCreated, post, fmt.Sprintf("/liaisons/%d/codes", id), nil).str("code")
	in["name"], in["version"], in["reason"] = "戊联络员", clerk.must(http.StatusOK, get, fmt.Sprintf("/liaisons/%d", id), nil).num("version"), "换人"
	clerk.must(http.StatusOK, post, fmt.Sprintf("/liaisons/%d", id), in)
	again.refused(gone, "assistance.not_found", get, mine, nil)
	helper.refused(bad, "liaison_code.voided", post, "/liaison-bindings", obj{"code": slip})
	if l := clerk.must(http.StatusOK, get, "/liaisons?limit=2", nil); len(l.list("liaisons")) != 2 || l.id("next") == 0 {
		t.Errorf("the roster: %v", l)
	}
}

func TestLiaisonsRefuse(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.staff("zhang.min", model.RoleJudge)
	clerk, officer, other := w.staff("wan.tt", model.RoleClerk), w.staff("chen.zx", model.RoleOfficer), w.staff("other.zx", model.RoleOfficer)
	elsewhere := w.staffOf(w.addCourt("浙0205", "宁波市江北区人民法院", "北法"), "far.clerk", model.RoleClerk)
	f := w.file(clerk)
	e := w.enforcedBy(officer, f)
	east, bare, unbound := clerk.village("甲镇", "东村"), clerk.village("甲镇", "西村"), clerk.village("甲镇", "南村")
	helper, id := w.liaison(clerk, "甲联络员", 30, east)
	entry := clerk.must(http.StatusCreated, post, "/liaisons", w.liaisonInput("乙联络员", 30, unbound)).id("id")
	with := func(k string, v any) obj {
		in := w.liaisonInput("丙", 30, east)
		in[k] = v
		return in
	}
	change := func(k string, v any) obj {
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
		list = append(list, mistake{clerk, bad, m.reason, post, "/liaisons", with(m.field, m.value), m.field}, mistake{clerk, bad, m.reason, post, one, change(m.field, m.value), m.field})
	}
	refusedAll(t, append(list, []mistake{
		{clerk, bad, "village.name", post, "/villages", obj{"town": "甲镇", "name": " "}, "name"},
		{elsewhere, gone, "liaison.not_found", get, one, nil, ""},
		{elsewhere, gone, "liaison.not_found", post, one, change("name", "丙"), ""},
		{elsewhere, gone, "liaison.not_found", post, one + "/codes", nil, ""},
		{elsewhere, bad, "village.unknown", post, "/liaisons", with("name", "丙"), "village_ids"},
		{clerk, http.StatusConflict, "liaison.changed", post, one, change("version", 9), ""},
		{clerk, bad, "reason.required", post, one, change("reason", " "), "reason"},
	}...))

	// Codes: used, replaced, too old, wrong until blocked.
	issue := func(id int64) string {
		return clerk.must(http.StatusCreated, post, fmt.Sprintf("/liaisons/%d/codes", id), nil).str("code")
	}
	first, second := issue(id), issue(id)
	stranger := w.phone("")
	bindPath := "/liaison-bindings"
	refusedAll(t, []mistake{{stranger, bad, "liaison_code.voided", post, bindPath, obj{"code": first}, "code"}})
	helper.must(http.StatusCreated, post, bindPath, obj{"code": second})
	refusedAll(t, []mistake{{stranger, bad, "liaison_code.used", post, bindPath, obj{"code": second}, "code"}})
	for range 10 {
		stranger.refused(bad, "liaison_code.wrong", post, bindPath, obj{"code": "AAAA-BBBB-CCCC"})
	}
	refusedAll(t, []mistake{{stranger, http.StatusTooManyRequests, "binding.blocked", post, bindPath, obj{"code": second}, ""}})

	path := fmt.Sprintf("/enforcement-cases/%d/assistance-requests", e.ID)
	today := model.DateOf(w.clock.Now())
	ask := func(k string, v any) obj {
		o := obj{"party_id": f.debtor, "village_id": east, "kind": "persuade", "detail": "住东村三组", "due_on": today.AddDays(3).String()}
		o[k] = v
		return o
	}
	refusedAll(t, []mistake{
		{officer, gone, "enforcement.not_found", post, "/enforcement-cases/999999/assistance-requests", ask("kind", "deliver"), ""},
		{other, gone, "enforcement.not_found", post, path, ask("kind", "deliver"), ""},
		{officer, bad, "assistance.kind", post, path, ask("kind", "arrest"), "kind"},
		{officer, bad, "assistance.person", post, path, ask("party_id", f.creditor), "party_id"},
		{officer, bad, "assistance.detail", post, path, ask("detail", " "), "detail"},
		{officer, bad, "assistance.private", post, path, ask("detail", "身份证34052419800101001X"), "detail"},
		{officer, bad, "assistance.private", post, path, ask("detail", "欠款 10 万元"), "detail"},
		{officer, bad, "assistance.due", post, path, ask("due_on", "2020-01-01"), "due_on"},
		{officer, bad, "village.unknown", post, path, ask("village_id", 999999), "village_id"},
		{officer, bad, "liaison.none", post, path, ask("village_id", bare), "village_id"},
		{officer, bad, "liaison.unbound", post, path, ask("village_id", unbound), "village_id"},
	})
	if m := officer.call(post, path, ask("village_id", bare)).json.obj("error").str("message"); !strings.Contains(m, "甲镇西村") {
		t.Errorf("the village is not named: %s", m)
	}
	a := officer.must(http.StatusCreated, post, path, ask("kind", "deliver"))
	b := officer.must(http.StatusCreated, post, path, ask("kind", "find_property"))
	mine := func(a obj, act string) string { return fmt.Sprintf("/my/assistance-requests/%d/%s", a.id("id"), act) }
	court := func(a obj) string { return fmt.Sprintf("/assistance-requests/%d/close", a.id("id")) }
	v := func(n int64, k, s string) obj { return obj{"version": n, k: s} }
	refusedAll(t, []mistake{
		{helper, http.StatusConflict, "assistance.changed", post, mine(a, "accept"), obj{"version": 9}, ""},
		{helper, http.StatusConflict, "assistance.changed", post, mine(a, "decline"), v(9, "reason", "不在本村"), ""},
		{helper, bad, "reason.required", post, mine(a, "decline"), v(1, "reason", " "), "reason"},
		{helper, http.StatusConflict, "assistance.state", post, mine(a, "answer"), v(1, "text", "已送达"), ""},
		{other, gone, "assistance.not_found", post, court(a), v(1, "note", "办结"), ""},
		{officer, http.StatusConflict, "assistance.changed", post, court(a), v(9, "note", "办结"), ""},
		{officer, bad, "assistance.note", post, court(a), v(1, "note", " "), "note"},
	})
	helper.must(http.StatusOK, post, mine(a, "accept"), obj{"version": 1})
	many := v(2, "text", "已送达")
	many["file_ids"] = []int64{1, 2, 3, 4, 5, 6, 7, 8, 9, 10}
	unknown := v(2, "text", "已送达")
	unknown["file_ids"] = []int64{999999}
	refusedAll(t, []mistake{
		{helper, http.StatusConflict, "assistance.changed", post, mine(a, "answer"), v(9, "text", "已送达"), ""},
		{helper, bad, "assistance.answer", post, mine(a, "answer"), v(2, "text", " "), "text"},
		{helper, bad, "file.too_many", post, mine(a, "answer"), many, "file_ids"},
		{helper, bad, "file.unknown", post, mine(a, "answer"), unknown, "file_ids"},
	})
	helper.must(http.StatusOK, post, mine(b, "decline"), v(1, "reason", "近期外出"))
	if n := w.openTasks(officer, model.TaskAssistanceAnswer); len(n) != 1 {
		t.Errorf("a declined request keeps its clock: %v", n)
	}
	officer.must(http.StatusOK, post, court(a), v(2, "note", "已自行送达"))
	refusedAll(t, []mistake{
		{helper, http.StatusConflict, "assistance.state", post, mine(a, "accept"), obj{"version": 3}, ""},
		{helper, http.StatusConflict, "assistance.state", post, mine(b, "decline"), v(2, "reason", "近期外出"), ""},
		{officer, http.StatusConflict, "assistance.state", post, court(a), v(9, "note", "办结"), ""},
	})
	w.closeEnforcement(officer, e)
	refusedAll(t, []mistake{{officer, http.StatusConflict, "enforcement.closed", post, path, ask("kind", "deliver"), ""}})

	old := issue(entry)
	w.clock.Advance(32 * 24 * time.Hour)
	clerk.renew()
	late := w.phone("")
	refusedAll(t, []mistake{
		{late, bad, "liaison_code.expired", post, bindPath, obj{"code": old}, "code"},
		{clerk, http.StatusConflict, "liaison.over", post, fmt.Sprintf("/liaisons/%d/codes", entry), nil, ""},
	})
}
