package evidence_test

import (
	"bytes"
	"strings"
	"sync"
	"testing"

	"github.com/pdfcpu/pdfcpu/pkg/api"
	pdfmodel "github.com/pdfcpu/pdfcpu/pkg/pdfcpu/model"

	"microcourt/service/evidence/evidencetest"
)

// zeros unpack to three hundred megabytes.
var zeros = sync.OnceValue(func() string { return evidencetest.Deflated(300 << 20) })

func TestPDFs(t *testing.T) {
	t.Parallel()
	encrypted := func(aes bool, bits int, user string) []byte {
		conf := pdfmodel.NewRC4Configuration(user, "owner", bits)
		if aes {
			conf = pdfmodel.NewAESConfiguration(user, "owner", bits)
		}
		var b bytes.Buffer
		if err := api.Encrypt(bytes.NewReader(evidencetest.PDF("")), &b, conf); err != nil {
			t.Fatal(err)
		}
		return b.Bytes()
	}
	action := func(a string) []byte { return evidencetest.PDF("/OpenAction << " + a + " >>") }
	annotated := func(a string) []byte {
		return evidencetest.PDF("/X [<< /Type /Annot /Subtype /Link /Rect [0 0 9 9] /A << " + a + " >> >>]")
	}
	deep := strings.Repeat("[", 101) + strings.Repeat("]", 101)
	for name, tt := range map[string]struct {
		file []byte
		want string
	}{
		"RC4 40, no password": {encrypted(false, 40, ""), ""}, "RC4 128, no password": {encrypted(false, 128, ""), ""},
		"AES 128, no password": {encrypted(true, 128, ""), ""}, "AES 256, no password": {encrypted(true, 256, ""), ""},
		"AES 256, password": {encrypted(true, 256, "secret"), "file.pdf_encrypted"}, "RC4, password": {encrypted(false, 128, "secret"), "file.pdf_encrypted"},
		"line break before": {append([]byte("\r\n"), evidencetest.PDF("")...), ""}, "mark before": {append([]byte("\xef\xbb\xbf"), evidencetest.PDF("")...), ""},
		"printer's words before": {append([]byte("\x1b%-12345X@PJL ENTER LANGUAGE=PDF\r\n"), evidencetest.PDF("")...), ""},
		"web page before":        {append([]byte("<html><script>1</script>"), evidencetest.PDF("")...), "file.type"},
		"program before":         {append([]byte("MZ\x90\x00"), evidencetest.PDF("")...), "file.type"},
		"font named /AA":         {evidencetest.PDF("", "<< /Font << /AA 5 0 R /JS 5 0 R >> >>", "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>"), ""},
		"GoToR on opening":       {action(`/S /GoToR /F (\\\\host\\share\\x.pdf) /D [0 /Fit]`), "file.pdf_active"},
		"GoToR in a link":        {annotated(`/S /GoToR /F (\\\\host\\share\\x.pdf)`), "file.pdf_active"},
		"URI on opening":         {action("/S /URI /URI (http://host.example/)"), "file.pdf_active"},
		"URI in a link":          {annotated("/S /URI /URI (http://bank.example/)"), ""},
		"Launch":                 {annotated("/S /Launch /F (cmd.exe)"), "file.pdf_active"}, "SubmitForm": {annotated("/S /SubmitForm /F (http://host.example)"), "file.pdf_active"},
		"ImportData": {annotated("/S /ImportData /F (x)"), "file.pdf_active"}, "escaped GoToR": {annotated("/#53 /Go#54oR /F (x)"), "file.pdf_active"},
		"URI of a page's opening": {evidencetest.PDF("", "<< /Type /Page /AA << /O << /S /URI /URI (http://host.example) >> >> >>"), "file.pdf_active"},
		"script behind nesting":   {evidencetest.PDF("", "<< /X "+deep+" /AA << /O << /S /JavaScript /JS (1) >> >> >>"), "file.too_complex"},
		"XFA":                     {evidencetest.PDF("/AcroForm << /Fields [] /XFA (x) >>"), "file.pdf_active"},
		"bomb, escaped filter":    {evidencetest.PDF("", evidencetest.Stream("/Filter /Fl#61teDecode", zeros())), "file.bomb"},
		"bomb, far filter":        {evidencetest.PDF("", evidencetest.Stream("/X ("+strings.Repeat("x", 5000)+") /Filter /FlateDecode", zeros())), "file.bomb"},
		"bomb, filter elsewhere":  {evidencetest.PDF("", evidencetest.Stream("/Filter 5 0 R", zeros()), "[/FlateDecode]"), "file.bomb"},
		"bomb, twice packed":      {evidencetest.PDF("", evidencetest.Stream("/Filter [/Fl /FlateDecode]", zeros())), "file.bomb"},
	} {
		if reason, _ := here(t, tt.file); reason != tt.want {
			t.Errorf("%s: %q, want %q", name, reason, tt.want)
		}
	}
}

// Thousands of streams took half a minute.
func TestThousandsOfStreamsAreBounded(t *testing.T) {
	t.Parallel()
	small := evidencetest.Deflated(1 << 20)
	var many []string
	for range 4000 {
		many = append(many, evidencetest.Stream("/Filter /FlateDecode", small))
	}
	if reason, _, _ := shown(t, evidencetest.PDF("", many...)); reason != "file.bomb" {
		t.Errorf("%q", reason)
	}
}

// What people open is drawn from the pages alone.
func TestTheViewOfAPDFHasNothingToRunOrToTake(t *testing.T) {
	t.Parallel()
	xml := "<?xml version=\"1.0\"?><Receipt amount=\"1\"/>"
	original := evidencetest.Objects(
		"<< /Type /Catalog /Pages 2 0 R /Names << /EmbeddedFiles << /Names [(a) 4 0 R] >> >> /Metadata 7 0 R /AF [4 0 R] /URI << /Base (http://base.example) >> >>",
		"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
		"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 200 200] /Annots [6 0 R] /Contents 8 0 R >>",
		"<< /Type /Filespec /F (receipt.xml) /EF << /F 5 0 R >> >>", evidencetest.Stream("/Type /EmbeddedFile", xml),
		"<< /Type /Annot /Subtype /Link /Rect [0 0 9 9] /A << /S /URI /URI (http://bank.example) >> >>", evidencetest.Stream("/Type /Metadata", "who made it"),
		evidencetest.Stream("", "0 0 50 50 re f"))
	reason, rep, v := shown(t, original)
	if reason != "" || rep.Pages != 1 {
		t.Fatalf("%q %+v", reason, rep)
	}
	for _, gone := range []string{"EmbeddedFile", "Receipt", "URI", "Annot", "who made it", "Metadata", "AF"} {
		if bytes.Contains(v.View, []byte(gone)) {
			t.Errorf("the view still has %s", gone)
		}
	}
	if !bytes.Contains(v.View, []byte("0 0 50 50 re f")) {
		t.Error("the view does not draw what the page draws")
	}
	if err := api.Validate(bytes.NewReader(v.View), nil); err != nil {
		t.Errorf("the view is no valid PDF: %v", err)
	}
}
