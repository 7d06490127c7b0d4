package handler_test

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"microcourt/model"
)

const clash = http.StatusConflict

// coerced is an enforcement case against a person whose term to pay is over.
type coerced struct {
	*world
	judge, clerk, officer, leader, debtor *client
	f                                     filed
	id                                    int64 // of the enforcement case
	at                                    string
}

// personInput is a case whose debtor is a person and owes 1,000 yuan since
// 20 February.
func personInput(change func(debtor obj)) obj {
	in := caseInput()
	debtor := obj{"ref": "D1", "role": "defendant", "kind": "person", "name": "赵明", "id_number": "34052419800101001X", "phone": "13900139000"}
	if change != nil {
		change(debtor)
	}
	in["parties"].([]obj)[1] = debtor
	in["instruments"].([]obj)[0]["obligations"] = []obj{{"ref": "O1", "kind": "money", "obligors": []string{"D1"}, "obligee": "C1", "amount_fen": 100000, "due_on": "2026-02-20"}}
	return in
}

func newCoerced(t *testing.T) *coerced {
	t.Helper()
	return coercedIn(t, 2026)
}

// coercedIn is the case as it would have come in another year. A log-in's end
// is counted by the real clock, so that what takes years begins in the past.
func coercedIn(t *testing.T, year int) *coerced {
	t.Helper()
	return newCoercedWith(t, year, nil)
}

func newCoercedWith(t *testing.T, year int, prepare func(*world)) *coerced {
	t.Helper()
	w := newWorldWith(t, prepare)
	w.clock.Set(time.Date(year, 3, 2, 10, 0, 0, 0, model.CourtZone))
	c := &coerced{world: w, judge: w.staff("zhang.min", model.RoleJudge), clerk: w.staff("wan.tt", model.RoleClerk)}
	c.officer, c.leader, c.debtor = w.staff("ji.fg", model.RoleOfficer), w.staff("chen.zj", model.RoleLeader), w.phone("")
	in := moved(t, personInput(nil), year)
	c.f = w.fileInput(c.clerk, in)
	c.debtor.bind(c.clerk, c.f.id, c.f.debtor)
	c.id, _ = w.enforceOn(c.clerk, c.f, "ji.fg", model.NewDate(year, 3, 1))
	c.at = fmt.Sprintf("/enforcement-cases/%d/measures", c.id)
	c.pass(time.Date(year, 3, 6, 10, 0, 0, 0, model.CourtZone)) // the term of the 执行通知 ended on the 5th
	return c
}

// moved is an input of 2026 with the dates and numbers of another year.
func moved(t *testing.T, in obj, year int) obj {
	t.Helper()
	b, err := json.Marshal(in)
	if err != nil {
		t.Fatal(err)
	}
	out := obj{}
	if err := json.Unmarshal([]byte(strings.NewReplacer("2026-", fmt.Sprintf("%d-", year), "2026）", fmt.Sprintf("%d）", year)).Replace(string(b))), &out); err != nil {
		t.Fatal(err)
	}
	return out
}

// pass moves the clock; everybody logs in again and the officers' worker runs.
func (c *coerced) pass(to time.Time) {
	c.t.Helper()
	c.clock.Set(to)
	for _, p := range []*client{c.judge, c.clerk, c.officer, c.leader, c.debtor} {
		p.renew()
	}
	if err := c.svc.Enforcement.Pass(context.Background()); err != nil {
		c.t.Fatal(err)
	}
}

// wants is a proposal that the law allows, with one thing changed.
func (c *coerced) wants(kind string, change ...any) obj {
	ground := map[string]string{
		"listing": "able_refuses", "consumption": "notice_missed", "tracing": "whereabouts", "exit_ban": "unperformed", "detention": "hides_property", "fine": "hides_property",
	}[kind]
	o := obj{"party_id": c.f.debtor, "kind": kind, "resistance": "evade", "ground": ground, "facts": "收到执行通知后将车辆无偿转让他人。"}
	switch kind {
	case "detention":
		o["days"] = 15
	case "fine":
		o["amount_fen"] = 1000000
	}
	if kind == "detention" || kind == "fine" {
		o["act_on"], o["act_text"] = "2026-03-05", "无偿转让车辆"
	}
	for i := 0; i < len(change); i += 2 {
		o[change[i].(string)] = change[i+1]
	}
	return o
}

func (c *coerced) propose(kind string, change ...any) obj {
	c.t.Helper()
	return c.officer.must(http.StatusCreated, post, c.at, c.wants(kind, change...))
}

func on(m obj, what string) string { return fmt.Sprintf("/measures/%d/%s", m.id("id"), what) }

// decide lets whoever may decide the measure do so.
func (c *coerced) decide(m obj) obj {
	c.t.Helper()
	by := c.leader
	if k := m.str("kind"); k == "tracing" || k == "exit_ban" {
		by = c.officer
	}
	return by.must(http.StatusOK, post, on(m, "decide"), obj{"opinion": "同意", "version": m.num("version")})
}

