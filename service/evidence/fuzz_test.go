package evidence

import (
	"bufio"
	"bytes"
	"image"
	"image/color"
	stdjpeg "image/jpeg"
	"image/png"
	"os"
	"path/filepath"
	"testing"

	"microcourt/model"
)

func seeds(f *testing.F) {
	img := image.NewRGBA(image.Rect(0, 0, 24, 18))
	for i := range img.Pix {
		img.Pix[i] = byte(i * 7)
	}
	var j, p bytes.Buffer
	_ = stdjpeg.Encode(&j, img, nil)
	_ = png.Encode(&p, img)
	f.Add(j.Bytes())
	f.Add(p.Bytes())
	p.Reset()
	_ = png.Encode(&p, image.NewPaletted(img.Rect, color.Palette{color.Black, color.White, color.Transparent}))
	f.Add(p.Bytes())
	for _, name := range []string{"small.webp"} {
		b, err := os.ReadFile(filepath.Join("testdata", name))
		if err != nil {
			f.Fatal(err)
		}
		f.Add(b)
	}
	f.Add([]byte("%PDF-1.4\n1 0 obj\n<</Type/Catalog/Pages 2 0 R>>\nendobj\n2 0 obj\n<</Type/Pages/Kids[3 0 R]/Count 1>>\nendobj\n" +
		"3 0 obj\n<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]>>\nendobj\nxref\n0 4\n0000000000 65535 f \n0000000009 00000 n \n" +
		"0000000054 00000 n \n0000000105 00000 n \ntrailer\n<</Size 4/Root 1 0 R>>\nstartxref\n166\n%%EOF"))
	f.Add([]byte("\x00\x00\x00\x18ftypheic\x00\x00\x00\x00mif1heic\x00\x00\x00\x1cmeta....ispe\x00\x00\x00\x00\x00\x00\x00\x09\x00\x00\x00\x09\x00\x00\x00\x09mdat."))
}

// FuzzWhatPassesCanBeShown: a picture or a PDF that the examination lets pass is
// never refused afterwards, and whatever is refused is the file's fault. It
// runs the parsers of the child in this process.
func FuzzWhatPassesCanBeShown(f *testing.F) {
	seeds(f)
	f.Fuzz(func(t *testing.T, b []byte) {
		if Sniff(b[:min(len(b), SniffLen)]) == HEIC { // a second of compiling for each worker
			rep := &Report{}
			if _, err := heicBoxes(b, rep); err != nil && model.KindOf(err) != model.Invalid {
				t.Fatal(err)
			}
			return
		}
		rep, err := examine(b)
		if err != nil {
			if model.KindOf(err) != model.Invalid {
				t.Fatalf("an error that is not the file's: %v", err)
			}
			return
		}
		if rep.Width*rep.Height > 2_000_000 {
			return // a claim that takes long to draw; TestPhones draws large ones
		}
		v, err := views(b, rep)
		if err != nil {
			t.Fatalf("%s %d×%d passed and cannot be shown: %v", rep.Type, rep.Width, rep.Height, err)
		}
		if rep.Type != PDF && len(v.Tiles) != model.TilesOf(rep.Width, rep.Height) {
			t.Fatalf("%d tiles of %d", len(v.Tiles), model.TilesOf(rep.Width, rep.Height))
		}
	})
}

// FuzzStream: the walk that uploads pass through says the same whether it gets
// the file at once or byte by byte, and never fails otherwise than by an error.
func FuzzStream(f *testing.F) {
	seeds(f)
	f.Fuzz(func(t *testing.T, b []byte) {
		_, once := ExamineStream(bufio.NewReaderSize(bytes.NewReader(b), 64<<10), int64(len(b)))
		_, pieces := ExamineStream(bufio.NewReaderSize(bytes.NewReader(b), 16), int64(len(b)))
		if model.ReasonOf(once) != model.ReasonOf(pieces) {
			t.Fatalf("%v at once, %v in pieces", once, pieces)
		}
	})
}
