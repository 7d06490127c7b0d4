package handler_test

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"

	"microcourt/handler/handlertest"

	"microcourt/model"
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

// A listing follows what was decided on its subject's application: masked,
// suspended, shortened, each until its day or until the condition is broken.
func TestCreditRepairWorksOnTheListing(t *testing.T) {
	t.Parallel()
	c := newCoerced(t)
	agency := c.Staff("agency", model.RoleAgency)
	none := c.repairOf(handlertest.Obj{})
	c.leader.Refused(clash, "repair.not_listed", handlertest.Post, decideRepair(none), handlertest.Obj{"decision": "masked", "reason": "同意"})
	c.granted(none, "refused", "")
	l := c.take("listing", "ground", "property_report")
	public, full := c.shown(agency)
	if len(public) != 1 || public[0].Str("name") != "赵明" || public[0].Str("number") != "340524********001X" || public[0].Str("until") != "2028-03-06" ||
		len(full) != 1 || full[0].Str("number") != "34052419800101001X" {
		t.Fatalf("published: %v, for agencies: %v", public, full)
	}
	if c.Audited(model.AuditListingLook) != 1 {
		t.Error("the agency's look is not on record")
	}

	a := c.repairOf(handlertest.Obj{"measure_id": l.ID("id")})
	if v := c.granted(a, "masked", "2026-12-31"); v.ID("measure_id") != l.ID("id") || v.Str("effect") != "屏蔽失信信息，自2026年3月6日起，至2026年12月31日" {
		t.Errorf("%v", v)
	}
	for _, list := range c.both(agency) {
		if len(list) != 1 || list[0].Str("name") != "赵*" || list[0].Str("number") != "" || list[0].Str("ground_text") != "" || list[0]["masked"] != true {
			t.Errorf("masked: %v", list)
		}
	}
	c.officer.Refused(clash, "poster.state", handlertest.Post, on(l, "posters"), handlertest.Obj{"place": "十七房村"})
	c.leader.Rejected("reason.required", handlertest.RevokeRepair, a.ID("id"), handlertest.Obj{"reason": " "})
	broken := handlertest.Obj{"reason": "未再按和解协议履行"}
	ended := c.leader.Does(handlertest.RevokeRepair, a.ID("id"), broken)
	if again := c.leader.Does(handlertest.RevokeRepair, a.ID("id"), broken); again.Str("revoked_at") != ended.Str("revoked_at") || !strings.Contains(ended.Str("effect"), "3月6日撤销") {
		t.Errorf("%v, repeated: %v", ended, again)
	}
	c.leader.Rejected("repair.ended", handlertest.RevokeRepair, a.ID("id"), handlertest.Obj{"reason": "另一理由"})
	if public, _ = c.shown(agency); public[0].Str("name") != "赵明" || public[0]["masked"] != false || c.told(c.debtor, "repair.decided") != 3 {
		t.Errorf("after the breach: %v", public)
	}

	a = c.repairOf(handlertest.Obj{})
	c.granted(a, "suspended", "2026-06-30")
	for _, list := range c.both(agency) {
		if len(list) != 0 {
			t.Errorf("suspended: %v", list)
		}
	}
	own := c.debtor.Must(http.StatusOK, handlertest.Get, fmt.Sprintf("/cases/%d/measures", c.f.ID), nil).List("measures")
	if i := slices.IndexFunc(own, func(m handlertest.Obj) bool { return m.Str("kind") == "listing" }); own[i].Str("exposure") != "suspended" || own[i].Str("state") != "in_force" {
		t.Errorf("the debtor sees %v", own)
	}
	c.pass(at(6, 30, 23))
	agency.Renew()
	if public, _ = c.shown(agency); len(public) != 0 {
		t.Errorf("on its last day: %v", public)
	}
	c.pass(at(7, 1, 0)) // it comes back by itself
	if public, full = c.shown(agency); len(public) != 1 || len(full) != 1 {
		t.Errorf("after the suspension: %v %v", public, full)
	}
	c.leader.Rejected("repair.ended", handlertest.RevokeRepair, a.ID("id"), handlertest.Obj{"reason": "已经届满"})

	a = c.repairOf(handlertest.Obj{})
	c.leader.Refused(handlertest.Bad, "repair.until", handlertest.Post, decideRepair(a), handlertest.Obj{"decision": "shortened", "until": "2028-03-06", "reason": "同意"})
	c.granted(a, "shortened", "2026-09-10")
	if m := c.measure(l); m.Str("until") != "2026-09-10" || !strings.Contains(m.Str("term"), "因信用修复缩短至2026年9月10日") {
		t.Errorf("%v", m)
	}
	second := c.repairOf(handlertest.Obj{})
	c.leader.Refused(clash, "repair.shortened", handlertest.Post, decideRepair(second), handlertest.Obj{"decision": "shortened", "until": "2026-08-10", "reason": "再缩短"})
	c.granted(second, "refused", "")
	c.leader.Does(handlertest.RevokeRepair, a.ID("id"), broken)
	if m := c.measure(l); m.Str("until") != "2028-03-06" {
		t.Errorf("its term after the breach: %v", m.Str("until"))
	}
	c.granted(c.repairOf(handlertest.Obj{}), "shortened", "2026-09-10")
	c.pass(at(9, 11, 10))
	agency.Renew()
	if public, _ = c.shown(agency); len(public) != 0 {
		t.Errorf("the term is over: %v", public)
	}
	m := c.measure(l)
	due := m.List("tasks")
	if len(due) != 1 || due[0].Str("kind") != "measure.over" || due[0].Str("due_at") != "2026-09-15T15:59:59Z" {
		t.Fatalf("the deletion: %v", due)
	}
	m = c.officer.Does(handlertest.EndExpiredMeasure, l.ID("id"), handlertest.Obj{"proof": "名单库删除回执 9", "version": m.Num("version")})
	var kinds []string
	for _, e := range m.List("entries") {
		kinds = append(kinds, e.Str("kind"))
	}
	if m.Str("state") != "expired" || strings.Join(kinds, " ") != "proposed decided repaired repair_ended repaired repaired repair_ended repaired expired" {
		t.Errorf("%v %v", m.Str("state"), kinds)
	}
}

