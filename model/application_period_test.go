package model

import (
	"slices"
	"strings"
	"testing"
	"time"
)

// aLoan is a judgment of 1 March 2026: 100,000 yuan in two instalments that two
// joint debtors (1 and 6) owe to one creditor (2), and a share of the second
// debtor's alone to another creditor (7).
func aLoan() Debts {
	return Debts{
		Case:        Case{Kind: CaseCivil, CaseNo: "（2026）浙0211民初1号", Cause: "民间借贷纠纷"},
		Parties:     []Party{{ID: 1, Role: Defendant, Name: "李某"}, {ID: 2, Role: Plaintiff, Name: "王某"}, {ID: 6, Role: Defendant, Name: "赵某"}, {ID: 7, Role: Plaintiff, Name: "孙某"}},
		Instruments: []Instrument{{ID: 3, Kind: Judgment, EffectiveOn: NewDate(2026, 3, 1)}},
		Obligations: []Obligation{
			{ID: 4, InstrumentID: 3, Kind: ObligationMoney, ObligeeID: 2, AmountFen: Yuan(100_000)}, {ID: 5, InstrumentID: 3, Kind: ObligationMoney, ObligeeID: 7, AmountFen: Yuan(5_000)},
		},
		Obligors: []Obligor{{ObligationID: 4, PartyID: 1}, {ObligationID: 4, PartyID: 6}, {ObligationID: 5, PartyID: 6}},
		Installments: []Installment{
			{ID: 41, ObligationID: 4, Seq: 1, AmountFen: Yuan(60_000), DueOn: NewDate(2026, 3, 31)},
			{ID: 42, ObligationID: 4, Seq: 2, AmountFen: Yuan(40_000), DueOn: NewDate(2026, 6, 30)},
			{ID: 51, ObligationID: 5, Seq: 1, AmountFen: Yuan(5_000), DueOn: NewDate(2026, 3, 31)},
		},
	}
}

func promiseOf(party int64, on Date) Promise {
	return Promise{PartyID: party, CreatedAt: on.Start().Add(10 * time.Hour)}
}

// periodsOn are the periods of aLoan's two obligations on a day.
func periodsOn(r PeriodRecord, today Date) (joint, share ApplicationPeriod) {
	list := aLoan().ApplicationPeriods(r, ShippedCalendar(), today)
	return list.Of(4)[0], list.Of(5)[0]
}

func says(t *testing.T, p ApplicationPeriod, state PeriodState, last Date, words ...string) {
	t.Helper()
	if p.State != state || p.Last != last {
		t.Errorf("%s until %s, want %s until %s: %s", p.State, p.Last, state, last, p.Sentence())
	}
	for _, w := range words {
		if !strings.Contains(p.Sentence(), w) {
			t.Errorf("%q is not said in %q", w, p.Sentence())
		}
	}
	for _, never := range []string{"丧失", "不能申请", "不再受理"} {
		if strings.Contains(p.Sentence(), never) {
			t.Errorf("it says %s: %s", never, p.Sentence())
		}
	}
}

