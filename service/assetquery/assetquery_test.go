package assetquery_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"microcourt/model"
	"microcourt/service/assetquery"
	"microcourt/service/servicetest"
)

// court is an enforcement case of an officer against a company.
type court struct {
	*servicetest.World
	clerk, officer, other, leader servicetest.Person
	f                             servicetest.Filed
	e                             *model.EnforcementFile
}

func newCourt(t *testing.T, prepare func(*servicetest.World)) *court {
	t.Helper()
	return courtIn(servicetest.NewWith(t, prepare))
}

func courtIn(w *servicetest.World) *court {
	w.T.Helper()
	w.Staff("zhang.min", model.RoleJudge)
	c := &court{
		World: w, clerk: w.Staff("wan.tt", model.RoleClerk), officer: w.Staff("chen.zx", model.RoleOfficer),
		other: w.Staff("other.zx", model.RoleOfficer), leader: w.Staff("yuan.zhang", model.RoleLeader),
	}
	c.f = w.File(c.clerk)
	c.e = w.EnforcedBy(c.officer, c.f)
	return c
}

// ask is the officer's request.
func (c *court) ask(kind model.QueryKind, agencyID int64) *model.AssetQuery {
	c.T.Helper()
	return c.AssetQuery(c.officer, c.e, c.f.Debtor, kind, agencyID)
}

// sent is a query that waits for its answer.
func (c *court) sent(agencyID int64) *model.AssetQuery {
	c.T.Helper()
	return c.must(c.Svc.AssetQuery.Send(c.T.Context(), c.officer.Actor, c.ask(model.QueryVehicle, agencyID).ID, 1, assetquery.To{}))
}

func (c *court) must(q *model.AssetQuery, err error) *model.AssetQuery {
	c.T.Helper()
	if err != nil {
		c.T.Fatal(err)
	}
	return q
}

// told counts the notices of a kind in somebody's inbox.
func (c *court) told(p servicetest.Person, kind model.NoticeKind) (n int) {
	c.T.Helper()
	list, _, err := c.Svc.Notice.Inbox(c.T.Context(), p.Actor, 0, 0, 100)
	if err != nil {
		c.T.Fatal(err)
	}
	for _, i := range list {
		if i.Kind == kind {
			n++
		}
	}
	return n
}

// clocks are the officer's open tasks to see to an answer.
func (c *court) clocks() []model.TaskLine {
	c.T.Helper()
	list, err := c.Svc.Enforcement.Tasks(c.T.Context(), c.officer.Actor, model.TaskFilter{Kind: model.TaskQueryAnswer, State: model.TaskOpen, Limit: 50})
	if err != nil {
		c.T.Fatal(err)
	}
	return list
}

// sentOf is 件次 by kind.
func sentOf(list []model.QueryCount) map[model.QueryKind]model.QueryCount {
	out := map[model.QueryKind]model.QueryCount{}
	for _, n := range list {
		out[n.Kind] = n
	}
	return out
}

