package model

import (
	"slices"
	"strings"
	"testing"
	"time"
)

// maintenance is a duty of 1,500 yuan on the last day of each month.
func maintenance() Obligation {
	return Obligation{ID: 5, Kind: ObligationMoney, ObligeeID: 3, Recurs: &DuesRule{
		AmountFen: 1500_00, Every: DuesMonthly, Day: 31, FirstOn: NewDate(2026, time.January, 31), UntilEvent: "年满十八周岁",
	}}
}

// grown is what is there after the plan of a day.
func grown(t *testing.T, ob Obligation, have []Installment, entries []DebtEntry, today Date) []Installment {
	t.Helper()
	p := ob.PlanDues(have, entries, ShippedCalendar(), today)
	have = slices.Clone(have)
	for _, c := range p.Changed {
		have[slices.IndexFunc(have, func(i Installment) bool { return i.Seq == c.Seq })] = c
	}
	for _, m := range p.Made {
		m.ID = int64(m.Seq)
		have = append(have, m)
	}
	if again := ob.PlanDues(have, entries, ShippedCalendar(), today); len(again.Made)+len(again.Changed) > 0 {
		t.Errorf("planned again on %s: %+v", today, again)
	}
	return have
}

// Instalments of dues without an end are made as they come: some months ahead,
// always one that is open, at month ends that months have, changed and ended from a
// day on, and given back when the end is taken back.
func TestDuesWithoutEnd(t *testing.T) {
	t.Parallel()
	ob, today := maintenance(), NewDate(2026, time.February, 10)
	have := grown(t, ob, nil, nil, today)
	var days []string
	for _, i := range have {
		days = append(days, i.DueOn.String())
	}
	if got := strings.Join(days, " "); got != "2026-01-31 2026-02-28 2026-03-31 2026-04-30" {
		t.Errorf("made on %s: %s", today, got)
	}
	p := ob.PlanDues(have, nil, ShippedCalendar(), today)
	if p.SumFen != 4*1500_00 || p.ExtendOn != NewDate(2026, time.May, 31).AddDays(-92) {
		t.Errorf("the sum %s, more from %s", p.SumFen, p.ExtendOn)
	}
	for n := range have { // he pays everything that is there
		have[n].ConfirmedFen, have[n].PerformedOn = have[n].AmountFen, today
	}
	have = grown(t, ob, have, nil, today)
	if PerformanceOf(have) != PerformancePartial || len(have) != 5 {
		t.Errorf("who paid ahead performed for good: %d instalments", len(have))
	}
	d := Debts{Obligations: []Obligation{ob}, Installments: have}
	if due, goes := d.DuesNow(have, nil, today); len(due) != 4 || len(goes) != 1 || d.PerformanceWords(PerformancePartial, have, nil, today) != "截至今日已履行" {
		t.Errorf("to date: %d %v", len(due), goes)
	}
	// A new judgment: 2,000 yuan from April on; what was paid of April counts.
	entries := []DebtEntry{{ID: 1, ObligationID: 5, Kind: DebtDuesAmount, AmountFen: 2000_00, FromOn: NewDate(2026, time.April, 1)}}
	have = grown(t, ob, have, entries, today)
	if have[2].AmountFen != 1500_00 || have[3].AmountFen != 2000_00 || have[3].Done() || have[3].OutstandingFen() != 500_00 {
		t.Errorf("changed: %+v", have[3])
	}
	if got := ob.DuesWords(entries, today); got != "每月31日给付 1,500.00 元，自2026年1月31日起，至年满十八周岁止；自2026年4月1日起到期的，每期 2,000.00 元" {
		t.Errorf("in words %q", got)
	}
	// The event came: what falls due after it is not owed, what was paid stays.
	entries = append(entries, DebtEntry{ID: 2, ObligationID: 5, Kind: DebtDuesEnd, UntilOn: NewDate(2026, time.March, 31)})
	ended := grown(t, ob, have, entries, today)
	if ended[3].AmountFen != 1500_00 || !ended[3].Done() || ended[4].LapsedOn.IsZero() || ob.DuesRun(entries, NewDate(2026, time.March, 31)) || !ob.DuesRun(entries, NewDate(2026, time.March, 30)) {
		t.Errorf("ended: %+v", ended[3:])
	}
	if p := ob.PlanDues(ended, entries, ShippedCalendar(), today); !p.ExtendOn.IsZero() || p.SumFen != 4*1500_00 {
		t.Errorf("after the end: %+v", p)
	}
	entries = append(entries, DebtEntry{ID: 3, ObligationID: 5, Kind: DebtUndo, UndoesID: 2})
	if back := grown(t, ob, ended, entries, today); !back[4].LapsedOn.IsZero() || back[4].AmountFen != 2000_00 || back[3].Done() {
		t.Errorf("the end taken back: %+v", back[3:])
	}
}

