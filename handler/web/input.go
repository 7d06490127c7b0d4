package web

import (
	"fmt"
	"net/url"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/gin-gonic/gin"

	"microcourt/model"
)

// texts are the names under which text of several lines comes in; all others are
// one line. A name that ends in _text, _reason, _note or _facts is one, too.
var texts = []string{
	"act_text", "answer", "basis", "body", "case_types", "content", "criterion_text", "description", "detail", "duty_installments", "evidence", "exposure", "facts",
	"form", "ground", "note", "opinion", "outcome", "parts", "proof", "purpose", "ready_answers", "reason", "remark", "remedy", "report", "requirement",
	"result", "rects", "rule", "source", "suggest", "summary", "text", "what", "value", "place", "address", "grounds",
}

// compared are the names of what is only compared with what is known: it is
// folded there, and an invisible character that was pasted with it does no harm.
var compared = []string{"login", "code", "phone_code", "totp", "token", "ticket"}

// last is the last name in a field's path, without an index.
func last(field string) string {
	field = field[strings.LastIndexByte(field, '.')+1:]
	if i := strings.IndexByte(field, '['); i >= 0 {
		field = field[:i]
	}
	return field
}

// CheckEntered refuses text that somebody entered in a field and that holds what
// nobody sees or what is no character: text.invisible or text.broken with the
// field and the text around it.
func CheckEntered(field, s string) error {
	err := checkEntered(field, s)
	if err == nil {
		return nil
	}
	e := *model.AtField(err, field).(*model.Error) //nolint:errorlint,forcetypeassert // CheckText and CheckLine give nothing else
	if seen := []rune(model.Fold(strings.ToValidUTF8(s, "\ufffd"))); len(seen) > 0 && !strings.Contains(last(field), "password") {
		e.Message = "“" + string(seen[:min(len(seen), 20)]) + "”" + e.Message
	}
	return &e
}

// MaxLine and MaxText bound what the JSON door takes for a line and for a text of
// several, in characters. Most rules allow much less and say so themselves; these
// hold where none does.
const (
	MaxLine = 1000
	MaxText = 10000
)

// CheckLength refuses more than a field can hold, as field.too_long.
func CheckLength(field, s string) error {
	most := MaxLine
	if severalLines(last(field)) {
		most = MaxText
	}
	if utf8.RuneCountInString(s) > most {
		return model.InvalidField(field, "field.too_long", fmt.Sprintf("不能超过 %d 个字", most))
	}
	return nil
}

// severalLines says that what has the name may have several lines.
func severalLines(name string) bool {
	return slices.Contains(texts, name) || strings.HasSuffix(name, "_text") || strings.HasSuffix(name, "_reason") || strings.HasSuffix(name, "_note") ||
		strings.HasSuffix(name, "_facts")
}

// checkEntered is CheckEntered without the text in the message.
func checkEntered(field, s string) (err error) {
	name := last(field)
	switch {
	case slices.Contains(compared, name):
		if !utf8.ValidString(s) || strings.ContainsRune(s, utf8.RuneError) {
			err = model.CheckText(s)
		}
	case severalLines(name):
		err = model.CheckText(s)
	default:
		err = model.CheckLine(s)
	}
	return err
}

// CheckOnce refuses a parameter that was given more than once, as field.repeated:
// two readers of the request would take different ones. several tells which may.
func CheckOnce(values url.Values, several func(name string) bool) error {
	for _, name := range sorted(values) {
		if len(values[name]) > 1 && (several == nil || !several(name)) {
			return model.InvalidField(name, "field.repeated", "参数“"+name+"”只能填写一次")
		}
	}
	return nil
}

// CheckForm refuses what CheckOnce and CheckEntered refuse in the values of a
// form. Its days are for whoever reads them, and shows beside them what is wrong.
func CheckForm(values url.Values, several func(name string) bool) error {
	if err := CheckOnce(values, several); err != nil {
		return err
	}
	for _, name := range sorted(values) {
		for _, v := range values[name] {
			if err := CheckEntered(name, v); err != nil {
				return err
			}
		}
	}
	return nil
}

// ForgetQuery lets the parameters of the address be read anew, of a request that
// another page is shown for.
func ForgetQuery(c *gin.Context) { delete(c.Keys, queryKey) }

// Query reads the parameters of a request's address, once: what was checked is
// what is used. One that cannot be read is refused: a parameter that is dropped
// silently is a filter that does not filter.
func Query(c *gin.Context) (url.Values, error) {
	if v, ok := c.Get(queryKey); ok {
		values, _ := v.(url.Values)
		return values, nil
	}
	values, err := parseQuery(c.Request.URL.RawQuery)
	if err == nil {
		c.Set(queryKey, values)
	}
	return values, err
}

func parseQuery(raw string) (url.Values, error) {
	values, err := url.ParseQuery(raw)
	if err != nil {
		return nil, model.E(model.Invalid, "field.format", "地址中的参数不正确，请检查").WithCause(err)
	}
	for name := range values {
		if len(name) > MaxName {
			return nil, model.E(model.Invalid, "field.format", "地址中的参数不正确，请检查")
		}
	}
	return values, nil
}

// CheckQuery is CheckOnce for the parameters of an address, and refuses bytes
// that are no text. What is invisible in them is dropped where they are compared.
func CheckQuery(values url.Values, today model.Date) error {
	if err := CheckOnce(values, nil); err != nil {
		return err
	}
	for _, name := range sorted(values) {
		v := values.Get(name)
		if !utf8.ValidString(v) || strings.ContainsRune(v, utf8.RuneError) || strings.ContainsRune(v, 0) {
			return model.InvalidField(name, "text.broken", "参数“"+name+"”含有无法识别的字符，请重新输入")
		}
		if err := checkDayText(name, v, today); err != nil {
			return err
		}
	}
	return nil
}

// CheckChoice refuses a value of a filter that is none of the allowed ones, as
// filter.unknown, and names both. An empty value is none.
func CheckChoice(name, v string, allowed []string) error {
	if v == "" || slices.Contains(allowed, v) {
		return nil
	}
	return model.InvalidField(name, "filter.unknown", "筛选条件“"+name+"”的值不正确，可以是："+strings.Join(allowed, "、"))
}

// checkDayText holds a day to the bounds of its field's
// meaning. What is no day is for whoever reads the field.
func checkDayText(field, v string, today model.Date) error {
	if model.MeaningOfDay(field) == 0 {
		return nil
	}
	d, err := model.ParseDate(strings.TrimSpace(v))
	if err != nil {
		return nil //nolint:nilerr // for whoever reads the field
	}
	return model.CheckDay(field, d, today)
}

func sorted(values url.Values) []string {
	names := make([]string, 0, len(values))
	for name := range values {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}
