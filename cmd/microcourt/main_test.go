package main

import (
	"bufio"
	"bytes"
	"context"
	"crypto/rand"
	"database/sql"
	"encoding/json"
	"fmt"
	"image"
	"image/color"
	"image/jpeg"
	"io"
	"log/slog"
	"mime/multipart"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"microcourt/model"
	"microcourt/service/demo"
	"microcourt/storage/object/objecttest"
	"microcourt/storage/storagetest"
)

// The test binary is the program itself when it is asked to be, so that a test
// can kill it.
func TestMain(m *testing.M) {
	if os.Getenv("RUN_AS_MICROCOURT") == "1" {
		if step := os.Getenv("KILL_AT"); step != "" {
			killedRestore(step, os.Getenv("KILL_FROM"))
		}
		main()
		return
	}
	// The programs that tests start have the configuration that the tests give them.
	for _, e := range os.Environ() {
		if name, _, _ := strings.Cut(e, "="); strings.HasPrefix(name, "MICROCOURT_") {
			_ = os.Unsetenv(name)
		}
	}
	os.Exit(m.Run())
}

func cli(env []string, args ...string) (int, string, string) {
	var out, errs bytes.Buffer
	code := run(context.Background(), args, env, &out, &errs)
	return code, out.String(), errs.String()
}

// installation is the environment of a fresh installation on the storage that
// the tests run on.
func installation(t *testing.T) []string {
	t.Helper()
	dir := t.TempDir()
	env := []string{"MICROCOURT_DATA_DIR=" + dir, "MICROCOURT_LISTEN=127.0.0.1:0", "MICROCOURT_PUBLIC_URL=http://court.example"}
	if storagetest.OnMySQL() {
		name := "cmd_" + strings.ToLower(rand.Text())
		base := os.Getenv("TEST_MYSQL")
		control, err := sql.Open("mysql", base)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := control.Exec("CREATE DATABASE " + name + " CHARACTER SET utf8mb4 COLLATE utf8mb4_bin"); err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() {
			_, _ = control.Exec("DROP DATABASE " + name)
			_ = control.Close()
		})
		keys := filepath.Join(dir, "keys.yaml")
		if code, _, errs := cli(nil, "keys", "new", keys); code != 0 {
			t.Fatal(errs)
		}
		before, after, _ := strings.Cut(base, ")/")
		env = append(env, "MICROCOURT_DATABASE__DRIVER=mysql", "MICROCOURT_DATABASE__DSN="+before+")/"+name+after, "MICROCOURT_KEYS_FILE="+keys)
	}
	if objecttest.OnMinIO() {
		c := objecttest.MinIOConfig(t)
		env = append(env, "MICROCOURT_OBJECTS__DRIVER=minio", "MICROCOURT_OBJECTS__ENDPOINT="+c.Endpoint, "MICROCOURT_OBJECTS__BUCKET="+c.Bucket,
			"MICROCOURT_OBJECTS__ACCESS_KEY="+c.AccessKey, "MICROCOURT_OBJECTS__SECRET_KEY="+c.SecretKey)
	}
	return env
}

