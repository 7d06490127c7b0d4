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

// inDollars makes the case one of 50,000 dollars, due on 31 March.
func inDollars(in *filing.CaseInput) {
	o := &in.Instruments[0].Obligations[0]
	o.AmountFen, o.Installments, o.DueOn = 0, nil, model.NewDate(2026, 3, 31)
	o.Currency, o.ForeignMinor = "USD", 50_000_00
}

// dollars is a claim of money in dollars.
func (p *people) dollars(minor int64, seed int) performance.Claim {
	c := servicetest.Claim(p.f, 0, p.Uploaded(p.debtor, p.f.ID, seed))
	c.Foreign = &model.ForeignPayment{Currency: "USD", Minor: minor}
	return c
}

func (p *people) converts(f model.ForeignDebt) error {
	_, err := p.Svc.Performance.EnterDebt(context.Background(), p.judge.Actor, performance.DebtChange{
		CaseID: p.f.ID, IdemKey: servicetest.FreshKey(),
		Entry: model.DebtEntry{ObligationID: p.ledger(p.judge).Installments[0].ObligationID, Kind: model.DebtConvert, Foreign: &f, Reason: "判决主文以美元确定"},
	})
	return err
}

func rateOn(on model.Date, yuan string) *model.Rate {
	return &model.Rate{Yuan: yuan, Per: 1, OnDay: on, Source: "中国外汇交易中心公布的中间价"}
}

// An instrument in dollars: nothing can be paid or certified until the judge entered
// a rate, for which he has a task; what is paid in dollars performs to the cent,
// whatever the rates have become; every paper says dollars.
func TestADebtInDollars(t *testing.T) {
	t.Parallel()
	p := newPeople(t, inDollars)
	ctx, svc := context.Background(), p.Svc.Performance
	submit := func(c performance.Claim) (*model.Receipt, error) { return svc.Submit(ctx, p.debtor.Actor, c) }
	if told := p.told(p.debtor, model.NoticeInstrument); !strings.Contains(told.Body, "50,000.00 美元") || strings.Contains(told.Body, "0.00 元") {
		t.Errorf("%+v", told)
	}
	tasks := p.OpenTasks(p.judge)
	if len(tasks) != 1 || tasks[0].Kind != model.TaskConvert || !strings.Contains(tasks[0].Title, "50,000.00 美元") {
		t.Errorf("%+v", tasks)
	}
	if l := p.ledger(p.debtor); l.Sum().Unconverted != 1 || l.Performance() != model.PerformancePending {
		t.Errorf("%+v", l)
	}
	_, err := submit(p.dollars(10_000_00, 51))
	p.Refused(err, "currency.not_converted")
	_, err = submit(servicetest.Claim(p.f, 100, p.Uploaded(p.debtor, p.f.ID, 52)))
	p.Refused(err, "currency.other")
	if _, _, err := p.Svc.Certificate.Issue(ctx, p.judge.Actor, p.f.ID, p.f.Instrument, p.f.Debtor); err == nil {
		t.Error("a certificate of what is not booked")
	}
	p.Refused(p.converts(model.ForeignDebt{Rate: rateOn(p.Today(), "七元")}), "currency.rate")
	p.Refused(p.converts(model.ForeignDebt{InYuan: true, Rate: rateOn(p.Today(), "7.1234")}), "currency.rate_day") // it is not overdue yet
	if err := p.converts(model.ForeignDebt{Rate: rateOn(p.Today(), "7.1234")}); err != nil {
		t.Fatal(err)
	}
	if len(p.OpenTasks(p.judge)) != 0 {
		t.Error("the task stays")
	}
	if l := p.ledger(p.creditor); l.OwedFen != 356_170_00 || len(l.Declared) != 1 || !strings.Contains(l.Declared[0].Chinese(), "50,000.00 美元") || !strings.Contains(l.Declared[0].Chinese(), "7.1234 元（中国外汇交易中心公布的中间价）") {
		t.Errorf("%+v", l)
	}
	// Yuan do not perform it as they are.
	_, err = submit(servicetest.Claim(p.f, 100, p.Uploaded(p.debtor, p.f.ID, 53)))
	p.Refused(err, "currency.other")
	euros := p.dollars(1, 54)
	euros.Foreign.Currency = "EUR"
	_, err = submit(euros)
	p.Refused(err, "currency.other")
	r, err := submit(p.dollars(20_000_00, 55))
	if err != nil || r.ClaimedFen != 142_468_00 {
		t.Fatal(r, err)
	}
	p.Confirm(p.judge, r, r.ClaimedFen)
	if told := p.told(p.creditor, model.NoticeReceiptConfirmed); !strings.Contains(told.Body, "以美元支付 20,000.00 美元") {
		t.Errorf("%+v", told)
	}
	// By what was paid the rate is settled; the case system may still say it again.
	p.Refused(p.converts(model.ForeignDebt{Rate: rateOn(p.Today(), "7.2")}), "currency.paid")
	// Yuan for dollars by the rate of the day: 30,000 dollars at 7.
	yuan := p.dollars(0, 56)
	yuan.Foreign = &model.ForeignPayment{Currency: "USD", YuanFen: 210_000_00, Rate: rateOn(yuan.PaidOn, "7")}
	r, err = submit(yuan)
	if err != nil || r.ClaimedFen != 213_702_00 || r.Foreign.Minor != 30_000_00 {
		t.Fatal(r, err)
	}
	p.Confirm(p.judge, r, r.ClaimedFen)
	if l := p.ledger(p.debtor); l.Performance() != model.PerformanceFulfilled || !strings.Contains(l.Entries[1].Means, "以人民币 210,000.00 元支付，按付款日汇率") {
		t.Errorf("%+v", l)
	}
	cert, _, err := p.Svc.Certificate.Issue(ctx, p.judge.Actor, p.f.ID, p.f.Instrument, p.f.Debtor)
	if err != nil {
		t.Fatal(err)
	}
	for _, says := range []string{"以美元支付 20,000.00 美元", "折合 30,000.00 美元", "50,000.00 美元（以该币种履行；记账按"} {
		if !strings.Contains(string(cert.Facts), says) {
			t.Errorf("the certificate does not say %q: %s", says, cert.Facts)
		}
	}
	d, err := svc.Correct(ctx, p.judge.Actor, performance.Decision{ReceiptID: r.ID, Version: 2, AmountFen: 71_234_00, Reason: "银行实际入账一万美元", IdemKey: servicetest.FreshKey()})
	if err != nil || len(d.Doubtful) != 1 || p.ledger(p.judge).Sum().PrincipalFen != 142_468_00 {
		t.Errorf("%+v %v", d, err)
	}
}

