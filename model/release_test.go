package model

import (
	"slices"
	"strings"
	"testing"
	"time"
)

func aSettlement(state SettlementState) Settlement {
	return Settlement{
		ID: 4, Edition: 2, Form: SettlementJoint, SignedOn: NewDate(2026, 3, 1), Text: "分两期付清", PartyIDs: []int64{1, 2}, State: state,
		Parts: []SettlementPart{{Yuan(300), NewDate(2026, 3, 10)}, {Yuan(700), NewDate(2026, 4, 10)}},
	}
}

// 执行和解规定 3 and 失信规定 10 (2), (3): while the agreement is not performed,
// nothing is released but on the applicant's written request.
func TestSettlementRules3Release(t *testing.T) {
	t.Parallel()
	today := NewDate(2026, 3, 20)
	progress := SettlementProgress{PromisedFen: Yuan(1000), DueFen: Yuan(300), ArrivedFen: Yuan(200), ShortfallFen: Yuan(100)}
	for name, tt := range map[string]struct {
		state  SettlementState
		change func(*ReleaseReview)
		reason string
	}{
		"performed":                   {SettlementPerformed, func(r *ReleaseReview) { r.CreditorAskedOn = Date{} }, ""},
		"the applicant asked":         {SettlementOpen, func(*ReleaseReview) {}, ""},
		"nobody asked":                {SettlementOpen, func(r *ReleaseReview) { r.CreditorAskedOn = Date{} }, "release.not_asked"},
		"in breach, nobody asked":     {SettlementBreached, func(r *ReleaseReview) { r.CreditorAskedOn = Date{} }, "release.not_asked"},
		"he will ask tomorrow":        {SettlementOpen, func(r *ReleaseReview) { r.CreditorAskedOn = today.AddDays(1) }, "release.asked_on"},
		"a newer agreement":           {SettlementReplaced, func(*ReleaseReview) {}, "settlement.not_in_force"},
		"enforcement resumed":         {SettlementResumed, func(*ReleaseReview) {}, "settlement.not_in_force"},
		"what is to be released":      {SettlementOpen, func(r *ReleaseReview) { r.Subject = " " }, "release.subject"},
		"why":                         {SettlementOpen, func(r *ReleaseReview) { r.Reason = "" }, "reason.required"},
		"a measure that cannot exist": {SettlementOpen, func(r *ReleaseReview) { r.MeasureIDs = []int64{0} }, "release.measures"},
		"more than a hundred":         {SettlementOpen, func(r *ReleaseReview) { r.MeasureIDs = make([]int64, 101) }, "release.measures"},
	} {
		r := ReleaseReview{Subject: "限制消费", Reason: "首期已付", CreditorAskedOn: today, MeasureIDs: []int64{7, 3, 7}}
		tt.change(&r)
		reasonIs(t, name, r.Propose(aSettlement(tt.state), progress, today), tt.reason)
		if tt.reason == "" && (r.State != ReleaseOpen || r.Edition != 2 || r.ShortfallFen != Yuan(100) || len(r.MeasureIDs) != 2 || r.MeasureIDs[0] != 3) {
			t.Errorf("%s: %+v", name, r)
		}
	}
}

// The leader decides about the agreement that the proposal saw, and not about
// his own proposal.
func TestDecidingARelease(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 3, 20, 10, 0, 0, 0, CourtZone)
	current := func(s SettlementState) *Settlement { c := aSettlement(s); return &c }
	other := aSettlement(SettlementOpen)
	other.ID = 5
	for name, tt := range map[string]struct {
		to      ReleaseState
		from    ReleaseState
		reason  string
		by      int64
		current *Settlement
		want    string
	}{
		"approved":                {ReleaseApproved, ReleaseOpen, "同意", 6, current(SettlementOpen), ""},
		"refused":                 {ReleaseRefused, ReleaseOpen, "未到账", 6, current(SettlementOpen), ""},
		"superseded by hand":      {ReleaseSuperseded, ReleaseOpen, "否", 6, current(SettlementOpen), "release.decision"},
		"decided":                 {ReleaseApproved, ReleaseRefused, "同意", 6, current(SettlementOpen), "release.decided"},
		"his own":                 {ReleaseApproved, ReleaseOpen, "同意", 5, current(SettlementOpen), "release.self"},
		"no reason":               {ReleaseApproved, ReleaseOpen, " ", 6, current(SettlementOpen), "reason.required"},
		"no agreement any more":   {ReleaseApproved, ReleaseOpen, "同意", 6, nil, "release.settlement_changed"},
		"another agreement":       {ReleaseApproved, ReleaseOpen, "同意", 6, &other, "release.settlement_changed"},
		"broken since":            {ReleaseApproved, ReleaseOpen, "同意", 6, current(SettlementBreached), "release.breached"},
		"broken since, a refusal": {ReleaseRefused, ReleaseOpen, "逾期", 6, current(SettlementBreached), ""},
	} {
		r := ReleaseReview{SettlementID: 4, State: tt.from, ProposedBy: 5}
		reasonIs(t, name, r.Decide(tt.to, tt.reason, tt.current, tt.by, now), tt.want)
		if want := map[bool]ReleaseState{true: tt.to, false: tt.from}[tt.want == ""]; r.State != want || r.State.Chinese() == "" {
			t.Errorf("%s: %s", name, r.State)
		}
	}
	// A shortfall that the proposal told already does not surprise the leader.
	known := ReleaseReview{SettlementID: 4, State: ReleaseOpen, ProposedBy: 5, ShortfallFen: 1}
	reasonIs(t, "a known breach", known.Decide(ReleaseApproved, "申请人同意", current(SettlementBreached), 6, now), "")
	reasonIs(t, "superseding what is decided", known.Supersede("新协议"), "release.decided")
	open := ReleaseReview{State: ReleaseOpen}
	reasonIs(t, "superseding", open.Supersede("新协议"), "")
	if open.State != ReleaseSuperseded || open.DecisionReason != "新协议" {
		t.Errorf("%+v", open)
	}
}

