package model

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"
)

// CallState is how far a call-back has come.
type CallState string

// The states of a call-back.
const (
	CallAsked     CallState = "asked"     // 待法院答复
	CallOffered   CallState = "offered"   // 待对方确认: the court proposed a time
	CallConfirmed CallState = "confirmed" // 已约定
	CallDeclined  CallState = "declined"  // 未同意
	CallCancelled CallState = "cancelled" // 已取消
	CallLapsed    CallState = "lapsed"    // 已过时: nobody answered before the time came
	CallDone      CallState = "done"      // 已通话
	CallMissed    CallState = "missed"    // 未接通
)

// Chinese is the state's name on screens.
func (s CallState) Chinese() string {
	return map[CallState]string{
		CallAsked: "待法院答复", CallOffered: "法院提出时间，待对方确认", CallConfirmed: "已约定", CallDeclined: "未同意", CallCancelled: "已取消",
		CallLapsed: "未答复，已过时", CallDone: "已通话", CallMissed: "未接通",
	}[s]
}

// Open tells whether something is still to come.
func (s CallState) Open() bool { return s == CallAsked || s == CallOffered || s == CallConfirmed }

// CallLength is how long a time for a call is.
const CallLength = 30 * time.Minute

// CallBack (回电预约) is an appointment for a call to somebody outside, agreed on
// in his conversation: he asks for a time and the court confirms it or proposes
// another, or the court proposes one and he accepts.
type CallBack struct {
	ID             int64
	CourtID        int64
	CaseID         int64
	ConversationID int64
	OwnerID        int64 // who calls; follows the conversation
	UserID         int64 // who asked or accepted; 0 while nobody on a party's side did
	StartAt        time.Time
	State          CallState
	Note           string // what it is about, by whoever proposed it first
	Phone          string `gorm:"serializer:sealed"` // that he gave; "" for the one on file
	// AnswerBy is the day by which the court is to answer, zero unless it is asked.
	AnswerBy  Date
	DecidedBy int64 // of the last step, 0 when the time passed
	Answer    string
	// OpenKey is the conversation and the person while the call is to come: unique,
	// so that there is one at a time.
	OpenKey   *string
	CreatedBy int64
	IdemKey   string
	Version   int64
	CreatedAt time.Time
	UpdatedAt time.Time
}

// TableName is the table of call-backs.
func (CallBack) TableName() string { return "call_backs" }

// CallEntry is one step of a call-back. Entries are only added.
type CallEntry struct {
	ID             int64
	CallBackID     int64
	ConversationID int64
	State          CallState
	StartAt        time.Time
	Note           string
	FromCourt      bool
	ByUserID       int64 // 0 when the time passed
	CreatedAt      time.Time
}

// TableName is the table of steps.
func (CallEntry) TableName() string { return "call_back_entries" }

// Text is the step in words, as the record of the conversation has it.
func (e CallEntry) Text() string {
	s := map[CallState]string{
		CallAsked: "请求回电：", CallOffered: "提出回电时间：", CallConfirmed: "同意回电时间：", CallDeclined: "不同意回电时间：", CallCancelled: "取消回电：",
		CallLapsed: "回电预约未获答复，已过时：", CallDone: "已通话，原约定", CallMissed: "回电未接通，原约定",
	}[e.State] + CallTime(e.StartAt)
	if e.Note != "" {
		s += "。" + e.Note
	}
	return s
}

// Key is what OpenKey is while the call is to come.
func (k CallBack) Key() string { return fmt.Sprintf("%d:%d", k.ConversationID, k.UserID) }

// Over tells whether the time came before both sides agreed on it.
func (k CallBack) Over(now time.Time) bool {
	return (k.State == CallAsked || k.State == CallOffered) && !k.StartAt.After(now)
}

// Callable tells whether it is time to call: the day that was agreed on came, or
// somebody waits to be called and need not wait for a day.
func (k CallBack) Callable(now time.Time) bool {
	return k.State == CallAsked || k.State == CallConfirmed && !DateOf(now).Before(DateOf(k.StartAt))
}

// Result tells whether the last step says what became of the call: the court's
// own record, not meant for the other side.
func (s CallState) Result() bool { return s == CallDone || s == CallMissed }

// side is who moves a call-back.
func side(court bool) Doer {
	if court {
		return ByCourt
	}
	return ByOutside
}

