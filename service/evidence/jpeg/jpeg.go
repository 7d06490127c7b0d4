// Package jpeg decodes JPEG files of all kinds that phones, scanners and chat
// programs write: sequential and progressive, with restart markers, with any
// sampling of the components, in grey, YCbCr, RGB, CMYK and YCCK, with stray
// bytes between the segments.
//
// image/jpeg refuses a good part of these (progressive scans that redefine the
// restart interval, luma sampled below chroma) and keeps the whole picture in
// memory. This decoder gives rows, from top to bottom, and keeps one row of
// blocks of a sequential picture whatever its size; only a progressive one has
// its coefficients in memory. As the browsers do, it shows what there is of a
// damaged scan: a picture whose headers Check accepts can always be shown.
package jpeg

import (
	"encoding/binary"
	"errors"
	"fmt"
)

// Errors of headers. Anything else that Check reports is a damaged file.
var (
	ErrArithmetic = errors.New("arithmetic coding")
	ErrPrecision  = errors.New("more than 8 bits a sample")
	ErrLossless   = errors.New("lossless or hierarchical coding")
	ErrTooLarge   = errors.New("too many pixels for this kind of coding")
	errFormat     = errors.New("not a JPEG that can be read")
)

// MaxStored is how many coefficients of a picture that comes in several scans
// are kept, 2 bytes each: 50 megapixels at the usual sampling.
const MaxStored = 80_000_000

// Frame is what the header of a frame says.
type Frame struct {
	Width, Height int
	Progressive   bool
	Components    []Component
	hmax, vmax    int
}

// Component is one colour of a frame.
type Component struct {
	ID   byte
	H, V int // sampling, 1–4
	tq   byte
}

// IsFrame tells whether the marker begins a frame.
func IsFrame(marker byte) bool {
	return marker >= 0xc0 && marker <= 0xcf && marker != 0xc4 && marker != 0xc8 && marker != 0xcc
}

// ParseFrame reads the segment of a frame marker and refuses what cannot be
// decoded.
func ParseFrame(marker byte, seg []byte) (*Frame, error) {
	switch marker {
	case 0xc0, 0xc1, 0xc2:
	case 0xc9, 0xca, 0xcb, 0xcd, 0xce, 0xcf:
		return nil, ErrArithmetic
	default:
		return nil, ErrLossless
	}
	if len(seg) < 6 {
		return nil, errFormat
	}
	if seg[0] != 8 {
		return nil, ErrPrecision
	}
	f := &Frame{
		Height: int(binary.BigEndian.Uint16(seg[1:])), Width: int(binary.BigEndian.Uint16(seg[3:])), Progressive: marker == 0xc2,
		Components: make([]Component, seg[5]),
	}
	n := len(f.Components)
	if n != 1 && n != 3 && n != 4 || len(seg) < 6+3*n || f.Width == 0 || f.Height == 0 {
		return nil, fmt.Errorf("%w: %d components, %d×%d", errFormat, n, f.Width, f.Height)
	}
	blocks := 0
	for i := range f.Components {
		s := seg[6+3*i:]
		c := Component{ID: s[0], H: int(s[1] >> 4), V: int(s[1] & 15), tq: s[2]}
		if c.H < 1 || c.H > 4 || c.V < 1 || c.V > 4 || c.tq > 3 {
			return nil, fmt.Errorf("%w: sampling", errFormat)
		}
		for _, other := range f.Components[:i] {
			if other.ID == c.ID {
				return nil, fmt.Errorf("%w: repeated component", errFormat)
			}
		}
		f.Components[i] = c
		f.hmax, f.vmax = max(f.hmax, c.H), max(f.vmax, c.V)
		blocks += c.H * c.V
	}
	if n == 1 { // a single component is not interleaved, whatever its sampling says
		f.Components[0].H, f.Components[0].V, f.hmax, f.vmax, blocks = 1, 1, 1, 1, 1
	}
	if blocks > 10 {
		return nil, fmt.Errorf("%w: %d blocks in a unit", errFormat, blocks)
	}
	return f, nil
}

// Stored is how many coefficients are kept when the frame comes in several
// scans.
func (f *Frame) Stored() int {
	n := 0
	for _, c := range f.Components {
		n += f.mcux() * c.H * f.mcuy() * c.V * 64
	}
	return n
}

func (f *Frame) mcux() int { return (f.Width + 8*f.hmax - 1) / (8 * f.hmax) }
func (f *Frame) mcuy() int { return (f.Height + 8*f.vmax - 1) / (8 * f.vmax) }

// Scan is what the header of a scan says.
type Scan struct {
	comps          []int // indices into the frame's components
	td, ta         []byte
	ss, se, ah, al int
}

// ParseScan reads the segment of a start-of-scan marker and refuses what cannot
// be decoded.
func (f *Frame) ParseScan(seg []byte) (*Scan, error) {
	if len(seg) < 4 || len(seg) < 4+2*int(seg[0]) || seg[0] < 1 || int(seg[0]) > len(f.Components) {
		return nil, fmt.Errorf("%w: scan header", errFormat)
	}
	n := int(seg[0])
	s := &Scan{}
	for i := range n {
		k := -1
		for j, c := range f.Components {
			if c.ID == seg[1+2*i] {
				k = j
			}
		}
		td, ta := seg[2+2*i]>>4, seg[2+2*i]&15
		if k < 0 || td > 3 || ta > 3 {
			return nil, fmt.Errorf("%w: scan of an unknown component", errFormat)
		}
		for _, other := range s.comps {
			if other == k {
				return nil, fmt.Errorf("%w: component twice in a scan", errFormat)
			}
		}
		s.comps, s.td, s.ta = append(s.comps, k), append(s.td, td), append(s.ta, ta)
	}
	s.ss, s.se, s.ah, s.al = int(seg[1+2*n]), int(seg[2+2*n]), int(seg[3+2*n]>>4), int(seg[3+2*n]&15)
	if !f.Progressive {
		s.ss, s.se, s.ah, s.al = 0, 63, 0, 0
	}
	if s.ss > s.se || s.se > 63 || s.al > 13 || s.ah > 13 || f.Progressive && (s.ss == 0) != (s.se == 0) || s.ss > 0 && n > 1 {
		return nil, fmt.Errorf("%w: spectral selection", errFormat)
	}
	if (f.Progressive || n < len(f.Components)) && f.Stored() > MaxStored {
		return nil, ErrTooLarge
	}
	return s, nil
}

// Visited is how many coefficients the scan's pass goes over.
func (f *Frame) Visited(s *Scan) int {
	n := 0
	for _, k := range s.comps {
		n += f.mcux() * f.Components[k].H * f.mcuy() * f.Components[k].V * 64
	}
	return n
}

// Single tells whether the scan holds the whole picture.
func (f *Frame) Single(s *Scan) bool { return !f.Progressive && len(s.comps) == len(f.Components) }
