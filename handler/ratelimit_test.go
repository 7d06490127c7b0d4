package handler_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"
	"time"

	"microcourt/handler/handlertest"

	"github.com/prometheus/client_golang/prometheus"

	"microcourt/handler"
	"microcourt/model"
)

const lookUp = "/verify/messages?code=ZZZZZZZZ"

// Everybody in the hall of a court has one address, and each his own telephone.
func TestRatesAreByDeviceAndPerson(t *testing.T) {
	t.Parallel()
	w := handlertest.NewWith(t, func(w *handlertest.World) {
		w.Limits = handler.Limits{Login: 1000, Bind: 3, Verify: 3, Upload: 2, Address: 4}
		w.Proxies = []string{"127.0.0.1"}
	})
	hall := func(device string) map[string]string {
		return map[string]string{"X-Forwarded-For": "203.0.113.7", "User-Agent": device}
	}
	ask := func(headers map[string]string) int { return w.Public().From(handlertest.Get, lookUp, headers).Status }
	for range 3 {
		if s := ask(hall("HUAWEI")); s != http.StatusOK {
			t.Fatalf("the first phone: %d", s)
		}
	}
	if s := ask(hall("HUAWEI")); s != http.StatusTooManyRequests {
		t.Errorf("its fourth look: %d", s)
	}
	if s := ask(hall("vivo")); s != http.StatusOK {
		t.Errorf("the phone beside it pays for the first: %d", s)
	}
	// All of them together have an end too: 4 × 3, of which four went.
	for i := range 8 {
		if s := ask(hall(fmt.Sprint("phone ", i))); s != http.StatusOK {
			t.Errorf("phone %d: %d", i, s)
		}
	}
	if s := ask(hall("another")); s != http.StatusTooManyRequests {
		t.Errorf("the thirteenth at one address: %d", s)
	}
	// One household has a whole /64 of IPv6.
	six := func(address string) map[string]string {
		return map[string]string{"X-Forwarded-For": address, "User-Agent": "phone"}
	}
	for i := range 3 {
		if s := ask(six(fmt.Sprintf("2001:db8::%x", i+1))); s != http.StatusOK {
			t.Errorf("IPv6 %d: %d", i, s)
		}
	}
	if s := ask(six("2001:db8::ffff:1")); s != http.StatusTooManyRequests {
		t.Errorf("another address of the same /64: %d", s)
	}
	if s := ask(six("2001:db8:0:1::1")); s != http.StatusOK {
		t.Errorf("the next /64: %d", s)
	}
	// Who is logged in is counted as himself, whatever address he invents: a
	// plain proxy passes his header on.
	guesser, neighbour := w.Phone(""), w.Phone("")
	try := func(c *handlertest.Client, i int) int {
		return c.From(handlertest.Post, "/bindings/code", map[string]string{"X-Forwarded-For": fmt.Sprintf("198.51.100.%d", i), "User-Agent": fmt.Sprint("d", i)}).Status
	}
	for i := range 3 {
		if s := try(guesser, i); s == http.StatusTooManyRequests {
			t.Fatalf("try %d: %d", i, s)
		}
	}
	if s := try(guesser, 99); s != http.StatusTooManyRequests {
		t.Errorf("the fourth try from a fourth invented address: %d", s)
	}
	if s := try(neighbour, 99); s == http.StatusTooManyRequests {
		t.Error("his neighbour cannot bind")
	}
	// What all people upload to one case: twice what one may; another's case is
	// not used up by a stranger.
	w.Staff("zhang.min", model.RoleJudge)
	clerk := w.Staff("wan.tt", model.RoleClerk)
	f := w.File(clerk)
	stranger := w.Phone("")
	for i := range 2 {
		if a := stranger.Upload(f.ID, fmt.Sprint("stranger-", i), handlertest.Picture(i)); a.Status != http.StatusNotFound {
			t.Fatalf("a stranger: %d %s", a.Status, a.Body)
		}
	}
	w.Clock.Advance(2 * time.Minute)
	people := []*handlertest.Client{w.Phone(""), w.Phone(""), w.Phone("")}
	people[0].Bind(clerk, f.ID, f.Debtor)
	people[1].Bind(clerk, f.ID, f.Creditor)
	w.Clock.Advance(2 * time.Minute)
	for i := range 4 {
		if a := people[i/2].Upload(f.ID, fmt.Sprint("upload-key-", i), handlertest.Picture(i)); a.Status != http.StatusCreated {
			t.Errorf("upload %d: %d %s", i, a.Status, a.Body)
		}
	}
	if a := people[0].Upload(f.ID, "upload-key-9", handlertest.Picture(9)); a.Status != http.StatusTooManyRequests || a.Json.Reason() != "rate.limited" {
		t.Errorf("a third upload of one person in a minute: %d %s", a.Status, a.Body)
	}
	if a := clerk.Upload(f.ID, "upload-key-c", handlertest.Picture(10)); a.Status != http.StatusTooManyRequests || a.Json.Reason() != "rate.limited" {
		t.Errorf("a fifth upload to one case in a minute: %d %s", a.Status, a.Body)
	}
}

