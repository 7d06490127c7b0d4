package handler_test

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"microcourt/handler/handlertest"
	"microcourt/service/absence"

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
// and on the day he sees the number, calls and takes down what was said. The
// next time nobody answers her; the time after that he does not reach her.
func TestARelativeIsCalledBack(t *testing.T) {
	t.Parallel()
	c := newCoerced(t) // Friday, 6 March, 10:00
	wife, link := c.relative("admitted")
	n := c.matter(wife, link).ID("conversation_id")
	calls := talkOf(n)
	days := wife.Must(http.StatusOK, handlertest.Get, fmt.Sprintf("/conversations/%d/call-days", n), nil).List("days")
	if len(days) != 11 || days[0].Str("text") != "3月6日 星期五" || len(days[0].List("slots")) != 8 || days[1].Str("day") != "2026-03-09" || len(days[1].List("slots")) != 11 ||
		days[1].List("slots")[0].Str("text") != "09:00–09:30" || days[10].Str("day") != "2026-03-20" {
		t.Errorf("the times: %v", days)
	}
	key := handlertest.FreshKey()
	ask := handlertest.Obj{"at": slot(9, 9, 30), "note": "想问怎么缴款"}
	first := wife.CallKey(handlertest.Post, calls, ask, key)
	if first.Status != http.StatusCreated || first.Json.Str("state") != "asked" || first.Json.Str("answer_by") != "2026-03-10" || first.Json.Str("text") != "3月9日 星期一 09:30–10:00" {
		t.Fatalf("%d %s", first.Status, first.Body)
	}
	call := first.Json
	if again := wife.CallKey(handlertest.Post, calls, ask, key); again.Json.ID("id") != call.ID("id") {
		t.Errorf("a repeat: %s", again.Body)
	}
	wife.Refused(clash, "call.open", handlertest.Post, calls, handlertest.Obj{"at": slot(10, 9, 30)})
	if got := c.officer.Todo(); got != "3-9 09:30 答复回电请求：赵明的家属（配偶），3月9日 星期一 09:30–10:00" || c.told(c.officer, "call.asked") != 1 {
		t.Errorf("the officer is to do %q, told %d", got, c.told(c.officer, "call.asked"))
	}
	move := says(call, "offered", "at", slot(9, 14, 0))
	for range 2 { // the answer got lost
		call = c.officer.Must(http.StatusOK, handlertest.Post, about(call), move)
		call["version"] = float64(1)
	}
	call["version"] = float64(2)
	if c.officer.Todo() != "" || c.told(wife, "relative.call") != 1 {
		t.Errorf("he is to do %q, she is told %d times", c.officer.Todo(), c.told(wife, "relative.call"))
	}
	c.officer.Refused(clash, "call.early", handlertest.Get, fmt.Sprintf("/call-backs/%d/number", call.ID("id")), nil)
	call = wife.Must(http.StatusOK, handlertest.Post, about(call), says(call, "confirmed", "phone", "139 0013 9000"))
	if call.Str("phone") != "139****9000" || c.officer.Todo() != "3-9 23:59 回电：赵明的家属（配偶），3月9日 星期一 14:00–14:30" || c.told(c.officer, "call.asked") != 2 {
		t.Errorf("%v, he is to do %q", call, c.officer.Todo())
	}
	number := fmt.Sprintf("/call-backs/%d/number", call.ID("id"))
	refusedAll(t, []mistake{
		{c.officer, clash, "call.early", handlertest.Get, number, nil, ""},
		{c.officer, clash, "call.early", handlertest.Post, about(call), says(call, "done", "note", "已告知"), ""},
		{c.officer, clash, "call.early", handlertest.Post, about(call), says(call, "missed"), ""},
	})

	c.comes(at(3, 9, 14), wife)
	if v := c.officer.Must(http.StatusOK, handlertest.Get, number, nil); v.Str("number") != "13900139000" || v.Str("who") != "王秀英" || c.Audited(model.AuditCallLook) != 1 {
		t.Errorf("the number: %v, %d looks", v, c.Audited(model.AuditCallLook))
	}
	c.officer.Refused(handlertest.Bad, "reason.required", handlertest.Post, about(call), says(call, "done"))
	c.officer.Must(http.StatusOK, handlertest.Post, about(call), says(call, "done", "note", "已告知收款账户，对方愿意代为履行。"))
	if c.officer.Todo() != "" || c.Audited(model.AuditCallDone) != 1 {
		t.Errorf("after the call he is to do %q", c.officer.Todo())
	}
	list := wife.Must(http.StatusOK, handlertest.Get, calls, nil).List("calls")
	if len(list) != 1 || list[0].Str("state") != "done" || list[0].Str("answer") != "" || len(list[0].List("steps")) != 4 {
		t.Errorf("she reads %v", list)
	}
	if a := wife.Call(handlertest.Get, calls, nil); strings.Contains(string(a.Body), "愿意代为履行") || strings.Contains(string(a.Body), "13900139000") {
		t.Errorf("the court's record shows through: %s", a.Body)
	}
	for _, kind := range []string{"relative.call", "call.asked"} {
		for _, who := range []*handlertest.Client{wife, c.officer} {
			for _, v := range who.Must(http.StatusOK, handlertest.Get, "/notices?limit=50", nil).List("notices") {
				if v.Str("kind") == kind && (strings.Contains(v.Str("body"), "139") || who == wife && strings.Contains(v.Str("body"), "2026")) {
					t.Errorf("a notice says too much: %v", v)
				}
			}
		}
	}

	// Nobody answers: the time passes, and everybody whom it concerns is told once.
	call = wife.Must(http.StatusCreated, handlertest.Post, calls, handlertest.Obj{"at": slot(9, 16, 0)})
	c.comes(at(3, 9, 16), wife)
	wife.Refused(clash, "call.lapsed", handlertest.Post, about(call), says(call, "cancelled"))
	for range 2 {
		c.TalksPass()
		c.pass(at(3, 9, 16).Add(time.Minute)) // the clock of the task ran out with it: one word to the leaders
	}
	wife.Renew()
	if c.told(wife, "relative.call") != 2 || c.told(c.leader, "call.asked") != 1 || c.told(c.leader, "task.late") != 0 || c.told(c.officer, "call.asked") != 4 || c.officer.Todo() != "" {
		t.Errorf("told her %d, the leader %d, him %d; he is to do %q", c.told(wife, "relative.call"), c.told(c.leader, "call.asked"), c.told(c.officer, "call.asked"), c.officer.Todo())
	}
	if v := wife.Must(http.StatusOK, handlertest.Get, calls, nil).List("calls")[0]; v.Str("state") != "lapsed" || v.Str("state_text") != "未答复，已过时" {
		t.Error(v)
	}

	// He confirms at once and does not reach her; the record has it all.
	call = wife.Must(http.StatusCreated, handlertest.Post, calls, handlertest.Obj{"at": slot(10, 9, 0)})
	call = c.officer.Must(http.StatusOK, handlertest.Post, about(call), says(call, "confirmed"))
	c.comes(at(3, 10, 9), wife)
	c.officer.Must(http.StatusOK, handlertest.Post, about(call), says(call, "missed"))
	paper := c.officer.Recorded(n, model.RoleOfficer)
	got := strings.ReplaceAll(text(t, c.officer.Pdf(paper)), "　", "")
	for _, want := range []string{"请求回电：3月9日星期一09:30–10:00。想问怎么缴款", "提出回电时间：3月9日星期一14:00–14:30", "已告知收款账户，对方愿意代为履行。", "回电预约未获答复，已过时", "回电未接通", "系统"} {
		if !strings.Contains(strings.ReplaceAll(got, " ", ""), want) {
			t.Errorf("the record does not say %q:\n%s", want, got)
		}
	}
	if again := c.officer.Recorded(n, model.RoleOfficer); again.ID("id") != paper.ID("id") {
		t.Error("the record was made twice")
	}
}

