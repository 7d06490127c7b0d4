package channel

import (
	"context"
	"errors"
	"strconv"

	"microcourt/model"
	"microcourt/service/sms"
	"microcourt/service/wechat"
)

// Texts is the channel of text messages. They carry the kind of
// notice, the check code and a link that opens the inbox in the mini-program:
// nothing about the case or anybody in it.
type Texts struct {
	client *sms.Client
	wechat *wechat.Client
}

// NewTexts makes the channel; WeChat makes the links in the messages.
func NewTexts(client *sms.Client, links *wechat.Client) Texts { return Texts{client, links} }

// Covers implements the outbox's channel.
func (Texts) Covers(kind model.NoticeKind) bool { return kind.WorthText() }

// Shows implements the outbox's channel.
func (Texts) Shows(n model.Notice) []model.ShownLine {
	return []model.ShownLine{{Label: "通知", Value: n.Kind.Chinese()}, {Label: "核验码", Value: n.CheckCode}, {Label: "链接", Value: "打开小程序收件箱"}}
}

// Template implements the outbox's channel.
func (Texts) Template(model.NoticeKind) (id string, longTerm bool) { return "", false }

// Confirms implements the outbox's channel: the gateway is asked.
func (Texts) Confirms() bool { return true }

// Ask implements the outbox's asker.
func (t Texts) Ask(ctx context.Context, m model.Unheard) (model.Heard, error) {
	r, err := t.client.Receipt(ctx, sms.Query{Phone: m.Phone, GatewayID: m.MessageID, ID: strconv.FormatInt(m.ID, 10), SentAt: m.AcceptedAt})
	return model.Heard{Known: r.Known, At: r.At, Failure: r.Failure}, err
}

// linkRefused tells whether WeChat will never give the link.
func linkRefused(err error) bool {
	e, ok := errors.AsType[*model.Error](err)
	return ok && e.Reason == "wechat.link_refused"
}

// Send implements the outbox's channel.
func (t Texts) Send(ctx context.Context, m model.Outgoing) (model.Outcome, error) {
	switch {
	case m.Phone == "":
		return model.Outcome{State: model.OutboxUnreachable}, nil
	case m.Repeat: // a repeat would be a second message on the phone
		return model.Outcome{State: model.OutboxUnknown}, nil
	}
	link, err := t.wechat.URLLink(ctx, m.Page)
	if linkRefused(err) { // e.g. the page is not released yet: the inbox is one tap from the first page
		link, err = t.wechat.URLLink(ctx, "")
	}
	switch {
	case linkRefused(err): // no text without a way to the paper: the next channel
		return model.Outcome{State: model.OutboxInvalid}, err
	case err != nil:
		return model.Outcome{State: model.OutboxQueued}, err // nothing was sent
	}
	o, err := t.client.Send(ctx, sms.Message{Phone: m.Phone, ID: strconv.FormatInt(m.ID, 10), Title: m.Kind.Chinese(), Code: m.CheckCode, Link: link})
	out := model.Outcome{MessageID: o.ID, RetryIn: o.Wait, Slower: o.Slower}
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
