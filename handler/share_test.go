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

// A parent's phone shows his own share and nothing that stands for what is hidden; he
// answers that he got another amount; the judge gives him a copy of the picture with
// the rest blacked out, typed as numbers, without a script.
func TestACreditorsPhoneShowsHisShare(t *testing.T) {
	t.Parallel()
	w := handlertest.New(t)
	judge, clerk := w.Staff("zhang.min", model.RoleJudge), w.Staff("wan.tt", model.RoleClerk)
	debtor, parent, stranger := w.Phone(""), w.Phone(""), w.Phone("")
	f := w.FileInput(clerk, parentsInput("家长甲", "家长乙"))
	debtor.Bind(clerk, f.ID, f.Debtor)
	first := w.PartyNamed(servicetest.Person{Actor: clerk.Actor()}, f.ID, "家长甲")
	parent.Bind(clerk, f.ID, first)
	claim := handlertest.Claim(100_000, debtor.Uploaded(f.ID, 1))
	claim["proof_kind"], claim["payee_name"] = "court_account", ""
	r := debtor.Must(http.StatusCreated, handlertest.Post, fmt.Sprintf("/cases/%d/receipts", f.ID), claim)
	path := fmt.Sprintf("/receipts/%d", r.ID("id"))
	seen := parent.Must(http.StatusOK, handlertest.Get, path, nil)
	_, claimed := seen["claimed_fen"]
	_, confirmed := seen["confirmed_fen"]
	_, own := seen["own_confirmed_fen"]
	if claimed || confirmed || own || seen.ID("own_fen") != 50_000 || len(seen.List("files")) != 0 || len(seen.List("responses")) != 1 || seen.List("responses")[0].ID("own_fen") != 50_000 {
		t.Errorf("%v", seen)
	}
	whole := fmt.Sprintf("/files/%d/view", r.List("files")[0].ID("id"))
	parent.Refused(handlertest.Gone, "file.not_found", handlertest.Get, whole, nil)
	other := func(fen int64) handlertest.Obj { return handlertest.Obj{"amount_fen": fen} }
	off := debtor.Must(http.StatusCreated, handlertest.Post, fmt.Sprintf("/cases/%d/set-offs", f.ID), setsOff(handlertest.Filed{ID: f.ID, Creditor: first}, 10_000))
	refusedAll(t, []mistake{
		{parent, handlertest.Bad, "amount.positive", handlertest.Post, path + "/received", other(0), "amount_fen"},
		{parent, handlertest.Bad, "answer.same", handlertest.Post, path + "/received", other(50_000), "amount_fen"},
		{parent, handlertest.Bad, "file.unknown", handlertest.Post, path + "/received", handlertest.Obj{"amount_fen": 1, "file_id": 999_999}, "file_id"},
		{parent, handlertest.Bad, "amount.not_money", handlertest.Post, fmt.Sprintf("/receipts/%d/received", off.ID("id")), other(1), "amount_fen"},
		{stranger, handlertest.Gone, "receipt.not_found", handlertest.Post, path + "/received", other(1), ""},
		{debtor, handlertest.Gone, "receipt.not_found", handlertest.Post, path + "/received", other(1), ""},
	})
	answer := parent.Must(http.StatusOK, handlertest.Post, path+"/received", handlertest.Obj{"amount_fen": 49_000, "file_id": parent.Uploaded(f.ID, 2)})
	if answer.Str("state") != "differs" || answer.ID("said_fen") != 49_000 {
		t.Errorf("%v", answer)
	}
	page := judge.Reads(path)
	if !strings.Contains(page, "称收到 490.00 元") || !strings.Contains(page, "申报付给他 500.00 元") || !strings.Contains(page, "权利人的图片") {
		t.Error("the judge does not see what he says")
	}
	form := url.Values{"file": {fmt.Sprint(r.List("files")[0].ID("id"))}, "party": {fmt.Sprint(first)}, "rects": {"0,0,100,30\n不对"}, "key": {servicetest.FreshKey()}}
	if status, body := judge.Posts(path+"/redactions", form); status != http.StatusBadRequest || !strings.Contains(body, "第 2 行") || !strings.Contains(body, "0,0,100,30") {
		t.Errorf("%d", status)
	}
	form.Set("rects", "0，0，100，30\n10 60 80 20")
	for range 2 { // the answer got lost
		if status, body := judge.Posts(path+"/redactions", form); status != http.StatusSeeOther {
			t.Errorf("%d %s", status, body)
		}
	}
	files := parent.Must(http.StatusOK, handlertest.Get, path, nil).List("files")
	if len(files) != 1 {
		t.Fatalf("%v", files)
	}
	if a := parent.Call(handlertest.Get, fmt.Sprintf("/files/%d/view", files[0].ID("id")), nil); a.Status != http.StatusOK {
		t.Errorf("%d", a.Status)
	}
	debtor.Refused(handlertest.Gone, "file.not_found", handlertest.Get, fmt.Sprintf("/files/%d/view", files[0].ID("id")), nil)
	// What was blacked out on paper is taken in by the clerk, who sees no other form for it.
	if body := clerk.Reads(path); !strings.Contains(body, "/redacted-copies") || strings.Contains(body, `id="rects"`) {
		t.Error("the clerk's page is wrong")
	}
	window := w.Visitor(clerk)
	given := map[string]string{"of": fmt.Sprint(r.List("files")[0].ID("id")), "party": fmt.Sprint(first), "key": servicetest.FreshKey()}
	if res, body := window.SendForm(path+"/redacted-copies", given); res.StatusCode != http.StatusBadRequest || !strings.Contains(body, "请选择遮盖后扫描或者拍照的图片") {
		t.Errorf("without a picture: %d", res.StatusCode)
	}
	given["key"] = servicetest.FreshKey()
	window.SendsForm(path+"/redacted-copies", "redacted", given, handlertest.Picture(3))
	if n := len(parent.Must(http.StatusOK, handlertest.Get, path, nil).List("files")); n != 2 {
		t.Errorf("the parent has %d copies", n)
	}
	judge.Confirm(r, 100_000)
	if seen = parent.Must(http.StatusOK, handlertest.Get, path, nil); seen.ID("own_confirmed_fen") != 50_000 {
		t.Errorf("%v", seen)
	}
	parent.Must(http.StatusOK, handlertest.Post, path+"/dispute", handlertest.Obj{"reason": "又被退回"})
	if body := judge.Reads("/tasks"); !strings.Contains(body, "审查确认后的异议") {
		t.Error("an objection after the confirmation is nobody's task")
	}
	// Without any proof the creditor's clock decides who decides.
	bare := handlertest.Claim(10_000)
	bare["proof_kind"], bare["payee_name"], bare["file_ids"] = "no_proof", "家长甲", []int64{}
	none := debtor.Must(http.StatusCreated, handlertest.Post, fmt.Sprintf("/cases/%d/receipts", f.ID), bare)
	confirm := func(body handlertest.Obj) (string, string, handlertest.Obj) {
		return handlertest.Post, fmt.Sprintf("/receipts/%d/confirm", none.ID("id")), body
	}
	method, at, body := confirm(handlertest.Obj{"version": 1, "amount_fen": 10_000, "reason": "我相信他"})
	refusedAll(t, []mistake{{judge, http.StatusConflict, "receipt.unproven", method, at, body, ""}})
	parent.Must(http.StatusOK, handlertest.Post, fmt.Sprintf("/receipts/%d/dispute", none.ID("id")), handlertest.Obj{"reason": "没有收到"})
	method, at, body = confirm(handlertest.Obj{"version": 1, "amount_fen": 10_000})
	refusedAll(t, []mistake{{judge, handlertest.Bad, "receipt.unproven_reason", method, at, body, "reason"}})
	judge.Must(http.StatusOK, handlertest.Post, fmt.Sprintf("/receipts/%d/return", none.ID("id")), handlertest.Obj{"version": 1, "reason": "没有凭证"})
	parent.Refused(http.StatusConflict, "receipt.decided", handlertest.Post, fmt.Sprintf("/receipts/%d/received", none.ID("id")), other(1))
}

