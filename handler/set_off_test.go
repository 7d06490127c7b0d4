package handler_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"microcourt/handler/handlertest"
	"microcourt/model"
)

// setsOff is what a debtor declares who sets off a claim that a judgment fixed.
func setsOff(f handlertest.Filed, fen int64) handlertest.Obj {
	return handlertest.Obj{
		"creditor_id": f.Creditor, "amount_fen": fen, "claim_fen": 200_000, "basis": "instrument", "instrument_no": "（2025）浙0211民初7号民事判决书", "instrument_on": "2025-11-03",
		"due_on": "2026-01-10", "notice_on": "2026-03-01", "notice_by": "挂号信签收", "unconditional": true,
	}
}

// lodges is what a debtor shows of money that he lodged.
func lodges(f handlertest.Filed, fen int64, files ...int64) handlertest.Obj {
	return handlertest.Obj{
		"creditor_id": f.Creditor, "amount_fen": fen, "ground": "refused", "reason": "两次上门送款，拒不收取", "with": "宁波市镇海公证处", "number": "（2026）浙甬镇证提字第5号",
		"lodged_on": "2026-03-01", "notice_on": "2026-03-01", "notice_by": "公证处送达通知", "file_ids": files,
	}
}

// changedObj is an object with one thing else.
func changedObj(o handlertest.Obj, key string, v any) handlertest.Obj {
	out := handlertest.Obj{}
	for k, old := range o {
		out[k] = old
	}
	out[key] = v
	return out
}

