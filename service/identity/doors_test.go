package identity_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"microcourt/model"
	"microcourt/service/agency"
	"microcourt/service/identity"
	"microcourt/storage"
)

// linked ties a phone to the member and lets it open a desk.
func (w *world) linked(m *member, code string) (phone model.Actor, desk *identity.Session) {
	w.t.Helper()
	ctx := context.Background()
	phone = w.phone(code)
	if err := w.svc.LinkStaff(ctx, phone, m.login, m.password, w.code(m.secret)); err != nil {
		w.t.Fatal(err)
	}
	w.clock.Advance(time.Minute)
	return phone, w.scanned(phone, code)
}

func (w *world) scanned(phone model.Actor, code string) *identity.Session {
	w.t.Helper()
	ctx := context.Background()
	ticket, err := w.svc.BeginScan(ctx, model.Actor{})
	if err != nil {
		w.t.Fatal(err)
	}
	if err := w.svc.ApproveScan(ctx, phone, ticket.Code, code); err != nil {
		w.t.Fatal(err)
	}
	s, err := w.svc.CollectScan(ctx, model.Actor{}, ticket.Code, ticket.Secret)
	if err != nil || s == nil {
		w.t.Fatal(s, err)
	}
	return s
}

// agency is an agency with an account and a key.
func (w *world) agency(login, name string) (id int64, m *member, key string) {
	w.t.Helper()
	ctx := context.Background()
	a := model.Agency{CourtID: w.court.ID, Code: "SCJ", Name: "市场监督管理局", Kind: model.AgencyGovernment, QueryKinds: []model.QueryKind{}, Version: 1}
	err := w.db.Transact(ctx, func(tx *storage.DB) error {
		_, err := tx.CreateAgency(ctx, &a)
		return err
	})
	if err != nil {
		w.t.Fatal(err)
	}
	cred, err := w.svc.AddAgencyStaff(ctx, model.System(), w.court.ID, a.ID, login, name)
	if err != nil {
		w.t.Fatal(err)
	}
	if key, err = w.svc.CreateAgencyKey(ctx, model.System(), w.court.ID, a.ID, "程序"); err != nil {
		w.t.Fatal(err)
	}
	if _, err := w.svc.AuthenticateKey(ctx, key); err != nil {
		w.t.Fatal(err)
	}
	return a.ID, w.enrol(cred), key
}

