package handler_test

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

	"microcourt/model"
	"microcourt/service/evidence/evidencetest"
	"microcourt/storage"
)

// receiptState is what became of a receipt.
func (w *world) receiptState(judge *client, r obj) string {
	w.t.Helper()
	return judge.must(http.StatusOK, http.MethodGet, fmt.Sprintf("/receipts/%d", r.id("id")), nil).str("state")
}

// A judge decides a queue of receipts with the keyboard alone; a mistake keeps
// what was typed; a new receipt appears by itself.
func TestJudgeDecidesByKeyboard(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	judge, clerk, debtor := w.staff("zhang.min", model.RoleJudge), w.staff("wan.tt", model.RoleClerk), w.phone("")
	f := w.file(clerk)
	debtor.bind(clerk, f.id, f.debtor)
	first, second, third := debtor.submit(f, 30000, 1), debtor.submit(f, 20000, 2), debtor.submit(f, 10000, 3)
	p := w.browser(judge)
	p.open("/desk/receipts")
	p.sees("300.00")
	p.until(`document.querySelector("[data-live-count]").innerText === "3"`)
	p.press("o")
	p.until(fmt.Sprintf(`location.pathname === "/desk/receipts/%d"`, first.id("id")))
	p.until(`document.readyState === "complete" && document.querySelector(".stage img").naturalWidth > 0`)

	// The picture: larger, turned, and back.
	p.press("+")
	p.until(`document.querySelector(".stage").classList.contains("zoomed")`)
	p.press("]")
	p.until(`document.querySelector(".stage img").style.transform.includes("90deg")`)
	p.press("0")
	p.until(`!document.querySelector(".stage").classList.contains("zoomed")`)

	// c and Enter confirm; the next one is there at once.
	p.press("c")
	p.until(`document.activeElement.innerText.startsWith("确认")`)
	p.press("\r")
	p.sees("已确认，当事人会收到通知。")
	p.until(fmt.Sprintf(`location.pathname === "/desk/receipts/%d" && document.readyState === "complete"`, second.id("id")))
	if s := w.receiptState(judge, first); s != "confirmed" {
		t.Fatal("the first receipt is", s)
	}

	// More than the debt: the page says so, keeps the amount and asks for a reason.
	p.fill("#amount", "5000")
	p.press("\r")
	p.sees("确认金额超过尚未履行的 700.00 元")
	if v := eval[string](p, `document.querySelector("#amount").value`); v != "5000" {
		t.Errorf("the amount became %q", v)
	}
	if s := w.receiptState(judge, second); s != "submitted" {
		t.Fatal("the second receipt is", s)
	}

	// r sends back, with a usual reason.
	p.open(fmt.Sprintf("/desk/receipts/%d", second.id("id")))
	p.press("r")
	p.until(`document.activeElement.id === "reason"`)
	p.press("6") // in the empty field
	p.until(`document.querySelector("#reason").value === "不是本案的付款凭证。"`)
	p.do(chromedp.KeyEvent("\r", chromedp.KeyModifiers(2))) // Ctrl
	p.sees("已退回，当事人会看到退回原因。")
	got := judge.must(http.StatusOK, http.MethodGet, fmt.Sprintf("/receipts/%d", second.id("id")), nil)
	if got.str("state") != "returned" || got.str("return_reason") != "不是本案的付款凭证。" {
		t.Fatalf("the second receipt is %s: %s", got.str("state"), got.str("return_reason"))
	}

	// Somebody else was faster: the page says so and shows what became of it.
	p.until(fmt.Sprintf(`location.pathname === "/desk/receipts/%d" && document.readyState === "complete"`, third.id("id")))
	judge.confirm(third, 10000)
	p.press("c")
	p.until(`document.activeElement.innerText.startsWith("确认")`)
	p.press("\r")
	p.sees("该回执已处理（已确认），请刷新后查看")

	// A mistake is corrected by an entry.
	p.open(fmt.Sprintf("/desk/receipts/%d", third.id("id")))
	p.fill(`form[action$="/correct"] #amount`, "50")
	p.fill(`form[action$="/correct"] #reason`, "回单金额看错")
	p.submit(`form[action$="/correct"]`)
	p.sees("已更正，原记录保留并以冲销分录更正。")
	p.sees("冲销")

	// A new receipt appears in the list without a reload.
	p.open("/desk/receipts")
	p.sees("没有符合条件的回执")
	eval[bool](p, `window.here = true`)
	debtor.submit(f, 12300, 4)
	p.sees("123.00")
	if !eval[bool](p, `window.here === true`) {
		t.Error("the page was reloaded")
	}
	for _, m := range p.errors() {
		t.Error(m)
	}
}

