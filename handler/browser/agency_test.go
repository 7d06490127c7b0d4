package browser_test

import (
	"testing"

	"microcourt/handler/handlertest"
)

// An agency's main path in the browser: a report of tomorrow is refused beside
// what was typed; the list manager cannot send a report back without a reason;
// the agency reads the reason, reports again, and the court accepts it.
func TestAgencyAtWork(t *testing.T) {
	t.Parallel()
	w, people := handlertest.Demo(t)
	p, m := browser(w, people["zhou.qi"]), browser(w, people["lin.mei"])
	p.Open("/desk")
	p.Click("逾期未报送")
	p.Until(`location.pathname === "/desk/own/tasks" && document.readyState === "complete"`)
	p.Click("XJ-01")
	p.Until(`document.querySelector("#text") && document.readyState === "complete"`)
	own := p.Path()
	p.Fill("#text", "本季度共限制登记 3 人。")
	p.Fill("#done", "2099-01-01")
	p.Submit(`form[data-draft^="report-"]`)
	p.Sees("没有完成")
	if v := eval[string](p, `document.querySelector("#text").value`); v != "本季度共限制登记 3 人。" {
		t.Errorf("the report came back with %q", v)
	}
	p.Fill("#done", "2026-03-01")
	p.Submit(`form[data-draft^="report-"]`)
	p.Sees("已报送")

	back := func(reason string) {
		m.Open("/desk/duty-tasks?state=reported")
		m.Click("XJ-01")
		m.Until(`document.querySelector("#why") && document.readyState === "complete"`)
		m.Fill("#why", reason)
		m.Click("退回")
	}
	back("")
	m.Sees("没有完成")
	back("请附限制登记的清单")
	m.Sees("已退回")

	p.Open(own)
	p.Sees("请附限制登记的清单")
	if v := eval[string](p, `document.querySelector("#text").value + document.querySelector("#done").value`); v != "2026-03-02" {
		t.Errorf("what was corrected and sent comes up again: %q", v)
	}
	p.Fill("#text", "本季度共限制登记 3 人，清单：甲、乙、丙。")
	p.Submit(`form[data-draft^="report-"]`)
	p.Sees("已报送")
	m.Open("/desk/duty-tasks?state=reported")
	m.Click("XJ-01")
	m.Until(`document.querySelector("#why") && document.readyState === "complete"`)
	m.Click("认可")
	m.Sees("已认可")
	p.Open(own)
	p.Sees("已认可")
	p.Until(`!document.querySelector("#text")`)
	silent(t, p, m)
}
