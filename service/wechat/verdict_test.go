package wechat_test

import (
	"io"
	"net/http"
	"strings"
	"testing"

	"microcourt/model"
	"microcourt/service/wechat"
	"microcourt/service/wechat/wechattest"
)

var (
	huge   = `{"errcode":0,"x":"` + strings.Repeat("a", 3<<20) + `"}`
	nested = `{"errcode":0,"x":` + strings.Repeat("[", 20000) + strings.Repeat("]", 20000) + `}`
)

// answers are what a gateway on the way may make of an answer, and whether it
// says that the call was done.
var answers = map[string]wechat.State{
	`{"errcode":0,"errmsg":"ok","msgid":3248682510344192008}`:           wechat.Accepted,
	"\n\t {\"errcode\" : 0 , \"msgid\" : 3248682510344192008 }\r\n":     wechat.Accepted,
	"\xef\xbb\xbf{\"errcode\":0,\"msgid\":3248682510344192008}":         wechat.Accepted,
	" \xef\xbb\xbf {\"msgid\":\"3248682510344192008\",\"errcode\":0}":   wechat.Accepted,
	`{"msgid":3248682510344192008,"errmsg":"ok","errcode":"0"}`:         wechat.Accepted,
	`{"errcode":0.0,"msgid":3248682510344192008}`:                       wechat.Accepted,
	`{"errcode":0e0,"msgid":3248682510344192008}`:                       wechat.Accepted,
	`{"errcode":-0,"msgid":3248682510344192008}`:                        wechat.Accepted,
	`{"errcode":" 0 ","msgid":3248682510344192008}`:                     wechat.Accepted,
	" {\"errcode\":43101,\"errmsg\":\"user refuse to accept the msg\"}": wechat.NoConsent,
	"\xef\xbb\xbf{\"errcode\":43101}":                                   wechat.NoConsent,
	`{"errmsg":"refused","msgid":1,"errcode":"43101"}`:                  wechat.NoConsent,
	`{"errcode":4.3101e4}`:                                              wechat.NoConsent,
	`{"errcode":43101.0}`:                                               wechat.NoConsent,
	`{"ERRCODE":43101}`:                                                 wechat.NoConsent,
	`{"errcode":"40003"}`:                                               wechat.Unreachable,
	`{"errcode":1e0,"errmsg":"?"}`:                                      wechat.Retry,
	`{"errcode":0,"errcode":43101}`:                                     wechat.Unknown,
	`{"errcode":43101,"errcode":0}`:                                     wechat.Unknown,
	`{"errcode":null}`:                                                  wechat.Unknown,
	`{"errcode":""}`:                                                    wechat.Unknown,
	`{"errcode":true}`:                                                  wechat.Unknown,
	`{"errcode":[0]}`:                                                   wechat.Unknown,
	`{"errcode":{"code":0}}`:                                            wechat.Unknown,
	`{"errcode":0.5}`:                                                   wechat.Unknown,
	`{"errcode":"ok"}`:                                                  wechat.Unknown,
	`{"errcode":1e400}`:                                                 wechat.Unknown,
	`{"errmsg":"ok","msgid":3248682510344192008}`:                       wechat.Unknown,
	`{"result":{"errcode":0}}`:                                          wechat.Unknown,
	`{}`:                                                                wechat.Unknown,
	``:                                                                  wechat.Unknown,
	` `:                                                                 wechat.Unknown,
	`null`:                                                              wechat.Unknown,
	`0`:                                                                 wechat.Unknown,
	`"errcode:0"`:                                                       wechat.Unknown,
	`[{"errcode":0}]`:                                                   wechat.Unknown,
	`{"errcode":0`:                                                      wechat.Unknown,
	`{"errcode":0}{"errcode":43101}`:                                    wechat.Unknown,
	`<html><body>{"errcode":0}</body></html>`:                           wechat.Unknown,
	`errcode=0`:                                                         wechat.Unknown,
	huge:                                                                wechat.Unknown,
	nested:                                                              wechat.Unknown,
}

