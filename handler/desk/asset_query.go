package desk

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/gin-gonic/gin"

	"microcourt/handler/web"
	"microcourt/model"
	"microcourt/service/assetquery"
	"microcourt/service/enforcement"
)

// assetQueryRoutes are what officers ask agencies about debtors, and the leaders'
// decisions on it.
func (d *Desk) assetQueryRoutes() []Route {
	return []Route{
		listed("/queries", model.ActQueryRead, d.queries),
		get("/queries/new", model.ActQueryRequest, d.newQuery),
		post("/queries/new", model.ActQueryRequest, d.requestQuery),
		get("/queries/:id", model.ActQueryRead, d.query),
		get("/queries/:id/letter", model.ActQueryRequest, d.queryLetter),
		final(post("/queries/:id/decide", model.ActQueryApprove, d.decideQuery)),
		post("/queries/:id/send", model.ActQueryRequest, d.sendQuery),
		post("/queries/:id/cancel", model.ActQueryRequest, d.cancelQuery),
		{Method: http.MethodPost, Path: "/queries/:id/answer", Act: model.ActQueryRequest, MaxBody: 96 << 20, Timeout: 3 * time.Minute, handle: d.answerQuery},
	}
}

type queriesData struct {
	List   *listView
	State  model.QueryState
	Kind   model.QueryKind
	States []model.QueryState
	Kinds  []model.QueryKind
	Counts []model.QueryCount // of this year
	Year   int
}

func (d *Desk) queries(c *gin.Context) error {
	ctx, by, today := c.Request.Context(), web.Actor(c), model.DateOf(d.cfg.Now())
	data := queriesData{
		State: model.QueryState(c.Query("state")), Kind: model.QueryKind(c.Query("kind")), States: model.QueryStates, Kinds: model.QueryKinds, Year: today.Year,
	}
	f := model.AssetQueryFilter{State: data.State, Kind: data.Kind}
	if c.Query("sent") == "1" {
		f.SentFrom, f.SentUntil = model.NewDate(today.Year, 1, 1), today
	}
	var err error
	if data.Counts, err = d.svc.AssetQuery.Counts(ctx, by, model.NewDate(today.Year, 1, 1), today); err != nil {
		return err
	}
	read := byID("after", func(ctx context.Context, from int64, limit int) ([]model.AssetQueryLine, error) {
		f.Before, f.Limit = from, limit
		return d.svc.AssetQuery.Queries(ctx, by, f)
	}, func(l model.AssetQueryLine) int64 { return l.ID })
	t := table[faced[model.AssetQueryLine]]{
		title: "查控", columns: queryColumns(), cursor: "after", limit: casePage,
		read: withFaces(d, c, read, func(l model.AssetQueryLine) int64 { return l.CaseID }),
		conditions: []condition{
			{"状态", data.State.Chinese()}, {"类别", data.Kind.Chinese()}, {"发出", map[bool]string{true: fmt.Sprintf("%d 年内发出的", today.Year)}[!f.SentFrom.IsZero()]},
		},
		empty: "没有符合条件的查询。",
	}
	return answer(d, c, t, func(v *listView) error {
		data.List = v
		return d.show(c, "queries", "查控", data)
	})
}

// chosenCase is the officer's enforcement case that a form is for, or those
// that he may choose from.
type chosenCase struct {
	Case    *enforcement.Detail
	Debtors []model.Party
	Open    []model.EnforcementLine
}

func (d *Desk) chosenCase(c *gin.Context) (out chosenCase, err error) {
	f := d.form(c)
	id := f.number("case")
	if f.err != nil {
		return out, f.err
	}
	if id == 0 {
		out.Open, err = d.svc.Enforcement.Cases(c.Request.Context(), web.Actor(c), model.EnforcementFilter{OfficerID: web.Actor(c).UserID, Open: true, Limit: 100})
		return out, err
	}
	if out.Case, err = d.svc.Enforcement.Case(c.Request.Context(), web.Actor(c), id); err != nil {
		return out, err
	}
	if !out.Case.Own {
		return out, model.E(model.NotFound, "enforcement.not_found", "没有找到，或您无权查看")
	}
	for _, p := range out.Case.Parties {
		if out.Case.File.Has(p.ID, model.EnforcementDebtor) {
			out.Debtors = append(out.Debtors, p)
		}
	}
	return out, nil
}

type newQueryData struct {
	chosenCase
	Rules []model.QueryRule
	// Asked are the agencies of the directory that answer queries, by kind.
	Asked []askedAgencies
}

type askedAgencies struct {
	Kind     model.QueryKind
	Agencies []model.Agency
}

func (d *Desk) newQueryData(c *gin.Context) (data newQueryData, err error) {
	for _, k := range model.QueryKinds {
		data.Rules = append(data.Rules, k.Rule())
	}
	if data.chosenCase, err = d.chosenCase(c); err != nil || data.Case == nil {
		return data, err
	}
	all, err := d.svc.AssetQuery.Agencies(c.Request.Context(), web.Actor(c), "")
	for _, k := range model.QueryKinds {
		of := askedAgencies{Kind: k}
		for _, a := range all {
			if a.Answers(k) {
				of.Agencies = append(of.Agencies, a)
			}
		}
		if len(of.Agencies) > 0 {
			data.Asked = append(data.Asked, of)
		}
	}
	return data, err
}

func (d *Desk) newQuery(c *gin.Context) error {
	data, err := d.newQueryData(c)
	if err != nil {
		return err
	}
	return d.show(c, "query-new", "申请查询", data)
}

