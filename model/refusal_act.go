package model

import (
	"strings"
	"time"
	"unicode/utf8"
)

// RefusalAct is an act before the instrument took effect by which somebody
// meant to evade enforcement (拒执线索). It is no ground of 民诉法解释 188; once the
// judgment is in force, is enforced and is refused, it may be the crime of
// refusing to execute it (法释〔2024〕13号 6). The court keeps it for whoever
// investigates; nothing here decides that it is a crime.
type RefusalAct struct {
	ID                int64
	CourtID           int64
	CaseID            int64
	EnforcementCaseID int64
	PartyID           int64 // the debtor
	ActOn             Date
	ActText           string
	// NotifiedOn is when he got the notice to respond (应诉通知), from which on the suit
	// has generally begun for him.
	NotifiedOn Date
	FileID     int64 // proof, 0 for none
	ByUserID   int64
	IdemKey    string // unique per user
	CreatedAt  time.Time
}

// Check refuses what cannot be such an act. effective is the day on which the
// instrument took effect, zero while the record does not say.
func (a *RefusalAct) Check(e EnforcementFile, effective, today Date) error {
	a.ActText = strings.TrimSpace(a.ActText)
	rule := "，依据" + CiteRefusalBefore.On(today)
	var wrong Faults
	wrong.If(!e.Has(a.PartyID, EnforcementDebtor), "party_id", "measure.debtor", "请选择本案的被执行人")
	wrong.If(a.ActText == "" || utf8.RuneCountInString(a.ActText) > 1000, "refusal_text", "refusal.text", "请填写行为，不超过 1000 字")
	wrong.If(a.NotifiedOn.IsZero() || a.NotifiedOn.After(today), "notified_on", "refusal.notified", "请填写其接到应诉通知的日期，不能晚于今天"+rule)
	wrong.If(a.ActOn.IsZero() || a.ActOn.After(today), "refusal_on", "refusal.act_on", "请填写行为发生的日期，不能晚于今天")
	wrong.If(a.ActOn.Before(a.NotifiedOn), "refusal_on", "refusal.act_on", "行为发生在接到应诉通知之前，诉讼对其尚未开始，不属于拒执线索"+rule)
	wrong.If(!effective.IsZero() && !a.ActOn.Before(effective), "refusal_on", "refusal.act_on", "法律文书自"+effective.Chinese()+"起生效，此后的行为请直接提出罚款、拘留，依据"+CiteHidesProperty.On(today))
	return wrong.Err()
}
