package model

import (
	"errors"
	"strings"
	"testing"
	"time"
)

var measureDay = NewDate(2026, 3, 2)

// proposal is a measure that the law allows; tests change one thing.
func proposal(k MeasureKind) MeasureCase {
	c := MeasureCase{
		Debtor: Party{ID: 7, Kind: Person, Name: "李某", IDKind: string(IDCitizen), IDNumber: "34052419800101001X"}, NoticeUntil: measureDay.AddDays(-1), Today: measureDay,
		Signer:      &Signer{User: 9, Signers: Signers{Today: measureDay, President: 9, Name: "陈志军"}},
		Enforcement: EnforcementCase{ID: 2, Kind: EnforcementOrdinary, State: EnforcementOpen, FiledOn: measureDay.AddDays(-10)}, Overdue: true,
		Measure: Measure{
			CaseID: 1, EnforcementCaseID: 2, PartyID: 7, Kind: k, Relation: RelationSelf, SubjectKind: Person, SubjectName: "李某", SubjectIDKind: string(IDCitizen),
			SubjectID: "34052419800101001X", SubjectHash: "h", Resistance: ResistEvade, Ground: measureKinds[k].grounds[0].Ground, Facts: "转移车辆",
		},
	}
	for code, yes := range k.Allowing() {
		c.Measure.Answers = append(c.Measure.Answers, MeasureAnswer{Code: code, Yes: yes})
	}
	if k == MeasureDetention {
		c.Measure.Days = 15
	}
	if k == MeasureFine {
		c.Measure.AmountFen = Yuan(100_000)
	}
	if k.Punishes() {
		c.Measure.ActOn, c.Measure.ActText, c.Measure.ActKey = measureDay.AddDays(-3), "转移车辆", ActKeyOf("转移车辆")
	}
	return c
}

// refusedBy checks the reason, and that the text cites the rule.
func refusedBy(t *testing.T, name string, err error, reason, cites string) {
	t.Helper()
	if ReasonOf(err) != reason {
		t.Errorf("%s: %v, want %q", name, err, reason)
		return
	}
	if reason == "" {
		return
	}
	if e, _ := errors.AsType[*Error](err); !strings.Contains(e.Message, cites) {
		t.Errorf("%s: %q does not cite %s", name, e.Message, cites)
	}
}

func organisation(c *MeasureCase) {
	c.Debtor.Kind, c.Debtor.IDKind = Organisation, string(IDUSCC)
	c.Measure.SubjectKind, c.Measure.SubjectIDKind, c.Measure.SubjectName = Organisation, string(IDUSCC), "甬兴建材有限公司"
}

func actsFor(r MeasureRelation) func(*MeasureCase) {
	return func(c *MeasureCase) {
		organisation(c)
		c.Measure.Relation, c.Measure.SubjectKind, c.Measure.SubjectName, c.Measure.SubjectIDKind = r, Person, "王某", string(IDCitizen)
	}
}

// Every kind can be taken as the law has it, against a person.
func TestMeasuresThatTheLawAllows(t *testing.T) {
	t.Parallel()
	for _, k := range MeasureKinds {
		if err := proposal(k).Check(StepPropose); err != nil {
			t.Errorf("%s: %v", k, err)
		}
		if k.Chinese() == "" || k.Title() == "" || k.Unit() == "" || k.Remedy().Citation() == "" || len(k.Lifts()) == 0 {
			t.Errorf("%s is not described", k)
		}
		for _, g := range k.Grounds() {
			if g.Text == "" || g.Citation == "" {
				t.Errorf("%s %s has no words", k, g.Ground)
			}
		}
		for _, l := range append(k.Lifts(), LiftRevoked) {
			if l.Chinese() == "" || k.LiftCitation(l) == "" {
				t.Errorf("%s: lifting for %s has no words", k, l)
			}
		}
	}
	if MeasureListing.Unit() != "条" || MeasureDetention.Unit() != "人次" {
		t.Error("units")
	}
}