// A party and its judge; either may begin, and the hand-over of the case moves
// what is to be done.
func TestAPartyIsCalledBack(t *testing.T) {
	t.Parallel()
	w, judge, debtor, creditor, f := urged(t) // Monday, 2 March
	other := w.Staff("ji.wei", model.RoleJudge)
	n := debtor.Say(f, "请问可以分期吗？").ID("conversation_id")
	calls := talkOf(n)
	call := judge.Must(http.StatusCreated, handlertest.Post, calls, handlertest.Obj{"at": slot(4, 10, 0), "note": "分期的安排"})
	if call.Str("state") != "offered" || debtor.NoticesOf(model.NoticeCallAnswered) != 1 {
		t.Errorf("%v, told %d", call, debtor.NoticesOf(model.NoticeCallAnswered))
	}
	creditor.Refused(handlertest.Gone, "conversation.not_found", handlertest.Get, calls, nil)
	creditor.Refused(handlertest.Gone, "call.not_found", handlertest.Post, about(call), says(call, "confirmed"))
	debtor.Refused(clash, "call.open", handlertest.Post, calls, handlertest.Obj{"at": slot(4, 11, 0)})
	call = debtor.Must(http.StatusOK, handlertest.Post, about(call), says(call, "confirmed", "phone", "13900139000"))
	if got := judge.Todo(); got != "3-4 23:59 回电：甬兴建材有限公司，3月4日 星期三 10:00–10:30" {
		t.Errorf("the judge is to do %q", got)
	}
	// The same half hour cannot be promised twice.
	m := creditor.Say(f, "请回电").ID("conversation_id")
	creditor.Refused(clash, "call.taken", handlertest.Post, talkOf(m), handlertest.Obj{"at": slot(4, 10, 0), "phone": "13800138000"})
	for _, d := range creditor.Must(http.StatusOK, handlertest.Get, fmt.Sprintf("/conversations/%d/call-days", m), nil).List("days") {
		for _, s := range d.List("slots") {
			if d.Str("day") == "2026-03-04" && s.Str("text") == "10:00–10:30" {
				t.Error("what is taken is offered")
			}
		}
	}
	judge.HandOver(f.ID, "ji.wei", "调岗")
	if judge.Todo() != "" || !strings.Contains(other.Todo(), "回电：甬兴建材有限公司") {
		t.Errorf("after the hand-over %q and %q are to do", judge.Todo(), other.Todo())
	}
	judge.Refused(handlertest.Gone, "call.not_found", handlertest.Post, about(call), says(call, "done", "note", "已告知"))
	call = other.Must(http.StatusOK, handlertest.Post, about(call), says(call, "cancelled", "note", "临时开庭"))
	if other.Todo() != "" || call.Str("answer") != "临时开庭" || debtor.NoticesOf(model.NoticeCallAnswered) != 2 {
		t.Errorf("%v, told %d", call, debtor.NoticesOf(model.NoticeCallAnswered))
	}
	// Two at once: the judge confirms what the debtor takes back; one wins.
	call = debtor.Must(http.StatusCreated, handlertest.Post, calls, handlertest.Obj{"at": slot(5, 10, 0), "phone": "13900139000"})
	var wg sync.WaitGroup
	answers := make([]handlertest.Answer, 2)
	for i, who := range []*handlertest.Client{other, debtor} {
		wg.Go(func() {
			answers[i] = who.Call(handlertest.Post, about(call), says(call, []string{"confirmed", "cancelled"}[i]))
		})
	}
	wg.Wait()
	if answers[0].Status+answers[1].Status != http.StatusOK+clash {
		t.Errorf("two at once: %s, %s", answers[0].Body, answers[1].Body)
	}
}

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
		{other, handlertest.Gone, "conversation.not_found", handlertest.Post, calls, want(slot(9, 9, 30)), ""},
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
		{c.debtor, handlertest.Bad, "call.slot", handlertest.Post, talkOf(own), want(slot(9, 9, 10), "phone", "13900139000"), "at"},
		{c.officer, handlertest.Bad, "call.past", handlertest.Post, about(call), offer(slot(6, 9, 30)), "at"},
		{c.officer, handlertest.Bad, "call.too_far", handlertest.Post, about(call), offer(slot(23, 9, 30)), "at"},
		{c.officer, handlertest.Bad, "call.rest_day", handlertest.Post, about(call), offer(slot(8, 9, 30)), "at"},
		{c.officer, handlertest.Bad, "call.slot", handlertest.Post, about(call), offer(slot(9, 17, 0)), "at"},
		{c.officer, handlertest.Bad, "call.answer", handlertest.Post, about(call), says(call, "asked"), "state"},
		{wife, handlertest.Bad, "call.answer", handlertest.Post, about(call), says(call, "done", "note", "已通话"), "state"},
		{wife, clash, "call.state", handlertest.Post, about(call), says(call, "confirmed"), ""},
		{wife, clash, "call.changed", handlertest.Post, about(call), handlertest.Obj{"state": "cancelled", "version": 9}, ""},
		{wife, handlertest.Bad, "message.content", handlertest.Post, about(call), says(call, "cancelled", "note", "混蛋"), "text"},
		{c.officer, handlertest.Bad, "reason.required", handlertest.Post, about(call), says(call, "declined"), "note"},
		{c.officer, handlertest.Bad, "text.too_long", handlertest.Post, about(call), says(call, "done", "note", strings.Repeat("长", 501)), "note"},
	})
	// The judge may look at the debtor's, but calls nobody whom the officer answers.
	theirs := c.debtor.Must(http.StatusCreated, handlertest.Post, talkOf(own), want(slot(9, 10, 0), "phone", "13900139000"))
	offered := c.officer.Must(http.StatusOK, handlertest.Post, about(theirs), says(theirs, "offered", "at", slot(9, 10, 30)))
	refusedAll(t, []mistake{
		{c.judge, clash, "call.owner", handlertest.Post, about(offered), says(offered, "cancelled", "note", "改期"), ""},
		{c.judge, clash, "call.owner", handlertest.Get, fmt.Sprintf("/call-backs/%d/number", theirs.ID("id")), nil, ""},
		{c.debtor, handlertest.Bad, "phone.format", handlertest.Post, about(offered), says(offered, "confirmed", "phone", "12345"), "phone"},
	})
	agreed := c.debtor.Must(http.StatusOK, handlertest.Post, about(offered), says(offered, "confirmed"))
	c.officer.Refused(clash, "call.taken", handlertest.Post, about(call), offer(slot(9, 10, 30)))
	c.SetCourt(func(s *model.CourtSettings) { s.Calls.PerDay = 1 })
	c.debtor.Must(http.StatusOK, handlertest.Post, about(agreed), says(agreed, "cancelled"))
	c.debtor.Refused(tooMany, "call.too_many", handlertest.Post, talkOf(own), want(slot(9, 10, 0)))
	// An offer to somebody whose number nobody knows.
	known := c.judge.Must(http.StatusCreated, handlertest.Post, talkOf(at0), want(slot(9, 11, 0)))
	silent.Refused(handlertest.Bad, "call.phone", handlertest.Post, about(known), says(known, "confirmed"))
	silent.Must(http.StatusOK, handlertest.Post, about(known), says(known, "declined"))

	// A link that ends takes its calls with it, and none is agreed on afterwards.
	c.bring(link, "blocked")
	if c.officer.Must(http.StatusOK, handlertest.Get, calls, nil).List("calls")[0].Str("state") != "cancelled" || strings.Contains(c.officer.Todo(), "家属") {
		t.Errorf("after the block he is to do %q", c.officer.Todo())
	}
	refusedAll(t, []mistake{
		{c.officer, clash, "call.not_connected", handlertest.Post, calls, want(slot(9, 9, 30)), ""},
		{wife, handlertest.Gone, "conversation.not_found", handlertest.Get, calls, nil, ""},
		{wife, handlertest.Gone, "call.not_found", handlertest.Post, about(call), says(call, "cancelled"), ""},
	})
}

