// Package sms sends text messages, and asks what became of them, through Alibaba
// Cloud's short message service (SendSms and QuerySendDetails, 2017-05-25), one of
// the gateways that courts contract. The text is a template that the operator
// approved. It has three variables: title (the kind of notice), code (the check
// code) and link. No text names a party.
//
// Another provider is another such package; service/channel makes a channel of
// notices of it.
package sms

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha1" //nolint:gosec // the gateway's signature method is HMAC-SHA1
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptrace"
	"net/url"
	"slices"
	"strings"
	"sync/atomic"
	"time"
)

// Endpoint is the gateway in production.
const Endpoint = "https://dysmsapi.aliyuncs.com/"

// Config is one account with the gateway.
type Config struct {
	AccessKeyID     string
	AccessKeySecret string
	SignName        string // 短信签名, e.g. 镇海法院
	TemplateCode    string // of the approved text, SMS_123456789
	Endpoint        string // "" is Endpoint
	Now             func() time.Time
}

// Client calls the gateway.
type Client struct {
	cfg  Config
	http *http.Client
}

// New makes a client. A demonstration account and the real gateway never meet.
func New(cfg Config) (*Client, error) {
	if cfg.AccessKeyID == "" || cfg.AccessKeySecret == "" || cfg.SignName == "" || cfg.TemplateCode == "" || cfg.Now == nil {
		return nil, errors.New("sms: access key, sign name and template code are required")
	}
	if cfg.Endpoint == "" {
		cfg.Endpoint = Endpoint
	}
	return &Client{cfg: cfg, http: &http.Client{Timeout: 10 * time.Second}}, nil
}

// State is what became of a text message.
type State string

// The states.
const (
	Accepted    State = "accepted"    // the gateway took it
	Unreachable State = "unreachable" // the number cannot be reached
	Invalid     State = "invalid"     // our account, signature or template is wrong
	Retry       State = "retry"       // surely not sent
	Paused      State = "paused"      // the gateway refuses everything for now
	Unknown     State = "unknown"     // the answer was lost
)

// Outcome is what became of one message.
type Outcome struct {
	State State
	Code  string
	ID    string // the gateway's
	Wait  time.Duration
	// Slower asks to send fewer at once.
	Slower bool
}

// Message is one text message.
type Message struct {
	Phone string
	ID    string // ours, comes back in the gateway's reports
	Title string
	Code  string
	Link  string
}

// Send sends one message. The error is for the log and names no number.
func (c *Client) Send(ctx context.Context, m Message) (Outcome, error) {
	vars, err := json.Marshal(map[string]string{"title": m.Title, "code": m.Code, "link": m.Link})
	if err != nil {
		return Outcome{State: Invalid}, err
	}
	var got struct{ Code, BizID loose }
	sent, err := c.call(ctx, url.Values{
		"Action": {"SendSms"}, "PhoneNumbers": {m.Phone}, "SignName": {c.cfg.SignName}, "TemplateCode": {c.cfg.TemplateCode},
		"TemplateParam": {string(vars)}, "OutId": {m.ID},
	}, &got)
	switch {
	case err != nil && !sent:
		return Outcome{State: Retry, Wait: time.Second, Slower: true}, err
	case err != nil:
		// Whether it arrived cannot be known, and a person must not get it twice.
		return Outcome{State: Unknown}, err
	case got.Code == "":
		return Outcome{State: Unknown}, errors.New("sms: the answer holds no code")
	}
	out := outcome(string(got.Code), string(got.BizID))
	if out.State != Accepted {
		return out, fmt.Errorf("sms: the gateway answered %s", got.Code)
	}
	return out, nil
}

