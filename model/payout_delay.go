package model

import (
	"strings"
	"time"
	"unicode/utf8"
)

// DelayGround is why money is not paid out in the term.
type DelayGround string

// The grounds. Source: 法发〔2017〕6号 10 para. 2.
const (
	DelayShared    DelayGround = "distribution" // 需要进行案款分配
	DelayFrozen    DelayGround = "frozen"       // 另案保全或者冻结
	DelayUnclaimed DelayGround = "unclaimed"    // 经通知未领取
	DelayStayed    DelayGround = "stayed"       // 中止或者暂缓执行
	DelayOther     DelayGround = "other"        // 其他正当理由
)

// DelayGrounds lists them in the order of the rule.
var DelayGrounds = []DelayGround{DelayShared, DelayFrozen, DelayUnclaimed, DelayStayed, DelayOther}

// Chinese is the ground in words, "" for an unknown one.
func (g DelayGround) Chinese() string {
	return map[DelayGround]string{
		DelayShared: "需要进行案款分配", DelayFrozen: "因另案诉讼、执行或者涉嫌犯罪等原因，执行款被保全或者冻结", DelayUnclaimed: "申请执行人经通知未领取",
		DelayStayed: "案件被依法中止或者暂缓执行", DelayOther: "其他正当理由",
	}[g]
}

// DelayState is how far a delay has come.
type DelayState string

// The states.
const (
	DelayAsked    DelayState = "asked"    // 待批准
	DelayApproved DelayState = "approved" // 已批准
	DelayRefused  DelayState = "refused"  // 未批准
)

// Chinese is the state's name on screens.
func (s DelayState) Chinese() string {
	return map[DelayState]string{DelayAsked: "待批准", DelayApproved: "已批准", DelayRefused: "未批准"}[s]
}

// longestDelay is for how many days a delay is approved at most; a ground that
// stands longer is looked at again. It is the court's own bound, no law's.
const longestDelay = 180

// PayoutDelay is the approval to pay a sum of money out later (延缓发放).
type PayoutDelay struct {
	ID                int64
	CourtID           int64
	CaseMoneyID       int64
	EnforcementCaseID int64
	CaseID            int64
	Ground            DelayGround
	Reason            string
	UntilOn           Date // until when the ground is expected to stand
	State             DelayState
	AskedBy           int64
	DecidedBy         int64
	DecidedAt         *time.Time
	DecisionReason    string
	EndedOn           Date // when the ground ceased before that, zero while it stands
	IdemKey           string
	Version           int64
	CreatedAt         time.Time
}

// Ends is when the ground ceased, or is expected to.
func (d PayoutDelay) Ends() Date {
	if !d.EndedOn.IsZero() {
		return d.EndedOn
	}
	return d.UntilOn
}

// Check trims and checks what an officer asks for.
func (d *PayoutDelay) Check(today Date) error {
	d.Reason = strings.TrimSpace(d.Reason)
	var wrong Faults
	wrong.If(d.Ground.Chinese() == "", "ground", "delay.ground", "请选择延缓发放的法定情形"+by(CiteMoneyTerm))
	wrong.If(d.Reason == "" || utf8.RuneCountInString(d.Reason) > 500, "reason", "reason.required", "请写明事实（例如哪个法院以哪份裁定冻结），不超过 500 字")
	wrong.If(d.UntilOn.IsZero(), "until_on", "field.required", "请填写预计延缓到哪一天")
	wrong.If(!d.UntilOn.IsZero() && (!d.UntilOn.After(today) || d.UntilOn.After(today.AddDays(longestDelay))), "until_on", "delay.until", "延缓发放应当晚于今天，一次不超过 180 日；到期情形仍在的，另行报批")
	return wrong.Err()
}

// Decide records a leader's word about the delay.
func (d *PayoutDelay) Decide(to DelayState, reason string, by int64, now time.Time) error {
	reason = strings.TrimSpace(reason)
	switch {
	case d.State != DelayAsked:
		return E(Conflict, "delay.decided", "这项延缓发放已经决定，请刷新后查看")
	case to != DelayApproved && to != DelayRefused:
		return InvalidField("decision", "decision.unknown", "请选择批准或者不批准")
	case to == DelayRefused && reason == "", utf8.RuneCountInString(reason) > 500:
		return InvalidField("reason", "reason.required", "请写明不批准的理由，不超过 500 字")
	}
	d.State, d.DecidedBy, d.DecidedAt, d.DecisionReason = to, by, &now, reason
	return nil
}

// End records that the ground has ceased: the money is paid out in ten days.
func (d *PayoutDelay) End(today Date) error {
	if d.State != DelayApproved || !d.EndedOn.IsZero() || today.After(d.UntilOn) {
		return E(Conflict, "delay.ended", "这项延缓发放没有批准或者已经结束，请刷新后查看")
	}
	d.EndedOn = today
	return nil
}

// DelayLine is a delay that waits for a leader.
type DelayLine struct {
	PayoutDelay
	CaseNo  string
	Asker   string
	HeldFen Fen
}