// What an officer asks about a debtor: vehicles by himself, accounts with a
// leader's approval; the letter has the ID number, the answer is for the officer
// and the leader, and every look at either is recorded; the report counts 件次.
func TestAnOfficerAsksAndRecordsTheAnswers(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	c := newCourt(t, nil)
	svc := c.Svc.AssetQuery
	car, bank := c.ask(model.QueryVehicle, 0), c.ask(model.QueryBank, 0)
	if car.State != model.QueryApproved || bank.State != model.QueryRequested {
		t.Fatalf("a vehicle is %s, an account %s", car.State, bank.State)
	}
	if c.told(c.leader, model.NoticeQueryRequested) != 1 {
		t.Error("the leader is not asked about the account, or about the vehicle too")
	}
	_, err := svc.Send(ctx, c.officer.Actor, bank.ID, 1, assetquery.To{})
	c.Refused(err, "query.state")
	bank = c.must(svc.Decide(ctx, c.leader.Actor, bank.ID, 1, true, ""))
	if c.told(c.officer, model.NoticeQueryDecided) != 1 {
		t.Error("the officer does not learn the decision")
	}
	letter, err := svc.Letter(ctx, c.officer.Actor, bank.ID)
	if err != nil || letter.IDNumber != "91350100M000100Y43" || !strings.Contains(letter.Text(), c.e.CaseNo) || c.Audited(model.AuditQueryLetter) != 1 {
		t.Errorf("the letter: %+v %v, looks %d", letter, err, c.Audited(model.AuditQueryLetter))
	}
	bank = c.must(svc.Send(ctx, c.officer.Actor, bank.ID, bank.Version, assetquery.To{Name: "中国工商银行镇海支行"}))
	if clocks := c.clocks(); len(clocks) != 1 || model.DateOf(clocks[0].DueAt) != bank.DueOn || bank.Agency != "中国工商银行镇海支行" {
		t.Errorf("the clock %v, due %v, of %s", clocks, bank.DueOn, bank.Agency)
	}
	car = c.must(svc.Send(ctx, c.officer.Actor, car.ID, 1, assetquery.To{}))

	// What is late reaches the officer.
	c.Clock.Advance(15 * 24 * time.Hour)
	if err := c.Svc.Enforcement.Pass(ctx); err != nil {
		t.Fatal(err)
	}
	if c.told(c.officer, model.NoticeTaskLate) == 0 {
		t.Error("nobody tells the officer that the answers are late")
	}
	if q := c.must(svc.Answer(ctx, c.officer.Actor, car.ID, car.Version, assetquery.Answer{On: c.Today(), IdemKey: servicetest.FreshKey()})); q.State != model.QueryAnswered || q.Found != 0 {
		t.Errorf("no findings is an answer: %+v", q)
	}
	file := c.Uploaded(c.officer, c.f.ID, 911)
	found := []model.AssetFinding{{What: " 活期账户 6222****8888", Place: "镇海支行", AmountFen: 1234567, Note: "可用余额"}, {What: "定期账户", Value: "三年期"}}
	c.must(svc.Answer(ctx, c.officer.Actor, bank.ID, bank.Version, assetquery.Answer{On: c.Today(), Note: "截至答复日", Findings: found, Files: []int64{file, file}, IdemKey: servicetest.FreshKey()}))
	if len(c.clocks()) != 0 {
		t.Error("an answered query keeps its clock")
	}
	for i, by := range []servicetest.Person{c.officer, c.leader} {
		d, err := svc.Query(ctx, by.Actor, bank.ID)
		if err != nil || len(d.Findings) != 2 || d.Findings[0].What != "活期账户 6222****8888" || d.Findings[0].AmountFen != 1234567 || len(d.Files) != 1 ||
			d.Party != "甬兴建材有限公司" || d.Own != (i == 0) || c.Audited(model.AuditQueryLook) != i+1 {
			t.Errorf("the answer %+v %v, looks %d", d, err, c.Audited(model.AuditQueryLook))
		}
	}
	_, err = svc.Query(ctx, c.other.Actor, bank.ID)
	c.Refused(err, "query.not_found")
	if list, err := svc.Queries(ctx, c.other.Actor, model.AssetQueryFilter{Limit: 10}); err != nil || len(list) != 0 {
		t.Errorf("another officer's list: %v %v", list, err)
	}
	list, err := svc.Queries(ctx, c.officer.Actor, model.AssetQueryFilter{State: model.QueryAnswered, Limit: 1})
	if err != nil || len(list) != 1 || list[0].CaseNo != c.e.CaseNo || list[0].ID != bank.ID {
		t.Errorf("the officer's list: %v %v", list, err)
	}
	list, err = svc.Queries(ctx, c.leader.Actor, model.AssetQueryFilter{Kind: model.QueryVehicle, EnforcementCaseID: c.e.ID, Before: bank.ID, Limit: 10})
	if err != nil || len(list) != 1 || list[0].ID != car.ID {
		t.Errorf("the leader's list: %v %v", list, err)
	}
	from := model.NewDate(2026, 1, 1)
	counts, err := svc.Counts(ctx, c.leader.Actor, from, c.Today())
	n := sentOf(counts)
	if err != nil || len(counts) != 4 || n[model.QueryVehicle].Sent != 1 || n[model.QueryVehicle].Found != 0 || n[model.QueryBank].Answered != 1 || n[model.QueryBank].Found != 1 || n[model.QueryPopulation].Sent != 0 {
		t.Errorf("件次: %v %v", counts, err)
	}
	if counts, err := svc.Counts(ctx, c.other.Actor, from, c.Today()); err != nil || sentOf(counts)[model.QueryBank].Sent != 0 {
		t.Errorf("another officer's 件次: %v %v", counts, err)
	}
	if counts, err := svc.Counts(ctx, c.officer.Actor, from, c.Today().AddDays(-1)); err != nil || sentOf(counts)[model.QueryBank].Sent != 1 {
		t.Errorf("件次 until the day before: %v %v", counts, err)
	}
	for _, period := range [][2]model.Date{{}, {from, {}}, {c.Today(), from}} {
		_, err := svc.Counts(ctx, c.leader.Actor, period[0], period[1])
		c.Refused(err, "query.period")
	}
}

