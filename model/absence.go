package model

import (
	"fmt"
	"strings"
	"time"
	"unicode/utf8"
)

// Absence (离岗代理) says who answers for an officer while he is away. His
// conversations and what he is asked for stay his; meanwhile his substitute sees
// and answers them too.
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
	var wrong Faults
	wrong.If(a.FromOn.IsZero() || a.ToOn.IsZero() || a.ToOn.Before(a.FromOn) || a.ToOn.Before(today), "to_on", "absence.days", "请填写起止日期，结束日期不能早于开始日期和今天")
	wrong.If(a.ToOn.Sub(a.FromOn) > MaxAbsenceDays, "to_on", "absence.too_long", "代理最长 90 天；更长的请移交案件")
	// What was before nobody answers for any more; a month covers what was entered late.
	wrong.Add(Window{today.AddDays(-30), CeilingAbsence.From(today), "登记之日前三十日", CeilingAbsence.words()}.Check("from_on", "date.range", a.FromOn))
	wrong.If(a.UserID == a.SubstituteID, "substitute", "absence.self", "代理人不能是离岗人本人")
	wrong.If(a.Reason == "" || utf8.RuneCountInString(a.Reason) > 100, "reason", "reason.required", "请填写事由，不超过 100 字")
	return wrong.Err()
}

// Same tells whether b says the same, so that a repeat adds nothing.
func (a Absence) Same(b Absence) bool {
	return a.UserID == b.UserID && a.SubstituteID == b.SubstituteID && a.FromOn == b.FromOn && a.ToOn == b.ToOn && a.Reason == b.Reason
}

// Over tells whether nobody stands in any more.
func (a Absence) Over(today Date) bool { return a.EndedAt != nil || a.ToOn.Before(today) }

// Runs tells whether the substitute stands in today.
func (a Absence) Runs(today Date) bool { return !a.Over(today) && !today.Before(a.FromOn) }

// AbsenceLine is a line of the list.
type AbsenceLine struct {
	Absence
	Name       string
	Substitute string
}

func (l AbsenceLine) notice(event string, userID int64, title, body string) Notice {
	return Notice{
		CourtID: l.CourtID, Kind: NoticeAbsence, DedupeKey: fmt.Sprintf("%s:%d:%s:%d", NoticeAbsence, l.ID, event, userID), Title: title, Body: body,
		Page: "pages/desk/today",
	}.staff(userID).about(ThingAbsence.Of(l.ID))
}

// AbsenceNotice tells the substitute, and the officer when somebody else
// recorded it, who stands in.
func AbsenceNotice(l AbsenceLine, userID int64) Notice {
	body := fmt.Sprintf("%s自%s至%s离岗，由%s代理。期间其对话、回电、家属联系申请、悔过书和申请由代理人一并办理。", l.Name, l.FromOn.Chinese(), l.ToOn.Chinese(), l.Substitute)
	return l.notice("add", userID, "离岗代理", body)
}

// AbsenceEndedNotice tells them that it is over before its time.
func AbsenceEndedNotice(l AbsenceLine, userID int64) Notice {
	return l.notice("end", userID, "离岗代理已结束", fmt.Sprintf("%s已返岗，%s的代理即时结束。", l.Name, l.Substitute))
}
