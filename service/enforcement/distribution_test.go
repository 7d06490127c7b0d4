package enforcement_test

import (
	"fmt"
	"testing"
	"time"

	"microcourt/model"
	"microcourt/service/enforcement"
	"microcourt/service/filing"
	"microcourt/service/performance"
	st "microcourt/service/servicetest"
)

// shared is a second case against the debtor of the first, enforced as well.
type shared struct {
	*st.Coerced
	other   st.Filed
	otherNo string
	firstNo string
	// creditor is the first case's, by name.
	creditor string
}

func newShared(t *testing.T) *shared {
	t.Helper()
	s := &shared{Coerced: st.NewCoerced(t)}
	s.other = s.File(s.Clerk, st.PersonOwes, func(in *filing.CaseInput) {
		in.Parties[0].Name, in.Parties[0].IDNumber = "钱某", ""
		in.Instruments[0].Obligations[0].AmountFen = 300000
	})
	read := func(id int64) *enforcement.Detail {
		d, err := s.Svc.Enforcement.Case(ctx, s.Officer.Actor, id)
		if err != nil {
			t.Fatal(err)
		}
		return d
	}
	first := read(s.ID)
	s.firstNo, s.creditor, s.otherNo = first.File.CaseNo, first.Party(s.F.Creditor), read(s.Enforce(s.other, s.Officer)).File.CaseNo
	return s
}

func (s *shared) plan(change ...func(*model.Distribution)) (*model.Distribution, error) {
	d := model.Distribution{
		EnforcementCaseID: s.ID, PartyID: s.F.Debtor, Rule: model.ShareParticipation, AmountFen: 220000, CostsFen: 20000, AsOf: s.Today(), Source: "银行存款", Reason: "名下无其他财产",
		IdemKey: st.FreshKey(),
	}
	for _, f := range change {
		f(&d)
	}
	return s.Svc.Enforcement.DraftDistribution(ctx, s.Officer.Actor, d)
}

// Money of one debtor goes to creditors of two cases here and one of another court:
// the plan takes what the ledgers say, is served, waits for objections, and is then
// confirmed in each case by somebody else than its maker, for its creditor alone.
func TestTheStoryOfADistribution(t *testing.T) {
	t.Parallel()
	s := newShared(t)
	e := s.Svc.Enforcement
	d, err := s.plan()
	if err != nil {
		t.Fatal(err)
	}
	mine := model.DistributionClaim{CaseNo: s.firstNo, Creditor: s.creditor}
	theirs := model.DistributionClaim{CaseNo: s.otherNo, Creditor: "钱某", AppliedOn: s.Today()}
	far := model.DistributionClaim{CaseNo: "（2026）浙0212执9号", OfCourt: "某某法院", Creditor: "孙某", AmountFen: 400000, AppliedOn: s.Today()}
	add := func(by st.Person, seen int64, c model.DistributionClaim) error {
		_, err := e.AddClaim(ctx, by.Actor, d.ID, seen, c)
		return err
	}
	with := func(c model.DistributionClaim, f func(*model.DistributionClaim)) model.DistributionClaim {
		f(&c)
		return c
	}
	s.RefusedAll(
		st.No("a clerk", model.Forbidden, "role.forbidden", "", add(s.Clerk, 1, mine)),
		st.No("another officer", model.NotFound, "distribution.not_found", "", add(s.Staff("lu.fg", model.RoleOfficer), 1, mine)),
		st.No("seen before", model.Conflict, "distribution.changed", "", add(s.Officer, 7, mine)),
		st.No("no application", model.Invalid, "distribution.applied", "applied_on", add(s.Officer, 1, with(theirs, func(c *model.DistributionClaim) { c.AppliedOn = model.Date{} }))),
		st.No("nobody of that name", model.Invalid, "distribution.no_creditor", "creditor", add(s.Officer, 1, with(mine, func(c *model.DistributionClaim) { c.Creditor = "周某" }))),
		st.No("no sum from elsewhere", model.Invalid, "amount.positive", "amount_fen", add(s.Officer, 1, with(far, func(c *model.DistributionClaim) { c.AmountFen = 0 }))),
	)
	for n, c := range []model.DistributionClaim{mine, theirs, far, with(far, func(c *model.DistributionClaim) { c.Creditor = "误登" })} {
		for range 2 { // the answer got lost
			if err := add(s.Officer, int64(n+1), c); err != nil {
				t.Fatal(n, err)
			}
		}
	}
	s.Refused(add(s.Officer, 5, mine), "distribution.twice")
	plan := func() (v struct {
		model.Distribution
		Claims []model.DistributionClaim
	},
	) {
		list, err := e.Distributions(ctx, s.Leader.Actor, s.ID)
		if err != nil {
			t.Fatal(err)
		}
		v.Distribution, v.Claims = list[0].Distribution, list[0].Claims
		return v
	}
	if _, err := e.StrikeClaim(ctx, s.Officer.Actor, d.ID, 5, plan().Claims[3].ID); err != nil {
		t.Fatal(err)
	}
	v := plan()
	// 1,000 and 3,000 yuan here, 4,000 elsewhere, of 2,000; the doubled part comes last.
	if got := fmt.Sprint(len(v.Claims), v.Claims[0].AmountFen, v.Claims[1].AmountFen, v.Claims[0].SumFen(), v.Claims[1].SumFen(), v.Claims[2].SumFen(), v.Claims[3].SumFen()); got != "4 1000.00 3000.00 250.00 750.00 1000.00 0.00" {
		t.Fatal(got)
	}
	if v.Claims[0].DoubledFen == 0 || v.Claims[0].DoubledShareFen != 0 {
		t.Errorf("the doubled part: %+v", v.Claims[0])
	}
	served, err := e.ServeDistribution(ctx, s.Officer.Actor, d.ID, 6, s.Today())
	if err != nil {
		t.Fatal(err)
	}
	if s.NoticesOf(s.Creditor, model.NoticeDistribution) != 1 || s.NoticesOf(s.Debtor, model.NoticeDistribution) == 0 {
		t.Error("who is concerned was not told")
	}
	s.Refused(add(s.Officer, 7, far), "distribution.state")
	_, err = e.AllocateDistribution(ctx, s.Officer.Actor, d.ID, 7)
	s.Refused(err, "distribution.wait")
	if _, err := e.ObjectToDistribution(ctx, s.Officer.Actor, d.ID, 7, model.DistributionObjection{Objector: "孙某", FiledOn: s.Today(), Content: "债权数额应为五千元"}); err != nil {
		t.Fatal(err)
	}
	s.Clock.Set(st.At(4, 2, 10))
	_, err = e.AllocateDistribution(ctx, s.Officer.Actor, d.ID, 8)
	s.Refused(err, "distribution.objected")
	list, err := e.Distributions(ctx, s.Judge.Actor, s.ID)
	if err != nil || len(list[0].Objections) != 1 {
		t.Fatal(list, err)
	}
	answer := model.DistributionObjection{
		ID: list[0].Objections[0].ID, State: model.ObjectionSued, NotifiedOn: served.ServedOn.AddDays(3), Result: "钱某反对，异议人已起诉", ClaimID: v.Claims[1].ID, HeldFen: 10000,
	}
	_, err = e.AnswerObjection(ctx, s.Officer.Actor, d.ID, 8, with2(answer, func(o *model.DistributionObjection) { o.ID = 999 }))
	s.Refused(err, "distribution_objection.not_found")
	if _, err := e.AnswerObjection(ctx, s.Officer.Actor, d.ID, 8, answer); err != nil {
		t.Fatal(err)
	}
	for range 2 {
		if _, err = e.AllocateDistribution(ctx, s.Officer.Actor, d.ID, 9); err != nil {
			t.Fatal(err)
		}
	}
	v = plan()
	if v.State != model.DistributionAllocated || v.Claims[0].ReceiptID == 0 || v.Claims[1].ReceiptID == 0 || v.Claims[2].ReceiptID != 0 {
		t.Fatalf("%+v", v)
	}
	for n, want := range []model.Fen{25000, 65000} { // of the second a hundred yuan are kept
		got, err := s.Svc.Performance.Receipt(ctx, s.Judge.Actor, v.Claims[n].ReceiptID)
		if err != nil {
			t.Fatal(err)
		}
		r := got.Receipt
		confirm := performance.Decision{ReceiptID: r.ID, Version: r.Version, AmountFen: want, IdemKey: st.FreshKey()}
		if r.ClaimedFen != want || r.State != model.ReceiptSubmitted || r.PaidOn != d.AsOf || r.DistributionID != d.ID {
			t.Errorf("%+v", r)
		}
		_, err = s.Svc.Performance.Confirm(ctx, s.Officer.Actor, confirm)
		s.Refused(err, "receipt.own")
		if _, err := s.Svc.Performance.Confirm(ctx, s.Judge.Actor, confirm); err != nil {
			t.Error(err)
		}
	}
	_, err = e.WithdrawDistribution(ctx, s.Officer.Actor, d.ID, 10, "重新拟定")
	s.Refused(err, "distribution.state")
}

