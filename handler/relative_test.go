package handler_test

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"

	"microcourt/handler/handlertest"

	"microcourt/model"
)

const tooMany = http.StatusTooManyRequests

// asks is what somebody says who asks to be connected to the debtor of a
// coerced case, with one thing changed.
func asks(change ...any) handlertest.Obj {
	o := handlertest.Obj{"name": "王秀英", "relation": "spouse", "phone": "13700137000", "debtor_name": "赵明"}
	for i := 0; i < len(change); i += 2 {
		o[change[i].(string)] = change[i+1]
	}
	return o
}

// officerID is how the public finds an officer.
func (c *coerced) officerID(name string) int64 {
	c.T.Helper()
	list := c.Public().Must(http.StatusOK, handlertest.Get, "/officers?q="+name, nil).List("officers")
	if len(list) != 1 {
		c.T.Fatalf("%s finds %v", name, list)
	}
	return list[0].ID("id")
}

// familyCode is a code that the officer prints for the debtor's family.
func (c *coerced) familyCode() string {
	c.T.Helper()
	k, err := c.Svc.Relative.Print(context.Background(), c.officer.ActorOf(model.RoleOfficer), c.id, c.f.Debtor)
	if err != nil {
		c.T.Fatal(err)
	}
	return k.Code
}

// relative is a phone whose link to the debtor is in the state.
func (c *coerced) relative(state string) (phone *handlertest.Client, link handlertest.Obj) {
	c.T.Helper()
	phone = c.Phone("")
	link = phone.Must(http.StatusCreated, handlertest.Post, "/relatives", asks("code", c.familyCode()))
	return phone, c.bring(link, state)
}

// bring lets the officer bring a link to a state.
func (c *coerced) bring(link handlertest.Obj, state string) handlertest.Obj {
	c.T.Helper()
	word := func(state string) {
		link = c.officer.Must(http.StatusOK, handlertest.Post, fmt.Sprintf("/relative-requests/%d/decide", link.ID("id")),
			handlertest.Obj{"state": state, "reason": "经核实", "version": link.ID("version")})
	}
	if state == "revoked" {
		word("admitted")
	}
	if state != "asked" {
		word(state)
	}
	return link
}

func mine(link handlertest.Obj, what string) string {
	return fmt.Sprintf("/my/relatives/%d/%s", link.ID("id"), what)
}

func (c *coerced) matter(phone *handlertest.Client, link handlertest.Obj) handlertest.Obj {
	c.T.Helper()
	return phone.Must(http.StatusOK, handlertest.Get, mine(link, "matter"), nil)
}

func steps(matter handlertest.Obj) string {
	var out []string
	for _, s := range matter.List("steps") {
		if s["done"] == true {
			out = append(out, s.Str("code"))
		}
	}
	return strings.Join(out, " ")
}

