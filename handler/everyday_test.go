package handler_test

import (
	"fmt"
	"io"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"microcourt/handler/handlertest"
	"microcourt/model"
)

// browse opens an address as a browser does.
func browse(t *testing.T, w *handlertest.World, method, path string, cookies ...*http.Cookie) (*http.Response, string) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), method, w.URL+path, nil)
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Accept", "text/html,application/xhtml+xml,*/*;q=0.8")
	for _, c := range cookies {
		req.AddCookie(c)
	}
	client := http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	res, err := client.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = res.Body.Close() }()
	b, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	return res, string(b)
}

// A failure in a browser is a page in Chinese that says where to go and whom to call;
// programs get JSON as before.
func TestAFailureInABrowserIsAPage(t *testing.T) {
	t.Parallel()
	w := handlertest.New(t)
	for _, tt := range []struct {
		method, path string
		status       int
		page         bool
	}{
		{"GET", "/no-such-page", 404, true},
		{"GET", "/desk/no-such-page", 404, true},
		{"GET", "/verify/../../etc", 404, true},
		{"POST", "/verify", 405, true},
		{"GET", "/verify/details", 405, true},
		{"GET", "/api/v1/no-such-route", 404, false},
		{"DELETE", "/api/v1/cases/1", 405, false},
	} {
		res, body := browse(t, w, tt.method, tt.path)
		if res.StatusCode != tt.status {
			t.Errorf("%s %s: %d, want %d", tt.method, tt.path, res.StatusCode, tt.status)
		}
		html := strings.HasPrefix(res.Header.Get("Content-Type"), "text/html")
		if html != tt.page {
			t.Errorf("%s %s is %s", tt.method, tt.path, res.Header.Get("Content-Type"))
		}
		if tt.page && (!strings.Contains(body, "12368") || !strings.Contains(body, `href="/"`) || strings.Contains(body, "not_found") || strings.Contains(body, `{"error"`)) {
			t.Errorf("%s %s says %s", tt.method, tt.path, body)
		}
	}
	if status, body := w.Page("GET", "/no-such-page", nil); status != 404 || !strings.Contains(body, "route.not_found") {
		t.Errorf("a program gets %d %s", status, body)
	}
}

// Citizens' pages say what self-performance is, how to pay and whom to call, and lead
// to nothing that is for programmers.
func TestCitizensPagesSayHowToPayAndWhomToCall(t *testing.T) {
	t.Parallel()
	w := handlertest.New(t)
	for _, path := range []string{"/", "/verify", "/listings"} {
		_, body := browse(t, w, "GET", path)
		for _, want := range []string{"什么是自动履行", "怎样付款", "12368", w.Court.Name, w.Court.Phone} {
			if !strings.Contains(body, want) {
				t.Errorf("%s does not say %q", path, want)
			}
		}
	}
	for _, path := range []string{"/", "/verify", "/listings", "/message", "/privacy", "/no-such-page"} {
		_, body := browse(t, w, "GET", path)
		for _, no := range []string{"接口文档", `href="/api"`, "openapi"} {
			if strings.Contains(body, no) {
				t.Errorf("%s leads to %s", path, no)
			}
		}
		if !strings.Contains(body, "诉讼服务热线 12368") {
			t.Errorf("%s names no number", path)
		}
	}
}

// Letters are made larger by a link, without scripts, on the public pages and the desk,
// and the choice leads back to the page and to no other server.
func TestLettersAreMadeLarger(t *testing.T) {
	t.Parallel()
	w := handlertest.New(t)
	_, body := browse(t, w, "GET", "/verify?number=x&code=y")
	if strings.Contains(body, "<script") || strings.Contains(body, `class="size-`) {
		t.Error("a page that nobody chose letters for")
	}
	link := regexp.MustCompile(`href="(/look\?size=huge[^"]*)"`).FindStringSubmatch(body)
	if link == nil {
		t.Fatalf("no link to larger letters in %s", body)
	}
	res, _ := browse(t, w, "GET", strings.ReplaceAll(link[1], "&amp;", "&"))
	cookies := res.Cookies()
	if res.StatusCode != http.StatusSeeOther || res.Header.Get("Location") != "/verify?number=x&code=y" || len(cookies) != 1 {
		t.Fatalf("%d to %s with %v", res.StatusCode, res.Header.Get("Location"), cookies)
	}
	for _, path := range []string{"/", "/verify", "/no-such-page", "/desk/login"} {
		if _, body := browse(t, w, "GET", path, cookies...); !strings.Contains(body, `class="size-huge"`) || !strings.Contains(body, "look.") {
			t.Errorf("%s is not shown in large letters", path)
		}
	}
	for _, to := range []string{"//evil.example", "https://evil.example", `/\evil.example`, ""} {
		if res, _ := browse(t, w, "GET", "/look?size=large&to="+url.QueryEscape(to)); res.Header.Get("Location") != "/" {
			t.Errorf("%q leads to %s", to, res.Header.Get("Location"))
		}
	}
	if res, _ := browse(t, w, "GET", "/look?size=nonsense&to=/"); len(res.Cookies()) != 1 || res.Cookies()[0].Value != "" {
		t.Errorf("a size that does not exist is kept: %v", res.Cookies())
	}
}

// A relative opens and takes back what he handed in, over HTTP; nobody else does.
func TestARelativesOwnReceiptOverHTTP(t *testing.T) {
	t.Parallel()
	c := newCoerced(t)
	phone, link := c.relative("admitted")
	other, _ := c.relative("admitted")
	file := phone.Uploaded(c.f.ID, 6001)
	path := fmt.Sprintf("/my/relatives/%d/receipts", link.ID("id"))
	r := phone.Must(http.StatusCreated, handlertest.Post, path, handlertest.Obj{
		"amount_fen": 100, "paid_on": model.DateOf(c.Clock.Now()).String(), "proof_kind": "bank_receipt", "bank_serial": "B6001", "file_ids": []int64{file},
	})
	one := fmt.Sprintf("%s/%d", path, r.ID("id"))
	got := phone.Must(http.StatusOK, handlertest.Get, one, nil)
	if files := got.List("files"); len(files) != 1 || files[0].ID("id") != file || got.Str("state") != "submitted" {
		t.Errorf("his receipt: %v", got)
	}
	if a := phone.Call(handlertest.Get, fmt.Sprintf("/files/%d/view", file), nil); a.Status != http.StatusOK {
		t.Errorf("his picture: %d", a.Status)
	}
	refusedAll(t, []mistake{
		{other, http.StatusNotFound, "receipt.not_found", handlertest.Get, one, nil, ""},
		{other, http.StatusNotFound, "receipt.not_found", handlertest.Post, fmt.Sprintf("/receipts/%d/withdraw", r.ID("id")), handlertest.Obj{"version": 1}, ""},
		{c.debtor, http.StatusNotFound, "receipt.not_found", handlertest.Post, fmt.Sprintf("/receipts/%d/withdraw", r.ID("id")), handlertest.Obj{"version": 1}, ""},
	})
	if w := phone.Must(http.StatusOK, handlertest.Post, fmt.Sprintf("/receipts/%d/withdraw", r.ID("id")), handlertest.Obj{"version": int64(got["version"].(float64))}); w.Str("state") != "withdrawn" {
		t.Errorf("taken back: %v", w)
	}
	if n := c.debtor.NoticesOf(model.NoticeReceiptWithdrawn); n != 1 {
		t.Errorf("the debtor is told %d times", n)
	}
	refusedAll(t, []mistake{{c.Phone(""), http.StatusNotFound, "case.not_found", handlertest.Get, fmt.Sprintf("/cases/%d/applications", c.f.ID), nil, ""}})
	if list := c.debtor.Must(http.StatusOK, handlertest.Get, fmt.Sprintf("/cases/%d/applications", c.f.ID), nil).List("applications"); len(list) != 0 {
		t.Errorf("nothing waits: %v", list)
	}
}

// The clerk finds whom nobody told, filters the list, and enters a call; what is wrong
// comes back with what was typed. What he handed in at the window he takes back there.
func TestTheDeskListsWhomNobodyTold(t *testing.T) {
	t.Parallel()
	w := handlertest.New(t)
	w.Staff("zhang.min", model.RoleJudge)
	clerk := w.Staff("wan.tt", model.RoleClerk)
	f := w.File(clerk)
	v := w.Visitor(clerk)
	v.Sees("", "未送达任何人")
	page := v.Sees("/unreached", "2</strong> 名当事人", f.No, "没有同意电子送达")
	v.Sees("/unreached?paper=1", "2</strong> 名当事人")
	v.Sees("/unreached?text="+url.QueryEscape("无此人"), "没有未送达任何人的通知")
	v.Sees(fmt.Sprintf("/unreached?case=%d", f.ID), "2</strong> 名当事人")
	v.Sees(fmt.Sprintf("/cases/%d?tab=notices", f.ID), "未送达任何人")
	hidden := func(name, in string) string {
		m := regexp.MustCompile(`name="` + name + `" value="([^"]*)"`).FindStringSubmatch(in)
		if m == nil {
			t.Fatalf("no %s on the page", name)
		}
		return m[1]
	}
	at := strings.Index(page, fmt.Sprintf(`name="party" value="%d"`, f.Debtor))
	form := url.Values{
		"key": {handlertest.FreshKey()}, "case": {fmt.Sprint(f.ID)}, "party": {fmt.Sprint(f.Debtor)}, "up_to": {hidden("up_to", page[at:])}, "method": {"phone"}, "note": {"已告知"},
	}
	v.Does(http.StatusBadRequest, "/unreached", "请填写与谁通话", form)
	form.Set("spoke_with", "王会计")
	form.Set("key", handlertest.FreshKey())
	v.Does(http.StatusSeeOther, "/unreached", "unreached_told", form)
	v.Sees("/unreached?done=unreached_told", "1</strong> 名当事人", "登记的是告知，不是送达")
	v.Sees(fmt.Sprintf("/cases/%d?tab=notices", f.ID), "接听人王会计", "已告知，尚无送达证明")
}
