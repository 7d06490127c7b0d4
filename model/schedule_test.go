package model

import (
	"strings"
	"testing"
	"time"
)

// reasonIs checks why something was refused, "" for not at all.
func reasonIs(t *testing.T, name string, err error, reason string) {
	t.Helper()
	if ReasonOf(err) != reason || reason == "" && err != nil {
		t.Errorf("%s: %v, want %q", name, err, reason)
	}
}

// bodySays checks that a text has all the words.
func bodySays(t *testing.T, name, body string, words ...string) {
	t.Helper()
	for _, w := range words {
		if !strings.Contains(body, w) {
			t.Errorf("%s does not say %q: %s", name, w, body)
		}
	}
}

// bodyHides checks that a text has none of the words.
func bodyHides(t *testing.T, name, body string, words ...string) {
	t.Helper()
	for _, w := range words {
		if strings.Contains(body, w) {
			t.Errorf("%s says %q: %s", name, w, body)
		}
	}
}

var scheduleCourt = Court{ID: 9, Name: "宁波市镇海区人民法院", ShortName: "镇法", Phone: "0574-12368", Account: "案款专户 3901"}

// aDebt is 李某, who owes 王某 1,300,000 yuan under a judgment by 31 March 2026 and
// has to move out as well; both parts are his alone.
func aDebt() Debts {
	return Debts{
		Case:        Case{ID: 1, CourtID: 9, CaseNo: "（2026）浙0211民初1号", Cause: "借款合同纠纷", Performance: PerformancePending},
		Parties:     []Party{{ID: 1, Role: Defendant, Name: "李某"}, {ID: 2, Role: Plaintiff, Name: "王某"}},
		Instruments: []Instrument{{ID: 3, Kind: Judgment, Number: "（2026）浙0211民初1号", EffectiveOn: NewDate(2026, 3, 2)}},
		Obligations: []Obligation{
			{ID: 4, InstrumentID: 3, Kind: ObligationMoney, ObligeeID: 2, AmountFen: Yuan(1_300_000)},
			{ID: 5, InstrumentID: 3, Kind: ObligationConduct, ObligeeID: 2, Description: "腾退房屋"},
		},
		Obligors: []Obligor{{ObligationID: 4, PartyID: 1}, {ObligationID: 5, PartyID: 1}},
		Installments: []Installment{
			{ID: 40, ObligationID: 4, AmountFen: Yuan(1_300_000), DueOn: NewDate(2026, 3, 31)},
			{ID: 50, ObligationID: 5, DueOn: NewDate(2026, 3, 31)},
		},
	}
}

// nineOn is nine in the morning of a day, court time.
func nineOn(month time.Month, day int) time.Time {
	return time.Date(2026, month, day, 9, 0, 0, 0, CourtZone)
}

// The schedule that the court's mechanism has (随案推送): the creditor's sheet with
// the instrument, then D−7, D−3, D−1, D+1 and D+10, each at nine in the morning,
// one notice for everything that is due on one day.
func TestTheDefaultSchedule(t *testing.T) {
	t.Parallel()
	steps := aDebt().Steps(DefaultSchedule(), time.Date(2026, 3, 1, 0, 0, 0, 0, CourtZone))
	want := []struct {
		kind  NoticeKind
		party int64
		at    time.Time
	}{
		{NoticeCreditorSheet, 2, nineOn(3, 2)},
		{NoticeDueSoon, 1, nineOn(3, 24)},
		{NoticeDueSoon, 1, nineOn(3, 28)},
		{NoticeDueSoon, 1, nineOn(3, 30)},
		{NoticeFirstDemand, 1, nineOn(4, 1)},
		{NoticeSecondDemand, 1, nineOn(4, 10)},
	}
	if len(steps) != len(want) {
		t.Fatalf("%d steps, want %d: %+v", len(steps), len(want), steps)
	}
	keys := map[string]bool{}
	for i, s := range steps {
		if s.Kind != want[i].kind || s.PartyID != want[i].party || !s.At.Equal(want[i].at) || s.State != StepPlanned || s.CourtID != 9 || s.CaseID != 1 {
			t.Errorf("step %d: %+v, want %+v", i, s, want[i])
		}
		keys[s.Key] = true
	}
	if len(keys) != len(want) {
		t.Errorf("%d different keys", len(keys))
	}
	for _, again := range aDebt().Steps(DefaultSchedule(), nineOn(3, 20)) {
		if !keys[again.Key] {
			t.Errorf("planned again under another key: %s", again.Key)
		}
	}
}

