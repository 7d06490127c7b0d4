package browser_test

import (
	"context"
	_ "embed"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/chromedp"

	"microcourt/handler/handlertest"
)

// axe is axe-core 4.14.1 (MPL-2.0), which finds what people with a disability
// could not use.
//
//go:embed testdata/axe.min.js
var axe string

// chrome is one browser for the whole run; each test has a context of its own,
// as if it were another person's.
var chrome = sync.OnceValues(func() (context.Context, error) {
	// The shell draws the same pages with two thirds of the work: it has no windows.
	shell, err := exec.LookPath("chromium-headless-shell")
	if err != nil {
		return nil, err
	}
	ctx, _ := chromedp.NewContext(context.Background(), chromedp.WithAllocatorOptions(
		chromedp.ExecPath(shell), chromedp.NoSandbox, chromedp.Env("LANG=zh_CN.UTF-8"), chromedp.Flag("lang", "zh-CN"), chromedp.Flag("accept-lang", "zh-CN"),
	))
	return ctx, chromedp.Do(ctx, chromedp.Navigate("about:blank"))
})

// page is a browser's tab in which somebody works.
type page struct {
	t    testing.TB
	w    *handlertest.World
	ctx  context.Context
	mu   sync.Mutex
	said []string // errors in the console
}

// browser opens a tab in which c is logged in at the desk, unless c is nil.
func browser(w *handlertest.World, c *handlertest.Client) *page {
	w.T.Helper()
	return browserIn(w.T, w, c)
}

// browserIn opens it for a part of a test.
func browserIn(t testing.TB, w *handlertest.World, c *handlertest.Client) *page {
	t.Helper()
	parent, err := chrome()
	if err != nil {
		t.Fatal("the browser cannot be started (is chromium-headless-shell installed?):", err)
	}
	ctx, cancel := chromedp.NewContext(parent, chromedp.WithNewBrowserContext())
	t.Cleanup(cancel)
	p := &page{t: t, w: w, ctx: ctx}
	// The tab lives as long as the context of its first step.
	if err := chromedp.Do(ctx, chromedp.Navigate("about:blank"), chromedp.EmulateViewport(1366, 768)); err != nil {
		t.Fatal(err)
	}
	messages := chromedp.Console(ctx)
	go func() {
		for m, err := range messages {
			if err != nil {
				return
			}
			// The browser notes each refused form; that is what was asked for.
			if m.IsException() || m.Type == "error" && !strings.Contains(m.Text, "responded with a status of 4") {
				p.mu.Lock()
				p.said = append(p.said, m.String()+" "+m.URL)
				p.mu.Unlock()
			}
		}
	}()
	if c != nil {
		p.Become(c)
	}
	return p
}

// Dark tells the page that its reader likes it dark, or no more.
func (p *page) Dark(dark bool) {
	p.t.Helper()
	ctx, stop := p.within()
	defer stop()
	in := emulation.SetEmulatedMediaParams{}
	if dark {
		in.Features = []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: "dark"}}
	}
	if _, err := chromedp.Call(ctx, emulation.SetEmulatedMedia, in); err != nil {
		p.t.Fatal(err)
	}
}

// Become gives the tab somebody's session.
func (p *page) Become(c *handlertest.Client) {
	p.t.Helper()
	ctx, stop := p.within()
	defer stop()
	_, err := chromedp.Call(ctx, network.SetCookie, network.SetCookieParams{
		Name: "__Host-desk", Value: strings.TrimPrefix(c.Auth, "Bearer "), URL: p.w.URL + "/", Path: "/", Secure: yes(), HTTPOnly: yes(),
	})
	if err != nil {
		p.t.Fatal(err)
	}
}

// within bounds one step in the browser: one that hangs ends the test with words.
func (p *page) within() (context.Context, context.CancelFunc) {
	return context.WithTimeout(p.ctx, 3*time.Minute)
}

func run[T any](p *page, a chromedp.Action[T]) (T, error) {
	ctx, stop := p.within()
	defer stop()
	return chromedp.Run(ctx, a)
}

func yes() *bool {
	b := true
	return &b
}

func (p *page) Do(steps ...chromedp.Action[chromedp.Void]) {
	p.t.Helper()
	ctx, stop := p.within()
	defer stop()
	if err := chromedp.Do(ctx, steps...); err != nil {
		p.t.Fatalf("%v; the page says: %.600s", err, p.Text())
	}
}

func (p *page) Text() string {
	s, err := run(p, chromedp.Evaluate[string](`document.body ? document.body.innerText : ""`))
	if err != nil {
		return err.Error()
	}
	return s
}

