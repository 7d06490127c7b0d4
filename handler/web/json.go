package web

import (
	"bytes"
	"encoding"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"reflect"
	"strconv"
	"strings"
	"sync"
	"time"
	"unicode"

	"microcourt/model"
)

// maxDepth bounds how deep values may be nested; our deepest body has five levels.
const maxDepth = 32

// maxProblems bounds how many wrong fields are told at once.
const maxProblems = 20

// DecodeJSON reads one JSON value into v and nothing behind it. Everything that is
// wrong with the fields comes at once: unknown ones, so that a misspelt field is an
// error and not a silent default (field.unknown); keys that an object has twice, in
// whatever case, because two readers of the body would take different values
// (body.duplicate_key); values of another type (field.format) and fields that v's
// type requires and that are not there (field.required); text that holds what nobody
// sees or no characters (text.invisible, text.broken), and days that
// cannot be what their field means (date.format, date.range; model.CheckDay). No
// message repeats a value.
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
	if err := Problems(w.problems); err != nil {
		return err
	}
	if err := json.Unmarshal(body, v); err != nil {
		return BodyError(err)
	}
	return nil
}

// Problems is the error that tells all of a request's wrong fields, nil when there
// are none: its reason and message are those of the first.
func Problems(list []model.FieldError) error {
	if len(list) == 0 {
		return nil
	}
	e := model.InvalidField(list[0].Field, list[0].Reason, list[0].Message)
	if len(list) > 1 {
		e.Fields = list
	}
	return e
}

var errMalformed = model.E(model.Invalid, "body.malformed", "请求内容的格式不正确")

// BodyError tells an error of reading a body as the user is told it.
func BodyError(err error) error {
	if _, ok := errors.AsType[*http.MaxBytesError](err); ok {
		return model.E(model.TooLarge, "body.too_large", "提交的内容过大").WithCause(err)
	}
	if _, ok := errors.AsType[*model.Error](err); ok {
		return err // a value's own UnmarshalText said what is wrong
	}
	if t, ok := errors.AsType[*json.UnmarshalTypeError](err); ok {
		return model.InvalidField(t.Field, "field.format", wrongType).WithCause(err)
	}
	return errMalformed.WithCause(err)
}

const wrongType = "字段的类型不正确，请核对接口文档"

// walker goes through a value token by token, beside the type that it is read
// into, so that what it refuses has its path.
type walker struct {
	dec      *json.Decoder
	today    model.Date
	problems []model.FieldError
}

// refuse notes what is wrong with a field.
func (w *walker) refuse(path string, err error) {
	e, ok := errors.AsType[*model.Error](err)
	if !ok || len(w.problems) == maxProblems {
		return
	}
	w.problems = append(w.problems, model.FieldError{Field: path, Reason: e.Reason, Message: e.Message})
}

func (w *walker) wrong(path string) {
	w.refuse(path, model.E(model.Invalid, "field.format", wrongType))
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
		w.text(t, path, tok)
	case json.Number:
		w.number(t, path, tok)
	case bool:
		if t != nil && t.Kind() != reflect.Bool && t.Kind() != reflect.Interface {
			w.wrong(path)
		}
	}
	return nil
}

func (w *walker) object(t reflect.Type, path string, depth int) error {
	if t != nil && (t.Kind() != reflect.Struct && t.Kind() != reflect.Map && t.Kind() != reflect.Interface || textual(t)) {
		w.wrong(path)
		t = nil
	}
	seen := map[string]bool{}
	for w.dec.More() {
		tok, err := w.dec.Token()
		if err != nil {
			return err
		}
		key, _ := tok.(string)
		at := join(path, key)
		w.refuse(at, checkEntered(at, key))
		k := foldKey(key)
		if seen[k] {
			w.refuse(at, model.E(model.Invalid, "body.duplicate_key", "请求内容中的“"+at+"”出现了两次，请只保留一个"))
		}
		seen[k] = true
		member := memberOf(t, key)
		if member == nil && t != nil && t.Kind() == reflect.Struct {
			w.refuse(at, model.E(model.Invalid, "field.unknown", "没有这个字段，请检查拼写"))
		}
		if err := w.value(member, at, depth); err != nil {
			return err
		}
	}
	if t != nil && t.Kind() == reflect.Struct {
		for _, name := range shapeOf(t).required {
			if !seen[foldKey(name)] {
				w.refuse(join(path, name), model.E(model.Invalid, "field.required", "缺少“"+join(path, name)+"”，请填写"))
			}
		}
	}
	_, err := w.dec.Token() // }
	return err
}

