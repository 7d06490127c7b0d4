package handler_test

import (
	"testing"
)

// An agency's main path in the browser: a report of tomorrow is refused beside
// what was typed; the list manager cannot send a report back without a reason;
// the agency reads the reason, reports again, and the court accepts it.
func TestAgencyAtWork(t *testing.T) {
	t.Parallel()
	w, people := demoWorld(t)
	p, m := w.browser(people["zhou.qi"]), w.browser(people["lin.mei"])
	p.open("/desk")
	p.click("逾期未报送")
	p.until(`location.pathname === "/desk/own/tasks" && document.readyState === "complete"`)
	p.click("XJ-01")
	p.until(`document.querySelector("#text") && document.readyState === "complete"`)
	own := p.path()
	p.fill("#text", "本季度共限制登记 3 人。")
	p.fill("#done", "2099-01-01")
	p.submit(`form[data-draft^="report-"]`)
	p.sees("没有完成")
	if v := eval[string](p, `document.querySelector("#text").value`); v != "本季度共限制登记 3 人。" {
		t.Errorf("the report came back with %q", v)
	}
	p.fill("#done", "2026-03-01")
	p.submit(`form[data-draft^="report-"]`)
	p.sees("已报送")

	back := func(reason string) {
		m.open("/desk/duty-tasks?state=reported")
		m.click("XJ-01")
		m.until(`document.querySelector("#why") && document.readyState === "complete"`)
		m.fill("#why", reason)
		m.click("退回")
	}
	back("")
	m.sees("没有完成")
	back("请附限制登记的清单")
	m.sees("已退回")

	p.open(own)
	p.sees("请附限制登记的清单")
	if v := eval[string](p, `document.querySelector("#text").value + document.querySelector("#done").value`); v != "2026-03-02" {
		t.Errorf("what was corrected and sent comes up again: %q", v)
	}
	p.fill("#text", "本季度共限制登记 3 人，清单：甲、乙、丙。")
	p.submit(`form[data-draft^="report-"]`)
	p.sees("已报送")
	m.open("/desk/duty-tasks?state=reported")
	m.click("XJ-01")
	m.until(`document.querySelector("#why") && document.readyState === "complete"`)
	m.click("认可")
	m.sees("已认可")
	p.open(own)
	p.sees("已认可")
	p.until(`!document.querySelector("#text")`)
	for _, e := range append(p.errors(), m.errors()...) {
		t.Error(e)
	}
}
