package handlertest

import (
	"bytes"
	"cmp"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"io"
	"mime"
	"mime/multipart"
	"net"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/pquerna/otp/totp"

	"microcourt/model"
	"microcourt/service/filing"
	"microcourt/service/servicetest"
	"microcourt/service/wechat"
	"microcourt/service/wechat/wechattest"
	"microcourt/storage"
)

func (c *Client) Asks(path string) AnswerOf {
	c.W.T.Helper()
	a := c.Call(Get, path, nil)
	return AnswerOf{a.Status, string(a.Body)}
}

func (v *Visitor) Asks(path string) AnswerOf {
	v.w.T.Helper()
	res, body := v.Send(Get, path, nil, nil)
	return AnswerOf{res.StatusCode, body}
}

type AnswerOf struct {
	Status int
	Body   string
}

// Of is somebody with an account in the court's agency with the code.
func (w *World) Of(code, login string) *Client {
	w.T.Helper()
	a, err := w.DB.AgencyByCode(context.Background(), w.Court.ID, code)
	if err != nil {
		w.T.Fatal(err)
	}
	return w.StaffIn(w.Court, a.ID, login, model.RoleAgency)
}

// SendForm posts a form with files to the desk.
func (v *Visitor) SendForm(path string, fields map[string]string, files ...[]byte) (*http.Response, string) {
	v.w.T.Helper()
	asked := url.Values{}
	for name, value := range fields {
		asked.Set(name, value)
	}
	send := func(f url.Values) (*http.Response, string) { return v.sendForm(path, f, files) }
	res, body := send(asked)
	v.standsForOne(path, res, asked, send)
	return res, body
}

// SendsForm sends a form with files, which goes on to a page that says so.
func (v *Visitor) SendsForm(path, part string, fields map[string]string, files ...[]byte) {
	v.w.T.Helper()
	if res, body := v.SendForm(path, fields, files...); res.StatusCode != http.StatusSeeOther || !strings.Contains(res.Header.Get("Location"), part) {
		v.w.T.Errorf("%s: %d %s, want %q: %s", path, res.StatusCode, res.Header.Get("Location"), part, body)
	}
}

func (v *Visitor) sendForm(path string, fields url.Values, files [][]byte) (*http.Response, string) {
	var b bytes.Buffer
	m := multipart.NewWriter(&b)
	for k := range fields {
		_ = m.WriteField(k, fields.Get(k))
	}
	for i, f := range files {
		part, err := m.CreateFormFile("file", fmt.Sprintf("f%d.jpg", i))
		if err != nil {
			v.w.T.Fatal(err)
		}
		_, _ = part.Write(f)
	}
	_ = m.Close()
	req, err := http.NewRequest(Post, v.w.URL+"/desk"+path, &b)
	if err != nil {
		v.w.T.Fatal(err)
	}
	req.Header.Set("Content-Type", m.FormDataContentType())
	res, err := v.Http.Do(req)
	if err != nil {
		v.w.T.Fatal(err)
	}
	defer func() { _ = res.Body.Close() }()
	body, err := io.ReadAll(res.Body)
	if err != nil {
		v.w.T.Fatal(err)
	}
	return res, string(body)
}

func form(caseID int64, key string, file []byte) (io.Reader, string, int64) {
	var head bytes.Buffer
	m := multipart.NewWriter(&head)
	_ = m.WriteField("case_id", fmt.Sprint(caseID))
	_ = m.WriteField("upload_key", key)
	_ = m.WriteField("size", fmt.Sprint(len(file)))
	_, _ = m.CreateFormFile("file", "x.jpg")
	tail := "\r\n--" + m.Boundary() + "--\r\n"
	size := int64(head.Len() + len(file) + len(tail))
	return io.MultiReader(&head, bytes.NewReader(file), bytes.NewBufferString(tail)), m.FormDataContentType(), size
}

func (c *Client) Stream(caseID int64, key string, file []byte) int {
	body, contentType, size := form(caseID, key, file)
	req, _ := http.NewRequest(http.MethodPost, c.W.URL+"/api/v1/uploads", body)
	req.Header.Set("Content-Type", contentType)
	req.Header.Set("Authorization", c.Auth)
	req.ContentLength = size
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		return 0
	}
	_, _ = io.Copy(io.Discard, res.Body)
	_ = res.Body.Close()
	return res.StatusCode
}

