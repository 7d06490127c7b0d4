package desk

import (
	"github.com/gin-gonic/gin"

	"microcourt/handler/web"
	"microcourt/model"
	"microcourt/service/absence"
)

// absenceRoutes say who answers for an officer who is away.
func (d *Desk) absenceRoutes() []Route {
	return []Route{
		listed("/absence", model.ActAbsence, d.absences),
		post("/absence", model.ActAbsence, d.addAbsence),
		post("/absence/:id/end", model.ActAbsence, d.endAbsence),
	}
}

type absenceData struct {
	List     *listView
	Officers []model.StaffMember
	Others   bool // the actor may record somebody else's
	Today    model.Date
}

func (d *Desk) absenceData(c *gin.Context) (*absenceData, error) {
	ctx, by := c.Request.Context(), web.Actor(c)
	data := &absenceData{Others: by.Has(model.RoleLeader) || by.Has(model.RoleAdmin), Today: model.DateOf(d.cfg.Now())}
	var err error
	if data.List, _, err = viewOf(d, c, d.absenceTable(c)); err != nil {
		return nil, err
	}
	data.Officers, err = d.svc.Absence.Officers(ctx, by)
	return data, err
}

func (d *Desk) absences(c *gin.Context) error {
	if as := c.Query("as"); as != "" {
		return export(d, c, d.absenceTable(c), as)
	}
	data, err := d.absenceData(c)
	if err != nil {
		return err
	}
	return d.show(c, "absence", "离岗代理", data)
}

func (d *Desk) addAbsence(c *gin.Context) error {
	f := d.form(c)
	w := absence.Away{
		Officer: c.PostForm("officer"), Substitute: c.PostForm("substitute"), FromOn: f.date("from_on"), ToOn: f.date("to_on"), Reason: c.PostForm("reason"),
	}
	if err := f.do(func() error {
		_, err := d.svc.Absence.Add(c.Request.Context(), web.Actor(c), w)
		return err
	}); err != nil {
		data, again := d.absenceData(c)
		if again != nil {
			return again
		}
		return d.again(c, "absence", "离岗代理", data, err)
	}
	return done(c, "/desk/absence", "saved")
}

func (d *Desk) endAbsence(c *gin.Context) error {
	id, err := number(c)
	if err != nil {
		return err
	}
	if _, err := d.svc.Absence.End(c.Request.Context(), web.Actor(c), id); err != nil {
		return err
	}
	return done(c, "/desk/absence", "saved")
}