func openTest(t *testing.T, env []string, now func() time.Time) *app {
	t.Helper()
	cfg, err := loadConfig("", env)
	if err != nil {
		t.Fatal(err)
	}
	cfg.now = now
	a, err := openApp(context.Background(), cfg, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	return a
}

func migrated(t *testing.T) []string {
	t.Helper()
	env := installation(t)
	if code, out, errs := cli(env, "migrate"); code != 0 || !strings.Contains(out, "applied 0001") {
		t.Fatal(code, out, errs)
	}
	return env
}

func TestServeRefusesAnOldSchemaInProduction(t *testing.T) {
	env := installation(t)
	if !storagetest.OnMySQL() {
		// The embedded default migrates by itself.
		a := openTest(t, env, nil)
		if v, err := a.db.SchemaVersion(context.Background()); err != nil || v.Behind() {
			t.Fatal(v, err)
		}
		_ = a.close()
		return
	}
	code, _, errs := cli(env, "serve")
	if code != 1 || !strings.Contains(errs, "microcourt migrate") {
		t.Fatal(code, errs)
	}
}

func TestAdministrationFromTheCommandLine(t *testing.T) {
	env := migrated(t)
	must := func(args ...string) string {
		t.Helper()
		code, out, errs := cli(env, args...)
		if code != 0 {
			t.Fatalf("%v: %d %s %s", args, code, out, errs)
		}
		return out
	}
	must("court", "add", "浙0211", "宁波市镇海区人民法院", "镇法")
	if out := must("court", "list"); !strings.Contains(out, "宁波市镇海区人民法院") {
		t.Error(out)
	}
	first := must("staff", "add", "-court", "浙0211", "-name", "张敏", "-roles", "judge,leader", "zhang.min")
	if strings.Contains(first, "otpauth://") || !strings.Contains(first, "password:") || !strings.Contains(first, "for one log-in") {
		t.Error(first)
	}
	if code, _, errs := cli(env, "staff", "add", "-court", "浙0211", "-name", "许禾", "-roles", "admin,auditor", "xu.he"); code != 1 || !strings.Contains(errs, "不能由同一账号担任") {
		t.Error(code, errs)
	}
	if code, _, errs := cli(env, "staff", "add", "-court", "浙0211", "-name", "张敏", "-roles", "judge", "zhang.min"); code != 1 || !strings.Contains(errs, "已被使用") {
		t.Error(code, errs)
	}
	if reset := must("staff", "reset", "-court", "浙0211", "zhang.min"); reset == first {
		t.Error("a reset gave the same credentials")
	}
	if out := must("staff", "list", "-court", "浙0211"); !strings.Contains(out, "zhang.min\t张敏\tactive\t[judge leader]") {
		t.Error(out)
	}
	if out := must("apikey", "create", "-court", "浙0211", "审判系统"); !strings.HasPrefix(out, "mck_") {
		t.Error(out)
	}
	must("apikey", "revoke", "-court", "浙0211", "审判系统")

	// The template, filled in, is imported; a wrong row stops everything.
	file := filepath.Join(t.TempDir(), "cases.csv")
	template := must("import", "--template", "csv")
	if err := os.WriteFile(file, []byte(template), 0o600); err != nil {
		t.Fatal(err)
	}
	if out := must("import", "-court", "浙0211", file); !strings.Contains(out, "新增 1 件") {
		t.Error(out)
	}
	if out := must("import", "-court", "浙0211", file); !strings.Contains(out, "相同 1 件") {
		t.Error(out)
	}
	bad := strings.Replace(strings.Replace(template, "民初1号", "民初2号", 2), "11010519491231002X", "110105194912310021", 1)
	if err := os.WriteFile(file, []byte(bad), 0o600); err != nil {
		t.Fatal(err)
	}
	code, out, _ := cli(env, "import", "-court", "浙0211", file)
	if code != 1 || !strings.Contains(out, "第 2 行\t权利人证件号") {
		t.Error(code, out)
	}
	head := must("audit", "verify")
	if !strings.Contains(head, "unbroken") {
		t.Error(head)
	}
	for line := range strings.Lines(head) {
		if h, ok := strings.CutPrefix(line, "head "); ok {
			must("audit", "verify", "-expect", strings.TrimSpace(h))
			if code, _, _ := cli(env, "audit", "verify", "-expect", strings.TrimSpace(h)+"0"); code != 1 {
				t.Error("a chain that lost its end passed")
			}
		}
	}
	// A new active key: everything is sealed anew and still readable.
	must("rekey")
}

func TestConfigurationIsChecked(t *testing.T) {
	for want, env := range map[string][]string{
		"there is no key":   {"MICROCOURT_DATABSE__DSN=x"},
		"database.driver":   {"MICROCOURT_DATABASE__DRIVER=oracle"},
		"go together":       {"MICROCOURT_WECHAT__APP_ID=wx1234567890abcdef"},
		"public_url":        {"MICROCOURT_PUBLIC_URL=court.example/"},
		"signing.cert_file": {"MICROCOURT_WECHAT__APP_ID=wx1234567890abcdef", "MICROCOURT_WECHAT__SECRET=s", "MICROCOURT_PUBLIC_URL=https://c.example"},
		"are both set":      {"MICROCOURT_DATABASE__DSN=x", "MICROCOURT_DATABASE__DSN_FILE=/dev/null"},
		"objects.endpoint":  {"MICROCOURT_OBJECTS__DRIVER=minio"},
		"database.dsn_file": {"MICROCOURT_DATABASE__DRIVER=mysql"},
		"no such file":      {"MICROCOURT_REDIS__PASSWORD_FILE=/nonexistent"},
	} {
		if _, err := loadConfig("", env); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v: %v, want %q", env, err, want)
		}
	}
	example := filepath.Join("..", "..", "deploy", "config.example.yaml")
	if _, err := loadConfig(example, nil); err != nil {
		t.Errorf("the example: %v", err)
	}
}

