package model

import (
	"strings"
	"testing"
	"time"
)

func anApplication() SpendingPermit {
	return SpendingPermit{
		ID: 3, PartyID: 1, Ground: SpendUrgent, Spender: "李某", Purpose: "乘飞机陪父亲就医", Reason: "父亲病重", AmountFen: Yuan(3000),
		FromOn: NewDate(2026, 3, 3), UntilOn: NewDate(2026, 4, 3), Version: 1, Pledged: true,
	}
}

// 限高规定 3 (2), 8 and 法发〔2019〕35号 17: who may ask to spend on what, and for how
// long.
func TestAskingToSpend(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		change func(*SpendingPermit, *Measure)
		debtor SubjectKind
		reason string
	}{
		"a month, to the day":        {func(*SpendingPermit, *Measure) {}, Person, ""},
		"urgent, a day longer":       {func(p *SpendingPermit, _ *Measure) { p.UntilOn = NewDate(2026, 4, 4) }, Person, "spending.term"},
		"necessary, for a year":      {func(p *SpendingPermit, _ *Measure) { p.Ground, p.UntilOn = SpendNecessary, NewDate(2027, 3, 3) }, Person, ""},
		"from yesterday":             {func(p *SpendingPermit, _ *Measure) { p.FromOn = NewDate(2026, 3, 1) }, Person, "spending.term"},
		"ends before it begins":      {func(p *SpendingPermit, _ *Measure) { p.UntilOn = NewDate(2026, 3, 2) }, Person, "spending.term"},
		"private, of a person":       {func(p *SpendingPermit, _ *Measure) { p.Ground = SpendPrivate }, Person, "spending.ground"},
		"private, for a company":     {func(p *SpendingPermit, _ *Measure) { p.Ground = SpendPrivate }, Organisation, ""},
		"urgent, without a promise":  {func(p *SpendingPermit, _ *Measure) { p.Pledged = false }, Person, "spending.pledge"},
		"necessary needs no promise": {func(p *SpendingPermit, _ *Measure) { p.Ground, p.Pledged = SpendNecessary, false }, Person, ""},
		"no such ground":             {func(p *SpendingPermit, _ *Measure) { p.Ground = "fun" }, Person, "spending.ground"},
		"nobody spends":              {func(p *SpendingPermit, _ *Measure) { p.Spender = " " }, Person, "spending.text"},
		"on nothing":                 {func(p *SpendingPermit, _ *Measure) { p.Purpose = "" }, Person, "spending.text"},
		"without an amount":          {func(p *SpendingPermit, _ *Measure) { p.AmountFen = 0 }, Person, "spending.amount"},
		"without a reason":           {func(p *SpendingPermit, _ *Measure) { p.Reason = "" }, Person, "reason.required"},
		"ten files":                  {func(p *SpendingPermit, _ *Measure) { p.FileIDs = make([]int64, 10) }, Person, "file.too_many"},
		"the restriction ended":      {func(_ *SpendingPermit, m *Measure) { m.State = MeasureLifted }, Person, "spending.not_restricted"},
		"a listing restricts no one": {func(_ *SpendingPermit, m *Measure) { m.Kind = MeasureListing }, Person, "spending.not_restricted"},
	} {
		p, m := anApplication(), aMeasure(MeasureConsumption)
		tt.change(&p, &m)
		reasonIs(t, name, p.Apply(m, tt.debtor, measureDay), tt.reason)
		if (p.State == SpendingOpen) != (tt.reason == "") {
			t.Errorf("%s: %q", name, p.State)
		}
	}
	for _, g := range SpendingGrounds {
		if g.Chinese() == "" || g.Citation() == "" || g.ByLeader() != (g == SpendUrgent) {
			t.Errorf("%s: %q %q, by the president %v", g, g.Chinese(), g.Citation(), g.ByLeader())
		}
	}
	if (CourtSettings{}).SpendingClock() != 3 || (CourtSettings{SpendingDays: 2}).SpendingClock() != 2 {
		t.Error("three working days, or what the court set")
	}
}