// absentCounter is a shared counter that is away while broken says so.
type absentCounter struct {
	broken bool
	asked  int
}

func (f *absentCounter) Take(context.Context, []handler.Bucket) (bool, error) {
	f.asked++
	if f.broken {
		return false, errors.New("connection refused")
	}
	return false, nil
}

// Without the shared counter each instance counts for itself: nobody is refused
// for its absence, and guessing is still limited.
func TestRatesWithoutTheSharedCounter(t *testing.T) {
	t.Parallel()
	shared := &absentCounter{broken: true}
	w := handlertest.NewWith(t, func(w *handlertest.World) { w.Limits, w.Counter = handler.Limits{Verify: 3}, shared })
	for i := range 4 {
		want := http.StatusOK
		if i == 3 {
			want = http.StatusTooManyRequests
		}
		if a := w.Public().Call(handlertest.Get, lookUp, nil); a.Status != want {
			t.Errorf("look %d without the shared counter: %d %s", i+1, a.Status, a.Body)
		}
	}
	if alone, uncounted := w.Metric("microcourt_rate_limits_alone"), w.Metric("microcourt_rate_limits_uncounted_total"); alone != 1 || uncounted != 4 {
		t.Errorf("the metrics say %v, %v", alone, uncounted)
	}
	shared.broken = false
	if a := w.Public().Call(handlertest.Get, lookUp, nil); a.Status != http.StatusOK {
		t.Errorf("when it is back it decides: %d", a.Status)
	}
	if alone := w.Metric("microcourt_rate_limits_alone"); alone != 0 {
		t.Errorf("the metric says %v", alone)
	}
	if shared.asked != 5 {
		t.Errorf("it was asked %d times", shared.asked)
	}
}

// What a client invents is neither kept for ever nor believed.
func TestInventedRequests(t *testing.T) {
	t.Parallel()
	w := handlertest.New(t)
	series := func() (n int) {
		families, err := w.Metrics.Gather()
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range families {
			n += len(f.GetMetric())
		}
		return n
	}
	send := func(method, path string, headers map[string]string) *http.Response {
		t.Helper()
		req, err := http.NewRequest(method, w.URL+path, nil)
		if err != nil {
			t.Fatal(err)
		}
		for name, value := range headers {
			req.Header.Set(name, value)
		}
		res, err := http.DefaultClient.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		_ = res.Body.Close()
		return res
	}
	send("QX", "/api/v1/me", nil)
	send("QX", "/nowhere", nil)
	before := series()
	for i := range 50 {
		send(strings.Repeat("Q", 1000)+fmt.Sprint(i), "/api/v1/me", nil)
		send(fmt.Sprint("M", i), fmt.Sprint("/nowhere", i), nil)
	}
	if n := series(); n != before {
		t.Errorf("a hundred invented methods left %d series", n-before)
	}
	res := send(handlertest.Get, "/api/v1/me", map[string]string{"X-Request-ID": "an-id-from-outside-1", "X-Forwarded-For": "203.0.113.9"})
	if id := res.Header.Get("X-Request-ID"); id == "" || id == "an-id-from-outside-1" {
		t.Errorf("the request's id is %q", id)
	}
	log := w.Log.String()
	switch {
	case strings.Contains(log, "an-id-from-outside-1"), strings.Contains(log, "QQQQ"):
		t.Error("what was invented stands in the log")
	case !strings.Contains(log, `"client":"127.0.0.1"`):
		t.Error("the log does not know who asked")
	case strings.Contains(log, `"client":"203.0.113.9"`):
		t.Error("an untrusted header was believed")
	case strings.Count(log, "trusted_proxies does not name") != 1:
		t.Errorf("%d warnings of an untrusted header", strings.Count(log, "trusted_proxies does not name"))
	}
	if n := w.Metric("microcourt_proxy_problems_total"); n != 1 {
		t.Errorf("%v problems with proxies are counted", n)
	}
	if res := send(handlertest.Get, "/metrics", nil); res.StatusCode != http.StatusNotFound {
		t.Errorf("/metrics answers the outside world: %d", res.StatusCode)
	}
}

func TestMetricsHaveAListenerOfTheirOwn(t *testing.T) {
	t.Parallel()
	reg := prometheus.NewRegistry()
	reg.MustRegister(prometheus.NewGauge(prometheus.GaugeOpts{Name: "a_gauge", Help: "A gauge."}))
	rec := httptest.NewRecorder()
	handler.Metrics(reg).ServeHTTP(rec, httptest.NewRequest(handlertest.Get, "/metrics", nil))
	if rec.Code != http.StatusOK || !strings.Contains(rec.Body.String(), "a_gauge 0") {
		t.Errorf("%d %s", rec.Code, rec.Body)
	}
}

