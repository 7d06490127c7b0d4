package evidence

import (
	"bytes"
	"compress/zlib"
	"encoding/binary"
	"errors"
	"io"
)

// pngHeader is a PNG's IHDR.
type pngHeader struct {
	width, height    int
	depth            int
	colour           byte // 0 grey, 2 RGB, 3 palette, 4 grey with alpha, 6 RGB with alpha
	interlaced       bool
	palette          [][4]byte // RGBA
	transparent      [3]uint16 // the one colour that is transparent
	hasTransparent   bool
	samples, bitsPix int
}

var errPNG = errors.New("not a PNG that can be read")

func parsePNGHeader(b []byte) (*pngHeader, error) {
	if len(b) != 13 {
		return nil, errPNG
	}
	w, h := binary.BigEndian.Uint32(b), binary.BigEndian.Uint32(b[4:])
	if w == 0 || h == 0 || w > 1<<31-1 || h > 1<<31-1 || b[10] != 0 || b[11] != 0 || b[12] > 1 {
		return nil, errPNG
	}
	p := &pngHeader{width: int(w), height: int(h), depth: int(b[8]), colour: b[9], interlaced: b[12] == 1}
	depths := map[byte][]int{0: {1, 2, 4, 8, 16}, 2: {8, 16}, 3: {1, 2, 4, 8}, 4: {8, 16}, 6: {8, 16}}
	ok := false
	for _, d := range depths[p.colour] {
		ok = ok || d == p.depth
	}
	if !ok {
		return nil, errPNG
	}
	p.samples = map[byte]int{0: 1, 2: 3, 3: 1, 4: 2, 6: 4}[p.colour]
	p.bitsPix = p.samples * p.depth
	return p, nil
}

// pngRows decodes a PNG that examinePNG let pass, row by row. As the browsers
// do, it shows what there is of damaged data; the rest is grey.
func pngRows(file []byte, emit func(row []byte) error) error {
	var p *pngHeader
	var data chunkReader
	for at := 8; at+12 <= len(file); {
		n := int(binary.BigEndian.Uint32(file[at:]))
		if n < 0 || at+12+n > len(file) {
			break
		}
		kind, body := string(file[at+4:at+8]), file[at+8:at+8+n]
		at += 12 + n
		switch kind {
		case "IHDR":
			var err error
			if p, err = parsePNGHeader(body); err != nil {
				return err
			}
		case "PLTE":
			for i := 0; i+3 <= len(body) && p != nil; i += 3 {
				p.palette = append(p.palette, [4]byte{body[i], body[i+1], body[i+2], 255})
			}
		case "tRNS":
			if p != nil {
				p.transparency(body)
			}
		case "IDAT":
			data.chunks = append(data.chunks, body)
		}
	}
	if p == nil {
		return errPNG
	}
	var z io.Reader = eof{}
	if r, err := zlib.NewReader(&data); err == nil {
		z = r
	}
	d := &pngDecoder{pngHeader: p, z: z, emit: emit}
	if p.interlaced {
		return d.interlacedRows()
	}
	return d.pass(p.width, p.height, func(_ int, row []byte) error { return emit(row) })
}

func (p *pngHeader) transparency(b []byte) {
	switch p.colour {
	case 3:
		for i := range min(len(b), len(p.palette)) {
			p.palette[i][3] = b[i]
		}
	case 0, 2:
		for i := 0; i < p.samples && 2*i+2 <= len(b); i++ {
			p.transparent[i] = binary.BigEndian.Uint16(b[2*i:])
			p.hasTransparent = true
		}
	}
}

type eof struct{}

// Read implements io.Reader.
func (eof) Read([]byte) (int, error) { return 0, io.EOF }

// chunkReader reads the chunks' bodies one after the other.
type chunkReader struct{ chunks [][]byte }

// Read implements io.Reader.
func (r *chunkReader) Read(b []byte) (int, error) {
	for len(r.chunks) > 0 && len(r.chunks[0]) == 0 {
		r.chunks = r.chunks[1:]
	}
	if len(r.chunks) == 0 {
		return 0, io.EOF
	}
	n := copy(b, r.chunks[0])
	r.chunks[0] = r.chunks[0][n:]
	return n, nil
}

type pngDecoder struct {
	*pngHeader
	z    io.Reader
	emit func(row []byte) error
	bad  bool
}

// pass decodes one pass of w × h.
func (d *pngDecoder) pass(w, h int, emit func(y int, row []byte) error) error {
	n, bpp := (w*d.bitsPix+7)/8, max(1, d.bitsPix/8)
	line, prior := make([]byte, 1+n), make([]byte, 1+n)
	row := bytes.Repeat([]byte{255}, 4*w)
	for y := range h {
		if !d.bad {
			if _, err := io.ReadFull(d.z, line); err != nil || line[0] > 4 {
				d.bad = true
				for i := range row {
					if row[i] = 128; i&3 == 3 {
						row[i] = 255
					}
				}
			} else {
				unfilter(line[0], line[1:], prior[1:], bpp)
				d.pixels(line[1:], row, w)
				line, prior = prior, line
			}
		}
		if err := emit(y, row); err != nil {
			return err
		}
	}
	return nil
}

