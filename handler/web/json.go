package web

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"reflect"
	"strings"
	"time"
	"unicode"

	"microcourt/model"
)

// maxDepth bounds how deep values may be nested; our deepest body has five levels.
const maxDepth = 32

// DecodeJSON reads one JSON value into v and nothing behind it. Unknown fields
// are refused, so that a misspelt field is an error and not a silent default
// (field.unknown); so is a key that an object has twice, in whatever case, because
// two readers of the body would take different values (body.duplicate_key). Text
// that holds what nobody sees or no characters is refused with its field
// (text.invisible, text.broken; CheckEntered), and so are days that cannot be what
// their field means (date.format, date.range; model.CheckDay).
func DecodeJSON(r io.Reader, v any, today model.Date) error {
	body, err := io.ReadAll(r)
	if err != nil {
		return BodyError(err)
	}
	w := &walker{dec: json.NewDecoder(bytes.NewReader(body)), today: today}
	w.dec.UseNumber()
	if err := w.value(reflect.TypeOf(v), "", 0); err != nil {
		return BodyError(err)
	}
	if _, err := w.dec.Token(); !errors.Is(err, io.EOF) {
		return errMalformed
	}
	dec := json.NewDecoder(bytes.NewReader(body))
	dec.DisallowUnknownFields()
	if err := dec.Decode(v); err != nil {
		return BodyError(err)
	}
	return nil
}

var errMalformed = model.E(model.Invalid, "body.malformed", "请求内容的格式不正确")

// BodyError tells an error of reading a body as the user is told it.
func BodyError(err error) error {
	if _, ok := errors.AsType[*http.MaxBytesError](err); ok {
		return model.E(model.TooLarge, "body.too_large", "提交的内容过大").WithCause(err)
	}
	if _, ok := errors.AsType[*model.Error](err); ok {
		return err // the walk or a value's own UnmarshalText said what is wrong
	}
	if t, ok := errors.AsType[*json.UnmarshalTypeError](err); ok {
		return model.InvalidField(t.Field, "field.format", "字段的类型不正确").WithCause(err)
	}
	if name, ok := strings.CutPrefix(err.Error(), "json: unknown field "); ok {
		return model.InvalidField(strings.Trim(name, `"`), "field.unknown", "没有这个字段，请检查拼写")
	}
	return errMalformed.WithCause(err)
}

// walker goes through a value token by token, beside the type that it is read
// into, so that what it refuses has its path.
type walker struct {
	dec   *json.Decoder
	today model.Date
}

func (w *walker) value(t reflect.Type, path string, depth int) error {
	for t != nil && t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	tok, err := w.dec.Token()
	if err != nil {
		return err
	}
	switch tok := tok.(type) {
	case json.Delim:
		if depth == maxDepth {
			return errMalformed
		}
		if tok == '{' {
			return w.object(t, path, depth+1)
		}
		return w.array(t, path, depth+1)
	case string:
		return w.text(t, path, tok)
	}
	return nil
}

func (w *walker) object(t reflect.Type, path string, depth int) error {
	seen := map[string]bool{}
	for w.dec.More() {
		tok, err := w.dec.Token()
		if err != nil {
			return err
		}
		key, _ := tok.(string)
		at := key
		if path != "" {
			at = path + "." + key
		}
		if err := CheckEntered(at, key); err != nil {
			return err
		}
		if k := foldKey(key); seen[k] {
			return model.InvalidField(at, "body.duplicate_key", "请求内容中的“"+at+"”出现了两次，请只保留一个")
		} else { //nolint:revive // the two belong together
			seen[k] = true
		}
		if err := w.value(memberOf(t, key), at, depth); err != nil {
			return err
		}
	}
	_, err := w.dec.Token() // }
	return err
}

func (w *walker) array(t reflect.Type, path string, depth int) error {
	var element reflect.Type
	if t != nil && (t.Kind() == reflect.Slice || t.Kind() == reflect.Array) {
		element = t.Elem()
	}
	for i := 0; w.dec.More(); i++ {
		if err := w.value(element, fmt.Sprintf("%s[%d]", path, i), depth); err != nil {
			return err
		}
	}
	_, err := w.dec.Token() // ]
	return err
}

var (
	dateType = reflect.TypeFor[model.Date]()
	timeType = reflect.TypeFor[time.Time]()
)

func (w *walker) text(t reflect.Type, path, s string) error {
	switch {
	case t == dateType && s != "":
		d, err := model.ParseDate(s)
		if err != nil {
			return model.AtField(err, path)
		}
		return model.CheckDay(path, d, w.today)
	case t == timeType:
		at, err := time.Parse(time.RFC3339, s)
		if err != nil {
			return model.InvalidField(path, "date.format", "时间格式应为 2026-01-31T09:30:00+08:00").WithCause(err)
		}
		return model.CheckDay(path, model.DateOf(at), w.today)
	}
	return CheckEntered(path, s)
}

// memberOf is the type of a struct's field or a map's values, nil where it is not
// known. encoding/json matches names in any case.
func memberOf(t reflect.Type, key string) reflect.Type {
	if t == nil {
		return nil
	}
	switch t.Kind() {
	case reflect.Map:
		return t.Elem()
	case reflect.Struct:
		for _, f := range reflect.VisibleFields(t) {
			name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
			if name != "" && name != "-" && strings.EqualFold(name, key) {
				return f.Type
			}
		}
	default:
	}
	return nil
}

// foldKey is the same for keys that encoding/json takes for the same.
func foldKey(key string) string {
	return strings.Map(func(r rune) rune {
		least := r
		for next := unicode.SimpleFold(r); next != r; next = unicode.SimpleFold(next) {
			least = min(least, next)
		}
		return least
	}, key)
}
