package notice_test

import (
	"context"
	"slices"
	"strings"
	"testing"
	"time"

	"microcourt/model"
	"microcourt/service/notice"
	"microcourt/service/servicetest"
	"microcourt/service/wechat/wechattest"
)

// 在线诉讼规则 31: with consent a paper is served when it arrives; without it
// when the addressee reads it or acts on it; and not before.
func TestServiceFollowsConsentReadingAndReply(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	w := servicetest.New(t)
	judge, clerk := w.Staff("zhang.min", model.RoleJudge), w.Staff("wan.tt", model.RoleClerk)
	f := w.File(clerk)
	debtor, creditor, stranger := w.Citizen(), w.Citizen(), w.Citizen()
	w.Bind(debtor, clerk, f.ID, f.Debtor)
	w.Bind(creditor, clerk, f.ID, f.Creditor)
	proof := func(kind model.NoticeKind, party int64) model.ServiceProof {
		t.Helper()
		return w.ProofOf(judge.Actor, f, kind, party)
	}
	p := proof(model.NoticeFiled, f.Debtor)
	if p.Rule != model.NotServed || p.RuleText() != "尚不能认定已送达" {
		t.Errorf("an unread notice without consent is served by %q", p.Rule)
	}

	// Reading it serves it, at the first reading; looking at the list does not.
	list, unread, err := w.Svc.Notice.Inbox(ctx, debtor.Actor, 0, 0, 10)
	if err != nil || unread != 2 || len(list) != 2 || !slices.ContainsFunc(list, func(i notice.Item) bool { return i.ID == p.Notice.ID && i.ReadAt == nil }) {
		t.Fatal(list, unread, err)
	}
	if got := proof(model.NoticeFiled, f.Debtor).Rule; got != model.NotServed {
		t.Errorf("the list of the inbox served it by %q", got)
	}
	w.Clock.Advance(time.Minute)
	read := w.Clock.Now()
	for range 2 {
		if err := w.Svc.Notice.MarkRead(ctx, debtor.Actor, p.Notice.ID); err != nil {
			t.Fatal(err)
		}
		w.Clock.Advance(time.Minute)
	}
	if p = proof(model.NoticeFiled, f.Debtor); p.Rule != "reading" || !p.ServedAt.Equal(read) {
		t.Errorf("read at %s: %s at %s", read, p.Rule, p.ServedAt)
	}
	if n, err := w.Svc.Notice.Notice(ctx, debtor.Actor, p.Notice.ID); err != nil || n.ReadAt == nil || !n.ReadAt.Equal(read) {
		t.Errorf("the debtor's own copy: %+v %v", n, err)
	}
	if _, unread, err := w.Svc.Notice.Inbox(ctx, debtor.Actor, f.ID, 0, 10); err != nil || unread != 1 {
		t.Errorf("one of two was read, %d are unread, %v", unread, err)
	}
	w.Refused(w.Svc.Notice.MarkRead(ctx, stranger.Actor, p.Notice.ID), "notice.not_found")
	_, err = w.Svc.Notice.Notice(ctx, creditor.Actor, p.Notice.ID)
	w.Refused(err, "notice.not_found")

	// The creditor never opens anything; nobody but he, or the clerk, consents for him.
	given := model.Consent{CaseID: f.ID, PartyID: f.Creditor, Act: model.ConsentGiven, IdemKey: servicetest.FreshKey()}
	w.Refused(w.Svc.Notice.Consent(ctx, stranger.Actor, given), "case.not_found")
	w.Refused(w.Svc.Notice.Consent(ctx, debtor.Actor, given), "party.unknown")
	w.Refused(w.Svc.Notice.Consent(ctx, clerk.Actor, given), "consent.how")
	w.Refused(w.Svc.Notice.Consent(ctx, w.Staff("xu.he", model.RoleAuditor).Actor, given), "role.forbidden")
	for reason, wrong := range map[string]model.Consent{
		"consent.act":   {CaseID: f.ID, PartyID: f.Creditor, Act: "maybe"},
		"text.too_long": {CaseID: f.ID, PartyID: f.Creditor, Act: model.ConsentGiven, Note: strings.Repeat("长", 201)},
		"party.unknown": {CaseID: f.ID, PartyID: 999999, Act: model.ConsentGiven},
	} {
		wrong.IdemKey = servicetest.FreshKey()
		w.Refused(w.Svc.Notice.Consent(ctx, creditor.Actor, wrong), reason)
	}
	for range 3 { // one key, one consent
		if err := w.Svc.Notice.Consent(ctx, creditor.Actor, given); err != nil {
			t.Fatal(err)
		}
	}
	w.Clock.Advance(time.Minute)
	asked := w.Clock.Now()
	w.Confirm(judge, w.Submit(debtor, f, 60000, 901), 60000)
	if p = proof(model.NoticeObligeeAsked, f.Creditor); p.Rule != "arrival" || !p.ServedAt.Equal(asked) {
		t.Errorf("with consent a notice is served on arrival at %s: %s at %s", asked, p.Rule, p.ServedAt)
	}
	// What came before the consent is not served by it.
	if got := proof(model.NoticeFiled, f.Creditor).Rule; got != model.NotServed {
		t.Errorf("the notice from before the consent is served by %q", got)
	}
	// Acting on it serves it: the debtor's receipt.
	if got := proof(model.NoticeReceiptConfirmed, f.Debtor).Rule; got != model.NotServed {
		t.Errorf("the confirmation is served by %q", got)
	}
	w.Clock.Advance(time.Minute)
	second := w.Submit(debtor, f, 1000, 902)
	if got := proof(model.NoticeReceiptConfirmed, f.Debtor).Rule; got != "reply" {
		t.Errorf("the debtor acted on it, and it is served by %q", got)
	}

	// Taken back, it counts no more; the record keeps both, and who may see them.
	taken := model.Consent{CaseID: f.ID, PartyID: f.Creditor, Act: model.ConsentWithdrawn, IdemKey: servicetest.FreshKey()}
	if err := w.Svc.Notice.Consent(ctx, creditor.Actor, taken); err != nil {
		t.Fatal(err)
	}
	w.Clock.Advance(time.Minute)
	w.Confirm(judge, second, 1000)
	if got := proof(model.NoticeObligeeAsked, f.Creditor).Rule; got != model.NotServed {
		t.Errorf("after consent was taken back a notice is served by %q", got)
	}
	said, err := w.Svc.Notice.Consents(ctx, clerk.Actor, f.ID)
	if err != nil || len(said) != 2 || said[0].Act != model.ConsentGiven || said[1].Act != model.ConsentWithdrawn || said[0].How != model.ConsentInApp {
		t.Errorf("the record of consents is %v, %v", said, err)
	}
	if own, err := w.Svc.Notice.Consents(ctx, debtor.Actor, f.ID); err != nil || len(own) != 0 {
		t.Errorf("the debtor reads the creditor's consents: %v, %v", own, err)
	}
	_, err = w.Svc.Notice.Consents(ctx, stranger.Actor, f.ID)
	w.Refused(err, "case.not_found")
	// On paper, taken down by the clerk.
	onPaper := model.Consent{CaseID: f.ID, PartyID: f.Debtor, Act: model.ConsentGiven, How: model.ConsentPaper, IdemKey: servicetest.FreshKey()}
	if err := w.Svc.Notice.Consent(ctx, clerk.Actor, onPaper); err != nil || w.Audited("consent.given") != 2 {
		t.Errorf("%v, %d given in the trail", err, w.Audited("consent.given"))
	}

	// Who may see what is known of the service: the judge whose case it is.
	for who, by := range map[string]model.Actor{"another judge": w.Staff("li.si", model.RoleJudge).Actor, "a court away": w.StaffOf(w.AddCourt("浙0203", "宁波市海曙区人民法院", "海法"), "far.judge", model.RoleJudge).Actor} {
		if _, err := w.Svc.Notice.Proofs(ctx, by, f.ID, 0, 10); model.ReasonOf(err) != "case.not_found" {
			t.Errorf("%s reads the proofs: %v", who, err)
		}
	}
	_, err = w.Svc.Notice.Proofs(ctx, debtor.Actor, f.ID, 0, 10)
	w.Refused(err, "role.forbidden")
	if w.Audited("service.look") == 0 {
		t.Error("who looked at what is known of the service is not in the trail")
	}
}

