package model

import (
	"cmp"
	"slices"
	"strings"
	"time"
)

// SubscriptionSource says who told of a user's answer.
type SubscriptionSource string

// The sources. WeChat's own event counts before what the phone says.
const (
	SubscriptionClaim  SubscriptionSource = "claim"  // the phone, after wx.requestSubscribeMessage
	SubscriptionPopup  SubscriptionSource = "popup"  // WeChat: the answer in the pop-up
	SubscriptionChange SubscriptionSource = "change" // WeChat: switched off in the settings
)

// SubscriptionEntry is one answer of a user about one template. Entries are
// only added; what may be sent follows from them and from what was sent.
type SubscriptionEntry struct {
	ID         int64
	OpenID     string
	TemplateID string
	Source     SubscriptionSource
	Accepted   bool
	Answer     string    // the phone's word for it, "" from WeChat's own events
	At         time.Time // as WeChat says, or when the phone told us
	EventKey   string    // natural key: a repeat is not a second answer
	CreatedAt  time.Time
}

// SubscriptionAnswer is the user's answer about one template as WeChat gives it:
// to the phone (wx.requestSubscribeMessage) or in an event.
type SubscriptionAnswer string

// What WeChat answers by itself: the template is banned, or has the title of another
// one that was asked for.
const (
	AnswerBan    SubscriptionAnswer = "ban"
	AnswerFilter SubscriptionAnswer = "filter"
)

// Accepts tells whether the answer allows messages. WeChat has more words for
// it than it documents: accept, acceptWithAudio, acceptWithAlert,
// acceptWithForcePush.
func (a SubscriptionAnswer) Accepts() bool { return strings.HasPrefix(string(a), "accept") }

// Refuses tells whether the answer is the user's no. Whatever neither accepts
// nor refuses (ban, filter, words to come) says nothing about the user's will.
func (a SubscriptionAnswer) Refuses() bool { return strings.HasPrefix(string(a), "reject") }

// SubscriptionUse is what became of one message under a template.
type SubscriptionUse struct {
	TemplateID string
	State      OutboxState
	At         time.Time
}

// claimWindow is how far apart the phone's word and WeChat's event about one
// answer may be.
const claimWindow = 2 * time.Minute

// Allowance is what a user's answers and the messages sent leave of a template:
// how many messages may still be sent under a one-time template, or whether
// a long-term one stands (1 or 0). It depends on the times of the entries only,
// not on the order in which they arrived.
//
// An accept is one message. The phone's claim and WeChat's event about the same
// answer count once. A refusal in the pop-up of a one-time template takes
// nothing away; switching off in the settings, or WeChat's answer that the user
// does not accept, takes all.
func Allowance(longTerm bool, entries []SubscriptionEntry, uses []SubscriptionUse) int {
	type step struct {
		at   time.Time
		rank int // of steps of one second: answers come before messages
		do   func(n int) int
	}
	var steps []step
	add := func(at time.Time, rank int, do func(n int) int) { steps = append(steps, step{at, rank, do}) }
	none := func(int) int { return 0 }
	entries = slices.Clone(entries)
	slices.SortFunc(entries, func(a, b SubscriptionEntry) int { return a.At.Compare(b.At) })
	var claims []SubscriptionEntry
	entries = slices.DeleteFunc(entries, SubscriptionEntry.Neutral)
	for _, e := range entries {
		if e.Source == SubscriptionClaim {
			claims = append(claims, e)
		}
	}
	for _, e := range entries {
		if e.Source == SubscriptionPopup { // the claim about the same answer, if there is one, says nothing new
			i := slices.IndexFunc(claims, func(c SubscriptionEntry) bool {
				return c.Accepted == e.Accepted && c.At.Sub(e.At).Abs() <= claimWindow
			})
			if i >= 0 {
				claims = slices.Delete(claims, i, i+1)
			}
		}
	}
	for _, e := range entries {
		if e.Source == SubscriptionClaim && !slices.Contains(claims, e) {
			continue
		}
		switch {
		case e.Accepted && longTerm:
			add(e.At, 0, func(int) int { return 1 })
		case e.Accepted:
			add(e.At, 0, func(n int) int { return n + 1 })
		case longTerm || e.Source == SubscriptionChange:
			add(e.At, 0, none)
		}
	}
	for _, u := range uses {
		switch {
		case u.State == OutboxNoConsent, u.State == OutboxUnknown: // of the unknown ones, those that WeChat then refused
			add(u.At, 2, none)
		case (u.State == OutboxAccepted || u.State == OutboxFailed) && !longTerm: // a card that failed later was taken
			add(u.At, 1, func(n int) int { return max(0, n-1) })
		}
	}
	slices.SortFunc(steps, func(a, b step) int {
		return cmp.Or(a.at.Truncate(time.Second).Compare(b.at.Truncate(time.Second)), a.rank-b.rank, a.at.Compare(b.at))
	})
	n := 0
	for _, s := range steps {
		n = s.do(n)
	}
	return n
}

