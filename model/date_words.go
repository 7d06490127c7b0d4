package model

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"

	"golang.org/x/text/width"
)

var (
	dayFormat = regexp.MustCompile(`^([0-9]{4})([-/.年])([0-9]{1,2})([-/.月])([0-9]{1,2})(?:[日号])?(?:[ T][0-9]{1,2}:[0-9]{2}(?::[0-9]{2}(?:\.[0-9]+)?)?Z?)?$`)
	around    = regexp.MustCompile(`\s*([年月])\s*|\s+([日号])`) // spaces around them say nothing
	compact   = regexp.MustCompile(`^(19|20|21)[0-9]{6}$`)
	shortYear = regexp.MustCompile(`^'?[0-9]{2}[-/.年][0-9]{1,2}[-/.月][0-9]{1,2}日?$`)
	noYear    = regexp.MustCompile(`^([0-9]{1,2})[-/.月]([0-9]{1,2})[日号]?$`)
	noDay     = regexp.MustCompile(`^[0-9]{4}[-/.年][0-9]{1,2}月?$`)
)

// numerals reads the figures of Chinese papers: 二〇二六年一月五日.
var numerals = strings.NewReplacer("〇", "0", "○", "0", "￮", "0", "零", "0", "一", "1", "二", "2", "三", "3", "四", "4", "五", "5", "六", "6", "七", "7", "八", "8", "九", "9")

// chineseDay reads 二〇二六年十二月三十一日 as 2026年12月31日, and 十二月二日 as 12月2日.
func chineseDay(s string) string {
	if !strings.ContainsAny(s, "〇○￮零一二三四五六七八九十") {
		return s
	}
	year, rest, ok := strings.Cut(s, "年")
	if !ok {
		year, rest = "", s
	}
	month, day, ok2 := strings.Cut(rest, "月")
	if !ok2 {
		return s
	}
	out := tens(month) + "月" + tens(strings.TrimRight(day, "日号")) + "日"
	if ok {
		out = numerals.Replace(year) + "年" + out
	}
	return out
}

func tens(s string) string {
	before, after, ok := strings.Cut(s, "十")
	if !ok {
		return numerals.Replace(s)
	}
	if before == "" {
		before = "1"
	}
	if after == "" {
		after = "0"
	}
	return numerals.Replace(before) + numerals.Replace(after)
}

// plainDay is a day as it was typed, with the signs that people use for each other
// made alike.
func plainDay(typed string) string {
	s := strings.TrimSpace(width.Narrow.String(typed))
	s = strings.NewReplacer("。", ".", "－", "-", "–", "-", "—", "-", "／", "/", "､", "、").Replace(s)
	return around.ReplaceAllString(chineseDay(s), "$1$2")
}

// ReadDay reads a day as people type it and papers print it: 2026-1-31, 2026/1/31,
// 20260131, 2026年1月31日, 二〇二六年一月三十一日. What is left open is refused with what
// is missing.
func ReadDay(typed string) (Date, error) {
	bad := func(message string) (Date, error) {
		return Date{}, E(Invalid, "date.format", message+"，请填写如 2026-01-31 的日期")
	}
	s := plainDay(typed)
	if compact.MatchString(s) {
		return ParseDate(s[:4] + "-" + s[4:6] + "-" + s[6:])
	}
	if m := dayFormat.FindStringSubmatch(s); m != nil && (m[2] == m[4] || m[2] == "年" && m[4] == "月") {
		month, _ := strconv.Atoi(m[3]) // digits by the pattern
		day, _ := strconv.Atoi(m[5])
		return ParseDate(fmt.Sprintf("%s-%02d-%02d", m[1], month, day))
	}
	switch {
	case shortYear.MatchString(s):
		return Date{}, E(Invalid, "date.format", "日期“"+shortly(typed)+"”的年份只有两位，请填写四位年份，如 2026-01-31")
	case noYear.MatchString(strings.TrimRight(s, "前之以内止")):
		return bad("日期“" + shortly(typed) + "”没有年份")
	case noDay.MatchString(s):
		return bad("日期“" + shortly(typed) + "”没有写明是哪一日")
	}
	return bad("“" + shortly(typed) + "”不是可以识别的日期")
}
