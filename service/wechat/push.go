package wechat

import (
	"bytes"
	"crypto/sha1" //nolint:gosec // the platform's signature method
	"crypto/subtle"
	"encoding/hex"
	"encoding/json"
	"encoding/xml"
	"errors"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/silenceper/wechat/v2/util"

	"microcourt/model"
)

// pushWindow is how old a push may be. The platform repeats one twice within
// some ten seconds; an older one is somebody's copy.
const pushWindow = 10 * time.Minute

// PushConfig is what the court entered in the console under 消息推送, in the
// mode 安全模式: a push that is not encrypted is refused.
type PushConfig struct {
	AppID  string
	Token  string
	AESKey string // EncodingAESKey, 43 characters
	Now    func() time.Time
}

// Push opens what WeChat pushes to the court's address.
type Push struct{ cfg PushConfig }

// NewPush makes a Push.
func NewPush(cfg PushConfig) (*Push, error) {
	if cfg.Token == "" || len(cfg.AESKey) != 43 || cfg.AppID == "" || cfg.Now == nil {
		return nil, errors.New("wechat push: the token and an EncodingAESKey of 43 characters are required")
	}
	return &Push{cfg}, nil
}

// PushSignature is the platform's signature: SHA-1 over its parts in order.
func PushSignature(parts ...string) string {
	slices.Sort(parts)
	sum := sha1.Sum([]byte(strings.Join(parts, ""))) //nolint:gosec // the platform's signature method
	return hex.EncodeToString(sum[:])
}

var errPushSignature = model.E(model.Forbidden, "push.signature", "签名不正确，请核对消息推送的 Token 和 EncodingAESKey")

func (p *Push) signed(signature string, q url.Values, more ...string) bool {
	want := PushSignature(append(more, p.cfg.Token, q.Get("timestamp"), q.Get("nonce"))...)
	return subtle.ConstantTimeCompare([]byte(want), []byte(signature)) == 1
}

// Echo answers the console's check of the address. It is Forbidden
// push.signature when somebody else asks.
func (p *Push) Echo(q url.Values) (string, error) {
	if !p.signed(q.Get("signature"), q) {
		return "", errPushSignature
	}
	return q.Get("echostr"), nil
}

// Open checks a push and gives the message in it, XML or JSON. What counts is
// msg_signature: the plain signature does not cover the body, and whoever saw
// one address could forge the rest. Errors: Forbidden push.signature for a
// forged, old or foreign push and for one in the clear; Invalid push.malformed.
func (p *Push) Open(q url.Values, body []byte) ([]byte, error) {
	malformed := model.E(model.Invalid, "push.malformed", "推送内容无法读取")
	var envelope struct {
		Encrypt string `json:"Encrypt" xml:"Encrypt"`
	}
	if err := decodePush(body, &envelope); err != nil {
		return nil, malformed.WithCause(err)
	}
	if envelope.Encrypt == "" || !p.signed(q.Get("msg_signature"), q, envelope.Encrypt) {
		return nil, errPushSignature
	}
	at, err := strconv.ParseInt(q.Get("timestamp"), 10, 64)
	if err != nil || p.cfg.Now().Sub(time.Unix(at, 0)).Abs() > pushWindow {
		return nil, errPushSignature
	}
	_, message, err := util.DecryptMsg(p.cfg.AppID, envelope.Encrypt, p.cfg.AESKey)
	if err != nil {
		return nil, errPushSignature.WithCause(err)
	}
	return message, nil
}

func decodePush(b []byte, v any) error {
	if b = bytes.TrimSpace(b); bytes.HasPrefix(b, []byte("<")) {
		return xml.Unmarshal(b, v)
	}
	return json.Unmarshal(b, v)
}

// EventKind is what happened to a subscription.
type EventKind string

// The events of subscribe messages.
const (
	EventPopup  EventKind = "subscribe_msg_popup_event"  // the user answered the pop-up
	EventChange EventKind = "subscribe_msg_change_event" // the user switched a template off in the settings
	EventSent   EventKind = "subscribe_msg_sent_event"   // a message was delivered, or was not
)

// Event is one line of a pushed event.
type Event struct {
	Kind       EventKind
	OpenID     string
	At         time.Time
	TemplateID string
	Accepted   bool   // popup, change
	MessageID  string // sent, job
	// Failure is why a message did not arrive (sent, job), e.g. "user block"; "" when
	// WeChat says that it did.
	Failure string
}

// loose takes a string or a number: the platform sends both.
type loose string

