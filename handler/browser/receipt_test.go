package browser_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/chromedp"

	"microcourt/handler/handlertest"
	"microcourt/model"
	"microcourt/service/evidence/evidencetest"
)

// A judge decides a queue of receipts with the keyboard alone; a mistake keeps
// what was typed; a new receipt appears by itself.
func TestJudgeDecidesByKeyboard(t *testing.T) {
	t.Parallel()
	w := handlertest.New(t)
	judge, clerk, debtor := w.Staff("zhang.min", model.RoleJudge), w.Staff("wan.tt", model.RoleClerk), w.Phone("")
	f := w.File(clerk)
	debtor.Bind(clerk, f.ID, f.Debtor)
	first, second, third := debtor.Submit(f, 30000, 1), debtor.Submit(f, 20000, 2), debtor.Submit(f, 10000, 3)
	p := browser(w, judge)
	p.Open("/desk/receipts")
	p.Sees("300.00")
	p.Until(`document.querySelector("[data-live-count]").innerText === "3"`)
	p.Press("o")
	p.Until(fmt.Sprintf(`location.pathname === "/desk/receipts/%d"`, first.ID("id")))
	p.Until(`document.readyState === "complete" && document.querySelector(".stage img").naturalWidth > 0`)

	// The picture: larger, turned, and back.
	p.Press("+")
	p.Until(`document.querySelector(".stage").classList.contains("zoomed")`)
	p.Press("]")
	p.Until(`document.querySelector(".stage img").style.transform.includes("90deg")`)
	p.Press("0")
	p.Until(`!document.querySelector(".stage").classList.contains("zoomed")`)

	// c and Enter confirm; the next one is there at once.
	p.Press("c")
	p.Until(`document.activeElement.innerText.startsWith("确认")`)
	p.Press("\r")
	p.Sees("已确认 " + f.No + " 的回执（300.00 元）")
	p.Until(fmt.Sprintf(`location.pathname === "/desk/receipts/%d" && document.readyState === "complete"`, second.ID("id")))
	if s := w.ReceiptState(judge, first); s != "submitted" {
		t.Fatal("the first receipt is", s, "before its time is over")
	}
	w.CarryOut()
	if s := w.ReceiptState(judge, first); s != "confirmed" {
		t.Fatal("the first receipt is", s)
	}

	// More than the debt: the page says so, keeps the amount and asks for a reason.
	p.Fill("#amount", "5000")
	p.Press("\r")
	p.Sees("确认金额超过尚未履行的 700.00 元")
	if v := eval[string](p, `document.querySelector("#amount").value`); v != "5000" {
		t.Errorf("the amount became %q", v)
	}
	if s := w.ReceiptState(judge, second); s != "submitted" {
		t.Fatal("the second receipt is", s)
	}

	// r sends back, with a usual reason.
	p.Open(fmt.Sprintf("/desk/receipts/%d", second.ID("id")))
	p.Press("r")
	p.Until(`document.activeElement.id === "reason"`)
	p.Press("6") // in the empty field
	p.Until(`document.querySelector("#reason").value === "不是本案的付款凭证。"`)
	p.Do(chromedp.KeyEvent("\r", chromedp.KeyModifiers(2))) // Ctrl
	p.Sees("已退回 " + f.No + " 的回执（200.00 元）")
	w.CarryOut()
	got := judge.Must(http.StatusOK, http.MethodGet, fmt.Sprintf("/receipts/%d", second.ID("id")), nil)
	if got.Str("state") != "returned" || got.Str("return_reason") != "不是本案的付款凭证。" {
		t.Fatalf("the second receipt is %s: %s", got.Str("state"), got.Str("return_reason"))
	}

	// Somebody else was faster: the page says so and shows what became of it.
	p.Until(fmt.Sprintf(`location.pathname === "/desk/receipts/%d" && document.readyState === "complete"`, third.ID("id")))
	judge.Confirm(third, 10000)
	p.Press("c")
	p.Until(`document.activeElement.innerText.startsWith("确认")`)
	p.Press("\r")
	p.Sees("该回执已处理（已确认），请刷新后查看")

	// A mistake is corrected by an entry.
	p.Open(fmt.Sprintf("/desk/receipts/%d", third.ID("id")))
	p.Fill(`form[action$="/correct"] #amount`, "50")
	p.Fill(`form[action$="/correct"] #reason`, "回单金额看错")
	p.Submit(`form[action$="/correct"]`)
	p.Sees("已更正（可撤销）")
	w.CarryOut()
	p.Open(fmt.Sprintf("/desk/receipts/%d", third.ID("id")))
	p.Sees("冲销")

	// A new receipt appears in the list without a reload.
	p.Open("/desk/receipts")
	p.Sees("没有符合条件的回执")
	eval[bool](p, `window.here = true`)
	debtor.Submit(f, 12300, 4)
	p.Sees("123.00")
	if !eval[bool](p, `window.here === true`) {
		t.Error("the page was reloaded")
	}
	silent(t, p)
}