func (c *coerced) take(kind string, change ...any) obj {
	c.t.Helper()
	return c.decide(c.propose(kind, change...))
}

func (c *coerced) measure(m obj) obj {
	c.t.Helper()
	return c.officer.must(http.StatusOK, get, fmt.Sprintf("/measures/%d", m.id("id")), nil)
}

// pay lets the debtor pay everything and somebody confirm it.
func (c *coerced) pay(by *client, seed int) {
	c.t.Helper()
	by.confirm(c.debtor.submit(c.f, 100000, seed), 100000)
}

func (c *coerced) told(by *client, kind string) (n int) {
	c.t.Helper()
	for _, v := range by.must(http.StatusOK, get, "/notices?limit=50", nil).list("notices") {
		if v.str("kind") == kind {
			n++
		}
	}
	return n
}

// A detention from proposal to early release: the debtor is not warned, the
// family is told in time, he applies for review, repents and is released by the
// president's decision.
func TestDetentionFromProposalToRelease(t *testing.T) {
	t.Parallel()
	c := newCoerced(t)
	c.officer.refused(bad, "measure.days", post, c.at, c.wants("detention", "days", 16))
	m := c.propose("detention", "days", 10)
	if m.str("state") != "proposed" || m.str("subject_id") != "340524********001X" || !strings.Contains(m.str("citation"), "第一百八十八条第一项") {
		t.Fatal(m)
	}
	if list := c.leader.must(http.StatusOK, get, "/measures?waiting=1", nil).list("measures"); len(list) != 1 || c.told(c.leader, "measure.proposed") != 1 {
		t.Errorf("the leader's decisions: %v", list)
	}
	c.officer.refused(http.StatusForbidden, "measure.leader", post, on(m, "decide"), obj{"opinion": "同意", "version": 1})
	order := obj{"opinion": "同意拘留十日", "version": 1}
	m = c.leader.must(http.StatusOK, post, on(m, "decide"), order)
	if again := c.leader.must(http.StatusOK, post, on(m, "decide"), order); again.num("version") != m.num("version") {
		t.Error("the same decision again changed something")
	}
	if m.str("state") != "decided" || m.str("number") != "镇法司惩拘〔2026〕1号" {
		t.Fatal(m)
	}
	own := fmt.Sprintf("/cases/%d/measures", c.f.id)
	papers := fmt.Sprintf("/cases/%d/documents", c.f.id)
	if list := c.debtor.must(http.StatusOK, get, own, nil).list("measures"); len(list) != 0 {
		t.Errorf("he is warned of his detention: %v", list)
	}
	before := len(c.debtor.must(http.StatusOK, get, papers, nil).list("documents"))
	c.debtor.refused(gone, "measure.not_found", post, on(m, "reviews"), obj{"reason": "不服"})

	c.pass(at(3, 6, 15))
	taken := at(3, 6, 14)
	c.officer.refused(bad, "measure.detained_at", post, on(m, "detain"), obj{"at": at(3, 6, 16), "version": 2})
	c.officer.refused(clash, "measure.not_detained", post, on(m, "family"), obj{"how": "电话", "name": "钱某", "relation": "妻子", "at": taken})
	m = c.officer.must(http.StatusOK, post, on(m, "detain"), obj{"at": taken, "version": 2})
	c.officer.must(http.StatusOK, post, on(m, "detain"), obj{"at": taken, "version": 2}) // the answer got lost
	if m.str("state") != "in_force" || m.str("ends_at") != "2026-03-16T06:00:00Z" || m.str("served_on") != "2026-03-06" {
		t.Fatal(m)
	}
	tasks := map[string]obj{}
	for _, v := range m.list("tasks") {
		tasks[v.str("kind")] = v
	}
	if f := tasks["detention.family"]; f.str("due_at") != "2026-03-07T06:00:00Z" || !strings.Contains(f.str("due_reason"), "第一百八十条") {
		t.Errorf("the family's clock: %v", f)
	}
	if r := tasks["detention.release"]; r.str("due_at") != "2026-03-16T06:00:00Z" {
		t.Errorf("the release: %v", r)
	}
	c.officer.refused(clash, "task.by_act", post, fmt.Sprintf("/tasks/%d/finish", tasks["detention.family"].id("id")), obj{"result": "已通知", "version": 1})
	seen := c.debtor.must(http.StatusOK, get, own, nil).list("measures")
	if len(seen) != 1 || seen[0].str("number") != m.str("number") || seen[0].str("review_until") != "2026-03-09" || !strings.Contains(seen[0].str("remedy"), "三日内向上一级人民法院申请复议") {
		t.Errorf("he sees %v", seen)
	}
	docs := c.debtor.must(http.StatusOK, get, papers, nil).list("documents")
	if len(docs) != before+1 || docs[0].str("kind") != "detention_decision" {
		t.Errorf("his papers: %v", docs)
	}
	if a := c.debtor.call(get, fmt.Sprintf("/documents/%d/pdf", docs[0].id("id")), nil); a.status != http.StatusOK || !strings.HasPrefix(string(a.body), "%PDF") {
		t.Errorf("the decision answers %d", a.status)
	}
	if n := len(c.officer.must(http.StatusOK, get, papers, nil).list("documents")); n < len(docs)+1 {
		t.Error("there is no paper for the family")
	}

	// The family: with a proof, once.
	scan := c.officer.uploaded(c.f.id, 501)
	proof := obj{"name": "钱某", "relation": "妻子", "how": "电话 13700000000，已接通", "at": at(3, 6, 15), "file_id": scan}
	m = c.officer.must(http.StatusOK, post, on(m, "family"), proof)
	delete(proof, "file_id")
	c.officer.refused(clash, "task.done", post, on(m, "family"), proof)

	// Review: within three days, one at a time; the court above makes it seven days.
	r := c.debtor.must(http.StatusCreated, post, on(m, "reviews"), obj{"reason": "处罚过重"})
	if r.str("due_on") != "2026-03-11" || c.told(c.officer, "measure.review_asked") != 1 {
		t.Errorf("the application: %v", r)
	}
	c.debtor.refused(clash, "review.open", post, on(m, "reviews"), obj{"reason": "再次申请"})
	result := fmt.Sprintf("/measure-reviews/%d/result", r.id("id"))
	outcome := obj{"result": "changed", "text": "情节较轻", "by_court": "宁波市中级人民法院", "number": "（2026）浙02司惩复1号", "decided_on": "2026-03-06", "days": 7}
	c.officer.must(http.StatusOK, post, result, outcome)
	c.officer.must(http.StatusOK, post, result, outcome)
	m = c.measure(m)
	if m.num("days") != 7 || m.str("ends_at") != "2026-03-13T06:00:00Z" || c.told(c.debtor, "measure.reviewed") != 1 {
		t.Errorf("after the review: %v", m)
	}
	for _, v := range m.list("tasks") {
		if k := v.str("kind"); k == "detention.release" && v.str("due_at") != "2026-03-13T06:00:00Z" || k == "measure.review" && v.str("state") != "done" {
			t.Errorf("the clocks after the review: %v", v)
		}
	}

	// Remorse: the officer asks, the leader refuses once and then agrees.
	c.pass(at(3, 8, 10))
	remorse := func(v float64) obj {
		return obj{"ground": "remorse", "reason": "已具结悔过", "proof": "具结书一份", "version": v}
	}
	m = c.officer.must(http.StatusOK, post, on(m, "lift"), remorse(m.num("version")))
	if m["lift_asked"] != true || m.str("state") != "in_force" {
		t.Fatalf("an officer released by himself: %v", m)
	}
	c.officer.refused(clash, "lift.asked", post, on(m, "lift"), obj{"ground": "unfit", "reason": "生病", "version": m.num("version")})
	c.leader.refused(bad, "reason.required", post, on(m, "lift-answer"), obj{"yes": false, "version": m.num("version")})
	m = c.leader.must(http.StatusOK, post, on(m, "lift-answer"), obj{"yes": false, "note": "尚未真正认错", "version": m.num("version")})
	m = c.officer.must(http.StatusOK, post, on(m, "lift"), remorse(m.num("version")))
	m = c.leader.must(http.StatusOK, post, on(m, "lift-answer"), obj{"yes": true, "note": "同意", "version": m.num("version")})
	if m.str("state") != "lifted" || m.str("lift_ground") != "remorse" || c.told(c.debtor, "measure.lifted") != 1 {
		t.Errorf("after the release: %v", m)
	}
	for _, v := range m.list("tasks") {
		if v.str("state") == "open" {
			t.Errorf("still to do: %v", v)
		}
	}
	var kinds []string
	for _, e := range m.list("entries") {
		kinds = append(kinds, e.str("kind"))
	}
	if got := strings.Join(kinds, " "); got != "proposed decided in_force family_told review_asked review_result lift_asked lift_refused lift_asked lifted" {
		t.Errorf("its history: %s", got)
	}
	if _, breaks, err := c.db.VerifyAudit(context.Background()); err != nil || len(breaks) != 0 {
		t.Error(breaks, err)
	}
}

