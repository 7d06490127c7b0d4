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

// A creditor forgives on his phone, of joint debtors one and then a part of the rest;
// the debtors read it on theirs and refuse, and the desk enters the paper of both.
func TestForgivingADebt(t *testing.T) {
	t.Parallel()
	w := handlertest.New(t)
	judge, clerk := w.Staff("zhang.min", model.RoleJudge), w.Staff("wan.tt", model.RoleClerk)
	in := handlertest.CaseInput()
	in["parties"] = append(in["parties"].([]handlertest.Obj), handlertest.Obj{"ref": "D2", "role": "defendant", "kind": "person", "name": "赵明远", "id_number": "34052419800101001X", "phone": "13900139000"})
	in["instruments"].([]handlertest.Obj)[0]["obligations"].([]handlertest.Obj)[0]["obligors"] = []string{"D1", "D2"}
	f := w.FileInput(clerk, in)
	second := w.PartyNamed(servicetest.Person{Actor: clerk.Actor()}, f.ID, "赵明远")
	creditor, debtor, other, agent := w.Phone(""), w.Phone(""), w.Phone(""), w.Phone("")
	creditor.Bind(clerk, f.ID, f.Creditor)
	debtor.Bind(clerk, f.ID, f.Debtor)
	other.Bind(clerk, f.ID, second)
	code, err := w.Svc.Identity.IssueBindingCode(t.Context(), clerk.Actor(), f.ID, f.Creditor, model.CapacityAgent, "一般授权")
	if err != nil {
		t.Fatal(err)
	}
	agent.Must(http.StatusCreated, handlertest.Post, "/bindings/code", handlertest.Obj{"code": code.Code})
	ob := creditor.Must(200, handlertest.Get, fmt.Sprintf("/cases/%d", f.ID), nil).List("instruments")[0].List("obligations")[0].ID("id")
	forgive, refuse := fmt.Sprintf("/cases/%d/forgiveness", f.ID), fmt.Sprintf("/cases/%d/forgiveness-refusals", f.ID)
	of := func(debtor, fen int64) handlertest.Obj {
		return handlertest.Obj{"obligation_id": ob, "debtor_id": debtor, "amount_fen": fen}
	}
	entry := func(e handlertest.Obj) handlertest.Obj { return handlertest.Obj{"entry_id": e.ID("id")} }
	refusedAll(t, []mistake{
		{debtor, http.StatusNotFound, "obligation.not_found", handlertest.Post, forgive, of(0, 100), ""},
		{agent, http.StatusBadRequest, "debt.authority", handlertest.Post, forgive, of(0, 100), "obligation_id"},
		{creditor, http.StatusBadRequest, "debt.more_than_owed", handlertest.Post, forgive, of(0, 100_001), "amount_fen"},
		{creditor, http.StatusBadRequest, "amount.positive", handlertest.Post, forgive, of(0, -1), "amount_fen"},
		{creditor, http.StatusBadRequest, "debt.not_joint", handlertest.Post, forgive, of(f.Creditor, 0), "debtor_id"},
		{w.Phone(""), http.StatusNotFound, "case.not_found", handlertest.Post, forgive, of(0, 100), ""},
		{w.Phone(""), http.StatusNotFound, "case.not_found", handlertest.Post, refuse, handlertest.Obj{"entry_id": 1}, ""},
	})
	e := creditor.Must(http.StatusCreated, handlertest.Post, forgive, of(f.Debtor, 0))
	if e.Str("kind") != "forgive" || e.ID("debtor_id") != f.Debtor || !strings.Contains(e.Str("text"), "份额 500.00 元") {
		t.Errorf("%v", e)
	}
	seen := other.Must(200, handlertest.Get, fmt.Sprintf("/cases/%d/ledger", f.ID), nil)
	if seen.ID("owed_fen") != 100_000 || seen.ID("forgiven_fen") != 50_000 || seen.ID("outstanding_fen") != 50_000 || seen.ID("confirmed_fen") != 0 {
		t.Errorf("%v", seen)
	}
	refusedAll(t, []mistake{
		{other, http.StatusNotFound, "debt.entry_not_found", handlertest.Post, refuse, entry(e), ""},
		{agent, http.StatusNotFound, "debt.entry_not_found", handlertest.Post, refuse, entry(e), ""},
	})
	weak := w.Phone("")
	code, err = w.Svc.Identity.IssueBindingCode(t.Context(), clerk.Actor(), f.ID, f.Debtor, model.CapacityAgent, "一般授权")
	if err != nil {
		t.Fatal(err)
	}
	weak.Must(http.StatusCreated, handlertest.Post, "/bindings/code", handlertest.Obj{"code": code.Code})
	weak.Refused(http.StatusBadRequest, "debt.authority", handlertest.Post, refuse, entry(e))
	if back := debtor.Must(http.StatusCreated, handlertest.Post, refuse, entry(e)); back.Str("kind") != "refuse" || back.ID("undoes_id") != e.ID("id") {
		t.Errorf("%v", back)
	}
	debtor.Refused(http.StatusBadRequest, "debt.undo", handlertest.Post, refuse, entry(e))
	e = creditor.Must(http.StatusCreated, handlertest.Post, forgive, of(0, 40_000))
	debtor.Refused(http.StatusConflict, "debt.refuse_joint", handlertest.Post, refuse, entry(e))
	// The desk sees what stands, and enters the joint refusal from its paper, once.
	tab := fmt.Sprintf("/cases/%d?tab=interest", f.ID)
	if page := judge.Reads(tab); !strings.Contains(page, "权利人已免除 400.00 元") || !strings.Contains(page, "登记义务人的书面拒绝") {
		t.Error("the tab does not show what is forgiven")
	}
	paper := url.Values{"key": {servicetest.FreshKey()}, "kind": {"refuse"}, "obligation": {fmt.Sprint(ob)}, "undoes": {fmt.Sprint(e.ID("id"))}, "paper": {"两被告2026年3月书面声明"}}
	for range 2 { // the answer got lost
		if status, _ := judge.Posts(fmt.Sprintf("/cases/%d/debt-entries", f.ID), paper); status != http.StatusSeeOther {
			t.Errorf("the desk: %d", status)
		}
	}
	if page := judge.Reads(tab); !strings.Contains(page, "义务人拒绝免除，本金 400.00 元恢复") || strings.Contains(page, "权利人已免除") {
		t.Error("the tab does not show the refusal")
	}
	by := url.Values{"key": {servicetest.FreshKey()}, "kind": {"forgive"}, "obligation": {fmt.Sprint(ob)}, "amount": {"100.00"}}
	if status, page := judge.Posts(fmt.Sprintf("/cases/%d/debt-entries", f.ID), by); status != http.StatusBadRequest || !strings.Contains(page, "请写明权利人免除") {
		t.Errorf("without a paper: %d", status)
	}
	by.Set("paper", "权利人书面声明")
	if status, _ := judge.Posts(fmt.Sprintf("/cases/%d/debt-entries", f.ID), by); status != http.StatusSeeOther {
		t.Errorf("the desk: %d", status)
	}
	e = creditor.Must(http.StatusCreated, handlertest.Post, forgive, of(second, 0))
	w.Until(at(4, 20, 9), creditor, other)
	other.Refused(http.StatusConflict, "debt.refuse_late", handlertest.Post, refuse, entry(e))
	creditor.Must(http.StatusCreated, handlertest.Post, forgive, of(0, 0))
	creditor.Refused(http.StatusBadRequest, "debt.nothing_owed", handlertest.Post, forgive, of(0, 0))
}

