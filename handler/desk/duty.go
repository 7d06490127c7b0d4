package desk

import (
	"cmp"
	"errors"
	"fmt"
	"net/http"
	"time"

	"github.com/gin-gonic/gin"

	"microcourt/handler/web"
	"microcourt/model"
	"microcourt/service/agency"
)

// dutyRoutes are what agencies owe: the list, the progress, and the court's
// decisions on what they report.
func (d *Desk) dutyRoutes() []Route {
	return []Route{
		listed("/duties", model.ActAgencyRead, d.duties),
		{Method: http.MethodPost, Path: "/duties", Act: model.ActAgencyManage, MaxBody: importBody, Timeout: 2 * time.Minute, handle: d.loadDuties},
		get("/duties/template", model.ActAgencyManage, d.dutyTemplate),
		get("/duties/suggested", model.ActDutyAdopt, d.suggestedDuties),
		post("/duties/suggested", model.ActDutyAdopt, d.adoptDuties),
		get("/duties/new", model.ActAgencyManage, d.newDuty),
		post("/duties/new", model.ActAgencyManage, d.addDuty),
		get("/duties/:id", model.ActAgencyRead, d.duty),
		post("/duties/:id", model.ActAgencyManage, d.changeDuty),
		post("/duties/:id/end", model.ActAgencyManage, d.endDuty),
		listed("/duty-tasks", model.ActDutyRead, d.dutyTasks),
		get("/duty-tasks/:id", model.ActDutyRead, d.dutyTask),
		post("/duty-tasks/:id/decide", model.ActDutyDecide, d.decideReport),
	}
}

type dutiesData struct {
	List     *listView
	Duties   []agency.DutyLine
	Lists    []model.DutyList
	Progress *agency.Progress
	From, To model.Date
	Report   *agency.LoadReport           // of the file that was loaded
	Filled   map[int64]model.DutyBackfill // of the lists, by their ids
	Next     string
}

// Suggested tells whether the list that holds is the suggested one.
func (l dutiesData) Suggested() bool {
	return len(l.Lists) > 0 && l.Lists[0].Source == agency.SuggestedSource
}

// Version is the list's that holds, 0 when none was loaded.
func (l dutiesData) Version() int64 {
	if len(l.Lists) == 0 {
		return 0
	}
	return l.Lists[0].Version
}

func (d *Desk) dutiesData(c *gin.Context) (data dutiesData, err error) {
	ctx, by, today := c.Request.Context(), web.Actor(c), model.DateOf(d.cfg.Now())
	data.From, data.To = today.MonthOf()
	f := d.form(c)
	data.From, data.To = cmp.Or(f.dateAsked("since"), data.From), cmp.Or(f.dateAsked("until"), data.To)
	if f.err != nil {
		return data, f.err
	}
	if data.List, data.Duties, err = viewOf(d, c, d.dutyTable(c)); err != nil {
		return data, err
	}
	if data.Lists, err = d.svc.Agency.Lists(ctx, by); err != nil {
		return data, err
	}
	fills, err := d.svc.Agency.Backfills(ctx, by)
	if err != nil {
		return data, err
	}
	data.Filled = map[int64]model.DutyBackfill{}
	for _, b := range fills {
		data.Filled[b.ListID] = b
	}
	data.Progress, err = d.svc.Agency.Progress(ctx, by, 0, "", data.From, data.To)
	return data, err
}

func (d *Desk) duties(c *gin.Context) error {
	if as := c.Query("as"); as != "" {
		return export(d, c, d.dutyTable(c), as)
	}
	data, err := d.dutiesData(c)
	if err != nil {
		return err
	}
	return d.show(c, "duties", "责任事项", data)
}

// loadDuties replaces the list of duties by a file; without "write" it only
// checks.
func (d *Desk) loadDuties(c *gin.Context) error {
	rep, err := d.loadFile(c)
	if err != nil {
		data, again := d.dutiesData(c)
		if again != nil {
			return again
		}
		return d.again(c, "duties", "责任事项", data, err)
	}
	if c.PostForm("write") != "" && len(rep.Problems) == 0 {
		return done(c, "/desk/duties", "saved")
	}
	data, err := d.dutiesData(c)
	if err != nil {
		return err
	}
	data.Report = rep
	return d.show(c, "duties", "责任事项", data)
}

func (d *Desk) loadFile(c *gin.Context) (*agency.LoadReport, error) {
	file, err := c.FormFile("file")
	if err != nil {
		if errors.Is(err, http.ErrMissingFile) || errors.Is(err, http.ErrNotMultipart) {
			return nil, model.InvalidField("file", "file.missing", "请先选择要导入的清单")
		}
		return nil, model.E(model.Invalid, "body.malformed", "提交的内容格式不正确，请刷新后重试").WithCause(err)
	}
	f := d.form(c)
	l := agency.Loading{
		DryRun: c.PostForm("write") == "", Source: cmp.Or(c.PostForm("source"), file.Filename), Backfill: c.PostForm("backfill") != "",
	}
	l.Seen = f.version()
	if f.err != nil {
		return nil, f.err
	}
	list, err := file.Open()
	if err != nil {
		return nil, err
	}
	defer func() { _ = list.Close() }() // read only
	return d.svc.Agency.Load(c.Request.Context(), web.Actor(c), list, l)
}

func (d *Desk) dutyTemplate(c *gin.Context) error {
	c.Header("Content-Disposition", `attachment; filename="duties.csv"`)
	c.Header("Content-Type", "text/csv; charset=utf-8")
	if c.Query("list") == "default" {
		_, err := c.Writer.Write(agency.SuggestedCSV())
		return err
	}
	return agency.TemplateCSV(c.Writer)
}