// The report's story from the family's side: the code on the notice of the
// detention, the request, the officer's yes, a message with a picture, the
// payment on the debtor's behalf, confirmed, and how far things are.
func TestAFamilyPaysOnBehalf(t *testing.T) {
	t.Parallel()
	c := newCoerced(t)
	m := c.take("detention", "days", 10)
	c.pass(at(3, 6, 15))
	m = c.officer.Must(http.StatusOK, handlertest.Post, on(m, "detain"), handlertest.Obj{"at": at(3, 6, 14), "version": 2})
	scene := c.noticeScene()

	wife := c.Phone("")
	link := wife.Must(http.StatusCreated, handlertest.Post, "/relatives", asks("code", scene))
	wife.Refused(handlertest.Gone, "relative.not_found", handlertest.Get, mine(link, "matter"), nil)
	list := c.officer.Must(http.StatusOK, handlertest.Get, "/relative-requests?state=asked", nil).List("requests")
	if len(list) != 1 || list[0].Str("phone") != "137****7000" || list[0].Str("debtor") != "赵明" || list[0].Str("via") != "notice" {
		t.Fatalf("the officer's requests: %v", list)
	}
	detail := c.officer.Must(http.StatusOK, handlertest.Get, fmt.Sprintf("/relative-requests/%d", link.ID("id")), nil)
	if detail.Str("phone") != "13700137000" || len(detail.List("entries")) != 1 {
		t.Error(detail)
	}
	link = c.bring(link, "admitted")

	// What she sees, and all of it: no party, no cause, no case number.
	matter := c.matter(wife, link)
	if matter.ID("open_fen") != 100000 || matter.Str("account") != "户名：宁波市镇海区人民法院，账号：3901 1200" || matter.Str("pay_by") != "2026-03-05" || steps(matter) != "" {
		t.Errorf("the matter: %v", matter)
	}
	if pay := matter.List("pay"); len(pay) != 1 || pay[0].Str("account") != "39011200" || pay[0].Str("reference") != matter.Str("reference") || pay[0].Num("amount_fen") < 100000 || len(pay[0].List("lines")) == 0 {
		t.Errorf("how to pay: %v", pay)
	}
	if a := wife.Call(handlertest.Get, mine(link, "matter"), nil); strings.Contains(string(a.Body), "李某") || strings.Contains(string(a.Body), "民初") || strings.Contains(string(a.Body), "买卖合同") {
		t.Errorf("the case shows through: %s", a.Body)
	}
	found := c.clerk.Must(http.StatusOK, handlertest.Get, "/payment-references/"+strings.ToLower(matter.Str("reference")), nil)
	if found.ID("enforcement_case_id") != c.id || found.Str("debtor") != "赵明" {
		t.Errorf("the accountant finds %v", found)
	}

	// They write to each other, with a picture.
	talk := fmt.Sprintf("/conversations/%d/messages", matter.ID("conversation_id"))
	photo := wife.Uploaded(matter.ID("case_id"), 700)
	said := wife.Must(http.StatusCreated, handlertest.Post, talk, handlertest.Obj{"text": "我们愿意替他还，请转告他", "file_ids": []int64{photo}})
	if len(said.List("files")) != 1 || said.Str("answer_by") != "2026-03-10" {
		t.Error(said)
	}
	for who, status := range map[*handlertest.Client]int{wife: 200, c.officer: 200, c.leader: 200, c.debtor: handlertest.Gone, c.judge: handlertest.Gone, c.Phone(""): handlertest.Gone} {
		if a := who.Call(handlertest.Get, fmt.Sprintf("/files/%d/view", photo), nil); a.Status != status {
			t.Errorf("%s opens her picture: %d", who.Name, a.Status)
		}
	}
	c.officer.Must(http.StatusCreated, handlertest.Post, talk, handlertest.Obj{"text": "已转告。请汇入案款账户，附言写识别码。"})
	if talks := wife.Must(http.StatusOK, handlertest.Get, talk, nil).List("messages"); len(talks) != 2 {
		t.Error(talks)
	}

	// She pays; the officer confirms it like any other receipt.
	const payer = "王秀英（代为履行，被执行人的配偶）"
	key, receipts := handlertest.FreshKey(), mine(link, "receipts")
	paid := handlertest.Obj{
		"amount_fen": 100000, "paid_on": "2026-03-06", "proof_kind": "bank_receipt", "bank_serial": "NB20260306001",
		"file_ids": []int64{wife.Uploaded(matter.ID("case_id"), 701)},
	}
	first, again := wife.CallKey(handlertest.Post, receipts, paid, key), wife.CallKey(handlertest.Post, receipts, paid, key)
	if first.Status != http.StatusCreated || first.Json.Str("payer") != payer || again.Json.ID("id") != first.Json.ID("id") || steps(c.matter(wife, link)) != "paid" {
		t.Fatalf("%d %s, again %s", first.Status, first.Body, again.Body)
	}
	r := c.officer.Must(http.StatusOK, handlertest.Get, fmt.Sprintf("/receipts/%d", first.Json.ID("id")), nil)
	if r.Str("payer_kind") != "relative" || r.Str("payer_text") != payer {
		t.Error(r)
	}
	c.officer.Confirm(r, 100000)
	ledger := c.debtor.Must(http.StatusOK, handlertest.Get, fmt.Sprintf("/cases/%d/ledger", c.f.ID), nil)
	if e := ledger.List("entries"); len(e) != 1 || e[0].Str("paid_by") != payer || ledger.ID("outstanding_fen") != 0 {
		t.Errorf("the ledger: %v", ledger)
	}

	// Performance asks for the release at once; the leader says yes.
	m = c.measure(m)
	c.officer.Does(handlertest.LiftMeasure, m.ID("id"), handlertest.Obj{"ground": "performed", "reason": "已全部履行", "version": m.ID("version")})
	m = c.measure(m)
	c.leader.Must(http.StatusOK, handlertest.Post, on(m, "lift-answer"), handlertest.Obj{"yes": true, "note": "同意", "version": m.ID("version")})
	if got := steps(c.matter(wife, link)); got != "paid confirmed performed released" {
		t.Errorf("after the release: %q", got)
	}
	c.RecountConversations()
}

