package model

import (
	"slices"
	"testing"
	"time"
)

func TestDeadlinesOfDuties(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		every Recurrence
		first Date
		n     int
		want  Date
	}{
		"once":                      {RecurOnce, NewDate(2026, 3, 31), 0, NewDate(2026, 3, 31)},
		"short month":               {RecurMonthly, NewDate(2026, 1, 31), 1, NewDate(2026, 2, 28)},
		"the day comes back":        {RecurMonthly, NewDate(2026, 1, 31), 2, NewDate(2026, 3, 31)},
		"leap year":                 {RecurMonthly, NewDate(2028, 1, 30), 1, NewDate(2028, 2, 29)},
		"quarter over the new year": {RecurQuarterly, NewDate(2026, 9, 30), 2, NewDate(2027, 3, 30)},
		"29 February every year":    {RecurYearly, NewDate(2028, 2, 29), 1, NewDate(2029, 2, 28)},
	} {
		if got := (AgencyDuty{Recurrence: c.every, DueOn: c.first}).Deadline(c.n); got != c.want {
			t.Errorf("%s: %s, want %s", name, got, c.want)
		}
	}
}

func TestTasksThatADutyMustHave(t *testing.T) {
	t.Parallel()
	known := NewDate(2026, 3, 10).Start()
	for name, c := range map[string]struct {
		every Recurrence
		first Date
		next  int
		today Date
		want  []Date
	}{
		"once":                         {RecurOnce, NewDate(2026, 5, 1), 0, NewDate(2026, 3, 10), []Date{NewDate(2026, 5, 1)}},
		"once, in the past":            {RecurOnce, NewDate(2026, 1, 1), 0, NewDate(2026, 3, 10), []Date{NewDate(2026, 1, 1)}},
		"once only":                    {RecurOnce, NewDate(2026, 5, 1), 1, NewDate(2026, 6, 10), nil},
		"no past is made up":           {RecurMonthly, NewDate(2025, 1, 20), 0, NewDate(2026, 3, 10), []Date{NewDate(2026, 3, 20)}},
		"not before the last is over":  {RecurMonthly, NewDate(2026, 3, 20), 1, NewDate(2026, 3, 20), nil},
		"on the day after":             {RecurMonthly, NewDate(2026, 3, 20), 1, NewDate(2026, 3, 21), []Date{NewDate(2026, 4, 20)}},
		"what nobody opened meanwhile": {RecurMonthly, NewDate(2026, 3, 20), 1, NewDate(2026, 6, 1), []Date{NewDate(2026, 4, 20), NewDate(2026, 5, 20), NewDate(2026, 6, 20)}},
	} {
		var got []Date
		for _, task := range (AgencyDuty{Recurrence: c.every, DueOn: c.first, CreatedAt: known}).Tasks(c.next, c.today) {
			got = append(got, task.DueOn)
		}
		if !slices.Equal(got, c.want) {
			t.Errorf("%s: %v, want %v", name, got, c.want)
		}
	}
	if list := (AgencyDuty{Recurrence: RecurMonthly, DueOn: NewDate(2026, 3, 20), CreatedAt: known, EndedOn: NewDate(2026, 3, 11)}).Tasks(0, NewDate(2026, 3, 12)); list != nil {
		t.Errorf("a duty that ended opens %v", list)
	}
}

func TestRemindersOfDuties(t *testing.T) {
	t.Parallel()
	due := NewDate(2026, 3, 31)
	rule := CourtSettings{}.RemindsOfDuties()
	for left, want := range map[int]int{8: 0, 7: -7, 3: -7, 0: -7, -1: 1, -9: 1, -10: 10, -400: 10} {
		days, ok := rule.At(due, due.AddDays(-left))
		if ok != (want != 0) || ok && days != want {
			t.Errorf("%d days left: %d %v, want %d", left, days, ok, want)
		}
	}
	if _, ok := (DutyReminders{}).At(due, due.AddDays(3)); ok {
		t.Error("a court without reminders reminds")
	}
	for _, r := range []DutyReminders{{Before: []int{0}}, {After: []int{91}}, {Before: []int{1, 2, 3, 4, 5, 6}}} {
		if ReasonOf(r.Check()) != "duty.reminders" {
			t.Errorf("%v is accepted", r)
		}
	}
}

