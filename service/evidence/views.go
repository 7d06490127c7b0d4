package evidence

import (
	"bytes"
	"context"
	"fmt"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
	"io"

	"github.com/gen2brain/heic"
	"golang.org/x/image/draw"
	"golang.org/x/image/font"
	"golang.org/x/image/font/basicfont"
	"golang.org/x/image/math/fixed"
	"golang.org/x/image/webp"
)

const (
	viewSide    = 2560 // pixels: enough to read a photographed receipt zoomed in
	thumbSide   = 320
	viewQuality = 85
)

// Views are the copies that people look at. They are made anew from pixels, so
// no EXIF, GPS position or hidden content survives.
type Views struct {
	View, Thumb []byte // JPEG; View is nil for a PDF, which is shown as it is
	Fingerprint Fingerprint
}

// Viewer makes views; it bounds how many pictures are decoded at a time.
type Viewer struct{ slots chan struct{} }

// NewViewer makes a Viewer that decodes n pictures at a time.
func NewViewer(n int) *Viewer { return &Viewer{slots: make(chan struct{}, n)} }

// Views decodes the file completely. A file that Examine let pass but that
// cannot be decoded is refused with file.damaged.
func (v *Viewer) Views(ctx context.Context, r io.ReaderAt, size int64, rep *Report) (out *Views, err error) {
	select {
	case v.slots <- struct{}{}:
		defer func() { <-v.slots }()
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	defer func() {
		if p := recover(); p != nil {
			out, err = nil, damaged(fmt.Errorf("panic: %v", p))
		}
	}()
	if rep.Type == PDF {
		thumb, err := encode(pdfCard(rep.Pages))
		return &Views{Thumb: thumb}, err
	}
	img, err := decode(io.NewSectionReader(r, 0, size), rep.Type)
	if err != nil {
		return nil, damaged(err)
	}
	view := orient(fit(img, viewSide), rep.orientation)
	thumb := fit(view, thumbSide)
	out = &Views{Fingerprint: fingerprint(view)}
	if out.View, err = encode(view); err != nil {
		return nil, err
	}
	out.Thumb, err = encode(thumb)
	return out, err
}

func decode(r io.Reader, t Type) (image.Image, error) {
	switch t {
	case JPEG:
		return jpeg.Decode(r)
	case PNG:
		return png.Decode(r)
	case WebP:
		return webp.Decode(r)
	case HEIC:
		return heic.Decode(r)
	case PDF:
	}
	return nil, fmt.Errorf("no decoder for %s", t)
}

// fit scales img down so that its longer side is at most side, on white: a
// transparent picture must not turn black.
func fit(img image.Image, side int) *image.RGBA {
	b := img.Bounds()
	w, h := b.Dx(), b.Dy()
	if m := max(w, h); m > side {
		w, h = max(1, w*side/m), max(1, h*side/m)
	}
	dst := image.NewRGBA(image.Rect(0, 0, w, h))
	draw.Draw(dst, dst.Bounds(), image.White, image.Point{}, draw.Src)
	if w == b.Dx() && h == b.Dy() {
		draw.Draw(dst, dst.Bounds(), img, b.Min, draw.Over)
	} else {
		// BiLinear weighs every source pixel when scaling down, so that thin strokes
		// of characters survive; ApproxBiLinear would skip most of them.
		draw.BiLinear.Scale(dst, dst.Bounds(), img, b, draw.Over, nil)
	}
	return dst
}

// orient turns the picture as its EXIF orientation says.
func orient(src *image.RGBA, o int) *image.RGBA {
	if o < 2 || o > 8 {
		return src
	}
	w, h := src.Bounds().Dx(), src.Bounds().Dy()
	dw, dh := w, h
	if o >= 5 {
		dw, dh = h, w
	}
	dst := image.NewRGBA(image.Rect(0, 0, dw, dh))
	for y := range h {
		for x := range w {
			dx, dy := x, y
			switch o {
			case 2:
				dx = w - 1 - x
			case 3:
				dx, dy = w-1-x, h-1-y
			case 4:
				dy = h - 1 - y
			case 5:
				dx, dy = y, x
			case 6:
				dx, dy = h-1-y, x
			case 7:
				dx, dy = h-1-y, w-1-x
			case 8:
				dx, dy = y, w-1-x
			}
			dst.SetRGBA(dx, dy, src.RGBAAt(x, y))
		}
	}
	return dst
}

func encode(img image.Image) ([]byte, error) {
	var b bytes.Buffer
	err := jpeg.Encode(&b, img, &jpeg.Options{Quality: viewQuality})
	return b.Bytes(), err
}

// pdfCard is the thumbnail of a PDF: no pure-Go library renders pages.
func pdfCard(pages int) image.Image {
	img := image.NewRGBA(image.Rect(0, 0, 226, thumbSide))
	draw.Draw(img, img.Bounds(), image.NewUniform(color.RGBA{0xf4, 0xf1, 0xea, 0xff}), image.Point{}, draw.Src)
	draw.Draw(img, image.Rect(0, 0, 226, 56), image.NewUniform(color.RGBA{0xb0, 0x2a, 0x2a, 0xff}), image.Point{}, draw.Src)
	small := image.NewRGBA(image.Rect(0, 0, 40, 13))
	text(small, 9, 11, "PDF", color.White)
	draw.NearestNeighbor.Scale(img, image.Rect(53, 10, 173, 49), small, small.Bounds(), draw.Over, nil)
	text(img, 90, 180, fmt.Sprintf("%d p.", pages), color.Black)
	return img
}

func text(dst draw.Image, x, y int, s string, c color.Color) {
	(&font.Drawer{Dst: dst, Src: image.NewUniform(c), Face: basicfont.Face7x13, Dot: fixed.P(x, y)}).DrawString(s)
}
