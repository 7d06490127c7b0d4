package model

import (
	"fmt"
	"math/big"
	"strings"
	"unicode/utf8"
)

// Currency is an ISO 4217 code, "" for the yuan.
type Currency string

// The currencies in which an instrument can be entered.
const (
	CurrencyDollar           Currency = "USD"
	CurrencyEuro             Currency = "EUR"
	CurrencyHongKongDollar   Currency = "HKD"
	CurrencyYen              Currency = "JPY"
	CurrencyPound            Currency = "GBP"
	CurrencyAustralianDollar Currency = "AUD"
	CurrencyCanadianDollar   Currency = "CAD"
	CurrencySingaporeDollar  Currency = "SGD"
	CurrencySwissFranc       Currency = "CHF"
	CurrencyNewZealandDollar Currency = "NZD"
	CurrencyWon              Currency = "KRW"
	CurrencyPataca           Currency = "MOP"
	CurrencyTaiwanDollar     Currency = "TWD"
)

// currencies are those in which an instrument can be entered, with the decimals
// of their smallest unit (ISO 4217).
var currencies = []struct {
	code   Currency
	name   string
	digits int
}{
	{CurrencyDollar, "美元", 2},
	{CurrencyEuro, "欧元", 2},
	{CurrencyHongKongDollar, "港元", 2},
	{CurrencyYen, "日元", 0},
	{CurrencyPound, "英镑", 2},
	{CurrencyAustralianDollar, "澳大利亚元", 2},
	{CurrencyCanadianDollar, "加拿大元", 2},
	{CurrencySingaporeDollar, "新加坡元", 2},
	{CurrencySwissFranc, "瑞士法郎", 2},
	{CurrencyNewZealandDollar, "新西兰元", 2},
	{CurrencyWon, "韩元", 0},
	{CurrencyPataca, "澳门元", 2},
	{CurrencyTaiwanDollar, "新台币", 2},
}

// Currencies lists them in the order of screens.
func Currencies() (out []Currency) {
	for _, c := range currencies {
		out = append(out, c.code)
	}
	return out
}

// Chinese is the currency's name, "" for an unknown one.
func (c Currency) Chinese() string {
	for _, k := range currencies {
		if k.code == c {
			return k.name
		}
	}
	return ""
}

// digits are the decimals of its smallest unit.
func (c Currency) digits() int {
	for _, k := range currencies {
		if k.code == c {
			return k.digits
		}
	}
	return 2
}

// Amount is an amount in the smallest unit, as it is printed: 50,000.00 美元.
func (c Currency) Amount(minor int64) string {
	if c.digits() == 0 {
		return strings.TrimSuffix(Fen(minor*100).Yuan(), ".00") + " " + c.Chinese()
	}
	return Fen(minor).Yuan() + " " + c.Chinese()
}

// MaxMinor bounds an amount in the smallest unit of a currency, so that nothing
// that is computed from it leaves 64 bits.
const MaxMinor = int64(MaxFen) / 100

// ParseAmount reads an amount as people type it, in the smallest unit.
func (c Currency) ParseAmount(s string) (int64, error) {
	fen, err := ParseYuan(s)
	switch {
	case err != nil:
		return 0, err
	case c.digits() == 0 && fen%100 != 0:
		return 0, E(Invalid, "amount.decimals", c.Chinese()+"没有小数")
	case c.digits() == 0:
		fen /= 100
	}
	if int64(fen) > MaxMinor {
		return 0, E(Invalid, "amount.too_large", "金额过大，请核对")
	}
	return int64(fen), nil
}

// Rate is a middle rate of the yuan as it was published on a day: so many yuan for
// one or a hundred units.
type Rate struct {
	Yuan   string `json:"yuan"` // a decimal, as published, e.g. 7.1234
	Per    int64  `json:"per"`  // 1 or 100
	OnDay  Date   `json:"on"`
	Source string `json:"source"`
}

// rateDigits are the decimals that a rate may have.
const rateDigits = 8

// scaled is the rate times 10^rateDigits, 0 when it is none.
func (r Rate) scaled() *big.Int {
	whole, frac, point := strings.Cut(r.Yuan, ".") // papers print it as it stands
	if whole == "" || len(whole) > 6 || whole[0] == '0' && len(whole) > 1 || point && frac == "" || len(frac) > rateDigits || !digits(whole) || !digits(frac) {
		return new(big.Int)
	}
	out, _ := new(big.Int).SetString(whole+frac+strings.Repeat("0", rateDigits-len(frac)), 10)
	return out
}

