package relative_test

import (
	"context"
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"microcourt/model"
	"microcourt/service/performance"
	"microcourt/service/relative"
	st "microcourt/service/servicetest"
)

// done are the codes of the steps that are done.
func done(m *relative.Matter) string {
	var out []string
	for _, s := range m.Steps {
		if s.Done {
			out = append(out, s.Code)
		}
	}
	return strings.Join(out, " ")
}

func read(c *st.Coerced, p st.Person, id int64) *relative.Matter {
	c.T.Helper()
	m, err := c.Svc.Relative.Matter(context.Background(), p.Actor, id)
	if err != nil {
		c.T.Fatal(err)
	}
	return m
}

// An admitted relative sees what paying needs and how far things are, and nothing
// else of the case; she pays on behalf, and follows it to the end, beyond the
// closing of the case.
func TestWhatARelativeSees(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	c := st.NewCoerced(t)
	c.Take(model.MeasureConsumption)
	wife, r := c.Admitted()
	m := read(c, wife, r.ID)
	if m.OpenFen != 100000 || m.PayBy != model.NewDate(2026, 3, 5) || m.InterestFen <= 0 || m.PerDayFen <= 0 || m.Court.ID != c.Court.ID || m.Officer != c.Officer.Name || m.ConversationID == 0 || done(m) != "" || len(m.Receipts) != 0 {
		t.Errorf("before she pays: %+v, done %q", m, done(m))
	}
	e, err := c.Svc.Enforcement.Case(ctx, c.Officer.Actor, c.ID)
	if err != nil {
		t.Fatal(err)
	}
	shown, err := json.Marshal(m)
	if err != nil {
		t.Fatal(err)
	}
	for _, secret := range []string{c.F.No, e.File.CaseNo, "李某", "34052419800101001X", "买卖合同"} {
		if strings.Contains(string(shown), secret) {
			t.Errorf("%s shows through: %s", secret, shown)
		}
	}
	// Whoever finds money under the reference finds the case; the look is recorded.
	for name, by := range map[string]st.Person{"the clerk": c.Clerk, "the officer": c.Officer, "the judge": c.Judge} {
		f, err := c.Svc.Relative.Reference(ctx, by.Actor, " "+strings.ToLower(m.Reference)+" ")
		if err != nil || f.EnforcementCaseID != c.ID || f.PartyID != c.F.Debtor || f.Debtor != "赵明" || f.CaseNo != e.File.CaseNo {
			t.Errorf("%s finds %+v %v", name, f, err)
		}
	}
	if n := c.Audited(model.AuditReferenceLook); n != 3 {
		t.Errorf("%d looks are recorded", n)
	}
	// All of the family pay under one reference.
	if sister, s := c.Admitted(); read(c, sister, s.ID).Reference != m.Reference {
		t.Error("her sister-in-law pays under another reference")
	}

	claim := performance.Claim{
		RelativeID: r.ID, CaseID: r.CaseID, AmountFen: 100000, PaidOn: c.Today(), ProofKind: "bank_receipt", BankSerial: st.FreshKey(), IdemKey: st.FreshKey(),
		Files: []int64{c.Uploaded(wife, r.CaseID, 801)},
	}
	paid, err := c.Svc.Performance.Submit(ctx, wife.Actor, claim)
	if err != nil {
		t.Fatal(err)
	}
	if m = read(c, wife, r.ID); done(m) != "paid" || len(m.Receipts) != 1 || m.Receipts[0].ID != paid.ID {
		t.Errorf("after she paid: %q, %+v", done(m), m.Receipts)
	}
	c.Confirm(c.Officer, paid, 100000)
	if m = read(c, wife, r.ID); done(m) != "paid confirmed performed" || m.OpenFen != 0 || m.PerDayFen != 0 {
		t.Errorf("after it was confirmed: %q, %+v", done(m), m.Due)
	}
	// Others of the family see that all is performed, and no receipt of hers.
	aunt, a := c.Admitted()
	if m := read(c, aunt, a.ID); done(m) != "performed" || len(m.Receipts) != 0 {
		t.Errorf("her aunt sees %q, %+v", done(m), m.Receipts)
	}
	d, err := c.Svc.Enforcement.Case(ctx, c.Officer.Actor, c.ID)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := c.Svc.Enforcement.CloseCase(ctx, c.Officer.Actor, c.ID, d.File.Version, model.Closing{Type: model.ClosePerformed, On: c.Today(), Reason: "申请执行人放弃余下的加倍部分债务利息"}); err != nil {
		t.Fatal(err)
	}
	if m = read(c, wife, r.ID); !strings.HasPrefix(done(m), "paid confirmed performed") || m.OpenFen != 0 {
		t.Errorf("after the case is closed: %q", done(m))
	}
	c.Word(r, model.RelativeRevoked) // which the officer may still end
	_, err = c.Svc.Relative.Matter(ctx, wife.Actor, r.ID)
	c.Refused(err, "relative.not_found")
}

