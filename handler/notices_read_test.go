package handler_test

import (
	"net/http"
	"testing"

	"microcourt/handler/handlertest"
	"microcourt/model"
)

// A phone marks everything as read that it showed: what came meanwhile stays unread, a
// repeat changes nothing, nobody else's is touched, and a numbered paper, which is served
// by being opened, each party opens himself.
func TestAllNoticesAreRead(t *testing.T) {
	t.Parallel()
	w, judge, debtor, _, f := urged(t)
	inbox := func(c *handlertest.Client) (unread, newest int64) {
		t.Helper()
		page := c.Must(http.StatusOK, handlertest.Get, "/notices", nil)
		if list := page.List("notices"); len(list) > 0 {
			newest = list[0].ID("id")
		}
		return int64(page.Num("unread")), newest
	}
	debtor.Say(f, "您好")
	unread, newest := inbox(judge)
	if unread == 0 {
		t.Fatal("the judge has nothing to read")
	}
	w.Phone("").Must(http.StatusNoContent, handlertest.Post, "/notices/read", handlertest.Obj{"up_to": newest})
	if n, _ := inbox(judge); n != unread {
		t.Errorf("a stranger read the judge's: %d of %d", n, unread)
	}
	judge.Refused(http.StatusBadRequest, "field.format", handlertest.Post, "/notices/read", handlertest.Obj{"up_to": -1})
	debtor.Submit(f, 10000, 7301) // while the page is open
	for range 2 {
		judge.Must(http.StatusNoContent, handlertest.Post, "/notices/read", handlertest.Obj{"up_to": newest})
		if n, _ := inbox(judge); n != 1 {
			t.Errorf("%d are unread", n)
		}
	}
	_, newest = inbox(debtor)
	debtor.Must(http.StatusNoContent, handlertest.Post, "/notices/read", handlertest.Obj{"up_to": newest})
	papers := 0
	for _, n := range debtor.Must(http.StatusOK, handlertest.Get, "/notices", nil).List("notices") {
		if n.Str("number") != "" {
			papers++
		}
		if (n.Str("number") == "") != (n.Str("read_at") != "") {
			t.Errorf("%s %q was read at %q", n.Str("kind"), n.Str("number"), n.Str("read_at"))
		}
	}
	if papers == 0 || has(noticesAbout(debtor), model.NoticeFiled) == 0 {
		t.Error("the debtor has no paper")
	}
}
