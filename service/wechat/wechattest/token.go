package wechattest

import "time"

const (
	tokenLife    = 7200 * time.Second
	tokenOverlap = 5 * time.Minute // an old token lives on this long after its successor was made
	forceApart   = 30 * time.Second
	forcePerDay  = 20
)

// token is an access token that was handed out.
type token struct {
	value   string
	expires time.Time
	ended   time.Time // when a successor made it invalid; zero if none did
}

func (f *Fake) newToken(now time.Time) *token {
	t := &token{value: "99_" + f.id(120), expires: now.Add(tokenLife)}
	f.tokens[t.value] = t
	return t
}

// checkToken answers in the order missing, unknown, replaced, expired. The real
// platform is not consistent between 40014 and 40001; this split is the fake's.
func (f *Fake) checkToken(value string, now time.Time) (refusal, bool) {
	t, ok := f.tokens[value]
	switch {
	case value == "":
		return refusal{41001, "access_token missing"}, true
	case !ok:
		return refusal{40014, "invalid access_token"}, true
	case !t.ended.IsZero() && !now.Before(t.ended):
		return refusal{40001, "invalid credential, access_token is invalid or not latest, could get access_token by getStableAccessToken, more details at https://mmbizurl.cn/s/JtxxFh33r"}, true
	case !now.Before(t.expires):
		return refusal{42001, "access_token expired"}, true
	}
	return refusal{}, false
}

func (f *Fake) checkCredentials(grant, wantGrant, appID, secret string) (refusal, bool) {
	switch {
	case grant != wantGrant:
		return refusal{40002, "invalid grant_type"}, true
	case appID == "":
		return refusal{41002, "appid missing"}, true
	case secret == "":
		return refusal{41004, "appsecret missing"}, true
	case appID != f.cfg.AppID:
		return refusal{40013, "invalid appid"}, true
	case secret != f.cfg.Secret:
		return refusal{40125, "invalid appsecret"}, true
	}
	return refusal{}, false
}

// classicToken makes a new token at every call and ends the one before soon
// after: why two programs with one secret take each other's token away.
func (f *Fake) classicToken(c *call) any {
	q := c.query
	if no, bad := f.checkCredentials(q.Get("grant_type"), "client_credential", q.Get("appid"), q.Get("secret")); bad {
		return no
	}
	if f.classic != nil && f.classic.ended.IsZero() {
		f.classic.ended = c.now.Add(tokenOverlap)
	}
	f.classic = f.newToken(c.now)
	return tokenReply(f.classic, c.now)
}

// stableToken gives the same token until 5 minutes before its end.
func (f *Fake) stableToken(c *call) any {
	var in struct {
		Grant  string `json:"grant_type"`
		AppID  string `json:"appid"`
		Secret string `json:"secret"`
		Force  bool   `json:"force_refresh"`
	}
	if no, bad := c.read(&in); bad {
		return no
	}
	if no, bad := f.checkCredentials(in.Grant, "client_credential", in.AppID, in.Secret); bad {
		return no
	}
	if in.Force {
		if no, bad := f.checkForce(c.now); bad {
			return no
		}
		f.forced = append(f.forced, c.now)
		f.endStable(c.now)
	}
	if f.stable == nil || f.stable.expires.Sub(c.now) <= tokenOverlap {
		f.stable = f.newToken(c.now)
	}
	return tokenReply(f.stable, c.now)
}

// checkForce limits force_refresh to one in 30 s and 20 a day. Which codes the
// platform sends is undocumented; these are the fake's choice.
func (f *Fake) checkForce(now time.Time) (refusal, bool) {
	today := 0
	for _, at := range f.forced {
		if now.Sub(at) < 24*time.Hour {
			today++
		}
	}
	switch {
	case today >= forcePerDay:
		return refusal{45009, "reach max api daily quota limit"}, true
	case len(f.forced) > 0 && now.Sub(f.forced[len(f.forced)-1]) < forceApart:
		return refusal{45011, "api minute-quota reach limit, must slower, retry next minute"}, true
	}
	return refusal{}, false
}

func (f *Fake) endStable(now time.Time) {
	if f.stable != nil {
		f.stable.ended = now
		f.stable = nil
	}
}

// RotateToken ends the current stable token at once, as a force_refresh by
// somebody else does.
func (f *Fake) RotateToken() {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.endStable(f.now())
}

func tokenReply(t *token, now time.Time) reply {
	return reply{"access_token": t.value, "expires_in": int64(t.expires.Sub(now) / time.Second)}
}
