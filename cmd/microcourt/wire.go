package main

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"image"
	_ "image/png" // seals
	"io/fs"
	"log/slog"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"

	"microcourt/handler"
	"microcourt/model"
	"microcourt/service"
	"microcourt/service/channel"
	"microcourt/service/conversation"
	"microcourt/service/courtfile"
	"microcourt/service/demo"
	"microcourt/service/document"
	"microcourt/service/document/font"
	"microcourt/service/dossier"
	inst "microcourt/service/installation"
	"microcourt/service/notice"
	"microcourt/service/signon"
	"microcourt/service/sms"
	"microcourt/service/wechat"
	"microcourt/service/wechat/wechattest"
	"microcourt/storage"
	"microcourt/storage/object"
)

// app is one process of the program, wired.
type app struct {
	cfg     *Config
	source  fs.FS // of the pages while they are being written, nil for those in the program
	log     *slog.Logger
	db      *storage.DB
	objects object.Store
	svc     *service.Services
	signer  *document.Signer
	redis   *guardedRedis    // nil without one
	fake    *wechattest.Fake // nil with a real WeChat account
	wechat  *wechat.Client
	cards   channel.Cards
	// followers is empty when the court has no service account.
	followers channel.Account
	metrics   *prometheus.Registry
	closers   []func() error
}

// openDB opens the database and refuses one that is being restored, or that the
// configured keys do not belong to, before anything is written to it.
func openDB(ctx context.Context, cfg *Config) (*storage.DB, error) {
	keys, err := cfg.keyring()
	if err != nil {
		return nil, err
	}
	sc := cfg.storage(keys)
	if sc.Dialect == storage.SQLite {
		if err := errors.Join(os.MkdirAll(cfg.DataDir, 0o700), os.MkdirAll(filepath.Dir(sc.DSN), 0o700)); err != nil {
			return nil, err
		}
	}
	db, err := storage.Open(ctx, sc)
	if errors.Is(err, storage.ErrRestoring) {
		err = errRestoring.WithCause(err)
	}
	if err != nil {
		return nil, err
	}
	if err := db.CheckKeys(ctx); err != nil {
		return nil, errors.Join(err, db.Close())
	}
	return db, nil
}

// storage is where the database is.
func (c *Config) storage(keys *storage.Keyring) storage.Config {
	sc := storage.Config{Dialect: storage.Dialect(c.Database.Driver), DSN: c.Database.DSN, Keys: keys, MaxConns: c.Database.MaxConns, Now: c.now, Restoring: c.restoring}
	if sc.Dialect == storage.SQLite && sc.DSN == "" {
		sc.DSN = filepath.Join(c.DataDir, "microcourt.db")
	}
	return sc
}

// checkSchema also notes the keys' check values: from then on the database
// refuses others.
func checkSchema(ctx context.Context, cfg *Config, db *storage.DB) error {
	if db.Dialect() == storage.SQLite {
		if _, err := db.Migrate(ctx, cfg.copyBefore(nil)); err != nil {
			return err
		}
	}
	v, err := db.SchemaVersion(ctx)
	switch {
	case err != nil:
		return err
	case v.Behind():
		return fmt.Errorf("the database's schema is at %d, this program needs %d: run `microcourt migrate`", v.Database, v.Program)
	case v.Ahead():
		return fmt.Errorf("the database's schema is at %d, this program only knows %d: install the newer program", v.Database, v.Program)
	}
	return db.ProveKeys(ctx)
}

