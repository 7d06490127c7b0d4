package handler_test

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"microcourt/handler/handlertest"
	"microcourt/model"
	"microcourt/service"
)

// talkOf is the address of the calls in a conversation.
func talkOf(conversation int64) string {
	return fmt.Sprintf("/conversations/%d/call-backs", conversation)
}

// about is the address of an answer about a call.
func about(call handlertest.Obj) string { return fmt.Sprintf("/call-backs/%d/answer", call.ID("id")) }

// says is an answer about a call as it is, with one thing changed.
func says(call handlertest.Obj, state string, change ...any) handlertest.Obj {
	o := handlertest.Obj{"state": state, "version": call.ID("version")}
	for i := 0; i < len(change); i += 2 {
		o[change[i].(string)] = change[i+1]
	}
	return o
}

// slot is a time of day in March 2026.
func slot(day, hour, minute int) time.Time {
	return at(3, day, hour).Add(time.Duration(minute) * time.Minute)
}

// A relative asks to be called, the officer proposes another time, she accepts,
// and on the day he sees the number, calls and takes down what was said. She is
// shown the times to choose from, and neither the court's record nor the whole of
// her number.
func TestARelativeIsCalledBack(t *testing.T) {
	t.Parallel()
	c := newCoerced(t) // Friday, 6 March, 10:00
	wife, link := c.relative("admitted")
	n := c.matter(wife, link).ID("conversation_id")
	calls := talkOf(n)
	days := wife.Must(http.StatusOK, handlertest.Get, fmt.Sprintf("/conversations/%d/call-days", n), nil).List("days")
	if len(days) != 11 || days[0].Str("text") != "3月6日 星期五" || days[1].Str("day") != "2026-03-09" || days[1].List("slots")[0].Str("text") != "09:00–09:30" {
		t.Errorf("the times: %v", days)
	}
	key := handlertest.FreshKey()
	ask := handlertest.Obj{"at": slot(9, 9, 30), "note": "想问怎么缴款"}
	first, again := wife.CallKey(handlertest.Post, calls, ask, key), wife.CallKey(handlertest.Post, calls, ask, key)
	call := first.Json
	if first.Status != http.StatusCreated || call.Str("answer_by") != "2026-03-10" || call.Str("text") != "3月9日 星期一 09:30–10:00" || again.Json.ID("id") != call.ID("id") {
		t.Fatalf("%d %s, again %s", first.Status, first.Body, again.Body)
	}
	wife.Refused(clash, "call.open", handlertest.Post, calls, handlertest.Obj{"at": slot(10, 9, 30)})
	call = c.officer.Must(http.StatusOK, handlertest.Post, about(call), says(call, "offered", "at", slot(9, 14, 0)))
	call = wife.Must(http.StatusOK, handlertest.Post, about(call), says(call, "confirmed", "phone", "139 0013 9000"))
	if call.Str("phone") != "139****9000" {
		t.Errorf("her number: %v", call)
	}
	number := fmt.Sprintf("/call-backs/%d/number", call.ID("id"))
	refusedAll(t, []mistake{
		{c.officer, clash, "call.early", handlertest.Get, number, nil, ""},
		{c.officer, clash, "call.early", handlertest.Post, about(call), says(call, "done", "note", "已告知"), ""},
	})
	c.comes(at(3, 9, 14), wife)
	if v := c.officer.Must(http.StatusOK, handlertest.Get, number, nil); v.Str("number") != "13900139000" || v.Str("who") != "王秀英" {
		t.Errorf("the number: %v", v)
	}
	c.officer.Must(http.StatusOK, handlertest.Post, about(call), says(call, "done", "note", "已告知收款账户，对方愿意代为履行。"))
	a := wife.Call(handlertest.Get, calls, nil)
	if list := a.Json.List("calls"); len(list) != 1 || list[0].Str("state") != "done" || list[0].Str("answer") != "" || len(list[0].List("steps")) != 4 {
		t.Errorf("she reads %v", list)
	}
	if strings.Contains(string(a.Body), "愿意代为履行") || strings.Contains(string(a.Body), "13900139000") {
		t.Errorf("the court's record shows through: %s", a.Body)
	}
	// Nobody answers: the time passes.
	call = wife.Must(http.StatusCreated, handlertest.Post, calls, handlertest.Obj{"at": slot(9, 16, 0)})
	c.comes(at(3, 9, 16), wife)
	wife.Refused(clash, "call.lapsed", handlertest.Post, about(call), says(call, "cancelled"))
	c.TalksPass()
	if v := wife.Must(http.StatusOK, handlertest.Get, calls, nil).List("calls")[0]; v.Str("state_text") != "未答复，已过时" {
		t.Error(v)
	}
}

