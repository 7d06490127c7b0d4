package wechat

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"strings"
)

const (
	templatePath = "/cgi-bin/message/template/send"
	followerPath = "/cgi-bin/user/info"

	accountTemplatesPath = "/cgi-bin/template/get_all_private_template"
)

// TemplateMessage is one template message (模板消息) of a certified service
// account (服务号) to one of its followers. A tap opens the mini-program, which
// must be bound to the account.
type TemplateMessage struct {
	OpenID     string // the follower's in the service account
	TemplateID string
	AppID      string // of the mini-program
	Page       string
	// ID makes a repeat within ten minutes the same message (client_msg_id).
	ID   string
	Data []Field
	// Repeat says that an earlier try ended Unknown.
	Repeat bool
}

// SendTemplate sends a message of the service account whose client this is. The
// Outcome alone says what to do next; the error is for the log.
func (c *Client) SendTemplate(ctx context.Context, m TemplateMessage) (Outcome, error) {
	as := SubscribeMessage{OpenID: m.OpenID, TemplateID: m.TemplateID, Page: m.Page, Data: m.Data, Repeat: m.Repeat}
	if err := as.check(); err != nil {
		return Outcome{State: Invalid, Field: fieldOf(err), Alarm: true}, err
	}
	data := make(map[string]map[string]string, len(m.Data))
	for _, f := range m.Data {
		data[f.Key] = map[string]string{"value": f.Value}
	}
	in := map[string]any{"touser": m.OpenID, "template_id": m.TemplateID, "client_msg_id": m.ID, "data": data}
	if m.Page != "" {
		in["miniprogram"] = map[string]string{"appid": m.AppID, "pagepath": m.Page}
	}
	var got struct {
		MsgID loose `json:"msgid"`
	}
	err := c.post(ctx, templatePath, in, &got)
	if err == nil {
		return Outcome{State: Accepted, MsgID: got.MsgID.id()}, nil
	}
	return outcomeOf(err, templatePath, as, c.now()), err
}

// Follower asks who a follower of the service account is: his unionid, which the
// mini-program's users have too, and whether he still follows. Errors:
// Unavailable wechat.unavailable; Internal wechat.configuration.
func (c *Client) Follower(ctx context.Context, openID string) (unionID string, follows bool, err error) {
	a, err := c.exchangeWithToken(ctx, http.MethodGet, followerPath, url.Values{"openid": {openID}, "lang": {"zh_CN"}}, nil)
	var got struct {
		Subscribe *loose `json:"subscribe"`
		UnionID   string `json:"unionid"`
	}
	if err == nil {
		err = decode(followerPath, a, &got)
	}
	if err == nil && got.Subscribe == nil { // an answer to some other question says of nobody that he left
		err = newTransportError(followerPath, true, errors.New("the answer does not say whether he follows"))
	}
	if err != nil {
		return "", false, userError(err)
	}
	return got.UnionID, *got.Subscribe == "1", nil
}

// AccountTemplates lists the template messages of a service account, to check a
// mapping. WeChat tells the keywords, and not the values that a const keyword
// may have: those stand in the console only. Errors: Unavailable
// wechat.unavailable; Internal wechat.configuration.
func (c *Client) AccountTemplates(ctx context.Context) ([]Template, error) {
	a, err := c.exchangeWithToken(ctx, http.MethodGet, accountTemplatesPath, nil, nil)
	var got struct {
		List *[]struct {
			ID      string        `json:"template_id"`
			Title   string        `json:"title"`
			Content string        `json:"content"`
			Enums   []enumKeyword `json:"keywordEnumValueList"` // undocumented here; read where it is given
		} `json:"template_list"`
	}
	if err == nil {
		err = decode(accountTemplatesPath, a, &got)
	}
	if err == nil && got.List == nil {
		err = newTransportError(accountTemplatesPath, true, errors.New("the answer holds no list of templates"))
	}
	if err != nil {
		return nil, userError(err)
	}
	out := make([]Template, 0, len(*got.List))
	for _, d := range *got.List {
		out = append(out, Template{ID: d.ID, Title: d.Title, Keys: keywordsOf(d.Content), Enums: enumsOf(d.Enums)})
	}
	return out, nil
}

// The events of a service account.
const (
	EventFollow   EventKind = "subscribe"
	EventUnfollow EventKind = "unsubscribe"
	EventJob      EventKind = "TEMPLATESENDJOBFINISH" // a template message was delivered, or was not
)

// followEvent reads the events of a service account; ok is false for others.
func followEvent(kind EventKind, e Event, msgID, status string) (Event, bool, error) {
	e.Kind = kind
	switch {
	case kind == EventFollow || kind == EventUnfollow:
		return e, true, nil
	case kind != EventJob:
		return e, false, nil
	case msgID == "":
		return e, false, errors.New("wechat push: the end of a job without its message")
	}
	switch e.MessageID, status = msgID, strings.TrimSpace(status); {
	case strings.EqualFold(status, "success"):
	case status == "":
		return e, false, errors.New("wechat push: the end of a job without its result")
	default: // failed:user block, failed: system failed, failed:freq limit, and what may come
		e.Failure = strings.TrimSpace(strings.TrimPrefix(status, "failed:"))
		if e.Failure == "" {
			e.Failure = "failed"
		}
	}
	return e, true, nil
}