// call makes one call to the gateway and reads its answer. sent is false only
// when the request surely never left. Its errors name no number.
func (c *Client) call(ctx context.Context, q url.Values, out any) (sent bool, err error) {
	for k, v := range map[string]string{
		"AccessKeyId": c.cfg.AccessKeyID, "Format": "JSON", "RegionId": "cn-hangzhou", "SignatureMethod": "HMAC-SHA1", "SignatureNonce": rand.Text(),
		"SignatureVersion": "1.0", "Timestamp": c.cfg.Now().UTC().Format("2006-01-02T15:04:05Z"), "Version": "2017-05-25",
	} {
		q.Set(k, v)
	}
	q.Set("Signature", Sign(http.MethodPost, q, c.cfg.AccessKeySecret))
	var left atomic.Bool
	ctx = httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{WroteHeaders: func() { left.Store(true) }})
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, c.cfg.Endpoint, strings.NewReader(q.Encode()))
	if err != nil {
		return false, errors.New("sms: the endpoint is no address")
	}
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	res, err := c.http.Do(req)
	if err != nil {
		return left.Load(), fmt.Errorf("sms: %w", errors.Unwrap(err))
	}
	defer func() { _ = res.Body.Close() }() // read to the end
	body, err := io.ReadAll(io.LimitReader(res.Body, 1<<20))
	body = bytes.TrimPrefix(bytes.TrimSpace(body), []byte("\xef\xbb\xbf"))
	if err != nil || !bytes.HasPrefix(bytes.TrimSpace(body), []byte("{")) || json.Unmarshal(body, out) != nil {
		return true, fmt.Errorf("sms: answer with status %d cannot be read", res.StatusCode)
	}
	return true, nil
}

// loose takes a string or a number: gateways in between are not strict.
type loose string

// UnmarshalJSON implements json.Unmarshaler.
func (l *loose) UnmarshalJSON(b []byte) error {
	s := strings.TrimSpace(strings.Trim(string(b), `"`))
	if s == "null" || strings.ContainsAny(s, "{}[]") {
		s = ""
	}
	*l = loose(s)
	return nil
}

// outcome sorts the gateway's codes by what can be done.
func outcome(code, id string) Outcome {
	o := Outcome{Code: code, ID: id, State: Invalid}
	switch code {
	case "OK", "ok", "Ok":
		o.State = Accepted
	case "isv.MOBILE_NUMBER_ILLEGAL", "isv.MOBILE_COUNT_OVER_LIMIT", "isv.BLACK_KEY_CONTROL_LIMIT":
		o.State = Unreachable
	case "isv.BUSINESS_LIMIT_CONTROL": // too many to this number in a minute, an hour or a day
		o.State, o.Wait = Retry, time.Hour
	case "isp.SYSTEM_ERROR", "isp.RAM_PERMISSION_DENY", "Throttling", "Throttling.User", "ServiceUnavailable", "InternalError":
		o.State, o.Wait, o.Slower = Retry, time.Minute, true
	case "isv.AMOUNT_NOT_ENOUGH", "isv.OUT_OF_SERVICE", "isv.DAY_LIMIT_CONTROL", "isv.MONTH_LIMIT_CONTROL", "isv.ACCOUNT_ABNORMAL",
		"InvalidAccessKeyId.NotFound", "InvalidAccessKeyId.Inactive", "SignatureDoesNotMatch", "InvalidTimeStamp.Expired":
		o.State, o.Wait = Paused, 10*time.Minute
	}
	return o
}

// Sign is the gateway's signature of a request's parameters: HMAC-SHA1 over the
// method and the sorted, percent-encoded parameters, with the secret and "&"
// as its key.
func Sign(method string, q url.Values, secret string) string {
	names := make([]string, 0, len(q))
	for name := range q {
		if name != "Signature" {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	pairs := make([]string, len(names))
	for i, name := range names {
		pairs[i] = escape(name) + "=" + escape(q.Get(name))
	}
	m := hmac.New(sha1.New, []byte(secret+"&"))
	m.Write([]byte(method + "&" + escape("/") + "&" + escape(strings.Join(pairs, "&"))))
	return base64.StdEncoding.EncodeToString(m.Sum(nil))
}

// escape is percent-encoding as RFC 3986 has it: url.QueryEscape differs in
// three characters.
func escape(s string) string {
	return strings.NewReplacer("+", "%20", "*", "%2A", "%7E", "~").Replace(url.QueryEscape(s))
}
