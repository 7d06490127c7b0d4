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

// An instrument that fixes dollars: the case system sends it, the judge enters the
// rate at the desk, the debtor pays dollars by phone and yuan at the window, the
// phones read both sums, the rate, its day and its source: with every mistake.
func TestAnInstrumentInAnotherCurrency(t *testing.T) {
	t.Parallel()
	w := handlertest.New(t)
	judge, clerk := w.Staff("zhang.min", model.RoleJudge), w.Staff("wan.tt", model.RoleClerk)
	in := handlertest.CaseInput()
	person := in["parties"].([]handlertest.Obj)[1]
	person["kind"], person["name"], person["id_number"] = "person", "赵明", "34052419800101001X"
	list := in["instruments"].([]handlertest.Obj)[0]["obligations"].([]handlertest.Obj)
	duty := func(ref string, change handlertest.Obj) handlertest.Obj {
		o := handlertest.Obj{"ref": ref, "kind": "money", "obligors": list[0]["obligors"], "obligee": list[0]["obligee"], "due_on": "2026-03-31"}
		for k, v := range change {
			o[k] = v
		}
		return o
	}
	in["instruments"].([]handlertest.Obj)[0]["obligations"] = []handlertest.Obj{
		duty("O1", handlertest.Obj{"currency": "USD", "foreign_minor": 3_000_000}), duty("O2", handlertest.Obj{"currency": "USD", "foreign_minor": 2_000_000}),
		duty("O3", handlertest.Obj{"amount_fen": 100_000}),
	}
	in["version"] = 1
	pushed := w.CaseSystem().Must(http.StatusOK, handlertest.Put, "/case-system/cases/"+in["case_no"].(string), in)
	f := w.FiledCase(servicetest.Person{Actor: clerk.Actor()}, pushed.ID("id"))
	debtor, creditor := w.Phone(""), w.Phone("")
	debtor.Bind(clerk, f.ID, f.Debtor)
	creditor.Bind(clerk, f.ID, f.Creditor)
	path := fmt.Sprintf("/cases/%d/receipts", f.ID)
	duties := func() []handlertest.Obj {
		return creditor.Must(200, handlertest.Get, fmt.Sprintf("/cases/%d", f.ID), nil).List("instruments")[0].List("obligations")
	}
	first := duties()
	if o := first[0]; o.Str("currency") != "USD" || o.ID("foreign_minor") != 3_000_000 || o.ID("amount_fen") != 0 || !strings.Contains(o.Str("foreign_text"), "待登记汇率") || o.Str("performance") != "pending" {
		t.Errorf("%v", o)
	}
	seed := 3200
	paid := func(change handlertest.Obj) handlertest.Obj {
		seed++
		o := handlertest.Claim(0, debtor.Uploaded(f.ID, seed))
		o["currency"], o["foreign_minor"], o["installment_ids"] = "USD", 3_000_000, []int64{first[0].List("installments")[0].ID("id")}
		for k, v := range change {
			o[k] = v
		}
		return o
	}
	bad := func(reason, field string, change handlertest.Obj) mistake {
		return mistake{debtor, http.StatusBadRequest, reason, handlertest.Post, path, paid(change), field}
	}
	refusedAll(t, []mistake{bad("currency.not_converted", "currency", nil), bad("currency.unknown", "currency", handlertest.Obj{"amount_fen": 5})})

	tab, address := fmt.Sprintf("/cases/%d?tab=interest", f.ID), fmt.Sprintf("/cases/%d/debt-entries", f.ID)
	if page := judge.Reads(tab); !strings.Contains(page, "有 2 项以") || !strings.Contains(page, "30,000.00 美元（折合人民币的数额待登记汇率）") {
		t.Error("the tab does not say what is missing")
	}
	form := func(ob handlertest.Obj, rate string) url.Values {
		return url.Values{
			"key": {servicetest.FreshKey()}, "kind": {"convert"}, "obligation": {fmt.Sprint(ob.ID("id"))}, "rate": {rate}, "rate_per": {"1"}, "rate_on": {"2026-03-01"},
			"source": {"中国外汇交易中心公布的中间价"}, "reason": {"判决主文以美元确定"},
		}
	}
	if status, page := judge.Posts(address, form(first[0], "7,1234")); status != http.StatusBadRequest || !strings.Contains(page, "请按公布的人民币汇率中间价填写") {
		t.Errorf("a comma: %d", status)
	}
	for n, rate := range []string{"7.1234", "7.2"} {
		if status, page := judge.Posts(address, form(first[n], rate)); status != http.StatusSeeOther {
			t.Fatalf("%d %s", status, page)
		}
	}
	if o := duties()[0]; o.ID("amount_fen") != 21_370_200 || !strings.Contains(o.Str("foreign_text"), "2026年3月1日 1 美元兑人民币 7.1234 元（中国外汇交易中心公布的中间价）") {
		t.Errorf("%v", o)
	}
	if page := judge.Reads(tab); !strings.Contains(page, "合人民币 213,702.00 元") {
		t.Error("the tab does not show the rate")
	}
	yuan := handlertest.Obj{"foreign_minor": 0, "yuan_fen": 700_000, "rate": "7", "rate_per": 1, "rate_on": "2026-03-01", "rate_source": "中间价"}
	refusedAll(t, []mistake{
		bad("currency.other", "currency", handlertest.Obj{"currency": "EUR"}),
		bad("currency.ambiguous", "installment_ids", handlertest.Obj{"installment_ids": []int64{}}),
		bad("currency.rate", "rate", changedObj(yuan, "rate", "七")),
		bad("currency.rate_day", "rate_on", changedObj(yuan, "rate_on", "2026-01-05")),
		bad("currency.source", "source", changedObj(yuan, "rate_source", " ")),
		bad("amount.over_debt", "amount_fen", handlertest.Obj{"foreign_minor": 4_000_000}),
	})
	r := debtor.Must(http.StatusCreated, handlertest.Post, path, paid(nil))
	if r.ID("claimed_fen") != 21_370_200 || r.Obj("foreign").ID("foreign_minor") != 3_000_000 || !strings.Contains(r.Obj("foreign").Str("text"), "以美元支付 30,000.00 美元") {
		t.Errorf("%v", r)
	}
	on := func(what string) string { return fmt.Sprintf("/receipts/%d%s", r.ID("id"), what) }
	wrong := handlertest.Obj{"version": 1, "amount_fen": 100, "reason": "更正", "allocations": []handlertest.Obj{{"installment_id": first[2].List("installments")[0].ID("id"), "amount_fen": 100}}}
	judge.Refused(http.StatusBadRequest, "currency.other", handlertest.Post, on("/confirm"), wrong)
	judge.Confirm(r, 21_370_200)
	judge.Refused(http.StatusBadRequest, "currency.other", handlertest.Post, on("/correct"), changedObj(wrong, "version", 2))
	if l := debtor.Must(200, handlertest.Get, fmt.Sprintf("/cases/%d/ledger", f.ID), nil); l.ID("confirmed_fen") != 21_370_200 || !strings.Contains(l.List("entries")[0].Str("means"), "30,000.00 美元") {
		t.Errorf("%v", l)
	}

	// At the window, the rest in yuan by the rate of the day.
	v := w.Visitor(clerk)
	fields := map[string]string{
		"key": handlertest.FreshKey(), "party": fmt.Sprint(f.Debtor), "amount": "140000.00", "paid_on": "2026-03-01", "payer_kind": "self", "payer_name": "甬兴建材有限公司", "proof_kind": "bank_receipt",
		"currency": "USD", "rate": "", "rate_per": "1", "rate_on": "2026-03-01", "source": "中国外汇交易中心公布的中间价",
	}
	window := fmt.Sprintf("/cases/%d/window", f.ID)
	if res, page := v.SendForm(window, fields, handlertest.Picture(3290)); res.StatusCode != http.StatusBadRequest || !strings.Contains(page, "请按公布的人民币汇率中间价填写") {
		t.Errorf("no rate at the window: %d", res.StatusCode)
	}
	fields["key"], fields["rate"] = handlertest.FreshKey(), "7.0000"
	res, page := v.SendForm(window, fields, handlertest.Picture(3291))
	at, _, _ := strings.Cut(strings.TrimPrefix(res.Header.Get("Location"), "/desk"), "?")
	if res.StatusCode != http.StatusSeeOther {
		t.Fatalf("%d %s", res.StatusCode, page)
	}
	w.Visitor(judge).Sees(at, "以人民币 140,000.00 元支付，按付款日汇率", "折合 20,000.00 美元", "144,000.00 元")

	// Yuan that are lodged, or that a relative pays, perform no dollars.
	judge.Confirm(debtor.Must(http.StatusCreated, handlertest.Post, path, handlertest.Claim(100_000, debtor.Uploaded(f.ID, 3292))), 100_000)
	debtor.Refused(http.StatusBadRequest, "currency.other", handlertest.Post, fmt.Sprintf("/cases/%d/lodgements", f.ID), lodges(f, 100, debtor.Uploaded(f.ID, 3293)))
	debtor.Refused(http.StatusBadRequest, "currency.other", handlertest.Post, fmt.Sprintf("/cases/%d/set-offs", f.ID), setsOff(f, 100))
	c := &coerced{World: w, judge: judge, clerk: clerk, officer: w.Staff("ji.fg", model.RoleOfficer), debtor: debtor, f: f}
	c.id = w.EnforcedBy(c.officer, f).ID
	wife, link := c.relative("admitted")
	pays := handlertest.Obj{"amount_fen": 100, "paid_on": "2026-03-01", "proof_kind": "bank_receipt", "file_ids": []int64{wife.Uploaded(c.matter(wife, link).ID("case_id"), 3294)}}
	wife.Refused(http.StatusBadRequest, "currency.other", handlertest.Post, mine(link, "receipts"), pays)
}
