package desk

import (
	"fmt"
	"net/http"
	"strings"

	"github.com/gin-gonic/gin"

	"microcourt/handler/web"
	"microcourt/model"
)

func (d *Desk) findRoutes() []Route {
	return []Route{{Method: http.MethodGet, Path: "/find", Act: model.ActCaseRead, silent: true, handle: d.find}}
}

// suggested is how many suggestions stand below the search; the list of cases has
// them all.
const suggested = 6

// suggestion is a case that may be meant.
type suggestion struct {
	Name, Sides, Href string
	State             model.Performance
}

type findData struct {
	Text  string
	Cases []suggestion
	All   string // the list with everything that was found
	More  bool
}

// find suggests cases while somebody types: those that the list of cases gives for
// the same words, so that nobody is shown what he may not see.
func (d *Desk) find(c *gin.Context) error {
	ctx, by := c.Request.Context(), web.Actor(c)
	data := findData{Text: strings.TrimSpace(c.Query("text"))}
	if len(data.Text) > 200 {
		data.Text = ""
	}
	if data.Text != "" {
		list, err := d.svc.Filing.Cases(ctx, by, model.CaseFilter{Text: data.Text, Limit: suggested + 1})
		if err != nil {
			return err
		}
		if data.More = len(list) > suggested; data.More {
			list = list[:suggested]
		}
		ids := make([]int64, len(list))
		for i, cs := range list {
			ids[i] = cs.ID
		}
		faces, err := d.svc.Filing.Faces(ctx, by, ids)
		if err != nil {
			return err
		}
		for _, cs := range list {
			data.Cases = append(data.Cases, suggestion{cs.CaseNo, faces[cs.ID].Sides(), fmt.Sprintf("/desk/cases/%d", cs.ID), cs.Performance})
		}
		data.All = address("/desk/cases", "text", data.Text)
	}
	d.part(c, http.StatusOK, "find", data)
	return nil
}
