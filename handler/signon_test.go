package handler_test

import (
	"context"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"microcourt/handler/handlertest"

	"github.com/zitadel/oidc/v3/example/server/exampleop"
	"github.com/zitadel/oidc/v3/example/server/storage"

	"microcourt/handler/desk"
	"microcourt/model"
	"microcourt/service/signon"
)

// lateSignOn is a provider that is known after the server has its address.
type lateSignOn struct{ desk.SignOn }

// provider starts a real OpenID provider with two people, of whom the court
// knows one.
func provider(t *testing.T, redirect string) *httptest.Server {
	t.Helper()
	users := filepath.Join(t.TempDir(), "users.json")
	err := os.WriteFile(users, []byte(`{
		"1": {"ID": "1", "Username": "zhang.min", "Password": "p1", "FirstName": "敏", "LastName": "张"},
		"2": {"ID": "2", "Username": "stranger", "Password": "p2", "FirstName": "某", "LastName": "王"}}`), 0o600)
	if err != nil {
		t.Fatal(err)
	}
	store, err := storage.StoreFromFile(users)
	if err != nil {
		t.Fatal(err)
	}
	storage.RegisterClients(storage.WebClient("desk", "secret", redirect))
	server := httptest.NewUnstartedServer(nil)
	server.Start()
	t.Cleanup(server.Close)
	server.Config.Handler = exampleop.SetupServer(server.URL, storage.NewStorage(store), nil, false)
	return server
}

// through logs somebody in at the provider and gives the address to which it
// sends the browser back.
func through(t *testing.T, start, user, password string) string {
	t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	var back string
	c := &http.Client{Jar: jar, CheckRedirect: func(r *http.Request, _ []*http.Request) error {
		if strings.Contains(r.URL.Path, "/desk/") {
			back = r.URL.RequestURI()
			return http.ErrUseLastResponse
		}
		return nil
	}}
	res, err := c.Get(start)
	if err != nil {
		t.Fatal(err)
	}
	_ = res.Body.Close()
	id := res.Request.URL.Query().Get("authRequestID")
	if id == "" {
		b, _ := io.ReadAll(res.Body)
		t.Fatalf("the provider does not ask who it is: %s %s", res.Request.URL, b)
	}
	res, err = c.PostForm(res.Request.URL.String(), url.Values{"username": {user}, "password": {password}, "id": {id}})
	if err != nil {
		t.Fatal(err)
	}
	_ = res.Body.Close()
	if back == "" {
		t.Fatal("the provider does not send the browser back")
	}
	return strings.TrimPrefix(back, "/desk")
}

func TestSingleSignOn(t *testing.T) {
	t.Parallel()
	late := &lateSignOn{}
	w := handlertest.NewWith(t, func(w *handlertest.World) { w.SignOn = late })
	w.Staff("zhang.min", model.RoleJudge)
	redirect := w.URL + "/desk/login/sso/callback"
	op := provider(t, redirect)
	p, err := signon.New(signon.Config{Issuer: op.URL, ClientID: "desk", ClientSecret: "secret", RedirectURL: redirect, Now: time.Now})
	if err != nil {
		t.Fatal(err)
	}
	late.SignOn = p
	start := func(v *handlertest.Visitor) string {
		res, body := v.Send(http.MethodGet, "/login/sso?to="+url.QueryEscape("/desk/cases"), nil, nil)
		if res.StatusCode != http.StatusSeeOther || !strings.HasPrefix(res.Header.Get("Location"), op.URL) {
			t.Fatalf("the way to the provider answers %d %s", res.StatusCode, body)
		}
		for _, c := range res.Cookies() {
			if !c.HttpOnly || !c.Secure {
				t.Errorf("the cookie is %+v", c)
			}
			v.Hold(c.Name, c.Value)
		}
		return res.Header.Get("Location")
	}
	v := w.Visitor(nil)
	back := through(t, start(v), "zhang.min", "p1")
	// What came back to one browser is worth nothing in another, nor with another state.
	if res, body := w.Visitor(nil).Send(http.MethodGet, back, nil, nil); res.StatusCode != http.StatusConflict || !strings.Contains(body, "登录过程已过期") {
		t.Errorf("a foreign browser answers %d", res.StatusCode)
	}
	res, body := v.Send(http.MethodGet, back, nil, nil)
	if res.StatusCode != http.StatusSeeOther || res.Header.Get("Location") != "/desk/cases" {
		t.Fatalf("coming back answers %d %s", res.StatusCode, body)
	}
	for _, c := range res.Cookies() {
		if c.Name == "__Host-desk" {
			v.Hold(c.Name, c.Value)
		}
	}
	if res, body = v.Send(http.MethodGet, "/cases", nil, nil); res.StatusCode != http.StatusOK || !strings.Contains(body, "法官zhang.min") {
		t.Errorf("after the sign-on the desk answers %d", res.StatusCode)
	}
	// A code is used once.
	again := w.Visitor(nil)
	start(again)
	u, _ := url.Parse(back)
	q := u.Query()
	q.Set("state", "x")
	if res, _ = again.Send(http.MethodGet, "/login/sso/callback?"+q.Encode(), nil, nil); res.StatusCode != http.StatusConflict {
		t.Errorf("another state answers %d", res.StatusCode)
	}
	// Somebody whom the provider knows and the court does not stays outside.
	stranger := w.Visitor(nil)
	if res, body = stranger.Send(http.MethodGet, through(t, start(stranger), "stranger", "p2"), nil, nil); res.StatusCode != http.StatusForbidden || !strings.Contains(body, "本系统没有您的账号") {
		t.Errorf("a stranger answers %d", res.StatusCode)
	}
	// So does a closed account.
	if _, err := w.Svc.Identity.DisableStaff(context.Background(), model.System(), w.Court.ID, "zhang.min"); err != nil {
		t.Fatal(err)
	}
	closed := w.Visitor(nil)
	if res, _ = closed.Send(http.MethodGet, through(t, start(closed), "zhang.min", "p1"), nil, nil); res.StatusCode != http.StatusForbidden {
		t.Errorf("a closed account answers %d", res.StatusCode)
	}
	// An invented code.
	forged := w.Visitor(nil)
	state, _ := url.Parse(start(forged))
	if res, body = forged.Send(http.MethodGet, "/login/sso/callback?code=invented&state="+state.Query().Get("state"), nil, nil); res.StatusCode != http.StatusUnauthorized || !strings.Contains(body, "统一身份认证没有通过") {
		t.Errorf("an invented code answers %d", res.StatusCode)
	}
	// A provider that is down is said in words, with the other way in.
	down, err := signon.New(signon.Config{Issuer: "http://127.0.0.1:1", ClientID: "desk", RedirectURL: redirect, Now: time.Now})
	if err != nil {
		t.Fatal(err)
	}
	late.SignOn = down
	if res, body = w.Visitor(nil).Send(http.MethodGet, "/login/sso", nil, nil); res.StatusCode != http.StatusServiceUnavailable || !strings.Contains(body, "或者用密码和动态口令登录") {
		t.Errorf("a provider that is down answers %d %s", res.StatusCode, body)
	}
}