func unfilter(kind byte, line, prior []byte, bpp int) {
	for i := range line {
		left, up, corner := byte(0), prior[i], byte(0)
		if i >= bpp {
			left, corner = line[i-bpp], prior[i-bpp]
		}
		switch kind {
		case 1:
			line[i] += left
		case 2:
			line[i] += up
		case 3:
			line[i] += byte((int(left) + int(up)) / 2)
		case 4:
			line[i] += paeth(int(left), int(up), int(corner))
		}
	}
}

func paeth(a, b, c int) byte {
	pa, pb, pc := abs(b-c), abs(a-c), abs(a+b-2*c)
	switch {
	case pa <= pb && pa <= pc:
		return byte(a)
	case pb <= pc:
		return byte(b)
	}
	return byte(c)
}

func abs(n int) int {
	if n < 0 {
		return -n
	}
	return n
}

// sample is the i-th sample of the line, in the picture's own depth.
func (d *pngDecoder) sample(line []byte, i int) uint16 {
	switch d.depth {
	case 16:
		return uint16(line[2*i])<<8 | uint16(line[2*i+1])
	case 8:
		return uint16(line[i])
	default:
		bit := i * d.depth
		return uint16(line[bit/8]>>(8-d.depth-bit%8)) & (1<<d.depth - 1)
	}
}

// eight is a sample in 8 bits.
func (d *pngDecoder) eight(v uint16) byte {
	if d.depth == 16 {
		return byte(v >> 8)
	}
	return byte(int(v) * 255 / (1<<d.depth - 1))
}

// pixels turns a line into RGBA on white: what is transparent must not turn
// black.
func (d *pngDecoder) pixels(line, row []byte, w int) {
	if d.colour == 2 && d.depth == 8 && !d.hasTransparent { // screenshots
		for x := range w {
			o := row[4*x : 4*x+3]
			o[0], o[1], o[2] = line[3*x], line[3*x+1], line[3*x+2]
		}
		return
	}
	var v [4]uint16
	for x := range w {
		for k := range d.samples {
			v[k] = d.sample(line, x*d.samples+k)
		}
		var r, g, b, alpha byte = 0, 0, 0, 255
		switch d.colour {
		case 3:
			if int(v[0]) < len(d.palette) {
				c := d.palette[v[0]]
				r, g, b, alpha = c[0], c[1], c[2], c[3]
			}
		case 0, 4:
			r = d.eight(v[0])
			g, b = r, r
			if d.colour == 4 {
				alpha = d.eight(v[1])
			}
		default:
			r, g, b = d.eight(v[0]), d.eight(v[1]), d.eight(v[2])
			if d.colour == 6 {
				alpha = d.eight(v[3])
			}
		}
		if d.hasTransparent && v[0] == d.transparent[0] && (d.colour == 0 || v[1] == d.transparent[1] && v[2] == d.transparent[2]) {
			alpha = 0
		}
		onWhite(row[4*x:4*x+3], r, g, b, alpha)
	}
}

func onWhite(o []byte, r, g, b, alpha byte) {
	if alpha == 255 {
		o[0], o[1], o[2] = r, g, b
		return
	}
	a, rest := uint32(alpha), 255*(255-uint32(alpha))
	o[0], o[1], o[2] = byte((uint32(r)*a+rest)/255), byte((uint32(g)*a+rest)/255), byte((uint32(b)*a+rest)/255)
}

// interlacedRows keeps the whole picture, because the seven passes of Adam7
// each hold some of every row.
func (d *pngDecoder) interlacedRows() error {
	img := bytes.Repeat([]byte{255}, 4*d.width*d.height)
	for _, p := range [7][4]int{{0, 0, 8, 8}, {4, 0, 8, 8}, {0, 4, 4, 8}, {2, 0, 4, 4}, {0, 2, 2, 4}, {1, 0, 2, 2}, {0, 1, 1, 2}} {
		w, h := (d.width-p[0]+p[2]-1)/p[2], (d.height-p[1]+p[3]-1)/p[3]
		if w <= 0 || h <= 0 {
			continue
		}
		err := d.pass(w, h, func(y int, row []byte) error {
			for x := range w {
				at := 4 * ((p[1]+y*p[3])*d.width + p[0] + x*p[2])
				copy(img[at:at+4], row[4*x:4*x+4])
			}
			return nil
		})
		if err != nil {
			return err
		}
	}
	for y := range d.height {
		if err := d.emit(img[4*y*d.width : 4*(y+1)*d.width]); err != nil {
			return err
		}
	}
	return nil
}
