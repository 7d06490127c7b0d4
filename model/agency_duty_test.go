package model

import (
	"slices"
	"strings"
	"testing"
)

// The directory holds units that can be found again in files, and says of each
// which of the court's queries it answers.
func TestEntriesOfTheDirectoryOfAgencies(t *testing.T) {
	t.Parallel()
	ok := Agency{Code: " gaj-1 ", Name: " 公安分局 ", Kind: AgencyJudicial, QueryKinds: []QueryKind{QueryPopulation, QueryVehicle, QueryVehicle}}
	for name, c := range map[string]struct {
		change func(*Agency)
		reason string
	}{
		"whole":                 {func(*Agency) {}, ""},
		"a code of one letter":  {func(a *Agency) { a.Code = "A" }, "agency.code"},
		"a code in Chinese":     {func(a *Agency) { a.Code = "公安" }, "agency.code"},
		"a code with a slash":   {func(a *Agency) { a.Code = "A/B" }, "agency.code"},
		"an endless code":       {func(a *Agency) { a.Code = strings.Repeat("A", 33) }, "agency.code"},
		"no name":               {func(a *Agency) { a.Name = "  " }, "agency.name"},
		"an endless name":       {func(a *Agency) { a.Name = strings.Repeat("局", 101) }, "agency.name"},
		"a kind that is not":    {func(a *Agency) { a.Kind = "club" }, "agency.kind"},
		"a query that is not":   {func(a *Agency) { a.QueryKinds = []QueryKind{QueryBank, "stocks"} }, "agency.query_kinds"},
		"it answers no queries": {func(a *Agency) { a.QueryKinds = nil }, ""},
	} {
		a := ok
		a.QueryKinds = slices.Clone(ok.QueryKinds)
		c.change(&a)
		err := a.Check()
		if ReasonOf(err) != c.reason {
			t.Errorf("%s: %v, want %q", name, err, c.reason)
		}
		if err == nil && (a.Code != "GAJ-1" || a.Name != "公安分局" || a.QueryKinds == nil) {
			t.Errorf("%s is kept untidily: %+v", name, a)
		}
	}
	if err := ok.Check(); err != nil || ok.QueryNames() != "车辆、人口信息" { // each once, in the order of screens
		t.Errorf("%v, %s", err, ok.QueryNames())
	}
	if !ok.Answers(QueryVehicle) || ok.Answers(QueryBank) {
		t.Errorf("%+v", ok.QueryKinds)
	}
	ok.EndedOn = NewDate(2026, 3, 1)
	if ok.Active() || ok.Answers(QueryVehicle) {
		t.Error("a unit that is no member any more is asked")
	}
}

func TestPeopleInAgencies(t *testing.T) {
	t.Parallel()
	day := NewDate(2026, 3, 2)
	ok := AgencyContact{Role: ContactHead, Name: " 周某 ", Title: "副局长", Phone: "0574-8628 0000", TermFrom: day, TermUntil: day}
	for name, c := range map[string]struct {
		change func(*AgencyContact)
		reason string
	}{
		"whole":                     {func(*AgencyContact) {}, ""},
		"without an end":            {func(a *AgencyContact) { a.TermUntil = Date{} }, ""},
		"a role that is not":        {func(a *AgencyContact) { a.Role = "guard" }, "contact.role"},
		"no name":                   {func(a *AgencyContact) { a.Name = "" }, "contact.name"},
		"an endless title":          {func(a *AgencyContact) { a.Title = strings.Repeat("长", 101) }, "contact.title"},
		"no phone":                  {func(a *AgencyContact) { a.Phone = "" }, "contact.phone"},
		"words in place of a phone": {func(a *AgencyContact) { a.Phone = "总机转 3" }, "contact.phone"},
		"six digits":                {func(a *AgencyContact) { a.Phone = "862800" }, "contact.phone"},
		"a term that runs back":     {func(a *AgencyContact) { a.TermUntil = day.AddDays(-1) }, "contact.term"},
	} {
		a := ok
		c.change(&a)
		if err := a.Check(); ReasonOf(err) != c.reason || err == nil && a.Name != "周某" {
			t.Errorf("%s: %v, want %q", name, err, c.reason)
		}
	}
	for name, c := range map[string]struct {
		contact AgencyContact
		want    bool
	}{
		"no end":           {AgencyContact{}, true},
		"the last day":     {AgencyContact{TermUntil: day}, true},
		"the day after":    {AgencyContact{TermUntil: day.AddDays(-1)}, false},
		"he left early":    {AgencyContact{TermUntil: day.AddDays(9), EndedOn: day.AddDays(-9)}, false},
		"he left, no term": {AgencyContact{EndedOn: day}, false},
	} {
		if got := c.contact.Current(day); got != c.want {
			t.Errorf("%s: %v", name, got)
		}
	}
	for in, want := range map[string]string{"13800138000": "138******00", "8628000": "862**00", "110": ""} {
		if got := MaskOfficePhone(in); got != want {
			t.Errorf("%s is shown as %s", in, got)
		}
	}
}