// A paper asked for is one task, done once, and its tracking number is in the
// proof.
func TestPaperOnRequest(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	w := servicetest.New(t)
	judge, clerk := w.Staff("zhang.min", model.RoleJudge), w.Staff("wan.tt", model.RoleClerk)
	f := w.File(clerk)
	debtor, stranger := w.Citizen(), w.Citizen()
	w.Bind(debtor, clerk, f.ID, f.Debtor)
	n := w.ProofOf(judge.Actor, f, model.NoticeFiled, f.Debtor).Notice
	w.Refused(w.Svc.Notice.RequestPaper(ctx, stranger.Actor, n.ID), "notice.not_found")
	foreign := w.StaffOf(w.AddCourt("浙0203", "宁波市海曙区人民法院", "海法"), "far.clerk", model.RoleClerk)
	w.Refused(w.Svc.Notice.RequestPaper(ctx, foreign.Actor, n.ID), "notice.not_found")
	for _, by := range []model.Actor{debtor.Actor, debtor.Actor, clerk.Actor} {
		if err := w.Svc.Notice.RequestPaper(ctx, by, n.ID); err != nil {
			t.Fatal(err)
		}
	}
	tasks, err := w.Svc.Notice.Papers(ctx, clerk.Actor, 0, 10)
	if err != nil || len(tasks) != 1 || tasks[0].NoticeID != n.ID || tasks[0].Cause != model.PaperRequested || tasks[0].Title != n.Title || tasks[0].DocumentID == 0 {
		t.Fatalf("tasks: %+v %v", tasks, err)
	}
	if list, err := w.Svc.Notice.Papers(ctx, foreign.Actor, 0, 10); err != nil || len(list) != 0 {
		t.Errorf("another court's clerk sees %v, %v", list, err)
	}
	id := tasks[0].ID
	finish := func(by model.Actor, method, tracking, note string) error {
		return w.Svc.Notice.FinishPaper(ctx, by, id, method, tracking, note)
	}
	w.Refused(finish(clerk.Actor, "pigeon", "", ""), "paper.method")
	w.Refused(finish(clerk.Actor, "mail", "  ", ""), "paper.tracking")
	w.Refused(finish(clerk.Actor, "pickup", "", strings.Repeat("长", 201)), "text.too_long")
	w.Refused(finish(foreign.Actor, "pickup", "", ""), "paper_task.not_found")
	w.Refused(finish(debtor.Actor, "pickup", "", ""), "role.forbidden")
	for range 2 {
		if err := finish(clerk.Actor, "mail", "EA123456789CN", ""); err != nil {
			t.Fatal(err)
		}
	}
	w.Refused(finish(clerk.Actor, "pickup", "", ""), "paper.done")
	w.Refused(finish(clerk.Actor, "mail", "EA123456789CN", "门卫代收"), "paper.done")
	if left, err := w.Svc.Notice.PaperTasks(ctx, clerk.Actor, 0, 10); err != nil || len(left) != 0 || w.Audited("paper.done") != 1 {
		t.Errorf("a finished task is still there: %v, %v", left, err)
	}
	p, err := w.Svc.Notice.ProofOf(ctx, judge.Actor, f.ID, n.ID)
	if err != nil || len(p.Paper) != 1 || p.Paper[0].TrackingNo != "EA123456789CN" || p.Paper[0].State != model.PaperDone {
		t.Errorf("the proof shows %+v, %v", p, err)
	}
	var trail []string
	for _, l := range p.Trail() {
		trail = append(trail, l.What)
	}
	if said := strings.Join(trail, "|"); !strings.Contains(said, "受送达人申请纸质文书|纸质文书已邮寄，邮单号EA123456789CN") {
		t.Errorf("the trail says %s", said)
	}
	other := w.File(clerk)
	_, err = w.Svc.Notice.ProofOf(ctx, judge.Actor, other.ID, n.ID)
	w.Refused(err, "notice.not_found")
}

