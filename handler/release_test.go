package handler_test

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"

	"microcourt/model"
)

// settle records a settlement over everything that is owed.
func (c *coerced) settle() obj {
	c.t.Helper()
	return c.officer.must(http.StatusCreated, post, fmt.Sprintf("/enforcement-cases/%d/settlements", c.id), settlementOf(0, "2026-03-06", part(50000, "2026-03-20"), part(50000, "2026-05-20")))
}

func releaseOf(measures ...obj) obj {
	ids := []int64{}
	for _, m := range measures {
		ids = append(ids, m.id("id"))
	}
	return obj{"subject": "失信名单、限制高消费和网上布控", "measure_ids": ids, "reason": "已按约履行第一期", "creditor_asked_on": "2026-03-06"}
}

// What a release review names is lifted with the leader's yes, in order, with
// paper, notice and history, exactly once however many leaders agree at once.
func TestReleaseReviewLiftsWhatItNames(t *testing.T) {
	t.Parallel()
	c := newCoerced(t)
	second := c.staff("li.yz", model.RoleLeader)
	listing, fine := c.take("listing"), c.take("fine")
	all := c.officer.must(http.StatusOK, get, c.at, nil).list("measures")
	restricted := all[slices.IndexFunc(all, func(m obj) bool { return m.str("kind") == "consumption" })]
	tracing := c.take("tracing")
	other := c.fileInput(c.clerk, personInput(nil))
	elsewhere, _ := c.enforce(c.clerk, other, "ji.fg")
	strange := c.officer.must(http.StatusCreated, post, fmt.Sprintf("/enforcement-cases/%d/measures", elsewhere), c.wants("tracing", "party_id", other.debtor))
	refused := c.propose("exit_ban")
	c.officer.must(http.StatusOK, post, on(refused, "withdraw"), obj{"reason": "暂不需要", "version": refused.num("version")})

	st := c.settle()
	path := fmt.Sprintf("/settlements/%d/release-reviews", st.id("id"))
	refusedAll(t, []mistake{
		{c.officer, bad, "release.measures", post, path, releaseOf(listing, strange), "measure_ids"},
		{c.officer, bad, "release.measures", post, path, releaseOf(listing, fine), "measure_ids"},
		{c.officer, bad, "release.measures", post, path, releaseOf(listing, refused), "measure_ids"},
	})
	r := c.officer.must(http.StatusCreated, post, path, releaseOf(listing, restricted, tracing))
	decide, yes := fmt.Sprintf("/release-reviews/%d/decide", r.id("id")), obj{"decision": "approved", "reason": "履约情况良好"}
	before := len(c.officer.must(http.StatusOK, get, fmt.Sprintf("/cases/%d/documents", c.f.id), nil).list("documents"))

	leaders := []*client{c.leader, second}
	answers := make([]int, len(leaders))
	var wg sync.WaitGroup
	for i, l := range leaders {
		wg.Go(func() { answers[i] = l.call(post, decide, yes).status })
	}
	wg.Wait()
	slices.Sort(answers)
	if !slices.Equal(answers, []int{http.StatusOK, clash}) {
		t.Fatalf("two leaders at once: %v", answers)
	}
	n := 0
	for _, l := range leaders { // the answer got lost
		if l.call(post, decide, yes).status == http.StatusOK {
			n++
		}
	}
	if n != 1 {
		t.Errorf("%d leaders decided", n)
	}
	for _, m := range []obj{listing, restricted, tracing} {
		m = c.measure(m)
		if m.str("state") != "lifted" || m.str("lift_ground") != "creditor" || !strings.Contains(m.str("lift_reason"), "履约情况良好") {
			t.Errorf("after the decision: %v", m)
		}
		open := 0
		for _, v := range m.list("tasks") {
			if v.str("state") == "open" {
				open++
				if v.str("kind") != "release.carry_out" || m.str("kind") == "tracing" && v.str("due_at") != "2026-03-06T15:59:59Z" || m.str("kind") == "listing" && v.str("due_at") != "2026-03-11T15:59:59Z" {
					t.Errorf("its task: %v", v)
				}
			}
		}
		lifted := 0
		for _, e := range m.list("entries") {
			if e.str("kind") == "lifted" {
				lifted++
			}
		}
		if open != 1 || lifted != 1 {
			t.Errorf("%s: %d tasks, lifted %d times", m.str("kind"), open, lifted)
		}
	}
	if c.measure(fine).str("state") != "in_force" {
		t.Error("the fine was lifted as well")
	}
	after := len(c.officer.must(http.StatusOK, get, fmt.Sprintf("/cases/%d/documents", c.f.id), nil).list("documents"))
	if after-before != 3 || c.told(c.debtor, "measure.lifted") != 3 || c.told(c.debtor, "release.decided") != 1 {
		t.Errorf("%d papers, %d notices", after-before, c.told(c.debtor, "measure.lifted"))
	}
	var order []string
	lines, err := c.db.MeasureEntries(context.Background(), listing.id("id"), restricted.id("id"), tracing.id("id"))
	for _, e := range lines {
		if e.Kind == model.EntryLifted {
			order = append(order, fmt.Sprint(e.MeasureID))
		}
	}
	if want := fmt.Sprint(tracing.id("id"), " ", listing.id("id"), " ", restricted.id("id")); err != nil || strings.Join(order, " ") != want {
		t.Errorf("lifted in the order %v, want %s; %v", order, want, err)
	}
	if _, breaks, err := c.db.VerifyAudit(context.Background()); err != nil || len(breaks) != 0 {
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
	r := c.officer.must(http.StatusCreated, post, fmt.Sprintf("/settlements/%d/release-reviews", st.id("id")), releaseOf(restricted))
	decide, yes := fmt.Sprintf("/release-reviews/%d/decide", r.id("id")), obj{"decision": "approved", "reason": "同意"}
	c.pay(c.officer, 700)
	c.leader.refused(clash, "task.order", post, decide, yes)
	if m := c.measure(restricted); m.str("state") != "in_force" {
		t.Errorf("after the refusal: %v", m)
	}
	lift := func(m obj) obj {
		return obj{"ground": "performed", "reason": "履行完毕", "proof": "已撤销", "version": c.measure(m).num("version")}
	}
	c.officer.refused(clash, "task.order", post, on(restricted, "lift"), lift(restricted))
	for _, m := range []obj{tracing, restricted} {
		m = c.measure(m)
		c.officer.must(http.StatusOK, post, on(m, "lift"), obj{"ground": "performed", "reason": "履行完毕", "proof": "已撤销", "version": m.num("version")})
	}
	if v := c.leader.must(http.StatusOK, post, decide, yes); v.str("state") != "approved" {
		t.Errorf("after the clean-up: %v", v)
	}
	if m := c.measure(restricted); m.str("lift_ground") != "performed" || len(m.list("entries")) != 3 {
		t.Errorf("lifted twice: %v", m)
	}
}
