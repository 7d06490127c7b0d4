// Package sheet reads what people fill in: workbooks (.xlsx) and .csv files as
// Excel, WPS and LibreOffice save them in China. A cell is read by its stored
// value and type, never by how it is shown: a number format rounds, scales and
// hides, and what a court files must be what the cell holds. Excelize, which
// writes our templates, gives either the shown text or a value without its
// type, and fills gaps up; so the rows are read from the workbook's XML here,
// as a stream and within limits.
package sheet

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"time"

	"golang.org/x/sync/semaphore"

	"microcourt/model"
)

// The limits of one file. A file at a limit is read in a few seconds and some
// 200 MB; what is beyond is refused by a sentence that names the limit. What a
// crowd sends waits on disk.
const (
	maxFile    = 32 << 20  // bytes, as sent
	maxXML     = 160 << 20 // bytes of one part of a workbook, unpacked
	maxSmall   = 32 << 20  // bytes of styles and lists of parts, unpacked
	maxShared  = 64 << 20  // bytes of the workbook's shared texts
	maxTaken   = 64 << 20  // bytes of the texts that all rows give together
	maxToken   = 256 << 10 // bytes between two brackets of a part
	maxText    = 32_767    // characters in a cell, Excel's own bound
	maxRow     = 200_000   // the last row that may hold anything
	maxColumns = 256       // the last column that may hold anything
	maxSheets  = 1000
	maxParts   = 20_000 // files in a workbook
	maxMerged  = 10_000
	// maxFields is how many fields a line of text may have. Excel leaves as many
	// empty ones behind as a sheet has columns.
	maxFields = 17_000
	// maxWait is how long a file waits for its turn.
	maxWait = patience * 6 * time.Second
)

var errBusy = model.E(model.Unavailable, "import.busy", "正在读取的表格较多，请稍后重新导入")

// What is read takes memory of this process, so that the bounds are the
// process's: one file is taken apart at a time, and the rows of one more are
// being filed.
//
//nolint:gochecknoglobals // the bounds are the process's
var (
	turn = semaphore.NewWeighted(1)
	held = semaphore.NewWeighted(2)
)

// wait waits for a place, a while at most.
func wait(ctx context.Context, places *semaphore.Weighted) error {
	limited, cancel := context.WithTimeout(ctx, maxWait)
	defer cancel()
	if err := places.Acquire(limited, 1); err != nil {
		if ctx.Err() != nil {
			return ctx.Err()
		}
		return errBusy
	}
	return nil
}

// Type is what a cell holds.
type Type int

// The types of cells.
const (
	Blank    Type = iota
	Text          // characters; in a .csv file everything is
	Number        // a number, or a day that Excel keeps as one
	Boolean       // TRUE or FALSE
	Failed        // a formula that ended in an error such as #REF!
	Unsolved      // a formula without a result: nobody calculated the sheet
	Merged        // covered by a merged range whose value stands in another cell
)

// Cell is one cell by value and type.
type Cell struct {
	Type Type
	// Text is the text of a Text cell, the number as it is stored, TRUE or FALSE,
	// the formula's error, or the merged range.
	Text string
	// Dated says that a Number is shown as a day or a time.
	Dated bool
	// Untyped says that the cell comes from a text file, where a number that Excel
	// rounded before looks like any other.
	Untyped bool
	epoch04 bool // days count from 1904
}

// Info is what there is to say of a sheet beside its rows.
type Info struct {
	Name    string   // of the sheet that was read, "" for a text file
	Others  []string // further visible sheets that hold something and were not read
	Ignored []string // titles, or letters, of columns that are not imported
	// HiddenRows are the numbers of rows that hold something and are hidden or
	// filtered away; they are read as well. HiddenColumns are the titles of hidden
	// columns.
	HiddenRows    []int
	HiddenColumns []string

	titleRow int            // as the spreadsheet counts
	at       map[string]int // columns from 0 by their titles
	width    int            // columns of the row of titles
	marks    int            // the column of what was marked before, -1 for none
}

