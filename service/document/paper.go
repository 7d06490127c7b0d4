// Package document prints the court's papers as PDF and signs them. A paper is
// laid out here and drawn by gopdf with a font of the characters that it uses
// (40 KB; the other kept library, fpdf, cannot print characters beyond the basic
// plane, which names have), then finished by an incremental update of our own
// that adds what gopdf lacks: XMP metadata, an sRGB output intent, Unicode for
// rare characters, and the digital signature over all of it.
package document

import (
	"bytes"
	"fmt"
	"image"
	"image/draw"
	"strings"
	"time"

	"github.com/boombuler/barcode"
	"github.com/boombuler/barcode/qr"
	"github.com/signintech/gopdf"

	"microcourt/model"
	"microcourt/service/document/font"
)

// Measures of a Chinese official paper in points.
const (
	pageWidth  = 595.28
	pageHeight = 841.89
	marginX    = 79.0 // 28 mm
	marginTop  = 85.0
	bottom     = 760.0
	bodySize   = 14.0
	lineHeight = 25.0
	textWidth  = pageWidth - 2*marginX
)

// paper is one document being laid out from top to bottom. Nothing is drawn
// before all is laid out: only then it is known which characters the embedded
// font must have, and a paper that is set again in a smaller size costs nothing.
type paper struct {
	face   *font.Face
	info   gopdf.PdfInfo
	marks  []func(*gopdf.GoPdf) error // what is drawn, in this order
	text   strings.Builder            // every character on the paper
	y      float64
	footer string
	pages  int
	// body and leading are the size of paragraphs and the distance of their lines.
	body, leading float64
	err           error
}

func newPaper(title, footer string, at time.Time) (*paper, error) {
	face, err := font.Kai()
	if err != nil {
		return nil, err
	}
	p := &paper{
		face: face, footer: footer, body: bodySize, leading: lineHeight,
		info: gopdf.PdfInfo{Title: title, Creator: "microcourt", Producer: "microcourt", CreationDate: at.In(model.CourtZone)},
	}
	p.page()
	return p, nil
}

// printable replaces characters that the font lacks by their code point in
// words, so that a paper never shows an empty box for part of a name.
func (p *paper) printable(s string) string {
	for _, r := range p.face.Missing(s) {
		s = strings.ReplaceAll(s, string(r), fmt.Sprintf("〔U+%04X〕", r))
	}
	return s
}

func (p *paper) fail(err error) {
	if p.err == nil && err != nil {
		p.err = fmt.Errorf("paper: %w", err)
	}
}

func (p *paper) draw(mark func(*gopdf.GoPdf) error) { p.marks = append(p.marks, mark) }

func (p *paper) page() {
	p.draw(func(pdf *gopdf.GoPdf) error { pdf.AddPage(); return nil })
	p.pages++
	p.y = marginTop
	if p.footer != "" {
		p.at(marginX, pageHeight-48, 9, p.foot(p.pages))
	}
}

// foot is what stands at the foot of a page.
func (p *paper) foot(page int) string { return fmt.Sprintf("%s　第 %d 页", p.footer, page) }

func (p *paper) at(x, y, size float64, s string) {
	p.text.WriteString(s)
	p.draw(func(pdf *gopdf.GoPdf) error {
		if err := pdf.SetFont("kai", "", size); err != nil {
			return err
		}
		pdf.SetXY(x, y)
		return pdf.Text(s)
	})
}

func (p *paper) width(size float64, s string) float64 {
	return float64(p.face.Width(s)) * (size / 1000)
}

func (p *paper) room(h float64) {
	if p.y+h > bottom {
		p.page()
	}
}

func (p *paper) centred(size float64, s string) {
	s = p.printable(s)
	p.room(size * 1.6)
	p.y += size * 1.6
	p.at((pageWidth-p.width(size, s))/2, p.y, size, s)
}

func (p *paper) right(size float64, s string) {
	s = p.printable(s)
	p.room(size * 1.8)
	p.y += size * 1.8
	p.at(pageWidth-marginX-p.width(size, s), p.y, size, s)
}

// paragraph sets text with the first line indented by two characters, breaking
// anywhere but before closing punctuation.
func (p *paper) paragraph(s string) { p.flow(s, p.body, p.leading, "　　") }

func (p *paper) flow(s string, size, leading float64, indent string) {
	for _, line := range p.wrap(indent+p.printable(s), size, textWidth) {
		p.room(leading)
		p.y += leading
		p.at(marginX, p.y, size, line)
	}
}

const notAtLineEnd = "（《“‘〔"

const notAtLineStart = "，。；：、！？）》”’〕」％%,.;:)"

