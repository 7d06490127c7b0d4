package model

import (
	"regexp"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/text/width"
)

// CaseNo is a case number (案号) in canonical form: full-width parentheses,
// half-width digits, no spaces, e.g. （2020）浙0211民初1234号. Compare it with ==.
type CaseNo string

// caseTypes are the type codes (类型代字) by kind of case, checked against this
// table and not by length: real ones have up to four characters. Source: the
// numbering rules of 2015 as amended by 法〔2018〕335号 and codes attested in
// practice (DS §6).
var caseTypes = map[string]CaseKind{
	"民初": CaseCivil, "民终": CaseCivil, "民申": CaseCivil, "民监": CaseCivil, "民再": CaseCivil, "民特": CaseCivil,
	"民督": CaseCivil, "民催": CaseCivil, "民撤": CaseCivil, "民辖": CaseCivil, "诉前调": CaseCivil, "诉前调确": CaseCivil,
	"诉前调书": CaseCivil, "财保": CaseCivil,
	"刑初": CaseCriminal, "刑终": CaseCriminal, "刑再": CaseCriminal, "刑更": CaseCriminal,
	"行初": CaseAdministrative, "行终": CaseAdministrative, "行申": CaseAdministrative, "行再": CaseAdministrative,
	"行赔初": CaseAdministrative, "行审": CaseAdministrative,
}

// enforcementTypes are the type codes of enforcement cases.
var enforcementTypes = []string{"执", "执恢", "执保", "执异", "执复", "执监", "执协"}

var (
	caseNoPattern = regexp.MustCompile(
		`^（(\d{4})）(最高法|[京津冀晋内辽吉黑沪苏浙皖闽赣鲁豫鄂湘粤桂琼渝川贵云藏陕甘青宁新军兵](?:\d{4}|\d{2})?)知?(\p{Han}{1,4}?)([1-9]\d{0,8})号(之[一二三四五六七八九十]{1,3})?$`)
	legacyCaseNoPattern = regexp.MustCompile(`^（(\d{4})）(\p{Han}{1,6})字第([1-9]\d{0,8})号(?:之[一二三四五六七八九十]{1,3})?$`)
	caseNoSpace         = strings.NewReplacer("(", "（", ")", "）", "[", "（", "]", "）", "〔", "（", "〕", "）", " ", "", "\t", "", "　", "")
)

// canonical folds the ways in which people type a case number into one.
func canonicalCaseNo(s string) string {
	folded := strings.Map(func(r rune) rune {
		if r >= '０' && r <= '９' {
			return r - '０' + '0'
		}
		return r
	}, s)
	return caseNoSpace.Replace(folded)
}

// ParseCaseNo reads a case number in any of its usual spellings. Numbers from
// before 2016, (2015)杭下执民字第2741号, are readable too.
func ParseCaseNo(s string) (CaseNo, error) {
	bad := func(reason, message string) (CaseNo, error) {
		return "", InvalidField("case_no", reason, message)
	}
	c := canonicalCaseNo(s)
	if m := legacyCaseNoPattern.FindStringSubmatch(c); m != nil {
		if year, _ := strconv.Atoi(m[1]); year >= 1949 && year <= 2015 {
			return CaseNo(c), nil
		}
	}
	m := caseNoPattern.FindStringSubmatch(c)
	if m == nil {
		return bad("case_no.format", "案号格式不正确，应如：（2020）浙0211民初1234号")
	}
	if year, _ := strconv.Atoi(m[1]); year < 2016 || year > 2099 {
		return bad("case_no.year", "案号中的年份不正确")
	}
	if _, ok := caseTypes[m[3]]; !ok && !slices.Contains(enforcementTypes, m[3]) {
		return bad("case_no.type", "案号中的类型代字“"+m[3]+"”不在案件类型代字表中，请核对")
	}
	return CaseNo(c), nil
}

var bareYear = regexp.MustCompile(`^(19|20)\d{2}\p{Han}`)

// CaseNoBeginning is what somebody typed in search of a case as the beginning
// of a case number, "" when it is something else. The parentheses may be left
// out: 2026浙0211民初12.
func CaseNoBeginning(typed string) string {
	c := canonicalCaseNo(strings.TrimSpace(typed))
	switch {
	case strings.HasPrefix(c, "（"):
		return c
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
	if k, ok := caseTypes[c.TypeCode()]; ok {
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

// NormalizeSerial folds a bank serial number (流水号) for comparison: half width,
// upper case, letters and digits only.
func NormalizeSerial(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r >= 'a' && r <= 'z':
			return r - 'a' + 'A'
		case r >= '0' && r <= '9', r >= 'A' && r <= 'Z', r > 0x7f && r != '—' && r != '－' && r != '　':
			return r
		}
		return -1
	}, width.Narrow.String(s))
}

// NormalizeName folds a name for comparison: half width, no spaces, one form
// of the middle dot of minority and foreign names, upper case Latin.
func NormalizeName(s string) string {
	return strings.ToUpper(strings.Map(func(r rune) rune {
		switch r {
		case ' ', '\t', '　', '\u200b', '\ufeff':
			return -1
		case '•', '‧', '・', '．', '･', '∙', '。', '.':
			return '·'
		case '（':
			return '('
		case '）':
			return ')'
		}
		return r
	}, width.Narrow.String(s)))
}
