package handler_test

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"microcourt/model"
	"microcourt/service/wechat/wechattest"
)

// proofs are the notices of a case with what is known of their service, newest
// first.
func (c *client) proofs(f filed) []obj {
	c.w.t.Helper()
	return c.must(http.StatusOK, http.MethodGet, fmt.Sprintf("/cases/%d/notices?limit=100", f.id), nil).list("notices")
}

// proofOf is the newest notice of a kind to a party.
func (c *client) proofOf(f filed, kind model.NoticeKind, partyID int64) obj {
	c.w.t.Helper()
	for _, p := range c.proofs(f) {
		if p.obj("notice").str("kind") == string(kind) && p.id("party_id") == partyID {
			return p
		}
	}
	c.w.t.Fatalf("no notice %s to party %d", kind, partyID)
	return nil
}

func (c *client) consents(f filed, party int64, act, how string) answer {
	c.w.t.Helper()
	return c.call(http.MethodPost, fmt.Sprintf("/cases/%d/consents", f.id), obj{"party_id": party, "act": act, "how": how})
}

// 在线诉讼规则 31: with consent a paper is served when it arrives; without it
// when the addressee reads it or acts on it; and not before.
func TestServiceFollowsConsentReadingAndReply(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	judge, clerk := w.staff("zhang.min", model.RoleJudge), w.staff("wan.tt", model.RoleClerk)
	f := w.file(clerk)
	debtor, creditor, stranger := w.phone(""), w.phone(""), w.phone("")
	debtor.bind(clerk, f.id, f.debtor)
	creditor.bind(clerk, f.id, f.creditor)
	rule := func(kind model.NoticeKind, party int64) string {
		t.Helper()
		return judge.proofOf(f, kind, party).str("rule")
	}
	if got := rule(model.NoticeFiled, f.debtor); got != "" {
		t.Errorf("an unread notice without consent is served by %q", got)
	}
	if p := judge.proofOf(f, model.NoticeFiled, f.debtor); p["served_at"] != nil || p.str("rule_text") != "尚不能认定已送达" {
		t.Errorf("not served, yet %v", p)
	}

	// Reading it serves it, at the first reading.
	w.clock.Advance(time.Minute)
	read := w.clock.Now()
	n := judge.proofOf(f, model.NoticeFiled, f.debtor).obj("notice").id("id")
	for range 2 {
		debtor.must(http.StatusNoContent, http.MethodPost, fmt.Sprintf("/notices/%d/read", n), obj{})
		w.clock.Advance(time.Minute)
	}
	p := judge.proofOf(f, model.NoticeFiled, f.debtor)
	if p.str("rule") != "reading" || p.str("served_at") != read.UTC().Format(time.RFC3339) {
		t.Errorf("read at %s: %v", read, p)
	}

	// The creditor never opens anything; nobody but he, or the clerk, consents for him.
	for who, a := range map[string]answer{
		"a stranger": stranger.consents(f, f.creditor, "given", ""),
		"the debtor": debtor.consents(f, f.creditor, "given", ""),
	} {
		if a.status != http.StatusNotFound && a.json.reason() != "party.unknown" {
			t.Errorf("%s consented for the creditor: %d %s", who, a.status, a.body)
		}
	}
	if a := clerk.consents(f, f.creditor, "given", ""); a.json.reason() != "consent.how" {
		t.Errorf("the clerk recorded a consent without how it was given: %s", a.body)
	}
	path := fmt.Sprintf("/cases/%d/consents", f.id)
	key := freshKey()
	for range 3 {
		if a := creditor.callKey(http.MethodPost, path, obj{"party_id": f.creditor, "act": "given"}, key); a.status != http.StatusNoContent {
			t.Fatalf("consent: %d %s", a.status, a.body)
		}
	}
	w.clock.Advance(time.Minute)
	asked := w.clock.Now()
	judge.confirm(debtor.submit(f, 60000, 901), 60000)
	p = judge.proofOf(f, model.NoticeObligeeAsked, f.creditor)
	if p.str("rule") != "arrival" || p.str("served_at") != asked.UTC().Format(time.RFC3339) {
		t.Errorf("with consent a notice is served on arrival at %s: %v", asked, p)
	}
	// What came before the consent is not served by it.
	if got := rule(model.NoticeFiled, f.creditor); got != "" {
		t.Errorf("the notice from before the consent is served by %q", got)
	}
	// Acting on it serves it: the debtor's receipt.
	if got := rule(model.NoticeReceiptConfirmed, f.debtor); got != "" {
		t.Errorf("the confirmation is served by %q", got)
	}
	w.clock.Advance(time.Minute)
	debtor.submit(f, 1000, 902)
	if got := rule(model.NoticeReceiptConfirmed, f.debtor); got != "reply" {
		t.Errorf("the debtor acted on it, and it is served by %q", got)
	}

	// Taken back, it counts no more; the record keeps both.
	creditor.must(http.StatusNoContent, http.MethodPost, path, obj{"party_id": f.creditor, "act": "withdrawn"})
	w.clock.Advance(time.Minute)
	second := judge.must(http.StatusOK, http.MethodGet, "/receipts?state=submitted", nil).list("receipts")
	if len(second) != 1 {
		t.Fatalf("queue: %v", second)
	}
	judge.confirm(second[0], 1000)
	if got := rule(model.NoticeObligeeAsked, f.creditor); got != "" {
		t.Errorf("after consent was taken back a notice is served by %q", got)
	}
	said := clerk.must(http.StatusOK, http.MethodGet, path, nil).list("consents")
	if len(said) != 2 || said[0].str("act") != "given" || said[1].str("act") != "withdrawn" || said[0].str("how") != "in_app" {
		t.Errorf("the record of consents is %v", said)
	}
	if own := debtor.must(http.StatusOK, http.MethodGet, path, nil).list("consents"); len(own) != 0 {
		t.Errorf("the debtor reads the creditor's consents: %v", own)
	}
}

