package model_test

import (
	"strings"
	"testing"
	"time"

	"microcourt/model"
)

func planOf(parts ...model.SettlementPart) model.PlanAgreement {
	return model.PlanAgreement{
		ID: 7, CaseID: 1, SignedOn: model.NewDate(2026, 2, 10), Text: "分两期付清", InstallmentIDs: []int64{52, 51, 51}, Parts: parts, InterestToo: true, State: model.PlanProposed,
	}
}

func dueOn(month, day int, fen model.Fen) model.SettlementPart {
	return model.SettlementPart{AmountFen: fen, DueOn: model.NewDate(2026, time.Month(month), day)}
}

// 指导案例2号: an agreement on a changed plan binds its creditor and everybody who owes
// what it covers, all of whom agree, and only what they may dispose of.
func TestGuidingCase2(t *testing.T) {
	t.Parallel()
	today := model.NewDate(2026, 2, 10)
	p := planOf(dueOn(3, 31, 3_000), dueOn(6, 30, 5_000))
	if err := p.Fit(jointDebts(), today); err != nil || p.CreditorID != 1 || len(p.DebtorIDs) != 2 || len(p.InstallmentIDs) != 2 {
		t.Fatalf("%v %+v", err, p)
	}
	for _, tt := range []struct {
		reason string
		change func(*model.PlanAgreement, *model.Debts)
	}{
		{"plan.signed_on", func(p *model.PlanAgreement, _ *model.Debts) { p.SignedOn = today.AddDays(1) }},
		{"plan.text", func(p *model.PlanAgreement, _ *model.Debts) { p.Text = " " }},
		{"plan.covers", func(p *model.PlanAgreement, _ *model.Debts) { p.InstallmentIDs = nil }},
		{"plan.covers", func(p *model.PlanAgreement, _ *model.Debts) { p.InstallmentIDs = []int64{9} }},
		{"plan.parts", func(p *model.PlanAgreement, _ *model.Debts) { p.Parts = nil }},
		{"plan.parts", func(p *model.PlanAgreement, _ *model.Debts) {
			p.Parts = []model.SettlementPart{dueOn(6, 30, 1), dueOn(3, 31, 1)}
		}},
		{"plan.covers", func(_ *model.PlanAgreement, d *model.Debts) { d.Instruments[0].EffectiveOn = model.Date{} }},
		{"plan.covers", func(_ *model.PlanAgreement, d *model.Debts) { d.Installments[0].PerformedOn = today }},
		{"plan.enforced", func(_ *model.PlanAgreement, d *model.Debts) { d.Installments[0].EnforcedOn = today }},
		{"plan.not_disposable", func(_ *model.PlanAgreement, d *model.Debts) {
			d.Case.Kind, d.Obligations[0].Category = model.CaseCriminal, model.CategoryRestitution
		}},
		{"plan.not_disposable", func(_ *model.PlanAgreement, d *model.Debts) { d.Obligations[0].ObligeeID = 0 }},
		{"plan.creditors", func(_ *model.PlanAgreement, d *model.Debts) {
			d.Obligations = append(d.Obligations, model.Obligation{ID: 6, InstrumentID: 1, Kind: model.ObligationMoney, ObligeeID: 3})
			d.Installments[1].ObligationID = 6
		}},
	} {
		p, d := planOf(dueOn(3, 31, 3_000)), jointDebts()
		tt.change(&p, &d)
		if err := p.Fit(d, today); model.ReasonOf(err) != tt.reason {
			t.Errorf("want %s: %v", tt.reason, err)
		}
	}
	yes := func(ids ...int64) (out []model.PlanConsent) {
		for _, id := range ids {
			out = append(out, model.PlanConsent{AgreementID: 7, PartyID: id, Agrees: true})
		}
		return out
	}
	if p.Agreed(yes(1, 2)) || !p.Agreed(yes(1, 2, 3)) {
		t.Error("who has to agree")
	}
	if repeat, err := p.CheckAnswer(yes(1), 1, true); !repeat || err != nil {
		t.Errorf("the same again: %v %v", repeat, err)
	}
	if _, err := p.CheckAnswer(yes(1), 1, false); model.ReasonOf(err) != "plan.answered" {
		t.Error(err)
	}
	if _, err := p.CheckAnswer(nil, 4, true); model.ReasonOf(err) != "plan.party" {
		t.Error(err)
	}
	p.State = model.PlanRefused
	if _, err := p.CheckAnswer(nil, 2, true); model.ReasonOf(err) != "plan.decided" {
		t.Error(err)
	}
}

