package handler_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"microcourt/handler/handlertest"

	"microcourt/model"
	"microcourt/service/identity"
)

// One request gives a phone its whole page, with what is to be done next at each
// stage; the list says the same in a line.
func TestACaseOnOnePage(t *testing.T) {
	t.Parallel()
	w := handlertest.New(t)
	judge, clerk, debtor, creditor, stranger := w.Staff("zhang.min", model.RoleJudge), w.Staff("wan.tt", model.RoleClerk), w.Phone(""), w.Phone(""), w.Phone("")
	f := w.File(clerk)
	debtor.Bind(clerk, f.ID, f.Debtor)
	creditor.Bind(clerk, f.ID, f.Creditor)
	path := fmt.Sprintf("/my/cases/%d", f.ID)
	stranger.Refused(http.StatusNotFound, "case.not_found", http.MethodGet, path, nil)
	stranger.Refused(http.StatusNotFound, "case.not_found", http.MethodGet, fmt.Sprintf("/cases/%d/how-to-pay", f.ID), nil)
	next := func(c *handlertest.Client, code string) handlertest.Obj {
		t.Helper()
		page := c.Must(http.StatusOK, http.MethodGet, path, nil)
		lines := c.Must(http.StatusOK, http.MethodGet, "/my/cases", nil).List("cases")
		for _, l := range append(lines, page.Obj("line")) {
			if step := l.Obj("next_step"); step.Str("code") != code || step.Str("text") == "" {
				t.Errorf("the next step is %v, want %s", step, code)
			}
		}
		if len(lines) != 1 {
			t.Errorf("%d lines", len(lines))
		}
		return page
	}
	page := next(debtor, "pay")
	line := page.Obj("line")
	if line.Num("amount_fen") != 100000 || line.Num("open_fen") != 100000 || fmt.Sprint(line["opponents"]) != "[李某]" || fmt.Sprint(line["own"]) != "[甬兴建材有限公司]" ||
		line.Str("next_due_on") != "2026-03-31" || line.Obj("next_step").Str("path") != fmt.Sprintf("/api/v1/cases/%d/how-to-pay", f.ID) {
		t.Errorf("%v", line)
	}
	ways := page.Obj("pay").List("guides")[0].List("ways")
	if len(ways) != 1 || ways[0].Str("account") != "39011200" || ways[0].Str("court_phone") != "0574-12368" || ways[0].Str("reference") == "" || len(ways[0].List("lines")) != 2 {
		t.Errorf("%v", ways)
	}
	if c := page.Obj("contacts"); c.Str("judge") == "" || c.Str("court_phone") == "" {
		t.Errorf("%v", c)
	}
	paper := 0
	for _, n := range page.List("notices") {
		if n.ID("document_id") != 0 {
			paper++
			if pdf := debtor.Call(http.MethodGet, strings.TrimPrefix(n.Str("document_path"), "/api/v1"), nil); pdf.Status != http.StatusOK || !strings.HasPrefix(string(pdf.Body), "%PDF") {
				t.Errorf("the paper of %s: %d", n.Str("title"), pdf.Status)
			}
		}
	}
	if paper == 0 || len(page.List("documents")) == 0 {
		t.Error("no notice carries its paper")
	}
	next(creditor, "enter_account")

	r := debtor.Submit(f, 100000, 71)
	next(debtor, "wait_court")
	if step := next(creditor, "answer").Obj("line").Obj("next_step"); step.Str("path") != fmt.Sprintf("/api/v1/receipts/%d", r.ID("id")) {
		t.Errorf("%v", step)
	}
	judge.Must(http.StatusOK, http.MethodPost, fmt.Sprintf("/receipts/%d/return", r.ID("id")), handlertest.Obj{"version": 1, "reason": "图片不清晰。"})
	if step := next(debtor, "replace").Obj("line").Obj("next_step"); !strings.Contains(step.Str("text"), "图片不清晰") {
		t.Errorf("%v", step)
	}
	r = debtor.Submit(f, 100000, 72)
	judge.Confirm(r, 100000)
	page = next(debtor, "apply")
	if e := page.List("eligibility"); len(e) != 1 || e[0]["eligible"] != true || page.Obj("ledger").Num("outstanding_fen") != 0 || len(page.List("receipts")) != 2 {
		t.Errorf("%v", page)
	}
	next(creditor, "done")
	debtor.Must(http.StatusCreated, http.MethodPost, fmt.Sprintf("/cases/%d/certificate-applications", f.ID), handlertest.Obj{"instrument_id": f.Instrument, "party_id": f.Debtor})
	next(debtor, "wait_paper")
	judge.Posts(fmt.Sprintf("/cases/%d/certificates", f.ID), url.Values{"instrument": {fmt.Sprint(f.Instrument)}, "party": {fmt.Sprint(f.Debtor)}, "read": {"1"}, "stamp": stampIn(t, judge.Reads(fmt.Sprintf("/cases/%d?tab=certificate", f.ID)))})
	if page := next(debtor, "certificate"); len(page.List("certificates")) != 1 || len(page.Obj("pay").List("guides")) != 0 {
		t.Errorf("%v", page)
	}
}

