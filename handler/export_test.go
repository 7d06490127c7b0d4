package handler

import "microcourt/model"

// Row is a route as the authorisation test sees it.
type Row struct {
	Method, Path string
	Act          model.Act
}

// Rows lists every route of the API.
func Rows() []Row {
	var out []Row
	for _, r := range (&server{}).routes() {
		out = append(out, Row{r.method, r.path, r.act})
	}
	return out
}