// Resetting an account, changing its roles, closing it, ending the agency whose
// it is: whoever was in by any way is out, and no way that he prepared leads in
// again.
func TestNoDoorStaysOpenBehindAnAdministrator(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	who := model.SignedOn{Issuer: "https://id.court.example", Subject: "s-1", Login: "zhang.min"}
	for name, act := range map[string]struct {
		do     func(w *world, agencyID int64) error
		signOn string // what a log-in through the sign-on answers afterwards
	}{
		"reset": {func(w *world, _ int64) error {
			_, err := w.svc.ResetStaff(ctx, model.System(), w.court.ID, "Zhang.Min")
			return err
		}, ""}, // the person whose it is
		"roles": {func(w *world, _ int64) error {
			return w.svc.SetRoles(ctx, model.System(), w.court.ID, "zhang.min", []model.Role{model.RoleClerk})
		}, ""},
		"close": {func(w *world, _ int64) error {
			_, err := w.svc.DisableStaff(ctx, model.System(), w.court.ID, "zhang.min")
			return err
		}, "signon.unknown"},
		"the end of his agency": {func(w *world, agencyID int64) error {
			by := model.Actor{UserID: 1, CourtID: w.court.ID, Roles: []model.Role{model.RoleListManager}}
			_, err := agency.New(w.db, agency.Config{}).End(ctx, by, agencyID, 1)
			return err
		}, "signon.other"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			var m *member
			var agencyID int64
			key := ""
			if strings.Contains(name, "agency") {
				agencyID, m, key = w.agency("zhang.min", "张敏")
			} else {
				m = w.member("zhang.min", "张敏", model.RoleJudge)
			}
			desk := w.in(m, from("192.0.2.1"))
			phone, scanned := w.linked(m, "judge")
			signedOn, err := w.svc.LoginSignOn(ctx, model.Actor{}, who)
			if err != nil {
				t.Fatal(err)
			}
			pending, err := w.svc.BeginScan(ctx, model.Actor{})
			if err != nil {
				t.Fatal(err)
			}
			if err := w.svc.ApproveScan(ctx, phone, pending.Code, "judge"); err != nil {
				t.Fatal(err)
			}
			waiting, err := w.svc.BeginScan(ctx, model.Actor{})
			if err != nil {
				t.Fatal(err)
			}
			if err := act.do(w, agencyID); err != nil {
				t.Fatal(err)
			}
			if _, err := w.svc.AuthenticateKey(ctx, key); key != "" && model.ReasonOf(err) != "session.expired" {
				t.Errorf("the key lives: %v", err)
			}
			for way, s := range map[string]*identity.Session{"password": desk, "phone": scanned, "sign-on": signedOn} {
				if _, err := w.svc.Authenticate(ctx, s.Token); model.ReasonOf(err) != "session.expired" {
					t.Errorf("the session by %s lives: %v", way, err)
				}
			}
			if s, err := w.svc.CollectScan(ctx, model.Actor{}, pending.Code, pending.Secret); model.ReasonOf(err) != "scan.not_found" {
				t.Errorf("a desk log-in that was approved before opens: %v %v", s, err)
			}
			again := w.phone("judge") // the thief's phone logs in to WeChat anew
			if err := w.svc.ApproveScan(ctx, again, waiting.Code, "judge"); model.ReasonOf(err) != "scan.not_linked" {
				t.Errorf("the tie to WeChat outlived it: %v", err)
			}
			heir := who
			heir.Subject = "s-2" // who has his name at the sign-on now
			heirGets := "signon.other"
			if name == "close" {
				heirGets = "signon.unknown"
			}
			_, err = w.svc.LoginSignOn(ctx, model.Actor{}, heir)
			w.reason(heirGets, err)
			if _, err := w.svc.LoginSignOn(ctx, model.Actor{}, who); model.ReasonOf(err) != act.signOn {
				t.Errorf("the sign-on answers %v", err)
			}
			known := from("192.0.2.1")
			known.Browser = desk.Browser
			for range 5 {
				_ = w.wrong(known, "zhang.min")
			}
			w.reason("login.locked", w.wrong(known, "zhang.min"))
			if name == "close" {
				if err := w.svc.EnableStaff(ctx, model.System(), w.court.ID, "zhang.min"); err != nil {
					t.Fatal(err)
				}
				if _, err := w.svc.Authenticate(ctx, desk.Token); model.ReasonOf(err) != "session.expired" {
					t.Error("an account that is opened again takes up its old sessions")
				}
				if err := w.svc.ApproveScan(ctx, again, waiting.Code, "judge"); model.ReasonOf(err) != "scan.not_linked" {
					t.Error("an account that is opened again takes up its old tie to WeChat")
				}
				for _, p := range []model.SignedOn{who, heir} {
					_, err := w.svc.LoginSignOn(ctx, model.Actor{}, p)
					w.reason("signon.other", err)
				}
				if err := w.svc.OpenSignOn(ctx, model.System(), w.court.ID, "zhang.min"); err != nil {
					t.Fatal(err)
				}
				_, err = w.svc.LoginSignOn(ctx, model.Actor{}, who)
				w.reason("", err)
			}
			trail, err := w.db.AuditTrail(ctx, model.AuditFilter{CourtID: w.court.ID, Limit: 200})
			if err != nil || !slices.ContainsFunc(trail, func(e model.AuditEntry) bool { return e.Action == model.AuditStaffUnlink }) {
				t.Error("the trail does not say that the tie ended", err)
			}
			if key != "" && !slices.ContainsFunc(trail, func(e model.AuditEntry) bool { return e.Action == model.AuditAPIKeyRevoke }) {
				t.Error("the trail does not say that the key ended")
			}
		})
	}
}

