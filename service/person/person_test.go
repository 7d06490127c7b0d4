package person_test

import (
	"strings"
	"testing"

	"microcourt/model"
	"microcourt/service/assetquery"
	"microcourt/service/enforcement"
	"microcourt/service/filing"
	"microcourt/service/servicetest"
)

// A debtor with two cases, one enforced, and a company for which he answers: whichever
// of his parties one begins with, everything stands on one page; the look is in the
// trail. Nobody without the right, of another court or asking for a stranger sees it.
func TestAPersonOverAllHisCases(t *testing.T) {
	t.Parallel()
	c := servicetest.NewCoerced(t)
	ctx := t.Context()
	other := c.File(c.Clerk, servicetest.PersonOwes)
	company := c.File(c.Clerk, func(in *filing.CaseInput) {
		d := in.Parties[1]
		servicetest.PersonOwes(in)
		in.Parties[1] = d
	})
	ec := c.Enforce(company, c.Officer)
	c.Take(model.MeasureConsumption)
	c.Pass(servicetest.At(3, 16, 10)) // the notice's term is over in the company's case, too
	c.Take(model.MeasureConsumption, func(p *enforcement.Proposal) {
		p.EnforcementCaseID, p.PartyID, p.Relation = ec, company.Debtor, model.RelationLegalRep
		p.SubjectName, p.SubjectIDKind, p.SubjectID = "赵明", string(model.IDCitizen), "34052419800101001X"
	})
	q := c.AssetQuery(c.Officer, &model.EnforcementFile{EnforcementCase: model.EnforcementCase{ID: c.ID}}, c.F.Debtor, model.QueryBank, 0)
	if _, err := c.Svc.AssetQuery.Decide(ctx, c.Leader.Actor, q.ID, q.Version, true, "同意"); err != nil {
		t.Fatal(err)
	}
	if _, err := c.Svc.AssetQuery.Send(ctx, c.Officer.Actor, q.ID, q.Version+1, assetquery.To{Name: "农业银行"}); err != nil {
		t.Fatal(err)
	}
	_, err := c.Svc.AssetQuery.Answer(ctx, c.Officer.Actor, q.ID, q.Version+2, assetquery.Answer{
		On: c.Today(), Findings: []model.AssetFinding{{What: "活期存款", Place: "农业银行骆驼支行", AmountFen: 1_234_560}}, IdemKey: servicetest.FreshKey(),
	})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := c.Svc.Filing.LogContact(ctx, c.Judge.Actor, model.Contact{
		CaseID: other.ID, PartyID: other.Debtor, Channel: "phone", HappenedAt: c.Clock.Now(), Note: "称下周付清", IdemKey: servicetest.FreshKey(),
	}); err != nil {
		t.Fatal(err)
	}
	for _, party := range []int64{c.F.Debtor, other.Debtor} {
		f, err := c.Svc.Person.Of(ctx, c.Officer.Actor, party)
		if err != nil {
			t.Fatal(err)
		}
		if len(f.Cases) != 2 || f.OpenFen != 200_000 || f.Cases[0].OpenFen != 100_000 || f.Cases[0].DueOn != model.NewDate(2026, 2, 20) {
			t.Errorf("cases: %+v", f.Cases)
		}
		if len(f.Enforcements) != 1 || f.Enforcements[0].ID != c.ID || len(f.Measures) != 2 || len(f.Standing()) == 0 {
			t.Errorf("enforcements %+v, measures %+v", f.Enforcements, f.Measures)
		}
		if len(f.Found) != 1 || f.Found[0].AmountFen != 1_234_560 || !strings.Contains(f.Found[0].Place, "骆驼支行") || len(f.Queries) != 1 {
			t.Errorf("found %+v, queries %+v", f.Found, f.Queries)
		}
		if len(f.Phones) != 1 || f.Phones[0].Number != "13900139000" || len(f.Contacts) != 1 || f.Authors[f.Contacts[0].ByUserID] == "" {
			t.Errorf("phones %+v, contacts %+v", f.Phones, f.Contacts)
		}
		if len(f.Related) != 1 || f.Related[0].PartyID != company.Debtor || f.Related[0].Relation != model.RelationLegalRep {
			t.Errorf("related: %+v", f.Related)
		}
	}
	f, err := c.Svc.Person.Of(ctx, c.Leader.Actor, company.Debtor)
	if err != nil || len(f.Related) != 1 || f.Related[0].Name != "赵明" || len(f.Cases) != 1 {
		t.Errorf("the company: %+v %v", f, err)
	}
	if n := c.Audited(model.AuditPersonLook); n != 3 {
		t.Errorf("%d looks are in the trail", n)
	}
	// Without a number nobody else's case is taken for his.
	nameless := c.File(c.Clerk, servicetest.PersonOwes, func(in *filing.CaseInput) { in.Parties[1].IDNumber = "" })
	if f, err := c.Svc.Person.Of(ctx, c.Officer.Actor, nameless.Debtor); err != nil || f.Known || len(f.Cases) != 1 {
		t.Errorf("a namesake: %+v %v", f, err)
	}
	_, err = c.Svc.Person.Of(ctx, c.Judge.Actor, c.F.Debtor)
	c.Refused(err, "role.forbidden")
	_, err = c.Svc.Person.Of(ctx, c.Officer.Actor, 999_999)
	c.Refused(err, "party.not_found")
	far := c.StaffOf(c.AddCourt("浙0203", "宁波市海曙区人民法院", "海法"), "far.officer", model.RoleOfficer)
	_, err = c.Svc.Person.Of(ctx, far.Actor, c.F.Debtor)
	c.Refused(err, "party.not_found")
}
