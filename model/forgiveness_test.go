package model_test

import (
	"strings"
	"testing"

	"microcourt/model"
)

// A debt of two instalments of 60 and 40 yuan that two owe together.
func jointDebts() model.Debts {
	return model.Debts{
		Case:        model.Case{Kind: model.CaseCivil},
		Parties:     []model.Party{{ID: 1, Name: "李某"}, {ID: 2, Name: "王某"}, {ID: 3, Name: "赵某"}},
		Instruments: []model.Instrument{{ID: 1, EffectiveOn: model.NewDate(2026, 1, 10)}},
		Obligations: []model.Obligation{{ID: 5, InstrumentID: 1, Kind: model.ObligationMoney, ObligeeID: 1, AmountFen: 10_000}},
		Obligors:    []model.Obligor{{ObligationID: 5, PartyID: 2}, {ObligationID: 5, PartyID: 3}},
		Installments: []model.Installment{
			{ID: 51, ObligationID: 5, Seq: 1, AmountFen: 6_000, DueOn: model.NewDate(2026, 2, 1)},
			{ID: 52, ObligationID: 5, Seq: 2, AmountFen: 4_000, DueOn: model.NewDate(2026, 3, 1)},
		},
	}
}

// 民法典 575: what is forgiven is spread from the latest due, ends what it covers, and
// bears no interest from its day on. Only what is the creditor's to dispose of.
func TestCivilCode575(t *testing.T) {
	t.Parallel()
	d := jointDebts()
	forgive := model.DebtEntry{ID: 9, Kind: model.DebtForgive, ObligationID: 5, AmountFen: 5_000, PartyID: 1, OnDay: model.NewDate(2026, 1, 20)}
	shares, err := d.ForgivingShares(forgive, 0)
	if err != nil || len(shares) != 2 || shares[0] != (model.Share{InstallmentID: 52, AmountFen: 4_000}) || shares[1] != (model.Share{InstallmentID: 51, AmountFen: 1_000}) {
		t.Fatalf("%v %v", shares, err)
	}
	one := forgive
	one.InstallmentID, one.AmountFen = 51, 0
	if shares, err := d.ForgivingShares(one, 0); err != nil || len(shares) != 1 || shares[0].AmountFen != 6_000 {
		t.Errorf("the instalment that he named: %v %v", shares, err)
	}
	one.AmountFen = 6_001
	if _, err := d.ForgivingShares(one, 0); model.ReasonOf(err) != "debt.more_than_owed" {
		t.Error(err)
	}
	// From the day of it on, what was forgiven bears nothing.
	i := d.Installments[0]
	i.ForgivenFen, i.AmountFen = 600_000, 1_000_000
	paid := model.Payments{Entries: []model.DebtEntry{{ID: 9, Kind: model.DebtForgive, ObligationID: 5, InstallmentID: 51, AmountFen: 600_000, OnDay: model.NewDate(2026, 2, 11)}}}
	r := d.Reckon(i, paid, model.CourtSettings{}, model.NewDate(2026, 2, 21))
	if want := model.Fen(1_750 + 700); r.DoubledFen != want || r.PrincipalFen != 400_000 || r.ForgivenFen != 600_000 || r.PerDayFen != 70 { // 10 days of 175, 10 of 70 fen
		t.Errorf("%+v, want %d", r, want)
	}
	if on := d.CompletedOn(model.Installment{ID: 51, ObligationID: 5, AmountFen: 600_000, ForgivenFen: 600_000}, paid); on != model.NewDate(2026, 2, 11) {
		t.Errorf("forgiven whole on %s", on)
	}
	// A refusal undoes all rows of the act.
	all := []model.DebtEntry{
		{ID: 1, Kind: model.DebtForgive, ObligationID: 5, InstallmentID: 51, AmountFen: 1_000, IdemKey: "k"},
		{ID: 2, Kind: model.DebtForgive, ObligationID: 5, InstallmentID: 52, AmountFen: 4_000, IdemKey: "k"},
	}
	rows := model.DebtEntry{Kind: model.DebtRefuse, UndoesID: 1}.Undoing(all)
	if by := model.Forgiving(all, rows); len(by) != 2 || by[51] != -1_000 || by[52] != -4_000 || len(model.StandingDebtEntries(append(all, rows...))) != 0 {
		t.Errorf("%v %+v", by, rows)
	}
	ob := d.Obligations[0]
	for _, tt := range []struct {
		rules  model.Rules
		change func(*model.DebtEntry)
		reason string
	}{
		{model.RegimeCivil.Rules(), func(*model.DebtEntry) {}, ""},
		{model.RegimeIncidental.Rules(), func(*model.DebtEntry) {}, ""},
		{model.RegimeFine.Rules(), func(*model.DebtEntry) {}, "debt.not_disposable"},
		{model.RegimeRestitution.Rules(), func(*model.DebtEntry) {}, "debt.not_disposable"},
		{model.RegimeNonLitigation.Rules(), func(*model.DebtEntry) {}, "debt.not_disposable"},
		{model.RegimeCivil.Rules(), func(e *model.DebtEntry) { e.PartyID = 2 }, "debt.creditor"},
		{model.RegimeCivil.Rules(), func(e *model.DebtEntry) { e.AmountFen = -1 }, "amount.positive"},
	} {
		e := forgive
		tt.change(&e)
		if err := e.Check(ob, tt.rules, model.NewDate(2026, 1, 20)); model.ReasonOf(err) != tt.reason {
			t.Errorf("%s: %v", tt.reason, err)
		}
	}
	// Fifteen days unless the court set others.
	e := model.DebtEntry{Kind: model.DebtForgive, ObligationID: 5, CreatedAt: model.NewDate(2026, 1, 20).Start()}
	if by := e.RefuseBy(model.CourtSettings{}); by != model.NewDate(2026, 2, 4) {
		t.Error(by)
	}
	if by := e.RefuseBy(model.CourtSettings{ForgivenessRefusalDays: 5}); by != model.NewDate(2026, 1, 25) {
		t.Error(by)
	}
}

