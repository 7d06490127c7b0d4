package filing_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"microcourt/model"
	"microcourt/service/filing"
	"microcourt/service/performance"
	"microcourt/service/servicetest"
)

// maintained is a case in which the debtor owes 1,500 yuan on the first of each
// month until the child is of age.
func maintained(in *filing.CaseInput) {
	in.Cause = "抚养费纠纷"
	in.Parties[1] = filing.PartyInput{Ref: "D1", Role: "defendant", Kind: "person", Name: "彭某", IDNumber: "34052419800101001X", Phone: "13900139000"}
	ob := duty(in)
	ob.AmountFen, ob.Installments = 0, nil
	ob.Recurs = &filing.DuesInput{AmountFen: 150000, Every: model.DuesMonthly, Day: 1, FirstOn: model.NewDate(2026, 3, 1), UntilEvent: "年满十八周岁"}
}

// pays is what the debtor pays today, confirmed at once.
func (r *registry) pays(t *testing.T, payer servicetest.Person, f servicetest.Filed, fen model.Fen, seed int) {
	t.Helper()
	c := servicetest.Claim(f, fen, r.Uploaded(payer, f.ID, seed))
	c.PaidOn, c.PayerName = r.Today(), "彭某"
	receipt, err := r.Svc.Performance.Submit(t.Context(), payer.Actor, c)
	if err != nil {
		t.Fatal(err)
	}
	r.Confirm(r.judge, receipt, fen)
}

