package evidencetest

import (
	"archive/zip"
	"bytes"
	"compress/lzw"
	"compress/zlib"
	"encoding/ascii85"
	"encoding/binary"
	"fmt"
	"hash/crc32"
	"image"
	"image/jpeg"
	"image/png"
	"strconv"
	"strings"
)

// Stream is the text of a stream object.
func Stream(dict, body string) string {
	return fmt.Sprintf("<< %s /Length %d >>\nstream\n%s\nendstream", dict, len(body), body)
}

// Deflated is n zeros, compressed.
func Deflated(n int) string {
	var b bytes.Buffer
	z := zlib.NewWriter(&b)
	piece := make([]byte, 1<<20)
	for ; n > 0; n -= len(piece) {
		_, _ = z.Write(piece[:min(n, len(piece))])
	}
	_ = z.Close()
	return b.String()
}

// Hostile is one file of each kind that takes memory or time, by what it is.
// heic and webp are small pictures of these kinds, of which large ones are made.
func Hostile(heic, webp []byte) map[string][]byte {
	files := hostilePDFs()
	gray := func(w, h int) image.Image { return image.NewGray(image.Rect(0, 0, w, h)) }
	// One scan of the first coefficients makes the decoder keep all of them.
	progressive := jpegOf(gray(8100, 6100))
	progressive = bytes.Replace(progressive, []byte{0xff, 0xc0}, []byte{0xff, 0xc2}, 1)
	progressive = bytes.Replace(progressive, []byte{0xff, 0xda, 0, 8, 1, 1, 0, 0, 63}, []byte{0xff, 0xda, 0, 8, 1, 1, 0, 0, 0}, 1)
	files["JPEG in several scans, 50 megapixels"] = progressive
	files["JPEG in one scan, 200 megapixels"] = jpegOf(gray(16000, 13000))
	files["JPEG of noise, 60,000 pixels high"] = noise(1080, 60000)
	files["JPEG with a trailer of ten megabytes"] = append(jpegOf(gray(400, 300)), make([]byte, 10_000_000)...)
	files["PNG, 64 megapixels"] = pngOf(image.NewRGBA(image.Rect(0, 0, 8000, 8000)))
	files["PNG, 65,000 pixels high"] = pngOf(gray(900, 65000))
	files["PNG of 16 bits"] = pngOf(image.NewRGBA64(image.Rect(0, 0, 6000, 6000)))
	files["PNG in seven passes"] = Interlaced(5000, 5000)
	files["WebP without loss, 25 megapixels"] = losslessWebP(5000, 5000)
	files["WebP without loss, as large as the format allows"] = losslessWebP(16383, 16383)
	files["WebP with the dimensions of another"] = enlargedWebP(webp, 16000, 4000)
	files["HEIC of garbage"] = append(heic[:len(heic)-100:len(heic)-100], bytes.Repeat([]byte{0x5a, 0x01, 0xff}, 2<<20)...)
	files["HEIC with the dimensions of another"] = enlargedHEIC(heic, 8000, 6000)
	files["HEIC, small, with the dimensions of another"] = enlargedHEIC(heic, 4000, 3000)
	return files
}

