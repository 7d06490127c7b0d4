package wechat_test

import (
	"bytes"
	"context"
	"errors"
	"image/jpeg"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/silenceper/wechat/v2/util"

	"microcourt/model"
	"microcourt/service/wechat"
	"microcourt/service/wechat/wechattest"
)

func contextWithTimeout(t *testing.T, d time.Duration) (context.Context, context.CancelFunc) {
	return context.WithTimeout(t.Context(), d)
}

func apiError(err error) *wechat.APIError {
	e, _ := errors.AsType[*wechat.APIError](err)
	return e
}

func TestRealCredentialsAndTheFakeNeverMeet(t *testing.T) {
	t.Parallel()
	const realID, realSecret = "wx0123456789abcdef", "0123456789abcdef0123456789abcdef"
	for name, c := range map[string]struct {
		cfg wechat.Config
		ok  bool
	}{
		"production":                   {wechat.Config{AppID: realID, Secret: realSecret}, true},
		"demonstration":                {wechat.Config{AppID: wechat.DemoAppID, Secret: wechat.DemoSecret, BaseURL: "http://127.0.0.1:1"}, true},
		"real appid to a base URL":     {wechat.Config{AppID: realID, Secret: wechat.DemoSecret, BaseURL: "http://127.0.0.1:1"}, false},
		"real secret to a base URL":    {wechat.Config{AppID: wechat.DemoAppID, Secret: realSecret, BaseURL: "http://127.0.0.1:1"}, false},
		"fake appid to the real place": {wechat.Config{AppID: wechat.DemoAppID, Secret: wechat.DemoSecret}, false},
		"no secret":                    {wechat.Config{AppID: realID}, false},
		"wrong message state":          {wechat.Config{AppID: realID, Secret: realSecret, MessageState: "released"}, false},
		"base URL without a host":      {wechat.Config{AppID: wechat.DemoAppID, Secret: wechat.DemoSecret, BaseURL: "localhost"}, false},
	} {
		_, err := wechat.New(c.cfg, wechat.NewMemoryTokens(clock), clock, nil)
		if (err == nil) != c.ok {
			t.Errorf("%s: %v", name, err)
		}
		if err != nil && strings.Contains(err.Error(), realSecret) {
			t.Errorf("%s: the secret is in the error", name)
		}
	}
}

func TestFreshTokenRefusedIsAnAlarmAndNoLoop(t *testing.T) {
	t.Parallel()
	calls := 0
	c := platform(t, func(w http.ResponseWriter, _ *http.Request) {
		calls++
		_, _ = io.WriteString(w, `{"errcode":40001,"errmsg":"invalid credential rid: 65f0-12ab-34cd"}`)
	})
	o, err := c.SendSubscribe(ctx(t), caseMessage("openid"))
	if !errors.Is(err, wechat.ErrTokenRefused) || o.State != wechat.Paused || !o.Alarm || calls != 2 {
		t.Errorf("outcome %+v, %v after %d calls", o, err, calls)
	}
	_, err = c.Code(ctx(t), "scene", "pages/index/index")
	if !errors.Is(err, wechat.ErrTokenRefused) || calls != 4 { // the SDK's calls have the same replay
		t.Errorf("%v after %d calls", err, calls)
	}
	wantReason(t, err, model.Internal, "wechat.configuration")
}

func TestCodeIsAPicture(t *testing.T) {
	t.Parallel()
	w := newWorld(t, wechattest.Config{Pages: []string{"pages/bind/bind"}})
	for range 2 { // the second time with a token that has gone stale
		data, err := w.client.Code(ctx(t), "b=0123456789abcdefghijkl", "pages/bind/bind")
		if err != nil {
			t.Fatal(err)
		}
		if _, err := jpeg.Decode(bytes.NewReader(data)); err != nil {
			t.Error(err)
		}
		w.fake.RotateToken()
	}
	_, err := w.client.Code(ctx(t), "b=1", "pages/unknown")
	wantReason(t, err, model.Invalid, "wechat.page")
	for _, scene := range []string{"", "案号", "a b", "a%20", strings.Repeat("a", 33)} {
		_, err = w.client.Code(ctx(t), scene, "pages/bind/bind")
		wantReason(t, err, model.Invalid, "wechat.scene")
	}
	for _, page := range []string{"/pages/bind/bind", "pages/bind/bind?id=1"} {
		_, err = w.client.Code(ctx(t), "b=1", page)
		wantReason(t, err, model.Invalid, "wechat.page")
	}
	c, cancel := context.WithCancel(t.Context())
	cancel() // the SDK's method takes no context; the call obeys it all the same
	if _, err = w.client.Code(c, "b=1", "pages/bind/bind"); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: %v", err)
	}
}

