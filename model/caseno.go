package model

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// CaseNo is a case number (案号) in canonical form: full-width parentheses,
// half-width digits, no spaces, e.g. （2020）浙0211民初1234号 and, from before 2016,
// （2015）杭下执民字第2741号. Compare it with ==.
type CaseNo string

// caseTypes are the type codes (类型代字) by kind of case, checked against this
// table and not by length: real ones have up to four characters. What is asked of
// criminal and administrative courts is theirs; liability, requests and what has
// no kind of its own counts as civil.
// Source: 人民法院案件类型及其代字标准 (法〔2015〕137号, in force 2016-01-01), amended by
// 法〔2018〕335号, and codes attested in practice; the standard's own table could
// not be read, so that a code of it may be missing.
var caseTypes = typeTable(map[CaseKind]string{
	CaseCivil: "民初 民终 民申 民监 民抗 民再 民撤 民特 民特监 民催 民督 民督监 民辖 民辖终 民辖监 民他 民保令 民保更 诉前调 诉前调确 诉前调书 财保 证保 行为保 " +
		"破申 破 破终 破监 破他 清申 清终 清监 强清 强清终 强清监 强清他 司救民 司救赔 司救执 司救访 司救他 司惩 司惩复 司惩他 认台 认港 认澳 认复 协外认 " +
		"法赔 委赔 委赔监 委赔提 委赔再 委赔他",
	CaseCriminal:       "刑初 刑终 刑核 刑监 刑申 刑抗 刑再 刑辖 刑辖终 刑没 刑没终 刑医 刑医复 刑医监 刑更 刑更备 刑更监 刑他 司救刑",
	CaseAdministrative: "行初 行终 行监 行申 行抗 行再 行辖 行辖终 行审 行审复 行保 行他 行赔初 行赔终 行赔监 行赔申 行赔抗 行赔再 行赔他 司救行",
})

func typeTable(of map[CaseKind]string) map[string]CaseKind {
	out := map[string]CaseKind{}
	for kind, codes := range of {
		for _, code := range strings.Fields(codes) {
			out[code] = kind
		}
	}
	return out
}

// enforcementTypes are the type codes of enforcement cases.
var enforcementTypes = []string{"执", "执恢", "执保", "执异", "执复", "执监", "执协", "执他"}

var (
	caseNoPattern = regexp.MustCompile(
		`^（(\d{4})）(最高法|[京津冀晋内辽吉黑沪苏浙皖闽赣鲁豫鄂湘粤桂琼渝川贵云藏陕甘青宁新军兵](?:\d{4}|\d{2})?)知?(\p{Han}{1,4}?)([1-9]\d{0,8})号(之[一二三四五六七八九十]{1,3})?$`)
	// legacyCaseNoPattern reads the forms of before 2016 after folding: 1 year,
	// 2 court and kind, where Shanghai's courts put the division's field in
	// brackets, 3 letter of simplified or fast procedure, 4 number, 5 and 7 or 6
	// and 8 of one of the case's papers, before or behind 号.
	legacyCaseNoPattern = regexp.MustCompile(
		`^（(\d{4})）(\p{Han}(?:\p{Han}|（\p{Han}{1,2}）){0,11}?)(?:字第|字|第)([A-Z]?)0*([1-9]\d{0,8})(?:-([1-9]\d?)|之([一二三四五六七八九十]{1,3}|[1-9]\d?))?号(?:-([1-9]\d?)|之([一二三四五六七八九十]{1,3}|[1-9]\d?))?$`)
	caseNoBrackets = strings.NewReplacer("(", "（", ")", "）", "[", "（", "]", "）", "〔", "（", "〕", "）", "【", "（", "】", "）", " ", "")
	// caseNoYear is the year at the beginning in the forms that folding leaves:
	// with 年 or 年度, in Chinese digits, of the nineties with two digits.
	caseNoYear   = regexp.MustCompile(`^（([0-9一二三四五六七八九〇○◯零oO]{2,4})(?:年度?)?）`)
	chineseDigit = strings.NewReplacer("一", "1", "二", "2", "三", "3", "四", "4", "五", "5", "六", "6", "七", "7", "八", "8", "九", "9",
		"〇", "0", "○", "0", "◯", "0", "零", "0", "o", "0", "O", "0")
	paperNo = regexp.MustCompile(`号之([1-9]\d?)$`)
)

// canonicalCaseNo folds the ways in which people type a case number into one.
func canonicalCaseNo(s string) string {
	c := caseNoBrackets.Replace(Fold(s))
	if m := caseNoYear.FindStringSubmatch(c); m != nil {
		year := chineseDigit.Replace(m[1])
		if len(year) == 2 && year >= "80" {
			year = "19" + year // nobody wrote two digits after 1999
		}
		c = "（" + year + "）" + c[len(m[0]):]
	}
	return paperNo.ReplaceAllStringFunc(c, func(m string) string {
		n, _ := strconv.Atoi(strings.TrimPrefix(m, "号之"))
		return "号之" + chineseOrdinal(n)
	})
}

