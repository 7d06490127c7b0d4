package desk

import (
	"bytes"
	"context"
	"crypto/rand"
	"crypto/subtle"
	"encoding/base64"
	"encoding/json"
	"image/png"
	"net/http"
	"strings"

	"github.com/boombuler/barcode"
	"github.com/boombuler/barcode/qr"
	"github.com/gin-gonic/gin"

	"microcourt/handler/web"
	"microcourt/model"
	"microcourt/service/identity"
)

// SignOn is the court's single sign-on (service/signon).
type SignOn interface {
	// Start is where the browser has to go.
	Start(ctx context.Context, state, nonce, verifier string) (string, error)
	// Finish is the person who came back with the code.
	Finish(ctx context.Context, code, nonce, verifier string) (model.SignedOn, error)
}

func (d *Desk) loginRoutes() []Route {
	limited := func(r Route) Route { r.Limit = web.LimitLogin; return r }
	open := func(r Route) Route { r.Limit = web.LimitOpen; return r }
	routes := []Route{
		open(get("/login", model.ActPublic, d.loginPage)),
		limited(post("/login", model.ActPublic, d.login)),
		limited(post("/login/scan", model.ActPublic, d.beginScan)),
		open(post("/login/scan/collect", model.ActPublic, d.collectScan)),
		open(post("/logout", model.ActPublic, d.logout)),
		get("/me", model.ActSelfStaff, d.me),
		post("/me/sessions/end", model.ActSelfStaff, d.endSession),
		post("/me/wechat/end", model.ActSelfStaff, d.endLink),
		open(get("/me/password", model.ActPublic, d.passwordPage)),
		limited(post("/me/password", model.ActPublic, d.changePassword)),
	}
	if d.cfg.SignOn != nil {
		routes = append(routes,
			limited(get("/login/sso", model.ActPublic, d.startSignOn)), limited(get("/login/sso/callback", model.ActPublic, d.finishSignOn)))
	}
	return routes
}

type loginData struct {
	To     string
	SignOn bool
	Other  bool // somebody is logged in already
}

func (d *Desk) loginData(c *gin.Context, to string) loginData {
	return loginData{To: local(to), SignOn: d.cfg.SignOn != nil, Other: web.Actor(c).UserID != 0}
}

func (d *Desk) loginPage(c *gin.Context) error {
	return d.show(c, "login", "登录工作台", d.loginData(c, c.Query("to")))
}

func (d *Desk) login(c *gin.Context) error {
	sess, err := d.svc.Identity.LoginStaff(c.Request.Context(), web.Actor(c), c.PostForm("login"), c.PostForm("password"), c.PostForm("totp"))
	if err != nil {
		return d.again(c, "login", "登录工作台", d.loginData(c, c.PostForm("to")), err)
	}
	return d.enterDesk(c, sess, c.PostForm("to"))
}

// enterDesk gives the browser its session.
func (d *Desk) enterDesk(c *gin.Context, sess *identity.Session, to string) error {
	d.setCookie(c, sess.Token, 0)
	d.rememberBrowser(c, sess.Browser)
	to = local(to)
	if sess.MustChange {
		to = "/desk/me/password"
	}
	if c.GetHeader("HX-Request") != "" {
		c.Header("HX-Redirect", to)
		c.Status(http.StatusNoContent)
		return nil
	}
	c.Redirect(http.StatusSeeOther, to)
	return nil
}

// browserCookie holds the secret by which a browser is known again at a log-in.
func (d *Desk) browserCookie() string { return d.cookieName() + "-browser" }

// browserLife is how long a browser stays known, in seconds.
const browserLife = 90 * 24 * 3600

func (d *Desk) rememberBrowser(c *gin.Context, secret string) {
	if secret == "" {
		return
	}
	http.SetCookie(c.Writer, &http.Cookie{ //nolint:gosec // Secure unless the court runs without https
		Name: d.browserCookie(), Value: secret, Path: "/", MaxAge: browserLife, HttpOnly: true, Secure: d.secure, SameSite: http.SameSiteStrictMode,
	})
}

type scanData struct {
	Ticket, Secret, To string
	Number             string // which the phone shows too
	Picture            string // data: address of the QR code
}

// beginScan shows a QR code that the mini-program scans.
func (d *Desk) beginScan(c *gin.Context) error {
	t, err := d.svc.Identity.BeginScan(c.Request.Context(), web.Actor(c))
	if err != nil {
		return err
	}
	picture, err := qrPicture(t.Code)
	if err != nil {
		return err
	}
	d.part(c, http.StatusOK, "scan", scanData{t.Code, t.Secret, local(c.PostForm("to")), t.Number, picture})
	return nil
}

func qrPicture(content string) (string, error) {
	code, err := qr.Encode(content, qr.M, qr.Auto)
	if err != nil {
		return "", err
	}
	side := code.Bounds().Dx()
	scaled, err := barcode.Scale(code, side*6, side*6)
	if err != nil {
		return "", err
	}
	var b bytes.Buffer
	if err := png.Encode(&b, scaled); err != nil {
		return "", err
	}
	return base64.StdEncoding.EncodeToString(b.Bytes()), nil
}

// collectScan is asked again and again until the phone agreed.
func (d *Desk) collectScan(c *gin.Context) error {
	sess, err := d.svc.Identity.CollectScan(c.Request.Context(), web.Actor(c), c.PostForm("ticket"), c.PostForm("secret"))
	if err != nil {
		if model.KindOf(err) != model.NotFound {
			return err
		}
		// 286 ends the asking.
		d.part(c, 286, "scan-over", scanData{To: local(c.PostForm("to"))})
		return nil
	}
	if sess == nil {
		c.Status(http.StatusNoContent)
		return nil
	}
	return d.enterDesk(c, sess, c.PostForm("to"))
}

