package desk

import (
	"strings"

	"github.com/gin-gonic/gin"

	"microcourt/handler/web"
	"microcourt/model"
)

func (d *Desk) savedRoutes() []Route {
	return []Route{
		post("/saved-filters", model.ActSelfStaff, d.saveFilter),
		post("/saved-filters/:id/delete", model.ActSelfStaff, d.deleteFilter),
	}
}

// saveFilter keeps what a list is asked with under a name.
func (d *Desk) saveFilter(c *gin.Context) error {
	by, f := web.Actor(c), d.form(c)
	path := f.text("path")
	if !isList(path) || !opens(by, "/desk"+path) {
		return model.InvalidField("path", "field.format", "没有这个列表")
	}
	s := model.SavedFilter{Path: path, Name: f.text("name"), Query: f.text("query")}
	if err := f.do(func() error { return d.svc.Lists.Save(c.Request.Context(), by, s) }); err != nil {
		return err
	}
	to := "/desk" + path
	if s.Query != "" {
		to += "?" + s.Query
	}
	return done(c, local(to), "filter_saved")
}

func (d *Desk) deleteFilter(c *gin.Context) error {
	id, err := number(c)
	if err != nil {
		return err
	}
	path, err := d.svc.Lists.Delete(c.Request.Context(), web.Actor(c), id)
	if err != nil {
		return err
	}
	if !isList(path) {
		path = strings.TrimPrefix(back(c), "/desk")
	}
	return done(c, local("/desk"+path), "filter_deleted")
}

// isList tells whether a path below the desk is a list.
func isList(path string) bool {
	var d Desk
	for _, r := range d.Routes() {
		if r.list && r.Path == path {
			return true
		}
	}
	return false
}
