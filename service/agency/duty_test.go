package agency_test

import (
	"bytes"
	"strings"
	"sync"
	"testing"

	"microcourt/model"
	"microcourt/service/agency"
)

const dutyHead = "单位代码,单位名称,单位类别,事项编号,类型,工作要求,依据,佐证材料,计量单位,周期,时限,适用措施,适用对象,解除时限\n"

// A list replaces the one before it; one with wrong rows changes nothing; two
// that replace the same one: one wins; what an earlier list ended is owed again.
func TestListsOfDuties(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	c := newCourt(t)
	svc := c.Svc.Agency
	c.adopt(agency.Loading{})
	load := func(by model.Actor, seen int64, file string) (*agency.LoadReport, error) {
		return svc.Load(ctx, by, strings.NewReader(file), agency.Loading{Seen: seen, Source: "镇信用办〔2026〕3号"})
	}
	duties := func() int {
		t.Helper()
		list, err := svc.Duties(ctx, c.manager.Actor, model.AgencyDutyFilter{Active: true, Kind: model.DutySanction, Limit: 100})
		if err != nil {
			t.Fatal(err)
		}
		return len(list)
	}
	const row = "SCJ,,,CJ-28,联合惩戒,限制登记为企业高级管理人员,,限制登记记录,人次,每案,5个工作日,失信被执行人名单,自然人,3个工作日\n"
	wrong := dutyHead + row + "SCJ,,,CJ-29,联合惩戒, ,,,,每案,5个工作日,失信被执行人名单,,\n" + "XX,,,CJ-1,联合惩戒,x,,,,每月,2026-13-01,,,\n" +
		"MZJ,,,CJ-13,联合惩戒,x,,,,每案,x,不知道,外星人,x\n" + row
	rep, err := load(c.manager.Actor, 1, wrong)
	if err != nil || len(rep.Problems) != 5 || rep.Changed != 0 || rep.Version != 1 || duties() != 36 {
		t.Fatalf("a file with errors: %+v %v", rep, err)
	}
	for i := range rep.Problems[1:] {
		if rep.Problems[i].Row > rep.Problems[i+1].Row || rep.Problems[i].Message == "" {
			t.Errorf("the problems: %+v", rep.Problems)
		}
	}
	good := dutyHead + row + "SCJ,,,JD-01,联合惩戒,报送季度小结,,小结,,每季度,2026-03-31,,,\n" + "SHENJ,审计局,政府部门,CJ-01,联合惩戒,核查,,,,每案,10,失信被执行人名单、限制高消费,,\n"
	rep, err = svc.Load(ctx, c.manager.Actor, strings.NewReader(good), agency.Loading{Seen: 1, DryRun: true})
	if err != nil || rep.Ended != 35 || rep.Created != 2 || rep.Changed != 1 || rep.Agencies != 1 || duties() != 36 {
		t.Errorf("a dry run: %+v %v", rep, err)
	}
	var wg sync.WaitGroup
	errs := make([]error, 2)
	for i, file := range []string{good, dutyHead + row} {
		wg.Go(func() { _, errs[i] = load([]model.Actor{c.manager.Actor, c.admin.Actor}[i], 1, file) })
	}
	wg.Wait()
	if (errs[0] == nil) == (errs[1] == nil) || model.ReasonOf(errs[0])+model.ReasonOf(errs[1]) != "duty.list_changed" {
		t.Errorf("two lists at once: %v", errs)
	}
	version := int64(2)
	if errs[0] != nil {
		if _, err := load(c.manager.Actor, 2, good); err != nil {
			t.Fatal(err)
		}
		version = 3
	}
	if rep, err := load(c.manager.Actor, version, good); err != nil || rep.Unchanged != 3 || rep.Version != version || duties() != 3 {
		t.Errorf("the same list again: %+v %v", rep, err)
	}
	if l, err := svc.Lists(ctx, c.leader.Actor); err != nil || int64(len(l)) != version || l[0].Source != "镇信用办〔2026〕3号" {
		t.Errorf("versions: %v %v", l, err)
	}
	market := c.AgencyStaff("SCJ", "scjg.zhou")
	c.listed()
	for _, task := range c.tasks(market, model.AgencyTaskFilter{}) {
		if task.Duty.Code == "CJ-28" && task.DueOn != model.NewDate(2026, 3, 13) {
			t.Errorf("under the new list: %+v", task)
		}
	}
	if rep, err := load(c.admin.Actor, version, string(agency.SuggestedCSV())); err != nil || len(rep.Problems) > 0 || rep.Ended != 2 || duties() != 36 {
		t.Errorf("the first list again: %+v %v", rep, err)
	}
	for reason, file := range map[string]string{
		"import.columns": "a,b\n", "import.file": "PK\x03\x04 not a sheet", "import.empty": dutyHead,
		"import.too_many": dutyHead + strings.Repeat("SCJ,,,CJ-28,联合惩戒,x,,,,每月,2026-01-31,,,\n", 5001),
	} {
		_, err := load(c.manager.Actor, version+1, file)
		c.Refused(err, reason)
	}
	_, err = load(c.manager.Actor, 1, dutyHead+row)
	c.Refused(err, "duty.list_changed")
	_, err = load(c.leader.Actor, version+1, dutyHead+row)
	c.Refused(err, "role.forbidden")
	for name, file := range map[string]string{"other name": "SCJ,审计局,政府部门,CJ-28,联合惩戒,x,,,,每月,2026-04-30,,,\n", "unknown kind": "NEU,新单位,外星,CJ-28,联合惩戒,x,,,,每月,2026-04-30,,,\n"} {
		if rep, err := load(c.manager.Actor, version+1, dutyHead+file); err != nil || len(rep.Problems) == 0 {
			t.Errorf("%s: %+v %v", name, rep, err)
		}
	}
	var b bytes.Buffer
	if err := agency.TemplateCSV(&b); err != nil || !strings.Contains(b.String(), "适用措施") {
		t.Errorf("the template: %v %s", err, b.String())
	}
	if rows, err := agency.SuggestedRows(); err != nil || len(rows) != 36 {
		t.Errorf("%d rows of the suggested list, %v", len(rows), err)
	}
}

