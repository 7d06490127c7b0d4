package document

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"unicode/utf16"
)

// sign signs a printed paper, and not before two things are sure: that the file
// says what it was to say, and that the record holds what will be signed. A
// power cut after that leaves a record to finish, and never a signed paper that
// nobody knows of.
//
// says are sentences that must stand in the file as a reader of it finds them.
// record is told the SHA-256 of the file without its signature, in hex; nil for a
// paper that is kept nowhere.
func (pr *Printer) sign(raw []byte, p *paper, says []string, m Metadata, record func(sha256 string) error) ([]byte, error) {
	text, err := readBack(raw)
	if err != nil {
		return nil, fmt.Errorf("read back %s: %w", m.Number, err)
	}
	for n := 1; n <= p.pages && p.footer != ""; n++ { // a sentence may go on behind one
		text = strings.Replace(text, p.foot(n), "", 1)
	}
	for _, s := range says {
		if s = p.printable(strings.ReplaceAll(s, "\n", "")); !strings.Contains(text, s) {
			return nil, fmt.Errorf("%s %s is not signed: the printed paper does not say %q", m.Title, m.Number, s)
		}
	}
	if record != nil {
		sum := sha256.Sum256(raw)
		if err := record(hex.EncodeToString(sum[:])); err != nil {
			return nil, err
		}
	}
	return pr.signer.Sign(raw, m)
}

var (
	shownPattern = regexp.MustCompile(`\[<([0-9A-Fa-f]*)>\] TJ`)
	glyphPattern = regexp.MustCompile(`<([0-9A-Fa-f]{4})><[0-9A-Fa-f]{4}><([0-9A-Fa-f]+)>`)
)

// readBack is the text of a printed paper as any reader of the file finds it: the
// glyphs of its pages in their order, by the file's own map to characters,
// without line breaks. It knows the form that gopdf writes.
func readBack(pdf []byte) (string, error) {
	var pages [][]byte
	letters := map[string]string{}
	for rest := pdf; bytes.Contains(rest, []byte("stream")); {
		before, body, after, ok := cutStream(rest)
		if !ok {
			return "", errors.New("a stream does not end")
		}
		rest = after
		dict := before[max(0, bytes.LastIndex(before, []byte(" 0 obj"))):]
		if bytes.Contains(dict, []byte("/Subtype")) || bytes.Contains(dict, []byte("/Length1")) { // a picture or the font
			continue
		}
		b, err := unpacked(dict, body)
		if err != nil {
			return "", fmt.Errorf("stream: %w", err)
		}
		if bytes.Contains(b, []byte("beginbfrange")) {
			for _, m := range glyphPattern.FindAllSubmatch(b, -1) {
				s, err := characters(string(m[2]))
				if err != nil {
					return "", err
				}
				letters[strings.ToUpper(string(m[1]))] = s
			}
			continue
		}
		pages = append(pages, b)
	}
	var text strings.Builder
	for _, page := range pages {
		for _, m := range shownPattern.FindAllSubmatch(page, -1) {
			for glyphs := strings.ToUpper(string(m[1])); glyphs != ""; glyphs = glyphs[4:] {
				if len(glyphs) < 4 || letters[glyphs[:4]] == "" {
					return "", fmt.Errorf("glyph %q has no character", glyphs[:min(4, len(glyphs))])
				}
				text.WriteString(letters[glyphs[:4]])
			}
		}
	}
	return text.String(), nil
}

// characters are those of a map's entry: UTF-16 in hex, or, as gopdf writes what
// is beyond the basic plane, a code point of five digits.
func characters(code string) (string, error) {
	if len(code) == 5 {
		n, err := strconv.ParseUint(code, 16, 32)
		if err != nil {
			return "", fmt.Errorf("map: %w", err)
		}
		return string(rune(n)), nil
	}
	b, err := hex.DecodeString(code)
	if err != nil || len(b)%2 != 0 {
		return "", fmt.Errorf("map: %q is no character", code)
	}
	units := make([]uint16, len(b)/2)
	for i := range units {
		units[i] = uint16(b[2*i])<<8 | uint16(b[2*i+1])
	}
	return string(utf16.Decode(units)), nil
}
