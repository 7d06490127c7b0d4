package filing_test

import (
	"fmt"
	"testing"

	"microcourt/model"
	"microcourt/service/filing"
	"microcourt/service/performance"
	"microcourt/service/servicetest"
)

// What the case system knew of an enforcement case before it was told more of it
// enforces what was due, too: the later instalments stay voluntary.
func TestABareFilingLeavesLaterInstalments(t *testing.T) {
	t.Parallel()
	r := newRegistry(t)
	system := r.CaseSystem()
	r.Clock.Set(servicetest.At(4, 8, 10))
	in := servicetest.CaseInput()
	no := fmt.Sprintf("（2026）浙0211执%d号", servicetest.NextCase())
	in.Enforcement = []filing.FilingInput{{CaseNo: no, FiledOn: r.Today()}}
	cs, _, err := r.Svc.Filing.Put(t.Context(), system.Actor, in, 1)
	if err != nil {
		t.Fatal(err)
	}
	enforced := func() (seqs []int) {
		for _, i := range r.detail(r.judge, cs.ID).Installments {
			if !i.EnforcedOn.IsZero() {
				seqs = append(seqs, i.Seq)
			}
		}
		return seqs
	}
	if got := enforced(); fmt.Sprint(got) != "[1]" {
		t.Errorf("the bare filing enforces %v", got)
	}
	e := filing.EnforcementInput{CaseNo: no, FiledOn: r.Today(), Officer: r.officer.Login, BasisNo: in.CaseNo}
	if _, _, err := r.Svc.Filing.PutEnforcement(t.Context(), system.Actor, e, 1); err != nil {
		t.Fatal(err)
	}
	if got := enforced(); fmt.Sprint(got) != "[1]" {
		t.Errorf("with its officer it enforces %v", got)
	}
}

// 民事调解规定 15 para. 2: whoever has paid for the delay does not bear what the
// mediation says besides.
func TestTheBurdenIsNotBorneBesidePaidInterest(t *testing.T) {
	t.Parallel()
	r := newRegistry(t)
	f := r.File(r.clerk, func(in *filing.CaseInput) {
		duty(in).BurdenFen, duty(in).BurdenText = 5000, "任一期逾期的，另付违约金50元"
	})
	payer := r.Citizen()
	r.Bind(payer, r.clerk, f.ID, f.Debtor)
	r.Clock.Set(servicetest.At(4, 20, 10))
	c := servicetest.Claim(f, 60100, r.Uploaded(payer, f.ID, 78))
	c.PaidOn = r.Today()
	receipt, err := r.Svc.Performance.Submit(t.Context(), payer.Actor, c)
	if err != nil {
		t.Fatal(err)
	}
	d := r.detail(r.judge, f.ID)
	if _, err := r.Svc.Performance.Confirm(t.Context(), r.judge.Actor, performance.Decision{
		ReceiptID: receipt.ID, Version: receipt.Version, AmountFen: 60100, IdemKey: servicetest.FreshKey(),
		Allocations: []model.Share{{InstallmentID: d.Installments[0].ID, AmountFen: 60000}}, OrderReason: "双方同意先付利息",
	}); err != nil {
		t.Fatal(err)
	}
	choose := func(c model.BurdenChoice) error {
		return r.Svc.Filing.ChooseBurden(t.Context(), r.judge.Actor, f.ID, d.Obligations[0].ID, c, "第一期逾期")
	}
	r.Refused(choose(model.BurdenBorne), "burden.interest_paid")
	if err := choose(model.BurdenDelay); err != nil {
		t.Error(err)
	}
}

// An application for everything that was filed by mistake makes nothing due.
func TestAnApplicationByMistakeAcceleratesNothing(t *testing.T) {
	t.Parallel()
	r := newRegistry(t)
	system := r.CaseSystem()
	f := r.File(r.clerk, func(in *filing.CaseInput) {
		duty(in).Acceleration, duty(in).AccelerationText = model.AccelerationOptional, "任一期逾期的，原告有权就剩余全部款项一并申请执行"
	})
	payer := r.Citizen()
	r.Bind(payer, r.clerk, f.ID, f.Debtor)
	r.Clock.Set(servicetest.At(4, 8, 10))
	in := filing.EnforcementInput{CaseNo: fmt.Sprintf("（2026）浙0211执%d号", servicetest.NextCase()), FiledOn: r.Today(), BasisNo: f.No, Accelerate: true}
	put := func(version int64) model.Installment {
		t.Helper()
		if _, _, err := r.Svc.Filing.PutEnforcement(t.Context(), system.Actor, in, version); err != nil {
			t.Fatal(err)
		}
		r.Work()
		return r.detail(r.judge, f.ID).Installments[1]
	}
	if i := put(1); i.DueOn != r.Today() || i.EnforcedOn != r.Today() {
		t.Fatalf("%+v", i)
	}
	in.Accelerate, in.ClosedOn, in.CloseType, in.CloseReason, in.FiledByMistake = false, r.Today(), "cancelled", "立案有误", true
	if i := put(2); i.DueOn != model.NewDate(2026, 4, 30) || !i.AgreedDueOn.IsZero() || !i.EnforcedOn.IsZero() {
		t.Errorf("%+v", i)
	}
	if r.NoticesOf(payer, model.NoticeDutyChanged) != 2 {
		t.Errorf("the debtor was told %d times", r.NoticesOf(payer, model.NoticeDutyChanged))
	}
}