// The history says who changed what from what to what, and nothing of what
// stayed.
func TestHistoryOfAnAgency(t *testing.T) {
	t.Parallel()
	words := func(list []AgencyChange) string {
		var out []string
		for _, c := range list {
			out = append(out, c.Chinese()+"："+c.OldText+"→"+c.NewText)
		}
		return strings.Join(out, "；")
	}
	day := NewDate(2026, 3, 2)
	a := Agency{ID: 1, CourtID: 9, Code: "SJJ", Name: "审计局", Kind: AgencyGovernment}
	b := a
	b.Name, b.Kind, b.QueryKinds, b.EndedOn = "区审计局", AgencyOther, []QueryKind{QueryBank}, day
	c := AgencyContact{ID: 2, AgencyID: 1, Role: ContactLiaison, Name: "周某", Phone: "13800138000"}
	e := c
	e.Role, e.Phone, e.TermUntil = ContactHead, "13900139000", day
	d := AgencyDuty{ID: 3, AgencyID: 1, Code: "CJ-01", Requirement: "限制招投标", Recurrence: RecurEach, DueDays: 5, Measures: []MeasureKind{MeasureListing}, DueOn: day}
	f := d
	f.Requirement, f.DueDays, f.LiftDays, f.Measures, f.EndedOn = "限制参加招投标", 10, 3, []MeasureKind{MeasureListing, MeasureConsumption}, day
	for name, x := range map[string]struct {
		got  []AgencyChange
		want string
	}{
		"a new unit":     {Agency{}.Changes(a), "单位 新增：→SJJ 审计局"},
		"nothing":        {a.Changes(a), ""},
		"a unit":         {a.Changes(b), "单位 名称：审计局→区审计局；单位 类别：政府部门→其他单位；单位 可答复的查询：→银行存款；单位 停用：→2026-03-02"},
		"a new person":   {AgencyContact{}.Changes(c), "联系人 新增：→联络员 周某"},
		"a person":       {c.Changes(e), "联系人 角色：联络员→负责人；联系人 电话：13800138000→13900139000；联系人 任期结束：→2026-03-02"},
		"a new duty":     {AgencyDuty{}.Changes(d), "事项 新增：→CJ-01 限制招投标"},
		"the same duty":  {d.Changes(d), ""},
		"a changed duty": {d.Changes(f), "事项 工作要求：限制招投标→限制参加招投标；事项 落实时限（工作日）：5→10；事项 解除时限（工作日）：0→3；事项 适用措施：" + MeasureListing.Chinese() + "→" + MeasureListing.Chinese() + "、" + MeasureConsumption.Chinese() + "；事项 停用：→2026-03-02"},
	} {
		if words(x.got) != x.want {
			t.Errorf("%s: %s, want %s", name, words(x.got), x.want)
		}
		for _, g := range x.got {
			if g.AgencyID != 1 || g.SubjectID == 0 {
				t.Errorf("%s belongs to nothing: %+v", name, g)
			}
		}
	}
}

