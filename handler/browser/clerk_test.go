package browser_test

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	"github.com/xuri/excelize/v2"

	"microcourt/handler/handlertest"
	"microcourt/model"
)

// A clerk files a case, with checks while typing and all mistakes at once,
// imports a spreadsheet, prints a slip and serves somebody at the window.
func TestClerkAtWork(t *testing.T) {
	t.Parallel()
	w := handlertest.New(t)
	judge := w.Staff("zhang.min", model.RoleJudge)
	clerk := w.Staff("wan.tt", model.RoleClerk)
	p := browser(w, clerk)
	p.Open("/desk/filing")
	p.Fill("#case_no", "2026浙0211民初88")
	p.Sees("案号格式不正确")
	p.Fill("#case_no", "(2026)浙0211民初8801号")
	p.Until(`!document.body.innerText.includes("案号格式不正确")`)
	p.Fill("#cause", "民间借贷纠纷")
	p.Fill("#filed_on", "2026-02-02")
	p.Fill("#judge", "zhang.min")
	p.Fill("#pn0", "李某")
	p.Fill("#pi0", "110105194912310021")
	p.Sees("证件号码")
	p.Fill("#pn1", "赵明")
	p.Click("增加当事人")
	p.Until(`document.querySelectorAll("[data-row=party_name]").length === 3`)
	p.Fill("#in", "(2026)浙0211民初8801号")
	p.Fill("#ie", "2026-02-10")
	p.Fill("#is", "被告归还借款五万元")
	p.Fill("#oo0", "赵明")
	p.Fill("#oe0", "李某")
	p.Fill("#oa0", "五万多")
	p.Fill("#ou0", "2026-04-30")
	p.Submit("main form")
	p.Sees("义务 1：金额“五万多”")
	p.Until(`document.activeElement.id === "faults" && document.querySelector("#oa0").getAttribute("aria-invalid") === "true"`)
	p.Fill("#oa0", "50,000")
	p.Submit("main form")
	p.Sees("当事人 1：") // now the ID number
	if v := eval[string](p, `document.querySelector("#is").value`); v != "被告归还借款五万元" {
		t.Errorf("the summary became %q", v)
	}
	p.Fill("#pi0", "11010519491231002X")
	p.Click("增加义务")
	p.Until(`document.querySelectorAll("[data-row=duty_obligors]").length === 2`)
	p.Fill("[data-row=duty_obligors] ~ [data-row=duty_obligors] [name=duty_obligors]", "孙某")
	p.Submit("main form")
	p.Sees("义务 2：")
	p.Fill("#oo1", "赵明")
	p.Fill("#oe1", "法院")
	p.Fill("#oa1", "1,200")
	p.Fill("#ou1", "生效后十日内")
	p.Submit("main form")
	p.Sees("案件已录入，告知书已生成。")
	p.Sees("50,000.00")
	p.Sees("1,200.00")
	address := strings.TrimSuffix(p.Path(), "?done=filed")

	// What was adjudged later is added to the case.
	p.Open(address + "/instruments")
	p.Fill("#in", "(2026)浙0211民初8801号之一")
	p.Fill("#ie", "2026-02-20")
	p.Fill("#is", "被告返还设备")
	p.Fill("#ok0", "delivery")
	p.Fill("#oo0", "赵明")
	p.Fill("#oe0", "周某")
	p.Fill("#od0", "返还挖掘机一台")
	p.Fill("#ou0", "2026-05-06")
	p.Submit("main form")
	p.Sees("没有叫“周某”的当事人")
	p.Fill("#oe0", "李某")
	p.Submit("main form")
	p.Sees("法律文书和义务已补充")
	p.Sees("返还挖掘机一台")

	// A signed consent is registered with its scan, which is kept.
	scan := filepath.Join(t.TempDir(), "scan.jpg")
	if err := os.WriteFile(scan, handlertest.Picture(78), 0o600); err != nil {
		t.Fatal(err)
	}
	p.Open(address + "?tab=notices")
	p.Click("登记送达意愿")
	p.Do(chromedp.SetUploadFiles("#cf", []string{scan}))
	p.Submit(`form[action$="/consents"]`)
	p.Sees("送达意愿已登记。")
	p.Sees("确认书扫描件")
	var kept model.File
	scanned := eval[string](p, `document.querySelector('a[href^="/desk/files/"]').getAttribute("href")`)
	if _, err := fmt.Sscanf(scanned, "/desk/files/%d/view", &kept.ID); err != nil {
		t.Fatal(scanned, err)
	}
	w.Clock.Advance(100 * time.Hour) // longer than a file that belongs to nothing is kept
	if _, err := w.Svc.Performance.Sweep(context.Background()); err != nil {
		t.Fatal(err)
	}
	clerk.Renew()
	judge.Renew()
	p.Become(clerk)
	if res, body := w.Visitor(clerk).Send(http.MethodGet, strings.TrimPrefix(scanned, "/desk"), nil, nil); res.StatusCode != http.StatusOK || !strings.HasPrefix(body, "\xff\xd8") {
		t.Errorf("the scan answers %d after the sweep", res.StatusCode)
	}

	// A spreadsheet with a mistake writes nothing and names the row.
	sheet := func(no, judge string) string {
		x, err := excelize.OpenReader(strings.NewReader(string(w.Template(clerk))))
		if err != nil {
			t.Fatal(err)
		}
		defer func() { _ = x.Close() }()
		rows, err := x.GetRows(x.GetSheetName(0))
		if err != nil || len(rows) < 2 {
			t.Fatal("the template has no example:", err)
		}
		for i, head := range rows[0] {
			cell, _ := excelize.CoordinatesToCellName(i+1, 2) // within the sheet
			switch {
			case strings.HasPrefix(head, "案号"):
				_ = x.SetCellValue(x.GetSheetName(0), cell, no)
			case strings.HasPrefix(head, "承办法官"):
				_ = x.SetCellValue(x.GetSheetName(0), cell, judge)
			}
		}
		for len(rows) > 2 { // one case is enough
			_ = x.RemoveRow(x.GetSheetName(0), len(rows))
			rows = rows[:len(rows)-1]
		}
		path := filepath.Join(t.TempDir(), "cases.xlsx")
		if err := x.SaveAs(path); err != nil {
			t.Fatal(err)
		}
		return path
	}
	p.Open("/desk/import")
	p.Do(chromedp.SetUploadFiles("#file", []string{sheet("（2026）浙0211民初8802号", "nobody")}))
	p.Click("检查")
	p.Sees("没有写入任何案件")
	p.Sees("本院没有叫“nobody”的承办法官")
	p.Open("/desk/import")
	p.Do(chromedp.SetUploadFiles("#file", []string{sheet("（2026）浙0211民初8802号", "zhang.min")}))
	p.Click("检查")
	p.Sees("检查通过")
	p.Sees("（2026）浙0211民初8802号") // the preview
	p.Click("检查无误后写入 1 件")
	p.Sees("已写入：新增 1 件")

	// Somebody without a phone hands his receipt over the counter.
	picturePath := filepath.Join(t.TempDir(), "receipt.jpg")
	if err := os.WriteFile(picturePath, handlertest.Picture(77), 0o600); err != nil {
		t.Fatal(err)
	}
	p.Open(address + "/window")
	p.Fill("#amount", "20000")
	p.Fill("#paid_on", "2026-12-31")
	p.Fill("#pn", "赵明")
	p.Do(chromedp.SetUploadFiles("#file", []string{picturePath}))
	p.Submit("main form")
	p.Sees("付款日期不能晚于今天")
	p.Sees("已上传 1 个文件，不必再选")
	p.Fill("#paid_on", "2026-02-20")
	p.Submit("main form")
	p.Sees("回执已代为提交，等待确认。")
	p.Sees("在窗口代为提交")
	queue := judge.Must(http.StatusOK, http.MethodGet, "/receipts", nil).List("receipts")
	if len(queue) != 1 || queue[0].Num("claimed_fen") != 2000000 && queue[0].Num("amount_fen") != 2000000 {
		t.Errorf("the judge's queue is %v", queue)
	}
	silent(t, p)

	// The slip is a PDF, and the paper is the only place where its code is.
	v := w.Visitor(clerk)
	p.Open(address + "?tab=documents")
	party := eval[string](p, `document.querySelector("#bp option").value`)
	res, body := v.Send(http.MethodPost, strings.TrimPrefix(address, "/desk")+"/slip", url.Values{"party": {party}, "capacity": {"self"}, "paper": {"slip"}}, nil)
	if res.StatusCode != http.StatusOK || !strings.HasPrefix(body, "%PDF") {
		t.Errorf("the slip answers %d %.80s", res.StatusCode, body)
	}
	if res, body = v.Send(http.MethodPost, strings.TrimPrefix(address, "/desk")+"/slip", url.Values{"party": {party}, "capacity": {"agent"}}, nil); res.StatusCode != http.StatusBadRequest || !strings.Contains(body, "请填写委托代理人的权限") {
		t.Errorf("a slip for an agent without authority answers %d", res.StatusCode)
	}
}
