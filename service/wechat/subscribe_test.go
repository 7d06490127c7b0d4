package wechat_test

import (
	"fmt"
	"io"
	"net/http"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"microcourt/service/wechat"
	"microcourt/service/wechat/wechattest"
)

const sendPath = "/cgi-bin/message/subscribe/send"

func TestSendShowsTheCard(t *testing.T) {
	t.Parallel()
	w := newWorld(t, wechattest.Config{})
	w.allow(t, w.user.OpenID, wechattest.TemplateCase)
	m := caseMessage(w.user.OpenID)
	o, err := w.client.SendSubscribe(ctx(t), m)
	if err != nil || o.State != wechat.Accepted || o.Refused {
		t.Fatalf("outcome %+v, %v", o, err)
	}
	cards := w.fake.Inbox(w.user.OpenID)
	if len(cards) != 1 || cards[0].Rows[0].Value != "（2026）京0105执1234号" || cards[0].Page != m.Page || cards[0].State != "formal" {
		t.Fatalf("cards %+v", cards)
	}
	if o.MsgID != strconv.FormatInt(cards[0].MsgID, 10) { // beyond 2^53
		t.Errorf("message id %s, want %d", o.MsgID, cards[0].MsgID)
	}
	// One tap on "allow" is one message.
	if o, err = w.client.SendSubscribe(ctx(t), m); o.State != wechat.NoConsent || o.Code != 43101 || err == nil {
		t.Errorf("second send: %+v, %v", o, err)
	}
}

func TestTokenRotatedInTheMiddleOfABatch(t *testing.T) {
	t.Parallel()
	w := newWorld(t, wechattest.Config{})
	const n = 50
	users := make([]string, n)
	for i := range users {
		users[i] = w.fake.AddUser(wechattest.User{}).OpenID
		w.allow(t, users[i], wechattest.TemplateTask) // long-term: a double send would show
	}
	var wg sync.WaitGroup
	var settled atomic.Int64
	work := make(chan int)
	for range 4 {
		wg.Go(func() {
			for i := range work {
				if o, err := w.client.SendSubscribe(t.Context(), taskMessage(users[i])); o.State != wechat.Accepted {
					t.Errorf("message %d: %+v, %v", i, o, err)
				}
				settled.Add(1)
			}
		})
	}
	for i := range n {
		if i%15 == 10 {
			for settled.Load() < int64(i) { // a message may meet one rotation, not two
				time.Sleep(time.Millisecond)
			}
			w.fake.RotateToken()
		}
		work <- i
	}
	close(work)
	wg.Wait()
	if got := len(w.fake.Inbox("")); got != n {
		t.Errorf("%d cards, want %d", got, n)
	}
	done, stale := map[string]int{}, 0
	for _, e := range w.fake.Journal() {
		switch {
		case e.Path == sendPath && e.Done:
			done[e.Body]++
		case e.Code == 40001:
			stale++
		}
	}
	for body, times := range done {
		if times != 1 {
			t.Errorf("sent %d times: %s", times, body)
		}
	}
	if len(done) != n || stale == 0 {
		t.Errorf("%d distinct messages (want %d), %d stale tokens seen (want some)", len(done), n, stale)
	}
}

func TestOneAllowanceIsOneMessage(t *testing.T) {
	t.Parallel()
	for _, hold := range []time.Duration{0, 5 * time.Millisecond} {
		w := newWorld(t, wechattest.Config{SendHold: hold})
		w.allow(t, w.user.OpenID, wechattest.TemplateCase)
		var (
			mu    sync.Mutex
			count = map[wechat.State]int{}
			wg    sync.WaitGroup
		)
		for range 20 {
			wg.Go(func() {
				o, _ := w.client.SendSubscribe(t.Context(), caseMessage(w.user.OpenID))
				mu.Lock()
				defer mu.Unlock()
				count[o.State]++
			})
		}
		wg.Wait()
		if count[wechat.Accepted] != 1 || count[wechat.NoConsent]+count[wechat.Retry] != 19 || len(w.fake.Inbox("")) != 1 {
			t.Errorf("hold %v: outcomes %v, %d cards", hold, count, len(w.fake.Inbox("")))
		}
	}
}