// 民事诉讼法 118: ceilings of detention and fine, on either side of each bound, and
// as they were before.
func TestCivilProcedureLaw118(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name   string
		kind   MeasureKind
		change func(*MeasureCase)
		reason string
	}{
		{"fifteen days", MeasureDetention, func(c *MeasureCase) { c.Measure.Days = 15 }, ""},
		{"sixteen days", MeasureDetention, func(c *MeasureCase) { c.Measure.Days = 16 }, "measure.days"},
		{"no days", MeasureDetention, func(c *MeasureCase) { c.Measure.Days = 0 }, "measure.days"},
		{"a person, 100,000", MeasureFine, func(c *MeasureCase) { c.Measure.AmountFen = Yuan(100_000) }, ""},
		{"a person, 100,000.01", MeasureFine, func(c *MeasureCase) { c.Measure.AmountFen = Yuan(100_000) + 1 }, "measure.amount"},
		{"a person, 100,001", MeasureFine, func(c *MeasureCase) { c.Measure.AmountFen = Yuan(100_001) }, "measure.amount"},
		{"a person, nothing", MeasureFine, func(c *MeasureCase) { c.Measure.AmountFen = 0 }, "measure.amount"},
		{"a unit, 50,000", MeasureFine, func(c *MeasureCase) { organisation(c); c.Measure.AmountFen = Yuan(50_000) }, ""},
		{"a unit, 49,999.99", MeasureFine, func(c *MeasureCase) { organisation(c); c.Measure.AmountFen = Yuan(50_000) - 1 }, "measure.amount"},
		{"a unit, 1,000,000", MeasureFine, func(c *MeasureCase) { organisation(c); c.Measure.AmountFen = Yuan(1_000_000) }, ""},
		{"a unit, 1,000,000.01", MeasureFine, func(c *MeasureCase) { organisation(c); c.Measure.AmountFen = Yuan(1_000_000) + 1 }, "measure.amount"},
		{"a unit's director, 50,000", MeasureFine, func(c *MeasureCase) { actsFor(RelationDirect)(c); c.Measure.AmountFen = Yuan(50_000) }, ""},
	} {
		c := proposal(tt.kind)
		tt.change(&c)
		refusedBy(t, tt.name, c.Check(StepPropose), tt.reason, "第一百一十八条")
	}
	old := proposal(MeasureFine)
	old.Today, old.Measure.ActOn, old.Measure.AmountFen = NewDate(2012, 12, 31), NewDate(2012, 12, 1), Yuan(10_001)
	refusedBy(t, "the day before 2013", old.Check(StepPropose), "measure.amount", "第一百零四条")
	old.Today = NewDate(2013, 1, 1)
	refusedBy(t, "the first day of 2013", old.Check(StepPropose), "", "")
}

// 失信规定 1, 2: six grounds; the first until performed, the others two years,
// prolonged by one to three.
func TestListingRules1And2(t *testing.T) {
	t.Parallel()
	if n := len(MeasureListing.Grounds()); n != 6 {
		t.Fatalf("%d grounds", n)
	}
	for i, g := range MeasureListing.Grounds() {
		m := Measure{Kind: MeasureListing, Ground: g.Ground}
		want := NewDate(2028, 3, 2)
		if i == 0 {
			want = Date{}
		}
		if got := m.ListingUntil(measureDay); got != want {
			t.Errorf("%s: until %s, want %s", g.Ground, got, want)
		}
		m.ExtraYears = 3
		if got := m.ListingUntil(measureDay); i > 0 && got != NewDate(2031, 3, 2) {
			t.Errorf("%s prolonged: until %s", g.Ground, got)
		}
	}
	for name, tt := range map[string]struct {
		ground MeasureGround
		years  int
		extra  ListingExtra
		reason string
	}{
		"violence, one year":         {GroundObstructs, 1, ExtraViolence, ""},
		"several acts, three":        {GroundReport, 3, ExtraSeveral, ""},
		"four years":                 {GroundReport, 4, ExtraSeveral, "measure.extra"},
		"without a reason":           {GroundReport, 2, "", "measure.extra"},
		"a reason without years":     {GroundReport, 0, ExtraSeveral, "measure.extra"},
		"a ground without a term":    {GroundAbleRefuses, 1, ExtraSeveral, "measure.extra"},
		"the seventh ground":         {GroundWhereabouts, 0, "", "measure.ground"},
		"somebody's 协助 is no ground": {GroundNoAssistance, 0, "", "measure.ground"},
	} {
		c := proposal(MeasureListing)
		c.Measure.Ground, c.Measure.ExtraYears, c.Measure.ExtraReason = tt.ground, tt.years, tt.extra
		cites := "第二条"
		if tt.reason == "measure.ground" {
			cites = "法定事由"
		}
		refusedBy(t, name, c.Check(StepPropose), tt.reason, cites)
	}
}