// Listing, which restricts spending by the same decision, with days of grace;
// a term that ends opens the deletion by itself.
func TestListingWithGraceAndTerm(t *testing.T) {
	t.Parallel()
	c := coercedIn(t, 2023)
	day := func(year int, month time.Month, d int) time.Time {
		return time.Date(year, month, d, 10, 0, 0, 0, model.CourtZone)
	}
	m := c.take("listing", "ground", "property_report", "grace_months", 1, "extra_years", 1, "extra_reason", "several")
	if m.str("state") != "decided" || m.str("grace_until") != "2023-04-06" || !strings.Contains(m.str("term"), "延长一年") {
		t.Fatal(m)
	}
	all := c.officer.must(http.StatusOK, get, c.at, nil).list("measures")
	if len(all) != 2 || all[0].str("kind") != "consumption" || all[0].str("ground") != "listed" || all[0].str("state") != "decided" || all[0].str("number") != "镇法限消〔2023〕1号" {
		t.Fatalf("what is restricted with the list: %v", all)
	}
	c.officer.refused(clash, "measure.grace_runs", post, on(m, "effect"), obj{"version": m.num("version")})
	c.officer.refused(clash, "poster.state", post, on(m, "posters"), obj{"place": "十七房村"})
	c.pass(day(2023, 4, 7))
	m = c.officer.must(http.StatusOK, post, on(m, "effect"), obj{"version": m.num("version")})
	if m.str("state") != "in_force" || m.str("until") != "2026-04-06" {
		t.Fatal(m)
	}
	m = c.officer.must(http.StatusOK, post, on(m, "service"), obj{"on": "2023-04-07", "how": "本人签收", "version": m.num("version")})
	c.officer.refused(clash, "measure.not_over", post, on(m, "expire"), obj{"proof": "已删除", "version": m.num("version")})
	c.officer.refused(bad, "lift.term", post, on(m, "lift"), obj{"ground": "creditor", "reason": "申请执行人申请", "proof": "已删除", "version": m.num("version")})
	// Three years on the term is over: within three working days the officer
	// deletes it.
	c.pass(day(2026, 4, 7))
	c.pass(day(2026, 4, 8)) // a second pass opens nothing more
	m = c.measure(m)
	var over []obj
	for _, k := range m.list("tasks") {
		if k.str("kind") == string(model.TaskMeasureOver) {
			over = append(over, k)
		}
	}
	if len(over) != 1 || over[0].str("state") != "open" || over[0].str("due_at") != "2026-04-09T15:59:59Z" || !strings.Contains(over[0].str("due_reason"), "第十条第二款") {
		t.Fatalf("the deletion: %v", over)
	}
	deleted := obj{"proof": "名单库删除回执 20260408", "version": m.num("version")}
	m = c.officer.must(http.StatusOK, post, on(m, "expire"), deleted)
	if again := c.officer.must(http.StatusOK, post, on(m, "expire"), deleted); again.num("version") != m.num("version") {
		t.Error("deleted twice")
	}
	if m.str("state") != "expired" || m.list("tasks")[len(m.list("tasks"))-1].str("state") != "done" || c.told(c.debtor, "measure.lifted") != 1 {
		t.Errorf("after the deletion: %v", m)
	}
	period, err := c.svc.Enforcement.MeasureCounts(context.Background(), model.Actor{UserID: 1, CourtID: c.court.ID, Roles: []model.Role{model.RoleLeader}}, model.NewDate(2023, 1, 1), model.NewDate(2023, 6, 30))
	if err != nil || len(period) != 2 {
		t.Errorf("counted %v %v", period, err)
	}
	for _, k := range period {
		if k.N != 1 || k.Kind == model.MeasureListing && k.Kind.Unit() != "条" || k.Kind == model.MeasureConsumption && k.Kind.Unit() != "人次" {
			t.Errorf("%+v %s", k, k.Kind.Unit())
		}
	}
}