// noticeScene is what the QR code on the notice to the family holds.
func (c *coerced) noticeScene() string {
	c.T.Helper()
	clerk := model.Actor{CourtID: c.Court.ID, Roles: []model.Role{model.RoleClerk}}
	docs, err := c.DB.Documents(c.T.Context(), clerk, c.f.ID, 0, 50)
	if err != nil {
		c.T.Fatal(err)
	}
	i := slices.IndexFunc(docs, func(d model.Document) bool { return d.Kind == model.DocumentFamilyNotice })
	if i < 0 {
		c.T.Fatalf("there is no paper for the family: %v", docs)
	}
	d, err := c.DB.Document(c.T.Context(), clerk, docs[i].ID)
	if err != nil || !strings.HasPrefix(d.Facts.ContactScene, "f=") {
		c.T.Fatalf("the paper for the family has no code: %v %v", d, err)
	}
	return d.Facts.ContactScene
}

// Somebody who searched gets the same answer whether his debtor exists or not; the
// officer says whom he means.
func TestWhoSearchesLearnsNothing(t *testing.T) {
	t.Parallel()
	c := newCoerced(t)
	officer := c.officerID("法官ji")
	no := c.officer.Must(http.StatusOK, handlertest.Get, fmt.Sprintf("/enforcement-cases/%d", c.id), nil).Str("case_no")
	c.SetCourt(func(s *model.CourtSettings) { s.RelativeAsksADay = 3 })
	guesser := c.Phone("")
	var answers []string
	for _, guess := range []handlertest.Obj{
		asks("officer_id", officer, "case_no", no), asks("officer_id", officer, "case_no", "（2026）浙0211执9999号"), asks("officer_id", officer, "debtor_name", "没有这人"),
	} {
		a := guesser.Must(http.StatusCreated, handlertest.Post, "/relatives", guess)
		for _, k := range []string{"id", "created_at", "debtor_name"} {
			delete(a, k)
		}
		answers = append(answers, fmt.Sprint(a))
	}
	if len(slices.Compact(answers)) != 1 {
		t.Errorf("the answers differ: %v", answers)
	}
	guesser.Refused(tooMany, "relative.too_many", handlertest.Post, "/relatives", asks("officer_id", officer))
	list := c.officer.Must(http.StatusOK, handlertest.Get, "/relative-requests?state=asked", nil).List("requests")
	if len(list) != 3 {
		t.Fatal(list)
	}
	for i, n := range []int{1, 1, 0} { // whom each may mean
		if d := c.officer.Must(http.StatusOK, handlertest.Get, fmt.Sprintf("/relative-requests/%d", list[i].ID("id")), nil); len(d.List("candidates")) != n {
			t.Errorf("request %d: %v", i, d)
		}
	}
	decide := func(l handlertest.Obj) string { return fmt.Sprintf("/relative-requests/%d/decide", l.ID("id")) }
	means := handlertest.Obj{"state": "admitted", "version": 1, "enforcement_case_id": c.id, "party_id": c.f.Debtor}
	refusedAll(t, []mistake{
		{c.officer, handlertest.Bad, "relative.debtor", handlertest.Post, decide(list[0]), handlertest.Obj{"state": "admitted", "version": 1}, "party_id"},
		{c.officer, handlertest.Bad, "reason.required", handlertest.Post, decide(list[2]), handlertest.Obj{"state": "declined", "version": 1}, "reason"},
	})
	link := c.officer.Must(http.StatusOK, handlertest.Post, decide(list[0]), means)
	c.matter(guesser, link)
	refusedAll(t, []mistake{
		{c.officer, clash, "relative.exists", handlertest.Post, decide(list[1]), means, ""},
		{c.officer, clash, "relative.changed", handlertest.Post, decide(list[0]), handlertest.Obj{"state": "revoked", "reason": "误操作", "version": 1}, ""},
		{c.officer, clash, "relative.state", handlertest.Post, decide(list[0]), handlertest.Obj{"state": "declined", "reason": "误操作", "version": 2}, ""},
	})
	c.officer.Must(http.StatusOK, handlertest.Post, decide(list[2]), handlertest.Obj{"state": "blocked", "reason": "冒充家属", "version": 1})
	guesser.Refused(clash, "relative.blocked", handlertest.Post, "/relatives", asks("officer_id", officer))
	own := guesser.Must(http.StatusOK, handlertest.Get, "/my/relatives", nil).List("relatives")
	if !slices.ContainsFunc(own, func(l handlertest.Obj) bool { return l.Str("state") == "blocked" && l.Str("reason") == "冒充家属" }) {
		t.Errorf("he reads %v", own)
	}
}

