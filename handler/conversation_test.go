package handler_test

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"microcourt/handler/handlertest"

	"github.com/chromedp/chromedp"

	"microcourt/model"
	"microcourt/storage"
)

// A party writes, the judge answers within two working days; the clock runs
// from the first message that waits, ends with the answer or when none is
// needed, and what was asked goes with the case to the next judge.
func TestAPartyAndTheJudgeWrite(t *testing.T) {
	t.Parallel()
	w, judge, debtor, creditor, f := urged(t)
	other, clerk := w.Staff("ji.wei", model.RoleJudge), w.Staff("li.li", model.RoleClerk)
	path := fmt.Sprintf("/cases/%d/messages", f.ID)
	key := handlertest.FreshKey()
	first := debtor.CallKey(handlertest.Post, path, handlertest.Obj{"text": " 款项可以汇到法院账户吗？\r\n谢谢 "}, key)
	if first.Status != http.StatusCreated || first.Json.Str("text") != "款项可以汇到法院账户吗？\n谢谢" || first.Json.Str("answer_by") != "2026-03-04" {
		t.Fatalf("%d %s", first.Status, first.Body)
	}
	if again := debtor.CallKey(handlertest.Post, path, handlertest.Obj{"text": "别的"}, key); again.Json.ID("id") != first.Json.ID("id") {
		t.Errorf("a repeat: %s", again.Body)
	}
	w.Clock.Advance(24 * time.Hour)
	debtor.Renew()
	judge.Renew()
	if m := debtor.Say(f, "请尽快答复"); m.Str("answer_by") != "2026-03-05" {
		t.Error(m)
	}
	for who, want := range map[*handlertest.Client]string{judge: "2026-03-04 甬兴建材有限公司", other: "", clerk: "2026-03-04 甬兴建材有限公司"} {
		who.Renew()
		if got := who.Waiting(); got != want {
			t.Errorf("%s waits for %q, want %q", who.Name, got, want)
		}
	}
	if n := judge.NoticesOf(model.NoticeMessageAsked); n != 1 {
		t.Errorf("the judge got %d notices", n)
	}
	// The other side sees nothing of it, another judge not even that it is there.
	creditor.Renew()
	conversation := fmt.Sprintf("/conversations/%d/messages", first.Json.ID("conversation_id"))
	if list := creditor.Must(http.StatusOK, handlertest.Get, path, nil).List("messages"); len(list) != 0 {
		t.Error("the creditor reads", list)
	}
	creditor.Refused(handlertest.Gone, "conversation.not_found", handlertest.Get, conversation, nil)
	other.Refused(handlertest.Gone, "case.not_found", handlertest.Get, path, nil)
	other.Refused(handlertest.Gone, "conversation.not_found", handlertest.Post, conversation, handlertest.Obj{"text": "您好"})

	judge.Must(http.StatusCreated, handlertest.Post, conversation, handlertest.Obj{"text": "可以，请在附言中写明案号。"})
	if judge.Waiting() != "" || debtor.NoticesOf(model.NoticeMessageReplied) != 1 {
		t.Errorf("after the answer: %q waits, %d notices", judge.Waiting(), debtor.NoticesOf(model.NoticeMessageReplied))
	}
	list := debtor.Must(http.StatusOK, handlertest.Get, path+"?limit=2", nil)
	if m := list.List("messages"); len(m) != 2 || m[0]["from_court"] != true || list.ID("next") != m[1].ID("id") {
		t.Errorf("the debtor reads %v", list)
	}
	if rest := debtor.Must(http.StatusOK, handlertest.Get, fmt.Sprintf("%s?after=%d", path, list.ID("next")), nil).List("messages"); len(rest) != 1 {
		t.Errorf("and before that %v", rest)
	}
	// The judge may begin himself; a clerk answers for him.
	judge.Must(http.StatusCreated, handlertest.Post, path, handlertest.Obj{"text": "请提供收款账户。", "party_id": f.Creditor})
	if m := creditor.Say(f, "账户见附件"); m.ID("party_id") != f.Creditor {
		t.Error(m)
	}
	clerk.Must(http.StatusCreated, handlertest.Post, path, handlertest.Obj{"text": "收到。", "party_id": f.Creditor})

	// Thanks need no answer; saying so twice changes nothing.
	thanks := creditor.Say(f, "谢谢")
	settle := fmt.Sprintf("/conversations/%d/settle", thanks.ID("conversation_id"))
	for range 2 {
		judge.Must(http.StatusNoContent, handlertest.Post, settle, handlertest.Obj{})
	}
	if judge.Waiting() != "" {
		t.Error("after thanks:", judge.Waiting())
	}

	// The clock is the court's setting and counts working days: 3 March is a Tuesday.
	w.SetCourt(func(s *model.CourtSettings) { s.MessageAnswerDays = 5 })
	if m := creditor.Say(f, "已收到第一笔"); m.Str("answer_by") != "2026-03-10" {
		t.Error(m)
	}
	judge.Must(http.StatusNoContent, handlertest.Post, fmt.Sprintf("/cases/%d/hand-over", f.ID), handlertest.Obj{"to_judge": "ji.wei", "reason": "调岗", "version": 1})
	if judge.Waiting() != "" || other.Waiting() != "2026-03-10 李某" {
		t.Errorf("after the hand-over %q and %q wait", judge.Waiting(), other.Waiting())
	}
	judge.Refused(handlertest.Gone, "conversation.not_found", handlertest.Get, conversation, nil)
	// What is late is counted in the day's digest.
	w.Until(at(3, 11, 9), other)
	digest := other.Must(http.StatusOK, handlertest.Get, "/notices?limit=1", nil).List("notices")
	if len(digest) != 1 || !strings.Contains(digest[0].Str("body"), "待答复留言 1 件（其中 1 件已超过答复期限）") {
		t.Errorf("the digest is %v", digest)
	}
	w.RecountConversations()
}

