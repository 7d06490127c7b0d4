package liaison_test

import (
	"errors"
	"strings"
	"sync"
	"testing"
	"time"

	"microcourt/model"
	"microcourt/service/servicetest"
)

// court is an enforcement case of an officer in a district with villages.
type court struct {
	*servicetest.World
	clerk, officer, other, leader servicetest.Person
	f                             servicetest.Filed
	e                             *model.EnforcementFile
}

func newCourt(t *testing.T) *court {
	t.Helper()
	w := servicetest.New(t)
	w.Staff("zhang.min", model.RoleJudge)
	c := &court{
		World: w, clerk: w.Staff("wan.tt", model.RoleClerk), officer: w.Staff("chen.zx", model.RoleOfficer),
		other: w.Staff("other.zx", model.RoleOfficer), leader: w.Staff("yuan.zhang", model.RoleLeader),
	}
	c.f = w.File(c.clerk)
	c.e = w.EnforcedBy(c.officer, c.f)
	return c
}

// wants is a request for help within three days.
func (c *court) wants(village int64) model.Assistance {
	return model.Assistance{
		EnforcementCaseID: c.e.ID, PartyID: c.f.Debtor, VillageID: village, Kind: model.AssistFindPerson, Detail: "常在村口小店，五十岁左右，戴眼镜",
		DueOn: c.Today().AddDays(3), IdemKey: servicetest.FreshKey(),
	}
}

func (c *court) ask(village int64) *model.Assistance {
	c.T.Helper()
	a, err := c.Svc.Liaison.Ask(c.T.Context(), c.officer.Actor, c.wants(village))
	if err != nil {
		c.T.Fatal(err)
	}
	return a
}

// clocks counts the officer's open tasks to see to an answer.
func (c *court) clocks() (n int) {
	c.T.Helper()
	list, err := c.Svc.Enforcement.Tasks(c.T.Context(), c.officer.Actor, model.TaskFilter{Kind: model.TaskAssistanceAnswer, State: model.TaskOpen, Limit: 50})
	if err != nil {
		c.T.Fatal(err)
	}
	return len(list)
}

// now is a liaison as he comes back: the roles that he has now.
func (c *court) now(p servicetest.Person) servicetest.Person {
	c.T.Helper()
	ctx := c.T.Context()
	code, err := c.Fake.LoginCode(p.Phone)
	if err != nil {
		c.T.Fatal(err)
	}
	s, err := c.Svc.Identity.LoginWeChat(ctx, model.Actor{}, code)
	if err == nil {
		p.Actor, err = c.Svc.Identity.Authenticate(ctx, s.Token)
	}
	if err != nil {
		c.T.Fatal(err)
	}
	return p
}

