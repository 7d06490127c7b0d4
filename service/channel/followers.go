package channel

import (
	"context"
	"fmt"
	"strconv"
	"time"

	"microcourt/model"
	"microcourt/service/wechat"
)

// Account is the court's certified service account (服务号). Its template
// messages reach those who follow it; a tap opens the mini-program. Both must
// be joined on the Open Platform, so that a follower is known by his unionid.
type Account struct {
	Client *wechat.Client
	// Push opens what the account is pushed; without it nobody is known to follow.
	Push  *wechat.Push
	Cards Cards
}

// Followers is the channel of the service account.
type Followers struct {
	account Account
	appID   string // of the mini-program
}

// NewFollowers makes the channel; appID is the mini-program's.
func NewFollowers(account Account, appID string) Followers { return Followers{account, appID} }

// Covers implements the outbox's channel.
func (f Followers) Covers(kind model.NoticeKind) bool {
	_, ok := f.account.Cards[kind]
	return ok
}

// Template implements the outbox's channel: whoever follows needs to allow nothing.
func (Followers) Template(model.NoticeKind) (id string, longTerm bool) { return "", false }

// Confirms implements the outbox's channel: the account is pushed the end of each job.
func (f Followers) Confirms() bool { return f.account.Push != nil }

// onceFor is how long a repeat under the same id is the same message to WeChat.
const onceFor = 9 * time.Minute

// Shows implements the outbox's channel.
func (f Followers) Shows(n model.Notice) []model.ShownLine {
	return WeChat{cards: f.account.Cards}.Shows(n)
}

// Send implements the outbox's channel. Within ten minutes a repeat is the same
// message to WeChat; later nobody can tell.
func (f Followers) Send(ctx context.Context, m model.Outgoing) (model.Outcome, error) {
	t := f.account.Cards[m.Kind]
	if m.OpenID == "" {
		return model.Outcome{State: model.OutboxUnreachable}, nil
	}
	if m.Repeat && m.Since > onceFor {
		return model.Outcome{State: model.OutboxUnknown}, nil
	}
	msg := wechat.TemplateMessage{
		OpenID: m.OpenID, TemplateID: t.ID, AppID: f.appID, Page: m.Page, ID: "outbox-" + strconv.FormatInt(m.ID, 10), Repeat: m.Repeat,
	}
	msg.Data = t.data(m.Shown(), m.CheckCode, m.At)
	o, err := f.account.Client.SendTemplate(ctx, msg)
	return cardOutcome(o, t.ID), err
}

// cardOutcome says in the outbox's words what became of a card.
func cardOutcome(o wechat.Outcome, template string) model.Outcome {
	out := model.Outcome{Code: o.Code, MessageID: o.MsgID, Template: template, RetryIn: o.RetryIn, Refused: o.Refused, Slower: o.Slower}
	switch o.State {
	case wechat.Accepted:
		out.State = model.OutboxAccepted
	case wechat.NoConsent:
		out.State = model.OutboxNoConsent
	case wechat.Unreachable:
		out.State = model.OutboxUnreachable
	case wechat.Retry:
		out.State = model.OutboxQueued
	case wechat.Paused:
		out.State, out.PauseFor = model.OutboxQueued, max(o.RetryIn, shortestPause)
	case wechat.Unknown:
		out.State = model.OutboxUnknown
	case wechat.Invalid:
		out.State = model.OutboxInvalid
	}
	return out
}

// Check proves that its templates can be filled.
func (a Account) Check() error {
	if a.Client == nil {
		return nil
	}
	if err := a.Cards.Check(); err != nil {
		return fmt.Errorf("service account: %w", err)
	}
	return nil
}
