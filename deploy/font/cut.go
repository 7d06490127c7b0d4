//go:build ignore

// Cut makes service/document/font/court-song.ttf.zst, the embedded font of titles,
// from a TrueType file of Noto Serif SC: the characters of GB 2312, which the names
// of courts and papers are made of. What it lacks is printed in the font of the
// text. The licence reserves no part of the name.
//
//	go run deploy/font/cut.go NotoSerifSC_600SemiBold.ttf service/document/font/court-song.ttf.zst
package main

import (
	"log"
	"os"
	"strings"

	"github.com/klauspost/compress/zstd"
	"golang.org/x/text/encoding/simplifiedchinese"

	"microcourt/service/document/font"
)

func main() {
	ttf, err := os.ReadFile(os.Args[1])
	if err != nil {
		log.Fatal(err)
	}
	face, err := font.Parse(ttf)
	if err != nil {
		log.Fatal(err)
	}
	var text strings.Builder
	for c := byte(0x20); c < 0x7f; c++ {
		text.WriteByte(c)
	}
	d := simplifiedchinese.GB18030.NewDecoder()
	for row := byte(0xa1); row <= 0xf7; row++ {
		for cell := byte(0xa1); cell <= 0xfe; cell++ {
			if s, err := d.String(string([]byte{row, cell})); err == nil {
				text.WriteString(s)
			}
		}
	}
	cut, err := face.Subset(text.String())
	if err != nil || len(cut) == len(ttf) {
		log.Fatal("not cut: ", err)
	}
	e, err := zstd.NewWriter(nil, zstd.WithEncoderLevel(zstd.SpeedBestCompression))
	if err != nil {
		log.Fatal(err)
	}
	if err := os.WriteFile(os.Args[2], e.EncodeAll(cut, nil), 0o644); err != nil {
		log.Fatal(err)
	}
}
