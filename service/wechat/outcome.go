package wechat

import (
	"errors"
	"regexp"
	"time"

	"microcourt/model"
)

// State is what became of a message.
type State string

// The states. Accepted by WeChat is not the same as delivered.
const (
	Accepted    State = "accepted"
	NoConsent   State = "no_consent"  // the user has not allowed it, or the allowance is used up: normal
	Unreachable State = "unreachable" // the openid is not a user of this mini-program
	Invalid     State = "invalid"     // our text, template or page is wrong; repeating cannot help
	Retry       State = "retry"       // surely not sent; send again after RetryIn
	Unknown     State = "unknown"     // sent, and the answer was lost
	Paused      State = "paused"      // WeChat refuses the whole channel for now: send nothing for RetryIn
)

// Outcome is what became of one send and what to do next.
type Outcome struct {
	State State
	Code  int    // errcode; 0 when accepted or when no answer came
	MsgID string // WeChat's id of an accepted message; a string because it exceeds 2^53
	Field string // the keyword that WeChat found wrong (47003)
	// RetryIn is the shortest wait before the next try (Retry) or before
	// anything is sent (Paused). On Unknown it is above 0 only when one repeat
	// is allowed, see SubscribeMessage.Repeat.
	RetryIn time.Duration
	// Refused marks an Unknown whose repeat WeChat refused as not allowed (43101):
	// the first try was shown and used the allowance up, or there never was one.
	// Only WeChat's own event tells which.
	Refused bool
	// Slower asks to send fewer at once: WeChat is busy or counts the calls.
	Slower bool
	// Alarm asks for a human: configuration, ban, or a wrong mapping.
	Alarm bool
}

var wrongField = regexp.MustCompile(`data\.([a-z_]+\d+)\.value`)

// repeatUnknownIn leaves WeChat time to finish the send whose answer was lost.
const repeatUnknownIn = 5 * time.Second

// outcomeOf sorts the failure of a send by what can be done about it.
func outcomeOf(err error, path string, m SubscribeMessage, now time.Time) Outcome {
	if te, ok := errors.AsType[*TransportError](err); ok {
		switch {
		case te.Path != path, !te.Sent: // the message itself never left
			return Outcome{State: Retry, RetryIn: time.Second}
		case m.LongTerm, m.Repeat:
			return Outcome{State: Unknown}
		}
		return Outcome{State: Unknown, RetryIn: repeatUnknownIn}
	}
	code := codeOf(err)
	o := Outcome{Code: code}
	if errors.Is(err, ErrTokenRefused) {
		o.State, o.RetryIn, o.Alarm = Paused, 5*time.Minute, true
		return o
	}
	switch code {
	case -1:
		o.State, o.RetryIn, o.Slower = Retry, time.Second, true
	case 43108: // another send to the same openid is under way
		o.State, o.RetryIn = Retry, 2*time.Second
	case 43101:
		o.State = NoConsent
		if m.Repeat {
			o.State, o.Refused = Unknown, true
		}
	case 40003, 43104, 43004:
		o.State = Unreachable
	case 41030, 40036, 40037, 40249, 41028, 41029, 43002, 44002, 45168, 47001:
		o.State, o.Alarm = Invalid, true
	case 47003:
		o.State, o.Alarm = Invalid, true
		if e, ok := errors.AsType[*APIError](err); ok {
			if f := wrongField.FindStringSubmatch(e.Msg); f != nil {
				o.Field = f[1]
			}
		}
	case 44990, 44991: // a second's limit
		o.State, o.RetryIn, o.Slower = Paused, 2*time.Second, true
	case 45011: // a minute's limit
		o.State, o.RetryIn, o.Slower = Paused, time.Minute, true
	case 45009: // the day's limit
		o.State, o.RetryIn, o.Alarm = Paused, untilBeijingMidnight(now), true
	default:
		o.State, o.RetryIn = refused(code)
		o.Alarm = true
	}
	return o
}

// refused sorts the codes that say that the account, the address or the ability
// is refused: nothing of the channel works until a human has looked.
func refused(code int) (State, time.Duration) {
	switch code {
	case 89506: // an administrator refused this address: 24 h
		return Paused, 24 * time.Hour
	case 89507: // likewise: 1 h
		return Paused, time.Hour
	case 43107, 43116, 45109, 48001, 50004, 50007, 40243:
		return Paused, time.Hour
	case 40002, 40013, 40125, 40164, 41001, 41002, 41004, 89503:
		return Paused, 10 * time.Minute
	}
	// A code that nobody has documented: it was not sent, it may pass, and the
	// message's deadline ends the tries.
	return Retry, 5 * time.Minute
}

// untilBeijingMidnight is how long a daily quota stays used up.
func untilBeijingMidnight(now time.Time) time.Duration {
	local := now.In(model.CourtZone)
	y, m, d := local.Date()
	return time.Date(y, m, d+1, 0, 0, 0, 0, model.CourtZone).Sub(local)
}
