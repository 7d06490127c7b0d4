package model

import (
	"cmp"
	"slices"
	"strings"
	"time"
	"unicode/utf8"
)

// ReleaseState is what became of a proposal to release.
type ReleaseState string

// The states of a release review.
const (
	ReleaseOpen       ReleaseState = "open"       // 待院领导决定
	ReleaseApproved   ReleaseState = "approved"   // 同意解除
	ReleaseRefused    ReleaseState = "refused"    // 不予解除
	ReleaseSuperseded ReleaseState = "superseded" // the ground went: proposed anew, or enforcement resumed
)

// Chinese is the state's name on screens.
func (s ReleaseState) Chinese() string {
	return map[ReleaseState]string{ReleaseOpen: "待院领导决定", ReleaseApproved: "同意解除", ReleaseRefused: "不予解除", ReleaseSuperseded: "已失效"}[s]
}

// ReleaseReview is the review of whether measures are released after a
// settlement (解除审查): promised against arrived as the officer proposed it, and
// the leader's decision.
type ReleaseReview struct {
	ID                int64
	CourtID           int64
	CaseID            int64
	EnforcementCaseID int64
	SettlementID      int64
	Edition           int     // of the agreement that the proposal saw
	MeasureIDs        []int64 `gorm:"serializer:json"`
	Subject           string  // what is to be released, in words
	Reason            string
	// CreditorAskedOn is the day on which the applicant asked for it in writing,
	// zero when he did not.
	CreditorAskedOn Date
	PromisedFen     Fen // as of the proposal
	DueFen          Fen
	ArrivedFen      Fen
	ShortfallFen    Fen
	DueOn           Date // of the leader's clock
	State           ReleaseState
	DecisionReason  string
	DecidedBy       int64
	DecidedAt       *time.Time
	ProposedBy      int64
	IdemKey         string // unique per user
	Version         int64
	CreatedAt       time.Time
}

// Propose checks a proposal against the agreement and its progress and freezes
// the sums. While the agreement is not performed, nothing is released but on
// the applicant's written request.
// Source: each measure's own rule (失信规定 10 (1) no. 2 and 3, 限高规定 9, 执程解释 25);
// 执行和解规定 3 is about property that was seized.
func (r *ReleaseReview) Propose(s Settlement, p SettlementProgress, today Date) error {
	r.Subject, r.Reason = strings.TrimSpace(r.Subject), strings.TrimSpace(r.Reason)
	if !s.State.InForce() {
		return E(Conflict, "settlement.not_in_force", "该和解协议"+s.State.Chinese()+"，请刷新后查看")
	}
	var wrong Faults
	wrong.If(r.Subject == "" || utf8.RuneCountInString(r.Subject) > 200, "subject", "release.subject", "请写明拟解除的措施，不超过 200 字")
	wrong.If(r.Reason == "" || utf8.RuneCountInString(r.Reason) > 500, "reason", "reason.required", "请填写理由，不超过 500 字")
	wrong.If(r.CreditorAskedOn.After(today), "creditor_asked_on", "release.asked_on", "申请执行人书面申请的日期不能晚于今天")
	wrong.If(len(r.MeasureIDs) > 100 || slices.ContainsFunc(r.MeasureIDs, func(id int64) bool { return id <= 0 }), "measure_ids", "release.measures", "措施编号不正确，一次最多 100 项")
	if err := wrong.Err(); err != nil {
		return err
	}
	if s.State != SettlementPerformed && r.CreditorAskedOn.IsZero() {
		return E(Conflict, "release.not_asked", "和解协议尚未履行完毕，须有申请执行人解除措施的书面申请（"+Cites(CiteListingDeletedAsked, CiteConsumptionLifted, CiteExitBanLifted)+"）")
	}
	r.MeasureIDs = slices.Compact(slices.Sorted(slices.Values(r.MeasureIDs)))
	if r.MeasureIDs == nil { // stored as an empty list
		r.MeasureIDs = []int64{}
	}
	r.SettlementID, r.Edition = s.ID, s.Edition
	r.PromisedFen, r.DueFen, r.ArrivedFen, r.ShortfallFen = p.PromisedFen, p.DueFen, p.ArrivedFen, p.ShortfallFen
	r.State = ReleaseOpen
	return nil
}

// Decide is the leader's decision. current is the agreement in force now, nil
// when there is none any more: a decision is about the agreement that the
// proposal saw, and nobody decides his own proposal.
func (r *ReleaseReview) Decide(to ReleaseState, reason string, current *Settlement, by int64, now time.Time) error {
	reason = strings.TrimSpace(reason)
	switch {
	case to != ReleaseApproved && to != ReleaseRefused:
		return InvalidField("decision", "release.decision", "请选择同意解除或者不予解除")
	case !ReleaseMachine.May(r.State, to):
		return E(Conflict, "release.decided", "该解除审查"+r.State.Chinese()+"，请刷新后查看")
	case OtherEyes(MatterRelease, by, r.ProposedBy) != nil:
		return OtherEyes(MatterRelease, by, r.ProposedBy)
	case reason == "" || utf8.RuneCountInString(reason) > 500:
		return InvalidField("reason", "reason.required", "请填写理由，不超过 500 字")
	case current == nil || current.ID != r.SettlementID:
		return E(Conflict, "release.settlement_changed", "和解协议在审查期间已变更，本次审查依据的是原协议；请执行法官按新协议重新提出")
	case to == ReleaseApproved && current.State == SettlementBreached && r.ShortfallFen == 0:
		return E(Conflict, "release.breached", "提出审查后被执行人逾期未履行和解协议，请执行法官核对到账情况后重新提出，或者不予解除")
	}
	r.State, r.DecisionReason, r.DecidedBy, r.DecidedAt = to, reason, by, &now
	return nil
}

