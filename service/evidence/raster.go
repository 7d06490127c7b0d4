package evidence

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"errors"
	"hash/crc32"
	"io"

	"golang.org/x/image/webp"
)

// examineJPEG walks the markers to the end of the picture and looks at what
// follows it: cameras append a second JPEG (MPF, depth), a motion photo or
// their own trailer; nobody honest appends an archive or a web page.
func examineJPEG(br *bufio.Reader, size int64, rep *Report) error {
	pos := int64(0)
	next := func(n int) ([]byte, error) {
		b := make([]byte, n)
		m, err := io.ReadFull(br, b)
		pos += int64(m)
		return b, err
	}
	if _, err := next(2); err != nil { // SOI, sniffed
		return damaged(err)
	}
	scans := 0
	var marker byte
	for marker = 0; marker != 0xd9; {
		b, err := next(2)
		if err != nil || b[0] != 0xff {
			return damaged(err)
		}
		for b[1] == 0xff { // fill bytes
			one, err := next(1)
			if err != nil {
				return damaged(err)
			}
			b[1] = one[0]
		}
		marker = b[1]
		if marker == 0xd9 || marker >= 0xd0 && marker <= 0xd7 || marker == 0x01 {
			continue
		}
		l, err := next(2)
		if err != nil || binary.BigEndian.Uint16(l) < 2 {
			return damaged(err)
		}
		seg, err := next(int(binary.BigEndian.Uint16(l)) - 2)
		if err != nil {
			return damaged(err)
		}
		switch {
		case marker >= 0xc0 && marker <= 0xcf && marker != 0xc4 && marker != 0xc8 && marker != 0xcc:
			if len(seg) < 6 || rep.Width != 0 {
				return damaged(nil)
			}
			rep.Height, rep.Width = int(binary.BigEndian.Uint16(seg[1:])), int(binary.BigEndian.Uint16(seg[3:]))
		case marker == 0xe1 && bytes.HasPrefix(seg, []byte("Exif\x00\x00")):
			rep.orientation = orientation(seg[6:])
			fallthrough
		case marker >= 0xe0 && marker <= 0xef || marker == 0xfe:
			if hides(seg) {
				return errPolyglot
			}
		case marker == 0xda:
			scans++
			n, err := skipScan(br)
			pos += n
			if err != nil {
				return damaged(err)
			}
		}
	}
	if scans == 0 || rep.Width == 0 {
		return damaged(nil)
	}
	return trailer(br, size-pos)
}

// skipScan reads entropy-coded data up to the next real marker, which stays
// unread.
func skipScan(br *bufio.Reader) (int64, error) {
	var n int64
	for {
		buffered, err := br.Peek(max(br.Buffered(), 2))
		if len(buffered) < 2 {
			return n, errors.Join(io.ErrUnexpectedEOF, err)
		}
		i := bytes.IndexByte(buffered[:len(buffered)-1], 0xff)
		if i < 0 {
			i = len(buffered) - 1
		} else if c := buffered[i+1]; c != 0 && (c < 0xd0 || c > 0xd7) && c != 0xff {
			m, err := br.Discard(i)
			return n + int64(m), err
		} else {
			i++ // a stuffed or restart byte; 0xff may begin another
		}
		m, err := br.Discard(i)
		n += int64(m)
		if err != nil {
			return n, err
		}
	}
}

// trailer looks at the n bytes behind the picture, a window at a time: a
// motion photo's film may be as long as the file may be.
func trailer(br *bufio.Reader, n int64) error {
	if n <= 0 {
		return nil
	}
	head, err := br.Peek(int(min(n, 16)))
	if err != nil {
		return damaged(err)
	}
	known := bytes.HasPrefix(head, []byte{0xff, 0xd8, 0xff}) || // a second picture (MPF)
		len(head) > 8 && string(head[4:8]) == "ftyp" || // a motion photo
		n <= 4<<10 // a maker's own note
	if startsForeign(head) {
		return errPolyglot
	}
	const overlap = 16 // longer than any mark that is looked for
	window := make([]byte, 0, 16<<10)
	zero := true
	for left := n; left > 0; {
		kept := min(len(window), overlap)
		copy(window, window[len(window)-kept:])
		m, err := io.ReadFull(br, window[kept:min(int64(cap(window)), int64(kept)+left)])
		if err != nil {
			return damaged(err)
		}
		window = window[:kept+m]
		left -= int64(m)
		zero = zero && allZero(window)
		if containsForeign(window) {
			return errPolyglot
		}
		known = known || bytes.Contains(window, []byte("SEFT")) || bytes.Contains(window, []byte("MotionPhoto"))
	}
	if zero && n <= maxTrailingZero || known {
		return nil
	}
	return errPolyglot
}

// orientation reads the orientation out of an EXIF block, 1 when there is none.
func orientation(tiff []byte) int {
	if len(tiff) < 8 {
		return 1
	}
	var order binary.ByteOrder = binary.LittleEndian
	if string(tiff[:2]) == "MM" {
		order = binary.BigEndian
	}
	ifd := int(order.Uint32(tiff[4:]))
	if ifd < 8 || ifd+2 > len(tiff) {
		return 1
	}
	for i, n := 0, int(order.Uint16(tiff[ifd:])); i < n; i++ {
		e := ifd + 2 + 12*i
		if e+12 > len(tiff) {
			return 1
		}
		if order.Uint16(tiff[e:]) == 0x0112 {
			if o := int(order.Uint16(tiff[e+8:])); o >= 1 && o <= 8 {
				return o
			}
		}
	}
	return 1
}

