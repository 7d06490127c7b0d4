package handlertest

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/gin-gonic/gin"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/santhosh-tekuri/jsonschema/v6"

	"microcourt/handler"
	"microcourt/handler/desk"
	"microcourt/model"
	"microcourt/service/demo"
	"microcourt/service/servicetest"
	"microcourt/service/wechat/wechattest"
	"microcourt/storage"
	"microcourt/storage/object"
	"microcourt/storage/storagetest"
)

// World is a whole installation: a court with its services (servicetest), and the
// HTTP interface over them. Every answer that its clients get is validated
// against the OpenAPI document.
type World struct {
	*servicetest.World
	URL     string
	doc     *apiDocument
	Limits  handler.Limits
	Proxies []string // that the configuration trusts
	Counter handler.Counter
	Metrics *prometheus.Registry
	SignOn  desk.SignOn
	chaos   chaos          // what happens to the requests of clients
	Routes  gin.RoutesInfo // that the server has
	// Unrepeated says that forms with a key are sent once, by a test that counts them.
	Unrepeated bool
}

// New is an installation with the court 浙0211.
func New(t testing.TB) *World {
	t.Helper()
	return NewWith(t, nil)
}

// NewBehind puts something between the program and WeChat.
func NewBehind(t testing.TB, network func(http.Handler) http.Handler) *World {
	t.Helper()
	return NewWith(t, func(w *World) { w.Network = network })
}

// NewWith changes what the installation is made of before it is built.
func NewWith(t testing.TB, prepare func(*World)) *World {
	t.Helper()
	clock := storagetest.NewClock()
	cfg, fault := chaosConfig(t, clock.Now)
	w := &World{World: servicetest.Open(t, clock, cfg), chaos: chaos{mode: chaosMode, fault: fault}}
	w.Limits = handler.Limits{Login: 100000, Bind: 100000, Upload: 100000, Verify: 100000, Open: 100000}
	if prepare != nil {
		prepare(w)
	}
	w.Build()
	w.Found()
	return w
}

// Build wires services and HTTP over the world's database and object store.
func (w *World) Build() {
	t := w.T
	t.Helper()
	w.World.Build()
	n := 0
	var mu sync.Mutex
	w.Metrics = prometheus.NewRegistry()
	engine, err := handler.New(handler.Config{
		PublicURL: "https://court.example", Logger: w.Logger, Metrics: w.Metrics, Now: w.Clock.Now,
		Limits: w.Limits, TrustedProxies: w.Proxies, Counter: w.Counter, SignOn: w.SignOn,
		NewID: func() string {
			mu.Lock()
			defer mu.Unlock()
			n++
			return fmt.Sprintf("request-%06d", n)
		},
	}, w.Svc)
	if err != nil {
		t.Fatal(err)
	}
	w.Routes = engine.Routes()
	server := httptest.NewServer(engine)
	t.Cleanup(server.Close)
	w.URL = server.URL
	w.Fake.PushTo(w.URL + "/api/v1/wechat/push")
	if w.Account != nil {
		w.Account.PushTo(w.URL + "/api/v1/wechat/service-push")
	}
	w.doc = theDocument(t, w.URL)
}

// Client is somebody with a session, or the public.
type Client struct {
	W      *World
	Auth   string
	UserID int64
	OpenID string
	Name   string
}

func (w *World) Public() *Client { return &Client{W: w} }

// Staff logs a staff member in. The account is made without hashing a
// password, and the session through an approved scan ticket, because a hash
// takes longer than most tests; logging in by password has its own test.
func (w *World) Staff(login string, roles ...model.Role) *Client {
	return w.StaffOf(w.Court, login, roles...)
}

func (w *World) StaffOf(court model.Court, login string, roles ...model.Role) *Client {
	w.T.Helper()
	var agencyID int64
	if slices.Contains(roles, model.RoleAgency) { // which is nobody without an agency
		agencyID = w.Agency(court, "TEST").ID
	}
	return w.StaffIn(court, agencyID, login, roles...)
}

