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

// What changes between proposal and decision counts at the decision; the end of
// the listing ends the proposal; one without a term needs none.
func TestProlongationsThatCannotBe(t *testing.T) {
	t.Parallel()
	c := newCoerced(t)
	endless := c.take("listing")
	c.officer.Rejected("prolong.no_term", handlertest.ProposeProlongation, endless.ID("id"), prolongs())
	endless = c.measure(endless)
	c.officer.Does(handlertest.LiftMeasure, endless.ID("id"), handlertest.Obj{"ground": "wrong", "reason": "适用事由不当", "proof": "已删除", "version": endless.Num("version")})
	if c.measure(endless).Str("state") != "lifted" {
		now := c.measure(endless)
		c.leader.Must(http.StatusOK, handlertest.Post, on(endless, "lift-answer"), handlertest.Obj{"yes": true, "note": "同意", "version": now.Num("version")})
	}
	m := c.take("listing", "ground", "property_report", "other_act", "另一行为")
	own := c.officer.Does(handlertest.ProposeProlongation, m.ID("id"), prolongs())
	decide := fmt.Sprintf("/prolongations/%d/decide", own.ID("id"))
	yes := handlertest.Obj{"version": 1, "approve": true}
	both := c.Staff("both", model.RoleOfficer, model.RoleLeader)
	third := c.FileInput(c.clerk, personInput(nil))
	theirs, _ := c.Enforce(c.clerk, third, "both")
	other := both.Does(handlertest.ProposeMeasure, theirs, c.wants("listing", "ground", "obstructs", "party_id", third.Debtor, "other_act", "另案"))
	other = c.leader.Must(http.StatusOK, handlertest.Post, on(other, "decide"), handlertest.Obj{"opinion": "同意", "version": other.Num("version")})
	self := both.Does(handlertest.ProposeProlongation, other.ID("id"), prolongs())
	refusedAll(t, []mistake{{both, clash, "prolong.own", handlertest.Post, fmt.Sprintf("/prolongations/%d/decide", self.ID("id")), yes, ""}})
	shorter := c.repairOf(handlertest.Obj{"measure_id": m.ID("id")})
	c.granted(shorter, "shortened", "2027-03-05")
	refusedAll(t, []mistake{
		{c.leader, clash, "prolong.shortened", handlertest.Post, decide, yes, ""},
	})
	c.leader.Does(handlertest.RevokeRepair, shorter.ID("id"), handlertest.Obj{"reason": "不再具备条件"})
	c.pay(c.judge, 930)
	refusedAll(t, []mistake{
		{c.leader, clash, "obligation.performed", handlertest.Post, decide, yes, ""},
	})
}

// A permit to spend is a numbered paper with the application's files.
func TestASpendingPermitIsAPaper(t *testing.T) {
	t.Parallel()
	c := newCoerced(t)
	c.take("listing")
	m := c.officer.Measures(c.id)[0]
	ask := on(m, "spending-permits")
	file := c.debtor.Uploaded(c.f.ID, 941)
	refusedAll(t, []mistake{
		{c.debtor, handlertest.Bad, "file.unknown", handlertest.Post, ask, spends("file_ids", []int64{999999}), "file_ids"},
		{c.debtor, handlertest.Bad, "file.too_many", handlertest.Post, ask, spends("file_ids", []int64{1, 2, 3, 4, 5, 6, 7, 8, 9, 10}), "file_ids"},
	})
	p := c.debtor.Must(http.StatusCreated, handlertest.Post, ask, spends("file_ids", []int64{file}))
	if fmt.Sprint(p["file_ids"]) != fmt.Sprintf("[%d]", file) || p.Str("number") != "" {
		t.Errorf("the application: %v", p)
	}
	p = c.officer.Must(http.StatusOK, handlertest.Post, fmt.Sprintf("/spending-permits/%d/decide", p.ID("id")), handlertest.Obj{"decision": "granted", "reason": "有复诊证明", "version": 1})
	if p.Str("number") != "镇法限消准〔2026〕1号" || p.ID("document_id") == 0 {
		t.Errorf("the permit: %v", p)
	}
	if pdf := c.debtor.Call(handlertest.Get, fmt.Sprintf("/documents/%d/pdf", p.ID("document_id")), nil); pdf.Status != http.StatusOK || !strings.HasPrefix(string(pdf.Body), "%PDF") {
		t.Errorf("his paper: %d %.200s", pdf.Status, pdf.Body)
	}
	c.Visitor(c.officer).Sees(fmt.Sprintf("/measures/%d", m.ID("id")), "镇法限消准〔2026〕1号", "申请材料 1", "准许一次消费")
	no := c.debtor.Must(http.StatusCreated, handlertest.Post, ask, spends())
	no = c.officer.Must(http.StatusOK, handlertest.Post, fmt.Sprintf("/spending-permits/%d/decide", no.ID("id")), handlertest.Obj{"decision": "refused", "reason": "没有证明", "version": 1})
	if no.Str("number") != "" || c.told(c.debtor, "spending.decided") != 2 {
		t.Errorf("a refusal: %v", no)
	}
}

