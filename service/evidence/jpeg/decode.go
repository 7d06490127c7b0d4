package jpeg

import (
	"encoding/binary"
	"errors"
	"fmt"
)

// plane is one component while it is decoded.
type plane struct {
	Component
	wide, high int     // blocks in a row and in a column, padded to whole units
	bw, bh     int     // blocks that hold the picture, for scans of this component alone
	coefs      []int16 // all of them when the picture comes in several scans
	rows       []byte  // samples of one row of units
	pred       int32
	columns    []int32 // sample of each column of the picture
}

type decoder struct {
	bits
	frame   *Frame
	planes  []plane
	quant   [4]*[64]int32
	tables  [2][4]*huffman
	ri      int
	adobe   int // its colour transform, -1 without the marker
	stored  bool
	eobrun  int32
	emit    func(row []byte) error
	row     []byte
	emitted int
}

// Decode gives the picture's rows to emit, from top to bottom, as RGBA with
// alpha 255. The slice is used again for the next row.
func Decode(file []byte, emit func(row []byte) error) (*Frame, error) {
	d := &decoder{bits: bits{b: file}, adobe: -1, emit: emit}
	if err := d.segments(); err != nil {
		return d.frame, err
	}
	if d.frame == nil {
		return nil, fmt.Errorf("%w: no frame", errFormat)
	}
	if d.stored {
		for my := range d.frame.mcuy() {
			if err := d.reconstruct(my); err != nil {
				return d.frame, err
			}
		}
	}
	return d.frame, d.blank()
}

var errEnd = errors.New("end of the picture")

func (d *decoder) segments() error {
	d.pos = 2
	scans := 0
	for {
		marker, seg, ok := d.next()
		if !ok || marker == 0xd9 {
			if scans == 0 {
				return fmt.Errorf("%w: no scan", errFormat)
			}
			return nil
		}
		if err := d.segment(marker, seg, &scans); errors.Is(err, errEnd) {
			return nil
		} else if err != nil {
			return err
		}
	}
}

func (d *decoder) segment(marker byte, seg []byte, scans *int) (err error) {
	switch {
	case marker == 0xdb:
		return eachQuantiser(seg, func(id int, q *[64]int32) { d.quant[id] = q })
	case marker == 0xc4:
		return eachTable(seg, func(class, id int, counts, values []byte) { d.tables[class][id] = parseHuffman(counts, values) })
	case marker == 0xdd && len(seg) >= 2:
		d.ri = int(binary.BigEndian.Uint16(seg))
	case marker == 0xee && len(seg) >= 12 && string(seg[:5]) == "Adobe":
		d.adobe = int(seg[11])
	case IsFrame(marker) && d.frame == nil:
		d.frame, err = ParseFrame(marker, seg)
		if err == nil {
			d.prepare()
		}
	case marker == 0xda:
		if d.frame == nil {
			return fmt.Errorf("%w: scan before the frame", errFormat)
		}
		s, err := d.frame.ParseScan(seg)
		if err != nil {
			return err
		}
		*scans++
		return d.scan(s)
	}
	return err
}

// next reads one segment; bytes that belong to none are skipped.
func (d *decoder) next() (marker byte, seg []byte, ok bool) {
	for d.pos+1 < len(d.b) {
		if d.b[d.pos] != 0xff || d.b[d.pos+1] == 0 || d.b[d.pos+1] == 0xff {
			d.pos++
			continue
		}
		marker = d.b[d.pos+1]
		d.pos += 2
		switch {
		case marker == 0xd9:
			return marker, nil, true
		case marker >= 0xd0 && marker <= 0xd8 || marker == 0x01:
			continue
		}
		if d.pos+2 > len(d.b) {
			return 0, nil, false
		}
		n := int(binary.BigEndian.Uint16(d.b[d.pos:]))
		if n < 2 || d.pos+n > len(d.b) {
			return 0, nil, false
		}
		seg = d.b[d.pos+2 : d.pos+n]
		d.pos += n
		return marker, seg, true
	}
	return 0, nil, false
}

