package main

import (
	"bytes"
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"microcourt/model"
	"microcourt/service/demo"
	"microcourt/service/recovery"
	"microcourt/storage"
	"microcourt/storage/object"
	"microcourt/storage/object/objecttest"
	"microcourt/storage/storagetest"
)

// court is a small court on which accidents are tried.
type court struct {
	t     *testing.T
	env   []string
	guide *demo.Guide
	srv   *server
}

func newCourt(t *testing.T) *court {
	t.Helper()
	c := &court{t: t, env: migrated(t)}
	a := openTest(t, c.env, nil)
	guide, err := demo.Seed(context.Background(), demo.Installation{DB: a.db, Services: a.svc, WeChat: a.fake, Now: time.Now})
	if err != nil {
		t.Fatal(err)
	}
	c.guide = guide
	if err := a.close(); err != nil {
		t.Fatal(err)
	}
	return c
}

func (c *court) must(args ...string) string {
	c.t.Helper()
	code, out, errs := cli(c.env, args...)
	if code != 0 {
		c.t.Fatalf("%v: %d\n%s%s", args, code, out, errs)
	}
	return out
}

func (c *court) refused(want string, args ...string) {
	c.t.Helper()
	code, out, errs := cli(c.env, args...)
	if code != 1 || !strings.Contains(errs, want) {
		c.t.Errorf("%v: %d, want %q\n%s%s", args, code, want, out, errs)
	}
}

func (c *court) start() {
	c.srv = start(c.t, c.env)
	started := c.srv
	c.t.Cleanup(func() { _ = started.cmd.Process.Kill() }) // it has ended by itself unless the test failed
}

// stop ends the server politely.
func (c *court) stop() {
	c.t.Helper()
	if err := c.srv.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		c.t.Fatal(err)
	}
	if err := c.srv.cmd.Wait(); err != nil {
		c.t.Fatal(err)
	}
}

func (c *court) ok(r reply, err error) map[string]any {
	c.t.Helper()
	if err != nil || r.status >= 300 {
		c.t.Fatal(r, err)
	}
	return r.body
}

// issue gives a certificate by the judge's form, and reads it.
func (c *court) issue(caseID, instrument, party int64) map[string]any {
	c.t.Helper()
	judge := c.guide.Token("zhang.min")
	page := c.desk(http.MethodGet, fmt.Sprintf("/cases/%d?tab=certificate", caseID), judge, nil)
	seen, err := io.ReadAll(page.Body)
	_ = page.Body.Close()
	stamp := regexp.MustCompile(`name="stamp" value="([^"]+)"`).FindSubmatch(seen)
	if err != nil || stamp == nil {
		c.t.Fatalf("no certificate is offered: %v %s", err, page.Status)
	}
	form := url.Values{"instrument": {fmt.Sprint(instrument)}, "party": {fmt.Sprint(party)}, "stamp": {string(stamp[1])}, "read": {"1"}}
	res := c.desk(http.MethodPost, fmt.Sprintf("/cases/%d/certificates", caseID), judge, form)
	_ = res.Body.Close()
	if res.StatusCode != http.StatusSeeOther || !strings.Contains(res.Header.Get("Location"), "issued") {
		c.t.Fatal(res.Status, res.Header.Get("Location"))
	}
	list := c.ok(c.srv.call(http.MethodGet, "/certificates?limit=1", judge, "", nil, ""))["certificates"].([]any)
	return list[0].(map[string]any)
}

