package handler_test

import (
	"net/http"
	"strings"
	"testing"

	"microcourt/model"
)

// The database is down: the answer says to try again later, in Chinese, and
// tells nothing about the inside.
func TestAnOutageOfTheDatabase(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	judge := w.staff("zhang.min", model.RoleJudge)
	w.dbGone = true
	if err := w.db.Close(); err != nil {
		t.Fatal(err)
	}
	for _, path := range []string{"/cases", "/receipts", "/me"} {
		a := judge.call(http.MethodGet, path, nil)
		message := a.json.obj("error").str("message")
		if a.status != http.StatusServiceUnavailable || a.json.reason() != "database.unavailable" || a.header.Get("Retry-After") == "" ||
			!strings.Contains(message, "稍后") || strings.Contains(string(a.body), "sql") {
			t.Errorf("%s: %d %s", path, a.status, a.body)
		}
	}
	res, err := http.Get(w.url + "/readyz")
	if err != nil || res.StatusCode != http.StatusServiceUnavailable {
		t.Errorf("readyz: %v %v", res, err)
	}
	_ = res.Body.Close()
	if res, err = http.Get(w.url + "/healthz"); err != nil || res.StatusCode != http.StatusOK {
		t.Errorf("healthz: %v %v", res, err)
	}
	_ = res.Body.Close()
}