// A paper asked for is one task, done once, and its tracking number is in the
// proof.
func TestPaperOnRequest(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	judge, clerk := w.staff("zhang.min", model.RoleJudge), w.staff("wan.tt", model.RoleClerk)
	f := w.file(clerk)
	debtor, stranger := w.phone(""), w.phone("")
	debtor.bind(clerk, f.id, f.debtor)
	n := judge.proofOf(f, model.NoticeFiled, f.debtor).obj("notice").id("id")
	path := fmt.Sprintf("/notices/%d/paper", n)
	stranger.refused(http.StatusNotFound, "notice.not_found", http.MethodPost, path, obj{})
	for range 2 {
		debtor.must(http.StatusNoContent, http.MethodPost, path, obj{})
	}
	clerk.must(http.StatusNoContent, http.MethodPost, path, obj{})
	tasks := clerk.must(http.StatusOK, http.MethodGet, "/paper-tasks", nil).list("tasks")
	if len(tasks) != 1 || tasks[0].id("notice_id") != n || tasks[0].str("cause") != "requested" {
		t.Fatalf("tasks: %v", tasks)
	}
	done := fmt.Sprintf("/paper-tasks/%d/done", tasks[0].id("id"))
	clerk.refused(http.StatusBadRequest, "paper.tracking", http.MethodPost, done, obj{"method": "mail"})
	clerk.refused(http.StatusBadRequest, "text.too_long", http.MethodPost, done, obj{"method": "pickup", "note": strings.Repeat("长", 201)})
	foreign := w.staffOf(w.addCourt("浙0203", "宁波市海曙区人民法院", "海法"), "far.clerk", model.RoleClerk)
	foreign.refused(http.StatusNotFound, "paper_task.not_found", http.MethodPost, done, obj{"method": "pickup"})
	for range 2 {
		clerk.must(http.StatusNoContent, http.MethodPost, done, obj{"method": "mail", "tracking_no": "EA123456789CN"})
	}
	clerk.refused(http.StatusConflict, "paper.done", http.MethodPost, done, obj{"method": "pickup"})
	if left := clerk.must(http.StatusOK, http.MethodGet, "/paper-tasks", nil).list("tasks"); len(left) != 0 {
		t.Errorf("a finished task is still there: %v", left)
	}
	paper := judge.proofOf(f, model.NoticeFiled, f.debtor).list("paper")
	if len(paper) != 1 || paper[0].str("tracking_no") != "EA123456789CN" || paper[0].str("state") != "done" {
		t.Errorf("the proof shows %v", paper)
	}
}