func TestNothingGoesPastTheGateway(t *testing.T) {
	t.Parallel()
	newWorld(t, wechattest.Config{})
	for _, uri := range []string{"https://api.weixin.qq.com/cgi-bin/token?access_token=x", "https://example.invalid/"} {
		if _, err := util.HTTPGet(uri); err == nil || !strings.Contains(err.Error(), "through this package only") {
			t.Errorf("%s: %v", uri, err)
		}
	}
}

func TestSecretsAreInNoErrorAndNoLog(t *testing.T) {
	t.Parallel()
	w := newWorld(t, wechattest.Config{Pages: []string{"pages/index/index"}})
	const name, idNumber = "欧阳某某", "310101199801011234"
	forbidden := []string{wechat.DemoSecret, w.user.OpenID, "13800138000", name, idNumber, "99_"} // 99_ begins every token
	var said strings.Builder
	say := func(err error) {
		for ; err != nil; err = errors.Unwrap(err) {
			said.WriteString(err.Error() + "\n")
		}
	}
	exercise := func() {
		login, phone := w.loginCode(t), w.phoneCode(t)
		forbidden = append(forbidden, login, phone)
		c, cancel := contextWithTimeout(t, 100*time.Millisecond)
		defer cancel()
		_, err := w.client.ExchangeCode(c, login)
		say(err)
		_, err = w.client.PhoneNumber(c, phone, w.user.OpenID)
		say(err)
		_, err = w.client.SendSubscribe(c, caseMessage(w.user.OpenID))
		say(err)
		_, err = w.client.Code(c, "b=1", "pages/index/index")
		say(err)
		_, _, err = w.client.StartRealName(c, w.user.OpenID, name, idNumber)
		say(err)
		_, err = w.client.Templates(c)
		say(err)
	}
	exercise()
	paths := []string{
		"/sns/jscode2session", "/wxa/business/getuserphonenumber", sendPath, "/wxa/getwxacodeunlimit",
		"/cityservice/face/identify/getverifyid", "/wxaapi/newtmpl/gettemplate", "/cgi-bin/stable_token",
	}
	for _, kind := range []wechattest.FaultKind{
		wechattest.FaultBusy, wechattest.FaultBadGateway, wechattest.FaultClose, wechattest.FaultGarbage, wechattest.FaultHang,
	} {
		for _, path := range paths {
			w.fake.Fault(path, kind, 1)
		}
		w.fake.RotateToken()
		exercise()
	}
	w.server.Close()
	exercise()

	// A platform that sends everything it got back in its error.
	echo := httptest.NewServer(http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		text := strings.NewReplacer(`"`, `'`, "\n", "").Replace(r.URL.RawQuery + " " + string(body))
		if r.URL.Path == "/cgi-bin/stable_token" {
			_, _ = io.WriteString(rw, `{"errcode":40125,"errmsg":"invalid appsecret `+text+`"}`)
			return
		}
		_, _ = io.WriteString(rw, `{"errcode":40013,"errmsg":"`+text+`"}`)
	}))
	defer echo.Close()
	c := newClient(t, echo.URL, brokenTokens{}, w.log)
	_, err := c.ExchangeCode(ctx(t), "LOGINCODE")
	say(err)
	_, err = c.SendSubscribe(ctx(t), taskMessage("openid"))
	say(err)
	forbidden = append(forbidden, "LOGINCODE")

	if said.Len() < 1000 || w.log.String() == "" {
		t.Fatal("the test saw no errors or no log")
	}
	for _, f := range forbidden {
		if strings.Contains(said.String(), f) {
			t.Errorf("%q is in an error:\n%s", f, said.String())
		}
		if strings.Contains(w.log.String(), f) {
			t.Errorf("%q is in the log", f)
		}
	}
	journal := ""
	for _, e := range w.fake.Journal() {
		journal += e.Query + e.Body + "\n"
	}
	for _, f := range append(forbidden[:1:1], "99_", name, idNumber) {
		if strings.Contains(journal, f) {
			t.Errorf("%q is in the fake's journal", f)
		}
	}
}

func TestEveryCallIsObserved(t *testing.T) {
	t.Parallel()
	w := newWorld(t, wechattest.Config{})
	var calls []wechat.Call
	c, err := wechat.New(wechat.Config{
		AppID: wechat.DemoAppID, Secret: wechat.DemoSecret, BaseURL: w.server.URL,
		Observe: func(call wechat.Call) { calls = append(calls, call) },
	}, wechat.NewMemoryTokens(clock), clock, nil)
	if err != nil {
		t.Fatal(err)
	}
	_, _ = c.SendSubscribe(ctx(t), caseMessage(w.user.OpenID))
	_, _ = c.Code(ctx(t), "b=1", "")
	got := ""
	for _, call := range calls {
		got += call.Path + " "
	}
	if got != "/cgi-bin/stable_token "+sendPath+" /wxa/getwxacodeunlimit " || calls[1].Code != 43101 {
		t.Errorf("calls %+v", calls)
	}
}
