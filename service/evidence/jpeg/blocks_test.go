package jpeg_test

import (
	"encoding/binary"
	"fmt"
	"testing"

	"microcourt/service/evidence/jpeg"
)

// kind is how a test picture is coded. Its blocks are of one colour each, which
// needs few lines of an encoder, and shows every mistake in the order of blocks.
type kind struct {
	sampling    [][2]int // of each component
	interval    int      // units between restart markers
	progressive bool
	apart       bool // a scan for each component
	stray       bool // bytes between the segments
}

type bitWriter struct {
	out []byte
	acc uint32
	n   int
}

func (w *bitWriter) put(v uint32, n int) {
	for i := n - 1; i >= 0; i-- {
		w.acc, w.n = w.acc<<1|v>>i&1, w.n+1
		if w.n == 8 {
			w.out = append(w.out, byte(w.acc))
			if byte(w.acc) == 0xff {
				w.out = append(w.out, 0)
			}
			w.acc, w.n = 0, 0
		}
	}
}

func (w *bitWriter) flush() {
	for w.n != 0 {
		w.put(1, 1)
	}
}

// level is the value of a block's only coefficient.
func level(component, x, y int) int { return (component*37+x*11+y*23)%120 - 60 }

func encode(w, h int, k kind) []byte {
	b := []byte{0xff, 0xd8}
	segment := func(marker byte, body ...byte) {
		b = binary.BigEndian.AppendUint16(append(b, 0xff, marker), uint16(len(body)+2))
		b = append(b, body...)
		if k.stray {
			b = append(b, 0, 0, 'x')
		}
	}
	quant := make([]byte, 65)
	for i := range 64 {
		quant[1+i] = 8
	}
	segment(0xdb, quant...)
	hmax, vmax := 1, 1
	frame := []byte{8, byte(h >> 8), byte(h), byte(w >> 8), byte(w), byte(len(k.sampling))}
	for i, s := range k.sampling {
		hmax, vmax = max(hmax, s[0]), max(vmax, s[1])
		frame = append(frame, byte(i+1), byte(s[0]<<4|s[1]), 0)
	}
	marker := byte(0xc0)
	if k.progressive {
		marker = 0xc2
	}
	segment(marker, frame...)
	dc := make([]byte, 17, 29)
	dc[4] = 12 // twelve codes of four bits
	for i := range 12 {
		dc = append(dc, byte(i))
	}
	segment(0xc4, dc...)
	ac := make([]byte, 17, 18)
	ac[0], ac[1] = 0x10, 1 // one code of one bit: the end of the block
	segment(0xc4, append(ac, 0)...)
	groups := [][]int{{}}
	for i := range k.sampling {
		if k.apart && i > 0 {
			groups = append(groups, nil)
		}
		groups[len(groups)-1] = append(groups[len(groups)-1], i)
	}
	scan := func(group []int, interval, from, to int) {
		segment(0xdd, byte(interval>>8), byte(interval))
		head := []byte{byte(len(group))}
		for _, c := range group {
			head = append(head, byte(c+1), 0)
		}
		stray := k.stray
		k.stray = false
		segment(0xda, append(head, byte(from), byte(to), 0)...)
		k.stray = stray
		units(&b, w, h, hmax, vmax, k, group, interval, from)
	}
	for _, g := range groups {
		to := 63
		if k.progressive {
			to = 0
		}
		scan(g, k.interval, 0, to)
	}
	if k.progressive {
		for i := range k.sampling {
			scan([]int{i}, 2*k.interval, 1, 63) // the interval changes between the scans
		}
	}
	return append(b, 0xff, 0xd9)
}

func units(b *[]byte, w, h, hmax, vmax int, k kind, group []int, interval, from int) {
	mx, my := (w+8*hmax-1)/(8*hmax), (h+8*vmax-1)/(8*vmax)
	if len(group) == 1 {
		s := k.sampling[group[0]]
		mx, my = (w*s[0]+8*hmax-1)/(8*hmax), (h*s[1]+8*vmax-1)/(8*vmax)
	}
	out, pred, restart := &bitWriter{}, make([]int, len(k.sampling)), 0
	for u := range mx * my {
		if interval > 0 && u > 0 && u%interval == 0 {
			out.flush()
			out.out = append(out.out, 0xff, 0xd0+byte(restart%8))
			restart++
			clear(pred)
		}
		for _, c := range group {
			s := k.sampling[c]
			if len(group) == 1 {
				s = [2]int{1, 1}
			}
			for y := range s[1] {
				for x := range s[0] {
					if from == 0 {
						v := level(c, u%mx*s[0]+x, u/mx*s[1]+y)
						putDC(out, v-pred[c])
						pred[c] = v
					}
					if from > 0 || !k.progressive {
						out.put(0, 1)
					}
				}
			}
		}
	}
	out.flush()
	*b = append(*b, out.out...)
}

