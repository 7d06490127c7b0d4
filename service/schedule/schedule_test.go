package schedule_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"microcourt/model"
	"microcourt/service/filing"
	"microcourt/service/schedule"
	"microcourt/service/servicetest"
	"microcourt/service/wechat/wechattest"
)

// urged is a case whose debtor lets his phone show when he has to pay.
type urged struct {
	*servicetest.World
	judge, clerk, debtor, creditor servicetest.Person
	f                              servicetest.Filed
}

func newUrged(t *testing.T, prepare func(*servicetest.World)) *urged {
	t.Helper()
	w := servicetest.New(t)
	if prepare != nil {
		prepare(w)
	}
	u := &urged{World: w, judge: w.Staff("zhang.min", model.RoleJudge), clerk: w.Staff("wan.tt", model.RoleClerk), debtor: w.Citizen(), creditor: w.Citizen()}
	u.f = w.File(u.clerk)
	w.Bind(u.debtor, u.clerk, u.f.ID, u.f.Debtor)
	w.Bind(u.creditor, u.clerk, u.f.ID, u.f.Creditor)
	if err := w.Fake.Allow(u.debtor.Phone, wechattest.TemplateDue); err != nil {
		t.Fatal(err)
	}
	return u
}

// days lets days go by, each at the hours at which something is sent.
func (u *urged) days(to time.Time) {
	u.T.Helper()
	for _, day := range slices.Collect(func(yield func(time.Time) bool) {
		for d := u.Clock.Now().In(model.CourtZone); !d.After(to) && yield(d); d = d.AddDate(0, 0, 1) {
		}
	}) {
		for _, hour := range []int{9, 10} {
			if at := servicetest.At(day.Month(), day.Day(), hour); at.After(u.Clock.Now()) && !at.After(to) {
				u.Clock.Set(at)
				u.Work()
			}
		}
	}
	u.Clock.Set(to)
	u.Work()
}

func (u *urged) timeline() *schedule.Timeline {
	u.T.Helper()
	t, err := u.Svc.Schedule.Timeline(context.Background(), u.judge.Actor, u.f.ID)
	if err != nil {
		u.T.Fatal(err)
	}
	return t
}

// lines are the steps as "kind days due-day state".
func (u *urged) lines() (out []string) {
	u.T.Helper()
	for _, s := range u.timeline().Steps {
		out = append(out, fmt.Sprintf("%s %d %s %s", s.Kind, s.Days, s.DueOn, s.State))
	}
	return out
}

// step is the step of a kind for the first instalment.
func (u *urged) step(kind model.NoticeKind, days int) int64 {
	u.T.Helper()
	for _, s := range u.timeline().Steps {
		if s.Kind == kind && s.Days == days && s.DueOn == model.NewDate(2026, 3, 31) {
			return s.ID
		}
	}
	u.T.Fatalf("no step %s %d in %q", kind, days, u.lines())
	return 0
}

func (u *urged) do(by servicetest.Person, a schedule.Act) error {
	if a.IdemKey == "" {
		a.IdemKey = servicetest.FreshKey()
	}
	if a.StepID == 0 && a.CaseID == 0 {
		a.CaseID = u.f.ID
	}
	return u.Svc.Schedule.Do(context.Background(), by.Actor, a)
}

func (u *urged) must(a schedule.Act) {
	u.T.Helper()
	if err := u.do(u.judge, a); err != nil {
		u.T.Fatal(err)
	}
}

func (u *urged) shows(want ...string) {
	u.T.Helper()
	if got := u.Due(u.debtor.Phone); strings.Join(got, "|") != strings.Join(want, "|") {
		u.T.Errorf("the phone showed %q, want %q", got, want)
	}
}

// inbox are somebody's notices, the newest first.
func (u *urged) inbox(p servicetest.Person) (out []model.Notice) {
	u.T.Helper()
	list, _, err := u.Svc.Notice.Inbox(context.Background(), p.Actor, 0, 0, 50)
	if err != nil {
		u.T.Fatal(err)
	}
	for _, n := range list {
		out = append(out, n.Notice)
	}
	return out
}

