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

	"microcourt/model"
	"microcourt/service"
)

// talkOf is the address of the calls in a conversation.
func talkOf(conversation int64) string {
	return fmt.Sprintf("/conversations/%d/call-backs", conversation)
}

// about is the address of an answer about a call.
func about(call obj) string { return fmt.Sprintf("/call-backs/%d/answer", call.id("id")) }

// says is an answer about a call as it is, with one thing changed.
func says(call obj, state string, change ...any) obj {
	o := obj{"state": state, "version": call.id("version")}
	for i := 0; i < len(change); i += 2 {
		o[change[i].(string)] = change[i+1]
	}
	return o
}

// slot is a time of day in March 2026.
func slot(day, hour, minute int) time.Time {
	return at(3, day, hour).Add(time.Duration(minute) * time.Minute)
}

// todo is what is to be done about calls, as "due title" lines.
func (c *client) todo() string {
	c.w.t.Helper()
	var out []string
	for _, v := range c.must(http.StatusOK, get, "/tasks?state=open", nil).list("tasks") {
		if v.str("kind") != "call.back" {
			continue
		}
		due, err := time.Parse(time.RFC3339, v.str("due_at"))
		if err != nil {
			c.w.t.Fatal(err)
		}
		out = append(out, due.In(model.CourtZone).Format("1-2 15:04 ")+v.str("title"))
	}
	return strings.Join(out, "|")
}

func (w *world) talksPass() {
	w.t.Helper()
	if err := w.svc.Conversation.Pass(context.Background()); err != nil {
		w.t.Fatal(err)
	}
}

