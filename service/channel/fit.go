package channel

import (
	"cmp"
	"maps"
	"slices"
	"strings"
	"time"

	"microcourt/model"
	"microcourt/service/wechat"
)

// What a keyword shows when what it is for is too long for it. Half a text can say the
// opposite, half a number rings somewhere else.
const (
	thereIsOne = "有新通知"
	someCourt  = "人民法院"
)

// data fills a template.
func (t CardTemplate) data(card map[string]string, check string, at time.Time) []wechat.Field {
	out := make([]wechat.Field, 0, len(t.Fields))
	for _, key := range slices.Sorted(maps.Keys(t.Fields)) {
		out = append(out, wechat.Field{Key: key, Value: t.fill(key, card, check, at)})
	}
	return out
}

// fill is the value of a template's keyword. Every field has one, whatever is known of
// the court.
func (t CardTemplate) fill(key string, card map[string]string, check string, at time.Time) string {
	name := t.Fields[key]
	if fixed, ok := strings.CutPrefix(name, "="); ok {
		return t.fit(key, name, fixed)
	}
	v := strings.TrimSpace(card[name])
	switch name {
	case "check":
		v = check
	case "time":
		v = at.In(model.CourtZone).Format("2006年1月2日 15:04")
	case "court":
		v = cmp.Or(v, someCourt)
	case "phone":
		v = cmp.Or(v, model.Hotline)
	case "kind":
		v = cmp.Or(v, thereIsOne)
	}
	return t.fit(key, name, v)
}

// fit makes a text fit a keyword: a name is shortened, a number never is, and a
// keyword with values of its own gets one of those.
func (t CardTemplate) fit(key, name, value string) string {
	if values := t.Values[key]; len(values) > 0 {
		own, ok := values[value]
		if !ok {
			own, ok = values["*"]
		}
		if ok {
			return own
		}
	}
	tooLong := wechat.ValidateField(key, value) != nil
	switch {
	case strings.HasPrefix(name, "=") || !tooLong:
		return value
	case name == "phone":
		return model.Hotline
	case name == "court" && wechat.FieldType(key) == "name":
		return someCourt
	case name == "kind" && (wechat.FieldType(key) == "phrase" || wechat.FieldType(key) == "short_thing"):
		return thereIsOne
	case wechat.Text(key):
		return wechat.FitThing(value)
	}
	return value
}
