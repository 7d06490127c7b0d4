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
	var kids strings.Builder
	all := []string{"<< /Type /Catalog /Pages 2 0 R " + catalog + " >>", ""}
	for i := range n {
		fmt.Fprintf(&kids, "%d 0 R ", i+3)
		all = append(all, "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 200 200] >>")
	}
	all[1] = fmt.Sprintf("<< /Type /Pages /Kids [%s] /Count %d >>", kids.String(), n)
	return Objects(append(all, objects...)...)
}

// Objects is a PDF of the given objects, numbered from 1; the first is the
// catalog.
func Objects(objects ...string) []byte {
	var b bytes.Buffer
	var at []int
	b.WriteString("%PDF-1.7\n")
	for i, body := range objects {
		at = append(at, b.Len())
		fmt.Fprintf(&b, "%d 0 obj\n%s\nendobj\n", i+1, body)
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