// openApp wires everything but the HTTP server. On an error nothing stays open.
func openApp(ctx context.Context, cfg *Config, log *slog.Logger) (_ *app, err error) {
	a := &app{cfg: cfg, log: log, metrics: prometheus.NewRegistry()}
	defer func() {
		if err != nil {
			err = errors.Join(err, a.close())
		}
	}()
	if a.db, err = openDB(ctx, cfg); err != nil {
		return nil, err
	}
	a.closers = append(a.closers, a.db.Close)
	if err := checkSchema(ctx, cfg, a.db); err != nil {
		return nil, err
	}
	if err := a.openObjects(ctx); err != nil {
		return nil, err
	}
	if cfg.Redis.Addr != "" {
		a.redis = openRedis(cfg)
		a.closers = append(a.closers, a.redis.client.Close)
	}
	client, appID, cards, err := a.openWeChat(ctx)
	if err != nil {
		return nil, err
	}
	if a.signer, err = a.openSigner(ctx); err != nil {
		return nil, err
	}
	err = inst.New(a.db, a.objects, log).Prove(ctx, inst.Configured{
		AppID: appID, ServiceAppID: cfg.ServiceAccount.AppID, Certificate: a.signer.Certificate(), Accept: cfg.accept, Restoring: cfg.restoring,
	})
	if err != nil {
		return nil, err
	}
	if _, err := a.db.Courts(ctx); err != nil { // their own type codes are known from the first request on
		return nil, err
	}
	var texts *sms.Client
	if cfg.SMS.AccessKeyID != "" {
		texts, err = sms.New(sms.Config{
			AccessKeyID: cfg.SMS.AccessKeyID, AccessKeySecret: cfg.SMS.AccessKeySecret, SignName: cfg.SMS.SignName, TemplateCode: cfg.SMS.TemplateCode,
			Now: time.Now,
		})
		if err != nil {
			return nil, err
		}
	}
	a.wechat, a.cards = client, cards
	push, err := a.openPush(appID)
	if err != nil {
		return nil, err
	}
	followers, err := a.openServiceAccount()
	if err != nil {
		return nil, err
	}
	a.followers = followers
	a.metrics.MustRegister(collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}), outboxMetric{a.db}, endingMetric{a.db})
	delivered := prometheus.NewCounterVec(prometheus.CounterOpts{
		Name: "microcourt_messages_total", Help: "Outside messages by kind of notice, channel and outcome.",
	}, []string{"kind", "channel", "outcome"})
	a.metrics.MustRegister(delivered)
	took := prometheus.NewHistogramVec(prometheus.HistogramOpts{
		Name:    "microcourt_message_seconds",
		Help:    "How long an outside message took: accepted is from the moment when it might go to the channel's acceptance, delivered from there to the phone.",
		Buckets: []float64{0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 1800, 7200, 86400},
	}, []string{"channel", "stage"})
	a.metrics.MustRegister(took)
	var content conversation.ContentCheck
	if check := cfg.WeChat.ContentCheck; check != "" && check != "off" {
		content = client
	}
	var files dossier.System
	if cfg.Dossier.Endpoint != "" {
		files, err = courtfile.New(courtfile.Config{
			Endpoint: cfg.Dossier.Endpoint, ClientID: cfg.Dossier.ClientID, ClientSecret: cfg.Dossier.ClientSecret, Now: time.Now,
		})
		if err != nil {
			return nil, err
		}
	}
	fonts, err := cfg.fonts()
	if err != nil {
		return nil, err
	}
	a.svc, err = service.New(service.Deps{
		Content: content, ContentPictures: cfg.WeChat.ContentCheck == "text_and_pictures",
		Delivered: func(kind model.NoticeKind, channel model.ChannelName, outcome model.OutboxState) {
			delivered.WithLabelValues(string(kind), channel, string(outcome)).Inc()
		},
		Measured: func(channel model.ChannelName, stage notice.Stage, d time.Duration) {
			took.WithLabelValues(channel, string(stage)).Observe(d.Seconds())
		},
		JournalDir: filepath.Join(cfg.DataDir, "outcomes"),
		DB:         a.db, Objects: a.objects, WeChat: client, AppID: appID, RealName: cfg.WeChat.RealName || a.fake != nil, Cards: cards, SMS: texts, Files: files, Push: push, Followers: followers,
		Printer: document.NewPrinter(a.signer, a.sealSource()).WithFonts(fonts), PublicURL: cfg.PublicURL, Ends: a.ends(),
		Logger: log, Now: time.Now, KeepStrays: cfg.Objects.KeepStrays,
		UndoFor: time.Duration(cfg.Desk.UndoSeconds) * time.Second,
	})
	if err != nil {
		return nil, err
	}
	a.metrics.MustRegister(findingsMetric{a.svc})
	a.metrics.MustRegister(recoveryMetric{a.db})
	a.closers = append(a.closers, a.closeJournal)
	_, err = a.svc.Recovery.Check(ctx)
	return a, err
}