// The debtor invites somebody; his word lets him in, and ends it.
func TestADebtorInvites(t *testing.T) {
	t.Parallel()
	c := newCoerced(t)
	creditor := c.Phone("")
	creditor.Bind(c.clerk, c.f.ID, c.f.Creditor)
	at := fmt.Sprintf("/cases/%d/relative-invitations", c.f.ID)
	refusedAll(t, []mistake{
		{creditor, handlertest.Bad, "party.unknown", handlertest.Post, at, handlertest.Obj{"party_id": c.f.Debtor}, "party_id"},
		{creditor, clash, "relative.no_enforcement", handlertest.Post, at, handlertest.Obj{"party_id": c.f.Creditor}, ""},
	})
	code := c.debtor.Must(http.StatusCreated, handlertest.Post, at, handlertest.Obj{"party_id": c.f.Debtor})
	son := c.Phone("")
	link := son.Must(http.StatusCreated, handlertest.Post, "/relatives", asks("name", "赵小明", "relation", "child", "code", code.Str("scene")))
	list := c.debtor.Must(http.StatusOK, handlertest.Get, fmt.Sprintf("/cases/%d/invited-relatives", c.f.ID), nil).List("relatives")
	if len(list) != 1 || list[0].Str("name") != "赵小明" {
		t.Fatal(list)
	}
	decide := fmt.Sprintf("/invited-relatives/%d/decide", link.ID("id"))
	refusedAll(t, []mistake{
		{creditor, handlertest.Gone, "relative.not_found", handlertest.Post, decide, handlertest.Obj{"state": "admitted", "version": 1}, ""},
		{c.debtor, clash, "relative.officer_only", handlertest.Post, decide, handlertest.Obj{"state": "blocked", "reason": "不和", "version": 1}, ""},
		{c.debtor, handlertest.Bad, "reason.required", handlertest.Post, decide, handlertest.Obj{"state": "declined", "version": 1}, "reason"},
		{c.debtor, clash, "relative.state", handlertest.Post, decide, handlertest.Obj{"state": "revoked", "reason": "不需要了", "version": 1}, ""},
		{c.debtor, clash, "relative.changed", handlertest.Post, decide, handlertest.Obj{"state": "admitted", "version": 2}, ""},
	})
	link = c.debtor.Must(http.StatusOK, handlertest.Post, decide, handlertest.Obj{"state": "admitted", "version": 1})
	c.matter(son, link)
	c.debtor.Must(http.StatusOK, handlertest.Post, decide, handlertest.Obj{"state": "revoked", "reason": "不需要了", "version": link.ID("version")})
	son.Refused(handlertest.Gone, "relative.not_found", handlertest.Get, mine(link, "matter"), nil)
}

