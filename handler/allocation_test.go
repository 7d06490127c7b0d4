package handler_test

import (
	"fmt"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"strings"
	"testing"

	"microcourt/handler"
	"microcourt/handler/handlertest"
	"microcourt/model"
	"microcourt/service/servicetest"
)

// parentsInput is a case of several creditors who are owed the same on one day.
func parentsInput(names ...string) handlertest.Obj {
	in := handlertest.CaseInput()
	parties := in["parties"].([]handlertest.Obj)
	debtor := parties[1]
	in["parties"] = []handlertest.Obj{debtor}
	instrument := in["instruments"].([]handlertest.Obj)[0]
	var obligations []handlertest.Obj
	for n, name := range names {
		ref := fmt.Sprintf("C%d", n+1)
		in["parties"] = append(in["parties"].([]handlertest.Obj), handlertest.Obj{"ref": ref, "role": "plaintiff", "kind": "person", "name": name})
		obligations = append(obligations, handlertest.Obj{
			"ref": fmt.Sprintf("O%d", n+1), "kind": "money", "obligors": []string{"D1"}, "obligee": ref, "amount_fen": 100_000,
			"installments": []handlertest.Obj{{"amount_fen": 100_000, "due_on": "2026-03-31"}},
		})
	}
	instrument["obligations"] = obligations
	return in
}

// A judge sees on the page and on his phone who gets what before he confirms, tries
// another way without a script, and is asked why he leaves the usual one.
func TestWhoGetsWhatIsSeenBeforeItIsConfirmed(t *testing.T) {
	t.Parallel()
	w := handlertest.New(t)
	judge, clerk := w.Staff("zhang.min", model.RoleJudge), w.Staff("wan.tt", model.RoleClerk)
	debtor := w.Phone("")
	f := w.FileInput(clerk, parentsInput("家长甲", "家长乙", "家长丙"))
	debtor.Bind(clerk, f.ID, f.Debtor)
	claim := handlertest.Claim(100_000, debtor.Uploaded(f.ID, 1))
	claim["proof_kind"], claim["payee_name"] = "court_account", ""
	r := debtor.Must(http.StatusCreated, handlertest.Post, fmt.Sprintf("/cases/%d/receipts", f.ID), claim)
	at := func(act string) string { return fmt.Sprintf("/receipts/%d/%s", r.ID("id"), act) }
	shown := judge.Must(http.StatusOK, handlertest.Post, at("preview"), handlertest.Obj{"amount_fen": 100_000})
	got := shown.List("creditors")
	if len(got) != 3 || got[0].ID("amount_fen") != 33_334 || got[1].ID("amount_fen") != 33_333 || got[0].ID("left_fen") != 66_666 || shown.ID("rest_fen") != 0 || len(shown.List("choices")) != 2 {
		t.Errorf("%v", shown)
	}
	first := shown.List("lines")[0].ID("installment_id")
	byHand := handlertest.Obj{"amount_fen": 100_000, "version": 1, "allocations": []handlertest.Obj{{"installment_id": first, "amount_fen": 100_000}}}
	if needs := judge.Must(http.StatusOK, handlertest.Post, at("preview"), handlertest.Obj{"amount_fen": 100_000, "allocations": byHand["allocations"]}).List("needs"); len(needs) != 1 || needs[0].Str("field") != "order_reason" {
		t.Errorf("%v", needs)
	}
	if no := judge.Must(http.StatusOK, handlertest.Post, at("preview"), handlertest.Obj{"amount_fen": 0}).Obj("refused"); no.Str("reason") != "amount.positive" {
		t.Errorf("%v", no)
	}
	refusedAll(t, []mistake{
		{judge, handlertest.Bad, "allocation.reason", handlertest.Post, at("confirm"), byHand, "order_reason"},
		{judge, handlertest.Bad, "allocation.spreading", handlertest.Post, at("confirm"), handlertest.Obj{"amount_fen": 100_000, "version": 1, "spreading": "proportion", "allocations": byHand["allocations"]}, "spreading"},
		{judge, handlertest.Gone, "receipt.not_found", handlertest.Post, "/receipts/999999/preview", handlertest.Obj{"amount_fen": 1}, ""},
		{w.Staff("chen.hao", model.RoleJudge), handlertest.Gone, "receipt.not_found", handlertest.Post, at("preview"), handlertest.Obj{"amount_fen": 1}, ""},
	})
	desk := w.Visitor(judge)
	page := fmt.Sprintf("/receipts/%d", r.ID("id"))
	if body := judge.Reads(page); !strings.Contains(body, "家长丙") || !strings.Contains(body, "333.34") || !strings.Contains(body, "试算") {
		t.Error("the page does not show who gets what")
	}
	form := url.Values{"version": {"1"}, "amount": {"600"}, "spreading": {"due"}, "key": {servicetest.FreshKey()}}
	status, body := judge.Posts(page+"/preview", form)
	if status != http.StatusOK || !strings.Contains(body, "200.00") || !strings.Contains(body, `value="600"`) {
		t.Errorf("without a script: %d", status)
	}
	res, part := desk.Send(http.MethodPost, page+"/preview", form, map[string]string{"HX-Request": "true", "HX-Target": "allocation"})
	if res.StatusCode != http.StatusOK || strings.Contains(part, "<html") || !strings.Contains(part, "200.00") {
		t.Errorf("with a script: %d %s", res.StatusCode, part)
	}
	form.Set(fmt.Sprintf("part_%d", first), "600")
	if status, body = judge.Posts(page+"/confirm", form); status != http.StatusBadRequest || !strings.Contains(body, "与通常的分配") || !strings.Contains(body, `value="600"`) {
		t.Errorf("no reason is asked for: %d", status)
	}
	form.Set("order_reason", "其他家长书面同意先付给甲")
	form.Set("differs", "600") // he was asked whether he means less than is claimed
	if status, _ = judge.Posts(page+"/confirm", form); status != http.StatusSeeOther {
		t.Errorf("%d", status)
	}
	w.CarryOut()
	refusedAll(t, []mistake{
		{judge, handlertest.Bad, "allocation.reason", handlertest.Post, at("correct"), handlertest.Obj{"amount_fen": 100_000, "version": 2, "reason": "金额有误", "allocations": byHand["allocations"]}, "order_reason"},
		{judge, handlertest.Bad, "allocation.spreading", handlertest.Post, at("correct"), handlertest.Obj{"amount_fen": 100_000, "version": 2, "reason": "金额有误", "spreading": "proportion", "allocations": byHand["allocations"]}, "spreading"},
	})
	if e := judge.Must(http.StatusOK, handlertest.Get, page, nil).List("entries")[0]; e.Str("spreading") != "chosen" || e.Str("order_reason") == "" {
		t.Errorf("%v", e)
	}
}

