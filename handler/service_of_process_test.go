package handler_test

import (
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"microcourt/handler/handlertest"

	"microcourt/model"
	"microcourt/service/wechat/wechattest"
	"microcourt/storage"
)

// 在线诉讼规则 31: with consent a paper is served when it arrives; without it
// when the addressee reads it or acts on it; and not before.
func TestServiceFollowsConsentReadingAndReply(t *testing.T) {
	t.Parallel()
	w := handlertest.New(t)
	judge, clerk := w.Staff("zhang.min", model.RoleJudge), w.Staff("wan.tt", model.RoleClerk)
	f := w.File(clerk)
	debtor, creditor, stranger := w.Phone(""), w.Phone(""), w.Phone("")
	debtor.Bind(clerk, f.ID, f.Debtor)
	creditor.Bind(clerk, f.ID, f.Creditor)
	rule := func(kind model.NoticeKind, party int64) string {
		t.Helper()
		return judge.ProofOf(f, kind, party).Str("rule")
	}
	if got := rule(model.NoticeFiled, f.Debtor); got != "" {
		t.Errorf("an unread notice without consent is served by %q", got)
	}
	if p := judge.ProofOf(f, model.NoticeFiled, f.Debtor); p["served_at"] != nil || p.Str("rule_text") != "尚不能认定已送达" {
		t.Errorf("not served, yet %v", p)
	}

	// Reading it serves it, at the first reading.
	w.Clock.Advance(time.Minute)
	read := w.Clock.Now()
	n := judge.ProofOf(f, model.NoticeFiled, f.Debtor).Obj("notice").ID("id")
	for range 2 {
		debtor.Must(http.StatusNoContent, http.MethodPost, fmt.Sprintf("/notices/%d/read", n), handlertest.Obj{})
		w.Clock.Advance(time.Minute)
	}
	p := judge.ProofOf(f, model.NoticeFiled, f.Debtor)
	if p.Str("rule") != "reading" || p.Str("served_at") != read.UTC().Format(time.RFC3339) {
		t.Errorf("read at %s: %v", read, p)
	}

	// The creditor never opens anything; nobody but he, or the clerk, consents for him.
	for who, a := range map[string]handlertest.Answer{
		"a stranger": stranger.Consents(f, f.Creditor, "given", ""),
		"the debtor": debtor.Consents(f, f.Creditor, "given", ""),
	} {
		if a.Status != http.StatusNotFound && a.Json.Reason() != "party.unknown" {
			t.Errorf("%s consented for the creditor: %d %s", who, a.Status, a.Body)
		}
	}
	if a := clerk.Consents(f, f.Creditor, "given", ""); a.Json.Reason() != "consent.how" {
		t.Errorf("the clerk recorded a consent without how it was given: %s", a.Body)
	}
	path := fmt.Sprintf("/cases/%d/consents", f.ID)
	key := handlertest.FreshKey()
	for range 3 {
		if a := creditor.CallKey(http.MethodPost, path, handlertest.Obj{"party_id": f.Creditor, "act": "given"}, key); a.Status != http.StatusNoContent {
			t.Fatalf("consent: %d %s", a.Status, a.Body)
		}
	}
	w.Clock.Advance(time.Minute)
	asked := w.Clock.Now()
	judge.Confirm(debtor.Submit(f, 60000, 901), 60000)
	p = judge.ProofOf(f, model.NoticeObligeeAsked, f.Creditor)
	if p.Str("rule") != "arrival" || p.Str("served_at") != asked.UTC().Format(time.RFC3339) {
		t.Errorf("with consent a notice is served on arrival at %s: %v", asked, p)
	}
	// What came before the consent is not served by it.
	if got := rule(model.NoticeFiled, f.Creditor); got != "" {
		t.Errorf("the notice from before the consent is served by %q", got)
	}
	// Acting on it serves it: the debtor's receipt.
	if got := rule(model.NoticeReceiptConfirmed, f.Debtor); got != "" {
		t.Errorf("the confirmation is served by %q", got)
	}
	w.Clock.Advance(time.Minute)
	debtor.Submit(f, 1000, 902)
	if got := rule(model.NoticeReceiptConfirmed, f.Debtor); got != "reply" {
		t.Errorf("the debtor acted on it, and it is served by %q", got)
	}

	// Taken back, it counts no more; the record keeps both.
	creditor.Must(http.StatusNoContent, http.MethodPost, path, handlertest.Obj{"party_id": f.Creditor, "act": "withdrawn"})
	w.Clock.Advance(time.Minute)
	second := judge.Must(http.StatusOK, http.MethodGet, "/receipts?state=submitted", nil).List("receipts")
	if len(second) != 1 {
		t.Fatalf("queue: %v", second)
	}
	judge.Confirm(second[0], 1000)
	if got := rule(model.NoticeObligeeAsked, f.Creditor); got != "" {
		t.Errorf("after consent was taken back a notice is served by %q", got)
	}
	said := clerk.Must(http.StatusOK, http.MethodGet, path, nil).List("consents")
	if len(said) != 2 || said[0].Str("act") != "given" || said[1].Str("act") != "withdrawn" || said[0].Str("how") != "in_app" {
		t.Errorf("the record of consents is %v", said)
	}
	if own := debtor.Must(http.StatusOK, http.MethodGet, path, nil).List("consents"); len(own) != 0 {
		t.Errorf("the debtor reads the creditor's consents: %v", own)
	}
}

