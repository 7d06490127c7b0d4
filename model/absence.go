package model

import (
	"strings"
	"time"
	"unicode/utf8"
)

// Absence (离岗代理) says who answers for a member of staff while he is away. His
// conversations, requests and calls stay his; meanwhile his substitute sees and
// answers them too.
type Absence struct {
	ID           int64
	CourtID      int64
	UserID       int64
	SubstituteID int64
	FromOn       Date
	ToOn         Date
	Reason       string
	CreatedBy    int64
	EndedAt      *time.Time
	CreatedAt    time.Time
}

// MaxAbsenceDays bounds one absence; who stays away longer hands his cases
// over.
const MaxAbsenceDays = 90

// Check checks an absence before it is recorded.
func (a *Absence) Check(today Date) error {
	a.Reason = strings.TrimSpace(a.Reason)
	switch {
	case a.FromOn.IsZero() || a.ToOn.IsZero() || a.ToOn.Before(a.FromOn) || a.ToOn.Before(today):
		return InvalidField("to_on", "absence.days", "请填写起止日期，结束日期不能早于开始日期和今天")
	case a.ToOn.Sub(a.FromOn) > MaxAbsenceDays:
		return InvalidField("to_on", "absence.too_long", "代理最长 90 天；更长的请移交案件")
	case a.UserID == a.SubstituteID:
		return InvalidField("substitute", "absence.self", "代理人不能是本人")
	case a.Reason == "" || utf8.RuneCountInString(a.Reason) > 100:
		return InvalidField("reason", "reason.required", "请填写事由，不超过 100 字")
	}
	return nil
}

// AbsenceLine is a line of the list.
type AbsenceLine struct {
	Absence
	Name       string
	Substitute string
}