// A session that is being written while all of them end is over too.
func TestASessionIsNotWrittenBackToLife(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	w := newWorld(t)
	m := w.member("zhang.min", "张敏", model.RoleJudge)
	s := w.in(m, model.Actor{})
	rows, err := w.db.SessionsOf(ctx, m.id)
	if err != nil || len(rows) != 1 {
		t.Fatal(rows, err)
	}
	if err := w.svc.LogOutStaff(ctx, model.System(), w.court.ID, m.login); err != nil {
		t.Fatal(err)
	}
	owner := storage.WithSessionOwner(ctx, storage.SessionOwner{UserID: m.id})
	if err := w.db.Sessions().CommitCtx(owner, rows[0].TokenHash, rows[0].Data, rows[0].ExpiresAt); err != nil { // the slower request
		t.Fatal(err)
	}
	_, err = w.svc.Authenticate(ctx, s.Token)
	w.reason("session.expired", err)
}

// One sees and ends one's own tie to WeChat; an administrator sees and ends
// everybody's.
func TestTiesAreShownAndEnded(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	w := newWorld(t)
	m := w.member("zhang.min", "张敏", model.RoleJudge)
	made := w.clock.Now()
	phone, desk := w.linked(m, "judge")
	used := w.clock.Now()
	shows := func(l *model.StaffLink) {
		t.Helper()
		if l == nil || !l.CreatedAt.Equal(made) || l.LastUsedAt == nil || !l.LastUsedAt.Equal(used) {
			t.Errorf("the tie is %+v", l)
		}
	}
	own, err := w.svc.OwnLink(ctx, w.as(desk))
	if err != nil {
		t.Fatal(err)
	}
	shows(own.WeChat)
	list, err := w.svc.ListStaff(ctx, model.System(), w.court.ID, 0, 10)
	if err != nil {
		t.Fatal(err)
	}
	shows(list[0].Link)
	if err := w.svc.EndOwnLink(ctx, w.as(desk)); err != nil {
		t.Fatal(err)
	}
	if own, err = w.svc.OwnLink(ctx, w.as(desk)); err != nil || own.WeChat != nil {
		t.Fatal("the tie is still there", err)
	}
	_, err = w.svc.Authenticate(ctx, "")
	w.reason("session.expired", err)
	again := w.phone("judge")
	if again.UserID != phone.UserID {
		t.Fatal("another user")
	}
	ticket, err := w.svc.BeginScan(ctx, model.Actor{})
	if err != nil {
		t.Fatal(err)
	}
	w.reason("scan.not_linked", w.svc.ApproveScan(ctx, again, ticket.Code, "judge"))
	_, desk = w.linked(m, "judge")
	if err := w.svc.UnlinkStaff(ctx, model.System(), w.court.ID, m.login); err != nil {
		t.Fatal(err)
	}
	_, err = w.svc.Authenticate(ctx, desk.Token)
	w.reason("session.expired", err)
}

// An account is the person's who claimed it by its name first. Renamed, he
// still comes in; who is given his name later does not, nor into another's.
func TestSignOnKnowsThePersonNotTheName(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	w := newWorld(t)
	m, other := w.member("zhang.min", "张敏", model.RoleJudge), w.member("ji.wei", "纪伟", model.RoleClerk)
	sign := func(issuer, subject, login string) (int64, error) {
		s, err := w.svc.LoginSignOn(ctx, model.Actor{}, model.SignedOn{Issuer: issuer, Subject: subject, Login: login})
		if err != nil {
			return 0, err
		}
		return w.as(s).UserID, nil
	}
	const idp = "https://id.court.example"
	expect := func(id int64, reason string, got int64, err error) {
		t.Helper()
		if got != id || model.ReasonOf(err) != reason {
			t.Errorf("user %d, %v; want user %d, %q", got, err, id, reason)
		}
	}
	got, err := sign(idp, "s-1", "Zhang.Min ")
	expect(m.id, "", got, err)
	got, err = sign(idp, "s-1", "zhang.m") // renamed
	expect(m.id, "", got, err)
	got, err = sign(idp, "s-1", "ji.wei") // renamed to a colleague's name
	expect(m.id, "", got, err)
	got, err = sign(idp, "s-2", "zhang.min") // the name was given to somebody new
	expect(0, "signon.other", got, err)
	got, err = sign("https://elsewhere.example", "s-1", "zhang.min") // another provider's s-1
	expect(0, "signon.other", got, err)
	got, err = sign(idp, "", "ji.wei")
	expect(0, "signon.unknown", got, err)
	got, err = sign(idp, "s-3", "ji.wei")
	expect(other.id, "", got, err)
	// Only an administrator opens the account again, and not to himself.
	admin := w.member("shen.ji", "沈霁", model.RoleAdmin)
	by := w.as(w.in(admin, model.Actor{}))
	w.reason("staff.self", w.svc.OpenSignOn(ctx, by, w.court.ID, "shen.ji"))
	if err := w.svc.OpenSignOn(ctx, by, w.court.ID, "zhang.min"); err != nil {
		t.Fatal(err)
	}
	got, err = sign(idp, "s-1", "zhang.m")
	expect(0, "signon.unknown", got, err)
	got, err = sign(idp, "s-4", "zhang.min")
	expect(m.id, "", got, err)
	got, err = sign(idp, "s-1", "zhang.min")
	expect(0, "signon.other", got, err)
}