// A relative asks to be called, the officer proposes another time, she accepts,
// and on the day he sees the number, calls and takes down what was said. The
// next time nobody answers her; the time after that he does not reach her.
func TestARelativeIsCalledBack(t *testing.T) {
	t.Parallel()
	c := newCoerced(t) // Friday, 6 March, 10:00
	wife, link := c.relative("admitted")
	n := c.matter(wife, link).id("conversation_id")
	calls := talkOf(n)
	days := wife.must(http.StatusOK, get, fmt.Sprintf("/conversations/%d/call-days", n), nil).list("days")
	if len(days) != 11 || days[0].str("text") != "3月6日 星期五" || len(days[0].list("slots")) != 8 || days[1].str("day") != "2026-03-09" || len(days[1].list("slots")) != 11 ||
		days[1].list("slots")[0].str("text") != "09:00–09:30" || days[10].str("day") != "2026-03-20" {
		t.Errorf("the times: %v", days)
	}
	key := freshKey()
	ask := obj{"at": slot(9, 9, 30), "note": "想问怎么缴款"}
	first := wife.callKey(post, calls, ask, key)
	if first.status != http.StatusCreated || first.json.str("state") != "asked" || first.json.str("answer_by") != "2026-03-10" || first.json.str("text") != "3月9日 星期一 09:30–10:00" {
		t.Fatalf("%d %s", first.status, first.body)
	}
	call := first.json
	if again := wife.callKey(post, calls, obj{"at": slot(9, 10, 0)}, key); again.json.id("id") != call.id("id") {
		t.Errorf("a repeat: %s", again.body)
	}
	wife.refused(clash, "call.open", post, calls, obj{"at": slot(10, 9, 30)})
	if got := c.officer.todo(); got != "3-9 09:30 答复回电请求：赵明的家属（配偶），3月9日 星期一 09:30–10:00" || c.told(c.officer, "call.asked") != 1 {
		t.Errorf("the officer is to do %q, told %d", got, c.told(c.officer, "call.asked"))
	}
	move := says(call, "offered", "at", slot(9, 14, 0))
	for range 2 { // the answer got lost
		call = c.officer.must(http.StatusOK, post, about(call), move)
		call["version"] = float64(1)
	}
	call["version"] = float64(2)
	if c.officer.todo() != "" || c.told(wife, "relative.call") != 1 {
		t.Errorf("he is to do %q, she is told %d times", c.officer.todo(), c.told(wife, "relative.call"))
	}
	c.officer.refused(clash, "call.early", get, fmt.Sprintf("/call-backs/%d/number", call.id("id")), nil)
	call = wife.must(http.StatusOK, post, about(call), says(call, "confirmed", "phone", "139 0013 9000"))
	if call.str("phone") != "139****9000" || c.officer.todo() != "3-9 23:59 回电：赵明的家属（配偶），3月9日 星期一 14:00–14:30" || c.told(c.officer, "call.asked") != 2 {
		t.Errorf("%v, he is to do %q", call, c.officer.todo())
	}
	number := fmt.Sprintf("/call-backs/%d/number", call.id("id"))
	refusedAll(t, []mistake{
		{c.officer, clash, "call.early", get, number, nil, ""},
		{c.officer, clash, "call.early", post, about(call), says(call, "done", "note", "已告知"), ""},
		{c.officer, clash, "call.early", post, about(call), says(call, "missed"), ""},
	})

	c.comes(at(3, 9, 14), wife)
	if v := c.officer.must(http.StatusOK, get, number, nil); v.str("number") != "13900139000" || v.str("who") != "王秀英" || c.audited("call.look") != 1 {
		t.Errorf("the number: %v, %d looks", v, c.audited("call.look"))
	}
	c.officer.refused(bad, "reason.required", post, about(call), says(call, "done"))
	c.officer.must(http.StatusOK, post, about(call), says(call, "done", "note", "已告知收款账户，对方愿意代为履行。"))
	if c.officer.todo() != "" || c.audited("call.done") != 1 {
		t.Errorf("after the call he is to do %q", c.officer.todo())
	}
	list := wife.must(http.StatusOK, get, calls, nil).list("calls")
	if len(list) != 1 || list[0].str("state") != "done" || list[0].str("answer") != "" || len(list[0].list("steps")) != 4 {
		t.Errorf("she reads %v", list)
	}
	if a := wife.call(get, calls, nil); strings.Contains(string(a.body), "愿意代为履行") || strings.Contains(string(a.body), "13900139000") {
		t.Errorf("the court's record shows through: %s", a.body)
	}
	for _, kind := range []string{"relative.call", "call.asked"} {
		for _, who := range []*client{wife, c.officer} {
			for _, v := range who.must(http.StatusOK, get, "/notices?limit=50", nil).list("notices") {
				if v.str("kind") == kind && (strings.Contains(v.str("body"), "139") || who == wife && strings.Contains(v.str("body"), "2026")) {
					t.Errorf("a notice says too much: %v", v)
				}
			}
		}
	}

	// Nobody answers: the time passes, and everybody whom it concerns is told once.
	call = wife.must(http.StatusCreated, post, calls, obj{"at": slot(9, 16, 0)})
	c.comes(at(3, 9, 16), wife)
	wife.refused(clash, "call.lapsed", post, about(call), says(call, "cancelled"))
	for range 2 {
		c.talksPass()
		c.pass(at(3, 9, 16).Add(time.Minute)) // the clock of the task ran out with it: one word to the leaders
	}
	wife.renew()
	if c.told(wife, "relative.call") != 2 || c.told(c.leader, "call.asked") != 1 || c.told(c.leader, "task.late") != 0 || c.told(c.officer, "call.asked") != 4 || c.officer.todo() != "" {
		t.Errorf("told her %d, the leader %d, him %d; he is to do %q", c.told(wife, "relative.call"), c.told(c.leader, "call.asked"), c.told(c.officer, "call.asked"), c.officer.todo())
	}
	if v := wife.must(http.StatusOK, get, calls, nil).list("calls")[0]; v.str("state") != "lapsed" || v.str("state_text") != "未答复，已过时" {
		t.Error(v)
	}

	// He confirms at once and does not reach her; the record has it all.
	call = wife.must(http.StatusCreated, post, calls, obj{"at": slot(10, 9, 0)})
	call = c.officer.must(http.StatusOK, post, about(call), says(call, "confirmed"))
	c.comes(at(3, 10, 9), wife)
	c.officer.must(http.StatusOK, post, about(call), says(call, "missed"))
	paper := c.officer.must(http.StatusCreated, post, fmt.Sprintf("/conversations/%d/export", n), obj{})
	got := strings.ReplaceAll(text(t, c.officer.pdf(paper)), "　", "")
	for _, want := range []string{"请求回电：3月9日星期一09:30–10:00。想问怎么缴款", "提出回电时间：3月9日星期一14:00–14:30", "已告知收款账户，对方愿意代为履行。", "回电预约未获答复，已过时", "回电未接通", "系统"} {
		if !strings.Contains(strings.ReplaceAll(got, " ", ""), want) {
			t.Errorf("the record does not say %q:\n%s", want, got)
		}
	}
	if again := c.officer.must(http.StatusCreated, post, fmt.Sprintf("/conversations/%d/export", n), obj{}); again.id("id") != paper.id("id") {
		t.Error("the record was made twice")
	}
}