func hostilePDFs() map[string][]byte {
	zeros, far := Deflated(1<<30), Deflated(240<<20)
	var references, streams, names []string
	for i := range 6000 {
		references = append(references, fmt.Sprintf("<< /X [%s] >>", strings.Repeat(strconv.Itoa(i)+" 0 R ", 60)))
	}
	small := Deflated(1 << 20)
	for range 4000 {
		streams = append(streams, Stream("/Filter /FlateDecode", small))
	}
	for i := range 40_000 {
		names = append(names, fmt.Sprintf("<< /A%d /B%d >>", i, i))
	}
	var lz, a85 bytes.Buffer
	l := lzw.NewWriter(&lz, lzw.MSB, 8)
	_, _ = l.Write(make([]byte, 200<<20))
	_ = l.Close()
	a := ascii85.NewEncoder(&a85)
	_, _ = a.Write([]byte(zeros))
	_ = a.Close()
	xref := "<< /Type /XRef /Size 100000000 /W [1 8 8] /Index [0 100000000] /Root 1 0 R /Filter /FlateDecode /Length %d >>"
	table := fmt.Sprintf("%%PDF-1.7\n1 0 obj\n"+xref+"\nstream\n%s\nendstream\nendobj\nstartxref\n9\n%%%%EOF\n", len(zeros), zeros)
	return map[string][]byte{
		"PDF with a bomb":                       PDF("", Stream("/Filter /Fl#61teDecode", zeros)),
		"PDF with a bomb below the bound":       PDF("", Stream("/Filter /FlateDecode", far)),
		"PDF with a bomb behind text":           PDF("", Stream("/Filter [/ASCII85Decode /FlateDecode]", a85.String()+"~>")),
		"PDF with a bomb of another coding":     PDF("", Stream("/Filter /LZWDecode", lz.String())),
		"PDF with a bomb as an object stream":   PDF("", Stream("/Type /ObjStm /N 1 /First 4 /Filter /Fl#61teDecode", zeros)),
		"PDF with a bomb as an attachment":      PDF("/X << /EF << /F 4 0 R >> >>", Stream("/Type /EmbeddedFile /Filter /FlateDecode", zeros)),
		"PDF with a bomb as its table":          []byte(table),
		"PDF with a bomb behind a predictor":    PDF("", Stream("/Filter /FlateDecode /DecodeParms << /Predictor 12 /Columns 1000000 >>", zeros)),
		"PDF with many objects":                 PDF("", names...),
		"PDF with many references":              PDF("", references...),
		"PDF with many streams":                 PDF("", streams...),
		"PDF with a dictionary of 10 megabytes": PDF("", "<< "+strings.Repeat("/K (v) ", 1_400_000)+">>", "<< >>"),
		"PDF with an array of 10 megabytes":     PDF("", "["+strings.Repeat("0 ", 5_000_000)+"]"),
		"PDF with a drawing of 10 megabytes":    drawn(strings.Repeat("0 0 m 9 9 l S ", 700_000)),
		"PDF with deep nesting":                 PDF("", strings.Repeat("[", 4_000_000)),
		"PDF with a thousand pages":             Pages(1000, ""),
	}
}

// drawn is a PDF whose page is drawn by the program.
func drawn(program string) []byte {
	return Objects("<< /Type /Catalog /Pages 2 0 R >>", "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
		"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 200 200] /Contents 4 0 R >>", Stream("", program))
}

func jpegOf(img image.Image) []byte {
	var b bytes.Buffer
	_ = jpeg.Encode(&b, img, &jpeg.Options{Quality: 50})
	return b.Bytes()
}

// noise is a picture whose copies are as large as they can be.
func noise(w, h int) []byte {
	img := image.NewGray(image.Rect(0, 0, w, h))
	seed := uint32(1)
	for i := range img.Pix {
		seed = seed*1664525 + 1013904223
		img.Pix[i] = byte(seed >> 24)
	}
	var b bytes.Buffer
	_ = jpeg.Encode(&b, img, &jpeg.Options{Quality: 3})
	return b.Bytes()
}

func pngOf(img image.Image) []byte {
	var b bytes.Buffer
	_ = (&png.Encoder{CompressionLevel: png.BestSpeed}).Encode(&b, img)
	return b.Bytes()
}

// Interlaced is a PNG in seven passes that says its size and holds zeros.
func Interlaced(w, h int) []byte {
	chunk := func(kind, body string) string {
		b := binary.BigEndian.AppendUint32(nil, uint32(len(body)))
		b = append(append(b, kind...), body...)
		return string(binary.BigEndian.AppendUint32(b, crc32.ChecksumIEEE(b[4:])))
	}
	head := binary.BigEndian.AppendUint32(binary.BigEndian.AppendUint32(nil, uint32(w)), uint32(h))
	return []byte("\x89PNG\r\n\x1a\n" + chunk("IHDR", string(append(head, 8, 6, 0, 0, 1))) + chunk("IDAT", Deflated(5*w*h)) + chunk("IEND", ""))
}

