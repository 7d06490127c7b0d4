package sheet

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"golang.org/x/text/width"

	"microcourt/model"
)

// Column is a column that an import knows, by its title.
type Column struct {
	Title    string
	Optional bool // a file may lack it
}

// Columns makes columns of titles; the last optional ones may be missing.
func Columns(titles []string, optional ...string) []Column {
	out := make([]Column, len(titles))
	for i, t := range titles {
		out[i] = Column{t, slices.Contains(optional, t)}
	}
	return out
}

// Table is the form of a file to import: a row of titles, in any order, and
// below it rows of data.
type Table struct {
	Columns []Column
	MaxRows int // of data
}

// titleRows is how many rows a heading above the titles may take.
const titleRows = 10

// Each yields the rows of data of an .xlsx or .csv file that hold anything, with
// their number as the spreadsheet counts and their cells in the order of the
// table's columns. The cells are valid until the next row. Errors name what is
// wrong with the file as a whole: import.file, import.columns, import.empty,
// import.too_many; or that others are being read: import.busy.
func (t Table) Each(ctx context.Context, f *File, yield func(n int, cells []Cell) error) (Info, error) {
	m := &matching{table: t}
	info, err := each(ctx, f, func(r row) error { return m.take(r, yield) })
	switch {
	case err != nil:
		return info, err
	case m.at == nil:
		return info, m.untitled()
	case m.rows == 0:
		return info, model.InvalidField("file", "import.empty", "文件中没有数据行")
	}
	info.titleRow, info.width, info.marks, info.at = m.titleRow, m.width, m.marks, map[string]int{}
	for i, c := range m.at {
		if c >= 0 {
			info.at[t.Columns[i].Title] = c
		}
	}
	hidden := info.HiddenColumns
	info.HiddenColumns = nil
	for i, c := range m.at {
		if c >= 0 && slices.Contains(hidden, columnName(c)) {
			info.HiddenColumns = append(info.HiddenColumns, t.Columns[i].Title)
		}
	}
	info.HiddenRows = m.hidden
	for c, title := range m.ignored {
		if m.used[c] {
			info.Ignored = append(info.Ignored, title)
		}
	}
	slices.Sort(info.Ignored)
	return info, nil
}

// matching finds the titles and puts cells into the order of columns.
type matching struct {
	table   Table
	first   []string // of the first row, when no row has the titles
	firstAt int
	seen    int
	at      []int // where each column stands, -1 nowhere; nil before the titles
	ignored map[int]string
	used    map[int]bool
	cells   []Cell
	rows    int
	taken   int // bytes of all rows
	hidden  []int

	titleRow, width, marks int // see Info
}

// foldTitle takes off what people add to a title: blanks, a star, a remark.
func foldTitle(s string) string {
	s = strings.Join(strings.Fields(width.Narrow.String(s)), "")
	s, _, _ = strings.Cut(s, "(")
	return strings.Trim(s, "*:：")
}

func (m *matching) take(r row, yield func(int, []Cell) error) error {
	if m.at == nil {
		return m.title(r)
	}
	for c, cell := range r.cells {
		if cell.Type != Blank {
			m.width = max(m.width, c+1)
		}
	}
	m.cells = m.cells[:0]
	some := false
	for _, c := range m.at {
		cell := Cell{}
		if c >= 0 && c < len(r.cells) {
			cell = r.cells[c]
		}
		some = some || cell.Type != Blank && cell.Type != Merged
		m.taken += len(cell.Text)
		m.cells = append(m.cells, cell)
	}
	for c, cell := range r.cells {
		if cell.Type == Blank || cell.Type == Merged || c == m.marks || slices.Contains(m.at, c) {
			continue
		}
		m.used[c] = true
		if m.ignored[c] == "" {
			m.ignored[c] = columnName(c) + " 列"
		}
	}
	if !some {
		return nil
	}
	if m.rows++; m.rows > m.table.MaxRows {
		return tooBig(fmt.Sprintf("一次最多导入 %d 行，请拆分文件", m.table.MaxRows))
	}
	if m.taken > maxTaken {
		return tooBig(fmt.Sprintf("表格中的文字超过 %d MB，请拆分文件", maxTaken>>20))
	}
	if r.hidden {
		m.hidden = append(m.hidden, r.n)
	}
	return yield(r.n, m.cells)
}

// title looks whether a row is the row of titles: more than half of the
// required ones stand in it.
func (m *matching) title(r row) error {
	m.seen++
	titles := make([]string, len(r.cells))
	for i, c := range r.cells {
		if c.Type == Text {
			titles[i] = foldTitle(c.Text)
		}
	}
	if m.first == nil {
		m.first, m.firstAt = titles, r.n
	}
	at := make([]int, len(m.table.Columns))
	required, found := 0, 0
	for i, c := range m.table.Columns {
		at[i] = slices.Index(titles, foldTitle(c.Title))
		if !c.Optional {
			required++
			if at[i] >= 0 {
				found++
			}
		}
	}
	if found*2 <= required {
		if m.seen >= titleRows {
			return m.untitled()
		}
		return nil
	}
	m.at, m.ignored, m.used = at, map[int]string{}, map[int]bool{}
	m.titleRow, m.width, m.marks = r.n, len(titles), slices.Index(titles, marksTitle)
	for i, c := range m.table.Columns {
		if at[i] < 0 && !c.Optional {
			return model.InvalidField("file", "import.columns", fmt.Sprintf("第 %d 行的标题中没有“%s”，请使用导入模板", r.n, c.Title))
		}
		if at[i] >= 0 && slices.Contains(titles[at[i]+1:], titles[at[i]]) {
			return model.InvalidField("file", "import.columns", fmt.Sprintf("标题“%s”出现了两次，请删去一列", c.Title))
		}
	}
	for i, title := range titles {
		if title != "" && i != m.marks && !slices.Contains(at, i) {
			m.ignored[i] = "“" + excerpt(title) + "”"
		}
	}
	return nil
}

func (m *matching) untitled() error {
	if m.first == nil {
		return model.InvalidField("file", "import.empty", "文件中没有数据行")
	}
	for _, c := range m.table.Columns {
		if !c.Optional && !slices.Contains(m.first, foldTitle(c.Title)) {
			return model.InvalidField("file", "import.columns", fmt.Sprintf("没有找到标题行：第 %d 行中没有“%s”，请使用导入模板", m.firstAt, c.Title))
		}
	}
	return model.InvalidField("file", "import.columns", "没有找到标题行，请使用导入模板")
}