// eval is what a JavaScript expression gives.
func eval[T any](p *page, js string) T {
	p.t.Helper()
	v, err := run(p, chromedp.Evaluate[T](js))
	if err != nil {
		p.t.Fatalf("%.200s: %v", js, err)
	}
	return v
}

// Open goes to an address of the desk.
func (p *page) Open(path string) {
	p.t.Helper()
	p.Do(chromedp.Navigate(p.w.URL + path))
}

func (p *page) Path() string { return eval[string](p, "location.pathname + location.search") }

// Until waits until an expression is true.
func (p *page) Until(js string) {
	p.t.Helper()
	for range 1000 {
		ok, err := run(p, chromedp.Evaluate[bool]("!!("+js+")"))
		if err == nil && ok {
			return
		}
		time.Sleep(50 * time.Millisecond) // a page may be loading meanwhile
	}
	main, _ := run(p, chromedp.Evaluate[string](`(document.querySelector("main") || document.body).innerText`))
	p.t.Fatalf("never became true: %s; at %s the page says: %.900s", js, p.Path(), main)
}

// Sees waits until the page says something, and is there to its end: what stands
// above a form is seen before the form is.
func (p *page) Sees(text string) {
	p.t.Helper()
	q, _ := json.Marshal(text) // a string always encodes
	p.Until("document.readyState !== 'loading' && document.body.innerText.includes(" + string(q) + ")")
}

// Press presses a key, outside of any field unless one has the focus. As at a
// keyboard, a key that the page made use of is not typed anywhere.
func (p *page) Press(key string) {
	p.t.Helper()
	ctx, stop := p.within()
	defer stop()
	name, code := key, int64(strings.ToUpper(key)[0])
	if key == "\r" {
		name, code = "Enter", 13
	}
	for _, e := range []input.DispatchKeyEventParams{
		{Type: input.DispatchKeyEventTypeKeyDown, Key: name, Text: key, UnmodifiedText: key, WindowsVirtualKeyCode: code},
		{Type: input.DispatchKeyEventTypeKeyUp, Key: name, WindowsVirtualKeyCode: code},
	} {
		if _, err := chromedp.Call(ctx, input.DispatchKeyEvent, e); err != nil {
			p.t.Fatal(err)
		}
	}
}

// Fill types a value into a field, replacing what is there.
func (p *page) Fill(selector, value string) {
	p.t.Helper()
	p.Until(fmt.Sprintf("document.querySelector(%q)", selector))
	q, _ := json.Marshal(value) // a string always encodes
	if !eval[bool](p, fmt.Sprintf(`(() => { const el = document.querySelector(%q); const d = el.closest("details"); if (d) d.open = true;
		el.focus(); el.value = %s; el.dispatchEvent(new Event("input", {bubbles: true})); el.dispatchEvent(new Event("change", {bubbles: true})); return true })()`, selector, q)) {
		p.t.Fatal(selector)
	}
}

// Click presses the button or link with the text.
func (p *page) Click(text string) {
	p.t.Helper()
	q, _ := json.Marshal(text) // a string always encodes
	find := fmt.Sprintf(`[...document.querySelectorAll("button, a, summary")].find((el) => el.offsetParent !== null && el.innerText.trim().startsWith(%s))`, q)
	p.Until(find)
	eval[bool](p, `(`+find+`.click(), true)`)
}

// Errors are what the console complained of, a broken policy among it.
func (p *page) Errors() []string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return append([]string(nil), p.said...)
}

// words are those that are not Chinese and may stand on a page: products, keys,
// the marks of number patterns and templates, a sample code, log-in names, and how a browser calls itself.
var words = strings.Fields("fang range else seal ABCD EFGH JKMN ning MySQL Enter Ctrl Excel xlsx short year zhang wang chen shen zhou Mozilla Chrome Safari AppleWebKit Gecko HeadlessChrome Linux KHTML like")

// suits looks for serious findings of axe: of all its rules, or of these.
func (p *page) suits(what string, rules ...string) {
	p.t.Helper()
	type finding struct {
		ID, Impact, Help string
		Nodes            []string
	}
	if !eval[bool](p, "!!window.axe") {
		eval[bool](p, axe+"; true")
	}
	only := ""
	if len(rules) > 0 {
		only = fmt.Sprintf(`, runOnly: {type: "rule", values: ["%s"]}`, strings.Join(rules, `", "`))
	}
	// How to find an element again is not asked: that takes axe as long as its rules.
	found, err := run(p, chromedp.Evaluate[[]finding](`axe.run(document, {resultTypes: ["violations"], selectors: false`+only+`}).then((r) => r.violations
		.filter((v) => v.impact === "serious" || v.impact === "critical")
		.map((v) => ({ID: v.id, Impact: v.impact, Help: v.help, Nodes: v.nodes.slice(0, 3).map((n) => n.html.slice(0, 160))})))`, chromedp.EvalAwaitPromise))
	if err != nil {
		p.t.Fatal(what, err)
	}
	for _, f := range found {
		p.t.Errorf("%s: axe finds %s (%s): %s %v", what, f.ID, f.Impact, f.Help, f.Nodes)
	}
}