// Notes are the sentences that whoever imports the sheet should read.
func (i Info) Notes() []string {
	var out []string
	list := func(names []string) string {
		if len(names) > 10 {
			return strings.Join(names[:10], "、") + fmt.Sprintf(" 等 %d 个", len(names))
		}
		return strings.Join(names, "、")
	}
	if len(i.Others) > 0 {
		out = append(out, fmt.Sprintf("只读取了工作表“%s”；工作表%s也有内容，没有读取", i.Name, list(i.Others)))
	}
	if n := len(i.HiddenRows); n > 0 {
		var rows []string
		for _, r := range i.HiddenRows {
			rows = append(rows, fmt.Sprint(r))
		}
		out = append(out, fmt.Sprintf("有 %d 行被隐藏或筛选掉（第 %s 行），已一并读取；不需要的请从表格中删除", n, list(rows)))
	}
	if len(i.HiddenColumns) > 0 {
		out = append(out, "有隐藏的列（"+list(i.HiddenColumns)+"），已一并读取")
	}
	if len(i.Ignored) > 0 {
		out = append(out, "以下列不在导入模板中，没有读取："+list(i.Ignored))
	}
	return out
}

// row is one row of a sheet.
type row struct {
	n      int // as the spreadsheet counts, from 1
	cells  []Cell
	hidden bool
}

// blank tells whether nothing stands in the row.
func (r row) blank() bool {
	return !slices.ContainsFunc(r.cells, func(c Cell) bool { return c.Type != Blank })
}

// refusal is a file that cannot be imported, with the reason.
func refusal(message string) *model.Error { return model.InvalidField("file", "import.file", message) }

// tooBig is a file beyond a limit.
func tooBig(message string) *model.Error {
	return model.InvalidField("file", "import.too_many", message)
}

// each yields the rows of a file that hold something. The cells of a row are
// valid until the next one. The walk ends with ctx: whoever left needs no
// answer.
func each(ctx context.Context, f *File, yield func(row) error) (Info, error) {
	if err := wait(ctx, turn); err != nil {
		return Info{}, err
	}
	defer turn.Release(1)
	content := make([]byte, f.size)
	if _, err := f.spool.ReadAt(content, 0); err != nil {
		return Info{}, fmt.Errorf("spooled table: %w", err)
	}
	if len(bytes.TrimSpace(content)) == 0 {
		return Info{}, errEmpty
	}
	if bytes.HasPrefix(content, []byte("PK")) {
		return eachOfWorkbook(ctx, content, yield)
	}
	if why := foreign(content); why != "" {
		return Info{}, refusal(why)
	}
	return Info{}, eachOfText(ctx, content, yield)
}

var errEmpty = model.InvalidField("file", "import.empty", "文件是空的，没有数据行")

// File is a table that was received. It waits on disk until somebody reads it.
type File struct {
	spool *os.File // unlinked already
	size  int64
}

// Receive takes a file to its end, and then waits for its turn to be read, so
// that a slow client holds neither memory nor the turn of somebody else. The
// caller closes the file when he has done with its rows. Its errors are those of
// r, Invalid when the file is empty or too large, or Unavailable when others are
// being read (import.busy).
func Receive(ctx context.Context, r io.Reader) (_ *File, err error) {
	f, err := os.CreateTemp("", "table-*")
	if err != nil {
		return nil, fmt.Errorf("spool a table: %w", err)
	}
	defer func() {
		if err != nil {
			_ = f.Close() // the error before it counts
		}
	}()
	if err := os.Remove(f.Name()); err != nil {
		return nil, err
	}
	size, err := io.Copy(f, io.LimitReader(reader{ctx, r}, maxFile+1))
	switch {
	case err != nil:
		return nil, err
	case size > maxFile:
		return nil, tooBig(fmt.Sprintf("文件超过 %d MB，请拆分后分别导入", maxFile>>20))
	case size == 0:
		return nil, errEmpty
	}
	if err := wait(ctx, held); err != nil {
		return nil, err
	}
	return &File{f, size}, nil
}