// A message counts as accepted only when WeChat's answer says so, whatever the
// answer looks like; a refusal stays a refusal.
func TestAnAnswerIsAnAcceptanceOnlyWhenItSaysSo(t *testing.T) {
	t.Parallel()
	var body string
	c := platform(t, func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, body) })
	short := func(s string) string { return s[:min(len(s), 60)] }
	for answer, want := range answers {
		body = answer
		o, err := c.SendSubscribe(ctx(t), taskMessage("openid"))
		if o.State != want || (err == nil) != (want == wechat.Accepted) {
			t.Errorf("a card, %q: %+v, %v; want %s", short(answer), o, err, want)
		}
		if want == wechat.Accepted && o.MsgID != "3248682510344192008" {
			t.Errorf("%q: the message's id is read as %q", short(answer), o.MsgID)
		}
		m := wechat.TemplateMessage{OpenID: "openid", TemplateID: "t", Data: taskMessage("").Data}
		if o, _ = c.SendTemplate(ctx(t), m); (o.State == wechat.Accepted) != (want == wechat.Accepted) {
			t.Errorf("a template message, %q: %+v; want %s", short(answer), o, want)
		}
	}
	for id, want := range map[string]string{`12`: "12", `"a^1"`: "a^1", `null`: "", `{}`: "", `[1]`: "", `3.2e18`: "3.2e18"} {
		body = `{"errcode":0,"msgid":` + id + `}`
		if o, err := c.SendSubscribe(ctx(t), taskMessage("openid")); o.State != wechat.Accepted || o.MsgID != want || err != nil {
			t.Errorf("msgid %s: %+v, %v", id, o, err)
		}
	}
}

// The same for every other call: what does not say that it is done is not done.
func TestNoCallTakesAnUnclearAnswerForASuccess(t *testing.T) {
	t.Parallel()
	good := map[string]string{
		"/wxa/generate_urllink":                  `"url_link":"https://wxaurl.cn/abc"`,
		"/wxa/business/getuserphonenumber":       `"phone_info":{"purePhoneNumber":"13800138000","countryCode":"86","watermark":{"appid":"` + wechat.DemoAppID + `"}}`,
		"/wxa/msg_sec_check":                     `"trace_id":"t","result":{"suggest":"pass","label":100}`,
		"/wxa/media_check_async":                 `"trace_id":"t"`,
		"/cityservice/face/identify/getverifyid": `"verify_id":"v"`, "/cityservice/face/identify/queryverifyinfo": `"verify_ret":10000`,
		"/wxaapi/newtmpl/gettemplate": `"data":[]`,
	}
	var wrap func(fields string) string
	c := platform(t, func(w http.ResponseWriter, r *http.Request) { _, _ = io.WriteString(w, wrap(good[r.URL.Path])) })
	calls := map[string]func() error{
		"link":     func() error { _, err := c.URLLink(ctx(t), "pages/x"); return err },
		"phone":    func() error { _, err := c.PhoneNumber(ctx(t), "code", "o"); return err },
		"text":     func() error { _, err := c.CheckText(ctx(t), "o", "x"); return err },
		"picture":  func() error { _, err := c.CheckPicture(ctx(t), "o", "https://x"); return err },
		"face":     func() error { _, _, err := c.StartRealName(ctx(t), "o", "n", "i"); return err },
		"faced":    func() error { _, err := c.FinishRealName(ctx(t), wechat.RealName{OpenID: "o"}); return err },
		"template": func() error { _, err := c.Templates(ctx(t)); return err },
	}
	for name, call := range calls {
		for form, w := range map[string]struct {
			wrap func(string) string
			good bool
		}{
			"as documented":  {func(f string) string { return `{"errcode":0,"errmsg":"ok",` + f + `}` }, true},
			"spaced, a BOM":  {func(f string) string { return " \xef\xbb\xbf\n{ " + f + ` , "errcode" : "0" }` }, true},
			"no errcode":     {func(f string) string { return `{` + f + `}` }, false},
			"nothing else":   {func(string) string { return `{"errcode":0,"errmsg":"ok"}` }, name == "template"},
			"refused, a BOM": {func(f string) string { return "\xef\xbb\xbf" + `{` + f + `,"errcode":"-1"}` }, false},
			"two codes":      {func(f string) string { return `{"errcode":0,` + f + `,"errcode":40003}` }, false},
			"a list":         {func(f string) string { return `[{"errcode":0,` + f + `}]` }, false},
			"a page":         {func(string) string { return `<html></html>` }, false},
		} {
			wrap = w.wrap
			if err := call(); (err == nil) != w.good {
				t.Errorf("%s, %s: %v", name, form, err)
			}
		}
	}
	// Those that succeed without an errcode, and a picture that is none.
	wrap = func(string) string { return " {\"errcode\":\"40029\",\"errmsg\":\"invalid code\"}" }
	_, err := c.ExchangeCode(ctx(t), "code")
	wantReason(t, err, model.Unauthenticated, "wechat.code_used")
	for _, body := range []string{`{}`, `{"errcode":0}`, ` [1]`, `{"openid":"o","errcode":null}`} {
		wrap = func(string) string { return body }
		if id, err := c.ExchangeCode(ctx(t), "code"); err == nil {
			t.Errorf("%s logs in as %v", body, id)
		}
		if _, _, err := c.Follower(ctx(t), "o"); err == nil {
			t.Errorf("%s says who follows", body)
		}
		if picture, err := c.Code(ctx(t), "b=1", "pages/x"); err == nil {
			t.Errorf("%s is a picture: %q", body, picture)
		}
		if list, err := c.AccountTemplates(ctx(t)); err == nil {
			t.Errorf("%s is a list of templates: %v", body, list)
		}
	}
}

