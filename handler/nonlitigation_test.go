package handler_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"microcourt/handler/handlertest"

	"microcourt/model"
)

func decisionInput(change handlertest.Obj) handlertest.Obj {
	in := handlertest.Obj{
		"decision_no": "甬镇市监处罚〔2025〕66号", "made_on": "2025-03-10", "served_on": "2025-03-12", "basis": "direct", "agency_demand_on": "2025-09-22",
		"applied_on": "2025-11-03", "accepted_on": "2025-11-06", "ruled_on": "2025-11-14", "fine_fen": 3000000, "surcharge_fen": 3000000, "pay_by": "2025-03-27",
	}
	for k, v := range change {
		in[k] = v
	}
	return in
}

// An agency's application is checked with its reasoning; a correction is a new
// entry; an agreement takes off the surcharge, never the fine.
func TestAgencyApplications(t *testing.T) {
	t.Parallel()
	w := handlertest.New(t)
	judge, clerk, system := w.Staff("zhang.min", model.RoleJudge), w.Staff("wan.tt", model.RoleClerk), w.CaseSystem()
	f := w.FileSurcharge(clerk, 3000000, 3000000)
	path := fmt.Sprintf("/cases/%d/administrative-decision", f.ID)
	if v := judge.Must(http.StatusOK, handlertest.Get, path, nil); v["entered"] != false || len(v.List("findings")) != 0 {
		t.Fatal(v)
	}
	a := clerk.CallKey(handlertest.Post, path, decisionInput(nil), "decision-key-1")
	b := clerk.CallKey(handlertest.Post, path, decisionInput(nil), "decision-key-1")
	if a.Status != http.StatusCreated || b.Status != http.StatusCreated || b.Json.Num("seq") != 1 {
		t.Fatalf("%s %s", a.Body, b.Body)
	}
	findings := func() map[string]handlertest.Obj {
		out := map[string]handlertest.Obj{}
		for _, x := range judge.Must(http.StatusOK, handlertest.Get, path+"?until=2025-04-30", nil).List("findings") {
			out[x.Str("key")] = x
		}
		return out
	}
	got := findings()
	for key, due := range map[string]string{
		"suing": "2025-09-12", "agency_demand": "2025-10-11", "application": "2025-12-12", "acceptance": "2025-11-10", "ruling": "2025-11-17",
	} {
		if x := got[key]; x.Str("state") != "met" || x.Str("due_on") != due || x.Str("citation") == "" {
			t.Errorf("%s: %v, want %s", key, x, due)
		}
	}
	if x := got["surcharge"]; x.Str("state") != "met" {
		t.Error(x)
	}
	l := judge.Must(http.StatusOK, handlertest.Get, path+"?until=2025-04-29", nil).Obj("late_fine")
	if l.Num("amount_fen") != 2970000 || l["capped"] != false || l.Str("cap_on") != "2025-04-30" || !strings.Contains(l.Str("reason"), "33 日") {
		t.Error(l)
	}
	if l = judge.Must(http.StatusOK, handlertest.Get, path, nil).Obj("late_fine"); l.Num("amount_fen") != 3000000 || l["capped"] != true {
		t.Error(l)
	}
	// A correction keeps what it corrects.
	clerk.Refused(handlertest.Bad, "reason.required", handlertest.Post, path, decisionInput(handlertest.Obj{"applied_on": "2025-12-15", "accepted_on": "2025-12-16", "ruled_on": "2025-12-18"}))
	clerk.Must(http.StatusCreated, handlertest.Post, path, decisionInput(handlertest.Obj{"applied_on": "2025-12-15", "accepted_on": "2025-12-16", "ruled_on": "2025-12-18", "reason": "申请日期登记有误"}))
	v := judge.Must(http.StatusOK, handlertest.Get, path, nil)
	if list := v.List("decisions"); len(list) != 2 || list[0].Num("seq") != 2 || list[1].Str("applied_on") != "2025-11-03" {
		t.Error(list)
	}
	if x := findings()["application"]; x.Str("state") != "unmet" || !strings.Contains(x.Str("text"), "除有正当理由外不予受理") {
		t.Error(x)
	}

	// The agreement.
	reduce := fmt.Sprintf("/cases/%d/surcharge-reductions", f.ID)
	agreement := func(ob, fen int64, seed int) handlertest.Obj {
		return handlertest.Obj{
			"obligation_id": ob, "amount_fen": fen, "agreed_on": "2026-02-27", "remedied": true, "remedy": "已停止违法经营并补办许可", "reason": "不损害公共利益和他人合法权益",
			"file_id": judge.Uploaded(f.ID, seed),
		}
	}
	judge.Refused(handlertest.Bad, "reduction.principal", handlertest.Post, reduce, agreement(f.Principal, 100, 51))
	judge.Refused(handlertest.Bad, "reduction.over_open", handlertest.Post, reduce, agreement(f.Surcharge, 3000001, 52))
	first := agreement(f.Surcharge, 2000000, 53)
	x, y := judge.CallKey(handlertest.Post, reduce, first, "reduction-key-1"), judge.CallKey(handlertest.Post, reduce, first, "reduction-key-1")
	if x.Status != http.StatusCreated || x.Json.Num("before_fen") != 3000000 || y.Json.ID("id") != x.Json.ID("id") {
		t.Fatalf("%s %s", x.Body, y.Body)
	}
	owed := func() (principal, surcharge, reduced float64) {
		for _, ob := range clerk.Must(http.StatusOK, handlertest.Get, fmt.Sprintf("/cases/%d", f.ID), nil).List("instruments")[0].List("obligations") {
			if ob.ID("id") == f.Surcharge {
				surcharge, reduced = ob.Num("outstanding_fen"), ob.Num("reduced_fen")
			} else {
				principal = ob.Num("outstanding_fen")
			}
		}
		return principal, surcharge, reduced
	}
	if p, s, r := owed(); p != 3000000 || s != 1000000 || r != 2000000 {
		t.Errorf("owed %v, surcharge %v, reduced by %v", p, s, r)
	}
	// The case system, which knows nothing of it, does not bring it back.
	no := judge.Must(http.StatusOK, handlertest.Get, path, nil).Str("case_no")
	push := handlertest.SurchargeInput(3000000, 3000000)
	push["case_no"], push["version"], push["cause"] = no, 7, "市场监管行政处罚（更名）"
	push["instruments"].([]handlertest.Obj)[0]["number"] = no
	system.Must(http.StatusOK, handlertest.Put, "/case-system/cases/"+no, push)
	if _, s, r := owed(); s != 1000000 || r != 2000000 {
		t.Errorf("after a push the surcharge is %v, reduced by %v", s, r)
	}
	// The rest goes too: nothing of the surcharge is left, the fine still is.
	judge.Must(http.StatusCreated, handlertest.Post, reduce, agreement(f.Surcharge, 1000000, 54))
	if p, s, _ := owed(); p != 3000000 || s != 0 {
		t.Errorf("owed %v, surcharge %v", p, s)
	}
	phone := w.Phone("")
	phone.Bind(clerk, f.ID, f.Debtor)
	r := phone.Must(http.StatusCreated, handlertest.Post, fmt.Sprintf("/cases/%d/receipts", f.ID), handlertest.Claim(3000000, phone.Uploaded(f.ID, 55)))
	phone.Refused(handlertest.Bad, "amount.over_debt", handlertest.Post, fmt.Sprintf("/cases/%d/receipts", f.ID), handlertest.Claim(3000001, phone.Uploaded(f.ID, 56)))
	judge.Confirm(r, 3000000)
	if cs := judge.Must(http.StatusOK, handlertest.Get, fmt.Sprintf("/cases/%d", f.ID), nil); cs.Str("performance") != "fulfilled" {
		t.Error(cs.Str("performance"))
	}
	if list := judge.Must(http.StatusOK, handlertest.Get, path, nil).List("reductions"); len(list) != 2 || list[1].Num("before_fen") != 1000000 {
		t.Error(list)
	}
	clerk.Refused(handlertest.Bad, "category.reduced", handlertest.Post, fmt.Sprintf("/cases/%d/categories", f.ID), handlertest.Obj{"obligation_id": f.Surcharge, "category": "principal", "reason": "决定书"})
}

