package sheet

import (
	"bufio"
	"bytes"
	"context"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

// textOf collects the text of a cell or a shared text: all its runs, but not
// the phonetic ones.
type textOf struct {
	b        []byte
	in       bool
	phonetic bool
}

// add takes a token; false when the text gets longer than a cell can be.
func (t *textOf) add(tok xml.Token) bool {
	switch e := tok.(type) {
	case xml.StartElement:
		switch e.Name.Local {
		case "t":
			t.in = !t.phonetic
		case "rPh":
			t.phonetic = true
		}
	case xml.EndElement:
		switch e.Name.Local {
		case "t":
			t.in = false
		case "rPh":
			t.phonetic = false
		}
	case xml.CharData:
		if t.in {
			t.b = append(t.b, e...)
		}
	}
	return len(t.b) <= 4*maxText
}

func (t *textOf) take() string {
	s := unescape(string(t.b))
	*t = textOf{b: t.b[:0]}
	return s
}

// unescape reads _x000D_ and the like, by which workbooks write characters that
// XML does not allow.
func unescape(s string) string {
	if !strings.Contains(s, "_x") {
		return s
	}
	var b strings.Builder
	for i := 0; i < len(s); {
		if len(s)-i >= 7 && s[i] == '_' && s[i+1] == 'x' && s[i+6] == '_' {
			if n, err := strconv.ParseUint(s[i+2:i+6], 16, 16); err == nil {
				b.WriteRune(rune(n))
				i += 7
				continue
			}
		}
		b.WriteByte(s[i])
		i++
	}
	return b.String()
}

// merge is a merged range: rows and columns from 0 and 1 as in the file.
type merge struct{ top, bottom, left, right int }

// checkTokens walks over a part once, quickly: it bounds what a token may cost,
// and finds the merged ranges, which a sheet names only after its rows.
func (w *workbook) checkTokens(ctx context.Context, name string, found *[]merge) error {
	p, err := w.open(ctx, name)
	if err != nil {
		return err
	}
	defer func() { _ = p.Close() }() // read only
	br := bufio.NewReaderSize(p, maxToken)
	for {
		b, err := br.ReadSlice('>')
		if errors.Is(err, bufio.ErrBufferFull) {
			return tooBig(fmt.Sprintf("表格中有超过 %d KB 的一段内容，不是通常的表格，请使用导入模板", maxToken>>10))
		}
		if found != nil && len(b) < 200 {
			if at := bytes.LastIndex(b, []byte("mergeCell ")); at > 0 && len(*found) < maxMerged {
				if _, rest, ok := bytes.Cut(b[at:], []byte(`ref="`)); ok {
					ref, _, _ := bytes.Cut(rest, []byte(`"`))
					if m, ok := parseRange(string(ref)); ok {
						*found = append(*found, m)
					}
				}
			}
		}
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return failure(err)
		}
	}
}

func parseRange(ref string) (merge, bool) {
	a, b, ok := strings.Cut(ref, ":")
	left, top, ok1 := parseRef(a)
	right, bottom, ok2 := parseRef(b)
	return merge{top, bottom, left, right}, ok && ok1 && ok2 && top <= bottom && left <= right
}

// parseRef reads B7 as column 1 (from 0) and row 7.
func parseRef(s string) (column, row int, ok bool) {
	i := 0
	for ; i < len(s) && s[i] >= 'A' && s[i] <= 'Z'; i++ {
		if i == 3 {
			return 0, 0, false
		}
		column = column*26 + int(s[i]-'A') + 1
	}
	row, err := strconv.Atoi(s[i:])
	return column - 1, row, i > 0 && err == nil && column <= 16384 && row >= 1 && row <= 1<<20
}

// columnName is the letters of a column that is counted from 0.
func columnName(c int) string {
	s := ""
	for c++; c > 0; c = (c - 1) / 26 {
		s = string(rune('A'+(c-1)%26)) + s
	}
	return s
}

// rows walks over the rows of a sheet.
type rows struct {
	w      *workbook
	d      *xml.Decoder
	merges []merge // by their top
	next   int     // of them
	active []merge // that reach the row

	row     row
	column  int // of the last cell
	hidden  []int
	started bool // within the sheet's data
}

