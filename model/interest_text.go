package model

import (
	"fmt"
	"math/big"
	"regexp"
	"strings"
)

// InterestExample is how terms of ordinary interest are typed in forms and
// sheets.
const InterestExample = "2019-01-01至2019-08-19 年利率4.35%；2019-08-20起 一年期LPR×1.5 上限4倍"

var (
	interestRange    = regexp.MustCompile(`^(\d{4}-\d{1,2}-\d{1,2})(?:起|至(\d{4}-\d{1,2}-\d{1,2})止?)$`)
	interestRate     = regexp.MustCompile(`^(?:年利率)?([\d.]+)%$`)
	interestPrime    = regexp.MustCompile(`^(?:(\d{4}-\d{1,2}-\d{1,2})的?)?(一|五|1|5)年期(?:以上)?LPR(?:[×x*]([\d.]+))?倍?(?:([+-]\d+)(?:个)?基点)?$`)
	interestBase     = regexp.MustCompile(`^基数([\d,.]+)元?$`)
	interestCap      = regexp.MustCompile(`^上限(?:(\d{4}-\d{1,2}-\d{1,2})的)?([\d.]+)倍$`)
	interestSum      = regexp.MustCompile(`^总额(?:不超过)?([\d,.]+)元?$`)
	interestDayCount = regexp.MustCompile(`^(360|365)[天日]$`)
)

// scaled reads a decimal as an integer of its smallest unit: scale 100 for
// hundredths. It tells whether it is one without a rest.
func scaled(s string, scale int64) (int64, bool) {
	if strings.Trim(s, "0123456789.") != "" {
		return 0, false // Rat would read fractions and exponents
	}
	r, ok := new(big.Rat).SetString(s)
	if !ok {
		return 0, false
	}
	r.Mul(r, new(big.Rat).SetInt64(scale))
	if !r.IsInt() || !r.Num().IsInt64() {
		return 0, false
	}
	return r.Num().Int64(), true
}

func looseDate(s string) (Date, bool) {
	if s == "" {
		return Date{}, true
	}
	var y, m, d int
	if _, err := fmt.Sscanf(s, "%d-%d-%d", &y, &m, &d); err != nil {
		return Date{}, false
	}
	out, err := ParseDate(fmt.Sprintf("%04d-%02d-%02d", y, m, d))
	return out, err == nil
}

// ParseInterest reads terms of ordinary interest as they are typed in forms and
// sheets: spans parted by semicolons, each a range of days and a rate, and what
// else the instrument says. "" is no terms. Error: Invalid interest.format with
// the words that were not understood.
func ParseInterest(text string) (*InterestTerms, error) {
	text = strings.NewReplacer("；", ";", "\n", ";", "，", " ", "、", " ", "＋", "+", "－", "-", "％", "%", "lpr", "LPR", "ＬＰＲ", "LPR", "　", " ").Replace(strings.TrimSpace(text))
	if text == "" {
		return nil, nil //nolint:nilnil // no terms is no mistake
	}
	var t InterestTerms
	for part := range strings.SplitSeq(text, ";") {
		var s InterestSpan
		for word := range strings.FieldsSeq(part) {
			if !t.readWord(&s, word) {
				return nil, InvalidField("interest", "interest.format", "看不懂“"+word+"”。请按这样的格式填写："+InterestExample)
			}
		}
		if s == (InterestSpan{}) {
			continue
		}
		t.Spans = append(t.Spans, s)
	}
	out := t.Default()
	if !out.Runs() {
		return nil, InvalidField("interest", "interest.format", "请写明起息日和利率，例如："+InterestExample)
	}
	return &out, nil
}