// A receipt of a PDF and a picture: each is shown, the PDF inside of the page;
// a file that was used before is pointed out with the way to the other receipt.
func TestReceiptOfSeveralFiles(t *testing.T) {
	t.Parallel()
	w := handlertest.New(t)
	judge, clerk, debtor := w.Staff("zhang.min", model.RoleJudge), w.Staff("wan.tt", model.RoleClerk), w.Phone("")
	f := w.File(clerk)
	debtor.Bind(clerk, f.ID, f.Debtor)
	earlier := debtor.Submit(f, 10000, 5)
	pdf := debtor.Upload(f.ID, handlertest.FreshKey(), evidencetest.PDF(""))
	if pdf.Status != http.StatusCreated {
		t.Fatalf("%s", pdf.Body)
	}
	r := debtor.Must(http.StatusCreated, http.MethodPost, fmt.Sprintf("/cases/%d/receipts", f.ID), handlertest.Claim(20000, pdf.Json.ID("id"), debtor.Uploaded(f.ID, 5)))
	p := browser(w, judge)
	p.Open(fmt.Sprintf("/desk/receipts/%d", r.ID("id")))
	p.Until(`document.querySelector(".stage iframe").offsetParent && document.querySelector(".stage [data-file]:not(iframe)").hidden`)
	p.Press("2")
	p.Until(`!document.querySelector(".stage iframe").offsetParent && document.querySelector(".stage img").naturalWidth > 0 && document.querySelector(".stage img").offsetParent`)
	p.Press("1")
	p.Until(`document.querySelector(".stage iframe").offsetParent`)
	p.Sees("同一文件此前已提交过")
	p.Until(fmt.Sprintf(`document.querySelector('.flags a[href="/desk/receipts/%d"]')`, earlier.ID("id")))
	res, _ := w.Visitor(judge).Send(http.MethodGet, fmt.Sprintf("/files/%d/view", pdf.Json.ID("id")), nil, nil)
	if h := res.Header; h.Get("Content-Type") != "application/pdf" || h.Get("X-Frame-Options") != "SAMEORIGIN" || !strings.Contains(h.Get("Content-Security-Policy"), "frame-ancestors 'self'") {
		t.Errorf("the PDF comes with %v", h)
	}
	silent(t, p)
}

// Ctrl+Z takes back what was just decided, and what was typed is there again; no key
// works in a field; ? shows the keys of the page.
func TestKeysOfAReceipt(t *testing.T) {
	t.Parallel()
	w := handlertest.New(t)
	judge, clerk, debtor := w.Staff("zhang.min", model.RoleJudge), w.Staff("wan.tt", model.RoleClerk), w.Phone("")
	f := w.File(clerk)
	debtor.Bind(clerk, f.ID, f.Debtor)
	first, second := debtor.Submit(f, 30000, 21), debtor.Submit(f, 20000, 22)
	p := browser(w, judge)
	at := func(r handlertest.Obj) string { return fmt.Sprintf("/desk/receipts/%d", r.ID("id")) }
	loaded := func(r handlertest.Obj) {
		p.Until(fmt.Sprintf(`location.pathname === "%s" && document.readyState === "complete"`, at(r)))
	}
	p.Open(at(first))
	p.Press("?")
	p.Until(`document.querySelector("#keys").open && document.querySelector("#keys").innerText.includes("选中“确认”")`)
	if eval[bool](p, `document.querySelector("#keys").innerText.includes("打开列表的第一件")`) {
		t.Error("? shows a key that does nothing here")
	}
	p.Press("n") // behind the dialog nothing is done
	if eval[string](p, `location.pathname`) != at(first) {
		t.Error("a key worked behind the dialog")
	}
	eval[bool](p, `(document.querySelector("#keys").close(), true)`)

	// v walks the picture, from top to bottom and back to the whole.
	p.Until(`document.querySelector(".stage img").naturalWidth > 0`)
	for range 3 {
		p.Press("v")
		p.Until(`document.querySelector(".stage").classList.contains("zoomed")`)
	}
	p.Press("v")
	p.Until(`!document.querySelector(".stage").classList.contains("zoomed")`)

	// In a field every key is what is typed, and Ctrl+Z is the field's own.
	p.Press("c")
	p.Until(`document.activeElement.innerText.startsWith("确认")`)
	p.Press("\r")
	loaded(second)
	p.Press("a")
	p.Until(`document.activeElement.id === "amount"`)
	for _, key := range []string{"c", "r", "n", "p", "q", "g", "o", "e", "v", "?", "/", "+", "-", "0", "1", "[", "]"} {
		p.Press(key)
	}
	p.Do(chromedp.KeyEvent("z", chromedp.KeyModifiers(2)))
	if eval[string](p, `location.pathname`) != at(second) || eval[bool](p, `document.querySelector("#keys").open || document.activeElement.id !== "amount"`) {
		t.Error("a key worked in a field")
	}
	if eval[bool](p, `document.querySelector("form[data-undo]").hidden`) {
		t.Fatal("the way back is gone")
	}

	// Outside of a field it takes back.
	eval[bool](p, `(document.activeElement.blur(), true)`)
	p.Do(chromedp.KeyEvent("z", chromedp.KeyModifiers(2)))
	loaded(first)
	p.Sees("已撤销对 " + f.No + " 的回执（300.00 元）的确认")
	if v := eval[string](p, `document.querySelector("#amount").value`); v != "300.00" {
		t.Errorf("the amount is %q", v)
	}
	w.CarryOut()
	if s := w.ReceiptState(judge, first); s != "submitted" {
		t.Error("what was taken back is", s)
	}
	silent(t, p)
}

