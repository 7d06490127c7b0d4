package model

import (
	"strings"
	"testing"
)

// Instruments that no court made are enforced elsewhere, by papers of their own,
// and no paper calls them this court's (民事诉讼法 235 para. 2, 248, 249;
// 法释〔2018〕18号 3, 9). A confirmed agreement and an order to pay are a court's own.
func TestCivilProcedureLaw235OtherInstruments(t *testing.T) {
	t.Parallel()
	day := NewDate(2026, 4, 10)
	sheet := func(kind InstrumentKind) (string, Notice, ApplicationPeriods) {
		d := Debts{
			Case:        Case{ID: 1, CaseNo: "（2026）浙0211民初1号", Kind: CaseCivil, Cause: "借款合同纠纷"},
			Parties:     []Party{{ID: 1, Role: Defendant, Name: "李某"}, {ID: 2, Role: Plaintiff, Name: "王某"}},
			Instruments: []Instrument{{ID: 3, Kind: kind, Number: "甲字第1号", EffectiveOn: NewDate(2026, 3, 1)}},
			Obligations: []Obligation{{ID: 4, InstrumentID: 3, Kind: ObligationMoney, ObligeeID: 2, AmountFen: Yuan(200)}},
			Obligors:    []Obligor{{ObligationID: 4, PartyID: 1}},
			Installments: []Installment{
				{ID: 5, ObligationID: 4, Seq: 1, AmountFen: Yuan(100), DueOn: NewDate(2026, 3, 31)}, {ID: 6, ObligationID: 4, Seq: 2, AmountFen: Yuan(100), DueOn: NewDate(2026, 6, 30)},
			},
		}
		periods := d.ApplicationPeriods(PeriodRecord{}, ShippedCalendar(), day)
		f := d.CreditorSheetFacts(Court{Name: "甲法院"}, "张", 2, 3, "号", Payments{}, periods, day)
		var b strings.Builder
		for _, p := range f.Points {
			b.WriteString(p.Text)
		}
		n := InstrumentNotice(Court{Name: "甲法院"}, d.Case, d.Parties[1], d.Instruments[0], []Duty{{AmountFen: Yuan(200), DueOn: NewDate(2026, 6, 30), Regime: RegimeCivil}})
		return b.String(), n, periods
	}
	const own = "您可以向本院或者与本院同级"
	for kind, want := range map[InstrumentKind][]string{
		ArbitralAward: {"被执行人住所地或者被执行的财产所在地", "民事诉讼法第二百三十五条第二款、第二百四十八条第一款", "仲裁裁决书", "从最后一期履行期限届满之日起计算"},
		NotarisedDebt: {"被执行人住所地或者被执行的财产所在地", "执行证书", "公证债权文书执行若干问题的规定第三条", "从每次履行期间的最后一日起分别计算", "自申请之日起中断"},
	} {
		text, notice, periods := sheet(kind)
		bodySays(t, string(kind), text, want...)
		bodySays(t, string(kind), notice.Body, "所依据的"+kind.Chinese(), "被执行人住所地")
		if strings.Contains(text+notice.Body, own) || !kind.Elsewhere() || !kind.Valid() {
			t.Errorf("%s is said to be this court's: %s", kind, text)
		}
		if n := len(periods); n != map[InstrumentKind]int{ArbitralAward: 1, NotarisedDebt: 2}[kind] {
			t.Errorf("%s: %d periods", kind, n)
		}
	}
	for _, kind := range []InstrumentKind{ConfirmationRuling, PaymentOrder, Judgment} {
		text, notice, periods := sheet(kind)
		if !strings.Contains(text, own) || !strings.Contains(notice.Body, "的"+kind.Chinese()) || kind.Elsewhere() || len(periods) != 1 {
			t.Errorf("%s: %s\n%s", kind, text, notice.Body)
		}
	}
	if InstrumentKind("treaty").Valid() {
		t.Error("an unknown kind is taken")
	}
}
