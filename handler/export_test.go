package handler

import (
	"net/http"
	"reflect"

	"microcourt/handler/console"
	"microcourt/model"
)

// Row is a route as the authorisation test sees it.
type Row struct {
	Method, Path string
	Act          model.Act
	Reasons      []string // listed by the route itself
}

// Rows lists every route of the API.
func Rows() []Row {
	var out []Row
	for _, r := range (&server{}).routes() {
		out = append(out, Row{r.method, r.path, r.act, names(r.reasons)})
	}
	return out
}

// CommonReasons are the errors that every route lists.
func CommonReasons() []string { return names(commonReasons) }

func names(reasons []reason) (out []string) {
	for _, r := range reasons {
		out = append(out, r.reason)
	}
	return out
}

// DeskRows lists every page and form of the desk.
func DeskRows() []console.Route { return (&console.Desk{}).Routes() }

// Parameter is a query parameter of a route.
type Parameter struct {
	Row
	Name    string
	Allowed []string // nil for a day
}

// Choices lists the filters whose values are known, of every route.
func Choices() (out []Parameter) {
	for _, r := range (&server{}).routes() {
		for _, p := range choices(r.input) {
			out = append(out, Parameter{Row{r.method, r.path, r.act, nil}, p.name, p.allowed})
		}
	}
	return out
}

// QueryDays lists the days that come in by an address.
func QueryDays() (out []Parameter) {
	for _, r := range (&server{}).routes() {
		for _, name := range queryDays(r.input) {
			out = append(out, Parameter{Row{r.method, r.path, r.act, nil}, name, nil})
		}
	}
	return out
}

// Inputs are the types that the routes read, by method and path.
func Inputs() map[string]reflect.Type {
	out := map[string]reflect.Type{}
	for _, r := range (&server{}).routes() {
		if r.input != nil {
			out[r.method+" "+r.path] = reflect.TypeOf(r.input)
		}
	}
	return out
}

// DeskChoices lists the filters of the desk's pages.
func DeskChoices() (out []Parameter) {
	for _, r := range DeskRows() {
		for name, allowed := range console.Filters(r.Path) {
			if r.Method == http.MethodGet {
				out = append(out, Parameter{Row{r.Method, r.Path, r.Act, nil}, name, allowed})
			}
		}
	}
	return out
}

// Document is the API document of an installation without a public address.
func Document() ([]byte, error) { return openAPIDocument((&server{}).routes(), "") }
