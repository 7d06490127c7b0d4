package wechat

import (
	"context"
	"encoding/json"
	"net/http"
	"regexp"
	"strings"

	"microcourt/model"
)

const (
	sendPath      = "/cgi-bin/message/subscribe/send"
	templatesPath = "/wxaapi/newtmpl/gettemplate"
)

// Field is one keyword of a card.
type Field struct {
	Key   string // as in the template: thing1, amount2
	Value string
}

// SubscribeMessage is one subscribe message (订阅消息) to one user. The card may
// appear on a locked screen: nothing about third parties belongs on it.
type SubscribeMessage struct {
	OpenID     string
	TemplateID string
	Page       string // opened by a tap, e.g. pages/case/detail?id=1; "" opens nothing
	Data       []Field
	// LongTerm says that the template is a long-term one (type 3), of which
	// one allowance serves many messages.
	LongTerm bool
	// Repeat says that an earlier try of this message ended Unknown. With a
	// one-time template, 43101 then means that the first try was most likely
	// delivered. A user who has allowed the template several times can get a
	// second card from a repeat; WeChat has no idempotency key for these
	// messages. Never repeat an Unknown of a long-term template.
	Repeat bool
}

var (
	openIDPattern     = regexp.MustCompile(`^[0-9A-Za-z_-]{1,64}$`)
	templateIDPattern = regexp.MustCompile(`^[0-9A-Za-z_-]{1,64}$`)
)

// SendSubscribe sends a message once; at most one send per openid should be
// under way (43108). The Outcome alone says what to do next. The error is the
// cause for the log, nil when accepted; it names no person and no content.
func (c *Client) SendSubscribe(ctx context.Context, m SubscribeMessage) (Outcome, error) {
	if err := m.check(); err != nil {
		return Outcome{State: Invalid, Field: fieldOf(err), Alarm: true}, err
	}
	msgID, err := c.send(ctx, m)
	if codeOf(err) == 41030 && m.Page != "" {
		// The released mini-program lacks the page, usually because the server
		// was upgraded first. Nothing was sent; the card is worth more than
		// where a tap leads to.
		c.log.WarnContext(ctx, "wechat: the released mini-program lacks a page, card sent without it",
			"template", m.TemplateID, "page", strings.SplitN(m.Page, "?", 2)[0])
		m.Page = ""
		msgID, err = c.send(ctx, m)
	}
	if err == nil {
		return Outcome{State: Accepted, MsgID: msgID}, nil
	}
	o := outcomeOf(err, sendPath, m, c.now())
	if o.State == Accepted {
		return o, nil
	}
	return o, err
}

func (c *Client) send(ctx context.Context, m SubscribeMessage) (msgID string, err error) {
	data := make(map[string]map[string]string, len(m.Data))
	for _, f := range m.Data {
		data[f.Key] = map[string]string{"value": f.Value}
	}
	in := map[string]any{
		"touser": m.OpenID, "template_id": m.TemplateID, "data": data,
		"miniprogram_state": c.cfg.MessageState, "lang": "zh_CN",
	}
	if m.Page != "" {
		in["page"] = m.Page
	}
	var got struct {
		Code  *int        `json:"errcode"`
		MsgID json.Number `json:"msgid"`
	}
	if err := c.post(ctx, sendPath, in, &got); err != nil {
		return "", err
	}
	if got.Code == nil { // some other JSON is not an acceptance
		return "", newTransportError(sendPath, true, errNoVerdict)
	}
	return got.MsgID.String(), nil
}

// check finds what WeChat would refuse, before a call is spent on it.
func (m SubscribeMessage) check() error {
	switch {
	case !openIDPattern.MatchString(m.OpenID):
		return model.InvalidField("openid", "wechat.openid", "用户标识格式不正确")
	case !templateIDPattern.MatchString(m.TemplateID):
		return model.InvalidField("template_id", "wechat.template", "订阅消息模板编号格式不正确")
	case strings.HasPrefix(m.Page, "/"):
		return model.InvalidField("page", "wechat.page", "小程序页面路径不能以 / 开头")
	case len(m.Data) == 0:
		return model.InvalidField("data", "wechat.field_empty", "订阅消息没有内容")
	}
	for _, f := range m.Data {
		if err := ValidateField(f.Key, f.Value); err != nil {
			return err
		}
	}
	return nil
}

// Template is a subscribe-message template of the mini-program, as the console
// has it.
type Template struct {
	ID       string
	Title    string
	LongTerm bool     // type 3; else one-time
	Keys     []string // every keyword must be sent: thing1, amount2, …
	Enums    map[string][]string
}

var keywordPattern = regexp.MustCompile(`\{\{([a-z_]+\d+)\.DATA\}\}`)

// Templates lists the templates of the mini-program, to check a configured
// mapping at start: a template deleted in the console, or one of another kind,
// is found before the first message is lost. Errors: Unavailable
// wechat.unavailable; Internal wechat.configuration.
func (c *Client) Templates(ctx context.Context) ([]Template, error) {
	a, err := c.exchangeWithToken(ctx, http.MethodGet, templatesPath, nil, nil)
	var got struct {
		Data []struct {
			ID      string `json:"priTmplId"`
			Title   string `json:"title"`
			Content string `json:"content"`
			Type    int    `json:"type"`
			Enums   []struct {
				Key    string   `json:"keywordCode"`
				Values []string `json:"enumValueList"`
			} `json:"keywordEnumValueList"`
		} `json:"data"`
	}
	if err == nil {
		err = decode(templatesPath, a, &got)
	}
	if err != nil {
		return nil, userError(err)
	}
	templates := make([]Template, 0, len(got.Data))
	for _, d := range got.Data {
		t := Template{ID: d.ID, Title: d.Title, LongTerm: d.Type == 3, Enums: map[string][]string{}}
		for _, m := range keywordPattern.FindAllStringSubmatch(d.Content, -1) {
			t.Keys = append(t.Keys, m[1])
		}
		for _, e := range d.Enums {
			t.Enums[strings.TrimSuffix(e.Key, ".DATA")] = e.Values
		}
		templates = append(templates, t)
	}
	return templates, nil
}
