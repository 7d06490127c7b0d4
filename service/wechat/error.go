package wechat

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"strings"

	"microcourt/model"
)

// APIError is WeChat's refusal: it was reached, understood the call and did not
// do it.
type APIError struct {
	Path string // e.g. /sns/jscode2session
	Code int    // errcode
	Msg  string // errmsg without the rid
	RID  string // request id to look up with openapi/rid/get, kept for 7 days
}

// Error implements error. It names no person.
func (e *APIError) Error() string {
	return fmt.Sprintf("wechat %s: errcode %d: %s (rid %s)", e.Path, e.Code, e.Msg, e.RID)
}

// TransportError is a call without an answer that can be understood: it may or
// may not have been carried out.
type TransportError struct {
	Path string
	// Sent is false only when the request surely never left; then the call can
	// be repeated without doing anything twice.
	Sent bool
	text string
	err  error // a context error or nil; others could carry the URL
}

// Error implements error; it holds neither secrets nor codes.
func (e *TransportError) Error() string {
	sent := "not sent"
	if e.Sent {
		sent = "answer lost"
	}
	return fmt.Sprintf("wechat %s: %s: %s", e.Path, sent, e.text)
}

// Unwrap gives context.Canceled or context.DeadlineExceeded if that was why.
func (e *TransportError) Unwrap() error { return e.err }

// ErrTokenRefused means that a fresh access token was refused too: the secret
// is wrong or another program keeps fetching tokens for the same appid. A human
// must look; repeating does not help.
var ErrTokenRefused = errors.New("wechat: a fresh access token was refused; is another program using the same appid?")

var (
	ridPattern    = regexp.MustCompile(`,?\s*rid:\s*([0-9a-f-]+)\s*$`)
	secretPattern = regexp.MustCompile(`(?i)((?:access_token|app_?secret|secret|js_code|session_key|code)"?\s*[=:]\s*"?)[^&\s",}]+`)
)

func newAPIError(path string, v verdict, secrets ...string) *APIError {
	e := &APIError{Path: path, Code: v.Code, Msg: v.Msg}
	if m := ridPattern.FindStringSubmatchIndex(e.Msg); m != nil {
		e.RID, e.Msg = e.Msg[m[2]:m[3]], e.Msg[:m[0]]
	}
	e.Msg = scrub(e.Msg, secrets...)
	return e
}

func newTransportError(path string, sent bool, err error, secrets ...string) *TransportError {
	e := &TransportError{Path: path, Sent: sent, text: scrub(err.Error(), secrets...)}
	for _, cause := range []error{context.Canceled, context.DeadlineExceeded} {
		if errors.Is(err, cause) {
			e.err = cause
		}
	}
	return e
}

// scrub takes the given secrets out of a text, and whatever stands where
// secrets usually stand.
func scrub(text string, secrets ...string) string {
	for _, s := range secrets {
		if len(s) >= 4 {
			text = strings.ReplaceAll(text, s, "[redacted]")
		}
	}
	return secretPattern.ReplaceAllString(text, "${1}[redacted]")
}

// codeOf is the errcode in err, 0 if there is none.
func codeOf(err error) int {
	if e, ok := errors.AsType[*APIError](err); ok {
		return e.Code
	}
	return 0
}

// staleToken tells whether err says that the access token is no longer good.
// The platform is not consistent about which of the three it sends.
func staleToken(err error) bool {
	switch codeOf(err) {
	case 40001, 40014, 42001:
		return true
	}
	return false
}

// userError turns a failure into what a user may see. Codes that say "your
// input" are handled by the callers before; the rest is ours or WeChat's.
func userError(err error) error {
	switch code := codeOf(err); {
	case errors.Is(err, ErrTokenRefused), code == 40002, code == 40013, code == 40125, code == 40164, code == 40243,
		code == 41001, code == 41002, code == 41004, code == 43002, code == 44002, code == 47001, code == 48001,
		code == 50004, code == 50007, code == 89503, code == 89506, code == 89507:
		return model.E(model.Internal, "wechat.configuration", "与微信的连接配置有误，请联系法院技术人员").WithCause(err)
	}
	return model.E(model.Unavailable, "wechat.unavailable", "微信服务暂时无法使用，请稍后再试").WithCause(err)
}

// fieldOf is the field that a *model.Error in err names.
func fieldOf(err error) string {
	if e, ok := errors.AsType[*model.Error](err); ok {
		return e.Field
	}
	return ""
}