// Post is stream by a phone that costs this process next to nothing: the
// memory that is measured is the server's.
func (c *Client) Post(caseID int64, key string, file []byte) int {
	body, contentType, size := form(caseID, key, file)
	parts, _ := io.ReadAll(io.LimitReader(body, size-int64(len(file))-int64(len("\r\n----\r\n"))-int64(len(boundary(contentType)))))
	conn, err := net.Dial("tcp", strings.TrimPrefix(c.W.URL, "http://"))
	if err != nil {
		return 0
	}
	defer func() { _ = conn.Close() }()
	_, _ = fmt.Fprintf(conn, "POST /api/v1/uploads HTTP/1.1\r\nHost: x\r\nConnection: close\r\nAuthorization: %s\r\nContent-Type: %s\r\nContent-Length: %d\r\n\r\n%s",
		c.Auth, contentType, size, parts)
	_, _ = conn.Write(file)
	_, _ = fmt.Fprintf(conn, "\r\n--%s--\r\n", boundary(contentType))
	var status int
	_, _ = fmt.Fscanf(conn, "HTTP/1.1 %d", &status)
	return status
}

func boundary(contentType string) string {
	_, params, _ := mime.ParseMediaType(contentType)
	return params["boundary"]
}

var assetAddress = regexp.MustCompile(`(?:src|href)="(/assets/[^"]+)"`)

// Transferred is how many bytes a browser gets for a page, compressed: those of
// the page itself, and those of the style sheets, scripts and marks that it
// keeps for the other pages.
func (v *Visitor) Transferred(path string) (page, assets int) {
	v.w.T.Helper()
	size := func(path string) (int, []byte) {
		req, err := http.NewRequest(http.MethodGet, v.w.URL+path, nil)
		if err != nil {
			v.w.T.Fatal(err)
		}
		req.Header.Set("Accept-Encoding", "gzip") // set by hand, it stays packed
		res, err := v.Http.Do(req)
		if err != nil {
			v.w.T.Fatal(err)
		}
		defer func() { _ = res.Body.Close() }()
		b, err := io.ReadAll(res.Body)
		if err != nil || res.StatusCode != http.StatusOK {
			v.w.T.Fatal(path, res.Status, err)
		}
		n := len(b)
		if res.Header.Get("Content-Encoding") == "gzip" {
			z, err := gzip.NewReader(bytes.NewReader(b))
			if err != nil {
				v.w.T.Fatal(err)
			}
			if b, err = io.ReadAll(z); err != nil {
				v.w.T.Fatal(err)
			}
		}
		return n, b
	}
	page, body := size("/desk" + path)
	for _, m := range assetAddress.FindAllSubmatch(body, -1) {
		n, _ := size(string(m[1]))
		assets += n
	}
	return page, assets
}

