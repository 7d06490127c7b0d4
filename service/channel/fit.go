package channel

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"microcourt/model"
	"microcourt/service/wechat"
)

// What a keyword shows when the notice has nothing for it. No amount and no day
// is made up: such a card is not sent, and the next channel takes the notice.
const (
	nothing     = "无"
	byTheRecord = "以法律文书为准" // no day is known
	seeInside   = "请查看"     // no result is known
	thereIsOne  = "已有结果"    // the result is too long for the keyword
	someCourt   = "人民法院"    // the court's name is too long for the keyword
)

// data fills a template.
func (t CardTemplate) data(card map[string]string, title, check string, at time.Time) ([]wechat.Field, error) {
	out := make([]wechat.Field, 0, len(t.Fields))
	for _, key := range slices.Sorted(maps.Keys(t.Fields)) {
		v, err := t.fill(key, card, title, check, at)
		if err != nil {
			return nil, err
		}
		out = append(out, wechat.Field{Key: key, Value: v})
	}
	return out, nil
}

// fill is the value of a template's keyword.
func (t CardTemplate) fill(key string, card map[string]string, title, check string, at time.Time) (string, error) {
	name := t.Fields[key]
	if fixed, ok := strings.CutPrefix(name, "="); ok {
		return t.fit(key, name, fixed)
	}
	v := strings.TrimSpace(card[name])
	switch {
	case name == "check":
		v = check
	case name == "title", v == "" && name == "remark":
		v = title
	case v == "" && name == "time":
		v = at.In(model.CourtZone).Format("2006年1月2日 15:04")
	case v == "" && name == "result":
		v = seeInside
	case v == "" && name == "due" && wechat.Text(key):
		v = byTheRecord
	case v == "" && (name == "due" || name == "amount") && !wechat.Text(key):
		return "", fmt.Errorf("the notice has no %s for %s", name, key)
	}
	if v == "" {
		v = nothing
	}
	return t.fit(key, name, v)
}

// fit makes a text fit a keyword: free text and case numbers are shortened,
// amounts and days never are, and a keyword with values of its own gets one of
// those.
func (t CardTemplate) fit(key, name, value string) (string, error) {
	if values := t.Values[key]; len(values) > 0 {
		own, ok := values[value]
		if !ok {
			own, ok = values["*"]
		}
		if ok {
			return own, nil
		}
	}
	if strings.HasPrefix(name, "=") {
		return value, nil
	}
	kind := wechat.FieldType(key)
	switch kind {
	case "amount":
		fen, err := fenOf(value)
		if err != nil {
			return "", err
		}
		return wechat.AmountField(fen)
	case "time":
		if name == "due" { // the whole day is within the period
			return value + " 23:59", nil
		}
		return value, nil
	case "phrase", "short_thing":
		return fitShort(key, value), nil
	case "name":
		if tooLong := wechat.ValidateField(key, value) != nil; tooLong && name == "court" {
			value = someCourt
		}
		return value, nil
	case "character_string":
		if day, err := time.Parse("2006年1月2日", value); err == nil {
			return day.Format(time.DateOnly), nil
		}
		return value, nil
	}
	if !wechat.Text(key) {
		return value, nil
	}
	if name == "case_no" {
		return wechat.FitCaseNo(model.CaseNo(value)), nil
	}
	if name == "amount" && value != nothing {
		value += "元"
	}
	return wechat.FitThing(value), nil
}

// fitShort is for keywords of five characters at most. What does not fit is not
// cut, because half a result can say the opposite.
func fitShort(key, value string) string {
	if wechat.ValidateField(key, value) == nil {
		return value
	}
	return thereIsOne
}

func fenOf(value string) (model.Fen, error) {
	whole, frac, _ := strings.Cut(value, ".")
	fen, err := strconv.ParseInt(whole+(frac + "00")[:2], 10, 64)
	if err != nil || utf8.RuneCountInString(frac) > 2 {
		return 0, fmt.Errorf("amount %q", value)
	}
	return model.Fen(fen), nil
}
