package handler_test

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"microcourt/handler/handlertest"
	"microcourt/model"

	"microcourt/service"
	"microcourt/service/document"
	"microcourt/service/paper"
)

// The signing certificate ends while the server runs. What the court decides is
// decided all the same; nothing is signed, whoever wants a paper is told why,
// and the same papers can be opened once the certificate was renewed.
func TestPapersWaitForTheNextSigningCertificate(t *testing.T) {
	t.Parallel()
	c := newCoerced(t)
	w, clerk := c.World, c.clerk
	f, open := w.File(clerk), w.File(clerk)
	debtor := w.Phone("")
	debtor.Bind(clerk, f.ID, f.Debtor)
	judge := c.judge
	judge.Confirm(debtor.Submit(f, 100000, 10), 100000)
	expired, _, _, err := document.GenerateSigner(w.Court.Name, time.Date(2010, 1, 1, 0, 0, 0, 0, time.UTC)) // for ten years
	if err != nil {
		t.Fatal(err)
	}
	w.Deps = func(d *service.Deps) { d.Printer = document.NewPrinter(expired, nil) }
	w.Build()
	cert := judge.Issues(f)
	sheet := judge.Makes(paper.Request{Kind: model.DocumentCreditorSheet, CaseID: open.ID, PartyID: open.Creditor, InstrumentID: open.Instrument})
	waiting := []string{fmt.Sprintf("/certificates/%d/pdf", cert.ID("id")), fmt.Sprintf("/documents/%d/pdf", sheet.ID("id"))}
	refused := func(by *handlertest.Client, method, path string, in any) {
		t.Helper()
		a := by.Call(method, path, in)
		if message := a.Json.Obj("error").Str("message"); a.Status != http.StatusServiceUnavailable || a.Json.Reason() != "signing.certificate" || !strings.Contains(message, "签名证书") {
			t.Errorf("%s: %d %s", path, a.Status, a.Body)
		}
	}
	for _, path := range waiting {
		refused(judge, handlertest.Get, path, nil)
	}
	for _, paper := range []string{"notice", "slip"} {
		w.Visitor(clerk).Does(http.StatusServiceUnavailable, fmt.Sprintf("/cases/%d/slip", f.ID), "签名证书", url.Values{"party": {fmt.Sprint(f.Creditor)}, "paper": {paper}})
	}
	w.Visitor(clerk).Does(http.StatusServiceUnavailable, fmt.Sprintf("/enforcement/%d/family/slip", c.id), "签名证书", url.Values{"party": {fmt.Sprint(c.f.Debtor)}})
	w.Deps = nil
	w.Build()
	for _, path := range waiting {
		if a := judge.Call(handlertest.Get, path, nil); a.Status != http.StatusOK || !strings.HasPrefix(string(a.Body), "%PDF-") {
			t.Errorf("%s after the renewal: %d", path, a.Status)
		}
	}
}
