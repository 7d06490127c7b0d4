package filing_test

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"microcourt/model"
	"microcourt/service/filing"
	"microcourt/service/performance"
	"microcourt/service/servicetest"
)

// Terms of ordinary interest come in with a case, are checked at their field, and
// a newer version of the case system changes them: the earlier stay readable, and
// one that says nothing leaves them alone.
func TestInterestIsFiled(t *testing.T) {
	t.Parallel()
	r := newRegistry(t)
	system := r.CaseSystem()
	in := servicetest.CaseInput()
	put := func(version int64, terms *filing.InterestInput) (*filing.Detail, error) {
		next := in
		next.Instruments = []filing.InstrumentInput{in.Instruments[0]}
		next.Instruments[0].Obligations = []filing.ObligationInput{in.Instruments[0].Obligations[0]}
		next.Instruments[0].Obligations[0].Interest = terms
		cs, _, err := r.Svc.Filing.Put(context.Background(), system.Actor, next, version)
		if err != nil {
			return nil, err
		}
		return r.detail(r.judge, cs.ID), nil
	}
	for reason, bad := range map[string]*filing.InterestInput{
		"interest.rate":         {Spans: []filing.InterestSpanInput{{From: model.NewDate(2026, 1, 1)}}},
		"interest.from":         {Spans: []filing.InterestSpanInput{{RatePPM: 60000}}},
		"interest.day_count":    {DayCount: 366, Spans: []filing.InterestSpanInput{{From: model.NewDate(2026, 1, 1), RatePPM: 60000}}},
		"interest.installments": {CapFen: 100, Spans: []filing.InterestSpanInput{{From: model.NewDate(2026, 1, 1), RatePPM: 60000}}},
		"interest.prime_day":    {Spans: []filing.InterestSpanInput{{From: model.NewDate(2019, 1, 1), Prime: model.PrimeOneYear}}},
	} {
		if _, err := put(1, bad); !names(err, "instruments[0].obligations[0].interest", reason) {
			t.Errorf("%s: %v", reason, servicetest.FieldsOf(err))
		}
	}
	six := &filing.InterestInput{Spans: []filing.InterestSpanInput{{From: model.NewDate(2026, 1, 1), RatePPM: 60000}}}
	d, err := put(1, six)
	if err != nil || d.Obligations[0].Interest.Text() != "2026-01-01起 年利率6%" {
		t.Fatal(err, d)
	}
	if d, err = put(2, nil); err != nil || d.Obligations[0].Interest.Text() != "2026-01-01起 年利率6%" {
		t.Errorf("a version that says nothing: %v", err)
	}
	lpr := &filing.InterestInput{Spans: []filing.InterestSpanInput{{From: model.NewDate(2026, 1, 1), Prime: model.PrimeOneYear, Multiple: 150, CapMultiple: 400}}}
	if d, err = put(3, lpr); err != nil || d.Obligations[0].Interest.Text() != "2026-01-01起 一年期LPR×1.5 上限4倍" {
		t.Errorf("%v %s", err, d.Obligations[0].Interest.Text())
	}
	if d, err = put(4, &filing.InterestInput{Spans: []filing.InterestSpanInput{}}); err != nil || d.Obligations[0].Interest.Runs() {
		t.Errorf("taken away: %v", err)
	}
	entries, err := r.Svc.Performance.DebtEntries(context.Background(), r.judge.Actor, d.Case.ID)
	if err != nil || len(entries) != 2 || !strings.Contains(entries[0].Reason, "第 3 版；此前：2026-01-01起 年利率6%") || !strings.Contains(entries[1].Reason, "此前：2026-01-01起 一年期LPR×1.5 上限4倍") {
		t.Errorf("%v %+v", err, entries)
	}
}

// The import sheet has a column for them, in the words of the forms.
func TestInterestInASheet(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	if got := problems(w.importing(workbook(t, []row{usual(5601, row{"一般债务利息": "月息两分"})}, nil), filing.Importing{DryRun: true})); got != "2 一般债务利息 interest.format" {
		t.Errorf("%s", got)
	}
	if got := problems(w.importing(workbook(t, []row{usual(5601, row{"一般债务利息": "2019-01-01起 一年期LPR"})}, nil), filing.Importing{DryRun: true})); got != "2 一般债务利息 interest.prime_day" {
		t.Errorf("%s", got)
	}
	rep := w.importing(workbook(t, []row{usual(5601, row{"一般债务利息": model.InterestExample})}, nil), filing.Importing{})
	if len(rep.Problems) > 0 || rep.Created != 1 {
		t.Fatal(problems(rep))
	}
	d, err := w.db.Debts(context.Background(), w.caseOf("（2026）浙0211民初5601号"))
	if err != nil || d.Obligations[0].Interest.Text() != model.InterestExample {
		t.Errorf("%v %+v", err, d)
	}
}