// 民事诉讼法 250 para. 2: dues with a last day count from the last of them, dues
// without one each by itself, and only those that are due.
func TestPeriodsOfDues(t *testing.T) {
	t.Parallel()
	ob, today := maintenance(), NewDate(2026, time.March, 10)
	ob.InstrumentID = 1
	at := func(ob Obligation) ApplicationPeriods {
		d := Debts{
			Case: Case{Kind: CaseCivil}, Instruments: []Instrument{{ID: 1, Kind: Judgment, EffectiveOn: NewDate(2026, time.January, 5)}}, Obligations: []Obligation{ob},
			Installments: grown(t, ob, nil, nil, today),
		}
		return d.ApplicationPeriods(PeriodRecord{}, ShippedCalendar(), today)
	}
	list := at(ob)
	if len(list) != 2 || list[0].Seq != 1 || list[0].Last != NewDate(2028, time.January, 31) || !strings.Contains(list[1].Reason, "逐期计算") {
		t.Errorf("without an end: %+v", list)
	}
	ob.Recurs.UntilEvent, ob.Recurs.UntilOn = "", NewDate(2030, time.June, 15)
	if list = at(ob); len(list) != 1 || list[0].RawLast != NewDate(2032, time.May, 31) {
		t.Errorf("with an end: %+v", list)
	}
}

func TestTypedDues(t *testing.T) {
	t.Parallel()
	for typed, want := range map[string]string{
		DuesExample: "每月1日给付 1,500.00 元，自2026年3月1日起，至年满十八周岁止",
		"每季度15日 800.5 元，自2026-03-15起":          "每季度15日给付 800.50 元，自2026年3月15日起",
		"每年1日12000元,自2026-07-01起,至2030-07-01止": "每年7月1日给付 12,000.00 元，自2026年7月1日起，至2030年7月1日止",
	} {
		r, err := ParseDues(typed)
		if err != nil || r.Chinese() != want {
			t.Errorf("%s: %q %v", typed, r.Chinese(), err)
			continue
		}
		if again, err := ParseDues(r.Text()); err != nil || *again != *r {
			t.Errorf("%s comes back as %q: %v", typed, r.Text(), err)
		}
	}
	for _, typed := range []string{"每月给1500", "每月1日1500元，自2026-03-02起", "每月40日1500元，自2026-03-01起", "每月1日0元，自2026-03-01起", "每月1日1500元，自2026-03-01起，至2026-02-01止"} {
		if _, err := ParseDues(typed); ReasonOf(err) != "dues.rule" {
			t.Errorf("%s: %v", typed, err)
		}
	}
	if r, err := ParseDues(" "); r != nil || err != nil {
		t.Errorf("nothing: %v %v", r, err)
	}
	for name, e := range map[string]DebtEntry{
		"no dues":   {Kind: DebtDuesEnd, UntilOn: NewDate(2026, time.March, 1), Reason: "x", OnDay: NewDate(2026, time.March, 1)},
		"no amount": {Kind: DebtDuesAmount, FromOn: NewDate(2026, time.March, 1), Reason: "x", OnDay: NewDate(2026, time.March, 1)},
		"no day":    {Kind: DebtDuesAmount, AmountFen: 1, Reason: "x", OnDay: NewDate(2026, time.March, 1)},
		"no end":    {Kind: DebtDuesEnd, Reason: "x", OnDay: NewDate(2026, time.March, 1)},
		"no reason": {Kind: DebtDuesEnd, UntilOn: NewDate(2026, time.March, 1), OnDay: NewDate(2026, time.March, 1)},
	} {
		ob := maintenance()
		want := map[string]string{"no dues": "debt.dues", "no amount": "amount.positive", "no day": "debt.days", "no end": "debt.days", "no reason": "reason.required"}[name]
		if name == "no dues" {
			ob.Recurs = nil
		}
		if err := e.Check(ob, Rules{}, NewDate(2026, time.March, 2)); ReasonOf(err) != want {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// 民法典 575: what a creditor forgave of an instalment of dues stays forgiven however
// often the instalments are planned again, and an end of the dues keeps it.
func TestForgivenDues(t *testing.T) {
	t.Parallel()
	ob, today := maintenance(), NewDate(2026, time.April, 10)
	have := grown(t, ob, nil, nil, today)
	have[0].ForgivenFen, have[0].PerformedOn = 1500_00, today
	have[1].ConfirmedFen, have[1].ForgivenFen, have[1].PerformedOn = 1000_00, 500_00, today
	have[2].ConfirmedFen, have[2].ForgivenFen = 300_00, 200_00
	have = grown(t, ob, have, nil, today)
	for n, want := range []struct {
		done bool
		open Fen
	}{{true, 0}, {true, 0}, {false, 1000_00}} {
		if have[n].Done() != want.done || have[n].OutstandingFen() != want.open {
			t.Errorf("planned again: %+v", have[n])
		}
	}
	entries := []DebtEntry{{ID: 1, ObligationID: 5, Kind: DebtDuesEnd, UntilOn: NewDate(2025, time.December, 31)}}
	for _, i := range grown(t, ob, have, entries, today)[:3] {
		if i.OutstandingFen() != 0 || !i.Done() || !i.LapsedOn.IsZero() {
			t.Errorf("ended: %+v", i)
		}
	}
	if state := PerformanceOf(have[:1]); state != PerformanceFulfilled {
		t.Error(state)
	}
	if state := PerformanceOf([]Installment{have[0], {AmountFen: 1}}); state != PerformancePending {
		t.Errorf("nothing was paid and it is %s", state)
	}
}