// texted is a world whose court tries WeChat, then text messages, then paper.
func texted(t *testing.T) (w *servicetest.World, judge, clerk servicetest.Person) {
	t.Helper()
	w = servicetest.NewWith(t, func(w *servicetest.World) { w.Texting = true })
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
	ctx := context.Background()
	w, judge, clerk := texted(t)
	f := w.File(clerk)
	w.Texts.Fail("isv.MOBILE_NUMBER_ILLEGAL") // the first of four: 告知书 and 履行事项通知 to each
	w.Drain()
	texts := w.Texts.Texts()
	if len(texts) != 3 {
		t.Fatalf("text messages: %v", texts)
	}
	for _, secret := range []string{"李某", "甬兴", f.No, "买卖合同", "1,000", "600"} {
		if said := texts[0].Title + texts[0].Code + texts[0].Link; strings.Contains(said, secret) {
			t.Errorf("the text message says %q: %v", secret, texts[0])
		}
	}
	if !strings.HasPrefix(texts[0].Link, "https://") {
		t.Errorf("link %q", texts[0].Link)
	}
	tasks, err := w.Svc.Notice.PaperTasks(ctx, clerk.Actor, 0, 10)
	if err != nil || len(tasks) != 1 || tasks[0].Cause != model.PaperFallback {
		t.Fatalf("the unreachable number makes one paper task, not %v, %v", tasks, err)
	}

	// The code on the message, with small letters and a space, as people type it.
	checked, err := w.Svc.Notice.Check(ctx, " "+strings.ToLower(texts[0].Code))
	if err != nil || checked == nil || checked.Court != w.Court.Name || checked.Title != texts[0].Title || checked.On != model.NewDate(2026, 3, 2) {
		t.Errorf("the code is checked as %+v, %v", checked, err)
	}
	if other, err := w.Svc.Notice.Check(ctx, "ZZZZZZZZ"); other != nil || err != nil {
		t.Errorf("an invented code is %v, %v", other, err)
	}
	_, err = w.Svc.Notice.Check(ctx, "123")
	w.Refused(err, "check.format")

	// The debtor allows receipts' cards: a card and no text. The creditor does
	// not: a text, and never both.
	debtor, creditor := w.Citizen(), w.Citizen()
	w.Bind(debtor, clerk, f.ID, f.Debtor)
	w.Bind(creditor, clerk, f.ID, f.Creditor)
	w.Drain()
	w.Texts.Fail() // none
	before := len(w.Texts.Texts())
	w.Allows(debtor.Phone, wechattest.TemplateReceipt)
	w.Allows(debtor.Phone, wechattest.TemplateReceipt)
	w.Confirm(judge, w.Submit(debtor, f, 60000, 911), 60000)
	w.Drain()
	var to []string
	for _, m := range w.Texts.Texts()[before:] {
		to = append(to, m.Phone+" "+m.Title)
	}
	if !slices.Equal(to, []string{"13800138000 请权利人确认收款", "13800138000 履行款项已确认"}) {
		t.Errorf("text messages went to %v, want those of the creditor", to)
	}
	card := w.Fake.Inbox(debtor.Phone)
	if len(card) != 2 || card[0].Rows[len(card[0].Rows)-2].Label != "核验码" {
		t.Fatalf("the debtor's cards: %v", card)
	}
	code := card[0].Rows[len(card[0].Rows)-2].Value
	if v, err := w.Svc.Notice.Check(ctx, code); err != nil || v == nil {
		t.Errorf("the code %s on a card is unknown: %v", code, err)
	}
}

