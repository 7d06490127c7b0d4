package handler_test

import (
	"fmt"
	"net/http"
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
	for i, usual := range model.UsualAnswers {
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
