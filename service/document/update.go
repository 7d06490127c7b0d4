package document

import (
	"bytes"
	"compress/zlib"
	"encoding/binary"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf16"
)

// Metadata goes into the signed file for programs to read.
type Metadata struct {
	Title, Number, CheckCode, Court string
	// Kind is which paper it is: CertificateKind or a model.DocumentKind.
	Kind string
	At   time.Time
}

// update is an incremental update of a PDF with a classic cross-reference
// table, as gopdf writes it.
type update struct {
	out     *bytes.Buffer
	size    int
	offsets map[int]int
}

var (
	rootPattern = regexp.MustCompile(`/Root (\d+) 0 R`)
	infoPattern = regexp.MustCompile(`/Info (\d+) 0 R`)
	sizePattern = regexp.MustCompile(`/Size (\d+)`)
	prevPattern = regexp.MustCompile(`startxref\s+(\d+)`)
	usedPattern = regexp.MustCompile(`^(\d+) 0 R`)
)

func (u *update) object(n int, body string) {
	u.offsets[n] = u.out.Len()
	fmt.Fprintf(u.out, "%d 0 obj\n%s\nendobj\n", n, body)
}

func (u *update) add(body string) int {
	n := u.size
	u.size++
	u.object(n, body)
	return n
}

func stream(dict string, b []byte) string {
	return fmt.Sprintf("<< %s /Length %d >>\nstream\n%s\nendstream", dict, len(b), b)
}

// finish appends the update with an empty signature and returns its place.
func finish(pdf []byte, m Metadata, signer string) ([]byte, gap, error) {
	at := bytes.LastIndex(pdf, []byte("\ntrailer"))
	if at < 0 {
		return nil, gap{}, errors.New("no trailer")
	}
	trailer := pdf[at:]
	root, size, prev := number(rootPattern, trailer), number(sizePattern, trailer), number(prevPattern, trailer)
	catalog, err := objectBody(pdf, root)
	if err != nil || size == 0 || prev == 0 {
		return nil, gap{}, errors.Join(errors.New("no catalog"), err)
	}
	u := &update{out: bytes.NewBuffer(slices.Clone(pdf)), size: size, offsets: map[int]int{}}
	if !bytes.HasSuffix(pdf, []byte("\n")) {
		u.out.WriteByte('\n')
	}
	if err := u.fixUnicode(pdf); err != nil {
		return nil, gap{}, err
	}
	xmp := u.add(stream("/Type /Metadata /Subtype /XML", xmpPacket(m)))
	icc := u.add(stream("/N 3 /Alternate /DeviceRGB", sRGBProfile()))
	intent := u.add(fmt.Sprintf("<< /Type /OutputIntent /S /GTS_PDFA1 /OutputConditionIdentifier (sRGB) /DestOutputProfile %d 0 R >>", icc))
	sig := u.size
	u.size++
	field := u.add(fmt.Sprintf("<< /Type /Annot /Subtype /Widget /FT /Sig /T (signature) /F 132 /Rect [0 0 0 0] /P %d 0 R /V %d 0 R >>",
		firstPage(pdf), sig))
	u.object(root, "<<"+catalog+fmt.Sprintf(
		"\n/Lang (zh-CN) /Metadata %d 0 R /OutputIntents [%d 0 R] /AcroForm << /SigFlags 3 /Fields [%d 0 R] >>\n>>", xmp, intent, field))
	u.offsets[sig] = u.out.Len()
	const blank = "0000000000"
	fmt.Fprintf(u.out, "%d 0 obj\n<< /Type /Sig /Filter /Adobe.PPKLite /SubFilter /adbe.pkcs7.detached /M (%s) /Name %s /ByteRange [0 ",
		sig, m.At.UTC().Format("D:20060102150405Z"), pdfText(signer))
	rangeAt := u.out.Len()
	fmt.Fprintf(u.out, "%s %s %s] /Contents ", blank, blank, blank)
	g := gap{from: u.out.Len()}
	u.out.WriteString("<" + strings.Repeat("0", 2*signatureBytes) + ">")
	g.to = u.out.Len()
	u.out.WriteString(" >>\nendobj\n")
	info := ""
	if n := number(infoPattern, trailer); n > 0 {
		info = fmt.Sprintf("/Info %d 0 R ", n)
	}
	u.crossReference(fmt.Sprintf("/Root %d 0 R %s/Prev %d", root, info, prev))
	b := u.out.Bytes()
	copy(b[rangeAt:], fmt.Sprintf("%010d %010d %010d", g.from, g.to, len(b)-g.to))
	return b, g, nil
}

