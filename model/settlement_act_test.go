package model

import (
	"strings"
	"testing"
	"time"
)

// 执行和解规定 1, 2: what an agreement must say to be followed up.
func TestSettlementRules2(t *testing.T) {
	t.Parallel()
	e := EnforcementFile{Parties: []EnforcementParty{{PartyID: 1, Role: EnforcementDebtor}, {PartyID: 2, Role: EnforcementApplicant}}}
	today := NewDate(2026, 3, 2)
	for name, tt := range map[string]struct {
		change func(*Settlement)
		reason string
	}{
		"as agreed":              {func(*Settlement) {}, ""},
		"on record":              {func(s *Settlement) { s.Form = SettlementOnRecord }, ""},
		"no form":                {func(s *Settlement) { s.Form = "" }, "settlement.form"},
		"signed tomorrow":        {func(s *Settlement) { s.SignedOn = today.AddDays(1) }, "settlement.signed_on"},
		"no day":                 {func(s *Settlement) { s.SignedOn = Date{} }, "settlement.signed_on"},
		"no text":                {func(s *Settlement) { s.Text = " " }, "settlement.text"},
		"4001 characters":        {func(s *Settlement) { s.Text = strings.Repeat("长", 4001) }, "settlement.text"},
		"the debtor alone":       {func(s *Settlement) { s.PartyIDs = []int64{1} }, "settlement.parties"},
		"the applicant alone":    {func(s *Settlement) { s.PartyIDs = []int64{2} }, "settlement.parties"},
		"a stranger with them":   {func(s *Settlement) { s.PartyIDs = []int64{1, 2, 3} }, "settlement.parties"},
		"nothing promised":       {func(s *Settlement) { s.Parts = nil }, "settlement.parts"},
		"121 parts":              {func(s *Settlement) { s.Parts = make([]SettlementPart, 121) }, "settlement.parts"},
		"a part of nothing":      {func(s *Settlement) { s.Parts[0].AmountFen = 0 }, "settlement.parts"},
		"a part without a day":   {func(s *Settlement) { s.Parts[0].DueOn = Date{} }, "settlement.parts"},
		"due before the signing": {func(s *Settlement) { s.Parts[0].DueOn = NewDate(2026, 2, 28) }, "settlement.parts"},
		"out of order":           {func(s *Settlement) { s.Parts[1].DueOn = NewDate(2026, 3, 9) }, "settlement.parts"},
		"two on one day":         {func(s *Settlement) { s.Parts[1].DueOn = NewDate(2026, 3, 10) }, ""},
	} {
		s := aSettlement(SettlementOpen)
		tt.change(&s)
		reasonIs(t, name, s.Check(e, today), tt.reason)
	}
	for _, f := range []SettlementForm{SettlementJoint, SettlementAccepted, SettlementOnRecord} {
		if f.Chinese() == "" {
			t.Errorf("%s has no name", f)
		}
	}
}

// 民诉解释 465, 执行和解规定 9 and 11: when the original instrument is enforced again.
func TestSettlementRules11Resuming(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 3, 20, 10, 0, 0, 0, CourtZone)
	late := SettlementProgress{LateFrom: NewDate(2026, 3, 10)}
	for name, tt := range map[string]struct {
		state  SettlementState
		ground ResumeGround
		p      SettlementProgress
		reason string
	}{
		"late":                     {SettlementBreached, ResumeNotPerformed, late, ""},
		"nothing is late":          {SettlementOpen, ResumeNotPerformed, SettlementProgress{}, "settlement.not_late"},
		"he says he will not":      {SettlementOpen, ResumeAnticipatory, SettlementProgress{}, ""},
		"fraud":                    {SettlementOpen, ResumeDefect, SettlementProgress{}, ""},
		"no ground":                {SettlementBreached, "", late, "settlement.ground"},
		"performed":                {SettlementPerformed, ResumeDefect, SettlementProgress{}, "settlement.performed"},
		"performed a moment since": {SettlementBreached, ResumeNotPerformed, SettlementProgress{PerformedOn: NewDate(2026, 3, 20)}, "settlement.performed"},
		"resumed":                  {SettlementResumed, ResumeNotPerformed, late, "settlement.not_in_force"},
		"replaced":                 {SettlementReplaced, ResumeNotPerformed, late, "settlement.not_in_force"},
	} {
		s := aSettlement(tt.state)
		reasonIs(t, name, s.Resume(tt.ground, "逾期", tt.p, 5, now), tt.reason)
		if (tt.reason == "") != (s.State == SettlementResumed && s.ResumedBy == 5) && tt.state != SettlementResumed {
			t.Errorf("%s: %s", name, s.State)
		}
	}
}

