package channel

import (
	"microcourt/model"
	"microcourt/service/wechat"
)

// Templates are the cards' templates as the ledger of subscriptions needs them.
func (c Cards) Templates() map[model.NoticeKind]model.SubscriptionTemplate {
	out := make(map[model.NoticeKind]model.SubscriptionTemplate, len(c))
	for kind, t := range c {
		out[kind] = model.SubscriptionTemplate{ID: t.ID, LongTerm: t.LongTerm}
	}
	return out
}

// Pushes reads what WeChat pushes.
type Pushes struct{}

// Read gives the lines of a pushed message, none for one about something else.
func (Pushes) Read(message []byte) ([]model.PushedLine, error) {
	v, err := wechat.MediaVerdict(message)
	if err != nil || v != nil {
		return []model.PushedLine{{Picture: v}}, err
	}
	events, err := wechat.Events(message)
	if err != nil {
		return nil, err
	}
	out := make([]model.PushedLine, 0, len(events))
	for _, e := range events {
		line := model.PushedLine{OpenID: e.OpenID, TemplateID: e.TemplateID, Accepted: e.Accepted, At: e.At, MessageID: e.MessageID}
		switch e.Kind {
		case wechat.EventPopup:
			line.Source = model.SubscriptionPopup
		case wechat.EventChange:
			line.Source = model.SubscriptionChange
		case wechat.EventFollow:
			line.Follow = model.Followed
		case wechat.EventUnfollow:
			line.Follow = model.Unfollowed
		case wechat.EventMediaCheck: // read above
		case wechat.EventSent, wechat.EventJob:
			if line.Channel = model.ChannelWeChat; e.Kind == wechat.EventJob {
				line.Channel = model.ChannelService
			}
			line.Failure = e.Failure
		}
		out = append(out, line)
	}
	return out, nil
}