// Supersede ends a review that nobody decided, because its ground went.
func (r *ReleaseReview) Supersede(why string) error {
	if !ReleaseMachine.May(r.State, ReleaseSuperseded) {
		return E(Conflict, "release.decided", "该解除审查"+r.State.Chinese()+"，请刷新后查看")
	}
	r.State, r.DecisionReason = ReleaseSuperseded, why
	return nil
}

// Measures are those of an enforcement case that the review names, in the order
// in which performance would lift them.
func (r ReleaseReview) Measures(all []Measure) (out []Measure) {
	for _, m := range all {
		if slices.Contains(r.MeasureIDs, m.ID) {
			out = append(out, m)
		}
	}
	slices.SortStableFunc(out, func(a, b Measure) int {
		return cmp.Or(cmp.Compare(measureKinds[a.Kind].seq, measureKinds[b.Kind].seq), cmp.Compare(a.ID, b.ID))
	})
	return out
}

// CheckMeasures refuses a proposal that names what is not of the case, what
// does not stand, or what a settlement does not lift: a detention and a fine
// punish what was done.
func (r ReleaseReview) CheckMeasures(all []Measure, today Date) error {
	named := r.Measures(all)
	if len(named) != len(r.MeasureIDs) {
		return InvalidField("measure_ids", "release.measures", "所选措施不是本案的，请刷新后重新选择")
	}
	for _, m := range named {
		if !m.State.Stands() {
			return InvalidField("measure_ids", "release.measures", m.Kind.Chinese()+"（"+m.SubjectName+"）"+m.State.Chinese()+"，无需解除，请刷新后重新选择")
		}
		rest := slices.DeleteFunc(slices.Clone(all), func(o Measure) bool { return slices.Contains(r.MeasureIDs, o.ID) })
		switch err := m.MayLift(r.ground(m), today, rest...); {
		case ReasonOf(err) == "lift.listed":
			return InvalidField("measure_ids", "release.measures", m.SubjectName+"仍在失信被执行人名单上，应当同时限制消费：请一并选择失信措施，或者不选限制高消费，依据"+CiteConsumptionListed.String())
		case err != nil:
			return InvalidField("measure_ids", "release.measures", m.Kind.Chinese()+"（"+m.SubjectName+"）不因执行和解解除，请另行提请，依据"+m.Kind.LiftCitation(LiftSettled))
		}
	}
	return nil
}

// Releasable tells whether a review may name the measure now.
func Releasable(m Measure, today Date) bool {
	return m.State.Stands() && m.MayLift(ReleaseReview{CreditorAskedOn: today}.ground(m), today) == nil
}

// ground is why a settlement lifts a measure: that it was performed, or that
// the applicant asked. A listing with a term is deleted early only for what the
// debtor performed (失信规定 2 (2)).
func (r ReleaseReview) ground(m Measure) LiftGround {
	switch {
	case m.Kind == MeasureListing && !m.Until.IsZero():
		return LiftEarly
	case r.CreditorAskedOn.IsZero():
		return LiftSettled
	}
	return LiftCreditor
}

// Lifting is how an approved review lifts a measure.
func (r ReleaseReview) Lifting(m Measure) Lifting {
	reason := []rune("解除审查同意：" + r.DecisionReason)
	return Lifting{Ground: r.ground(m), Reason: string(reason[:min(len(reason), 500)])}
}

// CarryOutBy is until when police and registers are told that a measure was
// lifted: of a tracing on the same day, because they would still take him.
func CarryOutBy(k MeasureKind, on Date, days *Calendar) Period {
	const event = "决定解除"
	if k == MeasureTracing {
		return Period{Last: on, Reason: on.Chinese() + event + "，当日立即通知公安机关解除"}
	}
	if k == MeasureDetention {
		return Period{Last: on, Reason: on.Chinese() + event + "，当日通知拘留所释放"}
	}
	p := days.WorkdaysPeriod(on, promptDays, event)
	p.Reason += "；法律要求及时解除，依据" + k.LiftCitation(LiftSettled)
	return p
}

// ReviewFilter narrows a court's list of release reviews.
type ReviewFilter struct {
	OfficerID int64 // 0: the whole court
	State     ReleaseState
	After     int64
	Limit     int
}

// ReviewLine is a line of a list of release reviews.
type ReviewLine struct {
	ReleaseReview
	CaseNo string // of the enforcement case
}
