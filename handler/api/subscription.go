package api

import (
	"context"
	"io"
	"net/http"
	"time"

	"github.com/gin-gonic/gin"

	"microcourt/handler/web"
	"microcourt/model"
	"microcourt/service/subscription"
	"microcourt/service/wechat"
)

// subscriptionRoutes are about what people allow WeChat to show them, and where
// WeChat tells us of it.
func (s *API) subscriptionRoutes() []Route {
	// What WeChat pushes keeps Handle: its signature is over the address and the XML as
	// they came, which the door does not hand on.
	push := []Reason{{model.NotFound, "push.off"}, {model.Forbidden, "push.signature"}}
	return []Route{
		{
			Method: http.MethodGet, Path: "/subscriptions/wanted", For: Phone, Act: model.ActSubscribe, Summary: "此时应请用户订阅哪些消息（只含其现在可能收到的）",
			Do: do(s.listWantedSubscriptions), Reasons: []Reason{{model.Invalid, "subscription.moment"}},
		},
		{
			Method: http.MethodGet, Path: "/subscriptions", For: Phone, Act: model.ActSubscribe, Summary: "本人还可以收到哪些消息", Do: do(s.listSubscriptions),
		},
		{
			Method: http.MethodPost, Path: "/subscriptions", For: Phone, Act: model.ActSubscribe, Summary: "上报 wx.requestSubscribeMessage 的结果",
			Do: do(s.recordSubscriptions),
		},
		{
			Method: http.MethodGet, Path: "/wechat/push", ID: "checkPushAddress", For: Public, Foreign: true, Act: model.ActPublic, Summary: "微信消息推送：校验地址", Input: echoQuery{},
			Produces: "text/plain", Reasons: push, Limit: web.LimitOpen, Handle: s.pushEcho(func() *wechat.Push { return s.svc.Push }),
		},
		{
			Method: http.MethodPost, Path: "/wechat/push", ID: "receivePush", For: Public, Foreign: true, Act: model.ActPublic, Summary: "微信消息推送（安全模式）", Input: pushQuery{},
			Produces: "text/plain", MaxBody: 64 << 10, Timeout: 4 * time.Second, Handle: s.push(func() *wechat.Push { return s.svc.Push }),
			Reasons: append([]Reason{{model.Invalid, "push.malformed"}}, push...),
		},
		{
			Method: http.MethodGet, Path: "/wechat/pictures/:token", For: Public, Foreign: true, Act: model.ActPublic, Summary: "微信内容安全检查取图：一次性地址，检查期间有效",
			Produces: "image/jpeg", Limit: web.LimitOpen, Do: do(s.pictureToCheck),
			Reasons: []Reason{{model.NotFound, "file.not_found"}, {model.Unavailable, "files.unavailable"}},
		},
		{
			Method: http.MethodGet, Path: "/wechat/service-push", ID: "checkServicePushAddress", For: Public, Foreign: true, Act: model.ActPublic, Summary: "服务号消息推送：校验地址", Input: echoQuery{},
			Produces: "text/plain", Reasons: push, Limit: web.LimitOpen, Handle: s.pushEcho(func() *wechat.Push { return s.svc.FollowerPush }),
		},
		{
			Method: http.MethodPost, Path: "/wechat/service-push", ID: "receiveServicePush", For: Public, Foreign: true, Act: model.ActPublic, Summary: "服务号消息推送（安全模式）", Input: pushQuery{},
			Produces: "text/plain", MaxBody: 64 << 10, Timeout: 4 * time.Second, Handle: s.push(func() *wechat.Push { return s.svc.FollowerPush }),
			Reasons: append([]Reason{{model.Invalid, "push.malformed"}}, push...),
		},
	}
}

type pictureToken struct {
	Token string `path:"token" json:"-"`
}

// checkedPicture is a picture as the check of contents takes it: the small JPEG
// that we show ourselves.
type checkedPicture []byte

func (p checkedPicture) send(c *gin.Context, status int) {
	c.Header("Cache-Control", "no-store")
	c.Data(status, "image/jpeg", p)
}

