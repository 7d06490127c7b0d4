package paper_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"microcourt/model"
	"microcourt/service/conversation"
	"microcourt/service/document"
	"microcourt/service/paper"
	"microcourt/service/servicetest"
	"microcourt/service/wechat/wechattest"
	"microcourt/storage/object"
)

// text is what a PDF says, as its reader would copy it.
func text(t *testing.T, pdf []byte) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), "paper.pdf")
	if err := os.WriteFile(file, pdf, 0o600); err != nil {
		t.Fatal(err)
	}
	out, err := exec.Command("pdftotext", "-raw", file, "-").Output()
	if err != nil {
		t.Fatal(err)
	}
	return strings.Join(strings.Fields(string(out)), "")
}

// urging is a case whose debtor and creditor have WeChat.
type urging struct {
	*servicetest.World
	judge, clerk, debtor, creditor servicetest.Person
	f                              servicetest.Filed
}

func newUrging(t *testing.T) *urging {
	t.Helper()
	return urgingIn(servicetest.New(t))
}

func urgingIn(w *servicetest.World) *urging {
	w.T.Helper()
	u := &urging{World: w, judge: w.Staff("zhang.min", model.RoleJudge), clerk: w.Staff("wan.tt", model.RoleClerk)}
	u.f = w.File(u.clerk)
	u.debtor, u.creditor = w.Citizen(), w.Citizen()
	w.Bind(u.debtor, u.clerk, u.f.ID, u.f.Debtor)
	w.Bind(u.creditor, u.clerk, u.f.ID, u.f.Creditor)
	w.Allows(u.debtor.Phone, wechattest.TemplateDue)
	return u
}

// until lets the program work, each morning at nine, until a day of the court's
// clock at noon.
func (u *urging) until(month time.Month, day int) {
	u.T.Helper()
	end := time.Date(2026, month, day, 12, 0, 0, 0, model.CourtZone)
	for now := u.Clock.Now().In(model.CourtZone); now.Before(end); now = now.AddDate(0, 0, 1) {
		u.Clock.Set(time.Date(now.Year(), now.Month(), now.Day(), 9, 30, 0, 0, model.CourtZone))
		if err := u.Svc.Schedule.Pass(context.Background()); err != nil {
			u.T.Fatal(err)
		}
		u.Drain()
	}
	u.Clock.Set(end)
}

// papers are the papers of a kind that somebody sees, the newest first.
func (u *urging) papers(by servicetest.Person, f servicetest.Filed, kind model.DocumentKind) []model.Document {
	u.T.Helper()
	list, err := u.Svc.Paper.Documents(context.Background(), by.Actor, f.ID, 0, 100)
	if err != nil {
		u.T.Fatal(err)
	}
	return slices.DeleteFunc(list, func(d model.Document) bool { return d.Kind != kind })
}

func (u *urging) open(by servicetest.Person, id int64) []byte {
	u.T.Helper()
	b, _, err := u.Svc.Paper.PDF(context.Background(), by.Actor, id)
	if err != nil {
		u.T.Fatal(err)
	}
	return b
}

func (u *urging) make(by servicetest.Person, r paper.Request) (*model.Document, error) {
	if r.Key == "" {
		r.Key = servicetest.FreshKey()
	}
	if r.CaseID == 0 {
		r.CaseID = u.f.ID
	}
	return u.Svc.Paper.MakeByHand(context.Background(), by.Actor, r)
}

