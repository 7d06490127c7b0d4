package notice_test

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"
	"time"

	"microcourt/model"
	"microcourt/service"
	"microcourt/service/channel"
	"microcourt/service/demo"
	"microcourt/service/document"
	"microcourt/service/notice"
	"microcourt/service/sms"
	"microcourt/service/sms/smstest"
	"microcourt/service/wechat"
	"microcourt/service/wechat/wechattest"
	"microcourt/storage"
	"microcourt/storage/object"
	"microcourt/storage/storagetest"
)

// world is a court with its channels: the fake platform, a service account and
// a gateway for text messages, over a real database.
type world struct {
	t       testing.TB
	clock   *storagetest.Clock
	cfg     storage.Config
	db      *storage.DB
	fake    *wechattest.Fake
	account *wechattest.Fake
	texts   *smstest.Gateway
	svc     *service.Services
	court   model.Court
	deps    service.Deps

	mu      sync.Mutex
	between func(r *http.Request) // runs before a call reaches the platform
	around  func(rw http.ResponseWriter, r *http.Request, next http.Handler)
	counted map[string]int // outcomes, as the metric counts them
	stages  map[string]int
}

type person struct {
	party model.Party
	user  int64
	id    string // openid
}

var signer = sync.OnceValues(func() (*document.Signer, error) {
	s, _, _, err := document.GenerateSigner("宁波市镇海区人民法院", time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC))
	return s, err
})

func newWorld(t testing.TB, channels ...model.ChannelName) *world {
	t.Helper()
	w := &world{t: t, clock: storagetest.NewClock(), counted: map[string]int{}, stages: map[string]int{}}
	w.cfg = storagetest.Config(t, w.clock.Now)
	w.cfg.Readers = 2
	var err error
	if w.db, err = storage.Open(context.Background(), w.cfg); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = w.db.Close() })
	objects, err := object.NewDir(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = objects.Close() })
	key, err := signer()
	if err != nil {
		t.Fatal(err)
	}
	serve := func(h http.Handler) string {
		s := httptest.NewUnstartedServer(http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
			w.mu.Lock()
			f, around := w.between, w.around
			w.mu.Unlock()
			if f != nil {
				f(r)
			}
			if around != nil {
				around(rw, r, h)
				return
			}
			h.ServeHTTP(rw, r)
		}))
		s.Config.ErrorLog = slog.NewLogLogger(slog.DiscardHandler, slog.LevelError)
		s.Start()
		t.Cleanup(s.Close)
		return s.URL
	}
	logger := slog.New(slog.DiscardHandler)
	client := func(appID, secret, url string) *wechat.Client {
		c, err := wechat.New(wechat.Config{AppID: appID, Secret: secret, BaseURL: url}, wechat.NewMemoryTokens(w.clock.Now), w.clock.Now, logger)
		if err != nil {
			t.Fatal(err)
		}
		return c
	}
	push := func(appID string) *wechat.Push {
		p, err := wechat.NewPush(wechat.PushConfig{AppID: appID, Token: wechat.DemoPushToken, AESKey: wechat.DemoPushAESKey, Now: w.clock.Now})
		if err != nil {
			t.Fatal(err)
		}
		return p
	}
	if w.fake, err = wechattest.New(wechattest.Config{Now: w.clock.Now}); err != nil {
		t.Fatal(err)
	}
	if w.account, err = wechattest.New(wechattest.Config{AppID: wechat.DemoServiceAppID, Now: w.clock.Now, Seed: 7}); err != nil {
		t.Fatal(err)
	}
	w.fake.PushTo("http://unused")
	w.account.PushTo("http://unused")
	gateway := sms.Config{
		AccessKeyID: smstest.AccessKeyID, AccessKeySecret: smstest.AccessKeySecret, SignName: smstest.SignName, TemplateCode: smstest.TemplateCode, Now: w.clock.Now,
	}
	if w.texts, err = smstest.New(gateway); err != nil {
		t.Fatal(err)
	}
	gateway.Endpoint = serve(w.texts)
	texting, err := sms.New(gateway)
	if err != nil {
		t.Fatal(err)
	}
	w.deps = service.Deps{
		DB: w.db, Objects: objects, WeChat: client(wechat.DemoAppID, wechat.DemoSecret, serve(w.fake)), AppID: wechat.DemoAppID, Cards: demo.Cards(),
		SMS: texting, Push: push(wechat.DemoAppID), Printer: document.NewPrinter(key, nil), PublicURL: "https://court.example", Logger: logger, Now: w.clock.Now,
		Followers: channel.Account{
			Client: client(wechat.DemoServiceAppID, wechat.DemoServiceSecret, serve(w.account)), Push: push(wechat.DemoServiceAppID), Cards: demo.FollowerCards(),
		},
		Delivered: func(_ model.NoticeKind, channel model.ChannelName, outcome model.OutboxState) {
			w.mu.Lock()
			w.counted[channel+" "+string(outcome)]++
			w.mu.Unlock()
		},
		Measured: func(channel model.ChannelName, stage notice.Stage, _ time.Duration) {
			w.mu.Lock()
			w.stages[channel+" "+string(stage)]++
			w.mu.Unlock()
		},
		JournalDir: t.TempDir(),
	}
	w.build()
	w.court = model.Court{Code: "浙0211", Name: "宁波市镇海区人民法院", ShortName: "镇法", Settings: model.CourtSettings{Channels: channels}}
	w.tx(func(tx *storage.DB) error {
		courts := []model.Court{w.court}
		err := storage.Insert(context.Background(), tx, courts)
		w.court = courts[0]
		return err
	})
	return w
}

