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
	"regexp"
	"strings"
	"time"

	"github.com/boombuler/barcode"
	"github.com/boombuler/barcode/qr"
	"github.com/signintech/gopdf"

	"microcourt/model"
	"microcourt/service/document/font"
)

// Measures in points, by 《人民法院民事裁判文书制作规范》 (法〔2016〕221号) and, where it
// is silent, GB/T 9704: a type area of 156 by 225 mm on A4, 28 mm from the left and
// 37 mm from the top, of 22 lines of 28 characters; titles in size two (二号), text in
// size three (三号).
const (
	mm         = 72 / 25.4
	pageWidth  = 595.28
	pageHeight = 841.89
	textWidth  = 156 * mm
	marginX    = 28 * mm
	marginTop  = 37 * mm
	bottom     = marginTop + 225*mm
	titleSize  = 22.0
	bodySize   = 15.75
	lineHeight = 225 * mm / 22
	// The usual ones are those of certificates, slips and records, which are no
	// instruments of a trial and fit on one page.
	usualTop     = 85.0
	usualBottom  = 760.0
	usualBody    = 14.0
	usualLeading = 25.0
)

// script is a font on a paper, and every character that is set in it.
type script struct {
	name string
	face *font.Face
	text strings.Builder
}

// paper is one document being laid out from top to bottom. Nothing is drawn
// before all is laid out: only then it is known which characters the embedded
// fonts must have, and a paper that is set again in a smaller size costs nothing.
type paper struct {
	body, title *script
	// spare prints what the court's own font of the text lacks; nil where the text is
	// in Kai, which has all that can be printed.
	spare  *script
	info   gopdf.PdfInfo
	marks  []func(*gopdf.GoPdf) error // what is drawn, in this order
	y      float64
	footer string
	over   string // stands in grey across each page, "" for nothing
	pages  int
	// size and leading are those of paragraphs: the size and the distance of lines.
	size, leading float64
	// instrument says that the paper keeps to the measures of court instruments.
	instrument bool
	// alone says that the court's name, the day and the seal came to stand on a page
	// without text, or with less than two lines of it.
	alone bool
	err   error
}

// Fonts are a court's own typefaces for titles and for the text: those of the
// norm are sold under licences that no program can bring. Nil is the program's
// open one.
type Fonts struct{ Title, Text *font.Face }

// newPaper is an empty paper; the first page is begun by whoever lays it out.
func (pr *Printer) newPaper(title, footer string, at time.Time) (*paper, error) {
	p := &paper{
		footer: footer, size: usualBody, leading: usualLeading,
		info: gopdf.PdfInfo{Title: title, Creator: "microcourt", Producer: "microcourt", CreationDate: at.In(model.CourtZone)},
	}
	kai, err := font.Kai()
	if err != nil {
		return nil, err
	}
	p.body = &script{name: "text", face: kai}
	if pr.fonts.Text != nil {
		p.body.face, p.spare = pr.fonts.Text, &script{name: "spare", face: kai}
	}
	p.title = &script{name: "title", face: pr.fonts.Title}
	if p.title.face == nil {
		if p.title.face, err = font.Song(); err != nil {
			return nil, err
		}
	}
	return p, nil
}

