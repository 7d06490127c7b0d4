package model

import (
	"crypto/rand"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"
)

func TestParseCaseNo(t *testing.T) {
	t.Parallel()
	const want = CaseNo("（2020）浙0211民初1234号")
	for _, s := range []string{
		"（2020）浙0211民初1234号", "(2020)浙0211民初1234号", " （２０２０）浙０２１１ 民初１２３４号 ", "[2020]浙0211民初1234号",
	} {
		if got, err := ParseCaseNo(s); err != nil || got != want {
			t.Errorf("ParseCaseNo(%q) = %q, %v", s, got, err)
		}
	}
	for s, reason := range map[string]string{
		"2020浙0211民初1234号": "case_no.format", "（2020）浙0211民初号": "case_no.format", "（2020）浙0211民初0号": "case_no.format",
		"（2020）浙0211自履1号": "case_no.type", "（2120）浙0211民初1号": "case_no.year", "（2020）雨0211民初1号": "case_no.format", "": "case_no.format",
	} {
		if got, err := ParseCaseNo(s); ReasonOf(err) != reason {
			t.Errorf("ParseCaseNo(%q) = %q, %v; want %s", s, got, err, reason)
		}
	}
	for s, want := range map[string]struct {
		court, code string
		kind        CaseKind
		enforcement bool
	}{
		"（2019）浙0211行审74号":      {"浙0211", "行审", CaseAdministrative, false},
		"(2020)沪0117执2263号":     {"沪0117", "执", CaseCivil, true},
		"（2026）京0105执恢12345号之一": {"京0105", "执恢", CaseCivil, true},
		"（2020）浙02刑终9号":         {"浙02", "刑终", CaseCriminal, false},
		"（2021）最高法知民终5号":        {"最高法", "民终", CaseCivil, false},
		"（2022）内0421诉前调确7号":     {"内0421", "诉前调确", CaseCivil, false},
		"(2015)杭下执民字第2741号":     {"", "", CaseCivil, true},
	} {
		c, err := ParseCaseNo(s)
		if err != nil || c.CourtCode() != want.court || c.TypeCode() != want.code || c.Kind() != want.kind ||
			c.IsEnforcement() != want.enforcement {
			t.Errorf("%s: %q %q %q %v, %v", s, c.CourtCode(), c.TypeCode(), c.Kind(), c.IsEnforcement(), err)
		}
	}
}

func FuzzParseCaseNo(f *testing.F) {
	f.Add("（2020）浙0211民初1234号")
	f.Add("(2015)杭下执民字第2741号")
	AddCaseTypes(CourtSettings{CaseTypes: map[string]CaseKind{"试清": CaseCivil}}) // a code that a court added
	f.Add("（2026）浙0211试清12号之一")
	f.Fuzz(func(t *testing.T, s string) {
		c, err := ParseCaseNo(s)
		if err != nil {
			return
		}
		if again, err := ParseCaseNo(string(c)); err != nil || again != c {
			t.Fatalf("the canonical form %q of %q is not a fixed point: %q, %v", c, s, again, err)
		}
	})
}

func TestCheckID(t *testing.T) {
	t.Parallel()
	today := NewDate(2026, 3, 2)
	for _, tt := range []struct {
		kind   IDKind
		id     string
		reason string
	}{
		{IDCitizen, "34052419800101001X", ""},
		{IDCitizen, "11010519491231002X", ""},
		{IDCitizen, "440524188001010014", ""},
		{IDCitizen, "34052419800101001x", ""},
		{IDCitizen, "340524198001010011", "id.check_digit"},
		{IDCitizen, "340524198013010012", "id.birth"},
		{IDCitizen, "340524209901010012", "id.birth"},
		{IDCitizen, "340524800101001", "id.old"},
		{IDCitizen, "3405241980010100", "id.format"},
		{IDCitizen, "880105194912310028", "id.region"},
		{IDCitizen, "810000199001010019", "id.region"}, // a residence permit's
		{IDResident, "810000199001010019", ""},
		{IDResident, "830000200803030010", ""},
		{IDResident, "34052419800101001X", "id.region"},
		{IDForeigner, "911336198001010011", ""},
		{IDForeigner, "911336198001010012", "id.check_digit"},
		{IDForeigner, "USA110077010001", ""}, // of before December 2023
		{IDForeigner, "34052419800101001X", "id.region"},
		{IDForeigner, "US1110077010001", "id.format"},
		{IDUSCC, "91350100M000100Y43", ""},
		{IDUSCC, "91350100M000100Y4Z", "uscc.format"},
		{IDUSCC, "91310115MA1H8R7C6D", "uscc.check_digit"},
		{IDUSCC, "91310115MA1H8R7C67", ""},
		{IDUSCC, "9135", "uscc.format"},
		{IDPassport, "E12345678", ""},
		{IDPassport, "1", "id.passport"},
		{"other", "1", "id.kind"},
	} {
		if err := CheckID(tt.kind, NormalizeID(tt.id), today); ReasonOf(err) != tt.reason {
			t.Errorf("CheckID(%s, %s) = %v, want %q", tt.kind, tt.id, err, tt.reason)
		}
	}
	for id, kind := range map[string]IDKind{"34052419800101001X": IDCitizen, "820000199001010010": IDResident, "911336198001010011": IDForeigner, "123": IDCitizen} {
		if got := IDKindOf(id); got != kind {
			t.Errorf("%s is taken for %s", id, got)
		}
	}
}

