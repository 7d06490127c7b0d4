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

func prolongs(change ...any) handlertest.Obj {
	o := handlertest.Obj{"years": 2, "reason": "several", "facts": "还违反限制消费令乘坐飞机，并转移车辆。"}
	for i := 0; i < len(change); i += 2 {
		o[change[i].(string)] = change[i+1]
	}
	return o
}

// 失信规定 2 (1): a listing in force is prolonged by one to three years, once: the
// officer proposes, a leader decides, a numbered paper says so, the debtor and
// the agencies that restrict him are told.
func TestListingRuleArticle2Prolongation(t *testing.T) {
	t.Parallel()
	s := newSanctioned(t)
	m := s.take("listing", "ground", "property_report")
	if m.Str("until") != "2028-03-06" {
		t.Fatalf("its term: %v", m)
	}
	told := s.market.NoticesOf("duty.opened")
	ask := on(m, "prolongations")
	refusedAll(t, []mistake{
		{s.leader, handlertest.Gone, "measure.not_found", handlertest.Get, "/measures/999999/prolongations", nil, ""},
	})
	wanted := prolongs("key", handlertest.FreshKey())
	p := s.officer.Does(handlertest.ProposeProlongation, m.ID("id"), wanted)
	if again := s.officer.Does(handlertest.ProposeProlongation, m.ID("id"), wanted); again.ID("id") != p.ID("id") || p.Str("state") != "open" {
		t.Errorf("the proposal %v, again %v", p, again)
	}
	s.Visitor(s.leader).Sees("/decisions", "延长失信期限")
	decide := fmt.Sprintf("/prolongations/%d/decide", p.ID("id"))
	refusedAll(t, []mistake{
		{s.officer, http.StatusForbidden, "role.forbidden", handlertest.Post, decide, handlertest.Obj{"version": 1, "approve": true}, ""},
		{s.leader, handlertest.Gone, "prolongation.not_found", handlertest.Post, "/prolongations/999999/decide", handlertest.Obj{"version": 1, "approve": true}, ""},
		{s.leader, handlertest.Bad, "reason.required", handlertest.Post, decide, handlertest.Obj{"version": 1, "approve": false, "note": " "}, "prolong_note"},
		{s.leader, clash, "prolong.decided", handlertest.Post, decide, handlertest.Obj{"version": 2, "approve": true}, ""},
	})
	s.leader.Must(http.StatusOK, handlertest.Post, decide, handlertest.Obj{"version": 1, "approve": false, "note": "事实不清"})
	if v := s.measure(m); v.Str("until") != "2028-03-06" {
		t.Errorf("after the refusal: %v", v.Str("until"))
	}
	// The second one on the desk.
	officer, leader := s.Visitor(s.officer), s.Visitor(s.leader)
	page := fmt.Sprintf("/measures/%d", m.ID("id"))
	officer.Sees(page, "提请延长期限", "不予延长")
	form := url.Values{"key": {handlertest.FreshKey()}, "prolong_years": {"9"}, "prolong_reason": {"violence"}, "prolong_facts": {"持械威胁执行人员"}}
	officer.Does(handlertest.Bad, page+"/prolong", "延长的期限应为 1 至 3 年", form)
	form.Set("prolong_years", "1")
	officer.Does(http.StatusSeeOther, page+"/prolong", "done=prolong_asked", form)
	list := s.leader.Must(http.StatusOK, handlertest.Get, ask, nil).List("prolongations")
	leader.Sees(page, "持械威胁执行人员", "同意延长")
	yes := url.Values{"proposal": {fmt.Sprint(list[0].ID("id"))}, "version": {"1"}, "decision": {"approve"}}
	draft := fmt.Sprintf("/prolongations/%d/draft", list[0].ID("id"))
	leader.Sees(page, `src="/desk`+draft)
	for range 2 { // looking makes nothing
		if res, pdf := leader.Send(http.MethodGet, draft, nil, nil); res.StatusCode != http.StatusOK || !strings.HasPrefix(pdf, "%PDF") || res.Header.Get("X-Frame-Options") != "SAMEORIGIN" {
			t.Fatalf("the draft answers %d: %.100s", res.StatusCode, pdf)
		}
	}
	if res, _ := officer.Send(http.MethodGet, draft, nil, nil); res.StatusCode != http.StatusForbidden {
		t.Errorf("the officer gets the draft: %d", res.StatusCode)
	}
	leader.Does(handlertest.Bad, page+"/prolong-decision", "请先阅读将要制作的文书", yes)
	if v := s.measure(m); v.Str("until") != "2028-03-06" {
		t.Errorf("what nobody read is prolonged: %v", v.Str("until"))
	}
	yes.Set("read", "1")
	for range 2 { // the answer got lost
		leader.Does(http.StatusSeeOther, page+"/prolong-decision", "done=prolong_decided", yes)
	}
	v := s.measure(m)
	list = s.leader.Must(http.StatusOK, handlertest.Get, ask, nil).List("prolongations")
	if v.Str("until") != "2029-03-06" || list[0].Str("former_until") != "2028-03-06" || list[0].Str("number") != "镇法失信延〔2026〕1号" || !strings.Contains(v.Str("term"), "延长一年") {
		t.Errorf("after the approval: %v %v", v, list[0])
	}
	officer.Sees(page, "由 2028-03-06 延长至 2029-03-06", "镇法失信延〔2026〕1号")
	if n := s.market.NoticesOf("duty.opened"); n != told+1 {
		t.Errorf("the agency was told %d times", n-told)
	}
	if pdf := s.debtor.Call(handlertest.Get, fmt.Sprintf("/documents/%d/pdf", list[0].ID("document_id")), nil); pdf.Status != http.StatusOK || !strings.HasPrefix(string(pdf.Body), "%PDF") {
		t.Errorf("the debtor's paper: %d %.200s", pdf.Status, pdf.Body)
	}
	s.officer.Rejected("prolong.done", handlertest.ProposeProlongation, m.ID("id"), prolongs())
}

