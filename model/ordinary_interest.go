package model

import (
	"fmt"
	"math/big"
	"slices"
	"strings"
)

// InterestSpan is one span of the ordinary interest (一般债务利息) that an
// instrument gives until it is paid: a base and a yearly rate from a day on.
type InterestSpan struct {
	From  Date `json:"from"`           // counts
	Until Date `json:"until,omitzero"` // counts; zero: until it is paid
	// BaseFen is what the instrument names as base, 0 for the open principal. It
	// bounds the base where the principal is more, and payments lower it where it
	// was more than the principal.
	BaseFen Fen `json:"base_fen,omitempty"`
	// RatePPM is a fixed yearly rate in millionths: 6 % is 60000. 0 with Prime.
	RatePPM int64 `json:"rate_ppm,omitempty"`
	// Prime is the loan prime rate that the instrument names, Multiple by how much
	// it is multiplied, in hundredths (100 when 0), and Points what is added, in
	// hundredths of a percent. PrimeOn fixes the rate to that of a day; zero
	// follows each publication.
	Prime    PrimeTerm `json:"prime,omitempty"`
	PrimeOn  Date      `json:"prime_on,omitzero"`
	Multiple int64     `json:"multiple,omitempty"`
	Points   int64     `json:"points,omitempty"`
	// CapMultiple bounds the yearly rate by a multiple of the one-year prime rate,
	// in hundredths (400: 不超过一年期LPR四倍), of CapOn, or of each day when zero.
	CapMultiple int64 `json:"cap_multiple,omitempty"`
	CapOn       Date  `json:"cap_on,omitzero"`
}

// InterestTerms are what an instrument says of an obligation's ordinary interest
// that runs until it is paid.
type InterestTerms struct {
	Spans []InterestSpan `json:"spans"`
	// DayCount is how many days a year has for it: 365 or 360, as the instrument
	// says. Where it is silent the courts differ; 365 is the default and lower.
	DayCount int `json:"day_count"`
	// CapFen bounds the whole sum where the instrument does; 0 when it does not.
	CapFen Fen `json:"cap_fen,omitempty"`
	// PayDayFree says that the day of payment bears nothing (算头不算尾). Usual words
	// (自某日起至实际清偿之日止) name both days, and both count.
	PayDayFree bool `json:"pay_day_free,omitempty"`
	// PrincipalFirst says that the parties agreed to pay the principal before the
	// interest, which 民法典 561 allows.
	PrincipalFirst bool `json:"principal_first,omitempty"`
}

// Runs tells whether interest runs by the terms.
func (t *InterestTerms) Runs() bool { return t != nil && len(t.Spans) > 0 }

// Default fills in what an instrument leaves out.
func (t InterestTerms) Default() InterestTerms {
	if t.DayCount == 0 {
		t.DayCount = 365
	}
	t.Spans = slices.Clone(t.Spans)
	for i := range t.Spans {
		if t.Spans[i].Prime != "" && t.Spans[i].Multiple == 0 {
			t.Spans[i].Multiple = 100
		}
	}
	return t
}

// maxInterestSpans bounds how many spans an obligation has.
const maxInterestSpans = 20

