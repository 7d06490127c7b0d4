package handler_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"microcourt/model"
)

// surcharged is a 行政非诉 case: a fine and the fine added to it.
type surcharged struct {
	id, debtor, principal, surcharge int64
}

func surchargeInput(fine, surcharge int64) obj {
	in := caseInput()
	no := strings.Replace(in["case_no"].(string), "民初", "行审", 1)
	duty := func(ref, category string, fen int64) obj {
		return obj{"ref": ref, "kind": "money", "obligors": []string{"D1"}, "obligee": "C1", "amount_fen": fen, "due_on": "2026-03-31", "category": category}
	}
	in["case_no"], in["cause"] = no, "市场监管行政处罚"
	in["parties"] = []obj{
		{"ref": "C1", "role": "applicant", "kind": "organisation", "name": "宁波市镇海区市场监督管理局"},
		{"ref": "D1", "role": "respondent", "kind": "organisation", "name": "甬兴建材有限公司", "id_number": "91350100M000100Y43", "phone": "13900139000"},
	}
	in["instruments"] = []obj{{
		"ref": "I1", "kind": "ruling", "number": no, "effective_on": "2026-02-10", "summary": "准予强制执行罚款及加处罚款",
		"obligations": []obj{duty("O1", "principal", fine), duty("O2", "surcharge", surcharge)},
	}}
	return in
}

func (w *world) fileSurcharge(clerk *client, fine, surcharge int64) surcharged {
	w.t.Helper()
	c := w.fileCriminal(clerk, surchargeInput(fine, surcharge))
	return surcharged{id: c.id, debtor: c.convict, principal: c.obligation["principal"], surcharge: c.obligation["surcharge"]}
}

