package handler_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"microcourt/service"
	"microcourt/service/document"
)

// The signing certificate ends while the server runs. What the court decides is
// decided all the same; nothing is signed, whoever wants a paper is told why,
// and the same papers can be opened once the certificate was renewed.
func TestPapersWaitForTheNextSigningCertificate(t *testing.T) {
	t.Parallel()
	c := newCoerced(t)
	w, clerk := c.world, c.clerk
	f, open := w.file(clerk), w.file(clerk)
	debtor := w.phone("")
	debtor.bind(clerk, f.id, f.debtor)
	judge := c.judge
	judge.confirm(debtor.submit(f, 100000, 10), 100000)
	expired, _, _, err := document.GenerateSigner(w.court.Name, time.Date(2010, 1, 1, 0, 0, 0, 0, time.UTC)) // for ten years
	if err != nil {
		t.Fatal(err)
	}
	w.deps = func(d *service.Deps) { d.Printer = document.NewPrinter(expired, nil) }
	w.build()
	cert := judge.must(http.StatusCreated, post, fmt.Sprintf("/cases/%d/certificates", f.id), obj{"instrument_id": f.instrument, "party_id": f.debtor})
	sheet := judge.must(http.StatusCreated, post, fmt.Sprintf("/cases/%d/documents", open.id), obj{"kind": "creditor_sheet", "party_id": open.creditor, "instrument_id": open.instrument})
	waiting := []string{fmt.Sprintf("/certificates/%d/pdf", cert.id("id")), fmt.Sprintf("/documents/%d/pdf", sheet.id("id"))}
	refused := func(by *client, method, path string, in any) {
		t.Helper()
		a := by.call(method, path, in)
		if message := a.json.obj("error").str("message"); a.status != http.StatusServiceUnavailable || a.json.reason() != "signing.certificate" || !strings.Contains(message, "签名证书") {
			t.Errorf("%s: %d %s", path, a.status, a.body)
		}
	}
	for _, path := range waiting {
		refused(judge, get, path, nil)
	}
	refused(clerk, post, fmt.Sprintf("/cases/%d/parties/%d/notice.pdf", f.id, f.creditor), obj{})
	refused(clerk, post, fmt.Sprintf("/cases/%d/parties/%d/slip.pdf", f.id, f.creditor), obj{})
	refused(clerk, post, fmt.Sprintf("/enforcement-cases/%d/relative-codes/slip.pdf", c.id), obj{"party_id": c.f.debtor})
	w.deps = nil
	w.build()
	for _, path := range waiting {
		if a := judge.call(get, path, nil); a.status != http.StatusOK || !strings.HasPrefix(string(a.body), "%PDF-") {
			t.Errorf("%s after the renewal: %d", path, a.status)
		}
	}
}
