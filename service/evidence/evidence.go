// Package evidence examines a file that a phone uploaded and makes the copies
// that people look at. It trusts nothing that the phone says about the file:
// the type comes from magic bytes, and a file is refused when it is damaged,
// hides a second file, would blow up when decoded, or can run something.
//
// There is one list of what is accepted and what can be shown. A JPEG or PNG is
// examined while it streams to the store, in this process, by a walk over its
// structure with hard bounds: no more than one segment is held, and no pixel is
// decoded, which costs 1 ms for 4 MB, where a child process would cost some
// 200 ms of decoding and a third of the upload's speed. The walk refuses what
// the decoders of this package cannot decode, and the decoders show what there
// is of damaged data, so that whatever passes can be shown; a fuzz test proves
// that the two agree. PDF, HEIC and WebP point about in themselves and need a
// whole parser: their uploads wait in a temporary file, and a child process (Pool)
// parses and decodes them to the end before they are accepted. All views are made
// by children too.
//
// A child is this same program, confined by package sandbox. A file that makes
// it use too much memory or time, or crash, is refused with file.too_complex.
// HEIC is decoded by libheif compiled to WebAssembly (gen2brain/heic), which is
// compiled only when there is a HEIC picture.
package evidence

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"image"
	"io"
	"syscall"

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

// Limits of what is accepted.
const (
	// A sequential JPEG is decoded row by row: as much as the sensors of today's
	// phones have, 200 megapixels.
	maxStreamedPixels = 210_000_000
	// Other pictures: 50 megapixels and a little, as phones take them.
	maxPixels = 65_000_000
	// Pictures whose decoder holds 4 bytes a pixel and more.
	maxHeldPixels = 25_000_000
	// HEIC: 48 megapixels, which phones take at most in this format.
	maxHEICPixels = 50_000_000
	maxSide       = 65_535
	maxPages      = 50
	maxInflated   = 256 << 20 // bytes of all compressed streams of a PDF together
	maxUnpacked   = 300 << 20 // bytes of a PNG's samples: maxPixels of 8 bits each, with alpha
	maxAncillary  = 1 << 20   // a PNG's colour profile or text
	maxPadding    = 64 << 10  // zeros behind a PNG
)

// Report is what Examine found.
type Report struct {
	Type          Type
	Width, Height int         // pixels, as stored; 0 for PDF
	Pages         int         // PDF
	orientation   int         // EXIF, 1–8
	streamed      bool        // decoded row by row
	held          int         // bytes of samples that the decoder holds otherwise
	image         image.Image // what decoding to examine gave
	pdf           []byte      // the clean copy of a PDF
}

func refuse(reason, message string) *model.Error {
	return model.InvalidField("file", reason, message)
}

func damaged(err error) error {
	if err != nil {
		return errDamaged.WithCause(err)
	}
	return errDamaged
}

var (
	errEmpty    = refuse("file.empty", "文件是空的，请重新选择")
	errTooLarge = refuse("file.too_large", "单个文件不能超过 10 MB，请压缩后重新上传")
	errDamaged  = refuse("file.damaged", "文件已损坏或不完整，请重新拍照或重新保存后上传")
	errBomb     = refuse("file.bomb", "图片尺寸或解压后的内容过大，请使用普通拍照或截图后重新上传")
	errPolyglot = refuse("file.polyglot", "文件中夹带了其他内容，请上传原始的图片或 PDF 回单")
	errType     = refuse("file.type", "只支持 JPEG、PNG、WebP、HEIC 图片和 PDF 文件，请重新选择")
	errAnimated = refuse("file.type", "不支持动态图片，请上传静态图片")
	errAVIF     = refuse("file.type", "不支持 AVIF 图片，请在手机上截图后上传截图")
	errCoding   = refuse("file.unsupported", "图片采用了本系统无法显示的编码方式，请在手机上打开后截图，上传截图")
	errComplex  = refuse("file.too_complex", "文件内容过于复杂，无法在限定的时间和内存内检查，请改为上传截图或照片")

	errPDFEncrypted  = refuse("file.pdf_encrypted", "PDF 需要密码才能打开，请另存为不需要密码的 PDF，或改为上传截图")
	errPDFActive     = refuse("file.pdf_active", "PDF 中含有脚本、外部链接动作或可执行的内容，请打印为普通 PDF，或改为上传截图")
	errPDFAttachment = refuse("file.pdf_active", "PDF 中夹带了附件（电子回单自带的 XML 数据除外），请打印为普通 PDF，或改为上传截图")
	errPDFPages      = refuse("file.pdf_pages", "PDF 超过 50 页，请只上传付款回单所在的页")
)

