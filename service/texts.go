package service

import (
	"context"
	"errors"
	"strconv"

	"microcourt/model"
	"microcourt/service/notice"
	"microcourt/service/sms"
	"microcourt/service/wechat"
)

// textMessages is the notice channel of text messages. They carry the kind of
// notice, the check code and a link that opens the inbox in the mini-program:
// nothing about the case or anybody in it.
type textMessages struct {
	client *sms.Client
	wechat *wechat.Client
}

// Covers implements notice.Channel.
func (textMessages) Covers(kind model.NoticeKind) bool { return kind.WorthText() }

// Shows implements notice.Channel.
func (textMessages) Shows(n model.Notice) []notice.Line {
	return []notice.Line{{Label: "标题", Value: n.Title}, {Label: "核验码", Value: n.CheckCode}, {Label: "链接", Value: "打开小程序收件箱"}}
}

// Template implements notice.Channel.
func (textMessages) Template(model.NoticeKind) (id string, longTerm bool) { return "", false }

// Confirms implements notice.Channel: the gateway is asked.
func (textMessages) Confirms() bool { return true }

// Ask implements notice.Asker.
func (t textMessages) Ask(ctx context.Context, m notice.Asked) (notice.Answer, error) {
	r, err := t.client.Receipt(ctx, sms.Query{Phone: m.Phone, GatewayID: m.MessageID, ID: strconv.FormatInt(m.ID, 10), SentAt: m.AcceptedAt})
	return notice.Answer{Known: r.Known, At: r.At, Failure: r.Failure}, err
}

// linkRefused tells whether WeChat will never give the link.
func linkRefused(err error) bool {
	e, ok := errors.AsType[*model.Error](err)
	return ok && e.Reason == "wechat.link_refused"
}

// Send implements notice.Channel.
func (t textMessages) Send(ctx context.Context, m notice.Message) (notice.Outcome, error) {
	switch {
	case m.Phone == "":
		return notice.Outcome{State: model.OutboxUnreachable}, nil
	case m.Repeat: // a repeat would be a second message on the phone
		return notice.Outcome{State: model.OutboxUnknown}, nil
	}
	link, err := t.wechat.URLLink(ctx, m.Page)
	if linkRefused(err) { // e.g. the page is not released yet: the inbox is one tap from the first page
		link, err = t.wechat.URLLink(ctx, "")
	}
	switch {
	case linkRefused(err): // no text without a way to the paper: the next channel
		return notice.Outcome{State: model.OutboxInvalid}, err
	case err != nil:
		return notice.Outcome{State: model.OutboxQueued}, err // nothing was sent
	}
	o, err := t.client.Send(ctx, sms.Message{Phone: m.Phone, ID: strconv.FormatInt(m.ID, 10), Title: m.Title, Code: m.CheckCode, Link: link})
	out := notice.Outcome{MessageID: o.ID, RetryIn: o.Wait, Slower: o.Slower}
	switch o.State {
	case sms.Accepted:
		out.State = model.OutboxAccepted
	case sms.Unreachable:
		out.State = model.OutboxUnreachable
	case sms.Invalid:
		out.State = model.OutboxInvalid
	case sms.Retry:
		out.State = model.OutboxQueued
	case sms.Paused:
		out.State, out.PauseFor = model.OutboxQueued, o.Wait
	case sms.Unknown:
		out.State = model.OutboxUnknown
		out.RetryIn = 0
	}
	return out, err
}
