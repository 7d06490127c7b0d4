package evidence

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"errors"
	"hash/crc32"
	"io"

	"golang.org/x/image/webp"

	"microcourt/service/evidence/jpeg"
)

// examineJPEG walks the markers to the end of the picture, refuses what package
// jpeg cannot decode, and looks at what follows: cameras append a second JPEG
// (MPF, a gain map, depth), a film (motion photo) or their own trailer; nobody
// honest appends an archive or a web page.
func examineJPEG(br *bufio.Reader, size int64, rep *Report) error {
	w := jpegWalk{br: br, rep: rep}
	if _, err := w.next(2); err != nil { // SOI, sniffed
		return damaged(err)
	}
	for {
		marker, err := w.marker()
		if err != nil {
			return damaged(err)
		}
		if marker == 0xd9 {
			break
		}
		l, err := w.next(2)
		if err != nil || binary.BigEndian.Uint16(l) < 2 {
			return damaged(err)
		}
		seg, err := w.next(int(binary.BigEndian.Uint16(l)) - 2)
		if err != nil {
			return damaged(err)
		}
		if err := w.segment(marker, seg); err != nil {
			return err
		}
	}
	if w.scans == 0 {
		return damaged(nil)
	}
	return trailer(br, size-w.pos)
}

type jpegWalk struct {
	br    *bufio.Reader
	rep   *Report
	pos   int64
	frame *jpeg.Frame
	scans int
	work  int // coefficients that the scans visit
}

func (w *jpegWalk) next(n int) ([]byte, error) {
	b := make([]byte, n)
	m, err := io.ReadFull(w.br, b)
	w.pos += int64(m)
	return b, err
}

// marker reads up to the next marker that a segment or the picture's end
// follows. Bytes that belong to nothing are skipped, as decoders do.
func (w *jpegWalk) marker() (byte, error) {
	ff := false
	for {
		c, err := w.br.ReadByte()
		if err != nil {
			return 0, err
		}
		w.pos++
		if ff && c != 0 && c != 0xff && c != 0x01 && (c < 0xd0 || c > 0xd8) {
			return c, nil
		}
		ff = c == 0xff
	}
}

func (w *jpegWalk) segment(marker byte, seg []byte) (err error) {
	switch {
	case jpeg.IsFrame(marker):
		if w.frame != nil {
			return damaged(nil)
		}
		if w.frame, err = jpeg.ParseFrame(marker, seg); err == nil {
			w.rep.Width, w.rep.Height = w.frame.Width, w.frame.Height
		}
	case marker == 0xc4:
		err = jpeg.CheckTables(seg)
	case marker == 0xdb:
		err = jpeg.CheckQuantisers(seg)
	case marker == 0xe1 && bytes.HasPrefix(seg, []byte("Exif\x00\x00")):
		w.rep.orientation = orientation(seg[6:])
		fallthrough
	case marker >= 0xe0 && marker <= 0xef || marker == 0xfe:
		if hides(seg) {
			return errPolyglot
		}
	case marker == 0xda:
		if w.frame == nil {
			return damaged(nil)
		}
		var s *jpeg.Scan
		if s, err = w.frame.ParseScan(seg); err != nil {
			break
		}
		if w.scans++; w.scans == 1 {
			if w.rep.streamed = w.frame.Single(s); !w.rep.streamed {
				w.rep.held = 2 * w.frame.Stored()
			}
		}
		if !w.rep.streamed { // what follows a picture in one scan is not decoded
			w.work += w.frame.Visited(s)
		}
		if w.scans > maxScans || w.work > maxVisited {
			return errBomb
		}
		n, err := skipScan(w.br)
		w.pos += n
		if err != nil {
			return damaged(err)
		}
	}
	switch {
	case errors.Is(err, jpeg.ErrTooLarge):
		return errBomb
	case errors.Is(err, jpeg.ErrArithmetic) || errors.Is(err, jpeg.ErrPrecision) || errors.Is(err, jpeg.ErrLossless):
		return errCoding.WithCause(err)
	case err != nil:
		return damaged(err)
	}
	return nil
}