// twoDebtors files another case, which has two debtors, and gives it from the
// side of each.
func (c *coerced) twoDebtors() (first, second *coerced) {
	c.T.Helper()
	in := personInput(nil)
	in["parties"] = append(in["parties"].([]handlertest.Obj), handlertest.Obj{"ref": "D2", "role": "defendant", "kind": "person", "name": "周强"})
	ins := in["instruments"].([]handlertest.Obj)[0]
	ins["obligations"] = append(ins["obligations"].([]handlertest.Obj), handlertest.Obj{
		"ref": "O2", "kind": "money", "obligors": []string{"D2"}, "obligee": "C1", "amount_fen": 20000, "due_on": "2026-02-20",
	})
	a := *c
	a.f = c.FileInput(c.clerk, in)
	a.id, _ = c.Enforce(c.clerk, a.f, "ji.fg")
	b := a
	for _, p := range c.clerk.Must(http.StatusOK, handlertest.Get, fmt.Sprintf("/cases/%d", a.f.ID), nil).List("parties") {
		if p.Str("ref") == "D2" {
			b.f.Debtor = p.ID("id")
		}
	}
	return &a, &b
}

// try is one call of a relative.
type try struct {
	method, path string
	body         handlertest.Obj
}

// moreRelativeRoutes are those of petitions.
func moreRelativeRoutes(id int64) []try {
	return []try{{handlertest.Post, fmt.Sprintf("/my/relatives/%d/petitions", id), handlertest.Obj{"kind": "early_release", "text": "请求提前解除拘留，家属愿意代为履行。"}}}
}

// cell is one way of standing to a debtor's case.
type cell struct {
	name  string
	phone *handlertest.Client
	link  handlertest.Obj // his own, wherever it leads
}

