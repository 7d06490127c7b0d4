package handler_test

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"microcourt/handler/handlertest"

	"microcourt/model"
)

// What the case system is told of a push: what became of it, or why it counts for
// nothing.
func TestPuttingACaseIsIdempotentAndOrdered(t *testing.T) {
	t.Parallel()
	w := handlertest.New(t)
	w.Staff("zhang.min", model.RoleJudge)
	sys, in := w.CaseSystem(), handlertest.CaseInput()
	path := "/case-system/cases/" + escaped(in.Str("case_no"))
	put := func(version int, change func(handlertest.Obj)) handlertest.Answer {
		body := handlertest.Obj{"version": version}
		for k, v := range in {
			body[k] = v
		}
		if change != nil {
			change(body)
		}
		return sys.Call(http.MethodPut, path, body)
	}
	cause := func(b handlertest.Obj) { b["cause"] = "服务合同纠纷" }
	for _, k := range []struct {
		version         int
		change          func(handlertest.Obj)
		outcome, reason string
	}{
		{3, nil, "created", ""},
		{3, nil, "unchanged", ""},
		{3, cause, "", "case.version_reused"},
		{2, nil, "", "case.stale"},
		{4, cause, "updated", ""},
		{5, func(b handlertest.Obj) {
			b["parties"] = in["parties"].([]handlertest.Obj)[:1]
			b["instruments"] = []handlertest.Obj{}
		}, "", "case.invalid"},
		{6, func(b handlertest.Obj) {
			b["enforcement"] = []handlertest.Obj{{"case_no": "（2026）浙0211执7号", "filed_on": "2026-03-01"}}
		}, "updated", ""},
	} {
		if a := put(k.version, k.change); a.Json.Str("outcome") != k.outcome || a.Json.Reason() != k.reason {
			t.Errorf("version %d: %d %s", k.version, a.Status, a.Body)
		}
	}
}

func TestReceiptsRefuseBadInput(t *testing.T) {
	t.Parallel()
	w := handlertest.New(t)
	judge, clerk := w.Staff("zhang.min", model.RoleJudge), w.Staff("wan.tt", model.RoleClerk)
	f, other := w.File(clerk), w.File(clerk)
	debtor, stranger := w.Phone(""), w.Phone("")
	debtor.Bind(clerk, f.ID, f.Debtor)
	stranger.Bind(clerk, other.ID, other.Debtor)
	path := fmt.Sprintf("/cases/%d/receipts", f.ID)
	file := debtor.Uploaded(f.ID, 11)
	with := func(k string, v any) handlertest.Obj {
		c := handlertest.Claim(60000, file)
		c[k] = v
		return c
	}
	for reason, body := range map[string]handlertest.Obj{
		"amount.positive": with("amount_fen", 0), "amount.over_debt": with("amount_fen", 100001), "date.future": with("paid_on", "2026-03-03"),
		"installment.unknown": with("installment_ids", []int64{other.Installments[0]}), "file.unknown": with("file_ids", []int64{999}),
		"file.missing": with("file_ids", []int64{}), "file.repeated": with("file_ids", []int64{file, file}), "proof.unknown": with("proof_kind", "x"),
		"file.too_many": with("file_ids", []int64{1, 2, 3, 4, 5, 6, 7, 8, 9, 10}), "receipt.not_returned": with("replaces_id", 77),
	} {
		debtor.Refused(http.StatusBadRequest, reason, http.MethodPost, path, body)
	}
	// Somebody else's case is not found, whether it exists or not.
	stranger.Refused(http.StatusNotFound, "case.not_found", http.MethodPost, path, handlertest.Claim(1, file))
	stranger.Refused(http.StatusNotFound, "case.not_found", http.MethodGet, fmt.Sprintf("/cases/%d", f.ID), nil)
	stranger.Refused(http.StatusNotFound, "file.not_found", http.MethodGet, fmt.Sprintf("/files/%d/view", file), nil)
	r := debtor.Must(http.StatusCreated, http.MethodPost, path, handlertest.Claim(60000, file))
	stranger.Refused(http.StatusNotFound, "receipt.not_found", http.MethodGet, fmt.Sprintf("/receipts/%d", r.ID("id")), nil)
	clerk.Refused(http.StatusForbidden, "role.forbidden", http.MethodPost, fmt.Sprintf("/receipts/%d/confirm", r.ID("id")), handlertest.Obj{})
	confirm := fmt.Sprintf("/receipts/%d/confirm", r.ID("id"))
	for reason, body := range map[string]handlertest.Obj{
		"amount.over_debt": {"version": 1, "amount_fen": 100001}, "amount.positive": {"version": 1, "amount_fen": 0},
		"amount.sum":              {"version": 1, "amount_fen": 60000, "allocations": []handlertest.Obj{{"installment_id": f.Installments[0], "amount_fen": 59999}}},
		"installment.unknown":     {"version": 1, "amount_fen": 60000, "allocations": []handlertest.Obj{{"installment_id": 999, "amount_fen": 60000}}},
		"amount.over_installment": {"version": 1, "amount_fen": 60001, "allocations": []handlertest.Obj{{"installment_id": f.Installments[0], "amount_fen": 60001}}},
	} {
		judge.Refused(http.StatusBadRequest, reason, http.MethodPost, confirm, body)
	}
	judge.Refused(http.StatusConflict, "receipt.changed", http.MethodPost, confirm, handlertest.Obj{"version": 9, "amount_fen": 60000})
	judge.Refused(http.StatusBadRequest, "reason.required", http.MethodPost, fmt.Sprintf("/receipts/%d/return", r.ID("id")), handlertest.Obj{"version": 1, "reason": " "})
	if l := judge.Must(http.StatusOK, http.MethodGet, fmt.Sprintf("/cases/%d/ledger", f.ID), nil); l.Num("confirmed_fen") != 0 {
		t.Errorf("something was confirmed: %v", l)
	}
}

