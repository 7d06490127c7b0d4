package handler_test

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"microcourt/model"
)

func prolongs(change ...any) obj {
	o := obj{"years": 2, "reason": "several", "facts": "还违反限制消费令乘坐飞机，并转移车辆。"}
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
	if m.str("until") != "2028-03-05" {
		t.Fatalf("its term: %v", m)
	}
	told := s.market.noticesOf("duty.opened")
	ask := on(m, "prolongations")
	consumption := s.officer.must(http.StatusOK, get, s.at, nil).list("measures")[0]
	if consumption.str("kind") != "consumption" {
		consumption = s.officer.must(http.StatusOK, get, s.at, nil).list("measures")[1]
	}
	stranger := s.staff("lu.fg", model.RoleOfficer)
	refusedAll(t, []mistake{
		{s.officer, gone, "measure.not_found", post, "/measures/999999/prolongations", prolongs(), ""},
		{stranger, gone, "measure.not_found", post, ask, prolongs(), ""},
		{s.leader, gone, "measure.not_found", get, "/measures/999999/prolongations", nil, ""},
		{s.leader, http.StatusForbidden, "role.forbidden", post, ask, prolongs(), ""},
		{s.officer, clash, "prolong.not_listed", post, on(consumption, "prolongations"), prolongs(), ""},
		{s.officer, bad, "prolong.years", post, ask, prolongs("years", 4), "years"},
		{s.officer, bad, "prolong.years", post, ask, prolongs("years", 0), "years"},
		{s.officer, bad, "prolong.reason", post, ask, prolongs("reason", "anger"), "extra_reason"},
		{s.officer, bad, "prolong.facts", post, ask, prolongs("facts", " "), "prolong_facts"},
	})
	key := freshKey()
	p := s.officer.callKey(post, ask, prolongs(), key).json
	if again := s.officer.callKey(post, ask, prolongs(), key).json; again.id("id") != p.id("id") || p.str("state") != "open" {
		t.Errorf("the proposal %v, again %v", p, again)
	}
	s.visitor(s.leader).sees("/decisions", "延长失信期限")
	decide := fmt.Sprintf("/prolongations/%d/decide", p.id("id"))
	refusedAll(t, []mistake{
		{s.officer, clash, "prolong.open", post, ask, prolongs(), ""},
		{s.officer, http.StatusForbidden, "role.forbidden", post, decide, obj{"version": 1, "approve": true}, ""},
		{s.leader, gone, "prolongation.not_found", post, "/prolongations/999999/decide", obj{"version": 1, "approve": true}, ""},
		{s.leader, bad, "reason.required", post, decide, obj{"version": 1, "approve": false, "note": " "}, "prolong_note"},
		{s.leader, clash, "prolong.decided", post, decide, obj{"version": 2, "approve": true}, ""},
	})
	s.leader.must(http.StatusOK, post, decide, obj{"version": 1, "approve": false, "note": "事实不清"})
	if v := s.measure(m); v.str("until") != "2028-03-05" {
		t.Errorf("after the refusal: %v", v.str("until"))
	}
	// The second one on the desk.
	officer, leader := s.visitor(s.officer), s.visitor(s.leader)
	page := fmt.Sprintf("/measures/%d", m.id("id"))
	officer.sees(page, "提请延长期限", "不予延长")
	form := url.Values{"key": {freshKey()}, "prolong_years": {"9"}, "prolong_reason": {"violence"}, "prolong_facts": {"持械威胁执行人员"}}
	officer.does(bad, page+"/prolong", "延长的期限应为 1 至 3 年", form)
	form.Set("prolong_years", "1")
	officer.does(http.StatusSeeOther, page+"/prolong", "done=prolong_asked", form)
	list := s.leader.must(http.StatusOK, get, ask, nil).list("prolongations")
	leader.sees(page, "持械威胁执行人员", "同意延长")
	yes := url.Values{"proposal": {fmt.Sprint(list[0].id("id"))}, "version": {"1"}, "decision": {"approve"}}
	for range 2 { // the answer got lost
		leader.does(http.StatusSeeOther, page+"/prolong-decision", "done=prolong_decided", yes)
	}
	v := s.measure(m)
	list = s.leader.must(http.StatusOK, get, ask, nil).list("prolongations")
	if v.str("until") != "2029-03-05" || list[0].str("former_until") != "2028-03-05" || list[0].str("number") != "镇法失信延〔2026〕1号" || !strings.Contains(v.str("term"), "延长一年") {
		t.Errorf("after the approval: %v %v", v, list[0])
	}
	officer.sees(page, "由 2028-03-05 延长至 2029-03-05", "镇法失信延〔2026〕1号")
	if n := s.market.noticesOf("duty.opened"); n != told+1 {
		t.Errorf("the agency was told %d times", n-told)
	}
	if pdf := s.debtor.call(get, fmt.Sprintf("/documents/%d/pdf", list[0].id("document_id")), nil); pdf.status != http.StatusOK || !strings.HasPrefix(string(pdf.body), "%PDF") {
		t.Errorf("the debtor's paper: %d %.200s", pdf.status, pdf.body)
	}
	refusedAll(t, []mistake{{s.officer, clash, "prolong.done", post, ask, prolongs(), ""}})
}