// While the officer is away his substitute has his calls and petitions on his
// own list, answers them and calls; afterwards they are the officer's again.
func TestASubstituteCalls(t *testing.T) {
	t.Parallel()
	c := newCoerced(t)
	sub := c.Staff("tong.bx", model.RoleOfficer)
	wife, link := c.relative("admitted")
	calls := talkOf(c.matter(wife, link).ID("conversation_id"))
	c.officer.Away(absence.Away{})
	call := wife.Must(http.StatusCreated, handlertest.Post, calls, handlertest.Obj{"at": slot(9, 14, 0)})
	wife.Must(http.StatusCreated, handlertest.Post, mine(link, "petitions"), handlertest.Obj{"kind": "early_release", "text": "他已认识到错误，请求提前解除拘留。"})
	all := func(who *handlertest.Client) (out []string) {
		for _, v := range who.Must(http.StatusOK, handlertest.Get, "/tasks?state=open", nil).List("tasks") {
			out = append(out, v.Str("kind"))
		}
		return out
	}
	if got := all(sub); len(got) != 0 {
		t.Errorf("before it begins he has %v", got)
	}
	c.comes(at(3, 9, 9), sub, wife)
	if got := strings.Join(all(sub), " "); got != "call.back petition" {
		t.Errorf("the substitute has %q", got)
	}
	if !strings.Contains(strings.Join(all(c.officer), " "), "call.back") {
		t.Error("the officer does not see his own any more")
	}
	c.Visitor(sub).Sees("/tasks", "答复回电请求", "去办理")
	// He takes down for the debtor as the officer would.
	family, debtor := fmt.Sprintf("/enforcement/%d", c.id), fmt.Sprint(c.f.Debtor)
	c.Visitor(sub).Sees(family+"/family", "代被执行人记录")
	c.Visitor(sub).Does(http.StatusSeeOther, family+"/petitions", "petition_made", url.Values{
		"key": {handlertest.FreshKey()}, "party": {debtor}, "kind": {"remorse"}, "text": {"本人已认识到错误，保证按期履行。"},
	})
	call = sub.Must(http.StatusOK, handlertest.Post, about(call), says(call, "confirmed"))
	if v := sub.Must(http.StatusOK, handlertest.Get, fmt.Sprintf("/call-backs/%d/number", call.ID("id")), nil); v.Str("number") != "13700137000" {
		t.Error(v)
	}
	sub.Must(http.StatusOK, handlertest.Post, about(call), says(call, "done", "note", "已告知收款账户。"))
	// What is late while he is away is told to the substitute too.
	c.comes(at(3, 11, 9), sub, wife)
	for _, who := range []*handlertest.Client{c.officer, sub, c.leader} {
		if who.NoticesOf(model.NoticeTaskLate) == 0 {
			t.Errorf("%s is not told that the petition is late", who.Name)
		}
	}
	c.comes(at(3, 16, 9), sub, wife)
	if got := all(sub); len(got) != 0 {
		t.Errorf("after its end he has %v", got)
	}
	sub.Refused(handlertest.Gone, "call.not_found", handlertest.Get, fmt.Sprintf("/call-backs/%d/number", call.ID("id")), nil)

	// He gets the case for good: what was agreed on goes with it.
	call = wife.Must(http.StatusCreated, handlertest.Post, calls, handlertest.Obj{"at": slot(17, 9, 0)})
	c.officer.Must(http.StatusOK, handlertest.Post, about(call), says(call, "confirmed"))
	e := c.officer.Must(http.StatusOK, handlertest.Get, fmt.Sprintf("/enforcement-cases/%d", c.id), nil)
	c.officer.Does(handlertest.HandOver, c.id, handlertest.Obj{"to_officer": "tong.bx", "reason": "调岗", "version": e["version"]})
	if c.officer.Todo() != "" || sub.Todo() != "3-17 23:59 回电：赵明的家属（配偶），3月17日 星期二 09:00–09:30" {
		t.Errorf("after the hand-over %q and %q are to do", c.officer.Todo(), sub.Todo())
	}
	c.officer.Refused(handlertest.Gone, "call.not_found", handlertest.Post, about(call), says(call, "cancelled", "note", "改期"))
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
	officer.Sees("", "打开对话")
	seen := 0
	for _, v := range c.officer.Must(http.StatusOK, handlertest.Get, "/notices?limit=50", nil).List("notices") {
		if k := v.Str("kind"); k == "message.asked" || k == "call.asked" {
			res, _ := officer.Send(handlertest.Post, fmt.Sprintf("/notices/%d/read", v.ID("id")), url.Values{}, nil)
			if res.Header.Get("Location") != "/desk"+talk {
				t.Errorf("%s leads to %s", k, res.Header.Get("Location"))
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

// The navigation counts the requests of families that wait for the actor, and
// nobody else's.
func TestTheDeskCountsFamilies(t *testing.T) {
	t.Parallel()
	c := newCoerced(t)
	other := c.Staff("tong.bx", model.RoleOfficer)
	c.relative("asked")
	c.Phone("").Must(http.StatusCreated, handlertest.Post, "/relatives", asks("officer_id", c.officerID("法官tong"), "name", "王秀兰"))
	c.relative("admitted")
	for _, k := range []struct {
		who  *handlertest.Client
		role model.Role
		want int64
	}{{c.officer, model.RoleOfficer, 1}, {c.clerk, model.RoleClerk, 2}, {c.leader, model.RoleLeader, 2}, {other, model.RoleOfficer, 1}, {c.judge, model.RoleJudge, 0}} {
		st, err := c.Svc.Statistics.State(context.Background(), k.who.ActorOf(k.role))
		if err != nil || st.Relatives != k.want {
			t.Errorf("%s: %d, %v", k.who.Name, st.Relatives, err)
		}
	}
	c.Visitor(c.officer).Sees("/tasks", `data-live-count="relatives"`)
}

// A detention that is over before the president decided answers the request.
func TestADetentionThatEndsAnswersTheRequest(t *testing.T) {
	t.Parallel()
	c := newCoerced(t)
	wife, link := c.relative("admitted")
	m := c.take("detention", "days", 3)
	c.pass(at(3, 6, 15))
	m = c.officer.Must(http.StatusOK, handlertest.Post, on(m, "detain"), handlertest.Obj{"at": at(3, 6, 14), "version": 2})
	wife.Renew()
	early := wife.Must(http.StatusCreated, handlertest.Post, mine(link, "petitions"), handlertest.Obj{"kind": "early_release", "text": "他已认识到错误，请求提前解除拘留。"})
	c.officer.Must(http.StatusOK, handlertest.Post, fmt.Sprintf("/petitions/%d/decide", early.ID("id")), handlertest.Obj{"state": "forwarded", "answer": "确有悔改", "version": 1})
	c.comes(at(3, 9, 15), wife)
	m = c.measure(m)
	c.officer.Does(handlertest.EndExpiredMeasure, m.ID("id"), handlertest.Obj{"proof": "拘留所已释放", "version": m.ID("version")})
	list := wife.Must(http.StatusOK, handlertest.Get, "/petitions", nil).List("petitions")
	if len(list) != 1 || list[0].Str("state") != "refused" || list[0].Str("answer") != "院长决定以前期限已满，已经释放。" {
		t.Errorf("she reads %v", list)
	}
}

// Leaders who heard that nobody answered a call are not told again that its
// time passed.
func TestALateCallIsToldOnce(t *testing.T) {
	t.Parallel()
	c := newCoerced(t)
	wife, link := c.relative("admitted")
	wife.Must(http.StatusCreated, handlertest.Post, talkOf(c.matter(wife, link).ID("conversation_id")), handlertest.Obj{"at": slot(9, 9, 0)})
	c.comes(at(3, 9, 9).Add(time.Minute), wife) // the clocks of tasks come first
	c.TalksPass()
	if c.told(c.leader, "task.late") != 1 || c.told(c.leader, "call.asked") != 0 || c.told(c.officer, "call.asked") != 2 || c.told(wife, "relative.call") != 1 {
		t.Errorf("the leader %d and %d, the officer %d, she %d", c.told(c.leader, "task.late"), c.told(c.leader, "call.asked"), c.told(c.officer, "call.asked"), c.told(wife, "relative.call"))
	}
}