// Three years of maintenance: instalments come by themselves, are urged one by
// one and never performed for good; a new judgment raises them from a day on; the
// certificate says by which day; and they end when the child is of age.
func TestThreeYearsOfMaintenance(t *testing.T) {
	t.Parallel()
	r := newRegistry(t)
	f := r.File(r.clerk, maintained)
	payer, creditor := r.Citizen(), r.Citizen()
	r.Bind(payer, r.clerk, f.ID, f.Debtor)
	r.Bind(creditor, r.clerk, f.ID, f.Creditor)
	on := func(y int, m time.Month, day int) {
		r.Clock.Set(time.Date(y, m, day, 10, 0, 0, 0, model.CourtZone))
		r.Work()
	}
	r.Clock.Set(servicetest.At(2, 20, 10))
	r.Work()
	d := r.detail(r.judge, f.ID)
	ob := d.Obligations[0]
	if n := len(d.Installments); n < 3 || n > 5 || d.Case.NextDueOn != model.NewDate(2026, 3, 1) || ob.AmountFen != model.Fen(n)*150000 {
		t.Fatalf("%d instalments, next on %s", n, d.Case.NextDueOn)
	}
	enter := func(e model.DebtEntry) *model.DebtEntry {
		t.Helper()
		e.ObligationID = ob.ID
		out, err := r.Svc.Performance.EnterDebt(t.Context(), r.judge.Actor, performance.DebtChange{CaseID: f.ID, Entry: e, IdemKey: servicetest.FreshKey()})
		if err != nil {
			t.Fatal(err)
		}
		return out
	}
	seed := 400
	for month := range 36 { // March 2026 to February 2029
		at := model.NewDate(2026, time.March+time.Month(month), 1)
		on(at.Year, at.Month, 1)
		fen := model.Fen(150000)
		if month >= 12 {
			fen = 200000
		}
		if month == 12 { // by a judgment on the change
			enter(model.DebtEntry{Kind: model.DebtDuesAmount, AmountFen: 200000, FromOn: at, Reason: "（2027）浙0211民初9号民事判决书"})
		}
		if month%3 == 0 { // he pays three at once, ahead
			seed++
			r.pays(t, payer, f, 3*fen, seed)
		}
		d := r.detail(r.judge, f.ID)
		if d.Case.Performance != model.PerformancePartial || !d.Case.NextDueOn.After(at) {
			t.Fatalf("after %s: %s, next on %s", at, d.Case.Performance, d.Case.NextDueOn)
		}
		if words := d.Debts().PerformanceWords(d.Case.Performance, d.Installments, d.Paid.Entries, d.Today); words != "截至今日已履行" {
			t.Fatalf("after %s: %s", at, words)
		}
		if month == 6 || month == 18 {
			r.certifiedToDate(t, f, at, month/3+1)
		}
	}
	if told := fmt.Sprint(r.Told(creditor)); !strings.Contains(told, string(model.NoticeDutyChanged)) {
		t.Errorf("the creditor was told %s", told)
	}
	// One month is missed: it is late by itself, and only it.
	on(2029, 3, 20)
	d = r.detail(r.judge, f.ID)
	if !model.Overdue(d.Installments, d.Today) || d.Case.NextDueOn != model.NewDate(2029, 3, 1) || len(d.Periods) != 1 || d.Periods[0].Seq != 37 {
		t.Errorf("late in March 2029: next %s, periods %+v", d.Case.NextDueOn, d.Periods)
	}
	if fmt.Sprint(r.Told(payer)[0]) != string(model.NoticeSecondDemand) {
		t.Errorf("the debtor was told %v", r.Told(payer)[:2])
	}
	seed++
	r.pays(t, payer, f, 200000, seed)
	// The child is of age on 31 March: what would come is not owed, and all is done.
	// The doubled part of what was late is waived first.
	enter(model.DebtEntry{Kind: model.DebtLeave, Part: model.PartDoubled, Reason: "双方同意"})
	end := enter(model.DebtEntry{Kind: model.DebtDuesEnd, UntilOn: model.NewDate(2029, 3, 31), Reason: "子女于2029年3月31日年满十八周岁"})
	d = r.detail(r.judge, f.ID)
	if d.Case.Performance != model.PerformanceFulfilled || !d.Case.NextDueOn.IsZero() || len(d.Installments) != 37 || d.Obligations[0].AmountFen != 12*150000+25*200000 {
		t.Errorf("after the end: %s, next %s, %d instalments, %s", d.Case.Performance, d.Case.NextDueOn, len(d.Installments), d.Obligations[0].AmountFen)
	}
	on(2029, 8, 1)
	if n := len(r.detail(r.judge, f.ID).Installments); n != 37 {
		t.Errorf("%d instalments after the end", n)
	}
	cert, created, err := r.Svc.Certificate.Issue(t.Context(), r.judge.Actor, f.ID, f.Instrument, f.Debtor)
	if err != nil || !created {
		t.Fatal(err)
	}
	_, facts, err := r.Svc.Certificate.Certificate(t.Context(), r.judge.Actor, cert.ID)
	if err != nil || !facts.UntilOn.IsZero() || facts.Continuing() != "" || !strings.Contains(facts.Finding(), "全部义务") {
		t.Errorf("the last certificate: %q %v", facts.Finding(), err)
	}
	// The end was wrong: a paper stands that says that all is performed.
	_, err = r.Svc.Performance.EnterDebt(t.Context(), r.judge.Actor, performance.DebtChange{CaseID: f.ID, Entry: model.DebtEntry{Kind: model.DebtUndo, UndoesID: end.ID, Reason: "仍在就读高中", ObligationID: ob.ID}, IdemKey: servicetest.FreshKey()})
	r.Refused(err, "debt.certified")
}

