package agency_test

import (
	"fmt"
	"strings"
	"sync"
	"testing"

	"microcourt/model"
	"microcourt/service/agency"
)

// A court begins without any duties. When it takes the suggested list over,
// measures that are in force get their tasks if that is asked for: once each,
// with time limits from that day, however often and however many workers run.
func TestTasksForMeasuresInForce(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	c := newCourt(t)
	svc := c.Svc.Agency
	m := c.listed() // and with it the restriction
	c.work()
	c.at(3, 16)
	if rep, err := svc.Adopt(ctx, c.leader.Actor, agency.Loading{DryRun: true}); err != nil || rep.Created != 36 || rep.Version != 0 {
		t.Errorf("a preview: %+v %v", rep, err)
	}
	for range 2 { // the answer got lost
		if rep, err := svc.Adopt(ctx, c.leader.Actor, agency.Loading{Backfill: true}); err != nil || rep.Version != 1 {
			t.Errorf("the list: %+v %v", rep, err)
		}
	}
	market := c.AgencyStaff("SCJ", "scjg.zhou")
	if list := c.tasks(c.manager, model.AgencyTaskFilter{}); len(list) != 0 {
		t.Errorf("%d tasks before the worker ran", len(list))
	}
	var wg sync.WaitGroup
	for range 3 {
		wg.Go(func() {
			if err := svc.Pass(ctx); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	if list := c.tasks(c.manager, model.AgencyTaskFilter{}); len(list) != 33 || list[0].DueOn != model.NewDate(2026, 3, 30) {
		t.Errorf("%d tasks; the time limit runs from the loading: %v", len(list), list[0].DueOn)
	}
	if n := c.NoticesOf(market, model.NoticeDutyOpened); n != 1 {
		t.Errorf("told %d times", n)
	}
	b, err := svc.Backfills(ctx, c.leader.Actor)
	if err != nil || len(b) != 1 || b[0].Opened != 33 || b[0].Measures != 2 || b[0].DoneAt == nil || len(b[0].LeftOut) != 0 {
		t.Errorf("what was done: %+v %v", b, err)
	}
	duty := func(code string, all bool) *model.AgencyDuty {
		t.Helper()
		d, _, err := svc.AddDuty(ctx, c.manager.Actor, model.AgencyDuty{
			AgencyID: market.AgencyID, Code: code, Kind: model.DutySanction, Requirement: "在企业信用公示系统中公示", Recurrence: model.RecurEach, DueDays: 5, LiftDays: 3,
			Measures: []model.MeasureKind{model.MeasureListing},
		}, all)
		if err != nil {
			t.Fatal(err)
		}
		return d
	}
	duty("CJ-37", false)
	more := duty("CJ-38", true)
	c.work()
	c.work()
	if l := c.tasks(c.manager, model.AgencyTaskFilter{DutyID: more.ID}); len(l) != 1 || l[0].DueOn != model.NewDate(2026, 3, 23) {
		t.Errorf("the new duty's task %v", l)
	}
	if list := c.tasks(c.manager, model.AgencyTaskFilter{}); len(list) != 34 {
		t.Errorf("%d tasks", len(list))
	}
	// A later list: every duty for every measure, none twice.
	row := "SCJ,,,CJ-28,联合惩戒,限制登记,,,人次,每案,5个工作日,失信被执行人名单,自然人,3个工作日\nSCJ,,,CJ-39,联合惩戒,重点监管,,,,每案,5个工作日,失信被执行人名单、限制高消费,,\n"
	if rep, err := svc.Load(ctx, c.manager.Actor, strings.NewReader(dutyHead+row), agency.Loading{Seen: 1, Source: "x", Backfill: true}); err != nil || len(rep.Problems) > 0 || rep.Version != 2 {
		t.Fatalf("a second list: %+v %v", rep, err)
	}
	c.work()
	if list := c.tasks(c.manager, model.AgencyTaskFilter{}); len(list) != 3 {
		t.Errorf("%d tasks of the second list", len(list))
	}
	// Off the list: what was opened afterwards is lifted like everything else.
	c.lift(m)
	if l := c.tasks(c.manager, model.AgencyTaskFilter{Phase: model.PhaseLift, State: model.AgencyTaskOpen}); len(l) != 1 || l[0].DueOn != model.NewDate(2026, 3, 19) {
		t.Errorf("to lift: %v", l)
	}
	_, err = svc.Adopt(ctx, c.admin.Actor, agency.Loading{})
	c.Refused(err, "duty.list_exists")
	_, err = svc.Adopt(ctx, c.officer.Actor, agency.Loading{})
	c.Refused(err, "role.forbidden")
	_, err = svc.Backfills(ctx, market.Actor)
	c.Refused(err, "role.forbidden")
}

// A measure whose tasks cannot be opened, here because what the database holds of
// it cannot be read, keeps no other from its own. It is named each time, tried
// again, and gets its tasks when it can be read.
func TestOneBadMeasureKeepsNoOther(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	c := newCourt(t)
	svc := c.Svc.Agency
	first := c.listed()
	c.f, c.e = c.enforced()
	c.at(3, 12)
	bad := c.listed()
	c.f, c.e = c.enforced()
	c.at(3, 16)
	last := c.listed()
	c.SQL("CREATE TABLE kept AS SELECT id, subject_id FROM measures", fmt.Sprintf("UPDATE measures SET subject_id = 'spoilt' WHERE id = %d", bad.ID))
	c.adopt(agency.Loading{Backfill: true})
	market := c.AgencyStaff("SCJ", "scjg.zhou")
	with := func() map[int64]int {
		n := map[int64]int{}
		for _, l := range c.tasks(market, model.AgencyTaskFilter{}) {
			n[l.MeasureID]++
		}
		return n
	}
	for range 2 {
		err := svc.Pass(ctx)
		if err == nil || !strings.Contains(err.Error(), fmt.Sprintf("measure %d:", bad.ID)) {
			t.Errorf("the measure is not named: %v", err)
		}
	}
	n := with()
	if n[first.ID] == 0 || n[last.ID] == 0 || n[bad.ID] != 0 {
		t.Errorf("tasks by measure: %v of %d, %d, %d", n, first.ID, bad.ID, last.ID)
	}
	b, err := svc.Backfills(ctx, c.leader.Actor)
	if err != nil || len(b) != 1 || len(b[0].LeftOut) != 1 || b[0].LeftOut[0] != bad.ID || b[0].DoneAt != nil || c.NoticesOf(market, model.NoticeDutyOpened) != 1 {
		t.Errorf("what is left out: %+v %v", b, err)
	}
	c.SQL("UPDATE measures SET subject_id = (SELECT k.subject_id FROM kept k WHERE k.id = measures.id)", "DROP TABLE kept")
	c.at(3, 20)
	c.work()
	own := c.tasks(market, model.AgencyTaskFilter{})
	i := 0
	for i < len(own) && own[i].MeasureID != bad.ID {
		i++
	}
	if i == len(own) || own[i].DueOn != model.NewDate(2026, 4, 3) || c.NoticesOf(market, model.NoticeDutyOpened) != 2 {
		t.Errorf("its tasks, from the day on which they could be opened: %v, told %d times", own, c.NoticesOf(market, model.NoticeDutyOpened))
	}
	if b, err := svc.Backfills(ctx, c.leader.Actor); err != nil || len(b[0].LeftOut) != 0 || b[0].DoneAt == nil || b[0].Measures != 4 && b[0].Measures != 6 {
		t.Errorf("when all have theirs: %+v %v", b, err)
	}
	c.work()
	if again := c.tasks(market, model.AgencyTaskFilter{}); len(again) != len(own) {
		t.Errorf("%d tasks, then %d", len(own), len(again))
	}
}