// examinePNG walks the chunks and their checksums; nothing may follow IEND.
func examinePNG(br *bufio.Reader, size int64, rep *Report) error {
	if _, err := br.Discard(8); err != nil { // sniffed
		return damaged(err)
	}
	data := false
	for pos := int64(8); ; {
		var h [8]byte
		if _, err := io.ReadFull(br, h[:]); err != nil {
			return damaged(err)
		}
		length, kind := int64(binary.BigEndian.Uint32(h[:])), string(h[4:])
		if pos+12+length > size {
			return damaged(nil)
		}
		if kind != "IDAT" && length > maxAncillary {
			return errPolyglot
		}
		sum := crc32.NewIEEE()
		_, _ = sum.Write(h[4:])
		var body bytes.Buffer
		keep := io.Writer(sum)
		if kind == "IHDR" || kind[0] >= 'a' { // ancillary chunks may carry text
			keep = io.MultiWriter(sum, &body)
		}
		if _, err := io.CopyN(keep, br, length); err != nil {
			return damaged(err)
		}
		var crc [4]byte
		if _, err := io.ReadFull(br, crc[:]); err != nil || binary.BigEndian.Uint32(crc[:]) != sum.Sum32() {
			return damaged(err)
		}
		pos += 12 + length
		switch kind {
		case "IHDR":
			if body.Len() != 13 || pos != 33 {
				return damaged(nil)
			}
			rep.Width = int(binary.BigEndian.Uint32(body.Bytes()))
			rep.Height = int(binary.BigEndian.Uint32(body.Bytes()[4:]))
			if rep.Width > maxSide || rep.Height > maxSide {
				return errBomb
			}
		case "IDAT":
			data = true
		case "IEND":
			if !data || rep.Width == 0 {
				return damaged(nil)
			}
			if size-pos > maxTrailingZero {
				return errPolyglot
			}
			rest := make([]byte, size-pos)
			if _, err := io.ReadFull(br, rest); err != nil {
				return damaged(err)
			}
			if !allZero(rest) {
				return errPolyglot
			}
			return nil
		}
		if hides(body.Bytes()) {
			return errPolyglot
		}
	}
}

// examineWebP checks the container's lengths and reads the dimensions.
func examineWebP(r io.ReaderAt, size int64, rep *Report) error {
	var h [12]byte
	if _, err := r.ReadAt(h[:], 0); err != nil {
		return damaged(err)
	}
	end := int64(binary.LittleEndian.Uint32(h[4:])) + 8
	switch {
	case end > size:
		return damaged(nil)
	case end+1 < size: // one byte of padding may follow
		return errPolyglot
	}
	for pos := int64(12); pos < end; {
		var c [8]byte
		if _, err := r.ReadAt(c[:], pos); err != nil {
			return damaged(err)
		}
		length := int64(binary.LittleEndian.Uint32(c[4:]))
		if pos+8+length > size {
			return damaged(nil)
		}
		if kind := string(c[:4]); kind == "EXIF" || kind == "XMP " || kind == "ICCP" {
			b := make([]byte, length)
			if _, err := r.ReadAt(b, pos+8); err != nil {
				return damaged(err)
			}
			if hides(b) {
				return errPolyglot
			}
		} else if kind == "ANIM" {
			return refuse("file.type", "不支持动态图片，请上传静态图片")
		}
		pos += 8 + length + length&1
	}
	cfg, err := webp.DecodeConfig(io.NewSectionReader(r, 0, size))
	if err != nil {
		return damaged(err)
	}
	rep.Width, rep.Height = cfg.Width, cfg.Height
	return nil
}

var heicBrands = map[string]bool{
	"heic": true, "heix": true, "heim": true, "heis": true, "hevc": true, "hevx": true, "mif1": true, "msf1": true,
}

// examineHEIC walks the top-level boxes, which must fill the file exactly, and
// reads the largest picture's dimensions (ispe).
func examineHEIC(r io.ReaderAt, size int64, rep *Report) error {
	sawMeta, sawData := false, false
	for pos := int64(0); pos < size; {
		var h [16]byte
		if _, err := r.ReadAt(h[:8], pos); err != nil {
			return damaged(err)
		}
		length := int64(binary.BigEndian.Uint32(h[:]))
		header := int64(8)
		switch length {
		case 0:
			length = size - pos
		case 1:
			if _, err := r.ReadAt(h[8:], pos+8); err != nil {
				return damaged(err)
			}
			length, header = int64(binary.BigEndian.Uint64(h[8:])), 16
		}
		if length < header || pos+length > size {
			return damaged(nil)
		}
		switch kind := string(h[4:8]); kind {
		case "meta":
			b := make([]byte, length)
			if _, err := r.ReadAt(b, pos); err != nil {
				return damaged(err)
			}
			if hides(b) {
				return errPolyglot
			}
			sawMeta = true
			for i := 0; ; {
				j := bytes.Index(b[i:], []byte("ispe"))
				if j < 0 || i+j+16 > len(b) {
					break
				}
				i += j + 4
				w, ht := int(binary.BigEndian.Uint32(b[i+4:])), int(binary.BigEndian.Uint32(b[i+8:]))
				if w*ht > rep.Width*rep.Height {
					rep.Width, rep.Height = w, ht
				}
			}
		case "mdat":
			sawData = true
		case "ftyp", "free", "skip", "moov", "uuid", "mpvd", "idat", "wide":
		default:
			return errPolyglot
		}
		pos += length
	}
	if !sawMeta || !sawData {
		return damaged(nil)
	}
	return nil
}
