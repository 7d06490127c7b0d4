package handler_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"microcourt/handler/handlertest"

	"microcourt/model"
	"microcourt/service/schedule"
	"microcourt/service/wechat/wechattest"
)

func at(month time.Month, day, hour int) time.Time {
	return time.Date(2026, month, day, hour, 0, 0, 0, model.CourtZone)
}

func urged(t *testing.T) (w *handlertest.World, judge, debtor, creditor *handlertest.Client, f handlertest.Filed) {
	t.Helper()
	w = handlertest.New(t)
	judge = w.Staff("zhang.min", model.RoleJudge)
	clerk := w.Staff("wan.tt", model.RoleClerk)
	f = w.File(clerk)
	debtor, creditor = w.Phone(""), w.Phone("")
	debtor.Bind(clerk, f.ID, f.Debtor)
	creditor.Bind(clerk, f.ID, f.Creditor)
	if err := w.Fake.Allow(debtor.OpenID, wechattest.TemplateDue); err != nil {
		t.Fatal(err)
	}
	return w, judge, debtor, creditor, f
}

// D−7, D−3, D−1, the demand at D+1 and the second at D+10, at nine in the
// morning, once each; a paid instalment is urged no more, the next one is.
func TestUrgingFollowsTheDueDays(t *testing.T) {
	t.Parallel()
	w, judge, debtor, creditor, f := urged(t)
	w.Until(at(4, 11, 12), judge, debtor, creditor)
	want := []string{
		"03-24 09 履行期限将届满", "03-28 09 履行期限将届满", "03-30 09 履行期限将届满", "04-01 09 请查看自动履行催告书", "04-10 09 请查看自动履行催告书",
	}
	if got := w.Due(debtor.OpenID); strings.Join(got, "|") != strings.Join(want, "|") {
		t.Errorf("the debtor's phone showed %q, want %q", got, want)
	}
	var demands []handlertest.Obj
	for _, n := range debtor.Must(http.StatusOK, http.MethodGet, "/notices?limit=50", nil).List("notices") {
		if strings.HasPrefix(n.Str("kind"), "demand.") {
			demands = append(demands, n)
		}
	}
	if len(demands) != 2 || demands[0].Str("number") != "镇法自履催〔2026〕2号" || demands[1].Str("number") != "镇法自履催〔2026〕1号" {
		t.Fatalf("the demands are %v", demands)
	}
	second := demands[0].Str("body")
	// 600 yuan for 10 days at 0.0175 % a day: 1.05; enforcement of up to 10,000 yuan costs 50.
	for _, part := range []string{"给付 600.00 元", "已逾期 10 天", "约 1.05 元", "每日约 0.11 元", "执行申请费约 50.00 元"} {
		if !strings.Contains(second, part) {
			t.Errorf("the second demand lacks %q: %s", part, second)
		}
	}
	sheet := false
	for _, n := range creditor.Must(http.StatusOK, http.MethodGet, "/notices?limit=50", nil).List("notices") {
		if n.Str("kind") == "creditor.sheet" {
			sheet = true
			if !strings.Contains(n.Str("body"), "2028年4月30日届满") {
				t.Errorf("the creditor's sheet: %s", n.Str("body"))
			}
		}
		if strings.HasPrefix(n.Str("kind"), "demand") || strings.HasPrefix(n.Str("kind"), "due") {
			t.Errorf("the creditor was urged: %v", n)
		}
	}
	if !sheet {
		t.Error("the creditor has no sheet")
	}
	// Paid in full: what was still to come stops.
	judge.Confirm(debtor.Submit(f, 100000, 41), 100000)
	w.Until(at(6, 1, 0), judge)
	if got := w.Due(debtor.OpenID); len(got) != len(want) {
		t.Errorf("urged after all was paid: %q", got[len(want):])
	}
	_, lines := judge.Schedule(f)
	if last := lines[len(lines)-1]; last != "demand.second 10 2026-04-30 stopped" {
		t.Errorf("%q", lines)
	}
}

