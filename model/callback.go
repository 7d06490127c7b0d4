package model

import (
	"fmt"
	"strings"
	"time"
	"unicode/utf8"
)

// CallPart is a part of the day in which somebody is called back.
type CallPart string

// The parts of a working day.
const (
	CallMorning   CallPart = "morning"
	CallAfternoon CallPart = "afternoon"
)

// CallParts lists the parts in order.
var CallParts = []CallPart{CallMorning, CallAfternoon}

// callHours are when a part begins and ends, in hours of the court's day.
var callHours = map[CallPart][2]int{CallMorning: {9, 11}, CallAfternoon: {14, 17}}

// Chinese is the part in words, "" for an unknown one.
func (p CallPart) Chinese() string {
	h, ok := callHours[p]
	if !ok {
		return ""
	}
	return fmt.Sprintf("%s %d:00–%d:00", map[CallPart]string{CallMorning: "上午", CallAfternoon: "下午"}[p], h[0], h[1])
}

// On is when the part begins and ends on a day.
func (p CallPart) On(d Date) (from, until time.Time) {
	h := callHours[p]
	return d.Start().Add(time.Duration(h[0]) * time.Hour), d.Start().Add(time.Duration(h[1]) * time.Hour)
}

// CallState is how far a call-back has come.
type CallState string

// The states of a call-back.
const (
	CallProposed  CallState = "proposed"  // 待确认
	CallConfirmed CallState = "confirmed" // 已约定
	CallCountered CallState = "countered" // 法院另提时间
	CallDeclined  CallState = "declined"  // 未同意
	CallDone      CallState = "done"      // 已通话
	CallMissed    CallState = "missed"    // 未接通
	CallCancelled CallState = "cancelled" // 已取消
)

// Chinese is the state's name on screens.
func (s CallState) Chinese() string {
	return map[CallState]string{
		CallProposed: "待确认", CallConfirmed: "已约定", CallCountered: "法院另提时间，待您确认", CallDeclined: "未同意", CallDone: "已通话", CallMissed: "未接通", CallCancelled: "已取消",
	}[s]
}

// Open tells whether something is still to come.
func (s CallState) Open() bool { return s == CallProposed || s == CallConfirmed || s == CallCountered }

// CallBack is an appointment for a call: somebody outside proposes a day and a
// part of it, whoever answers his conversation confirms and calls.
type CallBack struct {
	ID             int64
	CourtID        int64
	CaseID         int64
	ConversationID int64
	UserID         int64 // who is called
	OnDay          Date
	Part           CallPart
	Phone          string `gorm:"serializer:sealed"`
	Note           string
	State          CallState
	Answer         string // of declining, or what was said
	DecidedBy      int64
	IdemKey        string
	// OpenKey is the conversation while the call is to come: unique, so that there
	// is one at a time.
	OpenKey   *int64
	Version   int64
	CreatedAt time.Time
	UpdatedAt time.Time
}

// TableName is the table of call-backs.
func (CallBack) TableName() string { return "call_backs" }

// MaxCallDays is how far ahead a call may be agreed on.
const MaxCallDays = 14

// CheckCall checks a proposal against the court's calendar.
func (k *CallBack) CheckCall(c *Calendar, now time.Time) error {
	k.Note, k.Phone = strings.TrimSpace(k.Note), NormalizePhone(k.Phone)
	today := DateOf(now)
	_, until := k.Part.On(k.OnDay)
	switch {
	case k.Part.Chinese() == "":
		return InvalidField("part", "call.part", "请选择上午或者下午")
	case k.OnDay.IsZero() || k.OnDay.Before(today) || today.AddDays(MaxCallDays).Before(k.OnDay) || !until.After(now):
		return InvalidField("day", "call.day", "请选择今天以后 14 天以内、尚未过去的时段")
	case c.IsRest(k.OnDay):
		return InvalidField("day", "call.rest_day", "该日是休息日，请选择工作日")
	case utf8.RuneCountInString(k.Note) > 200:
		return InvalidField("note", "text.too_long", "说明不能超过 200 字")
	case CheckPhone(k.Phone) != nil:
		return InvalidField("phone", "phone.format", "手机号码应为 11 位中国大陆手机号")
	}
	return nil
}

var callMoves = map[CallState][]CallState{
	CallConfirmed: {CallProposed, CallCountered}, CallCountered: {CallProposed, CallConfirmed}, CallDeclined: {CallProposed}, CallDone: {CallConfirmed}, CallMissed: {CallConfirmed},
	CallCancelled: {CallProposed, CallCountered, CallConfirmed},
}

// Move brings the call-back to another state.
func (k *CallBack) Move(to CallState, by int64, answer string) error {
	answer = strings.TrimSpace(answer)
	from, known := callMoves[to]
	ok := false
	for _, s := range from {
		ok = ok || s == k.State
	}
	switch {
	case !known:
		return InvalidField("state", "call.answer", "请选择确认、另提时间、不同意、已通话、未接通或者取消")
	case !ok:
		return E(Conflict, "call.state", "该回电预约"+k.State.Chinese()+"，请刷新后再操作")
	case (to == CallDeclined || to == CallDone) && answer == "" || utf8.RuneCountInString(answer) > 500:
		return InvalidField("answer", "reason.required", "请填写不同意的理由，或者通话的内容，不超过 500 字")
	}
	k.State, k.DecidedBy, k.Answer = to, by, answer
	if !to.Open() {
		k.OpenKey = nil
	}
	return nil
}

// CallLine is a line of an officer's calls.
type CallLine struct {
	CallBack
	CaseNo     string
	Who        string // the other side of the conversation
	RelativeID int64
	OwnerID    int64
	Owner      string
}
