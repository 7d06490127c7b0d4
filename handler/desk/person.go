package desk

import (
	"github.com/gin-gonic/gin"

	"microcourt/handler/web"
	"microcourt/model"
	"microcourt/service/person"
)

// personRoutes are the page of one person or company over all its cases.
func (d *Desk) personRoutes() []Route {
	return []Route{get("/persons/:id", model.ActPersonRead, d.person)}
}

type personData struct {
	*person.File
	Names map[int64]string // of cases, for what was noted
}

// person shows all that the court knows of somebody; any of his parties leads there.
func (d *Desk) person(c *gin.Context) error {
	id, err := number(c)
	if err != nil {
		return err
	}
	ctx, by := c.Request.Context(), web.Actor(c)
	f, err := d.svc.Person.Of(ctx, by, id)
	if err != nil {
		return err
	}
	data := personData{File: f, Names: map[int64]string{}}
	for _, cs := range f.Cases {
		data.Names[cs.ID] = cs.CaseNo
	}
	return d.show(c, "person", f.Party.Name, data)
}
