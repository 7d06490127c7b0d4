package desk

import (
	"context"
	"fmt"
	"net/http"
	"time"

	"github.com/gin-gonic/gin"

	"microcourt/handler/web"
	"microcourt/model"
	"microcourt/service/liaison"
)

// liaisonRoutes are the roster of liaisons and the requests to them.
func (d *Desk) liaisonRoutes() []Route {
	return []Route{
		listed("/liaisons", model.ActLiaisonRead, d.liaisons),
		post("/liaisons", model.ActLiaisonManage, d.addLiaison),
		post("/villages", model.ActLiaisonManage, d.addVillage),
		get("/liaisons/template", model.ActLiaisonManage, d.rosterTemplate),
		{Method: http.MethodPost, Path: "/liaisons/sheet", Act: model.ActLiaisonManage, MaxBody: importBody, Timeout: 2 * time.Minute, handle: d.rosterSheet},
		get("/liaisons/:id", model.ActLiaisonRead, d.liaison),
		post("/liaisons/:id", model.ActLiaisonManage, d.changeLiaison),
		post("/liaisons/:id/code", model.ActLiaisonManage, d.liaisonCode),
		listed("/assistance", model.ActAssistanceRead, d.assistances),
		get("/assistance/new", model.ActAssistanceRequest, d.newAssistance),
		post("/assistance/new", model.ActAssistanceRequest, d.askLiaison),
		get("/assistance/:id", model.ActAssistanceRead, d.assistance),
		post("/assistance/:id/close", model.ActAssistanceRequest, d.closeAssistance),
	}
}

type liaisonsData struct {
	List    *listView
	Towns   []model.TownCoverage
	Total   int
	Without int
	Sheet   *rosterSheetResult // of a sheet that was handed in, nil for none
}

func (d *Desk) liaisonsData(c *gin.Context) (*liaisonsData, error) {
	ctx, by := c.Request.Context(), web.Actor(c)
	data := &liaisonsData{}
	var err error
	if data.Towns, err = d.svc.Liaison.Coverage(ctx, by); err != nil {
		return nil, err
	}
	for _, t := range data.Towns {
		data.Total += len(t.Villages)
		data.Without += t.Without
	}
	data.List, _, err = viewOf(d, c, d.liaisonTable(c))
	return data, err
}

func (d *Desk) liaisons(c *gin.Context) error {
	if as := c.Query("as"); as != "" {
		return export(d, c, d.liaisonTable(c), as)
	}
	data, err := d.liaisonsData(c)
	if err != nil {
		return err
	}
	return d.show(c, "liaisons", "执行联络员", data)
}

func (d *Desk) refuseLiaisons(c *gin.Context, err error) error {
	data, again := d.liaisonsData(c)
	if again != nil {
		return again
	}
	return d.again(c, "liaisons", "执行联络员", data, err)
}

func (d *Desk) addVillage(c *gin.Context) error {
	if _, err := d.svc.Liaison.AddVillage(c.Request.Context(), web.Actor(c), model.Village{Town: c.PostForm("town"), Name: c.PostForm("village")}); err != nil {
		return d.refuseLiaisons(c, err)
	}
	return done(c, "/desk/liaisons", "saved")
}

// liaisonForm reads an entry of the roster.
func liaisonForm(f *form) (l model.Liaison, villages []int64) {
	l = model.Liaison{Name: f.c.PostForm("name"), Phone: f.c.PostForm("phone"), FromOn: f.date("from_on"), UntilOn: f.date("until_on")}
	return l, f.several("villages", model.InvalidField("villages", "village.unknown", "没有这个村（社区），请重新选择"))
}

func (d *Desk) addLiaison(c *gin.Context) error {
	f := d.form(c)
	key := f.key()
	in, villages := liaisonForm(f)
	in.IdemKey = key
	var l *model.LiaisonLine
	if err := f.do(func() (err error) {
		l, err = d.svc.Liaison.Add(c.Request.Context(), web.Actor(c), in, villages)
		return err
	}); err != nil {
		return d.refuseLiaisons(c, err)
	}
	return done(c, fmt.Sprintf("/desk/liaisons/%d", l.ID), "saved")
}

type liaisonData struct {
	Line    *model.LiaisonLine
	History []model.LiaisonEntry
	Towns   []model.TownCoverage
	Today   model.Date
	Fresh   *liaison.Code // shown once
}

// Holds tells whether a village is the liaison's.
func (l liaisonData) Holds(id int64) bool {
	for _, v := range l.Line.Villages {
		if v.ID == id {
			return true
		}
	}
	return false
}

func (d *Desk) liaisonData(c *gin.Context) (*liaisonData, error) {
	id, err := number(c)
	if err != nil {
		return nil, err
	}
	data := &liaisonData{Today: model.DateOf(d.cfg.Now())}
	if data.Line, data.History, err = d.svc.Liaison.Entry(c.Request.Context(), web.Actor(c), id); err != nil {
		return nil, err
	}
	data.Towns, err = d.svc.Liaison.Coverage(c.Request.Context(), web.Actor(c))
	return data, err
}

func (d *Desk) liaison(c *gin.Context) error {
	data, err := d.liaisonData(c)
	if err != nil {
		return err
	}
	return d.show(c, "liaison", "执行联络员", data)
}