// A link that WeChat refuses for good is told apart from one that comes later.
func TestLinksThatAreRefusedForGood(t *testing.T) {
	t.Parallel()
	var body string
	c := platform(t, func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, body) })
	for answer, reason := range map[string]string{
		`{"errcode":40165,"errmsg":"invalid weapp pagepath"}`: "wechat.link_refused", `{"errcode":85079}`: "wechat.link_refused", `{"errcode":85401}`: "wechat.link_refused",
		`{"errcode":44993}`: "wechat.link_refused", ` {"errcode":"40212"}`: "wechat.link_refused", `{"errcode":999999}`: "wechat.link_refused",
		`{"errcode":-1}`: "wechat.unavailable", `{"errcode":45009}`: "wechat.unavailable", `{"errcode":0,"errmsg":"ok"}`: "wechat.unavailable",
		`{"errcode":0,"url_link":""}`: "wechat.unavailable", `{"errcode":0,"url_link":"javascript:1"}`: "wechat.unavailable", `{"errcode":0,"url_link":null}`: "wechat.unavailable",
		`{"errcode":0,"url_link":7}`: "wechat.unavailable", `{"errcode":40164}`: "wechat.configuration",
	} {
		body = answer
		link, err := c.URLLink(ctx(t), "pages/x")
		if model.ReasonOf(err) != reason || link != "" {
			t.Errorf("%s: %q, %v; want %s", answer, link, err, reason)
		}
	}
	w := newWorld(t, wechattest.Config{Pages: []string{"pages/index/index"}})
	if _, err := w.client.URLLink(ctx(t), "pages/new/page?id=1"); model.ReasonOf(err) != "wechat.link_refused" {
		t.Errorf("a page that is not released: %v", err)
	}
	if link, err := w.client.URLLink(ctx(t), ""); err != nil || !strings.HasPrefix(link, "https://") {
		t.Errorf("the first page: %q, %v", link, err)
	}
}

// Events say what became of a message; one that says nothing is no delivery.
func TestEventsOfFailure(t *testing.T) {
	t.Parallel()
	sent := func(fields string) string {
		return `{"FromUserName":"oA","CreateTime":1,"Event":"subscribe_msg_sent_event","List":{"TemplateId":"T","MsgID":"7",` + fields + `}}`
	}
	job := func(status string) string {
		return `{"FromUserName":"oA","CreateTime":1,"Event":"TEMPLATESENDJOBFINISH","MsgID":7,"Status":"` + status + `"}`
	}
	for message, want := range map[string]string{
		sent(`"ErrorCode":"0","ErrorStatus":"success"`): "", sent(`"ErrorCode":0.0`): "", sent(`"ErrorStatus":"success"`): "",
		sent(`"ErrorCode":1,"ErrorStatus":"failed"`): "1 failed", sent(`"ErrorCode":"-5"`): "-5", sent(`"ErrorStatus":"failed: system failed"`): "failed: system failed",
		job("success"): "", job(" Success "): "", job("failed:user block"): "user block", job("failed: system failed"): "system failed",
		job("failed:freq limit"): "freq limit", job("something new"): "something new",
	} {
		if got, err := wechat.Events([]byte(message)); err != nil || len(got) != 1 || got[0].Failure != want || got[0].MessageID != "7" {
			t.Errorf("%s: %+v, %v; want %q", message, got, err, want)
		}
	}
	for _, message := range []string{sent(`"X":1`), sent(`"ErrorCode":"many"`), job(""), job("  ")} {
		if got, err := wechat.Events([]byte(message)); err == nil {
			t.Errorf("%s was read as %+v", message, got)
		}
	}
	// Words beyond accept and reject.
	for word, want := range map[string]int{"accept": 1, "acceptWithAudio": 1, "acceptWithAlert": 1, "acceptWithForcePush": 1, "reject": -1, "ban": 0, "filter": 0, "later": 0} {
		message := `{"FromUserName":"oA","CreateTime":1,"Event":"subscribe_msg_popup_event","List":[{"TemplateId":"T","SubscribeStatusString":"` + word + `"}]}`
		got, err := wechat.Events([]byte(message))
		if err != nil || len(got) != want*want || len(got) == 1 && got[0].Accepted != (want > 0) {
			t.Errorf("%s: %+v, %v", word, got, err)
		}
	}
}
