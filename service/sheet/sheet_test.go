package sheet_test

import (
	"archive/zip"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
	"time"
	"unicode/utf16"

	"github.com/xuri/excelize/v2"
	"golang.org/x/text/encoding/simplifiedchinese"

	"microcourt/model"
	"microcourt/service/sheet"
)

// one is a table of one column of each kind that matters.
var one = sheet.Table{Columns: sheet.Columns([]string{"号码", "日期", "金额", "姓名"}, "姓名"), MaxRows: 1000}

// each receives a file and reads its rows.
func each(ctx context.Context, r io.Reader, yield func(int, []sheet.Cell) error) (sheet.Info, error) {
	f, err := sheet.Receive(ctx, r)
	if err != nil {
		return sheet.Info{}, err
	}
	defer f.Close()
	return one.Each(ctx, f, yield)
}

// read gives what each row holds, as a sentence.
func read(t *testing.T, file []byte) (rows []string, info sheet.Info, err error) {
	t.Helper()
	info, err = each(context.Background(), bytes.NewReader(file), func(n int, c []sheet.Cell) error {
		say := func(v any, err error) string {
			if err != nil {
				return model.ReasonOf(err)
			}
			return fmt.Sprint(v)
		}
		code, e1 := c[0].Code()
		day, e2 := c[1].Day()
		fen, e3 := c[2].Money()
		name, e4 := c[3].Name()
		rows = append(rows, fmt.Sprintf("%d|%s|%s|%s|%s", n, say(code, e1), say(day, e2), say(fen, e3), say(name, e4)))
		return nil
	})
	return rows, info, err
}

