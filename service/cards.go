package service

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"microcourt/model"
	"microcourt/service/notice"
	"microcourt/service/wechat"
)

// CardTemplate says how a kind of notice fills one of the court's subscribe
// message templates.
type CardTemplate struct {
	ID       string
	LongTerm bool
	// Fields maps the template's keywords (thing1, amount2) to semantic fields:
	// case_no, court, amount, due, result, time, remark.
	Fields map[string]string
}

// Cards maps kinds of notice to templates. Kinds without one stay in the inbox.
type Cards map[model.NoticeKind]CardTemplate

// semantic are the fields that notices carry, with an example that a mapping
// is checked with.
var semantic = map[string]string{
	"case_no": "（2026）京0105执恢12345号之一", "court": "宁波市镇海区人民法院", "amount": "1234567.89", "due": "2026年3月31日",
	"result": "已确认", "time": "2026年3月2日 09:30", "remark": "请查看自动履行告知书",
	"check": "AB2CD3EF",
}

// Check proves that every template's fields can be filled, before the first
// card is sent.
func (c Cards) Check() error {
	for kind, t := range c {
		if kind.Chinese() == "" {
			return fmt.Errorf("card %s: there is no such kind of notice", kind)
		}
		if t.ID == "" || len(t.Fields) == 0 {
			return fmt.Errorf("card %s: template id and fields are required", kind)
		}
		for key, name := range t.Fields {
			example, known := semantic[name]
			if !known {
				return fmt.Errorf("card %s: %s: there is no field %q", kind, key, name)
			}
			v, err := fit(key, example)
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

// fit shortens what may be shortened: free text and case numbers, never an
// amount or a date.
func fit(key, value string) (string, error) {
	switch wechat.FieldType(key) {
	case "thing":
		if no, err := model.ParseCaseNo(value); err == nil {
			return wechat.FitCaseNo(no), nil
		}
		return wechat.FitThing(value), nil
	case "amount":
		whole, frac, _ := strings.Cut(value, ".")
		fen, err := strconv.ParseInt(whole+(frac + "00")[:2], 10, 64)
		if err != nil {
			return "", fmt.Errorf("amount %q", value)
		}
		return wechat.AmountField(model.Fen(fen))
	}
	return value, nil
}

// wechatCards is the notice channel of WeChat subscribe messages.
type wechatCards struct {
	client *wechat.Client
	cards  Cards
}

// Covers implements notice.Channel.
func (w wechatCards) Covers(kind model.NoticeKind) bool {
	_, ok := w.cards[kind]
	return ok
}

// Send implements notice.Channel.
func (w wechatCards) Send(ctx context.Context, m notice.Message) (notice.Outcome, error) {
	t := w.cards[m.Kind]
	msg := wechat.SubscribeMessage{OpenID: m.OpenID, TemplateID: t.ID, Page: m.Page, LongTerm: t.LongTerm, Repeat: m.Repeat}
	if m.Repeat && t.LongTerm {
		// A long-term card would be shown twice; nobody can tell whether it was.
		return notice.Outcome{State: model.OutboxUnknown, Template: t.ID}, nil
	}
	for key, name := range t.Fields {
		v, err := fill(key, name, m.Card, m.CheckCode, m.At)
		if err != nil {
			return notice.Outcome{State: model.OutboxInvalid}, err
		}
		msg.Data = append(msg.Data, wechat.Field{Key: key, Value: v})
	}
	o, err := w.client.SendSubscribe(ctx, msg)
	return cardOutcome(o, t.ID), err
}

// shortestPause is how long a channel that WeChat refuses rests at least.
const shortestPause = time.Minute

// fill is the value of a template's keyword.
func fill(key, name string, card map[string]string, check string, at time.Time) (string, error) {
	v := card[name]
	switch {
	case name == "check":
		v = check
	case v == "" && name == "time":
		v = at.In(model.CourtZone).Format("2006年1月2日 15:04")
	}
	if v == "" {
		v = "无"
	}
	return fit(key, v)
}

// labels name the semantic fields to staff.
var labels = map[string]string{
	"case_no": "案号", "court": "法院", "amount": "金额", "due": "期限", "result": "处理结果", "time": "时间", "remark": "温馨提示", "check": "核验码",
}

// Shows implements notice.Channel.
func (w wechatCards) Shows(n model.Notice) []notice.Line {
	t := w.cards[n.Kind]
	var out []notice.Line
	for _, key := range slices.Sorted(maps.Keys(t.Fields)) {
		v, err := fill(key, t.Fields[key], n.Card, n.CheckCode, n.CreatedAt)
		if err != nil {
			v = err.Error()
		}
		out = append(out, notice.Line{Label: labels[t.Fields[key]], Value: v})
	}
	return out
}

// wechatIdentity adapts the gateway to what identity asks for.
type wechatIdentity struct{ *wechat.Client }

// ExchangeCode implements identity.WeChat.
func (w wechatIdentity) ExchangeCode(ctx context.Context, code string) (openID, unionID string, err error) {
	id, err := w.Client.ExchangeCode(ctx, code)
	return id.OpenID, id.UnionID, err
}

// FinishRealName implements identity.RealName.
func (w wechatIdentity) FinishRealName(ctx context.Context, openID, name, idNumber, verifyID, outSeqNo string) (bool, error) {
	return w.Client.FinishRealName(ctx, wechat.RealName{
		OpenID: openID, VerifyID: verifyID, OutSeqNo: outSeqNo, Name: name, IDNumber: idNumber,
	})
}
