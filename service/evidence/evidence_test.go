package evidence_test

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"flag"
	"fmt"
	"hash/crc32"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/iotest"
	"time"

	"github.com/pdfcpu/pdfcpu/pkg/api"
	pdfmodel "github.com/pdfcpu/pdfcpu/pkg/pdfcpu/model"

	"microcourt/model"
	"microcourt/service/demo"
	"microcourt/service/document/font"
	"microcourt/service/evidence"
	"microcourt/service/evidence/evidencetest"
)

func picture(w, h int) image.Image {
	img := image.NewRGBA(image.Rect(0, 0, w, h))
	for y := range h {
		for x := range w {
			img.SetRGBA(x, y, color.RGBA{byte(x * 5), byte(y * 3), byte(x * y), 255})
		}
	}
	return img
}

func encodeJPEG(img image.Image, quality int) []byte {
	var b bytes.Buffer
	_ = jpeg.Encode(&b, img, &jpeg.Options{Quality: quality})
	return b.Bytes()
}

func encodePNG(img image.Image) []byte {
	var b bytes.Buffer
	_ = png.Encode(&b, img)
	return b.Bytes()
}

func file(t testing.TB, name string) []byte {
	t.Helper()
	b, err := os.ReadFile(filepath.Join("testdata", name))
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// pngHeader is a PNG that claims to be w × h and holds nothing.
func pngHeader(w, h uint32) []byte {
	chunk := func(kind string, body []byte) []byte {
		b := binary.BigEndian.AppendUint32(nil, uint32(len(body)))
		b = append(b, kind...)
		b = append(b, body...)
		return binary.BigEndian.AppendUint32(b, crc32.ChecksumIEEE(b[4:]))
	}
	ihdr := binary.BigEndian.AppendUint32(binary.BigEndian.AppendUint32(nil, w), h)
	ihdr = append(ihdr, 8, 2, 0, 0, 0)
	out := []byte("\x89PNG\r\n\x1a\n")
	out = append(out, chunk("IHDR", ihdr)...)
	out = append(out, chunk("IDAT", []byte("x"))...)
	return append(out, chunk("IEND", nil)...)
}

// inObjectStream packs the PDF's objects into compressed object streams.
func inObjectStream(t testing.TB, plain []byte) []byte {
	t.Helper()
	var b bytes.Buffer
	conf := pdfmodel.NewDefaultConfiguration()
	conf.WriteObjectStream = true
	if err := api.Optimize(bytes.NewReader(plain), &b, conf); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// attachment is a PDF that carries a file.
func attachment(content string) []byte {
	return evidencetest.PDF("/Names << /EmbeddedFiles << /Names [(a) << /Type /Filespec /F (a.xml) /EF << /F 4 0 R >> >>] >> >>",
		fmt.Sprintf("<< /Type /EmbeddedFile /Length %d >>\nstream\n%s\nendstream", len(content), content))
}

func corpus(t testing.TB) map[string]struct {
	file   []byte
	reason string
} {
	jpg, pngFile := encodeJPEG(picture(64, 48), 90), encodePNG(picture(64, 48))
	comment := append(bytes.Clone(jpg[:2]), 0xff, 0xfe, 0, 10)
	comment = append(append(comment, "<SCRIPT>"...), jpg[2:]...)
	badCRC := bytes.Clone(pngFile)
	badCRC[len(badCRC)-20] ^= 1
	second := append(bytes.Clone(jpg), encodeJPEG(picture(16, 16), 90)...)
	bomb := evidencetest.PDF("", "<< /Length 12 /Filter [/FlateDecode /FlateDecode] >>\nstream\nx\x9c\x03\x00\x00\x00\x00\x01\nendstream")
	script := evidencetest.PDF("/OpenAction << /S /JavaScript /JS (app.alert(1)) >>")
	return map[string]struct {
		file   []byte
		reason string
	}{
		"JPEG": {jpg, ""}, "PNG": {pngFile, ""}, "WebP": {file(t, "small.webp"), ""}, "HEIC": {file(t, "small.heic"), ""}, "PDF": {evidencetest.PDF(""), ""},
		"PDF with a table of contents": {evidencetest.PDF("/OpenAction [3 0 R /Fit]"), ""},
		"JPEG with a second picture":   {second, ""},
		"empty":                        {nil, "file.empty"}, "text": {[]byte("回执"), "file.type"}, "GIF": {[]byte("GIF89a\x01\x00"), "file.type"},
		"SVG": {[]byte("<svg onload=alert(1)>"), "file.type"}, "ZIP": {[]byte("PK\x03\x04"), "file.type"},
		"large PNG header": {pngHeader(50_000, 50_000), "file.bomb"}, "many pixels": {pngHeader(10_000, 10_000), "file.bomb"},
		"truncated JPEG": {jpg[:len(jpg)*2/3], "file.damaged"}, "truncated PNG": {pngFile[:len(pngFile)-6], "file.damaged"},
		"truncated WebP": {file(t, "small.webp")[:60], "file.damaged"}, "truncated HEIC": {file(t, "small.heic")[:200], "file.damaged"},
		"PNG with a wrong checksum": {badCRC, "file.damaged"}, "PNG with something behind": {append(bytes.Clone(pngFile), "tail"...), "file.polyglot"},
		"JPEG with an archive behind": {append(bytes.Clone(jpg), "PK\x03\x04..."...), "file.polyglot"},
		"JPEG with a PDF behind":      {append(bytes.Clone(jpg), "%PDF-1.7"...), "file.polyglot"},
		"JPEG with a script inside":   {comment, "file.polyglot"},
		"PDF with a web page behind":  {append(evidencetest.PDF(""), "<html>"...), "file.polyglot"},
		"PDF without an end":          {bytes.TrimSuffix(evidencetest.PDF(""), []byte("%%EOF\n")), "file.damaged"},
		"PDF with a script":           {script, "file.pdf_active"},
		"PDF with an escaped name":    {evidencetest.PDF("/OpenAction << /S /J#61vaScript /J#53 (app.alert(1)) >>"), "file.pdf_active"},
		"PDF with a hidden script":    {inObjectStream(t, script), "file.pdf_active"},
		"PDF with an attachment":      {attachment("MZ\x90\x00"), "file.pdf_active"},
		"PDF with an attached page":   {attachment("<html><script>1</script></html>"), "file.pdf_active"},
		"PDF with a bank's XML":       {attachment("\xef\xbb\xbf<?xml version=\"1.0\"?><Receipt/>"), ""},
		"PDF that launches":           {evidencetest.PDF("/AA << /O << /S /Launch /F (cmd.exe) >> >>"), "file.pdf_active"},
		"PDF with a password":         {evidencetest.Encrypted(t), "file.pdf_encrypted"},
		"PDF compressed twice":        {bomb, "file.bomb"},
	}
}

func TestExamine(t *testing.T) {
	t.Parallel()
	for name, tt := range corpus(t) {
		var rep *evidence.Report
		err := again(func() (err error) {
			rep, err = evidence.Shared().Examine(t.Context(), bytes.NewReader(tt.file), int64(len(tt.file)))
			return err
		})
		if model.ReasonOf(err) != tt.reason {
			t.Errorf("%s: %+v %v, want %q", name, rep, err, tt.reason)
		}
		if evidence.Streams(evidence.Sniff(tt.file)) {
			// One byte at a time, as it may drip in.
			rest := iotest.OneByteReader(bytes.NewReader(tt.file))
			passing, err := evidence.ExamineStream(bufio.NewReader(rest), int64(len(tt.file)))
			if model.ReasonOf(err) != tt.reason || err == nil && (passing.Width != rep.Width || passing.Height != rep.Height) {
				t.Errorf("%s as it passes by: %+v %v, want %q", name, passing, err, tt.reason)
			}
			if n, _ := rest.Read(make([]byte, 1)); err == nil && n != 0 {
				t.Errorf("%s passed before its end", name)
			}
		}
		if e, ok := err.(*model.Error); ok && !strings.ContainsAny(e.Message, "请只支持") { //nolint:errorlint // Examine returns it bare
			t.Errorf("%s: the message does not say what to do: %s", name, e.Message)
		}
	}
	big := bytes.NewReader(make([]byte, model.MaxFileBytes+1))
	if _, err := evidence.Shared().Examine(t.Context(), big, big.Size()); model.ReasonOf(err) != "file.too_large" {
		t.Error(err)
	}
}

// views are a file's copies, made here: a child makes the same.
func views(t *testing.T, b []byte) *evidence.Views {
	t.Helper()
	reason, v := here(t, b)
	if reason != "" {
		t.Fatal(reason)
	}
	return v
}

func TestViewsAreFreshUprightJPEGs(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"small.heic", "small.webp"} {
		v := views(t, file(t, name))
		if cfg, err := jpeg.DecodeConfig(bytes.NewReader(v.View)); err != nil || cfg.Width != 64 || cfg.Height != 48 {
			t.Errorf("%s: %v %v", name, cfg, err)
		}
	}
	// Taken with the phone held upright: EXIF orientation 6.
	jpg := encodeJPEG(picture(640, 480), 90)
	exif := []byte("Exif\x00\x00MM\x00*\x00\x00\x00\x08\x00\x01\x01\x12\x00\x03\x00\x00\x00\x01\x00\x06\x00\x00\x00\x00\x00\x00GPS")
	turned := append(bytes.Clone(jpg[:2]), 0xff, 0xe1, 0, byte(len(exif)+2))
	turned = append(append(turned, exif...), jpg[2:]...)
	v := views(t, turned)
	cfg, err := jpeg.DecodeConfig(bytes.NewReader(v.View))
	if err != nil || cfg.Width != 480 || cfg.Height != 640 || bytes.Contains(v.View, []byte("Exif")) {
		t.Errorf("the view is %dx%d, %v", cfg.Width, cfg.Height, err)
	}
	if th, err := jpeg.DecodeConfig(bytes.NewReader(v.Thumb)); err != nil || th.Height != 320 {
		t.Errorf("the thumbnail: %+v %v", th, err)
	}
	if v := views(t, evidencetest.PDF("")); !bytes.HasPrefix(v.View, []byte("%PDF-")) || len(v.Thumb) == 0 {
		t.Error("a PDF is shown as a PDF, with a drawn thumbnail")
	}
}

// copied is of how many receipts of each layout copies are made.
var copied = flag.Int("copied", 3, "receipts of each layout whose copies must be recognised, at most 8")

// The same receipt saved again is recognised; another receipt of the same bank
// is not. The distances are the figures in fingerprint.go.
func TestFingerprintsTellReceiptsApart(t *testing.T) {
	t.Parallel()
	kai, err := font.Kai()
	if err != nil {
		t.Fatal(err)
	}
	r := demo.NewRenderer(kai.SFNT())
	slip := func(i int) demo.Slip {
		return demo.Slip{
			Bank: "镇海农商银行", PayeeBank: "宁波银行", Payer: "陈建国", PayerAccount: "6228 4803 1206", Payee: []string{"周丽", "钱伟", "冯军"}[i%3],
			PayeeAccount: fmt.Sprintf("6214 88%02d 8831", i*7%100), AmountFen: model.Fen(123456 * (i + 1)), On: model.NewDate(2026, time.March, 1+i),
			Time: fmt.Sprintf("1%d:2%d:41", i%9, i%6), Serial: fmt.Sprintf("20260301%06d", 618000+37*i), Number: fmt.Sprintf("HD%08d", 91*i), Purpose: "履行生效法律文书",
		}
	}
	for name, draw := range map[string]func(demo.Slip) image.Image{"bank receipt": r.BankReceipt, "transfer": r.Transfer, "counter slip": r.CounterSlip} {
		var prints []evidence.Fingerprint
		for i := range 8 {
			img := draw(slip(i))
			_, v := here(t, encodeJPEG(img, 85))
			first := v.Fingerprint
			prints = append(prints, first)
			if i >= *copied {
				continue
			}
			for copyName, b := range map[string][]byte{
				"recompressed": encodeJPEG(img, 40), "as PNG": encodePNG(img), "half size": encodeJPEG(half(img), 85),
			} {
				_, v := here(t, b)
				again := v.Fingerprint
				if !evidence.Similar(first, again) {
					t.Errorf("%s %d %s is not recognised: %d cells", name, i, copyName, evidence.Differing(first, again))
				}
				if !shareBand(first, again) {
					t.Errorf("%s %d %s is not a candidate", name, i, copyName)
				}
			}
		}
		closest := 1 << 30
		for i := range prints {
			for j := range i {
				closest = min(closest, evidence.Differing(prints[i], prints[j]))
				if evidence.Similar(prints[i], prints[j]) {
					t.Errorf("%s: receipts %d and %d are taken for one: %d cells", name, i, j, evidence.Differing(prints[i], prints[j]))
				}
			}
		}
		t.Logf("%s: two different receipts differ in at least %d cells", name, closest)
	}
}

func shareBand(a, b evidence.Fingerprint) bool {
	x, y := a.Bands(), b.Bands()
	for i := range x {
		if x[i] == y[i] {
			return true
		}
	}
	return false
}

func half(img image.Image) image.Image {
	b := img.Bounds()
	out := image.NewRGBA(image.Rect(0, 0, b.Dx()/2, b.Dy()/2))
	for y := range b.Dy() / 2 {
		for x := range b.Dx() / 2 {
			var sum [3]uint32
			for _, p := range [][2]int{{0, 0}, {1, 0}, {0, 1}, {1, 1}} {
				r, g, bl, _ := img.At(2*x+p[0], 2*y+p[1]).RGBA()
				sum[0], sum[1], sum[2] = sum[0]+r>>8, sum[1]+g>>8, sum[2]+bl>>8
			}
			out.SetRGBA(x, y, color.RGBA{uint8(sum[0] / 4), uint8(sum[1] / 4), uint8(sum[2] / 4), 255})
		}
	}
	return out
}

func BenchmarkExamine4MB(b *testing.B) {
	img := image.NewRGBA(image.Rect(0, 0, 1600, 1200))
	for i := range img.Pix {
		img.Pix[i] = byte(i * i >> 3)
	}
	file := encodeJPEG(img, 95)
	b.SetBytes(int64(len(file)))
	for b.Loop() {
		if _, err := evidence.ExamineStream(bufio.NewReader(bytes.NewReader(file)), int64(len(file))); err != nil {
			b.Fatal(err)
		}
	}
}

func newReader(b []byte) *bufio.Reader { return bufio.NewReader(bytes.NewReader(b)) }
