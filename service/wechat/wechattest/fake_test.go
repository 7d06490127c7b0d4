package wechattest_test

import (
	"bytes"
	"encoding/json"
	"image/jpeg"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"microcourt/service/wechat"
	"microcourt/service/wechat/wechattest"
)

var noon = time.Date(2026, 11, 30, 4, 0, 0, 0, time.UTC)

type world struct {
	fake   *wechattest.Fake
	server *httptest.Server
	user   wechattest.User
}

func newWorld(t *testing.T, cfg wechattest.Config) *world {
	t.Helper()
	cfg.Now = func() time.Time { return noon }
	fake, err := wechattest.New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	w := &world{fake: fake, server: httptest.NewServer(fake)}
	t.Cleanup(w.server.Close)
	w.user = fake.AddUser(wechattest.User{Name: "王某", Phone: "13800138000"})
	return w
}

// answer is a JSON answer of the platform.
type answer map[string]any

func (a answer) code() int {
	c, _ := a["errcode"].(float64)
	return int(c)
}

func (w *world) do(t *testing.T, method, path, body string) (int, http.Header, []byte) {
	t.Helper()
	resp, err := http.DefaultClient.Do(request(t, method, w.server.URL+path, body))
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	data, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return resp.StatusCode, resp.Header, data
}

func request(t *testing.T, method, address, body string) *http.Request {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), method, address, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	return req
}

func (w *world) call(t *testing.T, method, path, body string) answer {
	t.Helper()
	status, _, data := w.do(t, method, path, body)
	var a answer
	if status != http.StatusOK || json.Unmarshal(data, &a) != nil {
		t.Fatalf("%s %s: status %d: %s", method, path, status, data)
	}
	return a
}

const credentials = "appid=" + wechat.DemoAppID + "&secret=" + wechat.DemoSecret

func (w *world) stable(t *testing.T, force bool) answer {
	t.Helper()
	body, _ := json.Marshal(map[string]any{
		"grant_type": "client_credential", "appid": wechat.DemoAppID, "secret": wechat.DemoSecret, "force_refresh": force,
	})
	return w.call(t, "POST", "/cgi-bin/stable_token", string(body))
}

func (w *world) token(t *testing.T) string {
	t.Helper()
	return w.stable(t, false)["access_token"].(string)
}

func with(path, token string) string { return path + "?access_token=" + url.QueryEscape(token) }

func TestRefusesProduction(t *testing.T) {
	t.Parallel()
	for _, cfg := range []wechattest.Config{
		{AppID: "wx0123456789abcdef"}, {Secret: "0123456789abcdef0123456789abcdef"}, {AppID: wechat.DemoAppID, Secret: "another"}, {AppID: "wxother"},
	} {
		if _, err := wechattest.New(cfg); err == nil {
			t.Errorf("started with %q %q", cfg.AppID, cfg.Secret)
		}
	}
	if _, err := wechattest.New(wechattest.Config{AppID: wechat.DemoAppID, Secret: wechat.DemoSecret}); err != nil {
		t.Error(err)
	}
}

