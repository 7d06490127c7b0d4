package handler_test

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"microcourt/handler/handlertest"

	"microcourt/model"
)

// standing are the debtor's measures that still burden him, by kind.
func (c *coerced) standing() (out []string) {
	c.T.Helper()
	for _, m := range c.officer.Measures(c.id) {
		if s := m.Str("state"); s == "in_force" || s == "decided" {
			out = append(out, m.Str("kind"))
		}
	}
	slices.Sort(out)
	return out
}

// figures are the court's figures of enforcement in March by name; every figure
// is as long as the list behind it.
func (c *coerced) figures() map[model.EnforcementFigure]model.EnforcementCount {
	c.T.Helper()
	ctx, by := context.Background(), c.leader.Actor()
	from, until := model.NewDate(2026, 3, 1), model.NewDate(2026, 3, 31)
	list, err := c.Svc.Statistics.Enforcement(ctx, by, from, until)
	if err != nil {
		c.T.Fatal(err)
	}
	out := map[model.EnforcementFigure]model.EnforcementCount{}
	for _, f := range list {
		out[f.Figure] = f
		var n int64
		var sum model.Fen
		for after := int64(0); ; {
			lines, err := c.Svc.Statistics.EnforcementLines(ctx, by, model.EnforcementCountFilter{Figure: f.Figure, From: from, Until: until, After: after, Limit: 1})
			if err != nil {
				c.T.Fatal(err)
			}
			for _, v := range lines {
				n, sum, after = n+1, sum+v.Fen, v.ID
				if v.EnforcementCaseID == 0 || v.CaseNo == "" {
					c.T.Errorf("%s: a line without a case: %+v", f.Figure, v)
				}
			}
			if len(lines) == 0 {
				break
			}
		}
		if n != f.N || f.Fen != 0 && sum != f.Fen {
			c.T.Errorf("%s counts %d with %v, its list %d with %v", f.Figure, f.N, f.Fen, n, sum)
		}
	}
	return out
}

// behalf lets a relative pay on the debtor's behalf.
func (c *coerced) behalf(by *handlertest.Client, link handlertest.Obj, fen int64, seed int) handlertest.Obj {
	c.T.Helper()
	caseID := c.matter(by, link).ID("case_id")
	r := by.Must(http.StatusCreated, handlertest.Post, mine(link, "receipts"), handlertest.Obj{
		"amount_fen": fen, "paid_on": model.DateOf(c.Clock.Now()).String(), "proof_kind": "bank_receipt", "file_ids": []int64{by.Uploaded(caseID, seed)},
	})
	return c.officer.Must(http.StatusOK, handlertest.Get, fmt.Sprintf("/receipts/%d", r.ID("id")), nil)
}

