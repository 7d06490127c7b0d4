package handler_test

import (
	"bytes"
	"fmt"
	"net/http"
	"testing"

	"microcourt/handler/handlertest"
	"microcourt/model"
)

// How to pay is a paper as well: for the debtor and his family by the rule of the page, and
// from the desk for who has no phone.
func TestHowToPayIsPrinted(t *testing.T) {
	t.Parallel()
	w := handlertest.New(t)
	clerk := w.Staff("wan.tt", model.RoleClerk)
	w.Staff("zhang.min", model.RoleJudge)
	f := w.File(clerk)
	debtor, creditor, stranger := w.Phone(""), w.Phone(""), w.Phone("")
	debtor.Bind(clerk, f.ID, f.Debtor)
	creditor.Bind(clerk, f.ID, f.Creditor)
	path := fmt.Sprintf("/cases/%d/how-to-pay/pdf", f.ID)
	if a := debtor.Call(handlertest.Get, path, nil); a.Status != http.StatusOK || a.Header.Get("Content-Type") != "application/pdf" || !bytes.HasPrefix(a.Body, []byte("%PDF")) {
		t.Errorf("the debtor gets %d %v", a.Status, a.Header)
	}
	refusedAll(t, []mistake{
		{stranger, handlertest.Gone, "case.not_found", handlertest.Get, path, nil, ""},
		{creditor, handlertest.Gone, "pay_sheet.nothing", handlertest.Get, path, nil, ""}, // he owes nothing
	})
	for query, want := range map[string]int{"": http.StatusOK, fmt.Sprintf("?party=%d", f.Debtor): http.StatusOK, fmt.Sprintf("?party=%d", f.Creditor): http.StatusNotFound} {
		res, body := w.Visitor(clerk).Send(handlertest.Get, fmt.Sprintf("/cases/%d/pay/pdf%s", f.ID, query), nil, nil)
		if res.StatusCode != want || want == http.StatusOK && (res.Header.Get("Content-Type") != "application/pdf" || len(body) < 1000) {
			t.Errorf("the desk%s: %d", query, res.StatusCode)
		}
	}
}

// A relative who was admitted prints it as well.
func TestHowToPayIsPrintedForTheFamily(t *testing.T) {
	t.Parallel()
	c := newCoerced(t)
	wife, link := c.relative("admitted")
	path := mine(link, "pay-sheet")
	if a := wife.Call(handlertest.Get, path, nil); a.Status != http.StatusOK || !bytes.HasPrefix(a.Body, []byte("%PDF")) {
		t.Errorf("the family gets %d %s", a.Status, a.Body)
	}
	c.debtor.Refused(handlertest.Gone, "relative.not_found", handlertest.Get, path, nil)
}
