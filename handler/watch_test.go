package handler_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"microcourt/handler/handlertest"

	"microcourt/model"
	"microcourt/service"
	"microcourt/service/wechat/wechattest"
)

// What the system leaves undone becomes a finding for whoever is to see to it,
// and is gone when it is mended.
func TestTheSystemFindsWhatItLeftUndone(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	l := &losing{coerced: &coerced{World: handlertest.New(t)}} // a court where nothing happened yet
	l.judge, l.clerk, l.d = l.Staff("zhang.min", model.RoleJudge), l.Staff("wan.tt", model.RoleClerk), l.Phone("")
	admin := l.Staff("shen.ji", model.RoleAdmin)
	by := model.Actor{UserID: admin.UserID, CourtID: l.Court.ID, Roles: []model.Role{model.RoleAdmin}}
	kinds := func() (out []model.DefectKind) {
		found, err := l.Svc.Operations.Findings(ctx, by)
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range found {
			if f.N < 1 || f.Kind.Means() == "" || f.Kind.Fault() == "" || f.Kind.Do() == "" {
				t.Errorf("%+v", f)
			}
			out = append(out, f.Kind)
		}
		return out
	}
	has := func(k model.DefectKind) bool { return slices.Contains(kinds(), k) }
	f := l.paidCase()
	cert := l.judge.Issues(f)
	file := l.d.Uploaded(f.ID, 12)
	if out := kinds(); len(out) != 0 {
		t.Errorf("found at once: %v", out)
	}
	l.Clock.Advance(3 * time.Hour)
	for _, k := range []model.DefectKind{model.DefectUnprinted, model.DefectUnseen, model.DefectJob} {
		if !has(k) {
			t.Errorf("%s is not found", k)
		}
	}
	l.opens(l.d, fmt.Sprintf("/certificates/%d/pdf", cert.ID("id")))
	l.opens(l.d, fmt.Sprintf("/files/%d/view", file))
	if has(model.DefectUnprinted) || has(model.DefectUnseen) {
		t.Errorf("mended and still found: %v", kinds())
	}
	// A judge has nothing to see to.
	own, err := l.Svc.Operations.Findings(ctx, model.Actor{CourtID: l.Court.ID, Roles: []model.Role{model.RoleJudge}})
	if err != nil || len(own) != 0 {
		t.Errorf("%v %v", own, err)
	}
}

// A message that nobody's channel takes is found, and so is one that a channel
// took and nobody confirmed; both are gone when they are mended.
func TestMessagesThatGoNowhereAreFound(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	w, judge, debtor, _, f := urged(t)
	admin, clerk := w.Staff("shen.ji", model.RoleAdmin), w.Staff("li.li", model.RoleClerk)
	has := func(c *handlertest.Client, role model.Role, k model.DefectKind) bool {
		t.Helper()
		found, err := w.Svc.Operations.Findings(ctx, model.Actor{UserID: c.UserID, CourtID: w.Court.ID, Roles: []model.Role{role}})
		if err != nil {
			t.Fatal(err)
		}
		return slices.ContainsFunc(found, func(d model.Defect) bool { return d.Kind == k })
	}
	w.Drain()
	if err := w.Fake.Allow(debtor.OpenID, wechattest.TemplateReceipt); err != nil {
		t.Fatal(err)
	}
	judge.Confirm(debtor.Submit(f, 1000, 1), 1000)
	if has(admin, model.RoleAdmin, model.DefectUnsent) {
		t.Error("a message of this minute is found")
	}
	w.Clock.Advance(2 * time.Hour)
	if !has(admin, model.RoleAdmin, model.DefectUnsent) {
		t.Error("a message that waits for two hours is not found")
	}
	if body := admin.Reads("/operations"); !strings.Contains(body, model.DefectUnsent.Title()) || !strings.Contains(body, model.DefectUnsent.Do()) {
		t.Error("the page of operations does not say what to do about it")
	}
	w.Drain()
	if has(admin, model.RoleAdmin, model.DefectUnsent) {
		t.Error("it was sent, and is still found")
	}
	if w.Clock.Advance(4 * 24 * time.Hour); !has(clerk, model.RoleClerk, model.DefectUnconfirmed) {
		t.Error("a card that nobody confirmed for four days is not found")
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