func (u *update) crossReference(trailer string) {
	start := u.out.Len()
	u.out.WriteString("xref\n")
	var ns []int
	for n := range u.offsets {
		ns = append(ns, n)
	}
	slices.Sort(ns)
	for _, n := range ns {
		fmt.Fprintf(u.out, "%d 1\n%010d 00000 n \n", n, u.offsets[n])
	}
	fmt.Fprintf(u.out, "trailer\n<< /Size %d %s >>\nstartxref\n%d\n%%%%EOF\n", u.size, trailer, start)
}

// number is the number that the pattern finds first, or 0. A pattern is only
// asked about a few lines: about a whole file, it takes as long as the printing.
func number(p *regexp.Regexp, b []byte) int {
	if f := p.FindSubmatch(b); f != nil {
		n, _ := strconv.Atoi(string(f[1])) // the pattern has digits only
		return n
	}
	return 0
}

// object is what stands in the file from an object's number on.
func object(pdf []byte, n int) ([]byte, error) {
	start := fmt.Appendf(nil, "\n%d 0 obj", n)
	_, rest, ok := bytes.Cut(pdf, start)
	if !ok {
		return nil, fmt.Errorf("object %d is missing", n)
	}
	return bytes.TrimLeft(rest, " \r\n"), nil
}

// objectBody is what stands between << and >> of an object without a stream.
func objectBody(pdf []byte, n int) (string, error) {
	b, err := object(pdf, n)
	if err != nil {
		return "", err
	}
	b, _, ended := bytes.Cut(b, []byte("endobj"))
	b, opened := bytes.CutPrefix(b, []byte("<<"))
	b, closed := bytes.CutSuffix(bytes.TrimRight(b, " \r\n"), []byte(">>"))
	if !ended || !opened || !closed {
		return "", fmt.Errorf("object %d is no dictionary", n)
	}
	return string(b), nil
}

// cutStream cuts the first stream: what stands before it, its bytes as they are in
// the file, and what follows.
func cutStream(b []byte) (before, body, after []byte, ok bool) {
	before, b, ok = bytes.Cut(b, []byte("stream"))
	if !ok {
		return nil, nil, nil, false
	}
	body, after, ok = bytes.Cut(bytes.TrimPrefix(bytes.TrimPrefix(b, []byte("\r")), []byte("\n")), []byte("endstream"))
	return before, body, after, ok
}

// unpacked is a stream's content; its dictionary says whether it is compressed.
func unpacked(dict, body []byte) ([]byte, error) {
	if !bytes.Contains(dict, []byte("FlateDecode")) {
		return body, nil
	}
	z, err := zlib.NewReader(bytes.NewReader(body))
	if err != nil {
		return nil, err
	}
	return io.ReadAll(z)
}

// firstPage is the number of the first page's object, or 0.
func firstPage(pdf []byte) int {
	for at := 0; ; {
		i := bytes.Index(pdf[at:], []byte("/Type /Page"))
		if i < 0 {
			return 0
		}
		at += i + len("/Type /Page")
		if bytes.HasPrefix(pdf[at:], []byte("s")) { // the list of pages
			continue
		}
		line := pdf[:max(0, bytes.LastIndex(pdf[:at], []byte(" 0 obj")))]
		n, _ := strconv.Atoi(string(line[bytes.LastIndexByte(line, '\n')+1:]))
		return n
	}
}

var longCode = regexp.MustCompile(`<([0-9A-Fa-f]{5,6})>`)

// fixUnicode rewrites the map from glyphs to characters: gopdf writes
// characters beyond the basic plane with five digits, where a PDF wants
// surrogate pairs, and copied or searched names would be wrong.
func (u *update) fixUnicode(pdf []byte) error {
	for _, after := range bytes.Split(pdf, []byte("/ToUnicode "))[1:] {
		n := number(usedPattern, after[:min(len(after), 20)])
		b, err := object(pdf, n)
		if err != nil {
			return err
		}
		dict, body, _, ok := cutStream(b)
		if !ok {
			return fmt.Errorf("map %d has no stream", n)
		}
		if body, err = unpacked(dict, body); err != nil {
			return fmt.Errorf("map %d: %w", n, err)
		}
		fixed := longCode.ReplaceAllFunc(body, func(b []byte) []byte {
			r, _ := strconv.ParseInt(string(b[1:len(b)-1]), 16, 32) // the pattern has hex digits only
			hi, lo := utf16.EncodeRune(rune(r))
			return fmt.Appendf(nil, "<%04X%04X>", hi, lo)
		})
		if !bytes.Equal(fixed, body) {
			u.object(n, stream("", bytes.TrimRight(fixed, "\r\n")))
		}
	}
	return nil
}