// certifiedToDate issues the debtor's certificate of a day.
func (r *registry) certifiedToDate(t *testing.T, f servicetest.Filed, at model.Date, payments int) {
	t.Helper()
	cert, created, err := r.Svc.Certificate.Issue(t.Context(), r.judge.Actor, f.ID, f.Instrument, f.Debtor)
	if err != nil || !created {
		t.Fatal(err)
	}
	again, created, err := r.Svc.Certificate.Issue(t.Context(), r.judge.Actor, f.ID, f.Instrument, f.Debtor)
	if err != nil || created || again.ID != cert.ID {
		t.Errorf("again on the same day: %v %v", created, err)
	}
	_, facts, err := r.Svc.Certificate.Certificate(t.Context(), r.judge.Actor, cert.ID)
	if err != nil {
		t.Fatal(err)
	}
	var listed model.Fen
	for _, it := range facts.Performed {
		listed += it.AmountFen
	}
	if facts.TotalFen != listed {
		t.Errorf("the certificate of %s adds %s up to %s", at, listed.Yuan(), facts.TotalFen.Yuan())
	}
	if facts.UntilOn != at || !strings.HasPrefix(facts.Finding(), "经审查，截至"+at.Chinese()+"，") || len(facts.Performed) != payments ||
		!strings.Contains(facts.Continuing(), "仍在继续：每月1日给付 1,500.00 元，自2026年3月1日起，至年满十八周岁止") {
		t.Errorf("the certificate of %s says %q %q, %d payments", at, facts.Finding(), facts.Continuing(), len(facts.Performed))
	}
}

// The case system's versions keep dues as they are; one that says otherwise is
// refused until the judge has entered from when on.
func TestDuesArePushed(t *testing.T) {
	t.Parallel()
	r := newRegistry(t)
	system := r.CaseSystem()
	in := servicetest.CaseInput()
	maintained(&in)
	cs, _, err := r.Svc.Filing.Put(t.Context(), system.Actor, in, 1)
	if err != nil {
		t.Fatal(err)
	}
	f := r.FiledCase(r.judge, cs.ID)
	payer := r.Citizen()
	r.Bind(payer, r.clerk, f.ID, f.Debtor)
	r.Clock.Set(servicetest.At(6, 1, 10))
	r.Work()
	r.pays(t, payer, f, 150000, 471)
	n := len(r.detail(r.judge, f.ID).Installments)
	in.Cause = "抚养费纠纷（更新）"
	if _, _, err := r.Svc.Filing.Put(t.Context(), system.Actor, in, 2); err != nil {
		t.Fatal(err)
	}
	d := r.detail(r.judge, f.ID)
	if len(d.Installments) != n || d.Installments[0].ConfirmedFen != 150000 || d.Obligations[0].Recurs == nil || d.Obligations[0].AmountFen != model.Fen(n)*150000 {
		t.Errorf("after a push: %+v", d.Obligations[0])
	}
	duty(&in).Recurs.AmountFen = 200000
	_, _, err = r.Svc.Filing.Put(t.Context(), system.Actor, in, 3)
	r.Refused(err, "case.invalid")
	if fields := servicetest.FieldsOf(err); len(fields) != 1 || fields[0].Reason != "dues.changed" {
		t.Errorf("another amount: %+v", fields)
	}
	e := model.DebtEntry{ObligationID: d.Obligations[0].ID, Kind: model.DebtDuesAmount, AmountFen: 200000, FromOn: model.NewDate(2026, 8, 1), Reason: "（2026）浙0211民初99号民事调解书"}
	if _, err := r.Svc.Performance.EnterDebt(t.Context(), r.judge.Actor, performance.DebtChange{CaseID: f.ID, Entry: e, IdemKey: servicetest.FreshKey()}); err != nil {
		t.Fatal(err)
	}
	if _, _, err := r.Svc.Filing.Put(t.Context(), system.Actor, in, 3); err != nil {
		t.Errorf("what the judge entered: %v", err)
	}
	wrong := servicetest.CaseInput()
	maintained(&wrong)
	duty(&wrong).DueOn = model.NewDate(2026, 3, 1)
	_, _, err = r.Svc.Filing.Put(t.Context(), system.Actor, wrong, 1)
	r.Refused(err, "case.invalid")
	if fields := servicetest.FieldsOf(err); len(fields) != 1 || fields[0].Field != "instruments[0].obligations[0].recurs" {
		t.Errorf("with a term besides: %+v", fields)
	}
}