// CheckInterest refuses terms that no instrument can mean. installments is how
// many instalments the obligation has.
func CheckInterest(t *InterestTerms, ob Obligation, installments int) error {
	if !t.Runs() {
		return nil
	}
	wrong := func(reason, text string) error { return InvalidField("interest", reason, text) }
	switch {
	case ob.Kind != ObligationMoney || ob.Category == CategoryOrdinary || ob.ToCourt:
		return wrong("interest.duty", "一般债务利息只能附在应向权利人支付的金钱债务上；已经确定为固定数额的利息，请录为单独一项，类别选“一般债务利息”")
	case len(t.Spans) > maxInterestSpans:
		return wrong("interest.spans", "利息的分段过多，请核对")
	case t.DayCount != 360 && t.DayCount != 365:
		return wrong("interest.day_count", "一年的计息天数应为 365 或 360，按法律文书填写")
	case t.CapFen < 0 || t.CapFen > MaxFen:
		return wrong("interest.cap", "利息的总额上限不正确")
	case t.CapFen > 0 && installments > 1:
		return wrong("interest.installments", "利息有总额上限的，请把每期录为单独一项义务")
	}
	for n, s := range t.Spans {
		var before Date
		if n > 0 {
			before = t.Spans[n-1].Until
		}
		switch {
		case s.From.IsZero() || s.From.Before(NewDate(1990, 1, 1)):
			return wrong("interest.from", "请填写起息日")
		case !s.Until.IsZero() && s.Until.Before(s.From):
			return wrong("interest.until", "止息日不能早于起息日")
		case n > 0 && (before.IsZero() || !s.From.After(before)):
			return wrong("interest.order", "各段利息应按日期先后填写，不能重叠，只有最后一段可以计算至付清之日")
		case s.BaseFen < 0 || s.BaseFen > MaxFen:
			return wrong("interest.base", "计息基数不正确")
		case s.BaseFen > 0 && installments > 1:
			return wrong("interest.installments", "利息另有基数的，请把每期录为单独一项义务")
		case s.Prime != "" && s.Prime.Chinese() == "":
			return wrong("interest.prime", "LPR 的期限应为一年期（1y）或者五年期以上（5y）")
		case (s.Prime != "") == (s.RatePPM != 0):
			return wrong("interest.rate", "请填写年利率，或者选择 LPR 及其倍数，二者填一项")
		case s.Prime == "" && (s.RatePPM < 0 || s.RatePPM > 1_000_000):
			return wrong("interest.rate", "年利率应在 0 与 100% 之间")
		case s.Prime == "" && (!s.PrimeOn.IsZero() || s.Multiple != 0 || s.Points != 0):
			return wrong("interest.rate", "固定利率不填 LPR 的日期、倍数和加点")
		case s.Prime != "" && (s.Multiple < 1 || s.Multiple > 1_000 || s.Points < -1_000 || s.Points > 2_000):
			return wrong("interest.rate", "LPR 的倍数应在 0 与 10 之间，加点应在 −1000 与 2000 个基点之间")
		case s.Prime != "" && s.PrimeOn.IsZero() && s.From.Before(FirstPrimeRate()) || !s.PrimeOn.IsZero() && s.PrimeOn.Before(FirstPrimeRate()):
			return wrong("interest.prime_day", "LPR 自 "+FirstPrimeRate().String()+" 起公布；此前的利息请按法律文书另写一段固定利率")
		case s.CapMultiple < 0 || s.CapMultiple > 1_000 || s.CapMultiple == 0 && !s.CapOn.IsZero():
			return wrong("interest.cap", "利率上限应为 LPR 的倍数，例如 4 倍填 4")
		case s.CapMultiple > 0 && s.CapOn.IsZero() && s.From.Before(FirstPrimeRate()) || !s.CapOn.IsZero() && s.CapOn.Before(FirstPrimeRate()):
			return wrong("interest.prime_day", "利率上限所依据的 LPR 自 "+FirstPrimeRate().String()+" 起公布，请写明按哪一天的 LPR")
		}
	}
	return nil
}

// InterestLine is one line of the reasoning: base × rate × days.
type InterestLine struct {
	From, Until Date
	BaseFen     Fen
	RatePPM     int64 // a year
	Days        int
	DayCount    int
	AmountFen   Fen    // rounded half up
	Why         string // where the rate comes from
	Provisional bool   // by a rate that may since have been replaced
}

// RatePercent writes a rate in millionths as a percentage: 34500 is 3.45%.
func RatePercent(ppm int64) string {
	s := fmt.Sprintf("%d.%04d", ppm/10_000, ppm%10_000)
	return strings.TrimSuffix(strings.TrimRight(s, "0"), ".") + "%"
}

// Chinese is the line in words, as screens and papers show it.
func (l InterestLine) Chinese() string {
	s := fmt.Sprintf("%s至%s，%s 元 × 年利率 %s ÷ %d × %d 日 = %s 元", l.From.Chinese(), l.Until.Chinese(), l.BaseFen.Yuan(), RatePercent(l.RatePPM), l.DayCount, l.Days, l.AmountFen.Yuan())
	if l.Why != "" {
		s += "（" + l.Why + "）"
	}
	return s
}