// eachRow yields the rows that hold something, and gives the hidden columns,
// counted from 0.
func (w *workbook) eachRow(ctx context.Context, name string, yield func(row) error) (hidden []int, err error) {
	r := &rows{w: w}
	if err := w.checkTokens(ctx, name, &r.merges); err != nil {
		return nil, err
	}
	slices.SortFunc(r.merges, func(a, b merge) int { return a.top - b.top })
	return r.walk(ctx, name, maxXML, yield)
}

func (r *rows) walk(ctx context.Context, name string, limit int64, yield func(row) error) (hidden []int, err error) {
	p, err := r.w.open(ctx, name)
	if err != nil {
		return nil, err
	}
	defer func() { _ = p.Close() }() // read only
	p.left = min(p.left, limit)
	r.d = tokens(p)
	for {
		t, err := r.d.RawToken()
		if errors.Is(err, io.EOF) {
			return r.hidden, nil
		}
		if err != nil {
			return nil, failure(err)
		}
		switch e := t.(type) {
		case xml.StartElement:
			err = r.start(e)
		case xml.EndElement:
			switch e.Name.Local {
			case "sheetData":
				return r.hidden, nil
			case "row":
				err = r.end(yield)
			}
		}
		if err != nil {
			return nil, err
		}
	}
}

func (r *rows) start(e xml.StartElement) error {
	switch e.Name.Local {
	case "sheetData":
		r.started = true
	case "col":
		from, _ := strconv.Atoi(attr(e, "min"))
		to, _ := strconv.Atoi(attr(e, "max"))
		for c := max(from, 1); yes(attr(e, "hidden")) && c <= min(to, maxColumns); c++ {
			r.hidden = append(r.hidden, c-1)
		}
	case "row":
		if !r.started {
			return nil
		}
		n := r.row.n + 1
		if v := attr(e, "r"); v != "" {
			var err error
			if n, err = strconv.Atoi(v); err != nil || n < 1 || n > 1<<20 {
				return refusal("表格中的行号“" + shorten(v) + "”不是 Excel 的行号，文件不是由表格软件生成的，请使用导入模板")
			}
		}
		if n <= r.row.n {
			return refusal(fmt.Sprintf("表格中第 %d 行出现了两次或顺序颠倒，请在 Excel 或 WPS 中重新保存后再导入", n))
		}
		r.row = row{n: n, cells: r.row.cells[:0], hidden: yes(attr(e, "hidden"))}
		r.column = -1
	case "c":
		if r.started {
			return r.cell(e)
		}
	}
	return nil
}

func shorten(s string) string {
	if len(s) > 20 {
		return s[:20]
	}
	return s
}

// cell reads one cell to its end.
func (r *rows) cell(start xml.StartElement) error {
	column := r.column + 1
	if ref := attr(start, "r"); ref != "" {
		c, n, ok := parseRef(ref)
		if !ok || n != r.row.n {
			return refusal(fmt.Sprintf("表格第 %d 行中有单元格的位置“%s”不正确，请在 Excel 或 WPS 中重新保存后再导入", r.row.n, shorten(ref)))
		}
		column = c
	}
	if column <= r.column {
		return refusal(fmt.Sprintf("表格第 %d 行中的单元格重复或顺序颠倒，请在 Excel 或 WPS 中重新保存后再导入", r.row.n))
	}
	r.column = column
	var value []byte
	var text textOf
	var inValue, valued, formula bool
	for {
		t, err := r.d.RawToken()
		if err != nil {
			if errors.Is(err, io.EOF) {
				return errDamaged
			}
			return failure(err)
		}
		switch e := t.(type) {
		case xml.StartElement:
			inValue = e.Name.Local == "v"
			valued = valued || inValue
			formula = formula || e.Name.Local == "f"
		case xml.EndElement:
			inValue = false
			if e.Name.Local == "c" {
				return r.put(column, r.typed(start, string(value), text.take(), formula && (!valued || len(value) == 0 && attr(start, "t") != "str")))
			}
		case xml.CharData:
			if inValue {
				value = append(value, e...)
			}
		}
		if !text.add(t) || len(value) > 4*maxText {
			return tooBig(fmt.Sprintf("第 %d 行 %s 列超过 %d 个字", r.row.n, columnName(column), maxText))
		}
	}
}

