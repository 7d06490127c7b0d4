package performance_test

import (
	"context"
	"slices"
	"strings"
	"testing"

	"microcourt/model"
	"microcourt/service/filing"
	"microcourt/service/performance"
	"microcourt/service/servicetest"
)

// lender is a case of a loan of 100,000 yuan that is due on 2026-03-01 and bears
// interest until it is paid.
type lender struct {
	*servicetest.World
	t                       *testing.T
	judge, clerk            servicetest.Person
	creditor, debtor        servicetest.Person
	f                       servicetest.Filed
	obligation, installment int64
}

func lends(t *testing.T, interest string) *lender {
	t.Helper()
	w := servicetest.New(t)
	terms, err := model.ParseInterest(interest)
	if err != nil {
		t.Fatal(err)
	}
	l := &lender{World: w, t: t, judge: w.Staff("zhang.min", model.RoleJudge), clerk: w.Staff("wan.tt", model.RoleClerk), creditor: w.Citizen(), debtor: w.Citizen()}
	l.f = w.File(l.clerk, func(in *filing.CaseInput) {
		in.Cause, in.Instruments[0].Summary = "民间借贷纠纷", "被告返还借款100,000元及利息"
		ob := &in.Instruments[0].Obligations[0]
		ob.AmountFen, ob.Installments, ob.DueOn, ob.Interest = model.Yuan(100_000), nil, model.NewDate(2026, 3, 1), filing.InterestOf(terms)
	})
	w.Bind(l.creditor, l.clerk, l.f.ID, l.f.Creditor)
	w.Bind(l.debtor, l.clerk, l.f.ID, l.f.Debtor)
	l.installment = l.f.Installments[0]
	d, err := w.Svc.Filing.Case(context.Background(), l.judge.Actor, l.f.ID, false)
	if err != nil {
		t.Fatal(err)
	}
	l.obligation = d.Obligations[0].ID
	return l
}

// pays hands in a payment of the day and lets the judge confirm it.
func (l *lender) pays(on model.Date, fen model.Fen, seed int) *model.Receipt {
	l.t.Helper()
	cl := servicetest.Claim(l.f, fen, l.Uploaded(l.debtor, l.f.ID, seed))
	cl.PaidOn = on
	r, err := l.Svc.Performance.Submit(context.Background(), l.debtor.Actor, cl)
	if err != nil {
		l.t.Fatal(err)
	}
	dec := performance.Decision{ReceiptID: r.ID, Version: r.Version, AmountFen: fen, IdemKey: servicetest.FreshKey(), DoubtReason: "已核实。"}
	d, err := l.Svc.Performance.Confirm(context.Background(), l.judge.Actor, dec)
	if err != nil {
		l.t.Fatal(err)
	}
	return &d.Receipt
}

func (l *lender) ledger(by servicetest.Person) *performance.Ledger {
	l.t.Helper()
	out, err := l.Svc.Performance.Ledger(context.Background(), by.Actor, l.f.ID)
	if err != nil {
		l.t.Fatal(err)
	}
	return out
}

func (l *lender) state() model.Performance {
	l.t.Helper()
	d, err := l.Svc.Filing.Case(context.Background(), l.judge.Actor, l.f.ID, false)
	if err != nil {
		l.t.Fatal(err)
	}
	return d.Case.Performance
}

// published enters a loan prime rate.
func (l *lender) published(r model.PrimeRate) {
	l.t.Helper()
	r.Source = "公告"
	if err := l.Svc.Calendar.EnterPrimeRate(context.Background(), l.Staff("an.admin", model.RoleAdmin).Actor, r); err != nil {
		l.t.Fatal(err)
	}
}

func (l *lender) enters(e model.DebtEntry) (*model.DebtEntry, error) {
	e.ObligationID = l.obligation
	return l.Svc.Performance.EnterDebt(context.Background(), l.judge.Actor, performance.DebtChange{CaseID: l.f.ID, Entry: e, IdemKey: servicetest.FreshKey()})
}