// desk asks for a page of the desk, and does not go where it leads.
func (c *court) desk(method, path, token string, form url.Values) *http.Response {
	c.t.Helper()
	req, err := http.NewRequest(method, c.srv.base+"/desk"+path, strings.NewReader(form.Encode()))
	if err != nil {
		c.t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	req.AddCookie(&http.Cookie{Name: "desk", Value: token}) // as over plain HTTP
	res, err := http.DefaultTransport.RoundTrip(req)
	if err != nil {
		c.t.Fatal(err)
	}
	return res
}

func id(v any) int64 { return int64(v.(float64)) }

// paid files a case whose debtor owes conduct nothing and pays in full, and
// returns case, instrument and party.
func (c *court) paid(no string) (caseID, instrument, party int64) {
	c.t.Helper()
	clerk, judge, debtor := c.guide.Token("wan.tt"), c.guide.Token("zhang.min"), c.guide.Token("陈建国")
	today := model.DateOf(time.Now())
	b, err := json.Marshal(map[string]any{
		"version": 1, "case_no": no, "cause": "买卖合同纠纷", "filed_on": today.AddDays(-30).String(), "judge": "zhang.min",
		"parties": []any{
			map[string]any{"ref": "C1", "role": "plaintiff", "kind": "person", "name": "李某"},
			map[string]any{"ref": "D1", "role": "defendant", "kind": "person", "name": "陈建国"},
		},
		"instruments": []any{map[string]any{
			"ref": "I1", "kind": "mediation", "number": no, "effective_on": today.AddDays(-20).String(), "summary": "被告支付货款1.00元",
			"obligations": []any{map[string]any{"ref": "O1", "kind": "money", "obligors": []any{"D1"}, "obligee": "C1", "amount_fen": 100, "due_in_days": 60}},
		}},
	})
	if err != nil {
		c.t.Fatal(err)
	}
	body := c.ok(c.srv.call(http.MethodPut, "/case-system/cases/"+url.PathEscape(no), c.guide.Key(), "", bytes.NewReader(b), "application/json"))
	caseID = id(body["id"])
	body = c.ok(c.srv.call(http.MethodGet, fmt.Sprintf("/cases/%d", caseID), clerk, "", nil, ""))
	for _, p := range body["parties"].([]any) {
		if m := p.(map[string]any); m["ref"] == "D1" {
			party = id(m["id"])
		}
	}
	instrument = id(body["instruments"].([]any)[0].(map[string]any)["id"])
	status, slip, err := c.srv.desk(fmt.Sprintf("/cases/%d/slip", caseID), clerk, strings.NewReader(fmt.Sprintf("party=%d&capacity=self&paper=slip", party)), "application/x-www-form-urlencoded")
	_, code, found := strings.Cut(strings.ReplaceAll(pdfText(c.t, slip), "\n", ""), "绑定码：")
	if err != nil || !found || len(code) < 14 {
		c.t.Fatalf("the slip: %d %v", status, err)
	}
	code = code[:14]
	c.ok(c.srv.post("/bindings/code", debtor, "", map[string]any{"code": code}))
	key := fmt.Sprintf("paid-case-%d", caseID)
	r := c.receipt(caseID, key, int(caseID))
	c.ok(c.srv.post(fmt.Sprintf("/receipts/%d/confirm", id(r["id"])), judge, "confirm-"+key, map[string]any{"version": r["version"], "amount_fen": 100}))
	return caseID, instrument, party
}

func (c *court) upload(caseID int64, key string, seed int) any {
	c.t.Helper()
	return c.ok(c.srv.upload(c.guide.Token("陈建国"), key, int(caseID), noise(seed)))["id"]
}

func (c *court) receipt(caseID int64, key string, seed int) map[string]any {
	c.t.Helper()
	return c.submit(caseID, key, c.upload(caseID, "up-"+key, seed))
}

func (c *court) submit(caseID int64, key string, file any) map[string]any {
	c.t.Helper()
	return c.ok(c.srv.post(fmt.Sprintf("/cases/%d/receipts", caseID), c.guide.Token("陈建国"), "receipt-"+key, map[string]any{
		"amount_fen": 100, "paid_on": model.DateOf(time.Now()).String(), "payer_kind": "self", "payer_name": "陈建国", "proof_kind": "screenshot",
		"bank_serial": "s" + key, "file_ids": []any{file},
	}))
}

// objects lists what is in the store, but for the journal.
func objects(t *testing.T, env []string) map[string]bool {
	t.Helper()
	a := openTest(t, env, nil)
	defer func() { _ = a.close() }()
	out := map[string]bool{}
	for o, err := range a.objects.List(context.Background(), "") {
		if err != nil {
			t.Fatal(err)
		}
		if !strings.HasPrefix(o.Key, "journal/") {
			out[o.Key] = true
		}
	}
	return out
}

func newer(now, before map[string]bool) (out []string) {
	for k := range now {
		if !before[k] && !strings.HasPrefix(k, "views/") && !strings.HasPrefix(k, "thumbs/") {
			out = append(out, k)
		}
	}
	return out
}

// A backup is taken while the server runs; evidence is given and a certificate
// issued; the database is lost. Afterwards everything that was stored since is
// there and listed, the number that was given out is void and never given
// again, nothing is removed however long one waits, nobody is still logged in,
// and no message is sent a second time without a word.
func TestABackupComesBackAfterALoss(t *testing.T) {
	c := newCourt(t)
	c.start()
	first, instrument, party := c.paid("(2026)浙0211民初7001号")
	second, instrument2, party2 := c.paid("(2026)浙0211民初7002号")
	loose := c.upload(1, "loose-before", 50)

	place := t.TempDir()
	if out := c.must("backup", "-out", place); !strings.Contains(out, "objects") {
		t.Error(out)
	}
	before := objects(t, c.env)

	// What only the outside will know.
	judge := c.guide.Token("zhang.min")
	given := c.issue(first, instrument, party)
	number := given["number"].(string)
	pdf, err := c.srv.get(fmt.Sprintf("/certificates/%d/pdf", id(given["id"])), c.guide.Token("陈建国"))
	if err != nil || len(pdf) < 1000 {
		t.Fatal(len(pdf), err)
	}
	c.receipt(1, "after-1", 60)
	c.submit(1, "after-2", loose)
	c.stop()
	all := objects(t, c.env)
	since := newer(all, before)
	if len(since) < 2 {
		t.Fatalf("only %v is newer than the backup; the test proves nothing", since)
	}

	out := c.must("restore", "-from", place)
	for _, want := range []string{"void: " + number, "objects without a record", number + " is in certificates/", "logged out"} {
		if !strings.Contains(out, want) {
			t.Errorf("the report does not say %q:\n%s", want, out)
		}
	}
	if again := c.must("reconcile"); !strings.Contains(again, "objects without a record") {
		t.Error("a second reconciliation finds nothing:\n" + again)
	}

	// Days later nothing of it is gone.
	days := func() time.Time { return time.Now().AddDate(0, 0, 5) }
	a := openTest(t, c.env, days)
	defer func() { _ = a.close() }()
	ctx := context.Background()
	if _, err := a.svc.Performance.Sweep(ctx); err != nil {
		t.Fatal(err)
	}
	now := objects(t, c.env)
	strays, err := a.db.Strays(ctx, "", 1000)
	if err != nil {
		t.Fatal(err)
	}
	listed := map[string]bool{}
	for _, s := range strays {
		listed[s.Key] = true
	}
	for _, k := range since {
		if !now[k] || !listed[k] {
			t.Errorf("%s: there %v, listed %v", k, now[k], listed[k])
		}
	}
	if f, err := a.db.File(ctx, id(loose)); err != nil || !now[f.OriginalKey] {
		t.Errorf("a file that was handed in after the backup is gone: %v", err)
	}
	// The number is never given again, and whoever holds the paper learns the truth.
	zhang, err := a.db.User(ctx, a.userID(t, "zhang.min"))
	if err != nil {
		t.Fatal(err)
	}
	cert, created, err := a.svc.Certificate.Issue(ctx, model.Actor{UserID: zhang.ID, CourtID: 1, Roles: []model.Role{model.RoleJudge}}, second, instrument2, party2)
	if err != nil || !created {
		t.Fatal(err)
	}
	old, court := serial(t, a, number), serial(t, a, cert.Number)
	if court != old+1 {
		t.Errorf("%s was given out, the next one is %s", number, cert.Number)
	}
	p, err := os.CreateTemp(t.TempDir(), "*.pdf")
	if err != nil {
		t.Fatal(err)
	}
	_, _ = p.Write(pdf)
	_ = p.Close()
	code := ""
	for line := range strings.Lines(c.must("verify", p.Name())) {
		if rest, ok := strings.CutPrefix(line, "校验码　"); ok {
			code = strings.TrimSpace(rest)
		}
	}
	if r, err := a.svc.Certificate.Verify(ctx, model.Actor{}, number, code); err != nil || r.State != model.CertificateVoid || !strings.Contains(r.Reason, "作废") {
		t.Errorf("the number that nobody has: %+v %v", r, err)
	}
	if r, err := a.svc.Certificate.Verify(ctx, model.Actor{}, number, "AAAAAAAAAA"); err != nil || r.Known {
		t.Errorf("with a wrong code: %+v %v", r, err)
	}
	if _, breaks, err := a.db.VerifyAudit(ctx); err != nil || len(breaks) > 0 {
		t.Error(breaks, err)
	}
	trail, err := a.db.AuditTrail(ctx, model.AuditFilter{CourtID: 1, Limit: 50})
	if err != nil {
		t.Fatal(err)
	}
	seen := map[string]bool{}
	for _, e := range trail {
		seen[string(e.Action)] = true
	}
	for _, action := range []string{"database.restore", "database.reconcile", "number.void"} {
		if !seen[action] {
			t.Errorf("the audit trail does not have %s", action)
		}
	}
	states, err := a.db.OutboxStates(ctx)
	if err != nil || states[model.OutboxSending] != 0 {
		t.Error(states, err)
	}
	_ = a.close()
	c.start()
	defer c.stop()
	if r, err := c.srv.post("/receipts/1/confirm", judge, "x", map[string]any{"version": 1, "amount_fen": 1}); err != nil || r.status != http.StatusUnauthorized {
		t.Errorf("a session from before the restoring answers %d %v", r.status, err)
	}
}

func serial(t *testing.T, a *app, number string) int64 {
	t.Helper()
	court, err := a.db.Court(context.Background(), 1)
	if err != nil {
		t.Fatal(err)
	}
	m := model.NewNumberReader([]model.Court{*court}).Read(number)
	if len(m) != 1 {
		t.Fatalf("%s is no number of the court", number)
	}
	return m[0].Last
}

func (a *app) userID(t *testing.T, login string) int64 {
	t.Helper()
	list, err := a.svc.Identity.ListStaff(context.Background(), model.System(), 1, 0, 100)
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range list {
		if m.Login == login {
			return m.UserID
		}
	}
	t.Fatal("nobody is " + login)
	return 0
}

func (s *server) get(path, token string) ([]byte, error) {
	req, err := http.NewRequest(http.MethodGet, s.base+"/api/v1"+path, nil)
	if err != nil {
		return nil, err
	}
	req.Header.Set("Authorization", "Bearer "+token)
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		return nil, err
	}
	defer func() { _ = res.Body.Close() }()
	if res.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("%s answers %d", path, res.StatusCode)
	}
	return io.ReadAll(res.Body)
}

