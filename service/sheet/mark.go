package sheet

import (
	"archive/zip"
	"bytes"
	"context"
	"encoding/csv"
	"fmt"
	"slices"
	"strings"

	"github.com/xuri/excelize/v2"
)

// Fault is a wrong cell of a sheet.
type Fault struct {
	Row     int    // as the spreadsheet counts
	Column  string // its title, "" for the row as a whole
	Message string
}

const (
	marksTitle = "错误说明"
	marksBy    = "微法院" // the author of the remarks
	faultColor = "FFC7CE"
	// What a sheet is marked of at most: it is taken apart as a whole for that. Of a
	// larger one its faults come back as a list.
	maxMarked     = 4 << 20  // bytes, as sent
	maxMarkedXML  = 48 << 20 // bytes, unpacked
	maxRemarks    = 300
	marksColWidth = 60
)

// Marked is the sheet as it was sent with its faults marked: a column 错误说明 behind
// the others and, in a workbook, the wrong cells coloured with a remark each. What an
// earlier marking left is taken away. name is the file's ending. Of a sheet that is too
// large for that it is a workbook of its own with a line for each fault, and the ending
// is ListEnd. The content is nil where the sheet could not be read at all.
func (f *File) Marked(ctx context.Context, info Info, faults []Fault) (content []byte, name string, err error) {
	if info.at == nil {
		return nil, "", nil
	}
	if f.size > maxMarked {
		return listed(faults)
	}
	if err := wait(ctx, turn); err != nil {
		return nil, "", err
	}
	defer turn.Release(1)
	b := make([]byte, f.size)
	if _, err := f.spool.ReadAt(b, 0); err != nil {
		return nil, "", fmt.Errorf("spooled table: %w", err)
	}
	if bytes.HasPrefix(b, []byte("PK")) {
		if unpacked(b) > maxMarkedXML {
			return listed(faults)
		}
		content, err = markWorkbook(b, info, faults)
		return content, ".xlsx", err
	}
	content, err = markText(ctx, b, info, faults)
	return content, ".csv", err
}

// ListEnd is the end of the name of a list of faults.
const ListEnd = "-错误清单.xlsx"

// listed are the faults as a workbook of their own, in the order of the rows.
func listed(faults []Fault) ([]byte, string, error) {
	w, err := NewWriter([]float64{8, 20, marksColWidth})
	if err != nil {
		return nil, "", err
	}
	defer w.Close()
	if err := w.Head("行", "列", marksTitle); err != nil {
		return nil, "", err
	}
	for _, f := range slices.SortedStableFunc(slices.Values(faults), func(a, b Fault) int { return a.Row - b.Row }) {
		if err := w.Row(f.Row, f.Column, f.Message); err != nil {
			return nil, "", err
		}
	}
	var out bytes.Buffer
	_, err = w.WriteTo(&out)
	return out.Bytes(), ListEnd, err
}

func unpacked(b []byte) (n uint64) {
	z, err := zip.NewReader(bytes.NewReader(b), int64(len(b)))
	if err != nil {
		return maxMarkedXML + 1
	}
	for _, p := range z.File {
		n += p.UncompressedSize64
	}
	return n
}

// sentences are what is said of each row.
func sentences(faults []Fault) map[int]string {
	out := map[int]string{}
	for _, f := range faults {
		s := f.Message
		if f.Column != "" {
			s = f.Column + "：" + s
		}
		if out[f.Row] != "" {
			s = out[f.Row] + "\n" + s
		}
		out[f.Row] = s
	}
	return out
}

// column is where the marks stand.
func (i Info) column() int {
	if i.marks >= 0 {
		return i.marks
	}
	return i.width
}

func markText(ctx context.Context, b []byte, info Info, faults []Fault) ([]byte, error) {
	said, at := sentences(faults), info.column()
	var out bytes.Buffer
	out.WriteString("\ufeff") // Excel takes it for UTF-8 then
	w := csv.NewWriter(&out)
	w.UseCRLF = true
	next := 1
	err := eachRecord(ctx, b, func(n int, fields []string) error {
		for ; next < n; next++ { // an empty line is a row, too
			w.Flush()
			out.WriteString("\r\n")
		}
		next = n + 1
		line := slices.Clone(fields)
		if n >= info.titleRow {
			for len(line) <= at {
				line = append(line, "")
			}
			if line[at] = said[n]; n == info.titleRow {
				line[at] = marksTitle
			}
		}
		return w.Write(line)
	})
	w.Flush()
	return out.Bytes(), err
}

