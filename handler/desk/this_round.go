package desk

import (
	"fmt"
	"net/http"
	"time"

	"github.com/gin-gonic/gin"

	"microcourt/handler/web"
	"microcourt/model"
)

func (d *Desk) thisRoundRoutes() []Route {
	return []Route{
		get("/enforcement/:id/this-round", model.ActEnforcementRead, d.thisRound),
		{Method: http.MethodPost, Path: "/enforcement/:id/this-round", Act: model.ActEnforcementClose, MaxBody: 12 << 20, Timeout: time.Minute, handle: d.recordRound},
		final(post("/enforcement/:id/this-round/answer", model.ActMeasureApprove, d.answerRound)),
	}
}

// thisRoundData is the tab with the conditions of 终结本次执行程序.
type thisRoundData struct {
	*enforcementHead
	Round    *model.RoundCase
	Answers  []model.RoundAnswer
	Outcomes []model.FindOutcome
	Record   bool // the actor may record
	Approve  bool // the actor may answer the panel
}

func (d *Desk) thisRoundData(c *gin.Context) (*thisRoundData, error) {
	h, err := d.head(c, "/this-round")
	if err != nil {
		return nil, err
	}
	by := web.Actor(c)
	data := &thisRoundData{enforcementHead: h, Outcomes: model.FindOutcomes}
	if data.Round, err = d.svc.Enforcement.ThisRound(c.Request.Context(), by, h.File.ID); err != nil {
		return nil, err
	}
	data.Answers = data.Round.Answers()
	open := h.File.State == model.EnforcementOpen && h.File.Kind.Enforces()
	data.Record = open && h.Own && by.May(model.ActEnforcementClose)
	data.Approve = open && by.May(model.ActMeasureApprove) && data.Round.AwaitsApproval().ID != 0
	return data, nil
}

func (d *Desk) thisRound(c *gin.Context) error {
	data, err := d.thisRoundData(c)
	if err != nil {
		return err
	}
	return d.show(c, "this_round", "终结本次执行程序", data)
}

// recordRound records what the officer says or has proof of.
func (d *Desk) recordRound(c *gin.Context) error {
	data, err := d.thisRoundData(c)
	if err != nil {
		return err
	}
	f := d.form(c)
	kind := model.RoundEntryKind(c.PostForm("kind"))
	if kind == "creditor" { // the form for what is done towards a creditor asks which
		kind = model.RoundEntryKind(c.PostForm("creditor_kind"))
	}
	e := model.RoundEntry{
		EnforcementCaseID: data.File.ID, Kind: kind, Code: c.PostForm("code"), PartyID: f.number("party_id"), QueryID: f.number("query_id"),
		Note: c.PostForm("note"), OnDay: f.date("on_day"), IdemKey: f.key(),
	}
	e.FileID = f.scan(data.File.CaseID)
	return d.keepRound(c, f, data, e, "round_kept")
}

// answerRound is the answer to the panel's opinion.
func (d *Desk) answerRound(c *gin.Context) error {
	data, err := d.thisRoundData(c)
	if err != nil {
		return err
	}
	f := d.form(c)
	kind := map[string]model.RoundEntryKind{"approval": model.RoundApproval, "refusal": model.RoundRefusal}[c.PostForm("kind")]
	e := model.RoundEntry{EnforcementCaseID: data.File.ID, Kind: kind, Note: c.PostForm("note"), OnDay: data.Today, IdemKey: f.key()}
	return d.keepRound(c, f, data, e, "round_decided")
}

func (d *Desk) keepRound(c *gin.Context, f *form, data *thisRoundData, e model.RoundEntry, what string) error {
	if err := f.do(func() error {
		_, err := d.svc.Enforcement.RecordRound(c.Request.Context(), web.Actor(c), e)
		return err
	}); err != nil {
		return d.again(c, "this_round", "终结本次执行程序", data, err)
	}
	return done(c, fmt.Sprintf("/desk/enforcement/%d/this-round", data.File.ID), what)
}