// A grant may be shorter than what was asked for, never longer; each decision
// says why, once.
func TestDecidingToSpend(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 3, 2, 10, 0, 0, 0, CourtZone)
	for name, tt := range map[string]struct {
		d      SpendingDecision
		change func(*SpendingPermit, *Measure)
		reason string
		until  Date
	}{
		"as asked for":     {SpendingDecision{State: SpendingGranted, Reason: "属实"}, nil, "", NewDate(2026, 4, 3)},
		"a week":           {SpendingDecision{State: SpendingGranted, Reason: "属实", Until: NewDate(2026, 3, 10)}, nil, "", NewDate(2026, 3, 10)},
		"a day more":       {SpendingDecision{State: SpendingGranted, Reason: "属实", Until: NewDate(2026, 4, 4)}, nil, "spending.term", Date{}},
		"a day earlier":    {SpendingDecision{State: SpendingGranted, Reason: "属实", From: NewDate(2026, 3, 2)}, nil, "spending.term", Date{}},
		"refused":          {SpendingDecision{State: SpendingRefused, Reason: "并非必需"}, nil, "", Date{}},
		"no reason":        {SpendingDecision{State: SpendingRefused}, nil, "reason.required", Date{}},
		"lapsed by hand":   {SpendingDecision{State: SpendingLapsed, Reason: "否"}, nil, "spending.decision", Date{}},
		"the ban is over":  {SpendingDecision{State: SpendingGranted, Reason: "属实"}, func(_ *SpendingPermit, m *Measure) { m.State = MeasureLifted }, "spending.not_restricted", Date{}},
		"decided before":   {SpendingDecision{State: SpendingGranted, Reason: "属实"}, func(p *SpendingPermit, _ *Measure) { p.State = SpendingRefused }, "spending.decided", Date{}},
		"somebody changed": {SpendingDecision{State: SpendingGranted, Reason: "属实"}, func(p *SpendingPermit, _ *Measure) { p.Version = 2 }, "spending.decided", Date{}},
		"decided too late": {SpendingDecision{State: SpendingGranted, Reason: "属实"}, func(p *SpendingPermit, _ *Measure) { p.FromOn = NewDate(2026, 3, 1) }, "spending.term", Date{}},
	} {
		p, m := anApplication(), aMeasure(MeasureConsumption)
		p.State = SpendingOpen
		if tt.change != nil {
			tt.change(&p, &m)
		}
		before := p.State
		reasonIs(t, name, p.Decide(m, tt.d, 6, 1, now), tt.reason)
		if p.GrantUntil != tt.until || tt.reason == "" && p.State != tt.d.State || tt.reason != "" && p.State != before {
			t.Errorf("%s: %s until %s", name, p.State, p.GrantUntil)
		}
	}
	p := anApplication()
	key := "measure"
	p.State, p.OpenKey = SpendingOpen, &key
	p.Lapse(now)
	if p.State != SpendingLapsed || p.OpenKey != nil || p.State.Chinese() != "限制已解除，无需决定" {
		t.Errorf("%+v", p)
	}
}

// What whoever decides and the debtor read: the restriction stays.
func TestSpendingNotices(t *testing.T) {
	t.Parallel()
	p := anApplication()
	p.DueOn = NewDate(2026, 3, 5)
	n := SpendingAskedNotice(measureCase, measureFile, p, 6)
	bodySays(t, "asked", n.Body, "李某申请乘飞机陪父亲就医", "不超过 3,000.00 元", "应于2026年3月5日前决定")
	if n.UserID != 6 {
		t.Errorf("%+v", n)
	}
	p.State, p.DecisionReason = SpendingRefused, "并非必需"
	n = SpendingDecidedNotice(measureCase, measureFile, p)
	bodySays(t, "refused", n.Body, "不予准许", "理由：并非必需", "第十七条第三项")
	bodyHides(t, "refused", n.Body, "准许的期间")
	p.State, p.GrantFrom, p.GrantUntil, p.Number = SpendingGranted, p.FromOn, NewDate(2026, 3, 10), "（2026）浙0211限消准1号"
	n = SpendingDecidedNotice(measureCase, measureFile, p)
	bodySays(t, "granted", n.Body, "2026年3月3日至2026年3月10日", "不超过 3,000.00 元", "只限本次申请的项目", "限制消费令继续有效")
	if n.PartyID != 1 || n.Number != p.Number {
		t.Errorf("%+v", n)
	}
	if f := p.FactsOf(); f.From != p.GrantFrom || f.Until != p.GrantUntil || f.Answer != "并非必需" || !strings.HasPrefix(f.Ground, "就医") {
		t.Errorf("%+v", f)
	}
}