// submit sends a form and waits for the next page.
func (p *page) submit(selector string) {
	p.t.Helper()
	eval[bool](p, fmt.Sprintf(`(window.before = true, document.querySelector(%q).requestSubmit(), true)`, selector))
	p.until(`!window.before && document.readyState === "complete"`)
}

// What was typed survives a session that ran out: the judge logs in again and
// finds his note where he left it.
func TestInputSurvivesAnExpiredSession(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.staff("zhang.min", model.RoleJudge)
	clerk := w.staff("wan.tt", model.RoleClerk)
	password, code := w.staffWithPassword(model.RoleClerk)
	f := w.file(clerk)
	p := w.browser(nil)
	address := fmt.Sprintf("/desk/cases/%d?tab=contacts", f.id)
	p.open(address)
	p.until(`location.pathname === "/desk/login"`)
	in := func(password string) {
		p.fill("#login", "wang.yi")
		p.fill("#password", password)
		p.fill("#totp", code())
		p.click("登录")
	}
	in(password)
	p.sees("设置自己的密码并登记动态口令后才能使用工作台")
	for _, id := range []string{"#old", "#new", "#repeat"} {
		p.fill(id, map[bool]string{true: password, false: "correct horse 42"}[id == "#old"])
	}
	p.fill("#totp", code())
	p.submit("main form")
	p.sees("密码已修改，请用新密码登录。")
	p.open(address)
	p.until(`location.pathname === "/desk/login"`)
	in("correct horse 42")
	p.until(`location.search.includes("tab=contacts")`)
	p.fill("#kn", "王某来电，称下周一付清余款。")
	var userID int64
	err := w.db.Transact(context.Background(), func(tx *storage.DB) error {
		a, err := tx.StaffByLogin(context.Background(), "wang.yi")
		if err != nil {
			return err
		}
		userID = a.UserID
		return tx.EndSessions(context.Background(), userID)
	})
	if err != nil {
		t.Fatal(err)
	}
	p.submit("main form")
	p.until(`location.pathname === "/desk/login"`)
	in("correct horse 42")
	p.sees("已恢复上次未提交的内容")
	if v := eval[string](p, `document.querySelector("#kn").value`); v != "王某来电，称下周一付清余款。" {
		t.Fatalf("the note became %q", v)
	}
	p.submit("main form")
	p.sees("联系情况已登记。")
	list := clerk.must(http.StatusOK, http.MethodGet, fmt.Sprintf("/cases/%d/contacts", f.id), nil).list("contacts")
	if len(list) != 1 || list[0].str("note") != "王某来电，称下周一付清余款。" || list[0].id("by_user_id") != userID {
		t.Fatal(list)
	}
	p.open(address)
	p.sees("王某来电")
	if strings.Contains(p.text(), "已恢复上次未提交的内容") {
		t.Error("what was sent is still a draft")
	}
}

