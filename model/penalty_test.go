package model

import (
	"strings"
	"testing"
	"time"
)

// 刑事裁判涉财产部分执行规定 13: 医疗费用 → 退赔 → 其他民事债务 → 罚金 → 没收财产,
// whatever falls due first and whatever the payer wants.
func TestCriminalPropertyRules13(t *testing.T) {
	t.Parallel()
	open := []Installment{
		{ID: 1, ObligationID: 11, AmountFen: 100, DueOn: NewDate(2026, 1, 1)}, // 没收财产
		{ID: 2, ObligationID: 12, AmountFen: 100, DueOn: NewDate(2026, 1, 1)}, // 罚金
		{ID: 3, ObligationID: 13, AmountFen: 100, DueOn: NewDate(2026, 3, 1)}, // 退赔
		{ID: 4, ObligationID: 14, AmountFen: 100, DueOn: NewDate(2026, 9, 1)}, // 医疗费用
		{ID: 5, ObligationID: 15, AmountFen: 100, DueOn: NewDate(2026, 2, 1)}, // not said
		{ID: 6, ObligationID: 13, AmountFen: 100, DueOn: NewDate(2026, 2, 1)}, // 退赔, due before the other
	}
	var list []Obligation
	for id, c := range map[int64]Category{11: CategoryConfiscation, 12: CategoryFine, 13: CategoryRestitution, 14: CategoryMedical, 15: CategoryNone} {
		list = append(list, Obligation{ID: id, Category: c})
	}
	order := PriorityOf(CaseCriminal, list)
	criminal := Debts{Case: Case{Kind: CaseCriminal}, Obligations: list}
	spread := criminal.Spread(Payment{AmountFen: 550, Targets: []int64{2, 3}}, open, Payments{}, CourtSettings{})
	shares, rest := spread.Shares, spread.RestFen
	want := []Share{{4, 100}, {3, 100}, {6, 100}, {5, 100}, {2, 100}, {1, 50}}
	if len(shares) != len(want) || rest != 0 {
		t.Fatal(shares, rest)
	}
	for i := range want {
		if shares[i] != want[i] {
			t.Errorf("place %d is %v, want %v", i, shares[i], want[i])
		}
	}
	for _, tt := range []struct {
		shares   []Share
		reason   string
		deviates bool
		want     string
	}{
		{[]Share{{4, 100}, {6, 100}}, "", false, ""},                                            // 退赔 may choose among its own
		{[]Share{{4, 100}, {3, 60}}, "", false, ""},                                             // part of an item
		{[]Share{{4, 99}, {3, 60}}, "", true, "allocation.order"},                               // a fen of medical costs is open
		{[]Share{{2, 100}}, " ", true, "allocation.order"},                                      // the fine first
		{[]Share{{2, 100}}, "被告人判决前预缴罚金", true, ""},                                             // with his reason
		{[]Share{{4, 100}, {3, 100}, {6, 100}, {5, 100}, {1, 1}}, "", true, "allocation.order"}, // 没收 before 罚金
	} {
		deviates, err := order.CheckOrder(open, tt.shares, tt.reason)
		if deviates != tt.deviates || ReasonOf(err) != tt.want {
			t.Errorf("%v: %v %v, want %v %s", tt.shares, deviates, err, tt.deviates, tt.want)
		}
	}
	civil := Debts{Case: Case{Kind: CaseCivil}, Obligations: []Obligation{{ID: 11}, {ID: 12}}}
	if shares := civil.Spread(Payment{AmountFen: 150}, open[:2], Payments{}, CourtSettings{}).Shares; shares[0].InstallmentID != 1 || shares[1].InstallmentID != 2 {
		t.Error("a civil case goes by due day:", shares)
	}
}

