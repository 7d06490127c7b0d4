// Package evidence examines a file that a phone uploaded and makes the copies
// that people look at. It trusts nothing that the phone says about the file:
// the type comes from magic bytes, and a file is refused when it is damaged,
// hides a second file, would blow up when decoded, or can run something.
//
// Examine walks the whole structure without decoding pixels, so it is cheap
// enough for every upload (about 1 ms for a 4 MB JPEG). Views decodes, at most
// two pictures at a time, because one picture of 50 megapixels takes some
// 200 MB while it is decoded. HEIC is decoded by libheif compiled to
// WebAssembly (gen2brain/heic), which is slow to start and is therefore only
// started for the first HEIC picture.
package evidence

import (
	"bufio"
	"bytes"
	"fmt"
	"io"

	"microcourt/model"
)

// Type is a file type by magic bytes.
type Type string

// The accepted types.
const (
	JPEG Type = "image/jpeg"
	PNG  Type = "image/png"
	WebP Type = "image/webp"
	HEIC Type = "image/heic"
	PDF  Type = "application/pdf"
)

// Limits of what is accepted. A picture of 50 megapixels is what current phones
// take at most without raw mode.
const (
	maxPixels       = 50_000_000
	maxSide         = 20_000
	maxPages        = 50
	maxInflated     = 256 << 20 // bytes of all compressed streams of a PDF together
	maxAncillary    = 1 << 20   // a PNG's colour profile or text
	maxTrailingZero = 64 << 10  // padding that some cameras write after the picture
)

// Report is what Examine found.
type Report struct {
	Type          Type
	Width, Height int // pixels, as stored; 0 for PDF
	Pages         int // PDF
	orientation   int // EXIF, 1–8
}

func refuse(reason, message string) error {
	return model.InvalidField("file", reason, message)
}

func damaged(err error) error {
	e := model.InvalidField("file", "file.damaged", "文件已损坏或不完整，请重新拍照或重新保存后上传")
	if err != nil {
		return e.WithCause(err)
	}
	return e
}

var (
	errBomb = model.InvalidField("file", "file.bomb",
		"图片尺寸或解压后的内容过大，请使用普通拍照或截图后重新上传")
	errPolyglot = model.InvalidField("file", "file.polyglot", "文件中夹带了其他内容，请上传原始的图片或 PDF 回单")
	errType     = model.InvalidField("file", "file.type", "只支持 JPEG、PNG、WebP、HEIC 图片和 PDF 文件，请重新选择")
)

// SniffLen is how many bytes Sniff looks at.
const SniffLen = 16

// Sniff tells the type by magic bytes, "" when it is not accepted.
func Sniff(head []byte) Type {
	switch {
	case bytes.HasPrefix(head, []byte{0xff, 0xd8, 0xff}):
		return JPEG
	case bytes.HasPrefix(head, []byte("\x89PNG\r\n\x1a\n")):
		return PNG
	case len(head) >= 12 && string(head[:4]) == "RIFF" && string(head[8:12]) == "WEBP":
		return WebP
	case len(head) >= 12 && string(head[4:8]) == "ftyp" && heicBrands[string(head[8:12])]:
		return HEIC
	case bytes.HasPrefix(head, []byte("%PDF-")):
		return PDF
	}
	return ""
}

// Examine checks a file of size bytes completely. Its errors are Invalid, with
// a reason of the form file.*, and say in Chinese what to do.
func Examine(r io.ReaderAt, size int64) (*Report, error) {
	if err := checkSize(size); err != nil {
		return nil, err
	}
	head := make([]byte, SniffLen)
	n, err := r.ReadAt(head, 0)
	if err != nil && err != io.EOF {
		return nil, err
	}
	switch t := Sniff(head[:n]); t {
	case WebP:
		return examined(t, func(rep *Report) error { return examineWebP(r, size, rep) })
	case HEIC:
		return examined(t, func(rep *Report) error { return examineHEIC(r, size, rep) })
	case PDF:
		return examined(t, func(rep *Report) error { return examinePDF(r, size, rep) })
	default:
		return ExamineStream(bufio.NewReaderSize(io.NewSectionReader(r, 0, size), 64<<10), size)
	}
}

// Streams tells whether a file of the type can be examined while it passes by.
// The others keep their directory at the end, or point about in themselves.
func Streams(t Type) bool { return t == JPEG || t == PNG }

// ExamineStream is Examine for types that stream. It has read the file to its
// end when it returns no error.
func ExamineStream(br *bufio.Reader, size int64) (*Report, error) {
	if err := checkSize(size); err != nil {
		return nil, err
	}
	head, err := br.Peek(SniffLen)
	if err != nil && err != io.EOF {
		return nil, err
	}
	switch t := Sniff(head); t {
	case JPEG:
		return examined(t, func(rep *Report) error { return examineJPEG(br, size, rep) })
	case PNG:
		return examined(t, func(rep *Report) error { return examinePNG(br, size, rep) })
	default:
		return nil, errType
	}
}

func checkSize(size int64) error {
	switch {
	case size == 0:
		return refuse("file.empty", "文件是空的，请重新选择")
	case size > model.MaxFileBytes:
		return refuse("file.too_large", "单个文件不能超过 10 MB，请压缩后重新上传")
	}
	return nil
}

func examined(t Type, examine func(*Report) error) (rep *Report, err error) {
	defer func() {
		if v := recover(); v != nil { // a parser's bug on a hostile file is the file's fault
			rep, err = nil, damaged(fmt.Errorf("panic: %v", v))
		}
	}()
	rep = &Report{Type: t, orientation: 1}
	if err := examine(rep); err != nil {
		return nil, err
	}
	if t != PDF {
		switch {
		case rep.Width <= 0 || rep.Height <= 0:
			return nil, damaged(nil)
		case rep.Width > maxSide || rep.Height > maxSide || rep.Width*rep.Height > maxPixels:
			return nil, errBomb
		}
	}
	return rep, nil
}

// foreign are the beginnings of files that have no place inside a picture.
var foreign = [][]byte{
	[]byte("PK\x03\x04"), []byte("%PDF-"), []byte("Rar!\x1a"), []byte("7z\xbc\xaf\x27\x1c"), []byte("<script"), []byte("<html"),
	[]byte("<!doctype"), []byte("<svg"), []byte("<?php"), []byte("<iframe"),
}

// hides tells whether b is or holds the beginning of a foreign file.
func hides(b []byte) bool { return startsForeign(b) || containsForeign(b) }

// startsForeign tells whether b begins as a program does.
func startsForeign(b []byte) bool {
	return bytes.HasPrefix(b, []byte("MZ")) || bytes.HasPrefix(b, []byte("\x7fELF"))
}

func containsForeign(b []byte) bool {
	for _, f := range foreign {
		if f[0] == '<' {
			for rest := b; ; {
				i := bytes.IndexByte(rest, '<')
				if i < 0 || len(rest)-i < len(f) {
					break
				}
				if bytes.EqualFold(rest[i:i+len(f)], f) {
					return true
				}
				rest = rest[i+1:]
			}
			continue
		}
		if bytes.Contains(b, f) {
			return true
		}
	}
	return false
}

func allZero(b []byte) bool {
	for _, c := range b {
		if c != 0 {
			return false
		}
	}
	return true
}

// readAll reads the whole file; size is bounded by model.MaxFileBytes. Callers
// hold it only while they examine.
func readAll(r io.ReaderAt, size int64) ([]byte, error) {
	b := make([]byte, size)
	if _, err := io.ReadFull(io.NewSectionReader(r, 0, size), b); err != nil {
		return nil, err
	}
	return b, nil
}