// What is not forgiven by a creditor, and what cannot be refused.
func TestWhatIsNotForgiven(t *testing.T) {
	t.Parallel()
	w := handlertest.New(t)
	judge, clerk := w.Staff("zhang.min", model.RoleJudge), w.Staff("wan.tt", model.RoleClerk)
	c := w.FileCriminal(clerk, handlertest.CriminalInput())
	victim := w.Phone("")
	victim.Bind(clerk, c.ID, c.Victim)
	victim.Refused(http.StatusBadRequest, "debt.not_disposable", handlertest.Post, fmt.Sprintf("/cases/%d/forgiveness", c.ID),
		handlertest.Obj{"obligation_id": c.Obligation[model.CategoryRestitution], "amount_fen": 100})
	house, act := w.Conduct(clerk)
	owner := w.Phone("")
	owner.Bind(clerk, house.ID, house.Creditor)
	owner.Refused(http.StatusBadRequest, "debt.money", handlertest.Post, fmt.Sprintf("/cases/%d/forgiveness", house.ID), handlertest.Obj{"obligation_id": act, "amount_fen": 100})
	f := w.File(clerk)
	creditor, debtor := w.Phone(""), w.Phone("")
	creditor.Bind(clerk, f.ID, f.Creditor)
	debtor.Bind(clerk, f.ID, f.Debtor)
	ob := creditor.Must(200, handlertest.Get, fmt.Sprintf("/cases/%d", f.ID), nil).List("instruments")[0].List("obligations")[0].ID("id")
	refuse := fmt.Sprintf("/cases/%d/forgiveness-refusals", f.ID)
	leave := url.Values{"key": {servicetest.FreshKey()}, "kind": {"leave"}, "part": {"doubled"}, "obligation": {fmt.Sprint(ob)}, "reason": {"双方同意"}}
	if status, _ := judge.Posts(fmt.Sprintf("/cases/%d/debt-entries", f.ID), leave); status != http.StatusSeeOther {
		t.Fatal(status)
	}
	left := debtor.Must(200, handlertest.Get, fmt.Sprintf("/cases/%d/ledger", f.ID), nil).List("declared")[0]
	debtor.Refused(http.StatusBadRequest, "debt.not_forgiven", handlertest.Post, refuse, handlertest.Obj{"entry_id": left.ID("id")})
	e := creditor.Must(http.StatusCreated, handlertest.Post, fmt.Sprintf("/cases/%d/forgiveness", f.ID), handlertest.Obj{"obligation_id": ob, "amount_fen": 40_000})
	judge.Confirm(debtor.Submit(f, 60_000, 2620), 60_000)
	judge.Issues(f)
	debtor.Refused(http.StatusConflict, "debt.certified", handlertest.Post, refuse, handlertest.Obj{"entry_id": e.ID("id")})
}

