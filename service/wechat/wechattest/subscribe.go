package wechattest

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

// Card is a subscribe message as the user's phone shows it.
type Card struct {
	MsgID      int64     `json:"msgid"`
	OpenID     string    `json:"openid"`
	TemplateID string    `json:"template_id"`
	Title      string    `json:"title"`
	Rows       []Row     `json:"rows"`
	Page       string    `json:"page"` // opened by a tap
	State      string    `json:"miniprogram_state"`
	At         time.Time `json:"at"`
}

// Row is one line of a card.
type Row struct {
	Key   string `json:"key"`
	Label string `json:"label"`
	Value string `json:"value"`
}

// firstMsgID is above 2^53, as real ones are: a client that reads them as
// floating-point numbers loses the last digits.
const firstMsgID = int64(3248682510344192008)

const inboxLimit = 10_000

type message struct {
	OpenID   string `json:"touser"`
	Template string `json:"template_id"`
	Page     string `json:"page"`
	State    string `json:"miniprogram_state"`
	Data     map[string]struct {
		Value string `json:"value"`
	} `json:"data"`
}

// send serves subscribe/send. The allowance is counted down together with the
// delivery and only then, under one lock.
func (f *Fake) send(c *call) any {
	var m message
	if no, bad := c.read(&m); bad {
		return no
	}
	u, ok := f.users[m.OpenID]
	if !ok {
		return refusal{40003, "invalid openid"}
	}
	t, ok := f.template(m.Template)
	if !ok {
		return refusal{40037, "invalid template_id"}
	}
	if f.inFlight[m.OpenID] {
		return refusal{43108, "Cannot make concurrent calls to the same OpenID, please try again"}
	}
	if f.cfg.SendHold > 0 {
		f.inFlight[m.OpenID] = true
		f.mu.Unlock()
		time.Sleep(f.cfg.SendHold)
		f.mu.Lock()
		delete(f.inFlight, m.OpenID)
	}
	if no, bad := f.checkMessage(m, t); bad {
		return no
	}
	switch {
	case t.LongTerm && u.standing[t.ID]:
	case !t.LongTerm && u.allowance[t.ID] > 0:
		u.allowance[t.ID]--
	default:
		return refusal{43101, "user refuse to accept the msg"}
	}
	card := Card{
		MsgID: firstMsgID + int64(f.sends), OpenID: m.OpenID, TemplateID: t.ID, Title: t.Title, Page: m.Page, State: m.State, At: c.now,
	}
	for _, k := range t.Keywords {
		card.Rows = append(card.Rows, Row{k.Key, k.Label, m.Data[k.Key].Value})
	}
	told := map[string]any{"TemplateId": t.ID, "MsgID": card.MsgID, "ErrorCode": 0, "ErrorStatus": "success"}
	f.show(card, eventSent, told, func(how Late) { told["ErrorCode"], told["ErrorStatus"] = how.Code, how.Status })
	return reply{"errcode": 0, "errmsg": "ok", "msgid": card.MsgID}
}

func (f *Fake) checkMessage(m message, t Template) (refusal, bool) {
	if t.Banned {
		return refusal{43107, "subscribe message ability is banned"}, true
	}
	if page, _, _ := strings.Cut(m.Page, "?"); m.Page != "" && !f.hasPage(page) {
		return refusal{41030, "invalid page hint"}, true
	}
	for _, k := range t.Keywords { // keys that the template lacks are ignored
		value := m.Data[k.Key].Value
		switch {
		case strings.TrimSpace(value) == "":
			return refusal{47003, fmt.Sprintf("argument invalid! data.%s.value is emtpy", k.Key)}, true //nolint:misspell // as the platform writes it
		case !acceptable(k, value):
			return refusal{47003, fmt.Sprintf("argument invalid! data.%s.value invalid", k.Key)}, true
		}
		for _, word := range f.cfg.Banned {
			if strings.Contains(value, word) {
				return refusal{45168, "hit sensitive word"}, true
			}
		}
	}
	return refusal{}, false
}

func (f *Fake) hasPage(page string) bool {
	return f.cfg.Pages == nil || slices.Contains(f.cfg.Pages, page)
}

// Allow is the user's tap on 允许 for a template: one more message for a one-time
// template, all messages for a long-term one. NotFound for an unknown user or
// template.
func (f *Fake) Allow(openID, templateID string) error {
	return f.consent(openID, templateID, func(u *user, t Template) {
		if t.LongTerm {
			u.standing[t.ID] = true
		} else {
			u.allowance[t.ID]++
		}
		f.event(eventPopup, openID, map[string]any{"TemplateId": t.ID, "SubscribeStatusString": "accept", "PopupScene": 0})
	})
}

// Refuse is the user's tap on 取消 in the pop-up. It takes nothing away from a
// one-time template and ends a long-term one.
func (f *Fake) Refuse(openID, templateID string) error {
	return f.consent(openID, templateID, func(u *user, t Template) {
		delete(u.standing, t.ID)
		f.event(eventPopup, openID, map[string]any{"TemplateId": t.ID, "SubscribeStatusString": "reject", "PopupScene": 0})
	})
}

// Revoke is the user switching a template off in the settings.
func (f *Fake) Revoke(openID, templateID string) error {
	return f.consent(openID, templateID, func(u *user, t Template) {
		delete(u.standing, t.ID)
		delete(u.allowance, t.ID)
		f.event(eventChange, openID, map[string]any{"TemplateId": t.ID, "SubscribeStatusString": "reject"})
	})
}

func (f *Fake) consent(openID, templateID string, change func(*user, Template)) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	u, ok := f.users[openID]
	if !ok {
		return errNoUser
	}
	t, ok := f.template(templateID)
	if !ok {
		return errNoTemplate
	}
	change(u, t)
	return nil
}

// Inbox is what a user's phone shows, oldest first; "" is everyone's.
func (f *Fake) Inbox(openID string) []Card {
	f.mu.Lock()
	defer f.mu.Unlock()
	cards := []Card{}
	for _, c := range f.inbox {
		if openID == "" || c.OpenID == openID {
			cards = append(cards, c)
		}
	}
	return cards
}
