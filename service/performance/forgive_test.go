package performance_test

import (
	"context"
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"microcourt/model"
	"microcourt/service/filing"
	"microcourt/service/performance"
	"microcourt/service/servicetest"
)

func (l *lender) forgives(by servicetest.Person, e model.DebtEntry) (*model.DebtEntry, error) {
	e.ObligationID = l.obligation
	return l.Svc.Performance.Forgive(context.Background(), by.Actor, performance.DebtChange{CaseID: l.f.ID, Entry: e, IdemKey: servicetest.FreshKey()})
}

func (l *lender) refuses(by servicetest.Person, entry int64) error {
	_, err := l.Svc.Performance.RefuseForgiveness(context.Background(), by.Actor, performance.DebtChange{
		CaseID: l.f.ID, Entry: model.DebtEntry{UndoesID: entry}, IdemKey: servicetest.FreshKey(),
	})
	return err
}

func (l *lender) eligibility() (bool, []model.Requirement) {
	l.t.Helper()
	list, err := l.Svc.Certificate.Eligibility(context.Background(), l.debtor.Actor, l.f.ID)
	if err != nil || len(list) != 1 {
		l.t.Fatal(list, err)
	}
	return list[0].Eligible, list[0].Requirements
}

// 民法典 575: the creditor forgives a part and then the rest; what was forgiven is no
// performance, and the certificate says both. The record equals a recount.
func TestACreditorForgivesPrincipal(t *testing.T) {
	t.Parallel()
	l := lends(t, "2026-01-01起 年利率3.65% 先本后息") // 10 yuan a day
	ctx := context.Background()
	_, err := l.forgives(l.debtor, model.DebtEntry{})
	l.Refused(err, "obligation.not_found")
	_, err = l.forgives(l.judge, model.DebtEntry{})
	l.Refused(err, "role.forbidden")
	_, err = l.forgives(l.creditor, model.DebtEntry{AmountFen: model.Yuan(100_001)})
	l.RefusedAt(err, "debt.more_than_owed", "amount_fen")
	_, err = l.forgives(l.creditor, model.DebtEntry{DebtorID: l.f.Debtor})
	l.RefusedAt(err, "debt.not_joint", "debtor_id")
	_, err = l.enters(model.DebtEntry{Kind: model.DebtForgive, AmountFen: 1})
	l.RefusedAt(err, "reason.required", "paper")
	if _, err = l.forgives(l.creditor, model.DebtEntry{AmountFen: model.Yuan(40_000)}); err != nil {
		t.Fatal(err)
	}
	sum := l.ledger(l.debtor).Sum()
	if sum.PrincipalFen != model.Yuan(60_000) || sum.ForgivenFen != model.Yuan(40_000) || sum.OwedFen != model.Yuan(100_000) || sum.OrdinaryPerDay != 600 {
		t.Errorf("a part forgiven: %+v", sum)
	}
	if n := l.NoticesOf(l.debtor, model.NoticeDebtEntered); n != 1 {
		t.Errorf("the debtor was told %d times", n)
	}
	l.pays(model.NewDate(2026, 1, 31), model.Yuan(50_000), 2401)
	last, err := l.forgives(l.creditor, model.DebtEntry{})
	if err != nil || last.AmountFen != model.Yuan(10_000) {
		t.Fatal(last, err)
	}
	_, err = l.forgives(l.creditor, model.DebtEntry{})
	l.RefusedAt(err, "debt.nothing_owed", "obligation_id")
	for _, part := range []model.Part{model.PartOrdinary, model.PartDoubled} {
		if _, err = l.Svc.Performance.Waive(ctx, l.creditor.Actor, performance.DebtChange{
			CaseID: l.f.ID, IdemKey: servicetest.FreshKey(), Entry: model.DebtEntry{ObligationID: l.obligation, Part: part},
		}); err != nil {
			t.Fatal(err)
		}
	}
	if l.state() != model.PerformanceFulfilled {
		t.Errorf("forgiven the rest: %s", l.state())
	}
	if ok, why := l.eligibility(); !ok {
		t.Errorf("%+v", why)
	}
	i := l.ledger(l.debtor).Installments[0]
	if i.ForgivenFen != model.Yuan(50_000) || i.AmountFen != model.Yuan(100_000) || i.ConfirmedFen != model.Yuan(50_000) {
		t.Errorf("%+v", i)
	}
	var stands model.Fen
	for _, e := range model.StandingDebtEntries(l.ledger(l.judge).Declared) {
		if e.Kind == model.DebtForgive {
			stands += e.AmountFen
		}
	}
	if stands != i.ForgivenFen {
		t.Errorf("the entries say %s", stands)
	}
	cert, _, err := l.Svc.Certificate.Issue(ctx, l.judge.Actor, l.f.ID, l.f.Instrument, l.f.Debtor)
	if err != nil {
		t.Fatal(err)
	}
	var facts model.CertificateFacts
	if err := json.Unmarshal(cert.Facts, &facts); err != nil {
		t.Fatal(err)
	}
	if says := facts.Finding(); facts.TotalFen != model.Yuan(50_000) || !strings.Contains(says, "金钱 50000.00 元") && !strings.Contains(says, "金钱 50,000.00 元") ||
		!strings.Contains(says, "经权利人免除") || strings.Contains(says, "履行完毕") {
		t.Errorf("the paper says %d: %s", facts.TotalFen, says)
	}
	if b, _, err := l.Svc.Certificate.PDF(ctx, l.debtor.Actor, cert.ID); err != nil || len(b) == 0 {
		t.Errorf("the paper is not what its facts say: %v", err) // the printer reads it back
	}
	l.Refused(l.refuses(l.debtor, last.ID), "debt.certified")
}

