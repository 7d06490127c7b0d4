// Package servicetest is a whole court without its HTTP interface, for tests:
// a real database, a real object store, the fake WeChat, and all services over
// them. Tests of an area tell their stories with its acts, which are the
// services' own: nothing is written past them but accounts, whose making has
// tests of its own, and rows by the hundred for what counts them.
package servicetest

import (
	"bytes"
	"context"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"sync"
	"testing"
	"time"

	"microcourt/model"
	"microcourt/service"
	"microcourt/service/assetquery"
	"microcourt/service/channel"
	"microcourt/service/demo"
	"microcourt/service/document"
	"microcourt/service/evidence"
	"microcourt/service/sms"
	"microcourt/service/sms/smstest"
	"microcourt/service/wechat"
	"microcourt/service/wechat/wechattest"
	"microcourt/storage"
	"microcourt/storage/object"
	"microcourt/storage/object/objecttest"
	"microcourt/storage/storagetest"
)

// Files are examined by the small program that deploy/test.sh built, and by the test's
// own where it was called by hand.
func init() { evidence.Shared().Program = os.Getenv("TEST_EXAMINER") }

// World is an installation with one court.
type World struct {
	T           testing.TB
	Clock       *storagetest.Clock
	DB          *storage.DB
	DSN         string
	Objects     object.Store
	Fake        *wechattest.Fake
	Svc         *service.Services
	Wechat      string // address of the fake platform
	Court       model.Court
	Log         *Log
	Logger      *slog.Logger // writes Log
	Signer      *document.Signer
	Texting     bool // the court has a gateway for text messages
	Texts       *smstest.Gateway
	NoRealName  bool
	NoPresident bool // leaders are not marked as the court's president
	NoPush      bool
	UndoFor     time.Duration                   // how long decisions at the desk can be taken back
	NoCourt     bool                            // the test makes its own
	DbGone      bool                            // the test ended the database
	Door        assetquery.Door                 // of the agencies, nil for paper
	Deps        func(*service.Deps)             // changes what the services are made of
	Following   bool                            // the court has a service account
	Account     *wechattest.Fake                // the platform as the service account sees it
	Network     func(http.Handler) http.Handler // between the program and WeChat, nil for nothing
}

// Signer is made once for all tests: its key takes longer than most of them.
var Signer = sync.OnceValues(func() (*document.Signer, error) {
	s, _, _, err := document.GenerateSigner("宁波市镇海区人民法院", time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC))
	return s, err
})

// New is an installation with the court 浙0211.
func New(t testing.TB) *World {
	t.Helper()
	return NewWith(t, nil)
}

// NewWith changes what the installation is made of before it is built.
func NewWith(t testing.TB, prepare func(*World)) *World {
	t.Helper()
	clock := storagetest.NewClock()
	w := Open(t, clock, storagetest.Config(t, clock.Now))
	if prepare != nil {
		prepare(w)
	}
	w.Build()
	w.Found()
	return w
}

// Open is an installation's storage, before anything is built over it.
func Open(t testing.TB, clock *storagetest.Clock, cfg storage.Config) *World {
	t.Helper()
	db, err := storage.Open(context.Background(), cfg)
	if err != nil {
		t.Fatal(err)
	}
	w := &World{T: t, Clock: clock, DB: db, DSN: cfg.DSN, Objects: objecttest.Open(t), Log: &Log{}, UndoFor: 30 * time.Second}
	w.Logger = slog.New(slog.NewJSONHandler(w.Log, nil))
	t.Cleanup(func() {
		defer func() { _ = db.Close() }()
		// Whatever the test did, the tallies count its cases.
		if wrong, err := db.RecountCases(context.Background()); !w.DbGone && (err != nil || wrong > 0) {
			t.Errorf("%d tallies of cases are wrong, %v", wrong, err)
		}
		if !w.DbGone {
			w.CheckNotices()
			w.RecountDerived()
		}
	})
	return w
}

// Found makes the world's court, unless the test makes its own.
func (w *World) Found() {
	w.T.Helper()
	if !w.NoCourt {
		w.Court = w.AddCourt("浙0211", "宁波市镇海区人民法院", "镇法")
	}
}

