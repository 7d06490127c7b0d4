package wechat_test

import (
	"net/url"
	"strings"
	"testing"
	"time"

	"microcourt/model"
	"microcourt/service/wechat"
)

// The platform's documentation prints this push and what it says.
const (
	sampleCipher = "+qdx1OKCy+5JPCBFWw70tm0fJGb2Jmeia4FCB7kao+/Q5c/ohsOzQHi8khUOb05JCpj0JB4RvQMkUyus8TPxLKJGQqcvZqzDpVzazhZv6JsXUnnR8XGT740XgXZUXQ7vJVnAG+tE8NUd4yFyjPy7GgiaviNrlCTj+l5kdfMuFUPpRSrfMZuMcp3Fn2Pede2IuQrKEYwKSqFIZoNqJ4M8EajAsjLY2km32IIjdf8YL/P50F7mStwntrA2cPDrM1kb6mOcfBgRtWygb3VIYnSeOBrebufAlr7F9mFUPAJGj04="
	samplePlain  = `{"ToUserName":"gh_97417a04a28d","FromUserName":"o9AgO5Kd5ggOC-bXrbNODIiE3bGY","CreateTime":1714112445,"MsgType":"event","Event":"debug_demo","debug_str":"hello world"}`
)

func samplePush(t *testing.T, change func(*wechat.PushConfig)) *wechat.Push {
	t.Helper()
	cfg := wechat.PushConfig{
		AppID: "wxba5fad812f8e6fb9", Token: "AAAAA", AESKey: strings.Repeat("A", 43), Now: func() time.Time { return time.Unix(1714112450, 0) },
	}
	if change != nil {
		change(&cfg)
	}
	p, err := wechat.NewPush(cfg)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func sampleQuery() url.Values {
	return url.Values{
		"signature": {"6c5c811b55cc85e0e1b54100749188c20beb3f5d"}, "timestamp": {"1714112445"}, "nonce": {"415670741"},
		"encrypt_type": {"aes"}, "msg_signature": {"046e02f8204d34f8ba5fa3b1db94908f3df2e9b3"},
	}
}

func TestThePlatformsOwnSamples(t *testing.T) {
	t.Parallel()
	echo := url.Values{
		"signature": {"f464b24fc39322e44b38aa78f5edd27bd1441696"}, "timestamp": {"1714036504"}, "nonce": {"1514711492"}, "echostr": {"4375120948345356249"},
	}
	if got, err := samplePush(t, nil).Echo(echo); err != nil || got != "4375120948345356249" {
		t.Error(got, err)
	}
	echo.Set("nonce", "1")
	if got, err := samplePush(t, nil).Echo(echo); err == nil || got != "" {
		t.Error("a wrong signature was answered:", got)
	}
	for _, body := range []string{
		`{"ToUserName":"gh_97417a04a28d","Encrypt":"` + sampleCipher + `"}`,
		"<xml><ToUserName><![CDATA[gh_97417a04a28d]]></ToUserName><Encrypt><![CDATA[" + sampleCipher + "]]></Encrypt></xml>",
	} {
		if got, err := samplePush(t, nil).Open(sampleQuery(), []byte(body)); err != nil || string(got) != samplePlain {
			t.Errorf("%s, %v", got, err)
		}
	}
}

// The plain signature of the sample is right throughout: it proves nothing
// about the body.
func TestPushesThatAreRefused(t *testing.T) {
	t.Parallel()
	body := []byte(`{"ToUserName":"gh_97417a04a28d","Encrypt":"` + sampleCipher + `"}`)
	for name, tt := range map[string]struct {
		change func(*wechat.PushConfig)
		query  func(url.Values)
		body   []byte
		reason string
	}{
		"forged msg_signature": {query: func(q url.Values) { q.Set("msg_signature", "deadbeef") }, reason: "push.signature"},
		"no msg_signature":     {query: func(q url.Values) { q.Del("msg_signature") }, reason: "push.signature"},
		"in the clear":         {body: []byte(samplePlain), reason: "push.signature"},
		"in the clear, said to be so": {
			query: func(q url.Values) { q.Del("encrypt_type"); q.Del("msg_signature") }, body: []byte(samplePlain), reason: "push.signature",
		},
		"another token": {change: func(c *wechat.PushConfig) { c.Token = "BBBBB" }, reason: "push.signature"},
		"another key":   {change: func(c *wechat.PushConfig) { c.AESKey = strings.Repeat("B", 43) }, reason: "push.signature"},
		"another appid": {change: func(c *wechat.PushConfig) { c.AppID = "wx_other" }, reason: "push.signature"},
		"a day old": {
			change: func(c *wechat.PushConfig) { c.Now = func() time.Time { return time.Unix(1714112445+86400, 0) } }, reason: "push.signature",
		},
		"nonsense": {body: []byte("{"), reason: "push.malformed"}, "nothing": {body: []byte(" "), reason: "push.malformed"},
	} {
		q := sampleQuery()
		if tt.query != nil {
			tt.query(q)
		}
		if tt.body == nil {
			tt.body = body
		}
		if got, err := samplePush(t, tt.change).Open(q, tt.body); model.ReasonOf(err) != tt.reason || got != nil {
			t.Errorf("%s: %s, %v, want %s", name, got, err, tt.reason)
		}
	}
	for _, bad := range []wechat.PushConfig{{}, {AppID: "a", Token: "t", AESKey: "short", Now: time.Now}} {
		if _, err := wechat.NewPush(bad); err == nil {
			t.Errorf("%+v was taken", bad)
		}
	}
}

// One event in every way in which the platform is known to write it.
func TestEventsInAllTheirShapes(t *testing.T) {
	t.Parallel()
	for name, message := range map[string]string{
		"JSON, one line, strings": `{"FromUserName":"oA","CreateTime":"1610969440","MsgType":"event","Event":"subscribe_msg_sent_event","List":{"TemplateId":"T","MsgID":"2008","ErrorCode":"0","ErrorStatus":"success"}}`,
		"JSON, list, numbers":     `{"FromUserName":"oA","CreateTime":1610969440,"MsgType":"event","Event":"subscribe_msg_sent_event","List":[{"TemplateId":"T","MsgID":2008,"ErrorCode":0,"ErrorStatus":"success"}]}`,
		"JSON, nested":            `{"FromUserName":"oA","CreateTime":1610969440,"MsgType":"event","Event":"subscribe_msg_sent_event","SubscribeMsgSentEvent":{"List":{"TemplateId":"T","MsgID":2008,"ErrorCode":0,"ErrorStatus":"success"}}}`,
		"XML":                     `<xml><FromUserName><![CDATA[oA]]></FromUserName><CreateTime>1610969440</CreateTime><MsgType><![CDATA[event]]></MsgType><Event><![CDATA[subscribe_msg_sent_event]]></Event><SubscribeMsgSentEvent><List><TemplateId><![CDATA[T]]></TemplateId><MsgID>2008</MsgID><ErrorCode>0</ErrorCode><ErrorStatus><![CDATA[success]]></ErrorStatus></List></SubscribeMsgSentEvent></xml>`,
	} {
		got, err := wechat.Events([]byte(message))
		want := wechat.Event{Kind: wechat.EventSent, OpenID: "oA", At: time.Unix(1610969440, 0).UTC(), TemplateID: "T", MessageID: "2008"}
		if err != nil || len(got) != 1 || got[0] != want {
			t.Errorf("%s: %+v, %v", name, got, err)
		}
	}
	two := `<xml><FromUserName>oA</FromUserName><CreateTime>1</CreateTime><Event>subscribe_msg_popup_event</Event><SubscribeMsgPopupEvent>` +
		`<List><TemplateId>T1</TemplateId><SubscribeStatusString>accept</SubscribeStatusString></List>` +
		`<List><TemplateId>T2</TemplateId><SubscribeStatusString>reject</SubscribeStatusString></List></SubscribeMsgPopupEvent></xml>`
	if got, err := wechat.Events([]byte(two)); err != nil || len(got) != 2 || !got[0].Accepted || got[1].Accepted || got[1].TemplateID != "T2" {
		t.Errorf("two lines: %+v, %v", got, err)
	}
	if got, err := wechat.Events([]byte(samplePlain)); err != nil || got != nil {
		t.Errorf("a message about something else: %v, %v", got, err)
	}
	for _, bad := range []string{
		"", "{", "<xml>", `{"Event":"subscribe_msg_sent_event","CreateTime":"now","FromUserName":"oA"}`, `{"Event":"subscribe_msg_sent_event","CreateTime":1}`,
		`{"Event":"subscribe_msg_sent_event","CreateTime":1,"FromUserName":"oA","List":[{"ErrorCode":"many"}]}`,
	} {
		if got, err := wechat.Events([]byte(bad)); err == nil {
			t.Errorf("%q was read as %v", bad, got)
		}
	}
}