// 民事诉讼法 250: two years, of instalments from the last, without a term from the
// day of effect, for each obligation and its creditor by itself; nothing runs for
// what is performed or not yet in effect.
func TestCivilProcedureLaw250(t *testing.T) {
	t.Parallel()
	joint, share := periodsOn(PeriodRecord{}, NewDate(2026, 7, 1))
	says(t, joint, PeriodRunning, NewDate(2028, 6, 30), "至2028年6月30日届满", "2026年6月30日最后一期履行期限届满，次日起算二年")
	says(t, share, PeriodRunning, NewDate(2028, 3, 31), "2026年3月31日履行期限届满")
	d := aLoan()
	if list := d.ApplicationPeriods(PeriodRecord{}, ShippedCalendar(), NewDate(2026, 7, 1)); list.First() != NewDate(2028, 3, 31) || len(list.For(d, 7, 3)) != 1 || len(list.For(d, 7, 9)) != 0 {
		t.Errorf("the earliest ends on %s", list.First())
	}
	d.Installments = d.Installments[2:]
	d.Installments[0].DueOn = NewDate(2026, 3, 1)
	says(t, d.ApplicationPeriods(PeriodRecord{}, ShippedCalendar(), NewDate(2026, 7, 1)).Of(5)[0], PeriodRunning, NewDate(2028, 3, 1), "法律文书生效（没有规定履行期间）")
	d.Installments[0].PerformedOn = NewDate(2026, 3, 2)
	d.Instruments[0].EffectiveOn = NewDate(2026, 3, 1)
	if list := d.ApplicationPeriods(PeriodRecord{}, ShippedCalendar(), NewDate(2026, 7, 1)).Of(5); len(list) != 0 {
		t.Errorf("a period of what is performed: %+v", list)
	}
	d = aLoan()
	d.Instruments[0].EffectiveOn = Date{}
	if list := d.ApplicationPeriods(PeriodRecord{}, ShippedCalendar(), NewDate(2026, 7, 1)); len(list) != 0 {
		t.Errorf("a period before effect: %+v", list)
	}
}

// 民法典 203: an end on a rest day moves, and the words say so.
func TestCivilCode203OfTheApplicationPeriod(t *testing.T) {
	t.Parallel()
	r := PeriodRecord{Promises: []Promise{promiseOf(1, NewDate(2024, 10, 1))}}
	d := aLoan()
	d.Instruments[0].EffectiveOn = NewDate(2024, 3, 1)
	for i := range d.Installments {
		d.Installments[i].DueOn = NewDate(2024, 4, 1)
	}
	p := d.ApplicationPeriods(r, ShippedCalendar(), NewDate(2026, 7, 1)).Of(4)[0]
	says(t, p, PeriodRunning, NewDate(2026, 10, 8), "2026年10月1日为节假日，顺延至2026年10月8日", "民法典第二百零三条")
	if p.RawLast != NewDate(2026, 10, 1) {
		t.Errorf("before the rest days it ends on %s", p.RawLast)
	}
}