// 民法典 561 on the ledger: interest before principal, the doubled part last; the
// duty stays open with what is left of its interest, and is performed when that
// is paid.
func TestInterestIsPaidBeforePrincipal(t *testing.T) {
	t.Parallel()
	l := lends(t, "2026-01-01起 年利率3.65%")                        // 10 yuan a day
	l.pays(model.NewDate(2026, 1, 31), model.Yuan(50_310), 2301) // 31 days: 310 of interest, 50,000 of principal
	sum := l.ledger(l.debtor).Sum()
	if sum.PrincipalFen != model.Yuan(50_000) || sum.OrdinaryPaid != model.Yuan(310) {
		t.Errorf("%+v", sum)
	}
	var parts []model.Part
	for _, a := range l.ledger(l.debtor).Allocations {
		parts = append(parts, a.Part)
	}
	if !slices.Equal(parts, []model.Part{model.PartPrincipal, model.PartOrdinary}) {
		t.Errorf("%v", parts)
	}
	// 28 days at 5 yuan until 2026-02-28. The judge pays the principal first, with a reason.
	on := model.NewDate(2026, 2, 28)
	first := performance.Decision{Allocations: []model.Share{{InstallmentID: l.installment, AmountFen: model.Yuan(50_000)}}}
	cl := servicetest.Claim(l.f, model.Yuan(50_000), l.Uploaded(l.debtor, l.f.ID, 2302))
	cl.PaidOn = on
	r, err := l.Svc.Performance.Submit(context.Background(), l.debtor.Actor, cl)
	if err != nil {
		t.Fatal(err)
	}
	first.ReceiptID, first.Version, first.AmountFen, first.IdemKey = r.ID, r.Version, model.Yuan(50_000), servicetest.FreshKey()
	_, err = l.Svc.Performance.Confirm(context.Background(), l.judge.Actor, first)
	l.RefusedAt(err, "allocation.interest_first", "order_reason")
	first.OrderReason = "双方约定先还本金"
	if _, err := l.Svc.Performance.Confirm(context.Background(), l.judge.Actor, first); err != nil {
		t.Fatal(err)
	}
	sum = l.ledger(l.debtor).Sum()
	if sum.PrincipalFen != 0 || sum.OrdinaryFen != model.Yuan(140) || sum.OrdinaryPerDay != 0 || l.state() != model.PerformancePartial {
		t.Errorf("after the principal: %+v, %s", sum, l.state())
	}
	list, err := l.Svc.Certificate.Eligibility(context.Background(), l.debtor.Actor, l.f.ID)
	if err != nil || list[0].Eligible || !slices.ContainsFunc(list[0].Requirements, func(r model.Requirement) bool {
		return r.Code == "performance.fulfilled" && strings.Contains(r.Missing, "一般债务利息 140.00 元")
	}) {
		t.Errorf("%v %+v", err, list)
	}
	rest := l.pays(on, model.Yuan(140), 2303)
	if l.state() != model.PerformanceFulfilled || l.ledger(l.debtor).Installments[0].PerformedOn != on {
		t.Errorf("%s, %+v", l.state(), l.ledger(l.debtor).Installments)
	}
	// Taken back, the duty is open again.
	if _, err := l.Svc.Performance.Correct(context.Background(), l.judge.Actor, performance.Decision{
		ReceiptID: rest.ID, Version: rest.Version, Reason: "款项被退回", IdemKey: servicetest.FreshKey(),
	}); err != nil {
		t.Fatal(err)
	}
	if sum = l.ledger(l.debtor).Sum(); sum.OrdinaryFen != model.Yuan(140) || l.state() != model.PerformancePartial {
		t.Errorf("corrected: %+v, %s", sum, l.state())
	}
}

