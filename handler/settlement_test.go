package handler_test

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"

	"microcourt/handler/handlertest"

	"microcourt/model"
	"microcourt/service/filing"
)

// enforced is a case in enforcement with everyone who has to do with it.
type enforced struct {
	w                                        *handlertest.World
	clerk, officer, leader, debtor, creditor *handlertest.Client
	f                                        handlertest.Filed
	id                                       int64 // of the enforcement case
	path                                     string
}

func enforcing(t *testing.T) *enforced {
	t.Helper()
	w := handlertest.New(t)
	w.Staff("zhang.min", model.RoleJudge)
	x := &enforced{w: w, clerk: w.Staff("wan.tt", model.RoleClerk), officer: w.Staff("zhou.zf", model.RoleOfficer), leader: w.Staff("chen.zj", model.RoleLeader)}
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

// tasks are the open tasks of a kind.
func (x *enforced) tasks(kind model.TaskKind) []model.TaskLine {
	x.w.T.Helper()
	list, err := x.w.DB.Tasks(context.Background(), x.w.Court.ID, model.TaskFilter{EnforcementCaseID: x.id, State: model.TaskOpen, Kind: kind, Limit: 10})
	if err != nil {
		x.w.T.Fatal(err)
	}
	return list
}

func (x *enforced) told(c *handlertest.Client, kind model.NoticeKind) (n int) {
	x.w.T.Helper()
	for _, v := range c.Must(http.StatusOK, http.MethodGet, "/notices?limit=50", nil).List("notices") {
		if v.Str("kind") == string(kind) {
			n++
		}
	}
	return n
}

// A settlement of 900 of 1,000 yuan: what arrives is what the officer confirmed;
// a payment that does not come is a breach; the leader releases or not; the last
// payment closes the settlement, and the case can be closed as performed.
func TestASettlementIsKept(t *testing.T) {
	t.Parallel()
	x := enforcing(t)
	st := x.settle(0, "2026-02-25", part(30000, "2026-03-05"), part(60000, "2026-04-10"))
	if st.Num("edition") != 1 || st.Str("state") != "open" || st.Num("promised_fen") != 90000 || st.Num("open_fen") != 100000 || st.Str("reapply_by") != "2028-04-10" {
		t.Fatalf("%v", st)
	}
	if x.told(x.debtor, model.NoticeSettlementRecorded) != 1 || x.told(x.creditor, model.NoticeSettlementRecorded) != 1 {
		t.Error("the parties were not told of the settlement")
	}
	x.w.Clock.Set(at(3, 5, 20))
	x.pass(x.officer, x.debtor, x.creditor, x.leader)
	if v := x.last(x.officer); v.Str("state") != "open" || v.Num("due_fen") != 30000 || v.Num("shortfall_fen") != 30000 {
		t.Errorf("on the last evening: %v", v)
	}
	x.w.Clock.Set(at(3, 6, 9))
	x.pass(x.officer, x.debtor, x.creditor, x.leader)
	x.pass()
	if v := x.last(x.debtor); v.Str("state") != "breached" || !v.List("parts")[0]["late"].(bool) || len(x.tasks(model.TaskBreach)) != 1 {
		t.Errorf("the day after: %v %v", v, x.tasks(model.TaskBreach))
	}
	if x.told(x.debtor, model.NoticeSettlementBreached) != 1 {
		t.Error("the debtor was not told, or twice")
	}
	// The late payment arrives before anybody resumed: the breach is over.
	x.pay(30000, "2026-03-06", 1)
	if v := x.last(x.creditor); v.Str("state") != "open" || v.Num("arrived_fen") != 30000 || v.Num("shortfall_fen") != 0 || len(x.tasks(model.TaskBreach)) != 0 {
		t.Errorf("after the late payment: %v", v)
	}
	// The officer proposes, the leader decides once; his task ends with it.
	in := handlertest.Obj{"subject": "限制消费措施", "measure_ids": []int64{}, "reason": "按约履行第一期", "creditor_asked_on": "2026-03-06"}
	in["key"] = handlertest.FreshKey()
	r := x.officer.Does(handlertest.ProposeRelease, st.ID("id"), in)
	if again := x.officer.Does(handlertest.ProposeRelease, st.ID("id"), in); again.ID("id") != r.ID("id") || r.Num("arrived_fen") != 30000 || r.Str("due_on") != "2026-03-17" {
		t.Errorf("%v, repeated: %v", r, again)
	}
	if list := x.tasks(model.TaskReleaseDecide); len(list) != 1 || list[0].OwnerID != 0 || x.told(x.leader, model.NoticeReleaseProposed) != 1 {
		t.Errorf("the leader's task: %v", list)
	}
	if list := x.leader.Must(http.StatusOK, http.MethodGet, "/release-reviews?state=open", nil).List("reviews"); len(list) != 1 || list[0].Str("case_no") == "" {
		t.Errorf("%v", list)
	}
	decide := fmt.Sprintf("/release-reviews/%d/decide", r.ID("id"))
	yes := handlertest.Obj{"decision": "approved", "reason": "约定与到账相符，申请执行人同意"}
	other := x.w.Staff("leader.two", model.RoleLeader)
	var wg sync.WaitGroup
	statuses := make([]int, 2)
	for i, c := range []*handlertest.Client{x.leader, other} {
		wg.Go(func() { statuses[i] = c.Call(http.MethodPost, decide, yes).Status })
	}
	wg.Wait()
	if slices.Sort(statuses); statuses[0] != http.StatusOK || statuses[1] != http.StatusConflict {
		t.Errorf("two leaders at once: %v", statuses)
	}
	if len(x.tasks(model.TaskReleaseDecide)) != 0 || x.told(x.debtor, model.NoticeReleaseDecided) != 1 || x.told(x.officer, model.NoticeReleaseAnswered) != 1 {
		t.Error("the decision was not told, or its task is open")
	}
	if v := x.last(x.debtor).List("reviews")[0]; v.Str("state") != "approved" || v.Str("reason") != "" {
		t.Errorf("the debtor sees %v", v)
	}
	x.pay(60000, "2026-03-06", 2)
	v := x.last(x.officer)
	if v.Str("state") != "performed" || v.Str("performed_on") != "2026-03-06" || v.Num("open_fen") != 10000 || x.told(x.creditor, model.NoticeSettlementPerformed) != 1 {
		t.Errorf("%v", v)
	}
	if list := x.tasks(model.TaskCheckFull); len(list) != 1 {
		t.Errorf("nobody is asked to close the case: %v", list)
	}
	x.officer.Rejected("settlement.performed", handlertest.ResumeEnforcement, st.ID("id"), handlertest.Obj{"ground": "defect", "reason": "反悔"})
}

// A settlement changed while the leader reviews a release, and one that is
// broken: enforcement is resumed and the paid part deducted.
func TestASettlementChangesAndBreaks(t *testing.T) {
	t.Parallel()
	x := enforcing(t)
	first := x.settle(0, "2026-02-25", part(100000, "2026-03-31"))
	in := handlertest.Obj{"subject": "全部措施", "reason": "申请执行人同意", "creditor_asked_on": "2026-03-01"}
	propose := func(st handlertest.Obj) handlertest.Obj {
		return x.officer.Does(handlertest.ProposeRelease, st.ID("id"), in)
	}
	decide := func(r handlertest.Obj) string { return fmt.Sprintf("/release-reviews/%d/decide", r.ID("id")) }
	no := handlertest.Obj{"decision": "refused", "reason": "尚未到账"}
	r := propose(first)
	second := x.settle(first.ID("id"), "2026-03-02", part(40000, "2026-03-03"), part(60000, "2026-04-30"))
	x.leader.Refused(http.StatusConflict, "release.settlement_changed", http.MethodPost, decide(r), no)
	list := x.officer.Must(http.StatusOK, http.MethodGet, fmt.Sprintf("/cases/%d/settlements", x.f.ID), nil).List("settlements")
	if len(list) != 2 || list[0].Str("state") != "replaced" || list[1].Num("edition") != 2 {
		t.Fatalf("%v", list)
	}
	again := propose(second)
	x.leader.Refused(http.StatusConflict, "release.decided", http.MethodPost, decide(r), no) // superseded
	x.pay(10000, "2026-03-02", 3)
	x.w.Clock.Set(at(3, 4, 9))
	x.pass(x.officer, x.leader, x.debtor, x.creditor)
	x.leader.Refused(http.StatusConflict, "release.breached", http.MethodPost, decide(again), handlertest.Obj{"decision": "approved", "reason": "同意"})
	// Since it saw no shortfall, it may be proposed anew with the true figures.
	r = propose(second)
	if r.Num("shortfall_fen") != 30000 {
		t.Errorf("%v", r)
	}
	refused := x.leader.Must(http.StatusOK, http.MethodPost, decide(r), no)
	if refused.Str("state") != "refused" || x.leader.Must(http.StatusOK, http.MethodPost, decide(r), no).Str("state") != "refused" {
		t.Errorf("%v", refused)
	}
	propose(second)
	why := handlertest.Obj{"ground": "not_performed", "reason": "第一期逾期，申请执行人书面申请恢复执行"}
	v := x.officer.Does(handlertest.ResumeEnforcement, second.ID("id"), why)
	if v.Str("state") != "resumed" || v.Num("arrived_fen") != 10000 || v.Num("open_fen") != 90000 || len(v.List("reviews")) != 3 {
		t.Errorf("%v", v)
	}
	if x.officer.Does(handlertest.ResumeEnforcement, second.ID("id"), why).Str("state") != "resumed" || x.told(x.debtor, model.NoticeSettlementResumed) != 1 {
		t.Error("resumed twice")
	}
	if len(x.tasks(model.TaskBreach))+len(x.tasks(model.TaskReleaseDecide)) != 0 {
		t.Error("tasks of the settlement are still open")
	}
	x.officer.Rejected("settlement.not_in_force", handlertest.ResumeEnforcement, second.ID("id"), handlertest.Obj{"ground": "defect", "reason": "再次"})
	x.officer.Rejected("settlement.not_in_force", handlertest.ProposeRelease, second.ID("id"), in)
	third := x.settle(0, "2026-03-04", part(90000, "2026-04-30"))
	if third.Num("edition") != 3 || third.Num("arrived_fen") != 0 {
		t.Errorf("%v", third)
	}
}

func TestSettlementsThatAreRefused(t *testing.T) {
	t.Parallel()
	x := enforcing(t)
	st := x.settle(0, "2026-03-01", part(100000, "2026-03-31"))
	both := x.w.Staff("both", model.RoleOfficer, model.RoleLeader)
	stranger := x.w.Phone("")
	with := func(k string, v any) handlertest.Obj {
		o := settlementOf(st.ID("id"), "2026-03-01", part(100000, "2026-03-31"))
		o[k] = v
		return o
	}
	ask := handlertest.Obj{"subject": "全部措施", "reason": "同意", "creditor_asked_on": "2026-03-01"}
	refusedAll(t, []mistake{
		{stranger, handlertest.Gone, "case.not_found", handlertest.Get, fmt.Sprintf("/cases/%d/settlements", x.f.ID), nil, ""},
	})
	r := x.officer.Does(handlertest.ProposeRelease, st.ID("id"), ask)
	decide := fmt.Sprintf("/release-reviews/%d/decide", r.ID("id"))
	elsewhere := x.w.StaffOf(x.w.AddCourt("浙0212", "宁波市另一区人民法院", "另法"), "far", model.RoleLeader)
	refusedAll(t, []mistake{
		{elsewhere, handlertest.Gone, "release.not_found", handlertest.Post, decide, handlertest.Obj{"decision": "approved", "reason": "同意"}, ""},
		{x.leader, handlertest.Bad, "release.decision", handlertest.Post, decide, handlertest.Obj{"decision": "x", "reason": "同意"}, "decision"},
		{x.leader, handlertest.Bad, "reason.required", handlertest.Post, decide, handlertest.Obj{"decision": "approved", "reason": " "}, "reason"},
	})
	// Nobody decides what he proposed himself, and a closed case takes no settlement.
	if err := x.w.Svc.Enforcement.HandOver(context.Background(), model.Actor{UserID: x.leader.UserID, CourtID: x.w.Court.ID, Roles: []model.Role{model.RoleLeader}},
		x.id, 2, "both", "工作调整"); err != nil {
		t.Fatal(err)
	}
	if list := x.tasks(model.TaskReleaseDecide); len(list) != 1 || list[0].OwnerID != 0 {
		t.Errorf("the leaders' task moved with the case: %v", list)
	}
	x.leader.Must(http.StatusOK, handlertest.Post, decide, handlertest.Obj{"decision": "refused", "reason": "尚未到账"})
	own := both.Does(handlertest.ProposeRelease, st.ID("id"), ask)
	both.Refused(http.StatusConflict, "release.self", handlertest.Post, fmt.Sprintf("/release-reviews/%d/decide", own.ID("id")), handlertest.Obj{"decision": "approved", "reason": "同意"})
	e, err := x.w.DB.EnforcementsOf(context.Background(), x.f.ID)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := x.w.Svc.Enforcement.CloseCase(context.Background(), model.Actor{UserID: both.UserID, CourtID: x.w.Court.ID, Roles: []model.Role{model.RoleOfficer}},
		x.id, e[0].Version, model.Closing{Type: model.CloseEnded, On: model.NewDate(2026, 3, 2), Reason: "申请执行人撤回申请"}); err != nil {
		t.Fatal(err)
	}
	both.Rejected("enforcement.closed", handlertest.RecordSettlement, x.id, with("text", "结案后"))
}