// 执程解释 20 with 民法典 195, 诉讼时效规定 9 and 14, 民诉解释 466 and 517: what interrupts
// the period, from which day it runs anew, and what does not.
func TestProcedureInterpretation20(t *testing.T) {
	t.Parallel()
	paid := PeriodRecord{Ledger: PaidLedger{
		Entries:     []Confirmation{{ID: 1, ReceiptID: 11, PaidOn: NewDate(2026, 8, 3)}, {ID: 2, ReceiptID: 12, PaidOn: NewDate(2026, 9, 1)}, {ID: 3, ReceiptID: 12, PaidOn: NewDate(2026, 9, 1)}, {ID: 4, ReceiptID: 13, PaidOn: NewDate(2026, 9, 4)}},
		Allocations: []Allocation{{ConfirmationID: 1, ObligationID: 4, InstallmentID: 41, AmountFen: 500}, {ConfirmationID: 2, ObligationID: 4, AmountFen: 7}, {ConfirmationID: 3, ObligationID: 4, AmountFen: -7}, {ConfirmationID: 4, ObligationID: 4, AmountFen: 9}},
		DebtorOf:    map[int64]int64{11: 1, 12: 1, 13: 1}, ByRelative: map[int64]bool{13: true},
	}}
	joint, share := periodsOn(paid, NewDate(2026, 10, 1))
	// Part of the claim interrupts the whole of it; what was taken back and what a
	// relative paid by himself does not.
	says(t, joint, PeriodRunning, NewDate(2028, 8, 3), "李某部分履行，期间中断")
	says(t, share, PeriodRunning, NewDate(2028, 3, 31))
	demand := PeriodEntry{ID: 1, Cause: CauseDemand, PartyID: 2, HappenedOn: NewDate(2027, 1, 4)}
	joint, share = periodsOn(PeriodRecord{Entries: []PeriodEntry{demand}}, NewDate(2027, 2, 1))
	says(t, joint, PeriodRunning, NewDate(2029, 1, 4), "王某提出履行要求")
	says(t, share, PeriodRunning, NewDate(2028, 3, 31)) // another creditor's
	// A promise before the term is over changes nothing, and is still shown.
	joint, _ = periodsOn(PeriodRecord{Promises: []Promise{promiseOf(1, NewDate(2026, 5, 4))}}, NewDate(2026, 7, 1))
	if says(t, joint, PeriodRunning, NewDate(2028, 6, 30)); len(joint.Events) != 1 || joint.Events[0].Effect != EffectNone {
		t.Errorf("%+v", joint.Events)
	}
	// A correction takes the entry's place, a withdrawal leaves nothing of it.
	moved := PeriodEntry{ID: 2, CorrectsID: 1, Cause: CauseDemand, PartyID: 2, HappenedOn: NewDate(2027, 1, 5)}
	joint, _ = periodsOn(PeriodRecord{Entries: []PeriodEntry{demand, moved}}, NewDate(2027, 2, 1))
	says(t, joint, PeriodRunning, NewDate(2029, 1, 5))
	joint, _ = periodsOn(PeriodRecord{Entries: []PeriodEntry{demand, moved, {ID: 3, CorrectsID: 2, Cause: CauseWithdrawn}}}, NewDate(2027, 2, 1))
	says(t, joint, PeriodRunning, NewDate(2028, 6, 30))

	filed := func(f func(*EnforcementFile)) PeriodRecord {
		e := EnforcementFile{EnforcementCase: EnforcementCase{ID: 9, CaseNo: "（2026）浙0211执88号", Kind: EnforcementOrdinary, FiledOn: NewDate(2026, 7, 6), State: EnforcementOpen}, Obligations: []EnforcedObligation{{ObligationID: 4}}}
		f(&e)
		return PeriodRecord{Enforcement: []EnforcementFile{e}}
	}
	closed := func(how CloseType) func(*EnforcementFile) {
		return func(e *EnforcementFile) {
			e.State, e.ClosedOn, e.CloseType = EnforcementClosed, NewDate(2026, 12, 1), how
		}
	}
	for name, tt := range map[string]struct {
		r     PeriodRecord
		state PeriodState
		last  Date
		words string
	}{
		"applied":          {filed(func(*EnforcementFile) {}), PeriodEnforced, Date{}, "已经申请执行，期间中断"},
		"withdrawn":        {filed(closed(CloseEnded)), PeriodRunning, NewDate(2028, 12, 1), "以终结执行结案"},
		"rejected":         {filed(closed(CloseRejected)), PeriodRunning, NewDate(2028, 7, 6), "申请执行，案号为（2026）浙0211执88号"},
		"nothing found":    {filed(closed(CloseThisRound)), PeriodUnlimited, Date{}, "不受申请执行期间的限制"},
		"filed by mistake": {filed(func(e *EnforcementFile) { closed(CloseCancelled)(e); e.FiledByMistake = true }), PeriodRunning, NewDate(2028, 6, 30), ""},
		"preservation":     {filed(func(e *EnforcementFile) { e.Kind = EnforcementPreservation }), PeriodRunning, NewDate(2028, 6, 30), ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			joint, share := periodsOn(tt.r, NewDate(2027, 1, 4))
			says(t, joint, tt.state, tt.last, tt.words)
			says(t, share, PeriodRunning, NewDate(2028, 3, 31)) // not enforced
		})
	}
	// 民诉解释 466, 和解规定 10: from the last day that the agreement names.
	r := filed(closed(CloseEnded))
	r.Settlements = []Settlement{{EnforcementCaseID: 9, SignedOn: NewDate(2026, 8, 3), PartyIDs: []int64{1, 2}, Parts: []SettlementPart{{1, NewDate(2026, 9, 1)}, {1, NewDate(2027, 3, 2)}}}}
	joint, _ = periodsOn(r, NewDate(2027, 1, 4))
	says(t, joint, PeriodRunning, NewDate(2029, 3, 2), "和解协议（2026年8月3日达成）约定的履行期限最后一日")
}

