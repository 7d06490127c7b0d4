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

// On the desk 终结本次执行程序 is no single click: the old form names what is missing,
// the tab shows each condition, takes what mends it, and the panel's opinion waits
// for a leader who read it.
func TestThisRoundOnTheDesk(t *testing.T) {
	t.Parallel()
	c := newCoerced(t)
	officer, leader, clerk := c.Visitor(c.officer), c.Visitor(c.leader), c.Visitor(c.clerk)
	tab, page := fmt.Sprintf("/enforcement/%d/this-round", c.id), fmt.Sprintf("/enforcement/%d", c.id)
	e := c.officer.Must(http.StatusOK, handlertest.Get, fmt.Sprintf("/enforcement-cases/%d", c.id), nil)
	body := officer.Does(clash, page+"/close", "还不能以终结本次执行程序结案", url.Values{
		"close_type": {"this_round"}, "closed_on": {"2026-03-06"}, "reason": {"无财产"}, "version": {fmt.Sprint(e.Num("version"))}, "read": {"1"},
	})
	for _, words := range []string{"没有限制高消费：赵明", "赵明银行存款", "未超过三个月", "没有告知并听取意见"} {
		if !strings.Contains(body, words) {
			t.Errorf("the old form does not say %s", words)
		}
	}
	if strings.Contains(clerk.Sees(tab, "没有查询答复"), "提请院长批准") {
		t.Error("a clerk is offered to record")
	}
	officer.Sees(tab, "限制消费令", "欠缺", "第五百一十七条", "提请院长批准")

	report := url.Values{"key": {handlertest.FreshKey()}, "kind": {"statement"}, "code": {"round.report"}, "note": {"已发出报告财产令"}, "on_day": {"2026-03-06"}}
	if body := officer.Does(handlertest.Bad, tab, "书面材料", report); !strings.Contains(body, `id="wrong-file"`) || !strings.Contains(body, "已发出报告财产令") {
		t.Error("the message is not beside the file, or the input is gone")
	}
	report.Set("code", "round.searched")
	report.Set("note", "线索已核查")
	officer.Does(http.StatusSeeOther, tab, "done=round_kept", report)
	if body := officer.Sees(tab, "线索已核查"); strings.Contains(body, "没有说明线索核查") {
		t.Error("what was said is still missing")
	}
	clerk.Does(http.StatusForbidden, tab, "", report)
	officer.SendsForm(tab, "done=round_kept", map[string]string{"key": handlertest.FreshKey(), "kind": "panel", "note": "合议庭认为可以终本", "on_day": "2026-03-06"}, handlertest.Picture(971))
	leader.Sees(tab, "合议庭认为可以终本", "答复合议庭意见")
	answer := url.Values{"key": {handlertest.FreshKey()}, "kind": {"approval"}, "note": {"同意"}}
	leader.Does(handlertest.Bad, tab+"/answer", "已阅读", answer)
	answer.Set("read", "1")
	officer.Does(http.StatusForbidden, tab+"/answer", "", answer)
	leader.Does(http.StatusSeeOther, tab+"/answer", "done=round_decided", answer)
	if body := officer.Sees(tab, "批准", "裁定书没有送达"); strings.Contains(body, "等待院长批准") {
		t.Error("the opinion still waits")
	}
	if c.Audited(model.AuditRoundRecord) != 3 {
		t.Errorf("%d records", c.Audited(model.AuditRoundRecord))
	}
}
