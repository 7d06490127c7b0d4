package model

import (
	"testing"
)

// 法发〔2017〕6号 10: thirty days from the notice of arrival; a delay that was approved
// moves the end to ten days after its ground, one that was not moves nothing.
func TestTheTermOfCaseMoney(t *testing.T) {
	t.Parallel()
	told := NewDate(2026, 3, 2)
	at := NewDate
	for name, tt := range map[string]struct {
		delays []PayoutDelay
		held   Fen
		want   Date
	}{
		"no delay":                 {nil, 100, at(2026, 4, 1)},
		"asked":                    {[]PayoutDelay{{State: DelayAsked, EnforcementCaseID: 1, UntilOn: at(2026, 6, 1)}}, 100, at(2026, 4, 1)},
		"refused":                  {[]PayoutDelay{{State: DelayRefused, EnforcementCaseID: 1, UntilOn: at(2026, 6, 1)}}, 100, at(2026, 4, 1)},
		"approved":                 {[]PayoutDelay{{State: DelayApproved, EnforcementCaseID: 1, UntilOn: at(2026, 6, 1)}}, 100, at(2026, 6, 11)},
		"its ground ceased before": {[]PayoutDelay{{State: DelayApproved, EnforcementCaseID: 1, UntilOn: at(2026, 6, 1), EndedOn: at(2026, 4, 20)}}, 100, at(2026, 4, 30)},
		"shorter than the term":    {[]PayoutDelay{{State: DelayApproved, EnforcementCaseID: 1, UntilOn: at(2026, 3, 10)}}, 100, at(2026, 4, 1)},
		"of another case":          {[]PayoutDelay{{State: DelayApproved, EnforcementCaseID: 2, UntilOn: at(2026, 6, 1)}}, 100, at(2026, 4, 1)},
		"nothing left":             {nil, 0, Date{}},
	} {
		m := CaseMoney{EnforcementCaseID: 1, NoticeOn: told, HeldFen: tt.held}
		if m.SetDue(tt.delays); m.DueOn != tt.want {
			t.Errorf("%s: due %s, want %s", name, m.DueOn, tt.want)
		}
	}
	m := CaseMoney{EnforcementCaseID: 1, NoticeOn: told, HeldFen: 100, DueOn: at(2026, 4, 1)}
	if m.State(at(2026, 4, 1)) != MoneyDue || m.State(at(2026, 4, 2)) != MoneyLate || m.DaysLeft(at(2026, 4, 3)) != -2 {
		t.Error(m.State(at(2026, 4, 1)), m.State(at(2026, 4, 2)), m.DaysLeft(at(2026, 4, 3)))
	}
	if m.EnforcementCaseID = 0; m.State(told) != MoneyUnidentified {
		t.Error(m.State(told))
	}
}

// A payout never takes what is not free, goes to nobody but an applicant's confirmed
// account, the treasury or the payer himself, and takes no more than the fee.
func TestWhereCaseMoneyMayGo(t *testing.T) {
	t.Parallel()
	e := EnforcementFile{EnforcementCase: EnforcementCase{ID: 1, AmountFen: Yuan(20_000)}, Parties: []EnforcementParty{{PartyID: 2, Role: EnforcementApplicant}, {PartyID: 3, Role: EnforcementDebtor}}}
	paid := []Payout{{Kind: PayoutFee, State: PayoutPaid, AmountFen: Yuan(50)}, {Kind: PayoutFee, State: PayoutApproved, AmountFen: Yuan(100)}, {Kind: PayoutFee, State: PayoutCameBack, AmountFen: Yuan(7)}}
	g := PayoutGround{
		Money: CaseMoney{HeldFen: Yuan(1000), ReservedFen: Yuan(400), PayerName: "赵明"}, File: e, Fee: ExecutionFee(e.EnforcementCase, paid),
		Account: &PaymentAccount{ID: 9, PartyID: 2, State: AccountInUse, Payee: "王某", Number: "6222000011112222", Bank: "某银行"},
	}
	if g.Fee.FeeFen != Yuan(200) || g.Fee.Open() != Yuan(50) { // 50 + 1.5 % of 10,000
		t.Fatal(g.Fee)
	}
	to := func(k PayoutKind, fen Fen, change func(*Payout, *PayoutGround)) error {
		p, g := Payout{Kind: k, AmountFen: fen, Payee: "赵 明", Number: "6222 0000 1111 2222", Bank: "某银行", Reason: "决定书文号", PartyID: 2}, g
		if change != nil {
			change(&p, &g)
		}
		return p.Check(g)
	}
	for name, tt := range map[string]struct {
		err  error
		want string
	}{
		"a creditor":                {to(PayoutCreditor, Yuan(600), nil), ""},
		"the fee":                   {to(PayoutFee, Yuan(50), nil), ""},
		"a fine":                    {to(PayoutFine, Yuan(10), nil), ""},
		"back to the payer":         {to(PayoutRefund, Yuan(10), nil), ""},
		"lodged":                    {to(PayoutLodged, Yuan(10), nil), ""},
		"nowhere":                   {to("", Yuan(1), nil), "payout.kind"},
		"nothing":                   {to(PayoutCreditor, 0, nil), "amount.positive"},
		"more than is free":         {to(PayoutCreditor, Yuan(601), nil), "money.over"},
		"more than the fee":         {to(PayoutFee, Yuan(51), nil), "payout.fee"},
		"to the debtor":             {to(PayoutCreditor, Yuan(1), func(p *Payout, _ *PayoutGround) { p.PartyID = 3 }), "payout.creditor"},
		"without an account":        {to(PayoutCreditor, Yuan(1), func(_ *Payout, g *PayoutGround) { g.Account = nil }), "payout.account"},
		"an account in doubt":       {to(PayoutCreditor, Yuan(1), func(_ *Payout, g *PayoutGround) { a := *g.Account; a.State = AccountDoubted; g.Account = &a }), "payout.account"},
		"while it is shared":        {to(PayoutCreditor, Yuan(1), func(_ *Payout, g *PayoutGround) { g.Sharing = true }), "payout.sharing"},
		"back to somebody else":     {to(PayoutRefund, Yuan(1), func(p *Payout, _ *PayoutGround) { p.Payee = "钱某" }), "payout.payer"},
		"back without a ground":     {to(PayoutRefund, Yuan(1), func(p *Payout, _ *PayoutGround) { p.Reason = " " }), "payout.refund"},
		"a fine without a number":   {to(PayoutFine, Yuan(1), func(p *Payout, _ *PayoutGround) { p.Reason = "" }), "payout.fine"},
		"lodged without a ground":   {to(PayoutLodged, Yuan(1), func(p *Payout, _ *PayoutGround) { p.Reason = "" }), "payout.lodged"},
		"a number that is none":     {to(PayoutFee, Yuan(1), func(p *Payout, _ *PayoutGround) { p.Number = "12" }), "payment_account.number"},
		"a fee to no bank":          {to(PayoutFee, Yuan(1), func(p *Payout, _ *PayoutGround) { p.Bank = "" }), "field.required"},
		"a fee, while it is shared": {to(PayoutFee, Yuan(1), func(_ *Payout, g *PayoutGround) { g.Sharing = true }), ""},
	} {
		if got := ReasonOf(tt.err); got != tt.want {
			t.Errorf("%s: %v, want %q", name, tt.err, tt.want)
		}
	}
}
