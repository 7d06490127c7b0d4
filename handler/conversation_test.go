package handler_test

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"microcourt/model"
	"microcourt/storage"
)

// say writes into the conversation of the client's party of a case.
func (c *client) say(f filed, text string) obj {
	c.w.t.Helper()
	return c.must(http.StatusCreated, http.MethodPost, fmt.Sprintf("/cases/%d/messages", f.id), obj{"text": text})
}

// waiting is what the court is to answer, as "answer-by party" lines.
func (c *client) waiting() string {
	c.w.t.Helper()
	var lines []string
	for _, k := range c.must(http.StatusOK, http.MethodGet, "/conversations", nil).list("conversations") {
		lines = append(lines, k.str("answer_by")+" "+k.str("party"))
	}
	return strings.Join(lines, "|")
}

func (c *client) noticesOf(kind model.NoticeKind) (n int) {
	c.w.t.Helper()
	for _, v := range c.must(http.StatusOK, http.MethodGet, "/notices?limit=100", nil).list("notices") {
		if v.str("kind") == string(kind) {
			n++
		}
	}
	return n
}

// A party writes, the judge answers within two working days; the clock runs
// from the first message that waits, ends with the answer or when none is
// needed, and what was asked goes with the case to the next judge.
func TestAPartyAndTheJudgeWrite(t *testing.T) {
	t.Parallel()
	w, judge, debtor, creditor, f := urged(t)
	other, clerk := w.staff("ji.wei", model.RoleJudge), w.staff("li.li", model.RoleClerk)
	path := fmt.Sprintf("/cases/%d/messages", f.id)
	key := freshKey()
	first := debtor.callKey(post, path, obj{"text": " 款项可以汇到法院账户吗？\r\n谢谢 "}, key)
	if first.status != http.StatusCreated || first.json.str("text") != "款项可以汇到法院账户吗？\n谢谢" || first.json.str("answer_by") != "2026-03-04" {
		t.Fatalf("%d %s", first.status, first.body)
	}
	if again := debtor.callKey(post, path, obj{"text": "别的"}, key); again.json.id("id") != first.json.id("id") {
		t.Errorf("a repeat: %s", again.body)
	}
	w.clock.Advance(24 * time.Hour)
	debtor.renew()
	judge.renew()
	if m := debtor.say(f, "请尽快答复"); m.str("answer_by") != "2026-03-05" {
		t.Error(m)
	}
	for who, want := range map[*client]string{judge: "2026-03-04 甬兴建材有限公司", other: "", clerk: "2026-03-04 甬兴建材有限公司"} {
		who.renew()
		if got := who.waiting(); got != want {
			t.Errorf("%s waits for %q, want %q", who.name, got, want)
		}
	}
	if n := judge.noticesOf(model.NoticeMessageAsked); n != 1 {
		t.Errorf("the judge got %d notices", n)
	}
	// The other side sees nothing of it, another judge not even that it is there.
	creditor.renew()
	conversation := fmt.Sprintf("/conversations/%d/messages", first.json.id("conversation_id"))
	if list := creditor.must(http.StatusOK, get, path, nil).list("messages"); len(list) != 0 {
		t.Error("the creditor reads", list)
	}
	creditor.refused(gone, "conversation.not_found", get, conversation, nil)
	other.refused(gone, "case.not_found", get, path, nil)
	other.refused(gone, "conversation.not_found", post, conversation, obj{"text": "您好"})

	judge.must(http.StatusCreated, post, conversation, obj{"text": "可以，请在附言中写明案号。"})
	if judge.waiting() != "" || debtor.noticesOf(model.NoticeMessageReplied) != 1 {
		t.Errorf("after the answer: %q waits, %d notices", judge.waiting(), debtor.noticesOf(model.NoticeMessageReplied))
	}
	list := debtor.must(http.StatusOK, get, path+"?limit=2", nil)
	if m := list.list("messages"); len(m) != 2 || m[0]["from_court"] != true || list.id("next") != m[1].id("id") {
		t.Errorf("the debtor reads %v", list)
	}
	if rest := debtor.must(http.StatusOK, get, fmt.Sprintf("%s?after=%d", path, list.id("next")), nil).list("messages"); len(rest) != 1 {
		t.Errorf("and before that %v", rest)
	}
	// The judge may begin himself; a clerk answers for him.
	judge.must(http.StatusCreated, post, path, obj{"text": "请提供收款账户。", "party_id": f.creditor})
	if m := creditor.say(f, "账户见附件"); m.id("party_id") != f.creditor {
		t.Error(m)
	}
	clerk.must(http.StatusCreated, post, path, obj{"text": "收到。", "party_id": f.creditor})

	// Thanks need no answer; saying so twice changes nothing.
	thanks := creditor.say(f, "谢谢")
	settle := fmt.Sprintf("/conversations/%d/settle", thanks.id("conversation_id"))
	for range 2 {
		judge.must(http.StatusNoContent, post, settle, obj{})
	}
	if judge.waiting() != "" {
		t.Error("after thanks:", judge.waiting())
	}

	// The clock is the court's setting and counts working days: 3 March is a Tuesday.
	w.setCourt(func(s *model.CourtSettings) { s.MessageAnswerDays = 5 })
	if m := creditor.say(f, "已收到第一笔"); m.str("answer_by") != "2026-03-10" {
		t.Error(m)
	}
	judge.must(http.StatusNoContent, post, fmt.Sprintf("/cases/%d/hand-over", f.id), obj{"to_judge": "ji.wei", "reason": "调岗", "version": 1})
	if judge.waiting() != "" || other.waiting() != "2026-03-10 李某" {
		t.Errorf("after the hand-over %q and %q wait", judge.waiting(), other.waiting())
	}
	judge.refused(gone, "conversation.not_found", get, conversation, nil)
	// What is late is counted in the day's digest.
	w.until(at(3, 11, 9), other)
	digest := other.must(http.StatusOK, get, "/notices?limit=1", nil).list("notices")
	if len(digest) != 1 || !strings.Contains(digest[0].str("body"), "待答复留言 1 件（其中 1 件已超过答复期限）") {
		t.Errorf("the digest is %v", digest)
	}
	w.recountConversations()
}