// What changes between proposal and decision counts at the decision; the end of
// the listing ends the proposal; one without a term needs none.
func TestProlongationsThatCannotBe(t *testing.T) {
	t.Parallel()
	c := newCoerced(t)
	endless := c.take("listing")
	c.officer.refused(clash, "prolong.no_term", post, on(endless, "prolongations"), prolongs())
	endless = c.measure(endless)
	c.officer.must(http.StatusOK, post, on(endless, "lift"), obj{"ground": "wrong", "reason": "适用事由不当", "proof": "已删除", "version": endless.num("version")})
	if c.measure(endless).str("state") != "lifted" {
		now := c.measure(endless)
		c.leader.must(http.StatusOK, post, on(endless, "lift-answer"), obj{"yes": true, "note": "同意", "version": now.num("version")})
	}
	m := c.take("listing", "ground", "property_report", "other_act", "另一行为")
	own := c.officer.must(http.StatusCreated, post, on(m, "prolongations"), prolongs())
	decide := fmt.Sprintf("/prolongations/%d/decide", own.id("id"))
	yes := obj{"version": 1, "approve": true}
	both := c.staff("both", model.RoleOfficer, model.RoleLeader)
	third := c.fileInput(c.clerk, personInput(nil))
	theirs, _ := c.enforce(c.clerk, third, "both")
	other := both.must(http.StatusCreated, post, fmt.Sprintf("/enforcement-cases/%d/measures", theirs), c.wants("listing", "ground", "property_report", "party_id", third.debtor, "other_act", "另案"))
	other = c.leader.must(http.StatusOK, post, on(other, "decide"), obj{"opinion": "同意", "version": other.num("version")})
	self := both.must(http.StatusCreated, post, on(other, "prolongations"), prolongs())
	refusedAll(t, []mistake{{both, clash, "prolong.own", post, fmt.Sprintf("/prolongations/%d/decide", self.id("id")), yes, ""}})
	shorter := c.repairOf(obj{"measure_id": m.id("id")})
	c.granted(shorter, "shortened", "2027-03-05")
	refusedAll(t, []mistake{
		{c.leader, clash, "prolong.shortened", post, decide, yes, ""},
		{c.officer, clash, "prolong.shortened", post, on(m, "prolongations"), prolongs(), ""},
	})
	c.leader.must(http.StatusOK, post, onRepair(shorter, "revoke"), obj{"reason": "不再具备条件"})
	c.pay(c.judge, 930)
	refusedAll(t, []mistake{
		{c.leader, clash, "obligation.performed", post, decide, yes, ""},
		{c.officer, clash, "obligation.performed", post, on(m, "prolongations"), prolongs(), ""},
	})
}