func TestReportsOnTasks(t *testing.T) {
	t.Parallel()
	today, now := NewDate(2026, 4, 1), NewDate(2026, 4, 1).Start().Add(10*time.Hour)
	task := func(s AgencyTaskState) *AgencyTask { return &AgencyTask{State: s, DueOn: NewDate(2026, 3, 31)} }
	for state, want := range map[AgencyTaskState]string{AgencyTaskOpen: "", AgencyTaskReported: "duty.reported", AgencyTaskDone: "duty.done", AgencyTaskVoid: "duty.void"} {
		if got := ReasonOf(task(state).Report(AgencyDuty{}, &AgencyReport{}, today)); got != want {
			t.Errorf("report on %s: %q, want %q", state, got, want)
		}
	}
	n := int64(3)
	if got := ReasonOf(task(AgencyTaskOpen).Report(AgencyDuty{}, &AgencyReport{Quantity: &n}, today)); got != "report.quantity" {
		t.Error("a number where nothing is counted:", got)
	}
	at, r := task(AgencyTaskOpen), &AgencyReport{}
	if at.Standing(today) != AgencyTaskOverdue || at.Standing(at.DueOn) != AgencyTaskOpen {
		t.Error("overdue begins on the day after the deadline")
	}
	if err := at.Report(AgencyDuty{}, r, today); err != nil || !at.Late() || at.Standing(today) != AgencyTaskReported {
		t.Fatal(err, at)
	}
	if got := ReasonOf(at.Return(r, 1, " ", now)); got != "reason.required" {
		t.Error("a return without a reason:", got)
	}
	if err := at.Return(r, 1, "缺少清单", now); err != nil || at.State != AgencyTaskOpen || !at.ReportedOn.IsZero() || r.Reason != "缺少清单" {
		t.Fatal(err, at, r)
	}
	if got := ReasonOf(at.Accept(r, 2, now)); got != "report.decided" {
		t.Error("a returned report is accepted:", got)
	}
	again := &AgencyReport{}
	if err := at.Report(AgencyDuty{}, again, today); err != nil {
		t.Fatal(err)
	}
	if err := at.Accept(again, 2, now); err != nil || at.State != AgencyTaskDone || again.DecidedBy != 2 {
		t.Fatal(err, at, again)
	}
	if at.Void() || at.State != AgencyTaskDone {
		t.Error("what is done was taken back")
	}
}

func TestWhatIsTypedForAgencies(t *testing.T) {
	t.Parallel()
	duty := AgencyDuty{Kind: DutySanction, Code: "cj-01", Requirement: "限制登记", Recurrence: RecurOnce, DueOn: NewDate(2026, 3, 31)}
	for want, change := range map[string]func(*AgencyDuty){
		"": func(*AgencyDuty) {}, "duty.code": func(d *AgencyDuty) { d.Code = "惩戒" }, "duty.kind": func(d *AgencyDuty) { d.Kind = "x" },
		"duty.requirement": func(d *AgencyDuty) { d.Requirement = " " }, "duty.recurrence": func(d *AgencyDuty) { d.Recurrence = "daily" },
		"duty.due": func(d *AgencyDuty) { d.DueOn = Date{} },
	} {
		d := duty
		change(&d)
		if got := ReasonOf(d.Check()); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
	person := AgencyContact{Role: ContactLiaison, Name: "周某", Phone: "0574-8628 0000"}
	if err := person.Check(); err != nil || person.Phone != "057486280000" {
		t.Error(err, person.Phone)
	}
	for _, phone := range []string{"", "12", "电话", "138a0138000"} {
		p := person
		if p.Phone = phone; ReasonOf(p.Check()) != "contact.phone" {
			t.Errorf("phone %q is accepted", phone)
		}
	}
	if got := MaskOfficePhone("13800138000"); got != "138******00" {
		t.Error(got)
	}
}

// An agency's account does nothing once it has no agency, whatever the table of
// acts says.
func TestAgencyActorWithoutAnAgency(t *testing.T) {
	t.Parallel()
	homeless := Actor{UserID: 1, CourtID: 1, Roles: []Role{RoleAgency}}
	for act := range access {
		if act != ActPublic && homeless.Require(act) == nil {
			t.Errorf("may do %s", act)
		}
	}
	homeless.AgencyID = 7
	if err := homeless.Require(ActAgencyDesk); err != nil {
		t.Error(err)
	}
}