func TestAJudgeManagesTheSchedule(t *testing.T) {
	t.Parallel()
	w, judge, debtor, _, f := urged(t)
	w.Work()
	w.Refusal(judge.Urges(schedule.Act{Kind: model.SchedulePause, CaseID: f.ID, Reason: " "}), model.Invalid, "reason.required", "reason")
	w.Refusal(judge.Urges(schedule.Act{Kind: model.ScheduleStop, CaseID: f.ID, Reason: "和解", Ground: "x"}), model.Invalid, "schedule.ground", "")
	do := func(a schedule.Act) {
		t.Helper()
		if err := judge.Urges(a); err != nil {
			t.Fatal(err)
		}
	}
	do(schedule.Act{Kind: model.SchedulePause, CaseID: f.ID, Reason: "双方正在协商"})
	w.Until(at(3, 29, 12), judge)
	if got := w.Due(debtor.OpenID); len(got) != 0 {
		t.Errorf("sent while paused: %q", got)
	}
	if standing, lines := judge.Schedule(f); standing != model.SchedulePause || lines[1] != "due.soon -7 2026-03-31 paused" {
		t.Errorf("%s %q", standing, lines)
	}
	do(schedule.Act{Kind: model.ScheduleResume, CaseID: f.ID, Reason: "协商不成"})
	w.Until(at(3, 29, 20), judge)
	// Only the latest of the reminders that fell into the pause is worth sending.
	if got := w.Due(debtor.OpenID); len(got) != 1 || got[0] != "03-29 13 履行期限将届满" {
		t.Errorf("after the pause: %q", got)
	}
	step := func(prefix string) int64 {
		for _, s := range judge.Timeline(f.ID).Steps {
			if strings.HasPrefix(fmt.Sprintf("%s %v", s.Kind, s.Days), prefix) && s.DueOn.String() == "2026-03-31" {
				return s.ID
			}
		}
		t.Fatalf("no step %s", prefix)
		return 0
	}
	skip := schedule.Act{Kind: model.ScheduleSkip, StepID: step("due.soon -1"), Reason: "已电话提醒"}
	do(skip)
	w.Refusal(judge.Urges(skip), model.Conflict, "step.done", "")
	send := schedule.Act{Kind: model.ScheduleSend, StepID: step("demand.second"), Reason: "提前催告"}
	w.Refusal(judge.Urges(send), model.Conflict, "step.early", "")
	w.Until(at(4, 2, 20), judge)
	send.Reason = "对方即将离开本地，提前再次催告"
	do(send)
	w.Refusal(judge.Urges(send), model.Conflict, "step.done", "")
	w.Until(at(4, 20, 12), judge)
	want := "03-29 13 履行期限将届满|04-01 09 请查看自动履行催告书|04-02 21 请查看自动履行催告书"
	if got := strings.Join(w.Due(debtor.OpenID), "|"); got != want {
		t.Errorf("the phone showed %q, want %q", got, want)
	}
	other := w.Staff("another", model.RoleJudge)
	_, err := w.Svc.Schedule.Timeline(t.Context(), other.Actor(), f.ID)
	w.Refusal(err, model.NotFound, "case.not_found", "")
	w.Refusal(other.Urges(send), model.NotFound, "step.not_found", "")
	do(schedule.Act{Kind: model.ScheduleStop, CaseID: f.ID, Reason: "达成执行外和解", Ground: model.StopSettlement})
	w.Until(at(6, 1, 0), judge)
	if got := strings.Join(w.Due(debtor.OpenID), "|"); got != want {
		t.Errorf("urged after the settlement: %q", got)
	}
	for _, s := range judge.Timeline(f.ID).Steps {
		if s.State == model.StepStopped && s.Reason != "当事人已和解：达成执行外和解" {
			t.Errorf("%v", s)
		}
	}
}