// A day before which nothing is due leaves nothing to enforce.
func TestAFilingEnforcesSomething(t *testing.T) {
	t.Parallel()
	r := newRegistry(t)
	f := r.File(r.clerk)
	r.Clock.Set(servicetest.At(4, 8, 10))
	in := filing.EnforcementInput{
		CaseNo: fmt.Sprintf("（2026）浙0211执%d号", servicetest.NextCase()), FiledOn: r.Today(), BasisNo: f.No, DueBy: model.NewDate(2026, 3, 30),
	}
	if _, _, err := r.Svc.Filing.PutEnforcement(t.Context(), r.CaseSystem().Actor, in, 1); !names(err, "obligations", "enforcement.nothing") {
		t.Errorf("it enforces nothing: %v", err)
	}
}

// The choice after a breach stands, so that it waits for a payment which may show
// that there was none.
func TestTheBurdenWaitsForAPaymentInTime(t *testing.T) {
	t.Parallel()
	r := newRegistry(t)
	f := r.File(r.clerk, func(in *filing.CaseInput) {
		duty(in).BurdenFen, duty(in).BurdenText = 5000, "任一期逾期的，另付违约金50元"
	})
	payer := r.Citizen()
	r.Bind(payer, r.clerk, f.ID, f.Debtor)
	receipt := r.Submit(payer, f, 60000, 77) // paid on 1 March
	r.Clock.Set(servicetest.At(4, 8, 10))
	first := r.detail(r.judge, f.ID).Obligations[0].ID
	choose := func() error {
		return r.Svc.Filing.ChooseBurden(t.Context(), r.judge.Actor, f.ID, first, model.BurdenBorne, "第一期逾期")
	}
	r.Refused(choose(), "burden.receipt_waits")
	r.Confirm(r.judge, receipt, 60000)
	r.Refused(choose(), "burden.no_breach")
}

// A newer push of the case system takes nothing back that was decided here: days
// that a clause moved move again, what arose from a breach stays, and an
// enforcement case takes later instalments in when the push says so.
func TestPushesAfterABreach(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	r := newRegistry(t)
	system := r.CaseSystem()
	in := servicetest.CaseInput()
	ob := duty(&in)
	ob.Acceleration, ob.AccelerationText = model.AccelerationOptional, "任一期逾期的，原告有权就剩余全部款项一并申请执行"
	ob.BurdenFen, ob.BurdenText = 5000, "任一期逾期的，另付违约金50元"
	put := func(version int64) *model.Case {
		t.Helper()
		cs, _, err := r.Svc.Filing.Put(ctx, system.Actor, in, version)
		if err != nil {
			t.Fatal(err)
		}
		return cs
	}
	cs := put(1)
	r.Clock.Set(servicetest.At(4, 8, 10))
	first := r.detail(r.judge, cs.ID).Obligations[0].ID
	if err := r.Svc.Filing.ChooseBurden(ctx, r.judge.Actor, cs.ID, first, model.BurdenBorne, "第一期逾期"); err != nil {
		t.Fatal(err)
	}
	e := filing.EnforcementInput{CaseNo: fmt.Sprintf("（2026）浙0211执%d号", servicetest.NextCase()), FiledOn: r.Today(), Officer: r.officer.Login, BasisNo: in.CaseNo, Obligations: []string{"O1"}}
	push := func(version int64) []model.Installment {
		t.Helper()
		f, _, err := r.Svc.Filing.PutEnforcement(ctx, system.Actor, e, version)
		if err != nil {
			t.Fatal(err)
		}
		return f.Installments(r.detail(r.judge, cs.ID).Installments)
	}
	if got := push(1); len(got) != 1 || got[0].Seq != 1 {
		t.Fatalf("the first push enforces %+v", got)
	}
	e.AmountFen = 70000
	if got := push(2); len(got) != 1 {
		t.Errorf("a push that says no more of it enforces %+v", got)
	}
	e.DueBy = model.NewDate(2026, 4, 30)
	if got := push(3); len(got) != 2 {
		t.Errorf("with a later day it enforces %+v", got)
	}
	in.Cause = "买卖合同纠纷（更正）"
	put(2)
	d := r.detail(r.judge, cs.ID)
	if len(d.Obligations) != 2 || d.Obligations[1].Category != model.CategoryBurden || d.Obligations[0].BurdenChoice != model.BurdenBorne || d.Obligations[0].AccelerationText != ob.AccelerationText {
		t.Errorf("after the newer push: %+v", d.Obligations)
	}
	// A version that says another sum, or nothing, takes nothing from the choice.
	clause := *ob
	ob.BurdenFen = 6000
	put(3)
	ob.BurdenFen, ob.BurdenText, ob.Acceleration, ob.AccelerationText = 0, "", "", ""
	put(4)
	if d = r.detail(r.judge, cs.ID); d.Obligations[0].BurdenFen != 5000 || d.Obligations[0].BurdenText != clause.BurdenText || d.Obligations[0].AccelerationText != clause.AccelerationText {
		t.Errorf("the newer version takes the clauses: %+v", d.Obligations[0].Terms)
	}
	for _, i := range d.Installments {
		if i.ObligationID == first && i.EnforcedOn != model.NewDate(2026, 4, 8) {
			t.Errorf("not enforced any more: %+v", i)
		}
	}
}
