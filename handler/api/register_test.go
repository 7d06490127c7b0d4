package api

import (
	"context"
	"net/http"
	"reflect"
	"strings"
	"testing"
	"time"

	"microcourt/model"
)

type inner struct {
	Amount float64 `json:"amount"`
}

// A type that cannot be read, or that would be read otherwise than it says, stops
// the program when it starts, and the error says why.
func TestTheDoorRefusesTypesThatCannotBeRead(t *testing.T) {
	t.Parallel()
	field := func(typ reflect.Type, tag string) reflect.StructField {
		return reflect.StructField{Name: "A", Type: typ, Tag: reflect.StructTag(tag)}
	}
	text, number, day, flag := reflect.TypeFor[string](), reflect.TypeFor[int64](), reflect.TypeFor[model.Date](), reflect.TypeFor[bool]()
	for what, f := range map[string]reflect.StructField{
		"comes from nowhere":    field(text, ``),
		"comes from nowhere ":   field(text, `description:"名称"`),
		"two places":            field(text, `query:"a" json:"a"`),
		"two places ":           field(text, `path:"a" query:"a"`),
		`says json:"a,string"`:  field(number, `json:"a,string"`),
		`says json:",omitzero"`: field(number, `json:",omitzero"`),
		`says query:"a,again"`:  field(text, `query:"a,again"`),
		`says required:"yes"`:   field(text, `json:"a" required:"yes"`),
		"nobody reads, requird": field(text, `json:"a" requird:"true"`),
		"nobody reads, minLeng": field(text, `json:"a" minLength:"3"`),
		"nobody reads, oops":    field(text, `json:"a" oops`),
		"an enum of nothing":    field(text, `json:"a" enum:","`),
		"an enum of nothing ":   field(number, `json:"a" enum:"1,2"`),
		"without the words":     field(reflect.TypeFor[model.CaseKind](), `json:"a"`),
		"without the words ":    field(reflect.TypeFor[[]model.CaseKind](), `json:"a"`),
		"none of its words":     field(text, `query:"a" enum:"x,y" default:"z"`),
		"knows no bounds":       field(day, `json:"some_day"`),
		"knows no bounds ":      field(day, `query:"some_day"`),
		"knows no bounds  ":     field(reflect.TypeFor[*time.Time](), `json:"some_day"`),
		"nobody holds it to":    field(number, `json:"a" minimum:"1"`),
		"nobody holds it to ":   field(text, `query:"a" maximum:"1"`),
		"invalid syntax":        field(number, `query:"a" minimum:"one"`),
		"field.format":          field(number, `formData:"a" minimum:"1" maximum:"5" default:"6"`),
		"cannot be a float64":   field(reflect.TypeFor[float64](), `json:"a"`),
		"cannot be a float64 ":  field(reflect.TypeFor[[]inner](), `json:"a"`),
		"cannot be a []string":  field(reflect.TypeFor[[]string](), `query:"a"`),
		"cannot be a *int64":    field(reflect.TypeFor[*int64](), `query:"a"`),
		"a query cannot be":     field(reflect.TypeFor[uint8](), `query:"a"`),
		"cannot be a map":       field(reflect.TypeFor[map[string]int64](), `json:"a"`),
		"cannot be a interface": field(reflect.TypeFor[any](), `json:"a"`),
		"cannot be a uint":      field(reflect.TypeFor[uint](), `json:"a"`),
		"cannot be a api.file":  field(reflect.TypeFor[filePart](), `query:"file"`),
		"cannot be set":         field(reflect.SliceOf(reflect.StructOf([]reflect.StructField{{Name: "a", PkgPath: "api", Type: text, Tag: `json:"a"`}})), `json:"a"`),
		"comes from its path":   field(reflect.TypeFor[[]idPath](), `json:"a"`),
		"should not be a flag":  field(flag, `json:"a" enum:"true"`),
	} {
		_, err := readingOf(reflect.StructOf([]reflect.StructField{f}))
		if what = strings.TrimSpace(what); what == "should not be a flag" {
			what = "an enum of nothing"
		}
		if err == nil || !strings.Contains(err.Error(), what) {
			t.Errorf("%s `%s`: %v; want %s", f.Type, f.Tag, err, what)
		}
	}
	type twice struct {
		B string `query:"after"`
	}
	for what, in := range map[string]any{
		"is no struct":          "no struct",
		`reads query "a" twice`: struct{ A, B string }{}, // tagged below
		`reads query "after" twice`: struct {
			twice
			pageQuery
		}{},
		`reads json "NAME" twice`: struct {
			realNameStart
			Other string `json:"NAME"`
		}{},
		"which is no struct": struct{ *pageQuery }{},
		"reads a body and a form": struct {
			A    string   `json:"a"`
			File filePart `formData:"file"`
		}{},
		"reads a body and a form ": struct {
			A string `json:"a"`
			B string `formData:"b"`
		}{},
		"a formData cannot be a api.filePa": struct{ File, Other filePart }{},
	} {
		typ := reflect.TypeOf(in)
		switch what {
		case `reads query "a" twice`:
			typ = reflect.StructOf([]reflect.StructField{field(text, `query:"a"`), {Name: "B", Type: text, Tag: `query:"a"`}})
		case "a formData cannot be a api.filePa":
			file := reflect.TypeFor[filePart]()
			typ = reflect.StructOf([]reflect.StructField{field(file, `formData:"file"`), {Name: "B", Type: file, Tag: `formData:"other"`}})
		}
		if _, err := readingOf(typ); err == nil || !strings.Contains(err.Error(), strings.TrimSpace(what)) {
			t.Errorf("%v: %v; want %s", typ, err, what)
		}
	}
}

