package evidence

import (
	"bytes"
	"compress/zlib"
	"encoding/hex"
	"errors"
	"io"
	"strings"

	"github.com/pdfcpu/pdfcpu/pkg/api"
	"github.com/pdfcpu/pdfcpu/pkg/pdfcpu/model"
	"github.com/pdfcpu/pdfcpu/pkg/pdfcpu/types"
)

var (
	errPDFEncrypted = refuse("file.pdf_encrypted", "PDF 设有密码或加密，请另存为未加密的 PDF，或改为上传截图")
	errPDFActive    = refuse("file.pdf_active", "PDF 中含有脚本、附件或可执行的内容，请打印为普通 PDF，或改为上传截图")
	errPDFPages     = refuse("file.pdf_pages", "PDF 超过 50 页，请只上传付款回单所在的页")
)

// examinePDF reads a PDF's objects, never its pages. Compressed streams are
// measured first, so that the reader cannot be blown up.
func examinePDF(r io.ReaderAt, size int64, rep *Report) error {
	b, err := readAll(r, size)
	if err != nil {
		return err
	}
	if err := pdfEnd(b); err != nil {
		return err
	}
	if err := measureStreams(b); err != nil {
		return err
	}
	conf := model.NewDefaultConfiguration()
	conf.ValidationMode = model.ValidationRelaxed
	conf.Offline = true
	ctx, err := api.ReadContext(bytes.NewReader(b), conf)
	switch {
	case err != nil && bytes.Contains(b, []byte("/Encrypt")):
		return errPDFEncrypted
	case err != nil:
		return damaged(err)
	case ctx.Encrypt != nil || ctx.E != nil:
		return errPDFEncrypted
	}
	for _, e := range ctx.Table {
		if e != nil && !e.Free && active(e.Object, 0) {
			return errPDFActive
		}
	}
	if err := ctx.EnsurePageCount(); err != nil {
		return damaged(err)
	}
	switch {
	case ctx.PageCount < 1:
		return damaged(nil)
	case ctx.PageCount > maxPages:
		return errPDFPages
	}
	rep.Pages = ctx.PageCount
	return nil
}

// pdfEnd refuses a PDF without an end, and one that something else follows.
func pdfEnd(b []byte) error {
	end := bytes.LastIndex(b, []byte("%%EOF"))
	if end < 0 {
		return damaged(errors.New("no end of file marker"))
	}
	rest := bytes.Trim(b[end+5:], "\r\n\t \x00")
	if len(rest) > 0 {
		return errPolyglot
	}
	return nil
}

// measureStreams inflates every compressed stream into nothing and refuses the
// file when they are too large together, or are compressed several times over.
func measureStreams(b []byte) error {
	left := int64(maxInflated)
	for i := 0; ; {
		j := bytes.Index(b[i:], []byte("stream"))
		if j < 0 {
			return nil
		}
		at := i + j
		i = at + 6
		if bytes.HasSuffix(b[:at], []byte("end")) {
			continue
		}
		dict := b[max(0, at-2048):at]
		if k := bytes.LastIndex(dict, []byte(" obj")); k >= 0 {
			dict = dict[k:]
		}
		flate := bytes.Count(dict, []byte("FlateDecode")) + bytes.Count(dict, []byte("/Fl "))
		if flate == 0 {
			continue
		}
		if flate > 1 || bytes.Contains(dict, []byte("LZWDecode")) || bytes.Contains(dict, []byte("RunLengthDecode")) {
			return errBomb
		}
		body := bytes.TrimLeft(b[i:], "\r\n")
		z, err := zlib.NewReader(bytes.NewReader(body))
		if err != nil {
			continue // not a stream after all, or a damaged one, which the reader reports
		}
		n, _ := io.Copy(io.Discard, io.LimitReader(z, left+1)) // a damaged stream is the reader's business
		if left -= n; left < 0 {
			return errBomb
		}
	}
}

// activeNames are keys and action types that run, open or carry something.
var activeNames = map[string]bool{
	"JS": true, "JavaScript": true, "Launch": true, "EmbeddedFiles": true, "EmbeddedFile": true, "RichMedia": true,
	"XFA": true, "SubmitForm": true, "ImportData": true, "AA": true, "Rendition": true, "GoToE": true, "Sound": true, "Movie": true,
}

func activeName(n string) bool {
	return activeNames[unescapeName(n)]
}

// unescapeName resolves #xx in PDF names: /J#61vaScript is /JavaScript.
func unescapeName(n string) string {
	for i := strings.IndexByte(n, '#'); i >= 0 && i+2 < len(n); {
		c, err := hex.DecodeString(n[i+1 : i+3])
		if err != nil {
			return n
		}
		n = n[:i] + string(c) + n[i+3:]
		j := strings.IndexByte(n[i+1:], '#')
		if j < 0 {
			break
		}
		i += 1 + j
	}
	return n
}

func active(o types.Object, depth int) bool {
	if depth > 50 {
		return true // nobody nests a receipt that deep
	}
	switch o := o.(type) {
	case types.Dict:
		return activeDict(o, depth)
	case types.StreamDict:
		return activeDict(o.Dict, depth)
	case types.ObjectStreamDict:
		return activeDict(o.Dict, depth)
	case types.Array:
		for _, v := range o {
			if active(v, depth+1) {
				return true
			}
		}
	}
	return false
}

func activeDict(d types.Dict, depth int) bool {
	for k, v := range d {
		if activeName(k) {
			return true
		}
		if n, ok := v.(types.Name); ok && (k == "S" || k == "Subtype" || k == "Type") && activeName(n.Value()) {
			return true
		}
		if active(v, depth+1) {
			return true
		}
	}
	return false
}