func TestConversationsRefuse(t *testing.T) {
	t.Parallel()
	w, judge, debtor, _, f := urged(t)
	clerk := w.Staff("li.li", model.RoleClerk)
	stranger, agent := w.Phone(""), w.Phone("")
	agent.Bind(clerk, f.ID, f.Debtor)
	agent.Bind(clerk, f.ID, f.Creditor)
	path := fmt.Sprintf("/cases/%d/messages", f.ID)
	in := fmt.Sprintf("/conversations/%d/messages", debtor.Say(f, "您好").ID("conversation_id"))
	text := func(s string) handlertest.Obj { return handlertest.Obj{"text": s} }
	refusedAll(t, []mistake{
		{debtor, handlertest.Bad, "message.text", handlertest.Post, path, text(" \n "), "text"},
		{debtor, handlertest.Bad, "message.text", handlertest.Post, in, text(strings.Repeat("长", 1001)), "text"},
		{stranger, handlertest.Gone, "case.not_found", handlertest.Get, path, nil, ""},
		{stranger, handlertest.Gone, "case.not_found", handlertest.Post, path, text("您好"), ""},
		{stranger, handlertest.Gone, "conversation.not_found", handlertest.Get, in, nil, ""},
		{stranger, handlertest.Gone, "conversation.not_found", handlertest.Post, in, text("您好"), ""},
		{debtor, handlertest.Bad, "party.unknown", handlertest.Post, path, handlertest.Obj{"text": "您好", "party_id": f.Creditor}, "party_id"},
		{agent, handlertest.Bad, "party.ambiguous", handlertest.Post, path, text("您好"), "party_id"},
		{judge, handlertest.Bad, "party.unknown", handlertest.Post, path, text("您好"), "party_id"},
		{judge, handlertest.Gone, "conversation.not_found", handlertest.Post, "/conversations/999999/settle", handlertest.Obj{}, ""},
		{debtor, handlertest.Bad, "field.format", handlertest.Get, path + "?party_id=x", nil, "party_id"},
	})
	w.SetCourt(func(s *model.CourtSettings) { s.MessageLimits = model.MessageLimits{PerMinute: 20, PerHour: 20} })
	for range 19 {
		debtor.Say(f, "在吗")
	}
	debtor.Refused(http.StatusTooManyRequests, "message.too_many", handlertest.Post, path, text("在吗"))
	debtor.Refused(http.StatusTooManyRequests, "message.too_many", handlertest.Post, in, text("在吗"))
	w.Clock.Advance(61 * time.Minute)
	debtor.Renew()
	debtor.Say(f, "在吗")
}