// 民法典 575: the creditor waives on his phone; it stands, is told, and completes
// what was open.
func TestACreditorWaivesInterest(t *testing.T) {
	t.Parallel()
	l := lends(t, "2026-01-01起 年利率3.65% 先本后息")
	ctx := context.Background()
	l.pays(model.NewDate(2026, 1, 31), model.Yuan(100_000), 2311)
	waives := func(by servicetest.Person, part model.Part, fen model.Fen, key string) (*model.DebtEntry, error) {
		return l.Svc.Performance.Waive(ctx, by.Actor, performance.DebtChange{
			CaseID: l.f.ID, IdemKey: key, Entry: model.DebtEntry{ObligationID: l.obligation, Part: part, AmountFen: fen},
		})
	}
	_, err := waives(l.debtor, model.PartOrdinary, 0, servicetest.FreshKey())
	l.Refused(err, "obligation.not_found")
	_, err = waives(l.creditor, model.PartOrdinary, model.Yuan(311), servicetest.FreshKey())
	l.RefusedAt(err, "debt.more_than_owed", "amount_fen")
	_, err = waives(l.judge, model.PartOrdinary, 0, servicetest.FreshKey())
	l.Refused(err, "role.forbidden")
	key := servicetest.FreshKey()
	one, err := waives(l.creditor, model.PartOrdinary, model.Yuan(110), key)
	if err != nil {
		t.Fatal(err)
	}
	again, err := waives(l.creditor, model.PartOrdinary, model.Yuan(110), key)
	if err != nil || again.ID != one.ID {
		t.Errorf("%v %+v", err, again)
	}
	if sum := l.ledger(l.debtor).Sum(); sum.OrdinaryFen != model.Yuan(200) || sum.OrdinaryWaived != model.Yuan(110) || l.state() != model.PerformancePartial {
		t.Errorf("%+v, %s", sum, l.state())
	}
	if _, err := waives(l.creditor, model.PartOrdinary, 0, servicetest.FreshKey()); err != nil {
		t.Fatal(err)
	}
	if sum := l.ledger(l.debtor).Sum(); sum.SumFen() != 0 || sum.OrdinaryWaived != model.Yuan(310) || l.state() != model.PerformanceFulfilled {
		t.Errorf("%+v, %s", sum, l.state())
	}
	if n := l.NoticesOf(l.debtor, model.NoticeDebtEntered); n != 2 {
		t.Errorf("the debtor was told %d times", n)
	}
	_, err = l.enters(model.DebtEntry{Kind: model.DebtUndo, UndoesID: one.ID, Reason: "登记有误"})
	l.RefusedAt(err, "debt.undo", "undoes_id")
	if n := l.Audited(model.AuditDebtEnter); n != 2 {
		t.Errorf("%d entries in the audit trail", n)
	}
}

// An agent waives only with 特别授权 (民事诉讼法 62).
func TestAnAgentNeedsSpecialAuthority(t *testing.T) {
	t.Parallel()
	l := lends(t, "2026-01-01起 年利率3.65%")
	l.SQL("UPDATE bindings SET capacity = 'agent', authority = '一般授权'")
	waive := func() error {
		_, err := l.Svc.Performance.Waive(context.Background(), l.creditor.Actor, performance.DebtChange{
			CaseID: l.f.ID, IdemKey: servicetest.FreshKey(), Entry: model.DebtEntry{ObligationID: l.obligation, Part: model.PartOrdinary, AmountFen: 100},
		})
		return err
	}
	l.RefusedAt(waive(), "debt.authority", "obligation_id")
	l.SQL("UPDATE bindings SET authority = '特别授权：代为承认、放弃、变更诉讼请求，进行和解'")
	if err := waive(); err != nil {
		t.Error(err)
	}
}

