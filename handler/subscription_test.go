package handler_test

import (
	"bytes"
	"context"
	"fmt"
	"math/rand/v2"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"microcourt/model"
	"microcourt/service/wechat"
	"microcourt/service/wechat/wechattest"
)

// push posts what WeChat would push, and applies what was stored.
func (w *world) push(requests ...wechattest.Request) (answers []answer) {
	w.t.Helper()
	for _, r := range requests {
		req, err := http.NewRequest(post, w.url+"/api/v1/wechat/push?"+r.Query.Encode(), bytes.NewReader(r.Body))
		if err != nil {
			w.t.Fatal(err)
		}
		answers = append(answers, w.public().send(req))
	}
	if err := w.svc.Subscription.Drain(context.Background()); err != nil {
		w.t.Fatal(err)
	}
	return answers
}

func (c *client) left(template string) float64 {
	c.w.t.Helper()
	for _, s := range c.must(http.StatusOK, get, "/subscriptions", nil).list("subscriptions") {
		if s.str("template_id") == template {
			return s.num("left")
		}
	}
	c.w.t.Fatalf("no template %s", template)
	return 0
}

func (c *client) wanted(at string) string {
	c.w.t.Helper()
	var names []string
	v := c.must(http.StatusOK, get, "/subscriptions/wanted?at="+at, nil)
	ids, _ := v["template_ids"].([]any)
	for _, id := range ids {
		names = append(names, strings.SplitN(strings.TrimPrefix(id.(string), "demo_"), "_0", 2)[0])
	}
	return strings.Join(names, " ")
}

// From the pop-up to the phone: the client asks for what is lacking, WeChat
// tells what the user answered and what it delivered.
func TestSubscriptionsFromPopupToDelivery(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	judge, clerk := w.staff("zhang.min", model.RoleJudge), w.staff("wan.tt", model.RoleClerk)
	f := w.file(clerk)
	debtor := w.phone("")
	debtor.bind(clerk, f.id, f.debtor)
	if got := debtor.wanted("receipt"); got != "due_day" { // long-term first, and alone
		t.Errorf("at the receipt's button the client asks for %q", got)
	}
	allow := func(template string) {
		t.Helper()
		if err := w.fake.Allow(debtor.openID, template); err != nil {
			t.Fatal(err)
		}
	}
	allow(wechattest.TemplateDue)
	for _, a := range w.push(w.fake.Pending()...) {
		if a.status != http.StatusOK || string(a.body) != "success" {
			t.Fatalf("%d %s", a.status, a.body)
		}
	}
	if got := debtor.wanted("receipt"); got != "receipt_result" {
		t.Errorf("then for %q", got)
	}
	// The phone reports its answer twice under one key, WeChat tells of it too: one
	// message may be sent.
	allow(wechattest.TemplateReceipt)
	key := freshKey()
	for range 2 {
		a := debtor.callKey(post, "/subscriptions", obj{"answers": obj{wechattest.TemplateReceipt: "accept", wechattest.TemplateCase: "filter"}}, key)
		if a.status != http.StatusNoContent {
			t.Fatalf("%d %s", a.status, a.body)
		}
	}
	requests := w.fake.Pending()
	w.push(requests...)
	w.push(requests...) // WeChat had no answer in time and sends the same again
	if got := debtor.left(wechattest.TemplateReceipt); got != 1 || debtor.wanted("receipt") != "" {
		t.Errorf("%v messages may be sent", got)
	}
	debtor.submit(f, 60000, 951)
	w.drain()
	if n := len(w.fake.Inbox(debtor.openID)); n != 1 {
		t.Fatalf("%d cards", n)
	}
	if got := debtor.left(wechattest.TemplateReceipt); got != 0 {
		t.Errorf("after a message %v are left", got)
	}
	w.clock.Advance(time.Minute)
	delivered := w.fake.Pending()
	w.push(delivered...)
	w.push(delivered...)
	d := judge.proofOf(f, model.NoticeReceiptReceived, f.debtor).list("deliveries")
	if len(d) != 1 || d[0].str("state") != "accepted" || d[0].str("delivered_at") == "" {
		t.Errorf("the delivery is recorded as %v", d)
	}
	// Switched off in the settings.
	if err := w.fake.Revoke(debtor.openID, wechattest.TemplateDue); err != nil {
		t.Fatal(err)
	}
	w.clock.Advance(time.Minute)
	w.push(w.fake.Pending()...)
	if got := debtor.wanted("case"); !strings.HasPrefix(got, "due_day") {
		t.Errorf("switched off, and the client asks for %q", got)
	}
	refusedAll(t, []mistake{
		{debtor, bad, "subscription.moment", get, "/subscriptions/wanted?at=midnight", nil, "at"},
		{debtor, bad, "subscription.template", post, "/subscriptions", obj{"answers": obj{"nobody's": "accept"}}, "answers"},
		{debtor, bad, "subscription.answer", post, "/subscriptions", obj{"answers": obj{wechattest.TemplateDue: "也许 吧"}}, "answers"},
		{debtor, bad, "field.required", post, "/subscriptions", obj{"answers": obj{}}, "answers"},
	})
}