// FillEnforcement adds 30,000 enforcement cases of a hundred officers with all
// that belongs to them, and the tasks of an agency.
func (w *World) FillEnforcement(exec func(string), officer, agency int64) {
	court := w.Court.ID
	mine := fmt.Sprintf("IF(seq %% 100 = 0, %d, 3000000 + seq %% 100)", officer)
	exec(fmt.Sprintf(`INSERT INTO users (id, court_id, name, state, phone, created_at)
		SELECT 3000000 + seq, %d, CONCAT('执行', seq), 'active', '', NOW() FROM seq_0_to_99`, court))
	exec(fmt.Sprintf(`INSERT INTO enforcement_cases (id, court_id, case_no, kind, first, case_id, officer_id, filed_on, amount_fen, state, version, created_at, updated_at)
		SELECT 2000000 + seq, %d, CONCAT('（2026）浙0211执', seq, '号'), 'enforcement', TRUE, 1000000 + seq, %s, DATE_ADD('2024-01-01', INTERVAL seq %% 700 DAY),
		seq * 100, IF(seq %% 500 < 300, 'closed', 'open'), 1, NOW(), NOW() FROM seq_1_to_30000`, court, mine))
	exec("UPDATE enforcement_cases SET close_type = 'performed', closed_on = DATE_ADD(filed_on, INTERVAL 90 DAY) WHERE state = 'closed' AND id > 2000000")
	exec("UPDATE cases SET enforcement_filed_on = '2025-09-01' WHERE id > 1000000 AND id <= 1030000")
	exec(`INSERT INTO enforcement_parties (enforcement_case_id, party_id, case_id, role)
		SELECT 1000000 + case_id, MIN(id), case_id, 'debtor' FROM parties WHERE case_id > 1000000 AND case_id <= 1030000 GROUP BY case_id`)
	exec(fmt.Sprintf(`INSERT INTO tasks (court_id, case_id, enforcement_case_id, owner_id, kind, title, due_at, due_reason, state, dedupe_key, version, created_at)
		SELECT %d, 1000001 + seq %% 30000, 2000001 + seq %% 30000, IF((seq + 1) %% 100 = 0, %d, 3000000 + (seq + 1) %% 100), 'service_of_process', '送达执行通知书',
		DATE_ADD('2026-01-01', INTERVAL seq %% 300 DAY), '收到申请执行书后十日内', IF(seq %% 7 = 0, 'open', 'done'), CONCAT('bench-', seq), 1, NOW() FROM seq_1_to_120000`, court, officer))
	exec(fmt.Sprintf(`INSERT INTO measures (court_id, case_id, enforcement_case_id, party_id, kind, relation, subject_kind, subject_name, subject_id, subject_hash,
		resistance, ground, facts, state, until_on, proposed_by, proposed_at, from_at, decided_at, idem_key, version, created_at, updated_at)
		SELECT %d, e.case_id, e.enforcement_case_id, e.party_id, ELT(1 + seq %% 3, 'listing', 'consumption', 'tracing'), 'self', 'person', CONCAT('某', e.party_id), '', '',
		'evades', 'able_refuses', '有履行能力而拒不履行', IF(seq %% 400 < 2, 'proposed', IF(seq %% 400 < 200, 'in_force', 'lifted')),
		DATE_ADD('2026-01-01', INTERVAL seq %% 700 DAY), %d, NOW(), NOW(), NOW(), CONCAT('bench-', seq), 1, NOW(), NOW()
		FROM seq_1_to_30000 JOIN enforcement_parties e ON e.enforcement_case_id = 2000000 + seq`, court, officer))
	exec(fmt.Sprintf(`INSERT INTO clean_ups (court_id, case_id, enforcement_case_id, party_id, cause, state, opened_at, version, created_at, updated_at)
		SELECT %d, e.case_id, e.enforcement_case_id, e.party_id, 'performed', IF(seq %% 20 = 0, 'open', 'done'), NOW(), 1, NOW(), NOW()
		FROM seq_1_to_15000 JOIN enforcement_parties e ON e.enforcement_case_id = 2000000 + seq`, court))
	exec(fmt.Sprintf(`INSERT INTO conversations (court_id, case_id, party_id, counterpart_kind, counterpart_id, owner_id, answer_by, settled_id, last_message_id, last_at)
		SELECT %d, 1000001 + seq %% 30000, 0, 'bench', seq, %s, IF(seq %% 1000 < 100, '2026-03-05', NULL), 1, 1, NOW() FROM seq_1_to_30000`, court, mine))
	exec(fmt.Sprintf(`INSERT INTO relatives (court_id, user_id, name, relation, phone, debtor_name, case_no, note, via, code_id, officer_id, state, case_id,
		enforcement_case_id, party_id, decided_by, reason, idem_key, version, created_at, updated_at)
		SELECT %d, %d, '', 'spouse', '', '', '', '', 'search', 0, %s, IF(seq %% 1000 < 100, 'asked', 'admitted'), 1000000 + seq, 2000000 + seq, 0, 0, '', CONCAT('bench-', seq), 1, NOW(), NOW()
		FROM seq_1_to_10000`, court, officer, mine))
	exec(fmt.Sprintf(`INSERT INTO asset_queries (court_id, case_id, enforcement_case_id, party_id, kind, purpose, agency, agency_id, state, requested_by, idem_key, answer_note, version, created_at, due_on, sent_at)
		SELECT %d, e.case_id, e.enforcement_case_id, e.party_id, 'vehicle', '查明可供执行的车辆', '区公安分局', IF(seq %% 10 = 0, %d, 0), IF(seq %% 100 < 10, 'sent', 'answered'), %s,
		CONCAT('bench-', seq), '', 1, NOW(), '2026-03-10', NOW() FROM seq_1_to_30000 JOIN enforcement_parties e ON e.enforcement_case_id = 2000000 + seq`, court, agency, mine))
	// 3,000 listings a year, each with 36 duties of 22 agencies.
	exec(fmt.Sprintf(`INSERT INTO agencies (id, court_id, code, name, kind, version, created_at, updated_at)
		SELECT 9000 + seq, %d, CONCAT('B', seq), CONCAT('单位', seq), 'government', 1, NOW(), NOW() FROM seq_1_to_21`, court))
	exec(fmt.Sprintf(`INSERT INTO agency_duties (court_id, agency_id, kind, code, requirement, recurrence, due_on, due_days, lift_days, measures, version, created_at, updated_at)
		SELECT %d, IF(seq %% 22 = 0, %d, 9000 + seq %% 22), 'sanction', CONCAT('B-', seq), '限制登记为企业法定代表人', 'each', '2026-01-01', 10, 3, '["listing"]', 1, NOW(), NOW()
		FROM seq_1_to_36`, court, agency))
	exec(fmt.Sprintf(`INSERT INTO agency_tasks (court_id, agency_id, duty_id, kind, seq, due_on, state, created_at, updated_at)
		SELECT d.court_id, d.agency_id, d.id, 'sanction', seq, DATE_ADD('2025-05-01', INTERVAL seq %% 365 DAY), IF(seq %% 10 = 0, 'open', 'done'), NOW(), NOW()
		FROM agency_duties d JOIN seq_1_to_3000 WHERE d.court_id = %d`, court))
	for _, t := range []string{"enforcement_cases", "tasks", "measures", "conversations", "relatives", "asset_queries", "agency_tasks"} {
		exec("ANALYZE TABLE " + t)
	}
}