func (d *Desk) refuseLiaison(c *gin.Context, err error) error {
	data, again := d.liaisonData(c)
	if again != nil {
		return again
	}
	return d.again(c, "liaison", "执行联络员", data, err)
}

func (d *Desk) changeLiaison(c *gin.Context) error {
	id, err := number(c)
	if err != nil {
		return err
	}
	f := d.form(c)
	version := f.version()
	in, villages := liaisonForm(f)
	if err := f.do(func() error {
		_, err := d.svc.Liaison.Update(c.Request.Context(), web.Actor(c), id, version, in, villages, c.PostForm("reason"))
		return err
	}); err != nil {
		return d.refuseLiaison(c, err)
	}
	return done(c, fmt.Sprintf("/desk/liaisons/%d", id), "saved")
}

// liaisonCode shows a one-time code, once: the answer to the form itself, as a
// slip to hand over, or on the screen.
func (d *Desk) liaisonCode(c *gin.Context) error {
	id, err := number(c)
	if err != nil {
		return err
	}
	code, err := d.svc.Liaison.IssueCode(c.Request.Context(), web.Actor(c), id)
	if err != nil {
		return d.refuseLiaison(c, err)
	}
	if c.PostForm("paper") == "1" {
		b, err := d.svc.Paper.PrintOnce(c.Request.Context(), web.Actor(c), code.Liaison.CourtID, 0, code.Paper)
		if err != nil {
			return err
		}
		sendPDF(c, "绑定码-"+code.Liaison.Name, b)
		return nil
	}
	data, err := d.liaisonData(c)
	if err != nil {
		return err
	}
	data.Fresh = code
	return d.show(c, "liaison", "执行联络员", data)
}

type assistancesData struct {
	List   *listView
	State  model.AssistanceState
	States []model.AssistanceState
}

func (d *Desk) assistances(c *gin.Context) error {
	by := web.Actor(c)
	data := assistancesData{State: model.AssistanceState(c.Query("state")), States: model.AssistanceStates}
	t := table[model.AssistanceLine]{
		title: "协助请求", columns: assistanceColumns(), cursor: "after", limit: casePage,
		read: byID("after", func(ctx context.Context, from int64, limit int) ([]model.AssistanceLine, error) {
			return d.svc.Liaison.Requests(ctx, by, model.ActAssistanceRead, model.AssistanceFilter{State: data.State, Before: from, Limit: limit})
		}, func(l model.AssistanceLine) int64 { return l.ID }),
		conditions: []condition{{"状态", data.State.Chinese()}}, empty: "没有符合条件的协助请求。",
	}
	return answer(d, c, t, func(v *listView) error {
		data.List = v
		return d.show(c, "assistances", "协助请求", data)
	})
}

type newAssistanceData struct {
	chosenCase
	Kinds []model.AssistanceKind
	Towns []model.TownCoverage
}

func (d *Desk) newAssistanceData(c *gin.Context) (data newAssistanceData, err error) {
	data.Kinds = model.AssistanceKinds
	if data.chosenCase, err = d.chosenCase(c); err != nil {
		return data, err
	}
	data.Towns, err = d.svc.Liaison.Coverage(c.Request.Context(), web.Actor(c))
	return data, err
}

func (d *Desk) newAssistance(c *gin.Context) error {
	data, err := d.newAssistanceData(c)
	if err != nil {
		return err
	}
	return d.show(c, "assistance-new", "请联络员协助", data)
}

func (d *Desk) askLiaison(c *gin.Context) error {
	a, err := d.ask(c)
	if err != nil {
		data, again := d.newAssistanceData(c)
		if again != nil {
			return again
		}
		return d.again(c, "assistance-new", "请联络员协助", data, err)
	}
	return done(c, fmt.Sprintf("/desk/assistance/%d", a.ID), "assistance")
}

func (d *Desk) ask(c *gin.Context) (out *model.Assistance, err error) {
	f := d.form(c)
	in := model.Assistance{
		IdemKey: f.key(), EnforcementCaseID: f.number("case"), PartyID: f.number("party"), Kind: model.AssistanceKind(c.PostForm("kind")),
		VillageID: f.number("village"), DueOn: f.date("due_on"), Detail: c.PostForm("detail"),
	}
	err = f.do(func() (err error) {
		out, err = d.svc.Liaison.Ask(c.Request.Context(), web.Actor(c), in)
		return err
	})
	return out, err
}

func (d *Desk) assistance(c *gin.Context) error {
	id, err := number(c)
	if err != nil {
		return err
	}
	data, err := d.svc.Liaison.Request(c.Request.Context(), web.Actor(c), model.ActAssistanceRead, id)
	if err != nil {
		return err
	}
	return d.show(c, "assistance", "协助请求", data)
}

func (d *Desk) closeAssistance(c *gin.Context) error {
	id, err := number(c)
	if err != nil {
		return err
	}
	f := d.form(c)
	version := f.version()
	if err := f.do(func() error {
		_, err := d.svc.Liaison.Close(c.Request.Context(), web.Actor(c), id, version, c.PostForm("note"))
		return err
	}); err != nil {
		data, again := d.svc.Liaison.Request(c.Request.Context(), web.Actor(c), model.ActAssistanceRead, id)
		if again != nil {
			return again
		}
		return d.again(c, "assistance", "协助请求", data, err)
	}
	return done(c, fmt.Sprintf("/desk/assistance/%d", id), "saved")
}
