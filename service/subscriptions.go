package service

import (
	"microcourt/model"
	"microcourt/service/subscription"
	"microcourt/service/wechat"
)

// templates are the cards' templates as the ledger of subscriptions needs them.
func (c Cards) templates() map[model.NoticeKind]model.SubscriptionTemplate {
	out := make(map[model.NoticeKind]model.SubscriptionTemplate, len(c))
	for kind, t := range c {
		out[kind] = model.SubscriptionTemplate{ID: t.ID, LongTerm: t.LongTerm}
	}
	return out
}

// pushedEvents reads a message that WeChat pushed.
func pushedEvents(message []byte) ([]subscription.Event, error) {
	v, err := wechat.MediaVerdict(message)
	if err != nil || v != nil {
		return []subscription.Event{{Picture: v}}, err
	}
	events, err := wechat.Events(message)
	if err != nil {
		return nil, err
	}
	out := make([]subscription.Event, 0, len(events))
	for _, e := range events {
		line := subscription.Event{OpenID: e.OpenID, TemplateID: e.TemplateID, Accepted: e.Accepted, At: e.At, MessageID: e.MessageID}
		switch e.Kind {
		case wechat.EventPopup:
			line.Source = model.SubscriptionPopup
		case wechat.EventChange:
			line.Source = model.SubscriptionChange
		case wechat.EventFollow:
			line.Follow = subscription.Followed
		case wechat.EventUnfollow:
			line.Follow = subscription.Unfollowed
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
