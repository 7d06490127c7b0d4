package handler_test

import (
	"bytes"
	"context"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"microcourt/handler/handlertest"

	"microcourt/handler"
	"microcourt/model"
	"microcourt/service/evidence/evidencetest"
	"microcourt/service/identity"
	"microcourt/service/wechat/wechattest"
	"microcourt/storage"
	"microcourt/storage/object"
	"microcourt/storage/object/objecttest"
)

// mistake is a request that is refused, and how.
type mistake struct {
	by     *handlertest.Client
	status int
	reason string
	method string
	path   string
	body   any
	field  string // named in the answer, "" for none
}

// refusedAll tries each mistake. Every message is Chinese, so that it can be
// shown as it is.
func refusedAll(t *testing.T, list []mistake) {
	t.Helper()
	for _, m := range list {
		a := m.by.Call(m.method, m.path, m.body)
		e := a.Json.Obj("error")
		if a.Status != m.status || e.Str("reason") != m.reason || m.field != "" && e.Str("field") != m.field {
			t.Errorf("%s %s answered %d %s, want %d %s %s", m.method, m.path, a.Status, a.Body, m.status, m.reason, m.field)
		}
		if !strings.ContainsFunc(e.Str("message"), func(r rune) bool { return r >= 0x4e00 && r <= 0x9fff }) {
			t.Errorf("%s %s: the message is not Chinese: %q", m.method, m.path, e.Str("message"))
		}
	}
}

// An id that is not a number is not found, and a write that needs a key says
// so, whatever the route.
func TestPathsAndKeysOfEveryRoute(t *testing.T) {
	t.Parallel()
	w := handlertest.New(t)
	as := map[model.Role]*handlertest.Client{model.RolePublic: w.Public(), model.RoleParty: w.Phone(""), model.RoleRelative: w.Phone(""), model.RoleCaseSystem: w.CaseSystem()}
	clerk := w.Staff("roster.clerk", model.RoleClerk)
	as[model.RoleLiaison], _ = w.Liaison(clerk, "联络员", 30, clerk.Village("镇", "村"))
	for _, row := range handler.Rows() {
		role := model.Roles[slices.IndexFunc(model.Roles, func(r model.Role) bool { return r.May(row.Act) })]
		if as[role] == nil {
			as[role] = w.Staff("staff."+string(role), role)
		}
		if slices.Contains(row.Reasons, "path.not_found") {
			path := parameter.ReplaceAllString(row.Path, "abc")
			refusedAll(t, []mistake{{as[role], handlertest.Gone, "path.not_found", row.Method, path, handlertest.Obj{}, ""}})
		}
		if slices.Contains(row.Reasons, "idempotency.required") {
			a := as[role].CallKey(row.Method, parameter.ReplaceAllString(row.Path, "1"), handlertest.Obj{}, "short")
			if a.Status != handlertest.Bad || a.Json.Reason() != "idempotency.required" {
				t.Errorf("%s %s without a key: %d %s", row.Method, row.Path, a.Status, a.Body)
			}
		}
	}
}

func TestWhatEveryRouteRefuses(t *testing.T) {
	t.Parallel()
	w := handlertest.NewWith(t, func(w *handlertest.World) {
		w.Limits = handler.Limits{Login: 1000, Bind: 1000, Upload: 1000, Verify: 3}
	})
	w.Staff("zhang.min", model.RoleJudge)
	clerk := w.Staff("wan.tt", model.RoleClerk)
	unknown, system := &handlertest.Client{W: w, Auth: "Bearer nobody"}, w.CaseSystem()
	refusedAll(t, []mistake{
		{system, handlertest.Bad, "field.format", handlertest.Put, "/case-system/cases/x", handlertest.Obj{"case_no": 7}, "case_no"},
		{system, handlertest.Bad, "field.unknown", handlertest.Put, "/case-system/cases/x", handlertest.Obj{"case_nr": "7"}, "case_nr"},
		{system, handlertest.Bad, "field.format", handlertest.Put, "/case-system/cases/x", "not an object", ""},
		{clerk, http.StatusRequestEntityTooLarge, "body.too_large", handlertest.Post, "/cases/1/contacts", handlertest.Obj{"note": strings.Repeat("长", 400_000)}, ""},
		{clerk, handlertest.Bad, "field.format", handlertest.Get, "/notices?limit=101", nil, "limit"},
		{unknown, http.StatusUnauthorized, "session.expired", handlertest.Get, "/me", nil, ""},
	})
	// A fourth look-up in a minute is put off, and says until when.
	for range 3 {
		w.Public().Must(http.StatusOK, handlertest.Get, "/verify/messages?code=ZZZZZZZZ", nil)
	}
	a := w.Public().Call(handlertest.Get, "/verify/messages?code=ZZZZZZZZ", nil)
	if a.Status != http.StatusTooManyRequests || a.Json.Reason() != "rate.limited" || a.Header.Get("Retry-After") == "" {
		t.Errorf("the fourth: %d %s", a.Status, a.Body)
	}
}

