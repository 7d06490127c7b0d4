package api

import (
	"context"
	"net/http"
	"time"

	"github.com/gin-gonic/gin"

	"microcourt/handler/web"
	"microcourt/model"
	"microcourt/service/identity"
)

func (s *API) sessionRoutes() []Route {
	password := []Reason{{model.Unauthenticated, "login.wrong"}, {model.TooMany, "login.locked"}}
	wechat := []Reason{
		{model.Invalid, "wechat.code_format"},
		{model.Unauthenticated, "wechat.code_used"},
		{model.Forbidden, "wechat.user_blocked"},
		{model.Unavailable, "wechat.unavailable"},
		{model.Forbidden, "account.disabled"},
	}
	return []Route{
		{
			Method: http.MethodPost, Path: "/sessions/wechat", For: Phone, Act: model.ActPublic, Summary: "小程序登录", Status: http.StatusCreated, Reasons: wechat, Limit: web.LimitLogin, Do: do(s.loginWeChat),
		},
		{
			Method: http.MethodPost, Path: "/sessions/staff", For: PhoneStaff, Act: model.ActPublic, Summary: "工作人员登录（密码加动态口令）",
			Status: http.StatusCreated, Reasons: password, Limit: web.LimitLogin, Do: do(s.loginStaff),
		},
		{
			Method: http.MethodPost, Path: "/sessions/scan/look", For: PhoneStaff, Act: model.ActApproveScan, Summary: "在小程序中查看是哪个浏览器申请登录",
			Limit: web.LimitLogin, Do: do(s.lookScan), Reasons: []Reason{
				{model.NotFound, "scan.not_found"}, {model.Forbidden, "scan.not_linked"}, {model.Forbidden, "account.disabled"},
			},
		},
		{
			Method: http.MethodPost, Path: "/sessions/scan/approve", For: PhoneStaff, Act: model.ActApproveScan, Summary: "在小程序中同意工作台登录",
			Limit: web.LimitLogin, Do: do(s.approveScan), Reasons: append(wechat,
				Reason{model.NotFound, "scan.not_found"}, Reason{model.Forbidden, "scan.not_linked"}, Reason{model.Forbidden, "scan.other_user"}),
		},
		{
			Method: http.MethodDelete, Path: "/sessions/current", For: Phone | PhoneStaff, Act: model.ActPublic, Summary: "退出登录", Status: http.StatusNoContent,
			Limit: web.LimitOpen, Do: do(s.logout),
		},
		{Method: http.MethodGet, Path: "/me", For: Phone | PhoneStaff, Act: model.ActSelf, Summary: "当前用户", Do: do(s.readMe)},
		{
			Method: http.MethodPost, Path: "/me/second-factor", For: PhoneStaff, Act: model.ActPublic, Summary: "首次登录或重置后，显示本人要登记的动态口令密钥",
			Limit: web.LimitLogin, Do: do(s.showSecondFactor),
			Reasons: []Reason{
				{model.Unauthenticated, "session.required"}, {model.Forbidden, "role.forbidden"}, {model.Conflict, "totp.enrolled"},
			},
		},
		{
			Method: http.MethodPost, Path: "/me/password", For: PhoneStaff, Act: model.ActPublic, Summary: "修改密码（修改后需重新登录）",
			Limit: web.LimitLogin, Do: do(s.changePassword),
			Reasons: []Reason{
				{model.Unauthenticated, "session.required"},
				{model.Invalid, "password.weak"},
				{model.Invalid, "password.common"},
				{model.Invalid, "totp.wrong"},
				{model.TooMany, "login.locked"},
				{model.Invalid, "login.wrong"},
				{model.Forbidden, "role.forbidden"},
			},
		},
		{
			Method: http.MethodPost, Path: "/me/staff-link", For: PhoneStaff, Act: model.ActApproveScan, Summary: "把微信关联到本人的工作人员账号",
			Limit: web.LimitLogin, Do: do(s.linkStaff),
			Reasons: append(password, Reason{model.Forbidden, "password.must_change"}),
		},
	}
}

type wechatLogin struct {
	Code string `json:"code" required:"true" description:"wx.login 返回的 code"`
}