// A picture shows from its address alone, to whom it was given and for a while:
// not to another who has lost the right, not after the log-out, and nothing on the
// way keeps or logs it.
func TestPicturesShowFromTheirAddresses(t *testing.T) {
	t.Parallel()
	w := handlertest.New(t)
	clerk, debtor := w.Staff("wan.tt", model.RoleClerk), w.Phone("")
	w.Staff("zhang.min", model.RoleJudge)
	f := w.File(clerk)
	debtor.Bind(clerk, f.ID, f.Debtor)
	id := debtor.Submit(f, 60000, 73).ID("id")
	address := func(which string) string {
		t.Helper()
		file := debtor.Must(http.StatusOK, http.MethodGet, fmt.Sprintf("/receipts/%d", id), nil).List("files")[0]
		u := file.Str(which)
		at := strings.Index(u, "/api/v1/pictures/")
		if at < 0 {
			t.Fatalf("%s is %q", which, u)
		}
		return strings.TrimPrefix(u[at:], "/api/v1")
	}
	for _, which := range []string{"view_url", "thumbnail_url"} {
		a := w.Public().Call(http.MethodGet, address(which), nil)
		if a.Status != http.StatusOK || a.Header.Get("Content-Type") != "image/jpeg" || len(a.Body) < 100 || a.Header.Get("Cache-Control") != "private, no-store" || a.Header.Get("ETag") != "" {
			t.Errorf("%s: %d %v", which, a.Status, a.Header)
		}
	}
	view := address("view_url")
	if strings.Contains(w.Log.String(), strings.TrimPrefix(view, "/pictures/")) {
		t.Error("the address is in the log")
	}
	gone := func(reason string) {
		t.Helper()
		w.Public().Refused(http.StatusNotFound, reason, http.MethodGet, view, nil)
	}
	w.Public().Refused(http.StatusNotFound, "picture.expired", http.MethodGet, view[:len(view)-2]+"xx", nil)
	w.Clock.Advance(11 * time.Minute)
	gone("picture.expired")
	view = address("view_url")
	w.SQL(fmt.Sprintf("UPDATE bindings SET ended_at = created_at, active_key = NULL WHERE user_id = %d", debtor.UserID)) // as the clerk ends it
	gone("file.not_found")
	w.SQL(fmt.Sprintf("UPDATE bindings SET ended_at = NULL WHERE user_id = %d", debtor.UserID))
	if a := w.Public().Call(http.MethodGet, view, nil); a.Status != http.StatusOK {
		t.Fatalf("%d %s", a.Status, a.Body)
	}
	by, err := w.Svc.Identity.Authenticate(t.Context(), strings.TrimPrefix(debtor.Auth, "Bearer "))
	if err != nil {
		t.Fatal(err)
	}
	broken := w.Svc.Identity.SignPicture(by, identity.Picture{FileID: debtor.Spoiled(f.ID), Variant: "view"})
	w.Public().Refused(http.StatusBadRequest, "file.damaged", http.MethodGet, "/pictures/"+broken, nil)
	debtor.Must(http.StatusNoContent, http.MethodDelete, "/sessions/current", nil)
	gone("picture.expired")
	w.Public().Refused(http.StatusNotFound, "picture.expired", http.MethodGet, "/pictures/x", nil)
}

