package evidence

import (
	"bytes"
	"compress/zlib"
	"encoding/ascii85"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/pdfcpu/pdfcpu/pkg/api"
	"github.com/pdfcpu/pdfcpu/pkg/pdfcpu"
	pdfmodel "github.com/pdfcpu/pdfcpu/pkg/pdfcpu/model"
	"github.com/pdfcpu/pdfcpu/pkg/pdfcpu/types"
)

// maxNesting is how deep arrays and dictionaries may stand in each other: real
// receipts need ten, and pdfcpu drops what is deeper than 100.
const maxNesting = 60

// examinePDF reads all of a PDF's objects, refuses those that run or carry
// something, and makes the clean copy that people open. It runs in a child,
// whose bounds on memory and time hold whatever the file does to the reader.
func examinePDF(file []byte, rep *Report) error {
	if err := pdfEnd(file); err != nil {
		return err
	}
	start := pdfStart(file)
	ctx, err := readPDF(file[start:])
	if err != nil && start > 0 && !errors.Is(err, errPDFEncrypted) { // offsets may count what stands before
		ctx, err = readPDF(file)
	}
	if err != nil {
		return err
	}
	if tooNested(file) {
		return errComplex
	}
	if err := inspect(ctx); err != nil {
		return err
	}
	rep.pdf, rep.Pages, err = cleanPDF(ctx)
	if err != nil {
		return damaged(err)
	}
	switch {
	case rep.Pages < 1:
		return damaged(errors.New("no page"))
	case rep.Pages > maxPages:
		return errPDFPages
	}
	return nil
}

func readPDF(b []byte) (*pdfmodel.Context, error) {
	api.DisableConfigDir() // a child opens no files
	conf := pdfmodel.NewDefaultConfiguration()
	conf.ValidationMode = pdfmodel.ValidationRelaxed
	conf.Offline = true
	conf.Limits.MaxDecodeBytes = 32 << 20
	conf.Limits.MaxObjectCount, conf.Limits.MaxXRefEntries = 200_000, 200_000
	ctx, err := api.ReadContext(bytes.NewReader(b), conf)
	switch {
	case errors.Is(err, pdfcpu.ErrWrongPassword):
		return nil, errPDFEncrypted.WithCause(err)
	case err != nil:
		return nil, damaged(err)
	}
	return ctx, nil
}

// pdfEnd refuses a PDF without an end, and one that something else follows.
func pdfEnd(b []byte) error {
	end := bytes.LastIndex(b, []byte("%%EOF"))
	if end < 0 {
		return damaged(errors.New("no end of file marker"))
	}
	rest := bytes.Trim(b[end+5:], "\r\n\t \x00\x1a")
	if len(rest) > 0 {
		return errPolyglot
	}
	return nil
}

// tooNested tells whether objects stand too deep in each other for the reader,
// which would drop them, and with them what they run.
func tooNested(b []byte) bool {
	depth := 0
	for i := 0; i < len(b); i++ {
		switch b[i] {
		case '%':
			for i < len(b) && b[i] != '\n' && b[i] != '\r' {
				i++
			}
		case '(':
			i = endOfString(b, i)
		case '[':
			depth++
		case '<':
			if i+1 < len(b) && b[i+1] == '<' {
				depth++
				i++
			}
		case ']':
			depth--
		case '>':
			if i+1 < len(b) && b[i+1] == '>' {
				depth--
				i++
			}
		case 'o': // a new object
			if bytes.HasPrefix(b[i:], []byte("obj")) {
				depth = 0
			}
		case 's':
			if bytes.HasPrefix(b[i:], []byte("stream")) && !bytes.HasSuffix(b[:i], []byte("end")) {
				end := bytes.Index(b[i:], []byte("endstream"))
				if end < 0 {
					return false
				}
				i += end + len("endstream") - 1
			}
		}
		if depth > maxNesting {
			return true
		}
	}
	return false
}