// losslessWebP is a WebP of one colour: each of its five codes has one symbol,
// so that a pixel takes no bits at all.
func losslessWebP(w, h int) []byte {
	var bits uint64
	n := 0
	var out []byte
	put := func(v uint64, width int) {
		bits |= v << n
		for n += width; n >= 8; n -= 8 {
			out = append(out, byte(bits))
			bits >>= 8
		}
	}
	put(0x2f, 8)
	put(uint64(w-1), 14)
	put(uint64(h-1), 14)
	put(0, 4) // no alpha, version 0
	put(0, 3) // no transform, no cache of colours, one group of codes
	for range 5 {
		put(1, 1) // a simple code
		put(0, 1) // of one symbol
		put(0, 2) // which is 0
	}
	put(0, 7)
	out = append(out, make([]byte, 16+len(out)&1)...)
	return riff("VP8L", out)
}

func riff(kind string, body []byte) []byte {
	b := append([]byte("RIFF"), binary.LittleEndian.AppendUint32(nil, uint32(12+len(body)))...)
	b = append(append(b, "WEBP"+kind...), binary.LittleEndian.AppendUint32(nil, uint32(len(body)))...)
	return append(b, body...)
}

// enlargedWebP says of a small WebP that it is w × h.
func enlargedWebP(small []byte, w, h int) []byte {
	b := bytes.Clone(small)
	if at := bytes.Index(b, []byte{0x9d, 0x01, 0x2a}); at > 0 && at+7 < len(b) {
		binary.LittleEndian.PutUint16(b[at+3:], uint16(w))
		binary.LittleEndian.PutUint16(b[at+5:], uint16(h))
	}
	return b
}

// enlargedHEIC says of a small HEIC that it is w × h.
func enlargedHEIC(small []byte, w, h int) []byte {
	b := bytes.Clone(small)
	for i := 0; ; {
		j := bytes.Index(b[i:], []byte("ispe"))
		if j < 0 || i+j+16 > len(b) {
			return b
		}
		i += j + 4
		binary.BigEndian.PutUint32(b[i+4:], uint32(w))
		binary.BigEndian.PutUint32(b[i+8:], uint32(h))
	}
}

// HostileSheets is one table of each kind that takes memory or time.
func HostileSheets() map[string][]byte {
	row := `<row r="%d"><c r="A%[1]d" t="s"><v>0</v></c></row>`
	var rows strings.Builder
	for i := range 400_000 {
		fmt.Fprintf(&rows, row, i+1)
	}
	var shared strings.Builder
	for i := range 900_000 {
		fmt.Fprintf(&shared, "<si><t>%d</t></si>", i)
	}
	long := strings.Repeat("<si><t>"+strings.Repeat("长", 10_000)+"</t></si>", 2000)
	return map[string][]byte{
		"workbook with many rows":            workbook(rows.String(), "<si><t>x</t></si>"),
		"workbook with a part of a gigabyte": workbook(strings.Repeat(strings.Repeat("<x/>", 1<<18), 900), ""),
		"workbook with many shared texts":    workbook("", shared.String()),
		"workbook with long shared texts":    workbook("", long),
		"text with one line":                 bytes.Repeat([]byte("a,"), 9<<20),
		"text with many lines":               bytes.Repeat([]byte("a\n"), 9<<20),
		"text with an open quotation":        append([]byte("a,\""), bytes.Repeat([]byte("b\n"), 9<<20)...),
	}
}

func workbook(rows, shared string) []byte {
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for name, content := range map[string]string{
		"xl/workbook.xml": `<workbook><sheets><sheet name="a" r:id="r1"/></sheets></workbook>`,
		"xl/_rels/workbook.xml.rels": `<Relationships><Relationship Id="r1" Type="x/worksheet" Target="worksheets/a.xml"/>` +
			`<Relationship Id="r2" Type="x/sharedStrings" Target="sharedStrings.xml"/></Relationships>`,
		"xl/worksheets/a.xml":  "<worksheet><sheetData>" + rows + "</sheetData></worksheet>",
		"xl/sharedStrings.xml": "<sst>" + shared + "</sst>",
	} {
		f, err := z.Create(name)
		if err == nil {
			_, _ = f.Write([]byte(content))
		}
	}
	_ = z.Close()
	return b.Bytes()
}