// The papers of a case that goes wrong: the notice at filing, the creditor's
// sheet, two demands with exact figures, and the proof of their service. Each
// is numbered, signed, the same at every opening, and seen by its addressee.
func TestThePapersOfACase(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	u := newUrging(t)
	stranger := u.Citizen()
	u.until(4, 11)
	filed := u.papers(u.debtor, u.f, model.DocumentPerformanceNotice)
	if len(filed) != 1 || filed[0].Number != "镇法自履告〔2026〕2号" || filed[0].NoticeID == 0 {
		t.Fatalf("the debtor sees %v", filed)
	}
	if got := u.papers(u.judge, u.f, model.DocumentPerformanceNotice); len(got) != 2 {
		t.Errorf("the judge sees %v", got)
	}
	demands := u.papers(u.debtor, u.f, model.DocumentReminder)
	if len(demands) != 2 || demands[0].Number != "镇法自履催〔2026〕2号" || demands[1].Number != "镇法自履催〔2026〕1号" {
		t.Fatalf("the demands: %v", demands)
	}
	second := u.open(u.debtor, demands[0].ID)
	v, err := document.Verify(second, u.Signer.Certificate())
	if err != nil || !v.Trusted || v.Number != "镇法自履催〔2026〕2号" {
		t.Errorf("%+v %v", v, err)
	}
	// 600 yuan for 10 days at 0.0175 % a day: 1.05, and 0.11 a day; enforcement costs 50.
	for _, want := range []string{"600.00", "再次催告", "已产生1.05元", "每日增加0.11元", "执行申请费约50.00元", "2026年3月31日", u.f.No, "向李某"} {
		if got := text(t, second); !strings.Contains(got, want) {
			t.Errorf("the second demand does not say %q:\n%s", want, got)
		}
	}
	if got := text(t, u.open(u.debtor, demands[1].ID)); strings.Contains(got, "再次催告") {
		t.Error("the first demand says that it is the second")
	}
	if !bytes.Equal(second, u.open(u.judge, demands[0].ID)) {
		t.Error("the paper is another at the second opening")
	}
	if n := u.Audited("document.look"); n != 3 {
		t.Errorf("%d of three looks are in the trail", n)
	}
	sheet := u.papers(u.creditor, u.f, model.DocumentCreditorSheet)
	if len(sheet) != 1 || len(u.papers(u.debtor, u.f, model.DocumentCreditorSheet)) != 0 {
		t.Fatalf("the creditor's sheet: %v", sheet)
	}
	if got := text(t, u.open(u.creditor, sheet[0].ID)); !strings.Contains(got, "1000.00") && !strings.Contains(got, "600.00") || !strings.Contains(got, "2028年4月30日") {
		t.Errorf("the sheet says\n%s", got)
	}
	for _, d := range []model.Document{demands[0], filed[0]} {
		for _, by := range []servicetest.Person{u.creditor, stranger} {
			_, _, err := u.Svc.Paper.PDF(ctx, by.Actor, d.ID)
			u.Refused(err, "document.not_found")
		}
	}
	_, err = u.Svc.Paper.Documents(ctx, stranger.Actor, u.f.ID, 0, 10)
	u.Refused(err, "case.not_found")

	// A part paid late: interest on it until that day, on the rest until today.
	u.Clock.Set(time.Date(2026, 4, 20, 10, 0, 0, 0, model.CourtZone))
	late := servicetest.Claim(u.f, 30000, u.Uploaded(u.debtor, u.f.ID, 1001))
	late.PaidOn = model.NewDate(2026, 4, 10)
	r, err := u.Svc.Performance.Submit(ctx, u.debtor.Actor, late)
	if err != nil {
		t.Fatal(err)
	}
	u.Confirm(u.judge, r, 30000)
	third, err := u.make(u.judge, paper.Request{Kind: model.DocumentReminder, PartyID: u.f.Debtor})
	if err != nil {
		t.Fatal(err)
	}
	// 300 × 0.0175 % × 10 + 300 × 0.0175 % × 20 = 0.525 + 1.05 = 1.575, rounded 1.58.
	got := text(t, u.open(u.judge, third.ID))
	for _, want := range []string{"镇法自履催〔2026〕3号", "已产生1.58元", "每日增加0.05元", "合计300.00元"} {
		if !strings.Contains(got, want) {
			t.Errorf("the third demand does not say %q:\n%s", want, got)
		}
	}
	if again := text(t, u.open(u.judge, demands[0].ID)); !strings.Contains(again, "已产生1.05元") {
		t.Error("an earlier paper changed")
	}

	// The proof of service tells the whole way, and a record of a call is a paper.
	n := demands[0].NoticeID
	if err := u.Svc.Notice.MarkRead(ctx, u.debtor.Actor, n); err != nil {
		t.Fatal(err)
	}
	proof, err := u.make(u.judge, paper.Request{Kind: model.DocumentServiceProof, NoticeID: n})
	if err != nil {
		t.Fatal(err)
	}
	proven := text(t, u.open(u.judge, proof.ID))
	if strings.Contains(proven, "第2页") {
		t.Errorf("the proof needs a second page:\n%s", proven)
	}
	for _, want := range []string{"镇法送证〔2026〕1号", "《自动履行催告书》镇法自履催〔2026〕2号", "受送达人打开阅读", "微信订阅消息：渠道已接收", "第三十一条第二款第一项", "镇法送证〔2026〕1号第1页"} {
		if !strings.Contains(proven, want) {
			t.Errorf("the proof does not say %q:\n%s", want, proven)
		}
	}
	contact, err := u.Svc.Filing.LogContact(ctx, u.judge.Actor, model.Contact{
		CaseID: u.f.ID, PartyID: u.f.Debtor, Channel: "phone", HappenedAt: time.Date(2026, 4, 19, 8, 30, 0, 0, time.UTC), Note: "称 | 下周\n付清", IdemKey: servicetest.FreshKey(),
	})
	if err != nil {
		t.Fatal(err)
	}
	record, err := u.make(u.judge, paper.Request{Kind: model.DocumentContactRecord, ContactID: contact.ID})
	if err != nil {
		t.Fatal(err)
	}
	if got := text(t, u.open(u.judge, record.ID)); !strings.Contains(got, "称｜下周　付清") && !strings.Contains(got, "称｜下周付清") || !strings.Contains(got, "2026年4月19日16时30分") {
		t.Errorf("the record says\n%s", got)
	}
	if len(u.papers(u.debtor, u.f, model.DocumentContactRecord)) != 0 {
		t.Error("the debtor sees the court's file")
	}
	_, _, err = u.Svc.Paper.PDF(ctx, u.debtor.Actor, record.ID)
	u.Refused(err, "document.not_found")

	// What cannot be made is refused, and uses no number up.
	for _, wrong := range []struct {
		by     servicetest.Person
		r      paper.Request
		reason string
	}{
		{u.judge, paper.Request{Kind: model.DocumentReminder, CaseID: 999999, PartyID: 1}, "case.not_found"},
		{u.Staff("li.si", model.RoleJudge), paper.Request{Kind: model.DocumentReminder, PartyID: u.f.Debtor}, "case.not_found"},
		{u.judge, paper.Request{Kind: model.DocumentReminder, PartyID: 999999}, "party.not_found"},
		{u.judge, paper.Request{Kind: model.DocumentContactRecord, ContactID: 999999}, "contact.not_found"},
		{u.judge, paper.Request{Kind: model.DocumentServiceProof, NoticeID: 999999}, "notice.not_found"},
		{u.judge, paper.Request{Kind: model.DocumentReminder, PartyID: u.f.Creditor}, "document.nothing_open"},
		{u.judge, paper.Request{Kind: model.DocumentPerformanceNotice, PartyID: u.f.Debtor}, "document.kind"},
		{u.debtor, paper.Request{Kind: model.DocumentReminder, PartyID: u.f.Debtor}, "role.forbidden"},
	} {
		_, err := u.make(wrong.by, wrong.r)
		if model.ReasonOf(err) != wrong.reason {
			t.Errorf("%+v: %v, want %s", wrong.r, err, wrong.reason)
		}
	}
	if numbers := u.papers(u.judge, u.f, model.DocumentReminder); len(numbers) != 3 {
		t.Errorf("refusals used numbers up: %v", numbers)
	}
}

