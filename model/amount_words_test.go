package model

import (
	"math/rand/v2"
	"testing"
)

// Amounts as courts and banks write them are read exactly; what can be meant in two
// ways, or is no single amount, is refused.
func TestAmountsInWords(t *testing.T) {
	t.Parallel()
	for s, want := range map[string]Fen{
		"1.2万": 1200000, "1.2万元": 1200000, "壹万贰仟元整": 1200000, "人民币壹万贰仟元正": 1200000, "一万二千元": 1200000, "１２，０００．５０元": 1200050, "12,000": 1200000,
		"1万2千元": 1200000, "1万2000元": 1200000, "1万零200元": 1020000, "3亿5000万元": 35000000000, "两千零五元": 200500, "十二万元": 12000000, "拾万元整": 10000000, "五千": 500000,
		"12元5角": 1250, "伍角叁分": 53, "壹佰元零伍分": 10005, "零元整": 0, "三百五十块": 35000, "壹萬貳仟圓整": 1200000, "二百五十万": 250000000, "30十万": 300000000,
		"人民币壹万贰仟元整（￥12,000.00）": 1200000, "12000元（大写：壹万贰仟元整）": 1200000, "12000元人民币": 1200000, "2百": 20000, "1万亿": MaxFen * 10 / 10,
	} {
		if s == "1万亿" {
			if _, err := ParseYuan(s); ReasonOf(err) != "amount.too_large" {
				t.Errorf("%s: %v", s, err)
			}
			continue
		}
		if got, err := ParseYuan(s); err != nil || got != want {
			t.Errorf("%s = %d, %v; want %d", s, got, err, want)
		}
	}
	for s, reason := range map[string]string{
		"一万二": "amount.ambiguous", "1万2": "amount.ambiguous", "一百二": "amount.ambiguous", "一二三": "amount.ambiguous", "约1.2万": "amount.format", "1万余元": "amount.format",
		"1-2万": "amount.format", "12000元及利息": "amount.format", "1,2万": "amount.format", "1.234,56": "amount.format", "$100": "amount.currency", "100美元": "amount.currency",
		"壹万元（￥12,000.00）": "amount.contradicts", "负一百元": "amount.negative", "-5": "amount.negative", "元": "amount.format", "万": "amount.format", "千百": "amount.format",
		"一万一万": "amount.format", "五元元": "amount.format", "1.234": "amount.decimals", "12 000": "amount.format", "1e3": "amount.format",
	} {
		if got, err := ParseYuan(s); ReasonOf(err) != reason {
			t.Errorf("%s = %d, %v; want %s", s, got, err, reason)
		}
	}
}

// Whatever an amount is, its capital numerals are read as the same amount.
func TestCapitalsAreReadBack(t *testing.T) {
	t.Parallel()
	for range 20_000 {
		f := Fen(rand.Int64N(int64(MaxFen) >> rand.IntN(40)))
		if got, err := ParseYuan(f.Capital()); err != nil || got != f {
			t.Fatalf("%s is %s in capitals, read as %d: %v", f.Yuan(), f.Capital(), got, err)
		}
	}
}

func FuzzParseYuan(f *testing.F) {
	for _, s := range []string{"壹万贰仟元整", "1(1(1", "1万2000元", "零元", "十", "元角分"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		if got, err := ParseYuan(s); err == nil && (got < 0 || got > MaxFen) {
			t.Errorf("%q is %d", s, got)
		}
	})
}

// The end of a term is read in the words of instruments.
func TestTermsOfInstrumentsAreRead(t *testing.T) {
	t.Parallel()
	effective, c := NewDate(2026, 2, 1), ShippedCalendar()
	for s, want := range map[string]string{
		"2026年12月31日前": "2026-12-31", "2026年12月31日前付清": "2026-12-31", "于2026-12-31前": "2026-12-31", "二〇二六年十二月三十一日前": "2026-12-31", "2026.3.31之前": "2026-03-31", "12月2日前": "2026-12-02",
		"1月5日前": "2027-01-05", "十二月二日前": "2026-12-02", "2026年底前": "2026-12-31", "2026年11月底前": "2026-11-30", "生效后三个月内": "2026-05-06", "判决生效之日起一个月内": "2026-03-02",
		"立即": "2026-02-01", "判决生效后立即支付": "2026-02-01", "": "0001-01-01",
	} {
		term, err := ReadTerm(s)
		if err != nil {
			t.Errorf("%s: %v", s, err)
			continue
		}
		on, days, _, err := term.Resolve(effective, c)
		if err != nil || days != 0 || on.String() != want && (!on.IsZero() || s != "") {
			t.Errorf("%s is %s or %d days: %v, want %s", s, on, days, err, want)
		}
	}
	for s, days := range map[string]int{
		"生效后十日内": 10, "判决生效之日起十五日内": 15, "本判决生效之日起十五日内付清": 15, "自本判决发生法律效力之日起10日内": 10, "调解书生效后30天内": 30, "生效后一周内": 7, "十日内": 10, "裁定生效后的六十日内": 60,
	} {
		if term, err := ReadTerm(s); err != nil || term.Days != days {
			t.Errorf("%s: %+v %v", s, term, err)
		}
	}
	for _, s := range []string{"判决送达之日起十日内", "签收后七日内", "生效后十五个工作日内", "尽快", "2月30日前", "26年3月1日前", "2026年3月", "生效后〇日内", "13月1日前"} {
		if term, err := ReadTerm(s); err == nil {
			t.Errorf("%s is %+v", s, term)
		}
	}
	for _, s := range []string{"12月2日前", "立即", "生效后三个月内"} {
		term, err := ReadTerm(s)
		if _, _, _, e := term.Resolve(Date{}, c); err != nil || e == nil {
			t.Errorf("%s without the day of effect: %v %v", s, err, e)
		}
	}
}

// Parties are named as people name them.
func TestPartiesAreNamed(t *testing.T) {
	t.Parallel()
	list := []PartyName{{Plaintiff, "陈某"}, {Defendant, "陈某"}, {Defendant, "某某建材有限公司"}, {Defendant, "John Smith"}}
	for s, want := range map[string]string{
		"某某建材有限公司": "2", "被告陈某、某某建材有限公司": "1 2", "全部被告": "1 2 3", "某某建材有限公司 John Smith": "", "John Smith": "3", "john smith；原告陈某": "3 0",
	} {
		got, err := NamedParties(s, list)
		text := ""
		for _, i := range got {
			text += string(rune('0'+i)) + " "
		}
		if want != "" && (err != nil || text != want+" ") {
			t.Errorf("%s: %s %v", s, text, err)
		}
	}
	for s, reason := range map[string]string{"陈某": "party.ambiguous", "王某": "party.unknown", "P1": "party.unknown", "2": "party.unknown"} {
		if got, err := NamedParties(s, list); ReasonOf(err) != reason {
			t.Errorf("%s: %v %v", s, got, err)
		}
	}
}
