package wechattest

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf16"
)

// The limits of a card's values, as WeChat's notes on subscribe messages have
// them (thing 20 characters, number 32 digits, letter 32, symbol 5,
// character_string 32 without Chinese, amount one sign and ten digits, phone 17,
// car 8, name 10 Chinese or 20 letters, phrase 5 Chinese, times and dates), and
// as users report them of const, enum_string and short_thing. They are written
// down here once more on purpose: a fake that asked the client what is right
// would agree with every mistake of it. Where nobody knows, the stricter reading
// is taken.

// acceptable tells whether the platform takes a value under a keyword.
func acceptable(k Keyword, value string) bool {
	if strings.TrimSpace(value) == "" || !printable(value) {
		return false
	}
	if len(k.Enum) > 0 {
		return slices.Contains(k.Enum, value)
	}
	n := len(utf16.Encode([]rune(value)))
	switch strings.TrimRight(k.Key, "0123456789") {
	case "number":
		return n <= 32 && decimal(value, 32, 32)
	case "letter":
		return n <= 32 && every(value, latin)
	case "symbol":
		return n <= 5 && every(value, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsNumber(r) && r != ' ' })
	case "character_string":
		return n <= 32 && every(value, func(r rune) bool { return r > ' ' && r < 0x7f })
	case "time":
		return period(value, isTime)
	case "date":
		return period(value, isDate)
	case "amount":
		return isAmount(value)
	case "phone_number":
		return n <= 17 && isPhone(value)
	case "car_number":
		return n <= 8 && isCar([]rune(value))
	case "name":
		return isName(value, n)
	case "phrase":
		return n <= 5 && every(value, han)
	case "short_thing":
		return n <= 5
	}
	// thing, enum and const without a list, and types that nobody has described.
	return n <= 20
}

func han(r rune) bool   { return unicode.Is(unicode.Han, r) }
func digit(r rune) bool { return r >= '0' && r <= '9' }
func latin(r rune) bool { return r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' }

func every(s string, ok func(rune) bool) bool {
	return s != "" && strings.IndexFunc(s, func(r rune) bool { return !ok(r) }) < 0
}

// printable refuses line breaks, control and format characters, combining
// marks, private and unassigned ones, and emoji.
func printable(s string) bool {
	for _, r := range s {
		emoji := r >= 0x1F000 && r < 0x1FB00 || r >= 0x2600 && r < 0x27C0
		if r == unicode.ReplacementChar || emoji || r >= 0xFFF0 && r <= 0xFFFF {
			return false
		}
		if r != ' ' && !unicode.In(r, unicode.Letter, unicode.Number, unicode.Punct, unicode.Symbol) {
			return false
		}
	}
	return true
}

// decimal is digits with an optional point and more digits.
func decimal(s string, whole, fraction int) bool {
	w, f, point := strings.Cut(s, ".")
	return every(w, digit) && len(w) <= whole && (!point || every(f, digit) && len(f) <= fraction)
}

func isAmount(s string) bool {
	for _, sign := range []string{"￥", "¥", "$", "€", "£"} {
		if rest, ok := strings.CutPrefix(s, sign); ok {
			s = rest
			break
		}
	}
	return decimal(strings.TrimSuffix(s, "元"), 10, 2)
}

func isPhone(s string) bool {
	first := strings.TrimLeft(s, "+(")
	if len(s)-len(first) > 1 || first == "" || !digit(rune(first[0])) {
		return false
	}
	return every(s[len(s)-len(first):], func(r rune) bool { return digit(r) || strings.ContainsRune("()+ -", r) })
}

func isCar(s []rune) bool {
	for i, r := range s {
		upper := r >= 'A' && r <= 'Z' || digit(r)
		edge := i == 0 || i == len(s)-1
		if !upper && (!edge || !han(r)) && (edge || r != '·') {
			return false
		}
	}
	return len(s) > 1
}

func isName(s string, n int) bool {
	limit := 20
	if strings.IndexFunc(s, han) >= 0 {
		limit = 10
	}
	return n <= limit && every(s, func(r rune) bool { return han(r) || latin(r) || strings.ContainsRune("·. '-", r) })
}

// period is one point of time or two that are joined by a tilde.
func period(s string, point func(string) bool) bool {
	from, until, two := strings.Cut(s, "~")
	return point(from) && (!two || point(until))
}

// clock is HH:MM or HH:MM:SS of a 24-hour clock.
func clock(s string) bool {
	parts := strings.Split(s, ":")
	if len(parts) < 2 || len(parts) > 3 || !between(parts[0], 1, 2, 0, 23) {
		return false
	}
	for _, p := range parts[1:] {
		if !between(p, 2, 2, 0, 59) {
			return false
		}
	}
	return true
}

// between is a number of so many digits within bounds.
func between(s string, least, most, from, until int) bool {
	if !every(s, digit) || len(s) < least || len(s) > most {
		return false
	}
	n := 0
	for _, r := range s {
		n = n*10 + int(r-'0')
	}
	return n >= from && n <= until
}

// day is a whole day: 2026年1月31日 or 2026-1-31 with one of three separators.
func day(s string) bool {
	if y, rest, ok := strings.Cut(s, "年"); ok {
		m, d, ok := strings.Cut(rest, "月")
		d, end := strings.CutSuffix(d, "日")
		return ok && end && between(y, 4, 4, 0, 9999) && between(m, 1, 2, 1, 12) && between(d, 1, 2, 1, 31)
	}
	for _, separators := range []string{"-", "/", "."} {
		if p := strings.Split(s, separators); len(p) == 3 {
			return between(p[0], 4, 4, 0, 9999) && between(p[1], 1, 2, 1, 12) && between(p[2], 1, 2, 1, 31)
		}
	}
	// Mixed separators are taken too.
	p := strings.FieldsFunc(s, func(r rune) bool { return strings.ContainsRune("-/.", r) })
	return len(p) == 3 && len(s) == len(p[0])+len(p[1])+len(p[2])+2 &&
		between(p[0], 4, 4, 0, 9999) && between(p[1], 1, 2, 1, 12) && between(p[2], 1, 2, 1, 31)
}

// withClock cuts a clock off the end of a day, with or without a space.
func withClock(s string, isDay func(string) bool) bool {
	for i := range s {
		if i > 0 && isDay(strings.TrimSuffix(s[:i], " ")) && strings.Count(s[:i], " ") <= 1 && clock(s[i:]) {
			return true
		}
	}
	return false
}

func isTime(s string) bool { return clock(s) || withClock(s, day) }

func isDate(s string) bool {
	some := func(s string) bool {
		if day(s) {
			return true
		}
		if y, m, ok := strings.Cut(s, "年"); ok {
			m, end := strings.CutSuffix(m, "月")
			return end && between(y, 4, 4, 0, 9999) && between(m, 1, 2, 1, 12)
		}
		m, d, ok := strings.Cut(s, "月")
		d, end := strings.CutSuffix(d, "日")
		return ok && end && between(m, 1, 2, 1, 12) && between(d, 1, 2, 1, 31)
	}
	return some(s) || withClock(s, some)
}