// What arrived, and whose answer was lost, is not done again when the page is
// opened again and what it restored is sent. What is written afterwards is new,
// and so is what another window sends.
func TestARestoredDraftIsTheSameAct(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.staff("zhang.min", model.RoleJudge)
	clerk := w.staff("wan.tt", model.RoleClerk)
	f := w.file(clerk)
	address := fmt.Sprintf("/desk/cases/%d?tab=contacts", f.id)
	form := `form[data-draft="contact"]`
	p, other := w.browser(clerk), w.browser(clerk)
	p.open(address)
	other.open(address)
	const note = "李某来电，称下周一付清余款。"
	key := func(p *page) string { return eval[string](p, `document.querySelector('`+form+` [name=key]').value`) }
	first := key(p)
	p.fill("#kn", note)
	sent := url.Values{}
	for name, value := range eval[map[string]string](p, `Object.fromEntries(new FormData(document.querySelector('`+form+`')))`) {
		sent.Set(name, value)
	}
	w.visitor(clerk).does(http.StatusSeeOther, fmt.Sprintf("/cases/%d/contacts", f.id), "done=", sent) // and the answer is lost
	notes := func() (out []string) {
		for _, c := range clerk.must(http.StatusOK, get, fmt.Sprintf("/cases/%d/contacts", f.id), nil).list("contacts") {
			out = append(out, c.str("note"))
		}
		return out
	}
	p.open(address)
	p.sees("已恢复上次未提交的内容")
	p.submit(form)
	p.sees("联系情况已登记。")
	if got := notes(); len(got) != 1 || got[0] != note {
		t.Fatalf("recorded: %q", got)
	}
	p.open(address)
	if again := key(p); again == first || key(other) == first || again == key(other) {
		t.Errorf("the keys: %s, after success %s, in another window %s", first, again, key(other))
	}
	for i, p := range []*page{p, other} {
		p.fill("#kn", note) // the same words, of another call
		p.submit(form)
		p.sees("联系情况已登记。")
		if got := notes(); len(got) != i+2 {
			t.Fatalf("recorded: %q", got)
		}
	}
}

