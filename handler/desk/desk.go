// Package desk is the court's desk at /desk: pages that the server makes, for
// judges, clerks, officers, leaders, list managers, people of agencies,
// administrators and auditors. It asks the same services as the JSON API and
// holds no rule of the court's. Every page is a row of a table with its act, so
// that the authorisation table covers it.
package desk

import (
	"errors"
	"io/fs"
	"log/slog"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/gin-gonic/gin"

	"microcourt/handler/web"
	"microcourt/model"
	"microcourt/service"
)

// Config is what the desk needs.
type Config struct {
	Services *service.Services
	// PublicURL is how the outside world reaches this server; over https the
	// session's cookie is for https only.
	PublicURL string
	Logger    *slog.Logger
	Now       func() time.Time
	NewID     func() string // keys of forms
	// Stopping is closed when the server stops: open streams of events end.
	Stopping <-chan struct{}
	// SignOn is the court's single sign-on, nil when it has none.
	SignOn SignOn
	// Source holds the templates as they are being written (its folder pages), and
	// is read again for each page; nil for those in the program.
	Source fs.FS
}

// Route is one page or form of the desk.
type Route struct {
	Method  string
	Path    string // below /desk
	Act     model.Act
	Limit   web.LimitClass
	MaxBody int64         // bytes; 0 for the default
	Timeout time.Duration // 0 for the default
	// silent says that the page asks by itself, so that it is no sign of life of
	// its user.
	silent bool
	// live says that a part of the page renews itself when something new comes.
	live bool
	// list says that the page is a list, which can be had as a sheet and on paper.
	list bool
	// stream says that the handler reads the form part by part, and checks it.
	stream bool
	// final says what nobody can take back once the form was sent; see final.
	final  *finality
	handle func(*gin.Context) error
}

// Desk makes the pages.
type Desk struct {
	cfg    Config
	svc    *service.Services
	pages  pageSet
	cross  *http.CrossOriginProtection
	secure bool
	open   streams
}

// New makes the desk.
func New(cfg Config) (*Desk, error) {
	if cfg.Services == nil || cfg.Now == nil || cfg.NewID == nil || cfg.Logger == nil {
		return nil, errors.New("desk: a dependency is missing")
	}
	d := &Desk{cfg: cfg, svc: cfg.Services, cross: http.NewCrossOriginProtection(), secure: strings.HasPrefix(cfg.PublicURL, "https://")}
	if u, err := url.Parse(cfg.PublicURL); err == nil && u.Host != "" {
		if err := d.cross.AddTrustedOrigin(u.Scheme + "://" + u.Host); err != nil {
			return nil, err
		}
	}
	learnPages(d.Routes())
	var err error
	d.pages, err = embeddedPages()
	return d, err
}

// set is the pages as they are shown now.
func (d *Desk) set() (pageSet, error) {
	if d.cfg.Source == nil {
		return d.pages, nil
	}
	return parsePages(d.cfg.Source)
}

// Routes lists every page and form.
func (d *Desk) Routes() []Route {
	var all []Route
	for _, part := range [][]Route{
		d.loginRoutes(),
		d.homeRoutes(),
		d.receiptRoutes(), d.payRoutes(), d.readyRoutes(),
		d.caseRoutes(),
		d.filingRoutes(),
		d.checkRoutes(),
		d.personRoutes(),
		d.holidayRoutes(),
		d.windowRoutes(),
		d.unreachedRoutes(),
		d.dossierRoutes(),
		d.adminRoutes(),
		d.enforcementRoutes(),
		d.conversationRoutes(),
		d.callRoutes(),
		d.absenceRoutes(),
		d.assetQueryRoutes(),
		d.liaisonRoutes(),
		d.settlementRoutes(), d.distributionRoutes(), d.caseMoneyRoutes(),
		d.measureRoutes(),
		d.thisRoundRoutes(),
		d.cleanUpRoutes(),
		d.repairRoutes(),
		d.relativeRoutes(),
		d.statisticsRoutes(),
		d.penaltyRoutes(), d.depositRoutes(),
		d.interestRoutes(), d.planRoutes(), d.successionRoutes(),
		d.agencyRoutes(),
		d.dutyRoutes(),
		d.ownRoutes(),
		d.savedRoutes(),
		d.findRoutes(),
	} {
		all = append(all, part...)
	}
	return all
}

func get(path string, act model.Act, f func(*gin.Context) error) Route {
	return Route{Method: http.MethodGet, Path: path, Act: act, handle: f}
}

// live is get for a page that renews a part of itself.
func live(path string, act model.Act, f func(*gin.Context) error) Route {
	return Route{Method: http.MethodGet, Path: path, Act: act, live: true, handle: f}
}

