package handler_test

import (
	"bytes"
	"fmt"
	"net/http"
	"os"
	"sync"
	"testing"
	"time"

	gomysql "github.com/go-sql-driver/mysql"

	"microcourt/storage"
	"microcourt/storage/storagetest"
)

// chaosMode is what happens to every write that the clients of these tests
// send: "" nothing; "twice": it is sent twice at once; "lose", "drop": the
// answer to one of its COMMITs is lost, or a COMMIT itself, and it is sent again
// when the answer is 503; "conflict": each transaction is run twice, as after a
// deadlock. It is for
// a run of all tests now and then, by hand.
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

func (c chaos) send(w *world, req *http.Request) (answer, error) {
	w.t.Helper()
	if req.Method == http.MethodGet || c.mode == "" || c.mode == "conflict" || req.Body != nil && req.GetBody == nil {
		return exchange(req)
	}
	again := req.Clone(req.Context())
	if req.GetBody != nil {
		again.Body, _ = req.GetBody()
	}
	if c.mode == "twice" {
		return c.twice(w, req, again)
	}
	n := len(req.Header.Get("Idempotency-Key"))
	skip := int(req.Header.Get("Idempotency-Key")[n-1]) % 3
	if c.mode == "lose" {
		c.fault.LoseCommit(skip)
	} else {
		c.fault.DropCommit(skip)
	}
	before := c.fault.Lost()
	a, err := exchange(req)
	c.fault.Disarm()
	if err == nil && a.status == http.StatusServiceUnavailable && c.fault.Lost() > before {
		b, err := exchange(again)
		if b.status/100 != 2 {
			fmt.Printf("CHAOS %s: %s %s: %d %s, again %d %s\n", w.t.Name(), req.Method, req.URL.Path, a.status, a.body, b.status, b.body)
		}
		return b, err
	}
	return a, err
}

func (c chaos) twice(w *world, req, again *http.Request) (answer, error) {
	w.t.Helper()
	var a, b answer
	var erra, errb error
	var wg sync.WaitGroup
	wg.Go(func() { a, erra = exchange(req) })
	wg.Go(func() { b, errb = exchange(again) })
	wg.Wait()
	if erra != nil || errb != nil {
		return a, fmt.Errorf("%w %w", erra, errb)
	}
	if a.status/100 != 2 && b.status/100 == 2 || b.status == http.StatusCreated && a.status/100 == 2 {
		a, b = b, a
	}
	if a.status/100 == 2 && (b.status/100 != 2 || !bytes.Equal(a.body, b.body)) {
		fmt.Printf("CHAOS %s: %s %s: %d %s, and %d %s\n", w.t.Name(), req.Method, req.URL.Path, a.status, a.body, b.status, b.body)
	}
	return a, nil
}
