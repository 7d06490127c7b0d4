package administration_test

import (
	"strings"
	"testing"

	"microcourt/model"
	"microcourt/service/administration"
	"microcourt/service/servicetest"
)

// An administrator changes what his court says of itself and the rules that it
// sets; what was planned by the old rules is planned anew, and the trail holds both.
func TestACourtChangesItsParticulars(t *testing.T) {
	t.Parallel()
	w := servicetest.New(t)
	judge, clerk, admin := w.Staff("zhang.min", model.RoleJudge), w.Staff("wan.tt", model.RoleClerk), w.Staff("root", model.RoleAdmin)
	f := w.File(clerk)
	reminders := func() (days []int) {
		t.Helper()
		plan, err := w.Svc.Schedule.Timeline(t.Context(), judge.Actor, f.ID)
		if err != nil {
			t.Fatal(err)
		}
		for _, s := range plan.Steps {
			if s.Kind == model.NoticeDueSoon && s.DueOn == model.NewDate(2026, 3, 31) && s.Open() {
				days = append(days, s.Days)
			}
		}
		return days
	}
	if got := reminders(); len(got) != 3 {
		t.Fatalf("reminders by default: %v", got)
	}
	court, err := w.Svc.Administration.Court(t.Context(), admin.Actor)
	if err != nil {
		t.Fatal(err)
	}
	p := administration.ParticularsOf(*court)
	civil := p.Settings.Schedules[model.CaseCivil]
	civil.BeforeDays = []int{5}
	p.Settings.Schedules[model.CaseCivil] = civil
	p.Name, p.Phone = " 宁波市镇海区人民法院 ", "0574-86280000"
	if err := w.Svc.Administration.SetCourt(t.Context(), admin.Actor, w.Court.ID, p); err != nil {
		t.Fatal(err)
	}
	if got := reminders(); len(got) != 1 || got[0] != -5 {
		t.Errorf("reminders after the change: %v", got)
	}
	if court, err = w.Svc.Administration.Court(t.Context(), judge.Actor); err != nil || court.Name != "宁波市镇海区人民法院" || court.Phone != "0574-86280000" {
		t.Errorf("%+v %v", court, err)
	}
	list, err := w.Svc.Administration.Entries(t.Context(), w.Staff("xu.he", model.RoleAuditor).Actor, administration.Wanted{By: "root"}, model.AuditFilter{Limit: 10})
	if err != nil || len(list) != 1 || list[0].Action != model.AuditCourtSet || list[0].Who != "法官root" {
		t.Errorf("the trail: %+v %v", list, err)
	}
}

func TestParticularsRefuse(t *testing.T) {
	t.Parallel()
	w := servicetest.New(t)
	clerk, admin := w.Staff("wan.tt", model.RoleClerk), w.Staff("root", model.RoleAdmin)
	other := w.AddCourt("浙0203", "宁波市海曙区人民法院", "海法")
	good := administration.ParticularsOf(w.Court)
	w.Refused(w.Svc.Administration.SetCourt(t.Context(), clerk.Actor, w.Court.ID, good), "role.forbidden")
	w.Refused(w.Svc.Administration.SetCourt(t.Context(), admin.Actor, other.ID, good), "court.not_found")
	_, err := w.Svc.Administration.Court(t.Context(), model.Actor{})
	w.Refused(err, "session.required")
	for _, k := range []struct {
		reason string
		change func(*administration.Particulars)
	}{
		{"field.required", func(p *administration.Particulars) { p.Name = " " }},
		{"field.required", func(p *administration.Particulars) { p.ShortName = "" }},
		{"field.too_long", func(p *administration.Particulars) { p.ShortName = strings.Repeat("长", 21) }},
		{"field.too_long", func(p *administration.Particulars) { p.Account = strings.Repeat("长", 301) }},
		{"settings.range", func(p *administration.Particulars) { p.Settings.BindingCodeDays = 0 }},
		{"schedule.hour", func(p *administration.Particulars) { p.Settings.QuietHours = &model.QuietHours{From: 24} }},
		{"channel.unknown", func(p *administration.Particulars) { p.Settings.Channels = []model.ChannelName{"pigeon"} }},
		{"pattern.incomplete", func(p *administration.Particulars) { p.Settings.CertificatePattern = "自履证{n}号" }},
	} {
		p := good
		k.change(&p)
		w.Refused(w.Svc.Administration.SetCourt(t.Context(), admin.Actor, w.Court.ID, p), k.reason)
	}
	if n := w.Audited(model.AuditCourtSet); n != 0 {
		t.Errorf("%d refused changes are in the trail", n)
	}
}

