// Package channel is the ways on which messages leave the court: cards in
// WeChat, template messages of the service account, text messages; and how what
// WeChat pushes is read. It fits what a notice carries into what a gateway
// takes, and says in the court's words what became of it. Which way is tried
// next, and who gets it there, is model.Way.
package channel

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"microcourt/model"
	"microcourt/service/wechat"
)

// CardTemplate says how a kind of notice fills one of the court's subscribe
// message templates.
type CardTemplate struct {
	ID       string
	LongTerm bool
	// Fields maps the template's keywords (thing1, time2) to what model.CardFields
	// names: kind, court, phone, time, check. A value that begins with = is a fixed
	// text, for keywords that take the template's own values only: const5: =自动履行.
	Fields map[string]string
	// Values translates our texts into the template's own under one keyword, for
	// keywords that take no others: {const5: {履行期限提醒: 到期提醒, "*": 案件通知}}; *
	// stands for every other text.
	Values map[string]map[string]string
}

// Cards maps kinds of notice to templates. Kinds without one stay in the inbox.
type Cards map[model.NoticeKind]CardTemplate

// examples are what a mapping of each field is checked with.
var examples = map[string]string{"kind": "自动履行催告书（再次）", "court": "宁波市镇海区人民法院", "phone": "0574-12368", "time": "2026年3月2日 09:30", "check": "AB2CD3EF"}

// never are fields that mappings had and that no card shows any more: what stands on
// a lock screen is read by others.
var never = []string{"case_no", "amount", "due", "result", "remark", "title"}

// Check proves that every template's fields can be filled, before the first
// card is sent. A keyword of a type that is not known is no error; see Warnings.
func (c Cards) Check() error {
	for _, kind := range slices.Sorted(maps.Keys(c)) {
		t := c[kind]
		if kind.Chinese() == "" {
			return fmt.Errorf("card %s: there is no such kind of notice", kind)
		}
		if t.ID == "" || len(t.Fields) == 0 {
			return fmt.Errorf("card %s: template id and fields are required", kind)
		}
		for _, key := range slices.Sorted(maps.Keys(t.Fields)) {
			name := t.Fields[key]
			example, known := examples[name]
			if fixed, ok := strings.CutPrefix(name, "="); ok {
				example, known = fixed, true
			}
			if slices.Contains(never, name) {
				return fmt.Errorf("card %s: %s: a card never shows %s; it shows kind, court, phone, time, check", kind, key, name)
			}
			if !known {
				return fmt.Errorf("card %s: %s: there is no field %q", kind, key, name)
			}
			if err := wechat.ValidateField(key, t.fit(key, name, example)); err != nil {
				return fmt.Errorf("card %s: %s cannot hold %s: %w", kind, key, name, err)
			}
		}
	}
	return nil
}

// Warnings tells what of the mapping may fail although nothing in it is wrong:
// keywords of types that this program does not know, and keywords that take the
// template's own values only and have none here.
func (c Cards) Warnings() (out []string) {
	for _, kind := range slices.Sorted(maps.Keys(c)) {
		t := c[kind]
		for _, key := range slices.Sorted(maps.Keys(t.Fields)) {
			name := t.Fields[key]
			switch {
			case !wechat.Known(key):
				out = append(out, fmt.Sprintf("%s: the limits of keyword %s are not known; it is sent as text of at most 20 characters", kind, key))
			case wechat.Listed(key) && !strings.HasPrefix(name, "=") && len(t.Values[key]) == 0:
				out = append(out, fmt.Sprintf("%s: %s takes the template's own values only; map them under values", kind, key))
			}
		}
	}
	return out
}

// texts lists everything that a mapping may put under a keyword, for comparison
// with a template's own values; nil when that is no list.
func (t CardTemplate) texts(key string) []string {
	name := t.Fields[key]
	if fixed, ok := strings.CutPrefix(name, "="); ok {
		return []string{fixed}
	}
	values := t.Values[key]
	if _, all := values["*"]; all {
		return slices.Sorted(maps.Values(values))
	}
	return nil
}

// Outside lists what the mapping may put under a keyword and the template does
// not take.
func (t CardTemplate) Outside(key string, allowed []string) (out []string) {
	for _, v := range t.texts(key) {
		if !slices.Contains(allowed, v) {
			out = append(out, v)
		}
	}
	if t.texts(key) == nil {
		return []string{"{" + t.Fields[key] + "}"}
	}
	return out
}

// WeChat is the channel of subscribe messages.
type WeChat struct {
	client *wechat.Client
	cards  Cards
	push   bool // WeChat tells us what became of them
}

// Covers implements the outbox's channel.
func (w WeChat) Covers(kind model.NoticeKind) bool {
	_, ok := w.cards[kind]
	return ok
}

// Template implements the outbox's channel.
func (w WeChat) Template(kind model.NoticeKind) (id string, longTerm bool) {
	return w.cards[kind].ID, w.cards[kind].LongTerm
}

// Confirms implements the outbox's channel: WeChat tells when its pushes are set up.
func (w WeChat) Confirms() bool { return w.push }

// Send implements the outbox's channel. A repeat is a second card on the phone if the
// first was shown and the user allows more: it is tried only where the ledger
// says that he allows one, which a shown card has used up. Otherwise nobody can
// tell but WeChat's own report.
func (w WeChat) Send(ctx context.Context, m model.Outgoing) (model.Outcome, error) {
	t := w.cards[m.Kind]
	msg := wechat.SubscribeMessage{OpenID: m.OpenID, TemplateID: t.ID, Page: m.Page, LongTerm: t.LongTerm, Repeat: m.Repeat}
	if m.Repeat && (t.LongTerm || m.Left != 1) {
		return model.Outcome{State: model.OutboxUnknown, Template: t.ID}, nil
	}
	msg.Data = t.data(m.Shown(), m.CheckCode, m.At)
	o, err := w.client.SendSubscribe(ctx, msg)
	return cardOutcome(o, t.ID), err
}

// NewWeChat makes the channel; pushed says that WeChat tells us what became of
// the cards.
func NewWeChat(client *wechat.Client, cards Cards, pushed bool) WeChat {
	return WeChat{client, cards, pushed}
}

// shortestPause is how long a channel that WeChat refuses rests at least.
const shortestPause = time.Minute

// Shows implements the outbox's channel.
func (w WeChat) Shows(n model.Notice) []model.ShownLine {
	t := w.cards[n.Kind]
	var out []model.ShownLine
	for _, key := range slices.Sorted(maps.Keys(t.Fields)) {
		v := t.fill(key, n.Shown(), n.CheckCode, n.CreatedAt)
		label := model.CardFields[t.Fields[key]]
		if label == "" {
			label = "固定内容"
		}
		out = append(out, model.ShownLine{Label: label, Value: v})
	}
	return out
}