// One key is one paper, also when it is sent twice at once, and another's key is
// another paper.
func TestAPaperIsMadeOnce(t *testing.T) {
	t.Parallel()
	u := newUrging(t)
	r := paper.Request{Kind: model.DocumentCreditorSheet, CaseID: u.f.ID, PartyID: u.f.Creditor, InstrumentID: u.f.Instrument, Key: servicetest.FreshKey()}
	numbers := make([]string, 6)
	var all sync.WaitGroup
	for i := range numbers {
		all.Go(func() {
			d, err := u.Svc.Paper.MakeByHand(context.Background(), u.judge.Actor, r)
			if err != nil {
				t.Error(err)
				return
			}
			numbers[i] = d.Number
		})
	}
	all.Wait()
	if slices.Sort(numbers); numbers[0] == "" || numbers[0] != numbers[5] || u.Audited("document.make") != 1 {
		t.Errorf("one key made %v, %d in the trail", numbers, u.Audited("document.make"))
	}
	other, err := u.make(u.clerk, r)
	if err != nil || other.Number == numbers[0] {
		t.Errorf("the clerk's own key made %v, %v", other, err)
	}
	// Two who open it first at once see the same bytes.
	opened := make([][]byte, 4)
	for i := range opened {
		all.Go(func() { opened[i] = u.open(u.judge, other.ID) })
	}
	all.Wait()
	for _, b := range opened {
		if !bytes.Equal(b, opened[0]) {
			t.Error("one paper has two looks")
		}
	}
}