// texted is a world whose court tries WeChat, then text messages, then paper.
func texted(t *testing.T) (w *world, judge, clerk *client) {
	t.Helper()
	w = newWorldWith(t, func(w *world) { w.texting = true })
	w.setCourt(func(s *model.CourtSettings) {
		s.Channels = []model.ChannelName{model.ChannelWeChat, model.ChannelSMS, model.ChannelPaper}
	})
	return w, w.staff("zhang.min", model.RoleJudge), w.staff("wan.tt", model.RoleClerk)
}

func (w *world) drain() {
	w.t.Helper()
	if err := w.svc.Notice.Drain(context.Background()); err != nil {
		w.t.Fatal(err)
	}
}

// Who has no WeChat gets a text message, whose number is wrong gets paper; who
// allowed the card gets that and nothing else. The text names nobody, and
// anybody can check its code.
func TestChannelsInTheCourtsOrder(t *testing.T) {
	t.Parallel()
	w, judge, clerk := texted(t)
	in := caseInput()
	in["parties"].([]obj)[0]["phone"] = "13800138001"
	f := w.fileInput(clerk, in)
	w.texts.Fail("isv.MOBILE_NUMBER_ILLEGAL") // the first of four: 告知书 and 履行事项通知 to each
	w.drain()
	texts := w.texts.Texts()
	if len(texts) != 3 {
		t.Fatalf("text messages: %v", texts)
	}
	for _, secret := range []string{"李某", "甬兴", f.no, "买卖合同", "1,000", "600"} {
		if strings.Contains(fmt.Sprint(texts[0]), secret) {
			t.Errorf("the text message says %q: %v", secret, texts[0])
		}
	}
	if !strings.HasPrefix(texts[0].Link, "https://") {
		t.Errorf("link %q", texts[0].Link)
	}
	tasks := clerk.must(http.StatusOK, http.MethodGet, "/paper-tasks", nil).list("tasks")
	if len(tasks) != 1 || tasks[0].str("cause") != "fallback" {
		t.Fatalf("the unreachable number makes one paper task, not %v", tasks)
	}

	// The code on the message, with small letters and a space, as people type it.
	checked := w.public().must(http.StatusOK, http.MethodGet, "/verify/messages?code=+"+strings.ToLower(texts[0].Code), nil)
	if checked["known"] != true || checked.str("court") != w.court.Name || checked.str("title") != texts[0].Title || checked.str("on") != "2026-03-02" {
		t.Errorf("the code is checked as %v", checked)
	}
	if other := w.public().must(http.StatusOK, http.MethodGet, "/verify/messages?code=ZZZZZZZZ", nil); other["known"] != false || other.str("court") != "" {
		t.Errorf("an invented code is %v", other)
	}
	w.public().refused(http.StatusBadRequest, "check.format", http.MethodGet, "/verify/messages?code=123", nil)

	// The debtor allows receipts' cards: a card and no text. The creditor does
	// not: a text, and never both.
	debtor, creditor := w.phone(""), w.phone("")
	debtor.bind(clerk, f.id, f.debtor)
	creditor.bind(clerk, f.id, f.creditor)
	w.drain()
	w.texts.Fail() // none
	before := len(w.texts.Texts())
	for range 2 {
		if err := w.fake.Allow(debtor.openID, wechattest.TemplateReceipt); err != nil {
			t.Fatal(err)
		}
	}
	judge.confirm(debtor.submit(f, 60000, 911), 60000)
	w.drain()
	var to []string
	for _, m := range w.texts.Texts()[before:] {
		to = append(to, m.Phone+" "+m.Title)
	}
	if strings.Join(to, "|") != "13800138001 请确认是否收到款项|13800138001 履行款项已确认" {
		t.Errorf("text messages went to %v, want those of the creditor", to)
	}
	card := w.fake.Inbox(debtor.openID)
	if len(card) != 2 || card[0].Rows[len(card[0].Rows)-2].Label != "核验码" {
		t.Fatalf("the debtor's cards: %v", card)
	}
	code := card[0].Rows[len(card[0].Rows)-2].Value
	if v := w.public().must(http.StatusOK, http.MethodGet, "/verify/messages?code="+code, nil); v["known"] != true {
		t.Errorf("the code %s on a card is unknown", code)
	}
}