// One duty: added once, changed, ended, each refusal by name; the deadline of one
// that is owed once moves its task along.
func TestOneDuty(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	c := newCourt(t)
	svc, by := c.Svc.Agency, c.manager.Actor
	a := c.Agency(c.Court, "SCJ")
	market := c.AgencyStaff("SCJ", "scjg.zhou")
	typed := model.AgencyDuty{
		AgencyID: a.ID, Code: "ZZ-01", Kind: model.DutySanction, Requirement: "限制登记", Unit: "人次", Recurrence: model.RecurEach, DueDays: 5, LiftDays: 3,
		Measures: []model.MeasureKind{model.MeasureListing}, Subjects: model.Person,
	}
	d, created, err := svc.AddDuty(ctx, by, typed, false)
	if err != nil || !created {
		t.Fatal(created, err)
	}
	if again, created, err := svc.AddDuty(ctx, by, typed, false); err != nil || created || again.ID != d.ID {
		t.Errorf("again: %+v %v %v", again, created, err)
	}
	long := strings.Repeat("长", 501)
	for reason, change := range map[string]func(*model.AgencyDuty){
		"duty.kind": func(d *model.AgencyDuty) { d.Kind = "x" }, "duty.requirement": func(d *model.AgencyDuty) { d.Requirement = " " },
		"duty.basis": func(d *model.AgencyDuty) { d.Basis = long }, "duty.evidence": func(d *model.AgencyDuty) { d.Evidence = long },
		"duty.unit": func(d *model.AgencyDuty) { d.Unit = "十一个字十一个字十一个" }, "duty.recurrence": func(d *model.AgencyDuty) { d.Recurrence = "daily" },
		"duty.days": func(d *model.AgencyDuty) { d.DueDays = 0 }, "duty.subjects": func(d *model.AgencyDuty) { d.Subjects = "x" },
		"duty.measures": func(d *model.AgencyDuty) { d.Measures = []model.MeasureKind{"fine"} },
		"duty.due": func(d *model.AgencyDuty) {
			*d = model.AgencyDuty{AgencyID: a.ID, Code: "ZZ-01", Kind: model.DutySanction, Requirement: "x", Recurrence: model.RecurOnce}
		},
	} {
		other := typed
		change(&other)
		_, _, err := svc.AddDuty(ctx, by, other, false)
		c.Refused(err, reason)
		_, err = svc.ChangeDuty(ctx, by, d.ID, 1, other)
		c.Refused(err, reason)
	}
	change := func(f func(*model.AgencyDuty)) model.AgencyDuty {
		out := typed
		f(&out)
		return out
	}
	for _, m := range []struct {
		reason string
		do     func() error
	}{
		{"agency.not_found", func() error {
			_, _, err := svc.AddDuty(ctx, by, change(func(d *model.AgencyDuty) { d.AgencyID = 999999 }), false)
			return err
		}},
		{"duty.exists", func() error {
			_, _, err := svc.AddDuty(ctx, by, change(func(d *model.AgencyDuty) { d.Requirement = "另一事项" }), false)
			return err
		}},
		{"duty.code", func() error {
			_, _, err := svc.AddDuty(ctx, by, change(func(d *model.AgencyDuty) { d.Code = "惩戒" }), false)
			return err
		}},
		{"role.forbidden", func() error { _, _, err := svc.AddDuty(ctx, c.leader.Actor, typed, false); return err }},
		{"duty.not_found", func() error { _, err := svc.Duty(ctx, by, 999999); return err }},
		{"duty.not_found", func() error { _, err := svc.ChangeDuty(ctx, by, 999999, 1, typed); return err }},
		{"duty.not_found", func() error { _, err := svc.EndDuty(ctx, by, 999999, 1); return err }},
		{"duty.fixed", func() error {
			_, err := svc.ChangeDuty(ctx, by, d.ID, 1, change(func(d *model.AgencyDuty) {
				d.Recurrence, d.DueOn, d.Measures, d.DueDays, d.LiftDays, d.Subjects = model.RecurOnce, model.NewDate(2026, 5, 1), nil, 0, 0, ""
			}))
			return err
		}},
		{"duty.changed", func() error {
			_, err := svc.ChangeDuty(ctx, by, d.ID, 9, change(func(d *model.AgencyDuty) { d.DueDays = 6 }))
			return err
		}},
		{"duty.changed", func() error { _, err := svc.EndDuty(ctx, by, d.ID, 9); return err }},
		{"role.forbidden", func() error { _, err := svc.Duties(ctx, market.Actor, model.AgencyDutyFilter{Limit: 1}); return err }},
		{"report.not_found", func() error { _, err := svc.Accept(ctx, by, 999999); return err }},
		{"duty_task.not_found", func() error { _, err := svc.Task(ctx, by, 999999); return err }},
		{"period.range", func() error { _, err := svc.Progress(ctx, by, 0, "", model.Date{}, c.Today()); return err }},
		{"period.range", func() error { _, err := svc.Progress(ctx, by, 0, "", c.Today(), c.Today().AddDays(-1)); return err }},
		{"duty.kind", func() error { _, err := svc.Progress(ctx, by, 0, "x", c.Today(), c.Today()); return err }},
	} {
		c.Refused(m.do(), m.reason)
	}
	six := change(func(d *model.AgencyDuty) { d.DueDays = 6 })
	for range 2 { // the answer got lost
		if d, err = svc.ChangeDuty(ctx, by, d.ID, 1, six); err != nil || d.Version != 2 || d.DueDays != 6 {
			t.Fatal(d, err)
		}
	}
	_, err = svc.ChangeDuty(ctx, by, d.ID, 1, change(func(d *model.AgencyDuty) { d.DueDays = 7 }))
	c.Refused(err, "duty.changed")
	for range 2 {
		if _, err := svc.EndDuty(ctx, by, d.ID, 2); err != nil {
			t.Fatal(err)
		}
	}
	_, err = svc.ChangeDuty(ctx, by, d.ID, 3, change(func(d *model.AgencyDuty) { d.DueDays = 7 }))
	c.Refused(err, "duty.ended")

	once, _, err := svc.AddDuty(ctx, by, model.AgencyDuty{AgencyID: a.ID, Code: "XJ-01", Kind: model.DutyIncentive, Requirement: "降低抽查频次", Recurrence: model.RecurOnce, DueOn: model.NewDate(2026, 5, 1)}, false)
	if err != nil {
		t.Fatal(err)
	}
	later := *once
	later.DueOn = model.NewDate(2026, 6, 1)
	if _, err := svc.ChangeDuty(ctx, by, once.ID, 1, later); err != nil {
		t.Fatal(err)
	}
	if own := c.tasks(market, model.AgencyTaskFilter{Kind: model.DutyIncentive}); len(own) != 1 || own[0].DueOn != later.DueOn {
		t.Errorf("the task of a duty whose deadline moved: %v", own)
	}
}