// The server was down over two reminders, and then the clock was set back:
// nothing comes twice, and nothing comes that makes no sense any more.
func TestUrgingSurvivesADownTimeAndAClockSetBack(t *testing.T) {
	t.Parallel()
	w, judge, debtor, _, f := urged(t)
	w.Work()
	w.Clock.Set(at(3, 29, 3)) // in the quiet hours
	w.Work()
	if got := w.Due(debtor.OpenID); len(got) != 0 {
		t.Errorf("a phone rang at night: %q", got)
	}
	w.Until(at(3, 29, 10))
	w.Clock.Set(at(3, 27, 10))
	w.Work()
	w.Until(at(4, 1, 10), judge)
	want := "03-29 08 履行期限将届满|03-30 09 履行期限将届满|04-01 09 请查看自动履行催告书"
	if got := strings.Join(w.Due(debtor.OpenID), "|"); got != want {
		t.Errorf("the phone showed %q, want %q", got, want)
	}
	if _, lines := judge.Schedule(f); lines[1] != "due.soon -7 2026-03-31 missed" {
		t.Errorf("%q", lines)
	}
}

func TestAJudgeGetsOneDigestADay(t *testing.T) {
	t.Parallel()
	w, judge, debtor, _, f := urged(t)
	for i := range 5 {
		debtor.Submit(f, 1000, 60+i)
	}
	w.Until(at(3, 9, 12), judge) // a week later: Tue to Fri and Mon, the weekend is free
	digests := 0
	for _, n := range judge.Must(http.StatusOK, http.MethodGet, "/notices?limit=50", nil).List("notices") {
		if n.Str("kind") == "judge.digest" {
			digests++
			if !strings.Contains(n.Str("body"), "待确认回执 5 份") {
				t.Error(n.Str("body"))
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
	w, judge, debtor, _, f := urged(t)
	if err := w.Svc.Schedule.Pass(context.Background()); err != nil { // plans
		t.Fatal(err)
	}
	send := func(days int) {
		t.Helper()
		judge.Renew()
		for _, s := range judge.Timeline(f.ID).Steps {
			if s.Kind == model.NoticeDueSoon && s.Days == days && s.DueOn.String() == "2026-03-31" {
				if err := judge.Urges(schedule.Act{Kind: model.ScheduleSend, StepID: s.ID, Reason: "当事人来电"}); err != nil {
					t.Fatal(err)
				}
			}
		}
		w.Drain()
	}
	w.Clock.Set(at(3, 30, 23))
	send(-7)
	if got := w.Due(debtor.OpenID); len(got) != 0 {
		t.Errorf("the evening before: %q", got)
	}
	w.Clock.Set(at(3, 31, 23))
	w.Drain()
	send(-1)
	got := w.Due(debtor.OpenID)
	if len(got) != 2 || !strings.HasPrefix(got[1], "03-31 23") {
		t.Errorf("on the last evening the phone showed %q", got)
	}
}

// A month of a thousand cases, with two workers on one database and a platform
// that fails. The witness is what the phones showed.
func TestAMonthOfAThousandCases(t *testing.T) {
	t.Parallel()
	w := handlertest.New(t)
	ctx := context.Background()
	phones := w.Month(1000)
	rng := rand.New(rand.NewPCG(1, 2))
	kinds := []wechattest.FaultKind{wechattest.FaultBusy, wechattest.FaultBadGateway, wechattest.FaultClose}
	for end := at(4, 1, 12); w.Clock.Now().Before(end); {
		w.Clock.Set(w.Clock.Now().Add(time.Hour).Truncate(time.Hour))
		if rng.IntN(8) == 0 {
			w.Fake.RotateToken()
		}
		if h := w.Clock.Now().In(model.CourtZone).Hour(); h == 9 { // when most is sent; they would pile up otherwise
			w.Fake.Fault(sendPath, kinds[rng.IntN(3)], rng.IntN(40))
		}
		var wg sync.WaitGroup
		for range 2 {
			wg.Go(func() {
				if err := w.Svc.Schedule.Pass(ctx); err != nil {
					t.Error(err)
				}
			})
		}
		wg.Wait()
		w.Tell()
		for range 2 {
			wg.Go(func() {
				if err := w.Svc.Notice.Drain(ctx); err != nil {
					t.Error(err)
				}
			})
		}
		wg.Wait()
	}
	w.Witness(phones, false)
}