func TestGlobalBehaviour(t *testing.T) {
	t.Parallel()
	w := newWorld(t, wechattest.Config{})
	good := w.token(t)
	const send = "/cgi-bin/message/subscribe/send"
	rid := regexp.MustCompile(` rid: [0-9a-f]{8}-[0-9a-f]{8}-[0-9a-f]{8}$`)
	for _, c := range []struct {
		method, path, body string
		code               int
	}{
		{"GET", with(send, good), "", 43002},
		{"POST", send, "{}", 41001},
		{"POST", with(send, "garbage"), "{}", 40014},
		{"POST", with(send, good), "", 44002},
		{"POST", with(send, good), "{", 47001},
		{"POST", with(send, good), `{"touser":"nobody"}`, 40003},
		{"POST", with(send, good), `{"touser":"` + w.user.OpenID + `","template_id":"no"}`, 40037},
		{"POST", with("/cgi-bin/message/wxopen/template/uniform_send", good), "{}", 45109},
		{"POST", with("/cgi-bin/message/wxopen/template/send", good), "{}", 48001},
		{"GET", "/cgi-bin/token?grant_type=x&" + credentials, "", 40002},
		{"GET", "/cgi-bin/token?grant_type=client_credential&appid=wx1&secret=s", "", 40013},
		{"GET", "/cgi-bin/token?grant_type=client_credential&appid=" + wechat.DemoAppID + "&secret=s", "", 40125},
		{"GET", "/cgi-bin/token?grant_type=client_credential&secret=s", "", 41002},
		{"GET", "/cgi-bin/token?grant_type=client_credential&appid=wx1", "", 41004},
		{"GET", "/sns/jscode2session?grant_type=authorization_code&" + credentials, "", 41008},
		{"GET", with("/wxa/checksession", good) + "&openid=" + w.user.OpenID, "", 87009},
		{"POST", with("/wxa/generate_urllink", good), `{"expire_type":1,"expire_interval":31}`, 85401},
		{"POST", with("/cgi-bin/openapi/rid/get", good), `{"rid":"no"}`, 76022},
	} {
		a := w.call(t, c.method, c.path, c.body)
		if msg, _ := a["errmsg"].(string); a.code() != c.code || !rid.MatchString(msg) {
			t.Errorf("%s %s: %v, want %d", c.method, c.path, a, c.code)
		}
	}
	if status, h, _ := w.do(t, "GET", "/cgi-bin/nothing", ""); status != 404 || !strings.HasPrefix(h.Get("Content-Type"), "text/html") {
		t.Errorf("unknown path: %d %s", status, h.Get("Content-Type"))
	}
}

func TestSameSeedSameIDs(t *testing.T) {
	t.Parallel()
	a, b, c := newWorld(t, wechattest.Config{Seed: 7}), newWorld(t, wechattest.Config{Seed: 7}), newWorld(t, wechattest.Config{Seed: 8})
	if a.user.OpenID != b.user.OpenID || a.user.OpenID == c.user.OpenID {
		t.Errorf("openids %s %s %s", a.user.OpenID, b.user.OpenID, c.user.OpenID)
	}
}

func TestStableTokenLivesAsDocumented(t *testing.T) {
	t.Parallel()
	w := newWorld(t, wechattest.Config{})
	list := func(token string) int { return w.call(t, "GET", with("/wxaapi/newtmpl/gettemplate", token), "").code() }
	first := w.token(t)
	w.fake.Advance(time.Hour)
	if a := w.stable(t, false); a["access_token"] != first || a["expires_in"] != 3600.0 {
		t.Error("the token changed, or its remaining time is wrong")
	}
	w.fake.Advance(56 * time.Minute) // 4 minutes before its end
	second := w.token(t)
	if second == first || list(first) != 0 || list(second) != 0 {
		t.Error("renewal: both tokens must work for the last five minutes")
	}
	w.fake.Advance(5 * time.Minute)
	if got := list(first); got != 42001 {
		t.Errorf("after its end: %d", got)
	}
	if a := w.stable(t, true); a["access_token"] == second || list(second) != 40001 {
		t.Error("force_refresh must end the old token")
	}
	if got := w.stable(t, true).code(); got != 45011 {
		t.Errorf("force_refresh at once: %d", got)
	}
}

func TestClassicTokensTakeEachOtherAway(t *testing.T) {
	t.Parallel()
	w := newWorld(t, wechattest.Config{})
	fetch := func() string {
		return w.call(t, "GET", "/cgi-bin/token?grant_type=client_credential&"+credentials, "")["access_token"].(string)
	}
	list := func(token string) int { return w.call(t, "GET", with("/wxaapi/newtmpl/gettemplate", token), "").code() }
	stable, first, second := w.token(t), fetch(), fetch()
	if first == second || list(first) != 0 {
		t.Error("the old token lives for five minutes more")
	}
	w.fake.Advance(5 * time.Minute)
	if list(first) != 40001 || list(second) != 0 || list(stable) != 0 {
		t.Error("after five minutes only the old one must be gone, and the stable one untouched")
	}
}

