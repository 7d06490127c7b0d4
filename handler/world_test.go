package handler_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"image"
	"image/color"
	"image/jpeg"
	"io"
	"log/slog"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/gin-gonic/gin"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/santhosh-tekuri/jsonschema/v6"

	"microcourt/handler"
	"microcourt/handler/desk"
	"microcourt/model"
	"microcourt/service"
	"microcourt/service/demo"
	"microcourt/service/document"
	"microcourt/service/enquiry"
	"microcourt/service/sms"
	"microcourt/service/sms/smstest"
	"microcourt/service/wechat"
	"microcourt/service/wechat/wechattest"
	"microcourt/storage"
	"microcourt/storage/object"
	"microcourt/storage/object/objecttest"
	"microcourt/storage/storagetest"
)

// world is a whole installation: real database, real object store, the fake
// WeChat, and the HTTP interface over them. Every answer that its clients get
// is validated against the OpenAPI document.
type world struct {
	t          testing.TB
	clock      *storagetest.Clock
	db         *storage.DB
	dsn        string
	objects    object.Store
	fake       *wechattest.Fake
	svc        *service.Services
	url        string
	wechat     string // address of the fake platform
	court      model.Court
	doc        *apiDocument
	log        *lockedBuffer
	signer     *document.Signer
	texting    bool // the court has a gateway for text messages
	texts      *smstest.Gateway
	limits     handler.Limits
	proxies    []string // that the configuration trusts
	counter    handler.Counter
	metrics    *prometheus.Registry
	noRealName bool
	noPush     bool
	noCourt    bool                // the test makes its own
	dbGone     bool                // the test ended the database
	door       enquiry.Door        // of the agencies, nil for paper
	deps       func(*service.Deps) // changes what the services are made of
	signOn     desk.SignOn
	following  bool                            // the court has a service account
	account    *wechattest.Fake                // the platform as the service account sees it
	network    func(http.Handler) http.Handler // between the program and WeChat, nil for nothing
	chaos      chaos                           // what happens to the requests of clients
	routes     gin.RoutesInfo                  // that the server has
}

var signerOnce = sync.OnceValues(func() (*document.Signer, error) {
	s, _, _, err := document.GenerateSigner("宁波市镇海区人民法院", time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC))
	return s, err
})

func newWorld(t testing.TB) *world {
	t.Helper()
	return newWorldWith(t, nil)
}

// newWorldBehind puts something between the program and WeChat.
func newWorldBehind(t testing.TB, network func(http.Handler) http.Handler) *world {
	t.Helper()
	return newWorldWith(t, func(w *world) { w.network = network })
}

// newWorldWith changes what the installation is made of before it is built.
func newWorldWith(t testing.TB, prepare func(*world)) *world {
	t.Helper()
	clock := storagetest.NewClock()
	cfg, fault := chaosConfig(t, clock.Now)
	db, err := storage.Open(context.Background(), cfg)
	if err != nil {
		t.Fatal(err)
	}
	w := &world{t: t, clock: clock, db: db, dsn: cfg.DSN, objects: objecttest.Open(t), log: &lockedBuffer{}, chaos: chaos{mode: chaosMode, fault: fault}}
	t.Cleanup(func() {
		defer func() { _ = db.Close() }()
		// Whatever the test did, the tallies count its cases.
		if wrong, err := db.RecountCases(context.Background()); !w.dbGone && (err != nil || wrong > 0) {
			t.Errorf("%d tallies of cases are wrong, %v", wrong, err)
		}
	})
	w.limits = handler.Limits{Login: 100000, Bind: 100000, Upload: 100000, Verify: 100000, Open: 100000}
	if prepare != nil {
		prepare(w)
	}
	w.build()
	if w.noCourt {
		return w
	}
	w.court = w.addCourt("浙0211", "宁波市镇海区人民法院", "镇法")
	return w
}