// Whoever is not admitted finds nothing, whatever id he tries; nor does anybody
// but the relative himself.
func TestNobodyElseSeesAMatter(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	c := st.NewCoerced(t)
	_, link := c.Admitted()
	refused := func(name string, p st.Person, id int64) {
		t.Helper()
		m, err := c.Svc.Relative.Matter(ctx, p.Actor, id)
		c.RefusedAll(st.No(name, model.NotFound, "relative.not_found", "", err))
		if m != nil {
			t.Errorf("%s sees %+v", name, m)
		}
	}
	for _, to := range []model.RelativeState{model.RelativeAsked, model.RelativeDeclined, model.RelativeBlocked} {
		p := c.Citizen()
		r := c.AsksForFamily(p, st.WithCode(c.FamilyCode()))
		if to != model.RelativeAsked {
			r = c.Word(r, to)
		}
		refused(string(to), p, r.ID)
		refused(string(to)+", another's", p, link.ID)
	}
	refused("a stranger", c.Citizen(), link.ID)
	refused("the debtor", c.Debtor, link.ID)
	refused("the creditor", c.Creditor, link.ID)
	refused("nothing there", c.Creditor, 999999)
	for name, p := range map[string]st.Person{"the officer": c.Officer, "the leader": c.Leader} {
		_, err := c.Svc.Relative.Matter(ctx, p.Actor, link.ID)
		c.RefusedAll(st.No(name, model.Forbidden, "role.forbidden", "", err))
	}
}

// A reference tells a case to nobody who may not see it, nor when a character is
// wrong.
func TestReferencesThatFindNothing(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	c := st.NewCoerced(t)
	far := c.StaffOf(c.AddCourt("浙0212", "宁波市鄞州区人民法院", "鄞法"), "fang.yz", model.RoleClerk)
	wife, r := c.Admitted()
	code := read(c, wife, r.ID).Reference
	look := func(p st.Person, text string) error {
		_, err := c.Svc.Relative.Reference(ctx, p.Actor, text)
		return err
	}
	c.RefusedAll(
		st.No("a wrong character", model.Invalid, "reference.check", "code", look(c.Clerk, "22222223")),
		st.No("nothing", model.Invalid, "reference.check", "code", look(c.Clerk, "")),
		st.No("never given", model.NotFound, "reference.not_found", "", look(c.Clerk, "22222222")),
		st.No("another judge", model.NotFound, "reference.not_found", "", look(c.Staff("ji.wei", model.RoleJudge), code)),
		st.No("another court", model.NotFound, "reference.not_found", "", look(far, code)),
		st.No("she herself", model.Forbidden, "role.forbidden", "", look(wife, code)),
	)
	if n := c.Audited(model.AuditReferenceLook); n != 0 {
		t.Errorf("%d looks are recorded", n)
	}
}

// The officer's list has his requests, the oldest that wait first, a page at a
// time; clerks and leaders read the court's, and each look at one is recorded.
func TestWhoReadsRequests(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	c := st.NewCoerced(t)
	s := c.Svc.Relative
	other := c.Staff("tong.bx", model.RoleOfficer)
	wife, admitted := c.Admitted()
	first := c.AsksForFamily(c.Citizen(), st.WithCode(c.FamilyCode()))
	second := c.AsksForFamily(c.Citizen(), st.ToOfficer(c.Officer))
	theirs := c.AsksForFamily(c.Citizen(), st.ToOfficer(other))
	ids := func(p st.Person, state model.RelativeState, enforcement, after int64, limit int) (out []int64) {
		t.Helper()
		list, err := s.Requests(ctx, p.Actor, state, enforcement, after, limit)
		if err != nil {
			t.Error(err)
		}
		for _, l := range list {
			out = append(out, l.ID)
		}
		return out
	}
	for name, x := range map[string]struct{ got, want []int64 }{
		"what waits":         {ids(c.Officer, model.RelativeAsked, 0, 0, 10), []int64{first.ID, second.ID}},
		"a page":             {ids(c.Officer, model.RelativeAsked, 0, first.ID, 10), []int64{second.ID}},
		"of the case":        {ids(c.Officer, "", c.ID, 0, 10), []int64{first.ID, admitted.ID}},
		"all, the first two": {ids(c.Officer, "", 0, 0, 2), []int64{second.ID, first.ID}},
		"all, the rest":      {ids(c.Officer, "", 0, first.ID, 2), []int64{admitted.ID}},
		"the colleague's":    {ids(other, "", 0, 0, 10), []int64{theirs.ID}},
		"the clerk's":        {ids(c.Clerk, model.RelativeAsked, 0, 0, 10), []int64{first.ID, second.ID, theirs.ID}},
		"the leader's":       {ids(c.Leader, model.RelativeAdmitted, 0, 0, 10), []int64{admitted.ID}},
	} {
		if !slices.Equal(x.got, x.want) {
			t.Errorf("%s: %v, want %v", name, x.got, x.want)
		}
	}
	for p, want := range map[*st.Person]int64{&c.Officer: 2, &other: 1, &c.Leader: 3} {
		if n, err := s.Waiting(ctx, p.Actor); err != nil || n != want {
			t.Errorf("%d wait for %s, %v; want %d", n, p.Login, err, want)
		}
	}
	d, err := s.Request(ctx, c.Leader.Actor, admitted.ID)
	if err != nil || d.Name != "王秀英" || d.Phone != "13700137000" || d.Debtor != "赵明" || d.Basis == "" || d.Conversations == 0 || len(d.Entries) != 2 {
		t.Errorf("the leader reads %+v %v", d, err)
	}
	if n := c.Audited(model.AuditRelativeLook); n != 1 {
		t.Errorf("%d looks are recorded", n)
	}
	_, foreign := s.Request(ctx, other.Actor, admitted.ID)
	_, hers := s.Request(ctx, wife.Actor, admitted.ID)
	_, lists := s.Requests(ctx, wife.Actor, "", 0, 0, 10)
	_, counts := s.Waiting(ctx, c.Judge.Actor)
	_, owns := s.Own(ctx, c.Officer.Actor)
	c.RefusedAll(
		st.No("a colleague's request", model.NotFound, "relative.not_found", "", foreign), st.No("the relative at the desk", model.Forbidden, "role.forbidden", "", hers),
		st.No("the relative's list", model.Forbidden, "role.forbidden", "", lists), st.No("a judge", model.Forbidden, "role.forbidden", "", counts),
		st.No("the officer's own", model.Forbidden, "role.forbidden", "", owns),
	)
	if own, err := s.Own(ctx, wife.Actor); err != nil || len(own) != 1 || own[0].ID != admitted.ID {
		t.Errorf("she reads %+v %v", own, err)
	}
}