func (d *decoder) prepare() {
	f := d.frame
	d.row = make([]byte, 4*f.Width)
	for i := 3; i < len(d.row); i += 4 {
		d.row[i] = 255
	}
	for _, c := range f.Components {
		p := plane{Component: c, wide: f.mcux() * c.H, high: f.mcuy() * c.V}
		p.bw = (f.Width*c.H + 8*f.hmax - 1) / (8 * f.hmax)
		p.bh = (f.Height*c.V + 8*f.vmax - 1) / (8 * f.vmax)
		p.rows = make([]byte, p.wide*8*c.V*8)
		p.columns = make([]int32, f.Width)
		for x := range p.columns {
			p.columns[x] = int32(x * c.H / f.hmax)
		}
		d.planes = append(d.planes, p)
	}
}

// scan decodes one scan. A picture in one scan is given out as it comes.
func (d *decoder) scan(s *Scan) error {
	single := d.frame.Single(s) && !d.stored
	if !single && !d.stored {
		d.stored = true
		for i := range d.planes {
			d.planes[i].coefs = make([]int16, d.planes[i].wide*d.planes[i].high*64)
		}
	}
	d.acc, d.n, d.past = 0, 0, 0
	d.resetPredictors()
	w, h := d.frame.mcux(), d.frame.mcuy()
	alone := len(s.comps) == 1
	if alone {
		w, h = d.planes[s.comps[0]].bw, d.planes[s.comps[0]].bh
	}
	left, bad := d.ri, false
	for my := range h {
		for mx := range w {
			if d.ri > 0 && left == 0 {
				if !d.restart() {
					return d.endScan(single, my)
				}
				d.resetPredictors()
				left, bad = d.ri, false
			}
			left--
			// A damaged interval ends; the next restart marker begins anew. Without one,
			// what there is is shown.
			if bad = bad || !d.unit(s, alone, single, mx, my) || d.exhausted(); bad && d.ri == 0 {
				return d.endScan(single, my)
			}
		}
		if single {
			if err := d.rowsOut(my); err != nil {
				return err
			}
		}
	}
	if single {
		return errEnd
	}
	return nil
}

func (d *decoder) endScan(single bool, my int) error {
	if !single {
		return nil
	}
	if err := d.rowsOut(my); err != nil {
		return err
	}
	return errEnd
}

func (d *decoder) resetPredictors() {
	d.eobrun = 0
	for i := range d.planes {
		d.planes[i].pred = 0
	}
}

// unit decodes the blocks of one unit of the scan.
func (d *decoder) unit(s *Scan, alone, single bool, mx, my int) bool {
	for i, k := range s.comps {
		p := &d.planes[k]
		h, v := p.H, p.V
		if alone {
			h, v = 1, 1
		}
		for y := range v {
			for x := range h {
				bx, by := mx*h+x, my*v+y
				if single {
					var block [64]int32
					ok := d.sequential(&block, p, d.tables[0][s.td[i]], d.tables[1][s.ta[i]])
					d.transform(&block, p, bx, y)
					if !ok {
						return false
					}
					continue
				}
				coefs := p.coefs[(by*p.wide+bx)*64:][:64]
				if !d.storedBlock(s, coefs, p, i) {
					return false
				}
			}
		}
	}
	return true
}

// storedBlock decodes one block of a picture that comes in several scans.
func (d *decoder) storedBlock(s *Scan, coefs []int16, p *plane, i int) bool {
	switch {
	case !d.frame.Progressive:
		var block [64]int32
		ok := d.sequential(&block, p, d.tables[0][s.td[i]], d.tables[1][s.ta[i]])
		for j, v := range block {
			coefs[j] = int16(v)
		}
		return ok
	case s.ss == 0:
		return d.progressiveDC(s, coefs, p, d.tables[0][s.td[i]])
	case s.ah == 0:
		return d.firstAC(s, coefs, d.tables[1][s.ta[i]])
	default:
		return d.refineAC(s, coefs, d.tables[1][s.ta[i]])
	}
}

