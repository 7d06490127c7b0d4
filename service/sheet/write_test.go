package sheet_test

import (
	"bytes"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"

	"microcourt/model"
	"microcourt/service/sheet"
)

// Nothing in a sheet that we write is a formula, whatever people typed; amounts and
// days are numbers and days.
func TestASheetCalculatesNothing(t *testing.T) {
	t.Parallel()
	typed := []string{"=1+1", "+1", "-1", "@SUM(A1)", "\t=1+1", "\r=1+1", " =1+1", "　=1+1", "＝1+1", "＋1", "－1", "＠x", "=cmd|' /C calc'!A0", "|x", "%x", "\n=1"}
	w, err := sheet.NewWriter([]float64{20, 20})
	if err != nil {
		t.Fatal(err)
	}
	defer w.Close()
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	must(w.Head("姓名", "=金额"))
	for _, text := range typed {
		must(w.Row(text, model.Yuan(12)+34))
	}
	must(w.Row("陈建国", model.NewDate(2026, 11, 30), time.Date(2026, 11, 30, 16, 30, 0, 0, time.UTC), int64(-3), nil, ""))
	var b bytes.Buffer
	if _, err := w.WriteTo(&b); err != nil {
		t.Fatal(err)
	}
	f, err := excelize.OpenReader(&b)
	must(err)
	rows, err := f.GetRows("列表")
	must(err)
	if rows[0][1] != "'=金额" {
		t.Errorf("the heading is %q", rows[0][1])
	}
	for i, text := range typed {
		if got := rows[i+1][0]; got != "'"+text && got != "'"+string(bytes.ReplaceAll([]byte(text), []byte("\r"), []byte("\n"))) {
			t.Errorf("%q is written as %q", text, got)
		}
		at, _ := excelize.CoordinatesToCellName(1, i+2)
		if formula, err := f.GetCellFormula("列表", at); err != nil || formula != "" {
			t.Errorf("%q is the formula %q, %v", text, formula, err)
		}
		if v, _ := f.GetCellValue("列表", "B2", excelize.Options{RawCellValue: true}); v != "12.34" {
			t.Errorf("the amount is %q", v)
		}
	}
	last := rows[len(rows)-1]
	if last[0] != "陈建国" || last[1] != "2026-11-30" || last[2] != "2026-12-01 00:30" || last[3] != "-3" {
		t.Errorf("the last row is %q", last)
	}
}
