package enforcement_test

import (
	"strings"
	"testing"

	"microcourt/model"
	"microcourt/service/filing"
	"microcourt/service/performance"
	st "microcourt/service/servicetest"
)

// dies makes a creditor's heirs take his place in a case.
func (s *shared) dies(f st.Filed, heirs ...string) {
	s.T.Helper()
	ch := filing.Change{CaseID: f.ID, Entry: model.Succession{
		Ground: model.SuccessionDeath, PartyID: f.Creditor, OnDay: model.NewDate(2026, 3, 2), Paper: "（2026）浙0211执异3号执行裁定书", IdemKey: st.FreshKey(),
	}}
	for _, h := range heirs {
		ch.Heirs = append(ch.Heirs, filing.Heir{New: &filing.PartyInput{Kind: model.Person, Name: h}})
	}
	if _, err := s.Svc.Filing.Succeed(ctx, s.Judge.Actor, ch); err != nil {
		s.T.Fatal(err)
	}
}

// serves draws a plan of the claims and serves it.
func (s *shared) serves(claims ...model.DistributionClaim) *model.Distribution {
	s.T.Helper()
	d, err := s.plan()
	for _, c := range claims {
		if err == nil {
			d, err = s.Svc.Enforcement.AddClaim(ctx, s.Officer.Actor, d.ID, d.Version, c)
		}
	}
	if err == nil {
		d, err = s.Svc.Enforcement.ServeDistribution(ctx, s.Officer.Actor, d.ID, d.Version, s.Today())
	}
	if err != nil {
		s.T.Fatal(err)
	}
	return d
}

// Heirs who are owed a claim together enter it once, by any of them; each of them is
// told of the plan, and that it was withdrawn.
func TestADistributionToJointCreditors(t *testing.T) {
	t.Parallel()
	s := newShared(t)
	s.dies(s.other, "钱大", "钱二")
	heir := s.Citizen()
	s.Bind(heir, s.Clerk, s.other.ID, s.PartyNamed(s.Judge, s.other.ID, "钱大"))
	theirs := model.DistributionClaim{CaseNo: s.otherNo, Creditor: "钱二", AppliedOn: s.Today()}
	d, err := s.plan()
	if err != nil {
		t.Fatal(err)
	}
	if d, err = s.Svc.Enforcement.AddClaim(ctx, s.Officer.Actor, d.ID, d.Version, theirs); err != nil {
		t.Fatal(err)
	}
	again := theirs
	again.Creditor = "钱大"
	_, err = s.Svc.Enforcement.AddClaim(ctx, s.Officer.Actor, d.ID, d.Version, again)
	s.Refused(err, "distribution.twice")

	d = s.serves(model.DistributionClaim{CaseNo: s.firstNo, Creditor: s.creditor}, theirs)
	if n := s.NoticesOf(heir, model.NoticeDistribution); n != 1 {
		t.Errorf("the other heir was told %d times", n)
	}
	if _, err := s.Svc.Enforcement.WithdrawDistribution(ctx, s.Officer.Actor, d.ID, d.Version, "依异议修正"); err != nil {
		t.Fatal(err)
	}
	for _, p := range []st.Person{heir, s.Creditor} {
		list, _, err := s.Svc.Notice.Inbox(ctx, p.Actor, 0, 0, 10)
		if err != nil || len(list) == 0 || list[0].Kind != model.NoticeDistribution || !strings.Contains(list[0].Body, "已撤销") {
			t.Errorf("who was told of the plan does not know that it was withdrawn: %+v %v", list, err)
		}
	}
}

// What a plan gave to a creditor who died meanwhile is not spread over the others of
// his case, and nobody is told that he paid or sent a receipt.
func TestAShareOfACreditorWhoDied(t *testing.T) {
	t.Parallel()
	s := newShared(t)
	two := s.File(s.Clerk, st.PersonOwes, func(in *filing.CaseInput) {
		in.Parties[0].Name, in.Parties[0].IDNumber = "钱某", ""
		other := in.Parties[0]
		other.Ref, other.Name = "C2", "周某"
		in.Parties = append(in.Parties, other)
		o := in.Instruments[0].Obligations[0]
		o.Ref, o.Obligee = "O2", "C2"
		in.Instruments[0].Obligations = append(in.Instruments[0].Obligations, o)
	})
	debtor := s.Citizen()
	s.Bind(debtor, s.Clerk, two.ID, two.Debtor)
	e, err := s.Svc.Enforcement.Case(ctx, s.Officer.Actor, s.Enforce(two, s.Officer))
	if err != nil {
		t.Fatal(err)
	}
	d := s.serves(model.DistributionClaim{CaseNo: s.firstNo, Creditor: s.creditor}, model.DistributionClaim{CaseNo: e.File.CaseNo, Creditor: "钱某", AppliedOn: s.Today()})
	s.Clock.Set(st.At(4, 2, 10))
	if _, err := s.Svc.Enforcement.AllocateDistribution(ctx, s.Officer.Actor, d.ID, d.Version); err != nil {
		t.Fatal(err)
	}
	s.dies(two, "钱大")
	list, err := s.Svc.Enforcement.Distributions(ctx, s.Leader.Actor, s.ID)
	if err != nil {
		t.Fatal(err)
	}
	c := list[0].Claims[1]
	decide := performance.Decision{ReceiptID: c.ReceiptID, Version: 1, AmountFen: c.SumFen(), OrderReason: "权利由继承人承受", IdemKey: st.FreshKey()}
	if _, err := s.Svc.Performance.Confirm(ctx, s.Judge.Actor, decide); err != nil {
		t.Fatal(err)
	}
	l, err := s.Svc.Performance.Ledger(ctx, s.Judge.Actor, two.ID)
	if err != nil || len(l.Allocations) != 1 || l.Allocations[0].AmountFen != c.SumFen() || l.Installments[0].ConfirmedFen != c.SumFen() {
		t.Errorf("the share was spread over others: %+v %v", l.Allocations, err)
	}
	told, _, err := s.Svc.Notice.Inbox(ctx, debtor.Actor, 0, 0, 1)
	if err != nil || !strings.Contains(told[0].Body, "按分配方案") || strings.Contains(told[0].Body, "付款") {
		t.Errorf("%+v %v", told, err)
	}
	before := len(s.Told(s.Debtor))
	if _, err := s.Svc.Performance.Return(ctx, s.Judge.Actor, list[0].Claims[0].ReceiptID, 1, "款项尚未到账"); err != nil {
		t.Fatal(err)
	}
	if n := len(s.Told(s.Debtor)); n != before {
		t.Errorf("the debtor was told that something of his came back: %v", s.Told(s.Debtor))
	}
	if s.NoticesOf(s.Officer, model.NoticeShareReturned) != 1 {
		t.Error("whoever made the plan was not told that a part came back")
	}
}