// A settlement that breaks while a credit repair works asks the officer to look
// at it again, until the money comes or the repair is revoked.
func TestABrokenSettlementReviewsTheRepair(t *testing.T) {
	t.Parallel()
	x := enforcing(t)
	x.settle(0, "2026-02-25", part(30000, "2026-03-05"), part(60000, "2026-04-10"))
	a := x.debtor.Must(http.StatusCreated, handlertest.Post, fmt.Sprintf("/cases/%d/repair-applications", x.f.ID), handlertest.Obj{"party_id": x.f.Debtor, "reason": "已达成和解"})
	for _, k := range a.List("criteria") {
		x.officer.Does(handlertest.CheckRepair, a.ID("id"), handlertest.Obj{"code": k.Str("code"), "met": true, "note": "已核查"})
	}
	x.leader.Must(http.StatusOK, handlertest.Post, decideRepair(a), handlertest.Obj{"decision": "suspended", "until": "2026-06-30", "reason": "同意"})
	x.w.Clock.Set(at(3, 6, 9))
	x.pass(x.officer, x.debtor, x.creditor, x.leader)
	x.pass()
	if l := x.tasks(model.TaskRepairReview); len(l) != 1 || l[0].Subject != model.ThingRepair.Of(a.ID("id")) {
		t.Fatalf("to look at again: %v", l)
	}
	x.pay(30000, "2026-03-06", 951)
	if l := x.tasks(model.TaskRepairReview); len(l) != 0 {
		t.Errorf("after the payment: %v", l)
	}
	x.w.Clock.Set(at(4, 13, 9))
	x.pass(x.officer, x.debtor, x.creditor, x.leader)
	if l := x.tasks(model.TaskRepairReview); len(l) != 1 {
		t.Errorf("the second breach: %v", l)
	}
	x.leader.Does(handlertest.RevokeRepair, a.ID("id"), handlertest.Obj{"reason": "不再按约履行"})
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
	hotel := s.Of("WLJ", "wlj.chen")
	m := s.take("consumption", "ground", "notice_missed")
	told := hotel.NoticesOf("duty.opened")
	exposed := func() string { t.Helper(); return s.measure(m).Str("exposure") }
	a := s.repairOf(handlertest.Obj{"measure_id": m.ID("id")})
	refusedAll(t, []mistake{
		{s.leader, clash, "repair.not_listed", handlertest.Post, decideRepair(a), handlertest.Obj{"decision": "masked", "reason": "同意"}, ""},
		{s.leader, handlertest.Bad, "repair.until", handlertest.Post, decideRepair(a), handlertest.Obj{"decision": "paused", "reason": "同意"}, "until"},
	})
	for range 2 { // the answer got lost
		if v := s.granted(a, "paused", "2026-04-30"); v.Str("state") != "paused" {
			t.Errorf("the grant: %v", v)
		}
	}
	if exposed() != "paused" || hotel.NoticesOf("duty.opened") != told+1 || s.measure(m).Str("state") != "in_force" {
		t.Errorf("paused: %s, the agency was told %d times", exposed(), hotel.NoticesOf("duty.opened")-told)
	}
	s.Visitor(s.officer).Sees(fmt.Sprintf("/enforcement/%d/repair", s.id), "暂停限制消费")
	s.leader.Does(handlertest.RevokeRepair, a.ID("id"), handlertest.Obj{"reason": "不再按约履行"})
	if exposed() != "shown" || hotel.NoticesOf("duty.opened") != told+2 {
		t.Errorf("revoked: %s, the agency was told %d times", exposed(), hotel.NoticesOf("duty.opened")-told)
	}
	// Listed while it is paused: the list demands the restriction.
	again := s.repairOf(handlertest.Obj{"measure_id": m.ID("id")})
	s.granted(again, "paused", "2026-04-30")
	l := s.take("listing", "ground", "property_report", "other_act", "另一行为")
	if exposed() != "shown" || hotel.NoticesOf("duty.opened") < told+4 || s.told(s.debtor, "repair.decided") != 4 {
		t.Errorf("listed: %s, the agency was told %d times, the debtor %d", exposed(), hotel.NoticesOf("duty.opened")-told, s.told(s.debtor, "repair.decided"))
	}
	third := s.repairOf(handlertest.Obj{"measure_id": m.ID("id")})
	s.leader.Refused(clash, "repair.listed", handlertest.Post, decideRepair(third), handlertest.Obj{"decision": "paused", "until": "2026-04-30", "reason": "同意"})
	s.granted(third, "refused", "")
	wrong := s.repairOf(handlertest.Obj{"measure_id": l.ID("id")})
	s.leader.Refused(clash, "repair.listed", handlertest.Post, decideRepair(wrong), handlertest.Obj{"decision": "paused", "until": "2026-04-30", "reason": "同意"})
	s.granted(wrong, "refused", "")
	// Off the list and the restriction lifted: nothing to pause.
	l = s.measure(l)
	s.leader.Does(handlertest.LiftMeasure, l.ID("id"), handlertest.Obj{"ground": "early", "reason": "积极履行", "proof": "名单库回执", "version": l.Num("version")})
	last := s.repairOf(handlertest.Obj{"measure_id": m.ID("id")})
	now := s.measure(m)
	s.officer.Does(handlertest.LiftMeasure, m.ID("id"), handlertest.Obj{"ground": "guarantee", "reason": "已提供担保", "proof": "已撤销限制", "version": now.Num("version")})
	s.leader.Refused(clash, "repair.not_restricted", handlertest.Post, decideRepair(last), handlertest.Obj{"decision": "paused", "until": "2026-04-30", "reason": "同意"})
}