// A permit to spend is a numbered paper with the application's files.
func TestASpendingPermitIsAPaper(t *testing.T) {
	t.Parallel()
	c := newCoerced(t)
	c.take("listing")
	m := c.officer.must(http.StatusOK, get, c.at, nil).list("measures")[0]
	ask := on(m, "spending-permits")
	file := c.debtor.uploaded(c.f.id, 941)
	refusedAll(t, []mistake{
		{c.debtor, bad, "file.unknown", post, ask, spends("file_ids", []int64{999999}), "file_ids"},
		{c.debtor, bad, "file.too_many", post, ask, spends("file_ids", []int64{1, 2, 3, 4, 5, 6, 7, 8, 9, 10}), "file_ids"},
	})
	p := c.debtor.must(http.StatusCreated, post, ask, spends("file_ids", []int64{file}))
	if fmt.Sprint(p["file_ids"]) != fmt.Sprintf("[%d]", file) || p.str("number") != "" {
		t.Errorf("the application: %v", p)
	}
	p = c.officer.must(http.StatusOK, post, fmt.Sprintf("/spending-permits/%d/decide", p.id("id")), obj{"decision": "granted", "reason": "有复诊证明", "version": 1})
	if p.str("number") != "镇法限消准〔2026〕1号" || p.id("document_id") == 0 {
		t.Errorf("the permit: %v", p)
	}
	if pdf := c.debtor.call(get, fmt.Sprintf("/documents/%d/pdf", p.id("document_id")), nil); pdf.status != http.StatusOK || !strings.HasPrefix(string(pdf.body), "%PDF") {
		t.Errorf("his paper: %d %.200s", pdf.status, pdf.body)
	}
	c.visitor(c.officer).sees(fmt.Sprintf("/measures/%d", m.id("id")), "镇法限消准〔2026〕1号", "申请材料 1", "准许一次消费")
	no := c.debtor.must(http.StatusCreated, post, ask, spends())
	no = c.officer.must(http.StatusOK, post, fmt.Sprintf("/spending-permits/%d/decide", no.id("id")), obj{"decision": "refused", "reason": "没有证明", "version": 1})
	if no.str("number") != "" || c.told(c.debtor, "spending.decided") != 2 {
		t.Errorf("a refusal: %v", no)
	}
}

// A settlement that breaks while a credit repair works asks the officer to look
// at it again, until the money comes or the repair is revoked.
func TestABrokenSettlementReviewsTheRepair(t *testing.T) {
	t.Parallel()
	x := enforcing(t)
	x.settle(0, "2026-02-25", part(30000, "2026-03-05"), part(60000, "2026-04-10"))
	a := x.debtor.must(http.StatusCreated, post, fmt.Sprintf("/cases/%d/repair-applications", x.f.id), obj{"party_id": x.f.debtor, "reason": "已达成和解"})
	for _, k := range a.list("criteria") {
		x.officer.must(http.StatusOK, post, onRepair(a, "check"), obj{"code": k.str("code"), "met": true, "note": "已核查"})
	}
	x.leader.must(http.StatusOK, post, onRepair(a, "decide"), obj{"decision": "suspended", "until": "2026-06-30", "reason": "同意"})
	x.w.clock.Set(at(3, 6, 9))
	x.pass(x.officer, x.debtor, x.creditor, x.leader)
	x.pass()
	if l := x.tasks(model.TaskRepairReview); len(l) != 1 || l[0].Subject != fmt.Sprintf("repair:%d", a.id("id")) {
		t.Fatalf("to look at again: %v", l)
	}
	x.pay(30000, "2026-03-06", 951)
	if l := x.tasks(model.TaskRepairReview); len(l) != 0 {
		t.Errorf("after the payment: %v", l)
	}
	x.w.clock.Set(at(4, 13, 9))
	x.pass(x.officer, x.debtor, x.creditor, x.leader)
	if l := x.tasks(model.TaskRepairReview); len(l) != 1 {
		t.Errorf("the second breach: %v", l)
	}
	x.leader.must(http.StatusOK, post, onRepair(a, "revoke"), obj{"reason": "不再按约履行"})
	if l := x.tasks(model.TaskRepairReview); len(l) != 0 {
		t.Errorf("after the revocation: %v", l)
	}
}