// 诉讼时效规定 15: what interrupts the period against one joint debtor does so
// against all, and for all joint creditors whose obligations are named; a debtor
// by shares is not touched.
func TestLimitationRules15(t *testing.T) {
	t.Parallel()
	joint, share := periodsOn(PeriodRecord{Promises: []Promise{promiseOf(1, NewDate(2026, 8, 3))}}, NewDate(2026, 9, 1))
	says(t, joint, PeriodRunning, NewDate(2028, 8, 3), "李某同意履行")
	says(t, share, PeriodRunning, NewDate(2028, 3, 31)) // 李某 does not owe it
	entry := PeriodEntry{ID: 1, Cause: CauseDemand, PartyID: 2, HappenedOn: NewDate(2026, 8, 3), ObligationIDs: []int64{4, 5}}
	joint, share = periodsOn(PeriodRecord{Entries: []PeriodEntry{entry}}, NewDate(2026, 9, 1))
	if says(t, joint, PeriodRunning, NewDate(2028, 8, 3)); share.Last != NewDate(2028, 8, 3) {
		t.Errorf("the joint creditor's period ends on %s", share.Last)
	}
}

// 执程解释 19 and 民法典 194: only an obstacle in the last six months suspends, and
// six months follow its end.
func TestCivilCode194(t *testing.T) {
	t.Parallel()
	obstacle := func(from, until Date) PeriodRecord {
		return PeriodRecord{Entries: []PeriodEntry{{ID: 1, Cause: CauseObstacle, PartyID: 7, HappenedOn: from, EndedOn: until}}}
	}
	for name, tt := range map[string]struct {
		from, until, today Date
		state              PeriodState
		last               Date
		words              []string
	}{ // without it the share's period ends on 31 March 2028
		"over before the last six months": {NewDate(2026, 8, 1), NewDate(2027, 9, 29), NewDate(2027, 10, 8), PeriodRunning, NewDate(2028, 3, 31), nil},
		"in the last six months": {
			NewDate(2028, 1, 4), NewDate(2028, 2, 28), NewDate(2028, 3, 1), PeriodRunning, NewDate(2028, 8, 28),
			[]string{"障碍于2028年2月28日消除，满六个月至2028年8月28日", "按剩余期间继续计算的，为2028年5月25日", "民法典第一百九十四条第二款"},
		},
		"reaching into them": {NewDate(2027, 5, 1), NewDate(2027, 12, 1), NewDate(2028, 3, 1), PeriodRunning, NewDate(2028, 6, 1), nil},
		"not over":           {NewDate(2028, 1, 4), Date{}, NewDate(2030, 1, 4), PeriodSuspended, Date{}, []string{"期间中止", "尚未消除"}},
		"after the end":      {NewDate(2028, 4, 5), Date{}, NewDate(2028, 5, 8), PeriodEnded, NewDate(2028, 3, 31), nil},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, share := periodsOn(obstacle(tt.from, tt.until), tt.today)
			says(t, share, tt.state, tt.last, tt.words...)
		})
	}
}

