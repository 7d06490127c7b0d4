package browser_test

import (
	"bytes"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"testing"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"
	"github.com/xuri/excelize/v2"

	"microcourt/handler/handlertest"
	"microcourt/model"
)

// sizes are the windows in which people work: a small notebook, one with the
// browser's bars, one without, and a phone.
var sizes = [][2]int64{{1280, 620}, {1366, 650}, {1366, 768}, {390, 844}}

// hidden says why a button cannot be pressed where the page stands, "" when it can:
// it must lie in the window, and nothing may lie over it.
const hidden = `((el) => {
	if (!el) return "there is no such button";
	const r = el.getBoundingClientRect();
	if (r.height === 0) return "it is not shown";
	if (r.top < 0 || r.bottom > innerHeight || r.left < 0 || r.right > innerWidth) return "it lies at " + Math.round(r.top) + "–" + Math.round(r.bottom) + " of " + innerHeight + ", " + Math.round(r.left) + "–" + Math.round(r.right) + " of " + innerWidth;
	const over = document.elementFromPoint(r.left + r.width / 2, r.top + r.height / 2);
	return over === el || el.contains(over) ? "" : "it lies under " + (over ? over.outerHTML.slice(0, 80) : "nothing");
})(%s)`

// fits looks at a page in each window: it is never wider than that, and what decides
// is in sight without scrolling; on a phone, where it is scrolled to.
func (p *page) fits(what, button, shot string) {
	p.t.Helper()
	for _, size := range sizes {
		p.Do(chromedp.EmulateViewport(size[0], size[1]))
		eval[bool](p, `(scrollTo({top: 0, behavior: "instant"}), true)`)
		if over := eval[int](p, "document.documentElement.scrollWidth - innerWidth"); over > 0 {
			p.t.Errorf("%s at %d×%d is %d pixels too wide", what, size[0], size[1], over)
		}
		if button != "" {
			el := fmt.Sprintf("document.querySelector(%q)", button)
			if size[0] < 700 {
				eval[bool](p, fmt.Sprintf(`(%s?.scrollIntoView({block: "center", behavior: "instant"}), true)`, el))
			}
			if why := eval[string](p, fmt.Sprintf(hidden, el)); why != "" {
				p.t.Errorf("%s at %d×%d: %s: %s", what, size[0], size[1], button, why)
			}
		}
		if shot != "" {
			p.Shot(fmt.Sprintf("%s-%dx%d", shot, size[0], size[1]))
		}
	}
	p.Do(chromedp.EmulateViewport(1366, 768))
}

// cut counts what paper would not show: things that scroll on the screen and hide a
// part of themselves when printed, and rows that no place is left for.
const cut = `[...document.querySelectorAll("main, main *")].filter((el) => {
	const s = getComputedStyle(el);
	return s.display !== "none" && (s.overflowY !== "visible" && s.overflowY !== "clip" || s.overflowX !== "visible" && s.overflowX !== "clip") && el.offsetHeight > 0
		&& !el.matches("input, textarea, select, option, progress, meter, iframe, svg, kbd, canvas, .meter, .visually-hidden, .chart, .chart *, summary") && (el.scrollHeight > el.clientHeight + 1 || s.overflowY === "auto" || s.overflowY === "scroll");
}).map((el) => el.tagName + "." + el.className + " " + el.clientHeight + "/" + el.scrollHeight)`

// printsWhole looks at a page as paper shows it.
func (p *page) printsWhole(what string, rows int) {
	p.t.Helper()
	p.emulate("print")
	defer p.emulate("")
	for _, s := range eval[[]string](p, cut) {
		p.t.Errorf("%s is cut on paper: %s", what, s)
	}
	if n := eval[int](p, `[...document.querySelectorAll("main tbody tr")].filter((r) => r.offsetHeight > 0).length`); n < rows {
		p.t.Errorf("%s: %d of %d rows are on paper", what, n, rows)
	}
	if n := eval[int](p, `[...document.querySelectorAll(".top, .side, .filters, .list-tools, .decide")].filter((el) => el.offsetHeight > 0).length`); n > 0 {
		p.t.Errorf("%s: %d things that only a screen needs are on paper", what, n)
	}
}

