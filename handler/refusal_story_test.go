package handler_test

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"microcourt/model"
)

// standing are the debtor's measures that still burden him, by kind.
func (c *coerced) standing() (out []string) {
	c.t.Helper()
	for _, m := range c.officer.must(http.StatusOK, get, c.at, nil).list("measures") {
		if s := m.str("state"); s == "in_force" || s == "decided" {
			out = append(out, m.str("kind"))
		}
	}
	slices.Sort(out)
	return out
}

// behalf lets a relative pay on the debtor's behalf.
func (c *coerced) behalf(by *client, link obj, fen int64, seed int) obj {
	c.t.Helper()
	caseID := c.matter(by, link).id("case_id")
	r := by.must(http.StatusCreated, post, mine(link, "receipts"), obj{
		"amount_fen": fen, "paid_on": model.DateOf(c.clock.Now()).String(), "proof_kind": "bank_receipt", "file_ids": []int64{by.uploaded(caseID, seed)},
	})
	return c.officer.must(http.StatusOK, get, fmt.Sprintf("/receipts/%d", r.id("id")), nil)
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
	creditor, wife := c.phone(""), c.phone("")
	creditor.bind(c.clerk, c.f.id, c.f.creditor)
	before := c.figures()

	// He refuses, and that is on record.
	c.debtor.must(http.StatusCreated, post, fmt.Sprintf("/cases/%d/messages", c.f.id), obj{"text": "我没有钱，不还"})
	for _, s := range c.officer.must(http.StatusOK, get, fmt.Sprintf("/cases/%d/schedule", c.f.id), nil).list("steps") {
		if s.str("state") == "planned" {
			t.Errorf("he is still urged to perform by himself: %v", s)
		}
	}

	// Measures. Listing restricts his consumption with it.
	c.take("listing")
	c.take("tracing")
	ban := c.take("exit_ban")
	arrest := c.take("detention")
	c.pass(at(3, 6, 15))
	arrest = c.officer.must(http.StatusOK, post, on(arrest, "detain"), obj{"at": at(3, 6, 14), "version": arrest.num("version")})
	if got := strings.Join(c.standing(), " "); got != "consumption detention exit_ban listing tracing" {
		t.Fatalf("what burdens him: %s", got)
	}
	c.officer.must(http.StatusOK, post, on(arrest, "family"), obj{"name": "王秀英", "relation": "妻子", "how": "电话 13700137000，已接通", "at": at(3, 6, 15)})

	// The family.
	wife.renew()
	link := wife.must(http.StatusCreated, post, "/relatives", asks("code", c.noticeScene()))
	link = c.bring(link, "admitted")
	talk := fmt.Sprintf("/conversations/%d/messages", c.matter(wife, link).id("conversation_id"))
	wife.must(http.StatusCreated, post, talk, obj{"text": "我替他还，先还一半，可以吗？"})
	c.officer.must(http.StatusCreated, post, talk, obj{"text": "可以。余款与申请执行人商定日期。"})
	if list := wife.must(http.StatusOK, get, talk, nil).list("messages"); len(list) != 2 || !strings.HasPrefix(list[0].str("text"), "可以") {
		t.Errorf("she reads %v", list)
	}
	half := c.behalf(wife, link, 50000, 901)
	c.officer.confirm(half, 50000)

	// Settlement and release review: what arrived is what was confirmed.
	st := c.officer.must(http.StatusCreated, post, fmt.Sprintf("/enforcement-cases/%d/settlements", c.id),
		settlementOf(0, "2026-03-06", part(50000, "2026-03-06"), part(50000, "2026-04-30")))
	if st.num("arrived_fen") != 50000 || st.num("shortfall_fen") != 0 || st.num("open_fen") != 50000 {
		t.Errorf("the settlement: %v", st)
	}
	remorse := obj{"ground": "remorse", "reason": "已具结悔过，家属代为履行一半", "proof": "具结书一份", "version": c.measure(arrest).num("version")}
	arrest = c.officer.must(http.StatusOK, post, on(arrest, "lift"), remorse)
	c.leader.must(http.StatusOK, post, on(arrest, "lift-answer"), obj{"yes": true, "note": "同意提前解除", "version": arrest.num("version")})
	review := c.officer.must(http.StatusCreated, post, fmt.Sprintf("/settlements/%d/release-reviews", st.id("id")), obj{
		"subject": "限制出境", "measure_ids": []int64{ban.id("id")}, "reason": "家属代为履行一半，余款已商定", "creditor_asked_on": "2026-03-06",
	})
	c.leader.must(http.StatusOK, post, fmt.Sprintf("/release-reviews/%d/decide", review.id("id")), obj{"decision": "approved", "reason": "约定与到账相符"})
	if got := strings.Join(c.standing(), " "); got != "consumption listing tracing" {
		t.Errorf("after the release he is burdened by: %s", got)
	}
	if m := c.measure(ban); m.str("state") != "lifted" || c.told(c.debtor, "release.decided") != 1 || c.told(c.debtor, "measure.lifted") != 2 {
		t.Errorf("the ban after the leader's yes: %v", m)
	}

	// The rest, three days later; the judge confirms it.
	c.pass(at(3, 9, 10))
	wife.renew()
	rest := c.behalf(wife, link, 50000, 902)
	c.judge.confirm(rest, 50000)
	if got := steps(c.matter(wife, link)); got != "paid confirmed performed" {
		t.Errorf("she sees %q", got)
	}

	// Lifted in the right order within the clocks, by officer and leader.
	cleanUp := func() obj {
		list := c.officer.must(http.StatusOK, get, fmt.Sprintf("/cases/%d/clean-up", c.f.id), nil).list("clean_ups")
		if len(list) != 1 {
			t.Fatalf("clean-ups: %v", list)
		}
		return list[0]
	}
	list := cleanUp().list("steps")
	var order []string
	for _, s := range list {
		order = append(order, s.str("measure"))
		due, err := time.Parse(time.RFC3339, s.str("due_at"))
		// 9 March 2026 is a Monday: three working days end with Thursday.
		if last := at(3, 12, 23).Add(59*time.Minute + 59*time.Second); err != nil || due.After(last) {
			t.Errorf("%s is due %v, later than %v (%v)", s.str("title"), due, last, err)
		}
	}
	if got := strings.Join(order, " "); got != "tracing listing consumption" {
		t.Fatalf("the order: %s", got)
	}
	done := func(s obj) string { return fmt.Sprintf("/clean-up-steps/%d/done", s.id("id")) }
	c.officer.refused(clash, "task.order", post, done(list[1]), obj{"proof": "已删除", "version": list[1].num("version")})
	for i := range list {
		s := cleanUp().list("steps")[i]
		c.officer.must(http.StatusOK, post, done(s), obj{"proof": "系统回执 " + s.str("measure"), "version": s.num("version")})
		if s = cleanUp().list("steps")[i]; s["waiting"] == true { // only a leader lifts it
			for _, m := range c.leader.must(http.StatusOK, get, c.at, nil).list("measures") {
				if m.str("kind") == s.str("measure") {
					c.leader.must(http.StatusOK, post, on(m, "lift-answer"), obj{"yes": true, "note": "同意", "version": m.num("version")})
				}
			}
		}
	}
	if v := cleanUp(); v.str("state") != "done" || len(c.standing()) != 0 {
		t.Errorf("after the clean-up: %v; he is burdened by %v", v, c.standing())
	}
	if got := steps(c.matter(wife, link)); got != "paid confirmed performed released" {
		t.Errorf("she sees %q", got)
	}
	debtor := c.debtor.must(http.StatusOK, get, fmt.Sprintf("/cases/%d/clean-up", c.f.id), nil).list("clean_ups")
	if len(debtor) != 1 || debtor[0].str("state") != "done" {
		t.Errorf("the debtor sees %v", debtor)
	}
	if v := c.officer.must(http.StatusOK, get, fmt.Sprintf("/enforcement-cases/%d/settlements", c.id), nil).list("settlements"); v[0].str("state") != "performed" {
		t.Errorf("the settlement: %v", v)
	}
	e := c.officer.must(http.StatusOK, get, fmt.Sprintf("/enforcement-cases/%d", c.id), nil)
	c.officer.must(http.StatusOK, post, fmt.Sprintf("/enforcement-cases/%d/close", c.id),
		obj{"close_type": "performed", "closed_on": "2026-03-09", "version": e.num("version")})

	// The figures moved, by exactly this.
	after := c.figures()
	moved := map[model.EnforcementFigure]float64{
		model.FigureArrived: 2, model.FigureRelatives: 2, model.FigureSettled: 1, model.FigureKept: 1, model.FigureReleased: 1,
		model.FigureCleanUps: 1, model.FigureClosed: 1, model.FigurePerformed: 1,
		model.FigureDecided(model.MeasureListing): 1, model.FigureDecided(model.MeasureConsumption): 1,
		model.FigureDecided(model.MeasureExitBan): 1, model.FigureLifted(model.MeasureExitBan): 1,
		model.FigureDecided(model.MeasureTracing): 1, model.FigureDecided(model.MeasureDetention): 1,
		model.FigureLifted(model.MeasureListing): 1, model.FigureLifted(model.MeasureConsumption): 1,
		model.FigureLifted(model.MeasureTracing): 1, model.FigureLifted(model.MeasureDetention): 1,
	}
	for of, f := range after {
		if got := f.num("n") - before[of].num("n"); got != moved[of] {
			t.Errorf("%s moved by %v, not by %v", of, got, moved[of])
		}
	}
	if fen := after[model.FigureRelatives].num("fen"); fen != 100000 {
		t.Errorf("relatives paid %v fen", fen)
	}
	if _, breaks, err := c.db.VerifyAudit(context.Background()); err != nil || len(breaks) != 0 {
		t.Error(breaks, err)
	}
}
