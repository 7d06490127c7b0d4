package handler_test

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"microcourt/model"
)

const tooMany = http.StatusTooManyRequests

// asks is what somebody says who asks to be connected to the debtor of a
// coerced case, with one thing changed.
func asks(change ...any) obj {
	o := obj{"name": "王秀英", "relation": "spouse", "phone": "13700137000", "debtor_name": "赵明"}
	for i := 0; i < len(change); i += 2 {
		o[change[i].(string)] = change[i+1]
	}
	return o
}

// officerID is how the public finds an officer.
func (c *coerced) officerID(name string) int64 {
	c.t.Helper()
	list := c.public().must(http.StatusOK, get, "/officers?q="+name, nil).list("officers")
	if len(list) != 1 {
		c.t.Fatalf("%s finds %v", name, list)
	}
	return list[0].id("id")
}

// familyCode is a code that the officer prints for the debtor's family.
func (c *coerced) familyCode() string {
	c.t.Helper()
	return c.officer.must(http.StatusCreated, post, fmt.Sprintf("/enforcement-cases/%d/relative-codes", c.id), obj{"party_id": c.f.debtor}).str("code")
}

// relative is a phone whose link to the debtor is in the state.
func (c *coerced) relative(state string) (phone *client, link obj) {
	c.t.Helper()
	phone = c.phone("")
	link = phone.must(http.StatusCreated, post, "/relatives", asks("code", c.familyCode()))
	return phone, c.bring(link, state)
}

// bring lets the officer bring a link to a state.
func (c *coerced) bring(link obj, state string) obj {
	c.t.Helper()
	word := func(state string) {
		link = c.officer.must(http.StatusOK, post, fmt.Sprintf("/relative-requests/%d/decide", link.id("id")),
			obj{"state": state, "reason": "经核实", "version": link.id("version")})
	}
	if state == "revoked" {
		word("admitted")
	}
	if state != "asked" {
		word(state)
	}
	return link
}

func mine(link obj, what string) string {
	return fmt.Sprintf("/my/relatives/%d/%s", link.id("id"), what)
}

func (c *coerced) matter(phone *client, link obj) obj {
	c.t.Helper()
	return phone.must(http.StatusOK, get, mine(link, "matter"), nil)
}

