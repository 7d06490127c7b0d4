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
	for name, b := range map[string][]byte{
		"JPEG": encodeJPEG(picture(300, 200), 80), "PNG": encodePNG(picture(300, 200)), "grey PNG": encodePNG(grey), "deep PNG": encodePNG(deep),
		"palette PNG": encodePNG(palette), "rotated PNG": rotated, "long PNG": encodePNG(picture(360, 4100)), "HEIC": file(t, "small.heic"), "WebP": file(t, "small.webp"),
		"PDF": evidencetest.PDF(""), "PDF with a link": evidencetest.PDF("/X [<< /Type /Annot /Subtype /Link /Rect [0 0 9 9] /A << /S /URI /URI (http://bank.example/) >> >>]"),
		"PDF with an action": evidencetest.PDF("/OpenAction << /S /URI /URI (http://host.example/) >>"), "PDF with a form": evidencetest.PDF("/AcroForm << /Fields [] /XFA (x) >>"),
		"PDF cut short": evidencetest.PDF("")[:200], "a text": []byte("收条：今收到一千元"), "JPEG cut short": encodeJPEG(picture(300, 200), 80)[:2000],
	} {
		reason, _, confined := shown(t, b)
		here, err := evidence.Unconfined(b)
		if model.ReasonOf(err) != reason {
			t.Errorf("%s: the child says %q, this process %v", name, reason, err)
			continue
		}
		if err != nil {
			continue
		}
		if !bytes.Equal(here.View, confined.View) || !bytes.Equal(here.Thumb, confined.Thumb) || len(here.Tiles) != len(confined.Tiles) || !bytes.Equal(here.Fingerprint.Bytes(), confined.Fingerprint.Bytes()) {
			t.Errorf("%s: the child's copies are others than this process's", name)
		}
	}
}
