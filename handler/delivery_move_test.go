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

// A judge who returns a receipt of a debtor whom nothing can tell sees so at once, on
// the page that comes next, and later on the receipt and on the case.
func TestReturningTellsThatTheDebtorDoesNotKnow(t *testing.T) {
	t.Parallel()
	w := handlertest.New(t)
	judge, clerk := w.Staff("zhang.min", model.RoleJudge), w.Staff("wan.tt", model.RoleClerk)
	f := w.File(clerk)
	debtor := w.Phone("")
	debtor.Bind(clerk, f.ID, f.Debtor)
	r := debtor.Submit(f, 10000, 3).ID("id")
	w.Drain()
	w.SQL(fmt.Sprintf("UPDATE bindings SET ended_at = created_at WHERE case_id = %d AND party_id = %d", f.ID, f.Debtor))
	res, _ := w.Visitor(judge).Send(http.MethodPost, fmt.Sprintf("/receipts/%d/return", r), url.Values{"key": {handlertest.FreshKey()}, "version": {"1"}, "reason": {"凭证不清楚"}}, nil)
	to := res.Header.Get("Location")
	if res.StatusCode != http.StatusSeeOther || !strings.Contains(to, "untold=") {
		t.Fatal(res.StatusCode, to)
	}
	if body := judge.Reads(strings.TrimPrefix(to, "/desk")); !strings.Contains(body, "没有任何方式能提醒到他") {
		t.Error("the next page does not say that he cannot be told")
	}
	w.CarryOut()
	w.Drain()
	for _, path := range []string{strings.TrimPrefix(to, "/desk"), fmt.Sprintf("/receipts/%d", r), fmt.Sprintf("/cases/%d", f.ID)} {
		if body := judge.Reads(path); !strings.Contains(body, "还不知道") || !strings.Contains(body, "没有任何方式能提醒到他") {
			t.Errorf("%s does not say that the debtor does not know", path)
		}
	}
}
