package wechat

import (
	"regexp"
	"strings"
	"unicode"
	"unicode/utf16"
	"unicode/utf8"

	"microcourt/model"
)

// WeChat never shortens a card's field: a value that is too long, has a wrong
// alphabet or is empty makes the whole message fail with 47003. The rules below
// are the platform's notes on subscribe messages; the keyword's key carries its
// type as a prefix (thing1, amount2). Where the notes are silent the stricter
// reading is taken: a character outside the basic plane counts as two, emoji
// are refused.

var keyPattern = regexp.MustCompile(`^([A-Za-z][A-Za-z_]{0,30}?)\d{0,3}$`)

const (
	clockPattern = `(?:[01]?\d|2[0-3]):[0-5]\d(?::[0-5]\d)?`
	monthPattern = `(?:0?[1-9]|1[0-2])`
	mdayPattern  = `(?:0?[1-9]|[12]\d|3[01])`
	dayPattern   = `(?:\d{4}年` + monthPattern + `月` + mdayPattern + `日|\d{4}[-/.]` + monthPattern + `[-/.]` + mdayPattern + `)`
	timePoint    = `(?:` + dayPattern + ` ?)?` + clockPattern
	datePoint    = `(?:` + dayPattern + `|\d{4}年` + monthPattern + `月|` + monthPattern + `月` + mdayPattern + `日)(?: ?` + clockPattern + `)?`
)

// fieldRule is the limit of one keyword type.
type fieldRule struct {
	limit   int            // characters
	pattern *regexp.Regexp // nil: any plain text
	hint    string         // Chinese, what a correct value looks like
}

var fieldRules = map[string]fieldRule{
	"thing":            {20, nil, "20 个以内的汉字、数字、字母或符号"},
	"number":           {32, regexp.MustCompile(`^\d+(\.\d+)?$`), "32 位以内的数字，可带小数"},
	"letter":           {32, regexp.MustCompile(`^[A-Za-z]+$`), "32 位以内的字母"},
	"symbol":           {5, regexp.MustCompile(`^[\p{P}\p{S}]+$`), "5 位以内的符号"},
	"character_string": {32, regexp.MustCompile(`^[!-~]+$`), "32 位以内的数字、字母或符号，不能有汉字"},
	"time":             {64, regexp.MustCompile(`^` + timePoint + `(?:~` + timePoint + `)?$`), "24 小时制时间，如 2026年1月31日 15:01"},
	"date":             {64, regexp.MustCompile(`^` + datePoint + `(?:~` + datePoint + `)?$`), "日期，如 2026年1月31日"},
	"amount":           {17, regexp.MustCompile(`^[￥¥$€£]?\d{1,10}(\.\d{1,2})?元?$`), "1 个币种符号加 10 位以内的数字，可带小数，不能有千分号"},
	"phone_number":     {17, regexp.MustCompile(`^[+(]?\d[\d()+ -]*$`), "17 位以内的电话号码"},
	"car_number":       {8, regexp.MustCompile(`^[\p{Han}A-Z0-9][A-Z0-9·]*[\p{Han}A-Z0-9]$`), "8 位以内的车牌号"},
	"name":             {20, regexp.MustCompile(`^[\p{Han}A-Za-z·. '-]+$`), "10 个以内的汉字，或 20 个以内的字母"},
	"phrase":           {5, regexp.MustCompile(`^\p{Han}+$`), "5 个以内的汉字"},
	"enum":             {20, nil, "模板规定的枚举值之一"},
	"enum_string":      {20, nil, "模板规定的枚举值之一"},
	"const":            {20, nil, "模板规定的枚举值之一"},
	"short_thing":      {5, nil, "5 个以内的汉字、数字、字母或符号"},
}

const nameHanLimit = 10 // a name with any Chinese character counts as Chinese

// ValidateField checks a value against the limits of its key's type. What it
// passes WeChat accepts, except that the values of an enum or a const are known
// only to the template, and the limits of a new type to nobody. Errors are Invalid: wechat.field_key, wechat.field_empty,
// wechat.field_length, wechat.field_format, with Field set to the key. The
// value is not in them.
func ValidateField(key, value string) error {
	rule, ok := ruleOf(key)
	if !ok {
		return model.InvalidField(key, "wechat.field_key", "订阅消息没有这种关键词")
	}
	limit := rule.limit
	if FieldType(key) == "name" && strings.IndexFunc(value, isHan) >= 0 {
		limit = nameHanLimit
	}
	switch {
	case strings.TrimSpace(value) == "":
		return model.InvalidField(key, "wechat.field_empty", "内容不能为空，没有内容时请填“无”")
	case fieldLen(value) > limit:
		return model.InvalidField(key, "wechat.field_length", "内容过长，应为"+rule.hint)
	case !isPlain(value), rule.pattern != nil && !rule.pattern.MatchString(value):
		return model.InvalidField(key, "wechat.field_format", "格式不正确，应为"+rule.hint)
	}
	return nil
}

func isHan(r rune) bool { return unicode.Is(unicode.Han, r) }

// fieldLen counts characters. The notes do not say how surrogates count, so
// they count twice.
func fieldLen(s string) int { return len(utf16.Encode([]rune(s))) }

// isPlain tells whether s is valid text without control, invisible, combining
// or emoji characters and without line breaks.
func isPlain(s string) bool {
	return utf8.ValidString(s) && strings.IndexFunc(s, func(r rune) bool { return !plainRune(r) }) < 0
}

func plainRune(r rune) bool {
	switch {
	case r == ' ':
		return true
	case r == utf8.RuneError, r >= 0x1F000 && r <= 0x1FAFF, r >= 0x2600 && r <= 0x27BF, r >= 0xFFF0 && r <= 0xFFFF:
		return false
	}
	return unicode.IsLetter(r) || unicode.IsNumber(r) || unicode.IsPunct(r) || unicode.IsSymbol(r)
}
