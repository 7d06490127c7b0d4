package handler_test

import (
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"

	"microcourt/handler/handlertest"

	"microcourt/model"
)

// On the desk the question stands above and the answer below, ready answers are there
// in full, pictures go with the answer, and each side sees that the other read.
func TestAConversationOnTheDesk(t *testing.T) {
	t.Parallel()
	w, judge, debtor, _, f := urged(t)
	question := debtor.Say(f, "款项可以汇到法院账户吗？")
	v, talk := w.Visitor(judge), question.ID("conversation_id")
	list := fmt.Sprintf("/cases/%d/messages", f.ID)
	readAt := func() string {
		t.Helper()
		return debtor.Must(http.StatusOK, handlertest.Get, list, nil).List("messages")[0].Str("read_at")
	}
	lines := fmt.Sprintf("/conversations/%d/lines", talk)
	v.Sees(lines, "款项可以汇到法院账户吗？") // a page that renews itself reads nothing
	if at := readAt(); at != "" {
		t.Errorf("read at %s, and nobody opened it", at)
	}
	tab := fmt.Sprintf("/cases/%d?tab=conversation", f.ID)
	page := v.Sees(tab, "款项可以汇到法院账户吗？", "data-choose", `type="file"`)
	if at := readAt(); at == "" {
		t.Error("the debtor does not see that the court opened it")
	}
	for i, usual := range w.Court.Settings.Answers() {
		if !strings.Contains(page, fmt.Sprintf(`<kbd aria-hidden="true">%d</kbd> %s</button>`, i+1, usual)) {
			t.Errorf("answer %d is not there in full", i+1)
		}
	}
	if q, a := strings.Index(page, "款项可以汇到法院账户吗？"), strings.Index(page, `id="answer"`); q < 0 || a < q {
		t.Errorf("the question stands at %d, the answer at %d", q, a)
	}
	answer := fmt.Sprintf("/conversations/%d/messages", talk)
	key := handlertest.FreshKey()
	for range 2 { // a second click is the first answer
		res, body := v.SendForm(answer, map[string]string{"key": key, "text": "可以，账户见附图。"}, handlertest.Picture(81), handlertest.Picture(82))
		if res.StatusCode != http.StatusSeeOther || !strings.Contains(res.Header.Get("Location"), "done=answered") {
			t.Fatalf("%d %s %.500s", res.StatusCode, res.Header.Get("Location"), body)
		}
	}
	w.CarryOut()
	messages := debtor.Must(http.StatusOK, handlertest.Get, list, nil).List("messages")
	if len(messages) != 2 || len(messages[0].List("files")) != 2 || messages[0].List("files")[0].Str("thumbnail_url") == "" {
		t.Fatalf("%v", messages)
	}
	if res, body := v.SendForm(answer, map[string]string{"key": handlertest.FreshKey(), "text": "文件"}, []byte("MZ not a picture")); res.StatusCode != http.StatusBadRequest || !strings.Contains(body, "没有完成") {
		t.Errorf("a program as a picture: %d", res.StatusCode)
	}
	if res, body := v.SendForm(answer, map[string]string{"key": handlertest.FreshKey(), "text": ""}); res.StatusCode != http.StatusBadRequest || !strings.Contains(body, "请填写内容") {
		t.Errorf("nothing at all: %d", res.StatusCode)
	}
	v.Sees(tab, "对方未读")
	read := fmt.Sprintf("/conversations/%d/read", talk)
	debtor.Refused(http.StatusNotFound, "message.not_found", handlertest.Post, read, handlertest.Obj{"message_id": 99999})
	w.Phone("").Refused(http.StatusNotFound, "conversation.not_found", handlertest.Post, read, handlertest.Obj{"message_id": messages[0].ID("id")})
	debtor.Must(http.StatusNoContent, handlertest.Post, read, handlertest.Obj{"message_id": messages[0].ID("id")})
	if html := v.Sees(tab, "对方已读"); strings.Contains(html, "对方未读") || strings.Index(html, "款项可以汇到法院账户吗？") > strings.Index(html, "可以，账户见附图。") {
		t.Error("the older message stands below, or was read and is not said so")
	}
	// A picture alone is an answer; the printed record is what it was.
	res, _ := v.SendForm(answer, map[string]string{"key": handlertest.FreshKey(), "text": ""}, handlertest.Picture(83))
	if res.StatusCode != http.StatusSeeOther {
		t.Errorf("a picture alone: %d", res.StatusCode)
	}
}

