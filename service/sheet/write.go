package sheet

import (
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/xuri/excelize/v2"

	"microcourt/model"
)

// Writer writes a list as a workbook of one sheet, a row at a time: what is beyond
// a few megabytes waits on disk until the workbook is sent.
type Writer struct {
	file   *excelize.File
	out    *excelize.StreamWriter
	row    int
	bold   int
	day    int
	money  int
	moment int
}

// sheetName is the sheet of a written list.
const sheetName = "列表"

// NewWriter begins a workbook whose columns have these widths, in characters.
// The caller closes it.
func NewWriter(widths []float64) (*Writer, error) {
	w := &Writer{file: excelize.NewFile()}
	err := w.file.SetSheetName("Sheet1", sheetName)
	if err == nil {
		w.out, err = w.file.NewStreamWriter(sheetName)
	}
	for i, width := range widths {
		if err == nil {
			err = w.out.SetColWidth(i+1, i+1, width)
		}
	}
	style := func(s excelize.Style) (id int) {
		if err == nil {
			id, err = w.file.NewStyle(&s)
		}
		return id
	}
	days, moments := "yyyy-mm-dd", "yyyy-mm-dd hh:mm"
	w.bold = style(excelize.Style{Font: &excelize.Font{Bold: true}})
	w.money = style(excelize.Style{NumFmt: 4}) // 1,234.50
	w.day = style(excelize.Style{CustomNumFmt: &days})
	w.moment = style(excelize.Style{CustomNumFmt: &moments})
	if err != nil {
		_ = w.file.Close() // the first error is told
		return nil, fmt.Errorf("new sheet: %w", err)
	}
	return w, nil
}

// Head writes a row of headings.
func (w *Writer) Head(names ...string) error {
	cells := make([]any, len(names))
	for i, n := range names {
		cells[i] = excelize.Cell{StyleID: w.bold, Value: Safe(n)}
	}
	return w.add(cells)
}

// Row writes a row of texts, numbers, amounts, days and moments. An amount is a
// number of yuan, a day is a day: whoever gets the sheet can add and sort.
func (w *Writer) Row(values ...any) error {
	cells := make([]any, len(values))
	for i, v := range values {
		switch v := v.(type) {
		case model.Fen:
			cells[i] = excelize.Cell{StyleID: w.money, Value: float64(v) / 100}
		case model.Date:
			if !v.IsZero() {
				cells[i] = excelize.Cell{StyleID: w.day, Value: time.Date(v.Year, v.Month, v.Day, 0, 0, 0, 0, time.UTC)}
			}
		case time.Time:
			if !v.IsZero() { // a sheet knows no zones: it says the court's time
				t := v.In(model.CourtZone)
				cells[i] = excelize.Cell{StyleID: w.moment, Value: time.Date(t.Year(), t.Month(), t.Day(), t.Hour(), t.Minute(), t.Second(), 0, time.UTC)}
			}
		case int:
			cells[i] = v
		case int64:
			cells[i] = v
		case nil:
		default:
			cells[i] = Safe(fmt.Sprint(v))
		}
	}
	return w.add(cells)
}

func (w *Writer) add(cells []any) error {
	w.row++
	at, err := excelize.CoordinatesToCellName(1, w.row)
	if err != nil {
		return err
	}
	return w.out.SetRow(at, cells)
}

// WriteTo sends the workbook.
func (w *Writer) WriteTo(to io.Writer) (int64, error) {
	if err := w.out.Flush(); err != nil {
		return 0, fmt.Errorf("write sheet: %w", err)
	}
	return w.file.WriteTo(to)
}

// Close frees what the workbook holds.
func (w *Writer) Close() { _ = w.file.Close() } // temporary files

// Safe is a text that no program takes for a formula, whatever it was typed as: it
// is marked as a text where it begins like one, also behind blanks and in full
// width.
func Safe(text string) string {
	if len(text) > maxText {
		if r := []rune(text); len(r) > maxText {
			text = string(r[:maxText])
		}
	}
	if text == "" {
		return text
	}
	if first := strings.TrimLeft(text, " \u00a0\u3000"); strings.ContainsAny(text[:1], "\t\r\n") ||
		first != "" && strings.ContainsRune("=+-@＝＋－＠|%\t\r\n", []rune(first)[0]) {
		return "'" + text
	}
	return text
}
