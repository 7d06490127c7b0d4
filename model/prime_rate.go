package model

import (
	"cmp"
	"slices"
	"strings"
	"time"
)

// PrimeTerm is which loan prime rate (贷款市场报价利率, LPR) is meant.
type PrimeTerm string

// The terms.
const (
	PrimeOneYear  PrimeTerm = "1y" // 一年期
	PrimeFiveYear PrimeTerm = "5y" // 五年期以上
)

// Chinese is the term's name in the reasoning of interest.
func (t PrimeTerm) Chinese() string {
	return map[PrimeTerm]string{PrimeOneYear: "一年期LPR", PrimeFiveYear: "五年期以上LPR"}[t]
}

// PrimeRate is one publication of the loan prime rate. Rates are in hundredths
// of a percent a year: 3.45 % is 345. Entries are only added: a later entry for
// the same day corrects an earlier one, which stays readable.
type PrimeRate struct {
	ID        int64
	OnDay     Date // of publication, from which it holds until the next one
	OneYear   int64
	FiveYear  int64
	Source    string // the publication that was read
	ByUserID  int64
	CreatedAt time.Time
}

// PrimeRatesSource says where the shipped table comes from.
const PrimeRatesSource = "中国人民银行授权全国银行间同业拆借中心公布的贷款市场报价利率（LPR）公告"

// shippedPrimeRates are the publications that changed a rate, since the first of
// 2019-08-20, and the last one that is known here. Every month between was
// published unchanged. The figures were read from copies of the publications,
// several of which agree; those of the last months say that nothing changed.
var shippedPrimeRates = []PrimeRate{
	shippedRate(2019, 8, 20, 425, 485),
	shippedRate(2019, 9, 20, 420, 485),
	shippedRate(2019, 11, 20, 415, 480),
	shippedRate(2020, 2, 20, 405, 475),
	shippedRate(2020, 4, 20, 385, 465),
	shippedRate(2021, 12, 20, 380, 465),
	shippedRate(2022, 1, 20, 370, 460),
	shippedRate(2022, 5, 20, 370, 445),
	shippedRate(2022, 8, 22, 365, 430),
	shippedRate(2023, 6, 20, 355, 420),
	shippedRate(2023, 8, 21, 345, 420),
	shippedRate(2024, 2, 20, 345, 395),
	shippedRate(2024, 7, 22, 335, 385),
	shippedRate(2024, 10, 21, 310, 360),
	shippedRate(2025, 5, 20, 300, 350),
	shippedRate(2026, 8, 20, 300, 350),
}

func shippedRate(year, month, day int, one, five int64) PrimeRate {
	return PrimeRate{OnDay: NewDate(year, time.Month(month), day), OneYear: one, FiveYear: five, Source: PrimeRatesSource}
}

// PrimeRates are the publications in order of day.
type PrimeRates []PrimeRate

// PrimeRatesWith is the shipped table with what was entered since: of two
// entries for a day the later one holds.
func PrimeRatesWith(added []PrimeRate) PrimeRates {
	out := slices.Clone(shippedPrimeRates)
	for _, r := range added {
		if i := slices.IndexFunc(out, func(o PrimeRate) bool { return o.OnDay == r.OnDay }); i >= 0 {
			out[i] = r
			continue
		}
		out = append(out, r)
	}
	slices.SortStableFunc(out, func(a, b PrimeRate) int { return a.OnDay.Compare(b.OnDay) })
	return out
}

// known is the table, the shipped one when none was loaded.
func (p PrimeRates) known() PrimeRates {
	if len(p) == 0 {
		return shippedPrimeRates
	}
	return p
}

// FirstPrimeRate is the day of the first publication; before it there is none.
func FirstPrimeRate() Date { return shippedPrimeRates[0].OnDay }

// At is the rate that held on a day, in hundredths of a percent, and whether one
// did: none before the first publication.
func (p PrimeRates) At(on Date, term PrimeTerm) (rate int64, ok bool) {
	for _, r := range p.known() {
		if r.OnDay.After(on) {
			break
		}
		rate, ok = r.OneYear, true
		if term == PrimeFiveYear {
			rate = r.FiveYear
		}
	}
	return rate, ok
}

// changes are the days within a range, its first excluded, on which a rate may
// change.
func (p PrimeRates) changes(from, until Date) (out []Date) {
	for _, r := range p.known() {
		if r.OnDay.After(from) && !r.OnDay.After(until) {
			out = append(out, r.OnDay)
		}
	}
	return out
}

// nextPrimeDay is the day on which the publication after one can come out: the
// 20th of the next month, later when that is a rest day.
// Source: 中国人民银行公告〔2019〕第15号.
func nextPrimeDay(on Date) Date {
	first := Date{on.Year, on.Month, 1}.AddDays(32)
	return Date{first.Year, first.Month, publishedFrom}
}

// publishedFrom is the day of a month on which its publication comes out at the
// earliest.
const publishedFrom = 20

// primeShift is how many days a publication may come later than the 20th for
// rest days.
const primeShift = 10

// ProvisionalFrom is the first day of which no publication is known here: from
// it on a floating rate is computed by the last known one, and says so. A month
// that nobody entered makes every later day provisional.
func (p PrimeRates) ProvisionalFrom() Date {
	last := shippedPrimeRates[len(shippedPrimeRates)-1].OnDay
	for _, r := range p.known() {
		if !r.OnDay.After(last) {
			continue
		}
		if r.OnDay.After(nextPrimeDay(last).AddDays(primeShift)) {
			break
		}
		last = r.OnDay
	}
	return nextPrimeDay(last)
}

// CheckPrimeRate refuses an entry that cannot be a publication. today is the day
// of the entry. Source: 中国人民银行公告〔2019〕第15号 (rounded to 0.05 %).
func CheckPrimeRate(r PrimeRate, today Date) error {
	var wrong Faults
	wrong.If(r.OnDay.IsZero() || r.OnDay.Before(FirstPrimeRate()) || r.OnDay.After(today), "on_day", "prime_rate.day", "公布日期应在 "+FirstPrimeRate().String()+" 与今天之间")
	wrong.If(r.OnDay.Day < publishedFrom, "on_day", "prime_rate.day", "LPR 在每月 20 日公布，遇休息日顺延，不会早于 20 日；请按公告的日期填写")
	wrong.If(r.OneYear < 5 || r.OneYear > 2_000 || r.OneYear%5 != 0, "one_year", "prime_rate.rate", "LPR 应为 0.05% 的整数倍，请按公告填写，例如 3.45")
	wrong.If(r.FiveYear < 5 || r.FiveYear > 2_000 || r.FiveYear%5 != 0, "five_year", "prime_rate.rate", "LPR 应为 0.05% 的整数倍，请按公告填写，例如 3.95")
	wrong.If(strings.TrimSpace(r.Source) == "" || len([]rune(r.Source)) > 200, "source", "prime_rate.source", "请写明公告的来源，不超过 200 字")
	return wrong.Err()
}

// Same tells whether two entries say the same.
func (r PrimeRate) Same(o PrimeRate) bool {
	return cmp.Or(r.OnDay.Compare(o.OnDay), cmp.Compare(r.OneYear, o.OneYear), cmp.Compare(r.FiveYear, o.FiveYear)) == 0
}

// ParsePercent reads a percentage with at most two decimals as it is typed, with
// or without the sign, in hundredths of a percent.
func ParsePercent(s string) (int64, bool) { return scaled(strings.TrimRight(s, "%％ "), 100) }

// Percent writes one of the rates: 345 is 3.45%.
func (PrimeRate) Percent(hundredths int64) string { return RatePercent(hundredths * 100) }
