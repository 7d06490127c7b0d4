package evidence

import (
	"bytes"
	"fmt"
	"image"
	"image/color"
	stdjpeg "image/jpeg"

	"golang.org/x/image/draw"
	"golang.org/x/image/font"
	"golang.org/x/image/font/basicfont"
	"golang.org/x/image/math/fixed"

	"microcourt/model"
	"microcourt/service/evidence/jpeg"
)

const (
	viewSide    = 2560 // pixels: enough to read a photographed receipt zoomed in
	thumbSide   = 320
	viewQuality = 85
)

// Views are the copies that people look at. They are made anew, from pixels or
// from a PDF's pages, so that no EXIF, GPS position, attachment, action or
// hidden content survives.
type Views struct {
	View, Thumb []byte   // JPEG; the view of a PDF is a PDF
	Tiles       [][]byte // a long screenshot from top to bottom at reading size, JPEG
	Fingerprint Fingerprint
}

// views makes the copies of a file that examine let pass.
func views(file []byte, rep *Report) (*Views, error) {
	if rep.Type == PDF {
		thumb, err := encode(pdfCard(rep.Pages))
		return &Views{View: rep.pdf, Thumb: thumb}, err
	}
	out := &Views{}
	dw, dh := fitted(rep.Width, rep.Height, viewSide)
	view, take := collect(dw, dh)
	whole := newScaler(rep.Width, rep.Height, dw, dh, take)
	sink, finish := whole.row, func() error { return nil }
	if n := model.TilesOf(rep.Width, rep.Height); n > 0 {
		t := newTiler(rep, out)
		tiles := newScaler(rep.Width, rep.Height, t.w, t.h, t.row)
		sink = func(row []byte) error {
			if err := whole.row(row); err != nil {
				return err
			}
			return tiles.row(row)
		}
		finish = t.flush
	}
	if err := rows(file, rep, sink); err != nil {
		return nil, err
	}
	if err := finish(); err != nil {
		return nil, err
	}
	view = orient(view, rep.orientation)
	out.Fingerprint = fingerprint(view)
	var err error
	if out.View, err = encode(view); err != nil {
		return nil, err
	}
	out.Thumb, err = encode(smaller(view, thumbSide))
	return out, err
}

// tiler cuts the rows of a long picture into tiles.
type tiler struct {
	w, h, y     int
	tile        *image.RGBA
	orientation int
	out         *Views
}

func newTiler(rep *Report, out *Views) *tiler {
	w := min(rep.Width, model.TileWidth)
	t := &tiler{w: w, h: max(1, rep.Height*w/rep.Width), orientation: rep.orientation, out: out}
	t.tile = image.NewRGBA(image.Rect(0, 0, w, model.TileHeight))
	return t
}

func (t *tiler) row(p []byte) error {
	copy(t.tile.Pix[t.y*t.tile.Stride:(t.y+1)*t.tile.Stride], p)
	if t.y++; t.y == model.TileHeight {
		return t.flush()
	}
	return nil
}

func (t *tiler) flush() error {
	if t.y == 0 {
		return nil
	}
	part, _ := t.tile.SubImage(image.Rect(0, 0, t.w, t.y)).(*image.RGBA)
	t.y = 0
	b, err := encode(orient(part, t.orientation))
	if err != nil {
		return err
	}
	if o := t.orientation; o == 3 || o == 4 { // the bottom is the top
		t.out.Tiles = append([][]byte{b}, t.out.Tiles...)
	} else {
		t.out.Tiles = append(t.out.Tiles, b)
	}
	return nil
}

// rows gives the picture's rows to emit, as RGBA on white.
func rows(file []byte, rep *Report, emit func(row []byte) error) error {
	switch rep.Type {
	case JPEG:
		_, err := jpeg.Decode(file, emit)
		return err
	case PNG:
		return pngRows(file, emit)
	case WebP, HEIC:
		return imageRows(rep.image, emit)
	case PDF:
	}
	return fmt.Errorf("no decoder for %s", rep.Type)
}

// hold keeps the picture that was decoded to prove that it can be.
func (rep *Report) hold(img image.Image) error {
	if b := img.Bounds(); b.Dx() != rep.Width || b.Dy() != rep.Height {
		return damaged(fmt.Errorf("a picture of %v in a container of %d×%d", b, rep.Width, rep.Height))
	}
	rep.image = img
	return nil
}

// imageRows gives the rows of a decoded picture.
func imageRows(img image.Image, emit func(row []byte) error) error {
	b := img.Bounds()
	line := image.NewRGBA(image.Rect(0, 0, b.Dx(), 1))
	for y := b.Min.Y; y < b.Max.Y; y++ {
		draw.Draw(line, line.Rect, image.White, image.Point{}, draw.Src)
		draw.Draw(line, line.Rect, img, image.Pt(b.Min.X, y), draw.Over)
		if err := emit(line.Pix); err != nil {
			return err
		}
	}
	return nil
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
	err := stdjpeg.Encode(&b, img, &stdjpeg.Options{Quality: viewQuality})
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
