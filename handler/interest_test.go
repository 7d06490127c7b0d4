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

// A loan with interest by the prime rate until paid, paid late with interest: as
// the case system sends it, the phones read it, the judge confirms it and the
// creditor waives the rest.
func TestALoanWithInterestUntilPaid(t *testing.T) {
	t.Parallel()
	w := handlertest.New(t)
	judge, clerk := w.Staff("zhang.min", model.RoleJudge), w.Staff("wan.tt", model.RoleClerk)
	in := handlertest.CaseInput()
	money := in["instruments"].([]handlertest.Obj)[0]["obligations"].([]handlertest.Obj)[0]
	delete(money, "installments")
	money["amount_fen"], money["due_on"] = 36_500_000, "2026-02-20"
	money["interest"] = handlertest.Obj{"spans": []handlertest.Obj{{"from_on": "2026-01-01", "lpr": "1y", "multiple": 400, "cap_multiple": 400}}}
	in["version"] = 1
	pushed := w.CaseSystem().Must(http.StatusOK, handlertest.Put, "/case-system/cases/"+in["case_no"].(string), in)
	f := w.FiledCase(servicetest.Person{Actor: clerk.Actor()}, pushed.ID("id"))
	debtor, creditor := w.Phone(""), w.Phone("")
	debtor.Bind(clerk, f.ID, f.Debtor)
	creditor.Bind(clerk, f.ID, f.Creditor)
	w.Clock.Set(at(3, 2, 12))
	debtor.Renew()
	creditor.Renew()
	path := func(what string) string { return fmt.Sprintf("/cases/%d%s", f.ID, what) }
	// 61 days until 2 March at 12 %: 120 yuan a day; ten days late: 638.75.
	seen := creditor.Must(200, handlertest.Get, path("/ledger"), nil)
	one := seen.List("installments")[0]
	if seen.ID("ordinary_fen") != 732_000 || seen.ID("interest_fen") != 63_875 || seen.ID("sum_fen") != 36_500_000+732_000+63_875 || one.ID("ordinary_per_day_fen") != 12_000 || !strings.Contains(fmt.Sprint(one["interest_lines"]), "365,000.00 元 × 年利率 12% ÷ 365 × 61 日 = 7,320.00 元（一年期LPR 3% × 4 倍）") {
		t.Errorf("%v", seen)
	}
	ob := creditor.Must(200, handlertest.Get, path(""), nil).List("instruments")[0].List("obligations")[0]
	if !strings.Contains(ob.Str("interest_terms"), "一年期LPR的 4 倍") {
		t.Errorf("%v", ob)
	}
	claim := handlertest.Claim(36_500_000, debtor.Uploaded(f.ID, 2601))
	claim["paid_on"] = "2026-03-02"
	r := debtor.Must(http.StatusCreated, handlertest.Post, path("/receipts"), claim)
	confirm := fmt.Sprintf("/receipts/%d/confirm", r.ID("id"))
	judge.Refused(http.StatusBadRequest, "allocation.interest_first", handlertest.Post, confirm, handlertest.Obj{
		"version": r.ID("version"), "amount_fen": 36_500_000, "allocations": []handlertest.Obj{{"installment_id": one.ID("id"), "amount_fen": 36_500_000}},
	})
	judge.Confirm(r, 36_500_000)
	r = judge.Must(200, handlertest.Get, fmt.Sprintf("/receipts/%d", r.ID("id")), nil)
	judge.Refused(http.StatusBadRequest, "allocation.interest_first", handlertest.Post, fmt.Sprintf("/receipts/%d/correct", r.ID("id")), handlertest.Obj{
		"version": r.ID("version"), "amount_fen": 36_000_000, "reason": "看错了金额", "allocations": []handlertest.Obj{{"installment_id": one.ID("id"), "amount_fen": 36_000_000}},
	})
	seen = debtor.Must(200, handlertest.Get, path("/ledger"), nil)
	if seen.ID("ordinary_paid_fen") != 732_000 || seen.ID("ordinary_fen") != 0 || seen.ID("outstanding_fen") != 732_000 || seen.Str("performance") != "partial" {
		t.Errorf("%v", seen)
	}
	waiver := func(part string, fen int64) handlertest.Obj {
		return handlertest.Obj{"obligation_id": ob.ID("id"), "part": part, "amount_fen": fen}
	}
	agent := w.Phone("")
	code, err := w.Svc.Identity.IssueBindingCode(t.Context(), clerk.Actor(), f.ID, f.Creditor, model.CapacityAgent, "一般授权")
	if err != nil {
		t.Fatal(err)
	}
	agent.Must(http.StatusCreated, handlertest.Post, "/bindings/code", handlertest.Obj{"code": code.Code})
	refusedAll(t, []mistake{
		{debtor, http.StatusNotFound, "obligation.not_found", handlertest.Post, path("/interest-waivers"), waiver("doubled", 0), ""},
		{agent, http.StatusBadRequest, "debt.authority", handlertest.Post, path("/interest-waivers"), waiver("doubled", 0), "obligation_id"},
		{creditor, http.StatusBadRequest, "debt.more_than_owed", handlertest.Post, path("/interest-waivers"), waiver("doubled", 63_876), "amount_fen"},
		{creditor, http.StatusBadRequest, "amount.positive", handlertest.Post, path("/interest-waivers"), waiver("doubled", -1), "amount_fen"},
	})
	claim = handlertest.Claim(732_000, debtor.Uploaded(f.ID, 2602))
	claim["paid_on"] = "2026-03-02"
	judge.Confirm(debtor.Must(http.StatusCreated, handlertest.Post, path("/receipts"), claim), 732_000)
	if e := creditor.Must(http.StatusCreated, handlertest.Post, path("/interest-waivers"), waiver("doubled", 0)); e.Str("kind") != "waive" || !strings.Contains(e.Str("text"), "全部加倍部分债务利息") {
		t.Errorf("%v", e)
	}
	creditor.Refused(http.StatusBadRequest, "debt.nothing_owed", handlertest.Post, path("/interest-waivers"), waiver("doubled", 0))
	seen = debtor.Must(200, handlertest.Get, path("/ledger"), nil)
	if seen.ID("sum_fen") != 0 || seen.ID("interest_waived_fen") == 0 || seen.Str("performance") != "fulfilled" || len(seen.List("declared")) != 1 {
		t.Errorf("%v", seen)
	}
	judge.Issues(f)
}

