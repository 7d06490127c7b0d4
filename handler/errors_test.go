package handler_test

import (
	"bytes"
	"context"
	"fmt"
	"mime/multipart"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"microcourt/handler"
	"microcourt/model"
	"microcourt/service/evidence/evidencetest"
	"microcourt/service/wechat/wechattest"
	"microcourt/storage"
	"microcourt/storage/object"
	"microcourt/storage/object/objecttest"
)

// mistake is a request that is refused, and how.
type mistake struct {
	by     *client
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
		a := m.by.call(m.method, m.path, m.body)
		e := a.json.obj("error")
		if a.status != m.status || e.str("reason") != m.reason || m.field != "" && e.str("field") != m.field {
			t.Errorf("%s %s answered %d %s, want %d %s %s", m.method, m.path, a.status, a.body, m.status, m.reason, m.field)
		}
		if !strings.ContainsFunc(e.str("message"), func(r rune) bool { return r >= 0x4e00 && r <= 0x9fff }) {
			t.Errorf("%s %s: the message is not Chinese: %q", m.method, m.path, e.str("message"))
		}
	}
}

const (
	get, post, put = http.MethodGet, http.MethodPost, http.MethodPut
	bad, gone      = http.StatusBadRequest, http.StatusNotFound
)

// An id that is not a number is not found, and a write that needs a key says
// so, whatever the route.
func TestPathsAndKeysOfEveryRoute(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	as := map[model.Role]*client{model.RolePublic: w.public(), model.RoleParty: w.phone(""), model.RoleRelative: w.phone(""), model.RoleCaseSystem: w.caseSystem()}
	clerk := w.staff("roster.clerk", model.RoleClerk)
	as[model.RoleLiaison], _ = w.liaison(clerk, "联络员", 30, clerk.village("镇", "村"))
	for _, row := range handler.Rows() {
		role := model.Roles[slices.IndexFunc(model.Roles, func(r model.Role) bool { return r.May(row.Act) })]
		if as[role] == nil {
			as[role] = w.staff("staff."+string(role), role)
		}
		if slices.Contains(row.Reasons, "path.not_found") {
			path := parameter.ReplaceAllString(row.Path, "abc")
			refusedAll(t, []mistake{{as[role], gone, "path.not_found", row.Method, path, obj{}, ""}})
		}
		if slices.Contains(row.Reasons, "idempotency.required") {
			a := as[role].callKey(row.Method, parameter.ReplaceAllString(row.Path, "1"), obj{}, "short")
			if a.status != bad || a.json.reason() != "idempotency.required" {
				t.Errorf("%s %s without a key: %d %s", row.Method, row.Path, a.status, a.body)
			}
		}
	}
}

func TestWhatEveryRouteRefuses(t *testing.T) {
	t.Parallel()
	w := newWorldWith(t, func(w *world) { w.limits = handler.Limits{Login: 1000, Bind: 1000, Upload: 1000, Verify: 3} })
	w.staff("zhang.min", model.RoleJudge)
	clerk := w.staff("wan.tt", model.RoleClerk)
	unknown := &client{w: w, auth: "Bearer nobody"}
	refusedAll(t, []mistake{
		{clerk, bad, "field.format", post, "/cases", obj{"case_no": 7}, "case_no"},
		{clerk, bad, "field.unknown", post, "/cases", obj{"case_nr": "7"}, "case_nr"},
		{clerk, bad, "field.format", post, "/cases", "not an object", ""},
		{clerk, http.StatusRequestEntityTooLarge, "body.too_large", post, "/cases/1/contacts", obj{"note": strings.Repeat("长", 400_000)}, ""},
		{clerk, bad, "field.format", get, "/notices?limit=101", nil, "limit"},
		{unknown, http.StatusUnauthorized, "session.expired", get, "/me", nil, ""},
	})
	// A fourth look-up in a minute is put off, and says until when.
	for range 3 {
		w.public().must(http.StatusOK, get, "/verify/messages?code=ZZZZZZZZ", nil)
	}
	a := w.public().call(get, "/verify/messages?code=ZZZZZZZZ", nil)
	if a.status != http.StatusTooManyRequests || a.json.reason() != "rate.limited" || a.header.Get("Retry-After") == "" {
		t.Errorf("the fourth: %d %s", a.status, a.body)
	}
}

