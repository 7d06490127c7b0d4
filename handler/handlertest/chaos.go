package handlertest

import (
	"bytes"
	"fmt"
	"hash/fnv"
	"io"
	"net/http"
	"os"
	"regexp"
	"sync"
	"testing"
	"time"

	gomysql "github.com/go-sql-driver/mysql"

	"microcourt/storage"
	"microcourt/storage/storagetest"
)

// chaosMode is what happens to every write that the clients of these tests
// send: "" nothing; "twice": it is sent twice at once; "again": it is sent again
// after its answer; "lose", "drop": the answer to one of its COMMITs is lost, or
// a COMMIT itself, and it is sent again when the answer is 503; "conflict": each
// transaction is run twice, as after a deadlock. It is for a run of all tests now
// and then, by hand; a line CHAOS is a repeat that got another answer.
var chaosMode = os.Getenv("MICROCOURT_CHAOS")

type chaos struct {
	mode  string
	fault *storagetest.Fault
}

func chaosConfig(t testing.TB, now func() time.Time) (storage.Config, *storagetest.Fault) {
	switch chaosMode {
	case "lose", "drop":
		return storagetest.ConfigFaulty(t, now)
	case "conflict":
		cfg, fault := storagetest.ConfigFaulty(t, now)
		fault.RefuseEverySecond(&gomysql.MySQLError{Number: 1213, Message: "on purpose"})
		return cfg, fault
	}
	return storagetest.Config(t, now), nil
}

// anew are the requests that are meant to give something new each time, or that
// spend what can be spent once: a session, a code that takes the place of the one
// before, a secret that is shown once, a one-time code of WeChat's or of ours.
var anew = regexp.MustCompile(`/sessions/|/sessions$|codes$|/relative-invitations$|slip\.pdf$|notice\.pdf$|/real-name/start$|/bindings/identity$|` +
	`/accounts$|/keys$|/me/password$|/me/staff-link$|/me/second-factor$|/verify/details$`)

// same tells whether a repeat got the first answer: what was made by then is
// "unchanged" to the second.
func same(a, b Answer) bool {
	return b.Status/100 == 2 && (bytes.Equal(a.Body, b.Body) || a.Json.ID("id") != 0 && a.Json.ID("id") == b.Json.ID("id"))
}

func (c chaos) send(w *World, req *http.Request) (Answer, error) {
	w.T.Helper()
	if req.Method == http.MethodGet || c.mode == "" || c.mode == "conflict" || req.Body != nil && req.GetBody == nil || anew.MatchString(req.URL.Path) {
		return exchange(req)
	}
	again := req.Clone(req.Context())
	if req.GetBody != nil {
		again.Body, _ = req.GetBody()
	}
	switch c.mode {
	case "twice":
		return c.twice(w, req, again)
	case "again":
		a, err := exchange(req)
		if err == nil && a.Status/100 == 2 {
			if b, err := exchange(again); err != nil || !same(a, b) {
				fmt.Printf("CHAOS %s: %s %s: %d %s, again %d %s (%v)\n", w.T.Name(), req.Method, req.URL.Path, a.Status, a.Body, b.Status, b.Body, err)
			}
		}
		return a, err
	}
	sum := fnv.New32a() // which COMMIT it is differs from request to request, and is the same each time
	_, _ = io.WriteString(sum, req.Method+req.URL.Path+req.Header.Get("Idempotency-Key"))
	skip := int(sum.Sum32() % 3)
	if c.mode == "lose" {
		c.fault.LoseCommit(skip)
	} else {
		c.fault.DropCommit(skip)
	}
	before := c.fault.Lost()
	a, err := exchange(req)
	c.fault.Disarm()
	if err == nil && a.Status == http.StatusServiceUnavailable && c.fault.Lost() > before {
		b, err := exchange(again)
		if b.Status/100 != 2 {
			fmt.Printf("CHAOS %s: %s %s: %d %s, again %d %s\n", w.T.Name(), req.Method, req.URL.Path, a.Status, a.Body, b.Status, b.Body)
		}
		return b, err
	}
	return a, err
}

func (c chaos) twice(w *World, req, again *http.Request) (Answer, error) {
	w.T.Helper()
	var a, b Answer
	var erra, errb error
	var wg sync.WaitGroup
	wg.Go(func() { a, erra = exchange(req) })
	wg.Go(func() { b, errb = exchange(again) })
	wg.Wait()
	if erra != nil || errb != nil {
		return a, fmt.Errorf("%w %w", erra, errb)
	}
	if a.Status/100 != 2 && b.Status/100 == 2 || b.Status == http.StatusCreated && a.Status/100 == 2 {
		a, b = b, a
	}
	if a.Status/100 == 2 && !same(a, b) {
		fmt.Printf("CHAOS %s: %s %s: %d %s, and %d %s\n", w.T.Name(), req.Method, req.URL.Path, a.Status, a.Body, b.Status, b.Body)
	}
	return a, nil
}