// What is kept of a paper is what was signed: a byte that changed in the store is
// not shown as the court's.
func TestAPaperThatWasChangedIsNotShown(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	u := newUrging(t)
	d, err := u.make(u.judge, paper.Request{Kind: model.DocumentCreditorSheet, PartyID: u.f.Creditor, InstrumentID: u.f.Instrument})
	if err != nil {
		t.Fatal(err)
	}
	u.open(u.judge, d.ID)
	kept, err := u.DB.Document(ctx, u.judge.Actor, d.ID)
	if err != nil || kept.PDFKey == "" {
		t.Fatal(kept, err)
	}
	const another = "%PDF-1.7 another"
	if err := u.Objects.Remove(ctx, kept.PDFKey); err != nil {
		t.Fatal(err)
	}
	if err := u.Objects.Put(ctx, kept.PDFKey, strings.NewReader(another), int64(len(another)), object.PutOptions{ContentType: "application/pdf"}); err != nil {
		t.Fatal(err)
	}
	if b, _, err := u.Svc.Paper.PDF(ctx, u.judge.Actor, d.ID); err == nil || b != nil {
		t.Errorf("another paper is shown under its number: %q", b)
	}
}

// The slip and the notice with a code show it once; what is kept does not.
func TestACodeIsPrintedAndNotKept(t *testing.T) {
	hash := func(b []byte) string { sum := sha256.Sum256(b); return hex.EncodeToString(sum[:]) }
	t.Parallel()
	ctx := context.Background()
	u := newUrging(t)
	code, err := u.Svc.Identity.IssueBindingCode(ctx, u.clerk.Actor, u.f.ID, u.f.Debtor, model.CapacitySelf, "")
	if err != nil {
		t.Fatal(err)
	}
	slip, err := u.Svc.Paper.PrintBindingSlip(ctx, u.clerk.Actor, code)
	if err != nil {
		t.Fatal(err)
	}
	printed := text(t, slip)
	if !strings.Contains(printed, code.Code) || !strings.Contains(printed, "镇法绑〔2026〕1号") {
		t.Fatalf("the slip says\n%s", printed)
	}
	kept := u.papers(u.clerk, u.f, model.DocumentBindingSlip)
	if len(kept) != 1 || kept[0].Number != "镇法绑〔2026〕1号" {
		t.Fatalf("kept: %v", kept)
	}
	if again := text(t, u.open(u.clerk, kept[0].ID)); strings.Contains(again, code.Code) || !strings.Contains(again, "只在打印时显示一次") {
		t.Errorf("what is kept says\n%s", again)
	}
	// The same code printed once more is the same slip.
	if _, err := u.Svc.Paper.PrintBindingSlip(ctx, u.clerk.Actor, code); err != nil || len(u.papers(u.clerk, u.f, model.DocumentBindingSlip)) != 1 {
		t.Errorf("%v, %d slips", err, len(u.papers(u.clerk, u.f, model.DocumentBindingSlip)))
	}
	other, err := u.Svc.Identity.IssueBindingCode(ctx, u.clerk.Actor, u.f.ID, u.f.Creditor, model.CapacitySelf, "")
	if err != nil {
		t.Fatal(err)
	}
	notice, err := u.Svc.Paper.PrintPerformanceNotice(ctx, u.clerk.Actor, other)
	if err != nil {
		t.Fatal(err)
	}
	if got := text(t, notice); !strings.Contains(got, "镇法自履告〔2026〕1号") || !strings.Contains(got, other.Code) {
		t.Errorf("the notice says\n%s", got)
	}
	// A slip for a debtor's family, on the officer's case.
	officer := u.Staff("ji.fg", model.RoleOfficer)
	e := u.EnforcedBy(officer, u.f)
	family, err := u.Svc.Relative.Print(ctx, officer.Actor, e.ID, u.f.Debtor)
	if err != nil {
		t.Fatal(err)
	}
	slip, err = u.Svc.Paper.PrintRelativeSlip(ctx, officer.Actor, family)
	if err != nil {
		t.Fatal(err)
	}
	kept = u.papers(officer, u.f, model.DocumentRelativeSlip)
	if got := text(t, slip); !strings.Contains(got, family.Code) || len(kept) != 1 || strings.Contains(text(t, u.open(officer, kept[0].ID)), family.Code) {
		t.Errorf("the family's slip says\n%s\nkept: %v", got, kept)
	}
	// Of each print the hash was recorded before it left, and the code nowhere.
	prints, err := u.Svc.Paper.Prints(ctx, u.clerk.Actor, u.f.ID)
	if err != nil || len(prints) != 4 {
		t.Fatalf("%+v %v", prints, err)
	}
	if p := prints[0]; p.Kind != model.DocumentRelativeSlip || p.PDFSHA256 != hash(slip) || len(p.ContentSHA256) != 64 || p.ContentSHA256 == p.PDFSHA256 || p.ByUserID != officer.UserID {
		t.Errorf("%+v", p)
	}
	if p := prints[1]; p.Kind != model.DocumentPerformanceNotice || p.PDFSHA256 != hash(notice) || p.Number != "镇法自履告〔2026〕1号" {
		t.Errorf("%+v", p)
	}
	if prints, err := u.Svc.Paper.Prints(ctx, u.debtor.Actor, u.f.ID); err != nil || len(prints) != 0 {
		t.Errorf("a party reads %+v %v", prints, err)
	}
	for _, p := range prints {
		if strings.Contains(p.Number+p.Facts.Code+p.Facts.Scene, code.Code) {
			t.Errorf("a code is kept: %+v", p)
		}
	}
}