func (w *World) StaffIn(court model.Court, agencyID int64, login string, roles ...model.Role) *Client {
	w.T.Helper()
	ctx := context.Background()
	id := w.AddStaff(court, agencyID, login, roles...)
	phone := w.Phone("")
	if err := w.DB.Transact(ctx, func(tx *storage.DB) error { return tx.LinkStaff(ctx, phone.UserID, id) }); err != nil {
		w.T.Fatal(err)
	}
	c := &Client{W: w, UserID: id, Name: login, OpenID: phone.OpenID}
	c.Renew()
	return c
}

// Renew opens a new session after the old one ran out.
func (c *Client) Renew() {
	c.W.T.Helper()
	if c.Name == "" {
		c.Login()
		return
	}
	ctx := context.Background()
	ticket, err := c.W.Svc.Identity.BeginScan(ctx, model.Actor{})
	if err != nil {
		c.W.T.Fatal(err)
	}
	phone := &Client{W: c.W, OpenID: c.OpenID}
	phone.Login()
	code, err := c.W.Fake.LoginCode(c.OpenID)
	if err != nil {
		c.W.T.Fatal(err)
	}
	phone.Must(http.StatusNoContent, http.MethodPost, "/sessions/scan/approve", Obj{"ticket": ticket.Code, "code": code})
	s, err := c.W.Svc.Identity.CollectScan(ctx, model.Actor{}, ticket.Code, ticket.Secret)
	if err != nil || s == nil {
		c.W.T.Fatal("collect:", err)
	}
	c.Auth = "Bearer " + s.Token
}

// Phone logs a WeChat user in.
func (w *World) Phone(number string) *Client {
	w.T.Helper()
	c := &Client{W: w, OpenID: w.Fake.AddUser(wechattest.User{Phone: number}).OpenID}
	c.Login()
	c.UserID = c.Must(http.StatusOK, http.MethodGet, "/me", nil).ID("user_id")
	return c
}

// Login opens a new session for a WeChat user.
func (c *Client) Login() {
	c.W.T.Helper()
	code, err := c.W.Fake.LoginCode(c.OpenID)
	if err != nil {
		c.W.T.Fatal(err)
	}
	c.Auth = ""
	c.Auth = "Bearer " + c.Must(http.StatusCreated, http.MethodPost, "/sessions/wechat", Obj{"code": code}).Str("token")
}

// CaseSystem is the court's case system with a fresh key.
func (w *World) CaseSystem() *Client {
	w.T.Helper()
	secret, err := w.Svc.Identity.CreateAPIKey(context.Background(), model.System(), w.Court.ID, "审判系统")
	if err != nil {
		w.T.Fatal(err)
	}
	return &Client{W: w, Auth: "ApiKey " + secret}
}

type Obj map[string]any

func (o Obj) Num(k string) float64 {
	v, _ := o[k].(float64)
	return v
}

func (o Obj) ID(k string) int64 { return int64(o.Num(k)) }

func (o Obj) Str(k string) string {
	v, _ := o[k].(string)
	return v
}

func (o Obj) List(k string) []Obj {
	items, _ := o[k].([]any)
	out := make([]Obj, 0, len(items))
	for _, v := range items {
		m, _ := v.(map[string]any)
		out = append(out, m)
	}
	return out
}

func (o Obj) Obj(k string) Obj {
	m, _ := o[k].(map[string]any)
	return m
}

// Reason is the stable reason of an error.
func (o Obj) Reason() string { return o.Obj("error").Str("reason") }

type Answer struct {
	Status int
	Header http.Header
	Body   []byte
	Json   Obj
}

// FreshKey is an idempotency key that nobody used.
func FreshKey() string { return servicetest.FreshKey() }

// Call sends a request with a fresh idempotency key.
func (c *Client) Call(method, path string, body any) Answer {
	c.W.T.Helper()
	return c.CallKey(method, path, body, FreshKey())
}

func (c *Client) CallKey(method, path string, body any, key string) Answer {
	c.W.T.Helper()
	var r io.Reader
	if body != nil {
		b, err := json.Marshal(body)
		if err != nil {
			c.W.T.Fatal(err)
		}
		r = bytes.NewReader(b)
	}
	req, err := http.NewRequest(method, c.W.URL+"/api/v1"+path, r)
	if err != nil {
		c.W.T.Fatal(err)
	}
	if body != nil {
		req.Header.Set("Content-Type", "application/json")
	}
	req.Header.Set("Idempotency-Key", key)
	return c.Send(req)
}

