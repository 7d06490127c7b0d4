package wechat_test

import (
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"microcourt/model"
	"microcourt/service/wechat"
	"microcourt/service/wechat/wechattest"
)

func wantReason(t *testing.T, err error, kind model.Kind, reason string) {
	t.Helper()
	if model.KindOf(err) != kind || model.ReasonOf(err) != reason {
		t.Errorf("error = %v (kind %d), want kind %d, reason %s", err, model.KindOf(err), kind, reason)
	}
}

func TestLoginGivesTheOpenIDOnce(t *testing.T) {
	t.Parallel()
	w := newWorld(t, wechattest.Config{})
	code := w.loginCode(t)
	got, err := w.client.ExchangeCode(ctx(t), code)
	if err != nil || got != (wechat.Identity{OpenID: w.user.OpenID}) {
		t.Fatalf("ExchangeCode = %+v, %v", got, err)
	}
	_, err = w.client.ExchangeCode(ctx(t), code)
	wantReason(t, err, model.Unauthenticated, "wechat.code_used")

	stale := w.loginCode(t)
	w.fake.Advance(6 * time.Minute)
	_, err = w.client.ExchangeCode(ctx(t), stale)
	wantReason(t, err, model.Unauthenticated, "wechat.code_used")
}

func TestLoginTellsWhatToDo(t *testing.T) {
	t.Parallel()
	w := newWorld(t, wechattest.Config{})
	w.user.Blocked = true
	w.fake.AddUser(w.user)
	_, err := w.client.ExchangeCode(ctx(t), w.loginCode(t))
	wantReason(t, err, model.Forbidden, "wechat.user_blocked")

	for _, kind := range []wechattest.FaultKind{wechattest.FaultBusy, wechattest.FaultBadGateway, wechattest.FaultGarbage} {
		w.fake.Fault("/sns/jscode2session", kind, 1)
		_, err = w.client.ExchangeCode(ctx(t), w.loginCode(t))
		wantReason(t, err, model.Unavailable, "wechat.unavailable")
	}
	// A connection that is cut may be tried again by the HTTP library, and the
	// code is used by then. Either way the user gets no session.
	w.fake.Fault("/sns/jscode2session", wechattest.FaultClose, 1)
	if _, err = w.client.ExchangeCode(ctx(t), w.loginCode(t)); model.KindOf(err) != model.Unavailable && model.KindOf(err) != model.Unauthenticated {
		t.Errorf("connection cut: %v", err)
	}
	w.server.Close()
	_, err = w.client.ExchangeCode(ctx(t), "anycode")
	wantReason(t, err, model.Unavailable, "wechat.unavailable")
}

func TestLoginCodeCannotAddParameters(t *testing.T) {
	t.Parallel()
	w := newWorld(t, wechattest.Config{})
	for _, code := range []string{"", "abc&js_code=zzz", "abc#", "a b", "abc%26secret=x", "汉字", strings.Repeat("a", 129), "a\n"} {
		_, err := w.client.ExchangeCode(ctx(t), code)
		wantReason(t, err, model.Invalid, "wechat.code_format")
		_, err = w.client.PhoneNumber(ctx(t), code, w.user.OpenID)
		wantReason(t, err, model.Invalid, "wechat.phone_code")
	}
	if n := len(w.fake.Journal()); n != 0 {
		t.Errorf("%d calls left for malformed codes", n)
	}
}

func TestPhoneNumberIsBoundToTheUser(t *testing.T) {
	t.Parallel()
	w := newWorld(t, wechattest.Config{})
	got, err := w.client.PhoneNumber(ctx(t), w.phoneCode(t), w.user.OpenID)
	if err != nil || got != "13800138000" {
		t.Fatalf("PhoneNumber = %q, %v", got, err)
	}
	other := w.fake.AddUser(wechattest.User{Phone: "61234567", Country: "852"})
	_, err = w.client.PhoneNumber(ctx(t), w.phoneCode(t), other.OpenID)
	wantReason(t, err, model.Forbidden, "wechat.phone_not_yours")
	_, err = w.client.PhoneNumber(ctx(t), w.loginCode(t), w.user.OpenID) // a login code is no phone code
	wantReason(t, err, model.Invalid, "wechat.phone_code")

	code, err := w.fake.PhoneCode(other.OpenID)
	if err != nil {
		t.Fatal(err)
	}
	if got, err = w.client.PhoneNumber(ctx(t), code, other.OpenID); err != nil || got != "+852-61234567" {
		t.Errorf("PhoneNumber = %q, %v", got, err)
	}
}

func TestPhoneNumberOfAnotherMiniProgramIsRefused(t *testing.T) {
	t.Parallel()
	for appID, ok := range map[string]bool{wechat.DemoAppID: true, "wx0000000000000000": false, "": false} {
		c := platform(t, func(w http.ResponseWriter, _ *http.Request) {
			// The documentation's sample shows the country as a number.
			_, _ = io.WriteString(w, `{"errcode":0,"phone_info":{"purePhoneNumber":"13800138000","countryCode":86,"watermark":{"appid":"`+appID+`"}}}`)
		})
		got, err := c.PhoneNumber(ctx(t), "code", "openid")
		if ok != (err == nil) || ok != (got == "13800138000") {
			t.Errorf("watermark %q: %q, %v", appID, got, err)
		}
	}
}

func TestCertHashIsTheOfficialVector(t *testing.T) {
	t.Parallel()
	const want = "3c241f7ff324977aeb91f173bb2a7b06569e6fd784d5573db34a636d8671108b"
	if got := wechat.CertHash("张三", "310101199801011234"); got != want {
		t.Errorf("cert_hash = %s, want %s", got, want)
	}
}

func TestRealNameCountsOnlyForThePersonItBeganWith(t *testing.T) {
	t.Parallel()
	w := newWorld(t, wechattest.Config{})
	start := func() wechat.RealName {
		id, seq, err := w.client.StartRealName(ctx(t), w.user.OpenID, "张三", "310101199801011234")
		if err != nil {
			t.Fatal(err)
		}
		return wechat.RealName{OpenID: w.user.OpenID, VerifyID: id, OutSeqNo: seq, Name: "张三", IDNumber: "310101199801011234"}
	}
	r := start()
	if ok, err := w.client.FinishRealName(ctx(t), r); !ok || err != nil {
		t.Errorf("honest verification: %v, %v", ok, err)
	}
	swapped := r
	swapped.Name = "李四"
	ok, err := w.client.FinishRealName(ctx(t), swapped)
	if ok {
		t.Error("a verification of one person passed for another")
	}
	wantReason(t, err, model.Invalid, "wechat.real_name_mismatch")

	w.user.FaceResult = 90001 // the person pressed cancel
	w.fake.AddUser(w.user)
	if ok, err := w.client.FinishRealName(ctx(t), start()); ok || err != nil {
		t.Errorf("cancelled verification: %v, %v", ok, err)
	}
	w.user.FaceResult = 0
	w.fake.AddUser(w.user)
	late := start()
	w.fake.Advance(61 * time.Minute)
	if ok, err := w.client.FinishRealName(ctx(t), late); ok || err != nil {
		t.Errorf("verification after its hour: %v, %v", ok, err)
	}
}

func TestRealNameWithoutAResultIsNotAPass(t *testing.T) {
	t.Parallel()
	c := platform(t, func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, `{"errcode":0,"errmsg":"ok"}`) })
	ok, err := c.FinishRealName(ctx(t), wechat.RealName{})
	if ok {
		t.Error("passed without a result")
	}
	wantReason(t, err, model.Unavailable, "wechat.unavailable")
}
