package api

import (
	"encoding"
	"fmt"
	"net/http"
	"reflect"
	"slices"
	"strings"
	"time"

	"microcourt/handler/web"
	"microcourt/model"
)

// sources are the tags that say where a field of an input comes from.
var sources = []string{"path", "query", "header", "formData", "session", "json"}

// tags are what else a field's tag may say.
var tags = []string{"required", "default", "enum", "minimum", "maximum", "description", "nullable"}

var textual = reflect.TypeFor[encoding.TextUnmarshaler]()

// inputField is a field of an input as a request names it.
type inputField struct {
	reflect.StructField
	in, name string
}

// inputFields are the fields of a struct and of those that it embeds. It fails
// for a field that a request could not fill, or would fill otherwise than its tag
// says: what a reader of the struct believes is what is done.
func inputFields(t reflect.Type, index []int) (out []inputField, err error) {
	for i := range t.NumField() {
		f := t.Field(i)
		f.Index = append(slices.Clone(index), i)
		if f.Anonymous && f.Tag == "" {
			if f.Type.Kind() != reflect.Struct {
				return nil, fmt.Errorf("%v embeds %v, which is no struct", t, f.Type)
			}
			inner, err := inputFields(f.Type, f.Index)
			if err != nil {
				return nil, err
			}
			out = append(out, inner...)
			continue
		}
		one, err := inputFieldOf(f)
		if err != nil {
			return nil, fmt.Errorf("%v.%s %w", t, f.Name, err)
		}
		out = append(out, one)
	}
	seen := map[string]bool{}
	for _, f := range out {
		key := f.in + " " + web.FoldKey(f.name) // encoding/json takes names in any case
		if seen[key] {
			return nil, fmt.Errorf("%v reads %s %q twice", t, f.in, f.name)
		}
		seen[key] = true
	}
	return out, nil
}

func inputFieldOf(f reflect.StructField) (inputField, error) {
	out := inputField{StructField: f}
	for _, key := range tagKeys(f.Tag) {
		value := f.Tag.Get(key)
		switch {
		case key == "json" && value == "-": // it comes from elsewhere and is shown nowhere
		case slices.Contains(sources, key):
			name, options, _ := strings.Cut(value, ",")
			if out.in != "" {
				return out, fmt.Errorf("comes from two places, %s and %s", out.in, key)
			}
			if name == "" || options != "" && (key != "json" || options != "omitempty" && options != "omitzero") {
				return out, fmt.Errorf("has a tag that says %s:%q", key, value)
			}
			out.in, out.name = key, name
		case !slices.Contains(tags, key):
			return out, fmt.Errorf("has a tag that nobody reads, %s", key)
		case (key == "required" || key == "nullable") && value != "true":
			return out, fmt.Errorf("has a tag that says %s:%q", key, value)
		}
	}
	switch {
	case out.in == "":
		return out, fmt.Errorf("comes from nowhere")
	case !f.IsExported():
		return out, fmt.Errorf("cannot be set")
	}
	return out, out.check()
}

// check refuses a type that cannot be read, and one whose values are not bounded:
// a closed vocabulary without its words, a day without a meaning.
func (f inputField) check() error {
	t := f.Type
	for t.Kind() == reflect.Pointer || t.Kind() == reflect.Slice {
		if f.in != "json" {
			return fmt.Errorf("cannot be a %v", f.Type)
		}
		t = t.Elem()
	}
	enum, closed := f.Tag.Lookup("enum")
	text := t.Kind() == reflect.String && !reflect.PointerTo(t).Implements(textual)
	_, low := f.Tag.Lookup("minimum")
	_, high := f.Tag.Lookup("maximum")
	switch {
	case closed && !text, closed && strings.Trim(enum, ",") == "":
		return fmt.Errorf("has an enum of nothing that it can be")
	case text && !closed && strings.HasSuffix(t.PkgPath(), "/model"):
		return fmt.Errorf("is a %v without the words of it", t)
	case closed && f.Tag.Get("default") != "" && !slices.Contains(strings.Split(enum, ","), f.Tag.Get("default")):
		return fmt.Errorf("has a default that is none of its words")
	case (low || high) && (f.in == "json" || t.Kind() != reflect.Int && t.Kind() != reflect.Int64):
		return fmt.Errorf("has a bound that nobody holds it to")
	case t == reflect.TypeFor[model.Date]() || t == reflect.TypeFor[time.Time]():
		if model.MeaningOfDay(f.name) == 0 {
			return fmt.Errorf("is a day of which model knows no bounds")
		}
		return nil
	case f.in != "json" || text || t.Kind() == reflect.Bool || t.Kind() == reflect.Int || t.Kind() == reflect.Int64:
		return nil // a parameter's type is checked where it is read
	case t.Kind() == reflect.Struct:
		_, err := bodyFields(t)
		return err
	case t == reflect.TypeFor[map[string]any](): // another program's words, sorted out one by one
		return nil
	}
	return fmt.Errorf("cannot be a %v", f.Type)
}

// bodyFields are the fields of a struct within a body: nothing else fills them.
func bodyFields(t reflect.Type) ([]inputField, error) {
	fields, err := inputFields(t, nil)
	for _, f := range fields {
		if err == nil && f.in != "json" {
			err = fmt.Errorf("%v.%s is within a body and comes from its %s", t, f.Name, f.in)
		}
	}
	return fields, err
}

// tagKeys are the keys of a struct's tag, in their order.
func tagKeys(tag reflect.StructTag) (out []string) {
	for rest := string(tag); ; {
		key, after, ok := strings.Cut(strings.TrimLeft(rest, " "), `:"`)
		if !ok {
			if strings.TrimSpace(rest) != "" {
				out = append(out, strings.TrimSpace(rest)) // nobody reads what is malformed
			}
			return out
		}
		out = append(out, key)
		i := 0
		for i < len(after) && after[i] != '"' {
			if after[i] == '\\' {
				i++
			}
			i++
		}
		rest = after[min(i+1, len(after)):]
	}
}

// checkPath refuses a pattern that names what the input does not read, and an
// input that reads what the pattern does not name: the one would be ignored, the
// other always empty. A request without a body cannot have one read.
func (r *Route) checkPath() error {
	var named []string
	for _, m := range ginParam.FindAllStringSubmatch(r.Path, -1) {
		named = append(named, m[1])
	}
	for _, p := range r.Do.reading.parameters {
		if p.in != "path" {
			continue
		}
		i := slices.Index(named, p.name)
		if i < 0 {
			return fmt.Errorf("api: %s %s has no %q", r.Method, r.Path, p.name)
		}
		named = slices.Delete(named, i, i+1)
	}
	if len(named) > 0 {
		return fmt.Errorf("api: %s %s: nothing reads %q", r.Method, r.Path, named[0])
	}
	if rd := r.Do.reading; (r.Method == http.MethodGet || r.Method == http.MethodDelete) && (rd.body || rd.form != nil || rd.file != nil) {
		return fmt.Errorf("api: %s %s reads a body", r.Method, r.Path)
	}
	return nil
}