func TestCategoriesOfDuties(t *testing.T) {
	t.Parallel()
	party, court := Obligation{Kind: ObligationMoney}, Obligation{Kind: ObligationMoney, ToCourt: true}
	conduct := Obligation{Kind: ObligationConduct}
	for _, tt := range []struct {
		kind CaseKind
		c    Category
		ob   Obligation
		want string
	}{
		{CaseCriminal, CategoryFine, court, ""},
		{CaseCriminal, CategoryFine, party, "category.to_court"},
		{CaseCriminal, CategoryConfiscation, party, "category.to_court"},
		{CaseCriminal, CategoryMedical, party, ""},
		{CaseCriminal, CategoryMedical, court, "category.to_party"},
		{CaseCriminal, CategoryMedical, conduct, "category.money"},
		{CaseCriminal, CategoryRestitution, court, ""}, // victims on a list of their own
		{CaseCriminal, CategoryCivil, conduct, ""},
		{CaseCriminal, CategorySurcharge, party, "category.unknown"},
		{CaseCivil, CategoryFine, court, "category.unknown"},
		{CaseAdministrative, CategorySurcharge, party, ""},
		{CaseAdministrative, CategoryFine, court, "category.unknown"},
		{CaseCivil, CategoryNone, party, ""},
	} {
		if err := CheckCategory(tt.kind, tt.c, tt.ob); ReasonOf(err) != tt.want {
			t.Errorf("%s %s %+v: %v, want %q", tt.kind, tt.c, tt.ob, err, tt.want)
		}
	}
	if DefaultCategory(CaseCriminal, court) != CategoryFine || DefaultCategory(CaseCriminal, party) != CategoryNone || DefaultCategory(CaseCivil, court) != CategoryNone {
		t.Error("what goes to the court in a criminal case is the fine, nothing else is guessed")
	}
}

// 适用财产刑规定 5: three months from the second day of the judgment's effect.
func TestPropertyPenaltyRules5(t *testing.T) {
	t.Parallel()
	for effective, want := range map[Date]Date{
		NewDate(2026, 1, 15):  NewDate(2026, 4, 15),
		NewDate(2025, 11, 30): NewDate(2026, 2, 28), // a Saturday that is worked
		NewDate(2026, 7, 1):   NewDate(2026, 10, 8), // 国庆
	} {
		if p, cite := FineTermEnd(ShippedCalendar(), effective); p.Last != want || !strings.Contains(cite, "第五条") || !strings.Contains(p.Reason, "3个月") {
			t.Errorf("%v: %+v, want %v", effective, p, want)
		}
	}
}

// 减刑、假释财产性判项规定 13 with 刑事诉讼法 105.
func TestCommutationRules13(t *testing.T) {
	t.Parallel()
	for received, want := range map[Date]Date{
		NewDate(2026, 3, 2):  NewDate(2026, 3, 9),
		NewDate(2026, 9, 24): NewDate(2026, 10, 8), // the seventh day is 国庆
		NewDate(2026, 9, 13): NewDate(2026, 9, 20), // a Sunday that is worked
		NewDate(2026, 3, 7):  NewDate(2026, 3, 16), // a Saturday
	} {
		p := PrisonLetterDue(ShippedCalendar(), AskerPrison, received)
		if p.Last != want || !strings.Contains(p.Reason, "收到公函，次日起算7日") || strings.Contains(p.Reason, "参照") {
			t.Errorf("%v: %+v, want %v", received, p, want)
		}
	}
	if p := PrisonLetterDue(ShippedCalendar(), AskerProcuratory, NewDate(2026, 3, 2)); !strings.Contains(p.Reason, "参照") {
		t.Errorf("a procuratorate executes no punishments: %s", p.Reason)
	}
	q := PrisonLetter{ID: 1, CaseID: 5, PartyID: 7, ReceivedOn: NewDate(2026, 3, 2), DueOn: NewDate(2026, 3, 9), State: PrisonLetterOpen}
	paper := Document{ID: 9, CaseID: 5, PartyID: 7, Kind: DocumentPenaltyStatement, Facts: DocumentFacts{IssuedOn: NewDate(2026, 3, 4)}}
	ok := Answer{Statement: paper, SentOn: NewDate(2026, 3, 5), Method: AnswerByMail, Proof: "EMS 1"}
	with := func(f func(*Answer)) Answer { a := ok; f(&a); return a }
	for want, a := range map[string]Answer{
		"statement.unknown":     with(func(a *Answer) { a.Statement.PartyID = 8 }),
		"statement.old":         with(func(a *Answer) { a.Statement.Facts.IssuedOn = NewDate(2026, 3, 1) }),
		"prison_letter.method":  with(func(a *Answer) { a.Method = "pigeon" }),
		"prison_letter.sent_on": with(func(a *Answer) { a.SentOn = NewDate(2026, 3, 3) }),
		"prison_letter.proof":   with(func(a *Answer) { a.Proof = " " }),
		"":                      ok,
	} {
		c := q
		if err := c.Answer(a, 3, NewDate(2026, 3, 10)); ReasonOf(err) != want {
			t.Errorf("%+v: %v, want %q", a, err, want)
		}
	}
	if err := q.Answer(ok, 3, NewDate(2026, 3, 10)); err != nil || q.LateAnswer() {
		t.Fatal(err)
	}
	if err := q.Answer(ok, 3, NewDate(2026, 3, 10)); ReasonOf(err) != "prison_letter.answered" || KindOf(err) != Conflict {
		t.Error("answered twice:", err)
	}
	if err := q.Void("登记错误"); ReasonOf(err) != "prison_letter.answered" {
		t.Error("an answered letter is void:", err)
	}
}