// Somebody puts an older database back without a word. The start sees it: the
// sweeper stops and says so, nothing is sent, and the number is not given out
// again.
func TestAStartSeesThatTheDatabaseIsOlder(t *testing.T) {
	c := newCourt(t)
	c.start()
	first, instrument, party := c.paid("(2026)浙0211民初7101号")
	second, instrument2, party2 := c.paid("(2026)浙0211民初7102号")
	place := t.TempDir()
	c.must("backup", "-out", place)
	before := objects(t, c.env)
	given := c.issue(first, instrument, party)
	if _, err := c.srv.get(fmt.Sprintf("/certificates/%d/pdf", id(given["id"])), c.guide.Token("陈建国")); err != nil {
		t.Fatal(err)
	}
	c.receipt(1, "after-3", 70)
	if err := c.srv.cmd.Process.Kill(); err != nil { // not even the end is told to anybody
		t.Fatal(err)
	}
	_ = c.srv.cmd.Wait()
	since := newer(objects(t, c.env), before)
	c.putBack(place)

	c.refused("microcourt reconcile", "sweep")
	later := func() time.Time { return time.Now().Add(96 * time.Hour) }
	a := openTest(t, c.env, later)
	ctx := context.Background()
	if _, err := a.svc.Performance.Sweep(ctx); model.KindOf(err) != model.Conflict {
		t.Errorf("a sweep four days later answers %v", err)
	}
	if n, err := a.svc.Notice.Pass(ctx); err != nil || n != 0 {
		t.Errorf("%d messages were sent, %v", n, err)
	}
	cert, _, err := a.svc.Certificate.Issue(ctx, model.Actor{UserID: a.userID(t, "zhang.min"), CourtID: 1, Roles: []model.Role{model.RoleJudge}}, second, instrument2, party2)
	if err != nil {
		t.Fatal(err)
	}
	if number := given["number"].(string); serial(t, a, cert.Number) != serial(t, a, number)+1 {
		t.Errorf("%s was given out, the next one is %s", number, cert.Number)
	}
	_ = a.close()
	c.must("reconcile")
	a = openTest(t, c.env, later)
	defer func() { _ = a.close() }()
	if _, err := a.svc.Performance.Sweep(ctx); err != nil {
		t.Errorf("after the reconciliation: %v", err)
	}
	now := objects(t, c.env)
	for _, k := range since {
		if !now[k] {
			t.Errorf("%s is gone", k)
		}
	}
}