// The gateway took the message and the answer was lost: it is never sent
// again by itself; the clerk sees it and decides.
func TestATextWhoseAnswerWasLostIsNotRepeated(t *testing.T) {
	t.Parallel()
	w, judge, clerk := texted(t)
	w.file(clerk)
	w.texts.Fail("cut", "cut", "cut", "cut")
	w.drain()
	for range 30 {
		w.clock.Advance(2 * time.Hour)
		w.drain()
	}
	clerk.renew()
	judge.renew()
	if n := len(w.texts.Texts()); n != 4 {
		t.Fatalf("%d text messages, want two to each of two people", n)
	}
	failed := clerk.must(http.StatusOK, http.MethodGet, "/deliveries/failed", nil).list("deliveries")
	var lost []obj
	for _, d := range failed {
		if d.str("channel") == "sms" {
			lost = append(lost, d)
		}
	}
	if len(lost) != 4 || lost[0].str("state") != "unknown" {
		t.Fatalf("the clerk sees %v", failed)
	}
	path := func(d obj) string { return fmt.Sprintf("/deliveries/%d/resend", d.id("id")) }
	clerk.refused(http.StatusBadRequest, "channel.unknown", http.MethodPost, path(lost[0]), obj{"channel": "pigeon"})
	clerk.must(http.StatusNoContent, http.MethodPost, path(lost[0]), obj{"channel": "sms"})
	clerk.must(http.StatusNoContent, http.MethodPost, path(lost[0]), obj{"channel": "sms"}) // pressed twice: sent once
	w.staff("other.clerk", model.RoleClerk).refused(http.StatusConflict, "delivery.changed", http.MethodPost, path(lost[0]), obj{"channel": "sms"})
	clerk.must(http.StatusNoContent, http.MethodPost, path(lost[1]), obj{"channel": "paper"})
	w.drain()
	if n := len(w.texts.Texts()); n != 4 {
		t.Errorf("a text message in the night")
	}
	w.clock.Advance(11 * time.Hour)
	w.drain()
	clerk.renew()
	if n := len(w.texts.Texts()); n != 5 {
		t.Errorf("%d text messages after one was sent again by hand", n)
	}
	if tasks := clerk.must(http.StatusOK, http.MethodGet, "/paper-tasks", nil).list("tasks"); len(tasks) != 1 || tasks[0].id("notice_id") != lost[1].id("notice_id") {
		t.Errorf("paper tasks: %v", tasks)
	}
}

// Anybody may check a message's code on a page, without an account.
func TestAMessagesCodeOnThePublicPage(t *testing.T) {
	t.Parallel()
	w, _, clerk := texted(t)
	w.file(clerk)
	w.drain()
	page := func(code string) (int, string) {
		t.Helper()
		res, err := http.Get(w.url + "/message?code=" + url.QueryEscape(code))
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
	m := w.texts.Texts()[0]
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
	w := newWorld(t)
	clerk := w.staff("wan.tt", model.RoleClerk)
	w.staff("zhang.min", model.RoleJudge)
	f := w.file(clerk)
	debtor := w.phone("")
	debtor.bind(clerk, f.id, f.debtor)
	debtor.submit(f, 60000, 921)
	w.drain()
	failed := clerk.must(http.StatusOK, http.MethodGet, "/deliveries/failed", nil).list("deliveries")
	if len(failed) == 0 || failed[0].str("state") != "no_consent" {
		t.Fatalf("failed: %v", failed)
	}
	path := fmt.Sprintf("/deliveries/%d/resend", failed[0].id("id"))
	clerk.refused(http.StatusBadRequest, "channel.off", http.MethodPost, path, obj{"channel": "sms"})
	clerk.must(http.StatusNoContent, http.MethodPost, path, obj{"channel": "wechat_subscribe"})
	if err := w.fake.Allow(debtor.openID, wechattest.TemplateReceipt); err != nil {
		t.Fatal(err)
	}
	w.drain()
	if n := len(w.fake.Inbox(debtor.openID)); n != 1 {
		t.Errorf("%d cards after it was allowed and sent again", n)
	}
}
