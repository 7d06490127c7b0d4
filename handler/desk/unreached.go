package desk

import (
	"context"

	"github.com/gin-gonic/gin"

	"microcourt/handler/web"
	"microcourt/model"
)

// unreachedRoutes are about whom nobody has told.
func (d *Desk) unreachedRoutes() []Route {
	return []Route{
		listed("/unreached", model.ActServiceOfProcessRead, d.unreached),
		post("/unreached", model.ActPaperDo, d.tell),
	}
}

const unreachedTitle = "未送达任何人"

type unreachedData struct {
	List    *listView
	Lines   []model.UnreachedLine
	Count   int64
	Filter  model.UnreachedFilter
	CaseNo  string
	Methods []string
	Open    int64 // the party whose form was refused
}

func (d *Desk) unreachedData(c *gin.Context, f model.UnreachedFilter) (*unreachedData, error) {
	ctx, by := c.Request.Context(), web.Actor(c)
	data := &unreachedData{Filter: f, Methods: model.TellMethods}
	var err error
	if data.List, data.Lines, err = viewOf(d, c, d.unreachedTable(by, f)); err != nil {
		return nil, err
	}
	if data.Count, err = d.svc.Notice.CountUnreached(ctx, by, f); err != nil {
		return nil, err
	}
	if f.CaseID != 0 && len(data.Lines) > 0 {
		data.CaseNo = data.Lines[0].CaseNo
	}
	return data, nil
}

// unreachedTable is the list as a sheet and on paper.
func (d *Desk) unreachedTable(by model.Actor, f model.UnreachedFilter) table[model.UnreachedLine] {
	type row = model.UnreachedLine
	papers, one := "", ""
	if f.Paper {
		papers = "有文书待送达的"
	}
	if f.CaseID != 0 {
		one = "一个案件"
	}
	return table[row]{
		title: unreachedTitle, unit: "名", cursor: "after", limit: casePage, empty: "没有未送达任何人的通知。",
		conditions: []condition{{"案号或者姓名", f.Text}, {"通知", papers}, {"范围", one}},
		columns: []column[row]{
			{name: "案号", class: "nowrap", cell: func(r row) cell { return say(r.CaseNo).to(caseLink(r.CaseID, "notices")) }},
			{name: "当事人", class: "name", cell: func(r row) cell { return say(r.Party) }},
			{name: "身份", class: "nowrap", cell: func(r row) cell { return say(r.Role.Chinese()) }},
			{name: "通知（件）", class: "num", cell: func(r row) cell { return amount(r.Notices) }},
			{name: "最早", class: "nowrap", cell: func(r row) cell { return moment(r.Since) }},
			{name: "最近一件", cell: func(r row) cell { return say(r.Newest) }},
			{name: "电子送达", class: "nowrap", cell: func(r row) cell {
				if r.Consented {
					return say("已同意，没有绑定")
				}
				return say("没有同意")
			}},
			{name: "承办", class: "nowrap", cell: func(r row) cell { return say(r.Judge) }},
		},
		read: byID("after", func(ctx context.Context, from int64, limit int) ([]row, error) {
			f.After, f.Limit = from, limit
			return d.svc.Notice.Unreached(ctx, by, f)
		}, func(r row) int64 { return r.PartyID }),
	}
}

func (d *Desk) unreached(c *gin.Context) error {
	asked := d.form(c)
	f := model.UnreachedFilter{Text: c.Query("text"), Paper: c.Query("paper") == "1", CaseID: asked.number("case")}
	if asked.err != nil {
		return asked.err
	}
	if as := c.Query("as"); as != "" {
		return export(d, c, d.unreachedTable(web.Actor(c), f), as)
	}
	data, err := d.unreachedData(c, f)
	if err != nil {
		return err
	}
	return d.show(c, "unreached", unreachedTitle, data)
}

func (d *Desk) tell(c *gin.Context) error {
	f := d.form(c)
	t := model.Telling{
		CaseID: f.number("case"), PartyID: f.number("party"), UpTo: f.number("up_to"), Method: c.PostForm("method"), TrackingNo: f.text("tracking_no"),
		SpokeWith: f.text("spoke_with"), Note: f.text("note"),
	}
	if c.PostForm("at") != "" {
		t.At = f.time("at")
	}
	err := f.do(func() error { return d.svc.Notice.Tell(c.Request.Context(), web.Actor(c), t) })
	if err == nil {
		return done(c, "/desk/unreached", "unreached_told")
	}
	data, again := d.unreachedData(c, model.UnreachedFilter{})
	if again != nil {
		return err
	}
	data.Open = t.PartyID
	return d.again(c, "unreached", unreachedTitle, data, err)
}

// nobodyTold finds the notices of a case of which nobody was told.
func (d *Desk) nobodyTold(c *gin.Context, data *caseData) (err error) {
	if by := web.Actor(c); by.May(model.ActServiceOfProcessRead) {
		data.Nobody, err = d.svc.Notice.UnreachedNotices(c.Request.Context(), by, data.Case.ID)
	}
	return err
}
