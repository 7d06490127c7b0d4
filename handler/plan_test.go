package handler_test

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"microcourt/handler/handlertest"
	"microcourt/model"
	"microcourt/service/servicetest"
)

// planForm is the desk's form for an agreement on the instalments of a case.
func planForm(f handlertest.Filed, parts string) url.Values {
	form := url.Values{"key": {servicetest.FreshKey()}, "signed_on": {"2026-03-01"}, "text": {"双方同意变更付款期限"}, "parts": {parts}, "interest_too": {"1"}}
	for _, id := range f.Installments {
		form.Add("installments", fmt.Sprint(id))
	}
	return form
}

// A judge records another plan at the desk; both sides read what it brings and agree
// on their phones; it stands in front of the instalments, and is kept.
func TestAgreeingOnAnotherPlan(t *testing.T) {
	t.Parallel()
	w := handlertest.New(t)
	judge, clerk := w.Staff("zhang.min", model.RoleJudge), w.Staff("wan.tt", model.RoleClerk)
	f := w.File(clerk)
	creditor, debtor, agent := w.Phone(""), w.Phone(""), w.Phone("")
	creditor.Bind(clerk, f.ID, f.Creditor)
	debtor.Bind(clerk, f.ID, f.Debtor)
	code, err := w.Svc.Identity.IssueBindingCode(t.Context(), clerk.Actor(), f.ID, f.Creditor, model.CapacityAgent, "一般授权")
	if err != nil {
		t.Fatal(err)
	}
	agent.Must(http.StatusCreated, handlertest.Post, "/bindings/code", handlertest.Obj{"code": code.Code})
	tab, address := fmt.Sprintf("/cases/%d?tab=plan", f.ID), fmt.Sprintf("/cases/%d/plans", f.ID)
	form := planForm(f, "300.00 2026-06-30\n400.00 2026-09-30")
	wrong := url.Values{}
	for k, v := range form {
		wrong[k] = v
	}
	wrong.Set("key", servicetest.FreshKey())
	wrong.Set("parts", "三百元")
	if status, page := judge.Posts(address, wrong); status != http.StatusBadRequest || !strings.Contains(page, "第 1 行应为") || !strings.Contains(page, "双方同意变更付款期限") {
		t.Errorf("a part that cannot be read: %d", status)
	}
	delete(wrong, "installments")
	wrong.Set("parts", "300.00 2026-06-30")
	if status, page := judge.Posts(address, wrong); status != http.StatusBadRequest || !strings.Contains(page, "请选择协议所涉及的义务或者期次") {
		t.Errorf("without instalments: %d", status)
	}
	for range 2 { // the answer got lost
		if status, _ := judge.Posts(address, form); status != http.StatusSeeOther {
			t.Fatal(status)
		}
	}
	if page := judge.Reads(tab); strings.Count(page, "第 1 版") != 1 || strings.Contains(page, "第 2 版") || !strings.Contains(page, "免除本金 300.00 元") || !strings.Contains(page, "尚未答复") {
		t.Error("the tab does not show the agreement and what it brings")
	}
	plans := debtor.Must(200, handlertest.Get, address, nil).List("plans")
	if len(plans) != 1 || plans[0].Str("state") != "proposed" || plans[0].ID("forgives_fen") != 30_000 || !strings.Contains(plans[0].Str("consequences"), "申请强制执行") {
		t.Fatalf("%v", plans)
	}
	answer := fmt.Sprintf("/plans/%d/answer", plans[0].ID("id"))
	yes, no := handlertest.Obj{"agrees": true}, handlertest.Obj{"agrees": false, "reason": "反悔"}
	refusedAll(t, []mistake{
		{w.Phone(""), http.StatusNotFound, "case.not_found", handlertest.Get, address, nil, ""},
		{w.Phone(""), http.StatusNotFound, "plan.not_found", handlertest.Post, answer, yes, ""},
		{agent, http.StatusBadRequest, "debt.authority", handlertest.Post, answer, yes, "obligation_id"},
	})
	creditor.Must(200, handlertest.Post, answer, yes)
	creditor.Refused(http.StatusConflict, "plan.answered", handlertest.Post, answer, no)
	if v := debtor.Must(200, handlertest.Post, answer, yes); v.Str("state") != "in_force" || v.Str("next_due_on") != "2026-06-30" || v.ID("open_fen") != 100_000 {
		t.Errorf("%v", v)
	}
	seen := debtor.Must(200, handlertest.Get, fmt.Sprintf("/cases/%d", f.ID), nil)
	one := seen.List("instruments")[0].List("obligations")[0].List("installments")[0]
	if seen.Str("next_due_on") != "2026-06-30" || one.Str("plan_due_on") != "2026-06-30" || one.Str("due_on") != "2026-03-31" || one.ID("plan_due_fen") != 30_000 {
		t.Errorf("%v, %v", seen.Str("next_due_on"), one)
	}
	if page := judge.Reads(fmt.Sprintf("/cases/%d", f.ID)); !strings.Contains(page, "依和解协议：2026-06-30") {
		t.Error("the case's page does not show the agreed day")
	}
	judge.Confirm(debtor.Submit(f, 70_000, 2701), 70_000)
	seen = debtor.Must(200, handlertest.Get, fmt.Sprintf("/cases/%d/ledger", f.ID), nil)
	if seen.ID("outstanding_fen") != 0 || seen.ID("forgiven_fen") != 30_000 || seen.Str("performance") != "fulfilled" {
		t.Errorf("%v", seen)
	}
	for _, e := range seen.List("declared") {
		if e.Str("kind") == "forgive" {
			debtor.Refused(http.StatusConflict, "debt.refuse_agreed", handlertest.Post, fmt.Sprintf("/cases/%d/forgiveness-refusals", f.ID), handlertest.Obj{"entry_id": e.ID("id")})
		}
	}
	if page := judge.Reads(tab); !strings.Contains(page, "已履行完毕") {
		t.Error("the tab does not say that it is kept")
	}
	judge.Issues(f)
}

