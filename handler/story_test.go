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

	"microcourt/model"
	"microcourt/service/document"
	"microcourt/service/wechat/wechattest"
	"microcourt/storage"
)

// From filing to certificate: the whole loop, as its users go through it.
func TestFromFilingToCertificate(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	judge := w.staff("zhang.min", model.RoleJudge)
	clerk := w.staff("wan.tt", model.RoleClerk)
	f := w.file(clerk)

	// The debtor scans the code on the paper notice and finds the notice and what
	// he owes.
	debtor, creditor := w.phone("13900139000"), w.phone("13800138000")
	debtor.bind(clerk, f.id, f.debtor)
	bound := creditor.must(http.StatusCreated, http.MethodPost, "/bindings/identity",
		obj{"name": "李某", "id_number": "11010519491231002x", "phone_code": w.phoneCode(creditor)})
	if len(bound.list("bindings")) != 1 || bound.list("bindings")[0].id("party_id") != f.creditor {
		t.Fatalf("the creditor was bound to %v", bound)
	}
	inbox := debtor.must(http.StatusOK, http.MethodGet, "/notices", nil)
	if n := inbox.list("notices"); len(n) != 2 || n[1].str("kind") != "case.filed" || n[1].str("number") == "" ||
		!strings.Contains(n[1].str("body"), f.no) || !strings.Contains(n[0].str("body"), "600.00 元") || inbox.num("unread") != 2 {
		t.Fatalf("the debtor's inbox: %v", inbox)
	}
	cs := debtor.must(http.StatusOK, http.MethodGet, fmt.Sprintf("/cases/%d", f.id), nil)
	if cs.str("next_due_on") != "2026-03-31" || cs.str("performance") != "pending" {
		t.Fatalf("the debtor sees %v", cs)
	}

	// He uploads a receipt; judge and creditor see it at once.
	for _, tmpl := range []string{wechattest.TemplateReceipt, wechattest.TemplateReceipt, wechattest.TemplateCertificate} {
		if err := w.fake.Allow(debtor.openID, tmpl); err != nil {
			t.Fatal(err)
		}
	}
	r1 := debtor.submit(f, 60000, 1)
	queue := judge.must(http.StatusOK, http.MethodGet, "/receipts", nil)
	if q := queue.list("receipts"); len(q) != 1 || q[0].id("id") != r1.id("id") || q[0].num("claimed_fen") != 60000 {
		t.Fatalf("the judge's queue: %v", queue)
	}
	ack := creditor.must(http.StatusOK, http.MethodPost, fmt.Sprintf("/receipts/%d/acknowledge", r1.id("id")), nil)
	if ack.str("state") != "acknowledged" {
		t.Fatalf("%v", ack)
	}
	detail := judge.must(http.StatusOK, http.MethodGet, fmt.Sprintf("/receipts/%d", r1.id("id")), nil)
	if !reflect.DeepEqual(detail.list("responses")[0], ack) || len(detail.list("files")) != 1 {
		t.Fatalf("%v", detail)
	}
	judge.confirm(r1, 60000)

	// Not yet: the list says what is missing.
	want := obj{"instrument_id": f.instrument, "party_id": f.debtor}
	debtor.refused(http.StatusConflict, "certificate.not_eligible", http.MethodPost, fmt.Sprintf("/cases/%d/certificate-applications", f.id), want)
	judge.refused(http.StatusConflict, "certificate.not_eligible", http.MethodPost, fmt.Sprintf("/cases/%d/certificates", f.id), want)
	r2 := debtor.submit(f, 40000, 2)
	judge.confirm(r2, 40000)
	ledger := creditor.must(http.StatusOK, http.MethodGet, fmt.Sprintf("/cases/%d/ledger", f.id), nil)
	if ledger.num("outstanding_fen") != 0 || ledger.str("performance") != "fulfilled" || len(ledger.list("entries")) != 2 {
		t.Fatalf("the ledger: %v", ledger)
	}
	debtor.must(http.StatusCreated, http.MethodPost, fmt.Sprintf("/cases/%d/certificate-applications", f.id), want)
	cert := judge.must(http.StatusCreated, http.MethodPost, fmt.Sprintf("/cases/%d/certificates", f.id), want)
	if cert.str("number") != "镇法自履证〔2026〕1号" || cert.str("timeliness") != "on_time" {
		t.Fatalf("%v", cert)
	}

	// The paper verifies offline and online.
	pdf := debtor.call(http.MethodGet, fmt.Sprintf("/certificates/%d/pdf", cert.id("id")), nil)
	v, err := document.Verify(pdf.body, w.signer.Certificate())
	if err != nil || !v.Trusted || v.Number != cert.str("number") {
		t.Fatalf("offline: %+v %v", v, err)
	}
	again := judge.call(http.MethodGet, fmt.Sprintf("/certificates/%d/pdf", cert.id("id")), nil)
	if !bytes.Equal(pdf.body, again.body) {
		t.Error("the paper changed between two downloads")
	}
	verify := "/verify/certificates?number=" + url.QueryEscape("镇法自履证[2026]1号") + "&code=" + v.CheckCode
	if got := w.public().must(http.StatusOK, http.MethodGet, verify, nil); got.str("state") != "valid" {
		t.Fatalf("online: %v", got)
	}
	// A number that was given out before a backup was restored, and has no record.
	err = w.db.Transact(context.Background(), func(tx *storage.DB) error {
		return tx.AddVoidNumbers(context.Background(), []model.VoidNumber{{
			CourtID: w.court.ID, Kind: model.CertificateSeries, Year: 2026, Serial: 77, Number: "镇法自履证〔2026〕77号", CheckCode: "ABCDEFGHJK", Reason: "测试", VoidedAt: tx.Now(),
		}})
	})
	if err != nil {
		t.Fatal(err)
	}
	void := url.QueryEscape("镇法自履证〔2026〕77号") + "&code="
	if got := w.public().must(http.StatusOK, http.MethodGet, "/verify/certificates?number="+void+"abcdefghjk", nil); got.str("state") != "void" || got.str("state_name") != "编号已作废" {
		t.Fatalf("a void number: %v", got)
	}
	if got := w.public().must(http.StatusOK, http.MethodGet, "/verify/certificates?number="+void+"WRONGCODE1", nil); got.str("state") != "unknown" {
		t.Fatalf("a void number with another code: %v", got)
	}
	share := debtor.must(http.StatusCreated, http.MethodPost, fmt.Sprintf("/certificates/%d/share-codes", cert.id("id")), nil)
	facts := w.public().must(http.StatusOK, http.MethodPost, "/verify/details", obj{"code": share.str("code")})
	if facts.obj("facts").str("obligor_name") != "甬兴建材有限公司" || facts.obj("facts").num("total_fen") != 100000 {
		t.Fatalf("%v", facts)
	}
	w.public().refused(http.StatusBadRequest, "share_code.wrong", http.MethodPost, "/verify/details", obj{"code": share.str("code")})
	lookups := debtor.must(http.StatusOK, http.MethodGet, fmt.Sprintf("/certificates/%d/lookups", cert.id("id")), nil)
	if len(lookups.list("lookups")) != 2 {
		t.Fatalf("the holder sees %v", lookups)
	}

	// Revoked: whoever verifies from now on is told why.
	judge.must(http.StatusOK, http.MethodPost, fmt.Sprintf("/certificates/%d/revoke", cert.id("id")),
		obj{"ground": "payment_reversed", "reason": "银行退票", "version": cert.num("version")})
	got := w.public().must(http.StatusOK, http.MethodGet, verify, nil)
	if got.str("state") != "revoked" || got.str("revoke_reason") != "银行退票" {
		t.Fatalf("after revocation: %v", got)
	}

	// The cards that WeChat showed, by its own journal.
	if err := w.svc.Notice.Drain(context.Background()); err != nil {
		t.Fatal(err)
	}
	var titles []string
	for _, c := range w.fake.Inbox(debtor.openID) {
		titles = append(titles, c.Title)
	}
	if len(titles) != 3 {
		t.Errorf("the debtor allowed three cards and got %v", titles)
	}
	heads, breaks, err := w.db.VerifyAudit(context.Background())
	if err != nil || len(breaks) != 0 || len(heads) == 0 {
		t.Errorf("audit: %v %v %v", heads, breaks, err)
	}
	// Nothing personal in the log.
	for _, secret := range []string{"11010519491231002", "13800138000", "13900139000", "李某", "甬兴建材", f.no, v.CheckCode} {
		if strings.Contains(w.log.String(), secret) {
			t.Errorf("the log holds %q", secret)
		}
	}
	if _, err := json.Marshal(cert); err != nil {
		t.Error(err)
	}
}

func (w *world) phoneCode(c *client) string {
	w.t.Helper()
	code, err := w.fake.PhoneCode(c.openID)
	if err != nil {
		w.t.Fatal(err)
	}
	return code
}