func with2(o model.DistributionObjection, f func(*model.DistributionObjection)) model.DistributionObjection {
	f(&o)
	return o
}

// A plan is drawn once under its key, by the officer of the case, for its debtor;
// an enterprise with legal personality is not participated against, and a man is
// never one.
func TestDraftingADistribution(t *testing.T) {
	t.Parallel()
	s := newShared(t)
	no := func(f func(*model.Distribution)) error {
		_, err := s.plan(f)
		return err
	}
	s.RefusedAll(
		st.No("the creditor", model.Invalid, "party.not_debtor", "party_id", no(func(d *model.Distribution) { d.PartyID = s.F.Creditor })),
		st.No("no such case", model.NotFound, "enforcement.not_found", "", no(func(d *model.Distribution) { d.EnforcementCaseID = 999 })),
		st.No("nothing came", model.Invalid, "amount.positive", "amount_fen", no(func(d *model.Distribution) { d.AmountFen = 0 })),
		st.No("no property", model.Invalid, "field.required", "source", no(func(d *model.Distribution) { d.Source = "" })),
	)
	man, err := s.plan(func(d *model.Distribution) { d.LegalPerson = true })
	if err != nil || man.LegalPerson {
		t.Fatal(man, err)
	}
	key := st.FreshKey()
	keyed := func() (int64, error) {
		d, err := s.plan(func(d *model.Distribution) { d.IdemKey = key })
		if err != nil {
			return 0, err
		}
		return d.ID, nil
	}
	st.TwiceAtOnce(t, keyed)
	_, err = s.Svc.Enforcement.ServeDistribution(ctx, s.Officer.Actor, man.ID, 1, s.Today())
	s.Refused(err, "distribution.alone")
	_, err = s.Svc.Enforcement.StrikeClaim(ctx, s.Officer.Actor, man.ID, 1, 999)
	s.Refused(err, "distribution_claim.not_found")
	if d, err := s.Svc.Enforcement.WithdrawDistribution(ctx, s.Officer.Actor, man.ID, 1, "重新拟定"); err != nil || d.EndReason != "重新拟定" {
		t.Error(d, err)
	}
	if _, err := s.Svc.Enforcement.Distributions(ctx, s.Debtor.Actor, s.ID); model.ReasonOf(err) != "role.forbidden" {
		t.Error(err)
	}
	s.Clock.Advance(time.Hour)
}