func TestCasesRefuse(t *testing.T) {
	t.Parallel()
	w := handlertest.New(t)
	judge, clerk, system := w.Staff("zhang.min", model.RoleJudge), w.Staff("wan.tt", model.RoleClerk), w.CaseSystem()
	w.Staff("ji.wei", model.RoleJudge)
	f := w.File(clerk)
	debtor, creditor := w.Phone(""), w.Phone("")
	debtor.Bind(clerk, f.ID, f.Debtor)
	creditor.Bind(clerk, f.ID, f.Creditor)
	pushed := handlertest.CaseInput()
	pushed["version"] = 0
	no, _ := pushed["case_no"].(string)
	in := func(path string) string { return fmt.Sprintf("/cases/%d/%s", f.ID, path) }
	contact := func(k string, v any) handlertest.Obj {
		o := handlertest.Obj{"channel": "phone", "happened_at": "2026-03-01T08:00:00Z", "note": "已电话联系"}
		o[k] = v
		return o
	}
	list := []mistake{
		{clerk, handlertest.Bad, "filter.unknown", handlertest.Get, "/cases?performance=nothing", nil, "performance"},
		{judge, handlertest.Bad, "filter.unknown", handlertest.Get, "/receipts?state=nothing", nil, ""},
		{judge, handlertest.Bad, "date.format", handlertest.Get, "/receipts?due_before=2026-13-01", nil, ""},
		{judge, handlertest.Bad, "field.format", handlertest.Get, "/receipts?older_than_days=36501", nil, "older_than_days"},
		{judge, handlertest.Bad, "field.format", handlertest.Get, "/receipts?judge_id=me", nil, "judge_id"},
		{judge, handlertest.Bad, "filter.unknown", handlertest.Get, "/receipts?text=" + escaped(strings.Repeat("长", 201)), nil, "text"},
		{system, handlertest.Bad, "version.format", handlertest.Put, "/case-system/cases/" + no, pushed, "version"},
		{system, handlertest.Bad, "case_no.mismatch", handlertest.Put, "/case-system/cases/" + escaped("（2026）浙0211民初99999号"), pushed, "case_no"},
		{system, handlertest.Bad, "case_no.mismatch", handlertest.Put, "/case-system/cases/12", pushed, "case_no"},
		{clerk, handlertest.Gone, "case.not_found", handlertest.Post, "/cases/999999/contacts", contact("party_id", 0), ""},
		{clerk, handlertest.Gone, "party.not_found", handlertest.Post, in("contacts"), contact("party_id", 999999), ""},
		{clerk, handlertest.Bad, "contact.note", handlertest.Post, in("contacts"), contact("note", " "), "note"},
		{clerk, handlertest.Bad, "date.future", handlertest.Post, in("contacts"), contact("happened_at", "2026-03-03T08:00:00Z"), "happened_at"},
		{debtor, handlertest.Gone, "case.not_found", handlertest.Post, "/cases/999999/promises", handlertest.Obj{"text": "下月付清"}, ""},
		{debtor, handlertest.Bad, "date.past", handlertest.Post, in("promises"), handlertest.Obj{"text": "下月付清", "pay_by": "2026-03-01"}, "pay_by"},
		{creditor, handlertest.Bad, "party.not_obligor", handlertest.Post, in("promises"), handlertest.Obj{"text": "下月付清"}, "party_id"},
		{creditor, handlertest.Bad, "text.too_long", handlertest.Post, in("consents"), handlertest.Obj{"party_id": f.Creditor, "act": "given", "note": strings.Repeat("长", 201)}, "note"},
	}
	refusedAll(t, list)
}