func (c *Client) Send(req *http.Request) Answer {
	c.W.T.Helper()
	if c.Auth != "" {
		req.Header.Set("Authorization", c.Auth)
	}
	a, err := c.W.chaos.send(c.W, req)
	if err != nil {
		c.W.T.Fatal(err)
	}
	c.W.doc.validate(c.W.T, req, a)
	return a
}

// exchange sends one request.
func exchange(req *http.Request) (a Answer, err error) {
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		return a, err
	}
	defer func() { _ = res.Body.Close() }()
	a = Answer{Status: res.StatusCode, Header: res.Header}
	if a.Body, err = io.ReadAll(res.Body); err != nil {
		return a, err
	}
	if strings.HasPrefix(res.Header.Get("Content-Type"), "application/json") {
		if err := json.Unmarshal(a.Body, &a.Json); err != nil {
			return a, fmt.Errorf("%s %s: %w: %s", req.Method, req.URL.Path, err, a.Body)
		}
	}
	return a, nil
}

// Must is call for an answer whose status matters for the test to go on.
func (c *Client) Must(status int, method, path string, body any) Obj {
	c.W.T.Helper()
	a := c.Call(method, path, body)
	if a.Status != status {
		c.W.T.Fatalf("%s %s answered %d, want %d: %s", method, path, a.Status, status, a.Body)
	}
	return a.Json
}

// Refused expects an error with a reason and a Chinese message.
func (c *Client) Refused(status int, reason, method, path string, body any) {
	c.W.T.Helper()
	a := c.Call(method, path, body)
	if a.Status != status || a.Json.Reason() != reason {
		c.W.T.Errorf("%s %s answered %d %s, want %d %s", method, path, a.Status, a.Body, status, reason)
	}
}

// Picture is a JPEG that differs with seed.
func Picture(seed int) []byte { return servicetest.Picture(seed) }

// Upload posts a file as wx.uploadFile does.
func (c *Client) Upload(caseID int64, key string, file []byte) Answer {
	c.W.T.Helper()
	return c.UploadStated(caseID, key, file, nil)
}

// UploadStated uploads with what the phone says about the file in fields.
func (c *Client) UploadStated(caseID int64, key string, file []byte, fields map[string]string) Answer {
	c.W.T.Helper()
	var b bytes.Buffer
	m := multipart.NewWriter(&b)
	for name, value := range fields {
		_ = m.WriteField(name, value)
	}
	_ = m.WriteField("case_id", fmt.Sprint(caseID))
	_ = m.WriteField("upload_key", key)
	f, err := m.CreateFormFile("receipt", "tmp_a8f3.unknown")
	if err != nil {
		c.W.T.Fatal(err)
	}
	_, _ = f.Write(file)
	_ = m.Close()
	req, err := http.NewRequest(http.MethodPost, c.W.URL+"/api/v1/uploads", &b)
	if err != nil {
		c.W.T.Fatal(err)
	}
	req.Header.Set("Content-Type", m.FormDataContentType())
	return c.Send(req)
}

func (c *Client) Uploaded(caseID int64, seed int) int64 {
	c.W.T.Helper()
	a := c.Upload(caseID, FreshKey(), Picture(seed))
	if a.Status != http.StatusCreated {
		c.W.T.Fatalf("upload answered %d: %s", a.Status, a.Body)
	}
	return a.Json.ID("id")
}

// Spoiled is an uploaded picture whose object the store gave back cut short
// afterwards: what passes at upload can be shown, so only the store can make a
// picture that cannot.
func (c *Client) Spoiled(caseID int64) int64 {
	c.W.T.Helper()
	id := c.Uploaded(caseID, 824)
	c.Spoil(id)
	return id
}