// A party and its judge; either may begin, and the hand-over of the case moves
// what is to be done.
func TestAPartyIsCalledBack(t *testing.T) {
	t.Parallel()
	w, judge, debtor, creditor, f := urged(t) // Monday, 2 March
	other := w.staff("ji.wei", model.RoleJudge)
	n := debtor.say(f, "请问可以分期吗？").id("conversation_id")
	calls := talkOf(n)
	call := judge.must(http.StatusCreated, post, calls, obj{"at": slot(4, 10, 0), "note": "分期的安排"})
	if call.str("state") != "offered" || debtor.noticesOf(model.NoticeCallAnswered) != 1 {
		t.Errorf("%v, told %d", call, debtor.noticesOf(model.NoticeCallAnswered))
	}
	creditor.refused(gone, "conversation.not_found", get, calls, nil)
	creditor.refused(gone, "call.not_found", post, about(call), says(call, "confirmed"))
	debtor.refused(clash, "call.open", post, calls, obj{"at": slot(4, 11, 0)})
	call = debtor.must(http.StatusOK, post, about(call), says(call, "confirmed", "phone", "13900139000"))
	if got := judge.todo(); got != "3-4 23:59 回电：甬兴建材有限公司，3月4日 星期三 10:00–10:30" {
		t.Errorf("the judge is to do %q", got)
	}
	// The same half hour cannot be promised twice.
	m := creditor.say(f, "请回电").id("conversation_id")
	creditor.refused(clash, "call.taken", post, talkOf(m), obj{"at": slot(4, 10, 0), "phone": "13800138000"})
	for _, d := range creditor.must(http.StatusOK, get, fmt.Sprintf("/conversations/%d/call-days", m), nil).list("days") {
		for _, s := range d.list("slots") {
			if d.str("day") == "2026-03-04" && s.str("text") == "10:00–10:30" {
				t.Error("what is taken is offered")
			}
		}
	}
	judge.must(http.StatusNoContent, post, fmt.Sprintf("/cases/%d/hand-over", f.id), obj{"to_judge": "ji.wei", "reason": "调岗", "version": 1})
	if judge.todo() != "" || !strings.Contains(other.todo(), "回电：甬兴建材有限公司") {
		t.Errorf("after the hand-over %q and %q are to do", judge.todo(), other.todo())
	}
	judge.refused(gone, "call.not_found", post, about(call), says(call, "done", "note", "已告知"))
	call = other.must(http.StatusOK, post, about(call), says(call, "cancelled", "note", "临时开庭"))
	if other.todo() != "" || call.str("answer") != "临时开庭" || debtor.noticesOf(model.NoticeCallAnswered) != 2 {
		t.Errorf("%v, told %d", call, debtor.noticesOf(model.NoticeCallAnswered))
	}
	// Two at once: the judge confirms what the debtor takes back; one wins.
	call = debtor.must(http.StatusCreated, post, calls, obj{"at": slot(5, 10, 0), "phone": "13900139000"})
	var wg sync.WaitGroup
	answers := make([]answer, 2)
	for i, who := range []*client{other, debtor} {
		wg.Go(func() { answers[i] = who.call(post, about(call), says(call, []string{"confirmed", "cancelled"}[i])) })
	}
	wg.Wait()
	if answers[0].status+answers[1].status != http.StatusOK+clash {
		t.Errorf("two at once: %s, %s", answers[0].body, answers[1].body)
	}
}