func TestLoggingInRefuses(t *testing.T) {
	t.Parallel()
	w := handlertest.New(t)
	const loginPath = "/sns/jscode2session"
	phone, other, blocked := w.Phone(""), w.Phone(""), w.Phone("")
	user := w.Fake.Users()[2]
	user.Blocked = true
	w.Fake.AddUser(user)
	code := func(c *handlertest.Client) string {
		t.Helper()
		v, err := w.Fake.LoginCode(c.OpenID)
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
	begin := func() *identity.Ticket {
		t.Helper()
		ticket, err := w.Svc.Identity.BeginScan(t.Context(), model.Actor{IP: "198.51.100.7", Device: "Mozilla/5.0 (Windows NT 10.0)"})
		if err != nil {
			t.Fatal(err)
		}
		return ticket
	}
	ticket := begin()
	approve := func(code string) handlertest.Obj {
		return handlertest.Obj{"ticket": ticket.Code, "code": code}
	}
	refusedAll(t, []mistake{
		{w.Public(), handlertest.Bad, "wechat.code_format", handlertest.Post, "/sessions/wechat", handlertest.Obj{"code": "a b&c=d"}, "code"},
		{w.Public(), http.StatusUnauthorized, "wechat.code_used", handlertest.Post, "/sessions/wechat", handlertest.Obj{"code": "0123456789"}, ""},
		{w.Public(), http.StatusForbidden, "wechat.user_blocked", handlertest.Post, "/sessions/wechat", handlertest.Obj{"code": code(blocked)}, ""},
		{phone, handlertest.Bad, "wechat.code_format", handlertest.Post, "/sessions/scan/approve", approve("a b"), "code"},
		{phone, http.StatusUnauthorized, "wechat.code_used", handlertest.Post, "/sessions/scan/approve", approve("0123456789"), ""},
		{phone, http.StatusForbidden, "wechat.user_blocked", handlertest.Post, "/sessions/scan/approve", approve(code(blocked)), ""},
		{phone, http.StatusForbidden, "scan.other_user", handlertest.Post, "/sessions/scan/approve", approve(code(other)), ""},
		{phone, http.StatusForbidden, "scan.not_linked", handlertest.Post, "/sessions/scan/approve", approve(code(phone)), ""},
	})
	w.Fake.Fault(loginPath, wechattest.FaultBusy, 12)
	refusedAll(t, []mistake{
		{w.Public(), http.StatusServiceUnavailable, "wechat.unavailable", handlertest.Post, "/sessions/wechat", handlertest.Obj{"code": code(phone)}, ""},
		{phone, http.StatusServiceUnavailable, "wechat.unavailable", handlertest.Post, "/sessions/scan/approve", approve(code(phone)), ""},
	})
	for range 12 { // what is left of the faults
		if w.Public().Call(handlertest.Post, "/sessions/wechat", handlertest.Obj{"code": code(other)}).Status == http.StatusCreated {
			break
		}
	}

	// A staff member: by password, linked to a phone, disabled in the end.
	first, totpCode := w.StaffWithPassword(model.RoleClerk)
	login := func(password string) handlertest.Obj {
		return handlertest.Obj{"login": "wang.yi", "password": password, "totp": totpCode()}
	}
	// One by one: a code is good for half a minute.
	refusedAll(t, []mistake{{phone, http.StatusForbidden, "password.must_change", handlertest.Post, "/me/staff-link", login(first), ""}})
	refusedAll(t, []mistake{{w.Public(), http.StatusUnauthorized, "login.wrong", handlertest.Post, "/sessions/staff", login("wrong"), ""}})
	refusedAll(t, []mistake{{phone, http.StatusUnauthorized, "login.wrong", handlertest.Post, "/me/staff-link", login("wrong"), ""}})
	staff := &handlertest.Client{W: w}
	staff.Auth = "Bearer " + staff.Must(http.StatusCreated, handlertest.Post, "/sessions/staff", login(first)).Str("token")
	refusedAll(t, []mistake{
		{staff, handlertest.Bad, "login.wrong", handlertest.Post, "/me/password", handlertest.Obj{"old_password": "wrong", "new_password": "a longer password"}, "old_password"},
		{staff, handlertest.Bad, "password.weak", handlertest.Post, "/me/password", handlertest.Obj{"old_password": first, "new_password": "short"}, "new_password"},
		{staff, handlertest.Bad, "password.common", handlertest.Post, "/me/password", handlertest.Obj{"old_password": first, "new_password": "password123456"}, "new_password"},
		{phone, http.StatusForbidden, "role.forbidden", handlertest.Post, "/me/second-factor", handlertest.Obj{}, ""},
		{w.Public(), http.StatusUnauthorized, "session.required", handlertest.Post, "/me/second-factor", handlertest.Obj{}, ""},
	})
	factor := staff.Must(http.StatusOK, handlertest.Post, "/me/second-factor", handlertest.Obj{})
	if len(factor.Str("secret")) < 16 || !strings.HasPrefix(factor.Str("otpauth_url"), "otpauth://totp/") {
		t.Errorf("the second factor is %v", factor)
	}
	change := func() handlertest.Obj {
		return handlertest.Obj{"old_password": first, "new_password": "a longer password", "totp": totpCode()}
	}
	wrongCode := change()
	wrongCode["totp"] = "000000"
	refusedAll(t, []mistake{{staff, handlertest.Bad, "totp.wrong", handlertest.Post, "/me/password", wrongCode, "totp"}})
	staff.Must(http.StatusNoContent, handlertest.Post, "/me/password", change())
	staff.Auth = "Bearer " + staff.Must(http.StatusCreated, handlertest.Post, "/sessions/staff", login("a longer password")).Str("token")
	refusedAll(t, []mistake{{staff, clash, "totp.enrolled", handlertest.Post, "/me/second-factor", handlertest.Obj{}, ""}})
	guess := handlertest.Obj{"old_password": "wrong", "new_password": "another longer password"}
	for range 5 {
		refusedAll(t, []mistake{{staff, handlertest.Bad, "login.wrong", handlertest.Post, "/me/password", guess, "old_password"}})
	}
	refusedAll(t, []mistake{{staff, http.StatusTooManyRequests, "login.locked", handlertest.Post, "/me/password", guess, ""}})
	phone.Must(http.StatusNoContent, handlertest.Post, "/me/staff-link", login("a longer password"))
	ticket = begin()
	refusedAll(t, []mistake{
		{phone, handlertest.Gone, "scan.not_found", handlertest.Post, "/sessions/scan/approve", handlertest.Obj{"ticket": "nothing", "code": code(phone)}, ""},
	})
	_, err := w.Svc.Identity.CollectScan(t.Context(), model.Actor{}, ticket.Code, "nothing")
	w.Refusal(err, model.NotFound, "scan.not_found", "")
	ticket = begin()
	look := handlertest.Obj{"ticket": ticket.Code}
	asked := phone.Must(http.StatusOK, handlertest.Post, "/sessions/scan/look", look)
	if asked.Str("number") != ticket.Number || asked.Str("ip") == "" || asked.Str("asked_at") == "" || asked.Str("login") != "wang.yi" {
		t.Errorf("the phone shows %v", asked)
	}
	refusedAll(t, []mistake{
		{phone, handlertest.Gone, "scan.not_found", handlertest.Post, "/sessions/scan/look", handlertest.Obj{"ticket": "nothing"}, ""},
		{other, http.StatusForbidden, "scan.not_linked", handlertest.Post, "/sessions/scan/look", look, ""},
	})
	guessed := login("wrong")
	for range 5 {
		w.Public().Call(handlertest.Post, "/sessions/staff", guessed)
	}
	refusedAll(t, []mistake{
		{w.Public(), http.StatusTooManyRequests, "login.locked", handlertest.Post, "/sessions/staff", guessed, ""},
		{other, http.StatusTooManyRequests, "login.locked", handlertest.Post, "/me/staff-link", guessed, ""},
	})
	state := func(s model.UserState) {
		if err := w.DB.Transact(context.Background(), func(tx *storage.DB) error {
			a, err := tx.StaffByLogin(context.Background(), "wang.yi")
			if err != nil {
				return err
			}
			return tx.SetUserState(context.Background(), a.UserID, s)
		}); err != nil {
			t.Fatal(err)
		}
	}
	state(model.UserDisabled) // by another instance, at this moment
	refusedAll(t, []mistake{
		{phone, http.StatusForbidden, "account.disabled", handlertest.Post, "/sessions/scan/look", look, ""},
		{phone, http.StatusForbidden, "account.disabled", handlertest.Post, "/sessions/scan/approve", approve(code(phone)), ""},
	})
	state(model.UserActive)
	if _, err := w.Svc.Identity.DisableStaff(context.Background(), model.System(), w.Court.ID, "wang.yi"); err != nil {
		t.Fatal(err)
	}
	ticket = begin()
	refusedAll(t, []mistake{
		{phone, http.StatusUnauthorized, "session.expired", handlertest.Post, "/sessions/scan/approve", approve(code(phone)), ""},
	})
	phone.Login()
	refusedAll(t, []mistake{{phone, http.StatusForbidden, "scan.not_linked", handlertest.Post, "/sessions/scan/approve", approve(code(phone)), ""}})
	if err := w.DB.Transact(context.Background(), func(tx *storage.DB) error {
		return tx.SetUserState(context.Background(), other.UserID, model.UserDisabled)
	}); err != nil {
		t.Fatal(err)
	}
	refusedAll(t, []mistake{
		{w.Public(), http.StatusForbidden, "account.disabled", handlertest.Post, "/sessions/wechat", handlertest.Obj{"code": code(other)}, ""},
		{other, http.StatusUnauthorized, "session.expired", handlertest.Get, "/me", nil, ""},
	})
}

func TestBindingRefuses(t *testing.T) {
	t.Parallel()
	w := handlertest.New(t)
	w.Staff("zhang.min", model.RoleJudge)
	w.File(w.Staff("wan.tt", model.RoleClerk))
	right, other := w.Phone("13800138000"), w.Phone("13700137000")
	const id = "11010519491231002X"
	identity := func(k, v string) handlertest.Obj {
		o := handlertest.Obj{"name": "李某", "id_number": id, "phone_code": "none", "case_no": ""}
		o[k] = v
		return o
	}
	start := func(name, id string) handlertest.Obj { return handlertest.Obj{"name": name, "id_number": id} }
	refusedAll(t, []mistake{
		{right, handlertest.Bad, "id.format", handlertest.Post, "/bindings/identity", identity("id_number", "123"), "id_number"},
		{right, handlertest.Bad, "case_no.format", handlertest.Post, "/bindings/identity", identity("case_no", "第一号"), ""},
		{right, handlertest.Bad, "case_no.year", handlertest.Post, "/bindings/identity", identity("case_no", "（1880）浙0211民初1号"), ""},
		{right, handlertest.Bad, "case_no.type", handlertest.Post, "/bindings/identity", identity("case_no", "（2026）浙0211甲乙1号"), ""},
		{right, handlertest.Bad, "wechat.phone_code", handlertest.Post, "/bindings/identity", identity("phone_code", "0123456789"), ""},
		{right, http.StatusForbidden, "wechat.phone_not_yours", handlertest.Post, "/bindings/identity", identity("phone_code", w.PhoneCode(other)), ""},
		{right, handlertest.Bad, "field.required", handlertest.Post, "/bindings/real-name/start", start(" ", id), "name"},
		{right, handlertest.Bad, "id.format", handlertest.Post, "/bindings/real-name/start", start("李某", "12345"), ""},
		{right, handlertest.Bad, "id.check_digit", handlertest.Post, "/bindings/real-name/start", start("李某", "110105194912310021"), ""},
		{right, handlertest.Bad, "id.region", handlertest.Post, "/bindings/real-name/start", start("李某", "880105194912310028"), ""},
		{right, handlertest.Bad, "id.birth", handlertest.Post, "/bindings/real-name/start", start("李某", "110105194913310024"), ""},
	})
	begin := func(c *handlertest.Client) handlertest.Obj {
		t.Helper()
		v := c.Must(http.StatusCreated, handlertest.Post, "/bindings/real-name/start", start("李某", id))
		return handlertest.Obj{"name": "李某", "id_number": id, "verify_id": v.Str("verify_id"), "out_seq_no": v.Str("out_seq_no"), "phone_code": "none"}
	}
	with := func(o handlertest.Obj, k, v string) handlertest.Obj {
		c := handlertest.Obj{}
		for key, value := range o {
			c[key] = value
		}
		c[k] = v
		return c
	}
	started := begin(right)
	finish := "/bindings/real-name/finish"
	refusedAll(t, []mistake{
		{right, handlertest.Bad, "wechat.real_name_mismatch", handlertest.Post, finish, with(started, "name", "王某"), ""},
		{right, handlertest.Bad, "wechat.phone_code", handlertest.Post, finish, with(started, "phone_code", "0123456789"), ""},
		{right, http.StatusForbidden, "wechat.phone_not_yours", handlertest.Post, finish, with(started, "phone_code", w.PhoneCode(other)), ""},
		{other, handlertest.Bad, "binding.no_match", handlertest.Post, finish, with(begin(other), "phone_code", w.PhoneCode(other)), ""},
	})
	user := w.Fake.Users()[slices.IndexFunc(w.Fake.Users(), func(u wechattest.User) bool { return u.OpenID == other.OpenID })]
	user.FaceResult = 10001
	w.Fake.AddUser(user)
	refusedAll(t, []mistake{{other, handlertest.Bad, "real_name.failed", handlertest.Post, finish, begin(other), ""}})
	for path, m := range map[string]mistake{
		"/wxa/business/getuserphonenumber":           {right, http.StatusServiceUnavailable, "wechat.unavailable", handlertest.Post, "/bindings/identity", identity("phone_code", w.PhoneCode(right)), ""},
		"/cityservice/face/identify/getverifyid":     {right, http.StatusServiceUnavailable, "wechat.unavailable", handlertest.Post, "/bindings/real-name/start", start("李某", id), ""},
		"/cityservice/face/identify/queryverifyinfo": {right, http.StatusServiceUnavailable, "wechat.unavailable", handlertest.Post, finish, started, ""},
	} {
		w.Fake.Fault(path, wechattest.FaultBadGateway, 10)
		refusedAll(t, []mistake{m})
	}

	off := handlertest.NewWith(t, func(w *handlertest.World) { w.NoRealName = true })
	phone := off.Phone("")
	refusedAll(t, []mistake{
		{phone, handlertest.Bad, "real_name.off", handlertest.Post, "/bindings/real-name/start", start("李某", id), ""},
		{phone, handlertest.Bad, "real_name.off", handlertest.Post, finish, started, ""},
	})
}

// Against the law's order a convict's money goes only with a reason, both when
// it is confirmed and when it is corrected.
func TestTheOrderOfACriminalCaseWantsAReason(t *testing.T) {
	t.Parallel()
	w := handlertest.New(t)
	judge, clerk, convict := w.Staff("zhang.min", model.RoleJudge), w.Staff("wan.tt", model.RoleClerk), w.Phone("")
	f := w.FileCriminal(clerk, handlertest.CriminalInput())
	convict.Bind(clerk, f.ID, f.Convict)
	r := convict.Must(http.StatusCreated, handlertest.Post, fmt.Sprintf("/cases/%d/receipts", f.ID), handlertest.Claim(5000, convict.Uploaded(f.ID, 41)))
	toTheFine := func(fen int) handlertest.Obj {
		return handlertest.Obj{
			"version": r.ID("version"), "amount_fen": fen, "reason": "银行更正",
			"allocations": []handlertest.Obj{{"installment_id": f.Installment["fine"], "amount_fen": fen}},
		}
	}
	at := func(verb string) string { return fmt.Sprintf("/receipts/%d/%s", r.ID("id"), verb) }
	confirm := toTheFine(5000)
	delete(confirm, "reason")
	refusedAll(t, []mistake{{judge, handlertest.Bad, "allocation.order", handlertest.Post, at("confirm"), confirm, "order_reason"}})
	judge.Confirm(r, 5000)
	r = judge.Must(http.StatusOK, handlertest.Get, fmt.Sprintf("/receipts/%d", r.ID("id")), nil)
	refusedAll(t, []mistake{{judge, handlertest.Bad, "allocation.order", handlertest.Post, at("correct"), toTheFine(4000), "order_reason"}})
}

// What one creditor received pays another only with a reason, both when it is
// confirmed and when it is corrected; late money pays the doubled part last.
func TestMoneyOfOneCreditorWantsAReasonForAnother(t *testing.T) {
	t.Parallel()
	w := handlertest.New(t)
	judge, clerk, debtor := w.Staff("zhang.min", model.RoleJudge), w.Staff("wan.tt", model.RoleClerk), w.Phone("")
	in := handlertest.CaseInput()
	in["parties"] = append(in["parties"].([]handlertest.Obj), handlertest.Obj{"ref": "C2", "role": "plaintiff", "kind": "person", "name": "赵立"}) //nolint:forcetypeassert // it is one
	instrument := in["instruments"].([]handlertest.Obj)[0]                                                                                       //nolint:forcetypeassert // it is one
	instrument["obligations"] = append(instrument["obligations"].([]handlertest.Obj), handlertest.Obj{                                           //nolint:forcetypeassert // it is one
		"ref": "O2", "kind": "money", "obligors": []string{"D1"}, "obligee": "C2", "amount_fen": 50000, "due_on": "2026-02-20",
	})
	f := w.FileInput(clerk, in)
	debtor.Bind(clerk, f.ID, f.Debtor)
	var second float64
	for _, i := range judge.Must(http.StatusOK, handlertest.Get, fmt.Sprintf("/cases/%d/ledger", f.ID), nil).List("installments") {
		if i.Str("due_on") == "2026-02-20" {
			second = i.Num("id")
		}
	}
	r := debtor.Submit(f, 5000, 61) // to the first creditor, by name
	toTheSecond := func(fen int) handlertest.Obj {
		return handlertest.Obj{
			"version": r.ID("version"), "amount_fen": fen, "reason": "银行更正", "allocations": []handlertest.Obj{{"installment_id": second, "amount_fen": fen}},
		}
	}
	at := func(verb string) string { return fmt.Sprintf("/receipts/%d/%s", r.ID("id"), verb) }
	confirm := toTheSecond(5000)
	delete(confirm, "reason")
	refusedAll(t, []mistake{{judge, handlertest.Bad, "allocation.payee", handlertest.Post, at("confirm"), confirm, "order_reason"}})
	judge.Confirm(r, 5000)
	ledger := judge.Must(http.StatusOK, handlertest.Get, fmt.Sprintf("/cases/%d/ledger", f.ID), nil)
	if got := ledger.List("allocations"); len(got) != 1 || got[0].Num("installment_id") == second || got[0].Str("part") != "" {
		t.Errorf("it pays %v", got)
	}
	r = judge.Must(http.StatusOK, handlertest.Get, fmt.Sprintf("/receipts/%d", r.ID("id")), nil)
	refusedAll(t, []mistake{{judge, handlertest.Bad, "allocation.payee", handlertest.Post, at("correct"), toTheSecond(4000), "order_reason"}})

	// 500 yuan to the second, nine days late: 500 × 0.0175 % × 9 = 0.79 of interest,
	// which the receipt claims and the confirmation pays last.
	claim := handlertest.Claim(50079, debtor.Uploaded(f.ID, 62))
	claim["payee_name"] = "赵立"
	r = debtor.Must(http.StatusCreated, handlertest.Post, fmt.Sprintf("/cases/%d/receipts", f.ID), claim)
	judge.Confirm(r, 50079)
	ledger = judge.Must(http.StatusOK, handlertest.Get, fmt.Sprintf("/cases/%d/ledger", f.ID), nil)
	last := ledger.List("allocations")
	if n := len(last); n != 3 || last[1].Num("amount_fen") != 50000 || last[2].Str("part") != "doubled" || last[2].Num("amount_fen") != 79 || last[2].Num("installment_id") != second {
		t.Errorf("it pays %v", last)
	}
	if ledger.Num("interest_paid_fen") != 79 || ledger.Num("interest_fen") != 0 {
		t.Errorf("the interest: %v", ledger)
	}
}

func TestReceiptsAreDecidedWithinTheRules(t *testing.T) {
	t.Parallel()
	w := handlertest.New(t)
	judge, clerk := w.Staff("zhang.min", model.RoleJudge), w.Staff("wan.tt", model.RoleClerk)
	f, act := w.Conduct(clerk)
	money := f.Installments[:2]
	debtor, creditor := w.Phone(""), w.Phone("")
	debtor.Bind(clerk, f.ID, f.Debtor)
	creditor.Bind(clerk, f.ID, f.Creditor)
	long := strings.Repeat("长", 501)
	r := debtor.Submit(f, 60000, 801)
	at := func(verb string) string { return fmt.Sprintf("/receipts/%d/%s", r.ID("id"), verb) }
	decide := func(amount int, more handlertest.Obj) handlertest.Obj {
		o := handlertest.Obj{"version": r.ID("version"), "amount_fen": amount}
		for k, v := range more {
			o[k] = v
		}
		return o
	}
	shares := func(list ...any) []handlertest.Obj {
		var out []handlertest.Obj
		for i := 0; i < len(list); i += 2 {
			out = append(out, handlertest.Obj{"installment_id": list[i], "amount_fen": list[i+1]})
		}
		return out
	}
	both := func(verb string) []mistake {
		add := func(o handlertest.Obj) handlertest.Obj {
			if verb == "correct" {
				o["reason"] = "金额有误"
			}
			return o
		}
		return []mistake{
			{judge, handlertest.Bad, "amount.over_debt", handlertest.Post, at(verb), add(decide(100001, nil)), "over_reason"},
			{judge, handlertest.Bad, "field.too_long", handlertest.Post, at(verb), add(decide(100001, handlertest.Obj{"over_reason": long})), "over_reason"},
			{judge, handlertest.Bad, "installment.repeated", handlertest.Post, at(verb), add(decide(60000, handlertest.Obj{"allocations": shares(money[0], 30000, money[0], 30000)})), "allocations"},
			{judge, handlertest.Bad, "installment.unknown", handlertest.Post, at(verb), add(decide(60000, handlertest.Obj{"allocations": shares(999, 60000)})), "allocations"},
			{judge, handlertest.Bad, "amount.positive", handlertest.Post, at(verb), add(decide(60000, handlertest.Obj{"allocations": shares(money[0], 0)})), ""},
			{judge, handlertest.Bad, "amount.over_installment", handlertest.Post, at(verb), add(decide(60001, handlertest.Obj{"allocations": shares(money[0], 60001)})), "allocations"},
			{judge, handlertest.Bad, "amount.sum", handlertest.Post, at(verb), add(decide(60000, handlertest.Obj{"allocations": shares(money[0], 59999)})), "allocations"},
			{judge, handlertest.Bad, "obligation.unknown", handlertest.Post, at(verb), add(decide(60000, handlertest.Obj{"obligation_ids": []int64{999}})), "obligation_ids"},
			{judge, handlertest.Bad, "date.future", handlertest.Post, at(verb), add(decide(60000, handlertest.Obj{"obligation_ids": []int64{act}, "performed_on": "2026-03-03"})), "performed_on"},
			{judge, http.StatusConflict, "receipt.changed", handlertest.Post, at(verb), add(handlertest.Obj{"version": 99, "amount_fen": 60000}), ""},
		}
	}
	refusedAll(t, both("confirm"))
	refusedAll(t, []mistake{
		{judge, http.StatusConflict, "receipt.not_confirmed", handlertest.Post, at("correct"), decide(50000, handlertest.Obj{"reason": "金额有误"}), ""},
		{judge, handlertest.Bad, "field.too_long", handlertest.Post, at("return"), handlertest.Obj{"version": r.ID("version"), "reason": long}, "reason"},
		{judge, http.StatusConflict, "receipt.changed", handlertest.Post, at("return"), handlertest.Obj{"version": 99, "reason": "看不清"}, ""},
		{debtor, http.StatusConflict, "receipt.changed", handlertest.Post, at("withdraw"), handlertest.Obj{"version": 99}, ""},
		{creditor, handlertest.Bad, "reason.required", handlertest.Post, at("dispute"), handlertest.Obj{"reason": " "}, "reason"},
		{creditor, handlertest.Bad, "field.too_long", handlertest.Post, at("dispute"), handlertest.Obj{"reason": long}, "reason"},
		{judge, handlertest.Gone, "receipt.not_found", handlertest.Post, "/receipts/999999/correct", decide(1, handlertest.Obj{"reason": "金额有误"}), ""},
	})
	judge.Confirm(r, 60000)
	r = judge.Must(http.StatusOK, handlertest.Get, fmt.Sprintf("/receipts/%d", r.ID("id")), nil)
	refusedAll(t, both("correct"))
	refusedAll(t, []mistake{
		{judge, handlertest.Bad, "reason.required", handlertest.Post, at("correct"), decide(50000, nil), "reason"},
		{judge, handlertest.Bad, "amount.negative", handlertest.Post, at("correct"), decide(-1, handlertest.Obj{"reason": "金额有误"}), "amount_fen"},
		{judge, http.StatusConflict, "receipt.decided", handlertest.Post, at("confirm"), decide(60000, nil), ""},
		{judge, http.StatusConflict, "receipt.decided", handlertest.Post, at("return"), handlertest.Obj{"version": r.ID("version"), "reason": "看不清"}, ""},
		{debtor, http.StatusConflict, "receipt.decided", handlertest.Post, at("withdraw"), handlertest.Obj{"version": r.ID("version")}, ""},
	})
	if l := judge.Must(http.StatusOK, handlertest.Get, fmt.Sprintf("/cases/%d/ledger", f.ID), nil); l.Num("confirmed_fen") != 60000 || len(l.List("entries")) != 1 {
		t.Errorf("what was refused changed the ledger: %v", l)
	}
	// Nobody answers about what was sent back; about what was confirmed he may.
	creditor.Must(http.StatusOK, handlertest.Post, at("acknowledge"), nil)
	r = debtor.Submit(f, 100, 77)
	judge.Must(http.StatusOK, handlertest.Post, at("return"), handlertest.Obj{"version": r.ID("version"), "reason": "看不清"})
	refusedAll(t, []mistake{
		{creditor, http.StatusConflict, "receipt.decided", handlertest.Post, at("acknowledge"), nil, ""},
		{creditor, http.StatusConflict, "receipt.decided", handlertest.Post, at("dispute"), handlertest.Obj{"reason": "未到账"}, ""},
	})
}

func TestClaimsRefuse(t *testing.T) {
	t.Parallel()
	w := handlertest.New(t)
	judge, clerk := w.Staff("zhang.min", model.RoleJudge), w.Staff("wan.tt", model.RoleClerk)
	f := w.File(clerk)
	debtor, creditor := w.Phone(""), w.Phone("")
	debtor.Bind(clerk, f.ID, f.Debtor)
	creditor.Bind(clerk, f.ID, f.Creditor)
	path := fmt.Sprintf("/cases/%d/receipts", f.ID)
	file, theirs := debtor.Uploaded(f.ID, 821), creditor.Uploaded(f.ID, 822)
	used := debtor.Uploaded(f.ID, 823)
	r := debtor.Must(http.StatusCreated, handlertest.Post, path, handlertest.Claim(60000, used))
	broken := debtor.Spoiled(f.ID)
	with := func(k string, v any) handlertest.Obj {
		c := handlertest.Claim(30000, file)
		c[k] = v
		return c
	}
	refusedAll(t, []mistake{
		{debtor, handlertest.Bad, "amount.too_large", handlertest.Post, path, with("amount_fen", int64(1)<<52), "amount_fen"},
		{debtor, handlertest.Bad, "amount.not_money", handlertest.Post, path, with("proof_kind", "conduct"), "amount_fen"},
		{debtor, handlertest.Bad, "date.range", handlertest.Post, path, with("paid_on", "1989-12-31"), "paid_on"},
		{debtor, handlertest.Bad, "date.format", handlertest.Post, path, with("paid_on", "1989-12-31abc"), "paid_on"},
		{debtor, handlertest.Bad, "field.too_long", handlertest.Post, path, with("remark", strings.Repeat("长", 501)), "remark"},
		{debtor, handlertest.Bad, "payer.unknown", handlertest.Post, path, with("payer_kind", "stranger"), "payer_kind"},
		{debtor, handlertest.Bad, "file.attached", handlertest.Post, path, with("file_ids", []int64{used}), "file_ids"},
		{debtor, handlertest.Bad, "file.damaged", handlertest.Post, path, with("file_ids", []int64{broken}), ""},
		{debtor, handlertest.Bad, "file.damaged", handlertest.Post, path, with("file_ids", []int64{broken}), "file_ids"},
		{debtor, handlertest.Bad, "file.damaged", handlertest.Get, fmt.Sprintf("/files/%d/view", broken), nil, ""},
		{debtor, handlertest.Bad, "file.damaged", handlertest.Get, fmt.Sprintf("/files/%d/thumbnail", broken), nil, ""},
		{creditor, handlertest.Bad, "party.not_obligor", handlertest.Post, path, handlertest.Claim(30000, theirs), "party_id"},
	})
	judge.Confirm(r, 60000)
	judge.Confirm(debtor.Submit(f, 40000, 825), 40000)
	refusedAll(t, []mistake{{debtor, handlertest.Bad, "amount.nothing_owed", handlertest.Post, path, handlertest.Claim(30000, file), "amount_fen"}})

	// A father acts for two debtors: the system asks for whom. Before the judgment
	// he may show a payment, which the judge cannot confirm yet.
	in := handlertest.CaseInput()
	in["parties"] = append(in["parties"].([]handlertest.Obj), handlertest.Obj{"ref": "D2", "role": "defendant", "kind": "person", "name": "甬小兴", "id_number": "34052419800101001X", "phone": "13600136000"})
	in["instruments"].([]handlertest.Obj)[0]["obligations"].([]handlertest.Obj)[0]["obligors"] = []string{"D1", "D2"}
	joint := w.FileInput(clerk, in)
	second := clerk.Must(http.StatusOK, handlertest.Get, fmt.Sprintf("/cases/%d", joint.ID), nil).List("parties")[2].ID("id")
	debtor.Bind(clerk, joint.ID, joint.Debtor)
	debtor.Bind(clerk, joint.ID, second)
	early := handlertest.CaseInput()
	early["instruments"] = []handlertest.Obj{}
	before := w.FileInput(clerk, early)
	debtor.Bind(clerk, before.ID, before.Debtor)
	waiting := debtor.Submit(before, 5000, 826)
	refusedAll(t, []mistake{
		{debtor, handlertest.Bad, "party.ambiguous", handlertest.Post, fmt.Sprintf("/cases/%d/receipts", joint.ID), handlertest.Claim(30000, debtor.Uploaded(joint.ID, 827)), "party_id"},
		{judge, http.StatusConflict, "case.no_obligation", handlertest.Post, fmt.Sprintf("/receipts/%d/confirm", waiting.ID("id")), handlertest.Obj{"version": 1, "amount_fen": 5000}, ""},
	})
}

func TestCertificatesRefuse(t *testing.T) {
	t.Parallel()
	w := handlertest.New(t)
	judge, clerk, debtor := w.Staff("zhang.min", model.RoleJudge), w.Staff("wan.tt", model.RoleClerk), w.Phone("")
	f, _ := w.Certified(judge, clerk, debtor)
	apply := fmt.Sprintf("/cases/%d/certificate-applications", f.ID)
	refusedAll(t, []mistake{
		{debtor, handlertest.Bad, "obligation.exists", handlertest.Post, apply, handlertest.Obj{"instrument_id": 999999, "party_id": f.Debtor}, "instrument_id"},
		{debtor, handlertest.Bad, "party.not_obligor", handlertest.Post, apply, handlertest.Obj{"instrument_id": f.Instrument, "party_id": f.Creditor}, "party_id"},
	})
	for range 20 {
		if a := w.Public().Call(handlertest.Post, "/verify/details", handlertest.Obj{"code": "AAAA-BBBB-CCCC"}); a.Json.Reason() == "share_code.blocked" {
			break
		}
	}
	refusedAll(t, []mistake{{w.Public(), http.StatusTooManyRequests, "share_code.blocked", handlertest.Post, "/verify/details", handlertest.Obj{"code": "AAAA-BBBB-CCCC"}, ""}})
	// The counter beside it, behind the same address, does not pay for it.
	if a := w.Public().From(handlertest.Post, "/verify/details", map[string]string{"User-Agent": "another device"}); a.Json.Reason() == "share_code.blocked" {
		t.Errorf("another device at the same address: %d %s", a.Status, a.Body)
	}
}

// badFiles are files that are refused wherever they come in.
func badFiles(t *testing.T) map[string][]byte {
	jpg := handlertest.Picture(831)
	t.Helper()
	return map[string][]byte{
		"file.empty": nil, "file.type": []byte("<html>"), "file.damaged": jpg[:len(jpg)/2], "file.bomb": huge(),
		"file.polyglot": append(bytes.Clone(jpg), "PK\x03\x04 and the rest"...), "file.too_large": append(bytes.Clone(jpg), make([]byte, model.MaxFileBytes)...),
		"file.pdf_active": evidencetest.PDF("/OpenAction << /S /JavaScript /JS (app.alert(1)) >>"), "file.pdf_pages": evidencetest.Pages(51, ""),
		"file.pdf_encrypted": evidencetest.Encrypted(t), "file.unsupported": handlertest.Arithmetic(), "file.too_complex": evidencetest.PDF("/X " + strings.Repeat("[", 90) + strings.Repeat("]", 90)),
	}
}

func TestUploadsRefuse(t *testing.T) {
	t.Parallel()
	w, debtor, f := uploader(t)
	for reason, file := range badFiles(t) {
		if a := debtor.Upload(f.ID, handlertest.FreshKey(), file); a.Status != handlertest.Bad || a.Json.Reason() != reason {
			t.Errorf("%s: %d %s", reason, a.Status, a.Body)
		}
	}
	if keys := w.ObjectKeys(); len(keys) != 0 {
		t.Errorf("left behind: %v", keys)
	}
	if a := debtor.FormFile("/uploads", ""); a.Status != handlertest.Bad || a.Json.Reason() != "file.missing" {
		t.Errorf("no file: %d %s", a.Status, a.Body)
	}
	// An upload whose file was swept cannot be completed under its old key.
	key := handlertest.FreshKey()
	if a := debtor.Upload(f.ID, key, handlertest.Picture(832)); a.Status != http.StatusCreated {
		t.Fatalf("%s", a.Body)
	}
	w.Clock.Advance(73 * time.Hour)
	if _, err := w.Svc.Performance.Sweep(context.Background()); err != nil {
		t.Fatal(err)
	}
	debtor.Login()
	if a := debtor.Upload(f.ID, key, handlertest.Picture(832)); a.Status != handlertest.Bad || a.Json.Reason() != "upload.key_spent" {
		t.Errorf("a swept upload: %d %s", a.Status, a.Body)
	}
	// A phone that uploads and never submits is stopped.
	for i := range 27 {
		debtor.Uploaded(f.ID, 840+i)
	}
	if a := debtor.Upload(f.ID, handlertest.FreshKey(), handlertest.Picture(833)); a.Status != http.StatusTooManyRequests || a.Json.Reason() != "upload.too_many" {
		t.Errorf("the 28th loose file: %d %s", a.Status, a.Body)
	}
}

func TestDirectUploadsRefuse(t *testing.T) {
	t.Parallel()
	w := handlertest.New(t)
	store := &failing{Store: w.Objects}
	presigner, direct := w.Objects.(object.Presigner)
	if direct {
		w.Objects = &failingDirect{store, presigner}
		w.Build()
	}
	w.Staff("zhang.min", model.RoleJudge)
	clerk := w.Staff("wan.tt", model.RoleClerk)
	f := w.File(clerk)
	debtor := w.Phone("")
	debtor.Bind(clerk, f.ID, f.Debtor)
	want := func(k string, v any) handlertest.Obj {
		o := handlertest.Obj{"case_id": f.ID, "upload_key": handlertest.FreshKey(), "size": 1000, "media_type": "image/jpeg"}
		o[k] = v
		return o
	}
	refusedAll(t, []mistake{
		{debtor, handlertest.Gone, "case.not_found", handlertest.Post, "/uploads/presigned", want("case_id", 999999), ""},
		{debtor, handlertest.Gone, "file.not_found", handlertest.Post, "/uploads/999999/complete", nil, ""},
	})
	if !objecttest.OnMinIO() {
		refusedAll(t, []mistake{{debtor, handlertest.Bad, "upload.direct_off", handlertest.Post, "/uploads/presigned", want("size", 1), ""}})
		return
	}
	refusedAll(t, []mistake{
		{debtor, handlertest.Bad, "file.too_large", handlertest.Post, "/uploads/presigned", want("size", model.MaxFileBytes+1), "size"},
		{debtor, handlertest.Bad, "file.type", handlertest.Post, "/uploads/presigned", want("media_type", "image/svg+xml"), "media_type"},
	})
	begin := func() (path, key, upload string) {
		t.Helper()
		in := want("size", 1000)
		d := debtor.Must(http.StatusCreated, handlertest.Post, "/uploads/presigned", in)
		return fmt.Sprintf("/uploads/%d/complete", d.ID("file_id")), d.Obj("form").Str("key"), in["upload_key"].(string)
	}
	for reason, file := range badFiles(t) {
		path, key, _ := begin()
		if err := w.Objects.Put(context.Background(), key, bytes.NewReader(file), int64(len(file)), object.PutOptions{}); err != nil {
			t.Fatal(err)
		}
		refusedAll(t, []mistake{
			{debtor, handlertest.Bad, reason, handlertest.Post, path, nil, ""},
			{debtor, http.StatusConflict, "upload.key_spent", handlertest.Post, path, nil, ""},
		})
	}
	path, key, upload := begin()
	file := handlertest.Picture(861)
	if err := w.Objects.Put(context.Background(), key, bytes.NewReader(file), int64(len(file)), object.PutOptions{}); err != nil {
		t.Fatal(err)
	}
	store.fail(true)
	refusedAll(t, []mistake{{debtor, http.StatusServiceUnavailable, "files.unavailable", handlertest.Post, path, nil, ""}})
	store.fail(false)
	debtor.Must(http.StatusOK, handlertest.Post, path, nil)
	refusedAll(t, []mistake{{debtor, http.StatusConflict, "upload.key_reused", handlertest.Post, "/uploads/presigned", want("upload_key", upload), ""}})
	// A phone that asks for forms and never submits is stopped.
	var last handlertest.Answer
	for range 28 {
		last = debtor.Call(handlertest.Post, "/uploads/presigned", want("upload_key", handlertest.FreshKey()))
	}
	if last.Status != tooMany || last.Json.Reason() != "upload.too_many" {
		t.Errorf("the 28th form: %d %s", last.Status, last.Body)
	}
}

// The object store is down: what needs it says so, and works again afterwards.
func TestReadingDuringAnOutageOfTheObjectStore(t *testing.T) {
	t.Parallel()
	w := handlertest.New(t)
	store := &failing{Store: w.Objects}
	w.Objects = store
	w.Build()
	judge, clerk, debtor := w.Staff("zhang.min", model.RoleJudge), w.Staff("wan.tt", model.RoleClerk), w.Phone("")
	f, cert := w.Certified(judge, clerk, debtor)
	second := w.File(clerk)
	debtor.Bind(clerk, second.ID, second.Debtor)
	file := debtor.Uploaded(second.ID, 871)
	stored := judge.Must(http.StatusOK, handlertest.Get, fmt.Sprintf("/cases/%d/receipts", f.ID), nil).List("receipts")[0].List("files")[0].ID("id")
	pdf := fmt.Sprintf("/certificates/%d/pdf", cert.ID("id"))
	var list []mistake
	for _, v := range []string{"view", "thumbnail"} {
		list = append(list, mistake{judge, http.StatusServiceUnavailable, "files.unavailable", handlertest.Get, fmt.Sprintf("/files/%d/%s", stored, v), nil, ""})
	}
	notice := judge.Must(http.StatusOK, handlertest.Get, fmt.Sprintf("/cases/%d/documents", f.ID), nil).List("documents")[0].ID("id")
	_, picture, _ := strings.Cut(judge.Must(http.StatusOK, handlertest.Get, fmt.Sprintf("/cases/%d/receipts", f.ID), nil).List("receipts")[0].List("files")[0].Str("view_url"), "/api/v1")
	list = append(list,
		mistake{w.Public(), http.StatusServiceUnavailable, "files.unavailable", handlertest.Get, picture, nil, ""},
		mistake{judge, http.StatusServiceUnavailable, "files.unavailable", handlertest.Get, fmt.Sprintf("/documents/%d/pdf", notice), nil, ""},
		mistake{judge, http.StatusServiceUnavailable, "files.unavailable", handlertest.Get, pdf, nil, ""},
		mistake{debtor, http.StatusServiceUnavailable, "files.unavailable", handlertest.Post, fmt.Sprintf("/cases/%d/receipts", second.ID), handlertest.Claim(60000, file), ""})
	store.fail(true)
	refusedAll(t, list)
	store.fail(false)
	for _, m := range list {
		if a := m.by.Call(m.method, m.path, m.body); a.Status >= 300 {
			t.Errorf("after the outage %s answered %d %s", m.path, a.Status, a.Body)
		}
	}
}

// huge is a small picture that says it has a hundred million pixels.
func huge() []byte {
	file := handlertest.Picture(1)
	i := bytes.Index(file, []byte{0xff, 0xc0}) // the frame header states height and width
	copy(file[i+5:], []byte{16_000 >> 8, 16_000 & 0xff, 16_000 >> 8, 16_000 & 0xff})
	return file
}

// failingDirect is a failing store with MinIO's door for phones.
type failingDirect struct {
	*failing
	object.Presigner
}