// An agent of two creditors says by phone for whom he answers; his case page lists both
// with what is each one's.
func TestAnAgentOfTwoCreditorsAnswersForEach(t *testing.T) {
	t.Parallel()
	w := handlertest.New(t)
	judge, clerk := w.Staff("zhang.min", model.RoleJudge), w.Staff("wan.tt", model.RoleClerk)
	in := handlertest.CaseInput()
	parties := in["parties"].([]handlertest.Obj)
	in["parties"] = append(parties, handlertest.Obj{"ref": "C2", "role": "plaintiff", "kind": "person", "name": "家长乙"})
	instrument := in["instruments"].([]handlertest.Obj)[0]
	instrument["obligations"] = append(instrument["obligations"].([]handlertest.Obj), handlertest.Obj{
		"ref": "O2", "kind": "money", "obligors": []string{"D1"}, "obligee": "C2", "amount_fen": 100_000, "due_on": "2026-03-31",
	})
	f := w.FileInput(clerk, in)
	second := clerk.Must(http.StatusOK, handlertest.Get, fmt.Sprintf("/cases/%d", f.ID), nil).List("parties")[2].ID("id")
	debtor, agent := w.Phone(""), w.Phone("")
	debtor.Bind(clerk, f.ID, f.Debtor)
	agent.Bind(clerk, f.ID, f.Creditor)
	agent.Bind(clerk, f.ID, second)
	claim := handlertest.Claim(60_000, debtor.Uploaded(f.ID, 4201))
	claim["proof_kind"], claim["payee_name"] = "court_account", "法院案款账户"
	r := debtor.Must(http.StatusCreated, handlertest.Post, fmt.Sprintf("/cases/%d/receipts", f.ID), claim)
	at := func(what string) string { return fmt.Sprintf("/receipts/%d/%s", r.ID("id"), what) }
	refusedAll(t, []mistake{
		{agent, handlertest.Bad, "party.ambiguous", handlertest.Post, at("acknowledge"), nil, "party_id"},
		{agent, handlertest.Bad, "party.ambiguous", handlertest.Post, at("received"), handlertest.Obj{"amount_fen": 1}, "party_id"},
		{agent, handlertest.Bad, "party.ambiguous", handlertest.Post, at("dispute"), handlertest.Obj{"reason": "没有收到"}, "party_id"},
		{agent, handlertest.Bad, "party.not_asked", handlertest.Post, at("acknowledge") + fmt.Sprintf("?party_id=%d", f.Debtor), nil, "party_id"},
		{agent, handlertest.Bad, "party.not_asked", handlertest.Post, at("received"), handlertest.Obj{"amount_fen": 1, "party_id": f.Debtor}, "party_id"},
		{agent, handlertest.Bad, "party.not_asked", handlertest.Post, at("dispute"), handlertest.Obj{"reason": "没有收到", "party_id": f.Debtor}, "party_id"},
	})
	agent.Must(http.StatusOK, handlertest.Post, at("acknowledge")+fmt.Sprintf("?party_id=%d", second), nil)
	agent.Must(http.StatusOK, handlertest.Post, at("dispute"), handlertest.Obj{"party_id": f.Creditor, "reason": "没有收到"})
	judge.Confirm(r, 60_000)
	lines := agent.Must(http.StatusOK, handlertest.Get, fmt.Sprintf("/my/cases/%d", f.ID), nil).List("receipts")[0].List("responses")
	if len(lines) != 2 || lines[0].Str("state") != "disputed" || lines[1].Str("state") != "acknowledged" || lines[0].ID("own_fen") == 0 || lines[1].ID("own_fen") == 0 ||
		lines[0].ID("own_confirmed_fen")+lines[1].ID("own_confirmed_fen") != 60_000 {
		t.Errorf("%v", lines)
	}
}