type staffLogin struct {
	Login    string `json:"login" required:"true" description:"登录名"`
	Password string `json:"password" required:"true" description:"密码"`
	TOTP     string `json:"totp" description:"动态口令（6 位）；首次登录和重置后用一次性密码登录时不填"`
	// DeviceKey is what an earlier log-in gave to this device.
	DeviceKey string `json:"device_key" description:"本设备上次登录时得到的 device_key；有它的设备不受他人错误尝试的影响"`
}

type sessionView struct {
	Token      string    `json:"token" required:"true" description:"会话令牌，放入 Authorization: Bearer"`
	ExpiresAt  time.Time `json:"expires_at" required:"true"`
	MustChange bool      `json:"must_change_password" required:"true" description:"为 true 时必须先修改初始密码"`
	MustEnrol  bool      `json:"must_enrol,omitempty" description:"为 true 时修改密码前须先登记动态口令（/me/second-factor）"`
	DeviceKey  string    `json:"device_key,omitempty" description:"工作人员登录时给本设备的标识，每次登录都会更换；保存在本设备，下次登录时带上"`
}

func viewSession(v *identity.Session) sessionView {
	return sessionView{Token: v.Token, ExpiresAt: v.ExpiresAt, MustChange: v.MustChange, MustEnrol: v.MustEnrol, DeviceKey: v.Browser}
}

type scanLook struct {
	Ticket string `json:"ticket" required:"true" description:"扫描得到的内容"`
}

// askingView is what the phone shows before its owner agrees.
type askingView struct {
	Number    string    `json:"number" required:"true" description:"四位核对码，应与工作台上显示的一致"`
	Device    string    `json:"device" required:"true" description:"申请登录的浏览器"`
	IP        string    `json:"ip" required:"true" description:"申请登录的网络地址"`
	AskedAt   time.Time `json:"asked_at" required:"true" description:"申请的时间"`
	ExpiresAt time.Time `json:"expires_at" required:"true"`
	Name      string    `json:"name" required:"true" description:"同意后登录的工作人员"`
	Login     string    `json:"login" required:"true"`
}

type enrolmentView struct {
	Secret string `json:"secret" required:"true" description:"动态口令密钥，只显示给本人"`
	URL    string `json:"otpauth_url" required:"true" description:"供身份验证器扫描"`
}

type scanApproval struct {
	Ticket string `json:"ticket" required:"true" description:"扫描得到的内容"`
	Code   string `json:"code" required:"true" description:"重新调用 wx.login 得到的 code"`
}

type passwordChange struct {
	Old string `json:"old_password" required:"true"`
	New string `json:"new_password" required:"true" description:"至少 10 位，不能是常见密码，不能由姓名、登录名、法院名称等组成"`
	// TOTP confirms the second factor that is being enrolled.
	TOTP string `json:"totp" description:"须登记动态口令时：身份验证器按 /me/second-factor 的密钥显示的 6 位数字"`
}

// ownSession is the session that a request comes with.
type ownSession struct {
	Token string `session:"token" json:"-"`
}

type meView struct {
	UserID    int64          `json:"user_id" required:"true"`
	Name      string         `json:"name" required:"true" description:"工作人员的姓名；小程序用户为已核验的姓名，没有核验过的，为联络员名册或者家属申请中的姓名"`
	Verified  bool           `json:"verified" required:"true" description:"姓名经证件号码或者实名核身核验"`
	Roles     []string       `json:"roles" required:"true"`
	CourtID   int64          `json:"court_id" required:"true"`
	Bindings  []bindingView  `json:"bindings" required:"true"`
	Relatives []relativeRole `json:"relatives" required:"true" description:"作为家属接入的被执行人"`
	Liaison   []liaisonRole  `json:"liaison" required:"true" description:"担任执行联络员的村（社区）"`
}

// relativeRole is a debtor whose family the user is.
type relativeRole struct {
	ID           int64  `json:"id" required:"true" description:"联系申请的编号，用于 /my/relatives/{id}/matter"`
	State        string `json:"state" required:"true" enum:"asked,admitted,declined,blocked,revoked"`
	StateText    string `json:"state_text" required:"true"`
	Relation     string `json:"relation" required:"true" enum:"spouse,parent,child,sibling,near_kin,other"`
	RelationText string `json:"relation_text" required:"true" description:"与被执行人的关系"`
	Debtor       string `json:"debtor_name" required:"true" description:"申请人所填的"`
}