// A clerk files a case, with checks while typing and all mistakes at once,
// imports a spreadsheet, prints a slip and serves somebody at the window.
func TestClerkAtWork(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	judge := w.staff("zhang.min", model.RoleJudge)
	clerk := w.staff("wan.tt", model.RoleClerk)
	p := w.browser(clerk)
	p.open("/desk/filing")
	p.fill("#case_no", "2026浙0211民初88")
	p.sees("案号格式不正确")
	p.fill("#case_no", "(2026)浙0211民初8801号")
	p.until(`!document.body.innerText.includes("案号格式不正确")`)
	p.fill("#cause", "民间借贷纠纷")
	p.fill("#filed_on", "2026-02-02")
	p.fill("#judge", "zhang.min")
	p.fill("#pn0", "李某")
	p.fill("#pi0", "110105194912310021")
	p.sees("证件号码")
	p.fill("#pn1", "赵明")
	p.click("增加当事人")
	p.until(`document.querySelectorAll("[data-row=party_name]").length === 3`)
	p.fill("#in", "(2026)浙0211民初8801号")
	p.fill("#ie", "2026-02-10")
	p.fill("#is", "被告归还借款五万元")
	p.fill("#oo0", "2")
	p.fill("#oe0", "1")
	p.fill("#oa0", "五万")
	p.fill("#ou0", "2026-04-30")
	p.submit("main form")
	p.sees("义务 1：金额格式不正确")
	p.fill("#oa0", "50,000")
	p.submit("main form")
	p.sees("当事人 1：") // now the ID number
	if v := eval[string](p, `document.querySelector("#is").value`); v != "被告归还借款五万元" {
		t.Errorf("the summary became %q", v)
	}
	p.fill("#pi0", "11010519491231002X")
	p.click("增加义务")
	p.until(`document.querySelectorAll("[data-row=duty_obligors]").length === 2`)
	p.fill("[data-row=duty_obligors] ~ [data-row=duty_obligors] [name=duty_obligors]", "7")
	p.submit("main form")
	p.sees("义务 2：")
	p.fill("#oo1", "2")
	p.fill("#oe1", "0")
	p.fill("#oa1", "1,200")
	p.fill("#oy1", "10")
	p.submit("main form")
	p.sees("案件已录入，告知书已生成。")
	p.sees("50,000.00")
	p.sees("1,200.00")
	address := strings.TrimSuffix(p.path(), "?done=filed")

	// What was adjudged later is added to the case.
	p.open(address + "/instruments")
	p.fill("#in", "(2026)浙0211民初8801号之一")
	p.fill("#ie", "2026-02-20")
	p.fill("#is", "被告返还设备")
	p.fill("#ok0", "delivery")
	p.fill("#oo0", "2")
	p.fill("#oe0", "9")
	p.fill("#od0", "返还挖掘机一台")
	p.fill("#ou0", "2026-05-06")
	p.submit("main form")
	p.sees("第 9 名当事人")
	p.fill("#oe0", "1")
	p.submit("main form")
	p.sees("法律文书和义务已补充")
	p.sees("返还挖掘机一台")

	// A signed consent is registered with its scan, which is kept.
	scan := filepath.Join(t.TempDir(), "scan.jpg")
	if err := os.WriteFile(scan, picture(78), 0o600); err != nil {
		t.Fatal(err)
	}
	p.open(address + "?tab=notices")
	p.click("登记送达意愿")
	p.do(chromedp.SetUploadFiles("#cf", []string{scan}))
	p.submit(`form[action$="/consents"]`)
	p.sees("送达意愿已登记。")
	p.sees("确认书扫描件")
	var kept model.File
	scanned := eval[string](p, `document.querySelector('a[href^="/desk/files/"]').getAttribute("href")`)
	if _, err := fmt.Sscanf(scanned, "/desk/files/%d/view", &kept.ID); err != nil {
		t.Fatal(scanned, err)
	}
	w.clock.Advance(100 * time.Hour) // longer than a file that belongs to nothing is kept
	if _, err := w.svc.Performance.Sweep(context.Background()); err != nil {
		t.Fatal(err)
	}
	clerk.renew()
	judge.renew()
	p.become(clerk)
	if res, body := w.visitor(clerk).send(http.MethodGet, strings.TrimPrefix(scanned, "/desk"), nil, nil); res.StatusCode != http.StatusOK || !strings.HasPrefix(body, "\xff\xd8") {
		t.Errorf("the scan answers %d after the sweep", res.StatusCode)
	}

	// A spreadsheet with a mistake writes nothing and names the row.
	sheet := func(no, judge string) string {
		x, err := excelize.OpenReader(strings.NewReader(string(w.template(clerk))))
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
	p.open("/desk/import")
	p.do(chromedp.SetUploadFiles("#file", []string{sheet("（2026）浙0211民初8802号", "nobody")}))
	p.click("检查")
	p.sees("没有写入任何案件")
	p.sees("本院没有登录名为“nobody”的承办法官")
	p.open("/desk/import")
	p.do(chromedp.SetUploadFiles("#file", []string{sheet("（2026）浙0211民初8802号", "zhang.min")}))
	p.click("检查")
	p.sees("检查通过")
	p.sees("（2026）浙0211民初8802号") // the preview
	p.click("检查无误后写入 1 件")
	p.sees("已写入：新增 1 件")

	// Somebody without a phone hands his receipt over the counter.
	picturePath := filepath.Join(t.TempDir(), "receipt.jpg")
	if err := os.WriteFile(picturePath, picture(77), 0o600); err != nil {
		t.Fatal(err)
	}
	p.open(address + "/window")
	p.fill("#amount", "20000")
	p.fill("#paid_on", "2026-12-31")
	p.fill("#pn", "赵明")
	p.do(chromedp.SetUploadFiles("#file", []string{picturePath}))
	p.submit("main form")
	p.sees("付款日期不能晚于今天")
	p.sees("已上传 1 个文件，不必再选")
	p.fill("#paid_on", "2026-02-20")
	p.submit("main form")
	p.sees("回执已代为提交，等待承办法官确认。")
	p.sees("在窗口代为提交")
	queue := judge.must(http.StatusOK, http.MethodGet, "/receipts", nil).list("receipts")
	if len(queue) != 1 || queue[0].num("claimed_fen") != 2000000 && queue[0].num("amount_fen") != 2000000 {
		t.Errorf("the judge's queue is %v", queue)
	}
	for _, m := range p.errors() {
		t.Error(m)
	}

	// The slip is a PDF, and the paper is the only place where its code is.
	v := w.visitor(clerk)
	p.open(address + "?tab=documents")
	party := eval[string](p, `document.querySelector("#bp option").value`)
	res, body := v.send(http.MethodPost, strings.TrimPrefix(address, "/desk")+"/slip", url.Values{"party": {party}, "capacity": {"self"}, "paper": {"slip"}}, nil)
	if res.StatusCode != http.StatusOK || !strings.HasPrefix(body, "%PDF") {
		t.Errorf("the slip answers %d %.80s", res.StatusCode, body)
	}
	if res, body = v.send(http.MethodPost, strings.TrimPrefix(address, "/desk")+"/slip", url.Values{"party": {party}, "capacity": {"agent"}}, nil); res.StatusCode != http.StatusBadRequest || !strings.Contains(body, "请填写委托代理人的权限") {
		t.Errorf("a slip for an agent without authority answers %d", res.StatusCode)
	}
}

// template is the import template.
func (w *world) template(clerk *client) []byte {
	w.t.Helper()
	res, body := w.visitor(clerk).send(http.MethodGet, "/import/template", nil, nil)
	if res.StatusCode != http.StatusOK {
		w.t.Fatal(res.Status)
	}
	return []byte(body)
}

// An administrator makes an account, changes the court's settings and a
// template, and checks the audit chain; what is wrong changes nothing.
func TestAdministratorAtWork(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	admin := w.staff("shen.ji", model.RoleAdmin)
	p := w.browser(admin)
	p.open("/desk/staff")
	p.click("新建账号")
	p.fill("#login", "li.na")
	p.fill("#name", "李娜")
	p.submit("main form")
	p.sees("请至少指定一个角色")
	eval[bool](p, `(document.querySelector("#rjudge").click(), true)`)
	p.submit("main form")
	p.sees("本页只显示一次")
	secret := eval[string](p, `document.querySelector(".secret").innerText`)
	p.open("/desk/staff")
	p.sees("李娜")
	if strings.Contains(p.text(), secret) {
		t.Error("the first password is shown a second time")
	}

	p.open("/desk/settings")
	p.fill("#phone", "0574-86280000")
	p.fill("[name=second_civil]", "1")
	p.submit("main form")
	p.sees("第二次应晚于第一次")
	p.fill("[name=second_civil]", "15")
	p.submit("main form")
	p.sees("已保存。")
	court, err := w.db.Court(context.Background(), w.court.ID)
	if err != nil {
		t.Fatal(err)
	}
	if court.Phone != "0574-86280000" || court.Settings.ScheduleFor(model.CaseCivil).SecondDemandDays != 15 || court.Settings.ScheduleFor(model.CaseCriminal).SecondDemandDays != 10 {
		t.Errorf("the court became %+v", court)
	}

	p.open("/desk/templates?kind=reminder")
	body := eval[string](p, `document.querySelector("#body").value`)
	p.fill("#body", body+"\n{{.NoSuchField}}")
	p.click("保存为新版本")
	p.until(`document.querySelector(".problem")`)
	if v := eval[string](p, `document.querySelector("#body").value`); !strings.Contains(v, "NoSuchField") {
		t.Error("what was typed is lost")
	}
	p.fill("#body", body+"\n如有疑问，请致电本院。")
	p.click("保存为新版本")
	p.sees("已保存。")
	p.sees("第 1 版")

	audit := w.browser(w.staff("xu.he", model.RoleAuditor))
	audit.open("/desk/audit")
	audit.sees("修改本院设置")
	audit.click("检查审计链")
	audit.sees("审计链完整")
	p.open("/desk/operations")
	p.sees("等待发送")
	for _, m := range p.errors() {
		t.Error(m)
	}
}

// A leader sees the court's state; every number opens to its list, which has
// that many cases.
func TestLeaderOpensEveryNumber(t *testing.T) {
	t.Parallel()
	w, people := demoWorld(t)
	p := w.browser(people["chen.zj"])
	p.open("/desk/overview")
	p.until(`document.querySelector("[data-chart] canvas")`)
	type card struct {
		Href string
		N    int
	}
	cards := eval[[]card](p, `[...document.querySelectorAll(".cards a[href*='/cases']")].map((a) => ({Href: a.getAttribute("href"), N: Number(a.querySelector("strong").innerText)}))`)
	if len(cards) < 5 {
		t.Fatal(cards)
	}
	for _, c := range cards {
		p.open(c.Href)
		if n := eval[int](p, `document.querySelectorAll("main tbody tr").length`); n != c.N {
			t.Errorf("%s lists %d cases, the card says %d", c.Href, n, c.N)
		}
	}
	for _, m := range p.errors() {
		t.Error(m)
	}
}

// Every page of every role, at both widths: nothing serious for axe, no
// sideways scrolling, light, in Chinese, and silent in the console.
func TestEveryPageIsFit(t *testing.T) {
	t.Parallel()
	w, people := demoWorld(t)
	for _, c := range []struct {
		who   string
		pages map[string]string // path to the name of its picture, "" for none
	}{
		{"zhang.min", map[string]string{
			"/desk": "desk-home", "/desk/receipts": "", "/desk/receipts?state=confirmed": "desk-queue", "/desk/receipts/3": "desk-receipt", "/desk/receipts/4": "",
			"/desk/cases": "desk-cases", "/desk/cases/10": "desk-case", "/desk/cases/10?tab=receipts": "", "/desk/cases/10?tab=schedule": "desk-schedule",
			"/desk/cases/2?tab=notices": "desk-notices", "/desk/cases/10?tab=documents": "", "/desk/cases/10?tab=contacts": "", "/desk/cases/10?tab=conversation": "", "/desk/cases/1?tab=conversation": "desk-conversation", "/desk/conversations": "", "/desk/cases/2?tab=certificate": "desk-certificate",
			"/desk/groups?ref=" + escaped("小太阳托班"): "desk-group", "/desk/certificates": "", "/desk/me": "", "/desk/me/password": "", "/desk/guide/judge": "", "/desk/cases/999": "",
			"/desk/receipts?flagged=1&text=zzz": "",
			"/desk/cases/8?tab=penalty":         "desk-penalty", "/desk/cases/9?tab=nonlitigation": "desk-nonlitigation", "/desk/inquiries": "", "/desk/inquiries?late=1": "",
		}},
		{"wan.tt", map[string]string{"/desk": "", "/desk/filing": "desk-filing", "/desk/import": "", "/desk/cases/1/window": "", "/desk/papers": "", "/desk/deliveries": "", "/desk/conversations": "", "/desk/guide/clerk": ""}},
		{"chen.zj", map[string]string{"/desk": "", "/desk/releases": "", "/desk/repairs": "", "/desk/overview": "desk-overview", "/desk/guide/leader": "", "/desk/decisions": "", "/desk/measures/3": "desk-decision", "/desk/measures": "", "/desk/measures?ends=2040-01-01": "", "/desk/clean-ups": "", "/desk/penalties": "", "/desk/statistics/enforcement?of=filed": "desk-statistics"}},
		{"lu.ning", map[string]string{
			"/desk": "", "/desk/tasks": "desk-tasks", "/desk/enforcement": "desk-enforcement", "/desk/enforcement/2": "desk-enforcement-case", "/desk/enforcement-filing": "",
			"/desk/enforcement/3/measures": "", "/desk/enforcement/3/measures/new?kind=detention": "desk-detention", "/desk/enforcement/3/measures/new?kind=listing": "", "/desk/enforcement/3/measures/new?kind=fine": "",
			"/desk/measures/1": "", "/desk/measures/2": "", "/desk/measures?state=proposed": "", "/desk/enforcement/4/clean-up": "desk-clean-up", "/desk/clean-ups?late=1": "", "/desk/enforcement/3/settlement": "",
			"/desk/enforcement?whose=all&state=all": "", "/desk/guide/officer": "", "/desk/queries/new?case=3": "", "/desk/absence": "",
			"/desk/relatives": "desk-relatives", "/desk/relatives?state=all": "", "/desk/relatives/1": "", "/desk/relatives/2": "desk-relative", "/desk/enforcement/2/family": "",
			"/desk/enforcement/3/family": "desk-family", "/desk/conversations/3": "desk-family-conversation", "/desk/call-backs/2": "",
		}},
		{"lin.mei", map[string]string{
			"/desk": "", "/desk/agencies": "", "/desk/agencies/18": "desk-agency", "/desk/duties": "desk-duties", "/desk/duties/28": "", "/desk/duties/new": "", "/desk/duties/suggested": "desk-duties-suggested", "/desk/duty-tasks": "", "/desk/duty-tasks?state=overdue": "",
			"/desk/duty-tasks?state=reported": "", "/desk/duty-tasks/1": "", "/desk/guide/list_manager": "",
		}},
		{"zhou.qi", map[string]string{"/desk": "", "/desk/own/tasks": "desk-own-tasks", "/desk/own/queries": "", "/desk/guide/agency": ""}},
		{"chu.ning", map[string]string{"/desk/own/queries": "", "/desk/own/queries/1": "desk-own-query"}},
		{"shen.ji", map[string]string{
			"/desk": "", "/desk/staff": "desk-staff", "/desk/settings": "desk-settings", "/desk/templates": "", "/desk/operations": "desk-operations",
			"/desk/deliveries": "", "/desk/guide/admin": "", "/desk/me": "", "/desk/me/password": "",
		}},
		{"xu.he", map[string]string{"/desk": "", "/desk/audit": "desk-audit", "/desk/audit?looks=1": "", "/desk/guide/auditor": ""}},
		{"", map[string]string{
			"/desk/login": "desk-login", "/verify": "", "/verify?number=" + escaped("镇法自履证〔2026〕999号") + "&code=ABCDEFGHJK": "", "/message": "", "/message?code=AAAAAAAA": "", "/listings": "listings", "/privacy": "",
		}},
	} {
		p := w.browser(people[c.who])
		for path, shot := range c.pages {
			for _, size := range [][2]int64{{1366, 768}, {820, 1180}} {
				p.do(chromedp.EmulateViewport(size[0], size[1]))
				p.open(path)
				p.until(`document.readyState === "complete"`)
				if status := eval[int](p, `performance.getEntriesByType("navigation")[0].responseStatus`); status != http.StatusOK && path != "/desk/cases/999" {
					t.Errorf("%s of %s answers %d", path, c.who, status)
				}
				p.fits(fmt.Sprintf("%s at %d", path, size[0]))
				if shot != "" && size[0] == 1366 {
					p.until(`[...document.images].every((i) => i.complete)`)
					p.shot(shot)
				}
			}
		}
	}
}

// A receipt of a PDF and a picture: each is shown, the PDF inside of the page;
// a file that was used before is pointed out with the way to the other receipt.
func TestReceiptOfSeveralFiles(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	judge, clerk, debtor := w.staff("zhang.min", model.RoleJudge), w.staff("wan.tt", model.RoleClerk), w.phone("")
	f := w.file(clerk)
	debtor.bind(clerk, f.id, f.debtor)
	earlier := debtor.submit(f, 10000, 5)
	pdf := debtor.upload(f.id, freshKey(), evidencetest.PDF(""))
	if pdf.status != http.StatusCreated {
		t.Fatalf("%s", pdf.body)
	}
	r := debtor.must(http.StatusCreated, http.MethodPost, fmt.Sprintf("/cases/%d/receipts", f.id), claim(20000, pdf.json.id("id"), debtor.uploaded(f.id, 5)))
	p := w.browser(judge)
	p.open(fmt.Sprintf("/desk/receipts/%d", r.id("id")))
	p.until(`document.querySelector(".stage iframe").offsetParent && document.querySelector(".stage [data-file]:not(iframe)").hidden`)
	p.press("2")
	p.until(`!document.querySelector(".stage iframe").offsetParent && document.querySelector(".stage img").naturalWidth > 0 && document.querySelector(".stage img").offsetParent`)
	p.press("1")
	p.until(`document.querySelector(".stage iframe").offsetParent`)
	p.sees("同一文件此前已提交过")
	p.until(fmt.Sprintf(`document.querySelector('.flags a[href="/desk/receipts/%d"]')`, earlier.id("id")))
	res, _ := w.visitor(judge).send(http.MethodGet, fmt.Sprintf("/files/%d/view", pdf.json.id("id")), nil, nil)
	if h := res.Header; h.Get("Content-Type") != "application/pdf" || h.Get("X-Frame-Options") != "SAMEORIGIN" || !strings.Contains(h.Get("Content-Security-Policy"), "frame-ancestors 'self'") {
		t.Errorf("the PDF comes with %v", h)
	}
	for _, m := range p.errors() {
		t.Error(m)
	}
}
