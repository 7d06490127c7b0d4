package handler_test

import (
	"fmt"
	"net/http"
	"net/url"
	"testing"

	"microcourt/handler/handlertest"
	"microcourt/model"
)

// Money arrives unidentified, is identified for a case, prepared by the officer,
// approved by a leader who read it, and paid by a clerk with the bank's slip; the
// account of the case shows each step with its proof, and the lists are sheets, too.
func TestCaseMoneyOnTheDesk(t *testing.T) {
	t.Parallel()
	c := newCoerced(t)
	clerk, officer, leader := c.Visitor(c.clerk), c.Visitor(c.officer), c.Visitor(c.leader)
	page := fmt.Sprintf("/enforcement/%d/account", c.id)
	e, err := c.Svc.Enforcement.Case(t.Context(), c.officer.ActorOf(model.RoleOfficer), c.id)
	if err != nil {
		t.Fatal(err)
	}
	no := e.File.CaseNo

	entered := map[string]string{
		"source": "deduction", "arrived_on": "2026-03-06", "amount": "600.00", "payer_name": "赵明", "bank_ref": "NB 2026 0306 77", "remark": "案号看不清",
	}
	sendsKeyed(clerk, "/case-money", "money_entered", entered)
	twice := url.Values{"key": {handlertest.FreshKey()}}
	for k, v := range entered {
		twice.Set(k, v)
	}
	clerk.Does(http.StatusBadRequest, "/case-money", "这个银行流水号已于", twice)
	twice.Set("bank_ref", "NB9")
	twice.Set("case_no", "（2026）浙0211执99999号")
	twice.Set("key", handlertest.FreshKey())
	clerk.Does(http.StatusBadRequest, "/case-money", "本院没有这个执行案件", twice)
	clerk.Sees("/case-money?state=unidentified", "NB2026030677", "认领", "共 1 笔")
	clerk.Does(http.StatusSeeOther, "/case-money/1/identify?state=unidentified", "done=money_identified", url.Values{"version": {"1"}, "to_case": {no}})
	clerk.Does(http.StatusBadRequest, "/case-money/1/identify?state=unidentified", "须写明原因", url.Values{"version": {"2"}, "to_case": {no}})
	officer.Sees("/case-money", "NB2026030677", no, "2026-04-05")
	officer.Sees(page, "到账 600.00 元，付出 0.00 元，余额 600.00 元", "提出发放", "报批延缓发放", "剩 30 天")

	sendsKeyed(clerk, fmt.Sprintf("/cases/%d/payment-accounts", c.f.ID), "account_entered", map[string]string{"party": fmt.Sprint(c.f.Creditor), "payee": "李某", "number": "6228480000000001011", "bank": "镇海农商银行"})
	creditor := fmt.Sprint(c.f.Creditor)
	pay := map[string]string{"money": "1", "version": "2", "kind": "creditor", "party": creditor, "amount": "500.00"}
	early := url.Values{"key": {handlertest.FreshKey()}}
	for k, v := range pay {
		early.Set(k, v)
	}
	officer.Does(http.StatusBadRequest, page+"/payouts", "还没有经确认的收款账户", early)
	officer.Does(http.StatusSeeOther, "/payment-accounts/1/decide", "", url.Values{"version": {"1"}, "state": {"in_use"}})
	sendsKeyed(officer, page+"/payouts", "payout_prepared", pay)
	sendsKeyed(officer, page+"/payouts", "payout_prepared", map[string]string{
		"money": "1", "version": "3", "kind": "fee", "amount": "20.00", "payee": "某某财政局", "number": "33010000111122", "bank": "某银行",
	})
	sendsKeyed(officer, page+"/delays", "delay_asked", map[string]string{"money": "1", "ground": "frozen", "reason": "另案裁定冻结余款", "until_on": "2026-05-01"})
	officer.Does(http.StatusSeeOther, page+"/withdraw", "done=payout_withdrawn", url.Values{"payout": {"2"}, "version": {"1"}, "reason": {"重新计算"}})

	leader.Sees("/payouts", no, "李某", "500.00")
	leader.Sees("/payout-delays", no, "另案裁定冻结余款")
	leader.Does(http.StatusBadRequest, page+"/decide", "请先阅读", url.Values{"payout": {"1"}, "version": {"1"}, "decision": {"approved"}})
	leader.Does(http.StatusBadRequest, page+"/decide", "请写明不批准的理由", url.Values{"payout": {"1"}, "version": {"1"}, "decision": {"refused"}})
	leader.Does(http.StatusSeeOther, page+"/decide", "done=payout_decided", url.Values{"payout": {"1"}, "version": {"1"}, "decision": {"approved"}, "read": {"1"}})
	leader.Does(http.StatusSeeOther, page+"/delay-decide", "done=delay_decided", url.Values{"delay": {"1"}, "version": {"1"}, "decision": {"approved"}, "read": {"1"}})
	officer.Does(http.StatusSeeOther, page+"/delay-end", "done=delay_ended", url.Values{"delay": {"1"}, "version": {"2"}})

	clerk.Sees("/payouts?state=approved", "李某")
	clerk.Does(http.StatusBadRequest, page+"/pay", "请上传银行付款回单", url.Values{"payout": {"1"}, "version": {"2"}, "paid_on": {"2026-03-06"}, "bank_ref": {"OUT1"}})
	sendsKeyed(clerk, page+"/pay", "payout_paid", map[string]string{"payout": "1", "version": "2", "paid_on": "2026-03-06", "bank_ref": "OUT1"}, handlertest.Picture(3301))
	clerk.Sees(page, "到账 600.00 元，付出 500.00 元，余额 100.00 元", "流水号 OUT1", "回单")
	account := fmt.Sprintf("/enforcement-cases/%d/account", c.id)
	if v := c.officer.Must(http.StatusOK, handlertest.Get, account, nil); v.ID("in_fen") != 60000 || v.ID("out_fen") != 50000 || v.ID("left_fen") != 10000 || v.ID("fee_fen") != 5000 ||
		len(v.List("arrivals")) != 1 || v.List("payouts")[0].Str("state") != "paid" || v.List("payouts")[0].ID("file_id") == 0 {
		t.Error(v)
	}
	c.officer.Refused(http.StatusNotFound, "enforcement.not_found", handlertest.Get, "/enforcement-cases/999999/account", nil)
	clerk.Does(http.StatusSeeOther, page+"/back", "done=payout_back", url.Values{"payout": {"1"}, "version": {"3"}, "reason": {"账号不存在"}})
	clerk.Does(http.StatusSeeOther, page+"/correct", "done=money_corrected", url.Values{"money": {"1"}, "version": {"10"}, "amount": {"100.00"}, "less": {"1"}, "reason": {"银行多报"}})
	officer.Sees(page, "付出 0.00 元，余额 500.00 元", "付款被银行退回")
	officer.Does(http.StatusConflict, page+"/identify", "已经在该案的账户中", url.Values{"money": {"1"}, "version": {"11"}, "to_case": {no}, "reason": {"看错"}})
}
