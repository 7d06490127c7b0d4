package identity_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/pquerna/otp/totp"

	"microcourt/model"
	"microcourt/service/identity"
	"microcourt/storage"
	"microcourt/storage/storagetest"
)

// platform is WeChat as far as these tests need it: a code is its openid.
type platform struct{}

func (platform) ExchangeCode(_ context.Context, code string) (string, string, error) {
	if code == "down" {
		return "", "", model.E(model.Unavailable, "wechat.unavailable", "微信暂时无法连接，请稍后再试")
	}
	return "openid-" + code, "", nil
}

func (platform) PhoneNumber(_ context.Context, code, _ string) (string, error) { return code, nil }

type world struct {
	t     *testing.T
	clock *storagetest.Clock
	cfg   storage.Config
	db    *storage.DB
	svc   *identity.Service
	court model.Court
}

func newWorld(t *testing.T) *world {
	t.Helper()
	w := &world{t: t, clock: storagetest.NewClock()}
	w.cfg = storagetest.Config(t, w.clock.Now)
	db, err := storage.Open(context.Background(), w.cfg)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := db.Close(); err != nil {
			t.Errorf("close database: %v", err)
		}
	})
	w.db = db
	w.svc = identity.New(w.db, identity.Config{AppID: "wxapp", WeChat: platform{}, Now: w.clock.Now, PasswordMemory: 64})
	w.court = model.Court{Code: "浙0211", Name: "宁波市镇海区人民法院", ShortName: "镇法", Settings: model.DefaultCourtSettings()}
	err = w.db.Transact(context.Background(), func(tx *storage.DB) error { return tx.CreateCourt(context.Background(), &w.court) })
	if err != nil {
		t.Fatal(err)
	}
	return w
}

func (w *world) code(secret string) string {
	w.t.Helper()
	c, err := totp.GenerateCode(secret, w.clock.Now())
	if err != nil {
		w.t.Fatal(err)
	}
	return c
}

// member is a staff member who logged in once: his password and second factor
// are his own.
type member struct {
	id                      int64
	login, password, secret string
}

const ownPassword = "kettle moss ninety lantern"

func (w *world) member(login, name string, roles ...model.Role) *member {
	w.t.Helper()
	cred, err := w.svc.AddStaff(context.Background(), model.System(), w.court.ID, login, name, roles)
	if err != nil {
		w.t.Fatal(err)
	}
	return w.enrol(cred)
}

// enrol is a first log-in.
func (w *world) enrol(cred *identity.Credentials) *member {
	w.t.Helper()
	ctx := context.Background()
	s, err := w.svc.LoginStaff(ctx, model.Actor{}, cred.Login, cred.Password, "")
	if err != nil || !s.MustChange || !s.MustEnrol {
		w.t.Fatal(s, err)
	}
	a, err := w.svc.Authenticate(ctx, s.Token)
	if err != nil {
		w.t.Fatal(err)
	}
	e, err := w.svc.Enrol(ctx, a)
	if err != nil || e == nil {
		w.t.Fatal(e, err)
	}
	if err := w.svc.ChangePassword(ctx, a, cred.Password, ownPassword, w.code(e.Secret)); err != nil {
		w.t.Fatal(err)
	}
	w.clock.Advance(time.Minute)
	return &member{cred.UserID, cred.Login, ownPassword, e.Secret}
}

// in logs the member in from somewhere.
func (w *world) in(m *member, from model.Actor) *identity.Session {
	w.t.Helper()
	s, err := w.svc.LoginStaff(context.Background(), from, m.login, m.password, w.code(m.secret))
	if err != nil {
		w.t.Fatal(err)
	}
	w.clock.Advance(31 * time.Second)
	return s
}

// as is the actor of a session.
func (w *world) as(s *identity.Session) model.Actor {
	w.t.Helper()
	a, err := w.svc.Authenticate(context.Background(), s.Token)
	if err != nil {
		w.t.Fatal(err)
	}
	return a
}

// phone is a WeChat user.
func (w *world) phone(code string) model.Actor {
	w.t.Helper()
	s, err := w.svc.LoginWeChat(context.Background(), model.Actor{}, code)
	if err != nil {
		w.t.Fatal(err)
	}
	return w.as(s)
}

func (w *world) reason(want string, err error) {
	w.t.Helper()
	if model.ReasonOf(err) != want {
		w.t.Errorf("got %v, want %s", err, want)
	}
}