// The gateway took the message and the answer was lost: it is never sent
// again by itself; the clerk sees it and decides.
func TestATextWhoseAnswerWasLostIsNotRepeated(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	w, _, clerk := texted(t)
	w.File(clerk)
	w.Texts.Fail("cut", "cut", "cut", "cut")
	w.Drain()
	for range 30 {
		w.Clock.Advance(2 * time.Hour)
		w.Drain()
	}
	if n := len(w.Texts.Texts()); n != 4 {
		t.Fatalf("%d text messages, want two to each of two people", n)
	}
	lost, err := w.Svc.Notice.Failed(ctx, clerk.Actor, 0, 10)
	if err != nil || len(lost) != 4 || lost[0].State != model.OutboxUnknown || lost[0].Channel != model.ChannelSMS || lost[0].Title == "" || len(lost[0].Shown) != 3 {
		t.Fatalf("the clerk sees %+v, %v", lost, err)
	}
	resend := func(by model.Actor, i int, channel model.ChannelName) error {
		return w.Svc.Notice.Resend(ctx, by, lost[i].ID, channel)
	}
	w.Refused(resend(clerk.Actor, 0, "pigeon"), "channel.unknown")
	w.Refused(resend(model.Actor{UserID: 1, CourtID: w.Court.ID, Roles: []model.Role{model.RoleAuditor}}, 0, model.ChannelSMS), "role.forbidden")
	foreign := w.StaffOf(w.AddCourt("浙0203", "宁波市海曙区人民法院", "海法"), "far.clerk", model.RoleClerk)
	w.Refused(resend(foreign.Actor, 0, model.ChannelSMS), "delivery.not_found")
	for range 2 { // pressed twice: sent once
		if err := resend(clerk.Actor, 0, model.ChannelSMS); err != nil {
			t.Fatal(err)
		}
	}
	w.Refused(resend(w.Staff("other.clerk", model.RoleClerk).Actor, 0, model.ChannelSMS), "delivery.changed")
	if err := resend(clerk.Actor, 1, model.ChannelPaper); err != nil {
		t.Fatal(err)
	}
	w.Drain()
	if n := len(w.Texts.Texts()); n != 4 {
		t.Errorf("a text message in the night")
	}
	w.Clock.Advance(11 * time.Hour)
	w.Drain()
	if n := len(w.Texts.Texts()); n != 5 {
		t.Errorf("%d text messages after one was sent again by hand", n)
	}
	tasks, err := w.Svc.Notice.PaperTasks(ctx, clerk.Actor, 0, 10)
	if err != nil || len(tasks) != 1 || tasks[0].NoticeID != lost[1].NoticeID {
		t.Errorf("paper tasks: %v, %v", tasks, err)
	}
	if n := w.Audited("delivery.resend"); n != 2 {
		t.Errorf("%d resends in the trail", n)
	}
}

