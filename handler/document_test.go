package handler_test

import (
	"bytes"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

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

func (c *client) documents(f filed, kind model.DocumentKind) (out []obj) {
	c.w.t.Helper()
	for _, d := range c.must(http.StatusOK, get, fmt.Sprintf("/cases/%d/documents?limit=100", f.id), nil).list("documents") {
		if d.str("kind") == string(kind) {
			out = append(out, d)
		}
	}
	return out
}

func (c *client) pdf(d obj) []byte {
	c.w.t.Helper()
	a := c.call(get, fmt.Sprintf("/documents/%d/pdf", d.id("id")), nil)
	if a.status != http.StatusOK {
		c.w.t.Fatalf("%d %s", a.status, a.body)
	}
	return a.body
}

// The papers of a case that goes wrong: the notice at filing, the creditor's
// sheet, two demands with exact figures, and the proof of their service. Each
// is numbered, signed, the same at every opening, and seen by its addressee.
func TestThePapersOfACase(t *testing.T) {
	t.Parallel()
	w, judge, debtor, creditor, f := urged(t)
	stranger := w.phone("")
	w.until(at(4, 11, 12), judge, debtor, creditor, stranger)
	filed := debtor.documents(f, model.DocumentPerformanceNotice)
	if len(filed) != 1 || filed[0].str("number") != "镇法自履告〔2026〕2号" || filed[0].id("notice_id") == 0 {
		t.Fatalf("the debtor sees %v", filed)
	}
	if got := judge.documents(f, model.DocumentPerformanceNotice); len(got) != 2 {
		t.Errorf("the judge sees %v", got)
	}
	demands := debtor.documents(f, model.DocumentReminder)
	if len(demands) != 2 || demands[0].str("number") != "镇法自履催〔2026〕2号" || demands[1].str("number") != "镇法自履催〔2026〕1号" {
		t.Fatalf("the demands: %v", demands)
	}
	second := debtor.pdf(demands[0])
	v, err := document.Verify(second, w.signer.Certificate())
	if err != nil || !v.Trusted || v.Number != "镇法自履催〔2026〕2号" {
		t.Errorf("%+v %v", v, err)
	}
	// 600 yuan for 10 days at 0.0175 % a day: 1.05, and 0.11 a day; enforcement costs 50.
	for _, want := range []string{"600.00", "再次催告", "已产生1.05元", "每日增加0.11元", "执行申请费约50.00元", "2026年3月31日", f.no, "向李某"} {
		if got := text(t, second); !strings.Contains(got, want) {
			t.Errorf("the second demand does not say %q:\n%s", want, got)
		}
	}
	if got := text(t, debtor.pdf(demands[1])); strings.Contains(got, "再次催告") {
		t.Error("the first demand says that it is the second")
	}
	if !bytes.Equal(second, judge.pdf(demands[0])) {
		t.Error("the paper is another at the second opening")
	}
	sheet := creditor.documents(f, model.DocumentCreditorSheet)
	if len(sheet) != 1 || len(debtor.documents(f, model.DocumentCreditorSheet)) != 0 {
		t.Fatalf("the creditor's sheet: %v", sheet)
	}
	if got := text(t, creditor.pdf(sheet[0])); !strings.Contains(got, "1000.00") && !strings.Contains(got, "600.00") || !strings.Contains(got, "2028年4月30日") {
		t.Errorf("the sheet says\n%s", got)
	}
	for _, d := range []obj{demands[0], filed[0]} {
		for _, c := range []*client{creditor, stranger} {
			c.refused(gone, "document.not_found", get, fmt.Sprintf("/documents/%d/pdf", d.id("id")), nil)
		}
	}

	// A part paid late: interest on it until that day, on the rest until today.
	w.clock.Set(at(4, 20, 10))
	for _, c := range []*client{judge, debtor} {
		c.renew()
	}
	late := claim(30000, debtor.uploaded(f.id, 1001))
	late["paid_on"] = "2026-04-10"
	judge.confirm(debtor.must(http.StatusCreated, post, fmt.Sprintf("/cases/%d/receipts", f.id), late), 30000)
	docs := fmt.Sprintf("/cases/%d/documents", f.id)
	key := freshKey()
	var third obj
	for range 2 {
		a := judge.callKey(post, docs, obj{"kind": "reminder", "party_id": f.debtor}, key)
		if a.status != http.StatusCreated {
			t.Fatalf("%d %s", a.status, a.body)
		}
		third = a.json
	}
	// 300 × 0.0175 % × 10 + 300 × 0.0175 % × 20 = 0.525 + 1.05 = 1.575, rounded 1.58.
	got := text(t, judge.pdf(third))
	for _, want := range []string{"镇法自履催〔2026〕3号", "已产生1.58元", "每日增加0.05元", "合计300.00元"} {
		if !strings.Contains(got, want) {
			t.Errorf("the third demand does not say %q:\n%s", want, got)
		}
	}
	if again := text(t, judge.pdf(demands[0])); !strings.Contains(again, "已产生1.05元") {
		t.Error("an earlier paper changed")
	}

	// The proof of service tells the whole way, and a record of a call is a paper.
	n := demands[0].id("notice_id")
	debtor.must(http.StatusNoContent, post, fmt.Sprintf("/notices/%d/read", n), nil)
	proof := judge.must(http.StatusCreated, post, docs, obj{"kind": "service_proof", "notice_id": n})
	if got := text(t, judge.pdf(proof)); strings.Contains(got, "第2页") {
		t.Errorf("the proof needs a second page:\n%s", got)
	}
	for _, want := range []string{"镇法送证〔2026〕1号", "《自动履行催告书》镇法自履催〔2026〕2号", "受送达人打开阅读", "微信订阅消息：渠道已接收", "第三十一条第二款第一项", "镇法送证〔2026〕1号第1页"} {
		if got := text(t, judge.pdf(proof)); !strings.Contains(got, want) {
			t.Errorf("the proof does not say %q:\n%s", want, got)
		}
	}
	contact := judge.must(http.StatusCreated, post, fmt.Sprintf("/cases/%d/contacts", f.id),
		obj{"channel": "phone", "party_id": f.debtor, "happened_at": "2026-04-19T08:30:00Z", "note": "称 | 下周\n付清"})
	record := judge.must(http.StatusCreated, post, docs, obj{"kind": "contact_record", "contact_id": contact.id("id")})
	if got := text(t, judge.pdf(record)); !strings.Contains(got, "称｜下周　付清") && !strings.Contains(got, "称｜下周付清") || !strings.Contains(got, "2026年4月19日16时30分") {
		t.Errorf("the record says\n%s", got)
	}
	if len(debtor.documents(f, model.DocumentContactRecord)) != 0 {
		t.Error("the debtor sees the court's file")
	}
	debtor.refused(gone, "document.not_found", get, fmt.Sprintf("/documents/%d/pdf", record.id("id")), nil)
	refusedAll(t, []mistake{
		{judge, gone, "case.not_found", post, "/cases/999999/documents", obj{"kind": "reminder", "party_id": 1}, ""},
		{judge, gone, "party.not_found", post, docs, obj{"kind": "reminder", "party_id": 999999}, ""},
		{judge, gone, "contact.not_found", post, docs, obj{"kind": "contact_record", "contact_id": 999999}, ""},
		{judge, gone, "notice.not_found", post, docs, obj{"kind": "service_proof", "notice_id": 999999}, ""},
		{judge, http.StatusConflict, "document.nothing_open", post, docs, obj{"kind": "reminder", "party_id": f.creditor}, ""},
		{judge, bad, "document.kind", post, docs, obj{"kind": "performance_notice", "party_id": f.debtor}, "kind"},
	})
	if numbers := judge.documents(f, model.DocumentReminder); len(numbers) != 3 {
		t.Errorf("refusals used numbers up: %v", numbers)
	}
}

// The slip and the notice with a code show it once; what is kept does not.
func TestACodeIsPrintedAndNotKept(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.staff("zhang.min", model.RoleJudge)
	clerk := w.staff("wan.tt", model.RoleClerk)
	f := w.file(clerk)
	slip := clerk.call(post, fmt.Sprintf("/cases/%d/parties/%d/slip.pdf", f.id, f.debtor), obj{})
	if slip.status != http.StatusOK {
		t.Fatalf("%d %s", slip.status, slip.body)
	}
	printed := text(t, slip.body)
	_, rest, found := strings.Cut(printed, "绑定码：")
	if !found || len(rest) < 14 {
		t.Fatalf("the slip says\n%s", printed)
	}
	code := rest[:14]
	kept := clerk.documents(f, model.DocumentBindingSlip)
	if len(kept) != 1 || kept[0].str("number") != "镇法绑〔2026〕1号" || !strings.Contains(printed, "镇法绑〔2026〕1号") {
		t.Fatalf("kept: %v", kept)
	}
	if again := text(t, clerk.pdf(kept[0])); strings.Contains(again, code) || !strings.Contains(again, "只在打印时显示一次") {
		t.Errorf("what is kept says\n%s", again)
	}
	debtor := w.phone("")
	debtor.must(http.StatusCreated, post, "/bindings/code", obj{"code": code})
	notice := clerk.call(post, fmt.Sprintf("/cases/%d/parties/%d/notice.pdf", f.id, f.creditor), obj{})
	if got := text(t, notice.body); !strings.Contains(got, "镇法自履告〔2026〕1号") || !strings.Contains(got, "绑定码") {
		t.Errorf("the notice says\n%s", got)
	}
}

// A court edits its template without a new program: new papers follow, old ones
// stay as they were, and what cannot be printed is refused when it is saved.
func TestACourtEditsItsTemplates(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.staff("zhang.min", model.RoleJudge)
	clerk, admin := w.staff("wan.tt", model.RoleClerk), w.staff("root", model.RoleAdmin)
	before := w.file(clerk)
	list := admin.must(http.StatusOK, get, "/templates/performance_notice", nil)
	if versions := list.list("versions"); len(versions) != 1 || versions[0].num("version") != 0 {
		t.Fatalf("%v", list)
	}
	body := admin.must(http.StatusOK, get, "/templates/performance_notice/versions/0", nil).str("body")
	edited := strings.Replace(body, "一、什么是自动履行。", "一、本院的做法。", 1) + "\n本院诉讼服务热线：12368。"
	preview := clerk.call(post, "/templates/performance_notice/preview", obj{"body": edited})
	if preview.status != http.StatusOK || !strings.Contains(text(t, preview.body), "样张") || !strings.Contains(text(t, preview.body), "本院的做法") {
		t.Errorf("the preview: %d", preview.status)
	}
	key := freshKey()
	for range 2 {
		if a := admin.callKey(post, "/templates/performance_notice", obj{"body": edited}, key); a.status != http.StatusCreated || a.json.num("version") != 1 {
			t.Fatalf("%d %s", a.status, a.body)
		}
	}
	after := w.file(clerk)
	old, fresh := clerk.documents(before, model.DocumentPerformanceNotice)[0], clerk.documents(after, model.DocumentPerformanceNotice)[0]
	if got := text(t, clerk.pdf(fresh)); fresh.num("template_version") != 1 || !strings.Contains(got, "本院的做法") || !strings.Contains(got, "12368。") {
		t.Errorf("a new paper says\n%s", got)
	}
	if got := text(t, clerk.pdf(old)); old.num("template_version") != 0 || strings.Contains(got, "本院的做法") {
		t.Errorf("an old paper says\n%s", got)
	}
	foreign := w.staffOf(w.addCourt("浙0203", "宁波市海曙区人民法院", "海法"), "far.root", model.RoleAdmin)
	foreign.refused(gone, "template.not_found", get, "/templates/performance_notice/versions/1", nil)
	var wrong []mistake
	for reason, bad := range map[string]string{
		"template.size": " ", "template.syntax": body + "{{if .案号}}", "template.variable": body + "\n{{.原告}}", "template.required": "# 告知书",
		"template.repeated": body + "\n@seal\n@seal",
		"template.table":    body + "\n| 一 | 二 |\n| 一 |", "template.characters": body + "🙂", "template.not_allowed": body + "{{len .案号}}",
	} {
		for _, path := range []string{"/templates/performance_notice", "/templates/performance_notice/preview"} {
			wrong = append(wrong, mistake{admin, http.StatusBadRequest, reason, post, path, obj{"body": bad}, "body"})
		}
	}
	for _, path := range []string{"/templates/poem", "/templates/poem/preview"} {
		wrong = append(wrong, mistake{admin, bad, "document.kind", post, path, obj{"body": body}, "kind"})
	}
	wrong = append(wrong, mistake{admin, bad, "document.kind", get, "/templates/poem", nil, "kind"},
		mistake{admin, bad, "document.kind", get, "/templates/poem/versions/0", nil, "kind"})
	refusedAll(t, wrong)
	if versions := admin.must(http.StatusOK, get, "/templates/performance_notice", nil).list("versions"); len(versions) != 2 {
		t.Errorf("what was refused was kept: %v", versions)
	}
}
