package handler_test

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"strings"
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

// A detention from proposal to early release, as a program of the court and the
// debtor's phone see it: he is not warned, then reads the decision and its paper,
// applies against it and is released by the president's decision.
func TestDetentionFromProposalToRelease(t *testing.T) {
	t.Parallel()
	c := newCoerced(t)
	m := c.propose("detention", "days", 10)
	if m.Str("state") != "proposed" || m.Str("subject_id") != "340524********001X" || !strings.Contains(m.Str("citation"), "第一百八十八条第一项") {
		t.Fatal(m)
	}
	if list := c.leader.Must(http.StatusOK, handlertest.Get, "/measures?waiting=1", nil).List("measures"); len(list) != 1 {
		t.Errorf("the leader's decisions: %v", list)
	}
	c.officer.Refused(http.StatusForbidden, "measure.leader", handlertest.Post, on(m, "decide"), handlertest.Obj{"opinion": "同意", "version": 1})
	order := handlertest.Obj{"opinion": "同意拘留十日", "version": 1}
	m = c.leader.Must(http.StatusOK, handlertest.Post, on(m, "decide"), order)
	if again := c.leader.Must(http.StatusOK, handlertest.Post, on(m, "decide"), order); again.Num("version") != m.Num("version") || m.Str("number") != "镇法司惩拘〔2026〕1号" {
		t.Errorf("decided: %v, again %v", m, again)
	}
	own, papers := fmt.Sprintf("/cases/%d/measures", c.f.ID), fmt.Sprintf("/cases/%d/documents", c.f.ID)
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
	if m.Str("state") != "in_force" || m.Str("ends_at") != "2026-03-16T06:00:00Z" || m.Str("served_on") != "2026-03-06" {
		t.Fatal(m)
	}
	var family handlertest.Obj
	for _, v := range m.List("tasks") {
		if v.Str("kind") == "detention.family" {
			family = v
		}
	}
	if family.Str("due_at") != "2026-03-07T06:00:00Z" || !strings.Contains(family.Str("due_reason"), "第一百八十条") {
		t.Errorf("the family's clock: %v", family)
	}
	c.officer.Refused(clash, "task.by_act", handlertest.Post, fmt.Sprintf("/tasks/%d/finish", family.ID("id")), handlertest.Obj{"result": "已通知", "version": 1})
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
	proof := handlertest.Obj{"name": "钱某", "relation": "妻子", "how": "电话 13700000000，已接通", "at": at(3, 6, 15), "file_id": c.officer.Uploaded(c.f.ID, 501)}
	c.officer.Must(http.StatusOK, handlertest.Post, on(m, "family"), proof)
	delete(proof, "file_id")
	c.officer.Refused(clash, "task.done", handlertest.Post, on(m, "family"), proof)
	if r := c.debtor.Must(http.StatusCreated, handlertest.Post, on(m, "reviews"), handlertest.Obj{"reason": "处罚过重"}); r.Str("due_on") != "2026-03-11" {
		t.Errorf("the application: %v", r)
	}
	c.debtor.Refused(clash, "review.open", handlertest.Post, on(m, "reviews"), handlertest.Obj{"reason": "再次申请"})

	c.pass(at(3, 8, 10))
	m = c.officer.Does(handlertest.LiftMeasure, m.ID("id"), handlertest.Obj{"ground": "remorse", "reason": "已具结悔过", "proof": "具结书一份", "version": c.measure(m).Num("version")})
	c.leader.Refused(handlertest.Bad, "reason.required", handlertest.Post, on(m, "lift-answer"), handlertest.Obj{"yes": false, "version": m.Num("version")})
	m = c.leader.Must(http.StatusOK, handlertest.Post, on(m, "lift-answer"), handlertest.Obj{"yes": true, "note": "同意", "version": m.Num("version")})
	if m.Str("state") != "lifted" || m.Str("lift_ground") != "remorse" || len(m.List("entries")) != 8 || c.told(c.debtor, "measure.lifted") != 1 {
		t.Errorf("after the release: %v", m)
	}
	// Decided is not done: he is free when the house of detention says so.
	if m.Str("pending") != "已决定解除、未执行" {
		t.Errorf("the release waits for %q", m.Str("pending"))
	}
	if l := c.officer.Must(http.StatusOK, handlertest.Get, "/measures?pending=1", nil).List("measures"); len(l) != 1 || l[0].Str("pending") != m.Str("pending") {
		t.Errorf("what is not carried out: %v", l)
	}
	c.Visitor(c.officer).Sees("/measures?state=pending", "已决定解除、未执行")
	c.Visitor(c.officer).Sees(fmt.Sprintf("/measures/%d", m.ID("id")), "登记执行", "已释放")
	c.pass(at(3, 8, 15))
	free := func(change ...any) handlertest.Obj {
		o := handlertest.Obj{"phase": "undo", "at": at(3, 8, 14), "place": "宁波市镇海区拘留所", "number": "镇拘释〔2026〕8号", "version": m.Num("version")}
		for i := 0; i < len(change); i += 2 {
			o[change[i].(string)] = change[i+1]
		}
		return o
	}
	refusedAll(t, []mistake{
		{c.officer, handlertest.Gone, "measure.not_found", handlertest.Post, "/measures/999999/executions", free(), ""},
		{c.officer, clash, "measure.changed", handlertest.Post, on(m, "executions"), free("version", 1), ""},
		{c.officer, clash, "measure.executed", handlertest.Post, on(m, "executions"), free("phase", "execute"), ""},
		{c.officer, handlertest.Bad, "measure.execution", handlertest.Post, on(m, "executions"), free("place", " "), "place"},
		{c.officer, handlertest.Bad, "file.unknown", handlertest.Post, on(m, "executions"), free("file_id", 99), "file_id"},
	})
	page := fmt.Sprintf("/measures/%d/execution", m.ID("id"))
	form := url.Values{"phase": {"undo"}, "at": {"2026-03-08T14:00"}, "place": {"宁波市镇海区拘留所"}, "version": {fmt.Sprint(m.ID("version"))}}
	c.Visitor(c.officer).Does(handlertest.Bad, page, "对方返回的编号", form)
	form.Set("number", "镇拘释〔2026〕8号")
	c.Visitor(c.officer).Does(http.StatusSeeOther, page, "done=measure_executed", form)
	m = c.measure(m)
	if last := m.List("entries")[8]; m.Str("pending") != "" || last.Str("kind") != "undone" || last.Str("number") != "镇拘释〔2026〕8号" || last.Str("place") != "宁波市镇海区拘留所" {
		t.Errorf("after he was let go: %v", m)
	}
}