// putBack puts the backup's database into place as an operator does who knows
// no better.
func (c *court) putBack(place string) {
	c.t.Helper()
	cfg, err := loadConfig("", c.env)
	if err != nil {
		c.t.Fatal(err)
	}
	keys, err := cfg.keyring()
	if err != nil {
		c.t.Fatal(err)
	}
	sc := cfg.storage(keys)
	matches, err := filepath.Glob(filepath.Join(place, "2*", "database.*"))
	if err != nil || len(matches) != 1 {
		c.t.Fatal(matches, err)
	}
	ctx := context.Background()
	right, err := storage.BeginRestoring(ctx, sc, leaveFor)
	if err != nil {
		c.t.Fatal(err)
	}
	if err := errors.Join(right.Replace(ctx, matches[0]), right.End(ctx)); err != nil {
		c.t.Fatal(err)
	}
}

// restoringSteps are the steps of a restoring, in their order. From the first on
// nobody else may work with the database, until the last.
var restoringSteps = []string{
	"marked", "copy", "copied", "replace", "replaced", "switched", "open", "restored", "put back", "reconciled", "done", "ended",
}

// killedRestore is the command restore in a process that kills itself at a step.
func killedRestore(step, from string) {
	cfg, err := loadConfig("", os.Environ())
	if err != nil {
		panic(err)
	}
	cfg.step = func(name string) error {
		if name == step {
			_ = syscall.Kill(os.Getpid(), syscall.SIGKILL)
			select {}
		}
		return nil
	}
	c := &call{ctx: context.Background(), env: os.Environ(), stdout: io.Discard, stderr: os.Stderr}
	panic(fmt.Sprint("it was not killed: ", c.restoreWith(cfg, from, false)))
}

