package desk

import (
	"context"
	"fmt"
	"net/http"
	"time"

	"github.com/gin-gonic/gin"

	"microcourt/handler/web"
	"microcourt/model"
	"microcourt/service/enforcement"
)

func (d *Desk) cleanUpRoutes() []Route {
	return []Route{
		get("/enforcement/:id/clean-up", model.ActCleanUpRead, d.cleanUp),
		{Method: http.MethodPost, Path: "/enforcement/:id/clean-up/step", Act: model.ActCleanUpDo, MaxBody: 12 << 20, Timeout: time.Minute, handle: d.finishStep},
		post("/enforcement/:id/clean-up/hold", model.ActCleanUpDo, d.holdCleanUp),
		post("/enforcement/:id/clean-up/resume", model.ActCleanUpDo, d.resumeCleanUp),
		listed("/clean-ups", model.ActMeasureRead, d.cleanUps),
	}
}

const cleanUpTitle = "履行后清理"

// cleanUpData is the tab of an enforcement case: what is lifted after payment.
type cleanUpData struct {
	*enforcementHead
	List []enforcement.CleanUpView
	Do   bool // whether the actor may carry steps out; each is its owner's
	Step int64
}

func (d *Desk) cleanUpData(c *gin.Context) (*cleanUpData, error) {
	h, err := d.head(c, "/clean-up")
	if err != nil {
		return nil, err
	}
	by := web.Actor(c)
	data := &cleanUpData{enforcementHead: h, Do: by.May(model.ActCleanUpDo), Step: d.form(c).number("task")}
	all, err := d.svc.Enforcement.CleanUps(c.Request.Context(), by, h.Case.ID)
	for _, v := range all {
		if v.EnforcementCaseID == h.File.ID {
			data.List = append(data.List, v)
		}
	}
	return data, err
}

func (d *Desk) cleanUp(c *gin.Context) error {
	data, err := d.cleanUpData(c)
	if err != nil {
		return err
	}
	return d.show(c, "cleanup", cleanUpTitle, data)
}

// onCleanUp does a form of the tab and shows the tab again.
func (d *Desk) onCleanUp(c *gin.Context, what string, do func() error) error {
	id, err := number(c)
	if err != nil {
		return err
	}
	if err := do(); err != nil {
		data, gone := d.cleanUpData(c)
		if gone != nil {
			return err
		}
		return d.again(c, "cleanup", cleanUpTitle, data, err)
	}
	return done(c, fmt.Sprintf("/desk/enforcement/%d/clean-up", id), what)
}

func (d *Desk) finishStep(c *gin.Context) error {
	return d.onCleanUp(c, "step_done", func() error {
		id, err := number(c)
		if err != nil {
			return err
		}
		e, err := d.svc.Enforcement.Case(c.Request.Context(), web.Actor(c), id)
		if err != nil {
			return err
		}
		f := d.form(c)
		st := enforcement.Step{TaskID: f.number("task"), Version: f.version(), Proof: c.PostForm("proof"), Place: c.PostForm("place"), At: f.timeAsked("at"), FileID: f.scan(e.Case.ID)}
		return f.do(func() error {
			_, err := d.svc.Enforcement.FinishCleanUpStep(c.Request.Context(), web.Actor(c), st)
			return err
		})
	})
}

func (d *Desk) holdCleanUp(c *gin.Context) error {
	return d.onCleanUp(c, "held", func() error {
		f := d.form(c)
		id, seen := f.number("clean_up"), f.version()
		return f.do(func() error {
			_, err := d.svc.Enforcement.HoldCleanUp(c.Request.Context(), web.Actor(c), id, seen, c.PostForm("reason"))
			return err
		})
	})
}

func (d *Desk) resumeCleanUp(c *gin.Context) error {
	return d.onCleanUp(c, "went_on", func() error {
		f := d.form(c)
		id, seen := f.number("clean_up"), f.version()
		return f.do(func() error {
			_, err := d.svc.Enforcement.ResumeCleanUp(c.Request.Context(), web.Actor(c), id, seen)
			return err
		})
	})
}

type cleanUpsData struct {
	List *listView
	Late bool
}

// cleanUps lists those that run: an officer's own, the court's for a leader.
func (d *Desk) cleanUps(c *gin.Context) error {
	by, late := web.Actor(c), c.Query("late") == "1"
	read := byID("before", func(ctx context.Context, from int64, limit int) ([]model.CleanUpLine, error) {
		return d.svc.Enforcement.RunningCleanUps(ctx, by, model.CleanUpFilter{Late: late, Before: from, Limit: limit})
	}, func(l model.CleanUpLine) int64 { return l.ID })
	t := table[faced[model.CleanUpLine]]{
		title: cleanUpTitle, columns: cleanUpColumns(), cursor: "before", limit: casePage,
		read:       withFaces(d, c, read, func(l model.CleanUpLine) int64 { return l.CaseID }),
		conditions: []condition{{"范围", map[bool]string{true: "有超期事项的", false: "进行中的"}[late]}},
		empty:      map[bool]string{true: "没有超期的清理。", false: "没有进行中的清理。"}[late],
	}
	return answer(d, c, t, func(v *listView) error { return d.show(c, "cleanups", cleanUpTitle, cleanUpsData{v, late}) })
}