// 失信规定 4 and 未成年人保护法 4: a minor is never listed and never detained, whether
// the file says so or his number.
func TestMinorsAreNeverListedOrDetained(t *testing.T) {
	t.Parallel()
	for _, k := range []MeasureKind{MeasureListing, MeasureDetention} {
		c := proposal(k)
		c.Debtor.Minor = true
		refusedBy(t, "by the file", c.Check(StepPropose), "measure.minor", "第四条")
		c = proposal(k)
		c.Measure.SubjectID = "34052420080303001X" // eighteen tomorrow
		refusedBy(t, "by the number", c.Check(StepPropose), "measure.minor", "第四条")
		c.Today, c.NoticeUntil = measureDay.AddDays(1), measureDay
		refusedBy(t, "on his birthday", c.Check(StepPropose), "measure.minor", "第四条")
		c.Today = measureDay.AddDays(2)
		refusedBy(t, "the day after it", c.Check(StepPropose), "", "")
	}
	c := proposal(MeasureExitBan)
	c.Debtor.Minor, c.Measure.Relation, c.Measure.SubjectName = true, RelationGuardian, "李父"
	c.Measure.SubjectID = "11010519491231002X"
	refusedBy(t, "his guardian's exit", c.Check(StepPropose), "", "")
	c.Debtor.Minor = false
	refusedBy(t, "the guardian of an adult", c.Check(StepPropose), "measure.relation", "第二十四条")
}

// Who can be under a measure besides the debtor: 限高规定 3, 执行程序解释 24, 民事诉讼法
// 114, 善意文明意见 16.
func TestWhoActsForACompany(t *testing.T) {
	t.Parallel()
	allowed := map[MeasureKind]string{
		MeasureListing: "", MeasureConsumption: "legal_rep principal direct controller", MeasureTracing: "legal_rep principal direct controller",
		MeasureExitBan: "legal_rep principal direct", MeasureDetention: "principal direct assistant", MeasureFine: "principal direct assistant",
	}
	for k, list := range allowed {
		for _, r := range []MeasureRelation{RelationLegalRep, RelationPrincipal, RelationDirect, RelationController, RelationAssistant} {
			c := proposal(k)
			actsFor(r)(&c)
			if r == RelationAssistant {
				c.Measure.Ground = GroundNoAssistance
			}
			want := "measure.relation"
			if strings.Contains(list, string(r)) {
				want = ""
			}
			refusedBy(t, string(k)+" "+string(r), c.Check(StepPropose), want, "依据")
		}
	}
	for _, k := range []MeasureKind{MeasureTracing, MeasureExitBan, MeasureDetention} {
		c := proposal(k)
		organisation(&c)
		refusedBy(t, string(k)+" of a company", c.Check(StepPropose), "measure.person", "依据")
	}
	c := proposal(MeasureConsumption)
	actsFor(RelationController)(&c)
	c.Measure.SubjectID = "340524198001010011"
	refusedBy(t, "a wrong number", c.Check(StepPropose), "measure.subject_id", "校验位")
	c = proposal(MeasureConsumption)
	c.Measure.Relation = RelationLegalRep
	refusedBy(t, "the legal representative of a person", c.Check(StepPropose), "measure.relation", "自然人")
	c = proposal(MeasureFine)
	c.Measure.Relation = RelationAssistant
	refusedBy(t, "who had to assist, for another ground", c.Check(StepPropose), "measure.ground", "第一百八十八条第五项")
}