func (p *page) emulate(media string) {
	p.t.Helper()
	ctx, stop := p.within()
	defer stop()
	if _, err := chromedp.Call(ctx, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Media: media}); err != nil {
		p.t.Fatal(err)
	}
}

// The page of a receipt in every state that it is shown in: as it comes, after
// something was done, refused, and flagged.
func TestAReceiptFitsWhateverIsSaid(t *testing.T) {
	t.Parallel()
	w := handlertest.New(t)
	judge, clerk, debtor := w.Staff("zhang.min", model.RoleJudge), w.Staff("wan.tt", model.RoleClerk), w.Phone("")
	f := w.File(clerk)
	debtor.Bind(clerk, f.ID, f.Debtor)
	debtor.Submit(f, 30000, 1)
	debtor.Submit(f, 20000, 1) // the same picture
	p := browser(w, judge)
	p.Open("/desk/receipts")
	confirm := `.decide > .btn-primary, .decide .btn-primary[data-key="c"]`
	first := eval[string](p, `document.querySelector("a[data-key=o]").getAttribute("href")`)
	p.Open(first)
	p.fits("a receipt", confirm, "fit-receipt")
	p.Open(first + "?done=confirmed")
	p.Sees("已确认")
	p.fits("a receipt after another was confirmed", confirm, "fit-receipt-said")
	p.Open(first)
	p.Fill("#amount", "99999999")
	p.Submit(".decide")
	p.Sees("没有完成")
	p.fits("a receipt that was refused", confirm, "fit-receipt-refused")
	p.Fill("#amount", "x")
	p.Submit(".decide")
	p.Sees("没有完成")
	p.fits("a receipt with a wrong amount", confirm, "fit-receipt-wrong")
	p.Open("/desk/receipts?flagged=1")
	flagged := eval[string](p, `document.querySelector("a[data-key=o]").getAttribute("href")`)
	p.Open(flagged)
	p.fits("a flagged receipt", confirm, "fit-receipt-flagged")
	p.Open(flagged + "&done=confirmed") // it keeps the list's filter
	p.fits("a flagged receipt after another was confirmed", confirm, "fit-receipt-flagged-said")
	p.printsWhole("a receipt", 0)
	silent(t, p)
}

// A receipt that is a part of a payment for several cases, a certificate before it is
// issued, a conversation, and an import with faults.
func TestGroupsCertificatesAndImportsFit(t *testing.T) {
	t.Parallel()
	w := handlertest.New(t)
	judge, clerk, debtor := w.Staff("zhang.min", model.RoleJudge), w.Staff("wan.tt", model.RoleClerk), w.Phone("")
	var group []handlertest.Filed
	for range 2 {
		in := handlertest.CaseInput()
		in["group_ref"] = "第1批"
		f := w.FileInput(clerk, in)
		debtor.Bind(clerk, f.ID, f.Debtor)
		group = append(group, f)
	}
	claim := handlertest.Claim(50_000, debtor.Uploaded(group[0].ID, 2000))
	claim["proof_kind"], claim["payee_name"] = "court_account", ""
	parts := debtor.Must(http.StatusCreated, http.MethodPost, fmt.Sprintf("/cases/%d/group-receipts", group[0].ID), claim).List("receipts")
	p := browser(w, judge)
	p.Open(fmt.Sprintf("/desk/receipts/%d", parts[0].ID("id")))
	p.Sees("用于几个案件的一笔付款")
	p.fits("a part of a payment for several cases", `.decide > .btn-primary, .decide .btn-primary[data-key="c"]`, "fit-receipt-group")

	paid := w.File(clerk)
	debtor.Bind(clerk, paid.ID, paid.Debtor)
	judge.Confirm(debtor.Submit(paid, 100_000, 7), 100_000)
	p.Open(fmt.Sprintf("/desk/cases/%d?tab=certificate", paid.ID))
	p.Until(`document.querySelector("iframe")?.contentDocument !== undefined`)
	p.fits("a certificate before it is issued", "", "fit-certificate")

	p.Become(clerk)
	sheet := filepath.Join(t.TempDir(), "cases.xlsx")
	if err := os.WriteFile(sheet, faultySheet(t, w.Template(clerk)), 0o600); err != nil {
		t.Fatal(err)
	}
	p.Open("/desk/import")
	p.Do(chromedp.SetUploadFiles("#file", []string{sheet}))
	p.Click("检查")
	p.Until(`document.querySelector("#result").innerText.length > 20`)
	p.fits("an import with faults", "", "fit-import")
	p.printsWhole("an import with faults", 0)
	silent(t, p)
}