// A court edits its template without a new program: new papers follow, old ones
// stay as they were, and what cannot be printed is refused when it is saved.
func TestACourtEditsItsTemplates(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	w := servicetest.New(t)
	w.Staff("zhang.min", model.RoleJudge)
	clerk, admin := w.Staff("wan.tt", model.RoleClerk), w.Staff("root", model.RoleAdmin)
	u := &urging{World: w, clerk: clerk}
	const kind = model.DocumentPerformanceNotice
	before := w.File(clerk)
	if list, err := w.Svc.Paper.Templates(ctx, admin.Actor, kind); err != nil || len(list) != 1 || list[0].Version != 0 {
		t.Fatal(list, err)
	}
	own, err := w.Svc.Paper.Template(ctx, admin.Actor, kind, 0)
	if err != nil {
		t.Fatal(err)
	}
	edited := strings.Replace(own.Body, "在手机上办理。", "本院的做法。", 1) + "\n本院诉讼服务热线：12368。"
	preview, err := w.Svc.Paper.Preview(ctx, clerk.Actor, kind, edited)
	if err != nil || !strings.Contains(text(t, preview), "样张") || !strings.Contains(text(t, preview), "本院的做法") {
		t.Errorf("the preview: %v", err)
	}
	key := servicetest.FreshKey()
	for range 2 {
		if v, err := w.Svc.Paper.SaveTemplate(ctx, admin.Actor, kind, edited, key); err != nil || v.Version != 1 {
			t.Fatal(v, err)
		}
	}
	after := w.File(clerk)
	old, fresh := u.papers(clerk, before, kind)[0], u.papers(clerk, after, kind)[0]
	if got := text(t, u.open(clerk, fresh.ID)); fresh.TemplateVersion != 1 || !strings.Contains(got, "本院的做法") || !strings.Contains(got, "12368。") {
		t.Errorf("a new paper says\n%s", got)
	}
	if got := text(t, u.open(clerk, old.ID)); old.TemplateVersion != 0 || strings.Contains(got, "本院的做法") {
		t.Errorf("an old paper says\n%s", got)
	}
	if saved, err := w.Svc.Paper.Template(ctx, admin.Actor, kind, 1); err != nil || saved.Body != edited {
		t.Error(saved, err)
	}
	foreign := w.StaffOf(w.AddCourt("浙0203", "宁波市海曙区人民法院", "海法"), "far.root", model.RoleAdmin)
	_, err = w.Svc.Paper.Template(ctx, foreign.Actor, kind, 1)
	w.Refused(err, "template.not_found")

	// Who may only read changes nothing.
	_, err = w.Svc.Paper.SaveTemplate(ctx, clerk.Actor, kind, edited, servicetest.FreshKey())
	w.Refused(err, "role.forbidden")
	for reason, bad := range map[string]string{
		"template.size": " ", "template.syntax": own.Body + "{{if .案号}}", "template.variable": own.Body + "\n{{.原告}}", "template.required": "# 告知书",
		"template.repeated": own.Body + "\n@seal\n@seal",
		"template.table":    own.Body + "\n| 一 | 二 |\n| 一 |", "template.characters": own.Body + "🙂", "template.not_allowed": own.Body + "{{len .案号}}",
	} {
		_, err := w.Svc.Paper.SaveTemplate(ctx, admin.Actor, kind, bad, servicetest.FreshKey())
		w.Refused(err, reason)
		_, err = w.Svc.Paper.Preview(ctx, admin.Actor, kind, bad)
		w.Refused(err, reason)
	}
	_, err = w.Svc.Paper.SaveTemplate(ctx, admin.Actor, "poem", own.Body, servicetest.FreshKey())
	w.Refused(err, "document.kind")
	_, err = w.Svc.Paper.Preview(ctx, admin.Actor, "poem", own.Body)
	w.Refused(err, "document.kind")
	_, err = w.Svc.Paper.Templates(ctx, admin.Actor, "poem")
	w.Refused(err, "document.kind")
	_, err = w.Svc.Paper.Template(ctx, admin.Actor, "poem", 0)
	w.Refused(err, "document.kind")
	_, err = w.Svc.Paper.Fields(ctx, admin.Actor, "poem")
	w.Refused(err, "document.kind")
	if fields, err := w.Svc.Paper.Fields(ctx, clerk.Actor, kind); err != nil || !slices.ContainsFunc(fields, func(f model.DocumentField) bool { return f.Name == "案号" }) {
		t.Errorf("what a template may print: %v, %v", fields, err)
	}
	if list, err := w.Svc.Paper.Templates(ctx, admin.Actor, kind); err != nil || len(list) != 2 || w.Audited("template.save") != 1 {
		t.Errorf("what was refused was kept: %v, %v", list, err)
	}
}