// recountConversations proves the clocks that are kept equal to a recount of
// the messages.
func (w *world) recountConversations() {
	w.t.Helper()
	ctx := context.Background()
	all, err := w.db.Courts(ctx)
	if err != nil {
		w.t.Fatal(err)
	}
	for _, court := range all {
		leader := model.Actor{CourtID: court.ID, Roles: []model.Role{model.RoleLeader}}
		cases, err := w.db.Cases(ctx, leader, model.CaseFilter{Limit: 1000})
		if err != nil {
			w.t.Fatal(err)
		}
		for _, cs := range cases {
			list, err := w.db.Conversations(ctx, leader, cs.ID)
			if err != nil {
				w.t.Fatal(err)
			}
			for _, c := range list {
				messages, err := w.db.Messages(ctx, []int64{c.ID}, 0, 1000)
				if err != nil {
					w.t.Fatal(err)
				}
				if want := c.Recount(messages); want != c.AnswerBy {
					w.t.Errorf("conversation %d waits until %v, recounted %v", c.ID, c.AnswerBy, want)
				}
			}
		}
	}
}

func TestConversationsRefuse(t *testing.T) {
	t.Parallel()
	w, judge, debtor, _, f := urged(t)
	clerk := w.staff("li.li", model.RoleClerk)
	stranger, agent := w.phone(""), w.phone("")
	agent.bind(clerk, f.id, f.debtor)
	agent.bind(clerk, f.id, f.creditor)
	path := fmt.Sprintf("/cases/%d/messages", f.id)
	in := fmt.Sprintf("/conversations/%d/messages", debtor.say(f, "您好").id("conversation_id"))
	text := func(s string) obj { return obj{"text": s} }
	refusedAll(t, []mistake{
		{debtor, bad, "message.text", post, path, text(" \n "), "text"},
		{debtor, bad, "message.text", post, in, text(strings.Repeat("长", 1001)), "text"},
		{stranger, gone, "case.not_found", get, path, nil, ""},
		{stranger, gone, "case.not_found", post, path, text("您好"), ""},
		{stranger, gone, "conversation.not_found", get, in, nil, ""},
		{stranger, gone, "conversation.not_found", post, in, text("您好"), ""},
		{debtor, bad, "party.unknown", post, path, obj{"text": "您好", "party_id": f.creditor}, "party_id"},
		{agent, bad, "party.ambiguous", post, path, text("您好"), "party_id"},
		{judge, bad, "party.unknown", post, path, text("您好"), "party_id"},
		{judge, gone, "conversation.not_found", post, "/conversations/999999/settle", obj{}, ""},
		{debtor, bad, "field.format", get, path + "?party_id=x", nil, "party_id"},
	})
	w.setCourt(func(s *model.CourtSettings) { s.MessageLimits = model.MessageLimits{PerMinute: 20, PerHour: 20} })
	for range 19 {
		debtor.say(f, "在吗")
	}
	debtor.refused(http.StatusTooManyRequests, "message.too_many", post, path, text("在吗"))
	debtor.refused(http.StatusTooManyRequests, "message.too_many", post, in, text("在吗"))
	w.clock.Advance(61 * time.Minute)
	debtor.renew()
	debtor.say(f, "在吗")
}

