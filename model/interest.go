package model

// doubledRate is a rate of the doubled part of the interest on overdue money
// (加倍部分债务利息), in hundred-thousandths of a percent a day, from a day on.
type doubledRate struct {
	from     Date
	perDay   int64 // of 10^7, so 0.0175 % is 1750
	citation string
}

// doubledRates are data, not constants in code: the law changes.
var doubledRates = []doubledRate{{
	from: Date{2014, 8, 1}, perDay: 1750,
	citation: "《最高人民法院关于执行程序中计算迟延履行期间的债务利息适用法律若干问题的解释》第一条：日万分之一点七五",
}}

// DoubledInterest is the doubled part of the interest, in fen, on principal
// that is unpaid for days: principal × 0.0175 % × days, rounded half up.
// Source: 民事诉讼法 264; 法释〔2014〕8号 art. 1.
func DoubledInterest(principal Fen, days int) Fen {
	if principal <= 0 || days <= 0 {
		return 0
	}
	rate := doubledRates[len(doubledRates)-1]
	// principal × perDay fits: 10^13 × 1750 < 2^63; multiplying by days might not,
	// so the day's exact product is split.
	perDay := int64(principal) * rate.perDay
	whole, part := perDay/10_000_000, perDay%10_000_000
	return Fen(whole*int64(days) + (part*int64(days)+5_000_000)/10_000_000)
}

// DoubledInterestCitation is the rule behind DoubledInterest, for documents.
func DoubledInterestCitation() string { return doubledRates[len(doubledRates)-1].citation }

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