// A creditor forgives the debtor as a person by phone: he reads first what that does and
// what not, and it takes nothing off the debt. Debtor and creditor read it; who gave it
// does not take it back, the judge finds that it was none.
func TestACreditorForgivesByPhone(t *testing.T) {
	t.Parallel()
	w := handlertest.New(t)
	judge, clerk := w.Staff("zhang.min", model.RoleJudge), w.Staff("wan.tt", model.RoleClerk)
	f := w.File(clerk)
	debtor, creditor, agent, stranger := w.Phone(""), w.Phone(""), w.Phone(""), w.Phone("")
	debtor.Bind(clerk, f.ID, f.Debtor)
	creditor.Bind(clerk, f.ID, f.Creditor)
	code, err := w.Svc.Identity.IssueBindingCode(t.Context(), clerk.Actor(), f.ID, f.Creditor, model.CapacityAgent, "一般授权")
	if err != nil {
		t.Fatal(err)
	}
	agent.Must(http.StatusCreated, handlertest.Post, "/bindings/code", handlertest.Obj{"code": code.Code})
	path := fmt.Sprintf("/cases/%d/understandings", f.ID)
	list := creditor.Must(http.StatusOK, handlertest.Get, path, nil).List("forgivers")
	if len(list) != 1 || list[0].ID("party_id") != f.Creditor || list[0].Str("given") != "" || !strings.Contains(list[0].Str("effect"), "不免除任何债务") {
		t.Fatalf("%v", list)
	}
	if mine := debtor.Must(http.StatusOK, handlertest.Get, path, nil).List("forgivers"); len(mine) != 0 {
		t.Errorf("the debtor forgives: %v", mine)
	}
	says := handlertest.Obj{"effect": list[0].Str("effect"), "words": "他把钱都还了"}
	contacts := fmt.Sprintf("/cases/%d/contacts", f.ID)
	void := handlertest.Obj{"channel": "forgiveness_void", "party_id": f.Creditor, "happened_at": "2026-03-01T08:00:00Z", "note": "经查系受胁迫"}
	refusedAll(t, []mistake{
		{stranger, handlertest.Gone, "case.not_found", handlertest.Get, path, nil, ""},
		{stranger, handlertest.Gone, "case.not_found", handlertest.Post, path, says, ""},
		{debtor, handlertest.Bad, "understanding.not_creditor", handlertest.Post, path, says, "party_id"},
		{creditor, handlertest.Bad, "understanding.not_creditor", handlertest.Post, path, changedObj(says, "party_id", f.Debtor), "party_id"},
		{creditor, handlertest.Bad, "understanding.effect", handlertest.Post, path, changedObj(says, "effect", "同意"), "effect"},
		{creditor, handlertest.Bad, "field.too_long", handlertest.Post, path, changedObj(says, "words", strings.Repeat("好", 501)), "words"},
		{agent, handlertest.Bad, "understanding.authority", handlertest.Post, path, says, "party_id"},
		{judge, handlertest.Bad, "contact.not_forgiven", handlertest.Post, contacts, void, "party_id"},
	})
	owed := debtor.Must(http.StatusOK, handlertest.Get, fmt.Sprintf("/cases/%d/ledger", f.ID), nil).ID("outstanding_fen")
	key := handlertest.FreshKey()
	for range 2 { // the answer got lost
		if a := creditor.CallKey(handlertest.Post, path, says, key); a.Status != http.StatusCreated || a.Json.ID("party_id") != f.Creditor {
			t.Fatalf("%d %s", a.Status, a.Body)
		}
	}
	creditor.Refused(http.StatusConflict, "understanding.given", handlertest.Post, path, says)
	reads := func(by *handlertest.Client, want int) {
		t.Helper()
		got, _ := by.Must(http.StatusOK, handlertest.Get, fmt.Sprintf("/cases/%d", f.ID), nil)["understood"].([]any)
		if len(got) != want || want > 0 && !strings.Contains(fmt.Sprint(got[0]), "李某于") {
			t.Errorf("%v, want %d", got, want)
		}
	}
	reads(debtor, 1)
	reads(creditor, 1)
	if now := debtor.Must(http.StatusOK, handlertest.Get, fmt.Sprintf("/cases/%d/ledger", f.ID), nil).ID("outstanding_fen"); now != owed {
		t.Errorf("it took %d off the debt", owed-now)
	}
	if log := judge.Must(http.StatusOK, handlertest.Get, contacts, nil).List("contacts"); len(log) != 1 || !strings.Contains(log[0].Str("note"), "他把钱都还了") || !strings.Contains(log[0].Str("note"), "不免除任何债务") {
		t.Errorf("the log: %v", log)
	}
	for _, by := range []*handlertest.Client{clerk, w.Staff("lu.fg", model.RoleOfficer)} { // he enforces nothing here
		by.Refused(http.StatusForbidden, "role.forbidden", handlertest.Post, contacts, void)
	}
	judge.Must(http.StatusCreated, handlertest.Post, contacts, void)
	reads(debtor, 0)
	creditor.Must(http.StatusCreated, handlertest.Post, path, says) // freely, this time
	reads(debtor, 1)

	// Who acts for two says for whom.
	in := handlertest.CaseInput()
	in["parties"] = append(in["parties"].([]handlertest.Obj), handlertest.Obj{"ref": "C2", "role": "plaintiff", "kind": "person", "name": "家长乙"})
	instrument := in["instruments"].([]handlertest.Obj)[0]
	instrument["obligations"] = append(instrument["obligations"].([]handlertest.Obj), handlertest.Obj{"ref": "O2", "kind": "money", "obligors": []string{"D1"}, "obligee": "C2", "amount_fen": 100_000, "due_on": "2026-03-31"})
	two := w.FileInput(clerk, in)
	second := clerk.Must(http.StatusOK, handlertest.Get, fmt.Sprintf("/cases/%d", two.ID), nil).List("parties")[2].ID("id")
	creditor.Bind(clerk, two.ID, two.Creditor)
	creditor.Bind(clerk, two.ID, second)
	path = fmt.Sprintf("/cases/%d/understandings", two.ID)
	creditor.Refused(handlertest.Bad, "party.ambiguous", handlertest.Post, path, says)
	list = creditor.Must(http.StatusOK, handlertest.Get, path, nil).List("forgivers")
	creditor.Must(http.StatusCreated, handlertest.Post, path, handlertest.Obj{"party_id": second, "effect": list[1].Str("effect")})
}
