package handler

import (
	"net/http"
	"reflect"
	"strings"
	"sync"

	"microcourt/handler/api"
	"microcourt/handler/desk"
	"microcourt/model"
)

// Row is a route as the authorisation test sees it.
type Row struct {
	Method, Path string
	Act          model.Act
	Reasons      []string // listed by the route itself
	Clients      []string
}

// door is the API of an installation without a public address.
var door = sync.OnceValue(func() *api.API {
	a, err := api.New(api.Config{})
	if err != nil {
		panic(err)
	}
	return a
})

func apiRoutes() []api.Route { return door().Routes() }

// Rows lists every route of the API.
func Rows() []Row {
	var out []Row
	for _, r := range apiRoutes() {
		out = append(out, Row{r.Method, r.Path, r.Act, names(r.Reasons), r.For.Names()})
	}
	return out
}

// RowInput is a route with what it reads.
type RowInput struct {
	Row
	Input any
}

// RowInputs lists the routes with what they read.
func RowInputs() (out []RowInput) {
	for _, r := range apiRoutes() {
		out = append(out, RowInput{Row{r.Method, r.Path, r.Act, names(r.Reasons), r.For.Names()}, r.Input})
	}
	return out
}

// CommonReasons are the errors that every route lists.
func CommonReasons() []string { return names(api.CommonReasons) }

func names(reasons []api.Reason) (out []string) {
	for _, r := range reasons {
		out = append(out, r.Name)
	}
	return out
}

// DeskRows lists every page and form of the desk.
func DeskRows() []desk.Route { return (&desk.Desk{}).Routes() }

// Parameter is a query parameter of a route.
type Parameter struct {
	Row
	Name    string
	Allowed []string // nil for a day
}

// Choices lists the filters whose values are known, of every route.
func Choices() (out []Parameter) {
	for _, r := range apiRoutes() {
		for _, p := range api.Choices(r.Input) {
			out = append(out, Parameter{Row{r.Method, r.Path, r.Act, nil, nil}, p.Name, p.Allowed})
		}
	}
	return out
}

// QueryDays lists the days that come in by an address.
func QueryDays() (out []Parameter) {
	for _, r := range apiRoutes() {
		for _, name := range api.QueryDays(r.Input) {
			out = append(out, Parameter{Row{r.Method, r.Path, r.Act, nil, nil}, name, nil})
		}
	}
	return out
}

// Inputs are the types that the routes read, by method and path.
func Inputs() map[string]reflect.Type {
	out := map[string]reflect.Type{}
	for _, r := range apiRoutes() {
		if r.Input != nil {
			out[r.Method+" "+r.Path] = reflect.TypeOf(r.Input)
		}
	}
	return out
}

// ReadAt says, for each route that writes and answers with a view of one thing that
// another route shows too, which route that is.
func ReadAt() map[string]string {
	out, routes := map[string]string{}, apiRoutes()
	for _, w := range routes {
		for _, r := range routes {
			if w.Method != http.MethodGet && r.Method == http.MethodGet && w.Output != nil && reflect.TypeOf(w.Output) == reflect.TypeOf(r.Output) &&
				strings.Count(r.Path, ":") == 1 && strings.HasSuffix(r.Path, "/:id") {
				out[w.Method+" "+w.Path] = r.Path
			}
		}
	}
	return out
}

// DeskChoices lists the filters of the desk's pages.
func DeskChoices() (out []Parameter) {
	for _, r := range DeskRows() {
		for name, allowed := range desk.Filters(r.Path) {
			if r.Method == http.MethodGet {
				out = append(out, Parameter{Row{r.Method, r.Path, r.Act, nil, nil}, name, allowed})
			}
		}
	}
	return out
}

// Document is the API document of an installation without a public address.
func Document() ([]byte, error) { return door().Document() }

// Outside lists the routes that write and touch something outside the database:
// that take or attach files, make papers, or ask WeChat, and the reading ones that
// make what they show.
func Outside() (out []string) {
	for _, r := range apiRoutes() {
		var in, result reflect.Type
		if in = reflect.TypeOf(r.Input); in != nil && in.Kind() != reflect.Struct {
			in = nil
		}
		result = reflect.TypeOf(r.Output)
		writes := r.Method != http.MethodGet && (in != nil && takesFiles(in) || result != nil && result.Name() == "documentView")
		for _, reason := range r.Reasons {
			switch reason.Name {
			case "files.unavailable", "wechat.unavailable":
				writes = true
			case "file.unknown":
				writes = writes || r.Method != http.MethodGet
			}
		}
		if writes {
			out = append(out, r.Method+" "+r.Path)
		}
	}
	return out
}

func takesFiles(in reflect.Type) bool {
	for i := range in.NumField() {
		f := in.Field(i)
		if f.Anonymous && f.Type.Kind() == reflect.Struct && takesFiles(f.Type) || strings.Contains(f.Tag.Get("json"), "file_id") || f.Tag.Get("formData") != "" {
			return true
		}
	}
	return false
}