// Who may not, and what is wrong with a request, a decision, the sending, the
// answer and taking back.
func TestQueriesRefuse(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	c := newCourt(t, nil)
	svc := c.Svc.AssetQuery
	request := func(by servicetest.Person, change func(*model.AssetQuery)) error {
		in := model.AssetQuery{EnforcementCaseID: c.e.ID, PartyID: c.f.Debtor, Kind: model.QueryPopulation, Purpose: "查明住址", IdemKey: servicetest.FreshKey()}
		change(&in)
		_, err := svc.Request(ctx, by.Actor, in)
		return err
	}
	for _, m := range []struct {
		reason string
		by     servicetest.Person
		change func(*model.AssetQuery)
	}{
		{"enforcement.not_found", c.other, func(*model.AssetQuery) {}},
		{"enforcement.not_found", c.officer, func(q *model.AssetQuery) { q.EnforcementCaseID = 999999 }},
		{"role.forbidden", c.clerk, func(*model.AssetQuery) {}},
		{"query.kind", c.officer, func(q *model.AssetQuery) { q.Kind = "stocks" }},
		{"query.person", c.officer, func(q *model.AssetQuery) { q.PartyID = c.f.Creditor }},
		{"query.purpose", c.officer, func(q *model.AssetQuery) { q.Purpose = " " }},
		{"query.agency", c.officer, func(q *model.AssetQuery) { q.Agency = strings.Repeat("长", 101) }},
	} {
		c.Refused(request(m.by, m.change), m.reason)
	}
	people, car := c.ask(model.QueryPopulation, 0), c.ask(model.QueryVehicle, 0)
	long, v := assetquery.To{Name: strings.Repeat("长", 101)}, assetquery.Answer{On: c.Today()}
	for _, m := range []struct {
		reason string
		do     func() (*model.AssetQuery, error)
	}{
		{"query.not_found", func() (*model.AssetQuery, error) { return svc.Decide(ctx, c.leader.Actor, 999999, 1, true, "") }},
		{"role.forbidden", func() (*model.AssetQuery, error) { return svc.Decide(ctx, c.officer.Actor, people.ID, 1, true, "") }},
		{"query.changed", func() (*model.AssetQuery, error) { return svc.Decide(ctx, c.leader.Actor, people.ID, 9, true, "") }},
		{"reason.required", func() (*model.AssetQuery, error) { return svc.Decide(ctx, c.leader.Actor, people.ID, 1, false, " ") }},
		{"query.state", func() (*model.AssetQuery, error) { return svc.Decide(ctx, c.leader.Actor, car.ID, 1, true, "") }},
		{"query.not_found", func() (*model.AssetQuery, error) { return svc.Send(ctx, c.other.Actor, car.ID, 1, assetquery.To{}) }},
		{"role.forbidden", func() (*model.AssetQuery, error) { return svc.Send(ctx, c.leader.Actor, car.ID, 1, assetquery.To{}) }},
		{"query.changed", func() (*model.AssetQuery, error) { return svc.Send(ctx, c.officer.Actor, car.ID, 9, assetquery.To{}) }},
		{"query.agency", func() (*model.AssetQuery, error) { return svc.Send(ctx, c.officer.Actor, car.ID, 1, long) }},
		{"query.state", func() (*model.AssetQuery, error) {
			return svc.Send(ctx, c.officer.Actor, people.ID, 1, assetquery.To{})
		}},
		{"query.not_found", func() (*model.AssetQuery, error) { return svc.Answer(ctx, c.other.Actor, car.ID, 1, v) }},
		{"query.state", func() (*model.AssetQuery, error) { return svc.Answer(ctx, c.officer.Actor, car.ID, 1, v) }},
		{"query.not_found", func() (*model.AssetQuery, error) { return svc.Cancel(ctx, c.other.Actor, car.ID, 1, "不再需要") }},
		{"query.changed", func() (*model.AssetQuery, error) { return svc.Cancel(ctx, c.officer.Actor, car.ID, 9, "不再需要") }},
		{"reason.required", func() (*model.AssetQuery, error) { return svc.Cancel(ctx, c.officer.Actor, car.ID, 1, " ") }},
	} {
		_, err := m.do()
		c.Refused(err, m.reason)
	}
	for reason, err := range map[string]func() error{
		"query.not_found": func() error { _, err := svc.Letter(ctx, c.other.Actor, car.ID); return err },
		"query.state":     func() error { _, err := svc.Letter(ctx, c.officer.Actor, people.ID); return err },
		"role.forbidden":  func() error { _, err := svc.Letter(ctx, c.leader.Actor, car.ID); return err },
	} {
		c.Refused(err(), reason)
	}
	if c.Audited(model.AuditQueryLetter) != 0 {
		t.Error("a letter that was refused counts as seen")
	}
	car = c.must(svc.Send(ctx, c.officer.Actor, car.ID, 1, assetquery.To{}))
	for _, m := range []struct {
		reason string
		change func(a *assetquery.Answer, seen *int64)
	}{
		{"query.changed", func(_ *assetquery.Answer, seen *int64) { *seen = 9 }},
		{"query.answered_on", func(a *assetquery.Answer, _ *int64) { a.On = model.NewDate(2020, 1, 1) }},
		{"query.answered_on", func(a *assetquery.Answer, _ *int64) { a.On = c.Today().AddDays(1) }},
		{"query.note", func(a *assetquery.Answer, _ *int64) { a.Note = strings.Repeat("长", 501) }},
		{"query.finding", func(a *assetquery.Answer, _ *int64) { a.Findings = []model.AssetFinding{{What: " "}} }},
		{"query.finding", func(a *assetquery.Answer, _ *int64) {
			a.Findings = []model.AssetFinding{{What: "账户", AmountFen: -1}}
		}},
		{"file.unknown", func(a *assetquery.Answer, _ *int64) { a.Files = []int64{999999} }},
		{"file.too_many", func(a *assetquery.Answer, _ *int64) { a.Files = []int64{1, 2, 3, 4, 5, 6, 7, 8, 9, 10} }},
	} {
		a, seen := assetquery.Answer{On: c.Today(), IdemKey: servicetest.FreshKey()}, car.Version
		m.change(&a, &seen)
		_, err := svc.Answer(ctx, c.officer.Actor, car.ID, seen, a)
		c.Refused(err, m.reason)
	}
	if d, err := svc.Query(ctx, c.officer.Actor, car.ID); err != nil || d.Query.State != model.QuerySent || len(d.Findings) != 0 {
		t.Errorf("after what was refused: %+v %v", d, err)
	}
	refused := c.must(svc.Decide(ctx, c.leader.Actor, people.ID, 1, false, "用途不明确"))
	_, err := svc.Cancel(ctx, c.officer.Actor, refused.ID, refused.Version, "不再需要")
	c.Refused(err, "query.state")
	c.must(svc.Cancel(ctx, c.officer.Actor, car.ID, car.Version, "被执行人已履行"))
	if len(c.clocks()) != 0 {
		t.Error("a cancelled query keeps its clock")
	}
	if _, err := c.Svc.Enforcement.CloseCase(ctx, c.officer.Actor, c.e.ID, c.e.Version, model.Closing{Type: model.CloseEnded, On: c.Today(), Reason: "申请执行人撤回申请"}); err != nil {
		t.Fatal(err)
	}
	c.Refused(request(c.officer, func(*model.AssetQuery) {}), "enforcement.closed")
}