func putDC(out *bitWriter, d int) {
	size, a := 0, max(d, -d)
	for ; a > 0; a >>= 1 {
		size++
	}
	out.put(uint32(size), 4)
	if d < 0 {
		d += 1<<size - 1
	}
	out.put(uint32(d), size)
}

// Whatever the sampling, the intervals and the order of the scans, each block is
// where it belongs. image/jpeg refuses most of the odd ones.
func TestEveryKindOfCoding(t *testing.T) {
	t.Parallel()
	samplings := map[string][][2]int{
		"grey": {{1, 1}}, "4:4:4": {{1, 1}, {1, 1}, {1, 1}}, "4:2:2": {{2, 1}, {1, 1}, {1, 1}}, "4:2:0": {{2, 2}, {1, 1}, {1, 1}},
		"4:4:0": {{1, 2}, {1, 1}, {1, 1}}, "4:1:1": {{4, 1}, {1, 1}, {1, 1}}, "4:1:0": {{4, 2}, {1, 1}, {1, 1}},
		"luma below chroma": {{1, 1}, {2, 2}, {2, 2}}, "mixed": {{2, 2}, {2, 1}, {1, 2}}, "thirds": {{3, 1}, {1, 1}, {1, 1}},
		"grey that says 2×2": {{2, 2}}, "four colours": {{1, 1}, {1, 1}, {1, 1}, {1, 1}},
	}
	const w, h = 75, 53
	for name, s := range samplings {
		for _, k := range []kind{
			{sampling: s},
			{sampling: s, interval: 3},
			{sampling: s, progressive: true},
			{sampling: s, interval: 2, progressive: true, stray: true},
			{sampling: s, interval: 3, progressive: true, apart: true},
			{sampling: s, interval: 1, apart: true, stray: true},
		} {
			file := encode(w, h, k)
			rows := decoded(t, file)
			if len(s) == 1 && s[0][0] > 1 {
				s = [][2]int{{1, 1}}
			}
			if len(s) == 4 {
				continue // inks are mixed; it is enough that it is read
			}
			hmax, vmax := 1, 1
			for _, c := range s {
				hmax, vmax = max(hmax, c[0]), max(vmax, c[1])
			}
			bad := 0
			for y := range h {
				for x := range w {
					var v [3]int
					for c, f := range s {
						v[c] = 128 + level(c, x*f[0]/hmax/8, y*f[1]/vmax/8)
					}
					if len(s) == 1 {
						v[1], v[2] = 128, 128
					}
					want := [3]float64{
						float64(v[0]) + 1.402*float64(v[2]-128), float64(v[0]) - 0.344*float64(v[1]-128) - 0.714*float64(v[2]-128),
						float64(v[0]) + 1.772*float64(v[1]-128),
					}
					for i, f := range want {
						f = min(max(f, 0), 255)
						if d := f - float64(rows[y][4*x+i]); d > 3 || d < -3 {
							bad++
						}
					}
				}
			}
			if bad > 0 {
				t.Errorf("%s %+v: %d samples are wrong", name, k, bad)
			}
		}
	}
}

// A damaged scan is shown as far as it goes, and whatever the headers let pass
// gives all rows.
func TestADamagedScanIsShownAsFarAsItGoes(t *testing.T) {
	t.Parallel()
	for _, k := range []kind{{[][2]int{{2, 2}, {1, 1}, {1, 1}}, 0, false, false, false}, {[][2]int{{2, 2}, {1, 1}, {1, 1}}, 2, true, false, false}} {
		file := encode(160, 120, k)
		for cut := len(file) / 2; cut < len(file); cut += 7 {
			n := 0
			f, err := jpeg.Decode(append(file[:cut:cut], 0xff, 0xd9), func([]byte) error { n++; return nil })
			if k.progressive && err != nil {
				continue // cut within a header, which the examination refuses
			}
			if err != nil || n != f.Height {
				t.Fatal(cut, n, err)
			}
		}
	}
}

// FuzzDecode looks for files on which the decoder fails in another way than by
// an error.
func FuzzDecode(f *testing.F) {
	for _, k := range []kind{{[][2]int{{2, 2}, {1, 1}, {1, 1}}, 2, true, true, true}, {[][2]int{{1, 1}}, 1, false, false, false}} {
		f.Add(encode(40, 30, k))
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		if len(b) < 4 {
			return
		}
		n := 0
		frame, err := jpeg.Decode(b, func(row []byte) error {
			if n++; n > 1000 {
				return fmt.Errorf("enough")
			}
			return nil
		})
		if err == nil && n != frame.Height {
			t.Fatalf("%d rows of %d", n, frame.Height)
		}
	})
}
