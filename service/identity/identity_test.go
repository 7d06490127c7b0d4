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
	db    *storage.DB
	svc   *identity.Service
	court model.Court
}

func newWorld(t *testing.T) *world {
	t.Helper()
	w := &world{t: t, clock: storagetest.NewClock()}
	w.db = storagetest.Open(t, w.clock.Now)
	w.svc = identity.New(w.db, identity.Config{AppID: "wxapp", WeChat: platform{}, Now: w.clock.Now})
	w.court = model.Court{Code: "浙0211", Name: "宁波市镇海区人民法院", ShortName: "镇法", Settings: model.DefaultCourtSettings()}
	err := w.db.Transact(context.Background(), func(tx *storage.DB) error { return tx.CreateCourt(context.Background(), &w.court) })
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
	reason := func(want string, err error) {
		t.Helper()
		if model.ReasonOf(err) != want {
			t.Errorf("got %v, want %s", err, want)
		}
	}
	// The first password opens a session that may do nothing but change it.
	s, err := login(cred.Password, w.code(cred.TOTPSecret))
	if err != nil || !s.MustChange {
		t.Fatal(s, err)
	}
	a, err := w.svc.Authenticate(ctx, s.Token)
	if err != nil || len(a.Roles) != 0 {
		t.Fatalf("%+v %v", a, err)
	}
	reason("password.weak", w.svc.ChangePassword(ctx, a, cred.Password, "short"))
	reason("login.wrong", w.svc.ChangePassword(ctx, a, "not the old one", "a fresh password"))
	if err := w.svc.ChangePassword(ctx, a, cred.Password, "a fresh password"); err != nil {
		t.Fatal(err)
	}
	if _, err := w.svc.Authenticate(ctx, s.Token); model.ReasonOf(err) != "session.expired" {
		t.Error("the old session outlived the password")
	}
	// A one-time code works once.
	code := w.code(cred.TOTPSecret)
	_, err = login("a fresh password", code)
	reason("login.wrong", err)
	w.clock.Advance(31 * time.Second)
	code = w.code(cred.TOTPSecret)
	if s, err = login("a fresh password", code); err != nil || s.MustChange {
		t.Fatal(s, err)
	}
	_, err = login("a fresh password", code)
	reason("login.wrong", err)
	if a, err = w.svc.Authenticate(ctx, s.Token); err != nil || !a.Has(model.RoleJudge) || a.CourtID != w.court.ID {
		t.Fatalf("%+v %v", a, err)
	}
	// Two hours without a request, and it is over.
	w.clock.Advance(2*time.Hour + 6*time.Minute)
	_, err = w.svc.Authenticate(ctx, s.Token)
	reason("session.expired", err)
}

func TestLockoutAndTheWayBack(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	w := newWorld(t)
	cred, err := w.svc.AddStaff(ctx, model.System(), w.court.ID, "zhang.min", "张敏", []model.Role{model.RoleJudge})
	if err != nil {
		t.Fatal(err)
	}
	var last error
	for range 5 {
		_, last = w.svc.LoginStaff(ctx, model.Actor{}, "zhang.min", "wrong", "000000")
	}
	if model.ReasonOf(last) != "login.locked" {
		t.Fatal(last)
	}
	if _, err := w.svc.LoginStaff(ctx, model.Actor{}, "zhang.min", cred.Password, w.code(cred.TOTPSecret)); model.ReasonOf(err) != "login.locked" {
		t.Errorf("the right password during the lock: %v", err)
	}
	if _, err := w.svc.LoginStaff(ctx, model.Actor{}, "nobody", "wrong", "000000"); model.ReasonOf(err) != "login.wrong" {
		t.Errorf("an unknown login: %v", err)
	}
	w.clock.Advance(16 * time.Minute)
	s, err := w.svc.LoginStaff(ctx, model.Actor{}, "zhang.min", cred.Password, w.code(cred.TOTPSecret))
	if err != nil {
		t.Fatal("after the lock:", err)
	}
	// A disabled account loses its sessions at once.
	if err := w.svc.DisableStaff(ctx, model.System(), w.court.ID, "zhang.min"); err != nil {
		t.Fatal(err)
	}
	if _, err := w.svc.Authenticate(ctx, s.Token); model.ReasonOf(err) != "session.expired" {
		t.Error("a disabled account's session lives")
	}
}

// An open page that asks by itself does not keep its session alive.
func TestGlancingIsNoSignOfLife(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	ctx := context.Background()
	cred, err := w.svc.AddStaff(ctx, model.System(), w.court.ID, "zhang.min", "张敏", []model.Role{model.RoleJudge})
	if err != nil {
		t.Fatal(err)
	}
	code, err := totp.GenerateCode(cred.TOTPSecret, w.clock.Now())
	if err != nil {
		t.Fatal(err)
	}
	sess, err := w.svc.LoginStaff(ctx, model.Actor{}, "zhang.min", cred.Password, code)
	if err != nil {
		t.Fatal(err)
	}
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
	s, err := w.svc.LoginWeChat(ctx, model.Actor{}, "judge")
	if err != nil {
		t.Fatal(err)
	}
	phone, err := w.svc.Authenticate(ctx, s.Token)
	if err != nil {
		t.Fatal(err)
	}
	ticket, err := w.svc.BeginScan(ctx)
	if err != nil {
		t.Fatal(err)
	}
	if err := w.svc.ApproveScan(ctx, phone, ticket.Code, "judge"); model.ReasonOf(err) != "scan.not_linked" {
		t.Fatalf("openid alone made a judge: %v", err)
	}
	if err := w.svc.LinkStaff(ctx, phone, "zhang.min", cred.Password, w.code(cred.TOTPSecret)); model.ReasonOf(err) != "password.must_change" {
		t.Fatal(err)
	}
	if err := w.svc.ChangePassword(ctx, model.Actor{UserID: cred.UserID, CourtID: w.court.ID}, cred.Password, "a fresh password"); err != nil {
		t.Fatal(err)
	}
	w.clock.Advance(time.Minute)
	if err := w.svc.LinkStaff(ctx, phone, "zhang.min", "a fresh password", w.code(cred.TOTPSecret)); err != nil {
		t.Fatal(err)
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
	desk, err := w.svc.CollectScan(ctx, model.Actor{}, ticket.Code, ticket.Secret)
	if err != nil || desk == nil {
		t.Fatal(desk, err)
	}
	if _, err := w.svc.CollectScan(ctx, model.Actor{}, ticket.Code, ticket.Secret); model.ReasonOf(err) != "scan.not_found" {
		t.Fatal("the session was collected twice")
	}
	a, err := w.svc.Authenticate(ctx, desk.Token)
	if err != nil || !a.Has(model.RoleJudge) {
		t.Fatalf("%+v %v", a, err)
	}
	late, err := w.svc.BeginScan(ctx)
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
