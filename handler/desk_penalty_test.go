package handler_test

import (
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"

	"microcourt/model"
)

// A clerk registers a letter, makes the statement and enters the answer on the
// desk; what is wrong keeps what was typed.
func TestLettersOnTheDesk(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.staff("zhang.min", model.RoleJudge)
	clerk := w.staff("wan.tt", model.RoleClerk)
	f := w.fileCriminal(clerk, criminalInput())
	p := w.browser(clerk)
	p.open(fmt.Sprintf("/desk/cases/%d?tab=penalty", f.id))
	p.sees("退赔被害人损失")
	p.sees("符合")
	p.click("登记公函")
	p.fill("#la", "浙江省某监狱")
	p.fill("#ln", "浙某监函〔2026〕12号")
	p.fill("#lr", "2026-03-05")
	p.submit("#letter")
	p.sees("收到公函的日期不能晚于今天")
	if v := eval[string](p, `document.querySelector("#ln").value`); v != "浙某监函〔2026〕12号" {
		t.Errorf("the number became %q", v)
	}
	p.fill("#lr", "2026-03-02")
	p.submit("#letter")
	p.sees("公函已登记，答复期限已开始计算")
	p.sees("次日起算7日")
	p.click("制作说明")
	eval[bool](p, `(document.querySelector("#si").selectedIndex = 1, true)`)
	p.submit(`form[action$="/statements"]`)
	p.sees("说明已制作")
	p.sees("镇法财说〔2026〕1号")
	p.click("登记答复")
	p.fill(`[name=sent_on]`, "2026-03-02")
	p.fill(`[name=proof]`, "平台流水号 77")
	p.submit(`form[action$="/inquiry-answers"]`)
	p.sees("答复已登记")
	p.sees("平台流水号 77")
	p.open("/desk/inquiries?state=answered")
	p.sees("浙江省某监狱")
	p.open("/desk/inquiries")
	p.sees("没有符合条件的公函")
	for _, m := range p.errors() {
		t.Error(m)
	}
}

// After filing a 行审 case the desk asks for the decision, checks the periods,
// computes the added fine, and takes off what an agreement says.
func TestAgencyApplicationsOnTheDesk(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	judge, clerk := w.staff("zhang.min", model.RoleJudge), w.staff("wan.tt", model.RoleClerk)
	f := w.fileSurcharge(clerk, 3000000, 3000000)
	p := w.browser(judge)
	p.open(fmt.Sprintf("/desk/cases/%d?tab=nonlitigation", f.id))
	p.sees("尚未登记行政决定")
	for id, v := range map[string]string{
		"#dn": "甬镇市监处罚〔2025〕66号", "#d1": "2025-03-10", "#d2": "2025-03-12", "#d5": "2025-09-22", "#d6": "2025-11-03", "#d7": "2025-11-06", "#d8": "2025-11-14",
		"#df": "30000", "#d9": "2025-03-27", "#du": "30001",
	} {
		p.fill(id, v)
	}
	p.submit("#decision")
	p.sees("不能超出金钱给付义务的数额")
	p.fill("#du", "30000")
	p.submit("#decision")
	p.sees("期限已重新计算")
	p.sees("10个工作日")
	p.fill("#until", "2025-04-29")
	p.click("计算")
	p.sees("29,700.00 元")
	scan := filepath.Join(t.TempDir(), "agreement.jpg")
	if err := os.WriteFile(scan, picture(91), 0o600); err != nil {
		t.Fatal(err)
	}
	p.open(fmt.Sprintf("/desk/cases/%d?tab=nonlitigation", f.id))
	p.click("登记减免")
	p.fill("#ra", "20000")
	p.fill("#rg", "2026-02-27")
	p.do(chromedp.SetUploadFiles("#rf", []string{scan}))
	p.fill("#rm", "已停止违法经营并补办许可")
	p.fill("#rs", "不损害公共利益和他人合法权益")
	eval[bool](p, `(document.querySelector("#rr").click(), true)`)
	p.submit("#reduction")
	p.sees("减免已登记")
	p.until(`document.querySelector("#ro option")?.textContent.includes("未履行 10,000.00 元")`)
	for _, m := range p.errors() {
		t.Error(m)
	}
	// A clerk may enter the days, but takes nothing off.
	res, body := w.visitor(clerk).send(http.MethodGet, fmt.Sprintf("/cases/%d?tab=nonlitigation", f.id), nil, nil)
	if res.StatusCode != http.StatusOK || strings.Contains(body, "登记减免</summary>") || !strings.Contains(body, "补充或更正登记") {
		t.Errorf("the clerk's page answers %d", res.StatusCode)
	}
	// A civil case has neither tab.
	civil := w.file(clerk)
	if _, body := w.visitor(clerk).send(http.MethodGet, fmt.Sprintf("/cases/%d", civil.id), nil, nil); strings.Contains(body, "tab=penalty") || strings.Contains(body, "tab=nonlitigation") {
		t.Error("a civil case has a tab of other cases")
	}
}