// 限高规定 1: after the term of the enforcement notice, or because of the list.
func TestConsumptionRules1(t *testing.T) {
	t.Parallel()
	if len(ConsumptionBans) != 9 {
		t.Error("nine kinds")
	}
	c := proposal(MeasureConsumption)
	c.NoticeUntil = measureDay
	refusedBy(t, "on the last day of the notice", c.Check(StepPropose), "measure.notice", "第一条第一款")
	c.NoticeUntil = Date{}
	refusedBy(t, "without a notice", c.Check(StepPropose), "measure.notice", "第一条第一款")
	c.Measure.Ground = GroundListed
	refusedBy(t, "not listed", c.Check(StepPropose), "measure.not_listed", "第一条第二款")
	c.Others = []Measure{{ID: 9, Kind: MeasureListing, PartyID: 7, State: MeasureDecided}}
	refusedBy(t, "listed", c.Check(StepPropose), "", "")
}

// 善意文明意见 15: one to three months, for list and consumption only.
func TestGrace(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		kind   MeasureKind
		months int
		reason string
	}{{MeasureListing, 1, ""}, {MeasureConsumption, 3, ""}, {MeasureListing, 4, "measure.grace"}, {MeasureListing, -1, "measure.grace"}, {MeasureExitBan, 1, "measure.grace"}} {
		c := proposal(tt.kind)
		c.Measure.GraceMonths = tt.months
		refusedBy(t, string(tt.kind), c.Check(StepPropose), tt.reason, "第十五条")
	}
	now := measureDay.Start().Add(9 * time.Hour)
	m := Measure{Kind: MeasureListing, Ground: GroundReport, State: MeasureProposed, GraceMonths: 1, Version: 1}
	if err := m.Decide(3, 1, "同意", now); err != nil || m.State != MeasureDecided || m.GraceUntil != NewDate(2026, 4, 2) || m.FromAt != nil {
		t.Fatalf("%+v %v", m, err)
	}
	refusedBy(t, "on the last day of grace", m.TakeEffect(NewDate(2026, 4, 2).Start()), "measure.grace_runs", "第十五条")
	if err := m.TakeEffect(NewDate(2026, 4, 3).Start()); err != nil || m.State != MeasureInForce || m.Until != NewDate(2028, 4, 3) {
		t.Errorf("%+v %v", m, err)
	}
}

// 民诉法解释 183, 184: fine and detention may be combined; one act is not fined
// twice or detained for twice.
func TestInterpretation183And184(t *testing.T) {
	t.Parallel()
	before := proposal(MeasureFine).Measure
	before.ID, before.State = 5, MeasureLifted
	c := proposal(MeasureDetention)
	c.Others = []Measure{before}
	refusedBy(t, "both for one act", c.Check(StepPropose), "", "")
	c = proposal(MeasureFine)
	c.Others = []Measure{before}
	c.Measure.ActKey = ActKeyOf("转移 车辆。")
	refusedBy(t, "the same act in other marks", c.Check(StepPropose), "measure.same_act", "第一百八十四条")
	c.Measure.OtherAct = "另一辆"
	refusedBy(t, "the same act called another", c.Check(StepPropose), "measure.same_act", "第一百八十四条")
	c.Measure.ActKey, c.Measure.OtherAct = ActKeyOf("殴打执行人员"), ""
	refusedBy(t, "another act on the day", c.Check(StepPropose), "measure.other_act", "第一百八十四条")
	c.Measure.OtherAct = "当日下午在另一地点"
	refusedBy(t, "with the reason", c.Check(StepPropose), "", "")
	c.Measure.ActOn = c.Measure.ActOn.AddDays(1)
	c.Measure.ActKey, c.Measure.OtherAct = before.ActKey, ""
	refusedBy(t, "a new act on another day", c.Check(StepPropose), "", "")
	for name, change := range map[string]func(*Measure){
		"refused": func(o *Measure) { o.State = MeasureRefused }, "withdrawn": func(o *Measure) { o.State = MeasureWithdrawn },
		"revoked on review": func(o *Measure) { o.LiftGround = LiftRevoked }, "of somebody else": func(o *Measure) { o.SubjectHash = "x" },
	} {
		o := before
		change(&o)
		c = proposal(MeasureFine)
		c.Others = []Measure{o}
		refusedBy(t, name, c.Check(StepPropose), "", "")
	}
	c = proposal(MeasureExitBan)
	o := c.Measure
	o.ID, o.State = 6, MeasureInForce
	c.Others = []Measure{o}
	refusedBy(t, "two exit bans", c.Check(StepPropose), "measure.standing", "已经生效")
}

