package model

import (
	"strings"
	"testing"
)

func TestFashi2014No8Article5(t *testing.T) {
	t.Parallel()
	rate := func(yuan string, per int64) Rate {
		return Rate{Yuan: yuan, Per: per, OnDay: NewDate(2026, 3, 2), Source: "中国外汇交易中心"}
	}
	for name, c := range map[string]struct {
		currency Currency
		minor    int64
		rate     Rate
		want     Fen
	}{
		"dollars":              {"USD", 50_000_00, rate("7.1234", 1), 356_170_00},
		"half a fen is one":    {"USD", 1, rate("0.5", 1), 1},
		"less than half":       {"USD", 1, rate("0.4999", 1), 0},
		"yen have no decimals": {"JPY", 1_000_000, rate("4.6512", 100), 46_512_00},
		"the dearest":          {"USD", MaxMinor, rate("7.1234", 1), 712_340_000_000},
		"beyond every amount":  {"USD", MaxMinor, rate("999999", 1), 0},
		"a rate in words":      {"USD", 100, rate("七", 1), 0},
		"an exponent":          {"USD", 100, rate("1e3", 1), 0},
		"a negative one":       {"USD", 100, rate("-7", 1), 0},
	} {
		if got := c.rate.Fen(c.currency, c.minor); got != c.want {
			t.Errorf("%s: %d, want %d", name, got, c.want)
		}
	}
	if back := rate("7.1234", 1).Minor("USD", 356_170_00); back != 50_000_00 {
		t.Error(back)
	}
	if s := Currency("JPY").Amount(1_234_567); s != "1,234,567 日元" {
		t.Error(s)
	}
	if _, err := Currency("JPY").ParseAmount("12.50"); ReasonOf(err) != "amount.decimals" {
		t.Error(err)
	}
	if n, err := Currency("USD").ParseAmount("50,000.5"); n != 50_000_50 || err != nil {
		t.Error(n, err)
	}

	// Due on Saturday 28 February, so that the doubled part begins on 1 March: the
	// middle rate of that day, or the last one before, and no other.
	i := Installment{DueOn: NewDate(2026, 2, 28)}
	today := NewDate(2026, 3, 20)
	debt := func(inYuan bool, on Date, change func(*Rate)) ForeignDebt {
		r := rate("7.1234", 1)
		r.OnDay = on
		change(&r)
		return ForeignDebt{Currency: "USD", Minor: 50_000_00, Rate: &r, InYuan: inYuan}
	}
	same := func(*Rate) {}
	paid := i
	paid.ConfirmedFen = 1
	forgiven := i
	forgiven.ForgivenFen = 1
	for name, c := range map[string]struct {
		debt ForeignDebt
		i    Installment
		want string
	}{
		"the day itself":                {debt(true, NewDate(2026, 3, 1), same), i, ""},
		"the last one before a weekend": {debt(true, NewDate(2026, 2, 27), same), i, ""},
		"a later one":                   {debt(true, NewDate(2026, 3, 2), same), i, "currency.rate_day"},
		"one of long before":            {debt(true, NewDate(2026, 2, 1), same), i, "currency.rate_day"},
		"before it is due":              {debt(true, NewDate(2026, 3, 1), same), Installment{DueOn: today}, "currency.rate_day"},
		"for the book, any day":         {debt(false, NewDate(2026, 3, 18), same), i, ""},
		"for the book, of tomorrow":     {debt(false, today.AddDays(1), same), i, "currency.rate_day"},
		"a rate of nothing":             {debt(false, today, func(r *Rate) { r.Yuan = "0.00" }), i, "currency.rate"},
		"for a thousand":                {debt(false, today, func(r *Rate) { r.Per = 1000 }), i, "currency.rate"},
		"nobody says from where":        {debt(false, today, func(r *Rate) { r.Source = "" }), i, "currency.source"},
		"something is paid":             {debt(false, today, same), paid, "currency.paid"},
		"something is forgiven":         {debt(false, today, same), forgiven, "currency.paid"},
		"a point and no decimals":       {debt(false, today, func(r *Rate) { r.Yuan = "7." }), i, "currency.rate"},
		"a blank before it":             {debt(false, today, func(r *Rate) { r.Yuan = " 7.1" }), i, "currency.rate"},
		"noughts before it":             {debt(false, today, func(r *Rate) { r.Yuan = "007.1" }), i, "currency.rate"},
		"no rate":                       {ForeignDebt{Currency: "USD", Minor: 1}, i, "currency.rate"},
	} {
		if got := ReasonOf(c.debt.CheckRate(c.i, 0, false, today)); got != c.want {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
	}
	// The first day counts by the court's setting: then it is 28 February.
	if err := debt(true, NewDate(2026, 3, 1), same).CheckRate(i, 0, true, today); ReasonOf(err) != "currency.rate_day" {
		t.Error(err)
	}
	// The first money pays interest (民法典 561): it is booked by the rate all the same.
	if err := debt(false, today, same).CheckRate(i, 1, false, today); ReasonOf(err) != "currency.paid" {
		t.Error(err)
	}

	// The currency performs always, the yuan when the creditor asks for them, nothing
	// while no rate is there.
	kept, asked := debt(false, today, same), debt(true, NewDate(2026, 3, 1), same)
	bare := ForeignDebt{Currency: "USD", Minor: 1}
	for n, got := range []bool{
		(*ForeignDebt)(nil).Accepts(""), !(*ForeignDebt)(nil).Accepts("USD"), kept.Accepts("USD"), !kept.Accepts(""), !kept.Accepts("EUR"),
		asked.Accepts("USD"), asked.Accepts(""), !bare.Accepts("USD"), !bare.Accepts(""),
	} {
		if !got {
			t.Errorf("%d is wrong", n)
		}
	}
	if w := asked.Words(); !strings.Contains(w, "50,000.00 美元") || !strings.Contains(w, "权利人主张以人民币计算") || !strings.Contains(w, "356,170.00 元") || !strings.Contains(w, "2026年3月1日 1 美元兑人民币 7.1234 元（中国外汇交易中心）") {
		t.Error(w)
	}
	// 100 days late at 1.75 in ten thousand: 875.00 dollars, reckoned in fen and told
	// in dollars.
	d := Debts{
		Obligations:  []Obligation{{ID: 1, Kind: ObligationMoney, ObligeeID: 2, Category: CategoryDebt, AmountFen: 356_170_00, Foreign: &kept}},
		Installments: []Installment{{ID: 1, ObligationID: 1, AmountFen: 356_170_00, DueOn: NewDate(2026, 2, 28)}},
	}
	d.Case.Kind = CaseCivil
	r := d.Reckon(d.Installments[0], Payments{}, CourtSettings{}, NewDate(2026, 6, 8))
	if late := kept.LateWords(r.DoubledFen); r.DoubledFen != 6_232_98 || !strings.HasSuffix(late, "875.00 美元") {
		t.Error(r.DoubledFen, late)
	}
	// The demand names what was fixed.
	d.Obligors, d.Instruments = []Obligor{{ObligationID: 1, PartyID: 9}}, []Instrument{{ID: 3, EffectiveOn: NewDate(2026, 2, 10)}}
	d.Obligations[0].InstrumentID = 3
	if f := d.ReminderFacts(Court{}, "张某", 9, false, "1号", Payments{}, NewDate(2026, 6, 8)); len(f.Items) != 1 || !strings.Contains(f.Items[0].What, "50,000.00 美元") {
		t.Errorf("%+v", f.Items)
	}
	if sum, list := d.outstanding(d.Installments); sum != 0 || len(list) != 1 || !strings.Contains(list[0], "给付 50,000.00 美元") {
		t.Error(sum, list)
	}
	if asked.LateWords(r.DoubledFen) != "" {
		t.Error("yuan are asked for")
	}

	// What is paid in dollars is booked by the debt's rate, whatever rate there is by
	// then; yuan by the rate of the day of payment.
	book := rate("7.1234", 1)
	p := ForeignPayment{Currency: "USD", Minor: 50_000_00, Booked: book}
	if fen, err := p.Book(today, today); fen != 356_170_00 || err != nil {
		t.Error(fen, err)
	}
	day := rate("7.0000", 1)
	day.OnDay = today
	p = ForeignPayment{Currency: "USD", YuanFen: 350_000_00, Rate: &day, Booked: book}
	if fen, err := p.Book(today, today); fen != 356_170_00 || p.Minor != 50_000_00 || err != nil {
		t.Error(fen, p.Minor, err)
	}
	if w := p.Words(356_170_00); !strings.Contains(w, "以人民币 350,000.00 元支付") || !strings.Contains(w, "折合 50,000.00 美元") {
		t.Error(w)
	}
	day.OnDay = today.AddDays(-30)
	if _, err := p.Book(today, today); ReasonOf(err) != "currency.rate_day" {
		t.Error(err)
	}
	p.Rate = nil
	if _, err := p.Book(today, today); ReasonOf(err) != "currency.rate" {
		t.Error(err)
	}
}
