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

	"microcourt/handler/handlertest"

	"microcourt/model"
)

const clash = http.StatusConflict

// coerced is an enforcement case against a person whose term to pay is over.
type coerced struct {
	*handlertest.World
	judge, clerk, officer, leader, debtor *handlertest.Client
	f                                     handlertest.Filed
	id                                    int64 // of the enforcement case
}

var personInput = handlertest.PersonInput

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

func newCoercedWith(t *testing.T, year int, prepare func(*handlertest.World)) *coerced {
	t.Helper()
	w := handlertest.NewWith(t, prepare)
	w.Clock.Set(time.Date(year, 3, 2, 10, 0, 0, 0, model.CourtZone))
	c := &coerced{World: w, judge: w.Staff("zhang.min", model.RoleJudge), clerk: w.Staff("wan.tt", model.RoleClerk)}
	c.officer, c.leader, c.debtor = w.Staff("ji.fg", model.RoleOfficer), w.Staff("chen.zj", model.RoleLeader), w.Phone("")
	in := moved(t, personInput(nil), year)
	c.f = w.FileInput(c.clerk, in)
	c.debtor.Bind(c.clerk, c.f.ID, c.f.Debtor)
	c.id, _ = w.EnforceOn(c.clerk, c.f, "ji.fg", model.NewDate(year, 3, 1))
	c.pass(time.Date(year, 3, 6, 10, 0, 0, 0, model.CourtZone)) // the term of the 执行通知 ended on the 5th
	return c
}

// moved is an input of 2026 with the dates and numbers of another year.
func moved(t *testing.T, in handlertest.Obj, year int) handlertest.Obj {
	t.Helper()
	b, err := json.Marshal(in)
	if err != nil {
		t.Fatal(err)
	}
	out := handlertest.Obj{}
	if err := json.Unmarshal([]byte(strings.NewReplacer("2026-", fmt.Sprintf("%d-", year), "2026）", fmt.Sprintf("%d）", year)).Replace(string(b))), &out); err != nil {
		t.Fatal(err)
	}
	return out
}

// pass moves the clock; everybody logs in again and the officers' worker runs.
func (c *coerced) pass(to time.Time) {
	c.T.Helper()
	c.Clock.Set(to)
	for _, p := range []*handlertest.Client{c.judge, c.clerk, c.officer, c.leader, c.debtor} {
		p.Renew()
	}
	if err := c.Svc.Enforcement.Pass(context.Background()); err != nil {
		c.T.Fatal(err)
	}
}