func (w *World) Judge(risky func([]byte) bool) {
	w.T.Helper()
	ctx := context.Background()
	if err := w.Svc.Conversation.Pass(ctx); err != nil {
		w.T.Fatal(err)
	}
	w.Fake.JudgePictures(ctx, w.URL, risky)
	if err := w.Fake.Push(ctx); err != nil {
		w.T.Fatal(err)
	}
	if err := w.Svc.Subscription.Drain(ctx); err != nil {
		w.T.Fatal(err)
	}
}

// Say writes into the conversation of the client's party of a case.
func (c *Client) Say(f Filed, text string) Obj {
	c.W.T.Helper()
	return c.Must(http.StatusCreated, http.MethodPost, fmt.Sprintf("/cases/%d/messages", f.ID), Obj{"text": text})
}

// Waiting is what the court is to answer, as "answer-by party" lines.
func (c *Client) Waiting() string {
	c.W.T.Helper()
	var lines []string
	for _, k := range c.Must(http.StatusOK, http.MethodGet, "/conversations", nil).List("conversations") {
		lines = append(lines, k.Str("answer_by")+" "+k.Str("party"))
	}
	return strings.Join(lines, "|")
}

func (c *Client) NoticesOf(kind model.NoticeKind) (n int) {
	c.W.T.Helper()
	for _, v := range c.Must(http.StatusOK, http.MethodGet, "/notices?limit=100", nil).List("notices") {
		if v.Str("kind") == string(kind) {
			n++
		}
	}
	return n
}

// Visitor is a browser without a screen: cookies, forms, no redirects.
type Visitor struct {
	w    *World
	Http *http.Client
}

func (w *World) Visitor(c *Client) *Visitor {
	w.T.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		w.T.Fatal(err)
	}
	v := &Visitor{w, &http.Client{Jar: jar, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}}
	if c != nil {
		v.Hold("__Host-desk", strings.TrimPrefix(c.Auth, "Bearer "))
	}
	return v
}

// Hold puts a cookie into the jar as if the site had set it.
func (v *Visitor) Hold(name, value string) {
	u, _ := url.Parse(v.w.URL) // the test server's own
	v.Http.Jar.SetCookies(u, []*http.Cookie{{Name: name, Value: value, Path: "/"}})
}

// Send sends a form, or asks for a page. What stands for one request is proved to do
// so on the way.
func (v *Visitor) Send(method, path string, form url.Values, header map[string]string) (*http.Response, string) {
	v.w.T.Helper()
	res, body := v.send(method, path, form, header)
	if method == http.MethodPost {
		v.standsForOne(path, res, form, func(f url.Values) (*http.Response, string) { return v.send(method, path, f, header) })
	}
	return res, body
}

