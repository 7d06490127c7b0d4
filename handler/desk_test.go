package handler_test

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"microcourt/handler/handlertest"

	"microcourt/handler"
	"microcourt/model"
)

// Every page and form of the desk is tried as every role: who may gets past
// the door, whoever may not is told so in words, whoever is not logged in is
// sent to the log-in.
func TestEveryDeskPageAgainstEveryRole(t *testing.T) {
	t.Parallel()
	w := handlertest.New(t)
	visitors := map[model.Role]*handlertest.Visitor{model.RolePublic: w.Visitor(nil), model.RoleParty: w.Visitor(w.Phone("")), model.RoleRelative: w.Visitor(w.Phone(""))}
	for i, role := range model.StaffRoles {
		visitors[role] = w.Visitor(w.Staff(fmt.Sprintf("desk-%d", i), role))
	}
	cells := 0
	for _, row := range handler.DeskRows() {
		if row.Path == "/logout" {
			continue // it would end the session; TestDeskLogIn has it
		}
		path := strings.NewReplacer(":id", "999999", ":login", "nobody", ":kind", "reminder", ":role", "judge").Replace(row.Path)
		for role, v := range visitors {
			var form url.Values
			if row.Method == http.MethodPost {
				form = url.Values{}
			}
			res, body := v.Send(row.Method, path, form, nil)
			cells++
			may := row.Act == model.ActPublic || role.May(row.Act)
			where := fmt.Sprintf("%s /desk%s as %s: %d", row.Method, path, role, res.StatusCode)
			switch {
			case role == model.RoleParty || role == model.RoleRelative:
				if res.StatusCode != http.StatusForbidden || !strings.Contains(body, "工作台仅供法院工作人员使用") {
					t.Error(where, "a party is on the desk")
				}
			case role == model.RolePublic && row.Path == "/events":
				if res.StatusCode != http.StatusNoContent || body != "" { // a browser would ask again otherwise
					t.Error(where, body)
				}
			case role == model.RolePublic && row.Act != model.ActPublic:
				if res.StatusCode != http.StatusSeeOther || !strings.HasPrefix(res.Header.Get("Location"), "/desk/login?to=") {
					t.Error(where, res.Header.Get("Location"))
				}
			case !may:
				if res.StatusCode != http.StatusForbidden || !strings.Contains(body, "您的身份不能进行此操作") {
					t.Error(where, "is let in")
				}
			default:
				if strings.Contains(body, "您的身份不能进行此操作") || res.StatusCode >= 500 {
					t.Error(where, "is refused or breaks", body)
				}
			}
			if strings.Contains(res.Header.Get("Content-Security-Policy"), "unsafe") {
				t.Error(where, res.Header.Get("Content-Security-Policy"))
			}
		}
	}
	if cells < 400 {
		t.Errorf("only %d cells were tried", cells)
	}
	t.Logf("%d cells tried", cells)
}

