package jpeg_test

import (
	"bytes"
	"image"
	"image/color"
	stdjpeg "image/jpeg"
	"testing"

	"microcourt/service/evidence/jpeg"
)

func picture(w, h int) image.Image {
	img := image.NewRGBA(image.Rect(0, 0, w, h))
	for y := range h {
		for x := range w {
			img.SetRGBA(x, y, color.RGBA{byte(x * 2), byte(y * 3), byte(x + y), 255})
		}
	}
	return img
}

// decoded gives the rows and how far they are, on average, from what the
// standard library makes of the file.
func decoded(t *testing.T, b []byte) [][]byte {
	t.Helper()
	var rows [][]byte
	f, err := jpeg.Decode(b, func(row []byte) error {
		rows = append(rows, bytes.Clone(row))
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if len(rows) != f.Height {
		t.Fatalf("%d rows of %d", len(rows), f.Height)
	}
	return rows
}

func distance(rows [][]byte, img image.Image) float64 {
	sum, n := 0, 0
	b := img.Bounds()
	for y := range b.Dy() {
		for x := range b.Dx() {
			r, g, bl, _ := img.At(b.Min.X+x, b.Min.Y+y).RGBA()
			for i, want := range []uint32{r, g, bl} {
				d := int(rows[y][4*x+i]) - int(want>>8)
				sum, n = sum+d*d, n+1
			}
		}
	}
	return float64(sum) / float64(n)
}

func TestDecodesAsTheStandardLibraryDoes(t *testing.T) {
	t.Parallel()
	for _, size := range [][2]int{{64, 48}, {33, 47}, {1, 1}, {200, 9}} {
		var b bytes.Buffer
		if err := stdjpeg.Encode(&b, picture(size[0], size[1]), &stdjpeg.Options{Quality: 90}); err != nil {
			t.Fatal(err)
		}
		img, err := stdjpeg.Decode(bytes.NewReader(b.Bytes()))
		if err != nil {
			t.Fatal(err)
		}
		if d := distance(decoded(t, b.Bytes()), img); d > 2 {
			t.Errorf("%v: mean square distance %.2f", size, d)
		}
	}
}
