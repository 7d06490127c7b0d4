package handler_test

import (
	"fmt"
	"net/http"
	"slices"
	"sync"
	"testing"

	"microcourt/handler/handlertest"

	"microcourt/model"
	"microcourt/storage"
)

// A debtor asks for credit repair from his phone, the officer goes through the
// checklist, the leader decides once, the debtor is told.
func TestCreditRepair(t *testing.T) {
	t.Parallel()
	x := enforcing(t)
	path := fmt.Sprintf("/cases/%d/repair-applications", x.f.ID)
	in := handlertest.Obj{"party_id": x.f.Debtor, "reason": "已与对方达成和解，投标需要"}
	key := handlertest.FreshKey()
	a := x.debtor.CallKey(handlertest.Post, path, in, key).Json
	if again := x.debtor.CallKey(handlertest.Post, path, in, key).Json; again.ID("id") != a.ID("id") || len(a.List("criteria")) != 5 || a.Str("due_on") != "2026-03-16" {
		t.Fatalf("%v, repeated: %v", a, again)
	}
	decide := fmt.Sprintf("/repair-applications/%d/decide", a.ID("id"))
	stranger, other := x.w.Phone(""), x.w.Staff("other", model.RoleOfficer)
	elsewhere := x.w.StaffOf(x.w.AddCourt("浙0212", "宁波市另一区人民法院", "另法"), "far", model.RoleLeader)
	refusedAll(t, []mistake{
		{stranger, handlertest.Gone, "case.not_found", handlertest.Post, path, in, ""},
		{stranger, handlertest.Gone, "case.not_found", handlertest.Get, path, nil, ""},
		{other, handlertest.Gone, "case.not_found", handlertest.Post, path, in, ""},
		{x.creditor, handlertest.Bad, "repair.party", handlertest.Post, path, in, "party_id"},
		{x.creditor, http.StatusConflict, "repair.not_enforced", handlertest.Post, path, handlertest.Obj{"party_id": x.f.Creditor, "reason": "试试"}, ""},
		{x.debtor, handlertest.Bad, "reason.required", handlertest.Post, path, handlertest.Obj{"party_id": x.f.Debtor, "reason": ""}, "reason"},
		{x.debtor, http.StatusConflict, "repair.open", handlertest.Post, path, in, ""},
		{x.officer, http.StatusConflict, "repair.open", handlertest.Post, path, in, ""},
		{elsewhere, handlertest.Gone, "repair.not_found", handlertest.Post, decide, handlertest.Obj{"decision": "masked", "reason": "别的法院"}, ""},
		{x.leader, handlertest.Bad, "repair.decision", handlertest.Post, decide, handlertest.Obj{"decision": "x", "reason": "同意"}, "decision"},
		{x.leader, handlertest.Bad, "reason.required", handlertest.Post, decide, handlertest.Obj{"decision": "masked", "reason": ""}, "reason"},
		{x.leader, handlertest.Bad, "repair.until", handlertest.Post, decide, handlertest.Obj{"decision": "suspended", "reason": "同意"}, "until"},
		{x.leader, http.StatusConflict, "repair.unchecked", handlertest.Post, decide, handlertest.Obj{"decision": "masked", "reason": "同意"}, ""},
	})
	if len(x.tasks(model.TaskRepairCheck)) != 1 || len(x.tasks(model.TaskRepairDecide)) != 1 || x.told(x.officer, model.NoticeRepairApplied) != 1 {
		t.Error("the officer and the leader have no task")
	}
	if list := x.leader.Must(http.StatusOK, handlertest.Get, "/repair-applications?state=open", nil).List("applications"); len(list) != 1 || list[0].Str("name") != "甬兴建材有限公司" {
		t.Errorf("%v", list)
	}
	tick := func(code string, met bool) {
		x.officer.Does(handlertest.CheckRepair, a.ID("id"), handlertest.Obj{"code": code, "met": met, "note": "已核查"})
	}
	for _, c := range a.List("criteria") {
		tick(c.Str("code"), c.Str("code") != "reported")
	}
	x.leader.Refused(http.StatusConflict, "repair.unmet", handlertest.Post, decide, handlertest.Obj{"decision": "masked", "reason": "同意"})
	tick("reported", true) // corrected: the report was in another volume
	if len(x.tasks(model.TaskRepairCheck)) != 0 {
		t.Error("the officer's task is open")
	}
	yes := handlertest.Obj{"decision": "suspended", "until": "2026-06-30", "reason": "条件具备，有投标需要"}
	second := x.w.Staff("leader.two", model.RoleLeader)
	statuses := make([]int, 2)
	var wg sync.WaitGroup
	for i, c := range []*handlertest.Client{x.leader, second} {
		wg.Go(func() { statuses[i] = c.Call(handlertest.Post, decide, yes).Status })
	}
	wg.Wait()
	if slices.Sort(statuses); statuses[0] != http.StatusOK || statuses[1] != http.StatusConflict {
		t.Errorf("two leaders at once: %v", statuses)
	}
	refusedAll(t, []mistake{
		{x.leader, http.StatusConflict, "repair.decided", handlertest.Post, decide, handlertest.Obj{"decision": "refused", "reason": "反悔"}, ""},
	})
	if err := x.w.DB.Transact(t.Context(), func(tx *storage.DB) error { // who checked is made a leader
		return tx.GrantRole(t.Context(), &model.RoleGrant{UserID: x.officer.UserID, CourtID: x.w.Court.ID, Role: model.RoleLeader})
	}); err != nil {
		t.Fatal(err)
	}
	x.officer.Refused(http.StatusConflict, "repair.own", handlertest.Post, decide, handlertest.Obj{"decision": "masked", "reason": "我核查过"})
	mine := x.debtor.Must(http.StatusOK, handlertest.Get, path, nil).List("applications")
	if len(mine) != 1 || mine[0].Str("state") != "suspended" || mine[0].Str("until") != "2026-06-30" || mine[0].List("criteria")[0].Str("note") != "" {
		t.Errorf("the debtor sees %v", mine)
	}
	if len(x.creditor.Must(http.StatusOK, handlertest.Get, path, nil).List("applications")) != 0 || x.told(x.debtor, model.NoticeRepairDecided) != 1 || len(x.tasks(model.TaskRepairDecide)) != 0 {
		t.Error("the creditor sees it, the debtor was not told, or the task is open")
	}
	// Decided is not the end: a later application, recorded by the officer.
	later := x.officer.Must(http.StatusCreated, handlertest.Post, path, in)
	no := fmt.Sprintf("/repair-applications/%d/decide", later.ID("id"))
	if v := x.leader.Must(http.StatusOK, handlertest.Post, no, handlertest.Obj{"decision": "refused", "reason": "已暂缓，无需重复申请"}); v.Str("state") != "refused" || v["by_officer"] != true {
		t.Errorf("%v", v)
	}
}
