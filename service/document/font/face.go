package font

import (
	"encoding/binary"
	"errors"
	"fmt"
	"slices"

	"golang.org/x/image/font/sfnt"
)

// Face is a parsed TrueType font, of which a paper needs three things: whether
// it has a character, how wide a text is, and a small font of some characters
// to embed.
type Face struct {
	ttf        []byte
	sfnt       *sfnt.Font
	tables     map[string][]byte
	unitsPerEm int
	metrics    int // glyphs with an advance of their own in hmtx
	glyphs     int
	longLoca   bool
}

var errFont = errors.New("font: not a TrueType font with outlines")

// Parse reads a TrueType file, which must not change afterwards.
func Parse(ttf []byte) (*Face, error) {
	s, err := sfnt.Parse(ttf) // also checks that the tables lie in the file
	if err != nil {
		return nil, fmt.Errorf("font: %w", err)
	}
	f := &Face{ttf: ttf, sfnt: s, tables: map[string][]byte{}, glyphs: s.NumGlyphs(), unitsPerEm: int(s.UnitsPerEm())}
	for i := range int(be16(ttf, 4)) {
		entry := ttf[12+16*i:]
		from, length := int(be32(entry, 8)), int(be32(entry, 12))
		if from+length > len(ttf) {
			return nil, errFont
		}
		f.tables[string(entry[:4])] = ttf[from : from+length]
	}
	for table, least := range map[string]int{"head": 54, "hhea": 36, "maxp": 32, "glyf": 0, "hmtx": 4, "loca": 2 * (f.glyphs + 1)} {
		if b, ok := f.tables[table]; !ok || len(b) < least {
			return nil, errFont
		}
	}
	f.longLoca = be16(f.tables["head"], 50) == 1
	f.metrics = int(be16(f.tables["hhea"], 34))
	if f.metrics == 0 || len(f.tables["hmtx"]) < 4*f.metrics+2*(f.glyphs-f.metrics) || f.longLoca && len(f.tables["loca"]) < 4*(f.glyphs+1) {
		return nil, errFont
	}
	return f, nil
}

// SFNT is the font for drawing. It may be used by many at once.
func (f *Face) SFNT() *sfnt.Font { return f.sfnt }

// Missing lists the characters of text that the font cannot print, each once.
func (f *Face) Missing(text string) []rune {
	var buf sfnt.Buffer
	var out []rune
	for _, r := range text {
		if r != '\n' && f.glyph(&buf, r) == 0 && !slices.Contains(out, r) {
			out = append(out, r)
		}
	}
	return out
}

// Width is the width of a text in thousandths of its size.
func (f *Face) Width(text string) int {
	var buf sfnt.Buffer
	sum := 0
	for _, r := range text {
		sum += f.advance(f.glyph(&buf, r)) * 1000 / f.unitsPerEm
	}
	return sum
}

func (f *Face) glyph(buf *sfnt.Buffer, r rune) int {
	g, err := f.sfnt.GlyphIndex(buf, r)
	if err != nil {
		return 0
	}
	return int(g)
}

func (f *Face) advance(g int) int {
	return int(be16(f.tables["hmtx"], 4*min(g, f.metrics-1)))
}

// bearing is the distance of a glyph's outline from its left edge.
func (f *Face) bearing(g int) uint16 {
	if g < f.metrics {
		return be16(f.tables["hmtx"], 4*g+2)
	}
	return be16(f.tables["hmtx"], 4*f.metrics+2*(g-f.metrics))
}

func (f *Face) outline(g int) ([]byte, error) {
	loca, glyf := f.tables["loca"], f.tables["glyf"]
	from, to := 2*int(be16(loca, 2*g)), 2*int(be16(loca, 2*g+2))
	if f.longLoca {
		from, to = int(be32(loca, 4*g)), int(be32(loca, 4*g+4))
	}
	if from > to || to > len(glyf) {
		return nil, errFont
	}
	return glyf[from:to], nil
}

func be16(b []byte, at int) uint16 { return binary.BigEndian.Uint16(b[at:]) }
func be32(b []byte, at int) uint32 { return binary.BigEndian.Uint32(b[at:]) }
