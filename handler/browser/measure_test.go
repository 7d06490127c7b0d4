package browser_test

import (
	"fmt"
	"testing"
	"time"

	"microcourt/model"
	"microcourt/service/enforcement"
)

// The officer's main path in the browser: sixteen days are refused beside their
// field with everything else kept; the leader decides by keyboard; the person
// is taken, his family told, his remorse ends it.
func TestDetentionInTheBrowser(t *testing.T) {
	t.Parallel()
	c := newCoerced(t)
	p := browser(c.World, c.officer)
	p.Open(fmt.Sprintf("/desk/enforcement/%d/measures", c.id))
	p.Click("提出司法拘留")
	p.Until(`location.search === "?kind=detention" && document.readyState === "complete"`)
	if v := eval[string](p, `document.getElementById("ground").value + document.getElementById("resistance").value`); v != "" {
		t.Errorf("the law is chosen before the officer does: %q", v)
	}
	p.Fill("#resistance", "evade")
	p.Fill("#ground", "hides_property")
	p.Fill("#act_on", "2026-03-05")
	p.Fill("#days", "16")
	p.Fill("#act_text", "无偿转让车辆")
	p.Fill("#facts", "收到执行通知后将车辆无偿转让他人。")
	p.Fill("#answer_frustrated", "yes")
	p.Submit(`form[data-draft="measure-detention"]`)
	p.Sees("拘留期限应为 1 至 15 日")
	p.Until(`document.activeElement.id === "faults" && document.querySelector("#faults a").getAttribute("href") === "#days" && document.querySelector("#wrong-days").innerText.includes("1 至 15 日")`)
	if v := eval[string](p, `["act_on", "days", "act_text", "facts"].map((i) => document.getElementById(i).value).join()`); v != "2026-03-05,16,无偿转让车辆,收到执行通知后将车辆无偿转让他人。" {
		t.Errorf("the form came back with %q", v)
	}
	p.Fill("#days", "10")
	p.Submit(`form[data-draft="measure-detention"]`)
	p.Sees("已提出，等待决定。")

	// The leader: o opens; no key approves what cannot be taken back, he reads and ticks.
	fine := c.propose(enforcement.Proposal{Kind: model.MeasureFine, Ground: "hides_property", ActOn: model.NewDate(2026, 3, 5), ActText: "无偿转让车辆", AmountFen: 1000000})
	l := browser(c.World, c.leader)
	l.Open("/desk/decisions")
	l.Press("o")
	l.Until(`location.pathname === "/desk/measures/1" && document.readyState === "complete"`)
	l.Press("c")
	l.Press("\r")
	if eval[bool](l, `location.search.includes("done") || document.activeElement.tagName === "BUTTON"`) {
		t.Error("c leads to the approval of a detention")
	}
	l.Until(`document.querySelector("iframe.draft") !== null`)
	eval[bool](l, `(document.querySelector("form[data-draft=decide] [name=read]").checked = true)`)
	l.Submit(`form[data-draft="decide"]`)
	l.Sees("已决定，决定书已生成。")
	l.Until(fmt.Sprintf(`location.pathname === "/desk/measures/%d" && document.readyState === "complete"`, fine.ID))
	l.Press("r")
	l.Until(`document.activeElement.id === "reason"`)
	l.Click("措施与行为的情节不相当，请考虑较轻的措施。")
	l.Submit("#refuse form")
	l.Sees("没有待您决定的措施")

	c.Clock.Advance(10 * time.Minute)
	p.Open("/desk/measures/1")
	p.Fill("#at", "2026-03-06T10:05")
	p.Submit(`form[data-draft="detain"]`)
	p.Sees("请在期限内通知家属")
	p.Fill("#name", "钱某")
	p.Fill("#rel", "妻子")
	p.Fill("#how", "电话告知")
	p.Fill("#told_at", "2026-03-06T10:08")
	p.Submit(`form[data-draft="family"]`)
	p.Sees("已登记通知家属的情况。")
	p.Fill("#lr", "已具结悔过")
	eval[bool](p, `(document.querySelector("form[data-draft=lift] [name=ground]").value = "remorse", true)`)
	eval[bool](p, `(document.querySelector("form[data-draft=lift] [name=read]").checked = true)`)
	p.Submit(`form[data-draft="lift"]`)
	p.Sees("已提请院领导决定。")
	l.Open("/desk/decisions")
	l.Press("o")
	l.Until(`location.pathname === "/desk/measures/1" && document.readyState === "complete"`)
	eval[bool](l, `(document.querySelector("form[data-draft=yes] [name=read]").checked = true)`)
	l.Submit(`form[data-draft="yes"]`)
	l.Sees("没有待您决定的措施")
	p.Open("/desk/measures/1")
	p.Sees("已解除")
	silent(t, p, l)
}