// 执行和解规定 19: in force the agreement stands in front; kept, it ends the rest;
// broken, the instrument's days and sums hold, less what was paid; late money before
// an application for enforcement ends the breach.
func TestSettlementRules19(t *testing.T) {
	t.Parallel()
	d := jointDebts()
	p := planOf(dueOn(3, 31, 3_000), dueOn(6, 30, 5_000))
	if err := p.Fit(d, p.SignedOn); err != nil {
		t.Fatal(err)
	}
	p.State, p.AgreedOn = model.PlanInForce, p.SignedOn
	paid := func(list ...[2]int) (l model.PaidLedger) { // amounts by day of the year's months, all to the first instalment
		l.DebtorOf = map[int64]int64{1: 2}
		for n, one := range list {
			id := int64(n + 1)
			l.Entries = append(l.Entries, model.Confirmation{ID: id, ReceiptID: 1, PaidOn: model.NewDate(2026, time.Month(one[0]), 15)})
			l.Allocations = append(l.Allocations, model.Allocation{ConfirmationID: id, InstallmentID: 51, ObligationID: 5, AmountFen: model.Fen(one[1])})
		}
		return l
	}
	follow := func(l model.PaidLedger, waiting bool, today model.Date) {
		t.Helper()
		progress := p.Progress(l, today)
		p.Follow(progress, model.Date{}, waiting, today)
		for _, m := range p.Front(d.Installments, progress) {
			for i := range d.Installments {
				if d.Installments[i].ID == m.ID {
					d.Installments[i] = m
				}
			}
		}
	}
	follow(paid(), false, model.NewDate(2026, 2, 11))
	if model.NextDue(d.Installments) != model.NewDate(2026, 3, 31) || model.Overdue(d.Installments, model.NewDate(2026, 3, 10)) {
		t.Errorf("in force: %+v", d.Installments)
	}
	if sum := d.Installments[0].DueFen() + d.Installments[1].DueFen(); sum != 3_000 {
		t.Errorf("due by the first day: %d", sum)
	}
	// Interest goes by the instrument.
	if r := d.Reckon(d.Installments[0], model.Payments{}, model.CourtSettings{}, model.NewDate(2026, 2, 11)); r.DoubledFen != 11 {
		t.Errorf("ten days of 60 yuan: %+v", r)
	}
	effect := p.Effect(d, model.Payments{}, model.CourtSettings{}, p.Progress(paid(), p.SignedOn), model.NewDate(2026, 2, 11))
	if effect.ForgivesFen != 2_000 || effect.WaivesFen != 11 || effect.PrincipalFen != 10_000 {
		t.Errorf("%+v", effect)
	}
	follow(paid(), true, model.NewDate(2026, 4, 1))
	if p.State != model.PlanInForce || p.NextDueOn != model.NewDate(2026, 3, 31) {
		t.Errorf("while a receipt waits: %s", p.State)
	}
	follow(paid(), false, model.NewDate(2026, 4, 1))
	if p.State != model.PlanBroken || p.BrokenOn != model.NewDate(2026, 4, 1) || model.NextDue(d.Installments) != model.NewDate(2026, 2, 1) || d.Installments[0].DueFen() != 6_000 {
		t.Errorf("broken: %s %+v", p.State, d.Installments)
	}
	late := paid([2]int{4, 3_000})
	follow(late, false, model.NewDate(2026, 4, 16))
	if p.State != model.PlanInForce || model.NextDue(d.Installments) != model.NewDate(2026, 6, 30) {
		t.Errorf("caught up: %s %+v", p.State, d.Installments)
	}
	follow(paid([2]int{4, 3_000}, [2]int{5, 5_000}), false, model.NewDate(2026, 5, 16))
	if p.State != model.PlanKept || p.KeptOn != model.NewDate(2026, 5, 15) {
		t.Errorf("kept: %s %s", p.State, p.KeptOn)
	}
	d.Installments[0].ConfirmedFen, d.Installments[1].ConfirmedFen = 6_000, 2_000
	rows := p.EndedBy(d, model.Payments{}, model.CourtSettings{}, "k")
	if len(rows) != 3 || rows[0].Kind != model.DebtWaive || model.SumOf(rows) != 2_000 || rows[0].PlanID != p.ID {
		t.Errorf("%+v", rows)
	}
	follow(late, false, model.NewDate(2026, 5, 17)) // a payment was taken back
	if p.State != model.PlanInForce {
		t.Errorf("corrected: %s", p.State)
	}
	// Replaced, what was performed by it keeps its day, and the rest goes by the instrument.
	d.Installments[0].PerformedOn = model.NewDate(2026, 4, 15)
	p.State = model.PlanReplaced
	for _, m := range p.Front(d.Installments, model.SettlementProgress{}) {
		if m.PlanID != 0 || m.Due() != m.DueOn || m.PlanDueOn.IsZero() == (m.ID == 51) {
			t.Errorf("replaced: %+v", m)
		}
	}
	// In time by the agreement, late by the instrument.
	done := []model.Installment{{DueOn: model.NewDate(2026, 2, 1), PlanDueOn: model.NewDate(2026, 6, 30), PerformedOn: model.NewDate(2026, 5, 15)}}
	if got := model.TimelinessOf(done, model.Date{}); got != model.AsAgreed {
		t.Error(got)
	}
	done[0].PerformedOn = model.NewDate(2026, 7, 1)
	if got := model.TimelinessOf(done, model.Date{}); got != model.BeforeEnforcement {
		t.Error(got)
	}
	if says := p.Consequences(); !strings.Contains(says, "利息不再收取") {
		t.Error(says)
	}
}