func (c *court) kill(step, place string) {
	c.t.Helper()
	cmd := exec.Command(os.Args[0], "restore")
	cmd.Env = append(append(os.Environ(), c.env...), "RUN_AS_MICROCOURT=1", "KILL_AT="+step, "KILL_FROM="+place)
	if out, err := cmd.CombinedOutput(); err == nil || cmd.ProcessState.Sys().(syscall.WaitStatus).Signal() != syscall.SIGKILL {
		c.t.Fatalf("killed at %s: %v\n%s", step, err, out)
	}
}

// Every command that works with the database, with what it needs at least.
func databaseCommands(file string) [][]string {
	return [][]string{
		{"serve"},
		{"migrate"},
		{"backup", "-out", file + "-backup"},
		{"reconcile"},
		{"rekey"},
		{"sweep"},
		{"audit", "verify"},
		{"installation", "show"},
		{"installation", "accept", "objects"},
		{"staff", "add", "-court", "浙0211", "-name", "李", "-roles", "judge", "li"},
		{"staff", "reset", "-court", "浙0211", "zhang.min"},
		{"court", "add", "浙0213", "另一法院", "另法"},
		{"court", "set", "浙0211", file},
		{"court", "list"},
		{"apikey", "create", "-court", "浙0211", "审判系统"},
		{"import", "-court", "浙0211", file},
		{"agency", "adopt", "-court", "浙0211"},
		{"calendar", "list"},
		{"wechat", "check"},
		{"notices", "replay", "-court", "浙0211"},
	}
}

// No command is forgotten.
func TestEveryCommandOfTheDatabaseIsTried(t *testing.T) {
	without := map[string]string{
		"demo": "a court of its own", "restore": "is what the others wait for", "keys": "files only", "examine": "files only", "version": "nothing", "verify": "goes on without the database, and says so",
	}
	tried := map[string]bool{}
	for _, args := range databaseCommands("") {
		tried[args[0]] = true
	}
	for _, c := range commands() {
		if tried[c.name] == (without[c.name] != "") {
			t.Errorf("%s: tried %v, %q", c.name, tried[c.name], without[c.name])
		}
	}
}

