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

	"microcourt/handler/handlertest"

	"github.com/chromedp/chromedp"
	"github.com/xuri/excelize/v2"

	"microcourt/model"
	"microcourt/service/evidence/evidencetest"
	"microcourt/storage"
)

// A judge decides a queue of receipts with the keyboard alone; a mistake keeps
// what was typed; a new receipt appears by itself.
func TestJudgeDecidesByKeyboard(t *testing.T) {
	t.Parallel()
	w := handlertest.New(t)
	judge, clerk, debtor := w.Staff("zhang.min", model.RoleJudge), w.Staff("wan.tt", model.RoleClerk), w.Phone("")
	f := w.File(clerk)
	debtor.Bind(clerk, f.ID, f.Debtor)
	first, second, third := debtor.Submit(f, 30000, 1), debtor.Submit(f, 20000, 2), debtor.Submit(f, 10000, 3)
	p := w.Browser(judge)
	p.Open("/desk/receipts")
	p.Sees("300.00")
	p.Until(`document.querySelector("[data-live-count]").innerText === "3"`)
	p.Press("o")
	p.Until(fmt.Sprintf(`location.pathname === "/desk/receipts/%d"`, first.ID("id")))
	p.Until(`document.readyState === "complete" && document.querySelector(".stage img").naturalWidth > 0`)

	// The picture: larger, turned, and back.
	p.Press("+")
	p.Until(`document.querySelector(".stage").classList.contains("zoomed")`)
	p.Press("]")
	p.Until(`document.querySelector(".stage img").style.transform.includes("90deg")`)
	p.Press("0")
	p.Until(`!document.querySelector(".stage").classList.contains("zoomed")`)

	// c and Enter confirm; the next one is there at once.
	p.Press("c")
	p.Until(`document.activeElement.innerText.startsWith("确认")`)
	p.Press("\r")
	p.Sees("已确认，当事人会收到通知。")
	p.Until(fmt.Sprintf(`location.pathname === "/desk/receipts/%d" && document.readyState === "complete"`, second.ID("id")))
	if s := w.ReceiptState(judge, first); s != "confirmed" {
		t.Fatal("the first receipt is", s)
	}

	// More than the debt: the page says so, keeps the amount and asks for a reason.
	p.Fill("#amount", "5000")
	p.Press("\r")
	p.Sees("确认金额超过尚未履行的 700.00 元")
	if v := handlertest.Eval[string](p, `document.querySelector("#amount").value`); v != "5000" {
		t.Errorf("the amount became %q", v)
	}
	if s := w.ReceiptState(judge, second); s != "submitted" {
		t.Fatal("the second receipt is", s)
	}

	// r sends back, with a usual reason.
	p.Open(fmt.Sprintf("/desk/receipts/%d", second.ID("id")))
	p.Press("r")
	p.Until(`document.activeElement.id === "reason"`)
	p.Press("6") // in the empty field
	p.Until(`document.querySelector("#reason").value === "不是本案的付款凭证。"`)
	p.Do(chromedp.KeyEvent("\r", chromedp.KeyModifiers(2))) // Ctrl
	p.Sees("已退回，当事人会看到退回原因。")
	got := judge.Must(http.StatusOK, http.MethodGet, fmt.Sprintf("/receipts/%d", second.ID("id")), nil)
	if got.Str("state") != "returned" || got.Str("return_reason") != "不是本案的付款凭证。" {
		t.Fatalf("the second receipt is %s: %s", got.Str("state"), got.Str("return_reason"))
	}

	// Somebody else was faster: the page says so and shows what became of it.
	p.Until(fmt.Sprintf(`location.pathname === "/desk/receipts/%d" && document.readyState === "complete"`, third.ID("id")))
	judge.Confirm(third, 10000)
	p.Press("c")
	p.Until(`document.activeElement.innerText.startsWith("确认")`)
	p.Press("\r")
	p.Sees("该回执已处理（已确认），请刷新后查看")

	// A mistake is corrected by an entry.
	p.Open(fmt.Sprintf("/desk/receipts/%d", third.ID("id")))
	p.Fill(`form[action$="/correct"] #amount`, "50")
	p.Fill(`form[action$="/correct"] #reason`, "回单金额看错")
	p.Submit(`form[action$="/correct"]`)
	p.Sees("已更正，原记录保留并以冲销分录更正。")
	p.Sees("冲销")

	// A new receipt appears in the list without a reload.
	p.Open("/desk/receipts")
	p.Sees("没有符合条件的回执")
	handlertest.Eval[bool](p, `window.here = true`)
	debtor.Submit(f, 12300, 4)
	p.Sees("123.00")
	if !handlertest.Eval[bool](p, `window.here === true`) {
		t.Error("the page was reloaded")
	}
	for _, m := range p.Errors() {
		t.Error(m)
	}
}

