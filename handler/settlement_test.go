package handler_test

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"microcourt/handler/handlertest"

	"microcourt/model"
	"microcourt/service/filing"
)

// enforced is a case in enforcement with everyone who has to do with it.
type enforced struct {
	w                                               *handlertest.World
	judge, clerk, officer, leader, debtor, creditor *handlertest.Client
	f                                               handlertest.Filed
	id                                              int64 // of the enforcement case
	path                                            string
}

func enforcing(t *testing.T) *enforced {
	t.Helper()
	w := handlertest.New(t)
	x := &enforced{w: w, judge: w.Staff("zhang.min", model.RoleJudge), clerk: w.Staff("wan.tt", model.RoleClerk), officer: w.Staff("zhou.zf", model.RoleOfficer), leader: w.Staff("chen.zj", model.RoleLeader)}
	x.debtor, x.creditor = w.Phone(""), w.Phone("")
	x.file(t)
	x.debtor.Bind(x.clerk, x.f.ID, x.f.Debtor)
	x.creditor.Bind(x.clerk, x.f.ID, x.f.Creditor)
	return x
}

// file puts a new case into enforcement.
func (x *enforced) file(t *testing.T) {
	t.Helper()
	x.f = x.w.File(x.clerk)
	no := strings.Replace(x.f.No, "民初", "执", 1)
	by := model.Actor{UserID: x.officer.UserID, CourtID: x.w.Court.ID, Roles: []model.Role{model.RoleOfficer}}
	_, _, err := x.w.Svc.Filing.FileEnforcement(context.Background(), by, filing.EnforcementInput{
		CaseNo: no, FiledOn: model.NewDate(2026, 2, 20), Officer: "zhou.zf", BasisNo: x.f.No,
	})
	if err != nil {
		t.Fatal(err)
	}
	list, err := x.w.DB.EnforcementsOf(context.Background(), x.f.ID)
	if err != nil || len(list) != 1 {
		t.Fatal(list, err)
	}
	x.id = list[0].ID
	x.path = fmt.Sprintf("/cases/%d/settlements", x.f.ID)
}

func (x *enforced) settle(replaces int64, signed string, parts ...handlertest.Obj) handlertest.Obj {
	x.w.T.Helper()
	return x.officer.Does(handlertest.RecordSettlement, x.id, settlementOf(replaces, signed, parts...))
}

func settlementOf(replaces int64, signed string, parts ...handlertest.Obj) handlertest.Obj {
	return handlertest.Obj{"replaces": replaces, "form": "joint", "signed_on": signed, "text": "双方同意分期付清，逾期恢复执行。", "parts": parts}
}

func part(fen int64, due string) handlertest.Obj {
	return handlertest.Obj{"amount_fen": fen, "due_on": due}
}

func (x *enforced) pay(fen int64, on string, seed int) {
	x.w.T.Helper()
	in := handlertest.Claim(fen, x.debtor.Uploaded(x.f.ID, seed))
	in["paid_on"] = on
	r := x.debtor.Must(http.StatusCreated, http.MethodPost, fmt.Sprintf("/cases/%d/receipts", x.f.ID), in)
	x.officer.Confirm(r, fen)
}

func (x *enforced) last(c *handlertest.Client) handlertest.Obj {
	x.w.T.Helper()
	list := c.Must(http.StatusOK, http.MethodGet, x.path, nil).List("settlements")
	if len(list) == 0 {
		return nil
	}
	return list[len(list)-1]
}

func (x *enforced) pass(c ...*handlertest.Client) {
	x.w.T.Helper()
	if err := x.w.Svc.Enforcement.Pass(context.Background()); err != nil {
		x.w.T.Fatal(err)
	}
	for _, c := range c {
		c.Renew()
	}
}

// A settlement of 900 of 1,000 yuan as its parties' phones and the leader see it: what
// was promised, what arrived, a release that the leader decides, and the end.
func TestASettlementIsKept(t *testing.T) {
	t.Parallel()
	x := enforcing(t)
	st := x.settle(0, "2026-02-25", part(30000, "2026-03-05"), part(60000, "2026-04-10"))
	if st.Num("edition") != 1 || st.Str("state") != "open" || st.Num("promised_fen") != 90000 || st.Num("open_fen") != 100000 || st.Str("reapply_by") != "2028-04-10" {
		t.Fatalf("%v", st)
	}
	x.w.Clock.Set(at(3, 6, 9))
	x.pass(x.officer, x.debtor, x.creditor, x.leader)
	if v := x.last(x.debtor); v.Str("state") != "breached" || !v.List("parts")[0]["late"].(bool) || v.Num("shortfall_fen") != 30000 {
		t.Errorf("the day after: %v", v)
	}
	x.pay(30000, "2026-03-06", 1)
	if v := x.last(x.creditor); v.Str("state") != "open" || v.Num("arrived_fen") != 30000 || v.Num("shortfall_fen") != 0 {
		t.Errorf("after the late payment: %v", v)
	}
	r := x.officer.Does(handlertest.ProposeRelease, st.ID("id"), handlertest.Obj{"subject": "限制消费措施", "measure_ids": []int64{}, "reason": "按约履行第一期", "creditor_asked_on": "2026-03-06"})
	if list := x.leader.Must(http.StatusOK, http.MethodGet, "/release-reviews?state=open", nil).List("reviews"); len(list) != 1 || list[0].Str("case_no") == "" {
		t.Errorf("%v", list)
	}
	decide, yes := fmt.Sprintf("/release-reviews/%d/decide", r.ID("id")), handlertest.Obj{"decision": "approved", "reason": "约定与到账相符，申请执行人同意"}
	for range 2 { // the answer got lost
		x.leader.Must(http.StatusOK, http.MethodPost, decide, yes)
	}
	x.w.Staff("leader.two", model.RoleLeader).Refused(clash, "release.decided", http.MethodPost, decide, yes)
	if v := x.last(x.debtor).List("reviews")[0]; v.Str("state") != "approved" || v.Str("reason") != "" {
		t.Errorf("the debtor sees %v", v)
	}
	x.pay(60000, "2026-03-06", 2)
	if v := x.last(x.officer); v.Str("state") != "performed" || v.Str("performed_on") != "2026-03-06" || v.Num("open_fen") != 10000 {
		t.Errorf("%v", v)
	}
}

