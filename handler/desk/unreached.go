package desk

import (
	"github.com/gin-gonic/gin"

	"microcourt/handler/web"
	"microcourt/model"
)

// unreachedRoutes are about whom nobody has told.
func (d *Desk) unreachedRoutes() []Route {
	return []Route{
		get("/unreached", model.ActServiceOfProcessRead, d.unreached),
		post("/unreached", model.ActPaperDo, d.tell),
	}
}

type unreachedData struct {
	Lines   []model.UnreachedLine
	Count   int64
	Filter  model.UnreachedFilter
	CaseNo  string
	Methods []string
	Next    string
	Open    int64 // the party whose form was refused
}

func (d *Desk) unreachedData(c *gin.Context, f model.UnreachedFilter) (*unreachedData, error) {
	ctx, by := c.Request.Context(), web.Actor(c)
	f.Limit = casePage
	data := &unreachedData{Filter: f, Methods: model.TellMethods}
	var err error
	if data.Lines, err = d.svc.Notice.Unreached(ctx, by, f); err != nil {
		return nil, err
	}
	if data.Count, err = d.svc.Notice.CountUnreached(ctx, by, f); err != nil {
		return nil, err
	}
	if len(data.Lines) == casePage {
		data.Next = with(c, "after", data.Lines[casePage-1].PartyID)
	}
	if f.CaseID != 0 && len(data.Lines) > 0 {
		data.CaseNo = data.Lines[0].CaseNo
	}
	return data, nil
}

func (d *Desk) unreached(c *gin.Context) error {
	asked := d.form(c)
	f := model.UnreachedFilter{Text: c.Query("text"), Paper: c.Query("paper") == "1", CaseID: asked.number("case")}
	if asked.err != nil {
		return asked.err
	}
	var err error
	if f.After, err = after(c, "after"); err != nil {
		return err
	}
	data, err := d.unreachedData(c, f)
	if err != nil {
		return err
	}
	return d.show(c, "unreached", "未送达任何人", data)
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
	return d.again(c, "unreached", "未送达任何人", data, err)
}

// nobodyTold finds the notices of a case of which nobody was told.
func (d *Desk) nobodyTold(c *gin.Context, data *caseData) (err error) {
	if by := web.Actor(c); by.May(model.ActServiceOfProcessRead) {
		data.Nobody, err = d.svc.Notice.UnreachedNotices(c.Request.Context(), by, data.Case.ID)
	}
	return err
}
