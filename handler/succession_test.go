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

// A creditor dies: the judge puts the heirs on record at the desk, the phones read
// who is owed now, and what is paid to the deceased has to be explained.
func TestTheTabOfParties(t *testing.T) {
	t.Parallel()
	w := handlertest.New(t)
	judge, clerk := w.Staff("zhang.min", model.RoleJudge), w.Staff("wan.tt", model.RoleClerk)
	f := w.File(clerk)
	debtor := w.Phone("")
	debtor.Bind(clerk, f.ID, f.Debtor)
	w.Clock.Set(at(3, 10, 12))
	judge.Renew()
	clerk.Renew()
	debtor.Renew()
	address, tab := fmt.Sprintf("/cases/%d/successions", f.ID), fmt.Sprintf("/cases/%d?tab=parties", f.ID)
	entry := url.Values{
		"key": {servicetest.FreshKey()}, "party": {fmt.Sprint(f.Creditor)}, "ground": {"death"}, "on_day": {"2026-03-05"}, "paper": {"死亡证明、继承公证书"},
		"h1_name": {"李大"}, "h1_kind": {"person"}, "h1_share": {"二分之一"}, "h2_name": {"李二"}, "h2_kind": {"person"}, "h2_id": {"110105194912310021"},
	}
	if status, page := judge.Posts(address, entry); status != http.StatusBadRequest || !strings.Contains(page, "登记当事人变更") {
		t.Errorf("a number that is wrong: %d", status)
	}
	entry.Set("h2_id", "")
	entry.Set("noticed_on", "2026-03-06")
	if status, page := judge.Posts(address, entry); status != http.StatusBadRequest || !strings.Contains(page, "只有债权转让、债务转移填写") || !strings.Contains(page, "李大") {
		t.Errorf("a notice of a death: %d", status)
	}
	entry.Del("noticed_on")
	for range 2 { // the button was pressed twice
		if status, page := judge.Posts(address, entry); status != http.StatusSeeOther {
			t.Fatalf("%d %.300s", status, page)
		}
	}
	page := judge.Reads(tab)
	if n := strings.Count(page, "权利人李某于2026年3月5日死亡，其权利由李大、李二承继"); n != 1 || !strings.Contains(page, "李大的份额：二分之一") || !strings.Contains(page, "已由他人承继") {
		t.Errorf("the tab says it %d times", n)
	}
	first := w.PartyNamed(servicetest.Person{Actor: clerk.Actor()}, f.ID, "李大")
	heir := w.Phone("")
	heir.Bind(clerk, f.ID, first)
	seen := heir.Must(200, handlertest.Get, fmt.Sprintf("/cases/%d", f.ID), nil)
	ob := seen.List("instruments")[0].List("obligations")[0]
	if ob.ID("obligee_id") != first || len(ob["joint_obligee_ids"].([]any)) != 1 || !strings.Contains(fmt.Sprint(seen["changes"]), "其权利由李大、李二承继") {
		t.Errorf("%v", seen)
	}
	heir.Refused(http.StatusBadRequest, "debt.joint", handlertest.Post, fmt.Sprintf("/cases/%d/interest-waivers", f.ID), handlertest.Obj{"obligation_id": ob.ID("id"), "part": "doubled"})
	claim := handlertest.Claim(60_000, debtor.Uploaded(f.ID, 2701)) // to 李某, on 1 March
	judge.Confirm(debtor.Must(http.StatusCreated, handlertest.Post, fmt.Sprintf("/cases/%d/receipts", f.ID), claim), 60_000)
	claim = handlertest.Claim(40_000, debtor.Uploaded(f.ID, 2702))
	claim["paid_on"] = "2026-03-08"
	r := debtor.Must(http.StatusCreated, handlertest.Post, fmt.Sprintf("/cases/%d/receipts", f.ID), claim)
	confirm := handlertest.Obj{"version": r.ID("version"), "amount_fen": 40_000}
	judge.Refused(http.StatusBadRequest, "allocation.former_creditor", handlertest.Post, fmt.Sprintf("/receipts/%d/confirm", r.ID("id")), confirm)
	confirm["order_reason"] = "继承人均认可已收到"
	judge.Must(200, handlertest.Post, fmt.Sprintf("/receipts/%d/confirm", r.ID("id")), confirm)
	r = judge.Must(200, handlertest.Get, fmt.Sprintf("/receipts/%d", r.ID("id")), nil)
	judge.Refused(http.StatusBadRequest, "allocation.former_creditor", handlertest.Post, fmt.Sprintf("/receipts/%d/correct", r.ID("id")), handlertest.Obj{
		"version": r.ID("version"), "amount_fen": 30_000, "reason": "看错了金额",
	})
	undo := url.Values{"key": {servicetest.FreshKey()}, "undoes": {"1"}, "reason": {"登记有误"}}
	if status, _ := w.Staff("ji.wei", model.RoleJudge).Posts(address, undo); status != http.StatusNotFound {
		t.Errorf("another judge: %d", status)
	}
	// What is performed stays with whom it was: nothing is left to take over.
	entry.Set("key", servicetest.FreshKey())
	entry.Set("party", fmt.Sprint(first))
	if status, page := judge.Posts(address, entry); status != http.StatusBadRequest || !strings.Contains(page, "没有可以变更的权利或者义务") {
		t.Errorf("after performance: %d", status)
	}
	if status, _ := judge.Posts(address, undo); status != http.StatusSeeOther || !strings.Contains(judge.Reads(tab), "已撤回") {
		t.Errorf("taking it back: %d", status)
	}
}