// Check refuses what is no rate, and one of a day that is not there yet.
func (r Rate) Check(today Date) error {
	var wrong Faults
	wrong.If(r.scaled().Sign() <= 0 || r.Per != 1 && r.Per != 100, "rate", "currency.rate", "请按公布的人民币汇率中间价填写，例如 7.1234，并选择每 1 单位或者每 100 单位外币")
	wrong.If(r.OnDay.IsZero() || r.OnDay.After(today) || r.OnDay.Before(recorded), "rate_on", "currency.rate_day", "请填写汇率公布的日期，不能晚于今天")
	wrong.If(strings.TrimSpace(r.Source) == "" || utf8.RuneCountInString(r.Source) > 200, "source", "currency.source", "请填写汇率的来源（如中国外汇交易中心公布的中间价；没有中间价而套算的，写明套算的过程），不超过 200 字")
	return wrong.Err()
}

// Words say the rate, as papers print it.
func (r Rate) Words(c Currency) string {
	return fmt.Sprintf("%s %d %s兑人民币 %s 元（%s）", r.OnDay.Chinese(), r.Per, c.Chinese(), r.Yuan, r.Source)
}

// Fen converts an amount in the smallest unit of a currency to fen, rounded half up
// to the fen. It is 0 where that is beyond every amount that the court knows.
func (r Rate) Fen(c Currency, minor int64) Fen {
	num := new(big.Int).Mul(big.NewInt(minor), r.scaled())
	return Fen(quotient(num.Mul(num, big.NewInt(100)), r.unit(c)))
}

// Minor converts fen back, rounded half up to the smallest unit.
func (r Rate) Minor(c Currency, fen Fen) int64 {
	den := new(big.Int).Mul(r.scaled(), big.NewInt(100))
	return quotient(new(big.Int).Mul(big.NewInt(int64(fen)), r.unit(c)), den)
}

// unit is how many smallest units, times 10^rateDigits, the rate is for.
func (r Rate) unit(c Currency) *big.Int {
	out := new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(c.digits()+rateDigits)), nil)
	return out.Mul(out, big.NewInt(r.Per))
}

// quotient divides, rounded half up; 0 for what is no amount.
func quotient(num, den *big.Int) int64 {
	if den.Sign() <= 0 {
		return 0
	}
	num.Mul(num, big.NewInt(2)).Add(num, den)
	num.Quo(num, den.Mul(den, big.NewInt(2)))
	if !num.IsInt64() || num.Int64() > int64(MaxFen) {
		return 0
	}
	return num.Int64()
}

// ForeignDebt is what an instrument fixes in another currency. The ledger is kept
// in fen by one rate that the judge entered, so that everything is added up once;
// what was fixed stays beside it. Since all of the debt is booked by one rate, the
// interest that is reckoned in fen is, by the same rate, the interest of the debt in
// its own currency.
type ForeignDebt struct {
	Currency Currency `json:"currency"`
	Minor    int64    `json:"minor"`          // in the smallest unit
	Rate     *Rate    `json:"rate,omitempty"` // by which it is booked, nil while nobody entered one
	// InYuan says that the creditor asks for yuan (法释〔2014〕8号 5 para. 1); otherwise
	// the currency stays and the yuan are for the book alone.
	InYuan bool `json:"in_yuan,omitempty"`
}

// Converted tells whether the debt can be booked.
func (f *ForeignDebt) Converted() bool { return f == nil || f.Rate != nil }

// Accepts tells whether money of a currency ("" for yuan) performs the debt as it
// stands on the record: its own currency always does, yuan when the creditor asks
// for them.
func (f *ForeignDebt) Accepts(c Currency) bool {
	if f == nil {
		return c == ""
	}
	return f.Rate != nil && (c == f.Currency || c == "" && f.InYuan)
}

