package model

import (
	"slices"
	"strings"
	"testing"
)

// inParts is a debt of three instalments with a clause.
func inParts(a Acceleration) (Obligation, []Installment) {
	ob := Obligation{ID: 4, Kind: ObligationMoney, ObligeeID: 2, AmountFen: 900, Terms: Terms{Acceleration: a, AccelerationText: "任一期逾期的，原告有权就剩余全部款项一并申请执行"}}
	return ob, []Installment{
		{ID: 1, ObligationID: 4, Seq: 1, AmountFen: 300, DueOn: NewDate(2026, 3, 31)},
		{ID: 2, ObligationID: 4, Seq: 2, AmountFen: 300, DueOn: NewDate(2026, 4, 30)},
		{ID: 3, ObligationID: 4, Seq: 3, AmountFen: 300, DueOn: NewDate(2026, 6, 1)},
	}
}

// Days move by the instrument's own words: by itself on the day after the missed
// one, by the creditor's choice on the day of his application; and back when the
// payment turns out to have been in time.
func TestAccelerationByTheInstrumentsWords(t *testing.T) {
	t.Parallel()
	c := ShippedCalendar()
	ob, list := inParts(AccelerationAutomatic)
	if got := ob.Accelerate(list, c, NewDate(2026, 3, 31)); len(got) != 0 {
		t.Errorf("on the last day of the first: %+v", got)
	}
	got := ob.Accelerate(list, c, NewDate(2026, 4, 1))
	if len(got) != 2 || got[0].DueOn != NewDate(2026, 4, 1) || got[0].AgreedDueOn != NewDate(2026, 4, 30) || got[1].AgreedDueOn != NewDate(2026, 6, 1) {
		t.Fatalf("the day after: %+v", got)
	}
	for _, w := range []string{"法律文书约定：" + ob.AccelerationText, "2026年3月31日到期的款项未按期足额履行", "由2026年6月1日提前至2026年4月1日到期"} {
		if !strings.Contains(got[1].DueReason, w) {
			t.Errorf("the reason does not say %q: %s", w, got[1].DueReason)
		}
	}
	moved := slices.Concat(list[:1], got)
	if again := ob.Accelerate(moved, c, NewDate(2026, 4, 9)); len(again) != 0 {
		t.Errorf("it moves again: %+v", again)
	}
	moved[0].PerformedOn = NewDate(2026, 3, 30) // confirmed on 9 April
	if back := ob.Accelerate(moved, c, NewDate(2026, 4, 9)); len(back) != 2 || back[1].DueOn != NewDate(2026, 6, 1) || !back[1].AgreedDueOn.IsZero() || strings.Contains(back[1].DueReason, "提前") {
		t.Errorf("it does not move back: %+v", back)
	}
	moved[0].PerformedOn = NewDate(2026, 4, 8) // paid, but late: the clause has taken effect
	if back := ob.Accelerate(moved, c, NewDate(2026, 4, 9)); len(back) != 0 {
		t.Errorf("a late payment takes the clause back: %+v", back)
	}

	ob, list = inParts(AccelerationOptional)
	if got := ob.Accelerate(list, c, NewDate(2026, 4, 20)); len(got) != 0 {
		t.Errorf("without an application: %+v", got)
	}
	ob.AcceleratedOn = NewDate(2026, 4, 15)
	if got = ob.Accelerate(list, c, NewDate(2026, 4, 20)); len(got) != 2 || got[0].DueOn != NewDate(2026, 4, 15) || !strings.Contains(got[0].DueReason, "权利人于2026年4月15日就全部剩余款项申请执行") {
		t.Errorf("after it: %+v", got)
	}
	// That breach was none, and a later one is not what he applied for.
	list[0].PerformedOn = NewDate(2026, 3, 30)
	if got = ob.Accelerate(list, c, NewDate(2026, 5, 6)); len(got) != 0 || ob.AcceleratedFor(Breach(list, NewDate(2026, 5, 6))) {
		t.Errorf("an application from before the breach makes due: %+v", got)
	}
	if ob, list = inParts(AccelerationNone); len(ob.Accelerate(list, c, NewDate(2027, 1, 4))) != 0 {
		t.Error("days move without a clause")
	}
}