// readWord reads one word of a span, or of the whole.
func (t *InterestTerms) readWord(s *InterestSpan, word string) (ok bool) {
	day := func(v string, into *Date) bool {
		d, good := looseDate(v)
		*into = d
		return good
	}
	if m := interestRange.FindStringSubmatch(word); m != nil {
		return s.From.IsZero() && day(m[1], &s.From) && day(m[2], &s.Until)
	}
	if m := interestRate.FindStringSubmatch(word); m != nil {
		twice := s.RatePPM != 0
		s.RatePPM, ok = scaled(m[1], 10_000)
		return ok && s.RatePPM > 0 && !twice
	}
	if m := interestPrime.FindStringSubmatch(word); m != nil {
		if s.Prime != "" {
			return false
		}
		s.Prime, s.Multiple = PrimeOneYear, 100
		if m[2] == "五" || m[2] == "5" {
			s.Prime = PrimeFiveYear
		}
		ok = day(m[1], &s.PrimeOn)
		if m[3] != "" && ok {
			s.Multiple, ok = scaled(m[3], 100)
			ok = ok && s.Multiple > 0
		}
		if m[4] != "" && ok {
			s.Points, ok = scaled(strings.TrimLeft(m[4], "+-"), 1)
			if m[4][0] == '-' {
				s.Points = -s.Points
			}
		}
		return ok
	}
	if m := interestCap.FindStringSubmatch(word); m != nil {
		twice := s.CapMultiple != 0
		s.CapMultiple, ok = scaled(m[2], 100)
		return ok && s.CapMultiple > 0 && !twice && day(m[1], &s.CapOn)
	}
	fen := func(v string, into *Fen) bool {
		n, good := scaled(strings.ReplaceAll(v, ",", ""), 100)
		good = good && n > 0 && *into == 0
		*into = Fen(n)
		return good
	}
	if m := interestBase.FindStringSubmatch(word); m != nil {
		return fen(m[1], &s.BaseFen)
	}
	if m := interestSum.FindStringSubmatch(word); m != nil {
		return fen(m[1], &t.CapFen)
	}
	if m := interestDayCount.FindStringSubmatch(word); m != nil {
		t.DayCount = 365
		if m[1] == "360" {
			t.DayCount = 360
		}
		return true
	}
	switch word {
	case "付款日不计", "算头不算尾":
		t.PayDayFree = true
	case "先本后息":
		t.PrincipalFirst = true
	default:
		return false
	}
	return true
}

// Text writes terms as ParseInterest reads them.
func (t *InterestTerms) Text() string {
	if !t.Runs() {
		return ""
	}
	var parts []string
	for n, s := range t.Spans {
		var words []string
		if s.Until.IsZero() {
			words = append(words, s.From.String()+"起")
		} else {
			words = append(words, s.From.String()+"至"+s.Until.String())
		}
		switch s.Prime {
		case "":
			words = append(words, "年利率"+RatePercent(s.RatePPM))
		default:
			w := "一年期LPR"
			if s.Prime == PrimeFiveYear {
				w = "五年期LPR"
			}
			if !s.PrimeOn.IsZero() {
				w = s.PrimeOn.String() + "的" + w
			}
			if s.Multiple != 100 {
				w += "×" + hundredths(s.Multiple)
			}
			if s.Points != 0 {
				w += fmt.Sprintf("%+d基点", s.Points)
			}
			words = append(words, w)
		}
		if s.BaseFen > 0 {
			words = append(words, "基数"+strings.ReplaceAll(s.BaseFen.Yuan(), ",", ""))
		}
		if s.CapMultiple > 0 {
			w := "上限"
			if !s.CapOn.IsZero() {
				w += s.CapOn.String() + "的"
			}
			words = append(words, w+hundredths(s.CapMultiple)+"倍")
		}
		if n == len(t.Spans)-1 {
			words = append(words, t.rest()...)
		}
		parts = append(parts, strings.Join(words, " "))
	}
	return strings.Join(parts, "；")
}

// rest are the words that are about all spans.
func (t *InterestTerms) rest() (words []string) {
	if t.DayCount != 365 {
		words = append(words, fmt.Sprintf("%d天", t.DayCount))
	}
	if t.CapFen > 0 {
		words = append(words, "总额"+strings.ReplaceAll(t.CapFen.Yuan(), ",", ""))
	}
	if t.PayDayFree {
		words = append(words, "付款日不计")
	}
	if t.PrincipalFirst {
		words = append(words, "先本后息")
	}
	return words
}