// The bounds of the work of a picture that comes in several scans. Real ones
// have some ten, each a pass over all blocks of its components, however few
// bytes it has: the largest picture that is decoded may have sixteen passes over
// everything, a smaller one more.
const (
	maxScans   = 100
	maxVisited = 16 * jpeg.MaxStored
)

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
// motion photo's film may be as long as the file may be. What phones append is
// a list that never ends (Samsung's SEFT, vivo's and Xiaomi's JSON, Huawei's
// marks, zeros), and no copy that anybody opens has it, so everything passes but
// the beginnings of files that something runs or unpacks.
func trailer(br *bufio.Reader, n int64) error {
	if n <= 0 {
		return nil
	}
	head, err := br.Peek(int(min(n, 16)))
	if err != nil {
		return damaged(err)
	}
	if startsForeign(head) {
		return errPolyglot
	}
	const overlap = 32 // longer than any mark that is looked for
	window := make([]byte, 0, 16<<10)
	for left := n; left > 0; {
		kept := min(len(window), overlap)
		copy(window, window[len(window)-kept:])
		m, err := io.ReadFull(br, window[kept:min(int64(cap(window)), int64(kept)+left)])
		if err != nil {
			return damaged(err)
		}
		window = window[:kept+m]
		left -= int64(m)
		if containsForeign(window) {
			return errPolyglot
		}
	}
	return nil
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
	data, palette := false, false
	var head *pngHeader
	for pos := int64(8); ; {
		var h [8]byte
		if _, err := io.ReadFull(br, h[:]); err != nil {
			return damaged(err)
		}
		length, kind := int64(binary.BigEndian.Uint32(h[:])), string(h[4:])
		if pos+12+length > size || pos == 8 && kind != "IHDR" {
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
			var err error
			if head, err = parsePNGHeader(body.Bytes()); err != nil || pos != 33 {
				return damaged(err)
			}
			rep.Width, rep.Height = head.width, head.height
			if rep.Width > maxSide || rep.Height > maxSide || head.interlaced && rep.Width*rep.Height > maxHeldPixels ||
				rep.Width*rep.Height*head.bitsPix/8 > maxUnpacked {
				return errBomb
			}
			if head.interlaced {
				rep.held = 4 * rep.Width * rep.Height
			}
		case "PLTE":
			palette = true
		case "IDAT":
			data = true
		case "eXIf":
			rep.orientation = orientation(body.Bytes())
		case "IEND":
			if !data || head == nil || head.colour == 3 && !palette {
				return damaged(nil)
			}
			if size-pos > maxPadding {
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

// webPSize is the size that the beginning of a WebP file states, 0 when it does
// not.
func webPSize(head []byte) (w, h int) {
	if len(head) < 30 {
		return 0, 0
	}
	body := head[20:]
	switch string(head[12:16]) {
	case "VP8X": // of the canvas, 24 bits each
		return 1 + int(body[4]) + int(body[5])<<8 + int(body[6])<<16, 1 + int(body[7]) + int(body[8])<<8 + int(body[9])<<16
	case "VP8L": // 14 bits each behind a mark
		n := int(binary.LittleEndian.Uint32(body[1:]))
		return 1 + n&0x3fff, 1 + n>>14&0x3fff
	case "VP8 ": // behind the frame's tag and a mark
		return int(binary.LittleEndian.Uint16(body[6:])) & 0x3fff, int(binary.LittleEndian.Uint16(body[8:])) & 0x3fff
	}
	return 0, 0
}

// examineWebP checks the container's lengths and decodes the picture.
func examineWebP(file []byte, rep *Report) error {
	size := int64(len(file))
	if size < 12 {
		return damaged(nil)
	}
	end := int64(binary.LittleEndian.Uint32(file[4:])) + 8
	switch {
	case end > size:
		return damaged(nil)
	case end+1 < size: // one byte of padding may follow
		return errPolyglot
	}
	lossless := false // its decoder holds whole pixels
	for pos := int64(12); pos < end; {
		if pos+8 > size {
			return damaged(nil)
		}
		kind, length := string(file[pos:pos+4]), int64(binary.LittleEndian.Uint32(file[pos+4:]))
		if pos+8+length > size {
			return damaged(nil)
		}
		body := file[pos+8 : pos+8+length]
		switch kind {
		case "VP8 ", "ALPH":
		case "VP8L":
			lossless = true
		case "ANIM", "ANMF":
			return errAnimated
		case "EXIF":
			rep.orientation = orientation(bytes.TrimPrefix(body, []byte("Exif\x00\x00")))
			fallthrough
		default:
			if hides(body) {
				return errPolyglot
			}
		}
		pos += 8 + length + length&1
	}
	cfg, err := webp.DecodeConfig(bytes.NewReader(file))
	if err != nil {
		return damaged(err)
	}
	if rep.Width, rep.Height = cfg.Width, cfg.Height; lossless && cfg.Width*cfg.Height > maxHeldPixels || cfg.Width*cfg.Height > maxPixels {
		return errBomb
	}
	img, err := webp.Decode(bytes.NewReader(file))
	if err != nil {
		return damaged(err)
	}
	return rep.hold(img)
}
