package handler_test

import (
	"fmt"
	"net/http"
	"slices"
	"testing"

	"microcourt/handler/handlertest"

	"microcourt/model"
	"microcourt/storage"
)

// repairOf is an application for credit repair whose every criterion is met.
func (c *coerced) repairOf(in handlertest.Obj) handlertest.Obj {
	c.T.Helper()
	in["party_id"] = c.f.Debtor
	if in["reason"] == nil {
		in["reason"] = "已达成和解并按约履行，需要投标"
	}
	a := c.debtor.Must(http.StatusCreated, handlertest.Post, fmt.Sprintf("/cases/%d/repair-applications", c.f.ID), in)
	for _, k := range a.List("criteria") {
		c.officer.Does(handlertest.CheckRepair, a.ID("id"), handlertest.Obj{"code": k.Str("code"), "met": true, "note": "已核查"})
	}
	return a
}

func decideRepair(a handlertest.Obj) string {
	return fmt.Sprintf("/repair-applications/%d/decide", a.ID("id"))
}

func (c *coerced) granted(a handlertest.Obj, decision, until string) handlertest.Obj {
	c.T.Helper()
	in := handlertest.Obj{"decision": decision, "reason": "条件具备"}
	if until != "" {
		in["until"] = until
	}
	return c.leader.Must(http.StatusOK, handlertest.Post, decideRepair(a), in)
}

// shown is the list as the public and as an agency see it.
func (c *coerced) shown(agency *handlertest.Client) (public, full []handlertest.Obj) {
	c.T.Helper()
	public = c.Public().Must(http.StatusOK, handlertest.Get, "/listings?court="+escaped("浙0211"), nil).List("listings")
	full = agency.Must(http.StatusOK, handlertest.Get, "/agency/listings", nil).List("listings")
	return public, full
}

// A listed debtor asks for credit repair from his phone and reads what became of it,
// without the court's notes; the list at the public's and at the agencies' door
// follows: in full, masked, suspended.
func TestCreditRepair(t *testing.T) {
	t.Parallel()
	c := newCoerced(t)
	agency, creditor := c.Staff("agency", model.RoleAgency), c.Phone("")
	creditor.Bind(c.clerk, c.f.ID, c.f.Creditor)
	l := c.take("listing", "ground", "property_report")
	public, full := c.shown(agency)
	if len(public) != 1 || public[0].Str("name") != "赵明" || public[0].Str("number") != "340524********001X" || public[0].Str("until") != "2028-03-06" ||
		len(full) != 1 || full[0].Str("number") != "34052419800101001X" || c.Audited(model.AuditListingLook) != 1 {
		t.Fatalf("published: %v, for agencies: %v", public, full)
	}
	path := fmt.Sprintf("/cases/%d/repair-applications", c.f.ID)
	in := handlertest.Obj{"party_id": c.f.Debtor, "measure_id": l.ID("id"), "reason": "已与对方达成和解，投标需要"}
	key := handlertest.FreshKey()
	a := c.debtor.CallKey(handlertest.Post, path, in, key).Json
	if again := c.debtor.CallKey(handlertest.Post, path, in, key).Json; again.ID("id") != a.ID("id") || len(a.List("criteria")) != 5 || a.Str("due_on") != "2026-03-20" {
		t.Fatalf("%v, repeated: %v", a, again)
	}
	for _, k := range a.List("criteria") {
		c.officer.Does(handlertest.CheckRepair, a.ID("id"), handlertest.Obj{"code": k.Str("code"), "met": true, "note": "已核查"})
	}
	if list := c.leader.Must(http.StatusOK, handlertest.Get, "/repair-applications?state=open", nil).List("applications"); len(list) != 1 || list[0].Str("name") != "赵明" {
		t.Errorf("%v", list)
	}
	for range 2 { // the answer got lost
		if v := c.granted(a, "masked", "2026-12-31"); v.Str("effect") != "屏蔽失信信息，自2026年3月6日起，至2026年12月31日" {
			t.Errorf("%v", v)
		}
	}
	mine := c.debtor.Must(http.StatusOK, handlertest.Get, path, nil).List("applications")
	if len(mine) != 1 || mine[0].Str("state") != "masked" || mine[0].Str("until") != "2026-12-31" || mine[0].List("criteria")[0].Str("note") != "" {
		t.Errorf("the debtor sees %v", mine)
	}
	if list := creditor.Must(http.StatusOK, handlertest.Get, path, nil).List("applications"); len(list) != 0 {
		t.Errorf("the creditor sees %v", list)
	}
	public, full = c.shown(agency)
	for _, list := range [][]handlertest.Obj{public, full} {
		if len(list) != 1 || list[0].Str("name") != "赵*" || list[0].Str("number") != "" || list[0].Str("ground_text") != "" || list[0]["masked"] != true {
			t.Errorf("masked: %v", list)
		}
	}
	c.leader.Does(handlertest.RevokeRepair, a.ID("id"), handlertest.Obj{"reason": "未再按和解协议履行"})
	if public, _ = c.shown(agency); public[0].Str("name") != "赵明" || public[0]["masked"] != false {
		t.Errorf("after the breach: %v", public)
	}
	c.granted(c.repairOf(handlertest.Obj{}), "suspended", "2026-06-30")
	if public, full = c.shown(agency); len(public)+len(full) != 0 {
		t.Errorf("suspended: %v %v", public, full)
	}
	own := c.debtor.Must(http.StatusOK, handlertest.Get, fmt.Sprintf("/cases/%d/measures", c.f.ID), nil).List("measures")
	if i := slices.IndexFunc(own, func(m handlertest.Obj) bool { return m.Str("kind") == "listing" }); own[i].Str("exposure") != "suspended" || own[i].Str("state") != "in_force" {
		t.Errorf("the debtor sees %v", own)
	}
}