// chineseOrdinal writes 1 to 99 in Chinese.
func chineseOrdinal(n int) string {
	digits := []string{"", "一", "二", "三", "四", "五", "六", "七", "八", "九"}
	tens := ""
	if n >= 10 {
		tens = "十"
		if n >= 20 {
			tens = digits[n/10] + tens
		}
	}
	return tens + digits[n%10]
}

// legacyCaseNo writes a number of before 2016 in its one form, e.g.
// （2015）杭下执民字第2741号: with 字第 and without leading zeros. A number behind a
// dash and 之一 name one of the case's papers and stay what they are, because
// that is how the paper calls itself. It is "" for anything else.
func legacyCaseNo(c string) CaseNo {
	m := legacyCaseNoPattern.FindStringSubmatch(c)
	if m == nil || m[2] == "字" {
		return ""
	}
	if year, _ := strconv.Atoi(m[1]); year < 1949 || year > 2015 {
		return ""
	}
	dash, ordinal := m[5]+m[7], m[6]+m[8]
	if m[5] != "" && m[7] != "" || m[6] != "" && m[8] != "" || dash != "" && ordinal != "" {
		return ""
	}
	out := "（" + m[1] + "）" + m[2] + "字第" + m[3] + m[4]
	if dash != "" {
		return CaseNo(out + "-" + dash + "号")
	}
	if n, err := strconv.Atoi(ordinal); err == nil {
		ordinal = chineseOrdinal(n)
	}
	if ordinal != "" {
		ordinal = "之" + ordinal
	}
	return CaseNo(out + "号" + ordinal)
}

// ParseCaseNo reads a case number in any of its usual spellings, and numbers from
// before 2016 in the forms that courts really used: （2015）杭下执民字第2741号,
// (二○○八)甬海法商初字第12-1号, （2014）浦民一（民）初字第S00123号.
func ParseCaseNo(s string) (CaseNo, error) {
	bad := func(reason, message string) (CaseNo, error) {
		return "", InvalidField("case_no", reason, message)
	}
	c := canonicalCaseNo(s)
	if no := legacyCaseNo(c); no != "" {
		return no, nil
	}
	m := caseNoPattern.FindStringSubmatch(c)
	if m == nil {
		return bad("case_no.format", "案号格式不正确，应如：（2020）浙0211民初1234号；2016 年以前的如：（2015）甬镇商初字第123号")
	}
	if year, _ := strconv.Atoi(m[1]); year < 2016 || year > 2099 {
		return bad("case_no.year", "案号中的年份不正确")
	}
	if _, ok := caseTypeOf(m[3]); !ok && !slices.Contains(enforcementTypes, m[3]) {
		return bad("case_no.type", "案号中的类型代字“"+m[3]+"”不在案件类型代字表中，请核对；确为新增代字的，请管理员在“本院设置”中增加")
	}
	return CaseNo(c), nil
}

// TypedCaseNo is the case number that somebody typed in search of it, in
// canonical form, or what he typed, folded, when it is none.
func TypedCaseNo(typed string) CaseNo {
	if no, err := ParseCaseNo(typed); err == nil {
		return no
	}
	return CaseNo(Fold(typed))
}

// legacyBeginning is where the number of a case of before 2016 begins, in its
// other forms.
var legacyBeginning = regexp.MustCompile(`字第?0*([A-Z]?[1-9]\d*)$`)

var bareYear = regexp.MustCompile(`^(19|20)\d{2}\p{Han}`)

// CaseNoBeginning is what somebody typed in search of a case as the beginning
// of a case number, "" when it is something else. The parentheses may be left
// out: 2026浙0211民初12.
func CaseNoBeginning(typed string) string {
	c := canonicalCaseNo(typed)
	switch {
	case strings.HasPrefix(c, "（"):
		if no := legacyCaseNo(c); no != "" {
			return string(no)
		}
		return legacyBeginning.ReplaceAllString(c, "字第$1")
	case bareYear.MatchString(c):
		return "（" + c[:4] + "）" + c[4:]
	}
	return ""
}

func (c CaseNo) parts() []string { return caseNoPattern.FindStringSubmatch(string(c)) }

// Legacy tells whether the number has the form of before 2016.
func (c CaseNo) Legacy() bool { return c.parts() == nil }

// CourtCode is the court's code (法院代字), "" for legacy numbers.
func (c CaseNo) CourtCode() string {
	if m := c.parts(); m != nil {
		return m[2]
	}
	return ""
}

// TypeCode is the type code (类型代字), "" for legacy numbers.
func (c CaseNo) TypeCode() string {
	if m := c.parts(); m != nil {
		return m[3]
	}
	return ""
}

// Kind is the kind of case by its type code; legacy numbers count as civil
// unless they say otherwise.
func (c CaseNo) Kind() CaseKind {
	if k, ok := caseTypeOf(c.TypeCode()); ok {
		return k
	}
	switch {
	case strings.Contains(string(c), "刑"):
		return CaseCriminal
	case strings.Contains(string(c), "行"):
		return CaseAdministrative
	}
	return CaseCivil
}

// IsEnforcement tells whether the number is of an enforcement case.
func (c CaseNo) IsEnforcement() bool {
	return slices.Contains(enforcementTypes, c.TypeCode()) || c.Legacy() && strings.Contains(string(c), "执")
}