// What ends urging, and what begins late.
func TestWhenNothingIsUrged(t *testing.T) {
	t.Parallel()
	early := nineOn(3, 1)
	for name, tt := range map[string]struct {
		change func(*Debts, *Schedule)
		now    time.Time
		kinds  string
	}{
		"switched off":         {func(_ *Debts, s *Schedule) { s.Off = true }, early, ""},
		"performed":            {func(d *Debts, _ *Schedule) { d.Case.Performance = PerformanceFulfilled }, early, ""},
		"the instrument waits": {func(d *Debts, _ *Schedule) { d.Instruments[0].EffectiveOn = Date{} }, early, ""},
		"enforcement took over": {func(d *Debts, _ *Schedule) {
			d.Installments[0].EnforcedOn, d.Installments[1].EnforcedOn = NewDate(2026, 4, 2), NewDate(2026, 4, 2)
		}, early, ""},
		"one of two is performed": {func(d *Debts, _ *Schedule) { d.Installments[0].PerformedOn = NewDate(2026, 3, 3) }, nineOn(4, 1), "creditor_sheet first_demand second_demand"},
		"no term":                 {func(d *Debts, _ *Schedule) { d.Installments[0].DueOn, d.Installments[1].DueOn = Date{}, Date{} }, early, "creditor_sheet"},
		"on the due day":          {func(*Debts, *Schedule) {}, nineOn(3, 31), "creditor_sheet due_soon due_soon due_soon first_demand second_demand"},
	} {
		d, s := aDebt(), DefaultSchedule()
		tt.change(&d, &s)
		var kinds []string
		for _, st := range d.Steps(s, tt.now) {
			kinds = append(kinds, string(st.Kind))
		}
		got := strings.Join(kinds, " ")
		want := strings.NewReplacer("creditor_sheet", string(NoticeCreditorSheet), "due_soon", string(NoticeDueSoon), "first_demand", string(NoticeFirstDemand), "second_demand", string(NoticeSecondDemand)).Replace(tt.kinds)
		if got != want {
			t.Errorf("%s: %q, want %q", name, got, want)
		}
	}
	// What is overdue already is demanded at once, and again nine days later.
	demands := func(d Debts, now time.Time) (first, second time.Time) {
		for _, s := range d.Steps(DefaultSchedule(), now) {
			switch s.Kind { //nolint:exhaustive // the demands only
			case NoticeFirstDemand:
				first = s.At
			case NoticeSecondDemand:
				second = s.At
			}
		}
		return first, second
	}
	noon := time.Date(2026, 6, 1, 12, 0, 0, 0, CourtZone)
	if first, second := demands(aDebt(), noon); !first.Equal(noon) || !second.Equal(nineOn(6, 10)) {
		t.Errorf("overdue for two months: %s and %s", first, second)
	}
	// A backlog's debtors are first told, and demanded a week afterwards.
	d := aDebt()
	d.Case.ToldOn = NewDate(2026, 6, 1)
	if first, second := demands(d, noon); !first.Equal(nineOn(6, 8)) || !second.Equal(nineOn(6, 17)) {
		t.Errorf("told today: %s and %s", first, second)
	}
}

// A reminder has its sense until a later one or the due day itself has come; a
// demand keeps its sense.
func TestRemindersThatComeTooLate(t *testing.T) {
	t.Parallel()
	due := NewDate(2026, 3, 31)
	seven, one := Step{Kind: NoticeDueSoon, DueOn: due, Days: -7}, Step{Kind: NoticeDueSoon, DueOn: due, Days: -1}
	demand := Step{Kind: NoticeFirstDemand, DueOn: due, Days: 1}
	for _, tt := range []struct {
		name           string
		step           Step
		now            time.Time
		tooLate, stale bool
	}{
		{"D−7 on its day", seven, nineOn(3, 24), false, false},
		{"D−7 a day later", seven, nineOn(3, 25), true, false},
		{"D−7 when D−3 is there", seven, nineOn(3, 28), true, true},
		{"D−1 on its day", one, nineOn(3, 30), false, false},
		{"D−1 on the due day", one, nineOn(3, 31), true, false},
		{"D−1 after it", one, nineOn(4, 1), true, true},
		{"a demand, months later", demand, nineOn(8, 1), false, false},
	} {
		if l, s := tt.step.TooLate(tt.now), tt.step.Stale(DefaultSchedule(), tt.now); l != tt.tooLate || s != tt.stale {
			t.Errorf("%s: too late %v, stale %v", tt.name, l, s)
		}
	}
}

