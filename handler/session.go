package handler

import (
	"net/http"
	"strings"
	"time"

	"github.com/gin-gonic/gin"

	"microcourt/handler/web"
	"microcourt/model"
	"microcourt/service/identity"
)

func (s *server) sessionRoutes() []route {
	password := []reason{{model.Unauthenticated, "login.wrong"}, {model.TooMany, "login.locked"}}
	wechat := []reason{
		{model.Invalid, "wechat.code_format"},
		{model.Unauthenticated, "wechat.code_used"},
		{model.Forbidden, "wechat.user_blocked"},
		{model.Unavailable, "wechat.unavailable"},
		{model.Forbidden, "account.disabled"},
	}
	return []route{
		{
			method: http.MethodPost, path: "/sessions/wechat", act: model.ActPublic, summary: "小程序登录", input: wechatLogin{},
			output: sessionView{}, status: http.StatusCreated, reasons: wechat, limit: limitLogin, handle: s.loginWeChat,
		},
		{
			method: http.MethodPost, path: "/sessions/staff", act: model.ActPublic, summary: "工作人员登录（密码加动态口令）",
			input: staffLogin{}, output: sessionView{}, status: http.StatusCreated, reasons: password, limit: limitLogin,
			handle: s.loginStaff,
		},
		{
			method: http.MethodPost, path: "/sessions/scan", act: model.ActPublic, summary: "工作台申请扫码登录", output: ticketView{},
			status: http.StatusCreated, limit: limitLogin, handle: s.beginScan,
		},
		{
			method: http.MethodPost, path: "/sessions/scan/approve", act: model.ActApproveScan, summary: "在小程序中同意工作台登录",
			input: scanApproval{}, status: http.StatusNoContent, limit: limitLogin, handle: s.approveScan, reasons: append(wechat,
				reason{model.NotFound, "scan.not_found"}, reason{model.Forbidden, "scan.not_linked"}, reason{model.Forbidden, "scan.other_user"}),
		},
		{
			method: http.MethodPost, path: "/sessions/scan/collect", act: model.ActPublic, summary: "工作台领取扫码登录的结果",
			input: scanCollection{}, output: scanResult{}, handle: s.collectScan, reasons: []reason{{model.NotFound, "scan.not_found"}},
		},
		{
			method: http.MethodDelete, path: "/sessions/current", act: model.ActPublic, summary: "退出登录", status: http.StatusNoContent,
			handle: s.logout,
		},
		{method: http.MethodGet, path: "/me", act: model.ActSelf, summary: "当前用户", output: meView{}, handle: s.me},
		{
			method: http.MethodPost, path: "/me/password", act: model.ActPublic, summary: "修改密码（修改后需重新登录）",
			input: passwordChange{}, status: http.StatusNoContent, limit: limitLogin, handle: s.changePassword,
			reasons: []reason{
				{model.Unauthenticated, "session.required"},
				{model.Invalid, "password.weak"},
				{model.Invalid, "login.wrong"},
				{model.Forbidden, "role.forbidden"},
			},
		},
		{
			method: http.MethodPost, path: "/me/staff-link", act: model.ActApproveScan, summary: "把微信关联到本人的工作人员账号",
			input: staffLogin{}, status: http.StatusNoContent, limit: limitLogin, handle: s.linkStaff,
			reasons: append(password, reason{model.Forbidden, "password.must_change"}),
		},
	}
}

type wechatLogin struct {
	Code string `json:"code" required:"true" description:"wx.login 返回的 code"`
}

type staffLogin struct {
	Login    string `json:"login" required:"true" description:"登录名"`
	Password string `json:"password" required:"true" description:"密码"`
	TOTP     string `json:"totp" required:"true" description:"动态口令（6 位）"`
}

type sessionView struct {
	Token      string    `json:"token" required:"true" description:"会话令牌，放入 Authorization: Bearer"`
	ExpiresAt  time.Time `json:"expires_at" required:"true"`
	MustChange bool      `json:"must_change_password" required:"true" description:"为 true 时必须先修改初始密码"`
}

func viewSession(v *identity.Session) sessionView {
	return sessionView{Token: v.Token, ExpiresAt: v.ExpiresAt, MustChange: v.MustChange}
}

type ticketView struct {
	Ticket    string    `json:"ticket" required:"true" description:"显示为二维码，由小程序扫描"`
	Secret    string    `json:"secret" required:"true" description:"只留在本工作台，用于领取登录结果"`
	ExpiresAt time.Time `json:"expires_at" required:"true"`
}

