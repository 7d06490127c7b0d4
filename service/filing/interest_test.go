package filing_test

import (
	"context"
	"strings"
	"testing"

	"microcourt/model"
	"microcourt/service/filing"
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