// A duty that is owed with each measure says within how many working days, after
// which measures and against whom; the others have none of it.
func TestDutiesOwedWithEachMeasure(t *testing.T) {
	t.Parallel()
	each := AgencyDuty{
		ID: 3, CourtID: 9, AgencyID: 1, Code: "cj-01", Kind: DutySanction, Requirement: "限制招投标", Recurrence: RecurEach, DueOn: NewDate(2026, 1, 1), DueDays: 5, LiftDays: 3,
		Measures: []MeasureKind{MeasureListing, MeasureConsumption, MeasureListing}, Subjects: Organisation,
	}
	for name, c := range map[string]struct {
		change func(*AgencyDuty)
		reason string
	}{
		"whole":                         {func(*AgencyDuty) {}, ""},
		"nothing to lift":               {func(d *AgencyDuty) { d.LiftDays = 0 }, ""},
		"everybody":                     {func(d *AgencyDuty) { d.Subjects = "" }, ""},
		"an incentive for each measure": {func(d *AgencyDuty) { d.Kind = DutyIncentive }, "duty.recurrence"},
		"no days":                       {func(d *AgencyDuty) { d.DueDays = 0 }, "duty.days"},
		"half a year and a day":         {func(d *AgencyDuty) { d.DueDays = 181 }, "duty.days"},
		"lifted before it began":        {func(d *AgencyDuty) { d.LiftDays = -1 }, "duty.days"},
		"against ghosts":                {func(d *AgencyDuty) { d.Subjects = "ghost" }, "duty.subjects"},
		"no measure":                    {func(d *AgencyDuty) { d.Measures = nil }, "duty.measures"},
		"a measure that nobody is told": {func(d *AgencyDuty) { d.Measures = []MeasureKind{MeasureDetention} }, "duty.measures"},
		"no kind":                       {func(d *AgencyDuty) { d.Kind = "" }, "duty.kind"},
		"no requirement":                {func(d *AgencyDuty) { d.Requirement = " " }, "duty.requirement"},
		"an endless basis":              {func(d *AgencyDuty) { d.Basis = strings.Repeat("法", 501) }, "duty.basis"},
		"endless evidence":              {func(d *AgencyDuty) { d.Evidence = strings.Repeat("证", 301) }, "duty.evidence"},
		"an endless unit":               {func(d *AgencyDuty) { d.Unit = strings.Repeat("件", 11) }, "duty.unit"},
		"owed now and then":             {func(d *AgencyDuty) { d.Recurrence = "weekly" }, "duty.recurrence"},
		"due in the year 1":             {func(d *AgencyDuty) { d.DueOn = NewDate(1, 1, 1) }, "duty.due"},
		"a code of one letter":          {func(d *AgencyDuty) { d.Code = "x" }, "duty.code"},
	} {
		d := each
		d.Measures = slices.Clone(each.Measures)
		c.change(&d)
		if err := d.Check(); ReasonOf(err) != c.reason {
			t.Errorf("%s: %v, want %q", name, err, c.reason)
		} else if err == nil && (d.Code != "CJ-01" || len(d.Measures) != 2) {
			t.Errorf("%s is kept untidily: %+v", name, d)
		}
	}
	monthly := each
	monthly.Recurrence = RecurMonthly
	if err := monthly.Check(); err != nil || monthly.DueDays != 0 || monthly.LiftDays != 0 || monthly.Measures == nil || len(monthly.Measures) != 0 || monthly.Subjects != "" {
		t.Errorf("a monthly duty keeps what only one with each measure has: %v, %+v", err, monthly)
	}
	for name, c := range map[string]struct {
		m    Measure
		end  Date
		want bool
	}{
		"a listed company":      {Measure{Kind: MeasureListing, SubjectKind: Organisation}, Date{}, true},
		"a listed man":          {Measure{Kind: MeasureListing, SubjectKind: Person}, Date{}, false},
		"a fine":                {Measure{Kind: MeasureFine, SubjectKind: Organisation}, Date{}, false},
		"a duty that was ended": {Measure{Kind: MeasureListing, SubjectKind: Organisation}, NewDate(2026, 2, 1), false},
	} {
		d := each
		d.EndedOn = c.end
		if got := d.For(c.m); got != c.want {
			t.Errorf("%s: owed %v", name, got)
		}
	}
	// Friday: five working days later is the next Friday, three the Wednesday.
	cal, from := &Calendar{}, NewDate(2026, 3, 6)
	m := Measure{ID: 8, Kind: MeasureListing}
	on, off := each.MeasureTask(cal, m, PhaseApply, from), each.MeasureTask(cal, m, PhaseLift, from)
	if on.DueOn != NewDate(2026, 3, 13) || off.DueOn != NewDate(2026, 3, 11) || on.Seq == off.Seq || on.MeasureID != 8 {
		t.Errorf("%+v, %+v", on, off)
	}
	if next := each.MeasureTask(cal, Measure{ID: 9}, PhaseApply, from); next.Seq == off.Seq || next.Seq == on.Seq {
		t.Error("tasks of two measures share a number")
	}
	if on.Kept() || !off.Kept() {
		t.Error("who was restricted is released only while the duty is owed")
	}
}

