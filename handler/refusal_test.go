package handler_test

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"microcourt/model"
)

// What bad input gets: a clear error, and nothing changed.
func TestFilingRefusesBadInputAndChangesNothing(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.staff("zhang.min", model.RoleJudge)
	clerk := w.staff("wan.tt", model.RoleClerk)
	set := func(path string, v any) func(obj) {
		return func(in obj) {
			keys := strings.Split(path, ".")
			at := in
			for _, k := range keys[:len(keys)-1] {
				switch v := at[k].(type) {
				case []obj:
					at = v[0]
				case obj:
					at = v
				}
			}
			at[keys[len(keys)-1]] = v
		}
	}
	for name, tt := range map[string]struct {
		change func(obj)
		field  string
		reason string
	}{
		"case number":        {set("case_no", "（2026）浙0211自履1号"), "case_no", "case_no.type"},
		"another court":      {set("case_no", "（2026）浙0212民初1号"), "case_no", "case_no.court"},
		"ID check digit":     {set("parties.id_number", "110105194912310021"), "parties[0].id_number", "id.check_digit"},
		"phone":              {set("parties.phone", "1380013800"), "parties[0].phone", "phone.format"},
		"filed in future":    {set("filed_on", "2026-03-03"), "filed_on", "date.future"},
		"unknown judge":      {set("judge", "nobody"), "judge", "judge.unknown"},
		"amount zero":        {set("instruments.obligations.amount_fen", 0), "instruments[0].obligations[0].amount_fen", "amount.positive"},
		"amount negative":    {set("instruments.obligations.amount_fen", -5), "instruments[0].obligations[0].amount_fen", "amount.positive"},
		"instalments' sum":   {set("instruments.obligations.amount_fen", 100001), "instruments[0].obligations[0].installments", "amount.sum"},
		"unknown obligor":    {set("instruments.obligations.obligors", []string{"D9"}), "instruments[0].obligations[0].obligors[0]", "party.unknown"},
		"owes himself":       {set("instruments.obligations.obligee", "D1"), "instruments[0].obligations[0].obligee", "obligee.same"},
		"kind of instrument": {set("instruments.kind", "letter"), "instruments[0].kind", "instrument.kind"},
	} {
		in := caseInput()
		tt.change(in)
		a := clerk.call(http.MethodPost, "/cases", in)
		found := false
		for _, f := range a.json.obj("error").list("fields") {
			found = found || f.str("field") == tt.field && f.str("reason") == tt.reason && f.str("message") != ""
		}
		if a.status != http.StatusBadRequest || !found {
			t.Errorf("%s: %d %s; want %s at %s", name, a.status, a.body, tt.reason, tt.field)
		}
	}
	clerk.refused(http.StatusBadRequest, "date.format", http.MethodPost, "/cases", obj{"filed_on": "2026-02-30"})
	clerk.refused(http.StatusBadRequest, "field.unknown", http.MethodPost, "/cases", obj{"cse_no": "x"})
	if list := clerk.must(http.StatusOK, http.MethodGet, "/cases", nil).list("cases"); len(list) != 0 {
		t.Errorf("something was filed: %v", list)
	}
}

func TestPuttingACaseIsIdempotentAndOrdered(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.staff("zhang.min", model.RoleJudge)
	sys := w.caseSystem()
	in := caseInput()
	path := "/case-system/cases/" + strings.NewReplacer("（", "%EF%BC%88", "）", "%EF%BC%89").Replace(in.str("case_no"))
	put := func(version int, change func(obj)) answer {
		body := obj{"version": version}
		for k, v := range in {
			body[k] = v
		}
		if change != nil {
			change(body)
		}
		return sys.call(http.MethodPut, path, body)
	}
	var wg sync.WaitGroup
	var mu sync.Mutex
	outcomes := map[string]int{}
	for range 8 {
		wg.Go(func() {
			a := put(3, nil)
			mu.Lock()
			defer mu.Unlock()
			outcomes[a.json.str("outcome")]++
		})
	}
	wg.Wait()
	if outcomes["created"] != 1 || outcomes["unchanged"] != 7 {
		t.Fatalf("eight pushes of one version: %v", outcomes)
	}
	cause := func(b obj) { b["cause"] = "服务合同纠纷" }
	if a := put(3, cause); a.json.reason() != "case.version_reused" {
		t.Errorf("%s", a.body)
	}
	if a := put(2, nil); a.json.reason() != "case.stale" {
		t.Errorf("%s", a.body)
	}
	if a := put(4, cause); a.json.str("outcome") != "updated" {
		t.Errorf("%s", a.body)
	}
	if a := put(5, func(b obj) { b["parties"] = in["parties"].([]obj)[:1]; b["instruments"] = []obj{} }); a.status != http.StatusBadRequest {
		t.Errorf("a push that drops a party answered %d %s", a.status, a.body)
	}
	enforced := func(b obj) {
		b["enforcement"] = []obj{{"case_no": "（2026）浙0211执7号", "filed_on": "2026-03-01"}}
	}
	if a := put(6, enforced); a.json.str("outcome") != "updated" {
		t.Errorf("%s", a.body)
	}
}