// 失信规定 10: not again on the same creditor's request within six months.
func TestListingRules10(t *testing.T) {
	t.Parallel()
	lifted := NewDate(2025, 9, 2).Start().Add(3 * time.Hour)
	o := Measure{ID: 4, CaseID: 1, EnforcementCaseID: 2, PartyID: 7, Kind: MeasureListing, SubjectHash: "h", State: MeasureLifted, LiftGround: LiftCreditor, LiftedAt: &lifted}
	c := proposal(MeasureListing)
	c.Others, c.Measure.ByCreditor, c.Measure.CreditorAskedOn = []Measure{o}, true, measureDay
	refusedBy(t, "on the last day of six months", c.Check(StepPropose), "measure.relist", "第十条第三款")
	c.Today = measureDay.AddDays(1)
	refusedBy(t, "the day after", c.Check(StepPropose), "", "")
	c.Today, c.Measure.ByCreditor = measureDay, false
	refusedBy(t, "by the court itself", c.Check(StepPropose), "", "")
	c.Measure.ByCreditor, c.Others[0].LiftGround = true, LiftPerformed
	refusedBy(t, "after another deletion", c.Check(StepPropose), "", "")

	// The events of art. 10, and the one of art. 2 for a listing with a term.
	open := Measure{Kind: MeasureListing, State: MeasureInForce}
	term := Measure{Kind: MeasureListing, State: MeasureInForce, Until: NewDate(2028, 3, 1)}
	for _, g := range []LiftGround{LiftPerformed, LiftSettled, LiftCreditor, LiftNoAssets, LiftStayed, LiftNotEnforced, LiftTerminated} {
		refusedBy(t, "open "+string(g), open.MayLift(g, measureDay), "", "")
		refusedBy(t, "term "+string(g), term.MayLift(g, measureDay), "lift.term", "第十条第二款")
	}
	refusedBy(t, "early", term.MayLift(LiftEarly, measureDay), "", "")
	refusedBy(t, "remorse", open.MayLift(LiftRemorse, measureDay), "lift.ground", "第十条")
	if !term.NeedsLeader(LiftEarly) || open.NeedsLeader(LiftPerformed) {
		t.Error("who decides on deleting")
	}
	// The term ends before the Labour Day holiday of 2026; 9 May is worked.
	m := Measure{Kind: MeasureListing, Until: NewDate(2026, 4, 30)}
	p := m.DeletionPeriod(ShippedCalendar())
	if p.Last != NewDate(2026, 5, 8) || !strings.HasPrefix(p.Reason, "4月30日纳入期限届满，次日起算3个工作日，5月1日至5月5日劳动节不计，末日5月8日") {
		t.Errorf("%s %s", p.Last, p.Reason)
	}
}