// UnmarshalJSON implements json.Unmarshaler.
func (l *loose) UnmarshalJSON(b []byte) error {
	*l = loose(strings.Trim(string(b), `"`))
	return nil
}

// id is the value as an identifier, "" for null and for what is none.
func (l loose) id() string {
	if s := string(l); s != "null" && len(s) <= 64 && !strings.ContainsAny(s, "{}[]\" ") {
		return s
	}
	return ""
}

type eventLine struct {
	TemplateID loose `json:"TemplateId" xml:"TemplateId"`
	Status     loose `json:"SubscribeStatusString" xml:"SubscribeStatusString"`
	MsgID      loose `json:"MsgID" xml:"MsgID"`
	ErrorCode  loose `json:"ErrorCode" xml:"ErrorCode"`
	ErrorText  loose `json:"ErrorStatus" xml:"ErrorStatus"`
}

// eventLines takes one object or a list of them.
type eventLines []eventLine

// UnmarshalJSON implements json.Unmarshaler.
func (l *eventLines) UnmarshalJSON(b []byte) error {
	if bytes.HasPrefix(bytes.TrimSpace(b), []byte("[")) {
		return json.Unmarshal(b, (*[]eventLine)(l))
	}
	var one eventLine
	err := json.Unmarshal(b, &one)
	*l = eventLines{one}
	return err
}

type nested struct {
	List eventLines `json:"List" xml:"List"`
}

// Events reads a pushed message. Messages that are not about subscriptions
// give none. The platform nests the lines in one of two ways, and writes
// numbers as strings at times; all are read.
func Events(message []byte) ([]Event, error) {
	var m struct {
		From   loose      `json:"FromUserName" xml:"FromUserName"`
		At     loose      `json:"CreateTime" xml:"CreateTime"`
		Type   loose      `json:"MsgType" xml:"MsgType"`
		Event  loose      `json:"Event" xml:"Event"`
		MsgID  loose      `json:"MsgID" xml:"MsgID"`
		Status loose      `json:"Status" xml:"Status"`
		List   eventLines `json:"List" xml:"List"`
		Popup  nested     `json:"SubscribeMsgPopupEvent" xml:"SubscribeMsgPopupEvent"`
		Change nested     `json:"SubscribeMsgChangeEvent" xml:"SubscribeMsgChangeEvent"`
		Sent   nested     `json:"SubscribeMsgSentEvent" xml:"SubscribeMsgSentEvent"`
	}
	if err := decodePush(message, &m); err != nil {
		return nil, err
	}
	kind := EventKind(m.Event)
	switch kind {
	case EventPopup, EventChange, EventSent, EventFollow, EventUnfollow, EventJob:
	default:
		return nil, nil
	}
	at, err := strconv.ParseInt(string(m.At), 10, 64)
	if err != nil || m.From == "" {
		return nil, errors.New("wechat push: an event without its user or time")
	}
	base := Event{OpenID: string(m.From), At: time.Unix(at, 0).UTC()}
	if e, ok, err := followEvent(kind, base, string(m.MsgID), string(m.Status)); err != nil {
		return nil, err
	} else if ok {
		return []Event{e}, nil
	}
	var out []Event
	for _, l := range slices.Concat(m.List, m.Popup.List, m.Change.List, m.Sent.List) {
		e := base
		e.Kind, e.TemplateID = kind, string(l.TemplateID)
		if kind == EventSent {
			e.MessageID = string(l.MsgID)
			e.Failure, err = l.failure()
		} else {
			answer := model.SubscriptionAnswer(strings.TrimSpace(string(l.Status)))
			if e.Accepted = answer.Accepts(); !e.Accepted && !answer.Refuses() {
				continue // a word to come says nothing about the user's will
			}
		}
		if err != nil {
			return nil, err
		}
		out = append(out, e)
	}
	return out, nil
}

// failure is why the message did not arrive, "" when the line says that it did.
// A line that says neither is an error: silence is no delivery.
func (l eventLine) failure() (string, error) {
	text := strings.TrimSpace(string(l.ErrorText))
	code, ok := wholeNumber(json.RawMessage(strings.TrimSpace(string(l.ErrorCode))))
	switch {
	case ok && code == 0:
		return "", nil
	case ok:
		return strings.TrimSpace(strconv.Itoa(code) + " " + text), nil
	case l.ErrorCode != "":
		return "", errors.New("wechat push: an error code that is not a number")
	case strings.EqualFold(text, "success"), strings.EqualFold(text, "ok"):
		return "", nil
	case text != "":
		return text, nil
	}
	return "", errors.New("wechat push: a delivery without its result")
}