// A page that was opened before another receipt of the case was decided books nothing:
// it comes back with 409, what was typed and the allocation as it is now; by that one
// the second click passes. A program says by the stamp what it saw. What a correction
// would do is on the page and in the API before it is done.
func TestWhatIsConfirmedIsWhatWasSeen(t *testing.T) {
	t.Parallel()
	w := handlertest.New(t)
	judge, clerk := w.Staff("zhang.min", model.RoleJudge), w.Staff("wan.tt", model.RoleClerk)
	debtor := w.Phone("")
	f := w.File(clerk)
	debtor.Bind(clerk, f.ID, f.Debtor)
	first, second := debtor.Submit(f, 30_000, 1), debtor.Submit(f, 40_000, 2)
	page := func(r handlertest.Obj) string { return fmt.Sprintf("/receipts/%d", r.ID("id")) }
	stampOf := regexp.MustCompile(`name="stamp" form="([a-z-]+)" value="([0-9a-f]+)"`)
	stamp := func(body string) string {
		m := stampOf.FindStringSubmatch(body)
		if m == nil {
			t.Fatal("the page does not say what it rests on")
		}
		return m[2]
	}
	opened := judge.Reads(page(second))
	form := url.Values{"version": {"1"}, "amount": {"400"}, "stamp": {stamp(opened)}, "order_reason": {"权利人书面同意先抵充第二期"}, "key": {servicetest.FreshKey()}}
	seen := judge.Must(http.StatusOK, handlertest.Post, page(second)+"/preview", handlertest.Obj{"amount_fen": 40_000}).Str("stamp")
	if seen != form.Get("stamp") {
		t.Errorf("the page rests on %s, the API on %s", form.Get("stamp"), seen)
	}
	judge.Confirm(first, 30_000)
	refusedAll(t, []mistake{
		{judge, http.StatusConflict, "receipt.reallocated", handlertest.Post, page(second) + "/confirm", handlertest.Obj{"amount_fen": 40_000, "version": 1, "stamp": seen}, ""},
	})
	status, body := judge.Posts(page(second)+"/confirm", form)
	if status != http.StatusConflict || !strings.Contains(body, "分配已变化，请重新查看") || !strings.Contains(body, "权利人书面同意先抵充第二期") || !strings.Contains(body, "300.00") {
		t.Errorf("%d", status)
	}
	if l := judge.Must(http.StatusOK, handlertest.Get, fmt.Sprintf("/cases/%d/ledger", f.ID), nil); l.ID("confirmed_fen") != 30_000 {
		t.Errorf("something was booked: %v", l)
	}
	form.Set("stamp", stamp(body))
	if status, _ = judge.Posts(page(second)+"/confirm", form); status != http.StatusSeeOther {
		t.Errorf("as it was seen it is not taken: %d", status)
	}
	w.CarryOut()
	fix := url.Values{"version": {"2"}, "amount": {"100"}, "reason": {"银行实际入账一百元"}, "key": {servicetest.FreshKey()}}
	status, body = judge.Posts(page(first)+"/correct-preview", fix)
	if status != http.StatusOK || !strings.Contains(body, "由 300.00 元更正为 100.00 元") || !strings.Contains(body, "银行实际入账一百元") {
		t.Errorf("the page of a correction: %d", status)
	}
	fix.Set("stamp", stamp(body))
	shown := judge.Must(http.StatusOK, handlertest.Post, page(first)+"/correction-preview", handlertest.Obj{"amount_fen": 10_000})
	if lines := shown.List("lines"); shown.ID("confirmed_fen") != 30_000 || len(lines) != 1 || lines[0].ID("was_fen") != 30_000 || lines[0].ID("amount_fen") != 10_000 || shown.Str("stamp") != fix.Get("stamp") {
		t.Errorf("%v", shown)
	}
	if no := judge.Must(http.StatusOK, handlertest.Post, page(first)+"/correction-preview", handlertest.Obj{"amount_fen": -1}).Obj("refused"); no.Str("reason") != "amount.negative" {
		t.Errorf("%v", no)
	}
	refusedAll(t, []mistake{
		{judge, handlertest.Gone, "receipt.not_found", handlertest.Post, "/receipts/999999/correction-preview", handlertest.Obj{"amount_fen": 1}, ""},
		{judge, http.StatusConflict, "receipt.reallocated", handlertest.Post, page(first) + "/correct", handlertest.Obj{"amount_fen": 10_000, "version": 2, "reason": "金额有误", "stamp": seen}, ""},
	})
	if status, _ = judge.Posts(page(first)+"/correct", fix); status != http.StatusSeeOther {
		t.Errorf("the correction that was seen: %d", status)
	}
}