// A person in a village helps: the roster, his phone, a request with only what
// he needs, his answer with a photo, closed by the officer. The next village's
// liaison, another's request and a term that is over see nothing.
func TestLiaisonsHelp(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	c := newCourt(t)
	svc := c.Svc.Liaison
	east, west, north := c.Village(c.clerk, "甲镇", "东村"), c.Village(c.clerk, "甲镇", "西村"), c.Village(c.clerk, "乙街道", "北社区")
	if c.Village(c.clerk, "甲镇", "东村") != east || c.Audited(model.AuditVillageAdd) != 3 {
		t.Error("a village was added twice")
	}
	helper, entry := c.Liaison(c.clerk, "甲联络员", 5, east, west)
	next, _ := c.Liaison(c.clerk, "乙联络员", 400, north)
	third := c.LiaisonEntry("丙", 9)
	first, err := svc.Add(ctx, c.clerk.Actor, third, []int64{north})
	if again, err2 := svc.Add(ctx, c.clerk.Actor, third, []int64{north}); err != nil || err2 != nil || again.ID != first.ID {
		t.Errorf("the repeat made another entry: %v %v", err, err2)
	}
	cover, err := svc.Coverage(ctx, c.leader.Actor)
	if err != nil || len(cover) != 2 || cover[0].Without+cover[1].Without != 0 || len(cover[0].Villages)+len(cover[1].Villages) != 3 {
		t.Errorf("coverage: %+v %v", cover, err)
	}

	in := c.wants(east)
	asked, err := svc.Ask(ctx, c.officer.Actor, in)
	if err != nil {
		t.Fatal(err)
	}
	if again, err := svc.Ask(ctx, c.officer.Actor, in); err != nil || again.ID != asked.ID || c.clocks() != 1 {
		t.Fatalf("asked %d, again %+v %v, %d clocks", asked.ID, again, err, c.clocks())
	}
	d, err := svc.Request(ctx, helper.Actor, model.ActAssist, asked.ID)
	if err != nil || d.Name != "甬兴建材有限公司" || d.Detail != in.Detail || d.Phone == "" || d.Officer == "" {
		t.Fatalf("what the liaison sees: %+v %v", d, err)
	}
	if c.NoticesOf(helper, model.NoticeAssistance) != 1 {
		t.Error("the liaison is not told")
	}
	for name, err := range map[string]error{
		"look":    func() error { _, err := svc.Request(ctx, next.Actor, model.ActAssist, asked.ID); return err }(),
		"accept":  func() error { _, err := svc.Accept(ctx, next.Actor, asked.ID, 1); return err }(),
		"decline": func() error { _, err := svc.Decline(ctx, next.Actor, asked.ID, 1, "不在本村"); return err }(),
		"reply":   func() error { _, err := svc.Reply(ctx, next.Actor, asked.ID, 1, "已找到", nil); return err }(),
	} {
		if model.ReasonOf(err) != "assistance.not_found" {
			t.Errorf("another village's liaison, %s: %v", name, err)
		}
	}
	if l, err := svc.Requests(ctx, next.Actor, model.ActAssist, model.AssistanceFilter{Limit: 10}); err != nil || len(l) != 0 {
		t.Errorf("the next village's list: %v %v", l, err)
	}
	var version int64
	for range 2 { // the answer got lost
		a, err := svc.Accept(ctx, helper.Actor, asked.ID, 1)
		if err != nil {
			t.Fatal(err)
		}
		version = a.Version
	}
	photo := c.Uploaded(helper, c.f.ID, 923)
	for range 2 {
		if a, err := svc.Reply(ctx, helper.Actor, asked.ID, version, "人在外地务工，春节返乡", []int64{photo}); err != nil || a.State != model.AssistanceAnswered {
			t.Fatal(a, err)
		}
	}
	_, err = svc.Reply(ctx, helper.Actor, asked.ID, version, "人在本村", nil)
	if model.KindOf(err) != model.Conflict {
		t.Errorf("another answer for the same version: %v", err)
	}
	if c.NoticesOf(c.officer, model.NoticeAssistanceReply) != 2 || c.clocks() != 0 {
		t.Errorf("the officer was told %d times, %d clocks run", c.NoticesOf(c.officer, model.NoticeAssistanceReply), c.clocks())
	}
	looks := c.Audited(model.AuditAssistanceLook)
	d, err = svc.Request(ctx, c.officer.Actor, model.ActAssistanceRead, asked.ID)
	if err != nil || d.Answer != "人在外地务工，春节返乡" || len(d.Files) != 1 || d.Liaison != "甲联络员" || c.Audited(model.AuditAssistanceLook) != looks+1 {
		t.Errorf("the answer: %+v %v, looks %d", d, err, c.Audited(model.AuditAssistanceLook))
	}
	_, err = svc.Request(ctx, c.other.Actor, model.ActAssistanceRead, asked.ID)
	c.Refused(err, "assistance.not_found")
	if l, err := svc.Requests(ctx, c.leader.Actor, model.ActAssistanceRead, model.AssistanceFilter{State: model.AssistanceAnswered, Limit: 10}); err != nil || len(l) != 1 || l[0].CaseNo != c.e.CaseNo {
		t.Errorf("the leader's list: %v %v", l, err)
	}
	for range 2 {
		if a, err := svc.Close(ctx, c.officer.Actor, asked.ID, d.Version, "已掌握下落"); err != nil || a.State != model.AssistanceClosed {
			t.Fatal(a, err)
		}
	}

	// His term ends: the role goes with it, the villages show.
	c.Clock.Advance(6 * 24 * time.Hour)
	_, err = svc.Request(ctx, c.now(helper).Actor, model.ActAssist, asked.ID)
	c.Refused(err, "role.forbidden")
	if cover, err := svc.Coverage(ctx, c.leader.Actor); err != nil || cover[0].Without+cover[1].Without != 2 {
		t.Errorf("coverage after the term: %+v %v", cover, err)
	}
	// Another village makes him a liaison again; the old entry's requests stay
	// out of his sight.
	further, err := svc.Add(ctx, c.clerk.Actor, c.LiaisonEntry("甲联络员", 30), []int64{north})
	if err != nil {
		t.Fatal(err)
	}
	c.Become(helper, c.clerk, further.ID)
	_, err = svc.Request(ctx, c.now(helper).Actor, model.ActAssist, asked.ID)
	c.Refused(err, "assistance.not_found")
	// A change keeps what was; his term runs again.
	longer := c.LiaisonEntry("甲联络员", 60)
	for range 2 {
		l, err := svc.Update(ctx, c.clerk.Actor, entry.ID, 2, longer, []int64{east}, "续任，西村另行安排")
		if err != nil || l.Standing(c.Today()) != "在任" || len(l.Villages) != 1 {
			t.Fatal(l, err)
		}
	}
	full, history, err := svc.Entry(ctx, c.clerk.Actor, entry.ID)
	if err != nil || full.Phone != "13700137000" || len(history) != 4 || c.Audited(model.AuditLiaisonLook) != 1 {
		t.Errorf("the entry in full: %+v %v %v", full, history, err)
	}
	if _, err := svc.Request(ctx, c.now(helper).Actor, model.ActAssist, asked.ID); err != nil {
		t.Error(err)
	}
	// A new phone takes over; the old one is out.
	other := c.Become(c.Citizen(), c.clerk, entry.ID)
	if _, err := svc.Request(ctx, c.now(other).Actor, model.ActAssist, asked.ID); err != nil {
		t.Error(err)
	}
	_, err = svc.Request(ctx, c.now(helper).Actor, model.ActAssist, asked.ID)
	c.Refused(err, "assistance.not_found")
	// The entry is given to another person: neither the phone nor the slip of the
	// former one is his.
	slip, err := svc.IssueCode(ctx, c.clerk.Actor, entry.ID)
	if err != nil || slip.Paper.Number == "" {
		t.Fatal(slip, err)
	}
	full, _, err = svc.Entry(ctx, c.clerk.Actor, entry.ID)
	if err != nil {
		t.Fatal(err)
	}
	if l, err := svc.Update(ctx, c.clerk.Actor, entry.ID, full.Version, c.LiaisonEntry("戊联络员", 60), []int64{east}, "换人"); err != nil || l.UserID != 0 {
		t.Fatal(l, err)
	}
	if _, err := svc.Request(ctx, c.now(other).Actor, model.ActAssist, asked.ID); err == nil {
		t.Error("the phone of whoever is a liaison no longer still opens his requests")
	}
	_, err = svc.Bind(ctx, c.now(helper).Actor, slip.Code)
	c.Refused(err, "liaison_code.voided")
	if l, err := svc.Roster(ctx, c.clerk.Actor, 0, 2); err != nil || len(l) != 2 || l[0].ID < l[1].ID {
		t.Errorf("the roster: %+v %v", l, err)
	}
}