func (a *app) openObjects(ctx context.Context) error {
	o := a.cfg.Objects
	if o.Driver == "dir" {
		d, err := object.NewDir(filepath.Join(a.cfg.DataDir, "objects"))
		if err != nil {
			return err
		}
		a.objects = d
		a.closers = append(a.closers, d.Close)
		return nil
	}
	m, err := object.NewMinIO(ctx, object.MinIOConfig{
		Endpoint: o.Endpoint, AccessKey: o.AccessKey, SecretKey: o.SecretKey, Bucket: o.Bucket, Region: o.Region, Secure: o.Secure,
		PublicEndpoint: o.PublicEndpoint, PublicSecure: o.PublicSecure, RetentionDays: o.RetentionDays,
	}, time.Now)
	a.objects = m
	return err
}

// openWeChat connects to WeChat, or to the sandbox: the fake platform, served
// on a loopback port of its own.
func (a *app) openWeChat(ctx context.Context) (*wechat.Client, string, channel.Cards, error) {
	var tokens wechat.TokenStore = wechat.NewMemoryTokens(time.Now)
	if a.redis != nil {
		tokens = sharedTokens{a.redis, wechat.NewRedisTokens(a.redis.client)}
	}
	calls := prometheus.NewCounterVec(prometheus.CounterOpts{
		Name: "microcourt_wechat_calls_total", Help: "Calls to WeChat by path and error code.",
	}, []string{"path", "code"})
	a.metrics.MustRegister(calls)
	observe := func(c wechat.Call) { calls.WithLabelValues(c.Path, fmt.Sprint(c.Code)).Inc() }
	if a.cfg.production() {
		cfg := wechat.Config{
			AppID: a.cfg.WeChat.AppID, Secret: a.cfg.WeChat.Secret, MessageState: wechat.MessageState(a.cfg.WeChat.State), Observe: observe,
		}
		c, err := wechat.New(cfg, tokens, time.Now, a.log)
		return c, cfg.AppID, cards(a.cfg.WeChat.Cards), err
	}
	fake, err := wechattest.New(wechattest.Config{})
	if err != nil {
		return nil, "", nil, err
	}
	l, err := new(net.ListenConfig).Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return nil, "", nil, fmt.Errorf("sandbox: %w", err)
	}
	srv := &http.Server{Handler: fake, ReadHeaderTimeout: 5 * time.Second}
	go func() {
		if err := srv.Serve(l); !errors.Is(err, http.ErrServerClosed) {
			a.log.Error("sandbox", "error", err.Error())
		}
	}()
	a.closers = append(a.closers, srv.Close)
	a.fake = fake
	a.log.Warn("WeChat is the sandbox: nobody receives anything; set wechat.app_id and wechat.secret for the real platform")
	c, err := wechat.New(wechat.Config{
		AppID: wechat.DemoAppID, Secret: wechat.DemoSecret, BaseURL: "http://" + l.Addr().String(), Observe: observe,
	}, wechat.NewMemoryTokens(time.Now), time.Now, a.log)
	return c, wechat.DemoAppID, demo.Cards(), err
}

// openServiceAccount is empty when the court has none.
func (a *app) openServiceAccount() (out channel.Account, err error) {
	cfg := a.cfg.ServiceAccount
	if cfg.AppID == "" {
		return out, nil
	}
	var tokens wechat.TokenStore = wechat.NewMemoryTokens(time.Now)
	if a.redis != nil {
		tokens = sharedTokens{a.redis, wechat.NewRedisTokens(a.redis.client)}
	}
	if out.Client, err = wechat.New(wechat.Config{AppID: cfg.AppID, Secret: cfg.Secret}, tokens, time.Now, a.log); err != nil {
		return out, err
	}
	out.Cards = cards(cfg.Cards)
	out.Push, err = wechat.NewPush(wechat.PushConfig{AppID: cfg.AppID, Token: cfg.PushToken, AESKey: cfg.PushAESKey, Now: time.Now})
	return out, err
}

