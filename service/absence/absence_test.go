package absence_test

import (
	"context"
	"sync"
	"testing"
	"time"

	"microcourt/model"
	"microcourt/service/absence"
	"microcourt/service/servicetest"
)

// office is a court with three officers, of whom ji.fg goes away.
type office struct {
	*servicetest.World
	officer, sub, other, leader, admin servicetest.Person
}

func newOffice(t *testing.T) *office {
	t.Helper()
	w := servicetest.New(t)
	w.Staff("zhang.min", model.RoleJudge)
	return &office{
		World:   w,
		officer: w.Staff("ji.fg", model.RoleOfficer), sub: w.Staff("tong.bx", model.RoleOfficer), other: w.Staff("lu.ning", model.RoleOfficer),
		leader: w.Staff("chen.zj", model.RoleLeader), admin: w.Staff("shen.ji", model.RoleAdmin),
	}
}

// away is a week of training of which tong.bx takes the work, with something changed.
func away(change func(*absence.Away)) absence.Away {
	a := absence.Away{Substitute: "tong.bx", FromOn: model.NewDate(2026, 3, 9), ToOn: model.NewDate(2026, 3, 13), Reason: "外出培训"}
	if change != nil {
		change(&a)
	}
	return a
}

func (o *office) add(by servicetest.Person, a absence.Away) *model.AbsenceLine {
	o.T.Helper()
	l, err := o.Svc.Absence.Add(context.Background(), by.Actor, a)
	if err != nil {
		o.T.Fatal(err)
	}
	return l
}

func (o *office) list(by servicetest.Person) []model.AbsenceLine {
	o.T.Helper()
	l, err := o.Svc.Absence.List(context.Background(), by.Actor)
	if err != nil {
		o.T.Fatal(err)
	}
	return l
}

func (o *office) standsIn(by servicetest.Person) bool {
	o.T.Helper()
	yes, err := o.Svc.Absence.StandsIn(context.Background(), by.Actor, o.officer.UserID)
	if err != nil {
		o.T.Fatal(err)
	}
	return yes
}

// told is how many notices about absences somebody has.
func (o *office) told(p servicetest.Person) (n int) {
	o.T.Helper()
	list, _, err := o.Svc.Notice.Inbox(context.Background(), p.Actor, 0, 0, 50)
	if err != nil {
		o.T.Fatal(err)
	}
	for _, v := range list {
		if v.Kind == model.NoticeAbsence {
			n++
		}
	}
	return n
}

// The substitute answers for the officer from the first day to the last, is told
// of it, and no more once the officer is back.
func TestASubstituteStandsInWhileItLasts(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	a := o.add(o.officer, away(nil))
	if again := o.add(o.officer, away(nil)); again.ID != a.ID || o.Audited(model.AuditAbsenceAdd) != 1 {
		t.Errorf("the same again is %+v, recorded %d times", again, o.Audited(model.AuditAbsenceAdd))
	}
	if a.Runs(o.Today()) || o.standsIn(o.sub) || !o.standsIn(o.officer) || o.told(o.sub) != 1 || o.told(o.officer) != 0 {
		t.Errorf("before it begins: %+v, the substitute was told %d times", a, o.told(o.sub))
	}
	o.Clock.Set(time.Date(2026, 3, 9, 9, 0, 0, 0, model.CourtZone))
	if l := o.list(o.sub); !o.standsIn(o.sub) || o.standsIn(o.other) || len(l) != 1 || !l[0].Runs(o.Today()) || l[0].Substitute == "" {
		t.Errorf("while it lasts the substitute reads %+v", l)
	}
	if l := o.list(o.other); len(l) != 0 {
		t.Errorf("a colleague reads %+v", l)
	}
	if l := o.list(o.leader); len(l) != 1 {
		t.Errorf("the leader reads %+v", l)
	}
	// He is back a day early: he says so himself, his substitute cannot.
	_, err := o.Svc.Absence.End(t.Context(), o.sub.Actor, a.ID)
	o.Refused(err, "absence.not_found")
	for range 2 {
		ended, err := o.Svc.Absence.End(t.Context(), o.officer.Actor, a.ID)
		if err != nil || !ended.Over(o.Today()) {
			t.Errorf("%+v %v", ended, err)
		}
	}
	if o.told(o.sub) != 2 || o.Audited(model.AuditAbsenceEnd) != 1 || o.standsIn(o.sub) || len(o.list(o.leader)) != 0 {
		t.Errorf("after it: told %d times, recorded %d", o.told(o.sub), o.Audited(model.AuditAbsenceEnd))
	}
	// The leader says it for one who falls ill; he is told, and it runs at once.
	ill := o.add(o.leader, away(func(a *absence.Away) {
		a.Officer, a.FromOn, a.ToOn, a.Reason = "ji.fg", o.Today(), model.NewDate(2026, 4, 30), "病假"
	}))
	if !ill.Runs(o.Today()) || o.told(o.officer) != 1 || !o.standsIn(o.sub) {
		t.Errorf("%+v, he was told %d times", ill, o.told(o.officer))
	}
	// It ends by itself.
	o.Clock.Set(time.Date(2026, 5, 1, 0, 1, 0, 0, model.CourtZone))
	if o.standsIn(o.sub) || len(o.list(o.officer)) != 0 {
		t.Error("it goes on after its last day")
	}
}