// A creditor enters his account on the phone; the clerk calls him and the judge
// confirms on the desk; the debtor's page and the printed one show it.
func TestAnAccountFromThePhoneToTheDebtorsPage(t *testing.T) {
	t.Parallel()
	w := handlertest.New(t)
	judge, clerk, debtor, creditor := w.Staff("zhang.min", model.RoleJudge), w.Staff("wan.tt", model.RoleClerk), w.Phone(""), w.Phone("")
	f := w.File(clerk)
	debtor.Bind(clerk, f.ID, f.Debtor)
	creditor.Bind(clerk, f.ID, f.Creditor)
	agent := w.Phone("")
	code, err := w.Svc.Identity.IssueBindingCode(t.Context(), clerk.Actor(), f.ID, f.Creditor, model.CapacityAgent, "一般授权")
	if err != nil {
		t.Fatal(err)
	}
	agent.Must(http.StatusCreated, http.MethodPost, "/bindings/code", handlertest.Obj{"code": code.Code})
	path := fmt.Sprintf("/cases/%d/payment-accounts", f.ID)
	body := func(change ...string) handlertest.Obj {
		o := handlertest.Obj{"party_id": f.Creditor, "payee": "李某", "account": "6228 4800 0000 0001 011", "bank": "镇海农商银行"}
		for i := 0; i+1 < len(change); i += 2 {
			o[change[i]] = change[i+1]
		}
		return o
	}
	refusedAll(t, []mistake{
		{debtor, handlertest.Gone, "party.not_found", handlertest.Post, path, body(), ""},
		{w.Phone(""), handlertest.Gone, "case.not_found", handlertest.Post, path, body(), ""},
		{w.Phone(""), handlertest.Gone, "case.not_found", handlertest.Get, path, nil, ""},
		{agent, handlertest.Bad, "payment_account.authority", handlertest.Post, path, body(), "party_id"},
		{creditor, handlertest.Bad, "payment_account.payee_other", handlertest.Post, path, body("payee", "王某"), "payee"},
		{creditor, handlertest.Bad, "payment_account.number", handlertest.Post, path, body("account", "123"), "number"},
	})
	debtorsOwn := body()
	debtorsOwn["party_id"] = f.Debtor
	debtor.Refused(http.StatusBadRequest, "payment_account.not_creditor", http.MethodPost, path, debtorsOwn)
	a := creditor.Must(http.StatusCreated, http.MethodPost, path, body())
	if a.Str("account") != "****1011" || a.Str("state") != "entered" {
		t.Errorf("%v", a)
	}
	v, c := w.Visitor(judge), w.Visitor(clerk)
	one := fmt.Sprintf("/payment-accounts/%d", a.ID("id"))
	v.Sees("/payment-accounts", f.No, "李某", "****1011", "首次登记，无需")
	v.Sees(one, "6228480000000001011", "确认使用")
	v.Does(http.StatusSeeOther, one+"/decide", "done=account_decided", url.Values{"version": {"1"}, "state": {"in_use"}})
	creditor.Refused(http.StatusConflict, "payment_account.unchanged", http.MethodPost, path, body())

	second := creditor.Must(http.StatusCreated, http.MethodPost, path, body("account", "6214830000000005055"))
	other := fmt.Sprintf("/payment-accounts/%d", second.ID("id"))
	v.Sees("/payment-accounts", "更改账户，尚未核实")
	if html := judge.Reads(other); !strings.Contains(html, "13800138000") || !strings.Contains(html, "disabled") {
		t.Error("the page lacks the number on file, or lets the judge confirm before the call")
	}
	v.Does(http.StatusConflict, other+"/decide", "须先拨打案卷中的电话", url.Values{"version": {"1"}, "state": {"in_use"}})
	v.Does(http.StatusBadRequest, other+"/decide", "请填写理由", url.Values{"version": {"1"}, "state": {"refused"}})
	c.Does(http.StatusBadRequest, other+"/calls", "请选择通话的结果", url.Values{"key": {handlertest.FreshKey()}})
	c.Does(http.StatusForbidden, other+"/decide", "不能进行此操作", url.Values{"version": {"1"}, "state": {"in_use"}})
	ways := func() handlertest.Obj {
		t.Helper()
		return debtor.Must(http.StatusOK, http.MethodGet, fmt.Sprintf("/cases/%d/how-to-pay", f.ID), nil).List("guides")[0].List("ways")[0]
	}
	if way := ways(); way.Str("account") != "6228480000000001011" {
		t.Errorf("the debtor is shown %v", way)
	}
	c.Does(http.StatusSeeOther, other+"/calls", "done=account_called", url.Values{"key": {handlertest.FreshKey()}, "answer": {"agreed"}, "note": {"已逐位核对"}})
	v.Does(http.StatusSeeOther, other+"/decide", "done=account_decided", url.Values{"version": {"1"}, "state": {"in_use"}})
	way := ways()
	if way.Str("account") != "6214830000000005055" || way["to_court"] != false || !strings.Contains(way.Str("qr_text"), "账号：6214830000000005055") {
		t.Errorf("the debtor is shown %v", way)
	}
	v.Sees(fmt.Sprintf("/cases/%d/pay", f.ID), "6214830000000005055", way.Str("reference"), "data:image/png;base64,", "已由新账户取代")
	if raw, err := json.Marshal(creditor.Must(http.StatusOK, http.MethodGet, path, nil)); err != nil || strings.Contains(string(raw), "6214830000000005055") {
		t.Errorf("a phone lists the whole number: %s %v", raw, err)
	}
	// The clerk's form comes back with what was wrong.
	c.Does(http.StatusBadRequest, path, "8 至 30 位数字", url.Values{
		"key": {handlertest.FreshKey()}, "party": {fmt.Sprint(f.Creditor)}, "payee": {"李某"}, "number": {"12"}, "bank": {"农商行"},
	})
}
