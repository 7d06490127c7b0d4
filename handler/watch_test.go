package handler_test

import (
	"strings"
	"testing"
	"time"

	"microcourt/handler/handlertest"

	"microcourt/model"
	"microcourt/service"
	"microcourt/service/wechat/wechattest"
)

// The page of operations says what the system left undone, and what to do about it.
func TestFindingsOnThePageOfOperations(t *testing.T) {
	t.Parallel()
	w, judge, debtor, _, f := urged(t)
	admin := w.Staff("shen.ji", model.RoleAdmin)
	w.Drain()
	if err := w.Fake.Allow(debtor.OpenID, wechattest.TemplateReceipt); err != nil {
		t.Fatal(err)
	}
	judge.Confirm(debtor.Submit(f, 1000, 1), 1000)
	if strings.Contains(admin.Reads("/operations"), model.DefectUnsent.Title()) {
		t.Error("a message of this minute is found")
	}
	w.Clock.Advance(2 * time.Hour)
	if body := admin.Reads("/operations"); !strings.Contains(body, model.DefectUnsent.Title()) || !strings.Contains(body, model.DefectUnsent.Do()) {
		t.Error("the page of operations does not say what to do about it")
	}
}

// Every page says whether what one does there is real.
func TestAPageTellsRehearsalFromEarnest(t *testing.T) {
	t.Parallel()
	w := handlertest.New(t)
	if body := w.Staff("zhang.min", model.RoleJudge).Reads(""); !strings.Contains(body, "<strong>演练</strong>") || strings.Contains(body, ">正式<") {
		t.Error("a rehearsal is not told")
	}
	earnest := handlertest.NewWith(t, func(w *handlertest.World) { w.Deps = func(d *service.Deps) { d.AppID = "wx0123456789abcdef" } })
	if body := earnest.Staff("zhang.min", model.RoleJudge).Reads(""); strings.Contains(body, "<strong>演练</strong>") || !strings.Contains(body, ">正式<") {
		t.Error("earnest is not told")
	}
}