// The judge leaves interest at the desk, with the reasoning before him; what was
// wrong comes back with the tab.
func TestTheTabOfInterest(t *testing.T) {
	t.Parallel()
	w := handlertest.New(t)
	judge, clerk := w.Staff("zhang.min", model.RoleJudge), w.Staff("wan.tt", model.RoleClerk)
	f := w.File(clerk)
	w.Clock.Set(at(4, 10, 12))
	judge.Renew()
	page := judge.Reads(fmt.Sprintf("/cases/%d?tab=interest", f.ID))
	if !strings.Contains(page, "加倍部分债务利息 1.05 元") || !strings.Contains(page, "本院决定不再计收") {
		t.Error("the tab does not show what is owed")
	}
	ob := judge.Must(200, handlertest.Get, fmt.Sprintf("/cases/%d", f.ID), nil).List("instruments")[0].List("obligations")[0].ID("id")
	entry := url.Values{"key": {servicetest.FreshKey()}, "kind": {"leave"}, "part": {"doubled"}, "obligation": {fmt.Sprint(ob)}}
	address := fmt.Sprintf("/cases/%d/debt-entries", f.ID)
	if status, page := judge.Posts(address, entry); status != http.StatusBadRequest || !strings.Contains(page, "请填写不再计收的理由") {
		t.Errorf("without a reason: %d", status)
	}
	entry.Set("reason", "双方已和解")
	entry.Set("amount", "0")
	if status, page := judge.Posts(address, entry); status != http.StatusBadRequest || !strings.Contains(page, "全部不再计收的，请不要填写金额") {
		t.Errorf("a zero: %d", status)
	}
	entry.Set("amount", "")
	tab := fmt.Sprintf("/cases/%d?tab=interest", f.ID)
	if status, _ := judge.Posts(address, entry); status != http.StatusSeeOther || !strings.Contains(judge.Reads(tab), "承办法官决定不再计收全部加倍部分债务利息") {
		t.Errorf("%d", status)
	}
	terms := url.Values{"key": {servicetest.FreshKey()}, "kind": {"terms"}, "terms": {"2026-03-31起 年利率3.65%"}, "reason": {"主文第二项"}, "obligation": {fmt.Sprint(ob)}}
	if status, _ := judge.Posts(address, terms); status != http.StatusSeeOther || !strings.Contains(judge.Reads(tab), "600.00 元 × 年利率 3.65% ÷ 365 × 11 日 = 0.66 元") {
		t.Errorf("%d", status)
	}
	if status, page := judge.Posts(address, url.Values{"key": {servicetest.FreshKey()}, "kind": {"terms"}, "terms": {"月息两分"}, "reason": {"主文"}, "obligation": {fmt.Sprint(ob)}}); status != http.StatusBadRequest || !strings.Contains(page, "看不懂“月息两分”") {
		t.Errorf("%d", status)
	}
}

