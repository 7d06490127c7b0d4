// Package font embeds the typefaces of the court's papers. Court Kai, for the
// text, is a subset of LXGW WenKai (built by deploy/font/build.sh) with 25,196
// characters: all of GBK, the 8,105 of the Table of General Standard Chinese
// Characters (通用规范汉字表) with the rare ones in names, such as 㛃 𫖯 䶮, and
// full-width punctuation. Court Song, for titles, is a subset of Noto Serif SC
// SemiBold (cut by deploy/font/cut.go) with the characters of GB 2312. Both are
// under the SIL Open Font License (OFL.txt, OFL-song.txt).
package font

import (
	_ "embed" // the fonts
	"fmt"
	"sync"
	"time"

	"github.com/klauspost/compress/zstd"
)

//go:embed court-kai.ttf.zst
var compressedKai []byte

//go:embed court-song.ttf.zst
var compressedSong []byte

// typeface is an embedded font. Kai is 14 MB unpacked and takes 60 ms to unpack,
// six times as long as a paper. It stays in memory while papers are being printed
// and for keptFor after the last one, so that an idle server is small.
type typeface struct {
	compressed []byte
	mu         sync.Mutex
	kept       *Face
	lastUsed   time.Time
}

var (
	kaiFace  = typeface{compressed: compressedKai}
	songFace = typeface{compressed: compressedSong}
)

const keptFor = time.Minute

// Kai is the typeface of the text of papers. It may be used by many at once.
func Kai() (*Face, error) { return kaiFace.face() }

// Song is the typeface of titles. It may be used by many at once.
func Song() (*Face, error) { return songFace.face() }

func (t *typeface) face() (*Face, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.lastUsed = time.Now()
	if t.kept != nil {
		return t.kept, nil
	}
	d, err := zstd.NewReader(nil, zstd.WithDecoderConcurrency(1))
	if err != nil {
		return nil, fmt.Errorf("font: %w", err)
	}
	defer d.Close()
	b, err := d.DecodeAll(t.compressed, nil)
	if err != nil {
		return nil, fmt.Errorf("font: %w", err)
	}
	f, err := Parse(b)
	if err != nil {
		return nil, err
	}
	t.kept = f
	time.AfterFunc(keptFor, t.forget)
	return f, nil
}

// forget lets the typeface go unless it was used meanwhile.
func (t *typeface) forget() {
	t.mu.Lock()
	defer t.mu.Unlock()
	if left := keptFor - time.Since(t.lastUsed); left > 0 {
		time.AfterFunc(left, t.forget)
		return
	}
	t.kept = nil
}