// What a duty is does not change under those who reported on it.
func TestWhatOfADutyIsFixed(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		every  Recurrence
		change func(from, to *AgencyDuty)
		reason string
	}{
		"its words":            {RecurMonthly, func(_, to *AgencyDuty) { to.Requirement = "新" }, ""},
		"the day of a single":  {RecurOnce, func(_, to *AgencyDuty) { to.DueOn = NewDate(2026, 9, 1) }, ""},
		"the day of a monthly": {RecurMonthly, func(_, to *AgencyDuty) { to.DueOn = NewDate(2026, 9, 1) }, "duty.fixed"},
		"its sign":             {RecurOnce, func(_, to *AgencyDuty) { to.Kind = DutyIncentive }, "duty.fixed"},
		"how often":            {RecurOnce, func(_, to *AgencyDuty) { to.Recurrence = RecurYearly }, "duty.fixed"},
		"one that was ended":   {RecurOnce, func(from, _ *AgencyDuty) { from.EndedOn = NewDate(2026, 2, 1) }, "duty.ended"},
	} {
		d := AgencyDuty{Kind: DutySanction, Recurrence: c.every, DueOn: NewDate(2026, 3, 31), Requirement: "旧"}
		e := d
		c.change(&d, &e)
		if err := d.Amend(e); ReasonOf(err) != c.reason {
			t.Errorf("%s: %v, want %q", name, err, c.reason)
		}
	}
	for every, want := range map[Recurrence]string{
		RecurEach: "每案，采取措施后 5 个工作日内", RecurOnce: "2026年3月31日前", RecurMonthly: "每月 31 日前", RecurQuarterly: "每季度，自2026年3月31日起每 3 个月", RecurYearly: "每年 3 月 31 日前",
	} {
		if got := (AgencyDuty{Recurrence: every, DueOn: NewDate(2026, 3, 31), DueDays: 5}).When(); got != want {
			t.Errorf("%s: %s", every, got)
		}
	}
}

func TestWhatAReportSays(t *testing.T) {
	t.Parallel()
	today := NewDate(2026, 3, 2)
	count := func(n int64) *int64 { return &n }
	for name, c := range map[string]struct {
		r      AgencyReport
		reason string
	}{
		"whole":           {AgencyReport{Text: " 已落实 ", DoneOn: today, Quantity: count(0)}, ""},
		"nothing":         {AgencyReport{Text: " ", DoneOn: today}, "report.text"},
		"a novel":         {AgencyReport{Text: strings.Repeat("办", 2001), DoneOn: today}, "report.text"},
		"no day":          {AgencyReport{Text: "已落实"}, "report.done_on"},
		"tomorrow":        {AgencyReport{Text: "已落实", DoneOn: today.AddDays(1)}, "report.done_on"},
		"less than none":  {AgencyReport{Text: "已落实", DoneOn: today, Quantity: count(-1)}, "report.quantity"},
		"beyond belief":   {AgencyReport{Text: "已落实", DoneOn: today, Quantity: count(1_000_000_001)}, "report.quantity"},
		"ten attachments": {AgencyReport{Text: "已落实", DoneOn: today, FileIDs: make([]int64, 10)}, "report.files"},
	} {
		if err := c.r.Check(today); ReasonOf(err) != c.reason {
			t.Errorf("%s: %v, want %q", name, err, c.reason)
		}
	}
	task := AgencyTask{State: AgencyTaskReported, DueOn: today}
	r := AgencyReport{State: ReportWaiting}
	for _, reason := range []string{" ", strings.Repeat("因", 501)} {
		if err := task.Return(&r, 5, reason, today.Start()); ReasonOf(err) != "reason.required" || task.State != AgencyTaskReported {
			t.Errorf("returned with %q: %v", reason, err)
		}
	}
	if task.Void() || task.State != AgencyTaskReported {
		t.Error("a report that waits for the court was thrown away with its duty")
	}
	open := AgencyTask{State: AgencyTaskOpen, DueOn: today}
	if got := open.DaysLeft(today.AddDays(3)); got != -3 {
		t.Errorf("%d days left", got)
	}
	if open.Standing(today) != AgencyTaskOpen || open.Standing(today.AddDays(1)) != AgencyTaskOverdue {
		t.Error("a task is overdue from the day after its deadline")
	}
	if !open.Void() || open.State != AgencyTaskVoid {
		t.Error("an open task outlives its duty")
	}
}

