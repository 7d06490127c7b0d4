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

// The officer proposes on the desk, the leader decides and goes on to the next,
// the officer carries out, serves, enters reviews and lifts; what the law
// forbids stands beside its field.
func TestMeasuresOnTheDesk(t *testing.T) {
	t.Parallel()
	c := newCoerced(t)
	officer, leader, clerk := c.Visitor(c.officer), c.Visitor(c.leader), c.Visitor(c.clerk)
	tab := fmt.Sprintf("/enforcement/%d/measures", c.id)
	officer.Sees(tab, "提出司法拘留", "没有采取强制措施")
	if strings.Contains(clerk.Sees(tab), "提出司法拘留") {
		t.Error("a clerk is offered to propose")
	}
	officer.Sees(tab+"/new?kind=detention", "1 至 15 日", "第一百一十九条")
	form := func(kind string, more ...string) url.Values {
		v := url.Values{
			"key": {handlertest.FreshKey()}, "kind": {kind}, "party_id": {fmt.Sprint(c.f.Debtor)}, "relation": {"self"}, "resistance": {"evade"}, "ground": {"hides_property"},
			"act_on": {"2026-03-05"}, "act_text": {"无偿转让车辆"}, "facts": {"收到执行通知后将车辆无偿转让他人。"},
		}
		for code, yes := range model.MeasureKind(kind).Allowing() {
			v.Set("answer_"+code, map[bool]string{true: "yes", false: "no"}[yes])
		}
		for i := 0; i < len(more); i += 2 {
			v.Set(more[i], more[i+1])
		}
		return v
	}
	for _, m := range []struct {
		form   url.Values
		status int
		field  string
		words  string
	}{
		{form("detention", "days", "16"), handlertest.Bad, "days", "拘留期限应为 1 至 15 日"},
		{form("fine", "amount", "100001"), handlertest.Bad, "amount_fen", "100,000.00 元以下"},
		{form("listing", "ground", "able_refuses", "grace_months", "4"), handlertest.Bad, "grace_months", "1 至 3 个月"},
		{form("listing", "ground", "able_refuses", "extra_years", "1", "extra_reason", "several"), handlertest.Bad, "extra_years", "不能延长"},
		{form("consumption", "ground", "listed"), clash, "ground", "没有纳入失信被执行人名单"},
		{form("tracing", "ground", "whereabouts", "until", "2026-03-01"), handlertest.Bad, "until", "截止日期应晚于今天"},
	} {
		body := officer.Does(m.status, tab, m.words, m.form)
		if !strings.Contains(body, `id="wrong-`+m.field+`"`) || !strings.Contains(body, "收到执行通知后将车辆无偿转让他人。") {
			t.Errorf("%s: the message is not beside %s, or the input is gone: %s", m.words, m.field, body)
		}
	}
	propose := func(f url.Values) string {
		t.Helper()
		res, body := officer.Send(http.MethodPost, tab, f, nil)
		to, ok := strings.CutPrefix(strings.TrimSuffix(res.Header.Get("Location"), "?done=measure_proposed"), "/desk")
		if !ok || res.StatusCode != http.StatusSeeOther {
			t.Fatalf("%d %s", res.StatusCode, body)
		}
		return to
	}
	detention := propose(form("detention", "days", "10"))
	if body := officer.Does(clash, tab, "不得连续适用", form("detention", "days", "5")); !strings.Contains(body, `id="wrong-act_text"`) {
		t.Error("the same act: not beside its field")
	}
	fine := propose(form("fine", "amount", "2000"))
	tracing := propose(form("tracing", "ground", "whereabouts"))

	// The leader: what waits longest first, and on to the next.
	leader.Sees("/decisions", "司法拘留", "罚款", `data-key="o"`)
	leader.Sees(detention, "批准", "不予批准", fine)
	version := url.Values{"version": {"1"}, "opinion": {"同意"}, "read": {"1"}}
	// The very paper is read first: nothing of it is kept, and without the tick nothing is decided.
	papers := c.Audited(model.AuditMeasureDecide)
	for range 2 {
		if res, body := leader.Send(http.MethodGet, detention+"/draft", nil, nil); res.StatusCode != http.StatusOK || !strings.HasPrefix(body, "%PDF") {
			t.Errorf("the draft: %d %.200s", res.StatusCode, body)
		}
	}
	leader.Sees(detention, `src="/desk`+detention+`/draft`, `name="read" value="1" required`)
	leader.Does(handlertest.Bad, detention+"/decide", "请先阅读将要制作的文书", url.Values{"version": {"1"}, "opinion": {"同意"}})
	if n := c.Audited(model.AuditMeasureDecide); n != papers {
		t.Errorf("a draft decided: %d", n-papers)
	}
	leader.Does(http.StatusSeeOther, detention+"/decide", "/desk"+fine, version)
	leader.Does(clash, detention+"/decide", "刚刚改变", url.Values{"version": {"1"}, "opinion": {"另一意见"}, "read": {"1"}})
	leader.Does(handlertest.Bad, fine+"/refuse", "请填写理由", url.Values{"version": {"1"}})
	leader.Does(http.StatusSeeOther, fine+"/refuse", "/desk/decisions?done=measure_refused", url.Values{"version": {"1"}, "reason": {"情节轻微"}})
	leader.Sees("/decisions", "没有待您决定的措施")
	officer.Does(handlertest.Bad, tracing+"/decide", "合议庭意见", url.Values{"version": {"1"}, "read": {"1"}})
	officer.Does(http.StatusSeeOther, tracing+"/decide", "done=measure_decided", version)
	officer.Sees(fine, "情节轻微", "不予批准")

	// Detained, the family told, an application, remorse.
	c.pass(at(3, 6, 15))
	officer, leader = c.Visitor(c.officer), c.Visitor(c.leader)
	officer.Does(handlertest.Bad, detention+"/detain", "时间格式不正确", url.Values{"version": {"2"}, "at": {"昨天"}})
	officer.Does(http.StatusSeeOther, detention+"/detain", "done=detained", url.Values{"version": {"2"}, "at": {"2026-03-06T14:00"}})
	officer.Sees(detention, "24小时内通知家属", "2026-03-07 14:00", "通知了谁", "2026-03-16 14:00")
	officer.Does(handlertest.Bad, detention+"/family", "请填写通知了谁", url.Values{"key": {handlertest.FreshKey()}, "how": {"电话"}, "told_at": {"2026-03-06T14:30"}})
	officer.Does(http.StatusSeeOther, detention+"/family", "done=family_told", url.Values{"key": {handlertest.FreshKey()}, "name": {"钱某"}, "relation": {"妻子"}, "how": {"电话告知"}, "told_at": {"2026-03-06T14:30"}})
	officer.Sees(detention, "钱某（妻子），电话告知", "代为登记申请复议")
	officer.Does(http.StatusSeeOther, detention+"/reviews", "done=review_asked", url.Values{"key": {handlertest.FreshKey()}, "version": {"3"}, "review_reason": {"处罚过重"}})
	page := officer.Sees(detention, "2026年3月11日前决定", "作出决定的上一级法院")
	_, rest, _ := strings.Cut(page, `name="review" value="`)
	review, _, _ := strings.Cut(rest, `"`)
	result := url.Values{"review": {review}, "result": {"upheld"}, "text": {"处罚适当"}, "number": {"（2026）浙02司惩复1号"}, "decided_on": {"2026-03-06"}}
	officer.Does(handlertest.Bad, detention+"/review-result", "上一级人民法院决定", result)
	result.Set("by_court", "宁波市中级人民法院")
	officer.Does(http.StatusSeeOther, detention+"/review-result", "done=review_concluded", result)
	lift := url.Values{"read": {"1"}, "version": {"4"}, "ground": {"remorse"}, "reason": {"已具结悔过"}, "key": {handlertest.FreshKey()}}
	officer.Does(http.StatusSeeOther, detention+"/lift", "done=lift_asked", lift)
	leader.Sees("/decisions", "解除司法拘留")
	leader.Sees(detention, "同意解除", "已具结悔过")
	leader.Does(handlertest.Bad, detention+"/answer", "请填写理由", url.Values{"version": {"5"}, "yes": {"0"}})
	leader.Does(http.StatusSeeOther, detention+"/answer", "/desk/decisions?done=lift_answered", url.Values{"version": {"5"}, "read": {"1"}, "yes": {"1"}, "note": {"同意"}})
	officer.Sees(detention, "已解除")

	// A listing: in force over the court, its end, a poster.
	listing := propose(form("listing", "ground", "property_report"))
	leader.Does(http.StatusSeeOther, listing+"/decide", "", version)
	officer.Does(http.StatusSeeOther, listing+"/service-of-process", "done=measure_served", url.Values{"version": {"2"}, "on": {"2026-03-06"}, "how": {"本人签收"}, "key": {handlertest.FreshKey()}})
	officer.Does(http.StatusSeeOther, listing+"/posters", "done=posted", url.Values{"place": {"十七房村"}, "key": {handlertest.FreshKey()}})
	officer.Sees(listing, "在榜：十七房村")
	officer.Does(handlertest.Bad, listing+"/lift", "纳入期限", url.Values{"read": {"1"}, "version": {"3"}, "ground": {"creditor"}, "reason": {"申请执行人申请"}, "proof": {"已删除"}, "key": {handlertest.FreshKey()}})
	officer.Does(http.StatusSeeOther, tracing+"/lift", "done=lifted", url.Values{"read": {"1"}, "version": {"2"}, "ground": {"found"}, "reason": {"已找到本人"}, "proof": {"公安机关已确认"}, "key": {handlertest.FreshKey()}})
	leader.Sees("/measures", "失信被执行人名单", "限制高消费", "2028-03-06")
	if body := leader.Sees("/measures?ends=2028-03-06"); strings.Count(body, "/desk/measures/") != 1 {
		t.Errorf("what ends by then: %s", body)
	}
	if body := leader.Sees("/measures?ends=2026-04-01"); !strings.Contains(body, "没有符合条件的措施") {
		t.Errorf("what ends soon: %s", body)
	}
	leader.Sees("/measures?state=refused&kind=fine", "罚款")
	officer.Sees(tab, "镇法失信〔2026〕1号")
	waiting, err := c.Svc.Enforcement.NextWaiting(t.Context(), c.leader.ActorOf(model.RoleLeader), 0)
	if err != nil || waiting != 0 {
		t.Error(waiting, err)
	}
}