// What is not agreed: one side refuses on paper, one is withdrawn, another is overtaken
// by payment or by enforcement before the last answer.
func TestPlansThatDoNotTakeEffect(t *testing.T) {
	t.Parallel()
	w := handlertest.New(t)
	judge, clerk := w.Staff("zhang.min", model.RoleJudge), w.Staff("wan.tt", model.RoleClerk)
	w.Staff("wu.zx", model.RoleOfficer)
	propose := func() (f handlertest.Filed, creditor, debtor *handlertest.Client, id int64) {
		t.Helper()
		f, creditor, debtor = w.File(clerk), w.Phone(""), w.Phone("")
		creditor.Bind(clerk, f.ID, f.Creditor)
		debtor.Bind(clerk, f.ID, f.Debtor)
		if status, _ := judge.Posts(fmt.Sprintf("/cases/%d/plans", f.ID), planForm(f, "1000.00 2026-09-30")); status != http.StatusSeeOther {
			t.Fatal(status)
		}
		return f, creditor, debtor, creditor.Must(200, handlertest.Get, fmt.Sprintf("/cases/%d/plans", f.ID), nil).List("plans")[0].ID("id")
	}
	yes := handlertest.Obj{"agrees": true}
	f, _, debtor, id := propose()
	paper := url.Values{"plan": {fmt.Sprint(id)}, "party": {fmt.Sprint(f.Creditor)}, "agrees": {"0"}, "paper": {""}}
	if status, page := judge.Posts(fmt.Sprintf("/cases/%d/plan-answers", f.ID), paper); status != http.StatusBadRequest || !strings.Contains(page, "请写明该当事人签名的书面材料") {
		t.Errorf("without a paper: %d", status)
	}
	paper.Set("paper", "权利人3月2日书面意见")
	for range 2 {
		if status, _ := judge.Posts(fmt.Sprintf("/cases/%d/plan-answers", f.ID), paper); status != http.StatusSeeOther {
			t.Error(status)
		}
	}
	debtor.Refused(http.StatusConflict, "plan.decided", handlertest.Post, fmt.Sprintf("/plans/%d/answer", id), yes)
	if page := judge.Reads(fmt.Sprintf("/cases/%d?tab=plan", f.ID)); !strings.Contains(page, "一方不同意") {
		t.Error("the tab does not say that it is refused")
	}
	var creditor *handlertest.Client
	f, creditor, _, id = propose()
	withdrawal := url.Values{"plan": {fmt.Sprint(id)}, "reason": {"录入有误"}}
	for range 2 {
		if status, _ := judge.Posts(fmt.Sprintf("/cases/%d/plan-withdrawals", f.ID), withdrawal); status != http.StatusSeeOther {
			t.Error(status)
		}
	}
	creditor.Refused(http.StatusConflict, "plan.decided", handlertest.Post, fmt.Sprintf("/plans/%d/answer", id), yes)
	f, creditor, debtor, id = propose()
	creditor.Must(200, handlertest.Post, fmt.Sprintf("/plans/%d/answer", id), yes)
	judge.Confirm(debtor.Submit(f, 60_000, 2711), 60_000)
	debtor.Refused(http.StatusBadRequest, "plan.covers", handlertest.Post, fmt.Sprintf("/plans/%d/answer", id), yes)
	f, creditor, debtor, id = propose()
	debtor.Must(200, handlertest.Post, fmt.Sprintf("/plans/%d/answer", id), yes)
	w.Enforce(clerk, f, "wu.zx")
	creditor.Refused(http.StatusBadRequest, "plan.enforced", handlertest.Post, fmt.Sprintf("/plans/%d/answer", id), yes)
}