// D−7, D−3, D−1, the demand at D+1 and the second at D+10, at nine in the
// morning, once each; a paid instalment is urged no more, the next one is.
func TestUrgingFollowsTheDueDays(t *testing.T) {
	t.Parallel()
	u := newUrged(t, nil)
	u.days(servicetest.At(4, 11, 12))
	want := []string{
		"03-24 09 履行期限提醒", "03-28 09 履行期限提醒", "03-30 09 履行期限提醒", "04-01 09 自动履行催告书", "04-10 09 自动履行催告书（再次）",
	}
	u.shows(want...)
	var demands []model.Notice
	for _, n := range u.inbox(u.debtor) {
		if strings.HasPrefix(string(n.Kind), "demand.") {
			demands = append(demands, n)
		}
	}
	if len(demands) != 2 || demands[0].Number != "镇法自履催〔2026〕2号" {
		t.Fatalf("the demands are %+v", demands)
	}
	// 600 yuan for 10 days at 0.0175 % a day: 1.05; enforcement of up to 10,000 yuan costs 50.
	for _, part := range []string{"给付 600.00 元", "已逾期 10 天", "约 1.05 元", "每日约 0.11 元", "执行申请费约 50.00 元"} {
		if !strings.Contains(demands[0].Body, part) {
			t.Errorf("the second demand lacks %q: %s", part, demands[0].Body)
		}
	}
	sheet := false
	for _, n := range u.inbox(u.creditor) {
		if n.Kind == model.NoticeCreditorSheet {
			if sheet = true; !strings.Contains(n.Body, "2028年5月3日届满（2026年4月30日最后一期履行期限届满") {
				t.Errorf("the creditor's sheet: %s", n.Body)
			}
		}
		if strings.HasPrefix(string(n.Kind), "demand") || strings.HasPrefix(string(n.Kind), "due") {
			t.Errorf("the creditor was urged: %+v", n)
		}
	}
	if !sheet {
		t.Error("the creditor has no sheet")
	}
	// Paid in full: what was still to come stops.
	u.Confirm(u.judge, u.Submit(u.debtor, u.f, 100000, 41), 100000)
	u.days(servicetest.At(5, 12, 0))
	u.shows(want...)
	lines := u.lines()
	if last := lines[len(lines)-1]; last != "demand.second 10 2026-04-30 stopped" {
		t.Errorf("%q", lines)
	}
	for _, s := range u.timeline().Steps {
		if s.State == model.StepStopped && s.Reason != "已履行完毕" {
			t.Errorf("%s is said to be stopped because %s", s.Kind, s.Reason)
		}
	}
}