// An auditor finds what somebody did, what was done in a case and what about a
// person; each entry says who it was in words. Another court's trail is not his.
func TestAnAuditorSearchesTheTrail(t *testing.T) {
	t.Parallel()
	w := servicetest.New(t)
	judge, clerk, auditor := w.Staff("zhang.min", model.RoleJudge), w.Staff("wan.tt", model.RoleClerk), w.Staff("xu.he", model.RoleAuditor)
	f := w.Performed(judge, clerk, w.Citizen())
	secret, err := w.Svc.Identity.CreateAPIKey(t.Context(), model.System(), w.Court.ID, "审判系统")
	if err != nil {
		t.Fatal(err)
	}
	system, err := w.Svc.Identity.AuthenticateKey(t.Context(), secret)
	if err != nil {
		t.Fatal(err)
	}
	pushed := servicetest.CaseInput()
	pushed.Parties[1].Kind, pushed.Parties[1].Name, pushed.Parties[1].IDNumber = "person", "赵明", "34052419800101001X"
	if _, _, err := w.Svc.Filing.Put(t.Context(), system, pushed, 1); err != nil {
		t.Fatal(err)
	}
	find := func(by servicetest.Person, wanted administration.Wanted, f model.AuditFilter) map[string]administration.Entry {
		t.Helper()
		f.Limit = 100
		list, err := w.Svc.Administration.Entries(t.Context(), by.Actor, wanted, f)
		if err != nil {
			t.Fatal(err)
		}
		out := map[string]administration.Entry{}
		for _, e := range list {
			out[string(e.Action)] = e
		}
		return out
	}
	if got := find(auditor, administration.Wanted{By: "wan.tt"}, model.AuditFilter{}); len(got) != 2 || got["case.create"].Who != "法官wan.tt" || got["binding_code.issue"].Party == "" {
		t.Errorf("what the clerk did: %+v", got)
	}
	// A case number is found as anybody writes it.
	spelt := strings.NewReplacer("（", "(", "）", ")").Replace(f.No)
	got := find(auditor, administration.Wanted{CaseNo: spelt}, model.AuditFilter{})
	if got["receipt.confirm"].CaseNo != f.No || got["receipt.confirm"].Who != "法官zhang.min" || !strings.HasPrefix(got["receipt.submit"].Who, "微信用户 ") {
		t.Errorf("what was done in the case: %+v", got)
	}
	enforced := w.File(clerk)
	e := w.EnforcedBy(w.Staff("lu.ning", model.RoleOfficer), enforced)
	if got := find(auditor, administration.Wanted{CaseNo: e.CaseNo}, model.AuditFilter{}); got["case.create"].CaseNo != enforced.No {
		t.Errorf("what was done in the case of an enforcement: %+v", got)
	}
	if got := find(auditor, administration.Wanted{Person: "赵明"}, model.AuditFilter{}); len(got) != 1 || got["case.create"].Who != "审判管理系统（接口）" || got["case.create"].CaseNo != pushed.CaseNo {
		t.Errorf("what was done about a person: %+v", got)
	}
	if got := find(auditor, administration.Wanted{}, model.AuditFilter{}); got["api_key.create"].Who != "系统" {
		t.Errorf("what the command line did: %+v", got["api_key.create"])
	}
	theirs := w.StaffOf(w.AddCourt("浙0203", "宁波市海曙区人民法院", "海法"), "far.auditor", model.RoleAuditor)
	if got := find(theirs, administration.Wanted{}, model.AuditFilter{}); len(got) != 0 {
		t.Errorf("another court reads %+v", got)
	}
	for _, k := range []struct {
		by     servicetest.Person
		reason string
		wanted administration.Wanted
	}{
		{clerk, "role.forbidden", administration.Wanted{}},
		{auditor, "audit.nobody", administration.Wanted{By: "nobody"}},
		{auditor, "audit.nobody", administration.Wanted{Person: "无此人"}},
		{auditor, "audit.nobody", administration.Wanted{Person: "赵明", CaseNo: f.No}},
		{auditor, "case_no.format", administration.Wanted{CaseNo: "一号案"}},
		{auditor, "case.not_found", administration.Wanted{CaseNo: "（2026）浙0211民初99999号"}},
		{theirs, "case.not_found", administration.Wanted{CaseNo: f.No}},
		{theirs, "case.not_found", administration.Wanted{CaseNo: e.CaseNo}},
	} {
		_, err := w.Svc.Administration.Entries(t.Context(), k.by.Actor, k.wanted, model.AuditFilter{Limit: 10})
		w.Refused(err, k.reason)
	}
}

// The chain is walked to its end, the walk is an entry itself, and a link that
// somebody changed in the database is named.
func TestTheTrailIsChecked(t *testing.T) {
	t.Parallel()
	w := servicetest.New(t)
	w.Staff("zhang.min", model.RoleJudge)
	clerk, auditor := w.Staff("wan.tt", model.RoleClerk), w.Staff("xu.he", model.RoleAuditor)
	for range 3 {
		w.File(clerk)
	}
	var last, all int64
	c, err := w.Svc.Administration.CheckTrail(t.Context(), auditor.Actor, func(walked, of int64) { last, all = walked, of })
	if err != nil || c.Links != 3 || c.Head == "" || c.Break != 0 || last != all {
		t.Fatalf("%+v %v, walked %d of %d", c, err, last, all)
	}
	if n := w.Audited(model.AuditAuditCheck); n != 1 {
		t.Errorf("the walk is %d entries", n)
	}
	_, err = w.Svc.Administration.CheckTrail(t.Context(), clerk.Actor, nil)
	w.Refused(err, "role.forbidden")
	w.SQL("UPDATE audit_entries SET action = 'case.update' WHERE seq = 2")
	if c, err = w.Svc.Administration.CheckTrail(t.Context(), auditor.Actor, func(int64, int64) {}); err != nil || c.Break != 2 {
		t.Errorf("a forged link: %+v %v", c, err)
	}
}
