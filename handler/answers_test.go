package handler_test

import (
	"fmt"
	"net/http"
	"reflect"
	"testing"

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
	same("a receipt", receipt, debtor.Must(http.StatusOK, handlertest.Get, at, nil))
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
