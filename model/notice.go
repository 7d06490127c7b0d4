package model

import "time"

// NoticeKind is the kind of a notice.
type NoticeKind string

// The kinds of notice of this release; others register theirs beside them.
const (
	NoticeFiled              NoticeKind = "case.filed"          // 自动履行告知书, at filing
	NoticeInstrument         NoticeKind = "case.instrument"     // obligations known: what, to whom, by when
	NoticeReceiptReceived    NoticeKind = "receipt.received"    // to the payer
	NoticeReceiptReturned    NoticeKind = "receipt.returned"    // to the payer
	NoticeReceiptConfirmed   NoticeKind = "receipt.confirmed"   // to payer and obligees
	NoticeReceiptCorrected   NoticeKind = "receipt.corrected"   // to payer and obligees
	NoticeObligeeAsked       NoticeKind = "obligee.asked"       // 请权利人确认收款
	NoticeCertificateIssued  NoticeKind = "certificate.issued"  // to the holder
	NoticeCertificateRevoked NoticeKind = "certificate.revoked" // to the holder
	NoticeCertificateApplied NoticeKind = "certificate.applied" // to the judge
	NoticeReceiptSubmitted   NoticeKind = "receipt.submitted"   // to the judge
	NoticeReceiptDisputed    NoticeKind = "receipt.disputed"    // to the judge
	NoticePromise            NoticeKind = "promise.made"        // to the creditor: the period's new end
	NoticeCaseHandedOver     NoticeKind = "case.handed_over"    // to the new judge
	NoticeCreditorSheet      NoticeKind = "creditor.sheet"      // 权利人须知: how and until when to apply for enforcement
	NoticeDueSoon            NoticeKind = "due.soon"            // 到期提醒, before the due day
	NoticeFirstDemand        NoticeKind = "demand.first"        // 自动履行催告书, after the due day
	NoticeSecondDemand       NoticeKind = "demand.second"       // the second, with the cost of waiting
	NoticeJudgeDigest        NoticeKind = "judge.digest"        // 每日待办: one card a day for a judge
)

// Notice is one message in the in-app inbox: the record to which every other
// channel only points. It is for a party (whoever is or becomes bound to it)
// or for a staff user.
type Notice struct {
	ID        int64
	CourtID   int64
	CaseID    int64
	PartyID   int64 // 0 when for a staff user
	UserID    int64 // 0 when for a party
	Kind      NoticeKind
	DedupeKey string // unique: the same event never makes two notices
	Number    string // document number, "" for plain messages
	Title     string
	Body      string // plain text, paragraphs separated by newlines
	Page      string // mini-program page to open, without leading slash
	// CheckCode stands on every card and text message, so that a person can check
	// in the mini-program or on the public page that it came from the court.
	CheckCode string
	// Card holds the semantic fields of an outside card (case_no, amount, due,
	// court, remark); a channel's mapping picks what its template has.
	Card      map[string]string `gorm:"serializer:json"`
	LegalBy   Date              `gorm:"-"` // the day on which it must have arrived, zero when none
	CreatedAt time.Time
}

// CardAt is when a card about the notice may leave: at once, or at the end of
// the quiet hours. A message that would come after the day on which it had to
// arrive does not wait.
func (n Notice) CardAt(quiet QuietHours, now time.Time) time.Time {
	at := quiet.After(now)
	if !n.LegalBy.IsZero() && DateOf(at).After(n.LegalBy) {
		return now
	}
	return at
}

// NoticeRead is when a user opened a notice.
type NoticeRead struct {
	NoticeID int64 `gorm:"primaryKey;autoIncrement:false"`
	UserID   int64 `gorm:"primaryKey;autoIncrement:false"`
	ReadAt   time.Time
}

// OutboxState is how far an outside message has come.
type OutboxState string

// The states of an outbox message. Accepted by WeChat is not delivered.
const (
	OutboxQueued      OutboxState = "queued"
	OutboxSending     OutboxState = "sending"     // leased by a worker
	OutboxAccepted    OutboxState = "accepted"    // errcode 0
	OutboxNoConsent   OutboxState = "no_consent"  // 43101 and the like: a normal outcome
	OutboxUnreachable OutboxState = "unreachable" // openid gone
	OutboxInvalid     OutboxState = "invalid"     // our mapping or configuration is wrong
	OutboxUnknown     OutboxState = "unknown"     // sent, the answer was lost: never sent again blindly
	OutboxExpired     OutboxState = "expired"     // the deadline passed before it could be sent
	OutboxSkipped     OutboxState = "skipped"     // the court has no card for this kind; the inbox has the notice
)

// Chinese says the state in words, with what it means for the addressee.
func (s OutboxState) Chinese() string {
	return map[OutboxState]string{
		OutboxQueued: "等待发送", OutboxSending: "正在发送", OutboxAccepted: "渠道已接收", OutboxNoConsent: "对方未允许接收或已用完授权",
		OutboxUnreachable: "该渠道联系不到对方", OutboxInvalid: "模板或内容不符合渠道要求", OutboxUnknown: "已发出但未收到答复，是否送到不能确定",
		OutboxExpired: "超过期限未能发出", OutboxSkipped: "本院该类消息未开通此渠道",
	}[s]
}

// OutboxMessage is one message to one person over one outside channel,
// written in the transaction of the event that it tells of.
type OutboxMessage struct {
	ID       int64
	CourtID  int64
	NoticeID int64
	Channel  ChannelName
	UserID   int64 // 0 for a party that nobody is bound to
	PartyID  int64 // whose phone number a text message uses
	State    OutboxState
	Attempts int
	NextAt   time.Time
	Deadline time.Time
	// ActiveUser is the user while a worker sends to him: unique, so that nobody
	// is sent two at a time, whichever instance has them (43108).
	ActiveUser *int64
	LeaseOwner string
	LeaseUntil *time.Time
	LastCode   int
	LastError  string // classification only, never personal data
	MessageID  string
	TemplateID string // of the card that was sent
	// DeliveredAt is when the channel says that it reached the phone: more than
	// accepted.
	DeliveredAt   *time.Time
	DeliveryError string
	CreatedAt     time.Time
	UpdatedAt     time.Time
}

// TableName is the table of outbox messages.
func (OutboxMessage) TableName() string { return "outbox" }