// What stops the decision on a prolongation, with every listed error.
func TestProlongationsRefuse(t *testing.T) {
	t.Parallel()
	c := newCoerced(t)
	m := c.take("listing", "ground", "property_report")
	p := c.officer.Does(handlertest.ProposeProlongation, m.ID("id"), prolongs())
	decide, yes := fmt.Sprintf("/prolongations/%d/decide", p.ID("id")), handlertest.Obj{"version": 1, "approve": true}
	both := c.Staff("both", model.RoleOfficer, model.RoleLeader)
	third := c.FileInput(c.clerk, personInput(nil))
	theirs, _ := c.Enforce(c.clerk, third, "both")
	other := both.Does(handlertest.ProposeMeasure, theirs, c.wants("listing", "ground", "obstructs", "party_id", third.Debtor, "other_act", "另案"))
	c.leader.Must(http.StatusOK, handlertest.Post, on(other, "decide"), handlertest.Obj{"opinion": "同意", "version": other.Num("version")})
	self := both.Does(handlertest.ProposeProlongation, other.ID("id"), prolongs())
	both.Refused(clash, "prolong.own", handlertest.Post, fmt.Sprintf("/prolongations/%d/decide", self.ID("id")), yes)
	shorter := c.repairOf(handlertest.Obj{"measure_id": m.ID("id")})
	c.granted(shorter, "shortened", "2027-03-05")
	c.leader.Refused(clash, "prolong.shortened", handlertest.Post, decide, yes)
	c.leader.Does(handlertest.RevokeRepair, shorter.ID("id"), handlertest.Obj{"reason": "不再具备条件"})
	c.pay(c.judge, 930)
	c.leader.Refused(clash, "obligation.performed", handlertest.Post, decide, yes)
}