func (d *decoder) sequential(block *[64]int32, p *plane, dc, ac *huffman) bool {
	t, ok := d.symbol(dc)
	if !ok || t > 16 {
		return false
	}
	p.pred += d.extended(int(t))
	block[0] = p.pred
	for k := 1; k < 64; k++ {
		rs, ok := d.symbol(ac)
		if !ok {
			return false
		}
		r, size := int(rs>>4), int(rs&15)
		if size == 0 {
			if r != 15 {
				return true
			}
			k += 15
			continue
		}
		if k += r; k > 63 {
			return false
		}
		block[zigzag[k]] = d.extended(size)
	}
	return true
}

func (d *decoder) progressiveDC(s *Scan, coefs []int16, p *plane, dc *huffman) bool {
	if s.ah > 0 {
		coefs[0] |= int16(d.bit() << s.al)
		return true
	}
	t, ok := d.symbol(dc)
	if !ok || t > 16 {
		return false
	}
	p.pred += d.extended(int(t))
	coefs[0] = int16(p.pred << s.al)
	return true
}

func (d *decoder) firstAC(s *Scan, coefs []int16, ac *huffman) bool {
	if d.eobrun > 0 {
		d.eobrun--
		return true
	}
	for k := s.ss; k <= s.se; k++ {
		rs, ok := d.symbol(ac)
		if !ok {
			return false
		}
		r, size := int(rs>>4), int(rs&15)
		if size == 0 {
			if r < 15 {
				d.eobrun = 1<<r + d.get(r) - 1
				return true
			}
			k += 15
			continue
		}
		if k += r; k > 63 {
			return false
		}
		coefs[zigzag[k]] = int16(d.extended(size) << s.al)
	}
	return true
}

func (d *decoder) refineAC(s *Scan, coefs []int16, ac *huffman) bool {
	one := int16(1) << s.al
	refine := func(c *int16) {
		if d.bit() != 0 && *c&one == 0 {
			if *c > 0 {
				*c += one
			} else {
				*c -= one
			}
		}
	}
	k := s.ss
	if d.eobrun == 0 {
		for k <= s.se {
			rs, ok := d.symbol(ac)
			if !ok {
				return false
			}
			r, value := int(rs>>4), int16(0)
			if rs&15 == 0 {
				if r < 15 {
					d.eobrun = 1<<r + d.get(r)
					break
				}
			} else if value = -one; d.bit() != 0 {
				value = one
			}
			for ; k <= s.se; k++ {
				c := &coefs[zigzag[k]]
				if *c != 0 {
					refine(c)
					continue
				}
				if r == 0 {
					if value != 0 {
						*c = value
					}
					k++
					break
				}
				r--
			}
		}
	}
	if d.eobrun > 0 {
		for ; k <= s.se; k++ {
			if c := &coefs[zigzag[k]]; *c != 0 {
				refine(c)
			}
		}
		d.eobrun--
	}
	return true
}

// transform puts a block's samples into the row of units.
func (d *decoder) transform(block *[64]int32, p *plane, bx, row int) {
	q := d.quant[p.tq]
	if q == nil {
		q = &flat
	}
	for i := range block {
		block[i] = min(max(block[i]*q[i], -32768), 32767)
	}
	idct(block, p.rows[row*8*p.wide*8+bx*8:], p.wide*8)
}

var flat = func() (q [64]int32) {
	for i := range q {
		q[i] = 1
	}
	return q
}()

// reconstruct makes one row of units from stored coefficients.
func (d *decoder) reconstruct(my int) error {
	for i := range d.planes {
		p := &d.planes[i]
		for y := range p.V {
			for bx := range p.wide {
				var block [64]int32
				for j, c := range p.coefs[((my*p.V+y)*p.wide+bx)*64:][:64] {
					block[j] = int32(c)
				}
				d.transform(&block, p, bx, y)
			}
		}
	}
	return d.rowsOut(my)
}