// Every payment is rounded to the fen by itself: what is paid to the last cent is
// performed all the same, and nothing is left that no cent could pay.
func TestTheLastCentOfADebtInDollars(t *testing.T) {
	t.Parallel()
	p := newPeople(t, inDollars, func(in *filing.CaseInput) { in.Instruments[0].Obligations[0].ForeignMinor = 100_01 })
	if err := p.converts(model.ForeignDebt{Rate: rateOn(p.Today(), "7.1234")}); err != nil {
		t.Fatal(err)
	}
	for n, minor := range []int64{33_33, 33_33, 33_33, 2} {
		r, err := p.Svc.Performance.Submit(context.Background(), p.debtor.Actor, p.dollars(minor, 71+n))
		if err != nil {
			t.Fatal(n, err)
		}
		p.Confirm(p.judge, r, r.ClaimedFen)
	}
	if l := p.ledger(p.debtor); l.Performance() != model.PerformanceFulfilled || l.Sum().SumFen() != 0 {
		t.Errorf("a debt that was paid to the cent is open: %+v", l.Sum())
	}
}

// A creditor who asks for yuan gets them by the middle rate of the day on which the
// doubled part begins; yuan then perform at their face, and the doubled part runs in
// yuan. A newer version keeps the rate.
func TestACreditorAsksForYuan(t *testing.T) {
	t.Parallel()
	input := filing.CaseInput{}
	p := newPeople(t, inDollars, func(in *filing.CaseInput) { input = *in })
	p.Clock.Set(servicetest.At(4, 10, 12))
	p.debtor = p.Again(p.debtor)
	if err := p.converts(model.ForeignDebt{InYuan: true, Rate: rateOn(model.NewDate(2026, 4, 1), "7.1234")}); err != nil {
		t.Fatal(err)
	}
	// Ten days of 356,170 yuan.
	if sum := p.ledger(p.debtor).Sum(); sum.PrincipalFen != 356_170_00 || sum.DoubledFen != 623_30 {
		t.Errorf("%+v", sum)
	}
	claim := servicetest.Claim(p.f, 356_793_30, p.Uploaded(p.debtor, p.f.ID, 61))
	claim.PaidOn = model.NewDate(2026, 4, 10)
	r, err := p.Svc.Performance.Submit(context.Background(), p.debtor.Actor, claim)
	if err != nil {
		t.Fatal(err)
	}
	p.Confirm(p.judge, r, claim.AmountFen)
	if sum := p.ledger(p.debtor).Sum(); sum.SumFen() != 0 {
		t.Errorf("%+v", sum)
	}
	again := input
	again.Instruments[0].Summary = "被告支付货款五万美元"
	if _, _, err := p.Svc.Filing.Put(context.Background(), p.CaseSystem().Actor, again, 1); err != nil {
		t.Fatal(err)
	}
	if l := p.ledger(p.judge); l.OwedFen != 356_170_00 || l.Performance() != model.PerformanceFulfilled {
		t.Errorf("%+v", l)
	}
	again.Instruments[0].Obligations[0].Currency = "EUR"
	_, _, err = p.Svc.Filing.Put(context.Background(), p.CaseSystem().Actor, again, 2)
	p.Refused(err, "case.invalid")
}
