package wechattest

import (
	_ "embed" // the page and its style
	"html/template"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"microcourt/model"
)

//go:embed phone.html
var phoneHTML string

//go:embed phone.css
var phoneCSS []byte

// phoneView is what the page shows.
type phoneView struct {
	Users     []User
	Current   User
	LoginCode string
	PhoneCode string
	Cards     []cardView
	Templates []templateView
}

type cardView struct {
	Card
	Time string
}

type templateView struct {
	Template
	Left     int // one-time messages that may still come
	Standing bool
}

// servePhone shows the phone, and presses its buttons: plain forms, no script,
// so that a strict content security policy holds.
func (f *Fake) servePhone(w http.ResponseWriter, r *http.Request) {
	if r.Method == post {
		f.press(w, r)
		return
	}
	page, err := template.New("phone").Parse(phoneHTML)
	if err != nil {
		http.Error(w, "the page is broken", http.StatusInternalServerError)
		return
	}
	h := w.Header()
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Content-Security-Policy", "default-src 'none'; style-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'")
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Referrer-Policy", "same-origin")
	h.Set("Cache-Control", "no-store")
	_ = page.Execute(w, f.view(r.URL.Query().Get("openid"))) // a caller that went away is not our concern
}

func serveStyle(w http.ResponseWriter) {
	w.Header().Set("Content-Type", "text/css; charset=utf-8")
	_, _ = w.Write(phoneCSS)
}

func (f *Fake) press(w http.ResponseWriter, r *http.Request) {
	if err := r.ParseForm(); err != nil {
		http.Error(w, "表单内容不正确", http.StatusBadRequest)
		return
	}
	openID, templateID := r.PostForm.Get("openid"), r.PostForm.Get("template_id")
	var err error
	switch r.PostForm.Get("button") {
	case "login":
		_, err = f.LoginCode(openID)
	case "phone":
		_, err = f.PhoneCode(openID)
	case "accept":
		err = f.Allow(openID, templateID)
	case "revoke":
		err = f.Revoke(openID, templateID)
	case "add":
		name := strings.TrimSpace(r.PostForm.Get("name"))
		if name == "" {
			name = "新用户"
		}
		openID = f.AddUser(User{Name: name, Phone: strings.TrimSpace(r.PostForm.Get("phone"))}).OpenID
	default:
		http.Error(w, "没有这个按钮", http.StatusBadRequest)
		return
	}
	if err != nil {
		http.Error(w, "没有这个用户或模板，请返回后刷新页面", http.StatusBadRequest)
		return
	}
	http.Redirect(w, r, "phone?openid="+url.QueryEscape(openID), http.StatusSeeOther)
}

func (f *Fake) view(openID string) phoneView {
	v := phoneView{Users: f.Users()}
	if len(v.Users) > 0 {
		v.Current = v.Users[max(0, slices.IndexFunc(v.Users, func(u User) bool { return u.OpenID == openID }))]
	}
	for _, c := range slices.Backward(f.Inbox(v.Current.OpenID)) {
		v.Cards = append(v.Cards, cardView{c, c.At.In(model.CourtZone).Format("01-02 15:04")})
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	for _, t := range f.cfg.Templates {
		tv := templateView{Template: t}
		if u, ok := f.users[v.Current.OpenID]; ok {
			tv.Left, tv.Standing = u.allowance[t.ID], u.standing[t.ID]
		}
		v.Templates = append(v.Templates, tv)
	}
	v.LoginCode = f.latestCode("login", v.Current.OpenID)
	v.PhoneCode = f.latestCode("phone", v.Current.OpenID)
	return v
}

// latestCode is the newest code that can still be used.
func (f *Fake) latestCode(kind, openID string) string {
	best, value := (*code)(nil), ""
	for v, c := range f.codes {
		if c.kind != kind || c.openID != openID || c.used || f.now().Sub(c.made) > codeLife {
			continue
		}
		if best == nil || c.made.After(best.made) || c.made.Equal(best.made) && v > value {
			best, value = c, v
		}
	}
	return value
}
