package handler_test

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"

	"microcourt/model"
)

// repairOf is an application for credit repair whose every criterion is met.
func (c *coerced) repairOf(in obj) obj {
	c.t.Helper()
	in["party_id"] = c.f.debtor
	if in["reason"] == nil {
		in["reason"] = "已达成和解并按约履行，需要投标"
	}
	a := c.debtor.must(http.StatusCreated, post, fmt.Sprintf("/cases/%d/repair-applications", c.f.id), in)
	for _, k := range a.list("criteria") {
		c.officer.must(http.StatusOK, post, fmt.Sprintf("/repair-applications/%d/check", a.id("id")), obj{"code": k.str("code"), "met": true, "note": "已核查"})
	}
	return a
}

func onRepair(a obj, what string) string {
	return fmt.Sprintf("/repair-applications/%d/%s", a.id("id"), what)
}

func (c *coerced) granted(a obj, decision, until string) obj {
	c.t.Helper()
	in := obj{"decision": decision, "reason": "条件具备"}
	if until != "" {
		in["until"] = until
	}
	return c.leader.must(http.StatusOK, post, onRepair(a, "decide"), in)
}

// shown is the list as the public and as an agency see it.
func (c *coerced) shown(agency *client) (public, full []obj) {
	c.t.Helper()
	public = c.public().must(http.StatusOK, get, "/listings?court="+escaped("浙0211"), nil).list("listings")
	full = agency.must(http.StatusOK, get, "/agency/listings", nil).list("listings")
	return public, full
}

// A listing follows what was decided on its subject's application: masked,
// suspended, shortened, each until its day or until the condition is broken.
func TestCreditRepairWorksOnTheListing(t *testing.T) {
	t.Parallel()
	c := newCoerced(t)
	agency := c.staff("agency", model.RoleAgency)
	none := c.repairOf(obj{})
	c.leader.refused(clash, "repair.not_listed", post, onRepair(none, "decide"), obj{"decision": "masked", "reason": "同意"})
	c.granted(none, "refused", "")
	l := c.take("listing", "ground", "property_report")
	public, full := c.shown(agency)
	if len(public) != 1 || public[0].str("name") != "赵明" || public[0].str("number") != "340524********001X" || public[0].str("until") != "2028-03-05" ||
		len(full) != 1 || full[0].str("number") != "34052419800101001X" {
		t.Fatalf("published: %v, for agencies: %v", public, full)
	}
	if c.audited("listing.look") != 1 {
		t.Error("the agency's look is not on record")
	}

	a := c.repairOf(obj{"measure_id": l.id("id")})
	if v := c.granted(a, "masked", "2026-12-31"); v.id("measure_id") != l.id("id") || v.str("effect") != "屏蔽失信信息，自2026年3月6日起，至2026年12月31日" {
		t.Errorf("%v", v)
	}
	for _, list := range c.both(agency) {
		if len(list) != 1 || list[0].str("name") != "赵*" || list[0].str("number") != "" || list[0].str("ground_text") != "" || list[0]["masked"] != true {
			t.Errorf("masked: %v", list)
		}
	}
	c.officer.refused(clash, "poster.state", post, on(l, "posters"), obj{"place": "十七房村"})
	c.leader.refused(bad, "reason.required", post, onRepair(a, "revoke"), obj{"reason": " "})
	broken := obj{"reason": "未再按和解协议履行"}
	ended := c.leader.must(http.StatusOK, post, onRepair(a, "revoke"), broken)
	if again := c.leader.must(http.StatusOK, post, onRepair(a, "revoke"), broken); again.str("revoked_at") != ended.str("revoked_at") || !strings.Contains(ended.str("effect"), "3月6日撤销") {
		t.Errorf("%v, repeated: %v", ended, again)
	}
	c.leader.refused(clash, "repair.ended", post, onRepair(a, "revoke"), obj{"reason": "另一理由"})
	if public, _ = c.shown(agency); public[0].str("name") != "赵明" || public[0]["masked"] != false || c.told(c.debtor, "repair.decided") != 3 {
		t.Errorf("after the breach: %v", public)
	}

	a = c.repairOf(obj{})
	c.granted(a, "suspended", "2026-06-30")
	for _, list := range c.both(agency) {
		if len(list) != 0 {
			t.Errorf("suspended: %v", list)
		}
	}
	own := c.debtor.must(http.StatusOK, get, fmt.Sprintf("/cases/%d/measures", c.f.id), nil).list("measures")
	if i := slices.IndexFunc(own, func(m obj) bool { return m.str("kind") == "listing" }); own[i].str("exposure") != "suspended" || own[i].str("state") != "in_force" {
		t.Errorf("the debtor sees %v", own)
	}
	c.pass(at(6, 30, 23))
	agency.renew()
	if public, _ = c.shown(agency); len(public) != 0 {
		t.Errorf("on its last day: %v", public)
	}
	c.pass(at(7, 1, 0)) // it comes back by itself
	if public, full = c.shown(agency); len(public) != 1 || len(full) != 1 {
		t.Errorf("after the suspension: %v %v", public, full)
	}
	c.leader.refused(clash, "repair.ended", post, onRepair(a, "revoke"), obj{"reason": "已经届满"})

	a = c.repairOf(obj{})
	c.leader.refused(bad, "repair.until", post, onRepair(a, "decide"), obj{"decision": "shortened", "until": "2028-03-05", "reason": "同意"})
	c.granted(a, "shortened", "2026-09-10")
	if m := c.measure(l); m.str("until") != "2026-09-10" || !strings.Contains(m.str("term"), "因信用修复缩短至2026年9月10日") {
		t.Errorf("%v", m)
	}
	second := c.repairOf(obj{})
	c.leader.refused(clash, "repair.shortened", post, onRepair(second, "decide"), obj{"decision": "shortened", "until": "2026-08-10", "reason": "再缩短"})
	c.granted(second, "refused", "")
	c.leader.must(http.StatusOK, post, onRepair(a, "revoke"), broken)
	if m := c.measure(l); m.str("until") != "2028-03-05" {
		t.Errorf("its term after the breach: %v", m.str("until"))
	}
	c.granted(c.repairOf(obj{}), "shortened", "2026-09-10")
	c.pass(at(9, 11, 10))
	agency.renew()
	if public, _ = c.shown(agency); len(public) != 0 {
		t.Errorf("the term is over: %v", public)
	}
	m := c.measure(l)
	due := m.list("tasks")
	if len(due) != 1 || due[0].str("kind") != "measure.over" || due[0].str("due_at") != "2026-09-15T15:59:59Z" {
		t.Fatalf("the deletion: %v", due)
	}
	m = c.officer.must(http.StatusOK, post, on(l, "expire"), obj{"proof": "名单库删除回执 9", "version": m.num("version")})
	var kinds []string
	for _, e := range m.list("entries") {
		kinds = append(kinds, e.str("kind"))
	}
	if m.str("state") != "expired" || strings.Join(kinds, " ") != "proposed decided repaired repair_ended repaired repaired repair_ended repaired expired" {
		t.Errorf("%v %v", m.str("state"), kinds)
	}
}