// 民法典 17, with 201 and 202: the years are full when the birthday is over, also of
// who was born on 29 February, and by every card that says when.
func TestCivilCode17(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		kind IDKind
		id   string
		last Date // on which he is a minor
	}{
		{IDCitizen, "34052420080303001X", NewDate(2026, 3, 3)},
		{IDCitizen, "340524200802290015", NewDate(2026, 2, 28)},
		{IDResident, "830000200803030010", NewDate(2026, 3, 3)},
		{IDForeigner, "911336200803030014", NewDate(2026, 3, 3)},
	} {
		if !IsMinor(tt.kind, tt.id, tt.last) || IsMinor(tt.kind, tt.id, tt.last.AddDays(1)) {
			t.Errorf("%s is of age before %s or not the day after it", tt.id, tt.last)
		}
	}
	if IsMinor(IDPassport, "E12345678", NewDate(2026, 3, 3)) {
		t.Error("a passport's number says nothing of age")
	}
}

// The codes of 人民法院案件类型及其代字标准, by kind.
func TestTypeCodes(t *testing.T) {
	t.Parallel()
	for code, kind := range map[string]CaseKind{
		"司惩": CaseCivil, "司惩复": CaseCivil, "法赔": CaseCivil, "破申": CaseCivil, "强清": CaseCivil, "民保令": CaseCivil, "民保更": CaseCivil, "民抗": CaseCivil,
		"行赔终": CaseAdministrative, "行审复": CaseAdministrative, "行抗": CaseAdministrative, "刑没": CaseCriminal, "刑医": CaseCriminal, "执他": CaseCivil, "执恢": CaseCivil,
	} {
		no, err := ParseCaseNo("(2026)浙0211" + code + "12号")
		if err != nil || no.Kind() != kind || no.TypeCode() != code || no.IsEnforcement() != strings.HasPrefix(code, "执") {
			t.Errorf("%s: %q is of kind %s, %v", code, no, no.Kind(), err)
		}
	}
}

func TestAmounts(t *testing.T) {
	t.Parallel()
	for s, want := range map[string]Fen{
		"1300000": 130000000, "1,300,000.50": 130000050, "￥12.3元": 1230, "１２．３４": 1234, "0.01": 1, "0": 0,
	} {
		if got, err := ParseYuan(s); err != nil || got != want {
			t.Errorf("ParseYuan(%q) = %d, %v", s, got, err)
		}
	}
	for s, reason := range map[string]string{
		"-1": "amount.negative", "1.234": "amount.decimals", "": "amount.format", "1,30": "amount.format",
		"1e3": "amount.format", "99999999999999999999": "amount.too_large", "1.": "amount.format", ",1": "amount.format",
	} {
		if got, err := ParseYuan(s); ReasonOf(err) != reason {
			t.Errorf("ParseYuan(%q) = %d, %v; want %s", s, got, err, reason)
		}
	}
	for f, want := range map[Fen]string{
		0: "零元整", 130000000: "壹佰叁拾万元整", 10005: "壹佰元零伍分", 100: "壹元整", 1: "壹分", 10: "壹角整", 123456789: "壹佰贰拾叁万肆仟伍佰陆拾柒元捌角玖分",
		1000010000: "壹仟万零壹佰元整", 10000000100: "壹亿零壹元整", 1020300: "壹万零贰佰零叁元整", 667600000000: "陆拾陆亿柒仟陆佰万元整",
	} {
		if got := f.Capital(); got != want {
			t.Errorf("%s in capitals is %s, want %s", f.Yuan(), got, want)
		}
	}
	if got := Fen(-130000050).Yuan(); got != "-1,300,000.50" {
		t.Error(got)
	}
}

// 民事诉讼法 85.
func TestCivilProcedureLaw85(t *testing.T) {
	t.Parallel()
	c := ShippedCalendar()
	p := c.DaysPeriod(NewDate(2020, 9, 18), 15, "送达")
	if p.Last != NewDate(2020, 10, 9) || p.Reason != "9月18日送达，次日起算15日，末日10月3日为节假日，顺延至10月9日" {
		t.Errorf("%v %s", p.Last, p.Reason)
	}
	if p := c.DaysPeriod(NewDate(2026, 3, 2), 10, "生效"); p.Last != NewDate(2026, 3, 12) || p.Reason != "3月2日生效，次日起算10日，末日3月12日" {
		t.Errorf("%v %s", p.Last, p.Reason)
	}
	for d, rest := range map[Date]bool{
		NewDate(2020, 2, 1): true, NewDate(2020, 1, 19): false, NewDate(2026, 2, 28): false, NewDate(2026, 3, 1): true,
		NewDate(2026, 10, 7): true, NewDate(2026, 10, 8): false,
	} {
		if c.IsRest(d) != rest {
			t.Errorf("IsRest(%s) = %v", d, !rest)
		}
	}
	for y := 2019; y <= 2026; y++ {
		if !c.Covers(y) {
			t.Errorf("%d is not covered", y)
		}
	}
	if c.Covers(2027) {
		t.Error("2027 cannot be known yet")
	}
}

