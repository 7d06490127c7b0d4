package handler_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"microcourt/handler/handlertest"

	"microcourt/model"
)

// One account that is clerk and judge files a case, hands in a picture at the
// window and confirms it: that it may not, by no way and under no role, also
// not by its own phone. Another judge takes the case over, confirms and issues;
// the desk says so in place of the button.
func TestNobodyConfirmsWhatHeSubmitted(t *testing.T) {
	t.Parallel()
	w := handlertest.New(t)
	both := w.Staff("zhang.min", model.RoleClerk, model.RoleJudge)
	f := w.File(both)
	v := w.Visitor(both)
	fields := map[string]string{
		"key": handlertest.FreshKey(), "party": fmt.Sprint(f.Debtor), "amount": "12.34", "paid_on": "2026-03-01", "payer_kind": "self", "payer_name": "陈某", "proof_kind": "cash_receipt",
	}
	res, body := v.SendForm(fmt.Sprintf("/cases/%d/window", f.ID), fields, handlertest.Picture(1))
	at, _, _ := strings.Cut(strings.TrimPrefix(res.Header.Get("Location"), "/desk"), "?")
	if res.StatusCode != http.StatusSeeOther || !strings.HasPrefix(at, "/receipts/") {
		t.Fatalf("the window answers %d %s", res.StatusCode, body)
	}
	confirms := handlertest.Obj{"version": 1, "amount_fen": 1234}
	refusedAll(t, []mistake{
		{both, clash, "receipt.own", handlertest.Post, at + "/confirm", confirms, ""},
		{both, clash, "receipt.own", handlertest.Post, at + "/return", handlertest.Obj{"version": 1, "reason": "不清晰"}, ""},
		{both, clash, "receipt.own", handlertest.Post, at + "/correct", handlertest.Obj{"version": 1, "amount_fen": 1, "reason": "更正"}, ""},
	})
	page := v.Sees(at, "这份回执是您本人提交或录入的", "请院领导把案件移交其他法官")
	if strings.Contains(page, at+"/confirm") || strings.Contains(page, at+"/return") {
		t.Error("the desk offers a decision that is refused")
	}
	// A party by his own code and phone he is not either.
	code := w.BindingCode(both, f.ID, f.Debtor)
	phone := &handlertest.Client{W: w, OpenID: both.OpenID}
	phone.Login()
	phone.Refused(clash, "binding.own", handlertest.Post, "/bindings/code", handlertest.Obj{"code": code})
	// A colleague prints it for him; what he submits by his phone he does not confirm either.
	clerk := w.Staff("wan.tt", model.RoleClerk)
	phone.Bind(clerk, f.ID, f.Debtor)
	byPhone := phone.Submit(f, 500, 2)
	refusedAll(t, []mistake{{both, clash, "receipt.own", handlertest.Post, fmt.Sprintf("/receipts/%d/confirm", byPhone.ID("id")), handlertest.Obj{"version": 1, "amount_fen": 500}, ""}})

	next := w.Staff("ji.wei", model.RoleJudge)
	both.HandOver(f.ID, "ji.wei", "经办人回避")
	w.Visitor(next).Sees(at, at+"/confirm")
	next.Must(http.StatusOK, handlertest.Post, at+"/confirm", confirms)
}