// An administrator enters a publication of the prime rate; the page says from
// which day figures are provisional.
func TestEnteringAPrimeRate(t *testing.T) {
	t.Parallel()
	w := handlertest.New(t)
	admin := w.Staff("shen.ji", model.RoleAdmin)
	w.Clock.Set(at(9, 30, 12))
	admin.Renew()
	if page := admin.Reads("/prime-rates"); !strings.Contains(page, "2026-09-20") || !strings.Contains(page, "3.45%") {
		t.Error("the page does not say what is known")
	}
	rate := url.Values{"on_day": {"2026-09-21"}, "one_year": {"2.93"}, "five_year": {"3.45"}, "source": {"公告"}}
	if status, page := admin.Posts("/prime-rates", rate); status != http.StatusBadRequest || !strings.Contains(page, "0.05% 的整数倍") {
		t.Errorf("%d", status)
	}
	rate.Set("one_year", "2.95")
	if status, _ := admin.Posts("/prime-rates", rate); status != http.StatusSeeOther || !strings.Contains(admin.Reads("/prime-rates"), "2.95%") || !strings.Contains(admin.Reads("/prime-rates"), "2026-10-20") {
		t.Errorf("%d", status)
	}
}

// An administrator hands in the next year's holidays: he sees what would follow, and
// only then it is so.
func TestHolidaysOnTheDesk(t *testing.T) {
	t.Parallel()
	w := handlertest.New(t)
	admin := w.Staff("shen.ji", model.RoleAdmin)
	v, year := w.Visitor(admin), model.DateOf(w.Clock.Now()).Year+1
	file := []byte("日期,安排,名称\n")
	lines := ""
	for _, h := range model.PublicHolidays(year) {
		file = append(file, (h.On.String() + ",放假," + h.Name + "\n")...)
		lines += h.On.String() + ",rest," + h.Name + "\n"
	}
	if _, page := v.SendForm("/holidays/sheet", map[string]string{"source": "国办发明电〔2026〕9号"}, []byte("日期,安排,名称\n元旦,放假,元旦\n")); !strings.Contains(page, "没有录入") || !strings.Contains(page, "下载标出错误的表格") {
		t.Errorf("a wrong sheet answers %.800s", page)
	}
	if _, page := v.SendForm("/holidays/sheet", map[string]string{"source": ""}, file); !strings.Contains(page, "请写明依据的通知") {
		t.Errorf("a sheet without its notice answers %.800s", page)
	}
	here := fmt.Sprintf("%d-01-01", year)
	if _, page := v.SendForm("/holidays/sheet", map[string]string{"source": "国办发明电〔2026〕9号"}, file); !strings.Contains(page, fmt.Sprintf("将录入 %d 年的安排", year)) || !strings.Contains(page, "按此录入") {
		t.Errorf("a right sheet answers %.800s", page)
	}
	if strings.Contains(admin.Reads("/holidays"), here) {
		t.Error("looking loaded the year")
	}
	form := url.Values{"source": {"国办发明电〔2026〕9号"}, "days_text": {lines}}
	for range 2 {
		if status, page := admin.Posts("/holidays", form); status != http.StatusSeeOther {
			t.Fatalf("%d %.2000s", status, page)
		}
	}
	if page := admin.Reads("/holidays"); !strings.Contains(page, here) || !strings.Contains(page, "国办发明电〔2026〕9号") {
		t.Errorf("the year is not there: %.800s", page)
	}
}