// pdfText writes a text string as UTF-16 in hex.
func pdfText(s string) string {
	var b strings.Builder
	b.WriteString("<FEFF")
	for _, c := range utf16.Encode([]rune(s)) {
		fmt.Fprintf(&b, "%04X", c)
	}
	return b.String() + ">"
}

func xmpPacket(m Metadata) []byte {
	esc := func(s string) string {
		var b strings.Builder
		_ = xml.EscapeText(&b, []byte(s)) // writing to memory cannot fail
		return b.String()
	}
	at := m.At.UTC().Format(time.RFC3339)
	return []byte("<?xpacket begin=\"\ufeff\" id=\"W5M0MpCehiHzreSzNTczkc9d\"?>\n" +
		`<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">` +
		`<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:xmp="http://ns.adobe.com/xap/1.0/" ` +
		`xmlns:pdfaid="http://www.aiim.org/pdfa/ns/id/" xmlns:mc="urn:microcourt:document">` +
		`<pdfaid:part>2</pdfaid:part><pdfaid:conformance>B</pdfaid:conformance>` +
		`<dc:title><rdf:Alt><rdf:li xml:lang="x-default">` + esc(m.Title) + `</rdf:li></rdf:Alt></dc:title>` +
		`<dc:creator><rdf:Seq><rdf:li>` + esc(m.Court) + `</rdf:li></rdf:Seq></dc:creator>` +
		`<xmp:CreateDate>` + at + `</xmp:CreateDate>` +
		`<mc:kind>` + esc(m.Kind) + `</mc:kind><mc:number>` + esc(m.Number) + `</mc:number><mc:check>` + esc(m.CheckCode) + `</mc:check>` +
		`</rdf:Description></rdf:RDF></x:xmpmeta>` + "\n<?xpacket end=\"r\"?>")
}

// sRGBProfile is a minimal ICC version 2 display profile of sRGB: primaries
// adapted to D50 and gamma 2.2.
func sRGBProfile() []byte {
	xyz := func(x, y, z float64) []byte {
		b := append([]byte("XYZ "), 0, 0, 0, 0)
		for _, v := range []float64{x, y, z} {
			b = binary.BigEndian.AppendUint32(b, uint32(math.Round(v*65536)))
		}
		return b
	}
	curve := append([]byte("curv"), 0, 0, 0, 0, 0, 0, 0, 1, 0x02, 0x33, 0, 0)
	desc := append([]byte("desc"), 0, 0, 0, 0, 0, 0, 0, 5)
	desc = append(desc, "sRGB\x00"...)
	desc = append(desc, make([]byte, 12+67)...)
	copyright := append([]byte("text"), 0, 0, 0, 0)
	copyright = append(copyright, "public domain\x00"...)
	tags := []struct {
		name string
		data []byte
	}{
		{"desc", desc},
		{"cprt", copyright},
		{"wtpt", xyz(0.9642, 1, 0.8249)},
		{"rXYZ", xyz(0.4361, 0.2225, 0.0139)},
		{"gXYZ", xyz(0.3851, 0.7169, 0.0971)},
		{"bXYZ", xyz(0.1431, 0.0606, 0.7141)},
		{"rTRC", curve},
		{"gTRC", curve},
		{"bTRC", curve},
	}
	table := binary.BigEndian.AppendUint32(nil, uint32(len(tags)))
	var data []byte
	base := 128 + 4 + 12*len(tags)
	for _, t := range tags {
		for len(data)%4 != 0 {
			data = append(data, 0)
		}
		table = append(table, t.name...)
		table = binary.BigEndian.AppendUint32(table, uint32(base+len(data)))
		table = binary.BigEndian.AppendUint32(table, uint32(len(t.data)))
		data = append(data, t.data...)
	}
	h := make([]byte, 128)
	binary.BigEndian.PutUint32(h, uint32(base+len(data)))
	binary.BigEndian.PutUint32(h[8:], 0x02400000)
	copy(h[12:], "mntrRGB XYZ ")
	copy(h[36:], "acsp")
	copy(h[68:], []byte{0, 0, 0xf6, 0xd6, 0, 1, 0, 0, 0, 0, 0xd3, 0x2d})
	return slices.Concat(h, table, data)
}