// What the judge entered stands when the case system sends again what it said
// before; only what it says anew replaces it. A bound of the whole interest is not
// multiplied by a plan of more instalments.
func TestARepeatedPushKeepsTheJudgesTerms(t *testing.T) {
	t.Parallel()
	r := newRegistry(t)
	system := r.CaseSystem()
	in := servicetest.CaseInput()
	put := func(version int64, change func(*filing.ObligationInput)) (*filing.Detail, error) {
		next := in
		next.Cause = fmt.Sprintf("买卖合同纠纷%d", version)
		next.Instruments = []filing.InstrumentInput{in.Instruments[0]}
		next.Instruments[0].Obligations = []filing.ObligationInput{in.Instruments[0].Obligations[0]}
		ob := &next.Instruments[0].Obligations[0]
		ob.Installments, ob.DueOn = nil, model.NewDate(2026, 3, 31)
		change(ob)
		cs, _, err := r.Svc.Filing.Put(context.Background(), system.Actor, next, version)
		if err != nil {
			return nil, err
		}
		return r.detail(r.judge, cs.ID), nil
	}
	terms := func(text string) *filing.InterestInput {
		out, err := model.ParseInterest(text)
		if err != nil {
			t.Fatal(err)
		}
		return filing.InterestOf(out)
	}
	says := func(text string) func(*filing.ObligationInput) {
		return func(ob *filing.ObligationInput) { ob.Interest = terms(text) }
	}
	d, err := put(1, says("2026-01-01起 年利率6%"))
	if err != nil {
		t.Fatal(err)
	}
	judged, err := model.ParseInterest("2026-01-01起 年利率4% 总额50")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := r.Svc.Performance.EnterDebt(context.Background(), r.judge.Actor, performance.DebtChange{
		CaseID: d.Case.ID, IdemKey: servicetest.FreshKey(), Entry: model.DebtEntry{Kind: model.DebtTerms, ObligationID: d.Obligations[0].ID, Terms: judged, Reason: "判决主文第二项"},
	}); err != nil {
		t.Fatal(err)
	}
	if d, err = put(2, says("2026-01-01起 年利率6%")); err != nil || d.Obligations[0].Interest.Text() != "2026-01-01起 年利率4% 总额50.00" {
		t.Errorf("%v: after a repeat %s", err, d.Obligations[0].Interest.Text())
	}
	split := func(ob *filing.ObligationInput) {
		ob.DueOn, ob.Installments = model.Date{}, in.Instruments[0].Obligations[0].Installments
	}
	if _, err := put(3, split); !names(err, "instruments[0].obligations[0].interest", "interest.installments") {
		t.Errorf("two instalments under one bound: %v", servicetest.FieldsOf(err))
	}
	if d, err = put(4, says("2026-01-01起 年利率5%")); err != nil || d.Obligations[0].Interest.Text() != "2026-01-01起 年利率5%" {
		t.Errorf("%v: after something new %s", err, d.Obligations[0].Interest.Text())
	}
	entries, err := r.Svc.Performance.DebtEntries(context.Background(), r.judge.Actor, d.Case.ID)
	if err != nil || len(entries) != 3 || entries[0].Terms.Text() != "2026-01-01起 年利率6%" || !strings.Contains(entries[2].Reason, "第 4 版；此前：2026-01-01起 年利率4%") {
		t.Errorf("%v %+v", err, entries)
	}
}

// An amount that comes down to what is paid is performed, on the day of the last
// payment.
func TestAnAmountThatComesDownToWhatIsPaidIsPerformed(t *testing.T) {
	t.Parallel()
	r := newRegistry(t)
	in := servicetest.CaseInput()
	system, debtor := r.CaseSystem(), r.Citizen()
	cs, _, err := r.Svc.Filing.Put(context.Background(), system.Actor, in, 1)
	if err != nil {
		t.Fatal(err)
	}
	f := r.FiledCase(r.judge, cs.ID)
	r.Bind(debtor, r.clerk, f.ID, f.Debtor)
	r.Confirm(r.judge, r.Submit(debtor, f, 70000, 2361), 70000)
	ob := &in.Instruments[0].Obligations[0]
	ob.AmountFen, ob.Installments = 70000, []filing.InstallmentInput{{AmountFen: 60000, DueOn: model.NewDate(2026, 3, 31)}, {AmountFen: 10000, DueOn: model.NewDate(2026, 4, 30)}}
	if cs, _, err = r.Svc.Filing.Put(context.Background(), system.Actor, in, 2); err != nil {
		t.Fatal(err)
	}
	d := r.detail(r.judge, cs.ID)
	if d.Case.Performance != model.PerformanceFulfilled || d.Installments[1].PerformedOn.IsZero() {
		t.Errorf("%s, %+v", d.Case.Performance, d.Installments[1])
	}
}