// A restoring that is killed at any step goes on when it is run again. From its
// first step to its last nothing else works with the database, whether the
// restoring runs or was killed; until it replaces it can be given up.
func TestAnInterruptedRestoringGoesOn(t *testing.T) {
	env := migrated(t)
	c := &court{t: t, env: env}
	c.must("court", "add", "浙0211", "宁波市镇海区人民法院", "镇法")
	place := t.TempDir()
	c.must("backup", "-out", place)
	c.must("court", "add", "浙0212", "宁波市鄞州区人民法院", "鄞法")
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, []byte("%PDF-1.7"), 0o600); err != nil {
		t.Fatal(err)
	}
	replacing := slices.Index(restoringSteps, "replaced")
	for i, step := range restoringSteps {
		c.kill(step, place)
		switch step {
		case "ended": // a server may have started meanwhile
			c.must("court", "list")
		case "reconciled": // when all seems done
			for _, args := range databaseCommands(file) {
				c.refused("请再次运行 microcourt restore", args...)
			}
		default:
			c.refused("请再次运行 microcourt restore", "court", "list")
			c.refused("run `microcourt restore` again", "serve")
		}
		switch {
		case step == "ended":
			c.must("restore")
		case i >= replacing:
			c.refused("不能放弃", "restore", "-cancel")
			c.must("restore", "-from", place)
		case i%2 == 0:
			if out := c.must("restore", "-cancel"); !strings.Contains(out, "as it was") {
				t.Error(out)
			}
			if out := c.must("court", "list"); !strings.Contains(out, "鄞州") {
				t.Fatalf("given up at %s: %s", step, out)
			}
			c.must("restore", "-from", place)
		default:
			c.must("restore", "-from", place)
		}
		if out := c.must("court", "list"); strings.Contains(out, "鄞州") || !strings.Contains(out, "镇海") {
			t.Fatalf("stopped at %s: %s", step, out)
		}
		c.must("court", "add", "浙0212", "宁波市鄞州区人民法院", "鄞法")
	}
	if out := c.must("restore", "-cancel"); !strings.Contains(out, "no restoring") {
		t.Error(out)
	}
	// While one runs.
	cfg, err := loadConfig("", env)
	if err != nil {
		t.Fatal(err)
	}
	var steps []string
	cfg.step = func(name string) error {
		if steps = append(steps, name); name != "ended" {
			c.refused("请再次运行 microcourt restore", "serve")
		}
		if name == "marked" || name == "put back" { // it waits for a while
			c.refused("请先停止所有服务", "restore", "-from", place)
		}
		return nil
	}
	call := &call{ctx: context.Background(), env: env, stdout: io.Discard, stderr: io.Discard}
	if err := call.restoreWith(cfg, place, false); err != nil {
		t.Fatal(err)
	}
	if !slices.Equal(steps, restoringSteps) {
		t.Errorf("the steps were %q", steps)
	}
	c.must("court", "add", "浙0212", "宁波市鄞州区人民法院", "鄞法")
	// A real process, killed again and again.
	kills := 0
	for patience := 30 * time.Millisecond; ; patience = patience * 8 / 5 { // it ends on any machine
		var said bytes.Buffer
		cmd := exec.Command(os.Args[0], "restore", "-from", place)
		cmd.Env = append(append(os.Environ(), env...), "RUN_AS_MICROCOURT=1")
		cmd.Stderr = &said
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		timer := time.AfterFunc(patience, func() { _ = cmd.Process.Kill() })
		err := cmd.Wait()
		timer.Stop()
		if err == nil {
			break
		}
		for line := range strings.Lines(said.String()) {
			if !strings.HasPrefix(line, "[演练]") { // the band of a trial
				t.Fatalf("after %d kills: %s", kills, said.String())
			}
		}
		kills++
	}
	if out := c.must("court", "list"); strings.Contains(out, "鄞州") || !strings.Contains(out, "镇海") {
		t.Fatal(out)
	}
	if out := c.must("audit", "verify"); !strings.Contains(out, "unbroken") {
		t.Error(out)
	}
	// What was there before each restoring was copied.
	copies, err := filepath.Glob(filepath.Join(dataDir(env), "copies", "*before-restore*", "manifest.json"))
	if err != nil || len(copies) < len(restoringSteps) {
		t.Errorf("%d copies, %v", len(copies), err)
	}
	c.must("restore", "-from", filepath.Dir(copies[0]))
	if out := c.must("court", "list"); !strings.Contains(out, "鄞州") {
		t.Errorf("the copy from before does not have what was there: %s", out)
	}
}