func TestCallsRefuse(t *testing.T) {
	t.Parallel()
	c := newCoercedWith(t, 2026, func(w *world) { w.deps = func(d *service.Deps) { d.Content = politely{} } })
	wife, link := c.relative("admitted")
	n := c.matter(wife, link).id("conversation_id")
	calls, days := talkOf(n), fmt.Sprintf("/conversations/%d/call-days", n)
	stranger, other := c.phone(""), c.staff("tong.bx", model.RoleOfficer)
	unknown := c.fileInput(c.clerk, personInput(func(d obj) { // nobody knows his number
		d["name"], d["id_number"] = "孙立", "110101199003070134"
		delete(d, "phone")
	}))
	silent := c.phone("")
	silent.bind(c.clerk, unknown.id, unknown.debtor)
	at0 := silent.say(unknown, "您好").id("conversation_id")
	own := c.debtor.say(c.f, "您好").id("conversation_id") // the judge sees it, the officer answers it
	want := func(at time.Time, change ...any) obj {
		o := obj{"at": at}
		for i := 0; i < len(change); i += 2 {
			o[change[i].(string)] = change[i+1]
		}
		return o
	}
	call := wife.must(http.StatusCreated, post, calls, want(slot(9, 9, 30)))
	offer := func(at time.Time) obj { return says(call, "offered", "at", at) }
	refusedAll(t, []mistake{
		{stranger, gone, "conversation.not_found", get, days, nil, ""},
		{stranger, gone, "conversation.not_found", get, calls, nil, ""},
		{stranger, gone, "conversation.not_found", post, calls, want(slot(9, 9, 30)), ""},
		{stranger, gone, "call.not_found", post, about(call), says(call, "cancelled"), ""},
		{other, gone, "conversation.not_found", post, calls, want(slot(9, 9, 30)), ""},
		{other, gone, "call.not_found", get, fmt.Sprintf("/call-backs/%d/number", call.id("id")), nil, ""},
		{c.judge, clash, "call.owner", post, talkOf(own), want(slot(9, 9, 30)), ""},
		{silent, bad, "call.phone", post, talkOf(at0), want(slot(9, 10, 0)), "phone"},
		{c.debtor, bad, "phone.format", post, talkOf(own), want(slot(9, 10, 0), "phone", "12345"), "phone"},
		{c.debtor, bad, "text.too_long", post, talkOf(own), want(slot(9, 10, 0), "note", strings.Repeat("长", 201)), "note"},
		{c.debtor, bad, "message.content", post, talkOf(own), want(slot(9, 10, 0), "note", "混蛋"), "text"},
		{c.debtor, bad, "call.past", post, talkOf(own), want(slot(6, 9, 30), "phone", "13900139000"), "at"},
		{c.debtor, bad, "call.too_far", post, talkOf(own), want(slot(23, 9, 30), "phone", "13900139000"), "at"},
		{c.debtor, bad, "call.rest_day", post, talkOf(own), want(slot(7, 9, 30), "phone", "13900139000"), "at"},
		{c.debtor, bad, "call.slot", post, talkOf(own), want(slot(9, 12, 0), "phone", "13900139000"), "at"},
		{c.debtor, bad, "call.slot", post, talkOf(own), want(slot(9, 9, 10), "phone", "13900139000"), "at"},
		{c.officer, bad, "call.past", post, about(call), offer(slot(6, 9, 30)), "at"},
		{c.officer, bad, "call.too_far", post, about(call), offer(slot(23, 9, 30)), "at"},
		{c.officer, bad, "call.rest_day", post, about(call), offer(slot(8, 9, 30)), "at"},
		{c.officer, bad, "call.slot", post, about(call), offer(slot(9, 17, 0)), "at"},
		{c.officer, bad, "call.answer", post, about(call), says(call, "asked"), "state"},
		{wife, bad, "call.answer", post, about(call), says(call, "done", "note", "已通话"), "state"},
		{wife, clash, "call.state", post, about(call), says(call, "confirmed"), ""},
		{wife, clash, "call.changed", post, about(call), obj{"state": "cancelled", "version": 9}, ""},
		{wife, bad, "message.content", post, about(call), says(call, "cancelled", "note", "混蛋"), "text"},
		{c.officer, bad, "reason.required", post, about(call), says(call, "declined"), "note"},
		{c.officer, bad, "text.too_long", post, about(call), says(call, "done", "note", strings.Repeat("长", 501)), "note"},
	})
	// The judge may look at the debtor's, but calls nobody whom the officer answers.
	theirs := c.debtor.must(http.StatusCreated, post, talkOf(own), want(slot(9, 10, 0), "phone", "13900139000"))
	offered := c.officer.must(http.StatusOK, post, about(theirs), says(theirs, "offered", "at", slot(9, 10, 30)))
	refusedAll(t, []mistake{
		{c.judge, clash, "call.owner", post, about(offered), says(offered, "cancelled", "note", "改期"), ""},
		{c.judge, clash, "call.owner", get, fmt.Sprintf("/call-backs/%d/number", theirs.id("id")), nil, ""},
		{c.debtor, bad, "phone.format", post, about(offered), says(offered, "confirmed", "phone", "12345"), "phone"},
	})
	agreed := c.debtor.must(http.StatusOK, post, about(offered), says(offered, "confirmed"))
	c.officer.refused(clash, "call.taken", post, about(call), offer(slot(9, 10, 30)))
	c.setCourt(func(s *model.CourtSettings) { s.Calls.PerDay = 1 })
	c.debtor.must(http.StatusOK, post, about(agreed), says(agreed, "cancelled"))
	c.debtor.refused(tooMany, "call.too_many", post, talkOf(own), want(slot(9, 10, 0)))
	// An offer to somebody whose number nobody knows.
	known := c.judge.must(http.StatusCreated, post, talkOf(at0), want(slot(9, 11, 0)))
	silent.refused(bad, "call.phone", post, about(known), says(known, "confirmed"))
	silent.must(http.StatusOK, post, about(known), says(known, "declined"))

	// A link that ends takes its calls with it, and none is agreed on afterwards.
	c.bring(link, "blocked")
	if c.officer.must(http.StatusOK, get, calls, nil).list("calls")[0].str("state") != "cancelled" || strings.Contains(c.officer.todo(), "家属") {
		t.Errorf("after the block he is to do %q", c.officer.todo())
	}
	refusedAll(t, []mistake{
		{c.officer, clash, "call.not_connected", post, calls, want(slot(9, 9, 30)), ""},
		{wife, gone, "conversation.not_found", get, calls, nil, ""},
		{wife, gone, "call.not_found", post, about(call), says(call, "cancelled"), ""},
	})
}

