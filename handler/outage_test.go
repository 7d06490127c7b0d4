package handler_test

import (
	"net/http"
	"strconv"
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

// A COMMIT that got lost, of a write that cannot be found again: the answer
// says that the request may be repeated, and the repeat succeeds.
func TestALostCommitMayBeRepeated(t *testing.T) {
	t.Parallel()
	l := newLosing(t)
	f := l.file(l.clerk)
	path := "/cases/" + strconv.FormatInt(f.id, 10) + "/parties/" + strconv.FormatInt(f.debtor, 10) + "/binding-codes"
	l.fault.DropCommit(0)
	a := l.clerk.call(http.MethodPost, path, obj{})
	if a.status != http.StatusServiceUnavailable || a.json.reason() != "commit.uncertain" || a.header.Get("Retry-After") == "" ||
		!strings.Contains(a.json.obj("error").str("message"), "重复提交是安全的") {
		t.Errorf("%d %s", a.status, a.body)
	}
	l.clerk.must(http.StatusCreated, http.MethodPost, path, obj{})
}
