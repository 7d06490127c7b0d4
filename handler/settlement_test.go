package handler_test

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"

	"microcourt/model"
	"microcourt/service/filing"
)

// enforced is a case in enforcement with everyone who has to do with it.
type enforced struct {
	w                                        *world
	clerk, officer, leader, debtor, creditor *client
	f                                        filed
	id                                       int64 // of the enforcement case
	path                                     string
}

func enforcing(t *testing.T) *enforced {
	t.Helper()
	w := newWorld(t)
	w.staff("zhang.min", model.RoleJudge)
	x := &enforced{w: w, clerk: w.staff("wan.tt", model.RoleClerk), officer: w.staff("zhou.zf", model.RoleOfficer), leader: w.staff("chen.zj", model.RoleLeader)}
	x.debtor, x.creditor = w.phone(""), w.phone("")
	x.file(t)
	x.debtor.bind(x.clerk, x.f.id, x.f.debtor)
	x.creditor.bind(x.clerk, x.f.id, x.f.creditor)
	return x
}

// file puts a new case into enforcement.
func (x *enforced) file(t *testing.T) {
	t.Helper()
	x.f = x.w.file(x.clerk)
	no := strings.Replace(x.f.no, "民初", "执", 1)
	by := model.Actor{UserID: x.officer.userID, CourtID: x.w.court.ID, Roles: []model.Role{model.RoleOfficer}}
	_, _, err := x.w.svc.Filing.FileEnforcement(context.Background(), by, filing.EnforcementInput{
		CaseNo: no, FiledOn: model.NewDate(2026, 2, 20), Officer: "zhou.zf", BasisNo: x.f.no,
	})
	if err != nil {
		t.Fatal(err)
	}
	list, err := x.w.db.EnforcementsOf(context.Background(), x.f.id)
	if err != nil || len(list) != 1 {
		t.Fatal(list, err)
	}
	x.id = list[0].ID
	x.path = fmt.Sprintf("/enforcement-cases/%d/settlements", x.id)
}

func (x *enforced) settle(replaces int64, signed string, parts ...obj) obj {
	x.w.t.Helper()
	return x.officer.must(http.StatusCreated, http.MethodPost, x.path, settlementOf(replaces, signed, parts...))
}

func settlementOf(replaces int64, signed string, parts ...obj) obj {
	return obj{"replaces": replaces, "form": "joint", "signed_on": signed, "text": "双方同意分期付清，逾期恢复执行。", "parts": parts}
}

func part(fen int64, due string) obj { return obj{"amount_fen": fen, "due_on": due} }

func (x *enforced) pay(fen int64, on string, seed int) {
	x.w.t.Helper()
	in := claim(fen, x.debtor.uploaded(x.f.id, seed))
	in["paid_on"] = on
	r := x.debtor.must(http.StatusCreated, http.MethodPost, fmt.Sprintf("/cases/%d/receipts", x.f.id), in)
	x.officer.confirm(r, fen)
}

func (x *enforced) last(c *client) obj {
	x.w.t.Helper()
	list := c.must(http.StatusOK, http.MethodGet, x.path, nil).list("settlements")
	if len(list) == 0 {
		return nil
	}
	return list[len(list)-1]
}

func (x *enforced) pass(c ...*client) {
	x.w.t.Helper()
	if err := x.w.svc.Enforcement.Pass(context.Background()); err != nil {
		x.w.t.Fatal(err)
	}
	for _, c := range c {
		c.renew()
	}
}

// tasks are the open tasks of a kind.
func (x *enforced) tasks(kind model.TaskKind) []model.TaskLine {
	x.w.t.Helper()
	list, err := x.w.db.Tasks(context.Background(), x.w.court.ID, model.TaskFilter{EnforcementCaseID: x.id, State: model.TaskOpen, Kind: kind, Limit: 10})
	if err != nil {
		x.w.t.Fatal(err)
	}
	return list
}

