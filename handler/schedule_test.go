package handler_test

import (
	"bytes"
	"context"
	"fmt"
	"math/rand/v2"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"microcourt/model"
	"microcourt/service/filing"
	"microcourt/service/wechat"
	"microcourt/service/wechat/wechattest"
	"microcourt/storage"
)

// until lets time go by, an hour at a time, as the server would live through
// it.
func (w *world) until(t time.Time, people ...*client) {
	w.t.Helper()
	for w.clock.Now().Before(t) {
		w.clock.Set(w.clock.Now().Add(time.Hour).Truncate(time.Hour))
		w.work()
	}
	for _, c := range people {
		c.renew()
	}
}

func (w *world) work() {
	w.t.Helper()
	ctx := context.Background()
	if err := w.svc.Schedule.Pass(ctx); err != nil {
		w.t.Fatal(err)
	}
	if err := w.svc.Notice.Drain(ctx); err != nil {
		w.t.Fatal(err)
	}
}

func at(month time.Month, day, hour int) time.Time {
	return time.Date(2026, month, day, hour, 0, 0, 0, model.CourtZone)
}

// schedule is the case's timeline as "kind days state" lines in order of time.
func (c *client) schedule(f filed) (standing string, lines []string) {
	c.w.t.Helper()
	v := c.must(http.StatusOK, http.MethodGet, fmt.Sprintf("/cases/%d/schedule", f.id), nil)
	for _, s := range v.list("steps") {
		lines = append(lines, fmt.Sprintf("%s %v %s %s", s.str("kind"), s["days"], s.str("due_on"), s.str("state")))
	}
	return v.str("standing"), lines
}

// due are the cards about due days that the phone shows, as "month-day hour remark".
func (w *world) due(openID string) (out []string) {
	for _, card := range w.fake.Inbox(openID) {
		if card.TemplateID == wechattest.TemplateDue {
			remark := ""
			for _, l := range card.Rows {
				remark = l.Value
			}
			out = append(out, card.At.In(model.CourtZone).Format("01-02 15 ")+remark)
		}
	}
	return out
}

func urged(t *testing.T) (w *world, judge, debtor, creditor *client, f filed) {
	t.Helper()
	w = newWorld(t)
	judge = w.staff("zhang.min", model.RoleJudge)
	clerk := w.staff("wan.tt", model.RoleClerk)
	f = w.file(clerk)
	debtor, creditor = w.phone(""), w.phone("")
	debtor.bind(clerk, f.id, f.debtor)
	creditor.bind(clerk, f.id, f.creditor)
	if err := w.fake.Allow(debtor.openID, wechattest.TemplateDue); err != nil {
		t.Fatal(err)
	}
	return w, judge, debtor, creditor, f
}

