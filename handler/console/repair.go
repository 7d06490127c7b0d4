package console

import (
	"fmt"

	"github.com/gin-gonic/gin"

	"microcourt/model"
	"microcourt/service/enforcement"
)

type repairsData struct {
	Applications []model.RepairLine
	State        string
	Next         string
}

func (d *Desk) repairs(c *gin.Context) error {
	from, err := after(c, "after")
	if err != nil {
		return err
	}
	data := repairsData{State: c.DefaultQuery("state", string(model.RepairOpen))}
	f := model.RepairFilter{State: model.RepairState(data.State), After: from, Limit: casePage}
	if data.State == "all" {
		f.State = ""
	}
	if data.Applications, err = d.svc.Enforcement.Repairs(c.Request.Context(), actor(c), f); err != nil {
		return err
	}
	if len(data.Applications) == casePage {
		data.Next = with(c, "after", data.Applications[casePage-1].ID)
	}
	return d.show(c, "repairs", "信用修复", data)
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
}

func (d *Desk) repairData(c *gin.Context) (*repairData, error) {
	id, err := number(c)
	if err != nil {
		return nil, err
	}
	v, err := d.svc.Enforcement.Repair(c.Request.Context(), actor(c), id)
	if err != nil {
		return nil, err
	}
	data := &repairData{RepairView: *v}
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
	id, err := number(c)
	if err != nil {
		return err
	}
	if err := do(id); err != nil {
		data, gone := d.repairData(c)
		if gone != nil {
			return err
		}
		return d.again(c, "repair", "信用修复申请", data, err)
	}
	return done(c, fmt.Sprintf("/desk/repairs/%d", id), what)
}

func (d *Desk) checkRepair(c *gin.Context) error {
	return d.onRepair(c, "saved", func(id int64) error {
		key, err := formKey(c)
		if err != nil {
			return err
		}
		_, err = d.svc.Enforcement.CheckRepair(c.Request.Context(), actor(c), id, model.RepairCheck{
			Code: c.PostForm("code"), Met: c.PostForm("met") == "yes", Note: c.PostForm("note"), IdemKey: key,
		})
		return err
	})
}

func (d *Desk) decideRepair(c *gin.Context) error {
	return d.onRepair(c, "decided", func(id int64) error {
		until, err := formDate("until", c.PostForm("until"))
		if err != nil {
			return err
		}
		_, err = d.svc.Enforcement.DecideRepair(c.Request.Context(), actor(c), id, model.RepairState(c.PostForm("decision")), until, c.PostForm("reason"))
		return err
	})
}
