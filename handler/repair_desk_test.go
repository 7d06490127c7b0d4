package handler_test

import (
	"context"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"testing"

	"github.com/chromedp/chromedp"

	"microcourt/model"
)

// An officer records an application on paper, a leader grants it on the desk
// and revokes it; the page of settings keeps the checklist and the clocks.
func TestCreditRepairOnTheDesk(t *testing.T) {
	t.Parallel()
	c := newCoerced(t)
	admin := c.staff("shen.ji", model.RoleAdmin)
	p := c.browser(admin)
	p.open("/desk/settings")
	p.fill("#rpd", "61")
	p.submit("main form")
	p.sees("信用修复和解除审查的期限应为 1 至 60 个工作日")
	p.fill("#rpd", "6")
	p.fill("#qd", "9")
	eval[bool](p, `(document.querySelectorAll("[name=criterion_text]")[1].value = "", document.querySelectorAll("[name=criterion_text]")[5].value = "按月报告收入", document.querySelector("[name=criterion_required_5]").checked = true)`)
	p.submit("main form")
	p.sees("已保存。")
	court, err := c.db.Court(context.Background(), c.court.ID)
	if err != nil {
		t.Fatal(err)
	}
	list := court.Settings.Criteria()
	if last := list[len(list)-1]; len(list) != 5 || last.Code != "own_1" || last.Text != "按月报告收入" || !last.Required || court.Settings.RepairClock() != 6 || court.Settings.QueryAnswerTerm() != 9 {
		t.Errorf("the court's settings: %+v", court.Settings)
	}

	l := c.take("listing", "ground", "property_report")
	scan := filepath.Join(t.TempDir(), "application.jpg")
	if err := os.WriteFile(scan, picture(93), 0o600); err != nil {
		t.Fatal(err)
	}
	p.become(c.officer)
	p.open(fmt.Sprintf("/desk/enforcement/%d/repair", c.id))
	p.sees("没有信用修复申请")
	p.click("记录书面申请")
	p.fill("#rr", "已达成和解并按约履行")
	p.fill("#ro", "2026-03-07")
	p.submit("#repair")
	p.sees("与今天之间")
	p.fill("#ro", "2026-03-05")
	p.do(chromedp.SetUploadFiles("#rf", []string{scan}))
	eval[bool](p, `(document.querySelector("#rl").selectedIndex = 1, true)`)
	p.submit("#repair")
	p.sees("申请已记录，决定期限已开始计算")
	p.sees("由执行法官记录")
	p.sees("2026-03-13")
	p.fits("the repairs of a case")
	p.shot("desk-repair")
	a := c.officer.must(http.StatusOK, get, fmt.Sprintf("/cases/%d/repair-applications", c.f.id), nil).list("applications")[0]
	if a.id("measure_id") != l.id("id") {
		t.Errorf("%v", a)
	}
	for _, k := range a.list("criteria") {
		c.officer.must(http.StatusOK, post, onRepair(a, "check"), obj{"code": k.str("code"), "met": true, "note": "已核查"})
	}
	p.become(c.leader)
	p.open(fmt.Sprintf("/desk/repairs/%d", a.id("id")))
	eval[bool](p, `(document.querySelector("#rd").value = "shortened", true)`)
	p.fill("#ru", "2026-09-10")
	p.fill("#rr", "条件具备")
	p.submit(`form[action$="/decide"]`)
	p.sees("期限由2028年3月5日缩短至2026年9月10日")
	p.click("撤销信用修复")
	p.fill("#rv", "未再按约履行")
	p.submit(`form[action$="/revoke"]`)
	p.sees("信用修复已撤销")
	p.sees("撤销的理由：未再按约履行")
	p.fits("a repair")
	for _, m := range p.errors() {
		t.Error(m)
	}
}