// D−7, D−3, D−1, the demand at D+1 and the second at D+10, at nine in the
// morning, once each; a paid instalment is urged no more, the next one is.
func TestUrgingFollowsTheDueDays(t *testing.T) {
	t.Parallel()
	w, judge, debtor, creditor, f := urged(t)
	w.until(at(4, 11, 12), judge, debtor, creditor)
	want := []string{
		"03-24 09 履行期限将届满", "03-28 09 履行期限将届满", "03-30 09 履行期限将届满", "04-01 09 请查看自动履行催告书", "04-10 09 请查看自动履行催告书",
	}
	if got := w.due(debtor.openID); strings.Join(got, "|") != strings.Join(want, "|") {
		t.Errorf("the debtor's phone showed %q, want %q", got, want)
	}
	var demands []obj
	for _, n := range debtor.must(http.StatusOK, http.MethodGet, "/notices?limit=50", nil).list("notices") {
		if strings.HasPrefix(n.str("kind"), "demand.") {
			demands = append(demands, n)
		}
	}
	if len(demands) != 2 || demands[0].str("number") != "镇法自履催〔2026〕2号" || demands[1].str("number") != "镇法自履催〔2026〕1号" {
		t.Fatalf("the demands are %v", demands)
	}
	second := demands[0].str("body")
	// 600 yuan for 10 days at 0.0175 % a day: 1.05; enforcement of up to 10,000 yuan costs 50.
	for _, part := range []string{"给付 600.00 元", "已逾期 10 天", "约 1.05 元", "每日约 0.11 元", "执行申请费约 50.00 元"} {
		if !strings.Contains(second, part) {
			t.Errorf("the second demand lacks %q: %s", part, second)
		}
	}
	sheet := false
	for _, n := range creditor.must(http.StatusOK, http.MethodGet, "/notices?limit=50", nil).list("notices") {
		if n.str("kind") == "creditor.sheet" {
			sheet = true
			if !strings.Contains(n.str("body"), "2028年4月30日届满") {
				t.Errorf("the creditor's sheet: %s", n.str("body"))
			}
		}
		if strings.HasPrefix(n.str("kind"), "demand") || strings.HasPrefix(n.str("kind"), "due") {
			t.Errorf("the creditor was urged: %v", n)
		}
	}
	if !sheet {
		t.Error("the creditor has no sheet")
	}
	// Paid in full: what was still to come stops.
	judge.confirm(debtor.submit(f, 100000, 41), 100000)
	w.until(at(6, 1, 0), judge)
	if got := w.due(debtor.openID); len(got) != len(want) {
		t.Errorf("urged after all was paid: %q", got[len(want):])
	}
	_, lines := judge.schedule(f)
	if last := lines[len(lines)-1]; last != "demand.second 10 2026-04-30 stopped" {
		t.Errorf("%q", lines)
	}
}

func TestAJudgeManagesTheSchedule(t *testing.T) {
	t.Parallel()
	w, judge, debtor, _, f := urged(t)
	w.work()
	path := fmt.Sprintf("/cases/%d/schedule", f.id)
	judge.refused(http.StatusBadRequest, "reason.required", http.MethodPost, path+"/pause", obj{"reason": " "})
	judge.refused(http.StatusBadRequest, "schedule.ground", http.MethodPost, path+"/stop", obj{"reason": "和解", "ground": "x"})
	judge.must(http.StatusNoContent, http.MethodPost, path+"/pause", obj{"reason": "双方正在协商"})
	w.until(at(3, 29, 12), judge)
	if got := w.due(debtor.openID); len(got) != 0 {
		t.Errorf("sent while paused: %q", got)
	}
	if standing, lines := judge.schedule(f); standing != "paused" || lines[1] != "due.soon -7 2026-03-31 paused" {
		t.Errorf("%s %q", standing, lines)
	}
	judge.must(http.StatusNoContent, http.MethodPost, path+"/resume", obj{"reason": "协商不成"})
	w.until(at(3, 29, 20), judge)
	// Only the latest of the reminders that fell into the pause is worth sending.
	if got := w.due(debtor.openID); len(got) != 1 || got[0] != "03-29 13 履行期限将届满" {
		t.Errorf("after the pause: %q", got)
	}
	step := func(prefix string) int64 {
		for _, s := range judge.must(http.StatusOK, http.MethodGet, path, nil).list("steps") {
			if strings.HasPrefix(fmt.Sprintf("%s %v", s.str("kind"), s["days"]), prefix) && s.str("due_on") == "2026-03-31" {
				return s.id("id")
			}
		}
		t.Fatalf("no step %s", prefix)
		return 0
	}
	skip := fmt.Sprintf("/schedule/steps/%d/skip", step("due.soon -1"))
	judge.must(http.StatusNoContent, http.MethodPost, skip, obj{"reason": "已电话提醒"})
	judge.refused(http.StatusConflict, "step.done", http.MethodPost, skip, obj{"reason": "已电话提醒"})
	send := fmt.Sprintf("/schedule/steps/%d/send", step("demand.second"))
	judge.refused(http.StatusConflict, "step.early", http.MethodPost, send, obj{"reason": "提前催告"})
	w.until(at(4, 2, 20), judge)
	judge.must(http.StatusNoContent, http.MethodPost, send, obj{"reason": "对方即将离开本地，提前再次催告"})
	judge.refused(http.StatusConflict, "step.done", http.MethodPost, send, obj{"reason": "再发一次"})
	w.until(at(4, 20, 12), judge)
	want := "03-29 13 履行期限将届满|04-01 09 请查看自动履行催告书|04-02 21 请查看自动履行催告书"
	if got := strings.Join(w.due(debtor.openID), "|"); got != want {
		t.Errorf("the phone showed %q, want %q", got, want)
	}
	other := w.staff("another", model.RoleJudge)
	other.refused(http.StatusNotFound, "case.not_found", http.MethodGet, path, nil)
	other.refused(http.StatusNotFound, "step.not_found", http.MethodPost, send, obj{"reason": "别人的案件"})
	judge.must(http.StatusNoContent, http.MethodPost, path+"/stop", obj{"reason": "达成执行外和解", "ground": "settlement"})
	w.until(at(6, 1, 0), judge)
	if got := strings.Join(w.due(debtor.openID), "|"); got != want {
		t.Errorf("urged after the settlement: %q", got)
	}
	for _, s := range judge.must(http.StatusOK, http.MethodGet, path, nil).list("steps") {
		if s.str("state") == "stopped" && s.str("reason") != "当事人已和解：达成执行外和解" {
			t.Errorf("%v", s)
		}
	}
}

