package handler_test

import (
	"net/http"
	"strconv"
	"strings"
	"testing"

	"microcourt/handler/handlertest"

	"microcourt/model"
)

// The database is down: the answer says to try again later, in Chinese, and
// tells nothing about the inside.
func TestAnOutageOfTheDatabase(t *testing.T) {
	t.Parallel()
	w := handlertest.New(t)
	judge := w.Staff("zhang.min", model.RoleJudge)
	w.DbGone = true
	if err := w.DB.Close(); err != nil {
		t.Fatal(err)
	}
	for _, path := range []string{"/cases", "/receipts", "/me"} {
		a := judge.Call(http.MethodGet, path, nil)
		message := a.Json.Obj("error").Str("message")
		if a.Status != http.StatusServiceUnavailable || a.Json.Reason() != "database.unavailable" || a.Header.Get("Retry-After") == "" ||
			!strings.Contains(message, "稍后") || strings.Contains(string(a.Body), "sql") {
			t.Errorf("%s: %d %s", path, a.Status, a.Body)
		}
	}
	res, err := http.Get(w.URL + "/readyz")
	if err != nil || res.StatusCode != http.StatusServiceUnavailable {
		t.Errorf("readyz: %v %v", res, err)
	}
	_ = res.Body.Close()
	if res, err = http.Get(w.URL + "/healthz"); err != nil || res.StatusCode != http.StatusOK {
		t.Errorf("healthz: %v %v", res, err)
	}
	_ = res.Body.Close()
}

// A COMMIT that got lost, of a write that cannot be found again: the answer
// says that the request may be repeated, and the repeat succeeds.
func TestALostCommitMayBeRepeated(t *testing.T) {
	t.Parallel()
	l := newLosing(t)
	path := "/cases/" + strconv.FormatInt(l.f.ID, 10) + "/relative-invitations"
	l.fault.DropCommit(0)
	a := l.debtor.Call(http.MethodPost, path, handlertest.Obj{"party_id": l.f.Debtor})
	if a.Status != http.StatusServiceUnavailable || a.Json.Reason() != "commit.uncertain" || a.Header.Get("Retry-After") == "" ||
		!strings.Contains(a.Json.Obj("error").Str("message"), "重复提交是安全的") {
		t.Errorf("%d %s", a.Status, a.Body)
	}
	l.debtor.Must(http.StatusCreated, http.MethodPost, path, handlertest.Obj{"party_id": l.f.Debtor})
}
