package handler_test

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"microcourt/handler/handlertest"

	"microcourt/model"
)

// spends is an application that the law allows, with some things changed.
func spends(change ...any) handlertest.Obj {
	o := handlertest.Obj{
		"ground": "necessary", "spender": "赵明", "purpose": "乘坐高铁往返上海复诊", "reason": "术后每周复诊，无普通列车可当日往返", "amount_fen": 30000,
		"from_on": "2026-03-08", "until_on": "2026-03-20",
	}
	for i := 0; i < len(change); i += 2 {
		o[change[i].(string)] = change[i+1]
	}
	return o
}

// 限高规定 3 (2) and 8: whoever is restricted asks for one spending on his phone and
// gets a numbered paper; what the court's president approves is the leader's, on the
// desk.
func TestSpendingUnderARestriction(t *testing.T) {
	t.Parallel()
	c := newCoerced(t)
	listing := c.take("listing")
	m := c.officer.Measures(c.id)[0]
	if m.Str("kind") != "consumption" {
		t.Fatal(m)
	}
	ask := on(m, "spending-permits")
	stranger := c.Staff("lu.fg", model.RoleOfficer)
	refusedAll(t, []mistake{
		{c.debtor, handlertest.Gone, "measure.not_found", handlertest.Post, "/measures/999999/spending-permits", spends(), ""},
		{c.debtor, clash, "spending.not_restricted", handlertest.Post, on(listing, "spending-permits"), spends(), ""},
		{c.debtor, handlertest.Bad, "spending.ground", handlertest.Post, ask, spends("ground", "fun"), "spending_ground"},
		{c.debtor, handlertest.Bad, "spending.text", handlertest.Post, ask, spends("spender", " "), "spender"},
		{c.debtor, handlertest.Bad, "spending.amount", handlertest.Post, ask, spends("amount_fen", 0), "amount_fen"},
		{c.debtor, handlertest.Bad, "reason.required", handlertest.Post, ask, spends("reason", " "), "reason"},
		{c.debtor, handlertest.Bad, "spending.term", handlertest.Post, ask, spends("from_on", "2026-03-05"), "from_on"},
		{c.debtor, handlertest.Bad, "file.unknown", handlertest.Post, ask, spends("file_ids", []int64{999999}), "file_ids"},
		{c.debtor, handlertest.Bad, "file.too_many", handlertest.Post, ask, spends("file_ids", []int64{1, 2, 3, 4, 5, 6, 7, 8, 9, 10}), "file_ids"},
		{c.debtor, handlertest.Bad, "spending.pledge", handlertest.Post, ask, spends("ground", "urgent"), "pledge"},
		{c.Phone(""), handlertest.Gone, "case.not_found", handlertest.Get, fmt.Sprintf("/cases/%d/spending-permits", c.f.ID), nil, ""},
	})
	file, key := c.debtor.Uploaded(c.f.ID, 941), handlertest.FreshKey()
	p := c.debtor.CallKey(handlertest.Post, ask, spends("file_ids", []int64{file}), key).Json
	if again := c.debtor.CallKey(handlertest.Post, ask, spends("file_ids", []int64{file}), key).Json; again.ID("id") != p.ID("id") {
		t.Error("a repeat is another application")
	}
	if p.Str("due_on") != "2026-03-11" || p.Str("state") != "open" || fmt.Sprint(p["file_ids"]) != fmt.Sprintf("[%d]", file) || p.Str("number") != "" {
		t.Errorf("the application: %v", p)
	}
	decide := fmt.Sprintf("/spending-permits/%d/decide", p.ID("id"))
	answer := func(change ...any) handlertest.Obj {
		o := handlertest.Obj{"decision": "granted", "reason": "有复诊证明", "version": 1}
		for i := 0; i < len(change); i += 2 {
			o[change[i].(string)] = change[i+1]
		}
		return o
	}
	refusedAll(t, []mistake{
		{c.debtor, clash, "spending.open", handlertest.Post, ask, spends(), ""},
		{c.officer, handlertest.Gone, "spending.not_found", handlertest.Post, "/spending-permits/999999/decide", answer(), ""},
		{stranger, handlertest.Gone, "spending.not_found", handlertest.Post, decide, answer(), ""},
		{c.officer, handlertest.Bad, "spending.decision", handlertest.Post, decide, answer("decision", "lapsed"), "decision"},
		{c.officer, handlertest.Bad, "reason.required", handlertest.Post, decide, answer("reason", ""), "reason"},
		{c.officer, handlertest.Bad, "spending.term", handlertest.Post, decide, answer("until", "2026-03-21"), "from"},
	})
	p = c.officer.Must(http.StatusOK, handlertest.Post, decide, answer("until", "2026-03-14"))
	c.officer.Must(http.StatusOK, handlertest.Post, decide, answer("until", "2026-03-14")) // the answer got lost
	c.leader.Refused(clash, "spending.decided", handlertest.Post, decide, answer("decision", "refused"))
	if p.Str("grant_from") != "2026-03-08" || p.Str("grant_until") != "2026-03-14" || p.Str("number") != "镇法限消准〔2026〕1号" || p.ID("document_id") == 0 {
		t.Errorf("the grant: %v", p)
	}
	if pdf := c.debtor.Call(handlertest.Get, fmt.Sprintf("/documents/%d/pdf", p.ID("document_id")), nil); pdf.Status != http.StatusOK || !strings.HasPrefix(string(pdf.Body), "%PDF") {
		t.Errorf("his paper: %d %.200s", pdf.Status, pdf.Body)
	}

	// An urgent one is the leader's; the officer enters it on the desk.
	officer, leader := c.Visitor(c.officer), c.Visitor(c.leader)
	page := fmt.Sprintf("/measures/%d", m.ID("id"))
	officer.Sees(page, "镇法限消准〔2026〕1号", "申请材料 1", "准许一次消费")
	form := url.Values{
		"key": {handlertest.FreshKey()}, "spending_ground": {"urgent"}, "pledge": {"1"}, "spender": {"赵明"}, "purpose": {"乘坐飞机奔丧"}, "spending_amount": {"2000"},
		"from_on": {"2026-03-07"}, "until_on": {"2026-03-01"}, "spending_reason": {"母亲去世"},
	}
	officer.Does(handlertest.Bad, page+"/spending", "截止日期不早于开始日期", form)
	form.Set("until_on", "2026-03-10")
	officer.Does(http.StatusSeeOther, page+"/spending", "done=spending_asked", form)
	list := c.debtor.Must(http.StatusOK, handlertest.Get, fmt.Sprintf("/cases/%d/spending-permits", c.f.ID), nil).List("permits")
	if len(list) != 2 || list[0].Str("ground") != "urgent" || list[0]["by_leader"] != true {
		t.Fatalf("his applications: %v", list)
	}
	c.officer.Refused(http.StatusForbidden, "spending.leader", handlertest.Post, fmt.Sprintf("/spending-permits/%d/decide", list[0].ID("id")), answer())
	leader.Sees(page, "乘坐飞机奔丧", "第十七条第三项", "准许自")
	leader.Does(http.StatusSeeOther, page+"/spending-decision", "done=spending_decided", url.Values{
		"permit": {fmt.Sprint(list[0].ID("id"))}, "version": {"1"}, "read": {"1"}, "decision": {"granted"}, "grant_reason": {"情况属实"},
	})
	officer.Sees(page, "情况属实", "准许 2026-03-07 至 2026-03-10")

	// What the officer took down for him the officer does not decide.
	taken := c.officer.Must(http.StatusCreated, handlertest.Post, ask, spends())
	own := fmt.Sprintf("/spending-permits/%d/decide", taken.ID("id"))
	refusedAll(t, []mistake{{c.officer, clash, "spending.own", handlertest.Post, own, answer(), ""}})
	if body := officer.Sees(page, "这项消费申请是您本人录入的"); strings.Contains(body, "/spending-decision") {
		t.Error("the desk offers a decision that is refused")
	}
	leader.Sees(page, "/spending-decision")
}
