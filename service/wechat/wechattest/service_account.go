package wechattest

import (
	"time"

	"microcourt/service/wechat"
)

// TemplateFollower is the service account's template message of the
// demonstration; it has the keywords of TemplateDue.
const TemplateFollower = "demo_follower_notice_00000000000000000000a"

// dedupeFor is how long a client_msg_id stands for one message.
const dedupeFor = 10 * time.Minute

// sentOnce is a message by its client_msg_id.
type sentOnce struct {
	msgID int64
	at    time.Time
}

// Follow makes a user, who may be new, follow the service account.
func (f *Fake) Follow(unionID string) (openID string) {
	openID = f.AddUser(User{UnionID: unionID}).OpenID
	f.mu.Lock()
	defer f.mu.Unlock()
	f.follows[openID] = true
	f.event(eventFollow, openID, nil)
	return openID
}

// Unfollow ends it.
func (f *Fake) Unfollow(openID string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	delete(f.follows, openID)
	f.event(eventUnfollow, openID, nil)
}

// sendTemplate serves template/send of a service account.
func (f *Fake) sendTemplate(c *call) any {
	var m struct {
		message
		ClientID string `json:"client_msg_id"`
		Mini     struct {
			AppID string `json:"appid"`
			Page  string `json:"pagepath"`
		} `json:"miniprogram"`
	}
	if no, bad := c.read(&m); bad {
		return no
	}
	switch {
	case f.cfg.AppID != wechat.DemoServiceAppID:
		return refusal{48001, "api unauthorized"}
	case f.users[m.OpenID] == nil:
		return refusal{40003, "invalid openid"}
	case !f.follows[m.OpenID]:
		return refusal{43004, "require subscribe"}
	case m.Mini.AppID != "" && m.Mini.AppID != wechat.DemoAppID: // not bound to the account
		return refusal{40013, "invalid appid"}
	}
	key := m.OpenID + " " + m.ClientID
	if old, known := f.once[key]; known && m.ClientID != "" && c.now.Sub(old.at) < dedupeFor {
		return reply{"errcode": 0, "errmsg": "ok", "msgid": old.msgID}
	}
	t, ok := f.template(m.Template)
	if !ok {
		return refusal{40037, "invalid template_id"}
	}
	if no, bad := f.checkMessage(m.message, t); bad {
		return no
	}
	card := Card{
		MsgID: firstMsgID + int64(f.sends), OpenID: m.OpenID, TemplateID: t.ID, Title: t.Title, Page: m.Mini.Page, At: c.now,
	}
	for _, k := range t.Keywords {
		card.Rows = append(card.Rows, Row{k.Key, k.Label, m.Data[k.Key].Value})
	}
	f.once[key] = sentOnce{card.MsgID, c.now}
	told := map[string]any{"MsgID": card.MsgID, "Status": "success"}
	f.show(card, eventJob, told, func(how Late) { told["Status"] = how.Status })
	return reply{"errcode": 0, "errmsg": "ok", "msgid": card.MsgID}
}

// followerInfo serves user/info of a service account.
func (f *Fake) followerInfo(c *call) any {
	openID := c.query.Get("openid")
	u, ok := f.users[openID]
	switch {
	case f.cfg.AppID != wechat.DemoServiceAppID:
		return refusal{48001, "api unauthorized"}
	case !ok:
		return refusal{40003, "invalid openid"}
	case !f.follows[openID]:
		return reply{"subscribe": 0, "openid": openID}
	}
	return reply{"subscribe": 1, "openid": openID, "unionid": u.UnionID}
}