// Build wires the services over the world's database and object store.
func (w *World) Build() {
	w.T.Helper()
	var err error
	if w.Fake, err = wechattest.New(wechattest.Config{Now: w.Clock.Now}); err != nil {
		w.T.Fatal(err)
	}
	w.Fake.PushTo("http://unused.invalid") // what is told waits to be taken, see Hear
	platform := http.Handler(w.Fake)
	if w.Network != nil {
		platform = w.Network(platform)
	}
	server := httptest.NewServer(platform)
	w.T.Cleanup(server.Close)
	w.Wechat = server.URL
	client, err := wechat.New(wechat.Config{AppID: wechat.DemoAppID, Secret: wechat.DemoSecret, BaseURL: server.URL},
		wechat.NewMemoryTokens(w.Clock.Now), w.Clock.Now, w.Logger)
	if err != nil {
		w.T.Fatal(err)
	}
	if w.Signer, err = Signer(); err != nil {
		w.T.Fatal(err)
	}
	deps := service.Deps{
		QueryDoor: w.Door, DB: w.DB, Objects: w.Objects, WeChat: client, AppID: wechat.DemoAppID, RealName: !w.NoRealName, Cards: demo.Cards(),
		Printer: document.NewPrinter(w.Signer, nil), PublicURL: "https://court.example",
		TempDir: w.T.TempDir(), Logger: w.Logger, Now: w.Clock.Now, PasswordMemory: 64, UndoFor: w.UndoFor,
	}
	if w.Texting {
		deps.SMS = w.textGateway()
	}
	if !w.NoPush {
		deps.Push, err = wechat.NewPush(wechat.PushConfig{
			AppID: wechat.DemoAppID, Token: wechat.DemoPushToken, AESKey: wechat.DemoPushAESKey, Now: w.Clock.Now,
		})
		if err != nil {
			w.T.Fatal(err)
		}
	}
	if w.Following {
		deps.Followers = w.serviceAccount()
	}
	if w.Deps != nil {
		w.Deps(&deps)
	}
	if w.Svc, err = service.New(deps); err != nil {
		w.T.Fatal(err)
	}
}

func (w *World) serviceAccount() (a channel.Account) {
	w.T.Helper()
	var err error
	if w.Account, err = wechattest.New(wechattest.Config{AppID: wechat.DemoServiceAppID, Secret: wechat.DemoServiceSecret, Now: w.Clock.Now, Seed: 9}); err != nil {
		w.T.Fatal(err)
	}
	w.Account.PushTo("http://unused.invalid")
	server := httptest.NewServer(w.Account)
	w.T.Cleanup(server.Close)
	a.Client, err = wechat.New(wechat.Config{AppID: wechat.DemoServiceAppID, Secret: wechat.DemoServiceSecret, BaseURL: server.URL},
		wechat.NewMemoryTokens(w.Clock.Now), w.Clock.Now, nil)
	if err != nil {
		w.T.Fatal(err)
	}
	a.Cards = demo.FollowerCards()
	a.Push, err = wechat.NewPush(wechat.PushConfig{
		AppID: wechat.DemoServiceAppID, Token: wechat.DemoPushToken, AESKey: wechat.DemoPushAESKey, Now: w.Clock.Now,
	})
	if err != nil {
		w.T.Fatal(err)
	}
	return a
}

func (w *World) textGateway() *sms.Client {
	w.T.Helper()
	cfg := sms.Config{
		AccessKeyID: smstest.AccessKeyID, AccessKeySecret: smstest.AccessKeySecret, SignName: smstest.SignName, TemplateCode: smstest.TemplateCode,
		Now: w.Clock.Now,
	}
	var err error
	if w.Texts, err = smstest.New(cfg); err != nil {
		w.T.Fatal(err)
	}
	server := httptest.NewServer(w.Texts)
	w.T.Cleanup(server.Close)
	cfg.Endpoint = server.URL
	client, err := sms.New(cfg)
	if err != nil {
		w.T.Fatal(err)
	}
	return client
}

// SetCourt changes the court's settings.
func (w *World) SetCourt(change func(*model.CourtSettings)) {
	w.T.Helper()
	change(&w.Court.Settings)
	if err := w.DB.Transact(context.Background(), func(tx *storage.DB) error { return tx.UpdateCourt(context.Background(), &w.Court) }); err != nil {
		w.T.Fatal(err)
	}
}

// AddCourt makes another court.
func (w *World) AddCourt(code, name, short string) model.Court {
	w.T.Helper()
	c := model.Court{
		Code: code, Name: name, ShortName: short, Phone: "0574-12368", Address: "宁波市镇海区", Account: "户名：" + name + "，账号：3901 1200",
		Settings: model.DefaultCourtSettings(),
	}
	c.Settings.DetentionHouse = "宁波市镇海区拘留所"
	if err := w.DB.Transact(context.Background(), func(tx *storage.DB) error { return tx.CreateCourt(context.Background(), &c) }); err != nil {
		w.T.Fatal(err)
	}
	return c
}

// CarryOut lets the time go by in which decisions and answers at the desk can be taken
// back, and carries them out as the program's job does.
func (w *World) CarryOut() {
	w.T.Helper()
	w.Clock.Advance(w.UndoFor)
	if err := w.Svc.DeskAct.Pass(context.Background()); err != nil {
		w.T.Fatal(err)
	}
}

// Today is the legal date on the world's clock.
func (w *World) Today() model.Date { return model.DateOf(w.Clock.Now()) }

// Log collects the log of concurrent requests.
type Log struct {
	mu sync.Mutex
	b  bytes.Buffer
}

// Write implements io.Writer.
func (l *Log) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(p)
}

// String is what was logged so far.
func (l *Log) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.String()
}
