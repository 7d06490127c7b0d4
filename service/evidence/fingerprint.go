package evidence

import (
	"image"
	"math/bits"

	"golang.org/x/image/draw"
)

// Fingerprint recognises a picture that was saved again: recompressed,
// resized, converted or made brighter. Receipts of one bank's app look alike
// but for a few digits, so a 64-bit hash alone would call them all the same;
// it only finds candidates, and a grid of 64×64 brightnesses decides.
//
// Measured on rendered receipts (fingerprint_test.go): the same receipt at
// JPEG quality 40, at half size and 10 % brighter differs in at most 2 of 4096
// cells; two receipts of one layout with other amount, serial number and time
// differ in 40 and more. A cropped or photographed-again picture is not
// recognised: its cells no longer lie over each other.
type Fingerprint struct {
	Hash   uint64
	Detail []byte // detailSide² brightnesses, empty for a PDF
}

const (
	detailSide    = 64
	cellTolerance = 24 // of 255
	maxCells      = 10 // cells that may differ more than that
	maxHashBits   = 6
)

func fingerprint(img image.Image) Fingerprint {
	hash := gray(img, 9, 8)
	f := Fingerprint{}
	for y := range 8 {
		for x := range 8 {
			f.Hash <<= 1
			if hash.GrayAt(x, y).Y > hash.GrayAt(x+1, y).Y {
				f.Hash |= 1
			}
		}
	}
	detail := gray(img, detailSide, detailSide)
	f.Detail = normalise(detail.Pix)
	return f
}

func gray(img image.Image, w, h int) *image.Gray {
	dst := image.NewGray(image.Rect(0, 0, w, h))
	draw.BiLinear.Scale(dst, dst.Bounds(), img, img.Bounds(), draw.Src, nil)
	return dst
}

// normalise stretches the brightnesses to the full range, so that a brighter
// or paler copy gives the same grid.
func normalise(pix []byte) []byte {
	lo, hi := byte(255), byte(0)
	for _, p := range pix {
		lo, hi = min(lo, p), max(hi, p)
	}
	if hi == lo {
		return make([]byte, len(pix))
	}
	out := make([]byte, len(pix))
	for i, p := range pix {
		out[i] = byte(int(p-lo) * 255 / int(hi-lo))
	}
	return out
}

// Bands are the four 16-bit parts of the hash by which candidates are looked
// up: two hashes that differ in at most three bits share at least one.
func (f Fingerprint) Bands() [4]int32 {
	return [4]int32{
		int32(f.Hash >> 48), int32(f.Hash >> 32 & 0xffff), int32(f.Hash >> 16 & 0xffff), int32(f.Hash & 0xffff),
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
	if len(a.Detail) == 0 || len(a.Detail) != len(b.Detail) || bits.OnesCount64(a.Hash^b.Hash) > maxHashBits {
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
