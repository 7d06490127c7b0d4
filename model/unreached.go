package model

import (
	"strings"
	"time"
	"unicode/utf8"
)

// Unreached is a notice of which nobody was told: its party has nobody bound to it
// who could open an inbox, and no channel could take it. It is a clerk's task from
// the notice on, until it is told by paper or by phone, or until somebody is bound.
type Unreached struct {
	NoticeID int64 `gorm:"primaryKey;autoIncrement:false"`
	CourtID  int64
	CaseID   int64
	PartyID  int64
	// Method is how a clerk told it, "" while nobody did: one of PaperMethods, or
	// TellByPhone.
	Method     string
	TrackingNo string
	SpokeWith  string // who answered the phone, or took the paper
	Note       string
	ToldAt     *time.Time // when that happened
	DoneBy     int64
	DoneAt     *time.Time
	CreatedAt  time.Time
}

// TableName is the table of notices that reached nobody.
func (Unreached) TableName() string { return "unreached" }

// TellByPhone is telling by phone, which is no service.
const TellByPhone = "phone"

// TellMethods are the ways in which a clerk tells what reached nobody, in the order of
// screens.
var TellMethods = []string{TellByPhone, "mail", "pickup", "visit"}

// TellMethodText is a way's name on screens.
func TellMethodText(method string) string {
	if method == TellByPhone {
		return "电话告知"
	}
	return PaperMethods[method]
}

// Told says how a clerk told it. It says nothing of service.
func (u Unreached) Told() string {
	if u.Method == "" {
		return ""
	}
	out := "书记员" + TellMethodText(u.Method)
	if u.Method != TellByPhone {
		out = "纸质通知已" + TellMethodText(u.Method)
	}
	if u.TrackingNo != "" {
		out += "，邮单号" + u.TrackingNo
	}
	switch {
	case u.SpokeWith != "" && u.Method == TellByPhone:
		out += "，接听人" + u.SpokeWith
	case u.SpokeWith != "":
		out += "，签收人" + u.SpokeWith
	}
	if u.Note != "" {
		out += "：" + u.Note
	}
	return out
}

// Telling is what a clerk did for one party of a case about all that reached nobody,
// up to the newest notice that he saw.
type Telling struct {
	CaseID     int64
	PartyID    int64
	UpTo       int64 // the id of that notice
	Method     string
	TrackingNo string
	SpokeWith  string
	Note       string
	At         time.Time // zero: now
}

// Check checks what a clerk says of it, all at once.
func (t *Telling) Check(now time.Time) error {
	t.TrackingNo, t.SpokeWith, t.Note = strings.TrimSpace(t.TrackingNo), strings.TrimSpace(t.SpokeWith), strings.TrimSpace(t.Note)
	if t.At.IsZero() {
		t.At = now
	}
	t.At = t.At.UTC().Truncate(time.Microsecond)
	var wrong Faults
	add := wrong.If
	long := func(s string, n int) bool { return utf8.RuneCountInString(s) > n }
	add(TellMethodText(t.Method) == "", "method", "told.method", "请选择电话告知、邮寄、到院领取或者上门送达")
	add(t.Method == "mail" && t.TrackingNo == "", "tracking_no", "paper.tracking", "邮寄的请填写邮单号")
	add(t.Method == TellByPhone && t.SpokeWith == "", "spoke_with", "told.spoke_with", "请填写与谁通话")
	add(t.Method == TellByPhone && t.Note == "", "note", "told.note", "请填写通话情况：告知了什么，对方如何表示")
	add(long(t.TrackingNo, 40) || long(t.SpokeWith, 50) || long(t.Note, 200), "note", "text.too_long", "邮单号不能超过 40 字，姓名不能超过 50 字，说明不能超过 200 字")
	add(t.At.After(now.Add(5*time.Minute)), "at", "date.future", "时间不能晚于现在")
	return wrong.Err()
}

// Tell enters it.
func (t Telling) Tell(u *Unreached, by int64, now time.Time) {
	u.Method, u.TrackingNo, u.SpokeWith, u.Note, u.ToldAt, u.DoneBy, u.DoneAt = t.Method, t.TrackingNo, t.SpokeWith, t.Note, &t.At, by, &now
}

// Is tells whether that was entered, so that a repeat changes nothing.
func (t Telling) Is(u Unreached, by int64) bool {
	return u.Method == t.Method && u.TrackingNo == t.TrackingNo && u.SpokeWith == t.SpokeWith && u.Note == t.Note && u.DoneBy == by
}

// UnreachedLine is a party of a case to which something was to be told and nobody was.
type UnreachedLine struct {
	CaseID    int64
	CaseNo    string
	PartyID   int64
	Party     string
	Role      PartyRole
	Judge     string
	Notices   int64 // how many of them
	Since     time.Time
	UpTo      int64 // the newest
	Consented bool  // agreed to electronic service, and has nobody bound
	Newest    string
}

// UnreachedFilter narrows the list.
type UnreachedFilter struct {
	Owner  Owner  // whose cases; zero: the whole court
	CaseID int64  // 0: every case
	Paper  bool   // only those who wait for a legal paper
	Text   string // a part of the party's name, or the beginning of the case number
	After  int64  // parties above this one
	Limit  int
}

// Reach is how far a notice has come to its party, in one word for screens. What is
// only written down is never called sent.
type Reach string

// How far a notice has come, the farthest first.
const (
	ReachServed    Reach = "served"    // by a rule of service
	ReachTold      Reach = "told"      // a clerk told it, by phone or on paper
	ReachDelivered Reach = "delivered" // the hint is on the phone
	ReachAccepted  Reach = "accepted"  // a channel took the hint
	ReachWaiting   Reach = "waiting"   // the hint waits to be sent
	ReachInbox     Reach = "inbox"     // somebody is bound, and has not opened it
	ReachPaper     Reach = "paper"     // a paper is to be sent
	ReachNobody    Reach = "nobody"
)

// Chinese is the word.
func (r Reach) Chinese() string {
	return map[Reach]string{
		ReachServed: "已送达", ReachTold: "已告知，尚无送达证明", ReachDelivered: "提醒已送到手机，尚无送达证明", ReachAccepted: "渠道已接收提醒，尚无送达证明",
		ReachWaiting: "提醒等待发送", ReachInbox: "在收件箱中，尚未阅读", ReachPaper: "待纸质送达", ReachNobody: "未送达任何人",
	}[r]
}

// Reach is how far the notice has come.
func (p ServiceProof) Reach() Reach {
	has := func(f func(m OutboxMessage) bool) bool {
		for _, d := range p.Deliveries {
			if f(d) {
				return true
			}
		}
		return false
	}
	paper := func(s PaperState) bool {
		for _, t := range p.Paper {
			if t.State == s {
				return true
			}
		}
		return false
	}
	switch {
	case p.Rule != NotServed:
		return ReachServed
	case p.Unreached != nil && p.Unreached.Method != "", paper(PaperDone):
		return ReachTold
	case has(OutboxMessage.Confirmed):
		return ReachDelivered
	case has(func(m OutboxMessage) bool { return m.State == OutboxAccepted }):
		return ReachAccepted
	case has(func(m OutboxMessage) bool { return m.State == OutboxQueued || m.State == OutboxSending }):
		return ReachWaiting
	case p.Bound:
		return ReachInbox
	case paper(PaperOpen):
		return ReachPaper
	}
	return ReachNobody
}