// wants is a proposal that the law allows, with one thing changed.
func (c *coerced) wants(kind string, change ...any) handlertest.Obj {
	ground := map[string]string{
		"listing": "able_refuses", "consumption": "notice_missed", "tracing": "whereabouts", "exit_ban": "unperformed", "detention": "hides_property", "fine": "hides_property",
	}[kind]
	o := handlertest.Obj{"party_id": c.f.Debtor, "kind": kind, "resistance": "evade", "ground": ground, "facts": "收到执行通知后将车辆无偿转让他人。"}
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

func (c *coerced) propose(kind string, change ...any) handlertest.Obj {
	c.T.Helper()
	return c.officer.Does(handlertest.ProposeMeasure, c.id, c.wants(kind, change...))
}

func on(m handlertest.Obj, what string) string {
	return fmt.Sprintf("/measures/%d/%s", m.ID("id"), what)
}

// decide lets whoever may decide the measure do so.
func (c *coerced) decide(m handlertest.Obj) handlertest.Obj {
	c.T.Helper()
	by := c.leader
	if k := m.Str("kind"); k == "tracing" || k == "exit_ban" {
		by = c.officer
	}
	return by.Must(http.StatusOK, handlertest.Post, on(m, "decide"), handlertest.Obj{"opinion": "同意", "version": m.Num("version")})
}

func (c *coerced) take(kind string, change ...any) handlertest.Obj {
	c.T.Helper()
	return c.decide(c.propose(kind, change...))
}

func (c *coerced) measure(m handlertest.Obj) handlertest.Obj {
	c.T.Helper()
	return c.officer.Must(http.StatusOK, handlertest.Get, fmt.Sprintf("/measures/%d", m.ID("id")), nil)
}

// pay lets the debtor pay everything and somebody confirm it.
func (c *coerced) pay(by *handlertest.Client, seed int) {
	c.T.Helper()
	by.Confirm(c.debtor.Submit(c.f, 100000, seed), 100000)
}

func (c *coerced) told(by *handlertest.Client, kind string) (n int) {
	c.T.Helper()
	for _, v := range by.Must(http.StatusOK, handlertest.Get, "/notices?limit=50", nil).List("notices") {
		if v.Str("kind") == kind {
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
	c.officer.Rejected("measure.days", handlertest.ProposeMeasure, c.id, c.wants("detention", "days", 16))
	m := c.propose("detention", "days", 10)
	if m.Str("state") != "proposed" || m.Str("subject_id") != "340524********001X" || !strings.Contains(m.Str("citation"), "第一百八十八条第一项") {
		t.Fatal(m)
	}
	if list := c.leader.Must(http.StatusOK, handlertest.Get, "/measures?waiting=1", nil).List("measures"); len(list) != 1 || c.told(c.leader, "measure.proposed") != 1 {
		t.Errorf("the leader's decisions: %v", list)
	}
	c.officer.Refused(http.StatusForbidden, "measure.leader", handlertest.Post, on(m, "decide"), handlertest.Obj{"opinion": "同意", "version": 1})
	order := handlertest.Obj{"opinion": "同意拘留十日", "version": 1}
	m = c.leader.Must(http.StatusOK, handlertest.Post, on(m, "decide"), order)
	if again := c.leader.Must(http.StatusOK, handlertest.Post, on(m, "decide"), order); again.Num("version") != m.Num("version") {
		t.Error("the same decision again changed something")
	}
	if m.Str("state") != "decided" || m.Str("number") != "镇法司惩拘〔2026〕1号" {
		t.Fatal(m)
	}
	own := fmt.Sprintf("/cases/%d/measures", c.f.ID)
	papers := fmt.Sprintf("/cases/%d/documents", c.f.ID)
	if list := c.debtor.Must(http.StatusOK, handlertest.Get, own, nil).List("measures"); len(list) != 0 {
		t.Errorf("he is warned of his detention: %v", list)
	}
	before := len(c.debtor.Must(http.StatusOK, handlertest.Get, papers, nil).List("documents"))
	c.debtor.Refused(handlertest.Gone, "measure.not_found", handlertest.Post, on(m, "reviews"), handlertest.Obj{"reason": "不服"})

	c.pass(at(3, 6, 15))
	taken := at(3, 6, 14)
	c.officer.Refused(handlertest.Bad, "measure.detained_at", handlertest.Post, on(m, "detain"), handlertest.Obj{"at": at(3, 6, 16), "version": 2})
	c.officer.Refused(handlertest.Bad, "measure.place", handlertest.Post, on(m, "detain"), handlertest.Obj{"at": at(3, 6, 14), "place": strings.Repeat("所", 101), "version": 2})
	c.officer.Refused(clash, "measure.not_detained", handlertest.Post, on(m, "family"), handlertest.Obj{"how": "电话", "name": "钱某", "relation": "妻子", "at": taken})
	m = c.officer.Must(http.StatusOK, handlertest.Post, on(m, "detain"), handlertest.Obj{"at": taken, "version": 2})
	c.officer.Must(http.StatusOK, handlertest.Post, on(m, "detain"), handlertest.Obj{"at": taken, "version": 2}) // the answer got lost
	if m.Str("state") != "in_force" || m.Str("ends_at") != "2026-03-16T06:00:00Z" || m.Str("served_on") != "2026-03-06" {
		t.Fatal(m)
	}
	tasks := map[string]handlertest.Obj{}
	for _, v := range m.List("tasks") {
		tasks[v.Str("kind")] = v
	}
	if f := tasks["detention.family"]; f.Str("due_at") != "2026-03-07T06:00:00Z" || !strings.Contains(f.Str("due_reason"), "第一百八十条") {
		t.Errorf("the family's clock: %v", f)
	}
	if r := tasks["detention.release"]; r.Str("due_at") != "2026-03-16T06:00:00Z" {
		t.Errorf("the release: %v", r)
	}
	c.officer.Refused(clash, "task.by_act", handlertest.Post, fmt.Sprintf("/tasks/%d/finish", tasks["detention.family"].ID("id")), handlertest.Obj{"result": "已通知", "version": 1})
	seen := c.debtor.Must(http.StatusOK, handlertest.Get, own, nil).List("measures")
	if len(seen) != 1 || seen[0].Str("number") != m.Str("number") || seen[0].Str("review_until") != "2026-03-09" || !strings.Contains(seen[0].Str("remedy"), "三日内口头或者书面向上一级人民法院申请复议") {
		t.Errorf("he sees %v", seen)
	}
	docs := c.debtor.Must(http.StatusOK, handlertest.Get, papers, nil).List("documents")
	if len(docs) != before+1 || docs[0].Str("kind") != "detention_decision" {
		t.Errorf("his papers: %v", docs)
	}
	if a := c.debtor.Call(handlertest.Get, fmt.Sprintf("/documents/%d/pdf", docs[0].ID("id")), nil); a.Status != http.StatusOK || !strings.HasPrefix(string(a.Body), "%PDF") {
		t.Errorf("the decision answers %d", a.Status)
	}
	if n := len(c.officer.Must(http.StatusOK, handlertest.Get, papers, nil).List("documents")); n < len(docs)+1 {
		t.Error("there is no paper for the family")
	}

	// The family: with a proof, once.
	scan := c.officer.Uploaded(c.f.ID, 501)
	proof := handlertest.Obj{"name": "钱某", "relation": "妻子", "how": "电话 13700000000，已接通", "at": at(3, 6, 15), "file_id": scan}
	m = c.officer.Must(http.StatusOK, handlertest.Post, on(m, "family"), proof)
	delete(proof, "file_id")
	c.officer.Refused(clash, "task.done", handlertest.Post, on(m, "family"), proof)

	// Review: within three days, one at a time; the court above makes it seven days.
	r := c.debtor.Must(http.StatusCreated, handlertest.Post, on(m, "reviews"), handlertest.Obj{"reason": "处罚过重"})
	if r.Str("due_on") != "2026-03-11" || c.told(c.officer, "measure.review_asked") != 1 {
		t.Errorf("the application: %v", r)
	}
	c.debtor.Refused(clash, "review.open", handlertest.Post, on(m, "reviews"), handlertest.Obj{"reason": "再次申请"})
	outcome := handlertest.Obj{"result": "changed", "text": "情节较轻", "by_court": "宁波市中级人民法院", "number": "（2026）浙02司惩复1号", "decided_on": "2026-03-06", "days": 7}
	c.officer.Does(handlertest.ConcludeReview, r.ID("id"), outcome)
	c.officer.Does(handlertest.ConcludeReview, r.ID("id"), outcome)
	m = c.measure(m)
	if m.Num("days") != 7 || m.Str("ends_at") != "2026-03-13T06:00:00Z" || c.told(c.debtor, "measure.reviewed") != 1 {
		t.Errorf("after the review: %v", m)
	}
	for _, v := range m.List("tasks") {
		if k := v.Str("kind"); k == "detention.release" && v.Str("due_at") != "2026-03-13T06:00:00Z" || k == "measure.review" && v.Str("state") != "done" {
			t.Errorf("the clocks after the review: %v", v)
		}
	}

	// Remorse: the officer asks, the leader refuses once and then agrees.
	c.pass(at(3, 8, 10))
	remorse := func(v float64) handlertest.Obj {
		return handlertest.Obj{"ground": "remorse", "reason": "已具结悔过", "proof": "具结书一份", "version": v}
	}
	m = c.officer.Does(handlertest.LiftMeasure, m.ID("id"), remorse(m.Num("version")))
	if m["lift_asked"] != true || m.Str("state") != "in_force" {
		t.Fatalf("an officer released by himself: %v", m)
	}
	c.officer.Rejected("lift.asked", handlertest.LiftMeasure, m.ID("id"), handlertest.Obj{"ground": "unfit", "reason": "生病", "version": m.Num("version")})
	c.leader.Refused(handlertest.Bad, "reason.required", handlertest.Post, on(m, "lift-answer"), handlertest.Obj{"yes": false, "version": m.Num("version")})
	m = c.leader.Must(http.StatusOK, handlertest.Post, on(m, "lift-answer"), handlertest.Obj{"yes": false, "note": "尚未真正认错", "version": m.Num("version")})
	m = c.officer.Does(handlertest.LiftMeasure, m.ID("id"), remorse(m.Num("version")))
	m = c.leader.Must(http.StatusOK, handlertest.Post, on(m, "lift-answer"), handlertest.Obj{"yes": true, "note": "同意", "version": m.Num("version")})
	if m.Str("state") != "lifted" || m.Str("lift_ground") != "remorse" || c.told(c.debtor, "measure.lifted") != 1 {
		t.Errorf("after the release: %v", m)
	}
	for _, v := range m.List("tasks") {
		if v.Str("state") == "open" {
			t.Errorf("still to do: %v", v)
		}
	}
	var kinds []string
	for _, e := range m.List("entries") {
		kinds = append(kinds, e.Str("kind"))
	}
	if got := strings.Join(kinds, " "); got != "proposed decided in_force family_told review_asked review_result lift_asked lift_refused lift_asked lifted" {
		t.Errorf("its history: %s", got)
	}
	if _, breaks, err := c.DB.VerifyAudit(context.Background()); err != nil || len(breaks) != 0 {
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
	if m.Str("state") != "decided" || m.Str("grace_until") != "2023-04-06" || !strings.Contains(m.Str("term"), "延长一年") {
		t.Fatal(m)
	}
	all := c.officer.Measures(c.id)
	if len(all) != 2 || all[0].Str("kind") != "consumption" || all[0].Str("ground") != "listed" || all[0].Str("state") != "decided" || all[0].Str("number") != "镇法限消〔2023〕1号" {
		t.Fatalf("what is restricted with the list: %v", all)
	}
	c.officer.Rejected("measure.grace_runs", handlertest.BringIntoForce, m.ID("id"), handlertest.Obj{"version": m.Num("version")})
	c.officer.Refused(clash, "poster.state", handlertest.Post, on(m, "posters"), handlertest.Obj{"place": "十七房村"})
	c.pass(day(2023, 4, 7))
	m = c.officer.Does(handlertest.BringIntoForce, m.ID("id"), handlertest.Obj{"version": m.Num("version")})
	if m.Str("state") != "in_force" || m.Str("until") != "2026-04-07" {
		t.Fatal(m)
	}
	m = c.officer.Must(http.StatusOK, handlertest.Post, on(m, "service-of-process"), handlertest.Obj{"on": "2023-04-07", "how": "本人签收", "version": m.Num("version")})
	c.officer.Rejected("measure.not_over", handlertest.EndExpiredMeasure, m.ID("id"), handlertest.Obj{"proof": "已删除", "version": m.Num("version")})
	c.officer.Rejected("lift.term", handlertest.LiftMeasure, m.ID("id"), handlertest.Obj{"ground": "creditor", "reason": "申请执行人申请", "proof": "已删除", "version": m.Num("version")})
	// Three years on the term is over: within three working days the officer
	// deletes it.
	c.pass(day(2026, 4, 8))
	c.pass(day(2026, 4, 9)) // a second pass opens nothing more
	m = c.measure(m)
	var over []handlertest.Obj
	for _, k := range m.List("tasks") {
		if k.Str("kind") == string(model.TaskMeasureOver) {
			over = append(over, k)
		}
	}
	if len(over) != 1 || over[0].Str("state") != "open" || over[0].Str("due_at") != "2026-04-10T15:59:59Z" || !strings.Contains(over[0].Str("due_reason"), "第十条第二款") {
		t.Fatalf("the deletion: %v", over)
	}
	deleted := handlertest.Obj{"proof": "名单库删除回执 20260408", "version": m.Num("version")}
	m = c.officer.Does(handlertest.EndExpiredMeasure, m.ID("id"), deleted)
	if again := c.officer.Does(handlertest.EndExpiredMeasure, m.ID("id"), deleted); again.Num("version") != m.Num("version") {
		t.Error("deleted twice")
	}
	if m.Str("state") != "expired" || m.List("tasks")[len(m.List("tasks"))-1].Str("state") != "done" || c.told(c.debtor, "measure.lifted") != 1 {
		t.Errorf("after the deletion: %v", m)
	}
	period, err := c.Svc.Enforcement.MeasureCounts(context.Background(), model.Actor{UserID: 1, CourtID: c.Court.ID, Roles: []model.Role{model.RoleLeader}}, model.NewDate(2023, 1, 1), model.NewDate(2023, 6, 30))
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
	c.pass(at(3, 10, 10))
	refusedAll(t, []mistake{
		{c.officer, handlertest.Bad, "filter.unknown", handlertest.Get, "/measures?kind=x", nil, ""},
		{c.officer, handlertest.Gone, "measure.not_found", handlertest.Get, "/measures/999999", nil, ""},
		{c.debtor, handlertest.Gone, "case.not_found", handlertest.Get, "/cases/999999/measures", nil, ""},
	})
	if list := c.officer.Must(http.StatusOK, handlertest.Get, "/measures", nil).List("measures"); len(list) != 0 {
		t.Fatalf("something was written: %v", list)
	}

	// One act is fined once and detained for once; both may be combined.
	fine := c.take("fine")
	c.propose("detention")
	other2 := c.propose("fine", "act_text", "辱骂执行人员", "other_act", "当日下午在法院另一行为")
	ban := c.take("exit_ban")
	if ban.Str("state") != "in_force" || ban.Str("number") != "镇法限出境〔2026〕1号" {
		t.Error(ban)
	}

	// Acts on what is there.
	v := func(m handlertest.Obj) float64 { return m.Num("version") }
	tracing := c.propose("tracing")
	both := c.Staff("both", model.RoleOfficer, model.RoleLeader)
	third := c.FileInput(c.clerk, personInput(nil))
	theirs, _ := c.Enforce(c.clerk, third, "both")
	self := both.Does(handlertest.ProposeMeasure, theirs, c.wants("fine", "party_id", third.Debtor, "act_on", "2026-03-04"))
	refusedAll(t, []mistake{
		{both, clash, "measure.own_proposal", handlertest.Post, on(self, "decide"), handlertest.Obj{"version": 1}, ""},
		{c.officer, handlertest.Bad, "measure.opinion", handlertest.Post, on(tracing, "decide"), handlertest.Obj{"version": 1}, "opinion"},
		{c.leader, clash, "measure.changed", handlertest.Post, on(fine, "decide"), handlertest.Obj{"opinion": "再批", "version": v(fine)}, ""},
		{c.leader, handlertest.Gone, "measure.not_found", handlertest.Post, "/measures/999999/decide", handlertest.Obj{"version": 1}, ""},
		{c.leader, handlertest.Bad, "reason.required", handlertest.Post, on(other2, "refuse"), handlertest.Obj{"reason": " ", "version": 1}, "reason"},
		{c.leader, clash, "measure.changed", handlertest.Post, on(fine, "refuse"), handlertest.Obj{"reason": "不同意", "version": v(fine)}, ""},
		{c.leader, handlertest.Gone, "measure.not_found", handlertest.Post, "/measures/999999/refuse", handlertest.Obj{"reason": "不同意", "version": 1}, ""},
		{c.officer, handlertest.Bad, "measure.served_on", handlertest.Post, on(fine, "service-of-process"), handlertest.Obj{"on": "2026-03-11", "how": "签收", "version": v(fine)}, "on"},
		{c.officer, handlertest.Bad, "measure.how", handlertest.Post, on(fine, "service-of-process"), handlertest.Obj{"on": "2026-03-10", "how": " ", "version": v(fine)}, "how"},
		{c.officer, handlertest.Bad, "file.unknown", handlertest.Post, on(fine, "service-of-process"), handlertest.Obj{"on": "2026-03-10", "how": "签收", "file_id": 99, "version": v(fine)}, "file_id"},
		{c.officer, clash, "measure.changed", handlertest.Post, on(tracing, "service-of-process"), handlertest.Obj{"on": "2026-03-10", "how": "签收", "version": 1}, ""},
		{c.officer, handlertest.Gone, "measure.not_found", handlertest.Post, "/measures/999999/service-of-process", handlertest.Obj{"on": "2026-03-10", "how": "签收", "version": 1}, ""},
		{c.officer, clash, "measure.changed", handlertest.Post, on(fine, "detain"), handlertest.Obj{"at": at(3, 10, 9), "version": v(fine)}, ""},
		{c.officer, handlertest.Gone, "measure.not_found", handlertest.Post, "/measures/999999/detain", handlertest.Obj{"at": at(3, 10, 9), "version": 1}, ""},
		{c.officer, handlertest.Gone, "measure.not_found", handlertest.Post, "/measures/999999/family", handlertest.Obj{"how": "电话", "at": at(3, 10, 9)}, ""},
		{c.officer, handlertest.Gone, "measure.not_found", handlertest.Post, "/measures/999999/posters", handlertest.Obj{"place": "村口"}, ""},
		{c.leader, clash, "measure.changed", handlertest.Post, on(ban, "lift-answer"), handlertest.Obj{"yes": true, "version": v(ban)}, ""},
		{c.leader, handlertest.Gone, "measure.not_found", handlertest.Post, "/measures/999999/lift-answer", handlertest.Obj{"yes": true, "version": 1}, ""},
		{c.officer, clash, "review.state", handlertest.Post, on(tracing, "reviews"), handlertest.Obj{"reason": "不服"}, ""},
		{c.debtor, handlertest.Bad, "reason.required", handlertest.Post, on(fine, "reviews"), handlertest.Obj{"reason": " "}, "reason"},
	})
	// A leader whose own case it is proposes and asks; another one decides.
	refusedAll(t, []mistake{{both, clash, "measure.own_proposal", handlertest.Post, on(self, "refuse"), handlertest.Obj{"reason": "不同意", "version": 1}, ""}})
	self = c.leader.Must(http.StatusOK, handlertest.Post, on(self, "decide"), handlertest.Obj{"opinion": "同意", "version": 1})
	self = both.Does(handlertest.LiftMeasure, self.ID("id"), handlertest.Obj{"ground": "wrong", "reason": "对象有误", "proof": "x", "version": v(self)})
	if self.Str("state") != "in_force" || self["lift_asked"] != true {
		t.Errorf("a leader lifted in his own case: %v", self)
	}
	if body := c.Visitor(both).Sees(fmt.Sprintf("/measures/%d", self.ID("id")), "解除措施是您本人提请的"); strings.Contains(body, "/answer\"") {
		t.Error("the desk offers an answer that is refused")
	}
	refusedAll(t, []mistake{{both, clash, "lift.own", handlertest.Post, on(self, "lift-answer"), handlertest.Obj{"yes": true, "version": v(self)}, ""}})
	c.leader.Must(http.StatusOK, handlertest.Post, on(self, "lift-answer"), handlertest.Obj{"yes": false, "note": "对象无误", "version": v(self)})
	c.leader.Must(http.StatusOK, handlertest.Post, on(other2, "refuse"), handlertest.Obj{"reason": "证据不足", "version": 1})
	c.officer.Does(handlertest.WithdrawMeasure, tracing.ID("id"), handlertest.Obj{"reason": "已找到本人", "version": 1})
	if c.told(c.officer, "measure.answered") != 2 { // the fine and this one
		t.Errorf("the officer was told %d times", c.told(c.officer, "measure.answered"))
	}

	// Detention and family.
	det := c.officer.Measures(c.id)
	var d handlertest.Obj
	for _, x := range det {
		if x.Str("kind") == "detention" {
			d = c.decide(x)
		}
	}
	d = c.officer.Must(http.StatusOK, handlertest.Post, on(d, "detain"), handlertest.Obj{"at": at(3, 10, 10), "version": v(d)})
	refusedAll(t, []mistake{
		{c.officer, handlertest.Bad, "family.proof", handlertest.Post, on(d, "family"), handlertest.Obj{"how": "电话", "at": at(3, 10, 10)}, "how"},
		{c.officer, handlertest.Bad, "family.at", handlertest.Post, on(d, "family"), handlertest.Obj{"how": "电话", "name": "钱某", "relation": "妻子", "at": at(3, 10, 9)}, "at"},
		{c.officer, handlertest.Bad, "file.unknown", handlertest.Post, on(d, "family"), handlertest.Obj{"how": "电话", "name": "钱某", "relation": "妻子", "at": at(3, 10, 10), "file_id": 99}, "file_id"},
	})
	c.officer.Must(http.StatusOK, handlertest.Post, on(d, "family"), handlertest.Obj{"how": "三次拨打登记号码均关机，户籍地无人", "missed": true, "at": at(3, 10, 10)})

	// Reviews: late, and results that cannot be.
	fine = c.officer.Must(http.StatusOK, handlertest.Post, on(fine, "service-of-process"), handlertest.Obj{"on": "2026-03-10", "how": "本人签收", "version": v(fine)})
	r := c.debtor.Must(http.StatusCreated, handlertest.Post, on(fine, "reviews"), handlertest.Obj{"reason": "金额过高"})
	c.officer.Does(handlertest.ConcludeReview, r.ID("id"), handlertest.Obj{"result": "revoked", "text": "金额过高", "by_court": "宁波市中级人民法院", "number": "（2026）浙02司惩复2号", "decided_on": "2026-03-10"})
	if m := c.measure(fine); m.Str("state") != "lifted" || m.Str("lift_ground") != "review_revoked" {
		t.Errorf("a revoked fine: %v", m)
	}
	c.propose("fine") // what was revoked is no fine of the act
	c.pass(at(3, 14, 10))
	refusedAll(t, []mistake{{c.debtor, clash, "review.late", handlertest.Post, on(fine, "reviews"), handlertest.Obj{"reason": "再来"}, ""}})

	// On the creditor's wish off the list, and not on it again for six months.
	list := c.take("listing")
	list = c.officer.Does(handlertest.LiftMeasure, list.ID("id"), handlertest.Obj{"ground": "creditor", "reason": "申请执行人书面申请，本院同意", "proof": "名单库回执", "version": v(list)})
	if list.Str("state") != "lifted" {
		t.Error(list)
	}
	again := c.take("listing")
	taken := c.officer.Must(http.StatusCreated, handlertest.Post, on(again, "reviews"), handlertest.Obj{"reason": "本人口述：已履行"})
	upheld := handlertest.Obj{"result": "upheld", "text": "履行情况未经确认", "decided_on": "2026-03-14"}
	c.officer.Rejected("review.own", handlertest.ConcludeReview, taken.ID("id"), upheld)
	if body := c.Visitor(c.officer).Sees(fmt.Sprintf("/measures/%d", again.ID("id")), "这项申请是您本人录入的"); strings.Contains(body, "/review-result") {
		t.Error("the desk offers a result that is refused")
	}
	c.Visitor(c.leader).Sees(fmt.Sprintf("/measures/%d", again.ID("id")), "/review-result")
	c.leader.Does(handlertest.ConcludeReview, taken.ID("id"), upheld)
	refusedAll(t, []mistake{
		{c.officer, handlertest.Bad, "poster.place", handlertest.Post, on(again, "posters"), handlertest.Obj{"place": " "}, "place"},
		{c.officer, handlertest.Bad, "file.unknown", handlertest.Post, on(again, "posters"), handlertest.Obj{"place": "十七房村", "file_id": 99}, "file_id"},
	})

	// Time is over: a proof is asked for, and a file must be the officer's.
	c.pass(at(3, 26, 10))
	c.officer.Does(handlertest.EndExpiredMeasure, d.ID("id"), handlertest.Obj{"proof": "拘留所出所证明", "version": v(c.measure(d))})

	e := c.officer.Must(http.StatusOK, handlertest.Get, fmt.Sprintf("/enforcement-cases/%d", c.id), nil)
	c.officer.Does(handlertest.CloseCase, c.id, handlertest.Obj{"close_type": "this_round", "closed_on": "2026-03-26", "reason": "无财产", "version": v(e)})
	c.officer.Rejected("enforcement.closed", handlertest.ProposeMeasure, c.id, c.wants("tracing"))
}

// Money that was confirmed a second before stops the decision, the arrest and
// the publication; nothing of it is half done.
func TestPaidASecondBefore(t *testing.T) {
	t.Parallel()
	c := newCoerced(t)
	det, second := c.propose("detention"), c.take("detention", "act_on", "2026-03-04")
	c.pass(at(4, 7, 10))
	c.pay(c.judge, 510)
	refusedAll(t, []mistake{
		{c.leader, clash, "obligation.performed", handlertest.Post, on(det, "decide"), handlertest.Obj{"opinion": "同意", "version": 1}, ""},
		{c.officer, clash, "obligation.performed", handlertest.Post, on(second, "detain"), handlertest.Obj{"at": at(4, 7, 10), "version": second.Num("version")}, ""},
	})
	if m := c.measure(det); m.Str("state") != "proposed" || m.Str("number") != "" {
		t.Errorf("something of the decision is left: %v", m)
	}

	// Both at the same moment: whichever comes first, nobody is ordered into
	// detention after the debt was confirmed as paid.
	d := newCoerced(t)
	m := d.propose("detention")
	r := d.debtor.Submit(d.f, 100000, 511)
	var wg sync.WaitGroup
	var paid, ordered handlertest.Answer
	wg.Go(func() {
		paid = d.judge.Call(handlertest.Post, fmt.Sprintf("/receipts/%d/confirm", r.ID("id")), handlertest.Obj{"version": 1, "amount_fen": 100000})
	})
	wg.Go(func() {
		ordered = d.leader.Call(handlertest.Post, on(m, "decide"), handlertest.Obj{"opinion": "同意", "version": 1})
	})
	wg.Wait()
	if paid.Status != http.StatusOK {
		t.Fatalf("%d %s", paid.Status, paid.Body)
	}
	steps := d.officer.Must(http.StatusOK, handlertest.Get, fmt.Sprintf("/cases/%d/clean-up", d.f.ID), nil).List("clean_ups")
	switch {
	case ordered.Status == clash && ordered.Json.Reason() == "obligation.performed" && len(steps) == 0:
	case ordered.Status == http.StatusOK && len(steps) == 1 && strings.HasPrefix(steps[0].List("steps")[0].Str("title"), "不再实施拘留"):
	default:
		t.Errorf("ordered: %d %s; clean-up: %v", ordered.Status, ordered.Body, steps)
	}
}