func (v *Visitor) send(method, path string, form url.Values, header map[string]string) (*http.Response, string) {
	v.w.T.Helper()
	req, err := http.NewRequest(method, v.w.URL+"/desk"+path, strings.NewReader(form.Encode()))
	if err != nil {
		v.w.T.Fatal(err)
	}
	if form != nil {
		req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	for k, val := range header {
		req.Header.Set(k, val)
	}
	res, err := v.Http.Do(req)
	if err != nil {
		v.w.T.Fatal(err)
	}
	defer func() { _ = res.Body.Close() }()
	var b strings.Builder
	buf := make([]byte, 32<<10)
	for {
		n, err := res.Body.Read(buf)
		b.Write(buf[:n])
		// A stream of events goes on until it is left.
		if err != nil || strings.HasPrefix(res.Header.Get("Content-Type"), "text/event-stream") {
			break
		}
	}
	return res, b.String()
}

// StaffWithPassword makes a staff member who logs in himself: the one-time
// password, and what his authenticator shows: nothing before he enrolled.
func (w *World) StaffWithPassword(roles ...model.Role) (password string, code func() string) {
	w.T.Helper()
	cred, err := w.Svc.Identity.AddStaff(w.T.Context(), model.System(), w.Court.ID, "wang.yi", "王一", roles)
	if err != nil {
		w.T.Fatal(err)
	}
	return cred.Password, func() string {
		w.Clock.Advance(31 * time.Second) // a code is used once
		return w.authenticator(cred.UserID)
	}
}

// authenticator is the code of the secret that a staff member enrolled, or is
// being shown; "" while there is none.
func (w *World) authenticator(userID int64) string {
	w.T.Helper()
	a, err := w.DB.StaffAccount(context.Background(), userID)
	if err != nil {
		w.T.Fatal(err)
	}
	secret := cmp.Or(a.TOTPSecret, a.TOTPPending)
	if secret == "" {
		return ""
	}
	c, err := totp.GenerateCode(secret, w.Clock.Now())
	if err != nil {
		w.T.Fatal(err)
	}
	return c
}

// ReceiptState is what became of a receipt.
func (w *World) ReceiptState(judge *Client, r Obj) string {
	w.T.Helper()
	return judge.Must(http.StatusOK, http.MethodGet, fmt.Sprintf("/receipts/%d", r.ID("id")), nil).Str("state")
}

// Template is the import template.
func (w *World) Template(clerk *Client) []byte {
	w.T.Helper()
	res, body := w.Visitor(clerk).Send(http.MethodGet, "/import/template", nil, nil)
	if res.StatusCode != http.StatusOK {
		w.T.Fatal(res.Status)
	}
	return []byte(body)
}

// Reads is a page of the desk as the client sees it.
func (c *Client) Reads(path string) string {
	c.W.T.Helper()
	res, body := c.W.Visitor(c).Send(http.MethodGet, path, nil, nil)
	if res.StatusCode != http.StatusOK {
		c.W.T.Fatalf("/desk%s answers %d %.300s", path, res.StatusCode, body)
	}
	return body
}

// Posts sends a form of the desk and gives the status and the page.
func (c *Client) Posts(path string, form url.Values) (int, string) {
	c.W.T.Helper()
	res, body := c.W.Visitor(c).Send(http.MethodPost, path, form, nil)
	return res.StatusCode, body
}

func (c *Client) Documents(f Filed, kind model.DocumentKind) (out []Obj) {
	c.W.T.Helper()
	for _, d := range c.Must(http.StatusOK, Get, fmt.Sprintf("/cases/%d/documents?limit=100", f.ID), nil).List("documents") {
		if d.Str("kind") == string(kind) {
			out = append(out, d)
		}
	}
	return out
}

func (c *Client) Pdf(d Obj) []byte {
	c.W.T.Helper()
	a := c.Call(Get, fmt.Sprintf("/documents/%d/pdf", d.ID("id")), nil)
	if a.Status != http.StatusOK {
		c.W.T.Fatalf("%d %s", a.Status, a.Body)
	}
	return a.Body
}

// ActorOf is a staff client as the services see him.
func (c *Client) ActorOf(roles ...model.Role) model.Actor {
	return model.Actor{UserID: c.UserID, CourtID: c.W.Court.ID, Roles: roles}
}

// EnforcedBy files an enforcement case of the officer on a case.
func (w *World) EnforcedBy(officer *Client, f Filed) *model.EnforcementFile {
	w.T.Helper()
	return w.World.EnforcedBy(servicetest.Person{Actor: officer.ActorOf(model.RoleOfficer), Login: officer.Name}, f)
}

// OpenTasks are the open tasks of a kind.
func (w *World) OpenTasks(officer *Client, kind model.TaskKind) []model.TaskLine {
	w.T.Helper()
	list, err := w.Svc.Enforcement.Tasks(context.Background(), officer.ActorOf(model.RoleOfficer), model.TaskFilter{Kind: kind, State: model.TaskOpen, Limit: 50})
	if err != nil {
		w.T.Fatal(err)
	}
	return list
}

const (
	Get, Post, Put = http.MethodGet, http.MethodPost, http.MethodPut
	Bad, Gone      = http.StatusBadRequest, http.StatusNotFound
)

// Conduct is a case in which the debtor owes money and an act.
func (w *World) Conduct(clerk *Client) (f Filed, act int64) {
	w.T.Helper()
	in := CaseInput()
	duties := in["instruments"].([]Obj)[0]
	duties["obligations"] = append(duties["obligations"].([]Obj), Obj{
		"ref": "O2", "kind": "conduct", "obligors": []string{"D1"}, "obligee": "C1", "description": "腾退房屋", "due_on": "2026-04-30",
	})
	f = w.FileInput(clerk, in)
	d := clerk.Must(http.StatusOK, Get, fmt.Sprintf("/cases/%d", f.ID), nil)
	return f, d.List("instruments")[0].List("obligations")[1].ID("id")
}

// Certified is a fulfilled case with its certificate.
func (w *World) Certified(judge, clerk, debtor *Client) (f Filed, cert Obj) {
	w.T.Helper()
	f = w.File(clerk)
	debtor.Bind(clerk, f.ID, f.Debtor)
	judge.Confirm(debtor.Submit(f, 100000, int(f.ID)+3000), 100000)
	return f, judge.Issues(f)
}

// FormFile posts a form with a file, or without one.
func (c *Client) FormFile(path, file string) Answer {
	c.W.T.Helper()
	var b bytes.Buffer
	m := multipart.NewWriter(&b)
	if file != "" {
		part, err := m.CreateFormFile("file", "cases")
		if err != nil {
			c.W.T.Fatal(err)
		}
		_, _ = part.Write([]byte(file))
	}
	_ = m.Close()
	req, err := http.NewRequest(Post, c.W.URL+"/api/v1"+path, &b)
	if err != nil {
		c.W.T.Fatal(err)
	}
	req.Header.Set("Content-Type", m.FormDataContentType())
	return c.Send(req)
}

// Runs does what runs by itself: notices of imports, and the schedule.
func (w *World) Runs() {
	w.T.Helper()
	ctx := context.Background()
	if err := errors.Join(w.Svc.Filing.Pass(ctx), w.Svc.Schedule.Pass(ctx)); err != nil {
		w.T.Fatal(err)
	}
}

// LogIn logs in with a fresh code, as a phone does each time.
func (c *Client) LogIn() Answer {
	c.W.T.Helper()
	code, err := c.W.Fake.LoginCode(c.OpenID)
	if err != nil {
		c.W.T.Fatal(err)
	}
	c.Auth = ""
	return c.Call(http.MethodPost, "/sessions/wechat", Obj{"code": code})
}

// steps sends forms and looks at pages.
func (v *Visitor) Sees(path string, parts ...string) string {
	v.w.T.Helper()
	res, body := v.Send(http.MethodGet, path, nil, nil)
	if res.StatusCode != http.StatusOK {
		v.w.T.Errorf("%s: %d %s", path, res.StatusCode, body)
	}
	for _, p := range parts {
		if !strings.Contains(body, p) {
			v.w.T.Errorf("%s lacks %q: %s", path, p, body)
		}
	}
	return body
}

// Does sends a form: it goes on to a page that says so, or comes back with
// words.
func (v *Visitor) Does(status int, path, part string, form url.Values) string {
	v.w.T.Helper()
	res, body := v.Send(http.MethodPost, path, form, nil)
	if res.StatusCode != status || !strings.Contains(body+res.Header.Get("Location"), part) {
		v.w.T.Errorf("%s: %d %s, want %d with %q: %s", path, res.StatusCode, res.Header.Get("Location"), status, part, body)
	}
	return body
}

func SurchargeInput(fine, surcharge int64) Obj {
	in := CaseInput()
	no := strings.Replace(in["case_no"].(string), "民初", "行审", 1)
	duty := func(ref, category string, fen int64) Obj {
		return Obj{"ref": ref, "kind": "money", "obligors": []string{"D1"}, "obligee": "C1", "amount_fen": fen, "due_on": "2026-03-31", "category": category}
	}
	in["case_no"], in["cause"] = no, "市场监管行政处罚"
	in["parties"] = []Obj{
		{"ref": "C1", "role": "applicant", "kind": "organisation", "name": "宁波市镇海区市场监督管理局"},
		{"ref": "D1", "role": "respondent", "kind": "organisation", "name": "甬兴建材有限公司", "id_number": "91350100M000100Y43", "phone": "13900139000"},
	}
	in["instruments"] = []Obj{{
		"ref": "I1", "kind": "ruling", "number": no, "effective_on": "2026-02-10", "summary": "准予强制执行罚款及加处罚款",
		"obligations": []Obj{duty("O1", "principal", fine), duty("O2", "surcharge", surcharge)},
	}}
	return in
}

func (w *World) FileSurcharge(clerk *Client, fine, surcharge int64) servicetest.Surcharged {
	w.T.Helper()
	c := w.FileCriminal(clerk, SurchargeInput(fine, surcharge))
	return servicetest.Surcharged{ID: c.ID, No: c.No, Debtor: c.Convict, Principal: c.Obligation["principal"], Surcharge: c.Obligation["surcharge"]}
}

// Done waits until nothing is to be planned or sent at a moment.
func (w *World) Done(now time.Time) {
	w.T.Helper()
	ctx := context.Background()
	held, since := int64(-1), time.Now()
	for deadline := time.Now().Add(time.Minute); ; time.Sleep(10 * time.Millisecond) {
		stale, err := w.DB.StaleCases(ctx, 0, 1)
		if err != nil {
			w.T.Fatal(err)
		}
		steps, err := w.DB.DueSteps(ctx, now, 1)
		if err != nil {
			w.T.Fatal(err)
		}
		due, err := w.DB.OutboxDue(ctx, now)
		if err != nil {
			w.T.Fatal(err)
		}
		counts, err := w.DB.OutboxCounts(ctx)
		if err != nil {
			w.T.Fatal(err)
		}
		// What is held for a while without a change, the dead hold.
		if n := counts[model.OutboxSending]; n != held {
			held, since = n, time.Now()
		}
		if len(stale) == 0 && len(steps) == 0 && due == 0 && (held == 0 || time.Since(since) > 300*time.Millisecond) {
			return
		}
		if time.Now().After(deadline) {
			w.T.Fatalf("at %s: %d stale, %d steps, %d messages are still due", now, len(stale), len(steps), due)
		}
	}
}

// Page is a public page as a browser without an account gets it.
func (w *World) Page(method, path string, form url.Values) (int, string) {
	w.T.Helper()
	req, err := http.NewRequest(method, w.URL+path, strings.NewReader(form.Encode()))
	if err != nil {
		w.T.Fatal(err)
	}
	if method == Post {
		req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		w.T.Fatal(err)
	}
	defer func() { _ = res.Body.Close() }()
	b, err := io.ReadAll(res.Body)
	if err != nil {
		w.T.Fatal(err)
	}
	return res.StatusCode, string(b)
}

// From sends a request with headers that its sender chose.
func (c *Client) From(method, path string, headers map[string]string) Answer {
	c.W.T.Helper()
	req, err := http.NewRequest(method, c.W.URL+"/api/v1"+path, strings.NewReader("{}"))
	if err != nil {
		c.W.T.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/json")
	for name, value := range headers {
		req.Header.Set(name, value)
	}
	return c.Send(req)
}

// Metric is the sum of a family of metrics, without looking at labels.
func (w *World) Metric(name string) (sum float64) {
	w.T.Helper()
	families, err := w.Metrics.Gather()
	if err != nil {
		w.T.Fatal(err)
	}
	for _, f := range families {
		for _, m := range f.GetMetric() {
			if f.GetName() == name {
				sum += m.GetGauge().GetValue() + m.GetCounter().GetValue()
			}
		}
	}
	return sum
}

// Occurred are the errors that the tests of this run saw, as "METHOD PATH
// reason".
var Occurred sync.Map

// Until lets time go by, an hour at a time, as the server would live through
// it.
func (w *World) Until(t time.Time, people ...*Client) {
	w.T.Helper()
	w.World.Until(t)
	for _, c := range people {
		c.Renew()
	}
}

// Tell lets WeChat push what it has to tell, and applies it.
func (w *World) Tell() {
	w.T.Helper()
	if err := w.Fake.Push(context.Background()); err != nil {
		w.T.Fatal(err)
	}
	if err := w.Svc.Subscription.Drain(context.Background()); err != nil {
		w.T.Fatal(err)
	}
}

// Month imports n cases that fall due from 10 to 20 March, each debtor with a
// phone of his own.
func (w *World) Month(n int) (phones map[string]model.Date) {
	t := w.T
	t.Helper()
	w.Staff("zhang.min", model.RoleJudge)
	var b bytes.Buffer
	if err := filing.TemplateCSV(&b); err != nil {
		t.Fatal(err)
	}
	lines := strings.SplitN(strings.TrimPrefix(b.String(), "\xef\xbb\xbf"), "\n", 3)
	var file strings.Builder
	file.WriteString(lines[0] + "\n")
	dueOf := map[string]model.Date{}
	for i := range n {
		no := fmt.Sprintf("（2026）浙0211民初%d号", 200_000+i)
		due := model.NewDate(2026, 3, 10+i%11)
		dueOf[no] = due
		row := strings.ReplaceAll(lines[1], "（2026）浙0211民初1号", no)
		file.WriteString(strings.ReplaceAll(row, "2026-03-31", due.String()) + "\n")
	}
	by := model.Actor{CourtID: w.Court.ID, Roles: []model.Role{model.RoleClerk}}
	rep, err := w.Svc.Filing.Import(context.Background(), by, strings.NewReader(file.String()), filing.Importing{Notices: model.NoticesNow})
	if err != nil || rep.Created != n {
		t.Fatalf("%+v %v", rep, err)
	}
	return w.BindAll(dueOf)
}

// Witness asks the platform what the phones showed over the month: every
// expected card on its day and once, none early, none in the night, none lost.
// When senders were killed, a card in their hands may be missing, and the court
// sees that nobody knows of it; or it may be a day late, when WeChat failed too.
func (w *World) Witness(phones map[string]model.Date, killed bool) {
	t := w.T
	t.Helper()
	wrong, total, lost := 0, 0, 0
	for openID, due := range phones {
		var want, got []string
		for _, d := range []int{-7, -3, -1, 1, 10} {
			if on := due.AddDays(d); on.After(model.NewDate(2026, 3, 2)) {
				want = append(want, on.String())
			}
		}
		for _, card := range w.Fake.Inbox(openID) {
			local := card.At.In(model.CourtZone)
			if card.TemplateID != wechattest.TemplateDue {
				continue
			}
			if local.Hour() < 8 || local.Hour() >= 22 {
				t.Fatalf("a card at %s", local)
			}
			on := model.DateOf(card.At)
			if killed && !slices.Contains(want, on.String()) {
				on = on.AddDays(-1)
			}
			got = append(got, on.String())
		}
		total += len(got)
		lost += len(want) - len(got)
		if extra(want, got) {
			wrong++
			if wrong < 4 {
				t.Errorf("a phone showed %v, want %v", got, want)
			}
		}
	}
	counts := w.OutboxStates()
	if lost < 0 || lost > 0 && !killed || lost > int(counts[model.OutboxUnknown]) {
		t.Errorf("%d cards are missing", lost)
	}
	t.Logf("%d cards on %d phones; %v", total, len(phones), counts)
	if total+lost < 4*len(phones) {
		t.Errorf("only %d cards", total)
	}
}

// extra tells whether got has a day twice or one that is not wanted.
func extra(want, got []string) bool {
	left := map[string]int{}
	for _, d := range want {
		left[d]++
	}
	for _, d := range got {
		if left[d]--; left[d] < 0 {
			return true
		}
	}
	return false
}

func (w *World) OutboxStates() map[model.OutboxState]int64 {
	w.T.Helper()
	counts, err := w.DB.OutboxStates(context.Background())
	if err != nil {
		w.T.Fatal(err)
	}
	return counts
}

// BindAll gives the debtor of each case a phone that allows cards, and tells
// by openid when he has to pay.
func (w *World) BindAll(dueOf map[string]model.Date) map[string]model.Date {
	w.T.Helper()
	ctx := context.Background()
	numbers := make([]string, 0, len(dueOf))
	for no := range dueOf {
		numbers = append(numbers, no)
	}
	cases, err := w.DB.CasesByNo(ctx, numbers)
	if err != nil {
		w.T.Fatal(err)
	}
	out := map[string]model.Date{}
	err = w.DB.Transact(ctx, func(tx *storage.DB) error {
		for no, cs := range cases {
			parties, err := tx.Parties(ctx, cs.ID)
			if err != nil {
				return err
			}
			for _, p := range parties {
				if p.Role != model.Defendant {
					continue
				}
				openID := w.Fake.AddUser(wechattest.User{}).OpenID
				if err := w.Fake.Allow(openID, wechattest.TemplateDue); err != nil {
					return err
				}
				out[openID] = dueOf[no]
				u := model.User{State: model.UserActive}
				if err := tx.CreateUser(ctx, &u); err != nil {
					return err
				}
				id := []model.WeChatIdentity{{AppID: wechat.DemoAppID, OpenID: openID, UserID: u.ID}}
				if err := storage.Insert(ctx, tx, id); err != nil {
					return err
				}
				key := fmt.Sprintf("%d:%d", p.ID, u.ID)
				bound := []model.Binding{{
					CourtID: cs.CourtID, CaseID: cs.ID, PartyID: p.ID, UserID: u.ID, Capacity: model.CapacitySelf, Method: model.BoundByCode, ActiveKey: &key,
				}}
				if err := storage.Insert(ctx, tx, bound); err != nil {
					return err
				}
			}
		}
		return nil
	})
	if err != nil {
		w.T.Fatal(err)
	}
	return out
}

func (w *World) PhoneCode(c *Client) string {
	w.T.Helper()
	code, err := w.Fake.PhoneCode(c.OpenID)
	if err != nil {
		w.T.Fatal(err)
	}
	return code
}

// Push posts what WeChat would push, and applies what was stored.
func (w *World) Push(requests ...wechattest.Request) (answers []Answer) {
	w.T.Helper()
	for _, r := range requests {
		req, err := http.NewRequest(Post, w.URL+"/api/v1/wechat/push?"+r.Query.Encode(), bytes.NewReader(r.Body))
		if err != nil {
			w.T.Fatal(err)
		}
		answers = append(answers, w.Public().Send(req))
	}
	if err := w.Svc.Subscription.Drain(context.Background()); err != nil {
		w.T.Fatal(err)
	}
	return answers
}

func (c *Client) Left(template string) float64 {
	c.W.T.Helper()
	for _, s := range c.Must(http.StatusOK, Get, "/subscriptions", nil).List("subscriptions") {
		if s.Str("template_id") == template {
			return s.Num("left")
		}
	}
	c.W.T.Fatalf("no template %s", template)
	return 0
}

func (c *Client) Wanted(at string) string {
	c.W.T.Helper()
	var names []string
	v := c.Must(http.StatusOK, Get, "/subscriptions/wanted?at="+at, nil)
	ids, _ := v["template_ids"].([]any)
	for _, id := range ids {
		names = append(names, strings.SplitN(strings.TrimPrefix(id.(string), "demo_"), "_0", 2)[0])
	}
	return strings.Join(names, " ")
}

func (w *World) ObjectKeys() (keys []string) {
	w.T.Helper()
	for o, err := range w.Objects.List(context.Background(), "") {
		if err != nil {
			w.T.Fatal(err)
		}
		keys = append(keys, o.Key)
	}
	return keys
}