// liaisonRole is a roster in which the user is a liaison today.
type liaisonRole struct {
	Court    string     `json:"court" required:"true"`
	Villages []string   `json:"villages" required:"true"`
	Until    model.Date `json:"until" required:"true" description:"任期届满日"`
}

// loggedOut is the answer to whoever leaves: a browser forgets what it kept of ours.
type loggedOut struct{}

func (loggedOut) send(c *gin.Context, status int) {
	web.LeaveNothing(c)
	c.Status(status)
}

func (s *API) loginWeChat(ctx context.Context, by model.Actor, in wechatLogin) (sessionView, error) {
	sess, err := s.svc.Identity.LoginWeChat(ctx, by, in.Code)
	if err != nil {
		return sessionView{}, err
	}
	return viewSession(sess), nil
}

func (s *API) loginStaff(ctx context.Context, by model.Actor, in staffLogin) (sessionView, error) {
	by.Browser = in.DeviceKey
	sess, err := s.svc.Identity.LoginStaff(ctx, by, in.Login, in.Password, in.TOTP)
	if err != nil {
		return sessionView{}, err
	}
	return viewSession(sess), nil
}

func (s *API) lookScan(ctx context.Context, by model.Actor, in scanLook) (askingView, error) {
	a, err := s.svc.Identity.LookScan(ctx, by, in.Ticket)
	if err != nil {
		return askingView{}, err
	}
	return askingView{
		Number: a.Number, Device: a.Device, IP: a.IP, AskedAt: a.At, ExpiresAt: a.ExpiresAt, Name: a.Staff, Login: a.Login,
	}, nil
}

func (s *API) showSecondFactor(ctx context.Context, by model.Actor, _ nothing) (enrolmentView, error) {
	e, err := s.svc.Identity.Enrol(ctx, by)
	if err != nil {
		return enrolmentView{}, err
	}
	if e == nil {
		return enrolmentView{}, model.E(model.Conflict, "totp.enrolled", "您已登记动态口令；更换手机的，请联系系统管理员重置")
	}
	return enrolmentView{Secret: e.Secret, URL: e.URL}, nil
}

func (s *API) approveScan(ctx context.Context, by model.Actor, in scanApproval) (nothing, error) {
	return nothing{}, s.svc.Identity.ApproveScan(ctx, by, in.Ticket, in.Code)
}

func (s *API) logout(ctx context.Context, by model.Actor, in ownSession) (loggedOut, error) {
	if by.UserID == 0 {
		return loggedOut{}, nil
	}
	return loggedOut{}, s.svc.Identity.Logout(ctx, in.Token)
}

func (s *API) readMe(ctx context.Context, by model.Actor, _ nothing) (meView, error) {
	me, err := s.svc.Identity.Me(ctx, by)
	if err != nil {
		return meView{}, err
	}
	return meView{
		UserID: by.UserID, Name: me.Name, Verified: me.Verified, CourtID: by.CourtID, Bindings: viewBindings(me.Bindings),
		Roles: each(by.Roles, func(r model.Role) string { return string(r) }),
		Relatives: each(me.Relatives, func(r model.Relative) relativeRole {
			return relativeRole{ID: r.ID, State: string(r.State), StateText: r.State.Chinese(), Relation: string(r.Relation), RelationText: r.Relation.Chinese(), Debtor: r.DebtorName}
		}),
		Liaison: each(me.Liaison, func(l model.LiaisonRole) liaisonRole {
			return liaisonRole{Court: l.Court, Villages: each(l.Villages, func(v model.Village) string { return v.Town + v.Name }), Until: l.UntilOn}
		}),
	}, nil
}

func (s *API) changePassword(ctx context.Context, by model.Actor, in passwordChange) (nothing, error) {
	return nothing{}, s.svc.Identity.ChangePassword(ctx, by, in.Old, in.New, in.TOTP)
}

func (s *API) linkStaff(ctx context.Context, by model.Actor, in staffLogin) (nothing, error) {
	return nothing{}, s.svc.Identity.LinkStaff(ctx, by, in.Login, in.Password, in.TOTP)
}