// Nobody decides what he asked for himself, also when he has both roles.
func TestALeaderDoesNotDecideHisOwnQuery(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	c := newCourt(t, nil)
	both := c.Staff("er.jiao", model.RoleOfficer, model.RoleLeader)
	f := c.File(c.clerk)
	q := c.AssetQuery(both, c.EnforcedBy(both, f), f.Debtor, model.QueryBank, 0)
	if c.told(both, model.NoticeQueryRequested) != 0 || c.told(c.leader, model.NoticeQueryRequested) != 1 {
		t.Error("he is asked to decide his own request, or nobody else is")
	}
	_, err := c.Svc.AssetQuery.Decide(ctx, both.Actor, q.ID, 1, true, "")
	c.Refused(err, "query.own")
	c.must(c.Svc.AssetQuery.Decide(ctx, c.leader.Actor, q.ID, 1, true, ""))
}

// Whoever gets no answer asks once more and gets the first one; something else
// for the same version is refused.
func TestARepeatIsTheFirstAct(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	c := newCourt(t, nil)
	svc := c.Svc.AssetQuery
	in := model.AssetQuery{EnforcementCaseID: c.e.ID, PartyID: c.f.Debtor, Kind: model.QueryBank, Purpose: "查明存款", IdemKey: servicetest.FreshKey()}
	q := c.must(svc.Request(ctx, c.officer.Actor, in))
	if again := c.must(svc.Request(ctx, c.officer.Actor, in)); again.ID != q.ID || c.told(c.leader, model.NoticeQueryRequested) != 1 || c.Audited(model.AuditQueryRequest) != 1 {
		t.Errorf("the repeat is %d, the first %d", again.ID, q.ID)
	}
	other := c.ask(model.QueryVehicle, 0)
	answer := assetquery.Answer{On: c.Today(), Note: "没有", Findings: []model.AssetFinding{{What: "账户"}}, IdemKey: servicetest.FreshKey()}
	for _, act := range []struct {
		name, action model.AuditAction
		id, seen     int64
		do           func(id, seen int64, other bool) (*model.AssetQuery, error)
	}{
		{"decide", "query.decide", q.ID, 1, func(id, seen int64, other bool) (*model.AssetQuery, error) {
			return svc.Decide(ctx, c.leader.Actor, id, seen, !other, "意见")
		}},
		{"send", "query.send", q.ID, 2, func(id, seen int64, other bool) (*model.AssetQuery, error) {
			return svc.Send(ctx, c.officer.Actor, id, seen, assetquery.To{Name: map[bool]string{true: "甲银行", false: "乙银行"}[other]})
		}},
		{"answer", "query.answer", q.ID, 3, func(id, seen int64, other bool) (*model.AssetQuery, error) {
			a := answer
			if other {
				a.Note, a.IdemKey = "有", servicetest.FreshKey()
			}
			return svc.Answer(ctx, c.officer.Actor, id, seen, a)
		}},
		{"cancel", "query.cancel", other.ID, 1, func(id, seen int64, other bool) (*model.AssetQuery, error) {
			return svc.Cancel(ctx, c.officer.Actor, id, seen, map[bool]string{true: "另一原因", false: "不需要了"}[other])
		}},
	} {
		first := c.must(act.do(act.id, act.seen, false))
		again := c.must(act.do(act.id, act.seen, false))
		if again.Version != first.Version || again.State != first.State || c.Audited(act.action) != 1 {
			t.Errorf("%s again: %+v, first %+v, recorded %d times", act.name, again, first, c.Audited(act.action))
		}
		if _, err := act.do(act.id, act.seen, true); model.KindOf(err) != model.Conflict {
			t.Errorf("%s: something else for the same version gets %v", act.name, err)
		}
	}
	if d, err := svc.Query(ctx, c.officer.Actor, q.ID); err != nil || len(d.Findings) != 1 || d.Query.Agency != "乙银行" {
		t.Errorf("after the repeats: %+v %v", d, err)
	}
}

