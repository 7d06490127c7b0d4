package handler_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"mime/multipart"
	"net/http"
	"net/url"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"microcourt/handler"
	"microcourt/handler/handlertest"
	"microcourt/model"
)

// What is sent where it must not be: a mark that no answer may repeat, as a text
// and as a number beyond all bounds.
const (
	markText   = "zq7MARKqz"
	markNumber = "98765432109876543"
)

// leaf is a place of an input, and what is refused there.
type leaf struct {
	in, name string // name is the path within a body
	typ      reflect.Type
	enum     bool
	wrap     func(any) any // a body that holds nothing else
}

// leaves are the places of an input, at any depth.
func leaves(in reflect.Type) (out []leaf) {
	for _, f := range reflect.VisibleFields(in) {
		for _, source := range []string{"path", "query", "header", "formData"} {
			if name := f.Tag.Get(source); name != "" {
				out = append(out, leaf{in: source, name: name, typ: f.Type, enum: f.Tag.Get("enum") != ""})
			}
		}
	}
	return append(out, within(in, "", func(v any) any { return v })...)
}

func within(t reflect.Type, at string, wrap func(any) any) (out []leaf) {
	for t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	if at != "" {
		out = append(out, leaf{in: "body", name: at, typ: t, wrap: wrap})
	}
	switch {
	case t == reflect.TypeFor[model.Date](), t == reflect.TypeFor[time.Time]():
	case t.Kind() == reflect.Slice:
		return append(out, within(t.Elem(), at+"[0]", func(v any) any { return wrap([]any{v}) })...)
	case t.Kind() == reflect.Map:
		return append(out, within(t.Elem(), at+".x", func(v any) any { return wrap(map[string]any{"x": v}) })...)
	case t.Kind() == reflect.Struct:
		for _, f := range reflect.VisibleFields(t) {
			name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
			if name == "" || name == "-" {
				continue
			}
			inner := name
			if at != "" {
				inner = at + "." + name
			}
			out = append(out, within(f.Type, inner, func(v any) any { return wrap(map[string]any{name: v}) })...)
		}
	}
	return out
}

// bad are values that the place does not take.
func (l leaf) bad() []any {
	text := l.typ.Kind() == reflect.String
	switch {
	case l.in == "header":
		return []any{markText + "!"}
	case l.in == "query" && text && !l.enum:
		return []any{markText + "\xff", strings.Repeat(markText, 1200)}
	case l.in == "formData" && text:
		return []any{strings.Repeat(markText, 200)}
	case l.in == "body" && text:
		return []any{json.Number(markNumber), markText + "\ufffd", strings.Repeat(markText, 1200), []string{markText}, map[string]any{"x": markText}}
	case l.in == "body" && l.typ.Kind() == reflect.Int64:
		return []any{markText, json.Number(markNumber), json.Number("1e400"), []string{markText}}
	default:
		return []any{markText}
	}
}

// A rejected value is never told back, neither in a body nor in a header: it may be
// somebody's secret in the wrong place, and what is told back is taken for ours.
// Every place of every route is tried, the answer names it, and all that is wrong
// comes at once.
func TestARejectedValueIsNeverToldBack(t *testing.T) {
	t.Parallel()
	w := handlertest.New(t)
	as := clientsFor(t, w)
	inputs, tried := handler.Inputs(), 0
	for _, row := range handler.Rows() {
		in := inputs[row.Method+" "+row.Path]
		if in == nil {
			continue
		}
		client, foreign := as(row.Act), strings.HasSuffix(row.Path, "push") // WeChat's own form
		send := func(of map[leafKey]any, list []leaf) (handlertest.Answer, string) {
			req := request(t, w, row, of, list)
			return client.Send(req), req.Method + " " + req.URL.Path
		}
		list := slices.DeleteFunc(leaves(in), func(l leaf) bool { return l.typ.Name() == "filePart" })
		for i, l := range list {
			for _, v := range l.bad() {
				tried++
				a, at := send(map[leafKey]any{leafKey(i): v}, list)
				quiet(t, at+" "+l.name, a)
				names := named(a)
				switch {
				case l.in == "path", foreign:
					if a.Status < 400 || a.Status >= 500 || a.Json.Reason() == "" {
						t.Errorf("%s: %d %s", at, a.Status, a.Body)
					}
				case row.Path == "/subscriptions" && a.Status == http.StatusNoContent: // an answer that nobody knows costs no other
				case a.Status != http.StatusBadRequest || a.Json.Reason() == "" || !slices.Contains(names, l.name):
					t.Errorf("%s: %s %.40v: %d %s", at, l.name, v, a.Status, a.Body)
				}
			}
		}
		for i, l := range list {
			if l.in == "body" && l.typ.Kind() == reflect.String { // what only a service can refuse
				a, at := send(map[leafKey]any{leafKey(i): markText}, list)
				quiet(t, at+" "+l.name, a)
			}
		}
		all, places := map[leafKey]any{}, []string{}
		for i, l := range list {
			if l.in != "path" && !strings.ContainsAny(l.name, ".[") && len(places) < 20 {
				all[leafKey(i)] = l.bad()[0]
				places = append(places, l.name)
			}
		}
		if len(places) < 2 || foreign {
			continue
		}
		a, at := send(all, list)
		quiet(t, at, a)
		for _, name := range places {
			if !slices.Contains(named(a), name) {
				t.Errorf("%s: %s is not told with the others: %d %s", at, name, a.Status, a.Body)
			}
		}
	}
	if tried < 1000 {
		t.Errorf("only %d values were tried", tried)
	}
}

