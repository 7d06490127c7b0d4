package handler_test

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"microcourt/model"
)

// spends is an application that the law allows, with some things changed.
func spends(change ...any) obj {
	o := obj{
		"ground": "necessary", "spender": "赵明", "purpose": "乘坐高铁往返上海复诊", "reason": "术后每周复诊，无普通列车可当日往返", "amount_fen": 30000,
		"from_on": "2026-03-08", "until_on": "2026-03-20",
	}
	for i := 0; i < len(change); i += 2 {
		o[change[i].(string)] = change[i+1]
	}
	return o
}

// 限高规定 3 (2) and 8: whoever is restricted asks for one spending, the officer
// answers for a time that is no longer than was asked for; what the court's
// president approves is the leader's; the end of the restriction ends it.
func TestSpendingUnderARestriction(t *testing.T) {
	t.Parallel()
	c := newCoerced(t)
	listing := c.take("listing")
	m := c.officer.must(http.StatusOK, get, c.at, nil).list("measures")[0]
	if m.str("kind") != "consumption" {
		t.Fatal(m)
	}
	ask := on(m, "spending-permits")
	stranger := c.staff("lu.fg", model.RoleOfficer)
	refusedAll(t, []mistake{
		{c.debtor, gone, "measure.not_found", post, "/measures/999999/spending-permits", spends(), ""},
		{stranger, gone, "measure.not_found", post, ask, spends(), ""},
		{c.debtor, clash, "spending.not_restricted", post, on(listing, "spending-permits"), spends(), ""},
		{c.debtor, bad, "spending.ground", post, ask, spends("ground", "fun"), "spending_ground"},
		{c.debtor, bad, "spending.ground", post, ask, spends("ground", "private"), "spending_ground"}, // he is no company
		{c.debtor, bad, "spending.text", post, ask, spends("spender", " "), "spender"},
		{c.debtor, bad, "spending.text", post, ask, spends("purpose", ""), "purpose"},
		{c.debtor, bad, "spending.amount", post, ask, spends("amount_fen", 0), "amount_fen"},
		{c.debtor, bad, "reason.required", post, ask, spends("reason", " "), "reason"},
		{c.debtor, bad, "spending.term", post, ask, spends("from_on", "2026-03-05"), "from_on"},
		{c.debtor, bad, "spending.term", post, ask, spends("ground", "urgent", "until_on", "2026-04-09"), "from_on"},
		{c.phone(""), gone, "case.not_found", get, fmt.Sprintf("/cases/%d/spending-permits", c.f.id), nil, ""},
	})
	key := freshKey()
	p := c.debtor.callKey(post, ask, spends(), key).json
	if again := c.debtor.callKey(post, ask, spends(), key).json; again.id("id") != p.id("id") {
		t.Error("a repeat is another application")
	}
	if p.str("due_on") != "2026-03-11" || p.str("state") != "open" || c.told(c.officer, "spending.asked") != 1 {
		t.Errorf("the application: %v", p)
	}
	decide := fmt.Sprintf("/spending-permits/%d/decide", p.id("id"))
	answer := func(change ...any) obj {
		o := obj{"decision": "granted", "reason": "有复诊证明", "version": 1}
		for i := 0; i < len(change); i += 2 {
			o[change[i].(string)] = change[i+1]
		}
		return o
	}
	refusedAll(t, []mistake{
		{c.debtor, clash, "spending.open", post, ask, spends(), ""},
		{c.officer, gone, "spending.not_found", post, "/spending-permits/999999/decide", answer(), ""},
		{stranger, gone, "spending.not_found", post, decide, answer(), ""},
		{c.officer, bad, "spending.decision", post, decide, answer("decision", "lapsed"), "decision"},
		{c.officer, bad, "reason.required", post, decide, answer("reason", ""), "reason"},
		{c.officer, bad, "spending.term", post, decide, answer("until", "2026-03-21"), "from"},
	})
	p = c.officer.must(http.StatusOK, post, decide, answer("until", "2026-03-14"))
	c.officer.must(http.StatusOK, post, decide, answer("until", "2026-03-14")) // the answer got lost
	c.leader.refused(clash, "spending.decided", post, decide, answer("decision", "refused"))
	if p.str("grant_from") != "2026-03-08" || p.str("grant_until") != "2026-03-14" || c.told(c.debtor, "spending.decided") != 1 {
		t.Errorf("the grant: %v", p)
	}
	if c.measure(m).str("state") != "in_force" {
		t.Error("the restriction ended with the grant")
	}

	// An urgent one is the leader's; the officer enters it on the desk.
	officer, leader := c.visitor(c.officer), c.visitor(c.leader)
	page := fmt.Sprintf("/measures/%d", m.id("id"))
	form := url.Values{
		"key": {freshKey()}, "spending_ground": {"urgent"}, "spender": {"赵明"}, "purpose": {"乘坐飞机奔丧"}, "spending_amount": {"2000"},
		"from_on": {"2026-03-07"}, "until_on": {"2026-03-01"}, "spending_reason": {"母亲去世"},
	}
	officer.does(bad, page+"/spending", "截止日期不早于开始日期", form)
	form.Set("until_on", "2026-03-10")
	officer.does(http.StatusSeeOther, page+"/spending", "done=spending_asked", form)
	list := c.debtor.must(http.StatusOK, get, fmt.Sprintf("/cases/%d/spending-permits", c.f.id), nil).list("permits")
	if len(list) != 2 || list[0].str("ground") != "urgent" || list[0]["by_leader"] != true {
		t.Fatalf("his applications: %v", list)
	}
	c.officer.refused(http.StatusForbidden, "spending.leader", post, fmt.Sprintf("/spending-permits/%d/decide", list[0].id("id")), answer())
	leader.sees(page, "乘坐飞机奔丧", "第十七条第三项", "准许自")
	leader.does(http.StatusSeeOther, page+"/spending-decision", "done=spending_decided", url.Values{
		"permit": {fmt.Sprint(list[0].id("id"))}, "version": {"1"}, "decision": {"granted"}, "grant_reason": {"情况属实"},
	})
	officer.sees(page, "情况属实", "准许 2026-03-07 至 2026-03-10")

	// What the officer took down for him the officer does not decide.
	taken := c.officer.must(http.StatusCreated, post, ask, spends())
	own := fmt.Sprintf("/spending-permits/%d/decide", taken.id("id"))
	refusedAll(t, []mistake{{c.officer, clash, "spending.own", post, own, answer(), ""}})
	if body := officer.sees(page, "这项消费申请是您本人录入的"); strings.Contains(body, "/spending-decision") {
		t.Error("the desk offers a decision that is refused")
	}
	leader.sees(page, "/spending-decision")
	c.leader.must(http.StatusOK, post, own, answer("decision", "refused", "reason", "没有凭据"))

	// The restriction ends: what is open needs no answer.
	last := c.debtor.must(http.StatusCreated, post, ask, spends())
	m = c.measure(m)
	c.officer.must(http.StatusOK, post, on(m, "lift"), obj{"ground": "guarantee", "reason": "已提供担保", "proof": "已撤销限制", "version": m.num("version")})
	c.officer.refused(clash, "spending.decided", post, fmt.Sprintf("/spending-permits/%d/decide", last.id("id")), answer())
	open, err := c.db.Tasks(t.Context(), c.court.ID, model.TaskFilter{Kind: model.TaskSpending, State: model.TaskOpen, Limit: 5})
	if err != nil || len(open) != 0 {
		t.Errorf("still to decide: %v %v", open, err)
	}
}