// The judge leaves interest with a reason, says which days do not count and
// whether the doubled part runs, enters terms and rank; each is an entry, told
// and in the trail, and the figure follows (法释〔2014〕8号 1, 3; 民法典 560).
func TestTheJudgeDecidesAboutInterest(t *testing.T) {
	t.Parallel()
	l := lends(t, "")
	l.Until(servicetest.At(3, 11, 9)) // ten days late: 175 yuan
	doubled := func() model.Fen { return l.ledger(l.judge).Sum().DoubledFen }
	if doubled() != model.Yuan(175) {
		t.Fatalf("%s", doubled().Yuan())
	}
	_, err := l.enters(model.DebtEntry{Kind: model.DebtLeave, Part: model.PartDoubled})
	l.RefusedAt(err, "reason.required", "reason")
	_, err = l.enters(model.DebtEntry{Kind: model.DebtWaive, Part: model.PartDoubled})
	l.RefusedAt(err, "reason.required", "paper")
	_, err = l.Svc.Performance.EnterDebt(context.Background(), l.clerk.Actor, performance.DebtChange{CaseID: l.f.ID, Entry: model.DebtEntry{Kind: model.DebtLeave}})
	l.Refused(err, "role.forbidden")
	days, err := l.enters(model.DebtEntry{Kind: model.DebtExclude, FromOn: model.NewDate(2026, 3, 2), UntilOn: model.NewDate(2026, 3, 5), Reason: "再审中止执行，（2026）浙0211民再1号"})
	if err != nil || doubled() != model.Yuan(105) {
		t.Errorf("%v, %s without four days", err, doubled().Yuan())
	}
	if _, err := l.enters(model.DebtEntry{Kind: model.DebtUndo, UndoesID: days.ID, Reason: "再审由债务人申请"}); err != nil || doubled() != model.Yuan(175) {
		t.Errorf("%v, %s after it was taken back", err, doubled().Yuan())
	}
	if _, err := l.enters(model.DebtEntry{Kind: model.DebtBears, Reason: "该项为逾期利息"}); err != nil || doubled() != 0 {
		t.Errorf("%v, %s though it does not run", err, doubled().Yuan())
	}
	if _, err := l.enters(model.DebtEntry{Kind: model.DebtBears, Bears: true, Reason: "核对后为本金"}); err != nil || doubled() != model.Yuan(175) {
		t.Errorf("%v, %s though it runs", err, doubled().Yuan())
	}
	if _, err := l.enters(model.DebtEntry{Kind: model.DebtWaive, Part: model.PartDoubled, AmountFen: model.Yuan(75), Paper: "2026年3月11日声明"}); err != nil || doubled() != model.Yuan(100) {
		t.Errorf("%v, %s after a paper", err, doubled().Yuan())
	}
	if _, err := l.enters(model.DebtEntry{Kind: model.DebtLeave, Part: model.PartDoubled, Reason: "双方已和解"}); err != nil || doubled() != 0 {
		t.Errorf("%v, %s after it was left", err, doubled().Yuan())
	}
	terms, _ := model.ParseInterest("2026-03-02起 年利率3.65%")
	if _, err := l.enters(model.DebtEntry{Kind: model.DebtTerms, Terms: terms, Reason: "判决主文第二项"}); err != nil || l.ledger(l.judge).Sum().OrdinaryFen != model.Yuan(100) {
		t.Errorf("%v, %+v", err, l.ledger(l.judge).Sum())
	}
	if _, err := l.enters(model.DebtEntry{Kind: model.DebtRank, SecurityFen: model.Yuan(50_000), Weight: 3, Reason: "抵押合同"}); err != nil {
		t.Error(err)
	}
	d, err := l.Svc.Filing.Case(context.Background(), l.judge.Actor, l.f.ID, false)
	if err != nil || d.Obligations[0].SecurityFen != model.Yuan(50_000) || d.Obligations[0].Weight != 3 {
		t.Errorf("%v %+v", err, d.Obligations)
	}
	if got := len(l.ledger(l.creditor).Declared); got != 8 || l.Audited(model.AuditDebtEnter) != 8 {
		t.Errorf("%d entries, %d in the trail", got, l.Audited(model.AuditDebtEnter))
	}
}