// 民事诉讼法 119 and 民诉法解释 180, 182: order, hand-over, family, release.
func TestDetentionFromOrderToRelease(t *testing.T) {
	t.Parallel()
	now := measureDay.Start().Add(9 * time.Hour)
	m := proposal(MeasureDetention).Measure
	m.State, m.Version = MeasureProposed, 1
	refusedBy(t, "another version", m.Decide(3, 2, "同意", now), "measure.changed", "请刷新")
	if err := m.Decide(3, 1, "同意", now); err != nil || m.State != MeasureDecided {
		t.Fatal(m.State, err)
	}
	if m.ForSubject() {
		t.Error("he would be warned of his detention")
	}
	refusedBy(t, "before the order", m.Detain(now.Add(-time.Second), 1, now.Add(time.Hour)), "measure.detained_at", "第一百一十九条")
	refusedBy(t, "in the future", m.Detain(now.Add(2*time.Hour), 1, now.Add(time.Hour)), "measure.detained_at", "第一百一十九条")
	at := now.Add(30 * time.Minute)
	if err := m.Detain(at, 1, now.Add(time.Hour)); err != nil || !m.EndsAt.Equal(at.AddDate(0, 0, 15)) || m.Until != NewDate(2026, 3, 17) || !m.ForSubject() {
		t.Fatalf("%+v %v", m, err)
	}
	if by, why := m.FamilyBy(); !by.Equal(at.Add(24*time.Hour)) || !strings.Contains(why, "第一百八十条") || !strings.Contains(why, "2026年3月2日09时30分收拘") {
		t.Errorf("%s %s", by, why)
	}
	refusedBy(t, "one second early", m.Expire(3, m.EndsAt.Add(-time.Second)), "measure.not_over", "尚未期满")
	if !m.NeedsLeader(LiftRemorse) {
		t.Error("an early release is the president's")
	}
	if err := m.AskLift(Lifting{Ground: LiftRemorse, Reason: "已具结悔过"}, 2, 1, at); err != nil {
		t.Fatal(err)
	}
	refusedBy(t, "asked twice", m.AskLift(Lifting{Ground: LiftRemorse}, 2, 1, at), "lift.asked", "等待")
	if err := m.RefuseLift(1, "尚未认错"); err != nil || m.LiftGround != "" {
		t.Fatal(err)
	}
	if err := m.Expire(0, *m.EndsAt); err != nil || m.State != MeasureExpired {
		t.Error(m.State, err)
	}
}

// 民事诉讼法 119, 民诉法解释 185, 异议复议规定 9, 失信规定 12: until when, by whom, with what.
// 民法典 202: a term of years ends with the day of the same number, or the month's
// last; of a listing, of days of grace.
func TestCivilCode202(t *testing.T) {
	t.Parallel()
	listed := Measure{Kind: MeasureListing, Ground: GroundReport}
	for from, last := range map[Date]Date{
		NewDate(2026, 3, 2): NewDate(2028, 3, 2), NewDate(2024, 2, 29): NewDate(2026, 2, 28), NewDate(2026, 2, 28): NewDate(2028, 2, 28), NewDate(2025, 12, 31): NewDate(2027, 12, 31),
	} {
		if got := listed.ListingUntil(from); got != last {
			t.Errorf("a listing from %s lasts until %s, want %s: %s", from, got, last, CiteSameDay)
		}
	}
}

// 民诉法解释 181: who resists with violence is detained first, and the president is
// asked at once; for other grounds, and a day later, the order comes first.
func TestInterpretation181(t *testing.T) {
	t.Parallel()
	decided := measureDay.Start().Add(14 * time.Hour)
	for name, tt := range map[string]struct {
		ground MeasureGround
		before time.Duration
		reason string
	}{
		"resisted an hour before":    {GroundObstructs, time.Hour, ""},
		"resisted a day before":      {GroundObstructs, 24 * time.Hour, ""},
		"resisted earlier than that": {GroundObstructs, 24*time.Hour + time.Second, "measure.detained_at"},
		"another ground":             {GroundAbleRefuses, time.Hour, "measure.detained_at"},
	} {
		m := proposal(MeasureDetention).Measure
		m.State, m.Version, m.Ground = MeasureProposed, 1, tt.ground
		if err := m.Decide(3, 1, "同意", decided); err != nil {
			t.Fatal(err)
		}
		at := decided.Add(-tt.before)
		err := m.Detain(at, 1, decided.Add(time.Hour))
		if ReasonOf(err) != tt.reason {
			t.Errorf("%s: %v", name, err)
		}
		if tt.reason == "" && (!m.EndsAt.Equal(at.Add(15*24*time.Hour)) || m.State != MeasureInForce) {
			t.Errorf("%s: the days are counted from the taking: %v", name, m.EndsAt)
		}
	}
}

