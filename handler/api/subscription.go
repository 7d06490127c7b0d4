package api

import (
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
	push := []Reason{{model.NotFound, "push.off"}, {model.Forbidden, "push.signature"}}
	return []Route{
		{
			Method: http.MethodGet, Path: "/subscriptions/wanted", For: Phone, Act: model.ActSubscribe, Summary: "此时应请用户订阅哪些消息", Input: wantedQuery{},
			Output: wantedView{}, Handle: s.wanted, Reasons: []Reason{{model.Invalid, "subscription.moment"}},
		},
		{
			Method: http.MethodGet, Path: "/subscriptions", For: Phone, Act: model.ActSubscribe, Summary: "本人还可以收到哪些消息", Output: subscriptionList{},
			Handle: s.subscriptions,
		},
		{
			Method: http.MethodPost, Path: "/subscriptions", For: Phone, Act: model.ActSubscribe, Summary: "上报 wx.requestSubscribeMessage 的结果",
			Input: subscriptionAnswers{}, Status: http.StatusNoContent, Handle: s.subscribe, Reasons: []Reason{
				{model.Invalid, "idempotency.required"},
				{model.Invalid, "subscription.template"},
				{model.Invalid, "subscription.answer"},
			},
		},
		{
			Method: http.MethodGet, Path: "/wechat/push", For: Public, Foreign: true, Act: model.ActPublic, Summary: "微信消息推送：校验地址", Input: echoQuery{},
			Produces: "text/plain", Reasons: push, Limit: web.LimitOpen, Handle: s.pushEcho(func() *wechat.Push { return s.svc.Push }),
		},
		{
			Method: http.MethodPost, Path: "/wechat/push", For: Public, Foreign: true, Act: model.ActPublic, Summary: "微信消息推送（安全模式）", Input: pushQuery{},
			Produces: "text/plain", MaxBody: 64 << 10, Timeout: 4 * time.Second, Handle: s.push(func() *wechat.Push { return s.svc.Push }),
			Reasons: append([]Reason{{model.Invalid, "push.malformed"}}, push...),
		},
		{
			Method: http.MethodGet, Path: "/wechat/pictures/:token", For: Public, Act: model.ActPublic, Summary: "微信内容安全检查取图：一次性地址，检查期间有效", Input: pictureToken{},
			Produces: "image/jpeg", Limit: web.LimitOpen, Handle: s.pictureToCheck, Reasons: []Reason{{model.NotFound, "file.not_found"}},
		},
		{
			Method: http.MethodGet, Path: "/wechat/service-push", For: Public, Foreign: true, Act: model.ActPublic, Summary: "服务号消息推送：校验地址", Input: echoQuery{},
			Produces: "text/plain", Reasons: push, Limit: web.LimitOpen, Handle: s.pushEcho(func() *wechat.Push { return s.svc.FollowerPush }),
		},
		{
			Method: http.MethodPost, Path: "/wechat/service-push", For: Public, Foreign: true, Act: model.ActPublic, Summary: "服务号消息推送（安全模式）", Input: pushQuery{},
			Produces: "text/plain", MaxBody: 64 << 10, Timeout: 4 * time.Second, Handle: s.push(func() *wechat.Push { return s.svc.FollowerPush }),
			Reasons: append([]Reason{{model.Invalid, "push.malformed"}}, push...),
		},
	}
}

type pictureToken struct {
	Token string `path:"token" json:"-"`
}

// pictureToCheck gives a picture to the check of contents, which has no account:
// the token is the right.
func (s *API) pictureToCheck(c *gin.Context) error {
	id, err := s.svc.Conversation.PictureToCheck(c.Request.Context(), c.Param("token"))
	if err != nil {
		return err
	}
	o, err := s.svc.Performance.OpenPicture(c.Request.Context(), id)
	if err != nil {
		return err
	}
	defer func() { _ = o.Close() }() // read only
	c.Header("Cache-Control", "no-store")
	c.Header("Content-Type", "image/jpeg")
	_, err = io.Copy(c.Writer, o)
	return err
}

type wantedQuery struct {
	At string `query:"at" required:"true" enum:"login,case,receipt,certificate"`
}

type wantedView struct {
	TemplateIDs []string `json:"template_ids" required:"true" description:"最多三个，类型相同；空为不必询问"`
	LongTerm    bool     `json:"long_term" required:"true"`
}

func (s *API) wanted(c *gin.Context) error {
	ids, longTerm, err := s.svc.Subscription.Wanted(c.Request.Context(), web.Actor(c), model.Moment(c.Query("at")))
	if err != nil {
		return err
	}
	v := wantedView{TemplateIDs: ids, LongTerm: longTerm}
	if ids == nil {
		v.TemplateIDs = []string{}
	}
	c.JSON(http.StatusOK, v)
	return nil
}

type subscriptionView struct {
	TemplateID string `json:"template_id" required:"true"`
	LongTerm   bool   `json:"long_term" required:"true"`
	Left       int    `json:"left" required:"true" description:"一次性模板为还可发送的条数；长期模板 1 为已订阅、0 为未订阅"`
}

type subscriptionList struct {
	Subscriptions []subscriptionView `json:"subscriptions" required:"true"`
}

func (s *API) subscriptions(c *gin.Context) error {
	list, err := s.svc.Subscription.Ledger(c.Request.Context(), web.Actor(c))
	if err != nil {
		return err
	}
	v := subscriptionList{Subscriptions: []subscriptionView{}}
	for _, t := range list {
		v.Subscriptions = append(v.Subscriptions, subscriptionView{TemplateID: t.ID, LongTerm: t.LongTerm, Left: t.Left})
	}
	c.JSON(http.StatusOK, v)
	return nil
}

type subscriptionAnswers struct {
	Key     string            `header:"Idempotency-Key" json:"-" required:"true"`
	Answers map[string]string `json:"answers" required:"true" description:"模板编号 → 微信给出的结果，如 accept、acceptWithAudio、reject、ban、filter"`
}

func (s *API) subscribe(c *gin.Context) error {
	key, err := idempotencyKey(c)
	if err != nil {
		return err
	}
	var req subscriptionAnswers
	if err := bind(c, &req); err != nil {
		return err
	}
	if err := s.svc.Subscription.Claim(c.Request.Context(), web.Actor(c), subscription.Answers(req.Answers), key); err != nil {
		return err
	}
	c.Status(http.StatusNoContent)
	return nil
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
