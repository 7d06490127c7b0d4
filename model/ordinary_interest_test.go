package model

import (
	"slices"
	"strings"
	"testing"
)

func terms(t *testing.T, text string) *InterestTerms {
	t.Helper()
	out, err := ParseInterest(text)
	if err != nil {
		t.Fatalf("%s: %v", text, err)
	}
	return out
}

// loan is one debt of a lender's with running interest.
func loan(t *testing.T, fen Fen, text string) (d Debts, all []Installment) {
	t.Helper()
	d, all = manyDebts(fen)
	d.Obligations[0].Interest = terms(t, text)
	all[0].DueOn = NewDate(2026, 3, 31)
	d.Installments = all
	return d, all
}

// Each span is base × yearly rate ÷ days of the year × days, rounded once: both
// the first day and the day of payment count.
func TestOrdinaryInterestAtAFixedRate(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]Fen{
		"2026-01-01起 年利率6%":                                  5096, // 10,000 × 6 % ÷ 365 × 31 = 50.958904
		"2026-01-01起 年利率3.65%":                               100 * 31,
		"2026-01-01起 年利率3.6% 360天":                           100 * 31,
		"2026-01-01起 年利率3.65% 付款日不计":                         100 * 30,
		"2026-01-01起 年利率3.65% 总额20":                          2000,
		"2026-01-01起 年利率3.65% 基数5000":                        50 * 31,
		"2025-12-01至2025-12-31 年利率3.65%；2026-01-01起 年利率7.3%": 100*31 + 200*31,
	} {
		in := terms(t, text).Interest(Yuan(10_000), nil, nil, NewDate(2026, 1, 31))
		if in.AmountFen != want {
			t.Errorf("%s: %s, want %s", text, in.AmountFen.Yuan(), want.Yuan())
		}
		var sum Fen
		for _, l := range in.Lines {
			sum += l.AmountFen
		}
		if sum != in.AmountFen && !in.Capped {
			t.Errorf("%s: the lines make %s of %s", text, sum.Yuan(), in.AmountFen.Yuan())
		}
	}
	// What was paid bears interest until and including its day.
	paid := []PaidPart{{NewDate(2026, 1, 11), Yuan(4_000)}}
	in := terms(t, "2026-01-01起 年利率3.65%").Interest(Yuan(10_000), paid, nil, NewDate(2026, 1, 31))
	if in.AmountFen != 100*11+60*20 || in.PerDayFen != 60 || len(in.Lines) != 2 || in.Lines[1].From != NewDate(2026, 1, 12) {
		t.Errorf("after a payment: %+v", in)
	}
	if got := in.Lines[0].Chinese(); got != "2026年1月1日至2026年1月11日，10,000.00 元 × 年利率 3.65% ÷ 365 × 11 日 = 11.00 元" {
		t.Errorf("the line says %s", got)
	}
}

// The prime rate is that of each day, by the published table; a publication that
// changed nothing makes no line of its own.
func TestOrdinaryInterestByThePrimeRate(t *testing.T) {
	t.Parallel()
	in := terms(t, "2024-07-01起 一年期LPR").Interest(Yuan(1_000_000), nil, nil, NewDate(2024, 10, 31))
	var got []string
	for _, l := range in.Lines {
		got = append(got, l.From.String()+" "+RatePercent(l.RatePPM)+" "+l.AmountFen.Yuan())
	}
	want := []string{"2024-07-01 3.45% 1,984.93", "2024-07-22 3.35% 8,352.05", "2024-10-21 3.1% 934.25"}
	if !slices.Equal(got, want) || in.AmountFen != 198493+835205+93425 || !in.ProvisionalFrom.IsZero() {
		t.Errorf("%v, %s", got, in.AmountFen.Yuan())
	}
	for text, rate := range map[string]int64{
		"2024-08-01起 一年期LPR×1.5":             50250,
		"2024-08-01起 五年期LPR":                 38500,
		"2024-08-01起 一年期LPR×1.3+50基点":        48550,
		"2024-08-01起 2023-06-20的一年期LPR×4":    142000,
		"2024-08-01起 年利率24% 上限4倍":            134000, // 法释〔2020〕17号 25
		"2024-08-01起 年利率24% 上限2020-08-20的4倍": 154000,
		"2024-08-01起 年利率10% 上限4倍":            100000,
	} {
		in := terms(t, text).Interest(Yuan(100), nil, nil, NewDate(2024, 8, 2))
		if len(in.Lines) != 1 || in.Lines[0].RatePPM != rate {
			t.Errorf("%s: %+v", text, in.Lines)
		}
	}
}

