package web

import (
	"bytes"
	"encoding"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"
	"unicode"

	"microcourt/model"
)

// maxDepth bounds how deep values may be nested; our deepest body has five levels.
const maxDepth = 32

// MaxProblems bounds how many wrong fields are told at once, and MaxName how long
// the name of a field may be, in bytes: an answer must not be larger than what was
// asked.
const (
	MaxProblems = 20
	MaxName     = 128
)

// DecodeJSON reads one JSON value into v and nothing behind it. Everything that is
// wrong with the fields comes at once: unknown ones, so that a misspelt field is an
// error and not a silent default (field.unknown); keys that an object has twice, in
// whatever case, because two readers of the body would take different values
// (body.duplicate_key); values of another type (field.format) and fields that v's
// type requires and that are not there (field.required); text that holds what nobody
// sees or no characters (text.invisible, text.broken) or that is longer than any is
// (field.too_long), and days that cannot be what their field means (date.format,
// date.range; model.CheckDay), and words that are none of a field's enum, where they
// are not all that is wrong. known is what is wrong with the request besides its
// body; it comes first. No message repeats a value.
func DecodeJSON(r io.Reader, v any, today model.Date, known ...model.FieldError) error {
	body, err := io.ReadAll(r)
	if err != nil {
		return BodyError(err)
	}
	w := &walker{dec: json.NewDecoder(bytes.NewReader(body)), today: today}
	w.dec.UseNumber()
	null, err := w.value(reflect.TypeOf(v), nil, 0)
	if err != nil {
		return BodyError(err)
	}
	if null {
		return errMalformed
	}
	if _, err := w.dec.Token(); !errors.Is(err, io.EOF) {
		return errMalformed
	}
	// A single word that is wrong is told by the rule that knows what it is for.
	problems := slices.Concat(known, w.problems)
	if len(problems)+len(w.words) > 1 {
		problems = append(problems, w.words...)
	}
	if err := Problems(problems); err != nil {
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
	list = list[:min(len(list), MaxProblems)]
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
	if errors.Is(err, os.ErrDeadlineExceeded) {
		return model.E(model.Unavailable, "request.timeout", "提交的内容没有在规定的时间内传完，请检查网络后重试").WithCause(err)
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
	words    []model.FieldError // that are none of their field's
}

// place is where a value stands. Its path is made only when the value is refused:
// a body has more places than anybody wants to read.
type place struct {
	parent *place
	name   string // of a member, "" for an element
	index  int
	words  []string // that the value may be, nil for any
}

// field is the name that says what the value means: the nearest member's.
func (p *place) field() string {
	for ; p != nil; p = p.parent {
		if p.name != "" {
			return p.name
		}
	}
	return ""
}

func (p *place) String() string {
	switch {
	case p == nil:
		return ""
	case p.name == "":
		return fmt.Sprintf("%s[%d]", p.parent, p.index)
	case p.parent == nil:
		return p.name
	default:
		return p.parent.String() + "." + p.name
	}
}

// refuse notes what is wrong with a value.
func (w *walker) refuse(at *place, err error) {
	e, ok := errors.AsType[*model.Error](err)
	if !ok || len(w.problems) == MaxProblems {
		return
	}
	w.problems = append(w.problems, model.FieldError{Field: at.String(), Reason: e.Reason, Message: e.Message})
}

func (w *walker) wrong(at *place) {
	w.refuse(at, model.E(model.Invalid, "field.format", wrongType))
}

// value reads one value and tells whether it is null.
func (w *walker) value(t reflect.Type, at *place, depth int) (null bool, err error) {
	for t != nil && t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	tok, err := w.dec.Token()
	if err != nil {
		return false, err
	}
	switch tok := tok.(type) {
	case nil:
		return true, nil
	case json.Delim:
		if depth == maxDepth {
			return false, errMalformed
		}
		if tok == '{' {
			return false, w.object(t, at, depth+1)
		}
		return false, w.array(t, at, depth+1)
	case string:
		w.text(t, at, tok)
	case json.Number:
		w.number(t, at, tok)
	case bool:
		if t != nil && t.Kind() != reflect.Bool && t.Kind() != reflect.Interface {
			w.wrong(at)
		}
	}
	return false, nil
}

func (w *walker) object(t reflect.Type, parent *place, depth int) error {
	if t != nil && (t.Kind() != reflect.Struct && t.Kind() != reflect.Map && t.Kind() != reflect.Interface || textual(t)) {
		w.wrong(parent)
		t = nil
	}
	seen := map[string]bool{} // and whether it was given
	for w.dec.More() {
		tok, err := w.dec.Token()
		if err != nil {
			return err
		}
		key, _ := tok.(string)
		if len(key) > MaxName {
			return errMalformed // no field of ours is called so
		}
		at := &place{parent: parent, name: key}
		w.refuse(at, checkEntered(key, key))
		k := FoldKey(key)
		given, repeated := seen[k]
		if repeated {
			w.refuse(at, model.E(model.Invalid, "body.duplicate_key", "请求内容中的“"+key+"”出现了两次，请只保留一个"))
		}
		member := memberOf(t, key)
		if member != nil && t.Kind() == reflect.Struct {
			at.words = shapeOf(t).words[k]
		}
		if member == nil && t != nil && t.Kind() == reflect.Struct {
			w.refuse(at, model.E(model.Invalid, "field.unknown", "没有这个字段，请检查拼写"))
		}
		null, err := w.value(member, at, depth)
		if err != nil {
			return err
		}
		seen[k] = given || !null
	}
	if t != nil && t.Kind() == reflect.Struct {
		for _, name := range shapeOf(t).required {
			if !seen[FoldKey(name)] {
				w.refuse(&place{parent: parent, name: name}, model.E(model.Invalid, "field.required", "缺少“"+name+"”，请填写"))
			}
		}
	}
	_, err := w.dec.Token() // }
	return err
}

func (w *walker) array(t reflect.Type, parent *place, depth int) error {
	var element reflect.Type
	switch {
	case t == nil || t.Kind() == reflect.Interface:
	case t.Kind() == reflect.Slice || t.Kind() == reflect.Array:
		element = t.Elem()
	default:
		w.wrong(parent)
	}
	at := place{parent: parent}
	for ; w.dec.More(); at.index++ {
		one := at
		null, err := w.value(element, &one, depth)
		if err != nil {
			return err
		}
		if null {
			w.wrong(&one)
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

func (w *walker) text(t reflect.Type, at *place, s string) {
	switch {
	case t == nil || t.Kind() == reflect.String || t.Kind() == reflect.Interface:
	case t == dateType:
		if s == "" {
			return
		}
		d, err := model.ParseDate(s)
		if err == nil {
			err = model.CheckDay(at.field(), d, w.today)
		}
		w.refuse(at, err)
		return
	case t == timeType:
		moment, err := time.Parse(time.RFC3339, s)
		if err != nil {
			w.refuse(at, model.E(model.Invalid, "date.format", "时间格式应为 2026-01-31T09:30:00+08:00"))
			return
		}
		w.refuse(at, model.CheckDay(at.field(), model.DateOf(moment), w.today))
		return
	case !textual(t):
		w.wrong(at)
		return
	}
	if err := CheckLength(at.field(), s); err != nil {
		w.refuse(at, err)
		return
	}
	w.refuse(at, checkEntered(at.field(), s))
	if s != "" && at.words != nil && !slices.Contains(at.words, s) {
		words := slices.DeleteFunc(slices.Clone(at.words), func(s string) bool { return s == "" })
		w.words = append(w.words, model.FieldError{Field: at.String(), Reason: "field.format", Message: "只能填写：" + strings.Join(words, "、")})
	}
}

// maxNumber bounds a number: beyond it a reader in JavaScript takes another one.
const maxNumber = 1<<53 - 1

func (w *walker) number(t reflect.Type, at *place, n json.Number) {
	if t == nil {
		return
	}
	var err error
	switch t.Kind() {
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		var v int64
		if v, err = strconv.ParseInt(n.String(), 10, t.Bits()); err == nil && (v > maxNumber || v < -maxNumber) {
			err = strconv.ErrRange
		}
	case reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64:
		_, err = strconv.ParseUint(n.String(), 10, t.Bits())
	case reflect.Float32, reflect.Float64:
		_, err = strconv.ParseFloat(n.String(), t.Bits())
	case reflect.Interface:
	default:
		w.wrong(at)
	}
	if err != nil {
		w.wrong(at)
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
		return shapeOf(t).types[FoldKey(key)]
	default:
		return nil
	}
}

// shape is what a struct reads from an object.
type shape struct {
	types    map[string]reflect.Type // by folded name
	words    map[string][]string     // that a field's text may be, of those that hold one of a few
	required []string
}

var shapes sync.Map // by type

func shapeOf(t reflect.Type) *shape {
	if s, ok := shapes.Load(t); ok {
		return s.(*shape) //nolint:forcetypeassert // only shapes are stored
	}
	s := &shape{types: map[string]reflect.Type{}, words: map[string][]string{}}
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
		case name == "" || name == "-" || s.types[FoldKey(name)] != nil:
		default:
			s.types[FoldKey(name)] = f.Type
			if enum, closed := f.Tag.Lookup("enum"); closed {
				s.words[FoldKey(name)] = strings.Split(enum, ",")
			}
			if f.Tag.Get("required") == "true" {
				s.required = append(s.required, name)
			}
		}
	}
	for _, e := range embedded {
		s.add(e)
	}
}

// FoldKey is the same for keys that encoding/json takes for the same.
func FoldKey(key string) string {
	return strings.Map(func(r rune) rune {
		least := r
		for next := unicode.SimpleFold(r); next != r; next = unicode.SimpleFold(next) {
			least = min(least, next)
		}
		return least
	}, key)
}