// Moment is a button of the mini-program at which it may ask for
// subscriptions: WeChat shows its pop-up after a tap only.
type Moment string

// The moments.
const (
	MomentLogin       Moment = "login"
	MomentCase        Moment = "case"        // the case page
	MomentReceipt     Moment = "receipt"     // a receipt is submitted
	MomentCertificate Moment = "certificate" // a certificate is applied for
)

// Kinds are the notices that matter at a moment, the most important first.
func (m Moment) Kinds() []NoticeKind {
	switch m {
	case MomentLogin:
		return []NoticeKind{NoticeFirstDemand, NoticeDueSoon, NoticeEnforcementNotice, NoticeObligeeAsked, NoticeInstrument, NoticeFiled}
	case MomentCase:
		return []NoticeKind{
			NoticeFirstDemand, NoticeDueSoon, NoticeEnforcementWarning, NoticeMeasureDecided, NoticeCleanUp, NoticeMeasureLifted, NoticeObligeeAsked, NoticeInstrument, NoticeCreditorSheet,
			NoticeDeposit, NoticeDepositVictim,
		}
	case MomentReceipt:
		return []NoticeKind{NoticeReceiptReturned, NoticeReceiptConfirmed, NoticeDueSoon}
	case MomentCertificate:
		return []NoticeKind{NoticeCertificateIssued, NoticeCertificateRevoked}
	}
	return nil
}

// maxAsked is how many templates old clients take in one pop-up.
const maxAsked = 3

// SubscriptionTemplate is a template that the court's notices use.
type SubscriptionTemplate struct {
	ID       string
	LongTerm bool
	Left     int // see Allowance
	Rests    bool
}

// Wanted chooses what to ask for in one pop-up: templates of which nothing is
// left, at most three, of one type only, because WeChat refuses a mixture.
// Long-term ones come first: one answer to them lasts. One that rests ends no
// other.
func Wanted(templates []SubscriptionTemplate) (ids []string, longTerm bool) {
	for _, longTerm := range []bool{true, false} {
		ids = nil
		for _, t := range templates {
			if t.LongTerm == longTerm && t.Left == 0 && !t.Rests && !slices.Contains(ids, t.ID) && len(ids) < maxAsked {
				ids = append(ids, t.ID)
			}
		}
		if len(ids) > 0 {
			return ids, longTerm
		}
	}
	return nil, false
}

// PushEvent is a message that WeChat pushed, as it was decrypted. It is stored
// before it is answered and applied later.
type PushEvent struct {
	ID         int64
	Digest     string // SHA-256 of the message: WeChat repeats it word for word
	Message    []byte
	State      PushState
	Attempts   int
	NextAt     time.Time
	ReceivedAt time.Time
	AppliedAt  *time.Time
}

// PushState is how far a pushed message is.
type PushState string

// The states of a pushed message.
const (
	PushWaiting PushState = "waiting"
	PushApplied PushState = "applied"
	PushIgnored PushState = "ignored" // about nothing that concerns us
	PushUnknown PushState = "unknown" // cannot be read, or about a message that is not ours
	// PushFailed is one that could not be applied again and again: it is set aside,
	// told as a finding, and tried once a day.
	PushFailed PushState = "failed"
)

// Chinese is the state in words.
func (s PushState) Chinese() string {
	return map[PushState]string{PushWaiting: "待处理", PushApplied: "已处理", PushIgnored: "无需处理", PushUnknown: "无法识别", PushFailed: "处理失败"}[s]
}

// Follower is somebody who follows, or followed, the court's service account. The
// unionid says which user of the mini-program he is.
type Follower struct {
	OpenID    string `gorm:"primaryKey"` // in the service account
	UnionID   string // "" until WeChat was asked, and when the accounts are not joined
	Follows   bool
	At        time.Time  // of the last event
	AskAt     *time.Time // when WeChat is to be asked who he is; nil when it was
	UpdatedAt time.Time
}
