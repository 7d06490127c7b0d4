package handler

import (
	"cmp"
	"reflect"
	"slices"
	"strings"

	"github.com/gin-gonic/gin"

	"microcourt/handler/web"
	"microcourt/model"
)

// queryParameter is a parameter of an address whose values are known.
type queryParameter struct {
	name    string
	allowed []string // "" is left out: a parameter without a value is not given
}

// choices are the parameters of a route's input that have an enum. What is
// required is no filter: the service says what it may be.
func choices(input any) []queryParameter {
	if input == nil {
		return nil
	}
	var out []queryParameter
	for _, f := range reflect.VisibleFields(reflect.TypeOf(input)) {
		name, enum := f.Tag.Get("query"), f.Tag.Get("enum")
		if name == "" || f.Tag.Get("required") == "true" {
			continue
		}
		if f.Type.Kind() == reflect.Bool {
			enum = "0,1"
		}
		if enum != "" {
			out = append(out, queryParameter{name, slices.DeleteFunc(strings.Split(enum, ","), func(v string) bool { return v == "" })})
		}
	}
	slices.SortFunc(out, func(a, b queryParameter) int { return cmp.Compare(a.name, b.name) })
	return out
}

// queryDays are the parameters of a route's input that are days. Some are
// strings in the document, because their reader says itself what they mean.
func queryDays(input any) (out []string) {
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

// checkQuery refuses parameters that are given twice, that hold no text, and
// filters of unknown values: a filter that is silently ignored shows what was
// not asked for, one that finds nothing hides what is there.
func (s *server) checkQuery(r route) gin.HandlerFunc {
	known, days := choices(r.input), queryDays(r.input)
	return s.do(func(c *gin.Context) error {
		if c.Request.URL.RawQuery == "" {
			return nil
		}
		query := c.Request.URL.Query()
		if err := web.CheckQuery(query, today(c)); err != nil {
			return err
		}
		for _, p := range known {
			if err := web.CheckChoice(p.name, query.Get(p.name), p.allowed); err != nil {
				return err
			}
		}
		for _, name := range days {
			if _, err := queryDay(c, name); err != nil {
				return err
			}
		}
		return nil
	})
}

// checkForm refuses a form of a public page with fields that are given twice or
// that hold no text.
func checkForm(c *gin.Context) error {
	if err := c.Request.ParseForm(); err != nil {
		return web.BodyError(err)
	}
	return web.CheckForm(c.Request.PostForm, nil)
}

// today is the court's day on which the request came.
func today(c *gin.Context) model.Date {
	d, _ := c.Get(web.TodayKey)
	day, _ := d.(model.Date)
	return day
}

// queryDay reads a day of the query, the zero Date when it is not given.
func queryDay(c *gin.Context, name string) (model.Date, error) {
	v := c.Query(name)
	if v == "" {
		return model.Date{}, nil
	}
	d, err := model.ParseDate(v)
	if err != nil {
		return d, model.AtField(err, name)
	}
	return d, model.CheckDay(name, d, today(c))
}