func TestAgencyApplicationsRefuse(t *testing.T) {
	t.Parallel()
	w := handlertest.New(t)
	judge, clerk, other := w.Staff("zhang.min", model.RoleJudge), w.Staff("wan.tt", model.RoleClerk), w.Staff("ji.wei", model.RoleJudge)
	f, civil := w.FileSurcharge(clerk, 30000, 30000), w.File(clerk)
	decision, reduce := fmt.Sprintf("/cases/%d/administrative-decision", f.ID), fmt.Sprintf("/cases/%d/surcharge-reductions", f.ID)
	one := func(k string, v any) handlertest.Obj { return decisionInput(handlertest.Obj{k: v}) }
	file := judge.Uploaded(f.ID, 61)
	cut := func(k string, v any) handlertest.Obj {
		o := handlertest.Obj{"obligation_id": f.Surcharge, "amount_fen": 100, "agreed_on": "2026-02-27", "remedied": true, "remedy": "已补办许可", "reason": "不损害公共利益", "file_id": file}
		o[k] = v
		return o
	}
	long := strings.Repeat("长", 501)
	refusedAll(t, []mistake{
		{judge, handlertest.Gone, "case.not_found", handlertest.Get, "/cases/999999/administrative-decision", nil, ""},
		{judge, http.StatusConflict, "decision.not_nonlitigation", handlertest.Get, fmt.Sprintf("/cases/%d/administrative-decision", civil.ID), nil, ""},
		{judge, handlertest.Bad, "date.format", handlertest.Get, decision + "?until=2026-02-30", nil, ""},
		{clerk, handlertest.Gone, "case.not_found", handlertest.Post, "/cases/999999/administrative-decision", decisionInput(nil), ""},
		{clerk, http.StatusConflict, "decision.not_nonlitigation", handlertest.Post, fmt.Sprintf("/cases/%d/administrative-decision", civil.ID), decisionInput(nil), ""},
		{clerk, handlertest.Bad, "date.future", handlertest.Post, decision, one("ruled_on", "2026-03-03"), "ruled_on"},
		{clerk, handlertest.Bad, "decision.days", handlertest.Post, decision, one("served_on", "2025-03-01"), "served_on"},
		{clerk, handlertest.Bad, "decision.basis", handlertest.Post, decision, one("basis", "guess"), "basis"},
		{clerk, handlertest.Bad, "decision.special", handlertest.Post, decision, one("basis", "special"), "special_days"},
		{clerk, handlertest.Bad, "field.required", handlertest.Post, decision, one("decision_no", " "), "decision_no"},
		{clerk, handlertest.Bad, "amount.format", handlertest.Post, decision, one("fine_fen", -1), "fine_fen"},
		{clerk, handlertest.Bad, "surcharge.over_cap", handlertest.Post, decision, one("surcharge_fen", 3000001), "surcharge_fen"},
		{clerk, handlertest.Bad, "field.too_long", handlertest.Post, decision, one("late_ground", long), "reason"},
		{judge, handlertest.Gone, "case.not_found", handlertest.Post, "/cases/999999/surcharge-reductions", cut("amount_fen", 1), ""},
		{other, handlertest.Gone, "case.not_found", handlertest.Post, reduce, cut("amount_fen", 1), ""},
		{judge, http.StatusConflict, "decision.not_nonlitigation", handlertest.Post, fmt.Sprintf("/cases/%d/surcharge-reductions", civil.ID), cut("amount_fen", 1), ""},
		{judge, handlertest.Gone, "obligation.not_found", handlertest.Post, reduce, cut("obligation_id", 999999), ""},
		{judge, handlertest.Bad, "reduction.principal", handlertest.Post, reduce, cut("obligation_id", f.Principal), "obligation_id"},
		{judge, handlertest.Bad, "reduction.remedy", handlertest.Post, reduce, cut("remedied", false), "remedy"},
		{judge, handlertest.Bad, "reduction.over_open", handlertest.Post, reduce, cut("amount_fen", 30001), "amount_fen"},
		{judge, handlertest.Bad, "reduction.agreed_on", handlertest.Post, reduce, cut("agreed_on", "2026-03-03"), "agreed_on"},
		{judge, handlertest.Bad, "amount.positive", handlertest.Post, reduce, cut("amount_fen", 0), "amount_fen"},
		{judge, handlertest.Bad, "reason.required", handlertest.Post, reduce, cut("reason", " "), "reason"},
		{judge, handlertest.Bad, "field.too_long", handlertest.Post, reduce, cut("reason", long), "reason"},
		{judge, handlertest.Bad, "file.missing", handlertest.Post, reduce, cut("file_id", 0), "file_id"},
		{judge, handlertest.Bad, "file.unknown", handlertest.Post, reduce, cut("file_id", 999999), "file_id"},
	})
	clerk.Must(http.StatusCreated, handlertest.Post, decision, decisionInput(nil))
	refusedAll(t, []mistake{{clerk, handlertest.Bad, "reason.required", handlertest.Post, decision, decisionInput(nil), "reason"}})
}