// 民诉解释 481 with 民法典 192 and 193: after the end the creditor may apply, and it
// is for the debtor to object; an application that came late says so.
func TestInterpretation481(t *testing.T) {
	t.Parallel()
	_, share := periodsOn(PeriodRecord{}, NewDate(2028, 4, 5))
	says(t, share, PeriodEnded, NewDate(2028, 3, 31), "已于2028年3月31日届满", "期间届满后仍可以申请执行，法院应予受理", "被执行人提出异议并经审查成立的，裁定不予执行")
	_, share = periodsOn(PeriodRecord{}, NewDate(2028, 3, 31))
	says(t, share, PeriodRunning, NewDate(2028, 3, 31)) // its last day is not over
	late := EnforcementFile{EnforcementCase: EnforcementCase{ID: 9, CaseNo: "（2028）浙0211执1号", Kind: EnforcementOrdinary, FiledOn: NewDate(2028, 4, 6), State: EnforcementOpen}, Obligations: []EnforcedObligation{{ObligationID: 5}}}
	_, share = periodsOn(PeriodRecord{Enforcement: []EnforcementFile{late}}, NewDate(2028, 4, 10))
	says(t, share, PeriodEnforced, NewDate(2028, 3, 31), "2028年4月6日申请执行，申请时期间已于2028年3月31日届满")
	// A demand after the end moves nothing.
	_, share = periodsOn(PeriodRecord{Entries: []PeriodEntry{{ID: 1, Cause: CauseDemand, PartyID: 7, HappenedOn: NewDate(2028, 4, 5)}}}, NewDate(2028, 4, 10))
	if says(t, share, PeriodEnded, NewDate(2028, 3, 31)); share.Events[0].Effect != EffectAfterEnd {
		t.Errorf("%+v", share.Events)
	}
}

// 民法典 192 para. 2 and 诉讼时效规定 19: a promise after the end is said to be one; it
// bars the objection of who made it. What was paid cannot be asked back.
func TestCivilCode192(t *testing.T) {
	t.Parallel()
	_, share := periodsOn(PeriodRecord{Promises: []Promise{promiseOf(6, NewDate(2028, 4, 5))}}, NewDate(2028, 4, 10))
	says(t, share, PeriodEnded, NewDate(2028, 3, 31), "赵某于2028年4月5日（期间届满之后）同意履行", "不得再以期间届满为由提出异议")
	paid := PeriodRecord{Ledger: PaidLedger{
		Entries:     []Confirmation{{ID: 1, ReceiptID: 11, PaidOn: NewDate(2028, 4, 5)}},
		Allocations: []Allocation{{ConfirmationID: 1, ObligationID: 5, AmountFen: 500}}, DebtorOf: map[int64]int64{11: 6},
	}}
	_, share = periodsOn(paid, NewDate(2028, 4, 10))
	if says(t, share, PeriodEnded, NewDate(2028, 3, 31), "自愿履行的部分，不得请求返还"); !share.ConsentOn.IsZero() {
		t.Error("a payment is taken for consent to the rest")
	}
}

// 行诉解释 153: the instalments of an administrative judgment count singly; where
// no term is named the day of service, which the record lacks, is asked for.
func TestAdministrativeInterpretation153(t *testing.T) {
	t.Parallel()
	d := aLoan()
	d.Case = Case{Kind: CaseAdministrative, CaseNo: "（2026）浙0211行初6号"}
	list := d.ApplicationPeriods(PeriodRecord{}, ShippedCalendar(), NewDate(2026, 7, 1)).Of(4)
	if len(list) != 2 {
		t.Fatalf("%d periods", len(list))
	}
	says(t, list[0], PeriodRunning, NewDate(2028, 3, 31), "第1期履行期限届满")
	says(t, list[1], PeriodRunning, NewDate(2028, 6, 30), "第2期履行期限届满")
	paid := PeriodRecord{Ledger: PaidLedger{
		Entries:     []Confirmation{{ID: 1, ReceiptID: 11, PaidOn: NewDate(2026, 7, 1)}},
		Allocations: []Allocation{{ConfirmationID: 1, ObligationID: 4, InstallmentID: 41, AmountFen: 500}}, DebtorOf: map[int64]int64{11: 1},
	}}
	list = d.ApplicationPeriods(paid, ShippedCalendar(), NewDate(2026, 7, 2)).Of(4)
	if list[0].Last != NewDate(2028, 7, 3) || list[1].Last != NewDate(2028, 6, 30) { // 1 July 2028 is a Saturday
		t.Errorf("a payment of the first moves %s and %s", list[0].Last, list[1].Last)
	}
	if words := list.Words(d); !strings.Contains(words, "各项分别计算") || !strings.Contains(words, "第2期：") {
		t.Errorf("in words: %s", words)
	}
	for i := range d.Installments {
		d.Installments[i].DueOn = Date{}
	}
	says(t, d.ApplicationPeriods(PeriodRecord{}, ShippedCalendar(), NewDate(2026, 7, 1)).Of(5)[0], PeriodRunning, NewDate(2028, 3, 1), "请核对送达日")
}

