package evidence_test

import (
	"bytes"
	"image"
	"image/color"
	"testing"

	"microcourt/model"
	"microcourt/service/evidence"
	"microcourt/service/evidence/evidencetest"
)

// stamped is a PDF whose page has what banks use: a font by reference, and a stamp
// that is drawn beside the page.
func stamped() []byte {
	return evidencetest.Objects(
		"<< /Type /Catalog /Pages 2 0 R >>", "<< /Type /Pages /Kids [3 0 R] /Count 1 /MediaBox [0 0 200 200] >>",
		"<< /Type /Page /Parent 2 0 R /Annots [5 0 R] /Resources 6 0 R /Contents 4 0 R >>", evidencetest.Stream("", "0 0 50 50 re f"),
		"<< /Type /Annot /Subtype /Stamp /Rect [0 0 9 9] /AP << /N 7 0 R >> >>", "<< /Font << /F1 8 0 R >> >>",
		evidencetest.Stream("/Type /XObject /Subtype /Form /BBox [0 0 9 9]", "0 0 9 9 re f"), "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>")
}

// A child is confined, and short of memory and of system calls: what it makes of a
// file is still what this process makes of it, to the byte, and it refuses the same.
func TestTheConfinementChangesNothing(t *testing.T) {
	t.Parallel()
	rect := image.Rect(0, 0, 45, 31)
	grey, deep := image.NewGray(rect), image.NewNRGBA64(rect)
	palette := image.NewPaletted(rect, color.Palette{color.White, color.NRGBA{200, 10, 30, 120}, color.Black})
	for y := range rect.Dy() {
		for x := range rect.Dx() {
			grey.SetGray(x, y, color.Gray{byte(x * y)})
			deep.Set(x, y, color.NRGBA{byte(x * 5), byte(y * 8), 90, byte(100 + x)})
			palette.SetColorIndex(x, y, byte(x+y)%3)
		}
	}
	rotated := encodePNG(picture(64, 48))
	exif := "MM\x00*\x00\x00\x00\x08\x00\x01\x01\x12\x00\x03\x00\x00\x00\x01\x00\x06\x00\x00\x00\x00\x00\x00"
	rotated = append(append(bytes.Clone(rotated[:33]), chunk("eXIf", []byte(exif))...), rotated[33:]...)
	seven := evidencetest.Interlaced(45, 31)
	for name, b := range map[string][]byte{
		"PNG in seven passes": seven, "PDF with an attachment": attachment("MZ\x90\x00"), "PDF with a bank's XML": attachment("<?xml version=\"1.0\"?><Receipt/>"),
		"PDF with a stamp": stamped(), "PDF in object streams": inObjectStream(t, evidencetest.PDF("")), "PDF with a bomb": evidencetest.PDF("", evidencetest.Stream("/Filter /Fl#61teDecode", zeros())),
		"JPEG": encodeJPEG(picture(300, 200), 80), "PNG": encodePNG(picture(300, 200)), "grey PNG": encodePNG(grey), "deep PNG": encodePNG(deep),
		"palette PNG": encodePNG(palette), "rotated PNG": rotated, "long PNG": encodePNG(picture(360, 4100)), "HEIC": file(t, "small.heic"), "WebP": file(t, "small.webp"),
		"PDF": evidencetest.PDF(""), "PDF with a link": evidencetest.PDF("/X [<< /Type /Annot /Subtype /Link /Rect [0 0 9 9] /A << /S /URI /URI (http://bank.example/) >> >>]"),
		"PDF with an action": evidencetest.PDF("/OpenAction << /S /URI /URI (http://host.example/) >>"), "PDF with a form": evidencetest.PDF("/AcroForm << /Fields [] /XFA (x) >>"),
		"PDF cut short": evidencetest.PDF("")[:200], "a text": []byte("收条：今收到一千元"), "JPEG cut short": encodeJPEG(picture(300, 200), 80)[:2000],
	} {
		reason, _, child := confined(t, b)
		here, err := evidence.Unconfined(b)
		if model.ReasonOf(err) != reason {
			t.Errorf("%s: the child says %q, this process %v", name, reason, err)
			continue
		}
		if err != nil {
			continue
		}
		if again, err := evidence.Unconfined(b); err != nil || !bytes.Equal(again.View, here.View) {
			t.Errorf("%s: the same file gives another copy: %v", name, err)
		}
		if !bytes.Equal(here.View, child.View) || !bytes.Equal(here.Thumb, child.Thumb) || len(here.Tiles) != len(child.Tiles) || !bytes.Equal(here.Fingerprint.Bytes(), child.Fingerprint.Bytes()) {
			t.Errorf("%s: the child's copies are others than this process's", name)
		}
	}
}