// A court without a gateway says so instead of promising a text message; and a
// repeat is known by the try that it made, not by the message.
func TestResendingByAChannelThatTheCourtDoesNotHave(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	w := servicetest.New(t)
	clerk := w.Staff("wan.tt", model.RoleClerk)
	w.Staff("zhang.min", model.RoleJudge)
	f := w.File(clerk)
	debtor := w.Citizen()
	w.Bind(debtor, clerk, f.ID, f.Debtor)
	w.Submit(debtor, f, 60000, 921)
	w.Drain()
	list, err := w.Svc.Notice.Failed(ctx, clerk.Actor, 0, 10)
	if err != nil || len(list) == 0 || list[0].State != model.OutboxNoConsent {
		t.Fatalf("failed: %+v, %v", list, err)
	}
	id := list[0].ID
	again := func() error { return w.Svc.Notice.Resend(ctx, clerk.Actor, id, model.ChannelWeChat) }
	w.Refused(w.Svc.Notice.Resend(ctx, clerk.Actor, id, model.ChannelSMS), "channel.off")
	for range 2 { // the very same once more
		if err := again(); err != nil {
			t.Fatal(err)
		}
	}
	// It fails again and somebody else has it sent once more: what the clerk did to
	// the try before is no answer.
	w.Drain()
	w.Clock.Advance(time.Minute)
	if err := w.Svc.Notice.Resend(ctx, w.Staff("root", model.RoleAdmin, model.RoleClerk).Actor, id, model.ChannelWeChat); err != nil {
		t.Fatal(err)
	}
	w.Refused(again(), "delivery.changed")
	w.Allows(debtor.Phone, wechattest.TemplateReceipt)
	w.Drain()
	if n := len(w.Fake.Inbox(debtor.Phone)); n != 1 {
		t.Errorf("%d cards after it was allowed and sent again", n)
	}
}