func steps(matter obj) string {
	var out []string
	for _, s := range matter.list("steps") {
		if s["done"] == true {
			out = append(out, s.str("code"))
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
	m = c.officer.must(http.StatusOK, post, on(m, "detain"), obj{"at": at(3, 6, 14), "version": 2})
	scene := c.noticeScene()

	wife := c.phone("")
	link := wife.must(http.StatusCreated, post, "/relatives", asks("code", scene))
	if link.str("state") != "asked" || c.told(c.officer, "relative.asked") != 1 {
		t.Fatalf("%v, %d notices", link, c.told(c.officer, "relative.asked"))
	}
	if again := wife.must(http.StatusCreated, post, "/relatives", asks("code", scene)); again.id("id") != link.id("id") {
		t.Error("she asked twice and is there twice")
	}
	wife.refused(gone, "relative.not_found", get, mine(link, "matter"), nil)
	list := c.officer.must(http.StatusOK, get, "/relative-requests?state=asked", nil).list("requests")
	if len(list) != 1 || list[0].str("phone") != "137****7000" || list[0].str("debtor") != "赵明" || list[0].str("via") != "notice" {
		t.Fatalf("the officer's requests: %v", list)
	}
	detail := c.officer.must(http.StatusOK, get, fmt.Sprintf("/relative-requests/%d", link.id("id")), nil)
	if detail.str("phone") != "13700137000" || len(detail.list("entries")) != 1 {
		t.Error(detail)
	}
	yes := obj{"state": "admitted", "version": link.id("version")}
	decide := fmt.Sprintf("/relative-requests/%d/decide", link.id("id"))
	for range 2 { // the answer got lost
		link = c.officer.must(http.StatusOK, post, decide, yes)
	}
	if n := c.told(wife, "relative.decided"); n != 1 {
		t.Errorf("she is told %d times", n)
	}

	// What she sees, and all of it: no party, no cause, no case number.
	matter := c.matter(wife, link)
	if matter.id("open_fen") != 100000 || matter.str("account") != "户名：宁波市镇海区人民法院，账号：3901 1200" || matter.str("pay_by") != "2026-03-05" || steps(matter) != "" {
		t.Errorf("the matter: %v", matter)
	}
	if a := wife.call(get, mine(link, "matter"), nil); strings.Contains(string(a.body), "李某") || strings.Contains(string(a.body), "民初") || strings.Contains(string(a.body), "买卖合同") {
		t.Errorf("the case shows through: %s", a.body)
	}
	found := c.clerk.must(http.StatusOK, get, "/payment-references/"+strings.ToLower(matter.str("reference")), nil)
	if found.id("enforcement_case_id") != c.id || found.str("debtor") != "赵明" {
		t.Errorf("the accountant finds %v", found)
	}

	// They write to each other, with a picture.
	talk := fmt.Sprintf("/conversations/%d/messages", matter.id("conversation_id"))
	photo := wife.uploaded(matter.id("case_id"), 700)
	said := wife.must(http.StatusCreated, post, talk, obj{"text": "我们愿意替他还，请转告他", "file_ids": []int64{photo}})
	if len(said.list("files")) != 1 || said.str("answer_by") != "2026-03-10" {
		t.Error(said)
	}
	if got := c.officer.waiting(); got != "2026-03-10 王秀英（家属）" {
		t.Errorf("the officer is to answer %q", got)
	}
	for who, status := range map[*client]int{wife: 200, c.officer: 200, c.leader: 200, c.debtor: gone, c.judge: gone, c.phone(""): gone} {
		if a := who.call(get, fmt.Sprintf("/files/%d/view", photo), nil); a.status != status {
			t.Errorf("%s opens her picture: %d", who.name, a.status)
		}
	}
	c.officer.must(http.StatusCreated, post, talk, obj{"text": "已转告。请汇入案款账户，附言写识别码。"})
	if n := c.told(wife, "relative.replied"); n != 1 {
		t.Errorf("she is told of the answer %d times", n)
	}
	if talks := wife.must(http.StatusOK, get, talk, nil).list("messages"); len(talks) != 2 {
		t.Error(talks)
	}

	// She pays; the officer confirms it like any other receipt.
	receipts := mine(link, "receipts")
	paid := obj{
		"amount_fen": 100000, "paid_on": "2026-03-06", "proof_kind": "bank_receipt", "bank_serial": "NB20260306001",
		"file_ids": []int64{wife.uploaded(matter.id("case_id"), 701)},
	}
	key := freshKey()
	first := wife.callKey(post, receipts, paid, key)
	if first.status != http.StatusCreated || first.json.str("payer") != "王秀英（代为履行，被执行人的配偶）" {
		t.Fatalf("%d %s", first.status, first.body)
	}
	if again := wife.callKey(post, receipts, paid, key); again.json.id("id") != first.json.id("id") {
		t.Errorf("a repeat: %s", again.body)
	}
	if got := steps(c.matter(wife, link)); got != "paid" {
		t.Errorf("after paying: %q", got)
	}
	r := c.officer.must(http.StatusOK, get, fmt.Sprintf("/receipts/%d", first.json.id("id")), nil)
	if r.str("payer_kind") != "relative" || r.str("payer_text") != "王秀英（代为履行，被执行人的配偶）" {
		t.Error(r)
	}
	c.officer.confirm(r, 100000)
	if got := steps(c.matter(wife, link)); got != "paid confirmed performed" {
		t.Errorf("after the confirmation: %q", got)
	}
	ledger := c.debtor.must(http.StatusOK, get, fmt.Sprintf("/cases/%d/ledger", c.f.id), nil)
	if e := ledger.list("entries"); len(e) != 1 || e[0].str("paid_by") != "王秀英（代为履行，被执行人的配偶）" || ledger.id("outstanding_fen") != 0 {
		t.Errorf("the ledger: %v", ledger)
	}
	if n := c.told(wife, "relative.receipt"); n != 2 {
		t.Errorf("she is told of her receipt %d times", n)
	}
	wife.refused(bad, "amount.nothing_owed", post, receipts, obj{
		"amount_fen": 100, "paid_on": "2026-03-06", "proof_kind": "bank_receipt", "file_ids": []int64{wife.uploaded(matter.id("case_id"), 702)},
	})

	// Performance asks for the release at once; the leader says yes.
	m = c.measure(m)
	c.officer.must(http.StatusOK, post, on(m, "lift"), obj{"ground": "performed", "reason": "已全部履行", "version": m.id("version")})
	m = c.measure(m)
	c.leader.must(http.StatusOK, post, on(m, "lift-answer"), obj{"yes": true, "note": "同意", "version": m.id("version")})
	if got := steps(c.matter(wife, link)); got != "paid confirmed performed released" {
		t.Errorf("after the release: %q", got)
	}
	c.recountConversations()
}

// noticeScene is what the QR code on the notice to the family holds.
func (c *coerced) noticeScene() string {
	c.t.Helper()
	clerk := model.Actor{CourtID: c.court.ID, Roles: []model.Role{model.RoleClerk}}
	docs, err := c.db.Documents(c.t.Context(), clerk, c.f.id, 0, 50)
	if err != nil {
		c.t.Fatal(err)
	}
	i := slices.IndexFunc(docs, func(d model.Document) bool { return d.Kind == model.DocumentFamilyNotice })
	if i < 0 {
		c.t.Fatalf("there is no paper for the family: %v", docs)
	}
	d, err := c.db.Document(c.t.Context(), clerk, docs[i].ID)
	if err != nil || !strings.HasPrefix(d.Facts.ContactScene, "f=") {
		c.t.Fatalf("the paper for the family has no code: %v %v", d, err)
	}
	return d.Facts.ContactScene
}

// Somebody who searched says which debtor he means; the answer never tells
// whether there is one. The officer says it, in his own cases only.
func TestWhoSearchesLearnsNothing(t *testing.T) {
	t.Parallel()
	c := newCoerced(t)
	clerk := c.clerk
	clerk.village("骆驼街道", "金东村")
	for _, q := range []string{"法官ji", "宁波市镇海区", "骆驼", "金东"} {
		if list := c.public().must(http.StatusOK, get, "/officers?q="+q, nil).list("officers"); len(list) != 1 || list[0].str("court") != "宁波市镇海区人民法院" {
			t.Errorf("%s finds %v", q, list)
		}
	}
	if list := c.public().must(http.StatusOK, get, "/officers?q=%25", nil).list("officers"); len(list) != 0 {
		t.Errorf("a joker finds %v", list)
	}
	officer := c.officerID("法官ji")
	no := c.officer.must(http.StatusOK, get, fmt.Sprintf("/enforcement-cases/%d", c.id), nil).str("case_no")
	c.setCourt(func(s *model.CourtSettings) { s.RelativeAsksADay = 4 })
	guesser := c.phone("")
	var answers []string
	for _, guess := range []obj{
		asks("officer_id", officer, "case_no", no), asks("officer_id", officer, "case_no", "（2026）浙0211执9999号"),
		asks("officer_id", officer, "debtor_name", "没有这人", "case_no", no), asks("officer_id", officer, "debtor_name", "没有这人"),
	} {
		a := guesser.must(http.StatusCreated, post, "/relatives", guess)
		for _, k := range []string{"id", "created_at", "debtor_name"} {
			delete(a, k)
		}
		answers = append(answers, fmt.Sprint(a))
	}
	if len(slices.Compact(answers)) != 1 {
		t.Errorf("the answers differ: %v", answers)
	}
	guesser.refused(tooMany, "relative.too_many", post, "/relatives", asks("officer_id", officer))
	list := c.officer.must(http.StatusOK, get, "/relative-requests?state=asked", nil).list("requests")
	if len(list) != 4 {
		t.Fatal(list)
	}
	right, wrong := list[0], list[2]
	if d := c.officer.must(http.StatusOK, get, fmt.Sprintf("/relative-requests/%d", right.id("id")), nil); len(d.list("candidates")) != 1 || d.list("candidates")[0].id("party_id") != c.f.debtor {
		t.Error(d)
	}
	if d := c.officer.must(http.StatusOK, get, fmt.Sprintf("/relative-requests/%d", wrong.id("id")), nil); len(d.list("candidates")) != 0 {
		t.Error(d)
	}
	decide := func(l obj) string { return fmt.Sprintf("/relative-requests/%d/decide", l.id("id")) }
	other := c.staff("tong.bx", model.RoleOfficer)
	refusedAll(t, []mistake{
		{c.officer, bad, "relative.debtor", post, decide(right), obj{"state": "admitted", "version": 1}, "party_id"},
		{c.officer, bad, "relative.debtor", post, decide(right), obj{"state": "admitted", "version": 1, "enforcement_case_id": c.id, "party_id": c.f.creditor}, "party_id"},
		{c.officer, bad, "relative.debtor", post, decide(right), obj{"state": "admitted", "version": 1, "enforcement_case_id": 999999, "party_id": c.f.debtor}, "party_id"},
		{c.officer, bad, "reason.required", post, decide(wrong), obj{"state": "declined", "version": 1}, "reason"},
		{other, gone, "relative.not_found", post, decide(right), obj{"state": "declined", "reason": "不认识", "version": 1}, ""},
		{other, gone, "relative.not_found", get, fmt.Sprintf("/relative-requests/%d", right.id("id")), nil, ""},
	})
	link := c.officer.must(http.StatusOK, post, decide(right), obj{"state": "admitted", "version": 1, "enforcement_case_id": c.id, "party_id": c.f.debtor})
	if m := c.matter(guesser, link); m.id("open_fen") != 100000 {
		t.Error(m)
	}
	same := obj{"state": "admitted", "version": 1, "enforcement_case_id": c.id, "party_id": c.f.debtor}
	c.officer.refused(clash, "relative.exists", post, decide(list[1]), same)
	c.officer.refused(clash, "relative.changed", post, decide(right), obj{"state": "revoked", "reason": "误操作", "version": 1})
	c.officer.refused(clash, "relative.state", post, decide(right), obj{"state": "declined", "reason": "误操作", "version": 2})

	// Blocked by the officer, he asks nobody in this court again until it is lifted.
	blocked := c.officer.must(http.StatusOK, post, decide(wrong), obj{"state": "blocked", "reason": "冒充家属", "version": 1})
	c.clock.Advance(25 * time.Hour)
	guesser.renew()
	c.officer.renew()
	guesser.refused(clash, "relative.blocked", post, "/relatives", asks("officer_id", officer))
	guesser.refused(clash, "relative.blocked", post, "/relatives", asks("officer_id", other.userID))
	own := guesser.must(http.StatusOK, get, "/my/relatives", nil).list("relatives")
	if !slices.ContainsFunc(own, func(l obj) bool { return l.str("state") == "blocked" && l.str("reason") == "冒充家属" }) {
		t.Errorf("he reads %v", own)
	}
	c.officer.must(http.StatusOK, post, decide(wrong), obj{"state": "revoked", "reason": "已解释清楚", "version": blocked.id("version")})
	guesser.must(http.StatusCreated, post, "/relatives", asks("officer_id", officer))
}

// The debtor invites somebody; his word lets him in, and ends it.
func TestADebtorInvites(t *testing.T) {
	t.Parallel()
	c := newCoerced(t)
	creditor := c.phone("")
	creditor.bind(c.clerk, c.f.id, c.f.creditor)
	at := fmt.Sprintf("/cases/%d/relative-invitations", c.f.id)
	refusedAll(t, []mistake{
		{creditor, bad, "party.unknown", post, at, obj{"party_id": c.f.debtor}, "party_id"},
		{creditor, clash, "relative.no_enforcement", post, at, obj{"party_id": c.f.creditor}, ""},
		{c.phone(""), gone, "case.not_found", post, at, obj{"party_id": c.f.debtor}, ""},
		{c.phone(""), gone, "case.not_found", get, fmt.Sprintf("/cases/%d/invited-relatives", c.f.id), nil, ""},
		{creditor, gone, "relative.not_found", post, "/invited-relatives/999999/decide", obj{"state": "admitted", "version": 1}, ""},
	})
	code := c.debtor.must(http.StatusCreated, post, at, obj{"party_id": c.f.debtor})
	son, thief := c.phone(""), c.phone("")
	link := son.must(http.StatusCreated, post, "/relatives", asks("name", "赵小明", "relation", "child", "code", code.str("scene")))
	thief.refused(bad, "relative_code.wrong", post, "/relatives", asks("code", code.str("code")))
	list := c.debtor.must(http.StatusOK, get, fmt.Sprintf("/cases/%d/invited-relatives", c.f.id), nil).list("relatives")
	if len(list) != 1 || list[0].str("name") != "赵小明" || c.told(c.debtor, "relative.invited") != 1 {
		t.Fatal(list)
	}
	decide := fmt.Sprintf("/invited-relatives/%d/decide", link.id("id"))
	creditor.refused(gone, "relative.not_found", post, decide, obj{"state": "admitted", "version": 1})
	refusedAll(t, []mistake{
		{c.debtor, clash, "relative.officer_only", post, decide, obj{"state": "blocked", "reason": "不和", "version": 1}, ""},
		{c.debtor, bad, "reason.required", post, decide, obj{"state": "declined", "version": 1}, "reason"},
		{c.debtor, clash, "relative.state", post, decide, obj{"state": "revoked", "reason": "不需要了", "version": 1}, ""},
		{c.debtor, clash, "relative.changed", post, decide, obj{"state": "admitted", "version": 2}, ""},
	})
	link = c.debtor.must(http.StatusOK, post, decide, obj{"state": "admitted", "version": 1})
	c.matter(son, link)
	link = c.debtor.must(http.StatusOK, post, decide, obj{"state": "revoked", "reason": "不需要了", "version": link.id("version")})
	son.refused(gone, "relative.not_found", get, mine(link, "matter"), nil)
}

// twoDebtors files another case, which has two debtors, and gives it from the
// side of each.
func (c *coerced) twoDebtors() (first, second *coerced) {
	c.t.Helper()
	in := personInput(nil)
	in["parties"] = append(in["parties"].([]obj), obj{"ref": "D2", "role": "defendant", "kind": "person", "name": "周强"})
	ins := in["instruments"].([]obj)[0]
	ins["obligations"] = append(ins["obligations"].([]obj), obj{
		"ref": "O2", "kind": "money", "obligors": []string{"D2"}, "obligee": "C1", "amount_fen": 20000, "due_on": "2026-02-20",
	})
	a := *c
	a.f = c.fileInput(c.clerk, in)
	a.id, _ = c.enforce(c.clerk, a.f, "ji.fg")
	b := a
	for _, p := range c.clerk.must(http.StatusOK, get, fmt.Sprintf("/cases/%d", a.f.id), nil).list("parties") {
		if p.str("ref") == "D2" {
			b.f.debtor = p.id("id")
		}
	}
	return &a, &b
}

// try is one call of a relative.
type try struct {
	method, path string
	body         obj
}

// moreRelativeRoutes are those of petitions.
func moreRelativeRoutes(id int64) []try {
	return []try{{post, fmt.Sprintf("/my/relatives/%d/petitions", id), obj{"kind": "early_release", "text": "请求提前解除拘留，家属愿意代为履行。"}}}
}

// cell is one way of standing to a debtor's case.
type cell struct {
	name  string
	phone *client
	link  obj // his own, wherever it leads
}

// Every route of a relative against everybody who might try it: only the
// admitted relative of this very debtor gets anywhere, whatever the ids.
func TestEveryRelativeRouteAgainstEveryStanding(t *testing.T) {
	t.Parallel()
	c, second := newCoerced(t).twoDebtors()
	c.setCourt(func(s *model.CourtSettings) { s.MessageLimits = model.MessageLimits{PerMinute: 60, PerHour: 100} })
	admitted, link := c.relative("admitted")
	matter := c.matter(admitted, link)
	photo := admitted.uploaded(matter.id("case_id"), 710)
	said := admitted.must(http.StatusCreated, post, fmt.Sprintf("/conversations/%d/messages", matter.id("conversation_id")), obj{"text": "您好", "file_ids": []int64{photo}})
	paid := admitted.must(http.StatusCreated, post, mine(link, "receipts"), obj{
		"amount_fen": 5000, "paid_on": "2026-03-06", "proof_kind": "screenshot", "file_ids": []int64{admitted.uploaded(matter.id("case_id"), 711)},
	})
	call := admitted.must(http.StatusCreated, post, talkOf(matter.id("conversation_id")), obj{"at": slot(9, 10, 0)})
	cells := []cell{{"stranger", c.phone(""), obj{}}}
	for _, state := range []string{"asked", "declined", "revoked", "blocked"} {
		phone, l := c.relative(state)
		cells = append(cells, cell{state, phone, l})
	}
	// Another debtor of the same case, and another case.
	phone, l := second.relative("admitted")
	cells = append(cells, cell{"of another debtor", phone, l})
	third := *c
	third.f = c.fileInput(c.clerk, personInput(func(d obj) { d["name"], d["id_number"] = "孙立", "110101199003070134" }))
	third.id, _ = c.enforce(c.clerk, third.f, "ji.fg")
	phone, l = third.relative("admitted")
	cells = append(cells, cell{"of another case", phone, l})

	id, talk := link.id("id"), matter.id("conversation_id")
	routes := []try{
		{get, fmt.Sprintf("/my/relatives/%d/matter", id), nil},
		{post, fmt.Sprintf("/my/relatives/%d/receipts", id), obj{"amount_fen": 100, "paid_on": "2026-03-06", "proof_kind": "screenshot", "file_ids": []int64{photo}}},
		{get, fmt.Sprintf("/conversations/%d/messages", talk), nil},
		{post, fmt.Sprintf("/conversations/%d/messages", talk), obj{"text": "您好"}},
		{get, fmt.Sprintf("/conversations/%d/call-days", talk), nil},
		{get, talkOf(talk), nil},
		{post, talkOf(talk), obj{"at": slot(9, 11, 0)}},
		{post, about(call), obj{"state": "cancelled", "version": 1}},
		{get, fmt.Sprintf("/files/%d/view", photo), nil},
		{get, fmt.Sprintf("/files/%d/thumbnail", photo), nil},
	}
	routes = append(routes, moreRelativeRoutes(id)...)
	tried := 0
	for _, r := range routes {
		if a := admitted.call(r.method, r.path, r.body); a.status == gone || a.status == http.StatusForbidden {
			t.Errorf("%s %s refuses the admitted relative: %s", r.method, r.path, a.body)
		}
		for _, k := range cells {
			if a := k.phone.call(r.method, r.path, r.body); a.status != gone {
				t.Errorf("%s %s lets %s in: %d %s", r.method, r.path, k.name, a.status, a.body)
			}
			tried++
		}
	}
	// Nobody, the admitted one included, gets at the case by its own routes.
	for _, k := range append(cells, cell{"admitted", admitted, link}) {
		for _, path := range []string{
			"/cases/%d", "/cases/%d/receipts", "/cases/%d/ledger", "/cases/%d/messages", "/cases/%d/documents", "/cases/%d/measures", "/cases/%d/invited-relatives", "/cases/%d/clean-up",
		} {
			path = fmt.Sprintf(path, c.f.id)
			if a := k.phone.call(get, path, nil); a.status != gone {
				t.Errorf("%s: %s answers %d %s", k.name, path, a.status, a.body)
			}
			tried++
		}
		k.phone.refused(gone, "receipt.not_found", get, fmt.Sprintf("/receipts/%d", paid.id("id")), nil)
		k.phone.refused(http.StatusForbidden, "role.forbidden", get, fmt.Sprintf("/enforcement-cases/%d", c.id), nil)
		k.phone.refused(http.StatusForbidden, "role.forbidden", get, fmt.Sprintf("/call-backs/%d/number", call.id("id")), nil)
		if k.name != "admitted" {
			a := k.phone.upload(c.f.id, freshKey(), picture(712))
			mayUpload := k.name == "of another debtor"
			if (a.status == http.StatusCreated) != mayUpload {
				t.Errorf("%s uploads to the case: %d", k.name, a.status)
			}
		}
	}
	t.Logf("%d cells tried", tried)
	// Whoever is no longer let in finds even his own things closed; what he wrote stays.
	c.bring(obj{"id": float64(id), "version": link["version"]}, "blocked")
	for _, r := range routes {
		if a := admitted.call(r.method, r.path, r.body); a.status != gone {
			t.Errorf("%s %s lets the blocked relative in: %d %s", r.method, r.path, a.status, a.body)
		}
	}
	admitted.refused(clash, "relative.blocked", post, "/relatives", asks("code", c.familyCode()))
	if list := c.officer.must(http.StatusOK, get, fmt.Sprintf("/conversations/%d/messages", talk), nil).list("messages"); !slices.ContainsFunc(list, func(m obj) bool {
		return m.id("id") == said.id("id")
	}) {
		t.Errorf("what he wrote is gone: %v", list)
	}
}