// faultySheet is the template with its example and a row in which no cell is right.
func faultySheet(t *testing.T, template []byte) []byte {
	t.Helper()
	x, err := excelize.OpenReader(bytes.NewReader(template))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = x.Close() }()
	name := x.GetSheetName(0)
	rows, err := x.GetRows(name)
	if err != nil {
		t.Fatal(err)
	}
	for i := range rows[0] {
		cell, _ := excelize.CoordinatesToCellName(i+1, 3)
		if err := x.SetCellValue(name, cell, "不对的内容"); err != nil {
			t.Fatal(err)
		}
	}
	var out bytes.Buffer
	if err := x.Write(&out); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// A decision, the queue and the lists, with and without a sentence above them.
func TestDecisionsAndListsFit(t *testing.T) {
	t.Parallel()
	w, people := handlertest.Demo(t)
	furnish(w, people)
	leader := browser(w, people["chen.zj"])
	leader.Open("/desk/decisions")
	decision := eval[string](leader, `document.querySelector("a[data-key=o]").getAttribute("href")`)
	for name, to := range map[string]string{"a decision": decision, "a decision after another": decision + "?done=measure_decided"} {
		leader.Open(to)
		leader.fits(name, `.decide .btn-primary`, "fit-decision")
		leader.printsWhole(name, 0)
	}
	judge := browser(w, people["zhang.min"])
	for _, to := range []string{
		"/desk", "/desk/receipts", "/desk/receipts?done=confirmed", "/desk/cases", "/desk/cases?done=saved", "/desk/certificates", "/desk/tasks", "/desk/conversations",
	} {
		judge.Open(to)
		judge.fits(to, "", map[string]string{"/desk/cases": "fit-cases", "/desk": "fit-home", "/desk/receipts?done=confirmed": "fit-queue"}[to])
		judge.printsWhole(to, 1)
	}
	silent(t, leader, judge)
}

// What has many rows is on paper as a whole: on the page, and in the form for the
// printer.
func TestPaperCutsNothing(t *testing.T) {
	t.Parallel()
	w, people := handlertest.Demo(t)
	const rows = 24
	clerk := people["wan.tt"]
	for i := range rows {
		in := handlertest.CaseInput()
		in["case_no"], in["group_ref"] = fmt.Sprintf("（2026）浙0211民初%d号", 7000+i), "打印批次"
		w.FileInput(clerk, in)
	}
	p := browser(w, people["chen.zj"])
	for _, to := range []string{"/desk/groups?ref=" + url.QueryEscape("打印批次"), "/desk/cases?group=" + url.QueryEscape("打印批次"), "/desk/cases?as=print&group=" + url.QueryEscape("打印批次")} {
		p.Open(to)
		p.printsWhole(to, rows)
		p.Shot("print-" + fmt.Sprint(len(to)))
	}
	res, _ := get(w, w.Visitor(people["chen.zj"]), "/desk/cases?as=print", "")
	if res.StatusCode != http.StatusOK || res.Header.Get("Cache-Control") != "no-store" {
		t.Errorf("a list for the printer answers %d, kept %q", res.StatusCode, res.Header.Get("Cache-Control"))
	}
	silent(t, p)
}

// While somebody types, cases that may be meant are suggested; the keyboard gets
// there, and without scripts the same words are an ordinary search.
func TestSuggestionsWhileTyping(t *testing.T) {
	t.Parallel()
	w, people := handlertest.Demo(t)
	p := browser(w, people["zhang.min"])
	p.Open("/desk")
	p.Press("/")
	p.Until(`document.activeElement.id === "find"`)
	p.Fill("#find", "陈建")
	p.Until(`[...document.querySelectorAll("#found a")].some((a) => a.innerText.includes("陈建国"))`)
	p.Shot("fit-suggestions")
	p.Do(chromedp.KeyEvent("\t"))
	p.Until(`document.activeElement.closest("#found") !== null`)
	p.Press("\r")
	p.Until(`/^\/desk\/cases\/\d+$/.test(location.pathname)`)
	silent(t, p)
}