// Every route of a relative against everybody who might try it: only the
// admitted relative of this very debtor gets anywhere, whatever the ids.
func TestEveryRelativeRouteAgainstEveryStanding(t *testing.T) {
	t.Parallel()
	c, second := newCoerced(t).twoDebtors()
	c.SetCourt(func(s *model.CourtSettings) { s.MessageLimits = model.MessageLimits{PerMinute: 60, PerHour: 100} })
	admitted, link := c.relative("admitted")
	matter := c.matter(admitted, link)
	photo := admitted.Uploaded(matter.ID("case_id"), 710)
	said := admitted.Must(http.StatusCreated, handlertest.Post, fmt.Sprintf("/conversations/%d/messages", matter.ID("conversation_id")), handlertest.Obj{"text": "您好", "file_ids": []int64{photo}})
	paid := admitted.Must(http.StatusCreated, handlertest.Post, mine(link, "receipts"), handlertest.Obj{
		"amount_fen": 5000, "paid_on": "2026-03-06", "proof_kind": "screenshot", "file_ids": []int64{admitted.Uploaded(matter.ID("case_id"), 711)},
	})
	call := admitted.Must(http.StatusCreated, handlertest.Post, talkOf(matter.ID("conversation_id")), handlertest.Obj{"at": slot(9, 10, 0)})
	cells := []cell{{"stranger", c.Phone(""), handlertest.Obj{}}}
	for _, state := range []string{"asked", "declined", "revoked", "blocked"} {
		phone, l := c.relative(state)
		cells = append(cells, cell{state, phone, l})
	}
	// Another debtor of the same case, and another case.
	phone, l := second.relative("admitted")
	cells = append(cells, cell{"of another debtor", phone, l})
	third := *c
	third.f = c.FileInput(c.clerk, personInput(func(d handlertest.Obj) { d["name"], d["id_number"] = "孙立", "110101199003070134" }))
	third.id, _ = c.Enforce(c.clerk, third.f, "ji.fg")
	phone, l = third.relative("admitted")
	cells = append(cells, cell{"of another case", phone, l})

	id, talk := link.ID("id"), matter.ID("conversation_id")
	routes := []try{
		{handlertest.Get, fmt.Sprintf("/my/relatives/%d/matter", id), nil},
		{handlertest.Post, fmt.Sprintf("/my/relatives/%d/receipts", id), handlertest.Obj{"amount_fen": 100, "paid_on": "2026-03-06", "proof_kind": "screenshot", "file_ids": []int64{photo}}},
		{handlertest.Get, fmt.Sprintf("/conversations/%d/messages", talk), nil},
		{handlertest.Post, fmt.Sprintf("/conversations/%d/messages", talk), handlertest.Obj{"text": "您好"}},
		{handlertest.Get, fmt.Sprintf("/conversations/%d/call-days", talk), nil},
		{handlertest.Get, talkOf(talk), nil},
		{handlertest.Post, talkOf(talk), handlertest.Obj{"at": slot(9, 11, 0)}},
		{handlertest.Post, about(call), handlertest.Obj{"state": "cancelled", "version": 1}},
		{handlertest.Get, fmt.Sprintf("/files/%d/view", photo), nil},
		{handlertest.Get, fmt.Sprintf("/files/%d/thumbnail", photo), nil},
	}
	routes = append(routes, moreRelativeRoutes(id)...)
	tried := 0
	for _, r := range routes {
		if a := admitted.Call(r.method, r.path, r.body); a.Status == handlertest.Gone || a.Status == http.StatusForbidden {
			t.Errorf("%s %s refuses the admitted relative: %s", r.method, r.path, a.Body)
		}
		for _, k := range cells {
			if a := k.phone.Call(r.method, r.path, r.body); a.Status != handlertest.Gone {
				t.Errorf("%s %s lets %s in: %d %s", r.method, r.path, k.name, a.Status, a.Body)
			}
			tried++
		}
	}
	// Nobody, the admitted one included, gets at the case by its own routes.
	for _, k := range append(cells, cell{"admitted", admitted, link}) {
		for _, path := range []string{
			"/cases/%d", "/cases/%d/receipts", "/cases/%d/ledger", "/cases/%d/messages", "/cases/%d/documents", "/cases/%d/measures", "/cases/%d/invited-relatives", "/cases/%d/clean-up",
		} {
			path = fmt.Sprintf(path, c.f.ID)
			if a := k.phone.Call(handlertest.Get, path, nil); a.Status != handlertest.Gone {
				t.Errorf("%s: %s answers %d %s", k.name, path, a.Status, a.Body)
			}
			tried++
		}
		k.phone.Refused(handlertest.Gone, "receipt.not_found", handlertest.Get, fmt.Sprintf("/receipts/%d", paid.ID("id")), nil)
		k.phone.Refused(http.StatusForbidden, "role.forbidden", handlertest.Get, fmt.Sprintf("/enforcement-cases/%d", c.id), nil)
		k.phone.Refused(http.StatusForbidden, "role.forbidden", handlertest.Get, fmt.Sprintf("/call-backs/%d/number", call.ID("id")), nil)
		if k.name != "admitted" {
			a := k.phone.Upload(c.f.ID, handlertest.FreshKey(), handlertest.Picture(712))
			mayUpload := k.name == "of another debtor"
			if (a.Status == http.StatusCreated) != mayUpload {
				t.Errorf("%s uploads to the case: %d", k.name, a.Status)
			}
		}
	}
	t.Logf("%d cells tried", tried)
	// Whoever is no longer let in finds even his own things closed; what he wrote stays.
	c.bring(handlertest.Obj{"id": float64(id), "version": link["version"]}, "blocked")
	for _, r := range routes {
		if a := admitted.Call(r.method, r.path, r.body); a.Status != handlertest.Gone {
			t.Errorf("%s %s lets the blocked relative in: %d %s", r.method, r.path, a.Status, a.Body)
		}
	}
	admitted.Refused(clash, "relative.blocked", handlertest.Post, "/relatives", asks("code", c.familyCode()))
	if list := c.officer.Must(http.StatusOK, handlertest.Get, fmt.Sprintf("/conversations/%d/messages", talk), nil).List("messages"); !slices.ContainsFunc(list, func(m handlertest.Obj) bool {
		return m.ID("id") == said.ID("id")
	}) {
		t.Errorf("what he wrote is gone: %v", list)
	}
}
