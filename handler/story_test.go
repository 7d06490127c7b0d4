package handler_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"reflect"
	"strings"
	"testing"

	"microcourt/handler/handlertest"

	"microcourt/model"
	"microcourt/service/document"
	"microcourt/service/wechat/wechattest"
	"microcourt/storage"
)

// From filing to certificate: the whole loop, as its users go through it.
func TestFromFilingToCertificate(t *testing.T) {
	t.Parallel()
	w := handlertest.New(t)
	judge := w.Staff("zhang.min", model.RoleJudge)
	clerk := w.Staff("wan.tt", model.RoleClerk)
	f := w.File(clerk)

	// The debtor scans the code on the paper notice and finds the notice and what
	// he owes.
	debtor, creditor := w.Phone("13900139000"), w.Phone("13800138000")
	debtor.Bind(clerk, f.ID, f.Debtor)
	bound := creditor.Must(http.StatusCreated, http.MethodPost, "/bindings/identity",
		handlertest.Obj{"name": "李某", "id_number": "11010519491231002x", "phone_code": w.PhoneCode(creditor)})
	if len(bound.List("bindings")) != 1 || bound.List("bindings")[0].ID("party_id") != f.Creditor {
		t.Fatalf("the creditor was bound to %v", bound)
	}
	inbox := debtor.Must(http.StatusOK, http.MethodGet, "/notices", nil)
	if n := inbox.List("notices"); len(n) != 2 || n[1].Str("kind") != "case.filed" || n[1].Str("number") == "" ||
		!strings.Contains(n[1].Str("body"), f.No) || !strings.Contains(n[0].Str("body"), "600.00 元") || inbox.Num("unread") != 2 {
		t.Fatalf("the debtor's inbox: %v", inbox)
	}
	cs := debtor.Must(http.StatusOK, http.MethodGet, fmt.Sprintf("/cases/%d", f.ID), nil)
	if cs.Str("next_due_on") != "2026-03-31" || cs.Str("performance") != "pending" {
		t.Fatalf("the debtor sees %v", cs)
	}

	// He uploads a receipt; judge and creditor see it at once.
	for _, tmpl := range []string{wechattest.TemplateReceipt, wechattest.TemplateReceipt, wechattest.TemplateCertificate} {
		if err := w.Fake.Allow(debtor.OpenID, tmpl); err != nil {
			t.Fatal(err)
		}
	}
	r1 := debtor.Submit(f, 60000, 1)
	queue := judge.Must(http.StatusOK, http.MethodGet, "/receipts", nil)
	if q := queue.List("receipts"); len(q) != 1 || q[0].ID("id") != r1.ID("id") || q[0].Num("claimed_fen") != 60000 {
		t.Fatalf("the judge's queue: %v", queue)
	}
	ack := creditor.Must(http.StatusOK, http.MethodPost, fmt.Sprintf("/receipts/%d/acknowledge", r1.ID("id")), nil)
	if ack.Str("state") != "acknowledged" {
		t.Fatalf("%v", ack)
	}
	detail := judge.Must(http.StatusOK, http.MethodGet, fmt.Sprintf("/receipts/%d", r1.ID("id")), nil)
	if !reflect.DeepEqual(detail.List("responses")[0], ack) || len(detail.List("files")) != 1 {
		t.Fatalf("%v", detail)
	}
	judge.Confirm(r1, 60000)

	// Not yet: the list says what is missing.
	want := handlertest.Obj{"instrument_id": f.Instrument, "party_id": f.Debtor}
	debtor.Refused(http.StatusConflict, "certificate.not_eligible", http.MethodPost, fmt.Sprintf("/cases/%d/certificate-applications", f.ID), want)
	r2 := debtor.Submit(f, 40000, 2)
	judge.Confirm(r2, 40000)
	ledger := creditor.Must(http.StatusOK, http.MethodGet, fmt.Sprintf("/cases/%d/ledger", f.ID), nil)
	if ledger.Num("outstanding_fen") != 0 || ledger.Str("performance") != "fulfilled" || len(ledger.List("entries")) != 2 {
		t.Fatalf("the ledger: %v", ledger)
	}
	debtor.Must(http.StatusCreated, http.MethodPost, fmt.Sprintf("/cases/%d/certificate-applications", f.ID), want)
	cert := judge.Issues(f)
	if cert.Str("number") != "镇法自履证〔2026〕1号" || cert.Str("timeliness") != "on_time" {
		t.Fatalf("%v", cert)
	}

	// The paper verifies offline and online.
	pdf := debtor.Call(http.MethodGet, fmt.Sprintf("/certificates/%d/pdf", cert.ID("id")), nil)
	v, err := document.Verify(pdf.Body, w.Signer.Certificate())
	if err != nil || !v.Trusted || v.Number != cert.Str("number") {
		t.Fatalf("offline: %+v %v", v, err)
	}
	again := judge.Call(http.MethodGet, fmt.Sprintf("/certificates/%d/pdf", cert.ID("id")), nil)
	if !bytes.Equal(pdf.Body, again.Body) {
		t.Error("the paper changed between two downloads")
	}
	verify := "/verify/certificates?number=" + url.QueryEscape("镇法自履证[2026]1号") + "&code=" + v.CheckCode
	if got := w.Public().Must(http.StatusOK, http.MethodGet, verify, nil); got.Str("state") != "valid" {
		t.Fatalf("online: %v", got)
	}
	// A number that was given out before a backup was restored, and has no record.
	err = w.DB.Transact(context.Background(), func(tx *storage.DB) error {
		return tx.AddVoidNumbers(context.Background(), []model.VoidNumber{{
			CourtID: w.Court.ID, Kind: model.CertificateSeries, Year: 2026, Serial: 77, Number: "镇法自履证〔2026〕77号", CheckCode: "ABCDEFGHJK", Reason: "测试", VoidedAt: tx.Now(),
		}})
	})
	if err != nil {
		t.Fatal(err)
	}
	void := url.QueryEscape("镇法自履证〔2026〕77号") + "&code="
	if got := w.Public().Must(http.StatusOK, http.MethodGet, "/verify/certificates?number="+void+"abcdefghjk", nil); got.Str("state") != "void" || got.Str("state_name") != "编号已作废" {
		t.Fatalf("a void number: %v", got)
	}
	if got := w.Public().Must(http.StatusOK, http.MethodGet, "/verify/certificates?number="+void+"WRONGCODE1", nil); got.Str("state") != "unknown" {
		t.Fatalf("a void number with another code: %v", got)
	}
	share := debtor.Must(http.StatusCreated, http.MethodPost, fmt.Sprintf("/certificates/%d/share-codes", cert.ID("id")), nil)
	facts := w.Public().Must(http.StatusOK, http.MethodPost, "/verify/details", handlertest.Obj{"code": share.Str("code")})
	if facts.Obj("facts").Str("obligor_name") != "甬兴建材有限公司" || facts.Obj("facts").Num("total_fen") != 100000 {
		t.Fatalf("%v", facts)
	}
	w.Public().Refused(http.StatusBadRequest, "share_code.wrong", http.MethodPost, "/verify/details", handlertest.Obj{"code": share.Str("code")})
	lookups := debtor.Must(http.StatusOK, http.MethodGet, fmt.Sprintf("/certificates/%d/lookups", cert.ID("id")), nil)
	if len(lookups.List("lookups")) != 2 {
		t.Fatalf("the holder sees %v", lookups)
	}

	// Revoked: whoever verifies from now on is told why.
	judge.Revokes(cert, model.GroundPaymentReversed, "银行退票")
	got := w.Public().Must(http.StatusOK, http.MethodGet, verify, nil)
	if got.Str("state") != "revoked" || got.Str("revoke_reason") != "银行退票" {
		t.Fatalf("after revocation: %v", got)
	}

	// The cards that WeChat showed, by its own journal.
	if err := w.Svc.Notice.Drain(context.Background()); err != nil {
		t.Fatal(err)
	}
	var titles []string
	for _, c := range w.Fake.Inbox(debtor.OpenID) {
		titles = append(titles, c.Title)
	}
	if len(titles) != 3 {
		t.Errorf("the debtor allowed three cards and got %v", titles)
	}
	heads, breaks, err := w.DB.VerifyAudit(context.Background())
	if err != nil || len(breaks) != 0 || len(heads) == 0 {
		t.Errorf("audit: %v %v %v", heads, breaks, err)
	}
	// Nothing personal in the log.
	for _, secret := range []string{"11010519491231002", "13800138000", "13900139000", "李某", "甬兴建材", f.No, v.CheckCode} {
		if strings.Contains(w.Log.String(), secret) {
			t.Errorf("the log holds %q", secret)
		}
	}
	if _, err := json.Marshal(cert); err != nil {
		t.Error(err)
	}
}