// What a court may set, and the hours in which nobody's phone rings.
func TestScheduleSettings(t *testing.T) {
	t.Parallel()
	night := CourtSettings{}.Quiet()
	for name, tt := range map[string]struct {
		change func(*Schedule)
		reason string
	}{
		"the default":            {func(*Schedule) {}, ""},
		"60 days before":         {func(s *Schedule) { s.BeforeDays = []int{60} }, ""},
		"61 days before":         {func(s *Schedule) { s.BeforeDays = []int{61} }, "schedule.days"},
		"on the day itself":      {func(s *Schedule) { s.BeforeDays = []int{0} }, "schedule.days"},
		"eleven reminders":       {func(s *Schedule) { s.BeforeDays = []int{1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11} }, "schedule.days"},
		"a demand before it due": {func(s *Schedule) { s.FirstDemandDays = 0 }, "schedule.days"},
		"two on one day":         {func(s *Schedule) { s.SecondDemandDays = 1 }, "schedule.days"},
		"after half a year":      {func(s *Schedule) { s.SecondDemandDays = 181 }, "schedule.days"},
		"at eight":               {func(s *Schedule) { s.SendHour = 8 }, ""},
		"at seven, it is quiet":  {func(s *Schedule) { s.SendHour = 7 }, "schedule.hour"},
		"at twenty-two":          {func(s *Schedule) { s.SendHour = 22 }, "schedule.hour"},
		"at twenty-four":         {func(s *Schedule) { s.SendHour = 24 }, "schedule.hour"},
	} {
		s := DefaultSchedule()
		tt.change(&s)
		reasonIs(t, name, s.Check(night), tt.reason)
	}
	at := func(d, h, m int) time.Time { return time.Date(2026, 3, d, h, m, 0, 0, CourtZone) }
	for _, tt := range []struct {
		quiet     QuietHours
		at, leave time.Time
	}{
		{night, at(2, 21, 59), at(2, 21, 59)},
		{night, at(2, 22, 0), at(3, 8, 0)},
		{night, at(3, 0, 30), at(3, 8, 0)},
		{night, at(3, 8, 0), at(3, 8, 0)},
		{QuietHours{From: 12, Until: 14}, at(3, 13, 0), at(3, 14, 0)},
		{QuietHours{}, at(3, 3, 0), at(3, 3, 0)},
	} {
		if got := tt.quiet.After(tt.at); !got.Equal(tt.leave) {
			t.Errorf("%v at %s: leaves at %s", tt.quiet, tt.at, got)
		}
	}
	// A message that would come after its day does not wait for the morning.
	late := at(3, 23, 0)
	if got := (Notice{LegalBy: NewDate(2026, 3, 3)}).CardAt(night, late); !got.Equal(late) {
		t.Errorf("the last evening: %s", got)
	}
	if got := (Notice{LegalBy: NewDate(2026, 3, 4)}).CardAt(night, late); !got.Equal(at(4, 8, 0)) {
		t.Errorf("the evening before: %s", got)
	}
	own := CourtSettings{Schedules: map[CaseKind]Schedule{CaseCriminal: {FirstDemandDays: 5}}, DemandPattern: "催{n}", QuietHours: &QuietHours{From: 1, Until: 2}}
	if own.ScheduleFor(CaseCriminal).FirstDemandDays != 5 || own.ScheduleFor(CaseCivil).FirstDemandDays != 1 || own.Demand() != "催{n}" || own.Quiet().From != 1 {
		t.Error("the court's own settings")
	}
}

// What a judge may still do with a step, and how a schedule stands.
func TestActsOnASchedule(t *testing.T) {
	t.Parallel()
	now := nineOn(3, 31)
	for state, tt := range map[StepState]struct {
		open       bool
		skip, send string
	}{
		StepPlanned: {true, "", ""},
		StepPaused:  {true, "", ""},
		StepSkipped: {false, "step.done", ""},
		StepMissed:  {false, "step.done", ""},
		StepSent:    {false, "step.done", "step.done"},
		StepStopped: {false, "step.done", "step.done"},
	} {
		s := Step{Kind: NoticeDueSoon, DueOn: NewDate(2026, 3, 31), State: state}
		if s.Open() != tt.open || state.Chinese() == "" {
			t.Errorf("%s: open %v, %q", state, s.Open(), state.Chinese())
		}
		reasonIs(t, "send "+string(state), s.CheckSendable(now), tt.send)
		reasonIs(t, "skip "+string(state), s.Skip("已电话告知"), tt.skip)
		if tt.skip == "" && (s.State != StepSkipped || s.Reason != "已电话告知") {
			t.Errorf("%s was not skipped: %+v", state, s)
		}
	}
	for _, k := range []NoticeKind{NoticeFirstDemand, NoticeSecondDemand} {
		s := Step{Kind: k, DueOn: NewDate(2026, 3, 31), State: StepPlanned}
		reasonIs(t, "a demand on the last day", s.CheckSendable(now), "step.early")
		reasonIs(t, "a demand the day after", s.CheckSendable(nineOn(4, 1)), "")
	}
	acts := []ScheduleAct{{Kind: SchedulePause}, {Kind: ScheduleSkip}, {Kind: ScheduleStop, Ground: StopAppeal}, {Kind: ScheduleSend}}
	for n, want := range []ScheduleActKind{ScheduleResume, SchedulePause, SchedulePause, ScheduleStop, ScheduleStop} {
		if got, last := Standing(acts[:n]); got != want || n > 2 && last.Ground.Chinese() != "案件上诉或再审" {
			t.Errorf("after %d acts: %s, %+v", n, got, last)
		}
	}
}