// Words say the debt, as papers and screens print it.
func (f *ForeignDebt) Words() string {
	if f == nil {
		return ""
	}
	sum := f.Currency.Amount(f.Minor)
	switch {
	case f.Rate == nil:
		return sum + "（折合人民币的数额待登记汇率）"
	case f.InYuan:
		return sum + "，权利人主张以人民币计算，按" + f.Rate.Words(f.Currency) + "折合人民币 " + f.Rate.Fen(f.Currency, f.Minor).Yuan() + " 元"
	}
	return sum + "（以该币种履行；记账按" + f.Rate.Words(f.Currency) + "，合人民币 " + f.Rate.Fen(f.Currency, f.Minor).Yuan() + " 元）"
}

// LateWords say the doubled part in the debt's own currency, in which it is
// reckoned unless the creditor asks for yuan; "" for none.
// Source: 法释〔2014〕8号 5 para. 1.
func (f *ForeignDebt) LateWords(doubled Fen) string {
	if f == nil || f.Rate == nil || f.InYuan || doubled == 0 {
		return ""
	}
	return "加倍部分债务利息以该币种计算为 " + f.Currency.Amount(f.Rate.Minor(f.Currency, doubled))
}

// CheckForeign refuses a debt that cannot be entered in another currency.
func CheckForeign(f *ForeignDebt, ob Obligation, installments int, interest *InterestTerms) error {
	if f == nil {
		return nil
	}
	var wrong Faults
	wrong.If(f.Currency.Chinese() == "", "currency", "currency.unknown", "请选择币种；人民币不填")
	wrong.If(ob.Kind != ObligationMoney || ob.ToCourt, "currency", "currency.duty", "只有应向权利人给付的金钱义务可以是外币")
	wrong.If(f.Minor <= 0 || f.Minor > MaxMinor, "foreign_minor", "amount.positive", "请填写外币金额，以该币种的最小单位计")
	wrong.If(installments > 1 || ob.ShareRef != "" || ob.BurdenFen > 0, "currency", "currency.parts", "外币义务分期、按份或者另有不履行责任的，请按期、按人分别填写为几项义务")
	wrong.If(interest.fixedSums(), "interest", "currency.interest", "外币义务的利息另有基数或者总额上限的，请把利息另录一项")
	return wrong.Err()
}

// fixedSums tells whether the terms name sums of money.
func (t *InterestTerms) fixedSums() bool {
	if t == nil {
		return false
	}
	if t.CapFen > 0 {
		return true
	}
	for _, s := range t.Spans {
		if s.BaseFen > 0 {
			return true
		}
	}
	return false
}

// rateBefore is how many days before a day the last published rate can be: over the
// longest holidays none is published.
const rateBefore = 12

// CheckRate refuses to book a debt by a rate that the law does not know. Where the
// creditor asks for yuan, it is the middle rate of the day on which the doubled part
// begins, or the last one published before; for the book alone any day will do,
// since nothing is owed by it. What was paid or forgiven by an earlier rate stays, and
// so does the rate; interestPaid is what was paid of the interest on it.
//
// Para. 1: where foreign money is fixed, the doubled part is reckoned in it, but in
// yuan when the applicant asks for that. Para. 3: by the middle rate, of the day from
// which the doubled part counts, that the China Foreign Exchange Trade System or
// whom the People's Bank authorises published; where there is none for the
// currency, by the banks' middle rate of that day, or across the dollar: the source
// says which. That the last rate before a rest day holds for it is practice; the text
// does not say it.
// Source: 法释〔2014〕8号 5.
func (f ForeignDebt) CheckRate(i Installment, interestPaid Fen, firstDayCounts bool, today Date) error {
	if f.Rate == nil {
		return InvalidField("rate", "currency.rate", "请填写汇率")
	}
	if err := f.Rate.Check(today); err != nil {
		return err
	}
	if f.Rate.Fen(f.Currency, f.Minor) <= 0 {
		return InvalidField("rate", "currency.rate", "按该汇率折合的金额超出范围，请核对汇率和单位")
	}
	if i.ConfirmedFen > 0 || i.ForgivenFen > 0 || interestPaid > 0 {
		return E(Conflict, "currency.paid", "该项义务已有按原汇率确认的履行或者免除，不能改变折算的汇率；确需更正的，请先更正相应的回执或者登记")
	}
	if !f.InYuan {
		return nil
	}
	start := i.DueOn
	if !firstDayCounts {
		start = start.AddDays(1)
	}
	if i.DueOn.IsZero() || start.After(today) || f.Rate.OnDay.After(start) || f.Rate.OnDay.Before(start.AddDays(-rateBefore)) {
		day := "尚未开始计算"
		if !i.DueOn.IsZero() {
			day = start.Chinese()
		}
		return InvalidField("rate_on", "currency.rate_day", "以人民币计算的，按加倍部分债务利息起算之日（"+day+"）的中间价折合，当日没有公布的按此前最近一次"+by(CiteForeignCurrency))
	}
	return nil
}