func (d *Desk) requestQuery(c *gin.Context) error {
	f := d.form(c)
	in := model.AssetQuery{
		IdemKey: f.key(), EnforcementCaseID: f.number("case"), PartyID: f.number("party"), Kind: model.QueryKind(c.PostForm("kind")), Purpose: c.PostForm("purpose"),
		AgencyID: f.number("agency_id"), Agency: c.PostForm("agency"),
	}
	var q *model.AssetQuery
	if err := f.do(func() (err error) {
		q, err = d.svc.AssetQuery.Request(c.Request.Context(), web.Actor(c), in)
		return err
	}); err != nil {
		data, again := d.newQueryData(c)
		if again != nil {
			return again
		}
		return d.again(c, "query-new", "申请查询", data, err)
	}
	return done(c, queryAddress(q.ID), "query")
}

func queryAddress(id int64) string { return fmt.Sprintf("/desk/queries/%d", id) }

type queryData struct {
	assetquery.Detail
	Rule  model.QueryRule
	Today model.Date
	Rows  []int // of the form for an answer
	// Agencies are those of the directory that can be asked at their own door.
	Agencies []model.Agency
}

func (d *Desk) queryData(c *gin.Context) (*queryData, error) {
	id, err := number(c)
	if err != nil {
		return nil, err
	}
	q, err := d.svc.AssetQuery.Query(c.Request.Context(), web.Actor(c), id)
	if err != nil {
		return nil, err
	}
	data := &queryData{Detail: *q, Rule: q.Query.Kind.Rule(), Today: model.DateOf(d.cfg.Now()), Rows: []int{0, 1, 2, 3}}
	if q.Own && q.Query.State == model.QueryApproved {
		data.Agencies, err = d.svc.AssetQuery.Agencies(c.Request.Context(), web.Actor(c), q.Query.Kind)
	}
	return data, err
}

func (d *Desk) query(c *gin.Context) error {
	data, err := d.queryData(c)
	if err != nil {
		return err
	}
	return d.show(c, "query", data.Rule.Name+"查询", data)
}

// queryLetter shows the query as the agency gets it, to be printed.
func (d *Desk) queryLetter(c *gin.Context) error {
	id, err := number(c)
	if err != nil {
		return err
	}
	l, err := d.svc.AssetQuery.Letter(c.Request.Context(), web.Actor(c), id)
	if err != nil {
		return err
	}
	return d.show(c, "query-letter", "协助查询函", map[string]any{"ID": id, "Letter": l})
}

// onQuery does something to the query of the path and goes back to its page.
func (d *Desk) onQuery(c *gin.Context, act func(id, version int64) error) error {
	id, err := number(c)
	if err != nil {
		return err
	}
	f := d.form(c)
	version := f.version()
	if err := f.do(func() error { return act(id, version) }); err != nil {
		data, again := d.queryData(c)
		if again != nil {
			return again
		}
		return d.again(c, "query", data.Rule.Name+"查询", data, err)
	}
	return done(c, queryAddress(id), "query")
}

func (d *Desk) decideQuery(c *gin.Context) error {
	return d.onQuery(c, func(id, version int64) error {
		_, err := d.svc.AssetQuery.Decide(c.Request.Context(), web.Actor(c), id, version, c.PostForm("decision") == "approve", c.PostForm("reason"))
		return err
	})
}

func (d *Desk) sendQuery(c *gin.Context) error {
	return d.onQuery(c, func(id, version int64) error {
		f := d.form(c)
		to := assetquery.To{Name: f.text("agency"), AgencyID: f.number("agency_id")}
		return f.do(func() error {
			_, err := d.svc.AssetQuery.Send(c.Request.Context(), web.Actor(c), id, version, to)
			return err
		})
	})
}

func (d *Desk) cancelQuery(c *gin.Context) error {
	return d.onQuery(c, func(id, version int64) error {
		_, err := d.svc.AssetQuery.Cancel(c.Request.Context(), web.Actor(c), id, version, c.PostForm("reason"))
		return err
	})
}

func (d *Desk) answerQuery(c *gin.Context) error {
	return d.onQuery(c, func(id, version int64) error {
		f := d.form(c)
		a := assetquery.Answer{IdemKey: f.key(), On: f.date("answered_on"), Findings: f.findings(), Note: c.PostForm("note")}
		if f.err == nil {
			q, err := d.svc.AssetQuery.Query(c.Request.Context(), web.Actor(c), id)
			if err != nil {
				return err
			}
			a.Files = f.files(q.Query.CaseID, a.IdemKey)
		}
		return f.do(func() error {
			_, err := d.svc.AssetQuery.Answer(c.Request.Context(), web.Actor(c), id, version, a)
			return err
		})
	})
}

// findings reads the rows of an answer that are filled in.
func (f *form) findings() (out []model.AssetFinding) {
	what, place, value, amount := f.c.PostFormArray("what"), f.c.PostFormArray("place"), f.c.PostFormArray("value"), f.c.PostFormArray("amount")
	if len(place) != len(what) || len(value) != len(what) || len(amount) != len(what) {
		f.wrong("what", model.E(model.Invalid, "body.malformed", "提交的内容格式不正确，请刷新后重试"))
		return nil
	}
	for i := range what {
		if strings.TrimSpace(what[i]+place[i]+value[i]+amount[i]) == "" {
			continue
		}
		out = append(out, model.AssetFinding{What: what[i], Place: place[i], Value: value[i], AmountFen: f.yuanOf("amount", amount[i])})
	}
	return out
}