// A part of a picture is blacked out by dragging over it: the numbers stand in the
// field, where they can also be typed, and the creditor gets his copy.
func TestAPictureIsBlackedOutByDragging(t *testing.T) {
	t.Parallel()
	w := handlertest.New(t)
	judge, clerk, debtor, creditor := w.Staff("zhang.min", model.RoleJudge), w.Staff("wan.tt", model.RoleClerk), w.Phone(""), w.Phone("")
	f := w.File(clerk)
	debtor.Bind(clerk, f.ID, f.Debtor)
	creditor.Bind(clerk, f.ID, f.Creditor)
	r := debtor.Submit(f, 30000, 31)
	p := browser(w, judge)
	p.Open(fmt.Sprintf("/desk/receipts/%d", r.ID("id")))
	p.Click("遮盖后提供权利人查阅")
	p.Until(`document.querySelector(".blackout img").naturalWidth > 0`)
	drag := func(x1, y1, x2, y2 float64) {
		t.Helper()
		// Where the picture is now: what was drawn before may have moved it.
		eval[bool](p, `(document.querySelector(".blackout .sheet").scrollIntoView({block: "center", behavior: "instant"}), true)`)
		box := eval[[]float64](p, `(() => { const r = document.querySelector(".blackout .sheet").getBoundingClientRect(); return [r.left, r.top, r.width, r.height] })()`)
		ctx, stop := p.within()
		defer stop()
		for _, e := range []struct {
			kind    input.DispatchMouseEventType
			x, y    float64
			buttons int64 // that are down after the event; a release that leaves one down ends no drag
		}{
			{input.DispatchMouseEventTypeMouseMoved, x1, y1, 0},
			{input.DispatchMouseEventTypeMousePressed, x1, y1, 1},
			{input.DispatchMouseEventTypeMouseMoved, (x1 + x2) / 2, y2, 1},
			{input.DispatchMouseEventTypeMouseMoved, x2, y2, 1},
			{input.DispatchMouseEventTypeMouseReleased, x2, y2, 0},
		} {
			button := input.MouseButtonLeft
			if e.buttons == 0 && e.kind == input.DispatchMouseEventTypeMouseMoved {
				button = input.MouseButtonNone
			}
			if _, err := chromedp.Call(ctx, input.DispatchMouseEvent, input.DispatchMouseEventParams{
				Type: e.kind, X: box[0] + box[2]*e.x, Y: box[1] + box[3]*e.y, Button: button, Buttons: e.buttons, ClickCount: 1,
			}); err != nil {
				t.Fatal(err)
			}
		}
	}
	rects := func() string { return eval[string](p, `document.querySelector("#rects").value`) }
	drag(0.1, 0.2, 0.5, 0.4)
	drag(0.9, 0.6, 0.6, 0.5) // from the lower right, too
	lines := strings.Split(rects(), "\n")
	if len(lines) != 2 {
		t.Fatalf("dragging gave %q", lines)
	}
	for n, want := range [][4]int{{10, 20, 40, 20}, {60, 50, 30, 10}} {
		var got [4]int
		if _, err := fmt.Sscanf(lines[n], "%d,%d,%d,%d", &got[0], &got[1], &got[2], &got[3]); err != nil {
			t.Fatal(lines, err)
		}
		for i := range got {
			if d := got[i] - want[i]; d < -1 || d > 2 {
				t.Errorf("%d: dragged over %v, %v is blacked out", n, want, got)
			}
		}
	}
	if n := eval[int](p, `document.querySelectorAll(".blackout .sheet div").length`); n != 2 {
		t.Errorf("%d parts are shown", n)
	}
	p.Fill("#rects", rects()+"\n0,0,100,5")
	if n := eval[int](p, `document.querySelectorAll(".blackout .sheet div").length`); n != 3 {
		t.Errorf("%d parts are shown after typing one", n)
	}
	p.Click("去掉最后一处")
	if got := rects(); got != strings.Join(lines, "\n") {
		t.Errorf("%q", got)
	}
	p.suits("a receipt with what is blacked out")
	p.fits("a receipt with what is blacked out", "", "fit-receipt-blackout")
	p.Click("生成查阅件并提供")
	p.Sees("查阅件已生成")
	if n := len(creditor.Must(http.StatusOK, http.MethodGet, fmt.Sprintf("/receipts/%d", r.ID("id")), nil).List("files")); n == 0 {
		t.Error("the creditor has no copy")
	}
	silent(t, p)
}
