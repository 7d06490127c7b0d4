package evidence

import (
	"image"
	"slices"

	"golang.org/x/image/draw"
)

// Fingerprint recognises a picture that was saved again: recompressed,
// resized or converted. Receipts of one bank's app look alike but
// for a few digits, so a coarse hash only finds candidates, and a grid of
// 64×64 brightnesses decides.
//
// Measured on rendered receipts of three layouts (evidence_test.go): no cell
// of a copy at JPEG quality 40, at half size or as PNG differs by more than 16
// of 255; two receipts of one layout with other amount, serial
// number, time and payee differ in 12 cells and more. A picture that was
// cropped, photographed again or brightened until its paper turned white is
// not recognised.
type Fingerprint struct {
	Hash   uint64
	Detail []byte // detailSide² brightnesses, empty for a PDF
}

const (
	detailSide    = 64
	cellTolerance = 16 // of 255
	maxCells      = 5  // cells that may differ more than that
)

func fingerprint(img image.Image) Fingerprint {
	f := Fingerprint{Detail: normalise(gray(img, detailSide, detailSide).Pix)}
	f.Hash = coarse(f.Detail)
	return f
}

// coarse sums the grid up into 4×4 blocks of two bits each: where the picture
// is darkest and lightest survives any saving.
func coarse(detail []byte) (hash uint64) {
	const block = detailSide / 4
	var means [16]int
	lo, hi := 255, 0
	for k := range means {
		sum := 0
		for y := range block {
			for x := range block {
				sum += int(detail[(k/4*block+y)*detailSide+k%4*block+x])
			}
		}
		means[k] = sum / (block * block)
		lo, hi = min(lo, means[k]), max(hi, means[k])
	}
	for _, m := range means {
		hash = hash<<2 | uint64(min(3, (m-lo)*4/max(1, hi-lo)))
	}
	return hash
}

func gray(img image.Image, w, h int) *image.Gray {
	dst := image.NewGray(image.Rect(0, 0, w, h))
	draw.BiLinear.Scale(dst, dst.Bounds(), img, img.Bounds(), draw.Src, nil)
	return dst
}

// normalise sets the paper (the median) and the darkest ink (the first
// hundredth) to fixed brightnesses, so that copies give the same grid; the
// extremes themselves are noise.
func normalise(pix []byte) []byte {
	sorted := slices.Clone(pix)
	slices.Sort(sorted)
	paper, ink := int(sorted[len(sorted)/2]), int(sorted[len(sorted)/100])
	out := make([]byte, len(pix))
	for i, p := range pix {
		out[i] = byte(min(255, max(0, 200+(int(p)-paper)*180/max(8, paper-ink))))
	}
	return out
}

// Bands are the four parts of the hash by which candidates are looked up; a
// copy shares at least one.
func (f Fingerprint) Bands() [4]int32 {
	return [4]int32{
		int32(f.Hash >> 24 & 0xff), int32(f.Hash >> 16 & 0xff), int32(f.Hash >> 8 & 0xff), int32(f.Hash & 0xff),
	}
}

// Bytes is how a fingerprint is stored: the hash and the grid.
func (f Fingerprint) Bytes() []byte {
	if len(f.Detail) == 0 {
		return nil
	}
	b := make([]byte, 8, 8+len(f.Detail))
	for i := range 8 {
		b[i] = byte(f.Hash >> (56 - 8*i))
	}
	return append(b, f.Detail...)
}

// ParseFingerprint reads what Bytes wrote.
func ParseFingerprint(b []byte) Fingerprint {
	if len(b) != 8+detailSide*detailSide {
		return Fingerprint{}
	}
	f := Fingerprint{Detail: b[8:]}
	for i := range 8 {
		f.Hash = f.Hash<<8 | uint64(b[i])
	}
	return f
}

// Similar tells whether two fingerprints are of the same picture.
func Similar(a, b Fingerprint) bool {
	if len(a.Detail) == 0 || len(a.Detail) != len(b.Detail) {
		return false
	}
	return differing(a, b) <= maxCells
}

func differing(a, b Fingerprint) int {
	n := 0
	for i := range a.Detail {
		if d := int(a.Detail[i]) - int(b.Detail[i]); d > cellTolerance || d < -cellTolerance {
			n++
		}
	}
	return n
}