func join(path, name string) string {
	if path == "" {
		return name
	}
	return path + "." + name
}

func (w *walker) array(t reflect.Type, path string, depth int) error {
	var element reflect.Type
	switch {
	case t == nil || t.Kind() == reflect.Interface:
	case t.Kind() == reflect.Slice || t.Kind() == reflect.Array:
		element = t.Elem()
	default:
		w.wrong(path)
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
	textType = reflect.TypeFor[encoding.TextUnmarshaler]()
)

// textual says that a type is written as a string, whatever it is made of.
func textual(t reflect.Type) bool { return reflect.PointerTo(t).Implements(textType) }

func (w *walker) text(t reflect.Type, path, s string) {
	switch {
	case t == nil || t.Kind() == reflect.String || t.Kind() == reflect.Interface:
	case t == dateType:
		if s == "" {
			return
		}
		d, err := model.ParseDate(s)
		if err == nil {
			err = model.CheckDay(path, d, w.today)
		}
		w.refuse(path, err)
		return
	case t == timeType:
		at, err := time.Parse(time.RFC3339, s)
		if err != nil {
			w.refuse(path, model.E(model.Invalid, "date.format", "时间格式应为 2026-01-31T09:30:00+08:00"))
			return
		}
		w.refuse(path, model.CheckDay(path, model.DateOf(at), w.today))
		return
	case !textual(t):
		w.wrong(path)
		return
	}
	w.refuse(path, checkEntered(path, s))
}

func (w *walker) number(t reflect.Type, path string, n json.Number) {
	if t == nil {
		return
	}
	var err error
	switch t.Kind() {
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		_, err = strconv.ParseInt(n.String(), 10, t.Bits())
	case reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64:
		_, err = strconv.ParseUint(n.String(), 10, t.Bits())
	case reflect.Float32, reflect.Float64:
		_, err = strconv.ParseFloat(n.String(), t.Bits())
	case reflect.Interface:
	default:
		w.wrong(path)
	}
	if err != nil {
		w.wrong(path)
	}
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
		return shapeOf(t).types[foldKey(key)]
	default:
		return nil
	}
}

// shape is what a struct reads from an object.
type shape struct {
	types    map[string]reflect.Type // by folded name
	required []string
}

var shapes sync.Map // by type

func shapeOf(t reflect.Type) *shape {
	if s, ok := shapes.Load(t); ok {
		return s.(*shape) //nolint:forcetypeassert // only shapes are stored
	}
	s := &shape{types: map[string]reflect.Type{}}
	s.add(t)
	shapes.Store(t, s)
	return s
}

// add goes through the fields as encoding/json does: a field that is not read does
// not hide one of an embedded struct.
func (s *shape) add(t reflect.Type) {
	var embedded []reflect.Type
	for i := range t.NumField() {
		f := t.Field(i)
		name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
		inner := f.Type
		if inner.Kind() == reflect.Pointer {
			inner = inner.Elem()
		}
		switch {
		case f.Anonymous && name == "" && inner.Kind() == reflect.Struct:
			embedded = append(embedded, inner)
		case name == "" || name == "-" || s.types[foldKey(name)] != nil:
		default:
			s.types[foldKey(name)] = f.Type
			if f.Tag.Get("required") == "true" {
				s.required = append(s.required, name)
			}
		}
	}
	for _, e := range embedded {
		s.add(e)
	}
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
