package certificate_test

import (
	"bytes"
	"context"
	"testing"
	"time"

	"microcourt/model"
	"microcourt/service/certificate"
	"microcourt/service/performance"
	"microcourt/service/servicetest"
)

// Who performed everything and has no certificate is listed with those that the
// judge may issue, looked at as the very paper without a number, and issued
// together: what changed since is left out and told, what is repeated is the same,
// and nothing that fails hides the others.
func TestCertificatesAreLookedAtAndIssuedTogether(t *testing.T) {
	t.Parallel()
	w := servicetest.New(t)
	ctx, svc := context.Background(), w.Svc.Certificate
	judge, other, clerk, debtor := w.Staff("zhang.min", model.RoleJudge), w.Staff("ji.wei", model.RoleJudge), w.Staff("wan.tt", model.RoleClerk), w.Citizen()
	listed := func(by servicetest.Person) (out []int64) {
		t.Helper()
		list, err := svc.Ready(ctx, by.Actor, certificate.Paper{}, 50)
		n, counted := svc.CountReady(ctx, by.Actor)
		if err != nil || counted != nil || int(n) != len(list) {
			t.Fatal(list, n, err, counted)
		}
		for _, l := range list {
			out = append(out, l.CaseID)
		}
		return out
	}
	a, b, c := w.Performed(judge, clerk, debtor), w.Performed(judge, clerk, debtor), w.Performed(judge, clerk, debtor)
	half := w.File(clerk)
	w.Bind(debtor, clerk, half.ID, half.Debtor)
	w.Confirm(judge, w.Submit(debtor, half, 60000, 40), 60000)
	if got := listed(judge); len(got) != 3 || got[0] != a.ID {
		t.Fatalf("the judge's list: %v", got)
	}
	var mark certificate.Paper
	for i, want := range []int64{a.ID, b.ID, c.ID, 0} { // a page of one each
		page, err := svc.Ready(ctx, judge.Actor, mark, 1)
		if err != nil || len(page) != min(1, int(want)) || want != 0 && page[0].CaseID != want {
			t.Fatalf("page %d: %v %v", i, page, err)
		}
		if want != 0 {
			mark = certificate.Paper{CaseID: page[0].CaseID, InstrumentID: page[0].InstrumentID, PartyID: page[0].PartyID}
		}
	}
	if n, m := len(listed(clerk)), len(listed(other)); n != 3 || m != 0 {
		t.Errorf("the clerk's list has %d, another judge's %d", n, m)
	}

	paper := func(f servicetest.Filed) certificate.Paper {
		return certificate.Paper{CaseID: f.ID, InstrumentID: f.Instrument, PartyID: f.Debtor}
	}
	drafts, err := svc.Drafts(ctx, judge.Actor, []certificate.Paper{paper(a), paper(b), paper(c), paper(half)})
	if err != nil || len(drafts) != 4 || drafts[0].Err != nil || model.ReasonOf(drafts[3].Err) != "certificate.not_eligible" {
		t.Fatalf("%+v %v", drafts, err)
	}
	pdf, stamp, err := svc.Preview(ctx, judge.Actor, paper(a))
	if err != nil || !bytes.HasPrefix(pdf, []byte("%PDF")) || stamp != drafts[0].Stamp || bytes.Contains(pdf, []byte("/Sig")) {
		t.Errorf("the preview: %d bytes, stamp %q of %q, %v", len(pdf), stamp, drafts[0].Stamp, err)
	}
	_, _, err = svc.Preview(ctx, other.Actor, paper(a))
	w.Refused(err, "case.not_found")
	_, _, err = svc.Preview(ctx, clerk.Actor, paper(a))
	w.Refused(err, "role.forbidden")
	if list, err := svc.Certificates(ctx, judge.Actor, 0, 0, 10); err != nil || len(list) != 0 {
		t.Fatalf("a preview made %v %v", list, err)
	}

	// Meanwhile the second was corrected, and it is the next morning.
	r, err := w.Svc.Performance.CaseReceipts(ctx, judge.Actor, b.ID)
	if err != nil || len(r) != 1 {
		t.Fatal(r, err)
	}
	_, err = w.Svc.Performance.Correct(ctx, judge.Actor, performance.Decision{
		ReceiptID: r[0].Receipt.ID, Version: r[0].Receipt.Version, AmountFen: 99000, Reason: "银行实际入账九百九十元", IdemKey: servicetest.FreshKey(),
	})
	if err != nil {
		t.Fatal(err)
	}
	w.Clock.Advance(18 * time.Hour)
	seen := []certificate.Paper{drafts[0].Paper, drafts[1].Paper, drafts[2].Paper, {CaseID: 9999, InstrumentID: 1, PartyID: 1, Stamp: "x"}, paper(half)}
	changed := drafts[2].Paper
	changed.Stamp = "0123"
	first, err := svc.IssueBatch(ctx, judge.Actor, append([]certificate.Paper{changed}, seen...))
	if err != nil || len(first) != 6 {
		t.Fatal(first, err)
	}
	for i, want := range []string{"certificate.changed", "", "certificate.not_eligible", "", "case.not_found", "certificate.unseen"} {
		if got := model.ReasonOf(first[i].Err); first[i].Err == nil && want != "" || first[i].Err != nil && got != want || (want == "") != (first[i].Certificate != nil) {
			t.Errorf("%d: %v, want %q", i, first[i].Err, want)
		}
	}
	again, err := svc.IssueBatch(ctx, judge.Actor, seen[:3])
	if err != nil || again[0].Certificate == nil || again[0].Certificate.ID != first[1].Certificate.ID || !again[0].Again || again[2].Certificate.Number != first[3].Certificate.Number {
		t.Errorf("a repeat: %+v %v", again, err)
	}
	if list, err := svc.Certificates(ctx, judge.Actor, 0, 0, 10); err != nil || len(list) != 2 || list[1].Serial != 1 || list[0].Serial != 2 {
		t.Errorf("%+v %v", list, err)
	}
	if got := listed(judge); len(got) != 0 {
		t.Errorf("still listed: %v", got)
	}
	_, err = svc.IssueBatch(ctx, judge.Actor, nil)
	w.Refused(err, "certificate.none_chosen")
	_, err = svc.IssueBatch(ctx, judge.Actor, make([]certificate.Paper, certificate.MaxBatch+1))
	w.Refused(err, "certificate.too_many")
}

