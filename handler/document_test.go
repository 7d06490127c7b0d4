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

// A paper is numbered, signed, seen by its addressee and by nobody else, and
// the same at every opening.
func TestAPaperIsForItsAddressee(t *testing.T) {
	t.Parallel()
	w, judge, debtor, creditor, f := urged(t)
	stranger := w.Phone("")
	filed := debtor.Documents(f, model.DocumentPerformanceNotice)
	if len(filed) != 1 || filed[0].Str("number") != "镇法自履告〔2026〕2号" || filed[0].ID("notice_id") == 0 {
		t.Fatalf("the debtor sees %v", filed)
	}
	if got := judge.Documents(f, model.DocumentPerformanceNotice); len(got) != 2 {
		t.Errorf("the judge sees %v", got)
	}
	b := debtor.Pdf(filed[0])
	if v, err := document.Verify(b, w.Signer.Certificate()); err != nil || !v.Trusted || v.Number != "镇法自履告〔2026〕2号" {
		t.Errorf("%+v %v", v, err)
	}
	if !bytes.Equal(b, judge.Pdf(filed[0])) {
		t.Error("the paper is another at the second opening")
	}
	pdf := fmt.Sprintf("/documents/%d/pdf", filed[0].ID("id"))
	refusedAll(t, []mistake{
		{creditor, handlertest.Gone, "document.not_found", handlertest.Get, pdf, nil, ""},
		{stranger, handlertest.Gone, "document.not_found", handlertest.Get, pdf, nil, ""},
		{stranger, handlertest.Gone, "case.not_found", handlertest.Get, fmt.Sprintf("/cases/%d/documents", f.ID), nil, ""},
	})
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
