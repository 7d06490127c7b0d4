package handler_test

import (
	"bytes"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"microcourt/handler/handlertest"

	"microcourt/model"
	"microcourt/service/wechat"
	"microcourt/service/wechat/wechattest"
)

// From the pop-up to the ledger: the client asks for what is lacking, WeChat tells
// what the user answered, once however often it tells.
func TestSubscriptionsFromThePopup(t *testing.T) {
	t.Parallel()
	w := handlertest.New(t)
	w.Staff("zhang.min", model.RoleJudge)
	clerk := w.Staff("wan.tt", model.RoleClerk)
	f, debtor := w.File(clerk), w.Phone("")
	debtor.Bind(clerk, f.ID, f.Debtor)
	if got := debtor.Wanted("receipt"); got != "due_day" { // long-term first, and alone
		t.Errorf("at the receipt's button the client asks for %q", got)
	}
	allow := func(template string) {
		t.Helper()
		if err := w.Fake.Allow(debtor.OpenID, template); err != nil {
			t.Fatal(err)
		}
	}
	allow(wechattest.TemplateDue)
	for _, a := range w.Push(w.Fake.Pending()...) {
		if a.Status != http.StatusOK || string(a.Body) != "success" {
			t.Fatalf("%d %s", a.Status, a.Body)
		}
	}
	if got := debtor.Wanted("receipt"); got != "receipt_result" {
		t.Errorf("then for %q", got)
	}
	// The phone reports its answer twice under one key, WeChat tells of it too: one
	// message may be sent.
	allow(wechattest.TemplateReceipt)
	key := handlertest.FreshKey()
	for range 2 {
		a := debtor.CallKey(handlertest.Post, "/subscriptions", handlertest.Obj{"answers": handlertest.Obj{wechattest.TemplateReceipt: "accept", wechattest.TemplateCase: "filter"}}, key)
		if a.Status != http.StatusNoContent {
			t.Fatalf("%d %s", a.Status, a.Body)
		}
	}
	requests := w.Fake.Pending()
	w.Push(requests...)
	w.Push(requests...) // WeChat had no answer in time and sends the same again
	if got := debtor.Left(wechattest.TemplateReceipt); got != 1 || debtor.Wanted("receipt") != "" {
		t.Errorf("%v messages may be sent", got)
	}
	refusedAll(t, []mistake{
		{debtor, handlertest.Bad, "subscription.moment", handlertest.Get, "/subscriptions/wanted?at=midnight", nil, "at"},
		{debtor, handlertest.Bad, "field.required", handlertest.Post, "/subscriptions", handlertest.Obj{"answers": handlertest.Obj{}}, "answers"},
	})
}

// Answers that are no words, or of templates that nobody knows, are left out one by
// one; with them the person's other answers count.
func TestAnAnswerThatIsNoWordCostsNoOther(t *testing.T) {
	t.Parallel()
	w := handlertest.New(t)
	phone := w.Phone("")
	a := phone.Call(handlertest.Post, "/subscriptions", handlertest.Obj{"answers": handlertest.Obj{
		wechattest.TemplateCase: true, wechattest.TemplateDue: nil, "unknown": handlertest.Obj{"a": 1}, "errMsg": []string{"ok"}, wechattest.TemplateReceipt: "acceptWithAudio",
	}})
	if got := phone.Left(wechattest.TemplateReceipt); a.Status != http.StatusNoContent || got != 1 {
		t.Errorf("%d %s; %v messages may be sent", a.Status, a.Body, got)
	}
	if a := phone.Call(handlertest.Post, "/subscriptions", handlertest.Obj{"answers": handlertest.Obj{wechattest.TemplateReceipt: 1}}); a.Status != http.StatusNoContent {
		t.Errorf("an unknown answer alone: %d %s", a.Status, a.Body)
	}
	refusedAll(t, []mistake{{phone, handlertest.Bad, "field.format", handlertest.Post, "/subscriptions", handlertest.Obj{"answers": "accept"}, "answers"}})
}