// Every listed error, once for each route; the rules behind them are tested in
// service/conversation.
func TestCallsRefuse(t *testing.T) {
	t.Parallel()
	c := newCoercedWith(t, 2026, func(w *handlertest.World) { w.Deps = func(d *service.Deps) { d.Content = politely{} } })
	wife, link := c.relative("admitted")
	n := c.matter(wife, link).ID("conversation_id")
	calls, days := talkOf(n), fmt.Sprintf("/conversations/%d/call-days", n)
	stranger, other := c.Phone(""), c.Staff("tong.bx", model.RoleOfficer)
	unknown := c.FileInput(c.clerk, personInput(func(d handlertest.Obj) { // nobody knows his number
		d["name"], d["id_number"] = "孙立", "110101199003070134"
		delete(d, "phone")
	}))
	silent := c.Phone("")
	silent.Bind(c.clerk, unknown.ID, unknown.Debtor)
	at0 := silent.Say(unknown, "您好").ID("conversation_id")
	own := c.debtor.Say(c.f, "您好").ID("conversation_id") // the judge sees it, the officer answers it
	want := func(at time.Time, change ...any) handlertest.Obj {
		o := handlertest.Obj{"at": at}
		for i := 0; i < len(change); i += 2 {
			o[change[i].(string)] = change[i+1]
		}
		return o
	}
	call := wife.Must(http.StatusCreated, handlertest.Post, calls, want(slot(9, 9, 30)))
	offer := func(at time.Time) handlertest.Obj { return says(call, "offered", "at", at) }
	refusedAll(t, []mistake{
		{stranger, handlertest.Gone, "conversation.not_found", handlertest.Get, days, nil, ""},
		{stranger, handlertest.Gone, "conversation.not_found", handlertest.Get, calls, nil, ""},
		{stranger, handlertest.Gone, "conversation.not_found", handlertest.Post, calls, want(slot(9, 9, 30)), ""},
		{stranger, handlertest.Gone, "call.not_found", handlertest.Post, about(call), says(call, "cancelled"), ""},
		{other, handlertest.Gone, "call.not_found", handlertest.Get, fmt.Sprintf("/call-backs/%d/number", call.ID("id")), nil, ""},
		{c.judge, clash, "call.owner", handlertest.Post, talkOf(own), want(slot(9, 9, 30)), ""},
		{silent, handlertest.Bad, "call.phone", handlertest.Post, talkOf(at0), want(slot(9, 10, 0)), "phone"},
		{c.debtor, handlertest.Bad, "phone.format", handlertest.Post, talkOf(own), want(slot(9, 10, 0), "phone", "12345"), "phone"},
		{c.debtor, handlertest.Bad, "text.too_long", handlertest.Post, talkOf(own), want(slot(9, 10, 0), "note", strings.Repeat("长", 201)), "note"},
		{c.debtor, handlertest.Bad, "message.content", handlertest.Post, talkOf(own), want(slot(9, 10, 0), "note", "混蛋"), "text"},
		{c.debtor, handlertest.Bad, "call.past", handlertest.Post, talkOf(own), want(slot(6, 9, 30), "phone", "13900139000"), "at"},
		{c.debtor, handlertest.Bad, "call.too_far", handlertest.Post, talkOf(own), want(slot(23, 9, 30), "phone", "13900139000"), "at"},
		{c.debtor, handlertest.Bad, "call.rest_day", handlertest.Post, talkOf(own), want(slot(7, 9, 30), "phone", "13900139000"), "at"},
		{c.debtor, handlertest.Bad, "call.slot", handlertest.Post, talkOf(own), want(slot(9, 12, 0), "phone", "13900139000"), "at"},
		{c.officer, handlertest.Bad, "call.past", handlertest.Post, about(call), offer(slot(6, 9, 30)), "at"},
		{c.officer, handlertest.Bad, "call.too_far", handlertest.Post, about(call), offer(slot(23, 9, 30)), "at"},
		{c.officer, handlertest.Bad, "call.rest_day", handlertest.Post, about(call), offer(slot(8, 9, 30)), "at"},
		{c.officer, handlertest.Bad, "call.slot", handlertest.Post, about(call), offer(slot(9, 17, 0)), "at"},
		{c.officer, handlertest.Bad, "call.answer", handlertest.Post, about(call), says(call, "asked"), "state"},
		{wife, clash, "call.state", handlertest.Post, about(call), says(call, "confirmed"), ""},
		{wife, clash, "call.changed", handlertest.Post, about(call), handlertest.Obj{"state": "cancelled", "version": 9}, ""},
		{wife, handlertest.Bad, "message.content", handlertest.Post, about(call), says(call, "cancelled", "note", "混蛋"), "text"},
		{c.officer, handlertest.Bad, "reason.required", handlertest.Post, about(call), says(call, "declined"), "note"},
		{c.officer, handlertest.Bad, "text.too_long", handlertest.Post, about(call), says(call, "done", "note", strings.Repeat("长", 501)), "note"},
	})
	theirs := c.debtor.Must(http.StatusCreated, handlertest.Post, talkOf(own), want(slot(9, 10, 0), "phone", "13900139000"))
	offered := c.officer.Must(http.StatusOK, handlertest.Post, about(theirs), says(theirs, "offered", "at", slot(9, 10, 30)))
	refusedAll(t, []mistake{
		{c.judge, clash, "call.owner", handlertest.Post, about(offered), says(offered, "cancelled", "note", "改期"), ""},
		{c.judge, clash, "call.owner", handlertest.Get, fmt.Sprintf("/call-backs/%d/number", theirs.ID("id")), nil, ""},
		{c.debtor, handlertest.Bad, "phone.format", handlertest.Post, about(offered), says(offered, "confirmed", "phone", "12345"), "phone"},
	})
	c.debtor.Must(http.StatusOK, handlertest.Post, about(offered), says(offered, "confirmed"))
	c.officer.Refused(clash, "call.taken", handlertest.Post, about(call), offer(slot(9, 10, 30)))
	wife.Must(http.StatusOK, handlertest.Post, about(call), says(call, "cancelled"))
	wife.Refused(clash, "call.taken", handlertest.Post, calls, want(slot(9, 10, 30)))
	c.SetCourt(func(s *model.CourtSettings) { s.Calls.PerDay = 1 })
	wife.Refused(tooMany, "call.too_many", handlertest.Post, calls, want(slot(9, 11, 0)))
	// An offer to somebody whose number nobody knows.
	known := c.judge.Must(http.StatusCreated, handlertest.Post, talkOf(at0), want(slot(9, 11, 0)))
	silent.Refused(handlertest.Bad, "call.phone", handlertest.Post, about(known), says(known, "confirmed"))
	c.bring(link, "blocked")
	c.officer.Refused(clash, "call.not_connected", handlertest.Post, calls, want(slot(9, 9, 30)))
}