// The judge of the case pauses, resumes, skips, sends and stops, each with a
// reason; nobody else does.
func TestAJudgeManagesTheSchedule(t *testing.T) {
	t.Parallel()
	u := newUrged(t, nil)
	u.Work()
	other := u.Staff("ji.wei", model.RoleJudge)
	pause := schedule.Act{Kind: model.SchedulePause, Reason: "双方正在协商", IdemKey: servicetest.FreshKey()}
	u.Refused(u.do(u.clerk, pause), "role.forbidden")
	u.Refused(u.do(other, pause), "case.not_found")
	u.RefusedAt(u.do(u.judge, schedule.Act{Kind: model.SchedulePause, Reason: " "}), "reason.required", "reason")
	u.RefusedAt(u.do(u.judge, schedule.Act{Kind: model.SchedulePause, Reason: strings.Repeat("长", 201)}), "reason.required", "reason")
	u.RefusedAt(u.do(u.judge, schedule.Act{Kind: model.ScheduleStop, Reason: "和解", Ground: "x"}), "schedule.ground", "ground")
	u.Refused(u.do(u.judge, schedule.Act{Kind: model.SchedulePause, CaseID: 999999, Reason: "协商"}), "case.not_found")
	u.Refused(u.do(u.judge, schedule.Act{Kind: model.ScheduleSkip, StepID: 999999, Reason: "已面谈"}), "step.not_found")
	for range 2 { // the same request again is the same pause
		u.must(pause)
	}
	if n := u.Audited(model.AuditSchedulePause); n != 1 {
		t.Errorf("one pause was recorded %d times", n)
	}
	u.days(servicetest.At(3, 29, 12))
	u.shows()
	if lines := u.lines(); u.timeline().Standing != model.SchedulePause || lines[1] != "due.soon -7 2026-03-31 paused" {
		t.Errorf("%s %q", u.timeline().Standing, lines)
	}
	u.must(schedule.Act{Kind: model.ScheduleResume, Reason: "协商不成"})
	u.Until(servicetest.At(3, 29, 20))
	// Only the latest of the reminders that fell into the pause is worth sending.
	u.shows("03-29 13 履行期限提醒")

	skip := schedule.Act{Kind: model.ScheduleSkip, StepID: u.step(model.NoticeDueSoon, -1), Reason: "已电话提醒"}
	u.must(skip)
	u.Refused(u.do(u.judge, skip), "step.done")
	send := schedule.Act{Kind: model.ScheduleSend, StepID: u.step(model.NoticeSecondDemand, 10), Reason: "提前催告"}
	u.Refused(u.do(u.judge, send), "step.early")
	u.Refused(u.do(other, send), "step.not_found")
	u.days(servicetest.At(4, 2, 20))
	send.Reason = "对方即将离开本地，提前再次催告"
	u.must(send)
	u.Refused(u.do(u.judge, send), "step.done")
	u.Until(servicetest.At(4, 2, 22))
	u.days(servicetest.At(4, 20, 12))
	shown := []string{"03-29 13 履行期限提醒", "04-01 09 自动履行催告书", "04-02 21 自动履行催告书（再次）"}
	u.shows(shown...)
	_, err := u.Svc.Schedule.Timeline(t.Context(), other.Actor, u.f.ID)
	u.Refused(err, "case.not_found")
	_, err = u.Svc.Schedule.Timeline(t.Context(), u.debtor.Actor, u.f.ID)
	u.Refused(err, "role.forbidden")

	u.must(schedule.Act{Kind: model.ScheduleStop, Reason: "达成执行外和解", Ground: model.StopSettlement})
	u.days(servicetest.At(5, 12, 0))
	u.shows(shown...)
	for _, s := range u.timeline().Steps {
		if s.State == model.StepStopped && s.Reason != "当事人已和解：达成执行外和解" {
			t.Errorf("%+v", s)
		}
	}
	if acts := u.timeline().Acts; len(acts) != 5 || acts[0].Reason != "双方正在协商" || acts[4].Kind != model.ScheduleStop {
		t.Errorf("what the judge did: %+v", acts)
	}
}

// The server was down over two reminders, and then the clock was set back:
// nothing comes twice, and nothing comes that makes no sense any more.
func TestUrgingSurvivesADownTimeAndAClockSetBack(t *testing.T) {
	t.Parallel()
	u := newUrged(t, nil)
	u.Work()
	u.Clock.Set(servicetest.At(3, 29, 3)) // in the quiet hours
	u.Work()
	u.shows()
	u.Until(servicetest.At(3, 29, 10))
	u.Clock.Set(servicetest.At(3, 27, 10))
	u.Work()
	u.days(servicetest.At(4, 1, 10))
	u.shows("03-29 08 履行期限提醒", "03-30 09 履行期限提醒", "04-01 09 自动履行催告书")
	if lines := u.lines(); lines[1] != "due.soon -7 2026-03-31 missed" {
		t.Errorf("%q", lines)
	}
}

