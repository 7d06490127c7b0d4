package model

import (
	"strings"
	"testing"
	"time"
)

func ticks(met ...string) (out []RepairCheck) {
	for i, c := range defaultCriteria {
		out = append(out, RepairCheck{ID: int64(i + 1), Code: c.Code, Met: strings.Contains(strings.Join(met, " "), c.Code)})
	}
	return out
}

// 善意文明意见 15–17 and DS §5.6: nothing is granted before every criterion was
// looked at and the required ones are met.
func TestDecidingCreditRepair(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 3, 20, 10, 0, 0, 0, CourtZone)
	all := ticks("performing", "reported", "no_evasion", "no_resistance")
	listing := aMeasure(MeasureListing)
	listing.Ground, listing.Until = GroundReport, NewDate(2028, 3, 1)
	open := listing
	open.Ground, open.Until = GroundAbleRefuses, Date{}
	decided := listing
	decided.State = MeasureDecided
	restriction := aMeasure(MeasureConsumption)
	june := NewDate(2026, 6, 30)
	for name, tt := range map[string]struct {
		to      RepairState
		until   Date
		reason  string
		checks  []RepairCheck
		measure *Measure
		want    string
	}{
		"masked, for good":                {RepairMasked, Date{}, "属实", all, &listing, ""},
		"masked until June":               {RepairMasked, june, "属实", all, &listing, ""},
		"suspended before the list":       {RepairSuspended, june, "属实", all, nil, ""},
		"suspended without a day":         {RepairSuspended, Date{}, "属实", all, nil, "repair.until"},
		"suspended until today":           {RepairSuspended, NewDate(2026, 3, 20), "属实", all, nil, "repair.until"},
		"shortened":                       {RepairShortened, june, "属实", all, &listing, ""},
		"shortened to later":              {RepairShortened, NewDate(2028, 3, 1), "属实", all, &listing, "repair.until"},
		"shortened what has no term":      {RepairShortened, june, "属实", all, &open, "repair.no_term"},
		"shortened what is not there":     {RepairShortened, june, "属实", all, nil, "repair.not_listed"},
		"masked what is not shown yet":    {RepairMasked, june, "属实", all, &decided, "repair.not_listed"},
		"paused":                          {RepairPaused, june, "属实", all, &restriction, ""},
		"paused a listing":                {RepairPaused, june, "属实", all, &listing, "repair.not_restricted"},
		"masked a restriction":            {RepairMasked, june, "属实", all, &restriction, "repair.not_listed"},
		"refused":                         {RepairRefused, Date{}, "规避执行", nil, &listing, ""},
		"refused until June":              {RepairRefused, june, "规避执行", nil, &listing, "repair.until"},
		"no reason":                       {RepairMasked, Date{}, " ", all, &listing, "reason.required"},
		"no decision":                     {RepairOpen, Date{}, "属实", all, &listing, "repair.decision"},
		"one criterion was not looked at": {RepairMasked, Date{}, "属实", all[:4], &listing, "repair.unchecked"},
		"a required one is not met":       {RepairMasked, Date{}, "属实", ticks("performing", "reported", "no_evasion", "good_reason"), &listing, "repair.unmet"},
		"the later look counts":           {RepairMasked, Date{}, "属实", append(ticks("performing", "reported", "no_evasion", "no_resistance"), RepairCheck{ID: 9, Code: "reported"}), &listing, "repair.unmet"},
	} {
		a := RepairApplication{EnforcementCaseID: 2, PartyID: 1, State: RepairOpen, Criteria: CourtSettings{}.Criteria()}
		var m *Measure
		if tt.measure != nil {
			c := *tt.measure
			m = &c
		}
		reasonIs(t, name, a.Decide(tt.to, tt.until, tt.reason, tt.checks, m, 6, now), tt.want)
		if want := map[bool]RepairState{true: tt.to, false: RepairOpen}[tt.want == ""]; a.State != want {
			t.Errorf("%s: %s", name, a.State)
		}
		if m != nil && (tt.to == RepairShortened && tt.want == "") != (m.Until == june && tt.measure.Until != june) {
			t.Errorf("%s: the listing ends on %s", name, m.Until)
		}
		reasonIs(t, name+", again", func() error {
			a.State = RepairRefused
			return a.Decide(RepairMasked, Date{}, "属实", all, m, 6, now)
		}(), "repair.decided")
	}
	// An application about a listing that was deleted meanwhile grants nothing.
	a := RepairApplication{State: RepairOpen, MeasureID: 12, Criteria: CourtSettings{}.Criteria()}
	reasonIs(t, "deleted meanwhile", a.Decide(RepairSuspended, june, "属实", all, nil, 6, now), "repair.not_listed")
}

