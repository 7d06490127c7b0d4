package document

import (
	"bytes"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"math"

	"golang.org/x/image/draw"
	xfont "golang.org/x/image/font"
	"golang.org/x/image/font/opentype"
	"golang.org/x/image/math/f64"
	"golang.org/x/image/math/fixed"

	"microcourt/service/document/font"
)

func pngBytes(img image.Image) []byte {
	var b bytes.Buffer
	_ = png.Encode(&b, img) // writing to memory cannot fail
	return b.Bytes()
}

const sealSide = 420 // pixels; printed 42 mm wide, as court seals are

var sealRed = color.RGBA{0xc8, 0x10, 0x1e, 0xff}

// DrawSeal draws a round court seal with the star and the court's name, for
// courts that have not configured an image of theirs.
func DrawSeal(court string) (image.Image, error) {
	kai, err := font.Kai()
	if err != nil {
		return nil, err
	}
	face, err := opentype.NewFace(kai.SFNT(), &opentype.FaceOptions{Size: 50, DPI: 72})
	if err != nil {
		return nil, fmt.Errorf("seal: %w", err)
	}
	defer func() { _ = face.Close() }()
	img := image.NewRGBA(image.Rect(0, 0, sealSide, sealSide))
	draw.Draw(img, img.Bounds(), image.White, image.Point{}, draw.Src) // gopdf needs no transparency
	c := float64(sealSide) / 2
	star := starPoints(62)
	for y := range sealSide {
		for x := range sealSide {
			d := math.Hypot(float64(x)-c, float64(y)-c)
			if d > c-14 && d < c-4 || d < 62 && inStar(star, float64(x)-c, float64(y)-c) {
				img.SetRGBA(x, y, sealRed)
			}
		}
	}
	runes := []rune(court)
	span := math.Min(1.55*math.Pi, float64(len(runes))*0.36)
	for i, r := range runes {
		a := -math.Pi/2 - span/2
		if len(runes) > 1 {
			a += span * float64(i) / float64(len(runes)-1)
		}
		glyph(img, face, r, c+math.Cos(a)*(c-52), c+math.Sin(a)*(c-52), a+math.Pi/2)
	}
	return img, nil
}

// glyph draws one character centred at x, y and turned by angle.
func glyph(dst *image.RGBA, face xfont.Face, r rune, x, y, angle float64) {
	const side = 64
	tile := image.NewRGBA(image.Rect(0, 0, side, side))
	d := &xfont.Drawer{Dst: tile, Src: image.NewUniform(sealRed), Face: face}
	w := d.MeasureString(string(r)).Round()
	d.Dot = fixed.P((side-w)/2, 50)
	d.DrawString(string(r))
	sin, cos := math.Sincos(angle)
	h := float64(side) / 2
	m := f64.Aff3{cos, -sin, x - cos*h + sin*h, sin, cos, y - sin*h - cos*h}
	draw.BiLinear.Transform(dst, m, tile, tile.Bounds(), draw.Over, nil)
}

func inStar(star [10][2]float64, x, y float64) bool {
	inside := false
	p := star[9]
	for _, q := range star {
		if (q[1] > y) != (p[1] > y) && x < (p[0]-q[0])*(y-q[1])/(p[1]-q[1])+q[0] {
			inside = !inside
		}
		p = q
	}
	return inside
}

// starPoints are the corners of a regular five-pointed star.
func starPoints(radius float64) (out [10][2]float64) {
	for i := range out {
		r := radius
		if i%2 == 1 {
			r *= 0.382
		}
		sin, cos := math.Sincos(-math.Pi/2 + float64(i)*math.Pi/5)
		out[i] = [2]float64{cos * r, sin * r}
	}
	return out
}