// OrdinaryInterest is the ordinary interest on an instalment until and including
// a day.
type OrdinaryInterest struct {
	AmountFen Fen // after the cap, the sum of the lines before it
	PerDayFen Fen // by which it grows on the day after
	Capped    bool
	Lines     []InterestLine
	// ProvisionalFrom is the first day computed by a rate of which it is not known
	// whether it still held; zero when there is none.
	ProvisionalFrom Date
}

// rate is the yearly rate of a span on a day, in millionths, and why; provisional
// when it rests on a day of which no publication is known.
func (s InterestSpan) rate(on Date, rates PrimeRates) (ppm int64, why string, provisional bool) {
	unknown := func(day Date) bool { return !day.Before(rates.ProvisionalFrom()) }
	ppm = s.RatePPM
	if s.Prime != "" {
		day := on
		if !s.PrimeOn.IsZero() {
			day = s.PrimeOn
		}
		prime, _ := rates.At(day, s.Prime)
		ppm = max(0, prime*s.Multiple+s.Points*100)
		why = s.Prime.Chinese() + " " + RatePercent(prime*100)
		if !s.PrimeOn.IsZero() {
			why = s.PrimeOn.Chinese() + why
		}
		if s.Multiple != 100 {
			why += " × " + hundredths(s.Multiple) + " 倍"
		}
		if s.Points != 0 {
			why += fmt.Sprintf("%+d 个基点", s.Points)
		}
		provisional = unknown(day)
	}
	if s.CapMultiple > 0 {
		day := on
		if !s.CapOn.IsZero() {
			day = s.CapOn
		}
		prime, _ := rates.At(day, PrimeOneYear)
		provisional = provisional || unknown(day)
		if bound := prime * s.CapMultiple; ppm > bound {
			if why != "" {
				why += "，"
			}
			ppm, why = bound, why+"以一年期LPR "+RatePercent(prime*100)+" 的 "+hundredths(s.CapMultiple)+" 倍为限"
		}
	}
	return ppm, why, provisional
}

func hundredths(n int64) string {
	return strings.TrimSuffix(strings.TrimRight(fmt.Sprintf("%d.%02d", n/100, n%100), "0"), ".")
}

// base is the base of a span when the principal's amount and what is paid of it
// are known. Nothing runs on a principal that is paid.
func (s InterestSpan) base(amount, paid Fen) Fen {
	open := max(0, amount-paid)
	switch {
	case open == 0:
		return 0
	case s.BaseFen == 0:
		return open
	case s.BaseFen <= amount:
		return min(s.BaseFen, open)
	default:
		return max(0, s.BaseFen-paid)
	}
}

// Interest computes the ordinary interest on an amount of which parts were paid,
// until and including a day. It bears no interest itself.
func (t InterestTerms) Interest(amount Fen, paid []PaidPart, rates PrimeRates, until Date) (out OrdinaryInterest) {
	if t.PayDayFree {
		until = until.AddDays(-1) // who pays on a day pays nothing for it
	}
	provisional := rates.ProvisionalFrom()
	freed := func(p PaidPart) Date { // the first day on which what was paid bears nothing
		if t.PayDayFree {
			return p.On
		}
		return p.On.AddDays(1)
	}
	var sum Fen
	grows := func(s InterestSpan, on Date) Fen {
		if on.Before(s.From) || !s.Until.IsZero() && on.After(s.Until) {
			return 0
		}
		var done Fen
		for _, p := range paid {
			done += p.AmountFen // all that is known to be paid
		}
		ppm, _, _ := s.rate(on, rates)
		return interestOf(s.base(amount, done), ppm, 1, t.DayCount)
	}
	for _, s := range t.Spans {
		last := until
		if !s.Until.IsZero() && s.Until.Before(last) {
			last = s.Until
		}
		if last.Before(s.From) {
			continue
		}
		// Days on which base or rate may change begin a new line.
		cuts := append([]Date{s.From}, rates.changes(s.From, last)...)
		if provisional.After(s.From) && !provisional.After(last) {
			cuts = append(cuts, provisional)
		}
		for _, p := range paid {
			if on := freed(p); on.After(s.From) && !on.After(last) {
				cuts = append(cuts, on)
			}
		}
		slices.SortFunc(cuts, Date.Compare)
		cuts = slices.Compact(cuts)
		for n, from := range cuts {
			to := last
			if n+1 < len(cuts) {
				to = cuts[n+1].AddDays(-1)
			}
			var done Fen
			for _, p := range paid {
				if !freed(p).After(from) {
					done += p.AmountFen
				}
			}
			ppm, why, unknown := s.rate(from, rates)
			l := InterestLine{
				From: from, Until: to, BaseFen: s.base(amount, done), RatePPM: ppm, Days: to.Sub(from) + 1, DayCount: t.DayCount, Why: why, Provisional: unknown,
			}
			if l.BaseFen <= 0 {
				continue
			}
			if l.Provisional && (out.ProvisionalFrom.IsZero() || l.From.Before(out.ProvisionalFrom)) {
				out.ProvisionalFrom = l.From
			}
			if k := len(out.Lines); k > 0 && out.Lines[k-1].joins(l) {
				sum -= out.Lines[k-1].AmountFen
				out.Lines[k-1].Until, out.Lines[k-1].Days = l.Until, out.Lines[k-1].Days+l.Days
				l = out.Lines[k-1]
				out.Lines = out.Lines[:k-1]
			}
			l.AmountFen = interestOf(l.BaseFen, l.RatePPM, l.Days, l.DayCount)
			sum += l.AmountFen
			out.Lines = append(out.Lines, l)
		}
	}
	out.AmountFen = sum
	for _, s := range t.Spans {
		out.PerDayFen += grows(s, until.AddDays(1))
	}
	if t.CapFen > 0 && sum >= t.CapFen {
		out.AmountFen, out.PerDayFen, out.Capped = t.CapFen, 0, true
	}
	return out
}