// A judge at the desk: a message appears by itself, is answered with the
// keyboard, and what was typed is not lost to a mistake.
func TestJudgeAnswersAtTheDesk(t *testing.T) {
	t.Parallel()
	w, judge, debtor, _, f := urged(t)
	p := w.Browser(judge)
	p.Open("/desk/conversations")
	p.Sees("没有等待答复的留言")
	handlertest.Eval[bool](p, `window.here = true`)
	debtor.Say(f, "请问可以分期吗？")
	p.Sees("请问可以分期吗？")
	p.Until(`document.querySelector("[data-live-count=messages]").innerText === "1"`)
	if !handlertest.Eval[bool](p, `window.here === true`) {
		t.Error("the page was reloaded")
	}
	p.Press("o")
	p.Until(`location.search.includes("tab=conversation")`)
	p.Sees("答复期限")
	p.Until(`document.readyState === "complete"`)
	handlertest.Eval[bool](p, `window.here = true`)
	p.Press("r")
	p.Until(`document.activeElement.id === "answer"`)
	p.Click("如需延期或者分期")
	p.Until(`document.querySelector("#answer").value.startsWith("如需延期")`)
	debtor.Say(f, "最多能分几期？") // while he writes
	p.Sees("最多能分几期？")
	if v := handlertest.Eval[string](p, `document.querySelector("#answer").value`); !strings.HasPrefix(v, "如需延期") || !handlertest.Eval[bool](p, `window.here === true`) {
		t.Errorf("the answer became %q", v)
	}
	p.Do(chromedp.KeyEvent("\r", chromedp.KeyModifiers(2))) // Ctrl
	p.Sees("已回复，对方会收到通知。")
	p.Until(`document.querySelectorAll(".talk .ours").length === 1 && document.querySelectorAll(".talk .theirs").length === 2`)
	got := debtor.Must(http.StatusOK, handlertest.Get, fmt.Sprintf("/cases/%d/messages?limit=1", f.ID), nil).List("messages")
	if len(got) != 1 || !strings.HasPrefix(got[0].Str("text"), "如需延期或者分期") {
		t.Error(got)
	}
	// Too long: the page says so and keeps it.
	p.Until(`document.readyState === "complete"`)
	handlertest.Eval[bool](p, `(document.querySelector("#answer").removeAttribute("maxlength"), true)`)
	p.Fill("#answer", strings.Repeat("长", 1001))
	p.Submit(`form[action$="/messages"]`)
	p.Sees("请填写内容，不超过 1000 字")
	if n := handlertest.Eval[int](p, `document.querySelector("#answer").value.length`); n != 1001 {
		t.Errorf("%d characters are left", n)
	}
	// Thanks need no answer. What is late stands out; the timeline and the first page tell.
	debtor.Say(f, "谢谢法官")
	p.Open(fmt.Sprintf("/desk/cases/%d?tab=conversation", f.ID))
	p.Click("无需答复")
	p.Sees("已标记为无需答复。")
	p.Open(fmt.Sprintf("/desk/cases/%d", f.ID))
	p.Sees("甬兴建材有限公司留言")
	p.Open(fmt.Sprintf("/desk/cases/%d?tab=conversation", f.ID))
	p.Click("主动联系当事人")
	p.Fill("#mt", "请于本周内提交汇款回执。")
	p.Submit(fmt.Sprintf(`form[action$="/cases/%d/messages"]`, f.ID))
	p.Sees("请于本周内提交汇款回执。")
	debtor.Say(f, "好的，已汇出")
	w.Clock.Advance(5 * 24 * time.Hour)
	judge.Renew()
	p.Become(judge)
	p.Open("/desk")
	p.Sees("超过答复期限的留言")
	p.Open("/desk/conversations")
	p.Sees("已超期")
	for _, m := range p.Errors() {
		t.Error(m)
	}
}

// The desk's settings page changes the court's clock.
func TestTheClockOfAnswersIsASetting(t *testing.T) {
	t.Parallel()
	w := handlertest.New(t)
	p := w.Browser(w.Staff("shen.ji", model.RoleAdmin))
	p.Open("/desk/settings")
	p.Fill("#md", "16")
	p.Submit("main form")
	p.Sees("留言答复期限应为 1 至 15 个工作日")
	p.Fill("#md", "3")
	p.Fill("#chh", "9点到11点")
	p.Submit("main form")
	p.Sees("回电时段应如 09:00-11:30")
	p.Fill("#chh", "08:30-11:30、13:30-17:00")
	p.Submit("main form")
	p.Sees("已保存。")
	err := w.DB.Transact(context.Background(), func(tx *storage.DB) error {
		court, err := tx.Court(context.Background(), w.Court.ID)
		if err == nil && (court.Settings.AnswerDays() != 3 || len(court.Settings.Calls.Hours) != 2 || court.Settings.Calls.Hours[0] != "08:30-11:30" || court.Settings.Calls.Weeks != 2) {
			t.Error(court.Settings.AnswerDays(), court.Settings.Calls)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}