func (c *coerced) both(agency *handlertest.Client) [][]handlertest.Obj {
	c.T.Helper()
	public, full := c.shown(agency)
	return [][]handlertest.Obj{public, full}
}

// While its publication is suspended a listing is neither proposed, nor
// decided, nor published after its days of grace; the revocation opens the way.
func TestCreditRepairKeepsOffTheList(t *testing.T) {
	t.Parallel()
	c := newCoerced(t)
	proposed := c.propose("listing")
	a := c.repairOf(handlertest.Obj{})
	c.granted(a, "suspended", "2026-06-30")
	c.leader.Refused(clash, "repair.suspended", handlertest.Post, on(proposed, "decide"), handlertest.Obj{"opinion": "同意", "version": proposed.Num("version")})
	c.officer.Does(handlertest.WithdrawMeasure, proposed.ID("id"), handlertest.Obj{"reason": "暂缓纳入", "version": proposed.Num("version")})
	c.officer.Rejected("repair.suspended", handlertest.ProposeMeasure, c.id, c.wants("listing"))
	c.leader.Does(handlertest.RevokeRepair, a.ID("id"), handlertest.Obj{"reason": "转移财产"})

	graced := c.take("listing", "grace_months", 1)
	a = c.repairOf(handlertest.Obj{"measure_id": graced.ID("id")})
	c.leader.Refused(clash, "repair.not_listed", handlertest.Post, decideRepair(a), handlertest.Obj{"decision": "masked", "reason": "尚未公布"})
	c.granted(a, "suspended", "2026-06-30")
	publication := func() string {
		for _, t := range c.measure(graced).List("tasks") {
			if t.Str("kind") == "measure.publish" {
				return t.Str("due_at")
			}
		}
		return ""
	}
	if publication() != "2026-07-01T15:59:59Z" {
		t.Errorf("its publication is due at %v", publication())
	}
	c.pass(at(4, 7, 10))
	c.officer.Rejected("repair.suspended", handlertest.BringIntoForce, graced.ID("id"), handlertest.Obj{"version": graced.Num("version")})
	c.leader.Does(handlertest.RevokeRepair, a.ID("id"), handlertest.Obj{"reason": "未按约履行"})
	if publication() != "2026-04-08T15:59:59Z" {
		t.Errorf("after the breach it is due at %v", publication())
	}
	if m := c.officer.Does(handlertest.BringIntoForce, graced.ID("id"), handlertest.Obj{"version": graced.Num("version")}); m.Str("state") != "in_force" {
		t.Errorf("%v", m)
	}
	a = c.repairOf(handlertest.Obj{})
	c.leader.Refused(clash, "repair.no_term", handlertest.Post, decideRepair(a), handlertest.Obj{"decision": "shortened", "until": "2026-09-10", "reason": "至履行完毕为止的没有期限"})
	// Two leaders want different things at once: one is done, wholly.
	two, statuses := c.Staff("leader.two", model.RoleLeader), make([]int, 2)
	two.Renew()
	var wg sync.WaitGroup
	for i, in := range []handlertest.Obj{{"decision": "masked", "reason": "同意"}, {"decision": "suspended", "until": "2026-08-31", "reason": "同意"}} {
		by := []*handlertest.Client{c.leader, two}[i]
		wg.Go(func() { statuses[i] = by.Call(handlertest.Post, decideRepair(a), in).Status })
	}
	wg.Wait()
	seen, m := c.Public().Must(http.StatusOK, handlertest.Get, "/listings?court="+escaped("浙0211"), nil).List("listings"), c.measure(graced)
	want := map[bool]string{true: "masked", false: "suspended"}[statuses[0] == http.StatusOK]
	if slices.Sort(statuses); statuses[0] != http.StatusOK || statuses[1] != clash || m.Str("exposure") != want || len(seen) != map[string]int{"masked": 1}[want] {
		t.Errorf("two leaders at once: %v, the listing is %v and seen as %v", statuses, m.Str("exposure"), seen)
	}
}