// Spoil cuts the object of an uploaded file short.
func (c *Client) Spoil(id int64) {
	c.W.T.Helper()
	ctx := context.Background()
	f, err := c.W.DB.File(ctx, id)
	if err == nil {
		err = c.W.Objects.Remove(ctx, f.OriginalKey)
	}
	if err == nil {
		err = c.W.Objects.Put(ctx, f.OriginalKey, strings.NewReader("\xff\xd8\xff\xe0"), 4, object.PutOptions{})
	}
	if err != nil {
		c.W.T.Fatal(err)
	}
}

// Arithmetic is a JPEG in a coding that no browser shows.
func Arithmetic() []byte {
	return bytes.Replace(Picture(825), []byte{0xff, 0xc0}, []byte{0xff, 0xc9}, 1)
}

func Claim(amount int64, files ...int64) Obj {
	return Obj{
		"amount_fen": amount, "paid_on": "2026-03-01", "payer_kind": "self", "payer_name": "甬兴建材有限公司", "payee_name": "李某",
		"proof_kind": "bank_receipt", "bank_serial": FreshKey(), "file_ids": files,
	}
}

func (c *Client) Submit(f Filed, amount int64, seed int) Obj {
	c.W.T.Helper()
	return c.Must(http.StatusCreated, http.MethodPost, fmt.Sprintf("/cases/%d/receipts", f.ID), Claim(amount, c.Uploaded(f.ID, seed)))
}

func (c *Client) Confirm(receipt Obj, amount int64) {
	c.W.T.Helper()
	c.Must(http.StatusOK, http.MethodPost, fmt.Sprintf("/receipts/%d/confirm", receipt.ID("id")),
		Obj{"version": receipt.ID("version"), "amount_fen": amount, "doubt_reason": "已核实。"})
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

func (d *apiDocument) validate(t testing.TB, req *http.Request, a Answer) {
	t.Helper()
	op := d.find(req)
	if op == nil {
		t.Errorf("%s %s is not in the OpenAPI document", req.Method, req.URL.Path)
		return
	}
	key := op.method + " " + op.path
	status := fmt.Sprint(a.Status)
	response, ok := op.responses[status].(map[string]any)
	if !ok {
		t.Errorf("%s answered %s, which the OpenAPI document does not list: %s", key, status, a.Body)
		return
	}
	escape := strings.NewReplacer("~", "~0", "/", "~1").Replace
	at := fmt.Sprintf("/paths/%s/%s/responses/%s", escape(op.path), strings.ToLower(op.method), status)
	if ref, ok := response["$ref"].(string); ok { // shared by many routes
		at = strings.TrimPrefix(ref, "#")
		shared, _ := d.raw["components"].(map[string]any)["responses"].(map[string]any)
		response, _ = shared[strings.TrimPrefix(at, "/components/responses/")].(map[string]any)
	}
	if a.Json == nil {
		return
	}
	if reason := a.Json.Reason(); reason != "" {
		Occurred.Store(key+" "+reason, true)
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
	v, err := jsonschema.UnmarshalJSON(bytes.NewReader(a.Body))
	if err == nil {
		err = schema.Validate(v)
	}
	if err != nil {
		t.Errorf("%s: the answer is not what the document says: %v\n%s", key, err, a.Body)
	}
}

// Demo is an installation with the demonstration court in it, and its people by
// their log-in names.
func Demo(t testing.TB) (*World, map[string]*Client) {
	t.Helper()
	w := NewWith(t, func(w *World) { w.NoCourt = true })
	guide, err := demo.Seed(context.Background(), demo.Installation{DB: w.DB, Services: w.Svc, WeChat: w.Fake, Now: w.Clock.Now})
	if err != nil {
		t.Fatal(err)
	}
	court, err := w.DB.CourtByCode(context.Background(), "浙0211")
	if err != nil {
		t.Fatal(err)
	}
	w.Court = *court
	out := map[string]*Client{}
	for _, login := range []string{"zhang.min", "ji.wei", "wan.tt", "lu.ning", "chen.zj", "shen.ji", "xu.he", "lin.mei", "zhou.qi", "chu.ning"} {
		out[login] = &Client{W: w, Name: login, Auth: "Bearer " + guide.Token(login)}
	}
	return w, out
}