// A judge at the desk: a message appears by itself, is answered with the
// keyboard, and what was typed is not lost to a mistake.
func TestJudgeAnswersAtTheDesk(t *testing.T) {
	t.Parallel()
	w, judge, debtor, _, f := urged(t)
	p := w.browser(judge)
	p.open("/desk/conversations")
	p.sees("没有等待答复的留言")
	eval[bool](p, `window.here = true`)
	debtor.say(f, "请问可以分期吗？")
	p.sees("请问可以分期吗？")
	p.until(`document.querySelector("[data-live-count=messages]").innerText === "1"`)
	if !eval[bool](p, `window.here === true`) {
		t.Error("the page was reloaded")
	}
	p.press("o")
	p.until(`location.search.includes("tab=conversation")`)
	p.sees("答复期限")
	p.until(`document.readyState === "complete"`)
	eval[bool](p, `window.here = true`)
	p.press("r")
	p.until(`document.activeElement.id === "answer"`)
	p.click("如需延期或者分期")
	p.until(`document.querySelector("#answer").value.startsWith("如需延期")`)
	debtor.say(f, "最多能分几期？") // while he writes
	p.sees("最多能分几期？")
	if v := eval[string](p, `document.querySelector("#answer").value`); !strings.HasPrefix(v, "如需延期") || !eval[bool](p, `window.here === true`) {
		t.Errorf("the answer became %q", v)
	}
	p.do(chromedp.KeyEvent("\r", chromedp.KeyModifiers(2))) // Ctrl
	p.sees("已回复，对方会收到通知。")
	p.until(`document.querySelectorAll(".talk .ours").length === 1 && document.querySelectorAll(".talk .theirs").length === 2`)
	got := debtor.must(http.StatusOK, get, fmt.Sprintf("/cases/%d/messages?limit=1", f.id), nil).list("messages")
	if len(got) != 1 || !strings.HasPrefix(got[0].str("text"), "如需延期或者分期") {
		t.Error(got)
	}
	// Too long: the page says so and keeps it.
	p.until(`document.readyState === "complete"`)
	eval[bool](p, `(document.querySelector("#answer").removeAttribute("maxlength"), true)`)
	p.fill("#answer", strings.Repeat("长", 1001))
	p.submit(`form[action$="/messages"]`)
	p.sees("请填写内容，不超过 1000 字")
	if n := eval[int](p, `document.querySelector("#answer").value.length`); n != 1001 {
		t.Errorf("%d characters are left", n)
	}
	// Thanks need no answer. What is late stands out; the timeline and the first page tell.
	debtor.say(f, "谢谢法官")
	p.open(fmt.Sprintf("/desk/cases/%d?tab=conversation", f.id))
	p.click("无需答复")
	p.sees("已标记为无需答复。")
	p.open(fmt.Sprintf("/desk/cases/%d", f.id))
	p.sees("甬兴建材有限公司留言")
	p.open(fmt.Sprintf("/desk/cases/%d?tab=conversation", f.id))
	p.click("主动联系当事人")
	p.fill("#mt", "请于本周内提交汇款回执。")
	p.submit(fmt.Sprintf(`form[action$="/cases/%d/messages"]`, f.id))
	p.sees("请于本周内提交汇款回执。")
	debtor.say(f, "好的，已汇出")
	w.clock.Advance(5 * 24 * time.Hour)
	judge.renew()
	p.become(judge)
	p.open("/desk")
	p.sees("超过答复期限的留言")
	p.open("/desk/conversations")
	p.sees("已超期")
	for _, m := range p.errors() {
		t.Error(m)
	}
}

// The desk's settings page changes the court's clock.
func TestTheClockOfAnswersIsASetting(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	p := w.browser(w.staff("shen.ji", model.RoleAdmin))
	p.open("/desk/settings")
	p.fill("#md", "16")
	p.submit("main form")
	p.sees("留言答复期限应为 1 至 15 个工作日")
	p.fill("#md", "3")
	p.fill("#chh", "9点到11点")
	p.submit("main form")
	p.sees("回电时段应如 09:00-11:30")
	p.fill("#chh", "08:30-11:30、13:30-17:00")
	p.submit("main form")
	p.sees("已保存。")
	err := w.db.Transact(context.Background(), func(tx *storage.DB) error {
		court, err := tx.Court(context.Background(), w.court.ID)
		if err == nil && (court.Settings.AnswerDays() != 3 || len(court.Settings.Calls.Hours) != 2 || court.Settings.Calls.Hours[0] != "08:30-11:30" || court.Settings.Calls.Weeks != 2) {
			t.Error(court.Settings.AnswerDays(), court.Settings.Calls)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}