// Enforcement of what is due leaves later dues voluntary.
func TestDuesInEnforcement(t *testing.T) {
	t.Parallel()
	r := newRegistry(t)
	f := r.File(r.clerk, maintained)
	r.Clock.Set(servicetest.At(5, 10, 10))
	r.Work()
	r.EnforcedBy(r.officer, f)
	r.Clock.Set(servicetest.At(9, 10, 10))
	r.Work()
	enforced, free := 0, 0
	for _, i := range r.detail(r.judge, f.ID).Installments {
		if i.EnforcedOn.IsZero() {
			free++
		} else {
			enforced++
		}
	}
	if enforced != 3 || free < 4 {
		t.Errorf("%d enforced, %d free", enforced, free)
	}
}

// The import sheet has a column for them, in the words of the forms; the notice to
// both sides says the rule and not the instalments that there are by chance.
func TestDuesInASheet(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	if got := problems(w.importing(workbook(t, []row{usual(5701, row{"金额": "", "履行期限": "", "按期给付": "每月给一千"})}, nil), filing.Importing{DryRun: true})); got != "2 按期给付 dues.rule" {
		t.Errorf("%s", got)
	}
	if got := problems(w.importing(workbook(t, []row{usual(5701, row{"按期给付": model.DuesExample})}, nil), filing.Importing{DryRun: true})); got != "2 按期给付 dues.rule" {
		t.Errorf("with an amount besides: %s", got)
	}
	rep := w.importing(workbook(t, []row{usual(5701, row{"金额": "", "履行期限": "", "按期给付": model.DuesExample})}, nil), filing.Importing{})
	if got := problems(rep); got != "" {
		t.Fatal(got)
	}
	r := newRegistry(t)
	f := r.File(r.clerk, maintained)
	creditor := r.Citizen()
	r.Bind(creditor, r.clerk, f.ID, f.Creditor)
	list, _, err := r.Svc.Notice.Inbox(t.Context(), creditor.Actor, 0, 0, 10)
	if err != nil {
		t.Fatal(err)
	}
	said := ""
	for _, n := range list {
		said += n.Body
	}
	if !strings.Contains(said, "由彭某向您履行：每月1日给付 1,500.00 元，自2026年3月1日起，至年满十八周岁止，最近一期2026年3月1日到期。") || strings.Contains(said, "2026年4月1日") {
		t.Errorf("the creditor reads %s", said)
	}
}

// A certificate to date adds up what it lists, also a part that was paid ahead, and a
// month that was forgiven stays so when more months come.
func TestDuesPaidAheadAndForgiven(t *testing.T) {
	t.Parallel()
	r := newRegistry(t)
	f := r.File(r.clerk, maintained)
	payer, creditor := r.Citizen(), r.Citizen()
	r.Bind(payer, r.clerk, f.ID, f.Debtor)
	r.Bind(creditor, r.clerk, f.ID, f.Creditor)
	r.Clock.Set(servicetest.At(3, 1, 10))
	r.Work()
	r.pays(t, payer, f, 200000, 490) // March, and 500 yuan of April
	r.certifiedToDate(t, f, model.NewDate(2026, 3, 1), 1)
	d := r.detail(r.judge, f.ID)
	may := d.Installments[2]
	_, err := r.Svc.Performance.Forgive(t.Context(), creditor.Actor, performance.DebtChange{
		CaseID: f.ID, IdemKey: servicetest.FreshKey(), Entry: model.DebtEntry{ObligationID: d.Obligations[0].ID, InstallmentID: may.ID},
	})
	if err != nil {
		t.Fatal(err)
	}
	r.Clock.Set(servicetest.At(6, 5, 10))
	r.Work()
	d = r.detail(r.judge, f.ID)
	if got := d.Installments[2]; len(d.Installments) < 6 || !got.Done() || got.OutstandingFen() != 0 {
		t.Errorf("of %d months the forgiven one: %+v", len(d.Installments), got)
	}
	if l, err := r.Svc.Performance.Ledger(t.Context(), payer.Actor, f.ID); err != nil || l.ForgivenFen != 150000 {
		t.Errorf("forgiven %s %v", l.ForgivenFen.Yuan(), err)
	}
}