// One receipt for two cases, from the phone: what may go wrong, what each case gets,
// and that a returned part is replaced once.
func TestOneReceiptForTwoCases(t *testing.T) {
	t.Parallel()
	w := handlertest.New(t)
	judge, clerk := w.Staff("zhang.min", model.RoleJudge), w.Staff("wan.tt", model.RoleClerk)
	debtor, stranger := w.Phone(""), w.Phone("")
	input := func() handlertest.Obj {
		in := parentsInput("家长甲")
		in["group_ref"] = "小太阳托班"
		return in
	}
	one, two, alone := w.FileInput(clerk, input()), w.FileInput(clerk, input()), w.File(clerk)
	for _, f := range []handlertest.Filed{one, two, alone} {
		debtor.Bind(clerk, f.ID, f.Debtor)
	}
	creditor := w.Phone("")
	creditor.Bind(clerk, one.ID, w.PartyNamed(servicetest.Person{Actor: clerk.Actor()}, one.ID, "家长甲"))
	path := func(f handlertest.Filed) string { return fmt.Sprintf("/cases/%d/group-receipts", f.ID) }
	claim := func(amount int64, change func(handlertest.Obj)) handlertest.Obj {
		c := handlertest.Claim(amount, debtor.Uploaded(one.ID, int(amount)))
		c["proof_kind"], c["payee_name"] = "court_account", ""
		if change != nil {
			change(c)
		}
		return c
	}
	part := func(f handlertest.Filed, fen int64) handlertest.Obj {
		return handlertest.Obj{"case_id": f.ID, "amount_fen": fen}
	}
	used := claim(301, nil)
	spent := debtor.Must(http.StatusCreated, handlertest.Post, path(one), used)
	if len(spent.List("receipts")) != 2 {
		t.Errorf("%v", spent)
	}
	shares := fmt.Sprintf("/cases/%d/group-shares", one.ID)
	if list := debtor.Must(http.StatusOK, handlertest.Get, shares+"?amount_fen=1000&paid_on=2026-03-01", nil).List("cases"); len(list) != 2 || list[0].ID("amount_fen") != 500 || list[0].ID("open_fen") != 100_000 {
		t.Errorf("%v", list)
	}
	set := func(k string, v any) func(handlertest.Obj) { return func(o handlertest.Obj) { o[k] = v } }
	both := w.Phone("")
	inTwo := parentsInput("家长甲")
	inTwo["group_ref"] = "两名义务人"
	inTwo["parties"] = append(inTwo["parties"].([]handlertest.Obj), handlertest.Obj{"ref": "D2", "role": "defendant", "kind": "person", "name": "赵明远", "id_number": "34052419800101001X"})
	inTwo["instruments"].([]handlertest.Obj)[0]["obligations"].([]handlertest.Obj)[0]["obligors"] = []string{"D1", "D2"}
	joint := w.FileInput(clerk, inTwo)
	both.Bind(clerk, joint.ID, joint.Debtor)
	both.Bind(clerk, joint.ID, w.PartyNamed(servicetest.Person{Actor: clerk.Actor()}, joint.ID, "赵明远"))
	spoiled := debtor.Spoiled(one.ID)
	refusedAll(t, []mistake{
		{stranger, handlertest.Gone, "case.not_found", handlertest.Post, path(one), claim(302, nil), ""},
		{stranger, handlertest.Gone, "case.not_found", handlertest.Get, shares, nil, ""},
		{debtor, http.StatusConflict, "group.none", handlertest.Post, path(alone), claim(303, set("file_ids", []int64{debtor.Uploaded(alone.ID, 303)})), ""},
		{debtor, http.StatusConflict, "group.none", handlertest.Get, fmt.Sprintf("/cases/%d/group-shares", alone.ID), nil, ""},
		{creditor, handlertest.Bad, "party.not_obligor", handlertest.Get, shares, nil, "party_id"},
		{creditor, handlertest.Bad, "party.not_obligor", handlertest.Post, path(one), claim(304, set("file_ids", []int64{creditor.Uploaded(one.ID, 304)})), "party_id"},
		{both, handlertest.Bad, "party.ambiguous", handlertest.Get, fmt.Sprintf("/cases/%d/group-shares", joint.ID), nil, "party_id"},
		{both, handlertest.Bad, "party.ambiguous", handlertest.Post, path(joint), claim(305, set("file_ids", []int64{both.Uploaded(joint.ID, 305)})), "party_id"},
		{debtor, handlertest.Bad, "group.sum", handlertest.Post, path(one), claim(306, set("parts", []handlertest.Obj{part(two, 305)})), "parts"},
		{debtor, handlertest.Bad, "group.case", handlertest.Post, path(one), claim(307, set("parts", []handlertest.Obj{part(two, 300), part(alone, 7)})), "parts[1].case_id"},
		{debtor, handlertest.Bad, "amount.over_debt", handlertest.Post, path(one), claim(900_000, nil), "amount_fen"},
		{debtor, handlertest.Bad, "amount.positive", handlertest.Post, path(one), claim(308, set("amount_fen", 0)), "amount_fen"},
		{debtor, handlertest.Bad, "amount.too_large", handlertest.Post, path(one), claim(309, set("amount_fen", int64(model.MaxFen)+1)), "amount_fen"},
		{debtor, handlertest.Bad, "group.money", handlertest.Post, path(one), claim(310, set("proof_kind", "conduct")), "proof_kind"},
		{debtor, handlertest.Bad, "proof.unknown", handlertest.Post, path(one), claim(319, set("proof_kind", "")), "proof_kind"},
		{debtor, handlertest.Bad, "payer.unknown", handlertest.Post, path(one), claim(311, set("payer_kind", "")), ""},
		{debtor, handlertest.Bad, "date.future", handlertest.Post, path(one), claim(312, set("paid_on", "2026-12-31")), "paid_on"},
		{debtor, handlertest.Bad, "file.missing", handlertest.Post, path(one), claim(313, set("file_ids", []int64{})), "file_ids"},
		{debtor, handlertest.Bad, "file.too_many", handlertest.Post, path(one), claim(314, set("file_ids", []int64{1, 2, 3, 4, 5, 6, 7, 8, 9, 10})), "file_ids"},
		{debtor, handlertest.Bad, "file.repeated", handlertest.Post, path(one), claim(315, set("file_ids", []int64{1, 1})), "file_ids"},
		{debtor, handlertest.Bad, "file.unknown", handlertest.Post, path(one), claim(316, set("file_ids", []int64{999_999})), "file_ids"},
		{debtor, handlertest.Bad, "file.attached", handlertest.Post, path(one), claim(317, set("file_ids", used["file_ids"])), "file_ids"},
		{debtor, handlertest.Bad, "file.damaged", handlertest.Post, path(one), claim(318, set("file_ids", []int64{spoiled})), ""},
	})
	first := spent.List("receipts")[0]
	if g := first.Obj("group"); g.ID("amount_fen") != 301 || len(g.List("parts")) != 2 {
		t.Errorf("%v", g)
	}
	if seen := creditor.Must(http.StatusOK, handlertest.Get, fmt.Sprintf("/receipts/%d", first.ID("id")), nil); seen["group"] != nil {
		t.Errorf("a creditor sees the other case: %v", seen)
	}
	at := func(act string) string { return fmt.Sprintf("/receipts/%d/%s", first.ID("id"), act) }
	judge.Refused(handlertest.Bad, "group.over_paid", handlertest.Post, at("confirm"), handlertest.Obj{"amount_fen": 302, "version": 1})
	judge.Must(http.StatusOK, handlertest.Post, at("return"), handlertest.Obj{"version": 1, "reason": "看不清"})
	again := func(fen int64) handlertest.Obj { return claim(fen, set("replaces_id", first.ID("id"))) }
	receipts := fmt.Sprintf("/cases/%d/receipts", one.ID)
	debtor.Refused(handlertest.Bad, "group.over_paid", handlertest.Post, receipts, again(152))
	debtor.Must(http.StatusCreated, handlertest.Post, receipts, again(150))
	debtor.Refused(http.StatusConflict, "receipt.replaced", handlertest.Post, receipts, again(149))
	sister := spent.List("receipts")[1]
	judge.Confirm(sister, sister.ID("claimed_fen"))
	judge.Refused(handlertest.Bad, "group.over_paid", handlertest.Post, fmt.Sprintf("/receipts/%d/correct", sister.ID("id")), handlertest.Obj{"amount_fen": 302, "version": 2, "reason": "金额有误"})
	if body := judge.Reads(fmt.Sprintf("/receipts/%d", first.ID("id"))); !strings.Contains(body, "用于几个案件的一笔付款") {
		t.Error("the judge does not see that it is one payment for two cases")
	}
	if body := clerk.Reads(fmt.Sprintf("/cases/%d/window", one.ID)); !strings.Contains(body, `name="group"`) {
		t.Error("the window cannot share a payment")
	}
}