// What is wrong with a village, an entry of the roster and a request is said by
// name; another court's roster is not there.
func TestLiaisonsRefuse(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	c := newCourt(t)
	svc := c.Svc.Liaison
	far := c.StaffOf(c.AddCourt("浙0205", "宁波市江北区人民法院", "北法"), "far.clerk", model.RoleClerk)
	east, bare, south := c.Village(c.clerk, "甲镇", "东村"), c.Village(c.clerk, "甲镇", "西村"), c.Village(c.clerk, "甲镇", "南村")
	helper, entry := c.Liaison(c.clerk, "甲联络员", 30, east)
	unbound, err := svc.Add(ctx, c.clerk.Actor, c.LiaisonEntry("乙联络员", 30), []int64{south})
	if err != nil {
		t.Fatal(err)
	}
	_, err = svc.AddVillage(ctx, c.clerk.Actor, model.Village{Town: "甲镇", Name: " "})
	c.Refused(err, "village.name")
	_, err = svc.AddVillage(ctx, c.officer.Actor, model.Village{Town: "甲镇", Name: "北村"})
	c.Refused(err, "role.forbidden")
	for _, m := range []struct {
		reason   string
		change   func(*model.Liaison)
		villages []int64
	}{
		{"liaison.name", func(l *model.Liaison) { l.Name = " " }, []int64{east}},
		{"liaison.phone", func(l *model.Liaison) { l.Phone = "12345" }, []int64{east}},
		{"liaison.term", func(l *model.Liaison) { l.UntilOn = model.NewDate(2020, 1, 1) }, []int64{east}},
		{"liaison.villages", func(*model.Liaison) {}, nil},
		{"village.unknown", func(*model.Liaison) {}, []int64{999999}},
	} {
		in := c.LiaisonEntry("丙", 30)
		m.change(&in)
		_, err := svc.Add(ctx, c.clerk.Actor, in, m.villages)
		c.Refused(err, m.reason)
		_, err = svc.Update(ctx, c.clerk.Actor, entry.ID, 2, in, m.villages, "更正")
		c.Refused(err, m.reason)
	}
	in := c.LiaisonEntry("丙", 30)
	for _, m := range []struct {
		reason string
		do     func() error
	}{
		{"liaison.not_found", func() error { _, _, err := svc.Entry(ctx, far.Actor, entry.ID); return err }},
		{"liaison.not_found", func() error {
			_, err := svc.Update(ctx, far.Actor, entry.ID, 2, in, []int64{east}, "更正")
			return err
		}},
		{"liaison.not_found", func() error { _, err := svc.IssueCode(ctx, far.Actor, entry.ID); return err }},
		{"village.unknown", func() error { _, err := svc.Add(ctx, far.Actor, in, []int64{east}); return err }},
		{"liaison.changed", func() error {
			_, err := svc.Update(ctx, c.clerk.Actor, entry.ID, 9, in, []int64{east}, "更正")
			return err
		}},
		{"reason.required", func() error {
			_, err := svc.Update(ctx, c.clerk.Actor, entry.ID, 2, in, []int64{east}, " ")
			return err
		}},
		{"role.forbidden", func() error { _, err := svc.Add(ctx, c.officer.Actor, in, []int64{east}); return err }},
		{"role.forbidden", func() error { _, err := svc.Roster(ctx, helper.Actor, 0, 10); return err }},
		{"role.forbidden", func() error { _, err := svc.Coverage(ctx, helper.Actor); return err }},
	} {
		c.Refused(m.do(), m.reason)
	}
	for _, m := range []struct {
		reason string
		by     servicetest.Person
		change func(*model.Assistance)
	}{
		{"enforcement.not_found", c.officer, func(a *model.Assistance) { a.EnforcementCaseID = 999999 }},
		{"enforcement.not_found", c.other, func(*model.Assistance) {}},
		{"role.forbidden", c.leader, func(*model.Assistance) {}},
		{"assistance.kind", c.officer, func(a *model.Assistance) { a.Kind = "arrest" }},
		{"assistance.person", c.officer, func(a *model.Assistance) { a.PartyID = c.f.Creditor }},
		{"assistance.detail", c.officer, func(a *model.Assistance) { a.Detail = " " }},
		{"assistance.private", c.officer, func(a *model.Assistance) { a.Detail = "身份证34052419800101001X" }},
		{"assistance.private", c.officer, func(a *model.Assistance) { a.Detail = "欠款 10 万元" }},
		{"assistance.due", c.officer, func(a *model.Assistance) { a.DueOn = model.NewDate(2020, 1, 1) }},
		{"village.unknown", c.officer, func(a *model.Assistance) { a.VillageID = 999999 }},
		{"liaison.none", c.officer, func(a *model.Assistance) { a.VillageID = bare }},
		{"liaison.unbound", c.officer, func(a *model.Assistance) { a.VillageID = unbound.Villages[0].ID }},
	} {
		in := c.wants(east)
		m.change(&in)
		_, err := svc.Ask(ctx, m.by.Actor, in)
		c.Refused(err, m.reason)
		if e, ok := errors.AsType[*model.Error](err); m.reason == "liaison.none" && (!ok || !strings.Contains(e.Message, "甲镇西村")) {
			t.Errorf("the village is not named: %v", err)
		}
	}
	a, b := c.ask(east), c.ask(east)
	for _, m := range []struct {
		reason string
		do     func() error
	}{
		{"assistance.changed", func() error { _, err := svc.Accept(ctx, helper.Actor, a.ID, 9); return err }},
		{"assistance.changed", func() error { _, err := svc.Decline(ctx, helper.Actor, a.ID, 9, "不在本村"); return err }},
		{"reason.required", func() error { _, err := svc.Decline(ctx, helper.Actor, a.ID, 1, " "); return err }},
		{"assistance.state", func() error { _, err := svc.Reply(ctx, helper.Actor, a.ID, 1, "已送达", nil); return err }},
		{"role.forbidden", func() error { _, err := svc.Accept(ctx, c.officer.Actor, a.ID, 1); return err }},
		{"assistance.not_found", func() error { _, err := svc.Close(ctx, c.other.Actor, a.ID, 1, "办结"); return err }},
		{"assistance.changed", func() error { _, err := svc.Close(ctx, c.officer.Actor, a.ID, 9, "办结"); return err }},
		{"assistance.note", func() error { _, err := svc.Close(ctx, c.officer.Actor, a.ID, 1, " "); return err }},
	} {
		c.Refused(m.do(), m.reason)
	}
	if _, err := svc.Accept(ctx, helper.Actor, a.ID, 1); err != nil {
		t.Fatal(err)
	}
	for _, m := range []struct {
		reason, text string
		seen         int64
		files        []int64
	}{
		{"assistance.changed", "已送达", 9, nil},
		{"assistance.answer", " ", 2, nil},
		{"file.too_many", "已送达", 2, []int64{1, 2, 3, 4, 5, 6, 7, 8, 9, 10}},
		{"file.unknown", "已送达", 2, []int64{999999}},
	} {
		_, err := svc.Reply(ctx, helper.Actor, a.ID, m.seen, m.text, m.files)
		c.Refused(err, m.reason)
	}
	for range 2 {
		if _, err := svc.Decline(ctx, helper.Actor, b.ID, 1, "近期外出"); err != nil {
			t.Fatal(err)
		}
	}
	if n := c.clocks(); n != 1 {
		t.Errorf("a declined request keeps its clock: %d", n)
	}
	if _, err := svc.Close(ctx, c.officer.Actor, a.ID, 2, "已自行送达"); err != nil {
		t.Fatal(err)
	}
	if c.NoticesOf(helper, model.NoticeAssistance) != 3 || c.clocks() != 0 {
		t.Errorf("the liaison was told %d times of two requests and the end of one, %d clocks run", c.NoticesOf(helper, model.NoticeAssistance), c.clocks())
	}
	_, err = svc.Accept(ctx, helper.Actor, a.ID, 3)
	c.Refused(err, "assistance.state")
	_, err = svc.Decline(ctx, helper.Actor, b.ID, 2, "近期外出")
	c.Refused(err, "assistance.state")
	_, err = svc.Close(ctx, c.officer.Actor, a.ID, 9, "办结")
	c.Refused(err, "assistance.state")
	if _, err := c.Svc.Enforcement.CloseCase(ctx, c.officer.Actor, c.e.ID, c.e.Version, model.Closing{Type: model.CloseEnded, On: c.Today(), Reason: "申请执行人撤回申请"}); err != nil {
		t.Fatal(err)
	}
	_, err = svc.Ask(ctx, c.officer.Actor, c.wants(east))
	c.Refused(err, "enforcement.closed")
}

