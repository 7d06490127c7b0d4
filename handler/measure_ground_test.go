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

// 失信规定 3, 法发〔2019〕35号 16, 民诉法解释 188, 法释〔2024〕13号 6: the officer is asked
// what only he knows, an answer with which the law forbids the measure refuses it
// with the article beside its question, and it is taken once its condition holds; the
// president reads what was answered. An act before the judgment's effect is no ground
// and is kept.
func TestAMeasureIsTakenOnlyWhenItsConditionsHold(t *testing.T) {
	t.Parallel()
	c := newCoerced(t)
	officer, leader := c.Visitor(c.officer), c.Visitor(c.leader)
	tab := fmt.Sprintf("/enforcement/%d/measures", c.id)
	officer.Sees(tab+"/new?kind=listing", "查封、扣押、冻结的财产是否足以清偿债务", "申请执行人是否申请暂不采取惩戒措施", "未回答")
	form := func(kind, ground string, more ...string) url.Values {
		v := url.Values{
			"key": {handlertest.FreshKey()}, "kind": {kind}, "party_id": {fmt.Sprint(c.f.Debtor)}, "relation": {"self"}, "resistance": {"evade"}, "ground": {ground},
			"facts": {"名下有车辆和工资收入，拒不履行。"},
		}
		for i := 0; i < len(more); i += 2 {
			v.Set(more[i], more[i+1])
		}
		return v
	}
	beside := func(body, field string) {
		t.Helper()
		if !strings.Contains(body, `id="wrong-`+field+`"`) || !strings.Contains(body, "名下有车辆和工资收入，拒不履行。") {
			t.Errorf("the message is not beside %s, or the input is gone", field)
		}
	}
	listing := form("listing", "able_refuses", "answer_notice_served", "yes", "answer_able", "yes", "answer_secured", "no", "answer_later", "no", "answer_creditor_wish", "no")
	beside(officer.Does(handlertest.Bad, tab, "请回答", listing), "answer_controlled")
	listing.Set("answer_controlled", "yes")
	beside(officer.Does(handlertest.Bad, tab, "第三条第二项", listing), "answer_controlled")
	officer.Does(handlertest.Bad, tab, "第十六条", listing)
	listing.Set("answer_controlled", "no")
	res, body := officer.Send(http.MethodPost, tab, listing, nil)
	to, ok := strings.CutPrefix(strings.TrimSuffix(res.Header.Get("Location"), "?done=measure_proposed"), "/desk")
	if !ok || res.StatusCode != http.StatusSeeOther {
		t.Fatalf("%d %s", res.StatusCode, body)
	}
	leader.Sees(to, "是否已经提供充分有效的担保", "（执行法官答复）", "第三条第一项")
	m := c.leader.Must(http.StatusOK, handlertest.Get, to, nil)
	if a := m.List("answers"); len(a) != 7 || a[3].Str("answer") != "否" || a[3]["record"] != false || !strings.Contains(a[3].Str("rules"), "第三条第一项") {
		t.Errorf("%v", a)
	}
	leader.Does(http.StatusSeeOther, to+"/decide", "", url.Values{"version": {"1"}, "opinion": {"同意"}, "read": {"1"}})

	// The restriction came with the listing; a breach of it is punished from then on.
	act := func(ground, on string, more ...string) url.Values {
		return form("fine", ground, append([]string{"amount", "2000", "act_on", on, "act_text", "乘坐飞机往返北京"}, more...)...)
	}
	beside(officer.Does(clash, tab, "没有在2026年3月5日有效的限制消费令", act("consumption_order", "2026-03-05")), "ground")
	c.pass(at(3, 9, 10))
	officer = c.Visitor(c.officer)
	officer.Does(http.StatusSeeOther, tab, "done=measure_proposed", act("consumption_order", "2026-03-08"))
	beside(officer.Does(handlertest.Bad, tab, "登记为拒执线索", act("hides_property", "2026-02-09", "answer_frustrated", "yes")), "act_on")

	keep := url.Values{
		"key": {handlertest.FreshKey()}, "party_id": {fmt.Sprint(c.f.Debtor)}, "notified_on": {"2026-02-03"}, "refusal_on": {"2026-02-02"}, "refusal_text": {"将车辆无偿过户给亲属"},
	}
	acts := fmt.Sprintf("/enforcement/%d/refusal-acts", c.id)
	if body := officer.Does(handlertest.Bad, acts, "接到应诉通知之前", keep); !strings.Contains(body, `id="wrong-refusal_on"`) || !strings.Contains(body, "将车辆无偿过户给亲属") {
		t.Error("the message is not beside the day, or the input is gone")
	}
	keep.Set("refusal_on", "2026-02-09")
	keep.Set("refusal_text", "将车辆无偿过户给亲属\r\n并转移存款") // of two lines
	for range 2 {                                   // a second click
		officer.Does(http.StatusSeeOther, acts, "done=refusal_kept", keep)
	}
	if body := officer.Sees(tab, "将车辆无偿过户给亲属", "接到应诉通知"); strings.Count(body, "将车辆无偿过户给亲属") != 1 {
		t.Error("kept twice")
	}
	c.Visitor(c.clerk).Does(http.StatusForbidden, acts, "", keep)
	if n, err := c.Svc.Enforcement.RefusalActs(t.Context(), c.leader.ActorOf(model.RoleLeader), c.id); err != nil || len(n) != 1 {
		t.Errorf("%v %v", n, err)
	}
}
