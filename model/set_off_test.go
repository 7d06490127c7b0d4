package model

import (
	"errors"
	"strings"
	"testing"
)

// declared is a set-off that the law allows, of 5 March 2026, and what was changed
// of it.
func declared(change ...func(*SetOff)) *SetOff {
	s := &SetOff{
		CreditorID: 2, Basis: SetOffInstrument, InstrumentNo: "（2025）浙0211民初7号民事判决书", InstrumentOn: NewDate(2025, 12, 1), ClaimFen: 500_00,
		DueOn: NewDate(2026, 1, 10), NoticeOn: NewDate(2026, 3, 5), How: "挂号信签收", Unconditional: true,
	}
	for _, f := range change {
		f(s)
	}
	return s
}

func TestCivilCode568(t *testing.T) {
	t.Parallel()
	today := NewDate(2026, 3, 10)
	for name, c := range map[string]struct {
		change func(*SetOff)
		want   string
	}{
		"as it should be":                {func(*SetOff) {}, ""},
		"the claim falls due that day":   {func(s *SetOff) { s.DueOn = s.NoticeOn }, ""},
		"the claim is not due yet":       {func(s *SetOff) { s.DueOn = s.NoticeOn.AddDays(1) }, "set_off.due"},
		"a condition":                    {func(s *SetOff) { s.Unconditional = false }, "set_off.condition"},
		"the creditor was not told":      {func(s *SetOff) { s.NoticeOn = Date{} }, "set_off.notice"},
		"he will be told":                {func(s *SetOff) { s.NoticeOn = today.AddDays(1) }, "set_off.notice"},
		"nobody says how":                {func(s *SetOff) { s.How = " " }, "set_off.notice"},
		"more than the claim":            {func(s *SetOff) { s.ClaimFen = 299_99 }, "set_off.claim"},
		"against nobody":                 {func(s *SetOff) { s.CreditorID = 0 }, "set_off.creditor"},
		"no basis":                       {func(s *SetOff) { s.Basis = "" }, "set_off.basis"},
		"an instrument without a number": {func(s *SetOff) { s.InstrumentNo = "" }, "set_off.basis"},
		"an instrument of tomorrow":      {func(s *SetOff) { s.InstrumentOn = today.AddDays(1) }, "set_off.basis"},
		"acknowledged, no instrument":    {func(s *SetOff) { s.Basis, s.InstrumentNo, s.InstrumentOn = SetOffAcknowledged, "", Date{} }, ""},
	} {
		if got := ReasonOf(declared(c.change).Check(300_00, today)); got != c.want {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
	}
	money := func(kind CaseKind, cause string, change func(*Obligation)) error {
		ob := Obligation{Kind: ObligationMoney, ObligeeID: 2, Category: CategoryDebt, AmountFen: 1}
		change(&ob)
		return Debts{Case: Case{Kind: kind, Cause: cause}}.SetOffBarred(ob)
	}
	same := func(*Obligation) {}
	for name, c := range map[string]struct {
		err    error
		barred string // what it says, "" when something may be set off
	}{
		"a sale":               {money(CaseCivil, "买卖合同纠纷", same), ""},
		"a fine":               {money(CaseCriminal, "盗窃罪", func(o *Obligation) { o.ObligeeID, o.ToCourt, o.Category = 0, true, CategoryFine }), "民法典第五百六十八条"},
		"restitution":          {money(CaseCriminal, "盗窃罪", func(o *Obligation) { o.Category = CategoryRestitution }), "退赔和赔偿"},
		"incidental civil":     {money(CaseCriminal, "故意伤害罪", func(o *Obligation) { o.Category = CategoryCivil }), "第五十七条"},
		"nobody said what":     {money(CaseCriminal, "盗窃罪", func(o *Obligation) { o.Category = CategoryNone }), "退赔和赔偿"},
		"injury":               {money(CaseCivil, "生命权、身体权、健康权纠纷", same), "人身权益"},
		"traffic":              {money(CaseCivil, "机动车交通事故责任纠纷", same), "人身权益"},
		"maintenance":          {money(CaseCivil, "抚养费纠纷", same), "抚养"},
		"maintenance, divorce": {money(CaseCivil, "离婚纠纷", func(o *Obligation) { o.Description = "婚生子的抚养费" }), "抚养"},
		"divorce, a share":     {money(CaseCivil, "离婚纠纷", func(o *Obligation) { o.Description = "房屋折价款" }), ""},
		"wages":                {money(CaseCivil, "追索劳动报酬纠纷", same), "劳动报酬"},
		"an agency's fine":     {money(CaseAdministrative, "市场监管行政处罚", func(o *Obligation) { o.Category = CategoryPrincipal }), "行政决定"},
		"conduct":              {money(CaseCivil, "买卖合同纠纷", func(o *Obligation) { o.Kind = ObligationConduct }), "种类不同"},
	} {
		switch {
		case c.barred == "" && c.err != nil, c.barred != "" && (c.err == nil || ReasonOf(c.err) != "set_off.barred" || !strings.Contains(messageOf(c.err), c.barred)):
			t.Errorf("%s: %v", name, c.err)
		}
	}
	if w := declared().Words(); !strings.Contains(w, "（2025）浙0211民初7号民事判决书") || !strings.Contains(w, "2025年12月1日") {
		t.Error(w)
	}
}

func TestObjectionRules19(t *testing.T) {
	t.Parallel()
	said := func(s *SetOff) { s.Basis, s.InstrumentNo = SetOffAcknowledged, "" }
	onPaper := func(s *SetOff) { said(s); s.Paper = "2026年3月1日的对账单" }
	for name, c := range map[string]struct {
		s        *SetOff
		enforced bool
		answer   ResponseState
		reason   string
		want     string
	}{
		"an instrument, disputed in enforcement":  {declared(), true, ResponseDisputed, "", ""},
		"acknowledged on paper":                   {declared(onPaper), true, ResponseAsked, "", ""},
		"on a paper that he denies":               {declared(onPaper), true, ResponseDisputed, " ", "set_off.silence"},
		"on a paper that was examined":            {declared(onPaper), true, ResponseDisputed, "经核对笔迹属实", ""},
		"acknowledged on the phone":               {declared(said), true, ResponseAcknowledged, "", ""},
		"silence in enforcement":                  {declared(said), true, ResponseAsked, "查明属实", "set_off.not_acknowledged"},
		"disputed in enforcement":                 {declared(said), true, ResponseDisputed, "查明属实", "set_off.disputed"},
		"disputed before enforcement":             {declared(said), false, ResponseDisputed, "查明属实", "set_off.disputed"},
		"silence before enforcement":              {declared(said), false, ResponseAsked, " ", "set_off.silence"},
		"silence before enforcement, with reason": {declared(said), false, ResponseAsked, "有银行流水和收货单为证", ""},
	} {
		if got := ReasonOf(c.s.CheckBasis(c.enforced, c.answer, c.reason)); got != c.want {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
	}
}

func messageOf(err error) string {
	e, _ := errors.AsType[*Error](err)
	return e.Message
}