// May tells whether the side can bring the call-back to a state now.
func (k CallBack) May(to CallState, court bool, now time.Time) bool {
	return CallMachine.MayBy(side(court), k.State, to) && !k.Over(now) && (!to.Result() || k.Callable(now))
}

// CallStep is one side's word about a call-back.
type CallStep struct {
	To      CallState
	Court   bool // by the court
	StartAt time.Time
	Note    string
	By      int64
}

// Move brings the call-back to another state. Whether a new time may be agreed
// on is CheckSlot's matter.
func (k *CallBack) Move(s CallStep, now time.Time) error {
	note := strings.TrimSpace(s.Note)
	switch {
	case !CallMachine.Goes(side(s.Court), s.To):
		return InvalidField("state", "call.answer", "请选择对该回电预约可以作出的答复")
	case k.Over(now):
		return E(Conflict, "call.lapsed", "约定的时间已过，请重新约定")
	case !CallMachine.MayBy(side(s.Court), k.State, s.To):
		return E(Conflict, "call.state", "该回电预约"+k.State.Chinese()+"，请刷新后再操作")
	case s.To.Result() && !k.Callable(now):
		return E(Conflict, "call.early", "还没有到约定的日期（"+CallTime(k.StartAt)+"），到时再登记；需要提前的，请另提时间")
	case note == "" && (s.To == CallDone || s.Court && (s.To == CallDeclined || s.To == CallCancelled)):
		return InvalidField("note", "reason.required", "请填写理由，或者通话的内容，不超过 500 字")
	case utf8.RuneCountInString(note) > 500:
		return InvalidField("note", "text.too_long", "内容不能超过 500 字")
	}
	k.State, k.DecidedBy, k.Answer, k.AnswerBy = s.To, s.By, note, Date{}
	if s.To == CallOffered {
		k.StartAt = s.StartAt
	}
	if !s.To.Open() {
		k.OpenKey = nil
	}
	return nil
}

// End ends a call-back that is still to come because of something else: its time
// passed, or the other side may not be spoken to any more.
func (k *CallBack) End(to CallState, by int64, why string) {
	k.State, k.DecidedBy, k.Answer, k.AnswerBy, k.OpenKey = to, by, why, Date{}, nil
}

// CallSettings are a court's rules about calls; what is not set has its default.
type CallSettings struct {
	// Hours are the spans of a working day in which people are called, e.g.
	// 09:00-11:30.
	Hours []string `json:"hours,omitempty"`
	// Weeks is how far ahead a call may be agreed on.
	Weeks int `json:"weeks,omitempty"`
	// PerDay is how many calls one user may ask for a day.
	PerDay int `json:"per_day,omitempty"`
}

// Filled is the settings with their defaults written out.
func (s CallSettings) Filled() CallSettings {
	if len(s.Hours) == 0 {
		s.Hours = []string{"09:00-11:30", "14:00-17:00"}
	}
	if s.Weeks == 0 {
		s.Weeks = 2
	}
	if s.PerDay == 0 {
		s.PerDay = 3
	}
	return s
}

// Check refuses settings that cannot be followed.
func (s CallSettings) Check() error {
	var wrong Faults
	wrong.If(s.Weeks < 0 || s.Weeks > 8 || s.PerDay < 0 || s.PerDay > 20, "calls", "settings.range", "回电预约最多提前 1 至 8 周，每人每天 1 至 20 次")
	last := 0
	for _, span := range s.Hours {
		from, until, ok := callSpan(span)
		wrong.If(!ok || from < last || until-from < int(CallLength.Minutes()), "call_hours", "settings.call_hours", "回电时段应如 09:00-11:30，依次不重叠，每段至少半小时")
		last = until
	}
	return wrong.Err()
}

// callSpan reads 09:00-11:30 as minutes of the day.
func callSpan(s string) (from, until int, ok bool) {
	a, b, ok := strings.Cut(s, "-")
	from, first := minuteOf(a)
	until, second := minuteOf(b)
	return from, until, ok && first && second && from < until
}

func minuteOf(s string) (int, bool) {
	t, err := time.Parse("15:04", strings.TrimSpace(s))
	return t.Hour()*60 + t.Minute(), err == nil
}

// Slots are the times of a day at which a call may begin, in order: half hours
// within the court's hours of a working day.
func (s CallSettings) Slots(c *Calendar, d Date) (out []time.Time) {
	if c.IsRest(d) {
		return nil
	}
	for _, span := range s.Filled().Hours {
		from, until, ok := callSpan(span)
		if !ok {
			continue
		}
		step := int(CallLength.Minutes())
		for m := from; m+step <= until; m += step {
			out = append(out, d.Start().Add(time.Duration(m)*time.Minute))
		}
	}
	return out
}

