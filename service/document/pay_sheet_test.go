package document

import (
	"bytes"
	"testing"

	"github.com/pdfcpu/pdfcpu/pkg/api"

	"microcourt/model"
)

// The sheet of how to pay is one page for a usual debt, with every part of the account, and
// is no instrument that could be taken for one;
// many instalments go on to others.
func TestThePaySheet(t *testing.T) {
	t.Parallel()
	pr, _ := printer(t)
	way := model.PayWay{CreditorID: 2, Creditor: "李某", Payee: "李某", Number: "6228480000000001011", Bank: "镇海农商银行骆驼支行", AmountFen: 100_000, Reference: "2345678A"}
	for n := range 3 {
		way.Lines = append(way.Lines, model.PayLine{DueOn: model.NewDate(2026, 3, 31+n), OpenFen: 30_000, InterestFen: 100, Overdue: n == 0, Reference: "2345678B"})
	}
	sheet := model.PaySheet{Court: model.Court{Name: "宁波市镇海区人民法院", Phone: "0574-12368"}, CaseNo: "（2026）浙0211民初1号", Debtor: "赵明", AsOf: model.NewDate(2026, 3, 2), Ways: []model.PayWay{way}}
	pages := func(list ...model.PaySheet) int {
		t.Helper()
		pdf, err := pr.PaySheet(list)
		if err != nil {
			t.Fatal(err)
		}
		keep(t, "pay-sheet", pdf)
		if err := api.Validate(bytes.NewReader(pdf), nil); err != nil {
			t.Errorf("not a valid PDF: %v", err)
		}
		if _, err := Verify(pdf); err == nil || bytes.Contains(pdf, []byte("/ByteRange")) {
			t.Errorf("it is signed: %v", err)
		}
		n, err := api.PageCount(bytes.NewReader(pdf), nil)
		if err != nil {
			t.Fatal(err)
		}
		return n
	}
	if n := pages(sheet); n != 1 {
		t.Errorf("a usual debt takes %d pages", n)
	}
	if n := pages(sheet, sheet); n != 2 {
		t.Errorf("two debtors take %d pages", n)
	}
	for range 40 {
		sheet.Ways[0].Lines = append(sheet.Ways[0].Lines, way.Lines[0])
	}
	if n := pages(sheet); n != 3 {
		t.Errorf("forty instalments take %d pages", n)
	}
}