// wrap breaks a text into lines. A number or a Latin word stays whole, and no
// line begins with closing punctuation.
func (p *paper) wrap(s string, size, w float64) []string {
	var lines []string
	var line strings.Builder
	used := 0.0
	next := func() {
		lines = append(lines, line.String())
		line.Reset()
		used = 0
	}
	for _, word := range words(s) {
		ww := p.width(size, word)
		switch {
		case word == "\n":
			next()
			continue
		case ww > w: // longer than a line: it breaks anywhere
			for _, r := range word {
				rw := p.width(size, string(r))
				if used+rw > w {
					next()
				}
				line.WriteRune(r)
				used += rw
			}
			continue
		case used+ww > w && !strings.Contains(notAtLineStart, word):
			next()
		}
		line.WriteString(word)
		used += ww
	}
	return append(lines, line.String())
}

// words splits a text into what may stand at the end of a line: a run of Latin
// letters and digits with their points and commas, or one character; an opening
// bracket goes with what it opens.
func words(s string) []string {
	var out []string
	run := false
	for _, r := range s {
		if n := len(out); n > 0 && r != '\n' && strings.Contains(notAtLineEnd, out[n-1]) {
			out[n-1] += string(r)
			continue
		}
		in := r < 0x80 && (r >= '0' && r <= '9' || r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || strings.ContainsRune(".,-", r))
		if in && run {
			out[len(out)-1] += string(r)
		} else {
			out = append(out, string(r))
		}
		run = in
	}
	return out
}

// table sets rows of cells with rules between them; a row never breaks over
// two pages.
func (p *paper) table(widths []float64, rows [][]string) {
	size, leading, pad := 12.0, 19.0, 6.0
	switch {
	case len(widths) > 5:
		size, leading, pad = 10, 15, 3
	case p.body < bodySize:
		size, leading, pad = 10.5, 16, 5
	}
	for _, row := range rows {
		cells := make([][]string, len(row))
		lines := 1
		for i, c := range row {
			cells[i] = p.wrap(p.printable(c), size, widths[i]-2*pad)
			lines = max(lines, len(cells[i]))
		}
		h := float64(lines)*leading + pad
		p.room(h)
		x := marginX
		for i, c := range cells {
			p.frame(x, p.y, widths[i], h)
			for j, line := range c {
				p.at(x+pad, p.y+float64(j+1)*leading-2, size, line)
			}
			x += widths[i]
		}
		p.y += h
	}
}

func (p *paper) frame(x, y, w, h float64) {
	p.draw(func(pdf *gopdf.GoPdf) error {
		pdf.SetLineWidth(0.6)
		pdf.RectFromUpperLeft(x, y, w, h)
		return nil
	})
}

// picture draws a PNG with eight bits a channel.
func (p *paper) picture(png []byte, x, y, side float64) {
	p.draw(func(pdf *gopdf.GoPdf) error {
		h, err := gopdf.ImageHolderByBytes(png)
		if err != nil {
			return err
		}
		return pdf.ImageByHolder(h, x, y, &gopdf.Rect{W: side, H: side})
	})
}

// code draws a QR code with a caption below.
func (p *paper) code(content, caption string, x, y, side float64) {
	c, err := qr.Encode(content, qr.M, qr.Auto)
	if err == nil {
		c, err = barcode.Scale(c, c.Bounds().Dx()*4, c.Bounds().Dy()*4)
	}
	if err != nil {
		p.fail(err)
		return
	}
	grey := image.NewGray(c.Bounds())
	draw.Draw(grey, grey.Bounds(), c, c.Bounds().Min, draw.Src)
	p.picture(pngBytes(grey), x, y, side)
	p.at(x+(side-p.width(9, caption))/2, y+side+12, 9, caption)
}

func (p *paper) bytes() ([]byte, error) {
	if p.err != nil {
		return nil, p.err
	}
	ttf, err := p.face.Subset(p.text.String())
	if err != nil {
		return nil, fmt.Errorf("paper: %w", err)
	}
	pdf := &gopdf.GoPdf{}
	pdf.Start(gopdf.Config{PageSize: *gopdf.PageSizeA4})
	pdf.SetInfo(p.info)
	if err := pdf.AddTTFFontData("kai", ttf); err != nil {
		return nil, fmt.Errorf("paper: %w", err)
	}
	for _, mark := range p.marks {
		if err := mark(pdf); err != nil {
			return nil, fmt.Errorf("paper: %w", err)
		}
	}
	var b bytes.Buffer
	if _, err := pdf.WriteTo(&b); err != nil {
		return nil, fmt.Errorf("paper: %w", err)
	}
	return b.Bytes(), nil
}

// chineseDate writes 二〇二〇年七月二十四日, as papers are dated.
func chineseDate(d model.Date) string {
	digit := []rune("〇一二三四五六七八九")
	var b strings.Builder
	for _, c := range fmt.Sprint(d.Year) {
		b.WriteRune(digit[c-'0'])
	}
	small := func(n int) string {
		switch {
		case n < 10:
			return string(digit[n])
		case n < 20:
			return "十" + strings.TrimPrefix(string(digit[n%10]), "〇")
		default:
			return string(digit[n/10]) + "十" + strings.TrimPrefix(string(digit[n%10]), "〇")
		}
	}
	return b.String() + "年" + small(int(d.Month)) + "月" + small(d.Day) + "日"
}