// Where no publication is known, the figure is provisional and says from when;
// an entry moves that day, one that leaves a month out does not.
func TestAnUnknownPrimeRateIsProvisional(t *testing.T) {
	t.Parallel()
	last := shippedPrimeRates[len(shippedPrimeRates)-1].OnDay
	from := PrimeRates(nil).ProvisionalFrom()
	if from != NewDate(2026, 9, 20) || !from.After(last) {
		t.Fatalf("provisional from %s", from)
	}
	day := NewDate(2026, 11, 30)
	d, all := loan(t, Yuan(100_000), "2026-01-01起 一年期LPR")
	r := d.Reckon(all[0], Payments{}, CourtSettings{}, day)
	if r.ProvisionalFrom != from || !strings.Contains(strings.Join(r.Reasons(), ""), "自2026年9月20日起的利息所依据的LPR尚未录入") {
		t.Errorf("%s: %v", r.ProvisionalFrom, r.Reasons())
	}
	entered := []PrimeRate{{ID: 1, OnDay: NewDate(2026, 9, 21), OneYear: 295, FiveYear: 345}, {ID: 2, OnDay: NewDate(2026, 10, 20), OneYear: 290, FiveYear: 340}, {ID: 3, OnDay: NewDate(2026, 11, 20), OneYear: 290, FiveYear: 340}}
	rates := PrimeRatesWith(entered)
	if got := rates.ProvisionalFrom(); got != NewDate(2026, 12, 20) {
		t.Errorf("with three entries provisional from %s", got)
	}
	after := d.Reckon(all[0], Payments{Rates: rates}, CourtSettings{}, day)
	if !after.ProvisionalFrom.IsZero() || after.OrdinaryFen >= r.OrdinaryFen {
		t.Errorf("%s from %s, %s before", after.OrdinaryFen.Yuan(), after.ProvisionalFrom, r.OrdinaryFen.Yuan())
	}
	if got := PrimeRatesWith(entered[1:]).ProvisionalFrom(); got != from {
		t.Errorf("without September provisional from %s", got)
	}
	// A later entry for a day corrects the earlier.
	if rate, _ := PrimeRatesWith(append(entered, PrimeRate{ID: 4, OnDay: NewDate(2026, 9, 21), OneYear: 300, FiveYear: 350})).At(NewDate(2026, 9, 30), PrimeOneYear); rate != 300 {
		t.Errorf("corrected to %d", rate)
	}
	for name, bad := range map[string]PrimeRate{
		"prime_rate.day":    {OnDay: NewDate(2019, 8, 19), OneYear: 425, FiveYear: 485, Source: "公告"},
		"prime_rate.rate":   {OnDay: day, OneYear: 303, FiveYear: 350, Source: "公告"},
		"prime_rate.source": {OnDay: day, OneYear: 300, FiveYear: 350},
	} {
		if err := CheckPrimeRate(bad, day); ReasonOf(err) != name {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// 民法典 561: costs, interest, main debt, unless agreed otherwise; 法释〔2014〕8号 4:
// the doubled part when all of that is paid.
func TestCivilCode561(t *testing.T) {
	t.Parallel()
	d, all := loan(t, Yuan(100_000), "2026-01-01起 年利率3.65%") // 10 yuan a day
	on := NewDate(2026, 4, 10)                               // 100 days of interest, ten days late
	costs := Obligation{ID: 9, Kind: ObligationMoney, ObligeeID: 11, AmountFen: Yuan(500), Category: CategoryCreditorCosts}
	d.Obligations = append(d.Obligations, costs)
	all = append(all, Installment{ID: 9, ObligationID: 9, AmountFen: Yuan(500), DueOn: NewDate(2026, 3, 31)})
	d.Installments = all
	got := d.Spread(Payment{AmountFen: Yuan(1_600), PaidOn: on}, all, Payments{}, CourtSettings{})
	if !slices.Equal(got.Shares, []Share{{9, Yuan(500)}, {1, Yuan(100)}}) || !slices.Equal(got.Ordinary, []Share{{1, Yuan(1_000)}}) || got.Doubled != nil {
		t.Errorf("%+v", got)
	}
	// All of it: 100,000 and costs, interest of 100 days, the doubled part of ten.
	got = d.Spread(Payment{AmountFen: Yuan(102_000), PaidOn: on}, all, Payments{}, CourtSettings{})
	if len(got.Shares) != 2 || !slices.Equal(got.Ordinary, []Share{{1, Yuan(1_000)}}) || !slices.Equal(got.Doubled, []Share{{1, Yuan(175)}, {9, 88}}) || got.RestFen != Yuan(500)-Yuan(175)-88 {
		t.Errorf("all of it: %+v", got)
	}
	d.Obligations[0].Interest.PrincipalFirst = true
	got = d.Spread(Payment{AmountFen: Yuan(1_600), PaidOn: on}, all, Payments{}, CourtSettings{})
	if !slices.Equal(got.Shares, []Share{{9, Yuan(500)}, {1, Yuan(1_100)}}) || got.Ordinary != nil {
		t.Errorf("agreed otherwise: %+v", got)
	}
	d.Obligations[0].Interest.PrincipalFirst = false
	by := Spread{Shares: []Share{{1, Yuan(500)}}}
	if !d.SkipsInterest(by, all, Payments{}, on) {
		t.Error("principal before interest passes unseen")
	}
	by.Ordinary = []Share{{1, Yuan(1_000)}}
	if d.SkipsInterest(by, all, Payments{}, on) {
		t.Error("interest was paid")
	}
}

// 民法典 560 para. 2: of several debts to one creditor what is due, then the least
// secured, then the one that weighs most, then what was due earlier, then in
// proportion; the payer's choice before all of it, and nothing of it between
// creditors.
func TestCivilCode560(t *testing.T) {
	t.Parallel()
	d, all := manyDebts(100, 100, 100, 100)
	for n := range d.Obligations {
		d.Obligations[n].ObligeeID = 11
	}
	on := NewDate(2026, 3, 20)
	all[0].DueOn = NewDate(2026, 4, 1) // not due yet
	all[1].DueOn, d.Obligations[1].SecurityFen = NewDate(2026, 1, 1), Yuan(10)
	all[2].DueOn, d.Obligations[2].Weight = NewDate(2026, 3, 1), 2
	all[3].DueOn, d.Obligations[3].Weight = NewDate(2026, 2, 1), 1
	order := func(p Payment) (out []int64) {
		p.AmountFen, p.PaidOn = 400, on
		for _, s := range d.Spread(p, all, Payments{}, CourtSettings{}).Shares {
			out = append(out, s.InstallmentID)
		}
		return out
	}
	if got := order(Payment{}); !slices.Equal(got, []int64{3, 4, 2, 1}) {
		t.Errorf("%v", got)
	}
	if got := order(Payment{Targets: []int64{1}}); !slices.Equal(got, []int64{1, 3, 4, 2}) {
		t.Errorf("the payer's choice: %v", got)
	}
	d.Obligations[2].Weight = 1
	if got := order(Payment{}); !slices.Equal(got, []int64{4, 3, 2, 1}) {
		t.Errorf("alike, the earlier due: %v", got)
	}
	d.Obligations[3].ObligeeID = 12 // two creditors
	if got := order(Payment{}); !slices.Equal(got, []int64{2, 4, 3, 1}) {
		t.Errorf("between creditors: %v", got)
	}
}

// 民法典 575: what the creditor waived is owed no more, an amount or all of it with
// what would still grow; the judge leaves it with a reason; an entry is taken back
// by another.
func TestWaivedInterest(t *testing.T) {
	t.Parallel()
	d, all := loan(t, Yuan(100_000), "2026-01-01起 年利率3.65%")
	on := NewDate(2026, 4, 10)
	reckon := func(entries ...DebtEntry) Reckoning {
		return d.Reckon(all[0], Payments{Entries: StandingDebtEntries(entries)}, CourtSettings{}, on)
	}
	part := DebtEntry{ID: 1, ObligationID: 1, InstallmentID: 1, Kind: DebtWaive, Part: PartOrdinary, AmountFen: Yuan(400), OnDay: on}
	if r := reckon(part); r.OrdinaryFen != Yuan(600) || r.OrdinaryWaived != Yuan(400) || r.OrdinaryPerDay != Yuan(10) {
		t.Errorf("an amount: %+v", r)
	}
	whole := DebtEntry{ID: 2, ObligationID: 1, Kind: DebtLeave, Part: PartDoubled, OnDay: on, Reason: "债务人已协助处置"}
	if r := reckon(part, whole); r.DoubledFen != 0 || r.PerDayFen != 0 || r.DoubledWaived != Yuan(175) || r.OrdinaryFen != Yuan(600) {
		t.Errorf("the doubled part left: %+v", r)
	}
	undo := DebtEntry{ID: 3, Kind: DebtUndo, UndoesID: 2}
	if err := undo.Undo([]DebtEntry{part, whole}); err != nil || undo.ObligationID != 1 {
		t.Errorf("%v", err)
	}
	if r := reckon(part, whole, undo); r.DoubledFen != Yuan(175) {
		t.Errorf("taken back: %+v", r)
	}
	own := DebtEntry{ID: 4, Kind: DebtUndo, UndoesID: 1}
	if err := own.Undo([]DebtEntry{part}); ReasonOf(err) != "debt.undo" {
		t.Errorf("what a creditor declared himself: %v", err)
	}
	if _, err := d.WaiveShares(1, PartOrdinary, Yuan(1_001), Payments{}, CourtSettings{}, on); ReasonOf(err) != "debt.more_than_owed" {
		t.Errorf("more than is owed: %v", err)
	}
	for name, e := range map[string]DebtEntry{
		"reason.required": {Kind: DebtLeave, Part: PartDoubled, OnDay: on},
		"debt.part":       {Kind: DebtLeave, OnDay: on, Reason: "理由"},
		"debt.creditor":   {Kind: DebtWaive, Part: PartDoubled, PartyID: 12, OnDay: on},
		"debt.day":        {Kind: DebtLeave, Part: PartDoubled, OnDay: on.AddDays(1), Reason: "理由"},
		"debt.days":       {Kind: DebtExclude, FromOn: on, UntilOn: on.AddDays(-1), OnDay: on, Reason: "理由"},
	} {
		if err := e.Check(d.Obligations[0], RegimeCivil.Rules(), on); ReasonOf(err) != name {
			t.Errorf("%s: %v", name, err)
		}
	}
	if err := (DebtEntry{Kind: DebtBears, Bears: true, OnDay: on, Reason: "理由"}).Check(d.Obligations[0], RegimeFine.Rules(), on); ReasonOf(err) != "debt.no_doubling" {
		t.Errorf("a fine that bears: %v", err)
	}
}

// A duty with running interest is performed when that is paid or waived: not
// with its principal.
func TestPerformedWithItsInterest(t *testing.T) {
	t.Parallel()
	d, all := loan(t, Yuan(100_000), "2026-01-01起 年利率3.65%")
	on := NewDate(2026, 4, 10)
	i := all[0]
	i.ConfirmedFen = i.AmountFen
	paid := Payments{Principal: map[int64][]PaidPart{1: {{on, i.AmountFen}}}, Ordinary: map[int64][]PaidPart{1: {{on, Yuan(400)}}}}
	if got := d.CompletedOn(i, paid); !got.IsZero() {
		t.Errorf("performed on %s with 600 yuan of interest open", got)
	}
	later := on.AddDays(50)
	if r := d.Reckon(i, paid, CourtSettings{}, later); r.OrdinaryFen != Yuan(600) || r.OrdinaryPerDay != 0 || r.PrincipalFen != 0 {
		t.Errorf("after the principal: %+v", r)
	}
	paid.Ordinary[1] = append(paid.Ordinary[1], PaidPart{later, Yuan(600)})
	if got := d.CompletedOn(i, paid); got != later {
		t.Errorf("performed on %s", got)
	}
	paid.Ordinary[1] = paid.Ordinary[1][:1]
	paid.Entries = []DebtEntry{{ID: 1, ObligationID: 1, Kind: DebtWaive, Part: PartOrdinary, OnDay: later}}
	if got := d.CompletedOn(i, paid); got != later {
		t.Errorf("waived: performed on %s", got)
	}
	i.ConfirmedFen--
	if got := d.CompletedOn(i, paid); !got.IsZero() {
		t.Errorf("a fen is open, performed on %s", got)
	}
}

// 法释〔2014〕8号 1 para. 3 and 3 para. 3: the base has no ordinary interest, what
// the judge says of a duty goes before its category, and days that do not count
// are left out, once.
func TestFashi2014No8Articles1And3(t *testing.T) {
	t.Parallel()
	d, all := loan(t, Yuan(100_000), "2026-01-01起 年利率3.65%")
	on := NewDate(2026, 4, 10)
	with := func(entries ...DebtEntry) Fen {
		return d.Reckon(all[0], Payments{Entries: entries}, CourtSettings{}, on).DoubledFen
	}
	if got := with(); got != Yuan(175) { // of 100,000 for ten days, not of the interest
		t.Errorf("%s", got.Yuan())
	}
	days := func(id int64, from, until int) DebtEntry {
		return DebtEntry{ID: id, ObligationID: 1, Kind: DebtExclude, FromOn: NewDate(2026, 4, from), UntilOn: NewDate(2026, 4, until)}
	}
	if got := with(days(1, 2, 4), days(2, 3, 5)); got != Yuan(105) {
		t.Errorf("without four days: %s", got.Yuan())
	}
	no := DebtEntry{ID: 1, ObligationID: 1, Kind: DebtBears, Bears: false}
	yes := DebtEntry{ID: 2, ObligationID: 1, Kind: DebtBears, Bears: true}
	if got := with(no); got != 0 {
		t.Errorf("the judge said it does not: %s", got.Yuan())
	}
	d.Obligations[0].Category = CategoryCourtCosts
	if a, b := with(), with(no, yes); a != 0 || b != Yuan(175) {
		t.Errorf("court costs: %s, by the judge %s", a.Yuan(), b.Yuan())
	}
	d.Case.Kind, d.Obligations[0].Category = CaseCriminal, CategoryFine
	if got := with(yes); got != 0 {
		t.Errorf("a fine bears %s", got.Yuan())
	}
}

// Terms are written as they are read.
func TestInterestInWords(t *testing.T) {
	t.Parallel()
	for _, text := range []string{
		"2026-01-01起 年利率6%", "2019-01-01至2019-08-19 年利率4.35%；2019-08-20起 一年期LPR×1.5 上限4倍",
		"2026-01-01起 2025-05-20的五年期LPR+30基点 基数100000.00 上限2025-05-20的4倍 360天 总额50000.00 付款日不计 先本后息",
	} {
		if got := terms(t, text).Text(); got != text {
			t.Errorf("%s came back as %s", text, got)
		}
	}
	if got := terms(t, InterestExample).Chinese(); got != "自2019年1月1日起至2019年8月19日止，以尚未付清的本金为基数，按年利率 4.35%；自2019年8月20日起至付清之日止，以尚未付清的本金为基数，按同期一年期LPR的 1.5 倍，不超过一年期LPR的 4 倍；一年按 365 日计" {
		t.Errorf("%s", got)
	}
	for _, text := range []string{"月息两分", "2026-01-01起", "2026-01-01起 6", "6%", "2026-13-01起 6%"} {
		got, err := ParseInterest(text)
		if err == nil {
			err = CheckInterest(got, Obligation{Kind: ObligationMoney, ObligeeID: 1}, 1)
		}
		if KindOf(err) != Invalid {
			t.Errorf("%s: %v", text, err)
		}
	}
	money := Obligation{Kind: ObligationMoney, ObligeeID: 1}
	for text, reason := range map[string]string{
		"2019-01-01起 一年期LPR":                      "interest.prime_day",
		"2026-01-01起 6%；2026-02-01起 7%":           "interest.order",
		"2026-01-01至2026-01-31 6%；2026-01-31起 7%": "interest.order",
		"2026-01-01起 6% 一年期LPR":                   "interest.rate",
		"2026-02-01至2026-01-01 6%":                "interest.until",
	} {
		if err := CheckInterest(terms(t, text), money, 1); ReasonOf(err) != reason {
			t.Errorf("%s: %v", text, err)
		}
	}
	if err := CheckInterest(terms(t, "2026-01-01起 6% 总额100"), money, 2); ReasonOf(err) != "interest.installments" {
		t.Errorf("a cap over instalments: %v", err)
	}
	if err := CheckInterest(terms(t, "2026-01-01起 6%"), Obligation{Kind: ObligationMoney, ToCourt: true}, 1); ReasonOf(err) != "interest.duty" {
		t.Errorf("a fine with interest: %v", err)
	}
}

// A rate, or a bound of it, that is fixed to a day of which no publication is
// known is provisional from the first day on, not only from that day.
func TestAnUnknownFixedPrimeRateIsProvisional(t *testing.T) {
	t.Parallel()
	for _, text := range []string{
		"2026-01-01起 2026-10-20的一年期LPR", "2026-01-01起 年利率24% 上限2026-10-20的4倍",
	} {
		in := terms(t, text).Interest(Yuan(100_000), nil, nil, NewDate(2026, 6, 30))
		if in.ProvisionalFrom != NewDate(2026, 1, 1) || len(in.Lines) != 1 || !in.Lines[0].Provisional {
			t.Errorf("%s: provisional from %s, %+v", text, in.ProvisionalFrom, in.Lines)
		}
	}
	in := terms(t, "2026-01-01起 2025-08-20的一年期LPR 上限2025-08-20的4倍").Interest(Yuan(100_000), nil, nil, NewDate(2026, 11, 30))
	if !in.ProvisionalFrom.IsZero() {
		t.Errorf("a known day: provisional from %s", in.ProvisionalFrom)
	}
}

// No publication comes before the 20th of a month (中国人民银行公告〔2019〕第15号): one
// that is entered for an earlier day would stand for the month's own.
func TestAPrimeRateIsNotPublishedBeforeThe20th(t *testing.T) {
	t.Parallel()
	today := NewDate(2026, 11, 30)
	r := PrimeRate{OnDay: NewDate(2026, 9, 2), OneYear: 300, FiveYear: 350, Source: "公告"}
	if err := CheckPrimeRate(r, today); ReasonOf(err) != "prime_rate.day" {
		t.Errorf("the 2nd: %v", err)
	}
	r.OnDay = NewDate(2026, 9, 21)
	if err := CheckPrimeRate(r, today); err != nil {
		t.Errorf("the 21st: %v", err)
	}
	for _, s := range []string{"7/2", "1e1", "0x3", "-3", "+3"} {
		if v, ok := ParsePercent(s); ok {
			t.Errorf("%s is read as %d", s, v)
		}
	}
}

// What is typed as zero, or twice, is no limit, base or rate: it is refused and
// never read as if it were not there.
func TestTermsOfInterestAreReadAsTyped(t *testing.T) {
	t.Parallel()
	for _, text := range []string{
		"2026-01-01起 年利率6% 基数0", "2026-01-01起 年利率6% 总额0", "2026-01-01起 年利率24% 上限0倍", "2026-01-01起 一年期LPR×0",
		"2026-01-01起 年利率6% 年利率4%", "2026-01-01起 一年期LPR 五年期LPR", "2026-01-01起 年利率6% 基数100 基数200",
		"2026-01-01起 年利率6% 总额100 总额200", "2026-01-01起 年利率24% 上限4倍 上限2倍", "2026-01-01起 年利率0% 一年期LPR",
	} {
		if got, err := ParseInterest(text); ReasonOf(err) != "interest.format" {
			t.Errorf("%s: %v, %s", text, err, got.Text())
		}
	}
}

// A base above the principal (what was paid before the judgment bears interest
// for its time) ends with the principal: nothing runs on a debt that is paid.
func TestNoInterestRunsOnAPaidPrincipal(t *testing.T) {
	t.Parallel()
	paid := []PaidPart{{NewDate(2026, 1, 10), Yuan(60_000)}}
	in := terms(t, "2026-01-01起 年利率3.65% 基数100000").Interest(Yuan(60_000), paid, nil, NewDate(2026, 1, 31))
	if in.AmountFen != Yuan(100) || in.PerDayFen != 0 {
		t.Errorf("%s and %s a day after the principal was paid", in.AmountFen.Yuan(), in.PerDayFen.Yuan())
	}
}

// 民事诉讼法 62: what denies special authority is none.
func TestCivilProcedureLaw62SpecialAuthority(t *testing.T) {
	t.Parallel()
	for _, b := range []Binding{
		{Capacity: CapacityAgent, Authority: "一般授权"},
		{Capacity: CapacityAgent, Authority: "一般授权（无特别授权）"},
		{Capacity: CapacityAgent, Authority: "一般代理，不包括特别授权事项"},
		{Capacity: CapacityAgent, Authority: "非特别授权"},
		{Capacity: CapacityAgent, Authority: "没有特别授权"},
		{Capacity: CapacityAgent, Authority: "全权代理"},
		{Capacity: CapacityDefender},
	} {
		if b.Disposes() {
			t.Errorf("%s %q may waive", b.Capacity, b.Authority)
		}
	}
	for _, b := range []Binding{
		{Capacity: CapacitySelf},
		{Capacity: CapacityLegalRep},
		{Capacity: CapacityGuardian, Authority: "母亲"},
		{Capacity: CapacityAgent, Authority: "特别授权：代为承认、放弃、变更诉讼请求，进行和解"},
		{Capacity: CapacityAgent, Authority: "特别授权，不包括代为领取案款"},
	} {
		if !b.Disposes() {
			t.Errorf("%s %q may not waive", b.Capacity, b.Authority)
		}
	}
}

// Interest that was paid and, by a payment of an earlier day that was confirmed
// later, was not owed is shown and not lost.
func TestInterestPaidBeyondWhatRanIsShown(t *testing.T) {
	t.Parallel()
	d, all := loan(t, Yuan(100_000), "2026-01-01起 年利率3.65%")
	all[0].ConfirmedFen = all[0].AmountFen
	paid := Payments{
		Principal: map[int64][]PaidPart{1: {{NewDate(2026, 1, 10), Yuan(100_000)}}},
		Ordinary:  map[int64][]PaidPart{1: {{NewDate(2026, 1, 31), Yuan(310)}}},
	}
	r := d.Reckon(all[0], paid, CourtSettings{}, NewDate(2026, 2, 1))
	if r.OrdinaryFen != 0 || r.InterestOver != Yuan(210) {
		t.Errorf("%+v", r)
	}
	// Of the doubled part, days that do not count came in after it was paid.
	all[0].DueOn, paid.Ordinary, paid.Doubled = NewDate(2026, 1, 5), nil, map[int64]Fen{1: 8750} // five days of 17.50
	paid.Entries = []DebtEntry{{ID: 1, Kind: DebtExclude, ObligationID: all[0].ObligationID, FromOn: NewDate(2026, 1, 6), UntilOn: NewDate(2026, 1, 7)}}
	all[0].PerformedOn = NewDate(2026, 1, 10)
	if r := d.Reckon(all[0], paid, CourtSettings{}, NewDate(2026, 2, 1)); r.DoubledFen != 0 || r.InterestOver != 3500 {
		t.Errorf("%+v", r)
	}
	if said := r.OverWords(); !strings.Contains(said, "210.00 元") {
		t.Error(said)
	}
}
