package handler_test

import (
	"net/http"
	"testing"

	"microcourt/handler/handlertest"
)

// A wish to lift from before the payment waits its turn in the clean-up.
func TestALeaderKeepsTheOrderOfACleanUp(t *testing.T) {
	t.Parallel()
	c := newCoerced(t)
	listing := c.take("listing") // restricts his consumption too
	listing = c.officer.Must(http.StatusCreated, handlertest.Post, on(listing, "posters"), handlertest.Obj{"place": "十七房村"})
	c.take("tracing")
	arrest := c.take("detention")
	c.pass(at(3, 6, 15))
	arrest = c.officer.Must(http.StatusOK, handlertest.Post, on(arrest, "detain"), handlertest.Obj{"at": at(3, 6, 14), "version": arrest.Num("version")})
	c.officer.Does(handlertest.LiftMeasure, listing.ID("id"), handlertest.Obj{"ground": "wrong", "reason": "认定有误", "proof": "名单库回执", "version": c.measure(listing).Num("version")})
	c.officer.Does(handlertest.LiftMeasure, arrest.ID("id"), handlertest.Obj{"ground": "remorse", "reason": "已具结悔过", "proof": "具结书", "version": c.measure(arrest).Num("version")})
	c.pay(c.judge, 910)
	refusedAll(t, []mistake{
		{c.leader, clash, "task.order", handlertest.Post, on(listing, "lift-answer"), handlertest.Obj{"yes": true, "note": "同意", "version": c.measure(listing).Num("version")}, ""},
	})
	if m := c.measure(listing); m.Str("state") != "in_force" {
		t.Errorf("after the refusals: %v", m)
	}
}