// What the law forbids is refused with its article, and nothing is written.
func TestMeasuresRefuse(t *testing.T) {
	t.Parallel()
	c := newCoerced(t)
	minor := c.fileInput(c.clerk, personInput(func(d obj) { d["name"], d["id_number"] = "赵小明", "34052420090303001X" }))
	other, _ := c.enforce(c.clerk, minor, "ji.fg")
	company := c.file(c.clerk)
	firm, _ := c.enforce(c.clerk, company, "ji.fg")
	where := func(id int64) string { return fmt.Sprintf("/enforcement-cases/%d/measures", id) }
	c.pass(at(3, 10, 10))
	stranger := c.staff("lu.fg", model.RoleOfficer)
	director := []any{"party_id", company.debtor, "relation", "principal", "subject_name", "孙立", "subject_id_kind", "citizen_id", "subject_id", "11010519491231002X"}
	want := func(kind string, change ...any) obj { return c.wants(kind, change...) }
	refusedAll(t, []mistake{
		{c.officer, bad, "measure.kind", post, c.at, want("beating"), "kind"},
		{c.officer, bad, "measure.debtor", post, c.at, want("fine", "party_id", c.f.creditor), "party_id"},
		{c.officer, bad, "measure.relation", post, c.at, want("listing", "relation", "legal_rep"), "relation"},
		{c.officer, bad, "measure.subject", post, where(firm), want("consumption", append(director, "subject_name", " ")...), "subject_name"},
		{c.officer, bad, "measure.subject_id", post, where(firm), want("consumption", append(director, "subject_id", "110105194912310021")...), "subject_id"},
		{c.officer, bad, "measure.person", post, where(firm), want("detention", "party_id", company.debtor), "relation"},
		{c.officer, bad, "measure.minor", post, where(other), want("listing", "party_id", minor.debtor), "party_id"},
		{c.officer, bad, "measure.minor", post, where(other), want("detention", "party_id", minor.debtor), "party_id"},
		{c.officer, bad, "measure.resistance", post, c.at, want("fine", "resistance", "x"), "resistance"},
		{c.officer, bad, "measure.ground", post, c.at, want("fine", "ground", "whereabouts"), "ground"},
		{c.officer, bad, "measure.text", post, c.at, want("fine", "facts", " "), "facts"},
		{c.officer, bad, "measure.days", post, c.at, want("detention", "days", 16), "days"},
		{c.officer, bad, "measure.amount", post, c.at, want("fine", "amount_fen", 10_000_100), "amount_fen"},
		{c.officer, bad, "measure.amount", post, where(firm), want("fine", "party_id", company.debtor, "amount_fen", 4_999_999), "amount_fen"},
		{c.officer, bad, "measure.pay_by", post, c.at, want("fine", "pay_by", "2026-03-10"), "pay_by"},
		{c.officer, bad, "measure.extra", post, c.at, want("listing", "extra_years", 1, "extra_reason", "several"), "extra_years"},
		{c.officer, bad, "measure.grace", post, c.at, want("listing", "grace_months", 4), "grace_months"},
		{c.officer, bad, "measure.until", post, c.at, want("exit_ban", "until", "2026-03-10"), "until"},
		{c.officer, bad, "measure.act_on", post, c.at, want("fine", "act_on", "2026-03-11"), "act_on"},
		{c.officer, clash, "measure.not_listed", post, c.at, want("consumption", "ground", "listed"), ""},
		{c.officer, gone, "enforcement.not_found", post, where(999999), want("fine"), ""},
		{c.officer, gone, "enforcement.not_found", get, where(999999), nil, ""},
		{stranger, gone, "enforcement.not_found", post, c.at, want("fine"), ""},
		{c.officer, bad, "filter.unknown", get, "/measures?kind=x", nil, ""},
		{c.officer, gone, "measure.not_found", get, "/measures/999999", nil, ""},
		{c.debtor, gone, "case.not_found", get, "/cases/999999/measures", nil, ""},
	})
	if list := c.officer.must(http.StatusOK, get, "/measures", nil).list("measures"); len(list) != 0 {
		t.Fatalf("something was written: %v", list)
	}
	late, _ := c.enforce(c.clerk, c.fileInput(c.clerk, personInput(nil)), "ji.fg")
	newest := c.officer.must(http.StatusOK, get, fmt.Sprintf("/enforcement-cases/%d", late), nil)
	for _, p := range newest.list("parties") {
		if p.str("role") == "debtor" {
			refusedAll(t, []mistake{{c.officer, clash, "measure.notice", post, where(late), want("consumption", "party_id", p.id("party_id")), ""}})
		}
	}

	// One act is fined once and detained for once; both may be combined.
	fine := c.take("fine")
	c.propose("detention")
	refusedAll(t, []mistake{
		{c.officer, clash, "measure.same_act", post, c.at, want("fine", "act_text", "无偿转让 车辆。"), ""},
		{c.officer, clash, "measure.other_act", post, c.at, want("fine", "act_text", "辱骂执行人员"), ""},
	})
	other2 := c.propose("fine", "act_text", "辱骂执行人员", "other_act", "当日下午在法院另一行为")
	ban := c.take("exit_ban")
	refusedAll(t, []mistake{{c.officer, clash, "measure.standing", post, c.at, want("exit_ban"), ""}})
	if ban.str("state") != "in_force" || ban.str("number") != "镇法限出境〔2026〕1号" {
		t.Error(ban)
	}

	// Acts on what is there.
	v := func(m obj) float64 { return m.num("version") }
	tracing := c.propose("tracing")
	both := c.staff("both", model.RoleOfficer, model.RoleLeader)
	third := c.fileInput(c.clerk, personInput(nil))
	theirs, _ := c.enforce(c.clerk, third, "both")
	self := both.must(http.StatusCreated, post, where(theirs), want("fine", "party_id", third.debtor, "act_on", "2026-03-04"))
	refusedAll(t, []mistake{
		{both, clash, "measure.own_proposal", post, on(self, "decide"), obj{"version": 1}, ""},
		{c.officer, bad, "measure.opinion", post, on(tracing, "decide"), obj{"version": 1}, "opinion"},
		{c.leader, clash, "measure.changed", post, on(fine, "decide"), obj{"opinion": "再批", "version": v(fine)}, ""},
		{c.leader, gone, "measure.not_found", post, "/measures/999999/decide", obj{"version": 1}, ""},
		{c.leader, bad, "reason.required", post, on(other2, "refuse"), obj{"reason": " ", "version": 1}, "reason"},
		{c.leader, clash, "measure.changed", post, on(fine, "refuse"), obj{"reason": "不同意", "version": v(fine)}, ""},
		{c.leader, gone, "measure.not_found", post, "/measures/999999/refuse", obj{"reason": "不同意", "version": 1}, ""},
		{c.officer, bad, "reason.required", post, on(tracing, "withdraw"), obj{"reason": " ", "version": 1}, "reason"},
		{c.officer, clash, "measure.changed", post, on(fine, "withdraw"), obj{"reason": "撤回", "version": v(fine)}, ""},
		{stranger, gone, "measure.not_found", post, on(tracing, "withdraw"), obj{"reason": "撤回", "version": 1}, ""},
		{c.officer, bad, "measure.served_on", post, on(fine, "service"), obj{"on": "2026-03-11", "how": "签收", "version": v(fine)}, "on"},
		{c.officer, bad, "measure.how", post, on(fine, "service"), obj{"on": "2026-03-10", "how": " ", "version": v(fine)}, "how"},
		{c.officer, bad, "file.unknown", post, on(fine, "service"), obj{"on": "2026-03-10", "how": "签收", "file_id": 99, "version": v(fine)}, "file_id"},
		{c.officer, clash, "measure.changed", post, on(tracing, "service"), obj{"on": "2026-03-10", "how": "签收", "version": 1}, ""},
		{c.officer, gone, "measure.not_found", post, "/measures/999999/service", obj{"on": "2026-03-10", "how": "签收", "version": 1}, ""},
		{c.officer, clash, "measure.changed", post, on(fine, "detain"), obj{"at": at(3, 10, 9), "version": v(fine)}, ""},
		{c.officer, gone, "measure.not_found", post, "/measures/999999/detain", obj{"at": at(3, 10, 9), "version": 1}, ""},
		{c.officer, gone, "measure.not_found", post, "/measures/999999/family", obj{"how": "电话", "at": at(3, 10, 9)}, ""},
		{c.officer, clash, "measure.changed", post, on(fine, "effect"), obj{"version": v(fine)}, ""},
		{c.officer, gone, "measure.not_found", post, "/measures/999999/effect", obj{"version": 1}, ""},
		{c.officer, gone, "measure.not_found", post, "/measures/999999/posters", obj{"place": "村口"}, ""},
		{c.officer, clash, "measure.changed", post, on(fine, "expire"), obj{"proof": "已缴", "version": 99}, ""},
		{c.officer, gone, "measure.not_found", post, "/measures/999999/expire", obj{"proof": "已缴", "version": 1}, ""},
		{c.officer, bad, "lift.ground", post, on(ban, "lift"), obj{"ground": "remorse", "reason": "悔过", "proof": "x", "version": v(ban)}, "ground"},
		{c.officer, bad, "reason.required", post, on(ban, "lift"), obj{"ground": "guarantee", "reason": " ", "proof": "x", "version": v(ban)}, "reason"},
		{c.officer, bad, "lift.proof", post, on(ban, "lift"), obj{"ground": "guarantee", "reason": "已提供担保", "version": v(ban)}, "proof"},
		{c.officer, bad, "file.unknown", post, on(ban, "lift"), obj{"ground": "guarantee", "reason": "已提供担保", "proof": "x", "file_id": 99, "version": v(ban)}, "file_id"},
		{c.officer, clash, "enforcement.not_performed", post, on(ban, "lift"), obj{"ground": "performed", "reason": "付清", "proof": "x", "version": v(ban)}, ""},
		{c.officer, clash, "measure.changed", post, on(ban, "lift"), obj{"ground": "guarantee", "reason": "已提供担保", "proof": "x", "version": 99}, ""},
		{stranger, gone, "measure.not_found", post, on(ban, "lift"), obj{"ground": "guarantee", "reason": "已提供担保", "proof": "x", "version": v(ban)}, ""},
		{c.leader, clash, "measure.changed", post, on(ban, "lift-answer"), obj{"yes": true, "version": v(ban)}, ""},
		{c.leader, gone, "measure.not_found", post, "/measures/999999/lift-answer", obj{"yes": true, "version": 1}, ""},
		{c.officer, clash, "review.state", post, on(tracing, "reviews"), obj{"reason": "不服"}, ""},
		{c.debtor, bad, "reason.required", post, on(fine, "reviews"), obj{"reason": " "}, "reason"},
	})
	// A leader whose own case it is proposes and asks; another one decides.
	refusedAll(t, []mistake{{both, clash, "measure.own_proposal", post, on(self, "refuse"), obj{"reason": "不同意", "version": 1}, ""}})
	self = c.leader.must(http.StatusOK, post, on(self, "decide"), obj{"opinion": "同意", "version": 1})
	self = both.must(http.StatusOK, post, on(self, "lift"), obj{"ground": "wrong", "reason": "对象有误", "proof": "x", "version": v(self)})
	if self.str("state") != "in_force" || self["lift_asked"] != true {
		t.Errorf("a leader lifted in his own case: %v", self)
	}
	if body := c.visitor(both).sees(fmt.Sprintf("/measures/%d", self.id("id")), "解除措施是您本人提请的"); strings.Contains(body, "/answer\"") {
		t.Error("the desk offers an answer that is refused")
	}
	refusedAll(t, []mistake{{both, clash, "lift.own", post, on(self, "lift-answer"), obj{"yes": true, "version": v(self)}, ""}})
	c.leader.must(http.StatusOK, post, on(self, "lift-answer"), obj{"yes": false, "note": "对象无误", "version": v(self)})
	c.leader.must(http.StatusOK, post, on(other2, "refuse"), obj{"reason": "证据不足", "version": 1})
	c.officer.must(http.StatusOK, post, on(tracing, "withdraw"), obj{"reason": "已找到本人", "version": 1})
	if c.told(c.officer, "measure.answered") != 2 { // the fine and this one
		t.Errorf("the officer was told %d times", c.told(c.officer, "measure.answered"))
	}

	// Detention and family.
	det := c.officer.must(http.StatusOK, get, c.at, nil).list("measures")
	var d obj
	for _, x := range det {
		if x.str("kind") == "detention" {
			d = c.decide(x)
		}
	}
	d = c.officer.must(http.StatusOK, post, on(d, "detain"), obj{"at": at(3, 10, 10), "version": v(d)})
	refusedAll(t, []mistake{
		{c.officer, bad, "family.proof", post, on(d, "family"), obj{"how": "电话", "at": at(3, 10, 10)}, "how"},
		{c.officer, bad, "family.at", post, on(d, "family"), obj{"how": "电话", "name": "钱某", "relation": "妻子", "at": at(3, 10, 9)}, "at"},
		{c.officer, bad, "file.unknown", post, on(d, "family"), obj{"how": "电话", "name": "钱某", "relation": "妻子", "at": at(3, 10, 10), "file_id": 99}, "file_id"},
	})
	c.officer.must(http.StatusOK, post, on(d, "family"), obj{"how": "三次拨打登记号码均关机，户籍地无人", "missed": true, "at": at(3, 10, 10)})

	// Reviews: late, and results that cannot be.
	fine = c.officer.must(http.StatusOK, post, on(fine, "service"), obj{"on": "2026-03-10", "how": "本人签收", "version": v(fine)})
	r := c.debtor.must(http.StatusCreated, post, on(fine, "reviews"), obj{"reason": "金额过高"})
	result := fmt.Sprintf("/measure-reviews/%d/result", r.id("id"))
	res := func(k string, x any) obj {
		o := obj{"result": "changed", "text": "金额过高", "by_court": "宁波市中级人民法院", "number": "（2026）浙02司惩复2号", "decided_on": "2026-03-10", "amount_fen": 500000}
		o[k] = x
		return o
	}
	rd := c.officer.must(http.StatusCreated, post, on(d, "reviews"), obj{"reason": "期限过长"})
	days := res("days", 15)
	refusedAll(t, []mistake{
		{c.officer, gone, "review.not_found", post, "/measure-reviews/999999/result", res("days", 0), ""},
		{c.officer, bad, "review.result", post, result, res("result", "x"), "result"},
		{c.officer, bad, "reason.required", post, result, res("text", " "), "text"},
		{c.officer, bad, "review.by_court", post, result, res("number", ""), "by_court"},
		{c.officer, bad, "review.decided_on", post, result, res("decided_on", "2026-03-11"), "decided_on"},
		{c.officer, bad, "measure.amount", post, result, res("amount_fen", 1000000), "amount_fen"},
		{c.officer, bad, "measure.days", post, fmt.Sprintf("/measure-reviews/%d/result", rd.id("id")), days, "days"},
	})
	c.officer.must(http.StatusOK, post, result, res("result", "revoked"))
	refusedAll(t, []mistake{{c.officer, clash, "review.decided", post, result, res("result", "upheld"), ""}})
	if m := c.measure(fine); m.str("state") != "lifted" || m.str("lift_ground") != "review_revoked" {
		t.Errorf("a revoked fine: %v", m)
	}
	c.propose("fine") // what was revoked is no fine of the act
	c.pass(at(3, 14, 10))
	refusedAll(t, []mistake{{c.debtor, clash, "review.late", post, on(fine, "reviews"), obj{"reason": "再来"}, ""}})

	// On the creditor's wish off the list, and not on it again for six months.
	list := c.take("listing")
	list = c.officer.must(http.StatusOK, post, on(list, "lift"), obj{"ground": "creditor", "reason": "申请执行人书面申请，本院同意", "proof": "名单库回执", "version": v(list)})
	refusedAll(t, []mistake{{c.officer, clash, "measure.relist", post, c.at, want("listing", "by_creditor", true), ""}})
	if list.str("state") != "lifted" {
		t.Error(list)
	}
	again := c.take("listing")
	taken := c.officer.must(http.StatusCreated, post, on(again, "reviews"), obj{"reason": "本人口述：已履行"})
	taken = obj{"at": fmt.Sprintf("/measure-reviews/%d/result", taken.id("id"))}
	upheld := obj{"result": "upheld", "text": "履行情况未经确认", "decided_on": "2026-03-14"}
	refusedAll(t, []mistake{{c.officer, clash, "review.own", post, taken.str("at"), upheld, ""}})
	if body := c.visitor(c.officer).sees(fmt.Sprintf("/measures/%d", again.id("id")), "这项申请是您本人录入的"); strings.Contains(body, "/review-result") {
		t.Error("the desk offers a result that is refused")
	}
	c.visitor(c.leader).sees(fmt.Sprintf("/measures/%d", again.id("id")), "/review-result")
	c.leader.must(http.StatusOK, post, taken.str("at"), upheld)
	refusedAll(t, []mistake{
		{c.officer, bad, "poster.place", post, on(again, "posters"), obj{"place": " "}, "place"},
		{c.officer, bad, "file.unknown", post, on(again, "posters"), obj{"place": "十七房村", "file_id": 99}, "file_id"},
	})

	// Time is over: a proof is asked for, and a file must be the officer's.
	c.pass(at(3, 26, 10))
	refusedAll(t, []mistake{
		{c.officer, bad, "lift.proof", post, on(d, "expire"), obj{"proof": " ", "version": v(c.measure(d))}, "proof"},
		{c.officer, bad, "file.unknown", post, on(d, "expire"), obj{"proof": "拘留所出所证明", "file_id": 99, "version": v(c.measure(d))}, "file_id"},
	})
	c.officer.must(http.StatusOK, post, on(d, "expire"), obj{"proof": "拘留所出所证明", "version": v(c.measure(d))})

	e := c.officer.must(http.StatusOK, get, fmt.Sprintf("/enforcement-cases/%d", c.id), nil)
	c.officer.must(http.StatusOK, post, fmt.Sprintf("/enforcement-cases/%d/close", c.id), obj{"close_type": "this_round", "closed_on": "2026-03-26", "reason": "无财产", "version": v(e)})
	refusedAll(t, []mistake{{c.officer, clash, "enforcement.closed", post, c.at, want("tracing"), ""}})
}

