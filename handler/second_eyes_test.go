package handler_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"microcourt/model"
)

// One account that is clerk and judge files a case, hands in a picture at the
// window and confirms it: that it may not, by no way and under no role, also
// not by its own phone. Another judge takes the case over, confirms and issues;
// the desk says so in place of the button.
func TestNobodyConfirmsWhatHeSubmitted(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	both := w.staff("zhang.min", model.RoleClerk, model.RoleJudge)
	f := w.file(both)
	v := w.visitor(both)
	fields := map[string]string{
		"key": freshKey(), "party": fmt.Sprint(f.debtor), "amount": "12.34", "paid_on": "2026-03-01", "payer_kind": "self", "payer_name": "陈某", "proof_kind": "cash_receipt",
	}
	res, body := v.sendForm(fmt.Sprintf("/cases/%d/window", f.id), fields, picture(1))
	at, _, _ := strings.Cut(strings.TrimPrefix(res.Header.Get("Location"), "/desk"), "?")
	if res.StatusCode != http.StatusSeeOther || !strings.HasPrefix(at, "/receipts/") {
		t.Fatalf("the window answers %d %s", res.StatusCode, body)
	}
	confirms := obj{"version": 1, "amount_fen": 1234}
	refusedAll(t, []mistake{
		{both, clash, "receipt.own", post, at + "/confirm", confirms, ""},
		{both, clash, "receipt.own", post, at + "/return", obj{"version": 1, "reason": "不清晰"}, ""},
		{both, clash, "receipt.own", post, at + "/correct", obj{"version": 1, "amount_fen": 1, "reason": "更正"}, ""},
	})
	page := v.sees(at, "这份回执是您本人提交或录入的", "请院领导把案件移交其他法官")
	if strings.Contains(page, at+"/confirm") || strings.Contains(page, at+"/return") {
		t.Error("the desk offers a decision that is refused")
	}
	// A party by his own code and phone he is not either.
	code := both.must(http.StatusCreated, post, fmt.Sprintf("/cases/%d/parties/%d/binding-codes", f.id, f.debtor), obj{}).str("code")
	phone := &client{w: w, openID: both.openID}
	phone.login()
	phone.refused(clash, "binding.own", post, "/bindings/code", obj{"code": code})
	// A colleague prints it for him; what he submits by his phone he does not confirm either.
	clerk := w.staff("wan.tt", model.RoleClerk)
	phone.bind(clerk, f.id, f.debtor)
	byPhone := phone.submit(f, 500, 2)
	refusedAll(t, []mistake{{both, clash, "receipt.own", post, fmt.Sprintf("/receipts/%d/confirm", byPhone.id("id")), obj{"version": 1, "amount_fen": 500}, ""}})

	next := w.staff("ji.wei", model.RoleJudge)
	both.must(http.StatusNoContent, post, fmt.Sprintf("/cases/%d/hand-over", f.id), obj{"to_judge": "ji.wei", "reason": "经办人回避", "version": 1})
	w.visitor(next).sees(at, at+"/confirm")
	next.must(http.StatusOK, post, at+"/confirm", confirms)
}