func endOfString(b []byte, i int) int {
	depth := 0
	for ; i < len(b); i++ {
		switch b[i] {
		case '\\':
			i++
		case '(':
			depth++
		case ')':
			if depth--; depth == 0 {
				return i
			}
		}
	}
	return i
}

// inspector looks at every object of the file, whether or not a page leads to
// it.
type inspector struct {
	ctx      *pdfmodel.Context
	left     int64 // bytes that streams may still inflate to
	inflater io.ReadCloser
}

func inspect(ctx *pdfmodel.Context) error {
	in := inspector{ctx: ctx, left: maxInflated}
	for nr, e := range ctx.Table {
		if e == nil || e.Free {
			continue
		}
		o, err := in.at(nr)
		if err != nil {
			return damaged(err)
		}
		if err := in.object(o, 0); err != nil {
			return err
		}
		if s, ok := stream(o); ok {
			if err := in.measure(s); err != nil {
				return err
			}
		}
	}
	return nil
}

// at is the object with the number.
func (in *inspector) at(nr int) (types.Object, error) {
	e := in.ctx.Table[nr]
	gen := 0
	if e.Generation != nil {
		gen = *e.Generation
	}
	return in.ctx.Dereference(*types.NewIndirectRef(nr, gen))
}

func stream(o types.Object) (*types.StreamDict, bool) {
	switch o := o.(type) {
	case types.StreamDict:
		return &o, true
	case *types.StreamDict:
		return o, o != nil
	case types.ObjectStreamDict:
		return &o.StreamDict, true
	case *types.ObjectStreamDict:
		return &o.StreamDict, o != nil
	}
	return nil, false
}

// measure inflates a compressed stream into nothing and refuses the file when
// its streams are too large together, or are compressed several times over:
// whoever opens the view shall not be blown up either.
func (in *inspector) measure(s *types.StreamDict) error {
	packed := 0
	for _, f := range s.FilterPipeline {
		switch f.Name {
		case "FlateDecode", "Fl", "LZWDecode", "LZW", "RunLengthDecode", "RL", "JBIG2Decode":
			packed++
		}
	}
	if packed > 1 {
		return errBomb
	}
	if packed == 0 || len(s.FilterPipeline) == 0 {
		return nil
	}
	r := io.Reader(bytes.NewReader(s.Raw))
	for _, f := range s.FilterPipeline {
		switch f.Name {
		case "ASCII85Decode", "A85":
			raw, _ := io.ReadAll(io.LimitReader(r, maxAnswer))
			raw = bytes.TrimSuffix(bytes.TrimRight(raw, "\r\n\t \x00"), []byte("~>"))
			r = ascii85.NewDecoder(bytes.NewReader(bytes.TrimPrefix(raw, []byte("<~"))))
		case "ASCIIHexDecode", "AHx":
			r = hex.NewDecoder(r)
		case "FlateDecode", "Fl":
			return in.inflate(r)
		default:
			return nil // its output is not much larger than its input, or bounded by the reader
		}
	}
	return nil
}

func (in *inspector) inflate(r io.Reader) error {
	var err error
	if in.inflater == nil {
		in.inflater, err = zlib.NewReader(r)
	} else {
		err = in.inflater.(zlib.Resetter).Reset(r, nil) //nolint:forcetypeassert // package zlib promises it
	}
	if err != nil {
		return nil //nolint:nilerr // a damaged stream shows as nothing
	}
	n, _ := io.Copy(io.Discard, io.LimitReader(in.inflater, in.left+1)) // a damaged stream ends early
	if in.left -= n; in.left < 0 {
		return errBomb
	}
	return nil
}

// activeActions are the types of actions that run something, leave the file or
// send something away.
var activeActions = map[string]bool{
	"JavaScript": true, "Launch": true, "SubmitForm": true, "ImportData": true, "Rendition": true, "Movie": true, "Sound": true,
	"GoToE": true, "GoToR": true, "RichMediaExecute": true, "GoTo3DView": true, "Trans": false, "URI": false,
}