// Every listed error, once for each route; the rules are tested in
// service/enforcement.
func TestCreditRepairRefuses(t *testing.T) {
	t.Parallel()
	c := newCoerced(t)
	creditor := c.Phone("")
	creditor.Bind(c.clerk, c.f.ID, c.f.Creditor)
	path := fmt.Sprintf("/cases/%d/repair-applications", c.f.ID)
	tracing := c.take("tracing")
	mine := func(change ...any) handlertest.Obj {
		o := handlertest.Obj{"party_id": c.f.Debtor, "reason": "已履行大部分"}
		for i := 0; i < len(change); i += 2 {
			o[change[i].(string)] = change[i+1]
		}
		return o
	}
	refusedAll(t, []mistake{
		{c.Phone(""), handlertest.Gone, "case.not_found", handlertest.Post, path, mine(), ""},
		{c.Phone(""), handlertest.Gone, "case.not_found", handlertest.Get, path, nil, ""},
		{creditor, handlertest.Bad, "repair.party", handlertest.Post, path, mine(), "party_id"},
		{creditor, clash, "repair.not_enforced", handlertest.Post, path, mine("party_id", c.f.Creditor), ""},
		{c.debtor, handlertest.Bad, "reason.required", handlertest.Post, path, mine("reason", ""), "reason"},
		{c.debtor, handlertest.Bad, "repair.measure", handlertest.Post, path, mine("measure_id", tracing.ID("id")), "measure_id"},
		{c.officer, handlertest.Bad, "repair.applied_on", handlertest.Post, path, mine("applied_on", "2026-03-07"), "applied_on"},
		{c.officer, handlertest.Bad, "file.unknown", handlertest.Post, path, mine("file_id", 999999), "file_id"},
		{c.Public(), handlertest.Gone, "court.not_found", handlertest.Get, "/listings?court=" + escaped("浙9999"), nil, ""},
	})
	a := c.debtor.Must(http.StatusCreated, handlertest.Post, path, mine())
	says := func(decision, until, reason string) handlertest.Obj {
		o := handlertest.Obj{"decision": decision, "reason": reason}
		if until != "" {
			o["until"] = until
		}
		return o
	}
	tick := func(code string, met bool) {
		t.Helper()
		c.officer.Does(handlertest.CheckRepair, a.ID("id"), handlertest.Obj{"code": code, "met": met, "note": "已核查"})
	}
	elsewhere := c.StaffOf(c.AddCourt("浙0212", "宁波市另一区人民法院", "另法"), "far", model.RoleLeader)
	refusedAll(t, []mistake{
		{c.debtor, clash, "repair.open", handlertest.Post, path, mine(), ""},
		{elsewhere, handlertest.Gone, "repair.not_found", handlertest.Post, decideRepair(a), says("masked", "", "别的法院"), ""},
		{c.leader, handlertest.Bad, "repair.decision", handlertest.Post, decideRepair(a), says("x", "", "同意"), "decision"},
		{c.leader, handlertest.Bad, "reason.required", handlertest.Post, decideRepair(a), says("masked", "", ""), "reason"},
		{c.leader, handlertest.Bad, "repair.until", handlertest.Post, decideRepair(a), says("suspended", "", "同意"), "until"},
		{c.leader, clash, "repair.unchecked", handlertest.Post, decideRepair(a), says("masked", "", "同意"), ""},
	})
	for _, k := range a.List("criteria") {
		tick(k.Str("code"), k.Str("code") != "reported")
	}
	c.leader.Refused(clash, "repair.unmet", handlertest.Post, decideRepair(a), says("masked", "", "同意"))
	tick("reported", true) // corrected: the report was in another volume
	refusedAll(t, []mistake{
		{c.leader, clash, "repair.not_listed", handlertest.Post, decideRepair(a), says("masked", "", "同意"), ""},
		{c.leader, clash, "repair.not_restricted", handlertest.Post, decideRepair(a), says("paused", "2026-04-30", "同意"), ""},
	})
	c.granted(a, "refused", "")
	c.leader.Refused(clash, "repair.decided", handlertest.Post, decideRepair(a), says("suspended", "2026-06-30", "反悔"))

	// A listing without a term, and the restriction that follows from it.
	l := c.take("listing")
	a = c.repairOf(handlertest.Obj{})
	c.leader.Refused(clash, "repair.no_term", handlertest.Post, decideRepair(a), says("shortened", "2026-09-10", "至履行完毕为止的没有期限"))
	c.granted(a, "refused", "")
	all := c.officer.Measures(c.id)
	restricted := all[slices.IndexFunc(all, func(m handlertest.Obj) bool { return m.Str("kind") == "consumption" })]
	a = c.repairOf(handlertest.Obj{"measure_id": restricted.ID("id")})
	c.leader.Refused(clash, "repair.listed", handlertest.Post, decideRepair(a), says("paused", "2026-04-30", "同意"))
	c.granted(a, "refused", "")
	c.leader.Does(handlertest.LiftMeasure, l.ID("id"), handlertest.Obj{"ground": "wrong", "reason": "适用事由不当", "proof": "已删除", "version": c.measure(l).Num("version")})

	// One with a term is shortened once, by whoever did not check.
	c.take("listing", "ground", "property_report", "other_act", "另一行为")
	c.granted(c.repairOf(handlertest.Obj{}), "shortened", "2026-09-10")
	a = c.repairOf(handlertest.Obj{})
	c.leader.Refused(clash, "repair.shortened", handlertest.Post, decideRepair(a), says("shortened", "2026-08-10", "再缩短"))
	if err := c.DB.Transact(t.Context(), func(tx *storage.DB) error { // who checked is made a leader
		return tx.GrantRole(t.Context(), &model.RoleGrant{UserID: c.officer.UserID, CourtID: c.Court.ID, Role: model.RoleLeader})
	}); err != nil {
		t.Fatal(err)
	}
	c.officer.Refused(clash, "repair.own", handlertest.Post, decideRepair(a), says("masked", "", "我核查过"))
}
