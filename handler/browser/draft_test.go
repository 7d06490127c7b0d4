package browser_test

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"

	"microcourt/handler/handlertest"
	"microcourt/model"
	"microcourt/storage"
)

// What was typed survives a session that ran out: the judge logs in again and
// finds his note where he left it.
func TestInputSurvivesAnExpiredSession(t *testing.T) {
	t.Parallel()
	w := handlertest.New(t)
	w.Staff("zhang.min", model.RoleJudge)
	clerk := w.Staff("wan.tt", model.RoleClerk)
	password, code := w.StaffWithPassword(model.RoleClerk)
	f := w.File(clerk)
	p := browser(w, nil)
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
	if v := eval[string](p, `document.querySelector("#kn").value`); v != "王某来电，称下周一付清余款。" {
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
	p, other := browser(w, clerk), browser(w, clerk)
	p.Open(address)
	other.Open(address)
	const note = "李某来电，称下周一付清余款。"
	key := func(p *page) string {
		return eval[string](p, `document.querySelector('`+form+` [name=key]').value`)
	}
	first := key(p)
	p.Fill("#kn", note)
	sent := url.Values{}
	for name, value := range eval[map[string]string](p, `Object.fromEntries(new FormData(document.querySelector('`+form+`')))`) {
		sent.Set(name, value)
	}
	w.Visitor(clerk).Does(http.StatusSeeOther, fmt.Sprintf("/cases/%d/contacts", f.ID), "done=", sent) // and the answer is lost
	notes := func() (out []string) {
		for _, c := range clerk.Must(http.StatusOK, handlertest.Get, fmt.Sprintf("/cases/%d/contacts", f.ID), nil).List("contacts") {
			out = append(out, c.Str("note"))
		}
		return out
	}
	p.Open("/desk")
	p.Open(address)
	p.Click("放回表单")
	p.Sees("已放回，请核对后提交。")
	p.Submit(form)
	p.Sees("联系情况已登记。")
	if got := notes(); len(got) != 1 || got[0] != note {
		t.Fatalf("recorded: %q", got)
	}
	p.Open(address)
	if again := key(p); again == first || key(other) == first || again == key(other) {
		t.Errorf("the keys: %s, after success %s, in another window %s", first, again, key(other))
	}
	for i, p := range []*page{p, other} {
		p.Fill("#kn", note) // the same words, of another call
		p.Submit(form)
		p.Sees("联系情况已登记。")
		if got := notes(); len(got) != i+2 {
			t.Fatalf("recorded: %q", got)
		}
	}
}

// What was typed comes back by itself only into the form that was left, and only while
// its thing is as it was; into a new form it is offered, and can be thrown away.
func TestADraftBelongsToItsThing(t *testing.T) {
	t.Parallel()
	w := handlertest.New(t)
	judge, clerk, debtor := w.Staff("zhang.min", model.RoleJudge), w.Staff("wan.tt", model.RoleClerk), w.Phone("")
	f := w.File(clerk)
	debtor.Bind(clerk, f.ID, f.Debtor)
	p := browser(w, clerk)
	reload := func() {
		eval[bool](p, `(window.was = true)`)
		p.Do(chromedp.Reload())
		p.Until(`!window.was && document.readyState === "complete"`)
	}
	value := func(id string) string { return eval[string](p, fmt.Sprintf(`document.querySelector(%q).value`, id)) }
	const note = "王某来电，称下周一付清余款。"
	address := fmt.Sprintf("/desk/cases/%d?tab=contacts", f.ID)
	p.Open(address)
	p.Fill("#kn", note)
	reload()
	p.Sees("已恢复上次未提交的内容")
	if got := value("#kn"); got != note {
		t.Errorf("after a reload: %q", got)
	}
	p.Open("/desk")
	p.Open(address)
	p.Sees("填写而没有提交的内容")
	if got := value("#kn"); got != "" {
		t.Errorf("a new form begins with %q", got)
	}
	p.Click("丢弃")
	p.Until(`!document.body.innerText.includes("没有提交的内容")`)
	reload()
	if got := value("#kn"); got != "" || strings.Contains(p.Text(), "未提交") {
		t.Errorf("thrown away, and there again: %q", got)
	}

	// A draft that was written for an earlier version of a receipt.
	r := debtor.Submit(f, 30000, 1)
	p.Become(judge)
	p.Open(fmt.Sprintf("/desk/receipts/%d", r.ID("id")))
	p.Fill("#amount", "123.45")
	eval[bool](p, `(Object.keys(sessionStorage).filter((k) => k.includes(":confirm")).forEach((k) => { const d = JSON.parse(sessionStorage[k]); d.version = "0"; sessionStorage[k] = JSON.stringify(d); }), true)`)
	reload()
	p.Sees("该事项此后已有变化")
	if got := value("#amount"); got != "300.00" {
		t.Errorf("what was typed for an earlier version stands in the later one: %q", got)
	}
	silent(t, p)
}

// What cannot be right is said while it is typed, to an officer as to a clerk.
func TestFormsAreCheckedWhileTyping(t *testing.T) {
	t.Parallel()
	w := handlertest.New(t)
	w.Staff("zhang.min", model.RoleJudge)
	clerk, officer := w.Staff("wan.tt", model.RoleClerk), w.Staff("lu.ning", model.RoleOfficer)
	id, no := w.Enforce(officer, w.File(clerk), "lu.ning")
	p := browser(w, officer)
	types := func(selector, value, says string) {
		t.Helper()
		p.Fill(selector, value)
		eval[bool](p, fmt.Sprintf(`document.querySelector(%q).dispatchEvent(new Event("change", {bubbles: true}))`, selector))
		p.Until(fmt.Sprintf(`((said) => %q ? said.includes(%[1]q) : !said)(document.querySelector(%[2]q).parentElement.querySelector(".wrong")?.textContent || "")`, says, selector))
	}
	p.Open("/desk/enforcement-filing")
	types("#case_no", "一号案", "案号格式不正确")
	types("#case_no", no, "该执行案号已经录入")
	types("#case_no", strings.Replace(no, "执", "执恢", 1), "")
	types("#amount", "-1", "金额不能为负数")
	types("#amount", "1000", "")
	p.Open(fmt.Sprintf("/desk/enforcement/%d/measures/new?kind=detention", id))
	types("#act_on", "2030-01-01", "不能晚于今天")
	silent(t, p)
}
