package desk

import (
	"fmt"
	"net/http"
	"time"

	"github.com/gin-gonic/gin"

	"microcourt/handler/web"
	"microcourt/model"
	"microcourt/service/agency"
	"microcourt/service/assetquery"
)

// ownRoutes are an agency's own door on the desk: what it owes and what it is
// asked. What it is granted for its part comes in here too when there is
// something.
func (d *Desk) ownRoutes() []Route {
	upload := func(path string, f func(*gin.Context) error) Route {
		return Route{Method: http.MethodPost, Path: path, Act: model.ActAgencyDesk, MaxBody: 96 << 20, Timeout: 3 * time.Minute, handle: f}
	}
	return []Route{
		listed("/own/tasks", model.ActAgencyDesk, d.ownTasks),
		get("/own/tasks/sheet", model.ActAgencyDesk, d.ownSheet),
		{Method: http.MethodPost, Path: "/own/tasks/sheet", Act: model.ActAgencyDesk, MaxBody: importBody, Timeout: 2 * time.Minute, handle: d.reportSheet},
		get("/own/tasks/:id", model.ActAgencyDesk, d.ownTask),
		upload("/own/tasks/:id/report", d.reportDuty),
		listed("/own/queries", model.ActAgencyDesk, d.ownQueries),
		get("/own/queries/:id", model.ActAgencyDesk, d.ownQuery),
		upload("/own/queries/:id/answer", d.answerOwn),
	}
}

type ownTasksData struct {
	dutyTasksData
	Own      *agency.Entry
	Progress *agency.Progress
	Sheet    *ownSheetResult // of a sheet that was handed in, nil for none
}

func (d *Desk) ownTasks(c *gin.Context) error {
	data, err := d.ownTasksData(c)
	if err != nil {
		return err
	}
	if as := c.Query("as"); as != "" {
		return export(d, c, d.dutyTaskTable(c, data.Base, data.Filter), as)
	}
	return d.show(c, "own-tasks", "本单位事项", data)
}

func (d *Desk) ownTasksData(c *gin.Context) (data ownTasksData, err error) {
	ctx, by, today := c.Request.Context(), web.Actor(c), model.DateOf(d.cfg.Now())
	if data.dutyTasksData, err = d.dutyTasksData(c, "/desk/own/tasks"); err != nil {
		return data, err
	}
	if data.Own, err = d.svc.Agency.Own(ctx, by); err != nil {
		return data, err
	}
	data.Progress, err = d.svc.Agency.Progress(ctx, by, 0, "", model.NewDate(today.Year, 1, 1), model.NewDate(today.Year, 12, 31))
	return data, err
}

type ownTaskData struct {
	*agency.TaskDetail
}

// Reportable tells whether a report is waited for.
func (t ownTaskData) Reportable() bool { return t.State == model.AgencyTaskOpen }

func (d *Desk) ownTask(c *gin.Context) error {
	id, err := number(c)
	if err != nil {
		return err
	}
	t, err := d.svc.Agency.Task(c.Request.Context(), web.Actor(c), id)
	if err != nil {
		return err
	}
	return d.show(c, "own-task", t.Duty.Code, ownTaskData{t})
}

func (d *Desk) reportDuty(c *gin.Context) error {
	id, err := number(c)
	if err != nil {
		return err
	}
	ctx, by, f := c.Request.Context(), web.Actor(c), d.form(c)
	r := model.AgencyReport{IdemKey: f.key(), Text: c.PostForm("text"), DoneOn: f.date("done_on")}
	if f.text("quantity") != "" {
		n := f.number("quantity")
		r.Quantity = &n
	}
	r.FileIDs = f.files(0, r.IdemKey)
	if err := f.do(func() error {
		_, _, err := d.svc.Agency.Report(ctx, by, id, r)
		return err
	}); err != nil {
		t, again := d.svc.Agency.Task(ctx, by, id)
		if again != nil {
			return again
		}
		return d.again(c, "own-task", t.Duty.Code, ownTaskData{t}, err)
	}
	return done(c, fmt.Sprintf("/desk/own/tasks/%d", id), "reported")
}

type ownQueriesData struct {
	List   *listView
	State  model.QueryState
	States []model.QueryState
	Counts []model.QueryCount
	Year   int
}

func (d *Desk) ownQueries(c *gin.Context) error {
	ctx, by, today := c.Request.Context(), web.Actor(c), model.DateOf(d.cfg.Now())
	data := ownQueriesData{
		State: model.QueryState(c.Query("state")), States: []model.QueryState{model.QuerySent, model.QueryAnswered, model.QueryCancelled}, Year: today.Year,
	}
	var err error
	if data.Counts, err = d.svc.AssetQuery.CountAddressed(ctx, by, model.NewDate(today.Year, 1, 1), today); err != nil {
		return err
	}
	return answer(d, c, d.ownQueryTable(c, data.State), func(v *listView) error {
		data.List = v
		return d.show(c, "own-queries", "协助查询", data)
	})
}

type ownQueryData struct {
	*assetquery.Addressed
	Rows []int // of the form
}

func (d *Desk) ownQueryData(c *gin.Context, id int64) (ownQueryData, error) {
	q, err := d.svc.AssetQuery.AddressedQuery(c.Request.Context(), web.Actor(c), id)
	return ownQueryData{q, []int{1, 2, 3, 4}}, err
}

func (d *Desk) ownQuery(c *gin.Context) error {
	id, err := number(c)
	if err != nil {
		return err
	}
	data, err := d.ownQueryData(c, id)
	if err != nil {
		return err
	}
	return d.show(c, "own-query", "协助查询", data)
}

func (d *Desk) answerOwn(c *gin.Context) error {
	id, err := number(c)
	if err != nil {
		return err
	}
	f := d.form(c)
	version := f.version()
	a := assetquery.Answer{IdemKey: f.key(), Findings: f.findings(), Note: c.PostForm("note")}
	a.Files = f.files(0, a.IdemKey)
	if err := f.do(func() error {
		_, err := d.svc.AssetQuery.AnswerAddressed(c.Request.Context(), web.Actor(c), id, version, a)
		return err
	}); err != nil {
		data, again := d.ownQueryData(c, id)
		if again != nil {
			return again
		}
		return d.again(c, "own-query", "协助查询", data, err)
	}
	return done(c, fmt.Sprintf("/desk/own/queries/%d", id), "told")
}
