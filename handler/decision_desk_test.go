package handler_test

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"microcourt/handler/handlertest"
	"microcourt/model"
)

// Where a certificate is looked at and issued, alone and with others, a decision that
// can still be taken back is ended first, by a click beside the reason.
func TestEveryDoorOfACertificateWaits(t *testing.T) {
	t.Parallel()
	w := handlertest.New(t)
	judge, clerk, debtor := w.Staff("zhang.min", model.RoleJudge), w.Staff("wan.tt", model.RoleClerk), w.Phone("")
	f := w.File(clerk)
	debtor.Bind(clerk, f.ID, f.Debtor)
	r := debtor.Submit(f, 100000, 3201)
	desk, tab := w.Visitor(judge), fmt.Sprintf("/cases/%d?tab=certificate", f.ID)
	decided(t, desk, fmt.Sprintf("/receipts/%d/confirm", r.ID("id")), url.Values{"version": {"1"}, "amount": {"1000"}})
	w.CarryOut()
	if body := desk.Sees(tab, "certificate-preview"); strings.Contains(body, "立即生效") {
		t.Error("nothing waits")
	}
	pick := fmt.Sprintf("%d-%d-%d", f.ID, f.Instrument, f.Debtor)
	decided(t, desk, fmt.Sprintf("/receipts/%d/correct", r.ID("id")), url.Values{"version": {"2"}, "amount": {"1000"}, "reason": {"更正付款方式"}})
	if body := desk.Sees(tab, "台账还没有更新", "立即生效"); strings.Contains(body, "certificate-preview") || strings.Contains(body, `name="stamp"`) {
		t.Error("the case offers what it would refuse")
	}
	preview := fmt.Sprintf("/cases/%d/certificate-preview?instrument=%d&party=%d", f.ID, f.Instrument, f.Debtor)
	if res, body := desk.Send(http.MethodGet, preview, nil, nil); res.StatusCode != http.StatusConflict || !strings.Contains(body, "立即生效") {
		t.Errorf("the preview: %d", res.StatusCode)
	}
	if body := desk.Does(http.StatusOK, "/certificates/look", "立即生效", url.Values{"pick": {pick}}); !strings.Contains(body, "不能出具") || strings.Contains(body, "出具勾选的证明书") {
		t.Error("a batch is offered")
	}
	if body := desk.Does(http.StatusOK, "/certificates/batch", "立即生效", url.Values{"item": {pick + ".0123"}, "read": {"1"}}); !strings.Contains(body, "没有出具") || w.Audited(model.AuditCertificateIssue) != 0 {
		t.Error("a batch was issued")
	}
	desk.Does(http.StatusSeeOther, "/receipt-decisions/carry-out", "/desk/certificates/ready", url.Values{"to": {"/desk/certificates/ready"}})
	desk.Sees(tab, "certificate-preview")
}

// Whoever takes a confirmation back finds how he had shared the money, and what that
// comes to: to confirm again must not book something else.
func TestTheWayOfSharingSurvivesAnUndo(t *testing.T) {
	t.Parallel()
	w := handlertest.New(t)
	judge, clerk, debtor := w.Staff("zhang.min", model.RoleJudge), w.Staff("wan.tt", model.RoleClerk), w.Phone("")
	in := parentsInput("王强", "家长乙")
	for n, day := range []string{"2026-02-11", "2026-02-20"} {
		in["instruments"].([]handlertest.Obj)[0]["obligations"].([]handlertest.Obj)[n]["installments"] = []handlertest.Obj{{"amount_fen": 100_000, "due_on": day}}
	}
	f := w.FileInput(clerk, in)
	debtor.Bind(clerk, f.ID, f.Debtor)
	claim := handlertest.Claim(60_000, debtor.Uploaded(f.ID, 3202))
	claim["proof_kind"], claim["payee_name"] = "court_account", ""
	r := debtor.Must(http.StatusCreated, handlertest.Post, fmt.Sprintf("/cases/%d/receipts", f.ID), claim)
	desk, page := w.Visitor(judge), fmt.Sprintf("/receipts/%d", r.ID("id"))
	usual := strings.Count(desk.Sees(page, `id="way-due" checked`), "300.")
	d, _ := decided(t, desk, page+"/confirm", url.Values{"version": {"1"}, "amount": {"600"}, "spreading": {"proportion"}, "order_reason": {"两名家长同意"}})
	res, _ := desk.Send(http.MethodPost, page+"/undo", url.Values{"decision": {d}}, nil)
	body := desk.Sees(strings.TrimPrefix(res.Header.Get("Location"), "/desk"), `id="way-proportion" checked`, "两名家长同意")
	if n := strings.Count(body, "300."); n <= usual || strings.Contains(body, `id="way-due" checked`) {
		t.Errorf("the page shows what would not be booked: %d of %d", n, usual)
	}
}

// Two creditors of one name are two rows, each with what is his.
func TestNamesakesHaveARowEach(t *testing.T) {
	t.Parallel()
	w := handlertest.New(t)
	judge, clerk, debtor := w.Staff("zhang.min", model.RoleJudge), w.Staff("wan.tt", model.RoleClerk), w.Phone("")
	f := w.FileInput(clerk, parentsInput("王强", "王强", "家长丙"))
	debtor.Bind(clerk, f.ID, f.Debtor)
	claim := handlertest.Claim(60_000, debtor.Uploaded(f.ID, 3203))
	claim["proof_kind"], claim["payee_name"] = "court_account", ""
	r := debtor.Must(http.StatusCreated, handlertest.Post, fmt.Sprintf("/cases/%d/receipts", f.ID), claim)
	if body := judge.Reads(fmt.Sprintf("/receipts/%d", r.ID("id"))); !strings.Contains(body, "200.00") || strings.Contains(strings.ReplaceAll(body, "2,400.00", ""), "400.00") {
		t.Error("one of them has what is the other's")
	}
}
