package performance_test

import (
	"context"
	"strings"
	"testing"

	"microcourt/model"
	"microcourt/service/filing"
	"microcourt/service/performance"
	"microcourt/service/servicetest"
)

// A group's name is a court's own word: what another court calls by the same one is no
// sister of its cases, though one debtor is bound in both.
func TestAGroupEndsAtItsCourt(t *testing.T) {
	t.Parallel()
	p := newPeople(t, inGroup("zhang.min", "李某"))
	ctx, svc := context.Background(), p.Svc.Performance
	second := p.File(p.clerk, inGroup("zhang.min", "赵某"))
	p.Bind(p.debtor, p.clerk, second.ID, second.Debtor)
	court := p.AddCourt("浙0212", "宁波市鄞州区人民法院", "鄞法")
	clerk := p.StaffOf(court, "he.jl", model.RoleClerk)
	p.StaffOf(court, "gu.fg", model.RoleJudge)
	far := p.File(clerk, func(in *filing.CaseInput) {
		inGroup("gu.fg", "孙某")(in)
		in.CaseNo = strings.Replace(in.CaseNo, "浙0211", "浙0212", 1)
		in.Instruments[0].Number = in.CaseNo
	})
	p.Bind(p.debtor, clerk, far.ID, far.Debtor)
	claim := servicetest.Claim(p.f, 30000, p.Uploaded(p.debtor, p.f.ID, 61))
	claim.ProofKind, claim.PayeeName, claim.PaidOn = model.ProofCourtAccount, "", p.Today()
	shares, err := svc.GroupShares(ctx, p.debtor.Actor, performance.GroupClaim{Claim: claim})
	if err != nil || len(shares) != 2 {
		t.Errorf("%+v %v", shares, err)
	}
	said := performance.GroupClaim{Claim: claim, Parts: []model.GroupShare{{CaseID: p.f.ID, AmountFen: 1}, {CaseID: far.ID, AmountFen: 29999}}}
	_, err = svc.SubmitGroup(ctx, p.debtor.Actor, said)
	p.Refused(err, "group.case")
	g, err := svc.SubmitGroup(ctx, p.debtor.Actor, performance.GroupClaim{Claim: claim})
	if err != nil || len(g.Receipts) != 2 {
		t.Fatalf("%+v %v", g, err)
	}
	for _, r := range g.Receipts {
		if r.CourtID != p.Court.ID {
			t.Errorf("a part is in another court: %+v", r)
		}
	}
}

// Two people of one name are two people. Where a number is missing, a payment reaches
// another case only if a number, a phone or one and the same person's own login says
// that it is the same debtor.
func TestANamesakePaysNothing(t *testing.T) {
	t.Parallel()
	debtor := func(number, phone string) func(*filing.CaseInput) {
		return func(in *filing.CaseInput) {
			inGroup("zhang.min", "李某")(in)
			in.Parties[1].Kind, in.Parties[1].Name, in.Parties[1].IDKind, in.Parties[1].IDNumber, in.Parties[1].Phone = model.Person, "王强", "", number, phone
		}
	}
	p := newPeople(t, debtor("", ""))
	ctx, svc := context.Background(), p.Svc.Performance
	stranger := p.File(p.clerk, debtor("", ""))
	shares := func(by servicetest.Person) []model.GroupShare {
		t.Helper()
		claim := servicetest.Claim(p.f, 30000)
		claim.ProofKind, claim.PayeeName, claim.PaidOn, claim.PartyID = model.ProofCourtAccount, "", p.Today(), p.f.Debtor
		list, err := svc.GroupShares(ctx, by.Actor, performance.GroupClaim{Claim: claim})
		if err != nil {
			t.Fatal(err)
		}
		return list
	}
	if l := shares(p.clerk); len(l) != 1 || l[0].CaseID != p.f.ID {
		t.Errorf("a namesake's case is paid at the window: %+v", l)
	}
	// An agent of both is not proof that they are one.
	agent := p.Citizen()
	for _, f := range []servicetest.Filed{p.f, stranger} {
		code, err := p.Svc.Identity.IssueBindingCode(ctx, p.clerk.Actor, f.ID, f.Debtor, model.CapacityAgent, "一般授权")
		if err == nil {
			_, err = p.Svc.Identity.BindByCode(ctx, agent.Actor, code.Code)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if l := shares(agent); len(l) != 1 {
		t.Errorf("an agent pays a namesake's case: %+v", l)
	}
	// He who is bound in both as himself is one person.
	his := p.File(p.clerk, debtor("", ""))
	p.Bind(p.debtor, p.clerk, his.ID, his.Debtor)
	if l := shares(p.debtor); len(l) != 2 || l[1].CaseID != his.ID {
		t.Errorf("%+v", l)
	}
}