// 减刑、假释财产性判项规定 2: relatives' money counts as the convict's own, a joint
// debt is performed once anybody performed it; prepayment is told apart.
func TestCommutationRules2RelativesPayAsTheConvict(t *testing.T) {
	t.Parallel()
	on := func(d int) time.Time { return NewDate(2026, 3, d).Start() }
	l := PenaltyLedger{
		Instruments: []Instrument{{ID: 1, MadeOn: NewDate(2026, 1, 10), EffectiveOn: NewDate(2026, 1, 21)}},
		Obligations: []Obligation{
			{ID: 1, InstrumentID: 1, Kind: ObligationMoney, ToCourt: true, Category: CategoryFine, AmountFen: 10_000},
			{ID: 2, InstrumentID: 1, Kind: ObligationMoney, ObligeeID: 30, Category: CategoryRestitution, AmountFen: 5_000},
			{ID: 3, InstrumentID: 1, Kind: ObligationMoney, ToCourt: true, Category: CategoryFine, AmountFen: 99}, // of the other one
		},
		Obligors:     []Obligor{{ObligationID: 1, PartyID: 10}, {ObligationID: 2, PartyID: 10}, {ObligationID: 2, PartyID: 20}, {ObligationID: 3, PartyID: 20}},
		Installments: []Installment{{ID: 1, ObligationID: 1, AmountFen: 10_000, ConfirmedFen: 8_000}, {ID: 2, ObligationID: 2, AmountFen: 5_000, ConfirmedFen: 5_000, PerformedOn: NewDate(2026, 2, 2)}},
		Entries: []Confirmation{
			{ID: 1, ReceiptID: 1, Kind: EntryConfirm, AmountFen: 3_000, PaidOn: NewDate(2026, 1, 9), CreatedAt: on(1)},
			{ID: 2, ReceiptID: 2, Kind: EntryConfirm, AmountFen: 5_000, PaidOn: NewDate(2026, 1, 15), CreatedAt: on(2)},
			{ID: 3, ReceiptID: 3, Kind: EntryConfirm, AmountFen: 5_000, PaidOn: NewDate(2026, 2, 2), CreatedAt: on(3)},
			{ID: 4, ReceiptID: 4, Kind: EntryConfirm, AmountFen: 700, PaidOn: NewDate(2026, 2, 3), CreatedAt: on(3)},
			{ID: 5, ReceiptID: 4, Kind: EntryReverse, ReversesID: 4, AmountFen: -700, PaidOn: NewDate(2026, 2, 3), CreatedAt: on(4)},
		},
		Allocations: []Allocation{
			{ConfirmationID: 1, ObligationID: 1, AmountFen: 3_000},
			{ConfirmationID: 2, ObligationID: 1, AmountFen: 5_000},
			{ConfirmationID: 3, ObligationID: 2, AmountFen: 5_000},
			{ConfirmationID: 4, ObligationID: 1, AmountFen: 700},
			{ConfirmationID: 5, ObligationID: 1, AmountFen: -700},
		},
		Receipts: []Receipt{
			{ID: 1, PartyID: 10, PayerKind: PayerSelf, PayerName: "甲"},
			{ID: 2, PartyID: 10, PayerKind: PayerRelative, PayerName: "甲之妻"},
			{ID: 3, PartyID: 20, PayerKind: PayerSelf, PayerName: "乙"},
			{ID: 4, PartyID: 10, PayerKind: PayerSelf},
		},
		Names: map[int64]string{10: "甲", 20: "乙", 30: "丙"},
	}
	s := l.Statement(10)
	if len(s.Lines) != 2 || s.Lines[0].Category != CategoryRestitution || !s.Lines[0].Joint || s.Lines[0].RestFen() != 0 || s.Lines[0].PerformedOn.IsZero() {
		t.Fatalf("%+v", s.Lines)
	}
	if f := s.Lines[1]; f.PrepaidFen != 3_000 || f.PaidFen != 5_000 || f.RestFen() != 2_000 || !f.PerformedOn.IsZero() {
		t.Errorf("the fine: %+v", f)
	}
	by := s.ByPayer()
	if by[PayerSelf] != 3_000 || by[PayerRelative] != 5_000 || by[PayerOther] != 5_000 || s.OwnFen() != 8_000 {
		t.Errorf("by payer: %v", by)
	}
	tot := s.Totals()
	if tot.AdjudgedFen != 15_000 || tot.ArrivedFen != 13_000 || tot.RestFen != 2_000 || Percent(tot.ArrivedFen, tot.AdjudgedFen) != "86.67%" || s.Done() {
		t.Errorf("%+v", tot)
	}
	if w := s.Payments[1].PayerWords(); !strings.Contains(w, "甲之妻") || !strings.Contains(w, "视为本人履行") {
		t.Error(w)
	}
	if len(s.Payments) != 3 || s.Payments[0].When() != "判决前预缴" || s.Payments[1].When() != "判决后履行" || s.Payments[2].CoDebtor != "乙" {
		t.Errorf("%+v", s.Payments)
	}
}