// Months and years end on the day of the same number, or the month's last;
// rest days say what they are; a year without a notice says so. 民事诉讼法 85,
// 民法典 202, 203.
func TestPeriodsInWords(t *testing.T) {
	t.Parallel()
	c := ShippedCalendar()
	for _, tt := range []struct {
		p      Period
		last   Date
		reason string
	}{
		{c.DaysPeriod(NewDate(2026, 3, 6), 8, "送达"), NewDate(2026, 3, 16), "3月6日送达，次日起算8日，末日3月14日为周末，顺延至3月16日"},
		{c.DaysPeriod(NewDate(2025, 12, 20), 12, "送达"), NewDate(2026, 1, 4), "12月20日送达，次日起算12日，末日2026年1月1日为节假日，顺延至2026年1月4日"},
		{c.DaysPeriod(NewDate(2026, 2, 12), 3, "生效"), NewDate(2026, 2, 24), "2月12日生效，次日起算3日，末日2月15日为节假日，顺延至2月24日"},
		{c.DaysPeriod(NewDate(2026, 2, 20), 8, "生效"), NewDate(2026, 2, 28), "2月20日生效，次日起算8日，末日2月28日"}, // a Saturday that is worked
		{c.MonthsPeriod(NewDate(2026, 1, 31), 1, "生效"), NewDate(2026, 2, 28), "1月31日生效，次日起算1个月，末日2月28日"},
		{c.MonthsPeriod(NewDate(2024, 1, 30), 1, "生效"), NewDate(2024, 2, 29), "1月30日生效，次日起算1个月，末日2月29日"},
		{c.YearsPeriod(NewDate(2024, 2, 29), 1, "生效"), NewDate(2025, 2, 28), "2月29日生效，次日起算1年，末日2025年2月28日"},
		{c.DaysPeriod(NewDate(2027, 6, 1), 4, "生效"), NewDate(2027, 6, 7), "6月1日生效，次日起算4日，末日6月5日为周末，顺延至6月7日（2027年放假安排尚未公布，暂按法定节日和周末计算，公布后重新计算）"},
	} {
		if tt.p.Last != tt.last || tt.p.Reason != tt.reason {
			t.Errorf("%s %s, want %s %s", tt.p.Last, tt.p.Reason, tt.last, tt.reason)
		}
	}
	// On 27 January 2020 the holiday was made longer: the end moves.
	before := c.With(slices.DeleteFunc(c.Year(2020), func(h Holiday) bool {
		return h.On == NewDate(2020, 1, 31) || h.On == NewDate(2020, 2, 1) || h.On == NewDate(2020, 2, 2)
	}))
	if p, q := before.DaysPeriod(NewDate(2020, 1, 16), 15, "送达"), c.DaysPeriod(NewDate(2020, 1, 16), 15, "送达"); p.Last != NewDate(2020, 1, 31) || q.Last != NewDate(2020, 2, 3) {
		t.Errorf("%s before the notice, %s after it", p.Last, q.Last)
	}
}

// 法释〔2014〕8号 art. 1; 诉讼费用交纳办法 13, 14.
func TestInterestAndFees(t *testing.T) {
	t.Parallel()
	if got := DoubledInterest(Yuan(1_300_000), 30); got != 682500 {
		t.Errorf("doubled interest %s", got)
	}
	if got := DoubledInterest(MaxFen, 3650); got != 6387500000000 {
		t.Errorf("doubled interest %s", got)
	}
	if got := EnforcementFee(Yuan(1_300_000)); got != Yuan(15_400) {
		t.Errorf("enforcement fee %s", got)
	}
	if got := CourtFee(Yuan(1_300_000)); got != Yuan(16_500) {
		t.Errorf("court fee %s", got)
	}
	if CourtFee(Yuan(10_000)) != Yuan(50) || EnforcementFee(Yuan(1)) != Yuan(50) {
		t.Error("small amounts cost 50 yuan")
	}
	if got := HalvedCourtFee(Yuan(1_300_000)); got != Yuan(8_250) {
		t.Errorf("halved court fee %s", got)
	}
	due := NewDate(2026, 3, 1)
	if OverdueDays(due, due, true) != 0 || OverdueDays(due, due.AddDays(1), false) != 1 || OverdueDays(due, due.AddDays(1), true) != 2 {
		t.Error("days overdue")
	}
}

