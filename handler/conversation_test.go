package handler_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"microcourt/handler/handlertest"

	"microcourt/model"
	"microcourt/service"
)

// A party and the judge write to each other: a repeat under its key, page after page,
// with the day by which the court answers.
func TestAPartyAndTheJudgeWrite(t *testing.T) {
	t.Parallel()
	w, judge, debtor, creditor, f := urged(t)
	other := w.Staff("ji.wei", model.RoleJudge)
	path, key := fmt.Sprintf("/cases/%d/messages", f.ID), handlertest.FreshKey()
	words := handlertest.Obj{"text": " 款项可以汇到法院账户吗？\r\n谢谢 "}
	first, again := debtor.CallKey(handlertest.Post, path, words, key), debtor.CallKey(handlertest.Post, path, words, key)
	if first.Status != http.StatusCreated || first.Json.Str("text") != "款项可以汇到法院账户吗？\n谢谢" || first.Json.Str("answer_by") != "2026-03-04" || again.Json.ID("id") != first.Json.ID("id") {
		t.Fatalf("%d %s, again %s", first.Status, first.Body, again.Body)
	}
	debtor.Say(f, "请尽快答复")
	conversation := fmt.Sprintf("/conversations/%d/messages", first.Json.ID("conversation_id"))
	if list := creditor.Must(http.StatusOK, handlertest.Get, path, nil).List("messages"); len(list) != 0 {
		t.Error("the creditor reads", list)
	}
	refusedAll(t, []mistake{
		{creditor, handlertest.Gone, "conversation.not_found", handlertest.Get, conversation, nil, ""},
		{other, handlertest.Gone, "case.not_found", handlertest.Get, path, nil, ""},
		{other, handlertest.Gone, "conversation.not_found", handlertest.Post, conversation, handlertest.Obj{"text": "您好"}, ""},
	})
	judge.Must(http.StatusCreated, handlertest.Post, conversation, handlertest.Obj{"text": "可以，请在附言中写明案号。"})
	list := debtor.Must(http.StatusOK, handlertest.Get, path+"?limit=2", nil)
	if m := list.List("messages"); len(m) != 2 || m[0]["from_court"] != true || list.Str("next") == "" {
		t.Errorf("the debtor reads %v", list)
	}
	if rest := debtor.Must(http.StatusOK, handlertest.Get, path+"?after="+list.Str("next"), nil).List("messages"); len(rest) != 1 {
		t.Errorf("and before that %v", rest)
	}
	thanks := creditor.Say(f, "谢谢")
	for range 2 {
		judge.Must(http.StatusNoContent, handlertest.Post, fmt.Sprintf("/conversations/%d/settle", thanks.ID("conversation_id")), handlertest.Obj{})
	}
	if judge.Waiting() != "" {
		t.Error("after thanks:", judge.Waiting())
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
		{debtor, handlertest.Bad, "file.unknown", handlertest.Post, path, handlertest.Obj{"file_ids": []int64{999999}}, "file_ids"},
		{debtor, handlertest.Bad, "file.too_many", handlertest.Post, path, handlertest.Obj{"file_ids": []int64{1, 2, 3, 4, 5, 6, 7, 8, 9, 10}}, "file_ids"},
		{judge, handlertest.Gone, "conversation.not_found", handlertest.Post, "/conversations/999999/settle", handlertest.Obj{}, ""},
		{debtor, handlertest.Bad, "field.format", handlertest.Get, path + "?party_id=x", nil, "party_id"},
	})
	w.SetCourt(func(s *model.CourtSettings) { s.MessageLimits = model.MessageLimits{PerMinute: 1, PerHour: 1} })
	refusedAll(t, []mistake{
		{debtor, tooMany, "message.too_many", handlertest.Post, path, text("在吗"), ""}, {debtor, tooMany, "message.too_many", handlertest.Post, in, text("在吗"), ""},
	})
	checked := handlertest.NewWith(t, func(w *handlertest.World) { w.Deps = func(d *service.Deps) { d.Content = politely{} } })
	checked.Staff("zhang.min", model.RoleJudge)
	clerk = checked.Staff("wan.tt", model.RoleClerk)
	f, debtor = checked.File(clerk), checked.Phone("")
	debtor.Bind(clerk, f.ID, f.Debtor)
	path = fmt.Sprintf("/cases/%d/messages", f.ID)
	in = fmt.Sprintf("/conversations/%d/messages", debtor.Say(f, "系统故障了吗").ID("conversation_id"))
	refusedAll(t, []mistake{
		{debtor, handlertest.Bad, "message.content", handlertest.Post, path, text("你们都是混蛋"), "text"},
		{debtor, handlertest.Bad, "message.content", handlertest.Post, in, text("混蛋"), "text"},
	})
}