// printable replaces characters that the font lacks by their code point in
// words, so that a paper never shows an empty box for part of a name.
func (p *paper) printable(s string) string {
	all := p.body.face
	if p.spare != nil {
		all = p.spare.face
	}
	for _, r := range all.Missing(s) {
		if p.spare != nil && len(p.body.face.Missing(string(r))) == 0 {
			continue
		}
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
	p.y = usualTop
	if p.instrument {
		p.y = marginTop
	}
	if p.over != "" {
		p.across(p.over)
	}
	if p.footer != "" {
		foot := p.foot(p.pages)
		x := marginX
		if p.instrument && p.pages%2 == 1 { // printed on both sides: odd numbers at the right
			x += textWidth - p.width(9, foot)
		}
		p.at(x, pageHeight-48, 9, foot)
	}
}

// across sets words in grey from corner to corner of a page, below what follows.
func (p *paper) across(s string) {
	const size = 150
	p.body.text.WriteString(s)
	x := (pageWidth - p.body.width(size, s)) / 2
	p.draw(func(pdf *gopdf.GoPdf) error {
		if err := pdf.SetFont(p.body.name, "", size); err != nil {
			return err
		}
		pdf.Rotate(45, pageWidth/2, pageHeight/2)
		pdf.SetTextColor(222, 222, 222)
		pdf.SetXY(x, pageHeight/2+size/3)
		err := pdf.Text(s)
		pdf.SetTextColor(0, 0, 0)
		pdf.RotateReset()
		return err
	})
}

// foot is what stands at the foot of a page.
func (p *paper) foot(page int) string { return fmt.Sprintf("%s　第 %d 页", p.footer, page) }

func (p *paper) at(x, y, size float64, s string) {
	if p.spare == nil {
		p.put(p.body, x, y, size, s)
		return
	}
	for _, run := range p.runs(s) {
		p.put(run.in, x, y, size, run.text)
		x += run.in.width(size, run.text)
	}
}

func (p *paper) put(in *script, x, y, size float64, s string) {
	in.text.WriteString(s)
	p.draw(func(pdf *gopdf.GoPdf) error {
		if err := pdf.SetFont(in.name, "", size); err != nil {
			return err
		}
		pdf.SetXY(x, y)
		return pdf.Text(s)
	})
}

// run is a piece of text in one font.
type run struct {
	in   *script
	text string
}

// runs splits a text into what the court's own font has and what it lacks.
func (p *paper) runs(s string) (out []run) {
	lacks := string(p.body.face.Missing(s))
	for _, r := range s {
		in := p.body
		if strings.ContainsRune(lacks, r) {
			in = p.spare
		}
		if n := len(out); n > 0 && out[n-1].in == in {
			out[n-1].text += string(r)
			continue
		}
		out = append(out, run{in, string(r)})
	}
	return out
}

func (s *script) width(size float64, text string) float64 {
	return float64(s.face.Width(text)) * (size / 1000)
}

func (p *paper) width(size float64, s string) (sum float64) {
	if p.spare == nil {
		return p.body.width(size, s)
	}
	for _, run := range p.runs(s) {
		sum += run.in.width(size, run.text)
	}
	return sum
}

func (p *paper) room(h float64) {
	last := usualBottom
	if p.instrument {
		last = bottom
	}
	if p.y+h > last+0.1 {
		p.page()
	}
}

// centred sets a title, in the text's font where that of titles lacks something of
// it. One that is wider than the page is set smaller.
func (p *paper) centred(size float64, s string) {
	s = p.printable(s)
	in, width := p.title, 0.0
	if len(in.face.Missing(s)) > 0 {
		in, width = nil, p.width(size, s)
	} else {
		width = in.width(size, s)
	}
	if width > textWidth {
		size, width = size*textWidth/width, textWidth
	}
	p.room(size * 1.6)
	p.y += size * 1.6
	x := marginX + (textWidth-width)/2
	if in == nil {
		p.at(x, p.y, size, s)
		return
	}
	p.put(in, x, p.y, size, s)
}

func (p *paper) right(size float64, s string) {
	s = p.printable(s)
	p.room(size * 1.8)
	p.y += size * 1.8
	end := marginX + textWidth
	if p.instrument { // two characters stay free at the end of the line
		end -= 2 * size
	}
	p.at(end-p.width(size, s), p.y, size, s)
}

// paragraph sets text with the first line indented by two characters, breaking
// anywhere but before closing punctuation.
func (p *paper) paragraph(s string) { p.flow(s, p.size, p.leading, "　　") }

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

// whole finds what never breaks over two lines: case and document numbers, days, and
// amounts of money in figures and in words.
var whole = regexp.MustCompile(`\d{4}年\d{1,2}月\d{1,2}日|（(?:19|20)\d{2}）[\p{Han}\d]{1,24}?号(?:之[一二三四五六七八九十]+)?|[\p{Han}]{0,8}〔(?:19|20)\d{2}〕\d+号|\d[\d,]*(?:\.\d+)? ?(?:万|亿)?元|人民币[零壹贰叁肆伍陆柒捌玖拾佰仟万亿元圆角分整]+`)

// words splits a text into what may stand at the end of a line: a number or an
// amount, a run of Latin letters and digits with their points and commas, or one
// character; an opening bracket goes with what it opens.
func words(s string) []string {
	var out []string
	from := 0
	for _, at := range whole.FindAllStringIndex(s, -1) {
		out = letters(out, s[from:at[0]])
		out = join(out, s[at[0]:at[1]])
		from = at[1]
	}
	return letters(out, s[from:])
}

// join appends a word, to the opening bracket before it if there is one.
func join(out []string, word string) []string {
	if n := len(out); n > 0 && strings.Contains(notAtLineEnd, out[n-1]) {
		out[n-1] += word
		return out
	}
	return append(out, word)
}

func letters(out []string, s string) []string {
	run := false
	for _, r := range s {
		if n := len(out); n > 0 && r != '\n' && strings.Contains(notAtLineEnd, out[n-1]) {
			out[n-1] += string(r)
			continue
		}
		in := r < 0x80 && (r >= '0' && r <= '9' || r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || strings.ContainsRune(".,-*", r))
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
	case p.size < usualBody:
		size, leading, pad = 10.5, 16, 5
	}
	widths, size = p.columnsFor(widths, rows, size, 2*pad)
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

// columnsFor fits the columns of a table to what stands in them: none is narrower than
// its longest word (an amount, a day, a case number), and what a column has beyond its
// longest line goes to those that need more lines. Where the words alone are wider
// than the page, the type gets smaller. pad is what a cell loses at both sides.
func (p *paper) columnsFor(widths []float64, rows [][]string, size, pad float64) ([]float64, float64) {
	word, line := make([]float64, len(widths)), make([]float64, len(widths))
	sum := 0.0
	for i := range widths {
		for _, row := range rows {
			cell := p.printable(row[i])
			line[i] = max(line[i], p.width(size, cell)+pad)
			for _, w := range words(cell) {
				word[i] = max(word[i], p.width(size, w)+pad)
			}
		}
		sum += word[i]
	}
	if sum > textWidth && size > 7 {
		return p.columnsFor(widths, rows, size-1, pad)
	}
	out := make([]float64, len(widths))
	free, lacking := textWidth, 0.0
	for i, w := range widths {
		out[i] = max(word[i], min(w, line[i]))
		free -= out[i]
		lacking += max(0, line[i]-out[i])
	}
	more := max(0, min(free, lacking))
	for i, w := range widths {
		if lacking > 0 {
			out[i] += more * max(0, line[i]-out[i]) / lacking
		}
		if free > more { // everything has its line: the rest as the template says
			out[i] += (free - more) * w / textWidth
		} else if free < 0 && sum < textWidth { // what is above the longest word gives way
			out[i] += free * (out[i] - word[i]) / (textWidth - free - sum)
		}
	}
	return out, size
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
	pdf := &gopdf.GoPdf{}
	pdf.Start(gopdf.Config{PageSize: *gopdf.PageSizeA4})
	pdf.SetInfo(p.info)
	next := 1
	for _, in := range []*script{p.body, p.title, p.spare} {
		if in == nil || in.text.Len() == 0 || in == p.title && p.title == p.body && next > 1 {
			continue
		}
		ttf, free, err := in.face.SubsetFrom(in.text.String(), next)
		if err == nil {
			err = pdf.AddTTFFontData(in.name, ttf)
		}
		if err != nil {
			return nil, fmt.Errorf("paper: %w", err)
		}
		next = free
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