// The report's half year: 88 cases, 14.62 million, 70.77 % of what was adjudged.
// What a victim forgave of the civil part did not arrive and is not open either: the
// statement does not call the item performed and unpaid at once.
func TestAStatementSaysWhatWasForgiven(t *testing.T) {
	t.Parallel()
	day := NewDate(2026, 3, 2)
	s := PenaltyLedger{
		Names:        map[int64]string{2: "周立"},
		Obligations:  []Obligation{{ID: 1, Kind: ObligationMoney, Category: CategoryCivil, ObligeeID: 2, AmountFen: Yuan(1_000)}},
		Obligors:     []Obligor{{ObligationID: 1, PartyID: 9}},
		Installments: []Installment{{ID: 1, ObligationID: 1, AmountFen: Yuan(1_000), ConfirmedFen: Yuan(600), ForgivenFen: Yuan(400), PerformedOn: day}},
		Receipts:     []Receipt{{ID: 1, PartyID: 9, PayerKind: PayerSelf}},
		Entries:      []Confirmation{{ID: 1, ReceiptID: 1, Kind: EntryConfirm, AmountFen: Yuan(600), PaidOn: day}},
		Allocations:  []Allocation{{ConfirmationID: 1, ObligationID: 1, InstallmentID: 1, AmountFen: Yuan(600)}},
	}.Statement(9)
	if l := s.Lines[0]; !s.Done() || l.RestFen() != 0 || l.ArrivedFen() != Yuan(600) || l.What != "向周立给付（其中权利人免除 400.00 元）" {
		t.Errorf("%+v", s)
	}
	v := map[string]any{}
	StatementFacts{PenaltyStatement: s}.variables(v)
	if v["免除合计"] != "400.00" || v["未履行合计"] != "0.00" || v["到位合计"] != "600.00" {
		t.Errorf("%v", v)
	}
}

func TestPercent(t *testing.T) {
	t.Parallel()
	for want, v := range map[string][2]Fen{
		"70.77%": {Yuan(14_620_000), Yuan(20_658_471)}, "—": {Yuan(1), 0}, "100.00%": {7, 7}, "0.00%": {0, 7}, "33.33%": {1, 3}, "66.67%": {2, 3}, "100.01%": {10_001, 10_000},
	} {
		if got := Percent(v[0], v[1]); got != want {
			t.Errorf("%v: %s, want %s", v, got, want)
		}
	}
}
