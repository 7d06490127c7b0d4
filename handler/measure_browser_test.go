package handler_test

import (
	"fmt"
	"testing"
	"time"
)

// The officer's main path in the browser: sixteen days are refused beside their
// field with everything else kept; the leader decides by keyboard; the person
// is taken, his family told, his remorse ends it.
func TestDetentionInTheBrowser(t *testing.T) {
	t.Parallel()
	c := newCoerced(t)
	p := c.browser(c.officer)
	p.open(fmt.Sprintf("/desk/enforcement/%d/measures", c.id))
	p.click("提出司法拘留")
	p.until(`location.search === "?kind=detention" && document.readyState === "complete"`)
	p.fill("#act_on", "2026-03-05")
	p.fill("#days", "16")
	p.fill("#act_text", "无偿转让车辆")
	p.fill("#facts", "收到执行通知后将车辆无偿转让他人。")
	p.submit(`form[data-draft="measure-detention"]`)
	p.sees("拘留期限应为 1 至 15 日")
	p.until(`document.activeElement.id === "days" && document.querySelector("#wrong-days").innerText.includes("1 至 15 日")`)
	if v := eval[string](p, `["act_on", "days", "act_text", "facts"].map((i) => document.getElementById(i).value).join()`); v != "2026-03-05,16,无偿转让车辆,收到执行通知后将车辆无偿转让他人。" {
		t.Errorf("the form came back with %q", v)
	}
	p.fill("#days", "10")
	p.submit(`form[data-draft="measure-detention"]`)
	p.sees("已提出，等待决定。")

	// The leader: o opens, c and Enter approve.
	fine := c.propose("fine")
	l := c.browser(c.leader)
	l.open("/desk/decisions")
	l.press("o")
	l.until(`location.pathname === "/desk/measures/1" && document.readyState === "complete"`)
	l.press("c")
	l.until(`document.activeElement.innerText.startsWith("批准")`)
	l.press("\r")
	l.sees("已决定，决定书已生成。")
	l.until(fmt.Sprintf(`location.pathname === "/desk/measures/%d" && document.readyState === "complete"`, fine.id("id")))
	l.press("r")
	l.until(`document.activeElement.id === "reason"`)
	l.click("措施与行为的情节不相当，请考虑较轻的措施。")
	l.submit("#refuse form")
	l.sees("没有待决定的措施")

	c.clock.Advance(10 * time.Minute)
	p.open("/desk/measures/1")
	p.fill("#at", "2026-03-06T10:05")
	p.submit(`form[data-draft="detain"]`)
	p.sees("请在期限内通知家属")
	p.fill("#name", "钱某")
	p.fill("#rel", "妻子")
	p.fill("#how", "电话告知")
	p.fill("#told_at", "2026-03-06T10:08")
	p.submit(`form[data-draft="family"]`)
	p.sees("已登记通知家属的情况。")
	p.fill("#lr", "已具结悔过")
	p.submit(`form[data-draft="lift"]`)
	p.sees("已提请院领导决定。")
	l.open("/desk/decisions")
	l.press("o")
	l.until(`location.pathname === "/desk/measures/1" && document.readyState === "complete"`)
	l.press("c")
	l.until(`document.activeElement.innerText.startsWith("同意解除")`)
	l.press("\r")
	l.sees("没有待决定的措施")
	p.open("/desk/measures/1")
	p.sees("已解除")
	for _, m := range append(p.errors(), l.errors()...) {
		t.Error(m)
	}
}
