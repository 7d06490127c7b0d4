package model

import (
	"slices"
	"time"
)

// Service of papers (送达). A card or a text message only points to the inbox,
// which is the addressee's specific system; when a paper counts as served
// follows from consent, arrival, reading and reply. Source: 民事诉讼法 90;
// 人民法院在线诉讼规则 29–32.

// ConsentAct is giving or taking back consent to electronic service.
type ConsentAct string

// The acts on a consent.
const (
	ConsentGiven     ConsentAct = "given"     // 同意
	ConsentWithdrawn ConsentAct = "withdrawn" // 撤回
)

// ConsentHow is how a consent was expressed.
type ConsentHow string

// The ways of expressing consent.
const (
	ConsentInApp ConsentHow = "in_app" // 小程序内确认
	ConsentPaper ConsentHow = "paper"  // 书面送达地址确认书
	ConsentOral  ConsentHow = "oral"   // 口头, recorded by the clerk
)

// Chinese is the way's name on screens and papers.
func (h ConsentHow) Chinese() string {
	return map[ConsentHow]string{ConsentInApp: "小程序内确认", ConsentPaper: "书面送达地址确认书", ConsentOral: "口头同意并记录"}[h]
}

// Consent is one entry of what a party said about electronic service in a
// case; the last one counts. It covers the notices and papers of this case and
// nothing else (在线诉讼规则 4, 29).
type Consent struct {
	ID        int64
	CourtID   int64
	CaseID    int64
	PartyID   int64
	Act       ConsentAct
	How       ConsentHow
	Note      string
	FileID    int64 // the scan of the signed paper, 0 when there is none
	ByUserID  int64 // who said or recorded it
	IdemKey   string
	CreatedAt time.Time
}

// Consented tells whether a party's consent was in force at a moment.
func Consented(all []Consent, partyID int64, at time.Time) bool {
	in := false
	for _, c := range all {
		if c.PartyID == partyID && !c.CreatedAt.After(at) {
			in = c.Act == ConsentGiven
		}
	}
	return in
}

// ServiceOfProcessRule is the rule by which a paper counts as served.
type ServiceOfProcessRule string

// The rules of service.
const (
	ServedOnArrival ServiceOfProcessRule = "arrival" // 在线诉讼规则 31 (1)
	ServedOnReply   ServiceOfProcessRule = "reply"   // 31 (2) no. 1
	ServedOnReading ServiceOfProcessRule = "reading" // 31 (2) no. 2
	NotServed       ServiceOfProcessRule = ""
)

// On says the rule in words, with its source on the day of service.
func (r ServiceOfProcessRule) On(day Date) string {
	switch r {
	case ServedOnArrival:
		return "受送达人已同意电子送达，到达其收件箱之日为送达之日（" + CiteServedOnArrival.On(day) + "）"
	case ServedOnReply:
		return "受送达人已按内容作出回应，视为有效送达（" + CiteServedOnReply.On(day) + "）"
	case ServedOnReading:
		return "系统记录受送达人已阅知，视为有效送达（" + CiteServedOnReading.On(day) + "）"
	case NotServed:
		return "尚不能认定已送达"
	}
	return ""
}

// Trace is what is known of one notice and one person for whom it is.
type Trace struct {
	UserID    int64
	ArrivedAt time.Time  // in his inbox: when the notice was made, or when he became bound
	ReadAt    *time.Time // when he opened it
	RepliedAt *time.Time // when he first acted in the case afterwards
}

// TracesOf is what is known of a notice to a party, for each person who acts for it
// and was not gone before the notice came: where it arrived, and when he opened it.
// What he did afterwards, the caller adds.
func TracesOf(noticeID, partyID int64, made time.Time, bindings []Binding, reads []NoticeRead) (out []Trace) {
	for _, b := range bindings {
		if b.PartyID != partyID || b.EndedAt != nil && b.EndedAt.Before(made) {
			continue
		}
		t := Trace{UserID: b.UserID, ArrivedAt: made}
		if b.CreatedAt.After(t.ArrivedAt) {
			t.ArrivedAt = b.CreatedAt
		}
		for _, r := range reads {
			if r.NoticeID == noticeID && r.UserID == b.UserID {
				t.ReadAt = &r.ReadAt
			}
		}
		out = append(out, t)
	}
	return out
}

// ServiceOfProcess tells when a notice counts as served to a party, and by which rule:
// the earliest that holds for any person who acts for it.
func ServiceOfProcess(partyID int64, consents []Consent, traces []Trace) (at time.Time, rule ServiceOfProcessRule) {
	take := func(t time.Time, r ServiceOfProcessRule) {
		if rule == NotServed || t.Before(at) {
			at, rule = t, r
		}
	}
	for _, t := range traces {
		if Consented(consents, partyID, t.ArrivedAt) {
			take(t.ArrivedAt, ServedOnArrival)
		}
		if t.RepliedAt != nil {
			take(*t.RepliedAt, ServedOnReply)
		}
		if t.ReadAt != nil {
			take(*t.ReadAt, ServedOnReading)
		}
	}
	return at, rule
}

// PaperCause is why a paper is to be sent.
type PaperCause string

// The causes.
const (
	PaperRequested PaperCause = "requested" // the addressee asked for it (民事诉讼法 90)
	PaperFallback  PaperCause = "fallback"  // no electronic channel reached him
	PaperPhone     PaperCause = "phone"     // he is to be told by telephone, and on paper where that fails
)

// PaperState is how far a paper task is.
type PaperState string

// The states of a paper task.
const (
	PaperOpen PaperState = "open"
	PaperDone PaperState = "done"
)

// Chinese is the state's name on screens.
func (s PaperState) Chinese() string {
	return map[PaperState]string{PaperOpen: "待办理", PaperDone: "已办理"}[s]
}

// PaperMethods are the ways in which a paper is handed over, in Chinese.
var PaperMethods = map[string]string{"mail": "邮寄", "pickup": "到院领取", "visit": "上门送达", "phone": "电话告知"}

// PaperTask is a clerk's task to send a notice on paper.
type PaperTask struct {
	ID          int64
	CourtID     int64
	CaseID      int64
	PartyID     int64
	NoticeID    int64
	Cause       PaperCause
	State       PaperState
	RequestedBy int64
	Method      string
	TrackingNo  string
	Note        string
	DoneBy      int64
	DoneAt      *time.Time
	CreatedAt   time.Time
}

// ChannelName names an outside channel.
type ChannelName = string

// The outside channels. The inbox is not among them: it always has the notice.
const (
	ChannelWeChat  ChannelName = "wechat_subscribe" // 微信订阅消息
	ChannelService ChannelName = "wechat_service"   // 服务号模板消息, to followers of the court's service account
	ChannelSMS     ChannelName = "sms"              // 短信
	ChannelPaper   ChannelName = "paper"            // 纸质, a clerk's task
)

// ChannelOrder is the order in which channels are tried.
func (s CourtSettings) ChannelOrder() []ChannelName {
	if len(s.Channels) == 0 {
		return []ChannelName{ChannelWeChat}
	}
	return s.Channels
}

// NextChannel is the channel after one that could not reach the addressee, the
// first after "", and "" when there is none. Paper is for papers, not for every
// message.
func (s CourtSettings) NextChannel(after ChannelName, kind NoticeKind) ChannelName {
	order := s.ChannelOrder()
	i := slices.Index(order, after)
	if i < 0 && after != "" { // the court changed the order meanwhile
		return ""
	}
	for _, c := range order[i+1:] {
		if c != ChannelPaper || kind.IsPaper() {
			return c
		}
	}
	return ""
}
