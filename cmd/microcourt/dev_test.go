package main

import (
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"testing"
	"testing/fstest"
)

// With -dev a page is what the source says now: a change is seen by loading it
// again, and so is a mistake. A real court's server does not start so.
func TestPagesAreReadFromTheSource(t *testing.T) {
	env := migrated(t)
	source := fstest.MapFS{}
	for _, folder := range []string{"handler/desk/pages/", "handler/public/pages/"} {
		files, err := os.ReadDir("../../" + folder)
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range files {
			b, err := os.ReadFile("../../" + folder + f.Name())
			if err != nil {
				t.Fatal(err)
			}
			source[folder+f.Name()] = &fstest.MapFile{Data: b}
		}
	}
	a := openTest(t, env, nil)
	defer func() { _ = a.close() }()
	a.source = source
	engine, err := a.engine(false, make(chan struct{}))
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(engine)
	defer server.Close()
	sees := func(path string, status int, part string) {
		t.Helper()
		req, err := http.NewRequestWithContext(context.Background(), http.MethodGet, server.URL+path, nil)
		if err != nil {
			t.Fatal(err)
		}
		res, err := http.DefaultClient.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		defer func() { _ = res.Body.Close() }()
		if b, err := io.ReadAll(res.Body); err != nil || res.StatusCode != status || !strings.Contains(string(b), part) {
			t.Errorf("%s: %d %v without %q: %.500s", path, res.StatusCode, err, part, b)
		}
	}
	change := func(file, old, now string) {
		t.Helper()
		was := string(source[file].Data)
		if !strings.Contains(was, old) {
			t.Fatalf("%s has no %q", file, old)
		}
		source[file] = &fstest.MapFile{Data: []byte(strings.Replace(was, old, now, 1))}
	}
	sees("/desk/login", http.StatusOK, "登录")
	change("handler/desk/pages/login.html", `{{define "content"}}`, `{{define "content"}}<p>正在改写的登录页</p>`)
	sees("/desk/login", http.StatusOK, "正在改写的登录页")
	change("handler/desk/pages/login.html", `{{define "content"}}`, `{{define "content"}}{{if may .Actor "no.such.act"}}{{end}}`)
	sees("/desk/login", http.StatusInternalServerError, "系统出现错误")
	change("handler/public/pages/privacy.html", "处理哪些信息", "正在改写的说明")
	sees("/privacy", http.StatusOK, "正在改写的说明")
}

func TestServeDevIsForWritingPages(t *testing.T) {
	env := migrated(t)
	if code, _, errs := cli(env, "serve", "-dev"); code != 1 || !strings.Contains(errs, "in the folder of the source") {
		t.Errorf("elsewhere than in the source: %d %s", code, errs)
	}
	real := with(env, append(signingPair(t, -30, 365), "MICROCOURT_WECHAT__APP_ID=wx1234567890abcdef", "MICROCOURT_WECHAT__SECRET=s", "MICROCOURT_PUBLIC_URL=https://c.example")...)
	if code, _, errs := cli(real, "serve", "-dev"); code != 1 || !strings.Contains(errs, "a real court's") {
		t.Errorf("with a real WeChat account: %d %s", code, errs)
	}
}