func TestLoginIsLimitedPerMinute(t *testing.T) {
	t.Parallel()
	w := newWorld(t, wechattest.Config{})
	login := func() int {
		code, err := w.fake.LoginCode(w.user.OpenID)
		if err != nil {
			t.Fatal(err)
		}
		return w.call(t, "GET", "/sns/jscode2session?grant_type=authorization_code&"+credentials+"&js_code="+code, "").code()
	}
	for range 100 {
		if got := login(); got != 0 {
			t.Fatal(got)
		}
	}
	if got := login(); got != 45011 {
		t.Errorf("101st: %d", got)
	}
	w.fake.Advance(time.Minute)
	if got := login(); got != 0 {
		t.Errorf("next minute: %d", got)
	}
}

func TestFailedSendCostsNoAllowance(t *testing.T) {
	t.Parallel()
	w := newWorld(t, wechattest.Config{Banned: []string{"返利"}})
	if err := w.fake.Allow(w.user.OpenID, wechattest.TemplateCase); err != nil {
		t.Fatal(err)
	}
	send := func(remark string) answer {
		body, _ := json.Marshal(map[string]any{"touser": w.user.OpenID, "template_id": wechattest.TemplateCase, "data": map[string]any{
			"thing1": map[string]string{"value": "1"}, "thing2": map[string]string{"value": "2"}, "character_string8": map[string]string{"value": "8"}, "thing9": map[string]string{"value": remark},
		}})
		return w.call(t, "POST", with("/cgi-bin/message/subscribe/send", w.token(t)), string(body))
	}
	empty := send("")
	if msg, _ := empty["errmsg"].(string); empty.code() != 47003 || !strings.HasPrefix(msg, "argument invalid! data.thing9.value is emtpy") { //nolint:misspell // as the platform writes it
		t.Errorf("empty: %v", empty)
	}
	if got := send("返利").code(); got != 45168 {
		t.Errorf("banned word: %d", got)
	}
	if got := send("好").code(); got != 0 {
		t.Errorf("correct message: %d", got)
	}
	if got := send("好").code(); got != 43101 {
		t.Errorf("allowance used: %d", got)
	}
}

func TestRIDAndQuotaCanBeLookedUp(t *testing.T) {
	t.Parallel()
	w := newWorld(t, wechattest.Config{DailyQuota: map[string]int{"/wxaapi/newtmpl/gettemplate": 5}})
	token := w.token(t)
	w.call(t, "GET", with("/wxaapi/newtmpl/gettemplate", token), "")
	journal := w.fake.Journal()
	a := w.call(t, "POST", with("/cgi-bin/openapi/rid/get", token), `{"rid":"`+journal[len(journal)-1].RID+`"}`)
	if a.code() != 0 || a["request"].(map[string]any)["request_url"] != "/wxaapi/newtmpl/gettemplate" {
		t.Errorf("rid: %v", a)
	}
	q := w.call(t, "POST", with("/cgi-bin/openapi/quota/get", token), `{"cgi_path":"/wxaapi/newtmpl/gettemplate"}`)
	if got := q["quota"].(map[string]any); got["remain"] != 4.0 {
		t.Errorf("quota: %v", got)
	}
}

func TestMiniProgramCodeIsAJPEG(t *testing.T) {
	t.Parallel()
	w := newWorld(t, wechattest.Config{})
	_, h, data := w.do(t, "POST", with("/wxa/getwxacodeunlimit", w.token(t)), `{"scene":"b=1","page":"pages/bind/bind"}`)
	if _, err := jpeg.Decode(bytes.NewReader(data)); err != nil || h.Get("Content-Type") != "image/jpeg" {
		t.Errorf("%v, %s", err, h.Get("Content-Type"))
	}
}