// Close gives the file's place to another.
func (f *File) Close() {
	held.Release(1)
	_ = f.spool.Close() // unlinked already
}

// reader ends reading when the client leaves.
type reader struct {
	ctx context.Context //nolint:containedctx // it lives as long as the call
	r   io.Reader
}

func (r reader) Read(p []byte) (int, error) {
	if err := r.ctx.Err(); err != nil {
		return 0, err
	}
	return r.r.Read(p)
}

// foreign says in words what a file is that is neither a workbook nor plain
// text; "" when it may be text.
func foreign(b []byte) string {
	const save = "请在 Excel 或 WPS 中“另存为”Excel 工作簿（.xlsx）后重新导入"
	head := b[:min(len(b), 4096)]
	text := strings.ToLower(string(bytes.TrimSpace(bytes.TrimPrefix(head, []byte("\xef\xbb\xbf")))))
	wide := func(s string) []byte { // names in OLE files are UTF-16
		var out []byte
		for _, c := range []byte(s) {
			out = append(out, c, 0)
		}
		return out
	}
	switch {
	case bytes.HasPrefix(b, []byte("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")):
		switch {
		case bytes.Contains(b, wide("EncryptedPackage")):
			return "该表格设有打开密码，无法读取，请取消密码保护并重新保存后导入"
		case bytes.Contains(b, wide("WordDocument")):
			return "这是 Word 文档，不是表格，请使用导入模板"
		}
		return "这是旧版 Excel（.xls）或 WPS 表格（.et）文件，" + save
	case bytes.HasPrefix(b, []byte("\xff\xfe")), bytes.HasPrefix(b, []byte("\xfe\xff")):
		return "这是“Unicode 文本”（UTF-16 编码）文件，" + save + "，或另存为“CSV UTF-8（逗号分隔）”"
	case bytes.HasPrefix(b, []byte("%PDF-")):
		return "这是 PDF 文件，不是表格，请导入原始的 Excel 表格"
	case bytes.HasPrefix(b, []byte("\x89PNG")), bytes.HasPrefix(b, []byte("\xff\xd8\xff")), bytes.HasPrefix(b, []byte("GIF8")), bytes.HasPrefix(b, []byte("BM")) && bytes.IndexByte(head, 0) >= 0:
		return "这是图片，不是表格，请导入原始的 Excel 表格"
	case bytes.HasPrefix(b, []byte("Rar!")), bytes.HasPrefix(b, []byte("7z\xbc\xaf")), bytes.HasPrefix(b, []byte("\x1f\x8b")):
		return "这是压缩包，请解压后导入其中的表格"
	case strings.HasPrefix(text, "<") && strings.Contains(text, "urn:schemas-microsoft-com:office:spreadsheet"):
		return "这是“XML 表格 2003”文件，" + save
	case strings.HasPrefix(text, "<") && (strings.Contains(text, "<html") || strings.Contains(text, "<table") || strings.Contains(text, "<!doctype html") || strings.Contains(text, "<meta")),
		strings.HasPrefix(text, "mime-version:"):
		return "这是网页（HTML）文件，只是改用了 .xls 的名字（多由其他系统导出），" + save
	case strings.HasPrefix(text, `{\rtf`):
		return "这是 RTF 文档，不是表格，请使用导入模板"
	case strings.HasPrefix(text, "<"), strings.HasPrefix(text, "{"):
		return "文件内容不是表格（而是 XML 或 JSON 文本），请使用导入模板"
	case strings.HasPrefix(text, "id;p"):
		return "这是 SYLK（.slk）文件，" + save
	case bytes.IndexByte(b, 0) >= 0:
		if zeros := bytes.Count(head, []byte{0}); zeros*3 > len(head) {
			return "这是没有标记的 UTF-16 编码文件，" + save + "，或另存为“CSV UTF-8（逗号分隔）”"
		}
		return "文件不是表格，或已损坏，请使用导入模板另存为 .xlsx 或 .csv 后重试"
	}
	return ""
}