func TestReceiptsRefuseBadInput(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	judge, clerk := w.staff("zhang.min", model.RoleJudge), w.staff("wan.tt", model.RoleClerk)
	f, other := w.file(clerk), w.file(clerk)
	debtor, stranger := w.phone(""), w.phone("")
	debtor.bind(clerk, f.id, f.debtor)
	stranger.bind(clerk, other.id, other.debtor)
	path := fmt.Sprintf("/cases/%d/receipts", f.id)
	file := debtor.uploaded(f.id, 11)
	with := func(k string, v any) obj {
		c := claim(60000, file)
		c[k] = v
		return c
	}
	for reason, body := range map[string]obj{
		"amount.positive": with("amount_fen", 0), "amount.over_debt": with("amount_fen", 100001), "date.future": with("paid_on", "2026-03-03"),
		"installment.unknown": with("installment_ids", []int64{other.installments[0]}), "file.unknown": with("file_ids", []int64{999}),
		"file.missing": with("file_ids", []int64{}), "file.repeated": with("file_ids", []int64{file, file}), "proof.unknown": with("proof_kind", "x"),
		"file.too_many": with("file_ids", []int64{1, 2, 3, 4, 5, 6, 7, 8, 9, 10}), "receipt.not_returned": with("replaces_id", 77),
	} {
		debtor.refused(http.StatusBadRequest, reason, http.MethodPost, path, body)
	}
	// Somebody else's case is not found, whether it exists or not.
	stranger.refused(http.StatusNotFound, "case.not_found", http.MethodPost, path, claim(1, file))
	stranger.refused(http.StatusNotFound, "case.not_found", http.MethodGet, fmt.Sprintf("/cases/%d", f.id), nil)
	stranger.refused(http.StatusNotFound, "file.not_found", http.MethodGet, fmt.Sprintf("/files/%d/view", file), nil)
	r := debtor.must(http.StatusCreated, http.MethodPost, path, claim(60000, file))
	stranger.refused(http.StatusNotFound, "receipt.not_found", http.MethodGet, fmt.Sprintf("/receipts/%d", r.id("id")), nil)
	clerk.refused(http.StatusForbidden, "role.forbidden", http.MethodPost, fmt.Sprintf("/receipts/%d/confirm", r.id("id")), obj{})
	confirm := fmt.Sprintf("/receipts/%d/confirm", r.id("id"))
	for reason, body := range map[string]obj{
		"amount.over_debt": {"version": 1, "amount_fen": 100001}, "amount.positive": {"version": 1, "amount_fen": 0},
		"amount.sum":              {"version": 1, "amount_fen": 60000, "allocations": []obj{{"installment_id": f.installments[0], "amount_fen": 59999}}},
		"installment.unknown":     {"version": 1, "amount_fen": 60000, "allocations": []obj{{"installment_id": 999, "amount_fen": 60000}}},
		"amount.over_installment": {"version": 1, "amount_fen": 60001, "allocations": []obj{{"installment_id": f.installments[0], "amount_fen": 60001}}},
	} {
		judge.refused(http.StatusBadRequest, reason, http.MethodPost, confirm, body)
	}
	judge.refused(http.StatusConflict, "receipt.changed", http.MethodPost, confirm, obj{"version": 9, "amount_fen": 60000})
	judge.refused(http.StatusBadRequest, "reason.required", http.MethodPost, fmt.Sprintf("/receipts/%d/return", r.id("id")), obj{"version": 1, "reason": " "})
	if l := judge.must(http.StatusOK, http.MethodGet, fmt.Sprintf("/cases/%d/ledger", f.id), nil); l.num("confirmed_fen") != 0 {
		t.Errorf("something was confirmed: %v", l)
	}
}