// openPush is nil when the court did not set up 消息推送.
func (a *app) openPush(appID string) (*wechat.Push, error) {
	cfg := wechat.PushConfig{AppID: appID, Token: a.cfg.WeChat.PushToken, AESKey: a.cfg.WeChat.PushAESKey, Now: time.Now}
	switch {
	case a.fake != nil:
		cfg.Token, cfg.AESKey = wechat.DemoPushToken, wechat.DemoPushAESKey
	case cfg.Token == "":
		return nil, nil //nolint:nilnil // it is off
	}
	return wechat.NewPush(cfg)
}

// openSigner reads the court's signing key. The sandbox makes its own, once.
func (a *app) openSigner(ctx context.Context) (*document.Signer, error) {
	certFile, keyFile := a.cfg.signingFiles()
	if a.cfg.Signing.CertFile == "" && a.cfg.Signing.KeyFile == "" {
		if _, err := os.Stat(keyFile); errors.Is(err, fs.ErrNotExist) {
			if err := makeTrialSigner(certFile, keyFile); err != nil {
				return nil, fmt.Errorf("signing: %w", err)
			}
			a.log.WarnContext(ctx, "made a signing key for trial; nobody trusts it", "certificate", certFile)
		}
	}
	cert, err := os.ReadFile(certFile)
	if err != nil {
		return nil, fmt.Errorf("signing: %w", err)
	}
	key, err := os.ReadFile(keyFile)
	if err != nil {
		return nil, fmt.Errorf("signing: %w", err)
	}
	return document.NewSigner(cert, key)
}

// makeTrialSigner makes a key and its certificate in one folder, which appears
// with both or not at all, also to a second program that starts at the same
// time.
func makeTrialSigner(certFile, keyFile string) error {
	_, cert, key, err := document.GenerateSigner("微法院（演示）", time.Now())
	if err != nil {
		return err
	}
	dir := filepath.Dir(keyFile)
	if err := os.MkdirAll(filepath.Dir(dir), 0o700); err != nil {
		return err
	}
	fresh, err := os.MkdirTemp(filepath.Dir(dir), ".signing-*")
	if err != nil {
		return err
	}
	defer func() { _ = os.RemoveAll(fresh) }()
	err = errors.Join(os.WriteFile(filepath.Join(fresh, filepath.Base(keyFile)), key, 0o600),
		os.WriteFile(filepath.Join(fresh, filepath.Base(certFile)), cert, 0o644)) //nolint:gosec // a certificate is public
	if err != nil {
		return err
	}
	if err := os.Rename(fresh, dir); err != nil { // refuses when dir has something in it
		if _, e := os.Stat(keyFile); e != nil {
			return err
		}
	}
	return nil
}

// fonts are the court's own typefaces, nil for the built-in ones.
func (c *Config) fonts() (out document.Fonts, err error) {
	for _, f := range []struct {
		key, file string
		face      **font.Face
	}{{"papers.title_font", c.Papers.TitleFont, &out.Title}, {"papers.text_font", c.Papers.TextFont, &out.Text}} {
		if f.file == "" {
			continue
		}
		b, err := os.ReadFile(f.file)
		if err != nil {
			return out, fmt.Errorf("configuration: %s: %w", f.key, err)
		}
		if *f.face, err = font.Parse(b); err != nil {
			return out, fmt.Errorf("configuration: %s: %s is no TrueType file with outlines (a collection or an OpenType font with PostScript outlines cannot be used): %w", f.key, f.file, err)
		}
	}
	return out, nil
}

// sealSource reads seals as PNG files named after the court from the
// configured folder; a court without one gets a drawn seal.
func (a *app) sealSource() func(string) (image.Image, error) {
	if a.cfg.Signing.SealDir == "" {
		return nil
	}
	return func(court string) (image.Image, error) {
		f, err := os.Open(filepath.Join(a.cfg.Signing.SealDir, filepath.Base(court)+".png"))
		if errors.Is(err, fs.ErrNotExist) {
			return document.DrawSeal(court)
		}
		if err != nil {
			return nil, err
		}
		defer func() { _ = f.Close() }() // read only
		img, _, err := image.Decode(f)
		return img, err
	}
}