// A debtor sets off and lodges by phone, a clerk enters both at the window, the
// creditor answers, judge and officer decide: with every mistake.
func TestSetOffAndLodgement(t *testing.T) {
	t.Parallel()
	w := handlertest.New(t)
	judge, clerk := w.Staff("zhang.min", model.RoleJudge), w.Staff("wan.tt", model.RoleClerk)
	f := w.File(clerk)
	debtor, creditor, stranger := w.Phone(""), w.Phone(""), w.Phone("")
	debtor.Bind(clerk, f.ID, f.Debtor)
	creditor.Bind(clerk, f.ID, f.Creditor)
	other := w.File(clerk)
	stranger.Bind(clerk, other.ID, other.Debtor)
	offs, lodgements := fmt.Sprintf("/cases/%d/set-offs", f.ID), fmt.Sprintf("/cases/%d/lodgements", f.ID)
	off, lodged := setsOff(f, 60_000), lodges(f, 10_000, debtor.Uploaded(f.ID, 3101))
	bad := func(reason, field string, path string, body handlertest.Obj) mistake {
		return mistake{debtor, http.StatusBadRequest, reason, handlertest.Post, path, body, field}
	}
	refusedAll(t, []mistake{
		{stranger, http.StatusNotFound, "case.not_found", handlertest.Post, offs, off, ""},
		{stranger, http.StatusNotFound, "case.not_found", handlertest.Post, lodgements, lodged, ""},
		{creditor, http.StatusBadRequest, "party.not_obligor", handlertest.Post, offs, off, "party_id"},
		{creditor, http.StatusBadRequest, "party.not_obligor", handlertest.Post, lodgements, lodged, "party_id"},
		bad("amount.positive", "amount_fen", offs, changedObj(off, "amount_fen", 0)),
		bad("amount.positive", "amount_fen", lodgements, changedObj(lodged, "amount_fen", 0)),
		bad("amount.over_debt", "amount_fen", offs, changedObj(off, "amount_fen", 100_001)),
		bad("amount.over_debt", "amount_fen", lodgements, changedObj(lodged, "amount_fen", 100_001)),
		bad("debt.creditor", "creditor_id", offs, changedObj(off, "creditor_id", f.Debtor)),
		bad("debt.creditor", "creditor_id", lodgements, changedObj(lodged, "creditor_id", f.Debtor)),
		bad("file.unknown", "file_ids", offs, changedObj(off, "file_ids", []int64{987654})),
		bad("file.unknown", "file_ids", lodgements, changedObj(lodged, "file_ids", []int64{987654})),
		bad("file.missing", "file_ids", lodgements, changedObj(lodged, "file_ids", []int64{})),
		bad("set_off.creditor", "creditor_id", offs, changedObj(off, "creditor_id", 0)),
		bad("set_off.basis", "instrument_no", offs, changedObj(off, "instrument_no", " ")),
		bad("set_off.claim", "claim_fen", offs, changedObj(off, "claim_fen", 59_999)),
		bad("set_off.notice", "notice_on", offs, changedObj(off, "notice_by", " ")),
		bad("set_off.due", "due_on", offs, changedObj(off, "due_on", "2026-03-02")),
		bad("set_off.condition", "unconditional", offs, changedObj(off, "unconditional", false)),
		bad("lodgement.creditor", "creditor_id", lodgements, changedObj(lodged, "creditor_id", 0)),
		bad("lodgement.ground", "ground", lodgements, changedObj(lodged, "reason", " ")),
		bad("lodgement.paper", "with", lodgements, changedObj(lodged, "number", " ")),
		bad("lodgement.day", "lodged_on", lodgements, changedObj(lodged, "lodged_on", "2026-12-01")),
		bad("lodgement.notice", "notice_on", lodgements, changedObj(lodged, "notice_by", " ")),
	})
	r := debtor.Must(http.StatusCreated, handlertest.Post, offs, off)
	if r.Str("proof_kind") != "set_off" || r.Obj("set_off").Str("basis_name") != "已经生效法律文书确定" || r.Str("paid_on") != "2026-03-01" {
		t.Errorf("%v", r)
	}
	on := func(r handlertest.Obj, what string) string { return fmt.Sprintf("/receipts/%d%s", r.ID("id"), what) }
	if seen := creditor.Must(200, handlertest.Get, on(r, ""), nil); seen.ID("claimed_fen") != 60_000 || seen.Obj("set_off").ID("claim_fen") != 200_000 {
		t.Errorf("%v", seen)
	}
	if a := creditor.Must(200, handlertest.Post, on(r, "/acknowledge"), nil); a.Str("state_name") != "权利人认可抵销的债权" {
		t.Errorf("%v", a)
	}
	judge.Refused(http.StatusBadRequest, "set_off.over", handlertest.Post, on(r, "/confirm"), handlertest.Obj{"version": 1, "amount_fen": 60_001})
	judge.Confirm(r, 60_000)
	if l := debtor.Must(200, handlertest.Get, fmt.Sprintf("/cases/%d/ledger", f.ID), nil); l.ID("confirmed_fen") != 60_000 || !strings.Contains(l.List("entries")[0].Str("means"), "以抵销方式履行，未支付款项") {
		t.Errorf("%v", l)
	}
	if page := judge.Reads(fmt.Sprintf("/cases/%d?tab=receipts", f.ID)); !strings.Contains(page, "以抵销方式履行，未支付款项") {
		t.Error("the desk's ledger does not say how it was performed")
	}
	l := debtor.Must(http.StatusCreated, handlertest.Post, lodgements, lodged)
	if l.Obj("lodged").Str("collect_by") != "2031-03-01" || l.Obj("lodged").Str("ground_name") != "权利人无正当理由拒绝受领" {
		t.Errorf("%v", l)
	}
	judge.Confirm(l, 10_000)

	// At the window, of a claim that no instrument fixed.
	v, window := w.Visitor(clerk), fmt.Sprintf("/cases/%d/window", f.ID)
	fields := map[string]string{
		"key": handlertest.FreshKey(), "party": fmt.Sprint(f.Debtor), "amount": "100.00", "payer_kind": "self", "proof_kind": "set_off", "creditor": fmt.Sprint(f.Creditor),
		"basis": "acknowledged", "claim": "100", "claim_due_on": "2026-02-01", "notice_on": "2026-03-01", "notice_by": "当面送达",
	}
	if res, page := v.SendForm(window, fields); res.StatusCode != http.StatusBadRequest || !strings.Contains(page, "抵销不得附条件或者附期限") || !strings.Contains(page, "当面送达") {
		t.Errorf("a condition at the window: %d", res.StatusCode)
	}
	fields["unconditional"] = "1"
	var at string
	for range 2 { // the answer got lost
		res, page := v.SendForm(window, fields)
		if at, _, _ = strings.Cut(strings.TrimPrefix(res.Header.Get("Location"), "/desk"), "?"); res.StatusCode != http.StatusSeeOther {
			t.Fatalf("%d %s", res.StatusCode, page)
		}
	}
	w.Visitor(judge).Sees(at, "100.00 元，2026-02-01 到期。没有款项往来", "当面送达", "权利人尚未认可债权而确认抵销的理由")
	agent := w.Phone("")
	code, err := w.Svc.Identity.IssueBindingCode(t.Context(), clerk.Actor(), f.ID, f.Creditor, model.CapacityAgent, "一般授权")
	if err != nil {
		t.Fatal(err)
	}
	agent.Must(http.StatusCreated, handlertest.Post, "/bindings/code", handlertest.Obj{"code": code.Code})
	confirm := handlertest.Obj{"version": 1, "amount_fen": 10_000}
	refusedAll(t, []mistake{
		{agent, http.StatusConflict, "set_off.authority", handlertest.Post, at + "/acknowledge", nil, ""},
		{judge, http.StatusBadRequest, "set_off.silence", handlertest.Post, at + "/confirm", confirm, "reason"},
	})
	creditor.Must(200, handlertest.Post, at+"/dispute", handlertest.Obj{"reason": "没有这笔债"})
	judge.Refused(http.StatusConflict, "set_off.disputed", handlertest.Post, at+"/confirm", confirm)
	judge.Must(200, handlertest.Post, at+"/return", handlertest.Obj{"version": 1, "reason": "债权有争议，可以另行起诉"})

	// In enforcement.
	officer := w.Staff("ji.fg", model.RoleOfficer)
	w.EnforcedBy(officer, f)
	claimed := changedObj(changedObj(setsOff(f, 10_000), "basis", "acknowledged"), "instrument_no", "")
	delete(claimed, "instrument_on")
	e := debtor.Must(http.StatusCreated, handlertest.Post, offs, claimed)
	officer.Refused(http.StatusConflict, "set_off.not_acknowledged", handlertest.Post, on(e, "/confirm"), changedObj(confirm, "reason", "有送货单"))
	creditor.Must(200, handlertest.Post, on(e, "/acknowledge"), nil)
	officer.Confirm(e, 10_000)
	paid := setsOff(f, 20_000)
	paid["remark"] = "余款"
	judge.Confirm(debtor.Must(http.StatusCreated, handlertest.Post, offs, paid), 20_000)
	debtor.Refused(http.StatusBadRequest, "amount.nothing_owed", handlertest.Post, offs, setsOff(f, 1))
	debtor.Refused(http.StatusBadRequest, "amount.nothing_owed", handlertest.Post, lodgements, lodges(f, 1, debtor.Uploaded(f.ID, 3102)))

	// What a victim gets is not set off.
	c := w.FileCriminal(clerk, handlertest.CriminalInput())
	convict := w.Phone("")
	convict.Bind(clerk, c.ID, c.Convict)
	body := changedObj(setsOff(f, 100), "creditor_id", c.Victim)
	convict.Refused(http.StatusBadRequest, "set_off.barred", handlertest.Post, fmt.Sprintf("/cases/%d/set-offs", c.ID), body)
}