// The server was down over two reminders, and then the clock was set back:
// nothing comes twice, and nothing comes that makes no sense any more.
func TestUrgingSurvivesADownTimeAndAClockSetBack(t *testing.T) {
	t.Parallel()
	w, judge, debtor, _, f := urged(t)
	w.work()
	w.clock.Set(at(3, 29, 3)) // in the quiet hours
	w.work()
	if got := w.due(debtor.openID); len(got) != 0 {
		t.Errorf("a phone rang at night: %q", got)
	}
	w.until(at(3, 29, 10))
	w.clock.Set(at(3, 27, 10))
	w.work()
	w.until(at(4, 1, 10), judge)
	want := "03-29 08 履行期限将届满|03-30 09 履行期限将届满|04-01 09 请查看自动履行催告书"
	if got := strings.Join(w.due(debtor.openID), "|"); got != want {
		t.Errorf("the phone showed %q, want %q", got, want)
	}
	if _, lines := judge.schedule(f); lines[1] != "due.soon -7 2026-03-31 missed" {
		t.Errorf("%q", lines)
	}
}

func TestAJudgeGetsOneDigestADay(t *testing.T) {
	t.Parallel()
	w, judge, debtor, _, f := urged(t)
	for i := range 5 {
		debtor.submit(f, 1000, 60+i)
	}
	w.until(at(3, 9, 12), judge) // a week later: Tue to Fri and Mon, the weekend is free
	digests := 0
	for _, n := range judge.must(http.StatusOK, http.MethodGet, "/notices?limit=50", nil).list("notices") {
		if n.str("kind") == "judge.digest" {
			digests++
			if !strings.Contains(n.str("body"), "待确认回执 5 份") {
				t.Error(n.str("body"))
			}
		}
	}
	if digests != 6 { // Monday's own was made at once
		t.Errorf("%d digests", digests)
	}
}

// tell lets WeChat push what it has to tell, and applies it.
func (w *world) tell() {
	w.t.Helper()
	if err := w.fake.Push(context.Background()); err != nil {
		w.t.Fatal(err)
	}
	if err := w.svc.Subscription.Drain(context.Background()); err != nil {
		w.t.Fatal(err)
	}
}

