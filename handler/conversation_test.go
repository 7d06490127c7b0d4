package handler_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"microcourt/handler/handlertest"

	"microcourt/model"
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
	if again := debtor.CallKey(handlertest.Post, path, handlertest.Obj{"text": " 款项可以汇到法院账户吗？\r\n谢谢 "}, key); again.Json.ID("id") != first.Json.ID("id") {
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
	if m := list.List("messages"); len(m) != 2 || m[0]["from_court"] != true || list.Str("next") == "" {
		t.Errorf("the debtor reads %v", list)
	}
	if rest := debtor.Must(http.StatusOK, handlertest.Get, path+"?after="+list.Str("next"), nil).List("messages"); len(rest) != 1 {
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
	judge.HandOver(f.ID, "ji.wei", "调岗")
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