// Agencies read what to do and until when; nobody's name leaves the court by a
// card.
func TestWhatAgenciesRead(t *testing.T) {
	t.Parallel()
	today := NewDate(2026, 3, 2)
	var list []DutyOwed
	for i := range 6 {
		list = append(list, DutyOwed{AgencyTask{ID: int64(i), AgencyID: 1, Kind: DutySanction, DueOn: today.AddDays(7)}, AgencyDuty{Code: "CJ-0" + string(rune('1'+i)), Requirement: "限制招投标"}})
	}
	task, duty := list[0].AgencyTask, list[0].Duty
	m := Measure{ID: 8, Kind: MeasureListing, SubjectName: "李某"}
	b := DutyBackfill{ID: 2, FromOn: today, Agencies: map[int64]int{1: 12}}
	returned := AgencyReport{ID: 4, State: ReportReturned, Reason: "缺佐证"}
	for name, c := range map[string]struct {
		n    Notice
		says []string
		not  []string
	}{
		"one task":     {DutyReminderNotice(list[:1], "审计局", -7, today, 60), []string{"联合惩戒事项 CJ-01 将于2026年3月9日到期", "审计局", "限制招投标"}, []string{"逾期"}},
		"many tasks":   {DutyReminderNotice(list, "审计局", -7, today, 60), []string{"6 项联合惩戒事项", "CJ-05", "共 6 项"}, []string{"CJ-06"}},
		"too late":     {DutyReminderNotice(list[:1], "审计局", 1, today.AddDays(8), 60), []string{"已逾期 1 天"}, []string{"将于"}},
		"nobody there": {DutyUnreachableNotice(list[:1], "审计局", -7, 60), []string{"审计局没有可用账号，请电话提醒", "通讯录"}, nil},
		"reported":     {DutyReportedNotice(task, duty, returned, "审计局", 60), []string{"审计局报送了事项 CJ-01", "请审核"}, nil},
		"accepted":     {DutyDecidedNotice(task, duty, AgencyReport{State: ReportAccepted}, 60), []string{"已被认可"}, []string{"退回"}},
		"returned":     {DutyDecidedNotice(task, duty, returned, 60), []string{"被退回", "缺佐证"}, []string{"认可"}},
		"restrict":     {DutyOpenedNotice(m, 1, PhaseApply, 2, today, 60), []string{"有 2 项联合惩戒事项待落实", MeasureListing.Chinese(), "2026年3月2日"}, []string{"李某", "解除"}},
		"release":      {DutyOpenedNotice(m, 1, PhaseLift, 1, today, 60), []string{"有 1 项惩戒待解除", "已解除"}, []string{"李某", "采取了"}},
		"those before": {DutiesBackfilledNotice(b, 1, 60), []string{"有 12 项联合惩戒事项待落实", "时限自2026年3月2日起算"}, nil},
	} {
		all := c.n.Title + "\n" + c.n.Body
		for _, s := range c.says {
			if !strings.Contains(all, s) {
				t.Errorf("%s lacks %q: %s", name, s, all)
			}
		}
		for _, s := range c.not {
			if strings.Contains(all, s) {
				t.Errorf("%s says %q: %s", name, s, all)
			}
		}
		if c.n.UserID != 60 || !strings.HasSuffix(c.n.DedupeKey, ":60") {
			t.Errorf("%s is for %d, %s", name, c.n.UserID, c.n.DedupeKey)
		}
	}
	// One measure that begins and ends is two notices, and so is each reminder.
	if DutyOpenedNotice(m, 1, PhaseApply, 1, today, 60).DedupeKey == DutyOpenedNotice(m, 1, PhaseLift, 1, today, 60).DedupeKey ||
		DutyReminderNotice(list, "审计局", -7, today, 60).DedupeKey == DutyReminderNotice(list, "审计局", 1, today.AddDays(8), 60).DedupeKey {
		t.Error("a second notice is taken for the first")
	}
	for name, c := range map[string]struct {
		r  DutyReminders
		ok bool
	}{
		"none": {DutyReminders{}, true}, "usual": {DutyReminders{[]int{7}, []int{1, 10}}, true}, "six": {DutyReminders{Before: []int{1, 2, 3, 4, 5, 6}}, false},
		"on the day": {DutyReminders{After: []int{0}}, false}, "in half a year": {DutyReminders{After: []int{91}}, false},
	} {
		if err := c.r.Check(); (err == nil) != c.ok {
			t.Errorf("reminders, %s: %v", name, err)
		}
	}
}