// The 催告书: owed, paid, open, the doubled interest to date and a day (法释〔2014〕8号
// 1: 0.0175 % a day on what is unpaid), and the fee of enforcement (诉讼费用交纳办法
// 14).
func TestTheDemandStatesWhatIsOverdue(t *testing.T) {
	t.Parallel()
	d, day := aDebt(), NewDate(2026, 4, 10)
	if f := d.ReminderFacts(scheduleCourt, "张法官", 1, false, "n", Payments{}, NewDate(2026, 3, 31)); len(f.Items) != 0 || f.FeeFen != 0 {
		t.Errorf("on the last day nothing is overdue: %+v", f)
	}
	if f := d.ReminderFacts(scheduleCourt, "张法官", 2, false, "n", Payments{}, day); len(f.Items) != 0 {
		t.Errorf("the creditor owes nothing: %+v", f.Items)
	}
	d.Installments[0].ConfirmedFen = Yuan(300_000)
	paid := PaymentsOf(
		[]Confirmation{{ID: 1, PaidOn: NewDate(2026, 4, 5)}, {ID: 2, PaidOn: NewDate(2026, 4, 6)}, {ID: 3, PaidOn: NewDate(2026, 4, 6)}},
		[]Allocation{{ConfirmationID: 1, InstallmentID: 40, AmountFen: Yuan(300_000)}, {ConfirmationID: 2, InstallmentID: 40, AmountFen: 5}, {ConfirmationID: 3, InstallmentID: 40, AmountFen: -5}},
	)
	if len(paid.Principal[40]) != 1 || paid.Principal[40][0] != (PaidPart{NewDate(2026, 4, 5), Yuan(300_000)}) {
		t.Fatalf("what was taken back counts: %+v", paid)
	}
	f := d.ReminderFacts(scheduleCourt, "张法官", 1, true, "镇法自履催〔2026〕2号", paid, day)
	// Five days on 1,300,000 and five on 1,000,000.
	if len(f.Items) != 2 || f.OpenFen != Yuan(1_000_000) || f.InterestFen != 113750+87500 || f.PerDayFen != Yuan(175) || f.FeeFen != Yuan(12_400) || !f.Second {
		t.Errorf("%+v", f)
	}
	if f.Items[0].Days != 10 || f.Items[0].Other != "王某" || f.Items[0].What != "金钱给付" || f.Items[1].What != "腾退房屋" || f.Items[1].InterestFen != 0 {
		t.Errorf("%+v", f.Items)
	}
	if f.Addressee != "李某" || f.Position != "被告" || f.Instrument != "判决书（2026）浙0211民初1号" || f.IssuedOn != day || f.Judge != "张法官" {
		t.Errorf("%+v", f)
	}
	// What is owed to the court names it (罚金).
	d.Obligations[0].ObligeeID = 0
	if got := d.ReminderFacts(scheduleCourt, "", 1, false, "", paid, day).Items[0].Other; got != scheduleCourt.Name {
		t.Errorf("owed to %s", got)
	}
}

