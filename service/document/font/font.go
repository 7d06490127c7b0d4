// Package font embeds the typeface of the court's papers: Court Kai, a subset
// of LXGW WenKai under the SIL Open Font License (OFL.txt; built by
// deploy/font/build.sh). It has 25,196 characters: all of GBK, the 8,105 of
// the Table of General Standard Chinese Characters (通用规范汉字表) with the rare
// ones in names, such as 㛃 𫖯 䶮, and full-width punctuation.
package font

import (
	_ "embed" // the font
	"fmt"
	"sync"
	"weak"

	"github.com/klauspost/compress/zstd"
	"golang.org/x/image/font/sfnt"
)

//go:embed court-kai.ttf.zst
var compressed []byte

// The font is 14 MB unpacked (40 ms). It stays in memory only while papers are
// being printed, so that an idle server stays small.
var (
	mu     sync.Mutex
	cached weak.Pointer[[]byte]
)

// TTF is the font as a TrueType file. Do not change the bytes.
func TTF() ([]byte, error) {
	mu.Lock()
	defer mu.Unlock()
	if b := cached.Value(); b != nil {
		return *b, nil
	}
	d, err := zstd.NewReader(nil, zstd.WithDecoderConcurrency(1))
	if err != nil {
		return nil, fmt.Errorf("font: %w", err)
	}
	defer d.Close()
	b, err := d.DecodeAll(compressed, nil)
	if err != nil {
		return nil, fmt.Errorf("font: %w", err)
	}
	cached = weak.Make(&b)
	return b, nil
}

// Missing lists the characters of text that the font cannot print, each once.
func Missing(ttf []byte, text string) ([]rune, error) {
	f, err := sfnt.Parse(ttf)
	if err != nil {
		return nil, fmt.Errorf("font: %w", err)
	}
	var buf sfnt.Buffer
	var out []rune
	seen := map[rune]bool{}
	for _, r := range text {
		if seen[r] || r == '\n' {
			continue
		}
		seen[r] = true
		if g, err := f.GlyphIndex(&buf, r); err != nil || g == 0 {
			out = append(out, r)
		}
	}
	return out, nil
}