func TestStaffLogin(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	w := newWorld(t)
	cred, err := w.svc.AddStaff(ctx, model.System(), w.court.ID, "Zhang.Min", "张敏", []model.Role{model.RoleJudge})
	if err != nil {
		t.Fatal(err)
	}
	login := func(password, code string) (*identity.Session, error) {
		return w.svc.LoginStaff(ctx, model.Actor{}, "zhang.min", password, code)
	}
	// The first password opens a session that may do nothing but change it and
	// enrol a second factor.
	s, err := login(cred.Password, "")
	if err != nil || !s.MustChange || !s.MustEnrol {
		t.Fatal(s, err)
	}
	a := w.as(s)
	if len(a.Roles) != 0 {
		t.Fatalf("%+v", a)
	}
	e, err := w.svc.Enrol(ctx, a)
	if err != nil || e == nil {
		t.Fatal(e, err)
	}
	if again, err := w.svc.Enrol(ctx, a); err != nil || again.Secret != e.Secret {
		t.Error("the page that is opened again shows another secret", err)
	}
	for _, weak := range []string{"short", cred.Password} {
		w.reason("password.weak", w.svc.ChangePassword(ctx, a, cred.Password, weak, w.code(e.Secret)))
	}
	for _, common := range []string{"password123456", "zhangmin2026", "ZhangMin@2026", "zhenhaifayuan1", "镇法2026镇法2026", "woaini1314520"} {
		w.reason("password.common", w.svc.ChangePassword(ctx, a, cred.Password, common, w.code(e.Secret)))
	}
	w.reason("login.wrong", w.svc.ChangePassword(ctx, a, "not the old one", ownPassword, w.code(e.Secret)))
	w.reason("totp.wrong", w.svc.ChangePassword(ctx, a, cred.Password, ownPassword, "000000"))
	if err := w.svc.ChangePassword(ctx, a, cred.Password, ownPassword, w.code(e.Secret)); err != nil {
		t.Fatal(err)
	}
	if _, err := w.svc.Authenticate(ctx, s.Token); model.ReasonOf(err) != "session.expired" {
		t.Error("the old session outlived the password")
	}
	if again, err := w.svc.Enrol(ctx, a); err != nil || again != nil {
		t.Error("a second factor is shown after it was enrolled", again, err)
	}
	// A one-time code works once, also the one that confirmed the enrolment.
	_, err = login(ownPassword, w.code(e.Secret))
	w.reason("login.wrong", err)
	w.clock.Advance(31 * time.Second)
	_, err = login(ownPassword, "")
	w.reason("login.wrong", err)
	code := w.code(e.Secret)
	if s, err = login(ownPassword, code); err != nil || s.MustChange {
		t.Fatal(s, err)
	}
	_, err = login(ownPassword, code)
	w.reason("login.wrong", err)
	if a = w.as(s); !a.Has(model.RoleJudge) || a.CourtID != w.court.ID {
		t.Fatalf("%+v", a)
	}
	// Who found the desk open does not guess the password there.
	for range model.ThrottleLogin.Free {
		w.reason("login.wrong", w.svc.ChangePassword(ctx, a, "a guess", "rainy tuesday elsewhere", ""))
	}
	w.reason("login.locked", w.svc.ChangePassword(ctx, a, "a guess", "rainy tuesday elsewhere", ""))
	// Two hours without a request, and it is over.
	w.clock.Advance(2*time.Hour + 6*time.Minute)
	_, err = w.svc.Authenticate(ctx, s.Token)
	w.reason("session.expired", err)
	// A one-time password is good for a week.
	late, err := w.svc.AddStaff(ctx, model.System(), w.court.ID, "ji.wei", "纪伟", []model.Role{model.RoleJudge})
	if err != nil {
		t.Fatal(err)
	}
	w.clock.Advance(7*24*time.Hour + time.Second)
	_, err = w.svc.LoginStaff(ctx, model.Actor{}, "ji.wei", late.Password, "")
	w.reason("login.wrong", err)
}

// An open page that asks by itself does not keep its session alive.
func TestGlancingIsNoSignOfLife(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	ctx := context.Background()
	sess := w.in(w.member("zhang.min", "张敏", model.RoleJudge), model.Actor{})
	for range 7 {
		w.clock.Advance(17 * time.Minute)
		if _, err := w.svc.Glance(ctx, sess.Token); err != nil {
			t.Fatal(err)
		}
	}
	w.clock.Advance(2 * time.Minute)
	if _, err := w.svc.Glance(ctx, sess.Token); model.ReasonOf(err) != "session.expired" {
		t.Errorf("after two hours without a sign of life the session answers %v", err)
	}
}

func TestOneOpenIDIsOneUser(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	w := newWorld(t)
	var mu sync.Mutex
	users := map[int64]bool{}
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			s, err := w.svc.LoginWeChat(ctx, model.Actor{}, "same")
			if err != nil {
				t.Error(err)
				return
			}
			a, err := w.svc.Authenticate(ctx, s.Token)
			mu.Lock()
			defer mu.Unlock()
			users[a.UserID] = err == nil
			if !a.IsParty() || a.CourtID != 0 || !slices.Equal(a.Roles, []model.Role{model.RoleParty, model.RoleRelative}) {
				t.Errorf("a WeChat session is %+v", a)
			}
		})
	}
	wg.Wait()
	if len(users) != 1 {
		t.Errorf("one openid became %d users", len(users))
	}
	if _, err := w.svc.LoginWeChat(ctx, model.Actor{}, "down"); model.KindOf(err) != model.Unavailable {
		t.Error(err)
	}
}