// With the case goes what its debtor's family asked; what was asked of an officer
// who left waits for any of his colleagues.
func TestAnotherOfficerTakesRequestsOver(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	c := st.NewCoerced(t)
	next, admin := c.Staff("tong.bx", model.RoleOfficer), c.Staff("shen.ji", model.RoleAdmin)
	waits := c.AsksForFamily(c.Citizen(), st.WithCode(c.FamilyCode()))
	searched := c.AsksForFamily(c.Citizen(), st.ToOfficer(c.Officer))
	d, err := c.Svc.Enforcement.Case(ctx, c.Officer.Actor, c.ID)
	if err != nil {
		t.Fatal(err)
	}
	if err := c.Svc.Enforcement.HandOver(ctx, c.Leader.Actor, c.ID, d.File.Version, "tong.bx", "调岗"); err != nil {
		t.Fatal(err)
	}
	c.RefusedAll(
		st.No("the officer before", model.NotFound, "relative.not_found", "", say(c, c.Officer, waits.ID, yes(1))),
		st.No("what was asked of him by name", model.NotFound, "relative.not_found", "", say(c, next, searched.ID, no(model.RelativeDeclined, 1))),
	)
	if err := say(c, next, waits.ID, yes(1)); err != nil {
		t.Errorf("the officer after: %v", err)
	}
	if _, err := c.Svc.Identity.DisableStaff(ctx, admin.Actor, c.Court.ID, c.Officer.Login); err != nil {
		t.Fatal(err)
	}
	c.RefusedAll(st.No("nobody asks who left", model.Invalid, "officer.unknown", "officer_id", ask(c, c.Citizen(), st.ToOfficer(c.Officer))))
	if err := say(c, next, searched.ID, no(model.RelativeDeclined, 1)); err != nil {
		t.Errorf("a colleague of who left: %v", err)
	}
}

// Officers are found by their names, their court's, and that of a town or village
// of its district, and nobody else is.
func TestOfficersAreFound(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	c := st.NewCoerced(t)
	c.Village(c.Clerk, "骆驼街道", "金东村")
	for _, q := range []string{"法官ji", " 法官 ji ", "宁波市镇海区", "镇法", "骆驼", "金东"} {
		list, err := c.Svc.Relative.Officers(ctx, q)
		if err != nil || len(list) != 1 || list[0].ID != c.Officer.UserID || list[0].Court != c.Court.Name || list[0].Phone != c.Court.Phone {
			t.Errorf("%q finds %+v %v", q, list, err)
		}
	}
	for _, q := range []string{"法官zhang", "%", "_", "官ji", "鄞州"} {
		if list, err := c.Svc.Relative.Officers(ctx, q); err != nil || len(list) != 0 {
			t.Errorf("%q finds %+v %v", q, list, err)
		}
	}
	_, err := c.Svc.Relative.Officers(ctx, " ")
	c.RefusedAt(err, "field.required", "q")
}
