package wechat

import (
	"crypto/rand"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"regexp"
	"time"
)

// DemoAppID and DemoSecret are the only credentials that the fake platform in
// wechattest accepts. "fake" is not hexadecimal, so that no real mini-program
// can ever have this id.
const (
	DemoAppID  = "wxfake000000000000"
	DemoSecret = "demo-secret-not-for-production" // #nosec G101 -- public by design
	// DemoServiceAppID is the service account of the fake platform.
	DemoServiceAppID  = "wxfakeservice00000"
	DemoServiceSecret = "demo-service-secret-not-for-production" // #nosec G101 -- public by design
	// DemoPushToken and DemoPushAESKey are what the fake platform signs and
	// encrypts its pushes with.
	DemoPushToken  = "demo-push-token" // #nosec G101 -- public by design
	DemoPushAESKey = "ZGVtb25zdHJhdGlvbktleU5vdEZvclByb2R1Y3Rpb24"
)

// MessageState says which build of the mini-program a message or a code opens.
type MessageState string

// The builds. An empty state counts as formal.
const (
	StateFormal    MessageState = "formal"    // 正式版
	StateTrial     MessageState = "trial"     // 体验版
	StateDeveloper MessageState = "developer" // 开发版
)

// Config is how to reach WeChat.
type Config struct {
	AppID        string
	Secret       string
	MessageState MessageState
	// BaseURL is empty in production. Set, it sends every call to a fake
	// platform, and only with its own appids: a real secret never goes elsewhere.
	BaseURL string
	// Timeout bounds one call; 0 is 8 s.
	Timeout time.Duration
	// Observe, when set, is told of every call: for metrics.
	Observe func(Call)
	// NewCode makes the serial of a face verification: 5 to 32 letters, digits,
	// _ or -. nil is crypto/rand.Text.
	NewCode func() string
}

// Call is one finished call, for metrics. It holds no personal data.
type Call struct {
	Path    string // e.g. /cgi-bin/message/subscribe/send
	Status  int    // of HTTP; 0 when no answer came
	Code    int    // errcode; 0 is success
	Elapsed time.Duration
}

var (
	realAppID  = regexp.MustCompile(`^wx[0-9a-f]{16}$`)
	realSecret = regexp.MustCompile(`^[0-9A-Fa-f]{32}$`)
)

// LooksReal tells whether an id or a secret has the form of those that WeChat
// gives out. The fake platform refuses to start with such.
func LooksReal(appID, secret string) bool {
	return realAppID.MatchString(appID) || realSecret.MatchString(secret)
}

// check refuses configurations that mix the fake platform with real
// credentials, either way round.
func (cfg Config) check() (*url.URL, error) {
	switch cfg.MessageState {
	case "", StateFormal, StateTrial, StateDeveloper:
	default:
		return nil, fmt.Errorf("wechat: message state %q is none of formal, trial, developer", cfg.MessageState)
	}
	if cfg.Secret == "" {
		return nil, errors.New("wechat: the secret is missing")
	}
	if cfg.BaseURL == "" {
		if !realAppID.MatchString(cfg.AppID) {
			return nil, errors.New("wechat: the appid is not one that WeChat gives out (wx and 16 hexadecimal digits); " +
				"for the demonstration set the base URL of the fake platform")
		}
		return nil, nil
	}
	if cfg.AppID != DemoAppID && cfg.AppID != DemoServiceAppID || LooksReal(cfg.AppID, cfg.Secret) {
		return nil, errors.New("wechat: a base URL is for the fake platform only and must not be used with real credentials")
	}
	u, err := url.Parse(cfg.BaseURL)
	if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" {
		return nil, errors.New("wechat: the base URL must be http(s)://host:port")
	}
	return u, nil
}

// Client calls WeChat. It is safe for concurrent use; make one for a process.
type Client struct {
	cfg    Config
	http   *http.Client
	tokens *tokenSource
	now    func() time.Time
	log    *slog.Logger
}

// New makes a client. tokens keeps the access token: NewMemoryTokens for one
// process, NewRedisTokens when several share it. It refuses a configuration
// that would send real credentials to a fake platform or the other way round. A nil logger logs nothing.
func New(cfg Config, tokens TokenStore, now func() time.Time, logger *slog.Logger) (*Client, error) {
	target, err := cfg.check()
	if err != nil {
		return nil, err
	}
	if cfg.MessageState == "" {
		cfg.MessageState = StateFormal
	}
	if cfg.Timeout == 0 {
		cfg.Timeout = 8 * time.Second
	}
	if cfg.NewCode == nil {
		cfg.NewCode = rand.Text
	}
	if logger == nil {
		logger = slog.New(slog.DiscardHandler)
	}
	c := &Client{cfg: cfg, now: now, log: logger}
	c.http = &http.Client{
		Timeout:   cfg.Timeout,
		Transport: newTransport(target, cfg.Observe, now),
		// A redirect would carry the secret in a POST body to another host.
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
	c.tokens = &tokenSource{client: c, store: tokens, fallback: NewMemoryTokens(now)}
	installDispatcher()
	return c, nil
}
