package wechat

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"net/url"
	"regexp"
	"strings"

	"microcourt/model"
)

// Identity is who logged in, as WeChat knows them.
type Identity struct {
	OpenID  string // the user in this mini-program
	UnionID string // the user across the court's accounts; "" unless they are joined on the Open Platform
}

const (
	loginPath = "/sns/jscode2session"
	phonePath = "/wxa/business/getuserphonenumber"
)

// codePattern is what wx.login and the phone button hand out. It is checked
// before use, so that a code can never add parameters to the call.
var codePattern = regexp.MustCompile(`^[0-9A-Za-z_-]{1,128}$`)

// ExchangeCode turns the code of wx.login into an identity (code2session). The
// session_key in the answer is not even decoded: nothing here needs it. Errors:
// Invalid wechat.code_format; Unauthenticated wechat.code_used (expired or
// used); Forbidden wechat.user_blocked; Unavailable wechat.unavailable;
// Internal wechat.configuration.
func (c *Client) ExchangeCode(ctx context.Context, code string) (Identity, error) {
	if !codePattern.MatchString(code) {
		return Identity{}, model.InvalidField("code", "wechat.code_format", "登录凭证格式不正确，请重新打开小程序")
	}
	query := url.Values{
		"appid": {c.cfg.AppID}, "secret": {c.cfg.Secret}, "js_code": {code}, "grant_type": {"authorization_code"},
	}
	var got struct {
		OpenID  string `json:"openid"`
		UnionID string `json:"unionid"`
	}
	a, err := c.exchange(ctx, http.MethodGet, loginPath, query, nil)
	if err == nil {
		err = decode(loginPath, a, &got)
	}
	if err == nil && got.OpenID == "" {
		err = newTransportError(loginPath, true, errors.New("the answer holds no openid"))
	}
	switch codeOf(err) {
	case 40029, 40163:
		return Identity{}, model.E(model.Unauthenticated, "wechat.code_used", "登录凭证已失效，请重新打开小程序").WithCause(err)
	case 40226:
		return Identity{}, model.E(model.Forbidden, "wechat.user_blocked", "微信判定该账号存在风险，暂时不能登录，请联系法院办理").WithCause(err)
	}
	if err != nil {
		return Identity{}, userError(err)
	}
	return Identity(got), nil
}

// PhoneNumber turns the code of the phone button into the phone number that the
// user has in WeChat: 11 digits for the mainland, +country-number elsewhere.
// WeChat checks that the code is this openid's. Errors: Invalid
// wechat.phone_code; Forbidden wechat.phone_not_yours; Unavailable
// wechat.unavailable; Internal wechat.configuration.
func (c *Client) PhoneNumber(ctx context.Context, code, openID string) (string, error) {
	badCode := model.InvalidField("code", "wechat.phone_code", "手机号授权已失效，请重新点击“获取手机号”")
	if !codePattern.MatchString(code) {
		return "", badCode
	}
	var got struct {
		Info struct {
			Number  string          `json:"purePhoneNumber"`
			Country json.RawMessage `json:"countryCode"` // documented as a string, shown as a number
			Mark    struct {
				AppID string `json:"appid"`
			} `json:"watermark"`
		} `json:"phone_info"`
	}
	err := c.post(ctx, phonePath, map[string]string{"code": code, "openid": openID}, &got)
	switch codeOf(err) {
	case 40029, 40163:
		return "", badCode.WithCause(err)
	case 40003, 43104:
		return "", model.E(model.Forbidden, "wechat.phone_not_yours", "手机号授权与当前登录的微信不一致，请重新登录后再试").WithCause(err)
	}
	if err != nil {
		return "", userError(err)
	}
	if got.Info.Mark.AppID != c.cfg.AppID || got.Info.Number == "" {
		return "", userError(newTransportError(phonePath, true, errors.New("the watermark is not ours or there is no number")))
	}
	if country := strings.Trim(string(got.Info.Country), `"`); country != "86" && country != "" && country != "null" {
		return "+" + country + "-" + got.Info.Number, nil
	}
	return got.Info.Number, nil
}
