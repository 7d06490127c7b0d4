package service

import (
	"context"
	"fmt"
	"strconv"
	"time"

	"microcourt/model"
	"microcourt/service/notice"
	"microcourt/service/wechat"
)

// ServiceAccount is the court's certified service account (服务号). Its template
// messages reach those who follow it; a tap opens the mini-program. Both must
// be joined on the Open Platform, so that a follower is known by his unionid.
type ServiceAccount struct {
	Client *wechat.Client
	// Push opens what the account is pushed; without it nobody is known to follow.
	Push  *wechat.Push
	Cards Cards
}

// followerMessages is the notice channel of the service account.
type followerMessages struct {
	account ServiceAccount
	appID   string // of the mini-program
}

// Covers implements notice.Channel.
func (f followerMessages) Covers(kind model.NoticeKind) bool {
	_, ok := f.account.Cards[kind]
	return ok
}

// Template implements notice.Channel: whoever follows needs to allow nothing.
func (followerMessages) Template(model.NoticeKind) (id string, longTerm bool) { return "", false }

// Confirms implements notice.Channel: the account is pushed the end of each job.
func (f followerMessages) Confirms() bool { return f.account.Push != nil }

// onceFor is how long a repeat under the same id is the same message to WeChat.
const onceFor = 9 * time.Minute

// Shows implements notice.Channel.
func (f followerMessages) Shows(n model.Notice) []notice.Line {
	return wechatCards{cards: f.account.Cards}.Shows(n)
}

// Send implements notice.Channel. Within ten minutes a repeat is the same
// message to WeChat; later nobody can tell.
func (f followerMessages) Send(ctx context.Context, m notice.Message) (notice.Outcome, error) {
	t := f.account.Cards[m.Kind]
	if m.OpenID == "" {
		return notice.Outcome{State: model.OutboxUnreachable}, nil
	}
	if m.Repeat && m.Since > onceFor {
		return notice.Outcome{State: model.OutboxUnknown}, nil
	}
	msg := wechat.TemplateMessage{
		OpenID: m.OpenID, TemplateID: t.ID, AppID: f.appID, Page: m.Page, ID: "outbox-" + strconv.FormatInt(m.ID, 10), Repeat: m.Repeat,
	}
	var err error
	if msg.Data, err = t.data(m.Card, m.Title, m.CheckCode, m.At); err != nil {
		return notice.Outcome{State: model.OutboxInvalid}, err
	}
	o, err := f.account.Client.SendTemplate(ctx, msg)
	return cardOutcome(o, t.ID), err
}

// cardOutcome says in the outbox's words what became of a card.
func cardOutcome(o wechat.Outcome, template string) notice.Outcome {
	out := notice.Outcome{Code: o.Code, MessageID: o.MsgID, Template: template, RetryIn: o.RetryIn, Refused: o.Refused, Slower: o.Slower}
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

func (a ServiceAccount) check() error {
	if a.Client == nil {
		return nil
	}
	if err := a.Cards.Check(); err != nil {
		return fmt.Errorf("service account: %w", err)
	}
	return nil
}