// 履行完毕 is all of it: what was paid late gives no certificate while the doubled
// part is owed, until it is paid, waived or left.
func TestACertificateWaitsForLateInterest(t *testing.T) {
	t.Parallel()
	l := lends(t, "")
	l.Until(servicetest.At(3, 20, 9))
	l.pays(model.NewDate(2026, 3, 11), model.Yuan(100_000), 2331)
	if l.state() != model.PerformancePartial || l.ledger(l.debtor).Performance() != model.PerformancePartial || l.ledger(l.creditor).Sum().DoubledFen != model.Yuan(175) {
		t.Errorf("%s while %s is owed", l.state(), l.ledger(l.creditor).Sum().DoubledFen.Yuan())
	}
	_, _, err := l.Svc.Certificate.Issue(context.Background(), l.judge.Actor, l.f.ID, l.f.Instrument, l.f.Debtor)
	if model.ReasonOf(err) != "certificate.not_eligible" || !slices.ContainsFunc(servicetest.FieldsOf(err), func(f model.FieldError) bool { return f.Reason == "interest.settled" }) {
		t.Fatalf("%v", err)
	}
	if _, err := l.enters(model.DebtEntry{Kind: model.DebtLeave, Part: model.PartDoubled, Reason: "节假日银行未能转账，权利人同意"}); err != nil {
		t.Fatal(err)
	}
	if l.state() != model.PerformanceFulfilled || l.ledger(l.debtor).Performance() != model.PerformanceFulfilled {
		t.Errorf("%s though nothing is owed", l.state())
	}
	if _, _, err := l.Svc.Certificate.Issue(context.Background(), l.judge.Actor, l.f.ID, l.f.Instrument, l.f.Debtor); err != nil {
		t.Error(err)
	}
}

// A rate that is published after a duty was performed does not open it again,
// whatever else happens in the case; only what is entered about it does.
func TestALaterRateOpensNothingAgain(t *testing.T) {
	t.Parallel()
	l := lends(t, "2026-01-01起 一年期LPR")
	today := l.Today()
	sum := l.ledger(l.judge).Sum()
	l.pays(today, sum.SumFen(), 2341)
	if l.state() != model.PerformanceFulfilled {
		t.Fatalf("%s, %+v", l.state(), l.ledger(l.judge).Sum())
	}
	l.published(model.PrimeRate{OnDay: model.NewDate(2026, 1, 20), OneYear: 400, FiveYear: 450})
	if _, err := l.enters(model.DebtEntry{Kind: model.DebtRank, Weight: 1, Reason: "核对"}); err != nil {
		t.Fatal(err)
	}
	if got := l.ledger(l.judge).Installments[0].PerformedOn; got != today || l.state() != model.PerformanceFulfilled {
		t.Errorf("performed on %s, %s", got, l.state())
	}
}

// What is certified as performed does not come up again beside its certificate.
func TestNothingIsOwedAgainBesideACertificate(t *testing.T) {
	t.Parallel()
	l := lends(t, "")
	l.Until(servicetest.At(3, 20, 9))
	l.pays(model.NewDate(2026, 3, 11), model.Yuan(100_000), 2351)
	left, err := l.enters(model.DebtEntry{Kind: model.DebtWaive, Part: model.PartDoubled, Paper: "2026年3月20日声明"})
	if err != nil {
		t.Fatal(err)
	}
	if _, _, err := l.Svc.Certificate.Issue(context.Background(), l.judge.Actor, l.f.ID, l.f.Instrument, l.f.Debtor); err != nil {
		t.Fatal(err)
	}
	undo := model.DebtEntry{Kind: model.DebtUndo, UndoesID: left.ID, Reason: "声明不是权利人所写"}
	_, err = l.enters(undo)
	l.Refused(err, "debt.certified")
	terms, _ := model.ParseInterest("2026-01-01起 年利率6%")
	_, err = l.enters(model.DebtEntry{Kind: model.DebtTerms, Terms: terms, Reason: "判决主文第二项"})
	l.Refused(err, "debt.certified")
	certificates, err := l.Svc.Certificate.Certificates(context.Background(), l.judge.Actor, l.f.ID, 0, 10)
	if err != nil || len(certificates) != 1 || l.state() != model.PerformanceFulfilled || l.ledger(l.judge).Sum().SumFen() != 0 {
		t.Fatalf("%v, %d certificates, %s", err, len(certificates), l.state())
	}
	if _, err := l.Svc.Certificate.Revoke(context.Background(), l.judge.Actor, certificates[0].ID, certificates[0].Version, model.GroundForged, "放弃利息的声明不是权利人所写"); err != nil {
		t.Fatal(err)
	}
	if _, err := l.enters(undo); err != nil || l.ledger(l.judge).Sum().DoubledFen != model.Yuan(175) {
		t.Errorf("%v, %+v", err, l.ledger(l.judge).Sum())
	}
}