// The desk, without scripts: a call is agreed on with one button, made and
// taken down on the page with the number.
func TestCallsOnTheDesk(t *testing.T) {
	t.Parallel()
	c := newCoerced(t)
	wife, link := c.relative("admitted")
	n := c.matter(wife, link).ID("conversation_id")
	talk := fmt.Sprintf("/conversations/%d", n)
	call := wife.Must(http.StatusCreated, handlertest.Post, talkOf(n), handlertest.Obj{"at": slot(6, 14, 0), "note": "想问怎么缴款"})
	officer, clerk := c.Visitor(c.officer), c.Visitor(c.clerk)
	at0 := fmt.Sprintf("/call-backs/%d", call.ID("id"))
	officer.Sees("/tasks", "/desk"+at0+"/conversation", "答复回电请求")
	if res, _ := officer.Send(handlertest.Get, at0+"/conversation", nil, nil); res.Header.Get("Location") != "/desk"+talk {
		t.Errorf("the task leads to %s", res.Header.Get("Location"))
	}
	officer.Sees(talk, "想问怎么缴款", "同意该时间", "现在就回电", "另提时间", "请求回电：3月6日 星期五 14:00–14:30")
	if strings.Contains(clerk.Sees(talk, "想问怎么缴款"), "同意该时间") {
		t.Error("a clerk is offered to agree")
	}
	form := func(state string, version int64, change ...string) url.Values {
		v := url.Values{"state": {state}, "version": {fmt.Sprint(version)}, "conversation": {fmt.Sprint(n)}, "call": {fmt.Sprint(call.ID("id"))}}
		for i := 0; i < len(change); i += 2 {
			v.Set(change[i], change[i+1])
		}
		return v
	}
	officer.Does(handlertest.Bad, at0, `id="wrong-at"`, form("offered", 1, "at", slot(8, 9, 30).UTC().Format(time.RFC3339)))
	officer.Does(handlertest.Bad, at0, "请从列表中选择时间", form("offered", 1, "at", "明天"))
	officer.Does(handlertest.Bad, at0, `id="wrong-note"`, form("declined", 1))
	officer.Does(http.StatusSeeOther, at0, talk+"?done=call_confirmed", form("confirmed", 1))
	officer.Sees(talk, "去回电")
	officer.Sees(at0, "13700137000", "已通话", "未接通")
	if body := officer.Does(handlertest.Bad, at0, "没有完成", form("done", 2, "page", "call")); !strings.Contains(body, "13700137000") || c.Audited(model.AuditCallLook) != 2 {
		t.Errorf("%d looks", c.Audited(model.AuditCallLook))
	}
	officer.Does(http.StatusSeeOther, at0, talk+"?done=call_done", form("done", 2, "page", "call", "note", "已告知收款账户。"))
	officer.Sees(talk, "已告知收款账户。", "以往的回电（1）", "约定回电")

	offer := url.Values{"key": {handlertest.FreshKey()}, "call": {"new"}, "at": {slot(9, 9, 0).UTC().Format(time.RFC3339)}, "note": {"缴款情况"}}
	officer.Does(http.StatusSeeOther, talk+"/call-backs", talk+"?done=call_offered", offer)
	officer.Does(http.StatusSeeOther, talk+"/call-backs", talk+"?done=call_offered", offer) // a second click
	offer.Set("key", handlertest.FreshKey())
	officer.Does(clash, talk+"/call-backs", "已有一项回电预约", offer)
	if list := wife.Must(http.StatusOK, handlertest.Get, talkOf(n), nil).List("calls"); len(list) != 2 || list[0].Str("state") != "offered" {
		t.Errorf("she reads %v", list)
	}
	// What a notice leads to: the conversation, and not the case.
	wife.Must(http.StatusCreated, handlertest.Post, talk+"/messages", handlertest.Obj{"text": "您好"})
	officer.Sees("", ">打开<")
	seen := 0
	for _, v := range c.officer.Must(http.StatusOK, handlertest.Get, "/notices?limit=50", nil).List("notices") {
		if k := v.Str("kind"); k == "message.asked" || k == "call.asked" {
			res, _ := officer.Send(handlertest.Post, fmt.Sprintf("/notices/%d/read", v.ID("id")), url.Values{}, nil)
			to := res.Header.Get("Location")
			if k == "call.asked" { // to the call, which stands in its conversation
				res, _ = officer.Send(handlertest.Get, strings.TrimPrefix(to, "/desk"), nil, nil)
				to = res.Header.Get("Location")
			}
			if to != "/desk"+talk {
				t.Errorf("%s leads to %s", k, to)
			}
			seen++
		}
	}
	if seen != 2 {
		t.Errorf("%d notices", seen)
	}
	officer.Sees(fmt.Sprintf("/cases/%d?tab=conversation", c.f.ID), "王秀英（家属，配偶）")
	own := c.debtor.Say(c.f, "您好").ID("conversation_id")
	if res, _ := officer.Send(handlertest.Get, fmt.Sprintf("/conversations/%d", own), nil, nil); res.Header.Get("Location") != fmt.Sprintf("/desk/cases/%d?tab=conversation&with=%d", c.f.ID, own) {
		t.Errorf("a party's leads to %s", res.Header.Get("Location"))
	}
}