// server is the program as a process of its own.
type server struct {
	cmd     *exec.Cmd
	base    string
	metrics string // address of what is counted
}

func start(t *testing.T, env []string) *server {
	t.Helper()
	return launch(t, env).address(t)
}

// launched is a server that may not listen yet.
type launched struct {
	cmd     *exec.Cmd
	metrics string // known once it listens
	listen  chan string
	said    *bytes.Buffer // complete once listen has been closed
}

func launch(t *testing.T, env []string) *launched {
	t.Helper()
	cmd := exec.Command(os.Args[0], "serve")
	// Its memory is measured: the collector is what it is for a court.
	cmd.Env = append(append(os.Environ(), "GOGC=100", "RUN_AS_MICROCOURT=1", "MICROCOURT_LIMITS__UPLOAD=1000000", "MICROCOURT_METRICS_LISTEN=127.0.0.1:0"), env...)
	logs, err := cmd.StderrPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	l := &launched{cmd: cmd, listen: make(chan string, 1), said: &bytes.Buffer{}}
	go func() {
		sc := bufio.NewScanner(io.TeeReader(logs, l.said))
		for sc.Scan() {
			var line struct{ Msg, Address string }
			if json.Unmarshal(sc.Bytes(), &line) != nil {
				continue
			}
			switch line.Msg {
			case "metrics": // before it listens
				l.metrics = line.Address
			case "listening":
				l.listen <- line.Address
			}
		}
		close(l.listen)
	}()
	return l
}

// address waits until the server listens.
func (l *launched) address(t *testing.T) *server {
	t.Helper()
	select {
	case a, ok := <-l.listen:
		if !ok {
			t.Fatal("the server did not start: ", l.said)
		}
		return &server{cmd: l.cmd, base: "http://" + a, metrics: "http://" + l.metrics + "/metrics"}
	case <-time.After(30 * time.Second):
		t.Fatal("the server did not start in time")
	}
	return nil
}

type reply struct {
	status int
	body   map[string]any
}

func (s *server) call(method, path, token, key string, body io.Reader, contentType string) (reply, error) {
	req, err := http.NewRequest(method, s.base+"/api/v1"+path, body)
	if err != nil {
		return reply{}, err
	}
	scheme := "Bearer "
	if strings.HasPrefix(token, "mck_") { // the case system's key
		scheme = "ApiKey "
	}
	req.Header.Set("Authorization", scheme+token)
	req.Header.Set("Idempotency-Key", key)
	req.Header.Set("Content-Type", contentType)
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		return reply{}, err
	}
	defer func() { _ = res.Body.Close() }()
	r := reply{status: res.StatusCode}
	return r, json.NewDecoder(res.Body).Decode(&r.body)
}

