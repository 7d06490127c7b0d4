package model

import (
	"slices"
	"strings"
	"testing"
	"time"
)

// domain.md §3.11: proposer never approves, administrator is not auditor, and an
// agency's account is nothing else.
func TestRolesOfOneAccount(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		roles  []Role
		reason string
	}{
		"a judge":                     {[]Role{RoleJudge}, ""},
		"judge and officer":           {[]Role{RoleJudge, RoleOfficer}, ""},
		"leader and administrator":    {[]Role{RoleLeader, RoleAdmin}, ""},
		"administrator and auditor":   {[]Role{RoleAuditor, RoleAdmin}, "role.exclusive"},
		"agency and list manager":     {[]Role{RoleListManager, RoleAgency}, "role.exclusive"},
		"agency and judge":            {[]Role{RoleAgency, RoleJudge}, "role.exclusive"},
		"none":                        {nil, "role.required"},
		"a party is no staff":         {[]Role{RoleParty}, "role.unknown"},
		"a liaison is no account":     {[]Role{RoleLiaison}, "role.unknown"},
		"the case system is no one's": {[]Role{RoleCaseSystem}, "role.unknown"},
	} {
		reasonIs(t, name, CheckRoles(tt.roles), tt.reason)
	}
	// Who confirms, approves and reads: the acts of which domain.md §2 speaks.
	for act, want := range map[Act][]Role{
		ActSurchargeReduce: {RoleJudge}, ActOverview: {RoleLeader}, ActStaffManage: {RoleAdmin}, ActDutyDecide: {RoleListManager},
	} {
		if got := RolesFor(act); !slices.Equal(got, want) || !act.Valid() {
			t.Errorf("%s: %v, want %v", act, got, want)
		}
	}
	if Act("nothing").Valid() || RoleAdmin.May(ActDutyRead) || RoleClerk.May(ActSurchargeReduce) {
		t.Error("somebody may more than his part")
	}
}

// 四眼原则: nobody decides what he had a hand in, and each refusal names who may.
func TestFourEyes(t *testing.T) {
	t.Parallel()
	for _, m := range []Matter{
		MatterReceipt, MatterDeposit, MatterMeasure, MatterLift, MatterReview, MatterRelease, MatterRepair, MatterSpending, MatterProlong, MatterPetition, MatterQuery, MatterDuty,
		MatterRelative, MatterBinding,
	} {
		if !m.Valid() {
			t.Errorf("%s has no words", m)
		}
		if err := OtherEyes(m, 5, 4, 5); KindOf(err) != Conflict {
			t.Errorf("%s: %v", m, err)
		}
		reasonIs(t, string(m), OtherEyes(m, 6, 4, 5), "")
		reasonIs(t, string(m)+" by the program", OtherEyes(m, 0, 0), "")
		if why := OwnHand(m, 5, 5); !strings.ContainsAny(why, "请可") || OwnHand(m, 6, 5) != "" {
			t.Errorf("%s: %q names nobody who may", m, why)
		}
	}
	if Matter("nothing").Valid() {
		t.Error("a matter that is none")
	}
}

// Failures slow down and never lock out for good: free ones first, then twice
// as long each time, up to the most.
func TestThrottles(t *testing.T) {
	t.Parallel()
	for failures, want := range map[int]time.Duration{
		0: 0, 4: 0, 5: 15 * time.Second, 6: 30 * time.Second, 7: time.Minute, 10: 8 * time.Minute, 11: 15 * time.Minute, 12: 15 * time.Minute, 1000: 15 * time.Minute,
	} {
		if got := ThrottleLogin.Wait(failures); got != want {
			t.Errorf("after %d failures: %s, want %s", failures, got, want)
		}
	}
	for d, want := range map[time.Duration]string{
		0: "1 秒", 1500 * time.Millisecond: "2 秒", time.Minute: "60 秒", 61 * time.Second: "2 分钟", time.Hour: "60 分钟", time.Hour + time.Second: "2 小时",
	} {
		if got := WaitText(d); got != want {
			t.Errorf("%s: %s, want %s", d, got, want)
		}
	}
}