func dataDir(env []string) string {
	for _, e := range env {
		if dir, ok := strings.CutPrefix(e, "MICROCOURT_DATA_DIR="); ok {
			return dir
		}
	}
	return ""
}

// What cannot be trusted or read is refused before anything is touched.
func TestAnUnusableBackupIsRefused(t *testing.T) {
	env := migrated(t)
	c := &court{t: t, env: env}
	c.must("court", "add", "浙0211", "宁波市镇海区人民法院", "镇法")
	place := t.TempDir()
	c.must("backup", "-out", place)
	c.must("restore", "-check", "-from", place)
	matches, err := filepath.Glob(filepath.Join(place, "2*", "manifest.json"))
	if err != nil || len(matches) != 1 {
		t.Fatal(matches, err)
	}
	dir := filepath.Dir(matches[0])
	for _, name := range []string{"database.*", "objects.jsonl.gz", "manifest.json"} {
		found, err := filepath.Glob(filepath.Join(dir, name))
		if err != nil || len(found) != 1 {
			t.Fatal(name, found, err)
		}
		good, err := os.ReadFile(found[0])
		if err != nil {
			t.Fatal(err)
		}
		for what, bad := range map[string][]byte{"cut": good[:len(good)-1], "changed": flip(good), "empty": {}} {
			if err := os.WriteFile(found[0], bad, 0o600); err != nil {
				t.Fatal(err)
			}
			if name == "manifest.json" && what == "cut" {
				continue // a line break less is no damage
			}
			c.refused("备份已损坏", "restore", "-from", place)
		}
		if err := os.WriteFile(found[0], good, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	c.refused("没有完整的备份", "restore", "-from", t.TempDir())

	edit := func(change func(m *recovery.Manifest)) (undo func()) {
		good, err := os.ReadFile(matches[0])
		if err != nil {
			t.Fatal(err)
		}
		var m recovery.Manifest
		if err := json.Unmarshal(good, &m); err != nil {
			t.Fatal(err)
		}
		change(&m)
		b, err := m.Encode()
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(matches[0], b, 0o600); err != nil {
			t.Fatal(err)
		}
		return func() { _ = os.WriteFile(matches[0], good, 0o600) }
	}
	undo := edit(func(m *recovery.Manifest) { m.Schema = 99999 })
	c.refused("请安装制作备份时或更新的程序", "restore", "-from", place)
	undo()
	undo = edit(func(m *recovery.Manifest) { m.Dialect = "oracle" })
	c.refused("备份来自", "restore", "-from", place)
	undo()

	// Keys of another installation, under the same id.
	keys := filepath.Join(t.TempDir(), "keys.yaml")
	if code, _, errs := cli(nil, "keys", "new", keys); code != 0 {
		t.Fatal(errs)
	}
	other := append(append([]string{}, env...), "MICROCOURT_KEYS_FILE="+keys)
	code, _, errs := cli(other, "restore", "-from", place)
	if code != 1 || !strings.Contains(errs, "密钥") {
		t.Errorf("with other keys: %d %s", code, errs)
	}
	if out := c.must("court", "list"); !strings.Contains(out, "镇海") {
		t.Error(out)
	}
	// A server uses the database.
	c.start()
	code, _, errs = cli(env, "restore", "-from", place)
	if code != 1 || !strings.Contains(errs, "stop") {
		t.Errorf("while the server runs: %d %s", code, errs)
	}
	c.must("court", "list") // the try left nothing
	if res, err := http.Get(c.srv.base + "/readyz"); err != nil || res.StatusCode != http.StatusOK {
		t.Errorf("the server after the try: %v %v", res, err)
	} else {
		_ = res.Body.Close()
	}
	c.stop()
	c.must("restore", "-from", place)
}

func flip(b []byte) []byte {
	out := append([]byte{}, b...)
	out[len(out)/2] ^= 1
	return out
}

// Database and objects are lost; both come back, byte for byte.
func TestEverythingIsLost(t *testing.T) {
	ctx := context.Background()
	env := migrated(t)
	c := &court{t: t, env: env}
	c.must("court", "add", "浙0211", "宁波市镇海区人民法院", "镇法")
	a := openTest(t, env, nil)
	day := time.Now().UTC().Format("2006/01/02")
	want := map[string]string{}
	for _, key := range []string{"originals/" + day + "/a", "certificates/" + day + "/b", "thumbs/" + day + "/c"} {
		want[key] = strings.Repeat(key, 1000)
		if err := a.objects.Put(ctx, key, strings.NewReader(want[key]), int64(len(want[key])), object.PutOptions{}); err != nil {
			t.Fatal(err)
		}
	}
	place := t.TempDir()
	c.must("backup", "-out", place, "-objects", "copy")
	if out := c.must("backup", "-out", place, "-objects", "copy"); !strings.Contains(out, "0 of them new") {
		t.Errorf("the second backup copies again: %s", out)
	}
	for key := range want {
		if err := a.objects.Remove(ctx, key); err != nil {
			t.Fatal(err)
		}
	}
	if err := a.close(); err != nil {
		t.Fatal(err)
	}
	c.loseDatabase()

	if out := c.must("restore", "-from", place); !strings.Contains(out, "3 were put back") {
		t.Error(out)
	}
	if out := c.must("court", "list"); !strings.Contains(out, "镇海") {
		t.Error(out)
	}
	a = openTest(t, env, nil)
	defer func() { _ = a.close() }()
	for key, body := range want {
		if got := string(objecttest.Bytes(t, a.objects, key)); got != body {
			t.Errorf("%s came back with %d bytes instead of %d", key, len(got), len(body))
		}
	}
}

// loseDatabase leaves nothing of the database.
func (c *court) loseDatabase() {
	c.t.Helper()
	cfg, err := loadConfig("", c.env)
	if err != nil {
		c.t.Fatal(err)
	}
	sc := cfg.storage(nil)
	if sc.Dialect == storage.SQLite {
		if err := os.Remove(sc.DSN); err != nil {
			c.t.Fatal(err)
		}
		return
	}
	db, err := sql.Open("mysql", sc.DSN)
	if err != nil {
		c.t.Fatal(err)
	}
	defer func() { _ = db.Close() }()
	var name string
	if err := db.QueryRow("SELECT DATABASE()").Scan(&name); err != nil {
		c.t.Fatal(err)
	}
	for _, s := range []string{"DROP DATABASE " + name, "CREATE DATABASE " + name + " CHARACTER SET utf8mb4 COLLATE utf8mb4_bin"} {
		if _, err := db.Exec(s); err != nil {
			c.t.Fatal(err)
		}
	}
}

// Before the schema changes the database is copied, and the copy can be
// restored by the program that changed it.
func TestAMigrationCopiesTheDatabaseFirst(t *testing.T) {
	env := migrated(t)
	c := &court{t: t, env: env}
	c.must("court", "add", "浙0211", "宁波市镇海区人民法院", "镇法")
	place := t.TempDir()
	c.must("backup", "-out", place)
	older(t, env)
	if storagetest.OnMySQL() {
		if out := c.must("migrate"); !strings.Contains(out, "the state before is in") {
			t.Error(out)
		}
	} else {
		c.must("court", "list") // the embedded default migrates by itself
	}
	copies, err := filepath.Glob(filepath.Join(dataDir(env), "copies", "*before-migrate*"))
	if err != nil || len(copies) != 1 {
		t.Fatal(copies, err)
	}
	c.must("restore", "-from", copies[0])
	if out := c.must("court", "list"); !strings.Contains(out, "镇海") {
		t.Error(out)
	}
}

// older makes the program believe that its newest migration has not run. Every
// migration can run twice.
func older(t *testing.T, env []string) {
	t.Helper()
	cfg, err := loadConfig("", env)
	if err != nil {
		t.Fatal(err)
	}
	sc := cfg.storage(nil)
	db, err := sql.Open(map[storage.Dialect]string{storage.SQLite: "sqlite", storage.MySQL: "mysql"}[sc.Dialect], sc.DSN)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = db.Close() }()
	newest, err := storage.ProgramVersion(sc.Dialect)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := db.Exec("DELETE FROM goose_db_version WHERE version_id = ?", newest); err != nil {
		t.Fatal(err)
	}
}

// pdfText is the text of a PDF.
func pdfText(t *testing.T, pdf []byte) string {
	t.Helper()
	cmd := exec.Command("pdftotext", "-", "-")
	cmd.Stdin = bytes.NewReader(pdf)
	out, err := cmd.Output()
	if err != nil {
		t.Fatal(err)
	}
	return string(out)
}