// A paper asked for is one task, done once, and its tracking number is in the
// proof.
func TestPaperOnRequest(t *testing.T) {
	t.Parallel()
	w := handlertest.New(t)
	judge, clerk := w.Staff("zhang.min", model.RoleJudge), w.Staff("wan.tt", model.RoleClerk)
	f := w.File(clerk)
	debtor, stranger := w.Phone(""), w.Phone("")
	debtor.Bind(clerk, f.ID, f.Debtor)
	n := judge.ProofOf(f, model.NoticeFiled, f.Debtor).Obj("notice").ID("id")
	path := fmt.Sprintf("/notices/%d/paper", n)
	stranger.Refused(http.StatusNotFound, "notice.not_found", http.MethodPost, path, handlertest.Obj{})
	for range 2 {
		debtor.Must(http.StatusNoContent, http.MethodPost, path, handlertest.Obj{})
	}
	clerk.Must(http.StatusNoContent, http.MethodPost, path, handlertest.Obj{})
	tasks := clerk.PaperTasks()
	if len(tasks) != 1 || tasks[0].NoticeID != n || tasks[0].Cause != model.PaperRequested {
		t.Fatalf("tasks: %v", tasks)
	}
	clerk.Rejected("paper.tracking", handlertest.FinishPaper, tasks[0].ID, handlertest.Obj{"method": "mail"})
	clerk.Rejected("text.too_long", handlertest.FinishPaper, tasks[0].ID, handlertest.Obj{"method": "pickup", "note": strings.Repeat("长", 201)})
	foreign := w.StaffOf(w.AddCourt("浙0203", "宁波市海曙区人民法院", "海法"), "far.clerk", model.RoleClerk)
	foreign.Rejected("paper_task.not_found", handlertest.FinishPaper, tasks[0].ID, handlertest.Obj{"method": "pickup"})
	for range 2 {
		clerk.Does(handlertest.FinishPaper, tasks[0].ID, handlertest.Obj{"method": "mail", "tracking_no": "EA123456789CN"})
	}
	clerk.Rejected("paper.done", handlertest.FinishPaper, tasks[0].ID, handlertest.Obj{"method": "pickup"})
	if left := clerk.PaperTasks(); len(left) != 0 {
		t.Errorf("a finished task is still there: %v", left)
	}
	paper := judge.ProofOf(f, model.NoticeFiled, f.Debtor).List("paper")
	if len(paper) != 1 || paper[0].Str("tracking_no") != "EA123456789CN" || paper[0].Str("state") != "done" {
		t.Errorf("the proof shows %v", paper)
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

// Who has no WeChat gets a text message, whose number is wrong gets paper; who
// allowed the card gets that and nothing else. The text names nobody, and
// anybody can check its code.
func TestChannelsInTheCourtsOrder(t *testing.T) {
	t.Parallel()
	w, judge, clerk := texted(t)
	in := handlertest.CaseInput()
	in["parties"].([]handlertest.Obj)[0]["phone"] = "13800138001"
	f := w.FileInput(clerk, in)
	w.Texts.Fail("isv.MOBILE_NUMBER_ILLEGAL") // the first of four: 告知书 and 履行事项通知 to each
	w.Drain()
	texts := w.Texts.Texts()
	if len(texts) != 3 {
		t.Fatalf("text messages: %v", texts)
	}
	for _, secret := range []string{"李某", "甬兴", f.No, "买卖合同", "1,000", "600"} {
		if strings.Contains(fmt.Sprint(texts[0]), secret) {
			t.Errorf("the text message says %q: %v", secret, texts[0])
		}
	}
	if !strings.HasPrefix(texts[0].Link, "https://") {
		t.Errorf("link %q", texts[0].Link)
	}
	tasks := clerk.PaperTasks()
	if len(tasks) != 1 || tasks[0].Cause != model.PaperFallback {
		t.Fatalf("the unreachable number makes one paper task, not %v", tasks)
	}

	// The code on the message, with small letters and a space, as people type it.
	checked := w.Public().Must(http.StatusOK, http.MethodGet, "/verify/messages?code=+"+strings.ToLower(texts[0].Code), nil)
	if checked["known"] != true || checked.Str("court") != w.Court.Name || checked.Str("title") != texts[0].Title || checked.Str("on") != "2026-03-02" {
		t.Errorf("the code is checked as %v", checked)
	}
	if other := w.Public().Must(http.StatusOK, http.MethodGet, "/verify/messages?code=ZZZZZZZZ", nil); other["known"] != false || other.Str("court") != "" {
		t.Errorf("an invented code is %v", other)
	}
	w.Public().Refused(http.StatusBadRequest, "check.format", http.MethodGet, "/verify/messages?code=123", nil)

	// The debtor allows receipts' cards: a card and no text. The creditor does
	// not: a text, and never both.
	debtor, creditor := w.Phone(""), w.Phone("")
	debtor.Bind(clerk, f.ID, f.Debtor)
	creditor.Bind(clerk, f.ID, f.Creditor)
	w.Drain()
	w.Texts.Fail() // none
	before := len(w.Texts.Texts())
	for range 2 {
		if err := w.Fake.Allow(debtor.OpenID, wechattest.TemplateReceipt); err != nil {
			t.Fatal(err)
		}
	}
	judge.Confirm(debtor.Submit(f, 60000, 911), 60000)
	w.Drain()
	var to []string
	for _, m := range w.Texts.Texts()[before:] {
		to = append(to, m.Phone+" "+m.Title)
	}
	if strings.Join(to, "|") != "13800138001 请确认是否收到款项|13800138001 履行款项已确认" {
		t.Errorf("text messages went to %v, want those of the creditor", to)
	}
	card := w.Fake.Inbox(debtor.OpenID)
	if len(card) != 2 || card[0].Rows[len(card[0].Rows)-2].Label != "核验码" {
		t.Fatalf("the debtor's cards: %v", card)
	}
	code := card[0].Rows[len(card[0].Rows)-2].Value
	if v := w.Public().Must(http.StatusOK, http.MethodGet, "/verify/messages?code="+code, nil); v["known"] != true {
		t.Errorf("the code %s on a card is unknown", code)
	}
}

// The gateway took the message and the answer was lost: it is never sent
// again by itself; the clerk sees it and decides.
func TestATextWhoseAnswerWasLostIsNotRepeated(t *testing.T) {
	t.Parallel()
	w, judge, clerk := texted(t)
	w.File(clerk)
	w.Texts.Fail("cut", "cut", "cut", "cut")
	w.Drain()
	for range 30 {
		w.Clock.Advance(2 * time.Hour)
		w.Drain()
	}
	clerk.Renew()
	judge.Renew()
	if n := len(w.Texts.Texts()); n != 4 {
		t.Fatalf("%d text messages, want two to each of two people", n)
	}
	failed := clerk.Must(http.StatusOK, http.MethodGet, "/deliveries/failed", nil).List("deliveries")
	var lost []handlertest.Obj
	for _, d := range failed {
		if d.Str("channel") == "sms" {
			lost = append(lost, d)
		}
	}
	if len(lost) != 4 || lost[0].Str("state") != "unknown" {
		t.Fatalf("the clerk sees %v", failed)
	}
	path := func(d handlertest.Obj) string { return fmt.Sprintf("/deliveries/%d/resend", d.ID("id")) }
	clerk.Refused(http.StatusBadRequest, "channel.unknown", http.MethodPost, path(lost[0]), handlertest.Obj{"channel": "pigeon"})
	clerk.Must(http.StatusNoContent, http.MethodPost, path(lost[0]), handlertest.Obj{"channel": "sms"})
	clerk.Must(http.StatusNoContent, http.MethodPost, path(lost[0]), handlertest.Obj{"channel": "sms"}) // pressed twice: sent once
	w.Staff("other.clerk", model.RoleClerk).Refused(http.StatusConflict, "delivery.changed", http.MethodPost, path(lost[0]), handlertest.Obj{"channel": "sms"})
	clerk.Must(http.StatusNoContent, http.MethodPost, path(lost[1]), handlertest.Obj{"channel": "paper"})
	w.Drain()
	if n := len(w.Texts.Texts()); n != 4 {
		t.Errorf("a text message in the night")
	}
	w.Clock.Advance(11 * time.Hour)
	w.Drain()
	clerk.Renew()
	if n := len(w.Texts.Texts()); n != 5 {
		t.Errorf("%d text messages after one was sent again by hand", n)
	}
	if tasks := clerk.PaperTasks(); len(tasks) != 1 || tasks[0].NoticeID != lost[1].ID("notice_id") {
		t.Errorf("paper tasks: %v", tasks)
	}
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

// A court without a gateway says so instead of promising a text message.
func TestResendingByAChannelThatTheCourtDoesNotHave(t *testing.T) {
	t.Parallel()
	w := handlertest.New(t)
	clerk := w.Staff("wan.tt", model.RoleClerk)
	w.Staff("zhang.min", model.RoleJudge)
	f := w.File(clerk)
	debtor := w.Phone("")
	debtor.Bind(clerk, f.ID, f.Debtor)
	debtor.Submit(f, 60000, 921)
	w.Drain()
	failed := clerk.Must(http.StatusOK, http.MethodGet, "/deliveries/failed", nil).List("deliveries")
	if len(failed) == 0 || failed[0].Str("state") != "no_consent" {
		t.Fatalf("failed: %v", failed)
	}
	path := fmt.Sprintf("/deliveries/%d/resend", failed[0].ID("id"))
	clerk.Refused(http.StatusBadRequest, "channel.off", http.MethodPost, path, handlertest.Obj{"channel": "sms"})
	again := handlertest.Obj{"channel": "wechat_subscribe"}
	clerk.Must(http.StatusNoContent, http.MethodPost, path, again)
	clerk.Must(http.StatusNoContent, http.MethodPost, path, again) // the very same once more
	// It fails again and the administrator has it sent once more: what the clerk
	// did to the try before is no answer.
	w.Drain()
	w.Clock.Advance(time.Minute)
	if err := w.DB.Transact(t.Context(), func(tx *storage.DB) error {
		m, err := tx.LockDelivery(t.Context(), w.Court.ID, failed[0].ID("id"))
		if err != nil {
			return err
		}
		return tx.Requeue(t.Context(), m)
	}); err != nil {
		t.Fatal(err)
	}
	clerk.Refused(http.StatusConflict, "delivery.changed", http.MethodPost, path, again)
	if err := w.Fake.Allow(debtor.OpenID, wechattest.TemplateReceipt); err != nil {
		t.Fatal(err)
	}
	w.Drain()
	if n := len(w.Fake.Inbox(debtor.OpenID)); n != 1 {
		t.Errorf("%d cards after it was allowed and sent again", n)
	}
}
