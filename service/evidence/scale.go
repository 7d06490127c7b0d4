package evidence

import "image"

// scaler makes a picture smaller while its rows come in, weighing every pixel
// by its area, so that thin strokes of characters survive. It keeps one row of
// sums, whatever the picture's size.
type scaler struct {
	sw, dw, sh, dh int
	first          []int32  // for each column, the column that it falls into
	here, next     []uint32 // its share of that column and of the one behind it; a whole column is 1<<16
	sums, line     []uint32
	out            []byte
	y              int
	emit           func(row []byte) error
}

func newScaler(sw, sh, dw, dh int, emit func(row []byte) error) *scaler {
	s := &scaler{sw: sw, sh: sh, dw: dw, dh: dh, emit: emit}
	if sw == dw && sh == dh {
		return s
	}
	s.first, s.here, s.next = make([]int32, sw), make([]uint32, sw), make([]uint32, sw)
	for x := range sw {
		i, a, b := share(x, sw, dw)
		s.first[x], s.here[x], s.next[x] = int32(i), a, b
	}
	s.sums, s.line, s.out = make([]uint32, 3*dw+3), make([]uint32, 3*dw+3), make([]byte, 4*dw)
	for i := range s.out {
		s.out[i] = 255
	}
	return s
}

// share tells into which of dst cells the cell i of src falls, and with which
// parts of it and of the next.
func share(i, src, dst int) (cell int, here, next uint32) {
	from, to := uint64(i)*uint64(dst)<<16/uint64(src), uint64(i+1)*uint64(dst)<<16/uint64(src)
	end := (from>>16 + 1) << 16
	if to <= end {
		return int(from >> 16), uint32(to - from), 0
	}
	return int(from >> 16), uint32(end - from), uint32(to - end)
}

// row takes the next row, as RGBA.
func (s *scaler) row(p []byte) error {
	if s.first == nil {
		return s.emit(p)
	}
	clear(s.line)
	for x, at := range s.first {
		a := s.here[x]
		v, l := p[4*x:4*x+3:4*x+3], s.line[3*at:3*at+6:3*at+6]
		r, g, b := uint32(v[0]), uint32(v[1]), uint32(v[2])
		l[0] += r * a
		l[1] += g * a
		l[2] += b * a
		if n := s.next[x]; n != 0 {
			l[3] += r * n
			l[4] += g * n
			l[5] += b * n
		}
	}
	cell, here, next := share(s.y, s.sh, s.dh)
	s.y++
	for i, v := range s.line {
		s.sums[i] += v >> 8 * here
	}
	if done := uint64(s.y) * uint64(s.dh) << 16 / uint64(s.sh) >> 16; int(done) == cell {
		return nil
	}
	for x := range s.dw {
		for k := range 3 {
			s.out[4*x+k] = byte(min(s.sums[3*x+k]>>16+128, 0xffff) >> 8)
		}
	}
	for i, v := range s.line {
		s.sums[i] = v >> 8 * next
	}
	return s.emit(s.out)
}

// fitted is the size in which a picture's longer side is at most side.
func fitted(w, h, side int) (int, int) {
	if m := max(w, h); m > side {
		return max(1, w*side/m), max(1, h*side/m)
	}
	return w, h
}

// collect gives a picture of w × h whose rows come to the function that it
// returns.
func collect(w, h int) (*image.RGBA, func(row []byte) error) {
	img, y := image.NewRGBA(image.Rect(0, 0, w, h)), 0
	return img, func(row []byte) error {
		if y < h {
			copy(img.Pix[y*img.Stride:(y+1)*img.Stride], row)
			y++
		}
		return nil
	}
}

// smaller is img in which the longer side is at most side.
func smaller(img *image.RGBA, side int) *image.RGBA {
	w, h := img.Rect.Dx(), img.Rect.Dy()
	dw, dh := fitted(w, h, side)
	out, row := collect(dw, dh)
	s := newScaler(w, h, dw, dh, row)
	for y := range h {
		_ = s.row(img.Pix[y*img.Stride : y*img.Stride+4*w]) // collecting does not fail
	}
	return out
}