// joins tells whether a line goes on where another ends with the same figures: a
// publication that changed nothing makes no line of its own.
func (l InterestLine) joins(o InterestLine) bool {
	return l.Until.AddDays(1) == o.From && l.BaseFen == o.BaseFen && l.RatePPM == o.RatePPM && l.Why == o.Why && l.Provisional == o.Provisional
}

// interestOf is base × rate × days, in fen, rounded half up.
func interestOf(base Fen, ppm int64, days, dayCount int) Fen {
	if base <= 0 || ppm <= 0 || days <= 0 || dayCount <= 0 {
		return 0
	}
	n := new(big.Int).Mul(big.NewInt(int64(base)), big.NewInt(ppm))
	n.Mul(n, big.NewInt(int64(days)))
	d := big.NewInt(1_000_000 * int64(dayCount))
	n.Add(n, new(big.Int).Rsh(d, 1))
	return Fen(n.Div(n, d).Int64())
}

// Chinese is the terms in words, as screens and papers show them.
func (t *InterestTerms) Chinese() string {
	if !t.Runs() {
		return ""
	}
	var parts []string
	for _, s := range t.Spans {
		w := "自" + s.From.Chinese() + "起"
		if s.Until.IsZero() {
			w += "至付清之日止"
		} else {
			w += "至" + s.Until.Chinese() + "止"
		}
		w += "，以"
		if s.BaseFen > 0 {
			w += " " + s.BaseFen.Yuan() + " 元"
		} else {
			w += "尚未付清的本金"
		}
		w += "为基数，"
		switch s.Prime {
		case "":
			w += "按年利率 " + RatePercent(s.RatePPM)
		default:
			w += "按"
			if s.PrimeOn.IsZero() {
				w += "同期"
			} else {
				w += s.PrimeOn.Chinese() + "的"
			}
			w += s.Prime.Chinese()
			if s.Multiple != 100 && s.Multiple != 0 {
				w += "的 " + hundredths(s.Multiple) + " 倍"
			}
			if s.Points != 0 {
				w += fmt.Sprintf("%+d 个基点", s.Points)
			}
		}
		if s.CapMultiple > 0 {
			w += "，不超过"
			if !s.CapOn.IsZero() {
				w += s.CapOn.Chinese() + "的"
			}
			w += "一年期LPR的 " + hundredths(s.CapMultiple) + " 倍"
		}
		parts = append(parts, w)
	}
	w := strings.Join(parts, "；") + fmt.Sprintf("；一年按 %d 日计", t.DayCount)
	if t.CapFen > 0 {
		w += "；总额不超过 " + t.CapFen.Yuan() + " 元"
	}
	if t.PayDayFree {
		w += "；付款当日不计息"
	}
	if t.PrincipalFirst {
		w += "；约定先还本后付息"
	}
	return w
}