// What was enforced first, forgiven as a whole, or waits for a decision is not
// offered: the list says what the rules say.
func TestTheListOffersNothingThatTheRulesRefuse(t *testing.T) {
	t.Parallel()
	w := servicetest.New(t)
	ctx, svc := context.Background(), w.Svc.Certificate
	judge, clerk, officer, debtor := w.Staff("zhang.min", model.RoleJudge), w.Staff("wan.tt", model.RoleClerk), w.Staff("ji.fg", model.RoleOfficer), w.Citizen()
	agree := func(when string) {
		t.Helper()
		list, err := svc.Ready(ctx, judge.Actor, certificate.Paper{}, 50)
		if err != nil {
			t.Fatal(err)
		}
		offered := map[int64]bool{}
		for _, l := range list {
			offered[l.CaseID] = true
		}
		cases, err := w.Svc.Filing.Cases(ctx, judge.Actor, model.CaseFilter{Limit: 50})
		if err != nil {
			t.Fatal(err)
		}
		for _, cs := range cases {
			rules, err := svc.Eligibility(ctx, judge.Actor, cs.ID)
			if err != nil {
				t.Fatal(err)
			}
			if len(rules) != 1 || rules[0].Eligible != offered[cs.ID] {
				t.Errorf("%s case %d: offered %v, the rules say %+v", when, cs.ID, offered[cs.ID], rules)
			}
		}
	}
	agree("before anything")
	w.Performed(judge, clerk, debtor)
	twice := w.File(clerk)
	w.Bind(debtor, clerk, twice.ID, twice.Debtor)
	agree("one performed, one open")
	first, second := w.Submit(debtor, twice, 100000, 51), w.Submit(debtor, twice, 100, 52)
	w.Confirm(judge, first, 100000)
	agree("a receipt waits")
	if _, err := w.Svc.Performance.Return(ctx, judge.Actor, second.ID, second.Version, "与此前提交的回执重复。"); err != nil {
		t.Fatal(err)
	}
	agree("none waits")
	late := w.File(clerk)
	w.Bind(debtor, clerk, late.ID, late.Debtor)
	w.Until(time.Date(2026, 5, 20, 2, 0, 0, 0, time.UTC))
	w.EnforcedBy(officer, late)
	agree("one is enforced")
	w.Certified(judge, clerk, debtor)
	agree("one has its certificate")
}