// Credit repair of a consumption restriction: it is paused until a day, unless
// its subject is on the list; a listing, a revocation and the day end the pause;
// the agencies hear of it.
func TestARepairPausesARestriction(t *testing.T) {
	t.Parallel()
	s := newSanctioned(t)
	hotel := s.of("WLJ", "wlj.chen")
	m := s.take("consumption", "ground", "notice_missed")
	told := hotel.noticesOf("duty.opened")
	exposed := func() string { t.Helper(); return s.measure(m).str("exposure") }
	a := s.repairOf(obj{"measure_id": m.id("id")})
	refusedAll(t, []mistake{
		{s.leader, clash, "repair.not_listed", post, onRepair(a, "decide"), obj{"decision": "masked", "reason": "同意"}, ""},
		{s.leader, bad, "repair.until", post, onRepair(a, "decide"), obj{"decision": "paused", "reason": "同意"}, "until"},
	})
	for range 2 { // the answer got lost
		if v := s.granted(a, "paused", "2026-04-30"); v.str("state") != "paused" {
			t.Errorf("the grant: %v", v)
		}
	}
	if exposed() != "paused" || hotel.noticesOf("duty.opened") != told+1 || s.measure(m).str("state") != "in_force" {
		t.Errorf("paused: %s, the agency was told %d times", exposed(), hotel.noticesOf("duty.opened")-told)
	}
	s.visitor(s.officer).sees(fmt.Sprintf("/enforcement/%d/repair", s.id), "暂停限制消费")
	s.leader.must(http.StatusOK, post, onRepair(a, "revoke"), obj{"reason": "不再按约履行"})
	if exposed() != "shown" || hotel.noticesOf("duty.opened") != told+2 {
		t.Errorf("revoked: %s, the agency was told %d times", exposed(), hotel.noticesOf("duty.opened")-told)
	}
	// Listed while it is paused: the list demands the restriction.
	again := s.repairOf(obj{"measure_id": m.id("id")})
	s.granted(again, "paused", "2026-04-30")
	l := s.take("listing", "ground", "property_report", "other_act", "另一行为")
	if exposed() != "shown" || hotel.noticesOf("duty.opened") < told+4 || s.told(s.debtor, "repair.decided") != 4 {
		t.Errorf("listed: %s, the agency was told %d times, the debtor %d", exposed(), hotel.noticesOf("duty.opened")-told, s.told(s.debtor, "repair.decided"))
	}
	third := s.repairOf(obj{"measure_id": m.id("id")})
	s.leader.refused(clash, "repair.listed", post, onRepair(third, "decide"), obj{"decision": "paused", "until": "2026-04-30", "reason": "同意"})
	s.granted(third, "refused", "")
	wrong := s.repairOf(obj{"measure_id": l.id("id")})
	s.leader.refused(clash, "repair.listed", post, onRepair(wrong, "decide"), obj{"decision": "paused", "until": "2026-04-30", "reason": "同意"})
	s.granted(wrong, "refused", "")
	// Off the list and the restriction lifted: nothing to pause.
	l = s.measure(l)
	s.leader.must(http.StatusOK, post, on(l, "lift"), obj{"ground": "early", "reason": "积极履行", "proof": "名单库回执", "version": l.num("version")})
	last := s.repairOf(obj{"measure_id": m.id("id")})
	now := s.measure(m)
	s.officer.must(http.StatusOK, post, on(m, "lift"), obj{"ground": "guarantee", "reason": "已提供担保", "proof": "已撤销限制", "version": now.num("version")})
	s.leader.refused(clash, "repair.not_restricted", post, onRepair(last, "decide"), obj{"decision": "paused", "until": "2026-04-30", "reason": "同意"})
}