func TestCasesRefuse(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	judge, clerk, system := w.staff("zhang.min", model.RoleJudge), w.staff("wan.tt", model.RoleClerk), w.caseSystem()
	w.staff("ji.wei", model.RoleJudge)
	f := w.file(clerk)
	debtor, creditor := w.phone(""), w.phone("")
	debtor.bind(clerk, f.id, f.debtor)
	creditor.bind(clerk, f.id, f.creditor)
	again := caseInput()
	again["case_no"], again["cause"] = f.no, "租赁合同纠纷"
	pushed := caseInput()
	pushed["version"] = 0
	no, _ := pushed["case_no"].(string)
	in := func(path string) string { return fmt.Sprintf("/cases/%d/%s", f.id, path) }
	contact := func(k string, v any) obj {
		o := obj{"channel": "phone", "happened_at": "2026-03-01T08:00:00Z", "note": "已电话联系"}
		o[k] = v
		return o
	}
	instrument := func(k string, v any) obj {
		o := obj{"ref": "I1", "kind": "mediation", "number": f.no, "summary": "被告分两期支付货款1,000元"}
		o[k] = v
		return o
	}
	move := func(to string, version int) obj { return obj{"to_judge": to, "reason": "调岗", "version": version} }
	codes := in(fmt.Sprintf("parties/%d/binding-codes", f.debtor))
	paper, slip := in(fmt.Sprintf("parties/%d/notice.pdf", f.debtor)), in(fmt.Sprintf("parties/%d/slip.pdf", f.debtor))
	list := []mistake{
		{clerk, bad, "filter.unknown", get, "/cases?performance=nothing", nil, "performance"},
		{judge, bad, "filter.unknown", get, "/receipts?state=nothing", nil, ""},
		{judge, bad, "date.format", get, "/receipts?due_before=2026-13-01", nil, ""},
		{judge, bad, "field.format", get, "/receipts?older_than_days=36501", nil, "older_than_days"},
		{judge, bad, "field.format", get, "/receipts?judge_id=me", nil, "judge_id"},
		{judge, bad, "filter.unknown", get, "/receipts?text=" + escaped(strings.Repeat("长", 201)), nil, "text"},
		{clerk, bad, "case.exists", post, "/cases", again, "case_no"},
		{system, bad, "version.format", put, "/case-system/cases/" + no, pushed, "version"},
		{system, bad, "case_no.mismatch", put, "/case-system/cases/" + escaped("（2026）浙0211民初99999号"), pushed, "case_no"},
		{system, bad, "case_no.mismatch", put, "/case-system/cases/12", pushed, "case_no"},
		{clerk, gone, "case.not_found", post, "/cases/999999/instruments", instrument("ref", "I2"), ""},
		{clerk, bad, "case.invalid", post, in("instruments"), instrument("kind", "poem"), ""},
		{clerk, bad, "instrument.exists", post, in("instruments"), instrument("summary", "别的内容"), "ref"},
		{clerk, gone, "case.not_found", post, "/cases/999999/contacts", contact("party_id", 0), ""},
		{clerk, gone, "party.not_found", post, in("contacts"), contact("party_id", 999999), ""},
		{clerk, bad, "contact.note", post, in("contacts"), contact("note", " "), "note"},
		{clerk, bad, "date.future", post, in("contacts"), contact("happened_at", "2026-03-03T08:00:00Z"), "happened_at"},
		{judge, gone, "case.not_found", post, "/cases/999999/hand-over", move("ji.wei", 1), ""},
		{judge, bad, "judge.unknown", post, in("hand-over"), move("nobody", 1), "to_judge"},
		{judge, bad, "judge.same", post, in("hand-over"), move("zhang.min", 1), "to_judge"},
		{judge, http.StatusConflict, "case.changed", post, in("hand-over"), move("ji.wei", 99), ""},
		{debtor, gone, "case.not_found", post, "/cases/999999/promises", obj{"text": "下月付清"}, ""},
		{debtor, bad, "date.past", post, in("promises"), obj{"text": "下月付清", "pay_by": "2026-03-01"}, "pay_by"},
		{creditor, bad, "party.not_obligor", post, in("promises"), obj{"text": "下月付清"}, "party_id"},
		{clerk, gone, "binding.not_found", post, "/bindings/999999/end", obj{"reason": "误绑"}, ""},
		{creditor, bad, "text.too_long", post, in("consents"), obj{"party_id": f.creditor, "act": "given", "note": strings.Repeat("长", 201)}, "note"},
		{judge, gone, "case.not_found", post, "/cases/999999/schedule/pause", obj{"reason": "协商中"}, ""},
		{judge, gone, "case.not_found", post, "/cases/999999/schedule/resume", obj{"reason": "协商中"}, ""},
		{judge, gone, "case.not_found", post, "/cases/999999/schedule/stop", obj{"reason": "已和解", "ground": "settlement"}, ""},
		{judge, gone, "step.not_found", post, "/schedule/steps/999999/skip", obj{"reason": "已面谈"}, ""},
	}
	for _, path := range []string{codes, paper, slip} {
		list = append(list,
			mistake{clerk, gone, "party.not_found", post, strings.Replace(path, fmt.Sprintf("parties/%d", f.debtor), "parties/999999", 1), obj{}, ""},
			mistake{clerk, bad, "capacity.unknown", post, path, obj{"capacity": "friend"}, "capacity"},
			mistake{clerk, bad, "authority.required", post, path, obj{"capacity": "agent"}, "authority"})
	}
	refusedAll(t, list)
	// Two clerks file the same case at once: one case, and both are told it is there.
	same := caseInput()
	answers := make([]answer, 6)
	var wg sync.WaitGroup
	for i := range answers {
		wg.Go(func() { answers[i] = clerk.call(post, "/cases", same) })
	}
	wg.Wait()
	ids := map[int64]bool{}
	for _, a := range answers {
		if a.status != http.StatusCreated {
			t.Errorf("filed at once: %d %s", a.status, a.body)
		}
		ids[a.json.id("id")] = true
	}
	if len(ids) != 1 {
		t.Errorf("filed at once: %d cases", len(ids))
	}
}

