package sheet

import (
	"bytes"
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding/simplifiedchinese"
)

// eachOfText yields the rows of a .csv file in UTF-8, or in GB18030 as Excel
// saves it in China.
func eachOfText(ctx context.Context, b []byte, yield func(row) error) error {
	var cells []Cell
	return eachRecord(ctx, b, func(n int, fields []string) error {
		cells = cells[:0]
		for i, f := range fields {
			cell := textCell(f)
			if cell.Type != Blank {
				if n > maxRow {
					return tooBig(fmt.Sprintf("第 %d 行还有内容，一个表格最多读到第 %d 行，请拆分文件", n, maxRow))
				}
				if i >= maxColumns {
					return tooBig(fmt.Sprintf("第 %d 行的第 %d 列有内容，一个表格最多 %d 列，请使用导入模板", n, i+1, maxColumns))
				}
			}
			if utf8.RuneCountInString(cell.Text) > maxText {
				return tooBig(fmt.Sprintf("第 %d 行的第 %d 列超过 %d 个字，请核对引号是否成对", n, i+1, maxText))
			}
			if i < maxColumns {
				cells = append(cells, cell)
			}
		}
		if r := (row{n: n, cells: cells}); !r.blank() {
			return yield(r)
		}
		return nil
	})
}

// eachRecord yields the records of a .csv file with the number of their row. The
// fields are valid until the next one.
func eachRecord(ctx context.Context, b []byte, yield func(n int, fields []string) error) error {
	bom := []byte("\xef\xbb\xbf")
	marked := bytes.HasPrefix(b, bom)
	b = bytes.TrimPrefix(b, bom)
	if !marked && isGB18030(b) {
		decoded, err := simplifiedchinese.GB18030.NewDecoder().Bytes(b)
		if err != nil {
			return refusal("文件的编码无法识别，请另存为 .xlsx 或“CSV UTF-8（逗号分隔）”后重试").WithCause(err)
		}
		b = decoded // wrong bytes are U+FFFD now and are named with their cell
	}
	if !bytes.Contains(b, []byte("\n")) { // as Excel for the Macintosh did
		b = bytes.ReplaceAll(b, []byte("\r"), []byte("\n"))
	}
	lead := 0
	if line, rest, _ := bytes.Cut(b, []byte("\n")); bytes.HasPrefix(bytes.ToLower(line), []byte("sep=")) {
		b, lead = rest, 1 // Excel's hint for itself
	}
	if err := checkSeparator(b); err != nil {
		return err
	}
	if err := checkFields(b); err != nil {
		return err
	}
	c := csv.NewReader(bytes.NewReader(b))
	c.FieldsPerRecord = -1
	c.ReuseRecord = true
	// A spreadsheet counts an empty line and not the lines within a cell.
	n, ended := lead, 0
	for k := 0; ; k++ {
		if k%1000 == 0 && ctx.Err() != nil {
			return ctx.Err()
		}
		fields, err := c.Read()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			at := n + 1
			if p := (*csv.ParseError)(nil); errors.As(err, &p) {
				at = n + p.StartLine - ended
			}
			return refusal(fmt.Sprintf("第 %d 行的引号不成对，无法分列，请使用导入模板另存后重试", at)).WithCause(err)
		}
		begin, _ := c.FieldPos(0)
		n += begin - ended
		ended = begin
		for _, f := range fields {
			ended += strings.Count(f, "\n")
		}
		if err := yield(n, fields); err != nil {
			return err
		}
	}
}

// textCell is a field of a text file. Banks and case systems keep long numbers
// from Excel by writing them as ="…", or after a tab or an apostrophe.
func textCell(s string) Cell {
	s = strings.TrimSpace(s)
	if in, ok := strings.CutPrefix(s, `="`); ok && strings.HasSuffix(in, `"`) {
		s = strings.TrimSuffix(in, `"`)
	}
	s = strings.TrimSpace(strings.TrimLeft(s, "'`"))
	if s == "" {
		return Cell{}
	}
	if s[0] == '#' && errorValues[strings.ToUpper(s)] {
		return Cell{Type: Failed, Text: s, Untyped: true}
	}
	return Cell{Type: Text, Text: s, Untyped: true}
}

// errorValues are what formulas leave in a text file when they fail.
var errorValues = map[string]bool{
	"#REF!": true, "#N/A": true, "#VALUE!": true, "#NAME?": true, "#DIV/0!": true, "#NUM!": true, "#NULL!": true, "#SPILL!": true, "#CALC!": true,
}

// isGB18030 tells Chinese of mainland Windows from UTF-8 with a broken byte:
// GB18030 read as UTF-8 is wrong almost everywhere, a damaged file here and
// there.
func isGB18030(b []byte) bool {
	good, bad := 0, 0
	for len(b) > 0 {
		r, n := utf8.DecodeRune(b)
		switch {
		case r == utf8.RuneError && n == 1:
			bad++
		case n > 1:
			good++
		}
		b = b[n:]
	}
	return bad > 0 && bad*4 >= good
}

// checkSeparator refuses text whose columns are not divided by commas.
func checkSeparator(b []byte) error {
	b = bytes.TrimLeft(b, "\r\n \ufeff")
	line, _, _ := bytes.Cut(b, []byte("\n"))
	if bytes.Contains(line, []byte(",")) {
		return nil
	}
	const save = "，请另存为 Excel 工作簿（.xlsx）或“CSV（逗号分隔）”后重新导入"
	switch {
	case bytes.Contains(line, []byte("\t")):
		return refusal("这是用制表符分列的文本文件" + save)
	case bytes.Contains(line, []byte(";")), bytes.Contains(line, []byte("；")):
		return refusal("这个文件用分号分列" + save)
	case bytes.Contains(line, []byte("，")), bytes.Contains(line, []byte("|")):
		return refusal("这个文件没有用英文逗号分列" + save)
	}
	return nil
}

// maxFieldBytes is more than a cell takes in a text file: its characters in UTF-8,
// where each could be a quotation mark, which is written twice.
const maxFieldBytes = 8 * maxText

// checkFields refuses a line of a great many fields before they are divided,
// which takes twenty bytes for each comma, and a field that no cell can hold before
// it is read as one, which takes a file with an open quotation some ten times over.
func checkFields(b []byte) error {
	n, line, begun, at := 0, 1, 0, 1
	quoted := false
	for i, c := range b {
		if i-begun > maxFieldBytes {
			return tooBig(fmt.Sprintf("第 %d 行有一个单元格超过 %d 个字，请核对引号是否成对", at, maxText))
		}
		switch {
		case c == '"':
			quoted = !quoted
		case quoted:
			if c == '\n' {
				line++
			}
		case c == '\n':
			n = 0
			line++
			begun, at = i+1, line
		case c == ',':
			begun, at = i+1, line
			if n++; n >= maxFields {
				return tooBig(fmt.Sprintf("第 %d 行超过 %d 列，一个表格最多 %d 列，请使用导入模板", line, maxFields, maxColumns))
			}
		}
	}
	return nil
}