func TestAbsencesRefuse(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	judge := o.Staff("ji.wei", model.RoleJudge)
	far := o.StaffOf(o.AddCourt("浙0203", "宁波市海曙区人民法院", "海法"), "far.fg", model.RoleOfficer, model.RoleLeader)
	a := o.add(o.officer, away(nil))
	for _, k := range []struct {
		by     servicetest.Person
		reason string
		change func(*absence.Away)
	}{
		{judge, "role.forbidden", nil},
		{o.leader, "absence.officer", nil},
		{o.admin, "absence.officer", func(a *absence.Away) { a.Officer = "zhang.min" }},
		{o.sub, "absence.officer", func(a *absence.Away) { a.Officer = "ji.fg" }},
		{far, "absence.officer", func(a *absence.Away) { a.Officer = "ji.fg" }},
		{far, "absence.substitute", nil},
		{o.officer, "absence.substitute", func(a *absence.Away) { a.Substitute = "zhang.min" }},
		{o.officer, "absence.substitute", func(a *absence.Away) { a.Substitute = "nobody" }},
		{o.officer, "absence.self", func(a *absence.Away) { a.Substitute = "ji.fg" }},
		{o.officer, "absence.days", func(a *absence.Away) { a.ToOn = model.NewDate(2026, 3, 8) }},
		{o.officer, "absence.days", func(a *absence.Away) { a.FromOn, a.ToOn = model.NewDate(2026, 2, 24), model.NewDate(2026, 3, 1) }},
		{o.officer, "absence.too_long", func(a *absence.Away) { a.ToOn = model.NewDate(2026, 6, 30) }},
		{o.officer, "reason.required", func(a *absence.Away) { a.Reason = " " }},
		{o.officer, "absence.overlaps", func(a *absence.Away) { a.ToOn = model.NewDate(2026, 3, 20) }},
		{o.sub, "absence.substitute_away", func(a *absence.Away) { a.Substitute = "ji.fg" }},
	} {
		_, err := o.Svc.Absence.Add(t.Context(), k.by.Actor, away(k.change))
		o.Refused(err, k.reason)
	}
	for _, id := range []int64{999999, a.ID} {
		_, err := o.Svc.Absence.End(t.Context(), far.Actor, id)
		o.Refused(err, "absence.not_found")
	}
	_, err := o.Svc.Absence.End(t.Context(), judge.Actor, a.ID)
	o.Refused(err, "role.forbidden")
	_, err = o.Svc.Absence.List(t.Context(), judge.Actor)
	o.Refused(err, "role.forbidden")
	_, err = o.Svc.Absence.StandsIn(t.Context(), model.Actor{}, o.officer.UserID)
	o.Refused(err, "session.required")
	_, err = o.Svc.Absence.Officers(t.Context(), judge.Actor)
	o.Refused(err, "role.forbidden")
	if l := o.list(o.leader); len(l) != 1 || o.Audited(model.AuditAbsenceAdd) != 1 {
		t.Errorf("what was refused left %+v", l)
	}
	// Whoever leaves the court is no substitute for anybody.
	if _, err := o.Svc.Identity.DisableStaff(t.Context(), model.System(), o.Court.ID, "lu.ning"); err != nil {
		t.Fatal(err)
	}
	_, err = o.Svc.Absence.Add(t.Context(), o.sub.Actor, away(func(a *absence.Away) { a.Substitute = "lu.ning" }))
	o.Refused(err, "absence.substitute")
	officers, err := o.Svc.Absence.Officers(t.Context(), o.leader.Actor)
	if err != nil || len(officers) != 2 {
		t.Errorf("who may be chosen: %+v %v", officers, err)
	}
}

// Two absences of one officer at once: one is recorded. Two officers may have one
// substitute.
func TestTwoAbsencesAtOnce(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	at := func(officer string, to model.Date) absence.Away {
		return away(func(a *absence.Away) {
			a.Officer, a.Substitute, a.FromOn, a.ToOn = officer, "lu.ning", model.NewDate(2026, 3, 16), to
		})
	}
	both := func(a, b absence.Away) (reasons []string) {
		var wg sync.WaitGroup
		reasons = make([]string, 2)
		for i, w := range []absence.Away{a, b} {
			wg.Go(func() {
				_, err := o.Svc.Absence.Add(context.Background(), o.admin.Actor, w)
				reasons[i] = model.ReasonOf(err)
			})
		}
		wg.Wait()
		return reasons
	}
	friday := model.NewDate(2026, 3, 20)
	if r := both(at("ji.fg", friday), at("tong.bx", friday)); r[0] != "" || r[1] != "" {
		t.Errorf("two officers with one substitute: %q", r)
	}
	next := func(to model.Date) absence.Away {
		a := at("ji.fg", to)
		a.FromOn = model.NewDate(2026, 3, 23)
		return a
	}
	if r := both(next(model.NewDate(2026, 3, 27)), next(model.NewDate(2026, 3, 28))); r[0]+r[1] != "absence.overlaps" {
		t.Errorf("one officer twice: %q", r)
	}
}