// A settlement lifts what presses for performance; a detention and a fine punish
// what was done. A listing with a term falls early only (失信规定 2 (2)).
func TestWhatASettlementLifts(t *testing.T) {
	t.Parallel()
	today := NewDate(2026, 3, 20)
	var all []Measure
	for i, k := range MeasureKinds {
		m := aMeasure(k)
		m.ID = int64(i + 1)
		all = append(all, m)
		want := ""
		if k.Punishes() {
			want = "lift.ground"
		}
		r := ReleaseReview{MeasureIDs: []int64{m.ID}, CreditorAskedOn: today}
		if k == MeasureConsumption { // who is listed stays restricted (限高规定 1 (2)): both or none
			reasonIs(t, "the restriction of who stays listed", r.CheckMeasures(all, today), "release.measures")
			r.MeasureIDs = append(r.MeasureIDs, int64(slices.Index(MeasureKinds, MeasureListing)+1))
		}
		if err := r.CheckMeasures(all, today); (err != nil) != (want != "") {
			t.Errorf("%s: %v", k, err)
		}
		if Releasable(m, today) == k.Punishes() {
			t.Errorf("%s: offered to choose", k)
		}
	}
	reasonIs(t, "of another case", ReleaseReview{MeasureIDs: []int64{99}}.CheckMeasures(all, today), "release.measures")
	gone := all[0]
	gone.State = MeasureLifted
	reasonIs(t, "lifted", ReleaseReview{MeasureIDs: []int64{gone.ID}}.CheckMeasures([]Measure{gone}, today), "release.measures")
	// The order of lifting is that of the clean-up: tracing first, then the list.
	tracing, listing := aMeasure(MeasureTracing), aMeasure(MeasureListing)
	tracing.ID, listing.ID = 20, 10
	if got := (ReleaseReview{MeasureIDs: []int64{10, 20}}).Measures([]Measure{listing, tracing, all[0]}); len(got) != 2 || got[0].ID != 20 {
		t.Errorf("%+v", got)
	}
	term := listing
	term.Until = NewDate(2028, 3, 1)
	for name, tt := range map[string]struct {
		m     Measure
		asked Date
		want  LiftGround
	}{
		"performed":           {listing, Date{}, LiftSettled},
		"the applicant asked": {listing, today, LiftCreditor},
		"a listing's term":    {term, today, LiftEarly},
	} {
		l := ReleaseReview{CreditorAskedOn: tt.asked, DecisionReason: strings.Repeat("长", 600)}.Lifting(tt.m)
		if l.Ground != tt.want || len([]rune(l.Reason)) != 500 || !strings.HasPrefix(l.Reason, "解除审查同意：") {
			t.Errorf("%s: %s, %d characters", name, l.Ground, len([]rune(l.Reason)))
		}
	}
	// Police are told on the day; registers within three working days: from Friday
	// 20 March to Wednesday 25 March 2026.
	if p := CarryOutBy(MeasureTracing, today, ShippedCalendar()); p.Last != today || !strings.Contains(p.Reason, "公安机关") {
		t.Errorf("%+v", p)
	}
	if p := CarryOutBy(MeasureConsumption, today, ShippedCalendar()); p.Last != NewDate(2026, 3, 25) || !strings.Contains(p.Reason, "第九条") {
		t.Errorf("%+v", p)
	}
}
