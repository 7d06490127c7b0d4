package desk

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/gin-gonic/gin"

	"microcourt/handler/web"
	"microcourt/model"
	"microcourt/service/enforcement"
)

func (d *Desk) repairRoutes() []Route {
	return []Route{
		listed("/repairs", model.ActRepairQueue, d.repairs),
		get("/repairs/:id", model.ActRepairQueue, d.repair),
		post("/repairs/:id/check", model.ActRepairCheck, d.checkRepair),
		final(post("/repairs/:id/decide", model.ActRepairDecide, d.decideRepair)),
		final(post("/repairs/:id/revoke", model.ActRepairDecide, d.revokeRepair)),
		get("/enforcement/:id/repair", model.ActRepairQueue, d.caseRepairs),
		{Method: http.MethodPost, Path: "/enforcement/:id/repair", Act: model.ActRepairApply, MaxBody: 12 << 20, Timeout: time.Minute, handle: d.recordRepair},
	}
}

// caseRepairsData is the tab of an enforcement case.
type caseRepairsData struct {
	*enforcementHead
	Applications []enforcement.RepairView
	Listings     []enforcement.MeasureDetail // those that stand, and the restrictions of spending
}

func (d *Desk) caseRepairsData(c *gin.Context) (*caseRepairsData, error) {
	h, err := d.head(c, "/repair")
	if err != nil {
		return nil, err
	}
	ctx, by := c.Request.Context(), web.Actor(c)
	data := &caseRepairsData{enforcementHead: h}
	all, err := d.svc.Enforcement.CaseRepairs(ctx, by, h.Case.ID)
	if err != nil {
		return nil, err
	}
	data.Applications = slices.DeleteFunc(all, func(v enforcement.RepairView) bool { return v.EnforcementCaseID != h.File.ID })
	measures, err := d.svc.Enforcement.MeasuresOf(ctx, by, h.File.ID)
	if err != nil {
		return nil, err
	}
	data.Listings = slices.DeleteFunc(measures, func(m enforcement.MeasureDetail) bool {
		return m.Kind != model.MeasureListing && m.Kind != model.MeasureConsumption || !m.State.Stands()
	})
	slices.SortStableFunc(data.Listings, func(a, b enforcement.MeasureDetail) int { // the listings first
		return strings.Compare(string(b.Kind), string(a.Kind))
	})
	return data, nil
}

func (d *Desk) caseRepairs(c *gin.Context) error {
	data, err := d.caseRepairsData(c)
	if err != nil {
		return err
	}
	return d.show(c, "enforcement_repair", data.File.CaseNo, data)
}

// recordRepair takes an application that the debtor made on paper.
func (d *Desk) recordRepair(c *gin.Context) error {
	data, err := d.caseRepairsData(c)
	if err != nil {
		return err
	}
	f := d.form(c)
	in := enforcement.RepairInput{
		CaseID: data.Case.ID, Key: f.key(), PartyID: f.number("party"), MeasureID: f.number("listing"), AppliedOn: f.date("applied_on"), Reason: c.PostForm("reason"),
	}
	in.FileID = f.file(in.CaseID, in.Key)
	if err := f.do(func() error {
		_, err := d.svc.Enforcement.ApplyRepair(c.Request.Context(), web.Actor(c), in)
		return err
	}); err != nil {
		return d.again(c, "enforcement_repair", data.File.CaseNo, data, err)
	}
	return done(c, fmt.Sprintf("/desk/enforcement/%d/repair", data.File.ID), "repair")
}

type repairsData struct {
	List  *listView
	State string
}

func (d *Desk) repairs(c *gin.Context) error {
	by := web.Actor(c)
	data := repairsData{State: c.DefaultQuery("state", string(model.RepairOpen))}
	f := model.RepairFilter{State: model.RepairState(data.State)}
	if data.State == "all" {
		f.State = ""
	}
	read := byID("after", func(ctx context.Context, from int64, limit int) ([]model.RepairLine, error) {
		f.After, f.Limit = from, limit
		return d.svc.Enforcement.Repairs(ctx, by, f)
	}, func(l model.RepairLine) int64 { return l.ID })
	t := table[faced[model.RepairLine]]{
		title: "信用修复", columns: repairColumns(), cursor: "after", limit: casePage,
		read:       withFaces(d, c, read, func(l model.RepairLine) int64 { return l.CaseID }),
		conditions: []condition{{"状态", f.State.Chinese()}}, empty: "没有信用修复申请。",
	}
	return answer(d, c, t, func(v *listView) error {
		data.List = v
		return d.show(c, "repairs", "信用修复", data)
	})
}

// criterion is a line of the checklist as the page shows it.
type criterion struct {
	model.RepairCriterion
	Last    model.RepairCheck
	Checked bool
}

type repairData struct {
	enforcement.RepairView
	Criteria []criterion
	Holds    bool   // what was granted still works
	OwnHand  string // why the actor may not decide, because he entered or checked it
}

func (d *Desk) repairData(c *gin.Context) (*repairData, error) {
	id, err := number(c)
	if err != nil {
		return nil, err
	}
	v, err := d.svc.Enforcement.Repair(c.Request.Context(), web.Actor(c), id)
	if err != nil {
		return nil, err
	}
	data := &repairData{RepairView: *v, Holds: v.Holds(model.DateOf(d.cfg.Now()))}
	hands := []int64{v.UserID}
	for _, k := range v.Checks {
		hands = append(hands, k.ByUserID)
	}
	data.OwnHand = model.OwnHand(model.MatterRepair, web.Actor(c).UserID, hands...)
	last := model.LastChecks(v.Checks)
	for _, k := range v.Criteria {
		data.Criteria = append(data.Criteria, criterion{RepairCriterion: k, Last: last[k.Code], Checked: last[k.Code].ID != 0})
	}
	return data, nil
}

func (d *Desk) repair(c *gin.Context) error {
	data, err := d.repairData(c)
	if err != nil {
		return err
	}
	return d.show(c, "repair", "信用修复申请", data)
}

// onRepair does a form of the page and shows the page again.
func (d *Desk) onRepair(c *gin.Context, what string, do func(id int64) error) error {
	return onForm(d, c, "repair", "信用修复申请", "/desk/repairs/%d", what, d.repairData, do)
}

func (d *Desk) checkRepair(c *gin.Context) error {
	return d.onRepair(c, "saved", func(id int64) error {
		f := d.form(c)
		k := model.RepairCheck{Code: c.PostForm("code"), Met: c.PostForm("met") == "yes", Note: c.PostForm("note"), IdemKey: f.key()}
		return f.do(func() error {
			_, err := d.svc.Enforcement.CheckRepair(c.Request.Context(), web.Actor(c), id, k)
			return err
		})
	})
}

func (d *Desk) decideRepair(c *gin.Context) error {
	return d.onRepair(c, "decided", func(id int64) error {
		f := d.form(c)
		until := f.date("until")
		return f.do(func() error {
			_, err := d.svc.Enforcement.DecideRepair(c.Request.Context(), web.Actor(c), id, model.RepairState(c.PostForm("decision")), until, c.PostForm("reason"))
			return err
		})
	})
}

func (d *Desk) revokeRepair(c *gin.Context) error {
	return d.onRepair(c, "repair_ended", func(id int64) error {
		_, err := d.svc.Enforcement.RevokeRepair(c.Request.Context(), web.Actor(c), id, c.PostForm("reason"))
		return err
	})
}
