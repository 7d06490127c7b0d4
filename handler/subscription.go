package handler

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
func (s *server) subscriptionRoutes() []route {
	push := []reason{{model.NotFound, "push.off"}, {model.Forbidden, "push.signature"}}
	return []route{
		{
			method: http.MethodGet, path: "/subscriptions/wanted", act: model.ActSubscribe, summary: "此时应请用户订阅哪些消息", input: wantedQuery{},
			output: wantedView{}, handle: s.wanted, reasons: []reason{{model.Invalid, "subscription.moment"}},
		},
		{
			method: http.MethodGet, path: "/subscriptions", act: model.ActSubscribe, summary: "本人还可以收到哪些消息", output: subscriptionList{},
			handle: s.subscriptions,
		},
		{
			method: http.MethodPost, path: "/subscriptions", act: model.ActSubscribe, summary: "上报 wx.requestSubscribeMessage 的结果",
			input: subscriptionAnswers{}, status: http.StatusNoContent, handle: s.subscribe, reasons: []reason{
				{model.Invalid, "idempotency.required"},
				{model.Invalid, "subscription.template"},
				{model.Invalid, "subscription.answer"},
			},
		},
		{
			method: http.MethodGet, path: "/wechat/push", act: model.ActPublic, summary: "微信消息推送：校验地址", input: echoQuery{},
			produces: "text/plain", reasons: push, limit: limitOpen, handle: s.pushEcho(func() *wechat.Push { return s.svc.Push }),
		},
		{
			method: http.MethodPost, path: "/wechat/push", act: model.ActPublic, summary: "微信消息推送（安全模式）", input: pushQuery{},
			produces: "text/plain", maxBody: 64 << 10, timeout: 4 * time.Second, handle: s.push(func() *wechat.Push { return s.svc.Push }),
			reasons: append([]reason{{model.Invalid, "push.malformed"}}, push...),
		},
		{
			method: http.MethodGet, path: "/wechat/pictures/:token", act: model.ActPublic, summary: "微信内容安全检查取图：一次性地址，检查期间有效", input: pictureToken{},
			produces: "image/jpeg", limit: limitOpen, handle: s.pictureToCheck, reasons: []reason{{model.NotFound, "file.not_found"}},
		},
		{
			method: http.MethodGet, path: "/wechat/service-push", act: model.ActPublic, summary: "服务号消息推送：校验地址", input: echoQuery{},
			produces: "text/plain", reasons: push, limit: limitOpen, handle: s.pushEcho(func() *wechat.Push { return s.svc.FollowerPush }),
		},
		{
			method: http.MethodPost, path: "/wechat/service-push", act: model.ActPublic, summary: "服务号消息推送（安全模式）", input: pushQuery{},
			produces: "text/plain", maxBody: 64 << 10, timeout: 4 * time.Second, handle: s.push(func() *wechat.Push { return s.svc.FollowerPush }),
			reasons: append([]reason{{model.Invalid, "push.malformed"}}, push...),
		},
	}
}

type pictureToken struct {
	Token string `path:"token" json:"-"`
}

// pictureToCheck gives a picture to the check of contents, which has no account:
// the token is the right.
func (s *server) pictureToCheck(c *gin.Context) error {
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

func (s *server) wanted(c *gin.Context) error {
	ids, longTerm, err := s.svc.Subscription.Wanted(c.Request.Context(), actor(c), model.Moment(c.Query("at")))
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

func (s *server) subscriptions(c *gin.Context) error {
	list, err := s.svc.Subscription.Ledger(c.Request.Context(), actor(c))
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

func (s *server) subscribe(c *gin.Context) error {
	key, err := idempotencyKey(c)
	if err != nil {
		return err
	}
	var req subscriptionAnswers
	if err := bind(c, &req); err != nil {
		return err
	}
	if err := s.svc.Subscription.Claim(c.Request.Context(), actor(c), subscription.Answers(req.Answers), key); err != nil {
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

func (*server) pushEcho(of func() *wechat.Push) func(*gin.Context) error {
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
func (s *server) push(of func() *wechat.Push) func(*gin.Context) error {
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