func TestLostAnswer(t *testing.T) {
	t.Parallel()
	for _, kind := range []wechattest.FaultKind{wechattest.FaultClose, wechattest.FaultGarbage} {
		w := newWorld(t, wechattest.Config{})
		w.allow(t, w.user.OpenID, wechattest.TemplateCase)
		w.allow(t, w.user.OpenID, wechattest.TemplateTask)

		// One-time: one repeat is allowed, and finds the allowance used. Whether the
		// first try was shown, only WeChat's event tells.
		w.fake.Fault(sendPath, kind, 1)
		m := caseMessage(w.user.OpenID)
		o, err := w.client.SendSubscribe(ctx(t), m)
		if o.State != wechat.Unknown || o.RetryIn <= 0 || err == nil {
			t.Fatalf("%s, one-time: %+v, %v", kind, o, err)
		}
		m.Repeat = true
		if o, err = w.client.SendSubscribe(ctx(t), m); o.State != wechat.Unknown || !o.Refused || o.RetryIn != 0 || err == nil {
			t.Errorf("%s, repeat: %+v, %v", kind, o, err)
		}
		// Long-term: a repeat would be a second card, so none is allowed.
		w.fake.Fault(sendPath, kind, 1)
		if o, _ = w.client.SendSubscribe(ctx(t), taskMessage(w.user.OpenID)); o.State != wechat.Unknown || o.RetryIn != 0 {
			t.Errorf("%s, long-term: %+v", kind, o)
		}
		if got := len(w.fake.Inbox("")); got != 2 {
			t.Errorf("%s: %d cards, want 2", kind, got)
		}
	}
}

func TestRepeatThatIsLostTooIsNotRepeatedAgain(t *testing.T) {
	t.Parallel()
	w := newWorld(t, wechattest.Config{})
	w.fake.Fault(sendPath, wechattest.FaultBadGateway, 1)
	m := caseMessage(w.user.OpenID)
	m.Repeat = true
	if o, _ := w.client.SendSubscribe(ctx(t), m); o.State != wechat.Unknown || o.RetryIn != 0 {
		t.Errorf("outcome %+v", o)
	}
}

func TestMessageThatNeverLeftIsRetried(t *testing.T) {
	t.Parallel()
	w := newWorld(t, wechattest.Config{})
	m := taskMessage(w.user.OpenID)
	w.allow(t, w.user.OpenID, wechattest.TemplateTask)

	// The token could not be fetched: whatever happened there, no message left.
	w.fake.Fault("/cgi-bin/stable_token", wechattest.FaultClose, 1)
	if o, _ := w.client.SendSubscribe(ctx(t), m); o.State != wechat.Retry {
		t.Errorf("without a token: %+v", o)
	}
	if o, err := w.client.SendSubscribe(ctx(t), m); o.State != wechat.Accepted {
		t.Errorf("platform back: %+v, %v", o, err)
	}
	w.server.Close()
	tokens := wechat.NewMemoryTokens(clock)
	if err := tokens.Set(ctx(t), wechat.DemoAppID, "token", time.Hour); err != nil {
		t.Fatal(err)
	}
	c := newClient(t, w.server.URL, tokens, io.Discard) // with no connection left from before
	if o, _ := c.SendSubscribe(ctx(t), m); o.State != wechat.Retry {
		t.Errorf("platform gone: %+v", o)
	}
}

func TestSlowPlatformIsUnknown(t *testing.T) {
	t.Parallel()
	w := newWorld(t, wechattest.Config{})
	w.allow(t, w.user.OpenID, wechattest.TemplateTask)
	if o, err := w.client.SendSubscribe(ctx(t), taskMessage(w.user.OpenID)); o.State != wechat.Accepted { // the token is there now
		t.Fatal(o, err)
	}
	c, cancel := contextWithTimeout(t, 50*time.Millisecond)
	defer cancel()
	w.fake.Fault(sendPath, wechattest.FaultHang, 1)
	if o, _ := w.client.SendSubscribe(c, taskMessage(w.user.OpenID)); o.State != wechat.Unknown {
		t.Errorf("outcome %+v", o)
	}
}

func TestPageThatIsNotReleasedDoesNotLoseTheCard(t *testing.T) {
	t.Parallel()
	w := newWorld(t, wechattest.Config{Pages: []string{"pages/index/index"}})
	w.allow(t, w.user.OpenID, wechattest.TemplateCase)
	o, err := w.client.SendSubscribe(ctx(t), caseMessage(w.user.OpenID))
	if o.State != wechat.Accepted {
		t.Fatalf("outcome %+v, %v", o, err)
	}
	if cards := w.fake.Inbox(""); len(cards) != 1 || cards[0].Page != "" {
		t.Errorf("cards %+v", cards)
	}
}

