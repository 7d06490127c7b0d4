package sheet_test

import (
	"bytes"
	"context"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"microcourt/service/sheet"
)

func markOf(t *testing.T, file []byte, faults []sheet.Fault) ([]byte, string) {
	t.Helper()
	ctx := context.Background()
	f, err := sheet.Receive(ctx, bytes.NewReader(file))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	table := sheet.Table{Columns: sheet.Columns([]string{"号码", "日期", "金额", "姓名"}), MaxRows: 10_000}
	info, err := table.Each(ctx, f, func(int, []sheet.Cell) error { return nil })
	if err != nil {
		t.Fatal(err)
	}
	for _, n := range info.Notes() {
		if strings.Contains(n, "错误说明") {
			t.Error("the column of marks is told of as not read:", n)
		}
	}
	out, end, err := f.Marked(ctx, info, faults)
	if err != nil || out == nil {
		t.Fatalf("not marked: %v", err)
	}
	return out, end
}

// A workbook comes back as it was sent, its wrong cells coloured and explained; sent
// again, what was mended is marked no more.
func TestAWorkbookComesBackMarked(t *testing.T) {
	t.Parallel()
	x := excelize.NewFile()
	bold, _ := x.NewStyle(&excelize.Style{Font: &excelize.Font{Bold: true}, NumFmt: 49})
	for i, row := range [][]any{{"案件表"}, {"号码", "日期", "金额", "姓名", "备注"}, {"A1", "x", "1.2万", "李某", "自己的备注"}, {"A2", "2026-01-05", "很多", "王某"}} {
		cell, _ := excelize.CoordinatesToCellName(1, i+1)
		_ = x.SetSheetRow("Sheet1", cell, &row)
	}
	_ = x.SetCellStyle("Sheet1", "B3", "B3", bold)
	var b bytes.Buffer
	if err := x.Write(&b); err != nil {
		t.Fatal(err)
	}
	open := func(b []byte) *excelize.File {
		f, err := excelize.OpenReader(bytes.NewReader(b))
		if err != nil {
			t.Fatal(err)
		}
		return f
	}
	red := func(f *excelize.File, cell string) bool {
		id, _ := f.GetCellStyle("Sheet1", cell)
		style, err := f.GetStyle(id)
		return err == nil && len(style.Fill.Color) == 1 && style.Fill.Color[0] == "FFC7CE"
	}
	first, end := markOf(t, b.Bytes(), []sheet.Fault{{3, "日期", "不是日期"}, {4, "金额", "不是金额"}, {4, "姓名", "像是几个人"}})
	f := open(first)
	at := func(f *excelize.File, cell string) string { v, _ := f.GetCellValue("Sheet1", cell); return v }
	if end != ".xlsx" || at(f, "A1") != "案件表" || at(f, "E3") != "自己的备注" || at(f, "F2") != "错误说明" || at(f, "F3") != "日期：不是日期" || at(f, "F4") != "金额：不是金额\n姓名：像是几个人" {
		t.Errorf("%q %q %q %q", at(f, "A1"), at(f, "F2"), at(f, "F3"), at(f, "F4"))
	}
	if !red(f, "B3") || !red(f, "C4") || !red(f, "D4") || red(f, "A3") || red(f, "C3") {
		t.Error("other cells are coloured")
	}
	if id, _ := f.GetCellStyle("Sheet1", "B3"); id != 0 {
		if style, _ := f.GetStyle(id); !style.Font.Bold || style.NumFmt != 49 {
			t.Error("the cell's own format is gone")
		}
	}
	if remarks, _ := f.GetComments("Sheet1"); len(remarks) != 3 {
		t.Errorf("%d remarks", len(remarks))
	}
	second, _ := markOf(t, first, []sheet.Fault{{4, "金额", "还不是金额"}})
	f = open(second)
	if red(f, "B3") || red(f, "D4") || !red(f, "C4") || at(f, "F3") != "" || at(f, "F4") != "金额：还不是金额" || at(f, "G2") != "" {
		t.Errorf("after the second time: %v %v %v %q %q %q", red(f, "B3"), red(f, "D4"), red(f, "C4"), at(f, "F3"), at(f, "F4"), at(f, "G2"))
	}
	if remarks, _ := f.GetComments("Sheet1"); len(remarks) != 1 {
		t.Errorf("%d remarks the second time", len(remarks))
	}
}

// A text file comes back with a column, its rows where they were.
func TestATextFileComesBackMarked(t *testing.T) {
	t.Parallel()
	out, end := markOf(t, []byte("号码,日期,金额,姓名\nA1,x,\"1,000\",李某\n\nA2,2026-01-05,很多,\"王\n某\"\n"), []sheet.Fault{{2, "日期", "不是日期"}, {4, "金额", "不是金额"}})
	if want := "\ufeff号码,日期,金额,姓名,错误说明\r\nA1,x,\"1,000\",李某,日期：不是日期\r\n\r\nA2,2026-01-05,很多,\"王\r\n某\",金额：不是金额\r\n"; string(out) != want || end != ".csv" {
		t.Errorf("%q", out)
	}
	again, _ := markOf(t, out, []sheet.Fault{{4, "姓名", "两行"}})
	if text := string(again); strings.Contains(text, "不是日期") || strings.Count(text, "错误说明") != 1 || !strings.Contains(text, "姓名：两行") {
		t.Errorf("%q", again)
	}
}

// A sheet that is too large to be marked cell by cell comes back as the list of its
// faults: never without a word about where they are.
func TestALargeSheetComesBackAsAList(t *testing.T) {
	t.Parallel()
	var b bytes.Buffer
	b.WriteString("号码,日期,金额,姓名\r\n")
	for b.Len() < 5<<20 { // in one wide row: it is large, not long
		b.WriteString("1,2026-03-01,100," + strings.Repeat("张三", 500) + "\r\n")
	}
	faults := []sheet.Fault{{Row: 9, Column: "金额", Message: "金额不正确"}, {Row: 3, Column: "日期", Message: "=日期不存在"}, {Row: 3, Message: "重复"}}
	out, end := markOf(t, b.Bytes(), faults)
	x, err := excelize.OpenReader(bytes.NewReader(out))
	if err != nil || end != sheet.ListEnd {
		t.Fatal(end, err)
	}
	defer func() { _ = x.Close() }()
	rows, err := x.GetRows(x.GetSheetName(0))
	if err != nil || len(rows) != 4 || rows[0][2] != "错误说明" || rows[1][0] != "3" || rows[1][1] != "日期" || rows[2][2] != "重复" || rows[3][0] != "9" {
		t.Errorf("%q %v", rows, err)
	}
	if rows[1][2] == "=日期不存在" {
		t.Error("a fault is taken for a formula")
	}
}