// An administrator is nobody's auditor and not his own administrator; also the
// command line follows the table of roles.
func TestAnAdministratorDoesNotServeHimself(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	w := newWorld(t)
	admin := w.member("shen.ji", "沈霁", model.RoleAdmin)
	w.member("zhang.min", "张敏", model.RoleJudge)
	by := w.as(w.in(admin, model.Actor{}))
	both := []model.Role{model.RoleAdmin, model.RoleAuditor}
	_, err := w.svc.AddStaff(ctx, model.System(), w.court.ID, "xu.he", "许禾", both)
	w.reason("role.exclusive", err)
	_, err = w.svc.AddStaff(ctx, by, w.court.ID, "xu.he", "许禾", both)
	w.reason("role.exclusive", err)
	w.reason("role.exclusive", w.svc.SetRoles(ctx, model.System(), w.court.ID, "zhang.min", both))
	w.reason("staff.self", w.svc.SetRoles(ctx, by, w.court.ID, "shen.ji", []model.Role{model.RoleAdmin, model.RoleJudge}))
	w.reason("staff.self", w.svc.SetRoles(ctx, by, w.court.ID, "shen.ji", []model.Role{model.RoleJudge}))
	w.reason("", w.svc.SetRoles(ctx, by, w.court.ID, "shen.ji", []model.Role{model.RoleAdmin})) // says nothing new
	w.reason("staff.self", w.svc.UnlockStaff(ctx, by, w.court.ID, "shen.ji"))
	_, err = w.svc.ResetStaff(ctx, by, w.court.ID, "shen.ji")
	w.reason("staff.self", err)
	_, err = w.svc.DisableStaff(ctx, by, w.court.ID, "shen.ji")
	w.reason("staff.self", err)
	if a := w.as(w.in(admin, model.Actor{})); !slices.Equal(a.Roles, []model.Role{model.RoleAdmin}) || a.May(model.ActAuditRead) {
		t.Errorf("the administrator is %v", a.Roles)
	}
	w.reason("", w.svc.SetRoles(ctx, by, w.court.ID, "zhang.min", []model.Role{model.RoleJudge, model.RoleClerk}))
	// Nor does he serve himself by a second account of his: the phone knows them.
	second := w.member("shen.er", "沈霁", model.RoleClerk)
	w.linked(second, "his phone")
	w.linked(admin, "his phone")
	w.reason("staff.self", w.svc.SetRoles(ctx, by, w.court.ID, "shen.er", []model.Role{model.RoleJudge}))
}

// After a reset nobody but its owner sees the second factor: the administrator
// has a one-time password, and the old authenticator opens nothing.
func TestAResetIsEnrolledAnewByItsOwner(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	w := newWorld(t)
	m := w.member("zhang.min", "张敏", model.RoleJudge)
	cred, err := w.svc.ResetStaff(ctx, model.System(), w.court.ID, m.login)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := w.svc.LoginStaff(ctx, model.Actor{}, m.login, m.password, w.code(m.secret)); model.ReasonOf(err) != "login.wrong" {
		t.Error("the old password and code still work")
	}
	fresh := w.enrol(cred)
	if fresh.secret == m.secret || fresh.secret == "" {
		t.Error("the second factor is the old one")
	}
	if _, err := w.svc.LoginStaff(ctx, model.Actor{}, m.login, cred.Password, ""); model.ReasonOf(err) != "login.wrong" {
		t.Error("the one-time password worked twice")
	}
	w.in(fresh, model.Actor{})
}