// A correction names the certificates that rest on what was confirmed, and the ledger
// shows every entry.
func TestCorrectionReversesAndReopens(t *testing.T) {
	t.Parallel()
	w := handlertest.New(t)
	judge, clerk := w.Staff("zhang.min", model.RoleJudge), w.Staff("wan.tt", model.RoleClerk)
	f := w.File(clerk)
	debtor := w.Phone("")
	debtor.Bind(clerk, f.ID, f.Debtor)
	r := debtor.Submit(f, 100000, 31)
	judge.Confirm(r, 100000)
	cert := judge.Issues(f)
	path := fmt.Sprintf("/receipts/%d/correct", r.ID("id"))
	d := judge.Must(http.StatusOK, http.MethodPost, path, handlertest.Obj{"version": 2, "amount_fen": 70000, "reason": "银行实际入账七百元"})
	if d.Str("state") != "corrected" || fmt.Sprint(d["doubtful_certificates"]) != "["+cert.Str("number")+"]" {
		t.Fatalf("%v", d)
	}
	l := judge.Must(http.StatusOK, http.MethodGet, fmt.Sprintf("/cases/%d/ledger", f.ID), nil)
	if e := l.List("entries"); len(e) != 3 || e[1].Num("amount_fen") != -100000 || e[1].ID("reverses_id") != e[0].ID("id") ||
		l.Num("outstanding_fen") != 30000 || l.Str("performance") != "partial" || l.Str("next_due_on") != "2026-04-30" {
		t.Fatalf("the ledger: %v", l)
	}
}