// The desk that began collects the session, nobody else, and once.
func TestScanTicketsCannotBeStolen(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	w := newWorld(t)
	cred, err := w.svc.AddStaff(ctx, model.System(), w.court.ID, "zhang.min", "张敏", []model.Role{model.RoleJudge})
	if err != nil {
		t.Fatal(err)
	}
	phone := w.phone("judge")
	desk := model.Actor{Device: "Chrome 130 Windows", IP: "192.0.2.7"}
	ticket, err := w.svc.BeginScan(ctx, desk)
	if err != nil {
		t.Fatal(err)
	}
	_, err = w.svc.LookScan(ctx, phone, ticket.Code)
	w.reason("scan.not_linked", err)
	if err := w.svc.ApproveScan(ctx, phone, ticket.Code, "judge"); model.ReasonOf(err) != "scan.not_linked" {
		t.Fatalf("openid alone made a judge: %v", err)
	}
	if err := w.svc.LinkStaff(ctx, phone, "zhang.min", cred.Password, ""); model.ReasonOf(err) != "password.must_change" {
		t.Fatal(err)
	}
	m := w.enrol(cred)
	if err := w.svc.LinkStaff(ctx, phone, "zhang.min", m.password, w.code(m.secret)); err != nil {
		t.Fatal(err)
	}
	// The phone shows who asks before its owner agrees, and the desk's number.
	w.clock.Advance(3 * time.Minute)
	_, err = w.svc.LookScan(ctx, phone, ticket.Code)
	w.reason("scan.not_found", err)
	if ticket, err = w.svc.BeginScan(ctx, desk); err != nil {
		t.Fatal(err)
	}
	if asked, err := w.svc.LookScan(ctx, phone, ticket.Code); err != nil || asked.Device != desk.Device || asked.IP != desk.IP ||
		asked.At.IsZero() || len(asked.Number) != 4 || asked.Number != ticket.Number || asked.Login != "zhang.min" {
		t.Fatalf("the phone shows %+v, %v", asked, err)
	}
	if err := w.svc.ApproveScan(ctx, phone, ticket.Code, "somebody-else"); model.ReasonOf(err) != "scan.other_user" {
		t.Fatal(err)
	}
	if got, err := w.svc.CollectScan(ctx, model.Actor{}, ticket.Code, ticket.Secret); got != nil || err != nil {
		t.Fatal("a session before the approval", got, err)
	}
	if err := w.svc.ApproveScan(ctx, phone, ticket.Code, "judge"); err != nil {
		t.Fatal(err)
	}
	if _, err := w.svc.CollectScan(ctx, model.Actor{}, ticket.Code, "another desk's secret"); model.ReasonOf(err) != "scan.not_found" {
		t.Fatal("another desk collected the session")
	}
	opened, err := w.svc.CollectScan(ctx, desk, ticket.Code, ticket.Secret)
	if err != nil || opened == nil {
		t.Fatal(opened, err)
	}
	if _, err := w.svc.CollectScan(ctx, model.Actor{}, ticket.Code, ticket.Secret); model.ReasonOf(err) != "scan.not_found" {
		t.Fatal("the session was collected twice")
	}
	if a := w.as(opened); !a.Has(model.RoleJudge) {
		t.Fatalf("%+v", a)
	}
	late, err := w.svc.BeginScan(ctx, desk)
	if err != nil {
		t.Fatal(err)
	}
	w.clock.Advance(4 * time.Minute)
	if err := w.svc.ApproveScan(ctx, phone, late.Code, "judge"); model.ReasonOf(err) != "scan.not_found" {
		t.Error("an old ticket was approved")
	}
}

func TestAPIKeys(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	w := newWorld(t)
	secret, err := w.svc.CreateAPIKey(ctx, model.System(), w.court.ID, "审判系统")
	if err != nil {
		t.Fatal(err)
	}
	a, err := w.svc.AuthenticateKey(ctx, secret)
	if err != nil || a.CourtID != w.court.ID || fmt.Sprint(a.Roles) != "[case_system]" {
		t.Fatalf("%+v %v", a, err)
	}
	if err := w.svc.RevokeAPIKey(ctx, model.System(), w.court.ID, "审判系统"); err != nil {
		t.Fatal(err)
	}
	if _, err := w.svc.AuthenticateKey(ctx, secret); model.KindOf(err) != model.Unauthenticated {
		t.Error("a revoked key works")
	}
	if err := w.svc.RevokeAPIKey(ctx, model.System(), w.court.ID, "审判系统"); model.KindOf(err) != model.NotFound || errors.Is(err, nil) {
		t.Error(err)
	}
}