// A judge gets one digest on each working day at eight, also from several
// processes; on days off he gets none.
func TestAJudgeGetsOneDigestADay(t *testing.T) {
	t.Parallel()
	u := newUrged(t, nil)
	for i := range 5 {
		u.Submit(u.debtor, u.f, 1000, 60+i)
	}
	again := schedule.New(u.DB, schedule.Config{})
	for u.Clock.Now().Before(servicetest.At(3, 9, 12)) { // a week later: the weekend is free
		u.Until(u.Clock.Now().Add(1))
		if err := again.Pass(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	digests := 0
	for _, n := range u.inbox(u.judge) {
		if n.Kind == model.NoticeJudgeDigest {
			if digests++; !strings.Contains(n.Body, "待确认回执 5 份") {
				t.Error(n.Body)
			}
		}
	}
	if digests != 6 { // Monday's own was made at once
		t.Errorf("%d digests", digests)
	}
}

// A reminder that a judge sends at eleven in the evening of the last day goes
// out in the night, because in the morning it would be too late; on any other
// day it waits.
func TestTheLawsClockGoesBeforeTheQuietHours(t *testing.T) {
	t.Parallel()
	u := newUrged(t, nil)
	u.Work()
	drain := func() {
		t.Helper()
		if err := u.Svc.Notice.Drain(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	u.Clock.Set(servicetest.At(3, 30, 23))
	u.must(schedule.Act{Kind: model.ScheduleSend, StepID: u.step(model.NoticeDueSoon, -7), Reason: "当事人来电"})
	drain()
	u.shows()
	u.Clock.Set(servicetest.At(3, 31, 23))
	drain()
	u.must(schedule.Act{Kind: model.ScheduleSend, StepID: u.step(model.NoticeDueSoon, -1), Reason: "当事人来电"})
	drain()
	if got := u.Due(u.debtor.Phone); len(got) != 2 || !strings.HasPrefix(got[1], "03-31 23") {
		t.Errorf("on the last evening the phone showed %q", got)
	}
}

// A court's own schedule, a case in enforcement, and one whose imported payments
// nobody has confirmed yet.
func TestWhatStopsUrging(t *testing.T) {
	t.Parallel()
	u := newUrged(t, func(w *servicetest.World) {
		w.SetCourt(func(s *model.CourtSettings) {
			s.Schedules = map[model.CaseKind]model.Schedule{model.CaseCivil: {BeforeDays: []int{2}, FirstDemandDays: 5, SecondDemandDays: 20, SendHour: 10}}
		})
	})
	officer := u.Staff("ji.fg", model.RoleOfficer)
	u.days(servicetest.At(4, 5, 12))
	u.shows("03-29 10 履行期限提醒", "04-05 10 自动履行催告书")
	u.EnforcedBy(officer, u.f)
	u.days(servicetest.At(5, 20, 12))
	// The instalment of 31 March is enforced; that of 30 April stays voluntary.
	u.shows("03-29 10 履行期限提醒", "04-05 10 自动履行催告书", "04-28 10 履行期限提醒", "05-05 10 自动履行催告书", "05-20 10 自动履行催告书（再次）")
	for _, s := range u.timeline().Steps {
		if s.Open() || s.State == model.StepStopped && s.Reason != "已进入执行程序" {
			t.Errorf("in enforcement: %+v", s)
		}
	}
	// What was performed before an import is not known before the judge decides.
	var file strings.Builder
	if err := filing.TemplateCSV(&file); err != nil {
		t.Fatal(err)
	}
	head, _, _ := strings.Cut(file.String(), "\n")
	const no = "（2026）浙0211民初9911号"
	row := no + ",买卖合同纠纷,2026-01-05,zhang.min,李某,自然人,,,彭某,自然人,,,民事调解书," + no + ",2026-02-01,支付货款,1000,,2026-05-10,,,,500,2026-02-10,\n"
	rep, err := u.Svc.Filing.Import(t.Context(), u.clerk.Actor, strings.NewReader(head+"\n"+row), filing.Importing{Notices: model.NoticesNow})
	if err != nil || rep.Created != 1 || rep.Payments != 1 {
		t.Fatalf("%+v %v", rep, err)
	}
	cases, err := u.DB.CasesByNo(t.Context(), []string{no})
	if err != nil {
		t.Fatal(err)
	}
	u.days(servicetest.At(6, 1, 12))
	u.f = u.FiledCase(u.clerk, cases[no].ID)
	for _, s := range u.timeline().Steps {
		switch {
		case s.State == model.StepSent && s.Kind != model.NoticeCreditorSheet:
			t.Errorf("sent while payments wait for the judge: %+v", s)
		case s.Kind == model.NoticeFirstDemand && s.Open():
			u.Refused(u.do(u.judge, schedule.Act{Kind: model.ScheduleSend, StepID: s.ID, Reason: "催告"}), "receipt.import_pending")
		}
	}
}
