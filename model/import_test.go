package model

import (
	"slices"
	"testing"
	"time"
)

// Nobody hears of imported cases before somebody looked at one notice of each
// kind, or the day and the hour came; a repeat changes nothing.
func TestLettingTheNoticesOfAnImportGo(t *testing.T) {
	t.Parallel()
	day := NewDate(2026, 3, 9)
	nine := day.Start().Add(9 * time.Hour)
	for name, c := range map[string]struct {
		m    Import
		now  time.Time
		want bool
	}{
		"the hour":             {Import{Choice: NoticesFrom, FromOn: day}, nine, true},
		"a second too early":   {Import{Choice: NoticesFrom, FromOn: day}, nine.Add(-time.Second), false},
		"missed for a week":    {Import{Choice: NoticesFrom, FromOn: day}, nine.AddDate(0, 0, 7), true},
		"held until seen":      {Import{Choice: NoticesHeld}, nine, false},
		"released before":      {Import{Choice: NoticesFrom, FromOn: day, ReleasedAt: &nine}, nine, false},
		"nothing was to go":    {Import{Choice: NoticesFrom, FromOn: day, DoneAt: &nine}, nine, false},
		"told at once already": {Import{Choice: NoticesNow, ReleasedAt: &nine}, nine, false},
	} {
		if got := c.m.Due(9, c.now); got != c.want {
			t.Errorf("%s: due %v", name, got)
		}
	}
	m := Import{Choice: NoticesHeld}
	samples := []ImportSample{{Kind: NoticeMessageAsked, LookedAt: &nine}, {Kind: NoticeDutyOpened}}
	if err := m.Release(samples, 5, nine); ReasonOf(err) != "import.unseen" || !m.Waits() {
		t.Errorf("released unseen: %v", err)
	}
	samples[1].LookedAt = &nine
	if err := m.Release(samples, 5, nine); err != nil || m.Waits() || m.ReleasedBy != 5 {
		t.Errorf("%v, %+v", err, m)
	}
	if err := m.Release([]ImportSample{{}}, 6, nine.Add(time.Hour)); err != nil || m.ReleasedBy != 5 || !m.ReleasedAt.Equal(nine) {
		t.Errorf("a repeat says another released them: %v, %+v", err, m)
	}
}

// What was performed before the import is no fact until the judge says so: it
// waits in his queue, names its payer and is flagged (domain §3.3, §3.11).
func TestPaymentsOfAnImport(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 3, 2, 2, 0, 0, 0, time.UTC)
	base := ImportedPayment{
		Case: Case{ID: 3, CourtID: 1, JudgeID: 30, CaseNo: "（2026）浙0211民初1234号", Kind: CaseCivil}, Party: Party{ID: 2, Name: "李 某", NameNorm: NormalizeName("李某")},
		Obligation: Obligation{Kind: ObligationMoney}, Installments: []Installment{{DueOn: NewDate(2026, 4, 1)}}, EffectiveOn: NewDate(2026, 1, 5),
		AmountFen: Yuan(100), PaidOn: NewDate(2026, 1, 10),
	}
	for name, c := range map[string]struct {
		change func(*ImportedPayment)
		payer  PayerKind
		proof  ProofKind
		flags  []FlagKind
	}{
		"he paid":                         {func(*ImportedPayment) {}, PayerSelf, ProofImported, nil},
		"his own name, written otherwise": {func(p *ImportedPayment) { p.PayerName = "李　某" }, PayerSelf, ProofImported, nil},
		"his brother paid":                {func(p *ImportedPayment) { p.PayerName = "李四" }, PayerOther, ProofImported, []FlagKind{FlagPaidByOther}},
		"before it was in force":          {func(p *ImportedPayment) { p.PaidOn = NewDate(2026, 1, 4) }, PayerSelf, ProofImported, []FlagKind{FlagBeforeEffective}},
		"on the day it came into force":   {func(p *ImportedPayment) { p.PaidOn = NewDate(2026, 1, 5) }, PayerSelf, ProofImported, nil},
		"no day of effect is known":       {func(p *ImportedPayment) { p.EffectiveOn, p.PaidOn = Date{}, NewDate(2020, 1, 1) }, PayerSelf, ProofImported, nil},
		"conduct":                         {func(p *ImportedPayment) { p.Obligation.Kind, p.AmountFen = ObligationConduct, 0 }, PayerSelf, ProofConduct, nil},
	} {
		p := base
		c.change(&p)
		r := p.Receipt(7, 50, "k", now)
		if r.State != ReceiptSubmitted || r.JudgeID != 30 || r.ImportID != 7 || r.PayerKind != c.payer || r.ProofKind != c.proof || r.ClaimedFen != p.AmountFen || r.DueOn != NewDate(2026, 4, 1) {
			t.Errorf("%s: %+v", name, r)
		}
		if got := p.Flags(r); !slices.Equal(got, c.flags) {
			t.Errorf("%s is flagged %v, want %v", name, got, c.flags)
		}
	}
}