// LastDay is the last day on which a call may be agreed on.
func (s CallSettings) LastDay(now time.Time) Date { return DateOf(now).AddDays(7 * s.Filled().Weeks) }

// CheckSlot checks a proposed time against the court's calendar and hours.
func (s CallSettings) CheckSlot(c *Calendar, at, now time.Time) error {
	d := DateOf(at)
	switch {
	case !at.After(now):
		return InvalidField("at", "call.past", "该时间已过，请选择以后的时间")
	case d.After(s.LastDay(now)):
		return InvalidField("at", "call.too_far", fmt.Sprintf("请选择 %d 周以内的时间", s.Filled().Weeks))
	case c.IsRest(d):
		return InvalidField("at", "call.rest_day", d.Chinese()+"是休息日，请选择工作日")
	case !slices.ContainsFunc(s.Slots(c, d), func(t time.Time) bool { return t.Equal(at) }):
		return InvalidField("at", "call.slot", "请选择法院的回电时段："+strings.Join(s.Filled().Hours, "、")+"，每半小时一次")
	}
	return nil
}

// CallDay is a day with the times that are still free.
type CallDay struct {
	On    Date
	Slots []time.Time
}

// Days lists the days on which a call may be agreed on, without what is taken.
func (s CallSettings) Days(c *Calendar, taken []time.Time, now time.Time) (out []CallDay) {
	for d := DateOf(now); !d.After(s.LastDay(now)); d = d.AddDays(1) {
		free := slices.DeleteFunc(s.Slots(c, d), func(t time.Time) bool {
			return !t.After(now) || slices.ContainsFunc(taken, t.Equal)
		})
		if len(free) > 0 {
			out = append(out, CallDay{d, free})
		}
	}
	return out
}

var weekdays = [...]string{"星期日", "星期一", "星期二", "星期三", "星期四", "星期五", "星期六"}

// Chinese is the day with its day of the week.
func (d CallDay) Chinese() string {
	return strconv.Itoa(int(d.On.Month)) + "月" + strconv.Itoa(d.On.Day) + "日 " + weekdays[d.On.Weekday()]
}

// CallClock is the time of day of a call: 09:30–10:00.
func CallClock(at time.Time) string {
	return at.In(CourtZone).Format("15:04") + "–" + at.Add(CallLength).In(CourtZone).Format("15:04")
}

// CallTime is a time for a call in words: 3月10日 星期二 09:30–10:00.
func CallTime(at time.Time) string {
	return CallDay{On: DateOf(at)}.Chinese() + " " + CallClock(at)
}

// CheckAsk trims and checks what somebody says who proposes a call.
func (k *CallBack) CheckAsk() error {
	k.Note, k.Phone = strings.TrimSpace(k.Note), NormalizePhone(k.Phone)
	var wrong Faults
	wrong.If(utf8.RuneCountInString(k.Note) > 200, "note", "text.too_long", "说明不能超过 200 字")
	wrong.Add(checkCallPhone(k.Phone))
	return wrong.Err()
}

func checkCallPhone(phone string) error {
	if phone != "" && CheckPhone(phone) != nil {
		return InvalidField("phone", "phone.format", "手机号码应为 11 位中国大陆手机号")
	}
	return nil
}

// Accept records who accepted, if nobody asked, and where he is to be called.
func (k *CallBack) Accept(userID int64, phone string) error {
	if phone = NormalizePhone(phone); phone != "" {
		k.Phone = phone
	}
	if k.UserID == 0 {
		k.UserID = userID
		key := k.Key()
		k.OpenKey = &key
	}
	return checkCallPhone(phone)
}

// CheckPlace refuses a call to nobody knows where. onFile is the number that the
// court has of the other side.
func (k CallBack) CheckPlace(onFile string) error {
	if k.Phone == "" && onFile == "" {
		return InvalidField("phone", "call.phone", "请填写接听回电的手机号")
	}
	return nil
}

// UsualCalls are short records of a call that an officer may pick and go on
// writing.
var UsualCalls = []string{
	"已告知收款账户、缴款识别码和尚未履行的金额。", "对方表示愿意代为履行，将于近日汇款并上传凭证。", "已告知提前解除拘留的条件和程序。", "已答复对方的询问，对方表示清楚。",
}
