package handler_test

import (
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"microcourt/handler/handlertest"

	"microcourt/model"
)

// A party consents to electronic service, takes it back, and asks for a paper,
// all on the phone; the clerk sends the paper out.
func TestElectronicServiceOnThePhone(t *testing.T) {
	t.Parallel()
	w := handlertest.New(t)
	judge, clerk := w.Staff("zhang.min", model.RoleJudge), w.Staff("wan.tt", model.RoleClerk)
	f := w.File(clerk)
	debtor, creditor, stranger := w.Phone(""), w.Phone(""), w.Phone("")
	debtor.Bind(clerk, f.ID, f.Debtor)
	creditor.Bind(clerk, f.ID, f.Creditor)
	n := judge.ProofOf(f, model.NoticeFiled, f.Debtor).Notice.ID
	for range 2 {
		debtor.Must(http.StatusNoContent, http.MethodPost, fmt.Sprintf("/notices/%d/read", n), handlertest.Obj{})
	}
	path := fmt.Sprintf("/cases/%d/consents", f.ID)
	consent := handlertest.Obj{"party_id": f.Creditor, "act": "given"}
	refusedAll(t, []mistake{
		{stranger, handlertest.Gone, "case.not_found", http.MethodPost, path, consent, ""},
		{stranger, handlertest.Gone, "case.not_found", http.MethodGet, path, nil, ""},
		{debtor, handlertest.Bad, "party.unknown", http.MethodPost, path, consent, "party_id"},
		{clerk, handlertest.Bad, "consent.how", http.MethodPost, path, consent, "how"},
		{creditor, handlertest.Bad, "consent.act", http.MethodPost, path, handlertest.Obj{"party_id": f.Creditor, "act": "perhaps"}, "act"},
		{creditor, handlertest.Bad, "text.too_long", http.MethodPost, path, handlertest.Obj{"party_id": f.Creditor, "act": "given", "note": strings.Repeat("长", 201)}, "note"},
	})
	key := handlertest.FreshKey()
	for range 2 {
		if a := creditor.CallKey(http.MethodPost, path, consent, key); a.Status != http.StatusNoContent {
			t.Fatalf("consent: %d %s", a.Status, a.Body)
		}
	}
	creditor.Must(http.StatusNoContent, http.MethodPost, path, handlertest.Obj{"party_id": f.Creditor, "act": "withdrawn"})
	said := clerk.Must(http.StatusOK, http.MethodGet, path, nil).List("consents")
	if len(said) != 2 || said[0].Str("act") != "given" || said[1].Str("act") != "withdrawn" || said[0].Str("how") != "in_app" {
		t.Errorf("the record of consents is %v", said)
	}
	if own := debtor.Must(http.StatusOK, http.MethodGet, path, nil).List("consents"); len(own) != 0 {
		t.Errorf("the debtor reads the creditor's consents: %v", own)
	}

	path = fmt.Sprintf("/notices/%d/paper", n)
	stranger.Refused(http.StatusNotFound, "notice.not_found", http.MethodPost, path, handlertest.Obj{})
	for range 2 {
		debtor.Must(http.StatusNoContent, http.MethodPost, path, handlertest.Obj{})
	}
	clerk.Must(http.StatusNoContent, http.MethodPost, path, handlertest.Obj{})
	tasks := clerk.PaperTasks()
	if len(tasks) != 1 || tasks[0].NoticeID != n || tasks[0].Cause != model.PaperRequested {
		t.Fatalf("tasks: %v", tasks)
	}
	clerk.Does(handlertest.FinishPaper, tasks[0].ID, handlertest.Obj{"method": "mail", "tracking_no": "EA123456789CN"})
	if p := judge.ProofOf(f, model.NoticeFiled, f.Debtor).Paper; len(p) != 1 || p[0].TrackingNo != "EA123456789CN" {
		t.Errorf("the proof shows %v", p)
	}
}

// texted is a world whose court tries WeChat, then text messages, then paper.
func texted(t *testing.T) (w *handlertest.World, judge, clerk *handlertest.Client) {
	t.Helper()
	w = handlertest.NewWith(t, func(w *handlertest.World) { w.Texting = true })
	w.SetCourt(func(s *model.CourtSettings) {
		s.Channels = []model.ChannelName{model.ChannelWeChat, model.ChannelSMS, model.ChannelPaper}
	})
	return w, w.Staff("zhang.min", model.RoleJudge), w.Staff("wan.tt", model.RoleClerk)
}

// Anybody may check a message's code on a page, without an account.
func TestAMessagesCodeOnThePublicPage(t *testing.T) {
	t.Parallel()
	w, _, clerk := texted(t)
	w.File(clerk)
	w.Drain()
	page := func(code string) (int, string) {
		t.Helper()
		res, err := http.Get(w.URL + "/message?code=" + url.QueryEscape(code))
		if err != nil {
			t.Fatal(err)
		}
		defer func() { _ = res.Body.Close() }()
		b, err := io.ReadAll(res.Body)
		if err != nil || !strings.HasPrefix(res.Header.Get("Content-Security-Policy"), "default-src 'none'") {
			t.Fatal(err, res.Header)
		}
		return res.StatusCode, string(b)
	}
	m := w.Texts.Texts()[0]
	if v := w.Public().Must(http.StatusOK, http.MethodGet, "/verify/messages?code="+m.Code, nil); v["known"] != true || v.Str("court") != w.Court.Name || v.Str("title") != m.Title || v.Str("on") != "2026-03-02" {
		t.Errorf("the code is checked as %v", v)
	}
	if v := w.Public().Must(http.StatusOK, http.MethodGet, "/verify/messages?code=ZZZZZZZZ", nil); v["known"] != false || v.Str("court") != "" {
		t.Errorf("an invented code is %v", v)
	}
	w.Public().Refused(http.StatusBadRequest, "check.format", http.MethodGet, "/verify/messages?code=123", nil)
	for _, tt := range []struct {
		code, says string
		status     int
	}{
		{m.Code, "是法院发出的消息", http.StatusOK},
		{m.Code, m.Title, http.StatusOK},
		{"ZZZZZZZZ", "没有查到这个核验码", http.StatusOK},
		{"12", "核验码为 8 位", http.StatusBadRequest},
		{"<script>", "&lt;script&gt;", http.StatusOK},
		{"", "这条短信或微信消息是法院发的吗", http.StatusOK},
	} {
		if status, html := page(tt.code); status != tt.status || !strings.Contains(html, tt.says) {
			t.Errorf("%q: %d, no %q", tt.code, status, tt.says)
		}
	}
}
