package model

import (
	"testing"
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
	if !IsMinor(IDCitizen, "34052420080303001X", NewDate(2026, 3, 2)) || IsMinor(IDCitizen, "34052420080303001X", NewDate(2026, 3, 3)) {
		t.Error("majority begins on the 18th birthday")
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
		"-1": "amount.negative", "1.234": "amount.decimals", "": "amount.format", "1,30": "amount.format", "一百": "amount.format",
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

// 民事诉讼法 85; the vector of DS §5.1.
func TestCivilProcedureLaw85(t *testing.T) {
	t.Parallel()
	c := ShippedCalendar()
	p := c.DaysPeriod(NewDate(2020, 9, 18), 15, "送达")
	if p.Last != NewDate(2020, 10, 9) || p.Reason != "9月18日送达，次日起算15日，末日10月3日为休息日，顺延至10月9日" {
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

// 民事诉讼法 250 and 执行程序若干问题的解释 20: a promise begins the two years anew.
func TestCivilProcedureLaw250(t *testing.T) {
	t.Parallel()
	plan := []Installment{{DueOn: NewDate(2026, 3, 1)}, {DueOn: NewDate(2028, 2, 29)}}
	if got := EnforcementPeriodEnd(NewDate(2026, 1, 1), plan, Date{}); got != NewDate(2030, 2, 28) {
		t.Error(got)
	}
	if got := EnforcementPeriodEnd(NewDate(2026, 1, 1), nil, Date{}); got != NewDate(2028, 1, 1) {
		t.Error(got)
	}
	if got := EnforcementPeriodEnd(NewDate(2026, 1, 1), plan[:1], NewDate(2026, 5, 4)); got != NewDate(2028, 5, 4) {
		t.Error(got)
	}
}

// 法释〔2014〕8号 art. 1; 诉讼费用交纳办法 13, 14; vectors of DS §5.5, §5.6, §5.9.
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
	due := NewDate(2026, 3, 1)
	if OverdueDays(due, due, true) != 0 || OverdueDays(due, due.AddDays(1), false) != 1 || OverdueDays(due, due.AddDays(1), true) != 2 {
		t.Error("days overdue")
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
	shares, rest := Allocate(200, plan, nil)
	if len(shares) != 3 || shares[0] != (Share{1, 60}) || shares[1] != (Share{4, 100}) || shares[2] != (Share{3, 40}) || rest != 0 {
		t.Errorf("oldest due first: %v rest %d", shares, rest)
	}
	shares, rest = Allocate(1000, plan, []int64{2})
	if shares[0] != (Share{2, 100}) || rest != 640 {
		t.Errorf("the payer's choice first: %v rest %d", shares, rest)
	}
	for reason, s := range map[string][]Share{
		"installment.unknown": {{9, 60}}, "installment.repeated": {{1, 30}, {1, 30}}, "amount.over_installment": {{1, 61}},
		"amount.positive": {{1, 0}}, "amount.sum": {{1, 59}}, "": {{1, 60}},
	} {
		if err := CheckShares(60, plan, s); ReasonOf(err) != reason {
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