// activeAnnotations are the kinds of annotations that play or run something.
var activeAnnotations = map[string]bool{"RichMedia": true, "Movie": true, "Sound": true, "Screen": true, "3D": true}

func (in *inspector) object(o types.Object, depth int) error {
	if depth > maxNesting {
		return errComplex
	}
	if s, ok := stream(o); ok {
		return in.dict(s.Dict, depth)
	}
	switch o := o.(type) {
	case types.Dict:
		return in.dict(o, depth)
	case types.Array:
		for _, v := range o {
			if err := in.object(v, depth+1); err != nil {
				return err
			}
		}
	}
	return nil
}

func (in *inspector) dict(d types.Dict, depth int) error {
	if activeActions[in.name(d["S"])] || activeAnnotations[in.name(d["Subtype"])] && d["Rect"] != nil {
		return errPDFActive
	}
	for k, v := range d {
		switch plainName(k) {
		case "OpenAction":
			if in.leaves(v) {
				return errPDFActive
			}
		case "AA":
			if aa, ok := in.value(v).(types.Dict); ok {
				for _, action := range aa {
					if in.leaves(action) {
						return errPDFActive
					}
				}
			}
		case "AcroForm":
			if form, ok := in.value(v).(types.Dict); ok && form["XFA"] != nil {
				return errPDFActive
			}
		case "EF":
			if err := in.attached(v); err != nil {
				return err
			}
		}
		if err := in.object(v, depth+1); err != nil {
			return err
		}
	}
	return nil
}

// leaves tells whether an action that runs by itself goes to another place than
// a page of the file.
func (in *inspector) leaves(o types.Object) bool {
	d, ok := in.value(o).(types.Dict)
	if !ok {
		return false
	}
	s := in.name(d["S"])
	return activeActions[s] || s == "URI"
}

// attached refuses a file inside the file, unless it is the XML that banks put
// into their e-receipts (电子回单) for accounting programs. Nobody is served it:
// the view has no attachments.
func (in *inspector) attached(o types.Object) error {
	ef, ok := in.value(o).(types.Dict)
	if !ok {
		return nil
	}
	for _, v := range ef {
		s, ok := stream(in.value(v))
		if !ok {
			continue
		}
		if err := s.Decode(); err != nil {
			return errPDFAttachment.WithCause(err)
		}
		if !isXML(s.Content) {
			return errPDFAttachment
		}
	}
	return nil
}

func isXML(b []byte) bool {
	b = bytes.TrimLeft(bytes.TrimPrefix(b, []byte("\xef\xbb\xbf")), " \t\r\n")
	if bytes.HasPrefix(b, []byte("\xff\xfe<\x00")) || bytes.HasPrefix(b, []byte("\xfe\xff\x00<")) {
		return true
	}
	return bytes.HasPrefix(b, []byte("<")) && !containsForeign(b) && bytes.HasSuffix(bytes.TrimRight(b, " \t\r\n\x00"), []byte(">"))
}

// value follows a reference.
func (in *inspector) value(o types.Object) types.Object {
	v, err := in.ctx.Dereference(o)
	if err != nil {
		return nil
	}
	return v
}

// name is a name object's plain text, "" when o is none.
func (in *inspector) name(o types.Object) string {
	if n, ok := in.value(o).(types.Name); ok {
		return plainName(string(n))
	}
	return ""
}

// plainName resolves #xx in PDF names: J#61vaScript is JavaScript.
func plainName(n string) string {
	if !strings.Contains(n, "#") {
		return n
	}
	var b strings.Builder
	for i := 0; i < len(n); i++ {
		if n[i] == '#' && i+2 < len(n) {
			if c, err := hex.DecodeString(n[i+1 : i+3]); err == nil {
				b.WriteByte(c[0])
				i += 2
				continue
			}
		}
		b.WriteByte(n[i])
	}
	return b.String()
}

var errNoPages = fmt.Errorf("no pages that can be read")