func (c *coerced) both(agency *client) [][]obj {
	c.t.Helper()
	public, full := c.shown(agency)
	return [][]obj{public, full}
}

// While its publication is suspended a listing is neither proposed, nor
// decided, nor published after its days of grace; the revocation opens the way.
func TestCreditRepairKeepsOffTheList(t *testing.T) {
	t.Parallel()
	c := newCoerced(t)
	proposed := c.propose("listing")
	a := c.repairOf(obj{})
	c.granted(a, "suspended", "2026-06-30")
	c.leader.refused(clash, "repair.suspended", post, on(proposed, "decide"), obj{"opinion": "同意", "version": proposed.num("version")})
	c.officer.must(http.StatusOK, post, on(proposed, "withdraw"), obj{"reason": "暂缓纳入", "version": proposed.num("version")})
	c.officer.refused(clash, "repair.suspended", post, c.at, c.wants("listing"))
	c.leader.must(http.StatusOK, post, onRepair(a, "revoke"), obj{"reason": "转移财产"})

	graced := c.take("listing", "grace_months", 1)
	a = c.repairOf(obj{"measure_id": graced.id("id")})
	c.leader.refused(clash, "repair.not_listed", post, onRepair(a, "decide"), obj{"decision": "masked", "reason": "尚未公布"})
	c.granted(a, "suspended", "2026-06-30")
	publication := func() string {
		for _, t := range c.measure(graced).list("tasks") {
			if t.str("kind") == "measure.publish" {
				return t.str("due_at")
			}
		}
		return ""
	}
	if publication() != "2026-07-01T15:59:59Z" {
		t.Errorf("its publication is due at %v", publication())
	}
	c.pass(at(4, 7, 10))
	c.officer.refused(clash, "repair.suspended", post, on(graced, "effect"), obj{"version": graced.num("version")})
	c.leader.must(http.StatusOK, post, onRepair(a, "revoke"), obj{"reason": "未按约履行"})
	if publication() != "2026-04-08T15:59:59Z" {
		t.Errorf("after the breach it is due at %v", publication())
	}
	if m := c.officer.must(http.StatusOK, post, on(graced, "effect"), obj{"version": graced.num("version")}); m.str("state") != "in_force" {
		t.Errorf("%v", m)
	}
	a = c.repairOf(obj{})
	c.leader.refused(clash, "repair.no_term", post, onRepair(a, "decide"), obj{"decision": "shortened", "until": "2026-09-10", "reason": "至履行完毕为止的没有期限"})
	// Two leaders want different things at once: one is done, wholly.
	two, statuses := c.staff("leader.two", model.RoleLeader), make([]int, 2)
	two.renew()
	var wg sync.WaitGroup
	for i, in := range []obj{{"decision": "masked", "reason": "同意"}, {"decision": "suspended", "until": "2026-08-31", "reason": "同意"}} {
		by := []*client{c.leader, two}[i]
		wg.Go(func() { statuses[i] = by.call(post, onRepair(a, "decide"), in).status })
	}
	wg.Wait()
	seen, m := c.public().must(http.StatusOK, get, "/listings?court="+escaped("浙0211"), nil).list("listings"), c.measure(graced)
	want := map[bool]string{true: "masked", false: "suspended"}[statuses[0] == http.StatusOK]
	if slices.Sort(statuses); statuses[0] != http.StatusOK || statuses[1] != clash || m.str("exposure") != want || len(seen) != map[string]int{"masked": 1}[want] {
		t.Errorf("two leaders at once: %v, the listing is %v and seen as %v", statuses, m.str("exposure"), seen)
	}
}

