package document

import (
	"bytes"
	"testing"

	"github.com/pdfcpu/pdfcpu/pkg/api"
)

// A preview says on its page what it is, and cannot be taken for the paper: it has no
// number, no code to check, no seal and no signature.
func TestAPreviewIsNoCertificate(t *testing.T) {
	t.Parallel()
	pr, _ := printer(t)
	f := facts()
	f.Number, f.CheckCode, f.VerifyURL = "（出具时编号）", "", ""
	pdf, err := pr.CertificatePreview(f)
	if err != nil {
		t.Fatal(err)
	}
	keep(t, "certificate-preview", pdf)
	if err := api.Validate(bytes.NewReader(pdf), nil); err != nil {
		t.Errorf("not a valid PDF: %v", err)
	}
	if _, err := Verify(pdf); err == nil || bytes.Contains(pdf, []byte("/ByteRange")) {
		t.Errorf("a preview is signed: %v", err)
	}
}
