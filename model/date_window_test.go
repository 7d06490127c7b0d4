package model

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"
)

// Every day that comes in declares what it cannot precede; what happened does not lie
// ahead unless it says why.
func TestEveryDayDeclaresItsBounds(t *testing.T) {
	t.Parallel()
	for name, r := range dayRules {
		if r.Meaning == 0 || r.Since == "" {
			t.Errorf("%s declares nothing: %+v", name, r)
		}
		if r.Meaning == DayOfAct && r.Ahead != "" && name != "at" && name != "from_on" {
			t.Errorf("%s is of what happened and lies ahead: %s", name, r.Ahead)
		}
	}
}

func TestWindows(t *testing.T) {
	t.Parallel()
	today := NewDate(2026, 3, 2)
	past := Past("执行立案", NewDate(2026, 1, 5), today)
	for on, good := range map[Date]bool{
		{}: true, NewDate(2026, 1, 4): false, NewDate(2026, 1, 5): true, today: true, today.AddDays(1): false,
	} {
		err := past.Check("signed_on", "settlement.signed_on", on)
		if (err == nil) != good {
			t.Errorf("%v: %v", on, err)
		}
		if e, ok := errors.AsType[*Error](err); ok && (e.Field != "signed_on" || e.Reason != "settlement.signed_on" || e.Message != "日期应在2026年1月5日（执行立案）与2026年3月2日（今天）之间，请核对") {
			t.Errorf("%v: %+v", on, e)
		}
	}
	if err := Past("x", Date{}, today).Check("a", "b", NewDate(1990, 1, 1)); err != nil {
		t.Error("an event that is not known bounds:", err)
	}
	if err := Lasting("x", Date{}, CeilingFine).Check("a", "b", NewDate(2090, 1, 1)); err != nil {
		t.Error("a term without a beginning is bounded:", err)
	}
}

// Every term has its floor and ceiling: the day behind it is refused at its field, with
// the days and the reason; the last day is taken.
func TestTermsHaveCeilings(t *testing.T) {
	t.Parallel()
	today := NewDate(2026, 3, 2)
	now := today.Start().Add(10 * time.Hour)
	measure := func(k MeasureKind) func(Date) error {
		return func(d Date) error {
			c := MeasureCase{Measure: Measure{Kind: k, Until: d}, Today: today}
			return c.untilAllowed()
		}
	}
	for name, tt := range map[string]struct {
		field string
		first Date // the day before it is refused, zero: not asked here
		last  Date
		check func(Date) error
	}{
		"a tracing":     {"until", today.AddDays(1), today.AddYears(3), measure(MeasureTracing)},
		"an exit ban":   {"until", today.AddDays(1), today.AddYears(3), measure(MeasureExitBan)},
		"a restriction": {"until", today.AddDays(1), today.AddYears(3), measure(MeasureConsumption)},
		"a fine":        {"pay_by", today.AddDays(1), today.AddYears(1), func(d Date) error { return MeasureCase{Measure: Measure{PayBy: d}, Today: today}.payable() }},
		"a permit":      {"until", today, today.AddYears(1), func(d Date) error { return SpendingPermit{Ground: SpendNecessary}.checkTerm("until", today, d, today) }},
		"a liaison": {"until_on", today, today.AddYears(5), func(d Date) error {
			return (&Liaison{Name: "陈某", Phone: "13800138000", FromOn: today, UntilOn: d}).Check([]int64{1}, today)
		}},
		"a contact": {"term_until", today, today.AddYears(10), func(d Date) error {
			return (&AgencyContact{Role: ContactHead, Name: "陈某", Phone: "13800138000", TermFrom: today, TermUntil: d}).Check()
		}},
		"an absence": {"from_on", today.AddDays(-30), today.AddYears(1), func(d Date) error {
			return (&Absence{UserID: 1, SubstituteID: 2, FromOn: d, ToOn: d.AddDays(40), Reason: "公出"}).Check(today)
		}},
		"an agency's pay": {"pay_by", today, today.AddYears(5), func(d Date) error {
			return fieldOnly("pay_by", AdministrativeDecision{MadeOn: today, PayBy: d}.Check(today))
		}},
		"a settlement": {"parts", today, today.AddYears(30), func(d Date) error {
			return fieldOnly("parts", (&Settlement{SignedOn: today, Parts: []SettlementPart{{1, d}}}).Check(EnforcementFile{}, today))
		}},
		"a plan": {"parts", today, today.AddYears(30), func(d Date) error {
			return fieldOnly("parts", (&PlanAgreement{SignedOn: today, Parts: []SettlementPart{{1, d}}}).Fit(Debts{}, today))
		}},
		"a repair": {"until", today.AddDays(1), today.AddYears(2), func(d Date) error {
			return fieldOnly("until", (&RepairApplication{State: RepairOpen}).Decide(RepairSuspended, d, "", nil, nil, 1, now))
		}},
	} {
		if err := tt.check(tt.last); err != nil {
			t.Errorf("%s on its last day: %v", name, err)
		}
		for _, d := range []Date{tt.last.AddDays(1), tt.first.AddDays(-1), NewDate(2126, 1, 1)} {
			e, ok := errors.AsType[*Error](tt.check(d))
			if !ok || e.Field != tt.field || e.Reason == "" || e.Message == "" {
				t.Errorf("%s on %s: %+v", name, d, e)
				continue
			}
			if d.After(tt.last) && (!strings.Contains(e.Message, tt.last.Chinese()) || !strings.Contains(e.Message, "最长")) {
				t.Errorf("%s on %s does not say until when and why: %s", name, d, e.Message)
			}
		}
	}
}

// fieldOnly is what an error says of one field.
func fieldOnly(field string, err error) error {
	e, ok := errors.AsType[*Error](err)
	if !ok || e.Field == field {
		return err
	}
	if i := slices.IndexFunc(e.Fields, func(f FieldError) bool { return f.Field == field }); i >= 0 {
		return InvalidField(field, e.Fields[i].Reason, e.Fields[i].Message)
	}
	return nil
}

// An amount out of proportion is asked about once.
func TestAmountsOutOfProportion(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		err   error
		field string
	}{
		"a settlement of what is owed":       {AskSettled(100, 100, 0), ""},
		"a settlement of less":               {AskSettled(50, 100, 0), ""},
		"a settlement 57 times the debt":     {AskSettled(5700, 100, 0), "parts"},
		"asked of another sum":               {AskSettled(5700, 100, 5600), "parts"},
		"asked before":                       {AskSettled(5700, 100, 5700), ""},
		"a settlement instead of an act":     {AskSettled(5700, 0, 0), ""},
		"no sum applied for":                 {AskApplied(0, 100, 120, 0), ""},
		"the principal":                      {AskApplied(100, 100, 120, 0), ""},
		"the principal with interest":        {AskApplied(120, 100, 120, 0), ""},
		"less than the principal":            {AskApplied(99, 100, 120, 0), "amount_fen"},
		"more than is owed":                  {AskApplied(121, 100, 120, 0), "amount_fen"},
		"less than the principal, he meant":  {AskApplied(99, 100, 120, 99), ""},
		"a sum where there is no money owed": {AskApplied(99, 0, 0, 0), ""},
	} {
		if FieldOf(tt.err) != tt.field || tt.field != "" && ReasonOf(tt.err) != "amount.differs" {
			t.Errorf("%s: %v", name, tt.err)
		}
	}
}
