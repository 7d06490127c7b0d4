// Package smstest is a gateway that behaves as Alibaba Cloud's does for SendSms
// and QuerySendDetails: it checks the signature, the time, the signature name and
// the template, and keeps what phones would show. It knows one account only.
package smstest

import (
	"crypto/hmac"
	"crypto/sha1" //nolint:gosec // the gateway's signature method
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"sort"
	"strings"
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

// receipt is what the gateway knows of a message that it took.
type receipt struct {
	phone, bizID, outID string
	at                  time.Time
	status              int // 1 waiting, 2 failed, 3 delivered
	code                string
}

// Gateway is the fake. It is an http.Handler and safe for concurrent use.
type Gateway struct {
	now func() time.Time

	mu     sync.Mutex
	nonces map[string]bool
	texts  []Text
	faults []string
	late   []string // operator codes of the next messages that will not arrive
	slow   bool     // receipts do not come
	sent   []receipt
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

// FailLater makes the next messages be taken and not arrive: their receipts say
// so with these operator codes, e.g. MK:0001.
func (g *Gateway) FailLater(codes ...string) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.late = append(g.late, codes...)
}

// HoldReceipts keeps receipts from coming, as an operator does at times.
func (g *Gateway) HoldReceipts(hold bool) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.slow = hold
}

var mobile = regexp.MustCompile(`^1[3-9]\d{9}$`)

// ServeHTTP implements http.Handler.
func (g *Gateway) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	g.mu.Lock()
	defer g.mu.Unlock()
	code := g.admit(r)
	answer := map[string]any{"RequestId": "fake"}
	if code == "" && r.PostForm.Get("Action") == "QuerySendDetails" {
		code = "OK"
		answer["TotalCount"], answer["SmsSendDetailDTOs"] = "1", map[string]any{"SmsSendDetailDTO": g.details(r.PostForm)}
	} else if code == "" {
		code = g.accept(r)
	}
	if code == "cut" {
		panic(http.ErrAbortHandler)
	}
	answer["Code"], answer["Message"] = code, code
	if code == "OK" && len(g.sent) > 0 && r.PostForm.Get("Action") == "SendSms" {
		answer["BizId"] = g.sent[len(g.sent)-1].bizID
	}
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(answer)
}

// details serves QuerySendDetails.
func (g *Gateway) details(q url.Values) []map[string]any {
	out := []map[string]any{}
	for _, s := range g.sent {
		if s.phone != q.Get("PhoneNumber") || q.Get("BizId") != "" && s.bizID != q.Get("BizId") || s.at.In(china).Format("20060102") != q.Get("SendDate") {
			continue
		}
		d := map[string]any{"PhoneNum": s.phone, "SendStatus": s.status, "ErrCode": s.code, "OutId": s.outID, "SendDate": s.at.In(china).Format(time.DateTime)}
		if g.slow {
			d["SendStatus"], d["ErrCode"] = 1, ""
		} else {
			d["ReceiveDate"] = s.at.Add(2 * time.Second).In(china).Format(time.DateTime)
		}
		out = append(out, d)
	}
	return out
}

var china = time.FixedZone("UTC+8", 8*3600)

// admit checks who calls; "" is somebody who may.
func (g *Gateway) admit(r *http.Request) string {
	if r.Method != http.MethodPost || r.ParseForm() != nil {
		return "UnsupportedHTTPMethod"
	}
	q := r.PostForm
	at, err := time.Parse("2006-01-02T15:04:05Z", q.Get("Timestamp"))
	switch {
	case q.Get("AccessKeyId") != AccessKeyID:
		return "InvalidAccessKeyId.NotFound"
	case q.Get("Signature") != sign(r.Method, q, AccessKeySecret):
		return "SignatureDoesNotMatch"
	case err != nil || g.now().Sub(at).Abs() > 15*time.Minute:
		return "InvalidTimeStamp.Expired"
	case g.nonces[q.Get("SignatureNonce")]:
		return "SignatureNonceUsed"
	}
	g.nonces[q.Get("SignatureNonce")] = true
	return ""
}

// sign is the gateway's own reckoning of a request's signature, from its
// documentation: HMAC-SHA1 over the sorted parameters, percent-encoded as RFC
// 3986 has it. It shares nothing with the client.
func sign(method string, q url.Values, secret string) string {
	var names []string
	for name := range q {
		if name != "Signature" {
			names = append(names, name)
		}
	}
	sort.Strings(names)
	var b strings.Builder
	for _, name := range names {
		b.WriteString("&" + percent(name) + "=" + percent(q.Get(name)))
	}
	mac := hmac.New(sha1.New, []byte(secret+"&"))
	_, _ = mac.Write([]byte(method + "&%2F&" + percent(strings.TrimPrefix(b.String(), "&")))) // a hash takes everything
	return base64.StdEncoding.EncodeToString(mac.Sum(nil))
}

func percent(s string) string {
	var b strings.Builder
	for _, c := range []byte(s) {
		if c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || strings.IndexByte("-_.~", c) >= 0 {
			b.WriteByte(c)
		} else {
			fmt.Fprintf(&b, "%%%02X", c)
		}
	}
	return b.String()
}

func (g *Gateway) accept(r *http.Request) string {
	q := r.PostForm
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
	taken := receipt{
		phone: q.Get("PhoneNumbers"), outID: q.Get("OutId"), at: g.now(), status: 3, code: "DELIVERED",
		bizID: fmt.Sprintf("%d^0", 900619746936498440+int64(len(g.sent))),
	}
	if len(g.late) > 0 {
		taken.status, taken.code, g.late = 2, g.late[0], g.late[1:]
		g.sent = append(g.sent, taken)
		return "OK" // and no phone shows it
	}
	g.sent = append(g.sent, taken)
	g.texts = append(g.texts, Text{Phone: q.Get("PhoneNumbers"), Title: vars.Title, Code: vars.Code, Link: vars.Link, At: g.now()})
	if fault == "cut" {
		return "cut"
	}
	return "OK"
}