// 刑法 53, 刑诉解释 523–531: a fine has no period, nor has what the court moves
// itself or an agency applied for already; the civil part of a criminal case has.
func TestDutiesWithoutAnApplicationPeriod(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		cs       Case
		category Category
		toCourt  bool
		want     int
	}{
		"fine":          {Case{Kind: CaseCriminal}, CategoryFine, true, 0},
		"restitution":   {Case{Kind: CaseCriminal}, CategoryRestitution, false, 0},
		"incidental":    {Case{Kind: CaseCriminal}, CategoryCivil, false, 1},
		"nonlitigation": {Case{Kind: CaseAdministrative, CaseNo: "（2026）浙0211行审7号"}, CategoryPrincipal, false, 0},
		"costs":         {Case{Kind: CaseCivil}, CategoryNone, true, 0},
	} {
		d := aLoan()
		d.Case, d.Obligations = tt.cs, d.Obligations[1:]
		d.Obligations[0].Category, d.Obligations[0].ToCourt = tt.category, tt.toCourt
		if tt.toCourt {
			d.Obligations[0].ObligeeID = 0
		}
		if list := d.ApplicationPeriods(PeriodRecord{}, ShippedCalendar(), NewDate(2026, 7, 1)); len(list) != tt.want || list.Words(d) == "" != (tt.want == 0) {
			t.Errorf("%s: %+v", name, list)
		}
	}
}

// What a judge may put on record, and what is refused at its field.
func TestEntriesAboutPeriods(t *testing.T) {
	t.Parallel()
	d, today := aLoan(), NewDate(2026, 9, 1)
	good := PeriodEntry{Cause: CauseDemand, PartyID: 2, HappenedOn: NewDate(2026, 8, 3), Reason: "8月3日签收的催款函"}
	for want, f := range map[string]func(*PeriodEntry){
		"":                             func(*PeriodEntry) {},
		"period.reason":                func(e *PeriodEntry) { e.Reason = " " },
		"period.cause":                 func(e *PeriodEntry) { e.Cause = CauseApplied },
		"period.cause withdrawn":       func(e *PeriodEntry) { e.Cause = CauseWithdrawn },
		"period.day":                   func(e *PeriodEntry) { e.HappenedOn = NewDate(2026, 9, 2) },
		"period.ended":                 func(e *PeriodEntry) { e.EndedOn = NewDate(2026, 8, 9) },
		"obligation.unknown":           func(e *PeriodEntry) { e.ObligationIDs = []int64{99} },
		"period.party":                 func(e *PeriodEntry) { e.Cause = CausePromise },
		"period.party debtor demanded": func(e *PeriodEntry) { e.PartyID = 1 },
		"period.party debtor demanded what he owes": func(e *PeriodEntry) { e.PartyID, e.ObligationIDs = 1, []int64{d.Obligations[0].ID} },
		"period.party debtor was hindered": func(e *PeriodEntry) {
			e.Cause, e.PartyID, e.ObligationIDs = CauseObstacle, 1, []int64{d.Obligations[0].ID}
		},
		"period.party nobody": func(e *PeriodEntry) { e.PartyID = 0 },
	} {
		e := good
		f(&e)
		if got := ReasonOf(e.Check(d, today)); want == "" && got != "" || want != "" && got != strings.Fields(want)[0] {
			t.Errorf("%s: %s", want, got)
		}
	}
	withdrawal := PeriodEntry{Cause: CauseWithdrawn, CorrectsID: 1, Reason: "误记"}
	if err := withdrawal.Check(d, today); err != nil {
		t.Error(err)
	}
	if slices.Contains(RecordedCauses, CausePartPaid) {
		t.Error("what the ledger holds is entered twice")
	}
}