// What was typed survives a session that ran out: the judge logs in again and
// finds his note where he left it.
func TestInputSurvivesAnExpiredSession(t *testing.T) {
	t.Parallel()
	w := handlertest.New(t)
	w.Staff("zhang.min", model.RoleJudge)
	clerk := w.Staff("wan.tt", model.RoleClerk)
	password, code := w.StaffWithPassword(model.RoleClerk)
	f := w.File(clerk)
	p := w.Browser(nil)
	address := fmt.Sprintf("/desk/cases/%d?tab=contacts", f.ID)
	p.Open(address)
	p.Until(`location.pathname === "/desk/login"`)
	in := func(password string) {
		p.Fill("#login", "wang.yi")
		p.Fill("#password", password)
		p.Fill("#totp", code())
		p.Click("登录")
	}
	in(password)
	p.Sees("设置自己的密码并登记动态口令后才能使用工作台")
	for _, id := range []string{"#old", "#new", "#repeat"} {
		p.Fill(id, map[bool]string{true: password, false: "correct horse 42"}[id == "#old"])
	}
	p.Fill("#totp", code())
	p.Submit("main form")
	p.Sees("密码已修改，请用新密码登录。")
	p.Open(address)
	p.Until(`location.pathname === "/desk/login"`)
	in("correct horse 42")
	p.Until(`location.search.includes("tab=contacts")`)
	p.Fill("#kn", "王某来电，称下周一付清余款。")
	var userID int64
	err := w.DB.Transact(context.Background(), func(tx *storage.DB) error {
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
	p.Submit("main form")
	p.Until(`location.pathname === "/desk/login"`)
	in("correct horse 42")
	p.Sees("已恢复上次未提交的内容")
	if v := handlertest.Eval[string](p, `document.querySelector("#kn").value`); v != "王某来电，称下周一付清余款。" {
		t.Fatalf("the note became %q", v)
	}
	p.Submit("main form")
	p.Sees("联系情况已登记。")
	list := clerk.Must(http.StatusOK, http.MethodGet, fmt.Sprintf("/cases/%d/contacts", f.ID), nil).List("contacts")
	if len(list) != 1 || list[0].Str("note") != "王某来电，称下周一付清余款。" || list[0].ID("by_user_id") != userID {
		t.Fatal(list)
	}
	p.Open(address)
	p.Sees("王某来电")
	if strings.Contains(p.Text(), "已恢复上次未提交的内容") {
		t.Error("what was sent is still a draft")
	}
}

// What arrived, and whose answer was lost, is not done again when the page is
// opened again and what it restored is sent. What is written afterwards is new,
// and so is what another window sends.
func TestARestoredDraftIsTheSameAct(t *testing.T) {
	t.Parallel()
	w := handlertest.New(t)
	w.Staff("zhang.min", model.RoleJudge)
	clerk := w.Staff("wan.tt", model.RoleClerk)
	f := w.File(clerk)
	address := fmt.Sprintf("/desk/cases/%d?tab=contacts", f.ID)
	form := `form[data-draft="contact"]`
	p, other := w.Browser(clerk), w.Browser(clerk)
	p.Open(address)
	other.Open(address)
	const note = "李某来电，称下周一付清余款。"
	key := func(p *handlertest.Page) string {
		return handlertest.Eval[string](p, `document.querySelector('`+form+` [name=key]').value`)
	}
	first := key(p)
	p.Fill("#kn", note)
	sent := url.Values{}
	for name, value := range handlertest.Eval[map[string]string](p, `Object.fromEntries(new FormData(document.querySelector('`+form+`')))`) {
		sent.Set(name, value)
	}
	w.Visitor(clerk).Does(http.StatusSeeOther, fmt.Sprintf("/cases/%d/contacts", f.ID), "done=", sent) // and the answer is lost
	notes := func() (out []string) {
		for _, c := range clerk.Must(http.StatusOK, handlertest.Get, fmt.Sprintf("/cases/%d/contacts", f.ID), nil).List("contacts") {
			out = append(out, c.Str("note"))
		}
		return out
	}
	p.Open(address)
	p.Sees("已恢复上次未提交的内容")
	p.Submit(form)
	p.Sees("联系情况已登记。")
	if got := notes(); len(got) != 1 || got[0] != note {
		t.Fatalf("recorded: %q", got)
	}
	p.Open(address)
	if again := key(p); again == first || key(other) == first || again == key(other) {
		t.Errorf("the keys: %s, after success %s, in another window %s", first, again, key(other))
	}
	for i, p := range []*handlertest.Page{p, other} {
		p.Fill("#kn", note) // the same words, of another call
		p.Submit(form)
		p.Sees("联系情况已登记。")
		if got := notes(); len(got) != i+2 {
			t.Fatalf("recorded: %q", got)
		}
	}
}

// A clerk files a case, with checks while typing and all mistakes at once,
// imports a spreadsheet, prints a slip and serves somebody at the window.
func TestClerkAtWork(t *testing.T) {
	t.Parallel()
	w := handlertest.New(t)
	judge := w.Staff("zhang.min", model.RoleJudge)
	clerk := w.Staff("wan.tt", model.RoleClerk)
	p := w.Browser(clerk)
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
	p.Fill("#oo0", "2")
	p.Fill("#oe0", "1")
	p.Fill("#oa0", "五万")
	p.Fill("#ou0", "2026-04-30")
	p.Submit("main form")
	p.Sees("义务 1：金额格式不正确")
	p.Fill("#oa0", "50,000")
	p.Submit("main form")
	p.Sees("当事人 1：") // now the ID number
	if v := handlertest.Eval[string](p, `document.querySelector("#is").value`); v != "被告归还借款五万元" {
		t.Errorf("the summary became %q", v)
	}
	p.Fill("#pi0", "11010519491231002X")
	p.Click("增加义务")
	p.Until(`document.querySelectorAll("[data-row=duty_obligors]").length === 2`)
	p.Fill("[data-row=duty_obligors] ~ [data-row=duty_obligors] [name=duty_obligors]", "7")
	p.Submit("main form")
	p.Sees("义务 2：")
	p.Fill("#oo1", "2")
	p.Fill("#oe1", "0")
	p.Fill("#oa1", "1,200")
	p.Fill("#oy1", "10")
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
	p.Fill("#oo0", "2")
	p.Fill("#oe0", "9")
	p.Fill("#od0", "返还挖掘机一台")
	p.Fill("#ou0", "2026-05-06")
	p.Submit("main form")
	p.Sees("第 9 名当事人")
	p.Fill("#oe0", "1")
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
	scanned := handlertest.Eval[string](p, `document.querySelector('a[href^="/desk/files/"]').getAttribute("href")`)
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
	p.Sees("本院没有登录名为“nobody”的承办法官")
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
	p.Sees("回执已代为提交，等待承办法官确认。")
	p.Sees("在窗口代为提交")
	queue := judge.Must(http.StatusOK, http.MethodGet, "/receipts", nil).List("receipts")
	if len(queue) != 1 || queue[0].Num("claimed_fen") != 2000000 && queue[0].Num("amount_fen") != 2000000 {
		t.Errorf("the judge's queue is %v", queue)
	}
	for _, m := range p.Errors() {
		t.Error(m)
	}

	// The slip is a PDF, and the paper is the only place where its code is.
	v := w.Visitor(clerk)
	p.Open(address + "?tab=documents")
	party := handlertest.Eval[string](p, `document.querySelector("#bp option").value`)
	res, body := v.Send(http.MethodPost, strings.TrimPrefix(address, "/desk")+"/slip", url.Values{"party": {party}, "capacity": {"self"}, "paper": {"slip"}}, nil)
	if res.StatusCode != http.StatusOK || !strings.HasPrefix(body, "%PDF") {
		t.Errorf("the slip answers %d %.80s", res.StatusCode, body)
	}
	if res, body = v.Send(http.MethodPost, strings.TrimPrefix(address, "/desk")+"/slip", url.Values{"party": {party}, "capacity": {"agent"}}, nil); res.StatusCode != http.StatusBadRequest || !strings.Contains(body, "请填写委托代理人的权限") {
		t.Errorf("a slip for an agent without authority answers %d", res.StatusCode)
	}
}

// An administrator makes an account, changes the court's settings and a
// template, and checks the audit chain; what is wrong changes nothing.
func TestAdministratorAtWork(t *testing.T) {
	t.Parallel()
	w := handlertest.New(t)
	admin := w.Staff("shen.ji", model.RoleAdmin)
	p := w.Browser(admin)
	p.Open("/desk/staff")
	p.Click("新建账号")
	p.Fill("#login", "li.na")
	p.Fill("#name", "李娜")
	p.Submit("main form")
	p.Sees("请至少指定一个角色")
	handlertest.Eval[bool](p, `(document.querySelector("#rjudge").click(), true)`)
	p.Submit("main form")
	p.Sees("本页只显示一次")
	secret := handlertest.Eval[string](p, `document.querySelector(".secret").innerText`)
	p.Open("/desk/staff")
	p.Sees("李娜")
	if strings.Contains(p.Text(), secret) {
		t.Error("the first password is shown a second time")
	}

	p.Open("/desk/settings")
	p.Fill("#phone", "0574-86280000")
	p.Fill("[name=second_civil]", "1")
	p.Submit("main form")
	p.Sees("第二次应晚于第一次")
	p.Fill("[name=second_civil]", "15")
	p.Submit("main form")
	p.Sees("已保存。")
	court, err := w.DB.Court(context.Background(), w.Court.ID)
	if err != nil {
		t.Fatal(err)
	}
	if court.Phone != "0574-86280000" || court.Settings.ScheduleFor(model.CaseCivil).SecondDemandDays != 15 || court.Settings.ScheduleFor(model.CaseCriminal).SecondDemandDays != 10 {
		t.Errorf("the court became %+v", court)
	}

	p.Open("/desk/templates?kind=reminder")
	body := handlertest.Eval[string](p, `document.querySelector("#body").value`)
	p.Fill("#body", body+"\n{{.NoSuchField}}")
	p.Click("保存为新版本")
	p.Until(`document.querySelector(".problem")`)
	if v := handlertest.Eval[string](p, `document.querySelector("#body").value`); !strings.Contains(v, "NoSuchField") {
		t.Error("what was typed is lost")
	}
	p.Fill("#body", body+"\n如有疑问，请致电本院。")
	p.Click("保存为新版本")
	p.Sees("已保存。")
	p.Sees("第 1 版")

	audit := w.Browser(w.Staff("xu.he", model.RoleAuditor))
	audit.Open("/desk/audit")
	audit.Sees("修改本院设置")
	audit.Click("检查审计链")
	audit.Sees("审计链完整")
	p.Open("/desk/operations")
	p.Sees("等待发送")
	for _, m := range p.Errors() {
		t.Error(m)
	}
}

// A leader sees the court's state; every number opens to its list, which has
// that many cases.
func TestLeaderOpensEveryNumber(t *testing.T) {
	t.Parallel()
	w, people := demoWorld(t)
	p := w.Browser(people["chen.zj"])
	p.Open("/desk/overview")
	p.Until(`document.querySelector("[data-chart] canvas")`)
	type card struct {
		Href string
		N    int
	}
	cards := handlertest.Eval[[]card](p, `[...document.querySelectorAll(".cards a[href*='/cases']")].map((a) => ({Href: a.getAttribute("href"), N: Number(a.querySelector("strong").innerText)}))`)
	if len(cards) < 5 {
		t.Fatal(cards)
	}
	for _, c := range cards {
		p.Open(c.Href)
		if n := handlertest.Eval[int](p, `document.querySelectorAll("main tbody tr").length`); n != c.N {
			t.Errorf("%s lists %d cases, the card says %d", c.Href, n, c.N)
		}
	}
	for _, m := range p.Errors() {
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
			"/desk/cases/8?tab=penalty":         "desk-penalty", "/desk/cases/9?tab=nonlitigation": "desk-nonlitigation", "/desk/prison-letters": "", "/desk/prison-letters?late=1": "",
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
		p := w.Browser(people[c.who])
		for path, shot := range c.pages {
			for _, size := range [][2]int64{{1366, 768}, {820, 1180}} {
				p.Do(chromedp.EmulateViewport(size[0], size[1]))
				p.Open(path)
				p.Until(`document.readyState === "complete"`)
				if status := handlertest.Eval[int](p, `performance.getEntriesByType("navigation")[0].responseStatus`); status != http.StatusOK && path != "/desk/cases/999" {
					t.Errorf("%s of %s answers %d", path, c.who, status)
				}
				p.Fits(fmt.Sprintf("%s at %d", path, size[0]))
				if shot != "" && size[0] == 1366 {
					p.Until(`[...document.images].every((i) => i.complete)`)
					p.Shot(shot)
				}
			}
		}
	}
}

// A receipt of a PDF and a picture: each is shown, the PDF inside of the page;
// a file that was used before is pointed out with the way to the other receipt.
func TestReceiptOfSeveralFiles(t *testing.T) {
	t.Parallel()
	w := handlertest.New(t)
	judge, clerk, debtor := w.Staff("zhang.min", model.RoleJudge), w.Staff("wan.tt", model.RoleClerk), w.Phone("")
	f := w.File(clerk)
	debtor.Bind(clerk, f.ID, f.Debtor)
	earlier := debtor.Submit(f, 10000, 5)
	pdf := debtor.Upload(f.ID, handlertest.FreshKey(), evidencetest.PDF(""))
	if pdf.Status != http.StatusCreated {
		t.Fatalf("%s", pdf.Body)
	}
	r := debtor.Must(http.StatusCreated, http.MethodPost, fmt.Sprintf("/cases/%d/receipts", f.ID), handlertest.Claim(20000, pdf.Json.ID("id"), debtor.Uploaded(f.ID, 5)))
	p := w.Browser(judge)
	p.Open(fmt.Sprintf("/desk/receipts/%d", r.ID("id")))
	p.Until(`document.querySelector(".stage iframe").offsetParent && document.querySelector(".stage [data-file]:not(iframe)").hidden`)
	p.Press("2")
	p.Until(`!document.querySelector(".stage iframe").offsetParent && document.querySelector(".stage img").naturalWidth > 0 && document.querySelector(".stage img").offsetParent`)
	p.Press("1")
	p.Until(`document.querySelector(".stage iframe").offsetParent`)
	p.Sees("同一文件此前已提交过")
	p.Until(fmt.Sprintf(`document.querySelector('.flags a[href="/desk/receipts/%d"]')`, earlier.ID("id")))
	res, _ := w.Visitor(judge).Send(http.MethodGet, fmt.Sprintf("/files/%d/view", pdf.Json.ID("id")), nil, nil)
	if h := res.Header; h.Get("Content-Type") != "application/pdf" || h.Get("X-Frame-Options") != "SAMEORIGIN" || !strings.Contains(h.Get("Content-Security-Policy"), "frame-ancestors 'self'") {
		t.Errorf("the PDF comes with %v", h)
	}
	for _, m := range p.Errors() {
		t.Error(m)
	}
}