// A reminder that a judge sends at eleven in the evening of the last day goes
// out in the night, because in the morning it would be too late; on any other
// day it waits.
func TestTheLawsClockGoesBeforeTheQuietHours(t *testing.T) {
	t.Parallel()
	w, judge, debtor, _, f := urged(t)
	if err := w.svc.Schedule.Pass(context.Background()); err != nil { // plans
		t.Fatal(err)
	}
	send := func(days float64) {
		t.Helper()
		judge.renew()
		for _, s := range judge.must(http.StatusOK, http.MethodGet, fmt.Sprintf("/cases/%d/schedule", f.id), nil).list("steps") {
			if s.str("kind") == string(model.NoticeDueSoon) && s.num("days") == days && s.str("due_on") == "2026-03-31" {
				judge.must(http.StatusNoContent, http.MethodPost, fmt.Sprintf("/schedule/steps/%d/send", s.id("id")), obj{"reason": "当事人来电"})
			}
		}
		w.drain()
	}
	w.clock.Set(at(3, 30, 23))
	send(-7)
	if got := w.due(debtor.openID); len(got) != 0 {
		t.Errorf("the evening before: %q", got)
	}
	w.clock.Set(at(3, 31, 23))
	w.drain()
	send(-1)
	got := w.due(debtor.openID)
	if len(got) != 2 || !strings.HasPrefix(got[1], "03-31 23") {
		t.Errorf("on the last evening the phone showed %q", got)
	}
}

// month imports n cases that fall due from 10 to 20 March, each debtor with a
// phone of his own.
func (w *world) month(n int) (phones map[string]model.Date) {
	t := w.t
	t.Helper()
	w.staff("zhang.min", model.RoleJudge)
	var b bytes.Buffer
	if err := filing.TemplateCSV(&b); err != nil {
		t.Fatal(err)
	}
	lines := strings.SplitN(strings.TrimPrefix(b.String(), "\xef\xbb\xbf"), "\n", 3)
	var file strings.Builder
	file.WriteString(lines[0] + "\n")
	dueOf := map[string]model.Date{}
	for i := range n {
		no := fmt.Sprintf("（2026）浙0211民初%d号", 200_000+i)
		due := model.NewDate(2026, 3, 10+i%11)
		dueOf[no] = due
		row := strings.ReplaceAll(lines[1], "（2026）浙0211民初1号", no)
		file.WriteString(strings.ReplaceAll(row, "2026-03-31", due.String()) + "\n")
	}
	by := model.Actor{CourtID: w.court.ID, Roles: []model.Role{model.RoleClerk}}
	rep, err := w.svc.Filing.Import(context.Background(), by, strings.NewReader(file.String()), filing.Importing{Notices: model.NoticesNow})
	if err != nil || rep.Created != n {
		t.Fatalf("%+v %v", rep, err)
	}
	return w.bindAll(dueOf)
}

// witness asks the platform what the phones showed over the month: every
// expected card on its day and once, none early, none in the night, none lost.
// When senders were killed, a card in their hands may be missing, and the court
// sees that nobody knows of it; or it may be a day late, when WeChat failed too.
func (w *world) witness(phones map[string]model.Date, killed bool) {
	t := w.t
	t.Helper()
	wrong, total, lost := 0, 0, 0
	for openID, due := range phones {
		var want, got []string
		for _, d := range []int{-7, -3, -1, 1, 10} {
			if on := due.AddDays(d); on.After(model.NewDate(2026, 3, 2)) {
				want = append(want, on.String())
			}
		}
		for _, card := range w.fake.Inbox(openID) {
			local := card.At.In(model.CourtZone)
			if card.TemplateID != wechattest.TemplateDue {
				continue
			}
			if local.Hour() < 8 || local.Hour() >= 22 {
				t.Fatalf("a card at %s", local)
			}
			on := model.DateOf(card.At)
			if killed && !slices.Contains(want, on.String()) {
				on = on.AddDays(-1)
			}
			got = append(got, on.String())
		}
		total += len(got)
		lost += len(want) - len(got)
		if extra(want, got) {
			wrong++
			if wrong < 4 {
				t.Errorf("a phone showed %v, want %v", got, want)
			}
		}
	}
	counts := w.outboxStates()
	if lost < 0 || lost > 0 && !killed || lost > int(counts[model.OutboxUnknown]) {
		t.Errorf("%d cards are missing", lost)
	}
	t.Logf("%d cards on %d phones; %v", total, len(phones), counts)
	if total+lost < 4*len(phones) {
		t.Errorf("only %d cards", total)
	}
}