// What a phone is told of a code or an identity that does not fit; who guesses is
// stopped.
func TestBindingsThatDoNotFit(t *testing.T) {
	t.Parallel()
	w := handlertest.New(t)
	w.Staff("zhang.min", model.RoleJudge)
	clerk := w.Staff("wan.tt", model.RoleClerk)
	f, phone, other := w.File(clerk), w.Phone(""), w.Phone("13700137000")
	old := w.BindingCode(clerk, f.ID, f.Debtor)
	code := w.BindingCode(clerk, f.ID, f.Debtor)
	try := func(by *handlertest.Client, status int, reason, code string) {
		t.Helper()
		by.Refused(status, reason, http.MethodPost, "/bindings/code", handlertest.Obj{"code": code})
	}
	try(phone, http.StatusBadRequest, "binding_code.voided", old)
	phone.Must(http.StatusCreated, http.MethodPost, "/bindings/code", handlertest.Obj{"code": strings.ToLower(code)})
	try(other, http.StatusBadRequest, "binding_code.used", code)
	late := w.BindingCode(clerk, f.ID, f.Creditor)
	w.Clock.Advance(31 * 24 * time.Hour)
	other.Renew()
	try(other, http.StatusBadRequest, "binding_code.expired", late)
	for range 10 {
		try(other, http.StatusBadRequest, "binding_code.wrong", "AAAA-BBBB-CCCC")
	}
	try(other, http.StatusTooManyRequests, "binding.blocked", "AAAA-BBBB-CCCC")
	stranger := w.Phone("13600136000")
	claim := func() handlertest.Obj {
		return handlertest.Obj{"name": "李某", "id_number": "11010519491231002X", "phone_code": w.PhoneCode(stranger)}
	}
	for range 5 {
		stranger.Refused(http.StatusBadRequest, "binding.no_match", http.MethodPost, "/bindings/identity", claim())
	}
	stranger.Refused(http.StatusTooManyRequests, "binding.blocked", http.MethodPost, "/bindings/identity", claim())
}

// Another court's staff see nothing of this court.
func TestCourtsAreApart(t *testing.T) {
	t.Parallel()
	w := handlertest.New(t)
	w.Staff("zhang.min", model.RoleJudge)
	clerk := w.Staff("wan.tt", model.RoleClerk)
	f := w.File(clerk)
	court := w.AddCourt("浙0212", "宁波市鄞州区人民法院", "鄞法")
	theirs := w.StaffOf(court, "other", model.RoleClerk, model.RoleLeader, model.RoleJudge)
	theirs.Refused(http.StatusNotFound, "case.not_found", http.MethodGet, fmt.Sprintf("/cases/%d", f.ID), nil)
	if list := theirs.Must(http.StatusOK, http.MethodGet, "/cases", nil).List("cases"); len(list) != 0 {
		t.Error(list)
	}
	if q := theirs.Must(http.StatusOK, http.MethodGet, "/receipts", nil).List("receipts"); len(q) != 0 {
		t.Error(q)
	}
}

func TestDuplicatesAreFlaggedNeverRefused(t *testing.T) {
	t.Parallel()
	w := handlertest.New(t)
	judge, clerk := w.Staff("zhang.min", model.RoleJudge), w.Staff("wan.tt", model.RoleClerk)
	f, g := w.File(clerk), w.File(clerk)
	debtor := w.Phone("")
	debtor.Bind(clerk, f.ID, f.Debtor)
	debtor.Bind(clerk, g.ID, g.Debtor)
	first := handlertest.Claim(1000, debtor.Uploaded(f.ID, 51))
	first["bank_serial"] = "ＨＤ 2026-001"
	r1 := debtor.Must(http.StatusCreated, http.MethodPost, fmt.Sprintf("/cases/%d/receipts", f.ID), first)
	second := handlertest.Claim(1000, debtor.Uploaded(g.ID, 51))
	second["bank_serial"], second["paid_on"], second["payer_kind"] = "hd2026001", "2026-02-01", "relative"
	r2 := debtor.Must(http.StatusCreated, http.MethodPost, fmt.Sprintf("/cases/%d/receipts", g.ID), second)
	flags := map[string]handlertest.Obj{}
	for _, fl := range judge.Must(http.StatusOK, http.MethodGet, fmt.Sprintf("/receipts/%d", r2.ID("id")), nil).List("flags") {
		flags[fl.Str("kind")] = fl
	}
	for _, kind := range []string{"same_bytes", "same_serial", "before_effective", "paid_by_other"} {
		if flags[kind] == nil {
			t.Errorf("the flag %s is missing in %v", kind, flags)
		}
	}
	if fl := flags["same_bytes"]; fl.ID("other_receipt_id") != r1.ID("id") || fl.Str("other_case_no") != f.No {
		t.Errorf("the flag does not point to the other receipt: %v", fl)
	}
	if d := debtor.Must(http.StatusOK, http.MethodGet, fmt.Sprintf("/receipts/%d", r2.ID("id")), nil); len(d.List("flags")) != 0 {
		t.Errorf("the payer sees flags: %v", d)
	}
	if q := judge.Must(http.StatusOK, http.MethodGet, "/receipts?flagged=1", nil).List("receipts"); len(q) != 1 {
		t.Errorf("flagged queue: %v", q)
	}
}

