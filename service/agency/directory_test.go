package agency_test

import (
	"strings"
	"testing"

	"microcourt/model"
	"microcourt/service/servicetest"
)

// The directory: who is there, what changed and by whom; phones in full only for
// whoever keeps it, and every such look is recorded. An agency that leaves it
// loses its doors and its duties.
func TestDirectoryOfAgencies(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	c := newCourt(t)
	svc, by := c.Svc.Agency, c.manager.Actor
	in := model.Agency{Code: "sjj", Name: "市场监管局", Kind: model.AgencyGovernment}
	a, created, err := svc.Add(ctx, by, in)
	if err != nil || !created || a.Code != "SJJ" {
		t.Fatal(a, created, err)
	}
	if again, created, err := svc.Add(ctx, by, in); err != nil || created || again.ID != a.ID {
		t.Errorf("again: %+v %v %v", again, created, err)
	}
	for _, m := range []struct {
		reason string
		a      model.Agency
	}{
		{"agency.code", model.Agency{Code: "局", Name: "x", Kind: model.AgencyGovernment}},
		{"agency.name", model.Agency{Code: "AB", Name: " ", Kind: model.AgencyGovernment}},
		{"agency.kind", model.Agency{Code: "AB", Name: "x", Kind: "x"}},
		{"agency.query_kinds", model.Agency{Code: "AB", Name: "x", Kind: model.AgencyGovernment, QueryKinds: []model.QueryKind{"tea"}}},
		{"agency.exists", model.Agency{Code: "SJJ", Name: "审计局", Kind: model.AgencyGovernment}},
	} {
		_, _, err := svc.Add(ctx, by, m.a)
		c.Refused(err, m.reason)
	}
	for range 2 { // the answer got lost
		if a, err = svc.Change(ctx, by, a.ID, 1, "市场监督管理局", model.AgencyGovernment, []model.QueryKind{model.QueryBank, model.QueryVehicle, model.QueryBank}); err != nil || a.Version != 2 || len(a.QueryKinds) != 2 {
			t.Fatal(a, err)
		}
	}
	_, err = svc.Change(ctx, by, a.ID, 1, "市场局", model.AgencyGovernment, nil)
	c.Refused(err, "agency.changed")
	_, err = svc.Change(ctx, by, a.ID, 2, " ", model.AgencyGovernment, nil)
	c.Refused(err, "agency.name")
	_, err = svc.Change(ctx, by, 999999, 1, "x", model.AgencyGovernment, nil)
	c.Refused(err, "agency.not_found")
	_, err = svc.Change(ctx, c.leader.Actor, a.ID, 2, "x", model.AgencyGovernment, nil)
	c.Refused(err, "role.forbidden")

	contact := model.AgencyContact{Role: model.ContactLiaison, Name: "周某", Title: "科长", Phone: "0574-8628 0000", TermFrom: model.NewDate(2026, 1, 1), TermUntil: model.NewDate(2028, 12, 31)}
	key := servicetest.FreshKey()
	p, created, err := svc.AddContact(ctx, by, a.ID, contact, key)
	if err != nil || !created {
		t.Fatal(created, err)
	}
	if again, created, err := svc.AddContact(ctx, by, a.ID, contact, key); err != nil || created || again.ID != p.ID {
		t.Errorf("a contact again: %+v %v %v", again, created, err)
	}
	for reason, change := range map[string]func(*model.AgencyContact){
		"contact.role": func(p *model.AgencyContact) { p.Role = "x" }, "contact.name": func(p *model.AgencyContact) { p.Name = " " },
		"contact.title": func(p *model.AgencyContact) { p.Title = strings.Repeat("长", 101) }, "contact.phone": func(p *model.AgencyContact) { p.Phone = "12" },
		"contact.term": func(p *model.AgencyContact) { p.TermUntil = model.NewDate(2025, 12, 31) },
	} {
		typed := contact
		change(&typed)
		_, _, err := svc.AddContact(ctx, by, a.ID, typed, servicetest.FreshKey())
		c.Refused(err, reason)
		_, err = svc.ChangeContact(ctx, by, a.ID, p.ID, 1, typed)
		c.Refused(err, reason)
	}
	_, _, err = svc.AddContact(ctx, by, 999999, contact, servicetest.FreshKey())
	c.Refused(err, "agency.not_found")
	_, err = svc.ChangeContact(ctx, by, a.ID, 999999, 1, contact)
	c.Refused(err, "contact.not_found")
	moved := contact
	moved.Phone = "13800138000"
	_, err = svc.ChangeContact(ctx, by, a.ID, p.ID, 9, moved)
	c.Refused(err, "contact.changed")
	_, err = svc.EndContact(ctx, by, a.ID, p.ID, 9)
	c.Refused(err, "contact.changed")
	for range 2 {
		if p, err = svc.ChangeContact(ctx, by, a.ID, p.ID, 1, moved); err != nil || p.Version != 2 {
			t.Fatal(p, err)
		}
	}
	other := contact
	other.Phone = "13800138111"
	_, err = svc.ChangeContact(ctx, by, a.ID, p.ID, 1, other)
	c.Refused(err, "contact.changed")

	d, err := svc.Agency(ctx, c.admin.Actor, a.ID, 0)
	if err != nil || d.Contacts[0].Phone != "13800138000" || c.Audited(model.AuditAgencyLook) != 1 || d.Changes[0].OldText != "057486280000" || d.Changes[0].Who != c.manager.Name {
		t.Errorf("the keeper sees %+v %v", d, err)
	}
	if older, err := svc.Agency(ctx, c.admin.Actor, a.ID, d.Changes[0].ID); err != nil || len(older.Changes) != len(d.Changes)-1 {
		t.Errorf("older entries: %+v %v", older, err)
	}
	if d, err := svc.Agency(ctx, c.leader.Actor, a.ID, 0); err != nil || d.Contacts[0].Phone != "138******00" || d.Changes[0].NewText != "138******00" || c.Audited(model.AuditAgencyLook) != 2 {
		t.Errorf("the leader sees %+v %v", d, err)
	}
	if list, err := svc.Agencies(ctx, c.manager.Actor, 0, 10); err != nil || len(list) != 1 || list[0].Contacts[0].Phone != "138******00" {
		t.Errorf("the list %+v %v", list, err)
	}
	account := c.AgencyStaff("SJJ", "sjj.zhou")
	if own, err := svc.Own(ctx, account.Actor); err != nil || own.Name != "市场监督管理局" || own.Contacts[0].Phone != "13800138000" {
		t.Errorf("its own entry %+v %v", own, err)
	}
	_, err = svc.Agency(ctx, account.Actor, a.ID, 0)
	c.Refused(err, "role.forbidden")
	secret, err := c.Svc.Identity.CreateAgencyKey(ctx, c.admin.Actor, c.Court.ID, a.ID, "登记系统")
	if err != nil {
		t.Fatal(err)
	}
	duty, _, err := svc.AddDuty(ctx, by, model.AgencyDuty{AgencyID: a.ID, Code: "A1", Kind: model.DutySanction, Requirement: "x", Recurrence: model.RecurOnce, DueOn: model.NewDate(2026, 5, 1)}, false)
	if err != nil {
		t.Fatal(err)
	}
	for range 2 {
		if p, err = svc.EndContact(ctx, by, a.ID, p.ID, 2); err != nil {
			t.Fatal(err)
		}
	}
	_, err = svc.End(ctx, by, a.ID, 9)
	c.Refused(err, "agency.changed")
	for range 2 {
		if _, err := svc.End(ctx, by, a.ID, 2); err != nil {
			t.Fatal(err)
		}
	}
	_, err = c.Svc.Identity.AuthenticateKey(ctx, secret)
	c.Refused(err, "session.expired")
	if l, err := svc.Duty(ctx, by, duty.ID); err != nil || l.Active() || l.Agency != "市场监督管理局" {
		t.Errorf("its duty: %+v %v", l, err)
	}
	_, err = svc.ChangeContact(ctx, by, a.ID, p.ID, 3, other)
	c.Refused(err, "contact.ended")
	_, err = svc.Change(ctx, by, a.ID, 3, "x", model.AgencyGovernment, nil)
	c.Refused(err, "agency.ended")
	_, _, err = svc.AddContact(ctx, by, a.ID, contact, servicetest.FreshKey())
	c.Refused(err, "agency.ended")
	_, _, err = svc.AddDuty(ctx, by, model.AgencyDuty{AgencyID: a.ID, Code: "A2", Kind: model.DutySanction, Requirement: "x", Recurrence: model.RecurOnce, DueOn: model.NewDate(2026, 5, 1)}, false)
	c.Refused(err, "agency.ended")
	_, err = c.Svc.Identity.CreateAgencyKey(ctx, c.admin.Actor, c.Court.ID, a.ID, "系统")
	c.Refused(err, "agency.ended")
}