// A month of a thousand cases, with two workers on one database and a platform
// that fails. The witness is what the phones showed.
func TestAMonthOfAThousandCases(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	ctx := context.Background()
	phones := w.month(1000)
	rng := rand.New(rand.NewPCG(1, 2))
	kinds := []wechattest.FaultKind{wechattest.FaultBusy, wechattest.FaultBadGateway, wechattest.FaultClose}
	for end := at(4, 1, 12); w.clock.Now().Before(end); {
		w.clock.Set(w.clock.Now().Add(time.Hour).Truncate(time.Hour))
		if rng.IntN(8) == 0 {
			w.fake.RotateToken()
		}
		if h := w.clock.Now().In(model.CourtZone).Hour(); h == 9 { // when most is sent; they would pile up otherwise
			w.fake.Fault(sendPath, kinds[rng.IntN(3)], rng.IntN(40))
		}
		var wg sync.WaitGroup
		for range 2 {
			wg.Go(func() {
				if err := w.svc.Schedule.Pass(ctx); err != nil {
					t.Error(err)
				}
			})
		}
		wg.Wait()
		w.tell()
		for range 2 {
			wg.Go(func() {
				if err := w.svc.Notice.Drain(ctx); err != nil {
					t.Error(err)
				}
			})
		}
		wg.Wait()
	}
	w.witness(phones, false)
}

// extra tells whether got has a day twice or one that is not wanted.
func extra(want, got []string) bool {
	left := map[string]int{}
	for _, d := range want {
		left[d]++
	}
	for _, d := range got {
		if left[d]--; left[d] < 0 {
			return true
		}
	}
	return false
}

func (w *world) outboxStates() map[model.OutboxState]int64 {
	w.t.Helper()
	counts, err := w.db.OutboxStates(context.Background())
	if err != nil {
		w.t.Fatal(err)
	}
	return counts
}

// bindAll gives the debtor of each case a phone that allows cards, and tells
// by openid when he has to pay.
func (w *world) bindAll(dueOf map[string]model.Date) map[string]model.Date {
	w.t.Helper()
	ctx := context.Background()
	numbers := make([]string, 0, len(dueOf))
	for no := range dueOf {
		numbers = append(numbers, no)
	}
	cases, err := w.db.CasesByNo(ctx, numbers)
	if err != nil {
		w.t.Fatal(err)
	}
	out := map[string]model.Date{}
	err = w.db.Transact(ctx, func(tx *storage.DB) error {
		for no, cs := range cases {
			parties, err := tx.Parties(ctx, cs.ID)
			if err != nil {
				return err
			}
			for _, p := range parties {
				if p.Role != model.Defendant {
					continue
				}
				openID := w.fake.AddUser(wechattest.User{}).OpenID
				if err := w.fake.Allow(openID, wechattest.TemplateDue); err != nil {
					return err
				}
				out[openID] = dueOf[no]
				u := model.User{State: model.UserActive}
				if err := tx.CreateUser(ctx, &u); err != nil {
					return err
				}
				id := []model.WeChatIdentity{{AppID: wechat.DemoAppID, OpenID: openID, UserID: u.ID}}
				if err := storage.Insert(ctx, tx, id); err != nil {
					return err
				}
				key := fmt.Sprintf("%d:%d", p.ID, u.ID)
				bound := []model.Binding{{
					CourtID: cs.CourtID, CaseID: cs.ID, PartyID: p.ID, UserID: u.ID, Capacity: model.CapacitySelf, Method: model.BoundByCode, ActiveKey: &key,
				}}
				if err := storage.Insert(ctx, tx, bound); err != nil {
					return err
				}
			}
		}
		return nil
	})
	if err != nil {
		w.t.Fatal(err)
	}
	return out
}