// engine builds the HTTP interface. phone adds the fake phone of the demo.
func (a *app) engine(phone bool, stopping <-chan struct{}) (http.Handler, error) {
	cfg := handler.Config{
		PublicURL: a.cfg.PublicURL, TrustedProxies: a.cfg.TrustedProxies, AddressHeader: a.cfg.AddressHeader, Logger: a.log, Metrics: a.metrics, Now: time.Now, NewID: rand.Text, Stopping: stopping, Source: a.source,
		Limits: handler.Limits{
			Login: a.cfg.Limits.Login, Bind: a.cfg.Limits.Bind, Upload: a.cfg.Limits.Upload, Verify: a.cfg.Limits.Verify, Open: a.cfg.Limits.Open, Address: a.cfg.Limits.Address,
		},
	}
	if a.redis != nil {
		cfg.Counter = redisCounter{a.redis, time.Now}
	}
	if on := a.cfg.SignOn; on.Issuer != "" {
		p, err := signon.New(signon.Config{
			Issuer: on.Issuer, ClientID: on.ClientID, ClientSecret: on.ClientSecret, Claim: on.Claim,
			RedirectURL: a.cfg.PublicURL + "/desk/login/sso/callback", Now: time.Now,
		})
		if err != nil {
			return nil, err
		}
		cfg.SignOn = p
	}
	if phone && a.fake != nil {
		mux := http.NewServeMux()
		mux.Handle("/__fake/totp", demo.OneTimeCode(time.Now))
		mux.Handle("/", a.fake)
		cfg.Demo = mux
	}
	return handler.New(cfg, a.svc)
}

func (a *app) close() error {
	var err error
	for i := len(a.closers) - 1; i >= 0; i-- {
		err = errors.Join(err, a.closers[i]())
	}
	a.closers = nil
	return err
}

// outboxMetric counts what waits in the outbox when it is asked.
type outboxMetric struct{ db *storage.DB }

var waitingDesc = prometheus.NewDesc("microcourt_outbox_oldest_seconds", "How long the oldest message that is due waits, by channel.", []string{"channel"}, nil)

var outboxDesc = prometheus.NewDesc("microcourt_outbox_messages", "Messages that are not settled, by state.", []string{"state"}, nil)

// Describe implements prometheus.Collector.
func (outboxMetric) Describe(ch chan<- *prometheus.Desc) {
	ch <- outboxDesc
	ch <- waitingDesc
}

// Collect implements prometheus.Collector.
func (o outboxMetric) Collect(ch chan<- prometheus.Metric) {
	ctx, cancel := context.WithTimeout(context.Background(), 2*time.Second)
	defer cancel()
	counts, err := o.db.OutboxCounts(ctx)
	if err != nil {
		ch <- prometheus.NewInvalidMetric(outboxDesc, err)
		return
	}
	for state, n := range counts {
		ch <- prometheus.MustNewConstMetric(outboxDesc, prometheus.GaugeValue, float64(n), string(state))
	}
	ages, err := o.db.OutboxWaiting(ctx)
	if err != nil {
		ch <- prometheus.NewInvalidMetric(waitingDesc, err)
		return
	}
	for channel, age := range ages {
		ch <- prometheus.MustNewConstMetric(waitingDesc, prometheus.GaugeValue, age.Seconds(), channel)
	}
}

// findingsMetric tells what the system found wrong with itself when it is
// asked.
type findingsMetric struct{ svc *service.Services }

var findingsDesc = prometheus.NewDesc("microcourt_findings", "What the system found wrong with itself, by kind; 0 is well.", []string{"kind"}, nil)

// Describe implements prometheus.Collector.
func (findingsMetric) Describe(ch chan<- *prometheus.Desc) { ch <- findingsDesc }

// Collect implements prometheus.Collector.
func (m findingsMetric) Collect(ch chan<- prometheus.Metric) {
	ctx, cancel := context.WithTimeout(context.Background(), 2*time.Second)
	defer cancel()
	found, err := m.svc.Operations.AllFindings(ctx, 0)
	if err != nil {
		ch <- prometheus.NewInvalidMetric(findingsDesc, err)
		return
	}
	n := map[model.DefectKind]int64{}
	for _, f := range found {
		n[f.Kind] = f.N
	}
	for _, k := range model.DefectKinds() {
		ch <- prometheus.MustNewConstMetric(findingsDesc, prometheus.GaugeValue, float64(n[k]), string(k))
	}
}
