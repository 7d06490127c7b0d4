package desk

import (
	"errors"
	"fmt"
	"net/http"
	"strconv"
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
		get("/own/tasks", model.ActAgencyDesk, d.ownTasks),
		get("/own/tasks/:id", model.ActAgencyDesk, d.ownTask),
		upload("/own/tasks/:id/report", d.reportDuty),
		get("/own/queries", model.ActAgencyDesk, d.ownQueries),
		get("/own/queries/:id", model.ActAgencyDesk, d.ownQuery),
		upload("/own/queries/:id/answer", d.answerOwn),
	}
}

type ownTasksData struct {
	dutyTasksData
	Own      *agency.Entry
	Progress *agency.Progress
}

func (d *Desk) ownTasks(c *gin.Context) error {
	ctx, by, today := c.Request.Context(), web.Actor(c), model.DateOf(d.cfg.Now())
	var data ownTasksData
	var err error
	if data.dutyTasksData, err = d.dutyTasksData(c, "/desk/own/tasks"); err != nil {
		return err
	}
	if data.Own, err = d.svc.Agency.Own(ctx, by); err != nil {
		return err
	}
	data.Progress, err = d.svc.Agency.Progress(ctx, by, 0, "", model.NewDate(today.Year, 1, 1), model.NewDate(today.Year, 12, 31))
	if err != nil {
		return err
	}
	return d.show(c, "own-tasks", "本单位事项", data)
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
	ctx, by := c.Request.Context(), web.Actor(c)
	r := model.AgencyReport{Text: c.PostForm("text")}
	r.DoneOn, err = d.formDate("done_on", c.PostForm("done_on"))
	if err == nil {
		r.IdemKey, err = formKey(c)
	}
	if v := c.PostForm("quantity"); v != "" && err == nil {
		var n int64
		n, err = formNumber(c, "quantity")
		r.Quantity = &n
	}
	if err == nil {
		r.FileIDs, err = d.ownFiles(c, r.IdemKey)
	}
	if err == nil {
		_, _, err = d.svc.Agency.Report(ctx, by, id, r)
	}
	if err != nil {
		t, again := d.svc.Agency.Task(ctx, by, id)
		if again != nil {
			return again
		}
		return d.again(c, "own-task", t.Duty.Code, ownTaskData{t}, err)
	}
	return done(c, fmt.Sprintf("/desk/own/tasks/%d", id), "reported")
}

// ownFiles takes the files of a form: they belong to the agency and to no case.
func (d *Desk) ownFiles(c *gin.Context, key string) (out []int64, err error) {
	form, err := c.MultipartForm()
	if errors.Is(err, http.ErrNotMultipart) || err == nil && len(form.File["file"]) == 0 {
		return nil, nil
	}
	if err != nil {
		return nil, model.E(model.Invalid, "body.malformed", "提交的内容格式不正确，请刷新后重试").WithCause(err)
	}
	for i, f := range form.File["file"] {
		if f.Size == 0 {
			continue // no file was chosen
		}
		n, err := d.keepScan(c, 0, key+"-"+strconv.Itoa(i), f)
		if err != nil {
			return nil, err
		}
		out = append(out, n)
	}
	return out, nil
}

type ownQueriesData struct {
	Lines  []model.AssetQueryLine
	State  model.QueryState
	States []model.QueryState
	Counts []model.QueryCount
	Year   int
	Today  model.Date
	Next   string
}

func (d *Desk) ownQueries(c *gin.Context) error {
	from, err := after(c, "after")
	if err != nil {
		return err
	}
	ctx, by, today := c.Request.Context(), web.Actor(c), model.DateOf(d.cfg.Now())
	data := ownQueriesData{
		State: model.QueryState(c.Query("state")), States: []model.QueryState{model.QuerySent, model.QueryAnswered, model.QueryCancelled}, Year: today.Year, Today: today,
	}
	if data.Lines, err = d.svc.AssetQuery.AddressedTo(ctx, by, model.AssetQueryFilter{State: data.State, Before: from, Limit: casePage}); err != nil {
		return err
	}
	if data.Counts, err = d.svc.AssetQuery.CountAddressed(ctx, by, model.NewDate(today.Year, 1, 1), today); err != nil {
		return err
	}
	if len(data.Lines) == casePage {
		data.Next = with(c, "after", data.Lines[casePage-1].ID)
	}
	return d.show(c, "own-queries", "协助查询", data)
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
	version, err := formNumber(c, "version")
	a := assetquery.Answer{Note: c.PostForm("note")}
	if err == nil {
		a.IdemKey, err = formKey(c)
	}
	if err == nil {
		a.Findings, err = formFindings(c)
	}
	if err == nil {
		a.Files, err = d.ownFiles(c, a.IdemKey)
	}
	if err == nil {
		_, err = d.svc.AssetQuery.AnswerAddressed(c.Request.Context(), web.Actor(c), id, version, a)
	}
	if err != nil {
		data, again := d.ownQueryData(c, id)
		if again != nil {
			return again
		}
		return d.again(c, "own-query", "协助查询", data, err)
	}
	return done(c, fmt.Sprintf("/desk/own/queries/%d", id), "told")
}