// A code on paper makes one phone the liaison's: the last one printed, once, in
// time; whoever guesses is shut out, and a right code lets nobody in whom a wrong
// one has shut out.
func TestCodesOfLiaisons(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	c := newCourt(t)
	svc := c.Svc.Liaison
	l, err := svc.Add(ctx, c.clerk.Actor, c.LiaisonEntry("甲联络员", 90), []int64{c.Village(c.clerk, "甲镇", "东村")})
	if err != nil {
		t.Fatal(err)
	}
	issue := func() string {
		t.Helper()
		code, err := svc.IssueCode(ctx, c.clerk.Actor, l.ID)
		if err != nil {
			t.Fatal(err)
		}
		return code.Code
	}
	first, second := issue(), issue()
	helper, stranger := c.Citizen(), c.Citizen()
	_, err = svc.Bind(ctx, stranger.Actor, first)
	c.Refused(err, "liaison_code.voided")
	for range 2 { // the answer got lost
		if b, err := svc.Bind(ctx, helper.Actor, strings.ToLower(second)); err != nil || b.UserID != helper.UserID {
			t.Fatal(b, err)
		}
	}
	_, err = svc.Bind(ctx, stranger.Actor, second)
	c.Refused(err, "liaison_code.used")
	for range 10 {
		_, err := svc.Bind(ctx, stranger.Actor, "AAAA-BBBB-CCCC")
		c.Refused(err, "liaison_code.wrong")
	}
	third := issue()
	_, err = svc.Bind(ctx, stranger.Actor, third)
	c.Refused(err, "binding.blocked")
	// Two phones with the same paper: one has it.
	others := []servicetest.Person{c.Citizen(), c.Citizen()}
	errs := make([]error, len(others))
	var wg sync.WaitGroup
	for i, p := range others {
		wg.Go(func() { _, errs[i] = svc.Bind(ctx, p.Actor, third) })
	}
	wg.Wait()
	if (errs[0] == nil) == (errs[1] == nil) {
		t.Errorf("two phones with one paper: %v", errs)
	}
	late := issue()
	c.Clock.Advance(32 * 24 * time.Hour)
	_, err = svc.Bind(ctx, c.Citizen().Actor, late)
	c.Refused(err, "liaison_code.expired")
	c.Clock.Advance(60 * 24 * time.Hour)
	_, err = svc.IssueCode(ctx, c.clerk.Actor, l.ID)
	c.Refused(err, "liaison.over")
	if _, history, err := svc.Entry(ctx, c.clerk.Actor, l.ID); err != nil || len(history) != 7 {
		t.Errorf("the history of an entry whose phone changed: %v %v", history, err)
	}
}
