package handler_test

import (
	"fmt"
	"net/http"
	"testing"

	"microcourt/handler/handlertest"

	"microcourt/model"
)

func (c *coerced) cleanUp(f handlertest.Filed) handlertest.Obj {
	c.T.Helper()
	list := c.officer.Must(http.StatusOK, handlertest.Get, fmt.Sprintf("/cases/%d/clean-up", f.ID), nil).List("clean_ups")
	if len(list) != 1 {
		c.T.Fatalf("clean-ups: %v", list)
	}
	return list[0]
}

// What is lifted after payment keeps its order, asks for its proof, and is not
// held without interest that is owed; a wish from before waits its turn too.
func TestCleanUpsRefuse(t *testing.T) {
	t.Parallel()
	c := newCoerced(t)
	listing := c.take("listing") // restricts his consumption too
	listing = c.officer.Must(http.StatusCreated, handlertest.Post, on(listing, "posters"), handlertest.Obj{"place": "十七房村"})
	c.take("tracing")
	arrest := c.take("detention")
	c.pass(at(3, 6, 15))
	arrest = c.officer.Must(http.StatusOK, handlertest.Post, on(arrest, "detain"), handlertest.Obj{"at": at(3, 6, 14), "version": arrest.Num("version")})
	c.officer.Must(http.StatusOK, handlertest.Post, on(listing, "lift"), handlertest.Obj{"ground": "wrong", "reason": "认定有误", "proof": "名单库回执", "version": c.measure(listing).Num("version")})
	c.officer.Must(http.StatusOK, handlertest.Post, on(arrest, "lift"), handlertest.Obj{"ground": "remorse", "reason": "已具结悔过", "proof": "具结书", "version": c.measure(arrest).Num("version")})
	c.pay(c.judge, 910)
	v := c.cleanUp(c.f)
	step := map[string]handlertest.Obj{}
	for _, s := range v.List("steps") {
		step[s.Str("measure")] = s
		if s.Str("measure") == "listing" && s.Str("title") != "" && s.Num("order") > step["poster"].Num("order") {
			step["poster"] = s // the last of the listing is its poster
		}
	}
	done := func(s handlertest.Obj) string { return fmt.Sprintf("/clean-up-steps/%d/done", s.ID("id")) }
	proof := func(s handlertest.Obj, change ...any) handlertest.Obj {
		o := handlertest.Obj{"proof": "系统回执", "version": s.Num("version")}
		for i := 0; i < len(change); i += 2 {
			o[change[i].(string)] = change[i+1]
		}
		return o
	}
	of := func(what string) string { return fmt.Sprintf("/clean-ups/%d/%s", v.ID("id"), what) }
	refusedAll(t, []mistake{
		{c.officer, handlertest.Bad, "lift.proof", handlertest.Post, done(step["tracing"]), proof(step["tracing"], "proof", " "), "proof"},
		{c.officer, handlertest.Bad, "file.unknown", handlertest.Post, done(step["tracing"]), proof(step["tracing"], "file_id", 99), "file_id"},
		{c.officer, clash, "task.changed", handlertest.Post, done(step["tracing"]), proof(step["tracing"], "version", 9), ""},
		{c.officer, clash, "task.order", handlertest.Post, done(step["consumption"]), proof(step["consumption"]), ""},
		{c.officer, clash, "lift.asked", handlertest.Post, done(step["detention"]), proof(step["detention"]), ""},
		{c.officer, handlertest.Bad, "poster.photo", handlertest.Post, done(step["poster"]), proof(step["poster"]), "file_id"},
		{c.leader, clash, "task.order", handlertest.Post, on(listing, "lift-answer"), handlertest.Obj{"yes": true, "note": "同意", "version": c.measure(listing).Num("version")}, ""},
		{c.officer, handlertest.Bad, "reason.required", handlertest.Post, of("hold"), handlertest.Obj{"reason": " ", "version": v.Num("version")}, "reason"},
		{c.officer, clash, "clean_up.changed", handlertest.Post, of("hold"), handlertest.Obj{"reason": "尚欠利息", "version": 9}, ""},
		{c.officer, clash, "clean_up.changed", handlertest.Post, of("resume"), handlertest.Obj{"version": v.Num("version")}, ""},
	})
	if m := c.measure(listing); m.Str("state") != "in_force" {
		t.Errorf("after the refusals: %v", m)
	}

	// One yuan of principal owes no fen of interest.
	in := personInput(func(d handlertest.Obj) { d["name"], d["id_number"] = "钱亮", "11010519491231002X" })
	in["instruments"].([]handlertest.Obj)[0]["obligations"].([]handlertest.Obj)[0]["amount_fen"] = 100
	small := c.FileInput(c.clerk, in)
	debtor := c.Phone("")
	debtor.Bind(c.clerk, small.ID, small.Debtor)
	id, _ := c.Enforce(c.clerk, small, "ji.fg")
	c.pass(at(3, 20, 10))
	c.officer.Must(http.StatusCreated, handlertest.Post, fmt.Sprintf("/enforcement-cases/%d/measures", id), c.wants("tracing", "party_id", small.Debtor))
	for _, m := range c.officer.Must(http.StatusOK, handlertest.Get, fmt.Sprintf("/enforcement-cases/%d/measures", id), nil).List("measures") {
		c.decide(m)
	}
	debtor.Renew()
	c.judge.Confirm(debtor.Submit(small, 100, 911), 100)
	free := c.cleanUp(small)
	c.officer.Refused(clash, "clean_up.no_interest", handlertest.Post, fmt.Sprintf("/clean-ups/%d/hold", free.ID("id")), handlertest.Obj{"reason": "尚欠利息", "version": free.Num("version")})
	if n, err := c.DB.CleanUpsOf(t.Context(), id, small.Debtor); err != nil || len(n) != 1 || n[0].State != model.CleanUpOpen {
		t.Errorf("%v %v", n, err)
	}
}