// An application against somebody else's listing, or with a paper that does
// not fit, is refused and changes nothing.
func TestCreditRepairOfAnother(t *testing.T) {
	t.Parallel()
	w := handlertest.New(t)
	c := &coerced{World: w, judge: w.Staff("zhang.min", model.RoleJudge), clerk: w.Staff("wan.tt", model.RoleClerk)}
	c.officer, c.leader, c.debtor = w.Staff("ji.fg", model.RoleOfficer), w.Staff("chen.zj", model.RoleLeader), w.Phone("")
	in := personInput(nil)
	in["parties"] = append(in["parties"].([]handlertest.Obj), handlertest.Obj{"ref": "D2", "role": "defendant", "kind": "person", "name": "钱亮", "id_number": "11010519491231002X"})
	in["instruments"].([]handlertest.Obj)[0]["obligations"].([]handlertest.Obj)[0]["obligors"] = []string{"D1", "D2"}
	c.f = w.FileInput(c.clerk, in)
	other := int64(0)
	for _, p := range c.clerk.Must(http.StatusOK, handlertest.Get, fmt.Sprintf("/cases/%d", c.f.ID), nil).List("parties") {
		if p.Str("ref") == "D2" {
			other = p.ID("id")
		}
	}
	c.debtor.Bind(c.clerk, c.f.ID, c.f.Debtor)
	guarantor := w.Phone("")
	guarantor.Bind(c.clerk, c.f.ID, other)
	c.id, _ = w.Enforce(c.clerk, c.f, "ji.fg")
	c.pass(at(3, 6, 10))
	guarantor.Renew()
	l := c.take("listing", "ground", "property_report")
	tracing := c.take("tracing")
	path := fmt.Sprintf("/cases/%d/repair-applications", c.f.ID)
	mine := func(change ...any) handlertest.Obj {
		o := handlertest.Obj{"party_id": c.f.Debtor, "reason": "已履行大部分"}
		for i := 0; i < len(change); i += 2 {
			o[change[i].(string)] = change[i+1]
		}
		return o
	}
	refusedAll(t, []mistake{
		{guarantor, handlertest.Bad, "repair.measure", handlertest.Post, path, handlertest.Obj{"party_id": other, "measure_id": l.ID("id"), "reason": "替他申请"}, "measure_id"},
		{guarantor, handlertest.Bad, "repair.party", handlertest.Post, path, mine("measure_id", l.ID("id")), "party_id"},
		{c.debtor, handlertest.Bad, "repair.measure", handlertest.Post, path, mine("measure_id", tracing.ID("id")), "measure_id"},
		{c.debtor, handlertest.Bad, "repair.measure", handlertest.Post, path, mine("measure_id", 999999), "measure_id"},
		{c.officer, handlertest.Bad, "repair.applied_on", handlertest.Post, path, mine("applied_on", "2026-03-07"), "applied_on"},
		{c.officer, handlertest.Bad, "repair.applied_on", handlertest.Post, path, mine("applied_on", "2026-02-27"), "applied_on"},
		{c.officer, handlertest.Bad, "file.unknown", handlertest.Post, path, mine("file_id", 999999), "file_id"},
		{w.Public(), handlertest.Gone, "court.not_found", handlertest.Get, "/listings?court=" + escaped("浙9999"), nil, ""},
	})
	// What the guarantor is granted is about him alone.
	a := guarantor.Must(http.StatusCreated, handlertest.Post, path, handlertest.Obj{"party_id": other, "reason": "本人已达成和解"})
	for _, k := range a.List("criteria") {
		c.officer.Does(handlertest.CheckRepair, a.ID("id"), handlertest.Obj{"code": k.Str("code"), "met": true, "note": "已核查"})
	}
	elsewhere := w.StaffOf(w.AddCourt("浙0212", "宁波市另一区人民法院", "另法"), "far", model.RoleLeader)
	c.granted(a, "suspended", "2026-06-30")
	elsewhere.Rejected("repair.not_found", handlertest.RevokeRepair, a.ID("id"), handlertest.Obj{"reason": "别的法院"})
	c.officer.Rejected("role.forbidden", handlertest.RevokeRepair, a.ID("id"), handlertest.Obj{"reason": "由院领导决定"})
	if list := w.Public().Must(http.StatusOK, handlertest.Get, "/listings?court="+escaped("浙0211"), nil).List("listings"); len(list) != 1 || list[0].Str("name") != "赵明" {
		t.Errorf("the debtor's listing: %v", list)
	}
	// A paper that came in on 3 March: its clock runs from then.
	paper := c.officer.Must(http.StatusCreated, handlertest.Post, path, mine("applied_on", "2026-03-03", "measure_id", l.ID("id"), "file_id", c.officer.Uploaded(c.f.ID, 61)))
	if paper.Str("due_on") != "2026-03-17" || paper["by_officer"] != true || paper.Str("applied_on") != "2026-03-03" {
		t.Errorf("%v", paper)
	}
}
