package desk

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/gin-gonic/gin"

	"microcourt/model"
)

func formOf(values url.Values) *form {
	c, _ := gin.CreateTestContext(httptest.NewRecorder())
	c.Request = httptest.NewRequest(http.MethodPost, "/desk/things?party=5", strings.NewReader(values.Encode()))
	c.Request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	d := &Desk{cfg: Config{Now: func() time.Time { return time.Date(2026, 11, 29, 2, 0, 0, 0, time.UTC) }}}
	_ = c.PostForm("") // gin reads the form
	return d.form(c)
}

// Of several wrong fields the first of the page is named, and each time the same.
func TestAFormNamesItsFirstWrongField(t *testing.T) {
	t.Parallel()
	wrong := url.Values{
		"key": {"k"}, "on": {"yesterday"}, "amount": {"much"}, "party": {"somebody"}, "at": {"noon"}, "days": {"7、x"}, "hour": {""}, "boxes": {"1", "two"},
		"part_3": {"x"}, "part_2": {"y"}, "parts": {"5000"},
	}
	readers := []struct {
		field string
		read  func(f *form)
	}{
		{"key", func(f *form) { f.key() }},
		{"on", func(f *form) { f.date("on") }},
		{"amount_fen", func(f *form) { f.yuan("amount", "amount_fen") }},
		{"party", func(f *form) { f.number("party") }},
		{"at", func(f *form) { f.time("at") }},
		{"days", func(f *form) { f.days("days", "天数") }},
		{"hour", func(f *form) { f.integer("hour", "钟点") }},
		{"boxes", func(f *form) { f.several("boxes", model.InvalidField("boxes", "box.unknown", "没有")) }},
		{"part_2", func(f *form) { f.shares() }},
		{"parts", func(f *form) { f.parts("parts") }},
		{"parts", func(f *form) { f.installments("parts", "2026-12-01") }},
	}
	for i := range readers {
		f := formOf(wrong)
		for j := range readers {
			readers[(i+j)%len(readers)].read(f)
		}
		called := false
		err := f.do(func() error { called = true; return nil })
		if model.FieldOf(err) != readers[i].field || called {
			t.Errorf("read from %d on: %v is named, not %q; done: %v", i, err, readers[i].field, called)
		}
		if len(f.problems) < len(readers) {
			t.Errorf("%d of %d problems are told", len(f.problems), len(readers))
		}
	}
}

// A form without mistakes is read as it was typed, and what is not there is
// nothing.
func TestAFormIsRead(t *testing.T) {
	t.Parallel()
	f := formOf(url.Values{
		"key": {"12345678"}, "on": {" 2026-11-28 "}, "amount": {"1234.5"}, "at": {"2026-11-28T09:30"}, "days": {"7、3, 1"}, "hour": {" 9 "}, "boxes": {"4", "2"},
		"part_12": {"3"}, "part_7": {"1.5"}, "part_8": {" "}, "name": {" 甲 "}, "yes": {"1"},
	})
	if f.key() != "12345678" || f.date("on") != model.NewDate(2026, 11, 28) || f.yuan("amount", "amount_fen") != 123450 || f.text("name") != "甲" || !f.is("yes") || f.is("no") {
		t.Errorf("%+v", f.problems)
	}
	if at := f.time("at"); at.UTC() != time.Date(2026, 11, 28, 1, 30, 0, 0, time.UTC) {
		t.Error(at)
	}
	if d := f.days("days", ""); len(d) != 3 || d[0] != 7 || d[2] != 1 || f.integer("hour", "") != 9 {
		t.Error(d)
	}
	if b := f.several("boxes", nil); len(b) != 2 || b[0] != 4 {
		t.Error(b)
	}
	if s := f.shares(); len(s) != 2 || s[0] != (model.Share{InstallmentID: 7, AmountFen: 150}) || s[1].InstallmentID != 12 {
		t.Error(s)
	}
	if f.number("party") != 5 || f.number("none") != 0 || !f.date("none").IsZero() || f.yuan("none", "none") != 0 || f.parts("none") != nil || f.file(1, "k") != 0 || f.files(1, "k") != nil {
		t.Error("what is not there was read")
	}
	called := false
	if err := f.do(func() error { called = true; return nil }); err != nil || !called {
		t.Error(err, called)
	}
}

// What is typed into a field for passwords or one-time codes never comes back, however
// the field is called, neither where the page fills itself nor where it is filled.
func TestNoSecretComesBack(t *testing.T) {
	t.Parallel()
	name := regexp.MustCompile(`\bname="([a-z_]+)"`)
	looked := 0
	pages, err := filepath.Glob("pages/*.html")
	if err != nil {
		t.Fatal(err)
	}
	for _, page := range pages {
		b, err := os.ReadFile(page)
		if err != nil {
			t.Fatal(err)
		}
		for _, tag := range regexp.MustCompile(`<input[^>]*>`).FindAllString(string(b), -1) {
			if !strings.Contains(tag, `type="password"`) && !strings.Contains(tag, `"one-time-code"`) {
				continue
			}
			looked++
			if m := name.FindStringSubmatch(tag); m == nil || !secret(m[1]) {
				t.Errorf("%s sends back what is typed into %s", page, tag)
			}
		}
	}
	if looked < 6 {
		t.Errorf("only %d fields were looked at", looked)
	}
	r := refusal{path: "/desk/x", posted: url.Values{"pin": {"geheim-1"}, "once": {"geheim-2"}, "repeat": {"geheim-3"}, "note": {`"><script>alert(1)</script>`}}}
	page := string(r.marked([]byte(`<html><head><title>x</title></head><body><div id="faults"></div><form method="post" action="/desk/x">
		<input name="pin" type="password"><input name="once" autocomplete="one-time-code"><input name="repeat"><input name="note"></form></body></html>`)))
	if strings.Contains(page, "geheim") || strings.Contains(page, "<script>") || !strings.Contains(page, "&lt;script&gt;") {
		t.Error(page)
	}
	if _, typed := r.typed()["repeat"]; typed {
		t.Error("the page is filled with a password")
	}
}
