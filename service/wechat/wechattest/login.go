package wechattest

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"maps"
	"time"

	"microcourt/model"
)

// User is a WeChat user with a phone. The zero fields are filled in by AddUser.
type User struct {
	OpenID  string `json:"openid"`
	UnionID string `json:"unionid,omitempty"` // "" while the mini-program is not joined on the Open Platform
	Name    string `json:"name"`              // shown on the phone page only; the platform never tells it
	Phone   string `json:"phone"`
	Country string `json:"country"` // of the phone; "86" if empty
	Blocked bool   `json:"blocked"` // log-in answers 40226
	// FaceResult is the verify_ret of this user's face verifications; 0 is
	// 10000, passed.
	FaceResult int `json:"face_result,omitempty"`
}

type user struct {
	User
	sessionKey string
	logins     []time.Time
	allowance  map[string]int  // one-time template → messages that may still be sent
	standing   map[string]bool // long-term template → allowed
}

const (
	codeLife        = 5 * time.Minute
	loginsPerMinute = 100
)

// code is a login or phone code; the two spaces are apart.
type code struct {
	kind, openID string
	made         time.Time
	used         bool
}

// AddUser adds a user, or replaces the one with the same openid while keeping
// what the user has allowed.
func (f *Fake) AddUser(u User) User {
	f.mu.Lock()
	defer f.mu.Unlock()
	if u.OpenID == "" {
		u.OpenID = "o" + f.id(27)
	}
	if u.Country == "" {
		u.Country = "86"
	}
	if old, ok := f.users[u.OpenID]; ok {
		old.User = u
		return u
	}
	f.users[u.OpenID] = &user{User: u, allowance: map[string]int{}, standing: map[string]bool{}}
	f.order = append(f.order, u.OpenID)
	return u
}

// Users lists the users in the order in which they were added.
func (f *Fake) Users() []User {
	f.mu.Lock()
	defer f.mu.Unlock()
	list := make([]User, 0, len(f.order))
	for _, openID := range f.order {
		list = append(list, f.users[openID].User)
	}
	return list
}

// LoginCode is what wx.login gives on the user's phone; NotFound for an unknown
// user.
func (f *Fake) LoginCode(openID string) (string, error) { return f.newCode("login", openID) }

// PhoneCode is what the phone button gives on the user's phone; NotFound for an
// unknown user.
func (f *Fake) PhoneCode(openID string) (string, error) { return f.newCode("phone", openID) }

func (f *Fake) newCode(kind, openID string) (string, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if _, ok := f.users[openID]; !ok {
		return "", errNoUser
	}
	maps.DeleteFunc(f.codes, func(_ string, c *code) bool { return f.now().Sub(c.made) > codeLife })
	value := f.id(32)
	f.codes[value] = &code{kind: kind, openID: openID, made: f.now()}
	return value, nil
}

var errNoUser = model.E(model.NotFound, "wechattest.no_user", "没有这个用户")

// takeCode uses a code up.
func (f *Fake) takeCode(kind, value string, now time.Time) (*user, refusal, bool) {
	c, ok := f.codes[value]
	switch {
	case !ok, c.kind != kind, now.Sub(c.made) > codeLife:
		return nil, refusal{40029, "invalid code"}, false
	case c.used:
		return nil, refusal{40163, "code been used"}, false
	}
	c.used = true
	return f.users[c.openID], refusal{}, true
}

func (f *Fake) login(c *call) any {
	q := c.query
	if no, bad := f.checkCredentials(q.Get("grant_type"), "authorization_code", q.Get("appid"), q.Get("secret")); bad {
		return no
	}
	if q.Get("js_code") == "" {
		return refusal{41008, "missing code"}
	}
	u, no, ok := f.takeCode("login", q.Get("js_code"), c.now)
	if !ok {
		return no
	}
	if u.Blocked {
		return refusal{40226, "code blocked"}
	}
	for len(u.logins) > 0 && c.now.Sub(u.logins[0]) >= time.Minute {
		u.logins = u.logins[1:]
	}
	if len(u.logins) >= loginsPerMinute {
		return refusal{45011, "api minute-quota reach limit, must slower, retry next minute"}
	}
	u.logins = append(u.logins, c.now)
	u.sessionKey = base64.StdEncoding.EncodeToString([]byte(f.id(16)))
	answer := reply{"openid": u.OpenID, "session_key": u.sessionKey} // no errcode on success
	if u.UnionID != "" {
		answer["unionid"] = u.UnionID
	}
	return answer
}

func (f *Fake) checkSession(c *call) any {
	u, ok := f.users[c.query.Get("openid")]
	if !ok {
		return refusal{40003, "invalid openid"}
	}
	mac := hmac.New(sha256.New, []byte(u.sessionKey))
	if u.sessionKey == "" || c.query.Get("sig_method") != "hmac_sha256" ||
		!hmac.Equal([]byte(hex.EncodeToString(mac.Sum(nil))), []byte(c.query.Get("signature"))) {
		return refusal{87009, "invalid signature"}
	}
	return reply{"errcode": 0, "errmsg": "ok"}
}

func (f *Fake) phoneNumber(c *call) any {
	var in struct {
		Code   string `json:"code"`
		OpenID string `json:"openid"`
	}
	if no, bad := c.read(&in); bad {
		return no
	}
	if known, ok := f.codes[in.Code]; ok && in.OpenID != "" && in.OpenID != known.openID {
		return refusal{40003, "invalid openid"} // the real code is undocumented
	}
	u, no, ok := f.takeCode("phone", in.Code, c.now)
	if !ok {
		return no
	}
	full := u.Phone
	if u.Country != "86" {
		full = "+" + u.Country + u.Phone
	}
	return reply{"errcode": 0, "errmsg": "ok", "phone_info": reply{
		"phoneNumber": full, "purePhoneNumber": u.Phone, "countryCode": u.Country,
		"watermark": reply{"timestamp": c.now.Unix(), "appid": f.cfg.AppID},
	}}
}
