package font

import (
	"encoding/binary"
	"maps"
	"math/bits"
	"slices"

	"golang.org/x/image/font/sfnt"
)

// maxSubset is the number of characters from which on the shorter of the two
// character maps could not tell its own length.
const maxSubset = 8000

// Subset is a TrueType file of the characters of text alone, with the outlines,
// widths and names of the whole. What is embedded in a paper is made from it:
// gopdf also cuts a font down, but keeps its 25,183 numbers of glyphs, whose
// tables alone took longer to compress than all else took.
func (f *Face) Subset(text string) ([]byte, error) {
	b, _, err := f.SubsetFrom(text, 1)
	return b, err
}

// SubsetFrom is Subset with glyphs that are numbered from first on, and the number
// that is free behind them. Fonts of one paper whose numbers do not meet can be read
// back without following which text is in which.
func (f *Face) SubsetFrom(text string, first int) (ttf []byte, next int, err error) {
	var buf sfnt.Buffer
	chars := map[rune]int{} // to its number in the subset
	var old []int           // the numbers in the whole font
	number := map[int]int{}
	add := func(g int) int {
		n, ok := number[g]
		if !ok {
			n = len(old)
			number[g], old = n, append(old, g)
		}
		return n
	}
	add(0) // what is shown for a character that the font lacks
	for len(old) < first {
		old = append(old, unused)
	}
	for _, r := range text {
		if g := f.glyph(&buf, r); g != 0 {
			chars[r] = add(g)
		}
	}
	if len(chars) > maxSubset {
		return f.ttf, f.glyphs, nil
	}
	var glyf, loca, hmtx []byte
	for i := 0; i < len(old); i++ { // parts of what is put together come in as they are met
		loca = binary.BigEndian.AppendUint32(loca, uint32(len(glyf)))
		if old[i] == unused {
			hmtx = append(hmtx, 0, 0, 0, 0)
			continue
		}
		outline, err := f.outline(old[i])
		if err != nil {
			return nil, 0, err
		}
		at := len(glyf)
		glyf = append(glyf, outline...)
		if err := renumber(glyf[at:], f.glyphs, add); err != nil {
			return nil, 0, err
		}
		glyf = pad(glyf)
		hmtx = binary.BigEndian.AppendUint16(hmtx, uint16(f.advance(old[i])))
		hmtx = binary.BigEndian.AppendUint16(hmtx, f.bearing(old[i]))
	}
	loca = binary.BigEndian.AppendUint32(loca, uint32(len(glyf)))
	n := uint16(len(old))
	changed := func(table string, at int, v uint16) []byte {
		b := slices.Clone(f.tables[table])
		binary.BigEndian.PutUint16(b[at:], v)
		return b
	}
	tables := map[string][]byte{
		"cmap": characterMap(chars), "glyf": glyf, "hmtx": hmtx, "loca": loca,
		"head": changed("head", 50, 1), "hhea": changed("hhea", 34, n), "maxp": changed("maxp", 4, n),
	}
	for _, same := range []string{"OS/2", "cvt ", "fpgm", "name", "post", "prep"} {
		if b, ok := f.tables[same]; ok {
			tables[same] = b
		}
	}
	return file(tables), len(old), nil
}

// unused is a number of the subset that no glyph has.
const unused = -1

// renumber gives the parts of a glyph that is put together their numbers in the
// subset.
func renumber(outline []byte, glyphs int, add func(int) int) error {
	const (
		words, scale, more, scales, matrix = 0x0001, 0x0008, 0x0020, 0x0040, 0x0080
	)
	if len(outline) < 10 || be16(outline, 0) < 0x8000 { // no contours, or a simple glyph
		return nil
	}
	for at := 10; at+4 <= len(outline); {
		flags, part := be16(outline, at), int(be16(outline, at+2))
		if part >= glyphs {
			return errFont
		}
		binary.BigEndian.PutUint16(outline[at+2:], uint16(add(part)))
		if flags&more == 0 {
			return nil
		}
		at += 6
		if flags&words != 0 {
			at += 2
		}
		switch {
		case flags&scale != 0:
			at += 2
		case flags&scales != 0:
			at += 4
		case flags&matrix != 0:
			at += 8
		}
	}
	return errFont
}

// characterMap is a cmap table in the two forms that gopdf reads: one segment
// for each character of the basic plane, and one group for every character.
func characterMap(chars map[rune]int) []byte {
	runes := slices.Sorted(maps.Keys(chars))
	var end, start, delta, groups []byte
	segments := 0
	for _, r := range runes {
		groups = binary.BigEndian.AppendUint32(groups, uint32(r))
		groups = binary.BigEndian.AppendUint32(groups, uint32(r))
		groups = binary.BigEndian.AppendUint32(groups, uint32(chars[r]))
		if r < 0xffff {
			segments++
			end = binary.BigEndian.AppendUint16(end, uint16(r))
			start = binary.BigEndian.AppendUint16(start, uint16(r))
			delta = binary.BigEndian.AppendUint16(delta, uint16(chars[r]-int(r)))
		}
	}
	segments++ // the last one, which every table ends with
	end, start, delta = append(end, 0xff, 0xff), append(start, 0xff, 0xff), append(delta, 0, 1)
	short := sixteen(4, 16+8*segments, 0, 2*segments)
	short = append(short, searching(segments, 2)...)
	short = slices.Concat(short, end, sixteen(0), start, delta, make([]byte, 2*segments))
	long := sixteen(12, 0)
	long = binary.BigEndian.AppendUint32(long, uint32(16+len(groups)))
	long = binary.BigEndian.AppendUint32(long, 0)
	long = binary.BigEndian.AppendUint32(long, uint32(len(runes)))
	long = append(long, groups...)
	head := sixteen(0, 2, 3, 1, 0, 20, 3, 10)
	head = binary.BigEndian.AppendUint32(head, uint32(20+len(short)))
	return slices.Concat(head, short, long)
}

// file puts tables together.
func file(tables map[string][]byte) []byte {
	out := binary.BigEndian.AppendUint32(nil, 0x00010000)
	out = append(out, sixteen(len(tables))...)
	out = append(out, searching(len(tables), 16)...)
	at := len(out) + 16*len(tables)
	var body []byte
	for _, tag := range slices.Sorted(maps.Keys(tables)) {
		b := pad(slices.Clone(tables[tag]))
		sum := uint32(0)
		for i := 0; i < len(b); i += 4 {
			sum += be32(b, i)
		}
		out = append(out, tag...)
		out = binary.BigEndian.AppendUint32(out, sum)
		out = binary.BigEndian.AppendUint32(out, uint32(at+len(body)))
		out = binary.BigEndian.AppendUint32(out, uint32(len(tables[tag])))
		body = append(body, b...)
	}
	return append(out, body...)
}

// searching are the three numbers by which a reader halves a list of n entries
// of so many bytes.
func searching(n, size int) []byte {
	log := bits.Len(uint(n)) - 1
	return sixteen(size<<log, log, size*n-size<<log)
}

func sixteen(values ...int) []byte {
	var out []byte
	for _, v := range values {
		out = binary.BigEndian.AppendUint16(out, uint16(v))
	}
	return out
}

func pad(b []byte) []byte { return append(b, make([]byte, -len(b)&3)...) }