// What parties and staff read of a settlement and of its release review.
func TestSettlementNotices(t *testing.T) {
	t.Parallel()
	s := aSettlement(SettlementOpen)
	n := SettlementRecordedNotice(measureCase, measureFile, s, 1)
	bodySays(t, "recorded", n.Body, "2026年3月1日达成的执行和解（第2版）", "共1000.00元，分2期", "第1期 300.00元，2026年3月10日前付清", "第2期 700.00元，2026年4月10日前付清", "以本院确认到账的金额为准")
	p := SettlementProgress{DueFen: Yuan(300), ArrivedFen: Yuan(200), ShortfallFen: Yuan(100), LateFrom: NewDate(2026, 3, 10), LateTo: NewDate(2026, 3, 10)}
	breached := SettlementBreachedNotice(measureCase, measureFile, s, p, 1)
	bodySays(t, "breached", breached.Body, "2026年3月10日到期的款项尚未确认到账", "应到 300.00 元，已到 200.00 元，差 100.00 元", "恢复执行原生效法律文书", "另行起诉")
	bodySays(t, "performed", SettlementPerformedNotice(measureCase, measureFile, s, s.PromisedFen(), 1).Body, "1000.00 元已全部确认到账", "解除措施")
	s.ResumeGround, s.ResumeReason = ResumeNotPerformed, "逾期十日"
	bodySays(t, "resumed", SettlementResumedNotice(measureCase, measureFile, s, Yuan(200), Yuan(800), 1).Body, "逾期不履行和解协议", "已履行的 200.00 元已扣除", "本金为 800.00 元", "逾期十日")
	if other := SettlementBreachedNotice(measureCase, measureFile, s, p, 2); other.DedupeKey == breached.DedupeKey || other.PartyID != 2 {
		t.Error("two parties share one notice")
	}
	p.LateTo = NewDate(2026, 4, 10)
	if SettlementBreachedNotice(measureCase, measureFile, s, p, 1).DedupeKey == breached.DedupeKey {
		t.Error("the second late payment is not told")
	}
	r := ReleaseReview{ID: 3, Subject: "限制消费", PromisedFen: Yuan(1000), DueFen: Yuan(300), ArrivedFen: Yuan(200), ShortfallFen: Yuan(100), DueOn: NewDate(2026, 3, 31), State: ReleaseRefused, DecisionReason: "差额未补足", ProposedBy: 5}
	n = ReleaseProposedNotice(measureCase, measureFile, r, 6)
	bodySays(t, "proposed", n.Body, "解除“限制消费”", "约定 1000.00 元，应到 300.00 元，实到 200.00 元，差 100.00 元", "2026年3月31日前决定")
	if n.UserID != 6 {
		t.Errorf("%+v", n)
	}
	if n = ReleaseDecidedNotice(measureCase, measureFile, r, 1); n.PartyID != 1 {
		t.Errorf("%+v", n)
	}
	bodySays(t, "decided", n.Body, "本院决定不予解除。理由：差额未补足")
	if n = ReleaseAnsweredNotice(measureCase, measureFile, r); n.UserID != 5 {
		t.Errorf("%+v", n)
	}
	bodySays(t, "answered", n.Body, "院领导决定不予解除")
}