// 法释〔2014〕8号 art. 1–4: instalments, part payments, days that do not count,
// days before the rule, and what a payment pays first.
func TestDoubledInterestOfADebt(t *testing.T) {
	t.Parallel()
	due := NewDate(2026, 3, 1)
	for name, tt := range map[string]struct {
		m      OverdueMoney
		until  Date
		amount Fen
		perDay Fen
	}{
		"thirty days, DS 5.5":        {OverdueMoney{PrincipalFen: Yuan(1_300_000), DueOn: due}, NewDate(2026, 3, 31), 682500, 22750},
		"the due day counts too":     {OverdueMoney{PrincipalFen: Yuan(1_300_000), DueOn: due, FirstDayCounts: true}, NewDate(2026, 3, 31), 705250, 22750},
		"on the due day":             {OverdueMoney{PrincipalFen: Yuan(1_300_000), DueOn: due}, due, 0, 22750},
		"half paid after ten days":   {OverdueMoney{PrincipalFen: Yuan(1_300_000), DueOn: due, Paid: []PaidPart{{NewDate(2026, 3, 11), Yuan(650_000)}}}, NewDate(2026, 3, 31), 113750 + 341250, 11375},
		"half paid in time":          {OverdueMoney{PrincipalFen: Yuan(1_300_000), DueOn: due, Paid: []PaidPart{{due, Yuan(650_000)}}}, NewDate(2026, 3, 31), 341250, 11375},
		"all paid after ten days":    {OverdueMoney{PrincipalFen: Yuan(1_300_000), DueOn: due, Paid: []PaidPart{{NewDate(2026, 3, 11), Yuan(1_300_000)}}}, NewDate(2026, 12, 31), 227500, 0},
		"more than owed":             {OverdueMoney{PrincipalFen: 100, DueOn: due, Paid: []PaidPart{{NewDate(2026, 3, 11), Yuan(1_300_000)}}}, NewDate(2026, 12, 31), 0, 0},
		"ten days do not count":      {OverdueMoney{PrincipalFen: Yuan(1_300_000), DueOn: due, Excluded: []Days{{NewDate(2026, 3, 10), NewDate(2026, 3, 19)}}}, NewDate(2026, 3, 31), 455000, 22750},
		"a day excluded twice":       {OverdueMoney{PrincipalFen: Yuan(1_300_000), DueOn: due, Excluded: []Days{{NewDate(2026, 3, 12), NewDate(2026, 3, 19)}, {NewDate(2026, 3, 10), NewDate(2026, 3, 15)}}}, NewDate(2026, 3, 31), 455000, 22750},
		"a stay that began before":   {OverdueMoney{PrincipalFen: Yuan(1_300_000), DueOn: due, Excluded: []Days{{NewDate(2026, 2, 1), NewDate(2026, 3, 11)}}}, NewDate(2026, 3, 31), 455000, 22750},
		"over a leap day":            {OverdueMoney{PrincipalFen: Yuan(1_300_000), DueOn: NewDate(2024, 2, 28)}, NewDate(2024, 3, 1), 45500, 22750},
		"before the rule of 2014":    {OverdueMoney{PrincipalFen: Yuan(1_300_000), DueOn: NewDate(2014, 6, 30)}, NewDate(2014, 8, 30), 682500, 22750},
		"the largest amount, a year": {OverdueMoney{PrincipalFen: MaxFen, DueOn: due}, NewDate(2027, 3, 1), 638750000000, 1750000000},
	} {
		got := tt.m.Interest(tt.until)
		if got.AmountFen != tt.amount || got.PerDayFen != tt.perDay || got.Before != (name == "before the rule of 2014") {
			t.Errorf("%s: %+v, want %s and %s a day", name, got, tt.amount, tt.perDay)
		}
	}
	for _, tt := range [][6]Fen{{100, 80, 50, 80, 20, 0}, {50, 80, 50, 50, 0, 0}, {200, 80, 50, 80, 50, 70}} {
		if a, b, c := Appropriate(tt[0], tt[1], tt[2]); a != tt[3] || b != tt[4] || c != tt[5] {
			t.Errorf("%d of %d and %d: %d %d %d", tt[0], tt[1], tt[2], a, b, c)
		}
	}
}

// A year that cannot be a notice is refused, and the reason names the line or
// the day.
func TestHolidayFilesAreChecked(t *testing.T) {
	t.Parallel()
	for text, reason := range map[string]string{
		"2027-01-01,rest": "holidays.line", "2027-13-01,rest,元旦节": "holidays.date", "2027-01-01,off,元旦节": "holidays.kind",
		"2027-01-01,rest,元旦节\n2027-01-01,rest,元旦节": "holidays.repeated",
	} {
		if _, err := ParseHolidays(strings.NewReader(text)); ReasonOf(err) != reason {
			t.Errorf("%q: %v, want %s", text, err, reason)
		}
	}
	whole := PublicHolidays(2027)
	if err := CheckHolidays(2027, whole); err != nil {
		t.Error(err)
	}
	for reason, days := range map[string][]Holiday{
		"holidays.incomplete": whole[:2], "holidays.year": append(slices.Clone(whole), Holiday{NewDate(2028, 2, 1), true, "元旦节"}),
		"holidays.workday": append(slices.Clone(whole), Holiday{NewDate(2027, 1, 4), false, "元旦节"}),
	} {
		if err := CheckHolidays(2027, days); ReasonOf(err) != reason {
			t.Errorf("%v, want %s", err, reason)
		}
	}
}