// build wires services and HTTP over the world's database and object store.
func (w *world) build() {
	t := w.t
	t.Helper()
	var err error
	if w.fake, err = wechattest.New(wechattest.Config{Now: w.clock.Now}); err != nil {
		t.Fatal(err)
	}
	platform := http.Handler(w.fake)
	if w.network != nil {
		platform = w.network(platform)
	}
	fakeServer := httptest.NewServer(platform)
	t.Cleanup(fakeServer.Close)
	w.wechat = fakeServer.URL
	logger := slog.New(slog.NewJSONHandler(w.log, nil))
	client, err := wechat.New(wechat.Config{AppID: wechat.DemoAppID, Secret: wechat.DemoSecret, BaseURL: fakeServer.URL},
		wechat.NewMemoryTokens(w.clock.Now), w.clock.Now, logger)
	if err != nil {
		t.Fatal(err)
	}
	if w.signer, err = signerOnce(); err != nil {
		t.Fatal(err)
	}
	var gateway *sms.Client
	if w.texting {
		gateway = w.textGateway()
	}
	var push *wechat.Push
	if !w.noPush {
		push, err = wechat.NewPush(wechat.PushConfig{
			AppID: wechat.DemoAppID, Token: wechat.DemoPushToken, AESKey: wechat.DemoPushAESKey, Now: w.clock.Now,
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	var followers service.ServiceAccount
	if w.following {
		followers = w.serviceAccount()
	}
	deps := service.Deps{
		Followers: followers,
		SMS:       gateway, Push: push, QueryDoor: w.door,
		DB: w.db, Objects: w.objects, WeChat: client, AppID: wechat.DemoAppID, RealName: !w.noRealName, Cards: demo.Cards(),
		Printer: document.NewPrinter(w.signer, nil), PublicURL: "https://court.example",
		TempDir: t.TempDir(), Logger: logger, Now: w.clock.Now,
	}
	if w.deps != nil {
		w.deps(&deps)
	}
	w.svc, err = service.New(deps)
	if err != nil {
		t.Fatal(err)
	}
	n := 0
	var mu sync.Mutex
	w.metrics = prometheus.NewRegistry()
	engine, err := handler.New(handler.Config{
		PublicURL: "https://court.example", Logger: logger, Metrics: w.metrics, Now: w.clock.Now,
		Limits: w.limits, TrustedProxies: w.proxies, Counter: w.counter, SignOn: w.signOn,
		NewID: func() string {
			mu.Lock()
			defer mu.Unlock()
			n++
			return fmt.Sprintf("request-%06d", n)
		},
	}, w.svc)
	if err != nil {
		t.Fatal(err)
	}
	w.routes = engine.Routes()
	server := httptest.NewServer(engine)
	t.Cleanup(server.Close)
	w.url = server.URL
	w.fake.PushTo(w.url + "/api/v1/wechat/push")
	if w.account != nil {
		w.account.PushTo(w.url + "/api/v1/wechat/service-push")
	}
	w.doc = theDocument(t, w.url)
}

func (w *world) serviceAccount() (a service.ServiceAccount) {
	w.t.Helper()
	var err error
	if w.account, err = wechattest.New(wechattest.Config{AppID: wechat.DemoServiceAppID, Secret: wechat.DemoServiceSecret, Now: w.clock.Now, Seed: 9}); err != nil {
		w.t.Fatal(err)
	}
	server := httptest.NewServer(w.account)
	w.t.Cleanup(server.Close)
	a.Client, err = wechat.New(wechat.Config{AppID: wechat.DemoServiceAppID, Secret: wechat.DemoServiceSecret, BaseURL: server.URL},
		wechat.NewMemoryTokens(w.clock.Now), w.clock.Now, nil)
	if err != nil {
		w.t.Fatal(err)
	}
	a.Cards = demo.FollowerCards()
	a.Push, err = wechat.NewPush(wechat.PushConfig{
		AppID: wechat.DemoServiceAppID, Token: wechat.DemoPushToken, AESKey: wechat.DemoPushAESKey, Now: w.clock.Now,
	})
	if err != nil {
		w.t.Fatal(err)
	}
	return a
}

func (w *world) textGateway() *sms.Client {
	w.t.Helper()
	cfg := sms.Config{
		AccessKeyID: smstest.AccessKeyID, AccessKeySecret: smstest.AccessKeySecret, SignName: smstest.SignName, TemplateCode: smstest.TemplateCode,
		Now: w.clock.Now,
	}
	var err error
	if w.texts, err = smstest.New(cfg); err != nil {
		w.t.Fatal(err)
	}
	server := httptest.NewServer(w.texts)
	w.t.Cleanup(server.Close)
	cfg.Endpoint = server.URL
	client, err := sms.New(cfg)
	if err != nil {
		w.t.Fatal(err)
	}
	return client
}

// setCourt changes the court's settings.
func (w *world) setCourt(change func(*model.CourtSettings)) {
	w.t.Helper()
	change(&w.court.Settings)
	if err := w.db.Transact(context.Background(), func(tx *storage.DB) error { return tx.UpdateCourt(context.Background(), &w.court) }); err != nil {
		w.t.Fatal(err)
	}
}

func (w *world) addCourt(code, name, short string) model.Court {
	w.t.Helper()
	c := model.Court{
		Code: code, Name: name, ShortName: short, Phone: "0574-12368", Address: "宁波市镇海区", Account: "户名：" + name + "，账号：3901 1200",
		Settings: model.DefaultCourtSettings(),
	}
	if err := w.db.Transact(context.Background(), func(tx *storage.DB) error { return tx.CreateCourt(context.Background(), &c) }); err != nil {
		w.t.Fatal(err)
	}
	return c
}

// client is somebody with a session, or the public.
type client struct {
	w      *world
	auth   string
	userID int64
	openID string
	name   string
}

func (w *world) public() *client { return &client{w: w} }

// staff logs a staff member in. The account is made without hashing a
// password, and the session through an approved scan ticket, because a hash
// takes longer than most tests; logging in by password has its own test.
func (w *world) staff(login string, roles ...model.Role) *client {
	return w.staffOf(w.court, login, roles...)
}

func (w *world) staffOf(court model.Court, login string, roles ...model.Role) *client {
	w.t.Helper()
	var agencyID int64
	if slices.Contains(roles, model.RoleAgency) { // which is nobody without an agency
		agencyID = w.agency(court, "TEST").ID
	}
	return w.staffIn(court, agencyID, login, roles...)
}

// agency is the court's agency with the code.
func (w *world) agency(court model.Court, code string) *model.Agency {
	w.t.Helper()
	by := model.System()
	by.CourtID = court.ID
	a, _, err := w.svc.Agency.Add(context.Background(), by, model.Agency{Code: code, Name: "单位" + code, Kind: model.AgencyGovernment, QueryKinds: model.QueryKinds})
	if err != nil {
		w.t.Fatal(err)
	}
	return a
}

func (w *world) staffIn(court model.Court, agencyID int64, login string, roles ...model.Role) *client {
	w.t.Helper()
	ctx := context.Background()
	var id int64
	err := w.db.Transact(ctx, func(tx *storage.DB) error {
		u := model.User{CourtID: court.ID, AgencyID: agencyID, Name: "法官" + login, State: model.UserActive}
		if err := tx.CreateUser(ctx, &u); err != nil {
			return err
		}
		id = u.ID
		if err := tx.CreateStaffAccount(ctx, &model.StaffAccount{UserID: u.ID, Login: login, PasswordHash: "none", TOTPSecret: "none"}); err != nil {
			return err
		}
		for _, r := range roles {
			if err := tx.GrantRole(ctx, &model.RoleGrant{UserID: u.ID, CourtID: court.ID, Role: r}); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		w.t.Fatal(err)
	}
	phone := w.phone("")
	if err := w.db.Transact(ctx, func(tx *storage.DB) error { return tx.LinkStaff(ctx, phone.userID, id) }); err != nil {
		w.t.Fatal(err)
	}
	c := &client{w: w, userID: id, name: login, openID: phone.openID}
	c.renew()
	return c
}

// renew opens a new session after the old one ran out.
func (c *client) renew() {
	c.w.t.Helper()
	if c.name == "" {
		c.login()
		return
	}
	ctx := context.Background()
	ticket, err := c.w.svc.Identity.BeginScan(ctx, model.Actor{})
	if err != nil {
		c.w.t.Fatal(err)
	}
	phone := &client{w: c.w, openID: c.openID}
	phone.login()
	code, err := c.w.fake.LoginCode(c.openID)
	if err != nil {
		c.w.t.Fatal(err)
	}
	phone.must(http.StatusNoContent, http.MethodPost, "/sessions/scan/approve", obj{"ticket": ticket.Code, "code": code})
	s, err := c.w.svc.Identity.CollectScan(ctx, model.Actor{}, ticket.Code, ticket.Secret)
	if err != nil || s == nil {
		c.w.t.Fatal("collect:", err)
	}
	c.auth = "Bearer " + s.Token
}

// phone logs a WeChat user in.
func (w *world) phone(number string) *client {
	w.t.Helper()
	c := &client{w: w, openID: w.fake.AddUser(wechattest.User{Phone: number}).OpenID}
	c.login()
	c.userID = c.must(http.StatusOK, http.MethodGet, "/me", nil).id("user_id")
	return c
}

// login opens a new session for a WeChat user.
func (c *client) login() {
	c.w.t.Helper()
	code, err := c.w.fake.LoginCode(c.openID)
	if err != nil {
		c.w.t.Fatal(err)
	}
	c.auth = ""
	c.auth = "Bearer " + c.must(http.StatusCreated, http.MethodPost, "/sessions/wechat", obj{"code": code}).str("token")
}

// caseSystem is the court's case system with a fresh key.
func (w *world) caseSystem() *client {
	w.t.Helper()
	secret, err := w.svc.Identity.CreateAPIKey(context.Background(), model.System(), w.court.ID, "审判系统")
	if err != nil {
		w.t.Fatal(err)
	}
	return &client{w: w, auth: "ApiKey " + secret}
}

type obj map[string]any

func (o obj) num(k string) float64 {
	v, _ := o[k].(float64)
	return v
}

func (o obj) id(k string) int64 { return int64(o.num(k)) }

func (o obj) str(k string) string {
	v, _ := o[k].(string)
	return v
}

func (o obj) list(k string) []obj {
	items, _ := o[k].([]any)
	out := make([]obj, 0, len(items))
	for _, v := range items {
		m, _ := v.(map[string]any)
		out = append(out, m)
	}
	return out
}

func (o obj) obj(k string) obj {
	m, _ := o[k].(map[string]any)
	return m
}

// reason is the stable reason of an error.
func (o obj) reason() string { return o.obj("error").str("reason") }

type answer struct {
	status int
	header http.Header
	body   []byte
	json   obj
}

var keyCounter struct {
	sync.Mutex
	n int
}

func freshKey() string {
	keyCounter.Lock()
	defer keyCounter.Unlock()
	keyCounter.n++
	return fmt.Sprintf("test-key-%08d", keyCounter.n)
}

// call sends a request with a fresh idempotency key.
func (c *client) call(method, path string, body any) answer {
	c.w.t.Helper()
	return c.callKey(method, path, body, freshKey())
}

func (c *client) callKey(method, path string, body any, key string) answer {
	c.w.t.Helper()
	var r io.Reader
	if body != nil {
		b, err := json.Marshal(body)
		if err != nil {
			c.w.t.Fatal(err)
		}
		r = bytes.NewReader(b)
	}
	req, err := http.NewRequest(method, c.w.url+"/api/v1"+path, r)
	if err != nil {
		c.w.t.Fatal(err)
	}
	if body != nil {
		req.Header.Set("Content-Type", "application/json")
	}
	req.Header.Set("Idempotency-Key", key)
	return c.send(req)
}

func (c *client) send(req *http.Request) answer {
	c.w.t.Helper()
	if c.auth != "" {
		req.Header.Set("Authorization", c.auth)
	}
	a, err := c.w.chaos.send(c.w, req)
	if err != nil {
		c.w.t.Fatal(err)
	}
	c.w.doc.validate(c.w.t, req, a)
	return a
}

// exchange sends one request.
func exchange(req *http.Request) (a answer, err error) {
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		return a, err
	}
	defer func() { _ = res.Body.Close() }()
	a = answer{status: res.StatusCode, header: res.Header}
	if a.body, err = io.ReadAll(res.Body); err != nil {
		return a, err
	}
	if strings.HasPrefix(res.Header.Get("Content-Type"), "application/json") {
		if err := json.Unmarshal(a.body, &a.json); err != nil {
			return a, fmt.Errorf("%s %s: %w: %s", req.Method, req.URL.Path, err, a.body)
		}
	}
	return a, nil
}

// must is call for an answer whose status matters for the test to go on.
func (c *client) must(status int, method, path string, body any) obj {
	c.w.t.Helper()
	a := c.call(method, path, body)
	if a.status != status {
		c.w.t.Fatalf("%s %s answered %d, want %d: %s", method, path, a.status, status, a.body)
	}
	return a.json
}

// refused expects an error with a reason and a Chinese message.
func (c *client) refused(status int, reason, method, path string, body any) {
	c.w.t.Helper()
	a := c.call(method, path, body)
	if a.status != status || a.json.reason() != reason {
		c.w.t.Errorf("%s %s answered %d %s, want %d %s", method, path, a.status, a.body, status, reason)
	}
}

// picture is a JPEG that differs with seed.
func picture(seed int) []byte {
	img := image.NewRGBA(image.Rect(0, 0, 240, 320))
	for y := range 320 {
		for x := range 240 {
			v := byte((x*x/7 + y*seed*3 + (x/16)*(y/16)*(seed+5)) % 256)
			img.SetRGBA(x, y, color.RGBA{v, byte(255 - int(v)), byte(x), 255})
		}
	}
	var b bytes.Buffer
	_ = jpeg.Encode(&b, img, &jpeg.Options{Quality: 80})
	return b.Bytes()
}

// upload posts a file as wx.uploadFile does.
func (c *client) upload(caseID int64, key string, file []byte) answer {
	c.w.t.Helper()
	return c.uploadStated(caseID, key, file, nil)
}

// uploadStated uploads with what the phone says about the file in fields.
func (c *client) uploadStated(caseID int64, key string, file []byte, fields map[string]string) answer {
	c.w.t.Helper()
	var b bytes.Buffer
	m := multipart.NewWriter(&b)
	for name, value := range fields {
		_ = m.WriteField(name, value)
	}
	_ = m.WriteField("case_id", fmt.Sprint(caseID))
	_ = m.WriteField("upload_key", key)
	f, err := m.CreateFormFile("receipt", "tmp_a8f3.unknown")
	if err != nil {
		c.w.t.Fatal(err)
	}
	_, _ = f.Write(file)
	_ = m.Close()
	req, err := http.NewRequest(http.MethodPost, c.w.url+"/api/v1/uploads", &b)
	if err != nil {
		c.w.t.Fatal(err)
	}
	req.Header.Set("Content-Type", m.FormDataContentType())
	return c.send(req)
}

func (c *client) uploaded(caseID int64, seed int) int64 {
	c.w.t.Helper()
	a := c.upload(caseID, freshKey(), picture(seed))
	if a.status != http.StatusCreated {
		c.w.t.Fatalf("upload answered %d: %s", a.status, a.body)
	}
	return a.json.id("id")
}

// spoiled is an uploaded picture whose object the store gave back cut short
// afterwards: what passes at upload can be shown, so only the store can make a
// picture that cannot.
func (c *client) spoiled(caseID int64) int64 {
	c.w.t.Helper()
	id := c.uploaded(caseID, 824)
	c.spoil(id)
	return id
}

// spoil cuts the object of an uploaded file short.
func (c *client) spoil(id int64) {
	c.w.t.Helper()
	ctx := context.Background()
	f, err := c.w.db.File(ctx, id)
	if err == nil {
		err = c.w.objects.Remove(ctx, f.OriginalKey)
	}
	if err == nil {
		err = c.w.objects.Put(ctx, f.OriginalKey, strings.NewReader("\xff\xd8\xff\xe0"), 4, object.PutOptions{})
	}
	if err != nil {
		c.w.t.Fatal(err)
	}
}

// arithmetic is a JPEG in a coding that no browser shows.
func arithmetic() []byte {
	return bytes.Replace(picture(825), []byte{0xff, 0xc0}, []byte{0xff, 0xc9}, 1)
}

// bind makes the client a party by a code that the clerk prints.
func (c *client) bind(clerk *client, caseID, partyID int64) {
	c.w.t.Helper()
	code := clerk.must(http.StatusCreated, http.MethodPost, fmt.Sprintf("/cases/%d/parties/%d/binding-codes", caseID, partyID), obj{})
	c.must(http.StatusCreated, http.MethodPost, "/bindings/code", obj{"code": code.str("code")})
}

// filed is a case that is ready for receipts: one debtor, one creditor, 1,000
// yuan in two instalments.
type filed struct {
	id, debtor, creditor, instrument int64
	installments                     []int64
	no                               string
}

var caseCounter struct {
	sync.Mutex
	n int
}

func caseInput() obj {
	caseCounter.Lock()
	defer caseCounter.Unlock()
	caseCounter.n++
	no := fmt.Sprintf("（2026）浙0211民初%d号", caseCounter.n)
	return obj{
		"case_no": no, "cause": "买卖合同纠纷", "filed_on": "2026-02-02", "judge": "zhang.min",
		"parties": []obj{
			{"ref": "C1", "role": "plaintiff", "kind": "person", "name": "李某", "id_number": "11010519491231002X", "phone": "13800138000"},
			{"ref": "D1", "role": "defendant", "kind": "organisation", "name": "甬兴建材有限公司", "id_number": "91350100M000100Y43", "phone": "13900139000"},
		},
		"instruments": []obj{{
			"ref": "I1", "kind": "mediation", "number": no, "effective_on": "2026-02-10", "summary": "被告分两期支付货款1,000元",
			"obligations": []obj{{
				"ref": "O1", "kind": "money", "obligors": []string{"D1"}, "obligee": "C1", "amount_fen": 100000,
				"installments": []obj{{"amount_fen": 60000, "due_on": "2026-03-31"}, {"amount_fen": 40000, "due_on": "2026-04-30"}},
			}},
		}},
	}
}

func (w *world) file(clerk *client) filed {
	w.t.Helper()
	return w.fileInput(clerk, caseInput())
}

func (w *world) fileInput(clerk *client, in obj) filed {
	w.t.Helper()
	res := clerk.must(http.StatusCreated, http.MethodPost, "/cases", in)
	f := filed{id: res.id("id"), no: res.str("case_no")}
	d := clerk.must(http.StatusOK, http.MethodGet, fmt.Sprintf("/cases/%d", f.id), nil)
	for _, p := range d.list("parties") {
		switch p.str("ref") {
		case "C1":
			f.creditor = p.id("id")
		case "D1":
			f.debtor = p.id("id")
		}
	}
	for _, in := range d.list("instruments") {
		f.instrument = in.id("id")
		for _, ob := range in.list("obligations") {
			for _, i := range ob.list("installments") {
				f.installments = append(f.installments, i.id("id"))
			}
		}
	}
	return f
}

func claim(amount int64, files ...int64) obj {
	return obj{
		"amount_fen": amount, "paid_on": "2026-03-01", "payer_kind": "self", "payer_name": "甬兴建材有限公司", "payee_name": "李某",
		"proof_kind": "bank_receipt", "bank_serial": freshKey(), "file_ids": files,
	}
}

func (c *client) submit(f filed, amount int64, seed int) obj {
	c.w.t.Helper()
	return c.must(http.StatusCreated, http.MethodPost, fmt.Sprintf("/cases/%d/receipts", f.id), claim(amount, c.uploaded(f.id, seed)))
}

func (c *client) confirm(receipt obj, amount int64) {
	c.w.t.Helper()
	c.must(http.StatusOK, http.MethodPost, fmt.Sprintf("/receipts/%d/confirm", receipt.id("id")),
		obj{"version": receipt.id("version"), "amount_fen": amount})
}

// lockedBuffer collects the log of concurrent requests.
type lockedBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (l *lockedBuffer) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(p)
}

func (l *lockedBuffer) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.String()
}

// apiDocument validates answers against the OpenAPI document.
type apiDocument struct {
	mu       sync.Mutex
	raw      map[string]any
	compiler *jsonschema.Compiler
	schemas  map[string]*jsonschema.Schema
	ops      []operation
}

// firstDocument is the document of the first server of the run: every server
// makes the same one from the same rows, which takes a second.
var firstDocument struct {
	once sync.Once
	doc  *apiDocument
}

func theDocument(t testing.TB, url string) *apiDocument {
	t.Helper()
	firstDocument.once.Do(func() { firstDocument.doc = readDocument(t, url) })
	if firstDocument.doc == nil {
		t.Fatal("the OpenAPI document could not be read")
	}
	return firstDocument.doc
}

type operation struct {
	method, path string
	pattern      []string
	responses    map[string]any
}

func readDocument(t testing.TB, url string) *apiDocument {
	t.Helper()
	res, err := http.Get(url + "/api/v1/openapi.json")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = res.Body.Close() }()
	raw, err := jsonschema.UnmarshalJSON(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	d := &apiDocument{raw: raw.(map[string]any), compiler: jsonschema.NewCompiler(), schemas: map[string]*jsonschema.Schema{}}
	if err := d.compiler.AddResource("doc.json", raw); err != nil {
		t.Fatal(err)
	}
	for path, methods := range d.raw["paths"].(map[string]any) {
		for method, op := range methods.(map[string]any) {
			d.ops = append(d.ops, operation{
				method: strings.ToUpper(method), path: path, pattern: strings.Split(path, "/"),
				responses: op.(map[string]any)["responses"].(map[string]any),
			})
		}
	}
	return d
}

// find matches a request's path; fixed segments win over parameters.
func (d *apiDocument) find(req *http.Request) *operation {
	segments := strings.Split(req.URL.EscapedPath(), "/")
	var best *operation
	score := -1
	for i := range d.ops {
		op := &d.ops[i]
		if op.method != req.Method || len(op.pattern) != len(segments) {
			continue
		}
		n := 0
		for k, p := range op.pattern {
			switch {
			case p == segments[k]:
				n++
			case !strings.HasPrefix(p, "{"):
				n = -1000
			}
		}
		if n > score {
			best, score = op, n
		}
	}
	return best
}

func (d *apiDocument) schema(ref string) (*jsonschema.Schema, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if s := d.schemas[ref]; s != nil {
		return s, nil
	}
	s, err := d.compiler.Compile(ref)
	d.schemas[ref] = s
	return s, err
}

func (d *apiDocument) validate(t testing.TB, req *http.Request, a answer) {
	t.Helper()
	op := d.find(req)
	if op == nil {
		t.Errorf("%s %s is not in the OpenAPI document", req.Method, req.URL.Path)
		return
	}
	key := op.method + " " + op.path
	status := fmt.Sprint(a.status)
	response, ok := op.responses[status].(map[string]any)
	if !ok {
		t.Errorf("%s answered %s, which the OpenAPI document does not list: %s", key, status, a.body)
		return
	}
	escape := strings.NewReplacer("~", "~0", "/", "~1").Replace
	at := fmt.Sprintf("/paths/%s/%s/responses/%s", escape(op.path), strings.ToLower(op.method), status)
	if ref, ok := response["$ref"].(string); ok { // shared by many routes
		at = strings.TrimPrefix(ref, "#")
		shared, _ := d.raw["components"].(map[string]any)["responses"].(map[string]any)
		response, _ = shared[strings.TrimPrefix(at, "/components/responses/")].(map[string]any)
	}
	if a.json == nil {
		return
	}
	if reason := a.json.reason(); reason != "" {
		occurred.Store(key+" "+reason, true)
		text, _ := response["description"].(string)
		if !strings.Contains(" · "+text+" · ", " · "+reason+" · ") {
			t.Errorf("%s answered %s with the reason %q, which the OpenAPI document does not list there (%s)", key, status, reason, text)
		}
	}
	content, _ := response["content"].(map[string]any)
	if _, ok := content["application/json"]; !ok {
		t.Errorf("%s answered %s with JSON that the document does not describe", key, status)
		return
	}
	schema, err := d.schema("doc.json#" + at + "/content/application~1json/schema")
	if err != nil {
		t.Errorf("%s: %v", at, err)
		return
	}
	v, err := jsonschema.UnmarshalJSON(bytes.NewReader(a.body))
	if err == nil {
		err = schema.Validate(v)
	}
	if err != nil {
		t.Errorf("%s: the answer is not what the document says: %v\n%s", key, err, a.body)
	}
}
