package model

import (
	"testing"
	"time"
)

// 执行和解规定 11, 民诉解释 465: what was promised against what was confirmed, day by
// day.
func TestSettlementProgress(t *testing.T) {
	t.Parallel()
	d := func(month time.Month, day int) Date { return NewDate(2026, month, day) }
	s := Settlement{State: SettlementOpen, SignedOn: d(3, 1), Parts: []SettlementPart{{30000, d(3, 10)}, {30000, d(4, 10)}, {40000, d(5, 10)}}}
	for name, c := range map[string]struct {
		paid                   []Arrival
		today                  Date
		due, arrived, short    Fen
		next, lateFrom, lateTo Date
		state                  SettlementState
	}{
		"before anything is due":          {nil, d(3, 5), 0, 0, 0, d(3, 10), Date{}, Date{}, SettlementOpen},
		"the last day is not over":        {nil, d(3, 10), 30000, 0, 30000, d(3, 10), Date{}, Date{}, SettlementOpen},
		"the day after":                   {nil, d(3, 11), 30000, 0, 30000, d(4, 10), d(3, 10), d(3, 10), SettlementBreached},
		"two late":                        {[]Arrival{{d(3, 9), 10000}}, d(4, 11), 60000, 10000, 50000, d(5, 10), d(3, 10), d(4, 10), SettlementBreached},
		"paid before signing":             {[]Arrival{{d(2, 28), 30000}}, d(3, 11), 30000, 0, 30000, d(4, 10), d(3, 10), d(3, 10), SettlementBreached},
		"on the day of signing":           {[]Arrival{{d(3, 1), 30000}}, d(3, 11), 30000, 30000, 0, d(4, 10), Date{}, Date{}, SettlementOpen},
		"late, but arrived":               {[]Arrival{{d(3, 20), 30000}}, d(3, 20), 30000, 30000, 0, d(4, 10), Date{}, Date{}, SettlementOpen},
		"paid ahead":                      {[]Arrival{{d(3, 2), 70000}}, d(4, 11), 60000, 70000, 0, d(5, 10), Date{}, Date{}, SettlementOpen},
		"taken back":                      {[]Arrival{{d(3, 2), 30000}, {d(3, 2), -30000}}, d(3, 11), 30000, 0, 30000, d(4, 10), d(3, 10), d(3, 10), SettlementBreached},
		"everything, with a fen too much": {[]Arrival{{d(3, 2), 60000}, {d(3, 9), 40001}}, d(6, 1), 100000, 100001, 0, Date{}, Date{}, Date{}, SettlementPerformed},
	} {
		p, st := s.Progress(c.paid, c.today), s
		st.Follow(p, c.today)
		if p.PromisedFen != 100000 || p.DueFen != c.due || p.ArrivedFen != c.arrived || p.ShortfallFen != c.short || p.NextDueOn != c.next || p.LateFrom != c.lateFrom || p.LateTo != c.lateTo || st.State != c.state {
			t.Errorf("%s: %+v, %s", name, p, st.State)
		}
		if (st.State == SettlementPerformed) != (st.PerformedOn == d(3, 9)) {
			t.Errorf("%s: performed on %s", name, st.PerformedOn)
		}
	}
	// 民诉解释 466: two years from the agreement's last day.
	if got := s.ReapplyBy(ShippedCalendar()).Last; got != NewDate(2028, 5, 10) {
		t.Error(got)
	}
	for _, state := range []SettlementState{SettlementReplaced, SettlementResumed} {
		gone := s
		gone.State = state
		if gone.Follow(s.Progress(nil, d(6, 1)), d(6, 1)) || gone.State != state {
			t.Errorf("%s followed the ledger", state)
		}
	}
}

// Arrivals count what is enforced and what its debtors paid beyond it, and
// nothing else of the case.
func TestArrivals(t *testing.T) {
	t.Parallel()
	e := EnforcementFile{Parties: []EnforcementParty{{PartyID: 1, Role: EnforcementDebtor}}, Obligations: []EnforcedObligation{{ObligationID: 7}}}
	on := NewDate(2026, 3, 2)
	l := PaidLedger{
		Entries:     []Confirmation{{ID: 1, ReceiptID: 1, PaidOn: on, OverFen: 5}, {ID: 2, ReceiptID: 2, PaidOn: on, OverFen: 9}, {ID: 3, ReceiptID: 1, PaidOn: on}},
		Allocations: []Allocation{{ConfirmationID: 1, ObligationID: 7, AmountFen: 100}, {ConfirmationID: 2, ObligationID: 8, AmountFen: 50}, {ConfirmationID: 3, ObligationID: 7, AmountFen: -40}},
		DebtorOf:    map[int64]int64{1: 1, 2: 2},
	}
	got := l.Arrivals(e)
	if len(got) != 2 || got[0] != (Arrival{on, 105}) || got[1] != (Arrival{on, -40}) {
		t.Errorf("%v", got)
	}
}

// A court's own checklist.
func TestRepairSettings(t *testing.T) {
	t.Parallel()
	s := DefaultCourtSettings()
	if s.RepairClock() != 10 || s.ReleaseClock() != 7 || len(s.Criteria()) != 5 || s.Filled().Check() != nil {
		t.Error("the defaults")
	}
	for name, change := range map[string]func(*CourtSettings){
		"a code twice": func(s *CourtSettings) {
			s.RepairCriteria = []RepairCriterion{{Code: "a", Text: "一"}, {Code: "a", Text: "二"}}
		},
		"no text":       func(s *CourtSettings) { s.RepairCriteria = []RepairCriterion{{Code: "a"}} },
		"61 days":       func(s *CourtSettings) { s.RepairDays = 61 },
		"negative days": func(s *CourtSettings) { s.ReleaseDays = -1 },
	} {
		s := DefaultCourtSettings()
		change(&s)
		if s.Check() == nil {
			t.Errorf("%s: accepted", name)
		}
	}
}