// The case says what its ledger says: what was waived, left, excluded or decided,
// and the rates that were entered, for each who reads it.
func TestTheCaseReadsAsItsLedger(t *testing.T) {
	t.Parallel()
	l := lends(t, "2026-01-01起 一年期LPR")
	l.Until(servicetest.At(3, 20, 9))
	l.published(model.PrimeRate{OnDay: model.NewDate(2026, 2, 20), OneYear: 400, FiveYear: 450})
	for _, e := range []model.DebtEntry{
		{Kind: model.DebtWaive, Part: model.PartOrdinary, AmountFen: model.Yuan(20), Paper: "2026年3月20日声明"},
		{Kind: model.DebtExclude, FromOn: model.NewDate(2026, 3, 2), UntilOn: model.NewDate(2026, 3, 5), Reason: "再审中止执行"},
		{Kind: model.DebtLeave, Part: model.PartDoubled, AmountFen: model.Yuan(10), Reason: "双方同意"},
	} {
		if _, err := l.enters(e); err != nil {
			t.Fatal(err)
		}
	}
	for name, p := range map[string]servicetest.Person{"the judge": l.judge, "the creditor": l.creditor, "the debtor": l.debtor} {
		d, err := l.Svc.Filing.Case(context.Background(), p.Actor, l.f.ID, false)
		if err != nil {
			t.Fatal(err)
		}
		got, want := d.Reckon(d.Installments[0]), l.ledger(p).Sum()
		if got.OrdinaryFen != want.OrdinaryFen || got.DoubledFen != want.DoubledFen || want.OrdinaryWaived != model.Yuan(20) || want.DoubledWaived != model.Yuan(10) {
			t.Errorf("%s reads %s and %s of the case, %s and %s of its ledger", name, got.OrdinaryFen.Yuan(), got.DoubledFen.Yuan(), want.OrdinaryFen.Yuan(), want.DoubledFen.Yuan())
		}
	}
}

// Money that paid interest alone is part of the performance (民法典 561): the case
// does not read as if nothing had been paid, until that is taken back.
func TestWhoPaidInterestHasPerformedInPart(t *testing.T) {
	t.Parallel()
	l := lends(t, "2026-01-01起 年利率3.65%")
	r := l.pays(model.NewDate(2026, 1, 31), model.Yuan(300), 2371)
	if sum := l.ledger(l.debtor).Sum(); sum.OrdinaryPaid != model.Yuan(300) || l.state() != model.PerformancePartial || l.ledger(l.creditor).Performance() != model.PerformancePartial {
		t.Errorf("%+v, %s", sum, l.state())
	}
	if _, err := l.Svc.Performance.Correct(context.Background(), l.judge.Actor, performance.Decision{
		ReceiptID: r.ID, Version: r.Version, Reason: "款项被退回", IdemKey: servicetest.FreshKey(),
	}); err != nil {
		t.Fatal(err)
	}
	if l.state() != model.PerformancePending || l.ledger(l.creditor).Performance() != model.PerformancePending {
		t.Errorf("taken back: %s", l.state())
	}
}