// What a pattern names is what the function reads, and a request that has no body
// is not asked for one.
func TestTheDoorRefusesPatternsThatDoNotFit(t *testing.T) {
	t.Parallel()
	byID := do(func(context.Context, model.Actor, idPath) (nothing, error) { return nothing{}, nil })
	none := do(func(context.Context, model.Actor, nothing) (nothing, error) { return nothing{}, nil })
	body := do(func(context.Context, model.Actor, realNameStart) (nothing, error) { return nothing{}, nil })
	for _, tt := range []struct {
		route Route
		wrong string
	}{
		{Route{Method: http.MethodGet, Path: "/things/:id", Do: byID}, ""},
		{Route{Method: http.MethodGet, Path: "/things", Do: none}, ""},
		{Route{Method: http.MethodPost, Path: "/things", Do: body}, ""},
		{Route{Method: http.MethodGet, Path: "/things/:thing_id", Do: byID}, `has no "id"`},
		{Route{Method: http.MethodGet, Path: "/things", Do: byID}, `has no "id"`},
		{Route{Method: http.MethodGet, Path: "/things/:id", Do: none}, `nothing reads "id"`},
		{Route{Method: http.MethodGet, Path: "/things/:id/parts/*part", Do: byID}, `nothing reads "part"`},
		{Route{Method: http.MethodGet, Path: "/things", Do: body}, "reads a body"},
		{Route{Method: http.MethodDelete, Path: "/things", Do: body}, "reads a body"},
		{Route{Method: http.MethodGet, Path: "/things/:id", Do: byID, Reasons: []Reason{{model.NotFound, "path.not_found"}}}, "follows from what it reads"},
		{Route{Method: http.MethodPost, Path: "/things", Do: body, Reasons: []Reason{{model.Invalid, "field.format"}}}, "follows from what it reads"},
	} {
		if err := tt.route.finish(); (err == nil) != (tt.wrong == "") || err != nil && !strings.Contains(err.Error(), tt.wrong) {
			t.Errorf("%s %s: %v; want %q", tt.route.Method, tt.route.Path, err, tt.wrong)
		}
	}
}