// Two judges, or two clicks, at once never confirm twice; a repeat of the same
// request is the same answer.
func TestConfirmingAtOnceMakesOneEntry(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	judge, clerk := w.staff("zhang.min", model.RoleJudge), w.staff("wan.tt", model.RoleClerk)
	f := w.file(clerk)
	debtor := w.phone("")
	debtor.bind(clerk, f.id, f.debtor)
	r := debtor.submit(f, 60000, 21)
	path := fmt.Sprintf("/receipts/%d/confirm", r.id("id"))
	var wg sync.WaitGroup
	var mu sync.Mutex
	statuses := map[int]int{}
	winner := ""
	for i := range 16 {
		wg.Go(func() {
			key := fmt.Sprintf("click-key-%02d", i)
			a := judge.callKey(http.MethodPost, path, obj{"version": r.num("version"), "amount_fen": 60000}, key)
			mu.Lock()
			defer mu.Unlock()
			statuses[a.status]++
			if a.status == http.StatusOK {
				winner = key
			} else if a.json.reason() != "receipt.decided" {
				t.Errorf("a second click got %s", a.body)
			}
		})
	}
	wg.Wait()
	if statuses[http.StatusOK] != 1 || statuses[http.StatusConflict] != 15 {
		t.Fatalf("answers: %v", statuses)
	}
	if a := judge.callKey(http.MethodPost, path, obj{"version": r.num("version"), "amount_fen": 60000}, winner); a.status != http.StatusOK {
		t.Errorf("the winner's repeat answered %d %s", a.status, a.body)
	}
	l := judge.must(http.StatusOK, http.MethodGet, fmt.Sprintf("/cases/%d/ledger", f.id), nil)
	if l.num("confirmed_fen") != 60000 || len(l.list("entries")) != 1 {
		t.Errorf("the ledger: %v", l)
	}
}

func TestCorrectionReversesAndReopens(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	judge, clerk := w.staff("zhang.min", model.RoleJudge), w.staff("wan.tt", model.RoleClerk)
	f := w.file(clerk)
	debtor := w.phone("")
	debtor.bind(clerk, f.id, f.debtor)
	r := debtor.submit(f, 100000, 31)
	judge.confirm(r, 100000)
	want := obj{"instrument_id": f.instrument, "party_id": f.debtor}
	cert := judge.must(http.StatusCreated, http.MethodPost, fmt.Sprintf("/cases/%d/certificates", f.id), want)
	path := fmt.Sprintf("/receipts/%d/correct", r.id("id"))
	judge.refused(http.StatusBadRequest, "reason.required", http.MethodPost, path, obj{"version": 2, "amount_fen": 1})
	d := judge.must(http.StatusOK, http.MethodPost, path, obj{"version": 2, "amount_fen": 70000, "reason": "银行实际入账七百元"})
	if d.str("state") != "corrected" || fmt.Sprint(d["doubtful_certificates"]) != "["+cert.str("number")+"]" {
		t.Fatalf("%v", d)
	}
	l := judge.must(http.StatusOK, http.MethodGet, fmt.Sprintf("/cases/%d/ledger", f.id), nil)
	if e := l.list("entries"); len(e) != 3 || e[1].num("amount_fen") != -100000 || e[1].id("reverses_id") != e[0].id("id") ||
		l.num("outstanding_fen") != 30000 || l.str("performance") != "partial" || l.str("next_due_on") != "2026-04-30" {
		t.Fatalf("the ledger: %v", l)
	}
}

func TestBindingCodesAreUsedOnceAndGuessingIsLimited(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.staff("zhang.min", model.RoleJudge)
	clerk := w.staff("wan.tt", model.RoleClerk)
	f := w.file(clerk)
	issue := func() string {
		return clerk.must(http.StatusCreated, http.MethodPost, fmt.Sprintf("/cases/%d/parties/%d/binding-codes", f.id, f.debtor), obj{}).str("code")
	}
	old := issue()
	code := issue()
	a, b := w.phone(""), w.phone("")
	a.refused(http.StatusBadRequest, "binding_code.voided", http.MethodPost, "/bindings/code", obj{"code": old})
	var wg sync.WaitGroup
	got := make([]answer, 2)
	for i, c := range []*client{a, b} {
		wg.Go(func() { got[i] = c.call(http.MethodPost, "/bindings/code", obj{"code": strings.ToLower(code)}) })
	}
	wg.Wait()
	if got[0].status+got[1].status != http.StatusCreated+http.StatusBadRequest {
		t.Fatalf("two phones with one code: %d %s, %d %s", got[0].status, got[0].body, got[1].status, got[1].body)
	}
	late := issue()
	w.clock.Advance(31 * 24 * time.Hour)
	c := w.phone("")
	c.refused(http.StatusBadRequest, "binding_code.expired", http.MethodPost, "/bindings/code", obj{"code": late})
	for range 10 {
		c.refused(http.StatusBadRequest, "binding_code.wrong", http.MethodPost, "/bindings/code", obj{"code": "AAAA-BBBB-CCCC"})
	}
	c.refused(http.StatusTooManyRequests, "binding.blocked", http.MethodPost, "/bindings/code", obj{"code": "AAAA-BBBB-CCCC"})
}