func TestDeskLogIn(t *testing.T) {
	t.Parallel()
	w := handlertest.New(t)
	password, code := w.StaffWithPassword(model.RoleClerk)
	v := w.Visitor(nil)
	in := func(password, totp, to string) (*http.Response, string) {
		return v.Send(http.MethodPost, "/login", url.Values{"login": {"wang.yi"}, "password": {password}, "totp": {totp}, "to": {to}}, nil)
	}
	res, body := in("wrong", "000000", "")
	if res.StatusCode != http.StatusUnauthorized || !strings.Contains(body, "账号、密码或动态口令不正确") || !strings.Contains(body, `value="wang.yi"`) || strings.Contains(body, `value="wrong"`) {
		t.Errorf("a wrong password answers %d", res.StatusCode)
	}
	// The first password opens nothing but its own change.
	if res, _ = in(password, code(), "/desk/cases"); res.Header.Get("Location") != "/desk/me/password" {
		t.Fatalf("%d %s", res.StatusCode, res.Header.Get("Location"))
	}
	c := res.Cookies()[0]
	if c.Name != "__Host-desk" || !c.HttpOnly || !c.Secure || c.SameSite != http.SameSiteLaxMode || c.Path != "/" || c.Domain != "" {
		t.Errorf("the cookie is %+v", c)
	}
	v.Hold(c.Name, c.Value)
	if res, _ = v.Send(http.MethodGet, "/cases", nil, nil); res.Header.Get("Location") != "/desk/me/password" {
		t.Errorf("with a first password /cases answers %d %s", res.StatusCode, res.Header.Get("Location"))
	}
	// His second factor is shown to him, and to nobody else.
	if res, body = v.Send(http.MethodGet, "/me/password", nil, nil); !strings.Contains(body, "密钥只显示给您本人") || !strings.Contains(body, "data:image/png;base64,") {
		t.Errorf("the first page does not show the second factor: %d", res.StatusCode)
	}
	change := url.Values{"old_password": {password}, "new_password": {"correct horse 42"}, "repeat": {"something else"}, "totp": {"000000"}}
	if res, body = v.Send(http.MethodPost, "/me/password", change, nil); res.StatusCode != http.StatusBadRequest || !strings.Contains(body, "两次输入的新密码不一致") {
		t.Errorf("differing passwords answer %d", res.StatusCode)
	}
	change.Set("repeat", "correct horse 42")
	if res, body = v.Send(http.MethodPost, "/me/password", change, nil); res.StatusCode != http.StatusBadRequest || !strings.Contains(body, "动态口令不正确") {
		t.Errorf("a wrong code answers %d", res.StatusCode)
	}
	change.Set("totp", code())
	if res, _ = v.Send(http.MethodPost, "/me/password", change, nil); res.Header.Get("Location") != "/desk/login?done=password" {
		t.Fatalf("%d %s", res.StatusCode, res.Header.Get("Location"))
	}
	// Afterwards one comes back to where one wanted to go, and nowhere else.
	for to, want := range map[string]string{
		"/desk/cases?text=1": "/desk/cases?text=1", "https://evil.example/desk": "/desk", "//evil.example": "/desk", "/desk\\@evil.example": "/desk", "/verify": "/desk",
	} {
		if res, _ = in("correct horse 42", code(), to); res.Header.Get("Location") != want {
			t.Errorf("after logging in, %q leads to %q, want %q", to, res.Header.Get("Location"), want)
		}
	}
	v.Hold("__Host-desk", res.Cookies()[0].Value)
	if res, _ = v.Send(http.MethodGet, "", nil, nil); res.StatusCode != http.StatusOK {
		t.Errorf("the desk answers %d", res.StatusCode)
	}
	// A form that another site made the browser send is refused.
	for _, h := range []map[string]string{{"Sec-Fetch-Site": "cross-site"}, {"Origin": "https://evil.example"}, {"Sec-Fetch-Site": "same-site"}} {
		if res, body = v.Send(http.MethodPost, "/logout", url.Values{}, h); res.StatusCode != http.StatusForbidden || !strings.Contains(body, "请求不是从本系统的页面发出的") {
			t.Errorf("a foreign form answers %d", res.StatusCode)
		}
	}
	if res, _ = v.Send(http.MethodPost, "/logout", url.Values{}, map[string]string{"Sec-Fetch-Site": "same-origin"}); res.StatusCode != http.StatusSeeOther {
		t.Errorf("logging out answers %d", res.StatusCode)
	}
	v.Hold("__Host-desk", c.Value)
	if res, _ = v.Send(http.MethodGet, "", nil, nil); res.StatusCode != http.StatusSeeOther {
		t.Errorf("after logging out and changing the password the first session answers %d", res.StatusCode)
	}
	// The API takes no cookie: no foreign page can use it.
	req, err := http.NewRequest(http.MethodGet, w.URL+"/api/v1/me", nil)
	if err != nil {
		t.Fatal(err)
	}
	if a, err := v.Http.Do(req); err != nil || a.StatusCode != http.StatusUnauthorized {
		t.Errorf("the API with a desk's cookie: %v %v", a, err)
	}
}

func TestLockedOutAndLetInAgain(t *testing.T) {
	t.Parallel()
	w := handlertest.New(t)
	password, code := w.StaffWithPassword(model.RoleClerk)
	admin := w.Visitor(w.Staff("shen.ji", model.RoleAdmin))
	v := w.Visitor(nil)
	in := func(password string) int {
		res, _ := v.Send(http.MethodPost, "/login", url.Values{"login": {"wang.yi"}, "password": {password}, "totp": {""}}, nil)
		return res.StatusCode
	}
	for range 5 {
		if s := in("wrong"); s != http.StatusUnauthorized {
			t.Fatalf("a wrong password answers %d", s)
		}
	}
	if s := in("wrong"); s != http.StatusTooManyRequests {
		t.Fatalf("the sixth wrong password from one place answers %d", s)
	}
	if s := in(password); s != http.StatusTooManyRequests {
		t.Errorf("the place that has to wait answers the right password with %d", s)
	}
	code() // and after a while it is heard again
	if s := in("wrong"); s != http.StatusUnauthorized {
		t.Errorf("after the wait the answer is %d", s)
	}
	if res, body := admin.Send(http.MethodPost, "/staff/wang.yi/act", url.Values{"act": {"unlocked"}}, nil); res.StatusCode != http.StatusSeeOther {
		t.Fatalf("unlocking answers %d %s", res.StatusCode, body)
	}
	if s := in(password); s != http.StatusSeeOther {
		t.Errorf("after unlocking the right password answers %d", s)
	}
	// An administrator cannot lock himself out, nor reach another court's staff.
	other := w.AddCourt("浙0212", "宁波市鄞州区人民法院", "鄞法")
	w.StaffOf(other, "elsewhere", model.RoleClerk)
	for login, act := range map[string]string{"shen.ji": "reset", "elsewhere": "unlinked", "nobody": "sign_on"} {
		if res, _ := admin.Send(http.MethodPost, "/staff/"+login+"/act", url.Values{"act": {act}}, nil); res.StatusCode != http.StatusConflict && res.StatusCode != http.StatusNotFound {
			t.Errorf("%s of %s answers %d", act, login, res.StatusCode)
		}
	}
	if res, _ := admin.Send(http.MethodPost, "/staff/shen.ji/roles", url.Values{"role": {"clerk"}}, nil); res.StatusCode != http.StatusConflict {
		t.Errorf("giving up one's own administration answers %d", res.StatusCode)
	}
}
