package model

import "slices"

// doubledRate is a rate of the doubled part of the interest on overdue money
// (加倍部分债务利息), in hundred-thousandths of a percent a day, from a day on.
type doubledRate struct {
	from     Date
	perDay   int64 // of 10^7, so 0.0175 % is 1750
	citation string
}

// doubledRates are data, not constants in code: the law changes. Before the
// first day the rate was twice the central bank's lending rate of the same term
// (法释〔2009〕6号), which depends on data that this program does not have: no
// interest is computed for those days, and the words say so.
var doubledRates = []doubledRate{{
	from: Date{2014, 8, 1}, perDay: 1750,
	citation: "《最高人民法院关于执行程序中计算迟延履行期间的债务利息适用法律若干问题的解释》第一条：日万分之一点七五",
}}

// Days is a range of days, both ends included.
type Days struct{ From, Until Date }

// PaidPart is money that was paid on a day.
type PaidPart struct {
	On        Date
	AmountFen Fen
}

// OverdueMoney is a money debt whose term is over.
type OverdueMoney struct {
	PrincipalFen Fen // of the instrument, without the interest that it names
	DueOn        Date
	Paid         []PaidPart
	// Excluded are days that do not count: a stay in review or retrial that the
	// debtor did not ask for (法释〔2014〕8号 art. 3 (3)).
	Excluded []Days
	// FirstDayCounts says whether DueOn itself bears interest; see CourtSettings.
	FirstDayCounts bool
}

// Interest is the doubled part of the interest on a debt.
type Interest struct {
	AmountFen Fen // until and including the day asked for, rounded half up once
	PerDayFen Fen // of what is open on that day
	// Before says that some days lie before the first rate and are not counted.
	Before bool
}

// Interest computes the doubled part until a day: each part of the principal
// bears it from the day after the due day until the day on which it was paid.
// Source: 民事诉讼法 264; 法释〔2014〕8号 art. 1–3.
func (m OverdueMoney) Interest(until Date) Interest {
	var out Interest
	begin := m.DueOn
	if !m.FirstDayCounts {
		begin = begin.AddDays(1)
	}
	if m.DueOn.IsZero() {
		return out
	}
	out.Before = begin.Before(doubledRates[0].from)
	open := m.PrincipalFen
	var whole, part int64 // of a fen, and of its ten-millionth
	add := func(amount Fen, last Date) {
		if amount <= 0 {
			return
		}
		for i, r := range doubledRates {
			from, to := begin, last
			if from.Before(r.from) {
				from = r.from
			}
			if i+1 < len(doubledRates) && !to.Before(doubledRates[i+1].from) {
				to = doubledRates[i+1].from.AddDays(-1)
			}
			days := int64(m.counted(from, to))
			// amount × rate fits: 10^13 × 1750 < 2^63; multiplying by days might not,
			// so the day's exact product is split.
			perDay := int64(amount) * r.perDay
			whole += perDay / 10_000_000 * days
			part += perDay % 10_000_000 * days
		}
	}
	for _, p := range m.Paid {
		amount := min(p.AmountFen, open)
		open -= max(0, amount)
		if p.On.After(m.DueOn) {
			last := p.On
			if last.After(until) {
				last = until
			}
			add(amount, last)
		}
	}
	add(open, until)
	out.AmountFen = Fen(whole + (part+5_000_000)/10_000_000)
	if open > 0 {
		out.PerDayFen = DoubledInterest(open, 1)
	}
	return out
}

// counted counts the days of a range that are not excluded. A day that lies in
// two excluded ranges is excluded once.
func (m OverdueMoney) counted(from, to Date) int {
	n := max(0, to.Sub(from)+1)
	list := slices.Clone(m.Excluded)
	slices.SortFunc(list, func(a, b Days) int { return a.From.Compare(b.From) })
	next := from // the first day of which nothing was said yet
	for _, x := range list {
		a, b := x.From, x.Until
		if a.Before(next) {
			a = next
		}
		if b.After(to) {
			b = to
		}
		if b.Before(a) {
			continue
		}
		n -= b.Sub(a) + 1
		next = b.AddDays(1)
	}
	return n
}

// DoubledInterest is the doubled part of the interest, in fen, on principal
// that is unpaid for days at today's rate, rounded half up.
// Source: 民事诉讼法 264; 法释〔2014〕8号 art. 1.
func DoubledInterest(principal Fen, days int) Fen {
	if principal <= 0 || days <= 0 {
		return 0
	}
	perDay := int64(principal) * doubledRates[len(doubledRates)-1].perDay
	whole, part := perDay/10_000_000, perDay%10_000_000
	return Fen(whole*int64(days) + (part*int64(days)+5_000_000)/10_000_000)
}

// DoubledInterestCitation is the rule behind DoubledInterest, for documents.
func DoubledInterestCitation() string { return doubledRates[len(doubledRates)-1].citation }

// Appropriate says what a payment that does not cover everything pays: the
// instrument's money debt first, then the doubled part of the interest, unless
// the parties agreed otherwise. Source: 法释〔2014〕8号 art. 4.
func Appropriate(payment, debt, interest Fen) (toDebt, toInterest, rest Fen) {
	toDebt = min(payment, debt)
	toInterest = min(payment-toDebt, interest)
	return toDebt, toInterest, payment - toDebt - toInterest
}

// OverdueDays counts the days that bear doubled interest on today: from the
// day after the due day, or from the due day itself if the court's setting
// says so.
func OverdueDays(due, today Date, firstDayCounts bool) int {
	if due.IsZero() || !today.After(due) {
		return 0
	}
	n := today.Sub(due)
	if firstDayCounts {
		n++
	}
	return n
}

// bracket is one step of a graduated fee: rate (in 1/100000) applies to the
// part above from.
type bracket struct {
	from Fen
	rate int64
}

func graduated(amount Fen, base Fen, brackets []bracket) Fen {
	fee := int64(base) * 100_000
	for i, b := range brackets {
		top := amount
		if i+1 < len(brackets) {
			top = min(top, brackets[i+1].from)
		}
		if top > b.from {
			fee += int64(top-b.from) * b.rate
		}
	}
	return Fen((fee + 50_000) / 100_000)
}

// EnforcementFee is the fee for enforcement (执行申请费) in fen that the debtor
// avoids by paying before. Source: 诉讼费用交纳办法 14 (1).
func EnforcementFee(amount Fen) Fen {
	return graduated(amount, Yuan(50), []bracket{
		{Yuan(10_000), 1500}, {Yuan(500_000), 1000}, {Yuan(5_000_000), 500}, {Yuan(10_000_000), 100},
	})
}

// CourtFee is the fee for a case about property (案件受理费) in fen. Source:
// 诉讼费用交纳办法 13 (1).
func CourtFee(amount Fen) Fen {
	return graduated(amount, Yuan(50), []bracket{
		{Yuan(10_000), 2500},
		{Yuan(100_000), 2000},
		{Yuan(200_000), 1500},
		{Yuan(500_000), 1000},
		{Yuan(1_000_000), 900},
		{Yuan(2_000_000), 800},
		{Yuan(5_000_000), 700},
		{Yuan(10_000_000), 600},
		{Yuan(20_000_000), 500},
	})
}

// HalvedCourtFee is CourtFee where the case ends by mediation or withdrawal.
// Source: 诉讼费用交纳办法 15.
func HalvedCourtFee(amount Fen) Fen { return (CourtFee(amount) + 1) / 2 }
