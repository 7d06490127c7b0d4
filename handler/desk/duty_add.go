package desk

import (
	"fmt"

	"github.com/gin-gonic/gin"

	"microcourt/handler/web"
	"microcourt/model"
	"microcourt/service/agency"
)

type suggestedData struct {
	Rows   [][]string
	Report *agency.LoadReport // what taking it over would do, nil when it cannot be
	Lists  int                // versions that the court has
}

// suggestedData shows the suggested list, and what taking it over would do.
func (d *Desk) suggestedData(c *gin.Context) (data suggestedData, err error) {
	if data.Rows, err = agency.SuggestedRows(); err != nil {
		return data, err
	}
	lists, err := d.svc.Agency.Lists(c.Request.Context(), web.Actor(c))
	if data.Lists = len(lists); err != nil || data.Lists > 0 {
		return data, err
	}
	data.Report, err = d.svc.Agency.Adopt(c.Request.Context(), web.Actor(c), agency.Loading{DryRun: true})
	return data, err
}

func (d *Desk) suggestedDuties(c *gin.Context) error {
	data, err := d.suggestedData(c)
	if err != nil {
		return err
	}
	return d.show(c, "duties-suggested", "建议清单", data)
}

func (d *Desk) adoptDuties(c *gin.Context) error {
	rep, err := d.svc.Agency.Adopt(c.Request.Context(), web.Actor(c), agency.Loading{Backfill: c.PostForm("backfill") != ""})
	if err == nil && len(rep.Problems) == 0 {
		return done(c, "/desk/duties", "saved")
	}
	data, again := d.suggestedData(c)
	switch {
	case again != nil:
		return again
	case err != nil:
		return d.again(c, "duties-suggested", "建议清单", data, err)
	}
	data.Report = rep
	return d.show(c, "duties-suggested", "建议清单", data)
}

type newDutyData struct {
	Agencies    []agency.Entry
	Kinds       []model.DutyKind
	Recurrences []model.Recurrence
	Measures    []model.MeasureKind
}

func (d *Desk) newDutyData(c *gin.Context) (data newDutyData, err error) {
	data = newDutyData{Kinds: model.DutyKinds, Recurrences: model.Recurrences, Measures: model.DutyMeasures}
	list, err := d.svc.Agency.Agencies(c.Request.Context(), web.Actor(c), 0, maxChoice)
	for _, a := range list {
		if a.Active() {
			data.Agencies = append(data.Agencies, a)
		}
	}
	return data, err
}

// maxChoice bounds the agencies that a form offers: a district has some fifty.
const maxChoice = 500

func (d *Desk) newDuty(c *gin.Context) error {
	data, err := d.newDutyData(c)
	if err != nil {
		return err
	}
	return d.show(c, "duty-new", "新增责任事项", data)
}

func (d *Desk) addDuty(c *gin.Context) error {
	f := d.form(c)
	typed := dutyForm(f)
	var out *model.AgencyDuty
	if err := f.do(func() (err error) {
		out, _, err = d.svc.Agency.AddDuty(c.Request.Context(), web.Actor(c), typed, c.PostForm("backfill") != "")
		return err
	}); err != nil {
		data, again := d.newDutyData(c)
		if again != nil {
			return again
		}
		return d.again(c, "duty-new", "新增责任事项", data, err)
	}
	return done(c, fmt.Sprintf("/desk/duties/%d", out.ID), "saved")
}

// dutyForm reads a new duty. What only one kind of duty has is dropped from
// another: the form shows both.
func dutyForm(f *form) model.AgencyDuty {
	c := f.c
	out := model.AgencyDuty{
		AgencyID: f.number("agency_id"), Code: c.PostForm("code"), Kind: model.DutyKind(c.PostForm("duty_kind")), Requirement: c.PostForm("requirement"),
		Basis: c.PostForm("basis"), Evidence: c.PostForm("evidence"), Unit: c.PostForm("unit"), Recurrence: model.Recurrence(c.PostForm("recurrence")),
		Subjects: model.SubjectKind(c.PostForm("subjects")),
	}
	if out.Recurrence != model.RecurEach {
		out.DueOn = f.date("due_on")
		return out
	}
	out.DueDays, out.LiftDays = f.count("due_days"), f.count("lift_days")
	for _, k := range c.PostFormArray("measure") {
		out.Measures = append(out.Measures, model.MeasureKind(k))
	}
	return out
}
