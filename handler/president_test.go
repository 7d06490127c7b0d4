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

// Every decision that the law gives to the president is refused to another leader, by
// each route that takes one, and its page says who may.
func TestAnotherLeaderDecidesNothingOfThePresidents(t *testing.T) {
	t.Parallel()
	c := newCoerced(t)
	other := c.Staff("zhao.yz", model.RoleLeader)
	fine, listing := c.propose("fine"), c.take("listing", "ground", "property_report")
	var order handlertest.Obj
	for _, m := range c.officer.Measures(c.id) {
		if m.Str("kind") == "consumption" {
			order = m
		}
	}
	p := c.officer.Does(handlertest.ProposeProlongation, listing.ID("id"), prolongs())
	wish := c.debtor.Must(http.StatusCreated, handlertest.Post, on(order, "spending-permits"), spends("ground", "urgent", "pledge", true))
	st := c.officer.Does(handlertest.RecordSettlement, c.id, settlementOf(0, "2026-03-06", part(50000, "2026-03-20"), part(50000, "2026-05-20")))
	r := c.officer.Does(handlertest.ProposeRelease, st.ID("id"), handlertest.Obj{"subject": "失信信息", "reason": "申请执行人同意", "creditor_asked_on": "2026-03-06", "measure_ids": []int64{listing.ID("id")}})
	asked := c.officer.Does(handlertest.LiftMeasure, listing.ID("id"), handlertest.Obj{"ground": "wrong", "reason": "事由不当", "proof": "名单库回执", "version": c.measure(listing).Num("version")})
	no := http.StatusForbidden
	grants := handlertest.Obj{"version": 1, "decision": "granted", "from": "2026-03-08", "until": "2026-03-20", "reason": "确有紧急情况"}
	refusedAll(t, []mistake{
		{other, no, "measure.president", handlertest.Post, on(fine, "decide"), handlertest.Obj{"opinion": "同意", "version": 1}, ""},
		{other, no, "measure.president", handlertest.Post, on(fine, "refuse"), handlertest.Obj{"reason": "不同意", "version": 1}, ""},
		{other, no, "measure.president", handlertest.Post, on(listing, "lift-answer"), handlertest.Obj{"yes": true, "version": asked.Num("version")}, ""},
		{other, no, "measure.president", handlertest.Post, fmt.Sprintf("/prolongations/%d/decide", p.ID("id")), handlertest.Obj{"version": 1, "approve": true}, ""},
		{other, no, "measure.president", handlertest.Post, fmt.Sprintf("/spending-permits/%d/decide", wish.ID("id")), grants, ""},
		{other, no, "measure.president", handlertest.Post, fmt.Sprintf("/release-reviews/%d/decide", r.ID("id")), handlertest.Obj{"decision": "approved", "reason": "同意"}, ""},
	})
	v := c.Visitor(other)
	page := v.Sees("/decisions", "罚款由院长决定，1 件待决定。可以决定的是：院长法官chen.zj。", "失信被执行人名单由院长决定，2 件待决定")
	if strings.Contains(page, fmt.Sprintf("/desk/measures/%d", fine.ID("id"))) {
		t.Error("the list offers what he may not decide")
	}
	for _, m := range []handlertest.Obj{fine, listing, order} {
		page := v.Sees(fmt.Sprintf("/measures/%d", m.ID("id")), "可以决定的是：院长法官chen.zj")
		for _, form := range []string{"decide", "refuse", "answer", "prolong-decision", "spending-decision"} {
			if strings.Contains(page, fmt.Sprintf(`action="/desk/measures/%d/%s"`, m.ID("id"), form)) {
				t.Errorf("the page of a %s offers %s", m.Str("kind"), form)
			}
		}
	}
	c.Visitor(c.leader).Sees("/decisions", fmt.Sprintf("/desk/measures/%d", fine.ID("id")))
}