// 民法典 575: a debtor refuses in time, and owes again what he owed; a debt of which
// nothing was performed has no certificate.
func TestADebtorRefusesToBeForgiven(t *testing.T) {
	t.Parallel()
	l := lends(t, "2026-01-01起 年利率3.65% 先本后息")
	l.Until(servicetest.At(3, 11, 12)) // ten days late
	before := l.ledger(l.debtor).Sum()
	e, err := l.enters(model.DebtEntry{Kind: model.DebtForgive, Paper: "权利人2026年3月11日书面声明"})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := l.enters(model.DebtEntry{Kind: model.DebtLeave, Part: model.PartOrdinary, Reason: "权利人不再主张"}); err != nil {
		t.Fatal(err)
	}
	if _, err := l.enters(model.DebtEntry{Kind: model.DebtLeave, Part: model.PartDoubled, Reason: "权利人不再主张"}); err != nil {
		t.Fatal(err)
	}
	if ok, why := l.eligibility(); l.state() != model.PerformanceFulfilled || ok || !slices.ContainsFunc(why, func(r model.Requirement) bool { return r.Code == "performance.something" && !r.Met }) {
		t.Errorf("forgiven whole: %s, %+v", l.state(), why)
	}
	l.Refused(l.refuses(l.creditor, e.ID), "debt.entry_not_found")
	l.Refused(l.refuses(l.debtor, 999_999), "debt.entry_not_found")
	l.Until(servicetest.At(3, 26, 20))
	if err := l.refuses(l.debtor, e.ID); err != nil {
		t.Fatal(err)
	}
	sum := l.ledger(l.debtor).Sum()
	if sum.PrincipalFen != before.PrincipalFen || sum.ForgivenFen != 0 || l.state() != model.PerformancePending || l.ledger(l.debtor).Installments[0].Done() {
		t.Errorf("refused: %+v %s", sum, l.state())
	}
	l.RefusedAt(l.refuses(l.debtor, e.ID), "debt.undo", "undoes_id")
	late, err := l.forgives(l.creditor, model.DebtEntry{AmountFen: model.Yuan(1)})
	if err != nil {
		t.Fatal(err)
	}
	l.Until(servicetest.At(4, 11, 9))
	l.Refused(l.refuses(l.debtor, late.ID), "debt.refuse_late")
	_, err = l.enters(model.DebtEntry{Kind: model.DebtUndo, UndoesID: late.ID, Reason: "登记有误"})
	l.RefusedAt(err, "debt.undo", "undoes_id") // he forgave by himself
}