// Every listed error that no other test shows, once for each route; what the law
// forbids is tested in service/enforcement.
func TestMeasuresRefuse(t *testing.T) {
	t.Parallel()
	c := newCoerced(t)
	c.pass(at(3, 10, 10))
	v := func(m handlertest.Obj) float64 { return m.Num("version") }
	fine, tracing, other := c.take("fine"), c.propose("tracing"), c.propose("fine", "act_text", "辱骂执行人员", "other_act", "当日下午在法院另一行为")
	det := c.take("detention")
	det = c.officer.Must(http.StatusOK, handlertest.Post, on(det, "detain"), handlertest.Obj{"at": at(3, 10, 10), "version": v(det)})
	both := c.Staff("both", model.RoleOfficer, model.RoleLeader)
	third := c.FileInput(c.clerk, personInput(nil))
	theirs, _ := c.Enforce(c.clerk, third, "both")
	self := both.Does(handlertest.ProposeMeasure, theirs, c.wants("fine", "party_id", third.Debtor, "act_on", "2026-03-04"))
	served := func(change ...any) handlertest.Obj {
		o := handlertest.Obj{"on": "2026-03-10", "how": "签收", "version": v(fine)}
		for i := 0; i < len(change); i += 2 {
			o[change[i].(string)] = change[i+1]
		}
		return o
	}
	told := func(change ...any) handlertest.Obj {
		o := handlertest.Obj{"how": "电话", "name": "钱某", "relation": "妻子", "at": at(3, 10, 10)}
		for i := 0; i < len(change); i += 2 {
			o[change[i].(string)] = change[i+1]
		}
		return o
	}
	refusedAll(t, []mistake{
		{c.officer, handlertest.Bad, "filter.unknown", handlertest.Get, "/measures?kind=x", nil, ""},
		{both, clash, "measure.own_proposal", handlertest.Post, on(self, "decide"), handlertest.Obj{"version": 1}, ""},
		{both, clash, "measure.own_proposal", handlertest.Post, on(self, "refuse"), handlertest.Obj{"reason": "不同意", "version": 1}, ""},
		{c.officer, handlertest.Bad, "measure.opinion", handlertest.Post, on(tracing, "decide"), handlertest.Obj{"version": 1}, "opinion"},
		{c.leader, clash, "measure.changed", handlertest.Post, on(fine, "decide"), handlertest.Obj{"opinion": "再批", "version": v(fine)}, ""},
		{c.leader, handlertest.Bad, "reason.required", handlertest.Post, on(other, "refuse"), handlertest.Obj{"reason": " ", "version": 1}, "reason"},
		{c.officer, handlertest.Bad, "measure.served_on", handlertest.Post, on(fine, "service-of-process"), served("on", "2026-03-11"), "on"},
		{c.officer, handlertest.Bad, "measure.how", handlertest.Post, on(fine, "service-of-process"), served("how", " "), "how"},
		{c.officer, handlertest.Bad, "file.unknown", handlertest.Post, on(fine, "service-of-process"), served("file_id", 99), "file_id"},
		{c.officer, handlertest.Bad, "family.proof", handlertest.Post, on(det, "family"), told("name", ""), "how"},
		{c.officer, handlertest.Bad, "family.at", handlertest.Post, on(det, "family"), told("at", at(3, 10, 9)), "at"},
		{c.officer, handlertest.Bad, "file.unknown", handlertest.Post, on(det, "family"), told("file_id", 99), "file_id"},
		{c.officer, clash, "review.state", handlertest.Post, on(tracing, "reviews"), handlertest.Obj{"reason": "不服"}, ""},
		{c.debtor, handlertest.Bad, "reason.required", handlertest.Post, on(fine, "reviews"), handlertest.Obj{"reason": " "}, "reason"},
	})
	// What is one's own is not offered on the desk either.
	self = c.leader.Must(http.StatusOK, handlertest.Post, on(self, "decide"), handlertest.Obj{"opinion": "同意", "version": 1})
	self = both.Does(handlertest.LiftMeasure, self.ID("id"), handlertest.Obj{"ground": "wrong", "reason": "对象有误", "proof": "x", "version": v(self)})
	if body := c.Visitor(both).Sees(fmt.Sprintf("/measures/%d", self.ID("id")), "解除措施是您本人提请的"); strings.Contains(body, "/answer\"") {
		t.Error("the desk offers an answer that is refused")
	}
	both.Refused(clash, "lift.own", handlertest.Post, on(self, "lift-answer"), handlertest.Obj{"yes": true, "version": v(self)})
	fine = c.officer.Must(http.StatusOK, handlertest.Post, on(fine, "service-of-process"), served())
	c.pass(at(3, 14, 10))
	c.debtor.Refused(clash, "review.late", handlertest.Post, on(fine, "reviews"), handlertest.Obj{"reason": "再来"})
	list := c.take("listing")
	taken := c.officer.Must(http.StatusCreated, handlertest.Post, on(list, "reviews"), handlertest.Obj{"reason": "本人口述：已履行"})
	if body := c.Visitor(c.officer).Sees(fmt.Sprintf("/measures/%d", list.ID("id")), "这项申请是您本人录入的"); strings.Contains(body, "/review-result") {
		t.Error("the desk offers a result that is refused")
	}
	c.Visitor(c.leader).Sees(fmt.Sprintf("/measures/%d", list.ID("id")), "/review-result")
	c.officer.Rejected("review.own", handlertest.ConcludeReview, taken.ID("id"), handlertest.Obj{"result": "upheld", "text": "履行情况未经确认", "decided_on": "2026-03-14"})
	refusedAll(t, []mistake{
		{c.officer, handlertest.Bad, "poster.place", handlertest.Post, on(list, "posters"), handlertest.Obj{"place": " "}, "place"},
		{c.officer, handlertest.Bad, "file.unknown", handlertest.Post, on(list, "posters"), handlertest.Obj{"place": "十七房村", "file_id": 99}, "file_id"},
		{c.officer, clash, "poster.state", handlertest.Post, on(fine, "posters"), handlertest.Obj{"place": "十七房村"}, ""},
	})
}

// A repair or a payment that came first stops the decision and the arrest.
func TestMeasuresThatCameTooLate(t *testing.T) {
	t.Parallel()
	c := newCoerced(t)
	det, second := c.propose("detention"), c.take("detention", "act_on", "2026-03-04")
	listing := c.propose("listing")
	a := c.repairOf(handlertest.Obj{})
	c.granted(a, "suspended", "2026-06-30")
	c.leader.Refused(clash, "repair.suspended", handlertest.Post, on(listing, "decide"), handlertest.Obj{"opinion": "同意", "version": listing.Num("version")})
	c.pay(c.judge, 510)
	refusedAll(t, []mistake{
		{c.leader, clash, "obligation.performed", handlertest.Post, on(det, "decide"), handlertest.Obj{"opinion": "同意", "version": 1}, ""},
		{c.officer, clash, "obligation.performed", handlertest.Post, on(second, "detain"), handlertest.Obj{"at": at(3, 6, 10), "version": second.Num("version")}, ""},
	})
}