// typed makes a cell of what the file says of it. A formula is unsolved that has
// no value, or an empty one where the result is not said to be text.
func (r *rows) typed(start xml.StartElement, value, inline string, unsolved bool) Cell {
	if unsolved {
		return Cell{Type: Unsolved}
	}
	kind := attr(start, "t")
	words := func(s string) Cell {
		if strings.TrimSpace(s) == "" {
			return Cell{}
		}
		return Cell{Type: Text, Text: s}
	}
	switch kind {
	case "s":
		i, err := strconv.Atoi(strings.TrimSpace(value))
		if value == "" {
			return Cell{}
		}
		if err != nil || i < 0 || i >= len(r.w.shared) {
			return Cell{Type: Failed, Text: "共享文字丢失"}
		}
		return words(r.w.shared[i])
	case "inlineStr":
		if inline == "" {
			inline = value
		}
		return words(inline)
	case "str", "d":
		return words(unescape(value))
	case "b":
		return Cell{Type: Boolean, Text: map[bool]string{true: "TRUE", false: "FALSE"}[yes(value)]}
	case "e":
		return Cell{Type: Failed, Text: value}
	}
	value = strings.TrimSpace(value)
	if value == "" {
		return Cell{}
	}
	style, _ := strconv.Atoi(attr(start, "s")) // none is the first
	return Cell{Type: Number, Text: value, epoch04: r.w.epoch04, Dated: style >= 0 && style < len(r.w.dated) && r.w.dated[style]}
}

func (r *rows) put(column int, c Cell) error {
	if c.Type == Blank {
		return nil
	}
	if r.row.n > maxRow {
		return tooBig(fmt.Sprintf("第 %d 行还有内容，一个表格最多读到第 %d 行，请删除多余的行或拆分文件", r.row.n, maxRow))
	}
	if column >= maxColumns {
		return tooBig(fmt.Sprintf("第 %d 行的 %s 列有内容，一个表格最多 %d 列，请使用导入模板", r.row.n, columnName(column), maxColumns))
	}
	if utf8.RuneCountInString(c.Text) > maxText {
		return tooBig(fmt.Sprintf("第 %d 行 %s 列超过 %d 个字", r.row.n, columnName(column), maxText))
	}
	for len(r.row.cells) < column {
		r.row.cells = append(r.row.cells, Cell{})
	}
	r.row.cells = append(r.row.cells, c)
	return nil
}

// end yields the row that was read. What a merged range covers is marked: the
// value stands in the range's first cell only, and whether it holds for all of
// them is to be asked.
func (r *rows) end(yield func(row) error) error {
	if r.row.blank() {
		return nil
	}
	for r.next < len(r.merges) && r.merges[r.next].top <= r.row.n {
		r.active = append(r.active, r.merges[r.next])
		r.next++
	}
	r.active = slices.DeleteFunc(r.active, func(m merge) bool { return m.bottom < r.row.n })
	for _, m := range r.active {
		for c := m.left; c <= min(m.right, maxColumns-1); c++ {
			if r.row.n == m.top && c == m.left {
				continue
			}
			for len(r.row.cells) <= c {
				r.row.cells = append(r.row.cells, Cell{})
			}
			if r.row.cells[c].Type == Blank {
				r.row.cells[c] = Cell{Type: Merged, Text: fmt.Sprintf("%s%d:%s%d", columnName(m.left), m.top, columnName(m.right), m.bottom)}
			}
		}
	}
	return yield(r.row)
}

var errSome = errors.New("the sheet holds something")

// peek is how much of a further sheet is looked at, in bytes.
const peek = 1 << 20

// holdsAnything tells whether the beginning of a sheet has a cell with a value.
func (w *workbook) holdsAnything(ctx context.Context, name string) (bool, error) {
	if w.file(name) == nil {
		return false, nil
	}
	_, err := (&rows{w: w}).walk(ctx, name, peek, func(r row) error {
		if slices.ContainsFunc(r.cells, func(c Cell) bool { return c.Type != Blank && c.Type != Merged }) {
			return errSome
		}
		return nil
	})
	if errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) {
		return false, err
	}
	return err != nil && !errors.Is(err, errPartTooBig), nil // one that cannot be read holds something
}
