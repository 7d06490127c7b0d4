package wechat_test

import (
	"bytes"
	"context"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"
	"time"

	"microcourt/service/wechat"
	"microcourt/service/wechat/wechattest"
)

var noon = time.Date(2026, 11, 30, 4, 0, 0, 0, time.UTC) // 12:00 in Beijing

func clock() time.Time { return noon }

// world is a platform with a user, and a client of it.
type world struct {
	fake   *wechattest.Fake
	server *httptest.Server
	client *wechat.Client
	user   wechattest.User
	log    *safeBuffer
}

type safeBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (s *safeBuffer) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.b.Write(p)
}

func (s *safeBuffer) String() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.b.String()
}

func newWorld(t testing.TB, cfg wechattest.Config) *world {
	t.Helper()
	if cfg.Now == nil {
		cfg.Now = clock
	}
	fake, err := wechattest.New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewUnstartedServer(fake)
	server.Config.ErrorLog = slog.NewLogLogger(slog.DiscardHandler, slog.LevelError)
	server.Start()
	t.Cleanup(server.Close)
	w := &world{fake: fake, server: server, log: &safeBuffer{}}
	w.client = newClient(t, server.URL, wechat.NewMemoryTokens(clock), w.log)
	w.user = fake.AddUser(wechattest.User{Name: "王某", Phone: "13800138000"})
	return w
}

func newClient(t testing.TB, baseURL string, tokens wechat.TokenStore, log io.Writer) *wechat.Client {
	t.Helper()
	c, err := wechat.New(wechat.Config{
		AppID: wechat.DemoAppID, Secret: wechat.DemoSecret, BaseURL: baseURL, Timeout: 5 * time.Second,
		NewCode: func() string { return "SEQ0001" },
	}, tokens, clock, slog.New(slog.NewTextHandler(log, &slog.HandlerOptions{Level: slog.LevelDebug})))
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// platform is a client of a platform that answers every call but the token's
// with the handler.
func platform(t *testing.T, h http.HandlerFunc) *wechat.Client {
	t.Helper()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/cgi-bin/stable_token" {
			_, _ = io.WriteString(w, `{"access_token":"TOKENVALUE","expires_in":7200}`)
			return
		}
		h(w, r)
	}))
	t.Cleanup(server.Close)
	return newClient(t, server.URL, wechat.NewMemoryTokens(clock), io.Discard)
}

func (w *world) allow(t testing.TB, openID, template string) {
	t.Helper()
	if err := w.fake.Allow(openID, template); err != nil {
		t.Fatal(err)
	}
}

func (w *world) loginCode(t testing.TB) string {
	t.Helper()
	code, err := w.fake.LoginCode(w.user.OpenID)
	if err != nil {
		t.Fatal(err)
	}
	return code
}

func (w *world) phoneCode(t testing.TB) string {
	t.Helper()
	code, err := w.fake.PhoneCode(w.user.OpenID)
	if err != nil {
		t.Fatal(err)
	}
	return code
}

// caseMessage is a correct message on the one-time template.
func caseMessage(openID string) wechat.SubscribeMessage {
	return wechat.SubscribeMessage{
		OpenID: openID, TemplateID: wechattest.TemplateCase, Page: "pages/case/detail?id=1",
		Data: []wechat.Field{{Key: "thing1", Value: "（2026）京0105执1234号"}, {Key: "thing2", Value: "示范区人民法院"}, {Key: "character_string8", Value: "AB2CD3EF"}, {Key: "thing9", Value: "请按期履行"}},
	}
}

// taskMessage is a correct message on the long-term template.
func taskMessage(openID string) wechat.SubscribeMessage {
	return wechat.SubscribeMessage{
		OpenID: openID, TemplateID: wechattest.TemplateTask, LongTerm: true,
		Data: []wechat.Field{{Key: "thing1", Value: "（2026）京0105执1234号"}, {Key: "time2", Value: "2026年11月30日 12:00"}, {Key: "thing9", Value: "有新凭证"}},
	}
}

func ctx(t testing.TB) context.Context { return t.Context() }
