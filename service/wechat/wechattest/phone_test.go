package wechattest_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"microcourt/service/wechat/wechattest"
)

func TestPhoneIsForThisMachineOnly(t *testing.T) {
	t.Parallel()
	fake, err := wechattest.New(wechattest.Config{})
	if err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		remote, host string
		header       http.Header
		want         int
	}{
		"this machine":         {"127.0.0.1:5000", "127.0.0.1:8080", nil, 200},
		"this machine, v6":     {"[::1]:5000", "localhost:8080", nil, 200},
		"another machine":      {"192.0.2.7:5000", "127.0.0.1:8080", nil, 403},
		"rebound name":         {"127.0.0.1:5000", "evil.example:8080", nil, 403},
		"another site's page":  {"127.0.0.1:5000", "127.0.0.1:8080", http.Header{"Origin": {"https://evil.example"}}, 403},
		"another site's fetch": {"127.0.0.1:5000", "127.0.0.1:8080", http.Header{"Sec-Fetch-Site": {"cross-site"}}, 403},
		"a forwarded header":   {"192.0.2.7:5000", "127.0.0.1:8080", http.Header{"X-Forwarded-For": {"127.0.0.1"}}, 403},
	} {
		for _, path := range []string{"/__fake/users", "/__fake/phone", "/__fake/inbox"} {
			r := httptest.NewRequestWithContext(t.Context(), http.MethodGet, path, nil)
			r.RemoteAddr, r.Host = c.remote, c.host
			for k, v := range c.header {
				r.Header[k] = v
			}
			rec := httptest.NewRecorder()
			fake.ServeHTTP(rec, r)
			if rec.Code != c.want {
				t.Errorf("%s, %s: %d, want %d", name, path, rec.Code, c.want)
			}
		}
	}
}

func TestPhoneSideOverHTTP(t *testing.T) {
	t.Parallel()
	w := newWorld(t, wechattest.Config{})
	code, _ := w.call(t, "POST", "/__fake/login-code", `{"openid":"`+w.user.OpenID+`"}`)["code"].(string)
	a := w.call(t, "GET", "/sns/jscode2session?grant_type=authorization_code&"+credentials+"&js_code="+code, "")
	if a["openid"] != w.user.OpenID {
		t.Errorf("login by the phone's code: %v", a)
	}
	if _, bad := a["errcode"]; bad {
		t.Error("a successful login has no errcode")
	}
	u := w.call(t, "POST", "/__fake/users", `{"name":"李某","phone":"13900139000"}`)
	if u["openid"] == "" || len(w.fake.Users()) != 2 {
		t.Errorf("new user %v", u)
	}
	allow := `{"openid":"` + w.user.OpenID + `","template_id":"` + wechattest.TemplateTask + `","choice":"accept"}`
	w.call(t, "POST", "/__fake/subscribe", allow)
	w.call(t, "POST", "/__fake/revoke", allow)
	w.call(t, "POST", "/__fake/rotate-token", "")
	before := w.fake.Now()
	w.call(t, "POST", "/__fake/clock", `{"advance":"10m"}`)
	if got := w.fake.Now().Sub(before).Minutes(); got != 10 {
		t.Errorf("clock moved %v minutes", got)
	}
	w.call(t, "POST", "/__fake/faults", `{"path":"/cgi-bin/stable_token","kind":"busy","count":1}`)
	if got := w.stable(t, false).code(); got != -1 {
		t.Errorf("planned fault: %d", got)
	}
	for path, want := range map[string]int{
		"/__fake/login-code": 400, "/__fake/faults": 400, "/__fake/clock": 400, "/__fake/subscribe": 400, "/__fake/nothing": 404,
	} {
		if status, _, _ := w.do(t, "POST", path, `{"openid":"nobody"}`); status != want {
			t.Errorf("%s: %d, want %d", path, status, want)
		}
	}
	if status, _, _ := w.do(t, "GET", "/__fake/rotate-token", ""); status != 405 {
		t.Errorf("GET must not press a button: %d", status)
	}
}

// The phone page, used as a person would: choose, press, read.
func TestPhonePage(t *testing.T) {
	t.Parallel()
	w := newWorld(t, wechattest.Config{})
	w.fake.AddUser(wechattest.User{Name: `<script>alert(1)</script>`})
	page := func(path string) string {
		resp, err := http.DefaultClient.Do(request(t, http.MethodGet, w.server.URL+path, ""))
		if err != nil {
			t.Fatal(err)
		}
		defer resp.Body.Close()
		data, _ := io.ReadAll(resp.Body)
		if csp := resp.Header.Get("Content-Security-Policy"); !strings.HasPrefix(csp, "default-src 'none'") || strings.Contains(csp, "unsafe") {
			t.Errorf("policy %q", csp)
		}
		return string(data)
	}
	press := func(button string, more url.Values) string {
		form := url.Values{"openid": {w.user.OpenID}, "button": {button}}
		for k, v := range more {
			form[k] = v
		}
		req := request(t, http.MethodPost, w.server.URL+"/__fake/phone", form.Encode())
		req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		resp, err := http.DefaultClient.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		defer resp.Body.Close()
		data, _ := io.ReadAll(resp.Body)
		if resp.StatusCode != http.StatusOK {
			t.Errorf("%s: %d %s", button, resp.StatusCode, data)
		}
		return string(data)
	}
	html := page("/__fake/phone")
	if strings.Contains(html, "<script") || regexp.MustCompile(`(src|href)="https?:|style="|onclick`).MatchString(html) {
		t.Error("the page has a script, an inline style or an outside asset")
	}
	if !strings.Contains(html, "王某") || !strings.Contains(html, "暂无消息") {
		t.Error("the user or the empty inbox is missing")
	}
	if m := regexp.MustCompile(`登录凭证（.*?<output>([0-9A-Za-z_-]{32})</output>`).FindStringSubmatch(press("login", nil)); m == nil {
		t.Error("no login code on the page")
	}
	if html = press("accept", url.Values{"template_id": {wechattest.TemplateCase}}); !strings.Contains(html, "还可接收 1 条") {
		t.Error("the allowance is not shown")
	}
	body := `{"touser":"` + w.user.OpenID + `","template_id":"` + wechattest.TemplateCase +
		`","page":"pages/case/detail?id=1","data":{"thing1":{"value":"（2026）京0105执1234号"},"thing2":{"value":"示范区人民法院"},"character_string8":{"value":"AB2CD3EF"},"thing9":{"value":"请履行"}}}`
	if got := w.call(t, "POST", with("/cgi-bin/message/subscribe/send", w.token(t)), body).code(); got != 0 {
		t.Fatal(got)
	}
	html = page("/__fake/phone?openid=" + w.user.OpenID)
	for _, want := range []string{"案件通知", "通知", "（2026）京0105执1234号", "pages/case/detail?id=1", "还可接收 0 条"} {
		if !strings.Contains(html, want) {
			t.Errorf("%q is not on the page", want)
		}
	}
	if html = press("add", url.Values{"name": {"赵某"}, "phone": {"13700137000"}}); !strings.Contains(html, "赵某的微信") {
		t.Error("the new user is not shown")
	}
}