func decisionInput(change obj) obj {
	in := obj{
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
	w := newWorld(t)
	judge, clerk, system := w.staff("zhang.min", model.RoleJudge), w.staff("wan.tt", model.RoleClerk), w.caseSystem()
	f := w.fileSurcharge(clerk, 3000000, 3000000)
	path := fmt.Sprintf("/cases/%d/agency-decision", f.id)
	if v := judge.must(http.StatusOK, get, path, nil); v["entered"] != false || len(v.list("findings")) != 0 {
		t.Fatal(v)
	}
	a := clerk.callKey(post, path, decisionInput(nil), "decision-key-1")
	b := clerk.callKey(post, path, decisionInput(nil), "decision-key-1")
	if a.status != http.StatusCreated || b.status != http.StatusCreated || b.json.num("seq") != 1 {
		t.Fatalf("%s %s", a.body, b.body)
	}
	findings := func() map[string]obj {
		out := map[string]obj{}
		for _, x := range judge.must(http.StatusOK, get, path+"?until=2025-04-30", nil).list("findings") {
			out[x.str("key")] = x
		}
		return out
	}
	got := findings()
	for key, due := range map[string]string{
		"suing": "2025-09-12", "agency_demand": "2025-10-11", "application": "2025-12-12", "acceptance": "2025-11-10", "ruling": "2025-11-17",
	} {
		if x := got[key]; x.str("state") != "met" || x.str("due_on") != due || x.str("citation") == "" {
			t.Errorf("%s: %v, want %s", key, x, due)
		}
	}
	if x := got["surcharge"]; x.str("state") != "met" {
		t.Error(x)
	}
	l := judge.must(http.StatusOK, get, path+"?until=2025-04-29", nil).obj("late_fine")
	if l.num("amount_fen") != 2970000 || l["capped"] != false || l.str("cap_on") != "2025-04-30" || !strings.Contains(l.str("reason"), "33 日") {
		t.Error(l)
	}
	if l = judge.must(http.StatusOK, get, path, nil).obj("late_fine"); l.num("amount_fen") != 3000000 || l["capped"] != true {
		t.Error(l)
	}
	// A correction keeps what it corrects.
	clerk.refused(bad, "reason.required", post, path, decisionInput(obj{"applied_on": "2025-12-15", "accepted_on": "2025-12-16", "ruled_on": "2025-12-18"}))
	clerk.must(http.StatusCreated, post, path, decisionInput(obj{"applied_on": "2025-12-15", "accepted_on": "2025-12-16", "ruled_on": "2025-12-18", "reason": "申请日期登记有误"}))
	v := judge.must(http.StatusOK, get, path, nil)
	if list := v.list("decisions"); len(list) != 2 || list[0].num("seq") != 2 || list[1].str("applied_on") != "2025-11-03" {
		t.Error(list)
	}
	if x := findings()["application"]; x.str("state") != "unmet" || !strings.Contains(x.str("text"), "除有正当理由外不予受理") {
		t.Error(x)
	}

	// The agreement.
	reduce := fmt.Sprintf("/cases/%d/surcharge-reductions", f.id)
	agreement := func(ob, fen int64, seed int) obj {
		return obj{
			"obligation_id": ob, "amount_fen": fen, "agreed_on": "2026-02-27", "remedied": true, "remedy": "已停止违法经营并补办许可", "reason": "不损害公共利益和他人合法权益",
			"file_id": judge.uploaded(f.id, seed),
		}
	}
	judge.refused(bad, "reduction.principal", post, reduce, agreement(f.principal, 100, 51))
	judge.refused(bad, "reduction.over_open", post, reduce, agreement(f.surcharge, 3000001, 52))
	first := agreement(f.surcharge, 2000000, 53)
	x, y := judge.callKey(post, reduce, first, "reduction-key-1"), judge.callKey(post, reduce, first, "reduction-key-1")
	if x.status != http.StatusCreated || x.json.num("before_fen") != 3000000 || y.json.id("id") != x.json.id("id") {
		t.Fatalf("%s %s", x.body, y.body)
	}
	owed := func() (principal, surcharge, reduced float64) {
		for _, ob := range clerk.must(http.StatusOK, get, fmt.Sprintf("/cases/%d", f.id), nil).list("instruments")[0].list("obligations") {
			if ob.id("id") == f.surcharge {
				surcharge, reduced = ob.num("outstanding_fen"), ob.num("reduced_fen")
			} else {
				principal = ob.num("outstanding_fen")
			}
		}
		return principal, surcharge, reduced
	}
	if p, s, r := owed(); p != 3000000 || s != 1000000 || r != 2000000 {
		t.Errorf("owed %v, surcharge %v, reduced by %v", p, s, r)
	}
	// The case system, which knows nothing of it, does not bring it back.
	no := judge.must(http.StatusOK, get, path, nil).str("case_no")
	push := surchargeInput(3000000, 3000000)
	push["case_no"], push["version"], push["cause"] = no, 7, "市场监管行政处罚（更名）"
	push["instruments"].([]obj)[0]["number"] = no
	system.must(http.StatusOK, put, "/case-system/cases/"+no, push)
	if _, s, r := owed(); s != 1000000 || r != 2000000 {
		t.Errorf("after a push the surcharge is %v, reduced by %v", s, r)
	}
	// The rest goes too: nothing of the surcharge is left, the fine still is.
	judge.must(http.StatusCreated, post, reduce, agreement(f.surcharge, 1000000, 54))
	if p, s, _ := owed(); p != 3000000 || s != 0 {
		t.Errorf("owed %v, surcharge %v", p, s)
	}
	phone := w.phone("")
	phone.bind(clerk, f.id, f.debtor)
	r := phone.must(http.StatusCreated, post, fmt.Sprintf("/cases/%d/receipts", f.id), claim(3000000, phone.uploaded(f.id, 55)))
	phone.refused(bad, "amount.over_debt", post, fmt.Sprintf("/cases/%d/receipts", f.id), claim(3000001, phone.uploaded(f.id, 56)))
	judge.confirm(r, 3000000)
	if cs := judge.must(http.StatusOK, get, fmt.Sprintf("/cases/%d", f.id), nil); cs.str("performance") != "fulfilled" {
		t.Error(cs.str("performance"))
	}
	if list := judge.must(http.StatusOK, get, path, nil).list("reductions"); len(list) != 2 || list[1].num("before_fen") != 1000000 {
		t.Error(list)
	}
	clerk.refused(bad, "category.reduced", post, fmt.Sprintf("/cases/%d/categories", f.id), obj{"obligation_id": f.surcharge, "category": "principal", "reason": "决定书"})
}

func TestAgencyApplicationsRefuse(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	judge, clerk, other := w.staff("zhang.min", model.RoleJudge), w.staff("wan.tt", model.RoleClerk), w.staff("ji.wei", model.RoleJudge)
	f, civil := w.fileSurcharge(clerk, 30000, 30000), w.file(clerk)
	decision, reduce := fmt.Sprintf("/cases/%d/agency-decision", f.id), fmt.Sprintf("/cases/%d/surcharge-reductions", f.id)
	one := func(k string, v any) obj { return decisionInput(obj{k: v}) }
	file := judge.uploaded(f.id, 61)
	cut := func(k string, v any) obj {
		o := obj{"obligation_id": f.surcharge, "amount_fen": 100, "agreed_on": "2026-02-27", "remedied": true, "remedy": "已补办许可", "reason": "不损害公共利益", "file_id": file}
		o[k] = v
		return o
	}
	long := strings.Repeat("长", 501)
	refusedAll(t, []mistake{
		{judge, gone, "case.not_found", get, "/cases/999999/agency-decision", nil, ""},
		{judge, http.StatusConflict, "decision.not_nonlitigation", get, fmt.Sprintf("/cases/%d/agency-decision", civil.id), nil, ""},
		{judge, bad, "date.format", get, decision + "?until=2026-02-30", nil, ""},
		{clerk, gone, "case.not_found", post, "/cases/999999/agency-decision", decisionInput(nil), ""},
		{clerk, http.StatusConflict, "decision.not_nonlitigation", post, fmt.Sprintf("/cases/%d/agency-decision", civil.id), decisionInput(nil), ""},
		{clerk, bad, "date.future", post, decision, one("ruled_on", "2026-03-03"), "ruled_on"},
		{clerk, bad, "decision.days", post, decision, one("served_on", "2025-03-01"), "served_on"},
		{clerk, bad, "decision.basis", post, decision, one("basis", "guess"), "basis"},
		{clerk, bad, "decision.special", post, decision, one("basis", "special"), "special_days"},
		{clerk, bad, "field.required", post, decision, one("decision_no", " "), "decision_no"},
		{clerk, bad, "amount.format", post, decision, one("fine_fen", -1), "fine_fen"},
		{clerk, bad, "surcharge.over_cap", post, decision, one("surcharge_fen", 3000001), "surcharge_fen"},
		{clerk, bad, "field.too_long", post, decision, one("late_ground", long), "reason"},
		{judge, gone, "case.not_found", post, "/cases/999999/surcharge-reductions", cut("amount_fen", 1), ""},
		{other, gone, "case.not_found", post, reduce, cut("amount_fen", 1), ""},
		{judge, http.StatusConflict, "decision.not_nonlitigation", post, fmt.Sprintf("/cases/%d/surcharge-reductions", civil.id), cut("amount_fen", 1), ""},
		{judge, gone, "obligation.not_found", post, reduce, cut("obligation_id", 999999), ""},
		{judge, bad, "reduction.principal", post, reduce, cut("obligation_id", f.principal), "obligation_id"},
		{judge, bad, "reduction.remedy", post, reduce, cut("remedied", false), "remedy"},
		{judge, bad, "reduction.over_open", post, reduce, cut("amount_fen", 30001), "amount_fen"},
		{judge, bad, "reduction.agreed_on", post, reduce, cut("agreed_on", "2026-03-03"), "agreed_on"},
		{judge, bad, "amount.positive", post, reduce, cut("amount_fen", 0), "amount_fen"},
		{judge, bad, "reason.required", post, reduce, cut("reason", " "), "reason"},
		{judge, bad, "field.too_long", post, reduce, cut("reason", long), "reason"},
		{judge, bad, "file.missing", post, reduce, cut("file_id", 0), "file_id"},
		{judge, bad, "file.unknown", post, reduce, cut("file_id", 999999), "file_id"},
	})
	clerk.must(http.StatusCreated, post, decision, decisionInput(nil))
	refusedAll(t, []mistake{{clerk, bad, "reason.required", post, decision, decisionInput(nil), "reason"}})
}