// A court where nobody is marked: the leader's page tells what the administrator has to
// do, he does it on the page of the staff, and enters whom the president authorised.
func TestTheAdministratorMarksThePresident(t *testing.T) {
	t.Parallel()
	c := newCoercedWith(t, 2026, func(w *handlertest.World) { w.NoPresident = true })
	deputy, admin := c.Staff("li.yz", model.RoleLeader), c.Visitor(c.Staff("shen.ji", model.RoleAdmin))
	fine := c.propose("fine")
	c.leader.Refused(http.StatusForbidden, "measure.president", handlertest.Post, on(fine, "decide"), handlertest.Obj{"opinion": "同意", "version": 1})
	c.Visitor(c.leader).Sees("/decisions", "本院还没有登记院长", "请系统管理员在“人员”页面把院长的账号登记为院长", "1 件待决定")
	admin.Sees("/staff", "本院还没有登记院长", "登记为院长")
	admin.Does(http.StatusConflict, "/staff/wan.tt/act", "只有“院领导”的账号可以登记为院长", url.Values{"act": {"president"}})
	admin.Does(http.StatusSeeOther, "/staff/chen.zj/act", "president", url.Values{"act": {"president"}})

	given := map[string]string{
		"key": handlertest.FreshKey(), "user_id": fmt.Sprint(deputy.UserID), "title": "副院长", "kind": "fine", "from_on": "2026-03-06", "until_on": "2026-06-30",
	}
	with := func(name, value string) map[string]string {
		in := map[string]string{}
		for k, v := range given {
			in[k] = v
		}
		in["key"], in[name] = handlertest.FreshKey(), value
		return in
	}
	for field, in := range map[string]map[string]string{"title": with("title", ""), "kinds": with("kind", "listing"), "until_on": with("until_on", "2028-01-01"), "user_id": with("user_id", fmt.Sprint(c.leader.UserID))} {
		if res, body := admin.SendForm("/signing-authorities", in, handlertest.Picture(77)); res.StatusCode != http.StatusBadRequest || !strings.Contains(body, `aria-invalid`) {
			t.Errorf("%s: %d %.300s", field, res.StatusCode, body)
		}
	}
	if res, _ := admin.SendForm("/signing-authorities", with("title", "副院长")); res.StatusCode != http.StatusBadRequest {
		t.Errorf("an authorisation without its paper: %d", res.StatusCode)
	}
	admin.SendsForm("/signing-authorities", "authorised", given, handlertest.Picture(78))
	page := admin.Sees("/staff", "院长：法官chen.zj", "副院长　法官li.yz", "罚款", "授权委托书", "登记为院长（法官shen.ji）")
	_, rest, _ := strings.Cut(page, "/desk/signing-authorities/")
	paper, _, _ := strings.Cut(rest, "/paper")
	for _, path := range []string{"/signing-authorities/" + paper + "/paper", "/signing-authorities/999/paper"} {
		if res, _ := admin.Send(http.MethodGet, path, nil, nil); (res.StatusCode == http.StatusOK) != (path != "/signing-authorities/999/paper") {
			t.Errorf("%s: %d", path, res.StatusCode)
		}
	}
	for _, by := range []*handlertest.Visitor{c.Visitor(c.leader), c.Visitor(deputy)} {
		if res, _ := by.Send(http.MethodGet, "/files/"+paper+"/view", nil, nil); res.StatusCode != http.StatusOK {
			t.Errorf("the paper: %d", res.StatusCode)
		}
	}
	if res, _ := c.Visitor(c.clerk).Send(http.MethodGet, "/files/"+paper+"/view", nil, nil); res.StatusCode != http.StatusNotFound {
		t.Errorf("a clerk opens the paper: %d", res.StatusCode)
	}
	deputy.Must(http.StatusOK, handlertest.Post, on(fine, "decide"), handlertest.Obj{"opinion": "同意", "version": 1})

	_, rest, _ = strings.Cut(page, `name="authority" value="`)
	id, _, _ := strings.Cut(rest, `"`)
	admin.Does(http.StatusBadRequest, "/signing-authorities/"+id+"/end", "请填写理由", url.Values{"authority": {id}, "reason": {" "}})
	admin.Does(http.StatusSeeOther, "/signing-authorities/"+id+"/end", "authority_ended", url.Values{"reason": {"分工调整"}})
	admin.Does(http.StatusSeeOther, "/staff/chen.zj/president-end", "president_ended", url.Values{"reason": {"调任"}})
	admin.Sees("/staff", "分工调整", "调任", "本院还没有登记院长")
}