// Money that was confirmed a second before stops the decision, the arrest and
// the publication; nothing of it is half done.
func TestPaidASecondBefore(t *testing.T) {
	t.Parallel()
	c := newCoerced(t)
	det, second := c.propose("detention"), c.take("detention", "act_on", "2026-03-04")
	list := c.take("listing", "grace_months", 1)
	c.pass(at(4, 7, 10))
	c.pay(c.judge, 510)
	refusedAll(t, []mistake{
		{c.leader, clash, "obligation.performed", post, on(det, "decide"), obj{"opinion": "同意", "version": 1}, ""},
		{c.officer, clash, "obligation.performed", post, on(second, "detain"), obj{"at": at(4, 7, 10), "version": second.num("version")}, ""},
		{c.officer, clash, "obligation.performed", post, on(list, "effect"), obj{"version": list.num("version")}, ""},
		{c.officer, clash, "obligation.performed", post, c.at, c.wants("tracing"), ""},
	})
	if m := c.measure(det); m.str("state") != "proposed" || m.str("number") != "" {
		t.Errorf("something of the decision is left: %v", m)
	}

	// Both at the same moment: whichever comes first, nobody is ordered into
	// detention after the debt was confirmed as paid.
	d := newCoerced(t)
	m := d.propose("detention")
	r := d.debtor.submit(d.f, 100000, 511)
	var wg sync.WaitGroup
	var paid, ordered answer
	wg.Go(func() {
		paid = d.judge.call(post, fmt.Sprintf("/receipts/%d/confirm", r.id("id")), obj{"version": 1, "amount_fen": 100000})
	})
	wg.Go(func() { ordered = d.leader.call(post, on(m, "decide"), obj{"opinion": "同意", "version": 1}) })
	wg.Wait()
	if paid.status != http.StatusOK {
		t.Fatalf("%d %s", paid.status, paid.body)
	}
	steps := d.officer.must(http.StatusOK, get, fmt.Sprintf("/cases/%d/clean-up", d.f.id), nil).list("clean_ups")
	switch {
	case ordered.status == clash && ordered.json.reason() == "obligation.performed" && len(steps) == 0:
	case ordered.status == http.StatusOK && len(steps) == 1 && strings.HasPrefix(steps[0].list("steps")[0].str("title"), "不再实施拘留"):
	default:
		t.Errorf("ordered: %d %s; clean-up: %v", ordered.status, ordered.body, steps)
	}
}

// Officer and leader lift at once: one wins, everybody else is told.
func TestTwoLiftAtOnce(t *testing.T) {
	t.Parallel()
	c := newCoerced(t)
	ban := c.take("exit_ban")
	answers := make([]answer, 6)
	var wg sync.WaitGroup
	for i := range answers {
		by := c.officer
		if i%2 == 1 {
			by = c.leader
		}
		wg.Go(func() {
			answers[i] = by.call(post, on(ban, "lift"), obj{"ground": "guarantee", "reason": fmt.Sprintf("担保 %d", i), "proof": "边检回执", "version": ban.num("version")})
		})
	}
	wg.Wait()
	won := 0
	for _, a := range answers {
		switch {
		case a.status == http.StatusOK:
			won++
		case a.status != clash || a.json.reason() != "measure.changed":
			t.Errorf("%d %s", a.status, a.body)
		}
	}
	n := 0
	for _, e := range c.measure(ban).list("entries") {
		if e.str("kind") == "lifted" {
			n++
		}
	}
	if won != 1 || n != 1 || c.told(c.debtor, "measure.lifted") != 1 {
		t.Errorf("%d won, lifted %d times in the history", won, n)
	}
}