// 权利人须知: what is owed, by whom, and until when to apply (民事诉讼法 250: two years
// from the last day of performance).
func TestTheCreditorsSheet(t *testing.T) {
	t.Parallel()
	d := aDebt()
	d.Parties = append(d.Parties, Party{ID: 6, Role: Defendant, Name: "赵某"})
	d.Obligors = append(d.Obligors, Obligor{ObligationID: 4, PartyID: 6})
	f := d.CreditorSheetFacts(scheduleCourt, "张法官", 2, 3, "号", Payments{}, d.ApplicationPeriods(PeriodRecord{}, ShippedCalendar(), NewDate(2026, 3, 2)), NewDate(2026, 3, 2))
	if f.EnforceBy != NewDate(2028, 3, 31) || len(f.Items) != 2 || f.Items[0].Other != "李某、赵某" || f.OpenFen != Yuan(1_300_000) || f.InterestFen != 0 {
		t.Errorf("%+v", f)
	}
	step := Step{Kind: NoticeCreditorSheet, PartyID: 2, InstrumentID: 3, Key: "k"}
	n, ok := d.StepNotice(scheduleCourt, step, f, nineOn(3, 2))
	if !ok || n.PartyID != 2 || n.DedupeKey != "k" || n.Number != "号" {
		t.Errorf("%v %+v", ok, n)
	}
	bodySays(t, "the sheet", n.Body, "判决书已生效", "给付 1,300,000.00 元；腾退房屋", "二年", "2028年3月31日", "同级的被执行财产所在地人民法院", "0574-12368")
	for i := range d.Installments {
		d.Installments[i].PerformedOn = NewDate(2026, 3, 3)
	}
	if _, ok := d.StepNotice(scheduleCourt, step, DocumentFacts{}, nineOn(3, 4)); ok {
		t.Error("a sheet about nothing")
	}
}

// What the debtor reads before the day, on it and after it. Only the second
// demand tells what enforcement would add.
func TestReminderWords(t *testing.T) {
	t.Parallel()
	d, due := aDebt(), NewDate(2026, 3, 31)
	notice := func(kind NoticeKind, now time.Time) Notice {
		facts := d.ReminderFacts(scheduleCourt, "张法官", 1, kind == NoticeSecondDemand, "镇法自履催〔2026〕1号", Payments{}, DateOf(now))
		n, ok := d.StepNotice(scheduleCourt, Step{Kind: kind, PartyID: 1, DueOn: due, Key: "k"}, facts, now)
		if !ok || n.PartyID != 1 {
			t.Errorf("%s: %v %+v", kind, ok, n)
		}
		return n
	}
	soon := notice(NoticeDueSoon, nineOn(3, 24))
	bodySays(t, "D−7", soon.Body, "2026年3月31日前履行", "给付 1,300,000.00 元；腾退房屋", "还有 7 天", "案款专户 3901", "汇款附言请写：（2026）浙0211民初1号", "《自动履行证明书》")
	if soon.LegalBy != due {
		t.Errorf("it may come after the due day: %s", soon.LegalBy)
	}
	bodySays(t, "the last day", notice(NoticeDueSoon, nineOn(3, 31)).Body, "今天是履行期限的最后一天")
	threats := []string{"执行申请费", "失信被执行人名单", "拘留"}
	first, second := notice(NoticeFirstDemand, nineOn(4, 1)), notice(NoticeSecondDemand, nineOn(4, 10))
	bodySays(t, "D+1", first.Body, "已逾期 1 天", "逾期的义务共 2 项", "截至今日约 227.50 元，此后每日约 227.50 元")
	bodyHides(t, "D+1", first.Body, threats...)
	bodySays(t, "D+10", second.Body, append(threats, "已逾期 10 天", "约 2,275.00 元", "执行申请费约 15,400.00 元")...)
	if second.Number != "镇法自履催〔2026〕1号" || second.Title != "自动履行催告书" {
		t.Errorf("%+v", second)
	}
	for i := range d.Installments {
		d.Installments[i].PerformedOn = due
	}
	if _, ok := d.StepNotice(scheduleCourt, Step{Kind: NoticeFirstDemand, PartyID: 1, DueOn: due}, DocumentFacts{}, nineOn(4, 1)); ok {
		t.Error("a demand of nothing")
	}
}

// A judge's daily card counts and names no case: a lock screen shows it.
func TestTheJudgesDay(t *testing.T) {
	t.Parallel()
	w := JudgeWork{JudgeID: 8, Receipts: 3, Applications: 1, Overdue: 2, Messages: 4}
	n := JudgeDigestNotice(scheduleCourt, NewDate(2026, 3, 2), w)
	bodySays(t, "the digest", n.Body, "回执 3 份", "证明书申请 1 件", "逾期案件 2 件", "留言 4 件")
	bodyHides(t, "the digest", n.Body, "超过答复期限", "民初")
	if n.UserID != 8 || n.CaseID != 0 || n.PartyID != 0 {
		t.Errorf("%+v", n)
	}
	w.LateMessages = 2
	bodySays(t, "the digest", JudgeDigestNotice(scheduleCourt, NewDate(2026, 3, 2), w).Body, "其中 2 件已超过答复期限")
	if JudgeDigestNotice(scheduleCourt, NewDate(2026, 3, 3), w).DedupeKey == n.DedupeKey {
		t.Error("one card for two days")
	}
}
