// Package sheet reads what people fill in: spreadsheets (.xlsx) and .csv files as
// Excel saves them in China (UTF-8 or GB18030).
package sheet

import (
	"bufio"
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"

	"github.com/xuri/excelize/v2"
	"golang.org/x/text/encoding/simplifiedchinese"

	"microcourt/model"
)

// Each yields the rows of an .xlsx or .csv file, counted from 1.
func Each(r io.Reader, yield func(n int, cells []string) error) error {
	br := bufio.NewReaderSize(r, 64<<10)
	head, err := br.Peek(4)
	if err != nil && !errors.Is(err, io.EOF) {
		return err
	}
	if bytes.HasPrefix(head, []byte("PK\x03\x04")) {
		return eachSheetRow(br, yield)
	}
	return eachCSVRow(br, yield)
}

func eachSheetRow(r io.Reader, yield func(int, []string) error) error {
	bad := model.InvalidField("file", "import.file", "无法读取该表格，请使用导入模板另存为 .xlsx 或 .csv 后重试")
	f, err := excelize.OpenReader(r, excelize.Options{UnzipSizeLimit: 200 << 20, UnzipXMLSizeLimit: 16 << 20})
	if err != nil {
		return bad.WithCause(err)
	}
	defer func() { _ = f.Close() }() // read only
	rows, err := f.Rows(f.GetSheetName(0))
	if err != nil {
		return bad.WithCause(err)
	}
	defer func() { _ = rows.Close() }() // read only
	for n := 1; rows.Next(); n++ {
		cells, err := rows.Columns()
		if err != nil {
			return bad.WithCause(err)
		}
		if err := yield(n, cells); err != nil {
			return err
		}
	}
	return rows.Error()
}

func eachCSVRow(br *bufio.Reader, yield func(int, []string) error) error {
	head, err := br.Peek(4096)
	if err != nil && !errors.Is(err, io.EOF) {
		return err
	}
	var r io.Reader = br
	switch {
	case bytes.HasPrefix(head, []byte("\xef\xbb\xbf")):
		_, _ = br.Discard(3) // peeked
	case !utf8.Valid(trimPartial(head)):
		r = simplifiedchinese.GB18030.NewDecoder().Reader(br) // what Excel saves in China
	}
	c := csv.NewReader(r)
	c.FieldsPerRecord = -1
	c.ReuseRecord = true
	for n := 1; ; n++ {
		cells, err := c.Read()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return model.InvalidField("file", "import.file", fmt.Sprintf("第 %d 行无法读取，请使用导入模板另存后重试", n)).WithCause(err)
		}
		if err := yield(n, cells); err != nil {
			return err
		}
	}
}

// trimPartial drops a character that the peek cut in two.
func trimPartial(b []byte) []byte {
	for i := 0; i < utf8.UTFMax && len(b) > 0; i++ {
		if r, _ := utf8.DecodeLastRune(b); r != utf8.RuneError {
			return b
		}
		b = b[:len(b)-1]
	}
	return b
}

// Day reads a day as people type it in a sheet; the zero date for an empty
// cell.
func Day(v string) (d model.Date, wrong bool) {
	if v == "" {
		return d, false
	}
	plain := strings.NewReplacer("/", "-", ".", "-", "年", "-", "月", "-", "日", "").Replace(v)
	d, err := model.ParseDate(plain)
	if err != nil {
		// 2026-3-2 is how people type
		var y, m, day int
		if n, serr := fmt.Sscanf(plain, "%d-%d-%d", &y, &m, &day); serr == nil && n == 3 {
			d, err = model.ParseDate(fmt.Sprintf("%04d-%02d-%02d", y, m, day))
		}
	}
	return d, err != nil
}
