package wechat

import (
	"context"
	"net/http"
	"regexp"
	"slices"
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
	// Repeat says that an earlier try of this message ended Unknown. 43101 then
	// leaves it Unknown: the first try may have used the allowance up. A user who has allowed the template several times can get a
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
	return outcomeOf(err, sendPath, m, c.now()), err
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
		MsgID loose `json:"msgid"` // accepted is accepted, whatever form the id has
	}
	if err := c.post(ctx, sendPath, in, &got); err != nil {
		return "", err
	}
	return got.MsgID.id(), nil
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
	// Enums are the only values of the keywords that have such a list.
	Enums map[string][]string
}

// keywordPattern finds the keywords in a template's text. Their types are an
// open list, and old templates have keywords without a number (first, remark).
var keywordPattern = regexp.MustCompile(`\{\{\s*([A-Za-z][A-Za-z0-9_]*)\.DATA\s*\}\}`)

// keywordsOf lists the keywords in a template's text, each once.
func keywordsOf(content string) (keys []string) {
	for _, m := range keywordPattern.FindAllStringSubmatch(content, -1) {
		if !slices.Contains(keys, m[1]) {
			keys = append(keys, m[1])
		}
	}
	return keys
}

// enumKeyword is a keyword that takes the template's own values only.
type enumKeyword struct {
	Key    string   `json:"keywordCode"`
	Values []string `json:"enumValueList"`
}

func enumsOf(list []enumKeyword) map[string][]string {
	out := map[string][]string{}
	for _, e := range list {
		out[strings.TrimSuffix(strings.Trim(e.Key, "{} "), ".DATA")] = e.Values
	}
	return out
}

// Templates lists the templates of the mini-program, to check a configured
// mapping at start: a template deleted in the console, or one of another kind,
// is found before the first message is lost. Errors: Unavailable
// wechat.unavailable; Internal wechat.configuration.
func (c *Client) Templates(ctx context.Context) ([]Template, error) {
	a, err := c.exchangeWithToken(ctx, http.MethodGet, templatesPath, nil, nil)
	var got struct {
		Data []struct {
			ID      string        `json:"priTmplId"`
			Title   string        `json:"title"`
			Content string        `json:"content"`
			Type    int           `json:"type"`
			Enums   []enumKeyword `json:"keywordEnumValueList"`
		} `json:"data"`
	}
	if err == nil && !a.said {
		err = newTransportError(templatesPath, true, errNoVerdict)
	}
	if err == nil {
		err = decode(templatesPath, a, &got)
	}
	if err != nil {
		return nil, userError(err)
	}
	templates := make([]Template, 0, len(got.Data))
	for _, d := range got.Data {
		t := Template{ID: d.ID, Title: d.Title, LongTerm: d.Type == 3, Enums: enumsOf(d.Enums)}
		t.Keys = keywordsOf(d.Content)
		templates = append(templates, t)
	}
	return templates, nil
}