func (s *server) post(path, token, key string, body any) (reply, error) {
	b, err := json.Marshal(body)
	if err != nil {
		return reply{}, err
	}
	return s.call(http.MethodPost, path, token, key, bytes.NewReader(b), "application/json")
}

// desk sends a form to the desk of whoever holds the session.
func (s *server) desk(path, token string, body io.Reader, contentType string) (status int, page []byte, err error) {
	req, err := http.NewRequest(http.MethodPost, s.base+"/desk"+path, body)
	if err != nil {
		return 0, nil, err
	}
	req.Header.Set("Content-Type", contentType)
	for _, name := range []string{"desk", "__Host-desk"} { // without https, and with it
		req.AddCookie(&http.Cookie{Name: name, Value: token})
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		return 0, nil, err
	}
	defer func() { _ = res.Body.Close() }()
	page, err = io.ReadAll(res.Body)
	return res.StatusCode, page, err
}

func uploadForm(key string, caseID int, file []byte) (body []byte, contentType string) {
	var b bytes.Buffer
	m := multipart.NewWriter(&b)
	_ = m.WriteField("case_id", fmt.Sprint(caseID))
	_ = m.WriteField("upload_key", key)
	f, _ := m.CreateFormFile("file", "x.jpg")
	_, _ = f.Write(file)
	_ = m.Close()
	return b.Bytes(), m.FormDataContentType()
}

func (s *server) upload(token, key string, caseID int, file []byte) (reply, error) {
	body, contentType := uploadForm(key, caseID, file)
	return s.call(http.MethodPost, "/uploads", token, key, bytes.NewReader(body), contentType)
}

func noise(n int) []byte {
	img := image.NewGray(image.Rect(0, 0, 64, 64))
	for i := range img.Pix {
		img.Pix[i] = byte(i*i*(n+3)/7 + i/64*n)
	}
	img.SetGray(n%64, n/64%64, color.Gray{byte(n)})
	var b bytes.Buffer
	_ = jpeg.Encode(&b, img, nil)
	return b.Bytes()
}

