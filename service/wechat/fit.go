package wechat

import (
	"fmt"
	"strings"
	"time"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"microcourt/model"
)

const ellipsis = "…"

// FitThing makes any text fit a thing keyword: line breaks become spaces, emoji
// and invisible characters go, and what is over 20 characters ends in "…". An
// empty text becomes 无, because WeChat refuses empty values. Only free text
// may be shortened; amounts, days and telephone numbers have no such function.
func FitThing(text string) string {
	var b strings.Builder
	for _, r := range norm.NFC.String(text) {
		switch {
		case unicode.IsSpace(r):
			b.WriteRune(' ')
		case plainRune(r):
			b.WriteRune(r)
		}
	}
	s := strings.Join(strings.Fields(b.String()), " ")
	if s == "" {
		return "无"
	}
	return cutHead(s)
}

// cutHead keeps the beginning.
func cutHead(s string) string {
	limit := fieldRules["thing"].limit
	if fieldLen(s) <= limit {
		return s
	}
	runes := []rune(s)
	for fieldLen(string(runes))+1 > limit {
		runes = runes[:len(runes)-1]
	}
	return strings.TrimRight(string(runes), " ") + ellipsis
}

// FitCaseNo makes a case number fit a thing keyword. （2026）京0105执恢12345号之一 has
// 21 characters: first the parentheses go, then the beginning, because the end
// tells cases of one court apart.
func FitCaseNo(n model.CaseNo) string {
	s, limit := string(n), fieldRules["thing"].limit
	if fieldLen(s) <= limit {
		return FitThing(s)
	}
	s = strings.NewReplacer("（", "", "）", "", "(", "", ")", "").Replace(s)
	runes := []rune(s)
	if fieldLen(s) <= limit {
		return FitThing(s)
	}
	for fieldLen(string(runes))+1 > limit {
		runes = runes[1:]
	}
	return FitThing(ellipsis + string(runes))
}

// AmountField writes an amount for an amount keyword, ￥1234567.89. It is Invalid
// for negative amounts and for those of 10^10 yuan and more: they do not fit,
// and a sum of money is never shortened.
func AmountField(f model.Fen) (string, error) {
	if f < 0 || f >= model.Yuan(10_000_000_000) {
		return "", model.InvalidField("amount", "wechat.field_amount", "金额超出订阅消息可显示的范围")
	}
	return "￥" + f.String(), nil
}

// DateField writes a legal day for a date keyword, 2026年1月31日.
func DateField(d model.Date) string { return d.Chinese() }

// TimeField writes an instant for a time keyword in the court's time zone,
// 2026年1月31日 15:01.
func TimeField(t time.Time) string {
	t = t.In(model.CourtZone)
	return fmt.Sprintf("%s %02d:%02d", model.DateOf(t).Chinese(), t.Hour(), t.Minute())
}