func TestEveryRefusalHasAReaction(t *testing.T) {
	t.Parallel()
	cases := []struct {
		code  int
		msg   string
		state wechat.State
		field string
		alarm bool
	}{
		{-1, "system error", wechat.Retry, "", false},
		{40003, "invalid openid", wechat.Unreachable, "", false},
		{43104, "openid does not match", wechat.Unreachable, "", false},
		{40037, "invalid template_id", wechat.Invalid, "", true},
		{43101, "user refuse to accept the msg", wechat.NoConsent, "", false},
		{43107, "banned", wechat.Paused, "", true},
		{43108, "concurrent", wechat.Retry, "", false},
		{45168, "hit sensitive word", wechat.Invalid, "", true},
		{47001, "data format error", wechat.Invalid, "", true},
		{47003, "argument invalid! data.thing9.value is emtpy", wechat.Invalid, "thing9", true}, //nolint:misspell // as the platform writes it
		{47003, "argument invalid! data.character_string21.value invalid", wechat.Invalid, "character_string21", true},
		{45009, "reach max api daily quota limit", wechat.Paused, "", true},
		{45011, "minute", wechat.Paused, "", false},
		{45109, "withdrawn", wechat.Paused, "", true},
		{48001, "api unauthorized", wechat.Paused, "", true},
		{40164, "invalid ip", wechat.Paused, "", true},
		{50007, "account frozen", wechat.Paused, "", true},
		{40013, "invalid appid", wechat.Paused, "", true},
		{99999, "not documented anywhere", wechat.Retry, "", true},
	}
	for _, c := range cases {
		client := platform(t, func(w http.ResponseWriter, _ *http.Request) {
			_, _ = fmt.Fprintf(w, `{"errcode":%d,"errmsg":"%s rid: 65f0-12ab-34cd"}`, c.code, c.msg)
		})
		o, err := client.SendSubscribe(ctx(t), caseMessage("openid"))
		if o.State != c.state || o.Field != c.field || o.Alarm != c.alarm || o.Code != c.code {
			t.Errorf("%d: %+v", c.code, o)
		}
		if api := apiError(err); api == nil || api.RID != "65f0-12ab-34cd" || api.Msg != c.msg {
			t.Errorf("%d: error %v", c.code, err)
		}
		if (o.State == wechat.Retry || o.State == wechat.Paused) && o.RetryIn <= 0 {
			t.Errorf("%d: no wait before the next try", c.code)
		}
	}
}

func TestUsedUpQuotaPausesUntilBeijingMidnight(t *testing.T) {
	t.Parallel()
	w := newWorld(t, wechattest.Config{DailyQuota: map[string]int{sendPath: 1}})
	w.allow(t, w.user.OpenID, wechattest.TemplateTask)
	if o, err := w.client.SendSubscribe(ctx(t), taskMessage(w.user.OpenID)); o.State != wechat.Accepted {
		t.Fatal(o, err)
	}
	o, _ := w.client.SendSubscribe(ctx(t), taskMessage(w.user.OpenID))
	if o.State != wechat.Paused || o.RetryIn != 12*time.Hour {
		t.Fatalf("outcome %+v, want a pause of 12 h", o)
	}
	w.fake.Advance(o.RetryIn)
	w.fake.RotateToken()
	if o, err := w.client.SendSubscribe(ctx(t), taskMessage(w.user.OpenID)); o.State != wechat.Accepted {
		t.Errorf("next day: %+v, %v", o, err)
	}
}

func TestAnswerWithoutVerdictIsNotAccepted(t *testing.T) {
	t.Parallel()
	c := platform(t, func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, `{"maintenance":true}`) })
	if o, _ := c.SendSubscribe(ctx(t), caseMessage("openid")); o.State != wechat.Unknown {
		t.Errorf("outcome %+v", o)
	}
}

func TestWrongMessageCostsNoCall(t *testing.T) {
	t.Parallel()
	w := newWorld(t, wechattest.Config{})
	for name, change := range map[string]func(*wechat.SubscribeMessage){
		"openid": func(m *wechat.SubscribeMessage) { m.OpenID = "" }, "template": func(m *wechat.SubscribeMessage) { m.TemplateID = "a b" },
		"page": func(m *wechat.SubscribeMessage) { m.Page = "/pages/x" }, "no data": func(m *wechat.SubscribeMessage) { m.Data = nil },
		"long": func(m *wechat.SubscribeMessage) { m.Data[0].Value = "（2026）京0105执恢12345号之一" },
	} {
		m := caseMessage(w.user.OpenID)
		change(&m)
		if o, err := w.client.SendSubscribe(ctx(t), m); o.State != wechat.Invalid || err == nil {
			t.Errorf("%s: %+v, %v", name, o, err)
		}
	}
	if n := len(w.fake.Journal()); n != 0 {
		t.Errorf("%d calls made", n)
	}
}

func TestTemplatesAreReadFromTheConsole(t *testing.T) {
	t.Parallel()
	w := newWorld(t, wechattest.Config{})
	got, err := w.client.Templates(ctx(t))
	if err != nil {
		t.Fatal(err)
	}
	want := wechattest.DefaultTemplates()
	if len(got) != len(want) {
		t.Fatalf("%d templates, want %d", len(got), len(want))
	}
	for i, tpl := range want {
		if got[i].ID != tpl.ID || got[i].LongTerm != tpl.LongTerm || len(got[i].Keys) != len(tpl.Keywords) || got[i].Keys[0] != tpl.Keywords[0].Key {
			t.Errorf("template %d: %+v", i, got[i])
		}
	}
}