// The process is killed at any moment, again and again, under load. Every
// receipt and confirmation that was acknowledged is there exactly once
// afterwards, numbers have no gaps, the audit chain is whole, and no file is
// left that neither a record nor the list of strays names once the sweeper ran.
func TestKilledAtAnyMomentLosesNothing(t *testing.T) {
	env := migrated(t)
	a := openTest(t, env, nil)
	guide, err := demo.Seed(context.Background(), demo.Installation{DB: a.db, Services: a.svc, WeChat: a.fake, Now: time.Now})
	if err != nil {
		t.Fatal(err)
	}
	debtor, judge := guide.Token("陈建国"), guide.Token("zhang.min")
	if err := a.close(); err != nil {
		t.Fatal(err)
	}
	const caseID, fen = 1, 100
	today := model.DateOf(time.Now()).String()
	var mu sync.Mutex
	submitted, confirmed := map[int64]string{}, map[int64]bool{}
	n := 0
	one := func(s *server, key string, seed int) {
		up, err := s.upload(debtor, key, caseID, noise(seed))
		if err != nil || up.status >= 300 {
			return
		}
		r, err := s.post(fmt.Sprintf("/cases/%d/receipts", caseID), debtor, key, map[string]any{
			"amount_fen": fen, "paid_on": today, "payer_kind": "self", "payer_name": "陈建国", "proof_kind": "screenshot",
			"bank_serial": key, "file_ids": []any{up.body["id"]},
		})
		if err != nil || r.status >= 300 {
			return
		}
		id := int64(r.body["id"].(float64))
		mu.Lock()
		submitted[id] = key
		mu.Unlock()
		c, err := s.post(fmt.Sprintf("/receipts/%d/confirm", id), judge, key, map[string]any{"version": r.body["version"], "amount_fen": fen, "doubt_reason": "已核对银行流水"})
		if err == nil && c.status == http.StatusOK {
			mu.Lock()
			confirmed[id] = true
			mu.Unlock()
		}
	}
	for round := range 4 {
		s := start(t, env)
		known := len(confirmed)
		stop := make(chan struct{})
		var wg sync.WaitGroup
		for range 4 {
			wg.Go(func() {
				for {
					select {
					case <-stop:
						return
					default:
					}
					mu.Lock()
					n++
					seed := n
					mu.Unlock()
					one(s, fmt.Sprintf("kill-key-%06d", seed), seed)
				}
			})
		}
		// At any moment, but not before there is something to lose, however slow the
		// machine is.
		for waited := 0; ; waited++ {
			mu.Lock()
			enough := len(confirmed) >= known+2
			mu.Unlock()
			if enough {
				break
			}
			if waited == 20_000 {
				t.Fatal("nothing is confirmed any more")
			}
			time.Sleep(5 * time.Millisecond)
		}
		time.Sleep(time.Duration(100+130*round) * time.Millisecond)
		if err := s.cmd.Process.Kill(); err != nil {
			t.Fatal(err)
		}
		close(stop)
		wg.Wait()
		_ = s.cmd.Wait()
	}
	if len(submitted) < 5 {
		t.Fatalf("only %d receipts were acknowledged; the test proves nothing", len(submitted))
	}

	later := func() time.Time { return time.Now().Add(73 * time.Hour) }
	a = openTest(t, env, later)
	defer func() { _ = a.close() }()
	ctx := context.Background()
	receipts, err := a.db.CaseReceipts(ctx, caseID)
	if err != nil {
		t.Fatal(err)
	}
	byKey := map[string]int{}
	var sum model.Fen
	for _, r := range receipts {
		byKey[r.IdemKey]++
		sum += r.ConfirmedFen
		if confirmed[r.ID] && r.State != model.ReceiptConfirmed {
			t.Errorf("receipt %d was confirmed and is %s", r.ID, r.State)
		}
		number, err := a.db.Notices(ctx, model.Actor{UserID: r.JudgeID, CourtID: r.CourtID, Roles: []model.Role{model.RoleJudge}}, caseID, 0, 1000)
		if err != nil || len(number) == 0 {
			t.Errorf("the judge's notices: %d %v", len(number), err)
		}
	}
	for id, key := range submitted {
		if byKey[key] != 1 {
			t.Errorf("receipt %d is there %d times", id, byKey[key])
		}
	}
	entries, err := a.db.Confirmations(ctx, caseID, 0)
	if err != nil {
		t.Fatal(err)
	}
	var total, allocated model.Fen
	for _, e := range entries {
		total += e.AmountFen
	}
	plan, err := a.db.Installments(ctx, caseID)
	if err != nil {
		t.Fatal(err)
	}
	for _, i := range plan {
		allocated += i.ConfirmedFen
	}
	if total != sum || allocated != sum || int(sum) < fen*len(confirmed) {
		t.Errorf("entries %d, receipts %d, instalments %d, acknowledged %d", total, sum, allocated, fen*len(confirmed))
	}
	if _, breaks, err := a.db.VerifyAudit(ctx); err != nil || len(breaks) != 0 {
		t.Errorf("audit: %v %v", breaks, err)
	}
	if _, err := a.svc.Performance.Sweep(ctx); err != nil {
		t.Fatal(err)
	}
	var keys []string
	for o, err := range a.objects.List(ctx, "") {
		if err != nil {
			t.Fatal(err)
		}
		keys = append(keys, o.Key)
	}
	known, _, err := a.db.KnownObjects(ctx, keys)
	if err != nil {
		t.Fatal(err)
	}
	listed, err := a.db.StrayKeys(ctx, keys)
	if err != nil {
		t.Fatal(err)
	}
	for _, k := range keys {
		if !known[k] && !listed[k] && !strings.HasPrefix(k, "journal/") && k != "installation/id" {
			t.Errorf("%s belongs to nothing", k)
		}
	}
	t.Logf("%d acknowledged, %d confirmed over four kills; %d objects, all accounted for", len(submitted), len(confirmed), len(keys))
}