// 全国年节及纪念日放假办法 2: the days that the law itself gives, from lists of the
// years; every shipped notice has them, and in a year without a notice they are
// rest days for the time being.
func TestHolidayRule2(t *testing.T) {
	t.Parallel()
	days := func(year int) (out []string) {
		for _, d := range PublicHolidays(year) {
			out = append(out, d.On.String()[5:])
		}
		return out
	}
	for year, want := range map[int]string{
		2013: "01-01 02-09 02-10 02-11 04-04 05-01 06-12 09-19 10-01 10-02 10-03", // 除夕 until 2013
		2020: "01-01 01-25 01-26 01-27 04-04 05-01 06-25 10-01 10-02 10-03",       // 中秋 is 10-01 itself
		2024: "01-01 02-10 02-11 02-12 04-04 05-01 06-10 09-17 10-01 10-02 10-03",
		2025: "01-01 01-28 01-29 01-30 01-31 04-04 05-01 05-02 05-31 10-01 10-02 10-03 10-06", // 除夕 and 5-2 since 2025
		2027: "01-01 02-05 02-06 02-07 02-08 04-05 05-01 05-02 06-09 09-15 10-01 10-02 10-03",
		2033: "01-01 01-30 01-31 02-01 02-02 04-04 05-01 05-02 06-01 09-08 10-01 10-02 10-03", // before a leap month
	} {
		if got := strings.Join(days(year), " "); got != want {
			t.Errorf("%d: %s, want %s", year, got, want)
		}
	}
	c := ShippedCalendar()
	for year := 2019; year <= 2026; year++ {
		if err := CheckHolidays(year, c.Year(year)); err != nil {
			t.Errorf("%d: %v", year, err)
		}
	}
	// The notice of 2019 names days of 2018, whose own notice is not shipped.
	for d, rest := range map[Date]bool{NewDate(2018, 12, 29): false, NewDate(2018, 12, 30): true, NewDate(2018, 12, 31): true, NewDate(2018, 12, 28): false} {
		if c.IsRest(d) != rest || c.Covers(2018) {
			t.Errorf("%s rests: %v", d, !rest)
		}
	}
	// 2027 has no notice: 除夕 is a Friday, and a period that ends on it moves; the
	// notice moves it on, and names the last day of 2026.
	p := c.DaysPeriod(NewDate(2027, 1, 26), 10, "送达")
	if p.Last != NewDate(2027, 2, 9) || p.Reason != "1月26日送达，次日起算10日，末日2月5日为节假日，顺延至2月9日（2027年放假安排尚未公布，暂按法定节日和周末计算，公布后重新计算）" {
		t.Errorf("%s: %s", p.Last, p.Reason)
	}
	notice := append(PublicHolidays(2027), Holiday{NewDate(2026, 12, 31), true, "元旦"}, Holiday{NewDate(2027, 2, 9), true, "春节"}, Holiday{NewDate(2027, 2, 20), false, "春节"})
	told := c.With(notice)
	if p := told.DaysPeriod(NewDate(2027, 1, 26), 10, "送达"); p.Last != NewDate(2027, 2, 10) || strings.Contains(p.Reason, "暂按") {
		t.Errorf("by the notice %s: %s", p.Last, p.Reason)
	}
	if again := told.With(c.Year(2026)); !again.IsRest(NewDate(2026, 12, 31)) || again.IsRest(NewDate(2027, 2, 20)) || !again.IsRest(NewDate(2026, 10, 1)) {
		t.Error("loading 2026 again loses what the notice of 2027 says")
	}
	// A notice without 中秋, or that has 5-2 worked, is refused.
	for name, days := range map[string][]Holiday{
		"without 中秋": slices.DeleteFunc(slices.Clone(notice), func(h Holiday) bool { return h.On == NewDate(2027, 9, 15) }),
		"5-2 worked": append(slices.DeleteFunc(slices.Clone(notice), func(h Holiday) bool { return h.On == NewDate(2027, 5, 2) }), Holiday{NewDate(2027, 5, 2), false, "劳动节"}),
	} {
		if err := CheckHolidays(2027, days); ReasonOf(err) != "holidays.incomplete" {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// 民法典 203 moves the end of a period, and not a day that a paper names: the reason
// says so on a rest day.
func TestCivilCode203(t *testing.T) {
	t.Parallel()
	c := ShippedCalendar()
	for day, want := range map[Date]string{
		NewDate(2026, 10, 1): "法律文书写明的日期2026年10月1日为节假日；写明的是日期，不是需要计算的期间，不因休假日顺延（民法典第二百零三条第一款只适用于期间）",
		NewDate(2026, 3, 14): "法律文书写明的日期2026年3月14日为周末；写明的是日期，不是需要计算的期间，不因休假日顺延（民法典第二百零三条第一款只适用于期间）",
		NewDate(2026, 2, 28): "", // a Saturday that is worked
		{}:                   "",
	} {
		if got := c.FixedDay(day); got != want {
			t.Errorf("%s: %q", day, got)
		}
	}
	if p := c.DaysPeriod(NewDate(2026, 9, 21), 10, "生效"); p.Last != NewDate(2026, 10, 8) {
		t.Errorf("a period moves to %s", p.Last)
	}
}

func TestMasks(t *testing.T) {
	t.Parallel()
	for got, want := range map[string]string{
		MaskName(Person, "张三丰"): "张*", MaskName(Person, "欧阳娜娜"): "欧阳*", MaskName(Organisation, "甬兴建设有限公司"): "甬兴建设有限公司",
		MaskID("34052419800101001X"): "340524********001X", MaskPhone("13800138000"): "138****8000", MaskAccount("6222020200112233445"): "****3445",
		NormalizeSerial(" ab-12　３４ "): "AB1234", NormalizeName("阿卜杜·热合曼"): NormalizeName("阿卜杜•热合曼 "), NormalizePhone("+86 138-0013-8000"): "13800138000",
	} {
		if got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}

func TestAllocate(t *testing.T) {
	t.Parallel()
	plan := []Installment{
		{ID: 3, AmountFen: 100, DueOn: NewDate(2026, 5, 1)},
		{ID: 1, AmountFen: 100, DueOn: NewDate(2026, 3, 1), ConfirmedFen: 40},
		{ID: 2, AmountFen: 100},
		{ID: 4, AmountFen: 100, DueOn: NewDate(2026, 4, 1)},
	}
	spread := Debts{}.Spread(Payment{AmountFen: 200}, plan, Payments{}, CourtSettings{})
	shares, rest := spread.Shares, spread.RestFen
	if len(shares) != 3 || shares[0] != (Share{1, 60}) || shares[1] != (Share{4, 100}) || shares[2] != (Share{3, 40}) || rest != 0 {
		t.Errorf("oldest due first: %v rest %d", shares, rest)
	}
	spread = Debts{}.Spread(Payment{AmountFen: 1000, Targets: []int64{2}}, plan, Payments{}, CourtSettings{})
	shares, rest = spread.Shares, spread.RestFen
	if shares[0] != (Share{2, 100}) || rest != 640 {
		t.Errorf("the payer's choice first: %v rest %d", shares, rest)
	}
	for reason, s := range map[string][]Share{
		"installment.unknown": {{9, 60}}, "installment.repeated": {{1, 30}, {1, 30}}, "amount.over_installment": {{1, 61}},
		"amount.positive": {{1, 0}}, "amount.sum": {{1, 59}}, "": {{1, 60}},
	} {
		if _, err := CheckShares(60, plan, 0, s); ReasonOf(err) != reason {
			t.Errorf("%v: %v, want %q", s, err, reason)
		}
	}
}

func TestTimeliness(t *testing.T) {
	t.Parallel()
	i := Installment{AmountFen: 1, ConfirmedFen: 1, DueOn: NewDate(2026, 3, 1), PerformedOn: NewDate(2026, 3, 1)}
	late := i
	late.PerformedOn = NewDate(2026, 3, 9)
	for _, tt := range []struct {
		all    []Installment
		filed  Date
		expect Timeliness
	}{
		{[]Installment{i}, Date{}, OnTime},
		{[]Installment{i, late}, Date{}, BeforeEnforcement},
		{[]Installment{late}, NewDate(2026, 3, 10), BeforeEnforcement},
		{[]Installment{late}, NewDate(2026, 3, 9), InEnforcement},
	} {
		if got := TimelinessOf(tt.all, tt.filed); got != tt.expect {
			t.Errorf("%v: %s, want %s", tt.filed, got, tt.expect)
		}
	}
}

// Every act has someone who may do it, and nobody but the public is let in by
// accident.
func TestAccessTable(t *testing.T) {
	t.Parallel()
	for act, roles := range access {
		if len(roles) == 0 {
			t.Errorf("%s: nobody may", act)
		}
		for _, r := range roles {
			if r.Chinese() == "" || r == RolePublic && act != ActPublic {
				t.Errorf("%s: role %q", act, r)
			}
		}
	}
	if RoleClerk.May(ActReceiptDecide) || RoleClerk.May(ActCertIssue) {
		t.Error("a clerk prepares, but cannot confirm or issue")
	}
}

// What a liaison is told holds no ID number and no amount; house numbers and
// phones are no amounts.
func TestAssistanceSaysOnlyWhatIsNeeded(t *testing.T) {
	today := Date{2026, 3, 2}
	e := EnforcementFile{EnforcementCase: EnforcementCase{ID: 1, State: EnforcementOpen}, Parties: []EnforcementParty{{PartyID: 2, Role: EnforcementDebtor}}}
	for text, ok := range map[string]bool{
		"住东村三组 12 号，电话 13800138000": true, "戴眼镜，五十岁左右，常在村口": true,
		"身份证34052419800101001X": false, "证件 130503670401001": false, "欠款10万元": false, "欠 ¥5000": false, "尚欠1,000元": false,
	} {
		_, err := NewAssistance(e, Assistance{PartyID: 2, Kind: AssistFindPerson, Detail: text, DueOn: today.AddDays(5)}, today)
		if (err == nil) != ok {
			t.Errorf("%q: %v", text, err)
		}
	}
}

// Seven working days skip weekends and holidays.
func TestQueryDueCountsWorkingDays(t *testing.T) {
	c := (&Calendar{}).With([]Holiday{{On: Date{2026, 3, 9}, Rest: true}})
	if due, _ := QueryDue(c, Date{2026, 3, 2}, 7); due != (Date{2026, 3, 12}) {
		t.Errorf("due %s", due)
	}
}

// A period of working days shows its reasoning: the rest days that moved its
// end, and the weekends that are worked.
func TestWorkdaysPeriodReason(t *testing.T) {
	t.Parallel()
	c := ShippedCalendar()
	for want, got := range map[string]Period{
		"3月2日申请，次日起算3个工作日，末日3月5日":                                                                  c.WorkdaysPeriod(NewDate(2026, 3, 2), 3, "申请"),
		"3月4日申请，次日起算3个工作日，3月7日至3月8日周末不计，末日3月9日":                                                    c.WorkdaysPeriod(NewDate(2026, 3, 4), 3, "申请"),
		"4月30日申请，次日起算4个工作日，5月1日至5月5日劳动节不计，末日5月9日":                                                  c.WorkdaysPeriod(NewDate(2026, 4, 30), 4, "申请"),
		"4月30日申请，次日起算5个工作日，5月1日至5月5日劳动节、5月10日周末不计，5月9日调休上班计入，末日5月11日":                              c.WorkdaysPeriod(NewDate(2026, 4, 30), 5, "申请"),
		"4月3日确认履行完毕，次日起算3个工作日，4月4日至4月6日清明节不计，末日4月9日":                                               c.WorkdaysPeriod(NewDate(2026, 4, 3), 3, "确认履行完毕"),
		"7月1日申请，次日起算30个工作日，7月4日至7月5日周末、7月11日至7月12日周末、7月18日至7月19日周末、7月25日至7月26日周末等12个休息日不计，末日8月12日": c.WorkdaysPeriod(NewDate(2026, 7, 1), 30, "申请"),
	} {
		if got.Reason != want {
			t.Errorf("%s, want %s", got.Reason, want)
		}
	}
	if p := c.WorkdaysPeriod(NewDate(2027, 1, 4), 1, "申请"); !strings.Contains(p.Reason, "暂按法定节日和周末计算") {
		t.Errorf("%s", p.Reason)
	}
}

// A page of tasks goes on where the one before ended; what is no mark is
// refused, on the desk and over the API alike.
func TestTaskMarks(t *testing.T) {
	t.Parallel()
	due := time.Date(2026, 3, 2, 10, 0, 0, 123000, time.UTC)
	var f TaskFilter
	if err := f.ReadMark(Task{ID: 7, DueAt: due}.Mark()); err != nil || !f.AfterDue.Equal(due) || f.AfterID != 7 {
		t.Errorf("%v %+v", err, f)
	}
	f = TaskFilter{}
	if err := f.ReadMark(""); err != nil || !f.AfterDue.IsZero() || f.AfterID != 0 {
		t.Errorf("the first page: %v %+v", err, f)
	}
	for _, mark := range []string{"abc", "1", "-", "1-", "-1", "a-1", "1-b", "1--2", "1-2-3"} {
		if err := f.ReadMark(mark); KindOf(err) != Invalid {
			t.Errorf("%q: %v", mark, err)
		}
	}
}

// Codes on paper: twelve characters that cannot be mistaken, read back however
// they were typed.
func TestPaperCodes(t *testing.T) {
	t.Parallel()
	code := PaperCode(rand.Text)
	if len(code) != 12 || strings.ContainsAny(code, "01ILO") || ReadCode(" "+strings.ToLower(GroupCode(code))+"。") != code || len(GroupCode(code)) != 14 {
		t.Errorf("%s %s", code, GroupCode(code))
	}
	drawn := 0
	if got := PaperCode(func() string { drawn++; return "ABIL" }); got != "ABABABABABAB" || drawn != 6 {
		t.Errorf("%s after %d secrets", got, drawn)
	}
}

func TestMonthOf(t *testing.T) {
	for day, want := range map[Date][2]Date{
		NewDate(2026, 1, 1):   {NewDate(2026, 1, 1), NewDate(2026, 1, 31)},
		NewDate(2028, 2, 29):  {NewDate(2028, 2, 1), NewDate(2028, 2, 29)},
		NewDate(2026, 12, 25): {NewDate(2026, 12, 1), NewDate(2026, 12, 31)},
	} {
		if first, last := day.MonthOf(); first != want[0] || last != want[1] {
			t.Errorf("the month of %v is from %v to %v", day, first, last)
		}
	}
}

// Each kind of paper of each court has numbers of its own: else two papers
// would bear one number.
func TestPatternsOfNumbersDiffer(t *testing.T) {
	here := Court{ID: 1, Code: "浙0211", Name: "宁波市镇海区人民法院", ShortName: "镇法", Settings: DefaultCourtSettings()}
	there := Court{ID: 2, Code: "浙0205", Name: "宁波市江北区人民法院", ShortName: "北法", Settings: DefaultCourtSettings()}
	if err := here.CheckNumbers([]Court{here, there}); err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		set           func(*Court)
		reason, field string
	}{
		"one pattern for two kinds": {func(c *Court) {
			c.Settings.DocumentPatterns = map[DocumentKind]string{DocumentContactRecord: c.Settings.CertificatePattern}
		}, "pattern.repeated", "document_patterns." + string(DocumentContactRecord)},
		"two kinds that meet at some number": {func(c *Court) {
			c.Settings.CertificatePattern, c.Settings.NoticePattern = "{short}证{year}{n}号", "{short}证{year}1{n}号"
		}, "pattern.repeated", "notice_pattern"},
		"the short name written out":                 {func(c *Court) { c.Settings.DemandPattern = "镇法自履证〔{year}〕{n}号" }, "pattern.repeated", "demand_pattern"},
		"another court's name":                       {func(c *Court) { c.Settings.CertificatePattern = "北法自履证〔{year}〕{n}号" }, "pattern.taken", "certificate_pattern"},
		"another court's short name":                 {func(c *Court) { c.ShortName = "北法" }, "pattern.taken", "certificate_pattern"},
		"another court's number with other brackets": {func(c *Court) { c.Settings.NoticePattern = "北法自履告[{year}] {n}号" }, "pattern.taken", "notice_pattern"},
		"year and number the other way round": {func(c *Court) {
			c.Settings.CertificatePattern = "北法自履证〔{n}〕{year}号"
		}, "pattern.taken", "certificate_pattern"},
		"another name": {func(c *Court) { c.ShortName = "甬镇法" }, "", ""},
	} {
		c2 := here
		c.set(&c2)
		err := c2.CheckNumbers([]Court{here, there})
		var e *Error
		if ReasonOf(err) != c.reason || errors.As(err, &e) && e.Field != c.field {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// What does not touch the numbers can be changed also where patterns from before
// courts were compared collide; a change of the numbers meets them.
func TestOldPatternsHoldNothingElseUp(t *testing.T) {
	here := Court{ID: 1, Code: "浙0211", Name: "宁波市镇海区人民法院", ShortName: "镇法", Settings: DefaultCourtSettings()}
	there := Court{ID: 2, Code: "浙0205", Name: "宁波市江北区人民法院", ShortName: "北法", Settings: DefaultCourtSettings()}
	here.Settings.CertificatePattern = "北法自履证〔{year}〕{n}号"
	all := []Court{here, there}
	c := here
	c.Phone = "0574-12368"
	if err := c.CheckNumbers(all); err != nil {
		t.Error("another telephone number:", err)
	}
	c.ID = 3
	if err := c.CheckNumbers(all); ReasonOf(err) != "pattern.taken" {
		t.Error("another court with these patterns:", err)
	}
	c = here
	c.ShortName = "甬镇法"
	if err := c.CheckNumbers(all); ReasonOf(err) != "pattern.taken" {
		t.Error("another short name:", err)
	}
	c = here
	c.Settings.NoticePattern = "{short}告{year}-{n}"
	if err := c.CheckNumbers(all); ReasonOf(err) != "pattern.taken" {
		t.Error("another pattern:", err)
	}
}

// A number is read in every way in which it can be, always alike.
func TestNumbersAreReadByAllPatterns(t *testing.T) {
	a := Court{ID: 1, ShortName: "镇法", Settings: DefaultCourtSettings()}
	b := Court{ID: 2, ShortName: "北法", Settings: DefaultCourtSettings()}
	b.Settings.CertificatePattern = "镇法自履证〔{year}〕{n}号" // set before courts were compared
	b.Settings.NoticePattern = "{year}-{n}-{year}"
	cert := func(court int64, kind string, n int64) SeriesMark { return SeriesMark{court, kind, 2026, n} }
	for number, want := range map[string][]SeriesMark{
		"镇法自履证〔2026〕12号":  {cert(1, CertificateSeries, 12), cert(2, CertificateSeries, 12)},
		"镇法自履告〔2026〕3号":   {cert(1, DocumentPerformanceNotice.Series(), 3)},
		"2026-4-2026":     {cert(2, DocumentPerformanceNotice.Series(), 4)},
		"2026-4-2025":     nil,
		"镇法自履证〔2026〕012号": nil, // no number of ours
		"镇法自履证〔2026〕1号附":  nil,
	} {
		for range 20 {
			if got := NewNumberReader([]Court{a, b}).Read(number); !slices.Equal(got, want) {
				t.Fatalf("%s is read as %v, want %v", number, got, want)
			}
		}
	}
}
