package handler

import (
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