// A set-off and a lodgement are receipts like any other: what is wrong with those is
// refused here for the same reasons, and the document says so.
func TestSetOffAndLodgementAreRefusedAsReceipts(t *testing.T) {
	t.Parallel()
	w := handlertest.New(t)
	store := &failing{Store: w.Objects}
	w.Objects = store
	w.Build()
	judge, clerk := w.Staff("zhang.min", model.RoleJudge), w.Staff("wan.tt", model.RoleClerk)
	f, other := w.File(clerk), w.File(clerk)
	debtor := w.Phone("")
	debtor.Bind(clerk, f.ID, f.Debtor)
	in := handlertest.CaseInput()
	in["parties"] = append(in["parties"].([]handlertest.Obj), handlertest.Obj{"ref": "D2", "role": "defendant", "kind": "person", "name": "甬小兴", "id_number": "34052419800101001X", "phone": "13600136000"})
	in["instruments"].([]handlertest.Obj)[0]["obligations"].([]handlertest.Obj)[0]["obligors"] = []string{"D1", "D2"}
	joint := w.FileInput(clerk, in)
	second := clerk.Must(http.StatusOK, handlertest.Get, fmt.Sprintf("/cases/%d", joint.ID), nil).List("parties")[2].ID("id")
	debtor.Bind(clerk, joint.ID, joint.Debtor)
	debtor.Bind(clerk, joint.ID, second)
	early := handlertest.CriminalInput()
	early["instruments"] = []handlertest.Obj{}
	before := w.FileCriminal(clerk, early)
	accused := w.Phone("")
	accused.Bind(clerk, before.ID, before.Convict)
	used, broken := debtor.Uploaded(f.ID, 3111), debtor.Spoiled(f.ID)
	many := []int64{1, 2, 3, 4, 5, 6, 7, 8, 9, 10}
	sends := func(what string, f handlertest.Filed, change ...any) handlertest.Obj {
		o := setsOff(f, 1_000)
		if what == "lodgements" {
			o = lodges(f, 1_000, debtor.Uploaded(f.ID, 3112))
		}
		for i := 0; i < len(change); i += 2 {
			o[change[i].(string)] = change[i+1]
		}
		return o
	}
	seed := 3120
	for _, what := range []string{"set-offs", "lodgements"} {
		at := func(id int64) string { return fmt.Sprintf("/cases/%d/%s", id, what) }
		spent := debtor.Must(http.StatusCreated, handlertest.Post, at(f.ID), sends(what, f, "file_ids", []int64{used}))
		judge.Must(http.StatusOK, handlertest.Post, fmt.Sprintf("/receipts/%d/return", spent.ID("id")), handlertest.Obj{"version": 1, "reason": "文书看不清"})
		refusedAll(t, []mistake{
			{debtor, http.StatusBadRequest, map[string]string{"set-offs": "set_off.claim", "lodgements": "amount.too_large"}[what], handlertest.Post, at(f.ID), sends(what, f, "amount_fen", int64(1)<<52), ""},
			{debtor, http.StatusBadRequest, "file.too_many", handlertest.Post, at(f.ID), sends(what, f, "file_ids", many), "file_ids"},
			{debtor, http.StatusBadRequest, "file.repeated", handlertest.Post, at(f.ID), sends(what, f, "file_ids", []int64{broken, broken}), "file_ids"},
			{debtor, http.StatusBadRequest, "file.attached", handlertest.Post, at(f.ID), sends(what, f, "file_ids", []int64{used}), "file_ids"},
			{debtor, http.StatusBadRequest, "file.damaged", handlertest.Post, at(f.ID), sends(what, f, "file_ids", []int64{broken}), ""},
			{debtor, http.StatusBadRequest, "installment.unknown", handlertest.Post, at(f.ID), sends(what, f, "installment_ids", other.Installments[:1]), "installment_ids"},
			{debtor, http.StatusBadRequest, "party.ambiguous", handlertest.Post, at(joint.ID), sends(what, joint), "party_id"},
			{debtor, http.StatusBadRequest, "receipt.not_returned", handlertest.Post, at(f.ID), sends(what, f, "replaces_id", 987654), "replaces_id"},
			{accused, http.StatusConflict, "receipt.before_judgment", handlertest.Post, at(before.ID), sends(what, f, "file_ids", []int64{accused.Uploaded(before.ID, seed)}), ""},
		})
		debtor.Must(http.StatusCreated, handlertest.Post, at(f.ID), sends(what, f, "replaces_id", spent.ID("id")))
		debtor.Refused(http.StatusConflict, "receipt.replaced", handlertest.Post, at(f.ID), sends(what, f, "replaces_id", spent.ID("id")))
		seed++
		fresh := sends(what, f, "file_ids", []int64{debtor.Uploaded(f.ID, seed)})
		store.fail(true)
		debtor.Refused(http.StatusServiceUnavailable, "files.unavailable", handlertest.Post, at(f.ID), fresh)
		store.fail(false)
		seed++
		used = debtor.Uploaded(f.ID, seed)
	}
}
