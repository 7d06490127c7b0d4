package evidence

import (
	"bytes"
	"encoding/binary"
	"image"

	"github.com/gen2brain/heic"
)

var heicBrands = map[string]bool{
	"heic": true, "heix": true, "heim": true, "heis": true, "hevc": true, "hevx": true, "hevm": true, "hevs": true,
	"mif1": true, "mif2": true, "msf1": true,
}

var avifBrands = map[string]bool{"avif": true, "avis": true}

// examineHEIC walks the top-level boxes, refuses pictures that are too large by
// what the boxes say, and decodes. Makers add boxes of their own and trailers;
// they are not looked at by anybody, so only the beginnings of foreign files in
// them are refused.
func examineHEIC(file []byte, rep *Report) error {
	known, err := heicBoxes(file, rep)
	if err != nil {
		return err
	}
	img, err := decodeHEIC(file[:known])
	if err != nil {
		return errCoding.WithCause(err)
	}
	rep.Width, rep.Height = img.Bounds().Dx(), img.Bounds().Dy() // upright and cut out, as libheif gives it
	return rep.hold(img)
}

// heicBoxes gives the length of the part that is HEIC.
func heicBoxes(file []byte, rep *Report) (known int, err error) {
	sawMeta, sawData, sawMovie := false, false, false
	size := len(file)
	pos := 0
	for pos+8 <= size {
		length, header := uint64(binary.BigEndian.Uint32(file[pos:])), 8
		switch {
		case length == 0:
			length = uint64(size - pos)
		case length == 1 && pos+16 <= size:
			length, header = binary.BigEndian.Uint64(file[pos+8:]), 16
		}
		if length < uint64(header) || length > uint64(size-pos) {
			break
		}
		box := file[pos : pos+int(length)]
		switch kind := string(box[4:8]); kind {
		case "meta":
			if hides(box) {
				return 0, errPolyglot
			}
			if bytes.Contains(box, []byte("av01")) && !bytes.Contains(box, []byte("hvc1")) {
				return 0, errAVIF
			}
			sawMeta = true
			largestItem(box, rep)
			known = pos + int(length)
		case "mdat", "idat":
			sawData = true
			known = pos + int(length)
		case "ftyp", "free", "skip", "wide":
			known = pos + int(length)
		case "moov":
			sawMovie = true
		default:
			if hides(box[header:]) {
				return 0, errPolyglot
			}
		}
		pos += int(length)
	}
	switch {
	case !sawMeta && sawMovie:
		return 0, errAnimated
	case !sawMeta || !sawData:
		return 0, damaged(nil)
	case hides(file[pos:]):
		return 0, errPolyglot
	case rep.Width*rep.Height > maxHEICPixels || rep.Width > maxSide || rep.Height > maxSide:
		return 0, errBomb
	}
	return known, nil
}

// largestItem reads the dimensions of the largest picture (ispe).
func largestItem(meta []byte, rep *Report) {
	for i := 0; ; {
		j := bytes.Index(meta[i:], []byte("ispe"))
		if j < 0 || i+j+16 > len(meta) {
			return
		}
		i += j + 4
		w, h := int(binary.BigEndian.Uint32(meta[i+4:])), int(binary.BigEndian.Uint32(meta[i+8:]))
		if w*h > rep.Width*rep.Height {
			rep.Width, rep.Height = w, h
		}
	}
}

// decodeHEIC decodes with libheif compiled to WebAssembly. Its wrapper only
// knows the brand heic: the others are the same container, so the copy that is
// decoded gets that one.
func decodeHEIC(file []byte) (image.Image, error) {
	b := bytes.Clone(file)
	copy(b[8:12], "heic")
	dynamic = false
	return heic.Decode(bytes.NewReader(b))
}
