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
	// Fields maps the template's keywords (thing1, amount2) to semantic fields:
	// case_no, court, amount, due, result, time, remark, check, title. A value that
	// begins with = is a fixed text, for keywords that take the template's own
	// values only: const5: =自动履行.
	Fields map[string]string
	// Values translates our texts into the template's own under one keyword, for
	// keywords that take no others: {const5: {已确认: 审核通过, "*": 处理中}}; * stands
	// for every other text.
	Values map[string]map[string]string
}

// Cards maps kinds of notice to templates. Kinds without one stay in the inbox.
type Cards map[model.NoticeKind]CardTemplate

// semantic are the fields that notices carry, with an example that a mapping
// is checked with.
var semantic = map[string]string{
	"case_no": "（2026）京0105执恢12345号之一", "court": "宁波市镇海区人民法院", "amount": "1234567.89", "due": "2026年3月31日",
	"result": "已确认", "time": "2026年3月2日 09:30", "remark": "请查看自动履行告知书", "title": "自动履行告知书",
	"check": "AB2CD3EF",
}

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
			example, known := semantic[name]
			if fixed, ok := strings.CutPrefix(name, "="); ok {
				example, known = fixed, true
			}
			if !known {
				return fmt.Errorf("card %s: %s: there is no field %q", kind, key, name)
			}
			v, err := t.fit(key, name, example)
			if err == nil {
				err = wechat.ValidateField(key, v)
			}
			if err != nil {
				return fmt.Errorf("card %s: %s cannot hold %s: %w", kind, key, name, err)
			}
		}
	}
	return nil
}

// Warnings tells what of the mapping may fail although nothing in it is wrong:
// keywords of types that this program does not know, keywords that take the
// template's own values only and have none here, and fields that not every
// notice of the kind carries.
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
			case (name == "amount" || name == "due") && !wechat.Text(key) && !kind.Carries(name):
				out = append(out, fmt.Sprintf("%s: not every such notice has %s; without it %s cannot be filled and the next channel is used", kind, name, key))
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
	if name != "result" {
		return nil
	}
	var out []string
	for _, r := range model.NoticeResults() {
		v, err := t.fit(key, name, r)
		if err == nil && !slices.Contains(out, v) {
			out = append(out, v)
		}
	}
	return out
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
	var err error
	if msg.Data, err = t.data(m.Card, m.Title, m.CheckCode, m.At); err != nil {
		return model.Outcome{State: model.OutboxInvalid, Template: t.ID}, err
	}
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

// labels name the semantic fields to staff.
var labels = map[string]string{
	"case_no": "案号", "court": "法院", "amount": "金额", "due": "期限", "result": "处理结果", "time": "时间", "remark": "温馨提示", "check": "核验码", "title": "通知",
}

// Shows implements the outbox's channel.
func (w WeChat) Shows(n model.Notice) []model.ShownLine {
	t := w.cards[n.Kind]
	var out []model.ShownLine
	for _, key := range slices.Sorted(maps.Keys(t.Fields)) {
		v, err := t.fill(key, n.Card, n.Title, n.CheckCode, n.CreatedAt)
		if err != nil {
			v = err.Error()
		}
		label := labels[t.Fields[key]]
		if label == "" {
			label = "固定内容"
		}
		out = append(out, model.ShownLine{Label: label, Value: v})
	}
	return out
}