// An application against somebody else's listing, or with a paper that does
// not fit, is refused and changes nothing.
func TestCreditRepairOfAnother(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	c := &coerced{world: w, judge: w.staff("zhang.min", model.RoleJudge), clerk: w.staff("wan.tt", model.RoleClerk)}
	c.officer, c.leader, c.debtor = w.staff("ji.fg", model.RoleOfficer), w.staff("chen.zj", model.RoleLeader), w.phone("")
	in := personInput(nil)
	in["parties"] = append(in["parties"].([]obj), obj{"ref": "D2", "role": "defendant", "kind": "person", "name": "钱亮", "id_number": "11010519491231002X"})
	in["instruments"].([]obj)[0]["obligations"].([]obj)[0]["obligors"] = []string{"D1", "D2"}
	c.f = w.fileInput(c.clerk, in)
	other := int64(0)
	for _, p := range c.clerk.must(http.StatusOK, get, fmt.Sprintf("/cases/%d", c.f.id), nil).list("parties") {
		if p.str("ref") == "D2" {
			other = p.id("id")
		}
	}
	c.debtor.bind(c.clerk, c.f.id, c.f.debtor)
	guarantor := w.phone("")
	guarantor.bind(c.clerk, c.f.id, other)
	c.id, _ = w.enforce(c.clerk, c.f, "ji.fg")
	c.at = fmt.Sprintf("/enforcement-cases/%d/measures", c.id)
	c.pass(at(3, 6, 10))
	guarantor.renew()
	l := c.take("listing", "ground", "property_report")
	tracing := c.take("tracing")
	path := fmt.Sprintf("/cases/%d/repair-applications", c.f.id)
	mine := func(change ...any) obj {
		o := obj{"party_id": c.f.debtor, "reason": "已履行大部分"}
		for i := 0; i < len(change); i += 2 {
			o[change[i].(string)] = change[i+1]
		}
		return o
	}
	refusedAll(t, []mistake{
		{guarantor, bad, "repair.measure", post, path, obj{"party_id": other, "measure_id": l.id("id"), "reason": "替他申请"}, "measure_id"},
		{guarantor, bad, "repair.party", post, path, mine("measure_id", l.id("id")), "party_id"},
		{c.debtor, bad, "repair.measure", post, path, mine("measure_id", tracing.id("id")), "measure_id"},
		{c.debtor, bad, "repair.measure", post, path, mine("measure_id", 999999), "measure_id"},
		{c.officer, bad, "repair.applied_on", post, path, mine("applied_on", "2026-03-07"), "applied_on"},
		{c.officer, bad, "repair.applied_on", post, path, mine("applied_on", "2026-02-27"), "applied_on"},
		{c.officer, bad, "file.unknown", post, path, mine("file_id", 999999), "file_id"},
		{w.public(), gone, "court.not_found", get, "/listings?court=" + escaped("浙9999"), nil, ""},
	})
	// What the guarantor is granted is about him alone.
	a := guarantor.must(http.StatusCreated, post, path, obj{"party_id": other, "reason": "本人已达成和解"})
	for _, k := range a.list("criteria") {
		c.officer.must(http.StatusOK, post, onRepair(a, "check"), obj{"code": k.str("code"), "met": true, "note": "已核查"})
	}
	elsewhere := w.staffOf(w.addCourt("浙0212", "宁波市另一区人民法院", "另法"), "far", model.RoleLeader)
	c.granted(a, "suspended", "2026-06-30")
	elsewhere.refused(gone, "repair.not_found", post, onRepair(a, "revoke"), obj{"reason": "别的法院"})
	c.officer.refused(http.StatusForbidden, "role.forbidden", post, onRepair(a, "revoke"), obj{"reason": "由院领导决定"})
	if list := w.public().must(http.StatusOK, get, "/listings?court="+escaped("浙0211"), nil).list("listings"); len(list) != 1 || list[0].str("name") != "赵明" {
		t.Errorf("the debtor's listing: %v", list)
	}
	// A paper that came in on 3 March: its clock runs from then.
	paper := c.officer.must(http.StatusCreated, post, path, mine("applied_on", "2026-03-03", "measure_id", l.id("id"), "file_id", c.officer.uploaded(c.f.id, 61)))
	if paper.str("due_on") != "2026-03-17" || paper["by_officer"] != true || paper.str("applied_on") != "2026-03-03" {
		t.Errorf("%v", paper)
	}
}