// An answer was lost and nobody knows whether the card was shown, until WeChat
// says that it delivered it.
func TestALostAnswerIsSettledByTheDeliveryEvent(t *testing.T) {
	t.Parallel()
	w, judge, debtor, _, f := urged(t)
	w.until(at(3, 24, 8))
	w.fake.Fault(sendPath, wechattest.FaultClose, 1) // shown, and the connection cut
	w.until(at(3, 24, 9), judge, debtor)
	state := func() string {
		t.Helper()
		return judge.proofOf(f, model.NoticeDueSoon, f.debtor).list("deliveries")[0].str("state")
	}
	if got := state(); got != "unknown" {
		t.Fatalf("the state is %s", got)
	}
	w.push(w.fake.Pending()...)
	if got := state(); got != "unknown" {
		t.Errorf("settled at once as %s: the answer may still be on its way", got)
	}
	for range 3 {
		w.clock.Advance(30 * time.Second)
		w.push()
	}
	d := judge.proofOf(f, model.NoticeDueSoon, f.debtor).list("deliveries")[0]
	if d.str("state") != "accepted" || d.str("delivered_at") == "" {
		t.Errorf("WeChat delivered it, and it is %v", d)
	}
	if n := len(w.due(debtor.openID)); n != 1 {
		t.Errorf("%d cards on the phone", n)
	}
}