// A creditor of many sees his own line and nobody else's.
func TestEachObligeeSeesHisOwnLine(t *testing.T) {
	t.Parallel()
	w := handlertest.New(t)
	judge, clerk := w.Staff("zhang.min", model.RoleJudge), w.Staff("wan.tt", model.RoleClerk)
	in := handlertest.CaseInput()
	in["parties"] = append(in["parties"].([]handlertest.Obj), handlertest.Obj{"ref": "C2", "role": "plaintiff", "kind": "person", "name": "王芳", "phone": "13600136000"})
	inst := in["instruments"].([]handlertest.Obj)[0]
	inst["obligations"] = []handlertest.Obj{
		{"ref": "O1", "kind": "money", "obligors": []string{"D1"}, "obligee": "C1", "amount_fen": 30000, "due_on": "2026-03-10"},
		{"ref": "O2", "kind": "money", "obligors": []string{"D1"}, "obligee": "C2", "amount_fen": 50000, "due_in_days": 15},
	}
	f := w.FileInput(clerk, in)
	debtor, c1 := w.Phone(""), w.Phone("")
	debtor.Bind(clerk, f.ID, f.Debtor)
	c1.Bind(clerk, f.ID, f.Creditor)
	claim := handlertest.Claim(80000, debtor.Uploaded(f.ID, 61))
	claim["proof_kind"], claim["payee_name"] = "court_account", "" // what one of them is paid is his alone
	r := debtor.Must(http.StatusCreated, handlertest.Post, fmt.Sprintf("/cases/%d/receipts", f.ID), claim)
	judge.Confirm(r, 80000)
	d := c1.Must(http.StatusOK, http.MethodGet, fmt.Sprintf("/cases/%d", f.ID), nil)
	if obs := d.List("instruments")[0].List("obligations"); len(obs) != 1 || obs[0].Num("amount_fen") != 30000 || strings.Contains(fmt.Sprint(d), "王芳") {
		t.Errorf("the creditor sees %v", d)
	}
	l := c1.Must(http.StatusOK, http.MethodGet, fmt.Sprintf("/cases/%d/ledger", f.ID), nil)
	if l.Num("owed_fen") != 30000 || l.List("entries")[0].Num("amount_fen") != 30000 {
		t.Errorf("the creditor's ledger: %v", l)
	}
	mine := c1.Must(http.StatusOK, http.MethodGet, fmt.Sprintf("/receipts/%d", r.ID("id")), nil)
	if len(mine.List("responses")) != 1 || mine.Num("claimed_fen") != 0 {
		t.Errorf("the creditor's receipt: %v", mine)
	}
	full := clerk.Must(http.StatusOK, http.MethodGet, fmt.Sprintf("/cases/%d", f.ID), nil)
	if due := full.List("instruments")[0].List("obligations")[1].List("installments")[0]; due.Str("due_on") != "2026-02-25" || due.Str("due_reason") == "" {
		t.Errorf("the computed due day: %v", due)
	}
	if err := w.Svc.Notice.Drain(context.Background()); err != nil {
		t.Fatal(err)
	}
}