// pictureToCheck gives a picture to the check of contents, which has no account:
// the token is the right.
func (s *API) pictureToCheck(ctx context.Context, _ model.Actor, in pictureToken) (checkedPicture, error) {
	id, err := s.svc.Conversation.PictureToCheck(ctx, in.Token)
	if err != nil {
		return nil, err
	}
	o, err := s.svc.Performance.OpenPicture(ctx, id)
	if err != nil {
		return nil, err
	}
	defer func() { _ = o.Close() }() // read only
	return io.ReadAll(o)
}

type wantedQuery struct {
	At string `query:"at" json:"-" required:"true" enum:"login,case,receipt,certificate"`
}

type wantedView struct {
	TemplateIDs []string `json:"template_ids" required:"true" description:"最多三个，类型相同；空为不必询问"`
	LongTerm    bool     `json:"long_term" required:"true"`
}

func (s *API) listWantedSubscriptions(ctx context.Context, by model.Actor, in wantedQuery) (wantedView, error) {
	ids, longTerm, err := s.svc.Subscription.Wanted(ctx, by, model.Moment(in.At))
	return wantedView{TemplateIDs: append([]string{}, ids...), LongTerm: longTerm}, err
}

type subscriptionView struct {
	TemplateID string `json:"template_id" required:"true"`
	LongTerm   bool   `json:"long_term" required:"true"`
	Left       int    `json:"left" required:"true" description:"一次性模板为还可发送的条数；长期模板 1 为已订阅、0 为未订阅"`
}

type subscriptionList struct {
	Subscriptions []subscriptionView `json:"subscriptions" required:"true"`
}

func (s *API) listSubscriptions(ctx context.Context, by model.Actor, _ nothing) (subscriptionList, error) {
	list, err := s.svc.Subscription.Ledger(ctx, by)
	return subscriptionList{Subscriptions: each(list, func(t model.SubscriptionTemplate) subscriptionView {
		return subscriptionView{TemplateID: t.ID, LongTerm: t.LongTerm, Left: t.Left}
	})}, err
}

type subscriptionAnswers struct {
	withKey
	Answers map[string]any `json:"answers" required:"true" description:"模板编号 → 微信给出的结果，如 accept、acceptWithAudio、reject、ban、filter；不认识的模板和结果逐个忽略，不影响其他"`
}

func (s *API) recordSubscriptions(ctx context.Context, by model.Actor, in subscriptionAnswers) (nothing, error) {
	answers := make(subscription.Answers, len(in.Answers))
	for template, answer := range in.Answers {
		answers[template], _ = answer.(string) // what is no word is an unknown one: it costs nobody the others
	}
	return nothing{}, s.svc.Subscription.Claim(ctx, by, answers, in.Key)
}

type echoQuery struct {
	Signature string `query:"signature"`
	Timestamp string `query:"timestamp"`
	Nonce     string `query:"nonce"`
	Echo      string `query:"echostr"`
}

type pushQuery struct {
	Signature string `query:"msg_signature"`
	Timestamp string `query:"timestamp"`
	Nonce     string `query:"nonce"`
}

var errPushOff = model.E(model.NotFound, "push.off", "本院未开通微信消息推送")

func (*API) pushEcho(of func() *wechat.Push) func(*gin.Context) error {
	return func(c *gin.Context) error {
		p := of()
		if p == nil {
			return errPushOff
		}
		echo, err := p.Echo(c.Request.URL.Query())
		if err != nil {
			return err
		}
		// Whoever has no signature cannot make this page say anything; a browser must
		// not take the text for a page either.
		c.Data(http.StatusOK, "text/plain; charset=utf-8", []byte(echo))
		return nil
	}
}

// push verifies, stores and answers; the work is done later. WeChat waits for
// five seconds and then sends the same again.
func (s *API) push(of func() *wechat.Push) func(*gin.Context) error {
	return func(c *gin.Context) error {
		p := of()
		if p == nil {
			return errPushOff
		}
		body, err := io.ReadAll(c.Request.Body)
		if err != nil {
			return web.BodyError(err)
		}
		message, err := p.Open(c.Request.URL.Query(), body)
		if err != nil {
			return err
		}
		if err := s.svc.Subscription.Receive(c.Request.Context(), message); err != nil {
			return err
		}
		c.String(http.StatusOK, "success")
		return nil
	}
}