func (d *Desk) duty(c *gin.Context) error {
	id, err := number(c)
	if err != nil {
		return err
	}
	data, err := d.dutyData(c, id)
	if err != nil {
		return err
	}
	return d.show(c, "duty", data.Code, data)
}

type dutyData struct {
	*agency.DutyLine
	Filled *model.DutyBackfill // for the duty alone, nil when that was not asked for
}

func (d *Desk) dutyData(c *gin.Context, id int64) (data dutyData, err error) {
	if data.DutyLine, err = d.svc.Agency.Duty(c.Request.Context(), web.Actor(c), id); err != nil {
		return data, err
	}
	fills, err := d.svc.Agency.Backfills(c.Request.Context(), web.Actor(c))
	for i := range fills {
		if fills[i].DutyID == id {
			data.Filled = &fills[i]
		}
	}
	return data, err
}

// onDuty runs f on the duty of the path as the form saw it.
func (d *Desk) onDuty(c *gin.Context, act func(l *agency.DutyLine, version int64) error) error {
	id, err := number(c)
	if err != nil {
		return err
	}
	data, err := d.dutyData(c, id)
	if err != nil {
		return err
	}
	f := d.form(c)
	version := f.version()
	if err := f.do(func() error { return act(data.DutyLine, version) }); err != nil {
		return d.again(c, "duty", data.Code, data, err)
	}
	return done(c, fmt.Sprintf("/desk/duties/%d", id), "saved")
}

// changeDuty changes what a duty says; what kind it is and what begins it are
// the list's matter.
func (d *Desk) changeDuty(c *gin.Context) error {
	return d.onDuty(c, func(l *agency.DutyLine, version int64) error {
		f, typed := d.form(c), l.AgencyDuty
		typed.Requirement, typed.Basis, typed.Evidence, typed.Unit = c.PostForm("requirement"), c.PostForm("basis"), c.PostForm("evidence"), c.PostForm("unit")
		if typed.Recurrence == model.RecurOnce {
			typed.DueOn = f.date("due_on")
		}
		if typed.Recurrence == model.RecurEach {
			typed.DueDays, typed.LiftDays = f.count("due_days"), f.count("lift_days")
		}
		return f.do(func() error {
			_, err := d.svc.Agency.ChangeDuty(c.Request.Context(), web.Actor(c), l.ID, version, typed)
			return err
		})
	})
}

func (d *Desk) endDuty(c *gin.Context) error {
	return d.onDuty(c, func(l *agency.DutyLine, version int64) error {
		_, err := d.svc.Agency.EndDuty(c.Request.Context(), web.Actor(c), l.ID, version)
		return err
	})
}

type dutyTasksData struct {
	Lines  []agency.TaskLine
	List   *listView
	Filter model.AgencyTaskFilter
	States []model.AgencyTaskState
	Phases []model.TaskPhase
	Agency string // whose, when they are one agency's
	Base   string // the address of the list
}

var dutyStates = []model.AgencyTaskState{
	model.AgencyTaskOverdue, model.AgencyTaskOpen, model.AgencyTaskReported, model.AgencyTaskDone, model.AgencyTaskVoid,
}

func (d *Desk) dutyTasksData(c *gin.Context, base string) (data dutyTasksData, err error) {
	data = dutyTasksData{States: dutyStates, Phases: []model.TaskPhase{model.PhaseApply, model.PhaseLift}, Base: base}
	data.Filter = model.AgencyTaskFilter{State: model.AgencyTaskState(c.Query("state")), Phase: model.TaskPhase(c.Query("phase"))}
	f := d.form(c)
	data.Filter.AgencyID, data.Filter.DutyID, data.Filter.MeasureID = f.number("agency"), f.number("duty"), f.number("measure")
	data.Filter.From, data.Filter.To = f.dateAsked("since"), f.dateAsked("until")
	if f.err != nil {
		return data, f.err
	}
	if data.List, data.Lines, err = viewOf(d, c, d.dutyTaskTable(c, base, data.Filter)); err != nil {
		return data, err
	}
	if data.Filter.AgencyID != 0 && len(data.Lines) > 0 {
		data.Agency = data.Lines[0].Agency
	}
	return data, nil
}

func (d *Desk) dutyTasks(c *gin.Context) error {
	data, err := d.dutyTasksData(c, "/desk/duty-tasks")
	if err != nil {
		return err
	}
	if as := c.Query("as"); as != "" {
		return export(d, c, d.dutyTaskTable(c, data.Base, data.Filter), as)
	}
	return d.show(c, "duty-tasks", "责任单位的任务", data)
}

func (d *Desk) dutyTask(c *gin.Context) error {
	id, err := number(c)
	if err != nil {
		return err
	}
	data, err := d.svc.Agency.Task(c.Request.Context(), web.Actor(c), id)
	if err != nil {
		return err
	}
	return d.show(c, "duty-task", data.Duty.Code, data)
}

func (d *Desk) decideReport(c *gin.Context) error {
	id, err := number(c)
	if err != nil {
		return err
	}
	ctx, by, f := c.Request.Context(), web.Actor(c), d.form(c)
	report := f.number("report")
	if err := f.do(func() (err error) {
		if c.PostForm("decision") == "accept" {
			_, err = d.svc.Agency.Accept(ctx, by, report)
		} else {
			_, err = d.svc.Agency.Return(ctx, by, report, c.PostForm("reason"))
		}
		return err
	}); err != nil {
		data, again := d.svc.Agency.Task(ctx, by, id)
		if again != nil {
			return again
		}
		return d.again(c, "duty-task", data.Duty.Code, data, err)
	}
	return done(c, fmt.Sprintf("/desk/duty-tasks/%d", id), "reviewed")
}
