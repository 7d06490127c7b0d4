package handler_test

import (
	"bytes"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"microcourt/handler/handlertest"

	"microcourt/model"
	"microcourt/service/document"
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

// The papers of a case that goes wrong: the notice at filing, the creditor's
// sheet, two demands with exact figures, and the proof of their service. Each
// is numbered, signed, the same at every opening, and seen by its addressee.
func TestThePapersOfACase(t *testing.T) {
	t.Parallel()
	w, judge, debtor, creditor, f := urged(t)
	stranger := w.Phone("")
	w.Until(at(4, 11, 12), judge, debtor, creditor, stranger)
	filed := debtor.Documents(f, model.DocumentPerformanceNotice)
	if len(filed) != 1 || filed[0].Str("number") != "镇法自履告〔2026〕2号" || filed[0].ID("notice_id") == 0 {
		t.Fatalf("the debtor sees %v", filed)
	}
	if got := judge.Documents(f, model.DocumentPerformanceNotice); len(got) != 2 {
		t.Errorf("the judge sees %v", got)
	}
	demands := debtor.Documents(f, model.DocumentReminder)
	if len(demands) != 2 || demands[0].Str("number") != "镇法自履催〔2026〕2号" || demands[1].Str("number") != "镇法自履催〔2026〕1号" {
		t.Fatalf("the demands: %v", demands)
	}
	second := debtor.Pdf(demands[0])
	v, err := document.Verify(second, w.Signer.Certificate())
	if err != nil || !v.Trusted || v.Number != "镇法自履催〔2026〕2号" {
		t.Errorf("%+v %v", v, err)
	}
	// 600 yuan for 10 days at 0.0175 % a day: 1.05, and 0.11 a day; enforcement costs 50.
	for _, want := range []string{"600.00", "再次催告", "已产生1.05元", "每日增加0.11元", "执行申请费约50.00元", "2026年3月31日", f.No, "向李某"} {
		if got := text(t, second); !strings.Contains(got, want) {
			t.Errorf("the second demand does not say %q:\n%s", want, got)
		}
	}
	if got := text(t, debtor.Pdf(demands[1])); strings.Contains(got, "再次催告") {
		t.Error("the first demand says that it is the second")
	}
	if !bytes.Equal(second, judge.Pdf(demands[0])) {
		t.Error("the paper is another at the second opening")
	}
	sheet := creditor.Documents(f, model.DocumentCreditorSheet)
	if len(sheet) != 1 || len(debtor.Documents(f, model.DocumentCreditorSheet)) != 0 {
		t.Fatalf("the creditor's sheet: %v", sheet)
	}
	if got := text(t, creditor.Pdf(sheet[0])); !strings.Contains(got, "1000.00") && !strings.Contains(got, "600.00") || !strings.Contains(got, "2028年4月30日") {
		t.Errorf("the sheet says\n%s", got)
	}
	for _, d := range []handlertest.Obj{demands[0], filed[0]} {
		for _, c := range []*handlertest.Client{creditor, stranger} {
			c.Refused(handlertest.Gone, "document.not_found", handlertest.Get, fmt.Sprintf("/documents/%d/pdf", d.ID("id")), nil)
		}
	}

	// A part paid late: interest on it until that day, on the rest until today.
	w.Clock.Set(at(4, 20, 10))
	for _, c := range []*handlertest.Client{judge, debtor} {
		c.Renew()
	}
	late := handlertest.Claim(30000, debtor.Uploaded(f.ID, 1001))
	late["paid_on"] = "2026-04-10"
	judge.Confirm(debtor.Must(http.StatusCreated, handlertest.Post, fmt.Sprintf("/cases/%d/receipts", f.ID), late), 30000)
	docs := fmt.Sprintf("/cases/%d/documents", f.ID)
	key := handlertest.FreshKey()
	var third handlertest.Obj
	for range 2 {
		a := judge.CallKey(handlertest.Post, docs, handlertest.Obj{"kind": "reminder", "party_id": f.Debtor}, key)
		if a.Status != http.StatusCreated {
			t.Fatalf("%d %s", a.Status, a.Body)
		}
		third = a.Json
	}
	// 300 × 0.0175 % × 10 + 300 × 0.0175 % × 20 = 0.525 + 1.05 = 1.575, rounded 1.58.
	got := text(t, judge.Pdf(third))
	for _, want := range []string{"镇法自履催〔2026〕3号", "已产生1.58元", "每日增加0.05元", "合计300.00元"} {
		if !strings.Contains(got, want) {
			t.Errorf("the third demand does not say %q:\n%s", want, got)
		}
	}
	if again := text(t, judge.Pdf(demands[0])); !strings.Contains(again, "已产生1.05元") {
		t.Error("an earlier paper changed")
	}

	// The proof of service tells the whole way, and a record of a call is a paper.
	n := demands[0].ID("notice_id")
	debtor.Must(http.StatusNoContent, handlertest.Post, fmt.Sprintf("/notices/%d/read", n), nil)
	proof := judge.Must(http.StatusCreated, handlertest.Post, docs, handlertest.Obj{"kind": "service_proof", "notice_id": n})
	if got := text(t, judge.Pdf(proof)); strings.Contains(got, "第2页") {
		t.Errorf("the proof needs a second page:\n%s", got)
	}
	for _, want := range []string{"镇法送证〔2026〕1号", "《自动履行催告书》镇法自履催〔2026〕2号", "受送达人打开阅读", "微信订阅消息：渠道已接收", "第三十一条第二款第一项", "镇法送证〔2026〕1号第1页"} {
		if got := text(t, judge.Pdf(proof)); !strings.Contains(got, want) {
			t.Errorf("the proof does not say %q:\n%s", want, got)
		}
	}
	contact := judge.Must(http.StatusCreated, handlertest.Post, fmt.Sprintf("/cases/%d/contacts", f.ID),
		handlertest.Obj{"channel": "phone", "party_id": f.Debtor, "happened_at": "2026-04-19T08:30:00Z", "note": "称 | 下周\n付清"})
	record := judge.Must(http.StatusCreated, handlertest.Post, docs, handlertest.Obj{"kind": "contact_record", "contact_id": contact.ID("id")})
	if got := text(t, judge.Pdf(record)); !strings.Contains(got, "称｜下周　付清") && !strings.Contains(got, "称｜下周付清") || !strings.Contains(got, "2026年4月19日16时30分") {
		t.Errorf("the record says\n%s", got)
	}
	if len(debtor.Documents(f, model.DocumentContactRecord)) != 0 {
		t.Error("the debtor sees the court's file")
	}
	debtor.Refused(handlertest.Gone, "document.not_found", handlertest.Get, fmt.Sprintf("/documents/%d/pdf", record.ID("id")), nil)
	refusedAll(t, []mistake{
		{judge, handlertest.Gone, "case.not_found", handlertest.Post, "/cases/999999/documents", handlertest.Obj{"kind": "reminder", "party_id": 1}, ""},
		{judge, handlertest.Gone, "party.not_found", handlertest.Post, docs, handlertest.Obj{"kind": "reminder", "party_id": 999999}, ""},
		{judge, handlertest.Gone, "contact.not_found", handlertest.Post, docs, handlertest.Obj{"kind": "contact_record", "contact_id": 999999}, ""},
		{judge, handlertest.Gone, "notice.not_found", handlertest.Post, docs, handlertest.Obj{"kind": "service_proof", "notice_id": 999999}, ""},
		{judge, http.StatusConflict, "document.nothing_open", handlertest.Post, docs, handlertest.Obj{"kind": "reminder", "party_id": f.Creditor}, ""},
		{judge, handlertest.Bad, "document.kind", handlertest.Post, docs, handlertest.Obj{"kind": "performance_notice", "party_id": f.Debtor}, "kind"},
	})
	if numbers := judge.Documents(f, model.DocumentReminder); len(numbers) != 3 {
		t.Errorf("refusals used numbers up: %v", numbers)
	}
}

// The slip and the notice with a code show it once; what is kept does not.
func TestACodeIsPrintedAndNotKept(t *testing.T) {
	t.Parallel()
	w := handlertest.New(t)
	w.Staff("zhang.min", model.RoleJudge)
	clerk := w.Staff("wan.tt", model.RoleClerk)
	f := w.File(clerk)
	print := func(party int64, paper string) string {
		t.Helper()
		status, pdf := clerk.Posts(fmt.Sprintf("/cases/%d/slip", f.ID), url.Values{"party": {fmt.Sprint(party)}, "capacity": {"self"}, "paper": {paper}})
		if status != http.StatusOK {
			t.Fatalf("%d %s", status, pdf)
		}
		return text(t, []byte(pdf))
	}
	printed := print(f.Debtor, "slip")
	_, rest, found := strings.Cut(printed, "绑定码：")
	if !found || len(rest) < 14 {
		t.Fatalf("the slip says\n%s", printed)
	}
	code := rest[:14]
	kept := clerk.Documents(f, model.DocumentBindingSlip)
	if len(kept) != 1 || kept[0].Str("number") != "镇法绑〔2026〕1号" || !strings.Contains(printed, "镇法绑〔2026〕1号") {
		t.Fatalf("kept: %v", kept)
	}
	if again := text(t, clerk.Pdf(kept[0])); strings.Contains(again, code) || !strings.Contains(again, "只在打印时显示一次") {
		t.Errorf("what is kept says\n%s", again)
	}
	debtor := w.Phone("")
	debtor.Must(http.StatusCreated, handlertest.Post, "/bindings/code", handlertest.Obj{"code": code})
	if got := print(f.Creditor, "notice"); !strings.Contains(got, "镇法自履告〔2026〕1号") || !strings.Contains(got, "绑定码") {
		t.Errorf("the notice says\n%s", got)
	}
}

// A court edits its template without a new program: new papers follow, old ones
// stay as they were, and what cannot be printed is refused when it is saved.
func TestACourtEditsItsTemplates(t *testing.T) {
	t.Parallel()
	w := handlertest.New(t)
	w.Staff("zhang.min", model.RoleJudge)
	clerk, admin := w.Staff("wan.tt", model.RoleClerk), w.Staff("root", model.RoleAdmin)
	before := w.File(clerk)
	list := admin.Must(http.StatusOK, handlertest.Get, "/templates/performance_notice", nil)
	if versions := list.List("versions"); len(versions) != 1 || versions[0].Num("version") != 0 {
		t.Fatalf("%v", list)
	}
	body := admin.Must(http.StatusOK, handlertest.Get, "/templates/performance_notice/versions/0", nil).Str("body")
	edited := strings.Replace(body, "一、什么是自动履行。", "一、本院的做法。", 1) + "\n本院诉讼服务热线：12368。"
	preview := clerk.Call(handlertest.Post, "/templates/performance_notice/preview", handlertest.Obj{"body": edited})
	if preview.Status != http.StatusOK || !strings.Contains(text(t, preview.Body), "样张") || !strings.Contains(text(t, preview.Body), "本院的做法") {
		t.Errorf("the preview: %d", preview.Status)
	}
	key := handlertest.FreshKey()
	for range 2 {
		if a := admin.CallKey(handlertest.Post, "/templates/performance_notice", handlertest.Obj{"body": edited}, key); a.Status != http.StatusCreated || a.Json.Num("version") != 1 {
			t.Fatalf("%d %s", a.Status, a.Body)
		}
	}
	after := w.File(clerk)
	old, fresh := clerk.Documents(before, model.DocumentPerformanceNotice)[0], clerk.Documents(after, model.DocumentPerformanceNotice)[0]
	if got := text(t, clerk.Pdf(fresh)); fresh.Num("template_version") != 1 || !strings.Contains(got, "本院的做法") || !strings.Contains(got, "12368。") {
		t.Errorf("a new paper says\n%s", got)
	}
	if got := text(t, clerk.Pdf(old)); old.Num("template_version") != 0 || strings.Contains(got, "本院的做法") {
		t.Errorf("an old paper says\n%s", got)
	}
	foreign := w.StaffOf(w.AddCourt("浙0203", "宁波市海曙区人民法院", "海法"), "far.root", model.RoleAdmin)
	foreign.Refused(handlertest.Gone, "template.not_found", handlertest.Get, "/templates/performance_notice/versions/1", nil)
	var wrong []mistake
	for reason, bad := range map[string]string{
		"template.size": " ", "template.syntax": body + "{{if .案号}}", "template.variable": body + "\n{{.原告}}", "template.required": "# 告知书",
		"template.repeated": body + "\n@seal\n@seal",
		"template.table":    body + "\n| 一 | 二 |\n| 一 |", "template.characters": body + "🙂", "template.not_allowed": body + "{{len .案号}}",
	} {
		for _, path := range []string{"/templates/performance_notice", "/templates/performance_notice/preview"} {
			wrong = append(wrong, mistake{admin, http.StatusBadRequest, reason, handlertest.Post, path, handlertest.Obj{"body": bad}, "body"})
		}
	}
	for _, path := range []string{"/templates/poem", "/templates/poem/preview"} {
		wrong = append(wrong, mistake{admin, handlertest.Bad, "document.kind", handlertest.Post, path, handlertest.Obj{"body": body}, "kind"})
	}
	wrong = append(wrong, mistake{admin, handlertest.Bad, "document.kind", handlertest.Get, "/templates/poem", nil, "kind"},
		mistake{admin, handlertest.Bad, "document.kind", handlertest.Get, "/templates/poem/versions/0", nil, "kind"})
	refusedAll(t, wrong)
	if versions := admin.Must(http.StatusOK, handlertest.Get, "/templates/performance_notice", nil).List("versions"); len(versions) != 2 {
		t.Errorf("what was refused was kept: %v", versions)
	}
}

// pdfText is the text of a PDF.
func pdfText(t *testing.T, pdf []byte) string {
	t.Helper()
	cmd := exec.Command("pdftotext", "-layout", "-", "-")
	cmd.Stdin = bytes.NewReader(pdf)
	out, err := cmd.Output()
	if err != nil {
		t.Fatal(err)
	}
	return strings.ReplaceAll(string(out), "\n", "")
}