func post(path string, act model.Act, f func(*gin.Context) error) Route {
	return Route{Method: http.MethodPost, Path: path, Act: act, handle: f}
}

// Chain is what a request to the route passes through after the limits of
// size, time and rate.
func (d *Desk) Chain(r Route) []gin.HandlerFunc {
	return []gin.HandlerFunc{d.do(r, d.enter(r)), d.do(r, d.check(r)), d.do(r, r.handle)}
}

// policy allows what the pages have: their own files and pictures, and nothing
// written into the page. data: is for the marks that the style sheet draws.
const policy = "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data: blob:; connect-src 'self'; " +
	"font-src 'self'; frame-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"

// enter finds out who asks, refuses requests that another site made a browser
// send, and asks the authorisation table.
func (d *Desk) enter(r Route) func(*gin.Context) error {
	return func(c *gin.Context) error {
		c.Header("Content-Security-Policy", policy)
		c.Header("Referrer-Policy", "same-origin") // after a log-in one returns to the form that one sent
		if err := d.cross.Check(c.Request); err != nil {
			return model.E(model.Forbidden, "request.foreign", "请求不是从本系统的页面发出的，请返回工作台重新操作").WithCause(err)
		}
		a, err := d.identify(c, r.silent || c.GetHeader("HX-Target") == "queue") // the list renews itself
		if err != nil && (r.Act != model.ActPublic || model.KindOf(err) != model.Unauthenticated) {
			return err
		}
		a.IP, a.Device, a.RequestID = c.ClientIP(), web.Device(c.Request), c.GetString(web.RequestIDKey)
		if known, err := c.Cookie(d.browserCookie()); err == nil && len(known) <= 64 {
			a.Browser = known
		}
		c.Set(web.ActorKey, a)
		if len(a.Roles) == 0 && a.UserID != 0 && r.Act != model.ActPublic {
			return errMustChange
		}
		if a.IsParty() {
			return model.E(model.Forbidden, "role.forbidden", "工作台仅供法院工作人员使用，请在小程序中办理")
		}
		if err := a.Require(r.Act); err != nil || !r.live {
			return err
		}
		return d.mark(c, a)
	}
}

// mark notes how far the court had come before the page reads anything, so that
// what arrives before the page's stream of events opens is not missed.
func (d *Desk) mark(c *gin.Context, a model.Actor) error {
	mark, err := d.svc.Statistics.Mark(c.Request.Context(), a)
	c.Set("mark", mark)
	return err
}

var errMustChange = model.E(model.Forbidden, "password.must_change", "请先修改初始密码")

func (d *Desk) identify(c *gin.Context, silent bool) (model.Actor, error) {
	token, err := c.Cookie(d.cookieName())
	if err != nil || token == "" {
		return model.Actor{}, nil //nolint:nilerr // nobody is logged in
	}
	if silent {
		return d.svc.Identity.Glance(c.Request.Context(), token)
	}
	return d.svc.Identity.Authenticate(c.Request.Context(), token)
}

// cookieName has the prefix by which a browser refuses a cookie that another
// host or an unencrypted page set.
func (d *Desk) cookieName() string {
	if d.secure {
		return "__Host-desk"
	}
	return "desk"
}

func (d *Desk) setCookie(c *gin.Context, token string, maxAge int) {
	http.SetCookie(c.Writer, &http.Cookie{ //nolint:gosec // Secure unless the court runs without https
		Name: d.cookieName(), Value: token, Path: "/", MaxAge: maxAge, HttpOnly: true, Secure: d.secure, SameSite: http.SameSiteLaxMode,
	})
}

// do is the only place that writes a failure.
func (d *Desk) do(r Route, f func(*gin.Context) error) gin.HandlerFunc {
	return func(c *gin.Context) {
		if err := f(c); err != nil {
			d.fail(c, r, err)
		}
	}
}

// fail shows an error. Who is not logged in is sent to the log-in and from
// there back; a form's input waits in the browser meanwhile.
func (d *Desk) fail(c *gin.Context, r Route, err error) {
	f := web.Describe(err)
	c.Set(web.ReasonKey, f.Reason)
	if f.Kind == model.Internal || f.Kind == model.Unavailable {
		d.cfg.Logger.ErrorContext(c.Request.Context(), "page failed",
			"route", c.FullPath(), "method", c.Request.Method, "request_id", c.GetString(web.RequestIDKey), "error", err.Error())
	}
	c.Abort()
	if c.Writer.Written() {
		return
	}
	partial := c.GetHeader("HX-Request") != "" && c.GetHeader("HX-Boosted") == ""
	switch {
	case f.Kind == model.Unauthenticated && r.Path == "/events":
		c.Status(http.StatusNoContent) // the browser shall not ask again
	case f.Kind == model.Unauthenticated && r.Path != "/login" && partial:
		c.Header("HX-Redirect", loginAddress(back(c)))
		c.Status(http.StatusUnauthorized)
	case f.Kind == model.Unauthenticated && r.Path != "/login":
		c.Redirect(http.StatusSeeOther, loginAddress(back(c)))
	case f.Reason == errMustChange.Reason:
		c.Redirect(http.StatusSeeOther, "/desk/me/password")
	case partial:
		d.part(c, f.Status, "failure", f)
	case d.comesBack(c, f):
	default:
		d.page(c, f.Status, "failure", "无法完成", f)
	}
}

