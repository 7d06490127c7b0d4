// Package smstest is a gateway that behaves as Alibaba Cloud's does for
// SendSms: it checks the signature, the time, the signature name and the
// template, and keeps what phones would show. It knows one account only.
package smstest

import (
	"encoding/json"
	"errors"
	"net/http"
	"regexp"
	"slices"
	"sync"
	"time"

	"microcourt/service/sms"
)

// The account of the fake; nothing real may use it.
const (
	AccessKeyID     = "LTAIfake0000000000000000"
	AccessKeySecret = "fakefakefakefakefakefakefakefa"
	SignName        = "镇海法院"
	TemplateCode    = "SMS_100000001"
)

// Text is a message that a phone shows.
type Text struct {
	Phone, Title, Code, Link string
	At                       time.Time
}

// Gateway is the fake. It is an http.Handler and safe for concurrent use.
type Gateway struct {
	now func() time.Time

	mu     sync.Mutex
	nonces map[string]bool
	texts  []Text
	faults []string
}

// New makes a gateway. It refuses any account but its own, so that production
// credentials never reach it unnoticed.
func New(cfg sms.Config) (*Gateway, error) {
	if cfg.AccessKeyID != AccessKeyID || cfg.AccessKeySecret != AccessKeySecret {
		return nil, errors.New("smstest: this is not the fake's account")
	}
	return &Gateway{now: cfg.Now, nonces: map[string]bool{}}, nil
}

// Texts lists what the phones show, oldest first.
func (g *Gateway) Texts() []Text {
	g.mu.Lock()
	defer g.mu.Unlock()
	return slices.Clone(g.texts)
}

// Fail makes the next requests answer these codes; "cut" takes the message and
// cuts the connection.
func (g *Gateway) Fail(codes ...string) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.faults = append(g.faults, codes...)
}

var mobile = regexp.MustCompile(`^1[3-9]\d{9}$`)

// ServeHTTP implements http.Handler.
func (g *Gateway) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	g.mu.Lock()
	defer g.mu.Unlock()
	code := g.accept(r)
	if code == "cut" {
		panic(http.ErrAbortHandler)
	}
	answer := map[string]string{"Code": code, "Message": code, "RequestId": "fake"}
	if code == "OK" {
		answer["BizId"] = "9006197469364984400"
	}
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(answer)
}

func (g *Gateway) accept(r *http.Request) string {
	if r.Method != http.MethodPost || r.ParseForm() != nil {
		return "UnsupportedHTTPMethod"
	}
	q := r.PostForm
	at, err := time.Parse("2006-01-02T15:04:05Z", q.Get("Timestamp"))
	switch {
	case q.Get("AccessKeyId") != AccessKeyID:
		return "InvalidAccessKeyId.NotFound"
	case q.Get("Signature") != sms.Sign(r.Method, q, AccessKeySecret):
		return "SignatureDoesNotMatch"
	case err != nil || g.now().Sub(at).Abs() > 15*time.Minute:
		return "InvalidTimeStamp.Expired"
	case g.nonces[q.Get("SignatureNonce")]:
		return "SignatureNonceUsed"
	}
	g.nonces[q.Get("SignatureNonce")] = true
	fault := ""
	if len(g.faults) > 0 {
		fault, g.faults = g.faults[0], g.faults[1:]
	}
	var vars struct{ Title, Code, Link string }
	switch {
	case fault != "" && fault != "cut":
		return fault
	case q.Get("SignName") != SignName:
		return "isv.SMS_SIGNATURE_ILLEGAL"
	case q.Get("TemplateCode") != TemplateCode:
		return "isv.SMS_TEMPLATE_ILLEGAL"
	case !mobile.MatchString(q.Get("PhoneNumbers")):
		return "isv.MOBILE_NUMBER_ILLEGAL"
	case json.Unmarshal([]byte(q.Get("TemplateParam")), &vars) != nil:
		return "isv.INVALID_JSON_PARAM"
	}
	g.texts = append(g.texts, Text{Phone: q.Get("PhoneNumbers"), Title: vars.Title, Code: vars.Code, Link: vars.Link, At: g.now()})
	if fault == "cut" {
		return "cut"
	}
	return "OK"
}
