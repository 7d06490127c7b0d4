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
	"time"

	"github.com/klauspost/compress/zstd"
)

//go:embed court-kai.ttf.zst
var compressed []byte

// The font is 14 MB unpacked and takes 60 ms to unpack, six times as long as a
// paper. It stays in memory while papers are being printed and for keptFor
// after the last one, so that an idle server is small.
var (
	mu       sync.Mutex
	kept     *Face
	lastUsed time.Time
)

const keptFor = time.Minute

// Kai is the typeface of papers. It may be used by many at once.
func Kai() (*Face, error) {
	mu.Lock()
	defer mu.Unlock()
	lastUsed = time.Now()
	if kept != nil {
		return kept, nil
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
	f, err := Parse(b)
	if err != nil {
		return nil, err
	}
	kept = f
	time.AfterFunc(keptFor, forget)
	return f, nil
}

// forget lets the typeface go unless it was used meanwhile.
func forget() {
	mu.Lock()
	defer mu.Unlock()
	if left := keptFor - time.Since(lastUsed); left > 0 {
		time.AfterFunc(left, forget)
		return
	}
	kept = nil
}
