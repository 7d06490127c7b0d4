package handler_test

import (
	"fmt"
	"net/http"
	"reflect"
	"slices"
	"strings"
	"testing"

	"microcourt/handler"
	"microcourt/handler/handlertest"

	"microcourt/model"
)

// What a write answers is what is read afterwards, whole, by the same person.
func TestAWriteAnswersWhatIsReadAfterwards(t *testing.T) {
	t.Parallel()
	w := handlertest.New(t)
	judge, clerk := w.Staff("zhang.min", model.RoleJudge), w.Staff("wan.tt", model.RoleClerk)
	f := w.File(clerk)
	debtor, creditor := w.Phone(""), w.Phone("")
	debtor.Bind(clerk, f.ID, f.Debtor)
	creditor.Bind(clerk, f.ID, f.Creditor)
	inCase := fmt.Sprintf("/cases/%d", f.ID)
	same := func(what string, answered, read handlertest.Obj) {
		t.Helper()
		if len(answered) == 0 || !reflect.DeepEqual(answered, read) {
			t.Errorf("%s: answered %v, read %v", what, answered, read)
		}
	}
	receipt := debtor.Submit(f, 30000, 1)
	at := fmt.Sprintf("/receipts/%d", receipt.ID("id"))
	read := debtor.Must(http.StatusOK, handlertest.Get, at, nil)
	for _, file := range read.List("files") { // addresses for a short while: a repeat equals the first answer, so that it has none
		for _, name := range []string{"thumbnail_url", "view_url"} {
			if file.Str(name) == "" {
				t.Errorf("no %s", name)
			}
			delete(file, name)
		}
	}
	same("a receipt", receipt, read)
	same("an acknowledgement", creditor.Must(http.StatusOK, handlertest.Post, at+"/acknowledge", nil), creditor.Must(http.StatusOK, handlertest.Get, at, nil).List("responses")[0])
	same("a dispute", creditor.Must(http.StatusOK, handlertest.Post, at+"/dispute", handlertest.Obj{"reason": " 未到账 "}), creditor.Must(http.StatusOK, handlertest.Get, at, nil).List("responses")[0])
	contact := handlertest.Obj{"party_id": f.Debtor, "channel": "phone", "happened_at": "2026-03-01T16:00:00.1234567+08:00", "note": "已电话联系"}
	same("a contact", judge.Must(http.StatusCreated, handlertest.Post, inCase+"/contacts", contact), judge.Must(http.StatusOK, handlertest.Get, inCase+"/contacts", nil).List("contacts")[0])
	promise := debtor.Must(http.StatusCreated, handlertest.Post, inCase+"/promises", handlertest.Obj{"text": "下月付清", "pay_by": "2026-04-01"})
	same("a promise", promise, debtor.Must(http.StatusOK, handlertest.Get, inCase, nil).List("promises")[0])
	decided := judge.Must(http.StatusOK, handlertest.Post, at+"/confirm", handlertest.Obj{"version": receipt.Num("version"), "amount_fen": 30000})
	for name, value := range debtor.Must(http.StatusOK, handlertest.Get, at, nil) {
		if v, ok := decided[name]; ok && v != value {
			t.Errorf("a decision: %s was answered as %v and read as %v", name, v, value)
		}
	}
}

// readBack compares what a write answered with what the same person reads of the
// thing, whole, where a route shows it.
func readBack(t *testing.T, by *handlertest.Client, route string, answered handlertest.Obj) {
	t.Helper()
	path := handler.ReadAt()[route]
	if path == "" {
		return
	}
	read := by.Call(handlertest.Get, strings.Replace(path, ":id", fmt.Sprint(answered.ID("id")), 1), nil)
	for _, f := range read.Json.List("files") { // the addresses of pictures are made for each look
		for _, address := range []string{"view_url", "thumbnail_url", "tile_urls"} {
			delete(f, address)
		}
	}
	if read.Status != http.StatusOK || !reflect.DeepEqual(answered, read.Json) {
		t.Errorf("%s answered %v, and one reads %d %v", route, answered, read.Status, read.Json)
	}
}

// readBackHere are the writes without a key or a version whose answer is read back
// in this file; the others are where their repeats are tried.
var readBackHere = []string{"POST /measures/:id/family"}

// Every write whose answer is a view that another route shows is compared with
// that route: by the walk over the keys, by the one over the versions, or here.
func TestEveryAnswerOfAWriteIsReadBack(t *testing.T) {
	t.Parallel()
	keyed, inputs := keyedRequests(nil), handler.Inputs()
	for route := range handler.ReadAt() {
		in := inputs[route]
		compared := keyed[route] != nil || in != nil && in.Kind() == reflect.Struct && versioned(in) || slices.Contains(readBackHere, route)
		if !compared {
			t.Errorf("%s answers with a view that can be read, and nobody compares them", route)
		}
	}
	c := newCoerced(t)
	m := c.take("detention", "days", 10)
	c.pass(at(3, 6, 15))
	m = c.officer.Must(http.StatusOK, handlertest.Post, on(m, "detain"), handlertest.Obj{"at": at(3, 6, 14), "version": m.Num("version")})
	proof := handlertest.Obj{"name": "钱某", "relation": "妻子", "how": "电话 13700000000，已接通", "at": at(3, 6, 15)}
	readBack(t, c.officer, "POST /measures/:id/family", c.officer.Must(http.StatusOK, handlertest.Post, on(m, "family"), proof))
}
