package model

import "time"

// Outgoing is one message to one person on an outside channel.
type Outgoing struct {
	ID     int64  // of the outbox row
	OpenID string // of the addressee in the mini-program, or as a follower of the service account
	Phone  string // of the party, for text messages
	// CheckCode is printed on it, see Notice.
	CheckCode string
	Title     string
	CourtID   int64
	Kind      NoticeKind
	Page      string
	Card      map[string]string // see CardOf; the channel fits it into its template
	At        time.Time         // of the event
	// Repeat says that the message may have been sent before, Since how long ago at
	// most. Left is what the ledger says that the addressee still allows of the
	// channel's template.
	Repeat bool
	Since  time.Duration
	Left   int
}

// Shown is what a card can show of the message, whatever else its notice says.
func (m Outgoing) Shown() map[string]string { return shown(m.Kind, m.Card) }

// Outcome is what became of an outgoing message.
type Outcome struct {
	State     OutboxState // queued means: send again after RetryIn
	Code      int
	MessageID string
	Template  string // of the card, for the ledger of subscriptions
	RetryIn   time.Duration
	// Refused says of an unknown outcome that the channel refused the repeat as not
	// allowed: the first try used the permission up, or there was none.
	Refused bool
	// Slower asks to send less at once: the platform is busy or counts calls.
	Slower bool
	// PauseFor stops the whole channel, e.g. when a quota is used up.
	PauseFor time.Duration
}

// ShownLine is one line of a message as its addressee sees it.
type ShownLine struct{ Label, Value string }

// Unheard is a message of which the channel is asked what became of it.
type Unheard struct {
	ID         int64 // of the outbox row
	MessageID  string
	Phone      string
	AcceptedAt time.Time
}

// Heard is what the channel answers. Until it is Known it may be asked again.
type Heard struct {
	Known   bool
	At      time.Time
	Failure string // "" when it reached the phone
}

// Follow says that somebody began, or ceased, to follow the service account.
type Follow int

// The two, and neither.
const (
	NoFollow Follow = iota
	Followed
	Unfollowed
)

// PushedLine is one line of a message that WeChat pushed.
type PushedLine struct {
	Source     SubscriptionSource // "" for a delivery
	Channel    ChannelName        // of a delivery
	OpenID     string
	TemplateID string
	Accepted   bool
	At         time.Time
	Follow     Follow
	MessageID  string // of a delivery
	Failure    string // of a delivery, "" when it reached the phone
	// Picture is what WeChat says of a picture that it was asked about.
	Picture *ContentVerdict
}