// Of two who act at the same moment one is told that he came second.
func TestTwoAnswersAtOnce(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	c := newCourt(t, nil)
	q := c.sent(0)
	errs := make([]error, 4)
	var wg sync.WaitGroup
	for i := range errs {
		wg.Go(func() {
			_, errs[i] = c.Svc.AssetQuery.Answer(ctx, c.officer.Actor, q.ID, q.Version, assetquery.Answer{
				On: c.Today(), Note: fmt.Sprint(i), Findings: []model.AssetFinding{{What: fmt.Sprint("车辆", i)}}, IdemKey: servicetest.FreshKey(),
			})
		})
	}
	wg.Wait()
	taken := slices.DeleteFunc(slices.Clone(errs), func(err error) bool { return model.KindOf(err) == model.Conflict })
	if len(taken) != 1 || taken[0] != nil {
		t.Errorf("four answers at once: %v", errs)
	}
	if d, err := c.Svc.AssetQuery.Query(ctx, c.officer.Actor, q.ID); err != nil || len(d.Findings) != 1 || c.Audited(model.AuditQueryAnswer) != 1 {
		t.Errorf("%+v %v", d, err)
	}
}

// Whichever COMMIT is lost, or its answer: the answer of an agency is recorded
// once, with its file.
func TestARecordedAnswerSurvivesALostCommit(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	var c *court
	seed := 930
	servicetest.EveryCommitLost(t, func(w *servicetest.World) (func() (int64, error), func(int64)) {
		if c == nil {
			c = courtIn(w)
		}
		seed++
		q := c.sent(0)
		a := assetquery.Answer{
			On: c.Today(), Findings: []model.AssetFinding{{What: "小型轿车"}}, Files: []int64{c.Uploaded(c.officer, c.f.ID, seed)}, IdemKey: servicetest.FreshKey(),
		}
		return func() (int64, error) {
				done, err := c.Svc.AssetQuery.Answer(ctx, c.officer.Actor, q.ID, q.Version, a)
				if err != nil {
					return 0, err
				}
				return done.ID, nil
			}, func(id int64) {
				if d, err := c.Svc.AssetQuery.Query(ctx, c.officer.Actor, id); err != nil || d.Query.State != model.QueryAnswered || len(d.Findings) != 1 || len(d.Files) != 1 {
					t.Errorf("%+v %v", d, err)
				}
			}
	})
}