// Whoever else used the one-time password does not know the second factor that
// its owner enrols, and is out.
func TestEveryFirstLogInHasASecretOfItsOwn(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	w := newWorld(t)
	cred, err := w.svc.AddStaff(ctx, model.System(), w.court.ID, "zhang.min", "张敏", []model.Role{model.RoleJudge})
	if err != nil {
		t.Fatal(err)
	}
	first := func() (*identity.Session, model.Actor, string) {
		t.Helper()
		s, err := w.svc.LoginStaff(ctx, model.Actor{}, cred.Login, cred.Password, "")
		if err != nil {
			t.Fatal(err)
		}
		by := w.as(s)
		e, err := w.svc.Enrol(ctx, by)
		if err != nil || e == nil {
			t.Fatal(e, err)
		}
		if again, err := w.svc.Enrol(ctx, by); err != nil || again.Secret != e.Secret {
			t.Error("the page that is loaded again shows another secret", err)
		}
		return s, by, e.Secret
	}
	other, otherBy, seen := first()
	_, by, secret := first()
	if secret == seen {
		t.Error("the owner enrols what another has seen")
	}
	_, err = w.svc.Authenticate(ctx, other.Token)
	w.reason("session.expired", err)
	// Nor by a request that was under way when its session ended.
	w.reason("totp.wrong", w.svc.ChangePassword(ctx, otherBy, cred.Password, ownPassword, w.code(seen)))
	if err := w.svc.ChangePassword(ctx, by, cred.Password, ownPassword, w.code(secret)); err != nil {
		t.Fatal(err)
	}
}

// What was proven of an account ties no phone to it once it was reset, closed
// or given another password.
func TestALinkIsMadeToTheAccountAsItWasProven(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	w := newWorld(t)
	for want, between := range map[string]func(m *member) error{
		"": func(*member) error { return nil },
		"password.changed": func(m *member) error {
			_, err := w.svc.ResetStaff(ctx, model.System(), w.court.ID, m.login)
			return err
		},
		"account.disabled": func(m *member) error {
			_, err := w.svc.DisableStaff(ctx, model.System(), w.court.ID, m.login)
			return err
		},
	} {
		m := w.member("zhang.min"+strings.ReplaceAll(want, ".", ""), "张敏", model.RoleJudge)
		phone := w.phone("phone-" + want)
		a, u, err := identity.CheckCredentials(w.svc, ctx, phone, m.login, m.password, w.code(m.secret))
		if err != nil {
			t.Fatal(err)
		}
		if err := between(m); err != nil {
			t.Fatal(err)
		}
		w.reason(want, identity.LinkProven(w.svc, ctx, phone, a, u))
		links, err := w.db.StaffLinks(ctx, []int64{m.id})
		if _, linked := links[m.id]; err != nil || linked != (want == "") {
			t.Errorf("%q: linked %v, %v", want, linked, err)
		}
	}
}

// What a phone approved opens nothing once its tie ended or went to another
// phone.
func TestAnApprovedTicketDiesWithTheLink(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	w := newWorld(t)
	m := w.member("zhang.min", "张敏", model.RoleJudge)
	for name, end := range map[string]func(desk *identity.Session) error{
		"ended": func(desk *identity.Session) error { return w.svc.EndOwnLink(ctx, w.as(desk)) },
		"moved": func(*identity.Session) error {
			return w.svc.LinkStaff(ctx, w.phone("new"), m.login, m.password, w.code(m.secret))
		},
	} {
		phone, desk := w.linked(m, "old")
		ticket, err := w.svc.BeginScan(ctx, model.Actor{})
		if err != nil {
			t.Fatal(err)
		}
		if err := w.svc.ApproveScan(ctx, phone, ticket.Code, "old"); err != nil {
			t.Fatal(err)
		}
		if err := end(desk); err != nil {
			t.Fatal(err)
		}
		if _, err := w.svc.CollectScan(ctx, model.Actor{}, ticket.Code, ticket.Secret); model.ReasonOf(err) != "scan.not_found" {
			t.Errorf("%s: the ticket opens: %v", name, err)
		}
		w.clock.Advance(time.Minute)
	}
}

