package browser_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"github.com/chromedp/chromedp"

	"microcourt/handler/handlertest"
	"microcourt/model"
	"microcourt/service/enforcement"
)

// An officer records an application on paper, a leader grants it on the desk
// and revokes it; the page of settings keeps the checklist and the clocks.
func TestCreditRepairOnTheDesk(t *testing.T) {
	t.Parallel()
	c := newCoerced(t)
	admin := c.Staff("shen.ji", model.RoleAdmin)
	p := browser(c.World, admin)
	p.Open("/desk/settings")
	p.Fill("#rpd", "61")
	p.Submit("main form")
	p.Sees("信用修复和解除审查的期限应为 1 至 60 个工作日")
	p.Fill("#rpd", "6")
	p.Fill("#qd", "9")
	eval[bool](p, `(document.querySelectorAll("[name=criterion_text]")[1].value = "", document.querySelectorAll("[name=criterion_text]")[5].value = "按月报告收入", document.querySelector("[name=criterion_required_5]").checked = true)`)
	p.Submit("main form")
	p.Sees("已保存。")
	court, err := c.DB.Court(context.Background(), c.Court.ID)
	if err != nil {
		t.Fatal(err)
	}
	criteria := court.Settings.Criteria()
	if last := criteria[len(criteria)-1]; len(criteria) != 5 || last.Code != "own_1" || last.Text != "按月报告收入" || !last.Required || court.Settings.RepairClock() != 6 || court.Settings.QueryAnswerTerm() != 9 {
		t.Errorf("the court's settings: %+v", court.Settings)
	}

	l := c.propose(enforcement.Proposal{Kind: model.MeasureListing, Ground: "property_report"})
	if _, err := c.Svc.Enforcement.DecideMeasure(context.Background(), c.leader.ActorOf(model.RoleLeader), l.ID, l.Version, "同意"); err != nil {
		t.Fatal(err)
	}
	scan := filepath.Join(t.TempDir(), "application.jpg")
	if err := os.WriteFile(scan, handlertest.Picture(93), 0o600); err != nil {
		t.Fatal(err)
	}
	p.Become(c.officer)
	p.Open(fmt.Sprintf("/desk/enforcement/%d/repair", c.id))
	p.Sees("没有信用修复申请")
	p.Click("记录书面申请")
	p.Fill("#rr", "已达成和解并按约履行")
	p.Fill("#ro", "2026-03-07")
	p.Submit("#repair")
	p.Sees("与今天之间")
	p.Fill("#ro", "2026-03-05")
	p.Do(chromedp.SetUploadFiles("#rf", []string{scan}))
	eval[bool](p, `(document.querySelector("#rl").selectedIndex = 1, true)`)
	p.Submit("#repair")
	p.Sees("申请已记录，决定期限已开始计算")
	p.Sees("由执行法官记录")
	p.Sees("2026-03-13")
	p.Fits("the repairs of a case")
	p.Shot("desk-repair")
	officer := c.officer.ActorOf(model.RoleOfficer)
	list, err := c.Svc.Enforcement.Repairs(context.Background(), officer, model.RepairFilter{Limit: 10})
	if err != nil || len(list) != 1 || list[0].MeasureID != l.ID {
		t.Fatalf("%+v %v", list, err)
	}
	a := list[0]
	for _, k := range criteria {
		tick := model.RepairCheck{Code: k.Code, Met: true, Note: "已核查", IdemKey: handlertest.FreshKey()}
		if _, err := c.Svc.Enforcement.CheckRepair(context.Background(), officer, a.ID, tick); err != nil {
			t.Fatal(err)
		}
	}
	p.Become(c.leader)
	p.Open(fmt.Sprintf("/desk/repairs/%d", a.ID))
	eval[bool](p, `(document.querySelector("#rd").value = "shortened", true)`)
	p.Fill("#ru", "2026-09-10")
	p.Fill("#rr", "条件具备")
	eval[bool](p, `document.querySelector("#read-decide").checked = true`)
	p.Submit(`form[action$="/decide"]`)
	p.Sees("期限由2028年3月6日缩短至2026年9月10日")
	p.Click("撤销信用修复")
	p.Fill("#rv", "未再按约履行")
	eval[bool](p, `document.querySelector("#read-revoke").checked = true`)
	p.Submit(`form[action$="/revoke"]`)
	p.Sees("信用修复已撤销")
	p.Sees("撤销的理由：未再按约履行")
	p.Fits("a repair")
	silent(t, p)
}