func (w *world) build() {
	w.t.Helper()
	var err error
	if w.svc, err = service.New(w.deps); err != nil {
		w.t.Fatal(err)
	}
}

func (w *world) tx(f func(tx *storage.DB) error) {
	w.t.Helper()
	if err := w.db.Transact(context.Background(), f); err != nil {
		w.t.Fatal(err)
	}
}

// people makes n debtors with WeChat and a phone, each in a case of his own.
func (w *world) people(n int) []person {
	w.t.Helper()
	out := make([]person, n)
	w.tx(func(tx *storage.DB) error {
		ctx := context.Background()
		for i := range out {
			p := &out[i]
			id := w.fake.AddUser(wechattest.User{UnionID: fmt.Sprintf("union-%d", i)})
			p.id = id.OpenID
			users := []model.User{{Name: "某人", State: model.UserActive}}
			if err := storage.Insert(ctx, tx, users); err != nil {
				return err
			}
			p.user = users[0].ID
			cases := []model.Case{{
				CourtID: w.court.ID, CaseNo: fmt.Sprintf("（2026）浙0211民初%d号", i+1), Kind: model.CaseCivil, FiledOn: model.NewDate(2026, 3, 2), JudgeID: 1, Version: 1,
			}}
			if err := storage.Insert(ctx, tx, cases); err != nil {
				return err
			}
			parties := []model.Party{{CaseID: cases[0].ID, CourtID: w.court.ID, Ref: "D1", Role: model.Defendant, Kind: "person", Name: "某人", Phone: fmt.Sprintf("139%08d", i)}}
			if err := storage.Insert(ctx, tx, parties); err != nil {
				return err
			}
			p.party = parties[0]
			key := fmt.Sprint(i)
			if err := storage.Insert(ctx, tx, []model.Binding{{
				CourtID: w.court.ID, CaseID: cases[0].ID, PartyID: p.party.ID, UserID: p.user, Capacity: model.CapacitySelf, Method: "code", ActiveKey: &key,
			}}); err != nil {
				return err
			}
			if err := storage.Insert(ctx, tx, []model.WeChatIdentity{{AppID: wechat.DemoAppID, OpenID: p.id, UnionID: id.UnionID, UserID: p.user}}); err != nil {
				return err
			}
		}
		return nil
	})
	return out
}

