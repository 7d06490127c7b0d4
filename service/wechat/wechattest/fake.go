// Package wechattest is a faithful fake of api.weixin.qq.com, for tests and for
// the demonstration. It answers as the platform does: HTTP status 200 with an
// errcode and a rid, the documented order of checks, one use of each code, one
// message for each one-time allowance, tokens that overlap and go stale. Beside
// it stands the phone of its users, under /__fake/, reachable from the same
// machine only.
//
// It is not a test double of our client: it knows nothing of the client and
// shares with it nothing but the credentials of the demonstration. Its limits
// (limits.go), signatures and seals (crypto.go) are its own. Where the platform
// is undocumented (which of 40014 and 40001 a bad token gets, the code for an
// openid that does not match a phone code, or one for a second force_refresh)
// the fake's choice is marked in a comment; clients must not depend on it.
//
// # It is never production
//
// New refuses every appid but wechat.DemoAppID and every secret but
// wechat.DemoSecret, and wechat.New refuses to send any other credentials to a
// base URL. A real user's data cannot come here by a mistake in configuration.
package wechattest

import (
	"encoding/base64"
	"encoding/binary"
	"errors"
	"math/rand/v2"
	"net/http"
	"sync"
	"time"

	"microcourt/service/wechat"
)

// Config is what the platform knows at start. The zero Config is useful: a
// clock that is the machine's, the default templates, and every page released.
type Config struct {
	// AppID and Secret must be empty or the well-known ones of the fake.
	AppID, Secret string
	Now           func() time.Time // nil is time.Now
	Seed          uint64           // the same seed gives the same ids and codes
	Templates     []Template       // nil is DefaultTemplates()
	// Pages are the pages of the released mini-program; nil means that every
	// page exists.
	Pages []string
	// Banned words make a message fail with 45168.
	Banned []string
	// DailyQuota is how often a path may be called until midnight in Beijing;
	// paths that are absent have no limit.
	DailyQuota map[string]int
	// SendHold is how long a send takes; another one to the same openid in that
	// time gets 43108.
	SendHold time.Duration
}

// Fake is the platform. It is an http.Handler and safe for concurrent use.
type Fake struct {
	cfg Config

	mu       sync.Mutex
	offset   time.Duration // by which Advance moved the clock
	random   *rand.Rand
	users    map[string]*user
	order    []string // openids, as added
	codes    map[string]*code
	tokens   map[string]*token
	stable   *token
	classic  *token
	forced   []time.Time // force_refresh calls
	sends    int
	inFlight map[string]bool
	inbox    []Card
	verify   map[string]*verification
	rids     map[string]Entry
	used     map[string]int // calls today, by path
	usedOn   string         // the day of used
	faults   map[string][]fault
	journal  []Entry

	pushURL     string // "" pushes nothing
	pushFormat  PushFormat
	pending     []pushed
	media       []mediaCheck    // pictures to be judged
	away        map[string]bool // openids
	unpublished bool            // no release: links are refused
	late        []Late          // how the next messages fail after they were accepted

	// Of a service account.
	follows map[string]bool // openid
	once    map[string]sentOnce
}

// New makes the platform. It is an error to give it credentials that could be
// real ones.
func New(cfg Config) (*Fake, error) {
	appID, secret := wechat.DemoAppID, wechat.DemoSecret
	if cfg.AppID == wechat.DemoServiceAppID { // a service account instead of a mini-program
		appID, secret = wechat.DemoServiceAppID, wechat.DemoServiceSecret
	}
	if cfg.AppID != "" && cfg.AppID != appID || cfg.Secret != "" && cfg.Secret != secret || wechat.LooksReal(cfg.AppID, cfg.Secret) {
		return nil, errors.New("wechattest: the fake platform takes only its own well-known credentials; it must never run in production")
	}
	cfg.AppID, cfg.Secret = appID, secret
	if cfg.Now == nil {
		cfg.Now = time.Now
	}
	if cfg.Templates == nil {
		cfg.Templates = DefaultTemplates()
	}
	var seed [32]byte
	binary.LittleEndian.PutUint64(seed[:], cfg.Seed)
	return &Fake{
		cfg: cfg, random: rand.New(rand.NewChaCha8(seed)), // #nosec G404 -- determinism is the point
		follows: map[string]bool{}, once: map[string]sentOnce{}, users: map[string]*user{}, codes: map[string]*code{}, tokens: map[string]*token{}, inFlight: map[string]bool{},
		verify: map[string]*verification{}, rids: map[string]Entry{}, used: map[string]int{}, faults: map[string][]fault{},
	}, nil
}

// Now is the platform's time.
func (f *Fake) Now() time.Time {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.now()
}

// Advance moves the platform's clock.
func (f *Fake) Advance(d time.Duration) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.offset += d
}

func (f *Fake) now() time.Time { return f.cfg.Now().Add(f.offset) }

// id makes the next identifier of n characters from the seed.
func (f *Fake) id(n int) string {
	raw := make([]byte, n)
	for i := range raw {
		raw[i] = byte(f.random.UintN(256)) // #nosec G115 -- below 256
	}
	return base64.RawURLEncoding.EncodeToString(raw)[:n]
}

// ServeHTTP implements http.Handler.
func (f *Fake) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if serve, ok := phoneSide(r.URL.Path); ok {
		f.servePhoneSide(w, r, serve)
		return
	}
	f.serveAPI(w, r)
}