type scanApproval struct {
	Ticket string `json:"ticket" required:"true" description:"扫描得到的内容"`
	Code   string `json:"code" required:"true" description:"重新调用 wx.login 得到的 code"`
}

type scanCollection struct {
	Ticket string `json:"ticket" required:"true"`
	Secret string `json:"secret" required:"true"`
}

type scanResult struct {
	State   string       `json:"state" required:"true" enum:"pending,approved"`
	Session *sessionView `json:"session,omitempty"`
}

type passwordChange struct {
	Old string `json:"old_password" required:"true"`
	New string `json:"new_password" required:"true" description:"至少 10 位"`
}

type meView struct {
	UserID   int64         `json:"user_id" required:"true"`
	Name     string        `json:"name" required:"true"`
	Roles    []string      `json:"roles" required:"true"`
	CourtID  int64         `json:"court_id" required:"true"`
	Bindings []bindingView `json:"bindings" required:"true"`
}

func (s *server) loginWeChat(c *gin.Context) error {
	var req wechatLogin
	if err := bind(c, &req); err != nil {
		return err
	}
	sess, err := s.svc.Identity.LoginWeChat(c.Request.Context(), actor(c), req.Code)
	if err != nil {
		return err
	}
	c.JSON(http.StatusCreated, viewSession(sess))
	return nil
}

func (s *server) loginStaff(c *gin.Context) error {
	var req staffLogin
	if err := bind(c, &req); err != nil {
		return err
	}
	sess, err := s.svc.Identity.LoginStaff(c.Request.Context(), actor(c), req.Login, req.Password, req.TOTP)
	if err != nil {
		return err
	}
	c.JSON(http.StatusCreated, viewSession(sess))
	return nil
}

func (s *server) beginScan(c *gin.Context) error {
	t, err := s.svc.Identity.BeginScan(c.Request.Context())
	if err != nil {
		return err
	}
	c.JSON(http.StatusCreated, ticketView{Ticket: t.Code, Secret: t.Secret, ExpiresAt: t.ExpiresAt})
	return nil
}

func (s *server) approveScan(c *gin.Context) error {
	var req scanApproval
	if err := bind(c, &req); err != nil {
		return err
	}
	if err := s.svc.Identity.ApproveScan(c.Request.Context(), actor(c), req.Ticket, req.Code); err != nil {
		return err
	}
	c.Status(http.StatusNoContent)
	return nil
}

func (s *server) collectScan(c *gin.Context) error {
	var req scanCollection
	if err := bind(c, &req); err != nil {
		return err
	}
	sess, err := s.svc.Identity.CollectScan(c.Request.Context(), actor(c), req.Ticket, req.Secret)
	if err != nil {
		return err
	}
	res := scanResult{State: "pending"}
	if sess != nil {
		v := viewSession(sess)
		res.State, res.Session = "approved", &v
	}
	c.JSON(http.StatusOK, res)
	return nil
}

func (s *server) logout(c *gin.Context) error {
	_, token, _ := strings.Cut(c.GetHeader("Authorization"), " ")
	if actor(c).UserID != 0 {
		if err := s.svc.Identity.Logout(c.Request.Context(), token); err != nil {
			return err
		}
	}
	web.LeaveNothing(c)
	c.Status(http.StatusNoContent)
	return nil
}

func (s *server) me(c *gin.Context) error {
	a := actor(c)
	bound, err := s.svc.Identity.Bindings(c.Request.Context(), a)
	if err != nil {
		return err
	}
	v := meView{UserID: a.UserID, Name: a.Name, CourtID: a.CourtID, Roles: []string{}, Bindings: viewBindings(bound)}
	for _, r := range a.Roles {
		v.Roles = append(v.Roles, string(r))
	}
	c.JSON(http.StatusOK, v)
	return nil
}

func (s *server) changePassword(c *gin.Context) error {
	var req passwordChange
	if err := bind(c, &req); err != nil {
		return err
	}
	if err := s.svc.Identity.ChangePassword(c.Request.Context(), actor(c), req.Old, req.New); err != nil {
		return err
	}
	c.Status(http.StatusNoContent)
	return nil
}

func (s *server) linkStaff(c *gin.Context) error {
	var req staffLogin
	if err := bind(c, &req); err != nil {
		return err
	}
	if err := s.svc.Identity.LinkStaff(c.Request.Context(), actor(c), req.Login, req.Password, req.TOTP); err != nil {
		return err
	}
	c.Status(http.StatusNoContent)
	return nil
}
