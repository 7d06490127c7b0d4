package handler_test

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"microcourt/handler/handlertest"
	"microcourt/model"
	"microcourt/service/servicetest"
)

// The case system pushes the judgment of a retrial: what was paid counts on, the
// phones read both duties, a push that is wrong names its field, and the clerk enters
// a later mediation at the desk that takes the judgment's place in turn.
func TestANewInstrumentTakesTheOldOnesPlace(t *testing.T) {
	t.Parallel()
	w := handlertest.New(t)
	judge, clerk := w.Staff("zhang.min", model.RoleJudge), w.Staff("wan.tt", model.RoleClerk)
	system, in := w.CaseSystem(), handlertest.CaseInput()
	push := "/case-system/cases/" + in["case_no"].(string)
	in["version"] = 1
	pushed := system.Must(http.StatusOK, handlertest.Put, push, in)
	f := w.FiledCase(servicetest.Person{Actor: clerk.Actor()}, pushed.ID("id"))
	debtor := w.Phone("")
	debtor.Bind(clerk, f.ID, f.Debtor)
	claim := handlertest.Claim(90_000, debtor.Uploaded(f.ID, 2801))
	judge.Confirm(debtor.Must(http.StatusCreated, handlertest.Post, fmt.Sprintf("/cases/%d/receipts", f.ID), claim), 90_000)

	newer := handlertest.Obj{
		"ref": "R1", "kind": "money", "obligors": []string{"D1"}, "obligee": "C1", "amount_fen": 80_000, "due_on": "2026-04-15", "replaces": []string{"O8"},
	}
	in["version"] = 2
	in["instruments"] = append(in["instruments"].([]handlertest.Obj), handlertest.Obj{
		"ref": "I2", "kind": "judgment", "number": "（2026）浙0211民再3号", "effective_on": "2026-02-20", "summary": "支付货款 800 元", "obligations": []handlertest.Obj{newer},
	})
	system.Refused(http.StatusBadRequest, "case.invalid", handlertest.Put, push, in)
	if wrong := system.Call(handlertest.Put, push, in); !strings.Contains(fmt.Sprint(wrong), "instruments[1].obligations[0].replaces") || !strings.Contains(fmt.Sprint(wrong), "replaces.unknown") {
		t.Error(wrong)
	}
	newer["replaces"] = []string{"O1"}
	for _, outcome := range []string{"updated", "unchanged"} { // the answer got lost
		if got := system.Must(http.StatusOK, handlertest.Put, push, in); got["outcome"] != outcome {
			t.Errorf("%v, want %s", got, outcome)
		}
	}
	in["version"] = 1
	system.Refused(http.StatusConflict, "case.stale", handlertest.Put, push, in)
	in["version"], newer["amount_fen"] = 2, 85_000
	system.Refused(http.StatusConflict, "case.version_reused", handlertest.Put, push, in)

	seen := debtor.Must(http.StatusOK, handlertest.Get, fmt.Sprintf("/cases/%d", f.ID), nil)
	old, is := seen.List("instruments")[0].List("obligations")[0], seen.List("instruments")[1].List("obligations")[0]
	if old["replaced_on"] != "2026-02-20" || old.ID("amount_fen") != 100_000 || old.ID("outstanding_fen") != 0 || len(old.List("installments")) != 0 || !strings.Contains(fmt.Sprint(old["performance_name"]), "民再3号判决书取代") {
		t.Errorf("the old duty: %v", old)
	}
	if is.ID("outstanding_fen") != 0 || is["performance"] != "fulfilled" || fmt.Sprint(is["replaces_ids"]) != fmt.Sprintf("[%d]", old.ID("id")) || seen["performance"] != "fulfilled" {
		t.Errorf("the new duty: %v", is)
	}
	ledger := debtor.Must(http.StatusOK, handlertest.Get, fmt.Sprintf("/cases/%d/ledger", f.ID), nil)
	if s := fmt.Sprint(ledger); !strings.Contains(s, "取代原有的义务，已确认的付款改为计入新的义务") {
		t.Error(s)
	}
	if page := judge.Reads(fmt.Sprintf("/cases/%d", f.ID)); !strings.Contains(page, "自2026年2月20日起已由（2026）浙0211民再3号判决书取代") {
		t.Error("the desk does not say what was replaced")
	}
	judge.Reads(fmt.Sprintf("/cases/%d?tab=interest", f.ID))

	address := fmt.Sprintf("/cases/%d/instruments", f.ID)
	form := clerk.Reads(address)
	if !strings.Contains(form, "取代原有义务") || !strings.Contains(form, `<option value="R1"`) || strings.Contains(form, `<option value="O1"`) {
		t.Error("the form does not offer what can be replaced")
	}
	entry := url.Values{
		"ref": {"D-test-1"}, "instrument_kind": {"mediation"}, "instrument_number": {"（2026）浙0211民再4号"}, "summary": {"支付货款 1000 元"},
		"duty_kind": {"money"}, "duty_obligors": {"2"}, "duty_obligee": {"1"}, "duty_amount": {"1000"}, "duty_due_on": {"2026-05-15"}, "duty_replaces": {"R1"},
	}
	if status, page := clerk.Posts(address, entry); status != http.StatusBadRequest || !strings.Contains(page, "法律文书生效后才能取代原有的义务") || !strings.Contains(page, `<option value="R1" selected`) {
		t.Errorf("without effect: %d", status)
	}
	entry.Set("effective_on", "2026-02-25")
	for range 2 { // the button was pressed twice
		if status, page := clerk.Posts(address, entry); status != http.StatusSeeOther {
			t.Fatalf("%d %.300s", status, page)
		}
	}
	seen = debtor.Must(http.StatusOK, handlertest.Get, fmt.Sprintf("/cases/%d", f.ID), nil)
	if last := seen.List("instruments")[2].List("obligations")[0]; last.ID("outstanding_fen") != 20_000 {
		t.Errorf("after the mediation: %v", last)
	}
}