// A conversation is put on paper with everything that was said: while nothing new
// is said it is one paper, whoever asks; afterwards another.
func TestAConversationOnPaper(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	u := newUrging(t)
	say := func(by servicetest.Person, text string) int64 {
		t.Helper()
		m, err := u.Svc.Conversation.Say(ctx, by.Actor, conversation.Words{CaseID: u.f.ID, PartyID: u.f.Debtor, Text: text, Key: servicetest.FreshKey()})
		if err != nil {
			t.Fatal(err)
		}
		return m.ConversationID
	}
	id := say(u.debtor, "请问分期能否延后")
	u.Clock.Advance(time.Minute)
	say(u.judge, "请先提交说明")
	d, err := u.Svc.Paper.RecordConversation(ctx, u.judge.Actor, id)
	if err != nil {
		t.Fatal(err)
	}
	got := text(t, u.open(u.judge, d.ID))
	for _, want := range []string{"请问分期能否延后", "请先提交说明", "法官zhang.min（法院）", "甬兴建材有限公司（当事人）", u.f.No} {
		if !strings.Contains(got, want) {
			t.Errorf("the record does not say %q:\n%s", want, got)
		}
	}
	if again, err := u.Svc.Paper.RecordConversation(ctx, u.clerk.Actor, id); err != nil || again.Number != d.Number {
		t.Errorf("a repeat is %v, %v", again, err)
	}
	u.Clock.Advance(time.Minute)
	say(u.debtor, "已提交")
	if more, err := u.Svc.Paper.RecordConversation(ctx, u.judge.Actor, id); err != nil || more.Number == d.Number || !strings.Contains(text(t, u.open(u.judge, more.ID)), "已提交") {
		t.Errorf("after a new message: %v, %v", more, err)
	}
	_, err = u.Svc.Paper.RecordConversation(ctx, u.debtor.Actor, id)
	u.Refused(err, "role.forbidden")
	_, err = u.Svc.Paper.RecordConversation(ctx, u.Staff("li.si", model.RoleJudge).Actor, id)
	u.Refused(err, "conversation.not_found")
	if len(u.papers(u.debtor, u.f, model.DocumentConversationRecord)) != 0 {
		t.Error("the debtor sees the court's file")
	}
}
