package model_test

import (
	"strings"
	"testing"

	"microcourt/model"
)

// A judgment of 100 yuan that two owe together, and a later one of 70 that takes its
// place.
func replacedDebts() model.Debts {
	d := jointDebts()
	d.Instruments[0].Kind, d.Instruments[0].Number = model.Judgment, "（2025）浙0211民初1号"
	d.Instruments = append(d.Instruments, model.Instrument{ID: 2, Kind: model.Judgment, Number: "（2026）浙0211民再1号", EffectiveOn: model.NewDate(2026, 2, 20)})
	d.Obligations = append(d.Obligations, model.Obligation{ID: 6, InstrumentID: 2, Kind: model.ObligationMoney, ObligeeID: 1, AmountFen: 7_000, Replaces: []int64{5}})
	d.Obligors = append(d.Obligors, model.Obligor{ObligationID: 6, PartyID: 2})
	d.Installments = append(d.Installments, model.Installment{ID: 61, ObligationID: 6, Seq: 1, AmountFen: 7_000, DueOn: model.NewDate(2026, 4, 1)})
	return d
}

// Only a newer instrument that has effect replaces a duty, and nothing that
// enforcement, forgiveness or a certificate stands on.
func TestOnlyANewInstrumentReplacesADuty(t *testing.T) {
	t.Parallel()
	for reason, change := range map[string]func(d *model.Debts, old, by *model.Obligation) (certified []string){
		"":                    func(*model.Debts, *model.Obligation, *model.Obligation) []string { return nil },
		"replaces.instrument": func(_ *model.Debts, _, by *model.Obligation) []string { by.InstrumentID = 1; return nil },
		"replaces.not_effective": func(d *model.Debts, _, _ *model.Obligation) []string {
			d.Instruments[1].EffectiveOn = model.Date{}
			return nil
		},
		"replaces.replaced": func(_ *model.Debts, old, _ *model.Obligation) []string {
			old.ReplacedOn = model.NewDate(2026, 2, 1)
			return nil
		},
		"replaces.kind": func(_ *model.Debts, _, by *model.Obligation) []string { by.ToCourt = true; return nil },
		"replaces.enforced": func(d *model.Debts, _, _ *model.Obligation) []string {
			d.Installments[0].EnforcedOn = model.NewDate(2026, 2, 5)
			return nil
		},
		"replaces.burden": func(d *model.Debts, _, _ *model.Obligation) []string {
			d.Obligations = append(d.Obligations, model.Obligation{ID: 7, Terms: model.Terms{ArisesFrom: 5}})
			return nil
		},
		"replaces.forgiven": func(d *model.Debts, _, _ *model.Obligation) []string {
			d.Obligors[0].ReleasedOn = model.NewDate(2026, 2, 5)
			return nil
		},
		"replaces.certified": func(*model.Debts, *model.Obligation, *model.Obligation) []string { return []string{"〔2026〕1号"} },
	} {
		d := replacedDebts()
		old, by := d.Obligations[0], d.Obligations[1]
		if err := d.CheckReplacement(old, by, change(&d, &old, &by)); model.ReasonOf(err) != reason {
			t.Errorf("%q: %v", reason, err)
		}
	}
	d := replacedDebts()
	by := d.Obligations[1]
	by.Recurs = &model.DuesRule{}
	if err := d.CheckReplacement(d.Obligations[0], by, nil); model.ReasonOf(err) != "replaces.kind" {
		t.Errorf("dues: %v", err)
	}
}

// What was paid counts on for what took its place, of whoever owes that still; the
// rest is over. Interest that ran by then comes first (民法典 561).
func TestWhatWasPaidCountsOnForTheNewDuty(t *testing.T) {
	t.Parallel()
	d := replacedDebts()
	pay := model.Payment{AmountFen: 9_000, PaidOn: model.NewDate(2026, 2, 1), PayeeID: 1}
	s := d.CountOn(pay, 2, []int64{5}, model.Payments{}, model.CourtSettings{})
	if len(s.Shares) != 1 || s.Shares[0] != (model.Share{InstallmentID: 61, AmountFen: 7_000}) || s.RestFen != 2_000 {
		t.Errorf("%+v", s)
	}
	if s := d.CountOn(pay, 3, []int64{5}, model.Payments{}, model.CourtSettings{}); len(s.Shares) != 0 || s.RestFen != 9_000 {
		t.Errorf("whom the retrial freed: %+v", s)
	}
	d.Obligations[1].Interest = &model.InterestTerms{DayCount: 365, Spans: []model.InterestSpan{{From: model.NewDate(2025, 2, 1), RatePPM: 100_000}}}
	if s := d.CountOn(pay, 2, []int64{5}, model.Payments{}, model.CourtSettings{}); len(s.Ordinary) != 1 || s.Ordinary[0].AmountFen != 702 || s.RestFen != 1_298 {
		t.Errorf("with interest: %+v", s)
	}
	pay.PayeeID = 9
	if s := d.CountOn(pay, 2, []int64{5}, model.Payments{}, model.CourtSettings{}); s.RestFen != 9_000 {
		t.Errorf("another's money: %+v", s)
	}
}

// Everyone reads the old sum, the new one, what counts on and what is over.
func TestTheNoticeOfAReplacement(t *testing.T) {
	t.Parallel()
	d := replacedDebts()
	d.Case.CaseNo, d.Case.ID = "（2025）浙0211民初1号", 8
	d.Installments[2].ConfirmedFen = 7_000
	d.Obligations[0].ReplacedOn = model.NewDate(2026, 2, 20)
	r := model.Replacement{By: d.Instruments[1], Old: d.Obligations[:1], New: d.Obligations[1:], CountedFen: 7_000, OverFen: 2_000}
	n := d.ReplacedNotice(r, 2)
	for _, want := range []string{"（2026）浙0211民再1号判决书于2026年2月20日生效", "取代（2025）浙0211民初1号判决书", "原为：100.00 元；现为：70.00 元", "70.00 元计入新的义务", "尚有本金 0.00 元", "另有 20.00 元超出"} {
		if !strings.Contains(n.Body, want) {
			t.Errorf("%q lacks %q", n.Body, want)
		}
	}
	if words := d.ReplacedWords(d.Obligations[0]); words != "自2026年2月20日起已由（2026）浙0211民再1号判决书取代" || d.ReplacedWords(d.Obligations[1]) != "" {
		t.Error(words)
	}
	r.OverFen = 0
	if n := d.ReplacedForJudge(r); strings.Contains(n.Body, "超出") {
		t.Error(n.Body)
	}
}
