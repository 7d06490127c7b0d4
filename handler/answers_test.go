package handler_test

import (
	"fmt"
	"net/http"
	"reflect"
	"testing"

	"microcourt/model"
)

// What a write answers is what is read afterwards, whole, by the same person.
func TestAWriteAnswersWhatIsReadAfterwards(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	judge, clerk := w.staff("zhang.min", model.RoleJudge), w.staff("wan.tt", model.RoleClerk)
	f := w.file(clerk)
	debtor, creditor := w.phone(""), w.phone("")
	debtor.bind(clerk, f.id, f.debtor)
	creditor.bind(clerk, f.id, f.creditor)
	inCase := fmt.Sprintf("/cases/%d", f.id)
	same := func(what string, answered, read obj) {
		t.Helper()
		if len(answered) == 0 || !reflect.DeepEqual(answered, read) {
			t.Errorf("%s: answered %v, read %v", what, answered, read)
		}
	}
	receipt := debtor.submit(f, 30000, 1)
	at := fmt.Sprintf("/receipts/%d", receipt.id("id"))
	same("a receipt", receipt, debtor.must(http.StatusOK, get, at, nil))
	same("an acknowledgement", creditor.must(http.StatusOK, post, at+"/acknowledge", nil), creditor.must(http.StatusOK, get, at, nil).list("responses")[0])
	same("a dispute", creditor.must(http.StatusOK, post, at+"/dispute", obj{"reason": " 未到账 "}), creditor.must(http.StatusOK, get, at, nil).list("responses")[0])
	contact := obj{"party_id": f.debtor, "channel": "phone", "happened_at": "2026-03-01T16:00:00.1234567+08:00", "note": "已电话联系"}
	same("a contact", judge.must(http.StatusCreated, post, inCase+"/contacts", contact), judge.must(http.StatusOK, get, inCase+"/contacts", nil).list("contacts")[0])
	promise := debtor.must(http.StatusCreated, post, inCase+"/promises", obj{"text": "下月付清", "pay_by": "2026-04-01"})
	same("a promise", promise, debtor.must(http.StatusOK, get, inCase, nil).list("promises")[0])
	decided := judge.must(http.StatusOK, post, at+"/confirm", obj{"version": receipt.num("version"), "amount_fen": 30000})
	for name, value := range debtor.must(http.StatusOK, get, at, nil) {
		if v, ok := decided[name]; ok && v != value {
			t.Errorf("a decision: %s was answered as %v and read as %v", name, v, value)
		}
	}
	instrument := obj{
		"ref": "I9", "kind": "ruling", "number": "（2026）浙0211民初9号之一", "summary": "被告支付诉讼费", "effective_on": "2026-02-01",
		"obligations": []obj{{"ref": "O9", "kind": "money", "obligors": []string{"D1"}, "to_court": true, "amount_fen": 5000, "due_on": "2026-05-01"}},
	}
	added := clerk.must(http.StatusCreated, post, inCase+"/instruments", instrument)
	for _, in := range clerk.must(http.StatusOK, get, inCase, nil).list("instruments") {
		if in.id("id") == added.id("id") {
			same("an instrument", added, in)
			return
		}
	}
	t.Errorf("the instrument is not there: %v", added)
}