func TestIdentityBindingIsNoOracle(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.staff("zhang.min", model.RoleJudge)
	clerk := w.staff("wan.tt", model.RoleClerk)
	w.file(clerk)
	right := w.phone("13800138000")
	var messages []string
	for _, body := range []obj{
		{"name": "李某某", "id_number": "11010519491231002X"}, {"name": "李某", "id_number": "34052419800101001X"},
	} {
		body["phone_code"] = w.phoneCode(right)
		a := right.call(http.MethodPost, "/bindings/identity", body)
		messages = append(messages, a.json.obj("error").str("message"))
	}
	other := w.phone("13700137000")
	a := other.call(http.MethodPost, "/bindings/identity", obj{"name": "李某", "id_number": "11010519491231002X", "phone_code": w.phoneCode(other)})
	messages = append(messages, a.json.obj("error").str("message"))
	if messages[0] == "" || messages[0] != messages[1] || messages[1] != messages[2] {
		t.Errorf("the answers tell what was wrong: %q", messages)
	}
	for range 4 {
		other.call(http.MethodPost, "/bindings/identity", obj{"name": "李某", "id_number": "11010519491231002X", "phone_code": w.phoneCode(other)})
	}
	other.refused(http.StatusTooManyRequests, "binding.blocked", http.MethodPost, "/bindings/identity",
		obj{"name": "李某", "id_number": "11010519491231002X", "phone_code": w.phoneCode(other)})
}

func TestHandOverMovesTheDuty(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	old, next := w.staff("zhang.min", model.RoleJudge), w.staff("ji.wei", model.RoleJudge)
	clerk := w.staff("wan.tt", model.RoleClerk)
	f := w.file(clerk)
	debtor := w.phone("")
	debtor.bind(clerk, f.id, f.debtor)
	r := debtor.submit(f, 60000, 41)
	next.refused(http.StatusNotFound, "receipt.not_found", http.MethodPost, fmt.Sprintf("/receipts/%d/confirm", r.id("id")), obj{"version": 1, "amount_fen": 60000})
	old.must(http.StatusNoContent, http.MethodPost, fmt.Sprintf("/cases/%d/hand-over", f.id), obj{"to_judge": "ji.wei", "reason": "轮岗", "version": 1})
	if q := old.must(http.StatusOK, http.MethodGet, "/receipts", nil).list("receipts"); len(q) != 0 {
		t.Errorf("the old judge's queue: %v", q)
	}
	old.refused(http.StatusNotFound, "case.not_found", http.MethodGet, fmt.Sprintf("/cases/%d", f.id), nil)
	next.confirm(r, 60000)
	if n := next.must(http.StatusOK, http.MethodGet, "/notices", nil).list("notices"); len(n) != 1 || n[0].str("kind") != "case.handed_over" {
		t.Errorf("the new judge's inbox: %v", n)
	}
}

// Another court's staff see nothing of this court.
func TestCourtsAreApart(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.staff("zhang.min", model.RoleJudge)
	clerk := w.staff("wan.tt", model.RoleClerk)
	f := w.file(clerk)
	court := w.addCourt("浙0212", "宁波市鄞州区人民法院", "鄞法")
	theirs := w.staffOf(court, "other", model.RoleClerk, model.RoleLeader, model.RoleJudge)
	theirs.refused(http.StatusNotFound, "case.not_found", http.MethodGet, fmt.Sprintf("/cases/%d", f.id), nil)
	if list := theirs.must(http.StatusOK, http.MethodGet, "/cases", nil).list("cases"); len(list) != 0 {
		t.Error(list)
	}
	if q := theirs.must(http.StatusOK, http.MethodGet, "/receipts", nil).list("receipts"); len(q) != 0 {
		t.Error(q)
	}
}