// What a leader cannot decide of a release, with every listed error.
func TestReleasesRefuse(t *testing.T) {
	t.Parallel()
	x := enforcing(t)
	first := x.settle(0, "2026-02-25", part(100000, "2026-03-31"))
	in := handlertest.Obj{"subject": "全部措施", "reason": "申请执行人同意", "creditor_asked_on": "2026-03-01"}
	decide := func(r handlertest.Obj) string { return fmt.Sprintf("/release-reviews/%d/decide", r.ID("id")) }
	no, yes := handlertest.Obj{"decision": "refused", "reason": "尚未到账"}, handlertest.Obj{"decision": "approved", "reason": "同意"}
	r := x.officer.Does(handlertest.ProposeRelease, first.ID("id"), in)
	elsewhere := x.w.StaffOf(x.w.AddCourt("浙0212", "宁波市另一区人民法院", "另法"), "far", model.RoleLeader)
	refusedAll(t, []mistake{
		{x.w.Phone(""), handlertest.Gone, "case.not_found", handlertest.Get, x.path, nil, ""},
		{elsewhere, handlertest.Gone, "release.not_found", handlertest.Post, decide(r), yes, ""},
		{x.leader, handlertest.Bad, "release.decision", handlertest.Post, decide(r), handlertest.Obj{"decision": "x", "reason": "同意"}, "decision"},
		{x.leader, handlertest.Bad, "reason.required", handlertest.Post, decide(r), handlertest.Obj{"decision": "approved", "reason": " "}, "reason"},
	})
	second := x.settle(first.ID("id"), "2026-03-02", part(40000, "2026-03-03"), part(60000, "2026-04-30"))
	x.leader.Refused(clash, "release.settlement_changed", http.MethodPost, decide(r), no)
	r = x.officer.Does(handlertest.ProposeRelease, second.ID("id"), in)
	x.w.Clock.Set(at(3, 4, 9))
	x.pass(x.officer, x.leader)
	x.leader.Refused(clash, "release.breached", http.MethodPost, decide(r), yes)
	both := x.w.Staff("both", model.RoleOfficer, model.RoleLeader)
	e := x.officer.Must(http.StatusOK, handlertest.Get, fmt.Sprintf("/enforcement-cases/%d", x.id), nil)
	x.officer.Does(handlertest.HandOver, x.id, handlertest.Obj{"to_officer": "both", "reason": "工作调整", "version": e["version"]})
	own := both.Does(handlertest.ProposeRelease, second.ID("id"), in)
	both.Refused(clash, "release.self", handlertest.Post, decide(own), yes)

	// While a clean-up runs, nothing is lifted out of its order.
	c := newCoerced(t)
	c.take("tracing")
	restricted, ban := c.take("exit_ban"), c.take("listing")
	c.officer.Does(handlertest.LiftMeasure, ban.ID("id"), handlertest.Obj{"ground": "wrong", "reason": "认定有误", "proof": "名单库回执", "version": c.measure(ban).Num("version")})
	st := c.officer.Does(handlertest.RecordSettlement, c.id, settlementOf(0, "2026-03-06", part(50000, "2026-03-20"), part(50000, "2026-05-20")))
	in["measure_ids"], in["creditor_asked_on"] = []int64{restricted.ID("id")}, "2026-03-06"
	r = c.officer.Does(handlertest.ProposeRelease, st.ID("id"), in)
	c.pay(c.officer, 700)
	refusedAll(t, []mistake{
		{c.leader, clash, "task.order", handlertest.Post, decide(r), yes, ""},
		{c.leader, clash, "task.order", handlertest.Post, on(ban, "lift-answer"), handlertest.Obj{"yes": true, "note": "同意", "version": c.measure(ban).Num("version")}, ""},
	})
}