// ForeignPayment is money of another currency that was paid, or yuan that were paid
// for a debt which is kept in one.
type ForeignPayment struct {
	Currency Currency `json:"currency"`
	Minor    int64    `json:"minor"`
	Booked   Rate     `json:"booked"` // by which the debt is booked
	// YuanFen is what was paid in yuan, 0 when it was the currency itself; then Rate
	// is that of the day of payment.
	YuanFen Fen   `json:"yuan_fen,omitempty"`
	Rate    *Rate `json:"rate,omitempty"`
}

// Words say what was paid, of what was confirmed of it in fen.
func (p ForeignPayment) Words(confirmed Fen) string {
	sum := p.Currency.Amount(p.Booked.Minor(p.Currency, confirmed))
	if p.YuanFen > 0 && p.Rate != nil {
		return "以人民币 " + p.YuanFen.Yuan() + " 元支付，按付款日汇率" + p.Rate.Words(p.Currency) + "折合 " + p.Currency.Amount(p.Minor) + "，确认 " + sum
	}
	return "以" + p.Currency.Chinese() + "支付 " + p.Currency.Amount(p.Minor) + "，确认 " + sum
}

// Book is what a payment comes to in the ledger, in fen: by the rate of the debt, so
// that what was fixed is performed by just as much of its own currency, whatever the
// rates have become.
func (p *ForeignPayment) Book(paidOn, today Date) (Fen, error) {
	if p.YuanFen > 0 {
		switch {
		case p.Rate == nil:
			return 0, InvalidField("rate", "currency.rate", "以人民币支付外币债务的，请填写付款日的汇率")
		case p.Rate.Check(today) != nil:
			return 0, p.Rate.Check(today)
		case p.Rate.OnDay.After(paidOn) || p.Rate.OnDay.Before(paidOn.AddDays(-rateBefore)):
			return 0, InvalidField("rate_on", "currency.rate_day", "请填写付款日的汇率，当日没有公布的按此前最近一次")
		}
		p.Minor = p.Rate.Minor(p.Currency, p.YuanFen)
	}
	if p.Minor <= 0 || p.Minor > MaxMinor {
		return 0, InvalidField("foreign_minor", "amount.positive", "请填写所付外币的金额，以该币种的最小单位计")
	}
	out := p.Booked.Fen(p.Currency, p.Minor)
	if out <= 0 {
		return 0, InvalidField("foreign_minor", "amount.positive", "所付金额折合人民币不足一分，或者超出范围，请核对")
	}
	return out, nil
}

// Settles tells whether a payment that is booked as some fen is all that is owed, in
// fen: every payment is rounded by itself, so that the last cent or yen of a debt may
// be booked a few fen away from what is open of it.
func (p ForeignPayment) Settles(booked, owed Fen) bool {
	return owed > 0 && (p.Booked.Minor(p.Currency, owed) == p.Minor || max(booked-owed, owed-booked) <= 1)
}

// convertDays is how many working days the court gives itself to enter a rate; no
// rule of law names a term.
const convertDays = 5

// ConvertTask asks the judge for the rate of a debt in another currency.
func ConvertTask(cs Case, ob Obligation, c *Calendar, today Date) Task {
	return Task{
		CourtID: cs.CourtID, CaseID: cs.ID, OwnerID: cs.JudgeID, Kind: TaskConvert, Subject: ThingObligation.Of(ob.ID),
		Title: "登记" + ob.Foreign.Currency.Amount(ob.Foreign.Minor) + "折算人民币的汇率", DueAt: c.Workdays(today, convertDays).EndOfDay(),
		DueReason: "录入之日起 5 个工作日（本院办理期限，法律没有规定）", DedupeKey: fmt.Sprintf("%s:%s", TaskConvert, ThingObligation.Key(ob.ID)),
	}
}
