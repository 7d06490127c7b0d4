package browser_test

import (
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"

	"microcourt/handler/handlertest"
	"microcourt/model"
)

// A clerk registers a letter, makes the statement and enters the answer on the
// desk; what is wrong keeps what was typed.
func TestLettersOnTheDesk(t *testing.T) {
	t.Parallel()
	w := handlertest.New(t)
	w.Staff("zhang.min", model.RoleJudge)
	clerk := w.Staff("wan.tt", model.RoleClerk)
	f := w.FileCriminal(clerk, handlertest.CriminalInput())
	p := browser(w, clerk)
	p.Open(fmt.Sprintf("/desk/cases/%d?tab=penalty", f.ID))
	p.Sees("退赔被害人损失")
	p.Sees("符合")
	p.Click("登记公函")
	p.Fill("#la", "浙江省某监狱")
	p.Fill("#ln", "浙某监函〔2026〕12号")
	p.Fill("#lr", "2026-03-05")
	p.Submit("#letter")
	p.Sees("收到公函的日期不能晚于今天")
	if v := eval[string](p, `document.querySelector("#ln").value`); v != "浙某监函〔2026〕12号" {
		t.Errorf("the number became %q", v)
	}
	p.Fill("#lr", "2026-03-02")
	p.Submit("#letter")
	p.Sees("公函已登记，答复期限已开始计算")
	p.Sees("次日起算7日")
	p.Click("制作说明")
	eval[bool](p, `(document.querySelector("#si").selectedIndex = 1, true)`)
	p.Submit(`form[action$="/statements"]`)
	p.Sees("说明已制作")
	p.Sees("镇法财说〔2026〕1号")
	p.Click("登记答复")
	p.Fill(`[name=sent_on]`, "2026-03-02")
	p.Fill(`[name=proof]`, "平台流水号 77")
	p.Submit(`form[action$="/prison-letter-answers"]`)
	p.Sees("答复已登记")
	p.Sees("平台流水号 77")
	p.Open("/desk/prison-letters?state=answered")
	p.Sees("浙江省某监狱")
	p.Open("/desk/prison-letters")
	p.Sees("没有符合条件的公函")
	silent(t, p)
}

// After filing a 行审 case the desk asks for the decision, checks the periods,
// computes the added fine, and takes off what an agreement says.
func TestAgencyApplicationsOnTheDesk(t *testing.T) {
	t.Parallel()
	w := handlertest.New(t)
	judge, clerk := w.Staff("zhang.min", model.RoleJudge), w.Staff("wan.tt", model.RoleClerk)
	f := w.FileSurcharge(clerk, 3000000, 3000000)
	p := browser(w, judge)
	p.Open(fmt.Sprintf("/desk/cases/%d?tab=nonlitigation", f.ID))
	p.Sees("尚未登记行政决定")
	for id, v := range map[string]string{
		"#dn": "甬镇市监处罚〔2025〕66号", "#d1": "2025-03-10", "#d2": "2025-03-12", "#d5": "2025-09-22", "#d6": "2025-11-03", "#d7": "2025-11-06", "#d8": "2025-11-14",
		"#df": "30000", "#d9": "2025-03-27", "#du": "30001",
	} {
		p.Fill(id, v)
	}
	eval[bool](p, `(document.querySelector("#db").selectedIndex = 1, true)`)
	p.Submit("#decision")
	p.Sees("不能超出金钱给付义务的数额")
	p.Fill("#du", "30000")
	p.Submit("#decision")
	p.Sees("期限已重新计算")
	p.Sees("10个工作日")
	p.Fill("#until", "2025-04-29")
	p.Click("计算")
	p.Sees("29,700.00 元")
	scan := filepath.Join(t.TempDir(), "agreement.jpg")
	if err := os.WriteFile(scan, handlertest.Picture(91), 0o600); err != nil {
		t.Fatal(err)
	}
	p.Open(fmt.Sprintf("/desk/cases/%d?tab=nonlitigation", f.ID))
	p.Click("登记减免")
	p.Fill("#ra", "20000")
	p.Fill("#rg", "2026-02-27")
	p.Do(chromedp.SetUploadFiles("#rf", []string{scan}))
	p.Fill("#rm", "已停止违法经营并补办许可")
	p.Fill("#rs", "不损害公共利益和他人合法权益")
	eval[bool](p, `(document.querySelector("#rr").click(), true)`)
	p.Submit("#reduction")
	p.Sees("减免已登记")
	p.Until(`document.querySelector("#ro option")?.textContent.includes("未履行 10,000.00 元")`)
	silent(t, p)
	// A clerk may enter the days, but takes nothing off.
	res, body := w.Visitor(clerk).Send(http.MethodGet, fmt.Sprintf("/cases/%d?tab=nonlitigation", f.ID), nil, nil)
	if res.StatusCode != http.StatusOK || strings.Contains(body, "登记减免</summary>") || !strings.Contains(body, "补充或更正登记") {
		t.Errorf("the clerk's page answers %d", res.StatusCode)
	}
	// A civil case has neither tab.
	civil := w.File(clerk)
	if _, body := w.Visitor(clerk).Send(http.MethodGet, fmt.Sprintf("/cases/%d", civil.ID), nil, nil); strings.Contains(body, "tab=penalty") || strings.Contains(body, "tab=nonlitigation") {
		t.Error("a civil case has a tab of other cases")
	}
}

// A clerk enters at the window what a family paid before the judgment, the judge
// verifies it and decides that it goes back.
func TestDepositsOnTheDesk(t *testing.T) {
	t.Parallel()
	w := handlertest.New(t)
	judge, clerk := w.Staff("zhang.min", model.RoleJudge), w.Staff("wan.tt", model.RoleClerk)
	in := handlertest.CriminalInput()
	delete(in, "instruments")
	f := w.FileCriminal(clerk, in)
	scan := filepath.Join(t.TempDir(), "slip.jpg")
	if err := os.WriteFile(scan, handlertest.Picture(92), 0o600); err != nil {
		t.Fatal(err)
	}
	p := browser(w, clerk)
	p.Open(fmt.Sprintf("/desk/cases/%d?tab=penalty", f.ID))
	p.Click("窗口登记暂存款")
	p.Fill("#pa", "300")
	p.Fill("#po", "2026-03-02")
	p.Fill("#pn", "彭大")
	p.Fill("#pt", "彭大本人到窗口，自愿代为退赔。")
	p.Do(chromedp.SetUploadFiles("#pf", []string{scan}))
	p.Submit("#deposit")
	p.Sees("等待承办法官核实")
	p.Sees("彭大（亲属代为缴纳）")
	silent(t, p)
	p = browser(w, judge)
	p.Open(fmt.Sprintf("/desk/cases/%d?tab=penalty", f.ID))
	p.Click("核实入账")
	p.Submit(`form[action$="/deposits/confirm"]`)
	p.Sees("已核实，暂存本院")
	p.Click("决定退还")
	eval[bool](p, `(document.querySelector("form[action$='/deposits/refund'] [name=ground]").selectedIndex = 1, true)`)
	p.Submit(`form[action$="/deposits/refund"]`)
	p.Sees("退还期限已开始计算")
	p.Sees("登记已退还")
	silent(t, p)
}