func (d *Desk) logout(c *gin.Context) error {
	if token, err := c.Cookie(d.cookieName()); err == nil && web.Actor(c).UserID != 0 {
		if err := d.svc.Identity.Logout(c.Request.Context(), token); err != nil {
			return err
		}
	}
	d.setCookie(c, "", -1)
	web.LeaveNothing(c)
	return done(c, "/desk/login", "out")
}

func (d *Desk) me(c *gin.Context) error {
	token, err := c.Cookie(d.cookieName())
	if err != nil {
		return err
	}
	list, err := d.svc.Identity.Devices(c.Request.Context(), web.Actor(c), token)
	if err != nil {
		return err
	}
	link, err := d.svc.Identity.OwnLink(c.Request.Context(), web.Actor(c))
	if err != nil {
		return err
	}
	return d.show(c, "me", "我的账户", meData{list, *link})
}

type meData struct {
	Devices []identity.Device
	identity.Link
}

func (d *Desk) endLink(c *gin.Context) error {
	if err := d.svc.Identity.EndOwnLink(c.Request.Context(), web.Actor(c)); err != nil {
		return err
	}
	return done(c, "/desk/me", "unlinked")
}

func (d *Desk) endSession(c *gin.Context) error {
	if err := d.svc.Identity.EndSession(c.Request.Context(), web.Actor(c), c.PostForm("ref")); err != nil {
		return err
	}
	return done(c, "/desk/me", "ended")
}

func (d *Desk) passwordPage(c *gin.Context) error {
	if web.Actor(c).UserID == 0 {
		return model.E(model.Unauthenticated, "session.required", "请先登录")
	}
	data, err := d.passwordData(c)
	if err != nil {
		return err
	}
	return d.show(c, "password", "修改密码", data)
}

// passwordData is the second factor that is to be enrolled with the password,
// shown to its owner and to nobody else; empty when he has one.
type passwordData struct {
	Secret, Picture string
}

func (d *Desk) passwordData(c *gin.Context) (*passwordData, error) {
	data := &passwordData{}
	e, err := d.svc.Identity.Enrol(c.Request.Context(), web.Actor(c))
	if err != nil || e == nil {
		return data, err
	}
	data.Secret = e.Secret
	data.Picture, err = qrPicture(e.URL)
	return data, err
}

func (d *Desk) changePassword(c *gin.Context) error {
	fresh, err := c.PostForm("new_password"), error(nil)
	if fresh != c.PostForm("repeat") {
		err = model.InvalidField("repeat", "password.differs", "两次输入的新密码不一致")
	} else {
		err = d.svc.Identity.ChangePassword(c.Request.Context(), web.Actor(c), c.PostForm("old_password"), fresh, c.PostForm("totp"))
	}
	if err != nil {
		data, again := d.passwordData(c)
		if again != nil {
			return err
		}
		return d.again(c, "password", "修改密码", data, err)
	}
	d.setCookie(c, "", -1)
	return done(c, "/desk/login", "password")
}

// attempt is one way through the single sign-on, kept in the browser meanwhile.
type attempt struct{ State, Nonce, Verifier, To string }

func (d *Desk) attemptCookie() string { return d.cookieName() + "-signon" }

func (d *Desk) startSignOn(c *gin.Context) error {
	a := attempt{rand.Text(), rand.Text(), rand.Text() + rand.Text(), local(c.Query("to"))}
	to, err := d.cfg.SignOn.Start(c.Request.Context(), a.State, a.Nonce, a.Verifier)
	if err != nil {
		return err
	}
	b, err := json.Marshal(a)
	if err != nil {
		return err
	}
	http.SetCookie(c.Writer, &http.Cookie{ //nolint:gosec // Secure unless the court runs without https
		Name: d.attemptCookie(), Value: base64.RawURLEncoding.EncodeToString(b), Path: "/", MaxAge: 600,
		HttpOnly: true, Secure: d.secure, SameSite: http.SameSiteLaxMode,
	})
	c.Redirect(http.StatusSeeOther, to)
	return nil
}

func (d *Desk) finishSignOn(c *gin.Context) error {
	refuse := func(err error) error {
		return d.again(c, "login", "登录工作台", d.loginData(c, ""), err)
	}
	stale := model.E(model.Conflict, "signon.stale", "登录过程已过期，或者不是从本页发起的，请重新登录")
	var a attempt
	value, err := c.Cookie(d.attemptCookie())
	if err != nil {
		return refuse(stale)
	}
	b, err := base64.RawURLEncoding.DecodeString(value)
	if err != nil || json.Unmarshal(b, &a) != nil || a.State == "" || subtle.ConstantTimeCompare([]byte(a.State), []byte(c.Query("state"))) != 1 {
		return refuse(stale)
	}
	http.SetCookie(c.Writer, &http.Cookie{ //nolint:gosec // Secure unless the court runs without https
		Name: d.attemptCookie(), Path: "/", MaxAge: -1, HttpOnly: true, Secure: d.secure, SameSite: http.SameSiteLaxMode,
	})
	if strings.TrimSpace(c.Query("error")) != "" {
		return refuse(model.E(model.Conflict, "signon.refused", "统一身份认证没有通过，请重新登录"))
	}
	who, err := d.cfg.SignOn.Finish(c.Request.Context(), c.Query("code"), a.Nonce, a.Verifier)
	if err != nil {
		return refuse(err)
	}
	sess, err := d.svc.Identity.LoginSignOn(c.Request.Context(), web.Actor(c), who)
	if err != nil {
		return err
	}
	return d.enterDesk(c, sess, a.To)
}