// A browser with many tabs holds a bounded number of streams of events open;
// each would ask the database every few seconds.
func TestStreamsOfEventsAreBounded(t *testing.T) {
	t.Parallel()
	w := handlertest.New(t)
	judge, other := w.Staff("zhang.min", model.RoleJudge), w.Staff("ji.wei", model.RoleJudge)
	open := func(c *handlertest.Client) (int, func()) {
		t.Helper()
		ctx, leave := context.WithCancel(t.Context())
		req, err := http.NewRequestWithContext(ctx, handlertest.Get, w.URL+"/desk/events", nil)
		if err != nil {
			t.Fatal(err)
		}
		req.AddCookie(&http.Cookie{Name: "__Host-desk", Value: strings.TrimPrefix(c.Auth, "Bearer ")})
		res, err := http.DefaultClient.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		return res.StatusCode, func() { leave(); _ = res.Body.Close() }
	}
	var leave []func()
	for i := range 8 {
		status, end := open(judge)
		if leave = append(leave, end); status != http.StatusOK {
			t.Fatalf("stream %d: %d", i, status)
		}
	}
	if status, end := open(judge); status != http.StatusNoContent { // the browser does not come back
		t.Errorf("the ninth: %d", status)
	} else {
		end()
	}
	if status, end := open(other); status != http.StatusOK {
		t.Errorf("another judge's first: %d", status)
	} else {
		end()
	}
	leave[0]()
	again := 0
	for range 100 { // until the server has seen that the tab was closed
		status, end := open(judge)
		end()
		if again = status; again == http.StatusOK {
			break
		}
		time.Sleep(50 * time.Millisecond)
	}
	if again != http.StatusOK {
		t.Errorf("after one tab was closed: %d", again)
	}
	for _, end := range leave[1:] {
		end()
	}
}

// Every route that asks nobody who he is counts who asks; those that do not are
// named here, with the reason.
func TestEveryAnonymousRouteIsLimited(t *testing.T) {
	t.Parallel()
	free := map[string]string{
		"POST /api/v1/wechat/push":         "signed by WeChat, which is checked before anything else; a limit would lose its events in a burst",
		"POST /api/v1/wechat/service-push": "likewise",
		"GET /healthz":                     "answers from memory; a probe that is refused stops a good server",
		"GET /readyz":                      "all who ask at once get one look; a probe that is refused takes a good server out of service",
	}
	late := &lateSignOn{}
	w := handlertest.NewWith(t, func(w *handlertest.World) {
		w.Limits = handler.Limits{Login: 1, Bind: 1, Upload: 1, Verify: 1, Open: 1, Address: 1}
		w.Proxies = []string{"127.0.0.1"}
		w.SignOn = late
	})
	late.SignOn = noSignOn{}
	param := regexp.MustCompile(`[:*]\w+`)
	limited := 0
	for i, r := range w.Routes {
		name := r.Method + " " + r.Path
		if strings.HasPrefix(r.Path, "/assets/") { // from memory, kept by the browser for ever
			continue
		}
		var statuses []int
		location := ""
		for range 3 {
			req, err := http.NewRequest(r.Method, w.URL+param.ReplaceAllString(r.Path, "1"), strings.NewReader("{}"))
			if err != nil {
				t.Fatal(err)
			}
			req.Header.Set("X-Forwarded-For", fmt.Sprintf("203.%d.%d.7", i/200, i%200)) // each route at an address of its own
			req.Header.Set("Content-Type", "application/json")
			if strings.HasPrefix(r.Path, "/desk") {
				req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
			}
			res, err := http.DefaultTransport.RoundTrip(req)
			if err != nil {
				t.Fatal(name, err)
			}
			_ = res.Body.Close()
			statuses, location = append(statuses, res.StatusCode), res.Header.Get("Location")
		}
		last := statuses[2]
		refused := last == http.StatusUnauthorized || last == http.StatusSeeOther && strings.HasPrefix(location, "/desk/login") ||
			last == http.StatusNoContent && r.Path == "/desk/events"
		switch {
		case last == http.StatusTooManyRequests && free[name] != "":
			t.Errorf("%s is limited", name)
		case last == http.StatusTooManyRequests:
			limited++
		case !refused && free[name] == "":
			t.Errorf("%s answers everybody without a limit: %v", name, statuses)
		}
		delete(free, name)
	}
	if limited < 25 {
		t.Errorf("only %d routes are limited", limited)
	}
	for name := range free {
		t.Errorf("there is no %s", name)
	}
}

// noSignOn is a provider that sends everybody on and knows nobody.
type noSignOn struct{}

func (noSignOn) Start(context.Context, string, string, string) (string, error) {
	return "https://id.example", nil
}

func (noSignOn) Finish(context.Context, string, string, string) (model.SignedOn, error) {
	return model.SignedOn{}, model.E(model.Unauthenticated, "signon.failed", "统一身份认证没有通过，请重新登录")
}
