package sheet

import (
	"archive/zip"
	"bytes"
	"context"
	"encoding/binary"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"path"
	"slices"
	"strconv"
	"strings"
)

// workbook is the opened file: what the cells of its sheets refer to.
type workbook struct {
	zip     *zip.Reader
	epoch04 bool
	sheets  []sheetRef
	strings string // the part with the shared texts, "" when there is none
	styles  string
	shared  []string
	dated   []bool // by style: shown as a day or time
}

type sheetRef struct {
	name, part string
	hidden     bool
}

// helpSheet is the template's own page of explanations.
const helpSheet = "填写说明"

var errDamaged = refusal("文件不完整或已损坏，无法作为表格打开，请在 Excel 或 WPS 中重新保存为 .xlsx 后再导入")

func eachOfWorkbook(ctx context.Context, content []byte, yield func(row) error) (Info, error) {
	w, err := openWorkbook(ctx, content)
	if err != nil {
		return Info{}, err
	}
	at := slices.IndexFunc(w.sheets, func(s sheetRef) bool { return !s.hidden && s.name != helpSheet })
	if at < 0 {
		return Info{}, refusal("表格中没有可见的工作表，请取消隐藏后重新保存")
	}
	info := Info{Name: w.sheets[at].name}
	hidden, err := w.eachRow(ctx, w.sheets[at].part, yield)
	if err != nil {
		return info, err
	}
	for _, r := range hidden {
		info.HiddenColumns = append(info.HiddenColumns, columnName(r))
	}
	for i, s := range w.sheets {
		if i == at || s.hidden || s.name == helpSheet || i > 50 {
			continue
		}
		if some, err := w.holdsAnything(ctx, s.part); err != nil {
			return info, err
		} else if some {
			info.Others = append(info.Others, "“"+s.name+"”")
		}
	}
	return info, nil
}

func openWorkbook(ctx context.Context, content []byte) (*workbook, error) {
	if err := checkDirectory(content); err != nil {
		return nil, err
	}
	z, err := zip.NewReader(bytes.NewReader(content), int64(len(content)))
	if err != nil {
		return nil, errDamaged.WithCause(err)
	}
	w := &workbook{zip: z}
	if w.file("xl/workbook.xml") == nil {
		if why := w.foreign(); why != "" {
			return nil, refusal(why)
		}
	}
	if err := w.readParts(ctx); err != nil {
		return nil, err
	}
	if err := w.readStyles(ctx); err != nil {
		return nil, err
	}
	return w, w.readShared(ctx)
}

// checkDirectory bounds what the archive's directory costs before it is read.
func checkDirectory(b []byte) error {
	tail := b[max(0, len(b)-(64<<10)-22):]
	at := bytes.LastIndex(tail, []byte("PK\x05\x06"))
	if at < 0 || at+22 > len(tail) {
		return errDamaged
	}
	if n := binary.LittleEndian.Uint16(tail[at+10:]); n > maxParts {
		return tooBig(fmt.Sprintf("文件内部有超过 %d 个部分，不是通常的表格，请使用导入模板", maxParts))
	}
	if bytes.Count(b, []byte("PK\x01\x02")) > maxParts {
		return errDamaged
	}
	return nil
}

// foreign says what an archive is that is no workbook; "" when it may be one.
func (w *workbook) foreign() string {
	has := func(ends ...string) bool {
		return slices.ContainsFunc(w.zip.File, func(f *zip.File) bool {
			return slices.ContainsFunc(ends, func(e string) bool { return strings.HasSuffix(strings.ToLower(f.Name), e) })
		})
	}
	const save = "，请“另存为”Excel 工作簿（.xlsx）后重新导入"
	switch {
	case has("xl/workbook.bin"):
		return "这是 Excel 二进制工作簿（.xlsb）" + save
	case has("index/document.iwa", "index.zip", "index.apxl"):
		return "这是苹果 Numbers 表格，请用“导出到 Excel”生成 .xlsx 后重新导入"
	case has("word/document.xml"):
		return "这是 Word 文档，不是表格，请使用导入模板"
	case has("ppt/presentation.xml"):
		return "这是演示文稿，不是表格，请使用导入模板"
	case w.file("mimetype") != nil && w.file("content.xml") != nil:
		return "这是 OpenDocument 表格（.ods）" + save
	case has(".xlsx", ".xls", ".csv", ".et"):
		return "这是压缩包，请解压后导入其中的表格"
	case w.file("[Content_Types].xml") == nil:
		return "这是压缩包，不是 Excel 表格，请使用导入模板"
	}
	return ""
}