// refusals is the list by whose index a child names a refusal.
var refusals = []*model.Error{
	errEmpty, errTooLarge, errDamaged, errBomb, errPolyglot, errType, errAnimated, errAVIF, errCoding, errComplex,
	errPDFEncrypted, errPDFActive, errPDFAttachment, errPDFPages,
}

// SniffLen is how many bytes Sniff looks at: a PDF may have a line or two before
// it, as readers allow.
const SniffLen = 1024

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
	case pdfStart(head) >= 0:
		return PDF
	}
	return ""
}

// pdfStart is where the PDF begins, -1 when there is none: white space, a byte
// order mark or a few bytes of a printer's language may stand before it, never
// the beginning of another file.
func pdfStart(head []byte) int {
	at := bytes.Index(head[:min(len(head), SniffLen)], []byte("%PDF-"))
	if at > 0 && (startsForeign(head) || containsForeign(head[:at]) || bytes.HasPrefix(head, []byte("GIF8")) || bytes.HasPrefix(head, []byte("BM"))) {
		return -1
	}
	return at
}

// examine checks a file completely. Its errors are Invalid, with a reason of
// the form file.*, and say in Chinese what to do. It runs in a child.
func examine(file []byte) (*Report, error) {
	if err := checkSize(int64(len(file))); err != nil {
		return nil, err
	}
	size := int64(len(file))
	switch t := Sniff(file[:min(len(file), SniffLen)]); t {
	case WebP:
		return examined(t, func(rep *Report) error { return examineWebP(file, rep) })
	case HEIC:
		return examined(t, func(rep *Report) error { return examineHEIC(file, rep) })
	case PDF:
		return examined(t, func(rep *Report) error { return examinePDF(file, rep) })
	default:
		return ExamineStream(bufio.NewReaderSize(bytes.NewReader(file), 64<<10), size)
	}
}

// Streams tells whether a file of the type can be examined while it passes by.
// The others keep their directory at the end, or point about in themselves.
func Streams(t Type) bool { return t == JPEG || t == PNG }

// ExamineStream examines a file of a type that streams. It has read the file to
// its end when it returns no error.
func ExamineStream(br *bufio.Reader, size int64) (*Report, error) {
	if err := checkSize(size); err != nil {
		return nil, err
	}
	head, err := br.Peek(16)
	if err != nil && err != io.EOF {
		return nil, err
	}
	switch t := Sniff(head); t {
	case JPEG:
		return examined(t, func(rep *Report) error { return examineJPEG(br, size, rep) })
	case PNG:
		return examined(t, func(rep *Report) error { return examinePNG(br, size, rep) })
	default:
		if len(head) >= 12 && string(head[4:8]) == "ftyp" && avifBrands[string(head[8:12])] {
			return nil, errAVIF
		}
		return nil, errType
	}
}

func checkSize(size int64) error {
	switch {
	case size == 0:
		return errEmpty
	case size > model.MaxFileBytes:
		return errTooLarge
	}
	return nil
}

func examined(t Type, examine func(*Report) error) (rep *Report, err error) {
	defer func() {
		if v := recover(); v != nil {
			rep, err = nil, panicked(v)
		}
	}()
	rep = &Report{Type: t, orientation: 1}
	if err := examine(rep); err != nil {
		return nil, err
	}
	if t == PDF {
		return rep, nil
	}
	most := maxPixels
	switch {
	case rep.streamed:
		most = maxStreamedPixels
	case t == HEIC:
		most = maxHEICPixels
	}
	switch {
	case rep.Width <= 0 || rep.Height <= 0:
		return nil, damaged(nil)
	case rep.Width > maxSide || rep.Height > maxSide || rep.Width*rep.Height > most:
		return nil, errBomb
	}
	return rep, nil
}

// panicked is what a parser's panic says about the file: a bug that a hostile
// file finds is the file's fault; that memory ended is the bound's.
func panicked(v any) error {
	err := fmt.Errorf("panic: %v", v)
	if cause, ok := v.(error); ok && errors.Is(cause, syscall.ENOMEM) {
		return errComplex.WithCause(err)
	}
	return damaged(err)
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