// The story of the report. A debtor refuses; he is listed, traced and detained.
// His wife scans the code on the notice to the family, is let in, writes to the
// officer and pays half; he repents and is released, both sides settle, and the
// leader agrees to lift the ban on leaving the country. She pays the rest, the
// judge confirms it, and what still burdens him is lifted in its order and within
// its clocks. The leaders' figures move with it.
func TestFromRefusalToRelease(t *testing.T) {
	t.Parallel()
	c := newCoerced(t)
	creditor, wife := c.Phone(""), c.Phone("")
	creditor.Bind(c.clerk, c.f.ID, c.f.Creditor)
	before := c.figures()

	// He refuses, and that is on record.
	c.debtor.Must(http.StatusCreated, handlertest.Post, fmt.Sprintf("/cases/%d/messages", c.f.ID), handlertest.Obj{"text": "我没有钱，不还"})
	for _, s := range c.officer.Timeline(c.f.ID).Steps {
		if s.State == model.StepPlanned {
			t.Errorf("he is still urged to perform by himself: %v", s)
		}
	}

	// Measures. Listing restricts his consumption with it.
	c.take("listing")
	c.take("tracing")
	ban := c.take("exit_ban")
	arrest := c.take("detention")
	c.pass(at(3, 6, 15))
	arrest = c.officer.Must(http.StatusOK, handlertest.Post, on(arrest, "detain"), handlertest.Obj{"at": at(3, 6, 14), "version": arrest.Num("version")})
	if got := strings.Join(c.standing(), " "); got != "consumption detention exit_ban listing tracing" {
		t.Fatalf("what burdens him: %s", got)
	}
	c.officer.Must(http.StatusOK, handlertest.Post, on(arrest, "family"), handlertest.Obj{"name": "王秀英", "relation": "妻子", "how": "电话 13700137000，已接通", "at": at(3, 6, 15)})

	// The family.
	wife.Renew()
	link := wife.Must(http.StatusCreated, handlertest.Post, "/relatives", asks("code", c.noticeScene()))
	link = c.bring(link, "admitted")
	talk := fmt.Sprintf("/conversations/%d/messages", c.matter(wife, link).ID("conversation_id"))
	wife.Must(http.StatusCreated, handlertest.Post, talk, handlertest.Obj{"text": "我替他还，先还一半，可以吗？"})
	c.officer.Must(http.StatusCreated, handlertest.Post, talk, handlertest.Obj{"text": "可以。余款与申请执行人商定日期。"})
	if list := wife.Must(http.StatusOK, handlertest.Get, talk, nil).List("messages"); len(list) != 2 || !strings.HasPrefix(list[0].Str("text"), "可以") {
		t.Errorf("she reads %v", list)
	}
	half := c.behalf(wife, link, 50000, 901)
	c.officer.Confirm(half, 50000)

	// Settlement and release review: what arrived is what was confirmed.
	st := c.officer.Does(handlertest.RecordSettlement, c.id, settlementOf(0, "2026-03-06", part(50000, "2026-03-06"), part(50000, "2026-04-30")))
	if st.Num("arrived_fen") != 50000 || st.Num("shortfall_fen") != 0 || st.Num("open_fen") != 50000 {
		t.Errorf("the settlement: %v", st)
	}
	remorse := handlertest.Obj{"ground": "remorse", "reason": "已具结悔过，家属代为履行一半", "proof": "具结书一份", "version": c.measure(arrest).Num("version")}
	arrest = c.officer.Does(handlertest.LiftMeasure, arrest.ID("id"), remorse)
	c.leader.Must(http.StatusOK, handlertest.Post, on(arrest, "lift-answer"), handlertest.Obj{"yes": true, "note": "同意提前解除", "version": arrest.Num("version")})
	review := c.officer.Does(handlertest.ProposeRelease, st.ID("id"), handlertest.Obj{
		"subject": "限制出境", "measure_ids": []int64{ban.ID("id")}, "reason": "家属代为履行一半，余款已商定", "creditor_asked_on": "2026-03-06",
	})
	c.leader.Must(http.StatusOK, handlertest.Post, fmt.Sprintf("/release-reviews/%d/decide", review.ID("id")), handlertest.Obj{"decision": "approved", "reason": "约定与到账相符"})
	if got := strings.Join(c.standing(), " "); got != "consumption listing tracing" {
		t.Errorf("after the release he is burdened by: %s", got)
	}
	if m := c.measure(ban); m.Str("state") != "lifted" || c.told(c.debtor, "release.decided") != 1 || c.told(c.debtor, "measure.lifted") != 2 {
		t.Errorf("the ban after the leader's yes: %v", m)
	}

	// The rest, three days later; the judge confirms it.
	c.pass(at(3, 9, 10))
	wife.Renew()
	rest := c.behalf(wife, link, 50000, 902)
	c.judge.Confirm(rest, 50000)
	if got := steps(c.matter(wife, link)); got != "paid confirmed performed" {
		t.Errorf("she sees %q", got)
	}

	// Lifted in the right order within the clocks, by officer and leader.
	cleanUp := func() handlertest.Obj {
		list := c.officer.Must(http.StatusOK, handlertest.Get, fmt.Sprintf("/cases/%d/clean-up", c.f.ID), nil).List("clean_ups")
		if len(list) != 1 {
			t.Fatalf("clean-ups: %v", list)
		}
		return list[0]
	}
	list := cleanUp().List("steps")
	var order []string
	for _, s := range list {
		order = append(order, s.Str("measure"))
		due, err := time.Parse(time.RFC3339, s.Str("due_at"))
		// 9 March 2026 is a Monday: three working days end with Thursday.
		if last := at(3, 12, 23).Add(59*time.Minute + 59*time.Second); err != nil || due.After(last) {
			t.Errorf("%s is due %v, later than %v (%v)", s.Str("title"), due, last, err)
		}
	}
	if got := strings.Join(order, " "); got != "tracing listing consumption" {
		t.Fatalf("the order: %s", got)
	}
	c.officer.Rejected("task.order", handlertest.FinishCleanUpStep, list[1].ID("id"), handlertest.Obj{"proof": "已删除", "version": list[1].Num("version")})
	for i := range list {
		s := cleanUp().List("steps")[i]
		c.officer.Does(handlertest.FinishCleanUpStep, s.ID("id"), handlertest.Obj{"proof": "系统回执 " + s.Str("measure"), "version": s.Num("version")})
		if s = cleanUp().List("steps")[i]; s["waiting"] == true { // only a leader lifts it
			for _, m := range c.leader.Measures(c.id) {
				if m.Str("kind") == s.Str("measure") {
					c.leader.Must(http.StatusOK, handlertest.Post, on(m, "lift-answer"), handlertest.Obj{"yes": true, "note": "同意", "version": m.Num("version")})
					s = cleanUp().List("steps")[i] // decided, and now it is done
					c.officer.Does(handlertest.FinishCleanUpStep, s.ID("id"), handlertest.Obj{"proof": "名单库删除回执", "version": s.Num("version")})
				}
			}
		}
	}
	if v := cleanUp(); v.Str("state") != "done" || len(c.standing()) != 0 {
		t.Errorf("after the clean-up: %v; he is burdened by %v", v, c.standing())
	}
	if got := steps(c.matter(wife, link)); got != "paid confirmed performed released" {
		t.Errorf("she sees %q", got)
	}
	debtor := c.debtor.Must(http.StatusOK, handlertest.Get, fmt.Sprintf("/cases/%d/clean-up", c.f.ID), nil).List("clean_ups")
	if len(debtor) != 1 || debtor[0].Str("state") != "done" {
		t.Errorf("the debtor sees %v", debtor)
	}
	if v := c.officer.Must(http.StatusOK, handlertest.Get, fmt.Sprintf("/cases/%d/settlements", c.f.ID), nil).List("settlements"); v[0].Str("state") != "performed" {
		t.Errorf("the settlement: %v", v)
	}
	e := c.officer.Must(http.StatusOK, handlertest.Get, fmt.Sprintf("/enforcement-cases/%d", c.id), nil)
	c.officer.Does(handlertest.CloseCase, c.id, handlertest.Obj{
		"close_type": "performed", "closed_on": "2026-03-09", "version": e.Num("version"), "reason": "申请执行人放弃迟延履行利息",
	})

	// The figures moved, by exactly this.
	after := c.figures()
	moved := map[model.EnforcementFigure]int64{
		model.FigureArrived: 2, model.FigureRelatives: 2, model.FigureSettled: 1, model.FigureKept: 1, model.FigureReleased: 1,
		model.FigureCleanUps: 1, model.FigureClosed: 1, model.FigurePerformed: 1,
		model.FigureDecided(model.MeasureListing): 1, model.FigureDecided(model.MeasureConsumption): 1,
		model.FigureDecided(model.MeasureExitBan): 1, model.FigureLifted(model.MeasureExitBan): 1,
		model.FigureDecided(model.MeasureTracing): 1, model.FigureDecided(model.MeasureDetention): 1,
		model.FigureLifted(model.MeasureListing): 1, model.FigureLifted(model.MeasureConsumption): 1,
		model.FigureLifted(model.MeasureTracing): 1, model.FigureLifted(model.MeasureDetention): 1,
	}
	for of, f := range after {
		if got := f.N - before[of].N; got != moved[of] {
			t.Errorf("%s moved by %v, not by %v", of, got, moved[of])
		}
	}
	if fen := after[model.FigureRelatives].Fen; fen != 100000 {
		t.Errorf("relatives paid %v fen", fen)
	}
	if _, breaks, err := c.DB.VerifyAudit(context.Background()); err != nil || len(breaks) != 0 {
		t.Error(breaks, err)
	}
}