// painter gives cells the colour of faults and takes it away again, leaving the rest
// of their format as it is.
type painter struct {
	x           *excelize.File
	sheet       string
	red, normal map[int]int // styles by those that they stand for
}

func (p *painter) paint(cell string, wrong bool) error {
	was, err := p.x.GetCellStyle(p.sheet, cell)
	if err != nil {
		return err
	}
	known := p.normal
	if wrong {
		known = p.red
	}
	id, ok := known[was]
	if !ok {
		style, err := p.x.GetStyle(was)
		if err != nil {
			return err
		}
		ours := style.Fill.Type == "pattern" && slices.Equal(style.Fill.Color, []string{faultColor})
		switch {
		case wrong:
			style.Fill = excelize.Fill{Type: "pattern", Pattern: 1, Color: []string{faultColor}}
		case !ours:
			known[was] = was
			return nil
		default:
			style.Fill = excelize.Fill{}
		}
		if id, err = p.x.NewStyle(style); err != nil {
			return err
		}
		known[was] = id
	}
	if id == was {
		return nil
	}
	return p.x.SetCellStyle(p.sheet, cell, cell, id)
}

// clear takes away what an earlier marking left.
func (p *painter) clear(info Info) error {
	remarks, err := p.x.GetComments(p.sheet)
	if err != nil {
		return err
	}
	for _, r := range remarks {
		if r.Author == marksBy {
			if err := p.x.DeleteComment(p.sheet, r.Cell); err != nil {
				return err
			}
		}
	}
	rows, err := p.x.GetRows(p.sheet)
	if err != nil {
		return err
	}
	for i, r := range rows {
		if i+1 <= info.titleRow || info.marks >= len(r) || strings.TrimSpace(r[info.marks]) == "" {
			continue
		}
		for c := range max(info.width, 1) {
			cell, err := excelize.CoordinatesToCellName(c+1, i+1)
			if err != nil {
				return err
			}
			if c == info.marks {
				err = p.x.SetCellValue(p.sheet, cell, nil)
			} else {
				err = p.paint(cell, false)
			}
			if err != nil {
				return err
			}
		}
	}
	return nil
}

func markWorkbook(b []byte, info Info, faults []Fault) ([]byte, error) {
	x, err := excelize.OpenReader(bytes.NewReader(b), excelize.Options{UnzipSizeLimit: 2 * maxMarkedXML, UnzipXMLSizeLimit: 2 * maxMarkedXML, RawCellValue: true})
	if err != nil {
		return nil, nil // what our reader took and this one does not is told without marks
	}
	defer func() { _ = x.Close() }() // in memory
	p := &painter{x: x, sheet: info.Name, red: map[int]int{}, normal: map[int]int{}}
	if info.marks >= 0 {
		if err := p.clear(info); err != nil {
			return nil, err
		}
	}
	at := func(column, row int) string {
		cell, _ := excelize.CoordinatesToCellName(column+1, row) // within the bounds of what was read
		return cell
	}
	column := info.column()
	letters, err := excelize.ColumnNumberToName(column + 1)
	if err != nil {
		return nil, err
	}
	if err := x.SetColWidth(info.Name, letters, letters, marksColWidth); err != nil {
		return nil, err
	}
	if err := x.SetCellStr(info.Name, at(column, info.titleRow), marksTitle); err != nil {
		return nil, err
	}
	wrapped, err := x.NewStyle(&excelize.Style{Alignment: &excelize.Alignment{WrapText: true, Vertical: "top"}, Font: &excelize.Font{Color: "9C0006"}})
	if err != nil {
		return nil, err
	}
	for row, words := range sentences(faults) {
		cell := at(column, row)
		if err := x.SetCellStr(info.Name, cell, words); err != nil {
			return nil, err
		}
		if err := x.SetCellStyle(info.Name, cell, cell, wrapped); err != nil {
			return nil, err
		}
	}
	for i, f := range faults {
		c, known := info.at[f.Column]
		if !known {
			continue
		}
		if err := p.paint(at(c, f.Row), true); err != nil {
			return nil, err
		}
		if i < maxRemarks {
			if err := x.AddComment(info.Name, excelize.Comment{Author: marksBy, Cell: at(c, f.Row), Paragraph: []excelize.RichTextRun{{Text: f.Message}}}); err != nil {
				return nil, err
			}
		}
	}
	var out bytes.Buffer
	if err := x.Write(&out); err != nil {
		return nil, err
	}
	return out.Bytes(), nil
}
