package sheet

import (
	"fmt"
	"io"

	"github.com/xuri/excelize/v2"
)

// Form is a workbook that somebody fills in and sends back.
type Form struct {
	Name   string
	Rows   [][]any   // the titles, and what is filled in already
	Help   []string  // lines that say how, on a sheet of their own that is not read
	Widths []float64 // of the columns, in characters; 0 for the usual one
}

// Write writes the workbook.
func (f Form) Write(w io.Writer) error {
	x := excelize.NewFile()
	defer func() { _ = x.Close() }() // in memory
	if err := x.SetSheetName("Sheet1", f.Name); err != nil {
		return err
	}
	for i, row := range f.Rows {
		if err := x.SetSheetRow(f.Name, fmt.Sprintf("A%d", i+1), &row); err != nil {
			return err
		}
	}
	for i, width := range f.Widths {
		if width == 0 {
			continue
		}
		name, err := excelize.ColumnNumberToName(i + 1)
		if err == nil {
			err = x.SetColWidth(f.Name, name, name, width)
		}
		if err != nil {
			return err
		}
	}
	if len(f.Help) > 0 {
		if _, err := x.NewSheet(helpSheet); err != nil {
			return err
		}
	}
	for i, line := range f.Help {
		if err := x.SetCellStr(helpSheet, fmt.Sprintf("A%d", i+1), line); err != nil {
			return err
		}
	}
	return x.Write(w)
}

// Titles are the row of titles of a form.
func Titles(columns []string) []any {
	out := make([]any, len(columns))
	for i, c := range columns {
		out[i] = c
	}
	return out
}
