package browser_test

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"microcourt/handler/handlertest"
	"microcourt/model"
	"microcourt/storage"
)

// A judge at the desk: a message appears by itself, is answered with the
// keyboard, and what was typed is not lost to a mistake.
func TestJudgeAnswersAtTheDesk(t *testing.T) {
	t.Parallel()
	w := handlertest.New(t)
	judge, clerk, debtor := w.Staff("zhang.min", model.RoleJudge), w.Staff("wan.tt", model.RoleClerk), w.Phone("")
	f := w.File(clerk)
	debtor.Bind(clerk, f.ID, f.Debtor)
	p := browser(w, judge)
	p.Open("/desk/conversations")
	p.Sees("没有等待答复的留言")
	eval[bool](p, `window.here = true`)
	debtor.Say(f, "请问可以分期吗？")
	p.Sees("请问可以分期吗？")
	p.Until(`document.querySelector("[data-live-count=messages]").innerText === "1"`)
	if !eval[bool](p, `window.here === true`) {
		t.Error("the page was reloaded")
	}
	p.Press("o")
	p.Until(`location.search.includes("tab=conversation")`)
	p.Sees("答复期限")
	p.Until(`document.readyState === "complete"`)
	eval[bool](p, `window.here = true`)
	p.Press("r")
	p.Until(`document.activeElement.id === "answer"`)
	p.Do(chromedp.KeyEvent("6")) // a ready answer by its digit
	p.Until(`document.querySelector("#answer").value.startsWith("如需延期")`)
	debtor.Say(f, "最多能分几期？") // while he writes
	p.Sees("最多能分几期？")
	if v := eval[string](p, `document.querySelector("#answer").value`); !strings.HasPrefix(v, "如需延期") || !eval[bool](p, `window.here === true`) {
		t.Errorf("the answer became %q", v)
	}
	p.Do(chromedp.KeyEvent("\r", chromedp.KeyModifiers(2))) // Ctrl
	p.Sees("秒后发出，此前可以撤回")
	p.Until(`document.querySelectorAll(".talk .ours").length === 1 && document.querySelectorAll(".talk .theirs").length === 2`)
	w.CarryOut()
	got := debtor.Must(http.StatusOK, handlertest.Get, fmt.Sprintf("/cases/%d/messages?limit=1", f.ID), nil).List("messages")
	if len(got) != 1 || !strings.HasPrefix(got[0].Str("text"), "如需延期或者分期") {
		t.Error(got)
	}
	// Too long: the page says so and keeps it.
	p.Until(`document.readyState === "complete"`)
	eval[bool](p, `(document.querySelector("#answer").removeAttribute("maxlength"), true)`)
	p.Fill("#answer", strings.Repeat("长", 1001))
	p.Submit(`form[action$="/messages"]`)
	p.Sees("请填写内容，不超过 1000 字")
	if n := eval[int](p, `document.querySelector("#answer").value.length`); n != 1001 {
		t.Errorf("%d characters are left", n)
	}
	// Thanks need no answer. What is late stands out; the timeline and the first page tell.
	debtor.Say(f, "谢谢法官")
	p.Open(fmt.Sprintf("/desk/cases/%d?tab=conversation", f.ID))
	p.Click("无需答复")
	p.Sees("已标记为无需答复。")
	p.Open(fmt.Sprintf("/desk/cases/%d", f.ID))
	p.Sees("甬兴建材有限公司留言")
	p.Open(fmt.Sprintf("/desk/cases/%d?tab=conversation", f.ID))
	p.Click("主动联系当事人")
	p.Fill("#mt", "请于本周内提交汇款回执。")
	p.Submit(fmt.Sprintf(`form[action$="/cases/%d/messages"]`, f.ID))
	p.Sees("请于本周内提交汇款回执。")
	w.CarryOut()
	debtor.Say(f, "好的，已汇出")
	w.Clock.Advance(5 * 24 * time.Hour)
	judge.Renew()
	p.Become(judge)
	p.Open("/desk")
	p.Sees("超过答复期限的留言")
	p.Open("/desk/conversations")
	p.Sees("已超期")
	silent(t, p)
}

// The desk's settings page changes the court's clock.
func TestTheClockOfAnswersIsASetting(t *testing.T) {
	t.Parallel()
	w := handlertest.New(t)
	p := browser(w, w.Staff("shen.ji", model.RoleAdmin))
	p.Open("/desk/settings")
	p.Fill("#md", "16")
	p.Submit("main form")
	p.Sees("留言答复期限应为 1 至 15 个工作日")
	p.Fill("#md", "3")
	p.Fill("#chh", "9点到11点")
	p.Submit("main form")
	p.Sees("回电时段应如 09:00-11:30")
	p.Fill("#chh", "08:30-11:30、13:30-17:00")
	p.Submit("main form")
	p.Sees("已保存。")
	err := w.DB.Transact(context.Background(), func(tx *storage.DB) error {
		court, err := tx.Court(context.Background(), w.Court.ID)
		if err == nil && (court.Settings.AnswerDays() != 3 || len(court.Settings.Calls.Hours) != 2 || court.Settings.Calls.Hours[0] != "08:30-11:30" || court.Settings.Calls.Weeks != 2) {
			t.Error(court.Settings.AnswerDays(), court.Settings.Calls)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}