func (x *enforced) told(c *client, kind model.NoticeKind) (n int) {
	x.w.t.Helper()
	for _, v := range c.must(http.StatusOK, http.MethodGet, "/notices?limit=50", nil).list("notices") {
		if v.str("kind") == string(kind) {
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
	if st.num("edition") != 1 || st.str("state") != "open" || st.num("promised_fen") != 90000 || st.num("open_fen") != 100000 || st.str("reapply_by") != "2028-04-10" {
		t.Fatalf("%v", st)
	}
	if x.told(x.debtor, model.NoticeSettlementRecorded) != 1 || x.told(x.creditor, model.NoticeSettlementRecorded) != 1 {
		t.Error("the parties were not told of the settlement")
	}
	x.w.clock.Set(at(3, 5, 20))
	x.pass(x.officer, x.debtor, x.creditor, x.leader)
	if v := x.last(x.officer); v.str("state") != "open" || v.num("due_fen") != 30000 || v.num("shortfall_fen") != 30000 {
		t.Errorf("on the last evening: %v", v)
	}
	x.w.clock.Set(at(3, 6, 9))
	x.pass(x.officer, x.debtor, x.creditor, x.leader)
	x.pass()
	if v := x.last(x.debtor); v.str("state") != "breached" || !v.list("parts")[0]["late"].(bool) || len(x.tasks(model.TaskBreach)) != 1 {
		t.Errorf("the day after: %v %v", v, x.tasks(model.TaskBreach))
	}
	if x.told(x.debtor, model.NoticeSettlementBreached) != 1 {
		t.Error("the debtor was not told, or twice")
	}
	// The late payment arrives before anybody resumed: the breach is over.
	x.pay(30000, "2026-03-06", 1)
	if v := x.last(x.creditor); v.str("state") != "open" || v.num("arrived_fen") != 30000 || v.num("shortfall_fen") != 0 || len(x.tasks(model.TaskBreach)) != 0 {
		t.Errorf("after the late payment: %v", v)
	}
	// The officer proposes, the leader decides once; his task ends with it.
	propose := fmt.Sprintf("/settlements/%d/release-reviews", st.id("id"))
	in := obj{"subject": "限制消费措施", "measure_ids": []int64{}, "reason": "按约履行第一期", "creditor_asked_on": "2026-03-06"}
	key := freshKey()
	r := x.officer.callKey(http.MethodPost, propose, in, key).json
	if again := x.officer.callKey(http.MethodPost, propose, in, key).json; again.id("id") != r.id("id") || r.num("arrived_fen") != 30000 || r.str("due_on") != "2026-03-17" {
		t.Errorf("%v, repeated: %v", r, again)
	}
	if list := x.tasks(model.TaskReleaseDecide); len(list) != 1 || list[0].OwnerID != 0 || x.told(x.leader, model.NoticeReleaseProposed) != 1 {
		t.Errorf("the leader's task: %v", list)
	}
	if list := x.leader.must(http.StatusOK, http.MethodGet, "/release-reviews?state=open", nil).list("reviews"); len(list) != 1 || list[0].str("case_no") == "" {
		t.Errorf("%v", list)
	}
	decide := fmt.Sprintf("/release-reviews/%d/decide", r.id("id"))
	yes := obj{"decision": "approved", "reason": "约定与到账相符，申请执行人同意"}
	other := x.w.staff("leader.two", model.RoleLeader)
	var wg sync.WaitGroup
	statuses := make([]int, 2)
	for i, c := range []*client{x.leader, other} {
		wg.Go(func() { statuses[i] = c.call(http.MethodPost, decide, yes).status })
	}
	wg.Wait()
	if slices.Sort(statuses); statuses[0] != http.StatusOK || statuses[1] != http.StatusConflict {
		t.Errorf("two leaders at once: %v", statuses)
	}
	if len(x.tasks(model.TaskReleaseDecide)) != 0 || x.told(x.debtor, model.NoticeReleaseDecided) != 1 || x.told(x.officer, model.NoticeReleaseAnswered) != 1 {
		t.Error("the decision was not told, or its task is open")
	}
	if v := x.last(x.debtor).list("reviews")[0]; v.str("state") != "approved" || v.str("reason") != "" {
		t.Errorf("the debtor sees %v", v)
	}
	x.pay(60000, "2026-03-06", 2)
	v := x.last(x.officer)
	if v.str("state") != "performed" || v.str("performed_on") != "2026-03-06" || v.num("open_fen") != 10000 || x.told(x.creditor, model.NoticeSettlementPerformed) != 1 {
		t.Errorf("%v", v)
	}
	if list := x.tasks(model.TaskCheckFull); len(list) != 1 {
		t.Errorf("nobody is asked to close the case: %v", list)
	}
	x.officer.refused(http.StatusConflict, "settlement.performed", http.MethodPost, fmt.Sprintf("/settlements/%d/resume", st.id("id")), obj{"ground": "defect", "reason": "反悔"})
}

// A settlement changed while the leader reviews a release, and one that is
// broken: enforcement is resumed and the paid part deducted.
func TestASettlementChangesAndBreaks(t *testing.T) {
	t.Parallel()
	x := enforcing(t)
	first := x.settle(0, "2026-02-25", part(100000, "2026-03-31"))
	in := obj{"subject": "全部措施", "reason": "申请执行人同意", "creditor_asked_on": "2026-03-01"}
	propose := func(st obj) obj {
		return x.officer.must(http.StatusCreated, http.MethodPost, fmt.Sprintf("/settlements/%d/release-reviews", st.id("id")), in)
	}
	decide := func(r obj) string { return fmt.Sprintf("/release-reviews/%d/decide", r.id("id")) }
	no := obj{"decision": "refused", "reason": "尚未到账"}
	r := propose(first)
	second := x.settle(first.id("id"), "2026-03-02", part(40000, "2026-03-03"), part(60000, "2026-04-30"))
	x.leader.refused(http.StatusConflict, "release.settlement_changed", http.MethodPost, decide(r), no)
	list := x.officer.must(http.StatusOK, http.MethodGet, fmt.Sprintf("/cases/%d/settlements", x.f.id), nil).list("settlements")
	if len(list) != 2 || list[0].str("state") != "replaced" || list[1].num("edition") != 2 {
		t.Fatalf("%v", list)
	}
	again := propose(second)
	x.leader.refused(http.StatusConflict, "release.decided", http.MethodPost, decide(r), no) // superseded
	x.pay(10000, "2026-03-02", 3)
	x.w.clock.Set(at(3, 4, 9))
	x.pass(x.officer, x.leader, x.debtor, x.creditor)
	x.leader.refused(http.StatusConflict, "release.breached", http.MethodPost, decide(again), obj{"decision": "approved", "reason": "同意"})
	// Since it saw no shortfall, it may be proposed anew with the true figures.
	r = propose(second)
	if r.num("shortfall_fen") != 30000 {
		t.Errorf("%v", r)
	}
	refused := x.leader.must(http.StatusOK, http.MethodPost, decide(r), no)
	if refused.str("state") != "refused" || x.leader.must(http.StatusOK, http.MethodPost, decide(r), no).str("state") != "refused" {
		t.Errorf("%v", refused)
	}
	propose(second)
	resume := fmt.Sprintf("/settlements/%d/resume", second.id("id"))
	why := obj{"ground": "not_performed", "reason": "第一期逾期，申请执行人书面申请恢复执行"}
	v := x.officer.must(http.StatusOK, http.MethodPost, resume, why)
	if v.str("state") != "resumed" || v.num("arrived_fen") != 10000 || v.num("open_fen") != 90000 || len(v.list("reviews")) != 3 {
		t.Errorf("%v", v)
	}
	if x.officer.must(http.StatusOK, http.MethodPost, resume, why).str("state") != "resumed" || x.told(x.debtor, model.NoticeSettlementResumed) != 1 {
		t.Error("resumed twice")
	}
	if len(x.tasks(model.TaskBreach))+len(x.tasks(model.TaskReleaseDecide)) != 0 {
		t.Error("tasks of the settlement are still open")
	}
	x.officer.refused(http.StatusConflict, "settlement.not_in_force", http.MethodPost, resume, obj{"ground": "defect", "reason": "再次"})
	x.officer.refused(http.StatusConflict, "settlement.not_in_force", http.MethodPost, fmt.Sprintf("/settlements/%d/release-reviews", second.id("id")), in)
	third := x.settle(0, "2026-03-04", part(90000, "2026-04-30"))
	if third.num("edition") != 3 || third.num("arrived_fen") != 0 {
		t.Errorf("%v", third)
	}
}

func TestSettlementsThatAreRefused(t *testing.T) {
	t.Parallel()
	x := enforcing(t)
	st := x.settle(0, "2026-03-01", part(100000, "2026-03-31"))
	both := x.w.staff("both", model.RoleOfficer, model.RoleLeader)
	stranger, other := x.w.phone(""), x.w.staff("other", model.RoleOfficer)
	with := func(k string, v any) obj {
		o := settlementOf(st.id("id"), "2026-03-01", part(100000, "2026-03-31"))
		o[k] = v
		return o
	}
	path := fmt.Sprintf("/settlements/%d/", st.id("id"))
	ask := obj{"subject": "全部措施", "reason": "同意", "creditor_asked_on": "2026-03-01"}
	and := func(k string, v any) obj {
		o := obj{"subject": "全部措施", "reason": "同意", "creditor_asked_on": "2026-03-01"}
		o[k] = v
		return o
	}
	refusedAll(t, []mistake{
		{other, gone, "enforcement.not_found", post, x.path, with("text", "别人的案件"), ""},
		{x.officer, bad, "settlement.form", post, x.path, with("form", "x"), "form"},
		{x.officer, bad, "settlement.signed_on", post, x.path, with("signed_on", "2026-03-09"), "signed_on"},
		{x.officer, bad, "settlement.text", post, x.path, with("text", " "), "text"},
		{x.officer, bad, "settlement.parties", post, x.path, with("party_ids", []int64{x.f.debtor}), "party_ids"},
		{x.officer, bad, "settlement.parts", post, x.path, with("parts", []obj{part(1, "2026-02-28")}), "parts"},
		{x.officer, bad, "settlement.parts", post, x.path, with("parts", []obj{}), "parts"},
		{x.officer, http.StatusConflict, "settlement.changed", post, x.path, with("replaces", 0), ""},
		{stranger, gone, "enforcement.not_found", get, x.path, nil, ""},
		{stranger, gone, "case.not_found", get, fmt.Sprintf("/cases/%d/settlements", x.f.id), nil, ""},
		{other, gone, "settlement.not_found", post, path + "resume", obj{"ground": "defect", "reason": "别人的案件"}, ""},
		{x.officer, bad, "reason.required", post, path + "resume", obj{"ground": "defect", "reason": ""}, "reason"},
		{x.officer, bad, "settlement.ground", post, path + "resume", obj{"ground": "x", "reason": "理由"}, "ground"},
		{x.officer, http.StatusConflict, "settlement.not_late", post, path + "resume", obj{"ground": "not_performed", "reason": "理由"}, ""},
		{other, gone, "settlement.not_found", post, path + "release-reviews", ask, ""},
		{x.officer, bad, "release.subject", post, path + "release-reviews", and("subject", ""), "subject"},
		{x.officer, bad, "reason.required", post, path + "release-reviews", and("reason", ""), "reason"},
		{x.officer, bad, "release.asked_on", post, path + "release-reviews", and("creditor_asked_on", "2026-03-09"), "creditor_asked_on"},
		{x.officer, bad, "release.measures", post, path + "release-reviews", and("measure_ids", []int64{-1}), "measure_ids"},
		{x.officer, http.StatusConflict, "release.not_asked", post, path + "release-reviews", and("creditor_asked_on", ""), ""},
	})
	r := x.officer.must(http.StatusCreated, post, path+"release-reviews", ask)
	decide := fmt.Sprintf("/release-reviews/%d/decide", r.id("id"))
	elsewhere := x.w.staffOf(x.w.addCourt("浙0212", "宁波市另一区人民法院", "另法"), "far", model.RoleLeader)
	refusedAll(t, []mistake{
		{x.officer, http.StatusConflict, "release.open", post, path + "release-reviews", ask, ""},
		{elsewhere, gone, "release.not_found", post, decide, obj{"decision": "approved", "reason": "同意"}, ""},
		{x.leader, bad, "release.decision", post, decide, obj{"decision": "x", "reason": "同意"}, "decision"},
		{x.leader, bad, "reason.required", post, decide, obj{"decision": "approved", "reason": " "}, "reason"},
	})
	// Nobody decides what he proposed himself, and a closed case takes no settlement.
	if err := x.w.svc.Enforcement.HandOver(context.Background(), model.Actor{UserID: x.leader.userID, CourtID: x.w.court.ID, Roles: []model.Role{model.RoleLeader}},
		x.id, 2, "both", "工作调整"); err != nil {
		t.Fatal(err)
	}
	if list := x.tasks(model.TaskReleaseDecide); len(list) != 1 || list[0].OwnerID != 0 {
		t.Errorf("the leaders' task moved with the case: %v", list)
	}
	x.leader.must(http.StatusOK, post, decide, obj{"decision": "refused", "reason": "尚未到账"})
	own := both.must(http.StatusCreated, post, path+"release-reviews", ask)
	both.refused(http.StatusConflict, "release.self", post, fmt.Sprintf("/release-reviews/%d/decide", own.id("id")), obj{"decision": "approved", "reason": "同意"})
	e, err := x.w.db.EnforcementsOf(context.Background(), x.f.id)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := x.w.svc.Enforcement.Close(context.Background(), model.Actor{UserID: both.userID, CourtID: x.w.court.ID, Roles: []model.Role{model.RoleOfficer}},
		x.id, e[0].Version, model.CloseEnded, model.NewDate(2026, 3, 2), "申请执行人撤回申请"); err != nil {
		t.Fatal(err)
	}
	both.refused(http.StatusConflict, "enforcement.closed", post, x.path, with("text", "结案后"))
}