func TestReviews(t *testing.T) {
	t.Parallel()
	days, now := ShippedCalendar(), measureDay.Start().Add(9*time.Hour)
	from := now.AddDate(0, 0, -3)
	m := Measure{Kind: MeasureDetention, State: MeasureInForce, Days: 10, FromAt: &from, ServedOn: NewDate(2026, 2, 27)}
	// Three days from Friday 27 February end on Monday 2 March; five from then on Saturday, which moves.
	p, err := m.AskReview("处罚过重", days, now)
	if err != nil || p.Last != NewDate(2026, 3, 9) || p.Reason != "3月2日收到申请，次日起算5日，末日3月7日为周末，顺延至3月9日" {
		t.Fatalf("%+v %v", p, err)
	}
	_, err = m.AskReview("处罚过重", days, now.AddDate(0, 0, 1))
	refusedBy(t, "on the fourth day", err, "review.late", "第一百八十五条")
	_, err = m.AskReview(" ", days, now)
	refusedBy(t, "without a reason", err, "reason.required", "理由")
	_, err = (Measure{Kind: MeasureListing, State: MeasureLifted}).AskReview("错", days, now)
	refusedBy(t, "correction of what is deleted", err, "review.state", "已经结束")
	_, err = (Measure{Kind: MeasureFine, State: MeasureProposed}).AskReview("错", days, now)
	refusedBy(t, "of a proposal", err, "review.state", "尚未实施")
	if p, err = (Measure{Kind: MeasureListing, State: MeasureInForce}).AskReview("错", days, now); err != nil || p.Last != NewDate(2026, 3, 17) {
		t.Errorf("correction: %+v %v", p, err)
	}

	for name, tt := range map[string]struct {
		o      ReviewOutcome
		reason string
	}{
		"without a court":  {ReviewOutcome{Result: ReviewUpheld, Text: "合法", DecidedOn: measureDay}, "review.by_court"},
		"tomorrow":         {ReviewOutcome{Result: ReviewUpheld, Text: "合法", ByCourt: "宁波中院", Number: "1", DecidedOn: measureDay.AddDays(1)}, "review.decided_on"},
		"nothing":          {ReviewOutcome{Text: "合法", DecidedOn: measureDay}, "review.result"},
		"without a reason": {ReviewOutcome{Result: ReviewUpheld, ByCourt: "宁波中院", Number: "1", DecidedOn: measureDay}, "reason.required"},
		"no fewer days":    {ReviewOutcome{Result: ReviewChanged, Text: "过重", ByCourt: "宁波中院", Number: "1", DecidedOn: measureDay, Days: 10}, "measure.days"},
	} {
		r, of := MeasureReview{State: ReviewOpen, AskedAt: now}, m
		if err := r.Conclude(&of, tt.o, 3, now); ReasonOf(err) != tt.reason {
			t.Errorf("%s: %v, want %s", name, err, tt.reason)
		}
	}
	r, of := MeasureReview{State: ReviewOpen, AskedAt: now}, m
	o := ReviewOutcome{Result: ReviewChanged, Text: "过重", ByCourt: "宁波市中级人民法院", Number: "（2026）浙02司惩复1号", DecidedOn: measureDay, Days: 5}
	if err := r.Conclude(&of, o, 3, now); err != nil || of.Days != 5 || !of.EndsAt.Equal(from.AddDate(0, 0, 5)) || of.State != MeasureInForce {
		t.Errorf("changed: %+v %v", of, err)
	}
	refusedBy(t, "twice", r.Conclude(&of, o, 3, now), "review.decided", "已有结果")
	r, of, o.Result = MeasureReview{State: ReviewOpen, AskedAt: now}, m, ReviewRevoked
	if err := r.Conclude(&of, o, 3, now); err != nil || of.State != MeasureLifted || of.LiftGround != LiftRevoked {
		t.Errorf("revoked: %+v %v", of, err)
	}
}

// The debt was paid: nothing is decided any more but a fine for what was done.
func TestPerformedBeforeTheDecision(t *testing.T) {
	t.Parallel()
	for _, k := range MeasureKinds {
		c := proposal(k)
		c.Performed = true
		want := "obligation.performed"
		if k == MeasureFine {
			want = ""
		}
		refusedBy(t, string(k), c.Check(StepPropose), want, "履行完毕")
	}
}