// Whatever is no push of WeChat's counts for nothing.
func TestPushesThatCountForNothing(t *testing.T) {
	t.Parallel()
	w := handlertest.New(t)
	phone := w.Phone("")
	if err := w.Fake.Allow(phone.OpenID, wechattest.TemplateDue); err != nil {
		t.Fatal(err)
	}
	good := w.Fake.Pending()[0]
	plain := fmt.Sprintf(`{"FromUserName":%q,"CreateTime":%d,"MsgType":"event","Event":"subscribe_msg_popup_event","List":{"TemplateId":%q,"SubscribeStatusString":"accept"}}`,
		phone.OpenID, w.Clock.Now().Unix(), wechattest.TemplateDue)
	forged := wechattest.Request{Query: clone(good.Query), Body: good.Body}
	forged.Query.Set("msg_signature", strings.Repeat("0", 40))
	for name, tt := range map[string]struct {
		request wechattest.Request
		status  int
		reason  string
	}{
		"forged":           {forged, http.StatusForbidden, "push.signature"},
		"in the clear":     {wechattest.Request{Query: good.Query, Body: []byte(plain)}, http.StatusForbidden, "push.signature"},
		"another's appid":  {w.Fake.Seal([]byte(plain), "wx0000000000000000"), http.StatusForbidden, "push.signature"},
		"nonsense":         {wechattest.Request{Query: good.Query, Body: []byte("{")}, handlertest.Bad, "push.malformed"},
		"a hundred kB":     {wechattest.Request{Query: good.Query, Body: bytes.Repeat([]byte("x"), 100_000)}, http.StatusRequestEntityTooLarge, "body.too_large"},
		"sealed, unusable": {w.Fake.Seal([]byte(`{"Event":"subscribe_msg_popup_event"}`), wechat.DemoAppID), http.StatusOK, ""},
		"sealed, not ours": {w.Fake.Seal([]byte(`{"MsgType":"text","FromUserName":"oX","CreateTime":1}`), wechat.DemoAppID), http.StatusOK, ""},
	} {
		if a := w.Push(tt.request)[0]; a.Status != tt.status || a.Json.Reason() != tt.reason {
			t.Errorf("%s: %d %s", name, a.Status, a.Body)
		}
	}
	if got := phone.Left(wechattest.TemplateDue); got != 0 {
		t.Errorf("the ledger says %v", got)
	}
	w.Clock.Advance(11 * time.Minute)
	if a := w.Push(good)[0]; a.Status != http.StatusForbidden {
		t.Errorf("somebody's copy, eleven minutes old: %d %s", a.Status, a.Body)
	}
	echo := func(signature string) handlertest.Answer {
		return w.Public().Call(handlertest.Get, "/wechat/push?timestamp=1&nonce=2&echostr=hello&signature="+signature, nil)
	}
	if a := echo(wechat.PushSignature(wechat.DemoPushToken, "1", "2")); a.Status != http.StatusOK || string(a.Body) != "hello" ||
		!strings.HasPrefix(a.Header.Get("Content-Type"), "text/plain") || a.Header.Get("X-Content-Type-Options") != "nosniff" {
		t.Errorf("the console's check: %d %s %v", a.Status, a.Body, a.Header)
	}
	if a := echo("0"); a.Status != http.StatusForbidden || a.Json.Reason() != "push.signature" {
		t.Errorf("a check by somebody else: %d %s", a.Status, a.Body)
	}
	off := handlertest.NewWith(t, func(w *handlertest.World) { w.NoPush = true })
	refusedAll(t, []mistake{
		{off.Public(), handlertest.Gone, "push.off", handlertest.Get, "/wechat/push?echostr=x", nil, ""}, {off.Public(), handlertest.Gone, "push.off", handlertest.Post, "/wechat/push", handlertest.Obj{}, ""},
	})
}

func clone(q map[string][]string) map[string][]string {
	out := map[string][]string{}
	for k, v := range q {
		out[k] = slices.Clone(v)
	}
	return out
}