func (w *workbook) file(name string) *zip.File {
	i := slices.IndexFunc(w.zip.File, func(f *zip.File) bool {
		return strings.EqualFold(strings.ReplaceAll(strings.TrimPrefix(f.Name, "/"), `\`, "/"), name)
	})
	if i < 0 {
		return nil
	}
	return w.zip.File[i]
}

// part is a part of the workbook, being unpacked.
type part struct {
	ctx  context.Context //nolint:containedctx // it lives as long as the call
	r    io.ReadCloser
	left int64
}

var errPartTooBig = tooBig(fmt.Sprintf("表格解压后超过 %d MB（其中可能有大量空白但设有格式的单元格），请把有内容的行复制到导入模板中再导入", maxXML>>20))

// open begins to unpack a part, which ends in an error beyond the limit,
// whatever size the archive's directory claims.
func (w *workbook) open(ctx context.Context, name string) (*part, error) {
	f := w.file(name)
	if f == nil {
		return nil, errDamaged
	}
	r, err := f.Open()
	if errors.Is(err, zip.ErrAlgorithm) || err == nil && f.Flags&1 != 0 {
		return nil, refusal("该文件设有压缩包密码或使用了不支持的压缩方式，请在 Excel 或 WPS 中重新保存为 .xlsx")
	}
	if err != nil {
		return nil, errDamaged.WithCause(err)
	}
	return &part{ctx, r, maxXML}, nil
}

func (p *part) Read(b []byte) (int, error) {
	if err := p.ctx.Err(); err != nil {
		return 0, err
	}
	if p.left <= 0 {
		return 0, errPartTooBig
	}
	n, err := p.r.Read(b[:min(int64(len(b)), p.left)])
	p.left -= int64(n)
	return n, err
}

func (p *part) Close() error { return p.r.Close() }

// tokens is a reader of XML that does not care whether a tag was opened, and
// knows attributes by their local names.
func tokens(r io.Reader) *xml.Decoder {
	d := xml.NewDecoder(r)
	d.Strict = true
	return d
}

func attr(e xml.StartElement, name string) string {
	for _, a := range e.Attr {
		if a.Name.Local == name {
			return a.Value
		}
	}
	return ""
}

// failure is what reading a part ended in, for people.
func failure(err error) error {
	if why := error(errPartTooBig); errors.Is(err, why) || errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) {
		return err
	}
	return errDamaged.WithCause(err)
}

// walk calls f for every opened tag of a small part.
func (w *workbook) walk(ctx context.Context, name string, f func(xml.StartElement) error) error {
	if err := w.checkTokens(ctx, name, nil); err != nil {
		return err
	}
	p, err := w.open(ctx, name)
	if err != nil {
		return err
	}
	defer func() { _ = p.Close() }() // read only
	p.left = maxSmall
	d := tokens(p)
	for {
		t, err := d.RawToken()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return failure(err)
		}
		if e, ok := t.(xml.StartElement); ok {
			if err := f(e); err != nil {
				return err
			}
		}
	}
}

func yes(v string) bool { return v == "1" || strings.EqualFold(v, "true") }

// readParts finds the workbook's sheets and the parts that they share.
func (w *workbook) readParts(ctx context.Context) error {
	main := "xl/workbook.xml"
	if w.file("_rels/.rels") != nil {
		err := w.walk(ctx, "_rels/.rels", func(e xml.StartElement) error {
			if e.Name.Local == "Relationship" && strings.HasSuffix(attr(e, "Type"), "/officeDocument") {
				main = strings.TrimPrefix(attr(e, "Target"), "/")
			}
			return nil
		})
		if err != nil {
			return err
		}
	}
	dir, base := path.Split(main)
	targets := map[string]string{}
	err := w.walk(ctx, dir+"_rels/"+base+".rels", func(e xml.StartElement) error {
		if e.Name.Local != "Relationship" {
			return nil
		}
		target := attr(e, "Target")
		if rooted, ok := strings.CutPrefix(target, "/"); ok {
			target = rooted
		} else {
			target = path.Join(dir, target)
		}
		kind := attr(e, "Type")
		switch {
		case strings.HasSuffix(kind, "/sharedStrings"):
			w.strings = target
		case strings.HasSuffix(kind, "/styles"):
			w.styles = target
		case strings.HasSuffix(kind, "/worksheet"):
			targets[attr(e, "Id")] = target
		}
		if len(targets) > maxSheets {
			return tooBig(fmt.Sprintf("工作簿中有超过 %d 个工作表，请只保留要导入的一个", maxSheets))
		}
		return nil
	})
	if err != nil {
		return err
	}
	seen := 0
	return w.walk(ctx, main, func(e xml.StartElement) error {
		switch e.Name.Local {
		case "workbookPr":
			w.epoch04 = yes(attr(e, "date1904"))
		case "sheet":
			if seen++; seen > maxSheets {
				return tooBig(fmt.Sprintf("工作簿中有超过 %d 个工作表，请只保留要导入的一个", maxSheets))
			}
			if target := targets[attr(e, "id")]; target != "" { // a chart is no sheet of cells
				state := attr(e, "state")
				w.sheets = append(w.sheets, sheetRef{attr(e, "name"), target, state == "hidden" || state == "veryHidden"})
			}
		}
		return nil
	})
}

// readStyles finds which styles show a number as a day.
func (w *workbook) readStyles(ctx context.Context) error {
	if w.styles == "" || w.file(w.styles) == nil {
		return nil
	}
	custom := map[int]bool{}
	inside := false
	return w.walk(ctx, w.styles, func(e xml.StartElement) error {
		switch e.Name.Local {
		case "numFmt":
			id, err := strconv.Atoi(attr(e, "numFmtId"))
			if err == nil && len(custom) < maxParts {
				custom[id] = datedFormat(attr(e, "formatCode"))
			}
		case "cellXfs":
			inside = true
		case "cellStyleXfs", "cellStyles", "dxfs":
			inside = false
		case "xf":
			if !inside || len(w.dated) > 1<<16 {
				return nil
			}
			id, _ := strconv.Atoi(attr(e, "numFmtId")) // none is General
			dated, own := custom[id]
			w.dated = append(w.dated, own && dated || !own && datedBuiltin(id))
		}
		return nil
	})
}

// datedBuiltin tells which of the built-in formats show days and times; 27 to
// 36 and 50 to 58 are those of Chinese, Japanese and Korean Excel (ISO/IEC
// 29500-1, 18.8.30).
func datedBuiltin(id int) bool {
	return id >= 14 && id <= 22 || id >= 27 && id <= 36 || id >= 45 && id <= 47 || id >= 50 && id <= 58
}

// datedFormat tells whether a custom format shows a day or a time: it has one
// of their letters outside quotations, escapes and conditions.
func datedFormat(code string) bool {
	var quoted, bracketed, escaped bool
	for _, r := range strings.ToLower(strings.ReplaceAll(strings.ReplaceAll(code, "General", ""), "G/通用格式", "")) {
		switch {
		case escaped:
			escaped = false
		case quoted:
			quoted = r != '"'
		case bracketed:
			bracketed = r != ']'
		case r == '"':
			quoted = true
		case r == '[':
			bracketed = true
		case r == '\\' || r == '_' || r == '*':
			escaped = true
		case r == 'y' || r == 'm' || r == 'd' || r == 'h' || r == 's':
			return true
		case r == ';':
			return false // the first section is for positive numbers
		}
	}
	return false
}

// readShared reads the texts that cells refer to by number.
func (w *workbook) readShared(ctx context.Context) error {
	if w.strings == "" || w.file(w.strings) == nil {
		return nil
	}
	if err := w.checkTokens(ctx, w.strings, nil); err != nil {
		return err
	}
	p, err := w.open(ctx, w.strings)
	if err != nil {
		return err
	}
	defer func() { _ = p.Close() }() // read only
	d := tokens(p)
	size := 0
	var text textOf
	for {
		t, err := d.RawToken()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return failure(err)
		}
		if e, ok := t.(xml.EndElement); ok && e.Name.Local == "si" {
			s := text.take()
			size += len(s) + 16
			if size > maxShared {
				return tooBig(fmt.Sprintf("表格中的文字超过 %d MB，请拆分文件", maxShared>>20))
			}
			w.shared = append(w.shared, s)
			continue
		}
		if !text.add(t) {
			return tooBig(fmt.Sprintf("有单元格超过 %d 个字，请缩短", maxText))
		}
	}
}
