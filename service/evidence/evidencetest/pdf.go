// Package evidencetest makes PDF files, good and bad ones, for tests.
package evidencetest

import (
	"bytes"
	"fmt"
	"strings"
	"testing"

	"github.com/pdfcpu/pdfcpu/pkg/api"
	pdfmodel "github.com/pdfcpu/pdfcpu/pkg/pdfcpu/model"
)

// PDF is a PDF of one page with extra entries in its catalog and extra objects.
func PDF(catalog string, objects ...string) []byte { return Pages(1, catalog, objects...) }

// Pages is PDF with n pages.
func Pages(n int, catalog string, objects ...string) []byte {
	var b bytes.Buffer
	var at []int
	add := func(body string) {
		at = append(at, b.Len())
		fmt.Fprintf(&b, "%d 0 obj\n%s\nendobj\n", len(at), body)
	}
	b.WriteString("%PDF-1.7\n")
	add("<< /Type /Catalog /Pages 2 0 R " + catalog + " >>")
	var kids strings.Builder
	for i := range n {
		fmt.Fprintf(&kids, "%d 0 R ", i+3)
	}
	add(fmt.Sprintf("<< /Type /Pages /Kids [%s] /Count %d >>", kids.String(), n))
	for range n {
		add("<< /Type /Page /Parent 2 0 R /MediaBox [0 0 200 200] >>")
	}
	for _, o := range objects {
		add(o)
	}
	start := b.Len()
	fmt.Fprintf(&b, "xref\n0 %d\n0000000000 65535 f \n", len(at)+1)
	for _, n := range at {
		fmt.Fprintf(&b, "%010d 00000 n \n", n)
	}
	fmt.Fprintf(&b, "trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n", len(at)+1, start)
	return b.Bytes()
}

// Encrypted is a PDF with a password.
func Encrypted(t testing.TB) []byte {
	t.Helper()
	var b bytes.Buffer
	conf := pdfmodel.NewAESConfiguration("user", "owner", 256)
	if err := api.Encrypt(bytes.NewReader(PDF("")), &b, conf); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}