// Fits looks for what nobody should meet on a page: serious findings of axe,
// sideways scrolling, a layout that jumps, too many bytes, words that are not Chinese.
func (p *page) Fits(what string) {
	p.t.Helper()
	p.suits(what)
	p.holds(what)
}

// holds is Fits without axe.
func (p *page) holds(what string) {
	p.t.Helper()
	if over := eval[int](p, "document.documentElement.scrollWidth - innerWidth"); over > 0 {
		p.t.Errorf("%s: the page is %d pixels too wide", what, over)
	}
	// A fifth of the cumulative layout shift that browsers' makers call good.
	const calm, measured = 0.02, 6
	shift, moved := p.shift()
	for again := 1; shift > calm && again < measured; again++ {
		// A page that jumps by its own fault does so each time. Beside other tests on
		// a starved machine the browser's parser stops in the middle of a page for as
		// long as a frame lasts, paints what it has, and what follows moves it: that
		// is no fault of the page, and the log names what moved.
		p.t.Logf("%s: the layout jumped by %.3f: %v", what, shift, moved)
		p.Do(chromedp.Reload())
		p.Until(`document.readyState === "complete"`)
		shift, moved = p.shift()
	}
	if shift > calm {
		p.t.Errorf("%s: the layout jumps by %.3f: %v", what, shift, moved)
	}
	if bytes := eval[int](p, `performance.getEntriesByType("resource").concat(performance.getEntriesByType("navigation"))
		.filter((e) => !/echarts|\/files\/|\/events/.test(e.name)).reduce((n, e) => n + e.transferSize, 0)`); bytes > 150<<10 {
		p.t.Errorf("%s: %d bytes were transferred", what, bytes)
	}
	for _, w := range eval[[]string](p, `(() => { const main = document.querySelector("main") || document.body;
		let text = main.innerText; // but for codes that people copy
		for (const e of main.querySelectorAll("[data-code]")) text = text.replaceAll(e.innerText, "");
		return [...new Set(text.match(/[A-Za-z]{4,}/g) || [])]; })()`) {
		if !slices.Contains(words, w) {
			p.t.Errorf("%s: the page says %q", what, w)
		}
	}
	for _, m := range p.Errors() {
		p.t.Errorf("%s: the console says %s", what, m)
	}
	p.mu.Lock()
	p.said = nil
	p.mu.Unlock()
}

// shift is how much the layout moved by itself since the page was opened, and
// what moved.
func (p *page) shift() (sum float64, moved []string) {
	p.t.Helper()
	type jump struct {
		Value float64
		Nodes []string
	}
	list, err := run(p, chromedp.Evaluate[[]jump](`new Promise((done) => { const all = [];
		new PerformanceObserver((list) => list.getEntries().forEach((e) => { if (!e.hadRecentInput) all.push({Value: e.value, Nodes:
			(e.sources || []).map((s) => s.node ? (s.node.outerHTML || s.node.textContent || "").slice(0, 60) : "")}); })).observe({type: "layout-shift", buffered: true});
		setTimeout(() => done(all), 50); })`, chromedp.EvalAwaitPromise))
	if err != nil {
		p.t.Fatal(err)
	}
	for _, j := range list {
		sum, moved = sum+j.Value, append(moved, j.Nodes...)
	}
	return sum, moved
}

// Shot takes a picture for the documents when the tests are asked to.
func (p *page) Shot(name string) {
	p.t.Helper()
	dir := os.Getenv("MICROCOURT_SHOTS")
	if dir == "" {
		return
	}
	b, err := run(p, chromedp.CaptureScreenshot())
	if err != nil {
		p.t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, name+".png"), b, 0o644); err != nil {
		p.t.Fatal(err)
	}
}

// Submit sends a form and waits for the next page.
func (p *page) Submit(selector string) {
	p.t.Helper()
	eval[bool](p, fmt.Sprintf(`(window.before = true, document.querySelector(%q).requestSubmit(), true)`, selector))
	p.Until(`!window.before && document.readyState === "complete"`)
}

// silent fails for whatever the console of a tab complained of.
func silent(t *testing.T, pages ...*page) {
	t.Helper()
	for _, p := range pages {
		for _, m := range p.Errors() {
			t.Error(m)
		}
	}
}