// A change that does not say which version its user saw says so itself, whatever the
// door: it is no change by somebody else.
func TestAMissingVersionIsNamedOnEveryDoor(t *testing.T) {
	t.Parallel()
	versions := 0
	for _, row := range handler.RowInputs() {
		if row.Input == nil || row.Method == http.MethodGet {
			continue
		}
		for _, f := range reflect.VisibleFields(reflect.TypeOf(row.Input)) {
			name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
			if name != "version" && f.Tag.Get("formData") != "version" {
				continue
			}
			if versions++; f.Tag.Get("required") != "true" {
				t.Errorf("%s %s takes a change without a version", row.Method, row.Path)
			}
		}
	}
	if versions < 20 {
		t.Errorf("only %d routes have a version", versions)
	}
	// The desk's forms read it in one place, which misses it.
	files, err := filepath.Glob("desk/*.go")
	if err != nil || len(files) == 0 {
		t.Fatal(files, err)
	}
	reads := regexp.MustCompile(`(PostForm|number|text|integer|count)\("(version|seen)"\)`)
	for _, file := range files {
		b, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if found := reads.FindAllString(string(b), -1); len(found) > 0 && filepath.Base(file) != "form.go" {
			t.Errorf("%s reads a version by itself: %v", file, found)
		}
	}
	w := handlertest.New(t)
	judge, clerk, debtor := w.Staff("zhang.min", model.RoleJudge), w.Staff("wan.tt", model.RoleClerk), w.Phone("")
	f := w.File(clerk)
	debtor.Bind(clerk, f.ID, f.Debtor)
	r := debtor.Submit(f, 100, 5)
	at := fmt.Sprintf("/receipts/%d/", r.ID("id"))
	refusedAll(t, []mistake{
		{judge, handlertest.Bad, "field.required", handlertest.Post, at + "confirm", handlertest.Obj{"amount_fen": 100}, "version"},
		{judge, handlertest.Bad, "field.required", handlertest.Post, at + "return", handlertest.Obj{"reason": "看不清"}, "version"},
		{debtor, handlertest.Bad, "field.required", handlertest.Post, at + "withdraw", handlertest.Obj{}, "version"},
	})
	for act, form := range map[string]url.Values{
		"confirm": {"amount": {"1"}, "key": {servicetest.FreshKey()}}, "return": {"reason": {"看不清"}}, "correct": {"amount": {"1"}, "reason": {"错"}, "key": {servicetest.FreshKey()}},
	} {
		if status, body := judge.Posts(at+act, form); status != http.StatusBadRequest || !strings.Contains(body, "缺少版本号") {
			t.Errorf("%s: %d", act, status)
		}
	}
}
