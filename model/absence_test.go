package model

import (
	"strings"
	"testing"
)

func TestAbsences(t *testing.T) {
	t.Parallel()
	today := NewDate(2026, 3, 2)
	ok := Absence{ID: 1, UserID: 40, SubstituteID: 41, FromOn: today, ToOn: today.AddDays(90), Reason: " 年休假 "}
	for name, c := range map[string]struct {
		change func(*Absence)
		reason string
	}{
		"ninety days":            {func(*Absence) {}, ""},
		"one day":                {func(a *Absence) { a.ToOn = today }, ""},
		"a day too many":         {func(a *Absence) { a.ToOn = today.AddDays(91) }, "absence.too_long"},
		"no beginning":           {func(a *Absence) { a.FromOn = Date{} }, "absence.days"},
		"backwards":              {func(a *Absence) { a.FromOn, a.ToOn = today.AddDays(5), today.AddDays(4) }, "absence.days"},
		"over already":           {func(a *Absence) { a.FromOn, a.ToOn = today.AddDays(-5), today.AddDays(-1) }, "absence.days"},
		"his own substitute":     {func(a *Absence) { a.SubstituteID = 40 }, "absence.self"},
		"without a reason":       {func(a *Absence) { a.Reason = " " }, "reason.required"},
		"for an endless reason":  {func(a *Absence) { a.Reason = strings.Repeat("假", 101) }, "reason.required"},
		"begun before, runs yet": {func(a *Absence) { a.FromOn, a.ToOn = today.AddDays(-5), today }, ""},
	} {
		a := ok
		c.change(&a)
		if err := a.Check(today); ReasonOf(err) != c.reason {
			t.Errorf("%s: %v, want %q", name, err, c.reason)
		}
	}
	ended := today.Start()
	for name, c := range map[string]struct {
		a          Absence
		runs, over bool
	}{
		"to come":      {Absence{FromOn: today.AddDays(1), ToOn: today.AddDays(2)}, false, false},
		"the first":    {Absence{FromOn: today, ToOn: today.AddDays(2)}, true, false},
		"the last day": {Absence{FromOn: today.AddDays(-2), ToOn: today}, true, false},
		"past":         {Absence{FromOn: today.AddDays(-2), ToOn: today.AddDays(-1)}, false, true},
		"he came back": {Absence{FromOn: today, ToOn: today.AddDays(2), EndedAt: &ended}, false, true},
	} {
		if c.a.Runs(today) != c.runs || c.a.Over(today) != c.over {
			t.Errorf("%s: runs %v, over %v", name, c.a.Runs(today), c.a.Over(today))
		}
	}
	other := ok
	if other.ID = 9; !ok.Same(other) {
		t.Error("a repeat is taken for another absence")
	}
	if other.SubstituteID = 42; ok.Same(other) {
		t.Error("another substitute is taken for a repeat")
	}
	l := AbsenceLine{Absence: ok, Name: "王某", Substitute: "孙某"}
	began, over := AbsenceNotice(l, 41), AbsenceEndedNotice(l, 41)
	if began.UserID != 41 || !strings.Contains(began.Body, "王某自2026年3月2日至2026年5月31日离岗，由孙某代理") || !strings.Contains(over.Body, "孙某的代理即时结束") || began.DedupeKey == over.DedupeKey {
		t.Errorf("%+v, %+v", began, over)
	}
}
