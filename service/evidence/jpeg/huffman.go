package jpeg

import "fmt"

// huffman is a table for decoding: short codes by look-up, long ones by the
// largest code of each length.
type huffman struct {
	lut     [256]uint16 // value<<8 | length, 0 when longer than 8 bits
	values  []byte
	maxCode [18]int32 // per length, -1 when there is none
	delta   [17]int32 // index of the first value minus the first code
}

func parseHuffman(counts, values []byte) *huffman {
	h := &huffman{values: values}
	code, k := int32(0), 0
	for length := 1; length <= 16; length++ {
		h.delta[length] = int32(k) - code
		for range int(counts[length-1]) {
			if length <= 8 {
				base := code << (8 - length)
				for i := range int32(1) << (8 - length) {
					if base+i < 256 {
						h.lut[base+i] = uint16(values[k])<<8 | uint16(length)
					}
				}
			}
			code++
			k++
		}
		h.maxCode[length] = code - 1
		if counts[length-1] == 0 {
			h.maxCode[length] = -1
		}
		code <<= 1
	}
	return h
}

// CheckTables reads a segment of Huffman tables.
func CheckTables(seg []byte) error { return eachTable(seg, func(int, int, []byte, []byte) {}) }

func eachTable(seg []byte, use func(class, id int, counts, values []byte)) error {
	for len(seg) > 0 {
		if len(seg) < 17 {
			return fmt.Errorf("%w: Huffman table", errFormat)
		}
		n, code := 0, 0
		for i, c := range seg[1:17] {
			n += int(c)
			if code = code<<1 + int(c); code > 2<<i {
				return fmt.Errorf("%w: Huffman codes", errFormat)
			}
		}
		if n > 256 || len(seg) < 17+n || seg[0]>>4 > 1 || seg[0]&15 > 3 {
			return fmt.Errorf("%w: Huffman table", errFormat)
		}
		use(int(seg[0]>>4), int(seg[0]&15), seg[1:17], seg[17:17+n])
		seg = seg[17+n:]
	}
	return nil
}

// CheckQuantisers reads a segment of quantisation tables.
func CheckQuantisers(seg []byte) error { return eachQuantiser(seg, func(int, *[64]int32) {}) }

func eachQuantiser(seg []byte, use func(id int, q *[64]int32)) error {
	for len(seg) > 0 {
		wide, id := seg[0]>>4, int(seg[0]&15)
		size := 64 * (1 + int(wide))
		if wide > 1 || id > 3 || len(seg) < 1+size {
			return fmt.Errorf("%w: quantisation table", errFormat)
		}
		var q [64]int32
		for i := range 64 {
			if wide == 0 {
				q[zigzag[i]] = int32(seg[1+i])
			} else {
				q[zigzag[i]] = int32(seg[1+2*i])<<8 | int32(seg[2+2*i])
			}
		}
		use(id, &q)
		seg = seg[1+size:]
	}
	return nil
}

var zigzag = [64]uint8{
	0, 1, 8, 16, 9, 2, 3, 10, 17, 24, 32, 25, 18, 11, 4, 5, 12, 19, 26, 33, 40, 48, 41, 34, 27, 20, 13, 6, 7, 14, 21, 28,
	35, 42, 49, 56, 57, 50, 43, 36, 29, 22, 15, 23, 30, 37, 44, 51, 58, 59, 52, 45, 38, 31, 39, 46, 53, 60, 61, 54, 47, 55, 62, 63,
}

// bits reads entropy-coded data. Behind its end, which is a marker or the end
// of the file, it gives zeros and counts them.
type bits struct {
	b    []byte
	pos  int
	acc  uint64
	n    int
	past int // zero bytes that were made up
}

func (r *bits) fill() {
	for r.n <= 48 {
		c := byte(0)
		if r.pos < len(r.b) {
			c = r.b[r.pos]
		}
		switch {
		case r.pos >= len(r.b):
			r.past++
		case c != 0xff:
			r.pos++
		case r.pos+1 < len(r.b) && r.b[r.pos+1] == 0:
			r.pos += 2
		default: // a marker ends the data
			c = 0
			r.past++
		}
		r.acc = r.acc<<8 | uint64(c)
		r.n += 8
	}
}

// exhausted tells whether what was read was made up.
func (r *bits) exhausted() bool { return r.past*8 > r.n }

func (r *bits) bit() int32 {
	if r.n == 0 {
		r.fill()
	}
	r.n--
	return int32(r.acc>>r.n) & 1
}

func (r *bits) get(n int) int32 {
	if n == 0 {
		return 0
	}
	if r.n < n {
		r.fill()
	}
	r.n -= n
	return int32(r.acc>>r.n) & (1<<n - 1)
}

// extended reads n bits as a signed difference.
func (r *bits) extended(n int) int32 {
	v := r.get(n)
	if n > 0 && v < 1<<(n-1) {
		v -= 1<<n - 1
	}
	return v
}

// symbol reads one code; ok is false when there is none such.
func (r *bits) symbol(h *huffman) (v byte, ok bool) {
	if h == nil {
		return 0, false
	}
	if r.n < 16 {
		r.fill()
	}
	if e := h.lut[r.acc>>(r.n-8)&255]; e != 0 {
		r.n -= int(e & 255)
		return byte(e >> 8), true
	}
	code := int32(r.acc>>(r.n-16)) & 0xffff
	for length := 9; length <= 16; length++ {
		if c := code >> (16 - length); c <= h.maxCode[length] {
			if i := c + h.delta[length]; i >= 0 && int(i) < len(h.values) {
				r.n -= length
				return h.values[i], true
			}
		}
	}
	return 0, false
}

// restart drops what is left of the interval and goes to the restart marker
// that follows. It is false when another marker or the end follows.
func (r *bits) restart() bool {
	r.acc, r.n, r.past = 0, 0, 0
	for r.pos+1 < len(r.b) {
		if r.b[r.pos] != 0xff {
			r.pos++
			continue
		}
		switch c := r.b[r.pos+1]; {
		case c >= 0xd0 && c <= 0xd7:
			r.pos += 2
			return true
		case c == 0 || c == 0xff:
			r.pos++
		default:
			return false
		}
	}
	return false
}