// The officer's ticks, each with what he found.
func TestTicksOfCreditRepair(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		state  RepairState
		code   string
		note   string
		reason string
	}{
		"looked at":         {RepairOpen, "reported", "已核对申报表", ""},
		"without a word":    {RepairOpen, "reported", " ", "repair.note"},
		"501 characters":    {RepairOpen, "reported", strings.Repeat("长", 501), "repair.note"},
		"no such criterion": {RepairOpen, "rich", "有钱", "repair.code"},
		"decided":           {RepairMasked, "reported", "已核对", "repair.decided"},
	} {
		a := RepairApplication{State: tt.state, Criteria: CourtSettings{}.Criteria()}
		reasonIs(t, name, a.CheckTick(&RepairCheck{Code: tt.code, Note: tt.note}), tt.reason)
	}
}

// What a grant means day by day, in the list's eyes and in words.
func TestEffectsOfCreditRepair(t *testing.T) {
	t.Parallel()
	on := NewDate(2026, 3, 20)
	now := on.Start().Add(10 * time.Hour)
	m := aMeasure(MeasureListing)
	grant := func(s RepairState, until Date) RepairApplication {
		return RepairApplication{EnforcementCaseID: 2, PartyID: 1, MeasureID: 12, State: s, Until: until, DecidedAt: &now}
	}
	june, july := NewDate(2026, 6, 30), NewDate(2026, 7, 31)
	grants := []RepairApplication{grant(RepairSuspended, june), grant(RepairSuspended, july), grant(RepairRefused, Date{})}
	if got := SuspendedUntil(grants, 2, 1, on); got != july {
		t.Errorf("the later day counts: %s", got)
	}
	for name, got := range map[string]Date{
		"the day after": SuspendedUntil(grants, 2, 1, july.AddDays(1)), "another debtor": SuspendedUntil(grants, 2, 3, on), "another case": SuspendedUntil(grants, 4, 1, on),
	} {
		if !got.IsZero() {
			t.Errorf("%s: %s", name, got)
		}
	}
	if !Shortened(m, []RepairApplication{grant(RepairShortened, june)}, on) || Shortened(m, []RepairApplication{grant(RepairMasked, june)}, on) || Shortened(m, []RepairApplication{grant(RepairShortened, june)}, july) {
		t.Error("a term is shortened once, while the grant holds")
	}
	restriction := aMeasure(MeasureConsumption)
	if got := ExposureOf(restriction, []RepairApplication{grant(RepairPaused, june)}, on); got != ExposurePaused || got.Chinese() != "暂停限制消费" {
		t.Error(got)
	}
	revoked := grant(RepairMasked, june)
	revoked.RevokedAt = &now
	shortened := grant(RepairShortened, june)
	shortened.FormerUntil = NewDate(2028, 3, 1)
	for want, a := range map[string]RepairApplication{
		"暂缓纳入，自2026年3月20日起，至2026年6月30日":                grant(RepairSuspended, june),
		"屏蔽失信信息，自2026年3月20日起":                          grant(RepairMasked, Date{}),
		"屏蔽失信信息，自2026年3月20日起，至2026年6月30日；2026年3月20日撤销": revoked,
		"缩短期限，自2026年3月20日起，期限由2028年3月1日缩短至2026年6月30日":  shortened,
		"不予修复": grant(RepairRefused, Date{}),
	} {
		if got := a.Effect(); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
	// Its condition was broken: the former day comes back, once.
	m.Until = june
	reasonIs(t, "without a reason", shortened.Revoke(" ", &m, 6, now), "reason.required")
	reasonIs(t, "revoked", shortened.Revoke("隐匿财产", &m, 6, now), "")
	if m.Until != NewDate(2028, 3, 1) {
		t.Errorf("the listing ends on %s", m.Until)
	}
	n := RepairRevokedNotice(measureCase, measureFile, shortened)
	bodySays(t, "revoked", n.Body, "2026年3月20日撤销", "失信信息恢复原状", "隐匿财产", "申请纠正")
	paused := grant(RepairPaused, june)
	reasonIs(t, "revoked a pause", paused.Revoke("坐飞机", &restriction, 6, now), "")
	bodySays(t, "a pause", RepairRevokedNotice(measureCase, measureFile, paused).Body, "限制消费恢复实施")
	applied := RepairApplication{ID: 3, PartyID: 1, DueOn: NewDate(2026, 4, 3), Reason: "贷款经营", State: RepairMasked, DecidedAt: &now, DecisionReason: "属实"}
	n = RepairAppliedNotice(measureCase, measureFile, applied, "李某")
	bodySays(t, "applied", n.Body, "李某申请信用修复", "2026年4月3日前决定", "贷款经营")
	if n.UserID != 5 {
		t.Errorf("%+v", n)
	}
	n = RepairDecidedNotice(measureCase, measureFile, applied)
	bodySays(t, "decided", n.Body, "屏蔽失信信息，自2026年3月20日起", "理由：属实")
	if n.PartyID != 1 {
		t.Errorf("%+v", n)
	}
}

// DS §8, GSXX: the published list hides the middle of a person's number from
// the public, everything of who is masked, and nothing from whoever owes a
// sanction.
func TestWhatTheListShows(t *testing.T) {
	t.Parallel()
	person := aMeasure(MeasureListing)
	company := person
	company.SubjectKind, company.SubjectName, company.SubjectID = Organisation, "甬兴建材有限公司", "91310115MA1H8R7C67"
	for name, tt := range map[string]struct {
		l            ListingLine
		full         bool
		name, number string
	}{
		"to the public":            {ListingLine{Measure: person}, false, "李某", "340524********001X"},
		"to who owes a sanction":   {ListingLine{Measure: person}, true, "李某", "34052419800101001X"},
		"masked, to the public":    {ListingLine{Measure: person, Masked: true}, false, MaskName(Person, "李某"), ""},
		"masked, to who owes one":  {ListingLine{Measure: person, Masked: true}, true, MaskName(Person, "李某"), ""},
		"a company, to the public": {ListingLine{Measure: company}, false, "甬兴建材有限公司", "91310115MA1H8R7C67"},
	} {
		if n, no := tt.l.Shown(tt.full); n != tt.name || no != tt.number {
			t.Errorf("%s: %q %q", name, n, no)
		}
	}
	for name, tt := range map[string]struct {
		s      ListingSearch
		reason string
		want   ListingSearch
	}{
		"nothing":        {ListingSearch{Name: "  "}, "", ListingSearch{}},
		"half-width":     {ListingSearch{CaseNo: "(2026)浙0211执88号"}, "", ListingSearch{CaseNo: "（2026）浙0211执88号"}},
		"a small x":      {ListingSearch{Number: "34052419800101001x"}, "", ListingSearch{Number: "34052419800101001X"}},
		"no case number": {ListingSearch{CaseNo: "八十八号"}, "case_no.format", ListingSearch{}},
		"101 characters": {ListingSearch{Name: strings.Repeat("长", 101)}, "listing.name", ListingSearch{}},
		"a number of 33": {ListingSearch{Number: strings.Repeat("1", 33)}, "listing.number", ListingSearch{}},
	} {
		s := tt.s
		reasonIs(t, name, s.Check(), tt.reason)
		if tt.reason == "" && (s != tt.want || s.Empty() != (tt.want == ListingSearch{})) {
			t.Errorf("%s: %+v", name, s)
		}
	}
}