// door is an agency's interface, which can be out of order.
type door struct {
	mu     sync.Mutex
	broken bool
	asked  []model.QueryLetter
}

func (d *door) Ask(_ context.Context, l model.QueryLetter) (string, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.broken {
		return "", errors.New("connection refused")
	}
	d.asked = append(d.asked, l)
	return fmt.Sprintf("受理-%d", l.QueryID), nil
}

// The court's interface to an agency: a query that it does not take stays
// unsent; one that it takes keeps its reference. What an agency of the directory
// answers at its own door never goes through it.
func TestAQueryGoesThroughTheInterface(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	d := &door{broken: true}
	c := newCourt(t, func(w *servicetest.World) { w.Door = d })
	svc := c.Svc.AssetQuery
	q := c.ask(model.QueryVehicle, 0)
	_, err := svc.Send(ctx, c.officer.Actor, q.ID, 1, assetquery.To{})
	c.Refused(err, "query.door")
	if now, err := svc.Query(ctx, c.officer.Actor, q.ID); err != nil || now.Query.State != model.QueryApproved || len(c.clocks()) != 0 {
		t.Errorf("what was not taken counts as sent: %+v %v", now, err)
	}
	d.broken = false
	_, err = svc.Send(ctx, c.officer.Actor, q.ID, 9, assetquery.To{})
	c.Refused(err, "query.changed")
	_, err = svc.Send(ctx, c.other.Actor, q.ID, 1, assetquery.To{})
	c.Refused(err, "query.not_found")
	if len(d.asked) != 0 {
		t.Errorf("asked for somebody who may not: %v", d.asked)
	}
	for range 2 { // the answer got lost
		q = c.must(svc.Send(ctx, c.officer.Actor, q.ID, 1, assetquery.To{Name: "车管所"}))
	}
	if len(d.asked) != 1 || d.asked[0].IDNumber != "91350100M000100Y43" || d.asked[0].Agency != "车管所" || q.Reference != fmt.Sprintf("受理-%d", q.ID) {
		t.Errorf("through the door: %+v %v", q, d.asked)
	}
	police := c.Agency(c.Court, "GAJ")
	if q := c.sent(police.ID); len(d.asked) != 1 || q.Reference != "" {
		t.Errorf("what the agency answers itself went through the interface: %v", d.asked)
	}
}
