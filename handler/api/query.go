package api

import (
	"cmp"
	"maps"
	"net/url"
	"reflect"
	"slices"
	"strings"

	"github.com/gin-gonic/gin"

	"microcourt/handler/web"
	"microcourt/model"
)

// QueryParameter is a parameter of an address whose values are known.
type QueryParameter struct {
	Name    string
	Allowed []string // "" is left out: a parameter without a value is not given
}

// Choices are the parameters of a route's input that have an enum. What is
// required is no filter: the service says what it may be.
func Choices(input any) []QueryParameter {
	if input == nil {
		return nil
	}
	var out []QueryParameter
	for _, f := range reflect.VisibleFields(reflect.TypeOf(input)) {
		name, enum := f.Tag.Get("query"), f.Tag.Get("enum")
		if name == "" || f.Tag.Get("required") == "true" {
			continue
		}
		if f.Type.Kind() == reflect.Bool {
			enum = "0,1,true,false"
		}
		if enum != "" {
			out = append(out, QueryParameter{name, slices.DeleteFunc(strings.Split(enum, ","), func(v string) bool { return v == "" })})
		}
	}
	slices.SortFunc(out, func(a, b QueryParameter) int { return cmp.Compare(a.Name, b.Name) })
	return out
}

// QueryDays are the parameters of a route's input that are days, by their type or
// by their name: a day that is read as a text would not be checked.
func QueryDays(input any) (out []string) {
	if input == nil {
		return nil
	}
	for _, f := range reflect.VisibleFields(reflect.TypeOf(input)) {
		name := f.Tag.Get("query")
		known := f.Type.Kind() == reflect.String && f.Tag.Get("enum") == "" && model.MeaningOfDay(name) != 0
		if name != "" && (known || f.Type == reflect.TypeFor[model.Date]()) {
			out = append(out, name)
		}
	}
	return out
}

// CheckQuery refuses the parameters of an address that others build, as WeChat
// does: one that is given twice, or that holds no text. What it does not know may
// stand there. Every other route reads its own address whole, see problemsOf.
func CheckQuery(r Route) func(*gin.Context) error {
	return func(c *gin.Context) error {
		if c.Request.URL.RawQuery == "" || !r.Foreign {
			return nil
		}
		query, err := web.Query(c)
		if err != nil {
			return err
		}
		return web.CheckQuery(query, web.Today(c))
	}
}

// problemsOf finds the parameters of an address that are given twice, that hold no
// text, that the route does not know, and filters of unknown values: a filter that
// is silently ignored shows what was not asked for, one that finds nothing hides
// what is there.
func (r *reading) problemsOf(query url.Values, today model.Date) (out []model.FieldError) {
	for _, name := range slices.Sorted(maps.Keys(query)) {
		err := web.CheckQuery(url.Values{name: query[name]}, today)
		switch i := slices.IndexFunc(r.choices, func(p QueryParameter) bool { return p.Name == name }); {
		case err != nil:
		case !slices.ContainsFunc(r.parameters, func(p parameter) bool { return p.in == "query" && p.name == name }):
			err = model.E(model.Invalid, "field.unknown", "没有这个参数，请检查拼写")
		case i >= 0:
			err = web.CheckChoice(name, query.Get(name), r.choices[i].Allowed)
		}
		if err != nil {
			out = append(out, fieldError(err, name))
		}
	}
	return out
}