// Maintenance without a named end: filed by the case system, read on the phone,
// raised and ended at the desk.
func TestDuesOnThePhoneAndAtTheDesk(t *testing.T) {
	t.Parallel()
	w := handlertest.New(t)
	judge, clerk := w.Staff("zhang.min", model.RoleJudge), w.Staff("wan.tt", model.RoleClerk)
	in := handlertest.CaseInput()
	money := in["instruments"].([]handlertest.Obj)[0]["obligations"].([]handlertest.Obj)[0]
	delete(money, "installments")
	delete(money, "amount_fen")
	money["recurs"] = handlertest.Obj{"amount_fen": 150_000, "every": "month", "day": 1, "first_on": "2026-03-01", "until_event": "年满十八周岁"}
	in["version"] = 1
	pushed := w.CaseSystem().Must(http.StatusOK, handlertest.Put, "/case-system/cases/"+in["case_no"].(string), in)
	f := w.FiledCase(servicetest.Person{Actor: clerk.Actor()}, pushed.ID("id"))
	creditor, debtor := w.Phone(""), w.Phone("")
	creditor.Bind(clerk, f.ID, f.Creditor)
	debtor.Bind(clerk, f.ID, f.Debtor)
	w.Clock.Set(at(3, 1, 12))
	for _, c := range []*handlertest.Client{judge, creditor, debtor} {
		c.Renew()
	}
	claim := handlertest.Claim(150_000, debtor.Uploaded(f.ID, 2711))
	judge.Confirm(debtor.Must(http.StatusCreated, handlertest.Post, fmt.Sprintf("/cases/%d/receipts", f.ID), claim), 150_000)
	seen := creditor.Must(200, handlertest.Get, fmt.Sprintf("/cases/%d", f.ID), nil)
	ob := seen.List("instruments")[0].List("obligations")[0]
	if seen.Str("performance_name") != "截至今日已履行" || ob.Str("performance_name") != "截至今日已履行" || ob.Str("performance") != "partial" || seen.Str("next_due_on") != "2026-04-01" ||
		ob.Str("dues") != "每月1日给付 1,500.00 元，自2026年3月1日起，至年满十八周岁止" {
		t.Errorf("%v", seen)
	}
	address, tab := fmt.Sprintf("/cases/%d/debt-entries", f.ID), fmt.Sprintf("/cases/%d?tab=interest", f.ID)
	raise := url.Values{"key": {servicetest.FreshKey()}, "kind": {"dues_amount"}, "obligation": {fmt.Sprint(ob.ID("id"))}, "from_on": {"2026-04-01"}, "amount": {"2000"}}
	if status, page := judge.Posts(address, raise); status != http.StatusBadRequest || !strings.Contains(page, "请填写依据") {
		t.Errorf("without a basis: %d", status)
	}
	raise.Set("reason", "（2026）浙0211民初99号民事判决书")
	for range 2 {
		if status, page := judge.Posts(address, raise); status != http.StatusSeeOther {
			t.Fatalf("%d %.300s", status, page)
		}
	}
	if page := judge.Reads(tab); strings.Count(page, "自2026年4月1日起到期的，每期 2,000.00 元") != 2 { // the rule and the entry
		t.Error("the tab does not say the new amount once")
	}
	if page := judge.Reads(fmt.Sprintf("/cases/%d", f.ID)); !strings.Contains(page, "截至今日已履行") || !strings.Contains(page, "每月1日给付 1,500.00 元") {
		t.Error("the case does not say that it is performed to date")
	}
	end := url.Values{"key": {servicetest.FreshKey()}, "kind": {"dues_end"}, "obligation": {fmt.Sprint(ob.ID("id"))}, "until_on": {"2026-03-31"}, "reason": {"子女年满十八周岁"}}
	if status, _ := judge.Posts(address, end); status != http.StatusSeeOther {
		t.Errorf("the end: %d", status)
	}
	seen = debtor.Must(200, handlertest.Get, fmt.Sprintf("/cases/%d", f.ID), nil)
	ob = seen.List("instruments")[0].List("obligations")[0]
	if seen.Str("performance") != "fulfilled" || len(ob.List("installments")) != 1 || !strings.Contains(ob.Str("dues"), "2026年3月31日之后不再给付") {
		t.Errorf("after the end: %v", seen)
	}
	if l := debtor.Must(200, handlertest.Get, fmt.Sprintf("/cases/%d/ledger", f.ID), nil); len(l.List("declared")) != 2 {
		t.Errorf("%v", l)
	}
	judge.Issues(f)
}
