package browser_test

import (
	"fmt"
	"net/http"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"microcourt/handler/handlertest"
	"microcourt/model"
)

// A judge's morning: forty receipts by the keyboard alone, clean ones, some that look
// like earlier ones, some of another amount, and parts of payments for several cases.
// However fast he is, nothing doubtful is confirmed without a reason, another amount
// is asked about once, and what he did last he takes back.
func TestFortyReceiptsInARow(t *testing.T) {
	t.Parallel()
	w := handlertest.New(t)
	judge, clerk, debtor := w.Staff("zhang.min", model.RoleJudge), w.Staff("wan.tt", model.RoleClerk), w.Phone("")
	file := func(group string) handlertest.Filed {
		in := handlertest.CaseInput()
		if group != "" {
			in["group_ref"] = group
		}
		f := w.FileInput(clerk, in)
		debtor.Bind(clerk, f.ID, f.Debtor)
		return f
	}
	const clean, doubtful, other, groups = 24, 8, 4, 2
	all, doubts, others, parts := map[int64]bool{}, map[int64]bool{}, map[int64]bool{}, map[int64]bool{}
	last := int64(0)
	for i := range clean + doubtful + other {
		seed := 1000 + i
		if i >= clean && i < clean+doubtful {
			seed = 1000 + i - clean // the picture of an earlier one
		}
		r := debtor.Submit(file(""), int64(30_000+100*i), seed).ID("id")
		all[r], last = true, r
		switch {
		case i >= clean+doubtful:
			others[r] = true
		case i >= clean:
			doubts[r] = true
		}
	}
	for g := range groups {
		name := fmt.Sprintf("第%d批", g+1)
		one := file(name)
		file(name)
		claim := handlertest.Claim(int64(50_000+100*g), debtor.Uploaded(one.ID, 2000+g))
		claim["proof_kind"], claim["payee_name"] = "court_account", ""
		for _, r := range debtor.Must(http.StatusCreated, http.MethodPost, fmt.Sprintf("/cases/%d/group-receipts", one.ID), claim).List("receipts") {
			all[r.ID("id")], parts[r.ID("id")], last = true, true, r.ID("id")
		}
	}
	if len(all) != 40 {
		t.Fatalf("%d receipts were made", len(all))
	}

	p := browser(w, judge)
	keys := 0
	press := func(list ...string) {
		for _, k := range list {
			keys++
			if k == "Ctrl+Enter" {
				p.Do(chromedp.KeyEvent("\r", chromedp.KeyModifiers(2)))
			} else {
				p.Press(k)
			}
		}
	}
	here := func() (id int64) {
		_, _ = fmt.Sscanf(eval[string](p, `location.pathname`), "/desk/receipts/%d", &id)
		return id
	}
	// settled waits until another page is there.
	settled := func(from int64) {
		p.Until(fmt.Sprintf(`location.pathname !== "/desk/receipts/%d" && document.readyState === "complete"`, from))
	}
	p.Open("/desk/receipts")
	p.Until(`document.querySelector("[data-live-count]").innerText === "40"`)
	began := time.Now()
	press("o")
	p.Until(`/^\/desk\/receipts\/\d+$/.test(location.pathname) && document.readyState === "complete"`)
	slowest, kinds := time.Duration(0), map[string]int{}
	for n := range len(all) {
		id, start, before := here(), time.Now(), keys
		if !all[id] {
			t.Fatalf("after %d receipts he is at %s", n, p.Path())
		}
		kind := "clean"
		switch {
		case doubts[id]:
			kind = "doubtful"
			press("c") // from habit
			p.Until(`document.activeElement.innerText.startsWith("确认")`)
			press("\r")
			p.Until(`document.activeElement.id === "doubt"`) // which the browser asks for
			if here() != id || w.ReceiptState(judge, handlertest.Obj{"id": float64(id)}) != "submitted" {
				t.Fatal("a doubtful receipt was confirmed without a reason")
			}
			press("1")
			p.Until(`document.querySelector("#doubt").value !== ""`)
			press("Ctrl+Enter")
		case others[id]:
			kind = "another amount"
			press("a")
			p.Until(`document.activeElement.id === "amount"`)
			eval[bool](p, `(document.activeElement.select(), true)`)
			press("2", "9", "9", "\r")
			p.Until(`document.readyState === "complete" && document.querySelector("main").innerText.includes("没有完成")`)
			if here() != id && eval[string](p, `document.querySelector("#amount").value`) != "299" {
				t.Error("the amount that was typed is gone")
			}
			press("c")
			p.Until(`document.activeElement.innerText.startsWith("确认")`)
			press("\r")
		default:
			if parts[id] {
				kind = "a part of a payment for several cases"
			}
			press("c")
			p.Until(`document.activeElement.innerText.startsWith("确认")`)
			press("\r")
		}
		delete(all, id)
		if others[id] { // a refused form stands at the address that it was sent to
			p.Until(fmt.Sprintf(`!location.pathname.startsWith("/desk/receipts/%d") && document.readyState === "complete"`, id))
		} else {
			settled(id)
		}
		last = id
		slowest = max(slowest, time.Since(start))
		if kinds[kind] == 0 {
			t.Logf("%s: %d keys", kind, keys-before)
		}
		kinds[kind]++
	}
	took := time.Since(began)
	t.Logf("40 receipts %v: no click, %d keys, %.1f seconds, the slowest %.1f", kinds, keys, took.Seconds(), slowest.Seconds())
	if keys > 1+2*28+4*doubtful+8*other {
		t.Errorf("%d keys are too many", keys)
	}

	// The last is taken back, and what was decided takes effect.
	p.Do(chromedp.KeyEvent("z", chromedp.KeyModifiers(2)))
	p.Until(fmt.Sprintf(`location.pathname === "/desk/receipts/%d" && document.readyState === "complete"`, last))
	p.Sees("已撤销")
	w.CarryOut()
	states := map[string]int{}
	for _, r := range judge.Must(http.StatusOK, http.MethodGet, "/receipts?state=confirmed&limit=100", nil).List("receipts") {
		states["confirmed"]++
		id := r.ID("id")
		one := judge.Must(http.StatusOK, http.MethodGet, fmt.Sprintf("/receipts/%d", id), nil)
		e := one.List("entries")
		if len(e) != 1 || doubts[id] != (e[0].Str("doubt_reason") != "") || others[id] && e[0].ID("amount_fen") != 29_900 {
			t.Errorf("receipt %d, doubtful %v, of another amount %v: %v", id, doubts[id], others[id], e)
		}
	}
	if states["confirmed"] != 39 || w.ReceiptState(judge, handlertest.Obj{"id": float64(last)}) != "submitted" {
		t.Errorf("%v, the last is %s", states, w.ReceiptState(judge, handlertest.Obj{"id": float64(last)}))
	}
	silent(t, p)
}
