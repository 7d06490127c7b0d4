package sms_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"microcourt/service/sms"
	"microcourt/service/sms/smstest"
)

// The gateway's documentation prints this request and its signature.
func TestTheSignatureOfTheGatewaysOwnExample(t *testing.T) {
	q := url.Values{
		"AccessKeyId": {"testId"}, "Action": {"SendSms"}, "Format": {"XML"}, "OutId": {"123"}, "PhoneNumbers": {"15300000001"},
		"RegionId": {"cn-hangzhou"}, "SignName": {"阿里云短信测试专用"}, "SignatureMethod": {"HMAC-SHA1"},
		"SignatureNonce": {"45e25e9b-0a6f-4070-8c85-2956eda1b466"}, "SignatureVersion": {"1.0"}, "TemplateCode": {"SMS_71390007"},
		"TemplateParam": {`{"customer":"test"}`}, "Timestamp": {"2017-07-12T02:42:19Z"}, "Version": {"2017-05-25"},
	}
	if got := sms.Sign(http.MethodGet, q, "testSecret"); got != "zJDF+Lrzhj/ThnlvIToysFRq6t4=" {
		t.Errorf("signature %s", got)
	}
}

func open(t *testing.T, change func(*sms.Config)) (*sms.Client, *smstest.Gateway) {
	t.Helper()
	now := func() time.Time { return time.Date(2026, 3, 2, 2, 0, 0, 0, time.UTC) }
	cfg := sms.Config{
		AccessKeyID: smstest.AccessKeyID, AccessKeySecret: smstest.AccessKeySecret, SignName: smstest.SignName, TemplateCode: smstest.TemplateCode, Now: now,
	}
	gateway, err := smstest.New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(gateway)
	t.Cleanup(server.Close)
	cfg.Endpoint = server.URL
	if change != nil {
		change(&cfg)
	}
	client, err := sms.New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	return client, gateway
}

var message = sms.Message{Phone: "13800138000", ID: "7", Title: "自动履行告知书", Code: "AB2CD3EF", Link: "https://wxaurl.cn/x y+z*~"}

func TestWhatIsSentIsWhatThePhoneShows(t *testing.T) {
	client, gateway := open(t, nil)
	out, err := client.Send(context.Background(), message)
	if err != nil || out.State != sms.Accepted || out.ID == "" {
		t.Fatal(out, err)
	}
	got := gateway.Texts()
	if len(got) != 1 || got[0].Phone != message.Phone || got[0].Title != message.Title || got[0].Code != message.Code || got[0].Link != message.Link {
		t.Errorf("the phone shows %v", got)
	}
}

// Each refusal of the gateway leads to what can be done about it; nothing is
// said to be sent that was not, and no error names the number.
func TestRefusalsOfTheGateway(t *testing.T) {
	for code, want := range map[string]sms.State{
		"isv.MOBILE_NUMBER_ILLEGAL": sms.Unreachable, "isv.BLACK_KEY_CONTROL_LIMIT": sms.Unreachable, "isv.SMS_TEMPLATE_ILLEGAL": sms.Invalid,
		"isv.BUSINESS_LIMIT_CONTROL": sms.Retry, "Throttling.User": sms.Retry, "isv.AMOUNT_NOT_ENOUGH": sms.Paused, "cut": sms.Unknown,
		"isv.SOMETHING_NEW": sms.Invalid,
	} {
		client, gateway := open(t, nil)
		gateway.Fail(code)
		out, err := client.Send(context.Background(), message)
		if out.State != want || err == nil || strings.Contains(err.Error(), message.Phone) {
			t.Errorf("%s: %v, %v; want %s", code, out, err, want)
		}
		if (out.State == sms.Retry || out.State == sms.Paused) && out.Wait < time.Minute {
			t.Errorf("%s comes back after %s", code, out.Wait)
		}
	}
	client, gateway := open(t, func(c *sms.Config) { c.AccessKeySecret = "another" })
	if out, err := client.Send(context.Background(), message); out.State != sms.Paused || err == nil || len(gateway.Texts()) != 0 {
		t.Errorf("a wrong secret: %v, %v", out, err)
	}
	client, _ = open(t, func(c *sms.Config) { c.Now = func() time.Time { return time.Date(2026, 3, 2, 3, 0, 0, 0, time.UTC) } })
	if out, _ := client.Send(context.Background(), message); out.State != sms.Paused {
		t.Errorf("a clock an hour off: %v", out)
	}
	client, _ = open(t, func(c *sms.Config) { c.SignName = "别的法院" })
	if out, _ := client.Send(context.Background(), message); out.State != sms.Invalid {
		t.Errorf("a signature name that is not approved: %v", out)
	}
}

func TestTheFakeKnowsItsOwnAccountOnly(t *testing.T) {
	if _, err := smstest.New(sms.Config{AccessKeyID: "LTAIreal", AccessKeySecret: "real"}); err == nil {
		t.Error("the fake took an account that is not its own")
	}
	if _, err := sms.New(sms.Config{AccessKeyID: "x", AccessKeySecret: "y", SignName: "z", Now: time.Now}); err == nil {
		t.Error("an account without a template was taken")
	}
}