// While the officer is away his substitute has his calls and petitions on his
// own list, answers them and calls; afterwards they are the officer's again.
func TestASubstituteCalls(t *testing.T) {
	t.Parallel()
	c := newCoerced(t)
	sub := c.staff("tong.bx", model.RoleOfficer)
	wife, link := c.relative("admitted")
	calls := talkOf(c.matter(wife, link).id("conversation_id"))
	c.officer.must(http.StatusCreated, post, "/absences", away())
	call := wife.must(http.StatusCreated, post, calls, obj{"at": slot(9, 14, 0)})
	wife.must(http.StatusCreated, post, mine(link, "petitions"), obj{"kind": "early_release", "text": "他已认识到错误，请求提前解除拘留。"})
	all := func(who *client) (out []string) {
		for _, v := range who.must(http.StatusOK, get, "/tasks?state=open", nil).list("tasks") {
			out = append(out, v.str("kind"))
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
	c.visitor(sub).sees("/tasks", "答复回电请求", "去办理")
	// He takes down for the debtor as the officer would.
	family, debtor := fmt.Sprintf("/enforcement/%d", c.id), fmt.Sprint(c.f.debtor)
	c.visitor(sub).sees(family+"/family", "代被执行人记录")
	c.visitor(sub).does(http.StatusSeeOther, family+"/petitions", "petition_made", url.Values{
		"key": {freshKey()}, "party": {debtor}, "kind": {"remorse"}, "text": {"本人已认识到错误，保证按期履行。"},
	})
	call = sub.must(http.StatusOK, post, about(call), says(call, "confirmed"))
	if v := sub.must(http.StatusOK, get, fmt.Sprintf("/call-backs/%d/number", call.id("id")), nil); v.str("number") != "13700137000" {
		t.Error(v)
	}
	sub.must(http.StatusOK, post, about(call), says(call, "done", "note", "已告知收款账户。"))
	// What is late while he is away is told to the substitute too.
	c.comes(at(3, 11, 9), sub, wife)
	for _, who := range []*client{c.officer, sub, c.leader} {
		if who.noticesOf(model.NoticeTaskLate) == 0 {
			t.Errorf("%s is not told that the petition is late", who.name)
		}
	}
	c.comes(at(3, 16, 9), sub, wife)
	if got := all(sub); len(got) != 0 {
		t.Errorf("after its end he has %v", got)
	}
	sub.refused(gone, "call.not_found", get, fmt.Sprintf("/call-backs/%d/number", call.id("id")), nil)

	// He gets the case for good: what was agreed on goes with it.
	call = wife.must(http.StatusCreated, post, calls, obj{"at": slot(17, 9, 0)})
	c.officer.must(http.StatusOK, post, about(call), says(call, "confirmed"))
	e := c.officer.must(http.StatusOK, get, fmt.Sprintf("/enforcement-cases/%d", c.id), nil)
	c.officer.must(http.StatusNoContent, post, fmt.Sprintf("/enforcement-cases/%d/hand-over", c.id), obj{"to_officer": "tong.bx", "reason": "调岗", "version": e["version"]})
	if c.officer.todo() != "" || sub.todo() != "3-17 23:59 回电：赵明的家属（配偶），3月17日 星期二 09:00–09:30" {
		t.Errorf("after the hand-over %q and %q are to do", c.officer.todo(), sub.todo())
	}
	c.officer.refused(gone, "call.not_found", post, about(call), says(call, "cancelled", "note", "改期"))
}

// The desk, without scripts: a call is agreed on with one button, made and
// taken down on the page with the number.
func TestCallsOnTheDesk(t *testing.T) {
	t.Parallel()
	c := newCoerced(t)
	wife, link := c.relative("admitted")
	n := c.matter(wife, link).id("conversation_id")
	talk := fmt.Sprintf("/conversations/%d", n)
	call := wife.must(http.StatusCreated, post, talkOf(n), obj{"at": slot(6, 14, 0), "note": "想问怎么缴款"})
	officer, clerk := c.visitor(c.officer), c.visitor(c.clerk)
	at0 := fmt.Sprintf("/call-backs/%d", call.id("id"))
	officer.sees("/tasks", "/desk"+at0+"/conversation", "答复回电请求")
	if res, _ := officer.send(get, at0+"/conversation", nil, nil); res.Header.Get("Location") != "/desk"+talk {
		t.Errorf("the task leads to %s", res.Header.Get("Location"))
	}
	officer.sees(talk, "想问怎么缴款", "同意该时间", "现在就回电", "另提时间", "请求回电：3月6日 星期五 14:00–14:30")
	if strings.Contains(clerk.sees(talk, "想问怎么缴款"), "同意该时间") {
		t.Error("a clerk is offered to agree")
	}
	form := func(state string, version int64, change ...string) url.Values {
		v := url.Values{"state": {state}, "version": {fmt.Sprint(version)}, "conversation": {fmt.Sprint(n)}, "call": {fmt.Sprint(call.id("id"))}}
		for i := 0; i < len(change); i += 2 {
			v.Set(change[i], change[i+1])
		}
		return v
	}
	officer.does(bad, at0, `id="wrong-at"`, form("offered", 1, "at", slot(8, 9, 30).UTC().Format(time.RFC3339)))
	officer.does(bad, at0, "请从列表中选择时间", form("offered", 1, "at", "明天"))
	officer.does(bad, at0, `id="wrong-note"`, form("declined", 1))
	officer.does(http.StatusSeeOther, at0, talk+"?done=call_confirmed", form("confirmed", 1))
	officer.sees(talk, "去回电")
	officer.sees(at0, "13700137000", "已通话", "未接通")
	if body := officer.does(bad, at0, "没有完成", form("done", 2, "page", "call")); !strings.Contains(body, "13700137000") || c.audited("call.look") != 2 {
		t.Errorf("%d looks", c.audited("call.look"))
	}
	officer.does(http.StatusSeeOther, at0, talk+"?done=call_done", form("done", 2, "page", "call", "note", "已告知收款账户。"))
	officer.sees(talk, "已告知收款账户。", "以往的回电（1）", "约定回电")

	offer := url.Values{"key": {freshKey()}, "call": {"new"}, "at": {slot(9, 9, 0).UTC().Format(time.RFC3339)}, "note": {"缴款情况"}}
	officer.does(http.StatusSeeOther, talk+"/call-backs", talk+"?done=call_offered", offer)
	officer.does(http.StatusSeeOther, talk+"/call-backs", talk+"?done=call_offered", offer) // a second click
	offer.Set("key", freshKey())
	officer.does(clash, talk+"/call-backs", "已有一项回电预约", offer)
	if list := wife.must(http.StatusOK, get, talkOf(n), nil).list("calls"); len(list) != 2 || list[0].str("state") != "offered" {
		t.Errorf("she reads %v", list)
	}
	// What a notice leads to: the conversation, and not the case.
	wife.must(http.StatusCreated, post, talk+"/messages", obj{"text": "您好"})
	officer.sees("", "打开对话")
	seen := 0
	for _, v := range c.officer.must(http.StatusOK, get, "/notices?limit=50", nil).list("notices") {
		if k := v.str("kind"); k == "message.asked" || k == "call.asked" {
			res, _ := officer.send(post, fmt.Sprintf("/notices/%d/read", v.id("id")), url.Values{}, nil)
			if res.Header.Get("Location") != "/desk"+talk {
				t.Errorf("%s leads to %s", k, res.Header.Get("Location"))
			}
			seen++
		}
	}
	if seen != 2 {
		t.Errorf("%d notices", seen)
	}
	officer.sees(fmt.Sprintf("/cases/%d?tab=conversation", c.f.id), "王秀英（家属，配偶）")
	own := c.debtor.say(c.f, "您好").id("conversation_id")
	if res, _ := officer.send(get, fmt.Sprintf("/conversations/%d", own), nil, nil); res.Header.Get("Location") != fmt.Sprintf("/desk/cases/%d?tab=conversation&with=%d", c.f.id, own) {
		t.Errorf("a party's leads to %s", res.Header.Get("Location"))
	}
}

// The navigation counts the requests of families that wait for the actor, and
// nobody else's.
func TestTheDeskCountsFamilies(t *testing.T) {
	t.Parallel()
	c := newCoerced(t)
	other := c.staff("tong.bx", model.RoleOfficer)
	c.relative("asked")
	c.phone("").must(http.StatusCreated, post, "/relatives", asks("officer_id", c.officerID("法官tong"), "name", "王秀兰"))
	c.relative("admitted")
	for _, k := range []struct {
		who  *client
		role model.Role
		want int64
	}{{c.officer, model.RoleOfficer, 1}, {c.clerk, model.RoleClerk, 2}, {c.leader, model.RoleLeader, 2}, {other, model.RoleOfficer, 1}, {c.judge, model.RoleJudge, 0}} {
		st, err := c.svc.Statistics.State(context.Background(), k.who.actorOf(k.role))
		if err != nil || st.Relatives != k.want {
			t.Errorf("%s: %d, %v", k.who.name, st.Relatives, err)
		}
	}
	c.visitor(c.officer).sees("/tasks", `data-live-count="relatives"`)
}

// A detention that is over before the president decided answers the request.
func TestADetentionThatEndsAnswersTheRequest(t *testing.T) {
	t.Parallel()
	c := newCoerced(t)
	wife, link := c.relative("admitted")
	m := c.take("detention", "days", 3)
	c.pass(at(3, 6, 15))
	m = c.officer.must(http.StatusOK, post, on(m, "detain"), obj{"at": at(3, 6, 14), "version": 2})
	wife.renew()
	early := wife.must(http.StatusCreated, post, mine(link, "petitions"), obj{"kind": "early_release", "text": "他已认识到错误，请求提前解除拘留。"})
	c.officer.must(http.StatusOK, post, fmt.Sprintf("/petitions/%d/decide", early.id("id")), obj{"state": "forwarded", "answer": "确有悔改", "version": 1})
	c.comes(at(3, 9, 15), wife)
	m = c.measure(m)
	c.officer.must(http.StatusOK, post, on(m, "expire"), obj{"proof": "拘留所已释放", "version": m.id("version")})
	list := wife.must(http.StatusOK, get, "/petitions", nil).list("petitions")
	if len(list) != 1 || list[0].str("state") != "refused" || list[0].str("answer") != "院长决定以前期限已满，已经释放。" {
		t.Errorf("she reads %v", list)
	}
}

// Leaders who heard that nobody answered a call are not told again that its
// time passed.
func TestALateCallIsToldOnce(t *testing.T) {
	t.Parallel()
	c := newCoerced(t)
	wife, link := c.relative("admitted")
	wife.must(http.StatusCreated, post, talkOf(c.matter(wife, link).id("conversation_id")), obj{"at": slot(9, 9, 0)})
	c.comes(at(3, 9, 9).Add(time.Minute), wife) // the clocks of tasks come first
	c.talksPass()
	if c.told(c.leader, "task.late") != 1 || c.told(c.leader, "call.asked") != 0 || c.told(c.officer, "call.asked") != 2 || c.told(wife, "relative.call") != 1 {
		t.Errorf("the leader %d and %d, the officer %d, she %d", c.told(c.leader, "task.late"), c.told(c.leader, "call.asked"), c.told(c.officer, "call.asked"), c.told(wife, "relative.call"))
	}
}