// leafKey is the index of a place in the list of its input.
type leafKey int

// quiet tells when an answer repeats what was sent.
func quiet(t *testing.T, at string, a handlertest.Answer) {
	t.Helper()
	head := fmt.Sprint(a.Header)
	for _, mark := range []string{markText, markNumber, "1e400"} {
		if strings.Contains(strings.ToLower(string(a.Body)+head), strings.ToLower(mark)) {
			t.Errorf("%s tells it back: %s %s", at, a.Body, head)
		}
	}
}

// named are the fields that an answer names.
func named(a handlertest.Answer) []string {
	e := a.Json.Obj("error")
	out := []string{e.Str("field")}
	if e["fields"] != nil {
		for _, f := range e.List("fields") {
			out = append(out, f.Str("field"))
		}
	}
	return out
}

// request makes a request of a route with values at some of its places.
func request(t *testing.T, w *handlertest.World, row handler.Row, of map[leafKey]any, list []leaf) *http.Request {
	t.Helper()
	path, query, header := row.Path, url.Values{}, http.Header{"Idempotency-Key": {handlertest.FreshKey()}}
	body, form := map[string]any{}, [][2]string{}
	isForm, isBody := false, false
	for i, l := range list {
		isForm, isBody = isForm || l.in == "formData", isBody || l.in == "body"
		v, given := of[leafKey(i)]
		if !given {
			continue
		}
		switch l.in {
		case "path":
			path = strings.NewReplacer(":"+l.name, url.PathEscape(fmt.Sprint(v)), "*"+l.name, url.PathEscape(fmt.Sprint(v))).Replace(path)
		case "query":
			query.Set(l.name, fmt.Sprint(v))
		case "header":
			header.Set(l.name, fmt.Sprint(v))
		case "formData":
			form = append(form, [2]string{l.name, fmt.Sprint(v)})
		case "body":
			one, _ := l.wrap(v).(map[string]any)
			maps.Copy(body, one)
		}
	}
	address := w.URL + "/api/v1" + parameter.ReplaceAllString(path, "1")
	if len(query) > 0 {
		address += "?" + query.Encode()
	}
	var r io.Reader
	var b bytes.Buffer
	switch {
	case isForm:
		mw := multipart.NewWriter(&b)
		for _, f := range form {
			if err := mw.WriteField(f[0], f[1]); err != nil {
				t.Fatal(err)
			}
		}
		part, err := mw.CreateFormFile("file", strconv.Quote("picture"))
		if err == nil {
			_, err = part.Write([]byte("picture"))
		}
		if err = errors.Join(err, mw.Close()); err != nil {
			t.Fatal(err)
		}
		header.Set("Content-Type", mw.FormDataContentType())
		r = &b
	case isBody:
		if err := json.NewEncoder(&b).Encode(body); err != nil {
			t.Fatal(err)
		}
		header.Set("Content-Type", "application/json")
		r = &b
	}
	req, err := http.NewRequestWithContext(t.Context(), row.Method, address, r)
	if err != nil {
		t.Fatal(err)
	}
	req.Header = header
	return req
}