// tell makes a notice to a person; kinds with the due template are long-term.
func (w *world) tell(p person, kind model.NoticeKind, key string) {
	w.t.Helper()
	w.tx(func(tx *storage.DB) error {
		return tx.AddNotice(context.Background(), model.Notice{
			CourtID: w.court.ID, CaseID: p.party.CaseID, PartyID: p.party.ID, Kind: kind, DedupeKey: fmt.Sprintf("%s:%d:%s", kind, p.party.ID, key),
			Title: kind.Chinese(), Body: "b", Page: "pages/case/detail?id=1",
			Card: map[string]string{"case_no": "（2026）浙0211民初1号", "due": "2026年3月31日", "amount": "100.00", "result": "已确认"},
		})
	})
}

func (w *world) allow(p person, template string, n int) {
	w.t.Helper()
	for range n {
		w.clock.Advance(time.Second)
		if err := w.fake.Allow(p.id, template); err != nil {
			w.t.Fatal(err)
		}
	}
}

// hear takes what the platform pushes.
func (w *world) hear() {
	w.t.Helper()
	ctx := context.Background()
	for _, from := range []struct {
		fake *wechattest.Fake
		push *wechat.Push
	}{{w.fake, w.deps.Push}, {w.account, w.deps.Followers.Push}} {
		for _, r := range from.fake.Pending() {
			message, err := from.push.Open(r.Query, r.Body)
			if err == nil {
				err = w.svc.Subscription.Receive(ctx, message)
			}
			if err != nil {
				w.t.Fatal(err)
			}
		}
	}
	if err := w.svc.Subscription.Drain(ctx); err != nil {
		w.t.Fatal(err)
	}
}

func (w *world) drain() {
	w.t.Helper()
	if err := w.svc.Notice.Drain(context.Background()); err != nil {
		w.t.Fatal(err)
	}
}

// after moves the clock, then sends and hears what there is.
func (w *world) after(d time.Duration) {
	w.t.Helper()
	w.clock.Advance(d)
	w.drain()
	w.hear()
	w.drain()
}

// ways are the messages about a person's notices: channel and state, in order.
func (w *world) ways(p person) (out []string) {
	w.t.Helper()
	for _, m := range w.messages(p) {
		out = append(out, m.Channel+" "+string(m.State))
	}
	return out
}

func (w *world) messages(p person) []model.OutboxMessage {
	w.t.Helper()
	ctx := context.Background()
	list, err := w.db.CaseNotices(ctx, p.party.CaseID, 0, 100)
	if err != nil {
		w.t.Fatal(err)
	}
	var ids []int64
	for _, n := range list {
		ids = append(ids, n.ID)
	}
	out, err := w.db.Deliveries(ctx, ids)
	if err != nil {
		w.t.Fatal(err)
	}
	return out
}

// away makes the database refuse to take outcomes, until back.
func (w *world) away() {
	w.t.Helper()
	if storagetest.OnMySQL() {
		w.exec(`CREATE TRIGGER away BEFORE UPDATE ON outbox FOR EACH ROW BEGIN IF NEW.lease_owner = '' THEN SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = 'away'; END IF; END`)
		return
	}
	w.exec(`CREATE TRIGGER away BEFORE UPDATE ON outbox WHEN NEW.lease_owner = '' BEGIN SELECT RAISE(ABORT, 'away'); END`)
}

func (w *world) back() { w.t.Helper(); w.exec(`DROP TRIGGER away`) }

func (w *world) exec(statement string) {
	w.t.Helper()
	db := storagetest.Raw(w.t, w.cfg.DSN)
	defer func() { _ = db.Close() }()
	if _, err := db.Exec(statement); err != nil {
		w.t.Error(err)
	}
}

// before runs f once, before the next send reaches the platform.
func (w *world) before(path string, f func()) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.between = func(r *http.Request) {
		w.mu.Lock()
		if r.URL.Path != path || w.between == nil {
			w.mu.Unlock()
			return
		}
		w.between = nil
		w.mu.Unlock()
		f()
	}
}

const sendPath = "/cgi-bin/message/subscribe/send"
