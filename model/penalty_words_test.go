package model

import (
	"strings"
	"testing"
)

// 减刑、假释财产性判项规定 2: the statement tells who paid, in which part of the
// proceedings, and what share of the adjudged arrived.
func TestPenaltyStatementInWords(t *testing.T) {
	t.Parallel()
	for want, p := range map[string]PenaltyPayment{
		"彭某（本人）": {PayerName: "彭某", PayerKind: PayerSelf},
		"彭某某（亲属代为履行，视为本人履行）": {PayerName: "彭某某", PayerKind: PayerRelative},
		"甬兴公司（单位代付）":         {PayerName: "甬兴公司", PayerKind: PayerCompany},
		"赵某（他人代付）":           {PayerName: "赵某", PayerKind: PayerOther},
		"钱某（连带义务人钱某的履行）":     {PayerName: "钱某", PayerKind: PayerSelf, CoDebtor: "钱某"},
	} {
		if got := p.PayerWords(); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
	day := NewDate(2026, 3, 2)
	f := StatementFacts{To: "某监狱", Convict: "彭某", MadeOn: day, PenaltyStatement: PenaltyStatement{
		Lines: []PenaltyLine{
			{Category: CategoryRestitution, What: "向甬兴公司给付", Joint: true, Money: true, AdjudgedFen: Yuan(80_000), PaidFen: Yuan(50_000)},
			{Category: CategoryFine, What: "上缴国库", Money: true, AdjudgedFen: Yuan(20_000), PrepaidFen: Yuan(20_000), PerformedOn: day},
			{What: "没收作案工具", PerformedOn: day},
			{What: "公开赔礼道歉"},
		},
		Payments: []PenaltyPayment{
			{PaidOn: day, Category: CategoryFine, AmountFen: Yuan(20_000), PayerKind: PayerSelf, PayerName: "彭某", Prepaid: true},
			{PaidOn: day, Category: CategoryRestitution, AmountFen: Yuan(30_000), PayerKind: PayerRelative, PayerName: "彭某某"},
			{PaidOn: day, Category: CategoryRestitution, AmountFen: Yuan(20_000), PayerKind: PayerSelf, PayerName: "钱某", CoDebtor: "钱某"},
		},
	}}
	v := map[string]any{}
	f.variables(v)
	for name, want := range map[string]any{
		"判处合计": "100,000.00", "到位合计": "70,000.00", "未履行合计": "30,000.00", "到位率": "70.00%", "预缴合计": "20,000.00", "判后履行合计": "50,000.00",
		"本人缴付": "20,000.00", "亲属代为缴付": "30,000.00", "他人缴付": "20,000.00", "履行完毕": false,
	} {
		if v[name] != want {
			t.Errorf("%s: %v, want %v", name, v[name], want)
		}
	}
	lines, _ := v["判项清单"].([]any)
	for i, want := range []string{"向甬兴公司给付（连带）|30,000.00|62.50%", "上缴国库|0.00|100.00%", "没收作案工具|已履行|—", "公开赔礼道歉|未履行|—"} {
		row, _ := lines[i].(map[string]any)
		if got := strings.Join([]string{row["内容"].(string), row["未履行"].(string), row["到位率"].(string)}, "|"); got != want { //nolint:forcetypeassert // a test
			t.Errorf("%q, want %q", got, want)
		}
	}
	payments, _ := v["缴付清单"].([]any)
	if row, _ := payments[0].(map[string]any); len(payments) != 3 || row["时段"] != "判决前预缴" || row["金额"] != "20,000.00" {
		t.Errorf("%v", payments)
	}
	for name, tt := range map[string]struct {
		number string
		on     Date
		reason string
	}{
		"not closed": {"", Date{}, ""}, "closed": {"（2026）浙0211执88号", day, ""}, "a number without a day": {"号", Date{}, "statement.closing"},
		"a day without a number": {"", day, "statement.closing"}, "closed tomorrow": {"号", day.AddDays(1), "date.future"},
	} {
		reasonIs(t, name, StatementFacts{ClosingNo: tt.number, ClosedOn: tt.on}.CheckClosing(day), tt.reason)
	}
}

// domain.md §1: 14.62 million performed of what was adjudged is 70.77 %; a zero
// denominator prints —.
func TestPenaltyFigures(t *testing.T) {
	t.Parallel()
	f := PenaltyFigures{
		Performed: map[Category]Fen{CategoryFine: Yuan(14_000_000), CategoryRestitution: Yuan(620_000)},
		Adjudged:  map[Category]Fen{CategoryFine: Yuan(20_658_000)},
	}
	if f.PerformedFen() != Yuan(14_620_000) || f.AdjudgedFen() != Yuan(20_658_000) || f.Share() != "70.77%" {
		t.Errorf("%s of %s: %s", f.PerformedFen(), f.AdjudgedFen(), f.Share())
	}
	if got := f.Categories(); len(got) != 2 || got[0] != CategoryRestitution || got[1] != CategoryFine {
		t.Errorf("victims are paid before the treasury: %v", got)
	}
	if (PenaltyFigures{Performed: map[Category]Fen{CategoryFine: 1}}).Share() != "—" {
		t.Error("a share of nothing")
	}
}

// 监狱来函: the judge is told at once and before the clock ends, and his task
// ends with the day.
func TestNoticesOfPrisonLetters(t *testing.T) {
	t.Parallel()
	q := PrisonLetter{ID: 4, PartyID: 1, Asker: "浙江省某监狱", DocumentNo: "浙某监函〔2026〕12号", DueOn: NewDate(2026, 3, 20), DueReason: "收到之日起15日"}
	n := PrisonLetterRegisteredNotice(measureCase, q, "彭某")
	bodySays(t, "registered", n.Body, "浙江省某监狱以浙某监函〔2026〕12号来函", "彭某财产性判项", "2026年3月20日前答复：收到之日起15日")
	due := PrisonLetterDueNotice(measureCase, q, "彭某")
	bodySays(t, "due", due.Body, "应于2026年3月20日前答复，尚未答复")
	if n.UserID != 8 || due.UserID != 8 {
		t.Errorf("%+v", n)
	}
	if task := PrisonLetterTask(measureCase, q, "彭某"); task.OwnerID != 8 || !task.DueAt.Equal(q.DueOn.EndOfDay()) || task.Kind != TaskAnswerPrisonLetter {
		t.Errorf("%+v", task)
	}
}