// The clean-up on the desk: the steps in their order, held and gone on with.
func TestCleanUpOnTheDesk(t *testing.T) {
	t.Parallel()
	c := newCoerced(t)
	c.take("tracing")
	c.take("exit_ban")
	c.pay(c.officer, 900)
	officer, leader := c.Visitor(c.officer), c.Visitor(c.leader)
	tab := fmt.Sprintf("/enforcement/%d/clean-up", c.id)
	officer.Sees(tab, "第 1 步", "解除网上布控", "解除限制出境")
	leader.Sees("/clean-ups", "赵明", "进行中")
	leader.Sees("/clean-ups?late=1", "没有超期的清理")
	v := c.officer.Must(http.StatusOK, handlertest.Get, fmt.Sprintf("/cases/%d/clean-up", c.f.ID), nil).List("clean_ups")[0]
	held := url.Values{"clean_up": {fmt.Sprint(v.ID("id"))}, "version": {fmt.Sprint(v.Num("version"))}, "reason": {"尚欠迟延履行利息"}}
	officer.Does(http.StatusSeeOther, tab+"/hold", "done=held", held)
	leader.Sees(tab, "暂缓理由：尚欠迟延履行利息")
	held.Set("version", fmt.Sprint(v.Num("version")+1))
	officer.Does(http.StatusSeeOther, tab+"/resume", "done=went_on", held)
	var open []handlertest.Obj
	for _, s := range c.officer.Must(http.StatusOK, handlertest.Get, fmt.Sprintf("/cases/%d/clean-up", c.f.ID), nil).List("clean_ups")[0].List("steps") {
		if s.Str("state") == "open" {
			open = append(open, s)
		}
	}
	step := func(s handlertest.Obj, proof string) url.Values {
		return url.Values{"task": {fmt.Sprint(s.ID("id"))}, "version": {fmt.Sprint(s.Num("version"))}, "proof": {proof}, "place": {"宁波市公安局镇海分局"}, "key": {handlertest.FreshKey()}}
	}
	officer.Does(clash, tab+"/step", "请先办结", step(open[1], "边检回执"))
	officer.Does(handlertest.Bad, tab+"/step", "wrong-proof", step(open[0], ""))
	officer.Does(http.StatusSeeOther, tab+"/step", "done=step_done", step(open[0], "公安机关已确认撤销"))
	officer.Does(http.StatusSeeOther, tab+"/step", "done=step_done", step(open[1], "边检回执"))
	officer.Sees(tab, "已办结", "公安机关已确认撤销")
}