func TestLoggingInRefuses(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	const loginPath = "/sns/jscode2session"
	phone, other, blocked := w.phone(""), w.phone(""), w.phone("")
	user := w.fake.Users()[2]
	user.Blocked = true
	w.fake.AddUser(user)
	code := func(c *client) string {
		t.Helper()
		v, err := w.fake.LoginCode(c.openID)
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
	ticket := w.public().must(http.StatusCreated, post, "/sessions/scan", obj{})
	approve := func(code string) obj { return obj{"ticket": ticket.str("ticket"), "code": code} }
	refusedAll(t, []mistake{
		{w.public(), bad, "wechat.code_format", post, "/sessions/wechat", obj{"code": "a b&c=d"}, "code"},
		{w.public(), http.StatusUnauthorized, "wechat.code_used", post, "/sessions/wechat", obj{"code": "0123456789"}, ""},
		{w.public(), http.StatusForbidden, "wechat.user_blocked", post, "/sessions/wechat", obj{"code": code(blocked)}, ""},
		{phone, bad, "wechat.code_format", post, "/sessions/scan/approve", approve("a b"), "code"},
		{phone, http.StatusUnauthorized, "wechat.code_used", post, "/sessions/scan/approve", approve("0123456789"), ""},
		{phone, http.StatusForbidden, "wechat.user_blocked", post, "/sessions/scan/approve", approve(code(blocked)), ""},
		{phone, http.StatusForbidden, "scan.other_user", post, "/sessions/scan/approve", approve(code(other)), ""},
		{phone, http.StatusForbidden, "scan.not_linked", post, "/sessions/scan/approve", approve(code(phone)), ""},
	})
	w.fake.Fault(loginPath, wechattest.FaultBusy, 12)
	refusedAll(t, []mistake{
		{w.public(), http.StatusServiceUnavailable, "wechat.unavailable", post, "/sessions/wechat", obj{"code": code(phone)}, ""},
		{phone, http.StatusServiceUnavailable, "wechat.unavailable", post, "/sessions/scan/approve", approve(code(phone)), ""},
	})
	for range 12 { // what is left of the faults
		if w.public().call(post, "/sessions/wechat", obj{"code": code(other)}).status == http.StatusCreated {
			break
		}
	}

	// A staff member: by password, linked to a phone, disabled in the end.
	first, totpCode := w.staffWithPassword(model.RoleClerk)
	login := func(password string) obj { return obj{"login": "wang.yi", "password": password, "totp": totpCode()} }
	// One by one: a code is good for half a minute.
	refusedAll(t, []mistake{{phone, http.StatusForbidden, "password.must_change", post, "/me/staff-link", login(first), ""}})
	refusedAll(t, []mistake{{w.public(), http.StatusUnauthorized, "login.wrong", post, "/sessions/staff", login("wrong"), ""}})
	refusedAll(t, []mistake{{phone, http.StatusUnauthorized, "login.wrong", post, "/me/staff-link", login("wrong"), ""}})
	staff := &client{w: w}
	staff.auth = "Bearer " + staff.must(http.StatusCreated, post, "/sessions/staff", login(first)).str("token")
	refusedAll(t, []mistake{
		{staff, bad, "login.wrong", post, "/me/password", obj{"old_password": "wrong", "new_password": "a longer password"}, "old_password"},
		{staff, bad, "password.weak", post, "/me/password", obj{"old_password": first, "new_password": "short"}, "new_password"},
		{staff, bad, "password.common", post, "/me/password", obj{"old_password": first, "new_password": "password123456"}, "new_password"},
		{phone, http.StatusForbidden, "role.forbidden", post, "/me/second-factor", obj{}, ""},
		{w.public(), http.StatusUnauthorized, "session.required", post, "/me/second-factor", obj{}, ""},
	})
	factor := staff.must(http.StatusOK, post, "/me/second-factor", obj{})
	if len(factor.str("secret")) < 16 || !strings.HasPrefix(factor.str("otpauth_url"), "otpauth://totp/") {
		t.Errorf("the second factor is %v", factor)
	}
	change := func() obj { return obj{"old_password": first, "new_password": "a longer password", "totp": totpCode()} }
	wrongCode := change()
	wrongCode["totp"] = "000000"
	refusedAll(t, []mistake{{staff, bad, "totp.wrong", post, "/me/password", wrongCode, "totp"}})
	staff.must(http.StatusNoContent, post, "/me/password", change())
	staff.auth = "Bearer " + staff.must(http.StatusCreated, post, "/sessions/staff", login("a longer password")).str("token")
	refusedAll(t, []mistake{{staff, clash, "totp.enrolled", post, "/me/second-factor", obj{}, ""}})
	guess := obj{"old_password": "wrong", "new_password": "another longer password"}
	for range 5 {
		refusedAll(t, []mistake{{staff, bad, "login.wrong", post, "/me/password", guess, "old_password"}})
	}
	refusedAll(t, []mistake{{staff, http.StatusTooManyRequests, "login.locked", post, "/me/password", guess, ""}})
	phone.must(http.StatusNoContent, post, "/me/staff-link", login("a longer password"))
	ticket = w.public().must(http.StatusCreated, post, "/sessions/scan", obj{})
	refusedAll(t, []mistake{
		{phone, gone, "scan.not_found", post, "/sessions/scan/approve", obj{"ticket": "nothing", "code": code(phone)}, ""},
		{w.public(), gone, "scan.not_found", post, "/sessions/scan/collect", obj{"ticket": ticket.str("ticket"), "secret": "nothing"}, ""},
	})
	ticket = w.public().must(http.StatusCreated, post, "/sessions/scan", obj{})
	look := obj{"ticket": ticket.str("ticket")}
	asked := phone.must(http.StatusOK, post, "/sessions/scan/look", look)
	if asked.str("number") != ticket.str("number") || asked.str("ip") == "" || asked.str("asked_at") == "" || asked.str("login") != "wang.yi" {
		t.Errorf("the phone shows %v", asked)
	}
	refusedAll(t, []mistake{
		{phone, gone, "scan.not_found", post, "/sessions/scan/look", obj{"ticket": "nothing"}, ""},
		{other, http.StatusForbidden, "scan.not_linked", post, "/sessions/scan/look", look, ""},
	})
	guessed := login("wrong")
	for range 5 {
		w.public().call(post, "/sessions/staff", guessed)
	}
	refusedAll(t, []mistake{
		{w.public(), http.StatusTooManyRequests, "login.locked", post, "/sessions/staff", guessed, ""},
		{other, http.StatusTooManyRequests, "login.locked", post, "/me/staff-link", guessed, ""},
	})
	state := func(s model.UserState) {
		if err := w.db.Transact(context.Background(), func(tx *storage.DB) error {
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
		{phone, http.StatusForbidden, "account.disabled", post, "/sessions/scan/look", look, ""},
		{phone, http.StatusForbidden, "account.disabled", post, "/sessions/scan/approve", approve(code(phone)), ""},
	})
	state(model.UserActive)
	if err := w.svc.Identity.DisableStaff(context.Background(), model.System(), w.court.ID, "wang.yi"); err != nil {
		t.Fatal(err)
	}
	ticket = w.public().must(http.StatusCreated, post, "/sessions/scan", obj{})
	refusedAll(t, []mistake{
		{phone, http.StatusUnauthorized, "session.expired", post, "/sessions/scan/approve", approve(code(phone)), ""},
	})
	phone.login()
	refusedAll(t, []mistake{{phone, http.StatusForbidden, "scan.not_linked", post, "/sessions/scan/approve", approve(code(phone)), ""}})
	if err := w.db.Transact(context.Background(), func(tx *storage.DB) error {
		return tx.SetUserState(context.Background(), other.userID, model.UserDisabled)
	}); err != nil {
		t.Fatal(err)
	}
	refusedAll(t, []mistake{
		{w.public(), http.StatusForbidden, "account.disabled", post, "/sessions/wechat", obj{"code": code(other)}, ""},
		{other, http.StatusUnauthorized, "session.expired", get, "/me", nil, ""},
	})
}

func TestBindingRefuses(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.staff("zhang.min", model.RoleJudge)
	w.file(w.staff("wan.tt", model.RoleClerk))
	right, other := w.phone("13800138000"), w.phone("13700137000")
	const id = "11010519491231002X"
	identity := func(k, v string) obj {
		o := obj{"name": "李某", "id_number": id, "phone_code": "none", "case_no": ""}
		o[k] = v
		return o
	}
	start := func(name, id string) obj { return obj{"name": name, "id_number": id} }
	refusedAll(t, []mistake{
		{right, bad, "id.format", post, "/bindings/identity", identity("id_number", "123"), "id_number"},
		{right, bad, "case_no.format", post, "/bindings/identity", identity("case_no", "第一号"), ""},
		{right, bad, "case_no.year", post, "/bindings/identity", identity("case_no", "（1880）浙0211民初1号"), ""},
		{right, bad, "case_no.type", post, "/bindings/identity", identity("case_no", "（2026）浙0211甲乙1号"), ""},
		{right, bad, "wechat.phone_code", post, "/bindings/identity", identity("phone_code", "0123456789"), ""},
		{right, http.StatusForbidden, "wechat.phone_not_yours", post, "/bindings/identity", identity("phone_code", w.phoneCode(other)), ""},
		{right, bad, "field.required", post, "/bindings/real-name/start", start(" ", id), "name"},
		{right, bad, "id.format", post, "/bindings/real-name/start", start("李某", "12345"), ""},
		{right, bad, "id.check_digit", post, "/bindings/real-name/start", start("李某", "110105194912310021"), ""},
		{right, bad, "id.birth", post, "/bindings/real-name/start", start("李某", "110105194913310024"), ""},
	})
	begin := func(c *client) obj {
		t.Helper()
		v := c.must(http.StatusCreated, post, "/bindings/real-name/start", start("李某", id))
		return obj{"name": "李某", "id_number": id, "verify_id": v.str("verify_id"), "out_seq_no": v.str("out_seq_no"), "phone_code": "none"}
	}
	with := func(o obj, k, v string) obj {
		c := obj{}
		for key, value := range o {
			c[key] = value
		}
		c[k] = v
		return c
	}
	started := begin(right)
	finish := "/bindings/real-name/finish"
	refusedAll(t, []mistake{
		{right, bad, "wechat.real_name_mismatch", post, finish, with(started, "name", "王某"), ""},
		{right, bad, "wechat.phone_code", post, finish, with(started, "phone_code", "0123456789"), ""},
		{right, http.StatusForbidden, "wechat.phone_not_yours", post, finish, with(started, "phone_code", w.phoneCode(other)), ""},
		{other, bad, "binding.no_match", post, finish, with(begin(other), "phone_code", w.phoneCode(other)), ""},
	})
	user := w.fake.Users()[slices.IndexFunc(w.fake.Users(), func(u wechattest.User) bool { return u.OpenID == other.openID })]
	user.FaceResult = 10001
	w.fake.AddUser(user)
	refusedAll(t, []mistake{{other, bad, "real_name.failed", post, finish, begin(other), ""}})
	for path, m := range map[string]mistake{
		"/wxa/business/getuserphonenumber":           {right, http.StatusServiceUnavailable, "wechat.unavailable", post, "/bindings/identity", identity("phone_code", w.phoneCode(right)), ""},
		"/cityservice/face/identify/getverifyid":     {right, http.StatusServiceUnavailable, "wechat.unavailable", post, "/bindings/real-name/start", start("李某", id), ""},
		"/cityservice/face/identify/queryverifyinfo": {right, http.StatusServiceUnavailable, "wechat.unavailable", post, finish, started, ""},
	} {
		w.fake.Fault(path, wechattest.FaultBadGateway, 10)
		refusedAll(t, []mistake{m})
	}

	off := newWorldWith(t, func(w *world) { w.noRealName = true })
	phone := off.phone("")
	refusedAll(t, []mistake{
		{phone, bad, "real_name.off", post, "/bindings/real-name/start", start("李某", id), ""},
		{phone, bad, "real_name.off", post, finish, started, ""},
	})
}

// conduct is a case in which the debtor owes money and an act.
func (w *world) conduct(clerk *client) (f filed, act int64) {
	w.t.Helper()
	in := caseInput()
	duties := in["instruments"].([]obj)[0]
	duties["obligations"] = append(duties["obligations"].([]obj), obj{
		"ref": "O2", "kind": "conduct", "obligors": []string{"D1"}, "obligee": "C1", "description": "腾退房屋", "due_on": "2026-04-30",
	})
	f = w.fileInput(clerk, in)
	d := clerk.must(http.StatusOK, get, fmt.Sprintf("/cases/%d", f.id), nil)
	return f, d.list("instruments")[0].list("obligations")[1].id("id")
}

func TestReceiptsAreDecidedWithinTheRules(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	judge, clerk := w.staff("zhang.min", model.RoleJudge), w.staff("wan.tt", model.RoleClerk)
	f, act := w.conduct(clerk)
	money := f.installments[:2]
	debtor, creditor := w.phone(""), w.phone("")
	debtor.bind(clerk, f.id, f.debtor)
	creditor.bind(clerk, f.id, f.creditor)
	long := strings.Repeat("长", 501)
	r := debtor.submit(f, 60000, 801)
	at := func(verb string) string { return fmt.Sprintf("/receipts/%d/%s", r.id("id"), verb) }
	decide := func(amount int, more obj) obj {
		o := obj{"version": r.id("version"), "amount_fen": amount}
		for k, v := range more {
			o[k] = v
		}
		return o
	}
	shares := func(list ...any) []obj {
		var out []obj
		for i := 0; i < len(list); i += 2 {
			out = append(out, obj{"installment_id": list[i], "amount_fen": list[i+1]})
		}
		return out
	}
	both := func(verb string) []mistake {
		add := func(o obj) obj {
			if verb == "correct" {
				o["reason"] = "金额有误"
			}
			return o
		}
		return []mistake{
			{judge, bad, "amount.over_debt", post, at(verb), add(decide(100001, nil)), "over_reason"},
			{judge, bad, "field.too_long", post, at(verb), add(decide(100001, obj{"over_reason": long})), "over_reason"},
			{judge, bad, "installment.repeated", post, at(verb), add(decide(60000, obj{"allocations": shares(money[0], 30000, money[0], 30000)})), "allocations"},
			{judge, bad, "installment.unknown", post, at(verb), add(decide(60000, obj{"allocations": shares(999, 60000)})), "allocations"},
			{judge, bad, "amount.positive", post, at(verb), add(decide(60000, obj{"allocations": shares(money[0], 0)})), ""},
			{judge, bad, "amount.over_installment", post, at(verb), add(decide(60001, obj{"allocations": shares(money[0], 60001)})), "allocations"},
			{judge, bad, "amount.sum", post, at(verb), add(decide(60000, obj{"allocations": shares(money[0], 59999)})), "allocations"},
			{judge, bad, "obligation.unknown", post, at(verb), add(decide(60000, obj{"obligation_ids": []int64{999}})), "obligation_ids"},
			{judge, bad, "date.future", post, at(verb), add(decide(60000, obj{"obligation_ids": []int64{act}, "performed_on": "2026-03-03"})), "performed_on"},
			{judge, http.StatusConflict, "receipt.changed", post, at(verb), add(obj{"version": 99, "amount_fen": 60000}), ""},
		}
	}
	refusedAll(t, both("confirm"))
	refusedAll(t, []mistake{
		{judge, http.StatusConflict, "receipt.not_confirmed", post, at("correct"), decide(50000, obj{"reason": "金额有误"}), ""},
		{judge, bad, "field.too_long", post, at("return"), obj{"version": r.id("version"), "reason": long}, "reason"},
		{judge, http.StatusConflict, "receipt.changed", post, at("return"), obj{"version": 99, "reason": "看不清"}, ""},
		{debtor, http.StatusConflict, "receipt.changed", post, at("withdraw"), obj{"version": 99}, ""},
		{creditor, bad, "reason.required", post, at("dispute"), obj{"reason": " "}, "reason"},
		{creditor, bad, "field.too_long", post, at("dispute"), obj{"reason": long}, "reason"},
		{judge, gone, "receipt.not_found", post, "/receipts/999999/correct", decide(1, obj{"reason": "金额有误"}), ""},
	})
	judge.confirm(r, 60000)
	r = judge.must(http.StatusOK, get, fmt.Sprintf("/receipts/%d", r.id("id")), nil)
	refusedAll(t, both("correct"))
	refusedAll(t, []mistake{
		{judge, bad, "reason.required", post, at("correct"), decide(50000, nil), "reason"},
		{judge, bad, "amount.negative", post, at("correct"), decide(-1, obj{"reason": "金额有误"}), "amount_fen"},
		{judge, http.StatusConflict, "receipt.decided", post, at("confirm"), decide(60000, nil), ""},
		{judge, http.StatusConflict, "receipt.decided", post, at("return"), obj{"version": r.id("version"), "reason": "看不清"}, ""},
		{debtor, http.StatusConflict, "receipt.decided", post, at("withdraw"), obj{"version": r.id("version")}, ""},
		{creditor, http.StatusConflict, "receipt.decided", post, at("acknowledge"), nil, ""},
		{creditor, http.StatusConflict, "receipt.decided", post, at("dispute"), obj{"reason": "未到账"}, ""},
	})
	if l := judge.must(http.StatusOK, get, fmt.Sprintf("/cases/%d/ledger", f.id), nil); l.num("confirmed_fen") != 60000 || len(l.list("entries")) != 1 {
		t.Errorf("what was refused changed the ledger: %v", l)
	}
}

func TestClaimsRefuse(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	judge, clerk := w.staff("zhang.min", model.RoleJudge), w.staff("wan.tt", model.RoleClerk)
	f := w.file(clerk)
	debtor, creditor := w.phone(""), w.phone("")
	debtor.bind(clerk, f.id, f.debtor)
	creditor.bind(clerk, f.id, f.creditor)
	path := fmt.Sprintf("/cases/%d/receipts", f.id)
	file, theirs := debtor.uploaded(f.id, 821), creditor.uploaded(f.id, 822)
	used := debtor.uploaded(f.id, 823)
	r := debtor.must(http.StatusCreated, post, path, claim(60000, used))
	broken := debtor.spoiled(f.id)
	with := func(k string, v any) obj {
		c := claim(30000, file)
		c[k] = v
		return c
	}
	refusedAll(t, []mistake{
		{debtor, bad, "amount.too_large", post, path, with("amount_fen", int64(1)<<52), "amount_fen"},
		{debtor, bad, "amount.not_money", post, path, with("proof_kind", "conduct"), "amount_fen"},
		{debtor, bad, "date.range", post, path, with("paid_on", "1989-12-31"), "paid_on"},
		{debtor, bad, "date.format", post, path, with("paid_on", "1989-12-31abc"), "paid_on"},
		{debtor, bad, "field.too_long", post, path, with("remark", strings.Repeat("长", 501)), "remark"},
		{debtor, bad, "payer.unknown", post, path, with("payer_kind", "stranger"), "payer_kind"},
		{debtor, bad, "file.attached", post, path, with("file_ids", []int64{used}), "file_ids"},
		{debtor, bad, "file.damaged", post, path, with("file_ids", []int64{broken}), ""},
		{debtor, bad, "file.damaged", post, path, with("file_ids", []int64{broken}), "file_ids"},
		{debtor, bad, "file.damaged", get, fmt.Sprintf("/files/%d/view", broken), nil, ""},
		{debtor, bad, "file.damaged", get, fmt.Sprintf("/files/%d/thumbnail", broken), nil, ""},
		{creditor, bad, "party.not_obligor", post, path, claim(30000, theirs), "party_id"},
	})
	judge.confirm(r, 60000)
	judge.confirm(debtor.submit(f, 40000, 825), 40000)
	refusedAll(t, []mistake{{debtor, bad, "amount.nothing_owed", post, path, claim(30000, file), "amount_fen"}})

	// A father acts for two debtors: the system asks for whom. Before the judgment
	// he may show a payment, which the judge cannot confirm yet.
	in := caseInput()
	in["parties"] = append(in["parties"].([]obj), obj{"ref": "D2", "role": "defendant", "kind": "person", "name": "甬小兴", "id_number": "34052419800101001X", "phone": "13600136000"})
	in["instruments"].([]obj)[0]["obligations"].([]obj)[0]["obligors"] = []string{"D1", "D2"}
	joint := w.fileInput(clerk, in)
	second := clerk.must(http.StatusOK, get, fmt.Sprintf("/cases/%d", joint.id), nil).list("parties")[2].id("id")
	debtor.bind(clerk, joint.id, joint.debtor)
	debtor.bind(clerk, joint.id, second)
	early := caseInput()
	early["instruments"] = []obj{}
	before := w.fileInput(clerk, early)
	debtor.bind(clerk, before.id, before.debtor)
	waiting := debtor.submit(before, 5000, 826)
	refusedAll(t, []mistake{
		{debtor, bad, "party.ambiguous", post, fmt.Sprintf("/cases/%d/receipts", joint.id), claim(30000, debtor.uploaded(joint.id, 827)), "party_id"},
		{judge, http.StatusConflict, "case.no_obligation", post, fmt.Sprintf("/receipts/%d/confirm", waiting.id("id")), obj{"version": 1, "amount_fen": 5000}, ""},
	})
}

// certified is a fulfilled case with its certificate.
func (w *world) certified(judge, clerk, debtor *client) (f filed, cert obj) {
	w.t.Helper()
	f = w.file(clerk)
	debtor.bind(clerk, f.id, f.debtor)
	judge.confirm(debtor.submit(f, 100000, int(f.id)+3000), 100000)
	return f, judge.must(http.StatusCreated, post, fmt.Sprintf("/cases/%d/certificates", f.id), obj{"instrument_id": f.instrument, "party_id": f.debtor})
}

func TestCertificatesRefuse(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	judge, clerk, debtor := w.staff("zhang.min", model.RoleJudge), w.staff("wan.tt", model.RoleClerk), w.phone("")
	other := w.staff("ji.wei", model.RoleJudge)
	f, cert := w.certified(judge, clerk, debtor)
	unknown := obj{"instrument_id": 999999, "party_id": f.debtor}
	revoke := fmt.Sprintf("/certificates/%d/revoke", cert.id("id"))
	ground := func(ground, reason string, version int64) obj {
		return obj{"ground": ground, "reason": reason, "version": version}
	}
	v := cert.id("version")
	refusedAll(t, []mistake{
		{debtor, bad, "obligation.exists", post, fmt.Sprintf("/cases/%d/certificate-applications", f.id), unknown, "instrument_id"},
		{judge, bad, "obligation.exists", post, fmt.Sprintf("/cases/%d/certificates", f.id), unknown, "instrument_id"},
		{debtor, bad, "party.not_obligor", post, fmt.Sprintf("/cases/%d/certificate-applications", f.id), obj{"instrument_id": f.instrument, "party_id": f.creditor}, "party_id"},
		{judge, bad, "certificate.ground", post, revoke, ground("whim", "银行退票", v), "ground"},
		{judge, bad, "reason.required", post, revoke, ground("payment_reversed", " ", v), "reason"},
		{judge, http.StatusConflict, "certificate.changed", post, revoke, ground("payment_reversed", "银行退票", 99), ""},
		{other, gone, "certificate.not_found", post, revoke, ground("payment_reversed", "银行退票", v), ""},
		{judge, gone, "application.not_found", post, "/certificate-applications/999999/refuse", obj{"reason": "材料不全"}, ""},
	})
	judge.must(http.StatusOK, post, revoke, ground("payment_reversed", "银行退票", v))
	refusedAll(t, []mistake{{judge, http.StatusConflict, "certificate.revoked", post, revoke, ground("false_receipt", "另一事由", v+1), ""}})
	// An application that the judge granted cannot be refused any more.
	application := debtor.must(http.StatusCreated, post, fmt.Sprintf("/cases/%d/certificate-applications", f.id), obj{"instrument_id": f.instrument, "party_id": f.debtor})
	judge.must(http.StatusCreated, post, fmt.Sprintf("/cases/%d/certificates", f.id), obj{"instrument_id": f.instrument, "party_id": f.debtor})
	refusedAll(t, []mistake{
		{judge, http.StatusConflict, "application.decided", post, fmt.Sprintf("/certificate-applications/%d/refuse", application.id("id")), obj{"reason": "材料不全"}, ""},
	})
	for range 20 {
		if a := w.public().call(post, "/verify/details", obj{"code": "AAAA-BBBB-CCCC"}); a.json.reason() == "share_code.blocked" {
			break
		}
	}
	refusedAll(t, []mistake{{w.public(), http.StatusTooManyRequests, "share_code.blocked", post, "/verify/details", obj{"code": "AAAA-BBBB-CCCC"}, ""}})
	// The counter beside it, behind the same address, does not pay for it.
	if a := w.public().from(post, "/verify/details", map[string]string{"User-Agent": "another device"}); a.json.reason() == "share_code.blocked" {
		t.Errorf("another device at the same address: %d %s", a.status, a.body)
	}
}

// badFiles are files that are refused wherever they come in.
func badFiles(t *testing.T) map[string][]byte {
	jpg := picture(831)
	t.Helper()
	return map[string][]byte{
		"file.empty": nil, "file.type": []byte("<html>"), "file.damaged": jpg[:len(jpg)/2], "file.bomb": huge(),
		"file.polyglot": append(bytes.Clone(jpg), "PK\x03\x04 and the rest"...), "file.too_large": append(bytes.Clone(jpg), make([]byte, model.MaxFileBytes)...),
		"file.pdf_active": evidencetest.PDF("/OpenAction << /S /JavaScript /JS (app.alert(1)) >>"), "file.pdf_pages": evidencetest.Pages(51, ""),
		"file.pdf_encrypted": evidencetest.Encrypted(t), "file.unsupported": arithmetic(), "file.too_complex": evidencetest.PDF("/X " + strings.Repeat("[", 90) + strings.Repeat("]", 90)),
	}
}

func TestUploadsRefuse(t *testing.T) {
	t.Parallel()
	w, debtor, f := uploader(t)
	for reason, file := range badFiles(t) {
		if a := debtor.upload(f.id, freshKey(), file); a.status != bad || a.json.reason() != reason {
			t.Errorf("%s: %d %s", reason, a.status, a.body)
		}
	}
	if keys := w.objectKeys(); len(keys) != 0 {
		t.Errorf("left behind: %v", keys)
	}
	if a := debtor.formFile("/uploads", ""); a.status != bad || a.json.reason() != "file.missing" {
		t.Errorf("no file: %d %s", a.status, a.body)
	}
	// An upload whose file was swept cannot be completed under its old key.
	key := freshKey()
	if a := debtor.upload(f.id, key, picture(832)); a.status != http.StatusCreated {
		t.Fatalf("%s", a.body)
	}
	w.clock.Advance(73 * time.Hour)
	if _, err := w.svc.Performance.Sweep(context.Background()); err != nil {
		t.Fatal(err)
	}
	debtor.login()
	if a := debtor.upload(f.id, key, picture(832)); a.status != bad || a.json.reason() != "upload.key_spent" {
		t.Errorf("a swept upload: %d %s", a.status, a.body)
	}
	// A phone that uploads and never submits is stopped.
	for i := range 27 {
		debtor.uploaded(f.id, 840+i)
	}
	if a := debtor.upload(f.id, freshKey(), picture(833)); a.status != http.StatusTooManyRequests || a.json.reason() != "upload.too_many" {
		t.Errorf("the 28th loose file: %d %s", a.status, a.body)
	}
}

func TestDirectUploadsRefuse(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	store := &failing{Store: w.objects}
	presigner, direct := w.objects.(object.Presigner)
	if direct {
		w.objects = &failingDirect{store, presigner}
		w.build()
	}
	w.staff("zhang.min", model.RoleJudge)
	clerk := w.staff("wan.tt", model.RoleClerk)
	f := w.file(clerk)
	debtor := w.phone("")
	debtor.bind(clerk, f.id, f.debtor)
	want := func(k string, v any) obj {
		o := obj{"case_id": f.id, "upload_key": freshKey(), "size": 1000, "media_type": "image/jpeg"}
		o[k] = v
		return o
	}
	refusedAll(t, []mistake{
		{debtor, gone, "case.not_found", post, "/uploads/presigned", want("case_id", 999999), ""},
		{debtor, gone, "file.not_found", post, "/uploads/999999/complete", nil, ""},
	})
	if !objecttest.OnMinIO() {
		refusedAll(t, []mistake{{debtor, bad, "upload.direct_off", post, "/uploads/presigned", want("size", 1), ""}})
		return
	}
	refusedAll(t, []mistake{
		{debtor, bad, "file.too_large", post, "/uploads/presigned", want("size", model.MaxFileBytes+1), "size"},
		{debtor, bad, "file.type", post, "/uploads/presigned", want("media_type", "image/svg+xml"), "media_type"},
	})
	begin := func() (path, key, upload string) {
		t.Helper()
		in := want("size", 1000)
		d := debtor.must(http.StatusCreated, post, "/uploads/presigned", in)
		return fmt.Sprintf("/uploads/%d/complete", d.id("file_id")), d.obj("form").str("key"), in["upload_key"].(string)
	}
	for reason, file := range badFiles(t) {
		path, key, _ := begin()
		if err := w.objects.Put(context.Background(), key, bytes.NewReader(file), int64(len(file)), object.PutOptions{}); err != nil {
			t.Fatal(err)
		}
		refusedAll(t, []mistake{
			{debtor, bad, reason, post, path, nil, ""},
			{debtor, http.StatusConflict, "upload.key_spent", post, path, nil, ""},
		})
	}
	path, key, upload := begin()
	file := picture(861)
	if err := w.objects.Put(context.Background(), key, bytes.NewReader(file), int64(len(file)), object.PutOptions{}); err != nil {
		t.Fatal(err)
	}
	store.fail(true)
	refusedAll(t, []mistake{{debtor, http.StatusServiceUnavailable, "files.unavailable", post, path, nil, ""}})
	store.fail(false)
	debtor.must(http.StatusOK, post, path, nil)
	refusedAll(t, []mistake{{debtor, http.StatusConflict, "upload.key_reused", post, "/uploads/presigned", want("upload_key", upload), ""}})
	// A phone that asks for forms and never submits is stopped.
	var last answer
	for range 28 {
		last = debtor.call(post, "/uploads/presigned", want("upload_key", freshKey()))
	}
	if last.status != tooMany || last.json.reason() != "upload.too_many" {
		t.Errorf("the 28th form: %d %s", last.status, last.body)
	}
}

// The object store is down: what needs it says so, and works again afterwards.
func TestReadingDuringAnOutageOfTheObjectStore(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	store := &failing{Store: w.objects}
	w.objects = store
	w.build()
	judge, clerk, debtor := w.staff("zhang.min", model.RoleJudge), w.staff("wan.tt", model.RoleClerk), w.phone("")
	f, cert := w.certified(judge, clerk, debtor)
	second := w.file(clerk)
	debtor.bind(clerk, second.id, second.debtor)
	file := debtor.uploaded(second.id, 871)
	stored := judge.must(http.StatusOK, get, fmt.Sprintf("/cases/%d/receipts", f.id), nil).list("receipts")[0].list("files")[0].id("id")
	pdf := fmt.Sprintf("/certificates/%d/pdf", cert.id("id"))
	var list []mistake
	for _, v := range []string{"view", "thumbnail", "original"} {
		list = append(list, mistake{judge, http.StatusServiceUnavailable, "files.unavailable", get, fmt.Sprintf("/files/%d/%s", stored, v), nil, ""})
	}
	notice := judge.must(http.StatusOK, get, fmt.Sprintf("/cases/%d/documents", f.id), nil).list("documents")[0].id("id")
	list = append(list,
		mistake{judge, http.StatusServiceUnavailable, "files.unavailable", get, fmt.Sprintf("/documents/%d/pdf", notice), nil, ""},
		mistake{judge, http.StatusServiceUnavailable, "files.unavailable", get, pdf, nil, ""},
		mistake{debtor, http.StatusServiceUnavailable, "files.unavailable", post, fmt.Sprintf("/cases/%d/receipts", second.id), claim(60000, file), ""})
	store.fail(true)
	refusedAll(t, list)
	store.fail(false)
	for _, m := range list {
		if a := m.by.call(m.method, m.path, m.body); a.status >= 300 {
			t.Errorf("after the outage %s answered %d %s", m.path, a.status, a.body)
		}
	}
}

func TestImportsRefuse(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.staff("zhang.min", model.RoleJudge)
	clerk := w.staff("wan.tt", model.RoleClerk)
	template := string(clerk.call(get, "/imports/template?format=csv", nil).body)
	head, _, _ := strings.Cut(template, "\n")
	many := head + "\n" + strings.Repeat("（2026）浙0211民初1号,买卖合同纠纷\n", 50_001)
	for reason, file := range map[string]string{
		"import.columns": "案号,案由\n1,2\n", "import.empty": head + "\n", "import.file": "PK\x03\x04 not a workbook", "import.too_many": many, "file.missing": "",
	} {
		a := clerk.formFile("/imports", file)
		if a.status != bad || a.json.reason() != reason {
			t.Errorf("%s: %d %.300s", reason, a.status, a.body)
		}
	}
	if list := clerk.must(http.StatusOK, get, "/cases", nil).list("cases"); len(list) != 0 {
		t.Errorf("refused files left %d cases", len(list))
	}
}

// huge is a small picture that says it has a hundred million pixels.
func huge() []byte {
	file := picture(1)
	i := bytes.Index(file, []byte{0xff, 0xc0}) // the frame header states height and width
	copy(file[i+5:], []byte{16_000 >> 8, 16_000 & 0xff, 16_000 >> 8, 16_000 & 0xff})
	return file
}

// formFile posts a form with a file, or without one.
func (c *client) formFile(path, file string) answer {
	c.w.t.Helper()
	var b bytes.Buffer
	m := multipart.NewWriter(&b)
	if file != "" {
		part, err := m.CreateFormFile("file", "cases")
		if err != nil {
			c.w.t.Fatal(err)
		}
		_, _ = part.Write([]byte(file))
	}
	_ = m.Close()
	req, err := http.NewRequest(post, c.w.url+"/api/v1"+path, &b)
	if err != nil {
		c.w.t.Fatal(err)
	}
	req.Header.Set("Content-Type", m.FormDataContentType())
	return c.send(req)
}

// failingDirect is a failing store with MinIO's door for phones.
type failingDirect struct {
	*failing
	object.Presigner
}