// 民法典 520 para. 2: one of two joint debtors is forgiven. The other owes the whole
// less the share; the one who is forgiven is urged no more, and owes again when he
// refuses.
func TestOneJointDebtorIsForgiven(t *testing.T) {
	t.Parallel()
	w, ctx := servicetest.New(t), context.Background()
	l := &lender{World: w, t: t, judge: w.Staff("zhang.min", model.RoleJudge), clerk: w.Staff("wan.tt", model.RoleClerk), creditor: w.Citizen(), debtor: w.Citizen()}
	l.f = w.File(l.clerk, func(in *filing.CaseInput) {
		in.Parties = append(in.Parties, filing.PartyInput{Ref: "D2", Role: "defendant", Kind: "person", Name: "赵明远", IDNumber: "34052419800101001X", Phone: "13900139000"})
		in.Instruments[0].Obligations[0].Obligors = []string{"D1", "D2"}
	})
	second, other := w.PartyNamed(l.clerk, l.f.ID, "赵明远"), w.Citizen()
	w.Bind(l.creditor, l.clerk, l.f.ID, l.f.Creditor)
	w.Bind(l.debtor, l.clerk, l.f.ID, l.f.Debtor)
	w.Bind(other, l.clerk, l.f.ID, second)
	d, err := w.Svc.Filing.Case(ctx, l.judge.Actor, l.f.ID, false)
	if err != nil {
		t.Fatal(err)
	}
	l.obligation = d.Obligations[0].ID
	l.pays(w.Today(), 20_000, 2411) // of his half of 500 yuan the first pays 200
	all, err := l.forgives(l.creditor, model.DebtEntry{AmountFen: 1_000})
	if err != nil {
		t.Fatal(err)
	}
	l.Refused(l.refuses(l.debtor, all.ID), "debt.refuse_joint")
	if _, err := l.enters(model.DebtEntry{Kind: model.DebtRefuse, UndoesID: all.ID, Paper: "两被告共同书面声明"}); err != nil {
		t.Fatal(err)
	}
	e, err := l.forgives(l.creditor, model.DebtEntry{DebtorID: l.f.Debtor})
	if err != nil || e.ShareFen != 50_000 {
		t.Fatal(e, err)
	}
	if sum := l.ledger(other).Sum(); sum.PrincipalFen != 50_000 || sum.ForgivenFen != 30_000 {
		t.Errorf("the other owes %+v", sum)
	}
	// The last instalment, of 400 yuan, is the one that is shorter by it.
	if list := l.ledger(l.creditor).Installments; list[0].ForgivenFen != 0 || list[1].ForgivenFen != 30_000 {
		t.Errorf("%+v", list)
	}
	d, err = w.Svc.Filing.Case(ctx, l.judge.Actor, l.f.ID, false)
	if err != nil || len(d.Obligors) != 1 || d.Obligors[0].PartyID != second {
		t.Errorf("who owes: %v %v", d.Obligors, err)
	}
	if many, err := w.DB.DebtsOf(ctx, []model.Case{d.Case}); err != nil || len(many) != 1 || len(many[0].Obligors) != 1 {
		t.Errorf("among several cases he owes still: %+v %v", many, err)
	}
	if got := l.ledger(l.debtor).Declared; len(got) == 0 {
		t.Error("the one who is forgiven does not see that he is")
	}
	w.Until(servicetest.At(4, 2, 12)) // the first instalment is late
	if w.NoticesOf(l.debtor, model.NoticeFirstDemand) != 0 || w.NoticesOf(other, model.NoticeFirstDemand) != 1 {
		t.Error("who is forgiven was urged, or the other was not")
	}
	l.Refused(l.refuses(other, e.ID), "debt.entry_not_found")
	if _, err := l.enters(model.DebtEntry{Kind: model.DebtRefuse, UndoesID: e.ID, Paper: "被告书面拒绝", OnDay: e.OnDay.AddDays(3)}); err != nil {
		t.Fatal(err)
	}
	if sum := l.ledger(l.debtor).Sum(); sum.PrincipalFen != 80_000 || sum.ForgivenFen != 0 {
		t.Errorf("refused: %+v", sum)
	}
	if d, err = w.Svc.Filing.Case(ctx, l.judge.Actor, l.f.ID, false); err != nil || len(d.Obligors) != 2 {
		t.Errorf("who owes: %v %v", d.Obligors, err)
	}
}
