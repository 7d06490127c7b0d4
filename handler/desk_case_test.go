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

// What is done about a case besides its money is done at the desk: an instrument
// is added, one step of the urging is skipped or sent, a duty of a verdict gets
// its category, and the case goes to another judge.
func TestACaseIsWorkedOnAtTheDesk(t *testing.T) {
	t.Parallel()
	w := handlertest.New(t)
	judge, next, clerk := w.Staff("zhang.min", model.RoleJudge), w.Staff("ji.wei", model.RoleJudge), w.Staff("wan.tt", model.RoleClerk)
	f := w.File(clerk)
	page := fmt.Sprintf("/cases/%d", f.ID)
	instrument := url.Values{
		"ref": {"I9"}, "instrument_kind": {"ruling"}, "instrument_number": {"（2026）浙0211民初9号之一"}, "effective_on": {"2026-02-20"}, "summary": {"被告支付诉讼费"},
		"duty_kind": {"money"}, "duty_category": {""}, "duty_obligors": {"2"}, "duty_obligee": {"0"}, "duty_amount": {"50"}, "duty_description": {""}, "duty_due_on": {"2026-05-01"},
	}
	desk := w.Visitor(clerk)
	desk.Sees(page+"/instruments", "补充法律文书和义务")
	desk.Does(http.StatusSeeOther, page+"/instruments", "done=instrument", instrument)
	instrument.Set("summary", "别的内容")
	desk.Does(http.StatusBadRequest, page+"/instruments", "别的内容", instrument)
	if d, err := w.Svc.Filing.Case(t.Context(), clerk.Actor(), f.ID, false); err != nil || len(d.Instruments) != 2 || len(d.Obligations) != 2 {
		t.Errorf("%+v %v", d, err)
	}

	w.Work()
	steps := map[string]int64{}
	for _, s := range judge.Timeline(f.ID).Steps {
		if s.DueOn == model.NewDate(2026, 3, 31) {
			steps[fmt.Sprint(s.Kind, s.Days)] = s.ID
		}
	}
	act := func(by *handlertest.Client, step, act string, status int, part string) {
		t.Helper()
		w.Visitor(by).Does(status, fmt.Sprintf("/steps/%d/act", steps[step]), part,
			url.Values{"key": {handlertest.FreshKey()}, "act": {act}, "case": {fmt.Sprint(f.ID)}, "reason": {"已电话提醒"}})
	}
	act(next, "due.soon-7", "skip", http.StatusNotFound, "")
	act(judge, "due.soon-7", "skip", http.StatusSeeOther, "done=skipped")
	act(judge, "due.soon-3", "send", http.StatusSeeOther, "done=sent")
	act(judge, "demand.second10", "send", http.StatusConflict, "")
	if _, lines := judge.Schedule(f); !strings.Contains(strings.Join(lines, "|"), "due.soon -7 2026-03-31 skipped") || !strings.Contains(strings.Join(lines, "|"), "due.soon -3 2026-03-31 sent") {
		t.Errorf("%q", lines)
	}

	demanded := url.Values{"key": {handlertest.FreshKey()}, "cause": {"demand"}, "party": {fmt.Sprint(f.Creditor)}, "happened_on": {"2026-12-01"}, "reason": {"签收的催款函"}}
	w.Visitor(judge).Does(http.StatusBadRequest, page+"/periods", "不能晚于今天", demanded)
	demanded.Set("happened_on", "2026-03-02")
	w.Visitor(judge).Does(http.StatusSeeOther, page+"/periods", "done=period", demanded)
	w.Visitor(judge).Sees(page+"?tab=periods", "李某提出履行要求", "签收的催款函", "更正或撤回", "至2028年", "不影响期间")
	withdrawn := url.Values{"key": {handlertest.FreshKey()}, "corrects": {"1"}, "cause": {"withdrawn"}, "reason": {"误记"}}
	w.Visitor(next).Does(http.StatusNotFound, page+"/periods", "", withdrawn)
	w.Visitor(judge).Does(http.StatusSeeOther, page+"/periods", "done=period", withdrawn)
	withdrawn.Set("key", handlertest.FreshKey())
	w.Visitor(judge).Does(http.StatusConflict, page+"/periods", "已经更正或者撤回", withdrawn)
	desk.Sees(page+"?tab=periods", "已更正或撤回")

	in, err := handlertest.CaseInput().Case()
	if err != nil {
		t.Fatal(err)
	}
	ob := &in.Instruments[0].Obligations[0]
	ob.Installments[0].DueOn = model.NewDate(2026, 2, 20)
	ob.Acceleration, ob.AccelerationText = model.AccelerationOptional, "任一期逾期的，原告有权一并申请执行"
	ob.BurdenFen, ob.BurdenText = 5000, "任一期逾期的，另付违约金50元"
	cs, _, err := w.Svc.Filing.File(t.Context(), clerk.Actor(), in)
	if err != nil {
		t.Fatal(err)
	}
	broken := fmt.Sprintf("/cases/%d", cs.ID)
	w.Visitor(judge).Sees(broken, "任一期逾期的，原告有权一并申请执行", "另付违约金50元", "条件已于 2026-02-21 成就，请选择", "元，不计算迟延履行期间的债务利息", "每天 0.11 元")
	d, err := w.Svc.Filing.Case(t.Context(), judge.Actor(), cs.ID, false)
	if err != nil {
		t.Fatal(err)
	}
	choice := url.Values{"obligation": {fmt.Sprint(d.Obligations[0].ID)}, "choice": {"burden"}, "reason": {""}}
	w.Visitor(judge).Does(http.StatusBadRequest, broken+"/burden", "请填写理由", choice)
	choice.Set("reason", "第一期逾期")
	w.Visitor(judge).Does(http.StatusSeeOther, broken+"/burden", "done=burden", choice)
	w.Visitor(judge).Sees(broken, "已选择：承担调解书确定的责任", "调解书约定的不履行责任")

	k := w.FileCriminal(clerk, handlertest.CriminalInput())
	category := url.Values{"obligation": {fmt.Sprint(k.Obligation["fine"])}, "category": {"confiscation"}, "reason": {"判决主文第三项"}}
	desk.Does(http.StatusSeeOther, fmt.Sprintf("/cases/%d/categories", k.ID), "done=category", category)
	if w.Audited("obligation.category") != 1 {
		t.Error("the category is not recorded")
	}

	version := func() string {
		d, err := w.Svc.Filing.Case(t.Context(), clerk.Actor(), f.ID, false)
		if err != nil {
			t.Fatal(err)
		}
		return fmt.Sprint(d.Case.Version)
	}
	over := url.Values{"version": {version()}, "to_judge": {"nobody"}, "reason": {"轮岗"}}
	mine := w.Visitor(judge)
	mine.Does(http.StatusBadRequest, page+"/hand-over", "本院没有这位承办法官", over)
	over.Set("to_judge", "ji.wei")
	mine.Does(http.StatusSeeOther, page+"/hand-over", "done=handed", over)
	if res, _ := mine.Send(handlertest.Get, page, nil, nil); res.StatusCode != http.StatusNotFound {
		t.Errorf("the old judge's page answers %d", res.StatusCode)
	}
	w.Visitor(next).Sees(page, f.No)
}
