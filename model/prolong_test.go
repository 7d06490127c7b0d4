package model

import (
	"strings"
	"testing"
	"time"
)

// 失信规定 2 (1): a listing with a term may be prolonged by one to three years,
// once, for violence or several acts.
func TestListingRules2Prolonging(t *testing.T) {
	t.Parallel()
	listing := aMeasure(MeasureListing)
	listing.Ground, listing.Until = GroundReport, NewDate(2028, 3, 1)
	for name, tt := range map[string]struct {
		change               func(*Prolongation, *Measure)
		shortened, performed bool
		today                Date
		reason               string
	}{
		"one year":               {today: measureDay, reason: ""},
		"three years":            {change: func(p *Prolongation, _ *Measure) { p.Years = 3 }, today: measureDay},
		"four years":             {change: func(p *Prolongation, _ *Measure) { p.Years = 4 }, today: measureDay, reason: "prolong.years"},
		"none":                   {change: func(p *Prolongation, _ *Measure) { p.Years = 0 }, today: measureDay, reason: "prolong.years"},
		"no reason":              {change: func(p *Prolongation, _ *Measure) { p.Reason = "" }, today: measureDay, reason: "prolong.reason"},
		"no facts":               {change: func(p *Prolongation, _ *Measure) { p.Facts = " " }, today: measureDay, reason: "prolong.facts"},
		"until performed":        {change: func(_ *Prolongation, m *Measure) { m.Until = Date{} }, today: measureDay, reason: "prolong.no_term"},
		"prolonged before":       {change: func(_ *Prolongation, m *Measure) { m.ExtraYears = 1 }, today: measureDay, reason: "prolong.done"},
		"on its last day":        {today: NewDate(2028, 3, 1)},
		"the day after":          {today: NewDate(2028, 3, 2), reason: "prolong.not_listed"},
		"deleted":                {change: func(_ *Prolongation, m *Measure) { m.State = MeasureLifted }, today: measureDay, reason: "prolong.not_listed"},
		"another kind":           {change: func(_ *Prolongation, m *Measure) { m.Kind = MeasureExitBan }, today: measureDay, reason: "prolong.not_listed"},
		"shortened by repair":    {shortened: true, today: measureDay, reason: "prolong.shortened"},
		"the debt is paid":       {performed: true, today: measureDay, reason: "obligation.performed"},
		"before the law of 2017": {today: NewDate(2017, 4, 30), reason: "prolong.no_term"},
	} {
		p, m := Prolongation{Years: 1, Reason: ExtraViolence, Facts: "殴打执行人员"}, listing
		if tt.change != nil {
			tt.change(&p, &m)
		}
		reasonIs(t, name, p.Check(m, tt.shortened, tt.performed, tt.today), tt.reason)
	}
}

// A leader other than the proposer decides; an approval moves the last day, a
// refusal says why.
func TestDecidingAProlongation(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 6, 1, 10, 0, 0, 0, CourtZone)
	for _, tt := range []struct {
		name    string
		approve bool
		note    string
		by      int64
		seen    int64
		state   ProlongState
		reason  string
		want    ProlongState
	}{
		{"approved", true, "", 6, 1, ProlongOpen, "", ProlongApproved},
		{"refused", false, "尚不严重", 6, 1, ProlongOpen, "", ProlongRefused},
		{"refused without a word", false, " ", 6, 1, ProlongOpen, "reason.required", ProlongOpen},
		{"his own", true, "", 5, 1, ProlongOpen, "prolong.own", ProlongOpen},
		{"somebody was first", true, "", 6, 0, ProlongOpen, "prolong.decided", ProlongOpen},
		{"decided", true, "", 6, 1, ProlongRefused, "prolong.decided", ProlongRefused},
		{"lapsed", true, "", 6, 1, ProlongLapsed, "prolong.decided", ProlongLapsed},
	} {
		m := aMeasure(MeasureListing)
		m.Ground, m.Until = GroundReport, NewDate(2028, 3, 1)
		p := Prolongation{Years: 2, Reason: ExtraViolence, State: tt.state, ProposedBy: 5, Version: 1}
		reasonIs(t, tt.name, p.Decide(&m, tt.approve, tt.note, tt.by, tt.seen, now), tt.reason)
		if p.State != tt.want || p.State.Chinese() == "" {
			t.Errorf("%s: %s", tt.name, p.State)
		}
		// Two years from 2 March 2026, and two more.
		if want := map[bool]Date{true: NewDate(2030, 3, 2), false: NewDate(2028, 3, 1)}[p.State == ProlongApproved]; m.Until != want {
			t.Errorf("%s: until %s", tt.name, m.Until)
		}
		if p.State == ProlongApproved && (p.FormerUntil != NewDate(2028, 3, 1) || p.Until != m.Until || m.ExtraYears != 2) {
			t.Errorf("%+v", p)
		}
	}
}

// What the leader, the debtor and the agencies read of it.
func TestProlongationNotices(t *testing.T) {
	t.Parallel()
	m := aMeasure(MeasureListing)
	m.Until = NewDate(2029, 3, 1)
	p := Prolongation{
		ID: 3, Years: 1, Reason: ExtraSeveral, Facts: "多次违反限制消费令", FormerUntil: NewDate(2028, 3, 1), Until: NewDate(2029, 3, 1), Number: "号",
		CreatedAt: measureDay.Start(),
	}
	n := ProlongAskedNotice(measureCase, measureFile, m, p, 6)
	bodySays(t, "asked", n.Body, "提请将李某的失信期限延长 1 年（具有多项失信行为）")
	if n.UserID != 6 {
		t.Errorf("%+v", n)
	}
	n = ProlongedNotice(scheduleCourt, measureCase, measureFile, m, p)
	bodySays(t, "prolonged", n.Body, "由2028年3月1日延长至2029年3月1日", "多次违反限制消费令", "第二条", "申请纠正")
	if n.PartyID != 1 || n.Number != "号" {
		t.Errorf("%+v", n)
	}
	if f := p.FactsOf(); f.Years != 1 || f.Reason != "具有多项失信行为" || !strings.Contains(f.Citation, "第二条第一款") {
		t.Errorf("%+v", f)
	}
	// An agency's card names nobody: it is read on a lock screen.
	now := measureDay.Start()
	pause := RepairApplication{ID: 4, State: RepairPaused, Until: NewDate(2026, 6, 30)}
	moved, paused := DutyMovedNotice(m, 70, 71), DutyPausedNotice(m, pause, 70, 71)
	pause.RevokedAt = &now
	again := DutyPausedNotice(m, pause, 70, 71)
	bodySays(t, "moved", moved.Body, "延长至2029年3月1日")
	bodySays(t, "paused", paused.Body, "暂停限制消费至2026年6月30日", "届满自动恢复")
	bodySays(t, "again", again.Body, "撤销了", "继续落实限制")
	for _, n := range []Notice{moved, paused, again} {
		bodyHides(t, n.Title, n.Body+n.Title, "李某", "34052419800101001X")
		if n.UserID != 71 || n.CaseID != 0 {
			t.Errorf("%+v", n)
		}
	}
	if paused.DedupeKey == again.DedupeKey {
		t.Error("the end of a pause is not told")
	}
}
