package handler_test

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"

	"microcourt/handler/handlertest"

	"microcourt/model"
)

// settle records a settlement over everything that is owed.
func (c *coerced) settle() handlertest.Obj {
	c.T.Helper()
	return c.officer.Does(handlertest.RecordSettlement, c.id, settlementOf(0, "2026-03-06", part(50000, "2026-03-20"), part(50000, "2026-05-20")))
}

func releaseOf(measures ...handlertest.Obj) handlertest.Obj {
	ids := []int64{}
	for _, m := range measures {
		ids = append(ids, m.ID("id"))
	}
	return handlertest.Obj{"subject": "失信名单、限制高消费和网上布控", "measure_ids": ids, "reason": "已按约履行第一期", "creditor_asked_on": "2026-03-06"}
}

// What a release review names is lifted with the leader's yes, in order, with
// paper, notice and history, exactly once however many leaders agree at once.
func TestReleaseReviewLiftsWhatItNames(t *testing.T) {
	t.Parallel()
	c := newCoerced(t)
	second := c.Staff("li.yz", model.RoleLeader)
	listing, fine := c.take("listing"), c.take("fine")
	all := c.officer.Measures(c.id)
	restricted := all[slices.IndexFunc(all, func(m handlertest.Obj) bool { return m.Str("kind") == "consumption" })]
	tracing := c.take("tracing")

	st := c.settle()
	r := c.officer.Does(handlertest.ProposeRelease, st.ID("id"), releaseOf(listing, restricted, tracing))
	decide, yes := fmt.Sprintf("/release-reviews/%d/decide", r.ID("id")), handlertest.Obj{"decision": "approved", "reason": "履约情况良好"}
	before := len(c.officer.Must(http.StatusOK, handlertest.Get, fmt.Sprintf("/cases/%d/documents", c.f.ID), nil).List("documents"))

	leaders := []*handlertest.Client{c.leader, second}
	answers := make([]int, len(leaders))
	var wg sync.WaitGroup
	for i, l := range leaders {
		wg.Go(func() { answers[i] = l.Call(handlertest.Post, decide, yes).Status })
	}
	wg.Wait()
	slices.Sort(answers)
	if !slices.Equal(answers, []int{http.StatusOK, clash}) {
		t.Fatalf("two leaders at once: %v", answers)
	}
	n := 0
	for _, l := range leaders { // the answer got lost
		if l.Call(handlertest.Post, decide, yes).Status == http.StatusOK {
			n++
		}
	}
	if n != 1 {
		t.Errorf("%d leaders decided", n)
	}
	for _, m := range []handlertest.Obj{listing, restricted, tracing} {
		m = c.measure(m)
		if m.Str("state") != "lifted" || m.Str("lift_ground") != "creditor" || !strings.Contains(m.Str("lift_reason"), "履约情况良好") {
			t.Errorf("after the decision: %v", m)
		}
		open := 0
		for _, v := range m.List("tasks") {
			if v.Str("state") == "open" {
				open++
				if v.Str("kind") != "release.carry_out" || m.Str("kind") == "tracing" && v.Str("due_at") != "2026-03-06T15:59:59Z" || m.Str("kind") == "listing" && v.Str("due_at") != "2026-03-11T15:59:59Z" {
					t.Errorf("its task: %v", v)
				}
			}
		}
		lifted := 0
		for _, e := range m.List("entries") {
			if e.Str("kind") == "lifted" {
				lifted++
			}
		}
		if open != 1 || lifted != 1 {
			t.Errorf("%s: %d tasks, lifted %d times", m.Str("kind"), open, lifted)
		}
	}
	if c.measure(fine).Str("state") != "in_force" {
		t.Error("the fine was lifted as well")
	}
	after := len(c.officer.Must(http.StatusOK, handlertest.Get, fmt.Sprintf("/cases/%d/documents", c.f.ID), nil).List("documents"))
	if after-before != 3 || c.told(c.debtor, "measure.lifted") != 3 || c.told(c.debtor, "release.decided") != 1 {
		t.Errorf("%d papers, %d notices", after-before, c.told(c.debtor, "measure.lifted"))
	}
	var order []string
	lines, err := c.DB.MeasureEntries(context.Background(), listing.ID("id"), restricted.ID("id"), tracing.ID("id"))
	for _, e := range lines {
		if e.Kind == model.EntryLifted {
			order = append(order, fmt.Sprint(e.MeasureID))
		}
	}
	if want := fmt.Sprint(tracing.ID("id"), " ", listing.ID("id"), " ", restricted.ID("id")); err != nil || strings.Join(order, " ") != want {
		t.Errorf("lifted in the order %v, want %s; %v", order, want, err)
	}
	if _, breaks, err := c.DB.VerifyAudit(context.Background()); err != nil || len(breaks) != 0 {
		t.Error(breaks, err)
	}
}

// While a clean-up runs, a review lifts nothing out of its order, and what the
// clean-up has lifted meanwhile is left alone.
func TestReleaseReviewKeepsTheOrderOfACleanUp(t *testing.T) {
	t.Parallel()
	c := newCoerced(t)
	tracing, restricted := c.take("tracing"), c.take("consumption")
	st := c.settle()
	r := c.officer.Does(handlertest.ProposeRelease, st.ID("id"), releaseOf(restricted))
	decide, yes := fmt.Sprintf("/release-reviews/%d/decide", r.ID("id")), handlertest.Obj{"decision": "approved", "reason": "同意"}
	c.pay(c.officer, 700)
	c.leader.Refused(clash, "task.order", handlertest.Post, decide, yes)
	if m := c.measure(restricted); m.Str("state") != "in_force" {
		t.Errorf("after the refusal: %v", m)
	}
	lift := func(m handlertest.Obj) handlertest.Obj {
		return handlertest.Obj{"ground": "performed", "reason": "履行完毕", "proof": "已撤销", "version": c.measure(m).Num("version")}
	}
	c.officer.Rejected("task.order", handlertest.LiftMeasure, restricted.ID("id"), lift(restricted))
	for _, m := range []handlertest.Obj{tracing, restricted} {
		m = c.measure(m)
		c.officer.Does(handlertest.LiftMeasure, m.ID("id"), handlertest.Obj{"ground": "performed", "reason": "履行完毕", "proof": "已撤销", "version": m.Num("version")})
	}
	if v := c.leader.Must(http.StatusOK, handlertest.Post, decide, yes); v.Str("state") != "approved" {
		t.Errorf("after the clean-up: %v", v)
	}
	if m := c.measure(restricted); m.Str("lift_ground") != "performed" || len(m.List("entries")) != 3 {
		t.Errorf("lifted twice: %v", m)
	}
}
