package handler_test

import (
	"fmt"
	"net/http"
	"slices"
	"sync"
	"testing"

	"microcourt/model"
	"microcourt/storage"
)

// A debtor asks for credit repair from his phone, the officer goes through the
// checklist, the leader decides once, the debtor is told.
func TestCreditRepair(t *testing.T) {
	t.Parallel()
	x := enforcing(t)
	path := fmt.Sprintf("/cases/%d/repair-applications", x.f.id)
	in := obj{"party_id": x.f.debtor, "reason": "已与对方达成和解，投标需要"}
	key := freshKey()
	a := x.debtor.callKey(post, path, in, key).json
	if again := x.debtor.callKey(post, path, in, key).json; again.id("id") != a.id("id") || len(a.list("criteria")) != 5 || a.str("due_on") != "2026-03-16" {
		t.Fatalf("%v, repeated: %v", a, again)
	}
	check, decide := fmt.Sprintf("/repair-applications/%d/check", a.id("id")), fmt.Sprintf("/repair-applications/%d/decide", a.id("id"))
	stranger, other := x.w.phone(""), x.w.staff("other", model.RoleOfficer)
	elsewhere := x.w.staffOf(x.w.addCourt("浙0212", "宁波市另一区人民法院", "另法"), "far", model.RoleLeader)
	refusedAll(t, []mistake{
		{stranger, gone, "case.not_found", post, path, in, ""},
		{stranger, gone, "case.not_found", get, path, nil, ""},
		{other, gone, "case.not_found", post, path, in, ""},
		{x.creditor, bad, "repair.party", post, path, in, "party_id"},
		{x.creditor, http.StatusConflict, "repair.not_enforced", post, path, obj{"party_id": x.f.creditor, "reason": "试试"}, ""},
		{x.debtor, bad, "reason.required", post, path, obj{"party_id": x.f.debtor, "reason": ""}, "reason"},
		{x.debtor, http.StatusConflict, "repair.open", post, path, in, ""},
		{x.officer, http.StatusConflict, "repair.open", post, path, in, ""},
		{other, gone, "repair.not_found", post, check, obj{"code": "reported", "met": true, "note": "别人的案件"}, ""},
		{x.officer, bad, "repair.code", post, check, obj{"code": "x", "met": true, "note": "没有这项"}, "code"},
		{x.officer, bad, "repair.note", post, check, obj{"code": "reported", "met": true, "note": ""}, "note"},
		{elsewhere, gone, "repair.not_found", post, decide, obj{"decision": "masked", "reason": "别的法院"}, ""},
		{x.leader, bad, "repair.decision", post, decide, obj{"decision": "x", "reason": "同意"}, "decision"},
		{x.leader, bad, "reason.required", post, decide, obj{"decision": "masked", "reason": ""}, "reason"},
		{x.leader, bad, "repair.until", post, decide, obj{"decision": "suspended", "reason": "同意"}, "until"},
		{x.leader, http.StatusConflict, "repair.unchecked", post, decide, obj{"decision": "masked", "reason": "同意"}, ""},
	})
	if len(x.tasks(model.TaskRepairCheck)) != 1 || len(x.tasks(model.TaskRepairDecide)) != 1 || x.told(x.officer, model.NoticeRepairApplied) != 1 {
		t.Error("the officer and the leader have no task")
	}
	if list := x.leader.must(http.StatusOK, get, "/repair-applications?state=open", nil).list("applications"); len(list) != 1 || list[0].str("name") != "甬兴建材有限公司" {
		t.Errorf("%v", list)
	}
	tick := func(code string, met bool) {
		x.officer.must(http.StatusOK, post, check, obj{"code": code, "met": met, "note": "已核查"})
	}
	for _, c := range a.list("criteria") {
		tick(c.str("code"), c.str("code") != "reported")
	}
	x.leader.refused(http.StatusConflict, "repair.unmet", post, decide, obj{"decision": "masked", "reason": "同意"})
	tick("reported", true) // corrected: the report was in another volume
	if len(x.tasks(model.TaskRepairCheck)) != 0 {
		t.Error("the officer's task is open")
	}
	yes := obj{"decision": "suspended", "until": "2026-06-30", "reason": "条件具备，有投标需要"}
	second := x.w.staff("leader.two", model.RoleLeader)
	statuses := make([]int, 2)
	var wg sync.WaitGroup
	for i, c := range []*client{x.leader, second} {
		wg.Go(func() { statuses[i] = c.call(post, decide, yes).status })
	}
	wg.Wait()
	if slices.Sort(statuses); statuses[0] != http.StatusOK || statuses[1] != http.StatusConflict {
		t.Errorf("two leaders at once: %v", statuses)
	}
	refusedAll(t, []mistake{
		{x.leader, http.StatusConflict, "repair.decided", post, decide, obj{"decision": "refused", "reason": "反悔"}, ""},
		{x.officer, http.StatusConflict, "repair.decided", post, check, obj{"code": "reported", "met": false, "note": "晚了"}, ""},
	})
	if err := x.w.db.Transact(t.Context(), func(tx *storage.DB) error { // who checked is made a leader
		return tx.GrantRole(t.Context(), &model.RoleGrant{UserID: x.officer.userID, CourtID: x.w.court.ID, Role: model.RoleLeader})
	}); err != nil {
		t.Fatal(err)
	}
	x.officer.refused(http.StatusConflict, "repair.own", post, decide, obj{"decision": "masked", "reason": "我核查过"})
	mine := x.debtor.must(http.StatusOK, get, path, nil).list("applications")
	if len(mine) != 1 || mine[0].str("state") != "suspended" || mine[0].str("until") != "2026-06-30" || mine[0].list("criteria")[0].str("note") != "" {
		t.Errorf("the debtor sees %v", mine)
	}
	if len(x.creditor.must(http.StatusOK, get, path, nil).list("applications")) != 0 || x.told(x.debtor, model.NoticeRepairDecided) != 1 || len(x.tasks(model.TaskRepairDecide)) != 0 {
		t.Error("the creditor sees it, the debtor was not told, or the task is open")
	}
	// Decided is not the end: a later application, recorded by the officer.
	later := x.officer.must(http.StatusCreated, post, path, in)
	no := fmt.Sprintf("/repair-applications/%d/decide", later.id("id"))
	if v := x.leader.must(http.StatusOK, post, no, obj{"decision": "refused", "reason": "已暂缓，无需重复申请"}); v.str("state") != "refused" || v["by_officer"] != true {
		t.Errorf("%v", v)
	}
}
