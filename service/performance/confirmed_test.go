package performance_test

import (
	"strings"
	"testing"

	"microcourt/model"
	"microcourt/service/filing"
	"microcourt/service/servicetest"
)

// What was confirmed is said to each in his own figures, and by the last payment that
// a certificate can be applied for, with the way there; only where the rule allows one.
func TestWhatWasConfirmedIsSaid(t *testing.T) {
	t.Parallel()
	w := servicetest.New(t)
	judge, clerk, officer := w.Staff("zhang.min", model.RoleJudge), w.Staff("wan.tt", model.RoleClerk), w.Staff("ji.fg", model.RoleOfficer)
	two := func(in *filing.CaseInput) {
		in.Parties = append(in.Parties, filing.PartyInput{Ref: "C2", Role: "plaintiff", Kind: "person", Name: "王某", IDNumber: "34052419800101001X", Phone: "13700137000"})
		in.Instruments[0].Obligations = []filing.ObligationInput{
			{Ref: "O1", Kind: "money", Obligors: []string{"D1"}, Obligee: "C1", AmountFen: 60000, DueOn: model.NewDate(2026, 3, 31)},
			{Ref: "O2", Kind: "money", Obligors: []string{"D1"}, Obligee: "C2", AmountFen: 40000, DueOn: model.NewDate(2026, 4, 30)},
		}
	}
	f := w.File(clerk, two)
	debtor, first, second := w.Citizen(), w.Citizen(), w.Citizen()
	w.Bind(debtor, clerk, f.ID, f.Debtor)
	w.Bind(first, clerk, f.ID, f.Creditor)
	w.Bind(second, clerk, f.ID, w.PartyNamed(judge, f.ID, "王某"))
	newest := func(p servicetest.Person) model.Notice {
		t.Helper()
		list := toldOf(w, p, model.NoticeReceiptConfirmed)
		if len(list) == 0 {
			t.Fatal("nobody is told of the confirmation")
		}
		return list[0]
	}
	reads := func(n model.Notice, says, hides []string) {
		t.Helper()
		for _, s := range says {
			if !strings.Contains(n.Body, s) {
				t.Errorf("no %q in %s", s, n.Body)
			}
		}
		for _, s := range hides {
			if strings.Contains(n.Body, s) {
				t.Errorf("%q in %s", s, n.Body)
			}
		}
	}
	claim := servicetest.Claim(f, 70000, w.Uploaded(debtor, f.ID, 811))
	claim.PayeeName, claim.ProofKind = "", "court_account"
	r, err := w.Svc.Performance.Submit(t.Context(), debtor.Actor, claim)
	if err != nil {
		t.Fatal(err)
	}
	w.Confirm(judge, r, 70000)
	reads(newest(debtor), []string{"700.00 元", "尚未履行 300.00 元"}, []string{"证明书"})
	reads(newest(first), []string{"600.00 元", "全部金钱义务已履行完毕"}, []string{"700.00", "300.00", "证明书"})
	reads(newest(second), []string{"100.00 元", "尚未履行 300.00 元"}, []string{"700.00", "600.00"})
	claim = servicetest.Claim(f, 30000, w.Uploaded(debtor, f.ID, 812))
	claim.PayeeName = "王某"
	if r, err = w.Svc.Performance.Submit(t.Context(), debtor.Actor, claim); err != nil {
		t.Fatal(err)
	}
	w.Confirm(judge, r, 30000)
	last := newest(debtor)
	reads(last, []string{"300.00 元", "现在可以申请《自动履行证明书》"}, nil)
	if !strings.Contains(last.Page, "tab=certificate") {
		t.Errorf("it leads to %s", last.Page)
	}
	reads(newest(second), []string{"300.00 元", "全部金钱义务已履行完毕"}, []string{"证明书"})

	// In enforcement the rule allows none.
	g := w.File(clerk, servicetest.PersonOwes)
	enforced := w.Citizen()
	w.Bind(enforced, clerk, g.ID, g.Debtor)
	w.EnforcedBy(officer, g)
	claim = servicetest.Claim(g, 100000, w.Uploaded(enforced, g.ID, 813))
	claim.PayerName = "赵明"
	if r, err = w.Svc.Performance.Submit(t.Context(), enforced.Actor, claim); err != nil {
		t.Fatal(err)
	}
	w.Confirm(officer, r, 100000)
	reads(newest(enforced), []string{"1,000.00 元", "执行法官已确认"}, []string{"可以申请《", "承办法官"})
}

// An application that waits is seen by who made it: since when, and who decides.
func TestAWaitingApplicationIsSeen(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	c := servicetest.NewCoerced(t)
	waiting := func(p servicetest.Person, caseID int64) []model.Waiting {
		t.Helper()
		list, err := c.Svc.Filing.Waiting(ctx, p.Actor, caseID)
		if err != nil {
			t.Fatal(err)
		}
		return list
	}
	debtor := c.Citizen()
	f := c.Performed(c.Judge, c.Clerk, debtor)
	if got := waiting(debtor, f.ID); len(got) != 0 {
		t.Errorf("before anything was asked: %+v", got)
	}
	if _, err := c.Svc.Certificate.Apply(ctx, debtor.Actor, f.ID, f.Instrument, f.Debtor); err != nil {
		t.Fatal(err)
	}
	got := waiting(debtor, f.ID)
	if len(got) != 1 || got[0].Kind != model.WaitingCertificate || got[0].Decides != "承办法官法官zhang.min" || !got[0].Since.Equal(c.Clock.Now()) {
		t.Errorf("the certificate: %+v", got)
	}
	if _, _, err := c.Svc.Certificate.Issue(ctx, c.Judge.Actor, f.ID, f.Instrument, f.Debtor); err != nil {
		t.Fatal(err)
	}
	if got := waiting(debtor, f.ID); len(got) != 0 {
		t.Errorf("after it was issued: %+v", got)
	}
	c.Repair(0)
	got = waiting(c.Debtor, c.F.ID)
	if len(got) != 1 || got[0].Kind != model.WaitingRepair || !strings.Contains(got[0].Decides, "执行法官法官ji.fg") || !strings.Contains(got[0].Decides, "院领导") || got[0].DueOn.IsZero() {
		t.Errorf("the repair: %+v", got)
	}
	if got := waiting(c.Creditor, c.F.ID); len(got) != 0 {
		t.Errorf("the other side sees %+v", got)
	}
	_, err := c.Svc.Filing.Waiting(ctx, debtor.Actor, c.F.ID)
	c.Refused(err, "case.not_found")
}