func loginAddress(to string) string { return address("/desk/login", "to", to) }

// back is the page to return to after logging in: the one that was asked for,
// or the one whose form was sent.
func back(c *gin.Context) string {
	if c.Request.Method == http.MethodGet && c.GetHeader("HX-Request") == "" {
		return c.Request.URL.RequestURI()
	}
	if u, err := url.Parse(c.GetHeader("Referer")); err == nil {
		return local(u.RequestURI())
	}
	return "/desk"
}

// local is an address of the desk, or its first page for anything else.
func local(to string) string {
	if to != "/desk" && !strings.HasPrefix(to, "/desk/") && !strings.HasPrefix(to, "/desk?") || strings.ContainsAny(to, "\\\r\n") {
		return "/desk"
	}
	return to
}

// done sends the browser to a page that says what was done.
func done(c *gin.Context, to, what string) error {
	mark := "?"
	if strings.Contains(to, "?") {
		mark = "&"
	}
	c.Redirect(http.StatusSeeOther, to+mark+"done="+what)
	return nil
}

// said are the sentences that a page shows after something was done.
var said = map[string]string{ //nolint:gosec // sentences, no credentials
	"confirmed": "已确认。", "returned": "已退回。", "redacted": "查阅件已生成，权利人会收到通知。", "corrected": "已更正，原记录保留并以冲销分录更正。", "undone": "已撤回，没有通知任何人。", "carried_out": "刚才的决定已经生效，可以继续办理。",
	"all_read": "消息已全部标为已读。", "holidays": "节假日安排已录入，未到期的履行期限和提醒已重新计算。", "filter_saved": "筛选已保存，可以从列表上方直接打开。", "filter_deleted": "保存的筛选已删除。", "contact": "联系情况已登记。", "burden": "已记录选择，并已告知双方。", "period": "已记入申请执行期间，届满日已重新计算。", "handed": "案件已移交。", "unbound": "已解除绑定，该微信用户不能再查看本案。", "paused": "督促时间表已暂停。", "resumed": "督促时间表已恢复。",
	"stopped": "督促时间表已停止。", "skipped": "该次通知已跳过。", "sent": "通知已生成，送达了谁见本案“送达”。", "unreached_told": "告知情况已登记。登记的是告知，不是送达。", "issued": "证明书已出具，持有人会收到通知。",
	"revoked": "证明书已撤销，持有人会收到通知。", "refused": "已答复申请人不予出具。", "saved": "已保存。", "made": "文书已制作。",
	"paper": "纸质送达任务已办结。", "asked": "已登记，该文书将以纸质送达。", "consent": "送达意愿已登记。", "resent": "已安排重新发送。",
	"moved": "已改用其他方式；改为纸质或电话的列入“纸质送达”待办。", "dossier_again": "已安排重新入卷，几分钟内移送。",
	"released_notices": "已放行，系统将在几分钟内逐案通知当事人。",
	"money_entered":    "到账款项已登记；已认领的，承办人和申请执行人会收到到账通知。", "money_identified": "已认领，承办人和申请执行人会收到到账通知。", "money_corrected": "已更正，原记录保留。",
	"payout_prepared": "已提请审批。", "payout_decided": "已记录审批决定。", "payout_withdrawn": "发放已撤回，款项仍在账户中。", "payout_paid": "付款已登记，收款的当事人会收到通知。", "payout_back": "已登记退回，款项回到账户中。",
	"delay_asked": "延缓发放已报批。", "delay_decided": "已记录审批决定。", "delay_ended": "已登记情形消失，款项应当在十日内发放。",
	"filed": "案件已录入，告知书已生成。", "enforced": "执行案件已录入，执行通知书和预告书已生成。", "closed": "已结案，各方会收到通知。", "finished": "事项已办结。", "instrument": "法律文书和义务已补充，双方会收到通知。", "submitted": "回执已代为提交，等待确认。", "receipt_withdrawn": "回执已撤回，当事人会收到通知。", "ended": "该会话已退出。", "password": "密码已修改，请用新密码登录。", "unlinked": "微信关联已解除，它打开的会话已退出。", "sign_on": "统一身份认证的绑定已解除，本人下次从统一身份认证登录时重新绑定。",
	"disabled": "账号已停用，其所有会话、微信关联和统一身份认证绑定已结束。", "enabled": "账号已启用。停用前用过统一身份认证的，须重新开放绑定后才能从那里登录。", "unlocked": "登录限制已解除。", "roles": "角色已更改，该账号的会话和微信关联已结束，须重新登录。",
	"relative": "已处理，对方会收到通知。", "codes_void": "联系码已作废。", "petition": "已答复，对方会收到通知。", "petition_made": "已记录，答复期限已开始计算。",
	"answered": "回复已提交，撤回的时间过去后发给对方。", "settled": "已标记为无需答复。",
	"call_offered": "已提出，对方确认后约定成立。", "call_confirmed": "已约定，对方会收到通知；当天会列入待办事项。", "call_declined": "已答复，对方会收到通知。",
	"call_cancelled": "已取消，对方会收到通知。", "call_done": "通话情况已登记。", "call_missed": "已登记未接通，对方会收到通知。",
	"reported": "已报送，等待法院审核。", "reviewed": "已审核，责任单位会收到通知。", "told": "已答复，执行法官会收到通知。",
	"query": "查询的办理情况已登记。", "assistance": "已发给联络员，联络员会收到通知。",
	"share_drafted": "方案已拟定，请登记各债权人。", "share_claim": "债权已登记，分配已重新计算。", "share_changed": "已登记。", "share_served": "送达已登记，异议期限已开始计算，本院案件的当事人会收到通知。",
	"share_allocated": "已分配，本院案件的款项已列入各案待确认的回执。",
	"agreed":          "和解协议已记录，各方会收到通知。", "resumed_enforcement": "已恢复执行，各方会收到通知。", "proposed": "已提请院领导决定。", "decided": "已决定，当事人会收到通知。",
	"measure_proposed": "已提出，等待决定。", "refusal_kept": "拒执线索已登记。", "round_kept": "已登记。", "round_decided": "已答复，执行法官可以在本页看到。", "measure_decided": "已决定，决定书已生成。", "measure_refused": "已不予批准，执行法官会收到通知。", "measure_withdrawn": "已撤回。",
	"measure_served": "送达情况已登记，救济期限由此起算。", "measure_executed": "执行情况已登记。", "detained": "收拘已登记，请在期限内通知家属。", "family_told": "已登记通知家属的情况。", "in_effect": "已公布或者实施，当事人会收到通知。",
	"posted": "张榜已登记。", "lifted": "措施已解除。", "lift_asked": "已提请院领导决定。", "lift_answered": "已答复，执行法官会收到通知。",
	"step_done": "已办理；须院领导决定的，已提请。", "held": "已暂缓清理，院领导会收到通知。", "went_on": "已恢复清理，期限已重新计算。",
	"prolong_asked": "已提请延长期限，等待院领导决定。", "prolong_decided": "延长期限的提请已决定。",
	"spending_asked": "消费申请已登记，决定期限已起算。", "spending_decided": "消费申请已决定，当事人会收到通知。",
	"review_asked": "救济申请已登记，期限已起算。", "review_concluded": "结果已登记。",
	"repair": "申请已记录，决定期限已开始计算。", "repair_ended": "信用修复已撤销，当事人会收到通知。",
	"category": "判项类别已注明。", "statement": "说明已制作，可以打开核对后送交。", "prison_letter": "公函已登记，答复期限已开始计算。", "replied": "答复已登记。", "void": "公函已作废。",
	"deposit": "暂存款的记录已更新，被告人一方会收到通知。", "deposit_wish": "改变用途的意愿已登记，等待承办法官审查。", "deposit_wish_signed": "签名的意愿书已存入。", "deposit_made": "暂存款已登记，等待承办法官核实。", "deposit_set_off": "已抵充判项，台账已更新；余款列入待退还。",
	"deposit_refund": "已决定退还，退还期限已开始计算。", "deposit_repaid": "退还已登记，被告人一方会收到通知。",
	"decision": "已登记，期限已重新计算。", "reduced": "减免已登记，应履行金额已相应减少。",
	"succession": "当事人变更已登记，各方会收到通知。",
	"debt":       "已登记，各方会收到通知，金额已重新计算。", "prime": "已录入。",
	"plan":            "已登记，各方会收到通知。",
	"account_entered": "收款账户已登记，等待法官确认；在此之前付款人看到的账户不变。", "account_called": "通话已登记。", "account_decided": "已登记，权利人会收到通知。",
	"ran": "已重新运行，运行成功。", "revoked_key": "密钥已停用。", "president": "已登记为院长。", "president_ended": "院长登记已终止，其书面授权随之失效。", "authorised": "已登记院长的书面授权。", "authority_ended": "授权已终止。", "out": "已退出登录。",
}