// A payment's reference survives what a bank prints around it, and its check
// character finds every single wrong character and every two that changed
// places.
func TestPaymentReferences(t *testing.T) {
	t.Parallel()
	code := NewReference("a2b3-c4d0o1i")
	if len(code) != ReferenceLength || !strings.HasPrefix(code, "A2B3C4D") {
		t.Fatal(code)
	}
	if NewReference("a2b3") != "" {
		t.Error("too few characters make a reference")
	}
	for _, typed := range []string{code, strings.ToLower(code), code[:4] + " " + code[4:], code[:4] + "-" + code[4:]} {
		if got, err := ParseReference(typed); err != nil || got != code {
			t.Errorf("%q: %q %v", typed, got, err)
		}
	}
	for i := range code {
		for _, c := range referenceAlphabet {
			if wrong := code[:i] + string(c) + code[i+1:]; wrong != code {
				if _, err := ParseReference(wrong); err == nil {
					t.Errorf("%s passes for %s", wrong, code)
				}
			}
		}
		if i > 0 && code[i] != code[i-1] {
			if wrong := code[:i-1] + string(code[i]) + string(code[i-1]) + code[i+1:]; ReasonOf(func() error { _, err := ParseReference(wrong); return err }()) != "reference.check" {
				t.Errorf("%s passes for %s", wrong, code)
			}
		}
	}
}

// A clock of the officer's day: late after its end, done once, in its order,
// with what was done.
func TestTasks(t *testing.T) {
	t.Parallel()
	day := NewDate(2026, 3, 2)
	end := day.EndOfDay()
	for name, tt := range map[string]struct {
		state TaskState
		now   time.Time
		late  bool
	}{
		"in the last second": {TaskOpen, end, false}, "a second later": {TaskOpen, end.Add(time.Second), true}, "done in time": {TaskDone, end.Add(time.Hour), false},
	} {
		if got := (Task{State: tt.state, DueAt: end}).Late(tt.now); got != tt.late {
			t.Errorf("%s: %v", name, got)
		}
	}
	if DateOf(end) != day || DateOf(end.Add(time.Second)) != day.AddDays(1) {
		t.Error("a day ends at midnight, court time")
	}
	for name, tt := range map[string]struct {
		state   TaskState
		result  string
		earlier []Task
		reason  string
	}{
		"done":            {TaskOpen, "已撤下", nil, ""},
		"done before":     {TaskDone, "已撤下", nil, "task.done"},
		"cancelled":       {TaskCancelled, "已撤下", nil, "task.done"},
		"out of order":    {TaskOpen, "已撤下", []Task{{Title: "解除网上布控"}}, "task.order"},
		"without a word":  {TaskOpen, " ", nil, "task.result"},
		"at great length": {TaskOpen, strings.Repeat("长", 501), nil, "task.result"},
	} {
		task := Task{State: tt.state}
		reasonIs(t, name, task.Finish(5, tt.result, 0, tt.earlier, end), tt.reason)
	}
	// Every kind has its words; what only a leader decides stays with the leaders,
	// and a relative who waits is answered by whoever stands in.
	for _, k := range TaskKinds() {
		if k.Chinese() == "" || k.Help() == "" {
			t.Errorf("%s has no words", k)
		}
	}
	if l := LeaderTasks(); !slices.Contains(l, TaskReleaseDecide) || !slices.Contains(l, TaskProlong) || slices.Contains(l, TaskLift) {
		t.Errorf("%v", l)
	}
	if s := SubstituteTasks(); !slices.Contains(s, TaskPetition) || slices.Contains(s, TaskReleaseDecide) {
		t.Errorf("%v", s)
	}
	if !TaskLift.ByAct() || TaskCheckFull.ByAct() {
		t.Error("a lifting is not ticked off")
	}
}