// 民法典 520 para. 2, 519 para. 1: of joint debtors, shares that cannot be told are
// equal, and a refusal of what was forgiven them in common is theirs in common.
func TestCivilCode520(t *testing.T) {
	t.Parallel()
	d := jointDebts()
	ob := model.Obligation{ID: 5, AmountFen: 10_001}
	if a, b := model.ShareOf(ob, d.Obligors, 2), model.ShareOf(ob, d.Obligors, 3); a != 5_001 || b != 5_000 || model.ShareOf(ob, d.Obligors, 7) != 0 {
		t.Errorf("%d and %d", a, b)
	}
	released := d.Obligors
	released[0].ReleasedOn = model.NewDate(2026, 1, 20)
	if a := model.ShareOf(ob, released, 3); a != 5_000 {
		t.Errorf("the share of one changes when another is forgiven: %d", a)
	}
	if owing := model.Owing(released); len(owing) != 1 || owing[0].PartyID != 3 {
		t.Errorf("%v", owing)
	}
	d = jointDebts()
	one := model.DebtEntry{Kind: model.DebtForgive, ObligationID: 5, DebtorID: 2, ShareFen: 5_000}
	if shares, err := d.ForgivingShares(one, 3_000); err != nil || len(shares) != 1 || shares[0] != (model.Share{InstallmentID: 52, AmountFen: 3_000}) {
		t.Errorf("%v %v", shares, err)
	}
	if shares, err := d.ForgivingShares(one, 0); err != nil || len(shares) != 0 {
		t.Errorf("who has paid his share: %v %v", shares, err)
	}
	common := model.DebtEntry{Kind: model.DebtForgive, ObligationID: 5, CreatedAt: model.NewDate(2026, 1, 20).Start()}
	on := model.NewDate(2026, 1, 21)
	if err := d.CheckRefusal(common, false, model.CourtSettings{}, on); model.ReasonOf(err) != "debt.refuse_joint" {
		t.Error(err)
	}
	if err := d.CheckRefusal(common, true, model.CourtSettings{}, on); err != nil {
		t.Error(err)
	}
	one.CreatedAt = common.CreatedAt
	if err := d.CheckRefusal(one, false, model.CourtSettings{}, on); err != nil {
		t.Error(err)
	}
	if err := d.CheckRefusal(one, false, model.CourtSettings{}, on.AddDays(30)); model.ReasonOf(err) != "debt.refuse_late" {
		t.Error(err)
	}
}

// A certificate of which a part was forgiven, or that is about dues which go on, does
// not call everything performed where it speaks of a later enforcement case either.
func TestLaterEnforcementOfWhatWasForgiven(t *testing.T) {
	t.Parallel()
	f := model.CertificateFacts{EnforcedAfter: []model.LaterEnforcement{{CaseNo: "（2026）浙0211执1号", FiledOn: model.NewDate(2026, 6, 1)}}, ForgivenFen: 1}
	if s := f.Enforcement(); strings.Contains(s, "履行") || !strings.Contains(s, "义务消灭在先，立案在后") {
		t.Error(s)
	}
	f.ForgivenFen, f.UntilOn = 0, model.NewDate(2026, 7, 1)
	if s := f.Enforcement(); !strings.HasPrefix(s, "上述已经到期的义务履行完毕之后") {
		t.Error(s)
	}
}