// A log-in gives the browser a secret of its own: one that somebody else put
// there before is known to nobody afterwards, and colleagues at one machine
// stay known.
func TestALogInGivesAFreshBrowserSecret(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	w := newWorld(t)
	m, colleague := w.member("zhang.min", "张敏", model.RoleJudge), w.member("ji.wei", "纪伟", model.RoleClerk)
	thief := w.member("wan.tt", "万", model.RoleClerk)
	planted := w.in(thief, from("198.51.100.9")).Browser // of our making, and the thief's
	office := from("192.0.2.1")
	for i := range model.ThrottleNetwork.Free + 1 { // who comes from there and is not known waits
		_ = w.wrong(from("198.51.100.77"), fmt.Sprint("nobody.", i))
	}
	for name, secret := range map[string]string{"invented": "chosen by the attacker", "the thief's own": planted} {
		at := office
		at.Browser = secret
		s := w.in(m, at)
		if s.Browser == secret || s.Browser == "" {
			t.Errorf("%s: the log-in keeps the secret %q", name, s.Browser)
		}
		// The thief guesses with the secret that he knows: as a stranger.
		away := from("198.51.100.77")
		away.Browser = secret
		_ = w.wrong(from("198.51.100.77"), "nobody."+name)
		w.reason("login.locked", w.wrong(away, "zhang.min"))
		at.Browser = s.Browser
		at.Browser = w.in(colleague, at).Browser // at the same machine
		for range 5 {
			_ = w.wrong(office, "zhang.min")
		}
		w.reason("login.locked", w.wrong(office, "zhang.min"))
		w.in(m, at) // he is known by the secret that his colleague's log-in left there
		if err := w.svc.UnlockStaff(ctx, model.System(), w.court.ID, "zhang.min"); err != nil {
			t.Fatal(err)
		}
	}
}

// Whoever is the same person by ties of the past is so however many lie between.
func TestHandsFollowEveryTie(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	w := newWorld(t)
	var all []int64
	var staff []int64
	for i := range 6 {
		m := w.member(fmt.Sprintf("judge.%d", i), "张敏", model.RoleJudge)
		staff = append(staff, m.id)
	}
	phone := make([]int64, 5)
	for i := range phone {
		phone[i] = w.phone(fmt.Sprint("p", i)).UserID
	}
	// judge.0 - p0 - judge.1 - p1 - judge.2 …, one tie after another.
	err := w.db.Transact(ctx, func(tx *storage.DB) error {
		for i, p := range phone {
			for _, s := range []int64{staff[i], staff[i+1]} {
				if err := tx.LinkStaff(ctx, p, s); err != nil {
					return err
				}
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	all = slices.Sorted(slices.Values(slices.Concat(staff, phone)))
	stranger := w.member("stranger", "某", model.RoleJudge)
	for _, id := range []int64{staff[0], staff[5], phone[0], phone[2]} {
		hands, err := w.db.Hands(ctx, id, 0)
		if err != nil || !slices.Equal(hands, all) {
			t.Errorf("the hands of %d are %v, %v; want %v", id, hands, err, all)
		}
	}
	if hands, err := w.db.Hands(ctx, stranger.id); err != nil || !slices.Equal(hands, []int64{stranger.id}) {
		t.Error(hands, err)
	}
	if hands, err := w.db.Hands(ctx, 0); err != nil || len(hands) != 0 {
		t.Error(hands, err)
	}
	if err := w.db.OtherEyes(ctx, model.MatterReceipt, staff[5], phone[0]); model.ReasonOf(err) != "receipt.own" {
		t.Error("five accounts on, he confirms what he submitted:", err)
	}
}