// book is a workbook whose rows stand below the titles.
func book(t *testing.T, fill func(f *excelize.File)) []byte {
	t.Helper()
	f := excelize.NewFile()
	defer func() { _ = f.Close() }()
	if err := f.SetSheetRow("Sheet1", "A1", &[]string{"号码", "日期", "金额", "姓名"}); err != nil {
		t.Fatal(err)
	}
	fill(f)
	var b bytes.Buffer
	if err := f.Write(&b); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func set(t *testing.T, f *excelize.File, cell string, v any, style *excelize.Style) {
	t.Helper()
	if err := f.SetCellValue("Sheet1", cell, v); err != nil {
		t.Fatal(err)
	}
	if style == nil {
		return
	}
	id, err := f.NewStyle(style)
	if err == nil {
		err = f.SetCellStyle("Sheet1", cell, cell, id)
	}
	if err != nil {
		t.Fatal(err)
	}
}

// A day is what the cell stores, in whatever format it is shown.
func TestDaysByValue(t *testing.T) {
	t.Parallel()
	custom := func(s string) *excelize.Style { return &excelize.Style{CustomNumFmt: &s} }
	styles := []*excelize.Style{}
	for _, id := range []int{14, 15, 16, 17, 22, 27, 28, 29, 30, 31, 36, 50, 51, 52, 53, 54, 57, 58} {
		styles = append(styles, &excelize.Style{NumFmt: id})
	}
	for _, s := range []string{
		`yyyy"年"m"月"d"日"`, `yyyy/m/d;@`, `[$-804]yyyy"年"m"月"d"日"`, `[DBNum1][$-804]yyyy"年"m"月"d"日"`, "dd-mmm-yy", "m/d/yy h:mm", `yyyy\-mm\-dd`, "aaaa\\ yyyy.m.d", "[$-F800]dddd, mmmm dd, yyyy",
	} {
		styles = append(styles, custom(s))
	}
	for i, style := range styles {
		for _, v := range []any{46027, 46027.75, 46026.9999999999} {
			file := book(t, func(f *excelize.File) { set(t, f, "B2", v, style) })
			if rows, _, err := read(t, file); err != nil || len(rows) != 1 || rows[0] != "2||2026-01-05|0.00|" {
				t.Errorf("style %d of %v: %v %v", i, v, rows, err)
			}
		}
	}
	for _, style := range []*excelize.Style{nil, {NumFmt: 1}, {NumFmt: 2}, {NumFmt: 49}, custom(`0.00"day"`), custom("[Red]0.00"), custom(`0.00_ ;[Red]\-0.00\ `), custom("General"), custom(`0.00E+00`)} {
		file := book(t, func(f *excelize.File) { set(t, f, "B2", 46027, style) })
		if rows, _, err := read(t, file); err != nil || rows[0] != "2||date.serial|0.00|" {
			t.Errorf("a number that is no day: %v %v", rows, err)
		}
	}
	// 1904: the same number is another day.
	file := book(t, func(f *excelize.File) {
		yes := true
		if err := f.SetWorkbookProps(&excelize.WorkbookPropsOptions{Date1904: &yes}); err != nil {
			t.Fatal(err)
		}
		set(t, f, "B2", 44565, &excelize.Style{NumFmt: 14})
	})
	if rows, _, err := read(t, file); err != nil || rows[0] != "2||2026-01-05|0.00|" {
		t.Errorf("1904: %v %v", rows, err)
	}
}

func TestDaysAsText(t *testing.T) {
	t.Parallel()
	for typed, want := range map[string]string{
		"2026-01-05": "2026-01-05", "2026/1/5": "2026-01-05", "2026.1.5": "2026-01-05", "2026年1月5日": "2026-01-05", "2026年01月05号": "2026-01-05",
		"２０２６年１月５日": "2026-01-05", "20260105": "2026-01-05", "2026-01-05 00:00:00": "2026-01-05", "2026/1/5 9:30": "2026-01-05",
		"二〇二六年一月五日": "2026-01-05", "二○二六年十二月三十一日": "2026-12-31", " 2026 年 1 月 5 日 ": "2026-01-05", "2026年十月二十日": "2026-10-20",
		"26-1-5": "date.format", "0026-01-05": "date.range", "2026-02-30": "date.format", "2026-1": "date.format", "2026年1月": "date.format", "1月5日": "date.format",
		"2026-01-05x": "date.format", "2026-1/5": "date.format", "46027": "date.serial", "5/1/2026": "date.format", "9999-12-31": "date.range", "12026-01-05": "date.format",
		"立即": "date.format", "": "0001", "2026-01-05，周一": "date.format",
	} {
		if typed == "" {
			continue
		}
		file := book(t, func(f *excelize.File) { set(t, f, "B2", typed, nil) })
		if rows, _, err := read(t, file); err != nil || rows[0] != "2||"+want+"|0.00|" {
			t.Errorf("%q: %v %v", typed, rows, err)
		}
	}
}

// An amount is what the cell stores to the fen; formats only show it.
func TestAmountsByValue(t *testing.T) {
	t.Parallel()
	for _, format := range []string{"0", "#,##0", "0.00,", "#,##0.00;[Red]#,##0.00", "0%", `_ ¥* #,##0.00_ `, `0.00,,"百万"`, `"约"0`, "@", ";;;", "0.0"} {
		for v, want := range map[any]string{
			12345.67: "12345.67", 0.1 + 0.2: "0.30", 12345.670000000002: "12345.67", 99999999.99: "99999999.99", -5.5: "amount.negative", 12.345: "amount.decimals",
			33.333333: "amount.decimals", 1e17: "amount.too_large", 100: "100.00", 1234567890.12: "1234567890.12",
		} {
			file := book(t, func(f *excelize.File) { set(t, f, "C2", v, &excelize.Style{CustomNumFmt: &format}) })
			if rows, _, err := read(t, file); err != nil || len(rows) != 1 || !strings.HasSuffix(rows[0], "|"+want+"|") {
				t.Errorf("%v as %s: %v %v, want %s", v, format, rows, err, want)
			}
		}
	}
	for typed, want := range map[string]string{
		"1.2万": "12000.00", "12,345.67": "12345.67", "¥12345.67": "12345.67", "￥１２，３４５．６７元": "12345.67", "人民币12000元整": "12000.00", "0.5亿元": "50000000.00", "1.23456万元": "12345.60",
		"1.234567万": "12345.67", "1.2345678万": "amount.decimals", "(500.00)": "amount.negative", "-500": "amount.negative", "500-": "amount.negative", "1,23": "amount.format",
		"五千": "5000.00", "壹万贰仟元整": "12000.00", "12.345": "amount.decimals", "$500": "amount.currency", "1e5": "amount.format", "约500": "amount.format", "5 000": "amount.format",
	} {
		file := book(t, func(f *excelize.File) { set(t, f, "C2", typed, nil) })
		if rows, _, err := read(t, file); err != nil || !strings.HasSuffix(rows[0], "|"+want+"|") {
			t.Errorf("%q: %v %v, want %s", typed, rows, err, want)
		}
	}
	file := book(t, func(f *excelize.File) { set(t, f, "C2", 12000, &excelize.Style{NumFmt: 14}) })
	if rows, _, err := read(t, file); err != nil || !strings.HasSuffix(rows[0], "|amount.date|") {
		t.Errorf("an amount in a format of days: %v %v", rows, err)
	}
}

// What Excel did to a long number cannot be undone.
func TestNumbersAreNoCodes(t *testing.T) {
	t.Parallel()
	zero := "0"
	for _, v := range []any{330211199001190000, 330211199001191234.0, 12345.0, 13800138000} {
		file := book(t, func(f *excelize.File) { set(t, f, "A2", v, &excelize.Style{CustomNumFmt: &zero}) })
		if rows, _, err := read(t, file); err != nil || rows[0] != "2|cell.number||0.00|" && !strings.HasPrefix(rows[0], "2|cell.number|") {
			t.Errorf("%v: %v %v", v, rows, err)
		}
	}
	for typed, want := range map[string]string{
		"3.30211E+17": "cell.scientific", "3.30211e17": "cell.scientific", "３.30211E+17": "cell.scientific", "330211199001190000": "330211199001190000", "E12345678": "E12345678",
	} {
		file := book(t, func(f *excelize.File) { set(t, f, "A2", typed, nil) })
		if rows, _, err := read(t, file); err != nil || !strings.HasPrefix(rows[0], "2|"+want+"|") {
			t.Errorf("%q: %v %v", typed, rows, err)
		}
	}
	// In a text file nobody can tell.
	for typed, want := range map[string]string{"330211199001190000": "cell.rounded", "330211199001191234": "330211199001191234", "\t330211199001190017": "330211199001190017", `"=""330211199001190017"""`: "330211199001190017"} {
		if rows, _, err := read(t, []byte("号码,日期,金额\n"+typed+",2026-01-05,1\n")); err != nil || !strings.HasPrefix(rows[0], "2|"+want+"|") {
			t.Errorf("text %q: %v %v", typed, rows, err)
		}
	}
	// A phone number fits into a number; 18 digits do not.
	phone := func(v any) (string, error) {
		file := book(t, func(f *excelize.File) { set(t, f, "A2", v, nil) })
		var got string
		var of error
		_, err := each(context.Background(), bytes.NewReader(file), func(_ int, c []sheet.Cell) error {
			got, of = c[0].Phone()
			return nil
		})
		return got, errors.Join(err, of)
	}
	if got, err := phone(13800138000); got != "13800138000" || err != nil {
		t.Error(got, err)
	}
	if got, err := phone(861380013800012345.0); err == nil {
		t.Error("a rounded phone number:", got)
	}
}

// Formulas, errors, booleans, rich text, merged cells, names that lost a sign.
func TestCellsOfOtherTypes(t *testing.T) {
	t.Parallel()
	raw := func(cells string) []byte { return rawBook(t, cells) }
	for cells, want := range map[string]string{
		`<c r="C2"><f>1+2</f><v></v></c>`:  "2|||cell.formula|",
		`<c r="C2"><f>1+2</f></c>`:         "2|||cell.formula|",
		`<c r="C2"><f>1+2</f><v>3</v></c>`: "2|||3.00|",
		`<c r="C2" t="str"><f>""</f><v></v></c><c r="A2" t="inlineStr"><is><t>x</t></is></c>`:                   "",
		`<c r="C2" t="e"><f>1/0</f><v>#DIV/0!</v></c>`:                                                          "2|||cell.formula_error|",
		`<c r="C2" t="e"><v>#REF!</v></c>`:                                                                      "2|||cell.formula_error|",
		`<c r="C2" t="b"><v>1</v></c>`:                                                                          "2|||cell.boolean|",
		`<c r="B2" t="d"><v>2026-01-05T00:00:00</v></c>`:                                                        "2||2026-01-05|0.00|",
		`<c r="D2" t="inlineStr"><is><r><t>李</t></r><rPh sb="0" eb="1"><t>lǐ</t></rPh><r><t>某</t></r></is></c>`: "2|||0.00|李某",
		`<c r="D2" t="inlineStr"><is><t>李?</t></is></c>`:                                                        "2|||0.00|cell.broken",
		`<c r="D2" t="inlineStr"><is><t>李` + "\ufffd" + `</t></is></c>`:                                         "2|||0.00|cell.broken",
		`<c r="D2" t="inlineStr"><is><t>锟斤拷</t></is></c>`:                                                       "2|||0.00|cell.broken",
		`<c r="D2" t="inlineStr"><is><t>_x674e_某</t></is></c>`:                                                  "2|||0.00|李某",
		`<c r="D2"><v>360</v></c>`:                                                                              "2|||0.00|cell.number",
		`<c r="C2"><v>NaN</v></c>`:                                                                              "2|||amount.format|",
		`<c r="C2"><v>0x1p4</v></c>`:                                                                            "2|||amount.format|",
		`<c r="D2" t="s"><v>9</v></c>`:                                                                          "2|||0.00|cell.formula_error",
		`<c><v>1</v></c>`:                                                                                       "2|cell.number||0.00|",
	} {
		rows, _, err := read(t, raw(`<row r="2">`+cells+`</row>`))
		if want == "" {
			if err == nil {
				t.Errorf("cells out of order: %v", rows)
			}
			continue
		}
		if err != nil || len(rows) != 1 || rows[0] != want {
			t.Errorf("%s: %v %v, want %s", cells, rows, err, want)
		}
	}
	file := book(t, func(f *excelize.File) {
		_ = f.SetSheetRow("Sheet1", "A2", &[]any{"x1", "2026-01-05", "5", "李某"})
		_ = f.SetSheetRow("Sheet1", "A3", &[]any{nil, "2026-01-06", "6", "李某"})
		_ = f.MergeCell("Sheet1", "A2", "A3")
	})
	if rows, _, err := read(t, file); err != nil || rows[0] != "2|x1|2026-01-05|5.00|李某" || !strings.HasPrefix(rows[1], "3|cell.merged|2026-01-06") {
		t.Error("merged:", rows, err)
	}
}

// rawBook is a workbook written by hand: what other programs write.
func rawBook(t *testing.T, rows string) []byte {
	t.Helper()
	title := `<row r="1"><c r="A1" t="inlineStr"><is><t>号码</t></is></c><c r="B1" t="inlineStr"><is><t>日期</t></is></c><c r="C1" t="inlineStr"><is><t>金额</t></is></c><c r="D1" t="inlineStr"><is><t>姓名</t></is></c></row>`
	return archive(t, map[string]string{
		"[Content_Types].xml":        `<Types/>`,
		"xl/workbook.xml":            `<workbook xmlns:r="http://purl.oclc.org/ooxml/officeDocument/relationships"><sheets><sheet name="a" sheetId="1" r:id="rId1"/></sheets></workbook>`,
		"xl/_rels/workbook.xml.rels": `<Relationships><Relationship Id="rId1" Type="http://purl.oclc.org/ooxml/officeDocument/relationships/worksheet" Target="worksheets/sheet1.xml"/></Relationships>`,
		"xl/worksheets/sheet1.xml":   `<worksheet><sheetData>` + title + rows + `</sheetData></worksheet>`,
	})
}

func archive(t *testing.T, parts map[string]string) []byte {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for name, content := range parts {
		w, err := z.Create(name)
		if err == nil {
			_, err = w.Write([]byte(content))
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// What is no sheet is told by what it is.
func TestForeignFiles(t *testing.T) {
	t.Parallel()
	ole := func(stream string) string {
		s := "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + strings.Repeat("\x00", 600)
		for _, c := range []byte(stream) {
			s += string([]byte{c, 0})
		}
		return s + strings.Repeat("\x00", 600)
	}
	wide := func(s string, mark bool) string {
		var out []byte
		if mark {
			out = append(out, 0xff, 0xfe)
		}
		for _, u := range utf16.Encode([]rune(s)) {
			out = append(out, byte(u), byte(u>>8))
		}
		return string(out)
	}
	zipped := func(name string) string {
		return string(archive(t, map[string]string{name: "x", "[Content_Types].xml": "<a/>", "mimetype": "x"}))
	}
	for want, file := range map[string]string{
		"旧版 Excel": ole("Workbook"), "打开密码": ole("EncryptedPackage"), "Word 文档": ole("WordDocument"), "UTF-16": wide("号码\t日期\t金额\n", true),
		"没有标记的 UTF-16": wide("ID,date\n1,2\n3,4\n5,6\n", false), "制表符": "号码\t日期\t金额\nx\t2026-01-05\t5\n", "分号": "号码;日期;金额\nx;2026-01-05;5\n",
		"网页（HTML）": "\xef\xbb\xbf<html xmlns:x=\"urn:schemas-microsoft-com:office:excel\"><body><table><tr><td>号码</td></tr></table>", "XML 表格 2003": `<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet">`,
		"PDF": "%PDF-1.7 ...", "图片": "\x89PNG\r\n\x1a\n....", "压缩包": "Rar!\x1a\x07", "RTF": `{\rtf1\ansi}`, ".xlsb": zipped("xl/workbook.bin"), ".ods": zipped("content.xml"),
		"Numbers": zipped("Index/Document.iwa"), "演示文稿": zipped("ppt/presentation.xml"), "解压": zipped("a/cases.xlsx"), "不完整或已损坏": "PK\x03\x04 not a workbook", "JSON": `{"rows":[]}`,
		"英文逗号": "号码，日期，金额\nx，2026-01-05，5\n", "网页": "MIME-Version: 1.0\nContent-Type: multipart/related", "引号不成对": "号码,日期,金额\n\"x,2026-01-05,5\n",
	} {
		_, _, err := read(t, []byte(file))
		e, ok := errors.AsType[*model.Error](err)
		if !ok || e.Reason != "import.file" || !strings.Contains(e.Message, want) {
			t.Errorf("%s: %v", want, err)
		}
	}
	_, _, err := read(t, []byte(" \r\n"))
	if model.ReasonOf(err) != "import.empty" {
		t.Error("an empty file:", err)
	}
}

// Text files: the encoding is the whole file's, the row is the spreadsheet's.
func TestTextFiles(t *testing.T) {
	t.Parallel()
	text := "号码,日期,金额,姓名\nA1,2026/1/5,1.2万,李某\n\n\"A\n2\",2026.1.5,\"12,345.67\",王某\nA3,2026-01-05,5,赵某\n"
	gb, err := simplifiedchinese.GB18030.NewEncoder().String(text)
	if err != nil {
		t.Fatal(err)
	}
	want := "2|A1|2026-01-05|12000.00|李某 4|cell.broken|2026-01-05|12345.67|王某 5|A3|2026-01-05|5.00|赵某"
	for name, file := range map[string]string{"UTF-8": text, "marked": "\xef\xbb\xbf" + text, "GB18030": gb, "CRLF": strings.ReplaceAll(text, "\n", "\r\n"), "hint": "sep=,\n" + text} {
		rows, _, err := read(t, []byte(file))
		want := want
		if name == "hint" {
			want = strings.NewReplacer("2|A1", "3|A1", "4|cell", "5|cell", "5|A3", "6|A3").Replace(want)
		}
		if err != nil || strings.Join(rows, " ") != want {
			t.Errorf("%s: %v %v", name, rows, err)
		}
	}
	mac := "号码,日期,金额\rA1,2026-01-05,5\r"
	if rows, _, err := read(t, []byte(mac)); err != nil || rows[0] != "2|A1|2026-01-05|5.00|" {
		t.Error("Macintosh:", rows, err)
	}
	// One broken byte far behind does not make the file GB18030.
	broken := text + strings.Repeat("A4,2026-01-05,5,钱某\n", 300) + "A5,2026-01-05,5,孙\xe6\x9f某\n"
	rows, _, err := read(t, []byte(broken))
	if err != nil || rows[0] != "2|A1|2026-01-05|12000.00|李某" || rows[len(rows)-1] != "306|A5|2026-01-05|5.00|cell.broken" {
		t.Error("a broken byte:", rows[len(rows)-1], err)
	}
	// And one in GB18030 is named too.
	rows, _, err = read(t, []byte(gb+"A6,2026-01-05,5,\xc0\xff\n"))
	if err != nil || !strings.HasSuffix(rows[len(rows)-1], "|cell.broken") {
		t.Error("a broken byte of GB18030:", rows, err)
	}
	for name, of := range map[string]string{"UTF-8 read as Latin": "æ\u009d\u008eæ\u009f\u0090", "marks": "李??", "mark": "李？", "own": "李\ue000", "hidden": "李\u200b某", "error": "#REF!"} {
		if rows, _, err := read(t, []byte("号码,日期,金额,姓名\nA1,2026-01-05,5,"+of+"\n")); err != nil || !strings.Contains(rows[0], "|5.00|cell.") {
			t.Errorf("%s: %v %v", name, rows, err)
		}
	}
}

// Titles stand in any order, below a heading, with stars and remarks; what is
// not read is told.
func TestTitlesAndWhatIsTold(t *testing.T) {
	t.Parallel()
	f := excelize.NewFile()
	_ = f.SetSheetRow("Sheet1", "A2", &[]any{"镇海法院存量案件"})
	_ = f.SetSheetRow("Sheet1", "A4", &[]any{"金额（元）", "*号码", "备注", " 日 期 "})
	_ = f.SetSheetRow("Sheet1", "A5", &[]any{"5", "A1", "x", "2026-01-05"})
	_ = f.SetSheetRow("Sheet1", "A8", &[]any{"6", "A2", "", "2026-01-06", "", "也在"})
	_ = f.SetRowVisible("Sheet1", 8, false)
	_ = f.SetColVisible("Sheet1", "D", false)
	_, _ = f.NewSheet("二月")
	_ = f.SetCellValue("二月", "A1", "号码")
	_, _ = f.NewSheet("空")
	_, _ = f.NewSheet("填写说明")
	_ = f.SetCellValue("填写说明", "A1", "x")
	var b bytes.Buffer
	if err := f.Write(&b); err != nil {
		t.Fatal(err)
	}
	rows, info, err := read(t, b.Bytes())
	if err != nil || strings.Join(rows, " ") != "5|A1|2026-01-05|5.00| 8|A2|2026-01-06|6.00|" {
		t.Fatal(rows, err)
	}
	notes := strings.Join(info.Notes(), "；")
	for _, want := range []string{"“二月”也有内容", "有 1 行被隐藏或筛选掉（第 8 行）", "隐藏的列（日期）", "“备注”", "F 列"} {
		if !strings.Contains(notes, want) {
			t.Errorf("%q is not told: %s", want, notes)
		}
	}
	if strings.Contains(notes, "空") || strings.Contains(notes, "填写说明") {
		t.Error("told for nothing:", notes)
	}
	for titles, want := range map[string]string{"号码,日期,金额,金额\nA1,2026-01-05,1,2\n": "两次", "号码,日期\nA1,2026-01-05\n": "没有“金额”", "甲,乙\n1,2\n": "没有找到标题行"} {
		if _, _, err := read(t, []byte(titles)); model.ReasonOf(err) != "import.columns" || !strings.Contains(err.(interface{ Unwrap() error }).(*model.Error).Message, want) {
			t.Errorf("%q: %v", titles, err)
		}
	}
}

// Whatever the file claims, the answer is clear and costs little.
func TestLimits(t *testing.T) {
	t.Parallel()
	far := `<row r="2"><c r="XFD2"><v>1</v></c></row>`
	styled := `<row r="2"><c r="A2" t="inlineStr"><is><t>A1</t></is></c><c r="XFD2" s="1"/></row>`
	sheets, rels := "", ""
	for i := range 2000 {
		sheets += fmt.Sprintf(`<sheet name="s%d" r:id="r%d"/>`, i, i)
		rels += fmt.Sprintf(`<Relationship Id="r%d" Type="x/worksheet" Target="worksheets/s%d.xml"/>`, i, i)
	}
	many := archive(t, map[string]string{
		"xl/workbook.xml": "<workbook><sheets>" + sheets + "</sheets></workbook>", "xl/_rels/workbook.xml.rels": "<Relationships>" + rels + "</Relationships>",
	})
	bomb := rawBook(t, strings.Repeat(strings.Repeat("<x/>", 1<<18), 200))
	shared := rawBookWith(t, map[string]string{"xl/sharedStrings.xml": "<sst>" + strings.Repeat("<si><t>"+strings.Repeat("长", 20000)+"</t></si>", 1200) + "</sst>"})
	for name, c := range map[string]struct {
		file []byte
		want string
	}{
		"row two billion":   {rawBook(t, `<row r="2000000000"><c r="A2000000000"><v>1</v></c></row>`), "行号"},
		"last row":          {rawBook(t, `<row r="1048576"><c r="A1048576"><v>1</v></c></row>`), "第 1048576 行"},
		"far column":        {rawBook(t, far), "XFD 列"},
		"beyond Excel":      {rawBook(t, `<row r="2"><c r="ZZZZ2"><v>1</v></c></row>`), "位置"},
		"rows go back":      {rawBook(t, `<row r="3"/><row r="2"/>`), "顺序"},
		"zip bomb":          {bomb, "解压后超过"},
		"one long token":    {rawBook(t, `<row r="2"><c r="A2" t="inlineStr"><is><t>`+strings.Repeat("x", 1<<20)+`</t></is></c></row>`), "一段内容"},
		"long text":         {rawBook(t, `<row r="2"><c r="A2" t="inlineStr"><is><t>`+strings.Repeat("x", 40_000)+`</t></is></c></row>`), "个字"},
		"thousands":         {many, "工作表"},
		"shared texts":      {shared, "文字超过"},
		"too many rows":     {[]byte("号码,日期,金额\n" + strings.Repeat("A,2026-01-05,1\n", 1001)), "1000 行"},
		"too many bytes":    {bytes.Repeat([]byte("号码,日期,金额\n"), 2<<20), "MB"},
		"truncated archive": {rawBook(t, far)[:400], "不完整"},
	} {
		began := time.Now()
		_, _, err := read(t, c.file)
		e, ok := errors.AsType[*model.Error](err)
		if !ok || e.Kind != model.Invalid || !strings.Contains(e.Message, c.want) {
			t.Errorf("%s: %v", name, err)
		}
		t.Logf("%s: %s", name, time.Since(began).Round(time.Millisecond))
	}
	if rows, _, err := read(t, rawBook(t, styled)); err != nil || len(rows) != 1 {
		t.Error("a format far away is no content:", rows, err)
	}
	// Whoever left needs no answer.
	ctx, cancel := context.WithCancel(context.Background())
	n := 0
	_, err := each(ctx, bytes.NewReader(rawBook(t, strings.Repeat(`<row><c t="inlineStr"><is><t>A1</t></is></c></row>`, 900))), func(int, []sheet.Cell) error {
		if n++; n == 10 {
			cancel()
		}
		return nil
	})
	if n == 900 && err == nil {
		t.Log("a small part was read before the client left")
	}
	_, err = each(ctx, bytes.NewReader(rawBook(t, far)), func(int, []sheet.Cell) error { return nil })
	if !errors.Is(err, context.Canceled) {
		t.Error("a cancelled read:", err)
	}
}

func rawBookWith(t *testing.T, more map[string]string) []byte {
	t.Helper()
	parts := map[string]string{
		"xl/workbook.xml":            `<workbook><sheets><sheet name="a" r:id="rId1"/></sheets></workbook>`,
		"xl/_rels/workbook.xml.rels": `<Relationships><Relationship Id="rId1" Type="x/worksheet" Target="worksheets/sheet1.xml"/><Relationship Id="rId2" Type="x/sharedStrings" Target="sharedStrings.xml"/></Relationships>`,
		"xl/worksheets/sheet1.xml":   `<worksheet><sheetData/></worksheet>`,
	}
	for k, v := range more {
		parts[k] = v
	}
	return archive(t, parts)
}

func TestTerms(t *testing.T) {
	t.Parallel()
	for typed, want := range map[string]string{
		"2026-03-31": "2026-03-31 0", "2026年3月31日前": "2026-03-31 0", "2026.3.31之前": "2026-03-31 0", "生效后十日内": " 10", "生效后10日内": " 10", "判决生效之日起三十日内": " 30",
		"本判决生效之日起15日内": " 15", "调解书生效后１５天内": " 15", "民事判决书发生法律效力之日起一百二十日内": " 120", "3月31日前": " 0", "立即": " 0", "生效后一个月内": " 0", "判决送达后十日内": "date.format", "尽快": "date.format",
	} {
		file := book(t, func(f *excelize.File) { set(t, f, "B2", typed, nil) })
		_, err := each(context.Background(), bytes.NewReader(file), func(_ int, c []sheet.Cell) error {
			term, err := c[1].Term()
			got := fmt.Sprintf("%s %d", term.On, term.Days)
			if err != nil {
				got = model.ReasonOf(err)
			}
			if got != want {
				t.Errorf("%q: %q, want %q", typed, got, want)
			}
			return nil
		})
		if err != nil {
			t.Error(err)
		}
	}
}

// FuzzEach: no file, however made, does more than be refused.
func FuzzEach(f *testing.F) {
	f.Add([]byte("号码,日期,金额,姓名\nA1,2026-01-05,1.2万,李某\n"))
	f.Add([]byte("\xba\xc5\xc2\xeb,\xc8\xd5\xc6\xda\n"))
	f.Add([]byte("PK\x03\x04"))
	x := excelize.NewFile()
	_ = x.SetSheetRow("Sheet1", "A1", &[]any{"号码", "日期", "金额", "姓名"})
	_ = x.SetSheetRow("Sheet1", "A2", &[]any{"A1", 46027, 12.5, "李某"})
	var b bytes.Buffer
	if err := x.Write(&b); err != nil {
		f.Fatal(err)
	}
	f.Add(b.Bytes())
	f.Fuzz(func(t *testing.T, file []byte) {
		info, err := each(context.Background(), bytes.NewReader(file), func(_ int, c []sheet.Cell) error {
			for _, cell := range c {
				fen, err := cell.Money()
				if err == nil && (fen < 0 || fen > model.MaxFen) {
					t.Errorf("%+v is %d fen", cell, fen)
				}
				day, err := cell.Day()
				if err == nil && !day.IsZero() && (day.Year < 1949 || day.Year > 2099) {
					t.Errorf("%+v is %s", cell, day)
				}
				_, _ = cell.Name()
				_, _ = cell.Code()
				_, _ = cell.Term()
			}
			return nil
		})
		if e, ok := errors.AsType[*model.Error](err); err != nil && (!ok || e.Kind != model.Invalid) {
			t.Error("the fault is the program's:", err)
		}
		_ = info.Notes()
	})
}

// A quotation that nobody closed is refused before all the rest is read as one cell.
func TestAnOpenQuotationIsNoCell(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("b\n", 8*32_767)
	for text, line := range map[string]string{"a,b\n1,\"" + long: "第 2 行", "a,b\n1,\"x\ny\"\n2,\"" + long: "第 4 行"} {
		_, _, err := read(t, []byte(text))
		if e, ok := errors.AsType[*model.Error](err); !ok || e.Reason != "import.too_many" || !strings.Contains(e.Message, line) || !strings.Contains(e.Message, "引号") {
			t.Errorf("%.12q: %v", text, err)
		}
	}
}