// What is due at the day of filing is enforced, the rest stays voluntary; where
// nothing is due the court has filed the case for all of it.
func TestEnforcementOfInstalmentsThatAreDue(t *testing.T) {
	t.Parallel()
	_, list := inParts(AccelerationNone)
	for _, tt := range []struct{ filed, until Date }{
		{NewDate(2026, 3, 2), Date{}},
		{NewDate(2026, 4, 7), NewDate(2026, 4, 6)},
		{NewDate(2026, 6, 2), Date{}},
		{NewDate(2026, 4, 30), NewDate(2026, 4, 29)}, // whose last day it is is not late
		{NewDate(2026, 6, 1), NewDate(2026, 5, 31)},
		{NewDate(2026, 3, 31), Date{}},
	} {
		if got := EnforcedUntil(list, tt.filed); got != tt.until {
			t.Errorf("filed on %s: until %s", tt.filed, got)
		}
	}
	e := EnforcementFile{Obligations: []EnforcedObligation{{ObligationID: 4, DueBy: NewDate(2026, 4, 7)}}}
	if got, left := e.Installments(list), e.LeftVoluntary(list); len(got) != 1 || got[0].ID != 1 || len(left) != 2 {
		t.Errorf("enforced %+v, left %+v", got, left)
	}
	second := EnforcementFile{Obligations: []EnforcedObligation{{ObligationID: 4, DueAfter: NewDate(2026, 4, 7)}}}
	if got := second.Installments(list); len(got) != 2 || got[0].ID != 2 {
		t.Errorf("the second case enforces %+v", got)
	}
}

// 民事调解规定 15: what a mediation attaches to its breach arises by its condition;
// with it there is no liability for delay, and without it there is.
func TestMediationRules15(t *testing.T) {
	t.Parallel()
	ob, list := inParts(AccelerationNone)
	ob.Terms = Terms{BurdenFen: 5000, BurdenText: "任一期逾期的，被告另付违约金50元"}
	refuse := func(choice BurdenChoice, reason string, today Date, want string) {
		t.Helper()
		o := ob
		if _, _, err := o.ChooseBurden(choice, reason, list, today); ReasonOf(err) != want {
			t.Errorf("got %v, want %s", err, want)
		}
	}
	refuse(BurdenBorne, "第一期逾期", NewDate(2026, 3, 31), "burden.no_breach")
	refuse("x", "第一期逾期", NewDate(2026, 4, 2), "burden.choice")
	refuse(BurdenBorne, " ", NewDate(2026, 4, 2), "reason.required")
	borne, delay := ob, ob
	arisen, part, err := borne.ChooseBurden(BurdenBorne, "第一期逾期", list, NewDate(2026, 4, 2))
	if err != nil || arisen.Category != CategoryBurden || arisen.AmountFen != 5000 || part.DueOn != NewDate(2026, 4, 1) || !strings.Contains(part.DueReason, "条件于2026年4月1日成就") {
		t.Fatalf("%+v %+v %v", arisen, part, err)
	}
	if arisen, _, err := delay.ChooseBurden(BurdenDelay, "约定过高", list, NewDate(2026, 4, 2)); err != nil || arisen != nil {
		t.Errorf("%+v %v", arisen, err)
	}
	if _, _, err := borne.ChooseBurden(BurdenDelay, "改", list, NewDate(2026, 4, 2)); ReasonOf(err) != "burden.chosen" {
		t.Error(err)
	}
	interest := func(o Obligation) Fen {
		big := list[0]
		big.AmountFen = Yuan(100_000)
		d := Debts{Case: Case{Kind: CaseCivil}, Obligations: []Obligation{o}}
		return d.Reckon(big, Payments{}, CourtSettings{}, NewDate(2026, 4, 10)).DoubledFen
	}
	if interest(borne) != 0 || interest(delay) != 17500 || interest(*arisen) != 0 {
		t.Errorf("interest %s beside the burden, %s without it, %s on it", interest(borne), interest(delay), interest(*arisen))
	}
	for want, terms := range map[string]Terms{
		"terms.burden": {BurdenFen: 1, BurdenText: "另付违约金"}, "terms.text": {Acceleration: AccelerationAutomatic}, "terms.acceleration": {Acceleration: "x", AccelerationText: "y"},
	} {
		if err := terms.Check(Judgment, ObligationMoney, 2); ReasonOf(err) != want {
			t.Errorf("%+v: %v, want %s", terms, err, want)
		}
	}
}