func TestDuplicatesAreFlaggedNeverRefused(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	judge, clerk := w.staff("zhang.min", model.RoleJudge), w.staff("wan.tt", model.RoleClerk)
	f, g := w.file(clerk), w.file(clerk)
	debtor := w.phone("")
	debtor.bind(clerk, f.id, f.debtor)
	debtor.bind(clerk, g.id, g.debtor)
	first := claim(1000, debtor.uploaded(f.id, 51))
	first["bank_serial"] = "ＨＤ 2026-001"
	r1 := debtor.must(http.StatusCreated, http.MethodPost, fmt.Sprintf("/cases/%d/receipts", f.id), first)
	second := claim(1000, debtor.uploaded(g.id, 51))
	second["bank_serial"], second["paid_on"], second["payer_kind"] = "hd2026001", "2026-02-01", "relative"
	r2 := debtor.must(http.StatusCreated, http.MethodPost, fmt.Sprintf("/cases/%d/receipts", g.id), second)
	flags := map[string]obj{}
	for _, fl := range judge.must(http.StatusOK, http.MethodGet, fmt.Sprintf("/receipts/%d", r2.id("id")), nil).list("flags") {
		flags[fl.str("kind")] = fl
	}
	for _, kind := range []string{"same_bytes", "same_serial", "before_effective", "paid_by_other"} {
		if flags[kind] == nil {
			t.Errorf("the flag %s is missing in %v", kind, flags)
		}
	}
	if fl := flags["same_bytes"]; fl.id("other_receipt_id") != r1.id("id") || fl.str("other_case_no") != f.no {
		t.Errorf("the flag does not point to the other receipt: %v", fl)
	}
	if d := debtor.must(http.StatusOK, http.MethodGet, fmt.Sprintf("/receipts/%d", r2.id("id")), nil); len(d.list("flags")) != 0 {
		t.Errorf("the payer sees flags: %v", d)
	}
	if q := judge.must(http.StatusOK, http.MethodGet, "/receipts?flagged=1", nil).list("receipts"); len(q) != 1 {
		t.Errorf("flagged queue: %v", q)
	}
}

// A creditor of many sees his own line and nobody else's.
func TestEachObligeeSeesHisOwnLine(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	judge, clerk := w.staff("zhang.min", model.RoleJudge), w.staff("wan.tt", model.RoleClerk)
	in := caseInput()
	in["parties"] = append(in["parties"].([]obj), obj{"ref": "C2", "role": "plaintiff", "kind": "person", "name": "王芳", "phone": "13600136000"})
	inst := in["instruments"].([]obj)[0]
	inst["obligations"] = []obj{
		{"ref": "O1", "kind": "money", "obligors": []string{"D1"}, "obligee": "C1", "amount_fen": 30000, "due_on": "2026-03-10"},
		{"ref": "O2", "kind": "money", "obligors": []string{"D1"}, "obligee": "C2", "amount_fen": 50000, "due_in_days": 15},
	}
	f := w.fileInput(clerk, in)
	debtor, c1 := w.phone(""), w.phone("")
	debtor.bind(clerk, f.id, f.debtor)
	c1.bind(clerk, f.id, f.creditor)
	r := debtor.submit(f, 80000, 61)
	judge.confirm(r, 80000)
	d := c1.must(http.StatusOK, http.MethodGet, fmt.Sprintf("/cases/%d", f.id), nil)
	if obs := d.list("instruments")[0].list("obligations"); len(obs) != 1 || obs[0].num("amount_fen") != 30000 || strings.Contains(fmt.Sprint(d), "王芳") {
		t.Errorf("the creditor sees %v", d)
	}
	l := c1.must(http.StatusOK, http.MethodGet, fmt.Sprintf("/cases/%d/ledger", f.id), nil)
	if l.num("owed_fen") != 30000 || l.list("entries")[0].num("amount_fen") != 30000 {
		t.Errorf("the creditor's ledger: %v", l)
	}
	mine := c1.must(http.StatusOK, http.MethodGet, fmt.Sprintf("/receipts/%d", r.id("id")), nil)
	if len(mine.list("responses")) != 1 || mine.num("claimed_fen") != 0 {
		t.Errorf("the creditor's receipt: %v", mine)
	}
	full := clerk.must(http.StatusOK, http.MethodGet, fmt.Sprintf("/cases/%d", f.id), nil)
	if due := full.list("instruments")[0].list("obligations")[1].list("installments")[0]; due.str("due_on") != "2026-02-25" || due.str("due_reason") == "" {
		t.Errorf("the computed due day: %v", due)
	}
	if err := w.svc.Notice.Drain(context.Background()); err != nil {
		t.Fatal(err)
	}
}