// Lifting in the court's order, each with its clock; the vectors lie about
// Qingming and National Day of 2026, with their worked weekends.
func TestCleanUpSteps(t *testing.T) {
	t.Parallel()
	from := measureDay.Start()
	var all []Measure
	for i, k := range []MeasureKind{MeasureFine, MeasureExitBan, MeasureConsumption, MeasureListing, MeasureTracing, MeasureDetention} {
		all = append(all, Measure{ID: int64(i + 1), Kind: k, SubjectName: "李某", State: MeasureInForce, FromAt: &from})
	}
	all = append(all, Measure{ID: 8, Kind: MeasureListing, SubjectName: "李某", State: MeasureInForce, Until: NewDate(2028, 3, 1)},
		Measure{ID: 9, Kind: MeasureExitBan, State: MeasureProposed}, Measure{ID: 10, Kind: MeasureExitBan, State: MeasureLifted})
	entries := []MeasureEntry{
		{ID: 70, MeasureID: 4, Kind: EntryPosted, Note: "澥浦镇十七房村文化礼堂"},
		{ID: 71, MeasureID: 4, Kind: EntryPosted, Note: "庄市街道"},
		{ID: 72, MeasureID: 4, Kind: EntryTakenDown, Note: PosterMark(71) + "已撤下"},
	}
	var got []string
	for _, s := range CleanUpSteps(EndPerformed, LiftPerformed, all, entries, NewDate(2026, 4, 3), ShippedCalendar()) {
		got = append(got, string(rune('0'+s.Seq))+" "+s.Title+" "+s.DueOn.String())
	}
	want := []string{
		"1 解除网上布控：李某 2026-04-03", "1 提前解除拘留并释放：李某 2026-04-03", "2 删除失信信息：李某 2026-04-09", "2 审查是否提前删除失信信息：李某 2026-04-09",
		"3 解除限制高消费：李某 2026-04-09", "4 解除限制出境：李某 2026-04-09", "5 撤下张榜：澥浦镇十七房村文化礼堂 2026-04-09",
	}
	if strings.Join(got, "|") != strings.Join(want, "|") {
		t.Errorf("%q\nwant %q", got, want)
	}
	for on, want := range map[Date]Date{
		NewDate(2026, 9, 30): NewDate(2026, 10, 10), // 10 October is a Saturday that is worked
		NewDate(2026, 2, 13): NewDate(2026, 2, 25),  // Spring Festival; 14 February is worked
		NewDate(2026, 3, 2):  NewDate(2026, 3, 5),
	} {
		if p := ShippedCalendar().WorkdaysPeriod(on, 3, "确认履行完毕"); p.Last != want {
			t.Errorf("three working days from %s: %s, want %s (%s)", on, p.Last, want, p.Reason)
		}
	}
}

// A clean-up waits only while interest is owed.
func TestHoldingACleanUp(t *testing.T) {
	t.Parallel()
	c := CleanUp{State: CleanUpOpen, Version: 1}
	refusedBy(t, "nothing owed", c.Hold("尚欠利息", 2, 1, time.Time{}), "clean_up.no_interest", "利息")
	due := NewDate(2026, 3, 1)
	paid := Payments{Principal: map[int64][]PaidPart{1: {{due.AddDays(30), Yuan(1_300_000)}}}}
	d := Debts{Obligations: []Obligation{{ID: 1, Kind: ObligationMoney}}}
	c.InterestFen = d.Reckon(Installment{ID: 1, ObligationID: 1, AmountFen: Yuan(1_300_000), ConfirmedFen: Yuan(1_300_000), DueOn: due}, paid, CourtSettings{}, due.AddDays(60)).DoubledFen
	if c.InterestFen != 682500 {
		t.Error(c.InterestFen.Yuan())
	}
	refusedBy(t, "no reason", c.Hold(" ", 2, 1, time.Time{}), "reason.required", "理由")
	if err := c.Hold("尚欠加倍利息", 2, 1, time.Time{}); err != nil || c.State != CleanUpHeld {
		t.Error(err)
	}
	refusedBy(t, "twice", c.Hold("尚欠", 2, 1, time.Time{}), "clean_up.changed", "请刷新")
	if err := c.Resume(1); err != nil || c.State != CleanUpOpen {
		t.Error(err)
	}
}