func TestPushesThatCountForNothing(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	phone := w.phone("")
	if err := w.fake.Allow(phone.openID, wechattest.TemplateDue); err != nil {
		t.Fatal(err)
	}
	good := w.fake.Pending()[0]
	plain := fmt.Sprintf(`{"FromUserName":%q,"CreateTime":%d,"MsgType":"event","Event":"subscribe_msg_popup_event","List":{"TemplateId":%q,"SubscribeStatusString":"accept"}}`,
		phone.openID, w.clock.Now().Unix(), wechattest.TemplateDue)
	forged := wechattest.Request{Query: clone(good.Query), Body: good.Body}
	forged.Query.Set("msg_signature", strings.Repeat("0", 40))
	for name, tt := range map[string]struct {
		request wechattest.Request
		status  int
		reason  string
	}{
		"forged":           {forged, http.StatusForbidden, "push.signature"},
		"in the clear":     {wechattest.Request{Query: good.Query, Body: []byte(plain)}, http.StatusForbidden, "push.signature"},
		"another's appid":  {w.fake.Seal([]byte(plain), "wx0000000000000000"), http.StatusForbidden, "push.signature"},
		"nonsense":         {wechattest.Request{Query: good.Query, Body: []byte("{")}, bad, "push.malformed"},
		"a hundred kB":     {wechattest.Request{Query: good.Query, Body: bytes.Repeat([]byte("x"), 100_000)}, http.StatusRequestEntityTooLarge, "body.too_large"},
		"sealed, unusable": {w.fake.Seal([]byte(`{"Event":"subscribe_msg_popup_event"}`), wechat.DemoAppID), http.StatusOK, ""},
		"sealed, not ours": {w.fake.Seal([]byte(`{"MsgType":"text","FromUserName":"oX","CreateTime":1}`), wechat.DemoAppID), http.StatusOK, ""},
	} {
		if a := w.push(tt.request)[0]; a.status != tt.status || a.json.reason() != tt.reason {
			t.Errorf("%s: %d %s", name, a.status, a.body)
		}
	}
	if got := phone.left(wechattest.TemplateDue); got != 0 {
		t.Errorf("the ledger says %v", got)
	}
	w.clock.Advance(11 * time.Minute)
	if a := w.push(good)[0]; a.status != http.StatusForbidden {
		t.Errorf("somebody's copy, eleven minutes old: %d %s", a.status, a.body)
	}
	echo := func(signature string) answer {
		return w.public().call(get, "/wechat/push?timestamp=1&nonce=2&echostr=hello&signature="+signature, nil)
	}
	if a := echo(wechat.PushSignature(wechat.DemoPushToken, "1", "2")); a.status != http.StatusOK || string(a.body) != "hello" ||
		!strings.HasPrefix(a.header.Get("Content-Type"), "text/plain") || a.header.Get("X-Content-Type-Options") != "nosniff" {
		t.Errorf("the console's check: %d %s %v", a.status, a.body, a.header)
	}
	if a := echo("0"); a.status != http.StatusForbidden || a.json.reason() != "push.signature" {
		t.Errorf("a check by somebody else: %d %s", a.status, a.body)
	}
	off := newWorldWith(t, func(w *world) { w.noPush = true })
	refusedAll(t, []mistake{
		{off.public(), gone, "push.off", get, "/wechat/push?echostr=x", nil, ""}, {off.public(), gone, "push.off", post, "/wechat/push", obj{}, ""},
	})
}

func clone(q map[string][]string) map[string][]string {
	out := map[string][]string{}
	for k, v := range q {
		out[k] = slices.Clone(v)
	}
	return out
}

// Answers and deliveries arrive late, twice and in any order, in every format:
// the ledger ends where the platform's own account is.
func TestTheLedgerEndsWhereThePlatformIs(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.staff("zhang.min", model.RoleJudge)
	clerk := w.staff("wan.tt", model.RoleClerk)
	f := w.file(clerk)
	debtor := w.phone("")
	debtor.bind(clerk, f.id, f.debtor)
	random := rand.New(rand.NewPCG(11, 3))
	var requests []wechattest.Request
	allowed := 0
	for i := range 24 {
		w.fake.SetPushFormat([]wechattest.PushFormat{wechattest.PushXML, wechattest.PushJSON, wechattest.PushJSONNested}[i%3])
		w.clock.Advance(5 * time.Second)
		switch random.IntN(3) {
		case 0, 1:
			if err := w.fake.Allow(debtor.openID, wechattest.TemplateReceipt); err != nil {
				t.Fatal(err)
			}
			allowed++
		case 2:
			if allowed > 0 {
				debtor.submit(f, 1000, 960+i)
				w.drain()
				allowed--
			}
		}
		requests = append(requests, w.fake.Pending()...)
	}
	requests = append(requests, requests[:len(requests)/2]...)
	random.Shuffle(len(requests), func(i, j int) { requests[i], requests[j] = requests[j], requests[i] })
	for _, a := range w.push(requests...) {
		if a.status != http.StatusOK {
			t.Fatalf("%d %s", a.status, a.body)
		}
	}
	// The two sides' accounts, proved by using the platform's up.
	left := int(debtor.left(wechattest.TemplateReceipt))
	before := len(w.fake.Inbox(debtor.openID))
	for i := range left + 2 {
		debtor.submit(f, 1000, 990+i)
		w.drain()
	}
	if shown := len(w.fake.Inbox(debtor.openID)) - before; shown != left || left != allowed {
		t.Errorf("the ledger says %d, the platform showed %d, the user allowed %d more", left, shown, allowed)
	}
}