// An answer is taken back from the line that says it was written, and its words are in
// the box again; no page says that it was sent, and the other side saw nothing.
func TestTheDeskTakesAnAnswerBack(t *testing.T) {
	t.Parallel()
	w, judge, debtor, _, f := urged(t)
	talk := debtor.Say(f, "可以分期吗？").ID("conversation_id")
	v, list, answer := w.Visitor(judge), fmt.Sprintf("/cases/%d/messages", f.ID), fmt.Sprintf("/conversations/%d/messages", talk)
	undo := fmt.Sprintf("/conversations/%d/undo", talk)
	id, after := decided(t, v, answer, url.Values{"text": {"可以，分三期。"}})
	v.Sees(after, f.No+" 案对话中的回复将在", "秒后发出", "撤回<span", "data-undo", `action="/desk`+undo+`"`, "可撤回，对方还看不到")
	v.Sees("/cases", "data-undo") // wherever he goes
	if html := v.Sees("/conversations"); strings.Contains(html, "可以分期吗？") {
		t.Error("it waits for an answer still")
	}
	if got := debtor.Must(http.StatusOK, handlertest.Get, list, nil).List("messages"); len(got) != 1 {
		t.Errorf("the debtor reads %v", got)
	}
	w.Visitor(w.Staff("ji.wei", model.RoleJudge)).Does(http.StatusNotFound, undo, "没有找到", url.Values{"decision": {id}})
	v.Does(http.StatusNotFound, fmt.Sprintf("/receipts/%s/undo", id), "没有找到", url.Values{"decision": {id}})
	res, _ := v.Send(http.MethodPost, undo, url.Values{"decision": {id}}, nil)
	if res.StatusCode != http.StatusSeeOther {
		t.Fatalf("%d", res.StatusCode)
	}
	if html := v.Sees(strings.TrimPrefix(res.Header.Get("Location"), "/desk"), "已撤回", "对方没有看到", ">可以，分三期。</textarea>"); strings.Contains(html, "可撤回，对方还看不到") {
		t.Error("it waits still")
	}
	if html := v.Sees(after, "已撤回"); strings.Contains(html, "已经发出") || strings.Contains(html, "data-undo") {
		t.Error("the page before says that it was sent")
	}
	v.Sees("/conversations", "可以分期吗？")
	w.CarryOut()
	if got := debtor.Must(http.StatusOK, handlertest.Get, list, nil).List("messages"); len(got) != 1 || has(noticesAbout(debtor), model.NoticeMessageReplied) != 0 {
		t.Errorf("the debtor reads %v", got)
	}
	sent, after := decided(t, v, answer, url.Values{"text": {"可以，分两期。"}})
	w.CarryOut()
	if html := v.Sees(after, "已经发出，对方会收到提醒"); strings.Contains(html, "data-undo") {
		t.Error("what was sent can be taken back")
	}
	v.Does(http.StatusConflict, undo, "撤回的时间已过", url.Values{"decision": {sent}})
	if got := debtor.Must(http.StatusOK, handlertest.Get, list, nil).List("messages"); len(got) != 2 || got[0].Str("text") != "可以，分两期。" {
		t.Errorf("the debtor reads %v", got)
	}
	// Whoever closes his account is told what does not take effect.
	decided(t, v, answer, url.Values{"text": {"另请注意。"}})
	admin := w.Visitor(w.Staff("guan.li", model.RoleAdmin))
	res, _ = admin.Send(http.MethodPost, "/staff/zhang.min/act", url.Values{"act": {"disabled"}}, nil)
	admin.Sees(strings.TrimPrefix(res.Header.Get("Location"), "/desk"), "账号已停用", "尚可撤回的决定和回复 1 件没有生效")
}

// The court's ready answers are its own list: kept in its order, chosen by digit, with
// every list before; empty, the program's are there again.
func TestACourtKeepsItsReadyAnswers(t *testing.T) {
	t.Parallel()
	w, judge, debtor, _, f := urged(t)
	debtor.Say(f, "款项可以汇到法院账户吗？")
	of := w.Staff("guan.li", model.RoleAdmin)
	admin, form := w.Visitor(of), settingsForm(of)
	first := w.Court.Settings.Answers()
	admin.Sees("/settings", first[0], first[len(first)-1])
	offered := func() (out []string) {
		t.Helper()
		for _, m := range regexp.MustCompile(`<kbd aria-hidden="true">(\d)</kbd> ([^<]+)</button>`).FindAllStringSubmatch(w.Visitor(judge).Sees(fmt.Sprintf("/cases/%d?tab=conversation", f.ID)), -1) {
			out = append(out, m[1]+m[2])
		}
		return out
	}
	form.Set("ready_answers", "请拨打 12368。\r\n\r\n 已收到，三日内答复。 ")
	admin.Does(http.StatusSeeOther, "/settings", "done=saved", form)
	if got := offered(); !slices.Equal(got, []string{"1请拨打 12368。", "2已收到，三日内答复。"}) {
		t.Errorf("%q", got)
	}
	form.Set("ready_answers", "已收到，三日内答复。\n请拨打 12368。\n已收到，三日内答复。")
	if body := admin.Does(http.StatusBadRequest, "/settings", "重复", form); !strings.Contains(body, "请拨打 12368。") {
		t.Error("what was typed is gone")
	}
	w.Visitor(judge).Does(http.StatusForbidden, "/settings", "", form)
	form.Set("ready_answers", "")
	admin.Does(http.StatusSeeOther, "/settings", "done=saved", form)
	if got := offered(); len(got) != len(first) || got[0] != "1"+first[0] {
		t.Errorf("%q", got)
	}
	admin.Sees("/settings", "历次清单", "请拨打 12368。", of.Name+"改为")
}
