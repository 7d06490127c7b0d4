package handler_test

import (
	"fmt"
	"net/http"
	"testing"

	"microcourt/model"
)

func (c *coerced) cleanUp(f filed) obj {
	c.t.Helper()
	list := c.officer.must(http.StatusOK, get, fmt.Sprintf("/cases/%d/clean-up", f.id), nil).list("clean_ups")
	if len(list) != 1 {
		c.t.Fatalf("clean-ups: %v", list)
	}
	return list[0]
}

// What is lifted after payment keeps its order, asks for its proof, and is not
// held without interest that is owed; a wish from before waits its turn too.
func TestCleanUpsRefuse(t *testing.T) {
	t.Parallel()
	c := newCoerced(t)
	listing := c.take("listing") // restricts his consumption too
	listing = c.officer.must(http.StatusCreated, post, on(listing, "posters"), obj{"place": "十七房村"})
	c.take("tracing")
	arrest := c.take("detention")
	c.pass(at(3, 6, 15))
	arrest = c.officer.must(http.StatusOK, post, on(arrest, "detain"), obj{"at": at(3, 6, 14), "version": arrest.num("version")})
	c.officer.must(http.StatusOK, post, on(listing, "lift"), obj{"ground": "wrong", "reason": "认定有误", "proof": "名单库回执", "version": c.measure(listing).num("version")})
	c.officer.must(http.StatusOK, post, on(arrest, "lift"), obj{"ground": "remorse", "reason": "已具结悔过", "proof": "具结书", "version": c.measure(arrest).num("version")})
	c.pay(c.judge, 910)
	v := c.cleanUp(c.f)
	step := map[string]obj{}
	for _, s := range v.list("steps") {
		step[s.str("measure")] = s
		if s.str("measure") == "listing" && s.str("title") != "" && s.num("order") > step["poster"].num("order") {
			step["poster"] = s // the last of the listing is its poster
		}
	}
	done := func(s obj) string { return fmt.Sprintf("/clean-up-steps/%d/done", s.id("id")) }
	proof := func(s obj, change ...any) obj {
		o := obj{"proof": "系统回执", "version": s.num("version")}
		for i := 0; i < len(change); i += 2 {
			o[change[i].(string)] = change[i+1]
		}
		return o
	}
	of := func(what string) string { return fmt.Sprintf("/clean-ups/%d/%s", v.id("id"), what) }
	refusedAll(t, []mistake{
		{c.officer, bad, "lift.proof", post, done(step["tracing"]), proof(step["tracing"], "proof", " "), "proof"},
		{c.officer, bad, "file.unknown", post, done(step["tracing"]), proof(step["tracing"], "file_id", 99), "file_id"},
		{c.officer, clash, "task.changed", post, done(step["tracing"]), proof(step["tracing"], "version", 9), ""},
		{c.officer, clash, "task.order", post, done(step["consumption"]), proof(step["consumption"]), ""},
		{c.officer, clash, "lift.asked", post, done(step["detention"]), proof(step["detention"]), ""},
		{c.officer, bad, "poster.photo", post, done(step["poster"]), proof(step["poster"]), "file_id"},
		{c.leader, clash, "task.order", post, on(listing, "lift-answer"), obj{"yes": true, "note": "同意", "version": c.measure(listing).num("version")}, ""},
		{c.officer, bad, "reason.required", post, of("hold"), obj{"reason": " ", "version": v.num("version")}, "reason"},
		{c.officer, clash, "clean_up.changed", post, of("hold"), obj{"reason": "尚欠利息", "version": 9}, ""},
		{c.officer, clash, "clean_up.changed", post, of("resume"), obj{"version": v.num("version")}, ""},
	})
	if m := c.measure(listing); m.str("state") != "in_force" {
		t.Errorf("after the refusals: %v", m)
	}

	// One yuan of principal owes no fen of interest.
	in := personInput(func(d obj) { d["name"], d["id_number"] = "钱亮", "11010519491231002X" })
	in["instruments"].([]obj)[0]["obligations"].([]obj)[0]["amount_fen"] = 100
	small := c.fileInput(c.clerk, in)
	debtor := c.phone("")
	debtor.bind(c.clerk, small.id, small.debtor)
	id, _ := c.enforce(c.clerk, small, "ji.fg")
	c.pass(at(3, 20, 10))
	c.officer.must(http.StatusCreated, post, fmt.Sprintf("/enforcement-cases/%d/measures", id), c.wants("tracing", "party_id", small.debtor))
	for _, m := range c.officer.must(http.StatusOK, get, fmt.Sprintf("/enforcement-cases/%d/measures", id), nil).list("measures") {
		c.decide(m)
	}
	debtor.renew()
	c.judge.confirm(debtor.submit(small, 100, 911), 100)
	free := c.cleanUp(small)
	c.officer.refused(clash, "clean_up.no_interest", post, fmt.Sprintf("/clean-ups/%d/hold", free.id("id")), obj{"reason": "尚欠利息", "version": free.num("version")})
	if n, err := c.db.CleanUpsOf(t.Context(), id, small.debtor); err != nil || len(n) != 1 || n[0].State != model.CleanUpOpen {
		t.Errorf("%v %v", n, err)
	}
}
